/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing from a distribution, and what is known of it in closed form. The kinds drawn by inverse transform
 * are the quantile at their uniform: a draw grows with it and varies smoothly with the parameters, so runs
 * that share their uniforms stay paired. */
#include "random/distribution.h"

#include "base/error.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include <float.h>
#include <math.h>

const mnz_distribution mnz_uniform_share = {.kind = MNZ_DIST_UNIFORM, .p = {0, 1}};
#include <string.h>

mnz_distribution mnz_distribution_constant(double value) {
  return (mnz_distribution){.kind = MNZ_DIST_CONSTANT, .p = {value}};
}

/* ---- inverse transforms: 0 < u < 1 ---- */

/* Rounding may put the last bit of a result outside of the range. */
static double within(double x, double low, double high) {
  return x < low ? low : x > high ? high : x;
}

/* -log(1 - u). A drawn u is a multiple of 2^-53, so 1 - u is exact and log, which takes half the time of
 * log1p, loses nothing; only a quantile asked for at a small u needs log1p. */
static double exponential_inverse(double u) {
  return u < 1e-3 ? -log1p(-u) : -log(1 - u);
}

static double triangular_inverse(const double p[4], double u) {
  const double min = p[0];
  const double mode = p[1];
  const double max = p[2];
  const double width = max - min;
  const double x = u * width < mode - min ? min + sqrt(u * width * (mode - min))
                                          : max - sqrt((1 - u) * width * (max - mode));
  return within(x, min, max);
}

/* Cut below or above, the normal is inverted between the probabilities of the cuts; on the side of the
 * nearer tail, where probabilities are small and therefore fine-grained. */
static double normal_inverse(const double p[4], double u) {
  const double mean = p[0];
  const double sd = p[1];
  const double low = p[2];
  const double high = p[3];
  if (sd <= 0) return mean;
  if (isinf(low) && isinf(high)) return mean + sd * gsl_cdf_ugaussian_Pinv(u);

  const double a = (low - mean) / sd;
  const double b = (high - mean) / sd;
  const double z =
      a > 0 ? gsl_cdf_ugaussian_Qinv((1 - u) * gsl_cdf_ugaussian_Q(a) + u * gsl_cdf_ugaussian_Q(b))
            : gsl_cdf_ugaussian_Pinv((1 - u) * gsl_cdf_ugaussian_P(a) + u * gsl_cdf_ugaussian_P(b));
  return within(mean + sd * z, low, high);
}

/* ---- tables: values ascend, so that a larger uniform gives a larger value ---- */

static double share(const mnz_distribution *d, size_t i) {
  if (d->kind != MNZ_DIST_DISCRETE) return 1 / (double)d->count;
  return i > 0 ? d->weights[i] - d->weights[i - 1] : d->weights[0];
}

/* The first entry whose cumulative share is above u, or reaches it; entries without a share are never met
 * for 0 < u < 1. */
static size_t discrete_index(const mnz_distribution *d, double u, bool reaches) {
  size_t low = 0;
  size_t high = d->count - 1;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (d->weights[middle] > u || (reaches && d->weights[middle] >= u))
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/* Never count itself: u is 1 - 2^-53 at most, and such a product is rounded down. */
static size_t empirical_index(const mnz_distribution *d, double u) {
  return (size_t)(u * (double)d->count);
}

/* The first i with (i + 1) / count >= p; p * count may have been rounded to either side. */
static size_t empirical_quantile_index(const mnz_distribution *d, double p) {
  const double count = (double)d->count;
  size_t i = empirical_index(d, p);
  while (i > 0 && (double)i / count >= p) i--;
  while (i + 1 < d->count && (double)(i + 1) / count < p) i++;
  return i;
}

static double trace_least(const mnz_distribution *d) {
  double least = d->values[0];
  for (size_t i = 1; i < d->count; i++) least = fmin(least, d->values[i]);
  return least;
}

static double trace_greatest(const mnz_distribution *d) {
  double greatest = d->values[0];
  for (size_t i = 1; i < d->count; i++) greatest = fmax(greatest, d->values[i]);
  return greatest;
}

static double table_least(const mnz_distribution *d) {
  return d->values[d->kind == MNZ_DIST_DISCRETE ? discrete_index(d, 0, false) : 0];
}

static double table_greatest(const mnz_distribution *d) {
  return d->values[d->kind == MNZ_DIST_DISCRETE ? discrete_index(d, 1, true) : d->count - 1];
}

static double table_mean(const mnz_distribution *d) {
  double mean = 0;
  for (size_t i = 0; i < d->count; i++) mean += share(d, i) * d->values[i];
  return mean;
}

static double table_sd(const mnz_distribution *d) {
  const double mean = table_mean(d);
  double variance = 0;
  for (size_t i = 0; i < d->count; i++)
    variance += share(d, i) * (d->values[i] - mean) * (d->values[i] - mean);
  return sqrt(variance);
}

/* ---- inverse of a distribution function ---- */

typedef double (*probability)(const double p[4], double x);

static double gamma_below(const double p[4], double x) {
  return gsl_cdf_gamma_P(x, p[0], 1);
}

static double gamma_above(const double p[4], double x) {
  return gsl_cdf_gamma_Q(x, p[0], 1);
}

static double beta_below(const double p[4], double x) {
  return gsl_cdf_beta_P(x, p[0], p[1]);
}

static double beta_above(const double p[4], double x) {
  return gsl_cdf_beta_Q(x, p[0], p[1]);
}

/* A double of 0 or more as an integer in the same order, and back. */
static int64_t rank_of(double x) {
  int64_t rank;
  memcpy(&rank, &x, sizeof rank);
  return rank;
}

static double of_rank(int64_t rank) {
  double x;
  memcpy(&x, &rank, sizeof x);
  return x;
}

/* The least x >= 0 with below(x) >= u, at most `most`. Halves the number of doubles between two bounds, so it
 * takes at most 63 steps. gsl_cdf_beta_Pinv and gsl_cdf_gamma_Pinv are faster, but give NaN for shapes as
 * ordinary as beta(1779, 35) at 2e-5, and do not return from beta(1.2e6, 1.2e6) at 0.014. */
static double search(const double p[4], probability below, probability above, double u, double most) {
  int64_t low = rank_of(0.0);
  int64_t high = rank_of(most);
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    const double x = of_rank(middle);
    /* From the side of the nearer tail, where probabilities are fine-grained. */
    if (u <= 0.5 ? below(p, x) >= u : above(p, x) <= 1 - u)
      high = middle;
    else
      low = middle + 1;
  }
  return of_rank(low);
}

/* The least count whose cumulative probability reaches p < 1. */
static double poisson_quantile(double mean, double p) {
  if (mean <= 0) return 0; /* gsl_cdf_poisson_P gives NaN */
  double low = 0;
  double high = ceil(mean + 1);
  while (gsl_cdf_poisson_P((unsigned)high, mean) < p) {
    low = high + 1;
    high = ceil(high + 1 + 4 * sqrt(high));
  }
  while (low < high) {
    const double middle = floor((low + high) / 2);
    if (gsl_cdf_poisson_P((unsigned)middle, mean) >= p)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/* The least n >= 1 with 1 - (1 - p)^n >= u. */
static double geometric_inverse(const double p[4], double u) {
  if (p[0] >= 1) return p[1];
  return p[1] * fmax(1, ceil(log1p(-u) / log1p(-p[0])));
}

/* ---- draw and quantile ---- */

static double beta_between(const double p[4], double share_of_range) {
  return within(p[2] + (p[3] - p[2]) * share_of_range, p[2], p[3]);
}

static double inverse(const mnz_distribution *d, double u) {
  const double *p = d->p;
  switch (d->kind) {
  case MNZ_DIST_CONSTANT:
    return p[0];
  case MNZ_DIST_UNIFORM:
    return p[0] + u * (p[1] - p[0]); /* stays in: below 1, u takes more than rounding can add */
  case MNZ_DIST_TRIANGULAR:
    return triangular_inverse(p, u);
  case MNZ_DIST_EXPONENTIAL:
    return p[0] * exponential_inverse(u);
  case MNZ_DIST_WEIBULL:
    return p[1] * pow(exponential_inverse(u), 1 / p[0]);
  case MNZ_DIST_GAMMA:
    return p[1] * search(p, gamma_below, gamma_above, u, DBL_MAX);
  case MNZ_DIST_LOGNORMAL:
    return p[0] * exp(p[1] * gsl_cdf_ugaussian_Pinv(u));
  case MNZ_DIST_NORMAL:
    return normal_inverse(p, u);
  case MNZ_DIST_BETA:
    return beta_between(p, search(p, beta_below, beta_above, u, 1));
  case MNZ_DIST_BERNOULLI:
    /* The value with its probability at the upper end if it is positive, at the lower end if negative. */
    return (p[1] > 0 ? u > 1 - p[0] : u <= p[0]) ? p[1] : 0;
  case MNZ_DIST_DISCRETE:
    return d->values[discrete_index(d, u, true)];
  case MNZ_DIST_EMPIRICAL:
    return d->values[empirical_quantile_index(d, u)];
  case MNZ_DIST_TRACE:
    return NAN; /* its values are not in order */
  case MNZ_DIST_POISSON:
    return p[2] + p[1] * poisson_quantile(p[0], u);
  case MNZ_DIST_GEOMETRIC:
    return geometric_inverse(p, u);
  }
  return NAN;
}

double mnz_distribution_draw(const mnz_distribution *d, const gsl_rng *rng) {
  const double *p = d->p;
  switch (d->kind) {
  case MNZ_DIST_CONSTANT:
    return p[0];
  case MNZ_DIST_UNIFORM:
  case MNZ_DIST_TRIANGULAR:
  case MNZ_DIST_EXPONENTIAL:
  case MNZ_DIST_WEIBULL:
  case MNZ_DIST_LOGNORMAL:
  case MNZ_DIST_NORMAL:
  case MNZ_DIST_GEOMETRIC:
    return inverse(d, gsl_rng_uniform_pos(rng));
  case MNZ_DIST_GAMMA:
    return gsl_ran_gamma(rng, p[0], p[1]);
  case MNZ_DIST_BETA:
    return beta_between(p, gsl_ran_beta(rng, p[0], p[1]));
  case MNZ_DIST_BERNOULLI:
    return gsl_rng_uniform(rng) < p[0] ? p[1] : 0;
  case MNZ_DIST_DISCRETE:
    return d->values[discrete_index(d, gsl_rng_uniform(rng), false)];
  case MNZ_DIST_POISSON:
    return p[2] + p[1] * (double)gsl_ran_poisson(rng, p[0]);
  case MNZ_DIST_EMPIRICAL:
    return d->values[empirical_index(d, gsl_rng_uniform(rng))];
  case MNZ_DIST_TRACE:
    return d->values[0];
  }
  return NAN;
}

double mnz_distribution_quantile(const mnz_distribution *d, double p) {
  MNZ_REQUIRE(p >= 0 && p <= 1);
  if (p <= 0) return mnz_distribution_least(d);
  if (p >= 1) return mnz_distribution_greatest(d);
  return inverse(d, p);
}

/* ---- moments ---- */

/* Of the standard normal, kept between a and b. */
typedef struct cut_moments {
  double mean;
  double variance;
} cut_moments;

static cut_moments cut_normal(double a, double b) {
  const double mass = a > 0 ? gsl_cdf_ugaussian_Q(a) - gsl_cdf_ugaussian_Q(b)
                            : gsl_cdf_ugaussian_P(b) - gsl_cdf_ugaussian_P(a);
  const double at_a = gsl_ran_ugaussian_pdf(a) / mass;
  const double at_b = gsl_ran_ugaussian_pdf(b) / mass;
  const double slope = (isinf(a) ? 0 : a * at_a) - (isinf(b) ? 0 : b * at_b);
  const double mean = at_a - at_b;
  return (cut_moments){.mean = mean, .variance = 1 + slope - mean * mean};
}

static double normal_mean(const double p[4]) {
  if (p[1] <= 0 || (isinf(p[2]) && isinf(p[3]))) return p[0];
  return p[0] + p[1] * cut_normal((p[2] - p[0]) / p[1], (p[3] - p[0]) / p[1]).mean;
}

static double normal_sd(const double p[4]) {
  if (p[1] <= 0 || (isinf(p[2]) && isinf(p[3]))) return p[1];
  return p[1] * sqrt(cut_normal((p[2] - p[0]) / p[1], (p[3] - p[0]) / p[1]).variance);
}

static double beta_mean(const double p[4]) {
  return p[2] + (p[3] - p[2]) * (p[0] / (p[0] + p[1]));
}

double mnz_distribution_mean(const mnz_distribution *d) {
  const double *p = d->p;
  switch (d->kind) {
  case MNZ_DIST_CONSTANT:
    return p[0];
  case MNZ_DIST_UNIFORM:
    return p[0] + (p[1] - p[0]) / 2;
  case MNZ_DIST_TRIANGULAR:
    return p[0] + ((p[1] - p[0]) + (p[2] - p[0])) / 3;
  case MNZ_DIST_EXPONENTIAL:
    return p[0];
  case MNZ_DIST_WEIBULL:
    return p[1] * tgamma(1 + 1 / p[0]);
  case MNZ_DIST_GAMMA:
    return p[0] * p[1];
  case MNZ_DIST_LOGNORMAL:
    return p[0] * exp(p[1] * p[1] / 2);
  case MNZ_DIST_NORMAL:
    return normal_mean(p);
  case MNZ_DIST_BETA:
    return beta_mean(p);
  case MNZ_DIST_BERNOULLI:
    return p[0] * p[1];
  case MNZ_DIST_DISCRETE:
  case MNZ_DIST_EMPIRICAL:
  case MNZ_DIST_TRACE:
    return table_mean(d);
  case MNZ_DIST_POISSON:
    return p[2] + p[1] * p[0];
  case MNZ_DIST_GEOMETRIC:
    return p[1] / p[0];
  }
  return NAN;
}

static double triangular_sd(const double p[4]) {
  const double width = p[2] - p[0];
  const double part = p[1] - p[0];
  return sqrt((width * (width - part) + part * part) / 18);
}

static double weibull_sd(const double p[4]) {
  const double first = tgamma(1 + 1 / p[0]);
  return p[1] * sqrt(fmax(0, tgamma(1 + 2 / p[0]) - first * first));
}

static double beta_sd(const double p[4]) {
  const double sum = p[0] + p[1];
  return (p[3] - p[2]) * sqrt(p[0] / sum * (p[1] / sum) / (sum + 1));
}

double mnz_distribution_sd(const mnz_distribution *d) {
  const double *p = d->p;
  switch (d->kind) {
  case MNZ_DIST_CONSTANT:
    return 0;
  case MNZ_DIST_UNIFORM:
    return (p[1] - p[0]) / sqrt(12);
  case MNZ_DIST_TRIANGULAR:
    return triangular_sd(p);
  case MNZ_DIST_EXPONENTIAL:
    return p[0];
  case MNZ_DIST_WEIBULL:
    return weibull_sd(p);
  case MNZ_DIST_GAMMA:
    return sqrt(p[0]) * p[1];
  case MNZ_DIST_LOGNORMAL:
    return mnz_distribution_mean(d) * sqrt(expm1(p[1] * p[1]));
  case MNZ_DIST_NORMAL:
    return normal_sd(p);
  case MNZ_DIST_BETA:
    return beta_sd(p);
  case MNZ_DIST_BERNOULLI:
    return fabs(p[1]) * sqrt(p[0] * (1 - p[0]));
  case MNZ_DIST_DISCRETE:
  case MNZ_DIST_EMPIRICAL:
  case MNZ_DIST_TRACE:
    return table_sd(d);
  case MNZ_DIST_POISSON:
    return p[1] * sqrt(p[0]);
  case MNZ_DIST_GEOMETRIC:
    return p[1] * sqrt(1 - p[0]) / p[0];
  }
  return NAN;
}

/* ---- range ---- */

double mnz_distribution_least(const mnz_distribution *d) {
  const double *p = d->p;
  switch (d->kind) {
  case MNZ_DIST_CONSTANT:
  case MNZ_DIST_UNIFORM:
  case MNZ_DIST_TRIANGULAR:
    return p[0];
  case MNZ_DIST_EXPONENTIAL:
  case MNZ_DIST_WEIBULL:
  case MNZ_DIST_GAMMA:
  case MNZ_DIST_POISSON:
    return p[2];
  case MNZ_DIST_LOGNORMAL:
    return p[1] > 0 ? 0 : p[0];
  case MNZ_DIST_NORMAL:
    return p[1] > 0 ? p[2] : p[0];
  case MNZ_DIST_BETA:
    return p[2];
  case MNZ_DIST_BERNOULLI:
    return p[0] >= 1 ? p[1] : p[0] > 0 ? fmin(0, p[1]) : 0;
  case MNZ_DIST_DISCRETE:
  case MNZ_DIST_EMPIRICAL:
    return table_least(d);
  case MNZ_DIST_TRACE:
    return trace_least(d);
  case MNZ_DIST_GEOMETRIC:
    return p[1];
  }
  return NAN;
}

double mnz_distribution_greatest(const mnz_distribution *d) {
  const double *p = d->p;
  switch (d->kind) {
  case MNZ_DIST_CONSTANT:
    return p[0];
  case MNZ_DIST_UNIFORM:
    return p[1];
  case MNZ_DIST_TRIANGULAR:
    return p[2];
  case MNZ_DIST_EXPONENTIAL:
  case MNZ_DIST_WEIBULL:
  case MNZ_DIST_GAMMA:
    return INFINITY;
  case MNZ_DIST_POISSON:
    return p[0] > 0 ? INFINITY : p[2];
  case MNZ_DIST_LOGNORMAL:
    return p[1] > 0 ? INFINITY : p[0];
  case MNZ_DIST_NORMAL:
    return p[1] > 0 ? p[3] : p[0];
  case MNZ_DIST_BETA:
    return p[3];
  case MNZ_DIST_BERNOULLI:
    return p[0] >= 1 ? p[1] : p[0] > 0 ? fmax(0, p[1]) : 0;
  case MNZ_DIST_DISCRETE:
  case MNZ_DIST_EMPIRICAL:
    return table_greatest(d);
  case MNZ_DIST_TRACE:
    return trace_greatest(d);
  case MNZ_DIST_GEOMETRIC:
    return p[0] < 1 ? INFINITY : p[1];
  }
  return NAN;
}
