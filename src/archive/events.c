/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The group /event_log: what happened, replication by replication, a column for each member of an event.
 * Things are numbers that stand for the texts in the attribute `labels`: a text for each event would make a
 * file of many megabytes. It is written and read in blocks, for a batch has more events than memory holds. */
#include "archive/events.h"

#include "archive/content.h"
#include "archive/format.h"
#include "base/memory.h"
#include "base/text.h"
#include "monazite/calendar.h"
#include "world/scenario.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 65536 }; /* events that are read at a time */

typedef enum column {
  REPLICATION,
  TIME,
  WHAT,
  NODE,
  OTHER,
  MATERIAL,
  LINK,
  DISRUPTION,
  MASS,
  DETAIL,
  LOT,
  PARENT,
  COLUMNS
} column;
_Static_assert(COLUMNS == MNZ_EVENTS_COLUMNS, "the reader has a place for each");

static const struct {
  const char *name;
  const char *long_name;
  mnz_cell cell;
  size_t member; /* of an event, if the cell is just that */
} columns[COLUMNS] = {
    [REPLICATION] = {"replication", "number of the replication", MNZ_CELL_I4, 0},
    [TIME] = {"time", "when", MNZ_CELL_F8, 0},
    [WHAT] = {"what", "what happened", MNZ_CELL_U1, 0},
#define THING(name, text)                                                                                    \
  { #name, text ": number of its label, -1 for none", MNZ_CELL_I4, offsetof(mnz_model_event, name) }
    [NODE] = THING(node, "facility"),
    [OTHER] = THING(other, "the other facility"),
    [MATERIAL] = THING(material, "material"),
    [LINK] = THING(link, "link"),
    [DISRUPTION] = THING(disruption, "disruption or regime"),
#undef THING
    [MASS] = {"mass", "mass of the material", MNZ_CELL_F8, 0},
    [DETAIL] = {"detail", "what else there is to say, as the comment of `what` has it", MNZ_CELL_F8,
                offsetof(mnz_model_event, detail)},
    [LOT] = {"lot", "number of the lot, 0 for none", MNZ_CELL_I8, offsetof(mnz_model_event, lot)},
    [PARENT] = {"parent", "number of the lot that it came from, or that went into it, 0 for none",
                MNZ_CELL_I8, offsetof(mnz_model_event, parent)},
};

/* ---- events as cells ---- */

static double days_of(int64_t us) {
  return (double)us / (double)MNZ_US_PER_DAY;
}

static double tonnes_of(int64_t mg) {
  return (double)mg * 1e-9;
}

/* The whole number that `of` has made the cell from. Below 2^50 it is the nearest one. Beyond, a cell stands
 * for several, and one of the next makes the same cell again, so that a file that is made from a file says
 * the same. */
static int64_t number_behind(double cell, double per_unit, double (*of)(int64_t number)) {
  const double nearest = nearbyint(cell * per_unit);
  const double step = fmax(1, nextafter(fabs(nearest), INFINITY) - fabs(nearest));
  for (int k = 0; k <= 6; k++) {
    const double number = nearest + (k % 2 == 0 ? k / 2 : -(k + 1) / 2) * step;
    if (fabs(number) < 0x1p63 && of((int64_t)number) == cell) return (int64_t)number;
  }
  return fabs(nearest) < 0x1p63 ? (int64_t)nearest : 0;
}

static void put_cells(column c, const mnz_model_event *at, size_t count, void *cells) {
  const size_t size = mnz_cell_size(columns[c].cell);
  for (size_t i = 0; i < count; i++) {
    char *const cell = (char *)cells + i * size;
    if (c == TIME)
      ((double *)cells)[i] = days_of(at[i].time_us);
    else if (c == WHAT)
      ((uint8_t *)cells)[i] = (uint8_t)at[i].what;
    else if (c == MASS)
      ((double *)cells)[i] = at[i].material < 0 ? NAN : tonnes_of(at[i].mass_mg);
    else
      memcpy(cell, (const char *)&at[i] + columns[c].member, size);
  }
}

static void take_cells(column c, const void *cells, size_t count, mnz_model_event *at) {
  const size_t size = mnz_cell_size(columns[c].cell);
  for (size_t i = 0; i < count; i++) {
    const char *const cell = (const char *)cells + i * size;
    if (c == TIME)
      at[i].time_us = number_behind(((const double *)cells)[i], (double)MNZ_US_PER_DAY, days_of);
    else if (c == WHAT)
      at[i].what = (mnz_model_event_kind)((const uint8_t *)cells)[i];
    else if (c == MASS)
      at[i].mass_mg = number_behind(((const double *)cells)[i], 1e9, tonnes_of); /* NaN: 0 */
    else
      memcpy((char *)&at[i] + columns[c].member, cell, size);
  }
}

/* ---- writing: columns ---- */

typedef struct event_log {
  mnz_layout *layout;
  const mnz_archive_input *input;
  hid_t group;
  size_t count;
  hid_t datasets[COLUMNS];
  /* the block at hand */
  mnz_model_event *at;
  int32_t *replication;
  double *room;
  /* the first event behind it */
  size_t row;
  size_t from;
} event_log;

static mnz_column column_of(column c) {
  return (mnz_column){.name = columns[c].name,
                      .long_name = columns[c].long_name,
                      .unit = c == MASS ? "t" : "1",
                      .cell = columns[c].cell,
                      .rank = 1,
                      .dims = {MNZ_LAYOUT_EVENT}};
}

static void create_columns(event_log *log) {
  mnz_h5 *const h = log->layout->h;
  char days[MNZ_LAYOUT_TIME_UNIT];
  mnz_buffer words = {0};
  mnz_buffer meanings = {0};
  mnz_layout_time_unit(log->input->scenario->start_us, days);
#define ADD_WORD(id, word, text)                                                                             \
  mnz_buffer_print(&words, "%s%s", words.length > 0 ? " " : "", word);                                       \
  mnz_buffer_print(&meanings, "%s%s: %s", meanings.length > 0 ? "\n" : "", word, text);
  MNZ_MODEL_EVENT_LIST(ADD_WORD)
#undef ADD_WORD
  if (words.failed || meanings.failed) mnz_h5_no_memory(h);
  for (column c = REPLICATION; c < COLUMNS; c++) {
    mnz_column made = column_of(c);
    if (c == TIME) made.unit = days;
    if (c == WHAT) made.flag_meanings = words.at;
    log->datasets[c] = h->status == MNZ_OK ? mnz_layout_column(log->layout, log->group, &made) : -1;
  }
  if (h->status == MNZ_OK) {
    mnz_h5_put_text(h, log->datasets[TIME], "standard_name", "time");
    mnz_h5_put_text(h, log->datasets[TIME], "calendar", "standard");
    mnz_h5_put_text(h, log->datasets[WHAT], "comment", meanings.at);
  }
  mnz_buffer_free(&meanings);
  mnz_buffer_free(&words);
}

/* The i-th of the labels is the one that the number i stands for. */
static void label(const event_log *log, column c, const char *const *labels, size_t n_labels) {
  if (n_labels > 0 && log->layout->h->status == MNZ_OK)
    mnz_layout_put_labels(log->layout->h, log->datasets[c], labels, n_labels);
}

static void label_things(const event_log *log) {
  const mnz_scenario *const s = log->input->scenario;
  const mnz_result *const shape = log->input->rows->shape;
  const char *const *const nodes = shape->labels[MNZ_AXIS_NODE];
  const size_t n_links = (size_t)s->links.count;
  const size_t n_causes = (size_t)(s->disruptions.count + s->regimes.count);
  const char **links = NULL;
  const char **causes = NULL;
  if (mnz_new_array(&links, n_links, NULL) != MNZ_OK || mnz_new_array(&causes, n_causes, NULL) != MNZ_OK) {
    mnz_h5_no_memory(log->layout->h);
    goto out;
  }
  for (size_t i = 0; i < n_links; i++) links[i] = mnz_scenario_link(s, (int32_t)i)->name;
  for (size_t i = 0; i < n_causes; i++) causes[i] = mnz_scenario_disruption_name(s, (int32_t)i);
  label(log, NODE, nodes, shape->length[MNZ_AXIS_NODE]);
  label(log, OTHER, nodes, shape->length[MNZ_AXIS_NODE]);
  label(log, MATERIAL, shape->labels[MNZ_AXIS_MATERIAL], shape->length[MNZ_AXIS_MATERIAL]);
  label(log, LINK, links, n_links);
  label(log, DISRUPTION, causes, n_causes);
out:
  free(causes);
  free(links);
}

/* ---- writing: events ---- */

/* The next `count` of them, through the rows. */
static void gather(event_log *log, size_t count) {
  mnz_h5 *const h = log->layout->h;
  const mnz_rows *const rows = log->input->rows;
  mnz_row row;
  for (size_t done = 0; done < count && mnz_layout_head(log->layout, log->input, log->row, &row);) {
    const size_t left = row.n_log - log->from;
    const size_t n = left < count - done ? left : count - done;
    if (n > 0) h->status = rows->log(rows->self, log->row, log->from, n, log->at + done, h->err);
    for (size_t i = 0; i < n; i++) log->replication[done + i] = (int32_t)row.replication;
    done += n;
    log->from += n;
    if (log->from < row.n_log) continue;
    log->row++;
    log->from = 0;
  }
}

/* Whole chunks, so that each is packed once. */
static void write_events(event_log *log, size_t block) {
  mnz_h5 *const h = log->layout->h;
  for (size_t from = 0; from < log->count && h->status == MNZ_OK; from += block) {
    const size_t n = log->count - from < block ? log->count - from : block;
    gather(log, n);
    for (column c = REPLICATION; c < COLUMNS && h->status == MNZ_OK; c++) {
      const mnz_column filled = column_of(c);
      if (c != REPLICATION) put_cells(c, log->at, n, log->room);
      mnz_layout_fill(log->layout, log->datasets[c], &filled, from, n,
                      c == REPLICATION ? (const void *)log->replication : log->room);
    }
  }
}

static void write_group(event_log *log) {
  mnz_h5 *const h = log->layout->h;
  const hid_t list = mnz_h5_creation(h, H5P_GROUP_CREATE);
  log->group = mnz_h5_id(h, H5Gcreate2(h->file, MNZ_FORMAT_EVENT_LOG, H5P_DEFAULT, list, H5P_DEFAULT),
                         "create", MNZ_FORMAT_EVENT_LOG);
  mnz_h5_put_text(h, log->group, "long_name", "what happened, replication by replication, in order");
  mnz_h5_put_text(h, log->group, "coordinates", "replication time");
  mnz_layout_count_events(log->layout, log->group, log->count);
  const mnz_column any = column_of(REPLICATION);
  const size_t block = mnz_layout_rows(log->layout, &any);
  if (mnz_new_array(&log->at, block, NULL) != MNZ_OK ||
      mnz_new_array(&log->replication, block, NULL) != MNZ_OK ||
      mnz_new_array(&log->room, block, NULL) != MNZ_OK)
    mnz_h5_no_memory(h);
  create_columns(log);
  label_things(log);
  write_events(log, block);
  for (column c = REPLICATION; c < COLUMNS; c++) mnz_h5_close(h, log->datasets[c]);
  mnz_h5_close(h, log->group);
  mnz_h5_close(h, list);
  free(log->room);
  free(log->replication);
  free(log->at);
}

void mnz_events_write(mnz_layout *layout, const mnz_archive_input *input) {
  event_log log = {.layout = layout, .input = input};
  mnz_row row;
  for (size_t i = 0; i < input->rows->count && mnz_layout_head(layout, input, i, &row); i++)
    log.count += row.n_log;
  if (layout->h->status == MNZ_OK && log.count > 0) write_group(&log);
}

/* ---- reading ---- */

static void open_column(mnz_events_reader *r, column c) {
  mnz_h5 *const h = r->h;
  char path[64];
  hsize_t length = 0;
  (void)snprintf(path, sizeof path, MNZ_FORMAT_EVENT_LOG "/%s", columns[c].name);
  r->datasets[c] = mnz_h5_id(h, H5Dopen2(h->file, path, H5P_DEFAULT), "open", path);
  const hid_t space = mnz_h5_id(h, H5Dget_space(r->datasets[c]), "read", path);
  const hid_t type = mnz_h5_id(h, H5Dget_type(r->datasets[c]), "read", path);
  const bool fits = h->status == MNZ_OK && H5Sget_simple_extent_ndims(space) == 1 &&
                    H5Tget_class(type) != H5T_STRING && H5Sget_simple_extent_dims(space, &length, NULL) == 1;
  if (c == REPLICATION) r->count = (size_t)length;
  if (!fits || length != r->count) mnz_h5_fail(h, "make sense of", path);
  mnz_h5_close(h, type);
  mnz_h5_close(h, space);
}

void mnz_events_open(mnz_events_reader *r, mnz_h5 *h) {
  *r = (mnz_events_reader){.h = h};
  if (h->status != MNZ_OK || H5Lexists(h->file, MNZ_FORMAT_EVENT_LOG, H5P_DEFAULT) <= 0) return;
  for (column c = REPLICATION; c < COLUMNS; c++) open_column(r, c);
  if (mnz_new_array(&r->replication, AT_ONCE, NULL) != MNZ_OK ||
      mnz_new_array(&r->room, AT_ONCE, NULL) != MNZ_OK)
    mnz_h5_no_memory(h);
}

static int32_t replication_of(mnz_events_reader *r, size_t i) {
  if (i < r->from || i >= r->from + r->n) {
    r->from = i;
    r->n = r->count - i < AT_ONCE ? r->count - i : AT_ONCE;
    mnz_h5_read(r->h, r->datasets[REPLICATION], MNZ_FORMAT_EVENT_LOG, columns[REPLICATION].cell, i, r->n,
                r->replication);
  }
  return r->replication[i - r->from];
}

size_t mnz_events_count(mnz_events_reader *r, int32_t replication) {
  size_t n = 0;
  while (r->h->status == MNZ_OK && r->next + n < r->count && replication_of(r, r->next + n) == replication)
    n++;
  return n;
}

void mnz_events_read(mnz_events_reader *r, size_t count, mnz_model_event *out) {
  for (size_t done = 0; done < count && r->h->status == MNZ_OK;) {
    const size_t n = count - done < AT_ONCE ? count - done : AT_ONCE;
    for (column c = TIME; c < COLUMNS && r->h->status == MNZ_OK; c++) {
      mnz_h5_read(r->h, r->datasets[c], MNZ_FORMAT_EVENT_LOG, columns[c].cell, r->next, n, r->room);
      take_cells(c, r->room, n, out + done);
    }
    done += n;
    r->next += n;
  }
}
