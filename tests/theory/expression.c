/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "expression.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NESTED = 32 };

typedef struct reader {
  const char *at;
  expression *out;
  int32_t depth;
  const char *wrong; /* what was expected at `at`; NULL: all is well */
} reader;

static int32_t read_sum(reader *r);

static void skip_blanks(reader *r) {
  while (isspace((unsigned char)*r->at)) r->at++;
}

static bool take(reader *r, char c) {
  skip_blanks(r);
  if (*r->at != c) return false;
  r->at++;
  return true;
}

static void expect(reader *r, char c, const char *what) {
  if (r->wrong == NULL && !take(r, c)) r->wrong = what;
}

static int32_t add(reader *r, part p) {
  if (r->out->count == EXPRESSION_PARTS) {
    r->wrong = "fewer parts";
    return 0;
  }
  r->out->parts[r->out->count] = p;
  return r->out->count++;
}

static int32_t read_two(reader *r, part_kind kind) {
  const int32_t left = read_sum(r);
  expect(r, ',', "a comma and a second value");
  const int32_t right = r->wrong == NULL ? read_sum(r) : 0;
  expect(r, ')', "a closing parenthesis");
  return add(r, (part){.kind = kind, .left = left, .right = right});
}

/* Labels in brackets, appended to the name as the program writes them: "state_share.Kiln.down". */
static void read_labels(reader *r, part *p) {
  size_t length = strlen(p->name);
  do {
    expect(r, '"', "a label in quotes");
    const size_t n = strcspn(r->at, "\"");
    if (r->wrong == NULL && (r->at[n] == '\0' || length + n + 2 > sizeof p->name)) r->wrong = "a label";
    if (r->wrong != NULL) return;
    p->name[length++] = '.';
    memcpy(p->name + length, r->at, n);
    length += n;
    p->name[length] = '\0';
    r->at += n + 1;
  } while (take(r, ','));
  expect(r, ']', "a closing bracket");
}

static int32_t read_name(reader *r) {
  part p = {.kind = PART_MEASURE};
  size_t n = 0;
  while (isalnum((unsigned char)r->at[n]) || r->at[n] == '_') n++;
  if (n >= sizeof p.name) r->wrong = "a shorter name";
  if (r->wrong != NULL) return 0;
  memcpy(p.name, r->at, n);
  r->at += n;
  if (take(r, '(')) {
    if (strcmp(p.name, "or") == 0) return read_two(r, PART_OR);
    if (strcmp(p.name, "ratio") == 0) return read_two(r, PART_RATIO);
    r->wrong = "one of the functions or(a, b) and ratio(a, b)";
    return 0;
  }
  if (take(r, '[')) read_labels(r, &p);
  return add(r, p);
}

static int32_t read_value(reader *r) {
  int32_t found = 0;
  skip_blanks(r);
  if (++r->depth > MOST_NESTED) r->wrong = "fewer parentheses";
  if (r->wrong != NULL) return 0;
  if (take(r, '-')) {
    const int32_t zero = add(r, (part){.kind = PART_NUMBER});
    found = add(r, (part){.kind = PART_BINARY, .sign = '-', .left = zero, .right = read_value(r)});
  } else if (take(r, '(')) {
    found = read_sum(r);
    expect(r, ')', "a closing parenthesis");
  } else if (isdigit((unsigned char)*r->at) || *r->at == '.') {
    char *end;
    const double number = strtod(r->at, &end);
    if (end == r->at) r->wrong = "a number";
    r->at = end;
    found = add(r, (part){.kind = PART_NUMBER, .number = number});
  } else if (isalpha((unsigned char)*r->at)) {
    found = read_name(r);
  } else {
    r->wrong = "a number, a measure or a parenthesis";
  }
  r->depth--;
  return found;
}

static int32_t read_chain(reader *r, const char *signs, int32_t (*read)(reader *)) {
  int32_t left = read(r);
  skip_blanks(r);
  while (r->wrong == NULL && *r->at != '\0' && strchr(signs, *r->at) != NULL) {
    const char sign = *r->at++;
    const int32_t right = read(r);
    left = add(r, (part){.kind = PART_BINARY, .sign = sign, .left = left, .right = right});
    skip_blanks(r);
  }
  return left;
}

static int32_t read_product(reader *r) {
  return read_chain(r, "*/", read_value);
}

static int32_t read_sum(reader *r) {
  return read_chain(r, "+-", read_product);
}

bool expression_parse(const char *text, expression *out, char *message, size_t room) {
  reader r = {.at = text, .out = out};
  out->count = 0;
  out->root = read_sum(&r);
  skip_blanks(&r);
  if (r.wrong == NULL && *r.at != '\0') r.wrong = "the end";
  for (int32_t i = 0; i < out->count && r.wrong == NULL; i++)
    if (out->parts[i].kind == PART_RATIO && i != out->root) r.wrong = "ratio(a, b) only around all of it";
  if (r.wrong != NULL) snprintf(message, room, "\"%.40s\": expected %s", r.at, r.wrong);
  return r.wrong == NULL;
}

mnz_status expression_bind(expression *e, const mnz_result *shape, mnz_error *err) {
  for (int32_t i = 0; i < e->count; i++) {
    if (e->parts[i].kind != PART_MEASURE) continue;
    const mnz_status status = mnz_aim_find(shape, e->parts[i].name, &e->parts[i].cell, err);
    if (status != MNZ_OK) return status;
  }
  return MNZ_OK;
}

static double read_measure(const mnz_aim *cell, const mnz_rows *rows, size_t row) {
  double value = NAN;
  mnz_error err;
  if (rows->read(rows->self, row, cell->variable, cell->cell, 1, &value, &err) != MNZ_OK) return NAN;
  return cell->occurs ? !isnan(value) : value;
}

static double reckon(char sign, double a, double b) {
  switch (sign) {
  case '+':
    return a + b;
  case '-':
    return a - b;
  case '*':
    return a * b;
  default:
    return a / b;
  }
}

double expression_value(const expression *e, int32_t root, const mnz_rows *rows, size_t row) {
  const part *p = &e->parts[root];
  if (p->kind == PART_NUMBER) return p->number;
  if (p->kind == PART_MEASURE) return rows != NULL ? read_measure(&p->cell, rows, row) : NAN;
  const double left = expression_value(e, p->left, rows, row);
  if (p->kind == PART_OR && !isnan(left)) return left;
  const double right = expression_value(e, p->right, rows, row);
  return p->kind == PART_OR ? right : p->kind == PART_RATIO ? NAN : reckon(p->sign, left, right);
}

void expression_roots(const expression *e, int32_t *numerator, int32_t *denominator) {
  const part *p = &e->parts[e->root];
  const bool ratio = p->kind == PART_RATIO;
  *numerator = ratio ? p->left : e->root;
  *denominator = ratio ? p->right : -1;
}
