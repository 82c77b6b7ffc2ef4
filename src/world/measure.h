/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of measures share: a table of names and words, and the columns that they fill. */
#ifndef MNZ_WORLD_MEASURE_H
#define MNZ_WORLD_MEASURE_H

#include "world/replication_internal.h"

#define NEITHER MNZ_NEITHER_IS_WORSE
#define MORE    MNZ_MORE_IS_WORSE
#define LESS    MNZ_LESS_IS_WORSE

typedef struct mnz_measure {
  const char *name, *unit;
  mnz_worse worse;
  bool first_time;
  const char *text;
} mnz_measure;

/* Adds a column over these axes, zeroed; NULL when memory is out. */
double *mnz_measure_add(mnz_result *result, const mnz_measure *m, int32_t n_axes, const mnz_axis_id *axes,
                        mnz_error *err);
/* The same for n of them, over one axis each, into column[0 .. n - 1]. */
mnz_status mnz_measure_add_all(mnz_result *result, const mnz_measure *m, size_t n, mnz_axis_id axis,
                               double **column, mnz_error *err);

/* a / b, or NaN where b is not above 0. */
double mnz_measure_ratio(double a, double b);
/* Days; NaN of MNZ_NEVER. */
double mnz_measure_days(mnz_time time);

/* measure_service.c: shortages, waiting, whole orders, the swing of orders. */
mnz_status mnz_measure_service(const mnz_replication *r, mnz_result *result, mnz_error *err);
/* measure_origins.c: where it came from, and in how few hands it was. After delivered_from is there. */
mnz_status mnz_measure_origins(const mnz_replication *r, mnz_result *result, mnz_error *err);

#endif
