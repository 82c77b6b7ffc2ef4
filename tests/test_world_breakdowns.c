/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes wrong and when things work, in a world: against arithmetic. */
#include "world_bench.h"

/* The way to the house is closed on days 100 to 119. A tonne a day travels ten days on it; 50 t are in stock.
 */
#define CLOSED                                                                                               \
  "disruptions=( { name = 'c'; hits = ( 'way' ); periods = ( { from = '2026-04-11'; until = "                \
  "'2026-05-01'; } ); } )"

static mnz_mass owed(const world *w) {
  return world_shelf(w, "Market", "oxide")->book.open;
}

/* --- what is under way when a link closes --- */

Test(breakdowns, what_is_under_way_waits_where_it_is) {
  world w;
  world_of(&w, "house.cfg", CLOSED, "links['way'].when_closed='wait'");
  world_run(&w, 119 * DAY + 1);
  cr_expect_eq(world_stock(&w, "House", "oxide"), 30 * T_MG);
  cr_expect_eq(world_transit(&w, "House", "oxide"), 10 * T_MG);
  cr_expect_eq(owed(&w), 20 * T_MG);
  world_run(&w, 120 * DAY + 1); /* one comes that was to come on day 100; 21 leave */
  cr_expect_eq(world_stock(&w, "House", "oxide"), 30 * T_MG);
  cr_expect_eq(world_transit(&w, "House", "oxide"), 30 * T_MG);
  world_run(&w, 129 * DAY + 1); /* one a day, as they had left */
  cr_expect_eq(world_stock(&w, "House", "oxide"), 30 * T_MG);
  world_run(&w, 130 * DAY + 1);
  cr_expect_eq(world_stock(&w, "House", "oxide"), 50 * T_MG);
  world_finish(&w);
  cr_expect_eq(world_by_node(&w, "node_fill_rate", "users"), 1);
  world_close(&w);
}

Test(breakdowns, what_is_under_way_returns_and_its_orders_are_open) {
  world w;
  world_of(&w, "house.cfg", CLOSED, "links['way'].when_closed='return'");
  world_run(&w, 100 * DAY + 1);
  cr_expect_eq(world_transit(&w, "House", "oxide"), 0);
  cr_expect_eq(world_transit(&w, "Market", "oxide"), 10 * T_MG);
  cr_expect_eq(owed(&w), 11 * T_MG);
  for (mnz_time day = 101; day <= 110; day++) { /* what had travelled k days is back after k days */
    world_run(&w, day * DAY + 1);
    EXPECT(world_stock(&w, "Market", "oxide") == (day - 100) * T_MG);
  }
  world_run(&w, 119 * DAY + 1);
  cr_expect_eq(world_stock(&w, "House", "oxide"), 30 * T_MG);
  cr_expect_eq(owed(&w), 30 * T_MG);
  const mnz_mass born = world_born(&w, "Market");
  world_run(&w, 120 * DAY + 1);
  cr_expect_eq(world_transit(&w, "House", "oxide"), 31 * T_MG);
  cr_expect_eq(world_stock(&w, "Market", "oxide"), 0);
  cr_expect_eq(world_born(&w, "Market") - born, 21 * T_MG, "the ten that were back are sold again");
  world_finish(&w);
  cr_expect_eq(world_by_node(&w, "node_fill_rate", "users"), 1);
  world_close(&w);
}

/* The last mile takes two days: two orders turn back on day 100, come again from day 120 on, and are late. */
Test(breakdowns, orders_of_users_are_open_again_too) {
  world w;
  bool done = false;
  world_of(
      &w, "house.cfg",
      "links=( { name = 'way'; from = 'Market'; to = 'House'; lead_time = '10 d'; }, { name = 'last'; from "
      "= 'House'; to = 'users'; lead_time = '2 d'; when_closed = 'return'; } )",
      "disruptions=( { name = 'c'; hits = ( 'last' ); periods = ( { from = '2026-04-11'; until = "
      "'2026-05-01'; } ); } )");
  world_run(&w, 99 * DAY + 1);
  while (!done && mnz_replication_now(w.r) < 125 * DAY) {
    EXPECT_OK(mnz_replication_run(w.r, MNZ_TO_THE_END, 1, &done, &w.err), w.err);
    EXPECT_OK(mnz_replication_verify(w.r, &w.err), w.err);
  }
  world_finish(&w);
  cr_expect_float_eq(world_by_node(&w, "node_delivered", "users"), 365 - 2, 1e-9);
  cr_expect_float_eq(world_by_node(&w, "node_delivered_late", "users"), 22, 1e-9);
  cr_expect_float_eq(world_by_node(&w, "node_short", "users"), 0, 1e-9);
  world_close(&w);
}

Test(breakdowns, what_is_under_way_is_lost_and_ordered_anew) {
  world w;
  world_of(&w, "house.cfg", CLOSED, "links['way'].when_closed='lost'");
  world_run(&w, 100 * DAY + 1);
  cr_expect_eq(world_transit(&w, "House", "oxide"), 0);
  cr_expect_eq(world_ended(&w, MNZ_END_LOST), 10 * T_MG);
  cr_expect_eq(owed(&w), 11 * T_MG);
  world_run(&w, 120 * DAY + 1);
  cr_expect_eq(world_transit(&w, "House", "oxide"), 31 * T_MG);
  world_finish(&w);
  world_close(&w);
}

/* What is pushed and had left on days 0 and 7 for a heap ten days away. */
Test(breakdowns, a_ship_turns_round_with_what_was_pushed) {
  world w;
  world_of(&w, "yard.cfg", "links['ship'].lead_time='10 d'", "links['ship'].when_closed='return'",
           "disruptions=( { name = 'strike'; hits = ( 'ship' ); periods = ( { from = '2026-01-09'; until = "
           "'2026-01-20'; } ); } )");
  world_run(&w, 9 * DAY + 1); /* turned on day 8; that of day 7 is back on day 9 */
  cr_expect_eq(world_stock(&w, "Yard", "oxide"), 80 * T_MG);
  world_run(&w, 16 * DAY + 1);
  cr_expect_eq(world_stock(&w, "Yard", "oxide"), 100 * T_MG);
  world_run(&w, 21 * DAY + 1);
  cr_expect_eq(world_stock(&w, "Yard", "oxide"), 80 * T_MG);
  world_finish(&w);
  cr_expect_eq(world_stock(&w, "Heap", "oxide"), 100 * T_MG);
  world_close(&w);
}

Test(breakdowns, a_stretched_way_takes_longer_and_stays_open) {
  world w;
  world_of(&w, "yard.cfg",
           "disruptions=( { name = 'detour'; hits = ( 'ship' ); stretches = 4; periods = ( { from = "
           "'2026-01-05'; until = '2026-01-10'; } ); } )");
  world_run(&w, 3 * DAY + 1);
  cr_expect_eq(world_stock(&w, "Heap", "oxide"), 20 * T_MG);
  world_run(&w, 17 * DAY + 1); /* left on day 7 for twelve days, on day 14 for three */
  cr_expect_eq(world_stock(&w, "Heap", "oxide"), 40 * T_MG);
  world_run(&w, 19 * DAY);
  cr_expect_eq(world_stock(&w, "Heap", "oxide"), 40 * T_MG);
  world_run(&w, 19 * DAY + 1);
  cr_expect_eq(world_stock(&w, "Heap", "oxide"), 60 * T_MG);
  world_close(&w);
}

/* --- timetables --- */

/* 4 t a day are far from 100 t: it sails when what is at the dock has waited for a week. */
Test(breakdowns, a_vessel_sails_with_less_when_goods_have_waited_long_enough) {
  world w;
  world_of(&w, "mine-heaps.cfg", "nodes['Mine'].rate='4 t/d'", "nodes['Mine'].lot='4 t'",
           "links=( { from = 'Mine'; to = 'Heap'; dispatch = { every = '7 d'; minimum = '100 t'; "
           "waits_at_most = '7 d'; }; } )",
           "nodes['Other'].stores=( { material = 'ore'; initial = '1 t'; } )");
  world_expect_fortnights(&w);
  world_close(&w);
}

/* Five days out and five home: with one vessel every second week only, with two every week. */
Test(breakdowns, a_vessel_must_be_home_before_it_sails_again) {
  for (int vessels = 1; vessels <= 2; vessels++) {
    world w;
    world_of(&w, "yard.cfg", "links['ship'].lead_time='5 d'",
             vessels == 1 ? "links['ship'].dispatch={ every = '7 d'; capacity = '10 t'; vessels = 1; }"
                          : "links['ship'].dispatch={ every = '7 d'; capacity = '10 t'; vessels = 2; }");
    for (mnz_time day = 0; day < 50; day++) {
      world_run(&w, day * DAY + 1);
      const mnz_time period = vessels == 1 ? 14 : 7;
      EXPECT(world_stock(&w, "Yard", "oxide") == (100 - 10 * (1 + day / period)) * T_MG);
    }
    world_close(&w);
  }
}

Test(breakdowns, departures_may_not_take_place) {
  world w;
  world_of(&w, "yard.cfg", "links['ship'].dispatch={ every = '7 d'; capacity = '25 t'; skips = '100 %'; }");
  world_finish(&w);
  cr_expect_eq(world_stock(&w, "Yard", "oxide"), 100 * T_MG);
  world_close(&w);
}

/* --- stock that is destroyed --- */

Test(breakdowns, a_fire_destroys_its_share_of_the_stock) {
  world w;
  world_of(&w, "yard.cfg", "links['ship'].dispatch={ every = '7 d'; first = '2026-02-01'; }",
           "disruptions=( { name = 'fire'; hits = ( 'Yard' ); destroys = '25 %'; periods = ( { from = "
           "'2026-01-05'; until = '2026-01-06'; }, { from = '2026-01-15'; until = '2026-01-16'; } ); } )");
  world_run(&w, 4 * DAY + 1);
  cr_expect_eq(world_stock(&w, "Yard", "oxide"), 75 * T_MG);
  world_run(&w, 14 * DAY + 1);
  cr_expect_eq(world_stock(&w, "Yard", "oxide"), 56250 * T_MG / 1000);
  cr_expect_eq(world_ended(&w, MNZ_END_LOST), 43750 * T_MG / 1000);
  world_finish(&w);
  cr_expect_float_eq(world_by_node(&w, "destroyed", "Yard"), 43.75, 1e-12);
  world_close(&w);
}

/* --- parallel lines --- */

/* Four lots, a day each, on two lines; from noon of the first day to noon of the second one of them is out:
 * its lot goes on with half a day at the other one when that is free. */
Test(breakdowns, a_loss_takes_lines_and_their_work_goes_on_at_others) {
  world w;
  world_of_text(&w,
                "title = \"two lines\"; start = \"2026-01-01\"; end = \"2026-02-01\"; elements = (\"Nd\");\n"
                "materials = ( { name = \"ore\"; content = { Nd = \"50 %\"; }; }, { name = \"oxide\"; of = "
                "(\"Nd\"); } );\n"
                "nodes = ( { name = \"Plant\"; kind = \"plant\"; in = \"ore\"; service = \"1 d\"; lines = 2; "
                "makes = ( { material "
                "= \"oxide\"; recovery = \"100 %\"; } );\n"
                "  stores = ( { material = \"ore\"; initial = \"8 t\"; lot = \"2 t\"; } ); } );\n"
                "disruptions = ( { name = \"out\"; hits = (\"Plant\"); loss = \"50 %\"; periods = ( { from = "
                "\"2026-01-01T12:00\"; until = \"2026-01-02T12:00\"; } ); } );\n");
  static const struct {
    mnz_time half_days;
    mnz_mass made;
  } said[] = {{1, 0}, {2, 1}, {3, 2}, {4, 2}, {5, 4}};
  for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
    world_run(&w, said[i].half_days * DAY / 2 + 1);
    cr_expect_eq(world_stock(&w, "Plant", "oxide"), said[i].made * T_MG, "after %d half days",
                 (int)said[i].half_days);
  }
  world_close(&w);
}

/* --- ports --- */

/* Seven lots, two days each, at three berths, of which a strike leaves two from day 3 on: of the second three
 * one pauses after a day, and goes on at the first berth that is free, beside the seventh. */
Test(breakdowns, a_port_may_lose_some_of_its_berths) {
  world w;
  world_of(&w, "port.cfg",
           "disruptions=( { name = 'strike'; hits = ( 'Port' ); loss = '60 %'; periods = ( { from = "
           "'2026-01-04'; until = '2026-01-14'; } ); } )");
  static const mnz_mass landed[] = {0, 0, 30, 30, 50, 60, 70};
  for (mnz_time day = 0; day <= 6; day++) {
    world_run(&w, day * DAY + DAY / 12);
    cr_expect_eq(world_stock(&w, "Heap", "oxide"), landed[day] * T_MG, "on day %d", (int)day);
  }
  world_close(&w);
}

/* --- when things work --- */

/* Thursday and Friday, then Monday to Wednesday: five days of twelve hours. */
Test(breakdowns, a_mine_works_by_its_calendar) {
  world w;
  world_of(&w, "mine-heaps.cfg", "calendars=( { name = 'day'; from = '06:00'; until = '18:00'; } )",
           "nodes['Mine'].calendar='day'");
  world_run(&w, 6 * 3600 * MNZ_US_PER_SECOND);
  cr_expect_eq(world_stock(&w, "Heap", "ore"), 0);
  world_run(&w, DAY);
  cr_expect_eq(world_stock(&w, "Heap", "ore"), 5 * T_MG);
  world_run(&w, 7 * DAY);
  cr_expect_eq(world_stock(&w, "Heap", "ore"), 25 * T_MG);
  world_close(&w);
}

Test(breakdowns, a_holiday_is_not_worked) {
  world w;
  world_of(&w, "mine-heaps.cfg",
           "calendars=( { name = 'week'; holidays = ( '2026-01-02', '2026-01-06' ); } )",
           "nodes['Mine'].calendar='week'");
  world_run(&w, 7 * DAY + 1);
  cr_expect_eq(world_stock(&w, "Heap", "ore"), 30 * T_MG);
  world_close(&w);
}

Test(breakdowns, maintenance_stops_a_mine_and_is_measured) {
  world w;
  world_of(&w, "mine-heaps.cfg", "end='2026-01-31'",
           "nodes['Mine'].maintenance={ every = '10 d'; lasts = '2 d'; first = '2026-01-05'; }");
  world_finish(&w);
  cr_expect_eq(world_stock(&w, "Heap", "ore"), 239 * T_MG); /* that of the end itself is not there yet */
  cr_expect_float_eq(world_by_node(&w, "utilisation", "Mine"), 0.8, 1e-12);
  const mnz_variable *outages = mnz_result_find(w.result, "outages");
  const mnz_variable *left = mnz_result_find(w.result, "capacity_left");
  cr_expect_eq(((const double *)outages->data)[0], 3);
  cr_expect_float_eq(((const double *)left->data)[0], 0.8, 1e-12);
  cr_expect_str_eq(w.result->labels[MNZ_AXIS_DISRUPTION][0], "Mine: maintenance");
  world_close(&w);
}

/* Ten days down, ten on the way back: five of them are lost. */
Test(breakdowns, capacity_comes_back_by_a_ramp) {
  world w;
  world_of(&w, "mine-heaps.cfg",
           "disruptions=( { name = 'flood'; hits = ( 'Mine' ); ramp = '10 d'; periods = ( { from = "
           "'2026-01-11'; until = '2026-01-21'; } ); } )");
  world_run(&w, 30 * DAY + MNZ_US_PER_SECOND);
  cr_expect_eq(world_stock(&w, "Heap", "ore"), 150 * T_MG);
  world_run(&w, 40 * DAY + MNZ_US_PER_SECOND);
  cr_expect_eq(world_stock(&w, "Heap", "ore"), 250 * T_MG);
  world_close(&w);
}

/* --- failures in operating time --- */

/* The mine digs in campaigns of 5 d every 10 d, a lot a day, and fails after 12 d of digging for 2 d: in the
 * third campaign after two days, on day 22. */
Test(breakdowns, a_mine_wears_only_while_it_digs) {
  world w;
  world_of(
      &w, "mine-heaps.cfg", "nodes['Mine'].campaign={ every = '10 d'; lasts = '5 d'; }",
      "nodes['Mine'].lot='10 t'",
      "disruptions=( { name = 'wear'; hits = ( 'Mine' ); clock = 'operating'; ttf = '12 d'; ttr = '2 d'; "
      "} )");
  world_run(&w, 22 * DAY);
  cr_expect_eq(w.r->sites[world_node(&w, "Mine")].availability, 1);
  cr_expect_eq(world_stock(&w, "Heap", "ore"), 110 * T_MG);
  world_run(&w, 22 * DAY + 1);
  cr_expect_eq(w.r->sites[world_node(&w, "Mine")].availability, 0);
  cr_expect_eq(world_stock(&w, "Heap", "ore"), 120 * T_MG);
  world_run(&w, 24 * DAY + 1);
  cr_expect_eq(world_stock(&w, "Heap", "ore"), 120 * T_MG);
  world_run(&w, 25 * DAY + 1);
  cr_expect_eq(world_stock(&w, "Heap", "ore"), 130 * T_MG);
  world_close(&w);
}

Test(breakdowns, a_reset_begins_everything_anew) {
  static const char breaks[] =
      "disruptions=( { name = 'wear'; hits = ( 'Mine' ); clock = 'operating'; units = 3; ttf = "
      "'exponential(5 "
      "d)'; ttr = 'exponential(2 d)'; crew = 'smiths'; ramp = '1 d'; warning = '2 d'; season = ( { from = "
      "'12-01'; until = '03-31'; factor = 2.0; } ); causes = ( { name = 'jam'; probability = '50 %'; delay = "
      "'exponential(1 d)'; } ); }, { name = 'jam'; hits = ( 'belt', 'Heap' ); ttr = 'exponential(12 h)'; "
      "destroys = "
      "0.1; } )";
  world w;
  world_of(&w, "mine-heaps.cfg", "crews=( { name = 'smiths'; } )", "links['belt'].lead_time='1 d'",
           "links['belt'].when_closed='return'", breaks);
  world_finish(&w);
  mnz_result *first = w.result;
  w.result = NULL;
  EXPECT_OK(mnz_replication_reset(w.r, 0, &w.err), w.err);
  world_finish(&w);
  world_compare(first, w.result);
  mnz_result_free(first);
  world_close(&w);
}
