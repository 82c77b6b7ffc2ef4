/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text side of a scenario: what the scan refuses, how files merge, what an override does. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "config/file_text.h"
#include "config/tree_parts.h"

/* ---- a folder of its own for each test, and what was loaded from it ---- */

static char folder[] = "/tmp/mnz_tree_XXXXXX";
static mnz_arena *arena;
static mnz_finder *finder;
static mnz_tree *root;
static mnz_problems *problems;
static mnz_error error;

static void set_up(void) {
  cr_assert_not_null(mkdtemp(folder));
  cr_assert_eq(chdir(folder), 0);
  cr_assert_eq(mnz_arena_create(&arena, NULL), MNZ_OK);
  cr_assert_eq(mnz_finder_create(&finder, NULL), MNZ_OK);
}

static void tear_down(void) {
  char command[64];
  mnz_problems_free(problems);
  mnz_finder_free(finder);
  mnz_arena_free(arena);
  (void)snprintf(command, sizeof command, "rm -r %s", folder);
  cr_assert_eq(system(command), 0);
}

#define TREE_TEST(suite, name) Test(suite, name, .init = set_up, .fini = tear_down)

static void write_bytes(const char *file, const char *text, size_t length) {
  FILE *f = fopen(file, "w");
  cr_assert_not_null(f);
  cr_assert_eq(fwrite(text, 1, length, f), length);
  cr_assert_eq(fclose(f), 0);
}

static void write_text(const char *file, const char *text) {
  write_bytes(file, text, strlen(text));
}

static mnz_status load_with(const char *file, const char *const *overrides, size_t n) {
  const mnz_status status = mnz_tree_load(&root, arena, file, overrides, n, finder, &error);
  mnz_problems_free(problems);
  cr_assert_eq(mnz_finder_take(finder, &problems, NULL), MNZ_OK);
  return status;
}

static mnz_status load(const char *file) {
  return load_with(file, NULL, 0);
}

static mnz_tree *at(const char *path) {
  bool exact;
  mnz_tree *tree = mnz_tree_at(root, path, &exact);
  cr_assert(exact, "there is no %s", path);
  return tree;
}

static const char *path_of(const mnz_tree *tree) {
  return mnz_tree_path(tree, arena, NULL);
}

/* "file:line: path: message" of the i-th problem. */
static const char *problem(size_t i) {
  cr_assert_lt(i, problems->count, "only %zu problems", problems->count);
  const mnz_problem *p = &problems->at[i];
  return mnz_arena_format(arena, NULL, "%s:%d: %s: %s", p->file, (int)p->line, p->path, p->message);
}

static void expect_problem(const char *wanted) {
  cr_assert_eq(problems->count, 1, "%zu problems for %s", problems->count, wanted);
  cr_assert_str_eq(problem(0), wanted);
}

/* ---- the scan ---- */

static void refuses(const char *text, const char *wanted) {
  write_text("x.cfg", text);
  cr_assert_eq(load("x.cfg"), MNZ_OK);
  cr_assert_null(root);
  expect_problem(mnz_arena_format(arena, NULL, "x.cfg:%s", wanted));
}

TREE_TEST(tree_scan, refuses_an_integer_that_would_wrap) {
  refuses("a = 1;\nb = 5000000000;\n",
          "2: : found 5000000000, an integer of more than 32 bits; expected 5000000000L");
  refuses("a = -2147483649;\n",
          "1: : found -2147483649, an integer of more than 32 bits; expected -2147483649L");
}
TREE_TEST(tree_scan, refuses_a_hexadecimal_that_would_become_negative) {
  refuses("a = 0xFFFFFFFF;\n",
          "1: : found 0xFFFFFFFF, an integer of more than 32 bits; expected 0xFFFFFFFFL");
}
TREE_TEST(tree_scan, refuses_an_integer_beyond_64_bits) {
  refuses("a = 9223372036854775808L;\n",
          "1: : found 9223372036854775808L; expected an integer of at most 64 bits, or a text in quotes");
}
TREE_TEST(tree_scan, refuses_a_float_that_is_not_finite) {
  refuses("a = -1e400;\n", "1: : found -1e400, which is beyond all numbers; expected one below 1.8e308");
}
TREE_TEST(tree_scan, refuses_a_comment_that_swallows_the_rest) {
  refuses("a = 1;\n/* from here on\nb = 2;\n",
          "2: : found a comment that is not closed; expected */ before the end");
}
TREE_TEST(tree_scan, refuses_include_with_a_hint) {
  refuses("a = 1;\n  @include \"/dev/zero\"\nb = 2;\n",
          "2: : found @include; expected extends = \"other.cfg\", which merges key by key");
}
TREE_TEST(tree_scan, refuses_texts_that_would_be_joined) {
  refuses("origins = (\"australia\" \"china\");\n",
          "1: : found a text right after a text: \"china\"; expected \",\" or \";\" between them");
  refuses("a = \"one\" # and\n  \"two\";\n",
          "2: : found a text right after a text: \"two\"; expected \",\" or \";\" between them");
}
TREE_TEST(tree_scan, refuses_a_comma_before_a_closing_bracket) {
  refuses("a = (1,\n2,\n);\n", "2: : found a comma before \")\"; expected another value, or no comma");
  refuses("a = [1, ];\n", "1: : found a comma before \"]\"; expected another value, or no comma");
}
TREE_TEST(tree_scan, refuses_a_byte_order_mark) {
  refuses("\xEF\xBB\xBF"
          "a = 1;\n",
          "1: : found a byte order mark; expected the file to be saved as UTF-8 without one");
}
TREE_TEST(tree_scan, refuses_a_zero_byte) {
  write_bytes("x.cfg", "a = 1;\nb\0 = 2;\n", 16);
  cr_assert_eq(load("x.cfg"), MNZ_OK);
  expect_problem("x.cfg:2: : found a zero byte; expected a text file in UTF-8");
}
TREE_TEST(tree_scan, refuses_a_key_that_is_not_ascii) {
  refuses("gr\xC3\xB6\xC3\x9F"
          "e = 1;\n",
          "1: : found the key \"gr\xC3\xB6\xC3\x9F"
          "e\"; expected only the letters a to z, digits, _ and -");
}
TREE_TEST(tree_scan, refuses_a_key_that_begins_with_a_digit) {
  refuses("a = 1; 2nd = 3;\n",
          "1: : found the key \"2nd\"; expected a letter first, then letters, digits, _ and -");
}
TREE_TEST(tree_scan, refuses_a_key_that_is_a_flag) {
  refuses("True = 1;\n", "1: : found the key \"True\", which is a value; expected another word");
}
TREE_TEST(tree_scan, refuses_a_key_said_twice_and_names_the_first) {
  refuses("a = { b = 1;\n c = 2;\n b = 3; };\n",
          "3: : found the key \"b\" a second time; expected it once (the first is on line 1)");
}
TREE_TEST(tree_scan, refuses_a_text_that_runs_over_its_line) {
  refuses("a = \"one;\nb = 2;\n", "1: : found a text that is not closed on its line; expected a closing \"");
}
TREE_TEST(tree_scan, refuses_a_text_that_is_not_utf8) {
  refuses("a = \"K\xF6ln\";\n",
          "1: : found a text that is not UTF-8; expected the file to be saved in UTF-8");
  refuses("a = \"\xED\xA0\x80\";\n",
          "1: : found a text that is not UTF-8; expected the file to be saved in UTF-8");
}
TREE_TEST(tree_scan, refuses_an_escape_that_ends_the_text_early) {
  refuses("a = \"x\\x00y\";\n",
          "1: : found \\x00 or \\x80 to \\xff in \"x\\x00y\"; expected the character itself, in UTF-8");
}
TREE_TEST(tree_scan, refuses_a_text_of_many_pages) {
  mnz_buffer text = {0};
  mnz_buffer_print(&text, "a = \"%065535d\";\n", 0);
  refuses(text.at, "1: : found a text of 65537 bytes; expected at most 65536");
  mnz_buffer_free(&text);
}
TREE_TEST(tree_scan, refuses_a_group_of_a_thousand_keys) {
  mnz_buffer text = {0};
  for (int i = 0; i < 1000; i++) mnz_buffer_print(&text, "k%d = 1;\n", i);
  refuses(text.at, "257: : found more than 256 keys in a group; expected a list of groups for a long table");
  mnz_buffer_free(&text);
}
TREE_TEST(tree_scan, refuses_brackets_without_end) {
  mnz_buffer text = {0};
  mnz_buffer_add(&text, "a = ");
  for (int i = 0; i < 10000; i++) mnz_buffer_add(&text, "(\n");
  refuses(text.at, "33: : found brackets more than 32 deep; expected a flatter scenario");
  mnz_buffer_free(&text);
}
TREE_TEST(tree_scan, names_the_bracket_that_is_never_closed) {
  refuses("a = 1;\nb = (\n  { c = 2; }\n\n",
          "2: : found a \"(\" that is never closed; expected a \")\" before the end");
}
TREE_TEST(tree_scan, names_the_bracket_that_the_wrong_one_would_close) {
  refuses("a = (\n { b = 1; )\n", "2: : found \")\"; expected a key, or \"}\" for the \"{\" on line 2");
  refuses("a = (1\n};\n", "2: : found \"}\"; expected \",\", or \")\" for the \"(\" on line 1");
}
TREE_TEST(tree_scan, asks_for_a_comma_between_groups) {
  refuses("a = (\n { b = 1; }\n { b = 2; } );\n",
          "3: : found \"{\"; expected \",\", or \")\" for the \"(\" on line 1");
}
TREE_TEST(tree_scan, asks_for_quotes_around_a_quantity) {
  refuses("hold_up = 60 d;\n", "1: : found 60 d without quotes; expected \"60 d\"");
  refuses("a = (1.5, 12 USD/kg);\n", "1: : found 12 USD/kg without quotes; expected \"12 USD/kg\"");
  refuses("recovery = 92%;\n", "1: : found 92% without quotes; expected \"92%\"");
}
TREE_TEST(tree_scan, asks_for_quotes_around_a_word_or_a_date) {
  refuses("kind = mine;\n", "1: : found mine without quotes; expected \"mine\"");
  refuses("start = 2025-10-01;\n", "1: : found 2025-10-01 without quotes; expected \"2025-10-01\"");
}
TREE_TEST(tree_scan, asks_for_an_equals_sign) {
  refuses("lines\n  2;\n", "2: : found 2; expected \"=\" after the key \"lines\"");
}
TREE_TEST(tree_scan, asks_for_a_value) {
  refuses("a = ;\n", "1: : found \";\"; expected a value: a number, true, false, a text in quotes, or ( [ {");
  refuses("a =\n\n",
          "1: : found the end after =; expected a value: a number, true, false, a text in quotes, or ( [ {");
}
TREE_TEST(tree_scan, asks_for_round_brackets_around_mixed_values) {
  refuses("a = [1, 2.0];\n",
          "1: : found 2.0 in [ ], which holds plain values of one kind; expected ( ) around them");
  refuses("a = [{}];\n",
          "1: : found { in [ ], which holds plain values of one kind; expected ( ) around them");
}
TREE_TEST(tree_scan, reports_every_mistake_that_stands_alone) {
  write_text("x.cfg", "a = 5000000000;\nb = 1e999;\nc = (1 2);\nd = 0x80000000;\n}\n");
  cr_assert_eq(load("x.cfg"), MNZ_OK);
  cr_assert_eq(problems->errors, 4);
  cr_assert_str_eq(problem(2), "x.cfg:3: : found 2; expected \",\", or \")\" for the \"(\" on line 3");
  cr_assert_str_eq(problem(3),
                   "x.cfg:4: : found 0x80000000, an integer of more than 32 bits; expected 0x80000000L");
}
TREE_TEST(tree_scan, is_not_misled_by_comments_and_texts) {
  write_text("x.cfg",
             "# @include \"a\" 5000000000\n// (\n/* ( \" */ a = \"/* # // \\\" ( @include 1e999\";\n");
  cr_assert_eq(load("x.cfg"), MNZ_OK);
  cr_assert_eq(problems->count, 0);
  cr_assert_str_eq(at("a")->text, "/* # // \" ( @include 1e999");
}

/* ---- reading ---- */

TREE_TEST(tree_read, keeps_the_type_that_was_written) {
  write_text("x.cfg", "i = -7; h = 0x1F; l = 5000000000L; f = 2.0; e = 1e3; t = TRUE; s = "
                      "\"\\\"\\\\\\n\\x41\\d\"; n = \"\";");
  cr_assert_eq(load("x.cfg"), MNZ_OK);
  cr_assert_eq(at("i")->type, MNZ_TREE_INTEGER);
  cr_assert_eq(at("i")->integer, -7);
  cr_assert_eq(at("h")->integer, 31);
  cr_assert_eq(at("l")->integer, INT64_C(5000000000));
  cr_assert_eq(at("f")->type, MNZ_TREE_FLOAT);
  cr_assert_eq(at("f")->number, 2.0);
  cr_assert_eq(at("e")->number, 1000.0);
  cr_assert_eq(at("t")->type, MNZ_TREE_FLAG);
  cr_assert(at("t")->flag);
  cr_assert_str_eq(at("s")->text, "\"\\\nA\\d");
  cr_assert_str_eq(at("n")->text, "");
}

TREE_TEST(tree_read, knows_the_line_of_everything) {
  write_text("x.cfg", "a\n = \n1; b = (\"x\",\n\"y\"\n\n,\n{ c =\n 2; },\n (\n3)\n); /*\n*/ d = 4 # the end");
  cr_assert_eq(load("x.cfg"), MNZ_OK);
  cr_assert_eq(at("a")->line, 1);
  cr_assert_eq(at("b")->line, 3);
  cr_assert_eq(at("b[0]")->line, 3);
  cr_assert_eq(at("b[1]")->line, 4); /* libconfig itself says 6 */
  cr_assert_eq(at("b[2]")->line, 7);
  cr_assert_eq(at("b[2].c")->line, 7);
  cr_assert_eq(at("b[3]")->line, 9);
  cr_assert_eq(at("b[3][0]")->line, 10);
  cr_assert_eq(at("d")->line, 12);
  cr_assert_str_eq(at("d")->file, "x.cfg");
}

TREE_TEST(tree_read, takes_an_empty_file_for_an_empty_scenario) {
  write_text("x.cfg", "");
  cr_assert_eq(load("x.cfg"), MNZ_OK);
  cr_assert_eq(root->count, 0);
  cr_assert_eq(problems->count, 0);
}

TREE_TEST(tree_read, fails_on_a_missing_file) {
  cr_assert_eq(load("none.cfg"), MNZ_NO_INPUT);
  cr_assert_str_eq(error.where, "none.cfg");
  cr_assert_str_eq(error.message, "found no file that can be read (No such file or directory); expected one");
}

TREE_TEST(tree_read, fails_on_a_folder) {
  cr_assert_eq(load("."), MNZ_NO_INPUT);
  cr_assert_str_eq(error.message, "found a folder; expected a file");
}

Test(tree_read, does_not_wait_for_a_pipe, .init = set_up, .fini = tear_down, .timeout = 10) {
  cr_assert_eq(mkfifo("pipe", 0600), 0);
  cr_assert_eq(load("pipe"), MNZ_NO_INPUT);
  cr_assert_str_eq(error.message, "found a pipe or a device; expected a regular file");
  cr_assert_eq(load("/dev/zero"), MNZ_NO_INPUT);
}

TREE_TEST(tree_read, fails_on_a_file_that_is_no_scenario_by_size) {
  write_text("big.cfg", "");
  cr_assert_eq(truncate("big.cfg", 8 * 1024 * 1024 + 1), 0);
  cr_assert_eq(load("big.cfg"), MNZ_NO_INPUT);
  cr_assert_str_eq(error.message, "found 8388609 bytes; expected a file of at most 8 MiB");
}

/* ---- extending and merging ---- */

TREE_TEST(tree_merge, changes_a_group_key_by_key_and_keeps_where_values_come_from) {
  write_text("base.cfg", "a = 1;\ng = { x = 1;\n y = 2; };\n");
  write_text("top.cfg", "\nextends = \"base.cfg\";\ng = {\n y = 3; z = 4; };\n");
  cr_assert_eq(load("top.cfg"), MNZ_OK);
  cr_assert_eq(problems->count, 0);
  cr_assert_eq(root->count, 2);
  cr_assert_str_eq(root->file, "top.cfg");
  cr_assert_eq(at("g.x")->integer, 1);
  cr_assert_str_eq(at("g.x")->file, "base.cfg");
  cr_assert_eq(at("g.x")->line, 2);
  cr_assert_eq(at("g.y")->integer, 3);
  cr_assert_str_eq(at("g.y")->file, "top.cfg");
  cr_assert_eq(at("g.y")->line, 4);
  cr_assert_eq(at("g")->count, 3);
}

TREE_TEST(tree_merge, changes_named_elements_and_adds_new_ones) {
  write_text("base.cfg", "nodes = ( { name = \"A\"; x = 1; }, { name = \"B\"; x = 2; } );\n");
  write_text("top.cfg",
             "extends = \"base.cfg\"; nodes = ( { name = \"C\"; x = 3; }, { name = \"A\"; y = 4; } );\n");
  cr_assert_eq(load("top.cfg"), MNZ_OK);
  cr_assert_eq(problems->count, 0);
  cr_assert_eq(at("nodes")->count, 3);
  cr_assert_eq(at("nodes[\"A\"].x")->integer, 1);
  cr_assert_eq(at("nodes[\"A\"].y")->integer, 4);
  cr_assert_eq(at("nodes[\"C\"].x")->integer, 3);
  cr_assert_str_eq(at("nodes[\"A\"].name")->file, "base.cfg");
  cr_assert_str_eq(at("nodes[\"A\"].y")->file, "top.cfg");
}

TREE_TEST(tree_merge, knows_links_by_their_ends) {
  write_text("base.cfg",
             "links = ( { from = \"A\"; to = \"B\"; loss = 1; }, { from = \"B\"; to = \"C\"; } );\n");
  write_text("top.cfg", "extends = \"base.cfg\"; links = ( { from = \"A\"; to = \"B\"; loss = 2; }, "
                        "{ name = \"B -> C\"; remove = true; } );\n");
  cr_assert_eq(load("top.cfg"), MNZ_OK);
  cr_assert_eq(problems->count, 0);
  cr_assert_eq(at("links")->count, 1);
  cr_assert_eq(at("links[\"A -> B\"].loss")->integer, 2);
}

TREE_TEST(tree_merge, takes_an_element_out_and_lets_another_take_its_name) {
  write_text("base.cfg", "nodes = ( { name = \"A\"; x = 1; }, { name = \"B\"; x = 2; } );\n");
  write_text("top.cfg",
             "extends = \"base.cfg\"; nodes = ( { name = \"B\"; remove = true; }, { name = \"B\"; y = 3; }, "
             "{ name = \"A\"; remove = true; } );\n");
  cr_assert_eq(load("top.cfg"), MNZ_OK);
  cr_assert_eq(problems->count, 0);
  cr_assert_eq(at("nodes")->count, 1);
  cr_assert_eq(at("nodes[\"B\"]")->count, 2);
  cr_assert_eq(at("nodes[0].y")->integer, 3);
}

TREE_TEST(tree_merge, keeps_a_name_used_twice_for_the_binder_to_see) {
  write_text("base.cfg", "nodes = ( { name = \"A\"; } );\n");
  write_text("top.cfg",
             "extends = \"base.cfg\"; nodes = ( { name = \"A\"; x = 1; }, { name = \"A\"; x = 2; } );\n");
  cr_assert_eq(load("top.cfg"), MNZ_OK);
  cr_assert_eq(at("nodes")->count, 2);
}

TREE_TEST(tree_merge, replaces_everything_else_whole) {
  write_text(
      "base.cfg",
      "a = (\"x\", \"y\"); b = { c = 1; }; d = 1; e = ( { from = \"A\"; } ); f = ( { name = \"A\"; } );\n");
  write_text(
      "top.cfg",
      "extends = \"base.cfg\"; a = (\"z\"); b = \"text\"; d = 2.5; e = ( { from = \"B\"; } ); f = ();\n");
  cr_assert_eq(load("top.cfg"), MNZ_OK);
  cr_assert_eq(problems->count, 0);
  cr_assert_eq(at("a")->count, 1);
  cr_assert_str_eq(at("b")->text, "text");
  cr_assert_eq(at("d")->type, MNZ_TREE_FLOAT);
  cr_assert_eq(at("e")->count, 1);
  cr_assert_str_eq(at("e[0].from")->text, "B");
  cr_assert_eq(at("f")->count, 0);
  cr_assert_eq(root->count, 5);
}

TREE_TEST(tree_merge, takes_several_files_in_order_and_relative_to_the_one_that_says_so) {
  cr_assert_eq(mkdir("sub", 0700), 0);
  write_text("one.cfg", "a = 1; b = 1; c = 1;\n");
  write_text("sub/two.cfg", "extends = \"../one.cfg\"; b = 2;\n");
  write_text("three.cfg", "c = 3;\n");
  write_text("top.cfg", "extends = (\"sub/two.cfg\", \"three.cfg\"); d = 4;\n");
  cr_assert_eq(load("top.cfg"), MNZ_OK);
  cr_assert_eq(problems->count, 0);
  cr_assert_eq(at("a")->integer, 1);
  cr_assert_str_eq(at("a")->file, "sub/../one.cfg");
  cr_assert_eq(at("b")->integer, 2);
  cr_assert_eq(at("c")->integer, 3);
  cr_assert_eq(at("d")->integer, 4);
}

TREE_TEST(tree_merge, reports_a_name_to_remove_that_is_not_there) {
  write_text("base.cfg", "nodes = ( { name = \"LAMP heavy\"; }, { name = \"B\"; } );\n");
  write_text("top.cfg", "extends = \"base.cfg\";\nnodes = (\n { name = \"LAMP havy\"; remove = true; } );\n");
  cr_assert_eq(load("top.cfg"), MNZ_OK);
  expect_problem(
      "top.cfg:3: nodes[\"LAMP havy\"]: found nothing of this name to remove; expected a name that the "
      "extended file has; did you mean \"LAMP heavy\"?");
  cr_assert_eq(at("nodes")->count, 2);
}

TREE_TEST(tree_merge, reports_a_removal_that_is_not_true) {
  write_text("base.cfg", "nodes = ( { name = \"A\"; } );\n");
  write_text("top.cfg", "extends = \"base.cfg\";\nnodes = ( { name = \"A\"; remove = \"yes\"; } );\n");
  cr_assert_eq(load("top.cfg"), MNZ_OK);
  expect_problem("top.cfg:2: nodes[\"A\"].remove: found the text \"yes\"; expected remove = true");
}

TREE_TEST(tree_merge, reports_a_removal_from_nothing) {
  write_text("x.cfg", "nodes = (\n { name = \"A\"; remove = true; } );\n");
  cr_assert_eq(load("x.cfg"), MNZ_OK);
  expect_problem(
      "x.cfg:2: nodes[\"A\"]: found remove where there is nothing to take it out of; expected a list of "
      "names that the extended file has too");
}

TREE_TEST(tree_merge, refuses_a_circle) {
  cr_assert_eq(mkdir("sub", 0700), 0);
  write_text("a.cfg", "extends = \"sub/b.cfg\";\n");
  write_text("sub/b.cfg", "x = 1;\nextends = \"../a.cfg\";\n");
  cr_assert_eq(load("a.cfg"), MNZ_OK);
  cr_assert_null(root);
  expect_problem(
      "sub/b.cfg:2: extends: found a circle: this leads back to \"sub/../a.cfg\"; expected a file that does "
      "not extend itself");
}

TREE_TEST(tree_merge, refuses_a_file_that_extends_itself_through_a_link) {
  write_text("a.cfg", "extends = \"b.cfg\";\n");
  cr_assert_eq(symlink("a.cfg", "b.cfg"), 0);
  cr_assert_eq(load("a.cfg"), MNZ_OK);
  cr_assert_null(root);
  cr_assert_eq(problems->errors, 1);
}

TREE_TEST(tree_merge, takes_a_file_twice_when_that_is_no_circle) {
  write_text("d.cfg", "x = 1;\n");
  write_text("b.cfg", "extends = \"d.cfg\";\n");
  write_text("c.cfg", "extends = \"d.cfg\"; y = 2;\n");
  write_text("a.cfg", "extends = (\"b.cfg\", \"c.cfg\");\n");
  cr_assert_eq(load("a.cfg"), MNZ_OK);
  cr_assert_eq(problems->count, 0);
  cr_assert_eq(root->count, 2);
}

/* f0 extends f1 extends ... f<last>; `times` over in each. */
static void write_chain(int last, int times) {
  for (int i = 0; i <= last; i++) {
    char name[16];
    mnz_buffer text = {0};
    (void)snprintf(name, sizeof name, "f%d", i);
    mnz_buffer_add(&text, "extends = (");
    for (int k = 0; k < times && i < last; k++)
      mnz_buffer_print(&text, "%s\"f%d\"", k > 0 ? ", " : "", i + 1);
    mnz_buffer_add(&text, ");\n");
    write_text(name, text.at);
    mnz_buffer_free(&text);
  }
}

TREE_TEST(tree_merge, goes_sixteen_files_deep_and_no_deeper) {
  write_chain(16, 1);
  cr_assert_eq(load("f0"), MNZ_OK);
  cr_assert_eq(problems->count, 0);
  write_chain(17, 1);
  cr_assert_eq(load("f0"), MNZ_OK);
  cr_assert_null(root);
  expect_problem(
      "f16:1: extends: found more than 16 files that extend each other, at \"f17\"; expected fewer");
}

Test(tree_merge, does_not_read_files_without_end, .init = set_up, .fini = tear_down, .timeout = 20) {
  write_chain(16, 2);
  cr_assert_eq(load("f0"), MNZ_OK);
  cr_assert_null(root);
  cr_assert(strstr(problem(0), "found more than 100 files to be read") != NULL, "%s", problem(0));
}

TREE_TEST(tree_merge, reports_what_cannot_be_extended) {
  cr_assert_eq(mkfifo("pipe", 0600), 0);
  write_text("bad.cfg", "a = 1 2;\n");
  write_text("top.cfg", "extends = (\"none.cfg\",\n \".\",\n \"pipe\",\n \"bad.cfg\", 5);\n");
  cr_assert_eq(load("top.cfg"), MNZ_OK);
  cr_assert_null(root);
  cr_assert_eq(problems->errors, 5);
  cr_assert_str_eq(problem(0),
                   "top.cfg:1: extends: none.cfg: found no file that can be read (No such file or "
                   "directory); expected one");
  cr_assert_str_eq(problem(1), "top.cfg:2: extends: .: found a folder; expected a file");
  cr_assert_str_eq(problem(2), "top.cfg:3: extends: pipe: found a pipe or a device; expected a regular file");
  cr_assert_str_eq(problem(3),
                   "top.cfg:4: extends: found the number 5; expected a file name such as \"base.cfg\", or "
                   "a list of them");
  cr_assert_str_eq(problem(4), "bad.cfg:1: : found 2; expected \";\" or a key");
}

/* ---- overrides ---- */

static const char scenario[] =
    "title = \"Test\"; seed = \"20251001\"; lines = 2;\n"
    "nodes = ( { name = \"LAMP heavy\"; hold_up = \"60 d\"; circuits = ( { r = 0.9; } ); },\n"
    "  { name = \"a \\\"b\\\"].c=d\\\\\"; x = 1; } );\n"
    "links = ( { from = \"A\"; to = \"B\"; loss = \"1 %\"; } );\n";

static void override(const char *text) {
  write_text("x.cfg", scenario);
  cr_assert_eq(load_with("x.cfg", &text, 1), MNZ_OK);
}

TREE_TEST(tree_set, takes_a_quantity_without_quotes) {
  override("nodes[\"LAMP heavy\"].hold_up=40 d");
  cr_assert_eq(problems->count, 0);
  cr_assert_str_eq(at("nodes[\"LAMP heavy\"].hold_up")->text, "40 d");
  cr_assert_str_eq(at("nodes[0].hold_up")->file, "");
  cr_assert_eq(at("nodes[0].hold_up")->line, 0);
  cr_assert_eq(at("nodes[0]")->count, 3);
}
TREE_TEST(tree_set, takes_a_quantity_with_quotes) {
  override("nodes[\"LAMP heavy\"].hold_up = \"40 d\"");
  cr_assert_str_eq(at("nodes[0].hold_up")->text, "40 d");
}
TREE_TEST(tree_set, makes_a_number_the_text_that_it_replaces) {
  override("seed=7");
  cr_assert_str_eq(at("seed")->text, "7");
  override("seed=18446744073709551615");
  cr_assert_str_eq(at("seed")->text, "18446744073709551615");
  override("title=true");
  cr_assert_str_eq(at("title")->text, "true");
}
TREE_TEST(tree_set, keeps_the_type_of_what_replaces_no_text) {
  override("lines=3");
  cr_assert_eq(at("lines")->type, MNZ_TREE_INTEGER);
  cr_assert_eq(at("lines")->integer, 3);
  override("nodes[0].circuits[0].r=0.5");
  cr_assert_eq(at("nodes[0].circuits[0].r")->number, 0.5);
  override("lines=false");
  cr_assert_eq(at("lines")->type, MNZ_TREE_FLAG);
}
TREE_TEST(tree_set, takes_lists_and_groups) {
  override("links[\"A -> B\"].loss=( { x = \"1\"; }, 2 )");
  cr_assert_eq(problems->count, 0);
  cr_assert_str_eq(at("links[0].loss[0].x")->text, "1");
  cr_assert_str_eq(at("links[0].loss[0].x")->file, "");
}
TREE_TEST(tree_set, adds_a_key_to_a_group) {
  override("nodes[\"LAMP heavy\"].fresh=x = y");
  cr_assert_eq(problems->count, 0);
  cr_assert_str_eq(at("nodes[0].fresh")->text, "x = y");
  override("sample=2 d");
  cr_assert_str_eq(at("sample")->text, "2 d");
}
TREE_TEST(tree_set, finds_names_with_every_kind_of_sign) {
  override("nodes[\"a \\\"b\\\"].c=d\\\\\"].x=5");
  cr_assert_eq(problems->count, 0);
  cr_assert_eq(at("nodes[1].x")->integer, 5);
}
TREE_TEST(tree_set, applies_overrides_in_order) {
  const char *const both[] = {"g={ x = 1; y = 2; }", "g.x=3"};
  write_text("x.cfg", "");
  cr_assert_eq(load_with("x.cfg", both, 2), MNZ_OK);
  cr_assert_eq(problems->count, 0);
  cr_assert_eq(at("g.x")->integer, 3);
  cr_assert_eq(at("g.y")->integer, 2);
}
TREE_TEST(tree_set, takes_no_second_setting_along) {
  override("title=1; lines = 9");
  cr_assert_str_eq(at("title")->text, "1; lines = 9");
  cr_assert_eq(at("lines")->integer, 2);
  override("lines=(1); title = 9");
  expect_problem(":0: lines: found more than one value in (1); title = 9; expected one");
}
TREE_TEST(tree_set, reports_a_name_that_is_not_there) {
  override("nodes[\"LAMP haevy\"].hold_up=40 d");
  expect_problem(
      ":0: nodes[\"LAMP haevy\"].hold_up: found no \"LAMP haevy\" in nodes; expected one that is there; did "
      "you mean \"LAMP heavy\"?");
}
TREE_TEST(tree_set, reports_a_group_that_is_not_there) {
  override("nodes[\"LAMP heavy\"].circuit[0].r=1");
  expect_problem(
      ":0: nodes[\"LAMP heavy\"].circuit[0].r: found no \"circuit\" in nodes[\"LAMP heavy\"]; expected one "
      "that is there; did you mean \"circuits\"?");
}
TREE_TEST(tree_set, reports_a_number_that_is_not_there) {
  override("nodes[2].x=1");
  expect_problem(":0: nodes[2].x: found 2 elements in nodes; expected more than 2");
}
TREE_TEST(tree_set, reports_a_step_into_the_wrong_thing) {
  override("seed.x=1");
  expect_problem(":0: seed.x: found the text \"20251001\" in seed; expected a group that can hold x");
  override("lines[0]=1");
  expect_problem(":0: lines[0]: found the number 2 in lines; expected a list");
}
TREE_TEST(tree_set, reports_what_is_no_override) {
  const char *const wrong[] = {
      "", "seed", "=1", "nodes[=1", "nodes[\"a\"=1", "nodes..x=1", "1a=1", "nodes[99999999999].x=1"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    override(wrong[i]);
    cr_assert_eq(problems->errors, 1, "%s", wrong[i]);
    cr_assert_str_eq(problems->at[0].message,
                     "found no path=value; expected one such as nodes[\"LAMP heavy\"].hold_up=40 d");
  }
}
TREE_TEST(tree_set, reports_a_slip_in_a_list_instead_of_taking_it_for_a_text) {
  override("lines=(1, 2");
  expect_problem(":0: lines: found a \"(\" that is never closed; expected a \")\" before the end");
  override("lines=5000000000");
  expect_problem(":0: lines: found 5000000000, an integer of more than 32 bits; expected 5000000000L");
}
TREE_TEST(tree_set, reports_a_text_that_is_not_utf8) {
  override("title=K\xF6ln");
  expect_problem(":0: title: found a text that is not UTF-8; expected the file to be saved in UTF-8");
}
TREE_TEST(tree_set, refuses_to_extend) {
  override("extends=other.cfg");
  expect_problem(":0: extends: found extends in an override; expected it in a file");
}

/* ---- paths ---- */

static void check_paths(const mnz_tree *tree) {
  bool exact;
  const char *path = path_of(tree);
  cr_assert_eq(mnz_tree_at(root, path, &exact), tree, "%s", path);
  cr_assert(exact, "%s", path);
  for (const mnz_tree *t = tree->first; t != NULL; t = t->next) check_paths(t);
}

TREE_TEST(tree_path, is_written_with_names_and_numbers) {
  write_text("x.cfg", scenario);
  cr_assert_eq(load("x.cfg"), MNZ_OK);
  cr_assert_str_eq(path_of(root), "");
  cr_assert_str_eq(path_of(at("seed")), "seed");
  cr_assert_str_eq(path_of(at("nodes[0].circuits[0].r")), "nodes[\"LAMP heavy\"].circuits[0].r");
  cr_assert_str_eq(path_of(at("links[0]")), "links[\"A -> B\"]");
  cr_assert_str_eq(path_of(at("nodes[1]")), "nodes[\"a \\\"b\\\"].c=d\\\\\"]");
}
TREE_TEST(tree_path, leads_back_to_where_it_was_written) {
  write_text("x.cfg", scenario);
  cr_assert_eq(load("x.cfg"), MNZ_OK);
  check_paths(root);
}
TREE_TEST(tree_path, leads_to_the_deepest_that_there_is) {
  bool exact = true;
  write_text("x.cfg", scenario);
  cr_assert_eq(load("x.cfg"), MNZ_OK);
  cr_assert_eq(mnz_tree_at(root, "nodes[\"LAMP heavy\"].stores[\"x\"].y", &exact), at("nodes[0]"));
  cr_assert_not(exact);
  cr_assert_eq(mnz_tree_at(root, "absent", &exact), root);
  cr_assert_not(exact);
  cr_assert_eq(mnz_tree_at(root, "nodes[\"none\"]", &exact), at("nodes"));
  cr_assert_not(exact);
  cr_assert_eq(mnz_tree_at(root, "seed!", &exact), at("seed"));
  cr_assert_not(exact);
}
TREE_TEST(tree_path, is_understood_when_quotes_in_a_name_are_not_escaped) {
  write_text("x.cfg", "nodes = ( { name = \"the \\\"big\\\" kiln\"; x = 1; } );\n");
  cr_assert_eq(load("x.cfg"), MNZ_OK);
  cr_assert_eq(at("nodes[\"the \"big\" kiln\"].x")->integer, 1);
}

TREE_TEST(tree_found, says_what_there_is) {
  write_text("x.cfg", "a = 12; b = 2.50; c = \"x\\n\\\"\"; d = true; e = {}; f = ({}); g = ();\n");
  cr_assert_eq(load("x.cfg"), MNZ_OK);
  cr_assert_str_eq(mnz_tree_found(at("a"), arena, NULL), "the number 12");
  cr_assert_str_eq(mnz_tree_found(at("b"), arena, NULL), "the number 2.5");
  cr_assert_str_eq(mnz_tree_found(at("c"), arena, NULL), "the text \"x\\n\\\"\"");
  cr_assert_str_eq(mnz_tree_found(at("d"), arena, NULL), "true");
  cr_assert_str_eq(mnz_tree_found(at("e"), arena, NULL), "an empty group");
  cr_assert_str_eq(mnz_tree_found(at("f"), arena, NULL), "a list");
  cr_assert_str_eq(mnz_tree_found(at("g"), arena, NULL), "an empty list");
}

/* ---- findings ---- */

static void take(void) {
  mnz_problems_free(problems);
  cr_assert_eq(mnz_finder_take(finder, &problems, NULL), MNZ_OK);
}

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

/* ---- hostile input ---- */

static uint32_t dice = 20251001;

static uint32_t roll(uint32_t sides) {
  dice = dice * 1664525U + 1013904223U;
  return (dice >> 8) % sides;
}

static size_t mutate(char *text, size_t length, size_t room) {
  static const char spice[] = "\"\\(){}[];,=:#/*@.x0L9eE+-_ \n\t\r\xC3\xFF";
  const size_t place = roll((uint32_t)length);
  const char sign = spice[roll(sizeof spice - 1)];
  switch (roll(5)) {
  case 0: /* another sign */
    text[place] = sign;
    return length;
  case 1: /* one more */
    if (length + 1 >= room) return length;
    memmove(text + place + 1, text + place, length - place);
    text[place] = sign;
    return length + 1;
  case 2: { /* some fewer */
    const size_t fewer = roll(9) < length - place ? roll(9) % (length - place) : 0;
    memmove(text + place, text + place + fewer, length - place - fewer);
    return length - fewer;
  }
  case 3: { /* a piece moved */
    const size_t from = roll((uint32_t)length);
    const size_t longest = length - (from > place ? from : place);
    memmove(text + place, text + from, roll(40) % (longest + 1));
    return length;
  }
  default: /* cut short */
    return roll(50) == 0 ? place + 1 : length;
  }
}

Test(tree_hostile, mutations_never_crash_and_what_the_scan_passes_libconfig_reads, .init = set_up,
     .fini = tear_down, .timeout = 300) {
  char text[2048];
  uint32_t read = 0;
  for (int i = 0; i < 20000; i++) {
    size_t length = sizeof scenario - 1;
    memcpy(text, scenario, length);
    for (uint32_t k = roll(4) + 1; k > 0; k--) length = mutate(text, length, sizeof text - 2);
    text[length++] = '\n';
    text[length] = '\0';

    const mnz_tree_text source = {"hostile", "", text, length, finder};
    mnz_tree *tree;
    cr_assert_eq(mnz_tree_read(&tree, arena, &source, NULL), MNZ_OK);
    take();
    cr_assert_eq(tree == NULL, problems->errors > 0, "%s", text);
    for (size_t p = 0; p < problems->count; p++)
      cr_assert_null(strstr(problems->at[p].message, "libconfig"), "%s: %s", problems->at[p].message, text);
    if (tree != NULL) read++;
  }
  /* Enough of both, or the test says nothing. */
  cr_assert(read > 1000 && read < 19000, "%u of 20000 were read", (unsigned)read);
}
