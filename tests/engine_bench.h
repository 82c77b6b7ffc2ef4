/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the engine share: random numbers, and an engine with a log of what ran. */
#ifndef MNZ_TESTS_ENGINE_BENCH_H
#define MNZ_TESTS_ENGINE_BENCH_H

#include <criterion/criterion.h>

#include <stdint.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "engine/engine.h"

/* Criterion reports every assertion to its parent process; in loops of millions only a failure is told. */
#define EXPECT(fact)                                                                                         \
  do {                                                                                                       \
    if (!(fact)) cr_assert_fail("line %d: %s", __LINE__, #fact);                                             \
  } while (0)

/* ---- an own generator, so that these tests link the engine only ---- */

static inline uint64_t draw(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

static inline uint64_t below(uint64_t *state, uint64_t bound) {
  return draw(state) % bound;
}

/* ---- an engine, and a log of what ran ---- */

static inline mnz_engine *new_engine(void) {
  mnz_engine *engine;
  cr_assert_eq(mnz_engine_create(&engine, NULL), MNZ_OK);
  return engine;
}

typedef struct run_log {
  mnz_engine *engine;
  size_t count;
  int64_t arg[4096];
  int64_t time[4096];
} run_log;

static inline mnz_status note(void *self, int64_t arg, mnz_error *err) {
  (void)err;
  run_log *log = self;
  log->arg[log->count] = arg;
  log->time[log->count++] = mnz_engine_now(log->engine);
  return MNZ_OK;
}

static inline run_log *new_log(void) {
  run_log *log;
  cr_assert_eq(mnz_new_array(&log, 1, NULL), MNZ_OK);
  cr_assert_eq(mnz_engine_create(&log->engine, NULL), MNZ_OK);
  return log;
}

/* Verifies the engine a last time. */
static inline void end_log(run_log *log) {
  mnz_error err = {0};
  cr_assert_eq(mnz_engine_verify(log->engine, &err), MNZ_OK, "%s", err.message);
  mnz_engine_free(log->engine);
  free(log);
}

static inline mnz_event_id post(run_log *log, int64_t time, uint8_t phase, mnz_event_fn *fn, int64_t arg) {
  const mnz_event event = {.time = time, .phase = phase, .fn = fn, .self = log, .arg = arg};
  mnz_event_id id;
  EXPECT(mnz_engine_post(log->engine, &event, &id, NULL) == MNZ_OK);
  return id;
}

static inline mnz_run_reason run(run_log *log, int64_t until, uint64_t max_events) {
  mnz_run_reason reason;
  EXPECT(mnz_engine_run(log->engine, until, max_events, &reason, NULL) == MNZ_OK);
  return reason;
}

static inline void assert_ran(const run_log *log, size_t count, const int64_t *args) {
  cr_assert_eq(log->count, count, "%zu events ran, not %zu", log->count, count);
  for (size_t i = 0; i < count; i++)
    cr_assert_eq(log->arg[i], args[i], "event %zu was %lld, not %lld", i, (long long)log->arg[i],
                 (long long)args[i]);
}
#define ASSERT_RAN(log, ...)                                                                                 \
  assert_ran(log, sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t), (int64_t[]){__VA_ARGS__})

#endif
