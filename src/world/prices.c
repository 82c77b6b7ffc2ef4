/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/prices.h"

#include <math.h>

#include "domain/said.h"
#include "world/host.h"

#define DEAREST  1e18  /* US dollars a milligram: sums stay finite, */
#define CHEAPEST 1e-30 /* and logarithms of what a process has made */

static const mnz_price_spec *spec_of(const mnz_replication *r, int32_t i) {
  return mnz_scenario_price(r->scenario, i);
}

/* --- processes --- */

double mnz_process_step(const mnz_process *p, double price, double time, double normal, double jumps,
                        double jump_normal) {
  const double spread = p->volatility * sqrt(time);
  const double grown = (p->drift - p->volatility * p->volatility / 2) * time + spread * normal;
  switch (p->kind) {
  case MNZ_PROCESS_CONSTANT:
    return price;
  case MNZ_PROCESS_GBM:
    return price * exp(grown);
  case MNZ_PROCESS_JUMPS: {
    const double mean_jump = exp(p->jump_mean + p->jump_sd * p->jump_sd / 2) - 1;
    const double jumped = jumps * p->jump_mean + sqrt(jumps) * p->jump_sd * jump_normal;
    return price * exp(grown - mean_jump * time / p->jump_every + jumped);
  }
  case MNZ_PROCESS_MEAN_REVERTING: {
    const double speed = log(2) / p->half_life;
    const double sd = p->volatility * sqrt(-expm1(-2 * speed * time) / (2 * speed));
    const double distance = log(price / p->level) * exp(-speed * time);
    return p->level * exp(distance + sd * normal);
  }
  }
  return price;
}

static double move_process(mnz_replication *r, int32_t i) {
  static const mnz_distribution standard = {.kind = MNZ_DIST_NORMAL, .p = {0, 1, -INFINITY, INFINITY}};
  const mnz_price_spec *spec = spec_of(r, i);
  const mnz_price_state *price = &r->prices[i];
  const mnz_services *s = &r->services;
  const mnz_process *p = &spec->process;
  const double time = (double)spec->every;
  double jumps = 0;
  double jump_normal = 0;
  if (p->kind == MNZ_PROCESS_CONSTANT) return price->base;
  const double normal = mnz_services_draw(s, price->hash, MNZ_PURPOSE_PRICE, price->moves, &standard);
  if (p->kind == MNZ_PROCESS_JUMPS) {
    const mnz_distribution count = {.kind = MNZ_DIST_POISSON, .p = {time / p->jump_every, 1, 0}};
    jumps = mnz_services_draw(s, price->hash, MNZ_PURPOSE_JUMPS, price->moves, &count);
    if (jumps > 0)
      jump_normal = mnz_services_draw(s, price->hash, MNZ_PURPOSE_JUMP_SIZE, price->moves, &standard);
  }
  const double moved = mnz_process_step(p, price->base, time, normal, jumps, jump_normal);
  return fmax(moved, CHEAPEST);
}

/* --- responses --- */

static bool counts(const mnz_replication *r, const mnz_price_response *response, int32_t node,
                   int32_t material) {
  if (response->cover.count == 0) return mnz_is_users_stock(r->scenario, node, material);
  for (int32_t i = 0; i < response->cover.count; i++)
    if (response->cover.at[i] == node) return true;
  return false;
}

/* What scarcity makes of a price. Where nobody uses the material, nothing. */
static double response_factor(const mnz_replication *r, const mnz_price_spec *spec) {
  const mnz_price_response *response = spec->responds;
  if (response == NULL) return 1;
  const int32_t material = response->material >= 0 ? response->material : spec->material;
  double stock = 0;
  double usage = 0;
  for (int32_t node = 0; node < r->n_nodes; node++) {
    const mnz_shelf *shelf = mnz_site_shelf(&r->sites[node], material);
    if (shelf == NULL || !counts(r, response, node, material)) continue;
    stock += (double)shelf->store.mass;
    usage += mnz_site_usage(&r->sites[node], material);
  }
  if (!(usage > 0)) return 1;
  const double cover = stock / usage;
  const double factor = cover > 0 ? pow((double)response->target / cover, response->elasticity) : INFINITY;
  return fmin(fmax(factor, response->least), response->most);
}

/* --- moves --- */

static void set_price(mnz_replication *r, int32_t i) {
  const mnz_price_spec *spec = spec_of(r, i);
  mnz_price_state *price = &r->prices[i];
  const mnz_time now = mnz_engine_now(r->engine);
  price->integral += price->now * (double)(now - price->since);
  price->since = now;
  price->base = fmin(price->base, DEAREST);
  price->now = price->base * response_factor(r, spec);
  if (!isnan(spec->ceiling)) price->now = fmin(price->now, spec->ceiling);
  if (!isnan(spec->floor)) price->now = fmax(price->now, spec->floor);
}

static bool has_values(const mnz_price_spec *spec) {
  return mnz_is_said(&spec->value);
}

static double draw_value(mnz_replication *r, int32_t i) {
  const mnz_price_state *price = &r->prices[i];
  return mnz_services_draw(&r->services, price->hash, MNZ_PURPOSE_PRICE, price->moves, &spec_of(r, i)->value);
}

/* What has flowed until now has the old price. */
static mnz_status settle_flows(mnz_replication *r, mnz_error *err) {
  return r->fluid.n == 0 ? MNZ_OK : mnz_fluid_settle(&r->fluid, err);
}

static mnz_status on_move(void *self, int64_t arg, mnz_error *err) {
  mnz_replication *r = self;
  const int32_t i = (int32_t)arg;
  const mnz_price_spec *spec = spec_of(r, i);
  mnz_price_state *price = &r->prices[i];
  mnz_status status = settle_flows(r, err);
  if (status != MNZ_OK) return mnz_host_locate(r, -1, status, err);
  price->moves++;
  price->base = has_values(spec) ? draw_value(r, i) : move_process(r, i);
  set_price(r, i);
  status = mnz_host_post(r, mnz_engine_now(r->engine) + spec->every, MNZ_PHASE_DISRUPTION, on_move, arg, NULL,
                         err);
  return mnz_host_locate(r, -1, status, err);
}

static mnz_status on_step(void *self, int64_t arg, mnz_error *err) {
  mnz_replication *r = self;
  const int32_t i = (int32_t)(arg >> 32);
  const mnz_status status = settle_flows(r, err);
  if (status != MNZ_OK) return mnz_host_locate(r, -1, status, err);
  r->prices[i].base = ((const mnz_price_step *)spec_of(r, i)->steps.at)[(uint32_t)arg].price;
  set_price(r, i);
  return MNZ_OK;
}

static mnz_status post_steps(mnz_replication *r, int32_t i, mnz_error *err) {
  const mnz_list *steps = &spec_of(r, i)->steps;
  mnz_status status = MNZ_OK;
  for (int32_t k = 0; k < steps->count && status == MNZ_OK; k++) {
    const mnz_price_step *step = (const mnz_price_step *)steps->at + k;
    if (step->from <= 0)
      r->prices[i].base = step->price;
    else
      status = mnz_host_post(r, step->from, MNZ_PHASE_DISRUPTION, on_step, mnz_host_pack(i, k), NULL, err);
  }
  return status;
}

static mnz_status start_price(mnz_replication *r, int32_t i, mnz_error *err) {
  const mnz_price_spec *spec = spec_of(r, i);
  mnz_price_state *price = &r->prices[i];
  *price =
      (mnz_price_state){.hash = mnz_stream_hash(spec->name), .base = isnan(spec->start) ? 0 : spec->start};
  if (has_values(spec)) price->base = draw_value(r, i);
  mnz_status status = post_steps(r, i, err);
  set_price(r, i);
  const bool moves = has_values(spec) || spec->process.kind != MNZ_PROCESS_CONSTANT || spec->responds != NULL;
  if (status != MNZ_OK || !moves) return status;
  return mnz_host_post(r, spec->every, MNZ_PHASE_DISRUPTION, on_move, i, NULL, err);
}

mnz_status mnz_prices_start(mnz_replication *r, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < r->n_prices && status == MNZ_OK; i++) status = start_price(r, i, err);
  return status;
}

mnz_status mnz_prices_open(mnz_replication *r, mnz_error *err) {
  r->n_prices = r->scenario->prices.count;
  r->prices = mnz_arena_alloc(r->arena, (size_t)r->n_prices + 1, sizeof *r->prices, err);
  return r->prices == NULL ? MNZ_NO_MEMORY : MNZ_OK;
}

void mnz_prices_restart(mnz_replication *r) {
  for (int32_t i = 0; i < r->n_prices; i++) {
    r->prices[i].integral = 0;
    r->prices[i].since = mnz_engine_now(r->engine);
  }
}

double mnz_price_average(const mnz_replication *r, int32_t i) {
  const mnz_price_state *price = &r->prices[i];
  const mnz_time now = mnz_engine_now(r->engine);
  const double whole = price->integral + price->now * (double)(now - price->since);
  return now > r->scenario->counts_from ? whole / (double)(now - r->scenario->counts_from) : price->now;
}

double mnz_price_of(const mnz_replication *r, const mnz_price *price) {
  return price->index < 0 ? price->constant : r->prices[price->index].now;
}
