/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What distributions draw and what they state: moments, quantiles, range. */
#include "random_bench.h"

#include <gsl/gsl_math.h>

#include <signal.h>
#include <stdlib.h>

TestSuite(distribution, .init = no_handler);

/* ---- one of each ---- */

typedef struct example {
  const char *name;
  mnz_distribution d;
  bool inverse; /* one uniform a draw, and the draw is the quantile at it */
  bool smooth;  /* no value has a probability of its own */
} example;

enum { EXAMPLES = 25 };

static void make_examples(example examples[EXAMPLES]) {
  static double values[] = {7, -1, 3, 100};
  static double weights[] = {2, 1, 5, 0};
  static double history[] = {5, 1, 4, 1, 9};
  mnz_distribution discrete;
  mnz_distribution empirical;
  cr_assert_eq(mnz_distribution_discrete(&discrete, values, weights, 4, NULL), MNZ_OK);
  cr_assert_eq(mnz_distribution_empirical(&empirical, history, 5, NULL), MNZ_OK);
  const example list[EXAMPLES] = {
      {"uniform", make("uniform", "low", -2.0, "high", 5.0, NULL), true, true},
      {"triangular", make("triangular", "min", 12.0, "mode", 15.0, "max", 33.0, NULL), true, true},
      {"triangular, mode at the end", make("triangular", "min", 0.0, "mode", 2.0, "max", 2.0, NULL), true,
       true},
      {"exponential", make("exponential", "mean", 30.0, NULL), true, true},
      {"weibull, early failures", make("weibull", "shape", 0.8, "scale", 10.0, NULL), true, true},
      {"weibull, wear", make("weibull", "shape", 3.0, "scale", 10.0, NULL), true, true},
      {"lognormal", make("lognormal", "median", 4.0, "sigma", 0.5, NULL), true, true},
      {"normal", make("normal", "mean", 10.0, "sd", 3.0, NULL), true, true},
      {"normal, cut below", make("normal", "mean", 1.0, "sd", 1.0, "low", 0.0, NULL), true, true},
      {"normal, cut above", make("normal", "mean", 1.0, "sd", 1.0, "high", 0.5, NULL), true, true},
      {"normal, cut twice", make("normal", "mean", 0.0, "sd", 1.0, "low", -0.5, "high", 2.0, NULL), true,
       true},
      {"normal, upper tail", make("normal", "mean", 0.0, "sd", 1.0, "low", 12.0, NULL), true, true},
      {"normal, lower tail", make("normal", "mean", 0.0, "sd", 1.0, "high", -30.0, NULL), true, true},
      {"gamma, shape below 1", make("gamma", "shape", 0.5, "scale", 2.0, NULL), false, true},
      {"gamma", make("gamma", "mean", 12.0, "cv", 0.3, NULL), false, true},
      {"beta", make("beta", "alpha", 2.0, "beta", 5.0, "low", -1.0, "high", 3.0, NULL), false, true},
      {"beta, bath tub", make("beta", "alpha", 0.5, "beta", 0.5, "low", 0.0, "high", 1.0, NULL), false, true},
      {"pert", make("pert", "min", 1.0, "mode", 2.0, "max", 6.0, NULL), false, true},
      {"bernoulli", make("bernoulli", "probability", 0.3, "value", 4.0, NULL), false, false},
      {"bernoulli of a loss", make("bernoulli", "probability", 0.3, "value", -4.0, NULL), false, false},
      {"poisson", make("poisson", "mean", 3.5, NULL), false, false},
      {"poisson, many", make("poisson", "mean", 250.0, NULL), false, false},
      {"geometric", make("geometric", "probability", 0.2, "period", 3.0, NULL), true, false},
      {"discrete", discrete, false, false},
      {"empirical", empirical, false, false},
  };
  memcpy(examples, list, sizeof list);
}

/* ---- draws ---- */

static void take_sample(const mnz_distribution *d, uint64_t seed, double sample[DRAWS]) {
  mnz_stream stream;
  open_stream(&stream, seed);
  for (size_t i = 0; i < DRAWS; i++) sample[i] = mnz_distribution_draw(d, &stream.rng);
}

/* Seeds 100 + the example's number; 4 standard errors, that of the deviation from the sample's own fourth
 * moment. */
Test(distribution, samples_have_the_stated_mean_and_deviation) {
  static double sample[DRAWS];
  example examples[EXAMPLES];
  make_examples(examples);
  for (size_t e = 0; e < EXAMPLES; e++) {
    const mnz_distribution *d = &examples[e].d;
    take_sample(d, 100 + e, sample);
    double mean = 0;
    double second = 0;
    double fourth = 0;
    for (size_t i = 0; i < DRAWS; i++) mean += sample[i] / DRAWS;
    for (size_t i = 0; i < DRAWS; i++) {
      const double square = (sample[i] - mean) * (sample[i] - mean);
      second += square / DRAWS;
      fourth += square * square / DRAWS;
    }
    const double sd = mnz_distribution_sd(d);
    const double mean_error = (mean - mnz_distribution_mean(d)) / (sd / sqrt(DRAWS));
    const double sd_error = (sqrt(second) - sd) / sqrt((fourth - second * second) / (4 * second * DRAWS));
    cr_assert(fabs(mean_error) < 4, "%s: mean is off by %g standard errors", examples[e].name, mean_error);
    cr_assert(fabs(sd_error) < 4, "%s: sd is off by %g standard errors", examples[e].name, sd_error);
  }
}

/* Seeds 200 + the example's number; the share of draws below and up to each quantile encloses its
 * probability, but for the Kolmogorov-Smirnov bound at 1e-4. */
Test(distribution, samples_follow_the_stated_quantiles) {
  static double sample[DRAWS];
  example examples[EXAMPLES];
  make_examples(examples);
  const double bound = ks_bound / sqrt(DRAWS);
  for (size_t e = 0; e < EXAMPLES; e++) {
    take_sample(&examples[e].d, 200 + e, sample);
    qsort(sample, DRAWS, sizeof *sample, ascending);
    size_t below = 0;
    size_t up_to = 0;
    for (int k = 1; k < 1000; k++) {
      const double p = k / 1000.0;
      const double x = mnz_distribution_quantile(&examples[e].d, p);
      while (below < DRAWS && sample[below] < x) below++;
      while (up_to < DRAWS && sample[up_to] <= x) up_to++;
      cr_assert((double)below / DRAWS <= p + bound && (double)up_to / DRAWS >= p - bound,
                "%s: quantile %g is %g, but %zu draws are below and %zu up to it", examples[e].name, p, x,
                below, up_to);
      if (examples[e].smooth) cr_assert_leq(up_to - below, 2, "%s: %g comes too often", examples[e].name, x);
    }
  }
}

Test(distribution, a_draw_by_inverse_transform_is_the_quantile_at_its_uniform) {
  static const double uniforms[] = {0x1p-53, 1e-6, 0.001, 0.1, 0.5, 0.7, 0.999, 1 - 0x1p-53};
  example examples[EXAMPLES];
  make_examples(examples);
  for (size_t e = 0; e < EXAMPLES; e++)
    for (size_t i = 0; examples[e].inverse && i < 8; i++)
      cr_assert_eq(draw_at(&examples[e].d, uniforms[i]),
                   mnz_distribution_quantile(&examples[e].d, uniforms[i]), "%s at %g", examples[e].name,
                   uniforms[i]);
}

Test(distribution, the_rarest_draws_stay_in_range) {
  static const double uniforms[] = {0x1p-53, 1 - 0x1p-53};
  example examples[EXAMPLES];
  make_examples(examples);
  for (size_t e = 0; e < EXAMPLES; e++)
    for (size_t i = 0; examples[e].inverse && i < 2; i++) {
      const double x = draw_at(&examples[e].d, uniforms[i]);
      cr_assert(isfinite(x) && x >= mnz_distribution_least(&examples[e].d) &&
                    x <= mnz_distribution_greatest(&examples[e].d),
                "%s gave %g", examples[e].name, x);
    }
}

/* Unguarded, this one comes out as -30.000000000000004. */
Test(distribution, rounding_does_not_leave_the_range) {
  const mnz_distribution d = make("triangular", "min", -30.0, "mode", -30.0, "max", 2.7, NULL);
  cr_assert_geq(draw_at(&d, 0x1p-53), -30.0);
}

/* Two words a uniform; bernoulli and the tables need one uniform too. */
Test(distribution, a_draw_takes_as_many_uniforms_as_it_promises) {
  example examples[EXAMPLES];
  make_examples(examples);
  for (size_t e = 0; e < EXAMPLES; e++) {
    const mnz_distribution_kind kind = examples[e].d.kind;
    if (kind == MNZ_DIST_GAMMA || kind == MNZ_DIST_BETA || kind == MNZ_DIST_POISSON) continue;
    mnz_stream stream;
    open_stream(&stream, 3);
    for (uint64_t i = 1; i <= 100; i++) {
      (void)mnz_distribution_draw(&examples[e].d, &stream.rng);
      cr_assert_eq(words_taken(&stream), 2 * i, "%s", examples[e].name);
    }
  }
}

Test(distribution, a_constant_takes_no_random_number) {
  mnz_stream stream;
  open_stream(&stream, 4);
  const mnz_distribution d = mnz_distribution_constant(-7.5);
  cr_assert_eq(mnz_distribution_draw(&d, &stream.rng), -7.5);
  cr_assert_eq(words_taken(&stream), 0);
  cr_assert_eq(mnz_distribution_mean(&d), -7.5);
  cr_assert_eq(mnz_distribution_sd(&d), 0);
  cr_assert_eq(mnz_distribution_quantile(&d, 0.3), -7.5);
  cr_assert_eq(mnz_distribution_least(&d), -7.5);
  cr_assert_eq(mnz_distribution_greatest(&d), -7.5);
}

Test(distribution, a_constant_may_be_no_number) {
  const mnz_distribution d = mnz_distribution_constant((double)NAN);
  cr_assert(isnan(draw_at(&d, 0.5)));
}

/* ---- quantiles, moments, range ---- */

Test(distribution, quantiles_ascend_from_the_least_to_the_greatest) {
  example examples[EXAMPLES];
  make_examples(examples);
  for (size_t e = 0; e < EXAMPLES; e++) {
    const mnz_distribution *d = &examples[e].d;
    cr_assert_eq(mnz_distribution_quantile(d, 0), mnz_distribution_least(d), "%s", examples[e].name);
    cr_assert_eq(mnz_distribution_quantile(d, 1), mnz_distribution_greatest(d), "%s", examples[e].name);
    double last = mnz_distribution_least(d);
    for (int k = 1; k < 500; k++) {
      const double x = mnz_distribution_quantile(d, k / 500.0);
      cr_assert(examples[e].smooth ? x > last : x >= last, "%s at %d", examples[e].name, k);
      last = x;
    }
    cr_assert_geq(mnz_distribution_greatest(d), last, "%s", examples[e].name);
  }
}

Test(distribution, a_probability_above_one_is_a_broken_promise, .signal = SIGABRT) {
  const mnz_distribution d = mnz_distribution_constant(1);
  (void)mnz_distribution_quantile(&d, 1.5);
}

Test(distribution, quantiles_known_by_heart_come_out) {
  mnz_distribution d = make("exponential", "mean", 10.0, NULL);
  assert_near(mnz_distribution_quantile(&d, 0.5), 10 * log(2), "exponential, median");
  assert_near(mnz_distribution_quantile(&d, 1e-20), 1e-19, "exponential, next to 0");
  d = make("weibull", "shape", 2.0, "scale", 3.0, NULL);
  assert_near(mnz_distribution_quantile(&d, 1 - exp(-4)), 6, "weibull");
  d = make("triangular", "min", 0.0, "mode", 1.0, "max", 4.0, NULL);
  assert_near(mnz_distribution_quantile(&d, 0.25), 1, "triangular, mode");
  d = make("normal", "mean", 100.0, "sd", 10.0, NULL);
  assert_near(mnz_distribution_quantile(&d, 0.975), 119.59963984540054, "normal");
  d = make("lognormal", "median", 5.0, "sigma", 2.0, NULL);
  assert_near(mnz_distribution_quantile(&d, 0.5), 5, "lognormal, median");
  d = make("gamma", "shape", 1.0, "scale", 10.0, NULL);
  assert_near(mnz_distribution_quantile(&d, 0.9), 10 * log(10), "gamma that is exponential");
  assert_near(mnz_distribution_quantile(&d, 1 - 0x1p-50), 500 * log(2), "gamma, next to 1");
  d = make("beta", "alpha", 1.0, "beta", 1.0, "low", 2.0, "high", 4.0, NULL);
  assert_near(mnz_distribution_quantile(&d, 0.25), 2.5, "beta that is uniform");
  d = make("pert", "min", 0.0, "mode", 3.0, "max", 6.0, NULL);
  assert_near(mnz_distribution_quantile(&d, 0.5), 3, "pert, symmetric");
}

/* Where GSL's own inverse gives NaN or does not come back. */
Test(distribution, quantiles_of_extreme_shapes_are_found) {
  mnz_distribution d = make("beta", "alpha", 1779.18, "beta", 35.1248, "low", 0.0, "high", 1.0, NULL);
  const double x = mnz_distribution_quantile(&d, 2.4e-5);
  cr_assert(x > 0.95 && x < 0.97, "%g", x);
  d = make("beta", "alpha", 1e5, "beta", 1e5, "low", 0.0, "high", 1.0, NULL);
  const double z = (mnz_distribution_quantile(&d, 0.014) - 0.5) / mnz_distribution_sd(&d);
  cr_assert_float_eq(z, -2.1973, 1e-3);
  d = make("gamma", "shape", 0.001, "scale", 1.0, NULL);
  cr_assert_lt(mnz_distribution_quantile(&d, 0.5), 1e-300);
}

/* P(0) = exp(-1) = 0.36788, P(1) = 0.73576, P(2) = 0.91970 */
Test(distribution, a_poisson_quantile_is_the_least_count_that_reaches_the_probability) {
  static const struct {
    double p;
    double count;
  } cases[] = {{1e-9, 0}, {0.3678, 0}, {0.3679, 1}, {0.7357, 1}, {0.7358, 2}, {0.9196, 2}, {0.9198, 3}};
  const mnz_distribution d = make("poisson", "mean", 1.0, NULL);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    cr_assert_eq(mnz_distribution_quantile(&d, cases[i].p), cases[i].count, "at %g", cases[i].p);
}

Test(distribution, a_poisson_of_nothing_is_nothing) {
  const mnz_distribution d = make("poisson", "mean", 0.0, NULL);
  cr_assert_eq(draw_at(&d, 0.999), 0);
  cr_assert_eq(mnz_distribution_quantile(&d, 0.999), 0);
  cr_assert_eq(mnz_distribution_greatest(&d), 0);
}

Test(distribution, a_sure_bernoulli_is_sure) {
  const mnz_distribution never = make("bernoulli", "probability", 0.0, NULL);
  const mnz_distribution always = make("bernoulli", "probability", 1.0, NULL);
  static const double uniforms[] = {0, 0.5, 1 - 0x1p-53};
  for (int i = 0; i < 3; i++) {
    cr_assert_eq(draw_at(&never, uniforms[i]), 0);
    cr_assert_eq(draw_at(&always, uniforms[i]), 1);
  }
  cr_assert_eq(mnz_distribution_greatest(&never), 0);
  cr_assert_eq(mnz_distribution_least(&always), 1);
}

Test(distribution, an_uncut_tail_has_the_hazard_as_its_mean) {
  mnz_distribution d = make("normal", "mean", 0.0, "sd", 1.0, "low", 10.0, NULL);
  assert_near(mnz_distribution_mean(&d), 10.098093233962511, "normal above 10");
  d = make("normal", "mean", 0.0, "sd", 2.0, "low", 0.0, NULL);
  assert_near(mnz_distribution_mean(&d), 2 * sqrt(2 / M_PI), "half normal, mean");
  assert_near(mnz_distribution_sd(&d), 2 * sqrt(1 - 2 / M_PI), "half normal, sd");
}

Test(distribution, a_normal_without_spread_is_its_mean) {
  const mnz_distribution d = make("normal", "mean", 3.0, "sd", 0.0, "low", 0.0, NULL);
  cr_assert_eq(draw_at(&d, 0.9), 3);
  cr_assert_eq(mnz_distribution_least(&d), 3);
  cr_assert_eq(mnz_distribution_greatest(&d), 3);
  cr_assert_eq(mnz_distribution_sd(&d), 0);
}
