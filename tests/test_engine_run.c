/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs: where they end, one in parts, one after a reset. */
#include "engine_bench.h"

#include <signal.h>

/* ---- bounds and reasons of a run ---- */

Test(engine_run, a_run_of_nothing_is_empty_and_leaves_the_clock) {
  run_log *log = new_log();
  cr_assert_eq(run(log, 100, 10), MNZ_RUN_EMPTY);
  cr_assert_eq(mnz_engine_now(log->engine), 0);
  int64_t next = -7;
  cr_assert_not(mnz_engine_next_time(log->engine, &next));
  end_log(log);
}

Test(engine_run, a_run_that_empties_the_queue_leaves_the_clock_at_the_last_event) {
  run_log *log = new_log();
  post(log, 30, 0, note, 1);
  cr_assert_eq(run(log, 100, 10), MNZ_RUN_EMPTY);
  cr_assert_eq(mnz_engine_now(log->engine), 30);
  cr_assert_eq(mnz_engine_executed(log->engine), 1);
  end_log(log);
}

Test(engine_run, a_run_is_half_open_and_leaves_the_clock_at_until) {
  run_log *log = new_log();
  post(log, 99, 0, note, 1);
  post(log, 100, 0, note, 2);
  cr_assert_eq(run(log, 100, 10), MNZ_RUN_UNTIL);
  ASSERT_RAN(log, 1);
  cr_assert_eq(mnz_engine_now(log->engine), 100);
  cr_assert_eq(run(log, 101, 10), MNZ_RUN_EMPTY);
  ASSERT_RAN(log, 1, 2);
  end_log(log);
}

Test(engine_run, the_clock_never_goes_back) {
  run_log *log = new_log();
  post(log, 200, 0, note, 1);
  run(log, 100, 10);
  cr_assert_eq(run(log, 50, 10), MNZ_RUN_UNTIL);
  cr_assert_eq(mnz_engine_now(log->engine), 100);
  cr_assert_eq(run(log, -50, 10), MNZ_RUN_UNTIL);
  cr_assert_eq(mnz_engine_now(log->engine), 100);
  end_log(log);
}

Test(engine_run, a_run_ends_after_max_events_with_the_clock_at_the_last) {
  run_log *log = new_log();
  for (int64_t i = 1; i <= 5; i++) post(log, 10 * i, 0, note, i);
  cr_assert_eq(run(log, 100, 3), MNZ_RUN_EVENTS);
  ASSERT_RAN(log, 1, 2, 3);
  cr_assert_eq(mnz_engine_now(log->engine), 30);
  cr_assert_eq(mnz_engine_pending(log->engine), 2);
  cr_assert_eq(mnz_engine_executed(log->engine), 3);
  cr_assert_eq(run(log, 100, 2), MNZ_RUN_EVENTS,
               "the last event that is allowed may also be the last there is");
  cr_assert_eq(run(log, 100, 1), MNZ_RUN_EMPTY);
  end_log(log);
}

Test(engine_run, a_run_of_no_events_does_nothing) {
  run_log *log = new_log();
  post(log, 10, 0, note, 1);
  cr_assert_eq(run(log, 100, 0), MNZ_RUN_EVENTS);
  cr_assert_eq(mnz_engine_now(log->engine), 0);
  cr_assert_eq(mnz_engine_pending(log->engine), 1);
  end_log(log);
}

static mnz_status stop_here(void *self, int64_t arg, mnz_error *err) {
  mnz_engine_stop(((run_log *)self)->engine);
  return note(self, arg, err);
}

Test(engine_run, a_stopped_run_ends_after_the_handler_and_can_go_on) {
  run_log *log = new_log();
  post(log, 10, 0, note, 1);
  post(log, 20, 0, stop_here, 2);
  post(log, 20, 0, note, 3);
  cr_assert_eq(run(log, 100, 10), MNZ_RUN_STOPPED);
  ASSERT_RAN(log, 1, 2);
  cr_assert_eq(mnz_engine_now(log->engine), 20);
  cr_assert_eq(mnz_engine_pending(log->engine), 1);
  cr_assert_eq(run(log, 100, 10), MNZ_RUN_EMPTY);
  ASSERT_RAN(log, 1, 2, 3);
  end_log(log);
}

static mnz_status fail_here(void *self, int64_t arg, mnz_error *err) {
  (void)note(self, arg, err);
  mnz_engine_stop(((run_log *)self)->engine);
  return mnz_fail(err, MNZ_LEDGER, "kiln", "lost %d bags", 3);
}

Test(engine_run, a_failed_handler_ends_the_run_with_its_status_and_message) {
  run_log *log = new_log();
  post(log, 10, 0, note, 1);
  post(log, 20, 0, fail_here, 2);
  post(log, 30, 0, note, 3);
  mnz_error err = {0};
  mnz_run_reason reason;
  cr_assert_eq(mnz_engine_run(log->engine, 100, 10, &reason, &err), MNZ_LEDGER);
  cr_assert_eq(reason, MNZ_RUN_FAILED);
  cr_assert_str_eq(err.where, "kiln");
  cr_assert_str_eq(err.message, "lost 3 bags");
  cr_assert_eq(mnz_engine_now(log->engine), 20);
  cr_assert_eq(mnz_engine_executed(log->engine), 2);
  cr_assert_eq(mnz_engine_pending(log->engine), 1);
  cr_assert_eq(run(log, 100, 10), MNZ_RUN_EMPTY);
  ASSERT_RAN(log, 1, 2, 3);
  end_log(log);
}

static mnz_status run_again(void *self, int64_t arg, mnz_error *err) {
  (void)arg;
  mnz_run_reason reason;
  return mnz_engine_run(((run_log *)self)->engine, 100, 10, &reason, err);
}

Test(engine_run, a_handler_may_not_run_the_engine, .signal = SIGABRT) {
  run_log *log = new_log();
  post(log, 10, 0, run_again, 1);
  run(log, 100, 10);
}

static mnz_status reset_now(void *self, int64_t arg, mnz_error *err) {
  (void)arg;
  (void)err;
  mnz_engine_reset(((run_log *)self)->engine);
  return MNZ_OK;
}

Test(engine_run, a_handler_may_not_reset_the_engine, .signal = SIGABRT) {
  run_log *log = new_log();
  post(log, 10, 0, reset_now, 1);
  run(log, 100, 10);
}

/* ---- the ends of time ---- */

Test(engine_run, time_reaches_from_zero_to_the_largest_integer) {
  run_log *log = new_log();
  post(log, INT64_MAX, 0, note, 4);
  post(log, INT64_MAX - 1, 0, note, 3);
  post(log, 0, 0, note, 1);
  post(log, INT64_MAX / 2, 255, note, 2);
  cr_assert_eq(run(log, INT64_MAX, UINT64_MAX), MNZ_RUN_UNTIL);
  ASSERT_RAN(log, 1, 2, 3);
  cr_assert_eq(mnz_engine_now(log->engine), INT64_MAX);
  int64_t next = 0;
  cr_assert(mnz_engine_next_time(log->engine, &next));
  cr_assert_eq(next, INT64_MAX);
  post(log, INT64_MAX, 0, note, 5);
  const mnz_event late = {.time = INT64_MAX - 1, .fn = note, .self = log};
  cr_assert_eq(mnz_engine_post(log->engine, &late, NULL, NULL), MNZ_MODEL);
  cr_assert_eq(mnz_engine_pending(log->engine), 2);
  end_log(log);
}

/* ---- looking ahead ---- */

Test(engine_run, looking_at_the_next_time_does_not_advance) {
  run_log *log = new_log();
  const mnz_event_id first = post(log, 1000, 0, note, 1);
  post(log, 2000, 0, note, 2);
  int64_t next = 0;
  cr_assert(mnz_engine_next_time(log->engine, &next));
  cr_assert_eq(next, 1000);
  cr_assert_eq(mnz_engine_now(log->engine), 0);
  mnz_engine_cancel(log->engine, first);
  cr_assert(mnz_engine_next_time(log->engine, &next));
  cr_assert_eq(next, 2000);
  end_log(log);
}

Test(engine_run, an_event_may_be_posted_between_until_and_the_next_event) {
  run_log *log = new_log();
  post(log, INT64_C(1) << 40, 0, note, 9);
  cr_assert_eq(run(log, 100, UINT64_MAX), MNZ_RUN_UNTIL);
  post(log, 300, 0, note, 2);
  post(log, 100, 0, note, 1);
  cr_assert_eq(run(log, 200, UINT64_MAX), MNZ_RUN_UNTIL);
  ASSERT_RAN(log, 1);
  post(log, 250, 0, note, 8);
  run(log, INT64_MAX, UINT64_MAX);
  ASSERT_RAN(log, 1, 8, 2, 9);
  end_log(log);
}

/* The times come down towards the clock, so each event is before all that were ever seen. */
Test(engine_run, many_events_may_be_posted_before_the_one_looked_at) {
  run_log *log = new_log();
  for (int64_t i = 0; i < 500; i++) post(log, (INT64_C(1) << 40) + i, 0, note, 2000 + i);
  run(log, 10, UINT64_MAX);
  for (int64_t i = 1999; i >= 0; i--) {
    int64_t next;
    post(log, 1000 + i * 1000, 0, note, i);
    EXPECT(mnz_engine_next_time(log->engine, &next) && next == 1000 + i * 1000);
    if (i % 50 == 0) EXPECT(mnz_engine_verify(log->engine, NULL) == MNZ_OK);
  }
  run(log, INT64_MAX, UINT64_MAX);
  cr_assert_eq(log->count, 2500);
  for (int64_t i = 0; i < 2500; i++) cr_assert_eq(log->arg[i], i);
  end_log(log);
}

/* ---- one run in parts ---- */

/* A small model: each event posts up to two others, cancels or moves some; its digest tells the history. */
typedef struct toy {
  mnz_engine *engine;
  uint64_t random;
  uint64_t digest;
  mnz_event_id ids[64];
} toy;

static mnz_status toy_event(void *self, int64_t arg, mnz_error *err) {
  toy *t = self;
  const int64_t now = mnz_engine_now(t->engine);
  t->digest = (t->digest ^ (uint64_t)now ^ (uint64_t)arg << 50) * UINT64_C(0x9e3779b97f4a7c15);
  const uint64_t posts = mnz_engine_pending(t->engine) < 40 ? 2 : below(&t->random, 3);
  for (uint64_t i = 0; i < posts; i++) {
    const uint64_t k = below(&t->random, 64);
    const mnz_event event = {.time = now + (int64_t)(below(&t->random, 8) * below(&t->random, 100)),
                             .phase = (uint8_t)below(&t->random, 6),
                             .fn = toy_event,
                             .self = t,
                             .arg = (int64_t)k};
    if (mnz_engine_post(t->engine, &event, &t->ids[k], err) != MNZ_OK) return MNZ_MODEL;
  }
  const mnz_event_id other = t->ids[below(&t->random, 64)];
  if (below(&t->random, 8) == 0) mnz_engine_cancel(t->engine, other);
  if (below(&t->random, 8) == 0 && mnz_engine_is_pending(t->engine, other))
    return mnz_engine_move(t->engine, other, now + (int64_t)below(&t->random, 500), err);
  return MNZ_OK;
}

static void start_toy(toy *t, mnz_engine *engine, uint64_t seed) {
  *t = (toy){.engine = engine, .random = seed};
  const mnz_event event = {.fn = toy_event, .self = t};
  EXPECT(mnz_engine_post(engine, &event, NULL, NULL) == MNZ_OK);
}

enum { TOY_END = 20000 };

static uint64_t whole_toy(uint64_t seed, uint64_t *executed) {
  toy t;
  start_toy(&t, new_engine(), seed);
  mnz_run_reason reason;
  EXPECT(mnz_engine_run(t.engine, TOY_END, UINT64_MAX, &reason, NULL) == MNZ_OK);
  EXPECT(reason == MNZ_RUN_UNTIL);
  *executed = mnz_engine_executed(t.engine);
  mnz_engine_free(t.engine);
  return t.digest;
}

Test(engine_run, two_halves_equal_one_whole) {
  for (uint64_t seed = 1; seed <= 5; seed++) {
    uint64_t executed;
    const uint64_t digest = whole_toy(seed, &executed);
    cr_assert_gt(executed, 1000);
    toy t;
    start_toy(&t, new_engine(), seed);
    mnz_run_reason reason;
    cr_assert_eq(mnz_engine_run(t.engine, TOY_END / 2, UINT64_MAX, &reason, NULL), MNZ_OK);
    cr_assert_neq(t.digest, digest);
    cr_assert_eq(mnz_engine_run(t.engine, TOY_END, UINT64_MAX, &reason, NULL), MNZ_OK);
    cr_assert_eq(t.digest, digest);
    cr_assert_eq(mnz_engine_executed(t.engine), executed);
    cr_assert_eq(mnz_engine_now(t.engine), TOY_END);
    mnz_engine_free(t.engine);
  }
}

Test(engine_run, a_run_in_random_parts_equals_one_whole) {
  uint64_t executed;
  const uint64_t digest = whole_toy(6, &executed);
  toy t;
  start_toy(&t, new_engine(), 6);
  uint64_t parts = 66;
  mnz_run_reason reason = MNZ_RUN_EVENTS;
  for (int64_t until = 0; until < TOY_END || reason == MNZ_RUN_EVENTS;) {
    until += (int64_t)below(&parts, 40);
    if (until > TOY_END) until = TOY_END;
    EXPECT(mnz_engine_run(t.engine, until, below(&parts, 100), &reason, NULL) == MNZ_OK);
    int64_t next;
    EXPECT(mnz_engine_next_time(t.engine, &next));
    EXPECT(mnz_engine_verify(t.engine, NULL) == MNZ_OK);
  }
  cr_assert_eq(t.digest, digest);
  cr_assert_eq(mnz_engine_executed(t.engine), executed);
  mnz_engine_free(t.engine);
}

Test(engine_run, one_event_at_a_time_equals_one_whole) {
  uint64_t executed;
  const uint64_t digest = whole_toy(7, &executed);
  toy t;
  start_toy(&t, new_engine(), 7);
  mnz_run_reason reason;
  uint64_t steps = 0;
  for (;; steps++) {
    EXPECT(mnz_engine_run(t.engine, TOY_END, 1, &reason, NULL) == MNZ_OK);
    EXPECT(mnz_engine_verify(t.engine, NULL) == MNZ_OK);
    if (reason != MNZ_RUN_EVENTS) break;
  }
  cr_assert_eq(reason, MNZ_RUN_UNTIL);
  cr_assert_eq(steps, executed);
  cr_assert_eq(t.digest, digest);
  mnz_engine_free(t.engine);
}

Test(engine_run, two_engines_do_not_know_each_other) {
  uint64_t executed;
  const uint64_t digest[2] = {whole_toy(8, &executed), whole_toy(9, &executed)};
  toy t[2];
  for (uint64_t i = 0; i < 2; i++) start_toy(&t[i], new_engine(), 8 + i);
  for (int64_t until = 0; until <= TOY_END; until += 100)
    for (size_t i = 0; i < 2; i++) {
      mnz_run_reason reason;
      EXPECT(mnz_engine_run(t[i].engine, until, UINT64_MAX, &reason, NULL) == MNZ_OK);
    }
  for (size_t i = 0; i < 2; i++) {
    cr_assert_eq(t[i].digest, digest[i]);
    mnz_engine_free(t[i].engine);
  }
}

/* ---- reset ---- */

Test(engine_run, a_reset_engine_is_as_new) {
  uint64_t executed;
  const uint64_t digest = whole_toy(10, &executed);
  toy t;
  start_toy(&t, new_engine(), 11);
  for (int64_t used = 0; used < 4; used++) {
    mnz_run_reason reason;
    EXPECT(mnz_engine_run(t.engine, used * 1000, UINT64_MAX, &reason, NULL) == MNZ_OK);
    mnz_engine_reset(t.engine);
    cr_assert_eq(mnz_engine_now(t.engine), 0);
    cr_assert_eq(mnz_engine_pending(t.engine), 0);
    cr_assert_eq(mnz_engine_executed(t.engine), 0);
    int64_t next;
    cr_assert_not(mnz_engine_next_time(t.engine, &next));
    cr_assert_eq(mnz_engine_verify(t.engine, NULL), MNZ_OK);
    start_toy(&t, t.engine, 10);
    cr_assert_eq(mnz_engine_run(t.engine, TOY_END, UINT64_MAX, &reason, NULL), MNZ_OK);
    cr_assert_eq(t.digest, digest);
    cr_assert_eq(mnz_engine_executed(t.engine), executed);
  }
  mnz_engine_free(t.engine);
}

Test(engine_run, ids_from_before_a_reset_are_dead) {
  run_log *log = new_log();
  mnz_event_id old[30];
  for (int64_t i = 0; i < 10; i++) old[i] = post(log, i, 0, note, i);
  run(log, 5, UINT64_MAX);
  mnz_engine_cancel(log->engine, old[7]);
  for (size_t round = 1; round < 3; round++) {
    mnz_engine_reset(log->engine);
    for (size_t i = 0; i < 10; i++) old[10 * round + i] = post(log, 3, 0, note, 0);
    for (size_t i = 0; i < 10 * round; i++) {
      cr_assert_not(mnz_engine_is_pending(log->engine, old[i]));
      cr_assert_not(mnz_engine_cancel(log->engine, old[i]));
    }
    for (size_t i = 10 * round; i < 10 * round + 10; i++)
      cr_assert(mnz_engine_is_pending(log->engine, old[i]));
  }
  end_log(log);
}
