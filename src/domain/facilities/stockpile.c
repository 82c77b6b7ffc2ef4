/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stockpile is a strategic reserve: it fills slowly up to a target, and when the one that it serves
 * runs low it releases enough to bring that one's cover back to the trigger.
 *
 * Assumptions: it looks once a review; cover is the served node's stock over its recent usage. While it
 * releases it does not fill. Left out: rotation, release by regime or date. */
#include <math.h>
#include <stdio.h>

#include "domain/buying.h"
#include "domain/facilities/kinds.h"

typedef struct hold_params {
  int32_t material;
  mnz_mass target;
  mnz_rate fill;
  mnz_list sources; /* of mnz_source */
} hold_params;

typedef struct release_params {
  mnz_time below;
  mnz_rate rate;
} release_params;

typedef struct stockpile_params {
  mnz_list holds; /* of hold_params */
  int32_t serves;
  const release_params *release;
  mnz_time review;
} stockpile_params;

static const mnz_param hold_table[] = {{.name = "material",
                                        .type = MNZ_PARAM_MATERIAL,
                                        .offset = offsetof(hold_params, material),
                                        .required = true,
                                        .help = "what is held"},
                                       {.name = "target",
                                        .type = MNZ_PARAM_MASS,
                                        .offset = offsetof(hold_params, target),
                                        .required = true,
                                        .min = 0,
                                        .max = 1e300,
                                        .help = "the stock that it fills up to"},
                                       {.name = "fill",
                                        .type = MNZ_PARAM_RATE,
                                        .offset = offsetof(hold_params, fill),
                                        .help = "the most that it buys; it never buys when not said"},
                                       {.name = "sources",
                                        .type = MNZ_PARAM_LIST,
                                        .offset = offsetof(hold_params, sources),
                                        .fields = mnz_source_params,
                                        .item_size = sizeof(mnz_source),
                                        .help = "whom it buys from, in order"},
                                       {.name = NULL}};

static const mnz_param release_table[] = {
    {.name = "below",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(release_params, below),
     .required = true,
     .min = 0,
     .max = 1e300,
     .help = "days of cover of the served node at which it releases"},
    {.name = "rate",
     .type = MNZ_PARAM_RATE,
     .offset = offsetof(release_params, rate),
     .help = "the most of each material that it releases; all that is needed when not said"},
    {.name = NULL}};

static const mnz_param stockpile_table[] = {
    {.name = "holds",
     .type = MNZ_PARAM_LIST,
     .offset = offsetof(stockpile_params, holds),
     .required = true,
     .fields = hold_table,
     .item_size = sizeof(hold_params),
     .help = "what it holds"},
    {.name = "serves",
     .type = MNZ_PARAM_NODE,
     .offset = offsetof(stockpile_params, serves),
     .required = true,
     .help = "the node whose shortage it relieves; a link must lead there"},
    {.name = "release",
     .type = MNZ_PARAM_GROUP,
     .offset = offsetof(stockpile_params, release),
     .required = true,
     .fields = release_table,
     .item_size = sizeof(release_params),
     .help = "when it gives, and how fast"},
    {.name = "review",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(stockpile_params, review),
     .min = 3.6e9,
     .max = 1e300,
     .fallback = "7 d",
     .help = "time between two looks, the first at the start"},
    {.name = NULL}};

typedef struct stockpile {
  mnz_site *site;
  const stockpile_params *params;
} stockpile;

enum { TAG_LOOK };

static const hold_params *hold(const stockpile_params *p, int32_t i) {
  return (const hold_params *)p->holds.at + i;
}

static void stockpile_flows(const void *params, const mnz_catalog *catalog, mnz_flows *out) {
  const stockpile_params *p = params;
  (void)catalog;
  for (int32_t i = 0; i < p->holds.count; i++) {
    const hold_params *h = hold(p, i);
    if (h->material < 0) continue;
    out->takes |= UINT64_C(1) << h->material;
    mnz_purchase *purchase = h->sources.count > 0 ? mnz_flows_purchase(out) : NULL;
    if (purchase != NULL) *purchase = (mnz_purchase){h->material, h->sources, NULL};
  }
  out->makes |= out->takes;
  out->serves = p->serves;
}

static void stockpile_check(const void *params, const mnz_catalog *catalog, const mnz_report *report) {
  const stockpile_params *p = params;
  char path[64];
  uint64_t seen = 0;
  for (int32_t i = 0; i < p->holds.count; i++) {
    snprintf(path, sizeof path, "holds[%d].material", i);
    mnz_check_once(&seen, hold(p, i)->material, path, catalog, report);
  }
}

static mnz_status release(stockpile *s, int32_t material, mnz_mass need, mnz_error *err) {
  const mnz_shelf *shelf = mnz_site_shelf(s->site, material);
  const release_params *r = s->params->release;
  if (!mnz_site_reaches(s->site, material, s->params->serves)) return MNZ_OK;
  if (r->rate.per_us >= 0) need = (mnz_mass)fmin((double)need, r->rate.per_us * (double)s->params->review);
  if (need > shelf->store.mass) need = shelf->store.mass;
  need = mnz_site_permits(s->site, material, s->params->serves, need);
  mnz_lot *lot = NULL;
  mnz_status status = mnz_site_take(s->site, material, need, &lot, err);
  if (status != MNZ_OK || lot == NULL) return status;
  return mnz_site_ship(s->site, s->params->serves, &lot, err);
}

static mnz_status refill(stockpile *s, const hold_params *h, mnz_error *err) {
  if (h->fill.per_us <= 0 || h->sources.count == 0) return MNZ_OK;
  const mnz_mass gap = h->target - mnz_site_position(s->site, h->material);
  const mnz_mass most = llround(h->fill.per_us * (double)s->params->review);
  if (gap <= 0) return MNZ_OK;
  const mnz_buy buy = {.material = h->material, .sources = h->sources, .priority = 99};
  return mnz_buying_order(s->site, &buy, gap < most ? gap : most, 0, err);
}

static mnz_status look(stockpile *s, mnz_error *err) {
  const stockpile_params *p = s->params;
  const mnz_services *services = s->site->services;
  for (int32_t i = 0; i < p->holds.count; i++) {
    const hold_params *h = hold(p, i);
    const double usage = services->usage(services->host, p->serves, h->material);
    const double wanted = usage * (double)p->release->below;
    /* What is on its way there counts: else each look would release the same again. */
    const double there = (double)(services->stock(services->host, p->serves, h->material) +
                                  services->coming(services->host, p->serves, h->material));
    mnz_status status =
        there < wanted ? release(s, h->material, llround(wanted - there), err) : refill(s, h, err);
    if (status != MNZ_OK) return status;
  }
  return MNZ_OK;
}

static mnz_status stockpile_decide(void *self, mnz_error *err) {
  stockpile *s = self;
  mnz_site_set_state(s->site, MNZ_STATE_UP);
  return mnz_site_allocate(s->site, err);
}

static mnz_status stockpile_wake(void *self, int32_t tag, mnz_error *err) {
  stockpile *s = self;
  (void)tag; /* there is only one */
  mnz_status status = look(s, err);
  if (status != MNZ_OK) return status;
  return mnz_site_wake(s->site, mnz_site_now(s->site) + s->params->review, MNZ_PHASE_DECISION, TAG_LOOK, NULL,
                       err);
}

static mnz_status stockpile_start(void *self, mnz_site *site, const void *params, mnz_error *err) {
  stockpile *s = self;
  *s = (stockpile){.site = site, .params = params};
  mnz_status status = mnz_site_stir(site, err);
  if (status != MNZ_OK) return status;
  return mnz_site_wake(site, mnz_site_now(site), MNZ_PHASE_DECISION, TAG_LOOK, NULL, err);
}

static const mnz_output stockpile_outputs[] = {{"stock", "t", "what it holds"},
                                               {"outflow", "t", "what it released in the sample period"},
                                               {NULL, NULL, NULL}};

const mnz_kind mnz_stockpile_kind = {
    .name = "stockpile",
    .help = "strategic reserve: fills to a target, releases when the node that it serves runs low",
    .gives_on_its_own = true,
    .params = stockpile_table,
    .params_size = sizeof(stockpile_params),
    .outputs = stockpile_outputs,
    .flows = stockpile_flows,
    .check = stockpile_check,
    .state_size = sizeof(stockpile),
    .start = stockpile_start,
    .decide = stockpile_decide,
    .wake = stockpile_wake,
};
