/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/flow.h"

#include <math.h>

#include "report/grid.h"
#include "report/json.h"

enum { ROOM = 32 };

/* The measures of it, by node. */
typedef struct flows {
  const double *rate; /* NaN: does not flow */
  const double *unmet;
  const double *lack; /* days */
} flows;

/* False if nothing flows. */
static bool find_flows(const mnz_report_data *data, flows *f) {
  f->rate = mnz_report_cells(data, "flow_rate", 1);
  f->unmet = mnz_report_cells(data, "flow_unmet", 1);
  f->lack = mnz_report_cells(data, "flow_first_lack", 1);
  return f->rate != NULL && f->unmet != NULL && f->lack != NULL;
}

mnz_status mnz_report_write_flow(mnz_buffer *to, const mnz_report_data *data, mnz_error *err) {
  flows f;
  mnz_report_grid g;
  size_t rows = 1;
  if (!find_flows(data, &f)) return MNZ_OK;
  const size_t n = data->result->length[MNZ_AXIS_NODE];
  for (size_t i = 0; i < n; i++) rows += isnan(f.rate[i]) ? 0 : 1;
  mnz_report_grid_open(&g, data, rows, 4, err);
  mnz_report_grid_text(&g, "");
  mnz_report_grid_text(&g, "t/d");
  mnz_report_grid_text(&g, "unmet %");
  mnz_report_grid_text(&g, "first lack");
  for (size_t i = 0; i < n; i++) {
    if (isnan(f.rate[i])) continue;
    char text[ROOM];
    mnz_report_grid_text(&g, data->result->labels[MNZ_AXIS_NODE][i]);
    mnz_report_grid_number(&g, f.rate[i]);
    mnz_report_grid_percent(&g, f.unmet[i]);
    mnz_report_grid_copy(&g, isnan(f.lack[i]) ? "-" : mnz_report_date(data->scenario, f.lack[i], text));
  }
  return mnz_report_grid_close(&g, to,
                               "Flow (mean through each; unmet: what its rate could have taken and did not "
                               "get, or had no room for)");
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
