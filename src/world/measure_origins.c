/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dependence: which origins are in what each user got, through any number of blends, and how concentrated
 * supply is, stage by stage; of those from whom something can reach the users in focus.
 *
 * Concentration is the index of Herfindahl and Hirschman: the sum of the squares of the shares, from 1 / n (n
 * equal ones) to 1 (a single one); times 10,000 it is the figure of competition authorities. What a
 * market sells counts as separated, and as metal or product if it is that. */
#include <string.h>

#include "domain/facilities/demand.h"
#include "domain/facilities/kinds.h"
#include "world/measure.h"

static const mnz_measure node_origin_share = {"node_origin_share", "1", NEITHER, false,
                                              "share of each origin in what was delivered to this demand"};

static const mnz_measure end_use_origin_share = {
    "end_use_origin_share", "1", NEITHER, false,
    "share of each origin in what was delivered for this end use"};

static const mnz_measure concentration[] = {
    {"hhi_origin", "1", MORE, false,
     "concentration (Herfindahl-Hirschman, 0 to 1) of the origins of what was delivered to the users in "
     "focus"},
    {"hhi_mined", "1", MORE, false, "concentration of mining among the mines"},
    {"hhi_separated", "1", MORE, false,
     "concentration of separated rare earths among the plants that separate and the markets"},
    {"hhi_metal", "1", MORE, false,
     "concentration of metals and alloys, short of what users ask for, among those who make or sell them"},
    {"hhi_product", "1", MORE, false, "concentration of what users ask for among those who make or sell it"},
};
enum { ORIGIN, MINED, SEPARATED, METAL, PRODUCT, STAGES };

/* Sum of amounts, and of their squares, per stage and element. */
typedef struct tally {
  double sum[STAGES][MNZ_MAX_ELEMENTS];
  double squares[STAGES][MNZ_MAX_ELEMENTS];
} sums;

typedef struct amounts {
  double at[STAGES][MNZ_MAX_ELEMENTS]; /* of one node */
} amounts;

static void add(sums *t, int32_t stage, int32_t element, double amount) {
  t->sum[stage][element] += amount;
  t->squares[stage][element] += amount * amount;
}

/* --- what each node makes --- */

static uint64_t asked_for(const mnz_scenario *s) {
  uint64_t mask = 0;
  for (int32_t i = 0; i < s->nodes.count; i++)
    if (s->flows[i].asks_of >= 0) mask |= UINT64_C(1) << s->flows[i].asks_for;
  return mask;
}

/* Into the stages that the material belongs to. */
static void add_to(const mnz_replication *r, int32_t material, bool separated, uint64_t products,
                   const double *amount, amounts *to) {
  const mnz_catalog *c = &r->scenario->catalog;
  const bool product = products >> material & 1;
  for (int32_t e = 0; e < c->elements.count; e++) {
    if (separated) to->at[SEPARATED][e] += amount[e];
    if (product) to->at[PRODUCT][e] += amount[e];
    if (!product && c->materials[material].form == MNZ_FORM_METAL) to->at[METAL][e] += amount[e];
  }
}

static void add_parts(const mnz_catalog *c, const mnz_mass *now, const mnz_mass *before, double *to) {
  for (int32_t k = 0; k < c->n_components; k++)
    to[mnz_component_element(c, k)] += (double)(now[k] - before[k]);
}

/* What a facility made: into its store, of what does not also arrive there; or sold, if it is a market. */
static void made_at(const mnz_replication *r, int32_t node, uint64_t products, amounts *to) {
  const mnz_catalog *c = &r->scenario->catalog;
  const mnz_flows *f = &r->scenario->flows[node];
  const bool market = r->sites[node].spec->kind == &mnz_market_kind;
  for (int32_t m = 0; m < c->n_materials; m++) {
    const int32_t slot = mnz_ledger_slot(&r->ledger, node, m);
    if (slot < 0 || !((f->makes & ~f->takes) >> m & 1)) continue;
    const size_t at = (size_t)slot * (size_t)c->n_parts;
    double amount[MNZ_MAX_ELEMENTS] = {0};
    if (market)
      memcpy(amount, r->record.sold + slot * c->elements.count, (size_t)c->elements.count * sizeof *amount);
    else
      add_parts(c, r->ledger.in + at, r->baseline.in + at, amount);
    add_to(r, m, market || f->separates >> m & 1, products, amount, to);
  }
  const size_t at = (size_t)node * (size_t)c->n_parts;
  if (r->sites[node].spec->kind->ore != NULL)
    add_parts(c, r->ledger.born_at + at, r->baseline.born_at + at, to->at[MINED]);
}

static void fill_stages(const mnz_replication *r, double **column) {
  const int32_t elements = r->scenario->catalog.elements.count;
  const uint64_t products = asked_for(r->scenario);
  sums t = {0};
  for (int32_t node = 0; node < r->n_nodes; node++) {
    amounts a = {0};
    if (!r->record.upstream[node]) continue;
    made_at(r, node, products, &a);
    for (int32_t stage = MINED; stage < STAGES; stage++)
      for (int32_t e = 0; e < elements; e++) add(&t, stage, e, a.at[stage][e]);
  }
  for (int32_t stage = MINED; stage < STAGES; stage++)
    for (int32_t e = 0; e < elements; e++)
      column[stage][e] = mnz_measure_ratio(t.squares[stage][e], t.sum[stage][e] * t.sum[stage][e]);
}

/* --- where it came from --- */

static void fill_hhi_origin(const mnz_result *result, double *column) {
  const size_t elements = result->length[MNZ_AXIS_ELEMENT];
  const size_t origins = result->length[MNZ_AXIS_ORIGIN];
  const double *share = mnz_result_find(result, "origin_share")->data;
  for (size_t e = 0; e < elements; e++) {
    column[e] = 0;
    for (size_t o = 0; o < origins; o++) column[e] += share[e * origins + o] * share[e * origins + o];
  }
}

/* Adds what was delivered to a demand, by origin of each element: [element][origin]. */
static void add_delivered(const mnz_replication *r, int32_t node, double *to) {
  const mnz_catalog *c = &r->scenario->catalog;
  const mnz_demand_tally *tally = mnz_demand_of(&r->sites[node]);
  const mnz_mass *before = r->baseline.delivered + (size_t)node * (size_t)c->n_parts;
  for (int32_t k = 0; k < c->n_components && tally != NULL; k++)
    to[mnz_component_element(c, k) * c->origins.count + mnz_component_origin(c, k)] +=
        (double)(tally->delivered[k] - before[k]);
}

/* Masses of each element by origin into shares. */
static void divide(const mnz_catalog *c, double *at) {
  for (int32_t e = 0; e < c->elements.count; e++, at += c->origins.count) {
    double all = 0;
    for (int32_t o = 0; o < c->origins.count; o++) all += at[o];
    for (int32_t o = 0; o < c->origins.count; o++) at[o] = mnz_measure_ratio(at[o], all);
  }
}

static void fill_shares(const mnz_replication *r, double *node_share, double *use_share) {
  const mnz_catalog *c = &r->scenario->catalog;
  const int32_t cells = c->elements.count * c->origins.count;
  for (int32_t node = 0; node < r->n_nodes; node++) {
    const char *name = r->scenario->flows[node].end_use;
    int32_t use = -1;
    for (int32_t i = 0; i < r->scenario->n_end_uses && name != NULL; i++)
      if (strcmp(name, r->scenario->end_use_names[i]) == 0) use = i;
    add_delivered(r, node, node_share + node * cells);
    if (use >= 0) add_delivered(r, node, use_share + use * cells);
    divide(c, node_share + node * cells);
  }
  for (int32_t use = 0; use < r->scenario->n_end_uses; use++) divide(c, use_share + use * cells);
}

mnz_status mnz_measure_origins(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  static const mnz_axis_id axes[] = {MNZ_AXIS_NODE, MNZ_AXIS_ELEMENT, MNZ_AXIS_ORIGIN};
  static const mnz_axis_id use_axes[] = {MNZ_AXIS_END_USE, MNZ_AXIS_ELEMENT, MNZ_AXIS_ORIGIN};
  double *column[STAGES];
  mnz_status status = mnz_measure_add_all(result, concentration, STAGES, MNZ_AXIS_ELEMENT, column, err);
  if (status != MNZ_OK) return status;
  double *share = mnz_measure_add(result, &node_origin_share, 3, axes, err);
  if (share == NULL) return MNZ_NO_MEMORY;
  double *use_share = NULL;
  if (r->scenario->n_end_uses > 0) {
    result->length[MNZ_AXIS_END_USE] = (size_t)r->scenario->n_end_uses;
    result->labels[MNZ_AXIS_END_USE] = r->scenario->end_use_names;
    if ((use_share = mnz_measure_add(result, &end_use_origin_share, 3, use_axes, err)) == NULL)
      return MNZ_NO_MEMORY;
  }
  fill_stages(r, column);
  fill_hhi_origin(result, column[ORIGIN]);
  fill_shares(r, share, use_share);
  return MNZ_OK;
}
