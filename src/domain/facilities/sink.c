/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sink takes whatever is pushed to it: where lots leave the scenario. They count as delivered in the
 * ledger, but nobody has asked for them. */
#include "domain/facilities/kinds.h"
#include "domain/site.h"

typedef struct sink_params {
  mnz_ids takes;
} sink_params;

static const mnz_param sink_table[] = {{.name = "takes",
                                        .type = MNZ_PARAM_MATERIALS,
                                        .offset = offsetof(sink_params, takes),
                                        .required = true,
                                        .help = "what others push to it"},
                                       {.name = NULL}};

typedef struct sink {
  mnz_site *site;
} sink;

static void sink_flows(const void *params, const mnz_catalog *catalog, mnz_flows *out) {
  const sink_params *p = params;
  (void)catalog;
  for (int32_t i = 0; i < p->takes.count; i++) {
    if (p->takes.at[i] >= 0) out->takes |= UINT64_C(1) << p->takes.at[i];
  }
}

static mnz_status sink_arrive(void *self, mnz_lot **lot, mnz_error *err) {
  sink *s = self;
  (void)err;
  mnz_site_set_state(s->site, MNZ_STATE_UP);
  mnz_site_end(s->site, lot, MNZ_END_DELIVERED);
  return MNZ_OK;
}

/* Initial stock of what it takes is never used. */
static mnz_status sink_decide(void *self, mnz_error *err) {
  (void)self;
  (void)err;
  return MNZ_OK;
}

static mnz_status sink_start(void *self, mnz_site *site, const void *params, mnz_error *err) {
  sink *s = self;
  (void)params;
  (void)err;
  *s = (sink){.site = site};
  return MNZ_OK;
}

static const mnz_output sink_outputs[] = {{"in_transit", "t", "what is on its way to it"},
                                          {NULL, NULL, NULL}};

const mnz_kind mnz_sink_kind = {
    .name = "sink",
    .help = "takes whatever is pushed to it: where lots leave the scenario",
    .params = sink_table,
    .params_size = sizeof(sink_params),
    .outputs = sink_outputs,
    .flows = sink_flows,
    .state_size = sizeof(sink),
    .start = sink_start,
    .decide = sink_decide,
    .arrive = sink_arrive,
};
