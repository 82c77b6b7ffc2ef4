/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "batch/dispatch.h"
#include "batch/parallel.h"
#include "batch/replicate.h"
#include "monazite/batch.h"
#include "world/replication_internal.h"

/* ---- the dispatch ---- */

static mnz_parcel *parcel_of(uint32_t replication) {
  mnz_parcel *p = calloc(1, sizeof *p);
  *p = (mnz_parcel){.bytes = sizeof *p, .replication = replication};
  return p;
}

static void give(mnz_dispatch *d, uint32_t position) {
  mnz_parcel *p = parcel_of(position);
  mnz_dispatch_give(d, position, &p);
  cr_assert_null(p);
}

/* The number of the next parcel; UINT32_MAX: not there. */
static uint32_t collected(mnz_dispatch *d) {
  mnz_parcel *p = mnz_dispatch_collect(d);
  const uint32_t number = p != NULL ? p->replication : UINT32_MAX;
  free(p);
  return number;
}

Test(dispatch, gives_back_in_the_order_of_the_plan_whatever_the_order_of_finishing) {
  mnz_dispatch *d = NULL;
  cr_assert_eq(mnz_dispatch_create(&d, 10, 14, 8, NULL), MNZ_OK);
  uint32_t at;
  for (uint32_t i = 10; i < 14; i++) {
    cr_assert(mnz_dispatch_try_take(d, &at));
    cr_assert_eq(at, i);
  }
  cr_assert_not(mnz_dispatch_try_take(d, &at));
  cr_assert_not(mnz_dispatch_wait(d, 0));
  give(d, 12);
  give(d, 11);
  cr_assert_eq(collected(d), UINT32_MAX);
  give(d, 10);
  cr_assert(mnz_dispatch_wait(d, 0));
  for (uint32_t i = 10; i < 13; i++) cr_assert_eq(collected(d), i);
  cr_assert_eq(collected(d), UINT32_MAX);
  give(d, 13);
  cr_assert_eq(collected(d), 13);
  cr_assert_eq(collected(d), UINT32_MAX);
  mnz_dispatch_free(d);
}

Test(dispatch, lets_nobody_run_ahead_of_the_window) {
  mnz_dispatch *d = NULL;
  cr_assert_eq(mnz_dispatch_create(&d, 0, 100, 3, NULL), MNZ_OK);
  uint32_t at;
  for (int i = 0; i < 3; i++) cr_assert(mnz_dispatch_try_take(d, &at));
  cr_assert_not(mnz_dispatch_try_take(d, &at));
  give(d, 1); /* not the first: the window stays */
  cr_assert_not(mnz_dispatch_try_take(d, &at));
  give(d, 0);
  cr_assert_eq(collected(d), 0);
  cr_assert(mnz_dispatch_try_take(d, &at));
  cr_assert_eq(at, 3);
  cr_assert_not(mnz_dispatch_try_take(d, &at));
  cr_assert_eq(collected(d), 1);
  cr_assert(mnz_dispatch_try_take(d, &at));
  cr_assert_eq(at, 4);
  mnz_dispatch_free(d); /* with parcels that nobody collected */
}

/* Only its length is looked at. */
static mnz_parcel *large_parcel(uint32_t replication) {
  mnz_parcel *p = parcel_of(replication);
  p->bytes = UINT32_C(70) << 20;
  return p;
}

Test(dispatch, lets_no_more_begin_while_large_parcels_wait) {
  mnz_dispatch *d = NULL;
  cr_assert_eq(mnz_dispatch_create(&d, 0, 100, 50, NULL), MNZ_OK);
  uint32_t at;
  for (uint32_t i = 0; i < 4; i++) cr_assert(mnz_dispatch_try_take(d, &at));
  for (uint32_t i = 3; i > 0; i--) {
    cr_assert(i == 1 || mnz_dispatch_try_take(d, &at), "two of them are too many");
    mnz_parcel *p = large_parcel(i);
    mnz_dispatch_give(d, i, &p);
  }
  cr_assert_not(mnz_dispatch_try_take(d, &at));
  mnz_dispatch_give_back(d, 4);
  cr_assert(mnz_dispatch_try_take(d, &at) && at == 4, "what was begun is gone on with");
  give(d, 0);
  cr_assert_eq(collected(d), 0);
  cr_assert_eq(collected(d), 1);
  cr_assert_not(mnz_dispatch_try_take(d, &at));
  cr_assert_eq(collected(d), 2);
  cr_assert(mnz_dispatch_try_take(d, &at));
  mnz_dispatch_free(d);
}

Test(dispatch, hands_out_again_what_was_given_back) {
  mnz_dispatch *d = NULL;
  cr_assert_eq(mnz_dispatch_create(&d, 0, 2, 4, NULL), MNZ_OK);
  uint32_t at;
  cr_assert(mnz_dispatch_try_take(d, &at) && at == 0);
  cr_assert(mnz_dispatch_try_take(d, &at) && at == 1);
  mnz_dispatch_give_back(d, 0);
  cr_assert(mnz_dispatch_try_take(d, &at));
  cr_assert_eq(at, 0);
  cr_assert_not(mnz_dispatch_try_take(d, &at));
  mnz_dispatch_free(d);
}

Test(dispatch, sends_everybody_home_when_it_is_stopped_or_has_failed) {
  mnz_dispatch *d = NULL;
  mnz_error err = {.status = MNZ_OK};
  const mnz_error first = {.status = MNZ_NO_MEMORY, .message = "first"};
  const mnz_error second = {.status = MNZ_IO, .message = "second"};
  cr_assert_eq(mnz_dispatch_create(&d, 0, 5, 4, NULL), MNZ_OK);
  cr_assert_not(mnz_dispatch_is_stopped(d));
  cr_assert_eq(mnz_dispatch_failure(d, &err), MNZ_OK);
  mnz_dispatch_fail(d, &first);
  mnz_dispatch_fail(d, &second);
  uint32_t at;
  cr_assert_not(mnz_dispatch_take(d, &at));
  cr_assert(mnz_dispatch_is_stopped(d));
  cr_assert(mnz_dispatch_wait(d, 0), "the writer hears of it");
  cr_assert_eq(mnz_dispatch_failure(d, &err), MNZ_NO_MEMORY);
  cr_assert_str_eq(err.message, "first");
  mnz_dispatch_free(d);
}

/* ---- work on many things ---- */

static mnz_status count_up(void *self, uint32_t thread, size_t i, mnz_error *err) {
  (void)thread;
  int *seen = self;
  seen[i]++;
  return i == 77 && seen[999] > 0 ? mnz_fail(err, MNZ_IO, "here", "77") : MNZ_OK;
}

Test(parallel, does_each_once_at_any_number_of_threads_and_hands_a_failure_on) {
  for (uint32_t threads = 1; threads <= 9; threads += 4) {
    int seen[1000] = {0};
    cr_assert_eq(mnz_parallel(threads, 500, count_up, seen, NULL), MNZ_OK);
    for (int i = 0; i < 1000; i++) cr_assert_eq(seen[i], i < 500);
    seen[999] = 1;
    mnz_error err = {.status = MNZ_OK};
    cr_assert_eq(mnz_parallel(threads, 500, count_up, seen, &err), MNZ_IO);
    cr_assert_str_eq(err.message, "77");
  }
  cr_assert_eq(mnz_parallel(3, 0, count_up, NULL, NULL), MNZ_OK);
}

/* ---- a batch ---- */

typedef struct bench {
  mnz_scenario *scenario;
  mnz_result *shape;
  mnz_parcels *parcels;
  mnz_batch_options options;
  uint32_t fail_at; /* the sink fails at this one */
  uint32_t stop_at; /* the tick says stop when so many are done */
  bool is_slow;     /* the sink is slower than the workers */
  uint32_t borders;
} bench;

static mnz_status put(void *self, mnz_parcel **parcel, mnz_error *err) {
  bench *b = self;
  if (b->is_slow) (void)poll(NULL, 0, 20);
  if ((*parcel)->replication == b->fail_at) {
    free(*parcel);
    *parcel = NULL;
    return mnz_fail(err, MNZ_IO, "sink", "full");
  }
  return mnz_parcels_add(b->parcels, parcel, err);
}

static mnz_status border(void *self, mnz_error *err) {
  (void)err;
  ((bench *)self)->borders++;
  return MNZ_OK;
}

static bool tick(void *self, const mnz_batch_progress *p) {
  return p->done < ((bench *)self)->stop_at;
}

static bench open_bench(const char *file) {
  bench b = {.options = mnz_batch_options_default(), .fail_at = UINT32_MAX, .stop_at = UINT32_MAX};
  mnz_problems *problems = NULL;
  mnz_error err = {.status = MNZ_OK};
  cr_assert_eq(mnz_scenario_load(&b.scenario, file, NULL, 0, &problems, &err), MNZ_OK, "%s", err.message);
  mnz_problems_free(problems);
  cr_assert_eq(mnz_shape_create(b.scenario, &b.options.watch, &b.shape, &err), MNZ_OK, "%s", err.message);
  cr_assert_eq(mnz_parcels_create(&b.parcels, b.shape, &err), MNZ_OK);
  return b;
}

static void close_bench(bench *b) {
  mnz_parcels_free(b->parcels);
  mnz_result_free(b->shape);
  mnz_scenario_free(b->scenario);
}

static mnz_status run(bench *b, mnz_aim_state *states, mnz_batch_outcome *outcome, mnz_error *err) {
  const mnz_rows before = mnz_parcels_rows(b->parcels);
  const mnz_sink sink = {b, put, border};
  return mnz_batch_run(b->scenario, b->shape, &b->options, &before, &sink, tick, b, states, outcome, err);
}

static void expect_equal(const mnz_rows *a, const mnz_rows *b) {
  cr_assert_eq(a->count, b->count);
  for (size_t i = 0; i < a->count; i++) {
    mnz_row x;
    mnz_row y;
    cr_assert_eq(a->head(a->self, i, &x, NULL), MNZ_OK);
    cr_assert_eq(b->head(b->self, i, &y, NULL), MNZ_OK);
    cr_assert_eq(x.replication, y.replication);
    cr_assert_eq(x.events, y.events);
    for (size_t k = 0; k < a->shape->n_variables; k++) {
      const mnz_variable *v = &a->shape->variables[k];
      const size_t cells = mnz_result_cells(a->shape, v);
      const size_t bytes = cells * mnz_cell_size(v->cell);
      char *left = malloc(bytes + 1);
      char *right = malloc(bytes + 1);
      cr_assert_eq(a->read(a->self, i, k, 0, cells, left, NULL), MNZ_OK);
      cr_assert_eq(b->read(b->self, i, k, 0, cells, right, NULL), MNZ_OK);
      cr_assert_eq(memcmp(left, right, bytes), 0, "row %zu, %s", i, v->name);
      free(left);
      free(right);
    }
  }
}

#define SCENARIO "tests/scenarios/batch.cfg"

Test(batch, gives_the_same_rows_at_any_number_of_threads) {
  bench one = open_bench(SCENARIO);
  bench many = open_bench(SCENARIO);
  mnz_batch_outcome outcome;
  mnz_error err = {.status = MNZ_OK};
  one.options.replications = many.options.replications = 60;
  many.options.threads = 7;
  cr_assert_eq(run(&one, NULL, &outcome, &err), MNZ_OK, "%s", err.message);
  cr_assert_eq(outcome.end, MNZ_BATCH_PLAN);
  cr_assert_eq(outcome.done, 60);
  cr_assert_eq(one.borders, 2, "at 50 and at the end");
  cr_assert_eq(run(&many, NULL, &outcome, &err), MNZ_OK, "%s", err.message);
  const mnz_rows a = mnz_parcels_rows(one.parcels);
  const mnz_rows b = mnz_parcels_rows(many.parcels);
  expect_equal(&a, &b);
  close_bench(&one);
  close_bench(&many);
}

Test(batch, goes_on_where_it_was_stopped) {
  bench whole = open_bench(SCENARIO);
  bench halves = open_bench(SCENARIO);
  mnz_batch_outcome outcome;
  whole.options.replications = halves.options.replications = 50;
  halves.options.threads = 2;
  cr_assert_eq(run(&whole, NULL, &outcome, NULL), MNZ_OK);
  halves.stop_at = 13;
  cr_assert_eq(run(&halves, NULL, &outcome, NULL), MNZ_OK);
  cr_assert_eq(outcome.end, MNZ_BATCH_STOPPED);
  cr_assert(outcome.done >= 13 && outcome.done < 50, "%u", outcome.done);
  cr_assert_eq(mnz_parcels_rows(halves.parcels).count, outcome.done);
  halves.stop_at = UINT32_MAX;
  cr_assert_eq(run(&halves, NULL, &outcome, NULL), MNZ_OK);
  cr_assert_eq(outcome.done, 50);
  const mnz_rows a = mnz_parcels_rows(whole.parcels);
  const mnz_rows b = mnz_parcels_rows(halves.parcels);
  expect_equal(&a, &b);
  /* Nothing is left to do. */
  cr_assert_eq(run(&halves, NULL, &outcome, NULL), MNZ_OK);
  cr_assert_eq(outcome.end, MNZ_BATCH_PLAN);
  cr_assert_eq(mnz_parcels_rows(halves.parcels).count, 50);
  /* And less than there is cannot be asked for. */
  halves.options.replications = 49;
  cr_assert_eq(run(&halves, NULL, &outcome, NULL), MNZ_USAGE);
  close_bench(&whole);
  close_bench(&halves);
}

Test(batch, hears_that_it_is_to_stop_while_parcels_keep_coming) {
  bench b = open_bench(SCENARIO);
  mnz_batch_outcome outcome;
  b.options.threads = 2;
  b.options.replications = 400;
  b.is_slow = true;
  b.stop_at = 20;
  cr_assert_eq(run(&b, NULL, &outcome, NULL), MNZ_OK);
  cr_assert_eq(outcome.end, MNZ_BATCH_STOPPED);
  cr_assert_lt(outcome.done, 60);
  close_bench(&b);
}

Test(batch, refuses_rows_that_are_not_the_beginning_of_its_plan) {
  bench b = open_bench(SCENARIO);
  mnz_batch_outcome outcome;
  mnz_error err = {.status = MNZ_OK};
  b.options.replications = 10;
  b.options.shard = 2;
  b.options.shards = 2;
  cr_assert_eq(run(&b, NULL, &outcome, NULL), MNZ_OK);
  cr_assert_eq(outcome.done, 5);
  b.options.shard = 1;
  cr_assert_eq(run(&b, NULL, &outcome, &err), MNZ_FORMAT);
  cr_assert_str_eq(err.message, "row 0 is replication 1; the plan has 0 there");
  close_bench(&b);
}

Test(batch, ends_when_the_sink_fails_and_what_it_got_is_whole) {
  bench b = open_bench(SCENARIO);
  mnz_batch_outcome outcome;
  mnz_error err = {.status = MNZ_OK};
  b.options.threads = 3;
  b.fail_at = 17;
  cr_assert_eq(run(&b, NULL, &outcome, &err), MNZ_IO);
  cr_assert_str_eq(err.message, "full");
  cr_assert_eq(mnz_parcels_rows(b.parcels).count, 17);
  close_bench(&b);
}

Test(batch, shards_divide_the_plan_without_gap_or_double) {
  mnz_batch_options o = mnz_batch_options_default();
  for (o.replications = 1; o.replications < 30; o.replications++) {
    for (o.shards = 1; o.shards < 9; o.shards++) {
      uint32_t sum = 0;
      for (o.shard = 1; o.shard <= o.shards; o.shard++) sum += mnz_batch_planned(&o);
      cr_assert_eq(sum, o.replications);
    }
  }
}

/* ---- event logs ---- */

typedef struct saboteur {
  mnz_replication *world;
  uint32_t slices; /* that it lets pass; then the world is broken */
} saboteur;

static bool sabotage(void *self) {
  saboteur *s = self;
  if (s->slices-- == 0) s->world->failed = true;
  return true;
}

static mnz_parcel *replicate(const bench *b, saboteur *s, uint32_t slices) {
  mnz_parcel *parcel = NULL;
  mnz_error err = {.status = MNZ_OK};
  s->slices = slices;
  cr_assert_eq(
      mnz_replicate(b->scenario, b->shape, &b->options.watch, 3, sabotage, s, &s->world, &parcel, &err),
      MNZ_OK, "%s", err.message);
  cr_assert(mnz_parcel_is_sound(b->shape, parcel, parcel->bytes));
  return parcel;
}

Test(batch, a_replication_keeps_its_events_up_to_a_failure) {
  bench b = open_bench("scenarios/sojitz-lynas.cfg");
  b.options.watch.events = true;
  b.shape->keeps_log = true;
  saboteur s = {.world = NULL};
  mnz_parcel *sound = replicate(&b, &s, UINT32_MAX);
  mnz_parcel *broken = replicate(&b, &s, 2);
  mnz_parcel *again = replicate(&b, &s, UINT32_MAX);
  cr_assert_eq(sound->status, MNZ_OK);
  cr_assert_eq(broken->status, MNZ_MODEL);
  cr_assert(broken->n_log > 1000 && broken->n_log < sound->n_log);
  cr_assert_eq(memcmp((const char *)broken + mnz_parcel_log_offset(broken),
                      (const char *)sound + mnz_parcel_log_offset(sound),
                      broken->n_log * sizeof(mnz_model_event)),
               0);
  cr_assert_eq(again->bytes, sound->bytes);
  cr_assert_eq(memcmp(again, sound, sound->bytes), 0, "equal runs give equal bytes");
  free(sound);
  free(broken);
  free(again);
  mnz_replication_free(s.world);
  close_bench(&b);
}

/* ---- precision ---- */

Test(batch, stops_at_the_same_border_at_any_number_of_threads_and_says_what_decided) {
  uint32_t first = 0;
  for (uint32_t threads = 1; threads <= 5; threads += 2) {
    bench b = open_bench(SCENARIO);
    mnz_aim aims[2];
    mnz_aim_state states[2];
    mnz_batch_outcome outcome;
    cr_assert_eq(mnz_aim_parse(b.shape, "node_demanded.users:1%", &aims[0], NULL), MNZ_OK);
    cr_assert_eq(mnz_aim_parse(b.shape, "node_short.users:6%", &aims[1], NULL), MNZ_OK);
    b.options.threads = threads;
    b.options.replications = 5000;
    b.options.block = 30;
    b.options.minimum = 61;
    b.options.aims = aims;
    b.options.n_aims = 2;
    cr_assert_eq(run(&b, states, &outcome, NULL), MNZ_OK);
    cr_assert_eq(outcome.end, MNZ_BATCH_PRECISE);
    cr_assert_eq(outcome.deciding, 1);
    cr_assert_eq(outcome.done % 30, 0);
    cr_assert(outcome.done >= 90, "the first border at or after the minimum");
    cr_assert(states[0].reached && states[1].reached);
    cr_assert_eq(states[1].count, outcome.done);
    cr_assert(states[1].half_width <= 0.06 / 1.06 * states[1].mean);
    if (threads == 1) first = outcome.done;
    cr_assert_eq(outcome.done, first);
    close_bench(&b);
  }
}

Test(aim, finds_a_cell_by_its_labels_and_tells_its_name) {
  bench b = open_bench(SCENARIO);
  mnz_aim a = {.width = 0};
  cr_assert_eq(mnz_aim_parse(b.shape, "state_share.Plant.down:0.01", &a, NULL), MNZ_OK);
  cr_assert_str_eq(a.name, "state_share.Plant.down");
  cr_assert_not(a.relative);
  cr_assert_float_eq(a.width, 0.01, 1e-15);
  cr_assert_eq(mnz_aim_parse(b.shape, "fill_rate.Pr: 2 %", &a, NULL), MNZ_USAGE,
               "no blank before the number");
  cr_assert_eq(mnz_aim_parse(b.shape, "fill_rate.Pr:2 %", &a, NULL), MNZ_OK);
  cr_assert(a.relative);
  cr_assert_float_eq(a.width, 0.02, 1e-15);
  const mnz_variable *v = &b.shape->variables[a.variable];
  cr_assert_str_eq(v->name, "fill_rate");
  for (size_t cell = 0; cell < mnz_result_cells(b.shape, v); cell++) {
    char name[64];
    mnz_aim found;
    mnz_aim_name(b.shape, a.variable, cell, name, sizeof name);
    cr_assert_eq(mnz_aim_find(b.shape, name, &found, NULL), MNZ_OK);
    cr_assert_eq(found.cell, cell);
  }
  close_bench(&b);
}
