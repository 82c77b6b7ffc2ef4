/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random networks that mix every feature, run event by event: after each the ledger, the stores, the order
 * books, the order of events and all running totals are recomputed. Then the same run in a hundred pieces of
 * time, in an object that was reset, and with its lists in another order, must give the same bytes.
 *
 *   random_networks [--count N] [--from SEED] [--seconds S] [--show SEED] [--verbose]
 *
 * A seed that fails is shown with its text, after the features that the failure does not need are left out.
 */
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "monazite/replication.h"
#include "monazite/rows.h"
#include "network_text.h"

enum { STEPS = 3000, PIECES = 100, MESSAGE = 1200 };
#define MOST_EVENTS   UINT64_C(20000000)
#define MOST_REJECTED 0.01 /* of all networks */

typedef struct options {
  uint64_t from;
  uint64_t count;
  double seconds;
  bool verbose;
  bool show;
} options;

typedef enum verdict { PASSED, REJECTED, FAILED } verdict;

static uint64_t seed_under_test; /* for the handler of signals */

static void on_crash(int signal) {
  char text[96];
  const int n =
      snprintf(text, sizeof text, "signal %d in the network of seed %" PRIu64 "\n", signal, seed_under_test);
  if (write(STDERR_FILENO, text, (size_t)n) < 0) _exit(2);
  _exit(1);
}

/* --- one run --- */

static bool fails(mnz_status status, const char *what, const mnz_error *err, char *message) {
  if (status == MNZ_OK) return false;
  snprintf(message, MESSAGE, "%s: %s: %s", what, err->where, err->message);
  return true;
}

/* Event by event, verified after each; after STEPS of them in one go. */
static bool run_by_events(mnz_replication *r, char *message) {
  mnz_error err = {.status = MNZ_OK};
  int64_t before = 0;
  bool done = false;
  for (int step = 0; step < STEPS && !done; step++) {
    if (fails(mnz_replication_run(r, MNZ_TO_THE_END, 1, &done, &err), "an event", &err, message))
      return false;
    if (fails(mnz_replication_verify(r, &err), "verified after an event", &err, message)) return false;
    if (mnz_replication_now(r) < before) {
      snprintf(message, MESSAGE, "time went back");
      return false;
    }
    before = mnz_replication_now(r);
  }
  if (!done && fails(mnz_replication_run(r, MNZ_TO_THE_END, MOST_EVENTS, &done, &err), "run", &err, message))
    return false;
  if (!done) snprintf(message, MESSAGE, "more than %" PRIu64 " events", MOST_EVENTS);
  return done;
}

static bool run_by_times(mnz_replication *r, int64_t horizon, uint64_t seed, char *message) {
  mnz_error err = {.status = MNZ_OK};
  bool done = false;
  int64_t until = 0;
  for (int piece = 0; piece < PIECES && !done; piece++) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    until += (int64_t)((double)(seed >> 33) * 0x1p-31 * 2 * (double)horizon / PIECES);
    if (fails(mnz_replication_run(r, until, UINT64_MAX, &done, &err), "a piece of time", &err, message))
      return false;
  }
  return done ||
         !fails(mnz_replication_run(r, MNZ_TO_THE_END, UINT64_MAX, &done, &err), "the rest", &err, message);
}

static bool is_same(const mnz_result *a, const mnz_result *b, const char *what, char *message) {
  if (a->n_variables != b->n_variables || a->events != b->events) {
    snprintf(message, MESSAGE, "%s: %" PRIu64 " events, not %" PRIu64, what, b->events, a->events);
    return false;
  }
  for (size_t k = 0; k < a->n_variables; k++) {
    const mnz_variable *v = &a->variables[k];
    if (memcmp(v->data, b->variables[k].data, mnz_result_cells(a, v) * mnz_cell_size(v->cell)) == 0) continue;
    snprintf(message, MESSAGE, "%s: %s differs", what, v->name);
    return false;
  }
  return true;
}

/* Runs a loaded network in all ways; *out is what the first gave. */
static bool run(const mnz_scenario *scenario, uint64_t seed, mnz_result **out, char *message) {
  mnz_error err = {.status = MNZ_OK};
  mnz_replication *r = NULL;
  mnz_result *again = NULL;
  const int64_t horizon = mnz_scenario_end(scenario) - mnz_scenario_start(scenario);
  bool good = !fails(mnz_replication_create(&r, scenario, NULL, 0, &err), "create", &err, message);
  good = good && run_by_events(r, message) &&
         !fails(mnz_replication_finish(r, out, &err), "finish", &err, message) &&
         !fails(mnz_replication_reset(r, 0, &err), "reset", &err, message) &&
         run_by_times(r, horizon, seed, message) &&
         !fails(mnz_replication_finish(r, &again, &err), "finish again", &err, message) &&
         is_same(*out, again, "in pieces, after a reset", message);
  mnz_result_free(again);
  mnz_replication_free(r);
  return good;
}

static verdict load(const network_plan *plan, mnz_scenario **scenario, char *message) {
  mnz_problems *problems = NULL;
  mnz_error err = {.status = MNZ_OK};
  char *text = network_text(plan);
  const mnz_status status = mnz_scenario_load_text(scenario, "network", text, &problems, &err);
  verdict v = PASSED;
  if (status != MNZ_OK) {
    v = status == MNZ_SCENARIO ? REJECTED : FAILED;
    snprintf(message, MESSAGE, "%s", err.message);
    for (size_t i = 0; problems != NULL && i < problems->count; i++) {
      if (problems->at[i].warning) continue;
      snprintf(message, MESSAGE, "%s: %s", problems->at[i].path, problems->at[i].message);
      break;
    }
  }
  mnz_problems_free(problems);
  free(text);
  return v;
}

/* The same with its lists in another order. */
static bool is_same_permuted(const network_plan *plan, const mnz_result *result, char *message) {
  network_plan other = *plan;
  mnz_error err = {.status = MNZ_OK};
  mnz_scenario *scenario = NULL;
  mnz_replication *r = NULL;
  mnz_result *permuted = NULL;
  bool done;
  other.order = plan->seed + 1;
  const bool good =
      load(&other, &scenario, message) == PASSED &&
      !fails(mnz_replication_create(&r, scenario, NULL, 0, &err), "create permuted", &err, message) &&
      !fails(mnz_replication_run(r, MNZ_TO_THE_END, UINT64_MAX, &done, &err), "run permuted", &err,
             message) &&
      !fails(mnz_replication_finish(r, &permuted, &err), "finish permuted", &err, message) &&
      is_same(result, permuted, "with its lists permuted", message);
  mnz_result_free(permuted);
  mnz_replication_free(r);
  mnz_scenario_free(scenario);
  return good;
}

static verdict try_plan(const network_plan *plan, uint64_t *events, char *message) {
  mnz_scenario *scenario = NULL;
  mnz_result *result = NULL;
  verdict v = load(plan, &scenario, message);
  if (v == PASSED &&
      !(run(scenario, plan->seed, &result, message) && is_same_permuted(plan, result, message)))
    v = FAILED;
  *events = result != NULL ? result->events : 0;
  mnz_result_free(result);
  mnz_scenario_free(scenario);
  return v;
}

/* --- a failure --- */

static void print_features(uint64_t features) {
  for (int f = 0; f < FEATURES; f++)
    if (features >> f & 1) printf("  %s\n", network_feature_names[f]);
}

/* Leaves out every feature that the failure does not need. */
static void shrink(network_plan *plan, char *message) {
  for (int f = 0; f < FEATURES; f++) {
    network_plan less = *plan;
    char other[MESSAGE];
    uint64_t events;
    less.features &= ~(UINT64_C(1) << f);
    if (less.features == plan->features || try_plan(&less, &events, other) != FAILED) continue;
    *plan = less;
    memcpy(message, other, MESSAGE);
  }
}

static void show(const network_plan *plan) {
  char *text = network_text(plan);
  printf("features:\n");
  print_features(plan->features);
  printf("%s\n", text);
  free(text);
}

static void tell_failure(network_plan plan, char *message) {
  printf("seed %" PRIu64 ": %s\n", plan.seed, message);
  shrink(&plan, message);
  printf("with the fewest features: %s\n", message);
  show(&plan);
  fflush(stdout);
}

/* --- the program --- */

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int test(const options *o) {
  const double begin = now();
  uint64_t count[3] = {0};
  uint64_t all_events = 0;
  uint64_t done = 0;
  for (; done < o->count && now() - begin < o->seconds; done++) {
    const network_plan plan = {.seed = o->from + done, .features = network_features(o->from + done)};
    char message[MESSAGE] = "";
    uint64_t events;
    seed_under_test = plan.seed;
    const verdict v = try_plan(&plan, &events, message);
    count[v]++;
    all_events += events;
    if (v == FAILED) tell_failure(plan, message);
    if (v == REJECTED && o->verbose) printf("seed %" PRIu64 " is rejected: %s\n", plan.seed, message);
  }
  printf("%" PRIu64 " networks in %.0f s: %" PRIu64 " passed, %" PRIu64 " rejected, %" PRIu64
         " failed; %.0f events each\n",
         done, now() - begin, count[PASSED], count[REJECTED], count[FAILED],
         (double)all_events / (double)(count[PASSED] + 1));
  if ((double)count[REJECTED] > MOST_REJECTED * (double)done) puts("too many are rejected: see --verbose");
  return count[FAILED] == 0 && (double)count[REJECTED] <= MOST_REJECTED * (double)done ? EXIT_SUCCESS
                                                                                       : EXIT_FAILURE;
}

int main(int argc, char **argv) {
  static const struct option known[] = {
      {"count", required_argument, NULL, 'c'},   {"from", required_argument, NULL, 'f'},
      {"seconds", required_argument, NULL, 's'}, {"show", required_argument, NULL, 'w'},
      {"verbose", no_argument, NULL, 'v'},       {0}};
  options o = {.from = 1, .count = 200, .seconds = 1e9};
  int found;
  while ((found = getopt_long(argc, argv, "", known, NULL)) != -1) {
    switch (found) {
    case 'c':
      o.count = strtoull(optarg, NULL, 10);
      break;
    case 'f':
      o.from = strtoull(optarg, NULL, 10);
      break;
    case 's':
      o.seconds = strtod(optarg, NULL);
      break;
    case 'w':
      o.from = strtoull(optarg, NULL, 10);
      o.show = true;
      break;
    case 'v':
      o.verbose = true;
      break;
    default:
      fputs("usage: random_networks [--count N] [--from SEED] [--seconds S] [--show SEED] [--verbose]\n",
            stderr);
      return 64;
    }
  }
  signal(SIGSEGV, on_crash);
  signal(SIGABRT, on_crash);
  if (!o.show) return test(&o);
  const network_plan plan = {.seed = o.from, .features = network_features(o.from)};
  show(&plan);
  return EXIT_SUCCESS;
}
