/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/campaign.h"

#include <stdio.h>

const mnz_param mnz_campaign_params[] = {
    {.name = "feeds",
     .type = MNZ_PARAM_MATERIALS,
     .offset = offsetof(mnz_campaign, feeds),
     .help = "feeds that it takes, of those in `in`; all when not said"},
    {.name = "makes",
     .type = MNZ_PARAM_MATERIALS,
     .offset = offsetof(mnz_campaign, makes),
     .help = "products that it makes; all when not said, the others wait in the rest material"},
    {.name = "lasts",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(mnz_campaign, lasts),
     .min = 6e7,
     .max = 1e300,
     .help = "how long it runs; until its mass is fed when not said"},
    {.name = "mass",
     .type = MNZ_PARAM_MASS,
     .offset = offsetof(mnz_campaign, mass),
     .min = 1e6,
     .max = 1e300,
     .help = "feed after which it is over; until its time is over when not said"},
    {.name = NULL}};

static const mnz_campaign *now(const mnz_campaigns *c) {
  return (const mnz_campaign *)c->list->at + c->now;
}

static mnz_status wake_at(mnz_campaigns *c, mnz_time at, mnz_error *err) {
  return mnz_site_wake(c->site, at, MNZ_PHASE_COMPLETION, c->tag, NULL, err);
}

static mnz_status begin(mnz_campaigns *c, int32_t which, mnz_error *err) {
  c->now = which;
  c->begun = mnz_site_now(c->site);
  c->fed = 0;
  c->changing = false;
  return now(c)->lasts < 0 ? MNZ_OK : wake_at(c, c->begun + now(c)->lasts, err);
}

mnz_status mnz_campaigns_start(mnz_campaigns *c, mnz_site *site, const mnz_list *list, mnz_time changeover,
                               int32_t tag, mnz_error *err) {
  *c = (mnz_campaigns){.site = site, .list = list, .changeover = changeover, .tag = tag};
  return list->count == 0 ? MNZ_OK : begin(c, 0, err);
}

static bool is_over(const mnz_campaigns *c) {
  const mnz_campaign *campaign = now(c);
  const bool late = campaign->lasts >= 0 && mnz_site_now(c->site) - c->begun >= campaign->lasts;
  return late || (campaign->mass >= 0 && c->fed >= campaign->mass);
}

mnz_status mnz_campaigns_ready(mnz_campaigns *c, bool working, bool *ready, mnz_error *err) {
  *ready = true;
  if (c->list->count == 0) return MNZ_OK;
  if (!c->changing) {
    if (!is_over(c)) return MNZ_OK;
    *ready = false;
    if (working) return MNZ_OK;
    c->changing = true;
    c->until = mnz_site_now(c->site) + c->changeover;
    c->site->counts.of[MNZ_COUNT_CHANGES]++;
    if (c->changeover > 0) return wake_at(c, c->until, err);
  }
  *ready = mnz_site_now(c->site) >= c->until;
  return *ready ? begin(c, (c->now + 1) % c->list->count, err) : MNZ_OK;
}

static bool holds(const mnz_ids *ids, int32_t material) {
  for (int32_t i = 0; i < ids->count; i++) {
    if (ids->at[i] == material) return true;
  }
  return ids->count == 0;
}

bool mnz_campaigns_feed(const mnz_campaigns *c, int32_t material) {
  return c->list->count == 0 || holds(&now(c)->feeds, material);
}

bool mnz_campaigns_make(const mnz_campaigns *c, int32_t material) {
  return c->list->count == 0 || holds(&now(c)->makes, material);
}

mnz_mass mnz_campaigns_left(const mnz_campaigns *c) {
  return c->list->count == 0 || now(c)->mass < 0 ? INT64_MAX : now(c)->mass - c->fed;
}

static void check_materials(const mnz_ids *ids, const char *path, uint64_t mask, const char *what,
                            const mnz_catalog *catalog, const mnz_report *report) {
  char message[160];
  for (int32_t k = 0; k < ids->count; k++) {
    if (mask >> ids->at[k] & 1) continue;
    snprintf(message, sizeof message, "found %s, which it does not %s; expected a material that it does",
             catalog->materials[ids->at[k]].name, what);
    report->error(report->context, path, message);
  }
}

void mnz_campaigns_check(const mnz_list *list, const mnz_flows *flows, const mnz_catalog *catalog,
                         const mnz_report *report) {
  char path[48];
  for (int32_t i = 0; i < list->count; i++) {
    const mnz_campaign *campaign = (const mnz_campaign *)list->at + i;
    snprintf(path, sizeof path, "campaigns[%d].feeds", i);
    check_materials(&campaign->feeds, path, flows->takes, "take", catalog, report);
    snprintf(path, sizeof path, "campaigns[%d].makes", i);
    check_materials(&campaign->makes, path, flows->makes, "make", catalog, report);
    snprintf(path, sizeof path, "campaigns[%d]", i);
    if (campaign->lasts < 0 && campaign->mass < 0 && list->count > 1)
      report->error(report->context, path,
                    "found neither `lasts` nor `mass`, so that it never ends; expected at least one");
  }
}
