/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What nodes that flow must agree on with their neighbours (domain/fluid.h). */
#include <math.h>
#include <stdio.h>

#include "domain/fluid.h"
#include "world/check.h"

/* Does this link join two tanks, so that nothing on it is a lot? */
static bool is_pipe(const mnz_scenario *s, int32_t link, int32_t material) {
  const mnz_link_spec *spec = mnz_scenario_link(s, link);
  return (s->link_pushes[link] >> material & 1) && s->flows[spec->from].fluid && s->flows[spec->to].fluid &&
         mnz_link_flows(spec);
}

static bool is_ordered(const mnz_scenario *s, int32_t node, int32_t material) {
  bool ordered = false;
  for (int32_t i = 0; i < s->nodes.count; i++) ordered |= mnz_orders_from(&s->flows[i], node, material);
  return ordered;
}

/* A product either flows on, or leaves in lots. */
static void check_product(const mnz_scenario *s, int32_t node, int32_t material, mnz_tally *tally) {
  char path[MNZ_PATH];
  int32_t pipes = 0;
  int32_t shares = 0;
  bool lots = is_ordered(s, node, material);
  for (int32_t i = 0; i < s->links.count; i++) {
    const mnz_link_spec *link = mnz_scenario_link(s, i);
    if (link->from != node || !(s->link_pushes[i] >> material & 1)) continue;
    lots |= !is_pipe(s, i, material);
    if (!is_pipe(s, i, material)) continue;
    pipes++;
    shares += !isnan(link->share);
    snprintf(path, sizeof path, "links[\"%s\"].loss", link->name);
    if (link->loss > 0) mnz_tally_error(tally, path, "found a loss on a way that flows; expected none");
  }
  mnz_node_path(s, node, "", path);
  const char *name = s->material_names[material];
  if (pipes > 0 && lots)
    mnz_tally_error(tally, path, "%s flows to one node and goes in lots to another; expected one of both",
                    name);
  if (pipes > 0 && shares != 0 && shares != pipes)
    mnz_tally_error(tally, path, "some ways on which %s flows have a `share`; expected all or none", name);
  if (pipes == 0 && (s->flows[node].no_lots >> material & 1)) {
    mnz_tally_error(tally, path, "%s flows to no other node that flows; expected a `lot` in which it leaves",
                    name);
  }
}

static void check_tank(const mnz_scenario *s, int32_t node, mnz_tally *tally) {
  const mnz_list *stores = &mnz_scenario_node(s, node)->stores;
  char rest[64];
  char path[MNZ_PATH];
  for (int32_t i = 0; i < stores->count; i++) {
    const mnz_store_spec *store = (const mnz_store_spec *)stores->at + i;
    if (!(s->flows[node].takes >> store->material & 1) || store->when_full == MNZ_FULL_BLOCK) continue;
    snprintf(rest, sizeof rest, "stores[%d].when_full", i);
    mnz_tally_error(tally, mnz_node_path(s, node, rest, path),
                    "found a tank of a flow that loses what does not fit; expected \"block\"");
  }
}

/* Takes away what nothing flows into until nothing more goes: what is left is a circle, or comes after one.
 */
static void find_circles(const mnz_scenario *s, bool *left, bool *fed) {
  bool less = true;
  while (less) {
    less = false;
    for (int32_t i = 0; i < s->nodes.count; i++) fed[i] = false;
    for (int32_t i = 0; i < s->links.count; i++) {
      const mnz_link_spec *link = mnz_scenario_link(s, i);
      if (!left[link->from] || !left[link->to]) continue;
      for (int32_t m = 0; m < s->catalog.n_materials && !fed[link->to]; m++) fed[link->to] = is_pipe(s, i, m);
    }
    for (int32_t i = 0; i < s->nodes.count; i++) {
      less |= left[i] && !fed[i];
      left[i] = left[i] && fed[i];
    }
  }
}

/* What flows out of nothing must stay within the integers of masses. */
static void check_rate(const mnz_scenario *s, int32_t node, mnz_tally *tally) {
  const mnz_flows *f = &s->flows[node];
  char path[MNZ_PATH];
  if (f->takes != 0 || f->n_conversions == 0) return;
  if (f->conversion[0].capacity * (double)s->horizon < 4e18) return;
  mnz_tally_error(tally, mnz_node_path(s, node, "rate", path),
                  "found a rate that makes more than 4e+09 t in the run; expected less");
}

mnz_status mnz_check_fluid(const mnz_scenario *s, mnz_tally *tally, mnz_error *err) {
  const size_t n = (size_t)s->nodes.count;
  bool *left = mnz_arena_alloc(s->arena, n + 1, sizeof *left, err);
  bool *fed = mnz_arena_alloc(s->arena, n + 1, sizeof *fed, err);
  if (left == NULL || fed == NULL) return MNZ_NO_MEMORY;
  for (int32_t node = 0; node < s->nodes.count; node++) {
    left[node] = s->flows[node].fluid;
    if (!left[node]) continue;
    check_tank(s, node, tally);
    check_rate(s, node, tally);
    for (int32_t m = 0; m < s->catalog.n_materials; m++) {
      if (s->flows[node].makes >> m & 1) check_product(s, node, m, tally);
    }
  }
  find_circles(s, left, fed);
  for (int32_t node = 0; node < s->nodes.count; node++) {
    char path[MNZ_PATH];
    if (!left[node]) continue;
    mnz_tally_error(tally, mnz_node_path(s, node, "", path),
                    "it flows in a circle without lead time; expected a lead time on the way");
    break;
  }
  return MNZ_OK;
}
