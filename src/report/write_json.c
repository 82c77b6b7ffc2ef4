/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/summary.h"

#include "monazite/calendar.h"
#include "report/flow.h"
#include "report/json.h"
#include "report/money.h"
#include "report/queues.h"
#include "report/reasons.h"
#include "report/regimes.h"

static json_t *demand(const mnz_report_data *data, const mnz_report_row *row) {
  return json_pack(
      "{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "node", row->name, "asked_t", mnz_report_json_number(row->asked),
      "delivered_t", mnz_report_json_number(row->delivered), "late_t", mnz_report_json_number(row->late),
      "short_t", mnz_report_json_number(row->shortfall), "fill_rate", mnz_report_json_number(row->fill_rate),
      "first_shortage", mnz_report_json_date(data->scenario, row->first_shortage));
}

static json_t *element(const mnz_report_data *data, const mnz_report_row *row) {
  json_t *shares = json_object();
  for (size_t o = 0; o < data->n_origins; o++)
    json_object_set_new(shares, data->origins[o], mnz_report_json_number(row->origin_share[o]));
  return json_pack(
      "{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "element", row->name, "mined_t",
      mnz_report_json_number(row->mined), "separated_t", mnz_report_json_number(row->separated), "asked_t",
      mnz_report_json_number(row->asked), "delivered_t", mnz_report_json_number(row->delivered), "late_t",
      mnz_report_json_number(row->late), "short_t", mnz_report_json_number(row->shortfall), "fill_rate",
      mnz_report_json_number(row->fill_rate), "cover_d", mnz_report_json_number(row->cover), "first_shortage",
      mnz_report_json_date(data->scenario, row->first_shortage), "origin_share", shares);
}

static json_t *unasked(const mnz_report_data *data, const mnz_report_row *row) {
  (void)data;
  return json_pack("{s:s, s:o}", "element", row->name, "mined_t", mnz_report_json_number(row->mined));
}

static json_t *list(const mnz_report_data *data, const mnz_report_row *rows, size_t count,
                    json_t *(*one)(const mnz_report_data *, const mnz_report_row *)) {
  json_t *all = json_array();
  for (size_t i = 0; i < count; i++) all = mnz_report_json_append(all, one(data, &rows[i]));
  return all;
}

mnz_status mnz_report_write_json(char **text, const mnz_report_data *data, mnz_error *err) {
  const mnz_scenario *s = data->scenario;
  const mnz_result *r = data->result;
  char start[32];
  char end[32];
  char from[32];
  mnz_buffer headline = {0};
  mnz_report_reasons reasons;
  const mnz_status status = mnz_report_find_reasons(data, &reasons, err);
  if (status != MNZ_OK) return status;
  mnz_report_headline(&headline, data);
  json_t *root =
      headline.failed
          ? NULL
          : json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s?, s:I, s:o, s:o, s:o, s:s, s:I, s:I, s:I}", "title",
                      mnz_scenario_title(s), "question", mnz_scenario_question(s), "start",
                      mnz_moment_format(mnz_scenario_start(s), start), "end",
                      mnz_moment_format(mnz_scenario_end(s), end), "measured_from",
                      mnz_moment_format(mnz_scenario_measured_from(s), from), "seed", mnz_scenario_seed(s),
                      "focus", mnz_scenario_focus(s), "replication", (json_int_t)r->replication, "elements",
                      list(data, data->elements, data->n_elements, element), "not_asked_for",
                      list(data, data->unasked, data->n_unasked, unasked), "demand",
                      list(data, data->demands, data->n_demands, demand), "headline", headline.at,
                      "residual_mg", (json_int_t)r->residual_mg, "components",
                      (json_int_t)(r->length[MNZ_AXIS_ELEMENT] * r->length[MNZ_AXIS_ORIGIN]), "events",
                      (json_int_t)r->events);
  mnz_buffer_free(&headline);
  if (root != NULL && (!mnz_report_json_flow(root, data) || !mnz_report_json_money(root, data) ||
                       !mnz_report_json_reasons(root, data, &reasons) ||
                       !mnz_report_json_queues(root, data) || !mnz_report_json_regimes(root, data))) {
    json_decref(root);
    root = NULL;
  }
  return mnz_report_json_write(text, root, err);
}
