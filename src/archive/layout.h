/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dimensions, and columns over them: what a file of results is made of. See README.md. */
#ifndef MNZ_ARCHIVE_LAYOUT_H
#define MNZ_ARCHIVE_LAYOUT_H

#include "archive/h5.h"
#include "monazite/archive.h"

/* The dimensions: a result's own axes, and others. */
enum {
  MNZ_LAYOUT_REPLICATION = MNZ_AXES,
  MNZ_LAYOUT_SCENARIO,
  MNZ_LAYOUT_QUANTILE,
  MNZ_LAYOUT_STATISTIC,
  MNZ_LAYOUT_EVENT, /* in a group of its own: the root has a variable `events` */
  MNZ_LAYOUT_DIMS
};
#define MNZ_LAYOUT_MAX_RANK 5

/* All that goes into a file. */
typedef struct mnz_archive_input {
  const mnz_scenario *scenario;
  const mnz_rows *rows;
  const mnz_summary *summary;
  const mnz_run_facts *facts;
  const mnz_archive_options *options;
} mnz_archive_input;

typedef struct mnz_layout {
  mnz_h5 *h;
  hid_t scale[MNZ_LAYOUT_DIMS]; /* -1: nothing along this axis, so it is not in the file */
  hsize_t length[MNZ_LAYOUT_DIMS];
} mnz_layout;

typedef struct mnz_column {
  const char *name;
  const char *long_name;
  const char *unit;
  mnz_cell cell;
  int rank;
  int dims[MNZ_LAYOUT_MAX_RANK];
  bool one_by_one;           /* no chunk spans two indices of the first dimension */
  const char *flag_meanings; /* or NULL */
} mnz_column;

/* What row i says of itself; false, with the failure in layout->h, if it cannot be read. */
bool mnz_layout_head(mnz_layout *layout, const mnz_archive_input *input, size_t i, mnz_row *row);

const char *mnz_layout_title(const mnz_archive_input *input);

/* Writes the dimensions of the input's results with their labels. */
void mnz_layout_open(mnz_layout *layout, mnz_h5 *h, const mnz_archive_input *input);
void mnz_layout_close(mnz_layout *layout);
/* Makes the dimension of events, in their group: it counts them. */
void mnz_layout_count_events(mnz_layout *layout, hid_t group, size_t count);
/* Gives a group a dimension too, with its labels, as hard links to the same objects. */
void mnz_layout_link(mnz_layout *layout, hid_t group, int dim);
/* Names the labels of accounts and of places: readers take them for coordinates. */
void mnz_layout_put_coordinates(mnz_h5 *h, hid_t object, bool account, bool place);

/* A new column, empty, with its attributes and its dimensions attached. */
hid_t mnz_layout_column(mnz_layout *layout, hid_t group, const mnz_column *column);
/* How many indices of its first dimension a chunk of the column spans. */
size_t mnz_layout_rows(const mnz_layout *layout, const mnz_column *column);
/* Fills [from, from + count) of the first dimension, all of the others. */
void mnz_layout_fill(mnz_layout *layout, hid_t dataset, const mnz_column *column, size_t from, size_t count,
                     const void *cells);

/* "a|b|c" beside texts, or numbers that stand for texts: the i-th is the i-th. */
void mnz_layout_put_labels(mnz_h5 *h, hid_t dataset, const char *const *texts, size_t count);

/* "days since 2025-10-01 00:00:00". */
#define MNZ_LAYOUT_TIME_UNIT 40
void mnz_layout_time_unit(int64_t start_us, char out[MNZ_LAYOUT_TIME_UNIT]);

#endif
