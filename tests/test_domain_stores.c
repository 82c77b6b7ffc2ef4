/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores, order books, buying, what a site does with its stock. */
#include "domain/buying.h"
#include "domain/orders.h"
#include "domain_bench.h"

/* --- stores --- */

static mnz_store *store_of(bench *b, int32_t material) {
  return &b->shelf[HERE][material].store;
}

static void put(bench *b, int32_t material, mnz_mass nd) {
  mnz_store_put(store_of(b, material), &b->ledger, &b->lots, bench_nd(b, material, nd));
}

static mnz_mass popped(bench *b, int32_t material) {
  mnz_lot *lot = mnz_store_pop(store_of(b, material), &b->ledger);
  const mnz_mass mass = lot == NULL ? -1 : lot->mass;
  if (lot != NULL) bench_drop(b, lot);
  return mass;
}

static void empty(bench *b, int32_t material) {
  while (popped(b, material) >= 0) {}
  cr_assert_eq(store_of(b, material)->mass, 0);
}

Test(store, gives_lots_back_in_the_order_they_came) {
  bench b;
  bench_open(&b);
  for (mnz_mass mass = 1; mass <= 100; mass++) put(&b, MIX, mass);
  for (mnz_mass mass = 1; mass <= 100; mass++) EXPECT(popped(&b, MIX) == mass);
  cr_assert_eq(popped(&b, MIX), -1);
  bench_close(&b);
}

Test(store, that_blends_holds_one_lot_of_everything) {
  bench b;
  bench_open(&b);
  const mnz_store_spec blend = {.material = MIX, .keep = MNZ_KEEP_BLEND, .capacity = -1};
  mnz_store_open(store_of(&b, MIX), MIX, &blend);
  const mnz_mass dy[N_PARTS] = {[N_ELEMENTS + DY] = 30};
  put(&b, MIX, 10);
  mnz_store_put(store_of(&b, MIX), &b.ledger, &b.lots, bench_lot(&b, MIX, dy));
  cr_assert_eq(store_of(&b, MIX)->queue.count, 1);
  cr_assert_eq(store_of(&b, MIX)->mass, 40);
  cr_assert_eq(bench_check(&b, NULL), MNZ_OK);
  mnz_lot *lot = mnz_store_take(store_of(&b, MIX), &b.ledger, &b.lots, 20, &b.err);
  cr_assert_eq(lot->part[ND], 5);
  cr_assert_eq(lot->part[N_ELEMENTS + DY], 15);
  bench_drop(&b, lot);
  empty(&b, MIX);
  bench_close(&b);
}

Test(store, takes_across_as_many_lots_as_it_needs) {
  bench b;
  bench_open(&b);
  put(&b, MIX, 10);
  put(&b, MIX, 20);
  put(&b, MIX, 30);
  mnz_lot *lot = mnz_store_take(store_of(&b, MIX), &b.ledger, &b.lots, 35, &b.err);
  cr_assert_eq(lot->mass, 35);
  cr_assert_eq(lot->part[ND], 35);
  cr_assert_eq(lot->place, MNZ_PLACE_HAND);
  cr_assert_eq(store_of(&b, MIX)->mass, 25);
  cr_assert_eq(store_of(&b, MIX)->queue.first->mass, 25);
  bench_drop(&b, lot);
  cr_assert_eq(bench_check(&b, NULL), MNZ_OK);
  lot = mnz_store_take(store_of(&b, MIX), &b.ledger, &b.lots, 25, &b.err); /* to the last milligram */
  cr_assert_eq(lot->mass, 25);
  cr_assert(store_of(&b, MIX)->queue.first == NULL && store_of(&b, MIX)->queue.last == NULL);
  bench_drop(&b, lot);
  bench_close(&b);
}

Test(store, loses_nothing_in_ten_thousand_puts_and_takes) {
  bench b;
  bench_open(&b);
  uint64_t seed = 21;
  mnz_mass in = 0, out = 0;
  for (int32_t k = 0; k < 10000; k++) {
    mnz_store *store = store_of(&b, METAL);
    if (bench_below(&seed, 2) == 0 || store->mass < 2) {
      mnz_mass part[N_PARTS];
      for (int32_t i = 0; i < N_PARTS; i++) part[i] = 1 + bench_below(&seed, 1000);
      mnz_lot *lot = bench_lot(&b, METAL, part);
      in += lot->mass;
      mnz_store_put(store, &b.ledger, &b.lots, lot);
    } else {
      mnz_lot *lot = mnz_store_take(store, &b.ledger, &b.lots, 1 + bench_below(&seed, store->mass), &b.err);
      out += lot->mass;
      bench_drop(&b, lot);
    }
    EXPECT(store->mass == in - out);
    if (k % 100 == 0) EXPECT_OK(bench_check(&b, NULL), b.err);
  }
  empty(&b, METAL);
  bench_close(&b);
}

Test(store, has_the_room_that_is_neither_taken_nor_promised) {
  mnz_store store;
  mnz_store_open(&store, MIX, &(mnz_store_spec){.material = MIX, .capacity = 100});
  store.mass = 60;
  store.reserved = 15;
  cr_assert_eq(mnz_store_room(&store), 25);
  store.reserved = 70;
  cr_assert_eq(mnz_store_room(&store), 0);
}

Test(store, that_is_empty_takes_any_one_lot) {
  mnz_store store;
  mnz_store_open(&store, MIX, &(mnz_store_spec){.material = MIX, .capacity = 100});
  cr_assert_eq(mnz_store_room(&store), INT64_MAX);
  store.reserved = 1; /* something is on its way */
  cr_assert_eq(mnz_store_room(&store), 99);
}

Test(store, that_holds_less_than_its_owner_takes_at_once_lets_a_lot_in) {
  mnz_store store;
  mnz_store_open(&store, MIX, &(mnz_store_spec){.material = MIX, .capacity = 100});
  store.at_least = 90;
  store.mass = 50;
  store.reserved = 39;
  cr_assert_eq(mnz_store_room(&store), INT64_MAX);
  store.reserved = 40;
  cr_assert_eq(mnz_store_room(&store), 10);
}

Test(store, without_a_capacity_has_room_for_ever) {
  mnz_store store;
  mnz_store_open(&store, MIX, NULL);
  store.mass = INT64_MAX / 2;
  cr_assert_eq(mnz_store_room(&store), INT64_MAX);
}

/* --- the site's own store --- */

static void limit(bench *b, int32_t material, mnz_mass capacity, mnz_when_full when_full) {
  mnz_store_open(store_of(b, material), material,
                 &(mnz_store_spec){.material = material, .when_full = when_full, .capacity = capacity});
}

Test(site, loses_what_does_not_fit_into_a_store_that_loses) {
  bench b;
  bench_open(&b);
  limit(&b, MIX, 100, MNZ_FULL_LOSE);
  const mnz_mass lost_before[] = {0, 20, 70};
  const mnz_mass lots[] = {70, 50, 50}; /* fits; 30 of 50 fit; nothing fits */
  for (int32_t i = 0; i < 3; i++) {
    mnz_lot *lot = bench_nd(&b, MIX, lots[i]);
    cr_assert_eq(mnz_site_put(&b.site[HERE], &lot, &b.err), MNZ_OK);
    cr_assert(lot == NULL);
    cr_assert_eq(b.ledger.ended[MNZ_END_LOST * N_PARTS + ND], lost_before[i]);
  }
  cr_assert_eq(store_of(&b, MIX)->mass, 100);
  empty(&b, MIX);
  bench_close(&b);
}

Test(site, puts_a_lot_into_a_store_that_blocks_whatever_the_room) {
  bench b;
  bench_open(&b);
  limit(&b, MIX, 100, MNZ_FULL_BLOCK);
  put(&b, MIX, 90);
  mnz_lot *lot = bench_nd(&b, MIX, 90);
  cr_assert_eq(mnz_site_put(&b.site[HERE], &lot, &b.err), MNZ_OK);
  cr_assert_eq(store_of(&b, MIX)->mass, 180);
  cr_assert_eq(b.stirred[HERE], 1);
  empty(&b, MIX);
  bench_close(&b);
}

Test(site, tells_of_room_only_where_room_is_limited) {
  bench b;
  bench_open(&b);
  limit(&b, MIX, 100, MNZ_FULL_BLOCK);
  put(&b, MIX, 90);
  put(&b, OXIDE, 90);
  for (int32_t m = 0; m < N_MATERIALS; m++) {
    mnz_lot *lot;
    cr_assert_eq(mnz_site_take(&b.site[HERE], m, 90, &lot, &b.err), MNZ_OK);
    cr_assert_eq(lot != NULL, m == MIX || m == OXIDE);
    if (lot != NULL) bench_drop(&b, lot);
  }
  cr_assert_eq(b.freed[MIX], 1);
  cr_assert_eq(b.freed[OXIDE], 0);
  bench_close(&b);
}

Test(site, takes_nothing_rather_than_too_little) {
  bench b;
  bench_open(&b);
  put(&b, MIX, 90);
  mnz_lot *lot;
  cr_assert_eq(mnz_site_take(&b.site[HERE], MIX, 91, &lot, &b.err), MNZ_OK);
  cr_assert(lot == NULL);
  cr_assert_eq(store_of(&b, MIX)->mass, 90);
  empty(&b, MIX);
  bench_close(&b);
}

Test(site, forgets_usage_by_half_in_62_days) {
  bench b;
  bench_open(&b);
  mnz_site *site = &b.site[HERE];
  mnz_site_use(site, MIX, 1000000);
  const double fresh = mnz_site_usage(site, MIX);
  cr_assert_float_eq(fresh, 1e6 / (double)MNZ_USAGE_MEMORY, 1e-20);
  b.now = llround((double)MNZ_USAGE_MEMORY * log(2));
  cr_assert_float_eq(mnz_site_usage(site, MIX) / fresh, 0.5, 1e-9);
  bench_close(&b);
}

Test(site, sees_a_steady_usage_as_it_is) {
  bench b;
  bench_open(&b);
  const mnz_time week = INT64_C(7) * 86400 * 1000000;
  for (int32_t k = 0; k < 200; k++, b.now += week) mnz_site_use(&b.site[HERE], MIX, 7000);
  b.now -= week / 2; /* between two orders it is neither above nor below */
  const double rate = 7000.0 / (double)week;
  cr_assert_float_eq(mnz_site_usage(&b.site[HERE], MIX) / rate, 1, 0.001);
  bench_close(&b);
}

/* --- links --- */

static mnz_time departure(mnz_time first, mnz_time now) {
  const mnz_dispatch dispatch = {.every = 7, .first = first};
  const mnz_link_spec spec = {.dispatch = &dispatch};
  mnz_link link;
  mnz_link_open(&link, &spec, 0);
  return mnz_link_next_departure(&link, now);
}

Test(link, departs_at_exact_multiples_of_its_period) {
  cr_assert_eq(departure(MNZ_NO_DATE, 0), 0);
  cr_assert_eq(departure(MNZ_NO_DATE, 1), 7);
  cr_assert_eq(departure(MNZ_NO_DATE, 14), 14);
  cr_assert_eq(departure(5, 0), 5);
  cr_assert_eq(departure(5, 6), 12);
  cr_assert_eq(departure(-14, 0), 0);
  cr_assert_eq(departure(-13, 0), 1);
  cr_assert_eq(departure(-15, 0), 6);
}

Test(link, without_a_timetable_never_waits_for_a_departure) {
  mnz_link link;
  const mnz_link_spec spec = {0};
  mnz_link_open(&link, &spec, 0);
  cr_assert(mnz_link_is_free(&link));
  cr_assert_eq(mnz_link_next_departure(&link, 3), MNZ_NEVER);
}

/* --- order books --- */

static mnz_ask *add(bench *b, int32_t buyer, int32_t priority, mnz_time placed, mnz_mass mass) {
  mnz_ask *ask = mnz_book_add(&b->shelf[HERE][MIX].book, b->asks, buyer, priority, placed, mass, &b->err);
  EXPECT(ask != NULL);
  return ask;
}

static void expect_masses(const mnz_book *book, const mnz_mass *mass, int32_t n) {
  const mnz_ask *ask = book->first;
  mnz_mass open = 0;
  for (int32_t i = 0; i < n; i++, ask = ask->next) {
    cr_assert(ask != NULL);
    cr_assert_eq(ask->open, mass[i]);
    open += ask->open;
  }
  cr_assert(ask == NULL);
  cr_assert_eq(book->open, open);
}

Test(orders, stand_by_class_and_then_as_they_came) {
  bench b;
  bench_open(&b);
  add(&b, THERE, 2, 0, 10);
  add(&b, YONDER, 1, 1, 20);
  add(&b, THERE, 3, 2, 30);
  add(&b, THERE, 1, 3, 40);
  add(&b, YONDER, 2, 4, 50);
  expect_masses(&b.shelf[HERE][MIX].book, (const mnz_mass[]){20, 40, 10, 50, 30}, 5);
  bench_close(&b);
}

Test(orders, leave_the_book_when_they_are_filled) {
  bench b;
  bench_open(&b);
  mnz_book *book = &b.shelf[HERE][MIX].book;
  mnz_ask *first = add(&b, THERE, 1, 0, 10);
  mnz_ask *second = add(&b, THERE, 1, 0, 20);
  mnz_book_fill(book, first, 10);
  mnz_book_fill(book, second, 5);
  mnz_book_sweep(book, b.asks);
  expect_masses(book, (const mnz_mass[]){15}, 1);
  cr_assert_eq(mnz_pool_out(b.asks), 1);
  bench_close(&b);
}

Test(orders, are_withdrawn_by_their_buyer_and_age_only) {
  bench b;
  bench_open(&b);
  mnz_book *book = &b.shelf[HERE][MIX].book;
  add(&b, THERE, 1, 10, 1);
  add(&b, YONDER, 1, 10, 2);
  add(&b, THERE, 2, 11, 4);
  add(&b, THERE, 1, 12, 8);
  cr_assert_eq(mnz_book_withdraw(book, b.asks, THERE, 12, INT64_MAX), 5);
  expect_masses(book, (const mnz_mass[]){2, 8}, 2);
  cr_assert_eq(mnz_book_withdraw(book, b.asks, THERE, 12, INT64_MAX), 0);
  bench_close(&b);
}

Test(orders, are_withdrawn_up_to_a_mass_the_newest_first) {
  bench b;
  bench_open(&b);
  mnz_book *book = &b.shelf[HERE][MIX].book;
  add(&b, THERE, 1, 10, 30);
  add(&b, YONDER, 1, 11, 30);
  add(&b, THERE, 1, 12, 30);
  add(&b, THERE, 1, 13, 30);
  cr_assert_eq(mnz_book_withdraw(book, b.asks, THERE, MNZ_NEVER, 40), 40);
  expect_masses(book, (const mnz_mass[]){30, 30, 20}, 3);
  cr_assert_eq(mnz_book_withdraw(book, b.asks, THERE, MNZ_NEVER, 0), 0);
  expect_masses(book, (const mnz_mass[]){30, 30, 20}, 3);
  bench_close(&b);
}

Test(orders, know_what_is_open_of_a_buyer_and_since_when) {
  bench b;
  bench_open(&b);
  mnz_book *book = &b.shelf[HERE][MIX].book;
  mnz_ask *filled = add(&b, THERE, 1, 9, 5);
  add(&b, THERE, 2, 10, 30);
  add(&b, YONDER, 1, 3, 70);
  add(&b, THERE, 1, 12, 20);
  mnz_book_fill(book, filled, 5);
  mnz_time first;
  cr_assert_eq(mnz_book_open(book, THERE, MNZ_NEVER, &first), 50);
  cr_assert_eq(first, 10);
  cr_assert_eq(mnz_book_open(book, THERE, 12, &first), 30);
  cr_assert_eq(mnz_book_open(book, THERE, 10, &first), 0);
  cr_assert_eq(first, MNZ_NEVER);
  bench_close(&b);
}

Test(orders, are_filled_first_come_first_served) {
  mnz_mass give[3];
  mnz_share_out(MNZ_SHORT_PRIORITY, (const mnz_mass[]){30, 30, 30}, 3, 50, give);
  cr_assert(give[0] == 30 && give[1] == 20 && give[2] == 0);
}

Test(orders, share_a_short_stock_in_proportion_by_largest_remainder) {
  mnz_mass give[3];
  mnz_share_out(MNZ_SHORT_PROPORTIONAL, (const mnz_mass[]){10, 20, 30}, 3, 25, give); /* 4.17 8.33 12.5 */
  cr_assert(give[0] == 4 && give[1] == 8 && give[2] == 13);
  mnz_share_out(MNZ_SHORT_PROPORTIONAL, (const mnz_mass[]){1, 1, 1}, 3, 2, give);
  cr_assert(give[0] == 1 && give[1] == 1 && give[2] == 0);
}

Test(orders, get_all_they_want_when_there_is_enough) {
  for (int32_t rule = MNZ_SHORT_PRIORITY; rule <= MNZ_SHORT_PROPORTIONAL; rule++) {
    mnz_mass give[3];
    mnz_share_out(rule, (const mnz_mass[]){10, 20, 30}, 3, 61, give);
    cr_assert(give[0] == 10 && give[1] == 20 && give[2] == 30);
  }
}

Test(orders, get_what_there_is_and_never_more_than_they_want) {
  uint64_t seed = 31;
  mnz_mass open[40], give[40];
  for (int32_t k = 0; k < 4000; k++) {
    const int32_t n = 1 + (int32_t)bench_below(&seed, 40);
    mnz_mass wanted = 0, given = 0;
    for (int32_t i = 0; i < n; i++) wanted += open[i] = bench_below(&seed, 1000000000000);
    const mnz_mass stock = bench_below(&seed, wanted * 5 / 4 + 1);
    mnz_share_out(k & 1, open, n, stock, give);
    for (int32_t i = 0; i < n; i++) {
      EXPECT(0 <= give[i] && give[i] <= open[i]);
      given += give[i];
    }
    EXPECT(given == (stock < wanted ? stock : wanted));
  }
}

/* --- allocation --- */

Test(allocation, serves_the_first_class_before_the_second) {
  bench b;
  bench_open(&b);
  add(&b, THERE, 2, 0, 50);
  add(&b, YONDER, 1, 0, 30);
  put(&b, MIX, 60);
  cr_assert_eq(mnz_site_allocate(&b.site[HERE], &b.err), MNZ_OK);
  cr_assert_eq(b.handed[YONDER], 30);
  cr_assert_eq(b.handed[THERE], 30);
  expect_masses(&b.shelf[HERE][MIX].book, (const mnz_mass[]){20}, 1);
  bench_close(&b);
}

Test(allocation, shares_in_proportion_within_a_class_only) {
  bench b;
  bench_open(&b);
  b.spec[HERE].short_rule = MNZ_SHORT_PROPORTIONAL;
  add(&b, THERE, 1, 0, 10);
  add(&b, THERE, 2, 0, 30);
  add(&b, YONDER, 2, 0, 60);
  put(&b, MIX, 40);
  cr_assert_eq(mnz_site_allocate(&b.site[HERE], &b.err), MNZ_OK);
  cr_assert_eq(b.handed[THERE], 10 + 10);
  cr_assert_eq(b.handed[YONDER], 20);
  expect_masses(&b.shelf[HERE][MIX].book, (const mnz_mass[]){20, 40}, 2);
  bench_close(&b);
}

Test(allocation, tells_a_buyer_of_an_order_that_is_filled_late) {
  bench b;
  bench_open(&b);
  b.now = 50;
  add(&b, THERE, 1, 20, 10);
  add(&b, THERE, 1, 30, 10);
  add(&b, YONDER, 1, 50, 10);
  put(&b, MIX, 30);
  cr_assert_eq(mnz_site_allocate(&b.site[HERE], &b.err), MNZ_OK);
  cr_assert_eq(b.handed[THERE], 20);
  cr_assert_gt(b.unmet[THERE], 0);
  cr_assert_eq(b.unmet_since[THERE], 20);
  cr_assert_eq(b.unmet[YONDER], 0, "its order is filled in the instant in which it came");
  cr_assert_eq(b.n_handed, 2, "one lot a buyer");
  bench_close(&b);
}

Test(allocation, of_more_orders_than_it_shares_at_once_fills_them_all) {
  bench b;
  bench_open(&b);
  for (int32_t i = 0; i < 600; i++) add(&b, i % 2 == 0 ? THERE : YONDER, 1, 0, 10);
  put(&b, MIX, 6000);
  cr_assert_eq(mnz_site_allocate(&b.site[HERE], &b.err), MNZ_OK);
  cr_assert_eq(b.handed[THERE], 3000);
  cr_assert_eq(b.handed[YONDER], 3000);
  cr_assert(b.shelf[HERE][MIX].book.first == NULL);
  bench_close(&b);
}

/* --- buying --- */

Test(buying, orders_up_to_a_base_stock) {
  const mnz_policy policy = {.kind = MNZ_POLICY_BASE_STOCK, .level = 600};
  cr_assert_eq(mnz_policy_order(&policy, &(mnz_observation){.position = 420}), 180);
  cr_assert_eq(mnz_policy_order(&policy, &(mnz_observation){.position = -50}), 650);
  cr_assert_eq(mnz_policy_order(&policy, &(mnz_observation){.position = 600}), 0);
  cr_assert_eq(mnz_policy_order(&policy, &(mnz_observation){.position = 900}), 0);
}

Test(buying, orders_up_to_days_of_cover) {
  const mnz_policy policy = {.kind = MNZ_POLICY_DAYS_OF_COVER, .cover = 1000};
  cr_assert_eq(mnz_policy_order(&policy, &(mnz_observation){.position = 400, .usage = 2.5}), 2100);
  cr_assert_eq(mnz_policy_order(&policy, &(mnz_observation){.position = 400, .usage = 0}), 0);
}

Test(buying, sees_stock_and_orders_less_what_is_owed) {
  bench b;
  bench_open(&b);
  put(&b, MIX, 100);
  b.shelf[HERE][MIX].on_order = 70;
  add(&b, THERE, 1, 0, 30);
  cr_assert_eq(mnz_site_position(&b.site[HERE], MIX), 140);
  empty(&b, MIX);
  bench_close(&b);
}

#define FROM(node, part)                                                                                     \
  ((mnz_source){.from = (node), .share = (part), .since = MNZ_NO_DATE, .until = MNZ_NO_DATE})

static mnz_buy buy_from(const mnz_source *sources, int32_t n, mnz_sourcing sourcing) {
  return (mnz_buy){.material = MIX,
                   .policy = {.kind = MNZ_POLICY_BASE_STOCK, .level = 100},
                   .review = {.every = 7},
                   .sourcing = sourcing,
                   .sources = {sources, n},
                   .priority = 3};
}

Test(buying, takes_what_the_first_sources_have_free_and_the_rest_from_the_last) {
  bench b;
  bench_open(&b);
  const mnz_source sources[] = {FROM(THERE, NAN), FROM(YONDER, NAN)};
  const mnz_buy buy = buy_from(sources, 2, MNZ_SOURCE_PRIORITY);
  b.free[THERE] = 30;
  cr_assert_eq(mnz_buying_review(&b.site[HERE], &buy, &b.err), MNZ_OK);
  cr_assert_eq(b.n_asked, 2);
  cr_assert(b.asked[0].seller == THERE && b.asked[0].mass == 100 && b.asked[0].only_free);
  cr_assert(b.asked[1].seller == YONDER && b.asked[1].mass == 70 && !b.asked[1].only_free);
  cr_assert_eq(b.asked[0].priority, 3);
  cr_assert_eq(b.shelf[HERE][MIX].on_order, 100);
  cr_assert_eq(mnz_buying_review(&b.site[HERE], &buy, &b.err), MNZ_OK);
  cr_assert_eq(b.n_asked, 2, "what is on order is not ordered again");
  bench_close(&b);
}

Test(buying, takes_back_from_the_last_source_what_those_before_it_could_send) {
  bench b;
  bench_open(&b);
  const mnz_source sources[] = {FROM(THERE, NAN), FROM(YONDER, NAN)};
  const mnz_buy buy = buy_from(sources, 2, MNZ_SOURCE_PRIORITY);
  b.shelf[HERE][MIX].on_order = 90;
  b.open[YONDER] = 40;
  b.free[THERE] = 25;
  cr_assert_eq(mnz_buying_review(&b.site[HERE], &buy, &b.err), MNZ_OK);
  cr_assert_eq(b.open[YONDER], 15, "what cannot be had sooner keeps its place in the queue");
  cr_assert_eq(b.n_asked, 2);
  cr_assert(b.asked[0].seller == THERE && b.asked[0].mass == 35 && b.asked[0].fresh == 10);
  cr_assert(b.asked[1].seller == YONDER && b.asked[1].mass == 10 && b.asked[1].fresh == 0);
  cr_assert_eq(b.shelf[HERE][MIX].on_order, 100);
  bench_close(&b);
}

Test(buying, takes_back_all_that_a_preferred_source_could_not_keep) {
  bench b;
  bench_open(&b);
  const mnz_source sources[] = {FROM(THERE, NAN), FROM(YONDER, NAN)};
  const mnz_buy buy = buy_from(sources, 2, MNZ_SOURCE_PRIORITY);
  b.shelf[HERE][MIX].on_order = 100;
  b.open[THERE] = 60;
  cr_assert_eq(mnz_buying_review(&b.site[HERE], &buy, &b.err), MNZ_OK);
  cr_assert_eq(b.n_asked, 2);
  cr_assert(b.asked[1].seller == YONDER && b.asked[1].mass == 60);
  cr_assert_eq(b.shelf[HERE][MIX].on_order, 100);
  bench_close(&b);
}

Test(buying, orders_no_more_than_its_store_can_hold) {
  bench b;
  bench_open(&b);
  const mnz_source source = FROM(THERE, NAN);
  const mnz_buy buy = buy_from(&source, 1, MNZ_SOURCE_PRIORITY);
  limit(&b, MIX, 70, MNZ_FULL_BLOCK);
  put(&b, MIX, 20);
  b.shelf[HERE][MIX].on_order = 15;
  cr_assert_eq(mnz_buying_review(&b.site[HERE], &buy, &b.err), MNZ_OK);
  cr_assert_eq(b.n_asked, 1);
  cr_assert_eq(b.asked[0].mass, 35);
  empty(&b, MIX);
  bench_close(&b);
}

Test(buying, asks_no_further_when_the_first_source_has_enough) {
  bench b;
  bench_open(&b);
  const mnz_source sources[] = {FROM(THERE, NAN), FROM(YONDER, NAN)};
  const mnz_buy buy = buy_from(sources, 2, MNZ_SOURCE_PRIORITY);
  b.free[THERE] = 100;
  cr_assert_eq(mnz_buying_review(&b.site[HERE], &buy, &b.err), MNZ_OK);
  cr_assert_eq(b.n_asked, 1);
  bench_close(&b);
}

Test(buying, splits_by_shares_and_leaves_the_rounding_to_the_last) {
  bench b;
  bench_open(&b);
  const mnz_source sources[] = {FROM(THERE, 1.0 / 3), FROM(YONDER, 1.0 / 3), FROM(THERE, 1.0 / 3)};
  const mnz_buy buy = buy_from(sources, 3, MNZ_SOURCE_SPLIT);
  cr_assert_eq(mnz_buying_review(&b.site[HERE], &buy, &b.err), MNZ_OK);
  cr_assert_eq(b.n_asked, 3);
  cr_assert(b.asked[0].mass == 33 && b.asked[1].mass == 33 && b.asked[2].mass == 34);
  for (int32_t i = 0; i < 3; i++) cr_assert_not(b.asked[i].only_free);
  bench_close(&b);
}

Test(buying, waits_until_the_least_order_is_reached) {
  bench b;
  bench_open(&b);
  const mnz_source source = FROM(THERE, NAN);
  mnz_buy buy = buy_from(&source, 1, MNZ_SOURCE_PRIORITY);
  buy.minimum = 101;
  cr_assert_eq(mnz_buying_review(&b.site[HERE], &buy, &b.err), MNZ_OK);
  cr_assert_eq(b.n_asked, 0);
  buy.minimum = 100;
  cr_assert_eq(mnz_buying_review(&b.site[HERE], &buy, &b.err), MNZ_OK);
  cr_assert_eq(b.n_asked, 1);
  bench_close(&b);
}

Test(buying, looks_again_at_exact_multiples_of_the_review) {
  bench b;
  bench_open(&b);
  const mnz_source source = FROM(THERE, NAN);
  mnz_buy buy = buy_from(&source, 1, MNZ_SOURCE_PRIORITY);
  buy.review.every = 7;
  const mnz_list buys = {&buy, 1};
  cr_assert_eq(mnz_buying_start(&b.site[HERE], &buys, &b.err), MNZ_OK);
  for (mnz_time k = 0; k < 10; k++) {
    fake_alarm alarm;
    cr_assert(bench_next(&b, 1000, &alarm));
    cr_assert_eq(alarm.at, 7 * k);
    cr_assert_eq(alarm.phase, MNZ_PHASE_DECISION);
    cr_assert_eq(mnz_buying_wake(&b.site[HERE], &buys, alarm.tag, &b.err), MNZ_OK);
  }
  bench_close(&b);
}
