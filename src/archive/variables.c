/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The variables of the results: measures, series, and what each replication says of itself. */
#include "archive/content.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- variables ---- */

/* Readers take one replication's series at a time, if it is worth a chunk. */
#define LEAST_BYTES_FOR_ITSELF ((size_t)64 << 10)

static mnz_column column_of(const mnz_variable *v, size_t cells) {
  mnz_column column = {.name = v->name,
                       .long_name = v->long_name,
                       .unit = v->unit,
                       .cell = v->cell,
                       .rank = 2 + v->n_axes,
                       .dims = {MNZ_LAYOUT_REPLICATION, MNZ_LAYOUT_SCENARIO},
                       .one_by_one = v->series && cells * mnz_cell_size(v->cell) >= LEAST_BYTES_FOR_ITSELF,
                       .flag_meanings = v->flag_meanings};
  for (int32_t i = 0; i < v->n_axes; i++) column.dims[2 + i] = (int)v->axes[i];
  return column;
}

/* Variable `k` of rows [from, from + count), one behind the other. */
static void gather(mnz_layout *layout, const mnz_archive_input *input, size_t k, size_t from, size_t count,
                   size_t cells, char *out) {
  mnz_h5 *const h = layout->h;
  const mnz_rows *const rows = input->rows;
  const mnz_variable *const v = &rows->shape->variables[k];
  const size_t bytes = cells * mnz_cell_size(v->cell);
  for (size_t i = 0; i < count && h->status == MNZ_OK; i++)
    h->status = rows->read(rows->self, from + i, k, 0, cells, out + i * bytes, h->err);
  if (v->series && input->options->digits > 0)
    mnz_cells_round(v->cell, out, count * cells, input->options->digits);
}

static void write_variable(mnz_layout *layout, const mnz_archive_input *input, size_t k) {
  mnz_h5 *const h = layout->h;
  const mnz_result *const shape = input->rows->shape;
  const mnz_variable *const v = &shape->variables[k];
  const mnz_column column = column_of(v, mnz_result_cells(shape, v));
  const size_t cells = mnz_result_cells(shape, v);
  const size_t n = input->rows->count;
  if (cells == 0) return;

  /* Whole chunks, so that each is packed once. */
  const size_t block = mnz_layout_rows(layout, &column);
  char *room = NULL;
  if (mnz_new_array(&room, block * cells * mnz_cell_size(v->cell), NULL) != MNZ_OK) {
    mnz_h5_no_memory(h);
    return;
  }
  const hid_t dataset = mnz_layout_column(layout, h->file, &column);
  if (v->series && input->options->digits > 0)
    mnz_h5_put_cells(h, dataset, "significant_digits", MNZ_CELL_I4, &input->options->digits, 1);
  for (size_t from = 0; from < n && h->status == MNZ_OK; from += block) {
    const size_t count = n - from < block ? n - from : block;
    gather(layout, input, k, from, count, cells, room);
    mnz_layout_fill(layout, dataset, &column, from, count, room);
  }
  mnz_h5_close(h, dataset);
  free(room);
}

/* ---- what each replication says of itself ---- */

static void write_own(mnz_layout *layout, size_t count, mnz_column column, const void *cells) {
  column.rank = 2;
  column.dims[0] = MNZ_LAYOUT_REPLICATION;
  column.dims[1] = MNZ_LAYOUT_SCENARIO;
  const hid_t dataset = mnz_layout_column(layout, layout->h->file, &column);
  mnz_layout_fill(layout, dataset, &column, 0, count, cells);
  mnz_h5_close(layout->h, dataset);
}

static void write_replications(mnz_layout *layout, const mnz_archive_input *input) {
  const size_t n = input->rows->count;
  int64_t *events = NULL;
  int64_t *residual = NULL;
  uint8_t *status = NULL;
  if (mnz_new_array(&events, n, NULL) != MNZ_OK || mnz_new_array(&residual, n, NULL) != MNZ_OK ||
      mnz_new_array(&status, n, NULL) != MNZ_OK) {
    mnz_h5_no_memory(layout->h);
    goto out;
  }
  for (size_t i = 0; i < n; i++) {
    mnz_row row;
    if (!mnz_layout_head(layout, input, i, &row)) goto out;
    events[i] = (int64_t)row.events;
    residual[i] = row.residual_mg;
    status[i] = row.status != MNZ_OK;
  }
  write_own(layout, n,
            (mnz_column){.name = "status",
                         .long_name = "how the replication ended",
                         .unit = "1",
                         .cell = MNZ_CELL_U1,
                         .flag_meanings = "complete failed"},
            status);
  write_own(
      layout, n,
      (mnz_column){.name = "events", .long_name = "events that were run", .unit = "1", .cell = MNZ_CELL_I8},
      events);
  write_own(layout, n,
            (mnz_column){.name = "residual_mg",
                         .long_name = "residual of the mass ledger, the largest over components",
                         .unit = "mg",
                         .cell = MNZ_CELL_I8},
            residual);
out:
  free(status);
  free(residual);
  free(events);
}

void mnz_variables_write(mnz_layout *layout, const mnz_archive_input *input) {
  write_replications(layout, input);
  const mnz_result *const first = input->rows->shape;
  for (int series = 0; series <= 1; series++) { /* measures before series, so that listings begin with them */
    if (series == 1 && !input->options->series) break;
    for (size_t k = 0; k < first->n_variables && layout->h->status == MNZ_OK; k++)
      if (first->variables[k].series == (series == 1)) write_variable(layout, input, k);
  }
}
