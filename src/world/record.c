/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/record.h"

#include <math.h>
#include <string.h>

#include "domain/facilities/kinds.h"
#include "world/replication_internal.h"

static bool mark(bool *upstream, int32_t node) {
  const bool new = !upstream[node];
  upstream[node] = true;
  return new;
}

/* Marks those whom a node orders from; true if there is a new one. */
static bool mark_sources(const mnz_flows *f, bool *upstream) {
  bool more = f->asks_of >= 0 && mark(upstream, f->asks_of);
  for (int32_t k = 0; k < f->n_purchases; k++)
    for (int32_t i = 0; i < f->purchase[k].sources.count; i++)
      more |= mark(upstream, ((const mnz_source *)f->purchase[k].sources.at)[i].from);
  return more;
}

/* The users in focus, and all from whom something can reach them. */
static void find_upstream(mnz_replication *r) {
  const mnz_scenario *s = r->scenario;
  bool *upstream = r->record.upstream;
  for (int32_t i = 0; i < r->n_nodes; i++) upstream[i] = r->record.in_focus[i];
  for (bool more = true; more;) {
    more = false;
    for (int32_t i = 0; i < r->n_nodes; i++)
      if (upstream[i]) more |= mark_sources(&s->flows[i], upstream);
    for (int32_t i = 0; i < s->links.count; i++)
      if (upstream[mnz_scenario_link(s, i)->to]) more |= mark(upstream, mnz_scenario_link(s, i)->from);
    for (int32_t i = 0; i < s->nodes.count; i++)
      if (s->flows[i].serves >= 0 && upstream[s->flows[i].serves]) more |= mark(upstream, i);
  }
}

mnz_status mnz_record_open(mnz_replication *r, mnz_error *err) {
  mnz_record *c = &r->record;
  const size_t nodes = (size_t)r->n_nodes;
  const size_t elements = (size_t)r->scenario->catalog.elements.count;
  c->in_focus = mnz_arena_alloc(r->arena, nodes, sizeof *c->in_focus, err);
  c->upstream = mnz_arena_alloc(r->arena, nodes, sizeof *c->upstream, err);
  c->count = mnz_arena_alloc(r->arena, nodes, sizeof *c->count, err);
  c->node = mnz_arena_alloc(r->arena, nodes, sizeof *c->node, err);
  c->element = mnz_arena_alloc(r->arena, elements, sizeof *c->element, err);
  c->waiting = mnz_arena_alloc(r->arena, elements, sizeof *c->waiting, err);
  c->placed = mnz_arena_alloc(r->arena, nodes, sizeof *c->placed, err);
  c->received = mnz_arena_alloc(r->arena, nodes, sizeof *c->received, err);
  c->sold = mnz_arena_alloc(r->arena, (size_t)r->ledger.n_slots * elements + 1, sizeof *c->sold, err);
  if (c->in_focus == NULL || c->count == NULL || c->node == NULL || c->element == NULL ||
      c->waiting == NULL || c->placed == NULL || c->received == NULL || c->sold == NULL ||
      c->upstream == NULL)
    return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < r->n_nodes; i++)
    c->in_focus[i] =
        r->scenario->flows[i].asks_of >= 0 && mnz_in_focus(r->scenario, mnz_scenario_node(r->scenario, i));
  find_upstream(r);
  return MNZ_OK;
}

void mnz_record_start(mnz_replication *r, mnz_time now) {
  mnz_record *c = &r->record;
  c->from = now;
  for (int32_t i = 0; i < r->n_nodes; i++) {
    const mnz_mass open = now > 0 ? c->count[i].open : 0;
    c->count[i] = (mnz_order_count){.open = open};
    mnz_shortfall_start(&c->node[i], (double)open, now);
    c->placed[i] = c->received[i] = (mnz_swing){0};
  }
  memset(c->sold, 0, (size_t)(r->ledger.n_slots * r->scenario->catalog.elements.count) * sizeof *c->sold);
  for (int32_t e = 0; e < r->scenario->catalog.elements.count; e++) {
    if (now == 0) c->waiting[e] = 0;
    mnz_shortfall_start(&c->element[e], now > 0 ? c->element[e].owed : 0, now);
  }
}

/* --- what is owed --- */

/* What is owed of an element is added up from changes, so that it is set to zero when nobody is owed any. */
static void owe_elements(mnz_replication *r, int32_t buyer, mnz_mass change, int32_t newly) {
  const mnz_catalog *c = &r->scenario->catalog;
  const mnz_material *product = &c->materials[r->scenario->flows[buyer].asks_for];
  const mnz_time now = mnz_engine_now(r->engine);
  for (int32_t e = 0; e < c->elements.count; e++) {
    if (product->nominal[e] <= 0) continue;
    mnz_shortfall *s = &r->record.element[e];
    r->record.waiting[e] += newly;
    const double owed = fmax(0, s->owed + (double)change * product->nominal[e]);
    mnz_shortfall_set(s, r->record.waiting[e] > 0 ? owed : 0, now);
  }
}

static void owe(mnz_replication *r, int32_t buyer, mnz_mass change) {
  mnz_mass *open = &r->record.count[buyer].open;
  const bool before = *open > 0;
  *open += change;
  mnz_shortfall_set(&r->record.node[buyer], (double)*open, mnz_engine_now(r->engine));
  if (r->record.in_focus[buyer]) owe_elements(r, buyer, change, (int32_t)(*open > 0) - (int32_t)before);
}

static bool is_demand(const mnz_replication *r, int32_t node) {
  return r->scenario->flows[node].asks_of >= 0;
}

static void wait_for(mnz_replication *r, int32_t buyer, mnz_mass mass, mnz_time placed) {
  mnz_order_count *c = &r->record.count[buyer];
  const mnz_time wait = mnz_engine_now(r->engine) - (placed > r->record.from ? placed : r->record.from);
  c->late += (double)mass;
  c->late_time += (double)mass * (double)wait;
  if (wait > c->longest_wait) c->longest_wait = wait;
}

/* --- how orders swing --- */

/* Welford's update by the sum of a period that is over. */
static void close_period(mnz_swing *s) {
  const double ahead = s->sum - s->mean;
  s->mean += ahead / ++s->n;
  s->m2 += ahead * (s->sum - s->mean);
  s->sum = 0;
  s->period++;
}

static void swing(const mnz_replication *r, mnz_swing *s, mnz_mass mass) {
  const int64_t period = (mnz_engine_now(r->engine) - r->record.from) / MNZ_SWING_PERIOD;
  while (s->period < period) close_period(s);
  s->sum += (double)mass;
}

double mnz_swing_variance(const mnz_swing *swing, mnz_time from, mnz_time end) {
  mnz_swing s = *swing;
  const int64_t whole = (end - from) / MNZ_SWING_PERIOD;
  while (s.period < whole) close_period(&s);
  return s.n > 1 ? s.m2 / (s.n - 1) : NAN;
}

/* --- what is told --- */

void mnz_record_order(mnz_replication *r, int32_t buyer, int32_t seller, mnz_mass mass) {
  swing(r, &r->record.placed[buyer], mass);
  swing(r, &r->record.received[seller], mass);
  if (!is_demand(r, buyer)) return;
  r->record.count[buyer].orders++;
  r->record.count[buyer].asked += mass;
  owe(r, buyer, mass);
}

void mnz_record_withdraw(mnz_replication *r, int32_t buyer, int32_t seller, mnz_mass mass, mnz_time placed,
                         bool for_good) {
  if (!for_good) {
    swing(r, &r->record.placed[buyer], -mass);
    swing(r, &r->record.received[seller], -mass);
  }
  if (!is_demand(r, buyer)) return;
  wait_for(r, buyer, mass, placed);
  owe(r, buyer, -mass);
}

void mnz_record_reopen(mnz_replication *r, int32_t buyer, mnz_mass mass) {
  if (is_demand(r, buyer)) owe(r, buyer, mass);
}

void mnz_record_fill(mnz_replication *r, const mnz_ask *ask, mnz_mass mass) {
  if (!is_demand(r, ask->buyer)) return;
  const bool late = ask->placed < mnz_engine_now(r->engine);
  if (late) wait_for(r, ask->buyer, mass, ask->placed);
  if (!late) r->record.count[ask->buyer].at_once += mass;
  if (!late && mass == ask->open) r->record.count[ask->buyer].whole++;
  owe(r, ask->buyer, -mass);
}

void mnz_record_sell(mnz_replication *r, const mnz_lot *lot) {
  if (r->sites[lot->node].spec->kind != &mnz_market_kind) return;
  const mnz_catalog *c = &r->scenario->catalog;
  double *sold = r->record.sold + mnz_ledger_slot(&r->ledger, lot->node, lot->material) * c->elements.count;
  for (int32_t k = 0; k < c->n_components; k++) sold[mnz_component_element(c, k)] += (double)lot->part[k];
}
