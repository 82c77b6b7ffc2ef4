/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include "base/error.h"

#include "base/memory.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- buffer ---- */

/* Room for `more` bytes and the final NUL. */
static bool make_room(mnz_buffer *buffer, size_t more) {
  if (buffer->failed) return false;
  buffer->failed =
      more >= SIZE_MAX - buffer->length ||
      mnz_reserve_array(&buffer->at, &buffer->capacity, buffer->length + more + 1, NULL) != MNZ_OK;
  return !buffer->failed;
}

void mnz_buffer_add_bytes(mnz_buffer *buffer, const char *bytes, size_t length) {
  if (!make_room(buffer, length)) return;
  if (length > 0) memcpy(buffer->at + buffer->length, bytes, length);
  buffer->length += length;
  buffer->at[buffer->length] = '\0';
}

void mnz_buffer_add(mnz_buffer *buffer, const char *text) {
  mnz_buffer_add_bytes(buffer, text, strlen(text));
}

void mnz_buffer_print(mnz_buffer *buffer, const char *format, ...) {
  if (!make_room(buffer, 0)) return;
  va_list args;
  va_start(args, format);
  va_list again;
  va_copy(again, args);
  const size_t room = buffer->capacity - buffer->length;
  const int length = vsnprintf(buffer->at + buffer->length, room, format, args);
  if (length < 0) {
    buffer->failed = true;
  } else if ((size_t)length < room) {
    buffer->length += (size_t)length;
  } else if (make_room(buffer, (size_t)length)) {
    (void)vsnprintf(buffer->at + buffer->length, (size_t)length + 1, format, again);
    buffer->length += (size_t)length;
  }
  if (buffer->failed) buffer->at[buffer->length] = '\0';
  va_end(again);
  va_end(args);
}

void mnz_buffer_clear(mnz_buffer *buffer) {
  buffer->length = 0;
  if (buffer->at != NULL) buffer->at[0] = '\0';
}

void mnz_buffer_free(mnz_buffer *buffer) {
  free(buffer->at);
  *buffer = (mnz_buffer){0};
}

/* ---- did you mean ---- */

/* Not tolower: the answer must not depend on the locale. */
static char without_case(char letter) {
  return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

static bool same_letter(char a, char b) {
  return without_case(a) == without_case(b);
}

static size_t least(size_t a, size_t b) {
  return a < b ? a : b;
}

/* One row of the table: row[j] is the distance of a's first i letters and b's first j. `above` is row
 * i - 1, `over` row i - 2 (used from i = 2 on). */
static void distance_row(const char *a, size_t i, const char *b, size_t columns, const size_t *over,
                         const size_t *above, size_t *row) {
  row[0] = i;
  for (size_t j = 1; j < columns; j++) {
    const bool same = same_letter(a[i - 1], b[j - 1]);
    row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (same ? 0 : 1));
    if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) && same_letter(a[i - 2], b[j - 1]))
      row[j] = least(row[j], over[j - 2] + 1);
  }
}

size_t mnz_text_distance(const char *a, const char *b) {
  const size_t rows = strlen(a) + 1;
  const size_t columns = strlen(b) + 1;
  size_t *memory;
  /* Without memory: as far apart as can be, so nobody is misled by a suggestion. */
  if (columns > SIZE_MAX / 3 || mnz_new_array(&memory, 3 * columns, NULL) != MNZ_OK)
    return (rows > columns ? rows : columns) - 1;

  size_t *over = memory;
  size_t *above = over + columns;
  size_t *row = above + columns;
  for (size_t j = 0; j < columns; j++) row[j] = j;
  for (size_t i = 1; i < rows; i++) {
    size_t *const recycled = over;
    over = above;
    above = row;
    row = recycled;
    distance_row(a, i, b, columns, over, above, row);
  }
  const size_t distance = row[columns - 1];
  free(memory);
  return distance;
}

const char *mnz_text_nearest(const char *word, const char *const *words, size_t count) {
  const size_t third = strlen(word) / 3;
  size_t limit = (third > 1 ? third : 1) + 1; /* a candidate must be nearer than this */
  const char *nearest = NULL;
  for (size_t i = 0; i < count; i++) {
    const size_t distance = words[i] != NULL ? mnz_text_distance(word, words[i]) : SIZE_MAX;
    if (distance < limit) {
      nearest = words[i];
      limit = distance;
    }
  }
  return nearest;
}

/* ---- numbers ---- */

const char *mnz_text_number(double value, char *out) {
  enum { ROOM = 32, FEW_DIGITS = 15, ALL_DIGITS = 17 };
  MNZ_REQUIRE(out != NULL);
  if (isnan(value)) {
    (void)snprintf(out, ROOM, "nan");
    return out;
  }
  /* Any number of up to 15 digits survives the way into a double and back, so if fewer digits do, %.15g
   * shows them and zeros, which it drops. Subnormal numbers have fewer bits: try from one digit. */
  int digits = fpclassify(value) == FP_SUBNORMAL ? 1 : FEW_DIGITS;
  do {
    (void)snprintf(out, ROOM, "%.*g", digits, value);
  } while (strtod(out, NULL) != value && ++digits <= ALL_DIGITS);
  return out;
}
