/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One value: from the tree to the field, by the type of its parameter. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "config/bind_internal.h"
#include "config/param_text.h"
#include "config/tree_parts.h"

/* ---- memory and errors ---- */

void *mnz_bind_alloc(mnz_binder *b, int32_t count, size_t size) {
  void *memory = mnz_arena_alloc(b->arena, (size_t)count, size, b->err);
  if (memory == NULL) b->status = MNZ_NO_MEMORY;
  return memory;
}

void mnz_bind_error(mnz_binder *b, const mnz_tree *at, const char *key, const char *format, ...) {
  char message[1024];
  va_list args;
  va_start(args, format);
  (void)vsnprintf(message, sizeof message, format, args);
  va_end(args);

  /* A place in a list is found by counting: not for each of a hundred thousand mistakes. */
  const bool told = !mnz_finder_is_full(b->findings);
  const char *path = told ? mnz_tree_path(at, b->arena, b->err) : "";
  if (told && path != NULL && key != NULL)
    path = mnz_arena_format(b->arena, b->err, "%s%s%s", path, path[0] != '\0' ? "." : "", key);
  if (path == NULL) b->status = MNZ_NO_MEMORY;
  mnz_finder_error(b->findings, at->file, at->line, path != NULL ? path : "", "%s", message);
  b->errors++;
}

/* Reports a refusal from the readers of quantities. */
static void report(mnz_binder *b, const mnz_tree *tree, const mnz_error *why) {
  if (why->status == MNZ_NO_MEMORY)
    b->status = mnz_fail(b->err, MNZ_NO_MEMORY, NULL, "%s", why->message);
  else
    mnz_bind_error(b, tree, NULL, "%s", why->message);
}

void mnz_bind_wrong(mnz_binder *b, const mnz_param *param, const mnz_tree *tree) {
  mnz_buffer expected = {0};
  mnz_param_phrase(&expected, param);
  const char *found = mnz_tree_found(tree, b->arena, b->err);
  if (expected.failed || found == NULL)
    b->status = MNZ_NO_MEMORY;
  else
    mnz_bind_error(b, tree, NULL, "found %s; expected %s", found, expected.at);
  mnz_buffer_free(&expected);
}

/* What stands at a value: a text in quotes, or what the tree says of itself. */
static const char *found_value(mnz_binder *b, const mnz_tree *tree, char room[MNZ_QUOTE_ROOM]) {
  if (tree->type == MNZ_TREE_STRING) return mnz_quantity_quote(tree->text, room);
  const char *found = mnz_tree_found(tree, b->arena, b->err);
  if (found == NULL) b->status = MNZ_NO_MEMORY;
  return found != NULL ? found : "";
}

bool mnz_bind_check_range(mnz_binder *b, const mnz_param *param, const mnz_tree *tree, double low,
                          double high) {
  const bool too_low = low < mnz_param_least(param);
  if (!too_low && high <= mnz_param_greatest(param)) return true;
  mnz_buffer limit = {0};
  mnz_param_write(&limit, param, too_low ? mnz_param_least(param) : mnz_param_greatest(param));
  char room[MNZ_QUOTE_ROOM];
  if (limit.failed)
    b->status = MNZ_NO_MEMORY;
  else
    mnz_bind_error(b, tree, NULL, "found %s; expected at %s %s%s", found_value(b, tree, room),
                   too_low ? "least" : "most", limit.at, low < high ? " in every draw" : "");
  mnz_buffer_free(&limit);
  return false;
}

/* ---- nothing said ---- */

void mnz_bind_none(const mnz_param *param, void *out) {
  switch (param->type) {
  case MNZ_PARAM_CHOICE:
  case MNZ_PARAM_COUNT:
  case MNZ_PARAM_MATERIAL:
  case MNZ_PARAM_NODE:
  case MNZ_PARAM_ORIGIN:
  case MNZ_PARAM_NAMED:
    *(int32_t *)out = -1;
    return;
  case MNZ_PARAM_NUMBER:
  case MNZ_PARAM_SHARE:
  case MNZ_PARAM_GROWTH:
  case MNZ_PARAM_MONEY:
    *(double *)out = NAN;
    return;
  case MNZ_PARAM_MASS:
  case MNZ_PARAM_TIME:
    *(int64_t *)out = -1;
    return;
  case MNZ_PARAM_DATE:
  case MNZ_PARAM_MOMENT:
    *(int64_t *)out = MNZ_NO_DATE;
    return;
  case MNZ_PARAM_PRICE:
    *(mnz_price *)out = (mnz_price){.index = -1, .constant = NAN};
    return;
  case MNZ_PARAM_RATE:
    *(mnz_rate *)out = (mnz_rate){.per_us = -1};
    return;
  case MNZ_PARAM_DISTRIBUTION:
    *(mnz_distribution *)out = mnz_distribution_constant(NAN);
    return;
  case MNZ_PARAM_DELAY:
    *(mnz_delay *)out = (mnz_delay){.time = mnz_distribution_constant(NAN)};
    return;
  case MNZ_PARAM_AMOUNT:
    *(mnz_amount *)out = (mnz_amount){.mass = -1};
    return;
  case MNZ_PARAM_RECOVERY:
    *(mnz_recovery *)out = (mnz_recovery){.all = mnz_distribution_constant(NAN)};
    return;
  case MNZ_PARAM_MONTHS:
    for (int i = 0; i < 12; i++) ((mnz_months *)out)->factor[i] = 1;
    ((mnz_months *)out)->given = false;
    return;
  case MNZ_PARAM_REVIEW:
    *(mnz_review *)out = (mnz_review){.every = -1};
    return;
  case MNZ_PARAM_PLACE:
    ((double *)out)[0] = NAN;
    ((double *)out)[1] = NAN;
    return;
  case MNZ_PARAM_TEXT:
  case MNZ_PARAM_FLAG:
  case MNZ_PARAM_PROCESS:
  case MNZ_PARAM_PRICE_STEPS:
  case MNZ_PARAM_SCHEDULE:
  case MNZ_PARAM_POLICY:
  case MNZ_PARAM_SPLIT:
  case MNZ_PARAM_ELEMENTS:
  case MNZ_PARAM_NAMES:
  case MNZ_PARAM_MATERIALS:
  case MNZ_PARAM_TARGETS:
  case MNZ_PARAM_GROUP:
  case MNZ_PARAM_LIST:
    return; /* zero, as the memory is */
  }
}

/* ---- plain values ---- */

static void read_text(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  (void)param;
  const char *text = mnz_arena_text(b->arena, tree->text, b->err);
  if (text == NULL) b->status = MNZ_NO_MEMORY;
  *(const char **)out = text;
}

static void read_flag(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  (void)b;
  (void)param;
  *(bool *)out = tree->flag;
}

static void read_choice(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  int32_t n = 0;
  for (; param->choices[n] != NULL; n++) {
    if (strcmp(param->choices[n], tree->text) != 0) continue;
    *(int32_t *)out = n;
    return;
  }
  const char *meant = mnz_quantity_meant(tree->text, param->choices, (size_t)n);
  char found[MNZ_QUOTE_ROOM];
  if (meant != NULL)
    mnz_bind_error(b, tree, NULL, "found %s; did you mean \"%s\"?", mnz_quantity_quote(tree->text, found),
                   meant);
  else
    mnz_bind_wrong(b, param, tree);
}

static void read_count(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  if (tree->integer < INT32_MIN || tree->integer > INT32_MAX)
    mnz_bind_wrong(b, param, tree);
  else if (mnz_bind_check_range(b, param, tree, (double)tree->integer, (double)tree->integer))
    *(int32_t *)out = (int32_t)tree->integer;
}

bool mnz_bind_plain(mnz_binder *b, const mnz_param *param, const mnz_tree *tree, mnz_dim dim, double *value) {
  double number = NAN;
  mnz_error why;
  if (tree->type == MNZ_TREE_STRING &&
      mnz_quantity_number(tree->text, dim, &b->quantities, &number, &why) != MNZ_OK) {
    report(b, tree, &why);
    return false;
  }
  if (tree->type == MNZ_TREE_INTEGER) number = (double)tree->integer;
  if (tree->type == MNZ_TREE_FLOAT) number = tree->number;
  /* What is none of these, and what overflowed where the file was read. */
  if (!isfinite(number)) {
    mnz_bind_wrong(b, param, tree);
    return false;
  }
  *value = number;
  return true;
}

static void read_number(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  const mnz_dim dim = param->type == MNZ_PARAM_SHARE ? MNZ_DIM_SHARE : MNZ_DIM_NUMBER;
  double value;
  if (mnz_bind_plain(b, param, tree, dim, &value) && mnz_bind_check_range(b, param, tree, value, value))
    *(double *)out = value;
}

/* ---- quantities in a text ---- */

static void read_amount(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  mnz_error why;
  int64_t value;
  const mnz_status status = param->type == MNZ_PARAM_MASS ? mnz_quantity_mass(tree->text, &value, &why)
                                                          : mnz_quantity_time(tree->text, &value, &why);
  if (status != MNZ_OK)
    report(b, tree, &why);
  else if (mnz_bind_check_range(b, param, tree, (double)value, (double)value))
    *(int64_t *)out = value;
}

static void read_date(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  mnz_error why;
  int64_t us;
  if (mnz_quantity_date(tree->text, &us, &why) != MNZ_OK)
    report(b, tree, &why);
  else
    *(int64_t *)out = param->type == MNZ_PARAM_DATE ? us - b->quantities.start_us : us;
}

static void read_growth(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  mnz_error why;
  double value;
  if (mnz_quantity_growth(tree->text, &value, &why) != MNZ_OK)
    report(b, tree, &why);
  else if (mnz_bind_check_range(b, param, tree, value, value))
    *(double *)out = value;
}

static void read_money(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  double value;
  if (mnz_bind_plain(b, param, tree, param->dim, &value) &&
      mnz_bind_check_range(b, param, tree, value, value))
    *(double *)out = value;
}

static void read_rate(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  mnz_error why;
  mnz_rate value;
  if (mnz_quantity_rate(tree->text, &b->quantities, &value, &why) != MNZ_OK)
    report(b, tree, &why);
  else if (mnz_bind_check_range(b, param, tree, value.per_us, value.per_us))
    *(mnz_rate *)out = value;
}

static void read_amount_of(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  mnz_error why;
  mnz_amount value;
  if (mnz_quantity_amount(tree->text, &b->quantities, &value, &why) != MNZ_OK)
    report(b, tree, &why);
  else if (mnz_bind_check_range(b, param, tree, (double)value.mass, (double)value.mass))
    *(mnz_amount *)out = value;
}

static void read_policy(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  (void)param;
  mnz_error why;
  if (mnz_quantity_policy(tree->text, out, &why) != MNZ_OK) report(b, tree, &why);
}

static void read_process(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  (void)param;
  mnz_error why;
  if (mnz_quantity_process(tree->text, out, &why) != MNZ_OK) report(b, tree, &why);
}

/* ---- distributions ---- */

/* The pieces of a text as one text; NULL, with an error, if they are none. */
static const char *join_pieces(mnz_binder *b, const mnz_param *param, const mnz_tree *list) {
  mnz_buffer whole = {0};
  char room[MNZ_QUOTE_ROOM];
  if (list->first == NULL) {
    mnz_bind_wrong(b, param, list);
    return NULL;
  }
  for (const mnz_tree *t = list->first; t != NULL; t = t->next) {
    if (t->type != MNZ_TREE_STRING) {
      mnz_bind_error(b, t, NULL, "found %s; expected a piece of a distribution's text, in quotes",
                     found_value(b, t, room));
      mnz_buffer_free(&whole);
      return NULL;
    }
    mnz_buffer_add(&whole, t->text);
    if (t->next != NULL) mnz_buffer_add(&whole, " ");
  }
  const char *const text = mnz_tree_keep(&whole, b->arena, b->err);
  if (text == NULL) b->status = MNZ_NO_MEMORY;
  return text;
}

static bool distribution(mnz_binder *b, const mnz_param *param, const mnz_tree *tree, mnz_dim dim,
                         mnz_distribution *value) {
  double constant;
  mnz_error why;
  b->quantities.file = tree->file;
  /* A bare number is enough only where there is no unit to forget. */
  if (tree->type != MNZ_TREE_STRING && dim != MNZ_DIM_NUMBER && dim != MNZ_DIM_SHARE) {
    mnz_bind_wrong(b, param, tree);
    return false;
  }
  if (tree->type != MNZ_TREE_STRING) {
    const bool plain = mnz_bind_plain(b, param, tree, dim, &constant);
    if (plain) *value = mnz_distribution_constant(constant);
    return plain;
  }
  if (mnz_quantity_distribution(tree->text, dim, &b->quantities, value, &why) == MNZ_OK) return true;
  report(b, tree, &why);
  return false;
}

static void bind_distribution(mnz_binder *b, const mnz_param *param, mnz_tree *tree, mnz_dim dim,
                              mnz_distribution *out) {
  mnz_distribution value;
  mnz_tree whole = *tree;
  if (tree->type == MNZ_TREE_LIST) {
    whole.type = MNZ_TREE_STRING;
    whole.text = join_pieces(b, param, tree);
    if (whole.text == NULL) return;
  }
  if (!distribution(b, param, &whole, dim, &value) ||
      !mnz_bind_check_range(b, param, &whole, mnz_distribution_least(&value),
                            mnz_distribution_greatest(&value)))
    return;
  *out = value;
  if (whole.type == MNZ_TREE_STRING) mnz_bind_table(b, tree, whole.text, dim, &value);
}

static void read_distribution(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  bind_distribution(b, param, tree, param->dim, out);
}

/* Is one of a group's values more than a plain share? */
static bool has_distribution(const mnz_tree *group) {
  for (const mnz_tree *t = group->first; t != NULL; t = t->next) {
    if (t->type == MNZ_TREE_LIST || (t->type == MNZ_TREE_STRING && strchr(t->text, '(') != NULL)) return true;
  }
  return false;
}

static void read_recovery_by_element(mnz_binder *b, const mnz_param *param, mnz_tree *group,
                                     mnz_recovery *out) {
  mnz_distribution *element = mnz_bind_alloc(b, MNZ_MAX_ELEMENTS, sizeof *element);
  if (element == NULL) return;
  for (mnz_tree *t = group->first; t != NULL; t = t->next) {
    t->used = true;
    const int32_t e = mnz_names_refer(b, "element", b->quantities.elements, t, t->name);
    if (e < 0) continue;
    element[e] = mnz_distribution_constant(NAN);
    bind_distribution(b, param, t, MNZ_DIM_SHARE, &element[e]);
    out->by_element.at[e] = mnz_distribution_mean(&element[e]);
    out->by_element.given |= UINT32_C(1) << e;
  }
  out->element = element;
}

static void read_recovery(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  mnz_recovery *recovery = out;
  if (tree->type != MNZ_TREE_GROUP)
    bind_distribution(b, param, tree, MNZ_DIM_SHARE, &recovery->all);
  else if (!has_distribution(tree))
    mnz_bind_split(b, param, tree, &recovery->by_element);
  else
    read_recovery_by_element(b, param, tree, recovery);
}

static void read_delay(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  mnz_error why;
  mnz_delay value;
  const char *const text = tree->type == MNZ_TREE_LIST ? join_pieces(b, param, tree) : tree->text;
  b->quantities.file = tree->file;
  if (text == NULL) return;
  if (mnz_quantity_delay(text, &b->quantities, &value, &why) != MNZ_OK) {
    report(b, tree, &why);
  } else if (mnz_bind_check_range(b, param, tree, mnz_distribution_least(&value.time),
                                  mnz_distribution_greatest(&value.time))) {
    *(mnz_delay *)out = value;
    mnz_bind_table(b, tree, text, MNZ_DIM_TIME, &value.time);
  }
}

/* ---- references ---- */

static void read_material(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  (void)param;
  *(int32_t *)out = mnz_symbols_refer(b, "material", &b->materials, tree);
}

static void read_node(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  (void)param;
  *(int32_t *)out = mnz_symbols_refer(b, "node", &b->nodes, tree);
}

static void read_origin(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  (void)param;
  *(int32_t *)out = mnz_names_refer(b, "origin", b->origins, tree, tree->text);
}

/* "crews" -> there is no crew "X" */
static void read_named(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  char what[MNZ_QUOTE_ROOM];
  (void)snprintf(what, sizeof what, "%.*s", (int)strlen(param->refers) - 1, param->refers);
  const mnz_symbols *const symbols = mnz_symbols_of(b, param->refers);
  if (symbols != NULL) *(int32_t *)out = mnz_symbols_refer(b, what, symbols, tree);
}

/* A number, or the name of one of the prices. */
static void read_price(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  static const mnz_param number = {.type = MNZ_PARAM_MONEY, .dim = MNZ_DIM_PRICE};
  const mnz_symbols *const prices = mnz_symbols_of(b, "prices");
  mnz_price *const price = out;
  if (prices == NULL) return;
  price->index = mnz_symbols_find(prices, tree->text);
  if (price->index >= 0) return;
  const char first = *mnz_skip_spaces(tree->text);
  double value;
  if (first != '-' && (first < '0' || first > '9'))
    (void)mnz_symbols_refer(b, "price", prices, tree);
  else if (mnz_bind_plain(b, &number, tree, MNZ_DIM_PRICE, &value) &&
           mnz_bind_check_range(b, param, tree, value, value))
    price->constant = value;
}

/* ---- by type ---- */

#define WRITTEN(type) (1U << MNZ_TREE_##type)
#define NUMERIC       (WRITTEN(INTEGER) | WRITTEN(FLOAT))

/* The types of tree that are worth reading, and who reads them. */
static const struct {
  unsigned written;
  void (*read)(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out);
} types[] = {
    [MNZ_PARAM_TEXT] = {WRITTEN(STRING), read_text},
    [MNZ_PARAM_CHOICE] = {WRITTEN(STRING), read_choice},
    [MNZ_PARAM_FLAG] = {WRITTEN(FLAG), read_flag},
    [MNZ_PARAM_COUNT] = {WRITTEN(INTEGER), read_count},
    [MNZ_PARAM_NUMBER] = {NUMERIC, read_number},
    [MNZ_PARAM_SHARE] = {WRITTEN(STRING) | NUMERIC, read_number},
    [MNZ_PARAM_MASS] = {WRITTEN(STRING), read_amount},
    [MNZ_PARAM_TIME] = {WRITTEN(STRING), read_amount},
    [MNZ_PARAM_DATE] = {WRITTEN(STRING), read_date},
    [MNZ_PARAM_MOMENT] = {WRITTEN(STRING), read_date},
    [MNZ_PARAM_GROWTH] = {WRITTEN(STRING), read_growth},
    [MNZ_PARAM_MONEY] = {WRITTEN(STRING), read_money},
    [MNZ_PARAM_PRICE] = {WRITTEN(STRING), read_price},
    [MNZ_PARAM_PRICE_STEPS] = {WRITTEN(STRING) | WRITTEN(LIST), mnz_bind_price_steps},
    [MNZ_PARAM_PROCESS] = {WRITTEN(STRING), read_process},
    [MNZ_PARAM_RATE] = {WRITTEN(STRING), read_rate},
    [MNZ_PARAM_SCHEDULE] = {WRITTEN(STRING) | WRITTEN(LIST), mnz_bind_schedule},
    [MNZ_PARAM_DISTRIBUTION] = {WRITTEN(STRING) | WRITTEN(LIST) | NUMERIC, read_distribution},
    [MNZ_PARAM_POLICY] = {WRITTEN(STRING), read_policy},
    [MNZ_PARAM_REVIEW] = {WRITTEN(STRING) | WRITTEN(GROUP), mnz_bind_review},
    [MNZ_PARAM_RECOVERY] = {WRITTEN(STRING) | WRITTEN(LIST) | NUMERIC | WRITTEN(GROUP), read_recovery},
    [MNZ_PARAM_SPLIT] = {WRITTEN(GROUP), mnz_bind_split},
    [MNZ_PARAM_ELEMENTS] = {WRITTEN(LIST), mnz_bind_elements},
    [MNZ_PARAM_NAMES] = {WRITTEN(LIST), mnz_bind_names},
    [MNZ_PARAM_MATERIAL] = {WRITTEN(STRING), read_material},
    [MNZ_PARAM_MATERIALS] = {WRITTEN(STRING) | WRITTEN(LIST), mnz_bind_materials},
    [MNZ_PARAM_NODE] = {WRITTEN(STRING), read_node},
    [MNZ_PARAM_TARGETS] = {WRITTEN(LIST), mnz_bind_targets},
    [MNZ_PARAM_ORIGIN] = {WRITTEN(STRING), read_origin},
    [MNZ_PARAM_NAMED] = {WRITTEN(STRING), read_named},
    [MNZ_PARAM_DELAY] = {WRITTEN(STRING) | WRITTEN(LIST), read_delay},
    [MNZ_PARAM_AMOUNT] = {WRITTEN(STRING), read_amount_of},
    [MNZ_PARAM_MONTHS] = {WRITTEN(LIST), mnz_bind_months},
    [MNZ_PARAM_PLACE] = {WRITTEN(LIST), mnz_bind_place},
    [MNZ_PARAM_GROUP] = {WRITTEN(GROUP), mnz_bind_group},
    [MNZ_PARAM_LIST] = {WRITTEN(LIST), mnz_bind_list},
};

void mnz_bind_value(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  if (types[param->type].written >> tree->type & 1U)
    types[param->type].read(b, param, tree, out);
  else
    mnz_bind_wrong(b, param, tree);
}
