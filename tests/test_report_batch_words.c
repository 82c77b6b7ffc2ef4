/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the summary of a batch shows estimates. */
#include "report/batch_summary.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

Test(report_batch, shows_a_mean_to_its_first_doubtful_digit) {
  const struct {
    double mean, half_width;
    const char *text;
  } cases[] = {{528.34, 1.23, "528.3 \u00b1 1.2"},
               {528.34, 5.7, "528 \u00b1 6"},
               {528.34, 0.96, "528.3 \u00b1 1.0"},
               {5283.4, 41, "5280 \u00b1 40"},
               {5283.4, 123, "5280 \u00b1 120"},
               {0.42, 6, "0.4 \u00b1 6.0"}, /* not nothing */
               {12.5, 1e-7, "12.500 \u00b1 0.001"},
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
               {0.9997, 0.004, "99.97 \u00b1 0.40"},
               {0.9999999, 0.004, "99.999 \u00b1 0.400"},
               {1e-7, 1e-3, "0.001 \u00b1 0.100"},
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
}

Test(report_batch, shows_probabilities_in_whole_percents_unless_they_are_known_better) {
  const struct {
    mnz_report_chance chance;
    const char *text;
  } cases[] = {{{0.433, 0.27, 0.61}, "43 [27, 61]"},          {{0, 0, 0.114}, "0 [0, 11]"},
               {{1, 0.996, 1}, "100.0 [99.6, 100.0]"},        {{0.004, 0.001, 0.02}, "0.4 [0.1, 2.0]"},
               {{0.998, 0.97, 0.9999}, "99.8 [97.0, 100.0]"}, {{NAN, NAN, NAN}, "-"}};
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
