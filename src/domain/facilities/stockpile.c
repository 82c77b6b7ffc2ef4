/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stockpile is a strategic reserve: it fills slowly up to a target, and when the one that it serves
 * runs low it releases enough to bring that one's cover back to the trigger. A release may be bound to
 * dates and to the state of a regime; without a trigger of cover it then gives at its rate.
 *
 * Rotation: what has lain for too long is bought anew first; then as much of the oldest is sold on to the
 * node that it serves, so that the reserve never falls below its target for that.
 *
 * Assumptions: it looks once a review; cover is the served node's stock over its recent usage. While it
 * releases it neither fills nor rotates. */
#include <math.h>
#include <stdio.h>

#include "domain/buying.h"
#include "domain/facilities/kinds.h"

typedef struct hold_params {
  int32_t material;
  mnz_mass target; /* -1: by cover */
  mnz_time cover;  /* -1: by target */
  mnz_rate fill;
  mnz_time rotation; /* -1: never */
  mnz_list sources;  /* of mnz_source */
} hold_params;

typedef struct release_params {
  mnz_time below; /* -1: not said */
  mnz_rate rate;
  int32_t regime;   /* -1: whatever the regimes */
  mnz_names states; /* of it; none: all but open and tariff */
  mnz_time from;
  mnz_time until;
} release_params;

typedef struct stockpile_params {
  mnz_list holds; /* of hold_params */
  int32_t serves;
  const release_params *release;
  mnz_time review;
} stockpile_params;

static const mnz_param hold_table[] = {
    {.name = "material",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(hold_params, material),
     .required = true,
     .help = "what is held"},
    {.name = "target",
     .type = MNZ_PARAM_MASS,
     .offset = offsetof(hold_params, target),
     .min = 0,
     .max = 1e300,
     .help = "the stock that it fills up to"},
    {.name = "cover",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(hold_params, cover),
     .min = 0,
     .max = 1e300,
     .help = "or: fills up to the usage of the served node in so long"},
    {.name = "fill",
     .type = MNZ_PARAM_RATE,
     .offset = offsetof(hold_params, fill),
     .help = "the most that it buys; it never buys when not said"},
    {.name = "rotation",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(hold_params, rotation),
     .min = 86400e6,
     .max = 1e300,
     .help = "lots that have lain so long are bought anew, then sold on to the "
             "served node; never when not said"},
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
     .min = 0,
     .max = 1e300,
     .help =
         "days of cover of the served node at which it releases; when not said, whatever its cover, at the "
         "rate"},
    {.name = "rate",
     .type = MNZ_PARAM_RATE,
     .offset = offsetof(release_params, rate),
     .help = "the most of each material that it releases; all that is needed when not said"},
    {.name = "when_regime",
     .type = MNZ_PARAM_NAMED,
     .offset = offsetof(release_params, regime),
     .refers = "regimes",
     .help = "only while this regime is in one of the states"},
    {.name = "states",
     .type = MNZ_PARAM_NAMES,
     .offset = offsetof(release_params, states),
     .help = "out of open, licence, quota, tariff, embargo; licence, quota and embargo when not said"},
    {.name = "from",
     .type = MNZ_PARAM_DATE,
     .offset = offsetof(release_params, from),
     .help = "only from this date on"},
    {.name = "until",
     .type = MNZ_PARAM_DATE,
     .offset = offsetof(release_params, until),
     .help = "and only before this one"},
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

static void check_hold(const hold_params *h, int32_t i, const mnz_report *report) {
  char path[64];
  snprintf(path, sizeof path, "holds[%d]", i);
  if ((h->target < 0) == (h->cover < 0)) {
    report->error(report->context, path,
                  h->target < 0 ? "found neither `target` nor `cover`; expected one of them"
                                : "found both `target` and `cover`; expected one of them");
  }
  if (h->rotation > 0 && (h->fill.per_us <= 0 || h->sources.count == 0)) {
    report->error(report->context, path,
                  "found `rotation` without `fill` and `sources`; expected how it buys anew");
  }
  snprintf(path, sizeof path, "holds[%d].sources", i);
  mnz_sources_check(&h->sources, false, path, report);
}

static void check_release(const release_params *r, const mnz_report *report) {
  if (r->below < 0 && r->rate.per_us < 0)
    report->error(report->context, "release",
                  "found neither `below` nor `rate`; expected at least one of them");
  if (r->below < 0 && r->regime < 0 && r->from == MNZ_NO_DATE) {
    report->error(report->context, "release",
                  "found nothing that sets it off; expected `below`, `when_regime` or `from`");
  }
  if (r->states.count > 0 && r->regime < 0)
    report->error(report->context, "release.states", "found no `when_regime`; expected the regime's name");
  for (int32_t i = 0; i < r->states.count; i++) {
    if (mnz_rule_find(r->states.at[i]) >= 0) continue;
    report->error(report->context, "release.states",
                  "found a state that there is not; expected open, licence, quota, tariff or embargo");
  }
  if (r->from != MNZ_NO_DATE && r->until != MNZ_NO_DATE && r->until <= r->from)
    report->error(report->context, "release.until",
                  "found a date that is not after `from`; expected a later one");
}

static void stockpile_check(const void *params, const mnz_catalog *catalog, const mnz_report *report) {
  const stockpile_params *p = params;
  char path[64];
  uint64_t seen = 0;
  for (int32_t i = 0; i < p->holds.count; i++) {
    snprintf(path, sizeof path, "holds[%d].material", i);
    mnz_check_once(&seen, hold(p, i)->material, path, catalog, report);
    check_hold(hold(p, i), i, report);
  }
  if (p->release != NULL) check_release(p->release, report);
}

/* To the node that it serves: what there is, may leave, and has a way. */
static mnz_status give(stockpile *s, int32_t material, mnz_mass mass, mnz_error *err) {
  const mnz_shelf *shelf = mnz_site_shelf(s->site, material);
  if (!mnz_site_reaches(s->site, material, s->params->serves)) return MNZ_OK;
  if (mass > shelf->store.mass) mass = shelf->store.mass;
  mass = mnz_site_permits(s->site, material, s->params->serves, mass);
  mnz_lot *lot = NULL;
  mnz_status status = mnz_site_take(s->site, material, mass, &lot, err);
  if (status != MNZ_OK || lot == NULL) return status;
  return mnz_site_ship(s->site, s->params->serves, &lot, err);
}

static mnz_status release(stockpile *s, int32_t material, double need, mnz_error *err) {
  const release_params *r = s->params->release;
  if (r->rate.per_us >= 0) need = fmin(need, r->rate.per_us * (double)s->params->review);
  return give(s, material, llround(fmin(1e18, need)), err);
}

static mnz_mass target_of(const stockpile *s, const hold_params *h) {
  if (h->cover < 0) return h->target;
  const mnz_services *services = s->site->services;
  const double usage = services->usage(services->host, s->params->serves, h->material);
  return llround(fmin(1e18, usage * (double)h->cover));
}

/* What has lain for too long; the oldest lots come first. */
static mnz_mass aged(const stockpile *s, const hold_params *h) {
  mnz_mass sum = 0;
  if (h->rotation <= 0) return 0;
  const mnz_time before = mnz_site_now(s->site) - h->rotation;
  const mnz_lot *lot = mnz_site_shelf(s->site, h->material)->store.queue.first;
  for (; lot != NULL && lot->stored <= before; lot = lot->next) sum += lot->mass;
  return sum;
}

static mnz_status refill(stockpile *s, const hold_params *h, mnz_mass target, mnz_error *err) {
  if (h->fill.per_us <= 0 || h->sources.count == 0) return MNZ_OK;
  const mnz_mass gap = target - mnz_site_position(s->site, h->material);
  const mnz_mass most = llround(h->fill.per_us * (double)s->params->review);
  if (gap <= 0) return MNZ_OK;
  const mnz_buy buy = {.material = h->material, .sources = h->sources, .priority = 99};
  return mnz_buying_order(s->site, &buy, gap < most ? gap : most, 0, err);
}

/* Buys what is to be had anew, and sells on as much of the oldest as there is above the target. */
static mnz_status keep(stockpile *s, const hold_params *h, mnz_error *err) {
  const mnz_mass target = target_of(s, h);
  const mnz_mass old = aged(s, h);
  const mnz_mass over = mnz_site_shelf(s->site, h->material)->store.mass - target;
  const mnz_mass sell = over < old ? over : old;
  mnz_status status = sell > 0 ? give(s, h->material, sell, err) : MNZ_OK;
  return status != MNZ_OK ? status : refill(s, h, target + aged(s, h), err);
}

/* May it release at all? */
static bool is_time(const stockpile *s) {
  const release_params *r = s->params->release;
  const mnz_services *services = s->site->services;
  const mnz_time now = mnz_site_now(s->site);
  if (r->from != MNZ_NO_DATE && now < r->from) return false;
  if (r->until != MNZ_NO_DATE && now >= r->until) return false;
  if (r->regime < 0) return true;
  const int32_t rule = services->rule(services->host, r->regime);
  for (int32_t i = 0; i < r->states.count; i++)
    if (mnz_rule_find(r->states.at[i]) == rule) return true;
  return r->states.count == 0 && rule != MNZ_RULE_OPEN && rule != MNZ_RULE_TARIFF;
}

static double needed(const stockpile *s, const hold_params *h) {
  const stockpile_params *p = s->params;
  const mnz_services *services = s->site->services;
  if (!is_time(s)) return 0;
  if (p->release->below < 0) return INFINITY; /* as much as its rate lets go */
  const double wanted = services->usage(services->host, p->serves, h->material) * (double)p->release->below;
  /* What is on its way there counts: else each look would release the same again. */
  return wanted - (double)(services->stock(services->host, p->serves, h->material) +
                           services->coming(services->host, p->serves, h->material));
}

static mnz_status look(stockpile *s, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < s->params->holds.count && status == MNZ_OK; i++) {
    const hold_params *h = hold(s->params, i);
    const double need = needed(s, h);
    status = need > 0 ? release(s, h->material, need, err) : keep(s, h, err);
  }
  return status;
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
