/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A demand orders a product at regular times; what is not delivered stays owed until the user's patience
 * ends, then it is lost.
 *
 * Assumptions: an order is the rate of its time for one interval; growth compounds by the year of 365
 * days. What arrives is in use and leaves the ledger as delivered. */
#include <math.h>

#include "domain/facilities/kinds.h"
#include "domain/facilities/demand.h"
#include "domain/site.h"

typedef struct demand_params {
  int32_t from;
  int32_t product;
  mnz_rate rate;
  mnz_time every;
  double growth;
  int32_t priority;
  mnz_time patience;
} demand_params;

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
     .type = MNZ_PARAM_RATE,
     .offset = offsetof(demand_params, rate),
     .required = true,
     .help = "how much, at the start"},
    {.name = "every",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(demand_params, every),
     .min = 3.6e9,
     .max = 1e300,
     .fallback = "7 d",
     .help = "time between two orders, the first at the start"},
    {.name = "growth",
     .type = MNZ_PARAM_GROWTH,
     .offset = offsetof(demand_params, growth),
     .fallback = "0 %/yr",
     .help = "of the rate, compounding"},
    {.name = "priority",
     .type = MNZ_PARAM_COUNT,
     .offset = offsetof(demand_params, priority),
     .min = 1,
     .max = 99,
     .fallback = "1",
     .help = "class: 1 is served first"},
    {.name = "patience",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(demand_params, patience),
     .min = 0,
     .max = 1e300,
     .help = "how long it waits before it gives an order up; for ever when not said"},
    {.name = NULL}};

typedef struct demand {
  mnz_site *site;
  const demand_params *params;
  mnz_demand_tally tally;
} demand;

enum { TAG_ORDER, TAG_PATIENCE };

static void demand_flows(const void *params, const mnz_catalog *catalog, mnz_flows *out) {
  const demand_params *p = params;
  (void)catalog;
  out->asks_of = p->from;
  out->asks_for = p->product;
  out->asks_rate = p->rate.per_us;
  if (p->product >= 0) out->takes |= UINT64_C(1) << p->product;
}

static void demand_check(const void *params, const mnz_catalog *catalog, const mnz_report *report) {
  const demand_params *p = params;
  const double growth = p->growth * 365 * 86400e6;
  if (!(growth > -1 && growth <= 10)) {
    report->error(report->context, "growth",
                  "found a growth outside -100 %/yr to 1000 %/yr; expected one within");
  }
  if (p->rate.basis != 0) {
    report->error(report->context, "rate",
                  "found a rate on some elements only; expected a rate on the whole mass");
  }
  if (p->product >= 0 && !catalog->materials[p->product].known) {
    report->error(report->context, "product",
                  "the content of this material is not known; expected `content` or `like` in the material");
  }
}

static mnz_mass order_mass(const demand *d) {
  const demand_params *p = d->params;
  const double years = (double)mnz_site_now(d->site) / (365 * 86400e6);
  const double growth = pow(1 + p->growth * 365 * 86400e6, years);
  /* Whatever the growth: at most a million tonnes at once, so that sums stay within their integers. */
  return llround(fmin(1e15, p->rate.per_us * (double)p->every * growth));
}

static mnz_status order(demand *d, mnz_error *err) {
  const demand_params *p = d->params;
  const mnz_services *s = d->site->services;
  const mnz_time now = mnz_site_now(d->site);
  const mnz_mass mass = order_mass(d);
  mnz_status status = mnz_site_wake(d->site, now + p->every, MNZ_PHASE_DEMAND, TAG_ORDER, NULL, err);
  if (status != MNZ_OK || mass <= 0) return status;
  d->tally.asked += mass;
  mnz_site_shelf(d->site, p->product)->on_order += mass;
  mnz_site_use(d->site, p->product, mass);
  mnz_mass accepted;
  status =
      s->ask(s->host, d->site->node, p->from, p->product, mass, mass, p->priority, false, &accepted, err);
  if (status != MNZ_OK || p->patience < 0) return status;
  /* After all decisions of that instant: what can be had then is not given up. */
  return mnz_site_wake(d->site, now + p->patience, MNZ_PHASE_OBSERVATION, TAG_PATIENCE, NULL, err);
}

static mnz_status demand_wake(void *self, int32_t tag, mnz_error *err) {
  demand *d = self;
  if (tag == TAG_ORDER) return order(d, err);
  const demand_params *p = d->params;
  const mnz_services *s = d->site->services;
  const mnz_time before = mnz_site_now(d->site) - p->patience + 1;
  const mnz_mass given_up = s->withdraw(s->host, d->site->node, p->from, p->product, before, INT64_MAX);
  if (given_up > 0) s->unmet(s->host, d->site->node, before - 1);
  d->tally.given_up += given_up;
  mnz_site_shelf(d->site, p->product)->on_order -= given_up;
  return MNZ_OK;
}

static mnz_status demand_arrive(void *self, mnz_lot **lot, mnz_error *err) {
  demand *d = self;
  (void)err;
  const int32_t n = d->site->catalog->n_parts;
  d->tally.delivered_mass += (*lot)->mass;
  if ((*lot)->late) d->tally.late_mass += (*lot)->mass;
  for (int32_t i = 0; i < n; i++) d->tally.delivered[i] += (*lot)->part[i];
  mnz_site_end(d->site, lot, MNZ_END_DELIVERED);
  mnz_site_set_state(d->site, MNZ_STATE_UP);
  return MNZ_OK;
}

static mnz_status demand_decide(void *self, mnz_error *err) {
  (void)self;
  (void)err;
  return MNZ_OK; /* it acts on its own alarms only */
}

static mnz_status demand_start(void *self, mnz_site *site, const void *params, mnz_error *err) {
  demand *d = self;
  *d = (demand){.site = site, .params = params};
  return mnz_site_wake(site, mnz_site_now(site), MNZ_PHASE_DEMAND, TAG_ORDER, NULL, err);
}

const mnz_demand_tally *mnz_demand_of(const mnz_site *site) {
  return site->spec->kind == &mnz_demand_kind ? &((const demand *)site->self)->tally : NULL;
}

static const mnz_output demand_outputs[] = {{"node_demanded", "t", "what it asked for"},
                                            {"node_delivered", "t", "what it got"},
                                            {"node_short", "t", "what it never got"},
                                            {NULL, NULL, NULL}};

const mnz_kind mnz_demand_kind = {
    .name = "demand",
    .help = "uses a product: orders at regular times, waits as long as its patience",
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
