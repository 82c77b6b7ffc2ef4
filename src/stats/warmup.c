/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/warmup.h"

#include "stats/interval.h"
#include "stats/moments.h"
#include "base/error.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include <math.h>

static double mean_of_batch(const double *x, size_t size, size_t batch) {
  return gsl_stats_mean(x + batch * size, 1, size);
}

/* From the last batch to the first, so that one pass has the moments of every tail. */
mnz_mser mnz_mser_cut(const double *x, size_t n, size_t batch) {
  MNZ_REQUIRE(batch > 0);
  const mnz_mser none = {.statistic = NAN, .mean = NAN, .too_short = true};
  const size_t batches = n / batch;
  if (batches < 2) return none;

  mnz_mser best = {.statistic = INFINITY};
  mnz_moments left = {0};
  for (size_t d = batches; d-- > 0;) {
    mnz_moments_add(&left, mean_of_batch(x, batch, d));
    const double statistic = left.m2 / ((double)left.n * (double)left.n);
    if (d > batches / 2 || statistic > best.statistic) continue;
    best = (mnz_mser){.cut = d * batch, .statistic = statistic, .too_short = d == batches / 2};
  }
  best.mean = gsl_stats_mean(x + best.cut, 1, n - best.cut);
  return left.n == batches && !isnan(best.mean) ? best : none;
}

/* ---- batch means ---- */

mnz_batches mnz_batch_means(const double *x, size_t n, size_t batches, double confidence) {
  MNZ_REQUIRE(batches > 0 && confidence > 0 && confidence < 1);
  mnz_batches out = {n / batches, NAN, NAN, NAN, NAN};
  if (out.size == 0) return out;
  x += n % batches;
  mnz_moments m = {0};
  for (size_t i = 0; i < batches; i++) mnz_moments_add(&m, mean_of_batch(x, out.size, i));
  if (m.n < batches) return out; /* a NaN */

  double products = 0;
  double squared_steps = 0;
  for (size_t i = 0; i + 1 < batches; i++) {
    const double one = mean_of_batch(x, out.size, i);
    const double next = mean_of_batch(x, out.size, i + 1);
    products += (one - m.mean) * (next - m.mean);
    squared_steps += (next - one) * (next - one);
  }
  const double k = (double)batches;
  const double correlation = 1 - squared_steps / (2 * m.m2);
  out.mean = m.mean;
  out.half_width = mnz_student_half_width(m.n, mnz_moments_sd(&m), confidence);
  out.lag1 = products / m.m2; /* 0 / 0 when all are equal, and the test then is of NaN */
  if (batches >= 8) out.p_value = gsl_cdf_ugaussian_Q(correlation * sqrt((k * k - 1) / (k - 2)));
  return out;
}
