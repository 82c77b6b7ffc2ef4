/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes wrong, before a run: disruptions that never happen, that could not end, that set each other off
 * without time in between; maintenance as a disruption of its own. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "domain/facilities/kinds.h"
#include "domain/said.h"
#include "domain/season.h"
#include "random/stream.h"
#include "world/check.h"

/* Shorter together, they would fail and be repaired for ever in next to no time. */
#define LEAST_CYCLE 6e7 /* a minute */
#define MOST_TIMES  1e6 /* that something comes at regular times in a run */

typedef struct checked {
  const mnz_scenario *s;
  const mnz_disruption_spec *d;
  mnz_tally *tally;
  char path[MNZ_PATH];
} checked;

/* disruptions["Storm"].ttf */
static const char *at(checked *c, const char *rest) {
  snprintf(c->path, sizeof c->path, "disruptions[\"%s\"]%s%s", c->d->name, rest[0] == '\0' ? "" : ".", rest);
  return c->path;
}

static const mnz_cause *cause_at(const mnz_disruption_spec *d, int32_t i) {
  return (const mnz_cause *)d->causes.at + i;
}

static bool can_be_hit(const mnz_scenario *s, int32_t node) {
  return s->flows[node].fluid || mnz_scenario_node(s, node)->kind->availability != NULL;
}

/* Of a node, and checked there. */
static bool is_maintenance(const mnz_scenario *s, const mnz_disruption_spec *d) {
  return d->hits.count == 1 && d->hits.at[0] >= 0 &&
         d->repeats == mnz_scenario_node(s, d->hits.at[0])->maintenance;
}

static bool is_set_off(const mnz_scenario *s, int32_t disruption) {
  for (int32_t i = 0; i < s->disruptions.count; i++) {
    const mnz_disruption_spec *d = mnz_scenario_disruption(s, i);
    for (int32_t k = 0; k < d->causes.count; k++)
      if (cause_at(d, k)->disruption == disruption) return true;
  }
  return false;
}

/* --- when it happens --- */

static void check_reasons(checked *c, int32_t index) {
  const mnz_disruption_spec *d = c->d;
  const bool ttf = mnz_is_said(&d->ttf);
  const bool ttr = mnz_is_said(&d->ttr);
  const bool set_off = is_set_off(c->s, index);
  const bool can_fail = ttf || set_off || d->starts_down > 0;
  if (ttf && !ttr)
    mnz_tally_error(c->tally, at(c, ""), "found `ttf` alone; expected `ttf` and `ttr` together");
  else if (can_fail && !ttr)
    mnz_tally_error(c->tally, at(c, ""), "found no `ttr`; expected one, how long an outage lasts");
  else if (ttr && !can_fail)
    mnz_tally_error(c->tally, at(c, ""), "found `ttr` alone; expected `ttf` and `ttr` together");
  else if (!can_fail && d->periods.count == 0 && d->repeats == NULL && !mnz_is_said(&d->states))
    mnz_tally_error(c->tally, at(c, ""),
                    "it never happens; expected `ttf` and `ttr`, `periods`, `repeats` or `states`");
  double factor = 1;
  for (int32_t i = 0; i < d->season.count; i++)
    factor = fmax(factor, ((const mnz_season *)d->season.at)[i].factor);
  if (ttf && ttr &&
      (mnz_distribution_mean(&d->ttf) / factor + mnz_distribution_mean(&d->ttr)) / d->units < LEAST_CYCLE) {
    mnz_tally_error(c->tally, at(c, ""),
                    "found `ttf` and `ttr` of less than a minute together; expected longer times");
  }
}

static void check_periods(checked *c) {
  char rest[64];
  for (int32_t k = 0; k < c->d->periods.count; k++) {
    const mnz_period *p = (const mnz_period *)c->d->periods.at + k;
    if (p->from >= c->s->horizon || (p->until != MNZ_NO_DATE && p->until <= 0)) {
      snprintf(rest, sizeof rest, "periods[%d]", k);
      mnz_tally_warning(c->tally, at(c, rest), "it lies outside the run: it will not happen");
    }
    if (p->until == MNZ_NO_DATE || p->until > p->from) continue;
    snprintf(rest, sizeof rest, "periods[%d].until", k);
    mnz_tally_error(c->tally, at(c, rest), "found a date that is not after `from`; expected a later one");
  }
}

static void check_repeats(mnz_tally *tally, const mnz_scenario *s, const mnz_repeats *r, const char *path) {
  char full[MNZ_PATH + 16];
  snprintf(full, sizeof full, "%s.lasts", path);
  if (r->lasts >= r->every)
    mnz_tally_error(tally, full, "found a time that is not below `every`; expected a shorter one");
  snprintf(full, sizeof full, "%s.every", path);
  if ((double)s->horizon / (double)r->every > MOST_TIMES)
    mnz_tally_error(tally, full, "found more than a million times in the run; expected a longer time");
}

static void check_states(checked *c) {
  const mnz_disruption_spec *d = c->d;
  if (mnz_is_said(&d->states) != (d->every >= 0))
    mnz_tally_error(c->tally, at(c, ""), "found %s alone; expected `states` and `every` together",
                    d->every >= 0 ? "`every`" : "`states`");
  else if (d->every >= 0 && (double)c->s->horizon / (double)d->every > MOST_TIMES)
    mnz_tally_error(c->tally, at(c, "every"),
                    "found more than a million times in the run; expected a longer time");
}

static void check_season(checked *c) {
  char rest[64];
  for (int32_t i = 0; i < c->d->season.count; i++) {
    const mnz_season *s = (const mnz_season *)c->d->season.at + i;
    int32_t month;
    int32_t day;
    const char *const days[] = {s->from, s->until};
    for (size_t k = 0; k < 2; k++) {
      if (mnz_season_day(days[k], &month, &day)) continue;
      snprintf(rest, sizeof rest, "season[%d].%s", i, k == 0 ? "from" : "until");
      mnz_tally_error(c->tally, at(c, rest), "found \"%.40s\"; expected month and day such as \"12-01\"",
                      days[k]);
    }
  }
  if (c->d->season.count > 0 && !mnz_is_said(&c->d->ttf))
    mnz_tally_error(c->tally, at(c, "season"), "found no `ttf`; expected one, which passes in season only");
}

/* --- what it does --- */

static void check_hits(checked *c) {
  const mnz_targets *hits = &c->d->hits;
  bool nodes = false;
  bool links = false;
  for (int32_t k = 0; k < hits->count; k++) {
    for (int32_t before = 0; before < k; before++) {
      if (hits->at[before] == hits->at[k])
        mnz_tally_error(c->tally, at(c, "hits"), "found one thing twice; expected each once");
    }
    links |= hits->at[k] < 0;
    if (hits->at[k] < 0) continue;
    nodes = true;
    const mnz_node_spec *node = mnz_scenario_node(c->s, hits->at[k]);
    if (c->d->stops != MNZ_STOPS_WORK || can_be_hit(c->s, hits->at[k]) || mnz_is_said(&c->d->destroys) ||
        (c->d->repeats != NULL && c->d->repeats == node->maintenance))
      continue;
    mnz_tally_error(c->tally, at(c, "hits"),
                    "\"%s\" is a %s, which has no capacity to lose; expected another node or a link",
                    node->name, node->kind->name);
  }
  if (hits->count == 0 && c->d->causes.count == 0)
    mnz_tally_error(c->tally, at(c, "hits"),
                    "it hits nothing and sets nothing off; expected a node or a link");
  if (mnz_is_said(&c->d->destroys) && !nodes)
    mnz_tally_error(c->tally, at(c, "destroys"), "it hits no node; expected one whose stock is destroyed");
  if (mnz_is_said(&c->d->stretches) && !links)
    mnz_tally_error(c->tally, at(c, "stretches"), "it hits no link; expected one whose lead time is longer");
}

static void check_units(checked *c) {
  const mnz_disruption_spec *d = c->d;
  if (d->clock == MNZ_CLOCK_OPERATING && (d->hits.count != 1 || d->hits.at[0] < 0)) {
    mnz_tally_error(c->tally, at(c, "clock"),
                    "found the operating clock with more than one target or a link; expected one node");
  }
  if (d->needs > d->units)
    mnz_tally_error(c->tally, at(c, "needs"), "found more than there are units; expected at most %d",
                    (int)d->units);
  if (d->standby == MNZ_STANDBY_COLD && d->needs < 0)
    mnz_tally_error(c->tally, at(c, "standby"), "found no `needs`; expected how many of the units work");
  if (d->needs >= 0 && d->ramp > 0)
    mnz_tally_error(c->tally, at(c, "ramp"), "found a ramp with `needs`; expected one or the other");
}

/* --- what sets what off --- */

/* Could it go round in next to no time? Without any delay, or with less than a minute a unit on average. */
static bool is_short(const mnz_scenario *s, const mnz_cause *cause) {
  const mnz_disruption_spec *other = mnz_scenario_disruption(s, cause->disruption);
  const double lasts = mnz_is_said(&other->ttr) ? mnz_distribution_mean(&other->ttr) : 0;
  const double delay = mnz_distribution_mean(&cause->delay);
  return delay <= 0 || delay + lasts < LEAST_CYCLE * other->units;
}

/* Walks along short causes; *mark: 1 on the way, 2 done. True if it comes back to itself. */
static bool comes_back(const mnz_scenario *s, int32_t i, uint8_t *mark) {
  mark[i] = 1;
  const mnz_disruption_spec *d = mnz_scenario_disruption(s, i);
  for (int32_t k = 0; k < d->causes.count; k++) {
    const mnz_cause *cause = cause_at(d, k);
    if (!is_short(s, cause)) continue;
    if (mark[cause->disruption] == 1) return true;
    if (mark[cause->disruption] == 0 && comes_back(s, cause->disruption, mark)) return true;
  }
  mark[i] = 2;
  return false;
}

static mnz_status check_causes(const mnz_scenario *s, mnz_tally *tally, mnz_error *err) {
  uint8_t *mark = mnz_arena_alloc(s->arena, (size_t)s->disruptions.count + 1, sizeof *mark, err);
  if (mark == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < s->disruptions.count; i++) {
    checked c = {.s = s, .d = mnz_scenario_disruption(s, i), .tally = tally};
    if (mark[i] != 0 || !comes_back(s, i, mark)) continue;
    mnz_tally_error(tally, at(&c, "causes"),
                    "they come back to it without any time in between; expected a `delay` on the way round");
    return MNZ_OK;
  }
  return MNZ_OK;
}

mnz_status mnz_check_disruptions(const mnz_scenario *s, mnz_tally *tally, mnz_error *err) {
  char path[MNZ_PATH];
  for (int32_t i = 0; i < s->disruptions.count; i++) {
    checked c = {.s = s, .d = mnz_scenario_disruption(s, i), .tally = tally};
    check_reasons(&c, i);
    check_periods(&c);
    if (c.d->repeats != NULL && !is_maintenance(s, c.d))
      check_repeats(tally, s, c.d->repeats, at(&c, "repeats"));
    check_states(&c);
    check_season(&c);
    check_hits(&c);
    check_units(&c);
  }
  for (int32_t i = 0; i < s->nodes.count; i++) {
    const mnz_node_spec *node = mnz_scenario_node(s, i);
    if (can_be_hit(s, i)) continue;
    if (node->calendar >= 0)
      mnz_tally_error(tally, mnz_node_path(s, i, "calendar", path),
                      "a %s has no working hours; expected a calendar of another node", node->kind->name);
    if (node->maintenance != NULL)
      mnz_tally_error(tally, mnz_node_path(s, i, "maintenance", path),
                      "a %s has no capacity to lose; expected it at another node", node->kind->name);
  }
  return check_causes(s, tally, err);
}

/* --- maintenance --- */

static mnz_status add_maintenance(mnz_scenario *s, int32_t node, mnz_disruption_spec *out, mnz_error *err) {
  const mnz_node_spec *spec = mnz_scenario_node(s, node);
  int32_t *hits = mnz_arena_alloc(s->arena, 1, sizeof *hits, err);
  const char *name = mnz_arena_format(s->arena, err, "%s: maintenance", spec->name);
  if (hits == NULL || name == NULL) return MNZ_NO_MEMORY;
  *hits = node;
  const mnz_distribution none = mnz_distribution_constant(NAN);
  *out = (mnz_disruption_spec){.name = name,
                               .hits = {hits, 1},
                               .units = 1,
                               .needs = -1,
                               .crew = -1,
                               .priority = 1,
                               .loss = mnz_distribution_constant(1),
                               .destroys = none,
                               .stretches = none,
                               .ttf = none,
                               .ttr = none,
                               .from = MNZ_NO_DATE,
                               .until = MNZ_NO_DATE,
                               .repeats = spec->maintenance,
                               .every = -1,
                               .states = none,
                               .hash = mnz_stream_hash(name)};
  return MNZ_OK;
}

mnz_status mnz_scenario_maintenance(mnz_scenario *s, mnz_tally *tally, mnz_error *err) {
  int32_t more = 0;
  char path[MNZ_PATH];
  for (int32_t i = 0; i < s->nodes.count; i++) {
    const mnz_node_spec *node = mnz_scenario_node(s, i);
    if (node->maintenance == NULL) continue;
    more++;
    mnz_node_path(s, i, "maintenance", path);
    check_repeats(tally, s, node->maintenance, path);
  }
  if (more == 0) return MNZ_OK;
  const int32_t count = s->disruptions.count;
  mnz_disruption_spec *all = mnz_arena_alloc(s->arena, (size_t)(count + more), sizeof *all, err);
  if (all == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < count; i++) all[i] = *mnz_scenario_disruption(s, i);
  s->disruptions = (mnz_list){all, count};
  for (int32_t i = 0; i < s->nodes.count; i++) {
    if (mnz_scenario_node(s, i)->maintenance == NULL) continue;
    const mnz_status status = add_maintenance(s, i, &all[s->disruptions.count], err);
    if (status != MNZ_OK) return status;
    for (int32_t k = 0; k < count; k++) {
      if (strcmp(all[k].name, all[s->disruptions.count].name) != 0) continue;
      mnz_tally_error(tally, mnz_node_path(s, i, "maintenance", path),
                      "there is a disruption \"%s\" already; expected another name there", all[k].name);
    }
    s->disruptions.count++;
  }
  return MNZ_OK;
}
