/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table filled cell by cell, row by row. What goes wrong on the way is told at its end. */
#ifndef MNZ_REPORT_GRID_H
#define MNZ_REPORT_GRID_H

#include "report/summary.h"

typedef struct mnz_report_grid {
  mnz_report_table table;
  const mnz_report_data *data;
  size_t row, column;
  mnz_error *err;
  bool failed;
} mnz_report_grid;

void mnz_report_grid_open(mnz_report_grid *grid, const mnz_report_data *data, size_t rows, size_t columns,
                          mnz_error *err);
/* The text must last as long as the grid; a number and a share in percent as a planner reads them; any text,
 * which is copied, "" for NULL. */
void mnz_report_grid_text(mnz_report_grid *grid, const char *text);
void mnz_report_grid_number(mnz_report_grid *grid, double value);
void mnz_report_grid_percent(mnz_report_grid *grid, double share);
void mnz_report_grid_copy(mnz_report_grid *grid, const char *text);
/* Writes it below its title. MNZ_NO_MEMORY */
mnz_status mnz_report_grid_close(mnz_report_grid *grid, mnz_buffer *to, const char *title);

/* The cells of a measure over so many axes; NULL if there is none. */
const double *mnz_report_cells(const mnz_report_data *data, const char *name, int32_t n_axes);

#endif
