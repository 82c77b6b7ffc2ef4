/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of numbers. A scenario's text must stand alone: it is what a batch is known by, and what a results
 * file is read with, wherever its tables are by then. So the values that a file gave take the place of its
 * name in the tree, in ascending order where the order does not matter, each as a text that reads back as
 * the same double. */
#include <string.h>

#include "config/bind_internal.h"
#include "config/tree_parts.h"
#include "monazite/calendar.h"

/* At their longest, 35 bytes, that many still make a text that a file may have (8 MiB). */
enum { MOST_VALUES = 200000, WIDTH = 84 };

static void add_piece(mnz_binder *b, mnz_tree *list, mnz_buffer *line) {
  mnz_tree *const piece = mnz_bind_alloc(b, 1, sizeof *piece);
  const char *const text = piece != NULL ? mnz_arena_text(b->arena, line->at, b->err) : NULL;
  if (text == NULL) {
    b->status = MNZ_NO_MEMORY;
    return;
  }
  *piece = (mnz_tree){.type = MNZ_TREE_STRING, .text = text, .file = list->file, .line = list->line};
  mnz_tree_append(list, piece);
  mnz_buffer_clear(line);
}

/* Dates are whole seconds; far from the start a double holds them only nearly. */
static double date_of(const mnz_binder *b, double since_start) {
  enum { SECOND = 1000000 };
  const int64_t us = b->quantities.start_us + (int64_t)since_start;
  const int64_t beyond = (us % SECOND + SECOND + SECOND / 2) % SECOND - SECOND / 2;
  return (double)(us - beyond);
}

static void add_values(mnz_binder *b, mnz_tree *list, mnz_dim dim, const char *unit,
                       const mnz_distribution *value) {
  mnz_buffer line = {0};
  const bool plays = value->kind == MNZ_DIST_TRACE;
  mnz_buffer_add(&line, !plays ? "empirical(" : value->p[0] > 0 ? "cycle(" : "trace(");
  for (size_t i = 0; i < value->count && b->status == MNZ_OK && !line.failed; i++) {
    char text[MNZ_QUANTITY_ROOM];
    const double v = dim == MNZ_DIM_DATE ? date_of(b, value->values[i]) : value->values[i];
    mnz_quantity_format_in(v, dim, unit, text);
    const bool fits = line.length + strlen(text) < WIDTH;
    if (!fits) add_piece(b, list, &line);
    mnz_buffer_print(&line, "%s%s%s", i > 0 && fits ? " " : "", text, i + 1 < value->count ? "," : ")");
  }
  if (line.failed)
    b->status = MNZ_NO_MEMORY;
  else
    add_piece(b, list, &line);
  mnz_buffer_free(&line);
}

void mnz_bind_table(mnz_binder *b, mnz_tree *tree, const char *text, mnz_dim dim,
                    const mnz_distribution *value) {
  char unit[MNZ_QUANTITY_ROOM];
  if (value->kind != MNZ_DIST_EMPIRICAL && value->kind != MNZ_DIST_TRACE) return;
  if (b->table_values > MOST_VALUES) return; /* which has been told */
  b->table_values += value->count;
  if (b->table_values > MOST_VALUES) {
    mnz_bind_error(b, tree, NULL,
                   "found a table of %zu values, %zu with those before; expected at most %d in all",
                   value->count, b->table_values, (int)MOST_VALUES);
    return;
  }
  if (!mnz_distribution_table_unit(text, unit)) return;

  mnz_tree list = {.type = MNZ_TREE_LIST, .file = tree->file, .line = tree->line};
  add_values(b, &list, dim, unit, value);
  if (b->status != MNZ_OK) return;
  tree->said = text;
  tree->type = list.count > 1 ? MNZ_TREE_LIST : MNZ_TREE_STRING;
  tree->text = list.count > 1 ? NULL : list.first->text;
  tree->first = tree->last = NULL;
  tree->count = 0;
  while (list.count > 1 && list.first != NULL) {
    mnz_tree *const piece = list.first;
    list.first = piece->next;
    mnz_tree_append(tree, piece);
  }
}
