/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "monazite/result.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "world/replication_internal.h"

void mnz_result_free(mnz_result *result) {
  if (result == NULL) return;
  for (size_t i = 0; i < result->n_variables; i++) free(result->variables[i].data);
  free(result->variables);
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

static size_t cell_size(mnz_cell cell) {
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

void *mnz_result_add(mnz_result *result, const char *name, const char *long_name, const char *unit,
                     mnz_cell cell, int32_t n_axes, const mnz_axis_id *axes, mnz_error *err) {
  mnz_variable v = {.name = name, .long_name = long_name, .unit = unit, .cell = cell, .n_axes = n_axes};
  for (int32_t i = 0; i < n_axes; i++) {
    v.axes[i] = axes[i];
    v.series |= axes[i] == MNZ_AXIS_TIME;
  }
  if (mnz_resize_array(&result->variables, result->n_variables + 1, err) != MNZ_OK) return NULL;
  const size_t cells = mnz_result_cells(result, &v);
  if (mnz_memory_new(&v.data, cells == 0 ? 1 : cells, cell_size(cell), err) != MNZ_OK) return NULL;
  result->variables[result->n_variables++] = v;
  return v.data;
}
