/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The group /event_log: what happened in the only replication, a column for each member of an event. Things
 * are numbers that stand for the texts in the attribute `labels`: a text for each event would make a file of
 * many megabytes. */
#include "archive/content.h"

#include "archive/format.h"
#include "base/memory.h"
#include "base/text.h"
#include "monazite/calendar.h"
#include "world/scenario.h"

#include <math.h>
#include <stdlib.h>

typedef struct event_log {
  mnz_layout *layout;
  const mnz_archive_input *input;
  hid_t group;
  const mnz_model_event *at;
  size_t count;
  void *room; /* 8 bytes an event */
} event_log;

static hid_t write_column(const event_log *log, mnz_column column) {
  column.rank = 1;
  column.dims[0] = MNZ_LAYOUT_EVENT;
  const hid_t dataset = mnz_layout_column(log->layout, log->group, &column);
  mnz_layout_fill(log->layout, dataset, &column, 0, log->count, log->room);
  return dataset;
}

/* ---- numbers ---- */

static void write_time(const event_log *log) {
  mnz_h5 *const h = log->layout->h;
  double *const days = log->room;
  char unit[MNZ_LAYOUT_TIME_UNIT];
  mnz_layout_time_unit(log->input->scenario->start_us, unit);
  for (size_t i = 0; i < log->count; i++) days[i] = (double)log->at[i].time_us / (double)MNZ_US_PER_DAY;
  const hid_t dataset = write_column(log, (mnz_column){.name = "time", .long_name = "when", .unit = unit});
  mnz_h5_put_text(h, dataset, "standard_name", "time");
  mnz_h5_put_text(h, dataset, "calendar", "standard");
  mnz_h5_close(h, dataset);
}

static void write_what(const event_log *log) {
  mnz_h5 *const h = log->layout->h;
  uint8_t *const what = log->room;
  mnz_buffer words = {0};
  mnz_buffer meanings = {0};
  for (size_t i = 0; i < log->count; i++) what[i] = (uint8_t)log->at[i].what;
#define ADD_WORD(id, word, text)                                                                             \
  mnz_buffer_print(&words, "%s%s", words.length > 0 ? " " : "", word);                                       \
  mnz_buffer_print(&meanings, "%s%s: %s", meanings.length > 0 ? "\n" : "", word, text);
  MNZ_MODEL_EVENT_LIST(ADD_WORD)
#undef ADD_WORD
  if (words.failed || meanings.failed) {
    mnz_h5_no_memory(h);
  } else {
    const hid_t dataset = write_column(log, (mnz_column){.name = "what",
                                                         .long_name = "what happened",
                                                         .unit = "1",
                                                         .cell = MNZ_CELL_U1,
                                                         .flag_meanings = words.at});
    mnz_h5_put_text(h, dataset, "comment", meanings.at);
    mnz_h5_close(h, dataset);
  }
  mnz_buffer_free(&meanings);
  mnz_buffer_free(&words);
}

static void write_amounts(const event_log *log) {
  mnz_h5 *const h = log->layout->h;
  double *const cells = log->room;
  for (size_t i = 0; i < log->count; i++)
    cells[i] = log->at[i].material < 0 ? NAN : (double)log->at[i].mass_mg * 1e-9;
  mnz_h5_close(
      h, write_column(log, (mnz_column){.name = "mass", .long_name = "mass of the material", .unit = "t"}));
  for (size_t i = 0; i < log->count; i++) cells[i] = log->at[i].detail;
  mnz_h5_close(h, write_column(log, (mnz_column){.name = "detail",
                                                 .long_name = "what else there is to say, as the comment of "
                                                              "`what` has it",
                                                 .unit = "1"}));
}

/* ---- things ---- */

/* Column by column: the i-th of the labels is the one that the number i stands for. */
static void write_things(const event_log *log, const char *name, const char *long_name, size_t member,
                         const char *const *labels, size_t n_labels) {
  mnz_h5 *const h = log->layout->h;
  int32_t *const numbers = log->room;
  for (size_t i = 0; i < log->count; i++)
    numbers[i] = *(const int32_t *)(const void *)((const char *)&log->at[i] + member);
  const hid_t dataset =
      write_column(log, (mnz_column){.name = name, .long_name = long_name, .unit = "1", .cell = MNZ_CELL_I4});
  if (n_labels > 0) mnz_layout_put_labels(h, dataset, labels, n_labels);
  mnz_h5_close(h, dataset);
}

static void write_all_things(const event_log *log) {
  const mnz_scenario *const s = log->input->scenario;
  const mnz_result *const shape = log->input->rows->shape;
  const char *const *const nodes = shape->labels[MNZ_AXIS_NODE];
  const size_t n_nodes = shape->length[MNZ_AXIS_NODE];
  const size_t n_links = (size_t)s->links.count;
  const size_t n_disruptions = (size_t)s->disruptions.count;
  const char **links = NULL;
  const char **disruptions = NULL;
  if (mnz_new_array(&links, n_links, NULL) != MNZ_OK ||
      mnz_new_array(&disruptions, n_disruptions, NULL) != MNZ_OK) {
    mnz_h5_no_memory(log->layout->h);
    goto out;
  }
  for (size_t i = 0; i < n_links; i++) links[i] = mnz_scenario_link(s, (int32_t)i)->name;
  for (size_t i = 0; i < n_disruptions; i++) disruptions[i] = mnz_scenario_disruption(s, (int32_t)i)->name;
  write_things(log, "node", "facility: number of its label, -1 for none", offsetof(mnz_model_event, node),
               nodes, n_nodes);
  write_things(log, "other", "the other facility: number of its label, -1 for none",
               offsetof(mnz_model_event, other), nodes, n_nodes);
  write_things(log, "material", "material: number of its label, -1 for none",
               offsetof(mnz_model_event, material), shape->labels[MNZ_AXIS_MATERIAL],
               shape->length[MNZ_AXIS_MATERIAL]);
  write_things(log, "link", "link: number of its label, -1 for none", offsetof(mnz_model_event, link), links,
               n_links);
  write_things(log, "disruption", "disruption: number of its label, -1 for none",
               offsetof(mnz_model_event, disruption), disruptions, n_disruptions);
out:
  free(disruptions);
  free(links);
}

/* ---- the group ---- */

void mnz_events_write(mnz_layout *layout, const mnz_archive_input *input) {
  mnz_h5 *const h = layout->h;
  event_log log = {
      .layout = layout, .input = input, .at = input->options->events, .count = input->options->n_events};
  mnz_row row;
  if (log.at == NULL || log.count == 0 || !mnz_layout_head(layout, input, 0, &row)) return;
  double *room = NULL;
  if (mnz_new_array(&room, log.count, NULL) != MNZ_OK) {
    mnz_h5_no_memory(h);
    return;
  }
  log.room = room;
  const hid_t list = mnz_h5_creation(h, H5P_GROUP_CREATE);
  log.group = mnz_h5_id(h, H5Gcreate2(h->file, MNZ_FORMAT_EVENT_LOG, H5P_DEFAULT, list, H5P_DEFAULT),
                        "create", MNZ_FORMAT_EVENT_LOG);
  mnz_h5_put_text(h, log.group, "long_name", "what happened in the replication, in order");
  mnz_h5_put_cells(h, log.group, "replication", MNZ_CELL_I4, &(int32_t){(int32_t)row.replication}, 1);
  mnz_h5_put_text(h, log.group, "coordinates", "time");
  mnz_layout_count_events(layout, log.group, log.count);
  write_time(&log);
  write_what(&log);
  write_all_things(&log);
  write_amounts(&log);
  mnz_h5_close(h, log.group);
  mnz_h5_close(h, list);
  free(room);
}
