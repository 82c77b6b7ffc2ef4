/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is owed over time, and the shortages in it.
 *
 * B(t) is what was ordered and is neither shipped nor given up. A shortage is a longest stretch of time in
 * which B > 0; what is ordered and shipped in one instant is none. Over all of them: their number, the
 * longest, the sum of their lengths, the area, which is the integral of B, and of the deepest one its depth,
 * max B, and its length: the triangle of lost resilience of Bruneau et al., "A framework to quantitatively
 * assess and enhance the seismic resilience of communities", Earthquake Spectra 19(4), 2003, with the service
 * in place of the quality of a structure. */
#ifndef MNZ_WORLD_SHORTFALL_H
#define MNZ_WORLD_SHORTFALL_H

#include "domain/param.h"

typedef struct mnz_shortfall {
  double owed;    /* B from `since` on, milligrams */
  mnz_time since; /* of the last change */
  mnz_time from;  /* when the shortage under way began; MNZ_NEVER */
  double deepest; /* of the shortage under way */
  int64_t count;
  mnz_time longest;
  mnz_time total;
  double area; /* milligram microseconds */
  double depth;
  mnz_time depth_length; /* of the shortage with that depth */
} mnz_shortfall;

/* Counts from `now` on; what is owed stays. */
void mnz_shortfall_start(mnz_shortfall *s, double owed, mnz_time now);
/* From now on so much is owed. */
void mnz_shortfall_set(mnz_shortfall *s, double owed, mnz_time now);
/* Closes at the end of time; a shortage under way is as long as it is by then. */
void mnz_shortfall_end(mnz_shortfall *s, mnz_time now);

#endif
