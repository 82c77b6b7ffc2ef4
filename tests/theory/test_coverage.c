/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often intervals hold the truth, over 4,000 samples each: the share has a standard error of 0.0034 at
 * 95 %, so that 1.5 points are more than four of them. */
#include <criterion/criterion.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort.h>

#include <math.h>
#include <stdlib.h>

#include "random/stream.h"
#include "stats/interval.h"
#include "stats/moments.h"
#include "stats/precision.h"
#include "stats/quantile.h"
#include "stats/survival.h"
#include "stats/tail.h"
#include "stats/warmup.h"

enum { SAMPLES = 4000 };

static void no_handler(void) {
  gsl_set_error_handler_off();
}

TestSuite(coverage, .init = no_handler, .timeout = 300);

static double exponential(const gsl_rng *rng) {
  return -log1p(-gsl_rng_uniform(rng));
}

static double normal(const gsl_rng *rng) {
  return gsl_ran_ugaussian(rng);
}

typedef double (*variate)(const gsl_rng *rng);

typedef struct sample {
  mnz_stream stream;
  double *x;
  size_t n;
} sample;

static void open_sample(sample *s, uint64_t seed, uint32_t number) {
  mnz_stream_open(&s->stream, (mnz_stream_key){.seed = seed, .replication = number});
}

static void draw(sample *s, variate of) {
  for (size_t i = 0; i < s->n; i++) s->x[i] = of(&s->stream.rng);
}

static mnz_interval around(double centre, double half_width) {
  return (mnz_interval){centre - half_width, centre + half_width};
}

/* The share of samples of n in which the interval holds the truth. */
typedef mnz_interval (*interval_of)(sample *s, uint32_t number);
static double share_that_holds(variate of, size_t n, interval_of interval, double truth, uint64_t seed) {
  sample s = {.n = n, .x = calloc(n, sizeof *s.x)};
  int held = 0;
  for (uint32_t i = 0; i < SAMPLES; i++) {
    open_sample(&s, seed, i);
    draw(&s, of);
    const mnz_interval found = interval(&s, i);
    held += found.low <= truth && truth <= found.high;
  }
  free(s.x);
  return (double)held / SAMPLES;
}

static void assert_share(double found, double expected, double tolerance, const char *what) {
  cr_log_info("%s: %.4f, expected %.4f", what, found, expected);
  cr_assert_float_eq(found, expected, tolerance, "%s: %.4f, expected %.4f", what, found, expected);
}

/* ---- means ---- */

static mnz_interval student(sample *s, uint32_t number) {
  (void)number;
  const mnz_moments m = mnz_moments_of(s->x, s->n);
  return around(m.mean, mnz_student_half_width(m.n, mnz_moments_sd(&m), 0.95));
}

static mnz_interval bootstrap(sample *s, uint32_t number) {
  mnz_interval out;
  cr_assert_eq(mnz_bootstrap_t(s->x, s->n, 0.95, 999, 12, number, &out, NULL), MNZ_OK);
  return out;
}

/* Measured by numpy over 20,000 and 2,000 samples; seed 1. */
Test(coverage, a_skewed_mean_is_held_too_rarely_by_student_and_rightly_by_the_bootstrap) {
  assert_share(share_that_holds(exponential, 10, student, 1, 1), 0.8989, 0.015, "Student, n 10");
  const double by_student = share_that_holds(exponential, 50, student, 1, 1);
  const double by_bootstrap = share_that_holds(exponential, 50, bootstrap, 1, 1);
  assert_share(by_student, 0.9347, 0.015, "Student, n 50");
  assert_share(share_that_holds(exponential, 10, bootstrap, 1, 1), 0.947, 0.015, "bootstrap, n 10");
  assert_share(by_bootstrap, 0.951, 0.015, "bootstrap, n 50");
  cr_expect_gt(by_bootstrap - by_student, 0.008, "half of what lies between them");
}

/* Exact for the normal; seed 2. */
Test(coverage, a_normal_mean_is_held_at_any_count) {
  assert_share(share_that_holds(normal, 2, student, 0, 2), 0.95, 0.015, "n 2");
  assert_share(share_that_holds(normal, 10, student, 0, 2), 0.95, 0.015, "n 10");
}

/* Seed 3. */
Test(coverage, a_skewed_mean_is_held_when_there_are_many) {
  assert_share(share_that_holds(exponential, 10000, student, 1, 3), 0.95, 0.015, "n 10000");
}

/* ---- tails and quantiles ---- */

static mnz_interval around_tail(sample *s, bool upper) {
  gsl_sort(s->x, 1, s->n);
  const mnz_tail tail = mnz_cvar(s->x, s->n, 0.95, upper);
  return around(tail.cvar, mnz_student_half_width(s->n, tail.se * sqrt((double)s->n), 0.95));
}

static mnz_interval upper_tail(sample *s, uint32_t number) {
  (void)number;
  return around_tail(s, true);
}

static mnz_interval lower_tail(sample *s, uint32_t number) {
  (void)number;
  return around_tail(s, false);
}

/* 1 + log 20; -phi(z) / 0.05. Seed 4. */
Test(coverage, the_mean_of_the_worst_twentieth_is_held_when_there_are_many) {
  assert_share(share_that_holds(exponential, 10000, upper_tail, 1 + log(20), 4), 0.95, 0.015, "exponential");
  assert_share(share_that_holds(normal, 10000, lower_tail, -2.0627128075074257, 4), 0.95, 0.015, "normal");
}

static mnz_interval of_p95(sample *s, uint32_t number) {
  (void)number;
  gsl_sort(s->x, 1, s->n);
  return mnz_quantile_interval(s->x, s->n, 0.95, 0.95);
}

static mnz_interval of_p99(sample *s, uint32_t number) {
  (void)number;
  gsl_sort(s->x, 1, s->n);
  return mnz_quantile_interval(s->x, s->n, 0.99, 0.95);
}

static mnz_interval of_p05(sample *s, uint32_t number) {
  (void)number;
  gsl_sort(s->x, 1, s->n);
  return mnz_quantile_interval(s->x, s->n, 0.05, 0.95);
}

/* Seed 5. */
Test(coverage, a_quantile_is_held_as_the_binomial_says) {
  assert_share(share_that_holds(exponential, 100, of_p95, log(20), 5), 0.98261, 0.015, "n 100, p .95");
  assert_share(share_that_holds(exponential, 1000, of_p99, log(100), 5), 0.97609, 0.015, "n 1000, p .99");
  assert_share(share_that_holds(normal, 200, of_p05, -1.6448536269514722, 5), 0.96717, 0.015, "n 200, p .05");
  assert_share(share_that_holds(normal, 10000, of_p05, -1.6448536269514722, 5),
               mnz_quantile_ranks(10000, 0.05, 0.95).coverage, 0.015, "n 10000, p .05");
}

/* ---- stopping ---- */

static uint64_t run_until_precise(sample *s, mnz_moments *m) {
  const mnz_target target = {.relative = true, .width = 0.05};
  *m = (mnz_moments){0};
  do {
    for (int i = 0; i < 50; i++) mnz_moments_add(m, exponential(&s->stream.rng));
  } while (m->n < 100 || !mnz_precise_enough(m, 0.95, target));
  return m->n;
}

/* The half-width is 1.96 / sqrt(n) where it is 0.05 / 1.05: at 1,694 values, and rounded up to 50. Seed 6. */
Test(coverage, stopping_at_a_precision_still_holds_the_mean) {
  int held = 0;
  int near = 0;
  double replications = 0;
  for (uint32_t i = 0; i < SAMPLES; i++) {
    sample s;
    mnz_moments m;
    open_sample(&s, 6, i);
    replications += (double)run_until_precise(&s, &m);
    held += fabs(m.mean - 1) <= mnz_student_half_width(m.n, mnz_moments_sd(&m), 0.95);
    near += fabs(m.mean - 1) <= 0.05;
  }
  cr_log_info("mean count %.0f", replications / SAMPLES);
  assert_share((double)held / SAMPLES, 0.95, 0.02, "the interval holds the mean");
  cr_assert_geq((double)near / SAMPLES, 0.94, "off by at most a twentieth");
  cr_assert_float_eq(replications / SAMPLES, 1700, 50, "count %.0f", replications / SAMPLES);
}

/* ---- survival ---- */

enum { WATCHED = 50 };

static void watch(sample *s, double time[WATCHED], bool seen[WATCHED]) {
  for (size_t k = 0; k < WATCHED; k++) {
    const double event = exponential(&s->stream.rng);
    const double end = 3 * gsl_rng_uniform(&s->stream.rng);
    seen[k] = event <= end;
    time[k] = fmin(event, end);
  }
}

/* Events at rate 1, watches of 0 to 3: of the samples that reach to `at`, the share whose band holds S. */
static double held_by_bands(double at, uint64_t seed) {
  int held = 0;
  int reached = 0;
  for (uint32_t i = 0; i < SAMPLES; i++) {
    sample s;
    double time[WATCHED];
    bool seen[WATCHED];
    open_sample(&s, seed, i);
    watch(&s, time, seen);
    double survival;
    double low;
    double high;
    cr_assert_eq(mnz_kaplan_meier(time, seen, WATCHED, &at, 1, 0.95, &survival, &low, &high, NULL), MNZ_OK);
    reached += !isnan(survival);
    held += low <= exp(-at) && exp(-at) <= high;
  }
  return (double)held / reached;
}

/* Seed 7. */
Test(coverage, a_survival_curve_is_held_while_events_come) {
  static const double at[] = {0.1, 0.3, 0.7, 1.2};
  for (size_t j = 0; j < 4; j++) assert_share(held_by_bands(at[j], 7), 0.95, 0.015, "S");
}

/* Before the first event and where two or three are left; survfit, which has no band there, holds S in 0 and
 * 30 % of the samples at the first two of these times, and in 72 % at the third. Seed 7. */
Test(coverage, a_survival_curve_is_held_nearly_as_often_at_its_ends) {
  static const double at[] = {0.002, 0.01, 0.03, 2};
  for (size_t j = 0; j < 4; j++) {
    const double share = held_by_bands(at[j], 7);
    cr_log_info("S(%g): %.4f", at[j], share);
    cr_assert_geq(share, 0.90, "S(%g) is held in %.4f", at[j], share);
  }
}

/* ---- long runs ---- */

/* Waits at one server by Lindley's recursion, 90 % busy, from empty; the mean wait is 9. */
static double held_by_batches(size_t n, size_t warm_up, int runs, uint64_t seed) {
  double *wait = calloc(n, sizeof *wait);
  int held = 0;
  for (int r = 0; r < runs; r++) {
    sample s;
    open_sample(&s, seed, (uint32_t)r);
    double now = 0;
    for (size_t i = 0; i < warm_up + n; i++) {
      if (i >= warm_up) wait[i - warm_up] = now;
      now = fmax(0, now + exponential(&s.stream.rng) - exponential(&s.stream.rng) / 0.9);
    }
    const mnz_batches found = mnz_batch_means(wait, n, 20, 0.95);
    held += fabs(found.mean - 9) <= found.half_width;
  }
  free(wait);
  return (double)held / runs;
}

/* 1,000 runs: a standard error of 0.007. Seed 8. */
Test(coverage, batch_means_hold_the_wait_at_a_busy_server) {
  const double share = held_by_batches(200000, 5000, 1000, 8);
  cr_log_info("batch means: %.4f", share);
  cr_assert(share >= 0.92 && share <= 0.97, "%.4f", share);
}

/* Seed 9. */
Test(coverage, independent_batches_are_suspected_as_often_as_the_test_says) {
  sample s = {.n = 200, .x = (double[200]){0}};
  int suspected = 0;
  for (uint32_t i = 0; i < SAMPLES; i++) {
    open_sample(&s, 9, i);
    draw(&s, normal);
    suspected += mnz_batch_means(s.x, s.n, 20, 0.95).p_value < 0.05;
  }
  assert_share((double)suspected / SAMPLES, 0.05, 0.015, "suspected");
}
