/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/money.h"

#include <math.h>
#include <string.h>

#include "report/grid.h"
#include "report/json.h"

enum { ROOM = 32 };
#define THOUSAND 1e3

/* ---- costs ---- */

typedef struct bill {
  const double *cost; /* [node][kind] */
  const double *whole;
  const double *revenue;
  size_t nodes;
  size_t kinds;
} bill;

static bool find_bill(const mnz_report_data *data, bill *out) {
  *out = (bill){.cost = mnz_report_cells(data, "cost", 2),
                .whole = mnz_report_cells(data, "node_cost", 1),
                .revenue = mnz_report_cells(data, "revenue", 1),
                .nodes = data->result->length[MNZ_AXIS_NODE],
                .kinds = data->result->length[MNZ_AXIS_COST]};
  return out->cost != NULL && out->whole != NULL && out->revenue != NULL;
}

static bool has_money(const bill *b, size_t node) {
  return b->whole[node] != 0 || b->revenue[node] != 0;
}

static bool is_spent_on(const bill *b, size_t kind) {
  for (size_t i = 0; i < b->nodes; i++)
    if (b->cost[i * b->kinds + kind] != 0) return true;
  return false;
}

static mnz_status write_costs(mnz_buffer *to, const mnz_report_data *data, mnz_error *err) {
  bill b;
  mnz_report_grid g;
  size_t rows = 1;
  size_t columns = 3;
  if (!find_bill(data, &b)) return MNZ_OK;
  for (size_t i = 0; i < b.nodes; i++) rows += has_money(&b, i);
  for (size_t k = 0; k < b.kinds; k++) columns += is_spent_on(&b, k);
  if (rows == 1) return MNZ_OK;
  mnz_report_grid_open(&g, data, rows, columns, err);
  mnz_report_grid_text(&g, "");
  for (size_t k = 0; k < b.kinds; k++)
    if (is_spent_on(&b, k)) mnz_report_grid_text(&g, data->result->labels[MNZ_AXIS_COST][k]);
  mnz_report_grid_text(&g, "all costs");
  mnz_report_grid_text(&g, "revenue");
  for (size_t i = 0; i < b.nodes; i++) {
    if (!has_money(&b, i)) continue;
    mnz_report_grid_text(&g, data->result->labels[MNZ_AXIS_NODE][i]);
    for (size_t k = 0; k < b.kinds; k++)
      if (is_spent_on(&b, k)) mnz_report_grid_number(&g, b.cost[i * b.kinds + k] / THOUSAND);
    mnz_report_grid_number(&g, b.whole[i] / THOUSAND);
    mnz_report_grid_number(&g, b.revenue[i] / THOUSAND);
  }
  return mnz_report_grid_close(&g, to, "Money (kUSD)");
}

/* ---- prices, contracts ---- */

static const char *const price_measures[] = {"price_average", "price_end"};
static const char *const price_heads[] = {"mean", "at the end"};

typedef struct contract_column {
  const char *measure;
  const char *head;
  const char *key;
  double unit;
} contract_column;
static const contract_column contract_columns[] = {
    {"contract_delivered", "delivered t", "delivered_t", 1},
    {"contract_due", "due t", "due_t", 1},
    {"contract_owed", "owed t", "owed_t", 1},
    {"contract_untaken", "untaken t", "untaken_t", 1},
    {"contract_paid_untaken", "paid for it kUSD", "paid_untaken_usd", THOUSAND},
    {"contract_damages", "damages kUSD", "damages_usd", THOUSAND},
    {"contract_floor_paid", "by the floor kUSD", "floor_paid_usd", THOUSAND},
    {"contract_returned", "returned kUSD", "returned_usd", THOUSAND},
    {"contract_suspended", "suspended d", "suspended_d", 1},
};
enum { N_CONTRACT = sizeof contract_columns / sizeof *contract_columns };

static bool is_all_zero(const double *cells, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (cells[i] != 0) return false;
  return true;
}

static mnz_status write_prices(mnz_buffer *to, const mnz_report_data *data, mnz_error *err) {
  const size_t n = data->result->length[MNZ_AXIS_PRICE];
  mnz_report_grid g;
  if (n == 0) return MNZ_OK;
  mnz_report_grid_open(&g, data, n + 1, 3, err);
  mnz_report_grid_text(&g, "");
  for (size_t k = 0; k < 2; k++) mnz_report_grid_text(&g, price_heads[k]);
  for (size_t i = 0; i < n; i++) {
    mnz_report_grid_text(&g, data->result->labels[MNZ_AXIS_PRICE][i]);
    for (size_t k = 0; k < 2; k++) {
      const double *cells = mnz_report_cells(data, price_measures[k], 1);
      mnz_report_grid_number(&g, cells == NULL ? NAN : cells[i]);
    }
  }
  return mnz_report_grid_close(&g, to, "Prices (USD/kg)");
}

static mnz_status write_contracts(mnz_buffer *to, const mnz_report_data *data, mnz_error *err) {
  const size_t n = data->result->length[MNZ_AXIS_CONTRACT];
  const double *cells[N_CONTRACT];
  size_t columns = 1;
  mnz_report_grid g;
  if (n == 0) return MNZ_OK;
  for (size_t k = 0; k < N_CONTRACT; k++) {
    cells[k] = mnz_report_cells(data, contract_columns[k].measure, 1);
    if (k > 1 && cells[k] != NULL && is_all_zero(cells[k], n)) cells[k] = NULL;
    columns += cells[k] != NULL;
  }
  mnz_report_grid_open(&g, data, n + 1, columns, err);
  mnz_report_grid_text(&g, "");
  for (size_t k = 0; k < N_CONTRACT; k++)
    if (cells[k] != NULL) mnz_report_grid_text(&g, contract_columns[k].head);
  for (size_t i = 0; i < n; i++) {
    mnz_report_grid_text(&g, data->result->labels[MNZ_AXIS_CONTRACT][i]);
    for (size_t k = 0; k < N_CONTRACT; k++)
      if (cells[k] != NULL) mnz_report_grid_number(&g, cells[k][i] / contract_columns[k].unit);
  }
  return mnz_report_grid_close(&g, to, "Contracts");
}

mnz_status mnz_report_write_money(mnz_buffer *to, const mnz_report_data *data, mnz_error *err) {
  mnz_status status = write_costs(to, data, err);
  if (status == MNZ_OK) status = write_prices(to, data, err);
  if (status == MNZ_OK) status = write_contracts(to, data, err);
  return status;
}

/* ---- JSON ---- */

static json_t *json_costs(const mnz_report_data *data, const bill *b) {
  const double *total = mnz_report_cells(data, "cost_total", 0);
  json_t *nodes = json_array();
  for (size_t i = 0; i < b->nodes; i++) {
    if (!has_money(b, i)) continue;
    json_t *kinds = json_object();
    for (size_t k = 0; k < b->kinds; k++)
      json_object_set_new(kinds, data->result->labels[MNZ_AXIS_COST][k],
                          mnz_report_json_number(b->cost[i * b->kinds + k]));
    nodes = mnz_report_json_append(
        nodes, json_pack("{s:s, s:o, s:o, s:o}", "node", data->result->labels[MNZ_AXIS_NODE][i], "cost_usd",
                         mnz_report_json_number(b->whole[i]), "revenue_usd",
                         mnz_report_json_number(b->revenue[i]), "costs_usd", kinds));
  }
  return json_pack("{s:o, s:o}", "cost_total_usd", mnz_report_json_number(total == NULL ? NAN : *total),
                   "nodes", nodes);
}

static json_t *json_prices(const mnz_report_data *data) {
  json_t *all = json_array();
  for (size_t i = 0; i < data->result->length[MNZ_AXIS_PRICE]; i++) {
    const double *mean = mnz_report_cells(data, price_measures[0], 1);
    const double *end = mnz_report_cells(data, price_measures[1], 1);
    all = mnz_report_json_append(
        all, json_pack("{s:s, s:o, s:o}", "price", data->result->labels[MNZ_AXIS_PRICE][i], "mean_usd_per_kg",
                       mnz_report_json_number(mean == NULL ? NAN : mean[i]), "end_usd_per_kg",
                       mnz_report_json_number(end == NULL ? NAN : end[i])));
  }
  return all;
}

static json_t *json_contracts(const mnz_report_data *data) {
  json_t *all = json_array();
  for (size_t i = 0; i < data->result->length[MNZ_AXIS_CONTRACT]; i++) {
    json_t *one = json_pack("{s:s}", "contract", data->result->labels[MNZ_AXIS_CONTRACT][i]);
    for (size_t k = 0; k < N_CONTRACT; k++) {
      const double *cells = mnz_report_cells(data, contract_columns[k].measure, 1);
      json_object_set_new(one, contract_columns[k].key,
                          mnz_report_json_number(cells == NULL ? NAN : cells[i]));
    }
    all = mnz_report_json_append(all, one);
  }
  return all;
}

bool mnz_report_json_money(json_t *root, const mnz_report_data *data) {
  bill b;
  if (find_bill(data, &b) && json_object_set_new(root, "money", json_costs(data, &b)) != 0) return false;
  if (data->result->length[MNZ_AXIS_PRICE] > 0 && json_object_set_new(root, "prices", json_prices(data)) != 0)
    return false;
  return data->result->length[MNZ_AXIS_CONTRACT] == 0 ||
         json_object_set_new(root, "contracts", json_contracts(data)) == 0;
}
