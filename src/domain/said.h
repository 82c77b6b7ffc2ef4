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

#endif
