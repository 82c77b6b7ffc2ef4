/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the binder share: a text becomes a tree, findings become a text. */
#ifndef MNZ_TESTS_BIND_BENCH_H
#define MNZ_TESTS_BIND_BENCH_H

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "config/tree.h"

static mnz_arena *arena;
static mnz_finder *finder;
static mnz_problems *problems;
static mnz_tree *root;
static mnz_error error;

static void open_bench(void) {
  cr_assert_eq(mnz_arena_create(&arena, NULL), MNZ_OK);
  cr_assert_eq(mnz_finder_create(&finder, NULL), MNZ_OK);
}

static void close_bench(void) {
  mnz_problems_free(problems);
  mnz_finder_free(finder);
  mnz_arena_free(arena);
}

static void read_tree(const char *text) {
  char path[] = "/tmp/mnz_bind_XXXXXX";
  const int file = mkstemp(path);
  cr_assert_geq(file, 0);
  cr_assert_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
  cr_assert_eq(close(file), 0);
  cr_assert_eq(mnz_tree_load(&root, arena, path, NULL, 0, finder, &error), MNZ_OK, "%s", error.message);
  cr_assert_eq(mnz_finder_errors(finder), 0, "the test's own text has mistakes in its syntax");
  (void)remove(path);
}

/* All findings, one a line: "line: path: message". */
static const char *findings(void) {
  mnz_buffer all = {0};
  mnz_problems_free(problems);
  cr_assert_eq(mnz_finder_take(finder, &problems, NULL), MNZ_OK);
  for (size_t i = 0; i < problems->count; i++)
    mnz_buffer_print(&all, "%d: %s: %s\n", (int)problems->at[i].line, problems->at[i].path,
                     problems->at[i].message);
  const char *text = mnz_arena_text(arena, all.at != NULL ? all.at : "", NULL);
  mnz_buffer_free(&all);
  return text;
}

#endif
