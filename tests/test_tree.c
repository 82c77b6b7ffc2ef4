/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario as a tree: how a file is read, how files merge, what an override does, where paths lead. */
#include "tree_bench.h"

#include <sys/stat.h>

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
