/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/queues.h"

#include <math.h>

#include "report/grid.h"
#include "report/json.h"

typedef struct shown {
  const char *measure;
  const char *head;
  const char *key;
} shown;

static const shown waiting[] = {
    {"lots_in", "lots in", "lots_in"},
    {"lots_lost", "lost", "lots_lost"},
    {"wait_mean", "wait d", "wait_mean_d"},
    {"wait_p95", "95 % within", "wait_p95_d"},
    {"wait_max", "longest", "wait_max_d"},
    {"stock_mean", "stock t", "stock_mean_t"},
    {"in_process_mean", "in process t", "in_process_mean_t"},
};
static const shown leaving[] = {
    {"lots_in", "lots", "lots_in"},
    {"throughput", "t a day", "throughput_t_d"},
    {"lead_time_mean", "days through", "lead_time_mean_d"},
    {"lead_time_p95", "95 % within", "lead_time_p95_d"},
    {"lead_time_max", "longest", "lead_time_max_d"},
};
#define COUNT(table) (sizeof(table) / sizeof *(table))

static double value(const mnz_report_data *data, const char *measure, size_t place) {
  const double *cells = mnz_report_cells(data, measure, 1);
  return cells == NULL ? NAN : cells[place];
}

static bool ends(const mnz_report_data *data, size_t place) {
  return value(data, "lead_time_mean", place) >= 0;
}

/* What only passes is left out. */
static bool is_queue(const mnz_report_data *data, size_t place) {
  if (!(value(data, "lots_in", place) > 0)) return false;
  return value(data, "wait_max", place) > 0 || value(data, "lots_lost", place) > 0 ||
         value(data, "stock_mean", place) > 0 || value(data, "in_process_mean", place) > 0;
}

static mnz_status write_places(mnz_buffer *to, const mnz_report_data *data,
                               bool (*belongs)(const mnz_report_data *data, size_t place),
                               const shown *columns, size_t n, const char *title, mnz_error *err) {
  const size_t places = data->result->length[MNZ_AXIS_PLACE];
  size_t rows = 1;
  for (size_t i = 0; i < places; i++) rows += belongs(data, i);
  if (rows == 1) return MNZ_OK;
  mnz_report_grid g;
  mnz_report_grid_open(&g, data, rows, n + 1, err);
  mnz_report_grid_text(&g, "");
  for (size_t k = 0; k < n; k++) mnz_report_grid_text(&g, columns[k].head);
  for (size_t i = 0; i < places; i++) {
    if (!belongs(data, i)) continue;
    mnz_report_grid_text(&g, data->result->labels[MNZ_AXIS_PLACE][i]);
    for (size_t k = 0; k < n; k++) mnz_report_grid_number(&g, value(data, columns[k].measure, i));
  }
  return mnz_report_grid_close(&g, to, title);
}

mnz_status mnz_report_write_queues(mnz_buffer *to, const mnz_report_data *data, mnz_error *err) {
  if (data->n_demands > 0) return MNZ_OK;
  mnz_status status =
      write_places(to, data, is_queue, waiting, COUNT(waiting), "What waited and was worked on", err);
  return status != MNZ_OK ? status
                          : write_places(to, data, ends, leaving, COUNT(leaving), "What came out", err);
}

void mnz_report_say_queues(mnz_buffer *to, const mnz_report_data *data) {
  char text[32];
  double out = 0;
  double days = 0;
  double lost = 0;
  for (size_t i = 0; i < data->result->length[MNZ_AXIS_PLACE]; i++) {
    const double lots = value(data, "lots_in", i);
    lost += value(data, "lots_lost", i);
    if (!ends(data, i)) continue;
    out += lots;
    days += lots * value(data, "lead_time_mean", i);
  }
  mnz_buffer_add(to, "Nobody asked for anything, so nobody ran short.");
  if (!(out > 0)) return;
  mnz_buffer_print(to, " %.0f lots came out, on average %s days after they began;", out,
                   mnz_report_number(days / out, text));
  if (lost > 0)
    mnz_buffer_print(to, " %.0f were turned away or lost.", lost);
  else
    mnz_buffer_add(to, " none was turned away.");
}

static void set(json_t *row, const mnz_report_data *data, const shown *columns, size_t n, size_t place) {
  for (size_t k = 0; k < n; k++)
    json_object_set_new(row, columns[k].key, mnz_report_json_number(value(data, columns[k].measure, place)));
}

bool mnz_report_json_queues(json_t *root, const mnz_report_data *data) {
  const mnz_result *r = data->result;
  if (data->n_demands > 0) return true;
  json_t *places = json_array();
  for (size_t i = 0; i < r->length[MNZ_AXIS_PLACE]; i++) {
    json_t *row = json_pack("{s:s, s:s}", "node", r->labels[MNZ_AXIS_NODE][r->place_node[i]], "material",
                            r->labels[MNZ_AXIS_MATERIAL][r->place_material[i]]);
    if (row == NULL) break;
    set(row, data, waiting, COUNT(waiting), i);
    set(row, data, leaving, COUNT(leaving), i);
    places = mnz_report_json_append(places, row);
  }
  return json_object_set_new(root, "places", places) == 0;
}
