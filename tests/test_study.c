/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios side by side, with replications that are made up. */
#include "study_bench.h"

#include <criterion/criterion.h>
#include <gsl/gsl_errno.h>

#include "stats/compare.h"

static void no_handler(void) {
  (void)gsl_set_error_handler_off();
}

TestSuite(study, .init = no_handler);

static const char *const two[] = {"Nd", "Dy"};
static const char *const turned[] = {"Dy", "Nd"};
static const char *const with_tb[] = {"Tb", "Nd", "Dy"};

static mnz_comparison *compare_all(const mnz_compare_input *inputs, size_t n) {
  const mnz_compare_options options = mnz_compare_options_default();
  mnz_comparison *c = NULL;
  mnz_error err = {0};
  cr_assert_eq(mnz_compare(inputs, n, &options, &c, &err), MNZ_OK, "%s", err.message);
  return c;
}

static mnz_comparison *compare(const made_up *a, const made_up *b) {
  const mnz_compare_input inputs[] = {{"a", &a->rows}, {"b", &b->rows}};
  return compare_all(inputs, 2);
}

static size_t cell_of(const mnz_comparison *c, const char *measure, const char *label) {
  for (size_t i = 0; i < c->n_cells; i++)
    if (strcmp(c->cells[i].measure, measure) == 0 && strcmp(c->cells[i].labels[0], label) == 0) return i;
  cr_assert_fail("no %s of %s", measure, label);
  return 0;
}

/* Of the second scenario. */
static double at(const mnz_comparison *c, mnz_compared what, const char *measure, const char *label) {
  return mnz_comparison_at(c, what, cell_of(c, measure, label), 1);
}

static void assert_near(double found, double expected) {
  cr_assert_float_eq(found, expected, 1e-9, "%.12g is not %.12g", found, expected);
}

/* Two scenarios of four replications and one measure, more of it worse. */
static void set_up(made_up *a, made_up *b, const char *const *labels_b, size_t n_b) {
  make_up(a, 4, two, 2);
  make_up(b, 4, labels_b, n_b);
  add_measure(a, "short", "t", MNZ_MORE_IS_WORSE);
  add_measure(b, "short", "t", MNZ_MORE_IS_WORSE);
}

/* ---- figures ---- */

Test(study, tells_the_mean_of_the_pairs_differences) {
  made_up a, b;
  set_up(&a, &b, two, 2);
  fill(&a, 0, 1, (double[]){1, 2, 3, 4});
  fill(&b, 0, 1, (double[]){2, 4, 4, 6});
  mnz_comparison *c = compare(&a, &b);
  cr_assert_eq(c->replications, 4);
  cr_assert_eq(c->n_cells, 2);
  assert_near(at(c, MNZ_COMPARED_MEAN, "short", "Dy"), 4);
  assert_near(at(c, MNZ_COMPARED_DIFFERENCE, "short", "Dy"), 1.5);
  assert_near(at(c, MNZ_COMPARED_DIFFERENCE_HALF_WIDTH, "short", "Dy"), 0.9186931155); /* R: t.test(paired) */
  assert_near(at(c, MNZ_COMPARED_DIFFERENCE_LOW, "short", "Dy"), 1.5 - 0.9186931155);
  assert_near(at(c, MNZ_COMPARED_P, "short", "Dy"), 0.0138468330);
  assert_near(at(c, MNZ_COMPARED_GAIN, "short", "Dy"), (5. / 3 + 8. / 3) / (1. / 3));
  mnz_comparison_free(c);
}

Test(study, leaves_the_baseline_without_a_difference) {
  made_up a, b;
  set_up(&a, &b, two, 2);
  mnz_comparison *c = compare(&a, &b);
  cr_assert_eq(mnz_comparison_at(c, MNZ_COMPARED_COUNT, 0, 0), 4);
  for (int what = MNZ_COMPARED_PAIRS; what < MNZ_COMPAREDS; what++)
    cr_assert(isnan(mnz_comparison_at(c, (mnz_compared)what, 0, 0)), "%s", mnz_compared_names[what]);
  mnz_comparison_free(c);
}

Test(study, finds_no_difference_between_equal_scenarios) {
  made_up a, b;
  set_up(&a, &b, two, 2);
  fill(&a, 0, 0, (double[]){1, 2, 3, 4});
  fill(&b, 0, 0, (double[]){1, 2, 3, 4});
  mnz_comparison *c = compare(&a, &b);
  cr_assert_eq(at(c, MNZ_COMPARED_DIFFERENCE, "short", "Nd"), 0);
  cr_assert_eq(at(c, MNZ_COMPARED_DIFFERENCE_HALF_WIDTH, "short", "Nd"), 0);
  cr_assert(isnan(at(c, MNZ_COMPARED_P_HOLM, "short", "Nd")));
  cr_assert_eq(at(c, MNZ_COMPARED_WIN, "short", "Nd"), 0.5);
  mnz_comparison_free(c);
}

Test(study, wins_where_the_good_end_is_nearer) {
  made_up a, b;
  make_up(&a, 4, two, 2);
  make_up(&b, 4, two, 2);
  static const mnz_worse worse[] = {MNZ_MORE_IS_WORSE, MNZ_LESS_IS_WORSE, MNZ_NEITHER_IS_WORSE};
  static const char *const names[] = {"short", "fill_rate", "usage_end"};
  for (size_t k = 0; k < 3; k++) {
    add_measure(&a, names[k], "t", worse[k]);
    add_measure(&b, names[k], "t", worse[k]);
    fill(&b, k, 0, (double[]){1, 1, 1, -1}); /* larger in three of four */
  }
  mnz_comparison *c = compare(&a, &b);
  assert_near(at(c, MNZ_COMPARED_WIN, "short", "Nd"), 0.25);
  assert_near(at(c, MNZ_COMPARED_WIN, "fill_rate", "Nd"), 0.75);
  assert_near(at(c, MNZ_COMPARED_WIN, "usage_end", "Nd"), 0.75);
  assert_near(at(c, MNZ_COMPARED_WIN_LOW, "short", "Nd"),
              1 - at(c, MNZ_COMPARED_WIN_HIGH, "fill_rate", "Nd"));
  assert_near(at(c, MNZ_COMPARED_WIN_HIGH, "short", "Nd"),
              1 - at(c, MNZ_COMPARED_WIN_LOW, "fill_rate", "Nd"));
  mnz_comparison_free(c);
}

/* ---- what counts as equal ---- */

/* A milligram, 1e-9 t, more or less in nearly every pair. */
static void add_noise(made_up *m, size_t element, double value) {
  for (size_t i = 0; i < m->rows.count; i++)
    m->value[0][i][element] = value + 1e-9 * (i % 8 == 0 ? -1 : 1 + (double)i);
}

Test(study, milligrams_are_no_difference) {
  made_up a, b;
  make_up(&a, 16, two, 2);
  make_up(&b, 16, two, 2);
  add_measure(&a, "short", "t", MNZ_MORE_IS_WORSE);
  add_measure(&b, "short", "t", MNZ_MORE_IS_WORSE);
  for (size_t i = 0; i < 16; i++) a.value[0][i][0] = 10000;
  add_noise(&b, 0, 10000);
  add_noise(&b, 1, 0); /* nothing at all in a */
  mnz_comparison *c = compare(&a, &b);
  for (size_t e = 0; e < 2; e++) {
    cr_assert_eq(at(c, MNZ_COMPARED_DIFFERENCE, "short", two[e]), 0);
    cr_assert_eq(at(c, MNZ_COMPARED_DIFFERENCE_HALF_WIDTH, "short", two[e]), 0);
    cr_assert_eq(at(c, MNZ_COMPARED_WIN, "short", two[e]), 0.5);
    cr_assert(isnan(at(c, MNZ_COMPARED_P, "short", two[e])));
    cr_assert(isnan(at(c, MNZ_COMPARED_P_WILCOXON, "short", two[e])));
  }
  mnz_comparison_free(c);
}

Test(study, milligrams_neither_win_nor_rank_beside_tonnes) {
  made_up a, b;
  make_up(&a, 16, two, 2);
  make_up(&b, 16, two, 2);
  add_measure(&a, "short", "t", MNZ_MORE_IS_WORSE);
  add_measure(&b, "short", "t", MNZ_MORE_IS_WORSE);
  for (size_t i = 0; i < 16; i++) a.value[0][i][0] = 10000;
  add_noise(&b, 0, 10000);
  b.value[0][3][0] = 10002;
  b.value[0][5][0] = 9999;
  b.value[0][6][0] = 10004;
  mnz_comparison *c = compare(&a, &b);
  assert_near(at(c, MNZ_COMPARED_DIFFERENCE, "short", "Nd"), 5. / 16);
  cr_assert_eq(at(c, MNZ_COMPARED_WIN, "short", "Nd"), (1 + 13 / 2.) / 16,
               "one better, two worse, the rest ties");
  cr_assert_eq(at(c, MNZ_COMPARED_P_WILCOXON, "short", "Nd"), 0.5,
               "of three differences, the least the other way");
  mnz_comparison_free(c);
}

Test(study, more_than_a_ten_millionth_is_a_difference) {
  made_up a, b;
  set_up(&a, &b, two, 2);
  fill(&a, 0, 0, (double[]){0, 0, 1e6, 1e6});
  fill(&b, 0, 0, (double[]){0.9e-7, 1.1e-7, 1e6 + 0.09, 1e6 - 0.11});
  mnz_comparison *c = compare(&a, &b);
  assert_near(at(c, MNZ_COMPARED_DIFFERENCE, "short", "Nd"), (1.1e-7 - 0.11) / 4);
  cr_assert_eq(at(c, MNZ_COMPARED_WIN, "short", "Nd"), 0.5, "two ties, one each way");
  cr_assert_eq(at(c, MNZ_COMPARED_P_WILCOXON, "short", "Nd"), 1);
  assert_near(at(c, MNZ_COMPARED_MEAN, "short", "Nd"), (2e6 + 2e-7 - 0.02) / 4);
  mnz_comparison_free(c);
}

/* ---- other spans ---- */

Test(study, totals_of_another_length_of_time_are_not_compared) {
  made_up m[3];
  mnz_compare_input inputs[3];
  static const char *const names[] = {"a", "b", "c"};
  for (size_t s = 0; s < 3; s++) {
    make_up(&m[s], 4, two, 1);
    add_measure(&m[s], "node_short", "t", MNZ_MORE_IS_WORSE);
    add_measure(&m[s], "stock_end", "t", MNZ_LESS_IS_WORSE);
    add_measure(&m[s], "fill_rate", "1", MNZ_LESS_IS_WORSE);
    for (size_t k = 0; k < 3; k++)
      fill(&m[s], k, 0, (double[]){(double)s, 2 * (double)s, 2 * (double)s, 4 * (double)s});
    inputs[s] = (mnz_compare_input){names[s], &m[s].rows};
  }
  mnz_compare_options options = mnz_compare_options_default();
  options.other_span = (const bool[]){false, false, true};
  mnz_comparison *c = NULL;
  cr_assert_eq(mnz_compare(inputs, 3, &options, &c, NULL), MNZ_OK);
  cr_assert(!c->scenarios[1].other_span && c->scenarios[2].other_span);
  for (size_t i = 0; i < 3; i++) {
    const bool total = strcmp(c->cells[i].measure, "node_short") == 0;
    cr_assert_eq(c->cells[i].total, total);
    cr_assert_eq(mnz_comparison_at(c, MNZ_COMPARED_COUNT, i, 2), 4);
    assert_near(mnz_comparison_at(c, MNZ_COMPARED_DIFFERENCE, i, 1), 2.25);
    cr_assert_eq(isnan(mnz_comparison_at(c, MNZ_COMPARED_DIFFERENCE, i, 2)), total);
    cr_assert_eq(isnan(mnz_comparison_at(c, MNZ_COMPARED_P_HOLM, i, 2)), total);
  }
  assert_near(mnz_comparison_at(c, MNZ_COMPARED_P_HOLM, 0, 1),
              5 * mnz_comparison_at(c, MNZ_COMPARED_P, 0, 1));
  mnz_comparison_free(c);
}

/* ---- what is matched with what ---- */

Test(study, matches_labels_by_name) {
  made_up a, b;
  set_up(&a, &b, turned, 2);
  fill(&a, 0, 0, (double[]){1, 2, 3, 4}); /* Nd */
  fill(&b, 0, 1, (double[]){1, 2, 3, 4}); /* Nd, too */
  fill(&b, 0, 0, (double[]){9, 9, 9, 9});
  mnz_comparison *c = compare(&a, &b);
  cr_assert_eq(at(c, MNZ_COMPARED_DIFFERENCE, "short", "Nd"), 0);
  cr_assert_eq(at(c, MNZ_COMPARED_DIFFERENCE, "short", "Dy"), 9);
  mnz_comparison_free(c);
}

Test(study, lets_what_only_one_has_stand_alone) {
  made_up a, b;
  set_up(&a, &b, with_tb, 3);
  fill(&a, 0, 0, (double[]){1, 2, 3, 4});
  fill(&b, 0, 1, (double[]){1, 2, 3, 4});
  fill(&b, 0, 0, (double[]){5, 5, 5, 7}); /* Tb */
  mnz_comparison *c = compare(&a, &b);
  const size_t tb = cell_of(c, "short", "Tb");
  cr_assert_eq(c->n_cells, 3);
  cr_assert_eq(tb, 2, "the baseline's labels come first");
  cr_assert_eq(at(c, MNZ_COMPARED_DIFFERENCE, "short", "Nd"), 0);
  cr_assert_eq(mnz_comparison_at(c, MNZ_COMPARED_MEAN, tb, 1), 5.5);
  cr_assert(isnan(mnz_comparison_at(c, MNZ_COMPARED_COUNT, tb, 0)), "the baseline has no Tb");
  cr_assert(isnan(mnz_comparison_at(c, MNZ_COMPARED_PAIRS, tb, 1)));
  mnz_comparison_free(c);
}

Test(study, takes_a_measure_that_only_one_has) {
  made_up a, b;
  set_up(&a, &b, two, 2);
  add_measure(&b, "price", "USD", MNZ_NEITHER_IS_WORSE);
  mnz_comparison *c = compare(&a, &b);
  cr_assert_eq(c->n_cells, 4);
  cr_assert(isnan(mnz_comparison_at(c, MNZ_COMPARED_COUNT, cell_of(c, "price", "Nd"), 0)));
  cr_assert_eq(at(c, MNZ_COMPARED_COUNT, "price", "Nd"), 4);
  mnz_comparison_free(c);
}

Test(study, matches_both_labels_of_two_axes) {
  static const char *const origins[] = {"china", "australia"};
  static const char *const turned_origins[] = {"australia", "china", "vietnam"};
  made_up a, b;
  set_up(&a, &b, turned, 2);
  a.variables[0].n_axes = b.variables[0].n_axes = 2;
  a.variables[0].axes[1] = b.variables[0].axes[1] = MNZ_AXIS_ORIGIN;
  a.shape.labels[MNZ_AXIS_ORIGIN] = origins;
  a.shape.length[MNZ_AXIS_ORIGIN] = 2;
  b.shape.labels[MNZ_AXIS_ORIGIN] = turned_origins;
  b.shape.length[MNZ_AXIS_ORIGIN] = 3;
  fill(&a, 0, 1 * 2 + 0, (double[]){1, 2, 3, 4}); /* Dy from China */
  fill(&b, 0, 0 * 3 + 1, (double[]){2, 3, 4, 5});
  mnz_comparison *c = compare(&a, &b);
  cr_assert_eq(c->n_cells, 6);
  size_t found = 0;
  for (size_t i = 0; i < c->n_cells; i++) {
    const bool dy_china =
        strcmp(c->cells[i].labels[0], "Dy") == 0 && strcmp(c->cells[i].labels[1], "china") == 0;
    const bool vietnam = strcmp(c->cells[i].labels[1], "vietnam") == 0;
    const double difference = mnz_comparison_at(c, MNZ_COMPARED_DIFFERENCE, i, 1);
    cr_assert(vietnam ? isnan(difference) : difference == (dy_china ? 1 : 0), "%zu: %g", i, difference);
    found += dy_china;
  }
  cr_assert_eq(found, 1);
  mnz_comparison_free(c);
}

Test(study, pairs_replications_by_number) {
  made_up a, b;
  set_up(&a, &b, two, 2);
  memcpy(b.number, (uint32_t[]){7, 3, 2, 1}, 4 * sizeof *b.number);
  fill(&a, 0, 0, (double[]){100, 1, 2, 3}); /* replication 0 is alone */
  fill(&b, 0, 0, (double[]){100, 3, 2, 1}); /* so is 7 */
  mnz_comparison *c = compare(&a, &b);
  cr_assert_eq(c->replications, 3);
  cr_assert_eq(c->scenarios[0].left_out, 1);
  cr_assert_eq(c->scenarios[1].left_out, 1);
  cr_assert_eq(at(c, MNZ_COMPARED_PAIRS, "short", "Nd"), 3);
  cr_assert_eq(at(c, MNZ_COMPARED_DIFFERENCE, "short", "Nd"), 0);
  cr_assert_eq(at(c, MNZ_COMPARED_MEAN, "short", "Nd"), 2);
  mnz_comparison_free(c);
}

Test(study, leaves_out_what_failed_anywhere) {
  made_up a, b;
  set_up(&a, &b, two, 2);
  b.failed[1] = true;
  fill(&a, 0, 0, (double[]){1, 1000, 3, 4});
  fill(&b, 0, 0, (double[]){1, NAN, 3, 4});
  mnz_comparison *c = compare(&a, &b);
  cr_assert_eq(c->replications, 3);
  cr_assert_eq(c->scenarios[0].failed, 0);
  cr_assert_eq(c->scenarios[0].left_out, 1);
  cr_assert_eq(c->scenarios[1].failed, 1);
  cr_assert_eq(c->scenarios[1].left_out, 0);
  cr_assert_str_eq(c->scenarios[1].failure, "replication 1: Plant: stuck");
  assert_near(mnz_comparison_at(c, MNZ_COMPARED_MEAN, cell_of(c, "short", "Nd"), 0), 8. / 3);
  mnz_comparison_free(c);
}

Test(study, leaves_out_what_is_not_defined_and_counts_it) {
  made_up a, b;
  set_up(&a, &b, two, 2);
  fill(&a, 0, 0, (double[]){1, NAN, 3, 4});
  fill(&b, 0, 0, (double[]){2, 3, NAN, 6});
  mnz_comparison *c = compare(&a, &b);
  cr_assert_eq(c->replications, 4);
  cr_assert_eq(at(c, MNZ_COMPARED_COUNT, "short", "Nd"), 3);
  cr_assert_eq(at(c, MNZ_COMPARED_PAIRS, "short", "Nd"), 2);
  assert_near(at(c, MNZ_COMPARED_DIFFERENCE, "short", "Nd"), 1.5);
  mnz_comparison_free(c);
}

Test(study, says_nothing_of_the_spread_of_one_pair) {
  made_up a, b;
  set_up(&a, &b, two, 2);
  a.rows.count = 1;
  fill(&b, 0, 0, (double[]){2, 0, 0, 0});
  mnz_comparison *c = compare(&a, &b);
  cr_assert_eq(at(c, MNZ_COMPARED_DIFFERENCE, "short", "Nd"), 2);
  cr_assert(isnan(at(c, MNZ_COMPARED_DIFFERENCE_HALF_WIDTH, "short", "Nd")));
  cr_assert(isnan(at(c, MNZ_COMPARED_P, "short", "Nd")));
  mnz_comparison_free(c);
}

/* ---- first times ---- */

Test(study, asks_of_a_first_time_whether_and_when) {
  made_up a, b;
  make_up(&a, 4, two, 2);
  make_up(&b, 4, two, 2);
  a.variables[add_measure(&a, "node_first_shortage", "d", MNZ_LESS_IS_WORSE)].first_time = true;
  b.variables[add_measure(&b, "node_first_shortage", "d", MNZ_LESS_IS_WORSE)].first_time = true;
  fill(&a, 0, 0, (double[]){NAN, 10, NAN, NAN});
  fill(&b, 0, 0, (double[]){5, 8, NAN, 7});
  mnz_comparison *c = compare(&a, &b);
  cr_assert_eq(c->n_cells, 4);
  cr_assert_eq(at(c, MNZ_COMPARED_PAIRS, "node_first_shortage", "Nd"), 1);
  cr_assert_eq(at(c, MNZ_COMPARED_DIFFERENCE, "node_first_shortage", "Nd"), -2);
  const mnz_compared_cell *whether = &c->cells[cell_of(c, "node_any_shortage", "Nd")];
  cr_assert(whether->share);
  cr_assert_eq(whether->worse, MNZ_MORE_IS_WORSE);
  cr_assert_str_eq(whether->unit, "1");
  assert_near(at(c, MNZ_COMPARED_MEAN, "node_any_shortage", "Nd"), 0.75);
  assert_near(at(c, MNZ_COMPARED_DIFFERENCE, "node_any_shortage", "Nd"), 0.5);
  assert_near(at(c, MNZ_COMPARED_WIN, "node_any_shortage", "Nd"), 0.25);
  assert_near(at(c, MNZ_COMPARED_LOW, "node_any_shortage", "Nd"),
              0.3006418426); /* R: prop.test(3, 4, correct=F) */
  mnz_comparison_free(c);
}

Test(study, tests_shares_by_the_pairs_that_changed) {
  made_up a, b;
  make_up(&a, 10, two, 2);
  make_up(&b, 10, two, 2);
  a.variables[add_measure(&a, "first_shortage", "d", MNZ_LESS_IS_WORSE)].first_time = true;
  b.variables[add_measure(&b, "first_shortage", "d", MNZ_LESS_IS_WORSE)].first_time = true;
  fill(&a, 0, 0, (double[]){1, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 1});
  fill(&b, 0, 0, (double[]){NAN, 1, 1, 1, 1, 1, 1, 1, NAN, 1});
  fill(&a, 0, 1, (double[]){NAN, NAN, NAN, NAN, NAN, 1, 1, 1, 1, 1});
  fill(&b, 0, 1, (double[]){1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
  mnz_comparison *c = compare(&a, &b);
  assert_near(at(c, MNZ_COMPARED_P, "any_shortage", "Nd"), 18. / 256); /* R: binom.test(1, 8) */
  assert_near(at(c, MNZ_COMPARED_P, "any_shortage", "Dy"), 2. / 32);
  mnz_comparison_free(c);
}

/* ---- all at once ---- */

Test(study, corrects_over_all_measures_and_scenarios) {
  made_up m[3];
  mnz_compare_input inputs[3];
  static const char *const names[] = {"a", "b", "c"};
  for (size_t s = 0; s < 3; s++) {
    make_up(&m[s], 4, two, 2);
    add_measure(&m[s], "short", "t", MNZ_MORE_IS_WORSE);
    add_measure(&m[s], "mined", "t", MNZ_LESS_IS_WORSE);
    inputs[s] = (mnz_compare_input){names[s], &m[s].rows};
  }
  fill(&m[1], 0, 0, (double[]){1, 2, 3, 4});
  fill(&m[1], 1, 1, (double[]){3, 3, 3, 3.5});
  fill(&m[2], 0, 0, (double[]){-1, 2, 3, 4});
  mnz_comparison *c = compare_all(inputs, 3);
  double p[3];
  size_t n = 0;
  double expected[3];
  for (size_t i = 0; i < c->n_cells * 3; i++)
    if (!isnan(c->columns[MNZ_COMPARED_P][i])) p[n++] = c->columns[MNZ_COMPARED_P][i];
  cr_assert_eq(n, 3);
  mnz_holm(p, 3, expected);
  n = 0;
  for (size_t i = 0; i < c->n_cells * 3; i++)
    if (!isnan(c->columns[MNZ_COMPARED_P][i])) assert_near(c->columns[MNZ_COMPARED_P_HOLM][i], expected[n++]);
  cr_assert_gt(mnz_comparison_at(c, MNZ_COMPARED_P_HOLM, cell_of(c, "short", "Nd"), 1),
               mnz_comparison_at(c, MNZ_COMPARED_P, cell_of(c, "short", "Nd"), 1));
  mnz_comparison_free(c);
}

Test(study, compares_only_the_measures_asked_for) {
  made_up a, b;
  set_up(&a, &b, two, 2);
  add_measure(&a, "mined", "t", MNZ_LESS_IS_WORSE);
  add_measure(&b, "mined", "t", MNZ_LESS_IS_WORSE);
  const mnz_compare_input inputs[] = {{"a", &a.rows}, {"b", &b.rows}};
  mnz_compare_options options = mnz_compare_options_default();
  options.measures = (const char *const[]){"mined", "mined"};
  options.n_measures = 2;
  mnz_comparison *c = NULL;
  cr_assert_eq(mnz_compare(inputs, 2, &options, &c, NULL), MNZ_OK);
  cr_assert_eq(c->n_cells, 2);
  cr_assert_str_eq(c->cells[0].measure, "mined");
  mnz_comparison_free(c);
}

static size_t count_cells(const made_up *a, const made_up *b, const char *const *measures, size_t n) {
  const mnz_compare_input inputs[] = {{"a", &a->rows}, {"b", &b->rows}};
  mnz_compare_options options = mnz_compare_options_default();
  options.measures = measures;
  options.n_measures = n;
  mnz_comparison *c = NULL;
  mnz_error err = {0};
  cr_assert_eq(mnz_compare(inputs, 2, &options, &c, &err), MNZ_OK, "%s", err.message);
  const size_t count = c->n_cells;
  cr_assert_str_eq(c->cells[count - 1].measure, "node_any_shortage");
  mnz_comparison_free(c);
  return count;
}

Test(study, whether_a_first_time_comes_can_be_asked_for_alone) {
  made_up a, b;
  set_up(&a, &b, two, 2);
  a.variables[add_measure(&a, "node_first_shortage", "d", MNZ_LESS_IS_WORSE)].first_time = true;
  b.variables[add_measure(&b, "node_first_shortage", "d", MNZ_LESS_IS_WORSE)].first_time = true;
  cr_assert_eq(count_cells(&a, &b, (const char *const[]){"node_any_shortage"}, 1), 2);
  cr_assert_eq(count_cells(&a, &b, (const char *const[]){"node_first_shortage"}, 1), 4);
  cr_assert_eq(count_cells(&a, &b, (const char *const[]){"node_first_shortage", "node_any_shortage"}, 2), 4);
}

/* ---- what is refused ---- */

static void assert_refused(const made_up *a, const made_up *b, const char *measure, mnz_status status,
                           const char *message) {
  const mnz_compare_input inputs[] = {{"a", &a->rows}, {"b", &b->rows}};
  const mnz_compare_options options = {
      .confidence = 0.95, .measures = &measure, .n_measures = measure != NULL};
  mnz_comparison *c = NULL;
  mnz_error err = {0};
  cr_assert_eq(mnz_compare(inputs, 2, &options, &c, &err), status);
  cr_assert_null(c);
  cr_assert_str_eq(err.message, message);
}

Test(study, refuses_an_unknown_measure) {
  made_up a, b;
  set_up(&a, &b, two, 2);
  assert_refused(&a, &b, "shrot", MNZ_USAGE, "there is no measure \"shrot\"; did you mean \"short\"?");
  const mnz_compare_input inputs[] = {{"a", &a.rows}, {"b", &b.rows}};
  const char *wrong = "nothing like it";
  const mnz_compare_options options = {.confidence = 0.95, .measures = &wrong, .n_measures = 1};
  cr_assert_eq(mnz_compare_check(inputs, 2, &options, NULL), MNZ_USAGE);
  const mnz_compare_options right = mnz_compare_options_default();
  cr_assert_eq(mnz_compare_check(inputs, 2, &right, NULL), MNZ_OK);
}

Test(study, tells_where_the_measures_are_listed) {
  made_up a, b;
  set_up(&a, &b, two, 2);
  a.variables[add_measure(&a, "first_shortage", "d", MNZ_LESS_IS_WORSE)].first_time = true;
  add_measure(&b, "mined", "t", MNZ_LESS_IS_WORSE);
  assert_refused(&a, &b, "price", MNZ_USAGE,
                 "there is no measure \"price\"; monazite describe measures tells which there are");
  assert_refused(&a, &b, "any_shortge", MNZ_USAGE,
                 "there is no measure \"any_shortge\"; did you mean \"any_shortage\"?");
}

Test(study, refuses_scenarios_without_a_common_replication) {
  made_up a, b;
  set_up(&a, &b, two, 2);
  for (size_t i = 0; i < 4; i++) b.number[i] += 4;
  assert_refused(&a, &b, NULL, MNZ_USAGE, "no replication is in all of the 2 scenarios: nothing to compare");
  b.rows.count = 0;
  assert_refused(&a, &b, NULL, MNZ_USAGE, "no replication is in all of the 2 scenarios: nothing to compare");
}

Test(study, says_why_when_all_failed) {
  made_up a, b;
  set_up(&a, &b, two, 2);
  for (size_t i = 0; i < 4; i++) b.failed[i] = true;
  assert_refused(&a, &b, NULL, MNZ_MODEL, "all 4 replications failed; replication 0: Plant: stuck");
}
