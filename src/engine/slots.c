/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/slots.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

void mnz_slots_free(mnz_slots *slots) {
  free(slots->at);
  *slots = (mnz_slots){.free = MNZ_NO_SLOT};
}

static void next_generation(mnz_slot *slot) {
  if (++slot->generation == 0) slot->generation = 1;
}

/* Slots are handed out again from the first, as in a new table; their generations go on. */
void mnz_slots_reset(mnz_slots *slots) {
  for (uint32_t i = 0; i < slots->used; i++) {
    if (slots->at[i].order == 0) continue;
    slots->at[i].order = 0;
    next_generation(&slots->at[i]);
  }
  slots->used = 0;
  slots->free = MNZ_NO_SLOT;
  slots->pending = 0;
  slots->sequence = 0;
}

static mnz_status take_fresh(mnz_slots *slots, uint32_t *slot, mnz_error *err) {
  if (slots->used == MNZ_NO_SLOT)
    return mnz_fail(err, MNZ_LIMIT, NULL, "more than %" PRIu32 " events are pending", MNZ_NO_SLOT - 1);
  const mnz_status status = mnz_reserve_array(&slots->at, &slots->capacity, (size_t)slots->used + 1, err);
  if (status != MNZ_OK) return status;
  *slot = slots->used++;
  if (*slot == slots->made) {
    slots->at[*slot] = (mnz_slot){.generation = 1};
    slots->made++;
  }
  return MNZ_OK;
}

mnz_status mnz_slots_take(mnz_slots *slots, const mnz_event *event, uint32_t *slot, mnz_error *err) {
  if (slots->free != MNZ_NO_SLOT) {
    *slot = slots->free;
    slots->free = slots->at[*slot].link;
  } else {
    const mnz_status status = take_fresh(slots, slot, err);
    if (status != MNZ_OK) return status;
  }
  mnz_slot *taken = &slots->at[*slot];
  taken->fn = event->fn;
  taken->self = event->self;
  taken->arg = event->arg;
  taken->order = mnz_slots_order(slots, event->phase);
  slots->pending++;
  return MNZ_OK;
}

void mnz_slots_give(mnz_slots *slots, uint32_t slot) {
  mnz_slot *given = &slots->at[slot];
  given->order = 0;
  next_generation(given);
  given->link = slots->free;
  slots->free = slot;
  slots->pending--;
}

void mnz_slots_give_event(mnz_slots *slots, int64_t time, uint32_t slot, mnz_event *event) {
  const mnz_slot *given = &slots->at[slot];
  *event = (mnz_event){.time = time,
                       .phase = mnz_order_phase(given->order),
                       .fn = given->fn,
                       .self = given->self,
                       .arg = given->arg};
  mnz_slots_give(slots, slot);
}

mnz_status mnz_slots_verify(const mnz_slots *slots, mnz_error *err) {
  if (slots->used > slots->made || slots->made > slots->capacity)
    return mnz_fail(err, MNZ_MODEL, "engine", "slots: %" PRIu32 " used of %" PRIu32 " made in room for %zu",
                    slots->used, slots->made, slots->capacity);
  uint64_t pending = 0;
  for (uint32_t i = 0; i < slots->made; i++) {
    const mnz_slot *slot = &slots->at[i];
    if (slot->generation == 0)
      return mnz_fail(err, MNZ_MODEL, "engine", "slot %" PRIu32 " has generation 0", i);
    if (slot->order == 0) continue;
    pending++;
    const uint64_t sequence = slot->order & ((UINT64_C(1) << MNZ_SEQUENCE_BITS) - 1);
    if (i >= slots->used || sequence == 0 || sequence > slots->sequence)
      return mnz_fail(err, MNZ_MODEL, "engine", "slot %" PRIu32 " is pending with sequence %" PRIu64, i,
                      sequence);
  }
  if (pending != slots->pending)
    return mnz_fail(err, MNZ_MODEL, "engine", "%" PRIu64 " slots are pending, %" PRIu64 " counted", pending,
                    slots->pending);
  uint64_t unused = 0;
  for (uint32_t i = slots->free; i != MNZ_NO_SLOT; i = slots->at[i].link) {
    if (i >= slots->used || slots->at[i].order != 0 || unused > slots->used)
      return mnz_fail(err, MNZ_MODEL, "engine", "slot %" PRIu32 " is wrongly in the list of free ones", i);
    unused++;
  }
  if (unused + pending != slots->used)
    return mnz_fail(err, MNZ_MODEL, "engine", "%" PRIu64 " free and %" PRIu64 " pending of %" PRIu32 " slots",
                    unused, pending, slots->used);
  return MNZ_OK;
}
