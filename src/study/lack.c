/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Up the chain from what is owed to what keeps it. A cause counts if it covered a tenth of the wait at least:
 * an hour's stop within a month explains nothing. */
#include "monazite/lack.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "monazite/calendar.h"
#include "study/books.h"
#include "study/rules.h"
#include "world/scenario.h"

const char *const mnz_lack_words[MNZ_LACKS] = {
#define LACK_WORD(id, word, text) word,
    MNZ_LACK_LIST(LACK_WORD)
#undef LACK_WORD
};
const char *const mnz_lack_meanings[MNZ_LACKS] = {
#define LACK_TEXT(id, word, text) text,
    MNZ_LACK_LIST(LACK_TEXT)
#undef LACK_TEXT
};

enum { MOST_BRANCHES = 3, MOST_ENTRIES = 60 };

typedef struct tree {
  const mnz_scenario *scenario;
  const mnz_model_event *log;
  size_t count;
  int64_t now;
  mnz_books books;
  mnz_chronicle chronicle;
  mnz_lack *at;
  size_t n;
  size_t room;
  mnz_status status;
  mnz_error *err;
} tree;

/* --- what is known of a place --- */

static int64_t stock_of(const tree *t, int32_t node, int32_t material) {
  if (t->books.stock == NULL) return -1;
  return t->books.stock[(size_t)node * t->books.n_materials + (size_t)material];
}

/* Days that the stock lasts; INFINITY where it is not known. */
static double cover_of(const tree *t, int32_t node, int32_t material) {
  const int64_t stock = stock_of(t, node, material);
  const double usage = t->scenario->usage[(size_t)node * t->books.n_materials + (size_t)material];
  if (stock < 0) return INFINITY;
  return usage > 0 ? (double)stock / usage / (double)MNZ_US_PER_DAY : stock > 0 ? INFINITY : 0;
}

static int64_t coming_to(const tree *t, int32_t node, int32_t material) {
  int64_t sum = 0;
  for (size_t i = 0; i < t->books.n_flows; i++) {
    const mnz_flow_book *f = &t->books.flows[i];
    if (f->buyer == node && f->material == material) sum += f->coming_mg;
  }
  return sum;
}

static bool is_state(const tree *t, int32_t node, mnz_model_event_kind state) {
  return t->books.state[node] == (int32_t)state;
}

/* --- causes --- */

/* How long a cause had lasted by then; what is not over outranks all that is. */
static double weight(int64_t from, int64_t until, int64_t now) {
  const int64_t end = until < now ? until : now;
  return (double)(end - from) + (until > now ? 1e18 : 0);
}

/* Takes it if it lasted for enough of the wait, and outranks what is known by now. */
static void consider(const tree *t, mnz_lack *e, mnz_lack_cause cause, int64_t from, int64_t until,
                     int32_t disruption) {
  const int64_t end = until < t->now ? until : t->now;
  const int64_t begin = from > e->since_us ? from : e->since_us;
  const bool now = from <= t->now && until > t->now;
  const int64_t wait = t->now - e->since_us;
  if (end < begin || (wait == 0 && !now) || (wait > 0 && (end - begin) < wait / 10)) return;
  if (e->disruption >= 0 &&
      weight(from, until, t->now) <= weight(e->cause_from_us, e->cause_until_us, t->now))
    return;
  e->cause = cause;
  e->disruption = disruption;
  e->cause_from_us = from;
  e->cause_until_us = until > t->now ? MNZ_STILL : until;
}

static void consider_outages(const tree *t, mnz_lack *e) {
  for (size_t i = 0; i < t->chronicle.count; i++) {
    const mnz_episode *p = &t->chronicle.at[i];
    if (p->kind == MNZ_EPISODE_OUTAGE && p->node == e->node) {
      consider(t, e, MNZ_LACK_OUTAGE, p->from_us, p->until_us, p->disruption);
    } else if (p->kind == MNZ_EPISODE_CLOSED && p->link >= 0) {
      const mnz_link_spec *link = mnz_scenario_link(t->scenario, p->link);
      if (link->from == e->node && link->to == e->to)
        consider(t, e, MNZ_LACK_CLOSED, p->from_us, p->until_us, p->disruption);
    }
  }
}

/* Applications of the buyer that had no answer yet; those that had one while it waited. A quota that was used
 * up while it waited counts from when there is one. */
static void consider_papers(const tree *t, mnz_lack *e, int32_t regime, int64_t from, int64_t until) {
  int64_t applied = -1;
  bool used_up = false;
  for (size_t i = 0; i < t->count && t->log[i].time_us <= t->now; i++) {
    const mnz_model_event *p = &t->log[i];
    if (p->what < MNZ_EVENT_APPLIED || p->what > MNZ_EVENT_EXHAUSTED || p->disruption != regime ||
        p->time_us < from || (p->node >= 0 && p->node != e->to) ||
        (p->material >= 0 && p->material != e->material))
      continue;
    if (p->what == MNZ_EVENT_APPLIED && applied < 0) applied = p->time_us;
    if (p->what == MNZ_EVENT_APPROVED || p->what == MNZ_EVENT_REFUSED) {
      const int64_t since = p->time_us - llround(p->detail * (double)MNZ_US_PER_DAY);
      consider(t, e, MNZ_LACK_LICENCE, since, p->time_us, regime);
      if (p->what == MNZ_EVENT_APPROVED) applied = -1;
    }
    used_up = used_up || (p->what == MNZ_EVENT_EXHAUSTED && p->time_us < until);
  }
  if (used_up) consider(t, e, MNZ_LACK_QUOTA, from, until, regime);
  if (applied >= 0) consider(t, e, MNZ_LACK_LICENCE, applied, MNZ_STILL, regime);
}

static void consider_rule(const tree *t, mnz_lack *e, int32_t regime, double rule, int64_t from,
                          int64_t until) {
  if (rule == MNZ_RULE_EMBARGO) consider(t, e, MNZ_LACK_EMBARGO, from, until, regime);
  if (rule == MNZ_RULE_LICENCE || rule == MNZ_RULE_QUOTA) consider_papers(t, e, regime, from, until);
}

static void consider_regimes(const tree *t, mnz_lack *e) {
  for (int32_t g = 0; g < t->scenario->regimes.count && e->to >= 0; g++) {
    const mnz_regime_spec *spec = mnz_scenario_regime(t->scenario, g);
    const int32_t id = t->scenario->disruptions.count + g;
    if (!mnz_regime_matches(t->scenario, spec, e->node, e->to, e->material)) continue;
    double rule = mnz_rule_at_start(spec);
    int64_t from = 0;
    for (size_t i = 0; i < t->chronicle.count; i++) {
      const mnz_episode *p = &t->chronicle.at[i];
      if (p->kind != MNZ_EPISODE_RULED || p->disruption != id || p->from_us > t->now) continue;
      consider_rule(t, e, id, rule, from, p->from_us);
      rule = p->detail;
      from = p->from_us;
    }
    consider_rule(t, e, id, rule, from, MNZ_STILL);
  }
}

/* Nothing goes at all as long as it lasts, so that what is behind it does not matter. */
static bool is_absolute(const tree *t, const mnz_lack *e) {
  if (e->disruption < 0 || e->cause_until_us != MNZ_STILL) return false;
  if (e->cause != MNZ_LACK_OUTAGE) return true;
  return is_state(t, e->node, MNZ_EVENT_DOWN) || t->scenario->flows[e->node].n_conversions == 0;
}

/* --- the tree --- */

static mnz_lack *add(tree *t, mnz_lack e) {
  if (t->status == MNZ_OK) t->status = mnz_reserve_array(&t->at, &t->room, t->n + 1, t->err);
  if (t->status != MNZ_OK) return NULL;
  e.stock_mg = stock_of(t, e.node, e.material);
  e.coming_mg = coming_to(t, e.node, e.material);
  e.cause = MNZ_LACK_IDLE;
  e.disruption = -1;
  e.cause_from_us = e.since_us;
  e.cause_until_us = MNZ_STILL;
  t->at[t->n] = e;
  return &t->at[t->n++];
}

static bool is_above(const tree *t, int32_t parent, int32_t node, int32_t material) {
  for (int32_t i = parent; i >= 0; i = t->at[i].parent)
    if (t->at[i].node == node && t->at[i].material == material) return true;
  return false;
}

static void expand(tree *t, int32_t i);

/* Those who owe a material to the node of entry `i`, the oldest order first. Returns how many. */
static int follow_orders(tree *t, int32_t i, int32_t material, bool binding) {
  const mnz_lack above = t->at[i];
  int branches = 0;
  int64_t after = INT64_MIN;
  const mnz_flow_book *last = NULL;
  for (; branches < MOST_BRANCHES && t->status == MNZ_OK; branches++) {
    const mnz_flow_book *best = NULL;
    int64_t since = INT64_MAX;
    int64_t owed = 0;
    for (const mnz_flow_book *f = t->books.flows; f < t->books.flows + t->books.n_flows; f++) {
      int64_t placed;
      const int64_t open = mnz_book_owed(f, &placed);
      if (f->buyer != above.node || f->material != material || open == 0) continue;
      if (placed < after || (placed == after && f <= last) || placed >= since) continue;
      if (is_above(t, i, f->seller, material)) continue;
      best = f, since = placed, owed = open;
    }
    if (best == NULL) break;
    after = since;
    last = best;
    if (t->n >= MOST_ENTRIES) break;
    add(t, (mnz_lack){.parent = i,
                      .level = above.level + 1,
                      .node = best->seller,
                      .to = above.node,
                      .material = material,
                      .owed_mg = owed,
                      .since_us = since,
                      .binding = binding});
    if (t->status == MNZ_OK) expand(t, (int32_t)t->n - 1);
  }
  return branches;
}

/* Those who push a material to the node of entry `i`. */
static int follow_pushes(tree *t, int32_t i, int32_t material, bool binding) {
  const mnz_lack above = t->at[i];
  int branches = 0;
  for (int32_t l = 0; l < t->scenario->links.count && branches < MOST_BRANCHES; l++) {
    const mnz_link_spec *link = mnz_scenario_link(t->scenario, l);
    if (link->to != above.node || !(t->scenario->link_pushes[l] >> material & 1)) continue;
    if (is_above(t, i, link->from, material) || t->n >= MOST_ENTRIES) continue;
    add(t, (mnz_lack){.parent = i,
                      .level = above.level + 1,
                      .node = link->from,
                      .to = above.node,
                      .material = material,
                      .since_us = above.since_us,
                      .binding = binding});
    branches++;
    if (t->status == MNZ_OK) expand(t, (int32_t)t->n - 1);
  }
  return branches;
}

/* What a node makes a material of, as a mask; the material itself where it only passes. */
static uint64_t inputs_of(const tree *t, int32_t node, int32_t material) {
  const mnz_flows *flows = &t->scenario->flows[node];
  uint64_t inputs = 0;
  for (int32_t k = 0; k < flows->n_conversions; k++) {
    const mnz_conversion *c = &flows->conversion[k];
    if (c->product != material) continue;
    for (int32_t j = 0; j < c->n_inputs; j++) inputs |= UINT64_C(1) << c->input[j].material;
  }
  if (inputs == 0 && flows->takes >> material & 1) inputs = UINT64_C(1) << material;
  return inputs;
}

/* The least cover of the inputs, in days; and the mask of those that do not last a day, or are the least. */
static uint64_t scarce(const tree *t, int32_t node, uint64_t inputs, double *least) {
  uint64_t mask = 0;
  *least = INFINITY;
  for (int32_t m = 0; m < (int32_t)t->books.n_materials; m++)
    if (inputs >> m & 1) *least = fmin(*least, cover_of(t, node, m));
  for (int32_t m = 0; m < (int32_t)t->books.n_materials; m++)
    if (inputs >> m & 1 && cover_of(t, node, m) <= fmax(1, *least)) mask |= UINT64_C(1) << m;
  return mask;
}

/* What the node of entry `i` waits for itself. */
static int follow(tree *t, int32_t i, uint64_t inputs) {
  const mnz_lack e = t->at[i];
  double least;
  int branches = 0;
  const uint64_t few = scarce(t, e.node, inputs, &least);
  const bool several = (inputs & (inputs - 1)) != 0;
  for (int32_t m = 0; m < (int32_t)t->books.n_materials; m++) {
    if (!(few >> m & 1)) continue;
    const bool binding = several && !isinf(least) && cover_of(t, e.node, m) <= least;
    const int found = follow_orders(t, i, m, binding);
    branches += found > 0 ? found : follow_pushes(t, i, m, binding);
  }
  return branches;
}

/* What is known of a node that nothing from outside keeps. */
static mnz_lack_cause own_cause(const tree *t, const mnz_lack *e, bool makes) {
  if (is_state(t, e->node, MNZ_EVENT_DOWN)) return MNZ_LACK_DOWN;
  if (is_state(t, e->node, MNZ_EVENT_STARVED)) return MNZ_LACK_STARVED;
  if (!makes && e->coming_mg > 0) return MNZ_LACK_TRAVEL;
  return is_state(t, e->node, MNZ_EVENT_UP) ? MNZ_LACK_CAPACITY : MNZ_LACK_IDLE;
}

static void expand(tree *t, int32_t i) {
  consider_outages(t, &t->at[i]);
  consider_regimes(t, &t->at[i]);
  const mnz_lack e = t->at[i];
  if (is_absolute(t, &e)) return;
  const bool known = e.disruption >= 0;
  const uint64_t inputs = inputs_of(t, e.node, e.material);
  const bool makes = inputs != UINT64_C(1) << e.material;
  mnz_lack_cause cause = own_cause(t, &e, makes);
  double least;
  (void)scarce(t, e.node, inputs, &least);
  const bool lacks = makes ? least < 1 || isinf(least) || cause == MNZ_LACK_STARVED : e.stock_mg < e.owed_mg;
  if (!makes && e.stock_mg > 0 && e.stock_mg >= e.owed_mg) cause = MNZ_LACK_STOCK;
  int branches = 0;
  if (lacks && inputs != 0 && e.level + 1 < MNZ_LACK_LEVELS) branches = follow(t, i, inputs);
  if (branches > 0 && !makes) cause = MNZ_LACK_WAITS;
  if (branches > 0 && makes && cause != MNZ_LACK_CAPACITY) cause = MNZ_LACK_STARVED;
  if (!known && t->status == MNZ_OK) t->at[i].cause = cause;
}

/* --- the node asked about --- */

static bool holds(const tree *t, int32_t material, int32_t element) {
  return element < 0 || (t->scenario->catalog.materials[material].of >> element & 1);
}

/* What it owes, or waits for (`lacks`), of a material; 0: nothing. */
static int64_t open_of(const tree *t, int32_t node, int32_t material, bool lacks, int64_t *since) {
  int64_t sum = 0;
  *since = INT64_MAX;
  for (size_t k = 0; k < t->books.n_flows; k++) {
    const mnz_flow_book *f = &t->books.flows[k];
    int64_t placed;
    if (f->material != material || (lacks ? f->buyer : f->seller) != node) continue;
    sum += mnz_book_owed(f, &placed);
    if (placed < *since) *since = placed;
  }
  return sum;
}

static void add_roots(tree *t, int32_t node, int32_t element, bool lacks) {
  for (int32_t m = 0; m < (int32_t)t->books.n_materials && t->status == MNZ_OK; m++) {
    int64_t since;
    const int64_t open = open_of(t, node, m, lacks, &since);
    if (open == 0 || !holds(t, m, element)) continue;
    const int32_t i = (int32_t)t->n;
    add(t, (mnz_lack){.parent = -1,
                      .node = node,
                      .to = -1,
                      .material = m,
                      .owed_mg = open,
                      .since_us = since,
                      .lacks = lacks});
    if (t->status != MNZ_OK) return;
    if (!lacks) {
      expand(t, i);
    } else {
      t->at[i].cause = MNZ_LACK_WAITS;
      (void)follow_orders(t, i, m, false);
    }
  }
}

mnz_status mnz_why_lack(const mnz_scenario *s, const mnz_model_event *log, size_t count, int32_t node,
                        int32_t element, int64_t time_us, mnz_lack **out, size_t *n, mnz_error *err) {
  tree t = {.scenario = s, .log = log, .count = count, .now = time_us, .err = err};
  *out = NULL;
  *n = 0;
  t.status = mnz_books_at(&t.books, s, log, count, time_us, err);
  if (t.status == MNZ_OK) t.status = mnz_chronicle_of(&t.chronicle, s, log, count, err);
  if (t.status == MNZ_OK) add_roots(&t, node, element, false);
  if (t.n == 0) add_roots(&t, node, element, true);
  mnz_books_free(&t.books);
  mnz_chronicle_free(&t.chronicle);
  if (t.status != MNZ_OK) {
    free(t.at);
    return t.status;
  }
  *out = t.at;
  *n = t.n;
  return MNZ_OK;
}

const mnz_lack *mnz_lack_main(const mnz_lack *entries, size_t n, int64_t time_us) {
  const mnz_lack *best = NULL;
  for (const mnz_lack *e = entries; e < entries + n; e++) {
    if (e->disruption < 0) continue;
    if (best == NULL || weight(e->cause_from_us, e->cause_until_us, time_us) >
                            weight(best->cause_from_us, best->cause_until_us, time_us))
      best = e;
  }
  return best;
}
