/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queues of a batch in which nobody orders anything: by place the means over replications. */
#include "report/batch_summary.h"

#include <math.h>
#include <string.h>

static const struct {
  const char *measure;
  const char *head;
} shown[] = {
    {"loss_share", "lost %"},  {"wait_mean", "wait d"},   {"wait_p95", "95 % within"},
    {"held_mean", "inside t"}, {"throughput", "t a day"}, {"lead_time_mean", "days through"},
};
enum { N_SHOWN = sizeof shown / sizeof *shown, COLUMNS = N_SHOWN + 1 };

static mnz_report_figure figure(const mnz_report_batch_data *data, size_t k, size_t place) {
  const mnz_result *shape = data->summary->shape;
  const mnz_variable *v = mnz_result_find(shape, shown[k].measure);
  const double *of = v == NULL ? NULL : data->summary->variables[v - shape->variables].statistics;
  mnz_report_figure f;
  for (size_t s = 0; s < MNZ_STATISTICS; s++)
    f.at[s] = of == NULL ? NAN : of[s * shape->length[MNZ_AXIS_PLACE] + place];
  return f;
}

static double mean(const mnz_report_batch_data *data, size_t k, size_t place) {
  return figure(data, k, place).at[MNZ_STATISTIC_MEAN];
}

/* What only passes is left out. */
static bool is_worth_a_row(const mnz_report_batch_data *data, size_t place) {
  for (size_t k = 0; k < N_SHOWN; k++)
    if (strcmp(shown[k].measure, "throughput") != 0 && mean(data, k, place) > 0) return true;
  return false;
}

static const char *cell(const mnz_report_batch_data *data, size_t k, size_t place, mnz_error *err) {
  char text[MNZ_REPORT_CELL];
  const mnz_report_figure f = figure(data, k, place);
  if (isnan(f.at[MNZ_STATISTIC_MEAN])) return "-";
  const bool share = strcmp(shown[k].measure, "loss_share") == 0;
  return mnz_arena_text(data->arena,
                        share ? mnz_report_mean_percent(data->summary, &f, text)
                              : mnz_report_mean(data->summary, &f, text),
                        err);
}

mnz_status mnz_report_batch_write_queues(mnz_buffer *to, const mnz_report_batch_data *data, mnz_error *err) {
  const mnz_result *shape = data->summary->shape;
  const size_t places = shape->length[MNZ_AXIS_PLACE];
  if (data->n_demands > 0 || places == 0) return MNZ_OK;
  mnz_report_table table = {.rows = 1, .columns = COLUMNS};
  table.cell = mnz_arena_alloc(data->arena, (places + 1) * COLUMNS, sizeof *table.cell, err);
  if (table.cell == NULL) return MNZ_NO_MEMORY;
  table.cell[0] = "";
  for (size_t k = 0; k < N_SHOWN; k++) table.cell[k + 1] = shown[k].head;
  for (size_t i = 0; i < places; i++) {
    if (!is_worth_a_row(data, i)) continue;
    const char **row = table.cell + table.rows++ * COLUMNS;
    row[0] = shape->labels[MNZ_AXIS_PLACE][i];
    for (size_t k = 0; k < N_SHOWN; k++)
      if ((row[k + 1] = cell(data, k, i, err)) == NULL) return MNZ_NO_MEMORY;
  }
  if (table.rows == 1) return MNZ_OK;
  mnz_buffer_add(to, "\nQueues (means)\n");
  mnz_report_write_table(to, &table);
  return MNZ_OK;
}
