/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Regimes and the flows that they rule. Which flows could be ruled follows from the scenario (seller, buyer,
 * material); whether a lot is, from what it holds. What a seller has not yet in stock is of nominal content,
 * and of its own origin if it has one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "world/check.h"
#include "world/contracts.h"
#include "world/host.h"

/* One regime on one flow. */
typedef struct mnz_ruled {
  int32_t seller;
  int32_t material;
  int32_t buyer;
  int32_t regime;
  int32_t account; /* of the regime */
  int32_t next;    /* of the same account; -1 */
  bool pushed;     /* what is in stock goes there without an order */
} ruled;

/* --- what is in a lot --- */

static uint32_t all_elements(const mnz_catalog *c) {
  return UINT32_MAX >> (MNZ_MAX_ELEMENTS - c->elements.count);
}

/* Mass of some elements of an origin (-1: of all) in one mass of a lot. */
static double holds(const mnz_catalog *c, const mnz_lot *lot, uint32_t elements, int32_t origin) {
  mnz_mass sum = 0;
  for (int32_t k = 0; k < c->n_components; k++) {
    const bool counts = elements >> mnz_component_element(c, k) & 1;
    if (counts && (origin < 0 || mnz_component_origin(c, k) == origin)) sum += lot->part[k];
  }
  return lot->mass > 0 ? (double)sum / (double)lot->mass : 0;
}

/* The same of what is not in stock yet. Where it comes from nobody knows but a market: then it may be all. */
static double would_hold(const mnz_replication *r, const ruled *f, uint32_t elements, int32_t origin) {
  const mnz_catalog *c = &r->scenario->catalog;
  const int32_t of = r->scenario->flows[f->seller].origin;
  double sum = 0;
  if (of >= 0 && origin >= 0 && of != origin) return 0;
  for (int32_t e = 0; e < c->elements.count; e++)
    if (elements >> e & 1) sum += c->materials[f->material].nominal[e];
  return sum;
}

static double share_in(const mnz_replication *r, const ruled *f, const mnz_lot *lot, uint32_t elements,
                       int32_t origin) {
  return lot == NULL ? would_hold(r, f, elements, origin)
                     : holds(&r->scenario->catalog, lot, elements, origin);
}

/* Does the rule hold for this lot? (NULL: for what is not in stock yet) */
static bool is_ruled(const mnz_replication *r, const ruled *f, const mnz_lot *lot) {
  const mnz_regime_on *on = r->regimes[f->regime].spec->on;
  if (on->origin < 0 && on->elements == 0) return true;
  const uint32_t elements = on->elements != 0 ? on->elements : all_elements(&r->scenario->catalog);
  const double part = share_in(r, f, lot, elements, on->origin);
  const double whole = on->share_of == MNZ_SHARE_OF_ELEMENTS ? share_in(r, f, lot, elements, -1) : 1;
  return part > 0 && part >= on->above * whole;
}

/* What one mass of it takes of a quota. */
static double counted(const mnz_replication *r, const ruled *f, const mnz_lot *lot) {
  const mnz_regime *g = &r->regimes[f->regime];
  if (g->rule != MNZ_RULE_QUOTA || g->terms->quota.basis == 0) return 1;
  return share_in(r, f, lot, g->terms->quota.basis, -1);
}

/* --- who may send what --- */

/* The first of the flows of a seller and a material; NULL if none of them is ruled. */
static const ruled *first_of(const mnz_replication *r, int32_t seller, int32_t material) {
  const int32_t at = r->ruled_first[seller * r->scenario->catalog.n_materials + material];
  return at < 0 ? NULL : &r->ruled[at];
}

/* The next flow to the buyer from `f` on; NULL if there is none. */
static const ruled *next_to(const mnz_replication *r, const ruled *f, int32_t seller, int32_t material,
                            int32_t buyer) {
  for (; f != NULL && f < r->ruled + r->n_ruled && f->seller == seller && f->material == material; f++)
    if (f->buyer == buyer) return f;
  return NULL;
}

/* In mass, or in what a quota counts. */
static double allowance(const mnz_regime *g, int32_t account) {
  switch (g->rule) {
  case MNZ_RULE_OPEN:
  case MNZ_RULE_TARIFF:
    return INFINITY;
  case MNZ_RULE_LICENCE:
    return (double)mnz_regime_licensed(g, account);
  case MNZ_RULE_QUOTA:
    return mnz_regime_quota_left(g, account);
  case MNZ_RULE_EMBARGO:
    return 0;
  }
  return INFINITY;
}

/* Lot by lot, the oldest first: one that must stay holds up those behind it. */
static mnz_mass permitted(const mnz_replication *r, const ruled *f, mnz_mass mass, const mnz_lot *stock) {
  double left = allowance(&r->regimes[f->regime], f->account);
  if (isinf(left)) return mass;
  mnz_mass sum = 0;
  for (const mnz_lot *lot = stock; sum < mass; lot = lot->next) {
    const mnz_mass rest = mass - sum;
    const mnz_mass part = lot != NULL && lot->mass < rest ? lot->mass : rest;
    const double each = is_ruled(r, f, lot) ? counted(r, f, lot) : 0;
    const mnz_mass fits = (double)part * each <= left ? part : (mnz_mass)(left / each);
    left -= (double)fits * each;
    sum += fits;
    if (lot == NULL || fits < part) break;
    if (lot->next == NULL) return mass; /* no more in stock: nothing to hold back */
  }
  return sum;
}

static mnz_mass host_permits(void *host, int32_t seller, int32_t buyer, int32_t material, mnz_mass mass,
                             const mnz_lot *stock) {
  const mnz_replication *r = host;
  const ruled *f = next_to(r, first_of(r, seller, material), seller, material, buyer);
  for (; f != NULL && mass > 0; f = next_to(r, f + 1, seller, material, buyer))
    mass = permitted(r, f, mass, stock);
  return mass;
}

/* Sum of the tariffs on what is in a lot (NULL: on what is not in stock yet), as shares of its price. */
static double duty_on(const mnz_replication *r, int32_t seller, int32_t buyer, int32_t material,
                      const mnz_lot *lot) {
  double sum = 0;
  const ruled *f = next_to(r, first_of(r, seller, material), seller, material, buyer);
  for (; f != NULL; f = next_to(r, f + 1, seller, material, buyer)) {
    const mnz_regime *g = &r->regimes[f->regime];
    if (g->rule == MNZ_RULE_TARIFF && is_ruled(r, f, lot)) sum += g->terms->tariff;
  }
  return sum;
}

static double host_tariff(void *host, int32_t seller, int32_t buyer, const mnz_lot *lot) {
  return duty_on(host, seller, buyer, lot->material, lot);
}

double mnz_host_regimes_duty(const mnz_replication *r, int32_t seller, int32_t buyer, int32_t material) {
  return duty_on(r, seller, buyer, material, mnz_site_shelf(&r->sites[seller], material)->store.queue.first);
}

void mnz_host_regimes_sent(mnz_replication *r, const mnz_lot *lot, int32_t to) {
  const ruled *f = next_to(r, first_of(r, lot->node, lot->material), lot->node, lot->material, to);
  for (; f != NULL; f = next_to(r, f + 1, lot->node, lot->material, to)) {
    if (!is_ruled(r, f, lot)) continue;
    mnz_regime_sent(&r->regimes[f->regime], f->account, lot->mass, (double)lot->mass * counted(r, f, lot));
  }
}

mnz_time mnz_host_regimes_warned(const mnz_replication *r, int32_t buyer, int32_t source, int32_t material) {
  mnz_time first = MNZ_NEVER;
  const ruled *f = next_to(r, first_of(r, source, material), source, material, buyer);
  for (; f != NULL; f = next_to(r, f + 1, source, material, buyer)) {
    mnz_time since;
    if (mnz_regime_warns(&r->regimes[f->regime], &since) && since < first) first = since;
  }
  return first;
}

static int32_t host_rule(const void *host, int32_t regime) {
  return (int32_t)((const mnz_replication *)host)->regimes[regime].rule;
}

/* --- licences --- */

/* What waits to leave on a flow: what is open, or what is in stock to be pushed on. */
static mnz_mass waiting_on(const mnz_replication *r, const ruled *f) {
  const mnz_shelf *shelf = mnz_site_shelf(&r->sites[f->seller], f->material);
  mnz_time first;
  if (!is_ruled(r, f, shelf->store.queue.first)) return 0;
  return f->pushed ? shelf->store.mass : mnz_book_open(&shelf->book, f->buyer, MNZ_NEVER, &first);
}

static mnz_mass host_wanted(void *host, int32_t regime, int32_t account) {
  const mnz_replication *r = host;
  mnz_mass sum = 0;
  for (int32_t i = r->regimes[regime].accounts[account].flow; i >= 0; i = r->ruled[i].next)
    sum += waiting_on(r, &r->ruled[i]);
  return sum;
}

mnz_mass mnz_host_regime_holds(const mnz_replication *r, int32_t regime) {
  mnz_mass sum = 0;
  for (int32_t i = 0; i < r->n_ruled; i++) {
    const ruled *f = &r->ruled[i];
    if (f->regime != regime) continue;
    const mnz_mass waits = waiting_on(r, f);
    const mnz_lot *stock = mnz_site_shelf(&r->sites[f->seller], f->material)->store.queue.first;
    sum += waits - permitted(r, f, waits, stock);
  }
  return sum;
}

mnz_status mnz_host_regimes_want(mnz_replication *r, int32_t buyer, int32_t seller, int32_t material,
                                 mnz_mass mass, mnz_mass accepted, mnz_error *err) {
  mnz_status status = MNZ_OK;
  const ruled *f = next_to(r, first_of(r, seller, material), seller, material, buyer);
  for (; f != NULL && status == MNZ_OK; f = next_to(r, f + 1, seller, material, buyer)) {
    mnz_regime *g = &r->regimes[f->regime];
    if (g->rule != MNZ_RULE_LICENCE) continue;
    const mnz_lot *stock = mnz_site_shelf(&r->sites[seller], material)->store.queue.first;
    if (!is_ruled(r, f, stock)) continue;
    /* What was not taken on for want of a licence is applied for all the same. */
    const mnz_mass open = host_wanted(r, f->regime, f->account);
    const mnz_mass wanted = open + mass - accepted;
    const mnz_mass before = mass > accepted ? wanted : open - accepted;
    status = mnz_regime_want(g, f->account, before, wanted, err);
  }
  return status;
}

static mnz_status host_stuck(void *host, int32_t node, int32_t material, mnz_error *err) {
  mnz_replication *r = host;
  mnz_status status = MNZ_OK;
  const ruled *f = first_of(r, node, material);
  const ruled *end = r->ruled + r->n_ruled;
  for (; f != NULL && f < end && f->seller == node && f->material == material && status == MNZ_OK; f++) {
    if (!f->pushed || r->regimes[f->regime].rule != MNZ_RULE_LICENCE) continue;
    const mnz_mass wanted = host_wanted(r, f->regime, f->account);
    status = mnz_regime_want(&r->regimes[f->regime], f->account, MNZ_ALL, wanted, err);
  }
  return status;
}

/* --- events --- */

static mnz_status on_regime(void *self, int64_t arg, mnz_error *err) {
  mnz_replication *r = self;
  const mnz_status status = mnz_regime_wake(&r->regimes[arg >> 32], (int32_t)(uint32_t)arg, err);
  return mnz_host_locate(r, -1, status, err);
}

static mnz_status host_wake_regime(void *host, int32_t regime, mnz_time at, int32_t tag, mnz_alarm *alarm,
                                   mnz_error *err) {
  mnz_event_id id;
  const mnz_status status =
      mnz_host_post(host, at, MNZ_PHASE_DISRUPTION, on_regime, mnz_host_pack(regime, tag), &id, err);
  if (status == MNZ_OK && alarm != NULL) *alarm = (uint64_t)id.generation << 32 | id.slot;
  return status;
}

static void host_cancel_regime(void *host, mnz_alarm *alarm) {
  mnz_replication *r = host;
  r->services.cancel(r, alarm);
}

static double host_draw(void *host, uint32_t hash, mnz_purpose purpose, uint32_t occurrence,
                        const mnz_distribution *from) {
  return mnz_services_draw(&((mnz_replication *)host)->services, hash, purpose, occurrence, from);
}

/* In the order of mnz_regime_news. */
static const mnz_model_event_kind news_events[] = {MNZ_EVENT_ANNOUNCED, MNZ_EVENT_RULED,    MNZ_EVENT_REVISED,
                                                   MNZ_EVENT_APPLIED,   MNZ_EVENT_APPROVED, MNZ_EVENT_REFUSED,
                                                   MNZ_EVENT_EXPIRED,   MNZ_EVENT_EXHAUSTED};

static void host_tell(void *host, int32_t regime, int32_t what, int32_t account, mnz_mass mass,
                      double detail) {
  mnz_replication *r = host;
  const mnz_account *a = account < 0 ? NULL : &r->regimes[regime].accounts[account];
  mnz_event_log_regime(r, news_events[what], regime, a == NULL ? -1 : a->buyer,
                       a == NULL || mass == 0 ? -1 : a->material, mass, detail);
}

static mnz_status host_regime_changed(void *host, int32_t regime, mnz_error *err) {
  mnz_replication *r = host;
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < r->n_ruled && status == MNZ_OK; i++) {
    if (r->ruled[i].regime != regime) continue;
    status = mnz_site_stir(&r->sites[r->ruled[i].seller], err);
    if (status == MNZ_OK) status = mnz_site_stir(&r->sites[r->ruled[i].buyer], err);
  }
  return status != MNZ_OK || r->n_contracts == 0 ? status : mnz_contracts_look(r, err);
}

/* --- which flows --- */

static bool is_named(mnz_names names, const char *name) {
  for (int32_t i = 0; i < names.count; i++)
    if (name != NULL && strcmp(names.at[i], name) == 0) return true;
  return false;
}

static bool is_in(const char *country, const char *wanted) {
  return wanted == NULL || (country != NULL && strcmp(country, wanted) == 0);
}

static bool is_listed(mnz_ids ids, int32_t id) {
  for (int32_t i = 0; i < ids.count; i++)
    if (ids.at[i] == id) return true;
  return ids.count == 0;
}

bool mnz_regime_matches(const mnz_scenario *s, const mnz_regime_spec *regime, int32_t seller, int32_t buyer,
                        int32_t material) {
  const mnz_regime_on *on = regime->on;
  const mnz_node_spec *from = mnz_scenario_node(s, seller);
  const mnz_node_spec *to = mnz_scenario_node(s, buyer);
  if (from->country != NULL && to->country != NULL && strcmp(from->country, to->country) == 0) return false;
  if (!is_in(from->country, on->from) || !is_in(to->country, on->country)) return false;
  if (!is_listed(on->materials, material)) return false;
  if (on->elements != 0 && !(s->catalog.materials[material].of & on->elements)) return false;
  const int32_t origin = s->flows[seller].origin;
  if (on->origin >= 0 && origin >= 0 && on->origin != origin) return false;
  return on->end_uses.count == 0 || is_named(on->end_uses, s->flows[buyer].end_use);
}

/* How a material gets from one node to another: not at all, ordered or given, or pushed on. */
typedef enum flow_kind { NO_FLOW, ORDERED, PUSHED } flow_kind;

static flow_kind flow_of(const mnz_scenario *s, int32_t seller, int32_t buyer, int32_t material) {
  if (seller == buyer || !(s->flows[seller].makes >> material & 1)) return NO_FLOW;
  if (mnz_orders_from(&s->flows[buyer], seller, material)) return ORDERED;
  flow_kind kind = NO_FLOW;
  for (int32_t i = 0; i < s->links.count; i++) {
    const mnz_link_spec *link = mnz_scenario_link(s, i);
    if (link->from != seller || link->to != buyer || !(s->link_materials[i] >> material & 1)) continue;
    kind = s->link_pushes[i] >> material & 1 ? PUSHED : ORDERED;
  }
  return kind;
}

/* Calls for all flows that a regime may rule, in the order of seller, material, buyer; at NULL it counts. */
static int32_t find_ruled(const mnz_scenario *s, ruled *at) {
  int32_t n = 0;
  for (int32_t seller = 0; seller < s->nodes.count; seller++) {
    for (int32_t m = 0; m < s->catalog.n_materials; m++) {
      if (!(s->flows[seller].makes >> m & 1)) continue;
      for (int32_t buyer = 0; buyer < s->nodes.count; buyer++) {
        const flow_kind kind = flow_of(s, seller, buyer, m);
        for (int32_t g = 0; g < s->regimes.count && kind != NO_FLOW; g++) {
          if (!mnz_regime_matches(s, mnz_scenario_regime(s, g), seller, buyer, m)) continue;
          if (at != NULL) at[n] = (ruled){seller, m, buyer, g, -1, -1, kind == PUSHED};
          n++;
        }
      }
    }
  }
  return n;
}

/* Accounts of a regime in the order of its flows: each buyer and material once. */
static mnz_status open_accounts(mnz_replication *r, int32_t regime, mnz_error *err) {
  mnz_regime *g = &r->regimes[regime];
  g->accounts = mnz_arena_alloc(r->arena, (size_t)r->n_ruled + 1, sizeof *g->accounts, err);
  if (g->accounts == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < r->n_ruled; i++) {
    ruled *f = &r->ruled[i];
    if (f->regime != regime) continue;
    int32_t k = 0;
    int32_t purse = -1;
    for (; k < g->n_accounts; k++) {
      if (purse < 0 && g->accounts[k].buyer == f->buyer) purse = k;
      if (g->accounts[k].buyer == f->buyer && g->accounts[k].material == f->material) break;
    }
    f->account = k;
    if (k < g->n_accounts) {
      f->next = g->accounts[k].flow;
      g->accounts[k].flow = i;
      continue;
    }
    g->accounts[k] =
        (mnz_account){.buyer = f->buyer, .material = f->material, .flow = i, .purse = purse < 0 ? k : purse};
    g->n_accounts++;
  }
  return MNZ_OK;
}

/* --- life --- */

mnz_status mnz_host_open_regimes(mnz_replication *r, mnz_error *err) {
  const mnz_scenario *s = r->scenario;
  const size_t pairs = (size_t)r->n_nodes * (size_t)s->catalog.n_materials;
  r->n_regimes = s->regimes.count;
  if (r->n_regimes == 0) return MNZ_OK;
  r->n_ruled = find_ruled(s, NULL);
  r->regimes = mnz_arena_alloc(r->arena, (size_t)r->n_regimes, sizeof *r->regimes, err);
  r->ruled = mnz_arena_alloc(r->arena, (size_t)r->n_ruled + 1, sizeof *r->ruled, err);
  r->ruled_first = mnz_arena_alloc(r->arena, pairs, sizeof *r->ruled_first, err);
  if (r->regimes == NULL || r->ruled == NULL || r->ruled_first == NULL) return MNZ_NO_MEMORY;
  find_ruled(s, r->ruled);
  for (size_t i = 0; i < pairs; i++) r->ruled_first[i] = -1;
  for (int32_t i = r->n_ruled - 1; i >= 0; i--)
    r->ruled_first[r->ruled[i].seller * s->catalog.n_materials + r->ruled[i].material] = i;
  r->regime_host = (mnz_regime_host){.host = r,
                                     .now = mnz_host_now,
                                     .start_us = s->start_us,
                                     .work = s->work,
                                     .wake = host_wake_regime,
                                     .cancel = host_cancel_regime,
                                     .draw = host_draw,
                                     .wanted = host_wanted,
                                     .changed = host_regime_changed,
                                     .tell = host_tell};
  r->services.rule = host_rule;
  if (r->n_ruled > 0) {
    r->services.permits = host_permits;
    r->services.stuck = host_stuck;
    r->services.tariff = host_tariff;
    mnz_host_hear_warnings(r);
  }
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < r->n_regimes && status == MNZ_OK; i++) {
    r->regimes[i].spec = mnz_scenario_regime(s, i);
    status = open_accounts(r, i, err);
  }
  return status;
}

mnz_status mnz_host_start_regimes(mnz_replication *r, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < r->n_regimes && status == MNZ_OK; i++)
    status = mnz_regime_start(&r->regimes[i], mnz_scenario_regime(r->scenario, i), &r->regime_host, i, err);
  return status;
}

void mnz_host_free_regimes(mnz_replication *r) {
  for (int32_t i = 0; i < r->n_regimes && r->regimes != NULL; i++) mnz_regime_free(&r->regimes[i]);
}
