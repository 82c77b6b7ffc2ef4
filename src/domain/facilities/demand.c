/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A demand orders a product; what is not delivered stays owed until the user's patience ends, then it is
 * lost.
 *
 * It says what it wants in one of two ways. By `rate`: an order is the rate of its time for the interval
 * until the next. By `size`: intervals and sizes are drawn apart, so that orders are a renewal process with
 * sizes of their own (Poisson, compound Poisson, periodic and random, a trace).
 *
 * Assumptions: growth compounds by the year of 365 days; a season is a factor of the calendar month in which
 * an order is placed. What arrives leaves the ledger as delivered, or is in use until the end of its life. */
#include <math.h>
#include <stdio.h>

#include "domain/facilities/demand.h"
#include "domain/facilities/kinds.h"
#include "domain/feeds.h"
#include "domain/line.h"
#include "domain/service_life.h"
#include "domain/site.h"
#include "monazite/calendar.h"

/* Whatever the growth: sums stay within their integers. */
#define MOST_AT_ONCE 1e17
#define MOST_IN_ALL  INT64_C(1000000000000000000)

typedef struct part_params {
  int32_t material;
  double share;
} part_params;

typedef struct demand_params {
  int32_t from;
  int32_t product;
  mnz_schedule rate;
  mnz_distribution every;
  mnz_distribution size;
  mnz_time first;
  double growth;
  mnz_months season;
  const char *end_use;
  int32_t priority;
  int32_t unmet; /* mnz_unmet_rule */
  mnz_time patience;
  mnz_list kit; /* of part_params */
  bool whole_kits;
  const mnz_end_of_life *end_of_life;
} demand_params;

static const mnz_param part_table[] = {{.name = "material",
                                        .type = MNZ_PARAM_MATERIAL,
                                        .offset = offsetof(part_params, material),
                                        .required = true,
                                        .help = "what comes with the product, from the same seller"},
                                       {.name = "share",
                                        .type = MNZ_PARAM_SHARE,
                                        .offset = offsetof(part_params, share),
                                        .min = 1e-9,
                                        .max = 1e9,
                                        .fallback = "100 %",
                                        .help = "its mass as a share of the product's"},
                                       {.name = NULL}};

static const mnz_param demand_table[] = {
    {.name = "from",
     .type = MNZ_PARAM_NODE,
     .offset = offsetof(demand_params, from),
     .required = true,
     .help = "whom it orders from"},
    {.name = "product",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(demand_params, product),
     .required = true,
     .help = "what it uses"},
    {.name = "rate",
     .type = MNZ_PARAM_SCHEDULE,
     .offset = offsetof(demand_params, rate),
     .help = "how much, at the start or by steps: an order is the rate of its time for one interval"},
    {.name = "every",
     .type = MNZ_PARAM_DISTRIBUTION,
     .dim = MNZ_DIM_TIME,
     .offset = offsetof(demand_params, every),
     .min = 0,
     .max = 1e300,
     .fallback = "7 d",
     .help = "time from one order to the next, drawn once an order"},
    {.name = "size",
     .type = MNZ_PARAM_DISTRIBUTION,
     .dim = MNZ_DIM_MASS,
     .offset = offsetof(demand_params, size),
     .min = -1e300,
     .max = 1e300,
     .help = "instead of rate: mass of an order, drawn once an order; what is below 0 counts as nothing"},
    {.name = "first",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(demand_params, first),
     .min = 0,
     .max = 1e300,
     .help = "time from the start to the first order; when not said, none with `rate`, one interval with "
             "`size`"},
    {.name = "growth",
     .type = MNZ_PARAM_GROWTH,
     .offset = offsetof(demand_params, growth),
     .fallback = "0 %/yr",
     .help = "of what is asked for, compounding"},
    {.name = "season",
     .type = MNZ_PARAM_MONTHS,
     .offset = offsetof(demand_params, season),
     .min = 0,
     .max = 1000,
     .help = "factors of what is asked for, by the calendar month of the order"},
    {.name = "end_use",
     .type = MNZ_PARAM_TEXT,
     .offset = offsetof(demand_params, end_use),
     .help = "what it is used for, in words that export controls go by"},
    {.name = "priority",
     .type = MNZ_PARAM_COUNT,
     .offset = offsetof(demand_params, priority),
     .min = 1,
     .max = 99,
     .fallback = "1",
     .help = "class: 1 is served first"},
    {.name = "unmet",
     .type = MNZ_PARAM_CHOICE,
     .offset = offsetof(demand_params, unmet),
     .choices = mnz_unmet_names,
     .fallback = "backorder",
     .help =
         "what cannot be had at once: backorder: it waits, as long as its patience; lost: it is given up"},
    {.name = "patience",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(demand_params, patience),
     .min = 0,
     .max = 1e300,
     .help = "how long it waits before it gives an order up; for ever when not said"},
    {.name = "kit",
     .type = MNZ_PARAM_LIST,
     .offset = offsetof(demand_params, kit),
     .fields = part_table,
     .item_size = sizeof(part_params),
     .help = "what is asked for together with the product and shipped only with it; measures speak of the "
             "product"},
    {.name = "whole_kits",
     .type = MNZ_PARAM_FLAG,
     .offset = offsetof(demand_params, whole_kits),
     .fallback = "true",
     .help = "with `kit`: true: an order ships only when all of it is there; false: in matching parts"},
    {.name = "end_of_life",
     .type = MNZ_PARAM_GROUP,
     .offset = offsetof(demand_params, end_of_life),
     .fields = mnz_end_of_life_params,
     .item_size = sizeof(mnz_end_of_life),
     .help = "what becomes of the product after its service; it never comes back when not said"},
    {.name = NULL}};

typedef struct demand {
  mnz_site *site;
  const demand_params *params;
  uint32_t intervals; /* drawn so far */
  uint32_t orders;
  uint32_t kits;
  mnz_service_life service;
  mnz_demand_tally tally;
} demand;

enum { TAG_ORDER, TAG_PATIENCE, TAG_SERVICE };

static bool has_size(const demand_params *p) {
  return mnz_is_said(&p->size);
}

static double rate_at_start(const demand_params *p) {
  const double interval = mnz_mean_if_any(&p->every);
  if (has_size(p)) return interval > 0 ? fmax(0, mnz_mean_if_any(&p->size)) / interval : 0;
  return p->rate.count > 0 ? mnz_schedule_rate(&p->rate, 0) : 0;
}

static const part_params *part(const demand_params *p, int32_t i) {
  return (const part_params *)p->kit.at + i;
}

static mnz_time patience_of(const demand_params *p) {
  return p->unmet == MNZ_UNMET_LOST ? 0 : p->patience;
}

static void demand_flows(const void *params, const mnz_catalog *catalog, mnz_flows *out) {
  const demand_params *p = params;
  (void)catalog;
  out->asks_of = p->from;
  out->asks_for = p->product;
  out->asks_rate = rate_at_start(p);
  out->end_use = p->end_use;
  if (mnz_mean_if_any(&p->every) > 0) out->lots = 1 / mnz_mean_if_any(&p->every);
  if (p->product >= 0) out->takes |= UINT64_C(1) << p->product;
  for (int32_t i = 0; i < p->kit.count && i < MNZ_MAX_PARTS_OF_KIT; i++) {
    if (part(p, i)->material < 0) continue;
    out->takes |= UINT64_C(1) << part(p, i)->material;
    out->part[out->n_parts].material = part(p, i)->material;
    out->part[out->n_parts++].share = part(p, i)->share;
  }
  mnz_end_of_life_flows(p->end_of_life, out->asks_rate, out);
}

static void check_kit(const demand_params *p, const mnz_catalog *catalog, const mnz_report *report) {
  char path[64];
  uint64_t seen = p->product < 0 ? 0 : UINT64_C(1) << p->product;
  if (p->kit.count > MNZ_MAX_PARTS_OF_KIT)
    report->error(report->context, "kit", "found more than 8 materials; expected at most 8");
  for (int32_t i = 0; i < p->kit.count; i++) {
    snprintf(path, sizeof path, "kit[%d].material", i);
    mnz_check_once(&seen, part(p, i)->material, path, catalog, report);
  }
}

static void demand_check(const void *params, const mnz_catalog *catalog, const mnz_report *report) {
  const demand_params *p = params;
  mnz_end_of_life_check(p->end_of_life, catalog, p->product, report);
  const double growth = p->growth * 365 * 86400e6;
  if (!(growth > -1 && growth <= 10)) {
    report->error(report->context, "growth",
                  "found a growth outside -100 %/yr to 1000 %/yr; expected one within");
  }
  if (p->rate.basis != 0) {
    report->error(report->context, "rate",
                  "found a rate on some elements only; expected a rate on the whole mass");
  }
  if ((p->rate.count > 0) == has_size(p)) {
    report->error(report->context, has_size(p) ? "size" : "rate",
                  has_size(p) ? "found both `rate` and `size`; expected one of them"
                              : "missing; expected a rate such as \"10.5 kt/yr\", or `size` and `every`");
  }
  if (!(mnz_mean_if_any(&p->every) >= 1e6)) {
    report->error(report->context, "every",
                  "found orders less than a second apart; expected a time such as \"7 d\"");
  }
  if (has_size(p) && mnz_mean_if_any(&p->size) > MOST_AT_ONCE)
    report->error(report->context, "size", "found more than 100 Mt an order; expected at most that");
  check_kit(p, catalog, report);
  if (p->unmet == MNZ_UNMET_LOST && p->patience > 0)
    report->error(report->context, "patience",
                  "found a patience beside unmet = \"lost\"; expected one of them");
  if (p->product >= 0 && !catalog->materials[p->product].known) {
    report->error(report->context, "product",
                  "the content of this material is not known; expected `content` or `like` in the material");
  }
}

/* --- orders --- */

static mnz_time draw_interval(demand *d) {
  const mnz_site *site = d->site;
  const mnz_time interval = mnz_services_draw_whole(site->services, site->spec->hash, MNZ_PURPOSE_INTERVAL,
                                                    d->intervals++, &d->params->every);
  return interval > 0 ? interval : 0;
}

/* What growth and season make of it by now. */
static double factor_now(const demand *d) {
  const demand_params *p = d->params;
  const mnz_time now = mnz_site_now(d->site);
  const double years = (double)now / (365 * 86400e6);
  const double growth = pow(1 + p->growth * 365 * 86400e6, years);
  if (!p->season.given) return growth;
  const mnz_date date = mnz_moment_date(d->site->catalog->start_us + now);
  return growth * p->season.factor[date.month - 1];
}

static mnz_mass order_mass(demand *d, mnz_time interval) {
  const demand_params *p = d->params;
  const mnz_site *site = d->site;
  const double plain = has_size(p) ? mnz_services_draw(site->services, site->spec->hash, MNZ_PURPOSE_LOT_MASS,
                                                       d->orders++, &p->size)
                                   : mnz_schedule_rate(&p->rate, mnz_site_now(site)) * (double)interval;
  const mnz_mass mass = llround(fmin(MOST_AT_ONCE, fmax(0, plain * factor_now(d))));
  const mnz_mass most = MOST_IN_ALL - d->tally.asked;
  return mass < most ? mass : most;
}

static mnz_status ask_for(demand *d, int32_t material, mnz_mass mass, mnz_error *err) {
  const demand_params *p = d->params;
  const mnz_services *s = d->site->services;
  mnz_mass accepted;
  mnz_site_shelf(d->site, material)->on_order += mass;
  mnz_status status =
      s->ask(s->host, d->site->node, p->from, material, mass, mass, p->priority, false, &accepted, err);
  if (status == MNZ_OK && patience_of(p) == 0) s->let_pass(s->host, d->site->node, p->from, material);
  return status;
}

/* The product has been asked for; what comes with it is too, as one kit. */
static mnz_status ask_for_parts(demand *d, mnz_mass mass, mnz_error *err) {
  const demand_params *p = d->params;
  const mnz_services *s = d->site->services;
  int32_t materials[1 + MNZ_MAX_PARTS_OF_KIT] = {p->product};
  mnz_status status = MNZ_OK;
  if (p->kit.count == 0) return MNZ_OK;
  for (int32_t i = 0; i < p->kit.count && status == MNZ_OK; i++) {
    const double whole = fmin(MOST_AT_ONCE, fmax(1, (double)mass * part(p, i)->share));
    materials[1 + i] = part(p, i)->material;
    status = ask_for(d, part(p, i)->material, llround(whole), err);
  }
  if (status == MNZ_OK)
    s->bind_kit(s->host, d->site->node, p->from, materials, 1 + p->kit.count, ++d->kits, p->whole_kits);
  return status;
}

static mnz_status order(demand *d, mnz_error *err) {
  const demand_params *p = d->params;
  const mnz_time now = mnz_site_now(d->site);
  const mnz_time interval = draw_interval(d);
  const mnz_mass mass = order_mass(d, interval);
  mnz_status status = mnz_site_wake(d->site, now + interval, MNZ_PHASE_DEMAND, TAG_ORDER, NULL, err);
  if (status != MNZ_OK || mass <= 0) return status;
  d->tally.asked += mass;
  mnz_site_use(d->site, p->product, mass);
  status = ask_for(d, p->product, mass, err);
  if (status == MNZ_OK) status = ask_for_parts(d, mass, err);
  if (status != MNZ_OK || patience_of(p) < 0) return status;
  /* After all decisions of that instant: what can be had then is not given up. */
  return mnz_site_wake(d->site, now + patience_of(p), MNZ_PHASE_OBSERVATION, TAG_PATIENCE, NULL, err);
}

static mnz_status demand_wake(void *self, int32_t tag, mnz_error *err) {
  demand *d = self;
  if (tag == TAG_ORDER) return order(d, err);
  if (tag == TAG_SERVICE) return mnz_service_life_wake(&d->service, err);
  const demand_params *p = d->params;
  const mnz_services *s = d->site->services;
  const mnz_time before = mnz_site_now(d->site) - patience_of(p) + 1;
  const mnz_mass given_up = s->withdraw(s->host, d->site->node, p->from, p->product, before, INT64_MAX);
  if (given_up > 0) s->unmet(s->host, d->site->node, before - 1);
  d->tally.given_up += given_up;
  mnz_site_shelf(d->site, p->product)->on_order -= given_up;
  for (int32_t i = 0; i < p->kit.count; i++) {
    const int32_t material = part(p, i)->material;
    mnz_site_shelf(d->site, material)->on_order -=
        s->withdraw(s->host, d->site->node, p->from, material, before, INT64_MAX);
  }
  return MNZ_OK;
}

static mnz_status demand_arrive(void *self, mnz_lot **lot, mnz_error *err) {
  demand *d = self;
  const int32_t n = d->site->catalog->n_parts;
  if ((*lot)->material != d->params->product) return mnz_site_use_up(d->site, lot, err);
  d->tally.delivered_mass += (*lot)->mass;
  if ((*lot)->late) d->tally.late_mass += (*lot)->mass;
  for (int32_t i = 0; i < n; i++) d->tally.delivered[i] += (*lot)->part[i];
  mnz_site_set_state(d->site, MNZ_STATE_UP);
  if (d->params->end_of_life == NULL) return mnz_site_use_up(d->site, lot, err);
  mnz_status status = mnz_site_count_use(d->site, *lot, err);
  return status != MNZ_OK ? status : mnz_service_life_begin(&d->service, lot, err);
}

/* It orders on its own alarms only; what comes back goes on. */
static mnz_status demand_decide(void *self, mnz_error *err) {
  demand *d = self;
  if (d->params->end_of_life == NULL) return MNZ_OK;
  mnz_status status = mnz_site_forward(d->site, err);
  return status != MNZ_OK ? status : mnz_site_allocate(d->site, err);
}

static mnz_status demand_start(void *self, mnz_site *site, const void *params, mnz_error *err) {
  demand *d = self;
  *d = (demand){.site = site, .params = params};
  mnz_status status =
      mnz_service_life_start(&d->service, site, d->params->end_of_life, d->params->product, TAG_SERVICE, err);
  if (status != MNZ_OK) return status;
  mnz_time first = d->params->first;
  if (first < 0) first = has_size(d->params) ? draw_interval(d) : 0;
  return mnz_site_wake(site, mnz_site_now(site) + first, MNZ_PHASE_DEMAND, TAG_ORDER, NULL, err);
}

const mnz_demand_tally *mnz_demand_of(const mnz_site *site) {
  return site->spec->kind == &mnz_demand_kind ? &((const demand *)site->self)->tally : NULL;
}

static const mnz_output demand_outputs[] = {{"node_demanded", "t", "what it asked for"},
                                            {"node_delivered", "t", "what it got"},
                                            {"node_short", "t", "what it never got"},
                                            {"stock", "t", "with an end of life: what is in use"},
                                            {"returned", "t", "what was collected at the end of its life"},
                                            {NULL, NULL, NULL}};

const mnz_kind mnz_demand_kind = {
    .name = "demand",
    .help = "uses a product: orders at regular times or by chance, waits as long as its patience",
    .params = demand_table,
    .params_size = sizeof(demand_params),
    .outputs = demand_outputs,
    .flows = demand_flows,
    .check = demand_check,
    .state_size = sizeof(demand),
    .start = demand_start,
    .decide = demand_decide,
    .wake = demand_wake,
    .arrive = demand_arrive,
};
