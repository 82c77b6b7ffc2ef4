/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mine digs lots of ore in campaigns into its run-of-mine stock (the store of the ore), until the
 * reserve is used up.
 *
 * Assumptions: each lot has a grade of its own, drawn; the split of the elements is that of the deposit.
 * A lot is begun only within a campaign and finished whenever it is finished. Left out: phases of the
 * deposit, assay noise. */
#include <math.h>

#include "domain/facilities/kinds.h"
#include "domain/line.h"
#include "domain/outbox.h"

typedef struct ore_params {
  mnz_distribution grade;
  mnz_mass reserve;
  mnz_split split;
} ore_params;

typedef struct campaign_params {
  mnz_time every;
  mnz_time lasts;
  mnz_time first;
} campaign_params;

typedef struct mine_params {
  int32_t makes;
  int32_t origin;
  const ore_params *ore;
  mnz_schedule rate;
  mnz_mass lot;
  const campaign_params *campaign;
} mine_params;

static const mnz_param ore_table[] = {
    {.name = "grade",
     .type = MNZ_PARAM_DISTRIBUTION,
     .dim = MNZ_DIM_SHARE,
     .offset = offsetof(ore_params, grade),
     .required = true,
     .min = 0,
     .max = 1,
     .help = "share of rare-earth oxides (TREO) in the ore, drawn once a lot"},
    {.name = "reserve",
     .type = MNZ_PARAM_MASS,
     .offset = offsetof(ore_params, reserve),
     .min = 1,
     .max = 1e300,
     .help = "ore in the ground at the start; unlimited when not said"},
    {.name = "split",
     .type = MNZ_PARAM_SPLIT,
     .offset = offsetof(ore_params, split),
     .required = true,
     .help = "how the TREO divides among the elements, in any unit: it is normalised to 1"},
    {.name = NULL}};

static const mnz_param campaign_table[] = {
    {.name = "every",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(campaign_params, every),
     .required = true,
     .min = 1e6,
     .max = 1e300,
     .help = "from the begin of one campaign to the next"},
    {.name = "lasts",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(campaign_params, lasts),
     .required = true,
     .min = 1e6,
     .max = 1e300,
     .help = "how long it digs"},
    {.name = "first",
     .type = MNZ_PARAM_DATE,
     .offset = offsetof(campaign_params, first),
     .help = "begin of a campaign, also before the start; the start when not said"},
    {.name = NULL}};

static const mnz_param mine_table[] = {{.name = "makes",
                                        .type = MNZ_PARAM_MATERIAL,
                                        .offset = offsetof(mine_params, makes),
                                        .required = true,
                                        .help = "the ore"},
                                       {.name = "origin",
                                        .type = MNZ_PARAM_ORIGIN,
                                        .offset = offsetof(mine_params, origin),
                                        .help = "of all that comes from it; the first origin when not said"},
                                       {.name = "ore",
                                        .type = MNZ_PARAM_GROUP,
                                        .offset = offsetof(mine_params, ore),
                                        .required = true,
                                        .fields = ore_table,
                                        .item_size = sizeof(ore_params),
                                        .help = "what is in the ground"},
                                       {.name = "rate",
                                        .type = MNZ_PARAM_SCHEDULE,
                                        .offset = offsetof(mine_params, rate),
                                        .required = true,
                                        .help = "ore dug while a campaign lasts"},
                                       {.name = "lot",
                                        .type = MNZ_PARAM_MASS,
                                        .offset = offsetof(mine_params, lot),
                                        .required = true,
                                        .min = 1,
                                        .max = 1e300,
                                        .help = "ore in one lot"},
                                       {.name = "campaign",
                                        .type = MNZ_PARAM_GROUP,
                                        .offset = offsetof(mine_params, campaign),
                                        .fields = campaign_table,
                                        .item_size = sizeof(campaign_params),
                                        .help = "digs in campaigns; always when not said"},
                                       {.name = NULL}};

typedef struct mine {
  mnz_site *site;
  const mine_params *params;
  mnz_line line;
  mnz_outbox outbox;
  mnz_mass reserve;
  uint32_t lots;
  mnz_alarm campaign;
} mine;

enum { TAG_LINE, TAG_CAMPAIGN = MNZ_LINE_TAGS };

static void mine_flows(const void *params, const mnz_catalog *catalog, mnz_flows *out) {
  const mine_params *p = params;
  (void)catalog;
  if (p->makes < 0) return;
  double duty = 1;
  if (p->campaign != NULL) duty = fmin(1, (double)p->campaign->lasts / (double)p->campaign->every);
  double rate = mnz_schedule_greatest(&p->rate);
  /* A rate on some elements is that much ore more. */
  if (p->rate.basis != 0) rate /= mnz_distribution_mean(&p->ore->grade);
  out->makes |= UINT64_C(1) << p->makes;
  out->lots = rate / (double)p->lot;
  *mnz_flows_convert(out) = (mnz_conversion){.product = p->makes, .capacity = rate * duty};
}

static void mine_check(const void *params, const mnz_catalog *catalog, const mnz_report *report) {
  const mine_params *p = params;
  double sum = 0;
  for (int32_t e = 0; e < catalog->elements.count; e++) sum += p->ore->split.at[e];
  if (!(sum > 0))
    report->error(report->context, "ore.split", "found no share above 0; expected at least one");
  double basis = 0;
  for (int32_t e = 0; e < catalog->elements.count; e++) {
    if (p->rate.basis >> e & 1) basis += p->ore->split.at[e];
  }
  if (p->rate.basis != 0 && !(basis > 0)) {
    report->error(report->context, "rate",
                  "found a rate on elements that the ore does not hold; expected one on what is in it");
  }
  if (p->campaign != NULL && p->campaign->lasts > p->campaign->every) {
    report->error(report->context, "campaign.lasts",
                  "found a campaign longer than the time to the next; expected lasts <= every");
  }
}

/* The begin of the campaign that holds `now`, or of the next; *within says which. */
static mnz_time campaign_begin(const mine *m, mnz_time now, bool *within) {
  const campaign_params *c = m->params->campaign;
  const mnz_time first = c->first == MNZ_NO_DATE ? 0 : c->first;
  mnz_time k = (now - first) / c->every;
  if (now < first && (now - first) % c->every != 0) k--; /* towards the past */
  const mnz_time begin = first + k * c->every;
  *within = now - begin < c->lasts;
  return *within ? begin : begin + c->every;
}

static bool mine_ore(const void *params, int32_t n_elements, double *split, int32_t *origin) {
  const mine_params *p = params;
  double sum = 0;
  for (int32_t e = 0; e < n_elements; e++) sum += p->ore->split.at[e];
  for (int32_t e = 0; e < n_elements; e++) split[e] = sum > 0 ? p->ore->split.at[e] / sum : 0;
  *origin = p->origin < 0 ? 0 : p->origin;
  return sum > 0;
}

static mnz_lot *dig(mine *m, mnz_error *err) {
  const mine_params *p = m->params;
  const mnz_catalog *c = m->site->catalog;
  const mnz_mass mass = p->lot < m->reserve ? p->lot : m->reserve;
  mnz_lot *lot = mnz_lot_new(m->site->lots, p->makes, m->site->node, mnz_site_now(m->site), err);
  if (lot == NULL) return NULL;
  const double grade =
      mnz_services_draw(m->site->services, m->site->spec->hash, MNZ_PURPOSE_GRADE, m->lots++, &p->ore->grade);
  double split[MNZ_MAX_ELEMENTS];
  int32_t origin;
  mine_ore(p, c->elements.count, split, &origin);
  mnz_mass left = mass;
  for (int32_t e = 0; e < c->elements.count; e++) {
    mnz_mass part = llround((double)mass * grade * split[e]);
    if (part > left) part = left;
    lot->part[mnz_component(c, origin, e)] = part;
    left -= part;
  }
  lot->part[c->n_components] = left;
  mnz_lot_weigh(m->site->lots, lot);
  m->reserve -= mass;
  mnz_ledger_born(m->site->ledger, lot);
  return lot;
}

static mnz_status work(mine *m, mnz_error *err) {
  mnz_site *site = m->site;
  if (!mnz_outbox_is_empty(&m->outbox) || !mnz_line_is_free(&m->line) || m->reserve <= 0) return MNZ_OK;
  bool within = true;
  if (m->params->campaign != NULL) {
    const mnz_time begin = campaign_begin(m, mnz_site_now(site), &within);
    if (!within && m->campaign == 0) {
      mnz_status status = mnz_site_wake(site, begin, MNZ_PHASE_COMPLETION, TAG_CAMPAIGN, &m->campaign, err);
      if (status != MNZ_OK) return status;
    }
  }
  if (!within) return MNZ_OK;
  mnz_lot *lot = dig(m, err);
  return lot == NULL ? MNZ_NO_MEMORY : mnz_line_load(&m->line, &lot, err);
}

static mnz_status mine_decide(void *self, mnz_error *err) {
  mine *m = self;
  mnz_status status;
  while (mnz_line_due(&m->line) != NULL) {
    mnz_lot *lot = mnz_line_pop(&m->line, err);
    if (lot == NULL) return MNZ_NO_MEMORY;
    mnz_outbox_add(&m->outbox, m->site, &lot);
  }
  if ((status = mnz_outbox_settle(&m->outbox, m->site, err)) != MNZ_OK) return status;
  if ((status = work(m, err)) != MNZ_OK) return status;
  mnz_site_set_state(m->site, m->line.pace <= 0                  ? MNZ_STATE_DOWN
                              : !mnz_outbox_is_empty(&m->outbox) ? MNZ_STATE_BLOCKED
                              : m->line.work != NULL             ? MNZ_STATE_UP
                                                                 : MNZ_STATE_IDLE);
  return MNZ_OK;
}

static mnz_status mine_wake(void *self, int32_t tag, mnz_error *err) {
  mine *m = self;
  mnz_status status = MNZ_OK;
  if (tag == TAG_CAMPAIGN)
    m->campaign = 0;
  else
    mnz_line_wake(&m->line, tag, &status, err);
  return status != MNZ_OK ? status : mnz_site_stir(m->site, err);
}

static mnz_status mine_availability(void *self, double share, mnz_error *err) {
  mine *m = self;
  mnz_status status = mnz_line_set_pace(&m->line, share, err);
  return status != MNZ_OK ? status : mnz_site_stir(m->site, err);
}

static mnz_status mine_start(void *self, mnz_site *site, const void *params, mnz_error *err) {
  mine *m = self;
  *m = (mine){.site = site, .params = params};
  m->reserve = m->params->ore->reserve < 0 ? INT64_MAX : m->params->ore->reserve;
  mnz_line_open(&m->line, site, &m->params->rate, NULL, 0, TAG_LINE);
  mnz_status status = mnz_line_start(&m->line, err);
  return status != MNZ_OK ? status : mnz_site_stir(site, err);
}

static const mnz_output mine_outputs[] = {{"mined", "t", "REO of each element that was dug"},
                                          {NULL, NULL, NULL}};

const mnz_kind mnz_mine_kind = {
    .name = "mine",
    .help = "digs ore in campaigns into a run-of-mine stock, until the reserve is used up",
    .params = mine_table,
    .params_size = sizeof(mine_params),
    .outputs = mine_outputs,
    .flows = mine_flows,
    .check = mine_check,
    .ore = mine_ore,
    .state_size = sizeof(mine),
    .start = mine_start,
    .decide = mine_decide,
    .wake = mine_wake,
    .availability = mine_availability,
};
