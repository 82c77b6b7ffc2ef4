/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "monazite/rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

enum { ALIGN = 8 };

static size_t aligned(size_t bytes) {
  return (bytes + ALIGN - 1) / ALIGN * ALIGN;
}

static size_t variable_bytes(const mnz_result *shape, size_t k) {
  const mnz_variable *v = &shape->variables[k];
  return aligned(mnz_result_cells(shape, v) * mnz_cell_size(v->cell));
}

size_t mnz_parcel_offset(const mnz_result *shape, size_t k) {
  size_t offset = sizeof(mnz_parcel);
  for (size_t i = 0; i < k; i++) offset += variable_bytes(shape, i);
  return offset;
}

size_t mnz_parcel_bytes(const mnz_result *shape) {
  return mnz_parcel_offset(shape, shape->n_variables);
}

static size_t log_bytes(size_t n_log) {
  return n_log * sizeof(mnz_model_event);
}

size_t mnz_parcel_log_offset(const mnz_parcel *parcel) {
  return parcel->bytes - log_bytes(parcel->n_log);
}

/* --- packing --- */

static void copy_cells(const mnz_variable *to, const mnz_variable *from, size_t cells, char *out) {
  if (to->cell == from->cell) {
    memcpy(out, from->data, cells * mnz_cell_size(to->cell));
    return;
  }
  MNZ_REQUIRE(to->cell == MNZ_CELL_F4 && from->cell == MNZ_CELL_F8);
  const double *data = from->data;
  float *cell = (float *)(void *)out;
  for (size_t i = 0; i < cells; i++) cell[i] = (float)data[i];
}

static mnz_status too_large(mnz_error *err) {
  return mnz_fail(err, MNZ_LIMIT, NULL, "a replication has more than 4 GB of results");
}

mnz_status mnz_parcel_add_log(mnz_parcel **parcel, const mnz_model_event *log, size_t n_log, mnz_error *err) {
  char *room = (char *)*parcel;
  const size_t before = (*parcel)->bytes;
  if (n_log == 0) return MNZ_OK;
  const bool fits = n_log <= (UINT32_MAX - before) / sizeof *log;
  mnz_status status = fits ? mnz_resize_array(&room, before + log_bytes(n_log), err) : too_large(err);
  if (status != MNZ_OK) {
    free(*parcel);
    *parcel = NULL;
    return status;
  }
  memcpy(room + before, log, log_bytes(n_log));
  *parcel = (mnz_parcel *)(void *)room;
  (*parcel)->bytes = (uint32_t)(before + log_bytes(n_log));
  (*parcel)->n_log = n_log;
  return MNZ_OK;
}

mnz_status mnz_parcel_pack(const mnz_result *shape, const mnz_result *result, mnz_parcel **out,
                           mnz_error *err) {
  *out = NULL;
  MNZ_REQUIRE(shape->n_variables == result->n_variables);
  MNZ_REQUIRE(memcmp(shape->length, result->length, sizeof shape->length) == 0);
  const size_t bytes = mnz_parcel_bytes(shape);
  char *room;
  if (bytes > UINT32_MAX) return too_large(err);
  mnz_status status = mnz_new_array(&room, bytes, err);
  if (status != MNZ_OK) return status;
  *out = (mnz_parcel *)(void *)room;
  **out = (mnz_parcel){.bytes = (uint32_t)bytes,
                       .replication = (uint32_t)result->replication,
                       .events = result->events,
                       .residual_mg = result->residual_mg};
  size_t at = sizeof **out;
  for (size_t k = 0; k < shape->n_variables; k++) {
    const mnz_variable *to = &shape->variables[k];
    const size_t cells = mnz_result_cells(shape, to);
    copy_cells(to, &result->variables[k], cells, room + at);
    if (to->series && shape->digits > 0) mnz_cells_round(to->cell, room + at, cells, shape->digits);
    at += variable_bytes(shape, k);
  }
  return shape->keeps_log ? mnz_parcel_add_log(out, result->log, result->n_log, err) : MNZ_OK;
}

mnz_status mnz_parcel_pack_failure(uint32_t replication, const mnz_error *failure, mnz_parcel **out,
                                   mnz_error *err) {
  *out = NULL;
  char text[sizeof((mnz_row *)0)->message];
  snprintf(text, sizeof text, "%s%s%s", failure->where, failure->where[0] == '\0' ? "" : ": ",
           failure->message);
  const size_t length = strlen(text) + 1;
  const size_t bytes = sizeof **out + aligned(length);
  char *room;
  mnz_status status = mnz_new_array(&room, bytes, err);
  if (status != MNZ_OK) return status;
  *out = (mnz_parcel *)(void *)room;
  **out = (mnz_parcel){.bytes = (uint32_t)bytes,
                       .replication = replication,
                       .status = (uint32_t)failure->status,
                       .message_bytes = (uint32_t)length};
  memcpy(room + sizeof **out, text, length);
  return MNZ_OK;
}

/* --- looking into --- */

bool mnz_parcel_can_begin(const mnz_result *shape, const mnz_parcel *head) {
  const size_t message = head->message_bytes;
  if (head->status == MNZ_OK ? message != 0 : message == 0 || message > sizeof((mnz_row *)0)->message)
    return false;
  if (head->n_log > (shape->keeps_log ? UINT32_MAX / sizeof(mnz_model_event) : 0)) return false;
  const size_t rest = head->status == MNZ_OK ? mnz_parcel_bytes(shape) : sizeof *head + aligned(message);
  return head->bytes == rest + log_bytes(head->n_log);
}

static bool is_one_of(int32_t i, size_t count) {
  return i >= -1 && (i < 0 || (size_t)i < count);
}

static bool is_sound_event(const mnz_result *shape, const mnz_model_event *e) {
  const size_t nodes = shape->length[MNZ_AXIS_NODE];
  return (uint32_t)e->what < MNZ_MODEL_EVENTS && is_one_of(e->node, nodes) && is_one_of(e->other, nodes) &&
         is_one_of(e->material, shape->length[MNZ_AXIS_MATERIAL]) && e->link >= -1 && e->disruption >= -1;
}

bool mnz_parcel_is_sound(const mnz_result *shape, const mnz_parcel *parcel, size_t bytes) {
  if (bytes < sizeof *parcel || parcel->bytes != bytes || !mnz_parcel_can_begin(shape, parcel)) return false;
  if (parcel->message_bytes > 0 && ((const char *)(parcel + 1))[parcel->message_bytes - 1] != '\0')
    return false;
  const char *log = (const char *)parcel + mnz_parcel_log_offset(parcel);
  size_t i = 0;
  while (i < parcel->n_log && is_sound_event(shape, (const mnz_model_event *)(const void *)log + i)) i++;
  return i == parcel->n_log;
}

static void read_head(const mnz_parcel *parcel, mnz_row *out) {
  *out = (mnz_row){.replication = parcel->replication,
                   .status = (mnz_status)parcel->status,
                   .events = parcel->events,
                   .residual_mg = parcel->residual_mg,
                   .n_log = parcel->n_log};
  if (parcel->message_bytes > 0) memcpy(out->message, parcel + 1, parcel->message_bytes);
}

void mnz_cells_undefined(mnz_cell cell, void *cells, size_t count) {
  memset(cells, 0, count * mnz_cell_size(cell));
  for (size_t i = 0; i < count && cell == MNZ_CELL_F8; i++) ((double *)cells)[i] = NAN;
  for (size_t i = 0; i < count && cell == MNZ_CELL_F4; i++) ((float *)cells)[i] = NAN;
}

/* --- a table of them --- */

struct mnz_parcels {
  const mnz_result *shape;
  mnz_parcel **at;
  size_t count;
  size_t capacity;
};

mnz_status mnz_parcels_create(mnz_parcels **out, const mnz_result *shape, mnz_error *err) {
  mnz_status status = mnz_new_array(out, 1, err);
  if (status == MNZ_OK) (*out)->shape = shape;
  return status;
}

void mnz_parcels_free(mnz_parcels *p) {
  if (p == NULL) return;
  for (size_t i = 0; i < p->count; i++) free(p->at[i]);
  free(p->at);
  free(p);
}

mnz_status mnz_parcels_add(mnz_parcels *p, mnz_parcel **parcel, mnz_error *err) {
  mnz_status status = mnz_reserve_array(&p->at, &p->capacity, p->count + 1, err);
  if (status == MNZ_OK)
    p->at[p->count++] = *parcel;
  else
    free(*parcel);
  *parcel = NULL;
  return status;
}

static mnz_status parcels_head(void *self, size_t row, mnz_row *out, mnz_error *err) {
  (void)err;
  const mnz_parcels *p = self;
  read_head(p->at[row], out);
  return MNZ_OK;
}

static mnz_status parcels_read(void *self, size_t row, size_t k, size_t from, size_t count, void *out,
                               mnz_error *err) {
  (void)err;
  const mnz_parcels *p = self;
  const mnz_cell cell = p->shape->variables[k].cell;
  const size_t size = mnz_cell_size(cell);
  if (p->at[row]->status != MNZ_OK)
    mnz_cells_undefined(cell, out, count);
  else
    memcpy(out, (const char *)p->at[row] + mnz_parcel_offset(p->shape, k) + from * size, count * size);
  return MNZ_OK;
}

static mnz_status parcels_log(void *self, size_t row, size_t from, size_t count, mnz_model_event *out,
                              mnz_error *err) {
  (void)err;
  const mnz_parcels *p = self;
  const char *log = (const char *)p->at[row] + mnz_parcel_log_offset(p->at[row]);
  memcpy(out, log + log_bytes(from), log_bytes(count));
  return MNZ_OK;
}

mnz_rows mnz_parcels_rows(const mnz_parcels *p) {
  return (mnz_rows){p->shape, p->count, (void *)(uintptr_t)p, parcels_head, parcels_read, parcels_log};
}

/* --- results as rows --- */

static mnz_status results_head(void *self, size_t row, mnz_row *out, mnz_error *err) {
  (void)err;
  const mnz_result *r = ((const mnz_result *const *)self)[row];
  *out = (mnz_row){.replication = (uint32_t)r->replication,
                   .events = r->events,
                   .residual_mg = r->residual_mg,
                   .n_log = r->n_log};
  return MNZ_OK;
}

static mnz_status results_read(void *self, size_t row, size_t k, size_t from, size_t count, void *out,
                               mnz_error *err) {
  (void)err;
  const mnz_variable *v = &((const mnz_result *const *)self)[row]->variables[k];
  const size_t size = mnz_cell_size(v->cell);
  memcpy(out, (const char *)v->data + from * size, count * size);
  return MNZ_OK;
}

static mnz_status results_log(void *self, size_t row, size_t from, size_t count, mnz_model_event *out,
                              mnz_error *err) {
  (void)err;
  memcpy(out, ((const mnz_result *const *)self)[row]->log + from, log_bytes(count));
  return MNZ_OK;
}

mnz_rows mnz_rows_of_results(const mnz_result *const *results, size_t count) {
  return (mnz_rows){results[0], count, (void *)(uintptr_t)results, results_head, results_read, results_log};
}
