/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values that are lists or groups of their own shape: names, elements, splits, places, schedules. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config/bind_internal.h"
#include "config/param_text.h"

/* ---- lists of names ---- */

/* Whether all elements of a list are texts, and a required list is not empty; reports it if not. */
static bool is_name_list(mnz_binder *b, const mnz_param *param, const mnz_tree *list) {
  if (list->first == NULL && param->required) {
    mnz_bind_wrong(b, param, list);
    return false;
  }
  for (const mnz_tree *t = list->first; t != NULL; t = t->next) {
    if (t->type == MNZ_TREE_STRING) continue;
    mnz_bind_wrong(b, param, t);
    return false;
  }
  return true;
}

typedef struct place {
  const mnz_tree *tree;
  int32_t at;
} place;

/* By text, equal ones in the order of the list. */
static int compare_places(const void *a, const void *b) {
  const place *x = a;
  const place *y = b;
  const int order = strcmp(x->tree->text, y->tree->text);
  return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

/* Reports texts that a list says twice. */
static void check_repeated(mnz_binder *b, const mnz_tree *list) {
  char found[MNZ_QUOTE_ROOM];
  int32_t n = 0;
  place *places = mnz_bind_alloc(b, list->count, sizeof *places);
  if (places == NULL) return;
  for (const mnz_tree *t = list->first; t != NULL; t = t->next, n++) places[n] = (place){t, n};
  qsort(places, (size_t)n, sizeof *places, compare_places);
  for (int32_t i = 1; i < n; i++) {
    const mnz_tree *t = places[i].tree;
    if (strcmp(t->text, places[i - 1].tree->text) == 0)
      mnz_bind_error(b, t, NULL, "%s is said twice", mnz_quantity_quote(t->text, found));
  }
}

void mnz_bind_names(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  if (!is_name_list(b, param, tree)) return;
  check_repeated(b, tree);
  const char **names = mnz_bind_alloc(b, tree->count, sizeof *names);
  if (names == NULL) return;
  int32_t count = 0;
  for (const mnz_tree *t = tree->first; t != NULL; t = t->next) {
    mnz_name_check(b, t);
    names[count] = mnz_arena_text(b->arena, t->text, b->err);
    if (names[count++] == NULL) b->status = MNZ_NO_MEMORY;
  }
  *(mnz_names *)out = (mnz_names){.at = names, .count = count};
}

void mnz_bind_elements(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  if (!is_name_list(b, param, tree)) return;
  check_repeated(b, tree);
  uint32_t mask = 0;
  for (const mnz_tree *t = tree->first; t != NULL; t = t->next) {
    const int32_t element = mnz_names_refer(b, "element", b->quantities.elements, t, t->text);
    if (element >= 0) mask |= UINT32_C(1) << element;
  }
  *(uint32_t *)out = mask;
}

void mnz_bind_materials(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  const bool is_list = tree->type == MNZ_TREE_LIST;
  if (is_list && !is_name_list(b, param, tree)) return;
  if (is_list) check_repeated(b, tree);
  int32_t *ids = mnz_bind_alloc(b, is_list ? tree->count : 1, sizeof *ids);
  if (ids == NULL) return;
  int32_t count = 0;
  for (const mnz_tree *t = is_list ? tree->first : tree; t != NULL; t = is_list ? t->next : NULL) {
    ids[count] = mnz_symbols_refer(b, "material", &b->materials, t);
    if (ids[count] >= 0) count++;
  }
  *(mnz_ids *)out = (mnz_ids){.at = ids, .count = count};
}

/* Nodes are looked for first, then links. */
void mnz_bind_targets(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  if (!is_name_list(b, param, tree)) return;
  check_repeated(b, tree);
  int32_t *ids = mnz_bind_alloc(b, tree->count, sizeof *ids);
  if (ids == NULL) return;
  int32_t count = 0;
  for (const mnz_tree *t = tree->first; t != NULL; t = t->next) {
    const int32_t node = mnz_symbols_find(&b->nodes, t->text);
    const int32_t link = mnz_symbols_find(&b->links, t->text);
    if (node >= 0 || link >= 0) {
      ids[count++] = node >= 0 ? node : -1 - link;
      continue;
    }
    const char *meant = mnz_quantity_meant(t->text, b->nodes.names, (size_t)b->nodes.count);
    if (meant == NULL) meant = mnz_quantity_meant(t->text, b->links.names, (size_t)b->links.count);
    mnz_bind_no_such(b, "node or link", t, t->text, meant);
  }
  *(mnz_targets *)out = (mnz_targets){.at = ids, .count = count};
}

/* ---- numbers by element ---- */

void mnz_bind_split(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  const bool shares = param->type == MNZ_PARAM_RECOVERY;
  const mnz_param one = {.type = shares ? MNZ_PARAM_SHARE : MNZ_PARAM_NUMBER,
                         .min = mnz_param_least(param),
                         .max = mnz_param_greatest(param)};
  mnz_split split = {.given = 0};
  int32_t percentages = 0;
  for (mnz_tree *t = tree->first; t != NULL; t = t->next) {
    t->used = true;
    const int32_t element = mnz_names_refer(b, "element", b->quantities.elements, t, t->name);
    double value;
    if (element < 0 || !mnz_bind_plain(b, &one, t, MNZ_DIM_SHARE, &value) ||
        !mnz_bind_check_range(b, &one, t, value, value))
      continue;
    if (t->type == MNZ_TREE_STRING && strchr(t->text, '%') != NULL) percentages++;
    split.at[element] = value;
    split.given |= UINT32_C(1) << element;
  }
  /* One forgotten % would count a hundredfold. */
  if (!shares && percentages > 0 && percentages < tree->count)
    mnz_bind_error(b, tree, NULL, "found numbers with and without %%; expected all of one sort");
  if (tree->first == NULL) mnz_bind_wrong(b, param, tree);
  *(mnz_split *)out = split;
}

/* ---- places ---- */

void mnz_bind_place(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  static const mnz_param degrees[] = {{.type = MNZ_PARAM_NUMBER, .min = -90, .max = 90},
                                      {.type = MNZ_PARAM_NUMBER, .min = -180, .max = 180}};
  if (tree->count != 2) {
    mnz_bind_wrong(b, param, tree);
    return;
  }
  mnz_bind_value(b, &degrees[0], tree->first, out);
  mnz_bind_value(b, &degrees[1], tree->last, (double *)out + 1);
}

/* ---- months ---- */

void mnz_bind_months(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  const mnz_param one = {.type = MNZ_PARAM_NUMBER, .min = param->min, .max = param->max};
  mnz_months months = {.given = true};
  int i = 0;
  if (tree->count != 12) {
    mnz_bind_wrong(b, param, tree);
    return;
  }
  for (mnz_tree *t = tree->first; t != NULL; t = t->next) mnz_bind_value(b, &one, t, &months.factor[i++]);
  *(mnz_months *)out = months;
}

/* ---- schedules ---- */

typedef struct step {
  mnz_time from;
  mnz_rate rate;
  mnz_time ramp;
} step;

const mnz_param mnz_schedule_params[] = {
    {.name = "from",
     .type = MNZ_PARAM_DATE,
     .offset = offsetof(step, from),
     .required = true,
     .help = "when the step begins; before the first one there is nothing"},
    {.name = "rate",
     .type = MNZ_PARAM_RATE,
     .offset = offsetof(step, rate),
     .required = true,
     .help = "from then on"},
    {.name = "ramp",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(step, ramp),
     .min = 0,
     .max = 1e300,
     .fallback = "0 d",
     .help = "time in which the rate of the step before becomes this one, in a straight line"},
    {.name = NULL}};

static int by_date(const void *left, const void *right) {
  const mnz_rate_step *a = left;
  const mnz_rate_step *b = right;
  return a->from < b->from ? -1 : a->from > b->from;
}

static void bind_constant(mnz_binder *b, const mnz_param *param, mnz_tree *tree, mnz_schedule *out) {
  mnz_param plain = *param;
  plain.type = MNZ_PARAM_RATE;
  mnz_rate rate;
  mnz_bind_none(&plain, &rate);
  mnz_bind_value(b, &plain, tree, &rate);
  mnz_rate_step *only = mnz_bind_alloc(b, 1, sizeof *only);
  if (only == NULL || rate.per_us < 0) return;
  *only = (mnz_rate_step){.from = MNZ_NO_DATE, .per_us = rate.per_us};
  *out = (mnz_schedule){.at = only, .count = 1, .basis = rate.basis};
}

/* One step, which must go with those before it. */
static void bind_step(mnz_binder *b, const mnz_param *param, mnz_tree *tree, mnz_schedule *all,
                      mnz_rate_step *steps) {
  char label[MNZ_QUOTE_ROOM];
  step s = {0};
  mnz_bind_fields(b, tree, mnz_schedule_params, &s);
  mnz_bind_unknown(b, tree, mnz_schedule_params, NULL, mnz_quantity_quote(param->name, label));
  if (s.from == MNZ_NO_DATE || s.rate.per_us < 0) return;
  const mnz_tree *rate = mnz_tree_child(tree, "rate");
  if (!mnz_bind_check_range(b, param, rate, s.rate.per_us, s.rate.per_us)) return;
  if (all->count == 0) all->basis = s.rate.basis;
  if (s.rate.basis != all->basis)
    mnz_bind_error(b, rate, NULL, "found %s; expected the same elements in every step",
                   mnz_quantity_quote(rate->text, label));
  for (int32_t i = 0; i < all->count; i++)
    if (steps[i].from == s.from) mnz_bind_error(b, tree, "from", "this date is said twice");
  steps[all->count++] = (mnz_rate_step){.from = s.from, .ramp = s.ramp, .per_us = s.rate.per_us};
}

void mnz_bind_schedule(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  const size_t errors = b->errors;
  if (tree->type == MNZ_TREE_STRING && !mnz_bind_series(b, tree)) {
    if (b->errors == errors && b->status == MNZ_OK) bind_constant(b, param, tree, out);
    return;
  }
  mnz_rate_step *steps = mnz_bind_alloc(b, tree->count, sizeof *steps);
  if (steps == NULL) return;
  mnz_schedule all = {.at = steps};
  for (mnz_tree *t = tree->first; t != NULL; t = t->next) {
    if (t->type == MNZ_TREE_GROUP)
      bind_step(b, param, t, &all, steps);
    else
      mnz_bind_wrong(b, param, t);
  }
  if (tree->first == NULL) mnz_bind_wrong(b, param, tree);
  qsort(steps, (size_t)all.count, sizeof *steps, by_date);
  *(mnz_schedule *)out = all;
}

/* ---- reviews ---- */

void mnz_bind_review(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  mnz_review *review = out;
  char label[MNZ_QUOTE_ROOM];
  if (tree->type == MNZ_TREE_GROUP) {
    mnz_bind_fields(b, tree, param->fields, review);
    mnz_bind_unknown(b, tree, param->fields, NULL, mnz_quantity_quote(param->name, label));
    return;
  }
  *review = (mnz_review){.every = 0};
  if (strcmp(tree->text, "continuous") == 0) return;
  mnz_error why;
  mnz_time every;
  if (mnz_quantity_time(tree->text, &every, &why) != MNZ_OK)
    mnz_bind_wrong(b, param, tree);
  else if (mnz_bind_check_range(b, param, tree, (double)every, (double)every))
    review->every = every;
}
