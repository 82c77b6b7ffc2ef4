/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Orders, stocks and shortages, where every number can be had by hand. */
#include "world_bench.h"

/* A market far away, a trading house that keeps 60 t, users of a tonne a day. */
#define HOUSE(policy, initial, more)                                                                         \
  "nodes = ( { name = \"Market\"; kind = \"market\"; origin = \"abroad\"; sells = ( { material = "           \
  "\"oxide\"; capacity = \"5 t/d\"; } ); },"                                                                 \
  "          { name = \"House\"; kind = \"trader\"; stores = ( { material = \"oxide\"; initial = \"" initial \
  "\"; } );"                                                                                                 \
  "            buys = ( { material = \"oxide\"; policy = \"" policy                                          \
  "\"; review = \"1 d\"; sources = ( { from = \"Market\"; } ); } ); }" more ");"
#define LINK(lead)                                                                                           \
  "links = ( { name = \"way\"; from = \"Market\"; to = \"House\"; lead_time = \"" lead "\"; } );"
#define USERS(more)                                                                                          \
  "demand = ( { name = \"users\"; from = \"House\"; product = \"oxide\"; rate = \"1 t/d\"; every = \"1 "     \
  "d\"; " more " } );"
#define CUT(what, from, until)                                                                               \
  "disruptions = ( { name = \"embargo\"; hits = ( \"" what "\" ); periods = ( { from = \"" from "\"; " until \
  " } ); } );"

Test(trade, base_stock_keeps_stock_and_pipeline_at_the_level) {
  world w;
  world_of_text(&w, HEAD("2027-01-01") OXIDE HOUSE("base_stock(60 t)", "60 t", "") LINK("10 d") USERS(""));
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
  world_of_text(&w, HEAD("2027-01-01") OXIDE HOUSE("days_of_cover(45 d)", "10 t", "") LINK("10 d") USERS(""));
  world_run(&w, 200 * DAY + 1);
  const mnz_mass position = world_stock(&w, "House", "oxide") + world_transit(&w, "House", "oxide");
  cr_assert_float_eq(usage_after(5000), 1 + 1.0 / 180, 1e-4, "half a day above the mean");
  cr_assert_float_eq((double)position / T_MG, 45 * usage_after(200), 1e-6);
  world_close(&w);
}

Test(trade, embargo_bites_when_stock_and_pipeline_are_used_up) {
  world w;
  /* 60 t of stock and pipeline at the embargo of day 100: the order of day 160 finds nothing */
  world_play(&w, HEAD("2027-01-01") OXIDE HOUSE("base_stock(60 t)", "60 t", "") LINK("10 d") USERS("")
                     CUT("Market", "2026-04-11", ""));
  cr_assert_eq(world_by_node(&w, "node_first_shortage", "users"), 160);
  cr_assert_eq(world_by_element(&w, "first_shortage", "Nd"), 160);
  cr_assert_float_eq(world_by_node(&w, "node_delivered", "users"), 160, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "node_short", "users"), 365 - 160, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "node_fill_rate", "users"), 160.0 / 365, 1e-12);
  world_close(&w);
}

Test(trade, embargo_on_the_way_bites_on_the_same_day) {
  world w;
  world_play(&w, HEAD("2027-01-01") OXIDE HOUSE("base_stock(60 t)", "60 t", "") LINK("10 d") USERS("")
                     CUT("way", "2026-04-11", ""));
  cr_assert_eq(world_by_node(&w, "node_first_shortage", "users"), 160);
  cr_assert_eq(world_transit(&w, "House", "oxide"), 0, "nothing leaves while the way is closed");
  world_close(&w);
}

Test(trade, closed_way_delivers_all_that_waited_when_it_opens) {
  world w;
  world_of_text(&w, HEAD("2027-01-01") OXIDE HOUSE("base_stock(60 t)", "60 t", "") LINK("10 d") USERS("")
                        CUT("way", "2026-04-11", "until = \"2026-05-01\";")); /* days 100 .. 120 */
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

Test(trade, patience_ends_orders_and_what_comes_later_is_late) {
  world w;
  /* 10 t, and nothing leaves the market before day 30. Orders of days 10 .. 27 are given up after five days
   * (that of day 27 in the hour in which the goods come, before they are shared out); on day 32 come the
   * 15 t that the house has ordered (10 of level, 5 owed): 4 of them for late orders. */
  world_of_text(&w, HEAD("2026-04-11") OXIDE HOUSE("base_stock(10 t)", "10 t", "") LINK("2 d")
                        USERS("patience = \"5 d\";") CUT("Market", "2026-01-01", "until = \"2026-01-31\";"));
  world_run(&w, 29 * DAY + 1);
  cr_assert_eq(world_shelf(&w, "House", "oxide")->book.open, 5 * T_MG);
  world_run(&w, 32 * DAY + 1);
  cr_assert_eq(world_shelf(&w, "House", "oxide")->book.open, 0);
  cr_assert_eq(world_in(&w, "House", "oxide"), 25 * T_MG);
  world_finish(&w);
  cr_assert_eq(world_by_node(&w, "node_first_shortage", "users"), 10);
  cr_assert_float_eq(world_by_node(&w, "node_demanded", "users"), 100, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "node_short", "users"), 18, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "node_delivered", "users"), 82, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "node_delivered_late", "users"), 4, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "node_fill_rate", "users"), 0.78, 1e-12);
  cr_assert_float_eq(world_by_element(&w, "fill_rate", "Nd"), 0.78, 1e-12);
  world_close(&w);
}

Test(trade, endless_patience_waits_until_it_is_served) {
  world w;
  world_play(&w, HEAD("2026-04-11") OXIDE HOUSE("base_stock(10 t)", "10 t", "") LINK("2 d") USERS("")
                     CUT("Market", "2026-01-01", "until = \"2026-01-31\";"));
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

Test(trade, without_patience_takes_what_is_there_and_waits_for_nothing) {
  world w;
  world_play(&w, HEAD("2026-04-11") OXIDE HOUSE("base_stock(10 t)", "10 t", "") LINK("2 d")
                     USERS("patience = \"0 d\";") CUT("Market", "2026-01-01", "until = \"2026-01-31\";"));
  /* days 0 .. 9 from stock; 10 .. 31 are lost; the goods are there on day 32 */
  cr_assert_float_eq(world_by_node(&w, "node_delivered", "users"), 78, 1e-9);
  cr_assert_eq(world_by_node(&w, "node_delivered_late", "users"), 0);
  cr_assert_float_eq(world_by_node(&w, "node_short", "users"), 22, 1e-9);
  world_close(&w);
}

/* Two users who want 20 t/d and 10 t/d of a shop that has 75 t: 45 t are left for the orders of day 1 and 2.
 */
#define SHOP(rule)                                                                                           \
  "nodes = ( { name = \"Shop\"; kind = \"trader\"; takes = \"oxide\"; short = \"" rule                       \
  "\"; stores = ( { material = \"oxide\"; initial = \"75 t\"; } ); } );"
#define TWO(first, second)                                                                                   \
  "demand = ( { name = \"big\"; from = \"Shop\"; product = \"oxide\"; rate = \"20 t/d\"; every = \"1 d\"; "  \
  "priority = " first "; },"                                                                                 \
  "           { name = \"small\"; from = \"Shop\"; product = \"oxide\"; rate = \"10 t/d\"; every = \"1 "     \
  "d\"; priority = " second "; } );"

static void expect_delivered(const char *text, double big, double small) {
  world w;
  world_play(&w, text);
  cr_expect_float_eq(world_by_node(&w, "node_delivered", "big"), big, 1e-9);
  cr_expect_float_eq(world_by_node(&w, "node_delivered", "small"), small, 1e-9);
  world_close(&w);
}

Test(trade, first_class_is_served_before_the_second) {
  expect_delivered(HEAD("2026-01-11") OXIDE SHOP("priority") TWO("1", "2"), 55, 20);
  expect_delivered(HEAD("2026-01-11") OXIDE SHOP("priority") TWO("2", "1"), 45, 30);
}

Test(trade, one_class_is_served_as_it_came_or_in_proportion) {
  expect_delivered(HEAD("2026-01-11") OXIDE SHOP("priority") TWO("1", "1"), 55, 20);
  expect_delivered(HEAD("2026-01-11") OXIDE SHOP("proportional") TWO("1", "1"), 50, 25);
}

/* --- markets --- */

Test(market, sells_its_buffer_and_then_its_capacity_exactly) {
  world w;
  world_of_text(&w, HEAD("2027-01-01") OXIDE HOUSE("base_stock(9000 t)", "0 t", "") LINK("0 d") USERS(""));
  for (mnz_time day = 10; day < 300; day += 10) {
    world_run(&w, day * DAY + 1);
    /* one order larger than the buffer goes in shares of the buffer: 30 d at 5 t/d at once, then as it grows
     */
    const mnz_mass sold = (30 + day / 30 * 30) * 5 * T_MG;
    EXPECT(llabs(world_born(&w, "Market") - sold) < T_MG);
  }
  world_close(&w);
}

#define STEPS(capacity)                                                                                      \
  "nodes = ( { name = \"Market\"; kind = \"market\"; origin = \"abroad\"; buffer = \"1 d\"; sells = ( { "    \
  "material = \"oxide\";"                                                                                    \
  "            capacity = " capacity "; } ); },"                                                             \
  "          { name = \"House\"; kind = \"trader\"; buys = ( { material = \"oxide\"; policy = "              \
  "\"base_stock(9000 t)\";"                                                                                  \
  "            review = \"1 d\"; sources = ( { from = \"Market\"; } ); } ); } );" LINK("0 d")

Test(market, grows_by_the_capacity_of_the_day_across_a_step) {
  world w;
  world_of_text(
      &w,
      HEAD("2027-01-01") OXIDE STEPS(
          "( { from = \"2026-01-01\"; rate = \"2 t/d\"; }, { from = \"2026-04-11\"; rate = \"10 t/d\"; } )"));
  world_run(&w, 100 * DAY + 1);
  cr_assert_leq(world_born(&w, "Market"), 202 * T_MG, "100 days of 2 t, and the buffer of the start");
  cr_assert_geq(world_born(&w, "Market"), 199 * T_MG);
  world_run(&w, 200 * DAY + 1);
  cr_assert_float_eq((double)world_born(&w, "Market") / T_MG, 202 + 1000, 20);
  world_close(&w);
}

Test(market, that_opens_by_a_ramp_sells_what_the_ramp_gives) {
  world w;
  world_of_text(&w, HEAD("2027-01-01")
                        OXIDE STEPS("( { from = \"2026-04-11\"; rate = \"10 t/d\"; ramp = \"100 d\"; } )"));
  world_run(&w, 100 * DAY + 1);
  cr_assert_eq(world_born(&w, "Market"), 0, "nothing before, not a milligram");
  for (mnz_time day = 150; day <= 200; day += 10) {
    world_run(&w, day * DAY + 1);
    const double t = (double)(day - 100);
    cr_assert_float_eq((double)world_born(&w, "Market") / T_MG, t * t / 20, 11);
  }
  world_close(&w);
}

Test(market, whose_one_way_is_closed_serves_the_others) {
  world w;
  world_play(&w, HEAD("2026-04-11") OXIDE
             "nodes = ( { name = \"Market\"; kind = \"market\"; origin = \"abroad\"; sells = ( { material = "
             "\"oxide\"; capacity = \"5 t/d\"; } ); },"
             "          { name = \"A\"; kind = \"trader\"; buys = ( { material = \"oxide\"; policy = "
             "\"base_stock(5 t)\"; sources = ( { from = \"Market\"; } ); } ); },"
             "          { name = \"B\"; kind = \"trader\"; buys = ( { material = \"oxide\"; policy = "
             "\"base_stock(5 t)\"; sources = ( { from = \"Market\"; } ); } ); } );"
             "links = ( { name = \"to A\"; from = \"Market\"; to = \"A\"; }, { from = \"Market\"; to = "
             "\"B\"; } );" CUT("to A", "2026-01-01", "until = \"2026-03-01\";"));
  cr_assert_lt(w.result->events, 1000, "it does not wake for nothing");
  cr_assert_eq(world_stock(&w, "B", "oxide"), 5 * T_MG);
  cr_assert_eq(world_stock(&w, "A", "oxide"), 5 * T_MG);
  const double *backlog = world_series(&w, "backlog", "Market", "oxide", NULL);
  cr_assert_float_eq(backlog[30], 5, 1e-9);
  cr_assert_eq(backlog[70], 0, "an order that was filled is gone from the series");
  world_close(&w);
}

/* --- stockpiles --- */

#define RESERVE                                                                                              \
  ", { name = \"Reserve\"; kind = \"stockpile\"; serves = \"House\"; review = \"1 d\"; release = { below = " \
  "\"10 d\"; };"                                                                                             \
  "    holds = ( { material = \"oxide\"; target = \"30 t\"; } ); stores = ( { material = \"oxide\"; "        \
  "initial = \"30 t\"; lot = \"7 t\"; } ); }"
#define RESERVE_LINKS                                                                                        \
  "links = ( { name = \"way\"; from = \"Market\"; to = \"House\"; lead_time = \"10 d\"; }, { from = "        \
  "\"Reserve\"; to = \"House\"; } );"

Test(stockpile, gives_at_the_trigger_and_lasts_as_long_as_its_stock) {
  world w;
  world_of_text(&w, HEAD("2027-01-01") OXIDE HOUSE("base_stock(60 t)", "60 t", RESERVE)
                        RESERVE_LINKS USERS("") CUT("Market", "2026-04-11", ""));
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
  world_of_text(&w, HEAD("2027-01-01") OXIDE HOUSE(
                        "base_stock(60 t)", "60 t",
                        ", { name = \"Reserve\"; kind = \"stockpile\"; serves = \"House\"; review = \"2 d\";"
                        "release = { below = \"10 d\"; rate = \"500 kg/d\"; }; holds = ( { material = "
                        "\"oxide\"; target = \"30 t\"; } );"
                        "stores = ( { material = \"oxide\"; initial = \"30 t\"; } ); }")
                        RESERVE_LINKS USERS("") CUT("Market", "2026-04-11", ""));
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
  world_of_text(
      &w, HEAD("2027-01-01") OXIDE HOUSE(
              "base_stock(60 t)", "60 t",
              ", { name = \"Reserve\"; kind = \"stockpile\"; serves = \"House\"; review = \"10 d\";"
              "release = { below = \"10 d\"; }; holds = ( { material = \"oxide\"; target = \"25 t\"; fill = "
              "\"100 kg/d\";"
              "sources = ( { from = \"Market\"; } ); } ); }") "links = ( { from = \"Market\"; to = "
                                                              "\"House\"; lead_time = \"10 d\"; }, { from = "
                                                              "\"Reserve\"; to = \"House\"; }, { from = "
                                                              "\"Market\"; to = \"Reserve\"; } );" USERS(""));
  for (mnz_time k = 0; k < 30; k++) {
    world_run(&w, 10 * k * DAY + 1);
    EXPECT(world_stock(&w, "Reserve", "oxide") == (k < 25 ? k + 1 : 25) * T_MG);
  }
  world_close(&w);
}
