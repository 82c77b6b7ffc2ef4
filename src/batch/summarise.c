/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistics over replications. All values of a cell are needed for its quantiles, so cells are taken in
 * turns of as many as fit into the memory asked for: exact at any number of replications, at the price of
 * reading the rows again for each turn. */
#include "monazite/batch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>

#include "base/error.h"
#include "base/memory.h"
#include "batch/parallel.h"
#include "stats/interval.h"
#include "stats/moments.h"
#include "stats/quantile.h"
#include "stats/survival.h"
#include "stats/tail.h"

enum { RESAMPLES = 999, ROWS_AT_ONCE = 256 };

mnz_summary_options mnz_summary_options_default(void) {
  return (mnz_summary_options){
      .confidence = 0.95, .interval = MNZ_INTERVAL_STUDENT, .threads = 1, .memory = (size_t)64 << 20};
}

/* One variable at work. */
typedef struct turn {
  const mnz_rows *rows;
  const mnz_summary_options *options;
  const bool *failed; /* [row] */
  size_t sound;       /* rows that did not fail */
  size_t k;           /* the variable */
  const mnz_variable *v;
  mnz_summary_variable *out;
  size_t cells; /* of the variable */
  size_t from;  /* the cells of this turn: [from, from + count) */
  size_t count;
  double *values; /* [cell of the turn][row] */
  char *room;     /* [thread]: one row's cells of the turn, as they are stored */
} turn;

/* --- reading --- */

static mnz_status gather(void *self, uint32_t thread, size_t piece, mnz_error *err) {
  const turn *t = self;
  const size_t n = t->rows->count;
  const size_t end = (piece + 1) * ROWS_AT_ONCE < n ? (piece + 1) * ROWS_AT_ONCE : n;
  char *room = t->room + thread * t->count * sizeof(double);
  for (size_t row = piece * ROWS_AT_ONCE; row < end; row++) {
    mnz_status status = t->rows->read(t->rows->self, row, t->k, t->from, t->count, room, err);
    if (status != MNZ_OK) return status;
    for (size_t c = 0; c < t->count; c++)
      t->values[c * n + row] = t->failed[row] ? NAN : mnz_cell_value(t->v->cell, room, c);
  }
  return MNZ_OK;
}

/* --- reckoning --- */

/* Moves what is defined to the front, in order; how many. */
static size_t defined(double *x, size_t n) {
  size_t count = 0;
  for (size_t i = 0; i < n; i++)
    if (!isnan(x[i])) x[count++] = x[i];
  return count;
}

static void sort(double *x, size_t n, const mnz_moments *m) {
  if (m->min < m->max) gsl_sort(x, 1, n); /* many a cell is the same in every replication */
}

static mnz_status interval_of_mean(const turn *t, const double *x, size_t n, size_t cell, double mean,
                                   double half, mnz_interval *out, mnz_error *err) {
  *out = (mnz_interval){mean - half, mean + half};
  if (t->options->interval == MNZ_INTERVAL_STUDENT || n < 2) return MNZ_OK;
  const uint32_t object = (uint32_t)(t->k << 16 ^ cell);
  return mnz_bootstrap_t(x, n, t->options->confidence, RESAMPLES, t->options->seed, object, out, err);
}

static double open_end(double bound) {
  return isinf(bound) ? NAN : bound;
}

static void put_quantiles(const turn *t, const double *sorted, size_t n, double **to) {
  for (int q = 0; q < MNZ_QUANTILES; q++) {
    const double level = mnz_quantile_levels[q];
    *to[MNZ_STATISTIC_Q05 + q] = mnz_quantile(sorted, n, level);
    const mnz_interval i = mnz_quantile_interval(sorted, n, level, t->options->confidence);
    *to[MNZ_STATISTIC_Q05_LOW + q] = open_end(i.low);
    *to[MNZ_STATISTIC_Q05_HIGH + q] = open_end(i.high);
  }
}

static void put_tail(const turn *t, const double *sorted, size_t n, double **to) {
  if (t->v->worse == MNZ_NEITHER_IS_WORSE || t->v->first_time || n == 0) return;
  const mnz_tail tail = mnz_cvar(sorted, n, MNZ_CVAR_LEVEL, t->v->worse == MNZ_MORE_IS_WORSE);
  *to[MNZ_STATISTIC_CVAR] = tail.cvar;
  /* Student's quantile on all n values: what it says of a standard error with sd 1. */
  *to[MNZ_STATISTIC_CVAR_HALF_WIDTH] =
      tail.se * mnz_student_half_width(n, sqrt((double)n), t->options->confidence);
}

static mnz_status reckon_measure(const turn *t, double *x, size_t cell, mnz_error *err) {
  double *to[MNZ_STATISTICS];
  for (size_t s = 0; s < MNZ_STATISTICS; s++) {
    to[s] = &t->out->statistics[s * t->cells + cell];
    *to[s] = NAN;
  }
  const size_t n = defined(x, t->rows->count);
  const mnz_moments m = mnz_moments_of(x, n);
  const mnz_interval share = mnz_wilson(n, t->sound, t->options->confidence);
  *to[MNZ_STATISTIC_COUNT] = (double)n;
  *to[MNZ_STATISTIC_SHARE] = t->sound > 0 ? (double)n / (double)t->sound : NAN;
  *to[MNZ_STATISTIC_SHARE_LOW] = share.low;
  *to[MNZ_STATISTIC_SHARE_HIGH] = share.high;
  if (n == 0) return MNZ_OK;
  const double half = mnz_student_half_width(n, mnz_moments_sd(&m), t->options->confidence);
  mnz_interval mean;
  const mnz_status status = interval_of_mean(t, x, n, cell, m.mean, half, &mean, err);
  if (status != MNZ_OK) return status;
  *to[MNZ_STATISTIC_MEAN] = m.mean;
  *to[MNZ_STATISTIC_SD] = mnz_moments_sd(&m);
  *to[MNZ_STATISTIC_HALF_WIDTH] = half;
  *to[MNZ_STATISTIC_MEAN_LOW] = open_end(mean.low);
  *to[MNZ_STATISTIC_MEAN_HIGH] = open_end(mean.high);
  *to[MNZ_STATISTIC_MINIMUM] = m.min;
  *to[MNZ_STATISTIC_MAXIMUM] = m.max;
  sort(x, n, &m);
  put_quantiles(t, x, n, to);
  put_tail(t, x, n, to);
  return MNZ_OK;
}

/* Is the cell of the variable that this one rests on defined in any replication? */
static mnz_status applies(const turn *t, size_t cell, bool *yes, mnz_error *err) {
  const mnz_result *shape = t->rows->shape;
  size_t k = 0;
  while (t->v->given != NULL && k < shape->n_variables && strcmp(shape->variables[k].name, t->v->given) != 0)
    k++;
  *yes = t->v->given == NULL || k == shape->n_variables;
  for (size_t row = 0; row < t->rows->count && !*yes; row++) {
    double value;
    const mnz_status status = t->rows->read(t->rows->self, row, k, cell, 1, &value, err);
    if (status != MNZ_OK) return status;
    *yes = !t->failed[row] && !isnan(value);
  }
  return MNZ_OK;
}

static mnz_status reckon_survival(const turn *t, const double *x, size_t cell, mnz_error *err) {
  const mnz_result *shape = t->rows->shape;
  const size_t n_times = shape->length[MNZ_AXIS_TIME];
  const double end = shape->time[n_times - 1];
  double *time = NULL;
  bool *seen = NULL;
  mnz_status status = mnz_new_array(&time, t->sound, err);
  if (status == MNZ_OK) status = mnz_new_array(&seen, t->sound, err);
  size_t n = 0;
  for (size_t row = 0; row < t->rows->count && status == MNZ_OK; row++) {
    if (t->failed[row]) continue;
    seen[n] = !isnan(x[row]);
    time[n] = seen[n] ? x[row] : end;
    n++;
  }
  if (status == MNZ_OK)
    status = mnz_kaplan_meier(time, seen, n, shape->time, n_times, t->options->confidence,
                              t->out->survival + cell * n_times, t->out->survival_low + cell * n_times,
                              t->out->survival_high + cell * n_times, err);
  free(time);
  free(seen);
  return status;
}

static void reckon_series(const turn *t, double *x, size_t cell) {
  const size_t n = defined(x, t->rows->count);
  const mnz_moments m = mnz_moments_of(x, n);
  t->out->mean[cell] = n > 0 ? m.mean : NAN;
  t->out->half_width[cell] = (float)mnz_student_half_width(n, mnz_moments_sd(&m), t->options->confidence);
  sort(x, n, &m);
  for (int q = 0; q < MNZ_QUANTILES; q++)
    t->out->quantiles[(size_t)q * t->cells + cell] = (float)mnz_quantile(x, n, mnz_quantile_levels[q]);
}

/* Of a facility that is no demand nothing can be said, not even that it never runs short. */
static void leave_undefined(const turn *t, size_t cell) {
  const size_t n = t->rows->shape->length[MNZ_AXIS_TIME];
  for (size_t s = 0; s < MNZ_STATISTICS && t->out->statistics != NULL; s++)
    t->out->statistics[s * t->cells + cell] = s == MNZ_STATISTIC_COUNT ? 0 : NAN;
  for (size_t i = cell * n; i < (cell + 1) * n && t->out->survival != NULL; i++)
    t->out->survival[i] = t->out->survival_low[i] = t->out->survival_high[i] = NAN;
}

static mnz_status reckon(void *self, uint32_t thread, size_t i, mnz_error *err) {
  (void)thread;
  const turn *t = self;
  double *x = t->values + i * t->rows->count;
  const size_t cell = t->from + i;
  mnz_status status = MNZ_OK;
  bool applicable = true;
  if (t->v->first_time) status = applies(t, cell, &applicable, err);
  if (status == MNZ_OK && !applicable) {
    leave_undefined(t, cell);
    return MNZ_OK;
  }
  if (status == MNZ_OK && t->out->survival != NULL)
    status = reckon_survival(t, x, cell, err); /* first: it wants the NaN */
  if (status == MNZ_OK && t->out->statistics != NULL) status = reckon_measure(t, x, cell, err);
  if (status == MNZ_OK && t->out->mean != NULL) reckon_series(t, x, cell);
  return status;
}

/* --- one variable after the other --- */

static mnz_status make_room(const mnz_result *shape, const mnz_variable *v, mnz_summary_variable *out,
                            mnz_error *err) {
  const size_t cells = mnz_result_cells(shape, v);
  const size_t times = cells * shape->length[MNZ_AXIS_TIME];
  mnz_status status = MNZ_OK;
  if (v->cell == MNZ_CELL_U1 || cells == 0) return MNZ_OK; /* a mean of states says nothing */
  if (!v->series) status = mnz_new_array(&out->statistics, MNZ_STATISTICS * cells, err);
  if (v->headline && status == MNZ_OK) {
    if ((status = mnz_new_array(&out->mean, cells, err)) == MNZ_OK &&
        (status = mnz_new_array(&out->half_width, cells, err)) == MNZ_OK)
      status = mnz_new_array(&out->quantiles, MNZ_QUANTILES * cells, err);
  }
  if (v->first_time && times > 0 && status == MNZ_OK) {
    if ((status = mnz_new_array(&out->survival, times, err)) == MNZ_OK &&
        (status = mnz_new_array(&out->survival_low, times, err)) == MNZ_OK)
      status = mnz_new_array(&out->survival_high, times, err);
  }
  return status;
}

static mnz_status summarise_variable(turn *t, mnz_error *err) {
  const size_t n = t->rows->count;
  const size_t most = t->options->memory / (n * sizeof *t->values);
  const size_t at_once = most < 1 ? 1 : most < t->cells ? most : t->cells;
  mnz_status status = mnz_new_array(&t->values, at_once * n, err);
  if (status == MNZ_OK) status = mnz_new_array(&t->room, t->options->threads * at_once * sizeof(double), err);
  for (t->from = 0; t->from < t->cells && status == MNZ_OK; t->from += t->count) {
    t->count = t->cells - t->from < at_once ? t->cells - t->from : at_once;
    status = mnz_parallel(t->options->threads, (n + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE, gather, t, err);
    if (status == MNZ_OK) status = mnz_parallel(t->options->threads, t->count, reckon, t, err);
  }
  free(t->values);
  free(t->room);
  t->values = NULL;
  t->room = NULL;
  return status;
}

static mnz_status read_heads(const mnz_rows *rows, bool *failed, size_t *sound, mnz_error *err) {
  *sound = 0;
  for (size_t row = 0; row < rows->count; row++) {
    mnz_row head;
    const mnz_status status = rows->head(rows->self, row, &head, err);
    if (status != MNZ_OK) return status;
    failed[row] = head.status != MNZ_OK;
    *sound += !failed[row];
  }
  return MNZ_OK;
}

mnz_status mnz_summarise(const mnz_rows *rows, const mnz_summary_options *options, mnz_summary **out,
                         mnz_error *err) {
  MNZ_REQUIRE(rows->count > 0 && options->threads > 0);
  const mnz_result *shape = rows->shape;
  bool *failed = NULL;
  mnz_summary *s = NULL;
  size_t sound = 0;
  mnz_status status = mnz_new_array(&s, 1, err);
  if (status == MNZ_OK) {
    *s = (mnz_summary){.shape = shape,
                       .replications = rows->count,
                       .confidence = options->confidence,
                       .interval = options->interval};
    status = mnz_new_array(&s->variables, shape->n_variables, err);
  }
  if (status == MNZ_OK) status = mnz_new_array(&failed, rows->count, err);
  if (status == MNZ_OK) status = read_heads(rows, failed, &sound, err);
  if (status == MNZ_OK) s->failed = rows->count - sound;
  for (size_t k = 0; k < shape->n_variables && status == MNZ_OK; k++) {
    const mnz_variable *v = &shape->variables[k];
    turn t = {.rows = rows,
              .options = options,
              .failed = failed,
              .sound = sound,
              .k = k,
              .v = v,
              .out = &s->variables[k],
              .cells = mnz_result_cells(shape, v)};
    status = make_room(shape, v, t.out, err);
    if (status == MNZ_OK && (t.out->statistics != NULL || t.out->mean != NULL))
      status = summarise_variable(&t, err);
  }
  free(failed);
  if (status != MNZ_OK) {
    mnz_summary_free(s);
    s = NULL;
  }
  *out = s;
  return status;
}
