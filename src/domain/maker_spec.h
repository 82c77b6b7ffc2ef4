/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scenario says of a maker's products: recipes in order of preference, thrift of scarce inputs. */
#ifndef MNZ_DOMAIN_MAKER_SPEC_H
#define MNZ_DOMAIN_MAKER_SPEC_H

#include "domain/buying.h"

#define MNZ_MAX_PRODUCTS 16
#define MNZ_MAX_RECIPES  8
#define MNZ_MAX_INPUTS   8
#define MNZ_MAX_THRIFTS  4

typedef struct mnz_input {
  int32_t material;
  double amount; /* mass for one mass of product before scrap */
} mnz_input;

typedef struct mnz_recipe {
  mnz_list inputs; /* of mnz_input */
  double filler;
  mnz_time from; /* MNZ_NO_DATE: from the start */
} mnz_recipe;

/* Less of an input while it is scarce. */
typedef struct mnz_thrift {
  int32_t input;
  mnz_time below; /* cover at which it is decided on, and used */
  mnz_time above; /* cover from which it is not used any more; -1: `below` */
  double share;   /* of the input that is saved */
  int32_t by;     /* material that takes its place, mass for mass; -1: filler */
  mnz_time qualification;
  bool reversible;
} mnz_thrift;

typedef struct mnz_made {
  int32_t material;
  mnz_list recipe; /* of mnz_input: the only recipe ... */
  double filler;
  mnz_list recipes; /* ... or of mnz_recipe, in order of preference */
  mnz_list thrift;  /* of mnz_thrift */
  mnz_distribution yield;
  int32_t scrap;
  mnz_mass lot;
  mnz_schedule capacity;
  mnz_distribution residence;
  mnz_policy policy;
} mnz_made;

typedef struct mnz_maker_params {
  mnz_list buys;  /* of mnz_buy */
  mnz_list makes; /* of mnz_made */
} mnz_maker_params;

extern const mnz_param mnz_maker_params_table[];

static inline const mnz_made *mnz_made_at(const mnz_maker_params *p, int32_t i) {
  return (const mnz_made *)p->makes.at + i;
}
static inline const mnz_thrift *mnz_thrift_at(const mnz_made *m, int32_t i) {
  return (const mnz_thrift *)m->thrift.at + i;
}
int32_t mnz_recipe_count(const mnz_made *made);
mnz_recipe mnz_recipe_at(const mnz_made *made, int32_t i);

/* What one mass of product before scrap needs, each material once. */
typedef struct mnz_bill {
  int32_t n;
  mnz_input line[MNZ_MAX_INPUTS + MNZ_MAX_THRIFTS];
} mnz_bill;

/* By a recipe, with the thrifts in the mask in use. */
mnz_bill mnz_bill_of(const mnz_made *made, int32_t recipe, uint32_t thrifts);
/* How much of a material is in it. */
double mnz_bill_amount(const mnz_bill *bill, int32_t material);

void mnz_maker_flows(const void *params, const mnz_catalog *catalog, mnz_flows *out);
void mnz_maker_check(const void *params, const mnz_catalog *catalog, const mnz_report *report);

#endif
