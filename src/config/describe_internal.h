/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reference as plain tables: describe.c says what is in them, describe_text.c how they look. */
#ifndef MNZ_CONFIG_DESCRIBE_INTERNAL_H
#define MNZ_CONFIG_DESCRIBE_INTERNAL_H

#include "base/memory.h"
#include "monazite/result.h"
#include "monazite/scenario.h"

#define MNZ_DOC_COLUMNS 5
#define MNZ_DOC_TABLES  5

typedef struct mnz_doc_row {
  int32_t depth; /* of nesting */
  const char *cell[MNZ_DOC_COLUMNS];
} mnz_doc_row;

typedef struct mnz_doc_table {
  const char *heading;
  const char *columns[MNZ_DOC_COLUMNS + 1]; /* ends with NULL */
  mnz_doc_row *rows;
  size_t count;
  size_t capacity;
} mnz_doc_table;

typedef struct mnz_doc {
  const char *topic;
  const char *help;
  mnz_doc_table tables[MNZ_DOC_TABLES];
  size_t count;
} mnz_doc;

/* What results hold: variables without data and axes without labels. *out is the caller's. */
mnz_status mnz_describe_results(mnz_result **out, mnz_error *err);

/* *text is the caller's: free(). Fails only when memory is out. */
mnz_status mnz_doc_print(const mnz_doc *doc, mnz_describe_format format, char **text, mnz_error *err);

#endif
