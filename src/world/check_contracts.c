/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of contracts. */
#include <math.h>
#include <stdio.h>

#include "domain/facilities/kinds.h"
#include "world/check.h"
#include "world/contracts.h"

static const char *at(const mnz_contract_spec *contract, const char *key, char path[MNZ_PATH]) {
  snprintf(path, MNZ_PATH, "contracts[\"%s\"]%s%s", contract->name, key[0] == '\0' ? "" : ".", key);
  return path;
}

static void check_materials(const mnz_scenario *s, const mnz_contract_spec *c, mnz_tally *tally) {
  char path[MNZ_PATH];
  char key[48];
  for (int32_t k = 0; k < c->materials.count; k++) {
    const int32_t m = c->materials.at[k];
    snprintf(key, sizeof key, "materials[%d]", k);
    if (!(s->flows[c->seller].makes >> m & 1))
      mnz_tally_error(tally, at(c, key, path), "\"%s\" does not have %s; expected what it makes or sells",
                      s->node_names[c->seller], s->material_names[m]);
    else if (!(s->flows[c->buyer].takes >> m & 1))
      mnz_tally_error(tally, at(c, key, path), "\"%s\" does not take %s; expected what it buys",
                      s->node_names[c->buyer], s->material_names[m]);
    for (int32_t before = 0; before < k; before++)
      if (c->materials.at[before] == m)
        mnz_tally_error(tally, at(c, key, path), "found %s a second time; expected each material once",
                        s->material_names[m]);
  }
}

static void check_terms(const mnz_scenario *s, const mnz_contract_spec *c, mnz_tally *tally) {
  char path[MNZ_PATH];
  if (c->seller == c->buyer)
    mnz_tally_error(tally, at(c, "buyer", path), "found the seller itself; expected another node");
  if (c->from != MNZ_NO_DATE && c->until != MNZ_NO_DATE && c->until <= c->from)
    mnz_tally_error(tally, at(c, "until", path),
                    "found a date that is not after `from`; expected a later one");
  if (c->minimum >= 0 && c->maximum >= 0 && c->minimum > c->maximum)
    mnz_tally_error(tally, at(c, "minimum", path), "found more than the maximum; expected at most that");
  if (c->commits > c->share)
    mnz_tally_error(tally, at(c, "commits", path), "found more than the share; expected at most that");
  if (!isnan(c->share) && mnz_scenario_node(s, c->seller)->kind == &mnz_market_kind)
    mnz_tally_error(tally, at(c, "share", path),
                    "\"%s\" is a market, which has no stock to keep a share of; expected a plant or a trader",
                    s->node_names[c->seller]);
  if (!isnan(c->take_or_pay) && c->minimum < 0 && isnan(c->commits))
    mnz_tally_error(tally, at(c, "take_or_pay", path),
                    "there is nothing that must be taken; expected a `minimum` or `commits`");
  const bool pays = !isnan(c->take_or_pay) || !isnan(c->penalty);
  if (pays && c->price.index < 0 && isnan(c->price.constant) && isnan(c->floor))
    mnz_tally_error(tally, at(c, isnan(c->take_or_pay) ? "penalty" : "take_or_pay", path),
                    "it is not said what is paid; expected a `price` or a `floor` of the contract");
  if (c->until_output.basis != 0)
    mnz_tally_error(tally, at(c, "until_output", path),
                    "found a rate on some elements only; expected a rate on the whole mass");
}

static void check_causes(const mnz_scenario *s, const mnz_contract_spec *c, mnz_tally *tally) {
  char path[MNZ_PATH];
  char key[48];
  for (int32_t k = 0; k < c->force_majeure.count; k++) {
    snprintf(key, sizeof key, "force_majeure[%d]", k);
    if (mnz_contract_cause(s, c->force_majeure.at[k]) == MNZ_NO_CAUSE)
      mnz_tally_error(tally, at(c, key, path), "there is no disruption or regime \"%.64s\"",
                      c->force_majeure.at[k]);
  }
}

static bool overlap(const mnz_contract_spec *a, const mnz_contract_spec *b) {
  if (a->seller != b->seller || a->buyer != b->buyer) return false;
  if (a->until != MNZ_NO_DATE && b->from != MNZ_NO_DATE && a->until <= b->from) return false;
  if (b->until != MNZ_NO_DATE && a->from != MNZ_NO_DATE && b->until <= a->from) return false;
  for (int32_t i = 0; i < a->materials.count; i++)
    for (int32_t k = 0; k < b->materials.count; k++)
      if (a->materials.at[i] == b->materials.at[k]) return true;
  return false;
}

/* Which of two would a lot be delivered under? */
static void check_overlaps(const mnz_scenario *s, int32_t i, mnz_tally *tally) {
  char path[MNZ_PATH];
  for (int32_t k = 0; k < i; k++) {
    if (!overlap(mnz_scenario_contract(s, k), mnz_scenario_contract(s, i))) continue;
    mnz_tally_error(
        tally, at(mnz_scenario_contract(s, i), "materials", path),
        "\"%s\" is about the same, between the same two at the same time; expected other materials or "
        "dates",
        mnz_scenario_contract(s, k)->name);
  }
}

/* Shares that the sellers keep for others, of all contracts of one seller and a material. */
static void check_shares(const mnz_scenario *s, int32_t i, mnz_tally *tally) {
  const mnz_contract_spec *c = mnz_scenario_contract(s, i);
  char path[MNZ_PATH];
  for (int32_t m = 0; m < c->materials.count && !isnan(c->share); m++) {
    double sum = 0;
    for (int32_t k = 0; k <= i; k++) {
      const mnz_contract_spec *other = mnz_scenario_contract(s, k);
      if (other->seller != c->seller || isnan(other->share)) continue;
      if (k != i && other->buyer == c->buyer) continue; /* one after the other */
      for (int32_t j = 0; j < other->materials.count; j++)
        if (other->materials.at[j] == c->materials.at[m]) sum += other->share;
    }
    if (sum > 1 + 1e-9)
      mnz_tally_error(tally, at(c, "share", path),
                      "with those before it adds up to %.4g %% of %s; expected at most 100 %%", 100 * sum,
                      s->material_names[c->materials.at[m]]);
  }
}

/* A source that names a contract is the seller of it. */
static void check_sources(const mnz_scenario *s, int32_t node, mnz_tally *tally) {
  const mnz_flows *f = &s->flows[node];
  char path[MNZ_PATH];
  for (int32_t i = 0; i < f->n_purchases; i++) {
    const mnz_source *sources = f->purchase[i].sources.at;
    for (int32_t k = 0; k < f->purchase[i].sources.count; k++) {
      if (sources[k].contract < 0) continue;
      const mnz_contract_spec *c = mnz_scenario_contract(s, sources[k].contract);
      bool about = false;
      for (int32_t m = 0; m < c->materials.count; m++) about |= c->materials.at[m] == f->purchase[i].material;
      if (c->buyer == node && c->seller == sources[k].from && about) continue;
      mnz_tally_error(
          tally, mnz_source_path(s, node, i, k, "contract", path),
          "\"%s\" is about something else; expected a contract of this buyer with this source on this "
          "material",
          c->name);
    }
  }
}

void mnz_check_contracts(const mnz_scenario *s, mnz_tally *tally) {
  for (int32_t i = 0; i < s->contracts.count; i++) {
    const mnz_contract_spec *c = mnz_scenario_contract(s, i);
    check_materials(s, c, tally);
    check_terms(s, c, tally);
    check_causes(s, c, tally);
    check_overlaps(s, i, tally);
    check_shares(s, i, tally);
  }
  for (int32_t i = 0; i < s->nodes.count && s->contracts.count > 0; i++) check_sources(s, i, tally);
}
