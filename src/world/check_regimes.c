/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "domain/said.h"
#include "world/check.h"

enum { MOST_STEPS = 1000, MOST_STATES = 64 };

typedef struct checked {
  const mnz_scenario *s;
  const mnz_regime_spec *regime;
  mnz_tally *tally;
} checked;

/* regimes["China to Japan"].on.from */
static const char *path_of(const checked *c, const char *key, char *out) {
  snprintf(out, MNZ_PATH, "regimes[\"%s\"]%s%s", c->regime->name, key[0] == '\0' ? "" : ".", key);
  return out;
}

/* ... .steps[0].state */
static const char *step_path(const checked *c, int32_t i, const char *key, char *out) {
  snprintf(out, MNZ_PATH, "regimes[\"%s\"].steps[%d].%s", c->regime->name, (int)i, key);
  return out;
}

/* ... .states["closed"].stay */
static const char *state_path(const checked *c, int32_t i, const char *key, char *out) {
  snprintf(out, MNZ_PATH, "regimes[\"%s\"].states[\"%s\"].%s", c->regime->name,
           mnz_regime_state_at(c->regime, i)->name, key);
  return out;
}

/* --- states --- */

/* `expected` says what else there may be. */
static void no_such_state(const checked *c, const char *path, const char *text) {
  const char *words[MNZ_RULES + MOST_STATES];
  size_t n = 0;
  for (; n < MNZ_RULES; n++) words[n] = mnz_rule_names[n];
  for (int32_t i = 0; i < c->regime->states.count && i < MOST_STATES; i++)
    words[n++] = mnz_regime_state_at(c->regime, i)->name;
  const char *nearest = mnz_text_nearest(text, words, n);
  if (nearest != NULL)
    mnz_tally_error(c->tally, path, "there is no state \"%.64s\"; did you mean \"%s\"?", text, nearest);
  else
    mnz_tally_error(
        c->tally, path,
        "there is no state \"%.64s\"; expected open, licence, quota, tariff, embargo, or the name "
        "of one of `states`",
        text);
}

static int32_t check_state(const checked *c, const char *path, const char *text) {
  const int32_t found = text == NULL ? MNZ_NO_RULE : mnz_regime_find(c->regime, text);
  if (found == MNZ_NO_RULE && text != NULL) no_such_state(c, path, text);
  return found;
}

/* What a rule needs to be said. `path` is that of the step or the state. */
static void check_terms(const checked *c, const char *path, mnz_rule rule, const mnz_regime_terms *terms) {
  char key[MNZ_PATH];
  if (rule == MNZ_RULE_QUOTA && terms->quota.mass < 0) {
    snprintf(key, sizeof key, "%.300s.quota", path);
    mnz_tally_error(c->tally, key, "missing; expected a mass such as \"1 kt\" or \"1 kt Nd+Pr\"");
  }
  if (rule == MNZ_RULE_TARIFF && isnan(terms->tariff)) {
    snprintf(key, sizeof key, "%.300s.tariff", path);
    mnz_tally_error(c->tally, key, "missing; expected a share such as \"25 %%\"");
  }
}

/* --- steps --- */

static void check_step(const checked *c, int32_t i) {
  const mnz_regime_step *step = mnz_regime_step_at(c->regime, i);
  char path[MNZ_PATH];
  const int32_t found = check_state(c, step_path(c, i, "state", path), step->state);
  const int32_t other = check_state(c, step_path(c, i, "revised_to", path), step->revised_to);
  if (step->revised_to != NULL && !(step->revised > 0))
    mnz_tally_error(c->tally, path, "found no `revised`; expected its probability");
  if (step->announced != MNZ_NO_DATE && step->announced > step->effective) {
    mnz_tally_error(c->tally, step_path(c, i, "announced", path),
                    "found a date after `effective`; expected an earlier one");
  }
  if (step->effective >= c->s->horizon) {
    mnz_tally_warning(c->tally, step_path(c, i, "effective", path),
                      "it lies behind the end of the run: it will not take effect");
  }
  snprintf(path, sizeof path, "regimes[\"%s\"].steps[%d]", c->regime->name, (int)i);
  /* A state of the chain has its own terms. */
  if (found != MNZ_NO_RULE && found < 0)
    check_terms(c, path, mnz_regime_rule(c->regime, found), &step->terms);
  if (other != MNZ_NO_RULE && other < 0 && found != other)
    check_terms(c, path, mnz_regime_rule(c->regime, other), &step->terms);
}

/* --- the chain --- */

static void check_stay(const checked *c, int32_t i) {
  const mnz_regime_state *state = mnz_regime_state_at(c->regime, i);
  const bool said = mnz_is_said(&state->stay);
  char path[MNZ_PATH];
  state_path(c, i, "stay", path);
  if (said && c->regime->every > 0)
    mnz_tally_error(c->tally, path, "found it beside `every` of the regime; expected one of them");
  /* Less than a minute would change the state for ever within one instant. */
  if (said && !(mnz_distribution_mean(&state->stay) >= 6e7))
    mnz_tally_error(c->tally, path, "found a mean of less than a minute; expected a longer time");
  if (!said && c->regime->every <= 0 && state->to.count > 0)
    mnz_tally_error(c->tally, path, "missing; expected how long it lasts, or `every` of the regime");
}

static void check_next(const checked *c, int32_t i) {
  const mnz_regime_state *state = mnz_regime_state_at(c->regime, i);
  const mnz_regime_to *to = state->to.at;
  char path[MNZ_PATH];
  double sum = 0;
  state_path(c, i, "to", path);
  for (int32_t k = 0; k < state->to.count; k++) {
    const int32_t found = to[k].state == NULL ? 0 : mnz_regime_find(c->regime, to[k].state);
    if (found == MNZ_NO_RULE)
      no_such_state(c, path, to[k].state);
    else if (found < 0)
      mnz_tally_error(c->tally, path, "found \"%.64s\"; expected the name of one of `states`", to[k].state);
    sum += to[k].probability;
  }
  const bool periods = c->regime->every > 0;
  if (state->to.count == 1 && isnan(sum) && !periods) return;
  if (isnan(sum))
    mnz_tally_error(c->tally, path, "found a state without a probability; expected one for each");
  else if (sum > 1 + 1e-9 || (!periods && state->to.count > 0 && sum < 1 - 1e-9))
    mnz_tally_error(c->tally, path, "found probabilities that add up to %.6g %%; expected %s100 %%",
                    sum * 100, periods ? "at most " : "");
  const bool moves = mnz_is_said(&state->stay);
  if (moves && state->to.count == 0 && c->regime->states.count != 2)
    mnz_tally_error(c->tally, path, "missing; expected what comes after the stay");
}

static void check_chain_state(const checked *c, int32_t i) {
  const mnz_regime_state *state = mnz_regime_state_at(c->regime, i);
  const char *text = state->state != NULL ? state->state : state->name;
  char path[MNZ_PATH];
  const int32_t rule = mnz_rule_find(text);
  if (rule < 0) {
    mnz_tally_error(c->tally, state_path(c, i, "state", path),
                    state->state == NULL
                        ? "missing; expected open, licence, quota, tariff or embargo"
                        : "found \"%.64s\"; expected open, licence, quota, tariff or embargo",
                    text);
    return;
  }
  snprintf(path, sizeof path, "regimes[\"%s\"].states[\"%s\"]", c->regime->name, state->name);
  check_terms(c, path, (mnz_rule)rule, &state->terms);
  check_stay(c, i);
  check_next(c, i);
}

/* --- what it rules --- */

static bool is_a_country(const mnz_scenario *s, const char *name) {
  for (int32_t i = 0; i < s->nodes.count; i++) {
    const char *country = mnz_scenario_node(s, i)->country;
    if (country != NULL && strcmp(country, name) == 0) return true;
  }
  return false;
}

static void check_country(const checked *c, const char *key, const char *country) {
  char path[MNZ_PATH];
  if (country == NULL || is_a_country(c->s, country)) return;
  mnz_tally_error(c->tally, path_of(c, key, path),
                  "no node is in the country \"%.64s\"; expected the country of a node", country);
}

static void check_on(const checked *c) {
  const mnz_scenario *s = c->s;
  const mnz_regime_on *on = c->regime->on;
  char path[MNZ_PATH];
  check_country(c, "on.from", on->from);
  check_country(c, "on.country", on->country);
  for (int32_t seller = 0; seller < s->nodes.count; seller++)
    for (int32_t buyer = 0; buyer < s->nodes.count; buyer++)
      for (int32_t m = 0; m < s->catalog.n_materials; m++)
        if (seller != buyer && (s->flows[seller].makes & s->flows[buyer].takes) >> m & 1 &&
            mnz_regime_matches(s, c->regime, seller, buyer, m))
          return;
  mnz_tally_warning(c->tally, path_of(c, "on", path),
                    "no flow between two countries meets all of it: it rules nothing");
}

static bool asks_for_more_than_a_valve(const mnz_regime_spec *g) {
  bool more = false;
  for (int32_t i = 0; i < g->steps.count + g->states.count; i++) {
    const char *text = i < g->steps.count ? mnz_regime_step_at(g, i)->state
                                          : mnz_regime_state_at(g, i - g->steps.count)->name;
    const int32_t found = text == NULL ? MNZ_NO_RULE : mnz_regime_find(g, text);
    if (found == MNZ_NO_RULE) continue;
    const mnz_rule rule = mnz_regime_rule(g, found);
    more |= rule == MNZ_RULE_LICENCE || rule == MNZ_RULE_QUOTA;
  }
  return more;
}

/* What flows between two tanks is no lot that a licence or a quota could count. */
static void check_pipes(const checked *c) {
  const mnz_scenario *s = c->s;
  char path[MNZ_PATH];
  if (!asks_for_more_than_a_valve(c->regime)) return;
  for (int32_t i = 0; i < s->links.count; i++) {
    const mnz_link_spec *link = mnz_scenario_link(s, i);
    if (!s->flows[link->from].fluid || !s->flows[link->to].fluid) continue;
    for (int32_t m = 0; m < s->catalog.n_materials; m++) {
      if (!(s->link_pushes[i] >> m & 1) || !mnz_regime_matches(s, c->regime, link->from, link->to, m))
        continue;
      mnz_tally_error(c->tally, path_of(c, "on", path),
                      "%s flows from \"%s\" to \"%s\", where licences and quotas count nothing; expected an "
                      "embargo, or lots",
                      s->material_names[m], s->node_names[link->from], s->node_names[link->to]);
      return;
    }
  }
}

static void check_regime(const checked *c) {
  const mnz_regime_spec *g = c->regime;
  char path[MNZ_PATH];
  if (g->steps.count > MOST_STEPS || g->states.count > MOST_STATES) {
    mnz_tally_error(c->tally, path_of(c, "", path),
                    "found %d steps and %d states; expected at most %d and %d", (int)g->steps.count,
                    (int)g->states.count, (int)MOST_STEPS, (int)MOST_STATES);
    return;
  }
  if (g->steps.count == 0 && g->states.count == 0)
    mnz_tally_error(c->tally, path_of(c, "", path), "it never holds; expected `steps` or `states`");
  for (int32_t i = 0; i < g->steps.count; i++) check_step(c, i);
  for (int32_t i = 0; i < g->states.count; i++) check_chain_state(c, i);
  const int32_t initial = check_state(c, path_of(c, "initial", path), g->initial);
  const bool needs_terms = initial != MNZ_NO_RULE && initial < 0 && initial != -1 - (int32_t)MNZ_RULE_OPEN &&
                           initial != -1 - (int32_t)MNZ_RULE_EMBARGO;
  if (needs_terms) {
    mnz_tally_error(c->tally, path,
                    "found \"%s\" without its terms; expected a step with a date before the start, or one of "
                    "`states`",
                    g->initial);
  }
  if (g->on == NULL) return;
  check_on(c);
  check_pipes(c);
}

void mnz_check_regimes(const mnz_scenario *s, mnz_tally *tally) {
  for (int32_t i = 0; i < s->regimes.count; i++) {
    const checked c = {s, mnz_scenario_regime(s, i), tally};
    check_regime(&c);
  }
}
