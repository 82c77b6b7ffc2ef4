/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many replications of one scenario as a table: a row each, whose columns are a result's variables.
 *
 * Rows are read through an interface, for they may lie in memory, in a journal or in a results file, and
 * may be more than memory holds. */
#ifndef MONAZITE_ROWS_H
#define MONAZITE_ROWS_H

#include "monazite/event_log.h"
#include "monazite/result.h"
#include "monazite/replication.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a row says of its replication beside the variables. */
typedef struct mnz_row {
  uint32_t replication;
  mnz_status status; /* other than MNZ_OK: it failed, and its cells are not defined */
  uint64_t events;
  int64_t residual_mg;
  size_t n_log;      /* what happened, if it was kept: also of one that failed, up to the failure */
  char message[784]; /* "where: what went wrong"; "" */
} mnz_row;

typedef struct mnz_rows {
  const mnz_result *shape; /* axes, labels and variables; its data are NULL. Outlives the rows */
  size_t count;
  void *self;
  /* All may be called from several threads at once. */
  mnz_status (*head)(void *self, size_t row, mnz_row *out, mnz_error *err);
  /* Cells [from, from + count) of the shape's variable `k`, in its cell type; `out` has room for them.
   * Of a failed replication: NaN, and 0 for whole numbers. */
  mnz_status (*read)(void *self, size_t row, size_t k, size_t from, size_t count, void *out, mnz_error *err);
  /* Events [from, from + count) of the row's n_log. May be NULL if no row has any. */
  mnz_status (*log)(void *self, size_t row, size_t from, size_t count, mnz_model_event *out, mnz_error *err);
} mnz_rows;

/* Rows over results in memory, all of one scenario (the first is the shape, so its data must stay).
 * `results` and what it points to must outlive the rows; nothing to free. */
mnz_rows mnz_rows_of_results(const mnz_result *const *results, size_t count);

/* The shape that replications of the scenario have when they are watched so, with series as f4: halves the
 * room and keeps seven digits. *out is the caller's: mnz_result_free. */
mnz_status mnz_shape_create(const mnz_scenario *scenario, const mnz_watch *watch, mnz_result **out,
                            mnz_error *err);

/* A parcel: one replication packed into bytes, as it goes between threads, ranks and files. It is a
 * mnz_parcel, then, unless it failed, the cells of each variable, each variable at a multiple of 8 bytes;
 * then the message; then what happened, if the shape keeps that. Numbers are of this machine; a parcel goes
 * to machines like it only. */
typedef struct mnz_parcel {
  uint32_t bytes; /* of the whole, a multiple of 8 */
  uint32_t replication;
  uint32_t status;
  uint32_t message_bytes; /* with its NUL; 0: none */
  uint64_t events;
  int64_t residual_mg;
  uint64_t n_log;
} mnz_parcel;

/* Of one that did not fail, without its log. */
size_t mnz_parcel_bytes(const mnz_result *shape);
/* Both give a parcel that is the caller's: free(). The result must have the shape (f8 becomes f4 where the
 * shape says so). MNZ_LIMIT beyond 4 GB. */
mnz_status mnz_parcel_pack(const mnz_result *shape, const mnz_result *result, mnz_parcel **out,
                           mnz_error *err);
mnz_status mnz_parcel_pack_failure(uint32_t replication, const mnz_error *failure, mnz_parcel **out,
                                   mnz_error *err);
/* Puts a log behind a parcel that has none. On failure (MNZ_NO_MEMORY, MNZ_LIMIT) frees it and sets *parcel
 * to NULL. */
mnz_status mnz_parcel_add_log(mnz_parcel **parcel, const mnz_model_event *log, size_t n_log, mnz_error *err);
/* Can a parcel of the shape begin so? Then its length is right. For whoever has no more of it yet. */
bool mnz_parcel_can_begin(const mnz_result *shape, const mnz_parcel *head);
/* Is this a sound parcel of the shape, in `bytes` bytes? */
bool mnz_parcel_is_sound(const mnz_result *shape, const mnz_parcel *parcel, size_t bytes);
/* Where variable `k` begins in a parcel that did not fail. */
size_t mnz_parcel_offset(const mnz_result *shape, size_t k);
/* Where the log begins: it is the last thing in a parcel. */
size_t mnz_parcel_log_offset(const mnz_parcel *parcel);
/* Fills cells of a failed replication. */
void mnz_cells_undefined(mnz_cell cell, void *cells, size_t count);

/* A table in memory that grows by parcels, which it takes over. */
typedef struct mnz_parcels mnz_parcels;
mnz_status mnz_parcels_create(mnz_parcels **out, const mnz_result *shape, mnz_error *err);
void mnz_parcels_free(mnz_parcels *parcels); /* NULL allowed */
/* Takes *parcel and sets it to NULL, also on failure. */
mnz_status mnz_parcels_add(mnz_parcels *parcels, mnz_parcel **parcel, mnz_error *err);
/* What is there now; good until the next is added. */
mnz_rows mnz_parcels_rows(const mnz_parcels *parcels);

#ifdef __cplusplus
}
#endif
#endif
