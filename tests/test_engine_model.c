/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine against a plain model of it, and with very many events. */
#include "engine_bench.h"

#include <math.h>
#include <string.h>
#include <sys/resource.h>

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

Test(engine_model, equals_a_sorted_array_with_equal_times) {
  for (uint64_t seed = 101; seed <= 104; seed++) compare_with_sorted_array(later_equal, seed);
}

Test(engine_model, equals_a_sorted_array_with_exponential_gaps) {
  for (uint64_t seed = 201; seed <= 204; seed++) compare_with_sorted_array(later_exponential, seed);
}

Test(engine_model, equals_a_sorted_array_with_huge_gaps) {
  for (uint64_t seed = 301; seed <= 304; seed++) compare_with_sorted_array(later_huge, seed);
}

Test(engine_model, equals_a_sorted_array_with_clustered_times) {
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

Test(engine_model, a_million_events_run_in_order) {
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

Test(engine_model, when_memory_is_out_nothing_is_posted_or_moved_and_all_others_run) {
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
