/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paths: nodes["LAMP heavy"].circuits[0].recovery
 *
 *   path = key { "." key | "[" number "]" | "[" quote label quote "]" }
 *
 * In a label \" and \\ stand for " and \. A label ends at the first quote before a bracket, so that one
 * with quotes inside is understood even when whoever wrote it did not escape them. */
#include <string.h>

#include "config/tree_parts.h"

/* ---- reading ---- */

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool take_key(const char **path, mnz_step *step) {
  const char *at = *path;
  if (!is_letter(*at) && *at != '*') return false;
  while (is_letter(*at) || is_digit(*at) || *at == '_' || *at == '-' || *at == '*') at++;
  *step = (mnz_step){MNZ_STEP_KEY, *path, (size_t)(at - *path), 0};
  *path = at;
  return true;
}

static bool take_number(const char **path, mnz_step *step) {
  const char *at = *path + 1;
  int32_t number = 0;
  for (; is_digit(*at); at++) {
    if (number > (INT32_MAX - 9) / 10) return false;
    number = number * 10 + (*at - '0');
  }
  if (*at != ']') return false;
  *step = (mnz_step){MNZ_STEP_NUMBER, *path + 1, (size_t)(at - *path - 1), number};
  *path = at + 1;
  return true;
}

static bool is_escape(const char *at) {
  return at[0] == '\\' && (at[1] == '"' || at[1] == '\\');
}

static bool take_label(const char **path, mnz_step *step) {
  const char *const start = *path + 2;
  const char *at = start;
  while (*at != '\0' && !(at[0] == '"' && at[1] == ']')) at += is_escape(at) ? 2 : 1;
  if (*at == '\0') return false;
  *step = (mnz_step){MNZ_STEP_LABEL, start, (size_t)(at - start), 0};
  *path = at + 2;
  return true;
}

bool mnz_step_next(const char **path, bool first, mnz_step *step) {
  const char *at = *path;
  bool sound = false;
  if (first || *at == '.') {
    at += first ? 0 : 1;
    sound = take_key(&at, step);
  } else if (at[0] == '[' && at[1] == '"') {
    sound = take_label(&at, step);
  } else if (at[0] == '[' && is_digit(at[1])) {
    sound = take_number(&at, step);
  }
  if (sound) *path = at;
  return sound;
}

const char *mnz_step_text(const mnz_step *step, mnz_arena *arena, mnz_error *err) {
  char *const text = mnz_arena_alloc(arena, step->length + 1, 1, err);
  size_t length = 0;
  if (text == NULL) return NULL;
  for (size_t i = 0; i < step->length; i++) {
    if (step->kind == MNZ_STEP_LABEL && is_escape(step->at + i)) i++;
    text[length++] = step->at[i];
  }
  text[length] = '\0';
  return text;
}

/* ---- following ---- */

/* Letter by letter, so that looking a path up needs no memory. */
static bool label_is(const mnz_label *label, const mnz_step *step) {
  size_t part = 0;
  const char *letter = label->part[0];
  for (size_t i = 0; i < step->length; i++, letter++) {
    if (is_escape(step->at + i)) i++;
    while (*letter == '\0' && part < 2) letter = label->part[++part];
    if (*letter != step->at[i]) return false;
  }
  while (*letter == '\0' && part < 2) letter = label->part[++part];
  return *letter == '\0';
}

static bool is_there(const mnz_tree *child, int32_t number, const mnz_step *step) {
  mnz_label label;
  switch (step->kind) {
  case MNZ_STEP_KEY:
    return strlen(child->name) == step->length && memcmp(child->name, step->at, step->length) == 0;
  case MNZ_STEP_NUMBER:
    return number == step->number;
  case MNZ_STEP_LABEL:
    return mnz_tree_label(child, &label) && label_is(&label, step);
  }
  return false;
}

mnz_tree *mnz_step_follow(const mnz_tree *from, const mnz_step *step) {
  if (from->type != (step->kind == MNZ_STEP_KEY ? MNZ_TREE_GROUP : MNZ_TREE_LIST)) return NULL;
  int32_t number = 0;
  for (mnz_tree *t = from->first; t != NULL; t = t->next, number++)
    if (is_there(t, number, step)) return t;
  return NULL;
}

mnz_tree *mnz_tree_at(mnz_tree *root, const char *path, bool *exact) {
  mnz_tree *deepest = root;
  mnz_step step;
  bool first = true;
  while (*path != '\0' && mnz_step_next(&path, first, &step)) {
    mnz_tree *const next = mnz_step_follow(deepest, &step);
    first = false;
    if (next == NULL) {
      *exact = false;
      return deepest;
    }
    deepest = next;
  }
  *exact = *path == '\0';
  return deepest;
}

/* ---- writing ---- */

static int32_t position(const mnz_tree *element) {
  int32_t number = 0;
  for (const mnz_tree *t = element->parent->first; t != element; t = t->next) number++;
  return number;
}

static void write_label(mnz_buffer *out, const mnz_label *label) {
  mnz_buffer_add(out, "[\"");
  for (size_t part = 0; part < 3; part++)
    for (const char *at = label->part[part]; *at != '\0'; at++) {
      if (*at == '"' || *at == '\\') mnz_buffer_add(out, "\\");
      mnz_buffer_add_bytes(out, at, 1);
    }
  mnz_buffer_add(out, "\"]");
}

static void write_path(mnz_buffer *out, const mnz_tree *tree) {
  mnz_label label;
  if (tree->parent == NULL) return;
  write_path(out, tree->parent);
  if (tree->name != NULL)
    mnz_buffer_print(out, "%s%s", out->length > 0 ? "." : "", tree->name);
  else if (mnz_tree_label(tree, &label))
    write_label(out, &label);
  else
    mnz_buffer_print(out, "[%d]", (int)position(tree));
}

const char *mnz_tree_path(const mnz_tree *tree, mnz_arena *arena, mnz_error *err) {
  mnz_buffer path = {0};
  write_path(&path, tree);
  return mnz_tree_keep(&path, arena, err);
}
