/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The network of (node, material) pairs, reckoned through before a run.
 *
 * An edge leads from what is needed to what supplies it: a purchase to the seller's stock, a product to
 * its inputs, a stock to the pushes that feed it. Usage and need flow along purchases and recipes from the
 * demands; potential, the most that can be supplied, flows back. Potential ignores that consumers share a
 * supplier: it is an upper bound at nominal contents, as need is a lower one. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "domain/facilities/kinds.h"
#include "domain/line.h"
#include "world/check.h"

typedef enum mark { MARK_NEW, MARK_OPEN, MARK_DONE } mark;

typedef struct network {
  const mnz_scenario *s;
  mnz_tally *tally;
  int32_t m; /* number of materials */
  uint8_t *mark;
  int32_t *path; /* the pairs that are open, in order */
  int32_t depth;
  double *usage; /* what may be asked: of every source of a purchase the whole */
  double *need;  /* what must be: of a source only when there is no other, or by its share */
  double *potential;
  bool *reached;
  int32_t *order; /* pairs, each before what it buys from */
  int32_t n_order;
} network;

static int32_t pair(const network *n, int32_t node, int32_t material) {
  return node * n->m + material;
}

/* "China -> Sojitz -> China" for messages. */
static void write_circle(const network *n, int32_t first, char *out, size_t size) {
  size_t used = 0;
  int32_t i = n->depth - 1;
  while (i > 0 && n->path[i] != first) i--;
  for (; i < n->depth && used < size; i++) {
    used += (size_t)snprintf(out + used, size - used, "%s -> ", n->s->node_names[n->path[i] / n->m]);
  }
  if (used < size) snprintf(out + used, size - used, "%s", n->s->node_names[first / n->m]);
}

/* --- orders --- */

static void visit_orders(network *n, int32_t v);

static void follow_order(network *n, int32_t node, int32_t to) {
  char path[MNZ_PATH];
  char circle[256];
  if (n->mark[to] == MARK_OPEN) {
    write_circle(n, to, circle, sizeof circle);
    mnz_tally_error(n->tally, mnz_node_path(n->s, node, "", path),
                    "orders for %s go round in a circle: %s; expected a source at its end",
                    n->s->material_names[to % n->m], circle);
  } else if (n->mark[to] == MARK_NEW) {
    visit_orders(n, to);
  }
}

/* Depth first; what is finished later comes earlier in the order. */
static void visit_orders(network *n, int32_t v) {
  const int32_t node = v / n->m;
  const int32_t material = v % n->m;
  const mnz_flows *f = &n->s->flows[node];
  n->mark[v] = MARK_OPEN;
  n->path[n->depth++] = v;
  for (int32_t i = 0; i < f->n_purchases; i++) {
    if (f->purchase[i].material != material) continue;
    const mnz_source *sources = f->purchase[i].sources.at;
    for (int32_t k = 0; k < f->purchase[i].sources.count; k++)
      follow_order(n, node, pair(n, sources[k].from, material));
  }
  for (int32_t i = 0; i < f->n_conversions; i++) {
    const mnz_conversion *c = &f->conversion[i];
    if (c->product != material || c->any) continue;
    for (int32_t k = 0; k < c->n_inputs; k++) follow_order(n, node, pair(n, node, c->input[k].material));
  }
  n->depth--;
  n->mark[v] = MARK_DONE;
  n->order[n->n_order++] = v;
}

/* Usage goes down the order: a pair's is complete before it is passed on. */
static void pass_usage(network *n, int32_t v) {
  const int32_t node = v / n->m;
  const int32_t material = v % n->m;
  const mnz_flows *f = &n->s->flows[node];
  for (int32_t i = 0; i < f->n_purchases; i++) {
    if (f->purchase[i].material != material) continue;
    const mnz_source *sources = f->purchase[i].sources.at;
    const int32_t count = f->purchase[i].sources.count;
    for (int32_t k = 0; k < count; k++) {
      const int32_t from = pair(n, sources[k].from, material);
      const double share = isnan(sources[k].share) ? 1 : sources[k].share;
      n->usage[from] += n->usage[v] * share;
      if (count == 1 || !isnan(sources[k].share)) n->need[from] += n->need[v] * share;
    }
  }
  for (int32_t i = 0; i < f->n_conversions; i++) {
    const mnz_conversion *c = &f->conversion[i];
    if (c->product != material || c->any) continue;
    for (int32_t k = 0; k < c->n_inputs; k++) {
      const int32_t from = pair(n, node, c->input[k].material);
      n->usage[from] += n->usage[v] * c->input[k].per_product;
      n->need[from] += n->need[v] * c->input[k].per_product;
    }
  }
}

static void reckon_usage(network *n) {
  const mnz_scenario *s = n->s;
  for (int32_t i = 0; i < s->nodes.count; i++) {
    const mnz_flows *f = &s->flows[i];
    if (f->asks_of < 0) continue;
    n->usage[pair(n, i, f->asks_for)] += f->asks_rate;
    n->usage[pair(n, f->asks_of, f->asks_for)] += f->asks_rate;
    n->need[pair(n, f->asks_of, f->asks_for)] += f->asks_rate;
    for (int32_t k = 0; k < f->n_parts; k++) {
      n->usage[pair(n, f->asks_of, f->part[k].material)] += f->asks_rate * f->part[k].share;
      n->need[pair(n, f->asks_of, f->part[k].material)] += f->asks_rate * f->part[k].share;
    }
  }
  for (int32_t v = 0; v < s->nodes.count * n->m; v++) {
    if (n->mark[v] == MARK_NEW) visit_orders(n, v);
  }
  for (int32_t i = n->n_order - 1; i >= 0; i--) pass_usage(n, n->order[i]);
}

/* --- potential --- */

static double visit_potential(network *n, int32_t v);

/* What can come from another pair; a circle (a recycle stream) limits nothing. */
static double potential_of(network *n, int32_t v) {
  if (n->mark[v] == MARK_OPEN) return INFINITY;
  return n->mark[v] == MARK_DONE ? n->potential[v] : visit_potential(n, v);
}

static double potential_of_conversion(network *n, int32_t node, const mnz_conversion *c, bool *reached) {
  double most = c->any ? 0 : INFINITY;
  bool there = !c->any;
  for (int32_t k = 0; k < c->n_inputs; k++) {
    const int32_t v = pair(n, node, c->input[k].material);
    const double need = c->input[k].per_product;
    const double can = potential_of(n, v);
    const double makes = need > 0 ? can / need : INFINITY;
    if (c->any) {
      most += makes;
      there |= n->reached[v] || n->mark[v] == MARK_OPEN;
    } else {
      most = fmin(most, makes);
      there &= n->reached[v] || n->mark[v] == MARK_OPEN;
    }
  }
  if (c->n_inputs == 0) {
    most = INFINITY;
    there = c->capacity > 0;
  }
  *reached |= there;
  return fmin(most, c->capacity);
}

static double visit_potential(network *n, int32_t v) {
  const int32_t node = v / n->m;
  const int32_t material = v % n->m;
  const mnz_scenario *s = n->s;
  const mnz_flows *f = &s->flows[node];
  double most = 0;
  bool reached = false;
  n->mark[v] = MARK_OPEN;
  for (int32_t i = 0; i < f->n_conversions; i++) {
    if (f->conversion[i].product == material)
      most += potential_of_conversion(n, node, &f->conversion[i], &reached);
  }
  for (int32_t i = 0; i < f->n_purchases; i++) {
    if (f->purchase[i].material != material) continue;
    const mnz_source *sources = f->purchase[i].sources.at;
    for (int32_t k = 0; k < f->purchase[i].sources.count; k++) {
      most += potential_of(n, pair(n, sources[k].from, material));
      reached |= n->reached[pair(n, sources[k].from, material)];
    }
  }
  for (int32_t i = 0; i < s->links.count; i++) {
    const mnz_link_spec *link = mnz_scenario_link(s, i);
    if (link->to != node || !(s->link_pushes[i] >> material & 1)) continue;
    most += potential_of(n, pair(n, link->from, material));
    reached |= n->reached[pair(n, link->from, material)];
  }
  const mnz_list *stores = &mnz_scenario_node(s, node)->stores;
  for (int32_t i = 0; i < stores->count; i++) {
    const mnz_store_spec *store = (const mnz_store_spec *)stores->at + i;
    if (store->material != material || store->initial <= 0) continue;
    reached = true;
    most += (double)store->initial / (double)s->horizon;
  }
  n->mark[v] = MARK_DONE;
  n->potential[v] = most;
  n->reached[v] = reached;
  return most;
}

#define T_PER_YEAR (1e-9 * 365 * 86400e6)

static void check_demands(network *n) {
  const mnz_scenario *s = n->s;
  char path[MNZ_PATH];
  memset(n->mark, MARK_NEW, (size_t)(s->nodes.count * n->m));
  for (int32_t v = 0; v < s->nodes.count * n->m; v++) potential_of(n, v);
  for (int32_t i = 0; i < s->nodes.count; i++) {
    const mnz_flows *f = &s->flows[i];
    if (f->asks_of < 0) continue;
    const int32_t v = pair(n, f->asks_of, f->asks_for);
    const char *seller = s->node_names[f->asks_of];
    const char *product = s->material_names[f->asks_for];
    if (!n->reached[v]) {
      mnz_tally_error(n->tally, mnz_node_path(s, i, "from", path),
                      "nothing can reach this demand: \"%s\" never gets %s; expected a way from a source",
                      seller, product);
    } else if (n->need[v] > n->potential[v] * (1 + 1e-9)) {
      mnz_tally_warning(n->tally, mnz_node_path(s, i, "rate", path),
                        "%.4g t/yr of %s are asked of \"%s\" in all, but about %.4g t/yr can be supplied",
                        n->need[v] * T_PER_YEAR, product, seller, n->potential[v] * T_PER_YEAR);
    }
  }
}

/* --- loops without lead time --- */

static bool passes_at_once(const mnz_scenario *s, int32_t node, int32_t material) {
  return s->flows[node].at_once >> material & 1;
}

static void visit_loops(network *n, int32_t v) {
  const mnz_scenario *s = n->s;
  const int32_t material = v % n->m;
  n->mark[v] = MARK_OPEN;
  n->path[n->depth++] = v;
  for (int32_t i = 0; i < s->links.count; i++) {
    const mnz_link_spec *link = mnz_scenario_link(s, i);
    if (link->from != v / n->m || !(s->link_pushes[i] >> material & 1)) continue;
    if (link->dispatch != NULL || mnz_distribution_least(&link->lead_time) > 0) continue;
    if (!passes_at_once(s, link->to, material)) continue;
    const int32_t to = pair(n, link->to, material);
    if (n->mark[to] == MARK_NEW) visit_loops(n, to);
    if (n->mark[to] != MARK_OPEN) continue;
    char path[MNZ_PATH];
    char circle[256];
    write_circle(n, to, circle, sizeof circle);
    snprintf(path, sizeof path, "links[\"%s\"].lead_time", link->name);
    mnz_tally_error(n->tally, path,
                    "%s goes round without lead time: %s; expected a lead time above 0 on the way",
                    s->material_names[material], circle);
  }
  n->depth--;
  n->mark[v] = MARK_DONE;
}

static void check_loops(network *n) {
  memset(n->mark, MARK_NEW, (size_t)(n->s->nodes.count * n->m));
  n->depth = 0;
  for (int32_t v = 0; v < n->s->nodes.count * n->m; v++) {
    if (n->mark[v] == MARK_NEW && passes_at_once(n->s, v / n->m, v % n->m)) visit_loops(n, v);
  }
}

mnz_status mnz_check_network(mnz_scenario *s, mnz_tally *tally, mnz_error *err) {
  network n = {.s = s, .tally = tally, .m = s->catalog.n_materials};
  const size_t pairs = (size_t)s->nodes.count * (size_t)n.m + 1;
  n.mark = mnz_arena_alloc(s->arena, pairs, sizeof *n.mark, err);
  n.path = mnz_arena_alloc(s->arena, pairs, sizeof *n.path, err);
  n.order = mnz_arena_alloc(s->arena, pairs, sizeof *n.order, err);
  n.usage = mnz_arena_alloc(s->arena, pairs, sizeof *n.usage, err);
  n.need = mnz_arena_alloc(s->arena, pairs, sizeof *n.need, err);
  n.potential = mnz_arena_alloc(s->arena, pairs, sizeof *n.potential, err);
  n.reached = mnz_arena_alloc(s->arena, pairs, sizeof *n.reached, err);
  if (n.mark == NULL || n.path == NULL || n.order == NULL || n.usage == NULL || n.need == NULL ||
      n.potential == NULL || n.reached == NULL) {
    return MNZ_NO_MEMORY;
  }
  reckon_usage(&n);
  check_loops(&n);
  if (tally->errors == 0) check_demands(&n);
  s->usage = n.usage;
  return MNZ_OK;
}
