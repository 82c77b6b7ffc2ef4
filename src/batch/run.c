/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The writer's side of a batch: collects in order, keeps count, decides when it is enough. */
#include "monazite/batch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "batch/dispatch.h"
#include "batch/replicate.h"
#include "batch/team.h"
#include "batch/worker.h"
#include "stats/interval.h"
#include "stats/moments.h"
#include "stats/precision.h"

enum {
  TICK_MS = 100,
  WINDOW_PER_WORKER = 16, /* how far the fastest may run ahead of the slowest */
  MOST_AT_ONCE = 16       /* parcels that are collected before the tick is asked again */
};

mnz_batch_options mnz_batch_options_default(void) {
  return (mnz_batch_options){.replications = 1000,
                             .shard = 1,
                             .shards = 1,
                             .threads = 1,
                             .watch = {.what = MNZ_WATCH_HEADLINES, .months = 1},
                             .block = 50,
                             .minimum = 100,
                             .confidence = 0.95};
}

uint32_t mnz_batch_planned(const mnz_batch_options *o) {
  const uint32_t before = o->shard - 1;
  return o->replications > before ? (o->replications - before + o->shards - 1) / o->shards : 0;
}

/* --- a sink in memory --- */

static mnz_status add_parcel(void *self, mnz_parcel **parcel, mnz_error *err) {
  return mnz_parcels_add(self, parcel, err);
}

/* Memory lasts as long as the process. */
static mnz_status pass_border(void *self, mnz_error *err) {
  (void)self;
  (void)err;
  return MNZ_OK;
}

mnz_sink mnz_parcels_sink(mnz_parcels *parcels) {
  return (mnz_sink){parcels, add_parcel, pass_border};
}

/* --- the writer --- */

/* What the writer knows. */
typedef struct writer {
  const mnz_result *shape;
  const mnz_batch_options *options;
  const mnz_sink *sink;
  mnz_batch_tick *tick;
  void *tick_self;
  mnz_aim *watched; /* the aims; without aims, every fill rate, to have something to tell */
  size_t n_watched;
  mnz_moments *moments; /* [watched] */
  mnz_batch_progress progress;
} writer;

/* --- precision --- */

static mnz_status choose_watched(writer *w, mnz_error *err) {
  const mnz_batch_options *o = w->options;
  size_t k = 0;
  while (k < w->shape->n_variables && strcmp(w->shape->variables[k].name, "fill_rate") != 0) k++;
  const bool fallback = o->n_aims == 0 && k < w->shape->n_variables;
  w->n_watched = fallback ? mnz_result_cells(w->shape, &w->shape->variables[k]) : o->n_aims;
  mnz_status status = mnz_new_array(&w->watched, w->n_watched, err);
  if (status == MNZ_OK) status = mnz_new_array(&w->moments, w->n_watched, err);
  for (size_t i = 0; i < w->n_watched && status == MNZ_OK; i++) {
    w->watched[i] = fallback ? (mnz_aim){.variable = k, .cell = i, .width = 1} : o->aims[i];
    if (fallback) mnz_aim_name(w->shape, k, i, w->watched[i].name, sizeof w->watched[i].name);
  }
  return status;
}

static double half_width(const writer *w, size_t i) {
  const mnz_moments *m = &w->moments[i];
  return mnz_student_half_width(m->n, mnz_moments_sd(m), w->options->confidence);
}

static bool reached(const writer *w, size_t i) {
  const mnz_target target = {w->watched[i].relative, w->watched[i].width};
  return mnz_precise_enough(&w->moments[i], w->options->confidence, target);
}

/* Half-width over what is aimed at: the larger, the farther away. What is not known is farthest. Values that
 * are all equal have no half-width: of those that are not precise enough yet, the fewest are farthest. */
static double distance(const writer *w, size_t i) {
  const mnz_aim *aim = &w->watched[i];
  if (w->moments[i].n > 1 && w->moments[i].m2 == 0)
    return reached(w, i) ? 0 : 1 + 1 / (double)w->moments[i].n;
  const double half = half_width(w, i);
  const double goal = aim->relative ? aim->width / (1 + aim->width) * fabs(w->moments[i].mean) : aim->width;
  const double d = half / goal;
  return isnan(d) ? INFINITY : d;
}

/* Without aims a fill rate that is never defined (nobody asks for it) is not worth a word. */
static size_t farthest(const writer *w) {
  size_t worst = 0;
  double most = -1;
  for (size_t i = 0; i < w->n_watched; i++) {
    if (w->options->n_aims == 0 && w->moments[i].n == 0) continue;
    const double d = distance(w, i);
    if (d > most) {
      most = d;
      worst = i;
    }
  }
  return worst;
}

static bool is_precise(const writer *w) {
  if (w->options->n_aims == 0 || w->progress.done < w->options->minimum) return false;
  for (size_t i = 0; i < w->n_watched; i++)
    if (!reached(w, i)) return false;
  return true;
}

static void note_widest(writer *w) {
  const size_t i = w->n_watched > 0 ? farthest(w) : 0;
  w->progress.widest_half = w->n_watched > 0 ? half_width(w, i) : NAN;
  snprintf(w->progress.widest, sizeof w->progress.widest, "%s", w->n_watched > 0 ? w->watched[i].name : "");
  w->progress.widest_relative = w->n_watched > 0 && w->watched[i].relative;
  if (w->progress.widest_relative) w->progress.widest_half /= fabs(w->moments[i].mean);
}

/* --- rows and parcels --- */

static bool is_border(const writer *w) {
  return w->progress.done % w->options->block == 0;
}

static void count_value(writer *w, size_t i, double value) {
  if (w->watched[i].occurs) value = !isnan(value);
  mnz_moments_add(&w->moments[i], value); /* NaN adds nothing */
}

static void count_parcel(writer *w, const mnz_parcel *parcel) {
  w->progress.done++;
  w->progress.failed += parcel->status != MNZ_OK;
  for (size_t i = 0; i < w->n_watched && parcel->status == MNZ_OK; i++) {
    const char *cells = (const char *)parcel + mnz_parcel_offset(w->shape, w->watched[i].variable);
    count_value(w, i, ((const double *)(const void *)cells)[w->watched[i].cell]);
  }
}

/* The rows from before, as if they had just come in. */
static mnz_status count_rows(writer *w, const mnz_rows *rows, mnz_error *err) {
  for (size_t row = 0; row < rows->count; row++) {
    mnz_row head;
    mnz_status status = rows->head(rows->self, row, &head, err);
    const uint32_t expected = mnz_batch_replication(w->options, (uint32_t)row);
    if (status == MNZ_OK && head.replication != expected)
      status = mnz_fail(err, MNZ_FORMAT, NULL, "row %zu is replication %u; the plan has %u there", row,
                        head.replication, expected);
    for (size_t i = 0; i < w->n_watched && status == MNZ_OK && head.status == MNZ_OK; i++) {
      double value;
      status = rows->read(rows->self, row, w->watched[i].variable, w->watched[i].cell, 1, &value, err);
      if (status == MNZ_OK) count_value(w, i, value);
    }
    if (status != MNZ_OK) return status;
    w->progress.done++;
    w->progress.failed += head.status != MNZ_OK;
  }
  return MNZ_OK;
}

/* --- the loop --- */

static bool still_wanted(writer *w) {
  note_widest(w);
  return w->tick == NULL || w->tick(w->tick_self, &w->progress);
}

/* What is there in order; *end says whether the batch is over, and how. If the sink is slower than the
 * workers there is always more. */
static mnz_status collect(writer *w, mnz_dispatch *dispatch, bool *over, mnz_batch_end *end, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (int i = 0; i < MOST_AT_ONCE && !*over && status == MNZ_OK; i++) {
    mnz_parcel *parcel = mnz_dispatch_collect(dispatch);
    if (parcel == NULL) break;
    count_parcel(w, parcel);
    if ((status = w->sink->put(w->sink->self, &parcel, err)) != MNZ_OK) break;
    const bool last = w->progress.done == w->progress.planned;
    if (!is_border(w) && !last) continue;
    status = w->sink->border(w->sink->self, err);
    if (status == MNZ_OK && is_border(w) && is_precise(w)) {
      *over = true;
      *end = MNZ_BATCH_PRECISE;
    } else if (last) {
      *over = true;
      *end = MNZ_BATCH_PLAN;
    }
  }
  return status;
}

static mnz_status write_all(writer *w, mnz_dispatch *dispatch, mnz_batch_end *end, mnz_error *err) {
  mnz_team *team = w->options->team;
  mnz_status status = MNZ_OK;
  bool over = false;
  while (!over && status == MNZ_OK) {
    if (!still_wanted(w)) {
      *end = MNZ_BATCH_STOPPED;
      return w->sink->border(w->sink->self, err);
    }
    (void)mnz_dispatch_wait(dispatch, team != NULL ? team->milliseconds : TICK_MS);
    if (team != NULL) status = team->exchange(team->self, w->options, dispatch, err);
    if (status == MNZ_OK) status = collect(w, dispatch, &over, end, err);
    if (status == MNZ_OK && !over) status = mnz_dispatch_failure(dispatch, err);
  }
  return status;
}

static mnz_status run_crew(writer *w, const mnz_scenario *scenario, mnz_batch_end *end, mnz_error *err) {
  const mnz_batch_options *o = w->options;
  const uint32_t workers = o->threads + (o->team != NULL ? o->team->threads : 0);
  mnz_dispatch *dispatch = NULL;
  mnz_crew *crew = NULL;
  mnz_status status =
      mnz_dispatch_create(&dispatch, w->progress.done, w->progress.planned, WINDOW_PER_WORKER * workers, err);
  if (status == MNZ_OK) status = mnz_crew_start(&crew, scenario, w->shape, o, dispatch, err);
  if (status == MNZ_OK) status = write_all(w, dispatch, end, err);
  if (dispatch != NULL) mnz_dispatch_stop(dispatch);
  mnz_crew_end(crew);
  mnz_dispatch_free(dispatch);
  return status;
}

static void report(const writer *w, mnz_aim_state *states, mnz_batch_outcome *outcome) {
  outcome->done = w->progress.done;
  outcome->failed = w->progress.failed;
  if (w->options->n_aims == 0) return;
  outcome->deciding = farthest(w);
  for (size_t i = 0; i < w->n_watched && states != NULL; i++)
    states[i] = (mnz_aim_state){.count = w->moments[i].n,
                                .mean = w->moments[i].mean,
                                .half_width = half_width(w, i),
                                .reached = reached(w, i)};
}

mnz_status mnz_batch_run(const mnz_scenario *scenario, const mnz_result *shape,
                         const mnz_batch_options *options, const mnz_rows *before, const mnz_sink *sink,
                         mnz_batch_tick *tick, void *tick_self, mnz_aim_state *states,
                         mnz_batch_outcome *outcome, mnz_error *err) {
  MNZ_REQUIRE(options->threads > 0 && options->block > 0 && options->shard > 0 &&
              options->shard <= options->shards);
  writer w = {.shape = shape, .options = options, .sink = sink, .tick = tick, .tick_self = tick_self};
  w.progress.planned = mnz_batch_planned(options);
  *outcome = (mnz_batch_outcome){.end = MNZ_BATCH_PLAN};
  mnz_status status = choose_watched(&w, err);
  if (status == MNZ_OK && before != NULL) status = count_rows(&w, before, err);
  if (status == MNZ_OK && w.progress.done > w.progress.planned)
    status = mnz_fail(err, MNZ_USAGE, NULL, "%u replications are there already, more than the %u asked for",
                      w.progress.done, w.progress.planned);
  if (status == MNZ_OK && w.progress.done > 0 && is_border(&w) && is_precise(&w))
    outcome->end = MNZ_BATCH_PRECISE;
  else if (status == MNZ_OK && w.progress.done < w.progress.planned)
    status = run_crew(&w, scenario, &outcome->end, err);
  if (options->team != NULL) options->team->dismiss(options->team->self);
  if (status == MNZ_OK) (void)still_wanted(&w);
  if (w.moments != NULL || w.n_watched == 0) report(&w, states, outcome);
  free(w.watched);
  free(w.moments);
  return status;
}
