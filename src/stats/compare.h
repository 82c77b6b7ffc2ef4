/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two scenarios under the same random numbers, and many such comparisons at once. */
#ifndef MNZ_STATS_COMPARE_H
#define MNZ_STATS_COMPARE_H

#include <stddef.h>
#include <stdint.h>

#include "stats/interval.h"

/* Adjusts p-values so that, of all hypotheses, a true one is refused with at most the level's probability
 * (Holm, "A simple sequentially rejective multiple test procedure", 1979): of m in order, the i-th of 0 ..
 * m - 1 becomes (m - i) p, at least the one before and at most 1. NaN stays NaN and does not count.
 * `adjusted` has n entries and is not p. Takes n^2 steps: meant for thousands. */
void mnz_holm(const double *p, size_t n, double *adjusted);

typedef struct mnz_paired {
  uint64_t n; /* pairs used */
  double mean_a;
  double mean_b;
  double difference;         /* mean of b - a */
  double half_width;         /* of it: Student's t over the pairs */
  double p_student;          /* paired t, two-sided; of equal differences the sign test's */
  double p_wilcoxon;         /* signed rank, two-sided */
  double correlation;        /* Pearson's; NaN when a or b does not vary */
  double variance_reduction; /* (var a + var b) / var(b - a): runs unpaired for one paired */
  double win;                /* share of pairs with b > a, ties counted half */
  mnz_interval win_interval; /* Wilson's, see mnz_wilson_share */
} mnz_paired;

/* a[i] and b[i] are replication i of two scenarios (Law, "Simulation modeling and analysis", 10.2.1). A pair
 * is left out when its difference is NaN. NaN: means, win and its interval when no pair is left; what needs a
 * spread below 2 pairs. When all differences are equal, the half-width is 0, and the variance reduction is
 * infinite (NaN if nothing varies); p_student is then 0, as in the limit, but NaN if they are all 0, for
 * then there is nothing to test.
 *
 * Wilcoxon, "Individual comparisons by ranking methods", 1945: differences of 0 are dropped, equal sizes
 * share their mean rank. Exact for 25 differences or fewer of different sizes, otherwise the normal
 * approximation with the variance corrected for ties and half a rank for continuity. NaN when all differences
 * are 0.
 *
 * Fails with MNZ_NO_MEMORY; *out is then unchanged. */
mnz_status mnz_paired_compare(const double *a, const double *b, size_t n, double confidence, mnz_paired *out,
                              mnz_error *err);

#endif
