/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Summaries of rows that are made up, so that every number is known. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "monazite/batch.h"

enum { ROWS = 40 };

/* One measure over two elements, one first time, one headline series over three times. Row i has i and -i;
 * the first time is i days in the first half and never in the second; row 7 failed. */
static const char *const elements[] = {"Dy", "Tb"};
static double times[] = {5, 10, 30};

static mnz_variable variables[] = {
    {.name = "short",
     .cell = MNZ_CELL_F8,
     .n_axes = 1,
     .axes = {MNZ_AXIS_ELEMENT},
     .worse = MNZ_MORE_IS_WORSE},
    {.name = "first_shortage",
     .cell = MNZ_CELL_F8,
     .n_axes = 0,
     .worse = MNZ_LESS_IS_WORSE,
     .first_time = true},
    {.name = "stock",
     .cell = MNZ_CELL_F4,
     .n_axes = 1,
     .axes = {MNZ_AXIS_TIME},
     .series = true,
     .headline = true},
    {.name = "state", .cell = MNZ_CELL_U1, .n_axes = 1, .axes = {MNZ_AXIS_ELEMENT}},
};

static const mnz_result shape = {.length = {[MNZ_AXIS_ELEMENT] = 2, [MNZ_AXIS_TIME] = 3},
                                 .labels = {[MNZ_AXIS_ELEMENT] = elements},
                                 .time = times,
                                 .variables = variables,
                                 .n_variables = 4};

static mnz_status head(void *self, size_t row, mnz_row *out, mnz_error *err) {
  (void)self;
  (void)err;
  *out = (mnz_row){.replication = (uint32_t)row, .status = row == 7 ? MNZ_MODEL : MNZ_OK};
  return MNZ_OK;
}

static double value_of(size_t row, size_t k, size_t cell) {
  const double i = (double)row;
  if (k == 0) return cell == 0 ? i : -i;
  if (k == 1) return row < ROWS / 2 ? i : NAN;
  return i * 10 + (double)cell;
}

/* A failed one holds rubbish here: nobody may count it. */
static mnz_status read(void *self, size_t row, size_t k, size_t from, size_t count, void *out,
                       mnz_error *err) {
  (void)self;
  (void)err;
  for (size_t i = 0; i < count; i++) {
    const double value = row == 7 ? 1e9 : value_of(row, k, from + i);
    if (variables[k].cell == MNZ_CELL_F8) ((double *)out)[i] = value;
    if (variables[k].cell == MNZ_CELL_F4) ((float *)out)[i] = (float)value;
    if (variables[k].cell == MNZ_CELL_U1) ((uint8_t *)out)[i] = 1;
  }
  return MNZ_OK;
}

static const mnz_rows rows = {&shape, ROWS, NULL, head, read, NULL};

static double statistic(const mnz_summary *s, size_t k, mnz_statistic which, size_t cell) {
  return s->variables[k].statistics[(size_t)which * mnz_result_cells(&shape, &variables[k]) + cell];
}

static mnz_summary *summarise(size_t memory, uint32_t threads, mnz_interval_kind interval) {
  mnz_summary_options o = mnz_summary_options_default();
  mnz_summary *s = NULL;
  o.memory = memory;
  o.threads = threads;
  o.interval = interval;
  cr_assert_eq(mnz_summarise(&rows, &o, &s, NULL), MNZ_OK);
  return s;
}

Test(summary, counts_what_is_defined_and_leaves_failed_rows_out) {
  mnz_summary *s = summarise(1 << 20, 1, MNZ_INTERVAL_STUDENT);
  cr_assert_eq(s->replications, ROWS);
  cr_assert_eq(s->failed, 1);
  cr_assert_eq(statistic(s, 0, MNZ_STATISTIC_COUNT, 0), 39);
  cr_assert_eq(statistic(s, 0, MNZ_STATISTIC_SHARE, 0), 1);
  cr_assert_eq(statistic(s, 1, MNZ_STATISTIC_COUNT, 0), 19);
  cr_assert_float_eq(statistic(s, 1, MNZ_STATISTIC_SHARE, 0), 19 / 39.0, 1e-15);
  cr_assert_lt(statistic(s, 1, MNZ_STATISTIC_SHARE_LOW, 0), 19 / 39.0);
  cr_assert_gt(statistic(s, 1, MNZ_STATISTIC_SHARE_HIGH, 0), 19 / 39.0);
  /* 0 .. 39 without 7 */
  const double mean = (39 * 40 / 2 - 7) / 39.0;
  cr_assert_float_eq(statistic(s, 0, MNZ_STATISTIC_MEAN, 0), mean, 1e-12);
  cr_assert_float_eq(statistic(s, 0, MNZ_STATISTIC_MEAN, 1), -mean, 1e-12);
  cr_assert_eq(statistic(s, 0, MNZ_STATISTIC_MINIMUM, 0), 0);
  cr_assert_eq(statistic(s, 0, MNZ_STATISTIC_MAXIMUM, 0), 39);
  cr_assert_eq(statistic(s, 0, MNZ_STATISTIC_Q50, 0), 20, "the 20th of 39, after the gap");
  const double half = statistic(s, 0, MNZ_STATISTIC_HALF_WIDTH, 0);
  cr_assert_float_eq(statistic(s, 0, MNZ_STATISTIC_MEAN_HIGH, 0), mean + half, 1e-12);
  cr_assert_float_eq(half, 2.024394164 * statistic(s, 0, MNZ_STATISTIC_SD, 0) / sqrt(39), 1e-6,
                     "t of 38 degrees");
  cr_assert_null(s->variables[3].statistics, "a mean of states says nothing");
  mnz_summary_free(s);
}

Test(summary, takes_the_tail_at_the_end_that_is_worse) {
  mnz_summary *s = summarise(1 << 20, 1, MNZ_INTERVAL_STUDENT);
  /* The worst twentieth of 39 values are the last 1.95: 39 and 95 % of 38. */
  cr_assert_float_eq(statistic(s, 0, MNZ_STATISTIC_CVAR, 0), (39 + 0.95 * 38) / 1.95, 1e-9);
  cr_assert_gt(statistic(s, 0, MNZ_STATISTIC_CVAR_HALF_WIDTH, 0), 0);
  cr_assert(isnan(statistic(s, 1, MNZ_STATISTIC_CVAR, 0)), "a first time is censored: no tail");
  mnz_summary_free(s);
}

Test(summary, follows_who_has_not_run_short_yet) {
  mnz_summary *s = summarise(1 << 20, 1, MNZ_INTERVAL_STUDENT);
  const double *survival = s->variables[1].survival;
  /* Events at 0 .. 19 without 7; 39 are watched to the end at 30. */
  cr_assert_float_eq(survival[0], 33 / 39.0, 1e-12);
  cr_assert_float_eq(survival[1], 29 / 39.0, 1e-12);
  cr_assert_float_eq(survival[2], 20 / 39.0, 1e-12);
  for (int t = 0; t < 3; t++) {
    cr_assert_lt(s->variables[1].survival_low[t], survival[t]);
    cr_assert_gt(s->variables[1].survival_high[t], survival[t]);
  }
  cr_assert_null(s->variables[0].survival);
  mnz_summary_free(s);
}

Test(summary, draws_bands_of_series) {
  mnz_summary *s = summarise(1 << 20, 1, MNZ_INTERVAL_STUDENT);
  const mnz_summary_variable *v = &s->variables[2];
  const double mean = (39 * 40 / 2 - 7) / 39.0;
  for (int t = 0; t < 3; t++) {
    cr_assert_float_eq(v->mean[t], 10 * mean + t, 1e-9);
    cr_assert_float_eq(v->quantiles[2 * 3 + t], 200 + t, 1e-4);
  }
  cr_assert_null(v->statistics);
  mnz_summary_free(s);
}

static bool same_survival(const mnz_summary_variable *a, const mnz_summary_variable *b) {
  const size_t bytes = 3 * sizeof(double); /* one cell at three times */
  return memcmp(a->survival, b->survival, bytes) == 0 &&
         memcmp(a->survival_low, b->survival_low, bytes) == 0 &&
         memcmp(a->survival_high, b->survival_high, bytes) == 0;
}

/* Memory for one value, for some, for all; one thread and several. */
Test(summary, is_the_same_in_any_number_of_turns_and_threads) {
  mnz_summary *whole = summarise(1 << 20, 1, MNZ_INTERVAL_BOOTSTRAP);
  const size_t memory[] = {1, 2 * ROWS * sizeof(double), 1 << 16};
  for (size_t i = 0; i < 3; i++) {
    mnz_summary *s = summarise(memory[i], 1 + 2 * (uint32_t)i, MNZ_INTERVAL_BOOTSTRAP);
    for (size_t k = 0; k < 3; k++) {
      const mnz_summary_variable *a = &whole->variables[k];
      const mnz_summary_variable *b = &s->variables[k];
      const size_t cells = mnz_result_cells(&shape, &variables[k]);
      if (a->statistics != NULL)
        cr_assert_eq(memcmp(a->statistics, b->statistics, MNZ_STATISTICS * cells * sizeof(double)), 0);
      if (a->mean != NULL) cr_assert_eq(memcmp(a->mean, b->mean, cells * sizeof(double)), 0);
      if (a->quantiles != NULL)
        cr_assert_eq(memcmp(a->quantiles, b->quantiles, MNZ_QUANTILES * cells * sizeof(float)), 0);
    }
    cr_assert(same_survival(&whole->variables[1], &s->variables[1]));
    mnz_summary_free(s);
  }
  /* The bootstrap's interval is not the mean plus and minus the half-width. */
  const double low = statistic(whole, 0, MNZ_STATISTIC_MEAN_LOW, 0);
  const double mean = statistic(whole, 0, MNZ_STATISTIC_MEAN, 0);
  cr_assert_lt(low, mean);
  cr_assert_neq(low, mean - statistic(whole, 0, MNZ_STATISTIC_HALF_WIDTH, 0));
  mnz_summary_free(whole);
}

static mnz_status unreadable(void *self, size_t row, size_t k, size_t from, size_t count, void *out,
                             mnz_error *err) {
  (void)err;
  return row == 31 ? MNZ_IO : read(self, row, k, from, count, out, NULL);
}

Test(summary, hands_on_that_rows_cannot_be_read) {
  const mnz_rows broken = {&shape, ROWS, NULL, head, unreadable, NULL};
  const mnz_summary_options o = mnz_summary_options_default();
  mnz_summary *s = NULL;
  cr_assert_eq(mnz_summarise(&broken, &o, &s, NULL), MNZ_IO);
  cr_assert_null(s);
}
