/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All replications of a results file, through a child process. What the child says: parcels, one behind the
 * other; then an `ending`, which no parcel looks like, for a parcel has bytes. */
#include "monazite/archive.h"

#include "archive/child.h"
#include "archive/events.h"
#include "archive/inspect.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Rows of a block: so many, but no more than fit into memory of this size. */
enum { ROWS_AT_ONCE = 256 };
#define BLOCK_BYTES ((size_t)64 << 20)

typedef struct ending {
  uint32_t zero;
  uint32_t status;
  char message[512];
} ending;

/* ---- the child ---- */

typedef struct reader {
  const mnz_result *shape;
  mnz_h5 h;
  size_t rows;
  int fd;
  /* of the block at hand */
  char *parcels; /* [ROWS_AT_ONCE] of mnz_parcel_bytes */
  char *room;    /* cells of one variable */
  mnz_events_reader events;
  mnz_model_event *log; /* of one replication */
  size_t log_capacity;
  size_t n_failures;
  char **failures; /* messages, in order */
  size_t failures_said;
} reader;

static void unfit(reader *r, const char *name, const char *why) {
  if (r->h.status == MNZ_OK) r->h.status = mnz_fail(r->h.err, MNZ_FORMAT, r->h.path, "%s %s", name, why);
}

/* Opens a column of the root that must have the rows and these lengths behind (rows, scenario). */
static hid_t open_column(reader *r, const char *name, int32_t n_axes, const size_t *length) {
  mnz_h5 *const h = &r->h;
  hsize_t dims[H5S_MAX_RANK];
  if (h->status != MNZ_OK) return -1;
  if (H5Lexists(h->file, name, H5P_DEFAULT) <= 0) {
    unfit(r, name, "is not in the file: it was written by another version, or without series");
    return -1;
  }
  const hid_t dataset = mnz_h5_id(h, H5Dopen2(h->file, name, H5P_DEFAULT), "open", name);
  const hid_t space = mnz_h5_id(h, H5Dget_space(dataset), "read", name);
  const hid_t type = mnz_h5_id(h, H5Dget_type(dataset), "read", name);
  if (h->status == MNZ_OK) {
    bool fits = H5Sget_simple_extent_ndims(space) == 2 + n_axes && H5Tget_class(type) != H5T_STRING;
    fits = fits && H5Sget_simple_extent_dims(space, dims, NULL) > 0 && dims[0] == r->rows && dims[1] == 1;
    for (int32_t i = 0; i < n_axes && fits; i++) fits = dims[2 + i] == length[i];
    if (!fits)
      unfit(r, name, "has other lengths than its scenario has here: it was written by another version");
  }
  mnz_h5_close(h, type);
  mnz_h5_close(h, space);
  return dataset;
}

static void read_own(reader *r, const char *name, mnz_cell cell, size_t from, size_t count, void *out) {
  if (strcmp(name, "replication") != 0) {
    const hid_t dataset = open_column(r, name, 0, NULL);
    mnz_h5_read(&r->h, dataset, name, cell, from, count, out);
    mnz_h5_close(&r->h, dataset);
    return;
  }
  const hid_t dataset = mnz_h5_id(&r->h, H5Dopen2(r->h.file, name, H5P_DEFAULT), "open", name);
  mnz_h5_read(&r->h, dataset, name, cell, from, count, out);
  mnz_h5_close(&r->h, dataset);
}

/* What the parcels of a block say of themselves. */
static void read_heads(reader *r, size_t from, size_t count, uint8_t *status) {
  int32_t number[ROWS_AT_ONCE];
  int64_t events[ROWS_AT_ONCE];
  int64_t residual[ROWS_AT_ONCE];
  const size_t bytes = mnz_parcel_bytes(r->shape);
  read_own(r, "replication", MNZ_CELL_I4, from, count, number);
  read_own(r, "status", MNZ_CELL_U1, from, count, status);
  read_own(r, "events", MNZ_CELL_I8, from, count, events);
  read_own(r, "residual_mg", MNZ_CELL_I8, from, count, residual);
  for (size_t i = 0; i < count && r->h.status == MNZ_OK; i++) {
    const mnz_parcel head = {.bytes = (uint32_t)bytes,
                             .replication = (uint32_t)number[i],
                             .events = (uint64_t)events[i],
                             .residual_mg = residual[i]};
    memcpy(r->parcels + i * bytes, &head, sizeof head);
  }
}

static void read_variable(reader *r, size_t k, size_t from, size_t count) {
  const mnz_variable *const v = &r->shape->variables[k];
  const size_t bytes = mnz_result_cells(r->shape, v) * mnz_cell_size(v->cell);
  size_t length[3];
  if (bytes == 0) return;
  for (int32_t i = 0; i < v->n_axes; i++) length[i] = r->shape->length[v->axes[i]];
  const hid_t dataset = open_column(r, v->name, v->n_axes, length);
  mnz_h5_read(&r->h, dataset, v->name, v->cell, from, count, r->room);
  mnz_h5_close(&r->h, dataset);
  const size_t offset = mnz_parcel_offset(r->shape, k);
  for (size_t i = 0; i < count && r->h.status == MNZ_OK; i++)
    memcpy(r->parcels + i * mnz_parcel_bytes(r->shape) + offset, r->room + i * bytes, bytes);
}

/* "where: message" in its two parts, which together are longer than either may be. */
static mnz_status pack_failure(reader *r, const mnz_parcel *head, mnz_parcel **out) {
  mnz_error failure = {.status = MNZ_MODEL};
  const char *const text = r->failures_said < r->n_failures ? r->failures[r->failures_said] : "";
  const char *const colon = strstr(text, ": ");
  const char *const message = colon != NULL ? colon + strlen(": ") : text;
  (void)snprintf(failure.where, sizeof failure.where, "%.*s", (int)(colon != NULL ? colon - text : 0), text);
  (void)snprintf(failure.message, sizeof failure.message, "%s", message);
  r->failures_said++;
  return mnz_parcel_pack_failure(head->replication, &failure, out, NULL);
}

static mnz_status pack(const mnz_parcel *parcel, mnz_parcel **out) {
  char *room;
  const mnz_status status = mnz_new_array(&room, parcel->bytes, NULL);
  if (status == MNZ_OK) memcpy(room, parcel, parcel->bytes);
  *out = (mnz_parcel *)(void *)room;
  return status;
}

/* What happened in the replication that is next; how many events. */
static size_t read_log(reader *r, uint32_t replication) {
  if (!r->shape->keeps_log) return 0;
  const size_t n = mnz_events_count(&r->events, (int32_t)replication);
  if (mnz_reserve_array(&r->log, &r->log_capacity, n, NULL) != MNZ_OK)
    mnz_h5_no_memory(&r->h);
  else
    mnz_events_read(&r->events, n, r->log);
  return n;
}

/* False if it cannot be said; what cannot be read is the end of all that is said. */
static bool say_row(reader *r, const mnz_parcel *row, bool failed) {
  mnz_parcel *parcel = NULL;
  const size_t n_log = read_log(r, row->replication);
  if (r->h.status != MNZ_OK) return true;
  mnz_status status = failed ? pack_failure(r, row, &parcel) : pack(row, &parcel);
  if (status == MNZ_OK) status = mnz_parcel_add_log(&parcel, r->log, n_log, NULL);
  const bool said = status == MNZ_OK && mnz_child_say(r->fd, parcel, parcel->bytes);
  free(parcel);
  return said;
}

static bool say_block(reader *r, size_t count, const uint8_t *status) {
  const size_t bytes = mnz_parcel_bytes(r->shape);
  for (size_t i = 0; i < count && r->h.status == MNZ_OK; i++) {
    const mnz_parcel *const row = (const mnz_parcel *)(const void *)(r->parcels + i * bytes);
    if (!say_row(r, row, status[i] != 0)) return false;
  }
  return true;
}

static void count_rows(reader *r) {
  mnz_h5 *const h = &r->h;
  const hid_t dataset = mnz_h5_id(h, H5Dopen2(h->file, "replication", H5P_DEFAULT), "open", "replication");
  const hid_t space = mnz_h5_id(h, H5Dget_space(dataset), "read", "replication");
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  if (count > 0) r->rows = (size_t)count;
  mnz_h5_close(h, space);
  mnz_h5_close(h, dataset);
}

static void read_failures(reader *r) {
  mnz_h5 *const h = &r->h;
  if (h->status != MNZ_OK || H5Lexists(h->file, "failures", H5P_DEFAULT) <= 0) return;
  const hid_t dataset = mnz_h5_id(h, H5Dopen2(h->file, "failures/message", H5P_DEFAULT), "open", "failures");
  const hid_t type = mnz_h5_id(h, H5Dget_type(dataset), "read", "failures");
  const hid_t space = mnz_h5_id(h, H5Dget_space(dataset), "read", "failures");
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  if (h->status == MNZ_OK && (count < 0 || (size_t)count > r->rows || H5Tis_variable_str(type) <= 0))
    unfit(r, "failures", "do not fit the replications");
  if (h->status == MNZ_OK && mnz_new_array(&r->failures, (size_t)count, h->err) != MNZ_OK)
    mnz_h5_no_memory(h);
  if (h->status == MNZ_OK && mnz_h5_do(h, H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, r->failures),
                                       "read", "failures") >= 0)
    r->n_failures = (size_t)count;
  mnz_h5_close(h, space);
  mnz_h5_close(h, type);
  mnz_h5_close(h, dataset);
}

static bool say_all(reader *r) {
  size_t widest = 0;
  for (size_t k = 0; k < r->shape->n_variables; k++) {
    const mnz_variable *const v = &r->shape->variables[k];
    const size_t bytes = mnz_result_cells(r->shape, v) * mnz_cell_size(v->cell);
    if (bytes > widest) widest = bytes;
  }
  const size_t fit = BLOCK_BYTES / mnz_parcel_bytes(r->shape);
  const size_t block = fit < 1 ? 1 : fit < ROWS_AT_ONCE ? fit : ROWS_AT_ONCE;
  if (mnz_new_array(&r->parcels, block * mnz_parcel_bytes(r->shape), r->h.err) != MNZ_OK ||
      mnz_new_array(&r->room, block * widest, r->h.err) != MNZ_OK)
    mnz_h5_no_memory(&r->h);
  for (size_t from = 0; from < r->rows && r->h.status == MNZ_OK; from += block) {
    const size_t count = r->rows - from < block ? r->rows - from : block;
    uint8_t status[ROWS_AT_ONCE];
    read_heads(r, from, count, status);
    for (size_t k = 0; k < r->shape->n_variables && r->h.status == MNZ_OK; k++)
      read_variable(r, k, from, count);
    if (r->h.status == MNZ_OK && !say_block(r, count, status)) return false;
  }
  if (r->events.next < r->events.count) unfit(r, "event_log", "is of other replications than the file");
  return true;
}

/* It dies at once, and its memory with it. */
static bool speak(void *self, const char *path, int fd) {
  mnz_error err = {.status = MNZ_OK};
  reader r = {.shape = self, .h = {.path = path, .blame = MNZ_FORMAT, .err = &err}, .fd = fd};
  mnz_h5_quiet();
  mnz_inspect_open(&r.h);
  count_rows(&r);
  read_failures(&r);
  if (r.shape->keeps_log) mnz_events_open(&r.events, &r.h);
  if (!say_all(&r)) return false;
  ending end = {.status = (uint32_t)r.h.status};
  memcpy(end.message, err.message, sizeof end.message);
  return mnz_child_say(fd, &end, sizeof end);
}

/* ---- the parent ---- */

/* The rest of a parcel that begins with `bytes`; NULL: it is none. */
static mnz_parcel *hear_parcel(const mnz_child *child, const mnz_result *shape, uint32_t bytes) {
  mnz_parcel head = {.bytes = bytes};
  char *room;
  if (!mnz_child_hear(child, (char *)&head + sizeof bytes, sizeof head - sizeof bytes)) return NULL;
  if (!mnz_parcel_can_begin(shape, &head) || mnz_new_array(&room, bytes, NULL) != MNZ_OK) return NULL;
  memcpy(room, &head, sizeof head);
  mnz_parcel *parcel = (mnz_parcel *)(void *)room;
  if (mnz_child_hear(child, room + sizeof head, bytes - sizeof head) &&
      mnz_parcel_is_sound(shape, parcel, bytes))
    return parcel;
  free(parcel);
  return NULL;
}

/* *whole says that the child came to its end. */
static mnz_status hear_all(const mnz_child *child, const char *path, const mnz_result *shape,
                           mnz_status (*take)(void *self, mnz_parcel **parcel, mnz_error *err), void *self,
                           bool *whole, mnz_error *err) {
  uint32_t bytes;
  while (mnz_child_hear(child, &bytes, sizeof bytes) && bytes != 0) {
    mnz_parcel *parcel = hear_parcel(child, shape, bytes);
    if (parcel == NULL) return MNZ_OK;
    const mnz_status status = take(self, &parcel, err);
    *whole = status != MNZ_OK; /* not its fault */
    if (status != MNZ_OK) return status;
  }
  ending end = {.zero = 0};
  if (!mnz_child_hear(child, &end.status, sizeof end - sizeof end.zero)) return MNZ_OK;
  end.message[sizeof end.message - 1] = '\0';
  *whole = true;
  if (end.status == MNZ_OK) return MNZ_OK;
  return mnz_fail(err, end.status == MNZ_NO_MEMORY ? MNZ_NO_MEMORY : MNZ_FORMAT, path, "%s", end.message);
}

mnz_status mnz_archive_read_rows(const char *path, const mnz_result *shape,
                                 mnz_status (*take)(void *self, mnz_parcel **parcel, mnz_error *err),
                                 void *self, mnz_error *err) {
  mnz_child child;
  bool whole = false;
  mnz_status status = mnz_child_start(&child, path, speak, (void *)(uintptr_t)shape, err);
  if (status != MNZ_OK) return status;
  status = hear_all(&child, path, shape, take, self, &whole, err);
  const int state = mnz_child_end(&child);
  return whole ? status : mnz_child_death(path, state, err);
}
