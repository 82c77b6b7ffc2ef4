/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transforms. */
#include "domain/transform.h"
#include "domain_bench.h"

/* --- transforms --- */

static mnz_mass sum_of_elements(const mnz_lot *lot) {
  return lot->book - lot->part[OTHER];
}

static void end_all(bench *b, mnz_lot **out, int32_t n) {
  for (int32_t i = 0; i < n; i++) {
    if (out[i] != NULL) bench_drop(b, out[i]);
  }
  bench_close(b);
}

static mnz_mass tails(const bench *b, int32_t part) {
  return b->ledger.ended[MNZ_END_TAILS * N_PARTS + part];
}

static const mnz_mass feed_parts[N_PARTS] = {
    [ND] = 1000, [PR] = 500, [DY] = 100, [N_ELEMENTS + ND] = 3001, [OTHER] = 10000};

Test(transform, gives_each_product_its_share_and_the_tails_what_is_left) {
  bench b;
  bench_open(&b);
  mnz_lot *feed = bench_lot(&b, MIX, feed_parts);
  mnz_lot *out[1];
  const mnz_fraction oxide = {.material = OXIDE, .share = {0.9, 0.8}, .grade = 1};
  cr_assert_eq(mnz_transform(&b.site[HERE], &feed, &oxide, 1, out, &b.err), MNZ_OK);
  cr_assert(feed == NULL);
  cr_assert_eq(out[0]->part[ND], 900);
  cr_assert_eq(out[0]->part[PR], 400);
  cr_assert_eq(out[0]->part[DY], 0);
  cr_assert_eq(out[0]->part[N_ELEMENTS + ND], 2701);
  cr_assert_eq(out[0]->part[OTHER], 0);
  cr_assert_eq(out[0]->mass, 900 + 400 + 2701);
  cr_assert_eq(tails(&b, ND), 100);
  cr_assert_eq(tails(&b, DY), 100);
  cr_assert_eq(tails(&b, N_ELEMENTS + ND), 300);
  cr_assert_eq(tails(&b, OTHER), 10000);
  end_all(&b, out, 1);
}

Test(transform, leaves_no_tails_of_elements_when_there_is_a_rest) {
  bench b;
  bench_open(&b);
  mnz_lot *feed = bench_lot(&b, MIX, feed_parts);
  mnz_lot *out[2];
  const mnz_fraction fraction[] = {{.material = OXIDE, .share = {0.9, 0.8}, .grade = 1},
                                   {.material = REST, .share = {1, 1, 1}, .grade = 1}};
  cr_assert_eq(mnz_transform(&b.site[HERE], &feed, fraction, 2, out, &b.err), MNZ_OK);
  cr_assert_eq(out[1]->part[ND], 100);
  cr_assert_eq(out[1]->part[PR], 100);
  cr_assert_eq(out[1]->part[DY], 100);
  for (int32_t i = 0; i < OTHER; i++) EXPECT(tails(&b, i) == 0);
  end_all(&b, out, 2);
}

Test(transform, leaves_an_empty_rest_when_everything_is_recovered) {
  bench b;
  bench_open(&b);
  mnz_lot *feed = bench_lot(&b, MIX, feed_parts);
  mnz_lot *out[2];
  const mnz_fraction fraction[] = {{.material = OXIDE, .share = {1, 1, 1}, .grade = 1},
                                   {.material = REST, .share = {1, 1, 1}, .grade = 1}};
  EXPECT_OK(mnz_transform(&b.site[HERE], &feed, fraction, 2, out, &b.err), b.err);
  cr_assert(out[1] == NULL);
  cr_assert_eq(sum_of_elements(out[0]), 4601);
  end_all(&b, out, 2);
}

Test(transform, makes_up_the_grade_with_other_matter_of_the_feed) {
  bench b;
  bench_open(&b);
  mnz_lot *feed = bench_lot(&b, MIX, feed_parts);
  mnz_lot *out[1];
  const mnz_fraction concentrate = {.material = REST, .share = {1, 1, 1}, .grade = 0.4};
  cr_assert_eq(mnz_transform(&b.site[HERE], &feed, &concentrate, 1, out, &b.err), MNZ_OK);
  cr_assert_eq(out[0]->mass, llround(4601 / 0.4));
  cr_assert_eq(out[0]->part[OTHER], llround(4601 / 0.4) - 4601);
  cr_assert_eq(tails(&b, OTHER), 10000 - out[0]->part[OTHER]);
  cr_assert_eq(b.ledger.born[OTHER], 10000, "nothing came from outside");
  end_all(&b, out, 1);
}

Test(transform, takes_from_outside_the_other_matter_that_the_feed_lacks) {
  bench b;
  bench_open(&b);
  mnz_lot *feed = bench_lot(&b, MIX, feed_parts);
  mnz_lot *out[2];
  const mnz_fraction fraction[] = {{.material = OXIDE, .share = {1, 1, 1}, .grade = 0.25},
                                   {.material = REST, .share = {1, 1, 1}, .grade = 1}};
  cr_assert_eq(mnz_transform(&b.site[HERE], &feed, fraction, 2, out, &b.err), MNZ_OK);
  cr_assert_eq(out[0]->part[OTHER], 4601 * 3);
  cr_assert_eq(b.ledger.born[OTHER], 4601 * 3);
  cr_assert_eq(tails(&b, OTHER), 0);
  end_all(&b, out, 2);
}

static void expect_out_of_nothing(const mnz_fraction *fraction, int32_t n, const char *message) {
  bench b;
  bench_open(&b);
  mnz_lot *feed = bench_lot(&b, MIX, feed_parts);
  mnz_lot *out[2];
  cr_assert_eq(mnz_transform(&b.site[HERE], &feed, fraction, n, out, &b.err), MNZ_LEDGER);
  cr_assert_str_eq(b.err.where, "here");
  cr_assert_str_eq(b.err.message, message);
  bench_free(&b);
}

Test(transform, refuses_a_recovery_that_makes_mass_out_of_nothing) {
  const mnz_fraction more = {.material = OXIDE, .share = {1.05}, .grade = 1};
  expect_out_of_nothing(&more, 1, "mass out of nothing: 1050 mg of Nd made from 1000 mg of it in mix");
}

Test(transform, refuses_products_that_want_more_than_there_is_together) {
  const mnz_fraction fraction[] = {{.material = OXIDE, .share = {0.5, 0.6}, .grade = 1},
                                   {.material = REST, .share = {0.5, 0.5, 1}, .grade = 1}};
  expect_out_of_nothing(fraction, 2, "mass out of nothing: 550 mg of Pr made from 500 mg of it in mix");
}

Test(transform, rounds_halves_without_making_a_milligram) {
  bench b;
  bench_open(&b);
  const mnz_mass odd[N_PARTS] = {[ND] = 1, [PR] = 3, [DY] = 999999999999};
  mnz_lot *feed = bench_lot(&b, MIX, odd);
  mnz_lot *out[2];
  const mnz_fraction fraction[] = {{.material = OXIDE, .share = {0.5, 0.5, 0.5}, .grade = 1},
                                   {.material = REST, .share = {0.5, 0.5, 0.5}, .grade = 1}};
  cr_assert_eq(mnz_transform(&b.site[HERE], &feed, fraction, 2, out, &b.err), MNZ_OK);
  cr_assert_eq(out[0]->mass + out[1]->mass, 1 + 3 + 999999999999);
  end_all(&b, out, 2);
}

Test(transform, loses_nothing_in_ten_thousand_random_splits) {
  bench b;
  bench_open(&b);
  uint64_t seed = 41;
  for (int32_t k = 0; k < 10000; k++) {
    mnz_mass part[N_PARTS];
    for (int32_t i = 0; i < N_PARTS; i++) part[i] = bench_below(&seed, k % 2 == 0 ? 9 : 900000000000);
    part[ND]++;
    mnz_lot *feed = bench_lot(&b, MIX, part);
    mnz_lot *out[3];
    mnz_fraction fraction[] = {{.material = OXIDE}, {.material = METAL}, {.material = REST, .grade = 1}};
    fraction[0].grade = 0.1 + 0.9 * (double)bench_below(&seed, 1000) / 1000;
    fraction[1].grade = 0.1 + 0.9 * (double)bench_below(&seed, 1000) / 1000;
    for (int32_t e = 0; e < N_ELEMENTS; e++) {
      fraction[0].share[e] = (double)bench_below(&seed, 1001) / 1000;
      fraction[1].share[e] = (1 - fraction[0].share[e]) * (double)bench_below(&seed, 1001) / 1000;
      fraction[2].share[e] = bench_below(&seed, 2) == 0 ? 1 : 0;
    }
    EXPECT_OK(mnz_transform(&b.site[HERE], &feed, fraction, 3, out, &b.err), b.err);
    for (int32_t i = 0; i < 3; i++) {
      for (int32_t p = 0; out[i] != NULL && p < N_PARTS; p++) EXPECT(out[i]->part[p] >= 0);
      if (out[i] != NULL) bench_drop(&b, out[i]);
    }
    if (k % 500 == 0) EXPECT_OK(bench_check(&b, NULL), b.err);
  }
  bench_close(&b);
}

Test(transform, draws_one_recovery_for_all_elements_of_a_lot) {
  bench b;
  bench_open(&b);
  const mnz_recovery recovery = {.all = {.kind = MNZ_DIST_UNIFORM, .p = {0.6, 0.8}}};
  double share[MNZ_MAX_ELEMENTS], next[MNZ_MAX_ELEMENTS];
  mnz_stream twin;
  b.services.stream(&b, b.spec[HERE].hash, MNZ_PURPOSE_RECOVERY, 7, &twin);
  mnz_recovery_draw(&recovery, &b.site[HERE], 0, 7, share);
  cr_assert_eq(share[ND], mnz_distribution_draw(&recovery.all, &twin.rng));
  for (int32_t e = 0; e < N_ELEMENTS; e++) cr_assert_eq(share[e], share[ND]);
  mnz_recovery_draw(&recovery, &b.site[HERE], 1, 7, next);
  cr_assert_neq(next[ND], share[ND], "another product draws its own");
  mnz_recovery_draw(&recovery, &b.site[HERE], 0, 8, next);
  cr_assert_neq(next[ND], share[ND], "and so does another lot");
  bench_close(&b);
}

Test(transform, draws_each_element_that_has_a_distribution_of_its_own) {
  bench b;
  bench_open(&b);
  mnz_distribution element[MNZ_MAX_ELEMENTS] = {[ND] = {.kind = MNZ_DIST_UNIFORM, .p = {0.6, 0.8}},
                                                [DY] = {.kind = MNZ_DIST_UNIFORM, .p = {0.6, 0.8}},
                                                [TB] = mnz_distribution_constant(0.5)};
  const mnz_recovery recovery = {
      .all = mnz_distribution_constant(NAN),
      .by_element = {.at = {[ND] = 0.7, [DY] = 0.7, [TB] = 0.5}, .given = 1U << ND | 1U << DY | 1U << TB},
      .element = element};
  double share[MNZ_MAX_ELEMENTS];
  double sum = 0;
  double product = 0;
  enum { N = 4000 };
  for (uint32_t k = 0; k < N; k++) {
    mnz_recovery_draw(&recovery, &b.site[HERE], 0, k, share);
    EXPECT(share[TB] == 0.5 && share[PR] == 0);
    EXPECT(0.6 <= share[ND] && share[ND] < 0.8 && 0.6 <= share[DY] && share[DY] < 0.8);
    sum += share[ND] - 0.7;
    product += (share[ND] - 0.7) * (share[DY] - 0.7);
  }
  const double variance = 0.04 / 12; /* of one share */
  cr_assert_lt(fabs(sum / N), 3.5 * sqrt(variance / N));
  cr_assert_lt(fabs(product / N), 3.5 * variance / sqrt(N), "independent of each other");
  mnz_recovery_greatest(&recovery, N_ELEMENTS, share);
  cr_assert(share[ND] == 0.8 && share[TB] == 0.5);
  bench_close(&b);
}

Test(transform, recovers_by_element_only_what_is_said) {
  const mnz_recovery recovery = {.all = mnz_distribution_constant(NAN),
                                 .by_element = {.at = {0.9, 0, 0.3}, .given = 5}};
  double share[MNZ_MAX_ELEMENTS];
  bench b;
  bench_open(&b);
  mnz_recovery_draw(&recovery, &b.site[HERE], 0, 0, share);
  bench_close(&b);
  cr_assert(share[ND] == 0.9 && share[PR] == 0 && share[DY] == 0.3 && share[TB] == 0);
  mnz_recovery_mean(&recovery, N_ELEMENTS, share);
  cr_assert(share[ND] == 0.9 && share[PR] == 0 && share[DY] == 0.3 && share[TB] == 0);
}

Test(transform, knows_the_mean_and_the_greatest_recovery) {
  const mnz_recovery recovery = {.all = {.kind = MNZ_DIST_TRIANGULAR, .p = {0.6, 0.7, 0.95}}};
  double share[MNZ_MAX_ELEMENTS];
  mnz_recovery_mean(&recovery, N_ELEMENTS, share);
  cr_assert_float_eq(share[DY], 0.75, 1e-12);
  mnz_recovery_greatest(&recovery, N_ELEMENTS, share);
  cr_assert_float_eq(share[DY], 0.95, 1e-12);
}
