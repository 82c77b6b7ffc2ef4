/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario's tree into its structs. First what others refer to (start, elements, origins, and the names of
 * things in their order), then everything. */
#include "config/bind.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "config/bind_internal.h"
#include "config/param_text.h"
#include "random/stream.h"

/* ---- fields ---- */

/* Puts the default into the field, as if it had been written. A default that does not read is a mistake in
 * the table. */
static void bind_default(mnz_binder *b, const mnz_tree *group, const mnz_param *param, void *out) {
  mnz_tree tree = {
      .type = MNZ_TREE_STRING, .text = param->fallback, .file = group->file, .line = group->line};
  const bool numeric = param->type == MNZ_PARAM_COUNT || param->type == MNZ_PARAM_NUMBER;
  if (numeric)
    MNZ_REQUIRE(mnz_quantity_number(param->fallback, MNZ_DIM_NUMBER, NULL, &tree.number, NULL) == MNZ_OK);
  if (param->type == MNZ_PARAM_NUMBER) tree.type = MNZ_TREE_FLOAT;
  if (param->type == MNZ_PARAM_COUNT) {
    tree.type = MNZ_TREE_INTEGER;
    tree.integer = (int64_t)tree.number;
  }
  if (param->type == MNZ_PARAM_FLAG) {
    tree.type = MNZ_TREE_FLAG;
    tree.flag = strcmp(param->fallback, "true") == 0;
  }
  const size_t errors = b->errors;
  mnz_bind_value(b, param, &tree, out);
  MNZ_REQUIRE(b->errors == errors);
}

static void report_missing(mnz_binder *b, const mnz_tree *group, const mnz_param *param) {
  mnz_buffer expected = {0};
  mnz_param_phrase(&expected, param);
  if (expected.failed)
    b->status = MNZ_NO_MEMORY;
  else
    mnz_bind_error(b, group, param->name, "missing; expected %s", expected.at);
  mnz_buffer_free(&expected);
}

static void bind_field(mnz_binder *b, const mnz_tree *group, const mnz_param *param, void *base) {
  void *out = (char *)base + param->offset;
  mnz_bind_none(param, out);
  mnz_tree *tree = mnz_tree_child(group, param->name);
  if (tree != NULL) {
    tree->used = true;
    mnz_bind_value(b, param, tree, out);
  } else if (param->required) {
    report_missing(b, group, param);
  } else if (param->fallback != NULL) {
    bind_default(b, group, param, out);
  }
}

void mnz_bind_fields(mnz_binder *b, const mnz_tree *group, const mnz_param *table, void *out) {
  for (const mnz_param *param = table; param->name != NULL; param++) bind_field(b, group, param, out);
}

/* ---- unknown keys ---- */

/* `names` has room for all keys of the table. */
static size_t add_names(const mnz_param *table, const char **names) {
  size_t n = 0;
  for (const mnz_param *param = table; param != NULL && param->name != NULL; param++)
    names[n++] = param->name;
  return n;
}

static size_t table_length(const mnz_param *table) {
  size_t n = 0;
  while (table != NULL && table[n].name != NULL) n++;
  return n;
}

static void report_unknown(mnz_binder *b, const mnz_tree *key, const char **names, size_t count,
                           const char *label) {
  const char *meant = mnz_quantity_meant(key->name, names, count);
  if (meant != NULL) {
    mnz_bind_error(b, key, NULL, "unknown key; did you mean \"%s\"?", meant);
    return;
  }
  mnz_buffer known = {0};
  for (size_t i = 0; i < count; i++) mnz_buffer_print(&known, "%s%s", i > 0 ? ", " : "", names[i]);
  if (known.failed)
    b->status = MNZ_NO_MEMORY;
  else
    mnz_bind_error(b, key, NULL, "unknown key; %s knows: %s", label, known.at);
  mnz_buffer_free(&known);
}

void mnz_bind_unknown(mnz_binder *b, const mnz_tree *group, const mnz_param *table, const mnz_param *more,
                      const char *label) {
  const char **names = NULL;
  for (const mnz_tree *key = group->first; key != NULL; key = key->next) {
    if (key->used) continue;
    if (names == NULL) {
      names = mnz_bind_alloc(b, (int32_t)(table_length(table) + table_length(more)), sizeof *names);
      if (names == NULL) return;
      (void)add_names(more, names + add_names(table, names));
    }
    report_unknown(b, key, names, table_length(table) + table_length(more), label);
  }
}

/* ---- groups and lists ---- */

void mnz_bind_group(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  char label[MNZ_QUOTE_ROOM];
  void *group = mnz_bind_alloc(b, 1, param->item_size);
  if (group == NULL) return;
  mnz_bind_fields(b, tree, param->fields, group);
  mnz_bind_unknown(b, tree, param->fields, NULL, mnz_quantity_quote(param->name, label));
  memcpy(out, &group, sizeof group); /* a pointer of a type that only the table knows */
}

static const mnz_param *name_param(const mnz_param *table) {
  for (const mnz_param *param = table; param->name != NULL; param++)
    if (strcmp(param->name, "name") == 0) return param;
  return NULL;
}

/* Reports elements of a list that are no groups, and an empty list where there must be something. */
static void check_list(mnz_binder *b, const mnz_param *param, const mnz_tree *list) {
  static const mnz_param group = {.type = MNZ_PARAM_GROUP};
  if (list->first == NULL && param->required) mnz_bind_wrong(b, param, list);
  for (const mnz_tree *t = list->first; t != NULL; t = t->next)
    if (t->type != MNZ_TREE_GROUP) mnz_bind_wrong(b, &group, t);
}

/* "links" -> "a link"; without names it is only the key's own word. */
static void list_label(const mnz_param *param, char label[MNZ_QUOTE_ROOM]) {
  if (name_param(param->fields) == NULL)
    mnz_quantity_quote(param->name, label);
  else
    (void)snprintf(label, MNZ_QUOTE_ROOM, "a %.*s", (int)strlen(param->name) - 1, param->name);
}

/* An element that need not say its name is called as its label says. Links and disruptions have streams,
 * known by the hash of the name. */
static void finish_item(mnz_binder *b, const mnz_param *table, const char *label, void *item) {
  const mnz_param *name = name_param(table);
  if (name == NULL || name->type != MNZ_PARAM_TEXT || label[0] == '\0') return;
  const char **field = (const char **)(void *)((char *)item + name->offset);
  if (*field == NULL) *field = mnz_arena_text(b->arena, label, b->err);
  if (*field == NULL) b->status = MNZ_NO_MEMORY;
  if (table == mnz_link_params) ((mnz_link_spec *)item)->hash = mnz_stream_hash(label);
  if (table == mnz_disruption_params) ((mnz_disruption_spec *)item)->hash = mnz_stream_hash(label);
  if (table == mnz_regime_params) ((mnz_regime_spec *)item)->hash = mnz_stream_hash(label);
}

/* Elements with names are put in order of the names, the others stay in order of the file. */
void mnz_bind_list(mnz_binder *b, const mnz_param *param, mnz_tree *tree, void *out) {
  char label[MNZ_QUOTE_ROOM];
  const bool named = name_param(param->fields) != NULL;
  mnz_symbols items;
  check_list(b, param, tree);
  list_label(param, label);
  mnz_symbols_collect(b, tree, NULL, named, &items);
  if (named) mnz_symbols_check(b, &items);
  char *at = mnz_bind_alloc(b, items.count, param->item_size);
  if (at == NULL) return;
  for (int32_t i = 0; i < items.count; i++) {
    void *item = at + (size_t)i * param->item_size;
    mnz_bind_fields(b, items.items[i], param->fields, item);
    mnz_bind_unknown(b, items.items[i], param->fields, NULL, label);
    finish_item(b, param->fields, items.names[i], item);
  }
  *(mnz_list *)out = (mnz_list){.at = at, .count = items.count};
}

/* ---- nodes ---- */

static int32_t demand_index(void) {
  int32_t i = 0;
  while (strcmp(mnz_kind_names[i], "demand") != 0) i++;
  return i;
}

/* In the list of demands nobody need say what they are. */
static void imply_demand(mnz_binder *b, const mnz_tree *tree, mnz_node_spec *node) {
  const mnz_tree *kind = mnz_tree_child(tree, "kind");
  if (kind != NULL && node->kind_index >= 0 && node->kind_index != demand_index())
    mnz_bind_error(b, kind, NULL, "found \"%s\"; expected \"demand\" in this list, others are nodes",
                   kind->text);
  node->kind_index = demand_index();
}

/* A node's common keys and, once its kind is known, those of the kind. */
static void bind_node(mnz_binder *b, const mnz_tree *tree, bool is_demand, mnz_node_spec *node) {
  for (const mnz_param *param = mnz_node_params; param->name != NULL; param++) {
    const bool implied = is_demand && strcmp(param->name, "kind") == 0;
    if (!implied || mnz_tree_child(tree, "kind") != NULL) bind_field(b, tree, param, node);
  }
  if (is_demand) imply_demand(b, tree, node);
  if (node->name != NULL) node->hash = mnz_stream_hash(node->name);
  if (node->kind_index < 0) return; /* no telling what the other keys are */

  char label[MNZ_QUOTE_ROOM];
  node->kind = mnz_kinds[node->kind_index];
  void *params = mnz_bind_alloc(b, 1, node->kind->params_size);
  if (params == NULL) return;
  mnz_bind_fields(b, tree, node->kind->params, params);
  node->params = params;
  (void)snprintf(label, sizeof label, "a %s", node->kind->name);
  mnz_bind_unknown(b, tree, mnz_node_params, node->kind->params, label);
}

/* The list as such; its elements are bound with those of the other one. */
static void mark_list(mnz_binder *b, const mnz_tree *root, const mnz_param *param) {
  mnz_tree *list = mnz_tree_child(root, param->name);
  if (list == NULL && param->required) report_missing(b, root, param);
  if (list == NULL) return;
  list->used = true;
  if (list->type == MNZ_TREE_LIST)
    check_list(b, param, list);
  else
    mnz_bind_wrong(b, param, list);
}

/* Nodes and demands together, as collected. */
static void bind_nodes(mnz_binder *b, const mnz_tree *demand, mnz_list *out) {
  mnz_node_spec *nodes = mnz_bind_alloc(b, b->nodes.count, sizeof *nodes);
  if (nodes == NULL) return;
  mnz_symbols_check(b, &b->nodes);
  for (int32_t i = 0; i < b->nodes.count; i++) {
    mnz_tree *item = b->nodes.items[i];
    bind_node(b, item, demand != NULL && item->parent == demand, &nodes[i]);
  }
  *out = (mnz_list){.at = nodes, .count = b->nodes.count};
}

/* ---- the scenario ---- */

static bool is_one_of(const char *name, const char *const *names) {
  for (; *names != NULL; names++)
    if (strcmp(name, *names) == 0) return true;
  return false;
}

/* What the texts everywhere else refer to. */
static const char *const first_keys[] = {"start", "elements", "origins", NULL};
static const char *const node_keys[] = {"nodes", "demand", NULL};

static void check_limit(mnz_binder *b, const mnz_tree *root, const char *key, int32_t limit) {
  const mnz_tree *list = mnz_tree_child(root, key);
  if (list != NULL && list->type == MNZ_TREE_LIST && list->count > limit)
    mnz_bind_error(b, list, NULL, "found %d %s; expected at most %d", (int)list->count, key, (int)limit);
}

/* More elements than a mask has bits must not reach anything that sets bits. */
static void bind_elements(mnz_binder *b, const mnz_tree *root, mnz_names *elements) {
  size_t n = 0;
  while (mnz_rare_earths[n] != NULL) n++;
  const mnz_tree *list = mnz_tree_child(root, "elements");
  for (const mnz_tree *t = elements->count > 0 ? list->first : NULL; t != NULL; t = t->next)
    if (!is_one_of(t->text, mnz_rare_earths))
      mnz_bind_no_such(b, "rare earth", t, t->text, mnz_quantity_meant(t->text, mnz_rare_earths, n));
  if (elements->count > MNZ_MAX_ELEMENTS) elements->count = MNZ_MAX_ELEMENTS;
  b->quantities.elements = *elements;
}

static void bind_first(mnz_binder *b, const mnz_tree *root, mnz_scenario *scenario) {
  for (const mnz_param *param = mnz_scenario_params; param->name != NULL; param++)
    if (is_one_of(param->name, first_keys)) bind_field(b, root, param, scenario);
  bind_elements(b, root, &scenario->elements);
  b->origins = scenario->origins;
  if (scenario->start_us != MNZ_NO_DATE) b->quantities.start_us = scenario->start_us;
  check_limit(b, root, "elements", MNZ_MAX_ELEMENTS);
  check_limit(b, root, "origins", MNZ_MAX_ORIGINS);
  check_limit(b, root, "materials", MNZ_MAX_MATERIALS);

  mnz_symbols_collect(b, mnz_tree_child(root, "materials"), NULL, true, &b->materials);
  mnz_symbols_collect(b, mnz_tree_child(root, "nodes"), mnz_tree_child(root, "demand"), true, &b->nodes);
  mnz_symbols_collect(b, mnz_tree_child(root, "links"), NULL, true, &b->links);
  mnz_symbols_collect(b, mnz_tree_child(root, "disruptions"), NULL, true, &b->disruptions);
  mnz_symbols_check_streams(b);
}

mnz_status mnz_bind_scenario(mnz_scenario *scenario, mnz_tree *root, mnz_finder *findings, mnz_error *err) {
  mnz_binder b = {.findings = findings, .arena = scenario->arena, .root = root, .err = err};
  b.quantities.arena = scenario->arena;
  bind_first(&b, root, scenario);
  for (const mnz_param *param = mnz_scenario_params; param->name != NULL; param++) {
    if (is_one_of(param->name, node_keys))
      mark_list(&b, root, param);
    else if (!is_one_of(param->name, first_keys))
      bind_field(&b, root, param, scenario);
  }
  bind_nodes(&b, mnz_tree_child(root, "demand"), &scenario->nodes);
  mnz_bind_unknown(&b, root, mnz_scenario_params, NULL, "a scenario");
  return b.status;
}
