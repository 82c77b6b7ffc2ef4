/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree itself: its links, and what it says of itself. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "config/tree_parts.h"

/* ---- links ---- */

void mnz_tree_append(mnz_tree *parent, mnz_tree *child) {
  child->parent = parent;
  child->next = NULL;
  if (parent->last != NULL)
    parent->last->next = child;
  else
    parent->first = child;
  parent->last = child;
  parent->count++;
}

static mnz_tree *before(const mnz_tree *child) {
  mnz_tree *previous = NULL;
  for (mnz_tree *t = child->parent->first; t != child; t = t->next) previous = t;
  return previous;
}

void mnz_tree_unlink(mnz_tree *child) {
  mnz_tree *const parent = child->parent;
  mnz_tree *const previous = before(child);
  if (previous != NULL)
    previous->next = child->next;
  else
    parent->first = child->next;
  if (parent->last == child) parent->last = previous;
  parent->count--;
  child->parent = NULL;
  child->next = NULL;
}

void mnz_tree_replace(mnz_tree *old, mnz_tree *fresh) {
  mnz_tree *const parent = old->parent;
  mnz_tree *const previous = before(old);
  fresh->name = old->name;
  fresh->parent = parent;
  fresh->next = old->next;
  if (previous != NULL)
    previous->next = fresh;
  else
    parent->first = fresh;
  if (parent->last == old) parent->last = fresh;
  old->parent = NULL;
  old->next = NULL;
}

mnz_tree *mnz_tree_child(const mnz_tree *group, const char *name) {
  if (group->type != MNZ_TREE_GROUP) return NULL;
  for (mnz_tree *t = group->first; t != NULL; t = t->next)
    if (strcmp(t->name, name) == 0) return t;
  return NULL;
}

/* ---- labels ---- */

static const char *text_of(const mnz_tree *group, const char *name) {
  const mnz_tree *const child = mnz_tree_child(group, name);
  return child != NULL && child->type == MNZ_TREE_STRING ? child->text : NULL;
}

bool mnz_tree_label(const mnz_tree *element, mnz_label *label) {
  const char *const name = text_of(element, "name");
  const char *const from = text_of(element, "from");
  const char *const to = text_of(element, "to");
  const bool named = name != NULL;
  const bool linked = !named && mnz_tree_child(element, "name") == NULL && from != NULL && to != NULL;
  if (named) *label = (mnz_label){{name, "", ""}};
  if (linked) *label = (mnz_label){{from, " -> ", to}};
  return named || linked;
}

const char *mnz_label_text(const mnz_label *label, mnz_arena *arena, mnz_error *err) {
  if (label->part[1][0] == '\0') return label->part[0];
  return mnz_arena_format(arena, err, "%s%s%s", label->part[0], label->part[1], label->part[2]);
}

const char *mnz_tree_suggest(const mnz_tree *of, const char *word, mnz_arena *arena, mnz_error *err) {
  const char **words = NULL;
  const char *suggestion = NULL;
  size_t count = 0;
  if (mnz_new_array(&words, (size_t)of->count, err) != MNZ_OK) return NULL;
  for (const mnz_tree *t = of->first; t != NULL; t = t->next) {
    mnz_label label;
    words[count] = t->name;
    const bool labelled = t->name == NULL && mnz_tree_label(t, &label);
    if (labelled && (words[count] = mnz_label_text(&label, arena, err)) == NULL) goto out;
    count++;
  }
  const char *const nearest = mnz_text_nearest(word, words, count);
  suggestion = nearest != NULL ? mnz_arena_format(arena, err, "; did you mean \"%s\"?", nearest) : "";

out:
  free(words);
  return suggestion;
}

/* ---- in words ---- */

void mnz_tree_quote(mnz_buffer *out, const char *text) {
  static const char plain[] = "\n\r\t\f\"\\";
  static const char letter[] = "nrtf\"\\";
  mnz_buffer_add(out, "\"");
  for (; *text != '\0'; text++) {
    const char *const special = strchr(plain, *text);
    if (special != NULL)
      mnz_buffer_print(out, "\\%c", letter[special - plain]);
    else if ((unsigned char)*text < ' ' || *text == 0x7F)
      mnz_buffer_print(out, "\\x%02x", (unsigned)*text);
    else
      mnz_buffer_add_bytes(out, text, 1);
  }
  mnz_buffer_add(out, "\"");
}

const char *mnz_tree_keep(mnz_buffer *from, mnz_arena *arena, mnz_error *err) {
  const char *kept = NULL;
  if (from->failed)
    (void)mnz_fail(err, MNZ_NO_MEMORY, NULL, "no memory for a text");
  else
    kept = mnz_arena_text(arena, from->at != NULL ? from->at : "", err);
  mnz_buffer_free(from);
  return kept;
}

const char *mnz_tree_found(const mnz_tree *tree, mnz_arena *arena, mnz_error *err) {
  mnz_buffer words = {0};
  char number[32];
  switch (tree->type) {
  case MNZ_TREE_GROUP:
    return tree->count > 0 ? "a group" : "an empty group";
  case MNZ_TREE_LIST:
    return tree->count > 0 ? "a list" : "an empty list";
  case MNZ_TREE_FLAG:
    return tree->flag ? "true" : "false";
  case MNZ_TREE_INTEGER:
    return mnz_arena_format(arena, err, "the number %lld", (long long)tree->integer);
  case MNZ_TREE_FLOAT:
    return mnz_arena_format(arena, err, "the number %s", mnz_text_number(tree->number, number));
  case MNZ_TREE_STRING:
    break;
  }
  mnz_buffer_add(&words, "the text ");
  mnz_tree_quote(&words, tree->text);
  return mnz_tree_keep(&words, arena, err);
}
