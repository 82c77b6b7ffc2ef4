/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "monazite/calendar.h"

#include <criterion/criterion.h>

#include <math.h>
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

/* ---- text: buffer ---- */

Test(base, an_untouched_buffer_has_no_text) {
  mnz_buffer buffer = {0};
  mnz_buffer_clear(&buffer);
  cr_assert_null(buffer.at);
  mnz_buffer_free(&buffer);
  cr_assert_null(buffer.at);
}

Test(base, a_buffer_of_an_empty_text_is_an_empty_text) {
  mnz_buffer buffer = {0};
  mnz_buffer_add(&buffer, "");
  cr_assert_str_eq(buffer.at, "");
  mnz_buffer_free(&buffer);
}

Test(base, a_buffer_grows_with_what_is_added) {
  mnz_buffer buffer = {0};
  for (int i = 0; i < 10000; i++) {
    mnz_buffer_add(&buffer, "ab");
    mnz_buffer_add_bytes(&buffer, "cdef", 1);
    mnz_buffer_print(&buffer, "%d", i % 10);
    cr_assert_eq(buffer.length, 4 * (size_t)(i + 1));
    cr_assert_eq(buffer.at[buffer.length], '\0');
    cr_assert_lt(buffer.length, buffer.capacity);
  }
  for (size_t i = 0; i < 10000; i++) {
    const char expected[] = {'a', 'b', 'c', (char)('0' + i % 10), '\0'};
    cr_assert_eq(strncmp(buffer.at + 4 * i, expected, 4), 0);
  }
  cr_assert_not(buffer.failed);
  mnz_buffer_free(&buffer);
}

Test(base, a_buffer_prints_texts_of_every_length) {
  for (int length = 0; length < 300; length++) {
    mnz_buffer buffer = {0};
    mnz_buffer_add(&buffer, "[");
    mnz_buffer_print(&buffer, "%0*d]", length, 7);
    cr_assert_eq(buffer.length, strlen(buffer.at));
    cr_assert_eq(buffer.length, (size_t)(length > 1 ? length : 1) + 2);
    cr_assert_eq(strcmp(buffer.at + buffer.length - 2, "7]"), 0);
    mnz_buffer_free(&buffer);
  }
}

Test(base, a_cleared_buffer_keeps_its_memory) {
  mnz_buffer buffer = {0};
  mnz_buffer_print(&buffer, "%100d", 1);
  const char *const memory = buffer.at;
  const size_t capacity = buffer.capacity;
  mnz_buffer_clear(&buffer);
  cr_assert_str_eq(buffer.at, "");
  cr_assert_eq(buffer.length, 0);
  mnz_buffer_print(&buffer, "%100d", 2);
  cr_assert_eq(buffer.at, memory);
  cr_assert_eq(buffer.capacity, capacity);
  mnz_buffer_free(&buffer);
}

Test(base, a_buffer_that_failed_takes_no_more) {
  mnz_buffer buffer = {0};
  mnz_buffer_add(&buffer, "kept");
  volatile size_t endless = SIZE_MAX - 2;
  mnz_buffer_add_bytes(&buffer, "", endless);
  cr_assert(buffer.failed);
  mnz_buffer_add(&buffer, "more");
  mnz_buffer_print(&buffer, "more");
  cr_assert_str_eq(buffer.at, "kept");
  mnz_buffer_free(&buffer);
  cr_assert_not(buffer.failed);
}

/* ---- text: did you mean ---- */

Test(base, the_distance_counts_slips) {
  static const struct {
    const char *a;
    const char *b;
    size_t distance;
  } cases[] = {{"", "", 0},          {"", "abc", 3},         {"kiln", "kiln", 0},
               {"kiln", "KiLn", 0},  {"kiln", "klin", 1},    {"kiln", "kil", 1},
               {"kiln", "kilns", 1}, {"kiln", "kilm", 1},    {"ca", "abc", 3},
               {"ab", "ba", 1},      {"abcd", "badc", 2},    {"kitten", "sitting", 3},
               {"flaw", "lawn", 2},  {"[", "{", 1},          {"a", "xyz", 3},
               {"@", "`", 1},        {"abcdef", "fedcba", 5}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    cr_assert_eq(mnz_text_distance(cases[i].a, cases[i].b), cases[i].distance, "%s %s", cases[i].a,
                 cases[i].b);
    cr_assert_eq(mnz_text_distance(cases[i].b, cases[i].a), cases[i].distance, "%s %s", cases[i].b,
                 cases[i].a);
  }
}

Test(base, long_words_have_a_distance_too) {
  char *a = calloc(2001, 1);
  char *b = calloc(2001, 1);
  memset(a, 'a', 2000);
  memset(b, 'a', 1990);
  b[1000] = 'x';
  cr_assert_eq(mnz_text_distance(a, b), 11);
  free(a);
  free(b);
}

Test(base, the_nearest_word_is_found_if_it_is_near) {
  static const char *const words[] = {"capacity", NULL, "recovery", "shift", "shaft", "id"};
  const size_t count = sizeof words / sizeof *words;
  cr_assert_str_eq(mnz_text_nearest("capcity", words, count), "capacity");
  cr_assert_str_eq(mnz_text_nearest("Recovrey", words, count), "recovery");
  cr_assert_str_eq(mnz_text_nearest("ID", words, count), "id");
  cr_assert_str_eq(mnz_text_nearest("ida", words, count), "id");
  cr_assert_str_eq(mnz_text_nearest("shoft", words, count), "shift", "ties go to the first");
  cr_assert_null(mnz_text_nearest("cxpxcxty", words, count), "three slips in eight letters are too many");
  cr_assert_str_eq(mnz_text_nearest("capacitous", words, count), "capacity", "three in ten are not");
  cr_assert_null(mnz_text_nearest("xyz", words, count));
  cr_assert_null(mnz_text_nearest("capacity", words, 0));
}

/* ---- text: numbers ---- */

Test(base, numbers_are_written_short) {
  static const struct {
    double value;
    const char *text;
  } cases[] = {{0, "0"},
               {-0.0, "-0"},
               {0.1, "0.1"},
               {38, "38"},
               {-2.5, "-2.5"},
               {1e22, "1e+22"},
               {123456789012345, "123456789012345"},
               {0.1 + 0.2, "0.30000000000000004"},
               {1.0 / 3, "0.3333333333333333"},
               {5e-324, "5e-324"},
               {1.7976931348623157e308, "1.7976931348623157e+308"},
               {2.2250738585072014e-308, "2.2250738585072014e-308"},
               {(double)INFINITY, "inf"},
               {-(double)INFINITY, "-inf"},
               {(double)NAN, "nan"},
               {-(double)NAN, "nan"}};
  char out[32];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    cr_assert_str_eq(mnz_text_number(cases[i].value, out), cases[i].text);
}

/* Bit patterns from a counter through an odd multiplier: every exponent, both signs. */
Test(base, numbers_read_back_as_the_same_double) {
  char out[32];
  for (uint64_t i = 1; i <= 200000; i++) {
    const uint64_t bits = i * UINT64_C(0x9E3779B97F4A7C15);
    double value;
    memcpy(&value, &bits, sizeof value);
    if (!isfinite(value)) continue;
    const double back = strtod(mnz_text_number(value, out), NULL);
    cr_assert_eq(memcmp(&back, &value, sizeof back), 0, "%a came back as %a", value, back);
  }
}

/* ---- calendar ---- */

static int64_t moment(const char *text) {
  int64_t us;
  cr_assert(mnz_moment_parse(text, &us), "%s", text);
  return us;
}

static const char *text_of(int64_t us) {
  static char out[32];
  return mnz_moment_format(us, out);
}

Test(base, known_days_are_where_they_should_be) {
  cr_assert_eq(mnz_date_days((mnz_date){1970, 1, 1}), 0);
  cr_assert_eq(mnz_date_days((mnz_date){1969, 12, 31}), -1);
  cr_assert_eq(mnz_date_days((mnz_date){2000, 3, 1}), 11017);
  cr_assert_eq(mnz_date_days((mnz_date){2026, 1, 1}), 20454);
  cr_assert_eq(mnz_date_days((mnz_date){1, 1, 1}), -719162);
  cr_assert_eq(mnz_date_days((mnz_date){9999, 12, 31}), 2932896);
}

Test(base, every_day_of_the_calendar_comes_once_and_in_order) {
  static const int32_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int64_t days = -719162;
  for (int32_t year = 1; year <= 9999; year++) {
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    for (int32_t month = 1; month <= 12; month++) {
      const int32_t last = lengths[month - 1] + (month == 2 && leap);
      for (int32_t day = 1; day <= last; day++, days++) {
        const mnz_date date = mnz_date_from_days(days);
        const bool right = date.year == year && date.month == month && date.day == day &&
                           mnz_date_days(date) == days && mnz_date_is_valid(date);
        if (!right) cr_assert_fail("day %lld", (long long)days);
      }
      cr_assert_not(mnz_date_is_valid((mnz_date){year, month, last + 1}));
    }
  }
  cr_assert_eq(days, 2932897);
}

Test(base, leap_years_follow_gregory) {
  cr_assert(mnz_date_is_valid((mnz_date){2024, 2, 29}));
  cr_assert(mnz_date_is_valid((mnz_date){2000, 2, 29}));
  cr_assert_not(mnz_date_is_valid((mnz_date){1900, 2, 29}));
  cr_assert_not(mnz_date_is_valid((mnz_date){2025, 2, 29}));
}

Test(base, dates_out_of_range_are_not_valid) {
  static const mnz_date bad[] = {{0, 1, 1},     {10000, 1, 1}, {-1, 1, 1},    {2025, 0, 1},
                                 {2025, 13, 1}, {2025, 1, 0},  {2025, -1, 1}, {2025, 1, 32}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) cr_assert_not(mnz_date_is_valid(bad[i]));
}

Test(base, a_thirteenth_month_is_a_broken_promise, .signal = SIGABRT) {
  (void)mnz_date_days((mnz_date){2025, 13, 1});
}

Test(base, moments_are_read_in_three_lengths) {
  cr_assert_eq(moment("1970-01-01"), 0);
  cr_assert_eq(moment("1970-01-02T00:00"), MNZ_US_PER_DAY);
  cr_assert_eq(moment("2025-10-01T06:30"), 20362 * MNZ_US_PER_DAY + (6 * 60 + 30) * 60 * MNZ_US_PER_SECOND);
  cr_assert_eq(moment("2025-10-01T06:30:07"), moment("2025-10-01T06:30") + 7 * MNZ_US_PER_SECOND);
  cr_assert_eq(moment("1969-12-31T23:59:59"), -MNZ_US_PER_SECOND);
}

Test(base, anything_else_is_not_a_moment) {
  static const char *const bad[] = {"",
                                    "2025",
                                    "2025-10",
                                    "2025-1-01",
                                    "2025-10-1",
                                    "25-10-01",
                                    "02025-10-01",
                                    "0000-01-01",
                                    "2025-00-01",
                                    "2025-13-01",
                                    "2025-02-30",
                                    "2025-02-29",
                                    "2025-04-31",
                                    "2025-10-00",
                                    "2025-10-32",
                                    " 2025-10-01",
                                    "2025-10-01 ",
                                    "2025/10/01",
                                    "+025-10-01",
                                    "-025-10-01",
                                    "2025-+1-01",
                                    "2025-10-01T",
                                    "2025-10-01T06",
                                    "2025-10-01T6:30",
                                    "2025-10-01 06:30",
                                    "2025-10-01t06:30",
                                    "2025-10-01T24:00",
                                    "2025-10-01T06:60",
                                    "2025-10-01T06:30:60",
                                    "2025-10-01T06:30:",
                                    "2025-10-01T06:30:0",
                                    "2025-10-01T06:30:00.5",
                                    "2025-10-01T06:30:00Z",
                                    "2025-10-01T06:30Z",
                                    "2025-10-01T06:30+01:00",
                                    "today"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    int64_t us = 42;
    cr_assert_not(mnz_moment_parse(bad[i], &us), "\"%s\"", bad[i]);
    cr_assert_eq(us, 42);
  }
}

Test(base, moments_are_written_as_they_are_read) {
  static const char *const texts[] = {"0001-01-01",          "1969-12-31T23:59:59", "1970-01-01",
                                      "2025-10-01T06:30:00", "2024-02-29T00:00:01", "9999-12-31T23:59:59"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    cr_assert_str_eq(text_of(moment(texts[i])), texts[i]);
  cr_assert_str_eq(text_of(moment("2025-10-01T00:00:00")), "2025-10-01");
}

Test(base, fractions_of_a_second_are_dropped_towards_the_past) {
  cr_assert_str_eq(text_of(moment("2025-10-01T06:30") + 999999), "2025-10-01T06:30:00");
  cr_assert_str_eq(text_of(moment("2025-10-01") + 999999), "2025-10-01");
  cr_assert_str_eq(text_of(-1), "1969-12-31T23:59:59");
}

Test(base, the_ends_of_time_can_be_written) {
  cr_assert_str_eq(text_of(INT64_MAX), "294247-01-10T04:00:54");
  cr_assert_str_eq(text_of(INT64_MIN), "-290308-12-21T19:59:05");
}

Test(base, the_day_of_a_moment_holds_it) {
  const mnz_date before = mnz_moment_date(moment("2024-03-01") - 1);
  cr_assert(before.year == 2024 && before.month == 2 && before.day == 29);
  const mnz_date at = mnz_moment_date(moment("2024-03-01"));
  cr_assert(at.year == 2024 && at.month == 3 && at.day == 1);
}

Test(base, months_are_added_to_the_same_day_or_the_last) {
  static const struct {
    const char *from;
    int32_t months;
    const char *to;
  } cases[] = {{"2025-01-15", 1, "2025-02-15"},
               {"2025-01-31", 1, "2025-02-28"},
               {"2024-01-31", 1, "2024-02-29"},
               {"2025-01-31", 2, "2025-03-31"},
               {"2025-03-31T06:30:00", -1, "2025-02-28T06:30:00"},
               {"2024-02-29", 12, "2025-02-28"},
               {"2024-02-29", 48, "2028-02-29"},
               {"2024-02-29", -12, "2023-02-28"},
               {"2025-12-31", 2, "2026-02-28"},
               {"2025-11-30", 3, "2026-02-28"},
               {"2025-01-01", -1, "2024-12-01"},
               {"2025-01-01", -13, "2023-12-01"},
               {"2025-12-01", 1, "2026-01-01"},
               {"1970-01-31", -11, "1969-02-28"},
               {"2025-05-31", 0, "2025-05-31"},
               {"2025-06-15", 1200, "2125-06-15"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    cr_assert_str_eq(text_of(mnz_moment_add_months(moment(cases[i].from), cases[i].months)), cases[i].to);
}

Test(base, months_beyond_the_end_of_time_are_a_broken_promise, .signal = SIGABRT) {
  (void)mnz_moment_add_months(0, INT32_MAX);
}

Test(base, periods_start_where_the_calendar_says) {
  static const struct {
    const char *moment;
    const char *month;
    const char *quarter;
    const char *year;
  } cases[] = {{"2025-01-01", "2025-01-01", "2025-01-01", "2025-01-01"},
               {"2025-03-31T23:59:59", "2025-03-01", "2025-01-01", "2025-01-01"},
               {"2025-04-01", "2025-04-01", "2025-04-01", "2025-01-01"},
               {"2024-02-29T12:00:00", "2024-02-01", "2024-01-01", "2024-01-01"},
               {"2025-09-30", "2025-09-01", "2025-07-01", "2025-01-01"},
               {"2025-12-31T23:59:59", "2025-12-01", "2025-10-01", "2025-01-01"},
               {"1969-12-31T23:59:59", "1969-12-01", "1969-10-01", "1969-01-01"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const int64_t us = moment(cases[i].moment);
    cr_assert_str_eq(text_of(mnz_moment_month_start(us)), cases[i].month);
    cr_assert_str_eq(text_of(mnz_moment_quarter_start(us)), cases[i].quarter);
    cr_assert_str_eq(text_of(mnz_moment_year_start(us)), cases[i].year);
  }
}
