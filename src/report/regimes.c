/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/regimes.h"

#include "report/grid.h"
#include "report/json.h"

static const struct {
  const char *measure;
  const char *head;
  const char *key;
} columns[] = {
    {"licence_applications", "applied", "applications"},
    {"licence_approvals", "approved", "approvals"},
    {"licence_refusals", "refused", "refusals"},
    {"licence_wait", "wait d", "wait_d"},
    {"quota_used", "quota used t", "quota_used_t"},
    {"sent_under_tariff", "taxed t", "sent_under_tariff_t"},
    {"held_back_end", "held back t", "held_back_t"},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

typedef struct rules {
  const double *share; /* [regime][state] */
  const double *column[COLUMNS];
  size_t n;
  size_t states;
} rules;

static bool find_rules(const mnz_report_data *data, rules *out) {
  *out = (rules){.share = mnz_report_cells(data, "regime_share", 2),
                 .n = data->result->length[MNZ_AXIS_REGIME],
                 .states = data->result->length[MNZ_AXIS_RULE]};
  bool all = out->share != NULL && out->n > 0;
  for (size_t c = 0; c < COLUMNS && all; c++)
    all = (out->column[c] = mnz_report_cells(data, columns[c].measure, 1)) != NULL;
  return all;
}

/* Every `step`-th of the cells: is there anything to tell? */
static bool is_used(const double *cells, size_t n, size_t step) {
  for (size_t i = 0; i < n; i++)
    if (cells[i * step] > 0) return true;
  return false;
}

static bool has_state(const rules *r, size_t state) {
  return is_used(r->share + state, r->n, r->states);
}

static void put_head(mnz_report_grid *g, const mnz_report_data *data, const rules *r) {
  mnz_report_grid_text(g, "");
  for (size_t s = 0; s < r->states; s++) {
    if (!has_state(r, s)) continue;
    const char *head = mnz_arena_format(data->arena, g->err, "%s %%", data->result->labels[MNZ_AXIS_RULE][s]);
    g->failed = g->failed || head == NULL;
    mnz_report_grid_text(g, head);
  }
  for (size_t c = 0; c < COLUMNS; c++)
    if (is_used(r->column[c], r->n, 1)) mnz_report_grid_text(g, columns[c].head);
}

static void put_regime(mnz_report_grid *g, const mnz_report_data *data, const rules *r, size_t i) {
  mnz_report_grid_text(g, data->result->labels[MNZ_AXIS_REGIME][i]);
  for (size_t s = 0; s < r->states; s++)
    if (has_state(r, s)) mnz_report_grid_percent(g, r->share[i * r->states + s]);
  for (size_t c = 0; c < COLUMNS; c++)
    if (is_used(r->column[c], r->n, 1)) mnz_report_grid_number(g, r->column[c][i]);
}

mnz_status mnz_report_write_regimes(mnz_buffer *to, const mnz_report_data *data, mnz_error *err) {
  rules r;
  mnz_report_grid g;
  size_t width = 1;
  if (!find_rules(data, &r)) return MNZ_OK;
  for (size_t s = 0; s < r.states; s++) width += has_state(&r, s);
  for (size_t c = 0; c < COLUMNS; c++) width += is_used(r.column[c], r.n, 1);
  mnz_report_grid_open(&g, data, r.n + 1, width, err);
  put_head(&g, data, &r);
  for (size_t i = 0; i < r.n; i++) put_regime(&g, data, &r, i);
  return mnz_report_grid_close(&g, to, "Regimes (share of time in each state)");
}

bool mnz_report_json_regimes(json_t *root, const mnz_report_data *data) {
  rules r;
  if (!find_rules(data, &r)) return true;
  json_t *all = json_array();
  for (size_t i = 0; i < r.n; i++) {
    json_t *share = json_object();
    for (size_t s = 0; s < r.states; s++)
      json_object_set_new(share, data->result->labels[MNZ_AXIS_RULE][s],
                          mnz_report_json_number(r.share[i * r.states + s]));
    json_t *one = json_pack("{s:s, s:o}", "regime", data->result->labels[MNZ_AXIS_REGIME][i], "share", share);
    for (size_t c = 0; c < COLUMNS && one != NULL; c++)
      json_object_set_new(one, columns[c].key, mnz_report_json_number(r.column[c][i]));
    all = mnz_report_json_append(all, one);
  }
  return all != NULL && json_object_set_new(root, "regimes", all) == 0;
}
