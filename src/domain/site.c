/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/site.h"

#include <math.h>

#include "base/error.h"
#include "domain/link.h"

const char *const mnz_state_names[] = {"idle", "up", "starved", "blocked", "down", NULL};

mnz_status mnz_site_stir(mnz_site *site, mnz_error *err) {
  return site->services->stir(site->services->host, site->node, err);
}

mnz_status mnz_site_wake(mnz_site *site, mnz_time at, mnz_phase phase, int32_t tag, mnz_alarm *alarm,
                         mnz_error *err) {
  return site->services->wake(site->services->host, site->node, at, phase, tag, alarm, err);
}

void mnz_site_set_state(mnz_site *site, mnz_state state) {
  if (state == site->state) return;
  const mnz_time now = mnz_site_now(site);
  site->state_time[site->state] += now - site->state_since;
  site->state = state;
  site->state_since = now;
  if (site->services->turned != NULL)
    site->services->turned(site->services->host, site->node, (int32_t)state);
}

mnz_lot *mnz_site_make(mnz_site *site, int32_t material, int32_t origin, mnz_mass mass, mnz_error *err) {
  mnz_lot *lot = mnz_lot_new(site->lots, material, site->node, mnz_site_now(site), err);
  if (lot == NULL) return NULL;
  const mnz_catalog *c = site->catalog;
  const mnz_material *m = &c->materials[material];
  if (origin < 0) origin = m->origin;
  mnz_mass left = mass;
  for (int32_t e = 0; e < c->elements.count; e++) {
    const double reo = (double)mass * m->nominal[e];
    const mnz_mass weight = llround(m->form == MNZ_FORM_METAL ? reo * c->metal_factor[e] : reo);
    const mnz_mass over = weight > left ? weight - left : 0; /* of milligrams, by rounding */
    lot->part[mnz_component(c, origin, e)] = llround(reo) - over;
    left -= weight - over;
  }
  lot->part[c->n_components] = left; /* what the elements do not make up is other matter */
  mnz_lot_weigh(site->lots, lot);
  lot->mass = mass;
  mnz_ledger_born(site->ledger, lot);
  return lot;
}

void mnz_site_end(mnz_site *site, mnz_lot **lot, mnz_end how) {
  mnz_lot_tell(site->lots->watch, MNZ_LOT_ENDED, *lot, NULL, (*lot)->mass, (int)how);
  if (how == MNZ_END_LOST) site->lost += (*lot)->mass;
  mnz_ledger_end(site->ledger, site->node, (*lot)->part, how);
  mnz_lot_drop(site->lots, *lot);
  *lot = NULL;
}

void mnz_site_count_arrival(mnz_site *site, const mnz_lot *lot) {
  mnz_traffic *t = &mnz_site_shelf(site, lot->material)->traffic;
  t->arrived++;
  t->mass += lot->mass;
}

mnz_status mnz_site_count_wait(mnz_site *site, const mnz_lot *lot, mnz_error *err) {
  mnz_times *wait = &mnz_site_shelf(site, lot->material)->traffic.wait;
  return mnz_times_add(wait, mnz_site_now(site) - lot->stored, err);
}

mnz_status mnz_site_count_use(mnz_site *site, const mnz_lot *lot, mnz_error *err) {
  mnz_times *lead = &mnz_site_shelf(site, lot->material)->traffic.lead;
  mnz_site_count_arrival(site, lot);
  return mnz_times_add(lead, mnz_site_now(site) - lot->born, err);
}

mnz_status mnz_site_use_up(mnz_site *site, mnz_lot **lot, mnz_error *err) {
  mnz_status status = mnz_site_count_use(site, *lot, err);
  mnz_site_end(site, lot, MNZ_END_DELIVERED);
  return status;
}

void mnz_site_count_elements(mnz_site *site, mnz_element_count count, const mnz_lot *lot) {
  const mnz_catalog *c = site->catalog;
  mnz_mass *to = site->counts.by_element[count];
  for (int32_t k = 0; k < c->n_components; k++) to[mnz_component_element(c, k)] += lot->part[k];
}

void mnz_site_lose(mnz_site *site, mnz_lot **lot) {
  mnz_shelf *shelf = mnz_site_shelf(site, (*lot)->material);
  if (shelf != NULL) shelf->traffic.lost++;
  if (site->services->lost != NULL) site->services->lost(site->services->host, *lot);
  mnz_site_end(site, lot, MNZ_END_LOST);
}

static mnz_mass room_at(const mnz_site *site, const mnz_link *link, int32_t material) {
  return site->services->room(site->services->host, link->spec->to, material);
}

mnz_mass mnz_site_permits(const mnz_site *site, int32_t material, int32_t buyer, mnz_mass mass) {
  const mnz_services *s = site->services;
  if (s->permits == NULL) return mass;
  return s->permits(s->host, site->node, buyer, material, mass,
                    mnz_site_shelf(site, material)->store.queue.first);
}

static bool can_take(const mnz_site *site, const mnz_link *way, int32_t material, mnz_mass mass) {
  return mnz_link_is_free(way) && room_at(site, way, material) >= mass && way->spec->share != 0 &&
         mnz_site_permits(site, material, way->spec->to, mass) >= mass;
}

/* The way of the next lot, drawn by the shares of those of the lowest preference; NULL when none has one. */
static mnz_link *drawn_way(const mnz_site *site, mnz_shelf *shelf) {
  double sum = 0;
  int32_t n = 0;
  for (; n < shelf->n_ways && shelf->ways[n]->spec->prefer == shelf->ways[0]->spec->prefer; n++)
    sum += isnan(shelf->ways[n]->spec->share) ? 0 : shelf->ways[n]->spec->share;
  if (!(sum > 0)) return NULL;
  if (shelf->drawn < 0) {
    const uint32_t material = mnz_stream_hash(site->catalog->materials[shelf->store.material].name);
    double left = sum * mnz_services_draw(site->services, site->spec->hash ^ material, MNZ_PURPOSE_WAY,
                                          shelf->draws++, &mnz_uniform_share);
    for (int32_t i = 0; i < n; i++) {
      const double share = shelf->ways[i]->spec->share;
      if (!(share > 0)) continue;
      shelf->drawn = i; /* the last one with a share, should rounding leave something */
      left -= share;
      if (left < 0) break;
    }
  }
  return shelf->ways[shelf->drawn];
}

/* Of the ways with room for `mass`: the lowest preference; within it the one furthest behind its share,
 * or the first by name. NULL when none can take it. */
static mnz_link *choose_way(const mnz_site *site, mnz_shelf *shelf, mnz_mass mass) {
  const int32_t material = shelf->store.material;
  mnz_link *best = site->spec->divides == MNZ_DIVIDES_BY_CHANCE ? drawn_way(site, shelf) : NULL;
  if (best != NULL) return can_take(site, best, material, mass) ? best : NULL;
  double best_lead = 0;
  for (int32_t i = 0; i < shelf->n_ways; i++) {
    mnz_link *way = shelf->ways[i];
    if (best != NULL && way->spec->prefer > best->spec->prefer) break;
    if (!can_take(site, way, material, mass)) continue;
    const double share = way->spec->share;
    const double lead = isnan(share) ? 0 : (double)way->sent[material] / share;
    if (best != NULL && lead >= best_lead) continue;
    best = way;
    best_lead = lead;
  }
  return best;
}

/* Some way out is open at any time, so that nothing need wait for a departure. */
static bool leaves_at_once(const mnz_shelf *shelf) {
  for (int32_t i = 0; i < shelf->n_out; i++) {
    if (shelf->out[i]->spec->dispatch == NULL) return true;
  }
  return false;
}

static bool passes(const mnz_site *site, mnz_shelf *shelf, mnz_mass mass) {
  return shelf->store.queue.first == NULL &&
         (shelf->book.first != NULL || choose_way(site, shelf, mass) != NULL);
}

bool mnz_site_has_room(const mnz_site *site, int32_t material, mnz_mass mass) {
  mnz_shelf *shelf = mnz_site_shelf(site, material);
  const mnz_store *store = &shelf->store;
  if (store->when_full == MNZ_FULL_LOSE) return true;
  if (store->capacity == 0 && leaves_at_once(shelf)) return passes(site, shelf, mass);
  return mnz_store_room(store) >= mass;
}

mnz_status mnz_site_shelve(mnz_site *site, mnz_lot **lot, mnz_error *err) {
  mnz_lot *in = *lot;
  *lot = NULL;
  mnz_shelf *shelf = mnz_site_shelf(site, in->material);
  MNZ_REQUIRE(shelf != NULL);
  mnz_site_count_arrival(site, in);
  const mnz_mass free = shelf->store.capacity - shelf->store.mass;
  const mnz_mass room = free > 0 ? free : 0;
  const bool lets_pass = shelf->store.capacity == 0 && passes(site, shelf, in->mass);
  if (shelf->store.when_full == MNZ_FULL_LOSE && in->mass > room && !lets_pass) {
    mnz_lot *lost = in;
    if (room > 0 && (lost = mnz_lot_split(site->lots, in, in->mass - room, err)) == NULL)
      return MNZ_NO_MEMORY;
    if (lost == in) in = NULL;
    shelf->traffic.mass -= lost->mass;
    mnz_site_lose(site, &lost);
    if (in == NULL) return MNZ_OK;
  }
  in->stored = mnz_site_now(site);
  mnz_store_put(&shelf->store, site->ledger, site->lots, in);
  return MNZ_OK;
}

mnz_status mnz_site_put(mnz_site *site, mnz_lot **lot, mnz_error *err) {
  mnz_status status = mnz_site_shelve(site, lot, err);
  return status != MNZ_OK ? status : mnz_site_stir(site, err);
}

static mnz_status tell_freed(mnz_site *site, const mnz_shelf *shelf, mnz_error *err) {
  if (shelf->store.capacity == INT64_MAX) return MNZ_OK;
  return site->services->freed(site->services->host, site->node, shelf->store.material, err);
}

/* In a heap or a tank no lot can be told from another. */
static bool counts_waits(const mnz_shelf *shelf) {
  return shelf->store.keep == MNZ_KEEP_LOTS && !shelf->waits_elsewhere;
}

mnz_status mnz_site_pop(mnz_site *site, int32_t material, mnz_lot **lot, mnz_error *err) {
  mnz_shelf *shelf = mnz_site_shelf(site, material);
  *lot = mnz_store_pop(&shelf->store, site->ledger);
  if (*lot == NULL) return MNZ_OK;
  mnz_status status = counts_waits(shelf) ? mnz_site_count_wait(site, *lot, err) : MNZ_OK;
  return status != MNZ_OK ? status : tell_freed(site, shelf, err);
}

mnz_status mnz_site_take(mnz_site *site, int32_t material, mnz_mass mass, mnz_lot **lot, mnz_error *err) {
  mnz_shelf *shelf = mnz_site_shelf(site, material);
  *lot = NULL;
  if (mass <= 0 || shelf->store.mass < mass) return MNZ_OK;
  mnz_mass left = mass; /* a lot of which something stays goes on waiting */
  for (const mnz_lot *at = shelf->store.queue.first; counts_waits(shelf) && at != NULL && at->mass <= left;
       at = at->next) {
    mnz_status status = mnz_site_count_wait(site, at, err);
    if (status != MNZ_OK) return status;
    left -= at->mass;
  }
  *lot = mnz_store_take(&shelf->store, site->ledger, site->lots, mass, err);
  return *lot == NULL ? MNZ_NO_MEMORY : tell_freed(site, shelf, err);
}

/* --- pushing on --- */

static mnz_status push(mnz_site *site, mnz_link *way, mnz_lot **lot, mnz_error *err) {
  way->sent[(*lot)->material] += (*lot)->mass;
  mnz_site_shelf(site, (*lot)->material)->drawn = -1; /* the next one draws anew */
  return site->services->send(site->services->host, way->index, lot, err);
}

/* A tank that flows has to know what waits for room in it. */
static mnz_status tell_tanks(mnz_site *site, const mnz_shelf *shelf, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < shelf->n_ways && status == MNZ_OK; i++)
    status = site->services->stir(site->services->host, shelf->ways[i]->spec->to, err);
  return status;
}

mnz_status mnz_site_forward(mnz_site *site, mnz_error *err) {
  mnz_status status = MNZ_OK;
  if (mnz_site_is_stopped(site, MNZ_STOPS_SHIPMENTS)) return MNZ_OK;
  for (int32_t i = 0; i < site->n_shelves && status == MNZ_OK; i++) {
    mnz_shelf *shelf = &site->shelves[i];
    while (shelf->n_ways > 0 && shelf->store.queue.first != NULL && status == MNZ_OK) {
      mnz_link *way = choose_way(site, shelf, shelf->store.queue.first->mass);
      if (way == NULL && shelf->feeds_tank) status = tell_tanks(site, shelf, err);
      if (way == NULL && status == MNZ_OK && site->services->stuck != NULL)
        status = site->services->stuck(site->services->host, site->node, shelf->store.material, err);
      if (way == NULL) break;
      mnz_lot *lot;
      if ((status = mnz_site_pop(site, shelf->store.material, &lot, err)) != MNZ_OK) return status;
      status = push(site, way, &lot, err);
    }
  }
  return status;
}

mnz_status mnz_site_load(mnz_site *site, mnz_link *link, mnz_mass mass, bool empty, mnz_mass *loaded,
                         mnz_error *err) {
  *loaded = 0;
  if (mnz_site_is_stopped(site, MNZ_STOPS_SHIPMENTS)) return MNZ_OK;
  for (int32_t i = 0; i < site->n_shelves; i++) {
    mnz_shelf *shelf = &site->shelves[i];
    bool pushed = false;
    for (int32_t w = 0; w < shelf->n_ways; w++) pushed |= shelf->ways[w] == link;
    while (pushed && shelf->store.queue.first != NULL) {
      const mnz_mass next = shelf->store.queue.first->mass;
      if (next > mass - *loaded && !(empty && *loaded == 0)) break;
      if (next > room_at(site, link, shelf->store.material)) break;
      if (mnz_site_permits(site, shelf->store.material, link->spec->to, next) < next) break;
      mnz_lot *lot;
      mnz_status status = mnz_site_pop(site, shelf->store.material, &lot, err);
      if (status == MNZ_OK) status = push(site, link, &lot, err);
      if (status != MNZ_OK) return status;
      *loaded += next;
    }
  }
  return MNZ_OK;
}

/* --- shipping what is owed --- */

/* The best open way to a buyer; NULL if there is none. *some says whether there is any at all. */
static const mnz_link *open_way(const mnz_site *site, int32_t material, int32_t buyer, bool *some) {
  const mnz_shelf *shelf = mnz_site_shelf(site, material);
  *some = mnz_site_is_stopped(site, MNZ_STOPS_SHIPMENTS);
  for (int32_t i = 0; i < shelf->n_out && !mnz_site_is_stopped(site, MNZ_STOPS_SHIPMENTS); i++) {
    if (shelf->out[i]->spec->to != buyer) continue;
    *some = true;
    if (mnz_link_takes(shelf->out[i])) return shelf->out[i];
  }
  return NULL;
}

bool mnz_site_reaches(const mnz_site *site, int32_t material, int32_t buyer) {
  bool some;
  return open_way(site, material, buyer, &some) != NULL || !some;
}

mnz_status mnz_site_ship(mnz_site *site, int32_t buyer, mnz_lot **lot, mnz_error *err) {
  const mnz_services *s = site->services;
  bool some;
  const mnz_link *way = open_way(site, (*lot)->material, buyer, &some);
  MNZ_REQUIRE(way != NULL || !some);
  return way == NULL ? s->hand_over(s->host, buyer, lot, err) : s->send(s->host, way->index, lot, err);
}

/* --- usage --- */

double mnz_site_usage(const mnz_site *site, int32_t material) {
  const mnz_shelf *shelf = mnz_site_shelf(site, material);
  if (shelf == NULL) return 0;
  const double age = (double)(mnz_site_now(site) - shelf->usage_time);
  return shelf->usage * exp(-age / (double)MNZ_USAGE_MEMORY);
}

void mnz_site_use(mnz_site *site, int32_t material, mnz_mass mass) {
  mnz_shelf *shelf = mnz_site_shelf(site, material);
  shelf->usage = mnz_site_usage(site, material) + (double)mass / (double)MNZ_USAGE_MEMORY;
  shelf->usage_time = mnz_site_now(site);
  shelf->asked += mass;
}
