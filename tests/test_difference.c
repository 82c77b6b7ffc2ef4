/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios as texts in memory: loading one, and where two of them differ. */
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "monazite/scenario.h"

/* ---- where two differ ---- */

static mnz_error error;

/* What there is between the two, `most` lines of it; and that there are `wanted` in all. */
static void expect_some(const char *was, const char *is, size_t most, size_t wanted, const char *lines) {
  char *text;
  size_t count;
  const mnz_status status = mnz_scenario_difference(was, is, most, &text, &count, &error);
  cr_assert_eq(status, MNZ_OK, "%s: %s", error.where, error.message);
  cr_assert_str_eq(text, lines);
  cr_assert_eq(count, wanted, "%zu differences", count);
  free(text);
}

static void expect(const char *was, const char *is, const char *lines) {
  size_t count = 0;
  for (const char *at = lines; (at = strchr(at, '\n')) != NULL; at++) count++;
  expect_some(was, is, 100, count, lines);
}

Test(difference, is_nothing_between_a_text_and_itself) {
  static const char text[] = "a = \"x\"; b = 1; c = { d = (1, 2); e = ( { name = \"E\"; } ); f = true; };\n";
  expect(text, text, "");
  expect("", "", "");
}

Test(difference, tells_plain_values) {
  expect("seed = \"1\";", "seed = \"2\";", "seed: was \"1\", is \"2\"\n");
  expect("n = 3; x = 2.50;", "n = -4; x = 1e22;", "n: was 3, is -4\nx: was 2.5, is 1e+22\n");
  expect("n = 5000000000L;", "n = 5000000001L;", "n: was 5000000000, is 5000000001\n");
  expect("on = true;", "on = FALSE;", "on: was true, is false\n");
  expect("t = \"\";", "t = \"a \\\"b\\\"\\n\\x01\";", "t: was \"\", is \"a \\\"b\\\"\\n\\x01\"\n");
}

Test(difference, tells_what_became_of_another_type) {
  expect("x = \"1\";", "x = 1;", "x: was \"1\", is 1\n");
  expect("x = true;", "x = (1, \"a\");", "x: was true, is (1, \"a\")\n");
  expect("x = { a = 1; };", "x = {};\ny = 1;", "y: is new\nx.a: is gone\n");
  expect("x = { a = 1; };", "x = \"a\";", "x: was a group, is \"a\"\n");
  expect("x = ( { a = 1; } );", "x = \"a\";", "x: was a list, is \"a\"\n");
  expect("x = ( { name = \"A\"; } );", "x = { name = \"A\"; };", "x: was a list, is a group\n");
}

Test(difference, takes_numbers_by_value_and_texts_by_letter) {
  expect("x = 2; y = (-28.0, 1);", "x = 2.0; y = [-28.0, 1.0];", "");
  expect("x = 0x10; y = 0.0;", "x = 16L; y = -0.0;", "");
  expect("x = \"90 %\";", "x = \"0.9\";", "x: was \"90 %\", is \"0.9\"\n");
}

Test(difference, takes_a_list_of_plain_values_for_one) {
  expect("of = (\"La\", \"Nd\");", "of = (\"Nd\", \"La\");",
         "of: was (\"La\", \"Nd\"), is (\"Nd\", \"La\")\n");
  expect("of = ();", "of = (1, 2);", "of: was (), is (1, 2)\n");
  expect("of = (1, 2);", "of = (1);", "of: was (1, 2), is (1)\n");
}

Test(difference, goes_into_groups_by_key) {
  expect("g = { a = 1; h = { b = 2; c = 3; }; };", "g = { h = { c = 4; b = 2; }; a = 1; };",
         "g.h.c: was 3, is 4\n");
}

Test(difference, tells_what_is_new_and_what_is_gone) {
  expect("a = 1; g = { x = 1; };", "g = { y = (); x = 1; }; b = { };",
         "g.y: is new\nb: is new\na: is gone\n");
}

Test(difference, goes_into_lists_by_label) {
  static const char was[] =
      "nodes = ( { name = \"Mine\"; lot = \"1 t\"; },\n"
      "  { name = \"Plant\"; makes = ( { material = \"oxide\"; recovery = \"90 %\"; } "
      "); } );\n"
      "links = ( { from = \"A\"; to = \"C\"; }, { from = \"B\"; to = \"C\"; loss = 1; } "
      ");\n"
      "disruptions = ( { name = \"Storm\"; }, { name = \"Fire\"; } );\n";
  static const char is[] = "nodes = ( { makes = ( { recovery = \"60 %\"; material = \"oxide\"; } ); name = "
                           "\"Plant\"; },\n  { name = \"Mine\"; lot = \"1 t\"; } );\n"
                           "links = ( { from = \"B\"; to = \"C\"; loss = 2; }, { from = \"A\"; to = \"B\"; } "
                           ");\n"
                           "disruptions = ( { name = \"Fire\"; } );\n";
  expect(was, is,
         "nodes[\"Plant\"].makes[0].recovery: was \"90 %\", is \"60 %\"\n"
         "links[\"B -> C\"].loss: was 1, is 2\n"
         "links[\"A -> B\"]: is new\n"
         "links[\"A -> C\"]: is gone\n"
         "disruptions[\"Storm\"]: is gone\n");
}

Test(difference, does_not_mind_the_order_of_labelled_elements) {
  expect("nodes = ( { name = \"A\"; x = 1; }, { name = \"C\"; }, { name = \"B\"; x = 2; } );",
         "nodes = ( { name = \"B\"; x = 2; }, { x = 1; name = \"A\"; }, { name = \"C\"; } );", "");
}

Test(difference, names_the_elements_of_a_list_that_came_or_went_whole) {
  static const char without[] = "a = 1;";
  static const char with[] = "a = 1; d = ( { name = \"Storm\"; }, { name = \"Fire\"; } );";
  expect(without, with, "d[\"Storm\"]: is new\nd[\"Fire\"]: is new\n");
  expect(with, without, "d[\"Storm\"]: is gone\nd[\"Fire\"]: is gone\n");
  expect("a = 1; d = ();", with, "d[\"Storm\"]: is new\nd[\"Fire\"]: is new\n");
  expect(without, "a = 1; d = ( { x = 1; } );", "d: is new\n");
}

Test(difference, goes_into_lists_by_number_where_a_label_is_missing) {
  expect("c = ( { from = \"2025-10-01\"; rate = 1; }, { from = \"2026-01-01\"; rate = 2; } );",
         "c = ( { from = \"2025-10-01\"; rate = 3; } );", "c[0].rate: was 1, is 3\nc[1]: is gone\n");
  expect("c = ( (1, 2), (3, 4) );", "c = ( (1, 2), (3, 5), 6 );",
         "c[1]: was (3, 4), is (3, 5)\nc[2]: is new\n");
  expect("c = ( { name = \"A\"; x = 1; }, { x = 2; } );", "c = ( { x = 2; }, { name = \"A\"; x = 1; } );",
         "c[0].x: was 1, is 2\nc[\"A\"].name: is new\nc[\"A\"].x: was 2, is 1\nc[\"A\"].name: is gone\n");
}

Test(difference, matches_a_label_that_is_used_twice_in_order) {
  expect("n = ( { name = \"A\"; x = 1; }, { name = \"A\"; x = 2; } );",
         "n = ( { name = \"A\"; x = 1; }, { name = \"A\"; x = 3; }, { name = \"A\"; x = 4; } );",
         "n[\"A\"].x: was 2, is 3\nn[\"A\"]: is new\n");
}

Test(difference, writes_every_label_so_that_it_can_be_read) {
  expect("n = ( { name = \"the \\\"big\\\" \\\\ kiln\"; x = 1; } );",
         "n = ( { name = \"the \\\"big\\\" \\\\ kiln\"; x = 2; } );",
         "n[\"the \\\"big\\\" \\\\ kiln\"].x: was 1, is 2\n");
  expect("n = ( { name = \"a\\nb\\x1b\"; x = 1; } );", "n = ( { name = \"a\\nb\\x1b\"; x = 2; } );",
         "n[\"a?b?\"].x: was 1, is 2\n");
}

Test(difference, tells_first_what_the_second_has_then_what_only_the_first_has) {
  expect("gone = 1; b = 1; g = { away = 1; x = 1; }; a = 1;",
         "fresh = 1; a = 2; g = { x = 2; y = 1; }; b = 2;",
         "fresh: is new\na: was 1, is 2\ng.x: was 1, is 2\ng.y: is new\nb: was 1, is 2\n"
         "gone: is gone\ng.away: is gone\n");
}

Test(difference, tells_no_more_than_asked_and_counts_all) {
  static const char was[] = "a = 1; b = 1; c = 1;";
  static const char is[] = "a = 2; b = 2; d = 1;";
  expect_some(was, is, 0, 4, "");
  expect_some(was, is, 1, 4, "a: was 1, is 2\n");
  expect_some(was, is, 3, 4, "a: was 1, is 2\nb: was 1, is 2\nd: is new\n");
  expect_some(was, is, 4, 4, "a: was 1, is 2\nb: was 1, is 2\nd: is new\nc: is gone\n");
}

/* x = (0, 1, ..., 99), but `other` in place of 50, and `more` behind. */
static void write_list(mnz_buffer *out, const char *other, const char *more) {
  mnz_buffer_add(out, "x = (0");
  for (int i = 1; i < 100; i++) {
    if (i == 50)
      mnz_buffer_print(out, ", %s", other);
    else
      mnz_buffer_print(out, ", %d", i);
  }
  mnz_buffer_print(out, "%s);", more);
}

Test(difference, shows_a_long_list_from_where_it_parts) {
  mnz_buffer was = {0};
  mnz_buffer is = {0};
  write_list(&was, "50", "");
  write_list(&is, "\"fifty\"", "");
  expect(was.at, is.at,
         "x: was (50 the same ... 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64 ... 35 more), "
         "is (50 the same ... \"fifty\", 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62 ... 37 more)\n");
  mnz_buffer_clear(&is);
  write_list(&is, "50", ", 100");
  expect(was.at, is.at, "x: was (100 the same), is (100 the same ... 100)\n");
  expect("x = (1, 2);", was.at,
         "x: was (1, 2), is (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 ... "
         "79 more)\n");
  expect("x = true;", was.at,
         "x: was true, is (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 ... "
         "79 more)\n");
  mnz_buffer_free(&was);
  mnz_buffer_free(&is);
}

#define TEN "0123456789"

Test(difference, shows_a_long_text_from_a_little_before_it_parts) {
  expect("t = \"" TEN TEN TEN TEN TEN TEN TEN TEN "old" TEN "\";",
         "t = \"" TEN TEN TEN TEN TEN TEN TEN TEN "new" TEN TEN TEN TEN TEN TEN "\";",
         "t: was \"..." TEN TEN "old" TEN "\", is \"..." TEN TEN "new" TEN TEN TEN TEN "012345678...\"\n");
  expect("t = \"short\";", "t = \"" TEN TEN TEN TEN TEN TEN TEN TEN "\";",
         "t: was \"short\", is \"" TEN TEN TEN TEN TEN TEN TEN "01...\"\n");
}

Test(difference, cuts_a_text_at_a_whole_character) {
  static const char letter[] = "\xC3\xB6";
  mnz_buffer is = {0};
  mnz_buffer line = {0};
  mnz_buffer_add(&is, "t = \"x");
  mnz_buffer_add(&line, "t: was \"\", is \"x");
  for (int i = 0; i < 100; i++) mnz_buffer_add(&is, letter);
  for (int i = 0; i < 35; i++) mnz_buffer_add(&line, letter);
  mnz_buffer_add(&is, "\";");
  mnz_buffer_add(&line, "...\"\n");
  expect("t = \"\";", is.at, line.at);
  mnz_buffer_free(&is);
  mnz_buffer_free(&line);
}

Test(difference, is_found_among_thousands_of_elements) {
  mnz_buffer was = {0};
  mnz_buffer is = {0};
  mnz_buffer_add(&was, "n = ( { name = \"last\"; x = 1; }");
  mnz_buffer_add(&is, "n = ( { name = \"first\"; }");
  for (int i = 0; i < 20000; i++) {
    mnz_buffer_print(&was, ",\n{ name = \"%d\"; }", i);
    mnz_buffer_print(&is, ",\n{ name = \"%d\"; }", 19999 - i);
  }
  mnz_buffer_add(&was, ");");
  mnz_buffer_add(&is, ", { name = \"last\"; x = 2; } );");
  expect(was.at, is.at, "n[\"first\"]: is new\nn[\"last\"].x: was 1, is 2\n");
  mnz_buffer_free(&was);
  mnz_buffer_free(&is);
}

static void expect_refusal(const char *was, const char *is, const char *where, const char *message) {
  char *text;
  size_t count;
  cr_assert_eq(mnz_scenario_difference(was, is, 10, &text, &count, &error), MNZ_FORMAT);
  cr_assert_null(text);
  cr_assert_str_eq(error.where, where);
  cr_assert_str_eq(error.message, message);
  cr_assert_eq(mnz_scenario_difference(was, is, 10, &text, &count, NULL), MNZ_FORMAT);
}

Test(difference, needs_two_texts_that_can_be_understood) {
  expect_refusal("a = 1 2;", "a = 1;", "the first text", "found 2; expected \";\" or a key");
  expect_refusal("a = 1;", "a = (1", "the second text",
                 "found a \"(\" that is never closed; expected a \")\" before the end");
  expect_refusal("a = 1;", "@include \"x\"", "the second text",
                 "found @include; expected extends = \"other.cfg\", which merges key by key");
}

/* ---- loading a text ---- */

static mnz_scenario *scenario;
static mnz_problems *problems;

static void let_go(void) {
  mnz_scenario_free(scenario);
  mnz_problems_free(problems);
  scenario = NULL;
  problems = NULL;
}

#define TEXT_TEST(name) Test(load_text, name, .fini = let_go)

static mnz_status load_text(const char *text) {
  let_go();
  return mnz_scenario_load_text(&scenario, "README.md", text, &problems, &error);
}

/* The resolved text of a file; the caller frees. */
static char *resolve(const char *file, const char *override) {
  char *text;
  let_go();
  cr_assert_eq(mnz_scenario_load(&scenario, file, &override, override != NULL ? 1 : 0, &problems, &error),
               MNZ_OK, "%s: %s", error.where, error.message);
  cr_assert_eq(mnz_scenario_explain(scenario, false, &text, NULL), MNZ_OK);
  return text;
}

static const char *const files[] = {MNZ_SOURCE_DIR "/scenarios/sojitz-lynas.cfg",
                                    MNZ_SOURCE_DIR "/scenarios/tutorial/first-mine.cfg",
                                    MNZ_SOURCE_DIR "/scenarios/tutorial/stockpile-and-outage.cfg"};

TEXT_TEST(gives_the_scenario_that_was_explained) {
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    char *first = resolve(files[i], NULL);
    char *second;
    cr_assert_eq(load_text(first), MNZ_OK, "%s: %s", files[i], error.message);
    cr_assert_eq(mnz_scenario_explain(scenario, false, &second, NULL), MNZ_OK);
    cr_assert_str_eq(second, first);
    expect(first, second, "");
    free(first);
    free(second);
  }
}

TEXT_TEST(says_the_name_where_a_value_comes_from) {
  char *text = resolve(files[1], NULL);
  char *again;
  cr_assert_eq(load_text(text), MNZ_OK);
  cr_assert_eq(mnz_scenario_explain(scenario, true, &again, NULL), MNZ_OK);
  cr_assert_not_null(strstr(again, "title = \"A first mine\";  # README.md:1\n"));
  free(text);
  free(again);
}

TEXT_TEST(of_an_override_differs_by_the_override) {
  char *was = resolve(files[1], NULL);
  char *is = resolve(files[1], "nodes[\"Plant\"].makes[0].recovery=60 %");
  expect(was, is, "nodes[\"Plant\"].makes[0].recovery: was \"70 %\", is \"60 %\"\n");
  free(was);
  free(is);
}

TEXT_TEST(of_an_extended_file_differs_by_what_it_says) {
  char *was = resolve(files[1], NULL);
  char *is = resolve(files[2], NULL);
  char *text;
  size_t count;
  cr_assert_eq(mnz_scenario_difference(was, is, SIZE_MAX, &text, &count, &error), MNZ_OK);
  cr_assert_not_null(strstr(text, "end: was \"2027-01-01\", is \"2028-01-01\"\n"), "%s", text);
  cr_assert_not_null(strstr(text, "\nnodes[\"Dealer\"]: is new\n"), "%s", text);
  cr_assert_not_null(strstr(text, "\nlinks[\"Plant -> Dealer\"]: is new\n"), "%s", text);
  cr_assert_not_null(strstr(text, "\ndisruptions[\"Fire\"]: is new\n"), "%s", text);
  cr_assert_not_null(strstr(text, "\ndemand[\"users\"].from: was \"Plant\", is \"Dealer\"\n"), "%s", text);
  free(was);
  free(is);
  free(text);
}

static void expect_problem(const mnz_problem *found, int line, const char *path, const char *message,
                           const char *text) {
  cr_assert_str_eq(found->file, "README.md");
  cr_assert_eq(found->line, line, "line %d", (int)found->line);
  cr_assert_str_eq(found->path, path);
  cr_assert_str_eq(found->message, message);
  cr_assert_str_eq(found->text, text);
}

TEXT_TEST(reports_syntax_with_the_name_and_the_line) {
  cr_assert_eq(load_text("title = \"x\";\nend = 5 d;\n"), MNZ_SCENARIO);
  cr_assert_null(scenario);
  cr_assert_eq(problems->count, 1);
  expect_problem(&problems->at[0], 2, "", "found 5 d without quotes; expected \"5 d\"", "end = 5 d;");
  cr_assert_str_eq(error.where, "README.md");
  cr_assert_str_eq(error.message, "found 1 mistake; expected none");
}

TEXT_TEST(reports_syntax_in_a_last_line_without_end) {
  cr_assert_eq(load_text("title = \"x\";\nend ="), MNZ_SCENARIO);
  expect_problem(&problems->at[0], 2, "",
                 "found the end after =; expected a value: a number, true, false, a text in quotes, or ( [ {",
                 "end =");
}

TEXT_TEST(reports_wrong_values_with_the_name_and_the_line) {
  char *text = resolve(files[1], NULL);
  mnz_buffer bad = {0};
  mnz_buffer_print(&bad, "# one more line\nsize = 5;\n%s", text);
  cr_assert_eq(load_text(bad.at), MNZ_SCENARIO);
  cr_assert_null(scenario);
  cr_assert_eq(problems->errors, 1);
  cr_assert_str_eq(problems->at[0].file, "README.md");
  cr_assert_eq(problems->at[0].line, 2);
  cr_assert_str_eq(problems->at[0].path, "size");
  mnz_buffer_free(&bad);
  free(text);
}

TEXT_TEST(refuses_to_extend) {
  cr_assert_eq(load_text("title = \"x\";\nextends = \"first-mine.cfg\";\n"), MNZ_SCENARIO);
  cr_assert_null(scenario);
  cr_assert_eq(problems->count, 1);
  expect_problem(&problems->at[0], 2, "extends",
                 "found a text that extends a file; expected one that says everything itself",
                 "extends = \"first-mine.cfg\";");
}

TEXT_TEST(finds_an_empty_text_wanting) {
  cr_assert_eq(load_text(""), MNZ_SCENARIO);
  cr_assert_null(scenario);
  cr_assert_gt(problems->errors, 0);
}
