/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals of a mean and of a probability. A confidence lies strictly between 0 and 1 and is shared
 * equally between the two sides; anything else is a programming mistake (MNZ_REQUIRE). */
#ifndef MNZ_STATS_INTERVAL_H
#define MNZ_STATS_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

#include "monazite/status.h"

/* NaN at both ends where nothing can be said; an infinite end is an open one. */
typedef struct mnz_interval {
  double low;
  double high;
} mnz_interval;

/* Student's t with n - 1 degrees of freedom, times sd / sqrt(n). NaN below 2 values; 0 when sd is 0. On
 * skewed values it covers too little: 90 % for a nominal 95 % of 10 exponential ones. */
double mnz_student_half_width(uint64_t n, double sd, double confidence);

/* The score interval of a probability (Wilson, "Probable inference, the law of succession, and statistical
 * inference", 1927), within 0 .. 1 and never empty, also for no success or no failure. NaN when n is 0. */
mnz_interval mnz_wilson(uint64_t successes, uint64_t n, double confidence);
/* The same for a mean of n scores that lie within 0 .. 1, such as ties counted half: as if all the scores
 * were 0 or 1, which spread most. */
mnz_interval mnz_wilson_share(double share, uint64_t n, double confidence);

/* The studentised bootstrap of a mean (Efron and Tibshirani, "An introduction to the bootstrap", 12.5), for
 * skewed measures. Each resample gives t = (its mean - the mean) / (its sd / sqrt(n)); the ends are the
 * order statistics of t of ranks k and resamples + 1 - k, k = (resamples + 1) (1 - confidence) / 2 rounded
 * down: 999 resamples make k whole. Values that are NaN are left out.
 *
 * A resample of equal values has sd 0 and t infinite, with the sign of its numerator. It counts as such,
 * because leaving it out would take the worst cases away from one side: where these or too few resamples
 * (k = 0) reach into the tail, that end is infinite. So both are for 2 values, nearly always for 3, and the
 * one on the side of the rare value is when most values are equal.
 *
 * NaN below 2 values or when one is infinite; the mean twice when all values are equal. Draws: resamples * n
 * indices from one stream keyed by (seed, object), so equal arguments give equal bits; that is also what
 * it costs; fewer than 2^33, n below 2^32. Fails with MNZ_NO_MEMORY; *out is then unchanged. */
mnz_status mnz_bootstrap_t(const double *x, size_t n, double confidence, size_t resamples, uint64_t seed,
                           uint32_t object, mnz_interval *out, mnz_error *err);

#endif
