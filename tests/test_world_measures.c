/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shortages, waiting, the swing of orders, and whence it came: every number can be had by hand. */
#include "world/shortfall.h"
#include "world_bench.h"

/* Users who want a tonne a day of a shop with ten tonnes, whose way to the market is closed until day 20 and
 * one day long: they wait from day 10 on, and get all eleven tonnes on day 21. */
static const char shop[] =
    "title = \"a shop\"; start = \"2026-01-01\"; end = \"2026-02-01\"; elements = (\"Nd\", \"Dy\"); "
    "origins = (\"abroad\");\n"
    "%s\n"
    "materials = ( { name = \"oxide\"; content = { Nd = 0.75; Dy = 0.25; }; } );\n"
    "nodes = (\n"
    "  { name = \"Market\"; kind = \"market\"; origin = \"abroad\"; buffer = \"60 d\";\n"
    "    sells = ( { material = \"oxide\"; capacity = \"5 t/d\"; } ); },\n"
    "  { name = \"Shop\"; kind = \"trader\"; stores = ( { material = \"oxide\"; initial = \"10 t\"; } );\n"
    "    buys = ( { material = \"oxide\"; review = \"1 d\"; policy = \"base_stock(10 t)\";\n"
    "               sources = ( { from = \"Market\"; } ); } ); }\n"
    ");\n"
    "links = ( { name = \"way\"; from = \"Market\"; to = \"Shop\"; lead_time = \"1 d\"; } );\n"
    "disruptions = ( { name = \"closed\"; hits = (\"way\"); periods = ( { from = \"2026-01-01\"; until = "
    "\"2026-01-21\"; } ); } );\n"
    "demand = ( { name = \"users\"; from = \"Shop\"; product = \"oxide\"; rate = \"1 t/d\"; every = \"1 d\"; "
    "%s } );\n";

static void run_shop(world *w, const char *top, const char *demand) {
  char text[4096];
  snprintf(text, sizeof text, shop, top, demand);
  world_of_text(w, text);
  world_finish(w);
}

/* Close to the last few bits. */
static void expect(const world *w, const char *measure, const char *node, double expected) {
  const double found = world_by_node(w, measure, node);
  cr_assert(fabs(found - expected) <= 1e-12 * fabs(expected), "%s is %.15g, not %.15g", measure, found,
            expected);
}

Test(measures, a_shortage_has_a_length_a_depth_and_an_area) {
  world w;
  run_shop(&w, "", "");
  expect(&w, "node_shortages", "users", 1);
  expect(&w, "node_longest_shortage", "users", 11);
  expect(&w, "node_shortage_time", "users", 11);
  expect(&w, "node_shortage_depth", "users", 11);
  expect(&w, "node_shortage_duration", "users", 11);
  expect(&w, "node_shortage_area", "users", 66); /* 1 + 2 + ... + 11 */
  cr_assert_float_eq(world_by_element(&w, "shortage_depth", "Nd"), 8.25, 1e-9);
  cr_assert_float_eq(world_by_element(&w, "shortage_area", "Dy"), 16.5, 1e-9);
  cr_assert_eq(world_by_element(&w, "longest_shortage", "Dy"), 11);
  cr_assert_eq(world_by_element(&w, "shortages", "Dy"), 1);
  world_close(&w);
}

Test(measures, users_wait_and_get_orders_whole) {
  world w;
  run_shop(&w, "", "");
  expect(&w, "node_orders", "users", 31);
  expect(&w, "node_service_level", "users", 20. / 31);
  expect(&w, "node_backlog_age", "users", 6);
  expect(&w, "node_longest_wait", "users", 11);
  world_close(&w);
}

/* From day 15 on: five tonnes wait already, and count as asked for then. */
Test(measures, after_a_warm_up_count_from_there) {
  world w;
  run_shop(&w, "warm_up = \"2026-01-16\";", "");
  expect(&w, "node_shortages", "users", 1);
  expect(&w, "node_longest_shortage", "users", 6);
  expect(&w, "node_shortage_area", "users", 51); /* 6 + 7 + ... + 11 */
  expect(&w, "node_orders", "users", 16);
  expect(&w, "node_service_level", "users", 10. / 16);
  expect(&w, "node_backlog_age", "users", 51. / 11); /* 6 t wait 6 d, then a tonne each 5, 4, ... 1 d */
  expect(&w, "node_longest_wait", "users", 6);
  world_close(&w);
}

/* With a patience of 3 d never more than 3 t wait, but for the instant in which another is asked for and one
 * is given up: those of days 10 to 17 are, at 3 d; those of 18 to 20 come at day 21, and that of 18 then. */
Test(measures, what_is_given_up_waits_no_longer) {
  world w;
  run_shop(&w, "", "patience = \"3 d\";");
  expect(&w, "node_short", "users", 8);
  expect(&w, "node_shortage_depth", "users", 3);
  expect(&w, "node_shortage_area", "users", 1 + 2 + 9 * 3);
  expect(&w, "node_longest_wait", "users", 3);
  expect(&w, "node_backlog_age", "users", (8 * 3 + 3 + 2 + 1) / 11.);
  world_close(&w);
}

Test(measures, an_order_that_still_waits_has_waited_until_the_end) {
  world w;
  run_shop(&w, "", "");
  world_close(&w);
  char text[4096];
  snprintf(text, sizeof text, shop, "", "");
  memcpy(strstr(text, "2026-02-01"), "2026-01-16", 10); /* ends on day 15 */
  world_of_text(&w, text);
  world_finish(&w);
  expect(&w, "node_longest_shortage", "users", 5);
  expect(&w, "node_shortage_area", "users", 15);
  expect(&w, "node_backlog_age", "users", 3);
  expect(&w, "node_longest_wait", "users", 5);
  world_close(&w);
}

Test(measures, tell_shortages_apart_by_time_and_not_by_events) {
  mnz_shortfall s;
  mnz_shortfall_start(&s, 0, 0);
  mnz_shortfall_set(&s, 5, 10);
  mnz_shortfall_set(&s, 0, 10); /* shipped in the instant in which it was ordered */
  mnz_shortfall_set(&s, 5, 20);
  mnz_shortfall_set(&s, 0, 25);
  mnz_shortfall_set(&s, 7, 25); /* goes on */
  mnz_shortfall_set(&s, 0, 28);
  mnz_shortfall_set(&s, 1, 40);
  mnz_shortfall_end(&s, 50);
  cr_assert_eq(s.count, 2);
  cr_assert_eq(s.longest, 10);
  cr_assert_eq(s.total, 18);
  cr_assert_eq(s.depth, 7);
  cr_assert_eq(s.depth_length, 8);
  cr_assert_eq(s.area, 5 * 5 + 7 * 3 + 1 * 10);
}

/* --- the bullwhip --- */

/* Growing demand; every 56 days the shop orders what it sold: periods of 28 d see all or nothing. */
Test(measures, rare_orders_swing_more_than_what_was_ordered) {
  world w;
  char text[4096];
  snprintf(text, sizeof text, shop, "", "growth = \"100 %/yr\";");
  memcpy(strstr(text, "2026-02-01"), "2026-04-23", 10); /* 112 d */
  memcpy(strstr(text, "review = \"1 d\";"), "review=\"56 d\"; ", 15);
  memcpy(strstr(text, "initial = \"10 t"), "initial =\"999 t", 15);
  memcpy(strstr(text, "base_stock(10 t)"), "base_stock(999t)", 16);
  world_of_text(&w, text);
  world_finish(&w);
  double received[4] = {0}, placed[4] = {0};
  for (int day = 0; day < 112; day++) {
    const double mass = (double)llround(1e9 * pow(2, day / 365.));
    received[day / 28] += mass;
    if (day <= 56) placed[day == 0 ? 0 : 2] += mass;
  }
  double variance[2] = {0};
  for (int of = 0; of < 2; of++) {
    const double *x = of == 0 ? placed : received;
    const double mean = (x[0] + x[1] + x[2] + x[3]) / 4;
    for (int i = 0; i < 4; i++) variance[of] += (x[i] - mean) * (x[i] - mean) / 3;
  }
  cr_assert_float_eq(world_by_node(&w, "bullwhip", "Shop") * variance[1] / variance[0], 1, 1e-9);
  cr_assert(isnan(world_by_node(&w, "bullwhip", "users")));
  cr_assert(isnan(world_by_node(&w, "bullwhip", "Market")));
  world_close(&w);
}

/* What is ordered on is what was ordered, on the same day. */
Test(measures, orders_that_are_passed_on_do_not_swing_more) {
  world w;
  char text[4096];
  snprintf(text, sizeof text, shop, "", "growth = \"100 %/yr\";");
  memcpy(strstr(text, "2026-02-01"), "2026-04-23", 10);
  world_of_text(&w, text);
  world_finish(&w);
  cr_assert_float_eq(world_by_node(&w, "bullwhip", "Shop"), 1, 1e-12);
  world_close(&w);
}

/* --- origins --- */

static double share(const world *w, const char *node, const char *element, const char *origin) {
  const mnz_variable *v = mnz_result_find(w->result, "node_origin_share");
  const mnz_names *elements = &w->scenario->catalog.elements;
  const mnz_names *origins = &w->scenario->catalog.origins;
  int32_t e = 0, o = 0;
  while (strcmp(elements->at[e], element) != 0) e++;
  while (strcmp(origins->at[o], origin) != 0) o++;
  return ((const double *)v->data)[(world_node(w, node) * elements->count + e) * origins->count + o];
}

/* Two users, three to one, each with a trader and a market of their own; and one who is not in focus. */
static const char two_sources[] =
    "title = \"two\"; start = \"2026-01-01\"; end = \"2026-01-11\"; elements = (\"Nd\"); focus = \"Japan\";\n"
    "origins = (\"china\", \"australia\");\n"
    "materials = ( { name = \"oxide\"; content = { Nd = 1; }; } );\n"
    "nodes = (\n"
    "  { name = \"East\"; kind = \"market\"; origin = \"china\"; buffer = \"60 d\"; sells = ( { material = "
    "\"oxide\"; capacity = \"10 t/d\"; } ); },\n"
    "  { name = \"South\"; kind = \"market\"; origin = \"australia\"; buffer = \"60 d\"; sells = ( { "
    "material = "
    "\"oxide\"; capacity = \"10 t/d\"; } ); },\n"
    "  { name = \"Far\"; kind = \"market\"; origin = \"china\"; buffer = \"60 d\"; sells = ( { material = "
    "\"oxide\"; capacity = \"10 t/d\"; } ); },\n"
    "  { name = \"A\"; kind = \"trader\"; buys = ( { material = \"oxide\"; review = \"1 d\"; policy = "
    "\"base_stock(6 t)\"; sources = ( { from = \"East\"; } ); } ); },\n"
    "  { name = \"B\"; kind = \"trader\"; buys = ( { material = \"oxide\"; review = \"1 d\"; policy = "
    "\"base_stock(2 t)\"; sources = ( { from = \"South\"; } ); } ); },\n"
    "  { name = \"C\"; kind = \"trader\"; buys = ( { material = \"oxide\"; review = \"1 d\"; policy = "
    "\"base_stock(9 t)\"; sources = ( { from = \"Far\"; } ); } ); }\n"
    ");\n"
    "links = ( { from = \"East\"; to = \"A\"; }, { from = \"South\"; to = \"B\"; }, { from = \"Far\"; to = "
    "\"C\"; } );\n"
    "demand = (\n"
    "  { name = \"a\"; end_use = \"cars\"; country = \"Japan\"; from = \"A\"; product = \"oxide\"; rate = "
    "\"3 t/d\"; every = \"1 "
    "d\"; },\n"
    "  { name = \"b\"; end_use = \"cars\"; country = \"Japan\"; from = \"B\"; product = \"oxide\"; rate = "
    "\"1 t/d\"; every = \"1 "
    "d\"; },\n"
    "  { name = \"c\"; end_use = \"wind\"; from = \"C\"; product = \"oxide\"; rate = \"9 t/d\"; every = \"1 "
    "d\"; }\n"
    ");\n";

Test(measures, tell_how_few_hands_supply_is_in) {
  world w;
  world_of_text(&w, two_sources);
  world_finish(&w);
  cr_assert_float_eq(world_by_element(&w, "hhi_origin", "Nd"), 0.625, 1e-12); /* 9/16 + 1/16 */
  cr_assert_float_eq(world_by_element(&w, "hhi_separated", "Nd"), 0.625, 1e-12);
  cr_assert_float_eq(world_by_element(&w, "hhi_product", "Nd"), 0.625, 1e-12);
  cr_assert(isnan(world_by_element(&w, "hhi_mined", "Nd")));
  cr_assert(isnan(world_by_element(&w, "hhi_metal", "Nd")));
  cr_assert_eq(share(&w, "a", "Nd", "china"), 1);
  cr_assert_eq(share(&w, "b", "Nd", "china"), 0);
  cr_assert_eq(share(&w, "c", "Nd", "china"), 1);
  cr_assert(isnan(share(&w, "A", "Nd", "china")));
  const mnz_variable *uses = mnz_result_find(w.result, "end_use_origin_share");
  cr_assert_eq(w.result->length[MNZ_AXIS_END_USE], 2);
  cr_assert_str_eq(w.result->labels[MNZ_AXIS_END_USE][0], "cars");
  const double *of = uses->data; /* cars: china, australia; wind: china, australia */
  cr_assert_float_eq(of[0], 0.75, 1e-12);
  cr_assert_float_eq(of[1], 0.25, 1e-12);
  cr_assert(of[2] == 1 && of[3] == 0);
  world_close(&w);
}
