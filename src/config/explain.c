/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The resolved scenario as text again. The tables say which keys there are and in which order; the tree
 * says what is written, and where. What the tables know and the tree lacks has its default. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "config/bind_internal.h"
#include "config/param_text.h"
#include "config/tree_parts.h"
#include "domain/spec.h"
#include "world/scenario.h"

enum { WIDTH = 100, STEP = 2 };

typedef struct printer {
  const mnz_scenario *scenario;
  bool origins;
  mnz_arena *scratch;
  mnz_buffer out;
} printer;

/* A key of a group: its description (NULL for the elements of a split) and its value (NULL: the default). */
typedef struct entry {
  const char *name;
  const mnz_param *param;
  const mnz_tree *tree;
} entry;

typedef struct entries {
  entry *at;
  size_t count;
} entries;

static void print_value(printer *p, int indent, const entry *e);

/* ---- what there is to print ---- */

static void add_table(entries *all, const mnz_tree *group, const mnz_param *table) {
  for (; table->name != NULL; table++) {
    const mnz_tree *const child = mnz_tree_child(group, table->name);
    if (child != NULL || table->fallback != NULL) all->at[all->count++] = (entry){table->name, table, child};
  }
}

static size_t table_length(const mnz_param *table) {
  size_t count = 0;
  while (table[count].name != NULL) count++;
  return count;
}

/* Shares by element come in the order of the scenario's elements, whatever the order of the file. */
static void add_elements(entries *all, const mnz_tree *group, mnz_names elements) {
  for (int32_t i = 0; i < elements.count; i++) {
    const mnz_tree *const child = mnz_tree_child(group, elements.at[i]);
    if (child != NULL) all->at[all->count++] = (entry){elements.at[i], NULL, child};
  }
}

static const mnz_param no_params[] = {{.name = NULL}};

/* The table of the kind that a node is of; in `demand` the kind goes without saying. */
static const mnz_param *kind_params(const mnz_tree *node) {
  const mnz_tree *const said = mnz_tree_child(node, "kind");
  const mnz_kind *const kind = mnz_kind_find(said != NULL ? said->text : "demand");
  return kind != NULL ? kind->params : no_params;
}

/* The entries of a group that `param` describes; free() them. Without memory the buffer has failed. */
static entries list_entries(printer *p, const mnz_param *param, const mnz_tree *group) {
  const mnz_param *table = param->fields;
  if (param->type == MNZ_PARAM_SCHEDULE) table = mnz_schedule_params;
  const mnz_param *const more = table == mnz_node_params ? kind_params(group) : no_params;
  entries all = {0};
  const size_t room = table != NULL ? table_length(table) + table_length(more) : (size_t)group->count;
  if (mnz_new_array(&all.at, room, NULL) != MNZ_OK) {
    p->out.failed = true;
    return all;
  }
  if (table == NULL) {
    add_elements(&all, group, p->scenario->elements);
  } else {
    add_table(&all, group, table);
    add_table(&all, group, more);
  }
  return all;
}

static int by_label(const void *left, const void *right) {
  return strcmp(((const entry *)left)->name, ((const entry *)right)->name);
}

/* The elements of a list, those that have names in order of their names. */
static entries list_elements(printer *p, const mnz_param *param, const mnz_tree *list) {
  entries all = {0};
  bool labelled = true;
  if (mnz_new_array(&all.at, (size_t)list->count, NULL) != MNZ_OK) {
    p->out.failed = true;
    return all;
  }
  for (const mnz_tree *t = list->first; t != NULL; t = t->next) {
    mnz_label label;
    entry *const e = &all.at[all.count++];
    *e = (entry){NULL, param, t};
    labelled = labelled && mnz_tree_label(t, &label);
    if (labelled && (e->name = mnz_label_text(&label, p->scratch, NULL)) == NULL) p->out.failed = true;
  }
  if (labelled && !p->out.failed) qsort(all.at, all.count, sizeof *all.at, by_label);
  return all;
}

/* ---- plain values: those that take one line and have one origin ---- */

static bool is_scalar(const mnz_tree *tree) {
  return tree->type != MNZ_TREE_GROUP && tree->type != MNZ_TREE_LIST;
}

static bool is_plain(const mnz_tree *tree) {
  if (tree == NULL || is_scalar(tree)) return true;
  if (tree->type == MNZ_TREE_GROUP) return false;
  for (const mnz_tree *t = tree->first; t != NULL; t = t->next)
    if (!is_scalar(t)) return false;
  return true;
}

static void print_integer(mnz_buffer *out, int64_t value) {
  const bool is_long = value < INT32_MIN || value > INT32_MAX;
  mnz_buffer_print(out, "%lld%s", (long long)value, is_long ? "L" : "");
}

/* With a point, so that it is read as a float again. */
static void print_float(mnz_buffer *out, double value) {
  char text[32];
  mnz_buffer_add(out, mnz_text_number(value, text));
  if (strpbrk(text, ".e") == NULL) mnz_buffer_add(out, ".0");
}

static void print_scalar(mnz_buffer *out, const mnz_tree *tree) {
  switch (tree->type) {
  case MNZ_TREE_STRING:
    mnz_tree_quote(out, tree->text);
    break;
  case MNZ_TREE_INTEGER:
    print_integer(out, tree->integer);
    break;
  case MNZ_TREE_FLOAT:
    print_float(out, tree->number);
    break;
  case MNZ_TREE_FLAG:
    mnz_buffer_add(out, tree->flag ? "true" : "false");
    break;
  case MNZ_TREE_GROUP:
  case MNZ_TREE_LIST:
    break;
  }
}

/* [ ] holds values of one kind only: used where that is sure. */
static bool is_array(const mnz_tree *list) {
  for (const mnz_tree *t = list->first; t != NULL; t = t->next)
    if (t->type != MNZ_TREE_FLOAT) return false;
  return list->count > 0;
}

/* A distribution in pieces: each has a line of its own. */
static bool is_in_pieces(const entry *e) {
  const bool drawn =
      e->param != NULL && (e->param->type == MNZ_PARAM_DISTRIBUTION || e->param->type == MNZ_PARAM_RECOVERY ||
                           e->param->type == MNZ_PARAM_DELAY);
  return drawn && e->tree != NULL && e->tree->type == MNZ_TREE_LIST;
}

static void print_plain(mnz_buffer *out, const entry *e) {
  if (e->tree == NULL) {
    mnz_param_default(out, e->param);
    return;
  }
  if (is_scalar(e->tree)) {
    print_scalar(out, e->tree);
    return;
  }
  const bool array = is_array(e->tree);
  mnz_buffer_add(out, array ? "[" : "(");
  for (const mnz_tree *t = e->tree->first; t != NULL; t = t->next) {
    print_scalar(out, t);
    if (t->next != NULL) mnz_buffer_add(out, ", ");
  }
  mnz_buffer_add(out, array ? "]" : ")");
}

/* ---- groups and lists ---- */

static size_t column(const mnz_buffer *out) {
  size_t width = 0;
  while (width < out->length && out->at[out->length - 1 - width] != '\n') width++;
  return width;
}

static void start_line(printer *p, int indent) {
  mnz_buffer_print(&p->out, "\n%*s", indent, "");
}

/* On one line, whatever it holds. */
static void print_comment(mnz_buffer *out, const char *text) {
  for (const char *c = text; *c != '\0'; c++) mnz_buffer_add_bytes(out, (unsigned char)*c < ' ' ? "?" : c, 1);
}

/* Where a plain value comes from, as a comment to the end of the line. */
static void print_origin(printer *p, const entry *e) {
  if (!p->origins || !is_plain(e->tree)) return;
  if (e->tree == NULL) {
    mnz_buffer_add(&p->out, "  # default");
  } else if (*e->tree->file == '\0') {
    mnz_buffer_add(&p->out, "  # --set");
  } else {
    mnz_buffer_add(&p->out, "  # ");
    print_comment(&p->out, e->tree->file);
    mnz_buffer_print(&p->out, ":%d", (int)e->tree->line);
  }
  if (e->tree == NULL || e->tree->said == NULL) return;
  mnz_buffer_add(&p->out, ", ");
  print_comment(&p->out, e->tree->said);
}

/* A group of plain values on the rest of the line, if it fits. With origins it does not: each value has one
 * of its own. */
static bool print_flat(printer *p, const entries *all) {
  if (p->origins) return false;
  for (size_t i = 0; i < all->count; i++)
    if (!is_plain(all->at[i].tree) || is_in_pieces(&all->at[i])) return false;

  mnz_buffer flat = {0};
  mnz_buffer_add(&flat, "{ ");
  for (size_t i = 0; i < all->count; i++) {
    mnz_buffer_print(&flat, "%s = ", all->at[i].name);
    print_plain(&flat, &all->at[i]);
    mnz_buffer_add(&flat, "; ");
  }
  mnz_buffer_add(&flat, "}");
  const bool fits = column(&p->out) + flat.length < WIDTH;
  if (fits) mnz_buffer_add(&p->out, flat.at);
  p->out.failed = p->out.failed || flat.failed;
  mnz_buffer_free(&flat);
  return fits;
}

static void print_setting(printer *p, int indent, const entry *e) {
  mnz_buffer_print(&p->out, "%s = ", e->name);
  print_value(p, indent, e);
  mnz_buffer_add(&p->out, ";");
  print_origin(p, e);
}

static void print_group(printer *p, int indent, const entry *e) {
  const entries all = list_entries(p, e->param, e->tree);
  if (!print_flat(p, &all)) {
    mnz_buffer_add(&p->out, "{");
    for (size_t i = 0; i < all.count; i++) {
      start_line(p, indent + STEP);
      print_setting(p, indent + STEP, &all.at[i]);
    }
    start_line(p, indent);
    mnz_buffer_add(&p->out, "}");
  }
  free(all.at);
}

static void print_list(printer *p, int indent, const entry *e) {
  const entries all = list_elements(p, e->param, e->tree);
  mnz_buffer_add(&p->out, "(");
  for (size_t i = 0; i < all.count; i++) {
    start_line(p, indent + STEP);
    print_value(p, indent + STEP, &all.at[i]);
    if (i + 1 < all.count) mnz_buffer_add(&p->out, ",");
  }
  start_line(p, indent);
  mnz_buffer_add(&p->out, ")");
  free(all.at);
}

static void print_pieces(printer *p, int indent, const mnz_tree *list) {
  mnz_buffer_add(&p->out, "(");
  for (const mnz_tree *t = list->first; t != NULL; t = t->next) {
    start_line(p, indent + STEP);
    print_scalar(&p->out, t);
    if (t->next != NULL) mnz_buffer_add(&p->out, ",");
  }
  start_line(p, indent);
  mnz_buffer_add(&p->out, ")");
}

static void print_value(printer *p, int indent, const entry *e) {
  if (is_in_pieces(e))
    print_pieces(p, indent, e->tree);
  else if (is_plain(e->tree))
    print_plain(&p->out, e);
  else if (e->tree->type == MNZ_TREE_GROUP)
    print_group(p, indent, e);
  else
    print_list(p, indent, e);
}

mnz_status mnz_scenario_explain(const mnz_scenario *scenario, bool origins, char **text, mnz_error *err) {
  static const mnz_param top = {.type = MNZ_PARAM_GROUP, .fields = mnz_scenario_params};
  printer p = {.scenario = scenario, .origins = origins};
  *text = NULL;
  mnz_status status = mnz_arena_create(&p.scratch, err);
  if (status != MNZ_OK) return status;
  const entries all = list_entries(&p, &top, scenario->source);
  for (size_t i = 0; i < all.count; i++) {
    print_setting(&p, 0, &all.at[i]);
    mnz_buffer_add(&p.out, "\n");
  }
  free(all.at);
  mnz_arena_free(p.scratch);
  if (p.out.failed) {
    mnz_buffer_free(&p.out);
    return mnz_fail(err, MNZ_NO_MEMORY, NULL, "no memory for the scenario's text");
  }
  *text = p.out.at;
  return MNZ_OK;
}
