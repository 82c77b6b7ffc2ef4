/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When to stop adding replications. Ask at the borders of blocks only, and from a least count on: stopping
 * at the first lucky value covers too little. */
#ifndef MNZ_STATS_PRECISION_H
#define MNZ_STATS_PRECISION_H

#include <stdbool.h>

#include "stats/moments.h"

typedef struct mnz_target {
  bool relative;
  double width; /* >= 0: of the measure, or (relative) a share of its mean */
} mnz_target;

/* Absolute: half-width <= width. Relative: half-width <= width / (1 + width) * |mean|, so that the relative
 * error is at most width wherever in the interval the truth lies (Law, "Simulation modeling and
 * analysis", 9.4.1).
 *
 * Never below 2 values. Equal values have half-width 0, whatever their number, and a measure that is rarely
 * other than 0 begins with many of them: they are precise enough when, at this confidence, at most one
 * value in twenty can be another, 0.95^n <= 1 - confidence (59 values at 95 %). A constant measure thus
 * does not keep a batch from ending. A share of a mean of 0 is nothing to aim at: never reached; nor, in
 * practice, with a mean near 0 and a spread. Give such a measure an absolute target. NaN or infinite moments
 * are never precise enough. */
bool mnz_precise_enough(const mnz_moments *m, double confidence, mnz_target target);

#endif
