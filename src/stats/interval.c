/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/interval.h"

#include "stats/moments.h"
#include "random/stream.h"
#include "base/error.h"
#include "base/memory.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>

#include <math.h>
#include <stdlib.h>

enum { PURPOSE = 255 }; /* the last one: those of the model are counted from 0 */

static double outside(double confidence) {
  MNZ_REQUIRE(confidence > 0 && confidence < 1);
  return (1 - confidence) / 2;
}

double mnz_student_half_width(uint64_t n, double sd, double confidence) {
  const double tail = outside(confidence);
  if (n < 2) return NAN;
  return gsl_cdf_tdist_Qinv(tail, (double)(n - 1)) * sd / sqrt((double)n);
}

/* ---- Wilson ---- */

mnz_interval mnz_wilson(uint64_t successes, uint64_t n, double confidence) {
  MNZ_REQUIRE(successes <= n);
  return mnz_wilson_share((double)successes / (double)n, n, confidence);
}

mnz_interval mnz_wilson_share(double share, uint64_t n, double confidence) {
  const double z = gsl_cdf_ugaussian_Qinv(outside(confidence));
  if (n == 0) return (mnz_interval){NAN, NAN};
  MNZ_REQUIRE(share >= 0 && share <= 1);
  const double pull = z * z / (double)n;
  const double centre = (share + pull / 2) / (1 + pull);
  const double half_width = sqrt(pull * (share * (1 - share) + pull / 4)) / (1 + pull);
  /* At 0 and 1 the two terms cancel but for rounding. */
  return (mnz_interval){.low = share > 0 ? centre - half_width : 0,
                        .high = share < 1 ? centre + half_width : 1};
}

/* ---- bootstrap ---- */

static double student_of_resample(const double *x, size_t n, double mean, const gsl_rng *rng) {
  mnz_moments m = {0};
  for (size_t i = 0; i < n; i++) mnz_moments_add(&m, x[gsl_rng_uniform_int(rng, n)]);
  const double ahead = m.mean - mean;
  if (ahead == 0) return 0; /* also when sd is 0: in the middle, not NaN */
  return ahead / (mnz_moments_sd(&m) / sqrt((double)n));
}

/* The ends that resampling puts around the mean of n > 1 values, given room for t. */
static mnz_interval studentised(const double *x, size_t n, const mnz_moments *m, double tail, double *t,
                                size_t resamples, const gsl_rng *rng) {
  for (size_t i = 0; i < resamples; i++) t[i] = student_of_resample(x, n, m->mean, rng);
  gsl_sort(t, 1, resamples);
  /* A product that should be whole may have been rounded down. */
  const size_t k = (size_t)(((double)resamples + 1) * tail + 1e-9);
  const double error = mnz_moments_sd(m) / sqrt((double)n);
  return (mnz_interval){.low = k > 0 ? m->mean - error * t[resamples - k] : -INFINITY,
                        .high = k > 0 ? m->mean - error * t[k - 1] : INFINITY};
}

mnz_status mnz_bootstrap_t(const double *x, size_t n, double confidence, size_t resamples, uint64_t seed,
                           uint32_t object, mnz_interval *out, mnz_error *err) {
  const double tail = outside(confidence);
  mnz_status status;
  double *kept = NULL;
  double *t = NULL;
  if ((status = mnz_new_array(&kept, n, err)) != MNZ_OK) goto out;
  if ((status = mnz_new_array(&t, resamples, err)) != MNZ_OK) goto out;
  /* An index is drawn from one word, of which a stream has 2^34 before it repeats itself. */
  MNZ_REQUIRE(n < UINT32_MAX && (double)n * (double)resamples < 0x1p33);

  size_t n_kept = 0;
  for (size_t i = 0; i < n; i++)
    if (!isnan(x[i])) kept[n_kept++] = x[i];
  const mnz_moments m = mnz_moments_of(kept, n_kept);
  mnz_stream stream;
  mnz_stream_open(&stream, (mnz_stream_key){.seed = seed, .object = object, .purpose = PURPOSE});
  if (n_kept < 2 || !isfinite(m.m2))
    *out = (mnz_interval){NAN, NAN};
  else if (m.m2 <= 0)
    *out = (mnz_interval){m.mean, m.mean};
  else
    *out = studentised(kept, n_kept, &m, tail, t, resamples, &stream.rng);
out:
  free(t);
  free(kept);
  return status;
}
