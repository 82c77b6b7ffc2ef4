/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long something took, of many: mean, spread, longest, quantiles. Nothing is drawn, so equal runs have
 * equal figures.
 *
 * Quantiles are exact as long as at most MNZ_TIMES_KEPT of the times were above 0. Beyond it every second of
 * those is let go, again and again: what is left is a systematic sample, every 2^k-th in the order in which
 * they came. */
#ifndef MNZ_DOMAIN_TIMES_H
#define MNZ_DOMAIN_TIMES_H

#include "domain/param.h"

#define MNZ_TIMES_KEPT 65536

/* Start with {0}. */
typedef struct mnz_times {
  uint64_t count;
  uint64_t above; /* of them, above 0 */
  double mean;
  double squares; /* sum of squared differences from the mean (Welford 1962) */
  mnz_time longest;
  mnz_time *kept; /* of those above 0 */
  size_t n_kept;
  size_t capacity;
  uint64_t stride; /* between two that are kept */
} mnz_times;

/* Forgets all; keeps its memory. */
void mnz_times_reset(mnz_times *times);
void mnz_times_free(mnz_times *times);
mnz_status mnz_times_add(mnz_times *times, mnz_time time, mnz_error *err);
/* NaN when there are too few: none for the mean, fewer than two for the standard deviation. */
double mnz_times_mean(const mnz_times *times);
double mnz_times_sd(const mnz_times *times);
/* out[i] for p[i], ascending, linear between order statistics (type 7); NaN when there are none. Reorders
 * what is kept, so that nothing can be added after. */
void mnz_times_quantiles(mnz_times *times, const double *p, size_t n, double *out);

#endif
