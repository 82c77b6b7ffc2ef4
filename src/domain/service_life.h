/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Products in use: what is delivered to a user serves for a lifetime, then a share of it is collected and
 * comes back as another material, which links carry to whoever recycles it; the rest is lost.
 *
 * Each delivered lot draws one lifetime. The lots whose service ends in the same month (a twelfth of a year
 * of 365 days; the nearest to what was drawn) are one cohort and come back together. */
#ifndef MNZ_DOMAIN_SERVICE_LIFE_H
#define MNZ_DOMAIN_SERVICE_LIFE_H

#include "domain/site.h"

typedef struct mnz_past_delivery {
  mnz_time on;   /* before the start */
  mnz_mass mass; /* of the product, of its nominal content */
  int32_t lots;  /* each with a lifetime of its own */
} mnz_past_delivery;

typedef struct mnz_collection_step {
  mnz_time from;
  double collected;
} mnz_collection_step;

typedef struct mnz_end_of_life {
  mnz_distribution life; /* microseconds */
  double collected;
  mnz_list steps;  /* of mnz_collection_step: from each date on another share */
  int32_t returns; /* material; -1: all is lost */
  mnz_list past;   /* of mnz_past_delivery */
} mnz_end_of_life;
extern const mnz_param mnz_end_of_life_params[];

typedef struct mnz_service_life {
  mnz_site *site;
  const mnz_end_of_life *params;
  int32_t tag;
  int32_t material;     /* what is in use */
  mnz_lot_queue in_use; /* by the end of their service */
  uint32_t lots;        /* so far: the occurrence of the next draw */
  mnz_alarm alarm;
  mnz_time alarm_at;
} mnz_service_life;

/* With what was delivered in the past. Its alarms have `tag`. */
mnz_status mnz_service_life_start(mnz_service_life *s, mnz_site *site, const mnz_end_of_life *params,
                                  int32_t material, int32_t tag, mnz_error *err);
/* A delivered lot in hand begins its service; takes *lot. */
mnz_status mnz_service_life_begin(mnz_service_life *s, mnz_lot **lot, mnz_error *err);
/* The alarm rang: cohorts whose service is over are collected into the store of what comes back. */
mnz_status mnz_service_life_wake(mnz_service_life *s, mnz_error *err);

void mnz_end_of_life_check(const mnz_end_of_life *params, const mnz_catalog *catalog, int32_t product,
                           const mnz_report *report);
/* Adds what comes back to a kind's flows; `rate` is that of the product's use. */
void mnz_end_of_life_flows(const mnz_end_of_life *params, double rate, mnz_flows *out);

#endif
