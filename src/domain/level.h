/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mass that goes up and down, and its integral over time: exact between changes, so that time averages and
 * costs of holding do not depend on when anybody looks. */
#ifndef MNZ_DOMAIN_LEVEL_H
#define MNZ_DOMAIN_LEVEL_H

#include "domain/param.h"

/* Start with {0}. */
typedef struct mnz_level {
  mnz_mass now;
  mnz_mass most;
  mnz_time since;
  double integral; /* milligram microseconds, until `since` */
} mnz_level;

static inline double mnz_level_integral(const mnz_level *level, mnz_time at) {
  return level->integral + (double)level->now * (double)(at - level->since);
}
static inline void mnz_level_set(mnz_level *level, mnz_time at, mnz_mass mass) {
  level->integral = mnz_level_integral(level, at);
  level->since = at;
  level->now = mass;
  if (mass > level->most) level->most = mass;
}
/* What has just changed by `change`, in several steps, has done so steadily over the `time` before, when the
 * most had been `most`. */
static inline void mnz_level_slope(mnz_level *level, mnz_mass change, mnz_mass most, double time) {
  level->integral += (double)change / 2 * time;
  level->most = level->now > most ? level->now : most;
}
/* Counts from here on. */
static inline void mnz_level_restart(mnz_level *level, mnz_time at) {
  level->since = at;
  level->integral = 0;
  level->most = level->now;
}

#endif
