/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sample says: moments, intervals, quantiles, tails. Where nothing else is said, the expected values
 * are those of R 4.2. */
#include "random_bench.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include <signal.h>

#include "stats/interval.h"
#include "stats/moments.h"
#include "stats/quantile.h"
#include "stats/tail.h"

TestSuite(moments, .init = no_handler);
TestSuite(interval, .init = no_handler);
TestSuite(quantile, .init = no_handler);
TestSuite(tail, .init = no_handler);

static void assert_interval(mnz_interval found, double low, double high) {
  assert_near(found.low, low, "low");
  assert_near(found.high, high, "high");
}

static void assert_undefined(mnz_interval found) {
  cr_assert(isnan(found.low) && isnan(found.high), "%g .. %g", found.low, found.high);
}

/* ---- moments ---- */

static void fill_exponential(double *x, size_t n, uint64_t seed) {
  mnz_stream stream;
  open_stream(&stream, seed);
  for (size_t i = 0; i < n; i++) x[i] = -log1p(-gsl_rng_uniform(&stream.rng));
}

Test(moments, mean_and_spread_are_those_of_gsl) {
  double x[1000];
  fill_exponential(x, 1000, 1);
  const mnz_moments m = mnz_moments_of(x, 1000);
  cr_assert_eq(m.n, 1000);
  assert_near(m.mean, gsl_stats_mean(x, 1, 1000), "mean");
  assert_near(mnz_moments_sd(&m), gsl_stats_sd(x, 1, 1000), "sd");
  cr_assert_eq(m.min, gsl_stats_min(x, 1, 1000));
  cr_assert_eq(m.max, gsl_stats_max(x, 1, 1000));
}

Test(moments, a_small_spread_about_a_large_mean_is_not_lost) {
  const mnz_moments m = mnz_moments_of((double[]){1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}, 4);
  cr_assert_eq(m.mean, 1e9 + 10);
  assert_near(mnz_moments_sd(&m), sqrt(30), "sd");
}

Test(moments, below_two_values_there_is_no_spread) {
  mnz_moments m = {0};
  cr_assert(isnan(mnz_moments_sd(&m)));
  mnz_moments_add(&m, -3);
  cr_assert(isnan(mnz_moments_sd(&m)));
  cr_assert_eq(m.mean, -3);
  cr_assert_eq(m.min, -3);
  cr_assert_eq(m.max, -3);
}

Test(moments, equal_values_have_exactly_no_spread) {
  mnz_moments m = {0};
  for (int i = 0; i < 1000; i++) mnz_moments_add(&m, 0.1);
  cr_assert_eq(m.mean, 0.1);
  cr_assert_eq(mnz_moments_sd(&m), 0);
}

Test(moments, a_value_that_is_not_defined_adds_nothing) {
  const mnz_moments m = mnz_moments_of((double[]){NAN, 5, NAN, 9, NAN}, 5);
  cr_assert_eq(m.n, 2);
  cr_assert_eq(m.mean, 7);
  cr_assert_eq(m.m2, 8);
  cr_assert_eq(m.min, 5);
  cr_assert_eq(m.max, 9);
}

Test(moments, an_infinite_value_is_in_the_range_and_not_hidden_in_the_mean) {
  const mnz_moments m = mnz_moments_of((double[]){1, INFINITY, 2}, 3);
  cr_assert_eq(m.min, 1);
  cr_assert_eq(m.max, INFINITY);
  cr_assert_not(isfinite(m.mean));
  cr_assert_not(isfinite(m.m2));
}

Test(moments, merged_parts_are_the_whole_wherever_it_is_cut) {
  double x[100];
  fill_exponential(x, 100, 2);
  for (size_t i = 0; i < 100; i++) x[i] += 1e6;
  const mnz_moments whole = mnz_moments_of(x, 100);
  for (size_t cut = 0; cut <= 100; cut++) {
    mnz_moments m = mnz_moments_of(x, cut);
    const mnz_moments rest = mnz_moments_of(x + cut, 100 - cut);
    mnz_moments_merge(&m, &rest);
    cr_assert_eq(m.n, 100);
    assert_near(m.mean, whole.mean, "mean");
    assert_near(m.m2, whole.m2, "m2");
    cr_assert(m.min == whole.min && m.max == whole.max, "cut at %zu", cut);
  }
}

Test(moments, merging_nothing_changes_no_bit) {
  const mnz_moments some = mnz_moments_of((double[]){-0.1, -0.2, -0.4}, 3);
  mnz_moments m = {0};
  mnz_moments_merge(&m, &some);
  cr_assert_eq(memcmp(&m, &some, sizeof m), 0);
  mnz_moments_merge(&m, &(mnz_moments){0});
  cr_assert_eq(memcmp(&m, &some, sizeof m), 0);
}

/* ---- Student's t ---- */

Test(interval, student_takes_the_quantiles_of_the_tables) {
  static const struct {
    uint64_t n;
    double confidence;
    double t;
  } table[] = {
      {2, 0.50, 1},
      {2, 0.95, 12.7062047361747},
      {2, 0.999, 636.619248768719},
      {3, 0.95, 4.30265272974946},
      {5, 0.95, 2.77644510519779},
      {10, 0.80, 1.38302873839663},
      {10, 0.95, 2.2621571627982},
      {30, 0.95, 2.0452296421327},
      {30, 0.999, 3.65940501946633},
      {100, 0.95, 1.98421695158642},
      {1000, 0.99, 2.58075963726764},
      {1000001, 0.95, 1.95996635681411},
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    const double n = (double)table[i].n;
    assert_near(mnz_student_half_width(table[i].n, sqrt(n), table[i].confidence), table[i].t, "t");
    assert_near(mnz_student_half_width(table[i].n, 1, table[i].confidence), table[i].t / sqrt(n), "sd 1");
  }
}

Test(interval, without_a_spread_there_is_no_half_width) {
  cr_assert(isnan(mnz_student_half_width(0, 1, 0.95)));
  cr_assert(isnan(mnz_student_half_width(1, 1, 0.95)));
  cr_assert(isnan(mnz_student_half_width(9, NAN, 0.95)));
}

Test(interval, equal_values_have_a_half_width_of_0) {
  cr_assert_eq(mnz_student_half_width(2, 0, 0.95), 0);
}

Test(interval, a_confidence_of_1_is_a_broken_promise, .signal = SIGABRT) {
  (void)mnz_student_half_width(9, 1, 1);
}

Test(interval, a_confidence_of_0_is_a_broken_promise, .signal = SIGABRT) {
  (void)mnz_wilson(1, 2, 0);
}

/* ---- Wilson: prop.test(correct = FALSE) ---- */

Test(interval, wilson_is_that_of_r) {
  assert_interval(mnz_wilson(1, 10, 0.95), 0.0178762130950729, 0.4041500267952384);
  assert_interval(mnz_wilson(5, 10, 0.95), 0.236593090512564, 0.763406909487436);
  assert_interval(mnz_wilson(37, 250, 0.95), 0.109319823983256, 0.197334018861537);
  assert_interval(mnz_wilson(3, 40, 0.90), 0.030370252611739, 0.173480178736900);
}

Test(interval, wilson_is_not_empty_and_ends_exactly_where_all_or_none_succeed) {
  assert_interval(mnz_wilson(0, 10, 0.95), 0, 0.277532799862889);
  assert_interval(mnz_wilson(10, 10, 0.95), 0.722467200137111, 1);
  assert_interval(mnz_wilson(0, 1, 0.95), 0, 0.793450685622763); /* z^2 / (1 + z^2) */
  for (uint64_t n = 1; n < 1000; n++) {
    cr_assert_eq(mnz_wilson(0, n, 0.95).low, 0);
    cr_assert_eq(mnz_wilson(n, n, 0.95).high, 1);
  }
}

Test(interval, wilson_of_a_share_is_wilson_of_its_count) {
  assert_interval(mnz_wilson_share(0.1, 10, 0.95), 0.0178762130950729, 0.4041500267952384);
  const mnz_interval between = mnz_wilson_share(0.15, 10, 0.95);
  cr_assert(between.low > mnz_wilson(1, 10, 0.95).low && between.low < mnz_wilson(2, 10, 0.95).low);
}

Test(interval, wilson_of_nothing_is_not_defined) {
  assert_undefined(mnz_wilson(0, 0, 0.95));
  assert_undefined(mnz_wilson_share(NAN, 0, 0.95));
}

Test(interval, more_successes_than_trials_are_a_broken_promise, .signal = SIGABRT) {
  (void)mnz_wilson(3, 2, 0.95);
}

/* ---- studentised bootstrap ---- */

static mnz_interval bootstrap(const double *x, size_t n, double confidence, size_t resamples, uint64_t seed,
                              uint32_t object) {
  mnz_interval out;
  mnz_error err;
  cr_assert_eq(mnz_bootstrap_t(x, n, confidence, resamples, seed, object, &out, &err), MNZ_OK, "%s",
               err.message);
  return out;
}

static const double skewed[] = {0.1, 0.4, 0.5, 1.3, 4.0};
enum { SKEWED = 5, MOST_RESAMPLES = 3125 };

static double student_of(const double *x, size_t n, double mean) {
  const double ahead = gsl_stats_mean(x, 1, n) - mean;
  if (gsl_stats_max(x, 1, n) > gsl_stats_min(x, 1, n))
    return ahead / (gsl_stats_sd(x, 1, n) / sqrt((double)n));
  return fabs(ahead) < 1e-9 ? 0 : copysign(INFINITY, ahead);
}

/* t of each of the n^n resamples, ascending; their number. */
static size_t enumerate(const double *x, size_t n, double t[MOST_RESAMPLES]) {
  const size_t all = (size_t)round(pow((double)n, (double)n));
  for (size_t i = 0; i < all; i++) {
    double resample[SKEWED];
    for (size_t k = 0, digits = i; k < n; k++, digits /= n) resample[k] = x[digits % n];
    t[i] = student_of(resample, n, gsl_stats_mean(x, 1, n));
  }
  gsl_sort(t, 1, all);
  return all;
}

/* With 99,999 resamples the share of t beyond an end has a standard error of at most 0.0014: within 4. */
static void assert_ends(const double *x, size_t n, double confidence, uint64_t seed) {
  static double t[MOST_RESAMPLES];
  const double all = (double)enumerate(x, n, t);
  const double tail = (1 - confidence) / 2;
  const mnz_interval found = bootstrap(x, n, confidence, 99999, seed, 0);
  const double mean = gsl_stats_mean(x, 1, n);
  const double error = gsl_stats_sd(x, 1, n) / sqrt((double)n);
  const double low = (mean - found.high) / error;
  const double high = (mean - found.low) / error;
  cr_assert(low >= t[(size_t)((tail - 0.0055) * all)] - 1e-9, "%g", low);
  cr_assert(low <= t[(size_t)((tail + 0.0055) * all)] + 1e-9, "%g", low);
  cr_assert(high >= t[(size_t)((1 - tail - 0.0055) * all)] - 1e-9, "%g", high);
  cr_assert(high <= t[(size_t)((1 - tail + 0.0055) * all)] + 1e-9, "%g", high);
}

/* Seed 3. */
Test(interval, the_bootstrap_ends_where_all_resamples_would_put_it) {
  assert_ends(skewed, SKEWED, 0.9, 3);
  assert_ends(skewed, SKEWED, 0.5, 3);
}

/* Of {-1, 0, 1} one resample in nine is of equal values, and a third of these has the mean itself. */
Test(interval, a_resample_of_equal_values_is_at_the_end_or_in_the_middle) {
  assert_ends((double[]){-1, 0, 1}, 3, 0.5, 3);
  assert_ends((double[]){-1, 0, 1}, 3, 0.1, 3);
}

Test(interval, the_bootstrap_leans_to_the_long_tail) {
  const mnz_interval found = bootstrap(skewed, SKEWED, 0.9, 999, 3, 0);
  cr_assert_gt(found.high - 1.26, 2 * (1.26 - found.low));
}

Test(interval, the_bootstrap_gives_equal_bits_for_equal_arguments_and_no_others) {
  const mnz_interval one = bootstrap(skewed, SKEWED, 0.9, 999, 7, 8);
  const mnz_interval again = bootstrap(skewed, SKEWED, 0.9, 999, 7, 8);
  cr_assert_eq(memcmp(&one, &again, sizeof one), 0);
  cr_assert_neq(one.low, bootstrap(skewed, SKEWED, 0.9, 999, 8, 8).low);
  cr_assert_neq(one.low, bootstrap(skewed, SKEWED, 0.9, 999, 7, 9).low);
}

Test(interval, the_bootstrap_moves_and_turns_with_its_values) {
  double x[20];
  double turned[20];
  fill_exponential(x, 20, 4);
  for (size_t i = 0; i < 20; i++) turned[i] = 100 - 3 * x[i];
  const mnz_interval one = bootstrap(x, 20, 0.9, 999, 7, 8);
  assert_interval(bootstrap(turned, 20, 0.9, 999, 7, 8), 100 - 3 * one.high, 100 - 3 * one.low);
}

Test(interval, the_bootstrap_leaves_out_values_that_are_not_defined) {
  const double holes[] = {NAN, 0.1, 0.4, NAN, 0.5, 1.3, 4.0, NAN};
  const mnz_interval one = bootstrap(skewed, SKEWED, 0.9, 999, 7, 8);
  const mnz_interval other = bootstrap(holes, 8, 0.9, 999, 7, 8);
  cr_assert_eq(memcmp(&one, &other, sizeof one), 0);
}

Test(interval, the_bootstrap_of_equal_values_is_their_mean_twice) {
  assert_interval(bootstrap((double[]){0.1, 0.1, 0.1}, 3, 0.95, 999, 1, 0), 0.1, 0.1);
  assert_interval(bootstrap((double[]){0.1, 0.1, 0.1}, 3, 0.95, 0, 1, 0), 0.1, 0.1);
}

Test(interval, the_bootstrap_of_too_little_or_of_an_infinity_is_not_defined) {
  assert_undefined(bootstrap(NULL, 0, 0.95, 999, 1, 0));
  assert_undefined(bootstrap((double[]){3}, 1, 0.95, 999, 1, 0));
  assert_undefined(bootstrap((double[]){3, NAN}, 2, 0.95, 999, 1, 0));
  assert_undefined(bootstrap((double[]){3, INFINITY, 4}, 3, 0.95, 999, 1, 0));
  assert_undefined(bootstrap((double[]){3, INFINITY, 4}, 3, 0.95, 0, 1, 0));
}

Test(interval, two_values_or_too_few_resamples_bound_nothing) {
  const mnz_interval two = bootstrap((double[]){3, 4}, 2, 0.95, 999, 1, 0);
  cr_assert(two.low == -INFINITY && two.high == INFINITY);
  const mnz_interval none = bootstrap(skewed, SKEWED, 0.95, 0, 1, 0);
  cr_assert(none.low == -INFINITY && none.high == INFINITY);
  const mnz_interval few = bootstrap(skewed, SKEWED, 0.95, 38, 1, 0);
  cr_assert(few.low == -INFINITY && few.high == INFINITY);
  cr_assert(isfinite(bootstrap(skewed, SKEWED, 0.95, 39, 1, 0).low), "39 are enough for 95 %%");
  cr_assert(isfinite(bootstrap(skewed, SKEWED, 0.90, 19, 1, 0).low), "19 are enough for 90 %%");
}

Test(interval, where_one_value_is_rare_its_side_stays_open) {
  const double rare[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  const mnz_interval found = bootstrap(rare, 10, 0.95, 999, 1, 0);
  cr_assert_eq(found.high, INFINITY);
  cr_assert(isfinite(found.low) && found.low < 0.1, "%g", found.low);
}

Test(interval, the_bootstrap_out_of_memory_leaves_the_interval_alone) {
  mnz_interval out = {1, 2};
  mnz_error err;
  cr_assert_eq(mnz_bootstrap_t(skewed, SKEWED, 0.95, SIZE_MAX, 1, 0, &out, &err), MNZ_NO_MEMORY);
  cr_assert_eq(err.status, MNZ_NO_MEMORY);
  assert_interval(out, 1, 2);
}

/* ---- quantiles ---- */

Test(quantile, type_7_is_that_of_r) {
  const double sorted[] = {1, 2, 4, 8, 16};
  static const double p[] = {0, 0.1, 0.5, 0.9, 0.95, 1};
  static const double expected[] = {1, 1.4, 4, 12.8, 14.4, 16};
  for (size_t i = 0; i < 6; i++) assert_near(mnz_quantile(sorted, 5, p[i]), expected[i], "quantile");
}

Test(quantile, one_value_is_each_of_its_quantiles) {
  for (double p = 0; p <= 1; p += 0.125) cr_assert_eq(mnz_quantile((double[]){7}, 1, p), 7);
}

Test(quantile, between_equal_values_is_their_value) {
  static const double values[] = {0.1, 1. / 3, 0.7, 12.3, 4848.123, -0.9};
  for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
    double sorted[59];
    for (int i = 0; i < 59; i++) sorted[i] = values[v];
    for (int k = 0; k <= 1000; k++)
      cr_assert_eq(mnz_quantile(sorted, 59, k / 1000.), values[v], "%g, %d", values[v], k);
  }
}

Test(quantile, of_nothing_is_not_defined_and_not_bounded) {
  cr_assert(isnan(mnz_quantile(NULL, 0, 0.5)));
  const mnz_interval found = mnz_quantile_interval(NULL, 0, 0.5, 0.95);
  cr_assert(found.low == -INFINITY && found.high == INFINITY);
}

Test(quantile, a_probability_above_1_is_a_broken_promise, .signal = SIGABRT) {
  (void)mnz_quantile((double[]){7}, 1, 1.5);
}

static void assert_ranks(mnz_ranks found, size_t low, size_t high, double coverage) {
  cr_assert(found.low == low && found.high == high, "%zu .. %zu", found.low, found.high);
  assert_near(found.coverage, coverage, "coverage");
}

/* From scipy. */
Test(quantile, ranks_are_those_of_the_binomial) {
  assert_ranks(mnz_quantile_ranks(100, 0.95, 0.95), 90, 100, 0.9826070607121812);
  assert_ranks(mnz_quantile_ranks(1000, 0.99, 0.95), 983, 997, 0.976094763497978);
  assert_ranks(mnz_quantile_ranks(200, 0.05, 0.95), 4, 17, 0.9671521638567258);
}

/* The sum of probabilities rather than the incomplete beta function. */
static double at_most(int k, double p, unsigned n) {
  double sum = 0;
  for (int i = 0; i <= k; i++) sum += gsl_ran_binomial_pdf((unsigned)i, p, n);
  return sum;
}

Test(quantile, ranks_are_the_nearest_that_reach_the_confidence_on_either_side) {
  for (unsigned n = 1; n <= 70; n += 3)
    for (int tenth = 1; tenth <= 9; tenth++) {
      const double p = tenth / 10.0;
      const mnz_ranks r = mnz_quantile_ranks(n, p, 0.9);
      const int low = (int)r.low;
      const int high = (int)r.high;
      cr_assert(at_most(low - 1, p, n) < 0.05 && at_most(low, p, n) >= 0.05, "low %d of %u", low, n);
      cr_assert(1 - at_most(high - 1, p, n) <= 0.05 && (high == 1 || 1 - at_most(high - 2, p, n) > 0.05),
                "high %d of %u", high, n);
      cr_assert_float_eq(r.coverage, at_most(high - 1, p, n) - at_most(low - 1, p, n), 1e-12);
    }
}

/* Wilks: the largest of 59 values is above the 95 % quantile with 95 %, that of 58 is not. */
Test(quantile, fifty_nine_values_are_the_least_that_bound_the_95th_percentile) {
  cr_assert_eq(mnz_quantile_ranks(58, 0.95, 0.9).high, 59);
  cr_assert_eq(mnz_quantile_ranks(59, 0.95, 0.9).high, 59);
}

Test(quantile, the_ends_of_the_range_are_bounded_on_one_side) {
  const double sorted[] = {1, 2, 3};
  const mnz_interval least = mnz_quantile_interval(sorted, 3, 0, 0.95);
  cr_assert(least.low == -INFINITY && least.high == 1);
  const mnz_interval greatest = mnz_quantile_interval(sorted, 3, 1, 0.95);
  cr_assert(greatest.low == 3 && greatest.high == INFINITY);
  assert_ranks(mnz_quantile_ranks(3, 0, 0.95), 0, 1, 1);
  assert_ranks(mnz_quantile_ranks(3, 1, 0.95), 3, 4, 1);
}

Test(quantile, the_interval_is_the_values_of_its_ranks) {
  double sorted[100];
  for (int i = 0; i < 100; i++) sorted[i] = 10 * (i + 1);
  const mnz_interval found = mnz_quantile_interval(sorted, 100, 0.95, 0.95);
  cr_assert(found.low == 900 && found.high == 1000);
}

Test(quantile, ties_give_an_interval_of_one_value) {
  double sorted[100];
  for (int i = 0; i < 100; i++) sorted[i] = 5;
  const mnz_interval found = mnz_quantile_interval(sorted, 100, 0.95, 0.95);
  cr_assert(found.low == 5 && found.high == 5);
}

/* ---- tails ---- */

static void fill_powers(double x[100]) {
  for (int i = 0; i < 100; i++) x[i] = pow(i + 1, 1.5);
}

Test(tail, the_worst_five_of_a_hundred_have_the_known_mean_and_error) {
  double x[100];
  fill_powers(x);
  const mnz_tail found = mnz_cvar(x, 100, 0.95, true);
  assert_near(found.var, 925.9454627568515, "var");
  assert_near(found.cvar, 970.2262669052919, "cvar");
  assert_near(found.se, 21.573183607433535, "se");
}

Test(tail, the_lower_one_is_the_mirror_image) {
  double x[100];
  double mirrored[100];
  fill_powers(x);
  for (size_t i = 0; i < 100; i++) mirrored[i] = -x[99 - i];
  const mnz_tail found = mnz_cvar(mirrored, 100, 0.95, false);
  assert_near(found.var, -925.9454627568515, "var");
  assert_near(found.cvar, -970.2262669052919, "cvar");
  assert_near(found.se, 21.573183607433535, "se");
}

Test(tail, a_value_on_the_border_counts_for_its_share) {
  const double x[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const mnz_tail found = mnz_cvar(x, 10, 0.85, true);
  cr_assert_eq(found.var, 9);
  assert_near(found.cvar, (10 + 0.5 * 9) / 1.5, "cvar");
}

Test(tail, the_whole_is_the_mean_with_its_standard_error) {
  double x[100];
  fill_powers(x);
  for (int upper = 0; upper <= 1; upper++) {
    const mnz_tail found = mnz_cvar(x, 100, 0, upper);
    cr_assert_eq(found.var, upper ? x[0] : x[99]);
    assert_near(found.cvar, gsl_stats_mean(x, 1, 100), "cvar");
    assert_near(found.se, gsl_stats_sd(x, 1, 100) / 10, "se");
  }
}

/* 0.07 * 100 is a little more than 7, 0.57 * 100 a little less than 57. */
Test(tail, a_whole_rank_is_met_however_the_product_is_rounded) {
  double x[100];
  for (int i = 0; i < 100; i++) x[i] = i + 1;
  for (int percent = 1; percent < 100; percent++)
    cr_assert_eq(mnz_cvar(x, 100, percent / 100.0, true).var, percent);
}

Test(tail, nothing_is_known_beyond_the_last_value) {
  const double x[] = {1, 2, 3, 4};
  const mnz_tail found = mnz_cvar(x, 4, 0.9, true);
  cr_assert(found.var == 4 && found.cvar == 4);
  cr_assert(isnan(found.se));
  cr_assert_not(isnan(mnz_cvar(x, 4, 0.75, true).se), "one of four is the worst quarter");
}

Test(tail, of_nothing_or_one_value_has_no_error) {
  const mnz_tail none = mnz_cvar(NULL, 0, 0.95, true);
  cr_assert(isnan(none.var) && isnan(none.cvar) && isnan(none.se));
  const mnz_tail one = mnz_cvar((double[]){5}, 1, 0.95, false);
  cr_assert(one.var == 5 && one.cvar == 5 && isnan(one.se));
}

Test(tail, of_equal_values_is_that_value) {
  double x[40];
  for (int i = 0; i < 40; i++) x[i] = 0.1;
  const mnz_tail found = mnz_cvar(x, 40, 0.95, true);
  cr_assert(found.var == 0.1 && found.cvar == 0.1 && found.se == 0);
}
