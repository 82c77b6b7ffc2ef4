/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A serial system of three stages, disrupted in four ways (scenarios/modes): order quantity, inbound and
 * outbound shipment, inventory level and cost of every stage in every of 100 periods, as the traces of
 * stockpyl have them. 6000 values, each to 1e-9; a unit is a million tonnes.
 *
 * Order of events in a period there: demand, orders up the chain, shipments down it, costs. Here:
 * disruptions, arrivals, demand, decisions. The values are the same but for the costs of what waits at a
 * closed door (RP), which are split between sender and receiver as the traces do: at the receiver, by the
 * sender's rate. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "monazite/calendar.h"
#include "monazite/event_log.h"
#include "monazite/replication.h"
#include "monazite/scenario.h"

#define FOLDER MNZ_SOURCE_DIR "/tests/theory/scenarios/modes/"

enum { PERIODS = 100, STAGES = 3 };
enum { OQ, IS, OS, IL, TC, SERIES };
#define T_PER_UNIT  1e6
#define MG_PER_UNIT 1e15
#define PENALTY     37.12
static const double holding[STAGES + 1] = {0, 7, 4, 2};

typedef double table[PERIODS][STAGES + 1][SERIES];

static void read_truth(const char *mode, table truth) {
  char path[512];
  char line[2048];
  snprintf(path, sizeof path, FOLDER "%s.csv", mode);
  FILE *file = fopen(path, "r");
  cr_assert_not_null(file, "%s", path);
  cr_assert_not_null(fgets(line, sizeof line, file));
  for (int t = 0; t < PERIODS; t++)
    for (int stage = 1; stage <= STAGES; stage++)
      for (int k = 0; k < SERIES; k++) cr_assert_eq(fscanf(file, "%lf%*c", &truth[t][stage][k]), 1);
  fclose(file);
}

/* The stage of a node, by its name; 0: none. */
static int stage_of(const mnz_scenario *scenario, int32_t node) {
  const char *name = mnz_scenario_node_name(scenario, node);
  return name != NULL && strncmp(name, "Stage ", 6) == 0 ? name[6] - '0' : 0;
}

/* Row t is what happened after day t and until day t + 1, counted from the start; orders that are placed anew
 * count once. */
static void add_events(const mnz_scenario *scenario, const mnz_result *result, table found) {
  for (size_t i = 0; i < result->n_log; i++) {
    const mnz_model_event *e = &result->log[i];
    const int64_t t = (e->time_us + MNZ_US_PER_DAY - 1) / MNZ_US_PER_DAY - 1;
    const int stage = stage_of(scenario, e->node);
    if (t < 0 || t >= PERIODS || stage == 0) continue;
    const double units = (double)e->mass_mg / MG_PER_UNIT;
    if (e->what == MNZ_EVENT_ORDERED) found[t][stage][OQ] += units;
    if (e->what == MNZ_EVENT_TAKEN_BACK) found[t][stage][OQ] -= units;
    if (e->what == MNZ_EVENT_ARRIVED) found[t][stage][IS] += units;
    if (e->what == MNZ_EVENT_SHIPPED) found[t][stage][OS] += units;
  }
}

static double sampled(const mnz_scenario *scenario, const mnz_result *result, const char *series, int stage,
                      int t) {
  const mnz_variable *v = mnz_result_find(result, series);
  const size_t times = result->length[MNZ_AXIS_TIME];
  for (size_t a = 0; a < result->length[MNZ_AXIS_ACCOUNT]; a++)
    if (stage_of(scenario, result->account_node[a]) == stage)
      return ((const double *)v->data)[a * times + (size_t)t] / T_PER_UNIT;
  return NAN;
}

static void add_levels(const mnz_scenario *scenario, const mnz_result *result, bool door, table found) {
  double at_door = 0;
  for (int t = 0; t < PERIODS; t++) {
    double stock[STAGES + 1];
    double backlog[STAGES + 1];
    double transit[STAGES + 1];
    for (int stage = 1; stage <= STAGES; stage++) {
      stock[stage] = sampled(scenario, result, "stock", stage, t);
      backlog[stage] = sampled(scenario, result, "backlog", stage, t);
      transit[stage] = sampled(scenario, result, "in_transit", stage, t);
      found[t][stage][IL] = stock[stage] - backlog[stage];
    }
    if (door) at_door += (t > 0 ? found[t - 1][3][OS] : 0) - found[t][2][IS];
    found[t][1][TC] = holding[1] * stock[1] + PENALTY * backlog[1];
    found[t][2][TC] = holding[2] * (stock[2] + transit[1]) + holding[3] * at_door;
    found[t][3][TC] = holding[3] * (stock[3] + transit[2] - at_door);
  }
}

static void run(const char *mode, table found) {
  char path[512];
  mnz_scenario *scenario = NULL;
  mnz_problems *problems = NULL;
  mnz_replication *r = NULL;
  mnz_result *result = NULL;
  mnz_error err = {.status = MNZ_OK};
  bool done = false;
  const mnz_watch watch = {.what = MNZ_WATCH_ALL, .events = true};
  snprintf(path, sizeof path, FOLDER "%s.cfg", mode);
  cr_assert_eq(mnz_scenario_load(&scenario, path, NULL, 0, &problems, &err), MNZ_OK, "%s", err.message);
  cr_assert_eq(mnz_replication_create(&r, scenario, &watch, 0, &err), MNZ_OK, "%s", err.message);
  cr_assert_eq(mnz_replication_run(r, MNZ_TO_THE_END, UINT64_MAX, &done, &err), MNZ_OK, "%s", err.message);
  cr_assert_eq(mnz_replication_finish(r, &result, &err), MNZ_OK, "%s", err.message);
  memset(found, 0, sizeof(table));
  add_events(scenario, result, found);
  add_levels(scenario, result, strcmp(mode, "RP") == 0, found);
  mnz_result_free(result);
  mnz_replication_free(r);
  mnz_problems_free(problems);
  mnz_scenario_free(scenario);
}

static void compare(const char *mode, double total) {
  static const char *const names[SERIES] = {"OQ", "IS", "OS", "IL", "TC"};
  static table truth;
  static table found;
  double sum = 0;
  double most = 0;
  int32_t off = 0;
  read_truth(mode, truth);
  run(mode, found);
  for (int t = 0; t < PERIODS; t++) {
    for (int stage = 1; stage <= STAGES; stage++) {
      sum += found[t][stage][TC];
      for (int k = 0; k < SERIES; k++) {
        const double by = fabs(found[t][stage][k] - truth[t][stage][k]);
        most = fmax(most, by);
        if (by <= 1e-9) continue;
        if (off++ < 10)
          fprintf(stderr, "%s, period %d: %s of stage %d is %.12g, not %.12g\n", mode, t, names[k], stage,
                  found[t][stage][k], truth[t][stage][k]);
      }
    }
  }
  printf("%s: 1500 values, the largest deviation is %.2g\n", mode, most);
  cr_assert_eq(off, 0, "%d of 1500 values are off", off);
  cr_assert(fabs(sum - total) < 1e-6, "%.9f", sum);
}

Test(modes, OP_stage_2_may_not_order) {
  compare("OP", 22138.671712);
}
Test(modes, SP_stage_3_may_not_ship) {
  compare("SP", 16781.596610);
}
Test(modes, TP_the_way_stands_still) {
  compare("TP", 16781.596610);
}
Test(modes, RP_stage_2_receives_nothing) {
  compare("RP", 16946.407708);
}
