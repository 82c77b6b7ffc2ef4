/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A maker builds products from bought materials by recipes: metal making, alloys, magnets.
 *
 * Each product has a line of its own, which starts a lot whenever stock, work in process and what is owed
 * are below the policy's target and all inputs are there. Inputs are bought by policies; their usage
 * follows the orders for the products, so that a shortage does not make them look unwanted.
 *
 * Mass: a lot of gross mass L takes amount * L of each input; what the inputs' rare earths do not make up
 * is filler (iron, boron), which must be said. Of the lot, `yield` becomes product, the rest scrap. Left
 * out: substitution and thrift, swarf returned by others. */
#include <math.h>

#include "base/error.h"
#include "domain/buying.h"
#include "domain/facilities/kinds.h"
#include "domain/line.h"
#include "domain/outbox.h"

typedef struct input_params {
  int32_t material;
  double amount;
} input_params;

typedef struct made_params {
  int32_t material;
  mnz_list recipe; /* of input_params */
  double filler;
  double yield;
  int32_t scrap;
  mnz_mass lot;
  mnz_schedule capacity;
  mnz_distribution residence;
  mnz_policy policy;
} made_params;

typedef struct maker_params {
  mnz_list buys;  /* of mnz_buy */
  mnz_list makes; /* of made_params */
} maker_params;

static const mnz_param input_table[] = {{.name = "material",
                                         .type = MNZ_PARAM_MATERIAL,
                                         .offset = offsetof(input_params, material),
                                         .required = true,
                                         .help = "what goes in"},
                                        {.name = "amount",
                                         .type = MNZ_PARAM_SHARE,
                                         .offset = offsetof(input_params, amount),
                                         .required = true,
                                         .min = 0,
                                         .max = 10,
                                         .help = "its mass for one mass of product before scrap"},
                                        {.name = NULL}};

static const mnz_param made_table[] = {
    {.name = "material",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(made_params, material),
     .required = true,
     .help = "the product"},
    {.name = "recipe",
     .type = MNZ_PARAM_LIST,
     .offset = offsetof(made_params, recipe),
     .required = true,
     .fields = input_table,
     .item_size = sizeof(input_params),
     .help = "what one mass of it needs"},
    {.name = "filler",
     .type = MNZ_PARAM_SHARE,
     .offset = offsetof(made_params, filler),
     .min = 0,
     .max = 1,
     .fallback = "0 %",
     .help = "iron, boron, cobalt: bought in without limit, not followed"},
    {.name = "yield",
     .type = MNZ_PARAM_SHARE,
     .offset = offsetof(made_params, yield),
     .min = 1e-6,
     .max = 1,
     .fallback = "100 %",
     .help = "share of a lot that becomes product"},
    {.name = "scrap",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(made_params, scrap),
     .help = "material that the rest becomes (swarf); lost when not said"},
    {.name = "lot",
     .type = MNZ_PARAM_MASS,
     .offset = offsetof(made_params, lot),
     .required = true,
     .min = 1,
     .max = 1e300,
     .help = "made at once, before scrap"},
    {.name = "capacity",
     .type = MNZ_PARAM_SCHEDULE,
     .offset = offsetof(made_params, capacity),
     .required = true,
     .help = "of its line, before scrap"},
    {.name = "residence",
     .type = MNZ_PARAM_DISTRIBUTION,
     .dim = MNZ_DIM_TIME,
     .offset = offsetof(made_params, residence),
     .min = 0,
     .max = 1e300,
     .fallback = "0 d",
     .help = "time inside after the work, drawn once a lot"},
    {.name = "policy",
     .type = MNZ_PARAM_POLICY,
     .offset = offsetof(made_params, policy),
     .required = true,
     .help = "stock of the product that it aims at: base_stock(20 t) or days_of_cover(30 d)"},
    {.name = NULL}};

static const mnz_param maker_table[] = {{.name = "buys",
                                         .type = MNZ_PARAM_LIST,
                                         .offset = offsetof(maker_params, buys),
                                         .required = true,
                                         .fields = mnz_buy_params,
                                         .item_size = sizeof(mnz_buy),
                                         .help = "the inputs, and from whom"},
                                        {.name = "makes",
                                         .type = MNZ_PARAM_LIST,
                                         .offset = offsetof(maker_params, makes),
                                         .required = true,
                                         .fields = made_table,
                                         .item_size = sizeof(made_params),
                                         .help = "the products"},
                                        {.name = NULL}};

#define MAX_PRODUCTS 16

typedef struct maker {
  mnz_site *site;
  const maker_params *params;
  mnz_line line[MAX_PRODUCTS];
  mnz_outbox outbox;
  double pace;
} maker;

static const made_params *made(const maker_params *p, int32_t i) {
  return (const made_params *)p->makes.at + i;
}

static const input_params *input(const made_params *m, int32_t i) {
  return (const input_params *)m->recipe.at + i;
}

static void maker_flows(const void *params, const mnz_catalog *catalog, mnz_flows *out) {
  const maker_params *p = params;
  (void)catalog;
  mnz_buying_flows(&p->buys, out);
  for (int32_t i = 0; i < p->makes.count; i++) {
    const made_params *m = made(p, i);
    if (m->material < 0) continue;
    out->makes |= UINT64_C(1) << m->material;
    if (m->scrap >= 0) out->makes |= UINT64_C(1) << m->scrap;
    out->lots += mnz_schedule_greatest(&m->capacity) / (double)m->lot;
    mnz_conversion *c = mnz_flows_convert(out);
    if (c == NULL) continue;
    *c = (mnz_conversion){.product = m->material, .capacity = mnz_schedule_greatest(&m->capacity) * m->yield};
    for (int32_t k = 0; k < m->recipe.count && c->n_inputs < 8; k++) {
      if (input(m, k)->material < 0) continue;
      c->input[c->n_inputs].material = input(m, k)->material;
      c->input[c->n_inputs++].per_product = input(m, k)->amount / m->yield;
    }
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

static void check_product(const made_params *m, int32_t i, const mnz_catalog *catalog,
                          const mnz_report *report) {
  char path[64];
  char message[160];
  double sum = m->filler;
  for (int32_t k = 0; k < m->recipe.count; k++) {
    if (input(m, k)->material >= 0)
      sum += input(m, k)->amount * weight_in(catalog, input(m, k)->material, m->material);
  }
  snprintf(path, sizeof path, "makes[%d].recipe", i);
  if (sum < 0.99) {
    snprintf(
        message, sizeof message,
        "found inputs and filler that add up to %.4g %% of the product, which creates mass; expected 100 %%",
        sum * 100);
    report->error(report->context, path, message);
  } else if (sum > 1.01) {
    snprintf(message, sizeof message,
             "found inputs and filler that add up to %.4g %% of the product; expected 100 %%", sum * 100);
    report->error(report->context, path, message);
  }
  if (m->capacity.basis != 0) {
    snprintf(path, sizeof path, "makes[%d].capacity", i);
    report->error(report->context, path,
                  "found a rate on some elements only; expected a rate on the whole mass");
  }
}

/* A line works towards a level. */
static void check_policy(const made_params *m, int32_t i, const mnz_report *report) {
  char path[64];
  const mnz_policy_kind kind = m->policy.kind;
  if (kind == MNZ_POLICY_NONE || kind == MNZ_POLICY_BASE_STOCK || kind == MNZ_POLICY_DAYS_OF_COVER) return;
  snprintf(path, sizeof path, "makes[%d].policy", i);
  report->error(report->context, path,
                "found a policy for purchases; expected base_stock(...) or days_of_cover(...)");
}

static void maker_check(const void *params, const mnz_catalog *catalog, const mnz_report *report) {
  const maker_params *p = params;
  char path[64];
  char message[160];
  uint64_t bought = 0;
  mnz_buying_check(&p->buys, catalog, report);
  for (int32_t i = 0; i < p->buys.count; i++) {
    const mnz_buy *buy = (const mnz_buy *)p->buys.at + i;
    if (buy->material >= 0) bought |= UINT64_C(1) << buy->material;
  }
  if (p->makes.count > MAX_PRODUCTS) {
    snprintf(message, sizeof message, "found %d products; expected at most %d", p->makes.count, MAX_PRODUCTS);
    report->error(report->context, "makes", message);
  }
  uint64_t products = 0;
  for (int32_t i = 0; i < p->makes.count; i++) {
    const made_params *m = made(p, i);
    if (m->material >= 0) check_product(m, i, catalog, report);
    check_policy(m, i, report);
    snprintf(path, sizeof path, "makes[%d].material", i);
    mnz_check_once(&products, m->material, path, catalog, report);
    if (m->recipe.count > 8) {
      snprintf(path, sizeof path, "makes[%d].recipe", i);
      report->error(report->context, path, "found more than 8 inputs; expected at most 8");
    }
    uint64_t inputs = 0;
    for (int32_t k = 0; k < m->recipe.count; k++) {
      const int32_t material = input(m, k)->material;
      snprintf(path, sizeof path, "makes[%d].recipe[%d].material", i, k);
      mnz_check_once(&inputs, material, path, catalog, report);
      if (material < 0 || bought >> material & 1) continue;
      snprintf(path, sizeof path, "makes[%d].recipe[%d].material", i, k);
      snprintf(message, sizeof message,
               "found %s, which it does not buy; expected one of the materials in `buys`",
               catalog->materials[material].name);
      report->error(report->context, path, message);
    }
  }
}

static bool inputs_are_there(const maker *mk, const made_params *m) {
  for (int32_t k = 0; k < m->recipe.count; k++) {
    const mnz_shelf *shelf = mnz_site_shelf(mk->site, input(m, k)->material);
    if (shelf->store.mass < llround((double)m->lot * input(m, k)->amount)) return false;
  }
  return true;
}

/* The gross lot: all inputs in one, filler added up to its mass. */
static mnz_lot *assemble(maker *mk, const made_params *m, mnz_error *err) {
  mnz_site *site = mk->site;
  const mnz_catalog *c = site->catalog;
  mnz_lot *lot = mnz_lot_new(site->lots, m->material, site->node, mnz_site_now(site), err);
  if (lot == NULL) return NULL;
  for (int32_t k = 0; k < m->recipe.count; k++) {
    const mnz_mass mass = llround((double)m->lot * input(m, k)->amount);
    mnz_lot *in = NULL;
    if (mnz_site_take(site, input(m, k)->material, mass, &in, err) != MNZ_OK) return NULL;
    if (in == NULL) {
      MNZ_REQUIRE(mass <= 0); /* an amount that rounds to nothing; else inputs_are_there has looked */
      continue;
    }
    for (int32_t i = 0; i < c->n_parts; i++) lot->part[i] += in->part[i];
    mnz_lot_drop(site->lots, in);
  }
  mnz_lot_weigh(site->lots, lot);
  const mnz_mass filler = m->lot - lot->mass;
  if (filler > 0) {
    mnz_ledger_add_other(site->ledger, site->node, filler);
    lot->part[c->n_components] += filler;
    mnz_lot_weigh(site->lots, lot);
  }
  return lot;
}

/* Divides a gross lot that is through its line into product and scrap. */
static mnz_status finish(maker *mk, const made_params *m, mnz_lot **lot, mnz_error *err) {
  mnz_site *site = mk->site;
  const mnz_mass scrap_mass = llround((double)(*lot)->mass * (1 - m->yield));
  if (scrap_mass > 0 && scrap_mass < (*lot)->mass) {
    mnz_lot *scrap = mnz_lot_split(site->lots, *lot, scrap_mass, err);
    if (scrap == NULL) return MNZ_NO_MEMORY;
    if (m->scrap >= 0) {
      scrap->material = m->scrap;
      mnz_lot_weigh(site->lots, scrap);
      mnz_outbox_add(&mk->outbox, site, &scrap);
    } else {
      mnz_site_lose(site, &scrap);
    }
  }
  mnz_outbox_add(&mk->outbox, site, lot);
  return mnz_outbox_settle(&mk->outbox, site, err);
}

/* Usage of the inputs, from that of the products. */
static void explode_usage(maker *mk) {
  const mnz_site *site = mk->site;
  for (int32_t b = 0; b < mk->params->buys.count; b++) {
    const int32_t material = ((const mnz_buy *)mk->params->buys.at + b)->material;
    double usage = 0;
    double asked = 0;
    for (int32_t i = 0; i < mk->params->makes.count; i++) {
      const made_params *m = made(mk->params, i);
      for (int32_t k = 0; k < m->recipe.count; k++) {
        if (input(m, k)->material != material) continue;
        usage += mnz_site_usage(site, m->material) * input(m, k)->amount / m->yield;
        asked += (double)mnz_site_shelf(site, m->material)->asked * input(m, k)->amount / m->yield;
      }
    }
    mnz_shelf *shelf = mnz_site_shelf(site, material);
    shelf->usage = usage;
    shelf->usage_time = mnz_site_now(site);
    shelf->asked = llround(fmin(asked, 1e18));
  }
}

/* Purchases that are reviewed at every change. */
static mnz_status buy_at_once(maker *mk, mnz_error *err) {
  const mnz_list *buys = &mk->params->buys;
  if (!mnz_buying_is_continuous(buys)) return MNZ_OK;
  explode_usage(mk);
  return mnz_buying_react(mk->site, buys, err);
}

/* Starts a lot if one is wanted: below target counting what is in the line as product. */
static mnz_status work(maker *mk, int32_t i, bool *starved, mnz_error *err) {
  const made_params *m = made(mk->params, i);
  mnz_line *line = &mk->line[i];
  while (mnz_outbox_is_empty(&mk->outbox) && mnz_line_is_free(line)) {
    const double coming = (double)line->inside_mass * m->yield;
    const mnz_mass target = mnz_policy_target(&m->policy, mnz_site_usage(mk->site, m->material));
    if (mnz_site_position(mk->site, m->material) + llround(coming) >= target) return MNZ_OK;
    if (!inputs_are_there(mk, m)) {
      *starved = true;
      return MNZ_OK;
    }
    mnz_lot *lot = assemble(mk, m, err);
    if (lot == NULL) return MNZ_NO_MEMORY;
    mnz_status status = mnz_line_load(line, &lot, err);
    if (status != MNZ_OK) return status;
  }
  return MNZ_OK;
}

static mnz_status maker_decide(void *self, mnz_error *err) {
  maker *mk = self;
  mnz_site *site = mk->site;
  mnz_status status;
  bool starved = false;
  bool busy = false;
  if ((status = mnz_outbox_settle(&mk->outbox, site, err)) != MNZ_OK) return status;
  for (int32_t i = 0; i < mk->params->makes.count; i++) {
    while (mnz_outbox_is_empty(&mk->outbox) && mnz_line_due(&mk->line[i]) != NULL) {
      mnz_lot *lot = mnz_line_pop(&mk->line[i], err);
      if (lot == NULL) return MNZ_NO_MEMORY;
      if ((status = finish(mk, made(mk->params, i), &lot, err)) != MNZ_OK) return status;
    }
    if ((status = work(mk, i, &starved, err)) != MNZ_OK) return status;
    busy |= mk->line[i].work != NULL;
  }
  if ((status = buy_at_once(mk, err)) != MNZ_OK) return status;
  mnz_site_set_state(site, mk->pace <= 0                       ? MNZ_STATE_DOWN
                           : !mnz_outbox_is_empty(&mk->outbox) ? MNZ_STATE_BLOCKED
                           : busy                              ? MNZ_STATE_UP
                           : starved                           ? MNZ_STATE_STARVED
                                                               : MNZ_STATE_IDLE);
  return MNZ_OK;
}

static mnz_status maker_wake(void *self, int32_t tag, mnz_error *err) {
  maker *mk = self;
  if (tag >= MNZ_TAG_REVIEW) {
    explode_usage(mk);
    return mnz_buying_wake(mk->site, &mk->params->buys, tag, err);
  }
  mnz_status status = MNZ_OK;
  mnz_line_wake(&mk->line[tag / MNZ_LINE_TAGS], tag, &status, err);
  return status != MNZ_OK ? status : mnz_site_stir(mk->site, err);
}

static mnz_status maker_availability(void *self, double share, mnz_error *err) {
  maker *mk = self;
  mk->pace = share;
  for (int32_t i = 0; i < mk->params->makes.count; i++) {
    mnz_status status = mnz_line_set_pace(&mk->line[i], share, err);
    if (status != MNZ_OK) return status;
  }
  return mnz_site_stir(mk->site, err);
}

static mnz_status maker_start(void *self, mnz_site *site, const void *params, mnz_error *err) {
  maker *mk = self;
  *mk = (maker){.site = site, .params = params, .pace = 1};
  mnz_status status;
  for (int32_t i = 0; i < mk->params->makes.count; i++) {
    const made_params *m = made(mk->params, i);
    mnz_line_open(&mk->line[i], site, &m->capacity, &m->residence, 0, i * MNZ_LINE_TAGS);
    if ((status = mnz_line_start(&mk->line[i], err)) != MNZ_OK) return status;
  }
  for (int32_t i = 0; i < mk->params->makes.count; i++) {
    const made_params *m = made(mk->params, i);
    for (int32_t k = 0; k < m->recipe.count; k++) {
      mnz_shelf *shelf = mnz_site_shelf(site, input(m, k)->material);
      const mnz_mass one = llround((double)m->lot * input(m, k)->amount);
      if (one > shelf->least) shelf->least = one;
    }
  }
  explode_usage(mk);
  if ((status = mnz_buying_start(site, &mk->params->buys, err)) != MNZ_OK) return status;
  return mnz_site_stir(site, err);
}

static const mnz_output maker_outputs[] = {
    {"in_process", "t", "what is in its lines"},
    {"backlog", "t", "orders for its products that it has not filled"},
    {"state_share", "1",
     "share of time up (any line works), starved (none can for want of an input), idle, blocked, down"},
    {NULL, NULL, NULL}};

const mnz_kind mnz_maker_kind = {
    .name = "maker",
    .help = "builds products from bought materials by recipes: metal, alloys, magnets",
    .params = maker_table,
    .params_size = sizeof(maker_params),
    .outputs = maker_outputs,
    .flows = maker_flows,
    .check = maker_check,
    .state_size = sizeof(maker),
    .start = maker_start,
    .decide = maker_decide,
    .wake = maker_wake,
    .availability = maker_availability,
};
