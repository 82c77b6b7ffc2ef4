/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Merging one tree onto another. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "config/tree_parts.h"

/* A labelled element of the base list, found by its label. */
typedef struct entry {
  const char *label;
  mnz_tree *element;
  bool touched; /* by an element of the list above: a second of the same name is an element of its own,
                 * which the binder then reports as a name used twice */
} entry;

typedef struct merge {
  mnz_arena *arena;
  mnz_finder *findings;
  mnz_error *err;
} merge;

static mnz_status merge_groups(const merge *m, mnz_tree *base, mnz_tree *over);

static bool is_labelled(const mnz_tree *list) {
  mnz_label label;
  if (list->type != MNZ_TREE_LIST) return false;
  for (const mnz_tree *t = list->first; t != NULL; t = t->next)
    if (!mnz_tree_label(t, &label)) return false;
  return list->count > 0;
}

static int by_label(const void *left, const void *right) {
  return strcmp(((const entry *)left)->label, ((const entry *)right)->label);
}

static const char *label_of(const merge *m, const mnz_tree *element) {
  mnz_label label;
  MNZ_REQUIRE(mnz_tree_label(element, &label));
  return mnz_label_text(&label, m->arena, m->err);
}

/* The labelled elements of a list, sorted; *entries is the caller's. */
static mnz_status index_list(const merge *m, const mnz_tree *list, entry **entries) {
  mnz_status status = mnz_new_array(entries, (size_t)list->count, m->err);
  size_t n = 0;
  for (mnz_tree *t = list->first; t != NULL && status == MNZ_OK; t = t->next) {
    const char *const label = label_of(m, t);
    if (label == NULL)
      status = MNZ_NO_MEMORY;
    else
      (*entries)[n++] = (entry){label, t, false};
  }
  if (status == MNZ_OK) qsort(*entries, n, sizeof **entries, by_label);
  return status;
}

static mnz_status report_removal(const merge *m, const mnz_tree *base, const mnz_tree *element) {
  const mnz_tree *const remove = mnz_tree_child(element, "remove");
  const bool sound = remove->type == MNZ_TREE_FLAG && remove->flag;
  const char *const path = mnz_tree_path(sound ? element : remove, m->arena, m->err);
  const char *const found = mnz_tree_found(remove, m->arena, m->err);
  const char *const label = label_of(m, element);
  const char *const suggestion = label != NULL ? mnz_tree_suggest(base, label, m->arena, m->err) : NULL;
  if (path == NULL || found == NULL || suggestion == NULL) return MNZ_NO_MEMORY;
  if (sound)
    mnz_finder_error(m->findings, remove->file, remove->line, path,
                     "found nothing of this name to remove; expected a name that the extended file has%s",
                     suggestion);
  else
    mnz_finder_error(m->findings, remove->file, remove->line, path, "found %s; expected remove = true",
                     found);
  return MNZ_OK;
}

/* One element of the list above: changes, takes out, or is added. */
static mnz_status merge_element(const merge *m, mnz_tree *base, entry *entries, size_t n, mnz_tree *element) {
  const entry wanted = {.label = label_of(m, element)};
  if (wanted.label == NULL) return MNZ_NO_MEMORY;
  entry *const there = n > 0 ? bsearch(&wanted, entries, n, sizeof *entries, by_label) : NULL;
  const bool free_to_change = there != NULL && !there->touched;
  const mnz_tree *const remove = mnz_tree_child(element, "remove");
  if (free_to_change) there->touched = true;

  if (remove != NULL && (!free_to_change || remove->type != MNZ_TREE_FLAG || !remove->flag)) {
    const mnz_status status = report_removal(m, base, element);
    mnz_tree_unlink(element);
    return status;
  }
  if (remove != NULL) {
    mnz_tree_unlink(there->element);
    return MNZ_OK;
  }
  if (free_to_change) {
    /* It says the name only to be recognised: where it comes from is below. */
    mnz_tree *const name = mnz_tree_child(element, "name");
    if (name != NULL && mnz_tree_child(there->element, "name") != NULL) mnz_tree_unlink(name);
    return merge_groups(m, there->element, element);
  }
  mnz_tree_unlink(element);
  mnz_tree_append(base, element);
  return MNZ_OK;
}

static mnz_status merge_lists(const merge *m, mnz_tree *base, mnz_tree *over) {
  entry *entries;
  const size_t n = (size_t)base->count;
  mnz_status status = index_list(m, base, &entries);
  for (mnz_tree *t = over->first, *next; t != NULL && status == MNZ_OK; t = next) {
    next = t->next;
    status = merge_element(m, base, entries, n, t);
  }
  free(entries);
  return status;
}

static mnz_status merge_groups(const merge *m, mnz_tree *base, mnz_tree *over) {
  mnz_status status = MNZ_OK;
  for (mnz_tree *t = over->first, *next; t != NULL && status == MNZ_OK; t = next) {
    next = t->next;
    mnz_tree *const old = mnz_tree_child(base, t->name);
    if (old != NULL && old->type == MNZ_TREE_GROUP && t->type == MNZ_TREE_GROUP) {
      status = merge_groups(m, old, t);
    } else if (old != NULL && is_labelled(old) && is_labelled(t)) {
      status = merge_lists(m, old, t);
    } else {
      mnz_tree_unlink(t);
      if (old != NULL)
        mnz_tree_replace(old, t);
      else
        mnz_tree_append(base, t);
    }
  }
  return status;
}

mnz_status mnz_tree_merge(mnz_tree *base, mnz_tree *over, mnz_arena *arena, mnz_finder *findings,
                          mnz_error *err) {
  const merge m = {arena, findings, err};
  return merge_groups(&m, base, over);
}
