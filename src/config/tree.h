/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario file as a tree of our own, in which every value knows the file and line that it comes from.
 * Only tree_read.c includes libconfig. */
#ifndef MNZ_CONFIG_TREE_H
#define MNZ_CONFIG_TREE_H

#include "base/memory.h"
#include "config/findings.h"

typedef enum mnz_tree_type {
  MNZ_TREE_GROUP, /* { } : children with names */
  MNZ_TREE_LIST,  /* ( ) or [ ] : children without */
  MNZ_TREE_STRING,
  MNZ_TREE_INTEGER,
  MNZ_TREE_FLOAT,
  MNZ_TREE_FLAG
} mnz_tree_type;

typedef struct mnz_tree {
  mnz_tree_type type;
  const char *name; /* in a group; else NULL */
  struct mnz_tree *parent;
  struct mnz_tree *first; /* children, in order of the file */
  struct mnz_tree *last;
  struct mnz_tree *next;
  int32_t count;    /* of children */
  const char *text; /* STRING */
  const char *said; /* by the file, where the binder put what it stands for instead; else NULL */
  int64_t integer;  /* INTEGER */
  double number;    /* FLOAT */
  bool flag;        /* FLAG */
  const char *file; /* "" for an override */
  int32_t line;
  bool used; /* set by the binder: a key that stays unused is unknown */
} mnz_tree;

/* Reads `path` and everything it extends (key `extends`: a file name relative to the file that says it,
 * or a list of them, merged in order), merged deeply: groups key by key, lists whose elements all have a
 * label element by element (remove = true takes one out), everything else, an empty list too, replaced
 * whole. An element's label is its `name`, or "A -> B" if it goes `from` A `to` B, as links do. Then
 * applies the overrides "path=value". The root has no `extends` left. All mistakes (syntax, pitfalls of
 * libconfig found by the scan, circles, unreadable files) go to `findings`; *out is NULL if the text
 * cannot be understood at all. Fails with MNZ_NO_INPUT if `path` itself cannot be read, MNZ_NO_MEMORY. */
mnz_status mnz_tree_load(mnz_tree **out, mnz_arena *arena, const char *path, const char *const *overrides,
                         size_t n_overrides, mnz_finder *findings, mnz_error *err);

/* The child of a group with that name, or NULL. */
mnz_tree *mnz_tree_child(const mnz_tree *group, const char *name);
/* nodes["LAMP heavy"].circuits[0].recovery : elements of lists by their label where they have one, else
 * by number; \" and \\ in a label are escaped. Written into the arena; NULL if memory is out. */
const char *mnz_tree_path(const mnz_tree *tree, mnz_arena *arena, mnz_error *err);
/* The deepest tree on a path that exists (so that a missing key points at its group); never NULL. *exact
 * says whether it is the whole path. Needs no escapes, unless a label itself holds a quote and a bracket. */
mnz_tree *mnz_tree_at(mnz_tree *root, const char *path, bool *exact);

/* What a value is, in words for messages: `the text "12"`, `the number 12`, `a group`, ... NULL if
 * memory is out. */
const char *mnz_tree_found(const mnz_tree *tree, mnz_arena *arena, mnz_error *err);

#endif
