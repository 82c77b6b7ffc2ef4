/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contracts, by hand: the house of house.cfg, which takes a tonne a day from its market, in quarters of 90,
 * 91, 92 and 92 days; the plant of contract.cfg, which makes a tonne a day. */
#include "domain/facilities/demand.h"
#include "world_bench.h"

static double of(const world *w, const char *measure) {
  const mnz_variable *v = mnz_result_find(w->result, measure);
  cr_assert_not_null(v, "%s", measure);
  return *(const double *)v->data;
}

static double got(const world *w, const char *demand) {
  return (double)mnz_demand_of(&w->r->sites[world_node(w, demand)])->delivered_mass / T_MG;
}

/* A contract between the market and the house. */
#define CONTRACT(terms)                                                                                      \
  "contracts=( { name = 'C'; seller = 'Market'; buyer = 'House'; materials = 'oxide'; " terms " } )"
#define EMBARGO /* from day 100 on */                                                                        \
  "disruptions=( { name = 'embargo'; hits = ( 'Market' ); periods = ( { from = '2026-04-11'; } ); } )"

Test(contracts, what_should_have_been_taken_is_paid) {
  world w;
  world_of(&w, "house.cfg",
           CONTRACT("period = 'quarter'; minimum = '100 t'; take_or_pay = '80 %'; price = '50 USD/t';"));
  world_finish(&w);
  cr_expect_float_eq(of(&w, "contract_delivered"), 365, 1e-9);
  cr_expect_float_eq(of(&w, "contract_due"), 400, 1e-9);
  cr_expect_float_eq(of(&w, "contract_untaken"), 10 + 9 + 8 + 8, 1e-9);
  cr_expect_float_eq(of(&w, "contract_owed"), 0, 1e-9);
  cr_expect_float_eq(of(&w, "contract_paid_untaken"), 0.8 * 50 * 35, 1e-6);
  cr_expect_float_eq(world_by_node(&w, "revenue", "Market"), 365 * 50 + 0.8 * 50 * 35, 1e-6);
  cr_expect_float_eq(world_by_node(&w, "node_cost", "House"), 365 * 50 + 0.8 * 50 * 35, 1e-6);
  world_close(&w);
}

/* From day 100 on orders wait: they are the seller's failure, and nothing is paid for. */
Test(contracts, what_was_ordered_and_not_shipped_is_owed) {
  world w;
  world_of(&w, "house.cfg", EMBARGO,
           CONTRACT("minimum = '365 t'; take_or_pay = '100 %'; penalty = '20 %'; price = '50 USD/t';"));
  world_finish(&w);
  cr_expect_float_eq(of(&w, "contract_delivered"), 100, 1e-9);
  cr_expect_float_eq(of(&w, "contract_owed"), 265, 1e-9);
  cr_expect_float_eq(of(&w, "contract_untaken"), 0, 1e-9);
  cr_expect_float_eq(of(&w, "contract_paid_untaken"), 0, 1e-9);
  cr_expect_float_eq(of(&w, "contract_damages"), 0.2 * 50 * 265, 1e-6);
  cr_expect_float_eq(world_by_node(&w, "node_cost", "Market"), 0.2 * 50 * 265, 1e-6);
  cr_expect_float_eq(world_by_node(&w, "revenue", "House"), 0.2 * 50 * 265, 1e-6);
  world_close(&w);
}

Test(contracts, force_majeure_suspends_the_minimum_while_it_lasts) {
  world w;
  world_of(&w, "house.cfg", EMBARGO, CONTRACT("minimum = '365 t'; force_majeure = ( 'embargo' );"));
  world_finish(&w);
  cr_expect_float_eq(of(&w, "contract_due"), 100, 1e-6);
  cr_expect_float_eq(of(&w, "contract_owed"), 0, 1e-6);
  cr_expect_float_eq(of(&w, "contract_suspended"), 265, 1e-9);
  world_close(&w);
}

Test(contracts, a_regime_may_be_the_cause_of_force_majeure) {
  world w;
  world_of(
      &w, "house.cfg", "nodes['Market'].country='there'", "nodes['House'].country='here'",
      "regimes=( { name = 'control'; on = { from = 'there'; }; initial = 'open'; steps = ( { effective = "
      "'2026-04-11'; state = 'embargo'; } ); } )",
      CONTRACT("minimum = '365 t'; force_majeure = ( 'control' );"));
  world_finish(&w);
  cr_expect_float_eq(of(&w, "contract_delivered"), 100, 1e-9);
  cr_expect_float_eq(of(&w, "contract_due"), 100, 1e-6);
  cr_expect_float_eq(of(&w, "contract_suspended"), 265, 1e-9);
  world_close(&w);
}

Test(contracts, beyond_the_maximum_the_sellers_price_holds) {
  world w;
  world_of(&w, "house.cfg", "nodes['Market'].charges=( { material = 'oxide'; price = '50 USD/t'; } )",
           CONTRACT("period = 'quarter'; maximum = '60 t'; price = '40 USD/t';"));
  world_finish(&w);
  cr_expect_float_eq(of(&w, "contract_delivered"), 240, 1e-9);
  cr_expect_float_eq(world_by_node(&w, "revenue", "Market"), 240 * 40 + 125 * 50, 1e-6);
  world_close(&w);
}

Test(contracts, a_source_under_contract_is_asked_for_no_more_than_it_allows) {
  world w;
  world_of(&w, "house.cfg", CONTRACT("period = 'quarter'; maximum = '60 t';"),
           "nodes['House'].buys[0].sources=( { from = 'Market'; contract = 'C'; } )");
  world_run(&w, 90 * DAY);
  cr_expect_eq(world_shelf(&w, "House", "oxide")->on_order + world_stock(&w, "House", "oxide"), 30 * T_MG);
  world_finish(&w);
  cr_expect_float_eq(of(&w, "contract_delivered"), 240, 1e-9);
  world_close(&w);
}

/* Of a year only the days from July on are covered: 184 of 365. */
Test(contracts, of_a_part_of_a_period_a_part_is_due) {
  world w;
  world_of(&w, "house.cfg", CONTRACT("from = '2026-07-01'; minimum = '730 t'; maximum = '1 kt';"));
  world_finish(&w);
  cr_expect_float_eq(of(&w, "contract_delivered"), 184, 1e-9);
  cr_expect_float_eq(of(&w, "contract_due"), 730.0 * 184 / 365, 1e-6);
  world_close(&w);
}

Test(contracts, it_is_over_on_its_last_day) {
  world w;
  world_of(&w, "house.cfg", CONTRACT("until = '2026-04-11'; period = 'month'; minimum = '30 t';"));
  world_finish(&w);
  cr_expect_float_eq(of(&w, "contract_delivered"), 100, 1e-9);
  cr_expect_float_eq(of(&w, "contract_due"), 3 * 30 + 10, 1e-6);
  world_close(&w);
}

Test(contracts, the_warm_up_begins_a_period_of_its_own) {
  world w;
  world_of(&w, "house.cfg", "warm_up='2026-04-11'", CONTRACT("minimum = '730 t';"));
  world_finish(&w);
  cr_expect_float_eq(of(&w, "contract_delivered"), 265, 1e-9);
  cr_expect_float_eq(of(&w, "contract_due"), 2 * 265, 1e-6);
  world_close(&w);
}

/* --- prices --- */

Test(contracts, the_floor_is_paid_when_the_price_is_lower) {
  world w;
  world_of(&w, "house.cfg", CONTRACT("price = '90 USD/kg'; floor = '110 USD/kg';"));
  world_finish(&w);
  cr_expect_float_eq(of(&w, "contract_floor_paid"), 20 * 365e3, 1e-3);
  cr_expect_float_eq(of(&w, "contract_above_floor"), 0, 1e-3);
  cr_expect_float_eq(world_by_node(&w, "revenue", "Market"), 110 * 365e3, 1e-3);
  world_close(&w);
}

/* 30 % of 50 USD/kg are 15 kUSD a tonne: two million are reached with the 134th tonne, in either year. */
Test(contracts, of_a_high_price_a_share_comes_back_up_to_the_years_most) {
  world w;
  world_of(
      &w, "house.cfg", "end='2027-02-10'", /* 405 days, 40 of them of another year */
      CONTRACT("price = '200 USD/kg'; floor = '110 USD/kg'; upside = { share = '30 %'; above = '150 USD/kg'; "
               "most = '2 MUSD'; };"));
  world_finish(&w);
  const double back = 2e6 + 40 * 15e3;
  cr_expect_float_eq(of(&w, "contract_returned"), back, 1e-3);
  cr_expect_float_eq(of(&w, "contract_above_floor"), 90 * 405e3, 1e-3);
  cr_expect_float_eq(world_by_node(&w, "revenue", "Market"), 200 * 405e3 - back, 1e-2);
  world_close(&w);
}

/* --- shares of output --- */

/* Half a tonne a day to the one, of the rest a quarter to the other; a quarter is kept until April. */
Test(contracts, a_share_of_output_is_kept_until_the_period_ends) {
  world w;
  world_of(&w, "contract.cfg");
  world_run(&w, 90 * DAY);
  cr_expect_float_eq(got(&w, "With"), 45, 1e-6);
  cr_expect_float_eq(got(&w, "Without"), 22.5, 1e-6);
  cr_expect_eq(world_stock(&w, "Plant", "oxide"), 45 * T_MG / 2);
  world_run(&w, 90 * DAY + 1);
  cr_expect_float_eq(got(&w, "With"), 45.5, 1e-6);
  cr_expect_float_eq(got(&w, "Without"), 22.5 + 22, 1e-6);
  world_finish(&w);
  world_close(&w);
}

Test(contracts, orders_under_a_contract_come_first) {
  world w;
  world_of(&w, "contract.cfg", "contracts[0].share='0 %'", "demand['With'].rate='0.8 t/d'");
  world_finish(&w);
  cr_expect_float_eq(world_by_node(&w, "node_delivered", "With"), 0.8 * 365, 1e-6);
  cr_expect_float_eq(world_by_node(&w, "node_delivered", "Without"), 0.2 * 365, 1e-6);
  world_close(&w);
}

Test(contracts, what_is_committed_of_the_output_must_be_taken) {
  world w;
  world_of(&w, "contract.cfg", "contracts[0].commits='60 %'", "contracts[0].take_or_pay='100 %'",
           "contracts[0].price='10 USD/t'");
  world_finish(&w);
  cr_expect_float_eq(of(&w, "contract_due"), 0.6 * 365, 1e-6);
  cr_expect_float_eq(of(&w, "contract_untaken"), 0.1 * 365, 1e-6);
  cr_expect_float_eq(of(&w, "contract_paid_untaken"), 10 * 0.1 * 365, 1e-6);
  world_close(&w);
}

/* A tonne a day is more than 300 t a year: from the second quarter on both are alike. */
Test(contracts, share_and_class_rest_while_the_seller_makes_enough) {
  world w;
  world_of(&w, "contract.cfg", "contracts[0].until_output='300 t/yr'");
  world_run(&w, 90 * DAY);
  cr_expect_eq(world_stock(&w, "Plant", "oxide"), 45 * T_MG / 2);
  world_run(&w, 180 * DAY);
  cr_expect_eq(world_stock(&w, "Plant", "oxide"), 0);
  world_finish(&w);
  world_close(&w);
}
