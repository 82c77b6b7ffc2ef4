/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_queue [--quick | --huge]: nanoseconds per event of the engine with its radix heap and with a 4-ary
 * heap, under some patterns of use and from 10 pending events to 10^6 (10^7 with --huge).
 *
 * Both engines run in this process and take turns, in chunks of the same events; the table has the medians
 * over the turns, and the median of the ratios of neighbouring turns, which a slow moment of the machine
 * disturbs less. Time is that of the processor, for the same reason. It holds all of an event: taking it
 * out, the call of its handler, drawing, posting; the first line has what the handler alone takes.
 * Both must run the same events in the same order, or the program ends with status 1. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/memory.h"
#include "bench_engine.h"

enum { GAPS = 1024, MAX_TURNS = 31 };

static const bench_engine radix_engine = BENCH_ENGINE;
static const int64_t day = INT64_C(86400000000);
static const int64_t mean_gap = INT64_C(1000000);

typedef struct pattern pattern;

/* One engine with a population of events. */
typedef struct world {
  const bench_engine *of;
  mnz_engine *engine;
  const pattern *pattern;
  mnz_event_id *ids; /* by the events' arg */
  uint64_t count;
  uint64_t random;
  uint64_t digest;
  int64_t gaps[GAPS];
} world;

struct pattern {
  const char *name;
  mnz_event_fn *fn;                       /* of each event */
  int64_t (*gap)(world *w);               /* to its next time */
  void (*turn)(world *w, uint64_t count); /* runs about so many events */
};

static void must(mnz_status status) {
  if (status == MNZ_OK) return;
  fprintf(stderr, "bench_queue: %s\n", mnz_status_text(status));
  exit(1);
}

/* ---- drawing: cheap, so that the queue is what is measured ---- */

static uint64_t draw(world *w) {
  uint64_t z = w->random += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

static uint64_t below(world *w, uint64_t bound) {
  return (draw(w) >> 32) * bound >> 32;
}

static int64_t exponential(world *w) {
  const uint64_t r = draw(w);
  return w->gaps[r % GAPS] + (int64_t)(r >> 54);
}

static int64_t whole_days(world *w) {
  return (int64_t)below(w, 60) * day;
}

/* ---- handlers ---- */

static mnz_event_id post(world *w, int64_t time, int64_t arg, mnz_event_fn *fn) {
  const mnz_event event = {.time = time, .phase = (uint8_t)(draw(w) % 4), .fn = fn, .self = w, .arg = arg};
  mnz_event_id id;
  must(w->of->post(w->engine, &event, &id, NULL));
  return id;
}

static int64_t note(world *w, int64_t arg) {
  const int64_t now = w->of->now(w->engine);
  w->digest = (w->digest ^ (uint64_t)now ^ (uint64_t)arg << 40) * UINT64_C(0x9e3779b97f4a7c15);
  return now;
}

/* The hold model: an event posts its successor. */
static mnz_status hold(void *self, int64_t arg, mnz_error *err) {
  (void)err;
  world *w = self;
  const int64_t now = note(w, arg);
  w->ids[arg] = post(w, now + w->pattern->gap(w), arg, hold);
  return MNZ_OK;
}

/* Of ten events, one also cancels another and posts a new one for it, and one moves another. */
static mnz_status hold_and_change(void *self, int64_t arg, mnz_error *err) {
  world *w = self;
  const int64_t now = note(w, arg);
  w->ids[arg] = post(w, now + w->pattern->gap(w), arg, hold_and_change);
  const uint64_t what = below(w, 10);
  const int64_t other = (int64_t)below(w, w->count);
  if (what == 0) {
    if (!w->of->cancel(w->engine, w->ids[other])) must(MNZ_MODEL);
    w->ids[other] = post(w, now + w->pattern->gap(w), other, hold_and_change);
  } else if (what == 1) {
    must(w->of->move(w->engine, w->ids[other], now + w->pattern->gap(w), err));
  }
  return MNZ_OK;
}

static mnz_status end_here(void *self, int64_t arg, mnz_error *err) {
  (void)err;
  (void)note(self, arg);
  return MNZ_OK;
}

/* ---- turns ---- */

static void run_events(world *w, uint64_t count) {
  mnz_run_reason reason;
  must(w->of->run(w->engine, INT64_MAX, count, &reason, NULL));
}

/* In slices of about one event. After each, someone looks at the next time and posts an event before it. */
static void run_slices(world *w, uint64_t count) {
  const int64_t slice = mean_gap / (int64_t)w->count + 1;
  int64_t until = w->of->now(w->engine);
  for (uint64_t i = 0; i < count / 2; i++) {
    mnz_run_reason reason;
    int64_t next;
    until += slice;
    must(w->of->run(w->engine, until, UINT64_MAX, &reason, NULL));
    if (!w->of->next_time(w->engine, &next)) must(MNZ_MODEL);
    (void)post(w, until + (next - until) / 2, -1, end_here);
  }
}

/* Bursts of as many events as are pending, within 10 ms; then they run. */
static void run_bursts(world *w, uint64_t count) {
  for (uint64_t done = 0; done < count; done += w->count) {
    const int64_t now = w->of->now(w->engine);
    for (uint64_t i = 0; i < w->count; i++)
      (void)post(w, now + (int64_t)below(w, 10000), (int64_t)i, end_here);
    run_events(w, w->count);
  }
}

/* The same, all of them at one instant. */
static void run_instants(world *w, uint64_t count) {
  for (uint64_t done = 0; done < count; done += w->count) {
    const int64_t now = w->of->now(w->engine);
    for (uint64_t i = 0; i < w->count; i++) (void)post(w, now, (int64_t)i, end_here);
    run_events(w, w->count);
  }
}

static const pattern patterns[] = {
    {"hold, Exp(1)", hold, exponential, run_events},
    {"10 % cancel, 10 % move", hold_and_change, exponential, run_events},
    {"whole days, 4 phases", hold, whole_days, run_events},
    {"bursts within 10 ms", hold, exponential, run_bursts},
    {"bursts at one instant", hold, exponential, run_instants},
    {"slices, peek, post before", hold, exponential, run_slices},
};

/* ---- measuring ---- */

static void start(world *w, const bench_engine *of, const pattern *p, uint64_t count) {
  *w = (world){.of = of, .pattern = p, .count = count, .random = count};
  for (int i = 0; i < GAPS; i++) w->gaps[i] = (int64_t)(-(double)mean_gap * log1p(-(i + 0.5) / GAPS));
  must(of->create(&w->engine, NULL));
  must(mnz_new_array(&w->ids, count, NULL));
  for (uint64_t i = 0; i < count; i++) w->ids[i] = post(w, p->gap(w), (int64_t)i, p->fn);
}

static void finish(world *w) {
  must(w->of->verify(w->engine, NULL));
  w->of->free(w->engine);
  free(w->ids);
}

static double measure(world *w, uint64_t count) {
  struct timespec a;
  struct timespec b;
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
  w->pattern->turn(w, count);
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
  return ((double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec)) / (double)count;
}

static int by_value(const void *a, const void *b) {
  const double x = *(const double *)a;
  const double y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values, int count) {
  qsort(values, (size_t)count, sizeof *values, by_value);
  return values[count / 2];
}

static bool compare(const pattern *p, uint64_t count, uint64_t events, int turns) {
  world radix;
  world heap;
  start(&radix, &radix_engine, p, count);
  start(&heap, &bench_heap_engine, p, count);
  double radix_ns[MAX_TURNS];
  double heap_ns[MAX_TURNS];
  double ratio[MAX_TURNS];
  for (int i = -1; i < turns; i++) { /* the first turn warms up */
    const int at = i < 0 ? 0 : i;
    if (i % 2 == 0) radix_ns[at] = measure(&radix, events);
    heap_ns[at] = measure(&heap, events);
    if (i % 2 != 0) radix_ns[at] = measure(&radix, events);
    ratio[at] = heap_ns[at] / radix_ns[at];
  }
  const bool same = radix.digest == heap.digest;
  printf("%-26s %9llu %9.1f %9.1f %7.2f%s\n", p->name, (unsigned long long)count, median(radix_ns, turns),
         median(heap_ns, turns), median(ratio, turns), same ? "" : "  DIFFERENT EVENTS");
  (void)fflush(stdout);
  finish(&radix);
  finish(&heap);
  return same;
}

/* ---- the handler alone ---- */

static mnz_status post_nothing(mnz_engine *engine, const mnz_event *event, mnz_event_id *id, mnz_error *err) {
  (void)engine;
  (void)err;
  *id = (mnz_event_id){.slot = (uint32_t)event->time, .generation = event->phase};
  return MNZ_OK;
}

static int64_t no_clock(const mnz_engine *engine) {
  (void)engine;
  return 0;
}

static void call_handlers(world *w, uint64_t count) {
  mnz_event_fn *volatile fn = w->pattern->fn;
  for (uint64_t i = 0; i < count; i++) must(fn(w, (int64_t)(i % w->count), NULL));
}

static double measure_handler(void) {
  enum { TURNS = 5, EVENTS = 200000 };
  static const pattern alone = {"handler alone", hold, exponential, call_handlers};
  static const bench_engine none = {.post = post_nothing, .now = no_clock};
  world w = {.of = &none, .pattern = &alone, .count = 100};
  must(mnz_new_array(&w.ids, w.count, NULL));
  double ns[TURNS];
  for (int i = 0; i < TURNS; i++) ns[i] = measure(&w, EVENTS);
  free(w.ids);
  return median(ns, TURNS);
}

int main(int argc, char **argv) {
  const bool quick = argc == 2 && strcmp(argv[1], "--quick") == 0;
  const bool huge = argc == 2 && strcmp(argv[1], "--huge") == 0;
  if (argc > 1 && !quick && !huge) {
    fprintf(stderr, "usage: bench_queue [--quick | --huge]\n");
    return 2;
  }
  const uint64_t most = quick ? 10000 : huge ? 10000000 : 1000000;
  const int turns = quick ? 3 : 15;
  bool same = true;
  const double alone = measure_handler();
  printf("%-26s %9s %9s %9s %7s\n", "ns per event", "pending", "radix", "heap", "ratio");
  printf("%-26s %9s %9.1f %9.1f %7.2f\n", "handler alone", "-", alone, alone, 1.0);
  for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
    for (uint64_t count = 10; count <= most; count *= 10) {
      const uint64_t events = quick ? 20000 : count < 200000 ? 200000 : count;
      same = compare(&patterns[i], count, events, turns) && same;
    }
  return same ? 0 : 1;
}
