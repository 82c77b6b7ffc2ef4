/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/maker_spec.h"

#include <math.h>
#include <stdio.h>

#include "domain/line.h"

/* --- tables --- */

static const mnz_param input_table[] = {{.name = "material",
                                         .type = MNZ_PARAM_MATERIAL,
                                         .offset = offsetof(mnz_input, material),
                                         .required = true,
                                         .help = "what goes in"},
                                        {.name = "amount",
                                         .type = MNZ_PARAM_SHARE,
                                         .offset = offsetof(mnz_input, amount),
                                         .required = true,
                                         .min = 0,
                                         .max = 10,
                                         .help = "its mass for one mass of product before scrap"},
                                        {.name = NULL}};

static const mnz_param recipe_table[] = {
    {.name = "inputs",
     .type = MNZ_PARAM_LIST,
     .offset = offsetof(mnz_recipe, inputs),
     .required = true,
     .fields = input_table,
     .item_size = sizeof(mnz_input),
     .help = "what one mass of the product needs"},
    {.name = "filler",
     .type = MNZ_PARAM_SHARE,
     .offset = offsetof(mnz_recipe, filler),
     .min = 0,
     .max = 1,
     .fallback = "0 %",
     .help = "iron, boron, cobalt: bought in without limit, not followed"},
    {.name = "from",
     .type = MNZ_PARAM_DATE,
     .offset = offsetof(mnz_recipe, from),
     .help = "date from which it is qualified; the start when not said"},
    {.name = NULL}};

static const mnz_param thrift_table[] = {
    {.name = "input",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(mnz_thrift, input),
     .required = true,
     .help = "the input that is saved"},
    {.name = "below",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(mnz_thrift, below),
     .required = true,
     .min = 1,
     .max = 1e300,
     .help = "the stock's cover, at the full recipe, below which it is decided on, and used once qualified"},
    {.name = "above",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(mnz_thrift, above),
     .min = 1,
     .max = 1e300,
     .help = "the cover from which a reversible one is not used any more; `below` when not said"},
    {.name = "share",
     .type = MNZ_PARAM_SHARE,
     .offset = offsetof(mnz_thrift, share),
     .required = true,
     .min = 1e-6,
     .max = 1,
     .help = "share of the input that is saved"},
    {.name = "by",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(mnz_thrift, by),
     .help = "input that takes its place, mass for mass; filler when not said"},
    {.name = "qualification",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(mnz_thrift, qualification),
     .min = 0,
     .max = 1e300,
     .fallback = "0 d",
     .help = "time from the decision until users accept it, once"},
    {.name = "reversible",
     .type = MNZ_PARAM_FLAG,
     .offset = offsetof(mnz_thrift, reversible),
     .fallback = "true",
     .help = "true: the full recipe comes back with the cover; false: it is used for good"},
    {.name = NULL}};

static const mnz_param made_table[] = {
    {.name = "material",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(mnz_made, material),
     .required = true,
     .help = "the product"},
    {.name = "recipe",
     .type = MNZ_PARAM_LIST,
     .offset = offsetof(mnz_made, recipe),
     .fields = input_table,
     .item_size = sizeof(mnz_input),
     .help = "what one mass of it needs"},
    {.name = "filler",
     .type = MNZ_PARAM_SHARE,
     .offset = offsetof(mnz_made, filler),
     .min = 0,
     .max = 1,
     .fallback = "0 %",
     .help = "iron, boron, cobalt: bought in without limit, not followed"},
    {.name = "recipes",
     .type = MNZ_PARAM_LIST,
     .offset = offsetof(mnz_made, recipes),
     .fields = recipe_table,
     .item_size = sizeof(mnz_recipe),
     .help =
         "instead of `recipe` and `filler`: several, in order of preference; a lot is made by the first one "
         "that is qualified and whose inputs are there"},
    {.name = "thrift",
     .type = MNZ_PARAM_LIST,
     .offset = offsetof(mnz_made, thrift),
     .fields = thrift_table,
     .item_size = sizeof(mnz_thrift),
     .help = "less of an input while its cover is low"},
    {.name = "yield",
     .type = MNZ_PARAM_DISTRIBUTION,
     .dim = MNZ_DIM_SHARE,
     .offset = offsetof(mnz_made, yield),
     .min = 1e-6,
     .max = 1,
     .fallback = "100 %",
     .help = "share of a lot that becomes product, drawn once a lot"},
    {.name = "scrap",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(mnz_made, scrap),
     .help = "material that the rest becomes (swarf); lost when not said"},
    {.name = "lot",
     .type = MNZ_PARAM_MASS,
     .offset = offsetof(mnz_made, lot),
     .required = true,
     .min = 1,
     .max = 1e300,
     .help = "made at once, before scrap"},
    {.name = "capacity",
     .type = MNZ_PARAM_SCHEDULE,
     .offset = offsetof(mnz_made, capacity),
     .required = true,
     .help = "of its line, before scrap"},
    {.name = "residence",
     .type = MNZ_PARAM_DISTRIBUTION,
     .dim = MNZ_DIM_TIME,
     .offset = offsetof(mnz_made, residence),
     .min = 0,
     .max = 1e300,
     .fallback = "0 d",
     .help = "time inside after the work, drawn once a lot"},
    {.name = "policy",
     .type = MNZ_PARAM_POLICY,
     .offset = offsetof(mnz_made, policy),
     .required = true,
     .help = "stock of the product that it aims at: base_stock(20 t) or days_of_cover(30 d)"},
    {.name = NULL}};

const mnz_param mnz_maker_params_table[] = {{.name = "buys",
                                             .type = MNZ_PARAM_LIST,
                                             .offset = offsetof(mnz_maker_params, buys),
                                             .required = true,
                                             .fields = mnz_buy_params,
                                             .item_size = sizeof(mnz_buy),
                                             .help = "the inputs, and from whom"},
                                            {.name = "makes",
                                             .type = MNZ_PARAM_LIST,
                                             .offset = offsetof(mnz_maker_params, makes),
                                             .required = true,
                                             .fields = made_table,
                                             .item_size = sizeof(mnz_made),
                                             .help = "the products"},
                                            {.name = NULL}};

/* --- recipes --- */

int32_t mnz_recipe_count(const mnz_made *made) {
  return made->recipes.count > 0 ? made->recipes.count : 1;
}

mnz_recipe mnz_recipe_at(const mnz_made *made, int32_t i) {
  if (made->recipes.count > 0) return ((const mnz_recipe *)made->recipes.at)[i];
  return (mnz_recipe){.inputs = made->recipe, .filler = made->filler, .from = MNZ_NO_DATE};
}

static void add_to(mnz_bill *bill, int32_t material, double amount) {
  int32_t i = 0;
  while (i < bill->n && bill->line[i].material != material) i++;
  if (i == bill->n) bill->line[bill->n++] = (mnz_input){.material = material};
  bill->line[i].amount += amount;
}

double mnz_bill_amount(const mnz_bill *bill, int32_t material) {
  for (int32_t i = 0; i < bill->n; i++) {
    if (bill->line[i].material == material) return bill->line[i].amount;
  }
  return 0;
}

mnz_bill mnz_bill_of(const mnz_made *made, int32_t recipe, uint32_t thrifts) {
  const mnz_recipe r = mnz_recipe_at(made, recipe);
  const mnz_input *inputs = r.inputs.at;
  mnz_bill bill = {.n = 0};
  for (int32_t k = 0; k < r.inputs.count && k < MNZ_MAX_INPUTS; k++)
    add_to(&bill, inputs[k].material, inputs[k].amount);
  for (int32_t k = 0; k < made->thrift.count && k < MNZ_MAX_THRIFTS; k++) {
    const mnz_thrift *t = mnz_thrift_at(made, k);
    const double saved = mnz_bill_amount(&bill, t->input) * t->share;
    if (!(thrifts >> k & 1) || saved == 0) continue;
    add_to(&bill, t->input, -saved);
    if (t->by >= 0) add_to(&bill, t->by, saved);
  }
  return bill;
}

/* --- before a run --- */

/* Alternatives say only that the product can be had of their inputs too: what is asked for goes by the recipe
 * of first choice. */
static void add_conversions(const mnz_made *m, mnz_flows *out) {
  const double yield = mnz_distribution_mean(&m->yield);
  for (int32_t r = 0; r < mnz_recipe_count(m); r++) {
    const mnz_recipe recipe = mnz_recipe_at(m, r);
    const mnz_input *inputs = recipe.inputs.at;
    mnz_conversion *c = mnz_flows_convert(out);
    if (c == NULL) return;
    *c = (mnz_conversion){
        .product = m->material, .capacity = mnz_schedule_greatest(&m->capacity) * yield, .any = r > 0};
    for (int32_t k = 0; k < recipe.inputs.count && c->n_inputs < 8; k++) {
      if (inputs[k].material < 0) continue;
      c->input[c->n_inputs].material = inputs[k].material;
      c->input[c->n_inputs++].per_product = inputs[k].amount / yield;
    }
  }
}

void mnz_maker_flows(const void *params, const mnz_catalog *catalog, mnz_flows *out) {
  const mnz_maker_params *p = params;
  (void)catalog;
  mnz_buying_flows(&p->buys, out);
  for (int32_t i = 0; i < p->makes.count; i++) {
    const mnz_made *m = mnz_made_at(p, i);
    if (m->material < 0) continue;
    const double capacity = mnz_schedule_greatest(&m->capacity);
    out->makes |= UINT64_C(1) << m->material;
    out->lots += capacity / (double)m->lot;
    add_conversions(m, out);
    if (m->scrap < 0) continue;
    out->makes |= UINT64_C(1) << m->scrap;
    mnz_conversion *scrap = mnz_flows_convert(out);
    if (scrap == NULL) return;
    *scrap =
        (mnz_conversion){.product = m->scrap, .capacity = capacity * (1 - mnz_distribution_mean(&m->yield))};
  }
}

/* Mass in the product's own form that one mass of an input brings: an oxide loses its oxygen in a metal. */
static double weight_in(const mnz_catalog *catalog, int32_t input_material, int32_t product) {
  const mnz_material *in = &catalog->materials[input_material];
  const bool reduced = in->form == MNZ_FORM_OXIDE && catalog->materials[product].form == MNZ_FORM_METAL;
  if (!reduced || !in->known) return 1;
  double weight = 1;
  for (int32_t e = 0; e < catalog->elements.count; e++)
    weight -= in->nominal[e] * (1 - catalog->metal_factor[e]);
  return weight;
}

/* Where a check stands. */
typedef struct checking {
  const mnz_catalog *catalog;
  const mnz_report *report;
  uint64_t bought;
  const mnz_made *made;
  char base[48]; /* "makes[0]." */
} checking;

static void complain(const checking *c, const char *rest, const char *message) {
  char path[160];
  snprintf(path, sizeof path, "%s%s", c->base, rest);
  c->report->error(c->report->context, path, message);
}

static void check_bought(const checking *c, const char *rest, int32_t material) {
  char message[160];
  if (material < 0 || c->bought >> material & 1) return;
  snprintf(message, sizeof message,
           "found %s, which it does not buy; expected one of the materials in `buys`",
           c->catalog->materials[material].name);
  complain(c, rest, message);
}

static void check_sum(const checking *c, const mnz_recipe *recipe, const char *rest) {
  char message[160];
  const mnz_input *inputs = recipe->inputs.at;
  double sum = recipe->filler;
  for (int32_t k = 0; k < recipe->inputs.count; k++) {
    if (inputs[k].material >= 0)
      sum += inputs[k].amount * weight_in(c->catalog, inputs[k].material, c->made->material);
  }
  if (sum >= 0.99 && sum <= 1.01) return;
  snprintf(message, sizeof message,
           "found inputs and filler that add up to %.4g %% of the product%s; expected 100 %%", sum * 100,
           sum < 0.99 ? ", which creates mass" : "");
  complain(c, rest, message);
}

static void check_recipe(const checking *c, int32_t r) {
  const mnz_recipe recipe = mnz_recipe_at(c->made, r);
  const mnz_input *inputs = recipe.inputs.at;
  char list[48] = "recipe";
  char rest[80];
  uint64_t seen = 0;
  if (c->made->recipes.count > 0) snprintf(list, sizeof list, "recipes[%d].inputs", r);
  if (c->made->material >= 0) check_sum(c, &recipe, list);
  if (recipe.inputs.count > MNZ_MAX_INPUTS) complain(c, list, "found more than 8 inputs; expected at most 8");
  for (int32_t k = 0; k < recipe.inputs.count; k++) {
    char path[160];
    snprintf(rest, sizeof rest, "%s[%d].material", list, k);
    snprintf(path, sizeof path, "%s%s", c->base, rest);
    mnz_check_once(&seen, inputs[k].material, path, c->catalog, c->report);
    check_bought(c, rest, inputs[k].material);
  }
}

static void check_recipes(const checking *c) {
  const mnz_made *m = c->made;
  if ((m->recipe.count > 0) == (m->recipes.count > 0)) {
    complain(c, "recipe",
             m->recipe.count > 0 ? "found both `recipe` and `recipes`; expected one of them"
                                 : "found neither `recipe` nor `recipes`; expected one of them");
    return;
  }
  if (m->recipes.count > MNZ_MAX_RECIPES) {
    complain(c, "recipes", "found more than 8 recipes; expected at most 8");
    return;
  }
  for (int32_t r = 0; r < mnz_recipe_count(m); r++) check_recipe(c, r);
}

static void check_thrift(const checking *c) {
  char rest[64];
  if (c->made->thrift.count > MNZ_MAX_THRIFTS)
    complain(c, "thrift", "found more than 4 ways of thrift; expected at most 4");
  for (int32_t k = 0; k < c->made->thrift.count; k++) {
    const mnz_thrift *t = mnz_thrift_at(c->made, k);
    bool used = false;
    for (int32_t r = 0; r < mnz_recipe_count(c->made) && r < MNZ_MAX_RECIPES; r++) {
      const mnz_bill bill = mnz_bill_of(c->made, r, 0);
      used |= mnz_bill_amount(&bill, t->input) > 0;
    }
    snprintf(rest, sizeof rest, "thrift[%d].input", k);
    if (t->input >= 0 && !used) complain(c, rest, "found a material that no recipe uses; expected an input");
    snprintf(rest, sizeof rest, "thrift[%d].by", k);
    check_bought(c, rest, t->by);
    if (t->by == t->input && t->by >= 0) complain(c, rest, "found the input itself; expected another one");
    snprintf(rest, sizeof rest, "thrift[%d].above", k);
    if (t->above >= 0 && t->above < t->below)
      complain(c, rest, "found a cover lower than `below`; expected at least that");
  }
}

/* A line works towards a level, on whole mass. */
static void check_line(const checking *c) {
  const mnz_policy_kind kind = c->made->policy.kind;
  if (c->made->capacity.basis != 0)
    complain(c, "capacity", "found a rate on some elements only; expected a rate on the whole mass");
  if (kind == MNZ_POLICY_NONE || kind == MNZ_POLICY_BASE_STOCK || kind == MNZ_POLICY_DAYS_OF_COVER) return;
  complain(c, "policy", "found a policy for purchases; expected base_stock(...) or days_of_cover(...)");
}

void mnz_maker_check(const void *params, const mnz_catalog *catalog, const mnz_report *report) {
  const mnz_maker_params *p = params;
  checking c = {.catalog = catalog, .report = report};
  char message[160];
  uint64_t products = 0;
  mnz_buying_check(&p->buys, catalog, report);
  for (int32_t i = 0; i < p->buys.count; i++) {
    const mnz_buy *buy = (const mnz_buy *)p->buys.at + i;
    if (buy->material >= 0) c.bought |= UINT64_C(1) << buy->material;
  }
  if (p->makes.count > MNZ_MAX_PRODUCTS) {
    snprintf(message, sizeof message, "found %d products; expected at most %d", p->makes.count,
             MNZ_MAX_PRODUCTS);
    report->error(report->context, "makes", message);
  }
  for (int32_t i = 0; i < p->makes.count; i++) {
    char path[64];
    c.made = mnz_made_at(p, i);
    snprintf(c.base, sizeof c.base, "makes[%d].", i);
    check_recipes(&c);
    check_thrift(&c);
    check_line(&c);
    snprintf(path, sizeof path, "makes[%d].material", i);
    mnz_check_once(&products, c.made->material, path, catalog, report);
  }
}
