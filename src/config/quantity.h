/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text to quantities: "10.5 kt/yr REO", "45 d", "38 %", "triangular(12 d, 15 d, 33 d)",
 * "days_of_cover(45 d)". One table of units; everything ends in the base units of domain/param.h. */
#ifndef MNZ_CONFIG_QUANTITY_H
#define MNZ_CONFIG_QUANTITY_H

#include "base/memory.h"
#include "domain/catalog.h"
#include "domain/param.h"

/* What the texts may refer to. */
typedef struct mnz_quantity_context {
  mnz_names elements; /* for bases: "REO", "Nd+Pr" */
  int64_t start_us;   /* of the scenario, for dates */
  const char *file;   /* that says it, for empirical(...) tables */
  mnz_arena *arena;
} mnz_quantity_context;

/* All return MNZ_OK or MNZ_SCENARIO with err->message "what was found; what was expected" (for example:
 * `found "38 kt"; expected a time such as "45 d"`), or MNZ_NO_MEMORY. */
mnz_status mnz_quantity_number(const char *text, mnz_dim dim, const mnz_quantity_context *context,
                               double *value, mnz_error *err);
/* Exact where the decimal number is whole in the base unit, else rounded to the nearest whole one. */
mnz_status mnz_quantity_mass(const char *text, mnz_mass *value, mnz_error *err);
mnz_status mnz_quantity_time(const char *text, mnz_time *value, mnz_error *err);
mnz_status mnz_quantity_date(const char *text, int64_t *us_since_1970, mnz_error *err);
mnz_status mnz_quantity_growth(const char *text, double *per_us, mnz_error *err); /* "12 %/yr" */
/* "40 %/yr" as what it is after a microsecond: it grows with the square root of time. */
mnz_status mnz_quantity_volatility(const char *text, double *per_us, mnz_error *err);
mnz_status mnz_quantity_process(const char *text, mnz_process *value, mnz_error *err);
mnz_status mnz_quantity_rate(const char *text, const mnz_quantity_context *context, mnz_rate *value,
                             mnz_error *err);
/* A mass with a basis: "1 kt", "1 kt Nd+Pr". */
mnz_status mnz_quantity_amount(const char *text, const mnz_quantity_context *context, mnz_amount *value,
                               mnz_error *err);
/* A time or a distribution of times, all of whose numbers are working days or none. */
mnz_status mnz_quantity_delay(const char *text, const mnz_quantity_context *context, mnz_delay *value,
                              mnz_error *err);
mnz_status mnz_quantity_distribution(const char *text, mnz_dim dim, const mnz_quantity_context *context,
                                     mnz_distribution *value, mnz_error *err);
mnz_status mnz_quantity_policy(const char *text, mnz_policy *value, mnz_error *err);

/* The units, for the reference and for messages: name, dimension, size in base units; ends with NULL. */
typedef struct mnz_unit {
  const char *name;
  mnz_dim dim;
  double size;
  const char *help;
} mnz_unit;
extern const mnz_unit mnz_units[];
/* An example of the dimension as a user would write it: `"45 d"`. */
const char *mnz_quantity_example(mnz_dim dim);
/* A value in base units as a user would write it, for messages: "20 t", "45 d", "38 %"; reads back as the
 * same value. Dates are counted since 1970 here. Into the arena; NULL when memory is out. */
const char *mnz_quantity_write(double value, mnz_dim dim, mnz_arena *arena, mnz_error *err);

#endif
