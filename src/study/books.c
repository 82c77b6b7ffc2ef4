/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/books.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "monazite/calendar.h"
#include "world/scenario.h"

/* --- orders --- */

static mnz_flow_book *flow_of(mnz_books *b, int32_t buyer, int32_t seller, int32_t material, mnz_error *err) {
  for (size_t i = b->n_flows; i-- > 0;) {
    mnz_flow_book *f = &b->flows[i];
    if (f->buyer == buyer && f->seller == seller && f->material == material) return f;
  }
  if (mnz_reserve_array(&b->flows, &b->flows_room, b->n_flows + 1, err) != MNZ_OK) return NULL;
  b->flows[b->n_flows] = (mnz_flow_book){.buyer = buyer, .seller = seller, .material = material};
  return &b->flows[b->n_flows++];
}

static mnz_status add_order(mnz_flow_book *f, const mnz_model_event *e, mnz_error *err) {
  const mnz_status status = mnz_reserve_array(&f->orders, &f->room, f->n + 1, err);
  if (status == MNZ_OK) f->orders[f->n++] = (mnz_open_order){e->time_us, e->mass_mg};
  return status;
}

static int64_t take_off(mnz_open_order *order, int64_t mass) {
  const int64_t part = mass < order->mass_mg ? mass : order->mass_mg;
  order->mass_mg -= part;
  return mass - part;
}

static void drop_filled(mnz_flow_book *f) {
  size_t left = 0;
  for (size_t i = 0; i < f->n; i++)
    if (f->orders[i].mass_mg > 0) f->orders[left++] = f->orders[i];
  f->n = left;
}

/* Off the orders placed at that moment, but for the rounding of days, then off the oldest. */
static void fill(mnz_flow_book *f, int64_t placed, int64_t mass) {
  for (size_t i = 0; i < f->n && mass > 0; i++)
    if (llabs(f->orders[i].placed_us - placed) <= 1) mass = take_off(&f->orders[i], mass);
  for (size_t i = 0; i < f->n && mass > 0; i++) mass = take_off(&f->orders[i], mass);
  drop_filled(f);
}

/* The newest first, as the world does it. */
static void withdraw(mnz_flow_book *f, int64_t mass) {
  for (size_t i = f->n; i-- > 0 && mass > 0;) mass = take_off(&f->orders[i], mass);
  drop_filled(f);
}

int64_t mnz_book_owed(const mnz_flow_book *f, int64_t *since_us) {
  int64_t sum = 0;
  *since_us = INT64_MAX;
  for (size_t i = 0; i < f->n; i++) {
    sum += f->orders[i].mass_mg;
    if (f->orders[i].placed_us < *since_us) *since_us = f->orders[i].placed_us;
  }
  return sum;
}

static mnz_status take_order(mnz_books *b, const mnz_model_event *e, mnz_error *err) {
  const bool from_seller = e->what == MNZ_EVENT_SHIPPED || e->what == MNZ_EVENT_DEPARTED;
  const int32_t buyer = from_seller ? e->other : e->node;
  const int32_t seller = from_seller ? e->node : e->other;
  mnz_flow_book *f = flow_of(b, buyer, seller, e->material, err);
  if (f == NULL) return MNZ_NO_MEMORY;
  if (e->what == MNZ_EVENT_ORDERED) return add_order(f, e, err);
  if (e->what == MNZ_EVENT_SHIPPED)
    fill(f, e->time_us - llround(e->detail * (double)MNZ_US_PER_DAY), e->mass_mg);
  if (e->what == MNZ_EVENT_GIVEN_UP || e->what == MNZ_EVENT_TAKEN_BACK) withdraw(f, e->mass_mg);
  if (e->what == MNZ_EVENT_DEPARTED) f->coming_mg += e->mass_mg;
  if (e->what == MNZ_EVENT_ARRIVED || e->what == MNZ_EVENT_LOST) f->coming_mg -= e->mass_mg;
  return MNZ_OK;
}

/* --- stocks --- */

typedef struct place {
  int32_t node;
  int32_t material;
  int64_t mass;
  bool stored;
} place;

static void take_lot(place *at, const mnz_model_event *e) {
  place *p = &at[e->lot];
  switch (e->what) {
  case MNZ_EVENT_SPLIT:
    at[e->parent].mass -= e->mass_mg;
    *p = (place){e->node, e->material, e->mass_mg, false};
    break;
  case MNZ_EVENT_MERGED:
    p->mass += e->mass_mg;
    at[e->parent].mass = 0;
    break;
  case MNZ_EVENT_MADE:
    at[e->parent].stored = false; /* taken to work at once */
    break;
  case MNZ_EVENT_BORN:
  case MNZ_EVENT_STORED:
  case MNZ_EVENT_BECAME:
  case MNZ_EVENT_IN_PROCESS:
  case MNZ_EVENT_IN_USE:
    *p = (place){e->node, e->material, e->mass_mg,
                 e->what == MNZ_EVENT_STORED || (e->what == MNZ_EVENT_BECAME && p->stored)};
    break;
  case MNZ_EVENT_SHIPPED:
  case MNZ_EVENT_DEPARTED:
    p->stored = false;
    break;
  case MNZ_EVENT_ENDED:
    p->mass = 0;
    break;
  default:
    break;
  }
}

/* Of the first `count` events. */
static mnz_status sum_stocks(mnz_books *b, const mnz_scenario *s, const mnz_model_event *log, size_t count,
                             mnz_error *err) {
  int64_t most = 0;
  place *at = NULL;
  for (size_t i = 0; i < count; i++) {
    if (log[i].lot > most) most = log[i].lot;
    if (log[i].parent > most) most = log[i].parent;
  }
  mnz_status status = mnz_new_array(&b->stock, (size_t)s->nodes.count * b->n_materials, err);
  if (status == MNZ_OK) status = mnz_new_array(&at, (size_t)most + 1, err);
  if (status != MNZ_OK) return status;
  for (size_t i = 0; i < count; i++)
    if (log[i].lot > 0) take_lot(at, &log[i]);
  for (int64_t k = 1; k <= most; k++) {
    if (!at[k].stored || at[k].node < 0 || at[k].material < 0) continue;
    b->stock[(size_t)at[k].node * b->n_materials + (size_t)at[k].material] += at[k].mass;
  }
  free(at);
  return MNZ_OK;
}

/* --- the whole --- */

mnz_status mnz_books_at(mnz_books *b, const mnz_scenario *s, const mnz_model_event *log, size_t count,
                        int64_t time_us, mnz_error *err) {
  *b = (mnz_books){.n_materials = (size_t)s->catalog.n_materials};
  const size_t nodes = (size_t)s->nodes.count;
  mnz_status status = mnz_new_array(&b->state, nodes, err);
  if (status == MNZ_OK) status = mnz_new_array(&b->state_us, nodes, err);
  for (size_t i = 0; i < nodes && status == MNZ_OK; i++) b->state[i] = -1;
  size_t n = 0;
  for (; n < count && log[n].time_us <= time_us && status == MNZ_OK; n++) {
    const mnz_model_event *e = &log[n];
    const bool lost_on_way = e->what == MNZ_EVENT_LOST && e->other >= 0 && e->material >= 0;
    if (e->what <= MNZ_EVENT_ARRIVED || lost_on_way) status = take_order(b, e, err);
    if (e->what >= MNZ_EVENT_IDLE && e->node >= 0) {
      b->state[e->node] = (int32_t)e->what;
      b->state_us[e->node] = e->time_us;
    }
  }
  bool told = false;
  for (size_t i = 0; i < count && !told; i++) told = log[i].what == MNZ_EVENT_BORN;
  return status != MNZ_OK || !told ? status : sum_stocks(b, s, log, n, err);
}

void mnz_books_free(mnz_books *b) {
  for (size_t i = 0; i < b->n_flows; i++) free(b->flows[i].orders);
  free(b->flows);
  free(b->stock);
  free(b->state);
  free(b->state_us);
  *b = (mnz_books){0};
}
