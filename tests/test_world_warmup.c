/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The warm-up: measures count from its date on, and nothing else changes. */
#include "domain/facilities/demand.h"
#include "world_bench.h"

#define EVERYTHING "everything.cfg"

/* A shop of 500 t and an order of 1 t a day for a hundred days. */
#define SHOP                                                                                                 \
  "shop.cfg", "nodes['Shop'].stores[0].initial='500 t'", "demand['big'].rate='1 t/d'",                       \
      "demand['small'].rate='0 t/d'", "end='2026-04-11'"
#define WAY(rest)       "links=( { name = 'way'; from = 'Shop'; to = 'big'; " rest " } )"
#define CLOSED(periods) "disruptions=( { name = 'closed'; hits = ( 'way' ); periods = ( " periods " ); } )"
#define DAY_50          "warm_up='2026-02-20'"

static void expect_demand(const world *w, const char *node, double asked, double delivered, double late,
                          double never) {
  cr_expect_float_eq(world_by_node(w, "node_demanded", node), asked, 1e-9);
  cr_expect_float_eq(world_by_node(w, "node_delivered", node), delivered, 1e-9);
  cr_expect_float_eq(world_by_node(w, "node_delivered_late", node), late, 1e-9);
  cr_expect_float_eq(world_by_node(w, "node_short", node), never, 1e-9);
  cr_expect_float_eq(world_by_node(w, "node_fill_rate", node), (asked - late - never) / asked, 1e-12);
}

/* --- by hand --- */

Test(warm_up, splits_the_horizon_at_the_beginning_of_its_instant) {
  world w;
  world_of(&w, SHOP, DAY_50); /* the order of day 50 counts, that of day 49 does not */
  world_finish(&w);
  expect_demand(&w, "big", 50, 50, 0, 0);
  cr_expect_float_eq(world_by_element(&w, "demanded", "Nd"), 50, 1e-9);
  cr_expect_float_eq(world_by_element(&w, "delivered", "Nd"), 50, 1e-9);
  cr_expect(isnan(world_by_node(&w, "node_first_shortage", "big")));
  world_close(&w);
  world_of(&w, SHOP, "warm_up='2026-02-20T00:00:01'");
  world_finish(&w);
  expect_demand(&w, "big", 49, 49, 0, 0);
  world_close(&w);
}

Test(warm_up, leaves_states_before_it_out) {
  world w;
  world_of(&w, "mine-plant.cfg", /* down on days 40 .. 60 of a hundred, 50 of which count */
           "end='2026-04-11'", DAY_50,
           "disruptions=( { name = 'd'; hits = ( 'Plant' ); periods = ( { from = '2026-02-10'; until = "
           "'2026-03-02'; } ); } )");
  world_finish(&w);
  cr_expect_float_eq(world_state(&w, "Plant", MNZ_STATE_DOWN), 10.0 / 50, 1e-12);
  world_close(&w);
}

/* Closed on days 10 .. 70: the order of day 50 is not filled before day 70, nor are the 40 that wait. */
Test(warm_up, takes_what_waits_then_as_asked_for_then) {
  world w;
  world_of(&w, SHOP, DAY_50, WAY("lead_time = '0 d';"),
           CLOSED("{ from = '2026-01-11'; until = '2026-03-12'; }"));
  world_finish(&w);
  expect_demand(&w, "big", 40 + 50, 90, 60, 0);
  cr_expect_eq(world_by_node(&w, "node_first_shortage", "big"), 50);
  cr_expect_eq(world_by_element(&w, "first_shortage", "Nd"), 50);
  world_close(&w);
}

/* Days 100 .. 220 without a market: the house is empty on day 160, and full on day 230. */
Test(warm_up, takes_a_backlog_as_late_or_short) {
  world w;
  world_of(&w, "house.cfg", "warm_up='2026-07-20'", /* day 200 */
           "disruptions=( { name = 'e'; hits = ( 'Market' ); periods = ( { from = '2026-04-11'; until = "
           "'2026-08-09'; } ); } )");
  world_finish(&w);
  expect_demand(&w, "users", 40 + 165, 205, 70, 0);
  cr_expect_eq(world_by_node(&w, "node_first_shortage", "users"), 200);
  world_close(&w);
  world_of(&w, "house.cfg", "warm_up='2026-07-20'",
           "disruptions=( { name = 'e'; hits = ( 'Market' ); periods = ( { from = '2026-04-11'; } ); } )");
  world_finish(&w);
  expect_demand(&w, "users", 205, 0, 0, 205);
  cr_expect_eq(world_by_node(&w, "node_fill_rate", "users"), 0);
  world_close(&w);
}

Test(warm_up, forgets_a_shortage_that_is_over) {
  world w;
  world_of(&w, SHOP, DAY_50, WAY("lead_time = '0 d';"),
           CLOSED("{ from = '2026-01-11'; until = '2026-01-21'; }, { from = '2026-03-12'; until = "
                  "'2026-03-22'; }"));
  world_finish(&w);
  expect_demand(&w, "big", 50, 50, 10, 0); /* days 70 .. 79, shipped on day 80 */
  cr_expect_eq(world_by_node(&w, "node_first_shortage", "big"), 70);
  world_close(&w);
}

/* Shipped late on day 48, there on day 53. */
Test(warm_up, does_not_call_late_what_was_on_its_way) {
  world w;
  world_of(&w, SHOP, DAY_50, WAY("lead_time = '5 d';"),
           CLOSED("{ from = '2026-01-11'; until = '2026-02-18'; }"));
  world_finish(&w);
  expect_demand(&w, "big", 50, 38 + 1 + 46, 0, 0);
  cr_expect(isnan(world_by_node(&w, "node_first_shortage", "big")));
  world_close(&w);
}

/* Five days on the way, a tenth is lost: of the lots of days 50 .. 94; later ones have not arrived. */
Test(warm_up, does_not_call_lost_what_was_on_its_way) {
  world w;
  world_of(&w, SHOP, DAY_50, WAY("lead_time = '5 d'; loss = '10 %';"));
  world_finish(&w);
  expect_demand(&w, "big", 50, 45, 0, 4.5);
  world_close(&w);
  world_of(&w, SHOP, "warm_up='2026-04-10'", WAY("lead_time = '5 d'; loss = '10 %';"));
  world_finish(&w);
  expect_demand(&w, "big", 1, 0.9, 0, 0);
  world_close(&w);
}

/* 20 t a day of a stock of 75 t, given up after 5 days. */
Test(warm_up, leaves_out_what_was_given_up_before) {
  world w;
  world_of(&w, "shop.cfg", "demand['small'].rate='0 t/d'", "demand['big'].patience='5 d'",
           "warm_up='2026-01-10'"); /* day 9 of 10 */
  world_finish(&w);
  /* on day 9 the orders of days 4 .. 8 wait; that of day 4 is given up then */
  expect_demand(&w, "big", 5 * 20 + 20, 0, 0, 120);
  cr_expect_eq(world_by_node(&w, "node_first_shortage", "big"), 9);
  world_close(&w);
}

Test(warm_up, may_be_a_sample_long_or_leave_nothing_to_count) {
  world w;
  world_of(&w, SHOP, "warm_up='2026-01-02'");
  world_finish(&w);
  expect_demand(&w, "big", 99, 99, 0, 0);
  cr_expect_eq(w.result->length[MNZ_AXIS_TIME], 100);
  world_close(&w);
  world_of(&w, SHOP, "warm_up='2026-04-10T12:00'");
  world_finish(&w);
  cr_expect_eq(world_by_node(&w, "node_demanded", "big"), 0);
  cr_expect(isnan(world_by_node(&w, "node_fill_rate", "big")));
  world_close(&w);
}

/* --- the same world --- */

#define WARM "warm_up='2026-07-28T12:00'"

static const double *measure(const mnz_result *result, const char *name) {
  const mnz_variable *v = mnz_result_find(result, name);
  EXPECT(v != NULL);
  return v->data;
}

Test(warm_up, changes_no_series_and_no_event) {
  world cold, warm;
  world_of(&cold, EVERYTHING);
  world_of(&warm, EVERYTHING, WARM);
  world_finish(&cold);
  world_finish(&warm);
  cr_assert_eq(cold.result->events, warm.result->events);
  for (size_t i = 0; i < cold.result->n_variables; i++) {
    const mnz_variable *v = &cold.result->variables[i];
    if (!v->series) continue;
    const size_t bytes = mnz_result_cells(cold.result, v) * mnz_cell_size(v->cell);
    EXPECT(memcmp(v->data, mnz_result_find(warm.result, v->name)->data, bytes) == 0);
  }
  world_close(&cold);
  world_close(&warm);
}

/* What a demand waits for. */
static mnz_mass open_orders(const world *w, int32_t node) {
  const mnz_flows *f = &w->scenario->flows[node];
  mnz_time first;
  if (f->asks_of < 0) return 0;
  return mnz_book_open(&mnz_site_shelf(&w->r->sites[f->asks_of], f->asks_for)->book, node, MNZ_NEVER, &first);
}

/* What is counted until a date and what is counted from it on are all. */
Test(warm_up, cuts_the_measures_of_the_whole_in_two) {
  static const char *const sums[] = {"mined", "separated", "delivered"};
  world whole, before, after;
  world_of(&whole, EVERYTHING);
  world_of(&before, EVERYTHING, "end='2026-07-28T12:00'");
  world_of(&after, EVERYTHING, WARM);
  world_finish(&whole);
  world_finish(&before);
  world_finish(&after);
  for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
    for (int32_t e = 0; e < 4; e++) {
      const double sum = measure(before.result, sums[i])[e] + measure(after.result, sums[i])[e];
      cr_expect_float_eq(measure(whole.result, sums[i])[e], sum, 1e-9);
    }
  }
  const double days[] = {(double)before.scenario->horizon, (double)whole.scenario->horizon};
  for (int32_t i = 0; i < whole.r->n_nodes * MNZ_STATES; i++) {
    const double a = measure(before.result, "state_share")[i] * days[0];
    const double b = measure(after.result, "state_share")[i] * (days[1] - days[0]);
    EXPECT(fabs(measure(whole.result, "state_share")[i] * days[1] - a - b) < 1e6);
  }
  mnz_mass waiting = 0;
  for (int32_t node = 0; node < whole.r->n_nodes; node++) {
    const mnz_mass open = open_orders(&before, node);
    waiting += open;
    if (mnz_demand_of(&whole.r->sites[node]) == NULL) continue;
    cr_expect_float_eq(measure(after.result, "node_demanded")[node],
                       measure(whole.result, "node_demanded")[node] -
                           measure(before.result, "node_demanded")[node] + TONNE * (double)open,
                       1e-9);
  }
  cr_expect_gt(waiting, 0, "else it tells nothing");
  world_close(&whole);
  world_close(&before);
  world_close(&after);
}

static void expect_within_bounds(const world *w, double day) {
  for (int32_t node = 0; node < w->r->n_nodes; node++) {
    const double asked = measure(w->result, "node_demanded")[node];
    if (isnan(asked) || asked == 0) continue;
    const double fill = measure(w->result, "node_fill_rate")[node];
    EXPECT(fill >= 0 && fill <= 1);
    EXPECT(measure(w->result, "node_delivered_late")[node] >= 0);
    EXPECT(measure(w->result, "node_short")[node] >= 0);
    const double first = measure(w->result, "node_first_shortage")[node];
    EXPECT(isnan(first) || first >= day);
  }
}

/* "warm_up='2025-10-24'" */
static const char *from_day(const char *start, int32_t day, char out[64]) {
  int64_t us;
  char date[32];
  EXPECT(mnz_moment_parse(start, &us));
  snprintf(out, 64, "warm_up='%s'", mnz_moment_format(us + day * DAY, date));
  return out;
}

Test(warm_up, keeps_fill_rates_within_bounds_whatever_waits) {
  char said[64];
  for (int32_t day = 1; day < 530; day += 23) {
    world w;
    world_of(&w, EVERYTHING, from_day("2025-10-01", day, said));
    world_finish(&w);
    expect_within_bounds(&w, day);
    world_close(&w);
  }
}

Test(warm_up, keeps_fill_rates_within_bounds_whatever_is_on_its_way) {
  char said[64];
  for (int32_t day = 1; day < 100; day++) {
    world w;
    world_of(&w, SHOP, from_day("2026-01-01", day, said), WAY("lead_time = '5 d'; loss = '90 %';"),
             CLOSED("{ from = '2026-01-11'; until = '2026-02-18'; }"));
    world_finish(&w);
    expect_within_bounds(&w, day);
    world_close(&w);
  }
}

Test(warm_up, is_the_same_after_a_reset_and_in_two_halves) {
  world whole, w;
  world_of(&whole, EVERYTHING, WARM);
  world_finish(&whole);
  const mnz_time at = whole.scenario->counts_from;
  const mnz_time cuts[] = {at - 1, at, at + 1, 400 * DAY};
  world_of(&w, EVERYTHING, WARM);
  for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
    world_run(&w, cuts[i]);
    EXPECT(mnz_replication_events(w.r) > 0);
    EXPECT_OK(mnz_replication_reset(w.r, 0, &w.err), w.err);
    world_run(&w, cuts[i]);
    world_finish(&w);
    world_compare(whole.result, w.result);
    EXPECT_OK(mnz_replication_reset(w.r, 0, &w.err), w.err);
  }
  bool done = false;
  while (!done) EXPECT_OK(mnz_replication_run(w.r, MNZ_TO_THE_END, 1, &done, &w.err), w.err);
  world_finish(&w);
  world_compare(whole.result, w.result);
  world_close(&whole);
  world_close(&w);
}

Test(warm_up, does_not_depend_on_the_order_in_the_file) {
  static const char said[] = "warm_up = \"2026-07-28T12:00\";\n";
  world sorted;
  world_of(&sorted, EVERYTHING, WARM);
  world_finish(&sorted);
  char *permuted = world_permuted(EVERYTHING, 3);
  char *text = calloc(1, strlen(permuted) + sizeof said);
  strcat(strcpy(text, said), permuted);
  world w;
  world_of_text(&w, text);
  world_finish(&w);
  world_compare(sorted.result, w.result);
  world_close(&w);
  world_close(&sorted);
  free(permuted);
  free(text);
}
