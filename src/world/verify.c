/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything that a world keeps as a running total, recomputed the slow way. */
#include <inttypes.h>
#include <string.h>

#include "base/error.h"
#include "domain/facilities/kinds.h"
#include "world/money.h"

static mnz_status fail_at(const mnz_replication *r, int32_t node, int32_t material, const char *what,
                          mnz_mass found, mnz_mass expected, mnz_error *err) {
  return mnz_fail(
      err, MNZ_MODEL, r->sites[node].spec->name, "%s of %s is %" PRId64 " mg, but should be %" PRId64, what,
      material < 0 ? "all orders" : r->scenario->catalog.materials[material].name, found, expected);
}

/* What stands in a store, and what is owed of it. */
static mnz_status verify_shelf(const mnz_replication *r, int32_t node, const mnz_shelf *shelf,
                               mnz_error *err) {
  const int32_t material = shelf->store.material;
  mnz_mass mass = 0;
  mnz_mass open = 0;
  mnz_mass passing = 0;
  for (const mnz_lot *lot = shelf->store.queue.first; lot != NULL; lot = lot->next) mass += lot->mass;
  for (const mnz_ask *ask = shelf->book.first; ask != NULL; ask = ask->next) {
    open += ask->open;
    passing += ask->passing ? ask->open : 0;
  }
  if (mass != shelf->store.mass) return fail_at(r, node, material, "the store", shelf->store.mass, mass, err);
  if (open != shelf->book.open)
    return fail_at(r, node, material, "the order book", shelf->book.open, open, err);
  if (passing != shelf->book.passing)
    return fail_at(r, node, material, "what is lost with this instant", shelf->book.passing, passing, err);
  if (shelf->store.reserved < 0)
    return fail_at(r, node, material, "the place promised", shelf->store.reserved, 0, err);
  return MNZ_OK;
}

/* What is on its way to each place: open on the books of all sellers, and in lots. */
static void add_up(const mnz_replication *r) {
  const mnz_ledger *l = &r->ledger;
  memset(r->walked_orders, 0, (size_t)l->n_slots * sizeof *r->walked_orders);
  memset(r->walked_promises, 0, (size_t)l->n_slots * sizeof *r->walked_promises);
  memset(r->walked_open, 0, (size_t)l->n_slots * sizeof *r->walked_open);
  for (int32_t i = 0; i < r->n_nodes; i++)
    for (int32_t k = 0; k < r->sites[i].n_shelves; k++) {
      const mnz_shelf *shelf = &r->sites[i].shelves[k];
      for (const mnz_ask *ask = shelf->book.first; ask != NULL; ask = ask->next)
        r->walked_open[mnz_ledger_slot(l, ask->buyer, shelf->store.material)] += ask->open;
    }
  memcpy(r->walked_orders, r->walked_open, (size_t)l->n_slots * sizeof *r->walked_orders);
  for (const mnz_lot *lot = r->lots.first; lot != NULL; lot = lot->after) {
    const int32_t slot = mnz_ledger_slot(l, lot->node, lot->material);
    if (lot->place == MNZ_PLACE_TRANSIT) r->walked_orders[slot] += lot->ordered;
    if (lot->place == MNZ_PLACE_TRANSIT) r->walked_promises[slot] += lot->mass;
  }
}

/* A port keeps the promise while a lot is at its berth, so that there it may be more. */
static mnz_status verify_ways(const mnz_replication *r, int32_t node, const mnz_shelf *shelf,
                              mnz_error *err) {
  const int32_t material = shelf->store.material;
  const int32_t slot = mnz_ledger_slot(&r->ledger, node, material);
  const bool port = r->sites[node].spec->kind == &mnz_port_kind;
  const mnz_mass ordered = r->walked_orders[slot];
  const mnz_mass promised = r->walked_promises[slot];
  if (shelf->on_order != ordered)
    return fail_at(r, node, material, "what is on order", shelf->on_order, ordered, err);
  if (port ? shelf->store.reserved < promised : shelf->store.reserved != promised)
    return fail_at(r, node, material, "the place promised", shelf->store.reserved, promised, err);
  return MNZ_OK;
}

/* The levels of which time integrals are made, of the ledger and of money. */
static mnz_status verify_levels(const mnz_replication *r, int32_t node, const mnz_shelf *shelf,
                                mnz_error *err) {
  const int32_t material = shelf->store.material;
  const int32_t slot = mnz_ledger_slot(&r->ledger, node, material);
  const mnz_level *level = &r->ledger.level[slot * MNZ_PLACES];
  const mnz_mass stock = level[MNZ_PLACE_STOCK].now;
  const mnz_mass transit = level[MNZ_PLACE_TRANSIT].now;
  if (stock != shelf->store.mass)
    return fail_at(r, node, material, "the level of the store", stock, shelf->store.mass, err);
  if (transit != r->walked_promises[slot])
    return fail_at(r, node, material, "the level of what is on its way", transit, r->walked_promises[slot],
                   err);
  if (r->money == NULL) return MNZ_OK;
  const mnz_mass by = r->money->owed_by[slot].now;
  const mnz_mass to = r->money->owed_to[slot].now;
  if (by != shelf->book.open)
    return fail_at(r, node, material, "what costs of shortage are of", by, shelf->book.open, err);
  if (to != r->walked_open[slot])
    return fail_at(r, node, material, "what it waits and pays for", to, r->walked_open[slot], err);
  return MNZ_OK;
}

/* What a demand waits for, as the record has it; and that the states of a site fill its time. */
static mnz_status verify_site(const mnz_replication *r, int32_t node, mnz_error *err) {
  const mnz_site *site = &r->sites[node];
  const mnz_flows *f = &r->scenario->flows[node];
  const mnz_time now = mnz_engine_now(r->engine);
  mnz_time time = now - site->state_since;
  for (int32_t s = 0; s < MNZ_STATES; s++) time += site->state_time[s];
  if (time != now || site->state_since > now)
    return mnz_fail(err, MNZ_MODEL, site->spec->name,
                    "its states fill %" PRId64 " us, but should fill %" PRId64, time, now);
  if (f->asks_of < 0) return MNZ_OK;
  mnz_time first;
  const mnz_mass open =
      mnz_book_open(&mnz_site_shelf(&r->sites[f->asks_of], f->asks_for)->book, node, MNZ_NEVER, &first);
  const mnz_mass recorded = r->record.count[node].open;
  return recorded == open ? MNZ_OK : fail_at(r, node, -1, "what it waits for", recorded, open, err);
}

mnz_status mnz_verify_totals(const mnz_replication *r, mnz_error *err) {
  mnz_status status = mnz_engine_verify(r->engine, err);
  for (int32_t i = 0; i < r->n_regimes && status == MNZ_OK; i++)
    status = mnz_regime_verify(&r->regimes[i], err);
  add_up(r);
  for (int32_t i = 0; i < r->n_nodes && status == MNZ_OK; i++) {
    status = verify_site(r, i, err);
    for (int32_t k = 0; k < r->sites[i].n_shelves && status == MNZ_OK; k++) {
      status = verify_shelf(r, i, &r->sites[i].shelves[k], err);
      if (status == MNZ_OK) status = verify_ways(r, i, &r->sites[i].shelves[k], err);
      if (status == MNZ_OK) status = verify_levels(r, i, &r->sites[i].shelves[k], err);
    }
  }
  return status;
}

mnz_status mnz_verify_open(mnz_replication *r, mnz_error *err) {
  const size_t slots = (size_t)r->ledger.n_slots + 1;
  r->walked_orders = mnz_arena_alloc(r->arena, slots, sizeof *r->walked_orders, err);
  r->walked_promises = mnz_arena_alloc(r->arena, slots, sizeof *r->walked_promises, err);
  r->walked_open = mnz_arena_alloc(r->arena, slots, sizeof *r->walked_open, err);
  return r->walked_orders == NULL || r->walked_promises == NULL || r->walked_open == NULL ? MNZ_NO_MEMORY
                                                                                          : MNZ_OK;
}
