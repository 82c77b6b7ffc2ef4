/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures of money, of what happened in [warm_up, end). There are none of a scenario without any. */
#include "monazite/calendar.h"
#include "world/money.h"
#include "world/prices.h"

/* What stands outside: it sells to this world, and what it earns is not this world's. */
static bool is_outside(const mnz_replication *r, int32_t node) {
  const mnz_flows *f = &r->scenario->flows[node];
  return f->takes == 0 && r->sites[node].spec->kind->ore == NULL;
}

static double *add(mnz_result *result, const char *name, const char *text, const char *unit, int32_t n_axes,
                   mnz_worse worse, mnz_error *err) {
  static const mnz_axis_id axes[] = {MNZ_AXIS_NODE, MNZ_AXIS_COST};
  double *cells = mnz_result_add(result, name, text, unit, MNZ_CELL_F8, n_axes, axes, err);
  if (cells != NULL) result->variables[result->n_variables - 1].worse = worse;
  return cells;
}

static mnz_status measure_prices(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  static const mnz_axis_id axis[] = {MNZ_AXIS_PRICE};
  if (r->n_prices == 0) return MNZ_OK;
  result->length[MNZ_AXIS_PRICE] = (size_t)r->n_prices;
  result->labels[MNZ_AXIS_PRICE] = r->scenario->price_names;
  double *mean = mnz_result_add(result, "price_average", "mean of the price over time", "USD kg-1",
                                MNZ_CELL_F8, 1, axis, err);
  double *end =
      mnz_result_add(result, "price_end", "price at the end", "USD kg-1", MNZ_CELL_F8, 1, axis, err);
  if (mean == NULL || end == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < r->n_prices; i++) {
    mean[i] = mnz_price_average(r, i) * MNZ_PER_KG;
    end[i] = r->prices[i].now * MNZ_PER_KG;
  }
  return MNZ_OK;
}

mnz_status mnz_measure_money(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  if (r->money == NULL) return MNZ_OK;
  const mnz_status status = measure_prices(r, result, err);
  if (status != MNZ_OK) return status;
  const double days = (double)(r->scenario->horizon - r->scenario->counts_from) / (double)MNZ_US_PER_DAY;
  result->length[MNZ_AXIS_COST] = MNZ_COSTS;
  result->labels[MNZ_AXIS_COST] = mnz_cost_names;
  double *total = add(result, "cost_total",
                      "costs of all in focus but sellers outside, less what they earned among themselves",
                      "USD", 0, MNZ_MORE_IS_WORSE, err);
  double *node = add(result, "node_cost", "all costs of the node", "USD", 1, MNZ_MORE_IS_WORSE, err);
  double *rate =
      add(result, "node_cost_rate", "all costs of the node, a day", "USD d-1", 1, MNZ_MORE_IS_WORSE, err);
  double *kinds = add(result, "cost", "costs of the node, by kind", "USD", 2, MNZ_MORE_IS_WORSE, err);
  double *revenue =
      add(result, "revenue", "what the node earned by what it sold", "USD", 1, MNZ_LESS_IS_WORSE, err);
  if (total == NULL || node == NULL || rate == NULL || kinds == NULL || revenue == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < r->n_nodes; i++) {
    for (int32_t k = 0; k < MNZ_COSTS; k++) {
      const double cost = mnz_money_cost(r, i, (mnz_cost)k);
      kinds[i * MNZ_COSTS + k] = cost;
      node[i] += cost;
    }
    rate[i] = node[i] / days;
    revenue[i] = mnz_money_revenue(r, i);
    if (mnz_in_focus(r->scenario, r->sites[i].spec) && !is_outside(r, i)) *total += node[i] - revenue[i];
  }
  return MNZ_OK;
}
