/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a demand has counted, for the measures of a run. */
#ifndef MNZ_DOMAIN_FACILITIES_DEMAND_H
#define MNZ_DOMAIN_FACILITIES_DEMAND_H

#include "domain/site.h"

#define MNZ_MAX_PARTS (MNZ_MAX_ORIGINS * MNZ_MAX_ELEMENTS + 1)

typedef struct mnz_demand_tally {
  mnz_mass asked;
  mnz_mass delivered_mass;
  mnz_mass late_mass; /* of it, shipped later than it was asked for */
  mnz_mass given_up;
  mnz_mass delivered[MNZ_MAX_PARTS]; /* by part */
} mnz_demand_tally;

/* NULL if the site is no demand. */
const mnz_demand_tally *mnz_demand_of(const mnz_site *site);

#endif
