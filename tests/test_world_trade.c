/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Orders, stocks and shortages, where every number can be had by hand. */
#include "world_bench.h"

/* No exports from day 100 on. */
#define EMBARGO                                                                                              \
  "disruptions=( { name = 'embargo'; hits = ( 'Market' ); periods = ( { from = '2026-04-11'; } ); } )"
/* None before day 30; ten tonnes of stock, two days away, a hundred days. */
#define LATE_BAN                                                                                             \
  "disruptions=( { name = 'ban'; hits = ( 'Market' ); periods = ( { from = '2026-01-01'; until = "           \
  "'2026-01-31'; } ); } )"
#define TEN_TONNES                                                                                           \
  "house.cfg", "end='2026-04-11'", "nodes['House'].stores[0].initial='10 t'",                                \
      "nodes['House'].buys[0].policy='base_stock(10 t)'", "links['way'].lead_time='2 d'", LATE_BAN

Test(trade, base_stock_keeps_stock_and_pipeline_at_the_level) {
  world w;
  world_of(&w, "house.cfg");
  for (mnz_time day = 0; day < 100; day++) {
    world_run(&w, day * DAY + 1); /* after all that happens at midnight */
    const mnz_mass sent = (day < 10 ? day + 1 : 10) * T_MG;
    EXPECT(world_stock(&w, "House", "oxide") == 60 * T_MG - sent);
    EXPECT(world_transit(&w, "House", "oxide") == sent);
    EXPECT(world_shelf(&w, "House", "oxide")->on_order == sent);
  }
  world_finish(&w);
  cr_assert_eq(world_by_node(&w, "node_fill_rate", "users"), 1);
  cr_assert(isnan(world_by_node(&w, "node_first_shortage", "users")));
  world_close(&w);
}

/* The usage that is remembered after orders of a tonne on days 0 .. k, from a nominal tonne a day on. */
static double usage_after(int32_t k) {
  double usage = 1 + 1.0 / 90;
  for (int32_t i = 0; i < k; i++) usage = usage * exp(-1.0 / 90) + 1.0 / 90;
  return usage;
}

Test(trade, days_of_cover_settles_at_usage_times_days) {
  world w;
  world_of(&w, "house.cfg", "nodes['House'].buys[0].policy='days_of_cover(45 d)'",
           "nodes['House'].stores[0].initial='10 t'");
  world_run(&w, 200 * DAY + 1);
  const mnz_mass position = world_stock(&w, "House", "oxide") + world_transit(&w, "House", "oxide");
  cr_assert_float_eq(usage_after(5000), 1 + 1.0 / 180, 1e-4, "half a day above the mean");
  cr_assert_float_eq((double)position / T_MG, 45 * usage_after(200), 1e-6);
  world_close(&w);
}

/* 60 t of stock and pipeline at the embargo of day 100: the order of day 160 finds nothing. */
Test(trade, embargo_bites_when_stock_and_pipeline_are_used_up) {
  world w;
  world_of(&w, "house.cfg", EMBARGO);
  world_finish(&w);
  cr_assert_eq(world_by_node(&w, "node_first_shortage", "users"), 160);
  cr_assert_eq(world_by_element(&w, "first_shortage", "Nd"), 160);
  cr_assert_float_eq(world_by_node(&w, "node_delivered", "users"), 160, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "node_short", "users"), 365 - 160, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "node_fill_rate", "users"), 160.0 / 365, 1e-12);
  world_close(&w);
}

Test(trade, embargo_on_the_way_bites_on_the_same_day) {
  world w;
  world_of(&w, "house.cfg",
           "disruptions=( { name = 'c'; hits = ( 'way' ); periods = ( { from = '2026-04-11'; } ); } )");
  world_finish(&w);
  cr_assert_eq(world_by_node(&w, "node_first_shortage", "users"), 160);
  cr_assert_eq(world_transit(&w, "House", "oxide"), 0, "nothing leaves while the way is closed");
  world_close(&w);
}

Test(trade, closed_way_delivers_all_that_waited_when_it_opens) {
  world w;
  world_of(&w, "house.cfg", /* days 100 .. 120 */
           "disruptions=( { name = 'c'; hits = ( 'way' ); periods = ( { from = '2026-04-11'; until = "
           "'2026-05-01'; } ); } )");
  world_run(&w, 119 * DAY + 1);
  cr_assert_eq(world_stock(&w, "House", "oxide"), 40 * T_MG); /* nothing came since day 109 */
  cr_assert_eq(world_transit(&w, "House", "oxide"), 0);
  cr_assert_eq(world_shelf(&w, "Market", "oxide")->book.open, 20 * T_MG);
  world_run(&w, 120 * DAY + 1);
  cr_assert_eq(world_transit(&w, "House", "oxide"), 21 * T_MG);
  cr_assert_eq(world_shelf(&w, "Market", "oxide")->book.open, 0);
  world_run(&w, 130 * DAY);
  cr_assert_eq(world_stock(&w, "House", "oxide"), 30 * T_MG);
  world_run(&w, 130 * DAY + 1);
  cr_assert_eq(world_stock(&w, "House", "oxide"), 50 * T_MG);
  world_finish(&w);
  cr_assert_eq(world_by_node(&w, "node_fill_rate", "users"), 1);
  world_close(&w);
}

/* Orders of days 10 .. 26 are given up after five days; that of day 27 waits until the instant in which the
 * goods come, and gets its part. On day 32 come the 16 t that the house has ordered, 10 of level and 6 owed:
 * 5 of them for late orders. */
Test(trade, patience_ends_orders_and_what_comes_later_is_late) {
  world w;
  world_of(&w, TEN_TONNES, "demand['users'].patience='5 d'");
  world_run(&w, 29 * DAY + 1);
  cr_assert_eq(world_shelf(&w, "House", "oxide")->book.open, 5 * T_MG);
  world_run(&w, 32 * DAY + 1);
  cr_assert_eq(world_shelf(&w, "House", "oxide")->book.open, 0);
  cr_assert_eq(world_in(&w, "House", "oxide"), 16 * T_MG);
  world_finish(&w);
  cr_assert_eq(world_by_node(&w, "node_first_shortage", "users"), 10);
  cr_assert_float_eq(world_by_node(&w, "node_demanded", "users"), 100, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "node_short", "users"), 17, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "node_delivered", "users"), 83, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "node_delivered_late", "users"), 5, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "node_fill_rate", "users"), 0.78, 1e-12);
  cr_assert_float_eq(world_by_element(&w, "fill_rate", "Nd"), 0.78, 1e-12);
  world_close(&w);
}

Test(trade, endless_patience_waits_until_it_is_served) {
  world w;
  world_of(&w, TEN_TONNES);
  world_finish(&w);
  cr_assert_float_eq(world_by_node(&w, "node_delivered", "users"), 100, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "node_delivered_late", "users"), 32 - 10, 1e-9);
  cr_assert_eq(world_by_node(&w, "node_short", "users"), 0);
  cr_assert_float_eq(world_by_node(&w, "node_fill_rate", "users"), 0.78, 1e-12);
  const double *backlog = world_series(&w, "backlog", "House", "oxide", NULL);
  for (int32_t day = 1; day < 100; day++) {
    EXPECT(fabs(backlog[day - 1] - (day < 10 || day >= 32 ? 0 : day - 9)) < 1e-9);
  }
  world_close(&w);
}

/* Days 0 .. 9 from stock; 10 .. 31 are lost; the goods are there on day 32. */
Test(trade, without_patience_takes_what_is_there_and_waits_for_nothing) {
  world w;
  world_of(&w, TEN_TONNES, "demand['users'].patience='0 d'");
  world_finish(&w);
  cr_assert_float_eq(world_by_node(&w, "node_delivered", "users"), 78, 1e-9);
  cr_assert_eq(world_by_node(&w, "node_delivered_late", "users"), 0);
  cr_assert_float_eq(world_by_node(&w, "node_short", "users"), 22, 1e-9);
  world_close(&w);
}

/* Users who want 20 t and 10 t a day of 75 t: on day 2 there are 15 t left. */
static void expect_delivered(world *w, double big, double small) {
  world_finish(w);
  cr_expect_float_eq(world_by_node(w, "node_delivered", "big"), big, 1e-9);
  cr_expect_float_eq(world_by_node(w, "node_delivered", "small"), small, 1e-9);
  world_close(w);
}

Test(trade, first_class_is_served_before_the_second) {
  world w;
  world_of(&w, "shop.cfg", "demand['big'].priority=1", "demand['small'].priority=2");
  expect_delivered(&w, 55, 20);
  world_of(&w, "shop.cfg", "demand['big'].priority=2", "demand['small'].priority=1");
  expect_delivered(&w, 45, 30);
}

Test(trade, one_class_is_served_as_it_came_or_in_proportion) {
  world w;
  world_of(&w, "shop.cfg");
  expect_delivered(&w, 55, 20);
  world_of(&w, "shop.cfg", "nodes['Shop'].short='proportional'");
  expect_delivered(&w, 50, 25);
}

/* --- markets --- */

/* An order that no buffer can hold, from the first day on. */
#define HUNGRY                                                                                               \
  "house.cfg", "nodes['House'].buys[0].policy='base_stock(9000 t)'", "nodes['House'].stores=()",             \
      "links['way'].lead_time='0 d'"

Test(market, sells_its_buffer_and_then_its_capacity_exactly) {
  world w;
  world_of(&w, HUNGRY);
  for (mnz_time day = 10; day < 300; day += 10) {
    world_run(&w, day * DAY + 1);
    /* in shares of the buffer: 30 days of 5 t at once, then whenever they have grown again */
    const mnz_mass sold = (30 + day / 30 * 30) * 5 * T_MG;
    EXPECT(llabs(world_born(&w, "Market") - sold) < T_MG);
  }
  world_close(&w);
}

Test(market, grows_by_the_capacity_of_the_day_across_a_step) {
  world w;
  world_of(&w, HUNGRY, "nodes['Market'].buffer='1 d'",
           "nodes['Market'].sells[0].capacity=( { from = '2026-01-01'; rate = '2 t/d'; },"
           "                                    { from = '2026-04-11'; rate = '10 t/d'; } )");
  world_run(&w, 100 * DAY + 1);
  cr_assert_leq(world_born(&w, "Market"), 202 * T_MG, "100 days of 2 t, and the buffer of the start");
  cr_assert_geq(world_born(&w, "Market"), 199 * T_MG);
  world_run(&w, 200 * DAY + 1);
  cr_assert_float_eq((double)world_born(&w, "Market") / T_MG, 202 + 1000, 20);
  world_close(&w);
}

Test(market, that_opens_by_a_ramp_sells_what_the_ramp_gives) {
  world w;
  world_of(&w, HUNGRY, "nodes['Market'].buffer='1 d'",
           "nodes['Market'].sells[0].capacity=( { from = '2026-04-11'; rate = '10 t/d'; ramp = '100 d'; } )");
  world_run(&w, 100 * DAY + 1);
  cr_assert_eq(world_born(&w, "Market"), 0, "nothing before, not a milligram");
  for (mnz_time day = 150; day <= 200; day += 10) {
    world_run(&w, day * DAY + 1);
    const double t = (double)(day - 100);
    cr_assert_float_eq((double)world_born(&w, "Market") / T_MG, t * t / 20, 11);
  }
  cr_assert_lt(mnz_replication_events(w.r), 3000);
  world_close(&w);
}

Test(market, whose_one_way_is_closed_serves_the_others) {
  world w;
  world_of(&w, "buyers.cfg");
  world_finish(&w);
  cr_assert_lt(w.result->events, 1000, "it does not wake for nothing");
  cr_assert_eq(world_stock(&w, "B", "oxide"), 5 * T_MG);
  cr_assert_eq(world_stock(&w, "A", "oxide"), 5 * T_MG);
  const double *backlog = world_series(&w, "backlog", "Market", "oxide", NULL);
  cr_assert_float_eq(backlog[30], 5, 1e-9);
  cr_assert_eq(backlog[70], 0, "an order that was filled is gone from the series");
  world_close(&w);
}

/* --- stockpiles --- */

Test(stockpile, gives_at_the_trigger_and_lasts_as_long_as_its_stock) {
  world w;
  world_of(&w, "reserve.cfg");
  /* At the look of day 150 the house holds 10 t, against ten days of a little more than a tonne. */
  world_run(&w, 150 * DAY);
  cr_assert_eq(world_stock(&w, "House", "oxide"), 10 * T_MG);
  cr_assert_eq(world_stock(&w, "Reserve", "oxide"), 30 * T_MG);
  world_run(&w, 150 * DAY + 1);
  cr_assert_lt(world_stock(&w, "Reserve", "oxide"), 30 * T_MG);
  cr_assert_float_eq((double)world_stock(&w, "House", "oxide") / T_MG, 10 * usage_after(150) - 1, 1e-6);
  world_finish(&w);
  cr_assert_eq(world_by_node(&w, "node_first_shortage", "users"), 160 + 30);
  cr_assert_eq(world_stock(&w, "Reserve", "oxide"), 0);
  world_close(&w);
}

Test(stockpile, gives_no_more_than_its_rate) {
  world w;
  world_of(&w, "reserve.cfg", "nodes['Reserve'].review='2 d'", "nodes['Reserve'].release.rate='500 kg/d'");
  mnz_mass before = 30 * T_MG;
  for (mnz_time day = 0; day < 300; day += 2) {
    world_run(&w, day * DAY + 1);
    const mnz_mass stock = world_stock(&w, "Reserve", "oxide");
    EXPECT(before - stock <= T_MG);
    before = stock;
  }
  cr_assert_eq(before, 0);
  world_close(&w);
}

Test(stockpile, fills_up_to_its_target_at_its_rate) {
  world w;
  world_of(
      &w, "reserve.cfg", "disruptions=()", "nodes['Reserve'].review='10 d'", "nodes['Reserve'].stores=()",
      "nodes['Reserve'].release.below='45 d'", /* the house has 50 t: not a reason to give, but to fill */
      "nodes['Reserve'].holds=( { material = 'oxide'; target = '25 t'; fill = '100 kg/d'; sources = ( { "
      "from = 'Market'; } ); } )",
      "links=( { from = 'Market'; to = 'House'; lead_time = '10 d'; }, { from = 'Reserve'; to = 'House'; },"
      "        { from = 'Market'; to = 'Reserve'; } )");
  for (mnz_time k = 0; k < 30; k++) {
    world_run(&w, 10 * k * DAY + 1);
    EXPECT(world_stock(&w, "Reserve", "oxide") == (k < 25 ? k + 1 : 25) * T_MG);
  }
  world_close(&w);
}
