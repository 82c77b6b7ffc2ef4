/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a scenario says a distribution: one that it leaves out is the constant NaN. */
#ifndef MNZ_DOMAIN_SAID_H
#define MNZ_DOMAIN_SAID_H

#include <math.h>
#include <stdbool.h>

#include "random/distribution.h"

static inline bool mnz_is_said(const mnz_distribution *d) {
  return d->kind != MNZ_DIST_CONSTANT || !isnan(d->p[0]);
}

/* 0 where it has none. */
static inline double mnz_mean_if_any(const mnz_distribution *d) {
  const double mean = mnz_distribution_mean(d);
  return isnan(mean) ? 0 : mean;
}

#endif
