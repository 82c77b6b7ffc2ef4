/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sample says of time: survival, warm-up, batches of a long run. */
#include "random_bench.h"

#include <signal.h>

#include "stats/interval.h"
#include "stats/survival.h"
#include "stats/warmup.h"

TestSuite(survival, .init = no_handler);
TestSuite(warmup, .init = no_handler);

/* ---- survival ---- */

/* Weeks of remission of 21 patients on 6-mercaptopurine (Freireich et al. 1963), in no order. */
static const double weeks[] = {10, 6, 7, 32, 23, 22, 6, 16, 34, 32, 25, 11, 20, 19, 6, 17, 35, 6, 13, 9, 10};
static const bool relapsed[] = {1, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0};
enum { PATIENTS = 21, MOST_AT = 8 };

typedef struct curves {
  double survival[MOST_AT];
  double low[MOST_AT];
  double high[MOST_AT];
} curves;

static curves watch(const double *time, const bool *seen, size_t n, const double *at, size_t n_at,
                    double confidence) {
  curves out;
  cr_assert_eq(mnz_kaplan_meier(time, seen, n, at, n_at, confidence, out.survival, out.low, out.high, NULL),
               MNZ_OK);
  return out;
}

/* survfit(conf.type = "log-log") of R's survival 3.5. */
Test(survival, remission_lasts_as_in_the_textbooks) {
  static const double at[] = {6, 7, 10, 13, 16, 22, 23, 35};
  static const double expected[][3] = {
      {0.857142857143, 0.619717955266, 0.951551747647}, {0.806722689076, 0.563146564622, 0.922809019203},
      {0.752941176471, 0.503199510800, 0.889361835169}, {0.690196078431, 0.431610222486, 0.849065963349},
      {0.627450980392, 0.367510855988, 0.804912189472}, {0.537815126050, 0.267778936767, 0.746790717635},
      {0.448179271709, 0.188052005959, 0.680142628495}, {0.448179271709, 0.188052005959, 0.680142628495}};
  const curves found = watch(weeks, relapsed, PATIENTS, at, 8, 0.95);
  for (size_t j = 0; j < 8; j++) {
    assert_near(found.survival[j], expected[j][0], "survival");
    assert_near(found.low[j], expected[j][1], "low");
    assert_near(found.high[j], expected[j][2], "high");
  }
  const curves narrow = watch(weeks, relapsed, PATIENTS, at, 1, 0.9);
  assert_near(narrow.low[0], 0.671106780592, "low");
  assert_near(narrow.high[0], 0.942159405720, "high");
}

Test(survival, the_curve_steps_at_the_event_and_not_before) {
  const curves found = watch(weeks, relapsed, PATIENTS, (double[]){-1, 5.999, 6, 6, 6.5}, 5, 0.95);
  cr_assert(found.survival[0] == 1 && found.survival[1] == 1);
  assert_near(found.survival[2], 18.0 / 21, "at the event");
  cr_assert(found.survival[3] == found.survival[2] && found.survival[4] == found.survival[2]);
}

Test(survival, without_censoring_it_is_the_share_still_to_come) {
  const double time[] = {8, 1, 2, 8, 12, 1, 11, 2, 8};
  const bool seen[] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
  const curves found = watch(time, seen, 9, (double[]){1, 2, 8, 11}, 4, 0.95);
  static const double expected[][3] = {{7.0 / 9, 0.36475123116547, 0.939296442487},
                                       {5.0 / 9, 0.20424177563882, 0.804525015879},
                                       {2.0 / 9, 0.03371145505070, 0.513068323900},
                                       {1.0 / 9, 0.00612924165463, 0.387664758009}};
  for (size_t j = 0; j < 4; j++) {
    assert_near(found.survival[j], expected[j][0], "survival");
    assert_near(found.low[j], expected[j][1], "low");
    assert_near(found.high[j], expected[j][2], "high");
  }
}

Test(survival, before_the_first_event_the_band_is_wilson_of_those_watched) {
  const double time[] = {3, 5, 10, 10, 10};
  const bool seen[] = {0, 1, 0, 0, 0};
  const curves found = watch(time, seen, 5, (double[]){1, 3, 4, 5}, 4, 0.95);
  for (size_t j = 0; j < 3; j++) cr_assert(found.survival[j] == 1 && found.high[j] == 1);
  assert_near(found.low[0], mnz_wilson(5, 5, 0.95).low, "all five");
  assert_near(found.low[1], mnz_wilson(5, 5, 0.95).low, "a watch that ends now was on till now");
  assert_near(found.low[2], mnz_wilson(4, 4, 0.95).low, "four");
  assert_near(found.survival[3], 0.75, "an event");
  cr_assert_lt(found.high[3], 1);
}

Test(survival, after_the_last_event_the_band_ends_at_0) {
  const double time[] = {1, 2, 3};
  const bool seen[] = {1, 1, 1};
  const curves found = watch(time, seen, 3, (double[]){2, 3, 100}, 3, 0.95);
  for (size_t j = 1; j < 3; j++) {
    cr_assert(found.survival[j] == 0 && found.low[j] == 0);
    assert_near(found.high[j], found.high[0] * mnz_wilson(0, 1, 0.95).high, "high");
  }
}

Test(survival, one_day_for_all_is_none_of_all) {
  const double time[] = {4, 4, 4, 4};
  const bool seen[] = {1, 1, 1, 1};
  const curves found = watch(time, seen, 4, (double[]){3, 4}, 2, 0.95);
  cr_assert_eq(found.survival[0], 1);
  cr_assert_eq(found.survival[1], 0);
  assert_near(found.high[1], mnz_wilson(0, 4, 0.95).high, "high");
}

Test(survival, at_the_horizon_it_is_known_and_beyond_it_is_not) {
  const double time[] = {10, 10, 10};
  const bool seen[] = {0, 0, 0};
  const curves found = watch(time, seen, 3, (double[]){10, 10.001}, 2, 0.95);
  cr_assert_eq(found.survival[0], 1);
  assert_near(found.low[0], mnz_wilson(3, 3, 0.95).low, "low");
  cr_assert(isnan(found.survival[1]) && isnan(found.low[1]) && isnan(found.high[1]));
}

Test(survival, a_watch_that_ends_with_an_event_was_still_on) {
  const double time[] = {5, 5, 9};
  const bool seen[] = {0, 1, 0};
  assert_near(watch(time, seen, 3, (double[]){5}, 1, 0.95).survival[0], 2.0 / 3, "survival");
}

Test(survival, times_that_are_not_defined_are_left_out) {
  const double time[] = {NAN, 5, NAN, 9};
  const bool seen[] = {1, 1, 0, 0};
  cr_assert_eq(watch(time, seen, 4, (double[]){5}, 1, 0.95).survival[0], 0.5);
}

Test(survival, of_nothing_is_not_defined) {
  const curves found = watch(NULL, NULL, 0, (double[]){5}, 1, 0.95);
  cr_assert(isnan(found.survival[0]) && isnan(found.low[0]) && isnan(found.high[0]));
  const curves none = watch((double[]){NAN}, (bool[]){1}, 1, (double[]){5}, 1, 0.95);
  cr_assert(isnan(none.survival[0]));
}

Test(survival, out_of_memory_leaves_the_curve_alone) {
  double survival = 7;
  double low = 8;
  double high = 9;
  cr_assert_eq(mnz_kaplan_meier(weeks, relapsed, SIZE_MAX, weeks, 1, 0.95, &survival, &low, &high, NULL),
               MNZ_NO_MEMORY);
  cr_assert(survival == 7 && low == 8 && high == 9);
}

Test(survival, asking_backwards_is_a_broken_promise, .signal = SIGABRT) {
  (void)watch(weeks, relapsed, PATIENTS, (double[]){2, 1}, 2, 0.95);
}

/* ---- warm-up ---- */

/* What is expected of these two was reckoned in Python from the definition: the cut, of whole batches up to
 * half of them, at which sum((y - mean)^2) / n^2 of what is left is least. */
enum { SETTLING = 500, STEP = 1000 };

static void fill_settling(double x[SETTLING]) {
  for (int i = 0; i < SETTLING; i++) x[i] = 10 + 5 * exp(-i / 20.0) + ((7 * i * i + 3 * i) % 101 - 50) / 50.0;
}

static void fill_step(double x[STEP]) {
  for (int i = 0; i < STEP; i++) x[i] = (i < 100 ? 0 : 1) + ((13 * i) % 17 - 8) / 100.0;
}

Test(warmup, mser_5_cuts_the_settling_series_at_55) {
  double x[SETTLING];
  fill_settling(x);
  const mnz_mser found = mnz_mser_cut(x, SETTLING, 5);
  cr_assert_eq(found.cut, 55);
  cr_assert_float_eq(found.statistic, 0.0009291160, 5e-11);
  cr_assert_float_eq(found.mean, 9.9546830057, 5e-11);
  cr_assert_not(found.too_short);
}

Test(warmup, mser_1_cuts_the_settling_series_at_38) {
  double x[SETTLING];
  fill_settling(x);
  cr_assert_eq(mnz_mser_cut(x, SETTLING, 1).cut, 38);
}

Test(warmup, mser_5_cuts_a_step_where_it_is) {
  double x[STEP];
  fill_step(x);
  const mnz_mser found = mnz_mser_cut(x, STEP, 5);
  cr_assert_eq(found.cut, 100);
  cr_assert_float_eq(found.statistic, 0.000000887150, 5e-13);
  cr_assert_not(found.too_short);
}

Test(warmup, a_series_that_only_rises_is_too_short) {
  double x[200];
  for (int i = 0; i < 200; i++) x[i] = i;
  const mnz_mser found = mnz_mser_cut(x, 200, 5);
  cr_assert_eq(found.cut, 100);
  cr_assert(found.too_short);
}

Test(warmup, a_constant_series_has_nothing_to_cut) {
  double x[40];
  for (int i = 0; i < 40; i++) x[i] = 0.1;
  const mnz_mser found = mnz_mser_cut(x, 40, 5);
  cr_assert(found.cut == 0 && found.statistic == 0 && !found.too_short);
  assert_near(found.mean, 0.1, "mean");
}

/* The cut is taken from whole batches, the mean from all values behind it. */
Test(warmup, the_values_behind_the_last_batch_are_in_the_mean) {
  double x[42];
  for (int i = 0; i < 42; i++) x[i] = i < 40 ? 1 : 22;
  const mnz_mser found = mnz_mser_cut(x, 42, 5);
  cr_assert_eq(found.cut, 0);
  assert_near(found.mean, 2, "mean");
}

Test(warmup, fewer_than_two_batches_or_a_hole_say_nothing) {
  double x[42];
  for (int i = 0; i < 42; i++) x[i] = i;
  for (size_t n = 0; n < 10; n++) {
    const mnz_mser found = mnz_mser_cut(x, n, 5);
    cr_assert(found.cut == 0 && isnan(found.statistic) && isnan(found.mean) && found.too_short, "%zu", n);
  }
  for (size_t hole = 0; hole < 42; hole += 41) {
    x[hole] = NAN;
    const mnz_mser found = mnz_mser_cut(x, 42, 5);
    cr_assert(found.cut == 0 && isnan(found.statistic) && isnan(found.mean) && found.too_short, "%zu", hole);
    x[hole] = (double)hole;
  }
}

Test(warmup, a_batch_of_nothing_is_a_broken_promise, .signal = SIGABRT) {
  (void)mnz_mser_cut((double[]){1, 2}, 2, 0);
}

/* ---- batch means ---- */

Test(warmup, batch_means_are_those_of_r) {
  double x[103];
  for (int i = 0; i < 103; i++) x[i] = ((7 * i * i + 3 * i) % 101 - 50) / 50.0 + i / 100.0;
  const mnz_batches found = mnz_batch_means(x, 103, 10, 0.95);
  cr_assert_eq(found.size, 10);
  assert_near(found.mean, 0.4676, "mean, without the first three");
  assert_near(found.half_width, 0.2359864021285132, "half-width");
  assert_near(found.lag1, 0.6305667287847843, "lag 1");
  assert_near(found.p_value, 0.0100295432129904, "p");
}

Test(warmup, batches_that_swing_are_not_refused) {
  double x[200];
  for (int i = 0; i < 200; i++) x[i] = (i / 10) % 2;
  const mnz_batches found = mnz_batch_means(x, 200, 20, 0.95);
  assert_near(found.lag1, -0.95, "lag 1");
  cr_assert_gt(found.p_value, 0.9999);
}

Test(warmup, few_batches_have_no_test_and_one_has_no_spread) {
  double x[24];
  for (int i = 0; i < 24; i++) x[i] = i;
  const mnz_batches eight = mnz_batch_means(x, 24, 8, 0.95);
  cr_assert_not(isnan(eight.p_value));
  const mnz_batches seven = mnz_batch_means(x, 24, 7, 0.95);
  cr_assert(isnan(seven.p_value) && !isnan(seven.lag1));
  const mnz_batches one = mnz_batch_means(x, 24, 1, 0.95);
  assert_near(one.mean, 11.5, "mean");
  cr_assert(isnan(one.half_width) && isnan(one.lag1) && isnan(one.p_value));
}

Test(warmup, fewer_values_than_batches_or_a_hole_give_nothing) {
  double x[40] = {0};
  const mnz_batches none = mnz_batch_means(x, 9, 10, 0.95);
  cr_assert(none.size == 0 && isnan(none.mean) && isnan(none.half_width) && isnan(none.lag1));
  x[17] = NAN;
  const mnz_batches hole = mnz_batch_means(x, 40, 10, 0.95);
  cr_assert(isnan(hole.mean) && isnan(hole.half_width) && isnan(hole.lag1) && isnan(hole.p_value));
}

Test(warmup, equal_batches_are_exact_and_have_no_correlation) {
  double x[40] = {0};
  const mnz_batches found = mnz_batch_means(x, 40, 10, 0.95);
  cr_assert(found.mean == 0 && found.half_width == 0);
  cr_assert(isnan(found.lag1) && isnan(found.p_value));
}
