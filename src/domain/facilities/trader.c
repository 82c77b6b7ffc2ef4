/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A trader buys, holds stock and sells: a trading house, a sales desk. It takes what is pushed to it and
 * what it orders, and ships what is ordered from it. */
#include "domain/buying.h"
#include "domain/facilities/kinds.h"

typedef struct trader_params {
  mnz_list buys; /* of mnz_buy */
  mnz_ids takes;
} trader_params;

static const mnz_param trader_table[] = {{.name = "buys",
                                          .type = MNZ_PARAM_LIST,
                                          .offset = offsetof(trader_params, buys),
                                          .fields = mnz_buy_params,
                                          .item_size = sizeof(mnz_buy),
                                          .help = "what it orders, and from whom"},
                                         {.name = "takes",
                                          .type = MNZ_PARAM_MATERIALS,
                                          .offset = offsetof(trader_params, takes),
                                          .help = "what others push to it without an order"},
                                         {.name = NULL}};

typedef struct trader {
  mnz_site *site;
  const trader_params *params;
} trader;

static void trader_flows(const void *params, const mnz_catalog *catalog, mnz_flows *out) {
  const trader_params *p = params;
  (void)catalog;
  mnz_buying_flows(&p->buys, out);
  for (int32_t i = 0; i < p->takes.count; i++) {
    if (p->takes.at[i] >= 0) out->takes |= UINT64_C(1) << p->takes.at[i];
  }
  out->makes |= out->takes; /* it sells what it has */
  out->at_once = out->takes;
}

static void trader_check(const void *params, const mnz_catalog *catalog, const mnz_report *report) {
  const trader_params *p = params;
  if (p->buys.count == 0 && p->takes.count == 0) {
    report->error(report->context, "", "found neither `buys` nor `takes`; expected at least one of them");
  }
  mnz_buying_check(&p->buys, catalog, report);
}

static mnz_status trader_decide(void *self, mnz_error *err) {
  trader *t = self;
  mnz_status status = mnz_site_forward(t->site, err);
  if (status == MNZ_OK) status = mnz_site_allocate(t->site, err);
  if (status == MNZ_OK) status = mnz_buying_react(t->site, &t->params->buys, err);
  mnz_site_set_state(t->site, MNZ_STATE_UP);
  return status;
}

static mnz_status trader_wake(void *self, int32_t tag, mnz_error *err) {
  trader *t = self;
  return mnz_buying_wake(t->site, &t->params->buys, tag, err);
}

static mnz_status trader_start(void *self, mnz_site *site, const void *params, mnz_error *err) {
  trader *t = self;
  *t = (trader){.site = site, .params = params};
  mnz_status status = mnz_buying_start(site, &t->params->buys, err);
  return status != MNZ_OK ? status : mnz_site_stir(site, err);
}

static const mnz_output trader_outputs[] = {
    {"stock", "t", "what it holds"}, {"backlog", "t", "what it owes to buyers"}, {NULL, NULL, NULL}};

const mnz_kind mnz_trader_kind = {
    .name = "trader",
    .help = "buys, holds stock and sells: a trading house, a sales desk",
    .params = trader_table,
    .params_size = sizeof(trader_params),
    .outputs = trader_outputs,
    .flows = trader_flows,
    .check = trader_check,
    .state_size = sizeof(trader),
    .start = trader_start,
    .decide = trader_decide,
    .wake = trader_wake,
};
