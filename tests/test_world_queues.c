/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sources, sinks, lines, classes and rooms to wait: what can be counted on fingers. Lots are of 1 t. */
#include "base/text.h"
#include "world_bench.h"

#define HEAD                                                                                                 \
  "title = \"q\"; start = \"2026-01-01\"; end = \"2026-04-11\"; elements = ( \"Nd\" );"                      \
  "materials = ( { name = \"lot\"; of = ( \"Nd\" ); }, { name = \"urgent\"; of = ( \"Nd\" ); }, "            \
  "{ name = \"part\"; of = ( \"Nd\" ); }, { name = \"done\"; of = ( \"Nd\" ); } );"
#define LINKS                                                                                                \
  "links = ( { from = \"In\"; to = \"P\"; }, { from = \"Fast\"; to = \"P\"; }, { from = \"P\"; to = \"Q\"; " \
  "}, "                                                                                                      \
  "{ from = \"Q\"; to = \"Out\"; } );"
#define IN(rest)   "{ name = \"In\"; kind = \"source\"; material = \"lot\"; lot = \"1 t\"; " rest " },"
#define FAST(rest) "{ name = \"Fast\"; kind = \"source\"; material = \"urgent\"; lot = \"1 t\"; " rest " },"
#define P(rest)                                                                                              \
  "{ name = \"P\"; kind = \"plant\"; makes = ( { material = \"part\"; recovery = \"100 %\"; } ); " rest " }" \
  ","
#define Q(rest)                                                                                              \
  "{ name = \"Q\"; kind = \"plant\"; in = \"part\"; makes = ( { material = \"done\"; recovery = \"100 %\"; " \
  "} ); " rest " },"
#define OUT  "{ name = \"Out\"; kind = \"sink\"; takes = \"done\"; }"
#define BOTH "feeds = ( { material = \"lot\"; priority = 2; }, { material = \"urgent\"; priority = 1; } ); "
/* Nothing of the other feed ever comes within the run. */
#define NEVER "every = \"1000 d\";"

static double by_place(const world *w, const char *measure, const char *place) {
  const mnz_variable *v = mnz_result_find(w->result, measure);
  cr_assert_not_null(v, "%s", measure);
  for (size_t i = 0; i < w->result->length[MNZ_AXIS_PLACE]; i++) {
    if (strcmp(w->result->labels[MNZ_AXIS_PLACE][i], place) == 0) return ((const double *)v->data)[i];
  }
  cr_assert_fail("no place %s", place);
  return NAN;
}

#define EXPECT_PLACE(measure, place, value) cr_expect_float_eq(by_place(&w, measure, place), value, 1e-9)

/* Loaded and run to the end, verified. */
static void run(world *w, const char *text) {
  world_of_text(w, text);
  world_finish(w);
}

/* --- sources --- */

Test(sources, make_lots_at_their_times_until_they_have_made_all) {
  world w;
  world_of_text(&w, HEAD "nodes = (" IN("every = \"3 d\"; first = \"1 d\"; count = 4;") FAST(NEVER)
                        P(BOTH "service = \"1 d\";") Q("service = \"1 d\";") OUT ");" LINKS);
  world_run(&w, 1 * DAY);
  cr_expect_eq(world_born(&w, "In"), 0);
  world_run(&w, 1 * DAY + 1);
  cr_expect_eq(world_born(&w, "In"), T_MG);
  world_run(&w, 10 * DAY);
  cr_expect_eq(world_born(&w, "In"), 3 * T_MG);
  world_finish(&w);
  cr_expect_eq(world_born(&w, "In"), 4 * T_MG);
  cr_expect_eq(world_ended(&w, MNZ_END_DELIVERED), 4 * T_MG);
  EXPECT_PLACE("lead_time_mean", "Out / done", 2);
  EXPECT_PLACE("throughput", "Out / done", 0.04);
  world_close(&w);
}

Test(sources, stand_still_in_an_outage_and_go_on_with_the_interval_that_was_left) {
  world w;
  world_of_text(&w, HEAD "nodes = (" IN("every = \"4 d\";") FAST(NEVER) P(BOTH "service = \"1 d\";")
                        Q("service = \"1 d\";") OUT
                ");" LINKS "disruptions = ( { name = \"x\"; hits = ( \"In\" ); periods = ( { from = "
                "\"2026-01-06\"; until = \"2026-01-16\"; } ); },"
                "{ name = \"y\"; hits = ( \"In\" ); loss = \"50 %\"; periods = ( { from = "
                "\"2026-01-16\"; until = \"2026-01-18\"; } ); } );");
  /* One lot at day 4; of the next interval 1 d passes until day 5, 1 d in the two days at half speed from 15
   * on. */
  world_run(&w, 19 * DAY);
  cr_expect_eq(world_born(&w, "In"), T_MG);
  world_run(&w, 19 * DAY + 1);
  cr_expect_eq(world_born(&w, "In"), 2 * T_MG);
  world_close(&w);
}

/* A lot a day, two days of work for each, one place to wait. */
#define JAM(when_blocked)                                                                                    \
  HEAD "nodes = (" IN("every = \"1 d\"; when_blocked = \"" when_blocked "\";") FAST(NEVER)                   \
      P(BOTH "service = \"2 d\"; stores = ( { material = \"lot\"; capacity = \"1 t\"; } );")                 \
          Q("service = \"1 d\";") OUT ");" LINKS

Test(sources, keep_stop_or_lose_what_cannot_leave) {
  world w;
  run(&w, JAM("wait"));
  EXPECT_PLACE("lots_in", "In / lot", 99); /* from day 1 to day 99 */
  EXPECT_PLACE("lots_lost", "In / lot", 0);
  cr_expect_gt(by_place(&w, "stock_max", "In / lot"), 40);
  world_close(&w);
  run(&w, JAM("stop"));
  EXPECT_PLACE("stock_max", "In / lot", 1);
  EXPECT_PLACE("lots_lost", "In / lot", 0);
  cr_expect_lt(by_place(&w, "lots_in", "In / lot"), 60);
  world_close(&w);
  run(&w, JAM("lose"));
  EXPECT_PLACE("lots_in", "In / lot", 99);
  cr_expect_geq(by_place(&w, "lots_lost", "In / lot"), 47);
  EXPECT_PLACE("loss_share", "In / lot", by_place(&w, "lots_lost", "In / lot") / 99);
  EXPECT_PLACE("wait_max", "In / lot", 0);
  cr_expect_eq(world_ended(&w, MNZ_END_LOST), (mnz_mass)by_place(&w, "lots_lost", "In / lot") * T_MG);
  world_close(&w);
}

/* --- lines and classes --- */

Test(lines, in_parallel_share_one_queue) {
  world w;
  run(&w, HEAD "nodes = (" IN("every = \"1 d\"; count = 4;") FAST(NEVER)
              P(BOTH "service = \"3 d\"; lines = 2;") Q("service = \"1 s\"; lines = 4;") OUT ");" LINKS);
  /* Come at 1, 2, 3, 4; begin at 1, 2, 4, 5; done at 4, 5, 7, 8. */
  EXPECT_PLACE("wait_mean", "P / lot", 0.5);
  EXPECT_PLACE("wait_max", "P / lot", 1);
  EXPECT_PLACE("waited_share", "P / lot", 0.5);
  EXPECT_PLACE("in_process_mean", "P / lot", 12.0 / 100);
  EXPECT_PLACE("stock_mean", "P / lot", 2.0 / 100);
  world_close(&w);
}

Test(lines, with_a_blocked_one_go_on) {
  world w;
  run(&w,
      HEAD "nodes = (" IN("every = \"1 d\"; count = 3;") FAST(NEVER) P(
          BOTH
          "service = \"1500 min\"; lines = 2; stores = ( { material = \"part\"; capacity = \"0 t\"; } );")
          Q("service = \"10 d\"; stores = ( { material = \"part\"; capacity = \"0 t\"; } );") OUT ");" LINKS);
  /* The first part goes straight to Q at 1 d + 25 h; the second waits in its line from 2 d + 25 h on, the
   * third is worked off in the other one and waits there. */
  EXPECT_PLACE("lead_time_mean", "Out / done", 20 + 1.0 / 24); /* out at 12 d, 22 d, 32 d and an hour */
  EXPECT_PLACE("wait_max", "P / lot", 0);
  cr_expect_gt(world_state(&w, "P", MNZ_STATE_BLOCKED), 0.17);
  world_close(&w);
}

/* An ordinary lot of 4 d comes at day 1, an urgent one of 4 d at day 2. */
#define TWO(rest)                                                                                            \
  HEAD "nodes = (" IN("every = \"1 d\"; count = 2;") FAST("every = \"2 d\"; count = 1;")                     \
      P(BOTH "service = \"4 d\"; " rest) Q("service = \"1 s\"; lines = 9;") OUT ");" LINKS

Test(classes, go_before_others_but_not_into_work) {
  world w;
  run(&w, TWO(""));
  /* 1 to 5 ordinary, 5 to 9 urgent, 9 to 13 ordinary. */
  EXPECT_PLACE("wait_mean", "P / urgent", 3);
  EXPECT_PLACE("wait_mean", "P / lot", 7.0 / 2);
  EXPECT_PLACE("held_mean", "P / lot", (4 + 11) / 100.0);
  world_close(&w);
}

Test(classes, that_preempt_leave_the_work_that_was_left) {
  world w;
  run(&w, TWO("preempt = true;"));
  /* Ordinary from 1, urgent 2 to 6, the first goes on until 9, the second 9 to 13. */
  EXPECT_PLACE("wait_mean", "P / urgent", 0);
  EXPECT_PLACE("held_mean", "P / urgent", 4 / 100.0);
  EXPECT_PLACE("held_mean", "P / lot", (8 + 11) / 100.0);
  EXPECT_PLACE("wait_max", "P / lot", 7);
  world_close(&w);
}

Test(classes, of_one_rank_are_served_as_they_come) {
  world w;
  run(&w, HEAD "nodes = (" IN("every = \"2 d\"; count = 2;") FAST("every = \"3 d\"; count = 1;")
              P("feeds = ( { material = \"lot\"; service = \"5 d\"; }, { material = \"urgent\"; service = "
                "\"2 d\"; } );") Q("service = \"1 s\"; lines = 9;") OUT ");" LINKS);
  /* 2 to 7, 7 to 9 (it came at 3), 9 to 14 (it came at 4). */
  EXPECT_PLACE("wait_mean", "P / urgent", 4);
  EXPECT_PLACE("wait_max", "P / lot", 5);
  world_close(&w);
}

/* --- room --- */

Test(rooms, of_no_size_turn_away_only_what_cannot_be_begun) {
  world w;
  run(&w, HEAD "nodes = (" IN("every = \"1 d\"; count = 60;") FAST(NEVER)
              P(BOTH "service = \"1441 min\"; stores = ( { material = \"lot\"; capacity = \"0 t\"; when_full "
                     "= \"lose\"; } );") Q("service = \"1 s\";") OUT ");" LINKS);
  /* Every second one comes a minute too early. */
  EXPECT_PLACE("lots_lost", "P / lot", 30);
  world_close(&w);
  run(&w, HEAD "nodes = (" IN("every = \"1 d\"; count = 60;") FAST(NEVER)
              P(BOTH "service = \"1440 min\"; stores = ( { material = \"lot\"; capacity = \"0 t\"; when_full "
                     "= \"lose\"; } );") Q("service = \"1 s\";") OUT ");" LINKS);
  EXPECT_PLACE("lots_lost", "P / lot", 0); /* in the very instant in which the one before is done */
  EXPECT_PLACE("lots_in", "P / lot", 60);
  world_close(&w);
}

Test(rooms, are_shared_by_all_feeds) {
  world w;
  run(&w, HEAD "nodes = (" IN("every = \"1 d\"; count = 3;") FAST("every = \"1100 min\"; count = 3;") P(
              BOTH "service = \"10 d\"; waiting_room = \"3 t\"; stores = ( { material = \"lot\"; when_full = "
                   "\"lose\"; }, { material = \"urgent\"; when_full = \"lose\"; } );") Q("service = \"1 s\";")
              OUT ");" LINKS);
  EXPECT_PLACE("lots_lost", "P / lot", 1);    /* one is begun, three wait: the urgent lot of 1100 min ... */
  EXPECT_PLACE("lots_lost", "P / urgent", 1); /* ... and 1, 1.5 and 2 d; those of 2.3 and 3 d do not */
  world_close(&w);
}

Test(rooms, of_no_size_pass_lots_on_one_by_one) {
  world w;
  run(&w,
      HEAD "nodes = (" IN("every = \"1 h\"; when_blocked = \"stop\";") FAST(NEVER) P(
          BOTH
          "service = \"1 d\"; needs_room = true; stores = ( { material = \"lot\"; capacity = \"5 t\"; }, "
          "{ material = \"part\"; capacity = \"0 t\"; } );")
          Q("service = \"1 d\"; stores = ( { material = \"part\"; capacity = \"0 t\"; } );") OUT ");" LINKS);
  /* One works, then the other: a lot every other day, from 1 h on. */
  EXPECT_PLACE("lots_in", "Out / done", 49);
  EXPECT_PLACE("stock_max", "Q / part", 1); /* for no time */
  EXPECT_PLACE("stock_mean", "Q / part", 0);
  cr_expect_float_eq(world_state(&w, "P", MNZ_STATE_BLOCKED), 0.5, 0.01);
  cr_expect_float_eq(world_state(&w, "Q", MNZ_STATE_STARVED), 0.5, 0.01);
  world_close(&w);
}

/* A tenth of the feed comes out: 1.1 t of it are room for the product of 10 t, also for those who begin only
 * with room. */
Test(rooms, are_reckoned_by_what_comes_out) {
  world w;
  run(&w,
      "title = \"q\"; start = \"2026-01-01\"; end = \"2026-04-11\"; elements = ( \"Nd\" );"
      "materials = ( { name = \"ore\"; of = ( \"Nd\" ); content = { Nd = \"10 %\"; }; }, "
      "{ name = \"part\"; of = ( \"Nd\" ); }, { name = \"done\"; of = ( \"Nd\" ); } );"
      "nodes = ( { name = \"In\"; kind = \"source\"; material = \"ore\"; lot = \"10 t\"; every = \"2 d\"; },"
      "{ name = \"P\"; kind = \"plant\"; in = \"ore\"; service = \"1 d\"; needs_room = true; "
      "stores = ( { material = \"part\"; capacity = \"0 t\"; } ); "
      "makes = ( { material = \"part\"; recovery = \"100 %\"; } ); }," Q(
          "service = \"1 d\"; stores = ( { material = "
          "\"part\"; capacity = \"1.1 t\"; } );") OUT
      ");"
      "links = ( { from = \"In\"; to = \"P\"; }, { from = \"P\"; to = \"Q\"; }, { from = \"Q\"; to = "
      "\"Out\"; } );");
  EXPECT_PLACE("lots_in", "Out / done", 48);
  EXPECT_PLACE("wait_max", "P / ore", 0);
  world_close(&w);
}

/* Lots of 1 t are put together to 3 t where nothing may wait while the line works. */
Test(rooms, of_no_size_let_in_what_is_put_together) {
  world w;
  run(&w,
      HEAD "nodes = (" IN("every = \"1 d\"; when_blocked = \"stop\";") FAST(NEVER)
          P(BOTH "lot = \"3 t\"; service = \"2 d\"; waiting_room = \"1 t\"; stores = ( { material = \"lot\"; "
                 "capacity = \"0 t\"; } );") Q("service = \"1 s\";") OUT ");" LINKS);
  /* Three come in three days, two days of work, in which the first of the next three waits at the source. */
  EXPECT_PLACE("lots_in", "Out / done", 24);
  EXPECT_PLACE("stock_max", "P / lot", 3);
  world_close(&w);
}

/* --- stops --- */

Test(stops, do_not_take_back_what_is_done_in_their_instant) {
  world w;
  run(&w, HEAD "nodes = (" IN("every = \"1 d\"; count = 1;") FAST(NEVER)
              P(BOTH "service = \"2 d\"; lines = 2;") Q("service = \"1 d\";") OUT
      ");" LINKS
      "disruptions = ( { name = \"x\"; hits = ( \"P\" ); periods = ( { from = \"2026-01-04\"; until = "
      "\"2026-02-01\"; } ); } );");
  EXPECT_PLACE("lead_time_max", "Out / done", 3);
  world_close(&w);
}

/* A lot in each of two lines, and one set aside: a stop of a day is a day later for all three. */
Test(stops, preempt_what_is_in_all_lines) {
  world w;
  const char *quiet = HEAD "nodes = (" IN("every = \"1 h\"; count = 2;") FAST("every = \"1 d\"; count = 1;")
      P(BOTH "service = \"5 d\"; lines = 2; preempt = true;") Q("service = \"1 s\"; lines = 9;") OUT
      ");" LINKS;
  run(&w, quiet);
  const double mean = by_place(&w, "lead_time_mean", "Out / done");
  world_close(&w);
  char text[4096];
  snprintf(text, sizeof text, "%s%s", quiet,
           "disruptions = ( { name = \"x\"; hits = ( \"P\" ); periods = ( { from = \"2026-01-03\"; until = "
           "\"2026-01-04\"; } ); } );");
  run(&w, text);
  EXPECT_PLACE("lead_time_mean", "Out / done", mean + 1);
  world_close(&w);
}

/* --- measures --- */

Test(waits, count_from_the_warm_up_on) {
  world w;
  run(&w, HEAD "warm_up = \"2026-01-11\"; nodes = (" IN("every = \"1 d\"; count = 20;") FAST(NEVER)
              P(BOTH "service = \"2 d\";") Q("service = \"1 s\";") OUT ");" LINKS);
  /* The k-th comes at k, begins at 2 k - 1: of the 20, those that begin from day 10 on are 6 to 20. */
  EXPECT_PLACE("wait_mean", "P / lot", 12);
  EXPECT_PLACE("wait_max", "P / lot", 19);
  EXPECT_PLACE("lots_in", "P / lot", 11);
  world_close(&w);
}

Test(waits, are_the_same_after_a_reset) {
  world a;
  world b;
  const char *text =
      HEAD "nodes = (" IN("every = \"exponential(1 d)\";") FAST("every = \"exponential(3 d)\";")
          P(BOTH "service = \"exponential(1 d)\"; lines = 2; preempt = true; waiting_room = \"4 t\";") Q(
              "service = \"exponential(0.7 d)\"; stores = ( { material = \"part\"; capacity = \"0 t\"; } );")
              OUT ");" LINKS;
  run(&a, text);
  world_of_text(&b, text);
  world_run(&b, 40 * DAY);
  EXPECT_OK(mnz_replication_reset(b.r, 0, &b.err), b.err);
  world_finish(&b);
  world_compare(a.result, b.result);
  world_close(&a);
  world_close(&b);
}
