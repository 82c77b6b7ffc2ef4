/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plant turns a feed into products: concentrator, cracking and leaching, finishing.
 *
 * Assumptions: the recovery of a lot is drawn when it leaves the line; what no product takes is
 * tails, or the `rest` material if one is named. Left out: planned maintenance. */
#include <stdio.h>

#include "domain/facilities/kinds.h"
#include "domain/processor.h"

typedef struct product_params {
  int32_t material;
  mnz_recovery recovery;
  double grade;
} product_params;

typedef struct plant_params {
  mnz_processor_params line; /* first */
  mnz_list makes;            /* of product_params */
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

static void plant_flows(const void *params, const mnz_catalog *catalog, mnz_flows *out) {
  const plant_params *p = params;
  double share[MNZ_MAX_ELEMENTS];
  double rest[MNZ_MAX_ELEMENTS];
  const double capacity = mnz_feed_rate(catalog, &p->line);
  out->lots = mnz_feed_lots(catalog, &p->line);
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
  mnz_check_fill(&p->line, catalog, report);
}

static int32_t plant_fractions(void *self, const mnz_lot *feed, const gsl_rng *rng, mnz_fraction *fraction) {
  const plant *pl = self;
  const plant_params *p = pl->params;
  const mnz_site *site = pl->processor.site;
  (void)feed;
  for (int32_t i = 0; i < p->makes.count; i++) {
    const product_params *product = (const product_params *)p->makes.at + i;
    fraction[i] = (mnz_fraction){.material = product->material, .grade = product->grade};
    mnz_recovery_draw(&product->recovery, site->catalog->elements.count, rng, fraction[i].share);
    share_of_product(product, site->catalog, fraction[i].share);
  }
  if (p->line.rest < 0) return p->makes.count;
  mnz_fraction *rest = &fraction[p->makes.count];
  *rest = (mnz_fraction){.material = p->line.rest, .grade = 1};
  for (int32_t e = 0; e < site->catalog->elements.count; e++) rest->share[e] = 1;
  return p->makes.count + 1;
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
    .state_size = sizeof(plant),
    .start = plant_start,
    .decide = mnz_processor_decide,
    .wake = mnz_processor_wake,
    .arrive = mnz_processor_arrive,
    .availability = mnz_processor_availability,
    .room = mnz_processor_room,
};
