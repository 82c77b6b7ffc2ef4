/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events: their order, their ids, cancelling and moving. */
#include "engine_bench.h"

#include <signal.h>
#include <string.h>

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
