/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How distributions are made: from tables of values, and from the forms with their parameters. */
#include "random_bench.h"

TestSuite(distribution_make, .init = no_handler);

/* ---- tables ---- */

Test(distribution_make, a_discrete_table_is_sorted_and_shared_out) {
  double values[] = {30, 10, 20, 40, 5};
  double weights[] = {3, 1, 4, 0, 0};
  mnz_distribution d;
  cr_assert_eq(mnz_distribution_discrete(&d, values, weights, 5, NULL), MNZ_OK);
  static const double expected[] = {5, 10, 20, 30, 40};
  static const double shares[] = {0, 0.125, 0.625, 1, 1};
  for (size_t i = 0; i < 5; i++) {
    cr_assert_eq(d.values[i], expected[i]);
    cr_assert_eq(d.weights[i], shares[i]);
  }
  cr_assert_eq(mnz_distribution_least(&d), 10);
  cr_assert_eq(mnz_distribution_greatest(&d), 30);
  cr_assert_eq(mnz_distribution_mean(&d), 22.5);
}

Test(distribution_make, a_discrete_draw_is_the_value_whose_share_holds_the_uniform) {
  double values[] = {5, 10, 20, 30, 40};
  double weights[] = {0, 1, 4, 3, 0};
  mnz_distribution d;
  cr_assert_eq(mnz_distribution_discrete(&d, values, weights, 5, NULL), MNZ_OK);
  static const struct {
    double u;
    double drawn;
    double quantile;
  } cases[] = {{0, 10, 10},     {0.1, 10, 10}, {0.125, 20, 10},      {0.5, 20, 20},
               {0.625, 30, 20}, {0.7, 30, 30}, {1 - 0x1p-53, 30, 30}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    cr_assert_eq(draw_at(&d, cases[i].u), cases[i].drawn, "at %g", cases[i].u);
    cr_assert_eq(mnz_distribution_quantile(&d, cases[i].u), cases[i].quantile, "at %g", cases[i].u);
  }
}

Test(distribution_make, a_table_of_one_always_gives_it) {
  double value = 8;
  double weight = 0.25;
  mnz_distribution d;
  cr_assert_eq(mnz_distribution_discrete(&d, &value, &weight, 1, NULL), MNZ_OK);
  cr_assert(draw_at(&d, 0) == 8 && draw_at(&d, 1 - 0x1p-53) == 8 && mnz_distribution_sd(&d) == 0);
  cr_assert_eq(mnz_distribution_empirical(&d, &value, 1, NULL), MNZ_OK);
  cr_assert(draw_at(&d, 0) == 8 && draw_at(&d, 1 - 0x1p-53) == 8 && mnz_distribution_sd(&d) == 0);
}

/* The uniform that is nearest to 1 times any count, also those where the product rounds up to it. */
Test(distribution_make, an_empirical_draw_never_passes_the_end) {
  static double values[1000];
  for (size_t count = 1; count <= 1000; count++) {
    for (size_t i = 0; i < count; i++) values[i] = (double)i;
    mnz_distribution d;
    cr_assert_eq(mnz_distribution_empirical(&d, values, count, NULL), MNZ_OK);
    cr_assert_eq(draw_at(&d, 1 - 0x1p-53), (double)count - 1);
    cr_assert_eq(draw_at(&d, 0), 0);
    for (size_t i = 1; i < count; i++)
      cr_assert_eq(mnz_distribution_quantile(&d, (double)i / (double)count), (double)i - 1);
  }
}

Test(distribution_make, a_table_that_makes_no_sense_is_refused_and_left_alone) {
  static const struct {
    double values[2];
    double weights[2];
    size_t count;
    const char *message;
  } cases[] = {{{1, 2}, {1, 1}, 0, "discrete needs at least one value, got none"},
               {{2, NAN}, {1, 1}, 2, "discrete needs finite values, got nan"},
               {{2, 1}, {1, -1}, 2, "discrete needs finite weights >= 0, got -1"},
               {{2, 1}, {1, INFINITY}, 2, "discrete needs finite weights >= 0, got inf"},
               {{2, 1}, {0, 0}, 2, "discrete needs weights with a finite sum > 0, got 0"},
               {{2, 1}, {1e308, 1e308}, 2, "discrete needs weights with a finite sum > 0, got inf"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    double values[2];
    double weights[2];
    memcpy(values, cases[i].values, sizeof values);
    memcpy(weights, cases[i].weights, sizeof weights);
    mnz_distribution d = mnz_distribution_constant(42);
    mnz_error err;
    cr_assert_eq(mnz_distribution_discrete(&d, values, weights, cases[i].count, &err), MNZ_SCENARIO);
    cr_assert_str_eq(err.message, cases[i].message);
    cr_assert(d.kind == MNZ_DIST_CONSTANT && values[0] == cases[i].values[0] &&
              weights[0] == cases[i].weights[0]);
  }
  mnz_distribution d;
  mnz_error err;
  double value = INFINITY;
  cr_assert_eq(mnz_distribution_empirical(&d, &value, 1, &err), MNZ_SCENARIO);
  cr_assert_str_eq(err.message, "empirical needs finite values, got inf");
}

/* ---- forms ---- */

static size_t param_count(const mnz_dist_form *form) {
  size_t count = 0;
  while (count < 4 && form->params[count].name != NULL) count++;
  return count;
}

Test(distribution_make, every_form_is_fit_for_the_reference) {
  size_t count;
  const mnz_dist_form *forms = mnz_distribution_forms(&count);
  cr_assert_gt(count, 12);
  for (size_t f = 0; f < count; f++) {
    const size_t params = param_count(&forms[f]);
    cr_assert(forms[f].required >= 1 && (size_t)forms[f].required <= params, "%s", forms[f].name);
    cr_assert_gt(strlen(forms[f].help), 10);
    cr_assert_neq(forms[f].help[strlen(forms[f].help) - 1], '.');
    for (size_t i = params; i < 4; i++) cr_assert_null(forms[f].params[i].name);
    for (size_t i = 0; i < params; i++)
      for (size_t j = 0; j < i; j++) cr_assert_str_neq(forms[f].params[i].name, forms[f].params[j].name);
  }
}

/* Whoever writes the required parameters of one form by name does not write those of another; and only
 * one form of a name can be written without names. */
Test(distribution_make, forms_of_one_name_can_be_told_apart) {
  size_t count;
  const mnz_dist_form *forms = mnz_distribution_forms(&count);
  for (size_t f = 0; f < count; f++)
    for (size_t g = 0; g < count; g++) {
      if (f == g || strcmp(forms[f].name, forms[g].name) != 0) continue;
      cr_assert_not(forms[f].positional && forms[g].positional, "%s", forms[f].name);
      bool all_in_g = true;
      for (int i = 0; i < forms[f].required; i++) {
        bool in_g = false;
        for (size_t j = 0; j < param_count(&forms[g]); j++)
          in_g = in_g || strcmp(forms[f].params[i].name, forms[g].params[j].name) == 0;
        all_in_g = all_in_g && in_g;
      }
      cr_assert_not(all_in_g, "%s", forms[f].name);
    }
}

Test(distribution_make, forms_have_the_mean_and_deviation_they_are_named_by) {
  static const char *const names[] = {"gamma", "lognormal", "normal"};
  for (int i = 0; i < 3; i++) {
    mnz_distribution d = make(names[i], "mean", 5.0, "cv", 0.4, NULL);
    assert_near(mnz_distribution_mean(&d), 5, names[i]);
    assert_near(mnz_distribution_sd(&d), 2, names[i]);
    d = make(names[i], "mean", 5.0, "sd", 2.0, NULL);
    assert_near(mnz_distribution_mean(&d), 5, names[i]);
    assert_near(mnz_distribution_sd(&d), 2, names[i]);
  }
  mnz_distribution d = make("weibull", "mean", 5.0, "shape", 1.7, NULL);
  assert_near(mnz_distribution_mean(&d), 5, "weibull");
  cr_assert_eq(d.p[0], 1.7);
  d = make("uniform", "mean", 5.0, "half_width", 2.0, NULL);
  cr_assert(d.p[0] == 3 && d.p[1] == 7);
}

Test(distribution_make, pert_weighs_its_mode) {
  mnz_distribution d = make("pert", "min", 1.0, "mode", 2.0, "max", 6.0, NULL);
  assert_near(mnz_distribution_mean(&d), (1 + 4 * 2 + 6) / 6.0, "weight 4");
  d = make("pert", "min", 1.0, "mode", 2.0, "max", 6.0, "weight", 10.0, NULL);
  assert_near(mnz_distribution_mean(&d), (1 + 10 * 2 + 6) / 12.0, "weight 10");
  d = make("pert", "min", 3.0, "mode", 3.0, "max", 3.0, NULL);
  cr_assert_eq(mnz_distribution_mean(&d), 3);
  cr_assert_eq(mnz_distribution_sd(&d), 0);
}

Test(distribution_make, what_is_not_given_has_its_default) {
  const mnz_distribution bell = make("normal", "mean", 1.0, "sd", 2.0, NULL);
  cr_assert(isinf(bell.p[2]) && bell.p[2] < 0 && isinf(bell.p[3]) && bell.p[3] > 0);
  const mnz_distribution event = make("bernoulli", "probability", 0.5, NULL);
  cr_assert_eq(event.p[1], 1);
}

Test(distribution_make, parameters_without_sense_are_refused) {
  static const struct {
    const char *name;
    const char *names[4];
    double values[4];
    const char *message;
  } cases[] = {
      {"constant", {"value"}, {NAN}, "constant needs a finite value, got nan"},
      {"uniform", {"low", "high"}, {2, 1}, "uniform needs low <= high, got 2, 1"},
      {"uniform", {"mean", "half_width"}, {2, -1}, "uniform needs half_width >= 0, got -1"},
      {"uniform",
       {"low", "high"},
       {-1e308, 1e308},
       "the distribution needs a finite mean and standard deviation, got -1e+308, 1e+308"},
      {"triangular", {"min", "mode", "max"}, {5, 3, 8}, "triangular needs min <= mode <= max, got 5, 3, 8"},
      {"triangular", {"min", "mode", "max"}, {5, 9, 8}, "triangular needs min <= mode <= max, got 5, 9, 8"},
      {"pert", {"min", "mode", "max"}, {5, 3, 8}, "pert needs min <= mode <= max, got 5, 3, 8"},
      {"pert", {"min", "mode", "max", "weight"}, {1, 2, 3, -4}, "pert needs 0 <= weight <= 1e5, got -4"},
      {"exponential", {"mean"}, {0}, "exponential needs mean > 0, got 0"},
      {"exponential", {"mean"}, {INFINITY}, "exponential needs a finite mean, got inf"},
      {"exponential", {NULL}, {0}, "exponential needs mean"},
      {"weibull", {"shape", "scale"}, {0, 1}, "weibull needs shape > 0 and scale > 0, got 0, 1"},
      {"weibull", {"mean", "shape"}, {1, -1}, "weibull needs mean > 0 and shape > 0, got 1, -1"},
      {"weibull",
       {"shape", "scale"},
       {0.001, 1},
       "the distribution needs a finite mean and standard deviation, got 0.001, 1"},
      {"gamma", {"shape", "scale"}, {1, 0}, "gamma needs shape > 0 and scale > 0, got 1, 0"},
      {"gamma", {"shape"}, {1}, "gamma needs scale"},
      {"gamma", {"mean", "cv"}, {1, 0}, "gamma needs mean > 0 and cv > 0, got 1, 0"},
      {"gamma", {"mean", "sd"}, {-1, 1}, "gamma needs mean > 0 and sd > 0, got -1, 1"},
      {"lognormal", {"median", "sigma"}, {0, 1}, "lognormal needs median > 0 and sigma >= 0, got 0, 1"},
      {"lognormal", {"mean", "cv"}, {1, -0.5}, "lognormal needs mean > 0 and cv >= 0, got 1, -0.5"},
      {"lognormal", {"mean", "sd"}, {-1, 1}, "lognormal needs mean > 0 and sd >= 0, got -1, 1"},
      {"lognormal",
       {"median", "sigma"},
       {1, 100},
       "the distribution needs a finite mean and standard deviation, got 1, 100"},
      {"normal", {"mean", "sd"}, {1, -1}, "normal needs sd >= 0, got -1"},
      {"normal", {"mean", "cv"}, {0, 1}, "normal needs mean > 0 and cv >= 0, got 0, 1"},
      {"normal", {"mean", "sd", "low", "high"}, {0, 1, 2, 2}, "normal needs low < high, got 2, 2"},
      {"normal", {"mean", "sd", "low"}, {0, 1, -INFINITY}, "normal needs a finite low, got -inf"},
      {"normal",
       {"mean", "sd", "low", "high"},
       {5, 0, 0, 1},
       "normal without spread needs low <= mean <= high, got 0, 5, 1"},
      {"normal",
       {"mean", "sd", "low", "high"},
       {0, 1e5, 0, 1},
       "normal needs high - low >= sd / 1000 (or write uniform), got 1, 100000"},
      {"normal",
       {"mean", "sd", "low"},
       {0, 1, 40},
       "normal needs low .. high within 36 sd of the mean, got 40, inf, 0, 1"},
      {"beta",
       {"alpha", "beta", "low", "high"},
       {0, 1, 0, 1},
       "beta needs 0 < alpha <= 1e5 and 0 < beta <= 1e5, got 0, 1"},
      {"beta",
       {"alpha", "beta", "low", "high"},
       {1, 1e6, 0, 1},
       "beta needs 0 < alpha <= 1e5 and 0 < beta <= 1e5, got 1, 1000000"},
      {"beta", {"alpha", "beta", "low", "high"}, {1, 1, 2, 1}, "beta needs low <= high, got 2, 1"},
      {"bernoulli", {"probability"}, {1.25}, "bernoulli needs 0 <= probability <= 1, got 1.25"},
      {"poisson", {"mean"}, {-1}, "poisson needs 0 <= mean <= 1e9, got -1"},
      {"geometric",
       {"probability", "period"},
       {0, 1},
       "geometric needs 0 < probability <= 1 and period > 0, got 0, 1"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    mnz_distribution d = mnz_distribution_constant(42);
    mnz_error err;
    cr_assert_eq(attempt(&d, &err, cases[i].name, cases[i].names, cases[i].values), MNZ_SCENARIO, "%s",
                 cases[i].message);
    cr_assert_str_eq(err.message, cases[i].message);
    cr_assert(d.kind == MNZ_DIST_CONSTANT && d.p[0] == 42);
  }
}

Test(distribution_make, a_trace_is_kept_in_its_order_and_ends) {
  static const double values[] = {5, 3, 9};
  mnz_distribution d;
  cr_assert_eq(mnz_distribution_trace(&d, values, 3, false, NULL), MNZ_OK);
  cr_assert_float_eq(mnz_distribution_mean(&d), 17.0 / 3, 1e-12);
  cr_assert_float_eq(mnz_distribution_least(&d), 3, 0);
  cr_assert_float_eq(mnz_distribution_greatest(&d), 9, 0);
  cr_assert_not(mnz_distribution_is_over(&d, 2));
  cr_assert(mnz_distribution_is_over(&d, 3));
  cr_assert_eq(mnz_distribution_trace(&d, values, 3, true, NULL), MNZ_OK);
  cr_assert_not(mnz_distribution_is_over(&d, 3));
  mnz_error err;
  cr_assert_eq(mnz_distribution_trace(&d, values, 0, true, &err), MNZ_SCENARIO);
}
