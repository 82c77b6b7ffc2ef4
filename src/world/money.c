/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/money.h"

#include <math.h>
#include <string.h>

#include "world/contracts.h"
#include "world/host.h"
#include "world/prices.h"

static const mnz_costs *costs_of(const mnz_replication *r, int32_t node) {
  return r->sites[node].spec->costs;
}

/* NaN, what is not said, costs nothing. */
static double amount(double each, double how_much) {
  return isnan(each) ? 0 : each * how_much;
}

static void pay(mnz_replication *r, int32_t node, mnz_cost kind, double sum) {
  r->money->cost[node * MNZ_COSTS + (int32_t)kind] += sum;
}

static bool node_has_money(const mnz_node_spec *node) {
  for (int32_t i = 0; i < node->stores.count; i++)
    if (!isnan(((const mnz_store_spec *)node->stores.at)[i].holding)) return true;
  return node->costs != NULL || node->charges.count > 0;
}

static bool has_money(const mnz_scenario *s) {
  if (s->prices.count > 0 || s->contracts.count > 0) return true;
  for (int32_t i = 0; i < s->nodes.count; i++)
    if (node_has_money(mnz_scenario_node(s, i))) return true;
  for (int32_t i = 0; i < s->links.count; i++)
    if (mnz_scenario_link(s, i)->costs != NULL) return true;
  return false;
}

mnz_status mnz_money_open(mnz_replication *r, mnz_error *err) {
  if (!has_money(r->scenario)) return MNZ_OK;
  const size_t nodes = (size_t)r->n_nodes;
  const size_t slots = (size_t)r->ledger.n_slots;
  mnz_money *m = mnz_arena_alloc(r->arena, 1, sizeof *m, err);
  if (m == NULL) return MNZ_NO_MEMORY;
  m->cost = mnz_arena_alloc(r->arena, nodes * MNZ_COSTS, sizeof *m->cost, err);
  m->revenue = mnz_arena_alloc(r->arena, nodes, sizeof *m->revenue, err);
  m->owed_by = mnz_arena_alloc(r->arena, slots, sizeof *m->owed_by, err);
  m->owed_to = mnz_arena_alloc(r->arena, slots, sizeof *m->owed_to, err);
  m->made = mnz_arena_alloc(r->arena, slots, sizeof *m->made, err);
  m->lost = mnz_arena_alloc(r->arena, nodes, sizeof *m->lost, err);
  if (m->cost == NULL || m->revenue == NULL || m->owed_by == NULL || m->owed_to == NULL || m->made == NULL ||
      m->lost == NULL)
    return MNZ_NO_MEMORY;
  r->money = m;
  return MNZ_OK;
}

static void host_passed(void *host, mnz_lot *lot) {
  mnz_money_ship(host, lot);
}

void mnz_host_add_money(mnz_replication *r) {
  r->services.landed_price = mnz_money_landed;
  r->services.passed = r->money == NULL ? NULL : host_passed;
}

void mnz_money_start(mnz_replication *r) {
  mnz_money *m = r->money;
  if (m == NULL) return;
  const size_t nodes = (size_t)r->n_nodes;
  const size_t slots = (size_t)r->ledger.n_slots;
  memset(m->cost, 0, nodes * MNZ_COSTS * sizeof *m->cost);
  memset(m->revenue, 0, nodes * sizeof *m->revenue);
  memset(m->owed_by, 0, slots * sizeof *m->owed_by);
  memset(m->owed_to, 0, slots * sizeof *m->owed_to);
  memset(m->made, 0, slots * sizeof *m->made);
  memset(m->lost, 0, nodes * sizeof *m->lost);
}

void mnz_money_restart(mnz_replication *r) {
  mnz_money *m = r->money;
  if (m == NULL) return;
  const mnz_time now = mnz_engine_now(r->engine);
  memset(m->cost, 0, (size_t)r->n_nodes * MNZ_COSTS * sizeof *m->cost);
  memset(m->revenue, 0, (size_t)r->n_nodes * sizeof *m->revenue);
  for (int32_t i = 0; i < r->ledger.n_slots; i++) {
    mnz_level_restart(&m->owed_by[i], now);
    mnz_level_restart(&m->owed_to[i], now);
  }
  memcpy(m->made, r->ledger.made, (size_t)r->ledger.n_slots * sizeof *m->made);
  for (int32_t i = 0; i < r->n_nodes; i++) m->lost[i] = r->sites[i].lost;
}

/* --- orders --- */

/* What the seller owes, and of it this buyer's. */
static void change_owed(mnz_replication *r, int32_t buyer, int32_t seller, int32_t material,
                        mnz_mass change) {
  const mnz_time now = mnz_engine_now(r->engine);
  mnz_level *by = &r->money->owed_by[mnz_ledger_slot(&r->ledger, seller, material)];
  mnz_level *to = &r->money->owed_to[mnz_ledger_slot(&r->ledger, buyer, material)];
  mnz_level_set(by, now, mnz_site_shelf(&r->sites[seller], material)->book.open);
  mnz_level_set(to, now, to->now + change);
}

void mnz_money_order(mnz_replication *r, int32_t buyer, int32_t seller, int32_t material, mnz_mass mass,
                     mnz_mass fresh) {
  if (r->money == NULL) return;
  change_owed(r, buyer, seller, material, mass);
  const mnz_costs *costs = costs_of(r, buyer);
  if (costs != NULL && fresh > 0) pay(r, buyer, MNZ_COST_ORDER, amount(costs->order, 1));
}

/* Of an order that was not served as it should: the seller, and the buyer if it is a demand, each by what it
 * says itself. */
static void charge_both(mnz_replication *r, int32_t buyer, int32_t seller, mnz_cost kind, mnz_mass mass) {
  const int32_t both[] = {buyer, seller};
  for (size_t i = 0; i < 2; i++) {
    const mnz_costs *costs = costs_of(r, both[i]);
    const bool is_no_user = i == 0 && r->scenario->flows[buyer].asks_of < 0;
    if (costs == NULL || is_no_user) continue;
    const double each = kind == MNZ_COST_LATE ? costs->late : costs->lost;
    pay(r, both[i], kind, amount(each, (double)mass));
  }
}

void mnz_money_withdraw(mnz_replication *r, int32_t buyer, int32_t seller, int32_t material, mnz_mass mass,
                        bool for_good) {
  if (r->money == NULL || mass == 0) return;
  change_owed(r, buyer, seller, material, -mass);
  if (for_good) charge_both(r, buyer, seller, MNZ_COST_LOST, mass);
}

/* --- lots --- */

/* What one milligram costs this buyer; NaN if nobody says. What it says itself is of what it orders. */
static double price_of(const mnz_replication *r, int32_t buyer, int32_t seller, int32_t material,
                       bool ordered) {
  const mnz_costs *costs = costs_of(r, buyer);
  if (costs != NULL && ordered && !isnan(costs->unit)) return costs->unit;
  const mnz_list *charges = &r->sites[seller].spec->charges;
  for (int32_t i = 0; i < charges->count; i++) {
    const mnz_charge *charge = (const mnz_charge *)charges->at + i;
    if (charge->material == material) return mnz_price_of(r, &charge->price) * (1 + charge->premium);
  }
  return NAN;
}

/* The way that goods would take: the most preferred one, of those the first by name. */
static const mnz_link_spec *way_to(const mnz_replication *r, int32_t buyer, int32_t seller,
                                   int32_t material) {
  const mnz_shelf *shelf = mnz_site_shelf(&r->sites[seller], material);
  for (int32_t i = 0; shelf != NULL && i < shelf->n_out; i++)
    if (shelf->out[i]->spec->to == buyer) return shelf->out[i]->spec;
  return NULL;
}

double mnz_money_landed(const void *host, int32_t buyer, int32_t seller, int32_t material) {
  const mnz_replication *r = host;
  const mnz_link_spec *way = way_to(r, buyer, seller, material);
  const double freight = way == NULL || way->costs == NULL ? 0 : amount(way->costs->unit, 1);
  const double duty = r->n_ruled > 0 ? mnz_host_regimes_duty(r, seller, buyer, material) : 0;
  const double spot = price_of(r, buyer, seller, material, true);
  const int32_t contract = mnz_contract_between(r, buyer, seller, material);
  const bool under = contract >= 0 && mnz_contract_left(r, contract) > 0;
  return (under ? mnz_contract_price(r, contract, spot) : spot) * (1 + duty) + freight;
}

/* The buyer's own customs, on what it pays. */
static double duty_of(const mnz_replication *r, const mnz_lot *lot) {
  return r->services.tariff == NULL ? 0 : r->services.tariff(r->services.host, lot->from, lot->node, lot);
}

void mnz_money_ship(mnz_replication *r, mnz_lot *lot) {
  if (r->money == NULL) return;
  if (lot->ordered > 0) change_owed(r, lot->node, lot->from, lot->material, -lot->ordered);
  const double spot = price_of(r, lot->node, lot->from, lot->material, lot->ordered > 0);
  double sum;
  const mnz_mass under = mnz_contracts_ship(r, lot, spot, &sum);
  sum += amount(spot, (double)(lot->mass - under));
  lot->under = under;
  lot->paid = sum;
  lot->duty = sum * duty_of(r, lot);
  pay(r, lot->node, MNZ_COST_PURCHASE, lot->paid);
  r->money->revenue[lot->from] += lot->paid;
  pay(r, lot->node, MNZ_COST_TARIFF, lot->duty);
  if (lot->late && lot->ordered > 0) charge_both(r, lot->node, lot->from, MNZ_COST_LATE, lot->ordered);
  const mnz_freight *freight = lot->link < 0 ? NULL : r->links[lot->link].spec->costs;
  if (freight != NULL) pay(r, lot->node, MNZ_COST_TRANSPORT, amount(freight->unit, (double)lot->mass));
}

void mnz_money_return(mnz_replication *r, const mnz_lot *lot) {
  if (r->money == NULL) return;
  if (lot->ordered > 0) change_owed(r, lot->node, lot->from, lot->material, lot->ordered);
  mnz_contracts_return(r, lot);
  pay(r, lot->node, MNZ_COST_PURCHASE, -lot->paid);
  r->money->revenue[lot->from] -= lot->paid;
  pay(r, lot->node, MNZ_COST_TARIFF, -lot->duty);
}

void mnz_money_pay_contract(mnz_replication *r, int32_t payer, int32_t to, double sum) {
  pay(r, payer, MNZ_COST_CONTRACT, sum);
  r->money->revenue[to] += sum;
}

void mnz_money_depart(mnz_replication *r, int32_t link) {
  const mnz_link_spec *spec = r->links[link].spec;
  if (r->money == NULL || spec->costs == NULL) return;
  pay(r, spec->to, MNZ_COST_TRANSPORT, amount(spec->costs->departure, 1));
}

/* --- what it comes to --- */

typedef enum over_time { STOCK, PROCESS, TRANSIT, OWED } over_time;

/* Milligram microseconds of all materials at a node. A demand waits for others, all others let wait. */
static double mass_time(const mnz_replication *r, int32_t node, over_time what) {
  static const mnz_place places[] = {MNZ_PLACE_STOCK, MNZ_PLACE_PROCESS, MNZ_PLACE_TRANSIT};
  const mnz_money *m = r->money;
  const mnz_level *owed = r->scenario->flows[node].asks_of >= 0 ? m->owed_to : m->owed_by;
  double sum = 0;
  for (int32_t k = 0; k < r->scenario->catalog.n_materials; k++) {
    const int32_t slot = mnz_ledger_slot(&r->ledger, node, k);
    if (slot < 0) continue;
    sum += what == OWED ? mnz_level_integral(&owed[slot], mnz_engine_now(r->engine))
                        : mnz_ledger_mass_time(&r->ledger, slot, places[what]);
  }
  return sum;
}

/* Of stocks: each material at the price of its store, or that of the node. */
static double holding(const mnz_replication *r, int32_t node, double of_node) {
  const mnz_node_spec *spec = r->sites[node].spec;
  double sum = amount(of_node, mass_time(r, node, STOCK));
  for (int32_t i = 0; i < spec->stores.count; i++) {
    const mnz_store_spec *store = (const mnz_store_spec *)spec->stores.at + i;
    if (isnan(store->holding)) continue;
    const int32_t slot = mnz_ledger_slot(&r->ledger, node, store->material);
    sum += (store->holding - (isnan(of_node) ? 0 : of_node)) *
           mnz_ledger_mass_time(&r->ledger, slot, MNZ_PLACE_STOCK);
  }
  return sum;
}

static double mass_made(const mnz_replication *r, int32_t node) {
  double sum = 0;
  for (int32_t k = 0; k < r->scenario->catalog.n_materials; k++) {
    const int32_t slot = mnz_ledger_slot(&r->ledger, node, k);
    if (slot >= 0) sum += (double)(r->ledger.made[slot] - r->money->made[slot]);
  }
  return sum;
}

/* Of what is not paid at an instant, stocks apart. */
static double cost_so_far(const mnz_replication *r, int32_t node, const mnz_costs *costs, mnz_cost kind) {
  switch (kind) {
  case MNZ_COST_FIXED:
    return amount(costs->fixed, (double)(mnz_engine_now(r->engine) - r->scenario->counts_from));
  case MNZ_COST_PRODUCTION:
    return amount(costs->production, mass_made(r, node));
  case MNZ_COST_PROCESS:
    return amount(costs->process, mass_time(r, node, PROCESS));
  case MNZ_COST_PIPELINE:
    return amount(costs->pipeline, mass_time(r, node, TRANSIT));
  case MNZ_COST_SHORTAGE:
    return amount(costs->shortage, mass_time(r, node, OWED));
  case MNZ_COST_LOST:
    return amount(costs->lost, (double)(r->sites[node].lost - r->money->lost[node]));
  case MNZ_COST_HOLDING:
  case MNZ_COST_ORDER:
  case MNZ_COST_PURCHASE:
  case MNZ_COST_TARIFF:
  case MNZ_COST_TRANSPORT:
  case MNZ_COST_CONTRACT:
  case MNZ_COST_LATE:
  case MNZ_COSTS:
    return 0;
  }
  return 0;
}

/* What is to be paid at the end of the contracts' periods, as far as these have come: by a node, or to it. */
static double accrued(const mnz_replication *r, int32_t node, bool pays) {
  double sum = 0;
  for (int32_t i = 0; i < r->n_contracts; i++) {
    const mnz_contract_spec *spec = mnz_scenario_contract(r->scenario, i);
    const mnz_contract_sums now = mnz_contract_sums_now(r, i);
    const mnz_contract_sums *settled = &r->contracts[i].sums;
    if ((pays ? spec->buyer : spec->seller) == node) sum += now.paid - settled->paid;
    if ((pays ? spec->seller : spec->buyer) == node) sum += now.damages - settled->damages;
  }
  return sum;
}

double mnz_money_revenue(const mnz_replication *r, int32_t node) {
  return r->money->revenue[node] + accrued(r, node, false);
}

double mnz_money_cost(const mnz_replication *r, int32_t node, mnz_cost kind) {
  const mnz_costs *costs = costs_of(r, node);
  double cost = r->money->cost[node * MNZ_COSTS + (int32_t)kind];
  if (kind == MNZ_COST_CONTRACT) cost += accrued(r, node, true);
  if (kind == MNZ_COST_HOLDING) cost += holding(r, node, costs == NULL ? NAN : costs->holding);
  return costs == NULL ? cost : cost + cost_so_far(r, node, costs, kind);
}
