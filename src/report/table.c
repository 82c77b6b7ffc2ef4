/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/summary.h"

#include <string.h>

enum { GAP = 2 };

size_t mnz_report_letters(const char *text) {
  size_t count = 0;
  for (; *text != '\0'; text++) count += ((unsigned char)*text & 0xC0U) != 0x80U;
  return count;
}

void mnz_report_write_wrapped(mnz_buffer *to, const char *text) {
  size_t at = 0;
  for (const char *word = text; *word != '\0'; word += strspn(word, " ")) {
    const size_t bytes = strcspn(word, " ");
    const size_t before = to->length;
    mnz_buffer_add(to, at > 0 ? " " : "");
    mnz_buffer_add_bytes(to, word, bytes);
    if (to->failed) return;
    at += mnz_report_letters(to->at + before);
    if (at > MNZ_REPORT_WIDTH && to->at[before] == ' ') {
      to->at[before] = '\n';
      at = mnz_report_letters(to->at + before + 1);
    }
    word += bytes;
  }
  mnz_buffer_add(to, "\n");
}

static void add_spaces(mnz_buffer *to, size_t count) {
  for (size_t i = 0; i < count; i++) mnz_buffer_add(to, " ");
}

static const char *cell_at(const mnz_report_table *t, size_t row, size_t column) {
  return t->cell[row * t->columns + column];
}

static size_t width_of(const mnz_report_table *t, size_t column) {
  size_t width = 0;
  for (size_t row = 0; row < t->rows; row++) {
    const size_t length = mnz_report_letters(cell_at(t, row, column));
    if (length > width) width = length;
  }
  return width;
}

/* The first column, then those from `begin` on, before `end`. */
static void write_columns(mnz_buffer *to, const mnz_report_table *t, size_t begin, size_t end) {
  size_t width[MNZ_REPORT_WIDTH]; /* each column but the first two has at least a gap of it */
  const size_t first = width_of(t, 0);
  for (size_t column = begin; column < end; column++) width[column - begin] = width_of(t, column);
  for (size_t row = 0; row < t->rows; row++) {
    const char *name = cell_at(t, row, 0);
    mnz_buffer_print(to, "%*s%s", GAP, "", name);
    size_t owed = first - mnz_report_letters(name);
    for (size_t column = begin; column < end; column++) {
      const char *text = cell_at(t, row, column);
      const size_t room = width[column - begin] - mnz_report_letters(text);
      const bool left = t->left >> column & 1;
      if (left && text[0] == '\0') {
        owed += GAP + room; /* no blanks at the end of a line */
        continue;
      }
      add_spaces(to, owed + GAP + (left ? 0 : room));
      mnz_buffer_add(to, text);
      owed = left ? room : 0;
    }
    mnz_buffer_add(to, "\n");
  }
}

void mnz_report_write_table(mnz_buffer *to, const mnz_report_table *t) {
  for (size_t begin = 1; begin < t->columns;) {
    size_t width = GAP + width_of(t, 0) + GAP + width_of(t, begin);
    size_t end = begin + 1;
    while (end < t->columns && width + GAP + width_of(t, end) <= MNZ_REPORT_WIDTH)
      width += GAP + width_of(t, end++);
    if (begin > 1) mnz_buffer_add(to, "\n");
    write_columns(to, t, begin, end);
    begin = end;
  }
}
