/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The looks of the reference: text for a terminal, markdown for a page, JSON for programs. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "config/describe_internal.h"

enum { WIDTH = 100, MARGIN = 2, GAP = 2, FEW = 3 };

/* The widest that a column may get where there are many, and where there are few. */
static const size_t widest[MNZ_DOC_COLUMNS] = {28, 36, 14, 14, WIDTH};
enum { WIDEST_OF_FEW = 40 };

static size_t column_count(const mnz_doc_table *table) {
  size_t n = 0;
  while (table->columns[n] != NULL) n++;
  return n;
}

static mnz_status no_memory(mnz_error *err) {
  return mnz_fail(err, MNZ_NO_MEMORY, NULL, "no memory for a description");
}

/* ---- text ---- */

/* How much of the text fits a line of that width: up to a space, or all that fits where there is none. */
static size_t piece(const char *text, size_t width) {
  const size_t length = strlen(text);
  if (length <= width) return length;
  for (size_t end = width; end > 0; end--)
    if (text[end] == ' ') return end;
  return width;
}

static void add_spaces(mnz_buffer *out, size_t count) {
  for (; count > 0; count--) mnz_buffer_add(out, " ");
}

/* Ends a line without the spaces at its end. */
static void end_line(mnz_buffer *out) {
  while (out->length > 0 && out->at[out->length - 1] == ' ') out->at[--out->length] = '\0';
  mnz_buffer_add(out, "\n");
}

static void add_paragraph(mnz_buffer *out, const char *text, size_t indent) {
  while (*text != '\0') {
    const size_t length = piece(text, WIDTH - indent);
    add_spaces(out, indent);
    mnz_buffer_add_bytes(out, text, length);
    end_line(out);
    for (text += length; *text == ' ';) text++;
  }
}

/* One row of cells side by side, each wrapped in its column. */
static void add_row(mnz_buffer *out, const mnz_doc_row *row, size_t columns, const size_t *width) {
  const char *rest[MNZ_DOC_COLUMNS];
  bool more = true;
  memcpy(rest, row->cell, sizeof rest);
  while (more) {
    more = false;
    add_spaces(out, MARGIN);
    for (size_t i = 0; i < columns; i++) {
      const size_t indent = i == 0 ? (size_t)row->depth * MARGIN : 0;
      const size_t length = piece(rest[i], width[i] - indent);
      add_spaces(out, indent);
      mnz_buffer_add_bytes(out, rest[i], length);
      add_spaces(out, width[i] - indent - length + GAP);
      for (rest[i] += length; *rest[i] == ' ';) rest[i]++;
      more = more || *rest[i] != '\0';
    }
    end_line(out);
  }
}

/* As wide as the widest cell, within limits; the last of a few columns may take what is left. */
static void measure(const mnz_doc_table *table, size_t columns, bool few, size_t *width) {
  size_t left = WIDTH - MARGIN;
  for (size_t i = 0; i < columns; i++) {
    width[i] = strlen(table->columns[i]);
    for (size_t r = 0; r < table->count; r++) {
      const size_t indent = i == 0 ? (size_t)table->rows[r].depth * MARGIN : 0;
      const size_t length = indent + strlen(table->rows[r].cell[i]);
      if (length > width[i]) width[i] = length;
    }
    const size_t limit = !few ? widest[i] : i + 1 < columns ? WIDEST_OF_FEW : left;
    if (width[i] > limit) width[i] = limit;
    left -= width[i] + (i + 1 < columns ? GAP : 0);
  }
}

/* Of many columns the last one, a sentence, stands below the others. */
static void add_table(mnz_buffer *out, const mnz_doc_table *table) {
  const size_t columns = column_count(table);
  const bool below = columns > FEW;
  const size_t beside = below ? columns - 1 : columns;
  size_t width[MNZ_DOC_COLUMNS];
  measure(table, beside, !below, width);
  mnz_buffer_print(out, "\n%s\n\n", table->heading);
  mnz_doc_row head = {.depth = 0};
  memcpy(head.cell, table->columns, sizeof head.cell);
  add_row(out, &head, beside, width);
  for (size_t r = 0; r < table->count; r++) {
    const mnz_doc_row *row = &table->rows[r];
    add_row(out, row, beside, width);
    if (below) add_paragraph(out, row->cell[columns - 1], MARGIN + (size_t)(row->depth + 2) * MARGIN);
  }
}

static void add_text(mnz_buffer *out, const mnz_doc *doc) {
  mnz_buffer_print(out, "%s\n\n", doc->topic);
  add_paragraph(out, doc->help, 0);
  for (size_t i = 0; i < doc->count; i++) add_table(out, &doc->tables[i]);
}

/* ---- markdown ---- */

static void add_cell(mnz_buffer *out, const char *text, bool code) {
  const char *tick = code && text[0] != '\0' ? "`" : "";
  mnz_buffer_print(out, " %s", tick);
  for (; *text != '\0'; text++) {
    if (*text == '|') mnz_buffer_add(out, "\\");
    mnz_buffer_add_bytes(out, text, 1);
  }
  mnz_buffer_print(out, "%s |", tick);
}

static void add_markdown_table(mnz_buffer *out, const mnz_doc_table *table) {
  const size_t columns = column_count(table);
  mnz_buffer_print(out, "\n### %s\n\n|", table->heading);
  for (size_t i = 0; i < columns; i++) add_cell(out, table->columns[i], false);
  mnz_buffer_add(out, "\n|");
  for (size_t i = 0; i < columns; i++) mnz_buffer_add(out, "---|");
  for (size_t r = 0; r < table->count; r++) {
    mnz_buffer_add(out, "\n|");
    for (size_t i = 0; i < columns; i++) add_cell(out, table->rows[r].cell[i], i == 0);
  }
  mnz_buffer_add(out, "\n");
}

static void add_markdown(mnz_buffer *out, const mnz_doc *doc) {
  mnz_buffer_print(out, "## %s\n\n%s\n", doc->topic, doc->help);
  for (size_t i = 0; i < doc->count; i++) add_markdown_table(out, &doc->tables[i]);
}

/* ---- JSON ---- */

/* jansson takes over what is put into something, also on failure. */
static bool add_json_row(json_t *rows, const mnz_doc_table *table, const mnz_doc_row *row) {
  json_t *object = json_object();
  bool fine = object != NULL;
  for (size_t i = 0; fine && i < column_count(table); i++)
    fine = json_object_set_new(object, table->columns[i], json_string(row->cell[i])) == 0;
  if (fine) return json_array_append_new(rows, object) == 0;
  json_decref(object);
  return false;
}

static bool add_json_table(json_t *tables, const mnz_doc_table *table) {
  json_t *object = json_object();
  json_t *rows = json_array();
  bool fine = object != NULL && rows != NULL;
  for (size_t r = 0; fine && r < table->count; r++) fine = add_json_row(rows, table, &table->rows[r]);
  fine = fine && json_object_set_new(object, "heading", json_string(table->heading)) == 0 &&
         json_object_set(object, "rows", rows) == 0 && json_array_append(tables, object) == 0;
  json_decref(rows);
  json_decref(object);
  return fine;
}

static void add_json(mnz_buffer *out, const mnz_doc *doc) {
  json_t *root = json_object();
  json_t *tables = json_array();
  bool fine = root != NULL && tables != NULL;
  for (size_t i = 0; fine && i < doc->count; i++) fine = add_json_table(tables, &doc->tables[i]);
  fine = fine && json_object_set_new(root, "topic", json_string(doc->topic)) == 0 &&
         json_object_set_new(root, "help", json_string(doc->help)) == 0 &&
         json_object_set(root, "tables", tables) == 0;
  char *text = fine ? json_dumps(root, JSON_INDENT(2)) : NULL;
  if (text != NULL)
    mnz_buffer_print(out, "%s\n", text);
  else
    out->failed = true;
  free(text);
  json_decref(tables);
  json_decref(root);
}

mnz_status mnz_doc_print(const mnz_doc *doc, mnz_describe_format format, char **text, mnz_error *err) {
  mnz_buffer out = {0};
  switch (format) {
  case MNZ_DESCRIBE_TEXT:
    add_text(&out, doc);
    break;
  case MNZ_DESCRIBE_MARKDOWN:
    add_markdown(&out, doc);
    break;
  case MNZ_DESCRIBE_JSON:
    add_json(&out, doc);
    break;
  }
  if (!out.failed) {
    *text = out.at;
    return MNZ_OK;
  }
  mnz_buffer_free(&out);
  return no_memory(err);
}
