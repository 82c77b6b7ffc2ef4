/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tree_*.c files share; nobody else needs it.
 *
 * The way of a file: read whole -> scanned (every mistake that libconfig would swallow, misread or report
 * badly) -> given to libconfig -> a tree -> merged onto what it extends -> overridden. */
#ifndef MNZ_CONFIG_TREE_PARTS_H
#define MNZ_CONFIG_TREE_PARTS_H

#include "base/text.h"
#include "config/tree.h"

/* --- tree_scan.c --- */

/* A text to be understood, and where its findings go. */
typedef struct mnz_tree_text {
  const char *file; /* "" for an override, whose findings have no line but a path */
  const char *path; /* "" for a file */
  const char *at;   /* ends with a line break (libconfig needs it after a last comment) and a NUL */
  size_t length;
  mnz_finder *findings; /* NULL: judge, say nothing */
} mnz_tree_text;

/* Checks the whole text. A clean one has no mistake that libconfig would find, and none that it would not.
 * *lines then holds the line of every setting and every element of a list, in order of the text (libconfig
 * itself gives a text in a list the line of the token after it); free() it. NULL when not clean. Fails
 * only when memory is out. */
mnz_status mnz_tree_scan(const mnz_tree_text *text, int32_t **lines, mnz_error *err);

/* --- tree_read.c: libconfig --- */

/* Scans and reads a text; *out is NULL if it is not clean. Fails only when memory is out. */
mnz_status mnz_tree_read(mnz_tree **out, mnz_arena *arena, const mnz_tree_text *text, mnz_error *err);

/* --- tree_merge.c --- */

/* Merges the group `over` onto the group `base`, as mnz_tree_load says; what is left of `over` is of no
 * more use. Fails only when memory is out. */
mnz_status mnz_tree_merge(mnz_tree *base, mnz_tree *over, mnz_arena *arena, mnz_finder *findings,
                          mnz_error *err);

/* --- tree_set.c --- */

/* Applies one override "path=value". Fails only when memory is out. */
mnz_status mnz_tree_set(mnz_tree *root, mnz_arena *arena, const char *override, mnz_finder *findings,
                        mnz_error *err);

/* --- tree.c --- */

void mnz_tree_append(mnz_tree *parent, mnz_tree *child);
void mnz_tree_unlink(mnz_tree *child);
/* Puts `fresh` where `old` is, under the same name. */
void mnz_tree_replace(mnz_tree *old, mnz_tree *fresh);

/* What an element of a list is called: its `name`, or "A -> B" when it goes `from` A `to` B, as links
 * do. False if neither. */
typedef struct mnz_label {
  const char *part[3]; /* to be read as one */
} mnz_label;
bool mnz_tree_label(const mnz_tree *element, mnz_label *label);
/* The label as one text; NULL if memory is out. */
const char *mnz_label_text(const mnz_label *label, mnz_arena *arena, mnz_error *err);

/* The word of `of` (keys of a group, labels of a list) nearest to `word`, as `; did you mean "word"?`; ""
 * if none is near. NULL if memory is out. */
const char *mnz_tree_suggest(const mnz_tree *of, const char *word, mnz_arena *arena, mnz_error *err);

/* Adds a text in quotes, with escapes, as libconfig reads it. */
void mnz_tree_quote(mnz_buffer *out, const char *text);
/* Moves the buffer's text into the arena and frees the buffer; NULL if memory is out. */
const char *mnz_tree_keep(mnz_buffer *from, mnz_arena *arena, mnz_error *err);

/* --- tree_path.c --- */

/* A step of a path: a key of a group, or an element of a list by number or by label. */
typedef enum mnz_step_kind { MNZ_STEP_KEY, MNZ_STEP_NUMBER, MNZ_STEP_LABEL } mnz_step_kind;
typedef struct mnz_step {
  mnz_step_kind kind;
  const char *at; /* into the path: the key, or the label as written, escapes and all */
  size_t length;
  int32_t number;
} mnz_step;

/* Takes the next step off *path; `first` at its beginning, where a key stands without a dot. False if
 * there is no sound step: *path is then where sense ends. */
bool mnz_step_next(const char **path, bool first, mnz_step *step);
/* What the step leads to from `from`, or NULL. */
mnz_tree *mnz_step_follow(const mnz_tree *from, const mnz_step *step);
/* The key or label, without escapes; NULL if memory is out. */
const char *mnz_step_text(const mnz_step *step, mnz_arena *arena, mnz_error *err);

#endif
