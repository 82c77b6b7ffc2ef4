/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A maker builds products from bought materials by recipes: metal making, alloys, magnets.
 *
 * Each product has a line of its own, which starts a lot whenever stock, work in process and what is owed
 * are below the policy's target and all inputs are there: by the first of its recipes that is qualified and
 * for which they are. Inputs are bought by policies; their usage follows the orders for the products, by the
 * recipe of the last lot, so that a shortage does not make them look unwanted.
 *
 * Thrift saves a share of an input while its cover is low: it is decided on when the stock first covers less
 * than it says at the full recipe, is qualified for good some time after that, and is then used whenever the
 * cover is low again (reversible) or from then on.
 *
 * Mass: a lot of gross mass L takes amount * L of each input; what the inputs' rare earths do not make up
 * is filler (iron, boron), which must be said. Of the lot, `yield` becomes product, the rest scrap. */
#include <math.h>

#include "base/error.h"
#include "domain/facilities/kinds.h"
#include "domain/line.h"
#include "domain/maker_spec.h"
#include "domain/outbox.h"

typedef struct thrift_state {
  mnz_time qualified; /* MNZ_NEVER: not decided on yet */
  bool in_use;
} thrift_state;

typedef struct product {
  mnz_line line;
  double yield;                   /* its mean */
  int32_t recipe;                 /* of the last lot */
  uint32_t thrifts;               /* in use, as a mask */
  mnz_bill bill[MNZ_MAX_RECIPES]; /* with them */
  uint32_t finished;              /* lots: the occurrence of the yield's draw */
  thrift_state thrift[MNZ_MAX_THRIFTS];
} product;

typedef struct maker {
  mnz_site *site;
  const mnz_maker_params *params;
  product product[MNZ_MAX_PRODUCTS];
  mnz_outbox outbox;
  double pace;
} maker;

/* The tag of its alarms that only let it look again; those of the lines are below it. */
#define TAG_LOOK 900

static const mnz_made *made(const maker *mk, int32_t i) {
  return mnz_made_at(mk->params, i);
}

/* --- thrift --- */

static double full_usage(const maker *mk, int32_t material) {
  double usage = 0;
  for (int32_t i = 0; i < mk->params->makes.count; i++) {
    const mnz_made *m = made(mk, i);
    const mnz_bill bill = mnz_bill_of(m, mk->product[i].recipe, 0);
    usage += mnz_site_usage(mk->site, m->material) * mnz_bill_amount(&bill, material) / mk->product[i].yield;
  }
  return usage;
}

/* How long the stock lasts at the full recipe, in microseconds. */
static double cover(const maker *mk, int32_t material) {
  const double usage = full_usage(mk, material);
  const mnz_shelf *shelf = mnz_site_shelf(mk->site, material);
  return usage > 0 ? (double)shelf->store.mass / usage : INFINITY;
}

static mnz_status look_at_thrift(maker *mk, const mnz_thrift *t, thrift_state *state, mnz_error *err) {
  const double days = cover(mk, t->input);
  const mnz_time now = mnz_site_now(mk->site);
  mnz_status status = MNZ_OK;
  if (state->qualified == MNZ_NEVER) {
    if (!(days < (double)t->below)) return MNZ_OK;
    state->qualified = t->qualification < INT64_MAX / 4 ? now + t->qualification : MNZ_NEVER - 1;
    if (state->qualified > now && state->qualified < MNZ_NEVER - 1)
      status = mnz_site_wake(mk->site, state->qualified, MNZ_PHASE_COMPLETION, TAG_LOOK, NULL, err);
  }
  if (now < state->qualified) return status;
  const mnz_time above = t->above < 0 ? t->below : t->above;
  if (days < (double)t->below) state->in_use = true;
  if (t->reversible && days >= (double)above) state->in_use = false;
  return status;
}

static void write_bills(maker *mk, int32_t i, uint32_t thrifts) {
  product *p = &mk->product[i];
  p->thrifts = thrifts;
  for (int32_t r = 0; r < mnz_recipe_count(made(mk, i)); r++)
    p->bill[r] = mnz_bill_of(made(mk, i), r, thrifts);
}

static mnz_status look_at_thrifts(maker *mk, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < mk->params->makes.count; i++) {
    product *p = &mk->product[i];
    uint32_t thrifts = 0;
    for (int32_t k = 0; k < made(mk, i)->thrift.count && status == MNZ_OK; k++) {
      status = look_at_thrift(mk, mnz_thrift_at(made(mk, i), k), &p->thrift[k], err);
      thrifts |= (uint32_t)p->thrift[k].in_use << k;
    }
    if (thrifts != p->thrifts) write_bills(mk, i, thrifts);
  }
  return status;
}

static void count_saved(maker *mk, int32_t i, int32_t recipe) {
  const mnz_made *m = made(mk, i);
  const mnz_bill full = mnz_bill_of(m, recipe, 0);
  for (int32_t k = 0; k < m->thrift.count; k++) {
    if (!mk->product[i].thrift[k].in_use) continue;
    const mnz_thrift *t = mnz_thrift_at(m, k);
    mk->site->counts.of[MNZ_COUNT_SAVED] +=
        llround((double)m->lot * mnz_bill_amount(&full, t->input) * t->share);
  }
}

/* --- one lot --- */

static mnz_mass mass_of(const mnz_made *m, const mnz_input *in) {
  return llround((double)m->lot * in->amount);
}

static bool is_qualified(const maker *mk, const mnz_made *m, int32_t recipe) {
  const mnz_time from = mnz_recipe_at(m, recipe).from;
  return from == MNZ_NO_DATE || from <= mnz_site_now(mk->site);
}

static bool inputs_are_there(const maker *mk, const mnz_made *m, const mnz_bill *bill) {
  for (int32_t k = 0; k < bill->n; k++) {
    if (mnz_site_shelf(mk->site, bill->line[k].material)->store.mass < mass_of(m, &bill->line[k]))
      return false;
  }
  return true;
}

/* The recipe by which a lot can be made now; -1: none. */
static int32_t choose_recipe(const maker *mk, int32_t i) {
  const mnz_made *m = made(mk, i);
  for (int32_t r = 0; r < mnz_recipe_count(m); r++) {
    if (is_qualified(mk, m, r) && inputs_are_there(mk, m, &mk->product[i].bill[r])) return r;
  }
  return -1;
}

/* The gross lot: all inputs in one, filler added up to its mass. */
static mnz_lot *assemble(maker *mk, const mnz_made *m, const mnz_bill *bill, mnz_error *err) {
  mnz_site *site = mk->site;
  const mnz_catalog *c = site->catalog;
  mnz_lot *lot = mnz_lot_new(site->lots, m->material, site->node, mnz_site_now(site), err);
  if (lot == NULL) return NULL;
  for (int32_t k = 0; k < bill->n; k++) {
    const mnz_mass mass = mass_of(m, &bill->line[k]);
    mnz_lot *in = NULL;
    if (mnz_site_take(site, bill->line[k].material, mass, &in, err) != MNZ_OK) return NULL;
    if (in == NULL) {
      MNZ_REQUIRE(mass <= 0); /* an amount that rounds to nothing; else inputs_are_there has looked */
      continue;
    }
    for (int32_t i = 0; i < c->n_parts; i++) lot->part[i] += in->part[i];
    mnz_lot_tell(site->lots->watch, MNZ_LOT_MADE, lot, in, in->mass, 0);
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

/* Each product draws for itself. */
static double draw_yield(maker *mk, int32_t i) {
  const mnz_made *m = made(mk, i);
  const uint32_t key =
      mk->site->spec->hash + 0x9e3779b1U * mnz_stream_hash(mk->site->catalog->materials[m->material].name);
  return mnz_services_draw(mk->site->services, key, MNZ_PURPOSE_YIELD, mk->product[i].finished++, &m->yield);
}

/* Divides a gross lot that is through its line into product and scrap. */
static mnz_status finish(maker *mk, int32_t i, mnz_lot **lot, mnz_error *err) {
  mnz_site *site = mk->site;
  const mnz_made *m = made(mk, i);
  const mnz_mass scrap_mass = llround((double)(*lot)->mass * (1 - draw_yield(mk, i)));
  if (scrap_mass > 0 && scrap_mass < (*lot)->mass) {
    mnz_lot *scrap = mnz_lot_split(site->lots, *lot, scrap_mass, err);
    if (scrap == NULL) return MNZ_NO_MEMORY;
    if (m->scrap >= 0) {
      scrap->material = m->scrap;
      mnz_lot_weigh(site->lots, scrap);
      mnz_lot_tell(site->lots->watch, MNZ_LOT_BECAME, scrap, NULL, scrap->mass, 0);
      mnz_outbox_add(&mk->outbox, site, &scrap);
    } else {
      mnz_site_lose(site, &scrap);
    }
  }
  mnz_outbox_add(&mk->outbox, site, lot);
  return mnz_outbox_settle(&mk->outbox, site, err);
}

/* --- what is bought --- */

/* Usage of the inputs, from that of the products: by the recipes of the last lots, with what thrift saves. */
static void explode_usage(maker *mk) {
  const mnz_site *site = mk->site;
  for (int32_t b = 0; b < mk->params->buys.count; b++) {
    const int32_t material = ((const mnz_buy *)mk->params->buys.at + b)->material;
    double usage = 0;
    double asked = 0;
    for (int32_t i = 0; i < mk->params->makes.count; i++) {
      const mnz_made *m = made(mk, i);
      const product *p = &mk->product[i];
      const double each = mnz_bill_amount(&p->bill[p->recipe], material) / p->yield;
      usage += mnz_site_usage(site, m->material) * each;
      asked += (double)mnz_site_shelf(site, m->material)->asked * each;
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

/* No policy aims at less than what one lot needs, by whichever recipe. */
static void set_least(maker *mk, const mnz_made *m) {
  for (int32_t r = 0; r < mnz_recipe_count(m); r++) {
    for (uint32_t thrifts = 0; thrifts < 2; thrifts++) {
      const mnz_bill bill = mnz_bill_of(m, r, thrifts == 0 ? 0 : UINT32_MAX);
      for (int32_t k = 0; k < bill.n; k++) {
        mnz_shelf *shelf = mnz_site_shelf(mk->site, bill.line[k].material);
        const mnz_mass one = mass_of(m, &bill.line[k]);
        if (one > shelf->least) shelf->least = one;
      }
    }
  }
}

/* --- as a kind --- */

/* Starts a lot if one is wanted: below target counting what is in the line as product. */
static mnz_status work(maker *mk, int32_t i, bool *starved, mnz_error *err) {
  const mnz_made *m = made(mk, i);
  mnz_line *line = &mk->product[i].line;
  while (mnz_outbox_is_empty(&mk->outbox) && mnz_line_is_free(line)) {
    const double coming = (double)line->inside_mass * mk->product[i].yield;
    const mnz_mass target = mnz_policy_target(&m->policy, mnz_site_usage(mk->site, m->material));
    if (mnz_site_position(mk->site, m->material) + llround(coming) >= target) return MNZ_OK;
    const int32_t recipe = choose_recipe(mk, i);
    if (recipe < 0) {
      *starved = true;
      return MNZ_OK;
    }
    count_saved(mk, i, recipe);
    mk->product[i].recipe = recipe;
    mnz_lot *lot = assemble(mk, m, &mk->product[i].bill[recipe], err);
    if (lot == NULL) return MNZ_NO_MEMORY;
    mnz_status status = mnz_line_load(line, &lot, err);
    if (status == MNZ_OK) status = look_at_thrifts(mk, err);
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
  if ((status = look_at_thrifts(mk, err)) != MNZ_OK) return status;
  for (int32_t i = 0; i < mk->params->makes.count; i++) {
    mnz_line *line = &mk->product[i].line;
    while (mnz_outbox_is_empty(&mk->outbox) && mnz_line_due(line) != NULL) {
      mnz_lot *lot = mnz_line_pop(line, err);
      if (lot == NULL) return MNZ_NO_MEMORY;
      if ((status = finish(mk, i, &lot, err)) != MNZ_OK) return status;
    }
    if ((status = work(mk, i, &starved, err)) != MNZ_OK) return status;
    busy |= line->work != NULL;
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
  if (tag != TAG_LOOK) mnz_line_wake(&mk->product[tag / MNZ_LINE_TAGS].line, tag, &status, err);
  return status != MNZ_OK ? status : mnz_site_stir(mk->site, err);
}

static mnz_status maker_availability(void *self, double share, mnz_error *err) {
  maker *mk = self;
  mk->pace = share;
  for (int32_t i = 0; i < mk->params->makes.count; i++) {
    mnz_status status = mnz_line_set_pace(&mk->product[i].line, share, err);
    if (status != MNZ_OK) return status;
  }
  return mnz_site_stir(mk->site, err);
}

/* Its line, and alarms for the dates on which a recipe is qualified. */
static mnz_status start_product(maker *mk, int32_t i, mnz_error *err) {
  const mnz_made *m = made(mk, i);
  product *p = &mk->product[i];
  p->yield = mnz_distribution_mean(&m->yield);
  write_bills(mk, i, 0);
  mnz_line_open(&p->line, mk->site, &m->capacity, &m->residence, 0, i * MNZ_LINE_TAGS);
  for (int32_t k = 0; k < m->thrift.count; k++) p->thrift[k].qualified = MNZ_NEVER;
  mnz_status status = mnz_line_start(&p->line, err);
  for (int32_t r = 0; r < mnz_recipe_count(m) && status == MNZ_OK; r++) {
    const mnz_time from = mnz_recipe_at(m, r).from;
    if (!is_qualified(mk, m, r))
      status = mnz_site_wake(mk->site, from, MNZ_PHASE_COMPLETION, TAG_LOOK, NULL, err);
  }
  set_least(mk, m);
  return status;
}

static mnz_status maker_start(void *self, mnz_site *site, const void *params, mnz_error *err) {
  maker *mk = self;
  *mk = (maker){.site = site, .params = params, .pace = 1};
  mnz_status status;
  for (int32_t i = 0; i < mk->params->makes.count; i++) {
    if ((status = start_product(mk, i, err)) != MNZ_OK) return status;
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
    {"thrift_saved", "t", "mass of inputs that thrift saved"},
    {NULL, NULL, NULL}};

const mnz_kind mnz_maker_kind = {
    .name = "maker",
    .help = "builds products from bought materials by recipes: metal, alloys, magnets",
    .params = mnz_maker_params_table,
    .params_size = sizeof(mnz_maker_params),
    .outputs = maker_outputs,
    .flows = mnz_maker_flows,
    .check = mnz_maker_check,
    .state_size = sizeof(maker),
    .start = maker_start,
    .decide = maker_decide,
    .wake = maker_wake,
    .availability = maker_availability,
};
