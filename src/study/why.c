/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A walk back through a log, from event to event of one lot, to the parent that came last where it has
 * several. */
#include "monazite/why.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "monazite/calendar.h"
#include "study/rules.h"
#include "world/scenario.h"

const char *const mnz_leg_words[MNZ_LEGS] = {
#define LEG_WORD(id, word, text) word,
    MNZ_LEG_LIST(LEG_WORD)
#undef LEG_WORD
};
const char *const mnz_leg_meanings[MNZ_LEGS] = {
#define LEG_TEXT(id, word, text) text,
    MNZ_LEG_LIST(LEG_TEXT)
#undef LEG_TEXT
};

/* --- deliveries --- */

static int64_t microseconds(double days) {
  return llround(days * (double)MNZ_US_PER_DAY);
}

static bool is_demand(const mnz_scenario *s, int32_t node) {
  return s->flows[node].asks_of >= 0;
}

mnz_status mnz_why_deliveries(const mnz_scenario *s, const mnz_model_event *log, size_t count, int32_t node,
                              mnz_delivery **out, size_t *n, mnz_error *err) {
  size_t room = 0;
  int64_t most = 0;
  const mnz_model_event **shipped = NULL; /* [lot] */
  *out = NULL;
  *n = 0;
  for (size_t i = 0; i < count; i++)
    if (log[i].lot > most) most = log[i].lot;
  mnz_status status = mnz_new_array(&shipped, (size_t)most + 1, err);
  for (size_t i = 0; i < count && status == MNZ_OK; i++) {
    const mnz_model_event *e = &log[i];
    if (e->what == MNZ_EVENT_SHIPPED) shipped[e->lot] = e;
    if (e->what != MNZ_EVENT_ARRIVED || shipped[e->lot] == NULL) continue;
    const mnz_model_event *sent = shipped[e->lot];
    shipped[e->lot] = NULL;
    if (e->node != sent->other) continue; /* it was sent back */
    if (node >= 0 ? e->node != node : !is_demand(s, e->node)) continue;
    if ((status = mnz_reserve_array(out, &room, *n + 1, err)) != MNZ_OK) break;
    (*out)[(*n)++] = (mnz_delivery){.lot = e->lot,
                                    .node = e->node,
                                    .seller = e->other,
                                    .material = e->material,
                                    .mass_mg = e->mass_mg,
                                    .ordered_us = sent->time_us - microseconds(sent->detail),
                                    .shipped_us = sent->time_us,
                                    .arrived_us = e->time_us};
  }
  free(shipped);
  if (status != MNZ_OK) {
    free(*out);
    *out = NULL;
    *n = 0;
  }
  return status;
}

/* --- the walk --- */

/* Something that keeps what is at a node. */
typedef struct reason {
  mnz_leg_kind kind;
  int64_t from_us;
  int64_t until_us;
  int32_t cause;
} reason;

/* What is known of a regime, as the log goes on. */
typedef struct rule_state {
  mnz_rule rule;
  int64_t since;     /* that it holds */
  int64_t applied;   /* the first application without an answer; -1: none */
  int64_t refused;   /* and not applied for again; -1 */
  int64_t exhausted; /* -1: not */
} rule_state;

typedef struct walk {
  const mnz_scenario *scenario;
  const mnz_model_event *log;
  size_t *before; /* [event]: the event of the same lot before it, plus 1; 0: none */
  size_t *last;   /* [lot]: its last event up to the delivery, plus 1 */
  size_t *turns;  /* events that may keep something somewhere, in order */
  size_t n_turns;
  rule_state *rules; /* [regime] */
  reason *reasons;   /* of one stand */
  size_t n_reasons;
  size_t reasons_room;
  int64_t ordered;
  mnz_leg *legs; /* the last first */
  size_t n;
  size_t room;
  mnz_status status;
  mnz_error *err;
} walk;

static bool is_of_lot(const mnz_model_event *e) {
  return e->lot > 0 && e->what != MNZ_EVENT_LOST;
}

static void add_leg(walk *w, mnz_leg leg) {
  if (leg.from_us < w->ordered) leg.from_us = w->ordered;
  if (w->status != MNZ_OK || leg.until_us <= leg.from_us) return;
  mnz_leg *same = w->n > 0 ? &w->legs[w->n - 1] : NULL;
  if (same != NULL && same->kind == leg.kind && same->node == leg.node && same->other == leg.other &&
      same->material == leg.material && same->cause == leg.cause) {
    same->from_us = leg.from_us; /* one wait, told in pieces */
    return;
  }
  w->status = mnz_reserve_array(&w->legs, &w->room, w->n + 1, w->err);
  if (w->status == MNZ_OK) w->legs[w->n++] = leg;
}

/* The last time up to `i` at which a lot came to where it is: arrived, was made or was born; as an event. */
static size_t came(const walk *w, size_t i) {
  while (w->before[i] != 0 && w->log[i].what != MNZ_EVENT_ARRIVED && w->log[i].what != MNZ_EVENT_MADE &&
         w->log[i].what != MNZ_EVENT_BORN)
    i = w->before[i] - 1;
  return i;
}

/* The last event of a lot before event `i`, plus 1; 0: none. */
static size_t event_before(const walk *w, int64_t lot, size_t i) {
  size_t at = w->last[lot];
  while (at != 0 && at - 1 >= i) at = w->before[at - 1];
  return at;
}

/* Of a merger or of what was made of several, the part that came last: its last event, plus 1. */
static size_t last_part(const walk *w, size_t i) {
  const mnz_model_event *e = &w->log[i];
  size_t best = 0;
  if (e->what == MNZ_EVENT_MERGED) best = w->before[i];
  for (size_t k = i;; k--) {
    const mnz_model_event *part = &w->log[k];
    if (part->what != e->what || part->lot != e->lot || part->time_us != e->time_us) break;
    const size_t at = event_before(w, part->parent, k);
    if (at != 0 && (best == 0 || came(w, at - 1) > came(w, best - 1))) best = at;
    if (e->what == MNZ_EVENT_MERGED || k == 0) break;
  }
  return best;
}

/* --- why it stood --- */

static void add_reason(walk *w, mnz_leg_kind kind, int64_t from, int64_t until, int32_t cause) {
  if (w->status != MNZ_OK || from < 0 || until <= from) return;
  w->status = mnz_reserve_array(&w->reasons, &w->reasons_room, w->n_reasons + 1, w->err);
  if (w->status == MNZ_OK) w->reasons[w->n_reasons++] = (reason){kind, from, until, cause};
}

/* An embargo that is over, and an application that lapses with its state. */
static void end_rule(walk *w, const rule_state *g, int64_t now, int32_t cause) {
  if (g->rule == MNZ_RULE_EMBARGO) add_reason(w, MNZ_LEG_EMBARGO, g->since, now, cause);
  if (g->rule == MNZ_RULE_LICENCE) add_reason(w, MNZ_LEG_LICENCE, g->applied, now, cause);
  if (g->rule == MNZ_RULE_LICENCE) add_reason(w, MNZ_LEG_REFUSED, g->refused, now, cause);
  if (g->rule == MNZ_RULE_QUOTA) add_reason(w, MNZ_LEG_QUOTA, g->exhausted, now, cause);
}

/* Is the event of what waits, or of all? */
static bool concerns(const mnz_model_event *e, const mnz_leg *stand) {
  return (e->node < 0 || e->node == stand->other) && (e->material < 0 || e->material == stand->material);
}

static void take_rule(walk *w, const mnz_model_event *e, const mnz_leg *stand) {
  const int32_t regime = e->disruption - w->scenario->disruptions.count;
  const mnz_regime_spec *spec = mnz_scenario_regime(w->scenario, regime);
  if (!mnz_regime_matches(w->scenario, spec, stand->node, stand->other, stand->material)) return;
  rule_state *g = &w->rules[regime];
  if (e->what == MNZ_EVENT_RULED) {
    const mnz_rule rule = e->detail >= 0 && e->detail < MNZ_RULES ? (mnz_rule)e->detail : MNZ_RULE_OPEN;
    end_rule(w, g, e->time_us, e->disruption);
    *g = (rule_state){.rule = rule, .since = e->time_us, .applied = -1, .refused = -1, .exhausted = -1};
  } else if (!concerns(e, stand)) {
    return;
  } else if (e->what == MNZ_EVENT_APPLIED) {
    add_reason(w, MNZ_LEG_REFUSED, g->refused, e->time_us, e->disruption);
    g->refused = -1;
    if (g->applied < 0) g->applied = e->time_us;
  } else if (e->what == MNZ_EVENT_APPROVED || e->what == MNZ_EVENT_REFUSED) {
    add_reason(w, MNZ_LEG_LICENCE, e->time_us - microseconds(e->detail), e->time_us, e->disruption);
    g->applied = -1;
    if (e->what == MNZ_EVENT_REFUSED) g->refused = e->time_us;
  } else if (e->what == MNZ_EVENT_EXHAUSTED && e->time_us < stand->until_us) {
    g->exhausted = e->time_us;
  }
}

/* Quotas are renewed at the first of a month. */
static bool is_first_of_month(const mnz_scenario *s, int64_t us) {
  const int64_t moment = mnz_scenario_start(s) + us;
  return mnz_moment_month_start(moment) == moment;
}

static bool stops(const walk *w, const mnz_model_event *e) {
  return e->detail <= 0 || mnz_scenario_disruption(w->scenario, e->disruption)->stops != 0;
}

/* What of its own keeps a node from work, and what keeps the stand from leaving it, until its end. */
static void find_reasons(walk *w, const mnz_leg *stand) {
  int64_t closed = -1, down = -1, busy = -1, outage = -1;
  int32_t closer = -1, cause = -1;
  const int32_t n_disruptions = w->scenario->disruptions.count;
  w->n_reasons = 0;
  for (int32_t g = 0; g < w->scenario->regimes.count; g++) {
    const mnz_regime_spec *spec = mnz_scenario_regime(w->scenario, g);
    const bool rules = stand->other >= 0 &&
                       mnz_regime_matches(w->scenario, spec, stand->node, stand->other, stand->material);
    w->rules[g] = (rule_state){.rule = rules ? mnz_rule_at_start(spec) : MNZ_RULE_OPEN,
                               .applied = -1,
                               .refused = -1,
                               .exhausted = -1};
  }
  for (size_t k = 0; k < w->n_turns; k++) {
    const mnz_model_event *e = &w->log[w->turns[k]];
    const bool here = e->node == stand->node;
    /* What happens in the instant that it leaves is what lets it go, but the next outage. */
    if (e->time_us > stand->until_us) break;
    if (e->disruption >= n_disruptions) {
      if (stand->other >= 0) take_rule(w, e, stand);
    } else if (e->link >= 0) {
      if (!here || e->other != stand->other) continue;
      if (e->what == MNZ_EVENT_CLOSED) closed = e->time_us, closer = e->disruption;
      if (e->what == MNZ_EVENT_OPENED) add_reason(w, MNZ_LEG_CLOSED, closed, e->time_us, closer), closed = -1;
    } else if (!here) {
      continue;
    } else if (e->what == MNZ_EVENT_DISRUPTED && stops(w, e)) {
      if (outage < 0) outage = e->time_us;
      cause = e->disruption;
    } else if (e->what == MNZ_EVENT_RELIEVED && e->disruption == cause) {
      add_reason(w, MNZ_LEG_DOWN, outage, e->time_us, cause);
      outage = -1;
    } else if (e->what >= MNZ_EVENT_IDLE) {
      /* An outage is known by its disruption; what else stops a node is a calendar or a plan. */
      add_reason(w, MNZ_LEG_DOWN, down, e->time_us, outage >= 0 ? cause : -1);
      add_reason(w, MNZ_LEG_BUSY, busy, e->time_us, -1);
      down = e->what == MNZ_EVENT_DOWN ? e->time_us : -1;
      busy = e->what == MNZ_EVENT_UP ? e->time_us : -1;
    }
  }
  add_reason(w, MNZ_LEG_CLOSED, closed, stand->until_us, closer);
  add_reason(w, MNZ_LEG_DOWN, outage, stand->until_us, cause);
  add_reason(w, MNZ_LEG_DOWN, down, stand->until_us, -1);
  add_reason(w, MNZ_LEG_BUSY, busy, stand->until_us, -1);
  for (int32_t g = 0; g < w->scenario->regimes.count; g++) {
    rule_state *rule = &w->rules[g];
    if (!is_first_of_month(w->scenario, stand->until_us)) rule->exhausted = -1;
    rule->applied = rule->refused = -1; /* it went for all that */
    end_rule(w, rule, stand->until_us, n_disruptions + g);
  }
}

/* Papers explain a wait that ends with them, or with what explains the rest of it; the others all that they
 * last. */
static bool is_paper(mnz_leg_kind kind) {
  return kind == MNZ_LEG_LICENCE || kind == MNZ_LEG_REFUSED || kind == MNZ_LEG_QUOTA;
}

static bool may_keep(const mnz_leg *stand, mnz_leg_kind kind) {
  if (stand->kind == MNZ_LEG_DOCK) return kind == MNZ_LEG_CLOSED;
  if (kind == MNZ_LEG_BUSY) return stand->other < 0 && stand->kind == MNZ_LEG_STOCK;
  return stand->other >= 0 || kind == MNZ_LEG_DOWN;
}

/* What explains the stand just before `t`: of several, what is first in the list of kinds, known causes
 * before unknown ones; NULL: nothing. *since is how far back nothing better or nothing at all is to be had.
 */
static const reason *reason_at(const walk *w, const mnz_leg *stand, int64_t t, int64_t *since) {
  const reason *best = NULL;
  *since = stand->from_us;
  for (const reason *r = w->reasons; r < w->reasons + w->n_reasons; r++) {
    if (!may_keep(stand, r->kind) || r->from_us >= t || r->until_us < t) continue;
    if (is_paper(r->kind) && r->until_us != t) continue;
    if (best == NULL || r->kind < best->kind || (r->kind == best->kind && r->cause > best->cause)) best = r;
  }
  if (best != NULL && best->from_us > *since) *since = best->from_us;
  for (const reason *r = w->reasons; r < w->reasons + w->n_reasons; r++) {
    const bool better = best == NULL || r->kind < best->kind;
    if (better && may_keep(stand, r->kind) && !is_paper(r->kind) && r->until_us < t && r->until_us > *since)
      *since = r->until_us;
  }
  return best;
}

/* A stand of a part at a node, in pieces: what is explained, and the rest as it is. `asked`: when the other
 * ordered it; before that nothing else counts. -1: nobody did, or had to. */
static void add_stand(walk *w, mnz_leg stand, int64_t asked) {
  if (stand.from_us < w->ordered) stand.from_us = w->ordered;
  mnz_leg early = stand;
  early.kind = MNZ_LEG_ORDER;
  early.until_us = asked < stand.until_us ? asked : stand.until_us;
  const bool is_early = asked > stand.from_us && stand.kind != MNZ_LEG_PROCESS;
  if (is_early) stand.from_us = early.until_us;
  if (stand.until_us > stand.from_us) find_reasons(w, &stand);
  for (int64_t t = stand.until_us; t > stand.from_us && w->status == MNZ_OK;) {
    mnz_leg piece = stand;
    const reason *r = reason_at(w, &stand, t, &piece.from_us);
    piece.until_us = t;
    if (r != NULL) piece.kind = r->kind, piece.cause = r->cause;
    t = piece.from_us;
    add_leg(w, piece);
  }
  if (is_early) add_leg(w, early);
}

/* Where the part is to go next, and when that was ordered. */
typedef struct aim {
  int32_t to; /* -1: nowhere, it is used here */
  int64_t asked;
} aim;

/* The leg that ends with an event, which the part came to from event `was`. */
static void add_step(walk *w, const mnz_model_event *was, const mnz_model_event *e, aim *next) {
  mnz_leg leg = {.kind = MNZ_LEG_STOCK,
                 .from_us = was->time_us,
                 .until_us = e->time_us,
                 .node = e->node,
                 .other = next->to,
                 .material = was->material,
                 .cause = -1,
                 .lot = was->lot};
  if (e->what == MNZ_EVENT_ARRIVED) {
    leg.kind = MNZ_LEG_TRAVEL;
    leg.node = e->other;
    leg.other = e->node;
    add_leg(w, leg);
    *next = (aim){e->node, -1};
    return;
  }
  if (e->what == MNZ_EVENT_DEPARTED || e->what == MNZ_EVENT_SHIPPED) {
    next->to = leg.other = e->other;
    if (was->what == MNZ_EVENT_SHIPPED) leg.kind = MNZ_LEG_DOCK;
  }
  if (e->what == MNZ_EVENT_SHIPPED) next->asked = e->time_us - microseconds(e->detail);
  /* Made of it, or taken to work: it goes nowhere else. */
  if (e->what == MNZ_EVENT_MADE || e->what == MNZ_EVENT_IN_PROCESS) *next = (aim){-1, -1};
  if (was->what == MNZ_EVENT_IN_PROCESS) leg.kind = MNZ_LEG_PROCESS;
  if (leg.kind == MNZ_LEG_PROCESS) leg.other = -1;
  if (e->what == MNZ_EVENT_MADE) leg.other = -1;
  add_stand(w, leg, leg.kind == MNZ_LEG_DOCK ? -1 : next->asked);
}

/* From event `i` back to the order. */
static void go_back(walk *w, size_t i) {
  aim next = {-1, -1};
  while (w->status == MNZ_OK && w->log[i].time_us > w->ordered) {
    const mnz_model_event *e = &w->log[i];
    const bool mixes = e->what == MNZ_EVENT_MERGED || e->what == MNZ_EVENT_MADE;
    const size_t came_from = mixes                        ? last_part(w, i)
                             : e->what == MNZ_EVENT_SPLIT ? event_before(w, e->parent, i)
                                                          : w->before[i];
    if (came_from == 0 || e->what == MNZ_EVENT_BORN) {
      add_stand(w,
                (mnz_leg){.kind = MNZ_LEG_BEFORE,
                          .from_us = w->ordered,
                          .until_us = e->time_us,
                          .node = e->node,
                          .other = next.to,
                          .material = e->material,
                          .cause = -1,
                          .lot = e->lot},
                next.asked);
      return;
    }
    add_step(w, &w->log[came_from - 1], e, &next);
    i = came_from - 1;
  }
}

/* --- the whole --- */

static bool may_keep_something(const mnz_model_event *e) {
  return (e->what >= MNZ_EVENT_DISRUPTED && e->what <= MNZ_EVENT_EXHAUSTED) || e->what >= MNZ_EVENT_IDLE;
}

/* Chains the events of each lot, up to the delivery's arrival, which is event `end`. */
static mnz_status chain(walk *w, size_t end, mnz_error *err) {
  int64_t most = 0;
  for (size_t i = 0; i <= end; i++) {
    if (w->log[i].lot > most) most = w->log[i].lot;
    if (w->log[i].parent > most) most = w->log[i].parent;
  }
  mnz_status status = mnz_new_array(&w->before, end + 1, err);
  if (status == MNZ_OK) status = mnz_new_array(&w->last, (size_t)most + 1, err);
  if (status == MNZ_OK) status = mnz_new_array(&w->rules, (size_t)w->scenario->regimes.count, err);
  size_t room = 0;
  for (size_t i = 0; i <= end && status == MNZ_OK; i++) {
    if (may_keep_something(&w->log[i])) {
      status = mnz_reserve_array(&w->turns, &room, w->n_turns + 1, err);
      if (status == MNZ_OK) w->turns[w->n_turns++] = i;
    }
    if (!is_of_lot(&w->log[i])) continue;
    w->before[i] = w->last[w->log[i].lot];
    w->last[w->log[i].lot] = i + 1;
  }
  return status;
}

static bool tells_of_lots(const mnz_model_event *log, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (log[i].what == MNZ_EVENT_BORN) return true;
  return false;
}

static void reverse(mnz_leg *legs, size_t n) {
  for (size_t i = 0; i < n / 2; i++) {
    const mnz_leg leg = legs[i];
    legs[i] = legs[n - 1 - i];
    legs[n - 1 - i] = leg;
  }
}

mnz_status mnz_why_delivery(const mnz_scenario *s, const mnz_model_event *log, size_t count, int64_t lot,
                            mnz_delivery *delivery, mnz_leg **legs, size_t *n, mnz_error *err) {
  size_t shipped = count;
  size_t end = count;
  *legs = NULL;
  *n = 0;
  if (!tells_of_lots(log, count))
    return mnz_fail(err, MNZ_USAGE, NULL, "the results do not say what became of lots");
  for (size_t i = 0; i < count; i++) {
    if (log[i].lot != lot) continue;
    if (log[i].what == MNZ_EVENT_SHIPPED) shipped = i;
    if (log[i].what == MNZ_EVENT_ARRIVED && shipped < i && log[i].node == log[shipped].other) end = i;
  }
  if (end == count)
    return mnz_fail(err, MNZ_USAGE, NULL, "lot %" PRId64 " was not ordered and delivered", lot);
  *delivery = (mnz_delivery){.lot = lot,
                             .node = log[end].node,
                             .seller = log[end].other,
                             .material = log[end].material,
                             .mass_mg = log[end].mass_mg,
                             .ordered_us = log[shipped].time_us - microseconds(log[shipped].detail),
                             .shipped_us = log[shipped].time_us,
                             .arrived_us = log[end].time_us};
  walk w = {.scenario = s, .log = log, .ordered = delivery->ordered_us, .err = err};
  w.status = chain(&w, end, err);
  if (w.status == MNZ_OK) go_back(&w, end);
  free(w.before);
  free(w.last);
  free(w.turns);
  free(w.rules);
  free(w.reasons);
  if (w.status != MNZ_OK) {
    free(w.legs);
    return w.status;
  }
  reverse(w.legs, w.n);
  *legs = w.legs;
  *n = w.n;
  return MNZ_OK;
}
