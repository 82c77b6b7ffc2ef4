/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of cases: a scenario, a measure of it, and what theory says; README.md beside this tells the format.
 */
#ifndef MNZ_TESTS_THEORY_CASES_H
#define MNZ_TESTS_THEORY_CASES_H

#include "expression.h"

enum { CASE_OVERRIDES = 24, CASE_TEXT = 2048 };

typedef enum tolerance {
  TOLERANCE_STATISTICAL, /* within three standard errors */
  TOLERANCE_ABSOLUTE,    /* every replication, in the measure's unit */
  TOLERANCE_RELATIVE     /* every replication, as a share of what is expected */
} tolerance;

typedef struct theory_case {
  char text[CASE_TEXT]; /* the line, cut into the columns that the pointers below show */
  const char *table;    /* file */
  int line;
  const char *id;
  const char *what;
  const char *scenario; /* as written, beside the table in scenarios/ */
  const char *run;      /* scenario, overrides and n as written: equal text is one run */
  const char *overrides[CASE_OVERRIDES];
  size_t n_overrides;
  uint32_t replications;
  double expected;
  double expected_se; /* where the expected value is an estimate itself; else 0 */
  tolerance tolerance;
  double precision; /* the largest standard error, or the tolerance; INFINITY: not said */
  const char *measure;
  expression expression;
  char run_text[CASE_TEXT];
} theory_case;

/* Reads a table behind the cases that are there. False after a message to stderr. */
bool cases_read(const char *path, theory_case ***cases, size_t *count);
void cases_free(theory_case **cases, size_t count);

#endif
