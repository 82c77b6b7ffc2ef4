/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A radix heap that also takes keys below those it has already given out.
 *
 * A key (time, order) is read as one number of 128 bits. The front, a short sorted array, holds every key
 * up to `last`. A later key lies in the bucket of the highest bit in which it differs from `base`, where
 * it has a 1 and `base` a 0: so a bucket is an aligned range of keys, and all keys of a bucket are before
 * those of the next. When the front is empty the lowest bucket is taken: few keys go to the front, many
 * are spread over the buckets below, seen from the least of them. A key thus goes down a few times, in
 * streams through memory, where a heap would jump about.
 *
 * Time only goes forward, but the first key may come before those given out: an event posted now into an
 * earlier phase, or one posted between the clock and the next event after someone had looked at that. It
 * is not later than `last`, so it goes to the front and is in order there. If too many do, the front is
 * put back into the buckets, seen from its least key.
 *
 * Cancelling and moving leave a dead entry behind: one whose key is not its slot's present key. The dead
 * are dropped when they come first, and all at once before they are more than the living. */
#include "engine/queue.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "engine/slots.h"

enum {
  BUCKETS = 127, /* differing bits of order 0..63, of time 64..126 */
  CHUNK = 32,    /* a bucket of so many goes to the front */
  FRONT = 64,    /* more than so many in the front go back, if that is cheap */
  DEAD = 64      /* so many more dead than living are allowed */
};

typedef struct chunk {
  struct chunk *next;
  mnz_entry at[CHUNK];
} chunk;

/* A list of chunks, all full but the last one. */
typedef struct bucket {
  chunk *first;
  chunk *last;
  uint64_t count;
} bucket;

struct mnz_queue {
  mnz_slots slots;
  mnz_entry *front; /* the first entry is at the end */
  size_t front_capacity;
  size_t front_count;
  size_t front_limit; /* the front is put back when it grows beyond */
  mnz_key last;
  mnz_key base;
  uint64_t full[2]; /* bit b: bucket b is not empty */
  bucket buckets[BUCKETS];
  uint64_t entries; /* living and dead */
  uint64_t room;    /* for so many entries the chunks are enough, however they are spread */
  chunk *unused;
  mnz_pool *pool;
};

/* ---- chunks ---- */

/* Room for one more entry, wherever it goes now or later: that is why taking an event out cannot fail. A
 * bucket wastes less than a chunk, and one chunk is being read while its entries are spread. */
static mnz_status make_room(mnz_queue *queue, mnz_error *err) {
  if (queue->entries < queue->room && queue->front_count < queue->front_capacity) return MNZ_OK;
  while (queue->entries >= queue->room) {
    chunk *fresh = mnz_pool_take(queue->pool, err);
    if (fresh == NULL) return MNZ_NO_MEMORY;
    fresh->next = queue->unused;
    queue->unused = fresh;
    queue->room = mnz_pool_out(queue->pool) > BUCKETS + 1 ? queue->room + CHUNK : 0;
  }
  return mnz_reserve_array(&queue->front, &queue->front_capacity, queue->front_count + 1, err);
}

/* Entries of the last chunk. */
static size_t last_fill(const bucket *from) {
  return from->count == 0 ? 0 : (from->count - 1) % CHUNK + 1;
}

static void add(mnz_queue *queue, unsigned b, mnz_key key, uint32_t slot) {
  bucket *to = &queue->buckets[b];
  const size_t at = to->count++ % CHUNK;
  if (at == 0) {
    chunk *fresh = queue->unused;
    queue->unused = fresh->next;
    fresh->next = NULL;
    if (to->first == NULL) {
      to->first = fresh;
      queue->full[b / 64] |= UINT64_C(1) << b % 64;
    } else {
      to->last->next = fresh;
    }
    to->last = fresh;
  }
  to->last->at[at] = (mnz_entry){key, slot};
}

/* ---- where an entry belongs ---- */

/* The highest bit in which the key differs from the base; they must differ. */
static unsigned bucket_of(const mnz_queue *queue, mnz_key key) {
  const uint64_t time = (uint64_t)(key.time ^ queue->base.time);
  if (time != 0) return 127 - (unsigned)__builtin_clzll(time);
  return 63 - (unsigned)__builtin_clzll(key.order ^ queue->base.order);
}

/* The last key that bucket b can hold. */
static mnz_key end_of_bucket(const mnz_queue *queue, unsigned b) {
  const uint64_t below = (UINT64_C(2) << b % 64) - 1; /* bit b and those below; all 64 for b == 63 */
  if (b < 64) return (mnz_key){queue->base.time, queue->base.order | below};
  return (mnz_key){queue->base.time | (int64_t)below, UINT64_MAX};
}

static void add_to_front(mnz_queue *queue, mnz_key key, uint32_t slot) {
  __builtin_prefetch(&queue->slots.at[slot]); /* it runs soon; with 10^5 pending that saves a third */
  size_t i = queue->front_count++;
  for (; i > 0 && mnz_key_before(queue->front[i - 1].key, key); i--) queue->front[i] = queue->front[i - 1];
  queue->front[i] = (mnz_entry){key, slot};
}

static void place(mnz_queue *queue, mnz_key key, uint32_t slot) {
  if (mnz_key_before(queue->last, key))
    add(queue, bucket_of(queue, key), key, slot);
  else
    add_to_front(queue, key, slot);
}

static bool is_alive(const mnz_queue *queue, const mnz_entry *entry) {
  return queue->slots.at[entry->slot].order == entry->key.order;
}

/* Empties a bucket and places its entries anew. */
static void spread(mnz_queue *queue, unsigned b, bool drop_dead) {
  bucket from = queue->buckets[b];
  queue->buckets[b] = (bucket){0};
  queue->full[b / 64] &= ~(UINT64_C(1) << b % 64);
  while (from.first != NULL) {
    chunk *c = from.first;
    const size_t count = c == from.last ? last_fill(&from) : CHUNK;
    for (size_t i = 0; i < count; i++) {
      if (drop_dead && !is_alive(queue, &c->at[i]))
        queue->entries--;
      else
        place(queue, c->at[i].key, c->at[i].slot);
    }
    from.first = c->next;
    c->next = queue->unused;
    queue->unused = c;
  }
}

static mnz_key least_of_bucket(const mnz_queue *queue, unsigned b) {
  const bucket *from = &queue->buckets[b];
  mnz_key least = from->first->at[0].key;
  for (const chunk *c = from->first; c != NULL; c = c->next) {
    const size_t count = c == from->last ? last_fill(from) : CHUNK;
    for (size_t i = 0; i < count; i++)
      if (mnz_key_before(c->at[i].key, least)) least = c->at[i].key;
  }
  return least;
}

/* ---- the front ---- */

static unsigned lowest_bucket(const mnz_queue *queue) {
  if (queue->full[0] != 0) return (unsigned)__builtin_ctzll(queue->full[0]);
  if (queue->full[1] != 0) return 64 + (unsigned)__builtin_ctzll(queue->full[1]);
  return BUCKETS;
}

/* False if there are no entries. */
static bool fill_front(mnz_queue *queue) {
  while (queue->front_count == 0) {
    const unsigned b = lowest_bucket(queue);
    if (b == BUCKETS) return false;
    if (queue->buckets[b].count <= CHUNK)
      queue->last = end_of_bucket(queue, b);
    else
      queue->last = queue->base = least_of_bucket(queue, b);
    queue->front_limit = FRONT;
    spread(queue, b, false);
  }
  return true;
}

/* Puts the front but for its first entry back into the buckets. If that one is before the base, it becomes
 * the base, and the buckets below the highest differing bit fall into the one of that bit; the front grows
 * on until it has cost as much as they will. */
static void put_front_back(mnz_queue *queue) {
  const size_t count = queue->front_count;
  const mnz_entry first = queue->front[count - 1];
  unsigned below = 0;
  if (mnz_key_before(first.key, queue->base)) {
    below = bucket_of(queue, first.key);
    uint64_t moving = 0;
    for (unsigned b = 0; b < below; b++) moving += queue->buckets[b].count;
    if (moving > count * count / 16) {
      queue->front_limit = 2 * count;
      return;
    }
  }
  queue->last = queue->base = first.key;
  for (unsigned b = 0; b < below; b++) spread(queue, b, false);
  for (size_t i = 0; i < count - 1; i++) {
    const mnz_key key = queue->front[i].key;
    add(queue, bucket_of(queue, key), key, queue->front[i].slot);
  }
  queue->front[0] = first;
  queue->front_count = 1;
  queue->front_limit = FRONT;
}

/* The first living entry; NULL if there is none. */
static const mnz_entry *first_entry(mnz_queue *queue) {
  while (fill_front(queue)) {
    const mnz_entry *first = &queue->front[queue->front_count - 1];
    if (is_alive(queue, first)) return first;
    queue->front_count--;
    queue->entries--;
  }
  return NULL;
}

static void insert(mnz_queue *queue, mnz_key key, uint32_t slot) {
  queue->entries++;
  place(queue, key, slot);
  if (queue->front_count > queue->front_limit) put_front_back(queue);
}

static void bound_dead(mnz_queue *queue) {
  if (queue->entries <= 2 * queue->slots.pending + DEAD) return;
  size_t kept = 0;
  for (size_t i = 0; i < queue->front_count; i++)
    if (is_alive(queue, &queue->front[i])) queue->front[kept++] = queue->front[i];
  queue->entries -= queue->front_count - kept;
  queue->front_count = kept;
  for (unsigned b = 0; b < BUCKETS; b++) spread(queue, b, true);
}

/* ---- the interface ---- */

mnz_status mnz_queue_create(mnz_queue **out, mnz_error *err) {
  *out = NULL;
  mnz_queue *queue = NULL;
  mnz_status status = mnz_new_array(&queue, 1, err);
  if (status != MNZ_OK) goto out;
  queue->slots.free = MNZ_NO_SLOT;
  queue->front_limit = FRONT;
  if ((status = mnz_pool_create(&queue->pool, sizeof(chunk), err)) != MNZ_OK) goto out;
  if ((status = mnz_reserve_array(&queue->front, &queue->front_capacity, FRONT + 1, err)) != MNZ_OK) goto out;
  if ((status = make_room(queue, err)) != MNZ_OK) goto out;
  *out = queue;
  queue = NULL;
out:
  mnz_queue_free(queue);
  return status;
}

void mnz_queue_free(mnz_queue *queue) {
  if (queue == NULL) return;
  mnz_slots_free(&queue->slots);
  mnz_pool_free(queue->pool);
  free(queue->front);
  free(queue);
}

void mnz_queue_reset(mnz_queue *queue) {
  mnz_slots_reset(&queue->slots);
  for (unsigned b = 0; b < BUCKETS; b++) {
    bucket *to = &queue->buckets[b];
    if (to->count == 0) continue;
    to->last->next = queue->unused;
    queue->unused = to->first;
    *to = (bucket){0};
  }
  queue->full[0] = queue->full[1] = 0;
  queue->last = queue->base = (mnz_key){0};
  queue->front_count = 0;
  queue->front_limit = FRONT;
  queue->entries = 0;
}

mnz_status mnz_queue_post(mnz_queue *queue, const mnz_event *event, mnz_event_id *id, mnz_error *err) {
  mnz_status status = make_room(queue, err);
  if (status != MNZ_OK) return status;
  uint32_t at;
  if ((status = mnz_slots_take(&queue->slots, event, &at, err)) != MNZ_OK) return status;
  const mnz_slot *slot = &queue->slots.at[at];
  if (id != NULL) *id = (mnz_event_id){.slot = at, .generation = slot->generation};
  insert(queue, (mnz_key){event->time, slot->order}, at);
  return MNZ_OK;
}

bool mnz_queue_cancel(mnz_queue *queue, mnz_event_id id) {
  if (mnz_slots_find(&queue->slots, id) == NULL) return false;
  mnz_slots_give(&queue->slots, id.slot);
  bound_dead(queue);
  return true;
}

mnz_status mnz_queue_move(mnz_queue *queue, mnz_event_id id, int64_t time, mnz_error *err) {
  mnz_slot *slot = mnz_slots_find(&queue->slots, id);
  if (slot == NULL) return mnz_fail(err, MNZ_MODEL, NULL, "the event to move is not pending");
  const mnz_status status = make_room(queue, err);
  if (status != MNZ_OK) return status;
  slot->order = mnz_slots_order(&queue->slots, mnz_order_phase(slot->order));
  insert(queue, (mnz_key){time, slot->order}, id.slot);
  bound_dead(queue);
  return MNZ_OK;
}

bool mnz_queue_is_pending(const mnz_queue *queue, mnz_event_id id) {
  return mnz_slots_find(&queue->slots, id) != NULL;
}

uint64_t mnz_queue_count(const mnz_queue *queue) {
  return queue->slots.pending;
}

bool mnz_queue_peek(mnz_queue *queue, int64_t *time) {
  const mnz_entry *first = first_entry(queue);
  if (first != NULL) *time = first->key.time;
  return first != NULL;
}

bool mnz_queue_pop(mnz_queue *queue, int64_t until, mnz_event *event) {
  const mnz_entry *first = first_entry(queue);
  if (first == NULL || first->key.time >= until) return false;
  queue->front_count--;
  queue->entries--;
  mnz_slots_give_event(&queue->slots, first->key.time, first->slot, event);
  bound_dead(queue);
  return true;
}

/* ---- verify ---- */

typedef struct census {
  const mnz_queue *queue;
  int64_t now;
  unsigned char *seen; /* by slot: its living entry was met */
  uint64_t living;
  uint64_t entries;
  mnz_error *err;
} census;

static mnz_status count_entry(census *all, const mnz_entry *entry) {
  const mnz_slots *slots = &all->queue->slots;
  all->entries++;
  if (entry->slot >= slots->used)
    return mnz_fail(all->err, MNZ_MODEL, "engine", "an entry names slot %" PRIu32 " of %" PRIu32, entry->slot,
                    slots->used);
  if (!is_alive(all->queue, entry)) return MNZ_OK;
  if (all->seen[entry->slot] != 0)
    return mnz_fail(all->err, MNZ_MODEL, "engine", "slot %" PRIu32 " has two entries", entry->slot);
  if (entry->key.time < all->now)
    return mnz_fail(all->err, MNZ_MODEL, "engine",
                    "an event is pending for %" PRId64 " us, the clock is at %" PRId64 " us", entry->key.time,
                    all->now);
  all->seen[entry->slot] = 1;
  all->living++;
  return MNZ_OK;
}

static mnz_status verify_front(census *all) {
  const mnz_queue *queue = all->queue;
  for (size_t i = 0; i < queue->front_count; i++) {
    const mnz_key key = queue->front[i].key;
    if (i > 0 && !mnz_key_before(key, queue->front[i - 1].key))
      return mnz_fail(all->err, MNZ_MODEL, "engine", "entry %zu of the front is not in order", i);
    if (mnz_key_before(queue->last, key))
      return mnz_fail(all->err, MNZ_MODEL, "engine", "entry %zu of the front is later than its last key", i);
    const mnz_status status = count_entry(all, &queue->front[i]);
    if (status != MNZ_OK) return status;
  }
  return MNZ_OK;
}

static mnz_status verify_bucket(census *all, unsigned b, uint64_t *chunks) {
  const mnz_queue *queue = all->queue;
  const bucket *from = &queue->buckets[b];
  uint64_t count = 0;
  for (const chunk *c = from->first; c != NULL; c = c->next) {
    const size_t here = c == from->last ? last_fill(from) : CHUNK;
    for (size_t i = 0; i < here; i++) {
      const mnz_key key = c->at[i].key;
      if (!mnz_key_before(queue->last, key) || !mnz_key_before(queue->base, key) ||
          bucket_of(queue, key) != b)
        return mnz_fail(all->err, MNZ_MODEL, "engine", "an entry does not belong into its bucket %u", b);
      const mnz_status status = count_entry(all, &c->at[i]);
      if (status != MNZ_OK) return status;
    }
    count += here;
    ++*chunks;
  }
  if (count != from->count || (count != 0) != (queue->full[b / 64] >> b % 64 & 1))
    return mnz_fail(all->err, MNZ_MODEL, "engine", "bucket %u holds %" PRIu64 ", not %" PRIu64 " entries", b,
                    count, from->count);
  return MNZ_OK;
}

static mnz_status verify_totals(const census *all, uint64_t chunks) {
  const mnz_queue *queue = all->queue;
  if (all->entries != queue->entries || all->living != queue->slots.pending)
    return mnz_fail(all->err, MNZ_MODEL, "engine",
                    "%" PRIu64 " entries, %" PRIu64 " living; counted were %" PRIu64 ", %" PRIu64,
                    all->entries, all->living, queue->entries, queue->slots.pending);
  if (queue->entries > 2 * queue->slots.pending + DEAD)
    return mnz_fail(all->err, MNZ_MODEL, "engine", "%" PRIu64 " entries for %" PRIu64 " events",
                    queue->entries, queue->slots.pending);
  for (const chunk *c = queue->unused; c != NULL; c = c->next) chunks++;
  if (chunks != mnz_pool_out(queue->pool) || chunks != BUCKETS + 1 + queue->room / CHUNK ||
      queue->entries > queue->room)
    return mnz_fail(all->err, MNZ_MODEL, "engine",
                    "%" PRIu64 " chunks, %" PRIu64 " entries in room for %" PRIu64, chunks, queue->entries,
                    queue->room);
  return MNZ_OK;
}

mnz_status mnz_queue_verify(const mnz_queue *queue, int64_t now, mnz_error *err) {
  mnz_status status = mnz_slots_verify(&queue->slots, err);
  if (status != MNZ_OK) return status;
  census all = {.queue = queue, .now = now, .err = err};
  uint64_t chunks = 0;
  if ((status = mnz_new_array(&all.seen, queue->slots.used, err)) != MNZ_OK) goto out;
  if ((status = verify_front(&all)) != MNZ_OK) goto out;
  for (unsigned b = 0; b < BUCKETS; b++)
    if ((status = verify_bucket(&all, b, &chunks)) != MNZ_OK) goto out;
  status = verify_totals(&all, chunks);
out:
  free(all.seen);
  return status;
}
