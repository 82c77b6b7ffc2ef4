/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the scan of a scenario refuses, and what it makes of hostile input. */
#include "tree_bench.h"

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
     .fini = tear_down, .timeout = 3000) {
  char text[2048];
  int read = 0;
  const char *more = getenv("MNZ_TRIALS"); /* the long run asks for more */
  const int trials = more != NULL ? atoi(more) : 20000;
  for (int i = 0; i < trials; i++) {
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
  cr_assert(read > trials / 20 && read < trials / 20 * 19, "%d of %d were read", read, trials);
}
