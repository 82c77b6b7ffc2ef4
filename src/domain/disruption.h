/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A disruption takes capacity away: on dates, or at random with time to failure and time to repair. It
 * knows when and how much; the world applies it to what it hits. */
#ifndef MNZ_DOMAIN_DISRUPTION_H
#define MNZ_DOMAIN_DISRUPTION_H

#include "domain/services.h"
#include "domain/spec.h"

/* What a disruption asks of its world. */
typedef struct mnz_disruption_host {
  void *host;
  mnz_time (*now)(const void *host);
  mnz_status (*wake)(void *host, int32_t disruption, mnz_time at, int32_t tag, mnz_error *err);
  const mnz_services *services; /* for its draws */
  /* One of its outages begins or ends: its loss is another one now. */
  mnz_status (*changed)(void *host, int32_t disruption, bool begins, mnz_error *err);
} mnz_disruption_host;

typedef struct mnz_disruption {
  const mnz_disruption_spec *spec;
  const mnz_disruption_host *host;
  int32_t index;
  double random_loss;  /* of the random outage under way; 0: none */
  double *period_loss; /* of each dated one; owned by the world */
  uint32_t outages;    /* random ones so far: the occurrence of their draws */
} mnz_disruption;

/* Sets everything and asks for its first alarms. `period_loss` has spec->periods.count entries. */
mnz_status mnz_disruption_start(mnz_disruption *d, const mnz_disruption_spec *spec,
                                const mnz_disruption_host *host, int32_t index, double *period_loss,
                                mnz_error *err);
mnz_status mnz_disruption_wake(mnz_disruption *d, int32_t tag, mnz_error *err);
/* Share of capacity that it takes away now: 0 .. 1. Several outages at once multiply what is left. */
double mnz_disruption_loss(const mnz_disruption *d);

#endif
