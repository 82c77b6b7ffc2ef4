/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory: typed arrays, arenas, pools. Nothing here is shared between threads. */
#ifndef MNZ_BASE_MEMORY_H
#define MNZ_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "monazite/status.h"

/* Arrays. The pointer's own type gives the element size, so that elements and bytes cannot be confused.
 * mnz_new_array sets *p to `count` zeroed elements (NULL when count is 0). mnz_resize_array makes *p hold
 * `count` elements; new ones are not zeroed; on failure *p is unchanged. */
#define mnz_new_array(p, count, err)    mnz_memory_new((void **)(p), (count), sizeof **(p), (err))
#define mnz_resize_array(p, count, err) mnz_memory_resize((void **)(p), (count), sizeof **(p), (err))
/* Makes room for `need` elements by doubling: *capacity is the count that *p can hold now. */
#define mnz_reserve_array(p, capacity, need, err)                                                            \
  mnz_memory_reserve((void **)(p), (capacity), (need), sizeof **(p), (err))

mnz_status mnz_memory_new(void **p, size_t count, size_t size, mnz_error *err);
mnz_status mnz_memory_resize(void **p, size_t count, size_t size, mnz_error *err);
mnz_status mnz_memory_reserve(void **p, size_t *capacity, size_t need, size_t size, mnz_error *err);

/* Arena: many small things that die together. Zeroed memory, aligned for any type. */
typedef struct mnz_arena mnz_arena;
mnz_status mnz_arena_create(mnz_arena **out, mnz_error *err);
void mnz_arena_free(mnz_arena *arena); /* NULL allowed */
/* All return NULL when memory is out (err then filled); count * size is checked for overflow. */
void *mnz_arena_alloc(mnz_arena *arena, size_t count, size_t size, mnz_error *err);
char *mnz_arena_text(mnz_arena *arena, const char *text, mnz_error *err);
char *mnz_arena_format(mnz_arena *arena, mnz_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Pool of items of one size, for the event loop: taking an item back from the pool costs no malloc.
 * Under AddressSanitizer or valgrind builds (MNZ_POOL_PASS_THROUGH) every item is a malloc of its own. */
typedef struct mnz_pool mnz_pool;
mnz_status mnz_pool_create(mnz_pool **out, size_t item_size, mnz_error *err);
void mnz_pool_free(mnz_pool *pool); /* NULL allowed; items still out die with it */
/* An item with unspecified content; NULL when memory is out (err then filled). */
void *mnz_pool_take(mnz_pool *pool, mnz_error *err);
void mnz_pool_give(mnz_pool *pool, void *item); /* NULL allowed */
size_t mnz_pool_out(const mnz_pool *pool);      /* items taken and not given back */
/* Takes every item back at once; their memory stays warm. */
void mnz_pool_reset(mnz_pool *pool);

#endif
