/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What flows between tanks, and what a circuit lends of its hold-up: everything that can be had by hand. */
#include <stdio.h>

#include "world_bench.h"

#define HEAD(more)                                                                                           \
  "title = \"Flow\"; start = \"2026-01-01\"; end = \"2027-01-01\"; elements = (\"Nd\"); materials = ( { "    \
  "name = "                                                                                                  \
  "\"oxide\"; of = (\"Nd\"); }" more " );"
#define ORE  ", { name = \"ore\"; of = (\"Nd\"); content = { Nd = \"10 %\"; }; }"
#define SAND ", { name = \"sand\"; of = (\"Nd\"); }"
#define KG   INT64_C(1000000)

/* Within the milligrams that rounding moves. */
static bool near(mnz_mass mass, mnz_mass expected) {
  return llabs(mass - expected) <= 8;
}

static mnz_state state_of(const world *w, const char *node) {
  return w->r->sites[world_node(w, node)].state;
}

static double by_place(const world *w, const char *measure, const char *place) {
  const mnz_scenario *s = w->scenario;
  int32_t i = 0;
  while (i < s->n_places && strcmp(s->place_names[i], place) != 0) i++;
  cr_assert_lt(i, s->n_places, "no place %s", place);
  return ((const double *)mnz_result_find(w->result, measure)->data)[i];
}

/* --- one tank --- */

Test(fluid, fills_a_tank_at_the_difference_of_the_rates_and_no_further) {
  world w;
  world_of_text(&w,
                HEAD("") "sample = \"1 d\"; nodes = ("
                         "{ name = \"Supply\"; kind = \"source\"; material = \"oxide\"; rate = \"2 t/d\"; },"
                         "{ name = \"Users\"; kind = \"sink\"; takes = \"oxide\"; rate = \"1 t/d\"; stores = "
                         "( { material = \"oxide\"; capacity = \"10 t\"; initial = \"5 t\"; } ); } );"
                         "links = ( { from = \"Supply\"; to = \"Users\"; } );");
  world_run(&w, 3 * DAY + 1);
  cr_assert(near(world_stock(&w, "Users", "oxide"), 8 * T_MG));
  world_run(&w, 50 * DAY + 1);
  cr_assert(near(world_stock(&w, "Users", "oxide"), 10 * T_MG));
  cr_assert_leq(world_stock(&w, "Users", "oxide"), 10 * T_MG);
  cr_assert(near(world_born(&w, "Supply"), (5 + 50) * T_MG), "slowed, not stopped");
  cr_assert_eq(state_of(&w, "Supply"), MNZ_STATE_UP);
  world_finish(&w);
  cr_assert_float_eq(world_by_node(&w, "flow_rate", "Users"), 1, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "flow_rate", "Supply"), 370. / 365, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "flow_unmet", "Users"), 0, 1e-9);
  /* From 5 t to 10 t in five days: 7.5 t on average. */
  cr_assert_float_eq(by_place(&w, "stock_mean", "Users / oxide"), 10 - 2.5 * 5 / 365, 1e-8);
  cr_assert_float_eq(by_place(&w, "stock_max", "Users / oxide"), 10, 1e-8);
  world_close(&w);
}

Test(fluid, without_a_buffer_stands_when_either_stands) {
  world w;
  world_of_text(
      &w,
      HEAD("") "sample = \"300 d\"; nodes = ("
               "{ name = \"First\"; kind = \"source\"; material = \"oxide\"; rate = \"2 t/d\"; },"
               "{ name = \"Second\"; kind = \"sink\"; takes = \"oxide\"; rate = \"2 t/d\"; stores = ( { "
               "material = "
               "\"oxide\"; capacity = \"0 t\"; } ); } ); links = ( { from = \"First\"; to = \"Second\"; } );"
               "disruptions = ( { name = \"a\"; hits = (\"First\"); periods = ( { from = \"2026-01-11\"; "
               "until = "
               "\"2026-01-21\"; } ); }, { name = \"b\"; hits = (\"Second\"); periods = ( { from = "
               "\"2026-01-16\"; "
               "until = \"2026-01-31\"; } ); } );");
  world_run(&w, 12 * DAY);
  cr_assert_eq(state_of(&w, "First"), MNZ_STATE_DOWN);
  cr_assert_eq(state_of(&w, "Second"), MNZ_STATE_STARVED);
  world_run(&w, 25 * DAY);
  cr_assert_eq(state_of(&w, "First"), MNZ_STATE_BLOCKED);
  cr_assert_eq(state_of(&w, "Second"), MNZ_STATE_DOWN);
  world_finish(&w);
  cr_assert(near(world_ended(&w, MNZ_END_DELIVERED), 2 * (365 - 20) * T_MG));
  cr_assert_float_eq(world_state(&w, "Second", MNZ_STATE_STARVED), 5. / 365, 1e-9);
  cr_assert_float_eq(world_state(&w, "First", MNZ_STATE_BLOCKED), 10. / 365, 1e-9);
  cr_assert_float_eq(by_place(&w, "stock_mean", "Second / oxide"), 0, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "flow_first_lack", "Second"), 10, 1e-9);
  world_close(&w);
}

/* --- lines, branches, merges --- */

Test(fluid, runs_a_line_at_its_slowest_machine_and_loses_what_recoveries_lose) {
  world w;
  world_of_text(
      &w,
      HEAD(ORE SAND) "sample = \"300 d\"; nodes = ("
                     "{ name = \"Pit\"; kind = \"source\"; material = \"ore\"; rate = \"100 t/d\"; },"
                     "{ name = \"Mill\"; kind = \"plant\"; flow = \"fluid\"; in = \"ore\"; capacity = \"80 "
                     "t/d\"; "
                     "makes = ( { material = \"oxide\"; recovery = \"75 %\"; } ); rest = \"sand\"; },"
                     "{ name = \"Kiln\"; kind = \"sink\"; takes = \"oxide\"; rate = \"3 t/d\"; stores = ( { "
                     "material = \"oxide\"; capacity = \"30 t\"; } ); },"
                     "{ name = \"Heap\"; kind = \"sink\"; takes = \"sand\"; rate = \"50 t/d\"; } );"
                     "links = ( { from = \"Pit\"; to = \"Mill\"; }, { from = \"Mill\"; to = \"Kiln\"; },"
                     "{ from = \"Mill\"; to = \"Heap\"; } );");
  /* 80 t/d of ore are 6 t/d of oxide: the kiln's tank of 30 t is full after ten days, from then on the mill
   * runs at 40 t/d. */
  world_run(&w, 10 * DAY - 2);
  mnz_error err;
  cr_assert_eq(mnz_fluid_settle(&w.r->fluid, &err), MNZ_OK);
  cr_assert_lt(world_stock(&w, "Kiln", "oxide"), 30 * T_MG);
  world_finish(&w);
  cr_assert_float_eq(world_by_node(&w, "flow_rate", "Mill"), (80. * 10 + 40 * 355) / 365, 1e-6);
  cr_assert_float_eq(world_by_node(&w, "flow_rate", "Kiln"), 3, 1e-6);
  cr_assert_float_eq(world_by_node(&w, "flow_rate", "Heap"), (2. * 10 + 1 * 355) / 365, 1e-6);
  world_close(&w);
}

Test(fluid, shares_the_room_of_a_full_tank_in_proportion) {
  world w;
  world_of_text(&w,
                HEAD("") "sample = \"300 d\"; nodes = ("
                         "{ name = \"A\"; kind = \"source\"; material = \"oxide\"; rate = \"1 t/d\"; },"
                         "{ name = \"B\"; kind = \"source\"; material = \"oxide\"; rate = \"3 t/d\"; },"
                         "{ name = \"Users\"; kind = \"sink\"; takes = \"oxide\"; rate = \"2 t/d\"; stores = "
                         "( { material = "
                         "\"oxide\"; capacity = \"0 t\"; } ); } );"
                         "links = ( { from = \"A\"; to = \"Users\"; }, { from = \"B\"; to = \"Users\"; } );");
  world_finish(&w);
  cr_assert_float_eq(world_by_node(&w, "flow_rate", "A"), 0.5, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "flow_rate", "B"), 1.5, 1e-9);
  world_close(&w);
}

/* The mill could make 1 t/d of oxide, but its sand holds it to a tenth: the other source has the rest of the
 * room. */
Test(fluid, gives_room_that_one_cannot_use_to_the_others) {
  world w;
  world_of_text(
      &w,
      HEAD(ORE SAND) "sample = \"300 d\"; nodes = ("
                     "{ name = \"Pit\"; kind = \"source\"; material = \"ore\"; rate = \"100 t/d\"; },"
                     "{ name = \"Mill\"; kind = \"plant\"; flow = \"fluid\"; in = \"ore\"; capacity = \"20 "
                     "t/d\"; "
                     "makes = ( { material = \"oxide\"; recovery = \"50 %\"; } ); rest = \"sand\"; },"
                     "{ name = \"B\"; kind = \"source\"; material = \"oxide\"; rate = \"3 t/d\"; },"
                     "{ name = \"Users\"; kind = \"sink\"; takes = \"oxide\"; rate = \"2 t/d\"; stores = ( { "
                     "material = \"oxide\"; capacity = \"0 t\"; } ); },"
                     "{ name = \"Heap\"; kind = \"sink\"; takes = \"sand\"; rate = \"0.1 t/d\"; stores = ( { "
                     "material = \"sand\"; capacity = \"0 t\"; } ); } );"
                     "links = ( { from = \"Pit\"; to = \"Mill\"; }, { from = \"Mill\"; to = \"Users\"; },"
                     "{ from = \"B\"; to = \"Users\"; }, { from = \"Mill\"; to = \"Heap\"; } );");
  world_finish(&w);
  cr_assert_float_eq(world_by_node(&w, "flow_rate", "Mill"), 2, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "flow_rate", "B"), 1.9, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "flow_rate", "Users"), 2, 1e-9);
  world_close(&w);
}

#define TWO_WAYS(first, second)                                                                              \
  HEAD("")                                                                                                   \
  "sample = \"300 d\"; nodes = ("                                                                            \
  "{ name = \"Supply\"; kind = \"source\"; material = \"oxide\"; rate = \"3 t/d\"; },"                       \
  "{ name = \"A\"; kind = \"sink\"; takes = \"oxide\"; rate = \"1 t/d\"; stores = ( { material = "           \
  "\"oxide\"; capacity = \"0 t\"; } ); },"                                                                   \
  "{ name = \"B\"; kind = \"sink\"; takes = \"oxide\"; rate = \"5 t/d\"; } );"                               \
  "links = ( { from = \"Supply\"; to = \"A\"; " first " }, { from = \"Supply\"; to = \"B\"; " second " } );"

Test(fluid, uses_the_next_way_for_what_the_first_cannot_take) {
  world w;
  world_of_text(&w, TWO_WAYS("prefer = 1;", "prefer = 2;"));
  world_finish(&w);
  cr_assert_float_eq(world_by_node(&w, "flow_rate", "A"), 1, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "flow_rate", "B"), 2, 1e-9);
  world_close(&w);
}

Test(fluid, keeps_fixed_shares_of_its_ways) {
  world w;
  world_of_text(&w, TWO_WAYS("share = \"50 %\";", "share = \"50 %\";"));
  world_finish(&w);
  cr_assert_float_eq(world_by_node(&w, "flow_rate", "A"), 1, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "flow_rate", "B"), 1, 1e-9);
  world_close(&w);
}

/* --- rates that change --- */

Test(fluid, follows_steps_and_ramps) {
  world w;
  world_of_text(&w,
                HEAD("") "sample = \"300 d\"; nodes = ("
                         "{ name = \"Supply\"; kind = \"source\"; material = \"oxide\"; rate = ( { from = "
                         "\"2026-01-11\"; rate "
                         "= \"2 t/d\"; }, { from = \"2026-01-21\"; rate = \"6 t/d\"; ramp = \"20 d\"; } ); },"
                         "{ name = \"Users\"; kind = \"sink\"; takes = \"oxide\"; rate = \"100 t/d\"; } );"
                         "links = ( { from = \"Supply\"; to = \"Users\"; } );");
  world_run(&w, 10 * DAY);
  cr_assert_eq(world_born(&w, "Supply"), 0);
  world_run(&w, 365 * DAY);
  world_finish(&w);
  cr_assert(near(world_born(&w, "Supply"), (10 * 2 + 20 * 4 + (365 - 40) * 6) * T_MG));
  world_close(&w);
}

/* --- lots beside it --- */

Test(fluid, is_fed_by_lots_and_leaves_in_lots_on_the_day) {
  world w;
  world_of_text(
      &w,
      HEAD(ORE) "sample = \"300 d\"; nodes = ("
                "{ name = \"Trucks\"; kind = \"source\"; material = \"ore\"; lot = \"40 t\"; every = \"10 "
                "d\"; "
                "first = \"0 d\"; },"
                "{ name = \"Mill\"; kind = \"plant\"; flow = \"fluid\"; in = \"ore\"; capacity = \"8 t/d\"; "
                "makes = ( { material = \"oxide\"; recovery = \"50 %\"; lot = \"800 kg\"; } ); },"
                "{ name = \"Users\"; kind = \"sink\"; takes = \"oxide\"; } );"
                "links = ( { from = \"Trucks\"; to = \"Mill\"; lead_time = \"1 d\"; }, { from = \"Mill\"; to "
                "= "
                "\"Users\"; lead_time = \"2 d\"; } );");
  /* 40 t of ore last five days and make 2 t: 800 kg after two days, after four, and in the next round after
   * one. */
  static const mnz_time due[] = {3, 5, 12, 14, 16, 23, 25, 32, 34, 36};
  for (size_t i = 0; i < sizeof due / sizeof *due; i++) {
    world_run(&w, due[i] * DAY - 1000);
    EXPECT(world_in(&w, "Mill", "oxide") == (mnz_mass)i * 800 * KG);
    world_run(&w, due[i] * DAY + 1000);
    EXPECT(world_in(&w, "Mill", "oxide") == (mnz_mass)(i + 1) * 800 * KG);
    EXPECT(world_transit(&w, "Users", "oxide") % (800 * KG) == 0);
  }
  cr_assert_eq(state_of(&w, "Mill"), MNZ_STATE_STARVED);
  world_close(&w);
}

Test(fluid, lets_a_lot_in_as_soon_as_there_is_room_for_it) {
  world w;
  world_of_text(
      &w,
      HEAD(
          "") "sample = \"300 d\"; nodes = ("
              "{ name = \"Trucks\"; kind = \"source\"; material = \"oxide\"; lot = \"4 t\"; every = \"1 d\"; "
              "first = \"0 d\"; count = 5; },"
              "{ name = \"Users\"; kind = \"sink\"; takes = \"oxide\"; rate = \"2 t/d\"; stores = ( { "
              "material = \"oxide\"; capacity = \"10 t\"; } ); } );"
              "links = ( { from = \"Trucks\"; to = \"Users\"; } );");
  /* Two lots are in after a day, 6 t; the third on day 2 (4 t), the fourth would make 12 t on day 3 less 2 t:
   * it fits; the fifth of day 4 has room when 6 t are left: a day later. */
  world_run(&w, 4 * DAY + 1000);
  cr_assert_eq(world_stock(&w, "Trucks", "oxide"), 4 * T_MG);
  world_run(&w, 5 * DAY - 1000);
  cr_assert_eq(world_stock(&w, "Trucks", "oxide"), 4 * T_MG);
  world_run(&w, 5 * DAY + 1000);
  cr_assert_eq(world_stock(&w, "Trucks", "oxide"), 0);
  world_finish(&w);
  cr_assert_float_eq(world_by_node(&w, "flow_first_lack", "Users"), 10, 1e-9);
  world_close(&w);
}

/* A lot of 1.2 t a day is all that the press takes: the mill, which could make twice as much, is held up by
 * it. */
Test(fluid, that_sends_lots_is_held_up_by_who_works_them_off) {
  world w;
  world_of_text(
      &w, HEAD(ORE SAND) "sample = \"300 d\"; nodes = ("
                         "{ name = \"Pit\"; kind = \"source\"; material = \"ore\"; rate = \"40 t/d\"; },"
                         "{ name = \"Mill\"; kind = \"plant\"; flow = \"fluid\"; in = \"ore\"; capacity = "
                         "\"30 t/d\"; "
                         "makes = ( { material = \"oxide\"; recovery = \"80 %\"; lot = \"1200 kg\"; } ); "
                         "stores = ( { "
                         "material = \"oxide\"; capacity = \"3 t\"; } ); },"
                         "{ name = \"Press\"; kind = \"plant\"; in = \"oxide\"; service = \"1 d\"; makes = ( "
                         "{ material = "
                         "\"sand\"; recovery = \"100 %\"; } ); stores = ( { material = \"oxide\"; capacity = "
                         "\"6 t\"; } ); },"
                         "{ name = \"Users\"; kind = \"sink\"; takes = \"sand\"; } );"
                         "links = ( { from = \"Pit\"; to = \"Mill\"; }, { from = \"Mill\"; to = \"Press\"; "
                         "lead_time = \"2 "
                         "d\"; }, { from = \"Press\"; to = \"Users\"; } );");
  world_run(&w, 100 * DAY);
  const mnz_mass early = world_in(&w, "Press", "sand");
  world_run(&w, 300 * DAY);
  cr_assert_eq(world_in(&w, "Press", "sand") - early, 200 * 1200 * KG);
  world_finish(&w);
  cr_assert_float_eq(world_state(&w, "Mill", MNZ_STATE_UP), 0.5, 0.02);
  world_close(&w);
}

/* --- the machinery --- */

#define LINE "../../scenarios/features/fluid-line.cfg"

Test(fluid, closes_its_ledger_after_every_event) {
  world w;
  world_of(&w, LINE, "end='2026-03-01'");
  bool done = false;
  while (!done) {
    EXPECT_OK(mnz_replication_run(w.r, MNZ_TO_THE_END, 1, &done, &w.err), w.err);
    EXPECT_OK(mnz_replication_verify(w.r, &w.err), w.err);
    for (const char *const *at = (const char *const[]){"Concentrator", "Cracking", NULL}; *at != NULL; at++) {
      const mnz_fluid_node *node = w.r->sites[world_node(&w, *at)].fluid;
      EXPECT(mnz_fluid_tank(node)->store.mass <= mnz_fluid_tank(node)->store.capacity + 2);
    }
  }
  world_close(&w);
}

Test(fluid, runs_the_same_after_a_reset_and_in_pieces) {
  world a;
  world b;
  world_of(&a, LINE, "end='2026-06-01'");
  world_of(&b, LINE, "end='2026-06-01'");
  world_run(&b, 40 * DAY);
  EXPECT_OK(mnz_replication_reset(b.r, 0, &b.err), b.err);
  for (mnz_time day = 1; day < 100; day += 7) world_run(&b, day * DAY / 3 * 2);
  world_finish(&a);
  world_finish(&b);
  world_compare(a.result, b.result);
  world_close(&a);
  world_close(&b);
}

/* --- what a circuit lends --- */

#define HOLD "../../scenarios/features/hold-up-stop.cfg"
#define STOP 59 /* days from the start to the stop of 15 days; a lot of 1 t of oxide a day */

/* Lots of oxide that have left `day` days after the stop began, and the instant of it. */
static mnz_mass left(world *w, mnz_time day) {
  world_run(w, (STOP + day) * DAY + 1000);
  return world_in(w, "Separation", "oxide") / T_MG;
}

/* The lots that have left by `day`: as before for `lent` days, then none until the stop is over, then none
 * for `lent` days more. */
static mnz_mass by(mnz_time day, mnz_time stop, mnz_time lent) {
  if (day <= stop + lent) return day < lent ? day : lent;
  return day - stop;
}

Test(hold_up, is_lent_in_a_stop_and_paid_back_after_it) {
  static const struct {
    const char *drawable;
    mnz_time lent;
  } said[] = {{"0 %", 0}, {"25 %", 5}, {"50 %", 10}, {"75 %", 15}, {"100 %", 15}};
  for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
    world w;
    char drawable[64];
    snprintf(drawable, sizeof drawable, "nodes['Separation'].drawable='%s'", said[i].drawable);
    world_of(&w, HOLD, drawable);
    const mnz_mass before = left(&w, 0);
    EXPECT(before == STOP);
    for (mnz_time day = 1; day < 60; day++) EXPECT(left(&w, day) - before == by(day, 15, said[i].lent));
    world_finish(&w);
    world_close(&w);
  }
}

/* At half its pace it needs half a day of hold-up a day: 7.5 days in all, which are missing after it. */
Test(hold_up, makes_up_for_what_is_missing_of_full_pace) {
  world w;
  world_of(&w, HOLD, "disruptions['Stop'].loss='50 %'");
  const mnz_mass before = left(&w, 0);
  for (mnz_time day = 1; day <= 15; day++) EXPECT(left(&w, day) - before == day);
  for (mnz_time day = 16; day <= 22; day++) EXPECT(left(&w, day) - before == 15);
  for (mnz_time day = 24; day <= 40; day++) EXPECT(left(&w, day) - before == day - 8);
  world_close(&w);
}

/* Two days may be lent: four days at half pace use them up. */
Test(hold_up, that_is_used_up_leaves_the_pace_of_the_line) {
  world w;
  world_of(&w, HOLD, "disruptions['Stop'].loss='50 %'", "nodes['Separation'].drawable='10 %'");
  const mnz_mass before = left(&w, 0);
  for (mnz_time day = 1; day <= 4; day++) EXPECT(left(&w, day) - before == day);
  for (mnz_time day = 5; day <= 15; day++) EXPECT(left(&w, day) - before == 4 + (day - 4) / 2);
  world_close(&w);
}

Test(hold_up, of_a_circuit_that_has_not_delivered_yet_is_kept) {
  world w;
  world_of(&w, HOLD, "nodes['Separation'].filled=false", "nodes['Separation'].drawable='100 %'",
           "disruptions['Stop'].periods=( { from = '2026-01-15'; until = '2026-01-20'; } )");
  world_run(&w, 26 * DAY - 1000);
  cr_assert_eq(world_in(&w, "Separation", "oxide"), 0, "a day of work, twenty inside, five of the stop");
  world_run(&w, 26 * DAY + 1000);
  cr_assert_eq(world_in(&w, "Separation", "oxide"), T_MG);
  world_close(&w);
}

/* --- an embargo --- */

Test(embargo, leaves_a_tank_dry_after_its_stock_and_what_is_under_way) {
  world w;
  world_of(&w, "../../scenarios/features/fluid-embargo.cfg");
  world_finish(&w);
  cr_assert_float_eq(world_by_node(&w, "flow_first_lack", "Users by pipe"), 90 + 60, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "flow_first_lack", "Users by ship"), 90 + 30 + 60, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "flow_unmet", "Users by pipe"), (365. - 150) / 365, 1e-9);
  cr_assert_float_eq(world_state(&w, "Users by ship", MNZ_STATE_STARVED), (365. - 180) / 365, 1e-9);
  world_close(&w);
}

/* A trader holds `stock` in all, on the shelf or at sea, and sells 1 t a day; the sea is shut on a date. */
Test(embargo, leaves_a_trader_short_after_exactly_the_days_that_stock_and_pipeline_last) {
  static const int stock[] = {20, 50, 80};
  static const int lead[] = {1, 10, 19};
  static const int shut[] = {5, 40};
  for (size_t i = 0; i < 18; i++) {
    const int s = stock[i % 3];
    const int l = lead[i / 3 % 3];
    const int day = shut[i / 9];
    char buys[200];
    char store[120];
    char lead_time[60];
    char closed[160];
    snprintf(buys, sizeof buys,
             "nodes['Trader'].buys=( { material = 'Dy oxide'; policy = 'base_stock(%d t)'; review = '1 d'; "
             "sources = ( { from = 'China'; } ); } )",
             s);
    snprintf(store, sizeof store, "nodes['Trader'].stores=( { material = 'Dy oxide'; initial = '%d t'; } )",
             s);
    snprintf(lead_time, sizeof lead_time, "links['China -> Trader'].lead_time='%d d'", l);
    snprintf(
        closed, sizeof closed,
        "disruptions=( { name = 'Shut'; hits = ('China -> Trader'); periods = ( { from = '2026-%02d-%02d'; } "
        "); } )",
        day < 31 ? 1 : 2, day < 31 ? day + 1 : day - 30);
    world w;
    world_of(&w, "../../scenarios/features/embargo-dated.cfg", "regimes=()", buys, store, lead_time, closed);
    world_finish(&w);
    EXPECT(world_by_node(&w, "node_first_shortage", "users") == day + s);
    world_close(&w);
  }
}

/* The way is shut for the first eight days of the stop, and the store holds two lots: the third waits to get
 * into it, the fourth inside, and nothing more is lent until the way is open. */
Test(hold_up, is_lent_only_as_far_as_somebody_takes_it) {
  world w;
  world_of(
      &w, HOLD,
      "nodes['Separation'].stores=( { material = 'carbonate'; initial = '20 t'; lot = '2 t'; }, { material "
      "= 'oxide'; capacity = '3 t'; } )",
      "disruptions=( { name = 'Stop'; hits = ('Separation'); periods = ( { from = '2026-03-01'; until = "
      "'2026-03-16'; } ); }, { name = 'Shut'; hits = ('Separation -> Users'); periods = ( { from = "
      "'2026-03-01'; until = '2026-03-09'; } ); } )");
  const mnz_mass before = left(&w, 0);
  EXPECT(left(&w, 1) - before == 1);
  for (mnz_time day = 2; day < 8; day++) EXPECT(left(&w, day) - before == 2);
  for (mnz_time day = 8; day <= 14; day++) EXPECT(left(&w, day) - before == day - 4);
  for (mnz_time day = 15; day <= 25; day++) EXPECT(left(&w, day) - before == 10);
  for (mnz_time day = 26; day <= 60; day++) EXPECT(left(&w, day) - before == day - 15);
  world_close(&w);
}

/* --- who looks --- */

/* All measures of b are those of a, bit for bit; series apart, which depend on who looks. */
static void expect_same_measures(const mnz_result *a, const mnz_result *b) {
  cr_assert_eq(a->events, b->events);
  size_t found = 0;
  for (size_t i = 0; i < a->n_variables; i++) {
    const mnz_variable *v = &a->variables[i];
    if (v->series) continue;
    const mnz_variable *other = mnz_result_find(b, v->name);
    cr_assert_not_null(other, "%s", v->name);
    if (memcmp(v->data, other->data, mnz_result_cells(a, v) * mnz_cell_size(v->cell)) != 0)
      cr_assert_fail("%s differs", v->name);
    found++;
  }
  cr_assert_gt(found, 30);
}

/* Replication 3 of that feature, in two parts cut at `cut`. */
static mnz_result *watched(const world *w, const mnz_watch *watch, mnz_time cut) {
  mnz_replication *r;
  mnz_result *result;
  mnz_error err;
  bool done;
  EXPECT_OK(mnz_replication_create(&r, w->scenario, watch, 3, &err), err);
  EXPECT_OK(mnz_replication_run(r, cut, UINT64_MAX, &done, &err), err);
  EXPECT_OK(mnz_replication_run(r, MNZ_TO_THE_END, UINT64_MAX, &done, &err), err);
  EXPECT_OK(mnz_replication_finish(r, &result, &err), err);
  mnz_replication_free(r);
  return result;
}

static void is_the_same_whoever_looks(const char *feature, const char *override) {
  world w;
  world_of(&w, feature, override);
  const mnz_watch watches[] = {{.what = MNZ_WATCH_ALL, .period_us = DAY / 24},
                               {.what = MNZ_WATCH_ALL, .period_us = 7 * DAY + 1},
                               {.what = MNZ_WATCH_HEADLINES, .months = 1},
                               {.what = MNZ_WATCH_NOTHING},
                               {.what = MNZ_WATCH_NOTHING, .events = true, .lots = true}};
  mnz_result *usual = watched(&w, NULL, 0);
  for (size_t i = 0; i < sizeof watches / sizeof *watches; i++) {
    mnz_result *other = watched(&w, &watches[i], 0);
    expect_same_measures(usual, other);
    mnz_result_free(other);
  }
  const mnz_time cuts[] = {1, 100 * DAY, 100 * DAY + 1, 300 * DAY + 12345};
  for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
    mnz_result *halves = watched(&w, NULL, cuts[i]);
    world_compare(usual, halves);
    mnz_result_free(halves);
  }
  mnz_result_free(usual);
  world_close(&w);
}

Test(fluid, is_the_same_whoever_looks_and_when) {
  is_the_same_whoever_looks("../../scenarios/features/fluid-line.cfg", "sample='1 d'");
  is_the_same_whoever_looks("../../scenarios/features/fluid-line.cfg", "warm_up='2026-05-05'");
  is_the_same_whoever_looks("../../scenarios/features/fluid-line.cfg", "sample='50 d'");
}

/* --- mistakes --- */

/* Loads tests/scenarios/flow.cfg with one override, in which ' stands for ": it must be one mistake, with
 * this path and message. */
static void refuses(const char *set, const char *path, const char *message) {
  char text[300];
  snprintf(text, sizeof text, "%s", set);
  for (char *at = text; *at != '\0'; at++) {
    if (*at == '\'') *at = '"';
  }
  const char *overrides[] = {text};
  mnz_scenario *scenario = NULL;
  mnz_problems *problems = NULL;
  mnz_error err;
  cr_assert_neq(
      mnz_scenario_load(&scenario, MNZ_SOURCE_DIR "/tests/scenarios/flow.cfg", overrides, 1, &problems, &err),
      MNZ_OK, "%s", set);
  cr_assert_eq(problems->count, 1, "%s: %zu problems, the second %s", set, problems->count,
               problems->at[1].message);
  cr_assert_str_eq(problems->at[0].path, path);
  cr_assert_str_eq(problems->at[0].message, message);
  mnz_problems_free(problems);
}

Test(fluid, is_refused_where_it_does_not_fit) {
  refuses("nodes['Pit'].every='1 d'", "nodes[\"Pit\"].rate",
          "found `every`, `first` or `count` beside it; expected a flow or lots, not both");
  refuses("nodes['Pit'].rate='20 t/d Nd'", "nodes[\"Pit\"].rate",
          "found a rate on some elements only; expected a rate on the whole mass");
  refuses("nodes['Pit'].lot='uniform(1 t, 2 t)'", "nodes[\"Pit\"].lot",
          "found a lot that is drawn; expected one size with a `rate`");
  refuses("nodes['Pit'].rate='2000 Mt/d'", "nodes[\"Pit\"].rate",
          "found a rate that makes more than 4e+09 t in the run; expected less");
  refuses("nodes['Mill'].residence='5 d'", "nodes[\"Mill\"].flow",
          "found a residence or a hold-up; expected none, or the stock that it is as a store");
  refuses("nodes['Mill'].makes[0].recovery='uniform(40 %, 50 %)'", "nodes[\"Mill\"].makes[0].recovery",
          "found a recovery that is drawn; expected a share with flow = \"fluid\"");
  refuses("nodes['Mill'].needs_room=true", "nodes[\"Mill\"].needs_room",
          "found a rule for lots; expected none with flow = \"fluid\"");
  refuses("links['pipe'].lead_time='1 d'", "nodes[\"Mill\"]",
          "oxide flows to no other node that flows; expected a `lot` in which it leaves");
  refuses("links['pipe'].loss='1 %'", "links[\"pipe\"].loss",
          "found a loss on a way that flows; expected none");
  refuses("nodes['Users'].stores[0].when_full='lose'", "nodes[\"Users\"].stores[0].when_full",
          "found a tank of a flow that loses what does not fit; expected \"block\"");
  refuses("nodes['Mill'].drawable='50 %'", "nodes[\"Mill\"].drawable",
          "found no hold-up to draw from; expected `hold_up`");
}
