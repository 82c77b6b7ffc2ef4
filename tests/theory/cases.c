/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cases.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 7, MOST_REPLICATIONS = 10000000 };

static char *trimmed(char *text) {
  while (isspace((unsigned char)*text)) text++;
  size_t n = strlen(text);
  while (n > 0 && isspace((unsigned char)text[n - 1])) text[--n] = '\0';
  return text;
}

/* Cuts at `mark`; what is beyond `most` parts stays in the last. */
static size_t cut(char *text, char mark, const char **out, size_t most) {
  size_t n = 0;
  while (n < most) {
    char *end = n + 1 < most ? strchr(text, mark) : NULL;
    if (end != NULL) *end = '\0';
    out[n++] = trimmed(text);
    if (end == NULL) break;
    text = end + 1;
  }
  return n;
}

static bool complain(const theory_case *c, const char *column, const char *message) {
  fprintf(stderr, "%s:%d: %s: %s\n", c->table, c->line, column, message);
  return false;
}

/* A value without measures: "9", "1/3", "0.4 * 0.6". */
static bool read_constant(const char *text, double *out, char *message, size_t room) {
  expression e;
  if (!expression_parse(text, &e, message, room)) return false;
  *out = expression_value(&e, e.root, NULL, 0);
  if (isfinite(*out)) return true;
  snprintf(message, room, "\"%.40s\": expected a number", text);
  return false;
}

static bool read_expected(theory_case *c, char *text) {
  char message[160];
  char *uncertain = strstr(text, "+-");
  if (uncertain != NULL) {
    *uncertain = '\0';
    if (!read_constant(uncertain + 2, &c->expected_se, message, sizeof message))
      return complain(c, "expected", message);
  }
  return read_constant(text, &c->expected, message, sizeof message) || complain(c, "expected", message);
}

/* "-", "0.05", "=1e-9", "=1e-12 rel". */
static bool read_precision(theory_case *c, const char *text) {
  char *end = NULL;
  c->precision = INFINITY;
  if (strcmp(text, "-") == 0) return true;
  if (*text == '=') c->tolerance = TOLERANCE_ABSOLUTE;
  c->precision = strtod(text + (*text == '='), &end);
  if (c->tolerance == TOLERANCE_ABSOLUTE && strcmp(trimmed(end), "rel") == 0) {
    c->tolerance = TOLERANCE_RELATIVE;
    end += strlen(end);
  }
  return (*end == '\0' && c->precision >= 0) ||
         complain(c, "precision", "expected -, a standard error, =TOLERANCE or =TOLERANCE rel");
}

static bool read_columns(theory_case *c, const char *const column[COLUMNS]) {
  char message[160];
  char *end = NULL;
  c->id = column[0];
  c->what = column[1];
  snprintf(c->run_text, sizeof c->run_text, "%s|%s", column[2], column[3]);
  c->run = c->run_text;
  const unsigned long n = strtoul(column[3], &end, 10);
  if (*end != '\0' || n < 1 || n > MOST_REPLICATIONS) return complain(c, "n", "expected a whole number");
  c->replications = (uint32_t)n;
  c->measure = column[6];
  if (!expression_parse(c->measure, &c->expression, message, sizeof message))
    return complain(c, "measure", message);
  return true;
}

static bool read_case(theory_case *c) {
  const char *column[COLUMNS];
  const char *piece[CASE_OVERRIDES + 1];
  if (cut(c->text, '|', column, COLUMNS) != COLUMNS)
    return complain(c, "line", "expected id | what | scenario | n | expected | precision | measure");
  if (!read_columns(c, column)) return false;
  c->n_overrides = cut((char *)(uintptr_t)column[2], ';', piece, CASE_OVERRIDES + 1) - 1;
  c->scenario = piece[0];
  memcpy(c->overrides, piece + 1, c->n_overrides * sizeof *piece);
  return read_expected(c, (char *)(uintptr_t)column[4]) && read_precision(c, column[5]);
}

static bool add_case(theory_case ***cases, size_t *count, const theory_case *c) {
  theory_case **grown = realloc(*cases, (*count + 1) * sizeof *grown);
  if (grown == NULL) return complain(c, "line", "no memory");
  *cases = grown;
  theory_case *copy = calloc(1, sizeof *copy);
  if (copy == NULL) return complain(c, "line", "no memory");
  *copy = *c;
  (*cases)[(*count)++] = copy;
  return read_case(copy);
}

bool cases_read(const char *path, theory_case ***cases, size_t *count) {
  FILE *file = fopen(path, "r");
  bool good = file != NULL;
  theory_case *c = calloc(1, sizeof *c);
  if (!good) fprintf(stderr, "%s: cannot be read\n", path);
  good = good && c != NULL;
  for (int line = 1; good && fgets(c->text, sizeof c->text, file) != NULL; line++) {
    c->table = path;
    c->line = line;
    const bool cut_off = strchr(c->text, '\n') == NULL && !feof(file);
    const char first = *trimmed(c->text);
    if (cut_off)
      good = complain(c, "line", "is too long");
    else if (first != '\0' && first != '#')
      good = add_case(cases, count, c);
  }
  free(c);
  if (file != NULL) fclose(file);
  return good;
}

void cases_free(theory_case **cases, size_t count) {
  for (size_t i = 0; i < count; i++) free(cases[i]);
  free(cases);
}
