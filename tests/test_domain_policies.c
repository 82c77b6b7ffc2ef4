/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Policies of purchases: when they order, and how much. */
#include "domain/buying.h"
#include "domain_bench.h"

static mnz_mass order_at(mnz_policy policy, mnz_mass position) {
  return mnz_policy_order(&policy, &(mnz_observation){.position = position});
}

Test(policy, sS_orders_up_to_S_from_s_on) {
  const mnz_policy at_s = {.kind = MNZ_POLICY_S_S, .point = 20, .level = 60};
  const mnz_policy below_s = {.kind = MNZ_POLICY_S_S, .point = 20, .level = 60, .when = MNZ_BELOW};
  cr_assert_eq(order_at(at_s, 21), 0);
  cr_assert_eq(order_at(at_s, 20), 40);
  cr_assert_eq(order_at(at_s, -5), 65);
  cr_assert_eq(order_at(below_s, 20), 0);
  cr_assert_eq(order_at(below_s, 19), 41);
}

Test(policy, RQ_orders_the_fewest_lots_that_bring_it_above_r) {
  const mnz_policy policy = {.kind = MNZ_POLICY_R_Q, .point = 5, .quantity = 10};
  cr_assert_eq(order_at(policy, 6), 0);
  cr_assert_eq(order_at(policy, 5), 10);
  cr_assert_eq(order_at(policy, -4), 10);
  cr_assert_eq(order_at(policy, -5), 20);
}

Test(policy, fixed_orders_the_same_whatever_there_is) {
  cr_assert_eq(order_at((mnz_policy){.kind = MNZ_POLICY_FIXED, .quantity = 7}, 1000), 7);
}

Test(policy, a_forecast_covers_its_time_and_the_safety_stock) {
  const mnz_policy policy = {.kind = MNZ_POLICY_FORECAST, .cover = 10, .safety = 3};
  cr_assert_eq(mnz_policy_order(&policy, &(mnz_observation){.position = 8, .usage = 2}), 15);
}

#define FROM(node, part)                                                                                     \
  ((mnz_source){.from = (node), .share = (part), .since = MNZ_NO_DATE, .until = MNZ_NO_DATE})

static mnz_buy up_to(mnz_mass level, const mnz_source *sources, int32_t n) {
  return (mnz_buy){.material = MIX,
                   .policy = {.kind = MNZ_POLICY_BASE_STOCK, .level = level},
                   .review = {.every = 7},
                   .sources = {sources, n},
                   .priority = 1};
}

Test(policy, orders_are_whole_lots_within_the_least_and_the_most) {
  bench b;
  bench_open(&b);
  const mnz_source source = FROM(THERE, NAN);
  mnz_buy buy = up_to(100, &source, 1);
  buy.multiple = 30;
  cr_assert_eq(mnz_buying_review(&b.site[HERE], &buy, &b.err), MNZ_OK);
  cr_assert_eq(b.asked[0].mass, 120);
  b.shelf[HERE][MIX].on_order = 0;
  buy.at_most = 110;
  cr_assert_eq(mnz_buying_review(&b.site[HERE], &buy, &b.err), MNZ_OK);
  cr_assert_eq(b.asked[1].mass, 90);
  b.shelf[HERE][MIX].on_order = 0;
  buy.minimum = 91;
  cr_assert_eq(mnz_buying_review(&b.site[HERE], &buy, &b.err), MNZ_OK);
  cr_assert_eq(b.n_asked, 2);
  bench_close(&b);
}

Test(policy, what_is_lost_when_unmet_is_asked_for_as_free_only) {
  bench b;
  bench_open(&b);
  const mnz_source source = FROM(THERE, NAN);
  mnz_buy buy = up_to(100, &source, 1);
  buy.unmet = MNZ_UNMET_LOST;
  b.free[THERE] = 30;
  cr_assert_eq(mnz_buying_review(&b.site[HERE], &buy, &b.err), MNZ_OK);
  cr_assert(b.asked[0].only_free);
  cr_assert_eq(b.shelf[HERE][MIX].on_order, 30);
  bench_close(&b);
}

Test(policy, a_source_is_asked_between_its_dates_only) {
  bench b;
  bench_open(&b);
  mnz_source sources[] = {FROM(THERE, NAN), FROM(YONDER, NAN)};
  const mnz_buy buy = up_to(100, sources, 2);
  sources[0].until = 10;
  sources[1].since = 10;
  cr_assert_eq(mnz_buying_review(&b.site[HERE], &buy, &b.err), MNZ_OK);
  cr_assert(b.n_asked == 1 && b.asked[0].seller == THERE && b.asked[0].mass == 100);
  b.now = 10;
  b.shelf[HERE][MIX].on_order = 0;
  cr_assert_eq(mnz_buying_review(&b.site[HERE], &buy, &b.err), MNZ_OK);
  cr_assert(b.n_asked == 2 && b.asked[1].seller == YONDER && b.asked[1].mass == 100);
  bench_close(&b);
}

Test(policy, first_available_takes_all_from_one_source) {
  bench b;
  bench_open(&b);
  const mnz_source sources[] = {FROM(THERE, NAN), FROM(YONDER, NAN)};
  mnz_buy buy = up_to(100, sources, 2);
  buy.sourcing = MNZ_SOURCE_FIRST_AVAILABLE;
  b.free[THERE] = 99;
  cr_assert_eq(mnz_buying_review(&b.site[HERE], &buy, &b.err), MNZ_OK);
  cr_assert(b.n_asked == 1 && b.asked[0].seller == YONDER && b.asked[0].mass == 100);
  b.shelf[HERE][MIX].on_order = 0;
  b.free[THERE] = 100;
  cr_assert_eq(mnz_buying_review(&b.site[HERE], &buy, &b.err), MNZ_OK);
  cr_assert(b.n_asked == 2 && b.asked[1].seller == THERE && b.asked[1].mass == 100);
  bench_close(&b);
}

/* --- a stock that is short, when more orders wait than are looked at together --- */

enum { TONNE = 1000000000 };

/* 600 orders of 1 t of one buyer, and behind them 25 of `large` of another. */
static void open_many_orders(bench *b, int32_t rule, mnz_mass large, mnz_mass stock) {
  bench_open(b);
  b->spec[HERE].short_rule = rule;
  mnz_shelf *shelf = &b->shelf[HERE][MIX];
  for (int32_t i = 0; i < 625; i++) {
    const int32_t buyer = i < 600 ? THERE : YONDER;
    EXPECT(mnz_book_add(&shelf->book, b->asks, buyer, 1, 0, i < 600 ? TONNE : large, &b->err) != NULL);
  }
  mnz_store_put(&shelf->store, &b->ledger, &b->lots, bench_nd(b, MIX, stock));
}

Test(many_orders, a_fair_share_is_the_same_to_each_buyer) {
  bench b;
  open_many_orders(&b, MNZ_SHORT_FAIR_SHARE, 24LL * TONNE, 400LL * TONNE);
  cr_assert_eq(mnz_site_allocate(&b.site[HERE], &b.err), MNZ_OK);
  cr_assert_eq(b.handed[THERE], 200LL * TONNE);
  cr_assert_eq(b.handed[YONDER], 200LL * TONNE);
  cr_assert_eq(b.shelf[HERE][MIX].store.mass, 0);
  cr_assert_eq(b.shelf[HERE][MIX].book.open, 800LL * TONNE);
  bench_close(&b);
}

Test(many_orders, a_fair_share_that_a_buyer_is_not_owed_goes_to_the_other) {
  bench b;
  open_many_orders(&b, MNZ_SHORT_FAIR_SHARE, 4LL * TONNE, 400LL * TONNE + 1);
  cr_assert_eq(mnz_site_allocate(&b.site[HERE], &b.err), MNZ_OK);
  cr_assert_eq(b.handed[YONDER], 100LL * TONNE);
  cr_assert_eq(b.handed[THERE], 300LL * TONNE + 1);
  bench_close(&b);
}

Test(many_orders, in_proportion_each_gets_the_same_part_of_what_it_is_owed) {
  bench b;
  open_many_orders(&b, MNZ_SHORT_PROPORTIONAL, 48LL * TONNE, 700LL * TONNE); /* of 600 t and 1200 t */
  cr_assert_eq(mnz_site_allocate(&b.site[HERE], &b.err), MNZ_OK);
  cr_assert_eq(b.handed[THERE], 700LL * TONNE / 3);
  cr_assert_eq(b.handed[YONDER], 700LL * TONNE * 2 / 3 + 1);
  cr_assert_eq(b.shelf[HERE][MIX].store.mass, 0);
  for (const mnz_ask *ask = b.shelf[HERE][MIX].book.first; ask != NULL; ask = ask->next) {
    const double owed = ask->buyer == THERE ? TONNE : 48.0 * TONNE;
    EXPECT(fabs((double)ask->open - owed * 11 / 18) <= 2);
  }
  bench_close(&b);
}

Test(many_orders, the_next_class_gets_what_the_first_leaves) {
  bench b;
  open_many_orders(&b, MNZ_SHORT_FAIR_SHARE, TONNE, 630LL * TONNE);
  mnz_book *book = &b.shelf[HERE][MIX].book;
  cr_assert_neq(mnz_book_add(book, b.asks, YONDER, 2, 0, 9LL * TONNE, &b.err), NULL);
  cr_assert_eq(mnz_site_allocate(&b.site[HERE], &b.err), MNZ_OK);
  cr_assert_eq(b.handed[THERE], 600LL * TONNE);
  cr_assert_eq(b.handed[YONDER], 30LL * TONNE);
  cr_assert_eq(book->open, 4LL * TONNE);
  bench_close(&b);
}

/* 10 t for THERE, and 250 t for both. */
static mnz_mass quotas(void *host, int32_t seller, int32_t buyer, int32_t material, mnz_mass mass,
                       const mnz_lot *stock) {
  const bench *b = host;
  (void)seller, (void)material, (void)stock;
  const mnz_mass of_both = 250LL * TONNE - b->handed[THERE] - b->handed[YONDER];
  const mnz_mass of_there = 10LL * TONNE - b->handed[THERE];
  if (mass > of_both) mass = of_both;
  return buyer == THERE && mass > of_there ? of_there : mass;
}

Test(many_orders, what_one_may_not_have_is_there_for_the_other) {
  for (int32_t rule = MNZ_SHORT_PROPORTIONAL; rule <= MNZ_SHORT_FAIR_SHARE; rule++) {
    bench b;
    open_many_orders(&b, rule, 24LL * TONNE, 200LL * TONNE);
    b.services.permits = quotas;
    EXPECT_OK(mnz_site_allocate(&b.site[HERE], &b.err), b.err);
    EXPECT(b.handed[THERE] + b.handed[YONDER] == 200LL * TONNE);
    EXPECT(rule == MNZ_SHORT_PROPORTIONAL || b.handed[THERE] == 10LL * TONNE);
    mnz_store_put(&b.shelf[HERE][MIX].store, &b.ledger, &b.lots, bench_nd(&b, MIX, 200LL * TONNE));
    EXPECT_OK(mnz_site_allocate(&b.site[HERE], &b.err), b.err);
    EXPECT(b.handed[THERE] + b.handed[YONDER] == 250LL * TONNE);
    EXPECT(b.shelf[HERE][MIX].store.mass == 150LL * TONNE);
    bench_close(&b);
  }
}
