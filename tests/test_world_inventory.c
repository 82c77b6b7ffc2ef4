/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who orders what and when, and who gets what of a stock that is short: against arithmetic. */
#include "domain/buying.h"
#include "world_bench.h"

/* A shop between suppliers and its customers, who want 1 t a day; what a test adds stands in between. */
#define SHOP(nodes, links, demand)                                                                           \
  "title = \"A shop\"; start = \"2001-01-01\"; end = \"2001-02-10\"; elements = (\"Nd\"); origins = "        \
  "(\"o\");"                                                                                                 \
  "materials = ( { name = \"item\"; of = (\"Nd\"); content = { Nd = \"100 %\"; }; },"                        \
  "              { name = \"lid\"; of = (\"Nd\"); content = { Nd = \"100 %\"; }; } );"                       \
  "nodes = ( " nodes " ); links = ( " links " ); demand = ( " demand " );"
#define MARKET(name, keys)                                                                                   \
  "{ name = \"" name "\"; kind = \"market\"; origin = \"o\"; sells = ( { material = \"item\"; } ); " keys    \
  " }, "                                                                                                     \
  "{ name = \"Lids\"; kind = \"market\"; origin = \"o\"; sells = ( { material = \"lid\"; } ); }"
#define ONE_MARKET(name, keys)                                                                               \
  "{ name = \"" name "\"; kind = \"market\"; origin = \"o\"; sells = ( { material = \"item\"; } ); " keys " }"
#define TAKES_LIDS                                                                                           \
  "{ name = \"Lids\"; kind = \"source\"; material = \"lid\"; lot = \"1 t\"; every = \"100 d\"; },"           \
  "{ name = \"Bin\"; kind = \"sink\"; takes = \"lid\"; }"
#define LIDS "{ from = \"Lids\"; to = \"Bin\"; }"
#define CUSTOMERS                                                                                            \
  "{ name = \"users\"; from = \"Shop\"; product = \"item\"; every = \"1 d\"; size = \"1 t\"; }"

#define TRADER(initial, buy)                                                                                 \
  "{ name = \"Shop\"; kind = \"trader\"; stores = ( { material = \"item\"; initial = \"" initial "\"; } );"  \
  "  buys = ( { material = \"item\"; sources = ( { from = \"Supplier\"; } ); " buy " } ); }"
#define WAY(days) "{ name = \"way\"; from = \"Supplier\"; to = \"Shop\"; lead_time = \"" days " d\"; }"

static mnz_mass orders_of(const world *w, const char *node, int32_t *count) {
  size_t n;
  const mnz_model_event *log = mnz_replication_log(w->r, &n);
  mnz_mass sum = 0;
  *count = 0;
  for (size_t i = 0; i < n; i++) {
    if (log[i].what != MNZ_EVENT_ORDERED || log[i].node != world_node(w, node)) continue;
    ++*count;
    sum += log[i].mass_mg;
  }
  return sum;
}

/* The same world, and what happens in it is kept. */
static void keep_log(world *w) {
  const mnz_watch watch = {.what = MNZ_WATCH_ALL, .events = true};
  mnz_replication_free(w->r);
  EXPECT_OK(mnz_replication_create(&w->r, w->scenario, &watch, 0, &w->err), w->err);
}

Test(inventory, RQ_orders_lots_when_the_position_has_come_down_to_r) {
  world w;
  int32_t count;
  world_of_text(&w, SHOP(ONE_MARKET("Supplier", "") "," TAKES_LIDS "," TRADER(
                             "5 t", "policy = \"RQ(2 t, 4 t)\"; review = \"continuous\";"),
                         WAY("2") "," LIDS, CUSTOMERS));
  keep_log(&w);
  world_run(&w, 3 * DAY); /* customers on the days 1 and 2 */
  cr_assert_eq(orders_of(&w, "Shop", &count), 0);
  world_run(&w, 3 * DAY + 1); /* the third one makes it 2 t */
  cr_assert_eq(orders_of(&w, "Shop", &count), 4 * T_MG);
  world_run(&w, 30 * DAY);
  /* 29 t have been taken of 5 t and the orders: position between 3 t and 6 t, so 7 of 4 t */
  cr_assert_eq(orders_of(&w, "Shop", &count), 28 * T_MG);
  cr_assert_eq(count, 7);
  world_finish(&w);
  cr_assert_eq(world_by_node(&w, "node_fill_rate", "users"), 1);
  world_close(&w);
}

Test(inventory, a_review_before_demand_does_not_see_the_demand_of_its_instant) {
  static const char *const reviews[] = {
      SHOP(ONE_MARKET("Supplier", "") "," TAKES_LIDS "," TRADER(
               "3 t", "policy = \"base_stock(3 t)\"; review = { every = \"1 d\"; before_demand = true; };"),
           WAY("0") "," LIDS, CUSTOMERS),
      SHOP(ONE_MARKET("Supplier", "") "," TAKES_LIDS "," TRADER(
               "3 t", "policy = \"base_stock(3 t)\"; review = { every = \"1 d\"; };"),
           WAY("0") "," LIDS, CUSTOMERS)};
  for (int k = 0; k < 2; k++) {
    world w;
    world_of_text(&w, reviews[k]);
    world_run(&w, 5 * DAY + 1);
    cr_assert_eq(world_stock(&w, "Shop", "item"), (k == 0 ? 2 : 3) * T_MG);
    world_close(&w);
  }
}

Test(inventory, reviews_begin_when_they_are_said_to) {
  world w;
  int32_t count;
  world_of_text(&w,
                SHOP(ONE_MARKET("Supplier", "") "," TAKES_LIDS "," TRADER(
                         "0 t", "policy = \"fixed(7 t)\"; review = { every = \"10 d\"; first = \"3 d\"; };"),
                     WAY("1") "," LIDS, CUSTOMERS));
  keep_log(&w);
  world_run(&w, 3 * DAY);
  cr_assert_eq(orders_of(&w, "Shop", &count), 0);
  world_run(&w, 34 * DAY);
  cr_assert_eq(orders_of(&w, "Shop", &count), 4 * 7 * T_MG); /* on the days 3, 13, 23, 33 */
  world_close(&w);
}

Test(inventory, what_is_lost_when_unmet_does_not_wait) {
  world w;
  world_of_text(
      &w, SHOP(ONE_MARKET("Supplier", "") "," TAKES_LIDS "," TRADER(
                   "3.5 t", "policy = \"fixed(2 t)\"; review = { every = \"10 d\"; first = \"10 d\"; };"),
               WAY("0") "," LIDS,
               "{ name = \"users\"; from = \"Shop\"; product = \"item\"; every = \"1 d\"; size = \"1 t\"; "
               "unmet = \"lost\"; }"));
  world_run(&w, 10 * DAY);
  const mnz_demand_tally *tally = mnz_demand_of(&w.r->sites[world_node(&w, "users")]);
  cr_assert_eq(tally->asked, 9 * T_MG);
  cr_assert_eq(tally->delivered_mass, 3 * T_MG + T_MG / 2);
  cr_assert_eq(tally->given_up, 9 * T_MG - tally->delivered_mass);
  cr_assert_eq(world_shelf(&w, "Shop", "item")->book.open, 0);
  world_close(&w);
}

Test(inventory, a_buyer_takes_back_what_its_patience_has_not_seen) {
  world w;
  world_of_text(&w, SHOP(ONE_MARKET("Supplier", "") "," TAKES_LIDS "," TRADER(
                             "0 t", "policy = \"fixed(7 t)\"; review = { every = \"20 d\"; first = \"1 d\"; "
                                    "}; patience = \"5 d\";"),
                         WAY("1") "," LIDS,
                         CUSTOMERS) "disruptions = ( { name = \"shut\"; hits = (\"Supplier\"); periods = ( { "
                                    "from = \"2001-01-01\"; until = \"2001-01-15\"; } ); } );");
  world_run(&w, 5 * DAY);
  cr_assert_eq(world_shelf(&w, "Shop", "item")->on_order, 7 * T_MG);
  world_run(&w, 6 * DAY + 1);
  cr_assert_eq(world_shelf(&w, "Shop", "item")->on_order, 0);
  world_run(&w, 25 * DAY);
  cr_assert_eq(world_in(&w, "Shop", "item"), 7 * T_MG); /* the order of day 21 only */
  world_close(&w);
}

/* Two suppliers, one 1 d away at 20 USD/t, one 5 d at 10 USD/t. */
#define TWO(sourcing)                                                                                        \
  SHOP("{ name = \"Near\"; kind = \"market\"; origin = \"o\"; sells = ( { material = \"item\"; } ); "        \
       "charges = ( { material = \"item\"; price = \"20 USD/t\"; } ); },"                                    \
       "{ name = \"Far\"; kind = \"market\"; origin = \"o\"; sells = ( { material = \"item\"; } ); charges " \
       "= ( { material = \"item\"; price = \"10 USD/t\"; } ); }," TAKES_LIDS ","                             \
       "{ name = \"Shop\"; kind = \"trader\"; buys = ( { material = \"item\"; policy = \"fixed(6 t)\"; "     \
       "review = \"50 d\"; sourcing = \"" sourcing "\";"                                                     \
       "  sources = ( { from = \"Far\"; }, { from = \"Near\"; } ); } ); }",                                  \
       "{ name = \"near\"; from = \"Near\"; to = \"Shop\"; lead_time = \"1 d\"; }, { name = \"far\"; from "  \
       "= \"Far\"; to = \"Shop\"; lead_time = \"5 d\"; }," LIDS,                                             \
       CUSTOMERS)

Test(inventory, the_fastest_source_is_the_one_whose_way_is_open_and_short) {
  world w;
  world_of_text(&w, TWO("fastest"));
  world_run(&w, DAY + 1);
  cr_assert_eq(world_in(&w, "Shop", "item"), 6 * T_MG);
  world_close(&w);
  world_of_text(&w, TWO("fastest") "disruptions = ( { name = \"shut\"; hits = (\"near\"); periods = ( { from "
                                   "= \"2001-01-01\"; } ); } );");
  world_run(&w, 5 * DAY + 1);
  cr_assert_eq(world_in(&w, "Shop", "item"), 6 * T_MG);
  world_close(&w);
}

Test(inventory, the_cheapest_source_is_by_price_and_freight) {
  world w;
  world_of_text(&w, TWO("cheapest"));
  world_run(&w, 2 * DAY);
  cr_assert_eq(world_in(&w, "Shop", "item"), 0);
  world_run(&w, 5 * DAY + 1);
  cr_assert_eq(world_in(&w, "Shop", "item"), 6 * T_MG);
  world_close(&w);
}

/* Three buyers on the first day, for 1, 4 and 10 t, of a stock of 9 t. */
#define SHARED(rule)                                                                                         \
  SHOP(ONE_MARKET("Supplier",                                                                                \
                  "") "," TAKES_LIDS ","                                                                     \
                      "{ name = \"Shop\"; kind = \"trader\"; short = \"" rule                                \
                      "\"; stores = ( { material = \"item\"; initial = \"9 t\"; } );"                        \
                      "  buys = ( { material = \"item\"; sources = ( { from = \"Supplier\"; } ); policy = "  \
                      "\"base_stock(0 t)\"; review = { every = \"100 d\"; first = \"90 d\"; }; } ); }",      \
       WAY("1") "," LIDS,                                                                                    \
       "{ name = \"a\"; from = \"Shop\"; product = \"item\"; every = \"100 d\"; first = \"1 d\"; size = "    \
       "\"1 t\"; },"                                                                                         \
       "{ name = \"b\"; from = \"Shop\"; product = \"item\"; every = \"100 d\"; first = \"1 d\"; size = "    \
       "\"4 t\"; },"                                                                                         \
       "{ name = \"c\"; from = \"Shop\"; product = \"item\"; every = \"100 d\"; first = \"1 d\"; size = "    \
       "\"10 t\"; }")

Test(inventory, a_fair_share_is_the_same_for_all_who_lack_so_much) {
  world w;
  world_of_text(&w, SHARED("fair_share"));
  world_run(&w, 2 * DAY);
  cr_assert_eq(mnz_demand_of(&w.r->sites[world_node(&w, "a")])->delivered_mass, T_MG);
  cr_assert_eq(mnz_demand_of(&w.r->sites[world_node(&w, "b")])->delivered_mass, 4 * T_MG);
  cr_assert_eq(mnz_demand_of(&w.r->sites[world_node(&w, "c")])->delivered_mass, 4 * T_MG);
  world_close(&w);
}

/* Items and lids go together; 10 t of items are there, 4 t of lids, and 3 t more come on the fifth day. */
#define KITS(whole)                                                                                          \
  SHOP("{ name = \"Lids\"; kind = \"source\"; material = \"lid\"; lot = \"3 t\"; every = \"5 d\"; count = "  \
       "1; }," ONE_MARKET(                                                                                   \
           "Supplier",                                                                                       \
           "") ","                                                                                           \
               "{ name = \"Shop\"; kind = \"trader\"; takes = \"lid\"; stores = ( { material = \"item\"; "   \
               "initial = \"10 t\"; }, { material = \"lid\"; initial = \"4 t\"; } );"                        \
               "  buys = ( { material = \"item\"; sources = ( { from = \"Supplier\"; } ); policy = "         \
               "\"base_stock(0 t)\"; review = { every = \"100 d\"; first = \"90 d\"; }; } ); }",             \
       WAY("1") ", { from = \"Lids\"; to = \"Shop\"; }",                                                     \
       "{ name = \"users\"; from = \"Shop\"; product = \"item\"; every = \"100 d\"; first = \"1 d\"; size "  \
       "= \"6 t\";"                                                                                          \
       "  kit = ( { material = \"lid\"; } ); whole_kits = " whole "; }")

Test(inventory, a_whole_kit_waits_for_all_of_it) {
  world w;
  world_of_text(&w, KITS("true"));
  world_run(&w, 5 * DAY);
  cr_assert_eq(world_stock(&w, "Shop", "item"), 10 * T_MG);
  cr_assert_eq(world_stock(&w, "Shop", "lid"), 4 * T_MG);
  world_run(&w, 5 * DAY + 1);
  cr_assert_eq(world_stock(&w, "Shop", "item"), 4 * T_MG);
  cr_assert_eq(world_stock(&w, "Shop", "lid"), T_MG);
  cr_assert_eq(world_ended(&w, MNZ_END_DELIVERED), 12 * T_MG);
  world_finish(&w);
  cr_assert_eq(world_by_node(&w, "node_orders", "users"), 1);
  cr_assert_eq(world_by_node(&w, "node_delivered", "users"), 6);
  cr_assert_eq(world_by_node(&w, "node_delivered_late", "users"), 6);
  world_close(&w);
}

Test(inventory, a_kit_may_come_in_matching_parts) {
  world w;
  world_of_text(&w, KITS("false"));
  world_run(&w, 2 * DAY);
  cr_assert_eq(world_stock(&w, "Shop", "item"), 6 * T_MG);
  cr_assert_eq(world_stock(&w, "Shop", "lid"), 0);
  world_run(&w, 5 * DAY + 1);
  cr_assert_eq(world_stock(&w, "Shop", "item"), 4 * T_MG);
  cr_assert_eq(world_stock(&w, "Shop", "lid"), T_MG);
  world_close(&w);
}

Test(inventory, an_echelon_counts_what_it_feeds) {
  world w;
  world_of_text(
      &w, SHOP(ONE_MARKET("Supplier",
                          "") "," TAKES_LIDS ","
                              "{ name = \"Depot\"; kind = \"trader\"; buys = ( { material = \"item\"; "
                              "sources = ( { from = \"Supplier\"; } ); policy = \"echelon_base_stock(20 "
                              "t)\"; review = \"continuous\"; } ); },"
                              "{ name = \"Shop\"; kind = \"trader\"; stores = ( { material = \"item\"; "
                              "initial = \"6 t\"; } ); buys = ( { material = \"item\"; sources = ( { from = "
                              "\"Depot\"; } ); policy = \"RQ(2 t, 4 t)\"; review = \"continuous\"; } ); }",
               "{ from = \"Supplier\"; to = \"Depot\"; lead_time = \"3 d\"; }, { from = \"Depot\"; to = "
               "\"Shop\"; lead_time = \"1 d\"; }," LIDS,
               CUSTOMERS));
  for (int32_t day = 1; day < 40; day++) {
    world_run(&w, day * DAY + 1);
    const mnz_mass depot =
        mnz_site_position(&w.r->sites[world_node(&w, "Depot")], world_material(&w, "item"));
    const mnz_mass shop = mnz_site_position(&w.r->sites[world_node(&w, "Shop")], world_material(&w, "item"));
    EXPECT(depot + shop == 20 * T_MG);
  }
  world_close(&w);
}

Test(inventory, a_season_is_a_factor_of_the_month) {
  world w;
  world_of_text(
      &w, SHOP(ONE_MARKET("Supplier", "") "," TAKES_LIDS "," TRADER("100 t", "policy = \"base_stock(0 t)\";"),
               WAY("1") "," LIDS,
               "{ name = \"users\"; from = \"Shop\"; product = \"item\"; every = \"1 d\"; rate = "
               "\"1 t/d\"; season = [2.0, 0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]; }"));
  world_run(&w, 31 * DAY);
  const mnz_demand_tally *tally = mnz_demand_of(&w.r->sites[world_node(&w, "users")]);
  cr_assert_eq(tally->asked, 62 * T_MG);
  world_run(&w, 33 * DAY);
  cr_assert_eq(tally->asked, 63 * T_MG);
  world_close(&w);
}

Test(inventory, a_rate_may_come_by_dated_steps) {
  world w;
  world_of_text(
      &w, SHOP(ONE_MARKET("Supplier", "") "," TAKES_LIDS "," TRADER("100 t", "policy = \"base_stock(0 t)\";"),
               WAY("1") "," LIDS,
               "{ name = \"users\"; from = \"Shop\"; product = \"item\"; every = \"1 d\"; rate = ( { from = "
               "\"2001-01-03\"; rate = \"1 t/d\"; }, { from = \"2001-01-05\"; rate = \"3 t/d\"; } ); }"));
  world_run(&w, 6 * DAY);
  cr_assert_eq(mnz_demand_of(&w.r->sites[world_node(&w, "users")])->asked, (1 + 1 + 3 + 3) * T_MG);
  world_close(&w);
}

/* 1 t a day from the first day on, reviews every 4 d: 4 t are seen at each. */
Test(inventory, a_forecast_learns_what_is_asked_for) {
  world w;
  world_of_text(
      &w, SHOP(ONE_MARKET("Supplier", "") "," TAKES_LIDS "," TRADER(
                   "20 t", "policy = \"forecast(10 d, window 8 d, safety 2 t)\"; review = \"4 d\";"),
               WAY("0") "," LIDS,
               "{ name = \"users\"; from = \"Shop\"; product = \"item\"; every = \"1 d\"; first = \"1 d\"; "
               "size = \"trace(2 t, 2 t, 2 t, 2 t, 4 t, 4 t, 4 t, 4 t, 6 t, 6 t, 6 t, 6 t, 0 t)\"; }"));
  world_run(&w, 12 * DAY + 1);
  /* of the two reviews before: 4 t/d and 6 t/d in the mean, 5 t/d; 50 t and 2 t */
  cr_assert_eq(mnz_site_position(&w.r->sites[world_node(&w, "Shop")], world_material(&w, "item")), 52 * T_MG);
  world_close(&w);
}

Test(inventory, a_market_may_deliver_another_mass_than_was_ordered) {
  world w;
  world_of_text(&w, SHOP("{ name = \"Supplier\"; kind = \"market\"; origin = \"o\"; sells = ( { material = "
                         "\"item\"; deviation = \"-2 t\"; } ); }," TAKES_LIDS
                         "," TRADER("0 t", "policy = \"fixed(7 t)\"; review = \"100 d\";"),
                         WAY("1") "," LIDS, CUSTOMERS));
  world_run(&w, 1 * DAY);
  cr_assert_eq(world_shelf(&w, "Shop", "item")->on_order, 7 * T_MG);
  world_run(&w, 1 * DAY + 1);
  cr_assert_eq(world_shelf(&w, "Shop", "item")->on_order, 0);
  cr_assert_eq(world_in(&w, "Shop", "item"), 5 * T_MG);
  world_close(&w);
}

Test(inventory, what_comes_to_a_closed_door_waits_there) {
  world w;
  world_of_text(
      &w, SHOP(ONE_MARKET("Supplier", "") "," TAKES_LIDS
                                          "," TRADER("0 t", "policy = \"fixed(7 t)\"; review = \"100 d\";"),
               WAY("2") "," LIDS,
               CUSTOMERS) "disruptions = ( { name = \"shut\"; hits = (\"Shop\"); stops = \"receipts\"; "
                          "periods = ( { from = \"2001-01-02\"; until = \"2001-01-09\"; } ); } );");
  world_run(&w, 8 * DAY);
  cr_assert_eq(world_in(&w, "Shop", "item"), 0);
  cr_assert_eq(world_transit(&w, "Shop", "item"), 7 * T_MG);
  EXPECT_OK(mnz_replication_verify(w.r, &w.err), w.err);
  world_run(&w, 8 * DAY + 1);
  cr_assert_eq(world_in(&w, "Shop", "item"), 7 * T_MG);
  world_close(&w);
}

Test(inventory, nobody_orders_for_what_is_lost_with_the_instant) {
  world w;
  world_of_text(&w, SHOP(ONE_MARKET("Supplier", "") "," TAKES_LIDS "," TRADER(
                             "2 t", "policy = \"base_stock(2 t)\"; review = \"continuous\";"),
                         WAY("10") "," LIDS,
                         "{ name = \"users\"; from = \"Shop\"; product = \"item\"; every = \"1 d\"; size = "
                         "\"1 t\"; unmet = \"lost\"; }"));
  for (int32_t day = 1; day < 40; day++) {
    world_run(&w, day * DAY + 1);
    EXPECT(mnz_site_position(&w.r->sites[world_node(&w, "Shop")], world_material(&w, "item")) == 2 * T_MG);
  }
  /* two are sold on the first two days after what was ordered for two has come, every ten days */
  cr_assert_eq(mnz_demand_of(&w.r->sites[world_node(&w, "users")])->delivered_mass, 8 * T_MG);
  world_close(&w);
}

Test(inventory, an_order_that_comes_at_once_and_short_is_not_repeated_for_ever) {
  world w;
  bool done;
  world_of_text(&w, SHOP("{ name = \"Supplier\"; kind = \"market\"; origin = \"o\"; sells = ( { material = "
                         "\"item\"; delivers = \"0 %\"; } ); }," TAKES_LIDS
                         "," TRADER("2 t", "policy = \"base_stock(2 t)\"; review = \"continuous\";"),
                         WAY("0") "," LIDS, CUSTOMERS));
  cr_assert_eq(mnz_replication_run(w.r, MNZ_TO_THE_END, UINT64_MAX, &done, &w.err), MNZ_MODEL);
  cr_assert(strstr(w.err.message, "again and again") != NULL);
  world_close(&w);
}
