/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The group /summary: statistics over replications as columns. */
#include "archive/content.h"

#include "archive/format.h"
#include "base/memory.h"

/* What is added to the name of the variable, and to its words. */
typedef struct statistic {
  const char *suffix; /* NULL: the variable's own name */
  const char *words;
} statistic;

/* The dimensions are scenario, then `first` if there is one (-1: none), the variable's, then time for curves.
 */
static mnz_column column_of(const mnz_variable *v, mnz_cell cell, int first, bool curve) {
  mnz_column column = {.unit = v->unit, .cell = cell, .rank = 1, .dims = {MNZ_LAYOUT_SCENARIO}};
  if (first >= 0) column.dims[column.rank++] = first;
  for (int32_t i = 0; i < v->n_axes; i++) column.dims[column.rank++] = (int)v->axes[i];
  if (curve) column.dims[column.rank++] = MNZ_AXIS_TIME;
  return column;
}

static void write_column(mnz_layout *layout, hid_t group, const mnz_variable *v, statistic s,
                         mnz_column column, const void *cells) {
  mnz_arena *arena = NULL;
  if (mnz_arena_create(&arena, NULL) != MNZ_OK ||
      (column.name = mnz_arena_format(arena, NULL, "%s%s%s", v->name, s.suffix != NULL ? "_" : "",
                                      s.suffix != NULL ? s.suffix : "")) == NULL ||
      (column.long_name = mnz_arena_format(arena, NULL, "%s, %s", v->long_name, s.words)) == NULL) {
    mnz_h5_no_memory(layout->h);
    goto out;
  }
  const hid_t dataset = mnz_layout_column(layout, group, &column);
  mnz_layout_fill(layout, dataset, &column, 0, 1, cells);
  mnz_h5_close(layout->h, dataset);
out:
  mnz_arena_free(arena);
}

static void write_headline(mnz_layout *layout, hid_t group, const mnz_variable *v,
                           const mnz_summary_variable *s) {
  write_column(layout, group, v, (statistic){"mean", "mean over replications"},
               column_of(v, MNZ_CELL_F8, -1, false), s->mean);
  write_column(layout, group, v,
               (statistic){"half_width", "half-width of the confidence interval of the mean"},
               column_of(v, MNZ_CELL_F4, -1, false), s->half_width);
  write_column(layout, group, v, (statistic){"quantiles", "quantiles over replications"},
               column_of(v, MNZ_CELL_F4, MNZ_LAYOUT_QUANTILE, false), s->quantiles);
}

static void write_survival(mnz_layout *layout, hid_t group, const mnz_variable *v,
                           const mnz_summary_variable *s) {
  static const statistic curves[] = {
      {"survival", "share of replications in which it is later (Kaplan and Meier)"},
      {"survival_low", "lower end of the band around that share (Greenwood)"},
      {"survival_high", "upper end of the band around that share (Greenwood)"}};
  const double *const cells[] = {s->survival, s->survival_low, s->survival_high};
  for (int i = 0; i < 3; i++) {
    mnz_column column = column_of(v, MNZ_CELL_F8, -1, true);
    column.unit = "1";
    write_column(layout, group, v, curves[i], column, cells[i]);
  }
}

/* What h5web and other readers of NeXus plot at once: the mean of the first headline. */
static void put_signal(mnz_h5 *h, hid_t group, const mnz_variable *v) {
  const mnz_column column = column_of(v, MNZ_CELL_F8, -1, false);
  const char *axes[MNZ_LAYOUT_MAX_RANK];
  for (int i = 0; i < column.rank; i++)
    axes[i] = column.dims[i] == MNZ_AXIS_TIME ? "time" : "."; /* else text */
  char signal[256];
  (void)snprintf(signal, sizeof signal, "%s_mean", v->name);
  mnz_h5_put_text(h, group, "NX_class", "NXdata");
  mnz_h5_put_text(h, group, "signal", signal);
  mnz_h5_put_texts(h, group, "axes", axes, (size_t)column.rank);
}

/* The dimensions that are used, so that the group can be opened alone. */
static void link_dimensions(mnz_layout *layout, hid_t group, const mnz_summary *summary, bool many) {
  const mnz_result *const shape = summary->shape;
  bool used[MNZ_LAYOUT_DIMS] = {
      [MNZ_LAYOUT_SCENARIO] = true, [MNZ_LAYOUT_QUANTILE] = true, [MNZ_LAYOUT_STATISTIC] = many};
  for (size_t k = 0; k < shape->n_variables; k++) {
    const mnz_summary_variable *const s = &summary->variables[k];
    if (s->mean == NULL && !(many && s->statistics != NULL)) continue;
    for (int32_t i = 0; i < shape->variables[k].n_axes; i++) used[shape->variables[k].axes[i]] = true;
    if (many && s->survival != NULL) used[MNZ_AXIS_TIME] = true;
  }
  for (int dim = 0; dim < MNZ_LAYOUT_DIMS; dim++)
    if (used[dim]) mnz_layout_link(layout, group, dim);
  mnz_layout_put_coordinates(layout->h, group, used[MNZ_AXIS_ACCOUNT], used[MNZ_AXIS_PLACE]);
}

static void put_attributes(mnz_h5 *h, hid_t group, const mnz_summary *summary) {
  mnz_h5_put_text(h, group, "long_name", "statistics over replications");
  mnz_h5_put_cells(h, group, "replications", MNZ_CELL_I4, &(int32_t){(int32_t)summary->replications}, 1);
  mnz_h5_put_cells(h, group, "failed", MNZ_CELL_I4, &(int32_t){(int32_t)summary->failed}, 1);
  mnz_h5_put_cells(h, group, "confidence", MNZ_CELL_F8, &summary->confidence, 1);
  mnz_h5_put_text(h, group, "interval_of_means", mnz_interval_kind_name(summary->interval));
  mnz_h5_put_cells(h, group, "cvar_level", MNZ_CELL_F8, &(double){MNZ_CVAR_LEVEL}, 1);
}

void mnz_summary_write(mnz_layout *layout, const mnz_archive_input *input) {
  mnz_h5 *const h = layout->h;
  const mnz_summary *const summary = input->summary;
  const mnz_result *const shape = summary->shape;
  const bool many = summary->replications > 1;
  const hid_t list = mnz_h5_creation(h, H5P_GROUP_CREATE);
  const hid_t group = mnz_h5_id(h, H5Gcreate2(h->file, MNZ_FORMAT_SUMMARY, H5P_DEFAULT, list, H5P_DEFAULT),
                                "create", MNZ_FORMAT_SUMMARY);
  put_attributes(h, group, summary);
  link_dimensions(layout, group, summary, many);
  bool signal = false;
  for (size_t k = 0; k < shape->n_variables && h->status == MNZ_OK; k++) {
    const mnz_variable *const v = &shape->variables[k];
    const mnz_summary_variable *const s = &summary->variables[k];
    if (s->mean != NULL && !signal) {
      put_signal(h, group, v);
      signal = true;
    }
    if (s->mean != NULL) write_headline(layout, group, v, s);
    if (many && s->statistics != NULL)
      write_column(layout, group, v, (statistic){NULL, "statistics over replications"},
                   column_of(v, MNZ_CELL_F8, MNZ_LAYOUT_STATISTIC, false), s->statistics);
    if (many && s->survival != NULL) write_survival(layout, group, v, s);
  }
  mnz_h5_close(h, group);
  mnz_h5_close(h, list);
}
