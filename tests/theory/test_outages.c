/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outages and repair against closed forms. A case passes within three standard errors of its own mean, and
 * the standard error must be below half a per cent of the value. */
#include <criterion/criterion.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "monazite/replication.h"

#define SCENARIO MNZ_SOURCE_DIR "/tests/theory/outages.cfg"
#define DOWN     4 /* index of the state "down" */

static double share_up(const mnz_result *result, const char *node) {
  const mnz_variable *v = mnz_result_find(result, "state_share");
  for (size_t i = 0; i < result->length[MNZ_AXIS_NODE]; i++) {
    if (strcmp(result->labels[MNZ_AXIS_NODE][i], node) != 0) continue;
    return 1 - ((const double *)v->data)[i * result->length[MNZ_AXIS_STATE] + DOWN];
  }
  cr_assert_fail("no node %s", node);
  return NAN;
}

/* The share of time in which `node` was up in n replications that end on `end`. */
static void check(const char *end, size_t n, const char *node, double expected) {
  mnz_scenario *scenario = NULL;
  mnz_problems *problems = NULL;
  mnz_replication *r = NULL;
  mnz_error err = {0};
  char set_end[64];
  snprintf(set_end, sizeof set_end, "end=%s", end);
  const char *overrides[] = {set_end};
  cr_assert_eq(mnz_scenario_load(&scenario, SCENARIO, overrides, 1, &problems, &err), MNZ_OK, "%s",
               err.message);
  cr_assert_eq(mnz_replication_create(&r, scenario, NULL, 0, &err), MNZ_OK);
  double *up = calloc(n, sizeof *up);
  for (size_t i = 0; i < n; i++) {
    bool done;
    mnz_result *result = NULL;
    cr_assert_eq(mnz_replication_reset(r, (uint32_t)i, &err), MNZ_OK);
    cr_assert_eq(mnz_replication_run(r, MNZ_TO_THE_END, UINT64_MAX, &done, &err), MNZ_OK, "%s", err.message);
    cr_assert_eq(mnz_replication_finish(r, &result, &err), MNZ_OK, "%s", err.message);
    up[i] = share_up(result, node);
    mnz_result_free(result);
  }
  const double mean = gsl_stats_mean(up, 1, n);
  const double se = gsl_stats_sd(up, 1, n) / sqrt((double)n);
  cr_assert_lt(se, 0.005 * expected, "the standard error %g is too large for %g", se, expected);
  cr_assert_lt(fabs(mean - expected), 3 * se, "%s: %g, expected %g, z = %.2f", node, mean, expected,
               (mean - expected) / se);
  free(up);
  mnz_replication_free(r);
  mnz_scenario_free(scenario);
  mnz_problems_free(problems);
}

/* R1: A(t) = mu/(l+mu) + l/(l+mu) exp(-(l+mu) t); its mean over the first 30 d. */
Test(theory, a_new_machine_is_up_for_this_share_of_its_first_month, .timeout = 300) {
  check("2026-01-31", 20000, "One", 0.92892978);
}

Test(theory, in_the_long_run_availability_is_mtbf_over_mtbf_and_mttr, .timeout = 300) {
  check("2126-01-01", 400, "One", 0.9);
}

Test(theory, two_failure_processes_in_a_row_multiply, .timeout = 300) {
  check("2126-01-01", 400, "Two", 0.82644628);
}
