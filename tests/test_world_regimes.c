/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Regimes among sellers and buyers: who gets what when something may not leave. */
#include "world_bench.h"

#define HEAD                                                                                                 \
  "title = 'Rules'; start = '2026-01-01'; end = '2026-12-27'; elements = ('Nd', 'Dy');"                      \
  "origins = ('australia', 'china');"                                                                        \
  "materials = ( { name = 'oxide'; of = ('Dy'); } );"

/* Text with ' for ". */
static void rules_of(world *w, const char *text) {
  char *quoted = strdup(text);
  for (char *at = quoted; *at != '\0'; at++)
    if (*at == '\'') *at = '"';
  world_of_text(w, quoted);
  free(quoted);
}

/* --- what is in stock --- */

#define MIXED                                                                                                \
  HEAD "nodes = ("                                                                                           \
       "  { name = 'Mixed'; kind = 'trader'; country = 'vietnam'; takes = 'oxide';"                          \
       "    stores = ( { material = 'oxide'; initial = '100 t'; lot = '10 t'; origin = 'china'; } ); },"     \
       "  { name = 'Mine trade'; kind = 'market'; country = 'australia'; origin = 'australia';"              \
       "    sells = ( { material = 'oxide'; capacity = '10 kt/yr'; } ); },"                                  \
       "  { name = 'Shop'; kind = 'trader'; country = 'vietnam';"                                            \
       "    buys = ( { material = 'oxide'; policy = 'base_stock(60 t)'; review = '1 d';"                     \
       "               sources = ( { from = 'Mine trade'; } ); } );"                                         \
       "    stores = ( { material = 'oxide'; initial = '30 t'; lot = '10 t'; origin = 'china'; } ); } );"    \
       "links = ( { from = 'Mine trade'; to = 'Shop'; } );"                                                  \
       "demand = ( { name = 'japan'; country = 'japan'; from = 'Shop'; product = 'oxide'; rate = '1 t/d';"   \
       "             every = '1 d'; } );"                                                                    \
       "regimes = ( { name = 'rule'; on = { origin = 'china'; country = 'japan'; };"                         \
       "              steps = ( { effective = '2025-01-01'; state = 'embargo'; } ); } );"

/* The Chinese lots lie before the Australian ones; these go all the same. */
Test(regimes, let_lots_pass_that_lie_behind_others_that_must_stay) {
  world w;
  rules_of(&w, MIXED);
  world_finish(&w);
  cr_expect_eq(world_by_node(&w, "node_short", "japan"), 0);
  cr_expect_float_eq(world_by_node(&w, "node_delivered", "japan"), 360, 1e-9);
  mnz_mass chinese = 0;
  const mnz_lot *lot = world_shelf(&w, "Shop", "oxide")->store.queue.first;
  for (; lot != NULL; lot = lot->next)
    if (lot->part[mnz_component(&w.scenario->catalog, 1, 1)] > 0) chinese += lot->mass;
  cr_expect_eq(chinese, 30 * T_MG);
  world_close(&w);
}

/* --- whom to turn to --- */

#define TWO_SOURCES(rule)                                                                                    \
  HEAD "nodes = ("                                                                                           \
       "  { name = 'China'; kind = 'market'; country = 'china'; origin = 'china';"                           \
       "    sells = ( { material = 'oxide'; capacity = '10 kt/yr'; } ); },"                                  \
       "  { name = 'Australia'; kind = 'market'; country = 'australia'; origin = 'australia';"               \
       "    sells = ( { material = 'oxide'; capacity = '10 kt/yr'; } ); },"                                  \
       "  { name = 'Shop'; kind = 'trader'; country = 'japan';"                                              \
       "    buys = ( { material = 'oxide'; policy = 'base_stock(10 t)'; review = '1 d';"                     \
       "               sources = ( { from = 'China'; }, { from = 'Australia'; } ); } ); } );"                \
       "links = ( { from = 'China'; to = 'Shop'; }, { from = 'Australia'; to = 'Shop'; } );"                 \
       "demand = ( { name = 'users'; country = 'japan'; from = 'Shop'; product = 'oxide'; rate = '1 t/d';"   \
       "             every = '1 d'; } );"                                                                    \
       "regimes = ( { name = 'rule'; on = { from = 'china'; country = 'japan'; }; " rule " } );"

static double from_china(const world *w) {
  const mnz_demand_tally *tally = mnz_demand_of(&w->r->sites[world_node(w, "users")]);
  return (double)tally->delivered[mnz_component(&w->scenario->catalog, 1, 1)] * 1e-9;
}

Test(regimes, send_buyers_to_their_next_source) {
  world w;
  rules_of(&w, TWO_SOURCES("steps = ( { effective = '2026-04-11'; state = 'embargo'; } );"));
  world_finish(&w);
  cr_expect_eq(world_by_node(&w, "node_short", "users"), 0);
  cr_expect_float_eq(from_china(&w), 110, 1e-9, "%g", from_china(&w)); /* 100 days, and 10 t in stock */
  world_close(&w);
}

/* The first orders of the year go to Australia; the licence that was asked for then comes on 2 March, after
 * 42 working days from 1 January. */
Test(regimes, have_buyers_apply_for_their_first_source_while_they_buy_from_the_next) {
  world w;
  rules_of(&w, TWO_SOURCES("steps = ( { effective = '2026-01-01'; state = 'licence'; per = 'buyer';"
                           "            answer = '42 working days'; } );"));
  world_finish(&w);
  cr_expect_eq(world_by_node(&w, "node_short", "users"), 0);
  cr_expect_float_eq(from_china(&w), 360 - 60 - 10, 1e-9, "%g", from_china(&w));
  world_close(&w);
}

/* --- who waits, and who does not --- */

#define TWO_BUYERS(rule)                                                                                     \
  HEAD "nodes = ("                                                                                           \
       "  { name = 'House'; kind = 'trader'; country = 'china'; takes = 'oxide';"                            \
       "    stores = ( { material = 'oxide'; initial = '400 t'; origin = 'china'; } ); } );"                 \
       "demand = ( { name = 'cars'; country = 'japan'; from = 'House'; product = 'oxide'; rate = '1 t/d';"   \
       "             every = '1 d'; priority = 1; end_use = 'cars'; },"                                      \
       "           { name = 'arms'; country = 'japan'; from = 'House'; product = 'oxide'; rate = '1 t/d';"   \
       "             every = '1 d'; priority = 1; end_use = 'defence'; },"                                   \
       "           { name = 'home'; country = 'china'; from = 'House'; product = 'oxide'; rate = '10 kg/d';" \
       "             every = '1 d'; priority = 2; } );"                                                      \
       "regimes = ( { name = 'rule'; " rule " } );"

Test(regimes, hold_nobody_back_but_whom_they_rule) {
  world w;
  rules_of(&w, TWO_BUYERS("on = { from = 'china'; country = 'japan'; end_uses = ( 'defence' ); };"
                          "steps = ( { effective = '2025-01-01'; state = 'embargo'; } );"));
  world_finish(&w);
  cr_expect_eq(world_by_node(&w, "node_short", "cars"), 0);
  cr_expect_eq(world_by_node(&w, "node_delivered", "arms"), 0);
  cr_expect_eq(world_by_node(&w, "node_short", "home"), 0, "nothing is ruled within one country");
  world_close(&w);
}

/* 30 t a month are shared by two who want 1 t a day each: both stop after 15 days; who is at home does not.
 */
Test(regimes, share_a_quota_among_all_and_leave_the_others_alone) {
  world w;
  rules_of(
      &w,
      TWO_BUYERS(
          "on = { from = 'china'; };"
          "steps = ( { effective = '2025-01-01'; state = 'quota'; quota = '30 t'; period = 'month'; } );"));
  world_run(&w, 31 * DAY);
  const mnz_demand_tally *cars = mnz_demand_of(&w.r->sites[world_node(&w, "cars")]);
  const mnz_demand_tally *arms = mnz_demand_of(&w.r->sites[world_node(&w, "arms")]);
  cr_expect_eq(cars->delivered_mass, 15 * T_MG);
  cr_expect_eq(arms->delivered_mass, 15 * T_MG);
  world_run(&w, 31 * DAY + 1);
  cr_expect_eq(cars->delivered_mass + arms->delivered_mass, 60 * T_MG, "what waited goes first");
  world_finish(&w);
  cr_expect_eq(world_by_node(&w, "node_short", "home"), 0);
  world_close(&w);
}

Test(regimes, give_each_buyer_a_quota_if_they_say_so) {
  world w;
  rules_of(&w, TWO_BUYERS("on = { from = 'china'; };"
                          "steps = ( { effective = '2025-01-01'; state = 'quota'; quota = '20 t'; period = "
                          "'month'; shared = false; } );"));
  world_run(&w, 31 * DAY);
  cr_expect_eq(mnz_demand_of(&w.r->sites[world_node(&w, "cars")])->delivered_mass, 20 * T_MG);
  cr_expect_eq(mnz_demand_of(&w.r->sites[world_node(&w, "arms")])->delivered_mass, 20 * T_MG);
  world_finish(&w);
  world_close(&w);
}

/* --- what is pushed on --- */

Test(regimes, hold_what_is_pushed_on_until_its_licence_comes) {
  world w;
  rules_of(&w, HEAD
           "nodes = ("
           "  { name = 'Works'; kind = 'source'; country = 'china'; origin = 'china'; material = 'oxide';"
           "    lot = '1 t'; every = '1 d'; },"
           "  { name = 'Depot'; kind = 'trader'; country = 'japan'; takes = 'oxide'; } );"
           "links = ( { from = 'Works'; to = 'Depot'; } );"
           "regimes = ( { name = 'rule'; on = { from = 'china'; country = 'japan'; };"
           "  steps = ( { effective = '2026-01-11'; state = 'licence'; per = 'buyer'; answer = '20 d'; },"
           "            { effective = '2026-03-01'; state = 'embargo'; } ); } );");
  world_run(&w, 10 * DAY); /* lots of days 1 to 9 */
  cr_expect_eq(world_stock(&w, "Depot", "oxide"), 9 * T_MG);
  world_run(&w, 30 * DAY);
  cr_expect_leq(world_stock(&w, "Depot", "oxide"), 10 * T_MG);
  world_run(&w, 32 * DAY);
  cr_expect_eq(world_stock(&w, "Depot", "oxide"), 31 * T_MG);
  world_run(&w, 100 * DAY);
  cr_expect_eq(world_stock(&w, "Depot", "oxide"), 58 * T_MG); /* 1 March is day 59 */
  world_finish(&w);
  world_close(&w);
}
