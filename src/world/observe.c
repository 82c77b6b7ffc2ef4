/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Series: what each account holds, sampled in integers, stored in tonnes, a column (time last) for each
 * account and series.
 *
 * Only what was posted to since the last sample is looked at. A level is written when it changes: the run of
 * equal values before it is filled then. A flow is written where it is not zero. Columns begin as zero, so
 * that what stays zero is never touched. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "domain/facilities/demand.h"
#include "monazite/calendar.h"
#include "world/prices.h"

/* One list of the series by account: name, long name. */
#define ACCOUNT_SERIES(X)                                                                                    \
  X(STOCK, "stock", "in the stores, as rare-earth oxides; of what a demand asks for: in use")                \
  X(PROCESS, "in_process", "in lines, at berths, waiting for room")                                          \
  X(TRANSIT, "in_transit", "on the way to this node")                                                        \
  X(INFLOW, "inflow", "into the stores in the sample period; of a demand: delivered to it")                  \
  X(OUTFLOW, "outflow", "out of the stores in the sample period")                                            \
  X(BACKLOG, "backlog", "ordered from this node and not yet shipped; of a demand: ordered by it")

enum {
#define SERIES_ID(id, name, text) SERIES_##id,
  ACCOUNT_SERIES(SERIES_ID)
#undef SERIES_ID
      N_SERIES
};

#define USER_SERIES(X)                                                                                       \
  X(USERS_STOCK, "users_stock", "t", "stocks and work in process of the users in focus")                     \
  X(USERS_BACKLOG, "users_backlog", "t", "ordered by the users in focus and not yet shipped")                \
  X(USERS_DELIVERED, "users_delivered", "t", "delivered to the users in focus in the sample period")         \
  X(USERS_COVER, "users_cover", "d", "days that the users' stocks last at their recent usage")

enum {
#define USER_ID(id, name, unit, text) id,
  USER_SERIES(USER_ID)
#undef USER_ID
      N_USER_SERIES
};

struct mnz_observer {
  const mnz_scenario *scenario;
  mnz_watched what;
  size_t n_times;
  size_t n_accounts;
  size_t n_elements;
  int32_t *account_node;
  int32_t *account_material;
  int32_t *account_element;
  int32_t n_slots;
  int32_t *slot_node;
  int32_t *slot_material;
  size_t *slot_first;           /* [slot]: its first account; [n_slots]: n_accounts */
  mnz_time *due;                /* [n_times]: when it is observed; the last is the end */
  bool *in_focus;               /* [node] */
  mnz_mass *owed;               /* [node]: open orders of a demand, scratch */
  bool *users_account;          /* [account]: counts as the users' stock */
  size_t samples;               /* so far */
  mnz_mass *now;                /* [account][series]: at the last sample, milligrams; cumulative for flows */
  size_t *since;                /* [account][series]: sample from which a level has its value */
  mnz_mass *users_have;         /* [element] */
  double *series[N_SERIES];     /* [account][time]; NULL: not watched */
  double *users[N_USER_SERIES]; /* [element][time] */
  double *prices;               /* [price][time] */
  double *delivered_before;     /* [element] */
  uint8_t *rules;               /* [regime][time]: the state of each; NULL: not watched */
  size_t n_regimes;
};

/* --- accounts --- */

static bool all_is_worth_it(uint32_t of) {
  return (of & (of - 1)) != 0;
}

static size_t accounts_of(const mnz_catalog *c, int32_t material) {
  size_t n = 0;
  const uint32_t of = c->materials[material].of;
  for (int32_t e = 0; e < c->elements.count; e++) n += of >> e & 1;
  return n + all_is_worth_it(of);
}

static void number_accounts(mnz_observer *o, const mnz_replication *r) {
  const mnz_catalog *c = &o->scenario->catalog;
  size_t account = 0;
  for (int32_t node = 0; node < r->n_nodes; node++) {
    for (int32_t m = 0; m < c->n_materials; m++) {
      const int32_t slot = mnz_ledger_slot(&r->ledger, node, m);
      if (slot < 0) continue;
      o->slot_node[slot] = node;
      o->slot_material[slot] = m;
      o->slot_first[slot] = account;
      for (int32_t e = 0; e <= c->elements.count; e++) {
        const uint32_t of = c->materials[m].of;
        if (e == c->elements.count ? !all_is_worth_it(of) : !(of >> e & 1)) continue;
        o->account_node[account] = node;
        o->account_material[account] = m;
        o->users_account[account] = mnz_is_users_stock(o->scenario, node, m);
        o->account_element[account++] = e;
      }
    }
  }
  o->slot_first[o->n_slots] = account;
}

/* --- when --- */

/* The k-th observation from 1 on, as the watch says; beyond the end some time after it. */
static mnz_time due_at(const mnz_replication *r, int64_t k) {
  const mnz_scenario *s = r->scenario;
  const mnz_watch *w = &r->watch;
  if (w->months <= 0) return k * (w->period_us > 0 ? w->period_us : s->sample);
  const int64_t months = k * w->months;
  if (months > 12 * 10000) return s->horizon;
  return mnz_moment_add_months(mnz_moment_month_start(s->start_us), (int32_t)months) - s->start_us;
}

static mnz_status set_times(mnz_observer *o, const mnz_replication *r, mnz_error *err) {
  if (o->what == MNZ_WATCH_NOTHING) return MNZ_OK;
  size_t capacity = 0;
  for (mnz_time at = 0; at < r->scenario->horizon; o->n_times++) {
    mnz_status status = mnz_reserve_array(&o->due, &capacity, o->n_times + 1, err);
    if (status != MNZ_OK) return status;
    at = due_at(r, (int64_t)o->n_times + 1);
    if (at > r->scenario->horizon) at = r->scenario->horizon;
    o->due[o->n_times] = at;
  }
  return MNZ_OK;
}

mnz_time mnz_observer_due(const mnz_observer *o, size_t k) {
  return k + 1 < o->n_times ? o->due[k] : MNZ_NEVER;
}

/* --- life --- */

mnz_status mnz_observer_create(mnz_observer **out, const mnz_replication *r, mnz_error *err) {
  mnz_observer *o;
  mnz_status status = mnz_new_array(out, 1, err);
  if (status != MNZ_OK) return status;
  o = *out;
  o->scenario = r->scenario;
  const mnz_catalog *c = &o->scenario->catalog;
  o->n_slots = r->ledger.n_slots;
  o->n_elements = (size_t)c->elements.count;
  o->n_regimes = (size_t)r->n_regimes;
  o->what = r->watch.what;
  if ((status = set_times(o, r, err)) != MNZ_OK) return status;
  for (int32_t i = 0; i < r->n_nodes * c->n_materials; i++) {
    if (r->ledger.slot_of[i] >= 0) o->n_accounts += accounts_of(c, i % c->n_materials);
  }
  const size_t row = o->n_accounts * N_SERIES;
  const size_t slots = (size_t)o->n_slots;
  if ((status = mnz_new_array(&o->account_node, o->n_accounts, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&o->account_material, o->n_accounts, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&o->account_element, o->n_accounts, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&o->slot_node, slots, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&o->slot_material, slots, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&o->slot_first, slots + 1, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&o->now, row, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&o->since, row, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&o->users_have, o->n_elements, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&o->delivered_before, o->n_elements, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&o->in_focus, (size_t)r->n_nodes, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&o->users_account, o->n_accounts, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&o->owed, (size_t)r->n_nodes, err)) != MNZ_OK) return status;
  for (int32_t i = 0; i < r->n_nodes; i++) o->in_focus[i] = mnz_in_focus(o->scenario, r->sites[i].spec);
  number_accounts(o, r);
  return MNZ_OK;
}

void mnz_observer_free(mnz_observer *o) {
  if (o == NULL) return;
  free(o->account_node);
  free(o->account_material);
  free(o->account_element);
  free(o->slot_node);
  free(o->slot_material);
  free(o->slot_first);
  free(o->due);
  free(o->now);
  free(o->since);
  free(o->users_have);
  free(o->delivered_before);
  free(o->rules);
  free(o->in_focus);
  free(o->owed);
  free(o->users_account);
  for (size_t i = 0; i < N_SERIES; i++) free(o->series[i]);
  for (size_t i = 0; i < N_USER_SERIES; i++) free(o->users[i]);
  free(o->prices);
  free(o);
}

mnz_status mnz_observer_reset(mnz_observer *o, mnz_error *err) {
  mnz_status status = MNZ_OK;
  const size_t row = o->n_accounts * N_SERIES;
  o->samples = 0;
  memset(o->now, 0, row * sizeof *o->now);
  memset(o->since, 0, row * sizeof *o->since);
  memset(o->users_have, 0, o->n_elements * sizeof *o->users_have);
  memset(o->delivered_before, 0, o->n_elements * sizeof *o->delivered_before);
  for (size_t i = 0; i < N_SERIES && status == MNZ_OK && o->what == MNZ_WATCH_ALL; i++) {
    free(o->series[i]);
    status = mnz_new_array(&o->series[i], o->n_accounts * o->n_times, err);
  }
  for (size_t i = 0; i < N_USER_SERIES && status == MNZ_OK && o->what != MNZ_WATCH_NOTHING; i++) {
    free(o->users[i]);
    status = mnz_new_array(&o->users[i], o->n_elements * o->n_times, err);
  }
  free(o->prices);
  o->prices = NULL;
  if (status == MNZ_OK && o->what != MNZ_WATCH_NOTHING && o->scenario->prices.count > 0)
    status = mnz_new_array(&o->prices, (size_t)o->scenario->prices.count * o->n_times, err);
  if (status == MNZ_OK && o->n_regimes > 0 && o->what == MNZ_WATCH_ALL) {
    free(o->rules);
    status = mnz_new_array(&o->rules, o->n_regimes * o->n_times, err);
  }
  return status;
}

/* --- sampling --- */

static bool is_flow(int32_t series) {
  return series == SERIES_INFLOW || series == SERIES_OUTFLOW;
}

/* Writes the value that a level has had until now into its column. */
static void fill_run(mnz_observer *o, size_t account, int32_t series) {
  const size_t at = account * N_SERIES + (size_t)series;
  const double value = (double)o->now[at] * TONNE;
  if (o->series[series] == NULL) return;
  double *column = o->series[series] + account * o->n_times;
  for (size_t t = o->since[at]; t < o->samples && value != 0; t++) column[t] = value;
  o->since[at] = o->samples;
}

static void set(mnz_observer *o, size_t account, int32_t series, mnz_mass value) {
  const size_t at = account * N_SERIES + (size_t)series;
  const mnz_mass change = value - o->now[at];
  if (change == 0) return;
  if (is_flow(series) && o->series[series] != NULL)
    o->series[series][account * o->n_times + o->samples] = (double)change * TONNE;
  if (!is_flow(series)) fill_run(o, account, series);
  o->now[at] = value;
  const size_t e = (size_t)o->account_element[account];
  const bool stock = series == SERIES_STOCK || series == SERIES_PROCESS;
  if (stock && o->users_account[account] && e < o->n_elements) o->users_have[e] += change;
}

/* The sums over origins of each element of a material, and their total last: the accounts of a slot. */
static void sample_parts(mnz_observer *o, int32_t slot, int32_t series, const mnz_mass *part) {
  const mnz_catalog *c = &o->scenario->catalog;
  const size_t end = o->slot_first[slot + 1];
  mnz_mass all = 0;
  for (size_t a = o->slot_first[slot]; a < end; a++) {
    const int32_t e = o->account_element[a];
    mnz_mass sum = 0;
    for (int32_t k = e; k < c->n_components && e < c->elements.count; k += c->elements.count) sum += part[k];
    set(o, a, series, e < c->elements.count ? sum : all);
    all += sum;
  }
}

static void sample_backlog(mnz_observer *o, int32_t slot, mnz_mass open) {
  const mnz_catalog *c = &o->scenario->catalog;
  const mnz_material *m = &c->materials[o->slot_material[slot]];
  mnz_mass all = 0;
  for (size_t a = o->slot_first[slot]; a < o->slot_first[slot + 1]; a++) {
    const int32_t e = o->account_element[a];
    const mnz_mass owed = m->known && e < c->elements.count ? llround((double)open * m->nominal[e]) : 0;
    set(o, a, SERIES_BACKLOG, e < c->elements.count ? owed : all);
    all += owed;
  }
}

static void sample_slot(mnz_observer *o, const mnz_replication *r, int32_t slot) {
  const mnz_ledger *l = &r->ledger;
  const size_t n = (size_t)o->scenario->catalog.n_parts;
  const mnz_shelf *shelf = mnz_site_shelf(&r->sites[o->slot_node[slot]], o->slot_material[slot]);
  /* The last account of a slot is the sum of the others, or the only one. */
  const bool owed = o->now[(o->slot_first[slot + 1] - 1) * N_SERIES + SERIES_BACKLOG] != 0;
  if (owed || shelf->book.open != 0) sample_backlog(o, slot, shelf->book.open);
  const uint8_t touched = l->touched[slot];
  l->touched[slot] = 0;
  if (touched >> MNZ_PLACE_PROCESS & 1) {
    sample_parts(o, slot, SERIES_PROCESS, mnz_ledger_held(l, slot, MNZ_PLACE_PROCESS));
  }
  if (touched >> MNZ_PLACE_TRANSIT & 1) {
    sample_parts(o, slot, SERIES_TRANSIT, mnz_ledger_held(l, slot, MNZ_PLACE_TRANSIT));
  }
  if (touched >> MNZ_PLACE_STOCK & 1) {
    sample_parts(o, slot, SERIES_STOCK, mnz_ledger_held(l, slot, MNZ_PLACE_STOCK));
  }
  if (touched >> MNZ_TOUCHED_IN & 1) sample_parts(o, slot, SERIES_INFLOW, l->in + (size_t)slot * n);
  if (touched >> MNZ_TOUCHED_OUT & 1) sample_parts(o, slot, SERIES_OUTFLOW, l->out + (size_t)slot * n);
}

/* What a demand got and waits for is sampled with the users; what it holds is in use. */
static void sample_demand(mnz_observer *o, const mnz_replication *r, int32_t slot) {
  const uint8_t touched = r->ledger.touched[slot];
  r->ledger.touched[slot] = 0;
  if (touched >> MNZ_PLACE_USE & 1)
    sample_parts(o, slot, SERIES_STOCK, mnz_ledger_held(&r->ledger, slot, MNZ_PLACE_USE));
  if (touched >> MNZ_PLACE_TRANSIT & 1)
    sample_parts(o, slot, SERIES_TRANSIT, mnz_ledger_held(&r->ledger, slot, MNZ_PLACE_TRANSIT));
}

static bool is_demanded(const mnz_observer *o, int32_t slot) {
  const mnz_flows *f = &o->scenario->flows[o->slot_node[slot]];
  return f->asks_of >= 0 && f->asks_for == o->slot_material[slot];
}

/* What each demand is owed, from all order books at once. */
static void add_up_owed(mnz_observer *o, const mnz_replication *r) {
  memset(o->owed, 0, (size_t)r->n_nodes * sizeof *o->owed);
  for (int32_t i = 0; i < r->n_nodes; i++) {
    for (int32_t k = 0; k < r->sites[i].n_shelves; k++) {
      const mnz_ask *ask = r->sites[i].shelves[k].book.first;
      for (; ask != NULL; ask = ask->next) o->owed[ask->buyer] += ask->part ? 0 : ask->open;
    }
  }
}

/* What the users in focus have, lack, got, and how long it lasts; and of every demand what it got and what it
 * waits for. */
static void sample_users(mnz_observer *o, const mnz_replication *r) {
  const mnz_catalog *c = &o->scenario->catalog;
  double backlog[MNZ_MAX_ELEMENTS] = {0};
  double got[MNZ_MAX_ELEMENTS] = {0};
  double usage[MNZ_MAX_ELEMENTS] = {0};
  add_up_owed(o, r);
  for (int32_t i = 0; i < r->n_nodes; i++) {
    const mnz_site *site = &r->sites[i];
    const mnz_demand_tally *tally = mnz_demand_of(site);
    if (tally == NULL) continue;
    const int32_t product = o->scenario->flows[i].asks_for;
    const int32_t slot = mnz_ledger_slot(&r->ledger, i, product);
    sample_parts(o, slot, SERIES_INFLOW, tally->delivered);
    sample_backlog(o, slot, o->owed[i]);
    if (!o->in_focus[i]) continue;
    const double rate = mnz_site_usage(site, product);
    for (int32_t e = 0; e < c->elements.count; e++) {
      if (!(c->materials[product].of >> e & 1)) continue;
      backlog[e] += (double)o->owed[i] * c->materials[product].nominal[e];
      usage[e] += rate * c->materials[product].nominal[e];
      for (int32_t k = e; k < c->n_components; k += c->elements.count) got[e] += (double)tally->delivered[k];
    }
  }
  for (size_t e = 0; e < o->n_elements; e++) {
    const size_t at = e * o->n_times + o->samples;
    const double have = (double)o->users_have[e];
    o->users[USERS_STOCK][at] = have * TONNE;
    o->users[USERS_BACKLOG][at] = backlog[e] * TONNE;
    o->users[USERS_DELIVERED][at] = (got[e] - o->delivered_before[e]) * TONNE;
    o->users[USERS_COVER][at] = usage[e] > 0 ? have / usage[e] / (double)MNZ_US_PER_DAY : NAN;
    o->delivered_before[e] = got[e];
  }
}

void mnz_observer_sample(mnz_observer *o, const mnz_replication *r) {
  if (o->n_times == 0) return;
  for (int32_t slot = 0; slot < o->n_slots; slot++) {
    if (is_demanded(o, slot))
      sample_demand(o, r, slot);
    else
      sample_slot(o, r, slot);
  }
  sample_users(o, r);
  for (int32_t i = 0; i < r->n_prices; i++)
    o->prices[(size_t)i * o->n_times + o->samples] = r->prices[i].now * MNZ_PER_KG;
  for (size_t i = 0; i < o->n_regimes && o->rules != NULL; i++)
    o->rules[i * o->n_times + o->samples] = (uint8_t)r->regimes[i].rule;
  o->samples++;
}

/* --- handing over --- */

static mnz_status give_series(mnz_result *result, const char *name, const char *text, const char *unit,
                              mnz_axis_id first, double **data, bool headline, mnz_error *err) {
  mnz_status status = mnz_resize_array(&result->variables, result->n_variables + 1, err);
  if (status != MNZ_OK) return status;
  result->variables[result->n_variables++] = (mnz_variable){.name = name,
                                                            .long_name = text,
                                                            .unit = unit,
                                                            .cell = MNZ_CELL_F8,
                                                            .n_axes = 2,
                                                            .axes = {first, MNZ_AXIS_TIME},
                                                            .data = *data,
                                                            .series = true,
                                                            .headline = headline};
  *data = NULL;
  return MNZ_OK;
}

/* The state of every regime, as flags. */
static mnz_status give_rules(mnz_observer *o, mnz_result *result, mnz_error *err) {
  mnz_status status = mnz_resize_array(&result->variables, result->n_variables + 1, err);
  if (status != MNZ_OK) return status;
  result->variables[result->n_variables++] =
      (mnz_variable){.name = "regime_now",
                     .long_name = "state of the regime",
                     .unit = "1",
                     .cell = MNZ_CELL_U1,
                     .n_axes = 2,
                     .axes = {MNZ_AXIS_REGIME, MNZ_AXIS_TIME},
                     .data = o->rules,
                     .series = true,
                     .flag_meanings = "open licence quota tariff embargo"};
  o->rules = NULL;
  return MNZ_OK;
}

static mnz_status set_axes(const mnz_observer *o, const mnz_replication *r, mnz_result *result,
                           mnz_error *err) {
  const mnz_scenario *s = o->scenario;
  result->length[MNZ_AXIS_NODE] = (size_t)r->n_nodes;
  result->length[MNZ_AXIS_MATERIAL] = (size_t)s->catalog.n_materials;
  result->length[MNZ_AXIS_ELEMENT] = o->n_elements;
  result->length[MNZ_AXIS_ORIGIN] = (size_t)s->catalog.origins.count;
  result->length[MNZ_AXIS_STATE] = MNZ_STATES;
  result->length[MNZ_AXIS_DISRUPTION] = (size_t)r->n_disruptions;
  result->length[MNZ_AXIS_CREW] = (size_t)r->n_crews;
  result->length[MNZ_AXIS_PLACE] = (size_t)s->n_places;
  result->length[MNZ_AXIS_ACCOUNT] = o->n_accounts;
  result->length[MNZ_AXIS_REGIME] = (size_t)r->n_regimes;
  result->length[MNZ_AXIS_RULE] = r->n_regimes > 0 ? MNZ_RULES : 0;
  result->length[MNZ_AXIS_TIME] = o->n_times;
  result->labels[MNZ_AXIS_NODE] = s->node_names;
  result->labels[MNZ_AXIS_MATERIAL] = s->material_names;
  result->labels[MNZ_AXIS_ELEMENT] = s->catalog.elements.at;
  result->labels[MNZ_AXIS_ORIGIN] = s->catalog.origins.at;
  result->labels[MNZ_AXIS_STATE] = mnz_state_names;
  result->labels[MNZ_AXIS_REGIME] = s->regime_names;
  result->labels[MNZ_AXIS_RULE] = mnz_rule_names;
  result->labels[MNZ_AXIS_DISRUPTION] = s->disruption_names;
  result->labels[MNZ_AXIS_CREW] = s->crew_names;
  result->labels[MNZ_AXIS_PLACE] = s->place_names;
  result->place_node = s->place_node;
  result->place_material = s->place_material;
  mnz_status status;
  if ((status = mnz_new_array(&result->account_node, o->n_accounts, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&result->account_material, o->n_accounts, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&result->account_element, o->n_accounts, err)) != MNZ_OK) return status;
  if (o->n_times > 0 && (status = mnz_new_array(&result->time, o->n_times, err)) != MNZ_OK) return status;
  memcpy(result->account_node, o->account_node, o->n_accounts * sizeof *o->account_node);
  memcpy(result->account_material, o->account_material, o->n_accounts * sizeof *o->account_material);
  memcpy(result->account_element, o->account_element, o->n_accounts * sizeof *o->account_element);
  for (size_t t = 0; t < o->n_times; t++) result->time[t] = (double)o->due[t] / (double)MNZ_US_PER_DAY;
  return MNZ_OK;
}

mnz_status mnz_observer_finish(mnz_observer *o, const mnz_replication *r, mnz_result **out, mnz_error *err) {
  static const char *const names[] = {
#define SERIES_NAME(id, name, text) name,
      ACCOUNT_SERIES(SERIES_NAME)};
  static const char *const texts[] = {
#define SERIES_TEXT(id, name, text) text,
      ACCOUNT_SERIES(SERIES_TEXT)};
  static const char *const users[][3] = {
#define USER_TEXT(id, name, unit, text) {name, unit, text},
      USER_SERIES(USER_TEXT)};
  for (size_t a = 0; a < o->n_accounts; a++) {
    for (int32_t s = 0; s < N_SERIES; s++) {
      if (!is_flow(s)) fill_run(o, a, s);
    }
  }
  mnz_result *result;
  mnz_status status = mnz_new_array(&result, 1, err);
  if (status != MNZ_OK) return status;
  result->replication = r->index;
  result->events = mnz_replication_events(r);
  status = set_axes(o, r, result, err);
  if (status == MNZ_OK) status = mnz_measure_all(r, result, err);
  for (size_t i = 0; i < N_USER_SERIES && status == MNZ_OK && o->users[i] != NULL; i++) {
    status =
        give_series(result, users[i][0], users[i][2], users[i][1], MNZ_AXIS_ELEMENT, &o->users[i], true, err);
  }
  if (status == MNZ_OK && o->prices != NULL)
    status = give_series(result, "price", "price", "USD kg-1", MNZ_AXIS_PRICE, &o->prices, true, err);
  for (size_t i = 0; i < N_SERIES && status == MNZ_OK && o->series[i] != NULL; i++) {
    status = give_series(result, names[i], texts[i], "t", MNZ_AXIS_ACCOUNT, &o->series[i], false, err);
  }
  if (status == MNZ_OK && o->rules != NULL) status = give_rules(o, result, err);
  if (status != MNZ_OK) {
    mnz_result_free(result);
    return status;
  }
  *out = result;
  return MNZ_OK;
}
