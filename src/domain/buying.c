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

/* Takes back orders that could be served sooner, to be placed anew in turn. What a source took on as free
 * and has not shipped, it could not keep. What waits with the last one keeps its place in the queue there,
 * but for as much as the sources before it could send now. */
static mnz_mass take_back(mnz_site *site, const mnz_buy *buy) {
  const int32_t last = buy->sources.count - 1;
  if (buy->sourcing != MNZ_SOURCE_PRIORITY || last < 1) return 0;
  const mnz_services *s = site->services;
  mnz_mass back = 0;
  mnz_mass free = 0;
  for (int32_t i = 0; i < last; i++) {
    const int32_t from = source(buy, i)->from;
    back += s->withdraw(s->host, site->node, from, buy->material, MNZ_NEVER, INT64_MAX);
    free += s->free_stock(s->host, site->node, from, buy->material);
  }
  back += s->withdraw(s->host, site->node, source(buy, last)->from, buy->material, MNZ_NEVER, free);
  mnz_site_shelf(site, buy->material)->on_order -= back;
  return back;
}

mnz_status mnz_buying_review(mnz_site *site, const mnz_buy *buy, mnz_error *err) {
  const mnz_shelf *shelf = mnz_site_shelf(site, buy->material);
  const mnz_mass again = take_back(site, buy);
  const mnz_mass position = mnz_site_position(site, buy->material);
  const mnz_observation seen = {position, mnz_site_usage(site, buy->material)};
  mnz_mass need = mnz_policy_order(&buy->policy, &seen);
  if (shelf->least - position > need) need = shelf->least - position;
  /* No more than the store can hold when all of it has come. */
  const mnz_mass room = shelf->store.capacity - shelf->store.mass - shelf->on_order;
  if (need > room && room >= 0) need = room;
  if (need < again) need = again;
  if (need == 0 || (need < buy->minimum && again == 0)) return MNZ_OK;
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
  for (int32_t i = 0; i < buys->count; i++) {
    const mnz_buy *buy = (const mnz_buy *)buys->at + i;
    if (buy->material < 0) continue;
    out->takes |= UINT64_C(1) << buy->material;
    mnz_purchase *purchase = mnz_flows_purchase(out);
    if (purchase != NULL) *purchase = (mnz_purchase){buy->material, buy->sources};
  }
}

void mnz_buying_check(const mnz_list *buys, const mnz_catalog *catalog, const mnz_report *report) {
  char path[64];
  char message[160];
  uint64_t seen = 0;
  for (int32_t i = 0; i < buys->count; i++) {
    const mnz_buy *buy = (const mnz_buy *)buys->at + i;
    if (buy->material < 0) continue;
    snprintf(path, sizeof path, "buys[%d].material", i);
    mnz_check_once(&seen, buy->material, path, catalog, report);
    if (buy->policy.kind == MNZ_POLICY_BASE_STOCK && buy->minimum > buy->policy.level) {
      snprintf(path, sizeof path, "buys[%d].minimum", i);
      report->error(
          report->context, path,
          "found more than the level of the policy, so that nothing is ever ordered; expected at most that");
    }
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
