/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sink takes whatever is pushed to it: where lots leave the scenario. They count as delivered in the
 * ledger, but nobody has asked for them.
 *
 * With a rate it flows (domain/fluid.h): it uses that much out of its store, when it is there. */
#include "domain/facilities/kinds.h"
#include "domain/fluid.h"
#include "domain/line.h"

typedef struct sink_params {
  mnz_ids takes;
  mnz_schedule rate;
} sink_params;

static const mnz_param sink_table[] = {{.name = "takes",
                                        .type = MNZ_PARAM_MATERIALS,
                                        .offset = offsetof(sink_params, takes),
                                        .required = true,
                                        .help = "what others push to it"},
                                       {.name = "rate",
                                        .type = MNZ_PARAM_SCHEDULE,
                                        .offset = offsetof(sink_params, rate),
                                        .help = "it flows: uses this much out of its store, which fills "
                                                "and blocks; all at once when not said"},
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
  mnz_site_set_state(s->site, MNZ_STATE_UP);
  return mnz_site_use_up(s->site, lot, err);
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

/* --- as a flow --- */

static void sink_check(const void *params, const mnz_catalog *catalog, const mnz_report *report) {
  const sink_params *p = params;
  (void)catalog;
  if (p->rate.count == 0) return;
  if (p->takes.count > 1)
    report->error(report->context, "takes", "found several materials; expected one with a `rate`");
  if (p->rate.basis != 0) {
    report->error(report->context, "rate",
                  "found a rate on some elements only; expected a rate on the whole mass");
  }
}

static mnz_status use_up(mnz_site *site, mnz_mass mass, mnz_lot **feed, mnz_lot **out, mnz_error *err) {
  (void)mass;
  (void)out;
  (void)err;
  mnz_site_end(site, feed, MNZ_END_DELIVERED);
  return MNZ_OK;
}

static bool sink_flow(const void *params, const mnz_catalog *catalog, mnz_fluid_part *out) {
  const sink_params *p = params;
  (void)catalog;
  if (p->rate.count == 0 || p->takes.count == 0 || p->takes.at[0] < 0) return false;
  *out = (mnz_fluid_part){.feed = p->takes.at[0], .capacity = &p->rate, .per_basis = 1, .turn = use_up};
  return true;
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
    .check = sink_check,
    .flow = sink_flow,
    .state_size = sizeof(sink),
    .start = sink_start,
    .decide = sink_decide,
    .arrive = sink_arrive,
};
