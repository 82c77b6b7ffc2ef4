/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/ledger.h"

#include <inttypes.h>
#include <string.h>

#include "base/error.h"

static size_t parts(const mnz_ledger *l) {
  return (size_t)l->catalog->n_parts;
}

mnz_status mnz_ledger_open(mnz_ledger *ledger, const mnz_catalog *catalog, int32_t n_nodes, const bool *has,
                           mnz_error *err) {
  *ledger = (mnz_ledger){.catalog = catalog, .n_nodes = n_nodes};
  mnz_status status;
  const size_t pairs = (size_t)n_nodes * (size_t)catalog->n_materials;
  const size_t n = parts(ledger);
  if ((status = mnz_new_array(&ledger->slot_of, pairs, err)) != MNZ_OK) goto out;
  for (size_t i = 0; i < pairs; i++) ledger->slot_of[i] = has[i] ? ledger->n_slots++ : -1;
  const size_t slots = (size_t)ledger->n_slots;
  if ((status = mnz_new_array(&ledger->held, slots * MNZ_PLACES * n, err)) != MNZ_OK) goto out;
  if ((status = mnz_new_array(&ledger->in, slots * n, err)) != MNZ_OK) goto out;
  if ((status = mnz_new_array(&ledger->out, slots * n, err)) != MNZ_OK) goto out;
  if ((status = mnz_new_array(&ledger->should, (size_t)n_nodes * n, err)) != MNZ_OK) goto out;
  if ((status = mnz_new_array(&ledger->transit, n, err)) != MNZ_OK) goto out;
  if ((status = mnz_new_array(&ledger->born, n, err)) != MNZ_OK) goto out;
  if ((status = mnz_new_array(&ledger->born_at, (size_t)n_nodes * n, err)) != MNZ_OK) goto out;
  if ((status = mnz_new_array(&ledger->ended, MNZ_ENDS * n, err)) != MNZ_OK) goto out;
  if ((status = mnz_new_array(&ledger->walked, ((size_t)n_nodes + 1) * n, err)) != MNZ_OK) goto out;
  if ((status = mnz_new_array(&ledger->rest, slots * MNZ_PLACES * n, err)) != MNZ_OK) goto out;
  if ((status = mnz_new_array(&ledger->touched, slots, err)) != MNZ_OK) goto out;
  if ((status = mnz_new_array(&ledger->level, slots * MNZ_PLACES, err)) != MNZ_OK) goto out;
  if ((status = mnz_new_array(&ledger->made, slots, err)) != MNZ_OK) goto out;
out:
  if (status != MNZ_OK) mnz_ledger_close(ledger);
  return status;
}

void mnz_ledger_close(mnz_ledger *ledger) {
  free(ledger->slot_of);
  free(ledger->held);
  free(ledger->in);
  free(ledger->out);
  free(ledger->should);
  free(ledger->transit);
  free(ledger->born);
  free(ledger->born_at);
  free(ledger->ended);
  free(ledger->walked);
  free(ledger->rest);
  free(ledger->touched);
  free(ledger->level);
  free(ledger->made);
  *ledger = (mnz_ledger){0};
}

void mnz_ledger_reset(mnz_ledger *l) {
  const size_t n = parts(l) * sizeof(mnz_mass);
  const size_t slots = (size_t)l->n_slots;
  const size_t nodes = (size_t)l->n_nodes;
  memset(l->held, 0, slots * MNZ_PLACES * n);
  memset(l->should, 0, nodes * n);
  memset(l->transit, 0, n);
  memset(l->born, 0, n);
  memset(l->ended, 0, MNZ_ENDS * n);
  memset(l->touched, 0xff, slots * sizeof *l->touched);
  memset(l->level, 0, slots * MNZ_PLACES * sizeof *l->level);
  mnz_ledger_forget_flows(l);
}

void mnz_ledger_forget_flows(mnz_ledger *l) {
  const size_t n = parts(l) * sizeof(mnz_mass);
  memset(l->in, 0, (size_t)l->n_slots * n);
  memset(l->out, 0, (size_t)l->n_slots * n);
  memset(l->born_at, 0, (size_t)l->n_nodes * n);
  memset(l->made, 0, (size_t)l->n_slots * sizeof *l->made);
}

void mnz_ledger_set_clock(mnz_ledger *l, mnz_time (*now)(const void *host), const void *host) {
  l->now = now;
  l->host = host;
}

static mnz_time now(const mnz_ledger *l) {
  return l->now == NULL ? 0 : l->now(l->host);
}

void mnz_ledger_restart_levels(mnz_ledger *l) {
  for (int32_t i = 0; i < l->n_slots * MNZ_PLACES; i++) mnz_level_restart(&l->level[i], now(l));
}

double mnz_ledger_mass_time(const mnz_ledger *l, int32_t slot, mnz_place place) {
  return mnz_level_integral(&l->level[slot * MNZ_PLACES + (int32_t)place], now(l));
}

/* A lot comes to where it says it is, or leaves it (sign -1). */
static void change_level(mnz_ledger *l, const mnz_lot *lot, mnz_mass sign) {
  mnz_level *level =
      &l->level[mnz_ledger_slot(l, lot->node, lot->material) * MNZ_PLACES + (int32_t)lot->place];
  mnz_level_set(level, now(l), level->now + sign * lot->mass);
}

/* Once a lot, where it was made. */
static void count_made(mnz_ledger *l, mnz_lot *lot) {
  if (lot->counted) return;
  l->made[mnz_ledger_slot(l, lot->node, lot->material)] += lot->mass;
  lot->counted = true;
}

static void add(mnz_mass *restrict to, const mnz_mass *restrict part, size_t n) {
  for (size_t i = 0; i < n; i++) to[i] += part[i];
}

static void subtract(mnz_mass *restrict from, const mnz_mass *restrict part, size_t n) {
  for (size_t i = 0; i < n; i++) from[i] -= part[i];
}

static mnz_mass *held(const mnz_ledger *l, const mnz_lot *lot) {
  const int32_t slot = mnz_ledger_slot(l, lot->node, lot->material);
  MNZ_REQUIRE(slot >= 0 && lot->place < MNZ_PLACES);
  l->touched[slot] |= (uint8_t)(1 << lot->place);
  return l->held + (size_t)(slot * MNZ_PLACES + (int32_t)lot->place) * parts(l);
}

static mnz_mass *at_node(const mnz_ledger *l, mnz_mass *table, int32_t node) {
  return table + (size_t)node * parts(l);
}

void mnz_ledger_born(mnz_ledger *l, const mnz_lot *lot) {
  mnz_lot_tell(l->watch, MNZ_LOT_BORN, lot, NULL, lot->mass, 0);
  add(l->born, lot->part, parts(l));
  add(at_node(l, l->born_at, lot->node), lot->part, parts(l));
  add(at_node(l, l->should, lot->node), lot->part, parts(l));
}

void mnz_ledger_add_other(mnz_ledger *l, int32_t node, mnz_mass other) {
  const int32_t last = l->catalog->n_components;
  l->born[last] += other;
  at_node(l, l->born_at, node)[last] += other;
  at_node(l, l->should, node)[last] += other;
}

void mnz_ledger_end(mnz_ledger *l, int32_t node, const mnz_mass *part, mnz_end how) {
  add(l->ended + (size_t)how * parts(l), part, parts(l));
  subtract(at_node(l, l->should, node), part, parts(l));
}

void mnz_ledger_put(mnz_ledger *l, mnz_lot *lot, mnz_place place) {
  lot->place = place;
  add(held(l, lot), lot->part, parts(l));
  change_level(l, lot, 1);
  mnz_lot_tell(l->watch,
               place == MNZ_PLACE_STOCK     ? MNZ_LOT_STORED
               : place == MNZ_PLACE_PROCESS ? MNZ_LOT_STARTED
                                            : MNZ_LOT_IN_USE,
               lot, NULL, lot->mass, 0);
  if (place != MNZ_PLACE_STOCK) return;
  count_made(l, lot);
  const int32_t slot = mnz_ledger_slot(l, lot->node, lot->material);
  l->touched[slot] |= (uint8_t)(1 << MNZ_TOUCHED_IN);
  add(l->in + (size_t)slot * parts(l), lot->part, parts(l));
}

void mnz_ledger_take(mnz_ledger *l, mnz_lot *lot) {
  subtract(held(l, lot), lot->part, parts(l));
  change_level(l, lot, -1);
  if (lot->place == MNZ_PLACE_STOCK) {
    const int32_t slot = mnz_ledger_slot(l, lot->node, lot->material);
    l->touched[slot] |= (uint8_t)(1 << MNZ_TOUCHED_OUT);
    add(l->out + (size_t)slot * parts(l), lot->part, parts(l));
  }
  lot->place = MNZ_PLACE_HAND;
}

void mnz_ledger_depart(mnz_ledger *l, mnz_lot *lot, int32_t to) {
  subtract(at_node(l, l->should, lot->node), lot->part, parts(l));
  add(l->transit, lot->part, parts(l));
  count_made(l, lot);
  lot->node = to;
  lot->place = MNZ_PLACE_TRANSIT;
  add(held(l, lot), lot->part, parts(l));
  change_level(l, lot, 1);
}

void mnz_ledger_arrive(mnz_ledger *l, mnz_lot *lot) {
  subtract(held(l, lot), lot->part, parts(l));
  subtract(l->transit, lot->part, parts(l));
  change_level(l, lot, -1);
  add(at_node(l, l->should, lot->node), lot->part, parts(l));
  lot->place = MNZ_PLACE_HAND;
}

static const char *component_name(const mnz_catalog *c, int32_t i, char *out, size_t size) {
  if (i == c->n_components)
    snprintf(out, size, "other matter");
  else
    snprintf(out, size, "%s of origin %s", c->elements.at[mnz_component_element(c, i)],
             c->origins.at[mnz_component_origin(c, i)]);
  return out;
}

static const char *fault_of(const mnz_lot *lot, size_t n) {
  mnz_mass book = 0;
  for (size_t i = 0; i < n; i++) {
    book += lot->part[i];
    if (lot->part[i] < 0) return "a lot has a part below zero";
  }
  if (book != lot->book) return "a lot's sum is not that of its parts";
  return lot->place == MNZ_PLACE_HAND ? "a lot has no owner between two events" : NULL;
}

/* Adds up every lot alive: per node, and in transit as node n_nodes; and takes it off a copy of the
 * holdings, which must then be all zero. What is broken otherwise, and at which node; NULL if nothing. */
static const char *walk(const mnz_ledger *l, const mnz_lots *lots, int32_t *where) {
  const size_t n = parts(l);
  const char *broken = NULL;
  memset(l->walked, 0, ((size_t)l->n_nodes + 1) * n * sizeof(mnz_mass));
  memcpy(l->rest, l->held, (size_t)l->n_slots * MNZ_PLACES * n * sizeof(mnz_mass));
  for (const mnz_lot *lot = lots->first; lot != NULL; lot = lot->after) {
    const char *fault = fault_of(lot, n);
    if (broken == NULL && fault != NULL) {
      broken = fault;
      *where = lot->node;
    }
    add(at_node(l, l->walked, lot->place == MNZ_PLACE_TRANSIT ? l->n_nodes : lot->node), lot->part, n);
    if (lot->place < MNZ_PLACES) subtract(l->rest + (held(l, lot) - l->held), lot->part, n);
  }
  const int32_t pairs = l->n_nodes * l->catalog->n_materials;
  for (int32_t i = 0; i < pairs && broken == NULL; i++) {
    for (size_t k = 0; l->slot_of[i] >= 0 && k < MNZ_PLACES * n; k++) {
      if (l->rest[(size_t)l->slot_of[i] * MNZ_PLACES * n + k] == 0) continue;
      broken = "the holdings differ from the lots that are there";
      *where = i / l->catalog->n_materials;
    }
  }
  return broken;
}

mnz_status mnz_ledger_check(const mnz_ledger *l, const mnz_lots *lots,
                            const char *(*node_name)(const void *context, int32_t node), const void *context,
                            mnz_mass *residual, mnz_error *err) {
  int32_t where = 0;
  const char *broken = walk(l, lots, &where);
  char name[128];
  const int32_t n = l->catalog->n_parts;
  for (int32_t node = 0; node <= l->n_nodes; node++) {
    const mnz_mass *should = node == l->n_nodes ? l->transit : at_node(l, l->should, node);
    for (int32_t i = 0; i < n; i++) {
      const mnz_mass off = at_node(l, l->walked, node)[i] - should[i];
      if (off == 0) continue;
      if (residual != NULL) *residual = off < 0 ? -off : off;
      return mnz_fail(err, MNZ_LEDGER, node == l->n_nodes ? "links" : node_name(context, node),
                      "the ledger is off by %+" PRId64 " mg of %s: %" PRId64 " mg are here, %" PRId64
                      " mg should be",
                      off, component_name(l->catalog, i, name, sizeof name), should[i] + off, should[i]);
    }
  }
  if (broken != NULL) return mnz_fail(err, MNZ_LEDGER, node_name(context, where), "%s", broken);
  for (int32_t i = 0; i < n; i++) {
    mnz_mass off = -l->born[i];
    for (int32_t node = 0; node <= l->n_nodes; node++) off += at_node(l, l->walked, node)[i];
    for (int32_t how = 0; how < MNZ_ENDS; how++) off += l->ended[how * n + i];
    if (off == 0) continue;
    if (residual != NULL) *residual = off < 0 ? -off : off;
    return mnz_fail(err, MNZ_LEDGER, "", "the ledger is off by %+" PRId64 " mg of %s in all", off,
                    component_name(l->catalog, i, name, sizeof name));
  }
  if (residual != NULL) *residual = 0;
  return MNZ_OK;
}
