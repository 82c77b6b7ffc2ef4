/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of pending events: what an id names, and the order of posting. A queue holds small entries
 * (key, slot) and leaves the rest of the event here.
 *
 * A free slot goes to the next event with another generation, so the id of the last one stays dead. */
#ifndef MNZ_ENGINE_SLOTS_H
#define MNZ_ENGINE_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/engine.h"

enum { MNZ_SEQUENCE_BITS = 56 };
#define MNZ_NO_SLOT UINT32_MAX

/* The place of an event in the total order. `order` is phase << 56 | sequence; the sequence counts
 * postings and moves from 1, and 2^56 of them take decades. No two keys are equal. */
typedef struct mnz_key {
  int64_t time;
  uint64_t order;
} mnz_key;

typedef struct mnz_entry {
  mnz_key key;
  uint32_t slot;
} mnz_entry;

typedef struct mnz_slot {
  mnz_event_fn *fn;
  void *self;
  int64_t arg;
  uint64_t order;      /* of the pending event's present key; 0: the slot is free */
  uint32_t generation; /* of the event here, or of the next one if free; never 0 */
  uint32_t link;       /* free: the next free slot. Pending: for the queue to use */
} mnz_slot;

/* Start with {.free = MNZ_NO_SLOT}. */
typedef struct mnz_slots {
  mnz_slot *at;
  size_t capacity;
  uint32_t made; /* slots that were ever in use */
  uint32_t used; /* slots in use since the last reset, now pending or in the list of free ones */
  uint32_t free; /* the first free one below `used` */
  uint64_t pending;
  uint64_t sequence; /* the last one given */
} mnz_slots;

static inline bool mnz_key_before(mnz_key a, mnz_key b) {
  return a.time != b.time ? a.time < b.time : a.order < b.order;
}

/* A phase's next place in the order. */
static inline uint64_t mnz_slots_order(mnz_slots *slots, uint8_t phase) {
  return (uint64_t)phase << MNZ_SEQUENCE_BITS | ++slots->sequence;
}

static inline uint8_t mnz_order_phase(uint64_t order) {
  return (uint8_t)(order >> MNZ_SEQUENCE_BITS);
}

/* The pending event that the id names; NULL if it is dead. */
static inline mnz_slot *mnz_slots_find(const mnz_slots *slots, mnz_event_id id) {
  if (id.slot >= slots->used) return NULL;
  mnz_slot *slot = &slots->at[id.slot];
  return slot->generation == id.generation && slot->order != 0 ? slot : NULL;
}

void mnz_slots_free(mnz_slots *slots); /* the memory */
void mnz_slots_reset(mnz_slots *slots);
/* Puts the event into a free slot, at the end of its phase. On failure nothing changed. */
mnz_status mnz_slots_take(mnz_slots *slots, const mnz_event *event, uint32_t *slot, mnz_error *err);
/* Frees a pending event's slot: its id is dead. */
void mnz_slots_give(mnz_slots *slots, uint32_t slot);
/* The same, and its event, of the given time, comes out. */
void mnz_slots_give_event(mnz_slots *slots, int64_t time, uint32_t slot, mnz_event *event);
mnz_status mnz_slots_verify(const mnz_slots *slots, mnz_error *err);

#endif
