/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disruptions: when they begin and end, and what they take. */
#include "domain/disruption.h"
#include "domain/season.h"
#include "domain_bench.h"

/* --- disruptions --- */

typedef struct stage {
  bench b;
  mnz_disruption_host host;
  mnz_disruption disruption;
  mnz_arena *arena;
  double destroyed;
  int32_t warned;
  int32_t n_changes;
  mnz_time changed_at[256];
  double loss[256];
} stage;

static mnz_status stage_wake(void *host, int32_t disruption, mnz_time at, mnz_phase phase, int32_t tag,
                             mnz_alarm *alarm, mnz_error *err) {
  stage *s = host;
  return s->b.services.wake(&s->b, disruption, at, phase, tag, alarm, err);
}

static mnz_status stage_changed(void *host, int32_t disruption, mnz_outage_change what, mnz_error *err) {
  stage *s = host;
  (void)disruption, (void)what, (void)err;
  EXPECT(s->n_changes < 256);
  s->changed_at[s->n_changes] = s->b.now;
  s->loss[s->n_changes++] = mnz_disruption_loss(&s->disruption);
  return MNZ_OK;
}

static mnz_status stage_destroy(void *host, int32_t disruption, double share, mnz_error *err) {
  (void)disruption, (void)err;
  ((stage *)host)->destroyed += share;
  return MNZ_OK;
}

static void stage_warned(void *host, int32_t disruption, bool is) {
  (void)disruption;
  ((stage *)host)->warned += is ? 1 : -1;
}

static mnz_disruption *stage_other(void *host, int32_t disruption) {
  (void)disruption;
  return &((stage *)host)->disruption; /* it sets itself off */
}

static void open_stage(stage *s, const mnz_disruption_spec *spec, mnz_crew *crew) {
  *s = (stage){0};
  bench_open(&s->b);
  EXPECT_OK(mnz_arena_create(&s->arena, &s->b.err), s->b.err);
  s->host = (mnz_disruption_host){.host = s,
                                  .services = &s->b.services,
                                  .wake = stage_wake,
                                  .changed = stage_changed,
                                  .destroy = stage_destroy,
                                  .warned = stage_warned,
                                  .other = stage_other};
  EXPECT_OK(mnz_disruption_open(&s->disruption, spec, &s->host, 3, crew, s->arena, &s->b.err), s->b.err);
  EXPECT_OK(mnz_disruption_start(&s->disruption, &s->b.err), s->b.err);
}

static void close_stage(stage *s) {
  mnz_arena_free(s->arena);
  bench_close(&s->b);
}

static void play_until(stage *s, mnz_time until) {
  fake_alarm alarm;
  while (bench_next(&s->b, until, &alarm)) {
    EXPECT(alarm.node == 3);
    EXPECT_OK(mnz_disruption_wake(&s->disruption, alarm.tag, &s->b.err), s->b.err);
  }
}

static void play(stage *s, const mnz_disruption_spec *spec, mnz_time until) {
  open_stage(s, spec, NULL);
  play_until(s, until);
}

static mnz_disruption_spec dated(const mnz_period *periods, int32_t n, double loss) {
  return (mnz_disruption_spec){.units = 1,
                               .needs = -1,
                               .crew = -1,
                               .priority = 1,
                               .loss = mnz_distribution_constant(loss),
                               .destroys = mnz_distribution_constant(NAN),
                               .stretches = mnz_distribution_constant(NAN),
                               .states = mnz_distribution_constant(NAN),
                               .every = -1,
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
  close_stage(&s);
}

Test(disruption, multiplies_what_overlapping_periods_leave) {
  stage s;
  const mnz_period periods[] = {{100, 400}, {200, 300}, {250, 500}};
  const mnz_disruption_spec spec = dated(periods, 3, 0.5);
  play(&s, &spec, 1000);
  expect_changes(&s, (const mnz_time[]){100, 200, 250, 300, 400, 500},
                 (const double[]){0.5, 0.75, 0.875, 0.75, 0.5, 0}, 6);
  close_stage(&s);
}

Test(disruption, that_began_before_the_start_is_there_at_the_start) {
  stage s;
  const mnz_period periods[] = {{-100, 50}, {-100, -50}, {-100, MNZ_NO_DATE}};
  const mnz_disruption_spec spec = dated(periods, 3, 0.5);
  play(&s, &spec, 1000);
  expect_changes(&s, (const mnz_time[]){0, 0, 50}, (const double[]){0.5, 0.75, 0.5}, 3);
  close_stage(&s);
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
  close_stage(&s);
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
  close_stage(&s);
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
  const double left = (1 - alone.loss[2]) * (1 - s.disruption.outages[0].loss);
  cr_assert_float_eq(s.loss[s.n_changes - 1], 1 - left, 1e-12);
  close_stage(&s);
  close_stage(&alone);
}

/* --- units, crews, clocks --- */

static mnz_disruption_spec wearing(mnz_time ttf, mnz_time ttr) {
  mnz_disruption_spec spec = dated(NULL, 0, 1);
  spec.ttf = mnz_distribution_constant((double)ttf);
  spec.ttr = mnz_distribution_constant((double)ttr);
  return spec;
}

Test(disruption, units_take_their_share_and_are_counted) {
  stage s;
  mnz_disruption_spec spec = wearing(100, 50);
  spec.units = 4;
  play(&s, &spec, 200);
  /* all four at 100 (each for itself), back at 150 */
  expect_changes(&s, (const mnz_time[]){100, 100, 100, 100, 150, 150, 150, 150},
                 (const double[]){0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.25, 0}, 8);
  s.b.now = 200;
  mnz_disruption_settle(&s.disruption);
  cr_expect_float_eq(s.disruption.down_units, 4 * 50, 1e-9);
  cr_expect_float_eq(s.disruption.all_up, 150, 1e-9);
  cr_expect_float_eq(s.disruption.lost, 50, 1e-9);
  cr_expect_eq(s.disruption.began, 4);
  close_stage(&s);
}

Test(disruption, with_enough_units_up_nothing_is_lost) {
  stage s;
  mnz_crew crew;
  const mnz_crew_spec two = {"two", 2, -1};
  mnz_disruption_spec spec = wearing(100, 50);
  spec.units = 4;
  spec.needs = 3;
  mnz_crew_open(&crew, &two, NULL);
  open_stage(&s, &spec, &crew);
  play_until(&s, 201);
  /* two are repaired until 150, the others until 200; then three, at last four are up. */
  expect_changes(&s, (const mnz_time[]){100, 100, 100, 100, 150, 150, 200, 200},
                 (const double[]){0, 1, 1, 1, 1, 1, 0, 0}, 8);
  mnz_crew_settle(&crew, 201);
  cr_expect_float_eq(crew.busy_time, 4 * 50, 1e-9);
  cr_expect_float_eq(crew.waiting_time, 2 * 50, 1e-9);
  cr_expect_eq(crew.busy, 0);
  close_stage(&s);
}

/* One of two is needed: the other takes over at 100 and works until 200, when the first is there again. */
Test(disruption, what_is_in_cold_reserve_does_not_age) {
  stage s;
  mnz_disruption_spec spec = wearing(100, 30);
  spec.units = 2;
  spec.needs = 1;
  spec.standby = MNZ_STANDBY_COLD;
  play(&s, &spec, 400);
  /* the first fails at 100; the second ages from 100 to 130, then stands by; the first again at 230, ... */
  expect_changes(&s, (const mnz_time[]){100, 130, 230, 260, 360, 390}, (const double[]){0, 0, 0, 0, 0, 0}, 6);
  cr_expect_eq(s.disruption.outages[1].left, 100 - 3 * 30);
  close_stage(&s);
}

Test(disruption, crews_serve_by_priority_then_in_order) {
  const mnz_crew_spec one = {"one", 1, -1};
  mnz_crew crew;
  mnz_crew_job jobs[4] = {{.priority = 2}, {.priority = 2}, {.priority = 1}, {.priority = 1}};
  mnz_crew_open(&crew, &one, NULL);
  cr_assert(mnz_crew_call(&crew, 0, &jobs[0]));
  for (int i = 1; i < 4; i++) cr_assert(!mnz_crew_call(&crew, 0, &jobs[i]));
  cr_expect_eq(mnz_crew_release(&crew, 1), &jobs[2]);
  cr_expect_eq(mnz_crew_release(&crew, 2), &jobs[3]);
  cr_expect_eq(mnz_crew_release(&crew, 3), &jobs[1]);
  cr_expect_null(mnz_crew_release(&crew, 4));
  cr_expect_eq(crew.busy, 0);
}

Test(disruption, ages_only_while_its_target_works) {
  stage s;
  mnz_disruption_spec spec = wearing(100, 10);
  spec.clock = MNZ_CLOCK_OPERATING;
  open_stage(&s, &spec, NULL);
  play_until(&s, 1000);
  cr_assert_eq(s.n_changes, 0);
  s.b.now = 1000;
  EXPECT_OK(mnz_disruption_turned(&s.disruption, true, &s.b.err), s.b.err);
  play_until(&s, 1040);
  s.b.now = 1040;
  EXPECT_OK(mnz_disruption_turned(&s.disruption, false, &s.b.err), s.b.err); /* 60 left */
  play_until(&s, 2000);
  s.b.now = 2000;
  EXPECT_OK(mnz_disruption_turned(&s.disruption, true, &s.b.err), s.b.err);
  play_until(&s, 2061);
  expect_changes(&s, (const mnz_time[]){2060}, (const double[]){1}, 1);
  EXPECT_OK(mnz_disruption_turned(&s.disruption, false, &s.b.err), s.b.err);
  play_until(&s, 2100);
  expect_changes(&s, (const mnz_time[]){2060, 2070}, (const double[]){1, 0}, 2);
  close_stage(&s);
}

#define DAY INT64_C(86400000000)

/* The run begins on a Thursday. It fails on Friday at noon; half a day and half of Monday. */
Test(disruption, is_repaired_in_the_crews_hours) {
  stage s;
  mnz_crew crew;
  const mnz_crew_spec one = {"one", 1, 0};
  mnz_disruption_spec spec = wearing(DAY + DAY / 2, DAY);
  mnz_crew_open(&crew, &one, &mnz_work_week);
  open_stage(&s, &spec, &crew);
  play_until(&s, 5 * DAY);
  expect_changes(&s, (const mnz_time[]){DAY + DAY / 2, 4 * DAY + DAY / 2}, (const double[]){1, 0}, 2);
  close_stage(&s);
}

/* The run begins on 1970-01-01. */
Test(disruption, ages_only_in_its_season) {
  stage s;
  const mnz_season winter[] = {{"12-01", "01-10", 1}};
  mnz_disruption_spec spec = wearing(15 * DAY, DAY);
  spec.season = (mnz_list){winter, 1};
  play(&s, &spec, 400 * DAY);
  /* 10 days in January 1970, 5 in December: on 1970-12-06, then 25 d to the end of the year and so on */
  expect_changes(&s, (const mnz_time[]){339 * DAY, 340 * DAY, 355 * DAY, 356 * DAY, 371 * DAY, 372 * DAY},
                 (const double[]){1, 0, 1, 0, 1, 0}, 6);
  close_stage(&s);
}

Test(disruption, ages_faster_in_a_worse_season) {
  stage s;
  const mnz_season all_year[] = {{"01-11", "12-31", 1}, {"01-01", "01-10", 3}};
  mnz_disruption_spec spec = wearing(15 * DAY, 100 * DAY);
  spec.season = (mnz_list){all_year, 2};
  play(&s, &spec, 100 * DAY);
  expect_changes(&s, (const mnz_time[]){5 * DAY}, (const double[]){1}, 1);
  close_stage(&s);
}

/* --- the ramp, repeats, states, causes, warnings --- */

Test(disruption, comes_back_in_steps_that_lose_as_much_as_a_straight_line) {
  stage s;
  const mnz_period periods[] = {{0, 100}};
  mnz_disruption_spec spec = dated(periods, 1, 0.8);
  spec.ramp = 1000;
  play(&s, &spec, 5000);
  cr_assert_eq(s.n_changes, 12);
  double lost = 0;
  for (int32_t i = 1; i < 12; i++) lost += s.loss[i - 1] * (double)(s.changed_at[i] - s.changed_at[i - 1]);
  cr_expect_float_eq(lost, 0.8 * 100 + 0.8 * 1000 / 2, 1e-9);
  cr_expect_float_eq(s.loss[1], 0.8 * 0.95, 1e-12);
  cr_expect_eq(s.changed_at[11], 1100);
  cr_expect_eq(s.loss[11], 0);
  close_stage(&s);
}

Test(disruption, repeats_at_first_plus_k_periods) {
  stage s;
  const mnz_repeats repeats = {.every = 100, .lasts = 20, .first = -190};
  mnz_disruption_spec spec = dated(NULL, 0, 1);
  spec.repeats = &repeats;
  play(&s, &spec, 221);
  /* -190 and -90 are over; 10, 110, 210 */
  expect_changes(&s, (const mnz_time[]){10, 30, 110, 130, 210}, (const double[]){1, 0, 1, 0, 1}, 5);
  close_stage(&s);
}

Test(disruption, plays_its_states) {
  stage s;
  const double states[] = {0, 1, 1, 0, 1, 0, 0};
  mnz_disruption_spec spec = dated(NULL, 0, 1);
  spec.every = 10;
  spec.states = (mnz_distribution){.kind = MNZ_DIST_TRACE, .values = states, .count = 7};
  play(&s, &spec, 69);
  expect_changes(&s, (const mnz_time[]){10, 30, 40, 50}, (const double[]){1, 0, 1, 0}, 4);
  close_stage(&s);
}

Test(disruption, begins_down_when_it_is_said_to) {
  stage s;
  mnz_disruption_spec spec = wearing(100, 30);
  spec.starts_down = 1;
  play(&s, &spec, 200);
  expect_changes(&s, (const mnz_time[]){0, 30, 130, 160}, (const double[]){1, 0, 1, 0}, 4);
  close_stage(&s);
}

Test(disruption, sets_off_others_after_a_delay) {
  stage s;
  const mnz_period periods[] = {{50, 60}};
  const mnz_cause cause = {.disruption = 3, .probability = 1, .delay = mnz_distribution_constant(100)};
  mnz_disruption_spec spec = dated(periods, 1, 1);
  spec.ttr = mnz_distribution_constant(7);
  spec.causes = (mnz_list){&cause, 1};
  play(&s, &spec, 260);
  expect_changes(&s, (const mnz_time[]){50, 60, 150, 157, 250, 257}, (const double[]){1, 0, 1, 0, 1, 0}, 6);
  close_stage(&s);
}

Test(disruption, is_announced_and_destroys_and_stretches) {
  stage s;
  const mnz_period periods[] = {{50, 90}, {200, 210}};
  mnz_disruption_spec spec = dated(periods, 2, 1);
  spec.warning = 20;
  spec.destroys = mnz_distribution_constant(0.25);
  spec.stretches = mnz_distribution_constant(3);
  open_stage(&s, &spec, NULL);
  play_until(&s, 29);
  cr_expect_eq(s.warned, 0);
  play_until(&s, 30);
  cr_expect_eq(s.warned, 1);
  play_until(&s, 51);
  cr_expect_eq(s.warned, 0);
  cr_expect_float_eq(s.destroyed, 0.25, 1e-12);
  cr_expect_float_eq(mnz_disruption_stretch(&s.disruption), 3, 1e-12);
  cr_expect(!mnz_disruption_closes(&s.disruption));
  play_until(&s, 91);
  cr_expect_float_eq(mnz_disruption_stretch(&s.disruption), 1, 1e-12);
  close_stage(&s);
}

Test(season, knows_days_and_turns_of_the_year) {
  int32_t month;
  int32_t day;
  cr_expect(mnz_season_day("02-29", &month, &day) && month == 2 && day == 29);
  const char *const wrong[] = {"2-29", "02-30", "13-01", "00-10", "01-00", "0a-01", "", "01-011", "01/01"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    cr_expect(!mnz_season_day(wrong[i], &month, &day));
  const mnz_season winter = {"12-01", "02-29", 2};
  const mnz_list list = {&winter, 1};
  cr_expect_eq(mnz_season_factor(&list, 0), 2);
  cr_expect_eq(mnz_season_change(&list, 0), 59 * DAY); /* 1970 has no leap day: the first of March */
  cr_expect_eq(mnz_season_factor(&list, 59 * DAY), 0);
  cr_expect_eq(mnz_season_factor(&list, 59 * DAY - 1), 2);
  cr_expect_eq(mnz_season_change(&list, 59 * DAY), 334 * DAY);
}
