/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/lot.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

#define MAX_PARTS (MNZ_MAX_ORIGINS * MNZ_MAX_ELEMENTS + 1)

mnz_status mnz_lots_open(mnz_lots *lots, const mnz_catalog *catalog, mnz_error *err) {
  *lots = (mnz_lots){.catalog = catalog, .next_id = 1};
  return mnz_pool_create(&lots->pool, sizeof(mnz_lot) + (size_t)catalog->n_parts * sizeof(mnz_mass), err);
}

void mnz_lots_close(mnz_lots *lots) {
  mnz_pool_free(lots->pool);
  *lots = (mnz_lots){0};
}

void mnz_lots_reset(mnz_lots *lots) {
  mnz_pool_reset(lots->pool);
  lots->first = NULL;
  lots->next_id = 1;
}

mnz_lot *mnz_lot_new(mnz_lots *lots, int32_t material, int32_t node, mnz_time now, mnz_error *err) {
  mnz_lot *lot = mnz_pool_take(lots->pool, err);
  if (lot == NULL) return NULL;
  memset(lot, 0, sizeof *lot + (size_t)lots->catalog->n_parts * sizeof(mnz_mass));
  lot->id = lots->next_id++;
  lot->material = material;
  lot->node = node;
  lot->place = MNZ_PLACE_HAND;
  lot->born = now;
  lot->stored = now;
  lot->after = lots->first;
  if (lots->first != NULL) lots->first->before = lot;
  lots->first = lot;
  return lot;
}

void mnz_lot_drop(mnz_lots *lots, mnz_lot *lot) {
  if (lot->before != NULL)
    lot->before->after = lot->after;
  else
    lots->first = lot->after;
  if (lot->after != NULL) lot->after->before = lot->before;
  mnz_pool_give(lots->pool, lot);
}

void mnz_lot_weigh(const mnz_lots *lots, mnz_lot *lot) {
  const mnz_catalog *c = lots->catalog;
  mnz_mass book = 0;
  for (int32_t i = 0; i < c->n_parts; i++) book += lot->part[i];
  lot->book = book;
  lot->mass = book;
  if (c->materials[lot->material].form != MNZ_FORM_METAL) return;
  double metal = 0;
  for (int32_t i = 0; i < c->n_components; i++) {
    if (lot->part[i] != 0) metal += (double)lot->part[i] * c->metal_factor[mnz_component_element(c, i)];
  }
  lot->mass = llround(metal) + lot->part[c->n_components];
}

__extension__ typedef __int128 wide;

/* floor(a * b / c) for 0 <= a <= c and 0 <= b <= 2 * c, and the remainder. A double gives the quotient to
 * within some forty; arithmetic modulo 2^64 gives the remainder exactly, because it is small: up to 2^56 mg
 * (72 million tonnes). What is larger takes its time. */
static mnz_mass muldiv(mnz_mass a, mnz_mass b, mnz_mass c, mnz_mass *remainder) {
  if (c >> 56 != 0) {
    const wide product = (wide)a * b;
    *remainder = (mnz_mass)(product % c);
    return (mnz_mass)(product / c);
  }
  mnz_mass q = (mnz_mass)((double)a * (double)b / (double)c);
  int64_t r = (int64_t)((uint64_t)a * (uint64_t)b - (uint64_t)q * (uint64_t)c);
  while (r < 0) {
    r += c;
    q--;
  }
  while (r >= c) {
    r -= c;
    q++;
  }
  *remainder = r;
  return q;
}

void mnz_apportion(const mnz_mass *in, int32_t n, mnz_mass whole, mnz_mass share, mnz_mass *out) {
  MNZ_REQUIRE(n <= MAX_PARTS && 0 <= share && share <= whole);
  mnz_mass remainder[MAX_PARTS];
  mnz_mass left = share;
  for (int32_t i = 0; i < n; i++) {
    remainder[i] = 0;
    out[i] = in[i] == 0 ? 0 : muldiv(in[i], share, whole, &remainder[i]);
    left -= out[i];
  }
  for (; left > 0; left--) {
    int32_t best = 0;
    for (int32_t i = 1; i < n; i++) {
      if (remainder[i] > remainder[best]) best = i;
    }
    out[best]++;
    remainder[best] = -1;
  }
}

mnz_lot *mnz_lot_split(mnz_lots *lots, mnz_lot *lot, mnz_mass mass, mnz_error *err) {
  MNZ_REQUIRE(0 < mass && mass < lot->mass);
  const int32_t n = lots->catalog->n_parts;
  mnz_lot *taken = mnz_lot_new(lots, lot->material, lot->node, lot->born, err);
  if (taken == NULL) return NULL;
  taken->place = lot->place;
  taken->stored = lot->stored;
  taken->counted = lot->counted;
  mnz_mass rest;
  taken->book = lot->book == lot->mass ? mass : muldiv(mass, lot->book, lot->mass, &rest);
  mnz_apportion(lot->part, n, lot->book, taken->book, taken->part);
  for (int32_t i = 0; i < n; i++) lot->part[i] -= taken->part[i];
  taken->mass = mass;
  lot->mass -= mass;
  lot->book -= taken->book;
  mnz_lot_tell(lots->watch, MNZ_LOT_SPLIT, taken, lot, mass, 0);
  return taken;
}

void mnz_lot_merge(mnz_lots *lots, mnz_lot *into, mnz_lot *from) {
  for (int32_t i = 0; i < lots->catalog->n_parts; i++) into->part[i] += from->part[i];
  into->mass += from->mass;
  into->book += from->book;
  into->ordered += from->ordered;
  if (from->born < into->born) into->born = from->born;
  mnz_lot_tell(lots->watch, MNZ_LOT_MERGED, into, from, from->mass, 0);
  mnz_lot_drop(lots, from);
}

void mnz_lot_queue_push(mnz_lot_queue *queue, mnz_lot *lot) {
  lot->next = NULL;
  if (queue->last != NULL)
    queue->last->next = lot;
  else
    queue->first = lot;
  queue->last = lot;
  queue->count++;
}

void mnz_lot_queue_push_first(mnz_lot_queue *queue, mnz_lot *lot) {
  lot->next = queue->first;
  queue->first = lot;
  if (queue->last == NULL) queue->last = lot;
  queue->count++;
}

mnz_lot *mnz_lot_queue_pop(mnz_lot_queue *queue) {
  mnz_lot *lot = queue->first;
  if (lot == NULL) return NULL;
  queue->first = lot->next;
  if (queue->first == NULL) queue->last = NULL;
  queue->count--;
  lot->next = NULL;
  return lot;
}

void mnz_lot_queue_remove(mnz_lot_queue *queue, mnz_lot *lot) {
  mnz_lot *before = NULL;
  mnz_lot **at = &queue->first;
  for (; *at != lot; at = &(*at)->next) before = *at;
  *at = lot->next;
  if (queue->last == lot) queue->last = before;
  queue->count--;
  lot->next = NULL;
}
