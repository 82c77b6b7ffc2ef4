/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A port handles lots at its berths: each waits for a berth, is handled, then stands in the yard (the store
 * of its material) until it is pushed on.
 *
 * Assumptions: one queue, first in first out. A disruption closes its share of the berths, rounded down: what
 * is being handled there pauses, and goes on at the next berth that is free. */
#include <math.h>

#include "domain/facilities/kinds.h"
#include "domain/site.h"

typedef struct port_params {
  mnz_ids handles;
  int32_t berths;
  mnz_distribution handling;
} port_params;

static const mnz_param port_table[] = {{.name = "handles",
                                        .type = MNZ_PARAM_MATERIALS,
                                        .offset = offsetof(port_params, handles),
                                        .required = true,
                                        .help = "what passes through it"},
                                       {.name = "berths",
                                        .type = MNZ_PARAM_COUNT,
                                        .offset = offsetof(port_params, berths),
                                        .min = 1,
                                        .max = 64,
                                        .fallback = "1",
                                        .help = "lots that are handled at once"},
                                       {.name = "handling",
                                        .type = MNZ_PARAM_DISTRIBUTION,
                                        .dim = MNZ_DIM_TIME,
                                        .offset = offsetof(port_params, handling),
                                        .min = 0,
                                        .max = 1e300,
                                        .required = true,
                                        .help = "time of a lot at its berth, drawn once a lot"},
                                       {.name = NULL}};

#define MAX_BERTHS 64

typedef struct berth {
  mnz_lot *lot;
  mnz_time left; /* of the handling, while it pauses */
  mnz_time until;
  mnz_alarm alarm; /* 0 with a lot: pauses */
} berth;

typedef struct port {
  mnz_site *site;
  const port_params *params;
  mnz_lot_queue waiting;
  berth berths[MAX_BERTHS];
  uint32_t handled;
  int32_t open; /* berths that work */
} port;

static void port_flows(const void *params, const mnz_catalog *catalog, mnz_flows *out) {
  const port_params *p = params;
  (void)catalog;
  for (int32_t i = 0; i < p->handles.count; i++) {
    if (p->handles.at[i] >= 0) out->takes |= UINT64_C(1) << p->handles.at[i];
  }
  out->makes |= out->takes;
  if (mnz_distribution_least(&p->handling) <= 0) out->at_once = out->takes;
}

static mnz_time draw_handling(port *p) {
  return mnz_services_draw_whole(p->site->services, p->site->spec->hash, MNZ_PURPOSE_HANDLING, p->handled++,
                                 &p->params->handling);
}

static mnz_status run_berth(port *p, int32_t i, mnz_error *err) {
  berth *b = &p->berths[i];
  b->until = mnz_site_now(p->site) + b->left;
  return mnz_site_wake(p->site, b->until, MNZ_PHASE_COMPLETION, i, &b->alarm, err);
}

/* A free berth goes on with what has paused at a closed one, or begins with what waits. */
static mnz_status serve(port *p, int32_t i, mnz_error *err) {
  berth *b = &p->berths[i];
  if (b->lot != NULL) return MNZ_OK;
  for (int32_t k = p->open; k < p->params->berths && b->lot == NULL; k++) {
    b->lot = p->berths[k].lot;
    b->left = p->berths[k].left;
    p->berths[k].lot = NULL;
  }
  if (b->lot == NULL) {
    b->lot = mnz_lot_queue_pop(&p->waiting);
    if (b->lot == NULL) return MNZ_OK;
    b->left = draw_handling(p);
    mnz_status status = mnz_site_count_wait(p->site, b->lot, err);
    if (status != MNZ_OK) return status;
  }
  return run_berth(p, i, err);
}

static mnz_status port_decide(void *self, mnz_error *err) {
  port *p = self;
  mnz_status status;
  if ((status = mnz_site_forward(p->site, err)) != MNZ_OK) return status;
  if ((status = mnz_site_allocate(p->site, err)) != MNZ_OK) return status;
  bool busy = false;
  for (int32_t i = 0; i < p->params->berths; i++) {
    if (i < p->open && (status = serve(p, i, err)) != MNZ_OK) return status;
    busy |= p->berths[i].lot != NULL;
  }
  mnz_site_set_state(p->site, p->open == 0 ? MNZ_STATE_DOWN : busy ? MNZ_STATE_UP : MNZ_STATE_IDLE);
  return MNZ_OK;
}

static mnz_status port_arrive(void *self, mnz_lot **lot, mnz_error *err) {
  port *p = self;
  /* Its place in the yard stays promised to it. */
  mnz_site_shelf(p->site, (*lot)->material)->store.reserved += (*lot)->mass;
  (*lot)->stored = mnz_site_now(p->site);
  mnz_ledger_put(p->site->ledger, *lot, MNZ_PLACE_PROCESS);
  mnz_lot_queue_push(&p->waiting, *lot);
  *lot = NULL;
  return mnz_site_stir(p->site, err);
}

static mnz_status port_wake(void *self, int32_t tag, mnz_error *err) {
  port *p = self;
  berth *b = &p->berths[tag];
  b->alarm = 0;
  mnz_site_shelf(p->site, b->lot->material)->store.reserved -= b->lot->mass;
  mnz_ledger_take(p->site->ledger, b->lot);
  return mnz_site_put(p->site, &b->lot, err); /* into the place that was kept for it */
}

static mnz_status port_availability(void *self, double share, mnz_error *err) {
  port *p = self;
  p->open = (int32_t)ceil(share * p->params->berths - 1e-9);
  for (int32_t i = 0; i < p->params->berths; i++) {
    berth *b = &p->berths[i];
    if (b->lot == NULL || (b->alarm != 0) == (i < p->open)) continue;
    if (i >= p->open) {
      b->left = b->until - mnz_site_now(p->site);
      p->site->services->cancel(p->site->services->host, &b->alarm);
    } else {
      mnz_status status = run_berth(p, i, err);
      if (status != MNZ_OK) return status;
    }
  }
  return mnz_site_stir(p->site, err);
}

static mnz_status port_start(void *self, mnz_site *site, const void *params, mnz_error *err) {
  port *p = self;
  *p = (port){.site = site, .params = params};
  p->open = p->params->berths;
  for (int32_t i = 0; i < p->params->handles.count; i++)
    mnz_site_shelf(site, p->params->handles.at[i])->waits_elsewhere = true; /* it is for a berth */
  return mnz_site_stir(site, err);
}

static const mnz_output port_outputs[] = {{"in_process", "t", "what waits for a berth or is being handled"},
                                          {"stock", "t", "what stands in the yard"},
                                          {NULL, NULL, NULL}};

const mnz_kind mnz_port_kind = {
    .name = "port",
    .help = "handles lots at berths, then sends them on",
    .params = port_table,
    .params_size = sizeof(port_params),
    .outputs = port_outputs,
    .flows = port_flows,
    .state_size = sizeof(port),
    .start = port_start,
    .decide = port_decide,
    .arrive = port_arrive,
    .wake = port_wake,
    .availability = port_availability,
};
