/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two single queues under common random numbers: interarrival times of rate 0.7, service of rate 1 or 1.25,
 * all exponential by inversion, the mean wait of the first 200 customers of an empty queue. What is expected
 * is ground truth measured elsewhere: difference 1.2110 +- 0.0012, variance ratio 2.383 +- 0.006, correlation
 * 0.924. */
#include <criterion/criterion.h>
#include <gsl/gsl_errno.h>

#include <math.h>
#include <stdlib.h>

#include "monazite/compare.h"
#include "random/stream.h"

enum { REPLICATIONS = 50000, CUSTOMERS = 200, ARRIVALS = 0, SERVICES = 1 };
static const uint64_t SEED = 20260101;
static const double ARRIVAL_RATE = 0.7;

static void no_handler(void) {
  (void)gsl_set_error_handler_off();
}

TestSuite(common_numbers, .init = no_handler, .timeout = 300);

static double exponential(mnz_stream *stream, double rate) {
  return -log1p(-gsl_rng_uniform(&stream->rng)) / rate;
}

/* Lindley: the next waits for what the last one waited and was served, less the time between them. */
static double mean_wait(uint64_t seed, uint32_t replication, double service_rate) {
  mnz_stream arrivals;
  mnz_stream services;
  mnz_stream_open(&arrivals, (mnz_stream_key){.seed = seed, .replication = replication, .purpose = ARRIVALS});
  mnz_stream_open(&services, (mnz_stream_key){.seed = seed, .replication = replication, .purpose = SERVICES});
  double wait = 0;
  double sum = 0;
  for (int i = 1; i < CUSTOMERS; i++) { /* the first one waits 0 */
    const double served = exponential(&services, service_rate);
    wait = fmax(0, wait + served - exponential(&arrivals, ARRIVAL_RATE));
    sum += wait;
  }
  return sum / CUSTOMERS;
}

/* ---- as rows ---- */

typedef struct queue {
  mnz_variable wait;
  mnz_result shape;
  double *mean_wait; /* [REPLICATIONS] */
} queue;

static mnz_status head(void *self, size_t row, mnz_row *out, mnz_error *err) {
  (void)self;
  (void)err;
  *out = (mnz_row){.replication = (uint32_t)row};
  return MNZ_OK;
}

static mnz_status read(void *self, size_t row, size_t k, size_t from, size_t count, void *out,
                       mnz_error *err) {
  (void)k;
  (void)from;
  (void)count;
  (void)err;
  *(double *)out = ((const queue *)self)->mean_wait[row];
  return MNZ_OK;
}

static mnz_rows simulate(queue *q, uint64_t seed, double service_rate) {
  q->wait = (mnz_variable){.name = "wait", .long_name = "", .unit = "d", .worse = MNZ_MORE_IS_WORSE};
  q->shape = (mnz_result){.variables = &q->wait, .n_variables = 1};
  q->mean_wait = calloc(REPLICATIONS, sizeof *q->mean_wait);
  for (uint32_t i = 0; i < REPLICATIONS; i++) q->mean_wait[i] = mean_wait(seed, i, service_rate);
  return (mnz_rows){.shape = &q->shape, .count = REPLICATIONS, .self = q, .head = head, .read = read};
}

/* The faster server against the slower one. */
static mnz_comparison *compare(uint64_t seed_slow, uint64_t seed_fast) {
  queue slow;
  queue fast;
  const mnz_rows a = simulate(&slow, seed_slow, 1);
  const mnz_rows b = simulate(&fast, seed_fast, 1.25);
  const mnz_compare_input inputs[] = {{"slow", &a}, {"fast", &b}};
  const mnz_compare_options options = mnz_compare_options_default();
  mnz_comparison *c = NULL;
  cr_assert_eq(mnz_compare(inputs, 2, &options, &c, NULL), MNZ_OK);
  free(slow.mean_wait);
  free(fast.mean_wait);
  return c;
}

static double at(const mnz_comparison *c, mnz_compared what) {
  return mnz_comparison_at(c, what, 0, 1);
}

/* Tolerances: four standard errors of 50,000 replications, those of the ratio and the correlation from the
 * spread of 20 runs with other seeds (0.015, 0.0012), and twice what the ground truth leaves open. */
Test(common_numbers, give_the_gain_that_others_found) {
  mnz_comparison *c = compare(SEED, SEED);
  const double error = at(c, MNZ_COMPARED_DIFFERENCE_HALF_WIDTH) / 1.96;
  cr_log_info("difference %.4f +- %.4f, ratio %.4f, correlation %.4f, win %.4f",
              at(c, MNZ_COMPARED_DIFFERENCE), error, at(c, MNZ_COMPARED_GAIN),
              at(c, MNZ_COMPARED_CORRELATION), at(c, MNZ_COMPARED_WIN));
  cr_assert_float_eq(at(c, MNZ_COMPARED_DIFFERENCE), -1.2110, 4 * error + 0.0024);
  cr_assert_float_eq(at(c, MNZ_COMPARED_GAIN), 2.383, 0.072);
  cr_assert_float_eq(at(c, MNZ_COMPARED_CORRELATION), 0.924, 0.006);
  cr_assert_eq(at(c, MNZ_COMPARED_WIN), 1, "no customer of the faster server waits longer");
  mnz_comparison_free(c);
}

Test(common_numbers, gain_nothing_from_other_seeds) {
  mnz_comparison *c = compare(SEED, SEED + 1);
  cr_assert_float_eq(at(c, MNZ_COMPARED_GAIN), 1, 0.05);
  cr_assert_float_eq(at(c, MNZ_COMPARED_CORRELATION), 0, 0.02);
  mnz_comparison_free(c);
}
