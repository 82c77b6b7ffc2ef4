/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Schedules, lines, outboxes: time to the microsecond. */
#include "domain/line.h"
#include "domain/outbox.h"
#include "domain_bench.h"

#define FOR_EVER (INT64_MAX / 4)
#define SECOND   1000000

/* --- schedules --- */

/* Steps and ramps, a gap, a ramp that the next step cuts off. */
static const mnz_rate_step steps[] = {{.from = 1000, .per_us = 1},
                                      {.from = 3000, .ramp = 2000, .per_us = 4},
                                      {.from = 6000, .per_us = 0},
                                      {.from = 8000, .ramp = 1000, .per_us = 2},
                                      {.from = 10000, .ramp = 4000, .per_us = 6},
                                      {.from = 12000, .ramp = 1000, .per_us = 0.5}};
static const mnz_schedule schedule = {.at = steps, .count = sizeof steps / sizeof *steps};

Test(schedule, follows_steps_and_ramps) {
  static const struct {
    mnz_time at;
    double rate;
  } said[] = {{0, 0},     {999, 0},      {1000, 1},    {2999, 1},    {3000, 1},   {4000, 2.5}, {5000, 4},
              {5999, 4},  {6000, 0},     {8000, 0},    {8500, 1},    {9000, 2},   {9999, 2},   {11000, 3},
              {12000, 4}, {12500, 2.25}, {13000, 0.5}, {14000, 0.5}, {99999, 0.5}};
  for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
    cr_expect_float_eq(mnz_schedule_rate(&schedule, said[i].at), said[i].rate, 1e-12, "at %lld: %g",
                       (long long)said[i].at, mnz_schedule_rate(&schedule, said[i].at));
  }
}

/* What is worked off in each microsecond, by the rate in its middle: exact for straight lines. */
static double *integrate(const mnz_schedule *s, mnz_time end) {
  double *done = malloc((size_t)(end + 1) * sizeof *done);
  done[0] = 0;
  for (mnz_time t = 0; t < end; t++) {
    /* the schedule is made for whole microseconds: stretched by two, the middle is one */
    mnz_rate_step wide[8];
    for (int32_t i = 0; i < s->count; i++) wide[i] = s->at[i], wide[i].from *= 2, wide[i].ramp *= 2;
    done[t + 1] = done[t] + mnz_schedule_rate(&(mnz_schedule){.at = wide, .count = s->count}, 2 * t + 1);
  }
  return done;
}

Test(schedule, takes_the_time_that_numeric_integration_takes) {
  enum { END = 20000 };
  double *done = integrate(&schedule, END);
  for (mnz_time at = 0; at < 15000; at += 37) {
    for (mnz_mass mass = 1; done[at] + (double)mass < done[END - 10]; mass += 113) {
      mnz_time slow = at;
      while (done[slow] - done[at] < (double)mass) slow++;
      const mnz_time took = mnz_schedule_time(&schedule, at, mass);
      if (llabs(took - (slow - at)) > 2) {
        cr_assert_fail("from %lld for %lld: %lld, found %lld", (long long)at, (long long)mass,
                       (long long)(slow - at), (long long)took);
      }
    }
  }
  free(done);
}

Test(schedule, ramps_up_over_half_a_year_as_the_parabola_says) {
  const mnz_time half_a_year = INT64_C(182) * 86400 * SECOND;
  const mnz_rate_step ramp = {.from = 0, .ramp = half_a_year, .per_us = 100};
  const mnz_schedule s = {.at = &ramp, .count = 1};
  /* rate = 100 t / T, so that after t the mass is 50 t^2 / T */
  for (int32_t k = 1; k <= 100; k++) {
    const mnz_time t = half_a_year / 100 * k;
    const double mass = 50 * (double)t * ((double)t / (double)half_a_year);
    const mnz_time took = mnz_schedule_time(&s, 0, llround(mass));
    EXPECT(llabs(took - t) <= 1);
  }
}

Test(schedule, waits_through_a_gap_without_rate) {
  /* at 5900 a mass of 500 is 400 before the gap and 100 after it, on the ramp r = t / 500 */
  const mnz_time took = mnz_schedule_time(&schedule, 5900, 500);
  cr_assert_eq(took, 8000 + llround(sqrt(2 * 500 * 100)) - 5900);
}

Test(schedule, never_ends_when_the_rate_ends) {
  const mnz_rate_step closing[] = {{.from = MNZ_NO_DATE, .per_us = 1}, {.from = 1000, .per_us = 0}};
  const mnz_schedule s = {.at = closing, .count = 2};
  cr_assert_eq(mnz_schedule_time(&s, 0, 1000), 1000);
  cr_assert_eq(mnz_schedule_time(&s, 0, 1001), FOR_EVER);
  cr_assert_eq(mnz_schedule_time(&s, 5000, 1), FOR_EVER);
}

Test(schedule, that_says_nothing_limits_nothing) {
  const mnz_schedule none = {0};
  cr_assert_eq(mnz_schedule_time(&none, 77, 1000000000), 0);
  cr_assert(isinf(mnz_schedule_rate(&none, 77)));
  cr_assert(isinf(mnz_schedule_greatest(&none)));
  cr_assert_float_eq(mnz_schedule_greatest(&schedule), 6, 1e-12);
}

Test(schedule, counts_the_elements_of_its_basis_only) {
  bench b;
  bench_open(&b);
  const mnz_mass part[N_PARTS] = {[ND] = 1, [PR] = 2, [DY] = 4, [N_ELEMENTS + PR] = 8, [OTHER] = 16};
  mnz_lot *lot = bench_lot(&b, MIX, part);
  cr_assert_eq(mnz_basis_mass(&b.catalog, 0, lot), 31);
  cr_assert_eq(mnz_basis_mass(&b.catalog, 1 << PR, lot), 10);
  cr_assert_eq(mnz_basis_mass(&b.catalog, 1 << ND | 1 << DY, lot), 5);
  bench_drop(&b, lot);
  bench_close(&b);
}

/* --- a line --- */

enum { FIRST_TAG = 20, MOST = 512 };

static const mnz_rate_step two = {.from = MNZ_NO_DATE, .per_us = 2};
static const mnz_schedule two_a_microsecond = {.at = &two, .count = 1};

typedef struct line_bench {
  bench b;
  mnz_line line;
  mnz_mass feed; /* of each lot that is put in whenever the line is free; 0: none */
  int32_t n_in;
  int32_t n_out;
  mnz_time in_at[MOST];
  mnz_time out_at[MOST];
  int64_t in_id[MOST];
  int64_t out_id[MOST];
} line_bench;

static void open_line(line_bench *l, const mnz_schedule *capacity, const mnz_distribution *residence,
                      mnz_time hold_up) {
  *l = (line_bench){0};
  bench_open(&l->b);
  mnz_line_open(&l->line, &l->b.site[HERE], capacity, residence, hold_up, FIRST_TAG);
  EXPECT_OK(mnz_line_start(&l->line, &l->b.err), l->b.err);
}

static void load(line_bench *l, mnz_mass mass) {
  mnz_lot *lot = bench_nd(&l->b, MIX, mass);
  l->in_id[l->n_in] = lot->id;
  l->in_at[l->n_in++] = l->b.now;
  EXPECT_OK(mnz_line_load(&l->line, &lot, &l->b.err), l->b.err);
  EXPECT(lot == NULL);
}

/* What a facility does when it decides: takes out what is due, puts in what there is room for. */
static void decide(line_bench *l) {
  while (mnz_line_due(&l->line) != NULL) {
    mnz_lot *lot = mnz_line_pop(&l->line, &l->b.err);
    EXPECT(lot != NULL);
    l->out_id[l->n_out] = lot->id;
    l->out_at[l->n_out++] = l->b.now;
    bench_drop(&l->b, lot);
  }
  while (l->feed > 0 && l->n_in < MOST && mnz_line_is_free(&l->line)) load(l, l->feed);
}

static void run(line_bench *l, mnz_time until) {
  fake_alarm alarm;
  decide(l);
  while (bench_next(&l->b, until, &alarm)) {
    mnz_status status;
    EXPECT(alarm.phase == MNZ_PHASE_COMPLETION);
    EXPECT(mnz_line_wake(&l->line, alarm.tag, &status, &l->b.err) && status == MNZ_OK);
    decide(l);
  }
  l->b.now = until;
}

static void set_pace(line_bench *l, mnz_time at, double pace) {
  run(l, at);
  EXPECT_OK(mnz_line_set_pace(&l->line, pace, &l->b.err), l->b.err);
}

static void close_line(line_bench *l) {
  EXPECT_OK(bench_check(&l->b, NULL), l->b.err);
  bench_free(&l->b);
}

Test(line, works_a_lot_off_at_its_capacity) {
  line_bench l;
  open_line(&l, &two_a_microsecond, NULL, 0);
  load(&l, 1000);
  cr_assert_eq(l.line.inside_mass, 1000);
  run(&l, 499);
  cr_assert_eq(l.n_out, 0);
  run(&l, 500);
  cr_assert_eq(l.n_out, 1);
  cr_assert_eq(l.out_at[0], 500);
  cr_assert_eq(l.line.inside_mass, 0);
  close_line(&l);
}

Test(line, works_on_one_lot_at_a_time) {
  line_bench l;
  open_line(&l, &two_a_microsecond, NULL, 700);
  l.feed = 100;
  run(&l, 10000);
  for (int32_t i = 0; i < l.n_in; i++) EXPECT(l.in_at[i] == 50 * i);
  for (int32_t i = 0; i < l.n_out; i++) EXPECT(l.out_at[i] == 50 * (i + 1) + 700);
  cr_assert_eq(l.n_in, 201);
  cr_assert_eq(l.n_out, (10000 - 700) / 50);
  close_line(&l);
}

Test(line, keeps_what_is_in_work_and_what_stays_inside) {
  line_bench l;
  open_line(&l, &two_a_microsecond, NULL, 700);
  l.feed = 100;
  run(&l, 5001);
  cr_assert_eq(l.line.inside_mass, 1500); /* 700 of hold-up at 2, and the lot in work */
  cr_assert_eq(l.line.inside.count, 14);
  close_line(&l);
}

Test(line, adds_residence_and_hold_up) {
  line_bench l;
  const mnz_distribution residence = mnz_distribution_constant(250);
  open_line(&l, &two_a_microsecond, &residence, 30);
  l.feed = 100;
  run(&l, 1000);
  for (int32_t i = 0; i < l.n_out; i++) EXPECT(l.out_at[i] == 50 * (i + 1) + 250 + 30);
  cr_assert_eq(l.n_out, 14);
  close_line(&l);
}

Test(line, with_a_hold_up_keeps_what_it_holds_while_nothing_follows) {
  line_bench l;
  open_line(&l, &two_a_microsecond, NULL, 300);
  l.feed = 100;
  run(&l, 1010); /* a lot has been in work for 10, and 14 of them have left */
  l.feed = 0;
  run(&l, 5000); /* that lot is done at 1050, and one more has left */
  cr_assert_eq(l.n_out, 15);
  cr_assert_eq(l.line.inside_mass, 600, "300 of hold-up at 2");
  l.feed = 100;
  run(&l, 5100);
  cr_assert_eq(l.n_out, 17);
  cr_assert_eq(l.out_at[15], 5050);
  cr_assert_eq(l.out_at[16], 5100);
  close_line(&l);
}

Test(line, with_a_hold_up_gives_at_the_rate_at_which_it_is_fed) {
  static const mnz_rate_step down_and_up[] = {
      {.from = MNZ_NO_DATE, .per_us = 2}, {.from = 1000, .per_us = 1}, {.from = 3000, .per_us = 4}};
  const mnz_schedule capacity = {.at = down_and_up, .count = 3};
  line_bench l;
  open_line(&l, &capacity, NULL, 300); /* 600 of mass at 2, filled at 300, and 14 lots have left by 1000 */
  l.feed = 100;
  run(&l, 1001);
  cr_assert_eq(l.n_out, 14);
  run(&l, 3001); /* half as fast from the first lot on, with as much inside */
  cr_assert_eq(l.n_out, 34);
  cr_assert_eq(l.out_at[14], 1100);
  cr_assert_eq(l.line.inside_mass, 700, "600 and a lot in work");
  run(&l, 3301); /* twice as fast as ever: what was inside leaves as it came, the new volume fills */
  cr_assert_eq(l.n_out, 40);
  run(&l, 4301);
  cr_assert_eq(l.line.inside_mass, 1300, "300 of hold-up at 4, and a lot in work");
  cr_assert_eq(l.n_out, 80);
  close_line(&l);
}

Test(line, lets_nothing_overtake_whatever_the_residence) {
  line_bench l;
  const mnz_distribution residence = {.kind = MNZ_DIST_UNIFORM, .p = {0, 2000}};
  open_line(&l, &two_a_microsecond, &residence, 0);
  l.feed = 100;
  run(&l, 9999);
  l.feed = 0;
  run(&l, 20000);
  cr_assert_eq(l.n_out, 200);
  mnz_time last = 0;
  int32_t overtaken = 0;
  for (int32_t i = 0; i < l.n_out; i++) {
    mnz_stream stream;
    l.b.services.stream(&l.b, l.b.spec[HERE].hash, MNZ_PURPOSE_RESIDENCE, (uint32_t)i, &stream);
    const mnz_time alone = 50 * (i + 1) + llround(mnz_distribution_draw(&residence, &stream.rng));
    if (alone < last) overtaken++;
    if (alone > last) last = alone;
    EXPECT(l.out_id[i] == l.in_id[i]);
    EXPECT(l.out_at[i] == last);
  }
  cr_assert_gt(overtaken, 50, "the case is made so that many would overtake");
  close_line(&l);
}

Test(line, stands_still_in_a_stop_and_goes_on_with_what_was_left) {
  line_bench l;
  const mnz_distribution residence = mnz_distribution_constant(300);
  open_line(&l, &two_a_microsecond, &residence, 0);
  load(&l, 1000); /* work until 500, inside until 800 */
  set_pace(&l, 123, 0);
  cr_assert_eq(l.b.n_alarms, 0);
  set_pace(&l, 10123, 1); /* work until 10500 */
  run(&l, 10499);
  cr_assert(l.line.work != NULL);
  run(&l, 10500);
  cr_assert(l.line.work == NULL);
  set_pace(&l, 10777, 0); /* 23 were left */
  set_pace(&l, 20000, 1);
  run(&l, 30000);
  cr_assert_eq(l.out_at[0], 20023);
  close_line(&l);
}

Test(line, at_half_pace_takes_twice_as_long_for_work_and_residence) {
  line_bench l;
  const mnz_distribution residence = mnz_distribution_constant(300);
  open_line(&l, &two_a_microsecond, &residence, 0);
  load(&l, 1000);
  set_pace(&l, 100, 0.5); /* 400 left: 800 */
  run(&l, 899);
  cr_assert(l.line.work != NULL);
  run(&l, 900);
  cr_assert(l.line.work == NULL);
  set_pace(&l, 1100, 1); /* 200 of 300 left */
  run(&l, 5000);
  cr_assert_eq(l.out_at[0], 1300);
  close_line(&l);
}

Test(line, loses_no_time_by_a_thousand_changes_of_pace) {
  line_bench l;
  open_line(&l, &two_a_microsecond, NULL, 0);
  load(&l, 1000000); /* 500,000 of work */
  mnz_time up = 0;
  for (mnz_time k = 0; k < 1000; k++) {
    const mnz_time begin = k * 1000;
    const double pace = k % 3 == 0 ? 0 : k % 3 == 1 ? 0.5 : 0.25;
    set_pace(&l, begin, pace);
    up += (mnz_time)(1000 * pace);
  }
  set_pace(&l, 1000000, 1);
  run(&l, 3000000);
  cr_assert_eq(l.out_at[0], 1000000 + 500000 - up);
  close_line(&l);
}

Test(line, can_begin_nothing_in_a_stop_or_without_capacity) {
  line_bench l;
  const mnz_rate_step late[] = {{.from = 1000, .per_us = 1}, {.from = 2000, .per_us = 0}};
  const mnz_schedule capacity = {.at = late, .count = 2};
  open_line(&l, &capacity, NULL, 0);
  cr_assert_not(mnz_line_is_free(&l.line));
  cr_assert_eq(l.b.n_alarms, 2, "it wakes on the days on which the capacity changes");
  l.feed = 400;
  run(&l, 10000);
  cr_assert_eq(l.n_in, 3);
  cr_assert_eq(l.in_at[0], 1000);
  cr_assert_eq(l.n_out, 2, "the third is never done");
  cr_assert_eq(l.out_at[1], 1800);
  close_line(&l);
}

Test(line, that_never_ends_its_work_survives_any_pace) {
  line_bench l;
  const mnz_rate_step closing[] = {{.from = MNZ_NO_DATE, .per_us = 1}, {.from = 1000, .per_us = 0}};
  const mnz_schedule capacity = {.at = closing, .count = 2};
  open_line(&l, &capacity, NULL, 0);
  load(&l, 5000);
  for (int32_t k = 0; k < 6; k++) set_pace(&l, 100 * k, pow(10, -3 * k));
  run(&l, 1000000);
  cr_assert_eq(l.n_out, 0);
  close_line(&l);
}

Test(line, on_the_first_day_of_a_ramp_begins) {
  line_bench l;
  const mnz_rate_step ramp = {.from = 1000, .ramp = 100 * (mnz_time)SECOND, .per_us = 1};
  const mnz_schedule capacity = {.at = &ramp, .count = 1};
  open_line(&l, &capacity, NULL, 0);
  l.feed = 500000;
  run(&l, 1000);
  cr_assert_eq(l.n_in, 1);
  run(&l, 11 * SECOND); /* t^2 / (2 * 10^8) = 500,000 at t = 10^7 */
  cr_assert_eq(l.out_at[0], 1000 + 10 * SECOND);
  close_line(&l);
}

Test(line, that_is_filled_delivers_from_the_first_lot_on_as_if_it_had_run_for_long) {
  line_bench filled;
  line_bench steady;
  open_line(&steady, &two_a_microsecond, NULL, 730);
  steady.feed = 100;
  run(&steady, 10000); /* a lot begins now, and one leaves 30 from now */
  open_line(&filled, &two_a_microsecond, NULL, 730);
  cr_assert_eq(mnz_line_fill(&filled.line, MIX, 100, &filled.b.err), MNZ_OK);
  cr_assert_eq(filled.line.inside_mass, 1400);
  cr_assert_eq(filled.b.ledger.born[OTHER], 14 * 25);
  cr_assert_eq(steady.line.inside_mass, 1600, "one more in work, and one that is about to leave");
  filled.feed = 100;
  run(&filled, 2000);
  for (int32_t i = 0; i < 14; i++) EXPECT(filled.out_at[i] == 50 * (i + 1));
  for (int32_t i = 14; i < filled.n_out; i++) EXPECT(filled.out_at[i] == 730 + 50 * (i - 13));
  close_line(&steady);
  close_line(&filled);
}

Test(line, with_a_hold_up_below_a_lot_is_filled_with_nothing) {
  line_bench l;
  open_line(&l, &two_a_microsecond, NULL, 49);
  cr_assert_eq(mnz_line_fill(&l.line, MIX, 100, &l.b.err), MNZ_OK);
  cr_assert_eq(l.line.inside_mass, 0);
  cr_assert_eq(l.b.n_alarms, 0);
  close_line(&l);
}

Test(line, knows_its_own_alarms) {
  line_bench l;
  open_line(&l, &two_a_microsecond, NULL, 0);
  mnz_status status;
  cr_assert_not(mnz_line_wake(&l.line, FIRST_TAG - 1, &status, &l.b.err));
  cr_assert_not(mnz_line_wake(&l.line, FIRST_TAG + MNZ_LINE_TAGS, &status, &l.b.err));
  close_line(&l);
}

/* --- outboxes --- */

static void finish_lot(bench *b, mnz_outbox *outbox, int32_t material, mnz_mass mass) {
  mnz_lot *lot = bench_nd(b, material, mass);
  mnz_outbox_add(outbox, &b->site[HERE], &lot);
  cr_assert(lot == NULL);
}

static void limit(bench *b, int32_t material, mnz_mass capacity, mnz_when_full when_full) {
  mnz_store_open(&b->shelf[HERE][material].store, material,
                 &(mnz_store_spec){.material = material, .when_full = when_full, .capacity = capacity});
}

static void settle(bench *b, mnz_outbox *outbox) {
  cr_assert_eq(mnz_outbox_settle(outbox, &b->site[HERE], &b->err), MNZ_OK);
}

static mnz_mass stock(const bench *b, int32_t material) {
  return b->shelf[HERE][material].store.mass;
}

Test(outbox, keeps_in_process_what_has_no_room) {
  bench b;
  bench_open(&b);
  mnz_outbox outbox = {0};
  limit(&b, MIX, 100, MNZ_FULL_BLOCK);
  finish_lot(&b, &outbox, MIX, 60);
  finish_lot(&b, &outbox, MIX, 60);
  settle(&b, &outbox);
  cr_assert_eq(stock(&b, MIX), 60);
  cr_assert_not(mnz_outbox_is_empty(&outbox));
  const int32_t slot = mnz_ledger_slot(&b.ledger, HERE, MIX);
  cr_assert_eq(mnz_ledger_held(&b.ledger, slot, MNZ_PLACE_PROCESS)[ND], 60);
  mnz_lot *lot;
  cr_assert_eq(mnz_site_take(&b.site[HERE], MIX, 20, &lot, &b.err), MNZ_OK);
  bench_drop(&b, lot);
  settle(&b, &outbox);
  cr_assert(mnz_outbox_is_empty(&outbox));
  cr_assert_eq(stock(&b, MIX), 100);
  cr_assert_eq(bench_check(&b, NULL), MNZ_OK);
  bench_free(&b);
}

Test(outbox, lets_no_lot_overtake_its_like_but_other_materials_pass) {
  bench b;
  bench_open(&b);
  mnz_outbox outbox = {0};
  limit(&b, MIX, 100, MNZ_FULL_BLOCK);
  finish_lot(&b, &outbox, MIX, 70);
  finish_lot(&b, &outbox, MIX, 50);
  finish_lot(&b, &outbox, OXIDE, 40);
  finish_lot(&b, &outbox, MIX, 10); /* would fit, but comes after one that does not */
  settle(&b, &outbox);
  cr_assert_eq(stock(&b, MIX), 70);
  cr_assert_eq(stock(&b, OXIDE), 40);
  cr_assert_eq(outbox.waiting.count, 2);
  cr_assert_eq(outbox.waiting.first->mass, 50);
  cr_assert_eq(bench_check(&b, NULL), MNZ_OK);
  bench_free(&b);
}

Test(outbox, is_never_held_up_by_a_store_that_loses) {
  bench b;
  bench_open(&b);
  mnz_outbox outbox = {0};
  limit(&b, MIX, 100, MNZ_FULL_LOSE);
  for (int32_t i = 0; i < 3; i++) finish_lot(&b, &outbox, MIX, 60);
  settle(&b, &outbox);
  cr_assert(mnz_outbox_is_empty(&outbox));
  cr_assert_eq(stock(&b, MIX), 100);
  cr_assert_eq(b.ledger.ended[MNZ_END_LOST * N_PARTS + ND], 80);
  cr_assert_eq(bench_check(&b, NULL), MNZ_OK);
  bench_free(&b);
}

Test(outbox, ships_what_is_owed_until_nothing_moves_any_more) {
  bench b;
  bench_open(&b);
  mnz_outbox outbox = {0};
  limit(&b, MIX, 100, MNZ_FULL_BLOCK);
  mnz_book_add(&b.shelf[HERE][MIX].book, b.asks, THERE, 1, 0, 1000, &b.err);
  for (int32_t i = 0; i < 5; i++) finish_lot(&b, &outbox, MIX, 60);
  settle(&b, &outbox);
  cr_assert(mnz_outbox_is_empty(&outbox));
  cr_assert_eq(b.handed[THERE], 300);
  cr_assert_eq(stock(&b, MIX), 0);
  cr_assert_eq(bench_check(&b, NULL), MNZ_OK);
  bench_free(&b);
}
