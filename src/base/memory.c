/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include "base/error.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_COUNT = 8, FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

/* ---- arrays ---- */

static mnz_status no_memory(size_t count, size_t size, mnz_error *err) {
  return mnz_fail(err, MNZ_NO_MEMORY, NULL, "no memory for %zu items of %zu bytes", count, size);
}

/* No object may be larger than PTRDIFF_MAX, or differences of pointers into it mean nothing. */
static bool fits_memory(size_t count, size_t size, size_t *bytes, mnz_error *err) {
  const bool fits = size == 0 || count <= (size_t)PTRDIFF_MAX / size;
  *bytes = fits ? count * size : 0;
  if (!fits)
    (void)mnz_fail(err, MNZ_NO_MEMORY, NULL, "%zu items of %zu bytes are more than memory can hold", count,
                   size);
  return fits;
}

/* The caller's pointer is a T *, seen here through void **: copying its bytes keeps within the language's
 * aliasing rules, assigning through the void ** would not. */
static void *load_pointer(void *const *p) {
  void *value;
  memcpy(&value, p, sizeof value);
  return value;
}

static void store_pointer(void **p, void *value) {
  memcpy(p, &value, sizeof value);
}

mnz_status mnz_memory_new(void **p, size_t count, size_t size, mnz_error *err) {
  store_pointer(p, NULL);
  size_t bytes;
  if (!fits_memory(count, size, &bytes, err)) return MNZ_NO_MEMORY;
  if (bytes == 0) return MNZ_OK;
  void *fresh = calloc(count, size);
  if (fresh == NULL) return no_memory(count, size, err);
  store_pointer(p, fresh);
  return MNZ_OK;
}

mnz_status mnz_memory_resize(void **p, size_t count, size_t size, mnz_error *err) {
  size_t bytes;
  if (!fits_memory(count, size, &bytes, err)) return MNZ_NO_MEMORY;
  if (bytes == 0) {
    free(load_pointer(p));
    store_pointer(p, NULL);
    return MNZ_OK;
  }
  void *moved = realloc(load_pointer(p), bytes);
  if (moved == NULL) return no_memory(count, size, err);
  store_pointer(p, moved);
  return MNZ_OK;
}

mnz_status mnz_memory_reserve(void **p, size_t *capacity, size_t need, size_t size, mnz_error *err) {
  if (need <= *capacity) return MNZ_OK;
  size_t count = *capacity <= SIZE_MAX / 2 ? *capacity * 2 : need;
  if (count < FIRST_COUNT) count = FIRST_COUNT;
  if (count < need) count = need;
  const mnz_status status = mnz_memory_resize(p, count, size, err);
  if (status == MNZ_OK) *capacity = count;
  return status;
}

/* ---- arena ---- */

typedef struct arena_block {
  struct arena_block *next;
  size_t size;
  size_t used;
  max_align_t data[];
} arena_block;

struct mnz_arena {
  arena_block *head; /* the one being filled; all of them hang from it */
  size_t block_size; /* of the next block */
};

mnz_status mnz_arena_create(mnz_arena **out, mnz_error *err) {
  const mnz_status status = mnz_new_array(out, 1, err);
  if (status == MNZ_OK) (*out)->block_size = FIRST_BLOCK;
  return status;
}

void mnz_arena_free(mnz_arena *arena) {
  if (arena == NULL) return;
  for (arena_block *block = arena->head; block != NULL;) {
    arena_block *next = block->next;
    free(block);
    block = next;
  }
  free(arena);
}

/* A block with room for `bytes`. A large item gets a block of its own behind the head, whose remaining
 * room then is not lost. Under a sanitizer every item is large: a step beyond its end is seen. */
static arena_block *add_block(mnz_arena *arena, size_t bytes, mnz_error *err) {
#ifdef MNZ_POOL_PASS_THROUGH
  const bool alone = true;
#else
  const bool alone = bytes > arena->block_size / 4;
#endif
  const size_t size = alone ? bytes : arena->block_size;
  arena_block *block = size <= SIZE_MAX - sizeof *block ? calloc(1, sizeof *block + size) : NULL;
  if (block == NULL) {
    (void)no_memory(1, bytes, err);
    return NULL;
  }
  block->size = size;
  if (alone && arena->head != NULL) {
    block->next = arena->head->next;
    arena->head->next = block;
    return block;
  }
  block->next = arena->head;
  arena->head = block;
  if (arena->block_size < LARGEST_BLOCK) arena->block_size *= 2;
  return block;
}

void *mnz_arena_alloc(mnz_arena *arena, size_t count, size_t size, mnz_error *err) {
  size_t bytes;
  if (!fits_memory(count, size, &bytes, err)) return NULL;
  if (bytes == 0) bytes = 1; /* NULL is for failure only */

  arena_block *block = arena->head;
  if (block == NULL || block->size - block->used < bytes) block = add_block(arena, bytes, err);
  if (block == NULL) return NULL;

  void *item = (char *)block->data + block->used;
  const size_t room = block->size - block->used;
  const size_t step = (bytes + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
  block->used += step < room ? step : room;
  return item;
}

char *mnz_arena_text(mnz_arena *arena, const char *text, mnz_error *err) {
  const size_t length = strlen(text);
  char *copy = mnz_arena_alloc(arena, length + 1, 1, err);
  if (copy != NULL) memcpy(copy, text, length + 1);
  return copy;
}

char *mnz_arena_format(mnz_arena *arena, mnz_error *err, const char *format, ...) {
  va_list args;
  va_start(args, format);
  va_list again;
  va_copy(again, args);
  char *text = NULL;
  const int length = vsnprintf(NULL, 0, format, args);
  if (length < 0)
    (void)mnz_fail(err, MNZ_NO_MEMORY, NULL, "a formatted text is too long to write");
  else if ((text = mnz_arena_alloc(arena, (size_t)length + 1, 1, err)) != NULL)
    (void)vsnprintf(text, (size_t)length + 1, format, again);
  va_end(again);
  va_end(args);
  return text;
}

/* ---- pool ---- */

#ifdef MNZ_POOL_PASS_THROUGH

/* Every item is a malloc of its own, so that a sanitizer sees use after give and steps beyond the end.
 * The items that are out form a ring, with the pool's own link in it. */
typedef struct pool_link {
  struct pool_link *previous;
  struct pool_link *next;
} pool_link;

typedef struct pool_item {
  pool_link link;
  max_align_t data[];
} pool_item;

struct mnz_pool {
  pool_link ring;
  size_t item_size;
  size_t out;
};

mnz_status mnz_pool_create(mnz_pool **out, size_t item_size, mnz_error *err) {
  *out = NULL;
  if (item_size > (size_t)PTRDIFF_MAX - sizeof(pool_item)) return no_memory(1, item_size, err);
  const mnz_status status = mnz_new_array(out, 1, err);
  if (status != MNZ_OK) return status;
  (*out)->item_size = item_size;
  (*out)->ring = (pool_link){&(*out)->ring, &(*out)->ring};
  return MNZ_OK;
}

void *mnz_pool_take(mnz_pool *pool, mnz_error *err) {
  pool_item *item = malloc(sizeof *item + pool->item_size);
  if (item == NULL) {
    (void)no_memory(1, pool->item_size, err);
    return NULL;
  }
  item->link = (pool_link){&pool->ring, pool->ring.next};
  item->link.next->previous = &item->link;
  pool->ring.next = &item->link;
  pool->out++;
  return item->data;
}

void mnz_pool_give(mnz_pool *pool, void *item) {
  if (item == NULL) return;
  MNZ_REQUIRE(pool->out > 0);
  pool->out--;
  pool_item *whole = (void *)((char *)item - offsetof(pool_item, data));
  whole->link.previous->next = whole->link.next;
  whole->link.next->previous = whole->link.previous;
  free(whole);
}

void mnz_pool_reset(mnz_pool *pool) {
  while (pool->ring.next != &pool->ring) mnz_pool_give(pool, ((pool_item *)(void *)pool->ring.next)->data);
}

void mnz_pool_free(mnz_pool *pool) {
  if (pool == NULL) return;
  mnz_pool_reset(pool);
  free(pool);
}

#else

/* An item that was given back holds the link to the next such item. */
typedef struct pool_item {
  struct pool_item *next;
} pool_item;

typedef struct pool_block {
  struct pool_block *next;
  size_t count;
  max_align_t items[];
} pool_block;

/* Items come from those given back, else from the untouched rest of the current block, else from the next
 * block. A reset forgets the first and goes back to the first block: it costs the same however many items
 * are out. */
struct mnz_pool {
  size_t item_size; /* rounded up: every item is aligned for any type */
  size_t out;
  pool_item *given;
  pool_block *first;
  pool_block *current;
  size_t used; /* items of the current block that were handed out at least once */
  size_t block_size;
};

mnz_status mnz_pool_create(mnz_pool **out, size_t item_size, mnz_error *err) {
  *out = NULL;
  if (item_size > (size_t)PTRDIFF_MAX / 2) return no_memory(1, item_size, err);
  const mnz_status status = mnz_new_array(out, 1, err);
  if (status != MNZ_OK) return status;
  if (item_size < sizeof(pool_item)) item_size = sizeof(pool_item);
  const size_t unit = alignof(max_align_t);
  (*out)->item_size = (item_size + unit - 1) / unit * unit;
  (*out)->block_size = FIRST_BLOCK;
  return MNZ_OK;
}

static mnz_status add_pool_block(mnz_pool *pool, mnz_error *err) {
  const size_t fitting = pool->block_size / pool->item_size;
  const size_t count = fitting > 0 ? fitting : 1;
  pool_block *block = malloc(sizeof *block + count * pool->item_size);
  if (block == NULL) return no_memory(count, pool->item_size, err);
  *block = (pool_block){.next = NULL, .count = count};
  if (pool->current != NULL)
    pool->current->next = block;
  else
    pool->first = block;
  if (pool->block_size < LARGEST_BLOCK) pool->block_size *= 2;
  return MNZ_OK;
}

void *mnz_pool_take(mnz_pool *pool, mnz_error *err) {
  if (pool->given != NULL) {
    pool_item *item = pool->given;
    pool->given = item->next;
    pool->out++;
    return item;
  }
  if (pool->current == NULL || pool->used == pool->current->count) {
    const bool fresh = pool->current == NULL || pool->current->next == NULL;
    if (fresh && add_pool_block(pool, err) != MNZ_OK) return NULL;
    pool->current = pool->current == NULL ? pool->first : pool->current->next;
    pool->used = 0;
  }
  pool->out++;
  return (char *)pool->current->items + pool->used++ * pool->item_size;
}

void mnz_pool_give(mnz_pool *pool, void *item) {
  if (item == NULL) return;
  MNZ_REQUIRE(pool->out > 0);
  pool->out--;
  pool_item *link = item;
  link->next = pool->given;
  pool->given = link;
}

void mnz_pool_reset(mnz_pool *pool) {
  pool->out = 0;
  pool->given = NULL;
  pool->current = pool->first;
  pool->used = 0;
}

void mnz_pool_free(mnz_pool *pool) {
  if (pool == NULL) return;
  for (pool_block *block = pool->first; block != NULL;) {
    pool_block *next = block->next;
    free(block);
    block = next;
  }
  free(pool);
}

#endif

size_t mnz_pool_out(const mnz_pool *pool) {
  return pool->out;
}
