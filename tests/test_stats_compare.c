/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two scenarios side by side, many comparisons at once, and when there are runs enough. Where nothing else
 * is said, the expected values are those of R 4.2. */
#include "random_bench.h"

#include <signal.h>
#include <stdlib.h>

#include "stats/compare.h"
#include "stats/precision.h"

TestSuite(compare, .init = no_handler);
TestSuite(precision, .init = no_handler);

/* ---- Holm ---- */

static void assert_holm(const double *p, const double *expected, size_t n) {
  double adjusted[8];
  mnz_holm(p, n, adjusted);
  for (size_t i = 0; i < n; i++) {
    if (isnan(expected[i]))
      cr_assert(isnan(adjusted[i]), "%zu: %g", i, adjusted[i]);
    else
      assert_near(adjusted[i], expected[i], "adjusted");
  }
}

Test(compare, holm_multiplies_by_those_still_left) {
  assert_holm((double[]){.01, .02, .03, .04}, (double[]){.04, .06, .06, .06}, 4);
  assert_holm((double[]){.04, .03, .02, .01}, (double[]){.06, .06, .06, .04}, 4);
}

Test(compare, holm_does_not_count_what_is_not_defined) {
  assert_holm((double[]){.04, NAN, .01, .04, .6, .0005, NAN}, (double[]){.12, NAN, .04, .12, .6, .0025, NAN},
              7);
  assert_holm((double[]){NAN, NAN}, (double[]){NAN, NAN}, 2);
}

Test(compare, holm_stays_between_0_and_1) {
  assert_holm((double[]){.9, 0, 1, .5}, (double[]){1, 0, 1, 1}, 4);
}

Test(compare, holm_leaves_a_single_one_alone) {
  assert_holm((double[]){.03}, (double[]){.03}, 1);
  mnz_holm(NULL, 0, NULL);
}

/* ---- pairs ---- */

static mnz_paired compare(const double *a, const double *b, size_t n) {
  mnz_paired out;
  mnz_error err;
  cr_assert_eq(mnz_paired_compare(a, b, n, 0.95, &out, &err), MNZ_OK, "%s", err.message);
  return out;
}

/* Extra hours of sleep of ten patients under two drugs (Student 1908): one difference is 0, two are 1.3. */
static const double drug_a[] = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
static const double drug_b[] = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

Test(compare, students_own_pairs_give_his_result) {
  const mnz_paired found = compare(drug_a, drug_b, 10);
  cr_assert_eq(found.n, 10);
  assert_near(found.mean_a, 0.75, "mean of a");
  assert_near(found.mean_b, 2.33, "mean of b");
  assert_near(found.difference, 1.58, "difference");
  assert_near(found.half_width, 0.87988576327698242, "half-width");
  assert_near(found.p_student, 0.00283289019738427, "t");
  assert_near(found.p_wilcoxon, 0.00909069801592506, "signed rank");
  assert_near(found.correlation, 0.79517020583357778, "correlation");
  assert_near(found.variance_reduction, 4.76542303172738002, "variance reduction");
  assert_near(found.win, 0.95, "nine wins and a tie");
  const mnz_interval win = mnz_wilson_share(0.95, 10, 0.95);
  assert_near(found.win_interval.low, win.low, "low");
  assert_near(found.win_interval.high, win.high, "high");
}

Test(compare, turned_round_only_signs_and_winners_change) {
  const mnz_paired one = compare(drug_a, drug_b, 10);
  const mnz_paired other = compare(drug_b, drug_a, 10);
  assert_near(other.difference, -one.difference, "difference");
  assert_near(other.win, 1 - one.win, "win");
  assert_near(other.win_interval.high, 1 - one.win_interval.low, "win, high");
  assert_near(other.half_width, one.half_width, "half-width");
  assert_near(other.p_student, one.p_student, "t");
  assert_near(other.p_wilcoxon, one.p_wilcoxon, "signed rank");
  assert_near(other.variance_reduction, one.variance_reduction, "variance reduction");
}

Test(compare, a_pair_with_a_hole_is_left_out) {
  const double a[] = {NAN, 1, 5, NAN, 2, INFINITY};
  const double b[] = {3, 2, NAN, NAN, 5, INFINITY};
  const mnz_paired found = compare(a, b, 6);
  const mnz_paired whole = compare((double[]){1, 2}, (double[]){2, 5}, 2);
  cr_assert_eq(found.n, 2);
  cr_assert_eq(memcmp(&found, &whole, sizeof found), 0);
}

Test(compare, no_pair_says_nothing) {
  const mnz_paired found = compare(NULL, NULL, 0);
  cr_assert_eq(found.n, 0);
  cr_assert(isnan(found.mean_a) && isnan(found.mean_b) && isnan(found.difference));
  cr_assert(isnan(found.half_width) && isnan(found.p_student) && isnan(found.p_wilcoxon));
  cr_assert(isnan(found.correlation) && isnan(found.variance_reduction));
  cr_assert(isnan(found.win) && isnan(found.win_interval.low) && isnan(found.win_interval.high));
}

Test(compare, one_pair_has_means_and_a_winner) {
  const mnz_paired found = compare((double[]){3}, (double[]){5}, 1);
  cr_assert(found.mean_a == 3 && found.mean_b == 5 && found.difference == 2 && found.win == 1);
  cr_assert(isnan(found.half_width) && isnan(found.p_student));
  cr_assert(isnan(found.correlation) && isnan(found.variance_reduction));
  cr_assert_eq(found.p_wilcoxon, 1);
}

Test(compare, the_same_twice_leaves_nothing_to_test) {
  const mnz_paired found = compare(drug_a, drug_a, 10);
  cr_assert(found.difference == 0 && found.half_width == 0 && found.win == 0.5);
  cr_assert(isnan(found.p_student) && isnan(found.p_wilcoxon));
  assert_near(found.correlation, 1, "correlation");
  cr_assert_eq(found.variance_reduction, INFINITY);
}

Test(compare, the_same_difference_everywhere_says_what_the_signs_say) {
  const mnz_paired found = compare((double[]){1, 2, 4, 8}, (double[]){2, 3, 5, 9}, 4);
  cr_assert(found.difference == 1 && found.half_width == 0);
  cr_assert_eq(found.p_student, 0.125, "four of four go one way: two of sixteen ways");
  cr_assert_eq(found.variance_reduction, INFINITY);
}

Test(compare, what_does_not_vary_has_no_correlation) {
  const mnz_paired one = compare((double[]){1, 1, 1}, (double[]){2, 3, 4}, 3);
  cr_assert(isnan(one.correlation));
  assert_near(one.variance_reduction, 1, "variance reduction");
  const mnz_paired both = compare((double[]){1, 1, 1}, (double[]){2, 2, 2}, 3);
  cr_assert(isnan(both.correlation) && isnan(both.variance_reduction));
}

Test(compare, out_of_memory_leaves_the_comparison_alone) {
  mnz_paired out = {.n = 7};
  cr_assert_eq(mnz_paired_compare(drug_a, drug_b, SIZE_MAX, 0.95, &out, NULL), MNZ_NO_MEMORY);
  cr_assert_eq(out.n, 7);
}

/* ---- Wilcoxon ---- */

/* Against a = 0, so that b is the difference. */
static double wilcoxon(const double *difference, size_t n) {
  static const double zeros[64] = {0};
  return compare(zeros, difference, n).p_wilcoxon;
}

/* Sizes 1 .. n, each fourth of them negative. */
static double wilcoxon_of_fourths(size_t n) {
  double d[64];
  for (size_t i = 0; i < n; i++) d[i] = (i + 1) % 4 == 0 ? -(double)(i + 1) : (double)(i + 1);
  return wilcoxon(d, n);
}

/* Hollander and Wolfe, "Nonparametric statistical methods": depression before and after a tranquilliser. */
Test(compare, wilcoxon_is_exact_for_nine_patients) {
  static const double before[] = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
  static const double after[] = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
  const mnz_paired found = compare(before, after, 9);
  cr_assert_eq(found.p_wilcoxon, 0.0390625);
  assert_near(found.p_student, 0.0161766274349081, "t");
}

Test(compare, wilcoxon_is_exact_up_to_25_and_normal_from_26_on) {
  assert_near(wilcoxon_of_fourths(5), 0.4375, "5");
  assert_near(wilcoxon_of_fourths(25), 0.0341737866401672, "25");
  assert_near(wilcoxon_of_fourths(26), 0.0208209308673834, "26");
}

Test(compare, wilcoxon_shares_ranks_among_ties_and_drops_zeros) {
  assert_near(wilcoxon((double[]){1, 1, 2, -2, 3, 0, 0, 4, -1, 5, 5, -3}, 12), 0.151702685856888, "ties");
  assert_near(wilcoxon((double[]){0, 0, 1, 2, 3, -4, 5, 0}, 8), 0.4375, "exact when the zeros are gone");
}

Test(compare, wilcoxon_of_a_few_is_counted_on_fingers) {
  assert_near(wilcoxon((double[]){3}, 1), 1, "1");
  assert_near(wilcoxon((double[]){3, 1, 2}, 3), 2.0 / 8, "3");
  assert_near(wilcoxon((double[]){-3, -1, -2}, 3), 2.0 / 8, "-3");
  assert_near(wilcoxon((double[]){3, -1, 2}, 3), 4.0 / 8, "3, one against");
  assert_near(wilcoxon((double[]){3, -1, -2}, 3), 1, "balanced");
  assert_near(wilcoxon((double[]){-1, 1}, 2), 1, "balanced, tied");
}

/* ---- precision ---- */

static mnz_moments spread(uint64_t n, double mean, double half_width) {
  const double sd = half_width / mnz_student_half_width(n, 1, 0.95);
  return (mnz_moments){.n = n, .mean = mean, .m2 = sd * sd * (double)(n - 1)};
}

static bool enough(mnz_moments m, bool relative, double width) {
  return mnz_precise_enough(&m, 0.95, (mnz_target){relative, width});
}

Test(precision, absolute_is_a_half_width) {
  cr_assert(enough(spread(50, 1000, 1.99), false, 2));
  cr_assert_not(enough(spread(50, 1000, 2.01), false, 2));
  cr_assert(enough(spread(50, 0, 1.99), false, 2));
}

/* 0.05 / 1.05 = 0.047619 of the mean. */
Test(precision, relative_is_a_share_of_the_true_mean_wherever_it_is) {
  cr_assert(enough(spread(50, 100, 4.76), true, 0.05));
  cr_assert_not(enough(spread(50, 100, 4.77), true, 0.05));
  cr_assert(enough(spread(50, -100, 4.76), true, 0.05));
}

Test(precision, a_mean_of_0_with_a_spread_reaches_no_relative_target) {
  cr_assert_not(enough(spread(1000000, 0, 1e-9), true, 0.5));
}

Test(precision, below_two_values_nothing_is_precise) {
  cr_assert_not(enough((mnz_moments){0}, false, 1e9));
  cr_assert_not(enough((mnz_moments){.n = 1, .mean = 5}, false, 1e9));
  cr_assert_not(mnz_precise_enough(&(mnz_moments){.n = 1}, 0.01, (mnz_target){false, 1}));
}

Test(precision, equal_values_are_believed_from_the_59th_on) {
  for (int relative = 0; relative <= 1; relative++) {
    cr_assert_not(enough((mnz_moments){.n = 58, .mean = 5}, relative, 0.05));
    cr_assert(enough((mnz_moments){.n = 59, .mean = 5}, relative, 0.05));
    cr_assert_eq(enough((mnz_moments){.n = 59, .mean = 0}, relative, 0.05), !relative,
                 "a share of nothing is nothing");
  }
}

Test(precision, what_is_not_finite_is_not_precise) {
  cr_assert_not(enough((mnz_moments){.n = 100, .mean = INFINITY, .m2 = NAN}, false, 1));
  cr_assert_not(enough((mnz_moments){.n = 100, .mean = INFINITY, .m2 = 1}, true, 1));
  cr_assert_not(enough((mnz_moments){.n = 100, .mean = 1, .m2 = INFINITY}, true, 1));
}

Test(precision, a_negative_width_is_a_broken_promise, .signal = SIGABRT) {
  (void)enough(spread(50, 100, 5), false, -1);
}
