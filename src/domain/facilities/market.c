/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A market is an outside source of materials: China, other suppliers. What it can sell grows with its
 * capacity; what is not asked for is kept back up to a buffer, then lost to others.
 *
 * Assumptions: lots have the material's nominal content and the market's origin, and come into the ledger
 * when they are sold; what is delivered may deviate from what was ordered. Left out here: prices. */
#include <math.h>

#include "domain/buying.h"
#include "domain/facilities/kinds.h"
#include "domain/feeds.h"
#include "domain/line.h"

typedef struct sale_params {
  int32_t material;
  mnz_schedule capacity;      /* count 0: not limited */
  mnz_distribution delivers;  /* share of what was ordered; NaN: all */
  mnz_distribution deviation; /* or milligrams beside it; NaN: none */
} sale_params;

typedef struct market_params {
  int32_t origin;
  mnz_list sells; /* of sale_params */
  mnz_time buffer;
} market_params;

static const mnz_param sale_table[] = {
    {.name = "material",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(sale_params, material),
     .required = true,
     .help = "what it sells; its content must be known"},
    {.name = "capacity",
     .type = MNZ_PARAM_SCHEDULE,
     .offset = offsetof(sale_params, capacity),
     .help = "the most that it can sell to the buyers of this scenario; not "
             "limited when not said"},
    {.name = "delivers",
     .type = MNZ_PARAM_DISTRIBUTION,
     .dim = MNZ_DIM_SHARE,
     .offset = offsetof(sale_params, delivers),
     .min = -1e300,
     .max = 1e300,
     .help = "what comes as a share of what was ordered, drawn once a "
             "delivery: its yield; 100 % when not said"},
    {.name = "deviation",
     .type = MNZ_PARAM_DISTRIBUTION,
     .dim = MNZ_DIM_MASS,
     .offset = offsetof(sale_params, deviation),
     .min = -1e300,
     .max = 1e300,
     .help = "what comes beyond what was ordered (or, below 0, too little), "
             "drawn once a delivery"},
    {.name = NULL}};

static const mnz_param market_table[] = {{.name = "origin",
                                          .type = MNZ_PARAM_ORIGIN,
                                          .offset = offsetof(market_params, origin),
                                          .required = true,
                                          .help = "of all that comes from it"},
                                         {.name = "sells",
                                          .type = MNZ_PARAM_LIST,
                                          .offset = offsetof(market_params, sells),
                                          .required = true,
                                          .fields = sale_table,
                                          .item_size = sizeof(sale_params),
                                          .help = "the materials"},
                                         {.name = "buffer",
                                          .type = MNZ_PARAM_TIME,
                                          .offset = offsetof(market_params, buffer),
                                          .min = 3.6e9,
                                          .max = 1e300,
                                          .fallback = "30 d",
                                          .help = "how much unsold capacity it keeps ready, as time"},
                                         {.name = NULL}};

#define MAX_SALES MNZ_MAX_MATERIALS

typedef struct market {
  mnz_site *site;
  const market_params *params;
  double ready[MAX_SALES]; /* milligrams that can be sold at ready_at */
  mnz_time ready_at;
  mnz_alarm alarm[MAX_SALES];
  uint32_t deliveries;
} market;

static const sale_params *sale(const market_params *p, int32_t i) {
  return (const sale_params *)p->sells.at + i;
}

static bool is_limited(const sale_params *s) {
  return s->capacity.count > 0;
}

static void market_flows(const void *params, const mnz_catalog *catalog, mnz_flows *out) {
  const market_params *p = params;
  (void)catalog;
  out->origin = p->origin;
  for (int32_t i = 0; i < p->sells.count; i++) {
    const sale_params *s = sale(p, i);
    mnz_conversion *c = s->material < 0 ? NULL : mnz_flows_convert(out);
    if (c == NULL) continue;
    out->makes |= UINT64_C(1) << s->material;
    *c = (mnz_conversion){.product = s->material,
                          .capacity = is_limited(s) ? mnz_schedule_greatest(&s->capacity) : INFINITY};
  }
}

static void market_check(const void *params, const mnz_catalog *catalog, const mnz_report *report) {
  const market_params *p = params;
  char path[64];
  uint64_t seen = 0;
  for (int32_t i = 0; i < p->sells.count; i++) {
    const sale_params *s = sale(p, i);
    if (mnz_is_said(&s->delivers) && mnz_is_said(&s->deviation)) {
      snprintf(path, sizeof path, "sells[%d].deviation", i);
      report->error(report->context, path, "found both `delivers` and `deviation`; expected one of them");
    }
    snprintf(path, sizeof path, "sells[%d].material", i);
    mnz_check_once(&seen, s->material, path, catalog, report);
    if (s->material < 0 || catalog->materials[s->material].known) continue;
    snprintf(path, sizeof path, "sells[%d].material", i);
    report->error(report->context, path,
                  "the content of this material is not known; expected `content` or `like` in the material");
  }
}

/* The most that is kept ready. On the first day of a ramp the rate is still 0, but rising. */
static double buffer_of(const market *m, int32_t i) {
  if (!is_limited(sale(m->params, i))) return m->site->availability > 0 ? INFINITY : 0;
  const double rate = mnz_schedule_rate(&sale(m->params, i)->capacity, mnz_site_now(m->site) + 1000000);
  return rate * m->site->availability * (double)m->params->buffer;
}

/* Lets what can be sold grow until now. */
static void grow(market *m) {
  const mnz_time now = mnz_site_now(m->site);
  const double share = m->site->availability;
  for (int32_t i = 0; i < m->params->sells.count; i++) {
    const mnz_schedule *capacity = &sale(m->params, i)->capacity;
    if (!is_limited(sale(m->params, i))) continue;
    const double grown = m->ready[i] + mnz_schedule_mass(capacity, m->ready_at, now) * share;
    m->ready[i] = fmin(fmax(m->ready[i], buffer_of(m, i)), grown);
  }
  m->ready_at = now;
}

/* What comes for what was ordered. */
static mnz_mass delivered(market *m, const sale_params *s, mnz_mass ordered) {
  const mnz_site *site = m->site;
  const bool share = mnz_is_said(&s->delivers);
  const bool mass = mnz_is_said(&s->deviation);
  if (!share && !mass) return ordered;
  const double drawn = mnz_services_draw(site->services, site->spec->hash, MNZ_PURPOSE_DELIVERY,
                                         m->deliveries++, share ? &s->delivers : &s->deviation);
  const double comes = share ? (double)ordered * drawn : (double)ordered + drawn;
  return llround(fmin(fmax(comes, 1), 1e17)); /* a milligram at least: the order comes to its end */
}

static mnz_status sell(market *m, int32_t i, mnz_ask *ask, mnz_mass give, mnz_error *err) {
  mnz_shelf *shelf = mnz_site_shelf(m->site, sale(m->params, i)->material);
  const mnz_mass comes = delivered(m, sale(m->params, i), give);
  mnz_lot *lot = NULL;
  mnz_status status = mnz_site_take(m->site, shelf->store.material, comes, &lot, err); /* what came back */
  if (status == MNZ_OK && lot == NULL)
    lot = mnz_site_make(m->site, shelf->store.material, m->params->origin, comes, err);
  if (lot == NULL) return MNZ_NO_MEMORY;
  lot->ordered = give;
  lot->priority = ask->priority;
  lot->placed = ask->placed;
  lot->late = ask->placed < mnz_site_now(m->site);
  m->site->services->filled(m->site->services->host, ask, give);
  m->ready[i] -= (double)give;
  mnz_book_fill(&shelf->book, ask, give);
  return mnz_site_ship(m->site, ask->buyer, &lot, err);
}

/* Ships whole orders while there is enough; a share of an order only when it is more than the buffer can
 * hold. Then waits for the next one to be possible. */
static mnz_status serve(market *m, int32_t i, mnz_error *err) {
  const mnz_schedule *capacity = &sale(m->params, i)->capacity;
  mnz_shelf *shelf = mnz_site_shelf(m->site, sale(m->params, i)->material);
  const double share = m->site->availability;
  const double buffer = buffer_of(m, i);
  const double most = buffer > 0 ? fmax(buffer, 1) : INFINITY;
  double missing = 0; /* for the next order that could go */
  for (mnz_ask *ask = shelf->book.first; ask != NULL && share > 0 && missing == 0; ask = ask->next) {
    if (!mnz_site_reaches(m->site, shelf->store.material, ask->buyer)) continue;
    const mnz_mass may = mnz_site_permits(m->site, shelf->store.material, ask->buyer, ask->open);
    if (may == 0) continue;
    double want = fmin((double)may, most);
    if (m->ready[i] + 1 >= want) {
      /* A double does not hold every mass above nine million tonnes. */
      mnz_status status = sell(m, i, ask, want < (double)may ? llround(want) : may, err);
      if (status != MNZ_OK) return status;
      want = fmin((double)mnz_site_permits(m->site, shelf->store.material, ask->buyer, ask->open), most);
    }
    if (want > 0) missing = fmax(1, want - m->ready[i]);
  }
  mnz_book_sweep(&shelf->book, m->site->asks);
  m->site->services->cancel(m->site->services->host, &m->alarm[i]);
  if (missing == 0) return MNZ_OK;
  const mnz_time now = mnz_site_now(m->site);
  const mnz_time wait = mnz_schedule_time(capacity, now, (mnz_mass)fmin(9e18, ceil(missing / share)));
  return mnz_site_wake(m->site, now + (wait > 0 ? wait : 1), MNZ_PHASE_DECISION, i, &m->alarm[i], err);
}

static mnz_status market_decide(void *self, mnz_error *err) {
  market *m = self;
  grow(m);
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < m->params->sells.count && status == MNZ_OK; i++) status = serve(m, i, err);
  mnz_site_set_state(m->site, m->site->availability > 0 ? MNZ_STATE_UP : MNZ_STATE_DOWN);
  return status;
}

enum { TAG_STEP = 500 };

static mnz_status market_wake(void *self, int32_t tag, mnz_error *err) {
  market *m = self;
  if (tag < TAG_STEP) m->alarm[tag] = 0;
  return mnz_site_stir(m->site, err);
}

static mnz_status market_availability(void *self, double share, mnz_error *err) {
  market *m = self;
  (void)share; /* the site has it from here on */
  grow(m);     /* what grew until now grew at the old one */
  return mnz_site_stir(m->site, err);
}

static mnz_mass market_free_stock(void *self, int32_t material) {
  market *m = self;
  grow(m);
  for (int32_t i = 0; i < m->params->sells.count; i++) {
    if (sale(m->params, i)->material != material) continue;
    const double free = m->ready[i] - (double)mnz_site_owed(m->site, material);
    return m->site->availability > 0 && free > 0 ? (mnz_mass)fmin(free, 9e18) : 0;
  }
  return 0;
}

static mnz_status market_start(void *self, mnz_site *site, const void *params, mnz_error *err) {
  market *m = self;
  *m = (market){.site = site, .params = params, .ready_at = mnz_site_now(site)};
  for (int32_t i = 0; i < m->params->sells.count; i++) {
    const mnz_schedule *capacity = &sale(m->params, i)->capacity;
    m->ready[i] = INFINITY;
    if (!is_limited(sale(m->params, i))) continue;
    m->ready[i] = mnz_schedule_rate(capacity, mnz_site_now(site)) * (double)m->params->buffer;
    for (int32_t k = 0; k < capacity->count; k++) {
      if (capacity->at[k].from == MNZ_NO_DATE || capacity->at[k].from < mnz_site_now(site)) continue;
      mnz_status status = mnz_site_wake(site, capacity->at[k].from, MNZ_PHASE_DECISION, TAG_STEP, NULL, err);
      if (status != MNZ_OK) return status;
    }
  }
  return mnz_site_stir(site, err);
}

static const mnz_output market_outputs[] = {{"backlog", "t", "orders that it has not filled"},
                                            {NULL, NULL, NULL}};

const mnz_kind mnz_market_kind = {
    .name = "market",
    .help = "an outside source of materials: China, other suppliers",
    .params = market_table,
    .params_size = sizeof(market_params),
    .outputs = market_outputs,
    .flows = market_flows,
    .check = market_check,
    .state_size = sizeof(market),
    .start = market_start,
    .decide = market_decide,
    .wake = market_wake,
    .availability = market_availability,
    .free_stock = market_free_stock,
};
