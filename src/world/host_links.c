/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lots on their way: departures, arrivals, what is lost between. */
#include <math.h>

#include "base/error.h"
#include "world/host.h"
#include "world/money.h"

/* Of a lot in hand that has come from its way. *lot is NULL if it was all. */
static mnz_status lose(mnz_replication *r, mnz_lot **lot, mnz_mass mass, mnz_error *err) {
  if (mass <= 0) return MNZ_OK;
  mnz_baseline_lose(r, *lot, mass);
  mnz_event_log_lot(r, MNZ_EVENT_LOST, *lot, mass, NAN);
  mnz_lot *lost = *lot;
  if (mass < (*lot)->mass && (lost = mnz_lot_split(&r->lots, *lot, mass, err)) == NULL) return MNZ_NO_MEMORY;
  if (lost == *lot) *lot = NULL;
  const int32_t node = lost->node;
  const int32_t material = lost->material;
  mnz_site_end(&r->sites[node], &lost, MNZ_END_LOST);
  return r->services.freed(r, node, material, err); /* the place that was promised to it is free */
}

/* What becomes of it when the link is closed matters. */
static bool is_followed(const mnz_link *link) {
  return link->spec->when_closed != MNZ_CLOSED_CONTINUE;
}

/* Off its way and in hand, where it was to go. */
static void take_off(mnz_replication *r, mnz_lot *lot) {
  mnz_shelf *shelf = mnz_site_shelf(&r->sites[lot->node], lot->material);
  shelf->store.reserved -= lot->mass;
  shelf->on_order -= lot->ordered;
  mnz_ledger_arrive(&r->ledger, lot);
}

static mnz_status enter(mnz_replication *r, mnz_lot *lot, mnz_error *err) {
  const int32_t node = lot->node;
  mnz_site *site = &r->sites[node];
  const mnz_link *link = lot->link < 0 ? NULL : &r->links[lot->link];
  take_off(r, lot);
  const double share = link == NULL ? 0 : link->spec->loss;
  mnz_status status = lose(r, &lot, llround((double)lot->mass * share), err);
  if (status != MNZ_OK || lot == NULL) return mnz_host_locate(r, node, status, err);
  mnz_baseline_receive(r, lot);
  mnz_event_log_lot(r, MNZ_EVENT_ARRIVED, lot, lot->mass,
                    mnz_host_days(mnz_engine_now(r->engine) - lot->sent));
  const mnz_kind *kind = site->spec->kind;
  if (site->fluid != NULL)
    status = mnz_fluid_arrive(site->fluid, &lot, err);
  else
    status = kind->arrive != NULL ? kind->arrive(site->self, &lot, err) : mnz_site_put(site, &lot, err);
  return mnz_host_locate(r, node, status, err);
}

static mnz_status on_arrival(void *self, int64_t arg, mnz_error *err) {
  mnz_replication *r = self;
  mnz_lot *lot = (mnz_lot *)(intptr_t)arg;
  mnz_site *site = &r->sites[lot->node];
  mnz_link *link = lot->link < 0 ? NULL : &r->links[lot->link];
  if (link != NULL && is_followed(link)) mnz_lot_queue_remove(&link->under_way, lot);
  if (!mnz_site_is_stopped(site, MNZ_STOPS_RECEIPTS)) return enter(r, lot, err);
  mnz_lot_queue_push(&site->door, lot);
  return MNZ_OK;
}

/* What waits at the door of a node comes in, unless that has closed again. */
static mnz_status on_door(void *self, int64_t arg, mnz_error *err) {
  mnz_replication *r = self;
  mnz_site *site = &r->sites[arg];
  mnz_status status = MNZ_OK;
  while (site->door.first != NULL && status == MNZ_OK && !mnz_site_is_stopped(site, MNZ_STOPS_RECEIPTS))
    status = enter(r, mnz_lot_queue_pop(&site->door), err);
  return status;
}

mnz_status mnz_host_open_door(mnz_replication *r, int32_t node, mnz_error *err) {
  if (r->sites[node].door.first == NULL) return MNZ_OK;
  return mnz_host_post(r, mnz_engine_now(r->engine), MNZ_PHASE_ARRIVAL, on_door, node, NULL, err);
}

static mnz_status leave(mnz_replication *r, mnz_lot *lot, mnz_time lead, mnz_error *err) {
  mnz_event_log_lot(r, MNZ_EVENT_DEPARTED, lot, lot->mass, mnz_host_days(lead));
  const mnz_time now = mnz_engine_now(r->engine);
  const bool followed = lot->link >= 0 && is_followed(&r->links[lot->link]);
  lot->left_at = now;
  lot->due = now + lead;
  if (followed) mnz_lot_queue_push(&r->links[lot->link].under_way, lot);
  return mnz_host_alarm(r, lot->due, MNZ_PHASE_ARRIVAL, on_arrival, (int64_t)(intptr_t)lot,
                        followed ? &lot->arrival : NULL, err);
}

/* --- a link that closes or opens --- */

/* Stays where it is, with what is left of its time; goes on with that. */
static mnz_status stop(mnz_replication *r, mnz_lot *lot, bool closed, mnz_error *err) {
  const mnz_time now = mnz_engine_now(r->engine);
  lot->due += closed ? -now : now;
  if (!closed)
    return mnz_host_alarm(r, lot->due, MNZ_PHASE_ARRIVAL, on_arrival, (int64_t)(intptr_t)lot, &lot->arrival,
                          err);
  r->services.cancel(r, &lot->arrival);
  return MNZ_OK;
}

static mnz_status on_return(void *self, int64_t arg, mnz_error *err) {
  mnz_replication *r = self;
  mnz_lot *lot = (mnz_lot *)(intptr_t)arg;
  const int32_t node = lot->node;
  take_off(r, lot);
  mnz_event_log_lot(r, MNZ_EVENT_ARRIVED, lot, lot->mass,
                    mnz_host_days(mnz_engine_now(r->engine) - lot->sent));
  return mnz_host_locate(r, node, mnz_site_put(&r->sites[node], &lot, err), err);
}

/* The order that it was to fill is open again, behind those that wait there already. */
static mnz_status reopen(mnz_replication *r, mnz_lot *lot, mnz_error *err) {
  mnz_shelf *shelf = mnz_site_shelf(&r->sites[lot->from], lot->material);
  const mnz_ask *ask =
      mnz_book_add(&shelf->book, r->asks, lot->node, lot->priority, lot->placed, lot->ordered, err);
  mnz_site_shelf(&r->sites[lot->node], lot->material)->on_order += lot->ordered; /* as before take_off */
  mnz_record_reopen(r, lot->node, lot->ordered);
  return ask == NULL ? MNZ_NO_MEMORY : MNZ_OK;
}

static mnz_status turn_back(mnz_replication *r, mnz_link *link, mnz_lot *lot, mnz_error *err) {
  const mnz_time now = mnz_engine_now(r->engine);
  const mnz_time travelled = now - lot->left_at;
  const int32_t from = lot->node;
  const int32_t to = lot->from;
  mnz_status status = MNZ_OK;
  take_off(r, lot);
  if (lot->ordered > 0)
    status = reopen(r, lot, err);
  else
    link->sent[lot->material] -= lot->mass;
  mnz_money_return(r, lot);
  lot->ordered = 0;
  lot->late = false;
  lot->from = from;
  lot->sent = now;
  mnz_ledger_depart(&r->ledger, lot, to);
  mnz_site_shelf(&r->sites[to], lot->material)->store.reserved += lot->mass;
  mnz_event_log_lot(r, MNZ_EVENT_DEPARTED, lot, lot->mass, mnz_host_days(travelled));
  if (status == MNZ_OK) status = r->services.freed(r, from, lot->material, err);
  if (status != MNZ_OK) return status;
  return mnz_host_post(r, now + travelled, MNZ_PHASE_ARRIVAL, on_return, (int64_t)(intptr_t)lot, NULL, err);
}

/* What was sent while it was closed leaves, each lot for itself. */
static mnz_status clear_dock(mnz_replication *r, mnz_link *link, mnz_error *err) {
  mnz_status status = MNZ_OK;
  while (mnz_link_is_free(link) && link->dock.first != NULL && status == MNZ_OK) {
    mnz_money_depart(r, link->index);
    status = leave(r, mnz_lot_queue_pop(&link->dock), mnz_link_draw(link, &r->services), err);
  }
  return status;
}

mnz_status mnz_host_turn_link(mnz_replication *r, mnz_link *link, mnz_error *err) {
  const bool closed = link->closed > 0;
  mnz_status status = MNZ_OK;
  if (link->spec->when_closed == MNZ_CLOSED_WAIT || link->spec->when_closed == MNZ_CLOSED_QUEUE) {
    for (mnz_lot *lot = link->under_way.first; lot != NULL && status == MNZ_OK; lot = lot->next)
      status = stop(r, lot, closed, err);
    return status != MNZ_OK ? status : clear_dock(r, link, err);
  }
  while (closed && link->under_way.first != NULL && status == MNZ_OK) {
    mnz_lot *lot = mnz_lot_queue_pop(&link->under_way);
    r->services.cancel(r, &lot->arrival);
    if (link->spec->when_closed == MNZ_CLOSED_RETURN) {
      status = turn_back(r, link, lot, err);
    } else {
      take_off(r, lot);
      status = lose(r, &lot, lot->mass, err);
    }
  }
  return status;
}

/* --- leaving --- */

/* From now on it is on its way, with a place promised where it goes. */
static void set_off(mnz_replication *r, mnz_lot *lot, int32_t link, int32_t to) {
  if (r->n_ruled > 0) mnz_host_regimes_sent(r, lot, to);
  mnz_record_sell(r, lot);
  lot->from = lot->node;
  lot->sent = mnz_engine_now(r->engine);
  lot->link = link;
  mnz_ledger_depart(&r->ledger, lot, to);
  mnz_site_shelf(&r->sites[to], lot->material)->store.reserved += lot->mass;
  if (lot->ordered > 0)
    mnz_event_log_lot(r, MNZ_EVENT_SHIPPED, lot, lot->ordered, mnz_host_days(lot->sent - lot->placed));
  mnz_money_ship(r, lot);
}

static mnz_status host_send(void *host, int32_t index, mnz_lot **lot, mnz_error *err) {
  mnz_replication *r = host;
  mnz_link *link = &r->links[index];
  mnz_lot *sent = *lot;
  *lot = NULL;
  set_off(r, sent, index, link->spec->to);
  if (mnz_link_is_free(link)) {
    mnz_money_depart(r, index);
    return leave(r, sent, mnz_link_draw(link, &r->services), err);
  }
  mnz_lot_queue_push(&link->dock, sent);
  return MNZ_OK;
}

static mnz_status host_hand_over(void *host, int32_t to, mnz_lot **lot, mnz_error *err) {
  mnz_replication *r = host;
  mnz_lot *sent = *lot;
  *lot = NULL;
  set_off(r, sent, -1, to);
  return leave(r, sent, 0, err);
}

static mnz_mass dock_mass(const mnz_link *link) {
  mnz_mass mass = 0;
  for (const mnz_lot *lot = link->dock.first; lot != NULL; lot = lot->next) mass += lot->mass;
  return mass;
}

static mnz_status on_home(void *self, int64_t arg, mnz_error *err) {
  (void)err;
  ((mnz_replication *)self)->links[arg].away--;
  return MNZ_OK;
}

/* Everything on one departure travels together. A lot larger than the vessel goes alone. */
static mnz_status sail(mnz_replication *r, mnz_link *link, mnz_mass capacity, mnz_error *err) {
  const mnz_time lead = mnz_link_draw(link, &r->services);
  mnz_money_depart(r, link->index);
  mnz_mass loaded = 0;
  while (link->dock.first != NULL && (loaded == 0 || loaded + link->dock.first->mass <= capacity)) {
    mnz_lot *lot = mnz_lot_queue_pop(&link->dock);
    loaded += lot->mass;
    mnz_status status = leave(r, lot, lead, err);
    if (status != MNZ_OK) return status;
  }
  if (link->spec->dispatch->vessels < 0) return MNZ_OK;
  link->away++;
  return mnz_host_post(r, mnz_engine_now(r->engine) + 2 * lead, MNZ_PHASE_ARRIVAL, on_home, link->index, NULL,
                       err);
}

static bool is_skipped(mnz_replication *r, mnz_link *link) {
  return mnz_services_draw(&r->services, link->spec->hash, MNZ_PURPOSE_SAILING, link->sailings++,
                           &mnz_uniform_share) < link->spec->dispatch->skips;
}

/* Something has waited at the dock as long as it may. */
static bool is_overdue(const mnz_replication *r, const mnz_link *link) {
  const mnz_time most = link->spec->dispatch->waits_at_most;
  return most >= 0 && link->dock.first != NULL && mnz_engine_now(r->engine) - link->dock.first->sent >= most;
}

static mnz_status on_departure(void *self, int64_t arg, mnz_error *err) {
  mnz_replication *r = self;
  mnz_link *link = &r->links[arg];
  const mnz_dispatch *d = link->spec->dispatch;
  mnz_status status = mnz_host_post(r, mnz_engine_now(r->engine) + d->every, MNZ_PHASE_DEPARTURE,
                                    on_departure, arg, NULL, err);
  const bool skipped = (d->skips > 0 && is_skipped(r, link)) || (d->vessels > 0 && link->away >= d->vessels);
  if (status != MNZ_OK || link->closed > 0 || skipped) return status;
  const mnz_mass capacity = d->capacity < 0 ? INT64_MAX : d->capacity;
  const mnz_mass waiting = dock_mass(link);
  mnz_mass loaded = 0;
  if (waiting < capacity) {
    status = mnz_site_load(&r->sites[link->spec->from], link, capacity - waiting, waiting == 0, &loaded, err);
    if (status == MNZ_OK && loaded > 0)
      status = mnz_site_stir(&r->sites[link->spec->from], err); /* room again */
    if (status != MNZ_OK) return mnz_host_locate(r, link->spec->from, status, err);
  }
  if (waiting + loaded == 0 || (waiting + loaded < d->minimum && !is_overdue(r, link))) return MNZ_OK;
  return sail(r, link, capacity, err);
}

mnz_status mnz_host_start_links(mnz_replication *r, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < r->n_links && status == MNZ_OK; i++) {
    mnz_link_open(&r->links[i], mnz_scenario_link(r->scenario, i), i);
    const mnz_time first = mnz_link_next_departure(&r->links[i], 0);
    if (first == MNZ_NEVER) continue;
    status = mnz_host_post(r, first, MNZ_PHASE_DEPARTURE, on_departure, i, NULL, err);
  }
  return status;
}

void mnz_host_add_links(mnz_services *services) {
  services->send = host_send;
  services->hand_over = host_hand_over;
}
