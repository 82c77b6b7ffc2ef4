/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replications that are made up: a table of numbers as rows. */
#ifndef MNZ_TESTS_STUDY_BENCH_H
#define MNZ_TESTS_STUDY_BENCH_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "monazite/compare.h"

enum { MOST_ROWS = 16, MOST_VARIABLES = 6, MOST_CELLS = 8 };

typedef struct made_up {
  mnz_result shape;
  mnz_variable variables[MOST_VARIABLES];
  mnz_rows rows;
  uint32_t number[MOST_ROWS];
  bool failed[MOST_ROWS];
  double value[MOST_VARIABLES][MOST_ROWS][MOST_CELLS];
} made_up;

static mnz_status made_up_head(void *self, size_t row, mnz_row *out, mnz_error *err) {
  (void)err;
  const made_up *m = self;
  *out = (mnz_row){.replication = m->number[row], .status = m->failed[row] ? MNZ_MODEL : MNZ_OK};
  if (m->failed[row]) strcpy(out->message, "Plant: stuck");
  return MNZ_OK;
}

static mnz_status made_up_read(void *self, size_t row, size_t k, size_t from, size_t count, void *out,
                               mnz_error *err) {
  (void)err;
  const made_up *m = self;
  memcpy(out, &m->value[k][row][from], count * sizeof(double));
  return MNZ_OK;
}

/* Replications 0 .. count - 1, no variables yet, all values 0. The labels are the caller's. */
static void make_up(made_up *m, size_t count, const char *const *elements, size_t n_elements) {
  *m = (made_up){0};
  m->shape.labels[MNZ_AXIS_ELEMENT] = elements;
  m->shape.length[MNZ_AXIS_ELEMENT] = n_elements;
  m->shape.variables = m->variables;
  m->rows =
      (mnz_rows){.shape = &m->shape, .count = count, .self = m, .head = made_up_head, .read = made_up_read};
  for (size_t i = 0; i < count; i++) m->number[i] = (uint32_t)i;
}

/* A measure by element; its values are at [what is returned][row][element]. */
static size_t add_measure(made_up *m, const char *name, const char *unit, mnz_worse worse) {
  m->variables[m->shape.n_variables] = (mnz_variable){.name = name,
                                                      .long_name = "a measure",
                                                      .unit = unit,
                                                      .cell = MNZ_CELL_F8,
                                                      .n_axes = 1,
                                                      .axes = {MNZ_AXIS_ELEMENT},
                                                      .worse = worse};
  return m->shape.n_variables++;
}

static inline void fill(made_up *m, size_t k, size_t element, const double *values) {
  for (size_t i = 0; i < m->rows.count; i++) m->value[k][i][element] = values[i];
}

#endif
