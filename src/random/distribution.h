/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distributions as data: a scenario holds them, a stream gives the randomness, GSL samples.
 *
 * Values are plain doubles in whatever unit the owner chose (microseconds, milligrams, shares). Every
 * usual parametrisation is accepted by name when a distribution is made and turned into one canonical
 * form. Inverse transform (one uniform per draw) for uniform, triangular, exponential, Weibull, normal,
 * truncated normal, lognormal; the others call gsl_ran_* on the stream. */
#ifndef MNZ_RANDOM_DISTRIBUTION_H
#define MNZ_RANDOM_DISTRIBUTION_H

#include <gsl/gsl_rng.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "monazite/status.h"

/* canonical parameters p[]:
 *   constant      value
 *   uniform       low, high
 *   triangular    min, mode, max
 *   exponential   mean
 *   weibull       shape, scale
 *   gamma         shape, scale
 *   lognormal     median, sigma (standard deviation of the logarithm)
 *   normal        mean, sd, low, high (low, high may be -inf, +inf: truncation by inverse transform)
 *   beta          alpha, beta, low, high (PERT is made from min, mode, max)
 *   bernoulli     probability, value (the value with the probability, else 0; default value 1)
 *   discrete      values[], weights[] (made by mnz_distribution_discrete)
 *   poisson       mean, each, plus: plus + each * count
 *   geometric     probability, period (the number of the first success among trials, times the period)
 *   empirical     values[] (each equally likely), count of them
 *   trace         repeat (1: begins again after the last); values[] in the order in which they are drawn
 */
typedef enum mnz_distribution_kind {
  MNZ_DIST_CONSTANT,
  MNZ_DIST_UNIFORM,
  MNZ_DIST_TRIANGULAR,
  MNZ_DIST_EXPONENTIAL,
  MNZ_DIST_WEIBULL,
  MNZ_DIST_GAMMA,
  MNZ_DIST_LOGNORMAL,
  MNZ_DIST_NORMAL,
  MNZ_DIST_BETA,
  MNZ_DIST_BERNOULLI,
  MNZ_DIST_DISCRETE,
  MNZ_DIST_POISSON,
  MNZ_DIST_EMPIRICAL,
  MNZ_DIST_TRACE,
  MNZ_DIST_GEOMETRIC
} mnz_distribution_kind;

typedef struct mnz_distribution {
  mnz_distribution_kind kind;
  double p[4];
  const double
      *values; /* discrete, empirical: ascending; trace: in order; borrowed, outlives the distribution */
  const double *weights; /* discrete: borrowed; weights[i] is the share of values[0 .. i], the last is 1 */
  size_t count;
} mnz_distribution;

/* Uniform from 0 to 1. */
extern const mnz_distribution mnz_uniform_share;

/* What a parameter is measured in: the unit of the value drawn, or a bare number. */
typedef enum mnz_dist_unit { MNZ_DIST_VALUE, MNZ_DIST_NUMBER } mnz_dist_unit;

typedef struct mnz_dist_param {
  const char *name;
  mnz_dist_unit unit;
} mnz_dist_param;

/* One accepted way to write a distribution; several forms may share a name ("gamma" by shape and scale,
 * by mean and cv). The table drives the parser and the reference. */
typedef struct mnz_dist_form {
  const char *name;         /* "lognormal", "pert", ... */
  mnz_dist_param params[4]; /* unused ones have name NULL */
  int32_t required;         /* the first `required` must be given, the rest have defaults */
  bool positional;          /* may be written without names, in this order */
  const char *help;         /* one line */
} mnz_dist_form;

/* All forms; *count of them. Discrete and empirical are not here: they take a table. */
const mnz_dist_form *mnz_distribution_forms(size_t *count);

/* Makes a distribution from a form, which is one of mnz_distribution_forms: values[i] belongs to
 * form->params[i], given[i] says whether it was written. Fails with MNZ_SCENARIO and a message such as
 * "triangular needs min <= mode <= max, got 5, 3, 8"; *out is then unchanged. */
mnz_status mnz_distribution_make(mnz_distribution *out, const mnz_dist_form *form, const double values[4],
                                 const bool given[4], mnz_error *err);
mnz_distribution mnz_distribution_constant(double value); /* cannot fail */
/* From tables of `count` entries in any order, which are borrowed and must outlive the distribution. Both
 * are changed in place: values are sorted; weights, which go with them and need not sum to anything in
 * particular, become cumulative shares. On failure *out is unchanged and so are the tables. */
mnz_status mnz_distribution_discrete(mnz_distribution *out, double *values, double *weights, size_t count,
                                     mnz_error *err);
mnz_status mnz_distribution_empirical(mnz_distribution *out, double *values, size_t count, mnz_error *err);

/* The k-th value drawn (from 0) is values[k]; past the last one it begins again, or the trace is over. */
mnz_status mnz_distribution_trace(mnz_distribution *out, const double *values, size_t count, bool repeat,
                                  mnz_error *err);
/* A trace without a value for its k-th draw. */
bool mnz_distribution_is_over(const mnz_distribution *d, uint64_t k);

/* Not of a trace, which is no matter of chance: domain/services.h knows which of its values is next.
 * Random numbers taken: none for constant; one uniform for every other kind but gamma, beta and poisson,
 * which take as many as they need. */
double mnz_distribution_draw(const mnz_distribution *d, const gsl_rng *rng);
double mnz_distribution_mean(const mnz_distribution *d);
double mnz_distribution_sd(const mnz_distribution *d); /* NaN where it has none */
/* The least value that is not exceeded with probability p or more (0 <= p <= 1). */
double mnz_distribution_quantile(const mnz_distribution *d, double p);
/* The least and the greatest value that can be drawn (may be infinite). */
double mnz_distribution_least(const mnz_distribution *d);
double mnz_distribution_greatest(const mnz_distribution *d);

#endif
