/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold between two runs, whatever the numbers are:
 *
 *   stranger  a chain that is not connected changes nothing of the rest
 *   mass      all masses times 2^k scale all masses that come out, to within a milligram a split
 *   time      all times times 2^k scale a run without chance exactly
 *
 * on random networks. That lists may be permuted and a run cut at a hundred times is in random_networks.c.
 *
 *   metamorphic [--count N] [--from SEED] */
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "monazite/replication.h"
#include "monazite/rows.h"
#include "network_text.h"

#define BIT(feature) (UINT64_C(1) << F_##feature)

/* Chance cannot be scaled; money and calendars have scales of their own. */
#define UNSCALED                                                                                             \
  (BIT(COSTS) | BIT(PRICES) | BIT(MARKOV) | BIT(SEASON) | BIT(COMPOUND) | BIT(OUTAGES) | BIT(DELIVERS) |     \
   BIT(NOISE) | BIT(RAMPS) | BIT(CAP) | BIT(CYCLES) | BIT(CALENDARS))
/* Where flows cross a limit, and how long a rate takes, is rounded to a microsecond: twice as long is known
 * twice as well. As a share of the horizon and more. */
#define MICROSECOND 1e-13
#define MILLIGRAM   1e-9 /* in tonnes, an event */
/* The share of networks in which a milligram or a microsecond may come to matter: what is due at the very
 * instant at which a threshold is looked at falls on its other side. Three in two thousand are known. */
#define FLIPPED 0.01
/* Usage is remembered for 90 days, and orders are added up over 28. */
#define UNTIMED (UNSCALED | BIT(STOCKPILE) | BIT(THRIFT) | BIT(END_OF_LIFE))
static const char *const of_their_own_time[] = {"usage_end", "days_of_cover_end", "users_cover", "bullwhip"};

typedef struct run {
  mnz_scenario *scenario;
  mnz_replication *r;
  mnz_result *result;
} run;

static void close_run(run *of) {
  mnz_result_free(of->result);
  mnz_replication_free(of->r);
  mnz_scenario_free(of->scenario);
}

static bool open_run(run *of, const network_plan *plan) {
  mnz_problems *problems = NULL;
  mnz_error err = {.status = MNZ_OK};
  bool done;
  *of = (run){0};
  char *text = network_text(plan);
  mnz_status status = mnz_scenario_load_text(&of->scenario, "network", text, &problems, &err);
  if (status == MNZ_SCENARIO && problems != NULL && problems->count > 0)
    printf("%s: %s\n", problems->at[0].path, problems->at[0].message);
  if (status == MNZ_OK) status = mnz_replication_create(&of->r, of->scenario, NULL, 0, &err);
  if (status == MNZ_OK) status = mnz_replication_run(of->r, MNZ_TO_THE_END, UINT64_MAX, &done, &err);
  if (status == MNZ_OK) status = mnz_replication_finish(of->r, &of->result, &err);
  if (status != MNZ_OK) printf("%s: %s\n", err.where, err.message);
  mnz_problems_free(problems);
  free(text);
  return status == MNZ_OK;
}

/* --- comparing --- */

/* The cell of `more` with the labels that cell i of `few` has. */
static size_t same_place(const mnz_result *few, const mnz_result *more, mnz_axis_id axis, size_t i) {
  if (axis == MNZ_AXIS_TIME) return i;
  for (size_t k = 0; k < more->length[axis] && axis != MNZ_AXIS_ACCOUNT; k++)
    if (strcmp(few->labels[axis][i], more->labels[axis][k]) == 0) return k;
  for (size_t k = 0; k < more->length[axis] && axis == MNZ_AXIS_ACCOUNT; k++)
    if (same_place(few, more, MNZ_AXIS_NODE, (size_t)few->account_node[i]) == (size_t)more->account_node[k] &&
        few->account_material[i] == more->account_material[k] &&
        few->account_element[i] == more->account_element[k])
      return k;
  return SIZE_MAX;
}

static size_t same_cell(const mnz_result *few, const mnz_result *more, const mnz_variable *v, size_t cell) {
  size_t stride = mnz_result_cells(few, v);
  size_t found = 0;
  for (int32_t i = 0; i < v->n_axes; i++) {
    stride /= few->length[v->axes[i]];
    const size_t place = same_place(few, more, v->axes[i], cell / stride);
    MNZ_REQUIRE(place != SIZE_MAX);
    found = found * more->length[v->axes[i]] + place;
    cell %= stride;
  }
  return found;
}

static double by_mass(const char *unit, int power) {
  return unit[0] == 't' ? ldexp(1, power) : 1;
}

static double by_time(const char *unit, int power) {
  if (strcmp(unit, "d") == 0 || strcmp(unit, "t d") == 0) return ldexp(1, power);
  return strstr(unit, "d-1") != NULL ? ldexp(1, -power) : 1;
}

/* Is b's value of every cell `factor` times a's, within the tolerance, or that share of it? Of masses only
 * whole sums are compared: a milligram more in a lot is some microseconds more on a line, and what then comes
 * just after a look at the stock, and not just before, moves averages and counts. */
static bool agree(const mnz_result *a, const mnz_result *b, double (*factor)(const char *unit, int power),
                  int power, double tolerance, const char *what) {
  for (size_t k = 0; k < a->n_variables; k++) {
    const mnz_variable *v = &a->variables[k];
    const mnz_variable *u = mnz_result_find(b, v->name);
    const double times = factor != NULL ? factor(v->unit, power) : 1;
    bool skip =
        factor == by_mass && (v->series || strcmp(v->unit, "t") != 0 || strstr(v->name, "_mean") != NULL);
    for (size_t i = 0; factor == by_time && i < 4; i++) skip |= strcmp(v->name, of_their_own_time[i]) == 0;
    for (size_t i = 0; i < mnz_result_cells(a, v) && !skip; i++) {
      const double x = times * mnz_cell_value(v->cell, v->data, i);
      const double y = mnz_cell_value(u->cell, u->data, same_cell(a, b, v, i));
      if ((isnan(x) && isnan(y)) || fabs(x - y) <= tolerance * fmax(1, fabs(x))) continue;
      const size_t outer = i / (mnz_result_cells(a, v) / (v->n_axes > 0 ? a->length[v->axes[0]] : 1));
      const bool named = v->n_axes > 0 && v->axes[0] != MNZ_AXIS_ACCOUNT;
      printf("%s: %s, %s, cell %zu: %.17g, not %.17g\n", what, v->name,
             named ? a->labels[v->axes[0]][outer] : "", i, y, x);
      return false;
    }
  }
  return true;
}

/* --- the relations --- */

static bool compare(const network_plan *plan, const network_plan *other, double (*factor)(const char *, int),
                    int power, double an_event, double at_all, const char *what) {
  run a;
  run b = {0};
  bool good = open_run(&a, plan) && open_run(&b, other);
  good = good && agree(a.result, b.result, factor, power, an_event * (double)a.result->events + at_all, what);
  close_run(&a);
  close_run(&b);
  return good;
}

static bool is_left_alone(uint64_t seed) {
  const network_plan plan = {.seed = seed, .features = network_features(seed) | BIT(FOCUS)};
  network_plan other = plan;
  other.stranger = true;
  return compare(&plan, &other, NULL, 0, 0, 0, "with a stranger");
}

static bool scales_with_mass(uint64_t seed) {
  const network_plan plan = {.seed = seed, .features = network_features(seed) & ~UNSCALED, .calm = true};
  network_plan other = plan;
  other.mass_power = 1 + (int)(seed % 4);
  return compare(&plan, &other, by_mass, other.mass_power, ldexp(MILLIGRAM, other.mass_power), 0,
                 "with masses scaled");
}

static bool scales_with_time(uint64_t seed) {
  const network_plan plan = {.seed = seed, .features = network_features(seed) & ~UNTIMED, .calm = true};
  network_plan other = plan;
  other.time_power = 1 + (int)(seed % 3);
  const bool flows = plan.features & BIT(FLUID);
  return compare(&plan, &other, by_time, other.time_power, MICROSECOND, flows ? 2 * MILLIGRAM : 0,
                 "with times scaled");
}

int main(int argc, char **argv) {
  static const struct option known[] = {
      {"count", required_argument, NULL, 'c'}, {"from", required_argument, NULL, 'f'}, {0}};
  uint64_t from = 1;
  uint64_t count = 100;
  uint64_t failed[3] = {0};
  int found;
  while ((found = getopt_long(argc, argv, "", known, NULL)) != -1) {
    if (found == 'c') count = strtoull(optarg, NULL, 10);
    if (found == 'f') from = strtoull(optarg, NULL, 10);
    if (found == '?') return 64;
  }
  for (uint64_t seed = from; seed < from + count; seed++) {
    const bool held[3] = {is_left_alone(seed), scales_with_mass(seed), scales_with_time(seed)};
    for (int i = 0; i < 3; i++) {
      failed[i] += !held[i];
      if (!held[i]) printf("  seed %" PRIu64 "\n", seed);
    }
  }
  printf("%" PRIu64 " networks; failed: stranger %" PRIu64 ", mass %" PRIu64 ", time %" PRIu64 "\n", count,
         failed[0], failed[1], failed[2]);
  return failed[0] == 0 && (double)(failed[1] + failed[2]) <= FLIPPED * (double)count ? EXIT_SUCCESS
                                                                                      : EXIT_FAILURE;
}
