/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

#include <criterion/criterion.h>

#include <signal.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A request that no machine can serve is answered with NULL, as without the sanitizer. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) {
  return "allocator_may_return_null=1";
}

static const size_t too_many = SIZE_MAX / 4; /* times 8 bytes wraps around */
static const size_t far_too_much = (size_t)PTRDIFF_MAX / 2;

/* ---- errors ---- */

Test(base, every_status_has_a_text_of_its_own) {
#define NAME(name, text) name,
  const mnz_status all[] = {MNZ_STATUS_LIST(NAME)};
#undef NAME
  const size_t count = sizeof all / sizeof *all;
  cr_assert_eq(all[0], 0);
  for (size_t i = 0; i < count; i++) {
    cr_assert_neq(mnz_status_text(all[i])[0], '\0');
    for (size_t j = 0; j < i; j++) cr_assert_str_neq(mnz_status_text(all[i]), mnz_status_text(all[j]));
  }
}

Test(base, a_status_out_of_the_list_still_has_a_text) {
  cr_assert_str_eq(mnz_status_text((mnz_status)12345), "unknown status");
}

Test(base, a_failure_carries_status_place_and_message) {
  mnz_error err;
  cr_assert_eq(mnz_fail(&err, MNZ_SCENARIO, "mine.cfg:7", "capacity must be positive, got %g", -2.5),
               MNZ_SCENARIO);
  cr_assert_eq(err.status, MNZ_SCENARIO);
  cr_assert_str_eq(err.where, "mine.cfg:7");
  cr_assert_str_eq(err.message, "capacity must be positive, got -2.5");
}

Test(base, a_failure_without_anyone_to_tell_still_returns_its_status) {
  cr_assert_eq(mnz_fail(NULL, MNZ_IO, "somewhere", "%d", 1), MNZ_IO);
}

Test(base, success_is_not_a_failure, .signal = SIGABRT) {
  mnz_fail(NULL, MNZ_OK, NULL, "all is well");
}

Test(base, the_place_is_added_once) {
  mnz_error err;
  mnz_fail(&err, MNZ_MODEL, NULL, "stuck");
  cr_assert_str_eq(err.where, "");
  cr_assert_eq(mnz_error_locate(&err, "kiln"), MNZ_MODEL);
  cr_assert_str_eq(err.where, "kiln");
  mnz_error_locate(&err, "plant");
  cr_assert_str_eq(err.where, "kiln");
  cr_assert_eq(mnz_error_locate(NULL, "kiln"), MNZ_OK);
}

Test(base, a_success_gets_no_place) {
  mnz_error err = {0};
  cr_assert_eq(mnz_error_locate(&err, "kiln"), MNZ_OK);
  cr_assert_str_eq(err.where, "");
}

Test(base, a_message_may_quote_the_error_that_it_replaces) {
  mnz_error err;
  mnz_fail(&err, MNZ_IO, "disk", "full");
  mnz_fail(&err, MNZ_CANNOT_CREATE, err.where, "cannot write: %s", err.message);
  cr_assert_str_eq(err.where, "disk");
  cr_assert_str_eq(err.message, "cannot write: full");
}

Test(base, a_message_that_just_fits_is_kept_whole) {
  mnz_error err;
  char text[sizeof err.message];
  memset(text, 'x', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  mnz_fail(&err, MNZ_IO, NULL, "%s", text);
  cr_assert_str_eq(err.message, text);
}

/* Shifted by 0, 1, 2 bytes, so that the cut falls on each byte of a character. */
Test(base, a_long_message_is_cut_at_a_whole_character) {
  static const char *const characters[] = {"x", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x97\xBB"};
  for (size_t c = 0; c < 4; c++)
    for (size_t shift = 0; shift < 4; shift++) {
      mnz_buffer text = {0};
      for (size_t i = 0; i < shift; i++) mnz_buffer_add(&text, "-");
      for (size_t i = 0; i < 600; i++) mnz_buffer_add(&text, characters[c]);
      mnz_error err;
      mnz_fail(&err, MNZ_IO, text.at, "%s", text.at);
      const size_t size = strlen(characters[c]);
      const size_t message_fits = (sizeof err.message - 1 - shift) / size * size + shift;
      const size_t where_fits = (sizeof err.where - 1 - shift) / size * size + shift;
      cr_assert_eq(strlen(err.message), message_fits);
      cr_assert_eq(strlen(err.where), where_fits);
      cr_assert_eq(memcmp(err.message, text.at, message_fits), 0);
      mnz_buffer_free(&text);
    }
}

Test(base, a_broken_promise_ends_the_program, .signal = SIGABRT) {
  MNZ_REQUIRE(1 + 1 == 3);
}

/* ---- memory: arrays ---- */

Test(base, a_new_array_is_zeroed) {
  int64_t *array;
  cr_assert_eq(mnz_new_array(&array, 1000, NULL), MNZ_OK);
  for (size_t i = 0; i < 1000; i++) cr_assert_eq(array[i], 0);
  free(array);
}

Test(base, an_array_of_none_is_null) {
  int64_t *array = (int64_t *)&array;
  cr_assert_eq(mnz_new_array(&array, 0, NULL), MNZ_OK);
  cr_assert_null(array);
}

Test(base, an_array_of_one_holds_one) {
  int64_t *array;
  cr_assert_eq(mnz_new_array(&array, 1, NULL), MNZ_OK);
  cr_assert_eq(array[0], 0);
  free(array);
}

Test(base, an_array_whose_size_overflows_is_refused) {
  mnz_error err;
  int64_t *array = (int64_t *)&err;
  cr_assert_eq(mnz_new_array(&array, too_many, &err), MNZ_NO_MEMORY);
  cr_assert_null(array);
  cr_assert_str_eq(err.message, "4611686018427387903 items of 8 bytes are more than memory can hold");
}

Test(base, an_array_larger_than_the_machine_is_refused) {
  mnz_error err;
  char *array = NULL;
  cr_assert_eq(mnz_new_array(&array, far_too_much, &err), MNZ_NO_MEMORY);
  cr_assert_null(array);
  cr_assert_str_eq(err.message, "no memory for 4611686018427387903 items of 1 bytes");
}

Test(base, a_resized_array_keeps_its_elements) {
  int32_t *array = NULL;
  cr_assert_eq(mnz_resize_array(&array, 3, NULL), MNZ_OK);
  for (int32_t i = 0; i < 3; i++) array[i] = i;
  cr_assert_eq(mnz_resize_array(&array, 5000, NULL), MNZ_OK);
  for (int32_t i = 0; i < 3; i++) cr_assert_eq(array[i], i);
  array[4999] = 1; /* the sanitizer looks */
  cr_assert_eq(mnz_resize_array(&array, 0, NULL), MNZ_OK);
  cr_assert_null(array);
}

Test(base, a_failed_resize_leaves_the_array_alone) {
  int64_t *array;
  cr_assert_eq(mnz_new_array(&array, 2, NULL), MNZ_OK);
  int64_t *const before = array;
  array[1] = 7;
  cr_assert_eq(mnz_resize_array(&array, too_many, NULL), MNZ_NO_MEMORY);
  cr_assert_eq(mnz_resize_array(&array, far_too_much / 8, NULL), MNZ_NO_MEMORY);
  cr_assert_eq(array, before);
  cr_assert_eq(array[1], 7);
  free(array);
}

Test(base, a_reserved_array_grows_by_doubling) {
  uint16_t *array = NULL;
  size_t capacity = 0;
  size_t growths = 0;
  for (size_t i = 0; i < 10000; i++) {
    const size_t before = capacity;
    cr_assert_eq(mnz_reserve_array(&array, &capacity, i + 1, NULL), MNZ_OK);
    cr_assert_geq(capacity, i + 1);
    growths += capacity != before;
    array[i] = (uint16_t)i;
  }
  for (size_t i = 0; i < 10000; i++) cr_assert_eq(array[i], (uint16_t)i);
  cr_assert_leq(growths, 12);
  free(array);
}

Test(base, a_reserve_that_overflows_changes_nothing) {
  int64_t *array = NULL;
  size_t capacity = 0;
  cr_assert_eq(mnz_reserve_array(&array, &capacity, 3, NULL), MNZ_OK);
  const size_t before = capacity;
  cr_assert_eq(mnz_reserve_array(&array, &capacity, too_many, NULL), MNZ_NO_MEMORY);
  cr_assert_eq(capacity, before);
  array[before - 1] = 1;
  free(array);
}

/* ---- memory: arena ---- */

Test(base, an_empty_arena_can_be_freed) {
  mnz_arena *arena;
  cr_assert_eq(mnz_arena_create(&arena, NULL), MNZ_OK);
  mnz_arena_free(arena);
  mnz_arena_free(NULL);
}

/* Sizes around the block size and its quarter, small after large. Each item is filled to its last byte
 * and looked at again after all the others were. */
Test(base, arena_items_are_zeroed_aligned_and_apart) {
  static const size_t sizes[] = {1, 3, 8, 1000, 1025, 17, 4096, 2, 4097, 5, 100000, 1, 3000000, 24};
  enum { KINDS = sizeof sizes / sizeof *sizes, ROUNDS = 40 };
  mnz_arena *arena;
  cr_assert_eq(mnz_arena_create(&arena, NULL), MNZ_OK);
  unsigned char *items[KINDS * ROUNDS];
  for (size_t i = 0; i < KINDS * ROUNDS; i++) {
    const size_t size = sizes[i % KINDS];
    items[i] = mnz_arena_alloc(arena, size, 1, NULL);
    cr_assert_not_null(items[i]);
    cr_assert_eq((uintptr_t)items[i] % alignof(max_align_t), 0);
    cr_assert(items[i][0] == 0 && items[i][size / 2] == 0 && items[i][size - 1] == 0);
    memset(items[i], (int)(i % 251 + 1), size);
  }
  for (size_t i = 0; i < KINDS * ROUNDS; i++) {
    const size_t size = sizes[i % KINDS];
    const unsigned char mark = (unsigned char)(i % 251 + 1);
    cr_assert(items[i][0] == mark && items[i][size / 2] == mark && items[i][size - 1] == mark);
  }
  mnz_arena_free(arena);
}

Test(base, many_small_arena_items_stay_zeroed) {
  mnz_arena *arena;
  cr_assert_eq(mnz_arena_create(&arena, NULL), MNZ_OK);
  for (int64_t i = 0; i < 100000; i++) {
    int64_t *item = mnz_arena_alloc(arena, 3, sizeof *item, NULL);
    cr_assert(item[0] == 0 && item[1] == 0 && item[2] == 0);
    item[0] = item[1] = item[2] = -1;
  }
  mnz_arena_free(arena);
}

Test(base, an_arena_in_used_memory_is_zeroed_too) {
  void *used[64];
  for (size_t i = 0; i < 64; i++) memset(used[i] = malloc(1000 + 200 * i), 0xFF, 1000 + 200 * i);
  for (size_t i = 0; i < 64; i++) free(used[i]);
  mnz_arena *arena;
  cr_assert_eq(mnz_arena_create(&arena, NULL), MNZ_OK);
  for (int i = 0; i < 2000; i++) cr_assert_eq(*(int64_t *)mnz_arena_alloc(arena, 1, 8, NULL), 0);
  mnz_arena_free(arena);
}

Test(base, an_arena_item_of_nothing_is_not_null) {
  mnz_arena *arena;
  cr_assert_eq(mnz_arena_create(&arena, NULL), MNZ_OK);
  cr_assert_not_null(mnz_arena_alloc(arena, 0, 8, NULL));
  mnz_arena_free(arena);
}

Test(base, an_arena_refuses_what_overflows_and_lives_on) {
  mnz_arena *arena;
  mnz_error err;
  cr_assert_eq(mnz_arena_create(&arena, NULL), MNZ_OK);
  cr_assert_null(mnz_arena_alloc(arena, too_many, 8, &err));
  cr_assert_eq(err.status, MNZ_NO_MEMORY);
  cr_assert_null(mnz_arena_alloc(arena, PTRDIFF_MAX, 1, &err));
  cr_assert_eq(err.status, MNZ_NO_MEMORY);
  cr_assert_not_null(mnz_arena_alloc(arena, 10, 8, NULL));
  mnz_arena_free(arena);
}

Test(base, an_arena_copies_and_formats_text) {
  mnz_arena *arena;
  cr_assert_eq(mnz_arena_create(&arena, NULL), MNZ_OK);
  char text[] = "cerium";
  const char *copy = mnz_arena_text(arena, text, NULL);
  text[0] = 'X';
  cr_assert_str_eq(copy, "cerium");
  cr_assert_str_eq(mnz_arena_text(arena, "", NULL), "");
  cr_assert_str_eq(mnz_arena_format(arena, NULL, "%s-%d", copy, 140), "cerium-140");
  const char *wide = mnz_arena_format(arena, NULL, "%20000d", 7);
  cr_assert_eq(strlen(wide), 20000);
  cr_assert_eq(wide[19999], '7');
  mnz_arena_free(arena);
}

/* ---- memory: pool ---- */

static const size_t pool_sizes[] = {1, 8, 24, 100, 5000, 2000000};

Test(base, pool_items_are_aligned_and_apart) {
  for (size_t s = 0; s < sizeof pool_sizes / sizeof *pool_sizes; s++) {
    const size_t size = pool_sizes[s];
    const size_t count = size > 100000 ? 5 : 3000;
    mnz_pool *pool;
    cr_assert_eq(mnz_pool_create(&pool, size, NULL), MNZ_OK);
    unsigned char *items[3000];
    for (size_t i = 0; i < count; i++) {
      items[i] = mnz_pool_take(pool, NULL);
      cr_assert_eq((uintptr_t)items[i] % alignof(max_align_t), 0);
      memset(items[i], (int)(i % 251), size);
    }
    cr_assert_eq(mnz_pool_out(pool), count);
    for (size_t i = 0; i < count; i++) {
      cr_assert(items[i][0] == i % 251 && items[i][size - 1] == i % 251);
      mnz_pool_give(pool, items[i]);
    }
    cr_assert_eq(mnz_pool_out(pool), 0);
    mnz_pool_free(pool);
  }
}

Test(base, a_pool_counts_what_is_out) {
  mnz_pool *pool;
  cr_assert_eq(mnz_pool_create(&pool, 16, NULL), MNZ_OK);
  cr_assert_eq(mnz_pool_out(pool), 0);
  void *one = mnz_pool_take(pool, NULL);
  void *two = mnz_pool_take(pool, NULL);
  cr_assert_eq(mnz_pool_out(pool), 2);
  mnz_pool_give(pool, one);
  mnz_pool_give(pool, NULL);
  cr_assert_eq(mnz_pool_out(pool), 1);
  mnz_pool_give(pool, two);
  cr_assert_eq(mnz_pool_out(pool), 0);
  mnz_pool_free(pool);
}

Test(base, giving_more_than_was_taken_is_a_broken_promise, .signal = SIGABRT) {
  mnz_pool *pool;
  int64_t stranger[8] = {0};
  cr_assert_eq(mnz_pool_create(&pool, 8, NULL), MNZ_OK);
  mnz_pool_give(pool, stranger + 4);
}

Test(base, a_pool_frees_what_is_still_out) {
  mnz_pool *pool;
  cr_assert_eq(mnz_pool_create(&pool, 40, NULL), MNZ_OK);
  for (int i = 0; i < 1000; i++) memset(mnz_pool_take(pool, NULL), 1, 40);
  mnz_pool_free(pool); /* the leak check looks */
  mnz_pool_free(NULL);
}

Test(base, a_pool_that_was_reset_starts_again) {
  mnz_pool *pool;
  cr_assert_eq(mnz_pool_create(&pool, 48, NULL), MNZ_OK);
  for (int round = 0; round < 3; round++) {
    void *first = mnz_pool_take(pool, NULL);
    for (int i = 0; i < 999; i++) memset(mnz_pool_take(pool, NULL), 1, 48);
    mnz_pool_give(pool, first);
    cr_assert_eq(mnz_pool_out(pool), 999);
    mnz_pool_reset(pool);
    cr_assert_eq(mnz_pool_out(pool), 0);
  }
  mnz_pool_reset(pool);
  mnz_pool_free(pool);
}

Test(base, a_pool_may_be_reset_before_its_first_item) {
  mnz_pool *pool;
  cr_assert_eq(mnz_pool_create(&pool, 8, NULL), MNZ_OK);
  mnz_pool_reset(pool);
  cr_assert_not_null(mnz_pool_take(pool, NULL));
  mnz_pool_free(pool);
}

Test(base, a_pool_refuses_items_larger_than_memory) {
  mnz_pool *pool = (mnz_pool *)&pool;
  mnz_error err;
  cr_assert_eq(mnz_pool_create(&pool, SIZE_MAX, &err), MNZ_NO_MEMORY);
  cr_assert_null(pool);
  cr_assert_eq(err.status, MNZ_NO_MEMORY);
}

Test(base, a_pool_without_memory_says_so_and_lives_on) {
  mnz_pool *pool;
  mnz_error err;
  cr_assert_eq(mnz_pool_create(&pool, far_too_much, NULL), MNZ_OK);
  cr_assert_null(mnz_pool_take(pool, &err));
  cr_assert_eq(err.status, MNZ_NO_MEMORY);
  cr_assert_eq(mnz_pool_out(pool), 0);
  mnz_pool_free(pool);
}

#ifndef MNZ_POOL_PASS_THROUGH
Test(base, a_pool_hands_out_again_what_came_back) {
  mnz_pool *pool;
  cr_assert_eq(mnz_pool_create(&pool, 32, NULL), MNZ_OK);
  void *item = mnz_pool_take(pool, NULL);
  mnz_pool_give(pool, item);
  cr_assert_eq(mnz_pool_take(pool, NULL), item);
  mnz_pool_free(pool);
}

Test(base, a_reset_pool_is_warm) {
  enum { COUNT = 5000 };
  mnz_pool *pool;
  cr_assert_eq(mnz_pool_create(&pool, 32, NULL), MNZ_OK);
  void *before[COUNT];
  for (size_t i = 0; i < COUNT; i++) before[i] = mnz_pool_take(pool, NULL);
  mnz_pool_give(pool, before[17]);
  mnz_pool_reset(pool);
  for (size_t i = 0; i < COUNT; i++) cr_assert_eq(mnz_pool_take(pool, NULL), before[i]);
  mnz_pool_free(pool);
}
#endif
