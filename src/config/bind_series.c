/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dated values in a CSV file: from_csv('demand.csv', date 'month', rate 'tonnes', unit 't/month'), or prices.
 * As with other tables (bind_table.c), what the file says takes the place of its name in the tree: a list of
 * steps.
 */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "config/bind_internal.h"
#include "config/call_text.h"
#include "config/tree_parts.h"
#include "domain/spec_money.h"

enum { MOST_STEPS = 20000 };
enum { FILE_NAME, DATE, VALUE, UNIT, N_PARTS };

/* What the steps are of: the key, which is the argument's name too. */
typedef struct series_kind {
  const char *key;
  mnz_dim dim;
  const char *expected;
} series_kind;
static const series_kind of_rates = {
    "rate", MNZ_DIM_RATE, "expected from_csv('demand.csv', date 'month', rate 'tonnes', unit 't/month')"};
static const series_kind of_prices = {
    "price", MNZ_DIM_PRICE, "expected from_csv('prices.csv', date 'day', price 'dysprosium', unit 'USD/kg')"};

static bool unquote(char *value) {
  const size_t length = strlen(value);
  if (length < 3 || value[0] != '\'' || value[length - 1] != '\'') return false;
  memmove(value, value + 1, length - 2);
  value[length - 2] = '\0';
  return true;
}

static mnz_status read_parts(const char *text, const series_kind *kind, mnz_argument parts[N_PARTS],
                             mnz_error *err) {
  const char *const names[N_PARTS] = {"", "date", kind->key, "unit"};
  mnz_call c;
  mnz_status status = mnz_call_read(text, &c, err);
  for (size_t p = 0; p < N_PARTS; p++) parts[p] = (mnz_argument){.value = ""};
  for (size_t left = status == MNZ_OK ? c.count : 0; left > 0 && status == MNZ_OK; left--) {
    mnz_argument arg;
    size_t p = 0;
    if ((status = mnz_call_take(text, &c, &arg, err)) != MNZ_OK) return status;
    while (p < N_PARTS && strcmp(names[p], arg.name) != 0) p++;
    if (p == N_PARTS || parts[p].value[0] != '\0' || !unquote(arg.value))
      return mnz_call_wrong_since(text, kind->expected, err);
    parts[p] = arg;
  }
  for (size_t p = 0; p < N_PARTS && status == MNZ_OK; p++)
    if (parts[p].value[0] == '\0') status = mnz_call_wrong_since(text, kind->expected, err);
  return status;
}

static void add_text(mnz_binder *b, mnz_tree *group, const char *name, const char *text) {
  mnz_tree *const child = mnz_bind_alloc(b, 1, sizeof *child);
  const char *const kept = mnz_arena_text(b->arena, text, b->err);
  if (child == NULL || kept == NULL) {
    b->status = MNZ_NO_MEMORY;
    return;
  }
  *child = (mnz_tree){
      .type = MNZ_TREE_STRING, .name = name, .text = kept, .file = group->file, .line = group->line};
  mnz_tree_append(group, child);
}

static void add_step(mnz_binder *b, mnz_tree *list, const series_kind *kind, double date, double value,
                     const char *unit) {
  char text[MNZ_QUANTITY_ROOM];
  mnz_tree *const group = mnz_bind_alloc(b, 1, sizeof *group);
  if (group == NULL) return;
  *group = (mnz_tree){.type = MNZ_TREE_GROUP, .file = list->file, .line = list->line};
  add_text(b, group, "from", mnz_quantity_format((double)b->quantities.start_us + date, MNZ_DIM_DATE, text));
  add_text(b, group, kind->key, mnz_quantity_format_in(value, kind->dim, unit, text));
  mnz_tree_append(list, group);
}

static mnz_status read_series(mnz_binder *b, const series_kind *kind, mnz_tree *tree, mnz_error *err) {
  mnz_argument parts[N_PARTS];
  double *dates;
  double *values;
  size_t n_dates;
  size_t n_values;
  mnz_error why;
  mnz_status status = read_parts(tree->text, kind, parts, err);
  if (status != MNZ_OK) return status;
  mnz_table_column column = {
      .file = parts[FILE_NAME].value, .column = parts[DATE].value, .unit = "", .dim = MNZ_DIM_DATE};
  b->quantities.file = tree->file;
  status = mnz_table_column_read(&column, &b->quantities, &dates, &n_dates, &why);
  column = (mnz_table_column){.file = parts[FILE_NAME].value,
                              .column = parts[VALUE].value,
                              .unit = parts[UNIT].value,
                              .dim = kind->dim};
  if (status == MNZ_OK) status = mnz_table_column_read(&column, &b->quantities, &values, &n_values, &why);
  if (status == MNZ_SCENARIO) return mnz_call_wrong_since(tree->text, why.message, err);
  if (status != MNZ_OK) return mnz_fail(err, status, why.where, "%s", why.message);
  if (n_dates != n_values || n_dates == 0)
    return mnz_call_wrong_since(tree->text, "expected as many dates as values, and at least one", err);
  if (n_dates > MOST_STEPS) return mnz_call_wrong_since(tree->text, "expected at most 20000 rows", err);
  tree->said = tree->text;
  tree->type = MNZ_TREE_LIST;
  tree->text = NULL;
  for (size_t i = 0; i < n_dates && b->status == MNZ_OK; i++)
    add_step(b, tree, kind, dates[i], values[i], parts[UNIT].value);
  return b->status;
}

static bool bind_series(mnz_binder *b, const series_kind *kind, mnz_tree *tree) {
  mnz_error why;
  if (strncmp(mnz_skip_spaces(tree->text), "from_csv", 8) != 0) return false;
  const mnz_status status = read_series(b, kind, tree, &why);
  if (status == MNZ_OK) return true;
  if (status == MNZ_NO_MEMORY)
    b->status = status;
  else
    mnz_bind_error(b, tree, NULL, "%s", why.message);
  return false;
}

bool mnz_bind_series(mnz_binder *b, mnz_tree *tree) {
  return bind_series(b, &of_rates, tree);
}

void mnz_bind_price_steps(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  const mnz_param list = {.name = param->name,
                          .type = MNZ_PARAM_LIST,
                          .fields = mnz_price_step_params,
                          .item_size = sizeof(mnz_price_step)};
  const size_t errors = b->errors;
  if (tree->type == MNZ_TREE_STRING && !bind_series(b, &of_prices, tree)) {
    if (b->errors == errors && b->status == MNZ_OK) mnz_bind_wrong(b, param, tree);
    return;
  }
  mnz_bind_list(b, &list, tree, out);
}
