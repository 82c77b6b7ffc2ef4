/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disruptions, crews and working hours, and the facilities and links that they hit. */
#include <math.h>

#include "world/contracts.h"
#include "world/host.h"

static mnz_status on_disruption(void *self, int64_t arg, mnz_error *err) {
  mnz_replication *r = self;
  const mnz_status status = mnz_disruption_wake(&r->disruptions[arg >> 32], (int32_t)(uint32_t)arg, err);
  return status == MNZ_OK ? mnz_host_locate(r, -1, status, err) : status;
}

static mnz_status host_wake_disruption(void *host, int32_t disruption, mnz_time at, mnz_phase phase,
                                       int32_t tag, mnz_alarm *alarm, mnz_error *err) {
  return mnz_host_alarm(host, at, phase, on_disruption, mnz_host_pack(disruption, tag), alarm, err);
}

static mnz_disruption *host_other(void *host, int32_t disruption) {
  return &((mnz_replication *)host)->disruptions[disruption];
}

/* What all disruptions together do to a thing. */
typedef struct blow {
  double left; /* share of the capacity */
  int32_t closed;
  double stretch;   /* of a link's lead time */
  unsigned stopped; /* of a node: a bit 1 << mnz_stops each */
} blow;

static blow blow_of(const mnz_replication *r, int32_t target) {
  blow b = {.left = 1, .stretch = 1};
  for (int32_t i = 0; i < r->n_disruptions; i++) {
    const mnz_disruption *d = &r->disruptions[i];
    const mnz_targets *hits = &d->spec->hits;
    for (int32_t k = 0; k < hits->count; k++) {
      if (hits->at[k] != target) continue;
      if (target >= 0 && d->spec->stops != MNZ_STOPS_WORK) {
        if (mnz_disruption_loss(d) > 0) b.stopped |= 1U << d->spec->stops;
        continue;
      }
      b.left *= 1 - mnz_disruption_loss(d);
      if (target >= 0) continue;
      b.closed += mnz_disruption_closes(d);
      b.stretch *= mnz_disruption_stretch(d);
    }
  }
  if (target >= 0 && r->off_shift[target]) b.left = 0;
  return b;
}

static mnz_status change_node(mnz_replication *r, int32_t node, double left, mnz_error *err) {
  mnz_site *site = &r->sites[node];
  if (site->fluid == NULL && site->spec->kind->availability == NULL)
    return MNZ_OK; /* only its stock is hit */
  const mnz_status status = site->fluid != NULL ? mnz_fluid_availability(site->fluid, left, err)
                                                : site->spec->kind->availability(site->self, left, err);
  site->availability = left;
  return mnz_host_locate(r, node, status, err);
}

/* What waited for it may be ordered, may leave, may come in. */
static mnz_status change_stops(mnz_replication *r, int32_t node, unsigned stopped, mnz_error *err) {
  mnz_site *site = &r->sites[node];
  const unsigned over = site->stopped & ~stopped;
  mnz_status status = MNZ_OK;
  site->stopped = stopped;
  if (over >> MNZ_STOPS_RECEIPTS & 1) status = mnz_host_open_door(r, node, err);
  return over == 0 || status != MNZ_OK ? status : mnz_site_stir(site, err);
}

static mnz_status change_link(mnz_replication *r, mnz_link *link, int32_t disruption, const blow *b,
                              mnz_error *err) {
  const bool was_closed = link->closed > 0;
  link->closed = b->closed;
  link->stretch = b->stretch;
  if (was_closed != (b->closed > 0)) {
    mnz_event_log_outage(r, was_closed ? MNZ_EVENT_OPENED : MNZ_EVENT_CLOSED, disruption, -1 - link->index,
                         NAN);
    const mnz_status status = mnz_host_turn_link(r, link, err);
    if (status != MNZ_OK) return status;
  }
  return mnz_site_stir(&r->sites[link->spec->from], err); /* what waited for it may go */
}

static mnz_status host_changed(void *host, int32_t disruption, mnz_outage_change what, mnz_error *err) {
  mnz_replication *r = host;
  const mnz_targets *hits = &r->disruptions[disruption].spec->hits;
  mnz_status status = MNZ_OK;
  for (int32_t k = 0; k < hits->count && status == MNZ_OK; k++) {
    const int32_t target = hits->at[k];
    const blow b = blow_of(r, target);
    if (what != MNZ_OUTAGE_EASES) {
      mnz_event_log_outage(r, what == MNZ_OUTAGE_BEGINS ? MNZ_EVENT_DISRUPTED : MNZ_EVENT_RELIEVED,
                           disruption, target, target >= 0 ? b.left : b.closed == 0);
    }
    if (target >= 0 && b.stopped != r->sites[target].stopped)
      status = change_stops(r, target, b.stopped, err);
    if (status != MNZ_OK) return status;
    status = target >= 0 ? change_node(r, target, b.left, err)
                         : change_link(r, &r->links[-1 - target], disruption, &b, err);
  }
  return status != MNZ_OK || r->n_contracts == 0 ? status : mnz_contracts_look(r, err);
}

/* --- stock that is destroyed --- */

static mnz_status destroy_stock(mnz_replication *r, mnz_site *site, mnz_shelf *shelf, double share,
                                mnz_error *err) {
  mnz_mass mass = llround((double)shelf->store.mass * share);
  if (mass <= 0) return MNZ_OK;
  r->destroyed[site->node] += mass;
  mnz_lot *lot;
  mnz_status status = mnz_site_take(site, shelf->store.material, mass, &lot, err);
  if (status == MNZ_OK && lot != NULL) mnz_site_lose(site, &lot);
  return status != MNZ_OK ? status : mnz_site_stir(site, err);
}

static mnz_status host_destroy(void *host, int32_t disruption, double share, mnz_error *err) {
  mnz_replication *r = host;
  const mnz_targets *hits = &r->disruptions[disruption].spec->hits;
  mnz_status status = MNZ_OK;
  for (int32_t k = 0; k < hits->count; k++) {
    if (hits->at[k] < 0) continue;
    mnz_site *site = &r->sites[hits->at[k]];
    for (int32_t i = 0; i < site->n_shelves && status == MNZ_OK; i++)
      status = destroy_stock(r, site, &site->shelves[i], share, err);
  }
  return status;
}

/* --- what others know of it --- */

static void host_warned(void *host, int32_t disruption, bool is) {
  mnz_replication *r = host;
  const mnz_targets *hits = &r->disruptions[disruption].spec->hits;
  for (int32_t k = 0; k < hits->count; k++) {
    const int32_t target = hits->at[k];
    mnz_warning *w = target >= 0 ? &r->warned[target] : &r->links[-1 - target].warning;
    if (is && w->count == 0) w->since = mnz_engine_now(r->engine);
    w->count += is ? 1 : -1;
    if (is) mnz_event_log_outage(r, MNZ_EVENT_WARNED, disruption, target, NAN);
  }
}

static mnz_time since_of(const mnz_warning *warning) {
  return warning->count > 0 ? warning->since : MNZ_NEVER;
}

/* Of the source itself, of a link from it, of a rule. */
static mnz_time host_hears(void *host, int32_t buyer, int32_t source, int32_t material) {
  const mnz_replication *r = host;
  mnz_time first = r->n_ruled > 0 ? mnz_host_regimes_warned(r, buyer, source, material) : MNZ_NEVER;
  if (since_of(&r->warned[source]) < first) first = since_of(&r->warned[source]);
  for (int32_t i = 0; i < r->n_links; i++) {
    const mnz_link *link = &r->links[i];
    if (link->spec->from != source || link->spec->to != buyer) continue;
    if (since_of(&link->warning) < first) first = since_of(&link->warning);
  }
  return first;
}

void mnz_host_hear_warnings(mnz_replication *r) {
  r->services.warned = host_hears;
}

/* --- time to failure that passes only while the target works --- */

void mnz_host_turned(mnz_replication *r, int32_t node, bool up) {
  if (!r->ages[node]) return;
  for (int32_t i = 0; i < r->n_disruptions; i++) {
    mnz_disruption *d = &r->disruptions[i];
    if (d->spec->clock != MNZ_CLOCK_OPERATING || d->spec->hits.at[0] != node) continue;
    /* Whoever turns cannot fail: the event that it happens in fails behind its back. */
    if (mnz_disruption_turned(d, up, NULL) != MNZ_OK) r->memory_out = true;
  }
}

/* --- working hours --- */

static mnz_status on_shift(void *self, int64_t arg, mnz_error *err) {
  mnz_replication *r = self;
  const mnz_scenario *s = r->scenario;
  const mnz_work_calendar *calendar = &s->work[arg];
  const mnz_time now = mnz_engine_now(r->engine);
  const bool off = !mnz_is_working_time(calendar, s->start_us + now);
  mnz_status status = MNZ_OK;
  for (int32_t node = 0; node < r->n_nodes && status == MNZ_OK; node++) {
    if (r->sites[node].spec->calendar != arg || r->off_shift[node] == off) continue;
    r->off_shift[node] = off;
    status = change_node(r, node, blow_of(r, node).left, err);
  }
  const int64_t next = mnz_working_time_change(calendar, s->start_us + now);
  if (status != MNZ_OK || next - s->start_us >= s->horizon) return status;
  return mnz_host_post(r, next - s->start_us, MNZ_PHASE_DISRUPTION, on_shift, arg, NULL, err);
}

static mnz_status start_shifts(mnz_replication *r, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (int32_t node = 0; node < r->n_nodes; node++) r->off_shift[node] = false;
  for (int32_t i = 0; i < r->scenario->calendars.count && status == MNZ_OK; i++) {
    bool used = false;
    for (int32_t node = 0; node < r->n_nodes; node++) used |= r->sites[node].spec->calendar == i;
    if (used) status = mnz_host_post(r, 0, MNZ_PHASE_DISRUPTION, on_shift, i, NULL, err);
  }
  return status;
}

/* --- together --- */

mnz_status mnz_host_open_disruptions(mnz_replication *r, mnz_error *err) {
  const mnz_scenario *s = r->scenario;
  r->n_disruptions = s->disruptions.count;
  r->n_crews = s->crews.count;
  r->disruptions = mnz_arena_alloc(r->arena, (size_t)r->n_disruptions + 1, sizeof *r->disruptions, err);
  r->crews = mnz_arena_alloc(r->arena, (size_t)r->n_crews + 1, sizeof *r->crews, err);
  r->warned = mnz_arena_alloc(r->arena, (size_t)r->n_nodes, sizeof *r->warned, err);
  r->ages = mnz_arena_alloc(r->arena, (size_t)r->n_nodes, sizeof *r->ages, err);
  r->off_shift = mnz_arena_alloc(r->arena, (size_t)r->n_nodes, sizeof *r->off_shift, err);
  r->destroyed = mnz_arena_alloc(r->arena, (size_t)r->n_nodes, sizeof *r->destroyed, err);
  if (r->disruptions == NULL || r->crews == NULL || r->warned == NULL || r->ages == NULL ||
      r->off_shift == NULL || r->destroyed == NULL) {
    return MNZ_NO_MEMORY;
  }
  r->disruption_host = (mnz_disruption_host){.host = r,
                                             .services = &r->services,
                                             .wake = host_wake_disruption,
                                             .changed = host_changed,
                                             .destroy = host_destroy,
                                             .warned = host_warned,
                                             .other = host_other};
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < r->n_disruptions && status == MNZ_OK; i++) {
    const mnz_disruption_spec *spec = mnz_scenario_disruption(s, i);
    mnz_crew *crew = spec->crew < 0 ? NULL : &r->crews[spec->crew];
    status = mnz_disruption_open(&r->disruptions[i], spec, &r->disruption_host, i, crew, r->arena, err);
    if (spec->warning > 0) mnz_host_hear_warnings(r);
    if (spec->clock == MNZ_CLOCK_OPERATING) r->ages[spec->hits.at[0]] = r->states_matter = true;
  }
  return status;
}

mnz_status mnz_host_start_disruptions(mnz_replication *r, mnz_error *err) {
  mnz_status status = start_shifts(r, err);
  r->memory_out = false;
  for (int32_t node = 0; node < r->n_nodes; node++) {
    r->warned[node] = (mnz_warning){0};
    r->destroyed[node] = 0;
  }
  for (int32_t i = 0; i < r->n_crews; i++) {
    const mnz_crew_spec *spec = (const mnz_crew_spec *)r->scenario->crews.at + i;
    mnz_crew_open(&r->crews[i], spec, spec->calendar < 0 ? NULL : &r->scenario->work[spec->calendar]);
  }
  for (int32_t i = 0; i < r->n_disruptions && status == MNZ_OK; i++)
    status = mnz_disruption_start(&r->disruptions[i], err);
  return status;
}

void mnz_host_count_disruptions_from_now(mnz_replication *r) {
  for (int32_t i = 0; i < r->n_disruptions; i++) mnz_disruption_count_from_now(&r->disruptions[i]);
  for (int32_t i = 0; i < r->n_crews; i++) mnz_crew_count_from(&r->crews[i], mnz_engine_now(r->engine));
  for (int32_t node = 0; node < r->n_nodes; node++) r->destroyed[node] = 0;
}
