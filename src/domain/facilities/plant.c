/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plant turns a feed into products: concentrator, cracking and leaching, finishing.
 *
 * Assumptions: the recovery of a lot is drawn when it leaves the line; what no product takes is
 * tails, or the `rest` material if one is named. Left out: planned maintenance. */
#include <math.h>
#include <stdio.h>

#include "domain/facilities/kinds.h"
#include "domain/feeds.h"
#include "domain/fluid.h"
#include "domain/processor.h"

typedef struct product_params {
  int32_t material;
  mnz_recovery recovery;
  double grade;
  mnz_mass lot;
} product_params;

typedef struct plant_params {
  mnz_processor_params line; /* first */
  mnz_list makes;            /* of product_params */
  int32_t flow;              /* flow_kind */
} plant_params;

typedef enum flow_kind { FLOW_LOTS, FLOW_FLUID } flow_kind;
static const char *const flow_names[] = {"lots", "fluid", NULL};

static const mnz_param product_table[] = {
    {.name = "material",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(product_params, material),
     .required = true,
     .help = "the product; only the elements that it is `of` go into it"},
    {.name = "recovery",
     .type = MNZ_PARAM_RECOVERY,
     .offset = offsetof(product_params, recovery),
     .required = true,
     .min = 0,
     .max = 1,
     .help = "share of each element in the feed that comes out in it: for all, drawn once a lot, or by "
             "element"},
    {.name = "grade",
     .type = MNZ_PARAM_SHARE,
     .offset = offsetof(product_params, grade),
     .min = 1e-6,
     .max = 1,
     .fallback = "100 %",
     .help = "share of rare-earth oxides in its mass; the rest is other matter"},
    {.name = "lot",
     .type = MNZ_PARAM_MASS,
     .offset = offsetof(product_params, lot),
     .min = 1,
     .max = 1e300,
     .help = "with flow = \"fluid\": it leaves in lots of this size for nodes that do not flow; the plant's "
             "`lot` when not said"},
    {.name = NULL}};

static const mnz_param plant_table[] = {
    MNZ_PROCESSOR_FEED_PARAMS,
    {.name = "makes",
     .type = MNZ_PARAM_LIST,
     .offset = offsetof(plant_params, makes),
     .required = true,
     .fields = product_table,
     .item_size = sizeof(product_params),
     .help = "the products"},
    {.name = "rest",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(mnz_processor_params, rest),
     .help = "material that keeps what no product takes; tails when not said"},
    MNZ_PROCESSOR_LINE_PARAMS,
    MNZ_PROCESSOR_RULE_PARAMS,
    {.name = "flow",
     .type = MNZ_PARAM_CHOICE,
     .offset = offsetof(plant_params, flow),
     .choices = flow_names,
     .fallback = "lots",
     .help = "lots: one lot after the other; fluid: as a flow out of its feed's store, in no time"},
    {.name = NULL}};

typedef struct plant {
  mnz_processor processor; /* first */
  const plant_params *params;
} plant;

static void share_of_product(const product_params *product, const mnz_catalog *catalog, double *share) {
  for (int32_t e = 0; e < catalog->elements.count; e++) {
    if (!(catalog->materials[product->material].of >> e & 1)) share[e] = 0;
  }
}

/* In what lots its products leave for those who do not flow. */
static mnz_mass lot_of(const plant_params *p, int32_t i) {
  const mnz_mass own = i < p->makes.count ? ((const product_params *)p->makes.at + i)->lot : -1;
  return own > 0 ? own : p->line.lot;
}

static void note_lots(const plant_params *p, double capacity, mnz_flows *out) {
  for (int32_t i = 0; i <= p->makes.count; i++) {
    const int32_t m = i < p->makes.count ? ((const product_params *)p->makes.at + i)->material : p->line.rest;
    const mnz_mass lot = lot_of(p, i);
    if (m >= 0 && lot < 0) out->no_lots |= UINT64_C(1) << m;
    if (m >= 0 && lot > 0) out->lots = fmax(out->lots, capacity / (double)lot);
  }
}

static void plant_flows(const void *params, const mnz_catalog *catalog, mnz_flows *out) {
  const plant_params *p = params;
  double share[MNZ_MAX_ELEMENTS];
  double rest[MNZ_MAX_ELEMENTS];
  const double capacity = mnz_feed_rate(catalog, &p->line);
  out->lots = mnz_feed_lots(catalog, &p->line);
  if (p->flow == FLOW_FLUID) note_lots(p, capacity, out);
  for (int32_t e = 0; e < MNZ_MAX_ELEMENTS; e++) rest[e] = 1;
  out->takes |= mnz_feed_takes(&p->line);
  for (int32_t i = 0; i < p->makes.count; i++) {
    const product_params *product = (const product_params *)p->makes.at + i;
    if (product->material < 0) continue;
    mnz_recovery_mean(&product->recovery, catalog->elements.count, share);
    share_of_product(product, catalog, share);
    mnz_feed_conversion(catalog, &p->line, capacity, product->material, share, product->grade, out);
    if (product->grade >= 1) out->separates |= UINT64_C(1) << product->material;
    for (int32_t e = 0; e < catalog->elements.count; e++) rest[e] -= share[e];
  }
  if (p->line.rest >= 0) mnz_feed_conversion(catalog, &p->line, capacity, p->line.rest, rest, 1, out);
  mnz_window_flows(&p->line.spec, out);
}

static int32_t feed_of(const plant_params *p) {
  return mnz_feeds_count(&p->line) == 0 ? -1 : mnz_feeds_at(&p->line, 0).material;
}

/* The first thing said that speaks of lots; NULL if there is none. */
static const char *of_lots(const mnz_processor_params *p) {
  if (p->spec.count > 0) return "spec";
  if (p->campaigns.count > 0) return "campaigns";
  if (p->cap != NULL) return "cap";
  if (p->waiting_room >= 0) return "waiting_room";
  if (p->needs_room) return "needs_room";
  return p->preempt ? "preempt" : NULL;
}

/* A flow has no lots to draw for, and passes in no time. */
static void check_flow(const plant_params *p, const mnz_catalog *catalog, const mnz_report *report) {
  char path[64];
  if (p->line.capacity.count == 0 && mnz_is_said(&p->line.service))
    report->error(report->context, "service",
                  "found a time of a lot; expected a `capacity` with flow = \"fluid\"");
  if (of_lots(&p->line) != NULL) {
    report->error(report->context, of_lots(&p->line),
                  "found a rule for lots; expected none with flow = \"fluid\"");
  }
  if (mnz_feeds_count(&p->line) > 1)
    report->error(report->context, "flow", "found several feeds; expected one with flow = \"fluid\"");
  if (feed_of(p) >= 0 && !catalog->materials[feed_of(p)].known) {
    report->error(report->context, "in",
                  "the content of the feed is not known; expected `content` or `like` in its material");
  }
  if (p->line.residence.kind != MNZ_DIST_CONSTANT || p->line.residence.p[0] > 0 || p->line.hold_up > 0) {
    report->error(report->context, "flow",
                  "found a residence or a hold-up; expected none, or the stock that it is as a store");
  }
  for (int32_t i = 0; i < p->makes.count; i++) {
    const mnz_recovery *recovery = &((const product_params *)p->makes.at + i)->recovery;
    if (recovery->all.kind == MNZ_DIST_CONSTANT && recovery->element == NULL) continue;
    snprintf(path, sizeof path, "makes[%d].recovery", i);
    report->error(report->context, path,
                  "found a recovery that is drawn; expected a share with flow = \"fluid\"");
  }
}

static void plant_check(const void *params, const mnz_catalog *catalog, const mnz_report *report) {
  const plant_params *p = params;
  double sum[MNZ_MAX_ELEMENTS] = {0};
  uint64_t seen = 0;
  char path[64];
  for (int32_t i = 0; i < p->makes.count; i++) {
    const product_params *product = (const product_params *)p->makes.at + i;
    snprintf(path, sizeof path, "makes[%d].material", i);
    mnz_check_once(&seen, product->material, path, catalog, report);
    double share[MNZ_MAX_ELEMENTS];
    mnz_recovery_greatest(&product->recovery, catalog->elements.count, share);
    share_of_product(product, catalog, share);
    for (int32_t e = 0; e < catalog->elements.count; e++) sum[e] += share[e];
  }
  mnz_check_recoveries(catalog, sum, "makes", report);
  mnz_check_feeds(&p->line, catalog, report);
  if (p->flow == FLOW_FLUID) check_flow(p, catalog, report);
  mnz_check_fill(&p->line, catalog, report);
  mnz_flows flows = {0};
  plant_flows(p, catalog, &flows);
  mnz_processor_check_rules(&p->line, &flows, catalog, report);
}

/* How many products come before this one by material: draws do not depend on the order of the list. */
static int32_t rank(const plant_params *p, int32_t i) {
  const product_params *products = p->makes.at;
  int32_t before = 0;
  for (int32_t k = 0; k < p->makes.count; k++) before += products[k].material < products[i].material;
  return before;
}

/* Of the occurrence-th lot; `campaigns` NULL: a flow, which has none. */
static int32_t divide(const plant_params *p, const mnz_site *site, const mnz_campaigns *campaigns,
                      uint32_t occurrence, mnz_fraction *fraction) {
  const mnz_catalog *catalog = site->catalog;
  for (int32_t i = 0; i < p->makes.count; i++) {
    const product_params *product = (const product_params *)p->makes.at + i;
    fraction[i] = (mnz_fraction){.material = product->material, .grade = product->grade};
    if (campaigns != NULL && !mnz_campaigns_make(campaigns, product->material)) continue;
    mnz_recovery_draw(&product->recovery, site, rank(p, i), occurrence, fraction[i].share);
    share_of_product(product, catalog, fraction[i].share);
  }
  if (p->line.rest < 0) return p->makes.count;
  mnz_fraction *rest = &fraction[p->makes.count];
  *rest = (mnz_fraction){.material = p->line.rest, .grade = 1};
  for (int32_t e = 0; e < catalog->elements.count; e++) rest->share[e] = 1;
  return p->makes.count + 1;
}

static int32_t plant_fractions(void *self, const mnz_lot *feed, uint32_t occurrence, mnz_fraction *fraction) {
  const plant *pl = self;
  (void)feed;
  return divide(pl->params, pl->processor.site, &pl->processor.campaigns, occurrence, fraction);
}

/* --- as a flow --- */

static mnz_status plant_turn(mnz_site *site, mnz_mass mass, mnz_lot **feed, mnz_lot **out, mnz_error *err) {
  mnz_fraction fraction[MNZ_MAX_MATERIALS];
  const plant_params *p = site->spec->params;
  (void)mass;
  mnz_site_count_elements(site, MNZ_COUNT_FED, *feed);
  const int32_t n = divide(p, site, NULL, 0, fraction);
  mnz_status status = mnz_transform(site, feed, fraction, n, out, err);
  for (int32_t i = 0; i < n && i < p->makes.count && status == MNZ_OK; i++) {
    if (out[i] != NULL) mnz_site_count_elements(site, MNZ_COUNT_MADE, out[i]);
  }
  return status;
}

static double yield_of(const mnz_catalog *catalog, const plant_params *p, int32_t product,
                       const double *share, double grade) {
  double oxide = 0;
  double mass = 0;
  for (int32_t e = 0; e < catalog->elements.count; e++) {
    const double reo = share[e] * mnz_feed_content(catalog, &p->line, e);
    oxide += reo;
    mass += catalog->materials[product].form == MNZ_FORM_METAL ? reo * catalog->metal_factor[e] : reo;
  }
  return mass + oxide / grade - oxide;
}

static bool plant_flow(const void *params, const mnz_catalog *catalog, mnz_fluid_part *out) {
  const plant_params *p = params;
  double rest[MNZ_MAX_ELEMENTS];
  double share[MNZ_MAX_ELEMENTS];
  if (p->flow != FLOW_FLUID || feed_of(p) < 0) return false;
  *out = (mnz_fluid_part){.feed = feed_of(p), .capacity = &p->line.capacity, .turn = plant_turn};
  const double greatest = mnz_schedule_greatest(&p->line.capacity);
  out->per_basis = greatest > 0 ? mnz_feed_rate(catalog, &p->line) / greatest : 1;
  for (int32_t e = 0; e < MNZ_MAX_ELEMENTS; e++) rest[e] = 1;
  for (int32_t i = 0; i < p->makes.count && out->n_products < MNZ_MAX_MATERIALS; i++) {
    const product_params *product = (const product_params *)p->makes.at + i;
    if (product->material < 0) return false;
    mnz_recovery_mean(&product->recovery, catalog->elements.count, share);
    share_of_product(product, catalog, share);
    for (int32_t e = 0; e < catalog->elements.count; e++) rest[e] -= share[e];
    out->product[out->n_products++] =
        (mnz_fluid_product){.material = product->material,
                            .yield = yield_of(catalog, p, product->material, share, product->grade),
                            .lot = lot_of(p, i)};
  }
  if (p->line.rest >= 0 && out->n_products < MNZ_MAX_MATERIALS) {
    out->product[out->n_products++] =
        (mnz_fluid_product){.material = p->line.rest,
                            .yield = yield_of(catalog, p, p->line.rest, rest, 1),
                            .lot = lot_of(p, p->makes.count)};
  }
  return true;
}

static mnz_status plant_start(void *self, mnz_site *site, const void *params, mnz_error *err) {
  plant *pl = self;
  pl->params = params;
  return mnz_processor_start(&pl->processor, site, &pl->params->line, plant_fractions, err);
}

const mnz_kind mnz_plant_kind = {
    .name = "plant",
    .help = "turns a feed into products: concentrator, cracking and leaching, finishing",
    .params = plant_table,
    .params_size = sizeof(plant_params),
    .outputs = mnz_processor_outputs,
    .flows = plant_flows,
    .check = plant_check,
    .flow = plant_flow,
    .state_size = sizeof(plant),
    .start = plant_start,
    .decide = mnz_processor_decide,
    .wake = mnz_processor_wake,
    .arrive = mnz_processor_arrive,
    .availability = mnz_processor_availability,
    .room = mnz_processor_room,
};
