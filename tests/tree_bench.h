/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the text side share: a folder for each test, and what was loaded from it. */
#ifndef MNZ_TESTS_TREE_BENCH_H
#define MNZ_TESTS_TREE_BENCH_H

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "config/tree_parts.h"

static const char scenario[] =
    "title = \"Test\"; seed = \"20251001\"; lines = 2;\n"
    "nodes = ( { name = \"LAMP heavy\"; hold_up = \"60 d\"; circuits = ( { r = 0.9; } ); },\n"
    "  { name = \"a \\\"b\\\"].c=d\\\\\"; x = 1; } );\n"
    "links = ( { from = \"A\"; to = \"B\"; loss = \"1 %\"; } );\n";

static char folder[] = "/tmp/mnz_tree_XXXXXX";
static mnz_arena *arena;
static mnz_finder *finder;
static mnz_tree *root;
static mnz_problems *problems;
static mnz_error error;

static inline void set_up(void) {
  cr_assert_not_null(mkdtemp(folder));
  cr_assert_eq(chdir(folder), 0);
  cr_assert_eq(mnz_arena_create(&arena, NULL), MNZ_OK);
  cr_assert_eq(mnz_finder_create(&finder, NULL), MNZ_OK);
}

static inline void tear_down(void) {
  char command[64];
  mnz_problems_free(problems);
  mnz_finder_free(finder);
  mnz_arena_free(arena);
  (void)snprintf(command, sizeof command, "rm -r %s", folder);
  cr_assert_eq(system(command), 0);
}

#define TREE_TEST(suite, name) Test(suite, name, .init = set_up, .fini = tear_down)

static inline void write_bytes(const char *file, const char *text, size_t length) {
  FILE *f = fopen(file, "w");
  cr_assert_not_null(f);
  cr_assert_eq(fwrite(text, 1, length, f), length);
  cr_assert_eq(fclose(f), 0);
}

static inline void write_text(const char *file, const char *text) {
  write_bytes(file, text, strlen(text));
}

static inline void take(void) {
  mnz_problems_free(problems);
  cr_assert_eq(mnz_finder_take(finder, &problems, NULL), MNZ_OK);
}

static inline mnz_status load_with(const char *file, const char *const *overrides, size_t n) {
  const mnz_status status = mnz_tree_load(&root, arena, file, overrides, n, finder, &error);
  take();
  return status;
}

static inline mnz_status load(const char *file) {
  return load_with(file, NULL, 0);
}

static inline mnz_tree *at(const char *path) {
  bool exact;
  mnz_tree *tree = mnz_tree_at(root, path, &exact);
  cr_assert(exact, "there is no %s", path);
  return tree;
}

static inline const char *path_of(const mnz_tree *tree) {
  return mnz_tree_path(tree, arena, NULL);
}

/* "file:line: path: message" of the i-th problem. */
static inline const char *problem(size_t i) {
  cr_assert_lt(i, problems->count, "only %zu problems", problems->count);
  const mnz_problem *p = &problems->at[i];
  return mnz_arena_format(arena, NULL, "%s:%d: %s: %s", p->file, (int)p->line, p->path, p->message);
}

static inline void expect_problem(const char *wanted) {
  cr_assert_eq(problems->count, 1, "%zu problems for %s", problems->count, wanted);
  cr_assert_str_eq(problem(0), wanted);
}

#endif
