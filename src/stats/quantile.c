/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/quantile.h"

#include "base/error.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include <limits.h>
#include <math.h>

double mnz_quantile(const double *sorted, size_t n, double p) {
  MNZ_REQUIRE(p >= 0 && p <= 1);
  if (n == 0) return NAN;
  /* The two weights need not add up to 1: between equal values the result may be the next double beside them.
   */
  const size_t below = (size_t)(p * (double)(n - 1));
  const size_t above = below + 1 < n ? below + 1 : below;
  return fmin(fmax(gsl_stats_quantile_from_sorted_data(sorted, 1, n, p), sorted[below]), sorted[above]);
}

/* The least k of 0 .. n that a binomial count exceeds with probability `above` or less. */
static size_t exceeded_with(double above, double p, size_t n) {
  size_t low = 0;
  size_t high = n;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (gsl_cdf_binomial_Q((unsigned)middle, p, (unsigned)n) <= above)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

mnz_ranks mnz_quantile_ranks(size_t n, double p, double confidence) {
  MNZ_REQUIRE(p >= 0 && p <= 1 && confidence > 0 && confidence < 1 && n < UINT_MAX);
  const double tail = (1 - confidence) / 2;
  const size_t low = exceeded_with(1 - tail, p, n);
  const size_t high = exceeded_with(tail, p, n) + 1;
  /* Fewer than `low` values below the quantile, or `high` and more. */
  const double missed = (low > 0 ? gsl_cdf_binomial_P((unsigned)low - 1, p, (unsigned)n) : 0) +
                        gsl_cdf_binomial_Q((unsigned)high - 1, p, (unsigned)n);
  return (mnz_ranks){.low = low, .high = high, .coverage = 1 - missed};
}

mnz_interval mnz_quantile_interval(const double *sorted, size_t n, double p, double confidence) {
  const mnz_ranks ranks = mnz_quantile_ranks(n, p, confidence);
  return (mnz_interval){.low = ranks.low > 0 ? sorted[ranks.low - 1] : -INFINITY,
                        .high = ranks.high <= n ? sorted[ranks.high - 1] : INFINITY};
}
