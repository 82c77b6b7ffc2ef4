/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the summary of a batch shows estimates. */
#include "report/batch_summary.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "monazite/calendar.h"
#include "world/scenario.h"

Test(report_batch, shows_a_mean_to_its_first_doubtful_digit) {
  const struct {
    double mean, half_width;
    const char *text;
  } cases[] = {{528.34, 1.23, "528.3 \u00b1 1.2"},
               {528.34, 5.7, "528 \u00b1 6"},
               {528.34, 0.96, "528.3 \u00b1 1.0"},
               {5283.4, 41, "5280 \u00b1 40"},
               {5283.4, 123, "5280 \u00b1 120"},
               {0.42, 0.4, "0.4 \u00b1 0.4"},
               {12.5, 1e-5, "12.500 \u00b1 0.001"},
               {12.5, 0, "12.5"},
               {12.5, NAN, "12.5"},
               {1e-7, 1e-7, "<0.001"},
               {0, 0, "0"},
               {NAN, NAN, "-"}};
  const mnz_summary summary = {.interval = MNZ_INTERVAL_STUDENT};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char out[MNZ_REPORT_CELL];
    mnz_report_figure f = {0};
    f.at[MNZ_STATISTIC_MEAN] = cases[i].mean;
    f.at[MNZ_STATISTIC_HALF_WIDTH] = cases[i].half_width;
    cr_expect_str_eq(mnz_report_mean(&summary, &f, out), cases[i].text, "%s, not %s", out, cases[i].text);
  }
}

Test(report_batch, never_rounds_a_share_to_all_or_nothing) {
  const struct {
    double mean, half_width;
    const char *text;
  } cases[] = {{0.9876, 0.004, "98.8 \u00b1 0.4"},
               {0.9995, 0.0004, "99.95 \u00b1 0.04"},
               {0.9999999, 0.004, "99.999 [99.600, 100]"},
               {1e-7, 1e-3, "0.001 [0, 0.100]"},
               {1, 0, "100.0"},
               {0.5, NAN, "50.0"}};
  const mnz_summary summary = {.interval = MNZ_INTERVAL_STUDENT};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char out[MNZ_REPORT_CELL];
    mnz_report_figure f = {0};
    f.at[MNZ_STATISTIC_MEAN] = cases[i].mean;
    f.at[MNZ_STATISTIC_HALF_WIDTH] = cases[i].half_width;
    cr_expect_str_eq(mnz_report_mean_percent(&summary, &f, out), cases[i].text, "%s, not %s", out,
                     cases[i].text);
  }
}

static const char *student(double mean, double half_width, char *out) {
  const mnz_summary summary = {.interval = MNZ_INTERVAL_STUDENT};
  mnz_report_figure f = {0};
  f.at[MNZ_STATISTIC_MEAN] = mean;
  f.at[MNZ_STATISTIC_HALF_WIDTH] = half_width;
  return mnz_report_mean(&summary, &f, out);
}

Test(report_batch, lets_no_mass_be_below_nothing) {
  char out[MNZ_REPORT_CELL];
  cr_expect_str_eq(student(0.06, 0.12, out), "0.06 [0, 0.18]");
  cr_expect_str_eq(student(8, 96, out), "8 [0, 104]");
  cr_expect_str_eq(student(0.42, 6, out), "0.4 [0, 6.4]"); /* not nothing */
  cr_expect_str_eq(student(12, 12, out), "12 \u00b1 12");
  mnz_report_figure f = {0};
  f.at[MNZ_STATISTIC_COUNT] = 200;
  f.at[MNZ_STATISTIC_CVAR] = 5;
  f.at[MNZ_STATISTIC_CVAR_HALF_WIDTH] = 7;
  cr_expect_str_eq(mnz_report_worst(&f, out), "5 [0, 12]");
}

Test(report_batch, lets_no_share_be_beyond_all) {
  const mnz_summary summary = {.interval = MNZ_INTERVAL_STUDENT};
  char out[MNZ_REPORT_CELL];
  mnz_report_figure f = {0};
  f.at[MNZ_STATISTIC_MEAN] = 0.9997;
  f.at[MNZ_STATISTIC_HALF_WIDTH] = 0.0004;
  cr_expect_str_eq(mnz_report_mean_percent(&summary, &f, out), "99.97 [99.93, 100]");
  f.at[MNZ_STATISTIC_MEAN] = 0.7;
  f.at[MNZ_STATISTIC_HALF_WIDTH] = 1.7;
  cr_expect_str_eq(mnz_report_mean_percent(&summary, &f, out), "70 [0, 100]");
}

Test(report_batch, takes_the_rounding_of_sums_for_no_difference) {
  const mnz_summary summary = {.interval = MNZ_INTERVAL_STUDENT};
  char out[MNZ_REPORT_CELL];
  cr_expect_str_eq(student(12.5, 0.9e-7, out), "12.5");           /* in tonnes */
  cr_expect_str_eq(student(12345, 0.9e-7 * 12345, out), "12345"); /* of the mean */
  cr_expect_str_eq(student(12.5, 1.3e-6, out), "12.500 \u00b1 0.001");
  mnz_report_figure f = {0};
  f.at[MNZ_STATISTIC_MEAN] = 0.25;
  f.at[MNZ_STATISTIC_HALF_WIDTH] = 0.9e-7;
  cr_expect_str_eq(mnz_report_mean_percent(&summary, &f, out), "25.0");
  f.at[MNZ_STATISTIC_HALF_WIDTH] = 1.1e-7;
  cr_expect_str_eq(mnz_report_mean_percent(&summary, &f, out), "25.000 \u00b1 0.001");
}

Test(report_batch, shows_both_ends_of_an_interval_that_is_not_students) {
  const mnz_summary summary = {.interval = MNZ_INTERVAL_BOOTSTRAP};
  char out[MNZ_REPORT_CELL];
  mnz_report_figure f = {0};
  f.at[MNZ_STATISTIC_MEAN] = 0.97;
  f.at[MNZ_STATISTIC_HALF_WIDTH] = 0.04;
  f.at[MNZ_STATISTIC_MEAN_LOW] = 0.91;
  f.at[MNZ_STATISTIC_MEAN_HIGH] = 0.993;
  cr_expect_str_eq(mnz_report_mean_percent(&summary, &f, out), "97 [91, 99]");
  f.at[MNZ_STATISTIC_MEAN_HIGH] = 1.02; /* a share is not more than all */
  cr_expect_str_eq(mnz_report_mean_percent(&summary, &f, out), "97 [91, 100]");
  f.at[MNZ_STATISTIC_MEAN_LOW] = NAN; /* open */
  cr_expect_str_eq(mnz_report_mean_percent(&summary, &f, out), "97 [-, 100]");
  f.at[MNZ_STATISTIC_HALF_WIDTH] = 0;
  cr_expect_str_eq(mnz_report_mean_percent(&summary, &f, out), "97.0");
  f.at[MNZ_STATISTIC_MEAN] = 0.06;
  f.at[MNZ_STATISTIC_HALF_WIDTH] = 0.12;
  f.at[MNZ_STATISTIC_MEAN_LOW] = -0.01; /* a mass is not below nothing */
  f.at[MNZ_STATISTIC_MEAN_HIGH] = 0.23;
  cr_expect_str_eq(mnz_report_mean(&summary, &f, out), "0.06 [0, 0.23]");
}

Test(report_batch, shows_probabilities_to_a_tenth_of_a_percent) {
  const struct {
    mnz_report_chance chance;
    const char *text;
  } cases[] = {{{0.433, 0.27, 0.61}, "43.3 [27.0, 61.0]"},
               {{0, 0, 0.114}, "0.0 [0.0, 11.4]"},
               {{1, 0.996, 1}, "100.0 [99.6, 100.0]"},
               {{0.004, 0.001, 0.02}, "0.4 [0.1, 2.0]"},
               {{0.998, 0.97, 0.9999}, "99.8 [97.0, 100.0]"},
               {{0.9999, 0.99975, 0.99999}, "99.9 [99.9, 100.0]"}, /* not all */
               {{0.0001, 0.00001, 0.0003}, "0.1 [0.0, 0.1]"},      /* not nothing */
               {{1, 0.9999, 1}, "100.0 [99.9, 100.0]"},
               {{0, 0, 0.0001}, "0.0 [0.0, 0.1]"},
               {{NAN, NAN, NAN}, "-"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char out[MNZ_REPORT_CELL];
    cr_expect_str_eq(mnz_report_chance_percent(&cases[i].chance, true, out), cases[i].text, "%s, not %s", out,
                     cases[i].text);
    (void)mnz_report_chance_percent(&cases[i].chance, false, out);
    cr_expect_eq(strncmp(out, cases[i].text, strcspn(cases[i].text, " ")), 0, "%s", out);
    cr_expect_null(strchr(out, '['));
  }
}

Test(report_batch, trusts_the_worst_twentieth_when_it_is_five_or_more) {
  char out[MNZ_REPORT_CELL];
  mnz_report_figure f = {0};
  f.at[MNZ_STATISTIC_CVAR] = 1010;
  f.at[MNZ_STATISTIC_CVAR_HALF_WIDTH] = 56;
  f.at[MNZ_STATISTIC_COUNT] = 99;
  cr_expect_str_eq(mnz_report_worst(&f, out), "1010");
  f.at[MNZ_STATISTIC_COUNT] = 101;
  cr_expect_str_eq(mnz_report_worst(&f, out), "1010 \u00b1 60");
}

/* --- the headline --- */

static mnz_report_batch_row row_of(const char *name, double chance, double day, double mean, double worst) {
  mnz_report_batch_row row = {.name = name, .any_shortage = {chance, 0.95 * chance, chance}};
  row.first_shortage.at[MNZ_STATISTIC_Q50] = day;
  row.shortfall.at[MNZ_STATISTIC_MEAN] = mean;
  row.shortfall.at[MNZ_STATISTIC_CVAR] = worst;
  return row;
}

static char *headline_of(const char *focus, mnz_report_batch_row *rows, size_t count) {
  const mnz_scenario scenario = {.start_us = INT64_C(1759276800000000), /* 2025-10-01 */ .focus = focus};
  const mnz_report_batch_data data = {
      .scenario = &scenario, .sound = 40, .elements = rows, .n_elements = count};
  mnz_buffer line = {0};
  mnz_report_batch_headline(&line, &data);
  mnz_buffer wrapped = {0};
  mnz_report_write_wrapped(&wrapped, line.at);
  mnz_buffer_free(&line);
  return wrapped.at;
}

Test(report_batch, names_those_that_are_worst_off_the_earliest_first) {
  mnz_report_batch_row rows[] = {row_of("Nd", 1, 31, 50, 60),  row_of("Pr", 1, 31, 20, 30),
                                 row_of("Dy", 0.5, 0, 90, 99), row_of("Tb", 1, 31, 0, 0),
                                 row_of("Gd", 1, 32, 1, 2),    row_of("Y", 1, 0, 30, 40)};
  char *text = headline_of(NULL, rows, 6);
  cr_expect_str_eq(
      text,
      "Users have any shortage of Y (2025-10-01), Nd, Pr, Tb (2025-11-01) and Gd (2025-11-02) with a "
      "probability of\n100.0 [95.0, 100.0] %, of Dy (2025-10-01) of 50.0 [47.5, 50.0] %; date: the median "
      "first day in those that do.\nIn the worst 5 %, 99.0 t of Dy, 60.0 t of Nd, 40.0 t of Y and less of 2 "
      "others are never delivered.\n",
      "%s", text);
  free(text);
}

Test(report_batch, names_as_many_as_three_lines_hold) {
  mnz_report_batch_row rows[] = {row_of("Nd", 0.9, 1, 5, 6), row_of("Pr", 0.8, 2, 5, 6),
                                 row_of("Dy", 0.7, 3, 5, 6), row_of("Tb", 0.6, 4, 5, 6),
                                 row_of("Gd", 0.5, 5, 5, 6), row_of("Y", 0.4, 6, 5, 6)};
  char *text = headline_of("the united states of america", rows, 6);
  size_t lines = 0;
  for (const char *c = text; *c != '\0'; c++) lines += *c == '\n';
  cr_expect_eq(lines, 3, "%s", text);
  cr_expect_not_null(strstr(text, " and of 4 others; "), "%s", text);
  free(text);
  text = headline_of(NULL, rows, 2);
  cr_expect_null(strstr(text, "other"), "%s", text);
  free(text);
}
