/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/processor.h"

#include "base/error.h"
#include "domain/feeds.h"

/* What a mass of feed makes, as far as it can be told; else at most itself. */
static void note_makes(mnz_processor *p) {
  mnz_flows flows = {0};
  p->site->spec->kind->flows(p->site->spec->params, p->site->catalog, &flows);
  for (int32_t m = 0; m < MNZ_MAX_MATERIALS; m++) p->makes[m] = flows.makes >> m & 1 ? 1 : 0;
  for (int32_t i = 0; i < flows.n_conversions; i++) {
    const mnz_conversion *c = &flows.conversion[i];
    if (c->n_inputs > 0 && c->input[0].per_product > 0) p->makes[c->product] = 1 / c->input[0].per_product;
  }
}

mnz_status mnz_processor_start(mnz_processor *p, mnz_site *site, const mnz_processor_params *params,
                               int32_t (*fractions)(void *self, const mnz_lot *feed, uint32_t occurrence,
                                                    mnz_fraction *fraction),
                               mnz_error *err) {
  *p = (mnz_processor){.site = site, .params = params, .fractions = fractions};
  p->tells = params->waiting_room >= 0;
  if (params->needs_room) note_makes(p);
  for (int32_t i = 0; i < mnz_feeds_count(params); i++) {
    const mnz_feeding feed = mnz_feeds_at(params, i);
    mnz_store *store = &mnz_site_shelf(site, feed.material)->store;
    if (feed.lot > store->at_least) store->at_least = feed.lot;
    p->tells |= store->capacity == 0;
  }
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < params->lines && status == MNZ_OK; i++) {
    mnz_line *line = &p->line[i];
    mnz_line_open(line, site, &params->capacity, &params->residence, params->hold_up, MNZ_LINE_TAGS * i);
    line->drawable = llround((double)params->hold_up * params->drawable);
    line->started = (uint32_t)i;
    line->stride = (uint32_t)params->lines;
    if (params->filled) status = mnz_line_fill(line, mnz_feeds_at(params, 0).material, params->lot, err);
    if (status == MNZ_OK) status = mnz_line_start(line, err);
  }
  if (status == MNZ_OK) {
    status = mnz_campaigns_start(&p->campaigns, site, &params->campaigns, params->changeover,
                                 MNZ_TAG_CAMPAIGN, err);
  }
  if (status == MNZ_OK) status = mnz_allowance_start(&p->allowance, site, params->cap, MNZ_TAG_CAP, err);
  return status != MNZ_OK ? status : mnz_site_stir(site, err);
}

/* --- what leaves the lines --- */

/* The line whose lot has been due for longest; -1: none. */
static int32_t line_due(mnz_processor *p) {
  int32_t best = -1;
  mnz_time first = MNZ_NEVER;
  for (int32_t i = 0; i < p->params->lines; i++) {
    const mnz_lot *lot = mnz_line_due(&p->line[i]);
    if (lot == NULL || lot->due >= first) continue;
    best = i;
    first = lot->due;
  }
  return best;
}

/* Keeps *lot, with what was kept before, as long as it is dust, less than such a part of the heaviest lot: it
 * is then NULL. */
static void gather_dust(mnz_processor *p, mnz_lot **lot, mnz_mass part) {
  mnz_lot **dust = &p->dust[(*lot)->material];
  if (*dust != NULL) {
    mnz_ledger_take(p->site->ledger, *dust);
    mnz_lot_merge(p->site->lots, *lot, *dust);
    *dust = NULL;
  }
  if ((*lot)->mass >= p->heaviest / part) return;
  mnz_ledger_put(p->site->ledger, *lot, MNZ_PLACE_PROCESS);
  *dust = *lot;
  *lot = NULL;
}

static bool returns(const mnz_processor *p, const mnz_lot *lot) {
  return mnz_feed_takes(p->params) >> lot->material & 1;
}

/* Products that miss their window become what it says; good ones are counted. */
static void sort_out(mnz_processor *p, mnz_lot **lot) {
  if (*lot != NULL) gather_dust(p, lot, returns(p, *lot) ? 10 : 1000000);
  if (*lot == NULL) return;
  const bool rest = (*lot)->material == p->params->rest;
  const bool missed = mnz_window_miss(p->site, &p->params->spec, lot);
  if (!missed && !rest) {
    mnz_site_count_elements(p->site, MNZ_COUNT_MADE, *lot);
    mnz_allowance_use(&p->allowance, MNZ_CAP_PRODUCTS, *lot);
  }
  /* What missed its window and is worked off again here goes round, too. */
  if (missed && *lot != NULL && returns(p, *lot)) gather_dust(p, lot, 100);
  if (*lot != NULL) mnz_outbox_add(&p->outbox, p->site, lot);
}

/* Lots that are through their line become products. */
static mnz_status finish(mnz_processor *p, mnz_error *err) {
  mnz_fraction fraction[MNZ_MAX_MATERIALS];
  mnz_lot *out[MNZ_MAX_MATERIALS];
  while (mnz_outbox_is_empty(&p->outbox) && (p->blocked = line_due(p)) >= 0) {
    mnz_lot *feed = mnz_line_pop(&p->line[p->blocked], err);
    if (feed == NULL) return MNZ_NO_MEMORY;
    mnz_site_count_elements(p->site, MNZ_COUNT_FED, feed);
    if (feed->mass > p->heaviest) p->heaviest = feed->mass;
    const int32_t n = p->fractions(p, feed, p->split++, fraction);
    mnz_status status = mnz_transform(p->site, &feed, fraction, n, out, err);
    if (status != MNZ_OK) return status;
    for (int32_t i = 0; i < n; i++) sort_out(p, &out[i]);
    if ((status = mnz_outbox_settle(&p->outbox, p->site, err)) != MNZ_OK) return status;
  }
  return MNZ_OK;
}

/* --- what goes into them --- */

static mnz_store *store_of(const mnz_processor *p, const mnz_feeding *feed) {
  return &mnz_site_shelf(p->site, feed->material)->store;
}

static bool is_free(mnz_processor *p, int32_t i) {
  if (!mnz_line_is_free(&p->line[i])) return false;
  if (!mnz_outbox_is_empty(&p->outbox) && (p->blocked == i || p->params->lines == 1)) return false;
  return mnz_line_due(&p->line[i]) == NULL; /* else it waits for the outbox */
}

/* -1: none. */
static int32_t free_line(mnz_processor *p) {
  int32_t i = 0;
  while (i < p->params->lines && !is_free(p, i)) i++;
  return i < p->params->lines ? i : -1;
}

static bool works(const mnz_processor *p) {
  bool any = false;
  for (int32_t i = 0; i < p->params->lines; i++) any |= p->line[i].work != NULL;
  return any;
}

/* What a feed gives next, as far as the campaign and the licence still take it; 0: nothing. */
static mnz_mass portion(mnz_processor *p, const mnz_feeding *feed) {
  const mnz_shelf *shelf = mnz_site_shelf(p->site, feed->material);
  if (shelf->store.queue.first == NULL || !mnz_campaigns_feed(&p->campaigns, feed->material)) return 0;
  mnz_mass mass = feed->lot > 0 ? feed->lot : shelf->store.queue.first->mass;
  const mnz_mass left = mnz_campaigns_left(&p->campaigns);
  const mnz_mass fits = mnz_allowance_fits(&p->allowance, shelf);
  if (left < mass) mass = left;
  if (fits < mass) mass = fits;
  return mass <= shelf->store.mass ? mass : 0;
}

/* Something waits that only the licence holds up. */
static bool is_capped(mnz_processor *p) {
  for (int32_t i = 0; i < mnz_feeds_count(p->params); i++) {
    const mnz_feeding feed = mnz_feeds_at(p->params, i);
    if (!mnz_campaigns_feed(&p->campaigns, feed.material)) continue;
    if (mnz_allowance_fits(&p->allowance, mnz_site_shelf(p->site, feed.material)) == 0) return true;
  }
  return false;
}

/* Since when the next lot of a feed has waited; MNZ_NEVER: there is none. What was interrupted goes first. */
static mnz_time waits_since(mnz_processor *p, int32_t i, const mnz_feeding *feed) {
  if (p->set_aside[i].first != NULL) return -1;
  return portion(p, feed) == 0 ? MNZ_NEVER : store_of(p, feed)->queue.first->stored;
}

/* The feed whose turn it is; -1: nothing waits. */
static int32_t next_feed(mnz_processor *p) {
  int32_t best = -1;
  int32_t class = INT32_MAX;
  mnz_time since = MNZ_NEVER;
  for (int32_t i = 0; i < mnz_feeds_count(p->params); i++) {
    const mnz_feeding feed = mnz_feeds_at(p->params, i);
    if (feed.priority > class) continue;
    const mnz_time waits = waits_since(p, i, &feed);
    if (waits == MNZ_NEVER || (feed.priority == class && waits >= since)) continue;
    if (p->params->feeds.count == 0) return i;
    best = i;
    class = feed.priority;
    since = waits;
  }
  return best;
}

/* A lot that misses its window is not begun: it blocks the line until it is put away. */
static mnz_status begin_new(mnz_processor *p, int32_t i, const mnz_feeding *feed, mnz_error *err) {
  mnz_lot *lot;
  mnz_line *line = &p->line[i];
  const mnz_mass mass = portion(p, feed);
  const bool whole = feed->lot <= 0 && mass == store_of(p, feed)->queue.first->mass;
  mnz_status status = whole ? mnz_site_pop(p->site, feed->material, &lot, err)
                            : mnz_site_take(p->site, feed->material, mass, &lot, err);
  if (status != MNZ_OK) return status;
  if (mnz_window_miss(p->site, &p->params->spec, &lot)) {
    mnz_outbox_add(&p->outbox, p->site, &lot);
    p->blocked = i;
    return mnz_outbox_settle(&p->outbox, p->site, err);
  }
  mnz_campaigns_fed(&p->campaigns, lot->mass);
  mnz_allowance_use(&p->allowance, MNZ_CAP_FEED, lot);
  if (feed->service == NULL) return mnz_line_load(line, &lot, err);
  const mnz_time service = mnz_services_draw_whole(p->site->services, p->site->spec->hash,
                                                   MNZ_PURPOSE_SERVICE, p->served++, feed->service);
  return mnz_line_work(line, &lot, service > 0 ? service : 0, err);
}

static mnz_status begin(mnz_processor *p, int32_t line, int32_t i, mnz_error *err) {
  const mnz_feeding feed = mnz_feeds_at(p->params, i);
  p->begun[line] = p->started++;
  mnz_lot *lot = mnz_lot_queue_pop(&p->set_aside[i]);
  if (lot == NULL) return begin_new(p, line, &feed, err);
  mnz_ledger_take(p->site->ledger, lot);
  return mnz_line_work(&p->line[line], &lot, lot->due, err);
}

/* The products that everything in work, and a lot of `mass` more, will make have room. */
static bool has_room(const mnz_processor *p, mnz_mass mass) {
  for (int32_t i = 0; i < p->params->lines; i++) mass += p->line[i].inside_mass;
  for (int32_t i = 0; i < p->site->n_shelves; i++) {
    const int32_t material = p->site->shelves[i].store.material;
    const double made = (double)mass * p->makes[material];
    if (p->makes[material] > 0 && !mnz_site_has_room(p->site, material, (mnz_mass)made)) return false;
  }
  return true;
}

static mnz_mass next_mass(mnz_processor *p, int32_t i) {
  const mnz_feeding feed = mnz_feeds_at(p->params, i);
  return p->set_aside[i].first != NULL ? 0 : portion(p, &feed);
}

/* HELD: what it makes would have no room; STANDS: a changeover or a licence holds it up. */
typedef enum fed { FED_BUSY, FED_STARVED, FED_HELD, FED_STANDS } fed;

static mnz_status feed(mnz_processor *p, fed *how, mnz_error *err) {
  mnz_status status = MNZ_OK;
  int32_t line;
  bool ready = true;
  *how = FED_BUSY;
  while (status == MNZ_OK && *how == FED_BUSY && (line = free_line(p)) >= 0) {
    if ((status = mnz_campaigns_ready(&p->campaigns, works(p), &ready, err)) != MNZ_OK) return status;
    const int32_t i = ready ? next_feed(p) : -1;
    if (i < 0)
      *how = !ready || is_capped(p) ? FED_STANDS : FED_STARVED;
    else if (p->params->needs_room && !has_room(p, next_mass(p, i)))
      *how = FED_HELD;
    else
      status = begin(p, line, i, err);
  }
  return status != MNZ_OK ? status : mnz_allowance_stand(&p->allowance, *how == FED_STANDS && ready, err);
}

/* --- preemption --- */

static int32_t feed_in_work(const mnz_processor *p, int32_t line) {
  int32_t i = 0;
  while (mnz_feeds_at(p->params, i).material != p->line[line].work->material) i++;
  return i;
}

/* The line with the worst class in work, of several the last that began; -1 when none is worse than `class`.
 */
static int32_t worst_line(const mnz_processor *p, int32_t class) {
  int32_t worst = -1;
  for (int32_t i = 0; i < p->params->lines; i++) {
    if (p->line[i].work == NULL || p->line[i].pace <= 0) continue;
    const int32_t its = mnz_feeds_at(p->params, feed_in_work(p, i)).priority;
    if (its < class || (worst >= 0 && its == class && p->begun[i] < p->begun[worst])) continue;
    worst = i;
    class = its;
  }
  return worst;
}

static bool can_interrupt(const mnz_processor *p, int32_t class) {
  return p->params->preempt && worst_line(p, class + 1) >= 0;
}

/* What is in work goes on with what is left when a line is free for it. */
static mnz_status interrupt(mnz_processor *p, int32_t line, mnz_error *err) {
  const int32_t interrupted = feed_in_work(p, line);
  mnz_time left;
  mnz_lot *lot = mnz_line_interrupt(&p->line[line], &left, err);
  if (lot == NULL) return MNZ_NO_MEMORY;
  mnz_ledger_put(p->site->ledger, lot, MNZ_PLACE_PROCESS);
  lot->due = left;
  mnz_lot_queue_push_first(&p->set_aside[interrupted], lot);
  return MNZ_OK;
}

static mnz_status preempt(mnz_processor *p, mnz_error *err) {
  mnz_status status = MNZ_OK;
  while (p->params->preempt && status == MNZ_OK) {
    const int32_t i = next_feed(p);
    const int32_t line = i < 0 ? -1 : worst_line(p, mnz_feeds_at(p->params, i).priority + 1);
    if (line < 0) return MNZ_OK;
    status = interrupt(p, line, err);
    if (status == MNZ_OK) status = begin(p, line, i, err);
  }
  return status;
}

/* --- room --- */

/* How many lots more than those that wait could be begun now. */
static int32_t free_lines(mnz_processor *p) {
  int32_t n = 0;
  for (int32_t i = 0; i < p->params->lines; i++) n += is_free(p, i);
  for (int32_t i = 0; i < mnz_feeds_count(p->params); i++) {
    const mnz_feeding feed = mnz_feeds_at(p->params, i);
    n -= store_of(p, &feed)->queue.count + p->set_aside[i].count;
  }
  return n;
}

static bool is_anything_coming(const mnz_processor *p) {
  for (int32_t i = 0; i < mnz_feeds_count(p->params); i++) {
    const mnz_feeding feed = mnz_feeds_at(p->params, i);
    if (store_of(p, &feed)->reserved > 0) return true;
  }
  return false;
}

static mnz_mass room_to_wait(const mnz_processor *p) {
  if (p->params->waiting_room < 0) return INT64_MAX;
  mnz_mass room = p->params->waiting_room;
  for (int32_t i = 0; i < mnz_feeds_count(p->params); i++) {
    const mnz_feeding feed = mnz_feeds_at(p->params, i);
    room -= store_of(p, &feed)->mass + store_of(p, &feed)->reserved;
  }
  return room > 0 ? room : 0;
}

/* A line is free for what is still to come of the feed: for a lot, or for the rest of one that is put
 * together. */
static bool wants(mnz_processor *p, const mnz_feeding *feed) {
  const mnz_store *store = store_of(p, feed);
  if (feed->lot > 0) return free_line(p) >= 0 && store->mass + store->reserved < feed->lot;
  return free_lines(p) > 0 && !is_anything_coming(p);
}

static bool wants_any(mnz_processor *p) {
  for (int32_t i = 0; i < mnz_feeds_count(p->params); i++) {
    const mnz_feeding feed = mnz_feeds_at(p->params, i);
    if (wants(p, &feed)) return true;
  }
  return false;
}

static mnz_feeding feed_of(const mnz_processor *p, int32_t material) {
  int32_t i = 0;
  while (mnz_feeds_at(p->params, i).material != material) i++;
  return mnz_feeds_at(p->params, i);
}

mnz_mass mnz_processor_room(void *self, int32_t material) {
  mnz_processor *p = self;
  const mnz_store *store = &mnz_site_shelf(p->site, material)->store;
  mnz_mass room = mnz_store_room(store);
  if (!p->tells || !(mnz_feed_takes(p->params) >> material & 1)) return room;
  const mnz_feeding feed = feed_of(p, material);
  if (wants(p, &feed)) return INT64_MAX;
  if (store->capacity == 0) return 0;
  const mnz_mass shared = room_to_wait(p);
  return room < shared ? room : shared;
}

/* Those who feed it learn from a store of its room; of the rest from here. */
static mnz_status tell(mnz_processor *p, uint32_t started_before, mnz_error *err) {
  if (!p->tells) return MNZ_OK;
  const bool could_begin = p->could_begin;
  p->could_begin = wants_any(p);
  if (p->started == started_before && (could_begin || !p->could_begin)) return MNZ_OK;
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < mnz_feeds_count(p->params) && status == MNZ_OK; i++) {
    status = p->site->services->freed(p->site->services->host, p->site->node,
                                      mnz_feeds_at(p->params, i).material, err);
  }
  return status;
}

static bool goes_straight_to_work(mnz_processor *p, const mnz_lot *lot) {
  const mnz_feeding feed = feed_of(p, lot->material);
  if (feed.lot > 0) return free_line(p) >= 0 && store_of(p, &feed)->mass + lot->mass >= feed.lot;
  return free_lines(p) > 0 || can_interrupt(p, feed.priority);
}

mnz_status mnz_processor_arrive(void *self, mnz_lot **lot, mnz_error *err) {
  mnz_processor *p = self;
  mnz_store *store = &mnz_site_shelf(p->site, (*lot)->material)->store;
  if (store->when_full == MNZ_FULL_BLOCK) return mnz_site_put(p->site, lot, err);
  mnz_status status = mnz_processor_decide(p, err); /* so that what can be begun is */
  if (status != MNZ_OK) return status;
  if (goes_straight_to_work(p, *lot)) {
    mnz_site_count_arrival(p->site, *lot);
    (*lot)->stored = mnz_site_now(p->site);
    mnz_store_put(store, p->site->ledger, p->site->lots, *lot);
    *lot = NULL;
    return mnz_processor_decide(p, err);
  }
  if ((*lot)->mass > room_to_wait(p)) {
    mnz_site_count_arrival(p->site, *lot);
    mnz_site_shelf(p->site, (*lot)->material)->traffic.mass -= (*lot)->mass;
    mnz_site_lose(p->site, lot);
    return MNZ_OK;
  }
  return mnz_site_put(p->site, lot, err);
}

/* --- as a kind --- */

static mnz_state state_of(const mnz_processor *p, fed how) {
  const bool blocked = !mnz_outbox_is_empty(&p->outbox);
  if (p->line[0].pace <= 0) return MNZ_STATE_DOWN;
  if (blocked && (p->params->lines == 1 || !works(p))) return MNZ_STATE_BLOCKED;
  if (works(p)) return MNZ_STATE_UP;
  if (how == FED_STANDS) return MNZ_STATE_DOWN;
  return how == FED_HELD ? MNZ_STATE_BLOCKED : how == FED_STARVED ? MNZ_STATE_STARVED : MNZ_STATE_IDLE;
}

mnz_status mnz_processor_decide(void *self, mnz_error *err) {
  mnz_processor *p = self;
  mnz_status status;
  fed how;
  const uint32_t started = p->started;
  if ((status = mnz_outbox_settle(&p->outbox, p->site, err)) != MNZ_OK) return status;
  if ((status = finish(p, err)) != MNZ_OK) return status;
  if ((status = feed(p, &how, err)) != MNZ_OK) return status;
  if (how != FED_STANDS && (status = preempt(p, err)) != MNZ_OK) return status;
  if ((status = tell(p, started, err)) != MNZ_OK) return status;
  mnz_site_set_state(p->site, state_of(p, how));
  return MNZ_OK;
}

mnz_status mnz_processor_wake(void *self, int32_t tag, mnz_error *err) {
  mnz_processor *p = self;
  mnz_status status = MNZ_OK;
  if (tag < MNZ_TAG_CAMPAIGN) mnz_line_wake(&p->line[tag / MNZ_LINE_TAGS], tag, &status, err);
  return status != MNZ_OK ? status : mnz_site_stir(p->site, err);
}

mnz_status mnz_processor_availability(void *self, double share, mnz_error *err) {
  mnz_processor *p = self;
  mnz_status status = MNZ_OK;
  const double lines = share * p->params->lines;
  for (int32_t i = p->params->lines - 1; i >= 0 && status == MNZ_OK; i--) {
    /* Whole lines are whole in spite of rounding. */
    const double left = lines - i < 1e-9 ? 0 : lines - i > 1 - 1e-9 ? 1 : lines - i;
    status = mnz_line_set_pace(&p->line[i], left, err);
    if (status == MNZ_OK && left <= 0 && share > 0 && p->line[i].work != NULL) status = interrupt(p, i, err);
  }
  return status != MNZ_OK ? status : mnz_site_stir(p->site, err);
}

const mnz_output mnz_processor_outputs[] = {
    {"in_process", "t", "what is in the lines, of feed and of products that wait for room"},
    {"state_share", "1",
     "share of time idle, up, starved, blocked and down; a changeover and a cap that is used up are down"},
    {"recovery", "1", "share of each element worked off that came out in good products"},
    {"off_spec", "t", "what missed a window of its specification"},
    {"campaign_changes", "1", "campaigns that followed another one"},
    {"days_capped", "d", "time for which its licence held it up"},
    {NULL, NULL, NULL}};
