/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mean, spread and range of values that come one by one, and the merging of such tallies.
 *
 * Adding: Welford, "Note on a method for calculating corrected sums of squares and products", 1962.
 * Merging: Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983. Neither loses
 * digits when the mean is large against the spread. The last bits depend on the order: merge in plan
 * order. (GSL's running statistics do not merge.) */
#ifndef MNZ_STATS_MOMENTS_H
#define MNZ_STATS_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

/* Start with {0}; mean, min and max mean nothing while n is 0. An infinite value leaves min and max right,
 * mean and m2 infinite or NaN. */
typedef struct mnz_moments {
  uint64_t n;
  double mean;
  double m2; /* sum of squared differences from the mean */
  double min;
  double max;
} mnz_moments;

/* NaN adds nothing, so n counts the values that are defined. Equal values leave m2 at exactly 0. */
void mnz_moments_add(mnz_moments *m, double x);
mnz_moments mnz_moments_of(const double *x, size_t n); /* added in this order */
void mnz_moments_merge(mnz_moments *into, const mnz_moments *from);
/* The standard deviation of the sample, sqrt(m2 / (n - 1)); NaN below 2 values. */
double mnz_moments_sd(const mnz_moments *m);

#endif
