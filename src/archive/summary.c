/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Over replications: mean, quantiles, half-width of the 95 % confidence interval of the mean (Student's t).
 *
 * A value that is not a number is not defined in its replication: the statistics are over the replications
 * where it is. Quantiles are exact, by linear interpolation (type 7 of Hyndman and Fan). */
#include "archive/content.h"

#include "archive/format.h"
#include "base/memory.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include <math.h>
#include <stdlib.h>

#define CONFIDENCE 0.95

typedef struct statistics {
  size_t cells;
  double *sample; /* room for the values of one cell */
  double *mean;
  float *half_width;
  float *quantiles; /* [MNZ_LAYOUT_QUANTILES][cells] */
} statistics;

static double value_at(const mnz_variable *v, size_t i) {
  switch (v->cell) {
  case MNZ_CELL_F8:
    return ((const double *)v->data)[i];
  case MNZ_CELL_F4:
    return (double)((const float *)v->data)[i];
  case MNZ_CELL_I4:
    return ((const int32_t *)v->data)[i];
  case MNZ_CELL_I8:
    return (double)((const int64_t *)v->data)[i];
  case MNZ_CELL_U1:
    return ((const uint8_t *)v->data)[i];
  }
  return NAN;
}

static void summarise_cell(statistics *s, size_t cell, size_t n) {
  s->mean[cell] = n > 0 ? gsl_stats_mean(s->sample, 1, n) : NAN;
  s->half_width[cell] = NAN;
  if (n > 1) {
    const double error = gsl_stats_sd_m(s->sample, 1, n, s->mean[cell]) / sqrt((double)n);
    s->half_width[cell] = (float)(gsl_cdf_tdist_Pinv(0.5 + CONFIDENCE / 2, (double)(n - 1)) * error);
  }
  gsl_sort(s->sample, 1, n);
  for (size_t q = 0; q < MNZ_LAYOUT_QUANTILES; q++)
    s->quantiles[q * s->cells + cell] =
        n > 0 ? (float)gsl_stats_quantile_from_sorted_data(s->sample, 1, n, mnz_layout_quantiles[q]) : NAN;
}

static void summarise(statistics *s, const mnz_archive_input *input, size_t k) {
  for (size_t cell = 0; cell < s->cells; cell++) {
    size_t n = 0;
    for (size_t r = 0; r < input->n_results; r++) {
      const double value = value_at(&input->results[r]->variables[k], cell);
      if (!isnan(value)) s->sample[n++] = value;
    }
    summarise_cell(s, cell, n);
  }
}

/* ---- writing ---- */

/* One statistic as a column: the dimensions are scenario, then quantile if it is one, then the variable's. */
static mnz_column column_of(const mnz_variable *v, mnz_cell cell, bool quantiles) {
  mnz_column column = {.unit = v->unit, .cell = cell, .rank = 1, .dims = {MNZ_LAYOUT_SCENARIO}};
  if (quantiles) column.dims[column.rank++] = MNZ_LAYOUT_QUANTILE;
  for (int32_t i = 0; i < v->n_axes; i++) column.dims[column.rank++] = (int)v->axes[i];
  return column;
}

static void write_column(mnz_layout *layout, hid_t group, const mnz_variable *v, const char *suffix,
                         const char *words, mnz_column column, const void *cells) {
  mnz_arena *arena = NULL;
  if (mnz_arena_create(&arena, NULL) != MNZ_OK ||
      (column.name = mnz_arena_format(arena, NULL, "%s_%s", v->name, suffix)) == NULL ||
      (column.long_name = mnz_arena_format(arena, NULL, "%s, %s", v->long_name, words)) == NULL) {
    mnz_h5_no_memory(layout->h);
    goto out;
  }
  const hid_t dataset = mnz_layout_column(layout, group, &column);
  mnz_layout_fill(layout, dataset, &column, 0, 1, cells);
  mnz_h5_close(layout->h, dataset);
out:
  mnz_arena_free(arena);
}

static void write_headline(mnz_layout *layout, hid_t group, const mnz_archive_input *input, size_t k) {
  const mnz_variable *const v = &input->results[0]->variables[k];
  statistics s = {.cells = mnz_result_cells(input->results[0], v)};
  if (mnz_new_array(&s.sample, input->n_results, NULL) != MNZ_OK ||
      mnz_new_array(&s.mean, s.cells, NULL) != MNZ_OK ||
      mnz_new_array(&s.half_width, s.cells, NULL) != MNZ_OK ||
      mnz_new_array(&s.quantiles, MNZ_LAYOUT_QUANTILES * s.cells, NULL) != MNZ_OK) {
    mnz_h5_no_memory(layout->h);
    goto out;
  }
  summarise(&s, input, k);
  write_column(layout, group, v, "mean", "mean over replications", column_of(v, MNZ_CELL_F8, false), s.mean);
  write_column(layout, group, v, "half_width", "half-width of the 95 % confidence interval of the mean",
               column_of(v, MNZ_CELL_F4, false), s.half_width);
  write_column(layout, group, v, "quantiles", "quantiles over replications", column_of(v, MNZ_CELL_F4, true),
               s.quantiles);
out:
  free(s.quantiles);
  free(s.half_width);
  free(s.mean);
  free(s.sample);
}

/* What h5web and other readers of NeXus plot at once: the mean of the first headline. */
static void put_signal(mnz_h5 *h, hid_t group, const mnz_variable *v) {
  const mnz_column column = column_of(v, MNZ_CELL_F8, false);
  const char *axes[MNZ_LAYOUT_MAX_RANK];
  for (int i = 0; i < column.rank; i++)
    axes[i] = column.dims[i] == MNZ_AXIS_TIME ? "time" : "."; /* else text */
  char signal[256];
  (void)snprintf(signal, sizeof signal, "%s_mean", v->name);
  mnz_h5_put_text(h, group, "NX_class", "NXdata");
  mnz_h5_put_text(h, group, "signal", signal);
  mnz_h5_put_texts(h, group, "axes", axes, (size_t)column.rank);
}

/* The mean of states says nothing, and so does a variable over an empty axis. */
static bool is_headline(const mnz_result *result, size_t k) {
  const mnz_variable *const v = &result->variables[k];
  return v->headline && v->cell != MNZ_CELL_U1 && mnz_result_cells(result, v) > 0;
}

/* The dimensions that the headlines have. */
static void link_dimensions(mnz_layout *layout, hid_t group, const mnz_result *result) {
  bool used[MNZ_LAYOUT_DIMS] = {[MNZ_LAYOUT_SCENARIO] = true, [MNZ_LAYOUT_QUANTILE] = true};
  for (size_t k = 0; k < result->n_variables; k++)
    for (int32_t i = 0; i < result->variables[k].n_axes && is_headline(result, k); i++)
      used[result->variables[k].axes[i]] = true;
  for (int dim = 0; dim < MNZ_LAYOUT_DIMS; dim++)
    if (used[dim]) mnz_layout_link(layout, group, dim);
}

void mnz_summary_write(mnz_layout *layout, const mnz_archive_input *input) {
  mnz_h5 *const h = layout->h;
  const mnz_result *const first = input->results[0];
  const hid_t list = mnz_h5_creation(h, H5P_GROUP_CREATE);
  const hid_t group = mnz_h5_id(h, H5Gcreate2(h->file, MNZ_FORMAT_SUMMARY, H5P_DEFAULT, list, H5P_DEFAULT),
                                "create", MNZ_FORMAT_SUMMARY);
  mnz_h5_put_text(h, group, "long_name", "statistics over replications");
  mnz_h5_put_cells(h, group, "replications", MNZ_CELL_I4, &(int32_t){(int32_t)input->n_results}, 1);
  link_dimensions(layout, group, first);
  bool signal = false;
  for (size_t k = 0; k < first->n_variables && h->status == MNZ_OK; k++) {
    if (!is_headline(first, k)) continue;
    if (!signal) put_signal(h, group, &first->variables[k]);
    signal = true;
    write_headline(layout, group, input, k);
  }
  mnz_h5_close(h, group);
  mnz_h5_close(h, list);
}
