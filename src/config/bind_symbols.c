/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names: their order, which is that of the ids; what is wrong with them; and references by them. */
#include <stdlib.h>
#include <string.h>

#include "config/bind_internal.h"
#include "config/file_text.h"
#include "config/tree_parts.h"
#include "random/stream.h"

/* A name where it is used. */
typedef struct entry {
  const char *name;
  mnz_tree *item;
  int32_t order; /* in which they were met */
  uint32_t hash;
} entry;

static int by_name(const void *left, const void *right) {
  const entry *a = left;
  const entry *b = right;
  const int difference = strcmp(a->name, b->name);
  return difference != 0 ? difference : a->order < b->order ? -1 : a->order > b->order;
}

static int by_hash(const void *left, const void *right) {
  const entry *a = left;
  const entry *b = right;
  return a->hash != b->hash ? (a->hash < b->hash ? -1 : 1) : by_name(left, right);
}

/* ---- collecting ---- */

static bool is_list(const mnz_tree *tree) {
  return tree != NULL && tree->type == MNZ_TREE_LIST;
}

/* Adds the groups of a list; what has no label sorts first, and is an error elsewhere. */
static void add_items(mnz_binder *b, const mnz_tree *list, entry *entries, int32_t *count) {
  if (!is_list(list)) return;
  for (mnz_tree *item = list->first; item != NULL; item = item->next) {
    if (item->type != MNZ_TREE_GROUP) continue;
    mnz_label label;
    const char *name = mnz_tree_label(item, &label) ? mnz_label_text(&label, b->arena, b->err) : "";
    if (name == NULL) b->status = MNZ_NO_MEMORY;
    entries[*count] = (entry){.name = name != NULL ? name : "", .item = item, .order = *count};
    (*count)++;
  }
}

void mnz_symbols_collect(mnz_binder *b, const mnz_tree *list, const mnz_tree *more, bool sorted,
                         mnz_symbols *out) {
  *out = (mnz_symbols){.count = 0};
  const int32_t most = (is_list(list) ? list->count : 0) + (is_list(more) ? more->count : 0);
  entry *entries = mnz_bind_alloc(b, most, sizeof *entries);
  const char **names = mnz_bind_alloc(b, most, sizeof *names);
  mnz_tree **items = mnz_bind_alloc(b, most, sizeof *items);
  if (entries == NULL || names == NULL || items == NULL) return;
  int32_t count = 0;
  add_items(b, list, entries, &count);
  add_items(b, more, entries, &count);
  if (sorted) qsort(entries, (size_t)count, sizeof *entries, by_name);
  for (int32_t i = 0; i < count; i++) {
    names[i] = entries[i].name;
    items[i] = entries[i].item;
  }
  *out = (mnz_symbols){.names = names, .items = items, .count = count};
}

typedef struct mnz_named_list {
  const char *key;
  mnz_symbols symbols;
  struct mnz_named_list *next;
} named_list;

const mnz_symbols *mnz_symbols_of(mnz_binder *b, const char *key) {
  for (const named_list *list = b->named; list != NULL; list = list->next)
    if (strcmp(list->key, key) == 0) return &list->symbols;
  named_list *const list = mnz_bind_alloc(b, 1, sizeof *list);
  if (list == NULL) return NULL;
  *list = (named_list){.key = key, .next = b->named};
  mnz_symbols_collect(b, mnz_tree_child(b->root, key), NULL, true, &list->symbols);
  b->named = list;
  return &list->symbols;
}

int32_t mnz_symbols_find(const mnz_symbols *symbols, const char *name) {
  int32_t low = 0;
  int32_t high = symbols->count;
  while (low < high) {
    const int32_t middle = low + (high - low) / 2;
    if (strcmp(symbols->names[middle], name) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low < symbols->count && strcmp(symbols->names[low], name) == 0 ? low : -1;
}

/* ---- what may be wrong with names ---- */

static const mnz_tree *name_tree(const mnz_tree *item) {
  const mnz_tree *name = mnz_tree_child(item, "name");
  return name != NULL ? name : item;
}

static void report_twice(mnz_binder *b, const char *name, const mnz_tree *first, const mnz_tree *second) {
  char quoted[MNZ_QUOTE_ROOM];
  mnz_quantity_quote(name, quoted);
  const mnz_tree *at = name_tree(second);
  if (strcmp(first->file, at->file) == 0)
    mnz_bind_error(b, at, NULL, "the name %s is used twice; first in line %d", quoted, (int)first->line);
  else
    mnz_bind_error(b, at, NULL, "the name %s is used twice; first in %s:%d", quoted, first->file,
                   (int)first->line);
}

static bool is_printable(const char *text) {
  const char *end = text + strlen(text);
  while (text < end) {
    const size_t length = mnz_utf8_length(text, end);
    if (length == 0 || (unsigned char)*text < ' ' || *text == 0x7F) return false;
    text += length;
  }
  return true;
}

void mnz_name_check(mnz_binder *b, const mnz_tree *name) {
  char found[MNZ_QUOTE_ROOM];
  mnz_quantity_quote(name->text, found);
  const size_t length = strlen(name->text);
  if (length == 0)
    mnz_bind_error(b, name, NULL, "found an empty text; expected a name");
  else if (length > MNZ_NAME_MAX)
    mnz_bind_error(b, name, NULL, "found %s of %zu bytes; expected a name of at most %d", found, length,
                   MNZ_NAME_MAX);
  else if (!is_printable(name->text))
    mnz_bind_error(b, name, NULL, "found %s; expected a name without control characters", found);
}

void mnz_symbols_check(mnz_binder *b, const mnz_symbols *symbols) {
  int32_t first = 0;
  for (int32_t i = 0; i < symbols->count; i++) {
    const mnz_tree *name = name_tree(symbols->items[i]);
    if (name->type == MNZ_TREE_STRING) mnz_name_check(b, name); /* else its table says so */
    if (i == 0 || symbols->names[i][0] == '\0' || strcmp(symbols->names[i], symbols->names[first]) != 0)
      first = i;
    else
      report_twice(b, symbols->names[i], symbols->items[first], symbols->items[i]);
  }
}

static void add_symbols(const mnz_symbols *symbols, entry *entries, int32_t *count) {
  for (int32_t i = 0; i < symbols->count; i++) {
    if (symbols->names[i][0] == '\0') continue;
    entries[*count] = (entry){.name = symbols->names[i],
                              .item = symbols->items[i],
                              .order = *count,
                              .hash = mnz_stream_hash(symbols->names[i])};
    (*count)++;
  }
}

/* Each of them has streams of random numbers, told apart by the hash of its name. */
void mnz_symbols_check_streams(mnz_binder *b) {
  const mnz_symbols *const regimes = mnz_symbols_of(b, "regimes");
  if (regimes == NULL) return;
  entry *entries = mnz_bind_alloc(b, b->nodes.count + b->links.count + b->disruptions.count + regimes->count,
                                  sizeof *entries);
  if (entries == NULL) return;
  int32_t count = 0;
  add_symbols(&b->nodes, entries, &count);
  add_symbols(&b->links, entries, &count);
  add_symbols(&b->disruptions, entries, &count);
  add_symbols(regimes, entries, &count);
  qsort(entries, (size_t)count, sizeof *entries, by_hash);
  int32_t first = 0;
  for (int32_t i = 1; i < count; i++) {
    if (strcmp(entries[i].name, entries[first].name) == 0) {
      report_twice(b, entries[i].name, entries[first].item, entries[i].item);
    } else {
      if (entries[i].hash == entries[first].hash)
        mnz_bind_error(b, name_tree(entries[i].item), NULL,
                       "the name \"%s\" has the same hash as \"%s\"; change one of them", entries[i].name,
                       entries[first].name);
      first = i;
    }
  }
}

/* ---- references ---- */

void mnz_bind_no_such(mnz_binder *b, const char *what, const mnz_tree *at, const char *name,
                      const char *meant) {
  char wanted[MNZ_QUOTE_ROOM];
  mnz_quantity_quote(name, wanted);
  if (meant != NULL)
    mnz_bind_error(b, at, NULL, "there is no %s %s; did you mean \"%s\"?", what, wanted, meant);
  else
    mnz_bind_error(b, at, NULL, "there is no %s %s", what, wanted);
}

int32_t mnz_symbols_refer(mnz_binder *b, const char *what, const mnz_symbols *symbols, const mnz_tree *tree) {
  const int32_t id = mnz_symbols_find(symbols, tree->text);
  if (id < 0)
    mnz_bind_no_such(b, what, tree, tree->text,
                     mnz_quantity_meant(tree->text, symbols->names, (size_t)symbols->count));
  return id;
}

int32_t mnz_names_refer(mnz_binder *b, const char *what, mnz_names names, const mnz_tree *at,
                        const char *name) {
  for (int32_t i = 0; i < names.count; i++)
    if (strcmp(names.at[i], name) == 0) return i;
  mnz_bind_no_such(b, what, at, name, mnz_quantity_meant(name, names.at, (size_t)names.count));
  return -1;
}
