/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- buffer ---- */

Test(text, an_untouched_buffer_has_no_text) {
  mnz_buffer buffer = {0};
  mnz_buffer_clear(&buffer);
  cr_assert_null(buffer.at);
  mnz_buffer_free(&buffer);
  cr_assert_null(buffer.at);
}

Test(text, a_buffer_of_an_empty_text_is_an_empty_text) {
  mnz_buffer buffer = {0};
  mnz_buffer_add(&buffer, "");
  cr_assert_str_eq(buffer.at, "");
  mnz_buffer_free(&buffer);
}

Test(text, a_buffer_grows_with_what_is_added) {
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

Test(text, a_buffer_prints_texts_of_every_length) {
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

Test(text, a_cleared_buffer_keeps_its_memory) {
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

Test(text, a_buffer_that_failed_takes_no_more) {
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

/* ---- did you mean ---- */

Test(text, the_distance_counts_slips) {
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

Test(text, long_words_have_a_distance_too) {
  char *a = calloc(2001, 1);
  char *b = calloc(2001, 1);
  memset(a, 'a', 2000);
  memset(b, 'a', 1990);
  b[1000] = 'x';
  cr_assert_eq(mnz_text_distance(a, b), 11);
  free(a);
  free(b);
}

Test(text, the_nearest_word_is_found_if_it_is_near) {
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

/* ---- numbers ---- */

Test(text, numbers_are_written_short) {
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
Test(text, numbers_read_back_as_the_same_double) {
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
