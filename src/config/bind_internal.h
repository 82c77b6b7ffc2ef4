/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the binder share; the tests drive single tables through it. */
#ifndef MNZ_CONFIG_BIND_INTERNAL_H
#define MNZ_CONFIG_BIND_INTERNAL_H

#include "config/quantity_internal.h"
#include "config/tree.h"

#define MNZ_NAME_MAX 64 /* bytes of a name */

/* The elements of one or two lists in order of their names. An id is a place here. */
typedef struct mnz_symbols {
  const char **names;
  mnz_tree **items;
  int32_t count;
} mnz_symbols;

typedef struct mnz_binder {
  mnz_finder *findings;
  mnz_arena *arena; /* of everything that is bound, and of messages */
  mnz_quantity_context quantities;
  mnz_names origins;
  mnz_symbols materials;
  mnz_symbols nodes; /* demands are among them */
  mnz_symbols links;
  mnz_symbols disruptions;
  const mnz_tree *root;
  struct mnz_named_list *named; /* other lists that something refers to, as they are met */
  size_t table_values;          /* of all tables so far */
  size_t errors;                /* raised so far */
  mnz_status status;            /* MNZ_NO_MEMORY sticks: look once, at the end */
  mnz_error *err;
} mnz_binder;

/* --- bind.c: groups and lists by tables. All of them report to the findings. --- */

/* Binds the keys of a table; every field gets a value: written, default, or none. */
void mnz_bind_fields(mnz_binder *b, const mnz_tree *group, const mnz_param *table, void *out);
/* Reports keys that neither table knows (`more` may be NULL). `label` is what the group is called: "a
 * plant". */
void mnz_bind_unknown(mnz_binder *b, const mnz_tree *group, const mnz_param *table, const mnz_param *more,
                      const char *label);
/* A param of type GROUP or LIST. */
void mnz_bind_group(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out);
void mnz_bind_list(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out);

/* --- bind_value.c: single values --- */

/* An error at `at`, or at its key `key` if that is not NULL. */
void mnz_bind_error(mnz_binder *b, const mnz_tree *at, const char *key, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* `found the text "x"; expected a mass such as "20 t"` */
void mnz_bind_wrong(mnz_binder *b, const mnz_param *param, const mnz_tree *tree);
/* Zeroed memory, or NULL (remembered). */
void *mnz_bind_alloc(mnz_binder *b, int32_t count, size_t size);
/* The value of a field that is neither given nor defaulted. */
void mnz_bind_none(const mnz_param *param, void *out);
/* What is written at `tree` into *out, which holds the none value and keeps it if something is wrong. */
void mnz_bind_value(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out);
/* A share or a number as such; false, with an error, if the tree is neither. */
bool mnz_bind_plain(mnz_binder *b, const mnz_param *param, const mnz_tree *tree, mnz_dim dim, double *value);
/* Whether low .. high, what a value may be, is within the limits of the param; reports it if not. */
bool mnz_bind_check_range(mnz_binder *b, const mnz_param *param, const mnz_tree *tree, double low,
                          double high);

/* --- bind_many.c: readers of values that are lists or groups of their own shape --- */

void mnz_bind_names(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out);
void mnz_bind_elements(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out);
void mnz_bind_materials(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out);
void mnz_bind_targets(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out);
void mnz_bind_review(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out);
void mnz_bind_months(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out);
void mnz_bind_place(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out);
/* Also for a recovery by element, whose numbers are shares. */
void mnz_bind_split(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out);
void mnz_bind_schedule(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out);
extern const mnz_param mnz_schedule_params[]; /* of one step */

/* --- bind_series.c: dated values from a table --- */

/* from_csv(...) as a list of steps, in its place; whether the tree is now such a list. */
bool mnz_bind_series(mnz_binder *b, mnz_tree *tree);
/* Steps of a price, or from_csv(...). */
void mnz_bind_price_steps(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out);

/* --- bind_table.c: tables of numbers --- */

/* What was read from `text`, which stands at `tree` in one or several pieces, becomes part of the tree if it
 * came from a file. Reports a scenario with too many values. */
void mnz_bind_table(mnz_binder *b, mnz_tree *tree, const char *text, mnz_dim dim,
                    const mnz_distribution *value);

/* --- bind_symbols.c: names --- */

/* The groups of `list` and of `more` (either may be NULL, or no list), by name if `sorted`. */
void mnz_symbols_collect(mnz_binder *b, const mnz_tree *list, const mnz_tree *more, bool sorted,
                         mnz_symbols *out);
/* The groups of the top-level list `key` by name; NULL when memory is out. */
const mnz_symbols *mnz_symbols_of(mnz_binder *b, const char *key);
/* The place of a name, or -1. */
int32_t mnz_symbols_find(const mnz_symbols *symbols, const char *name);
/* Reports names that are used twice, or are no names. */
void mnz_symbols_check(mnz_binder *b, const mnz_symbols *symbols);
/* Reports names of nodes, links, disruptions and regimes that the program could not keep apart. */
void mnz_symbols_check_streams(mnz_binder *b);
/* Reports a text that is no name: empty, too long, not printable. */
void mnz_name_check(mnz_binder *b, const mnz_tree *name);
/* The id of what a text names, `what` being a material, a node, ...; -1, with an error, if there is none. */
int32_t mnz_symbols_refer(mnz_binder *b, const char *what, const mnz_symbols *symbols, const mnz_tree *tree);
/* The same in a list of plain names; an error is told at `at`. */
int32_t mnz_names_refer(mnz_binder *b, const char *what, mnz_names names, const mnz_tree *at,
                        const char *name);
/* Reports a name that there is not; `meant` may be NULL. */
void mnz_bind_no_such(mnz_binder *b, const char *what, const mnz_tree *at, const char *name,
                      const char *meant);

#endif
