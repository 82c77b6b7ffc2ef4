/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/contracts.h"

#include <math.h>
#include <string.h>

#include "world/host.h"
#include "world/money.h"
#include "world/prices.h"

static const mnz_contract_spec *spec_of(const mnz_replication *r, int32_t i) {
  return mnz_scenario_contract(r->scenario, i);
}

static bool is_more_than(mnz_time a, mnz_time b) {
  return a != MNZ_NO_DATE && a > b;
}

static mnz_time now_of(const mnz_replication *r) {
  return mnz_engine_now(r->engine);
}

/* --- materials --- */

static int32_t place_of(const mnz_contract_spec *spec, int32_t material) {
  for (int32_t k = 0; k < spec->materials.count; k++)
    if (spec->materials.at[k] == material) return k;
  return -1;
}

static mnz_mass made_by(const mnz_replication *r, const mnz_contract_spec *spec, int32_t k) {
  const int32_t slot = mnz_ledger_slot(&r->ledger, spec->seller, spec->materials.at[k]);
  return slot < 0 ? 0 : r->ledger.made[slot];
}

/* In this period, of all materials. */
static double output_of(const mnz_replication *r, int32_t i) {
  double sum = 0;
  for (int32_t k = 0; k < spec_of(r, i)->materials.count; k++)
    sum += (double)(made_by(r, spec_of(r, i), k) - r->contracts[i].made[k]);
  return sum;
}

static mnz_mass delivered_of(const mnz_replication *r, int32_t i) {
  mnz_mass sum = 0;
  for (int32_t k = 0; k < spec_of(r, i)->materials.count; k++) sum += r->contracts[i].delivered[k];
  return sum;
}

/* The buyer's orders that wait, those of the contract's class alone or all. */
static mnz_mass waiting_of(const mnz_replication *r, int32_t i, bool of_its_class) {
  const mnz_contract_spec *spec = spec_of(r, i);
  mnz_mass sum = 0;
  for (int32_t k = 0; k < spec->materials.count; k++) {
    const mnz_shelf *shelf = mnz_site_shelf(&r->sites[spec->seller], spec->materials.at[k]);
    for (const mnz_ask *ask = shelf == NULL ? NULL : shelf->book.first; ask != NULL; ask = ask->next)
      if (ask->buyer == spec->buyer && (!of_its_class || ask->priority == spec->priority)) sum += ask->open;
  }
  return sum;
}

/* --- what is due --- */

/* The share of the period that is covered until `until`, which is not after its end. */
static double covered(const mnz_contract_state *c, mnz_time until, bool without_rest) {
  const mnz_time resting = c->rested + (c->suspended ? until - c->looked : 0);
  const mnz_time time = until - c->since - (without_rest ? resting : 0);
  return (double)time / (double)(c->end - c->begin);
}

static mnz_time end_of(const mnz_replication *r, int32_t i) {
  const mnz_time until = spec_of(r, i)->until;
  return until != MNZ_NO_DATE && until < r->contracts[i].end ? until : r->contracts[i].end;
}

/* The most in this period; INT64_MAX: no limit. */
static mnz_mass most_of(const mnz_replication *r, int32_t i) {
  const mnz_contract_spec *spec = spec_of(r, i);
  if (spec->maximum < 0) return INT64_MAX;
  return llround((double)spec->maximum * covered(&r->contracts[i], end_of(r, i), false));
}

/* What the period comes to if it ends now. */
static void settle(const mnz_replication *r, int32_t i, mnz_contract_sums *sums) {
  const mnz_contract_spec *spec = spec_of(r, i);
  const mnz_contract_state *c = &r->contracts[i];
  if (!c->running) return;
  const double minimum = spec->minimum < 0 ? 0 : (double)spec->minimum * covered(c, now_of(r), true);
  const double committed = isnan(spec->commits) || c->suspended ? 0 : spec->commits * output_of(r, i);
  const double due = fmax(minimum, committed);
  const double missing = fmax(0, due - (double)delivered_of(r, i));
  const double owed = fmin(missing, (double)waiting_of(r, i, false));
  const double price = mnz_contract_price(r, i, NAN);
  sums->due += due;
  sums->owed += owed;
  sums->untaken += missing - owed;
  if (!isnan(spec->take_or_pay) && !isnan(price)) sums->paid += spec->take_or_pay * price * (missing - owed);
  if (!isnan(spec->penalty) && !isnan(price)) sums->damages += spec->penalty * price * owed;
  if (c->suspended) sums->suspended += (double)(now_of(r) - c->looked);
}

mnz_contract_sums mnz_contract_sums_now(const mnz_replication *r, int32_t i) {
  mnz_contract_sums sums = r->contracts[i].sums;
  settle(r, i, &sums);
  return sums;
}

/* --- periods --- */

static void set_period(mnz_replication *r, int32_t i) {
  static const int32_t months[] = {
      [MNZ_CONTRACT_MONTH] = 1, [MNZ_CONTRACT_QUARTER] = 3, [MNZ_CONTRACT_YEAR] = 12};
  const mnz_contract_spec *spec = spec_of(r, i);
  mnz_contract_state *c = &r->contracts[i];
  const int64_t now = r->scenario->start_us + now_of(r);
  const int64_t begin = spec->period == MNZ_CONTRACT_MONTH     ? mnz_moment_month_start(now)
                        : spec->period == MNZ_CONTRACT_QUARTER ? mnz_moment_quarter_start(now)
                                                               : mnz_moment_year_start(now);
  c->begin = begin - r->scenario->start_us;
  c->end = mnz_moment_add_months(begin, months[spec->period]) - r->scenario->start_us;
}

/* Of the period that has just been. */
static bool makes_too_much(const mnz_replication *r, int32_t i) {
  const mnz_contract_state *c = &r->contracts[i];
  const double limit = spec_of(r, i)->until_output.per_us;
  return limit >= 0 && now_of(r) > c->since && output_of(r, i) >= limit * (double)(now_of(r) - c->since);
}

/* Counts anew. */
static void begin_period(mnz_replication *r, int32_t i) {
  const mnz_contract_spec *spec = spec_of(r, i);
  mnz_contract_state *c = &r->contracts[i];
  set_period(r, i);
  c->since = c->looked = now_of(r);
  c->rested = 0;
  for (int32_t k = 0; k < spec->materials.count; k++) {
    c->delivered[k] = 0;
    c->made[k] = made_by(r, spec, k);
  }
}

static mnz_status on_period(void *self, int64_t arg, mnz_error *err);

static mnz_status post_period(mnz_replication *r, int32_t i, mnz_time at, mnz_error *err) {
  return mnz_host_post(r, at, MNZ_PHASE_DISRUPTION, on_period, i, NULL, err);
}

static void end_period(mnz_replication *r, int32_t i) {
  mnz_contract_state *c = &r->contracts[i];
  const mnz_contract_sums before = c->sums;
  settle(r, i, &c->sums);
  const mnz_contract_spec *spec = spec_of(r, i);
  mnz_money_pay_contract(r, spec->buyer, spec->seller, c->sums.paid - before.paid);
  mnz_money_pay_contract(r, spec->seller, spec->buyer, c->sums.damages - before.damages);
  c->lapsed = makes_too_much(r, i);
}

/* A contract begins, or one of its periods ends, the last one with it. */
static mnz_status on_period(void *self, int64_t arg, mnz_error *err) {
  mnz_replication *r = self;
  const int32_t i = (int32_t)arg;
  const mnz_contract_spec *spec = spec_of(r, i);
  mnz_contract_state *c = &r->contracts[i];
  mnz_status status = r->fluid.n == 0 ? MNZ_OK : mnz_fluid_settle(&r->fluid, err);
  if (status != MNZ_OK) return mnz_host_locate(r, -1, status, err);
  if (c->running) end_period(r, i);
  c->running = spec->until == MNZ_NO_DATE || now_of(r) < spec->until;
  if (c->running) {
    begin_period(r, i);
    status = post_period(r, i, end_of(r, i), err);
  }
  return status != MNZ_OK ? status : mnz_site_stir(&r->sites[spec->seller], err); /* what was kept is free */
}

/* --- force majeure --- */

static bool in_force(const mnz_replication *r, int32_t cause) {
  return cause >= 0 ? mnz_disruption_loss(&r->disruptions[cause]) > 0
                    : r->regimes[-1 - cause].rule != MNZ_RULE_OPEN;
}

static bool is_suspended(const mnz_replication *r, int32_t i) {
  for (int32_t k = 0; k < spec_of(r, i)->force_majeure.count; k++)
    if (in_force(r, r->contracts[i].causes[k])) return true;
  return false;
}

static void note_suspension(mnz_replication *r, int32_t i, bool suspended) {
  mnz_contract_state *c = &r->contracts[i];
  const mnz_time time = now_of(r) - c->looked;
  if (c->running && c->suspended) {
    c->rested += time;
    c->sums.suspended += (double)time;
  }
  c->looked = now_of(r);
  c->suspended = suspended;
}

mnz_status mnz_contracts_look(mnz_replication *r, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < r->n_contracts && status == MNZ_OK; i++) {
    const bool suspended = is_suspended(r, i);
    if (suspended == r->contracts[i].suspended) continue;
    note_suspension(r, i, suspended);
    status = mnz_site_stir(&r->sites[spec_of(r, i)->seller], err);
  }
  return status;
}

/* --- orders and lots --- */

static bool binds(const mnz_contract_state *c) {
  return c->running && !c->suspended && !c->lapsed;
}

int32_t mnz_contract_between(const mnz_replication *r, int32_t buyer, int32_t seller, int32_t material) {
  for (int32_t i = 0; i < r->n_contracts; i++) {
    const mnz_contract_spec *spec = spec_of(r, i);
    if (spec->buyer == buyer && spec->seller == seller && r->contracts[i].running &&
        place_of(spec, material) >= 0)
      return i;
  }
  return -1;
}

mnz_mass mnz_contract_left(const void *host, int32_t i) {
  const mnz_replication *r = host;
  if (!r->contracts[i].running) return 0;
  const mnz_mass most = most_of(r, i);
  if (most == INT64_MAX) return INT64_MAX;
  const mnz_mass left = most - delivered_of(r, i) - waiting_of(r, i, true);
  return left > 0 ? left : 0;
}

mnz_mass mnz_contracts_claim(const mnz_replication *r, int32_t buyer, int32_t seller, int32_t material,
                             mnz_mass mass, int32_t *priority) {
  const int32_t i = r->n_contracts == 0 ? -1 : mnz_contract_between(r, buyer, seller, material);
  if (i < 0 || !binds(&r->contracts[i])) return 0;
  const mnz_mass left = mnz_contract_left(r, i);
  *priority = spec_of(r, i)->priority;
  return left < mass ? left : mass;
}

/* Without the floor. */
static double market_of(const mnz_replication *r, const mnz_contract_spec *spec, double spot) {
  const double said = mnz_price_of(r, &spec->price);
  return isnan(said) ? spot : said;
}

double mnz_contract_price(const mnz_replication *r, int32_t i, double spot) {
  const mnz_contract_spec *spec = spec_of(r, i);
  const double price = market_of(r, spec, spot);
  return isnan(spec->floor) ? price
                            : fmax(price, spec->floor); /* which is the floor where no price is said */
}

/* What the buyer gets back for so much at that price, within what is left of the year's most. */
static double returned_for(mnz_replication *r, int32_t i, double price, double mass) {
  const mnz_upside *upside = spec_of(r, i)->upside;
  mnz_contract_state *c = &r->contracts[i];
  if (upside == NULL || !(price > upside->above)) return 0;
  const int64_t year = mnz_moment_year_start(r->scenario->start_us + now_of(r));
  if (year != c->year) c->returned = 0;
  c->year = year;
  double sum = upside->share * (price - upside->above) * mass;
  if (!isnan(upside->most)) sum = fmin(sum, fmax(0, upside->most - c->returned));
  c->returned += sum;
  return sum;
}

mnz_mass mnz_contracts_ship(mnz_replication *r, const mnz_lot *lot, double spot, double *sum) {
  *sum = 0;
  const int32_t i = r->n_contracts == 0 ? -1 : mnz_contract_between(r, lot->node, lot->from, lot->material);
  if (i < 0) return 0;
  const mnz_contract_spec *spec = spec_of(r, i);
  mnz_contract_state *c = &r->contracts[i];
  const mnz_mass most = most_of(r, i);
  const mnz_mass room = most == INT64_MAX ? INT64_MAX : most - delivered_of(r, i);
  const mnz_mass mass = room <= 0 ? 0 : room < lot->mass ? room : lot->mass;
  const double market = market_of(r, spec, spot);
  const double price = mnz_contract_price(r, i, spot);
  c->delivered[place_of(spec, lot->material)] += mass;
  c->sums.delivered += (double)mass;
  if (isnan(price)) return mass;
  const double returned = returned_for(r, i, market, (double)mass);
  c->sums.returned += returned;
  if (!isnan(spec->floor)) c->sums.above += (price - spec->floor) * (double)mass;
  if (market < spec->floor) c->sums.below += (spec->floor - market) * (double)mass;
  *sum = price * (double)mass - returned;
  return mass;
}

void mnz_contracts_return(mnz_replication *r, const mnz_lot *lot) {
  const int32_t i = lot->under == 0 ? -1 : mnz_contract_between(r, lot->node, lot->from, lot->material);
  if (i < 0) return; /* it is over */
  mnz_mass *delivered = &r->contracts[i].delivered[place_of(spec_of(r, i), lot->material)];
  *delivered = *delivered > lot->under ? *delivered - lot->under : 0;
  r->contracts[i].sums.delivered -= (double)lot->under;
}

/* What must stay in the seller's store for those who have a share of what it makes. */
static mnz_mass kept_from(const mnz_replication *r, int32_t buyer, int32_t seller, int32_t material) {
  mnz_mass kept = 0;
  for (int32_t i = 0; i < r->n_contracts; i++) {
    const mnz_contract_spec *spec = spec_of(r, i);
    const mnz_contract_state *c = &r->contracts[i];
    const int32_t k = spec->seller == seller && spec->buyer != buyer ? place_of(spec, material) : -1;
    if (k < 0 || isnan(spec->share) || !binds(c)) continue;
    const mnz_mass share = llround(spec->share * (double)(made_by(r, spec, k) - c->made[k]));
    if (share > c->delivered[k]) kept += share - c->delivered[k];
  }
  return kept;
}

static mnz_mass contract_permits(void *host, int32_t seller, int32_t buyer, int32_t material, mnz_mass mass,
                                 const mnz_lot *stock) {
  const mnz_replication *r = host;
  const mnz_mass kept = kept_from(r, buyer, seller, material);
  if (kept > 0) {
    const mnz_mass free = mnz_site_shelf(&r->sites[seller], material)->store.mass - kept;
    if (free < mass) mass = free > 0 ? free : 0;
  }
  return r->permits == NULL ? mass : r->permits(host, seller, buyer, material, mass, stock);
}

/* --- life --- */

int32_t mnz_contract_cause(const mnz_scenario *s, const char *name) {
  for (int32_t i = 0; i < s->disruptions.count; i++)
    if (strcmp(mnz_scenario_disruption(s, i)->name, name) == 0) return i;
  for (int32_t i = 0; i < s->regimes.count; i++)
    if (strcmp(mnz_scenario_regime(s, i)->name, name) == 0) return -1 - i;
  return MNZ_NO_CAUSE;
}

static mnz_status open_contract(mnz_replication *r, int32_t i, mnz_error *err) {
  const mnz_contract_spec *spec = spec_of(r, i);
  mnz_contract_state *c = &r->contracts[i];
  const size_t n = (size_t)spec->materials.count;
  c->delivered = mnz_arena_alloc(r->arena, n, sizeof *c->delivered, err);
  c->made = mnz_arena_alloc(r->arena, n, sizeof *c->made, err);
  c->causes = mnz_arena_alloc(r->arena, (size_t)spec->force_majeure.count + 1, sizeof *c->causes, err);
  if (c->delivered == NULL || c->made == NULL || c->causes == NULL) return MNZ_NO_MEMORY;
  for (int32_t k = 0; k < spec->force_majeure.count; k++)
    c->causes[k] = mnz_contract_cause(r->scenario, spec->force_majeure.at[k]);
  return MNZ_OK;
}

mnz_status mnz_contracts_open(mnz_replication *r, mnz_error *err) {
  r->n_contracts = r->scenario->contracts.count;
  if (r->n_contracts == 0) return MNZ_OK;
  r->contracts = mnz_arena_alloc(r->arena, (size_t)r->n_contracts, sizeof *r->contracts, err);
  if (r->contracts == NULL) return MNZ_NO_MEMORY;
  r->permits = r->services.permits;
  r->services.contract_left = mnz_contract_left;
  bool shares = false;
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < r->n_contracts && status == MNZ_OK; i++) {
    shares |= !isnan(spec_of(r, i)->share);
    status = open_contract(r, i, err);
  }
  if (shares) r->services.permits = contract_permits;
  return status;
}

static mnz_status start_contract(mnz_replication *r, int32_t i, mnz_error *err) {
  const mnz_contract_spec *spec = spec_of(r, i);
  mnz_contract_state *c = &r->contracts[i];
  *c = (mnz_contract_state){
      .delivered = c->delivered, .made = c->made, .causes = c->causes, .year = INT64_MIN};
  c->suspended = is_suspended(r, i);
  if (is_more_than(spec->from, 0)) return post_period(r, i, spec->from, err);
  c->running = spec->until == MNZ_NO_DATE || spec->until > 0;
  begin_period(r, i);
  return c->running ? post_period(r, i, end_of(r, i), err) : MNZ_OK;
}

mnz_status mnz_contracts_start(mnz_replication *r, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < r->n_contracts && status == MNZ_OK; i++) status = start_contract(r, i, err);
  return status;
}

void mnz_contracts_restart(mnz_replication *r) {
  for (int32_t i = 0; i < r->n_contracts; i++) {
    r->contracts[i].sums = (mnz_contract_sums){0};
    begin_period(r, i);
  }
}
