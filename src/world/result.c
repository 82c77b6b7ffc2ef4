/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "monazite/result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "world/replication_internal.h"

void mnz_result_free(mnz_result *result) {
  if (result == NULL) return;
  for (size_t i = 0; i < result->n_variables; i++) free(result->variables[i].data);
  free(result->variables);
  free(result->log);
  free(result->account_node);
  free(result->account_material);
  free(result->account_element);
  free(result->time);
  free(result);
}

const mnz_variable *mnz_result_find(const mnz_result *result, const char *name) {
  for (size_t i = 0; i < result->n_variables; i++) {
    if (strcmp(result->variables[i].name, name) == 0) return &result->variables[i];
  }
  return NULL;
}

size_t mnz_result_cells(const mnz_result *result, const mnz_variable *variable) {
  size_t cells = 1;
  for (int32_t i = 0; i < variable->n_axes; i++) cells *= result->length[variable->axes[i]];
  return cells;
}

size_t mnz_cell_size(mnz_cell cell) {
  switch (cell) {
  case MNZ_CELL_F8:
    return sizeof(double);
  case MNZ_CELL_F4:
    return sizeof(float);
  case MNZ_CELL_I4:
    return sizeof(int32_t);
  case MNZ_CELL_I8:
    return sizeof(int64_t);
  case MNZ_CELL_U1:
    return sizeof(uint8_t);
  }
  return 0;
}

double mnz_cell_value(mnz_cell cell, const void *cells, size_t i) {
  switch (cell) {
  case MNZ_CELL_F8:
    return ((const double *)cells)[i];
  case MNZ_CELL_F4:
    return (double)((const float *)cells)[i];
  case MNZ_CELL_I4:
    return ((const int32_t *)cells)[i];
  case MNZ_CELL_I8:
    return (double)((const int64_t *)cells)[i];
  case MNZ_CELL_U1:
    return ((const uint8_t *)cells)[i];
  }
  return NAN;
}

/* --- rounding --- */

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

void mnz_cells_round(mnz_cell cell, void *cells, size_t count, int32_t digits) {
  const int keep = fraction_bits(digits);
  if (cell == MNZ_CELL_F8) round_doubles(cells, count, keep);
  if (cell == MNZ_CELL_F4) round_floats(cells, count, keep);
}

void *mnz_result_add(mnz_result *result, const char *name, const char *long_name, const char *unit,
                     mnz_cell cell, int32_t n_axes, const mnz_axis_id *axes, mnz_error *err) {
  mnz_variable v = {.name = name, .long_name = long_name, .unit = unit, .cell = cell, .n_axes = n_axes};
  for (int32_t i = 0; i < n_axes; i++) {
    v.axes[i] = axes[i];
    v.series |= axes[i] == MNZ_AXIS_TIME;
  }
  if (mnz_resize_array(&result->variables, result->n_variables + 1, err) != MNZ_OK) return NULL;
  const size_t cells = mnz_result_cells(result, &v);
  if (mnz_memory_new(&v.data, cells == 0 ? 1 : cells, mnz_cell_size(cell), err) != MNZ_OK) return NULL;
  result->variables[result->n_variables++] = v;
  return v.data;
}
