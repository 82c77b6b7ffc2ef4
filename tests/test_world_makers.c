/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makers: recipes in order of preference, thrift, yields that are drawn, swarf that comes back. */
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
