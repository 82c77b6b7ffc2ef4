/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A licence's cap: so much feed may be worked off in a calendar year (quarter, month), then the plant stands
 * until the next one begins. What counts is the mass of the rate's basis in the lots of feed, when they are
 * begun, to the last gram; or in the products (but for the rest), when they are made: then a lot is begun as
 * long as anything is left, and what is inside still leaves. */
#ifndef MNZ_DOMAIN_CAP_H
#define MNZ_DOMAIN_CAP_H

#include "domain/site.h"

typedef enum mnz_cap_per { MNZ_CAP_YEAR, MNZ_CAP_QUARTER, MNZ_CAP_MONTH } mnz_cap_per;

typedef enum mnz_cap_counts { MNZ_CAP_FEED, MNZ_CAP_PRODUCTS } mnz_cap_counts;

typedef struct mnz_cap {
  mnz_schedule at_most;
  int32_t counts; /* mnz_cap_counts */
  int32_t per;    /* mnz_cap_per */
  mnz_mass used;  /* in the running period before the start */
} mnz_cap;
extern const mnz_param mnz_cap_params[];

typedef struct mnz_allowance {
  mnz_site *site;
  const mnz_cap *cap; /* NULL: none */
  int32_t tag;        /* of its alarms, which only stir the site */
  mnz_time ends;      /* the running period */
  double used;        /* in it, milligrams of the basis */
  mnz_time alarm;     /* the end for which one is set */
} mnz_allowance;

mnz_status mnz_allowance_start(mnz_allowance *a, mnz_site *site, const mnz_cap *cap, int32_t tag,
                               mnz_error *err);
/* Milligrams of the basis that may still be begun in this period; INFINITY without a cap. */
double mnz_allowance_left(mnz_allowance *a);
/* The most of the next lots of a shelf that fits; 0 when there is no room for a gram. */
mnz_mass mnz_allowance_fits(mnz_allowance *a, const mnz_shelf *shelf);
/* A lot of feed is begun, or one of a product is made: it is counted if the cap goes by that. */
void mnz_allowance_use(mnz_allowance *a, mnz_cap_counts what, const mnz_lot *lot);
/* Counts whether the plant stands because of it, from now on, and sets the alarm for the next period. */
mnz_status mnz_allowance_stand(mnz_allowance *a, bool stands, mnz_error *err);

void mnz_cap_check(const mnz_cap *cap, const mnz_report *report);

#endif
