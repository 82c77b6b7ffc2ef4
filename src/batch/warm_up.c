/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the start is forgotten, from a pilot: the mean over replications of each headline series, cut by
 * MSER-5. The mean smooths what is one replication's own luck; what is left is what all of them have from
 * their start. */
#include "monazite/batch.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "stats/warmup.h"

enum { MSER_BATCH = 5 };

/* Equal values all along have no start to forget. */
static bool is_constant(const double *x, size_t n) {
  size_t i = 1;
  while (i < n && x[i] == x[0]) i++;
  return i >= n;
}

/* A price that wanders never settles, whatever is forgotten. */
static bool is_of_flows(const mnz_variable *variable) {
  return variable->axes[0] != MNZ_AXIS_PRICE;
}

static void look_at(const mnz_summary *summary, size_t k, mnz_warm_up *out) {
  const mnz_result *shape = summary->shape;
  const size_t n = shape->length[MNZ_AXIS_TIME];
  const double *mean = summary->variables[k].mean;
  const size_t rows = mnz_result_cells(shape, &shape->variables[k]) / n;
  for (size_t row = 0; row < rows; row++) {
    const double *x = mean + row * n;
    if (is_constant(x, n)) continue;
    const mnz_mser cut = mnz_mser_cut(x, n, MSER_BATCH);
    if (cut.statistic != cut.statistic || cut.cut == 0) continue; /* NaN: not defined all along */
    const double days = shape->time[cut.cut - 1];
    if (days < out->days) continue;
    *out = (mnz_warm_up){.days = days, .too_short = cut.too_short || 2 * cut.cut >= n};
    snprintf(out->series, sizeof out->series, "%s.%s", shape->variables[k].name,
             shape->labels[shape->variables[k].axes[0]][row]);
  }
}

/* A pilot of which nothing is left says nothing. */
static mnz_status check_pilot(const mnz_batch_outcome *outcome, const mnz_rows *rows, mnz_error *err) {
  mnz_row row;
  if (outcome->end == MNZ_BATCH_STOPPED)
    return mnz_fail(err, MNZ_INTERRUPTED, NULL, "interrupted in the pilot");
  if (outcome->failed < outcome->done) return MNZ_OK;
  const mnz_status status = rows->head(rows->self, 0, &row, err);
  return status != MNZ_OK
             ? status
             : mnz_fail(err, row.status, NULL, "all replications of the pilot fail: %s", row.message);
}

mnz_status mnz_warm_up_find(const mnz_scenario *scenario, const mnz_batch_options *options,
                            mnz_batch_tick *tick, void *tick_self, mnz_warm_up *out, mnz_error *err) {
  const mnz_watch watch = {.what = MNZ_WATCH_HEADLINES};
  mnz_batch_options o = *options;
  mnz_summary_options how = mnz_summary_options_default();
  mnz_result *shape = NULL;
  mnz_parcels *parcels = NULL;
  mnz_summary *summary = NULL;
  mnz_batch_outcome outcome;
  *out = (mnz_warm_up){.days = 0};
  o.watch = watch;
  o.shard = 1;
  o.shards = 1;
  o.n_aims = 0;
  o.team = NULL;
  how.threads = o.threads;
  mnz_status status = mnz_shape_create(scenario, &watch, &shape, err);
  if (status == MNZ_OK) status = mnz_parcels_create(&parcels, shape, err);
  const mnz_sink sink = mnz_parcels_sink(parcels);
  if (status == MNZ_OK)
    status = mnz_batch_run(scenario, shape, &o, NULL, &sink, tick, tick_self, NULL, &outcome, err);
  if (status == MNZ_OK) {
    const mnz_rows rows = mnz_parcels_rows(parcels);
    status = check_pilot(&outcome, &rows, err);
    if (status == MNZ_OK) status = mnz_summarise(&rows, &how, &summary, err);
  }
  for (size_t k = 0; status == MNZ_OK && k < shape->n_variables; k++)
    if (summary->variables[k].mean != NULL && is_of_flows(&shape->variables[k])) look_at(summary, k, out);
  mnz_summary_free(summary);
  mnz_parcels_free(parcels);
  mnz_result_free(shape);
  return status;
}
