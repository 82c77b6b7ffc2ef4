/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What batches promise, over 4,000 of them, of a model whose answer is known: a machine that fails at 1/90
 * and is mended at 1/10 a day is down for 0.07107022 of its first 30 days (ground truth R1; one less the mean
 * of A(t)). */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include "monazite/batch.h"

#define SCENARIO MNZ_SOURCE_DIR "/tests/theory/scenarios/outages.cfg"
#define TRUTH    0.07107022

enum { BATCHES = 4000 };

typedef struct verdict {
  bool holds; /* the interval of the mean in the summary */
  uint32_t count;
} verdict;

/* One batch with a seed of its own, stopped by `until` (or never), and what its summary says. */
static verdict run(uint32_t seed, uint32_t most, const char *until) {
  mnz_scenario *scenario = NULL;
  mnz_problems *problems = NULL;
  mnz_result *shape = NULL;
  mnz_parcels *parcels = NULL;
  mnz_summary *summary = NULL;
  mnz_error err = {.status = MNZ_OK};
  mnz_batch_outcome outcome;
  mnz_aim aim;
  char set_seed[32];
  snprintf(set_seed, sizeof set_seed, "seed=\"%u\"", seed);
  const char *overrides[] = {set_seed};
  mnz_batch_options options = mnz_batch_options_default();
  const mnz_summary_options how = mnz_summary_options_default();
  options.replications = most;
  options.threads = 2;
  options.watch.what = MNZ_WATCH_NOTHING;
  cr_assert_eq(mnz_scenario_load(&scenario, SCENARIO, overrides, 1, &problems, &err), MNZ_OK, "%s",
               err.message);
  cr_assert_eq(mnz_shape_create(scenario, &options.watch, &shape, &err), MNZ_OK);
  cr_assert_eq(mnz_parcels_create(&parcels, shape, &err), MNZ_OK);
  cr_assert_eq(mnz_aim_find(shape, "state_share.One.down", &aim, &err), MNZ_OK, "%s", err.message);
  if (until != NULL) {
    cr_assert_eq(mnz_aim_parse(shape, until, &aim, &err), MNZ_OK, "%s", err.message);
    options.aims = &aim;
    options.n_aims = 1;
  }
  const mnz_sink sink = mnz_parcels_sink(parcels);
  cr_assert_eq(mnz_batch_run(scenario, shape, &options, NULL, &sink, NULL, NULL, NULL, &outcome, &err),
               MNZ_OK);
  const mnz_rows rows = mnz_parcels_rows(parcels);
  cr_assert_eq(mnz_summarise(&rows, &how, &summary, &err), MNZ_OK);
  const size_t cells = mnz_result_cells(shape, &shape->variables[aim.variable]);
  const double *of = summary->variables[aim.variable].statistics + aim.cell;
  const verdict v = {of[MNZ_STATISTIC_MEAN_LOW * cells] <= TRUTH &&
                         TRUTH <= of[MNZ_STATISTIC_MEAN_HIGH * cells],
                     outcome.done};
  mnz_summary_free(summary);
  mnz_parcels_free(parcels);
  mnz_result_free(shape);
  mnz_scenario_free(scenario);
  mnz_problems_free(problems);
  return v;
}

/* The values are skewed (most machines are never down), so 400 replications, not fewer. */
Test(batches, hold_the_mean_as_often_as_they_say, .timeout = 600) {
  uint32_t held = 0;
  for (uint32_t seed = 1; seed <= BATCHES; seed++) held += run(seed, 400, NULL).holds;
  const double coverage = (double)held / BATCHES;
  printf("mean of 400: held by %.4f of the intervals\n", coverage);
  cr_assert(fabs(coverage - 0.95) < 0.015, "%.4f", coverage);
}

Test(batches, hold_the_mean_when_they_stop_at_a_precision, .timeout = 600) {
  uint32_t held = 0;
  double count = 0;
  for (uint32_t seed = 1; seed <= BATCHES; seed++) {
    const verdict v = run(seed, 100000, "state_share.One.down:0.012");
    held += v.holds;
    count += v.count;
  }
  const double coverage = (double)held / BATCHES;
  printf("stopped at 0.012: held by %.4f, after %.0f replications on average\n", coverage, count / BATCHES);
  cr_assert(fabs(coverage - 0.95) < 0.02, "%.4f", coverage);
}
