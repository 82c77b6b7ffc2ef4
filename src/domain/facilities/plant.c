/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plant turns a feed into products: concentrator, cracking and leaching, finishing.
 *
 * Assumptions: one line; the recovery of a lot is drawn when it leaves the line; what no product takes is
 * tails, or the `rest` material if one is named. Left out: batches, parallel lines, planned maintenance. */
#include "domain/facilities/kinds.h"
#include "domain/processor.h"

typedef struct product_params {
  int32_t material;
  mnz_recovery recovery;
  double grade;
} product_params;

typedef struct plant_params {
  mnz_ids in;
  mnz_mass lot;
  mnz_list makes; /* of product_params */
  int32_t rest;
  mnz_schedule capacity;
  mnz_distribution residence;
  mnz_time hold_up;
  bool filled;
} plant_params;

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
    {.name = NULL}};

static const mnz_param plant_table[] = {
    {.name = "in",
     .type = MNZ_PARAM_MATERIALS,
     .offset = offsetof(plant_params, in),
     .required = true,
     .help = "the feed; of several the first that is there"},
    {.name = "lot",
     .type = MNZ_PARAM_MASS,
     .offset = offsetof(plant_params, lot),
     .min = 1,
     .max = 1e300,
     .help = "feed taken at once; the lots as they come when not said"},
    {.name = "makes",
     .type = MNZ_PARAM_LIST,
     .offset = offsetof(plant_params, makes),
     .required = true,
     .fields = product_table,
     .item_size = sizeof(product_params),
     .help = "the products"},
    {.name = "rest",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(plant_params, rest),
     .help = "material that keeps what no product takes; tails when not said"},
    {.name = "capacity",
     .type = MNZ_PARAM_SCHEDULE,
     .offset = offsetof(plant_params, capacity),
     .required = true,
     .help = "feed worked off, on its mass or on the mass of some elements in it"},
    {.name = "residence",
     .type = MNZ_PARAM_DISTRIBUTION,
     .dim = MNZ_DIM_TIME,
     .offset = offsetof(plant_params, residence),
     .min = 0,
     .max = 1e300,
     .fallback = "0 d",
     .help = "time inside after the work, drawn once a lot; stands still in a stop"},
    {.name = "hold_up",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(plant_params, hold_up),
     .min = 0,
     .max = 1e300,
     .fallback = "0 d",
     .help = "what a continuous circuit keeps inside, as time at its rate: it fills before the first product "
             "leaves and is kept in a stop"},
    {.name = "filled",
     .type = MNZ_PARAM_FLAG,
     .offset = offsetof(plant_params, filled),
     .fallback = "false",
     .help = "the hold-up is there at the start, of the feed's nominal content"},
    {.name = NULL}};

typedef struct plant {
  mnz_processor processor;
  const plant_params *params;
} plant;

static void share_of_product(const product_params *product, const mnz_catalog *catalog, double *share) {
  for (int32_t e = 0; e < catalog->elements.count; e++) {
    if (!(catalog->materials[product->material].of >> e & 1)) share[e] = 0;
  }
}

static void plant_flows(const void *params, const mnz_catalog *catalog, mnz_flows *out) {
  const plant_params *p = params;
  double share[MNZ_MAX_ELEMENTS];
  double rest[MNZ_MAX_ELEMENTS];
  const double capacity = mnz_feed_rate(catalog, &p->in, &p->capacity);
  for (int32_t e = 0; e < MNZ_MAX_ELEMENTS; e++) rest[e] = 1;
  for (int32_t i = 0; i < p->in.count; i++) {
    if (p->in.at[i] >= 0) out->takes |= UINT64_C(1) << p->in.at[i];
  }
  for (int32_t i = 0; i < p->makes.count; i++) {
    const product_params *product = (const product_params *)p->makes.at + i;
    if (product->material < 0) continue;
    mnz_recovery_mean(&product->recovery, catalog->elements.count, share);
    share_of_product(product, catalog, share);
    mnz_feed_conversion(catalog, &p->in, capacity, product->material, share, product->grade, out);
    if (product->grade >= 1) out->separates |= UINT64_C(1) << product->material;
    for (int32_t e = 0; e < catalog->elements.count; e++) rest[e] -= share[e];
  }
  if (p->rest >= 0) mnz_feed_conversion(catalog, &p->in, capacity, p->rest, rest, 1, out);
}

static void plant_check(const void *params, const mnz_catalog *catalog, const mnz_report *report) {
  const plant_params *p = params;
  double sum[MNZ_MAX_ELEMENTS] = {0};
  for (int32_t i = 0; i < p->makes.count; i++) {
    const product_params *product = (const product_params *)p->makes.at + i;
    double share[MNZ_MAX_ELEMENTS];
    mnz_recovery_mean(&product->recovery, catalog->elements.count, share);
    share_of_product(product, catalog, share);
    for (int32_t e = 0; e < catalog->elements.count; e++) sum[e] += share[e];
  }
  mnz_check_recoveries(catalog, sum, "makes", report);
  mnz_check_fill(p->filled, p->lot, catalog, &p->in, report);
}

static int32_t plant_fractions(void *self, const mnz_lot *feed, uint32_t occurrence, mnz_fraction *fraction) {
  const plant *pl = self;
  const plant_params *p = pl->params;
  const mnz_site *site = pl->processor.site;
  (void)feed;
  for (int32_t i = 0; i < p->makes.count; i++) {
    const product_params *product = (const product_params *)p->makes.at + i;
    fraction[i] = (mnz_fraction){.material = product->material, .grade = product->grade};
    mnz_recovery_draw(&product->recovery, site, occurrence * 8 + (uint32_t)(i & 7), fraction[i].share);
    share_of_product(product, site->catalog, fraction[i].share);
  }
  if (p->rest < 0) return p->makes.count;
  mnz_fraction *rest = &fraction[p->makes.count];
  *rest = (mnz_fraction){.material = p->rest, .grade = 1};
  for (int32_t e = 0; e < site->catalog->elements.count; e++) rest->share[e] = 1;
  return p->makes.count + 1;
}

static mnz_status plant_start(void *self, mnz_site *site, const void *params, mnz_error *err) {
  plant *pl = self;
  const plant_params *p = params;
  *pl = (plant){
      .params = p,
      .processor = {.site = site, .in = &p->in, .lot = p->lot, .self = self, .fractions = plant_fractions}};
  mnz_line_open(&pl->processor.line, site, &p->capacity, &p->residence, p->hold_up, 0);
  if (p->filled) {
    mnz_status status = mnz_line_fill(&pl->processor.line, p->in.at[0], p->lot, err);
    if (status != MNZ_OK) return status;
  }
  return mnz_processor_start(&pl->processor, err);
}

static mnz_status plant_decide(void *self, mnz_error *err) {
  return mnz_processor_decide(&((plant *)self)->processor, err);
}
static mnz_status plant_wake(void *self, int32_t tag, mnz_error *err) {
  return mnz_processor_wake(&((plant *)self)->processor, tag, err);
}
static mnz_status plant_availability(void *self, double share, mnz_error *err) {
  return mnz_processor_availability(&((plant *)self)->processor, share, err);
}

const mnz_kind mnz_plant_kind = {
    .name = "plant",
    .help = "turns a feed into products: concentrator, cracking and leaching, finishing",
    .params = plant_table,
    .params_size = sizeof(plant_params),
    .outputs = mnz_processor_outputs,
    .flows = plant_flows,
    .check = plant_check,
    .state_size = sizeof(plant),
    .start = plant_start,
    .decide = plant_decide,
    .wake = plant_wake,
    .availability = plant_availability,
};
