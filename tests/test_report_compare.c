/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison in text, CSV and JSON, of replications that are made up. */
#include "report/compare.h"

#include <criterion/criterion.h>
#include <gsl/gsl_errno.h>
#include <jansson.h>

#include "study_bench.h"

/* The report asks a scenario for five things only; here they are, without a world. */
struct mnz_scenario {
  const char *seed;
  const char *focus;
};
const char *mnz_scenario_title(const mnz_scenario *s) {
  (void)s;
  return "A title";
}
const char *mnz_scenario_seed(const mnz_scenario *s) {
  return s->seed;
}
const char *mnz_scenario_focus(const mnz_scenario *s) {
  return s->focus;
}
int64_t mnz_scenario_start(const mnz_scenario *s) {
  (void)s;
  return INT64_C(1759276800000000); /* 2025-10-01 */
}
int64_t mnz_scenario_end(const mnz_scenario *s) {
  return mnz_scenario_start(s) + INT64_C(31536000000000); /* a year later */
}

static void no_handler(void) {
  (void)gsl_set_error_handler_off();
}

TestSuite(report_compare, .init = no_handler);

static const char *const two[] = {"Nd", "Dy"};
enum { N = 8, SHORT = 0, FILL, MINED, FIRST };
static const double rising[N] = {1, 2, 3, 4, 5, 6, 7, 8};

/* Eight replications of what is short, filled and mined. */
static void set_up(made_up *m, const char *const *elements, size_t n_elements) {
  make_up(m, N, elements, n_elements);
  add_measure(m, "short", "t", MNZ_MORE_IS_WORSE);
  add_measure(m, "fill_rate", "1", MNZ_LESS_IS_WORSE);
  add_measure(m, "mined", "t", MNZ_LESS_IS_WORSE);
}

/* The value on the average, from `wiggle` less to `wiggle` more: an interval of 0.585 wiggles either way. */
static void set(made_up *m, size_t k, size_t element, double value, double wiggle) {
  for (size_t i = 0; i < N; i++)
    m->value[k][i][element] = value + wiggle * (2 * (double)i - (N - 1)) / (N - 1);
}

static char *report_with(const made_up *const *m, size_t n, const mnz_scenario *const *scenarios,
                         const bool *other_span, mnz_comparison_form form) {
  static const char *const names[] = {"base", "embargo", "reserve"};
  mnz_compare_input inputs[3];
  for (size_t s = 0; s < n; s++) inputs[s] = (mnz_compare_input){names[s], &m[s]->rows};
  mnz_compare_options options = mnz_compare_options_default();
  options.other_span = other_span;
  mnz_comparison *c = NULL;
  char *text = NULL;
  mnz_error err = {0};
  cr_assert_eq(mnz_compare(inputs, n, &options, &c, &err), MNZ_OK, "%s", err.message);
  cr_assert_eq(mnz_report_comparison(c, scenarios, form, &text, &err), MNZ_OK, "%s", err.message);
  mnz_comparison_free(c);
  return text;
}

static char *report_of(const made_up *const *m, size_t n, const mnz_scenario *const *scenarios,
                       mnz_comparison_form form) {
  return report_with(m, n, scenarios, NULL, form);
}

static const mnz_scenario in_japan = {"7", "japan"};

static char *report(const made_up *a, const made_up *b, mnz_comparison_form form) {
  return report_of((const made_up *const[]){a, b}, 2, (const mnz_scenario *const[]){&in_japan, &in_japan},
                   form);
}

/* Blanks and line ends are one blank. */
static void assert_says(const char *text, const char *words) {
  char *flat = strdup(text);
  size_t length = 0;
  for (const char *at = text; *at != '\0'; at++) {
    const bool blank = *at == ' ' || *at == '\n';
    if (!blank || length == 0 || flat[length - 1] != ' ') flat[length++] = blank ? ' ' : *at;
  }
  flat[length] = '\0';
  cr_assert_not_null(strstr(flat, words), "no \"%s\" in\n%s", words, text);
  free(flat);
}

static void assert_does_not_say(const char *text, const char *words) {
  cr_assert_null(strstr(text, words), "\"%s\" in\n%s", words, text);
}

/* ---- numbers ---- */

static void assert_number(double value, double half, bool sign, const char *expected) {
  char text[MNZ_COMPARE_ROOM];
  cr_assert_str_eq(mnz_compare_number(value, half, sign, text), expected);
}

Test(report_compare, numbers_end_at_the_first_digit_in_doubt) {
  assert_number(123.456, 0.4, false, "123.5");
  assert_number(123.456, 0.12, false, "123.46");
  assert_number(123.456, 0.99, false, "123.5"); /* 0.99 is shown as 1.0 */
  assert_number(123.456, 2.94, false, "123.5"); /* 2.9 */
  assert_number(123.456, 2.96, false, "123");   /* 3 */
  assert_number(123456, 3456, false, "123000");
  assert_number(3456, 3456, false, "3000");
  assert_number(0.00012345, 0.00004, false, "0.00012");
}

Test(report_compare, numbers_without_doubt_have_three_or_four_digits) {
  assert_number(123.456, 0, false, "123");
  assert_number(123.456, NAN, false, "123");
  assert_number(4848, 7e-10, false, "4848"); /* the rounding of a sum */
  assert_number(-1.5, 0, true, "-1.50");
  assert_number(NAN, NAN, true, "-");
}

Test(report_compare, signs_are_shown_where_asked_for) {
  assert_number(12, 0.4, true, "+12.0");
  assert_number(-12, 0.4, true, "-12.0");
  assert_number(12, 0, true, "+12.0");
  assert_number(-0.01, 0.4, true, "0.0");
  assert_number(0, 0, true, "0");
}

/* ---- words ---- */

Test(report_compare, says_who_is_worse_off_and_by_how_much) {
  made_up a, b;
  set_up(&a, two, 2);
  set_up(&b, two, 2);
  set(&b, SHORT, 1, 123, 9);
  set(&a, FILL, 1, 1, 0);
  set(&b, FILL, 1, 0.79, 0.01);
  char *text = report(&a, &b, MNZ_COMPARISON_TEXT);
  assert_says(text,
              "embargo: worse for users in japan: Dy short +123 t (95 %: +118 to +128), in time -21.0 points "
              "(-21.6 to -20.4).");
  assert_does_not_say(text, "Better");
  free(text);
}

Test(report_compare, says_what_is_better_after_what_is_worse) {
  made_up a, b;
  set_up(&a, two, 2);
  set_up(&b, two, 2);
  set(&b, SHORT, 0, 5, 1);
  set(&a, SHORT, 1, 7, 1);
  char *text = report(&a, &b, MNZ_COMPARISON_TEXT);
  assert_says(text, "worse for users in japan: Nd short +5.0 t");
  assert_says(text, ". Better: Dy short -7.0 t (95 %:");
  free(text);
}

Test(report_compare, says_when_it_may_be_chance_and_when_nothing_differs) {
  made_up a, b;
  set_up(&a, two, 2);
  set_up(&b, two, 2);
  set(&b, SHORT, 0, 0.1, 9);
  char *text = report(&a, &b, MNZ_COMPARISON_TEXT);
  assert_says(text, "embargo: no difference for users in japan that could not be chance.");
  free(text);
  set(&b, SHORT, 0, 0, 0);
  set(&b, MINED, 0, 5, 1);
  text = report(&a, &b, MNZ_COMPARISON_TEXT);
  assert_says(
      text, "embargo: no difference for users in japan in any replication. Also clearly different: 1 figure "
            "of mined.");
  free(text);
  set(&b, MINED, 0, 0, 0);
  text = report(&a, &b, MNZ_COMPARISON_TEXT);
  assert_says(text, "embargo: the same as base in every replication.");
  assert_does_not_say(text, "*** ");
  free(text);
}

Test(report_compare, speaks_of_all_users_without_a_focus) {
  static const mnz_scenario anywhere = {"7", NULL};
  made_up a, b;
  set_up(&a, two, 2);
  set_up(&b, two, 2);
  set(&b, SHORT, 1, 123, 9);
  char *text = report_of((const made_up *const[]){&a, &b}, 2,
                         (const mnz_scenario *const[]){&anywhere, &anywhere}, MNZ_COMPARISON_TEXT);
  assert_says(text, "embargo: worse for users: Dy short +123 t");
  free(text);
}

Test(report_compare, says_that_one_pair_shows_nothing) {
  made_up a, b;
  set_up(&a, two, 2);
  set_up(&b, two, 2);
  a.rows.count = b.rows.count = 1;
  set(&b, SHORT, 1, 123, 9);
  char *text = report(&a, &b, MNZ_COMPARISON_TEXT);
  assert_says(text, "Compared with base: 1 pair of replications,");
  assert_says(text,
              "embargo: different, but one pair of replications does not show whether by chance. Service");
  assert_says(text, "Dy 0 114 +114 0 [0, 80] -");
  assert_says(text, "intervals over 1 replication, or");
  assert_does_not_say(text, "could not be chance");
  free(text);
  set(&b, SHORT, 1, 0, 0);
  text = report(&a, &b, MNZ_COMPARISON_TEXT);
  assert_says(text, "embargo: the same as base in the one replication. Service");
  free(text);
}

Test(report_compare, milligrams_are_the_same) {
  made_up a, b;
  set_up(&a, two, 2);
  set_up(&b, two, 2);
  set(&a, MINED, 0, 10000, 0);
  for (size_t i = 0; i < N; i++) b.value[MINED][i][0] = 10000 + 1e-9 * (1 + rising[i]);
  set(&b, SHORT, 1, 4e-9, 1e-9);
  char *text = report(&a, &b, MNZ_COMPARISON_TEXT_ALL);
  assert_says(text, "embargo: the same as base in every replication.");
  assert_says(text, "less is worse Nd 10000 10000 same - -");
  assert_says(text, "more is worse Nd 0 0 same - -");
  free(text);
}

Test(report_compare, says_of_other_spans_that_totals_are_not_compared) {
  static const bool longer[] = {false, true};
  made_up a, b;
  set_up(&a, two, 2);
  set_up(&b, two, 2);
  set(&b, SHORT, 1, 123, 9);
  set(&b, MINED, 1, 1000, 9);
  const made_up *const both[] = {&a, &b};
  const mnz_scenario *const scenarios[] = {&in_japan, &in_japan};
  char *text = report_with(both, 2, scenarios, longer, MNZ_COMPARISON_TEXT);
  assert_says(text,
              "embargo: the same as base in every replication. Totals are of another length of time and not "
              "compared.");
  assert_says(text, "Service (users: japan; other spans: totals are not compared)");
  assert_says(text, "Dy 0 123 ± 5 - - - Of");
  assert_says(text, "Of 6 figures 2 are not shown: 2 totals over other spans; --all");
  assert_does_not_say(text, "*** ");
  free(text);
  set(&b, FILL, 1, 0.5, 0.1);
  text = report_with(both, 2, scenarios, longer, MNZ_COMPARISON_TEXT_ALL);
  assert_says(text, "embargo: better for users in japan: Dy in time +50 points");
  assert_says(text, "Supply (users: japan; other spans: totals are not compared)");
  assert_says(text, "Dy 0 1000 ± 5 - - -");
  free(text);
  text = report_with(both, 2, scenarios, longer, MNZ_COMPARISON_JSON);
  assert_says(text, "\"other_span\": true");
  free(text);
}

Test(report_compare, says_nothing_of_spans_that_are_the_same) {
  made_up a, b;
  set_up(&a, two, 2);
  set_up(&b, two, 2);
  char *text = report(&a, &b, MNZ_COMPARISON_TEXT_ALL);
  assert_does_not_say(text, "span");
  assert_does_not_say(text, "length of time");
  free(text);
}

/* ---- tables ---- */

Test(report_compare, two_scenarios_stand_side_by_side) {
  made_up a, b;
  set_up(&a, two, 2);
  set_up(&b, two, 2);
  set(&a, SHORT, 1, 100, 9);
  set(&b, SHORT, 1, 123, 9);
  char *text = report(&a, &b, MNZ_COMPARISON_TEXT);
  assert_says(text,
              "Compared with base: 8 pairs of replications, common random numbers (seed 7), 95 % intervals");
  assert_says(text, "base embargo difference better % gain fill_rate (%): a measure; less is worse");
  assert_says(text, "Dy 100 ± 5 123 ± 5 +23.0 *** worse 0 [0, 32] -");
  free(text);
}

Test(report_compare, more_scenarios_have_a_line_each) {
  made_up m[3];
  for (size_t s = 0; s < 3; s++) set_up(&m[s], two, 2);
  set(&m[1], SHORT, 1, 123, 9);
  char *text = report_of((const made_up *const[]){&m[0], &m[1], &m[2]}, 3,
                         (const mnz_scenario *const[]){&in_japan, &in_japan, &in_japan}, MNZ_COMPARISON_TEXT);
  assert_says(text, "mean difference better % gain");
  assert_says(text, "Dy base 0 embargo 123 ± 5 +123 ± 5 *** worse 0 [0, 32] 1.0 reserve 0 same - -");
  free(text);
}

Test(report_compare, shows_a_dash_where_something_is_missing) {
  static const char *const with_tb[] = {"Nd", "Dy", "Tb"};
  made_up a, b;
  set_up(&a, two, 2);
  set_up(&b, with_tb, 3);
  set(&b, SHORT, 2, 3, 0);
  char *text = report(&a, &b, MNZ_COMPARISON_TEXT);
  assert_says(text, "Tb - 3.00 - - -");
  free(text);
}

Test(report_compare, says_over_how_many_a_figure_is) {
  made_up a, b;
  set_up(&a, two, 2);
  set_up(&b, two, 2);
  fill(&a, SHORT, 0, rising);
  fill(&b, SHORT, 0, rising);
  a.value[SHORT][0][0] = NAN;
  b.value[SHORT][1][0] = NAN;
  char *text = report(&a, &b, MNZ_COMPARISON_TEXT_ALL);
  assert_says(text, "Nd 5.0 ± 2.0 (n 7) 4.9 ± 2.2 (n 7) same (n 6)");
  free(text);
}

Test(report_compare, says_over_which_pairs_a_first_time_differs) {
  made_up a, b;
  set_up(&a, two, 2);
  set_up(&b, two, 2);
  a.variables[add_measure(&a, "first_shortage", "d", MNZ_LESS_IS_WORSE)].first_time = true;
  b.variables[add_measure(&b, "first_shortage", "d", MNZ_LESS_IS_WORSE)].first_time = true;
  fill(&a, FIRST, 0, (double[]){NAN, NAN, 100, 100, 100, NAN, NAN, NAN});
  fill(&b, FIRST, 0, (double[]){500, 500, 90, 90, 90, 500, 500, NAN});
  char *text = report(&a, &b, MNZ_COMPARISON_TEXT_ALL);
  assert_says(text,
              "first_shortage (d): a measure; less is worse; the difference is over the pairs in which it "
              "happens in both Nd 100 (n 3) 320 ± 200 (n 7) -10.0 (n 3)");
  assert_says(text, "any_shortage (%): share of replications with a first_shortage at all; more is worse Nd");
  free(text);
}

Test(report_compare, elements_are_in_the_order_that_planners_use) {
  static const char *const natural[] = {"La", "Pr", "Nd", "Tb", "Dy"};
  made_up a, b;
  set_up(&a, natural, 5);
  set_up(&b, natural, 5);
  for (size_t e = 0; e < 5; e++) set(&b, SHORT, e, 10 + (double)e, 1);
  char *text = report(&a, &b, MNZ_COMPARISON_TEXT);
  assert_says(text, "worse for users in japan: Nd short +12.0 t (95 %: +11.4 to +12.6); Pr short");
  const char *row = strstr(text, "short (t)");
  static const char *const expected[] = {"\n  Nd ", "\n  Pr ", "\n  Dy ", "\n  Tb ", "\n  La "};
  for (size_t e = 0; e < 5; e++) {
    row = strstr(row, expected[e]);
    cr_assert_not_null(row, "%s not in its place in\n%s", expected[e] + 3, text);
  }
  free(text);
}

Test(report_compare, speaks_of_holm_where_there_is_more_than_one) {
  made_up a, b;
  set_up(&a, two, 2);
  set_up(&b, two, 2);
  set(&b, SHORT, 1, 123, 9);
  char *text = report(&a, &b, MNZ_COMPARISON_TEXT);
  assert_says(text, "(McNemar for shares of replications). better %");
  free(text);
  set(&b, SHORT, 0, 123, 9);
  text = report(&a, &b, MNZ_COMPARISON_TEXT);
  assert_says(text, "(McNemar for shares of replications) and, over all 2 differences, Holm. better %");
  free(text);
}

Test(report_compare, hides_what_does_not_matter_and_says_so) {
  made_up a, b;
  set_up(&a, two, 2);
  set_up(&b, two, 2);
  set(&a, MINED, 0, 1000, 0.5);
  set(&b, MINED, 0, 1003, 0.5); /* sure, but less than one percent */
  set(&b, MINED, 1, 0.1, 9);    /* chance */
  char *text = report(&a, &b, MNZ_COMPARISON_TEXT);
  assert_says(text,
              "Of 6 figures 4 are not shown: 2 the same everywhere or undefined, 1 whose difference may be "
              "chance, 1 with a difference below 1 % or 0.5 points; --all shows them.");
  assert_does_not_say(text, "mined (t)");
  free(text);
  text = report(&a, &b, MNZ_COMPARISON_TEXT_ALL);
  assert_says(text, "mined (t): a measure; less is worse Nd 1000.00 ± 0.29 1003.00 ± 0.29 +3.00 * better");
  assert_does_not_say(text, "not shown");
  free(text);
}

Test(report_compare, tells_failures_and_different_seeds) {
  static const mnz_scenario other = {"8", "japan"};
  made_up a, b;
  set_up(&a, two, 2);
  set_up(&b, two, 2);
  b.failed[3] = true;
  b.number[7] = 77;
  char *text = report_of((const made_up *const[]){&a, &b}, 2,
                         (const mnz_scenario *const[]){&in_japan, &other}, MNZ_COMPARISON_TEXT);
  assert_says(text, "Compared with base: 6 pairs of replications, no common random numbers");
  assert_says(text,
              "base is \"A title\", seed 7; 2 of its replications count not, for not all others have them");
  assert_says(
      text,
      "embargo is \"A title\", seed 8; 1 of its replications count not, for not all others have them; 1 "
      "of 8 replications failed and count not, the first is replication 3: Plant: stuck");
  free(text);
}

/* ---- for programs ---- */

Test(report_compare, csv_is_rfc_4180_and_leaves_out_nothing) {
  static const char *const odd[] = {"Nd, \"heavy\"", "Dy"};
  made_up a, b;
  make_up(&a, 2, odd, 2);
  make_up(&b, 2, odd, 2);
  add_measure(&a, "short", "t", MNZ_MORE_IS_WORSE);
  add_measure(&b, "short", "t", MNZ_MORE_IS_WORSE);
  char *text = report(&a, &b, MNZ_COMPARISON_CSV);
  char names[256] = "";
  char behind[64] = ""; /* a comma for each axis behind `element` */
#define AXIS_NAME(id, name, text)                                                                            \
  if (id != MNZ_AXIS_ACCOUNT && id != MNZ_AXIS_TIME) {                                                       \
    strcat(strcat(names, ","), name);                                                                        \
    if (id > MNZ_AXIS_ELEMENT) strcat(behind, ",");                                                          \
  }
  MNZ_AXIS_LIST(AXIS_NAME)
#undef AXIS_NAME
  char expected[1024];
  snprintf(expected, sizeof expected,
           "measure,unit,worse%s,scenario,count,mean,half_width,low,high,pairs,"
           "difference,difference_half_width,difference_low,difference_high,p,p_holm,p_wilcoxon,correlation,"
           "variance_reduction,win,win_low,win_high\r\n"
           "short,t,more,,,\"Nd, \"\"heavy\"\"\"%s,base,2,0,0,0,0,,,,,,,,,,,,,\r\n"
           "short,t,more,,,\"Nd, \"\"heavy\"\"\"%s,embargo,2,0,0,0,0,2,0,0,0,0,,,,,,0.5,",
           names, behind, behind);
  cr_assert_eq(strncmp(text, expected, strlen(expected)), 0, "%s", text);
  size_t lines = 0;
  for (const char *at = text; (at = strstr(at, "\r\n")) != NULL; at += 2) lines++;
  cr_assert_eq(lines, 5);
  free(text);
}

Test(report_compare, json_holds_everything) {
  made_up a, b;
  set_up(&a, two, 2);
  set_up(&b, two, 2);
  set(&b, SHORT, 1, 123, 9);
  char *text = report(&a, &b, MNZ_COMPARISON_JSON);
  json_t *root = json_loads(text, 0, NULL);
  cr_assert_not_null(root);
  cr_assert(json_is_true(json_object_get(root, "common_random_numbers")));
  cr_assert_eq(json_integer_value(json_object_get(root, "replications")), N);
  json_t *second = json_array_get(json_object_get(root, "scenarios"), 1);
  cr_assert_str_eq(json_string_value(json_object_get(second, "name")), "embargo");
  assert_says(json_string_value(json_object_get(second, "words")), "embargo: worse for users in japan: Dy");
  json_t *measures = json_object_get(root, "measures");
  cr_assert_eq(json_array_size(measures), 6);
  json_t *dy = json_array_get(measures, 1);
  cr_assert_str_eq(json_string_value(json_object_get(json_object_get(dy, "labels"), "element")), "Dy");
  json_t *figures = json_array_get(json_object_get(dy, "scenarios"), 1);
  cr_assert_eq(json_object_size(figures), 1 + MNZ_COMPAREDS);
  cr_assert(json_is_null(json_object_get(figures, "correlation")), "the baseline does not vary");
  cr_assert_gt(json_real_value(json_object_get(figures, "difference")), 120);
  json_decref(root);
  free(text);
}
