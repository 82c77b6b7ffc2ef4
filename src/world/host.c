/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/error.h"
#include "monazite/calendar.h"
#include "world/replication_internal.h"

const char *mnz_host_where(const mnz_replication *r, int32_t node, char *out) {
  char date[32];
  mnz_moment_format(r->scenario->start_us + mnz_engine_now(r->engine), date);
  snprintf(out, 160, "%s, %s", node < 0 ? "links" : r->sites[node].spec->name, date);
  return out;
}

/* A failure inside a facility learns where and when it happened. */
static mnz_status locate(mnz_replication *r, int32_t node, mnz_status status, mnz_error *err) {
  if (status == MNZ_OK && !r->stream_exhausted) return MNZ_OK;
  char where[160];
  mnz_host_where(r, node, where);
  if (status == MNZ_OK) {
    return mnz_fail(err, MNZ_LIMIT, where, "more than %" PRIu32 " draws of one kind; make lots larger",
                    MNZ_STREAM_MAX_OCCURRENCE);
  }
  if (err != NULL) snprintf(err->where, sizeof err->where, "%s", where);
  return status;
}

static double in_days(mnz_time time) {
  return (double)time / (double)MNZ_US_PER_DAY;
}

/* --- events --- */

static int64_t pack(int32_t index, int32_t tag) {
  return (int64_t)index << 32 | (int64_t)(uint32_t)tag;
}

static mnz_status on_wake(void *self, int64_t arg, mnz_error *err) {
  mnz_replication *r = self;
  const int32_t node = (int32_t)(arg >> 32);
  mnz_site *site = &r->sites[node];
  return locate(r, node, site->spec->kind->wake(site->self, (int32_t)(uint32_t)arg, err), err);
}

static mnz_status on_decide(void *self, int64_t arg, mnz_error *err) {
  mnz_replication *r = self;
  const int32_t node = (int32_t)arg;
  mnz_site *site = &r->sites[node];
  r->stirred[node] = false;
  return locate(r, node, site->spec->kind->decide(site->self, err), err);
}

static mnz_status host_freed(void *host, int32_t node, int32_t material, mnz_error *err);

static mnz_status lose_on_the_way(mnz_replication *r, mnz_lot **lot, mnz_error *err) {
  const double share = (*lot)->link < 0 ? 0 : r->links[(*lot)->link].spec->loss;
  const mnz_mass mass = llround((double)(*lot)->mass * share);
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

static mnz_status on_arrival(void *self, int64_t arg, mnz_error *err) {
  mnz_replication *r = self;
  mnz_lot *lot = (mnz_lot *)(intptr_t)arg;
  const int32_t node = lot->node;
  mnz_site *site = &r->sites[node];
  mnz_shelf *shelf = mnz_site_shelf(site, lot->material);
  shelf->store.reserved -= lot->mass;
  shelf->on_order -= lot->ordered;
  mnz_ledger_arrive(&r->ledger, lot);
  mnz_status status = lose_on_the_way(r, &lot, err);
  if (status != MNZ_OK || lot == NULL) return locate(r, node, status, err);
  mnz_baseline_receive(r, lot);
  mnz_event_log_lot(r, MNZ_EVENT_ARRIVED, lot, lot->mass, in_days(mnz_engine_now(r->engine) - lot->sent));
  const mnz_kind *kind = site->spec->kind;
  status = kind->arrive != NULL ? kind->arrive(site->self, &lot, err) : mnz_site_put(site, &lot, err);
  return locate(r, node, status, err);
}

static mnz_status post(mnz_replication *r, mnz_time at, mnz_phase phase, mnz_event_fn *fn, int64_t arg,
                       mnz_event_id *id, mnz_error *err) {
  const mnz_event event = {.time = at, .phase = (uint8_t)phase, .fn = fn, .self = r, .arg = arg};
  return mnz_engine_post(r->engine, &event, id, err);
}

/* --- links --- */

static mnz_status leave(mnz_replication *r, mnz_lot *lot, mnz_time lead, mnz_error *err) {
  mnz_event_log_lot(r, MNZ_EVENT_DEPARTED, lot, lot->mass, in_days(lead));
  return post(r, mnz_engine_now(r->engine) + lead, MNZ_PHASE_ARRIVAL, on_arrival, (int64_t)(intptr_t)lot,
              NULL, err);
}

/* From now on it is on its way, with a place promised where it goes. */
static void set_off(mnz_replication *r, mnz_lot *lot, int32_t link, int32_t to) {
  lot->from = lot->node;
  lot->sent = mnz_engine_now(r->engine);
  lot->link = link;
  mnz_ledger_depart(&r->ledger, lot, to);
  mnz_site_shelf(&r->sites[to], lot->material)->store.reserved += lot->mass;
  if (lot->ordered > 0) mnz_event_log_lot(r, MNZ_EVENT_SHIPPED, lot, lot->ordered, lot->late);
}

static mnz_status host_send(void *host, int32_t index, mnz_lot **lot, mnz_error *err) {
  mnz_replication *r = host;
  mnz_link *link = &r->links[index];
  mnz_lot *sent = *lot;
  *lot = NULL;
  set_off(r, sent, index, link->spec->to);
  if (mnz_link_is_free(link)) return leave(r, sent, mnz_link_draw(link, &r->services), err);
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

/* Everything on one departure travels together. A lot larger than the vessel goes alone. */
static mnz_status sail(mnz_replication *r, mnz_link *link, mnz_mass capacity, mnz_error *err) {
  const mnz_time lead = mnz_link_draw(link, &r->services);
  mnz_mass loaded = 0;
  while (link->dock.first != NULL && (loaded == 0 || loaded + link->dock.first->mass <= capacity)) {
    mnz_lot *lot = mnz_lot_queue_pop(&link->dock);
    loaded += lot->mass;
    mnz_status status = leave(r, lot, lead, err);
    if (status != MNZ_OK) return status;
  }
  return MNZ_OK;
}

static mnz_status on_departure(void *self, int64_t arg, mnz_error *err) {
  mnz_replication *r = self;
  mnz_link *link = &r->links[arg];
  const mnz_dispatch *d = link->spec->dispatch;
  mnz_status status =
      post(r, mnz_engine_now(r->engine) + d->every, MNZ_PHASE_DEPARTURE, on_departure, arg, NULL, err);
  if (status != MNZ_OK || link->closed > 0) return status;
  const mnz_mass capacity = d->capacity < 0 ? INT64_MAX : d->capacity;
  const mnz_mass waiting = dock_mass(link);
  mnz_mass loaded = 0;
  if (waiting < capacity) {
    status = mnz_site_load(&r->sites[link->spec->from], link, capacity - waiting, waiting == 0, &loaded, err);
    if (status == MNZ_OK && loaded > 0)
      status = mnz_site_stir(&r->sites[link->spec->from], err); /* room again */
    if (status != MNZ_OK) return locate(r, link->spec->from, status, err);
  }
  if (waiting + loaded == 0 || waiting + loaded < d->minimum) return MNZ_OK;
  return sail(r, link, capacity, err);
}

mnz_status mnz_host_start_links(mnz_replication *r, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < r->n_links && status == MNZ_OK; i++) {
    mnz_link_open(&r->links[i], mnz_scenario_link(r->scenario, i), i);
    const mnz_time first = mnz_link_next_departure(&r->links[i], 0);
    if (first == MNZ_NEVER) continue;
    status = post(r, first, MNZ_PHASE_DEPARTURE, on_departure, i, NULL, err);
  }
  return status;
}

/* --- services --- */

static mnz_time host_now(const void *host) {
  return mnz_engine_now(((const mnz_replication *)host)->engine);
}

static mnz_status host_wake(void *host, int32_t node, mnz_time at, mnz_phase phase, int32_t tag,
                            mnz_alarm *alarm, mnz_error *err) {
  mnz_event_id id;
  mnz_status status = post(host, at, phase, on_wake, pack(node, tag), &id, err);
  if (status == MNZ_OK && alarm != NULL) *alarm = (uint64_t)id.generation << 32 | id.slot;
  return status;
}

static void host_cancel(void *host, mnz_alarm *alarm) {
  mnz_replication *r = host;
  if (*alarm == 0) return;
  mnz_engine_cancel(r->engine,
                    (mnz_event_id){.slot = (uint32_t)*alarm, .generation = (uint32_t)(*alarm >> 32)});
  *alarm = 0;
}

static mnz_status host_stir(void *host, int32_t node, mnz_error *err) {
  mnz_replication *r = host;
  if (r->stirred[node]) return MNZ_OK;
  r->stirred[node] = true;
  return post(r, mnz_engine_now(r->engine), MNZ_PHASE_DECISION, on_decide, node, NULL, err);
}

static void host_stream(void *host, uint32_t hash, mnz_purpose purpose, uint32_t occurrence,
                        mnz_stream *stream) {
  mnz_replication *r = host;
  if (occurrence > MNZ_STREAM_MAX_OCCURRENCE) r->stream_exhausted = true; /* the event fails behind us */
  mnz_stream_open(stream, (mnz_stream_key){.seed = r->scenario->seed,
                                           .replication = r->index,
                                           .object = hash,
                                           .purpose = (uint32_t)purpose,
                                           .occurrence = occurrence & MNZ_STREAM_MAX_OCCURRENCE});
}

static mnz_mass host_free_stock(void *host, int32_t buyer, int32_t node, int32_t material) {
  const mnz_site *seller = &((mnz_replication *)host)->sites[node];
  if (!mnz_site_reaches(seller, material, buyer)) return 0;
  const mnz_kind *kind = seller->spec->kind;
  if (kind->free_stock != NULL) return kind->free_stock(seller->self, material);
  const mnz_shelf *shelf = mnz_site_shelf(seller, material);
  const mnz_mass free = shelf->store.mass - shelf->book.open;
  return free > 0 ? free : 0;
}

static mnz_status host_ask(void *host, int32_t buyer, int32_t seller, int32_t material, mnz_mass mass,
                           mnz_mass fresh, int32_t priority, bool only_free, mnz_mass *accepted,
                           mnz_error *err) {
  mnz_replication *r = host;
  mnz_site *site = &r->sites[seller];
  mnz_shelf *shelf = mnz_site_shelf(site, material);
  /* The seller remembers what was wanted, not what it could give: else a shortage would look like less
   * demand, and its own orders would dwindle. */
  mnz_site_use(site, material, fresh);
  *accepted = mass;
  if (only_free) {
    const mnz_mass free = host_free_stock(r, buyer, seller, material);
    if (free < mass) *accepted = free;
  }
  if (*accepted == 0) return MNZ_OK;
  const mnz_time now = mnz_engine_now(r->engine);
  if (mnz_book_add(&shelf->book, r->asks, buyer, priority, now, *accepted, err) == NULL) return MNZ_NO_MEMORY;
  mnz_event_log_order(r, MNZ_EVENT_ORDERED, buyer, seller, material, *accepted, priority);
  return mnz_site_stir(site, err);
}

static mnz_mass host_withdraw(void *host, int32_t buyer, int32_t seller, int32_t material, mnz_time before,
                              mnz_mass most) {
  mnz_replication *r = host;
  mnz_book *book = &mnz_site_shelf(&r->sites[seller], material)->book;
  const mnz_mass back = mnz_book_withdraw(book, r->asks, buyer, before, most);
  const bool for_good = r->scenario->flows[buyer].asks_of >= 0; /* only a demand does not order anew */
  if (back > 0) {
    mnz_event_log_order(r, for_good ? MNZ_EVENT_GIVEN_UP : MNZ_EVENT_TAKEN_BACK, buyer, seller, material,
                        back, NAN);
  }
  return back;
}

/* Only those that have something waiting for the room need to know. */
static mnz_status host_freed(void *host, int32_t node, int32_t material, mnz_error *err) {
  mnz_replication *r = host;
  for (int32_t i = 0; i < r->n_links; i++) {
    const mnz_link_spec *spec = r->links[i].spec;
    if (spec->to != node || !(r->scenario->link_pushes[i] >> material & 1)) continue;
    mnz_site *from = &r->sites[spec->from];
    if (mnz_site_shelf(from, material)->store.queue.first == NULL) continue;
    mnz_status status = mnz_site_stir(from, err);
    if (status != MNZ_OK) return status;
  }
  return MNZ_OK;
}

static void host_unmet(void *host, int32_t buyer, mnz_time since) {
  mnz_replication *r = host;
  if (since < r->unmet[buyer]) r->unmet[buyer] = since;
}

static mnz_mass host_room(const void *host, int32_t node, int32_t material) {
  const mnz_replication *r = host;
  const mnz_store *store = &mnz_site_shelf(&r->sites[node], material)->store;
  return store->when_full == MNZ_FULL_LOSE ? INT64_MAX : mnz_store_room(store);
}

static mnz_mass host_stock(const void *host, int32_t node, int32_t material) {
  const mnz_shelf *shelf = mnz_site_shelf(&((const mnz_replication *)host)->sites[node], material);
  return shelf == NULL ? 0 : shelf->store.mass;
}

static mnz_mass host_coming(const void *host, int32_t node, int32_t material) {
  const mnz_shelf *shelf = mnz_site_shelf(&((const mnz_replication *)host)->sites[node], material);
  return shelf == NULL ? 0 : shelf->store.reserved;
}

static double host_usage(const void *host, int32_t node, int32_t material) {
  return mnz_site_usage(&((const mnz_replication *)host)->sites[node], material);
}

/* --- disruptions --- */

static mnz_status on_disruption(void *self, int64_t arg, mnz_error *err) {
  mnz_replication *r = self;
  return mnz_disruption_wake(&r->disruptions[arg >> 32], (int32_t)(uint32_t)arg, err);
}

static mnz_status host_wake_disruption(void *host, int32_t disruption, mnz_time at, int32_t tag,
                                       mnz_error *err) {
  return post(host, at, MNZ_PHASE_DISRUPTION, on_disruption, pack(disruption, tag), NULL, err);
}

/* The share of capacity that all disruptions together leave of a thing. */
static double capacity_left(const mnz_replication *r, int32_t target, int32_t *strikes) {
  double left = 1;
  *strikes = 0;
  for (int32_t i = 0; i < r->n_disruptions; i++) {
    const mnz_targets *hits = &r->disruptions[i].spec->hits;
    for (int32_t k = 0; k < hits->count; k++) {
      if (hits->at[k] != target) continue;
      const double loss = mnz_disruption_loss(&r->disruptions[i]);
      left *= 1 - loss;
      *strikes += loss > 0;
    }
  }
  return left;
}

static mnz_status change_node(mnz_replication *r, int32_t node, double left, mnz_error *err) {
  mnz_site *site = &r->sites[node];
  const mnz_status status = site->spec->kind->availability(site->self, left, err);
  site->availability = left;
  return status;
}

static mnz_status change_link(mnz_replication *r, mnz_link *link, int32_t disruption, int32_t strikes,
                              mnz_error *err) {
  const bool was_closed = link->closed > 0;
  link->closed = strikes;
  if (was_closed != (strikes > 0)) {
    mnz_event_log_outage(r, strikes > 0 ? MNZ_EVENT_CLOSED : MNZ_EVENT_OPENED, disruption, -1 - link->index,
                         NAN);
  }
  return mnz_site_stir(&r->sites[link->spec->from], err); /* what waited for it may go */
}

static mnz_status host_changed(void *host, int32_t disruption, bool begins, mnz_error *err) {
  mnz_replication *r = host;
  const mnz_targets *hits = &r->disruptions[disruption].spec->hits;
  mnz_status status = MNZ_OK;
  for (int32_t k = 0; k < hits->count && status == MNZ_OK; k++) {
    const int32_t target = hits->at[k];
    int32_t strikes;
    const double left = capacity_left(r, target, &strikes);
    mnz_event_log_outage(r, begins ? MNZ_EVENT_DISRUPTED : MNZ_EVENT_RELIEVED, disruption, target,
                         target >= 0 ? left : strikes == 0);
    status = target >= 0 ? change_node(r, target, left, err)
                         : change_link(r, &r->links[-1 - target], disruption, strikes, err);
  }
  return status;
}

void mnz_host_open(mnz_replication *r) {
  r->services = (mnz_services){.host = r,
                               .now = host_now,
                               .wake = host_wake,
                               .cancel = host_cancel,
                               .stir = host_stir,
                               .stream = host_stream,
                               .send = host_send,
                               .hand_over = host_hand_over,
                               .ask = host_ask,
                               .withdraw = host_withdraw,
                               .free_stock = host_free_stock,
                               .freed = host_freed,
                               .unmet = host_unmet,
                               .room = host_room,
                               .stock = host_stock,
                               .coming = host_coming,
                               .usage = host_usage};
  r->disruption_host = (mnz_disruption_host){.host = r,
                                             .now = host_now,
                                             .wake = host_wake_disruption,
                                             .stream = host_stream,
                                             .changed = host_changed};
}
