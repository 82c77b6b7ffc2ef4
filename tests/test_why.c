/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the days of a delivery went: small worlds whose legs are known by arithmetic, a blend by hand, and
 * that all legs of all deliveries of large worlds add up. */
#include <stdio.h>

#include "monazite/chronicle.h"
#include "monazite/lack.h"
#include "monazite/why.h"
#include "study/books.h"
#include "world_bench.h"

/* One order of 10 t on the first day, a Monday, with a house that has nothing and a market ten days away. */
#define HOUSE_OF(stores, more)                                                                               \
  "title = \"One house\"; start = \"2026-01-05\"; end = \"2026-12-01\"; origins = ( \"china\" );"            \
  "elements = ( \"Dy\" ); materials = ( { name = \"oxide\"; of = ( \"Dy\" ); } );"                           \
  "nodes = ( { name = \"China\"; kind = \"market\"; country = \"china\"; origin = \"china\";"                \
  "            sells = ( { material = \"oxide\"; } ); },"                                                    \
  "          { name = \"House\"; kind = \"trader\"; country = \"japan\"; buys = ( { material = \"oxide\";"   \
  "            policy = \"base_stock(10 t)\"; review = \"1 d\"; sources = ( { from = \"China\"; } ); } "     \
  "); " stores "} );"                                                                                        \
  "links = ( { name = \"sea\"; from = \"China\"; to = \"House\"; lead_time = \"10 d\"; } );"                 \
  "demand = ( { name = \"users\"; country = \"japan\"; from = \"House\"; product = \"oxide\";"               \
  "             size = \"10 t\"; every = \"1000 d\"; first = \"0 d\"; } );" more
#define HOUSE(more) HOUSE_OF("", more)
#define RULE(steps)                                                                                          \
  HOUSE("regimes = ( { name = \"papers\"; on = { country = \"japan\"; }; steps = ( " steps " ); } );")

typedef struct story {
  world w;
  mnz_replication *r;
  const mnz_model_event *log;
  size_t count;
  mnz_delivery *deliveries;
  size_t n_deliveries;
  mnz_delivery delivery; /* the one that took longest */
  mnz_leg *legs;
  size_t n;
} story;

static void watch_it(story *s) {
  static const mnz_watch watch = {.what = MNZ_WATCH_NOTHING, .events = true, .lots = true};
  bool done;
  EXPECT_OK(mnz_replication_create(&s->r, s->w.scenario, &watch, 0, &s->w.err), s->w.err);
  EXPECT_OK(mnz_replication_run(s->r, MNZ_TO_THE_END, UINT64_MAX, &done, &s->w.err), s->w.err);
  s->log = mnz_replication_log(s->r, &s->count);
  EXPECT_OK(
      mnz_why_deliveries(s->w.scenario, s->log, s->count, -1, &s->deliveries, &s->n_deliveries, &s->w.err),
      s->w.err);
}

static void tell(story *s, const char *text) {
  *s = (story){0};
  world_of_text(&s->w, text);
  watch_it(s);
  cr_assert_gt(s->n_deliveries, 0);
  size_t best = 0;
  for (size_t i = 0; i < s->n_deliveries; i++) {
    const mnz_delivery *d = &s->deliveries[i];
    const mnz_delivery *b = &s->deliveries[best];
    if (d->arrived_us - d->ordered_us > b->arrived_us - b->ordered_us) best = i;
  }
  EXPECT_OK(mnz_why_delivery(s->w.scenario, s->log, s->count, s->deliveries[best].lot, &s->delivery, &s->legs,
                             &s->n, &s->w.err),
            s->w.err);
}

static void close_it(story *s) {
  free(s->legs);
  free(s->deliveries);
  mnz_replication_free(s->r);
  world_close(&s->w);
}

/* "42 licence China, 10 travel China House", the days cut to whole ones. */
static const char *legs_of(const story *s, char *out, size_t room) {
  size_t at = 0;
  out[0] = '\0';
  for (size_t i = 0; i < s->n; i++) {
    const mnz_leg *leg = &s->legs[i];
    const char *other =
        leg->kind == MNZ_LEG_TRAVEL ? mnz_scenario_node_name(s->w.scenario, leg->other) : NULL;
    at += (size_t)snprintf(out + at, room - at, "%s%d %s %s%s%s", i > 0 ? ", " : "",
                           (int)((leg->until_us - leg->from_us) / DAY), mnz_leg_words[leg->kind],
                           mnz_scenario_node_name(s->w.scenario, leg->node), other != NULL ? " " : "",
                           other != NULL ? other : "");
    cr_assert_lt(at, room);
  }
  return out;
}

static void expect_legs(const char *text, const char *legs, const char *cause) {
  char found[512];
  story s;
  tell(&s, text);
  cr_assert_str_eq(legs_of(&s, found, sizeof found), legs);
  bool seen = cause == NULL;
  for (size_t i = 0; i < s.n; i++) {
    const char *name = mnz_scenario_disruption_name(s.w.scenario, s.legs[i].cause);
    seen = seen || (name != NULL && strcmp(name, cause) == 0);
  }
  cr_assert(seen, "no leg is caused by %s", cause);
  close_it(&s);
}

Test(why, has_no_legs_for_what_is_in_stock) {
  expect_legs(HOUSE_OF("stores = ( { material = \"oxide\"; initial = \"50 t\"; } );", ""), "", NULL);
}

Test(why, follows_what_was_not_in_stock_to_the_market) {
  expect_legs(HOUSE(""), "10 travel China House", NULL);
}

Test(why, counts_the_working_days_of_a_licence) {
  /* 30 working days from a Monday: six weeks */
  expect_legs(RULE("{ effective = \"2026-01-05\"; state = \"licence\"; answer = \"30 working days\"; }"),
              "42 licence China, 10 travel China House", "papers");
}

Test(why, tells_a_refusal_and_the_second_application) {
  /* two weeks, thirty days of rest, two weeks under the new terms, by which all are granted */
  expect_legs(RULE("{ effective = \"2026-01-05\"; state = \"licence\"; answer = \"10 working days\"; approve "
                   "= \"0 %\";"
                   "  reapply = \"30 d\"; },"
                   "{ effective = \"2026-02-18\"; state = \"licence\"; answer = \"10 working days\"; }"),
              "14 licence China, 30 refused China, 14 licence China, 10 travel China House", "papers");
}

Test(why, knows_an_embargo_that_opens) {
  expect_legs(RULE("{ effective = \"2026-01-05\"; state = \"embargo\"; }, { effective = \"2026-03-01\"; "
                   "state = \"open\"; }"),
              "55 embargo China, 10 travel China House", "papers");
}

Test(why, waits_for_the_next_period_of_a_quota) {
  expect_legs(RULE("{ effective = \"2026-01-05\"; state = \"quota\"; quota = \"8 t\"; period = \"month\"; }"),
              "27 quota China, 10 travel China House", "papers");
}

Test(why, knows_a_closed_link) {
  expect_legs(HOUSE("disruptions = ( { name = \"blockade\"; hits = ( \"sea\" );"
                    "  periods = ( { from = \"2026-01-05\"; until = \"2026-02-05\"; } ); } );"),
              "31 closed China, 10 travel China House", "blockade");
}

Test(why, knows_a_market_that_is_down) {
  expect_legs(HOUSE("disruptions = ( { name = \"fire\"; hits = ( \"China\" );"
                    "  periods = ( { from = \"2026-01-05\"; until = \"2026-01-25\"; } ); } );"),
              "20 down China, 10 travel China House", "fire");
}

Test(why, tells_an_outage_from_the_embargo_behind_it) {
  /* down until the 25th, and no way to Japan until the 4th of February: an embargo is no less for an outage
   */
  expect_legs(
      RULE("{ effective = \"2026-01-15\"; state = \"embargo\"; }, { effective = \"2026-02-04\"; state = "
           "\"open\"; }") "disruptions = ( { name = \"fire\"; hits = ( \"China\" );"
                          "  periods = ( { from = \"2026-01-05\"; until = \"2026-01-25\"; } ); } );",
      "10 down China, 20 embargo China, 10 travel China House", "fire");
}

Test(why, knows_a_plant_that_was_down) {
  expect_legs(
      "title = \"A plant\"; start = \"2026-01-05\"; end = \"2026-06-01\"; elements = ( \"Dy\" );"
      "materials = ( { name = \"ore\"; content = { Dy = \"10 %\"; }; }, { name = \"oxide\"; of = ( \"Dy\" ); "
      "} );"
      "nodes = ( { name = \"Plant\"; kind = \"plant\"; in = \"ore\"; capacity = \"10 t/d\"; lot = \"20 t\";"
      "  makes = ( { material = \"oxide\"; recovery = \"100 %\"; } );"
      "  stores = ( { material = \"ore\"; initial = \"100 t\"; } ); } );"
      "demand = ( { name = \"users\"; from = \"Plant\"; product = \"oxide\"; size = \"2 t\"; every = \"1000 "
      "d\";"
      "  first = \"0 d\"; } );"
      "disruptions = ( { name = \"fire\"; hits = ( \"Plant\" );"
      "  periods = ( { from = \"2026-01-05\"; until = \"2026-01-25\"; } ); } );",
      "20 down Plant, 2 process Plant", "fire");
}

Test(why, follows_what_is_pushed_on_to_the_mine) {
  /* two days to dig 20 t, three on the belt, two in the plant */
  expect_legs(
      "title = \"A mine\"; start = \"2026-01-05\"; end = \"2026-06-01\"; elements = ( \"Dy\" );"
      "materials = ( { name = \"ore\"; like = \"Mine\"; grade = \"10 %\"; }, { name = \"oxide\"; of = ( "
      "\"Dy\" ); } );"
      "nodes = ( { name = \"Mine\"; kind = \"mine\"; makes = \"ore\"; rate = \"10 t/d\"; lot = \"20 t\";"
      "  ore = { grade = \"10 %\"; split = { Dy = \"100 %\"; }; }; },"
      "  { name = \"Plant\"; kind = \"plant\"; in = \"ore\"; capacity = \"10 t/d\"; lot = \"20 t\";"
      "  makes = ( { material = \"oxide\"; recovery = \"100 %\"; } ); } );"
      "links = ( { from = \"Mine\"; to = \"Plant\"; lead_time = \"3 d\"; } );"
      "demand = ( { name = \"users\"; from = \"Plant\"; product = \"oxide\"; size = \"2 t\"; every = \"1000 "
      "d\";"
      "  first = \"0 d\"; } );",
      "2 process Mine, 3 travel Mine Plant, 2 process Plant", NULL);
}

Test(why, follows_the_part_that_came_last) {
  /* Nd in five days, Dy in twenty; a day of making, three of residence */
  expect_legs("title = \"Dy comes last\"; start = \"2026-01-05\"; end = \"2026-12-01\"; origins = ( "
              "\"china\" ); elements = ( \"Nd\", "
              "\"Dy\" );"
              "materials = ( { name = \"Nd metal\"; form = \"metal\"; of = ( \"Nd\" ); },"
              "  { name = \"Dy metal\"; form = \"metal\"; of = ( \"Dy\" ); },"
              "  { name = \"magnet\"; form = \"metal\"; content = { Nd = \"27 %\"; Dy = \"3 %\"; }; } );"
              "nodes = ( { name = \"West\"; kind = \"market\"; origin = \"china\"; sells = ( { material = "
              "\"Nd metal\"; } ); },"
              "  { name = \"East\"; kind = \"market\"; origin = \"china\"; sells = ( { material = \"Dy "
              "metal\"; } ); },"
              "  { name = \"Maker\"; kind = \"maker\"; buys = ("
              "    { material = \"Nd metal\"; policy = \"base_stock(30 t)\"; review = \"1 d\"; sources = ( { "
              "from = \"West\"; } ); },"
              "    { material = \"Dy metal\"; policy = \"base_stock(3 t)\"; review = \"1 d\"; sources = ( { "
              "from = \"East\"; } ); } );"
              "    makes = ( { material = \"magnet\"; filler = \"70 %\"; yield = \"100 %\"; lot = \"10 t\"; "
              "capacity = \"10 t/d\";"
              "      residence = \"3 d\"; policy = \"base_stock(0 t)\"; recipe = ( { material = \"Nd "
              "metal\"; amount = \"0.27\"; },"
              "      { material = \"Dy metal\"; amount = \"0.03\"; } ); } ); } );"
              "links = ( { from = \"West\"; to = \"Maker\"; lead_time = \"5 d\"; },"
              "  { from = \"East\"; to = \"Maker\"; lead_time = \"20 d\"; } );"
              "demand = ( { name = \"users\"; from = \"Maker\"; product = \"magnet\"; size = \"10 t\"; every "
              "= \"1000 d\";"
              "  first = \"0 d\"; } );",
              "20 travel East Maker, 4 process Maker", NULL);
}

Test(why, tells_what_was_not_ordered_from_what_was_not_sent) {
  /* the house looks every week, and first on the fourth day */
  expect_legs(
      "title = \"Late\"; origins = ( \"china\" ); start = \"2026-01-05\"; end = \"2026-12-01\"; elements = ( "
      "\"Dy\" );"
      "materials = ( { name = \"oxide\"; of = ( \"Dy\" ); } );"
      "nodes = ( { name = \"China\"; kind = \"market\"; origin = \"china\"; sells = ( { material = "
      "\"oxide\"; } ); },"
      "  { name = \"House\"; kind = \"trader\"; buys = ( { material = \"oxide\"; policy = \"base_stock(10 "
      "t)\";"
      "    review = { every = \"7 d\"; first = \"4 d\"; }; sources = ( { from = \"China\"; } ); } ); } );"
      "links = ( { from = \"China\"; to = \"House\"; lead_time = \"10 d\"; } );"
      "demand = ( { name = \"users\"; from = \"House\"; product = \"oxide\"; size = \"10 t\"; every = \"1000 "
      "d\";"
      "  first = \"0 d\"; } );",
      "4 order China, 10 travel China House", NULL);
}

/* ---- a blend, by hand ---- */

static mnz_model_event of_lot(int day, mnz_model_event_kind what, int32_t node, int32_t other, int64_t lot,
                              int64_t parent, double detail) {
  return (mnz_model_event){.time_us = day * DAY,
                           .what = what,
                           .node = node,
                           .other = other,
                           .link = -1,
                           .disruption = -1,
                           .mass_mg = 5 * T_MG,
                           .lot = lot,
                           .parent = parent,
                           .detail = detail};
}

Test(why, follows_a_blend_to_what_came_last) {
  world w;
  mnz_delivery d;
  mnz_leg *legs;
  size_t n;
  world_of_text(&w, HOUSE(""));
  const int32_t china = world_node(&w, "China");
  const int32_t house = world_node(&w, "House");
  const int32_t users = world_node(&w, "users");
  const mnz_model_event log[] = {
      of_lot(0, MNZ_EVENT_BORN, house, -1, 1, 0, NAN),
      of_lot(0, MNZ_EVENT_STORED, house, -1, 1, 0, NAN),
      of_lot(1, MNZ_EVENT_BORN, china, -1, 2, 0, NAN),
      of_lot(1, MNZ_EVENT_SHIPPED, china, house, 2, 0, 1),
      of_lot(1, MNZ_EVENT_DEPARTED, china, house, 2, 0, 5),
      of_lot(6, MNZ_EVENT_ARRIVED, house, china, 2, 0, 5),
      of_lot(6, MNZ_EVENT_MERGED, house, -1, 1, 2, NAN),
      of_lot(9, MNZ_EVENT_SPLIT, house, -1, 3, 1, NAN),
      of_lot(9, MNZ_EVENT_SHIPPED, house, users, 3, 0, 9),
      of_lot(9, MNZ_EVENT_ARRIVED, users, house, 3, 0, 0),
  };
  EXPECT_OK(mnz_model_events_check(w.scenario, "by hand", log, sizeof log / sizeof *log, &w.err), w.err);
  EXPECT_OK(mnz_why_delivery(w.scenario, log, sizeof log / sizeof *log, 3, &d, &legs, &n, &w.err), w.err);
  static const mnz_leg_kind kinds[] = {MNZ_LEG_BEFORE, MNZ_LEG_TRAVEL, MNZ_LEG_STOCK};
  static const int64_t days[] = {1, 5, 3};
  cr_assert_eq(n, 3);
  for (size_t i = 0; i < n; i++) {
    EXPECT(legs[i].kind == kinds[i]);
    EXPECT(legs[i].until_us - legs[i].from_us == days[i] * DAY);
  }
  free(legs);
  world_close(&w);
}

Test(why, refuses_what_is_no_log_of_the_scenario) {
  world w;
  mnz_error err;
  world_of_text(&w, HOUSE(""));
  mnz_model_event bad[] = {of_lot(0, MNZ_EVENT_BORN, 0, -1, 1, 0, NAN),
                           of_lot(0, MNZ_EVENT_BORN, 0, -1, 1, 0, NAN)};
  EXPECT_OK(mnz_model_events_check(w.scenario, "x.h5", bad, 2, &w.err), w.err);
  bad[1].node = 1000;
  cr_assert_eq(mnz_model_events_check(w.scenario, "x.h5", bad, 2, &err), MNZ_FORMAT);
  cr_assert_str_eq(err.message, "event 1 is none of its scenario: the file is damaged");
  bad[1] = bad[0];
  bad[1].lot = INT64_MAX;
  cr_assert_eq(mnz_model_events_check(w.scenario, "x.h5", bad, 2, &err), MNZ_FORMAT);
  bad[1] = bad[0];
  bad[1].what = MNZ_EVENT_DISRUPTED;
  cr_assert_eq(mnz_model_events_check(w.scenario, "x.h5", bad, 2, &err), MNZ_FORMAT,
               "no disruption is named");
  bad[1] = bad[0];
  bad[0].time_us = DAY;
  cr_assert_eq(mnz_model_events_check(w.scenario, "x.h5", bad, 2, &err), MNZ_FORMAT, "time goes on");
  world_close(&w);
}

Test(why, wants_a_log_with_lots_and_a_delivery) {
  story s;
  mnz_error err;
  mnz_leg *legs;
  size_t n;
  tell(&s, HOUSE(""));
  cr_assert_eq(mnz_why_delivery(s.w.scenario, NULL, 0, 1, &s.delivery, &legs, &n, &err), MNZ_USAGE);
  cr_assert_eq(mnz_why_delivery(s.w.scenario, s.log, s.count, 999, &s.delivery, &legs, &n, &err), MNZ_USAGE);
  cr_assert_str_eq(err.message, "lot 999 was not ordered and delivered");
  close_it(&s);
}

/* ---- all deliveries of large worlds ---- */

static size_t expect_sums(const char *path) {
  story s = {0};
  mnz_problems *problems = NULL;
  EXPECT_OK(mnz_scenario_load(&s.w.scenario, path, NULL, 0, &problems, &s.w.err), s.w.err);
  mnz_problems_free(problems);
  watch_it(&s);
  for (size_t i = 0; i < s.n_deliveries; i++) {
    const mnz_delivery *d = &s.deliveries[i];
    EXPECT_OK(mnz_why_delivery(s.w.scenario, s.log, s.count, d->lot, &s.delivery, &s.legs, &s.n, &s.w.err),
              s.w.err);
    int64_t at = d->ordered_us;
    for (size_t k = 0; k < s.n; k++) {
      EXPECT(s.legs[k].from_us == at && s.legs[k].until_us > at);
      at = s.legs[k].until_us;
    }
    if (at != d->arrived_us)
      cr_assert_fail("%s: lot %lld: legs end %.3f d before it arrived", path, (long long)d->lot,
                     (double)(d->arrived_us - at) / (double)DAY);
    free(s.legs);
    s.legs = NULL;
  }
  const size_t n = s.n_deliveries;
  close_it(&s);
  return n;
}

Test(why, adds_up_for_all_deliveries_of_the_base_scenario) {
  cr_assert_gt(expect_sums(MNZ_SOURCE_DIR "/scenarios/sojitz-lynas.cfg"), 1000);
}

Test(why, adds_up_for_all_deliveries_with_china_closed) {
  cr_assert_gt(expect_sums(MNZ_SOURCE_DIR "/scenarios/china-closed.cfg"), 1000);
}

Test(why, adds_up_for_all_deliveries_under_licences) {
  cr_assert_gt(expect_sums(MNZ_SOURCE_DIR "/scenarios/2025-april-licences.cfg"), 100);
}

Test(why, adds_up_for_all_deliveries_of_many_features) {
  static const char *const names[] = {"export-controls",  "embargo-dated", "licence-queue",
                                      "quota-carry-over", "kits",          "link-closed-return",
                                      "link-closed-wait", "weather-port",  "recycle-loop"};
  size_t n = 0;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char path[512];
    snprintf(path, sizeof path, MNZ_SOURCE_DIR "/scenarios/features/%s.cfg", names[i]);
    n += expect_sums(path);
  }
  cr_assert_gt(n, 1000);
}

/* ---- the chronicle ---- */

Test(chronicle, has_outages_and_steps_with_their_ends) {
  story s;
  mnz_chronicle c;
  tell(&s, RULE("{ announced = \"2026-01-10\"; effective = \"2026-01-15\"; state = \"embargo\"; },"
                "{ effective = \"2026-02-04\"; state = \"open\"; }") "disruptions = ( { name = \"fire\"; "
                                                                     "hits = ( \"China\", \"sea\" );"
                                                                     "  periods = ( { from = \"2026-01-06\"; "
                                                                     "until = \"2026-01-25\"; } ); } );");
  EXPECT_OK(mnz_chronicle_of(&c, s.w.scenario, s.log, s.count, &s.w.err), s.w.err);
  static const struct {
    mnz_episode_kind kind;
    int64_t from, until;
  } expected[] = {{MNZ_EPISODE_OUTAGE, 1, 20},    {MNZ_EPISODE_OUTAGE, 1, 20}, {MNZ_EPISODE_CLOSED, 1, 20},
                  {MNZ_EPISODE_ANNOUNCED, 5, 10}, {MNZ_EPISODE_RULED, 10, 30}, {MNZ_EPISODE_RULED, 30, -1}};
  size_t n = 0;
  for (size_t i = 0; i < c.count; i++) {
    const mnz_episode *e = &c.at[i];
    if (e->kind == MNZ_EPISODE_ANNOUNCED && e->until_us == e->from_us)
      continue; /* told when it took effect */
    EXPECT(n < sizeof expected / sizeof *expected);
    EXPECT(e->kind == expected[n].kind && e->from_us == expected[n].from * DAY);
    EXPECT(e->until_us == (expected[n].until < 0 ? MNZ_STILL : expected[n].until * DAY));
    n++;
  }
  cr_assert_eq(n, sizeof expected / sizeof *expected);
  mnz_chronicle_free(&c);
  close_it(&s);
}

/* ---- what a node lacked ---- */

typedef struct lacking {
  story s;
  mnz_lack *tree;
  size_t n;
} lacking;

static void lack_of(lacking *l, const char *text, const char *node, double day) {
  tell(&l->s, text);
  const int64_t now = llround(day * (double)DAY);
  EXPECT_OK(mnz_why_lack(l->s.w.scenario, l->s.log, l->s.count, world_node(&l->s.w, node), -1, now, &l->tree,
                         &l->n, &l->s.w.err),
            l->s.w.err);
}

static void end_lack(lacking *l) {
  free(l->tree);
  close_it(&l->s);
}

/* A chain of entries, each below the one before: its node and its cause. */
static void expect_chain(const char *text, double day, const char *const *nodes, const mnz_lack_cause *causes,
                         size_t n, const char *cause) {
  lacking l;
  lack_of(&l, text, "users", day);
  cr_assert_eq(l.n, n, "%zu entries, not %zu", l.n, n);
  for (size_t i = 0; i < n; i++) {
    EXPECT(l.tree[i].level == (int32_t)i && l.tree[i].parent == (int32_t)i - 1);
    const char *name = mnz_scenario_node_name(l.s.w.scenario, l.tree[i].node);
    if (strcmp(name, nodes[i]) != 0) cr_assert_fail("entry %zu is %s, not %s", i, name, nodes[i]);
    if (l.tree[i].cause != causes[i])
      cr_assert_fail("%s: %s, not %s", name, mnz_lack_words[l.tree[i].cause], mnz_lack_words[causes[i]]);
  }
  const mnz_lack *main_one = mnz_lack_main(l.tree, l.n, llround(day * (double)DAY));
  if (cause == NULL) {
    cr_assert_null(main_one);
  } else {
    cr_assert_not_null(main_one);
    cr_assert_str_eq(mnz_scenario_disruption_name(l.s.w.scenario, main_one->disruption), cause);
  }
  end_lack(&l);
}

static void expect_at_china(const char *text, double day, mnz_lack_cause what, const char *cause) {
  static const char *const nodes[] = {"users", "House", "China"};
  const mnz_lack_cause causes[] = {MNZ_LACK_WAITS, MNZ_LACK_WAITS, what};
  expect_chain(text, day, nodes, causes, 3, cause);
}

Test(lack, goes_up_to_an_embargo) {
  expect_at_china(RULE("{ effective = \"2026-01-05\"; state = \"embargo\"; },"
                       "{ effective = \"2026-03-01\"; state = \"open\"; }"),
                  20, MNZ_LACK_EMBARGO, "papers");
}

Test(lack, goes_up_to_a_licence_that_is_not_there) {
  expect_at_china(RULE("{ effective = \"2026-01-05\"; state = \"licence\"; answer = \"30 working days\"; }"),
                  20, MNZ_LACK_LICENCE, "papers");
}

Test(lack, goes_up_to_a_closed_link_and_to_an_outage) {
  expect_at_china(HOUSE("disruptions = ( { name = \"blockade\"; hits = ( \"sea\" );"
                        "  periods = ( { from = \"2026-01-05\"; until = \"2026-02-05\"; } ); } );"),
                  20, MNZ_LACK_CLOSED, "blockade");
  expect_at_china(HOUSE("disruptions = ( { name = \"fire\"; hits = ( \"China\" );"
                        "  periods = ( { from = \"2026-01-05\"; until = \"2026-01-25\"; } ); } );"),
                  19.5, MNZ_LACK_OUTAGE, "fire");
}

Test(lack, takes_no_short_stop_for_the_cause_of_a_long_wait) {
  /* a day's stop at the end of an embargo of 55 days */
  expect_at_china(
      RULE("{ effective = \"2026-01-05\"; state = \"embargo\"; },"
           "{ effective = \"2026-03-01\"; state = \"open\"; }") "disruptions = ( { name = \"fire\"; hits = ( "
                                                                "\"China\" );"
                                                                "  periods = ( { from = \"2026-02-27\"; "
                                                                "until = \"2026-02-28\"; } ); } );",
      53.5, MNZ_LACK_EMBARGO, "papers");
}

Test(lack, says_that_what_was_ordered_is_under_way) {
  static const char *const nodes[] = {"users", "House"};
  static const mnz_lack_cause causes[] = {MNZ_LACK_WAITS, MNZ_LACK_TRAVEL};
  expect_chain(HOUSE(""), 5, nodes, causes, 2, NULL);
}

Test(lack, has_nothing_to_say_when_all_is_there) {
  lacking l;
  lack_of(&l, HOUSE(""), "users", 50);
  cr_assert_eq(l.n, 0);
  end_lack(&l);
}

Test(lack, knows_masses_and_dates) {
  lacking l;
  lack_of(&l,
          RULE("{ effective = \"2026-01-05\"; state = \"embargo\"; }, { effective = \"2026-03-01\"; state = "
               "\"open\"; }"),
          "House", 20);
  /* asked about, the house owes what the users wait for */
  cr_assert_eq(l.n, 2);
  EXPECT(!l.tree[0].lacks && l.tree[0].owed_mg == 10 * T_MG && l.tree[0].stock_mg == 0);
  EXPECT(l.tree[1].owed_mg == 20 * T_MG && l.tree[1].since_us == 0 && l.tree[1].to == l.tree[0].node);
  EXPECT(l.tree[1].cause_from_us == 0 && l.tree[1].cause_until_us == MNZ_STILL);
  end_lack(&l);
}

/* ---- what is worked out from a log is what there was ---- */

static void expect_books(const char *path, double day) {
  story s = {0};
  mnz_problems *problems = NULL;
  mnz_books books;
  bool done;
  static const mnz_watch watch = {.what = MNZ_WATCH_NOTHING, .events = true, .lots = true};
  EXPECT_OK(mnz_scenario_load(&s.w.scenario, path, NULL, 0, &problems, &s.w.err), s.w.err);
  mnz_problems_free(problems);
  EXPECT_OK(mnz_replication_create(&s.r, s.w.scenario, &watch, 0, &s.w.err), s.w.err);
  const int64_t now = llround(day * (double)DAY) + 1;
  EXPECT_OK(mnz_replication_run(s.r, now, UINT64_MAX, &done, &s.w.err), s.w.err);
  s.log = mnz_replication_log(s.r, &s.count);
  EXPECT_OK(mnz_books_at(&books, s.w.scenario, s.log, s.count, now, &s.w.err), s.w.err);
  for (int32_t n = 0; n < s.w.scenario->nodes.count; n++) {
    for (int32_t m = 0; m < s.w.scenario->catalog.n_materials; m++) {
      const mnz_shelf *shelf = mnz_site_shelf(&s.r->sites[n], m);
      const mnz_mass told = books.stock[(size_t)n * books.n_materials + (size_t)m];
      const mnz_mass is = shelf == NULL ? 0 : shelf->store.mass;
      if (told != is)
        cr_assert_fail("%s: %s has %lld mg of %s, the log says %lld", path,
                       mnz_scenario_node_name(s.w.scenario, n), (long long)is,
                       mnz_scenario_material_name(s.w.scenario, m), (long long)told);
    }
  }
  for (size_t i = 0; i < books.n_flows; i++) {
    const mnz_flow_book *f = &books.flows[i];
    const mnz_shelf *shelf = mnz_site_shelf(&s.r->sites[f->seller], f->material);
    int64_t since;
    mnz_time first;
    const mnz_mass told = mnz_book_owed(f, &since);
    const mnz_mass is = shelf == NULL ? 0 : mnz_book_open(&shelf->book, f->buyer, MNZ_NEVER, &first);
    if (told != is || (told > 0 && since != first))
      cr_assert_fail("%s: %s owes %s %lld mg since %lld, the log says %lld since %lld", path,
                     mnz_scenario_node_name(s.w.scenario, f->seller),
                     mnz_scenario_node_name(s.w.scenario, f->buyer), (long long)is, (long long)first,
                     (long long)told, (long long)since);
  }
  mnz_books_free(&books);
  mnz_replication_free(s.r);
  world_close(&s.w);
}

Test(books, of_the_log_are_those_of_the_world) {
  expect_books(MNZ_SOURCE_DIR "/scenarios/sojitz-lynas.cfg", 700);
  expect_books(MNZ_SOURCE_DIR "/scenarios/china-closed.cfg", 300);
  expect_books(MNZ_SOURCE_DIR "/scenarios/2026-dual-use-ban.cfg", 1200);
}

Test(lack, is_a_tree_at_any_time_of_a_large_scenario) {
  story s = {0};
  mnz_problems *problems = NULL;
  size_t entries = 0;
  EXPECT_OK(mnz_scenario_load(&s.w.scenario, MNZ_SOURCE_DIR "/scenarios/china-closed.cfg", NULL, 0, &problems,
                              &s.w.err),
            s.w.err);
  mnz_problems_free(problems);
  watch_it(&s);
  for (int32_t node = 0; node < s.w.scenario->nodes.count; node++) {
    for (int day = 0; day < 1800; day += 450) {
      mnz_lack *tree;
      size_t n;
      EXPECT_OK(mnz_why_lack(s.w.scenario, s.log, s.count, node, -1, day * DAY, &tree, &n, &s.w.err),
                s.w.err);
      for (size_t i = 0; i < n; i++) {
        const mnz_lack *e = &tree[i];
        EXPECT(e->parent < (int32_t)i && e->level < MNZ_LACK_LEVELS);
        EXPECT(e->level == (e->parent < 0 ? 0 : tree[e->parent].level + 1));
        EXPECT(e->owed_mg >= 0 && e->stock_mg >= 0 && e->coming_mg >= 0 && e->since_us <= day * DAY);
        EXPECT(e->cause_from_us <= day * DAY);
      }
      entries += n;
      free(tree);
    }
  }
  cr_assert_gt(entries, 100);
  close_it(&s);
}
