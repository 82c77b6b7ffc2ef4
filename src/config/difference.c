/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where two resolved scenarios differ. They are compared as trees, since the order of keys and of labelled
 * elements means nothing. Two walks: there, over the second text, for what changed and what is new; and back,
 * over the first, for what is gone. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "config/tree_parts.h"

enum {
  WIDTH = 72, /* bytes of a value that are shown */
  LEAD = 20   /* of a text, before the place where it parts from the other */
};

typedef struct differ {
  mnz_arena *arena;
  bool back; /* which of the two walks */
  size_t most;
  size_t count;
  mnz_buffer out;
  mnz_error *err;
} differ;

/* ---- what is the same ---- */

static bool is_number(const mnz_tree *tree) {
  return tree->type == MNZ_TREE_INTEGER || tree->type == MNZ_TREE_FLOAT;
}

static double number_of(const mnz_tree *tree) {
  return tree->type == MNZ_TREE_INTEGER ? (double)tree->integer : tree->number;
}

static int32_t count_same(const mnz_tree *list, const mnz_tree *other);

/* Of plain values, and lists of such. */
static bool is_same(const mnz_tree *a, const mnz_tree *b) {
  if (a->type != b->type) return is_number(a) && is_number(b) && number_of(a) == number_of(b);
  switch (a->type) {
  case MNZ_TREE_STRING:
    return strcmp(a->text, b->text) == 0;
  case MNZ_TREE_INTEGER:
    return a->integer == b->integer;
  case MNZ_TREE_FLOAT:
    return a->number == b->number;
  case MNZ_TREE_FLAG:
    return a->flag == b->flag;
  case MNZ_TREE_LIST:
    return a->count == b->count && count_same(a, b) == a->count;
  case MNZ_TREE_GROUP:
    break;
  }
  return false;
}

/* Elements up to the first that differs. */
static int32_t count_same(const mnz_tree *list, const mnz_tree *other) {
  int32_t count = 0;
  const mnz_tree *b = other->first;
  for (const mnz_tree *a = list->first; a != NULL && b != NULL && is_same(a, b); a = a->next, b = b->next)
    count++;
  return count;
}

/* ---- what answers to what ---- */

static bool has_labels(const mnz_tree *list) {
  mnz_label label;
  for (const mnz_tree *t = list->first; t != NULL; t = t->next)
    if (!mnz_tree_label(t, &label)) return false;
  return true;
}

static bool is_plain(const mnz_tree *list) {
  for (const mnz_tree *t = list->first; t != NULL; t = t->next)
    if (t->type == MNZ_TREE_GROUP || t->type == MNZ_TREE_LIST) return false;
  return true;
}

/* A labelled element and its place in the list. */
typedef struct entry {
  const char *label;
  size_t number;
  const mnz_tree *element;
} entry;

/* One label twice: the first answers to the first. */
static int by_label(const void *left, const void *right) {
  const entry *const a = left;
  const entry *const b = right;
  const int order = strcmp(a->label, b->label);
  return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

/* The elements of a list, sorted by label; NULL if memory is out. */
static entry *index_list(const differ *d, const mnz_tree *list) {
  entry *const entries = mnz_arena_alloc(d->arena, (size_t)list->count, sizeof *entries, d->err);
  size_t n = 0;
  if (entries == NULL) return NULL;
  for (const mnz_tree *t = list->first; t != NULL; t = t->next, n++) {
    mnz_label label;
    MNZ_REQUIRE(mnz_tree_label(t, &label));
    const char *const text = mnz_label_text(&label, d->arena, d->err);
    if (text == NULL) return NULL;
    entries[n] = (entry){text, n, t};
  }
  qsort(entries, n, sizeof *entries, by_label);
  return entries;
}

static mnz_status match_labels(const differ *d, const mnz_tree *here, const mnz_tree *there,
                               const mnz_tree **twins) {
  const entry *const ours = index_list(d, here);
  const entry *theirs = ours != NULL ? index_list(d, there) : NULL;
  if (theirs == NULL) return MNZ_NO_MEMORY;
  const entry *const end = theirs + there->count;
  for (int32_t i = 0; i < here->count; i++) {
    while (theirs < end && strcmp(theirs->label, ours[i].label) < 0) theirs++;
    if (theirs < end && strcmp(theirs->label, ours[i].label) == 0) twins[ours[i].number] = theirs++->element;
  }
  return MNZ_OK;
}

/* For each child of `here` the one of `there` that answers to it, or NULL. */
static mnz_status match(const differ *d, const mnz_tree *here, const mnz_tree *there,
                        const mnz_tree ***twins) {
  *twins = mnz_arena_alloc(d->arena, (size_t)here->count, sizeof **twins, d->err);
  if (*twins == NULL) return MNZ_NO_MEMORY;
  if (here->type == MNZ_TREE_LIST && has_labels(here) && has_labels(there))
    return match_labels(d, here, there, *twins);

  const mnz_tree **twin = *twins;
  const mnz_tree *next = there->first;
  for (const mnz_tree *t = here->first; t != NULL; t = t->next) {
    *twin++ = t->name != NULL ? mnz_tree_child(there, t->name) : next;
    if (next != NULL) next = next->next;
  }
  return MNZ_OK;
}

/* ---- what is said of it ---- */

/* The start of a character at or before `at`. */
static size_t character_at(const char *text, size_t at) {
  while (at > 0 && ((unsigned char)text[at] & 0xC0U) == 0x80U) at--;
  return at;
}

static void print_text(differ *d, mnz_buffer *out, const char *text, const char *other) {
  const size_t length = strlen(text);
  if (length <= WIDTH) {
    mnz_tree_quote(out, text);
    return;
  }
  size_t same = 0;
  while (text[same] != '\0' && text[same] == other[same]) same++;
  const size_t from = character_at(text, same > LEAD ? same - LEAD : 0);
  const size_t to = from + WIDTH < length ? character_at(text, from + WIDTH) : length;
  const char *const part = mnz_arena_format(d->arena, d->err, "%s%.*s%s", from > 0 ? "..." : "",
                                            (int)(to - from), text + from, to < length ? "..." : "");
  if (part != NULL)
    mnz_tree_quote(out, part);
  else
    out->failed = true;
}

static void print_scalar(differ *d, mnz_buffer *out, const mnz_tree *tree, const mnz_tree *other) {
  char number[32];
  switch (tree->type) {
  case MNZ_TREE_STRING:
    print_text(d, out, tree->text, other->type == MNZ_TREE_STRING ? other->text : "");
    break;
  case MNZ_TREE_INTEGER:
    mnz_buffer_print(out, "%lld", (long long)tree->integer);
    break;
  case MNZ_TREE_FLOAT:
    mnz_buffer_add(out, mnz_text_number(tree->number, number));
    break;
  case MNZ_TREE_FLAG:
    mnz_buffer_add(out, tree->flag ? "true" : "false");
    break;
  case MNZ_TREE_GROUP:
  case MNZ_TREE_LIST:
    break;
  }
}

/* As many elements as there is room for, without the first `same`; false if not all of these. */
static bool print_elements(differ *d, mnz_buffer *out, const mnz_tree *list, int32_t same) {
  const mnz_tree *t = list->first;
  int32_t number = 0;
  for (; number < same; number++) t = t->next;
  mnz_buffer_add(out, "(");
  if (same > 0) mnz_buffer_print(out, "%d the same%s", (int)same, t != NULL ? " ... " : "");
  for (; t != NULL && out->length < WIDTH; t = t->next, number++) {
    if (number > same) mnz_buffer_add(out, ", ");
    print_scalar(d, out, t, list);
  }
  if (t != NULL) mnz_buffer_print(out, " ... %d more", (int)(list->count - number));
  mnz_buffer_add(out, ")");
  return t == NULL;
}

/* From its beginning if it is shown whole then, else from where it parts from the other. */
static void print_list(differ *d, const mnz_tree *list, const mnz_tree *other) {
  mnz_buffer elements = {0};
  if (!print_elements(d, &elements, list, 0)) {
    mnz_buffer_clear(&elements);
    (void)print_elements(d, &elements, list, count_same(list, other));
  }
  d->out.failed = d->out.failed || elements.failed;
  if (!elements.failed) mnz_buffer_add(&d->out, elements.at);
  mnz_buffer_free(&elements);
}

static void print_value(differ *d, const mnz_tree *tree, const mnz_tree *other) {
  if (tree->type == MNZ_TREE_LIST && is_plain(tree))
    print_list(d, tree, other);
  else if (tree->type == MNZ_TREE_LIST || tree->type == MNZ_TREE_GROUP)
    mnz_buffer_add(&d->out, mnz_tree_found(tree, d->arena, d->err));
  else
    print_scalar(d, &d->out, tree, other);
}

/* One line, whatever a label holds. */
static void print_path(differ *d, const mnz_tree *tree) {
  const char *const path = mnz_tree_path(tree, d->arena, d->err);
  if (path == NULL) {
    d->out.failed = true;
    return;
  }
  for (const char *at = path; *at != '\0'; at++)
    mnz_buffer_add_bytes(&d->out, (unsigned char)*at < ' ' || *at == 0x7F ? "?" : at, 1);
}

/* `was` or `is` is NULL where there is none. */
static void report(differ *d, const mnz_tree *was, const mnz_tree *is) {
  if (d->count++ >= d->most) return;
  print_path(d, is != NULL ? is : was);
  if (was == NULL) {
    mnz_buffer_add(&d->out, ": is new");
  } else if (is == NULL) {
    mnz_buffer_add(&d->out, ": is gone");
  } else {
    mnz_buffer_add(&d->out, ": was ");
    print_value(d, was, is);
    mnz_buffer_add(&d->out, ", is ");
    print_value(d, is, was);
  }
  mnz_buffer_add(&d->out, "\n");
}

/* ---- the walks ---- */

static bool have_parts(const mnz_tree *a, const mnz_tree *b) {
  if (a->type != b->type) return false;
  return a->type == MNZ_TREE_GROUP || (a->type == MNZ_TREE_LIST && !(is_plain(a) && is_plain(b)));
}

/* What to compare a value with that has no twin: a list of labelled elements that is absent has none, so that
 * each of them is named. */
static const mnz_tree *absent(const mnz_tree *tree) {
  static const mnz_tree empty = {.type = MNZ_TREE_LIST};
  return tree->type == MNZ_TREE_LIST && tree->count > 0 && has_labels(tree) ? &empty : NULL;
}

static mnz_status walk(differ *d, const mnz_tree *here, const mnz_tree *there) {
  const mnz_tree **twin;
  mnz_status status = match(d, here, there, &twin);
  for (const mnz_tree *t = here->first; t != NULL && status == MNZ_OK; t = t->next, twin++) {
    const mnz_tree *const other = *twin != NULL ? *twin : absent(t);
    if (other == NULL)
      report(d, d->back ? t : NULL, d->back ? NULL : t);
    else if (have_parts(t, other))
      status = walk(d, t, other);
    else if (!d->back && !is_same(t, other))
      report(d, other, t);
  }
  return status;
}

/* ---- the two texts ---- */

/* `which` of the two it is: for the message, the first of what is wrong with it. */
static mnz_status read_text(const differ *d, const char *which, const char *text, mnz_tree **out) {
  mnz_finder *finder = NULL;
  mnz_problems *problems = NULL;
  const char *const whole = mnz_arena_format(d->arena, d->err, "%s\n", text);
  if (whole == NULL) return MNZ_NO_MEMORY;
  mnz_status status = mnz_finder_create(&finder, d->err);
  if (status != MNZ_OK) return status;
  const mnz_tree_text source = {"", which, whole, strlen(whole), finder};
  status = mnz_tree_read(out, d->arena, &source, d->err);
  if (status == MNZ_OK && *out == NULL) {
    status = mnz_finder_take(finder, &problems, d->err);
    if (status == MNZ_OK) status = mnz_fail(d->err, MNZ_FORMAT, which, "%s", problems->at[0].message);
  }
  mnz_problems_free(problems);
  mnz_finder_free(finder);
  return status;
}

mnz_status mnz_scenario_difference(const char *was, const char *is, size_t most, char **text, size_t *count,
                                   mnz_error *err) {
  differ d = {.most = most, .err = err};
  mnz_tree *first;
  mnz_tree *second;
  *text = NULL;
  *count = 0;
  mnz_status status = mnz_arena_create(&d.arena, err);
  if (status != MNZ_OK) return status;
  if ((status = read_text(&d, "the first text", was, &first)) != MNZ_OK) goto out;
  if ((status = read_text(&d, "the second text", is, &second)) != MNZ_OK) goto out;
  mnz_buffer_add(&d.out, "");
  if ((status = walk(&d, second, first)) != MNZ_OK) goto out;
  d.back = true;
  if ((status = walk(&d, first, second)) != MNZ_OK) goto out;
  if (d.out.failed) {
    status = mnz_fail(err, MNZ_NO_MEMORY, NULL, "no memory for the differences");
    goto out;
  }
  *count = d.count;
  *text = d.out.at;
  d.out = (mnz_buffer){0};

out:
  mnz_buffer_free(&d.out);
  mnz_arena_free(d.arena);
  return status;
}
