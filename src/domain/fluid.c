/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/fluid.h"

#include <math.h>

#include "base/error.h"

bool mnz_link_flows(const mnz_link_spec *link) {
  return link->dispatch == NULL && link->lead_time.kind == MNZ_DIST_CONSTANT && link->lead_time.p[0] == 0;
}

/* --- building --- */

static mnz_status open_ways(mnz_fluid_node *node, mnz_fluid_out *out, mnz_arena *arena, mnz_error *err) {
  const mnz_shelf *shelf = mnz_site_shelf(node->site, out->material);
  out->ways = mnz_arena_alloc(arena, (size_t)shelf->n_ways + 1, sizeof *out->ways, err);
  if (out->ways == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < shelf->n_ways; i++) {
    mnz_fluid_node *to = node->fluid->sites[shelf->ways[i]->spec->to].fluid;
    if (to == NULL || !mnz_link_flows(shelf->ways[i]->spec)) continue;
    out->ways[out->n_ways++] = (mnz_fluid_way){.link = shelf->ways[i], .to = to};
    to->n_before++;
  }
  return MNZ_OK;
}

static mnz_status open_outs(mnz_fluid_node *node, mnz_arena *arena, mnz_error *err) {
  const int32_t n = node->part.n_products;
  node->outs = mnz_arena_alloc(arena, (size_t)n + 1, sizeof *node->outs, err);
  if (node->outs == NULL) return MNZ_NO_MEMORY;
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < n && status == MNZ_OK; i++) {
    node->outs[i] =
        (mnz_fluid_out){.material = node->part.product[i].material, .lot = node->part.product[i].lot};
    status = open_ways(node, &node->outs[i], arena, err);
  }
  return status;
}

/* Each after all that lead into it; `inflow` counts those that are not in the order yet. A circle has been
 * refused before. */
static void sort_nodes(mnz_fluid *f) {
  int32_t n = 0;
  for (int32_t i = 0; i < f->n_sites; i++) {
    mnz_fluid_node *node = f->sites[i].fluid;
    if (node == NULL) continue;
    node->inflow = node->n_before;
    if (node->n_before == 0) f->order[n++] = node;
  }
  for (int32_t i = 0; i < n; i++) {
    const mnz_fluid_node *node = f->order[i];
    for (int32_t k = 0; k < node->part.n_products; k++) {
      for (int32_t w = 0; w < node->outs[k].n_ways; w++) {
        mnz_fluid_node *to = node->outs[k].ways[w].to;
        to->inflow -= 1;
        if (to->inflow == 0) f->order[n++] = to;
      }
    }
  }
  MNZ_REQUIRE(n == f->n);
}

/* Links that bring lots to its tank. */
static int32_t count_lotwise(const mnz_fluid *f, const mnz_fluid_node *node) {
  int32_t n = 0;
  for (int32_t i = 0; i < f->n_links && node->part.feed >= 0; i++) {
    const mnz_link_spec *link = f->links[i].spec;
    const mnz_site *from = &f->sites[link->from];
    if (link->to != node->site->node || mnz_site_shelf(from, node->part.feed) == NULL) continue;
    if (from->fluid != NULL && mnz_link_flows(link)) continue;
    mnz_site_shelf(from, node->part.feed)->feeds_tank = true;
    n++;
  }
  return n;
}

mnz_status mnz_fluid_open(mnz_fluid *f, const mnz_services *services, mnz_arena *arena, mnz_site *sites,
                          int32_t n_sites, mnz_link *links, int32_t n_links, mnz_error *err) {
  *f = (mnz_fluid){
      .services = services, .n_sites = n_sites, .sites = sites, .n_links = n_links, .links = links};
  for (int32_t i = 0; i < n_sites; i++) {
    const mnz_node_spec *spec = sites[i].spec;
    mnz_fluid_part part;
    if (spec->kind->flow == NULL || !spec->kind->flow(spec->params, sites[i].catalog, &part)) continue;
    sites[i].fluid = mnz_arena_alloc(arena, 1, sizeof *sites[i].fluid, err);
    if (sites[i].fluid == NULL) return MNZ_NO_MEMORY;
    *sites[i].fluid = (mnz_fluid_node){.site = &sites[i], .fluid = f, .part = part};
    f->n++;
  }
  f->order = mnz_arena_alloc(arena, (size_t)f->n + 1, sizeof *f->order, err);
  if (f->order == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < n_sites; i++) {
    if (sites[i].fluid == NULL) continue;
    mnz_status status = open_outs(sites[i].fluid, arena, err);
    if (status != MNZ_OK) return status;
  }
  return MNZ_OK;
}

mnz_status mnz_fluid_start(mnz_fluid *f, mnz_error *err) {
  f->settled = 0;
  f->alarm = 0;
  if (f->n == 0) return MNZ_OK;
  sort_nodes(f);
  for (int32_t i = 0; i < f->n; i++) {
    mnz_fluid_node *node = f->order[i];
    mnz_shelf *tank = mnz_fluid_tank(node);
    if (tank != NULL) tank->store.keep = MNZ_KEEP_BLEND;
    for (int32_t k = 0; k < node->part.n_products; k++) {
      node->outs[k].filling = NULL;
      node->outs[k].yield = node->part.product[k].yield;
    }
    node->outbox = (mnz_outbox){0};
    node->stuck = false;
    node->availability = 1;
    node->n_lotwise = count_lotwise(f, node);
    node->rate = node->inflow = node->carry = 0;
    node->holds = false;
    node->tally = (mnz_fluid_tally){0};
    node->first_lack = MNZ_NEVER;
    node->greatest = 0;
  }
  return mnz_site_stir(f->order[0]->site, err);
}

/* --- moving --- */

static mnz_level *level_of(const mnz_fluid_node *node, int32_t material, mnz_place place) {
  mnz_ledger *ledger = node->site->ledger;
  return mnz_ledger_level(ledger, mnz_ledger_slot(ledger, node->site->node, material), place);
}

/* Into the tank of another node, in no time. Takes *lot. */
static void pass_on(mnz_fluid_node *node, const mnz_fluid_way *way, mnz_lot **lot) {
  mnz_ledger *ledger = node->site->ledger;
  mnz_shelf *tank = mnz_fluid_tank(way->to);
  way->link->sent[(*lot)->material] += (*lot)->mass;
  tank->traffic.mass += (*lot)->mass;
  (*lot)->from = node->site->node;
  (*lot)->link = way->link->index;
  mnz_ledger_depart(ledger, *lot, way->to->site->node);
  const mnz_services *s = node->site->services;
  if (s->passed != NULL) s->passed(s->host, *lot);
  mnz_ledger_arrive(ledger, *lot);
  mnz_store_put(&tank->store, ledger, node->site->lots, *lot);
  *lot = NULL;
}

/* By the parts of the ways; the last one that is used gets what rounding leaves. Takes *lot. */
static mnz_status share_out(mnz_fluid_node *node, const mnz_fluid_out *out, mnz_lot **lot, mnz_error *err) {
  double left = 1;
  for (int32_t w = 0; w < out->n_ways && *lot != NULL; w++) {
    const mnz_fluid_way *way = &out->ways[w];
    if (way->part <= 0) continue;
    const mnz_mass mass =
        left - way->part < 1e-9 ? (*lot)->mass : llround((double)(*lot)->mass * way->part / left);
    left -= way->part;
    mnz_lot *some = *lot;
    if (mass >= (*lot)->mass)
      *lot = NULL;
    else if (mass <= 0)
      continue;
    else if ((some = mnz_lot_split(node->site->lots, *lot, mass, err)) == NULL)
      return MNZ_NO_MEMORY;
    pass_on(node, way, &some);
  }
  return MNZ_OK;
}

/* Collects a product into lots of one size; complete ones go to the store. Takes *lot. */
static mnz_status collect(mnz_fluid_node *node, mnz_fluid_out *out, mnz_lot **lot, mnz_error *err) {
  mnz_site *site = node->site;
  mnz_ledger_put(site->ledger, *lot, MNZ_PLACE_PROCESS);
  mnz_level *level = level_of(node, out->material, MNZ_PLACE_PROCESS);
  mnz_level_slope(level, (*lot)->mass, level->most, node->fluid->span);
  if (out->filling == NULL)
    out->filling = *lot;
  else
    mnz_lot_merge(site->lots, out->filling, *lot);
  *lot = NULL;
  while (out->filling != NULL && out->filling->mass >= out->lot) {
    mnz_lot *full = out->filling;
    if (full->mass == out->lot)
      out->filling = NULL;
    else if ((full = mnz_lot_split(site->lots, full, out->lot, err)) == NULL)
      return MNZ_NO_MEMORY;
    mnz_ledger_take(site->ledger, full);
    full->born = mnz_site_now(site);
    mnz_outbox_add(&node->outbox, site, &full);
    mnz_status status = mnz_site_stir(site, err);
    if (status != MNZ_OK) return status;
  }
  return MNZ_OK;
}

/* What comes of one mass of feed follows what is in it; a few milligrams of rounding are no change. */
static void learn_yields(mnz_fluid_node *node, mnz_mass mass, mnz_lot **out) {
  const double parts = node->site->catalog->n_parts + 1;
  for (int32_t k = 0; k < node->part.n_products; k++) {
    const double yield = (out[k] == NULL ? 0 : (double)out[k]->mass) / (double)mass;
    if (mass >= 1000000 && fabs(yield - node->outs[k].yield) > parts / (double)mass)
      node->outs[k].yield = yield;
  }
}

/* The mass that has flowed through a node; at a border the level stays as it is to the milligram. */
static mnz_mass flowed(mnz_fluid_node *node, const mnz_store *tank) {
  const double want = node->carry + node->rate * node->fluid->span;
  if (tank == NULL) {
    const mnz_mass mass = llround(fmin(want, (double)(INT64_MAX / 4)));
    node->carry = want - (double)mass;
    return mass;
  }
  const mnz_mass free = tank->mass;
  if (node->holds) {
    node->carry = 0;
    const mnz_mass over = tank->mass - node->level0;
    return over < 0 ? 0 : over;
  }
  const mnz_mass mass = want >= (double)free ? free : llround(want);
  node->carry = fmax(-1, fmin(1, want - (double)mass));
  return mass < 0 ? 0 : mass;
}

/* Out of its tank; whoever feeds it by lots learns of the room. */
static mnz_status draw(mnz_fluid_node *node, mnz_mass mass, mnz_lot **feed, mnz_error *err) {
  mnz_store *tank = &mnz_fluid_tank(node)->store;
  *feed = mnz_store_take(tank, node->site->ledger, node->site->lots, mass, err);
  if (*feed == NULL) return MNZ_NO_MEMORY;
  if (node->n_lotwise == 0 || tank->capacity == INT64_MAX) return MNZ_OK;
  return node->site->services->freed(node->site->services->host, node->site->node, node->part.feed, err);
}

static mnz_status move(mnz_fluid_node *node, mnz_mass mass, mnz_error *err) {
  mnz_lot *feed = NULL;
  mnz_lot *out[MNZ_MAX_MATERIALS] = {NULL};
  mnz_status status = MNZ_OK;
  if (node->part.feed >= 0) status = draw(node, mass, &feed, err);
  if (status == MNZ_OK) status = node->part.turn(node->site, mass, &feed, out, err);
  if (status != MNZ_OK) return status;
  node->tally.moved += mass;
  learn_yields(node, mass, out);
  for (int32_t k = 0; k < node->part.n_products && status == MNZ_OK; k++) {
    if (out[k] == NULL) continue;
    status = node->outs[k].n_ways > 0 ? share_out(node, &node->outs[k], &out[k], err)
                                      : collect(node, &node->outs[k], &out[k], err);
  }
  return status;
}

mnz_status mnz_fluid_settle(mnz_fluid *f, mnz_error *err) {
  if (f->n == 0) return MNZ_OK;
  const mnz_time now = f->services->now(f->services->host);
  if (now == f->settled) return MNZ_OK;
  f->span = (double)(now - f->settled);
  f->settled = now;
  for (int32_t i = 0; i < f->n; i++) {
    mnz_fluid_node *node = f->order[i];
    const mnz_shelf *tank = mnz_fluid_tank(node);
    if (tank == NULL) continue;
    node->level0 = tank->store.mass;
    node->most0 = level_of(node, node->part.feed, MNZ_PLACE_STOCK)->most;
  }
  for (int32_t i = 0; i < f->n; i++) {
    mnz_fluid_node *node = f->order[i];
    const mnz_shelf *tank = mnz_fluid_tank(node);
    node->tally.wanted += node->greatest * f->span;
    const mnz_mass mass = node->rate > 0 ? flowed(node, tank == NULL ? NULL : &tank->store) : 0;
    mnz_status status = mass > 0 ? move(node, mass, err) : MNZ_OK;
    if (status != MNZ_OK) return status;
    if (tank == NULL) continue;
    mnz_level_slope(level_of(node, node->part.feed, MNZ_PLACE_STOCK), tank->store.mass - node->level0,
                    node->most0, f->span);
  }
  return MNZ_OK;
}

mnz_mass mnz_fluid_drift(const mnz_fluid_node *node) {
  const double time = (double)(mnz_site_now(node->site) - node->fluid->settled);
  return node->holds ? 0 : llround((node->inflow - node->rate) * time);
}

/* --- what a facility does --- */

/* All rates anew, and an alarm for when the next of them changes. */
static mnz_status run_on(mnz_fluid *f, mnz_error *err) {
  f->services->cancel(f->services->host, &f->alarm);
  const mnz_time next = mnz_fluid_rates(f);
  if (next == MNZ_NEVER) return MNZ_OK;
  return mnz_site_wake(f->order[0]->site, next, MNZ_PHASE_COMPLETION, 0, &f->alarm, err);
}

mnz_status mnz_fluid_decide(mnz_fluid_node *node, mnz_error *err) {
  mnz_status status = mnz_fluid_settle(node->fluid, err);
  if (status == MNZ_OK) status = mnz_outbox_settle(&node->outbox, node->site, err);
  node->stuck = !mnz_outbox_is_empty(&node->outbox);
  return status != MNZ_OK ? status : run_on(node->fluid, err);
}

mnz_status mnz_fluid_wake(mnz_fluid_node *node, mnz_error *err) {
  node->fluid->alarm = 0;
  mnz_status status = mnz_fluid_settle(node->fluid, err);
  return status != MNZ_OK ? status : run_on(node->fluid, err);
}

mnz_status mnz_fluid_availability(mnz_fluid_node *node, double share, mnz_error *err) {
  node->availability = share;
  return mnz_site_stir(node->site, err);
}

mnz_status mnz_fluid_arrive(mnz_fluid_node *node, mnz_lot **lot, mnz_error *err) {
  mnz_status status = mnz_fluid_settle(node->fluid, err);
  return status != MNZ_OK ? status : mnz_site_put(node->site, lot, err);
}
