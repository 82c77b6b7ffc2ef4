/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Echelons: for each purchase by echelon position, those who are fed from its buyer, directly or through
 * others, by orders for the same material.
 *
 * The sum of the inventory positions of a node and of all that is fed from it is its echelon position: what a
 * buyer has on order is either on the way to it or on its seller's book, where it is taken off the seller's
 * own position. A buyer with other sources beside counts whole. */
#include "domain/buying.h"
#include "world/host.h"

static bool buys_from(const mnz_flows *flows, int32_t material, const bool *fed) {
  for (int32_t i = 0; i < flows->n_purchases; i++) {
    const mnz_purchase *p = &flows->purchase[i];
    for (int32_t k = 0; p->material == material && k < p->sources.count; k++)
      if (fed[((const mnz_source *)p->sources.at)[k].from]) return true;
  }
  return false;
}

/* Everything that the node feeds. *fed is scratch, one a node. */
static void add_fed(const mnz_replication *r, mnz_echelon *e, bool *fed) {
  for (int32_t i = 0; i < r->n_nodes; i++) fed[i] = i == e->node;
  for (bool more = true; more;) {
    more = false;
    for (int32_t i = 0; i < r->n_nodes; i++) {
      if (fed[i] || !buys_from(&r->scenario->flows[i], e->material, fed)) continue;
      fed[i] = more = true;
      e->fed[e->n_fed++] = i;
    }
  }
}

static mnz_status open_one(mnz_replication *r, int32_t node, const mnz_buy *buy, bool *fed, mnz_error *err) {
  mnz_echelon *e = &r->echelons[r->n_echelons];
  *e = (mnz_echelon){.node = node, .material = buy->material, .continuous = buy->review.every == 0};
  e->fed = mnz_arena_alloc(r->arena, (size_t)r->n_nodes, sizeof *e->fed, err);
  if (e->fed == NULL) return MNZ_NO_MEMORY;
  add_fed(r, e, fed);
  r->n_echelons++;
  return MNZ_OK;
}

static bool is_echelon(const mnz_purchase *p) {
  return p->buy != NULL && p->buy->policy.kind == MNZ_POLICY_ECHELON_BASE_STOCK;
}

mnz_status mnz_echelon_open(mnz_replication *r, mnz_error *err) {
  mnz_status status = MNZ_OK;
  size_t n = 0;
  for (int32_t i = 0; i < r->n_nodes; i++)
    for (int32_t k = 0; k < r->scenario->flows[i].n_purchases; k++)
      n += is_echelon(&r->scenario->flows[i].purchase[k]);
  if (n == 0) return MNZ_OK;
  bool *fed = mnz_arena_alloc(r->arena, (size_t)r->n_nodes, sizeof *fed, err);
  r->echelons = mnz_arena_alloc(r->arena, n, sizeof *r->echelons, err);
  if (fed == NULL || r->echelons == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < r->n_nodes; i++) {
    for (int32_t k = 0; k < r->scenario->flows[i].n_purchases && status == MNZ_OK; k++) {
      const mnz_purchase *p = &r->scenario->flows[i].purchase[k];
      if (is_echelon(p)) status = open_one(r, i, p->buy, fed, err);
    }
  }
  return status;
}

mnz_mass mnz_echelon_fed(const void *host, int32_t node, int32_t material) {
  const mnz_replication *r = host;
  mnz_mass sum = 0;
  for (int32_t i = 0; i < r->n_echelons; i++) {
    const mnz_echelon *e = &r->echelons[i];
    if (e->node != node || e->material != material) continue;
    for (int32_t k = 0; k < e->n_fed; k++) sum += mnz_site_position(&r->sites[e->fed[k]], material);
  }
  return sum;
}

mnz_status mnz_echelon_asked(mnz_replication *r, int32_t seller, int32_t material, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < r->n_echelons && status == MNZ_OK; i++) {
    const mnz_echelon *e = &r->echelons[i];
    if (!e->continuous || e->material != material) continue;
    for (int32_t k = 0; k < e->n_fed && status == MNZ_OK; k++)
      if (e->fed[k] == seller) status = mnz_site_stir(&r->sites[e->node], err);
  }
  return status;
}
