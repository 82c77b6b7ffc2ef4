/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mine digs lots of ore in campaigns into its run-of-mine stock (the store of the ore), until the
 * reserve is used up. A deposit may be dug in phases, each with a grade, a split and a reserve of its own: a
 * phase ends when its reserve is used up, or when the date of the next one has come.
 *
 * Assumptions: each lot has a grade of its own, drawn; the split of the elements is that of the phase, spread
 * a lot by `split_noise`: every share times a lognormal factor of mean 1, then normalised to 1 again. Assays
 * err by a lognormal factor for each element and change nothing but what is reported. A lot is begun only
 * within a campaign and finished whenever it is finished. What a phase leaves behind at the date of the next
 * one stays in the ground. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "domain/facilities/kinds.h"
#include "domain/line.h"
#include "domain/outbox.h"

/* What is in the ground: of a whole deposit, or of one of its phases. */
typedef struct ore_params {
  mnz_distribution grade;
  mnz_mass reserve;
  mnz_split split;
  double split_noise;
  mnz_time from;     /* of a phase */
  mnz_schedule rate; /* of a phase; count 0: the mine's */
} ore_params;

typedef struct assay_params {
  double noise;
  double bias;
} assay_params;

typedef struct campaign_params {
  mnz_time every;
  mnz_time lasts;
  mnz_time first;
} campaign_params;

typedef struct mine_params {
  int32_t makes;
  int32_t origin;
  const ore_params *ore;
  mnz_list phases; /* of ore_params */
  const assay_params *assay;
  mnz_schedule rate;
  mnz_mass lot;
  const campaign_params *campaign;
} mine_params;

#define ORE_PARAMS                                                                                           \
  {.name = "grade",                                                                                          \
   .type = MNZ_PARAM_DISTRIBUTION,                                                                           \
   .dim = MNZ_DIM_SHARE,                                                                                     \
   .offset = offsetof(ore_params, grade),                                                                    \
   .required = true,                                                                                         \
   .min = 0,                                                                                                 \
   .max = 1,                                                                                                 \
   .help = "share of rare-earth oxides (TREO) in the ore, drawn once a lot"},                                \
      {.name = "reserve",                                                                                    \
       .type = MNZ_PARAM_MASS,                                                                               \
       .offset = offsetof(ore_params, reserve),                                                              \
       .min = 1,                                                                                             \
       .max = 1e300,                                                                                         \
       .help = "ore in the ground at the start; unlimited when not said"},                                   \
      {.name = "split",                                                                                      \
       .type = MNZ_PARAM_SPLIT,                                                                              \
       .offset = offsetof(ore_params, split),                                                                \
       .required = true,                                                                                     \
       .help = "how the TREO divides among the elements, in any unit: it is normalised to 1"},               \
  {                                                                                                          \
    .name = "split_noise", .type = MNZ_PARAM_SHARE, .offset = offsetof(ore_params, split_noise), .min = 0,   \
    .max = 2, .fallback = "0 %",                                                                             \
    .help = "relative spread of each element's share from lot to lot (coefficient of variation)"             \
  }

static const mnz_param ore_table[] = {ORE_PARAMS, {.name = NULL}};

static const mnz_param phase_table[] = {
    {.name = "from",
     .type = MNZ_PARAM_DATE,
     .offset = offsetof(ore_params, from),
     .help =
         "date from which it is dug, whatever is left of the one before; when that one is used up, if not "
         "said"},
    ORE_PARAMS,
    {.name = "rate",
     .type = MNZ_PARAM_SCHEDULE,
     .offset = offsetof(ore_params, rate),
     .help = "ore dug in this phase; the mine's rate when not said"},
    {.name = NULL}};

static const mnz_param assay_table[] = {
    {.name = "noise",
     .type = MNZ_PARAM_SHARE,
     .offset = offsetof(assay_params, noise),
     .min = 0,
     .max = 2,
     .fallback = "0 %",
     .help = "relative error of each element's assay, drawn once a lot (coefficient of variation)"},
    {.name = "bias",
     .type = MNZ_PARAM_SHARE,
     .offset = offsetof(assay_params, bias),
     .min = -0.99,
     .max = 10,
     .fallback = "0 %",
     .help = "how much assays say too much on average; below 0: too little"},
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
                                        .fields = ore_table,
                                        .item_size = sizeof(ore_params),
                                        .help = "what is in the ground"},
                                       {.name = "phases",
                                        .type = MNZ_PARAM_LIST,
                                        .offset = offsetof(mine_params, phases),
                                        .fields = phase_table,
                                        .item_size = sizeof(ore_params),
                                        .help = "or: what is in the ground, dug one after the other; the "
                                                "first one stands for the mine in `like`"},
                                       {.name = "assay",
                                        .type = MNZ_PARAM_GROUP,
                                        .offset = offsetof(mine_params, assay),
                                        .fields = assay_table,
                                        .item_size = sizeof(assay_params),
                                        .help = "what is believed of each lot; the truth when not said"},
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
  int32_t phase;    /* -1: the first one's date has not come */
  mnz_mass reserve; /* left of it */
  uint32_t lots;
  mnz_alarm campaign;
} mine;

enum { TAG_LINE, TAG_CAMPAIGN = MNZ_LINE_TAGS, TAG_PHASE };

static int32_t n_phases(const mine_params *p) {
  return p->phases.count > 0 ? p->phases.count : p->ore != NULL;
}

static const ore_params *phase(const mine_params *p, int32_t i) {
  return p->phases.count > 0 ? (const ore_params *)p->phases.at + i : p->ore;
}

static const mnz_schedule *rate_of(const mine_params *p, const ore_params *ore) {
  return ore->rate.count > 0 ? &ore->rate : &p->rate;
}

static void mine_flows(const void *params, const mnz_catalog *catalog, mnz_flows *out) {
  const mine_params *p = params;
  (void)catalog;
  if (p->makes < 0) return;
  double duty = 1;
  if (p->campaign != NULL) duty = fmin(1, (double)p->campaign->lasts / (double)p->campaign->every);
  double most = 0;
  for (int32_t i = 0; i < n_phases(p); i++) {
    const mnz_schedule *schedule = rate_of(p, phase(p, i));
    double rate = mnz_schedule_greatest(schedule);
    /* A rate on some elements is that much ore more. */
    if (schedule->basis != 0) rate /= mnz_distribution_mean(&phase(p, i)->grade);
    most = fmax(most, rate);
  }
  out->makes |= UINT64_C(1) << p->makes;
  out->lots = most / (double)p->lot;
  *mnz_flows_convert(out) = (mnz_conversion){.product = p->makes, .capacity = most * duty};
}

static void check_phase(const mine_params *p, int32_t i, const mnz_catalog *catalog,
                        const mnz_report *report) {
  const ore_params *ore = phase(p, i);
  const mnz_schedule *rate = rate_of(p, ore);
  char path[48] = "ore.";
  if (p->phases.count > 0) snprintf(path, sizeof path, "phases[%d].", i);
  const size_t begin = strlen(path);
  double sum = 0;
  double basis = 0;
  for (int32_t e = 0; e < catalog->elements.count; e++) {
    sum += ore->split.at[e];
    if (rate->basis >> e & 1) basis += ore->split.at[e];
  }
  snprintf(path + begin, sizeof path - begin, "split");
  if (!(sum > 0)) report->error(report->context, path, "found no share above 0; expected at least one");
  if (rate->basis == 0) return;
  if (p->phases.count == 0 || ore->rate.count == 0) path[0] = '\0';
  snprintf(path[0] == '\0' ? path : path + begin, sizeof path - begin, "rate");
  if (!(basis > 0)) {
    report->error(report->context, path,
                  "found a rate on elements that the ore does not hold; expected one on what is in it");
  } else if (!(mnz_distribution_mean(&ore->grade) > 0)) {
    report->error(report->context, path,
                  "found a rate on elements in ore of grade 0; expected a grade above 0");
  }
}

static void check_dates(const mine_params *p, const mnz_report *report) {
  char path[48];
  mnz_time last = MNZ_NO_DATE;
  for (int32_t i = 0; i < p->phases.count; i++) {
    const mnz_time from = phase(p, i)->from;
    snprintf(path, sizeof path, "phases[%d].from", i);
    if (from == MNZ_NO_DATE) {
      if (i > 0 && phase(p, i - 1)->reserve < 0)
        report->error(
            report->context, path,
            "found no date after a phase without `reserve`, which never ends; expected one of both");
      continue;
    }
    if (last != MNZ_NO_DATE && from <= last)
      report->error(report->context, path,
                    "found a date that is not after the one before; expected a later one");
    last = from;
  }
}

static void mine_check(const void *params, const mnz_catalog *catalog, const mnz_report *report) {
  const mine_params *p = params;
  if ((p->ore != NULL) == (p->phases.count > 0)) {
    report->error(report->context, "ore",
                  p->ore == NULL ? "found neither `ore` nor `phases`; expected one of them"
                                 : "found both `ore` and `phases`; expected one of them");
    return;
  }
  for (int32_t i = 0; i < n_phases(p); i++) check_phase(p, i, catalog, report);
  check_dates(p, report);
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

static bool normal_split(const ore_params *ore, int32_t n_elements, double *split) {
  double sum = 0;
  for (int32_t e = 0; e < n_elements; e++) sum += ore->split.at[e];
  for (int32_t e = 0; e < n_elements; e++) split[e] = sum > 0 ? ore->split.at[e] / sum : 0;
  return sum > 0;
}

static bool mine_ore(const void *params, int32_t n_elements, double *split, int32_t *origin) {
  const mine_params *p = params;
  *origin = p->origin < 0 ? 0 : p->origin;
  return n_phases(p) > 0 && normal_split(phase(p, 0), n_elements, split);
}

/* --- one lot --- */

/* A factor of mean 1; the draws of one lot and purpose, one for each element, follow one another. */
static double draw_factor(const mine *m, mnz_purpose purpose, double cv, int32_t element) {
  if (!(cv > 0)) return 1;
  const mnz_distribution factor = {.kind = MNZ_DIST_LOGNORMAL,
                                   .p = {1 / sqrt(1 + cv * cv), sqrt(log1p(cv * cv))}};
  const uint32_t occurrence = m->lots * (uint32_t)m->site->catalog->elements.count + (uint32_t)element;
  return mnz_services_draw(m->site->services, m->site->spec->hash, purpose, occurrence, &factor);
}

static void draw_split(const mine *m, const ore_params *ore, double *split) {
  const int32_t n = m->site->catalog->elements.count;
  normal_split(ore, n, split);
  if (!(ore->split_noise > 0)) return;
  double sum = 0;
  for (int32_t e = 0; e < n; e++) {
    split[e] *= draw_factor(m, MNZ_PURPOSE_SPLIT, ore->split_noise, e);
    sum += split[e];
  }
  for (int32_t e = 0; e < n; e++) split[e] /= sum;
}

static void assay(mine *m, int32_t element, mnz_mass truth) {
  const assay_params *a = m->params->assay;
  double seen = (double)truth;
  if (a != NULL) seen *= (1 + a->bias) * draw_factor(m, MNZ_PURPOSE_ASSAY, a->noise, element);
  m->site->counts.by_element[MNZ_COUNT_ASSAYED][element] += llround(seen);
}

static mnz_lot *dig(mine *m, mnz_error *err) {
  const mine_params *p = m->params;
  const ore_params *ore = phase(p, m->phase);
  const mnz_catalog *c = m->site->catalog;
  const mnz_mass mass = p->lot < m->reserve ? p->lot : m->reserve;
  mnz_lot *lot = mnz_lot_new(m->site->lots, p->makes, m->site->node, mnz_site_now(m->site), err);
  if (lot == NULL) return NULL;
  const double grade =
      mnz_services_draw(m->site->services, m->site->spec->hash, MNZ_PURPOSE_GRADE, m->lots, &ore->grade);
  double split[MNZ_MAX_ELEMENTS];
  const int32_t origin = p->origin < 0 ? 0 : p->origin;
  draw_split(m, ore, split);
  mnz_mass left = mass;
  for (int32_t e = 0; e < c->elements.count; e++) {
    mnz_mass part = llround((double)mass * grade * split[e]);
    if (part > left) part = left;
    lot->part[mnz_component(c, origin, e)] = part;
    left -= part;
    assay(m, e, part);
  }
  m->lots++;
  lot->part[c->n_components] = left;
  mnz_lot_weigh(m->site->lots, lot);
  m->reserve -= mass;
  mnz_ledger_born(m->site->ledger, lot);
  return lot;
}

/* --- phases and campaigns --- */

static void enter_phase(mine *m, int32_t i) {
  const ore_params *ore = phase(m->params, i);
  m->phase = i;
  m->reserve = ore->reserve < 0 ? INT64_MAX : ore->reserve;
  m->line.capacity = rate_of(m->params, ore);
}

/* Only between two lots, so that a lot is dug at the rate of its phase. */
static void advance(mine *m) {
  for (int32_t next = m->phase + 1; next < n_phases(m->params); next++) {
    const mnz_time from = m->params->phases.count == 0 ? MNZ_NO_DATE : phase(m->params, next)->from;
    if (from == MNZ_NO_DATE ? m->phase >= 0 && m->reserve > 0 : mnz_site_now(m->site) < from) return;
    enter_phase(m, next);
  }
}

static mnz_status within_campaign(mine *m, bool *within, mnz_error *err) {
  *within = true;
  if (m->params->campaign == NULL) return MNZ_OK;
  const mnz_time begin = campaign_begin(m, mnz_site_now(m->site), within);
  if (*within || m->campaign != 0) return MNZ_OK;
  return mnz_site_wake(m->site, begin, MNZ_PHASE_COMPLETION, TAG_CAMPAIGN, &m->campaign, err);
}

static mnz_status work(mine *m, mnz_error *err) {
  if (m->line.work != NULL) return MNZ_OK;
  advance(m);
  if (!mnz_outbox_is_empty(&m->outbox) || !mnz_line_is_free(&m->line) || m->reserve <= 0) return MNZ_OK;
  bool within;
  mnz_status status = within_campaign(m, &within, err);
  if (status != MNZ_OK || !within) return status;
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
  else if (tag != TAG_PHASE)
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
  *m = (mine){.site = site, .params = params, .phase = -1};
  mnz_line_open(&m->line, site, &m->params->rate, NULL, 0, TAG_LINE);
  mnz_status status = mnz_line_start(&m->line, err);
  for (int32_t i = 0; i < m->params->phases.count && status == MNZ_OK; i++) {
    const ore_params *ore = phase(m->params, i);
    if (ore->from != MNZ_NO_DATE && ore->from > mnz_site_now(site))
      status = mnz_site_wake(site, ore->from, MNZ_PHASE_COMPLETION, TAG_PHASE, NULL, err);
    if (ore->rate.count == 0 || status != MNZ_OK) continue;
    m->line.capacity = &ore->rate; /* for the alarms of its steps */
    status = mnz_line_start(&m->line, err);
  }
  advance(m);
  return status != MNZ_OK ? status : mnz_site_stir(site, err);
}

static const mnz_output mine_outputs[] = {{"mined", "t", "REO of each element that was dug"},
                                          {"assayed", "t", "the same, as its assays had it"},
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
