/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/error.h"
#include "base/memory.h"
#include "engine/engine.h"

/* Criterion reports every assertion to its parent process; in loops of millions only a failure is told. */
#define EXPECT(fact)                                                                                         \
  do {                                                                                                       \
    if (!(fact)) cr_assert_fail("line %d: %s", __LINE__, #fact);                                             \
  } while (0)

/* ---- an own generator, so that these tests link the engine only ---- */

static uint64_t draw(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

static uint64_t below(uint64_t *state, uint64_t bound) {
  return draw(state) % bound;
}

/* ---- a log of what ran ---- */

typedef struct run_log {
  mnz_engine *engine;
  size_t count;
  int64_t arg[4096];
  int64_t time[4096];
} run_log;

static mnz_status note(void *self, int64_t arg, mnz_error *err) {
  (void)err;
  run_log *log = self;
  log->arg[log->count] = arg;
  log->time[log->count++] = mnz_engine_now(log->engine);
  return MNZ_OK;
}

static run_log *new_log(void) {
  run_log *log;
  cr_assert_eq(mnz_new_array(&log, 1, NULL), MNZ_OK);
  cr_assert_eq(mnz_engine_create(&log->engine, NULL), MNZ_OK);
  return log;
}

/* Verifies the engine a last time. */
static void end_log(run_log *log) {
  mnz_error err = {0};
  cr_assert_eq(mnz_engine_verify(log->engine, &err), MNZ_OK, "%s", err.message);
  mnz_engine_free(log->engine);
  free(log);
}

static mnz_event_id post(run_log *log, int64_t time, uint8_t phase, mnz_event_fn *fn, int64_t arg) {
  const mnz_event event = {.time = time, .phase = phase, .fn = fn, .self = log, .arg = arg};
  mnz_event_id id;
  EXPECT(mnz_engine_post(log->engine, &event, &id, NULL) == MNZ_OK);
  return id;
}

static mnz_run_reason run(run_log *log, int64_t until, uint64_t max_events) {
  mnz_run_reason reason;
  EXPECT(mnz_engine_run(log->engine, until, max_events, &reason, NULL) == MNZ_OK);
  return reason;
}

static void assert_ran(const run_log *log, size_t count, const int64_t *args) {
  cr_assert_eq(log->count, count, "%zu events ran, not %zu", log->count, count);
  for (size_t i = 0; i < count; i++)
    cr_assert_eq(log->arg[i], args[i], "event %zu was %lld, not %lld", i, (long long)log->arg[i],
                 (long long)args[i]);
}
#define ASSERT_RAN(log, ...)                                                                                 \
  assert_ran(log, sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t), (int64_t[]){__VA_ARGS__})

/* ---- the total order ---- */

Test(engine, runs_events_by_time_then_phase_then_order_of_posting) {
  run_log *log = new_log();
  static const int64_t times[] = {0, 7, 8, 1000000};
  static const uint8_t phases[] = {0, 1, 2, 255};
  /* 37 and 64 have no common factor: each of the 64 combinations comes once, out of order; three times. */
  for (int64_t i = 0; i < 192; i++) {
    const int64_t k = i * 37 % 64;
    post(log, times[k / 16], phases[k / 4 % 4], note, k / 4 * 1000 + i);
  }
  cr_assert_eq(run(log, INT64_MAX, UINT64_MAX), MNZ_RUN_EMPTY);
  cr_assert_eq(log->count, 192);
  for (size_t i = 0; i < 192; i++) {
    cr_assert_eq(log->time[i], times[i / 48]);
    if (i > 0) cr_assert_lt(log->arg[i - 1], log->arg[i]);
  }
  end_log(log);
}

Test(engine, events_of_one_instant_and_phase_run_in_the_order_of_posting) {
  run_log *log = new_log();
  for (int64_t i = 0; i < 3000; i++) post(log, 5, 3, note, i);
  run(log, 6, UINT64_MAX);
  cr_assert_eq(log->count, 3000);
  for (int64_t i = 0; i < 3000; i++) cr_assert_eq(log->arg[i], i);
  end_log(log);
}

static mnz_status post_around(void *self, int64_t arg, mnz_error *err) {
  (void)note(self, arg, err);
  post(self, 10, 9, note, arg + 9);
  post(self, 10, 5, note, arg + 5);
  post(self, 10, 1, note, arg + 1);
  post(self, 10, 1, note, arg + 2);
  return MNZ_OK;
}

Test(engine, an_event_posted_now_into_an_earlier_phase_runs_next) {
  run_log *log = new_log();
  post(log, 10, 5, post_around, 100);
  post(log, 10, 5, note, 1);
  post(log, 10, 7, note, 2);
  post(log, 11, 0, note, 3);
  run(log, 100, UINT64_MAX);
  ASSERT_RAN(log, 100, 101, 102, 1, 105, 2, 109, 3);
  end_log(log);
}

enum { WAITING = 900, FLOOD = 300 };

static mnz_status flood(void *self, int64_t arg, mnz_error *err) {
  (void)note(self, arg, err);
  for (int64_t i = 1; i <= FLOOD; i++) post(self, 10, 1, note, arg + i);
  return MNZ_OK;
}

/* Each of the first ten of many that wait at one instant posts many into an earlier phase. */
Test(engine, many_events_posted_now_into_an_earlier_phase_run_next) {
  run_log *log = new_log();
  for (int64_t i = 0; i < WAITING; i++) post(log, 10, 5, i < 10 ? flood : note, i * 1000);
  mnz_run_reason reason;
  while ((reason = run(log, 11, 1)) == MNZ_RUN_EVENTS) EXPECT(mnz_engine_verify(log->engine, NULL) == MNZ_OK);
  cr_assert_eq(reason, MNZ_RUN_EMPTY);
  cr_assert_eq(log->count, WAITING + 10 * FLOOD);
  for (size_t i = 1; i < log->count; i++) EXPECT(log->arg[i - 1] < log->arg[i]);
  end_log(log);
}

/* ---- the past ---- */

Test(engine, refuses_the_past_and_posts_nothing) {
  run_log *log = new_log();
  post(log, 200, 0, note, 1);
  run(log, 100, UINT64_MAX);
  const mnz_event late = {.time = 99, .fn = note, .self = log, .arg = 2};
  mnz_event_id id = {0};
  mnz_error err = {0};
  cr_assert_eq(mnz_engine_post(log->engine, &late, &id, &err), MNZ_MODEL);
  cr_assert_eq(err.status, MNZ_MODEL);
  cr_assert_not_null(strstr(err.message, "99 us"));
  cr_assert_not_null(strstr(err.message, "100 us"));
  cr_assert_eq(id.generation, 0);
  cr_assert_eq(mnz_engine_pending(log->engine), 1);
  run(log, 1000, UINT64_MAX);
  ASSERT_RAN(log, 1);
  end_log(log);
}

Test(engine, refuses_what_is_before_the_start) {
  run_log *log = new_log();
  const mnz_event event = {.time = -1, .fn = note, .self = log};
  cr_assert_eq(mnz_engine_post(log->engine, &event, NULL, NULL), MNZ_MODEL);
  cr_assert_eq(mnz_engine_pending(log->engine), 0);
  end_log(log);
}

Test(engine, takes_what_is_to_happen_now) {
  run_log *log = new_log();
  post(log, 0, 0, note, 1);
  run(log, 100, UINT64_MAX);
  post(log, 200, 0, note, 3);
  run(log, 100, UINT64_MAX);
  post(log, 100, 0, note, 2);
  run(log, 201, UINT64_MAX);
  ASSERT_RAN(log, 1, 2, 3);
  cr_assert_eq(log->time[1], 100);
  end_log(log);
}

Test(engine, an_event_needs_a_handler, .signal = SIGABRT) {
  run_log *log = new_log();
  const mnz_event event = {.time = 1, .self = log};
  mnz_engine_post(log->engine, &event, NULL, NULL);
}

/* ---- cancelling and ids ---- */

Test(engine, a_cancelled_event_does_not_run) {
  run_log *log = new_log();
  post(log, 1, 0, note, 1);
  const mnz_event_id id = post(log, 2, 0, note, 2);
  post(log, 3, 0, note, 3);
  cr_assert(mnz_engine_is_pending(log->engine, id));
  cr_assert(mnz_engine_cancel(log->engine, id));
  cr_assert_not(mnz_engine_is_pending(log->engine, id));
  cr_assert_eq(mnz_engine_pending(log->engine), 2);
  run(log, 100, UINT64_MAX);
  ASSERT_RAN(log, 1, 3);
  end_log(log);
}

Test(engine, cancelling_the_dead_is_false) {
  run_log *log = new_log();
  const mnz_event_id cancelled = post(log, 1, 0, note, 1);
  const mnz_event_id ran = post(log, 2, 0, note, 2);
  cr_assert(mnz_engine_cancel(log->engine, cancelled));
  cr_assert_not(mnz_engine_cancel(log->engine, cancelled));
  run(log, 100, UINT64_MAX);
  cr_assert_not(mnz_engine_cancel(log->engine, ran));
  cr_assert_not(mnz_engine_cancel(log->engine, (mnz_event_id){0}));
  cr_assert_not(mnz_engine_cancel(log->engine, (mnz_event_id){.slot = 12345, .generation = 1}));
  cr_assert_not(mnz_engine_is_pending(log->engine, (mnz_event_id){0}));
  ASSERT_RAN(log, 2);
  end_log(log);
}

typedef struct suicide {
  run_log log; /* first: what note() expects */
  mnz_event_id id;
  bool pending;
  bool cancelled;
  mnz_status moved;
} suicide;

static mnz_status try_itself(void *self, int64_t arg, mnz_error *err) {
  suicide *s = self;
  s->pending = mnz_engine_is_pending(s->log.engine, s->id);
  s->cancelled = mnz_engine_cancel(s->log.engine, s->id);
  s->moved = mnz_engine_move(s->log.engine, s->id, 50, NULL);
  return note(self, arg, err);
}

Test(engine, an_event_is_dead_before_its_handler_is_called) {
  suicide *s;
  cr_assert_eq(mnz_new_array(&s, 1, NULL), MNZ_OK);
  s->pending = s->cancelled = true;
  cr_assert_eq(mnz_engine_create(&s->log.engine, NULL), MNZ_OK);
  s->id = post(&s->log, 5, 0, try_itself, 1);
  run(&s->log, 100, UINT64_MAX);
  ASSERT_RAN(&s->log, 1);
  cr_assert_not(s->pending);
  cr_assert_not(s->cancelled);
  cr_assert_eq(s->moved, MNZ_MODEL);
  mnz_engine_free(s->log.engine);
  free(s);
}

Test(engine, a_reused_slot_does_not_revive_an_id) {
  run_log *log = new_log();
  mnz_event_id old[100];
  for (size_t i = 0; i < 100; i++) {
    old[i] = post(log, 10, 0, note, -1);
    for (size_t k = 0; k < i; k++) {
      EXPECT(!mnz_engine_is_pending(log->engine, old[k]));
      EXPECT(!mnz_engine_cancel(log->engine, old[k]));
      EXPECT(mnz_engine_move(log->engine, old[k], 20, NULL) == MNZ_MODEL);
    }
    cr_assert(mnz_engine_is_pending(log->engine, old[i]));
    cr_assert(mnz_engine_cancel(log->engine, old[i]));
  }
  cr_assert_eq(old[0].slot, old[99].slot, "the slot was not reused, so nothing was tried");
  cr_assert_eq(run(log, 100, UINT64_MAX), MNZ_RUN_EMPTY);
  cr_assert_eq(log->count, 0);
  end_log(log);
}

Test(engine, dead_entries_do_not_pile_up) {
  run_log *log = new_log();
  const mnz_event_id timer = post(log, 1000000, 0, note, 1);
  for (int64_t i = 0; i < 100000; i++) {
    EXPECT(mnz_engine_move(log->engine, timer, 1000000 + i, NULL) == MNZ_OK);
    EXPECT(mnz_engine_cancel(log->engine, post(log, 5000000 + i, 0, note, 2)));
    if (i % 97 == 0) EXPECT(mnz_engine_verify(log->engine, NULL) == MNZ_OK);
  }
  cr_assert_eq(mnz_engine_pending(log->engine), 1);
  run(log, INT64_MAX, UINT64_MAX);
  ASSERT_RAN(log, 1);
  cr_assert_eq(log->time[0], 1000000 + 99999);
  end_log(log);
}

/* The living may go and leave only the dead. */
Test(engine, dead_entries_do_not_outlive_the_living) {
  run_log *log = new_log();
  for (int64_t i = 0; i < 1000; i++) post(log, i, 0, note, i);
  for (int64_t i = 0; i < 1000; i++) mnz_engine_cancel(log->engine, post(log, 5000000 + i, 0, note, i));
  while (run(log, INT64_MAX, 1) == MNZ_RUN_EVENTS) EXPECT(mnz_engine_verify(log->engine, NULL) == MNZ_OK);
  cr_assert_eq(log->count, 1000);
  end_log(log);
}

/* ---- moving ---- */

Test(engine, moves_an_event_forth_and_back_and_keeps_its_id_and_phase) {
  run_log *log = new_log();
  const mnz_event_id id = post(log, 10, 2, note, 1);
  post(log, 20, 1, note, 2);
  post(log, 20, 3, note, 3);
  post(log, 5, 0, note, 4);
  cr_assert_eq(mnz_engine_move(log->engine, id, 30, NULL), MNZ_OK);
  cr_assert_eq(mnz_engine_move(log->engine, id, 1, NULL), MNZ_OK);
  cr_assert_eq(mnz_engine_move(log->engine, id, 20, NULL), MNZ_OK);
  cr_assert(mnz_engine_is_pending(log->engine, id));
  cr_assert_eq(mnz_engine_pending(log->engine), 4);
  run(log, 100, UINT64_MAX);
  ASSERT_RAN(log, 4, 2, 1, 3);
  cr_assert_not(mnz_engine_is_pending(log->engine, id));
  end_log(log);
}

Test(engine, an_event_moved_to_its_own_time_runs_after_those_there) {
  run_log *log = new_log();
  const mnz_event_id first = post(log, 10, 2, note, 1);
  post(log, 10, 2, note, 2);
  post(log, 10, 2, note, 3);
  cr_assert_eq(mnz_engine_move(log->engine, first, 10, NULL), MNZ_OK);
  post(log, 10, 2, note, 4);
  run(log, 100, UINT64_MAX);
  ASSERT_RAN(log, 2, 3, 1, 4);
  end_log(log);
}

Test(engine, a_refused_move_changes_nothing) {
  run_log *log = new_log();
  post(log, 60, 0, note, 1);
  const mnz_event_id id = post(log, 60, 0, note, 2);
  post(log, 60, 0, note, 3);
  run(log, 50, UINT64_MAX);
  mnz_error err = {0};
  cr_assert_eq(mnz_engine_move(log->engine, id, 49, &err), MNZ_MODEL);
  cr_assert_not_null(strstr(err.message, "49 us"));
  run(log, 100, UINT64_MAX);
  ASSERT_RAN(log, 1, 2, 3);
  end_log(log);
}

Test(engine, the_dead_cannot_be_moved) {
  run_log *log = new_log();
  const mnz_event_id id = post(log, 10, 0, note, 1);
  mnz_engine_cancel(log->engine, id);
  mnz_error err = {0};
  cr_assert_eq(mnz_engine_move(log->engine, id, 20, &err), MNZ_MODEL);
  cr_assert_not_null(strstr(err.message, "not pending"));
  cr_assert_eq(mnz_engine_pending(log->engine), 0);
  end_log(log);
}

/* ---- bounds and reasons of a run ---- */

Test(engine, a_run_of_nothing_is_empty_and_leaves_the_clock) {
  run_log *log = new_log();
  cr_assert_eq(run(log, 100, 10), MNZ_RUN_EMPTY);
  cr_assert_eq(mnz_engine_now(log->engine), 0);
  int64_t next = -7;
  cr_assert_not(mnz_engine_next_time(log->engine, &next));
  end_log(log);
}

Test(engine, a_run_that_empties_the_queue_leaves_the_clock_at_the_last_event) {
  run_log *log = new_log();
  post(log, 30, 0, note, 1);
  cr_assert_eq(run(log, 100, 10), MNZ_RUN_EMPTY);
  cr_assert_eq(mnz_engine_now(log->engine), 30);
  cr_assert_eq(mnz_engine_executed(log->engine), 1);
  end_log(log);
}

Test(engine, a_run_is_half_open_and_leaves_the_clock_at_until) {
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

Test(engine, the_clock_never_goes_back) {
  run_log *log = new_log();
  post(log, 200, 0, note, 1);
  run(log, 100, 10);
  cr_assert_eq(run(log, 50, 10), MNZ_RUN_UNTIL);
  cr_assert_eq(mnz_engine_now(log->engine), 100);
  cr_assert_eq(run(log, -50, 10), MNZ_RUN_UNTIL);
  cr_assert_eq(mnz_engine_now(log->engine), 100);
  end_log(log);
}

Test(engine, a_run_ends_after_max_events_with_the_clock_at_the_last) {
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

Test(engine, a_run_of_no_events_does_nothing) {
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

Test(engine, a_stopped_run_ends_after_the_handler_and_can_go_on) {
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

Test(engine, a_failed_handler_ends_the_run_with_its_status_and_message) {
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

Test(engine, a_handler_may_not_run_the_engine, .signal = SIGABRT) {
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

Test(engine, a_handler_may_not_reset_the_engine, .signal = SIGABRT) {
  run_log *log = new_log();
  post(log, 10, 0, reset_now, 1);
  run(log, 100, 10);
}

/* ---- the ends of time ---- */

Test(engine, time_reaches_from_zero_to_the_largest_integer) {
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

Test(engine, looking_at_the_next_time_does_not_advance) {
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

Test(engine, an_event_may_be_posted_between_until_and_the_next_event) {
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
Test(engine, many_events_may_be_posted_before_the_one_looked_at) {
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

static mnz_engine *new_engine(void) {
  mnz_engine *engine;
  cr_assert_eq(mnz_engine_create(&engine, NULL), MNZ_OK);
  return engine;
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

Test(engine, two_halves_equal_one_whole) {
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

Test(engine, a_run_in_random_parts_equals_one_whole) {
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

Test(engine, one_event_at_a_time_equals_one_whole) {
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

Test(engine, two_engines_do_not_know_each_other) {
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

Test(engine, a_reset_engine_is_as_new) {
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

Test(engine, ids_from_before_a_reset_are_dead) {
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

/* ---- random operations against a plain sorted array ---- */

enum { MOST = 4096, DEAD_IDS = 64 };

typedef struct plain_event {
  int64_t time;
  uint8_t phase;
  int64_t arg;
  mnz_event_id id;
} plain_event;

typedef struct twin {
  mnz_engine *engine;
  uint64_t random;
  int64_t (*later)(struct twin *t); /* a time from now on */
  int64_t next_arg;
  size_t target; /* the population that is aimed at */
  size_t count;
  plain_event sorted[MOST];
  mnz_event_id dead[DEAD_IDS];
  uint64_t ran;
} twin;

static int64_t add_capped(int64_t time, uint64_t gap) {
  return gap > (uint64_t)(INT64_MAX - time) ? INT64_MAX : time + (int64_t)gap;
}

static int64_t later_equal(twin *t) {
  return add_capped(mnz_engine_now(t->engine), below(&t->random, 2) * below(&t->random, 4) * 1000);
}

static int64_t later_exponential(twin *t) {
  const double u = (double)(draw(&t->random) >> 11) * 0x1p-53;
  return add_capped(mnz_engine_now(t->engine), (uint64_t)(-log1p(-u) * 1e6));
}

static int64_t later_huge(twin *t) {
  const uint64_t r = draw(&t->random);
  return add_capped(mnz_engine_now(t->engine), r >> 1 >> below(&t->random, 63));
}

static int64_t later_clustered(twin *t) {
  return add_capped(mnz_engine_now(t->engine),
                    below(&t->random, 5) * UINT64_C(1000000000000) + below(&t->random, 10));
}

/* Behind all that are not after it: a new event has the highest sequence. */
static void plain_insert(twin *t, plain_event event) {
  size_t low = 0;
  for (size_t high = t->count; low < high;) {
    const size_t middle = (low + high) / 2;
    const plain_event *m = &t->sorted[middle];
    if (event.time < m->time || (event.time == m->time && event.phase < m->phase))
      high = middle;
    else
      low = middle + 1;
  }
  memmove(&t->sorted[low + 1], &t->sorted[low], (t->count - low) * sizeof *t->sorted);
  t->sorted[low] = event;
  t->count++;
}

static plain_event plain_remove(twin *t, size_t at) {
  const plain_event event = t->sorted[at];
  t->count--;
  memmove(&t->sorted[at], &t->sorted[at + 1], (t->count - at) * sizeof *t->sorted);
  return event;
}

static mnz_event_fn twin_event;

static void twin_post(twin *t, int64_t time, uint8_t phase) {
  if (t->count == MOST) return;
  plain_event event = {.time = time, .phase = phase, .arg = t->next_arg++};
  const mnz_event real = {.time = time, .phase = phase, .fn = twin_event, .self = t, .arg = event.arg};
  EXPECT(mnz_engine_post(t->engine, &real, &event.id, NULL) == MNZ_OK);
  EXPECT(mnz_engine_is_pending(t->engine, event.id));
  plain_insert(t, event);
}

static void bury(twin *t, mnz_event_id id) {
  t->dead[below(&t->random, DEAD_IDS)] = id;
}

static void twin_cancel(twin *t) {
  if (t->count == 0) return;
  const plain_event event = plain_remove(t, below(&t->random, t->count));
  EXPECT(mnz_engine_cancel(t->engine, event.id));
  bury(t, event.id);
}

static void twin_move(twin *t) {
  if (t->count == 0) return;
  plain_event event = plain_remove(t, below(&t->random, t->count));
  if (below(&t->random, 4) != 0) event.time = t->later(t); /* else: to the same time */
  EXPECT(mnz_engine_move(t->engine, event.id, event.time, NULL) == MNZ_OK);
  plain_insert(t, event);
}

static void twin_try_dead(twin *t) {
  const mnz_event_id id = t->dead[below(&t->random, DEAD_IDS)];
  EXPECT(!mnz_engine_is_pending(t->engine, id));
  EXPECT(!mnz_engine_cancel(t->engine, id));
  EXPECT(mnz_engine_move(t->engine, id, INT64_MAX, NULL) == MNZ_MODEL);
}

static void twin_peek(twin *t) {
  int64_t next = -1;
  EXPECT(mnz_engine_next_time(t->engine, &next) == (t->count > 0));
  if (t->count > 0) EXPECT(next == t->sorted[0].time);
}

/* The event must be the first of the array. It may change the world, sometimes flood its own instant. */
static mnz_status twin_event(void *self, int64_t arg, mnz_error *err) {
  (void)err;
  twin *t = self;
  const plain_event first = plain_remove(t, 0);
  EXPECT(first.arg == arg);
  EXPECT(first.time == mnz_engine_now(t->engine));
  t->ran++;
  bury(t, first.id);
  for (uint64_t i = below(&t->random, 3); i > 0; i--)
    if (t->count < t->target)
      twin_post(t, below(&t->random, 3) == 0 ? first.time : t->later(t), (uint8_t)below(&t->random, 6));
  if (below(&t->random, 10) == 0) twin_cancel(t);
  if (below(&t->random, 10) == 0) twin_move(t);
  if (t->target > 100 && below(&t->random, 500) == 0)
    for (uint64_t i = 200; i > 0; i--) twin_post(t, first.time, (uint8_t)below(&t->random, 3));
  return MNZ_OK;
}

/* Up to some events, up to some time, which may be the next event's or between two. */
static void twin_run(twin *t) {
  const int64_t now = mnz_engine_now(t->engine);
  const int64_t until = below(&t->random, 2) == 0 ? INT64_MAX : t->later(t);
  const uint64_t most = below(&t->random, 4);
  const uint64_t before = t->ran;
  mnz_run_reason reason;
  EXPECT(mnz_engine_run(t->engine, until, most, &reason, NULL) == MNZ_OK);
  if (t->ran - before == most) {
    EXPECT(reason == MNZ_RUN_EVENTS);
  } else if (t->count == 0) {
    EXPECT(reason == MNZ_RUN_EMPTY);
  } else {
    EXPECT(reason == MNZ_RUN_UNTIL);
    EXPECT(t->sorted[0].time >= until);
    EXPECT(mnz_engine_now(t->engine) == (until > now ? until : now));
  }
}

static void twin_reset(twin *t) {
  mnz_engine_reset(t->engine);
  for (size_t i = 0; i < t->count; i++) bury(t, t->sorted[i].id);
  t->count = 0;
}

static void twin_operation(twin *t) {
  static const size_t targets[] = {0, 1, 2, 30, 100, 400, 2000};
  if (below(&t->random, 4000) == 0) t->target = targets[below(&t->random, sizeof targets / sizeof *targets)];
  if (mnz_engine_now(t->engine) > INT64_MAX - 1000000 && below(&t->random, 100) == 0) twin_reset(t);
  if (t->count < t->target) twin_post(t, t->later(t), (uint8_t)below(&t->random, 6));
  switch (below(&t->random, 8)) {
  case 0:
    twin_cancel(t);
    break;
  case 1:
    twin_move(t);
    break;
  case 2:
    twin_try_dead(t);
    break;
  case 3:
    twin_peek(t);
    break;
  case 4:
    if (t->count < t->target) twin_post(t, mnz_engine_now(t->engine), (uint8_t)below(&t->random, 6));
    break;
  default:
    twin_run(t);
    break;
  }
}

static void compare_with_sorted_array(int64_t (*later)(twin *t), uint64_t seed) {
  enum { OPERATIONS = 200000 };
  twin *t;
  cr_assert_eq(mnz_new_array(&t, 1, NULL), MNZ_OK);
  t->engine = new_engine();
  t->random = seed;
  t->later = later;
  t->target = 30;
  for (uint64_t i = 0; i < OPERATIONS; i++) {
    twin_operation(t);
    EXPECT(mnz_engine_pending(t->engine) == t->count);
    if (i % 199 == 0) {
      mnz_error err = {0};
      if (mnz_engine_verify(t->engine, &err) != MNZ_OK)
        cr_assert_fail("seed %llu, operation %llu: %s", (unsigned long long)seed, (unsigned long long)i,
                       err.message);
    }
  }
  cr_assert_gt(t->ran, OPERATIONS / 20, "only %llu events ran", (unsigned long long)t->ran);
  mnz_engine_free(t->engine);
  free(t);
}

Test(engine, equals_a_sorted_array_with_equal_times) {
  for (uint64_t seed = 101; seed <= 104; seed++) compare_with_sorted_array(later_equal, seed);
}

Test(engine, equals_a_sorted_array_with_exponential_gaps) {
  for (uint64_t seed = 201; seed <= 204; seed++) compare_with_sorted_array(later_exponential, seed);
}

Test(engine, equals_a_sorted_array_with_huge_gaps) {
  for (uint64_t seed = 301; seed <= 304; seed++) compare_with_sorted_array(later_huge, seed);
}

Test(engine, equals_a_sorted_array_with_clustered_times) {
  for (uint64_t seed = 401; seed <= 404; seed++) compare_with_sorted_array(later_clustered, seed);
}

/* ---- many ---- */

enum { MANY = 1000000 };

typedef struct crowd {
  mnz_engine *engine;
  mnz_event *events; /* in the order of posting */
  mnz_event last;
  uint64_t out_of_order;
} crowd;

static mnz_status crowd_event(void *self, int64_t arg, mnz_error *err) {
  (void)err;
  crowd *c = self;
  const mnz_event *event = &c->events[arg];
  const mnz_event *last = &c->last;
  const bool after = event->time != last->time     ? event->time > last->time
                     : event->phase != last->phase ? event->phase > last->phase
                                                   : event->arg > last->arg;
  if (!after || event->time != mnz_engine_now(c->engine)) c->out_of_order++;
  c->last = *event;
  return MNZ_OK;
}

Test(engine, a_million_events_run_in_order) {
  crowd c = {.engine = new_engine(), .last = {.time = -1}};
  cr_assert_eq(mnz_new_array(&c.events, MANY, NULL), MNZ_OK);
  uint64_t random = 5;
  for (int64_t i = 0; i < MANY; i++) {
    /* Some 30 years in days or in microseconds. */
    const uint64_t day = UINT64_C(86400000000);
    const uint64_t time = below(&random, 2) == 0 ? below(&random, 11000) * day : below(&random, 11000 * day);
    c.events[i] = (mnz_event){
        .time = (int64_t)time, .phase = (uint8_t)below(&random, 6), .fn = crowd_event, .self = &c, .arg = i};
    EXPECT(mnz_engine_post(c.engine, &c.events[i], NULL, NULL) == MNZ_OK);
  }
  cr_assert_eq(mnz_engine_pending(c.engine), MANY);
  mnz_run_reason reason;
  cr_assert_eq(mnz_engine_run(c.engine, INT64_MAX, MANY / 2, &reason, NULL), MNZ_OK);
  cr_assert_eq(mnz_engine_verify(c.engine, NULL), MNZ_OK);
  cr_assert_eq(mnz_engine_run(c.engine, INT64_MAX, UINT64_MAX, &reason, NULL), MNZ_OK);
  cr_assert_eq(reason, MNZ_RUN_EMPTY);
  cr_assert_eq(mnz_engine_executed(c.engine), MANY);
  cr_assert_eq(c.out_of_order, 0);
  cr_assert_eq(mnz_engine_verify(c.engine, NULL), MNZ_OK);
  mnz_engine_free(c.engine);
  free(c.events);
}

#ifndef MNZ_POOL_PASS_THROUGH /* a sanitizer needs its own memory */
static mnz_status expect_next(void *self, int64_t arg, mnz_error *err) {
  (void)err;
  int64_t *next = self;
  EXPECT(arg == *next);
  ++*next;
  return MNZ_OK;
}

/* Posts until memory is out, then moves the last event until it is out again; what was refused has left no
 * trace. Returns the statuses of both ends. */
static void fill_memory(size_t megabytes, mnz_status ends[2]) {
  struct rlimit limit;
  cr_assert_eq(getrlimit(RLIMIT_DATA, &limit), 0);
  limit.rlim_cur = megabytes << 20;
  cr_assert_eq(setrlimit(RLIMIT_DATA, &limit), 0);
  mnz_engine *engine = new_engine();
  int64_t posted = 0;
  int64_t next = 0;
  mnz_event_id last;
  for (ends[0] = MNZ_OK; ends[0] == MNZ_OK && posted < MANY; posted += ends[0] == MNZ_OK) {
    const mnz_event event = {.time = posted / 100, .fn = expect_next, .self = &next, .arg = posted};
    ends[0] = mnz_engine_post(engine, &event, &last, NULL);
  }
  ends[1] = MNZ_OK;
  for (int64_t i = 0; ends[1] == MNZ_OK && i < posted; i++)
    ends[1] = mnz_engine_move(engine, last, MANY + i, NULL);
  cr_assert(mnz_engine_is_pending(engine, last));
  cr_assert_eq(mnz_engine_pending(engine), (uint64_t)posted);
  mnz_run_reason reason;
  cr_assert_eq(mnz_engine_run(engine, INT64_MAX, UINT64_MAX, &reason, NULL), MNZ_OK);
  cr_assert_eq(next, posted);
  cr_assert_eq(mnz_engine_verify(engine, NULL), MNZ_OK);
  mnz_engine_free(engine);
}

Test(engine, when_memory_is_out_nothing_is_posted_or_moved_and_all_others_run) {
  bool out[2] = {false, false};
  for (size_t megabytes = 18; megabytes <= 42; megabytes += 6) {
    mnz_status ends[2];
    fill_memory(megabytes, ends);
    for (size_t i = 0; i < 2; i++) {
      cr_assert(ends[i] == MNZ_OK || ends[i] == MNZ_NO_MEMORY);
      out[i] = out[i] || ends[i] == MNZ_NO_MEMORY;
    }
  }
  if (!out[0] || !out[1]) cr_skip_test("memory cannot be limited here");
}
#endif
