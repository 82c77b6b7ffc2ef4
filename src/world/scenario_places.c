/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places: the (node, material) pairs that exist, because the material flows through or a store is said for
 * it. */
#include "world/check.h"

static uint64_t materials_at(const mnz_scenario *s, int32_t node) {
  uint64_t mask = s->flows[node].takes | s->flows[node].makes;
  const mnz_list *stores = &mnz_scenario_node(s, node)->stores;
  for (int32_t k = 0; k < stores->count; k++) {
    const int32_t material = ((const mnz_store_spec *)stores->at)[k].material;
    if (material >= 0) mask |= UINT64_C(1) << material;
  }
  return mask;
}

mnz_status mnz_scenario_places(mnz_scenario *s, mnz_error *err) {
  const int32_t m = s->catalog.n_materials;
  const size_t most = (size_t)s->nodes.count * (size_t)m;
  int32_t *node = mnz_arena_alloc(s->arena, most, sizeof *node, err);
  int32_t *material = mnz_arena_alloc(s->arena, most, sizeof *material, err);
  const char **names = mnz_arena_alloc(s->arena, most, sizeof *names, err);
  if (node == NULL || material == NULL || names == NULL) return MNZ_NO_MEMORY;
  int32_t n = 0;
  for (int32_t i = 0; i < s->nodes.count; i++) {
    const uint64_t mask = materials_at(s, i);
    for (int32_t k = 0; k < m; k++) {
      if (!(mask >> k & 1)) continue;
      names[n] = mnz_arena_format(s->arena, err, "%s / %s", s->node_names[i], s->material_names[k]);
      if (names[n] == NULL) return MNZ_NO_MEMORY;
      node[n] = i;
      material[n++] = k;
    }
  }
  s->n_places = n;
  s->place_node = node;
  s->place_material = material;
  s->place_names = names;
  return MNZ_OK;
}
