/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/buying.h"

#include <math.h>
#include <stdio.h>

mnz_mass mnz_policy_target(const mnz_policy *policy, double usage) {
  switch (policy->kind) {
  case MNZ_POLICY_NONE:
    return 0;
  case MNZ_POLICY_BASE_STOCK:
    return policy->level;
  case MNZ_POLICY_DAYS_OF_COVER:
    return llround(usage * (double)policy->cover);
  }
  return 0;
}

mnz_mass mnz_policy_order(const mnz_policy *policy, const mnz_observation *seen) {
  const mnz_mass target = mnz_policy_target(policy, seen->usage);
  return target > seen->position ? target - seen->position : 0;
}

mnz_mass mnz_site_position(const mnz_site *site, int32_t material) {
  const mnz_shelf *shelf = mnz_site_shelf(site, material);
  return shelf->store.mass + shelf->on_order - shelf->book.open;
}

static const mnz_source *source(const mnz_buy *buy, int32_t i) {
  return (const mnz_source *)buy->sources.at + i;
}

static mnz_status order(mnz_site *site, const mnz_buy *buy, int32_t i, mnz_mass mass, mnz_mass fresh,
                        bool only_free, mnz_mass *accepted, mnz_error *err) {
  const mnz_services *s = site->services;
  mnz_status status = s->ask(s->host, site->node, source(buy, i)->from, buy->material, mass, fresh,
                             buy->priority, only_free, accepted, err);
  if (status == MNZ_OK) mnz_site_shelf(site, buy->material)->on_order += *accepted;
  return status;
}

mnz_status mnz_buying_order(mnz_site *site, const mnz_buy *buy, mnz_mass need, mnz_mass again,
                            mnz_error *err) {
  const mnz_mass whole = need;
  const int32_t last = buy->sources.count - 1;
  for (int32_t i = 0; i <= last && need > 0; i++) {
    mnz_mass mass = need;
    if (buy->sourcing == MNZ_SOURCE_SPLIT && i < last) mass = llround((double)whole * source(buy, i)->share);
    if (mass > need) mass = need;
    if (mass == 0) continue;
    const bool only_free = buy->sourcing == MNZ_SOURCE_PRIORITY && i < last;
    mnz_mass accepted = 0;
    mnz_status status = order(site, buy, i, mass, mass > again ? mass - again : 0, only_free, &accepted, err);
    if (status != MNZ_OK) return status;
    need -= accepted;
  }
  return MNZ_OK;
}

/* Orders that the last of several sources has not shipped are taken back, to be placed anew in turn: else
 * a source that is cut off would hold them for ever while a preferred one has stock. */
static mnz_mass take_back(mnz_site *site, const mnz_buy *buy) {
  const int32_t last = buy->sources.count - 1;
  if (buy->sourcing != MNZ_SOURCE_PRIORITY || last < 1) return 0;
  const mnz_services *s = site->services;
  const mnz_mass open = s->withdraw(s->host, site->node, source(buy, last)->from, buy->material, MNZ_NEVER);
  mnz_site_shelf(site, buy->material)->on_order -= open;
  return open;
}

mnz_status mnz_buying_review(mnz_site *site, const mnz_buy *buy, mnz_error *err) {
  const mnz_mass again = take_back(site, buy);
  const mnz_observation seen = {mnz_site_position(site, buy->material), mnz_site_usage(site, buy->material)};
  const mnz_mass need = mnz_policy_order(&buy->policy, &seen);
  if (need == 0 || need < buy->minimum) return MNZ_OK;
  return mnz_buying_order(site, buy, need, again, err);
}

static mnz_status set_alarm(mnz_site *site, int32_t i, mnz_time at, mnz_error *err) {
  return mnz_site_wake(site, at, MNZ_PHASE_DECISION, MNZ_TAG_REVIEW + i, NULL, err);
}

mnz_status mnz_buying_start(mnz_site *site, const mnz_list *buys, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < buys->count && status == MNZ_OK; i++) {
    status = set_alarm(site, i, mnz_site_now(site), err);
  }
  return status;
}

mnz_status mnz_buying_wake(mnz_site *site, const mnz_list *buys, int32_t tag, mnz_error *err) {
  const int32_t i = tag - MNZ_TAG_REVIEW;
  const mnz_buy *buy = (const mnz_buy *)buys->at + i;
  mnz_status status = mnz_buying_review(site, buy, err);
  if (status != MNZ_OK) return status;
  /* start + k * period: the alarm rings at k * review exactly */
  return set_alarm(site, i, mnz_site_now(site) + buy->review, err);
}

void mnz_buying_flows(const mnz_list *buys, mnz_flows *out) {
  for (int32_t i = 0; i < buys->count && out->n_purchases < MNZ_MAX_MATERIALS; i++) {
    const mnz_buy *buy = (const mnz_buy *)buys->at + i;
    if (buy->material < 0) continue;
    out->takes |= UINT64_C(1) << buy->material;
    out->purchase[out->n_purchases++] = (mnz_purchase){buy->material, buy->sources};
  }
}

void mnz_buying_check(const mnz_list *buys, const mnz_catalog *catalog, const mnz_report *report) {
  char path[64];
  char message[160];
  uint64_t seen = 0;
  for (int32_t i = 0; i < buys->count; i++) {
    const mnz_buy *buy = (const mnz_buy *)buys->at + i;
    if (buy->material < 0) continue;
    if (seen >> buy->material & 1) {
      snprintf(path, sizeof path, "buys[%d].material", i);
      snprintf(message, sizeof message, "found %s a second time; expected each material once",
               catalog->materials[buy->material].name);
      report->error(report->context, path, message);
    }
    seen |= UINT64_C(1) << buy->material;
    double sum = 0;
    for (int32_t k = 0; k < buy->sources.count; k++) sum += ((const mnz_source *)buy->sources.at)[k].share;
    if (buy->sourcing != MNZ_SOURCE_SPLIT || fabs(sum - 1) < 1e-9) continue;
    snprintf(path, sizeof path, "buys[%d].sources", i);
    if (isnan(sum))
      snprintf(message, sizeof message,
               "found a source without a share; expected shares that add up to 100 %%");
    else
      snprintf(message, sizeof message, "found shares that add up to %.4g %%; expected 100 %%", sum * 100);
    report->error(report->context, path, message);
  }
}
