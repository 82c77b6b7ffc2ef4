/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of findings: its order, its lines of text, its length. */
#include "tree_bench.h"

TREE_TEST(findings, come_by_file_as_first_mentioned_then_by_line) {
  mnz_finder_error(finder, "b.cfg", 9, "p", "one");
  mnz_finder_warning(finder, "a.cfg", 3, "p", "two");
  mnz_finder_error(finder, "", 0, "p", "three");
  mnz_finder_error(finder, "b.cfg", 2, "p", "four");
  mnz_finder_error(finder, "b.cfg", 2, "p", "five");
  cr_assert_eq(mnz_finder_errors(finder), 4);
  take();
  cr_assert_eq(problems->count, 5);
  cr_assert_eq(problems->errors, 4);
  const char *const order[] = {"four", "five", "one", "two", "three"};
  for (size_t i = 0; i < 5; i++) cr_assert_str_eq(problems->at[i].message, order[i]);
  cr_assert(problems->at[3].warning);
  take();
  cr_assert_eq(problems->count, 0);
}
TREE_TEST(findings, show_the_line_as_it_stands) {
  write_text("x.cfg", "first\n\tse\xC3\xB6nd\r\n\x1B[2Jthi\xFFrd");
  mnz_finder_error(finder, "x.cfg", 2, "", "m");
  mnz_finder_error(finder, "x.cfg", 3, "", "m");
  mnz_finder_error(finder, "x.cfg", 1, "", "m");
  mnz_finder_error(finder, "x.cfg", 4, "", "m");
  mnz_finder_error(finder, "x.cfg", 0, "", "m");
  mnz_finder_error(finder, "gone.cfg", 1, "", "m");
  take();
  const char *const lines[] = {"", "first", " se\xC3\xB6nd", " [2Jthi?rd", "", ""};
  for (size_t i = 0; i < 6; i++) cr_assert_str_eq(problems->at[i].text, lines[i], "%zu", i);
}
TREE_TEST(findings, cut_a_long_line_at_a_whole_character) {
  mnz_buffer line = {0};
  mnz_buffer_add(&line, "x");
  for (int i = 0; i < 300; i++) mnz_buffer_add(&line, "\xC3\xB6");
  write_text("x.cfg", line.at);
  mnz_finder_error(finder, "x.cfg", 1, "", "m");
  take();
  cr_assert_eq(strlen(problems->at[0].text), 199 + strlen(" ..."));
  mnz_buffer_free(&line);
}
TREE_TEST(findings, are_kept_once) {
  for (int i = 0; i < 3; i++) mnz_finder_error(finder, "x.cfg", 1, "p", "same");
  mnz_finder_error(finder, "x.cfg", 1, "q", "same");
  mnz_finder_warning(finder, "x.cfg", 1, "p", "same");
  cr_assert_eq(mnz_finder_errors(finder), 2);
  take();
  cr_assert_eq(problems->count, 3);
}
TREE_TEST(findings, end_with_how_many_more_there_are) {
  for (int i = 0; i < 200; i++) mnz_finder_warning(finder, "x.cfg", i, "", "m");
  mnz_finder_warning(finder, "x.cfg", 200, "", "m");
  take();
  cr_assert_eq(problems->count, 201);
  cr_assert_eq(problems->errors, 0);
  for (int i = 0; i < 250; i++) mnz_finder_error(finder, "x.cfg", i, "", "m");
  cr_assert_eq(mnz_finder_errors(finder), 250);
  take();
  cr_assert_eq(problems->count, 201);
  cr_assert_eq(problems->errors, 201);
  cr_assert_str_eq(problems->at[200].message, "there are 50 more findings");
}
TREE_TEST(findings, are_one_line_of_plain_text) {
  mnz_finder_error(finder, "x.cfg", 1, "nodes[\"a\nb\"]", "bell \a and \xFF byte");
  take();
  cr_assert_str_eq(problems->at[0].path, "nodes[\"a b\"]");
  cr_assert_str_eq(problems->at[0].message, "bell   and ? byte");
}
