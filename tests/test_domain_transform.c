/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transforms and disruptions. */
#include "domain/disruption.h"
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

/* --- disruptions --- */

typedef struct stage {
  bench b;
  mnz_disruption_host host;
  mnz_disruption disruption;
  double period_loss[4];
  int32_t n_changes;
  mnz_time changed_at[256];
  double loss[256];
} stage;

static mnz_time stage_now(const void *host) {
  return ((const stage *)host)->b.now;
}

static mnz_status stage_wake(void *host, int32_t disruption, mnz_time at, int32_t tag, mnz_error *err) {
  stage *s = host;
  return s->b.services.wake(&s->b, disruption, at, MNZ_PHASE_DISRUPTION, tag, NULL, err);
}

static mnz_status stage_changed(void *host, int32_t disruption, bool begins, mnz_error *err) {
  stage *s = host;
  (void)disruption, (void)err;
  EXPECT(s->n_changes < 256);
  const double before = s->n_changes == 0 ? 0 : s->loss[s->n_changes - 1];
  s->changed_at[s->n_changes] = s->b.now;
  s->loss[s->n_changes] = mnz_disruption_loss(&s->disruption);
  EXPECT(begins == (s->loss[s->n_changes++] > before));
  return MNZ_OK;
}

static void play(stage *s, const mnz_disruption_spec *spec, mnz_time until) {
  *s = (stage){0};
  bench_open(&s->b);
  s->host = (mnz_disruption_host){
      .host = s, .now = stage_now, .wake = stage_wake, .services = &s->b.services, .changed = stage_changed};
  EXPECT_OK(mnz_disruption_start(&s->disruption, spec, &s->host, 3, s->period_loss, &s->b.err), s->b.err);
  fake_alarm alarm;
  while (bench_next(&s->b, until, &alarm)) {
    EXPECT(alarm.node == 3);
    EXPECT_OK(mnz_disruption_wake(&s->disruption, alarm.tag, &s->b.err), s->b.err);
  }
}

static mnz_disruption_spec dated(const mnz_period *periods, int32_t n, double loss) {
  return (mnz_disruption_spec){.loss = mnz_distribution_constant(loss),
                               .ttf = mnz_distribution_constant(NAN),
                               .ttr = mnz_distribution_constant(NAN),
                               .from = MNZ_NO_DATE,
                               .until = MNZ_NO_DATE,
                               .periods = {periods, n},
                               .hash = 99};
}

static void expect_changes(const stage *s, const mnz_time *at, const double *loss, int32_t n) {
  cr_assert_eq(s->n_changes, n);
  for (int32_t i = 0; i < n; i++) {
    cr_expect_eq(s->changed_at[i], at[i], "change %d at %lld", i, (long long)s->changed_at[i]);
    cr_expect_float_eq(s->loss[i], loss[i], 1e-12, "change %d: %g", i, s->loss[i]);
  }
}

Test(disruption, takes_capacity_away_in_its_periods) {
  stage s;
  const mnz_period periods[] = {{100, 200}, {300, 350}};
  const mnz_disruption_spec spec = dated(periods, 2, 0.25);
  play(&s, &spec, 1000);
  expect_changes(&s, (const mnz_time[]){100, 200, 300, 350}, (const double[]){0.25, 0, 0.25, 0}, 4);
  bench_close(&s.b);
}

Test(disruption, multiplies_what_overlapping_periods_leave) {
  stage s;
  const mnz_period periods[] = {{100, 400}, {200, 300}, {250, 500}};
  const mnz_disruption_spec spec = dated(periods, 3, 0.5);
  play(&s, &spec, 1000);
  expect_changes(&s, (const mnz_time[]){100, 200, 250, 300, 400, 500},
                 (const double[]){0.5, 0.75, 0.875, 0.75, 0.5, 0}, 6);
  bench_close(&s.b);
}

Test(disruption, that_began_before_the_start_is_there_at_the_start) {
  stage s;
  const mnz_period periods[] = {{-100, 50}, {-100, -50}, {-100, MNZ_NO_DATE}};
  const mnz_disruption_spec spec = dated(periods, 3, 0.5);
  play(&s, &spec, 1000);
  expect_changes(&s, (const mnz_time[]){0, 0, 50}, (const double[]){0.5, 0.75, 0.5}, 3);
  bench_close(&s.b);
}

Test(disruption, fails_and_is_repaired_by_its_own_streams) {
  stage s;
  mnz_disruption_spec spec = dated(NULL, 0, 1);
  spec.ttf = (mnz_distribution){.kind = MNZ_DIST_EXPONENTIAL, .p = {1000}};
  spec.ttr = (mnz_distribution){.kind = MNZ_DIST_UNIFORM, .p = {10, 90}};
  spec.loss = (mnz_distribution){.kind = MNZ_DIST_UNIFORM, .p = {0.2, 0.9}};
  play(&s, &spec, 100000);
  cr_assert_gt(s.n_changes, 100);
  mnz_time at = 0;
  for (int32_t i = 0; i < s.n_changes; i++) {
    const uint32_t k = (uint32_t)i / 2;
    mnz_stream stream;
    s.b.services.stream(&s.b, 99, i % 2 == 0 ? MNZ_PURPOSE_TTF : MNZ_PURPOSE_TTR, k, &stream);
    at += llround(mnz_distribution_draw(i % 2 == 0 ? &spec.ttf : &spec.ttr, &stream.rng));
    EXPECT(s.changed_at[i] == at);
    s.b.services.stream(&s.b, 99, MNZ_PURPOSE_LOSS, k, &stream);
    EXPECT(fabs(s.loss[i] - (i % 2 == 0 ? mnz_distribution_draw(&spec.loss, &stream.rng) : 0)) < 1e-12);
  }
  bench_close(&s.b);
}

Test(disruption, counts_random_outages_between_two_dates_only) {
  stage s;
  mnz_disruption_spec spec = dated(NULL, 0, 1);
  spec.ttf = mnz_distribution_constant(100);
  spec.ttr = mnz_distribution_constant(30);
  spec.from = 1000;
  spec.until = 1250;
  play(&s, &spec, 100000);
  expect_changes(&s, (const mnz_time[]){1100, 1130, 1230, 1260}, (const double[]){1, 0, 1, 0}, 4);
  bench_close(&s.b);
}

Test(disruption, draws_dated_losses_apart_from_random_ones) {
  stage s, alone;
  const mnz_period periods[] = {{150, 160}, {5000, 5010}};
  mnz_disruption_spec spec = dated(periods, 2, 1);
  spec.loss = (mnz_distribution){.kind = MNZ_DIST_UNIFORM, .p = {0, 1}};
  play(&alone, &spec, 100000);
  spec.ttf = mnz_distribution_constant(1000);
  spec.ttr = mnz_distribution_constant(500);
  play(&s, &spec, 5001);
  cr_assert_eq(s.changed_at[0], 150);
  cr_assert_float_eq(s.loss[0], alone.loss[0], 1e-12);
  cr_assert_eq(s.changed_at[s.n_changes - 1], 5000);
  const double left = (1 - alone.loss[2]) * (1 - s.disruption.random_loss);
  cr_assert_float_eq(s.loss[s.n_changes - 1], 1 - left, 1e-12);
  bench_close(&s.b);
  bench_close(&alone.b);
}
