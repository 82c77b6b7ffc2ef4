/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/scenario.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "domain/fluid.h"
#include "world/check.h"

#define FIELD(field) offsetof(struct mnz_scenario, field)

const mnz_param mnz_scenario_params[] = {
    {.name = "title",
     .type = MNZ_PARAM_TEXT,
     .offset = FIELD(title),
     .required = true,
     .help = "one line for reports"},
    {.name = "question",
     .type = MNZ_PARAM_TEXT,
     .offset = FIELD(question),
     .help = "what the scenario is to answer"},
    {.name = "start",
     .type = MNZ_PARAM_MOMENT,
     .offset = FIELD(start_us),
     .required = true,
     .help = "the first instant that is simulated (UTC)"},
    {.name = "end",
     .type = MNZ_PARAM_MOMENT,
     .offset = FIELD(end_us),
     .required = true,
     .help = "the instant at which it stops: nothing happens at it but a last observation"},
    {.name = "warm_up",
     .type = MNZ_PARAM_MOMENT,
     .offset = FIELD(warm_up_us),
     .help =
         "the date from which the measures count, when the chain has filled; from the start when not said"},
    {.name = "sample",
     .type = MNZ_PARAM_TIME,
     .offset = FIELD(sample),
     .min = 6e7,
     .max = 1e300,
     .fallback = "1 d",
     .help = "time between two values of a series"},
    {.name = "seed",
     .type = MNZ_PARAM_TEXT,
     .offset = FIELD(seed_text),
     .fallback = "1",
     .help = "a whole number below 2^64, as a string; all randomness follows from it"},
    {.name = "focus",
     .type = MNZ_PARAM_TEXT,
     .offset = FIELD(focus),
     .help = "the country whose users the summary speaks of; all users when not said"},
    {.name = "origins",
     .type = MNZ_PARAM_NAMES,
     .offset = FIELD(origins),
     .help = "where ore can come from; one origin without a name of yours when not said"},
    {.name = "elements",
     .type = MNZ_PARAM_NAMES,
     .offset = FIELD(elements),
     .required = true,
     .help = "the rare earths that are followed, by symbol"},
    {.name = "materials",
     .type = MNZ_PARAM_LIST,
     .offset = FIELD(materials),
     .required = true,
     .fields = mnz_material_params,
     .item_size = sizeof(mnz_material),
     .help = "what lots consist of: ore, concentrate, oxides, metals, magnets"},
    {.name = "nodes",
     .type = MNZ_PARAM_LIST,
     .offset = FIELD(nodes),
     .required = true,
     .fields = mnz_node_params,
     .item_size = sizeof(mnz_node_spec),
     .help = "the facilities"},
    {.name = "links",
     .type = MNZ_PARAM_LIST,
     .offset = FIELD(links),
     .fields = mnz_link_params,
     .item_size = sizeof(mnz_link_spec),
     .help = "the ways between them"},
    {.name = "demand",
     .type = MNZ_PARAM_LIST,
     .offset = FIELD(nodes),
     .fields = mnz_node_params,
     .item_size = sizeof(mnz_node_spec),
     .help = "who uses what: nodes of the kind demand"},
    {.name = "disruptions",
     .type = MNZ_PARAM_LIST,
     .offset = FIELD(disruptions),
     .fields = mnz_disruption_params,
     .item_size = sizeof(mnz_disruption_spec),
     .help = "what goes wrong"},
    {.name = "regimes",
     .type = MNZ_PARAM_LIST,
     .offset = FIELD(regimes),
     .fields = mnz_regime_params,
     .item_size = sizeof(mnz_regime_spec),
     .help = "rules on flows between countries: licences, quotas, tariffs, embargoes"},
    {.name = "contracts",
     .type = MNZ_PARAM_LIST,
     .offset = FIELD(contracts),
     .fields = mnz_contract_params,
     .item_size = sizeof(mnz_contract_spec),
     .help = "what a seller and a buyer have agreed on: volumes, shares of output, prices"},
    {.name = "prices",
     .type = MNZ_PARAM_LIST,
     .offset = FIELD(prices),
     .fields = mnz_price_params,
     .item_size = sizeof(mnz_price_spec),
     .help = "prices that move, each by a name that nodes and contracts refer to"},
    {.name = "calendars",
     .type = MNZ_PARAM_LIST,
     .offset = FIELD(calendars),
     .fields = mnz_calendar_params,
     .item_size = sizeof(mnz_calendar_spec),
     .help = "working days and hours"},
    {.name = "crews",
     .type = MNZ_PARAM_LIST,
     .offset = FIELD(crews),
     .fields = mnz_crew_params,
     .item_size = sizeof(mnz_crew_spec),
     .help = "who repairs what disruptions stop"},
    {.name = NULL}};

/* --- what is worked out --- */

static mnz_status parse_seed(mnz_scenario *s, const mnz_findings *findings) {
  const char *text = s->seed_text;
  uint64_t value = 0;
  bool good = text[0] != '\0';
  for (const char *at = text; *at != '\0' && good; at++) {
    const uint64_t digit = (uint64_t)(unsigned char)*at - '0';
    good = digit <= 9 && value <= (UINT64_MAX - digit) / 10;
    value = value * 10 + digit;
  }
  s->seed = value;
  if (good) return MNZ_OK;
  char message[160];
  snprintf(message, sizeof message,
           "found \"%.40s\"; expected a whole number below 2^64 such as \"20251001\"", text);
  findings->error(findings->context, "seed", message);
  return MNZ_SCENARIO;
}

static bool ore_of(const void *context, int32_t node, double *split, int32_t *origin) {
  const mnz_scenario *s = context;
  const mnz_node_spec *spec = mnz_scenario_node(s, node);
  return spec->kind->ore != NULL && spec->kind->ore(spec->params, s->elements.count, split, origin);
}

static mnz_status finish_catalog(mnz_scenario *s, mnz_error *err) {
  static const char *const one_origin[] = {"ore"};
  mnz_catalog *c = &s->catalog;
  if (s->origins.count == 0) s->origins = (mnz_names){one_origin, 1};
  c->elements = s->elements;
  c->origins = s->origins;
  c->n_materials = s->materials.count;
  c->start_us = s->start_us;
  mnz_material *materials = mnz_arena_alloc(s->arena, (size_t)c->n_materials, sizeof *materials, err);
  const char **names = mnz_arena_alloc(s->arena, (size_t)c->n_materials, sizeof *names, err);
  if (materials == NULL || names == NULL) return MNZ_NO_MEMORY;
  memcpy(materials, s->materials.at, (size_t)c->n_materials * sizeof *materials);
  for (int32_t i = 0; i < c->n_materials; i++) names[i] = materials[i].name;
  s->material_names = names;
  const char **prices = mnz_arena_alloc(s->arena, (size_t)s->prices.count + 1, sizeof *prices, err);
  if (prices == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < s->prices.count; i++) prices[i] = mnz_scenario_price(s, i)->name;
  s->price_names = prices;
  const char **contracts = mnz_arena_alloc(s->arena, (size_t)s->contracts.count + 1, sizeof *contracts, err);
  if (contracts == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < s->contracts.count; i++) contracts[i] = mnz_scenario_contract(s, i)->name;
  s->contract_names = contracts;
  mnz_catalog_finish(c, materials, ore_of, s);
  return MNZ_OK;
}

static mnz_status finish_regimes(mnz_scenario *s, mnz_error *err) {
  const char **names = mnz_arena_alloc(s->arena, (size_t)s->regimes.count + 1, sizeof *names, err);
  if (names == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < s->regimes.count; i++) names[i] = mnz_scenario_regime(s, i)->name;
  s->regime_names = names;
  return MNZ_OK;
}

static mnz_status finish_flows(mnz_scenario *s, mnz_error *err) {
  mnz_flows *flows = mnz_arena_alloc(s->arena, (size_t)s->nodes.count, sizeof *flows, err);
  const char **names = mnz_arena_alloc(s->arena, (size_t)s->nodes.count, sizeof *names, err);
  mnz_fluid_part *part = mnz_arena_alloc(s->arena, 1, sizeof *part, err);
  if (flows == NULL || names == NULL || part == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < s->nodes.count; i++) {
    const mnz_node_spec *node = mnz_scenario_node(s, i);
    flows[i].asks_of = -1;
    flows[i].asks_for = -1;
    flows[i].origin = -1;
    flows[i].serves = -1;
    node->kind->flows(node->params, &s->catalog, &flows[i]);
    flows[i].fluid = node->kind->flow != NULL && node->kind->flow(node->params, &s->catalog, part);
    names[i] = node->name;
  }
  s->flows = flows;
  s->node_names = names;
  return MNZ_OK;
}

static mnz_status finish_labels(mnz_scenario *s, mnz_error *err) {
  const char **disruptions =
      mnz_arena_alloc(s->arena, (size_t)s->disruptions.count + 1, sizeof *disruptions, err);
  const char **crews = mnz_arena_alloc(s->arena, (size_t)s->crews.count + 1, sizeof *crews, err);
  if (disruptions == NULL || crews == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < s->disruptions.count; i++) disruptions[i] = mnz_scenario_disruption(s, i)->name;
  for (int32_t i = 0; i < s->crews.count; i++) crews[i] = ((const mnz_crew_spec *)s->crews.at)[i].name;
  s->disruption_names = disruptions;
  s->crew_names = crews;
  return MNZ_OK;
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static mnz_status finish_end_uses(mnz_scenario *s, mnz_error *err) {
  const char **names = mnz_arena_alloc(s->arena, (size_t)s->nodes.count + 1, sizeof *names, err);
  size_t n = 0;
  if (names == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < s->nodes.count; i++)
    if (s->flows[i].end_use != NULL) names[n++] = s->flows[i].end_use;
  qsort(names, n, sizeof *names, by_name);
  for (size_t i = 0; i < n; i++)
    if (i == 0 || strcmp(names[i], names[i - 1]) != 0) names[s->n_end_uses++] = names[i];
  s->end_use_names = names;
  return MNZ_OK;
}

bool mnz_orders_from(const mnz_flows *buyer, int32_t seller, int32_t material) {
  if (buyer->asks_of == seller && buyer->asks_for == material) return true;
  for (int32_t i = 0; i < buyer->n_parts; i++) {
    if (buyer->asks_of == seller && buyer->part[i].material == material) return true;
  }
  for (int32_t i = 0; i < buyer->n_purchases; i++) {
    if (buyer->purchase[i].material != material) continue;
    const mnz_source *sources = buyer->purchase[i].sources.at;
    for (int32_t k = 0; k < buyer->purchase[i].sources.count; k++) {
      if (sources[k].from == seller) return true;
    }
  }
  return false;
}

/* A link carries what the one end has and the other takes. What the receiver does not order is pushed on;
 * a stockpile gives to the one that it serves when it decides to. */
static mnz_status finish_links(mnz_scenario *s, mnz_error *err) {
  uint64_t *carries = mnz_arena_alloc(s->arena, (size_t)s->links.count + 1, sizeof *carries, err);
  uint64_t *pushes = mnz_arena_alloc(s->arena, (size_t)s->links.count + 1, sizeof *pushes, err);
  if (carries == NULL || pushes == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < s->links.count; i++) {
    const mnz_link_spec *link = mnz_scenario_link(s, i);
    uint64_t said = link->carries.count == 0 ? UINT64_MAX : 0;
    for (int32_t k = 0; k < link->carries.count; k++) said |= UINT64_C(1) << link->carries.at[k];
    carries[i] = said & s->flows[link->from].makes & s->flows[link->to].takes;
    if (mnz_scenario_node(s, link->from)->kind->gives_on_its_own) continue;
    for (int32_t m = 0; m < s->catalog.n_materials; m++) {
      if ((carries[i] >> m & 1) && !mnz_orders_from(&s->flows[link->to], link->from, m))
        pushes[i] |= UINT64_C(1) << m;
    }
  }
  s->link_materials = carries;
  s->link_pushes = pushes;
  return MNZ_OK;
}

mnz_status mnz_scenario_finish(mnz_scenario *s, const mnz_findings *findings, mnz_error *err) {
  mnz_status status;
  mnz_tally tally = {.findings = findings};
  s->horizon = s->end_us - s->start_us;
  s->counts_from = s->warm_up_us == MNZ_NO_DATE ? 0 : s->warm_up_us - s->start_us;
  if (parse_seed(s, findings) != MNZ_OK) tally.errors++;
  if ((status = mnz_scenario_calendars(s, &tally, err)) != MNZ_OK) return status;
  if ((status = mnz_scenario_maintenance(s, &tally, err)) != MNZ_OK) return status;
  if ((status = finish_labels(s, err)) != MNZ_OK) return status;
  if ((status = finish_catalog(s, err)) != MNZ_OK) return status;
  if ((status = finish_regimes(s, err)) != MNZ_OK) return status;
  if ((status = finish_flows(s, err)) != MNZ_OK) return status;
  if ((status = finish_end_uses(s, err)) != MNZ_OK) return status;
  if ((status = mnz_scenario_places(s, err)) != MNZ_OK) return status;
  if ((status = finish_links(s, err)) != MNZ_OK) return status;
  if ((status = mnz_check_things(s, &tally, err)) != MNZ_OK) return status;
  if (tally.errors == 0 && (status = mnz_check_fluid(s, &tally, err)) != MNZ_OK) return status;
  /* A network with broken references cannot be reckoned through. */
  if (tally.errors == 0 && (status = mnz_check_network(s, &tally, err)) != MNZ_OK) return status;
  if (tally.errors > 0) return mnz_fail(err, MNZ_SCENARIO, NULL, "%d mistakes in the scenario", tally.errors);
  return MNZ_OK;
}

int64_t mnz_scenario_measured_from(const mnz_scenario *scenario) {
  return scenario->start_us + scenario->counts_from;
}
