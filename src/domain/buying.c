/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/buying.h"

#include <math.h>
#include <stdio.h>

#include "base/error.h"

mnz_mass mnz_site_position(const mnz_site *site, int32_t material) {
  const mnz_shelf *shelf = mnz_site_shelf(site, material);
  return shelf->store.mass + shelf->on_order - (shelf->book.open - shelf->book.passing);
}

/* A thousand million tonnes. */
#define MOST_HELD INT64_C(1000000000000000000)
/* In one instant. */
#define MOST_LOOKS 100000

static const mnz_source *source(const mnz_buy *buy, int32_t i) {
  return (const mnz_source *)buy->sources.at + i;
}

static mnz_status order(mnz_site *site, const mnz_buy *buy, int32_t i, mnz_mass mass, mnz_mass fresh,
                        bool only_free, mnz_mass *accepted, mnz_error *err) {
  const mnz_services *s = site->services;
  const int32_t contract = source(buy, i)->contract;
  if (s->contract_left != NULL && contract >= 0) {
    const mnz_mass left = s->contract_left(s->host, contract);
    if (left < mass) mass = left;
    if (mass <= 0) return MNZ_OK;
  }
  mnz_status status = s->ask(s->host, site->node, source(buy, i)->from, buy->material, mass, fresh,
                             buy->priority, only_free, accepted, err);
  if (status == MNZ_OK) mnz_site_shelf(site, buy->material)->on_order += *accepted;
  return status;
}

/* --- whom to ask --- */

static bool is_dated_now(const mnz_source *s, mnz_time now) {
  return (s->since == MNZ_NO_DATE || s->since <= now) && (s->until == MNZ_NO_DATE || now < s->until);
}

/* The least is asked first; equal ones as they are listed. */
static double rank_of(const mnz_site *site, const mnz_buy *buy, const mnz_source *source) {
  const mnz_services *s = site->services;
  if (buy->sourcing == MNZ_SOURCE_FASTEST)
    return s->lead_time(s->host, site->node, source->from, buy->material);
  if (buy->sourcing != MNZ_SOURCE_CHEAPEST) return 0;
  const double price = s->landed_price(s->host, site->node, source->from, buy->material);
  return isnan(price) ? INFINITY : price;
}

/* The sources that may be ordered from now, in the order in which they are asked; returns their number. */
static int32_t choose_sources(const mnz_site *site, const mnz_buy *buy, int32_t *chosen) {
  const mnz_time now = mnz_site_now(site);
  double key[MNZ_MAX_SOURCES];
  int32_t n = 0;
  for (int32_t i = 0; i < buy->sources.count && n < MNZ_MAX_SOURCES; i++) {
    if (!is_dated_now(source(buy, i), now)) continue;
    const double mine = rank_of(site, buy, source(buy, i));
    int32_t at = n++;
    for (; at > 0 && key[at - 1] > mine; at--) {
      key[at] = key[at - 1];
      chosen[at] = chosen[at - 1];
    }
    key[at] = mine;
    chosen[at] = i;
  }
  return n;
}

/* The first that has all of it free, else the last. */
static int32_t first_available(const mnz_site *site, const mnz_buy *buy, const int32_t *chosen, int32_t n,
                               mnz_mass need) {
  const mnz_services *s = site->services;
  for (int32_t k = 0; k < n - 1; k++) {
    if (s->free_stock(s->host, site->node, source(buy, chosen[k])->from, buy->material) >= need) return k;
  }
  return n - 1;
}

/* Shares of an order: of those that are left out now the others take over theirs. */
static double share_of_all(const mnz_buy *buy, const int32_t *chosen, int32_t n) {
  double sum = 0;
  if (n == buy->sources.count) return 1;
  for (int32_t k = 0; k < n; k++) sum += source(buy, chosen[k])->share;
  return sum;
}

mnz_status mnz_buying_order(mnz_site *site, const mnz_buy *buy, mnz_mass need, mnz_mass again,
                            mnz_error *err) {
  int32_t chosen[MNZ_MAX_SOURCES];
  const mnz_mass whole = need;
  const bool split = buy->sourcing == MNZ_SOURCE_SPLIT;
  const int32_t n = choose_sources(site, buy, chosen);
  const double all = split ? share_of_all(buy, chosen, n) : 1;
  const bool by_one = buy->sourcing == MNZ_SOURCE_FIRST_AVAILABLE;
  for (int32_t k = by_one && n > 0 ? first_available(site, buy, chosen, n, need) : 0; k < n && need > 0;
       k++) {
    mnz_mass mass = need;
    const bool last = k == n - 1 || by_one;
    if (split && !last && all > 0) mass = llround((double)whole * (source(buy, chosen[k])->share / all));
    if (mass > need) mass = need;
    if (mass == 0) continue;
    const bool only_free = (!split && !last) || buy->unmet == MNZ_UNMET_LOST;
    mnz_mass accepted = 0;
    mnz_status status =
        order(site, buy, chosen[k], mass, mass > again ? mass - again : 0, only_free, &accepted, err);
    if (status != MNZ_OK || by_one) return status;
    need -= accepted;
  }
  return MNZ_OK;
}

/* Takes back orders that could be served sooner, to be placed anew in turn. What a source took on as free
 * and has not shipped, it could not keep. What waits with the last one keeps its place in the queue there,
 * but for as much as the sources before it could send now. */
static mnz_mass take_back(mnz_site *site, const mnz_buy *buy) {
  int32_t chosen[MNZ_MAX_SOURCES];
  const bool in_turn = buy->sourcing != MNZ_SOURCE_SPLIT && buy->sourcing != MNZ_SOURCE_FIRST_AVAILABLE;
  if (!in_turn || buy->sources.count < 2) return 0;
  const int32_t last = choose_sources(site, buy, chosen) - 1;
  if (last < 1) return 0;
  const mnz_services *s = site->services;
  mnz_mass back = 0;
  mnz_mass free = 0;
  for (int32_t k = 0; k < last; k++) {
    const int32_t from = source(buy, chosen[k])->from;
    back += s->withdraw(s->host, site->node, from, buy->material, MNZ_NEVER, INT64_MAX);
    const mnz_mass more = s->free_stock(s->host, site->node, from, buy->material);
    free = more > INT64_MAX - free ? INT64_MAX : free + more; /* markets may have no limit */
  }
  back += s->withdraw(s->host, site->node, source(buy, chosen[last])->from, buy->material, MNZ_NEVER, free);
  mnz_site_shelf(site, buy->material)->on_order -= back;
  return back;
}

/* --- reviews --- */

/* Notes what was asked for since the last review. */
static double forecast(const mnz_buy *buy, const mnz_shelf *shelf, mnz_forecast *f) {
  const double asked = (double)(shelf->asked - f->asked_before);
  const double every = (double)buy->review.every;
  f->asked_before = shelf->asked;
  if (f->reviews++ == 0) { /* nothing has been seen yet: what the scenario says */
    f->usage = shelf->usage;
  } else if (buy->policy.smoothing > 0) {
    f->usage += buy->policy.smoothing * (asked / every - f->usage);
  } else {
    const double whole = fmin(fmax(1, round((double)buy->policy.window / every)), MNZ_FORECAST_REVIEWS);
    const int32_t n = (int32_t)whole;
    const int32_t k = f->reviews - 2; /* this one, from 0 */
    f->sum += asked - (k >= n ? f->asked[k % n] : 0);
    f->asked[k % n] = asked;
    f->usage = f->sum / every / (k + 1 < n ? k + 1 : n);
  }
  return f->usage;
}

static mnz_observation observe(mnz_site *site, const mnz_buy *buy, mnz_forecast *f) {
  const mnz_services *s = site->services;
  mnz_observation seen = {mnz_site_position(site, buy->material), mnz_site_usage(site, buy->material)};
  if (buy->policy.kind == MNZ_POLICY_ECHELON_BASE_STOCK)
    seen.position += s->echelon(s->host, site->node, buy->material);
  if (buy->policy.kind == MNZ_POLICY_FORECAST && f != NULL)
    seen.usage = forecast(buy, mnz_site_shelf(site, buy->material), f);
  return seen;
}

/* What is ordered anew, in whole lots, at most `most`. */
static mnz_mass in_lots(const mnz_buy *buy, mnz_mass fresh, mnz_mass most) {
  if (fresh > most) fresh = most;
  if (buy->multiple <= 0 || fresh <= 0) return fresh;
  const mnz_mass over = fresh % buy->multiple;
  const mnz_mass up = over > 0 ? buy->multiple - over : 0;
  return up <= most - fresh ? fresh + up : fresh - over;
}

/* Does the buyer know that one of its sources will be hit, and still minds? */
static bool is_alarmed(const mnz_site *site, const mnz_buy *buy) {
  const mnz_services *s = site->services;
  if (!(buy->hoard > 1) || s->warned == NULL) return false;
  for (int32_t i = 0; i < buy->sources.count; i++) {
    const mnz_time since = s->warned(s->host, site->node, source(buy, i)->from, buy->material);
    if (since != MNZ_NEVER && (buy->hoard_for < 0 || mnz_site_now(site) - since < buy->hoard_for))
      return true;
  }
  return false;
}

static mnz_status review(mnz_site *site, const mnz_buy *buy, mnz_forecast *f, mnz_error *err) {
  const mnz_shelf *shelf = mnz_site_shelf(site, buy->material);
  if (mnz_site_is_stopped(site, MNZ_STOPS_ORDERS)) return MNZ_OK;
  const mnz_mass again = take_back(site, buy);
  const mnz_observation seen = observe(site, buy, f);
  mnz_policy policy = buy->policy;
  if (is_alarmed(site, buy)) mnz_policy_stretch(&policy, buy->hoard);
  mnz_mass need = mnz_policy_order(&policy, &seen);
  const mnz_mass position = mnz_site_position(site, buy->material);
  if (shelf->least > 0 && shelf->least - position > need) need = shelf->least - position;
  /* No more than the store can hold when all of it has come, and than integers can hold of it. */
  const mnz_mass held = shelf->store.mass + shelf->on_order;
  mnz_mass most = shelf->store.capacity - held;
  if (most < 0) most = INT64_MAX;
  if (most > MOST_HELD - held) most = MOST_HELD > held ? MOST_HELD - held : 0;
  if (buy->at_most > 0 && buy->at_most < most) most = buy->at_most;
  need = again + in_lots(buy, need > again ? need - again : 0, most > again ? most - again : 0);
  if (need == 0 || (need < buy->minimum && again == 0)) return MNZ_OK;
  mnz_status status = mnz_buying_order(site, buy, need, again, err);
  if (status != MNZ_OK || buy->patience <= 0) return status;
  const int32_t i = (int32_t)(buy - (const mnz_buy *)site->buys->at);
  return mnz_site_wake(site, mnz_site_now(site) + buy->patience, MNZ_PHASE_OBSERVATION, MNZ_TAG_PATIENCE + i,
                       NULL, err);
}

mnz_status mnz_buying_review(mnz_site *site, const mnz_buy *buy, mnz_error *err) {
  return review(site, buy, NULL, err);
}

/* --- alarms --- */

static mnz_status set_alarm(mnz_site *site, const mnz_buy *buy, int32_t i, mnz_time at, mnz_error *err) {
  const mnz_phase phase = buy->review.before_demand ? MNZ_PHASE_COMPLETION : MNZ_PHASE_DECISION;
  return mnz_site_wake(site, at, phase, MNZ_TAG_REVIEW + i, NULL, err);
}

mnz_status mnz_buying_start(mnz_site *site, const mnz_list *buys, mnz_error *err) {
  mnz_status status = MNZ_OK;
  site->buys = buys;
  for (int32_t i = 0; i < buys->count && status == MNZ_OK; i++) {
    const mnz_buy *buy = (const mnz_buy *)buys->at + i;
    if (site->forecasts != NULL) site->forecasts[i] = (mnz_forecast){0};
    if (buy->review.every == 0) continue;
    status = set_alarm(site, buy, i, mnz_site_now(site) + buy->review.first, err);
  }
  return status;
}

/* An order's patience ends: what of it has not been shipped is taken back. */
static mnz_status lose_patience(mnz_site *site, const mnz_buy *buy, mnz_error *err) {
  const mnz_services *s = site->services;
  const mnz_time before = mnz_site_now(site) - buy->patience + 1;
  mnz_mass back = 0;
  for (int32_t i = 0; i < buy->sources.count; i++)
    back += s->withdraw(s->host, site->node, source(buy, i)->from, buy->material, before, INT64_MAX);
  mnz_site_shelf(site, buy->material)->on_order -= back;
  return back > 0 && buy->review.every == 0 ? mnz_site_stir(site, err) : MNZ_OK;
}

mnz_status mnz_buying_wake(mnz_site *site, const mnz_list *buys, int32_t tag, mnz_error *err) {
  if (tag >= MNZ_TAG_PATIENCE)
    return lose_patience(site, (const mnz_buy *)buys->at + (tag - MNZ_TAG_PATIENCE), err);
  const int32_t i = tag - MNZ_TAG_REVIEW;
  const mnz_buy *buy = (const mnz_buy *)buys->at + i;
  mnz_status status = review(site, buy, site->forecasts != NULL ? &site->forecasts[i] : NULL, err);
  if (status != MNZ_OK) return status;
  /* the alarm rings at first + k * every exactly */
  return set_alarm(site, buy, i, mnz_site_now(site) + buy->review.every, err);
}

bool mnz_buying_is_continuous(const mnz_list *buys) {
  for (int32_t i = 0; i < buys->count; i++)
    if (((const mnz_buy *)buys->at + i)->review.every == 0) return true;
  return false;
}

/* An order that comes at once and short is followed by another in the same instant: not for ever. */
static mnz_status count_looks(mnz_site *site, mnz_error *err) {
  const mnz_time now = mnz_site_now(site);
  site->looks = site->looked_at == now ? site->looks + 1 : 1;
  site->looked_at = now;
  if (site->looks <= MOST_LOOKS) return MNZ_OK;
  return mnz_fail(
      err, MNZ_MODEL, NULL,
      "it orders again and again in one instant: what comes at once is too little; give the way a "
      "lead time, or the purchase reviews");
}

mnz_status mnz_buying_react(mnz_site *site, const mnz_list *buys, mnz_error *err) {
  mnz_status status = mnz_buying_is_continuous(buys) ? count_looks(site, err) : MNZ_OK;
  for (int32_t i = 0; i < buys->count && status == MNZ_OK; i++) {
    const mnz_buy *buy = (const mnz_buy *)buys->at + i;
    if (buy->review.every == 0) status = review(site, buy, NULL, err);
  }
  return status;
}

/* --- before a run --- */

void mnz_buying_flows(const mnz_list *buys, mnz_flows *out) {
  for (int32_t i = 0; i < buys->count; i++) {
    const mnz_buy *buy = (const mnz_buy *)buys->at + i;
    if (buy->material < 0) continue;
    out->takes |= UINT64_C(1) << buy->material;
    mnz_purchase *purchase = mnz_flows_purchase(out);
    if (purchase != NULL) *purchase = (mnz_purchase){buy->material, buy->sources, buy};
  }
}

static void check_shares(const mnz_buy *buy, int32_t i, const mnz_report *report) {
  char path[64];
  char message[160];
  double sum = 0;
  bool dated = false;
  if (buy->sourcing != MNZ_SOURCE_SPLIT) return;
  for (int32_t k = 0; k < buy->sources.count; k++) {
    sum += source(buy, k)->share;
    dated |= source(buy, k)->since != MNZ_NO_DATE || source(buy, k)->until != MNZ_NO_DATE;
  }
  if (fabs(sum - 1) < 1e-9 || (dated && sum > 0)) return;
  snprintf(path, sizeof path, "buys[%d].sources", i);
  if (isnan(sum))
    snprintf(message, sizeof message,
             "found a source without a share; expected shares that add up to 100 %%");
  else
    snprintf(message, sizeof message, "found shares that add up to %.4g %%; expected 100 %%", sum * 100);
  report->error(report->context, path, message);
}

static void check_amounts(const mnz_buy *buy, int32_t i, const mnz_report *report) {
  char path[64];
  const bool to_level =
      buy->policy.kind == MNZ_POLICY_BASE_STOCK || buy->policy.kind == MNZ_POLICY_ECHELON_BASE_STOCK;
  snprintf(path, sizeof path, "buys[%d].minimum", i);
  if (to_level && buy->minimum > buy->policy.level) {
    report->error(
        report->context, path,
        "found more than the level of the policy, so that nothing is ever ordered; expected at most that");
  }
  if (buy->at_most > 0 && buy->minimum > buy->at_most) {
    report->error(report->context, path,
                  "found more than `at_most`, so that nothing is ever ordered; expected at most that");
  }
  snprintf(path, sizeof path, "buys[%d].multiple", i);
  if (buy->at_most > 0 && buy->multiple > buy->at_most) {
    report->error(report->context, path,
                  "found more than `at_most`, so that nothing is ever ordered; expected at most that");
  }
}

void mnz_sources_check(const mnz_list *sources, bool split, const char *path, const mnz_report *report) {
  char at[96];
  if (sources->count > MNZ_MAX_SOURCES)
    report->error(report->context, path, "found more than 32 sources; expected at most 32");
  for (int32_t k = 0; k < sources->count; k++) {
    const mnz_source *s = (const mnz_source *)sources->at + k;
    if (!split && !isnan(s->share)) {
      snprintf(at, sizeof at, "%s[%d].share", path, k);
      report->error(report->context, at,
                    "found a share of orders that are not split; expected `sourcing = \"split\"` of a "
                    "purchase, or no share");
    }
    if (s->since == MNZ_NO_DATE || s->until == MNZ_NO_DATE || s->since < s->until) continue;
    snprintf(at, sizeof at, "%s[%d].until", path, k);
    report->error(report->context, at, "found a date that is not after `since`; expected a later one");
  }
}

static void check_sources(const mnz_buy *buy, int32_t i, const mnz_report *report) {
  char path[64];
  snprintf(path, sizeof path, "buys[%d].sources", i);
  mnz_sources_check(&buy->sources, buy->sourcing == MNZ_SOURCE_SPLIT, path, report);
}

static void check_review(const mnz_buy *buy, int32_t i, const mnz_report *report) {
  char path[64];
  const bool periodic = buy->policy.kind == MNZ_POLICY_FORECAST || buy->policy.kind == MNZ_POLICY_FIXED;
  snprintf(path, sizeof path, "buys[%d].review", i);
  if (periodic && buy->review.every == 0) {
    report->error(report->context, path,
                  "found \"continuous\" with a policy that acts at reviews; expected a time between two");
  }
}

void mnz_buying_check(const mnz_list *buys, const mnz_catalog *catalog, const mnz_report *report) {
  char path[64];
  uint64_t seen = 0;
  for (int32_t i = 0; i < buys->count; i++) {
    const mnz_buy *buy = (const mnz_buy *)buys->at + i;
    if (buy->material < 0) continue;
    snprintf(path, sizeof path, "buys[%d].material", i);
    mnz_check_once(&seen, buy->material, path, catalog, report);
    check_amounts(buy, i, report);
    check_sources(buy, i, report);
    check_review(buy, i, report);
    check_shares(buy, i, report);
  }
}
