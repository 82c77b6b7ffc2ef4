/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The baseline: what had been counted when the measures began to count, at the scenario's warm_up. Measures
 * are what is counted at the end less the baseline; without a warm-up it is zero.
 *
 * It is taken before anything else happens at that instant, so that the horizon [start, end) falls into two
 * parts that have no instant in common. Taking it changes nothing in the world. */
#include <string.h>

#include "domain/facilities/demand.h"
#include "world/host.h"
#include "world/contracts.h"
#include "world/money.h"
#include "world/prices.h"

mnz_status mnz_baseline_open(mnz_replication *r, mnz_error *err) {
  mnz_baseline *b = &r->baseline;
  const size_t parts = (size_t)r->scenario->catalog.n_parts;
  const size_t nodes = (size_t)r->n_nodes;
  b->in = mnz_arena_alloc(r->arena, (size_t)r->ledger.n_slots * parts, sizeof *b->in, err);
  b->born_at = mnz_arena_alloc(r->arena, nodes * parts, sizeof *b->born_at, err);
  b->delivered = mnz_arena_alloc(r->arena, nodes * parts, sizeof *b->delivered, err);
  b->demand = mnz_arena_alloc(r->arena, nodes, sizeof *b->demand, err);
  b->fluid = mnz_arena_alloc(r->arena, nodes, sizeof *b->fluid, err);
  b->state_time = mnz_arena_alloc(r->arena, nodes * MNZ_STATES, sizeof *b->state_time, err);
  return b->in == NULL || b->born_at == NULL || b->delivered == NULL || b->demand == NULL ||
                 b->state_time == NULL || b->fluid == NULL
             ? MNZ_NO_MEMORY
             : MNZ_OK;
}

/* Orders that still wait are left in: they count as asked for now. */
static void note_demand(mnz_replication *r, int32_t node, const mnz_demand_tally *tally) {
  const mnz_flows *f = &r->scenario->flows[node];
  const size_t parts = (size_t)r->scenario->catalog.n_parts;
  mnz_time first;
  const mnz_book *book = &mnz_site_shelf(&r->sites[f->asks_of], f->asks_for)->book;
  const mnz_mass open = mnz_book_open(book, node, MNZ_NEVER, &first);
  r->baseline.demand[node] = (mnz_counted){.asked = tally->asked - open,
                                           .delivered = tally->delivered_mass,
                                           .late = tally->late_mass,
                                           .given_up = tally->given_up,
                                           .lost = mnz_measure_lost(r, node, tally)};
  memcpy(r->baseline.delivered + (size_t)node * parts, tally->delivered, parts * sizeof(mnz_mass));
}

/* Who lacks feed now has lacked it since now. */
static void note_fluid(mnz_baseline *b, mnz_fluid_node *node, mnz_time now) {
  if (node == NULL) return;
  b->fluid[node->site->node] = node->tally;
  node->first_lack = mnz_fluid_lacks(node) ? now : MNZ_NEVER;
}

static mnz_status on_warm(void *self, int64_t arg, mnz_error *err) {
  (void)arg;
  mnz_replication *r = self;
  const mnz_status status = mnz_fluid_settle(&r->fluid, err);
  if (status != MNZ_OK) return status;
  mnz_baseline *b = &r->baseline;
  const mnz_time now = mnz_engine_now(r->engine);
  const size_t parts = (size_t)r->scenario->catalog.n_parts;
  memcpy(b->in, r->ledger.in, (size_t)r->ledger.n_slots * parts * sizeof *b->in);
  memcpy(b->born_at, r->ledger.born_at, (size_t)r->n_nodes * parts * sizeof *b->born_at);
  mnz_ledger_restart_levels(&r->ledger);
  mnz_money_restart(r);
  mnz_prices_restart(r);
  mnz_contracts_restart(r);
  for (int32_t i = 0; i < r->n_regimes; i++) mnz_regime_restart(&r->regimes[i]);
  for (int32_t node = 0; node < r->n_nodes; node++) {
    const mnz_demand_tally *tally = mnz_demand_of(&r->sites[node]);
    if (tally != NULL) note_demand(r, node, tally);
    for (int32_t s = 0; s < MNZ_STATES; s++)
      b->state_time[node * MNZ_STATES + s] = mnz_measure_state_time(&r->sites[node], (mnz_state)s, now);
    r->unmet[node] = MNZ_NEVER;
    mnz_counts_restart(&r->sites[node].counts, now);
    note_fluid(b, r->sites[node].fluid, now);
    for (int32_t k = 0; k < r->sites[node].n_shelves; k++)
      mnz_traffic_restart(&r->sites[node].shelves[k].traffic);
  }
  mnz_record_start(r, now);
  mnz_host_count_disruptions_from_now(r);
  b->taken = true;
  return MNZ_OK;
}

mnz_status mnz_baseline_start(mnz_replication *r, mnz_error *err) {
  mnz_baseline *b = &r->baseline;
  const size_t parts = (size_t)r->scenario->catalog.n_parts;
  const size_t nodes = (size_t)r->n_nodes;
  memset(b->in, 0, (size_t)r->ledger.n_slots * parts * sizeof *b->in);
  memset(b->born_at, 0, nodes * parts * sizeof *b->born_at);
  memset(b->delivered, 0, nodes * parts * sizeof *b->delivered);
  memset(b->demand, 0, nodes * sizeof *b->demand);
  memset(b->fluid, 0, nodes * sizeof *b->fluid);
  memset(b->state_time, 0, nodes * MNZ_STATES * sizeof *b->state_time);
  b->taken = false;
  if (r->scenario->counts_from == 0) return MNZ_OK;
  const mnz_event event = {
      .time = r->scenario->counts_from, .phase = MNZ_PHASE_DISRUPTION, .fn = on_warm, .self = r};
  return mnz_engine_post(r->engine, &event, NULL, err);
}

/* What was under way at the warm-up was asked for before it: its delay and its loss are not of what is
 * counted. */
static bool was_under_way(const mnz_replication *r, const mnz_lot *lot) {
  return r->baseline.taken && lot->sent < r->scenario->counts_from;
}

void mnz_baseline_lose(mnz_replication *r, const mnz_lot *lot, mnz_mass mass) {
  if (was_under_way(r, lot)) r->baseline.demand[lot->node].lost += mass;
}

void mnz_baseline_receive(mnz_replication *r, const mnz_lot *lot) {
  if (lot->late && was_under_way(r, lot)) r->baseline.demand[lot->node].late += lot->mass;
}
