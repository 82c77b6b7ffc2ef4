/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text: a growing buffer, and the nearest word for "did you mean". */
#ifndef MNZ_BASE_TEXT_H
#define MNZ_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "monazite/status.h"

/* A growing text. Start with {0}. After a failure to grow, `failed` is set and further additions do
 * nothing: look once, at the end. `at` is NUL-terminated, or NULL while nothing was added. */
typedef struct mnz_buffer {
  char *at;
  size_t length;
  size_t capacity;
  bool failed;
} mnz_buffer;

void mnz_buffer_add(mnz_buffer *buffer, const char *text);
void mnz_buffer_add_bytes(mnz_buffer *buffer, const char *bytes, size_t length);
void mnz_buffer_print(mnz_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void mnz_buffer_clear(mnz_buffer *buffer); /* empties, keeps the memory */
void mnz_buffer_free(mnz_buffer *buffer);  /* back to {0} */

/* Edit distance with transpositions (optimal string alignment), letters compared without case. */
size_t mnz_text_distance(const char *a, const char *b);
/* The nearest of `count` words to `word`, if near enough to be a slip (a third of its length, at least
 * 1); NULL otherwise. Ties go to the first. NULL entries are passed over. */
const char *mnz_text_nearest(const char *word, const char *const *words, size_t count);

/* The shortest decimal text that reads back as the same double ("0.1", "1e+22", "38"). `out` holds at
 * least 32 bytes. */
const char *mnz_text_number(double value, char *out);

#endif
