/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures: one value a replication, of what was in [warm_up, end), or in [start, end) without a warm-up.
 *
 * Masses by element are rare-earth oxides. What was asked for, came late or never came is turned
 * into elements by the product's nominal content; what was delivered is counted as it came. Short is what was
 * given up, lost on the way, or at the end not yet shipped; late is delivered, but shipped later than asked
 * for. What is on its way in time at the end is neither.
 *
 * At the warm-up's date, before anything happens then: an order that still waits counts as asked for now, and
 * if it is not filled at once, the first shortage is at that date. A lot that is on its way counts as
 * delivered when it comes, but neither as late nor, if it is lost, as short: it belongs to an order from
 * before. So late and short are within what was asked for; what was delivered may exceed it. Stocks, usage
 * and cover are those of the end. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "domain/facilities/demand.h"
#include "monazite/calendar.h"
#include "world/measure.h"

bool mnz_in_focus(const mnz_scenario *scenario, const mnz_node_spec *node) {
  return scenario->focus == NULL || (node->country != NULL && strcmp(scenario->focus, node->country) == 0);
}

static const mnz_measure by_element[] = {
    {"mined", "t", LESS, false, "dug out of the ground"},
    {"separated", "t", LESS, false, "made into pure oxides by the plants of the scenario"},
    {"demanded", "t", NEITHER, false, "asked for by the users in focus"},
    {"delivered", "t", LESS, false, "delivered to the users in focus"},
    {"delivered_late", "t", MORE, false, "of it, shipped later than asked for"},
    {"short", "t", MORE, false, "given up, lost on the way, or at the end not yet shipped"},
    {"fill_rate", "1", LESS, false, "share of what was asked for that was shipped at once"},
    {"stock_end", "t", LESS, false, "stocks and work in process of the users in focus at the end"},
    {"usage_end", "t d-1", NEITHER, false, "recent usage of the users in focus at the end"},
    {"days_of_cover_end", "d", LESS, false, "days that the stocks at the end last at that usage"},
    {"first_shortage", "d", LESS, true,
     "days from the start to the first order of a user in focus that could not be filled at once"},
};
enum {
  MINED,
  SEPARATED,
  DEMANDED,
  DELIVERED,
  LATE,
  SHORT,
  FILL_RATE,
  STOCK_END,
  USAGE_END,
  COVER_END,
  FIRST_SHORTAGE,
  N_BY_ELEMENT
};

static const mnz_measure by_node[] = {
    {"node_demanded", "t", NEITHER, false, "asked for by this demand (mass of the product)"},
    {"node_delivered", "t", LESS, false, "delivered to this demand"},
    {"node_delivered_late", "t", MORE, false, "of it, shipped later than asked for"},
    {"node_short", "t", MORE, false, "given up, lost on the way, or at the end not yet shipped"},
    {"node_fill_rate", "1", LESS, false, "share of what was asked for that was shipped at once"},
    {"node_first_shortage", "d", LESS, true,
     "days from the start to its first order that could not be filled at once"},
    {"utilisation", "1", NEITHER, false, "share of time in which the facility was up"},
};
enum { N_DEMANDED, N_DELIVERED, N_LATE, N_SHORT, N_FILL_RATE, N_FIRST_SHORTAGE, N_UTILISATION, N_BY_NODE };

typedef struct columns {
  double *element[N_BY_ELEMENT];
  double *node[N_BY_NODE];
  double *delivered_from; /* [element][origin] */
  double *origin_share;
  double *state_share; /* [node][state] */
} columns;

double *mnz_measure_add(mnz_result *result, const mnz_measure *m, int32_t n_axes, const mnz_axis_id *axes,
                        mnz_error *err) {
  double *cells = mnz_result_add(result, m->name, m->text, m->unit, MNZ_CELL_F8, n_axes, axes, err);
  if (cells == NULL) return NULL;
  mnz_variable *added = &result->variables[result->n_variables - 1];
  added->worse = m->worse;
  added->first_time = m->first_time;
  if (m->first_time) added->given = axes[0] == MNZ_AXIS_ELEMENT ? "fill_rate" : "node_fill_rate";
  return cells;
}

mnz_status mnz_measure_add_all(mnz_result *result, const mnz_measure *m, size_t n, mnz_axis_id axis,
                               double **column, mnz_error *err) {
  for (size_t i = 0; i < n; i++)
    if ((column[i] = mnz_measure_add(result, &m[i], 1, &axis, err)) == NULL) return MNZ_NO_MEMORY;
  return MNZ_OK;
}

static mnz_status add_columns(mnz_result *result, columns *c, mnz_error *err) {
  static const mnz_axis_id element[] = {MNZ_AXIS_ELEMENT, MNZ_AXIS_ORIGIN};
  static const mnz_axis_id node[] = {MNZ_AXIS_NODE, MNZ_AXIS_STATE};
  mnz_status status =
      mnz_measure_add_all(result, by_element, N_BY_ELEMENT, MNZ_AXIS_ELEMENT, c->element, err);
  if (status == MNZ_OK) status = mnz_measure_add_all(result, by_node, N_BY_NODE, MNZ_AXIS_NODE, c->node, err);
  if (status != MNZ_OK) return status;
  c->delivered_from = mnz_result_add(result, "delivered_from", "delivered to the users in focus, by origin",
                                     "t", MNZ_CELL_F8, 2, element, err);
  c->origin_share = mnz_result_add(result, "origin_share", "share of each origin in what was delivered", "1",
                                   MNZ_CELL_F8, 2, element, err);
  c->state_share =
      mnz_result_add(result, "state_share", "share of time in each state", "1", MNZ_CELL_F8, 2, node, err);
  return c->delivered_from == NULL || c->origin_share == NULL || c->state_share == NULL ? MNZ_NO_MEMORY
                                                                                        : MNZ_OK;
}

/* --- what went through the plants --- */

static void measure_origin(const mnz_replication *r, int32_t node, columns *to) {
  const mnz_catalog *c = &r->scenario->catalog;
  const mnz_ledger *l = &r->ledger;
  const size_t n = (size_t)c->n_parts;
  const bool mine = r->sites[node].spec->kind->ore != NULL;
  for (int32_t k = 0; k < c->n_components; k++) {
    const int32_t e = mnz_component_element(c, k);
    if (mine) {
      const size_t at = (size_t)node * n + (size_t)k;
      to->element[MINED][e] += TONNE * (double)(l->born_at[at] - r->baseline.born_at[at]);
    }
    for (int32_t m = 0; m < c->n_materials; m++) {
      if (!(r->scenario->flows[node].separates >> m & 1)) continue;
      const size_t at = (size_t)mnz_ledger_slot(l, node, m) * n + (size_t)k;
      to->element[SEPARATED][e] += TONNE * (double)(l->in[at] - r->baseline.in[at]);
    }
  }
}

bool mnz_is_users_stock(const mnz_scenario *s, int32_t node, int32_t material) {
  const mnz_node_spec *spec = mnz_scenario_node(s, node);
  if (!mnz_in_focus(s, spec) || s->flows[node].asks_of >= 0) return false; /* in use is no stock */
  return s->usage[node * s->catalog.n_materials + material] > 0 || spec->kind->gives_on_its_own;
}

static void measure_stock(const mnz_replication *r, int32_t node, columns *to) {
  const mnz_catalog *c = &r->scenario->catalog;
  for (int32_t m = 0; m < c->n_materials; m++) {
    const int32_t slot = mnz_ledger_slot(&r->ledger, node, m);
    if (slot < 0 || !mnz_is_users_stock(r->scenario, node, m)) continue;
    const mnz_mass *stock = mnz_ledger_held(&r->ledger, slot, MNZ_PLACE_STOCK);
    const mnz_mass *process = mnz_ledger_held(&r->ledger, slot, MNZ_PLACE_PROCESS);
    for (int32_t k = 0; k < c->n_components; k++) {
      to->element[STOCK_END][mnz_component_element(c, k)] += TONNE * (double)(stock[k] + process[k]);
    }
  }
}

mnz_time mnz_measure_state_time(const mnz_site *site, mnz_state state, mnz_time now) {
  return site->state_time[state] + (state == site->state ? now - site->state_since : 0);
}

static void measure_states(const mnz_replication *r, int32_t node, columns *to) {
  const mnz_time end = r->scenario->horizon;
  const double whole = (double)(end - r->scenario->counts_from);
  for (int32_t s = 0; s < MNZ_STATES; s++) {
    const int32_t at = node * MNZ_STATES + s;
    const mnz_time time = mnz_measure_state_time(&r->sites[node], (mnz_state)s, end);
    to->state_share[at] = (double)(time - r->baseline.state_time[at]) / whole;
  }
  to->node[N_UTILISATION][node] = to->state_share[node * MNZ_STATES + MNZ_STATE_UP];
}

/* --- what the users got --- */

double mnz_measure_days(mnz_time time) {
  return time == MNZ_NEVER ? NAN : (double)time / (double)MNZ_US_PER_DAY;
}

/* What counts of a demand, and since when it has been waiting. */
typedef struct account_of {
  mnz_mass asked;
  mnz_mass delivered;
  mnz_mass late;
  mnz_mass never;   /* given up, lost on the way, or still not shipped */
  mnz_time waiting; /* its first order that could not be filled at once; MNZ_NEVER */
} account_of;

mnz_mass mnz_measure_lost(const mnz_replication *r, int32_t node, const mnz_demand_tally *tally) {
  const mnz_mass coming = mnz_site_shelf(&r->sites[node], r->scenario->flows[node].asks_for)->on_order;
  return tally->asked - tally->given_up - coming - tally->delivered_mass;
}

static account_of settle(const mnz_replication *r, int32_t node, const mnz_demand_tally *tally) {
  const mnz_flows *f = &r->scenario->flows[node];
  const mnz_counted *before = &r->baseline.demand[node];
  const mnz_book *book = &mnz_site_shelf(&r->sites[f->asks_of], f->asks_for)->book;
  mnz_time first;
  const mnz_mass open = mnz_book_open(book, node, r->scenario->horizon, &first);
  const mnz_mass lost = mnz_measure_lost(r, node, tally) - before->lost;
  if (r->unmet[node] < first) first = r->unmet[node];
  if (first < r->scenario->counts_from) first = r->scenario->counts_from;
  return (account_of){.asked = tally->asked - before->asked,
                      .delivered = tally->delivered_mass - before->delivered,
                      .late = tally->late_mass - before->late,
                      .never = tally->given_up - before->given_up + open + lost,
                      .waiting = first};
}

static void measure_demand_node(const account_of *a, int32_t node, columns *to) {
  to->node[N_DEMANDED][node] = TONNE * (double)a->asked;
  to->node[N_DELIVERED][node] = TONNE * (double)a->delivered;
  to->node[N_LATE][node] = TONNE * (double)a->late;
  to->node[N_SHORT][node] = TONNE * (double)a->never;
  if (a->asked > 0) to->node[N_FILL_RATE][node] = (double)(a->asked - a->late - a->never) / (double)a->asked;
  to->node[N_FIRST_SHORTAGE][node] = mnz_measure_days(a->waiting);
}

static void measure_demand_elements(const mnz_replication *r, int32_t node, const mnz_demand_tally *tally,
                                    const account_of *a, columns *to) {
  const mnz_catalog *c = &r->scenario->catalog;
  const int32_t product = r->scenario->flows[node].asks_for;
  const mnz_mass *before = r->baseline.delivered + (size_t)node * (size_t)c->n_parts;
  const mnz_site *site = &r->sites[node];
  for (int32_t e = 0; e < c->elements.count; e++) {
    const double content = c->materials[product].nominal[e];
    to->element[DEMANDED][e] += TONNE * (double)a->asked * content;
    to->element[LATE][e] += TONNE * (double)a->late * content;
    to->element[SHORT][e] += TONNE * (double)a->never * content;
    to->element[USAGE_END][e] += TONNE * mnz_site_usage(site, product) * content * (double)MNZ_US_PER_DAY;
    if (content > 0)
      to->element[FIRST_SHORTAGE][e] = fmin(to->element[FIRST_SHORTAGE][e], mnz_measure_days(a->waiting));
    for (int32_t o = 0; o < c->origins.count; o++) {
      const int32_t k = mnz_component(c, o, e);
      const double came = TONNE * (double)(tally->delivered[k] - before[k]);
      to->element[DELIVERED][e] += came;
      to->delivered_from[e * c->origins.count + o] += came;
    }
  }
}

static void measure_demand(const mnz_replication *r, int32_t node, columns *to) {
  const mnz_demand_tally *tally = mnz_demand_of(&r->sites[node]);
  for (int32_t i = 0; i <= N_FIRST_SHORTAGE; i++) to->node[i][node] = NAN;
  if (tally == NULL) return;
  const account_of a = settle(r, node, tally);
  measure_demand_node(&a, node, to);
  if (mnz_in_focus(r->scenario, r->sites[node].spec)) measure_demand_elements(r, node, tally, &a, to);
}

double mnz_measure_ratio(double a, double b) {
  return b > 0 ? a / b : NAN;
}

static void measure_ratios(const mnz_catalog *c, columns *to) {
  for (int32_t e = 0; e < c->elements.count; e++) {
    const double asked = to->element[DEMANDED][e];
    to->element[FILL_RATE][e] =
        mnz_measure_ratio(asked - to->element[LATE][e] - to->element[SHORT][e], asked);
    to->element[COVER_END][e] = mnz_measure_ratio(to->element[STOCK_END][e], to->element[USAGE_END][e]);
    for (int32_t o = 0; o < c->origins.count; o++) {
      const int32_t at = e * c->origins.count + o;
      to->origin_share[at] = mnz_measure_ratio(to->delivered_from[at], to->element[DELIVERED][e]);
    }
  }
}

/* A line each, in the order of their columns; the last ones read the columns of those before. */
static mnz_status (*const others[])(const mnz_replication *r, mnz_result *result, mnz_error *err) = {
    mnz_measure_money,   mnz_measure_contracts, mnz_measure_fluid,   mnz_measure_plants,  mnz_measure_queues,
    mnz_measure_service, mnz_measure_origins,   mnz_measure_regimes, mnz_measure_outages,
};

mnz_status mnz_measure_all(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  columns to;
  mnz_status status = add_columns(result, &to, err);
  if (status != MNZ_OK) return status;
  const mnz_catalog *c = &r->scenario->catalog;
  for (int32_t e = 0; e < c->elements.count; e++) to.element[FIRST_SHORTAGE][e] = NAN;
  for (int32_t node = 0; node < r->n_nodes; node++) {
    measure_origin(r, node, &to);
    measure_states(r, node, &to);
    measure_demand(r, node, &to);
    measure_stock(r, node, &to);
  }
  measure_ratios(c, &to);
  for (size_t i = 0; i < sizeof others / sizeof *others && status == MNZ_OK; i++)
    status = others[i](r, result, err);
  return status;
}
