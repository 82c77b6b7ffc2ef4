/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The variables of the results: measures, series, and what each replication says of itself. */
#include "archive/content.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- rounding ---- */

/* Bits of the fraction that hold `digits` significant decimal digits. */
static int fraction_bits(int32_t digits) {
  return (int)ceil(digits * 3.3219280948873623); /* log2(10) */
}

/* Rounds to the nearest number with that many bits, half to even: zero bits compress well. */
static void round_doubles(double *x, size_t count, int keep) {
  const int drop = 52 - keep;
  if (drop <= 0) return;
  const uint64_t half = UINT64_C(1) << (drop - 1);
  for (size_t i = 0; i < count; i++) {
    if (!isfinite(x[i])) continue;
    uint64_t bits;
    memcpy(&bits, &x[i], sizeof bits);
    bits += half - 1 + (bits >> drop & 1);
    bits &= ~(2 * half - 1);
    memcpy(&x[i], &bits, sizeof bits);
  }
}

static void round_floats(float *x, size_t count, int keep) {
  const int drop = 23 - keep;
  if (drop <= 0) return;
  const uint32_t half = UINT32_C(1) << (drop - 1);
  for (size_t i = 0; i < count; i++) {
    if (!isfinite(x[i])) continue;
    uint32_t bits;
    memcpy(&bits, &x[i], sizeof bits);
    bits += half - 1 + (bits >> drop & 1);
    bits &= ~(2 * half - 1);
    memcpy(&x[i], &bits, sizeof bits);
  }
}

/* ---- variables ---- */

static mnz_column column_of(const mnz_variable *v) {
  mnz_column column = {.name = v->name,
                       .long_name = v->long_name,
                       .unit = v->unit,
                       .cell = v->cell,
                       .rank = 2 + v->n_axes,
                       .dims = {MNZ_LAYOUT_REPLICATION, MNZ_LAYOUT_SCENARIO},
                       .one_by_one = v->series,
                       .flag_meanings = v->flag_meanings};
  for (int32_t i = 0; i < v->n_axes; i++) column.dims[2 + i] = (int)v->axes[i];
  return column;
}

/* Variable `k` of results [from, from + count), one behind the other. */
static void gather(const mnz_archive_input *input, size_t k, size_t from, size_t count, size_t cells,
                   char *out) {
  const mnz_variable *const v = &input->results[0]->variables[k];
  const size_t bytes = cells * mnz_h5_cell_size(v->cell);
  for (size_t i = 0; i < count; i++)
    memcpy(out + i * bytes, input->results[from + i]->variables[k].data, bytes);
  if (!v->series || input->options->digits == 0) return;
  const int keep = fraction_bits(input->options->digits);
  if (v->cell == MNZ_CELL_F8) round_doubles((double *)(void *)out, count * cells, keep);
  if (v->cell == MNZ_CELL_F4) round_floats((float *)(void *)out, count * cells, keep);
}

static void write_variable(mnz_layout *layout, const mnz_archive_input *input, size_t k) {
  mnz_h5 *const h = layout->h;
  const mnz_variable *const v = &input->results[0]->variables[k];
  const mnz_column column = column_of(v);
  const size_t cells = mnz_result_cells(input->results[0], v);
  if (cells == 0) return;

  const size_t block = v->series ? 1 : input->n_results;
  char *room = NULL;
  if (mnz_new_array(&room, block * cells * mnz_h5_cell_size(v->cell), NULL) != MNZ_OK) {
    mnz_h5_no_memory(h);
    return;
  }
  const hid_t dataset = mnz_layout_column(layout, h->file, &column);
  if (v->series && input->options->digits > 0)
    mnz_h5_put_cells(h, dataset, "significant_digits", MNZ_CELL_I4, &input->options->digits, 1);
  for (size_t from = 0; from < input->n_results && h->status == MNZ_OK; from += block) {
    gather(input, k, from, block, cells, room);
    mnz_layout_fill(layout, dataset, &column, from, block, room);
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
  const size_t n = input->n_results;
  int64_t *events = NULL;
  int64_t *residual = NULL;
  uint8_t *status = NULL;
  if (mnz_new_array(&events, n, NULL) != MNZ_OK || mnz_new_array(&residual, n, NULL) != MNZ_OK ||
      mnz_new_array(&status, n, NULL) != MNZ_OK) {
    mnz_h5_no_memory(layout->h);
    goto out;
  }
  for (size_t i = 0; i < n; i++) {
    events[i] = (int64_t)input->results[i]->events;
    residual[i] = input->results[i]->residual_mg;
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
  const mnz_result *const first = input->results[0];
  for (int series = 0; series <= 1; series++) { /* measures before series, so that listings begin with them */
    if (series == 1 && !input->options->series) break;
    for (size_t k = 0; k < first->n_variables && layout->h->status == MNZ_OK; k++)
      if (first->variables[k].series == (series == 1)) write_variable(layout, input, k);
  }
}
