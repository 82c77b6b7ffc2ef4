/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything that threads share, for ThreadSanitizer, which cannot run under Criterion: threads_test
 * SCENARIO.
 *
 * A batch on four threads that is stopped in the middle by the writer, gone on with, and summed up on four;
 * its summary is held against that of a batch on one thread. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "monazite/batch.h"

enum { REPLICATIONS = 40, FIRST_PART = 15 };

static bool tick(void *self, const mnz_batch_progress *p) {
  return p->done < *(const uint32_t *)self;
}

static void expect(mnz_status status, const mnz_error *err) {
  if (status == MNZ_OK) return;
  fprintf(stderr, "threads_test: %s: %s\n", err->where, err->message);
  exit(EXIT_FAILURE);
}

/* How many replications there are then. */
static uint32_t run(const mnz_scenario *scenario, const mnz_result *shape, uint32_t threads, uint32_t until,
                    mnz_parcels *parcels) {
  mnz_error err = {.status = MNZ_OK};
  mnz_batch_outcome outcome;
  mnz_batch_options options = mnz_batch_options_default();
  options.replications = REPLICATIONS;
  options.threads = threads;
  options.block = 5;
  const mnz_rows before = mnz_parcels_rows(parcels);
  const mnz_sink sink = mnz_parcels_sink(parcels);
  expect(mnz_batch_run(scenario, shape, &options, &before, &sink, tick, &until, NULL, &outcome, &err), &err);
  return outcome.done;
}

static mnz_summary *sum_up(const mnz_parcels *parcels, uint32_t threads) {
  mnz_error err = {.status = MNZ_OK};
  mnz_summary_options how = mnz_summary_options_default();
  mnz_summary *summary = NULL;
  how.threads = threads;
  const mnz_rows rows = mnz_parcels_rows(parcels);
  expect(mnz_summarise(&rows, &how, &summary, &err), &err);
  return summary;
}

static bool same_array(const void *a, const void *b, size_t bytes) {
  return a == NULL || b == NULL ? a == b : memcmp(a, b, bytes) == 0;
}

static bool same_summaries(const mnz_summary *a, const mnz_summary *b) {
  bool same = a->replications == REPLICATIONS && b->replications == REPLICATIONS;
  size_t compared = 0;
  for (size_t k = 0; k < a->shape->n_variables; k++) {
    const size_t bytes = mnz_result_cells(a->shape, &a->shape->variables[k]) * sizeof(double);
    const mnz_summary_variable *x = &a->variables[k];
    const mnz_summary_variable *y = &b->variables[k];
    same = same && same_array(x->statistics, y->statistics, MNZ_STATISTICS * bytes) &&
           same_array(x->mean, y->mean, bytes) &&
           same_array(x->quantiles, y->quantiles, MNZ_QUANTILES * bytes / 2) && /* floats */
           same_array(x->survival, y->survival, bytes * a->shape->length[MNZ_AXIS_TIME]);
    compared += x->statistics != NULL || x->mean != NULL;
  }
  return same && compared > 0;
}

int main(int argc, char **argv) {
  mnz_error err = {.status = MNZ_OK};
  mnz_scenario *scenario = NULL;
  mnz_problems *problems = NULL;
  mnz_result *shape = NULL;
  mnz_parcels *parcels[2] = {NULL, NULL};
  const mnz_watch watch = mnz_batch_options_default().watch;
  if (argc != 2) return EXIT_FAILURE;
  expect(mnz_scenario_load(&scenario, argv[1], NULL, 0, &problems, &err), &err);
  expect(mnz_shape_create(scenario, &watch, &shape, &err), &err);
  for (int i = 0; i < 2; i++) expect(mnz_parcels_create(&parcels[i], shape, &err), &err);
  (void)run(scenario, shape, 1, UINT32_MAX, parcels[0]);
  const uint32_t stopped = run(scenario, shape, 4, FIRST_PART, parcels[1]);
  if (stopped < FIRST_PART || stopped >= REPLICATIONS) {
    fprintf(stderr, "threads_test: not stopped in the middle, but after %u\n", (unsigned)stopped);
    return EXIT_FAILURE;
  }
  (void)run(scenario, shape, 4, UINT32_MAX, parcels[1]);
  mnz_summary *one = sum_up(parcels[0], 1);
  mnz_summary *four = sum_up(parcels[1], 4);
  const bool same = same_summaries(one, four);
  mnz_summary_free(one);
  mnz_summary_free(four);
  for (int i = 0; i < 2; i++) mnz_parcels_free(parcels[i]);
  mnz_result_free(shape);
  mnz_problems_free(problems);
  mnz_scenario_free(scenario);
  puts(same ? "the same on one thread and on four" : "NOT the same on one thread and on four");
  return same ? EXIT_SUCCESS : EXIT_FAILURE;
}
