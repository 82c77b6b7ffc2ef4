/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makers: recipes in order of preference, thrift, yields that are drawn, swarf that comes back. */
#include "domain/facilities/demand.h"
#include "world_bench.h"

#define FEATURE(name) "../../scenarios/features/" name ".cfg"
#define KG_MG         INT64_C(1000000)

static double tonnes_made(const world *w, const char *node, const char *material) {
  return (double)w->r->ledger
             .made[mnz_ledger_slot(&w->r->ledger, world_node(w, node), world_material(w, material))] /
         T_MG;
}

/* --- thrift --- */

/* 40 t at 0.4 t/d: below 60 days on day 40, qualified on day 70 with 12 t left, which last 60 days at 0.2
 * t/d. */
Test(thrift, stretches_what_is_left_once_it_is_qualified) {
  world w;
  world_of(&w, FEATURE("dy-thrift"));
  world_run(&w, 69 * DAY);
  cr_assert_float_eq((double)world_stock(&w, "Maker", "Dy metal") / T_MG, 40 - 69 * 0.4, 0.5);
  world_run(&w, 110 * DAY);
  cr_assert_float_eq((double)world_stock(&w, "Maker", "Dy metal") / T_MG, 12 - 40 * 0.2, 0.5);
  world_finish(&w);
  cr_assert_float_eq(world_by_node(&w, "node_first_shortage", "motors"), 131,
                     2.5); /* with the day in stock */
  cr_assert_float_eq(world_by_node(&w, "thrift_saved", "Maker"), 12, 0.5);
  cr_assert_float_eq(world_by_element(&w, "delivered", "Dy"),
                     40 / mnz_oxide_to_metal("Dy") + 0.4 / mnz_oxide_to_metal("Dy"), 0.2);
  world_close(&w);
}

Test(thrift, is_given_up_when_the_cover_is_back) {
  world w;
  /* The ban ends on day 100: thrift is in use until the stock covers 80 days again. */
  world_of(&w, FEATURE("dy-thrift"), "nodes['Maker'].makes[0].thrift[0].above='80 d'",
           "disruptions=( { name = 'ban'; hits = ( 'Dy by air' ); periods = ( { from = '2026-01-01'; until = "
           "'2026-04-11'; } ); } )");
  world_finish(&w);
  cr_assert_float_eq(world_by_node(&w, "thrift_saved", "Maker"), 30 * 0.2, 0.5);
  EXPECT(isnan(world_by_node(&w, "node_first_shortage", "motors")));
  world_close(&w);
  world_of(&w, FEATURE("dy-thrift"), "nodes['Maker'].makes[0].thrift[0].reversible=false",
           "disruptions=( { name = 'ban'; hits = ( 'Dy by air' ); periods = ( { from = '2026-01-01'; until = "
           "'2026-04-11'; } ); } )");
  world_finish(&w);
  cr_assert_float_eq(world_by_node(&w, "thrift_saved", "Maker"), 130 * 0.2, 0.5);
  world_close(&w);
}

Test(thrift, can_put_another_input_in_the_place_of_what_it_saves) {
  world w;
  world_of(&w, FEATURE("dy-thrift"), "nodes['Maker'].makes[0].thrift[0].by='Nd metal'",
           "nodes['Maker'].makes[0].thrift[0].share='100 %'");
  world_finish(&w);
  EXPECT(isnan(world_by_node(&w, "node_first_shortage", "motors"))); /* for good without dysprosium */
  const double nd = world_by_element(&w, "delivered", "Nd") * mnz_oxide_to_metal("Nd");
  cr_assert_float_eq(nd, 2000 * 0.28 + 130 * 10 * 0.04, 3);
  world_close(&w);
}

/* --- recipes --- */

Test(recipes, are_taken_in_order_of_preference_as_inputs_and_dates_allow) {
  world w;
  world_of(&w, FEATURE("alternative-recipes"));
  world_run(&w, 100 * DAY);
  cr_assert_float_eq(tonnes_made(&w, "Maker", "magnet"), 500, 15);
  world_run(&w, 110 * DAY);
  const double before = tonnes_made(&w, "Maker", "magnet");
  world_run(&w, 390 * DAY);
  cr_assert_float_eq(tonnes_made(&w, "Maker", "magnet") - before, 2800, 11);
  const mnz_shelf *shelf = world_shelf(&w, "Maker", "magnet");
  double rich = 0;
  double all = 0;
  for (const mnz_lot *lot = shelf->store.queue.first; lot != NULL; lot = lot->next) {
    if (lot->born < 110 * DAY) continue;
    all++;
    rich += (double)lot->part[1] > 0.03 * (double)lot->mass;
  }
  cr_assert_float_eq(rich / all, 0.2, 0.01);
  world_close(&w);
}

/* --- swarf --- */

Test(swarf, comes_back_as_metal) {
  world w;
  world_of(&w, FEATURE("swarf"));
  world_run(&w, 181 * DAY);
  const double from_swarf = tonnes_made(&w, "Recycler", "Nd oxide");
  const double metal = tonnes_made(&w, "Metal works", "Nd metal");
  const double magnets = tonnes_made(&w, "Magnet maker", "magnet");
  world_run(&w, 730 * DAY);
  const double oxide = (tonnes_made(&w, "Metal works", "Nd metal") - metal) * 1.1663;
  const double share = (tonnes_made(&w, "Recycler", "Nd oxide") - from_swarf) / oxide;
  cr_assert_float_eq(share, 0.225, 0.003, "%g", share);
  cr_assert_float_eq(tonnes_made(&w, "Magnet maker", "magnet") - magnets, 549 * 10, 60);
  world_finish(&w);
  world_close(&w);
}

/* The mean of 75 % within its standard error: uniform over 10 %, sd 2.89 %. */
Test(yields, are_drawn_once_a_lot) {
  world w;
  world_of(&w, FEATURE("swarf"));
  world_run(&w, 730 * DAY);
  const double product = tonnes_made(&w, "Magnet maker", "magnet");
  const double swarf = tonnes_made(&w, "Magnet maker", "swarf");
  const double lots = (product + swarf) / 2;
  cr_assert_lt(fabs(product / (product + swarf) - 0.75), 3.5 * 0.0289 / sqrt(lots));
  EXPECT(fabs(product / (product + swarf) - 0.75) > 1e-9);
  world_close(&w);
}

/* --- end of life --- */

/* Serves exactly two years; a lot of 1 t a day. By the end of month 48 those have come back whose end, to the
 * nearest twelfth of a year, is not later: begun before day 730 + 15.2. */
#define TWO_YEARS                                                                                            \
  "demand=( { name = 'motors'; from = 'Magnet maker'; product = 'magnet'; rate = '1 t/d'; every = '1 d';"    \
  "           end_of_life = { life = '2 yr'; collected = '40 %'; returns = 'old magnets'; }; } )"

Test(end_of_life, brings_back_what_is_collected_of_old_cohorts) {
  world w;
  world_of(&w, FEATURE("end-of-life"), TWO_YEARS, "end='2032-01-01'");
  world_run(&w, 700 * DAY);
  cr_assert_eq(world_in(&w, "motors", "old magnets"), 0);
  world_run(&w, 1460 * DAY + 1);
  const mnz_mass all = mnz_demand_of(&w.r->sites[world_node(&w, "motors")])->delivered_mass;
  EXPECT(all == 1461 * T_MG);
  const double back = tonnes_made(&w, "motors", "old magnets");
  cr_assert_float_eq(back, 746 * 0.4, 1e-6);
  const mnz_mass *use = mnz_ledger_held(
      &w.r->ledger, mnz_ledger_slot(&w.r->ledger, world_node(&w, "motors"), world_material(&w, "magnet")),
      MNZ_PLACE_USE);
  const double nd = 0.3 / mnz_oxide_to_metal("Nd");
  cr_assert_float_eq((double)use[0] / T_MG, (1461 - 746) * nd, 0.05);
  world_finish(&w);
  cr_assert_float_eq(world_by_element(&w, "returned", "Nd") / nd, tonnes_made(&w, "motors", "old magnets"),
                     0.1);
  world_close(&w);
}

/* Deliveries of one year only; what comes back does so a mean lifetime later on average: Weibull of shape 3,
 * coefficient of variation 36.3 %, on 366 lots. */
Test(end_of_life, follows_the_distribution_of_lives) {
  world w;
  world_of(&w, FEATURE("end-of-life"), "end='2046-01-01'",
           "demand=( { name = 'motors'; from = 'Magnet maker'; product = 'magnet'; every = '1 d';"
           "           rate = ( { from = '2026-01-01'; rate = '1 t/d'; }, { from = '2027-01-01'; rate = '0 "
           "t/d'; } );"
           "           end_of_life = { life = 'weibull(mean 4 yr, shape 3)'; collected = '100 %'; returns = "
           "'old magnets'; }; } )");
  double before = 0;
  double sum = 0;
  for (int32_t month = 0; month <= 235; month++) {
    world_run(&w, month * (365 * DAY / 12) + 1);
    const double now = tonnes_made(&w, "motors", "old magnets");
    sum += (now - before) * month / 12;
    before = now;
  }
  cr_assert_float_eq(before, 365, 1e-6, "%g", before); /* every one of them */
  const double mean = sum / before - 0.4986;           /* the mean date of delivery, years */
  cr_assert_lt(fabs(mean - 4), 3.5 * 4 * 0.363 / sqrt(365), "%g", mean);
  world_finish(&w);
  cr_assert_eq(world_ended(&w, MNZ_END_LOST), 0);
  cr_assert_eq(world_by_element(&w, "in_use_end", "Nd"), 0);
  world_close(&w);
}

/* 40 % of what ends before the first of January 2029, day 1096, and 80 % of what ends after it. */
Test(end_of_life, follows_the_steps_of_collection) {
  world w;
  world_of(&w, FEATURE("end-of-life"), TWO_YEARS, "end='2032-01-01'",
           "demand['motors'].end_of_life.steps=( { from = '2029-01-01'; collected = '80 %'; } )");
  world_run(&w, 1460 * DAY + 1);
  /* The last cohort before it is of month 36, day 1095: begun before day 365 + 15.2. */
  cr_assert_float_eq(tonnes_made(&w, "motors", "old magnets"), 381 * 0.4 + (746 - 381) * 0.8, 1e-6);
  world_close(&w);
}

/* In the end 0.4 * 0.9 of what is used comes back. */
Test(end_of_life, meets_its_share_of_the_need) {
  world w;
  world_of(&w, FEATURE("end-of-life"));
  world_run(&w, 30 * 365 * DAY);
  const double before = tonnes_made(&w, "Recycler", "Nd oxide");
  world_run(&w, 40 * 365 * DAY);
  cr_assert_float_eq((tonnes_made(&w, "Recycler", "Nd oxide") - before) / (3650 * 0.3499), 0.36, 0.02);
  world_close(&w);
}

Test(end_of_life, takes_in_what_was_delivered_before_the_start) {
  world w;
  world_of(&w, FEATURE("end-of-life"), "end='2040-01-01'",
           "demand=( { name = 'motors'; from = 'Magnet maker'; product = 'magnet'; rate = '1 t/d';"
           "           end_of_life = { life = '12 yr'; collected = '50 %'; returns = 'old magnets';"
           "             past = ( { on = '2013-01-01'; mass = '100 t'; }, { on = '2015-01-01'; mass = '100 "
           "t'; lots = 7; },"
           "                      { on = '2020-01-01'; mass = '100 t'; } ); }; } )");
  /* That of 2013 has gone; 2015 is due in January 2027, 2020 in January 2032. */
  world_run(&w, 420 * DAY);
  cr_assert_float_eq(tonnes_made(&w, "motors", "old magnets"), 50, 1e-6);
  world_run(&w, 2220 * DAY);
  cr_assert_float_eq(tonnes_made(&w, "motors", "old magnets"), 100, 1e-6);
  world_close(&w);
}
