/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "network_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "monazite/calendar.h"

#define START INT64_C(20454) /* 2026-01-01, in days since 1970 */

const char *const network_feature_names[FEATURES] = {
#define FEATURE_NAME(id, text) text,
    FEATURE_LIST(FEATURE_NAME)
#undef FEATURE_NAME
};

/* --- draws --- */

/* splitmix64 (Steele, Lea and Flood 2014). */
static uint64_t next(uint64_t *state) {
  uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static double unit(uint64_t *state) {
  return (double)(next(state) >> 11) * 0x1p-53;
}

uint64_t network_features(uint64_t seed) {
  uint64_t state = seed * UINT64_C(0xd1342543de82ef95) + 1;
  const double p = 0.1 + 0.6 * unit(&state);
  uint64_t features = 0;
  for (int f = 0; f < FEATURES; f++) features |= (uint64_t)(unit(&state) < p) << f;
  return features;
}

bool has(const network *n, network_feature feature) {
  return n->plan->features >> feature & 1;
}

void begin(network *n, uint64_t part) {
  uint64_t state = n->plan->seed;
  n->state = next(&state) ^ (part * UINT64_C(0xd1342543de82ef95));
}

double between(network *n, double low, double high) {
  return low + (high - low) * unit(&n->state);
}

int pick(network *n, int count) {
  return (int)(unit(&n->state) * count);
}

bool chance(network *n, double p) {
  return unit(&n->state) < p;
}

/* --- quantities --- */

static char *slot(void) {
  static char ring[16][160];
  static int at;
  at = (at + 1) % 16;
  return ring[at];
}

/* Whole kilograms and minutes, so that doubling is exact. */
static double whole(double value, double grain, int power) {
  return ldexp(fmax(1, round(value / grain)) * grain, power);
}

const char *mass(const network *n, double tonnes) {
  char *out = slot();
  snprintf(out, 160, "\"%.15g kg\"", whole(tonnes * 1000, 1, n->plan->mass_power));
  return out;
}

/* Where all is calm a divisor of 86,400 kg/d, so that a milligram takes whole microseconds. */
static double calm_rate(double kilograms) {
  double best = 86400;
  for (double d = 1; d < 86400; d++)
    if (fabs(d - kilograms) < fabs(best - kilograms) && fmod(86400, d) < 0.5) best = d;
  return best;
}

const char *rate(const network *n, double tonnes_a_day) {
  char *out = slot();
  const double kilograms = fmax(1, round(tonnes_a_day * 1000));
  snprintf(
      out, 160, "\"%.15g kg/d\"",
      ldexp(n->plan->calm ? calm_rate(kilograms) : kilograms, n->plan->mass_power - n->plan->time_power));
  return out;
}

const char *days(const network *n, double count) {
  char *out = slot();
  snprintf(out, 160, "\"%.15g min\"", whole(count * 1440, 1, n->plan->time_power));
  return out;
}

const char *date(const network *n, double day) {
  char *out = slot();
  char text[32];
  const int64_t us = (int64_t)ldexp(round(day * 24) * 3600e6, n->plan->time_power);
  snprintf(out, 160, "\"%s\"", mnz_moment_format(START * MNZ_US_PER_DAY + us, text));
  return out;
}

const char *drawn_days(network *n, double mean) {
  const int form = pick(n, has(n, F_CYCLES) ? 8 : 7);
  if (n->plan->calm) return days(n, mean);
  char *out = slot();
  switch (form) {
  case 0:
    return days(n, mean);
  case 1:
    snprintf(out, 160, "\"exponential(%.6g d)\"", mean);
    break;
  case 2:
    snprintf(out, 160, "\"uniform(%.6g d, %.6g d)\"", mean / 2, mean * 1.5);
    break;
  case 3:
    snprintf(out, 160, "\"triangular(%.6g d, %.6g d, %.6g d)\"", mean / 2, mean, mean * 1.5);
    break;
  case 4:
    snprintf(out, 160, "\"lognormal(mean %.6g d, cv 0.6)\"", mean);
    break;
  case 5:
    snprintf(out, 160, "\"gamma(shape 2, scale %.6g d)\"", mean / 2);
    break;
  case 6:
    snprintf(out, 160, "\"discrete(%.6g d: 1, %.6g d: 1)\"", mean / 2, mean * 1.5);
    break;
  default:
    snprintf(out, 160, "\"cycle(%.6g d, %.6g d, %.6g d)\"", mean / 2, mean, mean * 1.5);
    break;
  }
  return out;
}

/* --- items --- */

mnz_buffer *open_item(network *n, network_section section) {
  mnz_buffer *item = &n->item[section][n->count[section]++];
  if (n->count[section] == ITEMS) abort();
  mnz_buffer_add(item, "  { ");
  return item;
}

void close_item(mnz_buffer *item) {
  mnz_buffer_add(item, " }");
}

void add_link(network *n, const char *from, const char *to, const char *carries, double lead_time) {
  mnz_buffer *b = open_item(n, S_LINKS);
  mnz_buffer_print(b, "from = \"%s\"; to = \"%s\";", from, to);
  if (carries != NULL) mnz_buffer_print(b, " carries = %s;", carries);
  if (lead_time > 0) mnz_buffer_print(b, " lead_time = %s;", drawn_days(n, lead_time));
  if (has(n, F_LOSS) && chance(n, 0.5)) mnz_buffer_print(b, " loss = \"%.3g %%\";", between(n, 0.1, 5));
  if (has(n, F_SHIP) && lead_time > 0 && chance(n, 0.5)) {
    mnz_buffer_print(b, " dispatch = { every = %s; first = %s;", days(n, between(n, 1, 9)),
                     date(n, pick(n, 5)));
    if (chance(n, 0.5)) mnz_buffer_print(b, " capacity = %s;", mass(n, between(n, 20, 300)));
    if (chance(n, 0.3)) mnz_buffer_print(b, " minimum = %s;", mass(n, between(n, 1, 15)));
    if (has(n, F_SKIPS) && !n->plan->calm)
      mnz_buffer_print(b, " skips = \"20 %%\"; waits_at_most = \"12 d\"; vessels = %d;", 1 + pick(n, 3));
    mnz_buffer_add(b, " };");
  }
  static const char *const modes[] = {"continue", "wait", "return", "lost", "queue"};
  if (has(n, F_RETURNS)) mnz_buffer_print(b, " when_closed = \"%s\";", modes[pick(n, 5)]);
  if (has(n, F_COSTS) && chance(n, 0.5))
    mnz_buffer_add(b, " costs = { unit = \"20 USD/t\"; departure = \"100 USD\"; };");
  close_item(b);
}

void add_costs(network *n, mnz_buffer *node) {
  if (!has(n, F_COSTS) || chance(n, 0.3)) return;
  mnz_buffer_print(
      node,
      " costs = { order = \"%d USD\"; production = \"%d USD/t\"; holding = \"%d USD/t/month\"; process = \"2 "
      "USD/t/month\"; pipeline = \"3 USD/t/month\"; shortage = \"%d USD/t/d\"; lost = \"1 USD/kg\"; };",
      pick(n, 1000), pick(n, 500), pick(n, 300), pick(n, 50));
}

/* --- the whole --- */

static const char *const section_names[SECTIONS] = {"materials", "calendars", "crews",       "prices",
                                                    "nodes",     "links",     "disruptions", "regimes",
                                                    "contracts", "demand"};

/* Fisher and Yates. */
static void shuffle(mnz_buffer *item, int count, uint64_t *state) {
  for (int left = count; left > 1; left--) {
    const int i = (int)(next(state) % (uint64_t)left);
    const mnz_buffer last = item[left - 1];
    item[left - 1] = item[i];
    item[i] = last;
  }
}

static void write_top(network *n) {
  begin(n, 1);
  mnz_buffer_print(&n->top,
                   "title = \"network %" PRIu64
                   "\"; start = \"2026-01-01\"; end = %s; sample = %s; seed = \"%" PRIu64
                   "\";\nelements = (\"La\", \"Nd\", \"Pr\", \"Dy\"); origins = (\"home\", \"abroad\");\n",
                   n->plan->seed, date(n, HORIZON), days(n, 5), n->plan->seed);
  if (has(n, F_WARM_UP)) mnz_buffer_print(&n->top, "warm_up = %s;\n", date(n, pick(n, 60) + 1));
  if (has(n, F_FOCUS)) mnz_buffer_add(&n->top, "focus = \"Japan\";\n");
}

static void write_lists(network *n, mnz_buffer *out) {
  uint64_t order = n->plan->order;
  mnz_buffer_add(out, n->top.at);
  for (int s = 0; s < SECTIONS; s++) {
    if (n->count[s] == 0) continue;
    if (n->plan->order != 0) shuffle(n->item[s], n->count[s], &order);
    mnz_buffer_print(out, "%s = (\n", section_names[s]);
    for (int i = 0; i < n->count[s]; i++)
      mnz_buffer_print(out, "%s%s\n", n->item[s][i].at, i + 1 < n->count[s] ? "," : "");
    mnz_buffer_add(out, ");\n");
  }
}

char *network_text(const network_plan *plan) {
  network *n = calloc(1, sizeof *n);
  if (n == NULL) return NULL;
  n->plan = plan;
  write_top(n);
  add_trade(n);
  if (has(n, F_CHAIN)) add_chain(n);
  if (has(n, F_MAKER)) add_maker(n);
  if (has(n, F_STOCKPILE)) add_stockpile(n);
  if (has(n, F_QUEUE)) add_queue(n);
  if (has(n, F_FLUID)) add_fluid(n);
  add_rules(n);
  if (has(n, F_CONTRACTS) && !plan->calm) add_contracts(n);
  if (has(n, F_RECYCLING) && !plan->calm) add_recycling(n);
  add_outages(n);
  add_breakdowns(n);
  if (plan->stranger) add_stranger(n);
  mnz_buffer out = {0};
  write_lists(n, &out);
  for (int s = 0; s < SECTIONS; s++)
    for (int i = 0; i < ITEMS; i++) mnz_buffer_free(&n->item[s][i]);
  mnz_buffer_free(&n->top);
  free(n);
  return out.at;
}
