/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways to write a distribution, and the way from each to the canonical parameters. A form is a row of
 * `forms` and a row of `makers` under the same name; the reference is printed from the first. */
#include "random/distribution.h"

#include "base/error.h"
#include "base/text.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>

#include <math.h>

enum form_id {
  CONSTANT,
  UNIFORM,
  UNIFORM_AROUND,
  TRIANGULAR,
  PERT,
  EXPONENTIAL,
  WEIBULL,
  WEIBULL_MEAN,
  GAMMA,
  GAMMA_MEAN_CV,
  GAMMA_MEAN_SD,
  LOGNORMAL,
  LOGNORMAL_MEAN_CV,
  LOGNORMAL_MEAN_SD,
  NORMAL,
  NORMAL_MEAN_CV,
  BETA,
  BERNOULLI,
  POISSON,
  GEOMETRIC,
  FORM_COUNT
};

/* Two lines a form. */
/* clang-format off */
#define VALUE(name) {(name), MNZ_DIST_VALUE}
#define NUMBER(name) {(name), MNZ_DIST_NUMBER}

static const mnz_dist_form forms[FORM_COUNT] = {
  [CONSTANT] = {"constant", {VALUE("value")}, 1, true,
    "Always the same value; takes no random number"},
  [UNIFORM] = {"uniform", {VALUE("low"), VALUE("high")}, 2, true,
    "Every value between two is equally likely"},
  [UNIFORM_AROUND] = {"uniform", {VALUE("mean"), VALUE("half_width")}, 2, false,
    "The same, from mean - half_width to mean + half_width"},
  [TRIANGULAR] = {"triangular", {VALUE("min"), VALUE("mode"), VALUE("max")}, 3, true,
    "An expert's least, most likely and greatest value, joined by straight lines"},
  [PERT] = {"pert", {VALUE("min"), VALUE("mode"), VALUE("max"), NUMBER("weight")}, 3, true,
    "The same in a smooth shape (a beta); a larger weight, 4 if not given, trusts the mode more"},
  [EXPONENTIAL] = {"exponential", {VALUE("mean")}, 1, true,
    "Times between events that have no memory"},
  [WEIBULL] = {"weibull", {NUMBER("shape"), VALUE("scale")}, 2, false,
    "Life times: shape below 1 for early failures, 1 for exponential, above 1 for wear"},
  [WEIBULL_MEAN] = {"weibull", {VALUE("mean"), NUMBER("shape")}, 2, false,
    "The same by mean and shape"},
  [GAMMA] = {"gamma", {NUMBER("shape"), VALUE("scale")}, 2, false,
    "Sums of exponential times: positive, skewed to the right"},
  [GAMMA_MEAN_CV] = {"gamma", {VALUE("mean"), NUMBER("cv")}, 2, false,
    "The same by mean and coefficient of variation (sd / mean)"},
  [GAMMA_MEAN_SD] = {"gamma", {VALUE("mean"), VALUE("sd")}, 2, false,
    "The same by mean and standard deviation"},
  [LOGNORMAL] = {"lognormal", {VALUE("median"), NUMBER("sigma")}, 2, false,
    "Products of many small factors; sigma is the standard deviation of the logarithm"},
  [LOGNORMAL_MEAN_CV] = {"lognormal", {VALUE("mean"), NUMBER("cv")}, 2, false,
    "The same by mean and coefficient of variation (sd / mean)"},
  [LOGNORMAL_MEAN_SD] = {"lognormal", {VALUE("mean"), VALUE("sd")}, 2, false,
    "The same by mean and standard deviation"},
  [NORMAL] = {"normal", {VALUE("mean"), VALUE("sd"), VALUE("low"), VALUE("high")}, 2, true,
    "The bell curve; low and high cut it off, mean and sd are those before the cut"},
  [NORMAL_MEAN_CV] = {"normal", {VALUE("mean"), NUMBER("cv"), VALUE("low"), VALUE("high")}, 2, false,
    "The same by mean and coefficient of variation (sd / mean)"},
  [BETA] = {"beta", {NUMBER("alpha"), NUMBER("beta"), VALUE("low"), VALUE("high")}, 4, false,
    "Shares and grades: between low and high, with mean low + (high - low) alpha / (alpha + beta)"},
  [BERNOULLI] = {"bernoulli", {NUMBER("probability"), VALUE("value")}, 1, false,
    "The value, 1 if not given, with the probability; else 0"},
  [POISSON] = {"poisson", {NUMBER("mean"), VALUE("each"), VALUE("plus")}, 1, true,
    "Counts of independent events; with a unit, so many times `each`, and `plus`: poisson(6, each 1 d, plus 1 d)"},
  [GEOMETRIC] = {"geometric", {NUMBER("probability"), VALUE("period")}, 2, true,
    "Whole periods until something comes to pass that does so with the probability in each of them"},
};
/* clang-format on */

const mnz_dist_form *mnz_distribution_forms(size_t *count) {
  *count = FORM_COUNT;
  return forms;
}

/* ---- refusing ---- */

/* "<what>, got <v[0]>, <v[1]>, ..." */
static mnz_status refuse(mnz_error *err, const char *what, size_t count, const double v[]) {
  char number[32];
  mnz_buffer got = {0};
  for (size_t i = 0; i < count; i++) {
    mnz_buffer_add(&got, i > 0 ? ", " : "");
    mnz_buffer_add(&got, mnz_text_number(v[i], number));
  }
  const mnz_status status =
      mnz_fail(err, MNZ_SCENARIO, NULL, "%s, got %s", what, got.failed ? "others" : got.at);
  mnz_buffer_free(&got);
  return status;
}

static mnz_status need(bool fact, mnz_error *err, const char *text, size_t count, const double v[]) {
  return fact ? MNZ_OK : refuse(err, text, count, v);
}

/* ---- from each form to canonical parameters: v[] are finite, except that normal's cuts may be missing ----
 */

typedef mnz_status (*maker)(mnz_distribution *out, const double v[4], mnz_error *err);

static mnz_distribution with(mnz_distribution_kind kind, double p0, double p1, double p2, double p3) {
  return (mnz_distribution){.kind = kind, .p = {p0, p1, p2, p3}};
}

static mnz_status make_constant(mnz_distribution *out, const double v[4], mnz_error *err) {
  (void)err;
  *out = mnz_distribution_constant(v[0]);
  return MNZ_OK;
}

static mnz_status make_uniform(mnz_distribution *out, const double v[4], mnz_error *err) {
  *out = with(MNZ_DIST_UNIFORM, v[0], v[1], 0, 0);
  return need(v[0] <= v[1], err, "uniform needs low <= high", 2, v);
}

static mnz_status make_uniform_around(mnz_distribution *out, const double v[4], mnz_error *err) {
  *out = with(MNZ_DIST_UNIFORM, v[0] - v[1], v[0] + v[1], 0, 0);
  return need(v[1] >= 0, err, "uniform needs half_width >= 0", 1, v + 1);
}

static mnz_status make_triangular(mnz_distribution *out, const double v[4], mnz_error *err) {
  *out = with(MNZ_DIST_TRIANGULAR, v[0], v[1], v[2], 0);
  return need(v[0] <= v[1] && v[1] <= v[2], err, "triangular needs min <= mode <= max", 3, v);
}

/* Beyond a million gsl_cdf_beta_P gives NaN; the spread is then a thousandth of the range. */
static const double LARGEST_BETA = 1e5;

/* A beta over [min, max] with mean (min + weight * mode + max) / (weight + 2). */
static mnz_status make_pert(mnz_distribution *out, const double v[4], mnz_error *err) {
  const double width = v[2] - v[0];
  const double part = width > 0 ? (v[1] - v[0]) / width : 0.5;
  *out = with(MNZ_DIST_BETA, 1 + v[3] * part, 1 + v[3] * (1 - part), v[0], v[2]);
  if (!(v[0] <= v[1] && v[1] <= v[2])) return refuse(err, "pert needs min <= mode <= max", 3, v);
  return need(v[3] >= 0 && v[3] <= LARGEST_BETA, err, "pert needs 0 <= weight <= 1e5", 1, v + 3);
}

static mnz_status make_exponential(mnz_distribution *out, const double v[4], mnz_error *err) {
  *out = with(MNZ_DIST_EXPONENTIAL, v[0], 0, 0, 0);
  return need(v[0] > 0, err, "exponential needs mean > 0", 1, v);
}

static mnz_status make_weibull(mnz_distribution *out, const double v[4], mnz_error *err) {
  *out = with(MNZ_DIST_WEIBULL, v[0], v[1], 0, 0);
  return need(v[0] > 0 && v[1] > 0, err, "weibull needs shape > 0 and scale > 0", 2, v);
}

static mnz_status make_weibull_mean(mnz_distribution *out, const double v[4], mnz_error *err) {
  *out = with(MNZ_DIST_WEIBULL, v[1], v[0] / tgamma(1 + 1 / v[1]), 0, 0);
  return need(v[0] > 0 && v[1] > 0, err, "weibull needs mean > 0 and shape > 0", 2, v);
}

static mnz_status make_gamma(mnz_distribution *out, const double v[4], mnz_error *err) {
  *out = with(MNZ_DIST_GAMMA, v[0], v[1], 0, 0);
  return need(v[0] > 0 && v[1] > 0, err, "gamma needs shape > 0 and scale > 0", 2, v);
}

static mnz_status make_gamma_mean_cv(mnz_distribution *out, const double v[4], mnz_error *err) {
  *out = with(MNZ_DIST_GAMMA, 1 / (v[1] * v[1]), v[0] * v[1] * v[1], 0, 0);
  return need(v[0] > 0 && v[1] > 0, err, "gamma needs mean > 0 and cv > 0", 2, v);
}

static mnz_status make_gamma_mean_sd(mnz_distribution *out, const double v[4], mnz_error *err) {
  *out = with(MNZ_DIST_GAMMA, v[0] / v[1] * (v[0] / v[1]), v[1] * (v[1] / v[0]), 0, 0);
  return need(v[0] > 0 && v[1] > 0, err, "gamma needs mean > 0 and sd > 0", 2, v);
}

static mnz_status make_lognormal(mnz_distribution *out, const double v[4], mnz_error *err) {
  *out = with(MNZ_DIST_LOGNORMAL, v[0], v[1], 0, 0);
  return need(v[0] > 0 && v[1] >= 0, err, "lognormal needs median > 0 and sigma >= 0", 2, v);
}

static mnz_distribution lognormal_of(double mean, double cv) {
  return with(MNZ_DIST_LOGNORMAL, mean / sqrt(1 + cv * cv), sqrt(log1p(cv * cv)), 0, 0);
}

static mnz_status make_lognormal_mean_cv(mnz_distribution *out, const double v[4], mnz_error *err) {
  *out = lognormal_of(v[0], v[1]);
  return need(v[0] > 0 && v[1] >= 0, err, "lognormal needs mean > 0 and cv >= 0", 2, v);
}

static mnz_status make_lognormal_mean_sd(mnz_distribution *out, const double v[4], mnz_error *err) {
  *out = lognormal_of(v[0], v[1] / v[0]);
  return need(v[0] > 0 && v[1] >= 0, err, "lognormal needs mean > 0 and sd >= 0", 2, v);
}

/* What is left of a cut normal must be there for the inverse transform to work on, and be wide enough to be
 * more than a uniform. */
static mnz_status check_cut(double mean, double sd, double low, double high, mnz_error *err) {
  const double range[2] = {low, high};
  if (!(low < high)) return refuse(err, "normal needs low < high", 2, range);
  if (sd <= 0) {
    const double all[3] = {low, mean, high};
    return need(low <= mean && mean <= high, err, "normal without spread needs low <= mean <= high", 3, all);
  }
  const double a = (low - mean) / sd;
  const double b = (high - mean) / sd;
  const double widths[2] = {high - low, sd};
  if (b - a < 1e-3) return refuse(err, "normal needs high - low >= sd / 1000 (or write uniform)", 2, widths);
  const double mass = a > 0 ? gsl_cdf_ugaussian_Q(a) - gsl_cdf_ugaussian_Q(b)
                            : gsl_cdf_ugaussian_P(b) - gsl_cdf_ugaussian_P(a);
  const double all[4] = {low, high, mean, sd};
  return need(mass > 1e-290, err, "normal needs low .. high within 36 sd of the mean", 4, all);
}

static mnz_status make_normal(mnz_distribution *out, const double v[4], mnz_error *err) {
  *out = with(MNZ_DIST_NORMAL, v[0], v[1], v[2], v[3]);
  if (!(v[1] >= 0)) return refuse(err, "normal needs sd >= 0", 1, v + 1);
  return check_cut(v[0], v[1], v[2], v[3], err);
}

static mnz_status make_normal_mean_cv(mnz_distribution *out, const double v[4], mnz_error *err) {
  *out = with(MNZ_DIST_NORMAL, v[0], v[0] * v[1], v[2], v[3]);
  if (!(v[0] > 0 && v[1] >= 0)) return refuse(err, "normal needs mean > 0 and cv >= 0", 2, v);
  return check_cut(v[0], v[0] * v[1], v[2], v[3], err);
}

static mnz_status make_beta(mnz_distribution *out, const double v[4], mnz_error *err) {
  *out = with(MNZ_DIST_BETA, v[0], v[1], v[2], v[3]);
  if (!(v[0] > 0 && v[0] <= LARGEST_BETA && v[1] > 0 && v[1] <= LARGEST_BETA))
    return refuse(err, "beta needs 0 < alpha <= 1e5 and 0 < beta <= 1e5", 2, v);
  return need(v[2] <= v[3], err, "beta needs low <= high", 2, v + 2);
}

static mnz_status make_bernoulli(mnz_distribution *out, const double v[4], mnz_error *err) {
  *out = with(MNZ_DIST_BERNOULLI, v[0], v[1], 0, 0);
  return need(v[0] >= 0 && v[0] <= 1, err, "bernoulli needs 0 <= probability <= 1", 1, v);
}

/* Above, the counts would leave the range of gsl_ran_poisson's unsigned int. */
static mnz_status make_poisson(mnz_distribution *out, const double v[4], mnz_error *err) {
  *out = with(MNZ_DIST_POISSON, v[0], v[1], v[2], 0);
  if (!(v[1] > 0)) return refuse(err, "poisson needs each > 0", 1, v + 1);
  return need(v[0] >= 0 && v[0] <= 1e9, err, "poisson needs 0 <= mean <= 1e9", 1, v);
}

static mnz_status make_geometric(mnz_distribution *out, const double v[4], mnz_error *err) {
  *out = with(MNZ_DIST_GEOMETRIC, v[0], v[1], 0, 0);
  return need(v[0] > 0 && v[0] <= 1 && v[1] > 0, err, "geometric needs 0 < probability <= 1 and period > 0",
              2, v);
}

/* How to make a form, and what its parameters are when they are not given. */
static const struct {
  maker make;
  double defaults[4];
} makers[FORM_COUNT] = {
    [CONSTANT] = {make_constant, {0}},
    [UNIFORM] = {make_uniform, {0}},
    [UNIFORM_AROUND] = {make_uniform_around, {0}},
    [TRIANGULAR] = {make_triangular, {0}},
    [PERT] = {make_pert, {[3] = 4}},
    [EXPONENTIAL] = {make_exponential, {0}},
    [WEIBULL] = {make_weibull, {0}},
    [WEIBULL_MEAN] = {make_weibull_mean, {0}},
    [GAMMA] = {make_gamma, {0}},
    [GAMMA_MEAN_CV] = {make_gamma_mean_cv, {0}},
    [GAMMA_MEAN_SD] = {make_gamma_mean_sd, {0}},
    [LOGNORMAL] = {make_lognormal, {0}},
    [LOGNORMAL_MEAN_CV] = {make_lognormal_mean_cv, {0}},
    [LOGNORMAL_MEAN_SD] = {make_lognormal_mean_sd, {0}},
    [NORMAL] = {make_normal, {[2] = -INFINITY, [3] = INFINITY}},
    [NORMAL_MEAN_CV] = {make_normal_mean_cv, {[2] = -INFINITY, [3] = INFINITY}},
    [BETA] = {make_beta, {0}},
    [BERNOULLI] = {make_bernoulli, {[1] = 1}},
    [POISSON] = {make_poisson, {[1] = 1}},
    [GEOMETRIC] = {make_geometric, {0}},
};

/* Sound parameters may still be too far out: the mean of weibull with shape 0.001 is not a double. */
static bool is_drawable(const mnz_distribution *d) {
  const bool bounded_by_cut = d->kind == MNZ_DIST_NORMAL;
  for (int i = 0; i < 4; i++)
    if (isnan(d->p[i]) || (isinf(d->p[i]) && !(bounded_by_cut && i >= 2))) return false;
  const bool has_shape = d->kind == MNZ_DIST_GAMMA || d->kind == MNZ_DIST_WEIBULL;
  if (has_shape && !(d->p[0] > 0 && d->p[1] > 0)) return false;
  return isfinite(mnz_distribution_mean(d)) && isfinite(mnz_distribution_sd(d));
}

mnz_status mnz_distribution_make(mnz_distribution *out, const mnz_dist_form *form, const double values[4],
                                 const bool given[4], mnz_error *err) {
  size_t id = 0;
  while (id < FORM_COUNT && form != &forms[id]) id++;
  MNZ_REQUIRE(id < FORM_COUNT);

  double v[4] = {0};
  for (int i = 0; i < 4 && form->params[i].name != NULL; i++) {
    if (!given[i] && i < form->required)
      return mnz_fail(err, MNZ_SCENARIO, NULL, "%s needs %s", form->name, form->params[i].name);
    v[i] = given[i] ? values[i] : makers[id].defaults[i];
    if (!given[i] || isfinite(v[i])) continue;
    char number[32];
    return mnz_fail(err, MNZ_SCENARIO, NULL, "%s needs a finite %s, got %s", form->name, form->params[i].name,
                    mnz_text_number(v[i], number));
  }

  mnz_distribution made;
  const mnz_status status = makers[id].make(&made, v, err);
  if (status != MNZ_OK) return status;
  if (!is_drawable(&made)) {
    size_t count = 0;
    while (count < 4 && form->params[count].name != NULL && given[count]) count++;
    return refuse(err, "the distribution needs a finite mean and standard deviation", count, v);
  }
  *out = made;
  return MNZ_OK;
}

/* ---- tables ---- */

static mnz_status check_values(const char *name, const double *values, size_t count, mnz_error *err) {
  if (count == 0) return mnz_fail(err, MNZ_SCENARIO, NULL, "%s needs at least one value, got none", name);
  char number[32];
  for (size_t i = 0; i < count; i++)
    if (!isfinite(values[i]))
      return mnz_fail(err, MNZ_SCENARIO, NULL, "%s needs finite values, got %s", name,
                      mnz_text_number(values[i], number));
  return MNZ_OK;
}

mnz_status mnz_distribution_discrete(mnz_distribution *out, double *values, double *weights, size_t count,
                                     mnz_error *err) {
  const mnz_status status = check_values("discrete", values, count, err);
  if (status != MNZ_OK) return status;
  double sum = 0;
  for (size_t i = 0; i < count; i++) {
    if (!(weights[i] >= 0 && isfinite(weights[i])))
      return refuse(err, "discrete needs finite weights >= 0", 1, weights + i);
    sum += weights[i];
  }
  if (!(sum > 0 && isfinite(sum)))
    return refuse(err, "discrete needs weights with a finite sum > 0", 1, &sum);

  gsl_sort2(values, 1, weights, 1, count);
  /* The last share is 1 exactly, because the same sum is taken again, in the new order. */
  sum = 0;
  for (size_t i = 0; i < count; i++) weights[i] = sum += weights[i];
  for (size_t i = 0; i < count; i++) weights[i] /= sum;
  *out = (mnz_distribution){.kind = MNZ_DIST_DISCRETE, .values = values, .weights = weights, .count = count};
  return MNZ_OK;
}

mnz_status mnz_distribution_empirical(mnz_distribution *out, double *values, size_t count, mnz_error *err) {
  const mnz_status status = check_values("empirical", values, count, err);
  if (status != MNZ_OK) return status;
  gsl_sort(values, 1, count);
  *out = (mnz_distribution){.kind = MNZ_DIST_EMPIRICAL, .values = values, .count = count};
  return MNZ_OK;
}

mnz_status mnz_distribution_trace(mnz_distribution *out, const double *values, size_t count, bool repeat,
                                  mnz_error *err) {
  const mnz_status status = check_values(repeat ? "cycle" : "trace", values, count, err);
  if (status != MNZ_OK) return status;
  *out = (mnz_distribution){.kind = MNZ_DIST_TRACE, .p = {repeat}, .values = values, .count = count};
  return MNZ_OK;
}

bool mnz_distribution_is_over(const mnz_distribution *d, uint64_t k) {
  return d->kind == MNZ_DIST_TRACE && !(d->p[0] > 0) && k >= d->count;
}
