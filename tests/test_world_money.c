/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Money, where every sum can be had by hand: the house of tests/scenarios/house.cfg, which has 60 t in its
 * store and on the way, ten days away from its market, and sells a tonne a day for a year. */
#include "world/money.h"
#include "world/prices.h"
#include "world_bench.h"

static double cost(const world *w, const char *node, mnz_cost kind) {
  const mnz_variable *v = mnz_result_find(w->result, "cost");
  cr_assert_not_null(v);
  return ((const double *)v->data)[world_node(w, node) * MNZ_COSTS + (int32_t)kind];
}

static double scalar(const world *w, const char *name) {
  const mnz_variable *v = mnz_result_find(w->result, name);
  cr_assert(v != NULL && v->n_axes == 0);
  return *(const double *)v->data;
}

#define EMBARGO                                                                                              \
  "disruptions=( { name = 'embargo'; hits = ( 'Market' ); periods = ( { from = '2026-04-11'; } ); } )"

Test(money, holding_and_pipeline_are_integrals_of_stock_and_transit) {
  world w;
  world_of(&w, "house.cfg", "nodes['House'].costs={ holding = '2 USD/t/d'; pipeline = '3 USD/t/d'; }");
  world_finish(&w);
  /* One tonne leaves at every midnight, the first comes after ten days: 59, 58, ..., 50, 50, ... */
  const double stock = 365 * 50 + (9 * 10) / 2;
  cr_expect_float_eq(cost(&w, "House", MNZ_COST_HOLDING), 2 * stock, 1e-6);
  cr_expect_float_eq(cost(&w, "House", MNZ_COST_PIPELINE), 3 * (365 * 60 - stock), 1e-6);
  world_close(&w);
}

Test(money, a_store_may_have_a_price_of_its_own_and_a_node_costs_that_are_fixed) {
  world w;
  world_of(&w, "house.cfg", "nodes['House'].stores[0].holding='5 USD/t/d'",
           "nodes['House'].costs={ holding = '2 USD/t/d'; fixed = '10 USD/d'; }");
  world_finish(&w);
  cr_expect_float_eq(cost(&w, "House", MNZ_COST_HOLDING), 5 * (365 * 50 + 45), 1e-6);
  cr_expect_float_eq(cost(&w, "House", MNZ_COST_FIXED), 3650, 1e-9);
  world_close(&w);
}

/* Whatever a process does, a price is a positive number. */
Test(prices, a_wild_process_stays_a_number) {
  world w;
  world_of(&w, "house.cfg",
           "prices=( { name = 'a'; start = '1e-9 USD/t'; process = 'gbm(drift -1000 %/yr, volatility 1000 "
           "%/yr)'; }, "
           "{ name = 'b'; start = '1e9 USD/mg'; process = 'jumps(drift 1000 %/yr, volatility 1000 %/yr, "
           "every 1 h, mean "
           "300 %, sd 300 %)'; }, "
           "{ name = 'c'; start = '1 USD/kg'; every = '300 d'; process = 'mean_reverting(level 1e-9 USD/t, "
           "half_life 1 us, "
           "volatility 1000 %/yr)'; } )",
           "nodes['Market'].charges=( { material = 'oxide'; price = 'b'; } )");
  world_finish(&w);
  const double *end = mnz_result_find(w.result, "price_end")->data;
  for (int i = 0; i < 3; i++) cr_expect(isfinite(end[i]) && end[i] >= 0, "%d: %g", i, end[i]);
  cr_expect(isfinite(world_by_node(&w, "revenue", "Market")));
  world_close(&w);
}

Test(money, integrals_count_from_the_warm_up) {
  world w;
  world_of(&w, "house.cfg", "warm_up='2026-04-11'", /* day 100 */
           "nodes['House'].costs={ order = '7 USD'; holding = '2 USD/t/d'; pipeline = '3 USD/t/d'; }");
  world_finish(&w);
  cr_expect_float_eq(cost(&w, "House", MNZ_COST_HOLDING), 2 * 265 * 50, 1e-6);
  cr_expect_float_eq(cost(&w, "House", MNZ_COST_PIPELINE), 3 * 265 * 10, 1e-6);
  cr_expect_float_eq(cost(&w, "House", MNZ_COST_ORDER), 265 * 7, 1e-9);
  cr_expect_float_eq(world_by_node(&w, "node_cost_rate", "House"), 7 + 100 + 30, 1e-9);
  world_close(&w);
}

Test(money, every_order_and_every_tonne_that_is_bought_is_paid) {
  world w;
  world_of(&w, "house.cfg", "nodes['House'].costs={ order = '7 USD'; unit = '11 USD/t'; }",
           "links['way'].costs={ unit = '2 USD/t'; departure = '5 USD'; }");
  world_finish(&w);
  cr_expect_float_eq(cost(&w, "House", MNZ_COST_ORDER), 365 * 7, 1e-9);
  cr_expect_float_eq(cost(&w, "House", MNZ_COST_PURCHASE), 365 * 11, 1e-6);
  cr_expect_float_eq(cost(&w, "House", MNZ_COST_TRANSPORT), 365 * (2 + 5), 1e-6);
  cr_expect_float_eq(world_by_node(&w, "revenue", "Market"), 365 * 11, 1e-6);
  cr_expect_float_eq(scalar(&w, "cost_total"), 365 * (7 + 11 + 2 + 5), 1e-6);
  world_close(&w);
}

/* A departure in twenty days takes what has gathered. */
Test(money, a_departure_costs_once_whatever_is_aboard) {
  world w;
  world_of(&w, "house.cfg", "links['way'].dispatch={ every = '20 d'; }",
           "links['way'].costs={ departure = '5 USD'; }");
  world_finish(&w);
  cr_expect_float_eq(cost(&w, "House", MNZ_COST_TRANSPORT), 19 * 5, 1e-9); /* days 0, 20, ..., 360 */
  world_close(&w);
}

/* From day 160 on nothing is there: one more tonne waits every day. */
Test(money, a_shortage_costs_the_one_that_owes_and_the_one_that_waits) {
  world w;
  world_of(&w, "house.cfg", EMBARGO, "nodes['House'].costs={ shortage = '5 USD/t/d'; }",
           "demand['users'].costs={ shortage = '3 USD/t/d'; }");
  world_finish(&w);
  const double waited = 205 * 206 / 2;
  cr_expect_float_eq(cost(&w, "House", MNZ_COST_SHORTAGE), 5 * waited, 1e-6);
  cr_expect_float_eq(cost(&w, "users", MNZ_COST_SHORTAGE), 3 * waited, 1e-6);
  world_close(&w);
}

/* A ban of 60 days: stock and pipeline of 60 t last until day 160, so that the orders of days 160 to 169 come
 * late: ten days on the way after day 160. */
Test(money, what_is_shipped_late_costs_both_whatever_the_delay) {
  world w;
  world_of(&w, "house.cfg",
           "disruptions=( { name = 'ban'; hits = ( 'Market' ); periods = ( { from = '2026-04-11'; until = "
           "'2026-06-10'; } ); } )",
           "nodes['House'].costs={ late = '5 USD/t'; }", "demand['users'].costs={ late = '3 USD/t'; }");
  world_finish(&w);
  const double late = world_by_node(&w, "node_delivered_late", "users");
  cr_expect_float_eq(late, 10, 1e-9);
  cr_expect_float_eq(cost(&w, "users", MNZ_COST_LATE), 3 * late, 1e-6);
  cr_expect_float_eq(cost(&w, "House", MNZ_COST_LATE), 5 * late, 1e-6);
  world_close(&w);
}

Test(money, what_is_given_up_and_what_is_lost_has_its_price) {
  world w;
  world_of(&w, "house.cfg", EMBARGO, "demand['users'].patience='0 d'", "links['way'].loss='10 %'",
           "nodes['House'].costs={ lost = '5 USD/t'; }", "demand['users'].costs={ lost = '3 USD/t'; }");
  world_finish(&w);
  const double given_up = 365 - world_by_node(&w, "node_delivered", "users");
  const double lost = (double)world_ended(&w, MNZ_END_LOST) / T_MG;
  cr_expect_float_eq(cost(&w, "users", MNZ_COST_LOST), 3 * given_up, 1e-6);
  cr_expect_float_eq(cost(&w, "House", MNZ_COST_LOST), 5 * (given_up + lost), 1e-6);
  cr_expect_gt(lost, 9);
  world_close(&w);
}

/* A tonne a day flows; at 10 USD a tonne, from day 100 on at 20, and 1 USD of freight. The tank is filled
 * first: from 5 t to 10 t in five days, at 2 t a day. */
Test(money, what_flows_is_paid_for_at_the_price_of_its_day) {
  world w;
  world_of_text(&w,
                "title = \"flow\"; start = \"2026-01-01\"; end = \"2027-01-01\"; elements = ( \"Nd\" );\n"
                "materials = ( { name = \"oxide\"; of = ( \"Nd\" ); } );\n"
                "prices = ( { name = \"p\"; start = \"10 USD/t\"; steps = ( { from = \"2026-04-11\"; price = "
                "\"20 USD/t\"; } ); } );\n"
                "nodes = ( { name = \"Supply\"; kind = \"source\"; material = \"oxide\"; rate = \"2 t/d\";\n"
                "            charges = ( { material = \"oxide\"; price = \"p\"; } ); },\n"
                "  { name = \"Users\"; kind = \"sink\"; takes = \"oxide\"; rate = \"1 t/d\";\n"
                "    stores = ( { material = \"oxide\"; capacity = \"10 t\"; initial = \"5 t\"; } ); } );\n"
                "links = ( { from = \"Supply\"; to = \"Users\"; costs = { unit = \"1 USD/t\"; }; } );\n");
  world_finish(&w);
  cr_expect_float_eq(cost(&w, "Users", MNZ_COST_PURCHASE), 105 * 10 + 265 * 20, 1e-6);
  cr_expect_float_eq(cost(&w, "Users", MNZ_COST_TRANSPORT), 370, 1e-6);
  cr_expect_float_eq(world_by_node(&w, "revenue", "Supply"), 105 * 10 + 265 * 20, 1e-6);
  world_close(&w);
}

Test(money, payments_add_up_to_nothing) {
  world w;
  world_of(&w, "house.cfg",
           "prices=( { name = 'p'; start = '50 USD/kg'; process = 'gbm(volatility 60 %/yr)'; } )",
           "nodes['Market'].charges=( { material = 'oxide'; price = 'p'; } )",
           "nodes['House'].charges=( { material = 'oxide'; price = 'p'; premium = '10 %'; } )");
  world_finish(&w);
  double paid = 0;
  double earned = 0;
  for (int32_t i = 0; i < w.scenario->nodes.count; i++) {
    const char *name = w.scenario->node_names[i];
    paid += cost(&w, name, MNZ_COST_PURCHASE);
    earned += world_by_node(&w, "revenue", name);
  }
  cr_expect_gt(paid, 1e7);
  cr_expect_float_eq(paid, earned, 1e-6 * 1e6);
  cr_expect_float_eq(scalar(&w, "cost_total"), world_by_node(&w, "revenue", "Market"), 1,
                     "all else is among themselves");
  world_close(&w);
}

Test(money, a_scenario_without_money_has_no_measures_of_it) {
  world w;
  world_of(&w, "house.cfg");
  world_finish(&w);
  cr_expect_null(mnz_result_find(w.result, "cost"));
  cr_expect_null(mnz_result_find(w.result, "price_end"));
  cr_expect_null(w.r->money);
  world_close(&w);
}

Test(money, a_second_run_is_the_first_again) {
  world w;
  world_of(&w, "house.cfg", EMBARGO,
           "nodes['House'].costs={ holding = '2 USD/t/d'; order = '1 USD'; lost = '1 USD/t'; }",
           "prices=( { name = 'p'; start = '50 USD/kg'; process = 'gbm(volatility 60 %/yr)'; } )",
           "nodes['Market'].charges=( { material = 'oxide'; price = 'p'; } )");
  world_finish(&w);
  mnz_result *first = w.result;
  w.result = NULL;
  EXPECT_OK(mnz_replication_reset(w.r, 0, &w.err), w.err);
  world_finish(&w);
  world_compare(first, w.result);
  mnz_result_free(first);
  world_close(&w);
}

/* --- prices --- */

Test(prices, landed_is_price_and_premium_and_freight) {
  world w;
  world_of(&w, "house.cfg",
           "nodes['Market'].charges=( { material = 'oxide'; price = '50 USD/kg'; premium = '10 %'; } )",
           "links['way'].costs={ unit = '2 USD/kg'; departure = '5 USD'; }");
  const mnz_services *s = &w.r->services;
  const int32_t house = world_node(&w, "House");
  cr_expect_float_eq(s->landed_price(s->host, house, world_node(&w, "Market"), 0) * 1e6, 57, 1e-9);
  cr_expect(isnan(s->landed_price(s->host, world_node(&w, "users"), house, 0)), "the house names no price");
  world_close(&w);
}

Test(prices, steps_hold_from_their_date_on) {
  world w;
  world_of(&w, "house.cfg",
           "prices=( { name = 'p'; start = '50 USD/kg'; steps = ( { from = '2026-04-11'; price = '80 "
           "USD/kg'; } ); } )");
  world_finish(&w);
  const mnz_variable *mean = mnz_result_find(w.result, "price_average");
  cr_expect_float_eq(*(const double *)mean->data, (100 * 50 + 265 * 80) / 365.0, 1e-9);
  cr_expect_float_eq(*(const double *)mnz_result_find(w.result, "price_end")->data, 80, 1e-9);
  world_close(&w);
}

/* 60 t last 60 days at a tonne a day; the price is asked at the end, when 50 t are in the store. */
Test(prices, scarce_is_dear_within_limits) {
  static const char *const targets[] = {"10 d", "40 d", "80 d", "160 d", "10 yr"};
  double before = 0;
  for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
    world w;
    char price[300];
    snprintf(
        price, sizeof price,
        "prices=( { name = 'p'; start = '100 USD/kg'; material = 'oxide'; responds = { cover = ( 'House' ); "
        "target = '%s'; elasticity = 0.5; least = '60 %%'; most = '200 %%'; }; } )",
        targets[i]);
    world_of(&w, "house.cfg", price);
    world_finish(&w);
    const double end = *(const double *)mnz_result_find(w.result, "price_end")->data;
    cr_expect_gt(end, before);
    if (i == 0) cr_expect_float_eq(end, 60, 1e-9);
    if (i == 2) cr_expect_float_eq(end, 100 * sqrt(80 / 50.0), 1, "usage is remembered, not known");
    if (i == 4) cr_expect_float_eq(end, 200, 1e-9);
    before = end;
    world_close(&w);
  }
}

/* The near market charges 50 USD/kg, from day 100 on 80; the far one 60 and 5 of freight. */
Test(prices, the_cheapest_source_is_the_one_whose_goods_are_cheapest_at_the_door) {
  world w;
  world_of(&w, "house.cfg",
           "prices=( { name = 'p'; start = '50 USD/kg'; steps = ( { from = '2026-04-11'; price = '80 "
           "USD/kg'; } ); } )",
           "nodes=( { name = 'Market'; kind = 'market'; origin = 'abroad'; sells = ( { material = 'oxide'; "
           "capacity = "
           "'5 t/d'; } ); charges = ( { material = 'oxide'; price = 'p'; } ); }, "
           "{ name = 'Far'; kind = 'market'; origin = 'abroad'; sells = ( { material = 'oxide'; capacity = "
           "'5 t/d'; } ); "
           "charges = ( { material = 'oxide'; price = '60 USD/kg'; } ); }, "
           "{ name = 'House'; kind = 'trader'; stores = ( { material = 'oxide'; initial = '60 t'; } ); buys "
           "= ( { material = "
           "'oxide'; policy = 'base_stock(60 t)'; review = '1 d'; sourcing = 'cheapest'; sources = ( { from "
           "= 'Far'; }, { "
           "from = 'Market'; } ); } ); } )",
           "links=( { from = 'Market'; to = 'House'; lead_time = '10 d'; }, { from = 'Far'; to = 'House'; "
           "lead_time = '10 d'; "
           "costs = { unit = '5 USD/kg'; }; } )");
  world_finish(&w);
  cr_expect_float_eq(world_by_node(&w, "revenue", "Market"), 100 * 50e3, 1e-3);
  cr_expect_float_eq(world_by_node(&w, "revenue", "Far"), 265 * 60e3, 1e-3);
  world_close(&w);
}

/* A tariff of 40 % makes it the other one. */
Test(prices, duty_is_paid_by_the_buyer_and_counts_at_the_door) {
  world w;
  world_of(&w, "house.cfg", "nodes['Market'].charges=( { material = 'oxide'; price = '50 USD/kg'; } )",
           "nodes['Market'].country='there'", "nodes['House'].country='here'",
           "regimes=( { name = 'duty'; on = { from = 'there'; country = 'here'; }; initial = 'open'; steps = "
           "( { effective = "
           "'2026-04-11'; state = 'tariff'; tariff = '40 %'; } ); } )");
  world_finish(&w);
  cr_expect_float_eq(cost(&w, "House", MNZ_COST_PURCHASE), 365 * 50e3, 1e-3);
  cr_expect_float_eq(cost(&w, "House", MNZ_COST_TARIFF), 265 * 20e3, 1e-3);
  const mnz_services *s = &w.r->services;
  const double landed = s->landed_price(s->host, world_node(&w, "House"), world_node(&w, "Market"), 0);
  cr_expect_float_eq(landed * 1e6, 70, 1e-9);
  world_close(&w);
}

Test(prices, a_process_moves_as_its_formula_says) {
  const double year = 365 * 86400e6;
  const mnz_process gbm = {.kind = MNZ_PROCESS_GBM, .drift = 0.03 / year, .volatility = 0.4 / sqrt(year)};
  cr_expect_float_eq(mnz_process_step(&gbm, 100, year, 0, 0, 0), 100 * exp(0.03 - 0.08), 1e-9);
  cr_expect_float_eq(mnz_process_step(&gbm, 100, year, 1, 0, 0), 100 * exp(0.03 - 0.08 + 0.4), 1e-9);
  const mnz_process back = {.kind = MNZ_PROCESS_MEAN_REVERTING,
                            .level = 100,
                            .half_life = year / 2,
                            .volatility = 0.3 / sqrt(year)};
  cr_expect_float_eq(mnz_process_step(&back, 400, year / 2, 0, 0, 0), 200, 1e-9,
                     "half of the logarithm's way");
  const double speed = 2 * log(2);
  const double sd = 0.3 * sqrt((1 - exp(-2 * speed)) / (2 * speed));
  cr_expect_float_eq(log(mnz_process_step(&back, 100, year, 1, 0, 0) / 100), sd, 1e-12);
  const mnz_process jumps = {.kind = MNZ_PROCESS_JUMPS, .jump_every = year, .jump_mean = 0.2, .jump_sd = 0.1};
  const double paid = exp(0.2 + 0.005) - 1;
  cr_expect_float_eq(log(mnz_process_step(&jumps, 1, year, 0, 0, 0)), -paid, 1e-12);
  cr_expect_float_eq(log(mnz_process_step(&jumps, 1, year, 0, 4, 1)), -paid + 0.8 + 0.2, 1e-12);
}

/* Jumps alone, of a logarithm of 0.1 each, a hundred a year on the mean: as many as the price says. */
Test(prices, jumps_come_as_often_as_is_said) {
  world w;
  world_of(&w, "house.cfg",
           "prices=( { name = 'p'; start = '1 USD/kg'; process = 'jumps(volatility 0 %/yr, every 3.65 d, "
           "mean 10 %)'; } )");
  world_finish(&w);
  const double end = *(const double *)mnz_result_find(w.result, "price_end")->data;
  const double jumps = (log(end) + (exp(0.1) - 1) * 364 / 3.65) / 0.1;
  cr_expect_float_eq(jumps, round(jumps), 1e-6);
  cr_expect(jumps > 60 && jumps < 140, "%g", jumps); /* four standard deviations */
  world_close(&w);
}

/* The same price at the same dates, whatever the others do. */
Test(prices, each_has_streams_of_its_own) {
  world alone;
  world both;
  world_of(&alone, "house.cfg",
           "prices=( { name = 'p'; start = '50 USD/kg'; process = 'gbm(volatility 60 %/yr)'; } )");
  world_of(&both, "house.cfg",
           "prices=( { name = 'a'; start = '50 USD/kg'; process = 'gbm(volatility 60 %/yr)'; }, "
           "{ name = 'p'; start = '50 USD/kg'; process = 'gbm(volatility 60 %/yr)'; } )");
  world_finish(&alone);
  world_finish(&both);
  const double *one = mnz_result_find(alone.result, "price_end")->data;
  const double *two = mnz_result_find(both.result, "price_end")->data;
  cr_expect_eq(one[0], two[1]);
  cr_expect_neq(two[0], two[1]);
  world_close(&alone);
  world_close(&both);
}
