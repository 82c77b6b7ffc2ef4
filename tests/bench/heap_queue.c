/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue that was not kept: a 4-ary heap behind the same header. Each slot knows its entry's place, so
 * cancelling and moving work on the entry itself and no dead ones are left. */
#include "heap_names.h"

#include "engine/queue.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "engine/slots.h"

struct mnz_queue {
  mnz_slots slots;
  mnz_entry *heap;
  size_t capacity;
};

static size_t size(const mnz_queue *queue) {
  return (size_t)queue->slots.pending;
}

static void put(mnz_queue *queue, size_t i, mnz_key key, uint32_t slot) {
  queue->heap[i] = (mnz_entry){key, slot};
  queue->slots.at[slot].link = (uint32_t)i;
}

static void sift_up(mnz_queue *queue, size_t i, mnz_key key, uint32_t slot) {
  while (i > 0) {
    const size_t parent = (i - 1) / 4;
    if (!mnz_key_before(key, queue->heap[parent].key)) break;
    put(queue, i, queue->heap[parent].key, queue->heap[parent].slot);
    i = parent;
  }
  put(queue, i, key, slot);
}

/* In a heap of `count` entries. */
static void sift_down(mnz_queue *queue, size_t count, size_t i, mnz_key key, uint32_t slot) {
  const mnz_entry *heap = queue->heap;
  for (;;) {
    const size_t first = 4 * i + 1;
    if (first >= count) break;
    size_t least = first;
    if (first + 4 <= count) {
      const size_t a = mnz_key_before(heap[first + 1].key, heap[first].key) ? first + 1 : first;
      const size_t b = mnz_key_before(heap[first + 3].key, heap[first + 2].key) ? first + 3 : first + 2;
      least = mnz_key_before(heap[b].key, heap[a].key) ? b : a;
    } else {
      for (size_t k = first + 1; k < count; k++)
        if (mnz_key_before(heap[k].key, heap[least].key)) least = k;
    }
    if (!mnz_key_before(heap[least].key, key)) break;
    put(queue, i, heap[least].key, heap[least].slot);
    i = least;
  }
  put(queue, i, key, slot);
}

static void place(mnz_queue *queue, size_t count, size_t i, mnz_key key, uint32_t slot) {
  if (i > 0 && mnz_key_before(key, queue->heap[(i - 1) / 4].key))
    sift_up(queue, i, key, slot);
  else
    sift_down(queue, count, i, key, slot);
}

/* Closes the gap at i; the slot is still counted as pending. */
static void close_gap(mnz_queue *queue, size_t i) {
  const size_t count = size(queue) - 1;
  if (i < count) place(queue, count, i, queue->heap[count].key, queue->heap[count].slot);
}

mnz_status mnz_queue_create(mnz_queue **out, mnz_error *err) {
  const mnz_status status = mnz_new_array(out, 1, err);
  if (status == MNZ_OK) (*out)->slots.free = MNZ_NO_SLOT;
  return status;
}

void mnz_queue_free(mnz_queue *queue) {
  if (queue == NULL) return;
  mnz_slots_free(&queue->slots);
  free(queue->heap);
  free(queue);
}

void mnz_queue_reset(mnz_queue *queue) {
  mnz_slots_reset(&queue->slots);
}

mnz_status mnz_queue_post(mnz_queue *queue, const mnz_event *event, mnz_event_id *id, mnz_error *err) {
  mnz_status status = MNZ_OK;
  if (size(queue) == queue->capacity &&
      (status = mnz_reserve_array(&queue->heap, &queue->capacity, size(queue) + 1, err)) != MNZ_OK)
    return status;
  uint32_t at;
  if ((status = mnz_slots_take(&queue->slots, event, &at, err)) != MNZ_OK) return status;
  const mnz_slot *slot = &queue->slots.at[at];
  if (id != NULL) *id = (mnz_event_id){.slot = at, .generation = slot->generation};
  sift_up(queue, size(queue) - 1, (mnz_key){event->time, slot->order}, at);
  return MNZ_OK;
}

bool mnz_queue_cancel(mnz_queue *queue, mnz_event_id id) {
  const mnz_slot *slot = mnz_slots_find(&queue->slots, id);
  if (slot == NULL) return false;
  close_gap(queue, slot->link);
  mnz_slots_give(&queue->slots, id.slot);
  return true;
}

mnz_status mnz_queue_move(mnz_queue *queue, mnz_event_id id, int64_t time, mnz_error *err) {
  mnz_slot *slot = mnz_slots_find(&queue->slots, id);
  if (slot == NULL) return mnz_fail(err, MNZ_MODEL, NULL, "the event to move is not pending");
  slot->order = mnz_slots_order(&queue->slots, mnz_order_phase(slot->order));
  place(queue, size(queue), slot->link, (mnz_key){time, slot->order}, id.slot);
  return MNZ_OK;
}

bool mnz_queue_is_pending(const mnz_queue *queue, mnz_event_id id) {
  return mnz_slots_find(&queue->slots, id) != NULL;
}

uint64_t mnz_queue_count(const mnz_queue *queue) {
  return queue->slots.pending;
}

bool mnz_queue_peek(mnz_queue *queue, int64_t *time) {
  if (size(queue) == 0) return false;
  *time = queue->heap[0].key.time;
  return true;
}

bool mnz_queue_pop(mnz_queue *queue, int64_t until, mnz_event *event) {
  if (size(queue) == 0 || queue->heap[0].key.time >= until) return false;
  const mnz_entry first = queue->heap[0];
  close_gap(queue, 0);
  mnz_slots_give_event(&queue->slots, first.key.time, first.slot, event);
  return true;
}

mnz_status mnz_queue_verify(const mnz_queue *queue, int64_t now, mnz_error *err) {
  const mnz_status status = mnz_slots_verify(&queue->slots, err);
  if (status != MNZ_OK) return status;
  for (size_t i = 0; i < size(queue); i++) {
    const mnz_entry entry = queue->heap[i];
    if (entry.key.time < now || (i > 0 && mnz_key_before(entry.key, queue->heap[(i - 1) / 4].key)) ||
        queue->slots.at[entry.slot].link != i || queue->slots.at[entry.slot].order != entry.key.order)
      return mnz_fail(err, MNZ_MODEL, "engine", "entry %zu of the heap is not in its place", i);
  }
  return MNZ_OK;
}
