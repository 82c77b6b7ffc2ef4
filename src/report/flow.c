/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/flow.h"

#include <math.h>

#include "report/json.h"

enum { ROOM = 32, COLUMNS = 4 };

/* The measures of it, by node. */
typedef struct flows {
  const double *rate; /* NaN: does not flow */
  const double *unmet;
  const double *lack; /* days */
} flows;

static const double *by_node(const mnz_report_data *data, const char *name) {
  const mnz_variable *v = mnz_result_find(data->result, name);
  return v == NULL ? NULL : v->data;
}

/* False if nothing flows. */
static bool find_flows(const mnz_report_data *data, flows *f) {
  f->rate = by_node(data, "flow_rate");
  f->unmet = by_node(data, "flow_unmet");
  f->lack = by_node(data, "flow_first_lack");
  return f->rate != NULL && f->unmet != NULL && f->lack != NULL;
}

/* A copy of what stands in a buffer of the stack; NULL when memory is out. */
static const char *keep(const mnz_report_data *data, const char *text, mnz_error *err) {
  return mnz_arena_text(data->arena, text[0] == '\0' ? "-" : text, err);
}

mnz_status mnz_report_write_flow(mnz_buffer *to, const mnz_report_data *data, mnz_error *err) {
  flows f;
  if (!find_flows(data, &f)) return MNZ_OK;
  const size_t n = data->result->length[MNZ_AXIS_NODE];
  mnz_report_table table = {.rows = 1, .columns = COLUMNS};
  table.cell = mnz_arena_alloc(data->arena, (n + 1) * COLUMNS, sizeof *table.cell, err);
  if (table.cell == NULL) return MNZ_NO_MEMORY;
  table.cell[0] = "";
  table.cell[1] = "t/d";
  table.cell[2] = "unmet %";
  table.cell[3] = "first lack";
  for (size_t i = 0; i < n; i++) {
    if (isnan(f.rate[i])) continue;
    char text[ROOM];
    const char **row = table.cell + table.rows++ * COLUMNS;
    row[0] = data->result->labels[MNZ_AXIS_NODE][i];
    row[1] = keep(data, mnz_report_number(f.rate[i], text), err);
    row[2] = keep(data, mnz_report_percent(f.unmet[i], text), err);
    row[3] = keep(data, mnz_report_date(data->scenario, f.lack[i], text), err);
    if (row[1] == NULL || row[2] == NULL || row[3] == NULL) return MNZ_NO_MEMORY;
  }
  mnz_buffer_add(to, "\nFlow (mean through each; unmet: what its rate could have taken and did not get, or "
                     "had no room for)\n");
  mnz_report_write_table(to, &table);
  return MNZ_OK;
}

bool mnz_report_json_flow(json_t *root, const mnz_report_data *data) {
  flows f;
  if (!find_flows(data, &f)) return true;
  json_t *all = json_array();
  for (size_t i = 0; i < data->result->length[MNZ_AXIS_NODE]; i++) {
    if (isnan(f.rate[i])) continue;
    all = mnz_report_json_append(
        all, json_pack("{s:s, s:o, s:o, s:o}", "node", data->result->labels[MNZ_AXIS_NODE][i], "rate_t_per_d",
                       mnz_report_json_number(f.rate[i]), "unmet", mnz_report_json_number(f.unmet[i]),
                       "first_lack", mnz_report_json_date(data->scenario, f.lack[i])));
  }
  return json_object_set_new(root, "flow", all) == 0;
}
