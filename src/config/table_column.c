/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A column of numbers from a CSV file: commas, a header line, cells in double quotes where they need them
 * (RFC 4180). The file is read whole and cut into cells in place. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "config/file_text.h"
#include "config/quantity_internal.h"

enum { MAX_COLUMNS = 256, CELL_ROOM = 128 };

/* Where the reading of a table stands. */
typedef struct reader {
  const char *path;
  char *at;
  int32_t line; /* that `at` is on */
  bool more;    /* the cell read last is not the last one of its row */
} reader;

/* ---- files ---- */

static char *resolve(const char *file, const char *beside, mnz_arena *arena, mnz_error *err) {
  const char *slash = beside != NULL ? strrchr(beside, '/') : NULL;
  if (file[0] == '/' || slash == NULL) return mnz_arena_text(arena, file, err);
  return mnz_arena_format(arena, err, "%.*s/%s", (int)(slash - beside), beside, file);
}

/* The text goes into the arena, as cells are cut out of it and quoted in messages. */
static mnz_status read_text(const char *path, mnz_arena *arena, char **text, mnz_error *err) {
  mnz_error why;
  char *raw = NULL;
  size_t length;
  mnz_status status = mnz_file_read(path, &raw, &length, &why);
  if (status == MNZ_NO_INPUT) return mnz_fail(err, MNZ_SCENARIO, NULL, "%s: %s", path, why.message);
  if (status != MNZ_OK) return mnz_fail(err, status, path, "%s", why.message);
  if (strlen(raw) != length)
    status = mnz_fail(err, MNZ_SCENARIO, NULL, "%s: found a zero byte; expected a text", path);
  else if ((*text = mnz_arena_text(arena, raw, err)) == NULL)
    status = MNZ_NO_MEMORY;
  free(raw);
  return status;
}

/* ---- cells ---- */

/* The next cell, without its quotes and the spaces around it. */
static char *read_cell(reader *r) {
  char *in = r->at;
  while (*in == ' ' || *in == '\t') in++;
  char *const cell = in;
  char *out = in;
  bool quoted = false;
  for (; *in != '\0' && (quoted || (*in != ',' && *in != '\n')); in++) {
    if (*in == '\n') r->line++;
    if (*in != '"')
      *out++ = *in;
    else if (quoted && in[1] == '"')
      *out++ = *in++;
    else
      quoted = !quoted;
  }
  const char end = *in;
  r->more = end == ',';
  r->at = end != '\0' ? in + 1 : in;
  while (out > cell && (out[-1] == ' ' || out[-1] == '\t' || out[-1] == '\r')) out--;
  *out = '\0';
  return cell;
}

/* Steps to the next row. */
static void finish_row(reader *r) {
  while (r->more) (void)read_cell(r);
  r->line++;
}

/* The header's place of the column. */
static mnz_status find_column(reader *r, const char *column, size_t *place, mnz_error *err) {
  const char *names[MAX_COLUMNS];
  size_t n = 0;
  if (strncmp(r->at, "\xEF\xBB\xBF", 3) == 0) r->at += 3;
  do {
    const char *name = read_cell(r);
    if (n < MAX_COLUMNS) names[n++] = name;
  } while (r->more);
  r->line++;
  for (*place = 0; *place < n; (*place)++)
    if (strcmp(names[*place], column) == 0) return MNZ_OK;

  char wanted[MNZ_QUOTE_ROOM];
  char found[MNZ_QUOTE_ROOM];
  const char *meant = mnz_quantity_meant(column, names, n);
  return mnz_fail(err, MNZ_SCENARIO, NULL,
                  meant != NULL ? "%s has no column %s; did you mean %s?"
                                : "%s has no column %s; its first is %s",
                  r->path, mnz_quantity_quote(column, wanted),
                  mnz_quantity_quote(meant != NULL ? meant : names[0], found));
}

/* ---- numbers ---- */

static mnz_status read_with_unit(const mnz_table_column *table, const char *cell,
                                 const mnz_quantity_context *context, double *value, mnz_error *err) {
  char text[CELL_ROOM];
  const int length =
      snprintf(text, sizeof text, "%s%s%s", cell, table->unit[0] != '\0' ? " " : "", table->unit);
  if (length < 0 || (size_t)length >= sizeof text)
    return mnz_fail(err, MNZ_SCENARIO, NULL, "found a text that is too long; expected a number");
  return mnz_quantity_number(text, table->dim, context, value, err);
}

static mnz_status read_row(reader *r, const mnz_table_column *table, size_t place,
                           const mnz_quantity_context *context, double *values, size_t *count,
                           mnz_error *err) {
  const char *cell = read_cell(r);
  const bool blank = cell[0] == '\0' && !r->more;
  size_t i = 0;
  for (; i < place && r->more; i++) cell = read_cell(r);
  if (!blank && i < place)
    return mnz_fail(err, MNZ_SCENARIO, NULL, "%s:%d: the line ends before the column \"%s\"", r->path,
                    (int)r->line, table->column);
  if (cell[0] != '\0' && read_with_unit(table, cell, context, &values[*count], NULL) != MNZ_OK) {
    char found[MNZ_QUOTE_ROOM];
    return mnz_fail(err, MNZ_SCENARIO, NULL, "%s:%d: found %s; expected %s", r->path, (int)r->line,
                    mnz_quantity_quote(cell, found), table->dim == MNZ_DIM_DATE ? "a date" : "a number");
  }
  if (cell[0] != '\0') (*count)++;
  finish_row(r);
  return MNZ_OK;
}

static size_t count_lines(const char *text) {
  size_t n = 1;
  for (; (text = strchr(text, '\n')) != NULL; text++) n++;
  return n;
}

mnz_status mnz_table_column_read(const mnz_table_column *table, const mnz_quantity_context *context,
                                 double **values, size_t *count, mnz_error *err) {
  /* A wrong unit is told once, not for the first cell. */
  double one;
  mnz_status status = MNZ_OK;
  if (table->unit[0] != '\0') status = read_with_unit(table, "1", context, &one, err);
  char *path = resolve(table->file, context->file, context->arena, err);
  char *text = NULL;
  if (path == NULL) return MNZ_NO_MEMORY;
  if (status == MNZ_OK) status = read_text(path, context->arena, &text, err);
  if (status != MNZ_OK) return status;

  *count = 0;
  *values = mnz_arena_alloc(context->arena, count_lines(text), sizeof **values, err);
  if (*values == NULL) return MNZ_NO_MEMORY;
  reader r = {.path = path, .at = text, .line = 1};
  size_t place;
  status = find_column(&r, table->column, &place, err);
  while (status == MNZ_OK && *r.at != '\0') status = read_row(&r, table, place, context, *values, count, err);
  return status;
}
