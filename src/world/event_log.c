/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "monazite/event_log.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "world/host.h"

const char *const mnz_model_event_words[MNZ_MODEL_EVENTS] = {
#define EVENT_WORD(id, word, text) word,
    MNZ_MODEL_EVENT_LIST(EVENT_WORD)
#undef EVENT_WORD
};

_Static_assert(MNZ_EVENT_IDLE + MNZ_STATES == MNZ_MODEL_EVENTS, "an event for each state, in their order");

/* Equal runs give equal bytes. */
_Static_assert(sizeof(mnz_model_event) == 5 * sizeof(int64_t) + 6 * sizeof(int32_t), "no padding");

/* --- telling --- */

static bool is_heard(const mnz_replication *r) {
  return r->onlooker != NULL || r->watch.events;
}

static mnz_model_event event_of(mnz_model_event_kind what, int32_t node, int32_t other) {
  return (mnz_model_event){.what = what,
                           .node = node,
                           .other = other,
                           .material = -1,
                           .link = -1,
                           .disruption = -1,
                           .detail = NAN};
}

/* Whoever tells cannot fail: that memory is out is said when the engine pauses. */
static void keep(mnz_replication *r, const mnz_model_event *event) {
  if (!r->log_is_cut && mnz_reserve_array(&r->log, &r->log_capacity, r->n_log + 1, NULL) == MNZ_OK)
    r->log[r->n_log++] = *event;
  else
    r->log_is_cut = true;
}

static void tell(mnz_replication *r, mnz_model_event *event) {
  event->time_us = mnz_engine_now(r->engine);
  if (r->onlooker != NULL) r->onlooker(r->onlooker_self, event);
  if (r->watch.events) keep(r, event);
}

void mnz_event_log_order(mnz_replication *r, mnz_model_event_kind what, int32_t buyer, int32_t seller,
                         int32_t material, mnz_mass mass, double detail) {
  if (!is_heard(r)) return;
  mnz_model_event event = event_of(what, buyer, seller);
  event.material = material;
  event.mass_mg = mass;
  event.detail = detail;
  tell(r, &event);
}

void mnz_event_log_lot(mnz_replication *r, mnz_model_event_kind what, const mnz_lot *lot, mnz_mass mass,
                       double detail) {
  if (!is_heard(r)) return;
  const bool leaves = what == MNZ_EVENT_SHIPPED || what == MNZ_EVENT_DEPARTED;
  mnz_model_event event =
      leaves ? event_of(what, lot->from, lot->node) : event_of(what, lot->node, lot->from);
  event.material = lot->material;
  event.link = lot->link;
  event.lot = lot->id;
  event.mass_mg = mass;
  event.detail = detail;
  tell(r, &event);
}

void mnz_event_log_outage(mnz_replication *r, mnz_model_event_kind what, int32_t disruption, int32_t target,
                          double left) {
  if (!is_heard(r)) return;
  const mnz_link_spec *way = target < 0 ? r->links[-1 - target].spec : NULL;
  mnz_model_event event = way == NULL ? event_of(what, target, -1) : event_of(what, way->from, way->to);
  event.link = way == NULL ? -1 : -1 - target;
  event.disruption = disruption;
  event.detail = left;
  tell(r, &event);
}

void mnz_event_log_regime(mnz_replication *r, mnz_model_event_kind what, int32_t regime, int32_t buyer,
                          int32_t material, mnz_mass mass, double detail) {
  if (!is_heard(r)) return;
  mnz_model_event event = event_of(what, buyer, -1);
  event.material = material;
  event.disruption = r->n_disruptions + regime;
  event.mass_mg = mass;
  event.detail = detail;
  tell(r, &event);
}

/* --- what facilities tell, if asked to --- */

static void host_lost(void *host, const mnz_lot *lot) {
  mnz_model_event event = event_of(MNZ_EVENT_LOST, lot->node, -1);
  event.material = lot->material;
  event.lot = lot->id;
  event.mass_mg = lot->mass;
  tell(host, &event);
}

static void host_turned(void *host, int32_t node, int32_t state) {
  mnz_host_turned(host, node, state == MNZ_STATE_UP);
  if (!is_heard(host)) return;
  mnz_model_event event = event_of((mnz_model_event_kind)((int32_t)MNZ_EVENT_IDLE + state), node, -1);
  tell(host, &event);
}

_Static_assert(MNZ_EVENT_BORN + (int)MNZ_LOT_ENDED == MNZ_EVENT_ENDED,
               "an event for each turn, in their order");

static void lot_turned(void *host, mnz_lot_turn turn, const mnz_lot *lot, const mnz_lot *parent,
                       mnz_mass mass, int how) {
  mnz_model_event event = event_of((mnz_model_event_kind)((int)MNZ_EVENT_BORN + (int)turn), lot->node, -1);
  event.material = lot->material;
  event.lot = lot->id;
  event.parent = parent == NULL ? 0 : parent->id;
  event.mass_mg = mass;
  if (turn == MNZ_LOT_ENDED) event.detail = how;
  tell(host, &event);
}

void mnz_replication_watch_events(mnz_replication *r, mnz_model_event_fn *fn, void *self) {
  r->onlooker = fn;
  r->onlooker_self = self;
  r->services.lost = is_heard(r) ? host_lost : NULL;
  r->lot_watch = (mnz_lot_watch){r, lot_turned};
  r->lots.watch = r->ledger.watch = is_heard(r) && r->watch.lots ? &r->lot_watch : NULL;
  r->services.turned = is_heard(r) || r->states_matter ? host_turned : NULL;
}

/* --- the log --- */

const mnz_model_event *mnz_replication_log(const mnz_replication *r, size_t *count) {
  *count = r->n_log;
  return r->log;
}

mnz_status mnz_event_log_check(const mnz_replication *r, mnz_error *err) {
  return r->log_is_cut ? mnz_fail(err, MNZ_NO_MEMORY, NULL, "no memory for more than %zu events", r->n_log)
                       : MNZ_OK;
}

mnz_status mnz_event_log_give(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  const mnz_status status = mnz_new_array(&result->log, r->n_log, err);
  if (status != MNZ_OK || r->n_log == 0) return status;
  memcpy(result->log, r->log, r->n_log * sizeof *r->log);
  result->n_log = r->n_log;
  return MNZ_OK;
}

/* --- a log from outside --- */

/* Lots are numbered from 1, each told of now and then: no log speaks of so many more than it has events. */
static const int64_t LOTS_AN_EVENT = 1000;

static bool is_within(int32_t i, int32_t count) {
  return i >= -1 && i < count;
}

static bool is_sound(const mnz_scenario *s, const mnz_model_event *e, int64_t most_lots) {
  const int32_t n_disruptions = s->disruptions.count;
  const bool of_outage = e->what >= MNZ_EVENT_DISRUPTED && e->what <= MNZ_EVENT_OPENED;
  const bool of_regime = e->what >= MNZ_EVENT_ANNOUNCED && e->what <= MNZ_EVENT_EXHAUSTED;
  const bool of_order = e->what <= MNZ_EVENT_ARRIVED;
  if ((int)e->what < 0 || e->what >= MNZ_MODEL_EVENTS || e->time_us < 0 || e->time_us > s->horizon)
    return false;
  if (!is_within(e->node, s->nodes.count) || !is_within(e->other, s->nodes.count) ||
      !is_within(e->material, s->catalog.n_materials) || !is_within(e->link, s->links.count) ||
      !is_within(e->disruption, n_disruptions + s->regimes.count))
    return false;
  if (of_outage && (e->disruption < 0 || e->disruption >= n_disruptions)) return false;
  if (of_regime && e->disruption < n_disruptions) return false;
  if (of_order && (e->node < 0 || e->other < 0 || e->material < 0)) return false;
  if (!of_regime && e->link < 0 && e->node < 0) return false;
  if (e->what >= MNZ_EVENT_BORN && e->what <= MNZ_EVENT_ENDED && (e->lot == 0 || e->material < 0))
    return false;
  if (e->what == MNZ_EVENT_ENDED && !(e->detail >= 0 && e->detail <= 2)) return false;
  if (!isnan(e->detail) && fabs(e->detail) > 1e9) return false;
  return e->mass_mg >= 0 && e->lot >= 0 && e->lot <= most_lots && e->parent >= 0 && e->parent <= most_lots;
}

mnz_status mnz_model_events_check(const mnz_scenario *s, const char *where, const mnz_model_event *events,
                                  size_t count, mnz_error *err) {
  const int64_t most_lots = LOTS_AN_EVENT * ((int64_t)count + 1);
  int64_t before = 0;
  for (size_t i = 0; i < count; i++) {
    if (!is_sound(s, &events[i], most_lots) || events[i].time_us < before)
      return mnz_fail(err, MNZ_FORMAT, where, "event %zu is none of its scenario: the file is damaged", i);
    before = events[i].time_us;
  }
  return MNZ_OK;
}

/* --- names --- */

static const char *name_in(const char *const *names, int32_t i) {
  return i < 0 ? NULL : names[i];
}

const char *mnz_scenario_node_name(const mnz_scenario *s, int32_t node) {
  return name_in(s->node_names, node);
}

const char *mnz_scenario_material_name(const mnz_scenario *s, int32_t material) {
  return name_in(s->material_names, material);
}

const char *mnz_scenario_link_name(const mnz_scenario *s, int32_t link) {
  return link < 0 ? NULL : mnz_scenario_link(s, link)->name;
}

const char *mnz_scenario_disruption_name(const mnz_scenario *s, int32_t disruption) {
  if (disruption < 0) return NULL;
  const int32_t regime = disruption - s->disruptions.count;
  return regime < 0 ? mnz_scenario_disruption(s, disruption)->name : mnz_scenario_regime(s, regime)->name;
}
