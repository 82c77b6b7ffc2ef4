/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disruptions and the facilities and links that they hit. */
#include <math.h>

#include "world/host.h"

static mnz_status on_disruption(void *self, int64_t arg, mnz_error *err) {
  mnz_replication *r = self;
  return mnz_disruption_wake(&r->disruptions[arg >> 32], (int32_t)(uint32_t)arg, err);
}

static mnz_status host_wake_disruption(void *host, int32_t disruption, mnz_time at, int32_t tag,
                                       mnz_error *err) {
  return mnz_host_post(host, at, MNZ_PHASE_DISRUPTION, on_disruption, mnz_host_pack(disruption, tag), NULL,
                       err);
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
  const mnz_status status = site->fluid != NULL ? mnz_fluid_availability(site->fluid, left, err)
                                                : site->spec->kind->availability(site->self, left, err);
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

void mnz_host_add_disruptions(mnz_replication *r) {
  r->disruption_host = (mnz_disruption_host){.host = r,
                                             .now = mnz_host_now,
                                             .wake = host_wake_disruption,
                                             .services = &r->services,
                                             .changed = host_changed};
}
