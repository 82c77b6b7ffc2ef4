/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files that read quantities share with each other and with the binder. */
#ifndef MNZ_CONFIG_QUANTITY_INTERNAL_H
#define MNZ_CONFIG_QUANTITY_INTERNAL_H

#include "base/text.h"
#include "config/quantity.h"

#define MNZ_QUOTE_ROOM    96
#define MNZ_QUANTITY_ROOM 48

static inline bool mnz_is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
static inline const char *mnz_skip_spaces(const char *at) {
  while (mnz_is_space(*at)) at++;
  return at;
}

/* A text as it goes into a message: in double quotes, on one line, in valid UTF-8, cut when long. Returns
 * out. */
const char *mnz_quantity_quote(const char *text, char out[MNZ_QUOTE_ROOM]);

/* mnz_text_nearest, but a word with no letter in common is not near, however short they are. */
const char *mnz_quantity_meant(const char *word, const char *const *words, size_t count);

/* mnz_quantity_write without an arena; a date is counted since 1970. Returns out. */
const char *mnz_quantity_format(double value, mnz_dim dim, char out[MNZ_QUANTITY_ROOM]);

/* The same in this unit ("d", "t/d", "" for none) where some number of it reads back as the same value. */
const char *mnz_quantity_format_in(double value, mnz_dim dim, const char *unit, char out[MNZ_QUANTITY_ROOM]);

/* NULL if there is none of that name (case counts). */
const mnz_unit *mnz_unit_find(const char *name);
/* The unit of that dimension that was probably meant ("T": "t", "days": "d"), or NULL. */
const char *mnz_unit_meant(const char *word, mnz_dim dim);
/* `a mass such as "20 t"`. */
const char *mnz_quantity_phrase(mnz_dim dim);

/* How a form is written: `triangular(min, mode, max)`; where the order says nothing,
 * `lognormal(median ..., sigma ...)`. */
void mnz_distribution_signature(mnz_buffer *out, const mnz_dist_form *form);

/* How a policy is written: `sS(s, S, [when])`. */
void mnz_policy_signature(mnz_buffer *out, const mnz_policy_form *form);
/* `gbm([drift ...], volatility ...)` */
void mnz_process_signature(mnz_buffer *out, const mnz_process_form *form);

/* Whether the text is `empirical('file.csv', ...)`, and then what its numbers are measured in ("" if that is
 * not said). */
bool mnz_distribution_table_unit(const char *text, char unit[MNZ_QUANTITY_ROOM]);

/* A column of numbers in a CSV file with a header line. `file` is relative to the file of the context. Each
 * cell is read as if it had the unit behind it ("" for none); empty cells are no values. */
typedef struct mnz_table_column {
  const char *file;
  const char *column;
  const char *unit;
  mnz_dim dim;
} mnz_table_column;

/* *values are in the context's arena. Fails with MNZ_SCENARIO, the message being without the text that asked
 * for the table, or MNZ_NO_MEMORY. */
mnz_status mnz_table_column_read(const mnz_table_column *table, const mnz_quantity_context *context,
                                 double **values, size_t *count, mnz_error *err);

#endif
