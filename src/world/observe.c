/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Series: what each account holds, sampled in integers, stored in tonnes.
 *
 * A sample is a row over all accounts and series; only what was posted to since the last sample is made
 * anew. Rows are gathered in a tile and turned into columns (one per account,
 * time last) a tile at a time, so that neither side runs through memory with large steps. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "domain/facilities/demand.h"
#include "monazite/calendar.h"
#include "world/replication_internal.h"

/* One list of the series by account: name, long name. */
#define ACCOUNT_SERIES(X)                                                                                    \
  X(STOCK, "stock", "in the stores, as rare-earth oxides")                                                   \
  X(PROCESS, "in_process", "in lines, at berths, waiting for room")                                          \
  X(TRANSIT, "in_transit", "on the way to this node")                                                        \
  X(INFLOW, "inflow", "into the stores in the sample period")                                                \
  X(OUTFLOW, "outflow", "out of the stores in the sample period")                                            \
  X(BACKLOG, "backlog", "ordered from this node and not yet shipped")

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

#define TILE 32

struct mnz_observer {
  const mnz_scenario *scenario;
  size_t n_times;
  size_t n_accounts;
  size_t n_elements;
  int32_t *account_node;
  int32_t *account_material;
  int32_t *account_element;
  int32_t n_slots;
  int32_t *slot_node;
  int32_t *slot_material;
  size_t *slot_first; /* [slot]: its first account; [n_slots]: n_accounts */
  double *time;
  mnz_mass *tile;               /* [TILE][account][series], cumulative for flows, milligrams */
  mnz_mass *before;             /* [account][series]: the last row of the tile before */
  uint8_t *changed;             /* [slot]: which series changed within the tile, as a mask */
  bool *in_focus;               /* [node] */
  bool *users_account;          /* [account]: counts as the users' stock */
  size_t rows;                  /* in the tile */
  size_t done;                  /* times already turned into columns */
  double *series[N_SERIES];     /* [account][time] */
  double *users[N_USER_SERIES]; /* [element][time] */
  double *delivered_before;     /* [element] */
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

mnz_status mnz_observer_create(mnz_observer **out, const mnz_replication *r, mnz_error *err) {
  mnz_observer *o;
  mnz_status status = mnz_new_array(out, 1, err);
  if (status != MNZ_OK) return status;
  o = *out;
  o->scenario = r->scenario;
  const mnz_catalog *c = &o->scenario->catalog;
  o->n_slots = r->ledger.n_slots;
  o->n_elements = (size_t)c->elements.count;
  o->n_times = (size_t)((o->scenario->horizon + o->scenario->sample - 1) / o->scenario->sample);
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
  if ((status = mnz_new_array(&o->time, o->n_times, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&o->tile, TILE * row, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&o->before, row, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&o->delivered_before, o->n_elements, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&o->changed, slots, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&o->in_focus, (size_t)r->n_nodes, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&o->users_account, o->n_accounts, err)) != MNZ_OK) return status;
  for (int32_t i = 0; i < r->n_nodes; i++) o->in_focus[i] = mnz_in_focus(o->scenario, r->sites[i].spec);
  number_accounts(o, r);
  for (size_t t = 0; t < o->n_times; t++) {
    const mnz_time at = (mnz_time)(t + 1) * o->scenario->sample;
    o->time[t] = (double)(at < o->scenario->horizon ? at : o->scenario->horizon) / (double)MNZ_US_PER_DAY;
  }
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
  free(o->time);
  free(o->tile);
  free(o->before);
  free(o->delivered_before);
  free(o->changed);
  free(o->in_focus);
  free(o->users_account);
  for (size_t i = 0; i < N_SERIES; i++) free(o->series[i]);
  for (size_t i = 0; i < N_USER_SERIES; i++) free(o->users[i]);
  free(o);
}

mnz_status mnz_observer_reset(mnz_observer *o, mnz_error *err) {
  mnz_status status = MNZ_OK;
  o->rows = 0;
  o->done = 0;
  memset(o->before, 0, o->n_accounts * N_SERIES * sizeof *o->before);
  memset(o->delivered_before, 0, o->n_elements * sizeof *o->delivered_before);
  memset(o->changed, 0, (size_t)o->n_slots * sizeof *o->changed);
  /* Columns must be zero: what stays zero is never written (fresh memory costs nothing until then). */
  for (size_t i = 0; i < N_SERIES && status == MNZ_OK; i++) {
    free(o->series[i]);
    status = mnz_new_array(&o->series[i], o->n_accounts * o->n_times, err);
  }
  for (size_t i = 0; i < N_USER_SERIES && status == MNZ_OK; i++) {
    free(o->users[i]);
    status = mnz_new_array(&o->users[i], o->n_elements * o->n_times, err);
  }
  return status;
}

/* --- sampling --- */

/* The sums over origins of each element of a material, one a stride, and their total last. True if one of
 * them is another than before. */
static bool add_up(const mnz_catalog *c, uint32_t of, const mnz_mass *part, mnz_mass *to) {
  const int32_t n = c->elements.count;
  mnz_mass all = 0;
  bool changed = false;
  for (int32_t e = 0; e < n; e++) {
    if (!(of >> e & 1)) continue;
    mnz_mass sum = 0;
    for (int32_t k = e; k < c->n_components; k += n) sum += part[k];
    all += sum;
    changed |= *to != sum;
    *to = sum;
    to += N_SERIES;
  }
  if (all_is_worth_it(of)) *to = all;
  return changed;
}

static bool sample_backlog(const mnz_catalog *c, const mnz_shelf *shelf, mnz_mass *to) {
  const mnz_material *m = &c->materials[shelf->store.material];
  mnz_mass all = 0;
  bool changed = false;
  for (int32_t e = 0; e < c->elements.count; e++) {
    if (!(m->of >> e & 1)) continue;
    const mnz_mass owed =
        m->known && shelf->book.open > 0 ? llround((double)shelf->book.open * m->nominal[e]) : 0;
    all += owed;
    changed |= *to != owed;
    *to = owed;
    to += N_SERIES;
  }
  if (all_is_worth_it(m->of)) *to = all;
  return changed;
}

/* Returns the series that are not as before, as a mask. */
static uint8_t sample_slot(const mnz_observer *o, const mnz_replication *r, int32_t slot, mnz_mass *to) {
  const mnz_catalog *c = &o->scenario->catalog;
  const mnz_ledger *l = &r->ledger;
  const int32_t material = o->slot_material[slot];
  const uint32_t of = c->materials[material].of;
  const size_t n = (size_t)c->n_parts;
  const mnz_shelf *shelf = mnz_site_shelf(&r->sites[o->slot_node[slot]], material);
  bool changed[N_SERIES] = {false};
  if (l->touched[slot]) {
    changed[SERIES_STOCK] = add_up(c, of, mnz_ledger_held(l, slot, MNZ_PLACE_STOCK), to + SERIES_STOCK);
    changed[SERIES_PROCESS] = add_up(c, of, mnz_ledger_held(l, slot, MNZ_PLACE_PROCESS), to + SERIES_PROCESS);
    changed[SERIES_TRANSIT] = add_up(c, of, mnz_ledger_held(l, slot, MNZ_PLACE_TRANSIT), to + SERIES_TRANSIT);
    changed[SERIES_INFLOW] = add_up(c, of, l->in + (size_t)slot * n, to + SERIES_INFLOW);
    changed[SERIES_OUTFLOW] = add_up(c, of, l->out + (size_t)slot * n, to + SERIES_OUTFLOW);
  }
  changed[SERIES_BACKLOG] = sample_backlog(c, shelf, to + SERIES_BACKLOG);
  uint8_t mask = 0;
  for (int32_t s = 0; s < N_SERIES; s++) mask |= (uint8_t)(changed[s] << s);
  return mask;
}

/* What the users in focus have, lack, got, and how long it lasts. */
static void sample_users(mnz_observer *o, const mnz_replication *r, const mnz_mass *row) {
  const mnz_catalog *c = &o->scenario->catalog;
  double stock[MNZ_MAX_ELEMENTS] = {0};
  double backlog[MNZ_MAX_ELEMENTS] = {0};
  double got[MNZ_MAX_ELEMENTS] = {0};
  double usage[MNZ_MAX_ELEMENTS] = {0};
  for (size_t a = 0; a < o->n_accounts; a++) {
    const int32_t e = o->account_element[a];
    if ((size_t)e == o->n_elements || !o->users_account[a]) continue;
    stock[e] += (double)(row[a * N_SERIES + SERIES_STOCK] + row[a * N_SERIES + SERIES_PROCESS]);
  }
  for (int32_t i = 0; i < r->n_nodes; i++) {
    const mnz_site *site = &r->sites[i];
    const mnz_demand_tally *tally = mnz_demand_of(site);
    if (tally == NULL || !o->in_focus[i]) continue;
    const int32_t product = o->scenario->flows[i].asks_for;
    const double open = (double)mnz_site_shelf(site, product)->on_order;
    const double rate = mnz_site_usage(site, product);
    for (int32_t e = 0; e < c->elements.count; e++) {
      backlog[e] += open * c->materials[product].nominal[e];
      usage[e] += rate * c->materials[product].nominal[e];
      for (int32_t k = e; k < c->n_components; k += c->elements.count) got[e] += (double)tally->delivered[k];
    }
  }
  const size_t t = o->done + o->rows;
  for (size_t e = 0; e < o->n_elements; e++) {
    const size_t at = e * o->n_times + t;
    o->users[USERS_STOCK][at] = stock[e] * 1e-9;
    o->users[USERS_BACKLOG][at] = backlog[e] * 1e-9;
    o->users[USERS_DELIVERED][at] = (got[e] - o->delivered_before[e]) * 1e-9;
    o->users[USERS_COVER][at] = usage[e] > 0 ? stock[e] / usage[e] / (double)MNZ_US_PER_DAY : NAN;
    o->delivered_before[e] = got[e];
  }
}

/* One column of the tile; flows become differences. */
static void flush_column(mnz_observer *o, size_t account, size_t series, bool changed) {
  const size_t row = o->n_accounts * N_SERIES;
  const size_t at = account * N_SERIES + series;
  const bool flow = series == SERIES_INFLOW || series == SERIES_OUTFLOW;
  double *to = o->series[series] + account * o->n_times + o->done;
  mnz_mass last = flow ? o->before[at] : 0;
  if (!changed && (flow || o->before[at] == 0)) return;
  for (size_t k = 0; k < o->rows; k++) {
    const mnz_mass value = changed ? o->tile[k * row + at] : o->before[at];
    if (value != last) to[k] = (double)(value - last) * 1e-9;
    if (flow) last = value;
  }
}

/* Turns the rows of the tile into columns. */
static void flush(mnz_observer *o) {
  const size_t row = o->n_accounts * N_SERIES;
  for (int32_t slot = 0; slot < o->n_slots; slot++) {
    for (size_t a = o->slot_first[slot]; a < o->slot_first[slot + 1]; a++) {
      for (size_t s = 0; s < N_SERIES; s++) flush_column(o, a, s, o->changed[slot] >> s & 1);
    }
    o->changed[slot] = 0;
  }
  if (o->rows > 0) memcpy(o->before, o->tile + (o->rows - 1) * row, row * sizeof *o->before);
  o->done += o->rows;
  o->rows = 0;
}

void mnz_observer_sample(mnz_observer *o, const mnz_replication *r) {
  const size_t row = o->n_accounts * N_SERIES;
  mnz_mass *to = o->tile + o->rows * row;
  memcpy(to, o->rows == 0 ? o->before : to - row, row * sizeof *to);
  for (int32_t slot = 0; slot < o->n_slots; slot++) {
    const mnz_shelf *shelf = mnz_site_shelf(&r->sites[o->slot_node[slot]], o->slot_material[slot]);
    /* The last account of a slot is the sum of the others, or the only one. */
    const bool owed = to[(o->slot_first[slot + 1] - 1) * N_SERIES + SERIES_BACKLOG] != 0;
    if (!r->ledger.touched[slot] && shelf->book.open == 0 && !owed) continue;
    o->changed[slot] |= sample_slot(o, r, slot, to + o->slot_first[slot] * N_SERIES);
    r->ledger.touched[slot] = false;
  }
  sample_users(o, r, to);
  if (++o->rows == TILE) flush(o);
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

static mnz_status set_axes(const mnz_observer *o, const mnz_replication *r, mnz_result *result,
                           mnz_error *err) {
  const mnz_scenario *s = o->scenario;
  result->length[MNZ_AXIS_NODE] = (size_t)r->n_nodes;
  result->length[MNZ_AXIS_MATERIAL] = (size_t)s->catalog.n_materials;
  result->length[MNZ_AXIS_ELEMENT] = o->n_elements;
  result->length[MNZ_AXIS_ORIGIN] = (size_t)s->catalog.origins.count;
  result->length[MNZ_AXIS_STATE] = MNZ_STATES;
  result->length[MNZ_AXIS_ACCOUNT] = o->n_accounts;
  result->length[MNZ_AXIS_TIME] = o->n_times;
  result->labels[MNZ_AXIS_NODE] = s->node_names;
  result->labels[MNZ_AXIS_MATERIAL] = s->material_names;
  result->labels[MNZ_AXIS_ELEMENT] = s->catalog.elements.at;
  result->labels[MNZ_AXIS_ORIGIN] = s->catalog.origins.at;
  result->labels[MNZ_AXIS_STATE] = mnz_state_names;
  mnz_status status;
  if ((status = mnz_new_array(&result->account_node, o->n_accounts, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&result->account_material, o->n_accounts, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&result->account_element, o->n_accounts, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&result->time, o->n_times, err)) != MNZ_OK) return status;
  memcpy(result->account_node, o->account_node, o->n_accounts * sizeof *o->account_node);
  memcpy(result->account_material, o->account_material, o->n_accounts * sizeof *o->account_material);
  memcpy(result->account_element, o->account_element, o->n_accounts * sizeof *o->account_element);
  memcpy(result->time, o->time, o->n_times * sizeof *o->time);
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
  flush(o);
  mnz_result *result;
  mnz_status status = mnz_new_array(&result, 1, err);
  if (status != MNZ_OK) return status;
  result->replication = r->index;
  result->events = mnz_replication_events(r);
  status = set_axes(o, r, result, err);
  if (status == MNZ_OK) status = mnz_measure_all(r, result, err);
  for (size_t i = 0; i < N_USER_SERIES && status == MNZ_OK; i++) {
    status =
        give_series(result, users[i][0], users[i][2], users[i][1], MNZ_AXIS_ELEMENT, &o->users[i], true, err);
  }
  for (size_t i = 0; i < N_SERIES && status == MNZ_OK; i++) {
    status = give_series(result, names[i], texts[i], "t", MNZ_AXIS_ACCOUNT, &o->series[i], false, err);
  }
  if (status != MNZ_OK) {
    mnz_result_free(result);
    return status;
  }
  *out = result;
  return MNZ_OK;
}
