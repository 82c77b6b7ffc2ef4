/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/grid.h"

enum { ROOM = 32 };

void mnz_report_grid_open(mnz_report_grid *g, const mnz_report_data *data, size_t rows, size_t columns,
                          mnz_error *err) {
  *g = (mnz_report_grid){.data = data, .err = err, .table = {.rows = rows, .columns = columns}};
  g->table.cell = mnz_arena_alloc(data->arena, rows * columns, sizeof *g->table.cell, err);
  g->failed = g->table.cell == NULL;
}

void mnz_report_grid_text(mnz_report_grid *g, const char *text) {
  if (g->failed) return;
  g->table.cell[g->row * g->table.columns + g->column] = text;
  g->column = (g->column + 1) % g->table.columns;
  if (g->column == 0) g->row++;
}

void mnz_report_grid_copy(mnz_report_grid *g, const char *text) {
  const char *kept = text == NULL ? "" : mnz_arena_text(g->data->arena, text, g->err);
  g->failed = g->failed || kept == NULL;
  mnz_report_grid_text(g, kept);
}

void mnz_report_grid_number(mnz_report_grid *g, double value) {
  char text[ROOM];
  mnz_report_grid_copy(g, mnz_report_number(value, text));
}

void mnz_report_grid_percent(mnz_report_grid *g, double share) {
  char text[ROOM];
  mnz_report_grid_copy(g, mnz_report_percent(share, text));
}

mnz_status mnz_report_grid_close(mnz_report_grid *g, mnz_buffer *to, const char *title) {
  if (g->failed) return MNZ_NO_MEMORY;
  mnz_buffer_print(to, "\n%s\n", title);
  mnz_report_write_table(to, &g->table);
  return MNZ_OK;
}

const double *mnz_report_cells(const mnz_report_data *data, const char *name, int32_t n_axes) {
  const mnz_variable *v = mnz_result_find(data->result, name);
  return v != NULL && v->cell == MNZ_CELL_F8 && v->n_axes == n_axes ? v->data : NULL;
}
