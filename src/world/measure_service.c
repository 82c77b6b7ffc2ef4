/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How users were served, out of the record: shortages and their triangle (world/shortfall.h), waiting, orders
 * that came whole; and how orders swing from node to node.
 *
 * A shortage of an element is a time in which some user in focus is owed some of it, in whatever product. The
 * bullwhip of a node is the variance of what it orders over the variance of what is ordered from it, both
 * added up over periods of four weeks (Chen, Drezner, Ryan and Simchi-Levi, "Quantifying the bullwhip effect
 * in a simple supply chain", Management Science 46(3), 2000); orders that are placed anew count once. */
#include <math.h>

#include "monazite/calendar.h"
#include "world/measure.h"

/* Twice the same words: for a user, and for the users of an element. */
#define SHORTAGES(prefix, whose)                                                                             \
  {prefix "shortages", "count", MORE, false,                                                                 \
   "number of shortages: times in which " whose " waited for orders"},                                       \
      {prefix "longest_shortage", "d", MORE, false, "the longest shortage"},                                 \
      {prefix "shortage_time", "d", MORE, false, "days in shortage, all together"},                          \
      {prefix "shortage_depth", "t", MORE, false, "the most that " whose " waited for at once"},             \
      {prefix "shortage_duration", "d", MORE, false, "length of the shortage with that depth"}, {            \
    prefix "shortage_area", "t d", MORE, false,                                                              \
        "tonnes waited for times days: lost resilience, the triangle of depth and duration"                  \
  }

enum { SHORTAGES_N, LONGEST, IN_SHORTAGE, DEPTH, DURATION, AREA, N_SHORTAGES };

static const mnz_measure by_element[] = {SHORTAGES("", "users in focus")};

static const mnz_measure by_node[] = {
    SHORTAGES("node_", "this user"),
    {"node_orders", "count", NEITHER, false, "orders that this user placed"},
    {"node_service_level", "1", LESS, false, "share of its orders that were shipped whole and at once"},
    {"node_missed", "t", MORE, false, "of what it asked for, what was not shipped at once"},
    {"node_met_at_once", "1", LESS, false,
     "share of what it asked for that was shipped at once; unlike node_fill_rate, orders from before the "
     "warm-up's end are left out"},
    {"node_backlog_age", "d", MORE, false,
     "mean wait, by mass, of what was shipped late, given up or still waits at the end"},
    {"node_longest_wait", "d", MORE, false, "the longest such wait"},
    {"bullwhip", "1", MORE, false,
     "variance of what the facility orders over that of what is ordered from it, in periods of 28 days"},
};
enum {
  ORDERS = N_SHORTAGES,
  SERVICE_LEVEL,
  MISSED,
  MET_AT_ONCE,
  BACKLOG_AGE,
  LONGEST_WAIT,
  BULLWHIP,
  N_BY_NODE
};

static void fill_shortages(const mnz_shortfall *counted, mnz_time end, double **column, int32_t i) {
  mnz_shortfall s = *counted;
  mnz_shortfall_end(&s, end);
  column[SHORTAGES_N][i] = (double)s.count;
  column[LONGEST][i] = mnz_measure_days(s.longest);
  column[IN_SHORTAGE][i] = mnz_measure_days(s.total);
  column[DEPTH][i] = TONNE * s.depth;
  column[DURATION][i] = mnz_measure_days(s.depth_length);
  column[AREA][i] = TONNE * s.area / (double)MNZ_US_PER_DAY;
}

/* What waits at the end has waited as long as it has. */
static mnz_order_count close_waits(const mnz_replication *r, int32_t node) {
  mnz_order_count c = r->record.count[node];
  const mnz_flows *f = &r->scenario->flows[node];
  const mnz_time end = r->scenario->horizon;
  const mnz_ask *ask = mnz_site_shelf(&r->sites[f->asks_of], f->asks_for)->book.first;
  for (; ask != NULL; ask = ask->next) {
    if (ask->buyer != node) continue;
    const mnz_time wait = end - (ask->placed > r->record.from ? ask->placed : r->record.from);
    c.late += (double)ask->open;
    c.late_time += (double)ask->open * (double)wait;
    if (wait > c.longest_wait) c.longest_wait = wait;
  }
  return c;
}

static void fill_demand(const mnz_replication *r, int32_t node, double **column) {
  const mnz_order_count c = close_waits(r, node);
  fill_shortages(&r->record.node[node], r->scenario->horizon, column, node);
  column[ORDERS][node] = (double)c.orders;
  column[SERVICE_LEVEL][node] = mnz_measure_ratio((double)c.whole, (double)c.orders);
  column[MISSED][node] = TONNE * (double)(c.asked - c.at_once);
  column[MET_AT_ONCE][node] = mnz_measure_ratio((double)c.at_once, (double)c.asked);
  column[BACKLOG_AGE][node] = mnz_measure_ratio(c.late_time, c.late) / (double)MNZ_US_PER_DAY;
  column[LONGEST_WAIT][node] = mnz_measure_days(c.longest_wait);
}

static double bullwhip(const mnz_replication *r, int32_t node) {
  const mnz_time from = r->scenario->counts_from;
  const mnz_time end = r->scenario->horizon;
  if (r->scenario->flows[node].n_purchases == 0) return NAN;
  return mnz_measure_ratio(mnz_swing_variance(&r->record.placed[node], from, end),
                           mnz_swing_variance(&r->record.received[node], from, end));
}

/* Is any of the element asked for by a user in focus? */
static bool is_wanted(const mnz_replication *r, int32_t element) {
  for (int32_t i = 0; i < r->n_nodes; i++)
    if (r->record.in_focus[i] &&
        r->scenario->catalog.materials[r->scenario->flows[i].asks_for].nominal[element] > 0)
      return true;
  return false;
}

mnz_status mnz_measure_service(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  double *element[N_SHORTAGES];
  double *node[N_BY_NODE];
  mnz_status status = mnz_measure_add_all(result, by_element, N_SHORTAGES, MNZ_AXIS_ELEMENT, element, err);
  if (status == MNZ_OK) status = mnz_measure_add_all(result, by_node, N_BY_NODE, MNZ_AXIS_NODE, node, err);
  if (status != MNZ_OK) return status;
  for (int32_t e = 0; e < r->scenario->catalog.elements.count; e++) {
    fill_shortages(&r->record.element[e], r->scenario->horizon, element, e);
    for (int32_t i = 0; i < N_SHORTAGES && !is_wanted(r, e); i++) element[i][e] = NAN;
  }
  for (int32_t i = 0; i < r->n_nodes; i++) {
    for (int32_t k = 0; k < N_BY_NODE; k++) node[k][i] = NAN;
    if (r->scenario->flows[i].asks_of >= 0) fill_demand(r, i, node);
    node[BULLWHIP][i] = bullwhip(r, i);
  }
  return MNZ_OK;
}
