/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "domain/buying.h"
#include "monazite/rows.h"
#include "world/host.h"
#include "world/contracts.h"
#include "world/money.h"
#include "world/prices.h"

/* --- building --- */

/* Which (node, material) pairs exist, as the ledger asks for it. */
static bool *existing_pairs(mnz_replication *r, mnz_error *err) {
  const mnz_scenario *s = r->scenario;
  const int32_t m = s->catalog.n_materials;
  bool *has = mnz_arena_alloc(r->arena, (size_t)r->n_nodes * (size_t)m, sizeof *has, err);
  for (int32_t i = 0; has != NULL && i < s->n_places; i++)
    has[s->place_node[i] * m + s->place_material[i]] = true;
  return has;
}

static mnz_status build_ways(mnz_replication *r, mnz_site *site, mnz_shelf *shelf, mnz_error *err) {
  const mnz_scenario *s = r->scenario;
  const uint64_t bit = UINT64_C(1) << shelf->store.material;
  shelf->ways = mnz_arena_alloc(r->arena, (size_t)r->n_links, sizeof *shelf->ways, err);
  shelf->out = mnz_arena_alloc(r->arena, (size_t)r->n_links, sizeof *shelf->out, err);
  if (r->n_links > 0 && (shelf->ways == NULL || shelf->out == NULL)) return MNZ_NO_MEMORY;
  for (int32_t prefer = 1; prefer <= 99; prefer++) {
    for (int32_t i = 0; i < r->n_links; i++) {
      const mnz_link_spec *spec = mnz_scenario_link(s, i);
      if (spec->from != site->node || spec->prefer != prefer || !(s->link_materials[i] & bit)) continue;
      shelf->out[shelf->n_out++] = &r->links[i];
      if (s->link_pushes[i] & bit) shelf->ways[shelf->n_ways++] = &r->links[i];
    }
  }
  return MNZ_OK;
}

/* A memory for each purchase, if any of them forecasts. */
static mnz_status build_forecasts(mnz_replication *r, mnz_site *site, mnz_error *err) {
  const mnz_flows *flows = &r->scenario->flows[site->node];
  bool any = false;
  for (int32_t i = 0; i < flows->n_purchases; i++) {
    const mnz_buy *buy = flows->purchase[i].buy;
    any |= buy != NULL && buy->policy.kind == MNZ_POLICY_FORECAST;
  }
  if (!any) return MNZ_OK;
  site->forecasts = mnz_arena_alloc(r->arena, (size_t)flows->n_purchases, sizeof *site->forecasts, err);
  return site->forecasts == NULL ? MNZ_NO_MEMORY : MNZ_OK;
}

static mnz_status build_site(mnz_replication *r, int32_t node, mnz_error *err) {
  const mnz_scenario *s = r->scenario;
  mnz_site *site = &r->sites[node];
  const int32_t m = s->catalog.n_materials;
  *site = (mnz_site){.node = node,
                     .spec = mnz_scenario_node(s, node),
                     .catalog = &s->catalog,
                     .services = &r->services,
                     .ledger = &r->ledger,
                     .lots = &r->lots,
                     .asks = r->asks};
  for (int32_t i = 0; i < m; i++) {
    site->shelf_of[i] = mnz_ledger_slot(&r->ledger, node, i) < 0 ? -1 : (int8_t)site->n_shelves++;
  }
  site->shelves = mnz_arena_alloc(r->arena, (size_t)site->n_shelves, sizeof *site->shelves, err);
  site->self = mnz_arena_alloc(r->arena, 1, site->spec->kind->state_size, err);
  if ((site->n_shelves > 0 && site->shelves == NULL) || site->self == NULL) return MNZ_NO_MEMORY;
  mnz_status status = build_forecasts(r, site, err);
  for (int32_t i = 0; i < m && status == MNZ_OK; i++) {
    if (site->shelf_of[i] < 0) continue;
    site->shelves[site->shelf_of[i]].store.material = i;
    status = build_ways(r, site, &site->shelves[site->shelf_of[i]], err);
  }
  return status;
}

static mnz_status build(mnz_replication *r, mnz_error *err) {
  const mnz_scenario *s = r->scenario;
  mnz_status status;
  r->n_nodes = s->nodes.count;
  r->n_links = s->links.count;
  if ((status = mnz_arena_create(&r->arena, err)) != MNZ_OK) return status;
  if ((status = mnz_engine_create(&r->engine, err)) != MNZ_OK) return status;
  if ((status = mnz_pool_create(&r->asks, sizeof(mnz_ask), err)) != MNZ_OK) return status;
  if ((status = mnz_lots_open(&r->lots, &s->catalog, err)) != MNZ_OK) return status;
  const bool *has = existing_pairs(r, err);
  if (has == NULL) return MNZ_NO_MEMORY;
  if ((status = mnz_ledger_open(&r->ledger, &s->catalog, r->n_nodes, has, err)) != MNZ_OK) return status;
  mnz_ledger_set_clock(&r->ledger, mnz_host_now, r); /* which is that of the engine */
  if ((status = mnz_baseline_open(r, err)) != MNZ_OK) return status;
  if ((status = mnz_record_open(r, err)) != MNZ_OK) return status;
  if ((status = mnz_verify_open(r, err)) != MNZ_OK) return status;
  r->sites = mnz_arena_alloc(r->arena, (size_t)r->n_nodes, sizeof *r->sites, err);
  r->stirred = mnz_arena_alloc(r->arena, (size_t)r->n_nodes, sizeof *r->stirred, err);
  r->unmet = mnz_arena_alloc(r->arena, (size_t)r->n_nodes, sizeof *r->unmet, err);
  r->links = mnz_arena_alloc(r->arena, (size_t)r->n_links + 1, sizeof *r->links, err);
  if (r->sites == NULL || r->stirred == NULL || r->unmet == NULL || r->links == NULL) {
    return MNZ_NO_MEMORY;
  }
  if ((status = mnz_money_open(r, err)) != MNZ_OK) return status;
  if ((status = mnz_prices_open(r, err)) != MNZ_OK) return status;
  mnz_host_open(r);
  if ((status = mnz_host_open_disruptions(r, err)) != MNZ_OK) return status;
  if ((status = mnz_echelon_open(r, err)) != MNZ_OK) return status;
  if ((status = mnz_host_open_regimes(r, err)) != MNZ_OK) return status;
  if ((status = mnz_contracts_open(r, err)) != MNZ_OK) return status;
  mnz_replication_watch_events(r, NULL, NULL); /* nobody but, if it is asked for, the log */
  for (int32_t i = 0; i < r->n_nodes; i++) {
    if ((status = build_site(r, i, err)) != MNZ_OK) return status;
  }
  for (int32_t i = 0; i < r->n_links; i++) mnz_link_open(&r->links[i], mnz_scenario_link(s, i), i);
  status = mnz_fluid_open(&r->fluid, &r->services, r->arena, r->sites, r->n_nodes, r->links, r->n_links, err);
  if (status != MNZ_OK) return status;
  return mnz_observer_create(&r->observer, r, err);
}

mnz_status mnz_replication_create(mnz_replication **out, const mnz_scenario *scenario, const mnz_watch *watch,
                                  uint32_t index, mnz_error *err) {
  *out = NULL;
  mnz_replication *r;
  mnz_status status = mnz_new_array(&r, 1, err);
  if (status != MNZ_OK) return status;
  r->scenario = scenario;
  if (watch != NULL) r->watch = *watch;
  if ((status = build(r, err)) == MNZ_OK) status = mnz_replication_reset(r, index, err);
  if (status != MNZ_OK) {
    mnz_replication_free(r);
    return status;
  }
  *out = r;
  return MNZ_OK;
}

void mnz_replication_free(mnz_replication *r) {
  if (r == NULL) return;
  mnz_observer_free(r->observer);
  mnz_host_free_regimes(r);
  for (int32_t i = 0; i < r->n_nodes && r->sites != NULL; i++) {
    for (int32_t k = 0; k < r->sites[i].n_shelves && r->sites[i].shelves != NULL; k++)
      mnz_traffic_free(&r->sites[i].shelves[k].traffic);
  }
  mnz_ledger_close(&r->ledger);
  mnz_lots_close(&r->lots);
  mnz_pool_free(r->asks);
  mnz_engine_free(r->engine);
  mnz_arena_free(r->arena);
  free(r->log);
  free(r);
}

/* --- starting --- */

static mnz_status post_sample(mnz_replication *r, mnz_error *err);
static mnz_status post_end(mnz_replication *r, mnz_error *err);
static mnz_status post_settling(mnz_replication *r, mnz_error *err);

static mnz_status stock_store(mnz_site *site, const mnz_store_spec *spec, mnz_error *err) {
  mnz_mass left = spec->initial;
  const mnz_mass each = spec->lot > 0 && spec->keep == MNZ_KEEP_LOTS ? spec->lot : spec->initial;
  while (left > 0) {
    mnz_lot *lot = mnz_site_make(site, spec->material, spec->origin, each < left ? each : left, err);
    if (lot == NULL) return MNZ_NO_MEMORY;
    left -= lot->mass;
    mnz_store_put(&mnz_site_shelf(site, spec->material)->store, site->ledger, site->lots, lot);
  }
  return MNZ_OK;
}

static mnz_status start_site(mnz_replication *r, mnz_site *site, mnz_error *err) {
  const mnz_scenario *s = r->scenario;
  const mnz_list *stores = &site->spec->stores;
  site->availability = 1;
  site->stopped = 0;
  site->has_kits = false;
  site->looks = 0;
  site->looked_at = -1;
  site->door = (mnz_lot_queue){0};
  site->state = MNZ_STATE_IDLE;
  site->state_since = 0;
  site->lost = 0;
  memset(site->state_time, 0, sizeof site->state_time);
  site->counts = (mnz_counts){.capped_since = MNZ_NEVER};
  for (int32_t i = 0; i < site->n_shelves; i++) {
    mnz_shelf *shelf = &site->shelves[i];
    const int32_t material = shelf->store.material;
    const mnz_store_spec *spec = NULL;
    for (int32_t k = 0; k < stores->count; k++) {
      const mnz_store_spec *at = (const mnz_store_spec *)stores->at + k;
      if (at->material == material) spec = at;
    }
    mnz_store_open(&shelf->store, material, spec);
    shelf->book = (mnz_book){0};
    shelf->on_order = 0;
    shelf->least = 0;
    shelf->asked = 0;
    shelf->usage = s->usage[site->node * s->catalog.n_materials + material];
    shelf->usage_time = 0;
    shelf->waits_elsewhere = false;
    shelf->drawn = -1;
    shelf->draws = 0;
    mnz_traffic_restart(&shelf->traffic);
    mnz_status status = spec == NULL ? MNZ_OK : stock_store(site, spec, err);
    if (status != MNZ_OK) return status;
  }
  return MNZ_OK;
}

mnz_status mnz_replication_reset(mnz_replication *r, uint32_t index, mnz_error *err) {
  mnz_status status;
  mnz_engine_reset(r->engine);
  mnz_lots_reset(&r->lots);
  mnz_pool_reset(r->asks);
  mnz_ledger_reset(&r->ledger);
  r->index = index;
  r->failed = false;
  r->stream_exhausted = false;
  r->trace_count = 0;
  r->ended = false;
  r->given = false;
  r->samples = 0;
  r->settlings = 0;
  r->n_log = 0;
  r->log_is_cut = false;
  r->next_check = MNZ_LEDGER_EVERY;
  memset(r->stirred, 0, (size_t)r->n_nodes * sizeof *r->stirred);
  for (int32_t i = 0; i < r->n_nodes; i++) r->unmet[i] = MNZ_NEVER;
  mnz_record_start(r, 0);
  if ((status = mnz_baseline_start(r, err)) != MNZ_OK) return status;
  mnz_money_start(r);
  if ((status = mnz_observer_reset(r->observer, err)) != MNZ_OK) return status;
  if ((status = mnz_host_start_links(r, err)) != MNZ_OK) return status;
  for (int32_t i = 0; i < r->n_nodes; i++) {
    if ((status = start_site(r, &r->sites[i], err)) != MNZ_OK) return status;
  }
  mnz_ledger_forget_flows(&r->ledger); /* initial stocks are neither mined nor an inflow */
  if ((status = mnz_host_start_disruptions(r, err)) != MNZ_OK) return status;
  if ((status = mnz_host_start_regimes(r, err)) != MNZ_OK) return status;
  for (int32_t i = 0; i < r->n_nodes; i++) {
    mnz_site *site = &r->sites[i];
    if (site->fluid != NULL) continue;
    if ((status = site->spec->kind->start(site->self, site, site->spec->params, err)) != MNZ_OK)
      return status;
  }
  if ((status = mnz_fluid_start(&r->fluid, err)) != MNZ_OK) return status;
  if ((status = mnz_prices_start(r, err)) != MNZ_OK) return status;
  if ((status = mnz_contracts_start(r, err)) != MNZ_OK) return status;
  if ((status = post_end(r, err)) != MNZ_OK) return status;
  if ((status = post_settling(r, err)) != MNZ_OK) return status;
  return post_sample(r, err);
}

/* --- running --- */

int64_t mnz_replication_now(const mnz_replication *r) {
  return mnz_engine_now(r->engine);
}

uint64_t mnz_replication_events(const mnz_replication *r) {
  const size_t samples = r->ended ? r->samples - 1 : r->samples; /* the last one is no event */
  return mnz_engine_executed(r->engine) - samples - r->settlings - r->baseline.taken;
}

static const char *node_name(const void *context, int32_t node) {
  return ((const mnz_replication *)context)->sites[node].spec->name;
}

static mnz_status check_ledger(const mnz_replication *r, mnz_mass *residual, mnz_error *err) {
  mnz_status status = mnz_ledger_check(&r->ledger, &r->lots, node_name, r, residual, err);
  if (status != MNZ_LEDGER || err == NULL) return status;
  char facility[256];
  char where[160];
  snprintf(facility, sizeof facility, "%s", err->where);
  mnz_host_where(r, -1, where);
  snprintf(err->where, sizeof err->where, "%s%s", facility[0] == '\0' ? "all" : facility, strchr(where, ','));
  return status;
}

mnz_status mnz_replication_verify(const mnz_replication *r, mnz_error *err) {
  mnz_status status = mnz_verify_totals(r, err);
  if (status == MNZ_OK) status = mnz_fluid_verify(&r->fluid, err);
  return status != MNZ_OK ? status : check_ledger(r, NULL, err);
}

/* One observation, and now and then the ledger. */
static mnz_status observe(mnz_replication *r, mnz_error *err) {
  mnz_observer_sample(r->observer, r);
  r->samples++;
  const mnz_time now = mnz_engine_now(r->engine);
  if (now < r->next_check) return MNZ_OK;
  r->next_check = now + MNZ_LEDGER_EVERY;
  return check_ledger(r, NULL, err);
}

static mnz_status on_sample(void *self, int64_t arg, mnz_error *err) {
  (void)arg;
  mnz_status status = observe(self, err);
  return status != MNZ_OK ? status : post_sample(self, err);
}

/* Settling moves whole milligrams, so when it is done changes what follows in the last digits. Observations
 * must not: flows are settled every `sample` of the scenario, whoever looks and when. Who looks in between
 * sees what was settled last. */
static mnz_status on_settling(void *self, int64_t arg, mnz_error *err) {
  (void)arg;
  mnz_replication *r = self;
  r->settlings++;
  mnz_status status = mnz_host_locate(r, -1, mnz_fluid_settle(&r->fluid, err), err);
  return status != MNZ_OK ? status : post_settling(r, err);
}

static mnz_status post_settling(mnz_replication *r, mnz_error *err) {
  if (r->fluid.n == 0) return MNZ_OK;
  const mnz_time at = mnz_engine_now(r->engine) + r->scenario->sample;
  return mnz_host_post(r, at, MNZ_PHASE_SETTLING, on_settling, 0, NULL, err);
}

/* Never runs, because the horizon is half-open: it lets the clock go on to the end when nothing else is
 * pending. */
static mnz_status post_end(mnz_replication *r, mnz_error *err) {
  const mnz_event event = {
      .time = r->scenario->horizon, .phase = MNZ_PHASE_OBSERVATION, .fn = on_sample, .self = r};
  return mnz_engine_post(r->engine, &event, NULL, err);
}

/* An observation is the last phase of its instant. */
static mnz_status post_sample(mnz_replication *r, mnz_error *err) {
  const mnz_event event = {.time = mnz_observer_due(r->observer, r->samples),
                           .phase = MNZ_PHASE_OBSERVATION,
                           .fn = on_sample,
                           .self = r};
  return event.time == MNZ_NEVER ? MNZ_OK : mnz_engine_post(r->engine, &event, NULL, err);
}

/* The horizon is half-open: at its end nothing happens but the last observation. */
mnz_status mnz_replication_run(mnz_replication *r, int64_t until, uint64_t max_events, bool *done,
                               mnz_error *err) {
  *done = r->ended;
  if (r->failed) return mnz_fail(err, MNZ_MODEL, NULL, "the replication has failed before");
  if (r->ended) return MNZ_OK;
  if (until > r->scenario->horizon) until = r->scenario->horizon;
  mnz_run_reason reason;
  mnz_status status = mnz_engine_run(r->engine, until, max_events, &reason, err);
  if (status == MNZ_OK) status = mnz_event_log_check(r, err);
  if (status == MNZ_OK && until == r->scenario->horizon && reason != MNZ_RUN_EVENTS) {
    status = mnz_fluid_settle(&r->fluid, err);
    if (status == MNZ_OK) status = observe(r, err);
    r->ended = status == MNZ_OK;
  }
  r->failed = status != MNZ_OK;
  *done = r->ended;
  return status;
}

mnz_status mnz_replication_finish(mnz_replication *r, mnz_result **result, mnz_error *err) {
  *result = NULL;
  if (!r->ended || r->given) {
    return mnz_fail(err, MNZ_MODEL, NULL, "the replication %s",
                    r->given ? "has given its result before" : "has not reached its end");
  }
  mnz_mass residual;
  mnz_status status = mnz_replication_verify(r, err);
  if (status == MNZ_OK) status = check_ledger(r, &residual, err);
  if (status == MNZ_OK) status = mnz_observer_finish(r->observer, r, result, err);
  if (status != MNZ_OK) return status;
  (*result)->residual_mg = residual;
  r->given = true;
  if ((status = mnz_event_log_give(r, *result, err)) == MNZ_OK) return MNZ_OK;
  mnz_result_free(*result);
  *result = NULL;
  return status;
}

/* The variables of a world that has not run yet have the names and lengths of those of one that has. */
mnz_status mnz_shape_create(const mnz_scenario *scenario, const mnz_watch *watch, mnz_result **out,
                            mnz_error *err) {
  *out = NULL;
  mnz_replication *r;
  mnz_status status = mnz_replication_create(&r, scenario, watch, 0, err);
  if (status != MNZ_OK) return status;
  status = mnz_observer_finish(r->observer, r, out, err);
  mnz_replication_free(r);
  if (status != MNZ_OK) return status;
  (*out)->keeps_log = watch != NULL && watch->events;
  for (size_t k = 0; k < (*out)->n_variables; k++) {
    mnz_variable *v = &(*out)->variables[k];
    free(v->data);
    v->data = NULL;
    if (v->series && v->cell == MNZ_CELL_F8) v->cell = MNZ_CELL_F4;
  }
  return MNZ_OK;
}
