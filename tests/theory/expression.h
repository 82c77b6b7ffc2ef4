/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arithmetic between measures, as a table of cases has it:
 *
 *   wait_mean["Server"]                  a measure at a label of each of its axes
 *   1 - state_share["Kiln","down"]       + - * / ( ) and numbers
 *   or(first_shortage["Dy"], 365)        the first, where it is defined; else the second
 *   ratio(short["Dy"], demanded["Dy"])   the ratio of two means over replications, the outermost thing only
 */
#ifndef MNZ_TESTS_THEORY_EXPRESSION_H
#define MNZ_TESTS_THEORY_EXPRESSION_H

#include "monazite/batch.h"

enum { EXPRESSION_PARTS = 64 };

typedef enum part_kind { PART_NUMBER, PART_MEASURE, PART_BINARY, PART_OR, PART_RATIO } part_kind;

typedef struct part {
  part_kind kind;
  char sign; /* of PART_BINARY: one of + - * / */
  double number;
  char name[128]; /* of PART_MEASURE: "state_share.Kiln.down" */
  mnz_aim cell;
  int32_t left, right;
} part;

typedef struct expression {
  part parts[EXPRESSION_PARTS];
  int32_t count;
  int32_t root;
} expression;

/* False and a message (of at most `room` bytes) if it is none. */
bool expression_parse(const char *text, expression *out, char *message, size_t room);
/* Finds every measure in the shape of a batch. */
mnz_status expression_bind(expression *e, const mnz_result *shape, mnz_error *err);
/* Its value in one row; of a ratio, the value of its numerator or denominator. */
double expression_value(const expression *e, int32_t root, const mnz_rows *rows, size_t row);
/* The two parts of a ratio, or the root and -1. */
void expression_roots(const expression *e, int32_t *numerator, int32_t *denominator);

#endif
