/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario from its files to what it says of itself, and back. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "monazite/scenario.h"
#include "world_bench.h"

static const char base[] =
    "# A mine, a plant, somebody who wants the oxide.\n"
    "title = \"Base\";\n"
    "start = \"2025-10-01\"; end = \"2026-10-01\";\n"
    "seed = \"20251001\";\n"
    "origins = (\"australia\", \"china\");\n"
    "elements = (\"La\", \"Nd\", \"Dy\");\n"
    "materials = ( { name = \"ore\"; }, { name = \"Nd oxide\"; of = (\"Nd\"); } );\n"
    "nodes = (\n"
    "  { name = \"Mt Weld\"; kind = \"mine\"; origin = \"australia\"; where = [-28.0, 122.55]; makes = "
    "\"ore\";\n"
    "    ore = { grade = \"triangular(5 %, 6.4 %, 8 %)\"; reserve = \"32 Mt\";\n"
    "            split = { Nd = 18.13; La = 23.88; Dy = 0.25; }; };\n"
    "    rate = \"3.3 Mt/yr\"; lot = \"2000 t\"; },\n"
    "  { name = \"Kalgoorlie\"; kind = \"plant\"; in = \"ore\"; lot = \"20 t\"; residence = \"3 d\";\n"
    "    makes = ( { material = \"Nd oxide\"; recovery = \"92 %\"; } );\n"
    "    capacity = ( { from = \"2025-10-01\"; rate = \"70 kt/yr\"; },\n"
    "                 { from = \"2026-07-01\"; rate = \"90 kt/yr\"; ramp = \"180 d\"; } ); }\n"
    ");\n"
    "links = ( { from = \"Mt Weld\"; to = \"Kalgoorlie\"; lead_time = \"triangular(12 d, 15 d, 33 d)\";\n"
    "            dispatch = { every = \"7 d\"; capacity = \"2500 t\"; }; } );\n"
    "demand = ( { name = \"EV\"; from = \"Kalgoorlie\"; product = \"Nd oxide\"; rate = \"310 t/month\"; "
    "priority = 2; } );\n";

static const char top[] = "extends = \"base.cfg\";\n"
                          "title = \"\\\"Top\\\" \\\\ \xC3\xB6\\n\\t\\x01\";\n"
                          "question = \"Who runs short?\";\n"
                          "nodes = ( { name = \"Kalgoorlie\"; short = \"proportional\"; } );\n"
                          "disruptions = ( { name = \"Grid\"; hits = (\"Kalgoorlie\"); ttf = "
                          "\"exponential(7.6 d)\"; ttr = \"4 h\"; } );\n";

/* ---- a folder of its own, and what was loaded from it ---- */

static char folder[] = "/tmp/mnz_explain_XXXXXX";
static mnz_scenario *scenario;
static mnz_problems *problems;
static mnz_error error;

static void write_text(const char *file, const char *text) {
  FILE *f = fopen(file, "w");
  cr_assert_not_null(f);
  cr_assert_eq(fwrite(text, 1, strlen(text), f), strlen(text));
  cr_assert_eq(fclose(f), 0);
}

static void set_up(void) {
  cr_assert_not_null(mkdtemp(folder));
  cr_assert_eq(chdir(folder), 0);
  write_text("base.cfg", base);
  write_text("top.cfg", top);
}

static void tear_down(void) {
  char command[64];
  mnz_scenario_free(scenario);
  mnz_problems_free(problems);
  (void)snprintf(command, sizeof command, "rm -r %s", folder);
  cr_assert_eq(system(command), 0);
}

#define SCENARIO_TEST(suite, name) Test(suite, name, .init = set_up, .fini = tear_down)

static mnz_status load_with(const char *file, const char *override) {
  mnz_scenario_free(scenario);
  mnz_problems_free(problems);
  return mnz_scenario_load(&scenario, file, &override, override != NULL ? 1 : 0, &problems, &error);
}

static void load(const char *file, const char *override) {
  const mnz_status status = load_with(file, override);
  cr_assert_eq(status, MNZ_OK, "%s: %s (%s)", error.where, error.message,
               problems->count > 0 ? problems->at[0].message : "");
}

/* The caller frees. */
static char *explain(bool origins) {
  char *text;
  cr_assert_eq(mnz_scenario_explain(scenario, origins, &text, NULL), MNZ_OK);
  return text;
}

static void expect_in(const char *text, const char *part) {
  cr_assert_not_null(strstr(text, part), "no %s in\n%s", part, text);
}

/* ---- loading ---- */

SCENARIO_TEST(load, gives_what_the_file_says) {
  load("base.cfg", NULL);
  cr_assert_eq(problems->errors, 0);
  cr_assert_str_eq(mnz_scenario_title(scenario), "Base");
  cr_assert_str_eq(mnz_scenario_question(scenario), "");
  cr_assert_str_eq(mnz_scenario_seed(scenario), "20251001");
  cr_assert_eq(mnz_scenario_start(scenario), 20362 * MNZ_US_PER_DAY);
  cr_assert_eq(mnz_scenario_end(scenario), 20727 * MNZ_US_PER_DAY);
  load("top.cfg", "seed=7");
  cr_assert_str_eq(mnz_scenario_question(scenario), "Who runs short?");
  cr_assert_str_eq(mnz_scenario_seed(scenario), "7");
}

SCENARIO_TEST(load, fails_without_a_file_and_still_has_a_list_of_problems) {
  cr_assert_eq(load_with("none.cfg", NULL), MNZ_NO_INPUT);
  cr_assert_null(scenario);
  cr_assert_not_null(problems);
  cr_assert_eq(problems->count, 0);
}

SCENARIO_TEST(load, reports_syntax_where_it_is) {
  write_text("bad.cfg", "title = \"x\";\nend = 5 d;\n");
  cr_assert_eq(load_with("bad.cfg", NULL), MNZ_SCENARIO);
  cr_assert_null(scenario);
  cr_assert_eq(problems->errors, 1);
  cr_assert_eq(problems->at[0].line, 2);
  cr_assert_str_eq(problems->at[0].text, "end = 5 d;");
  cr_assert_str_eq(error.where, "bad.cfg");
  cr_assert_str_eq(error.message, "found 1 mistake; expected none");
}

SCENARIO_TEST(load, reports_wrong_values_of_several_files_at_once) {
  write_text("bad.cfg", "extends = \"base.cfg\";\nsample = \"5 t\";\nlinks = (\n"
                        "  { from = \"Mt Weld\"; to = \"Kalgoorlie\"; loss = 2.5; } );\n");
  cr_assert_eq(load_with("bad.cfg", "nodes[\"Kalgoorlie\"].lot=20 d"), MNZ_SCENARIO);
  cr_assert_eq(problems->errors, 3);
  cr_assert_str_eq(error.message, "found 3 mistakes; expected none");
  for (size_t i = 0; i < problems->count; i++) {
    const mnz_problem *p = &problems->at[i];
    if (strcmp(p->path, "sample") == 0)
      cr_assert_eq(p->line, 2);
    else if (strcmp(p->path, "links[\"Mt Weld -> Kalgoorlie\"].loss") == 0)
      cr_assert_eq(p->line, 4);
    else
      cr_assert_str_eq(p->file, "");
  }
}

SCENARIO_TEST(load, puts_what_the_checks_find_at_its_line) {
  write_text("bad.cfg", "extends = \"base.cfg\";\nmaterials = (\n  { name = \"idle\"; } );\n");
  cr_assert_eq(load_with("bad.cfg", NULL), MNZ_SCENARIO);
  cr_assert_eq(problems->errors, 1);
  cr_assert_str_eq(problems->at[0].file, "bad.cfg");
  cr_assert_eq(problems->at[0].line, 3);
  cr_assert_str_eq(problems->at[0].path, "materials[\"idle\"]");
}

/* ---- explaining ---- */

SCENARIO_TEST(explain, loads_to_the_same_text) {
  load("top.cfg", "nodes[\"Mt Weld\"].rate=3 Mt/yr");
  char *first = explain(false);
  write_text("again.cfg", first);
  load("again.cfg", NULL);
  char *second = explain(false);
  cr_assert_str_eq(second, first);
  cr_assert_str_eq(mnz_scenario_title(scenario), "\"Top\" \\ \xC3\xB6\n\t\x01");
  free(first);
  free(second);
}

SCENARIO_TEST(explain, with_origins_loads_to_the_same_text) {
  load("top.cfg", "nodes[\"Mt Weld\"].rate=3 Mt/yr");
  char *plain = explain(false);
  char *first = explain(true);
  write_text("again.cfg", first);
  load("again.cfg", NULL);
  char *second = explain(false);
  cr_assert_str_eq(second, plain);
  free(plain);
  free(first);
  free(second);
}

SCENARIO_TEST(explain, says_where_every_value_comes_from) {
  load("top.cfg", "nodes[\"Mt Weld\"].rate=3 Mt/yr");
  char *text = explain(true);
  expect_in(text, "question = \"Who runs short?\";  # top.cfg:3\n");
  expect_in(text, "seed = \"20251001\";  # base.cfg:4\n");
  expect_in(text, "elements = (\"La\", \"Nd\", \"Dy\");  # base.cfg:6\n");
  expect_in(text, "sample = \"1 d\";  # default\n");
  expect_in(text, "    rate = \"3 Mt/yr\";  # --set\n");
  expect_in(text, "    name = \"Kalgoorlie\";  # base.cfg:13\n");
  expect_in(text, "    short = \"proportional\";  # top.cfg:4\n");
  free(text);
}

SCENARIO_TEST(explain, is_written_in_the_order_of_the_tables_and_of_names) {
  load("base.cfg", NULL);
  char *text = explain(false);
  expect_in(
      text,
      "title = \"Base\";\nstart = \"2025-10-01\";\nend = \"2026-10-01\";\nsample = \"1 d\";\n"
      "seed = \"20251001\";\norigins = (\"australia\", \"china\");\nelements = (\"La\", \"Nd\", \"Dy\");\n"
      "materials = (\n  { name = \"Nd oxide\"; of = (\"Nd\");");
  expect_in(text, "nodes = (\n  {\n    name = \"Kalgoorlie\";\n    kind = \"plant\";\n");
  expect_in(text, "  {\n    name = \"Mt Weld\";\n    kind = \"mine\";\n    where = [-28.0, 122.55];\n");
  expect_in(text,
            "      split = { La = 23.88; Nd = 18.13; Dy = 0.25; };\n      split_noise = \"0 %\";\n    };\n");
  expect_in(text,
            "    capacity = (\n      { from = \"2025-10-01\"; rate = \"70 kt/yr\"; ramp = \"0 d\"; },\n");
  expect_in(text, "demand = (\n  {\n    name = \"EV\";\n");
  cr_assert_null(strstr(text, "question"), "a key that is absent and has no default");
  cr_assert_null(strstr(text, "#"));
  free(text);
}

SCENARIO_TEST(explain, depends_on_the_values_alone) {
  static const char permuted[] =
      "demand = ( { rate = \"310 t/month\"; priority = 2; from = \"Kalgoorlie\"; product = \"Nd oxide\"; "
      "name = \"EV\"; } );\n"
      "nodes = (\n"
      "  { residence = \"3 d\"; makes = ( { recovery = \"92 %\"; material = \"Nd oxide\"; } );\n"
      "    kind = \"plant\"; in = \"ore\"; lot = \"20 t\"; name = \"Kalgoorlie\";\n"
      "    capacity = ( { rate = \"70 kt/yr\"; from = \"2025-10-01\"; },\n"
      "                 { from = \"2026-07-01\"; ramp = \"180 d\"; rate = \"90 kt/yr\"; } ); },\n"
      "  { name = \"Mt Weld\"; kind = \"mine\"; origin = \"australia\"; where = (-28.0, 122.55); makes = "
      "\"ore\";\n"
      "    ore = { split = { Dy = 0.25; La = 23.88; Nd = 18.13; }; reserve = \"32 Mt\";\n"
      "            grade = \"triangular(5 %, 6.4 %, 8 %)\"; };\n"
      "    lot = \"2000 t\"; rate = \"3.3 Mt/yr\"; }\n"
      ");\n"
      "elements = (\"La\", \"Nd\", \"Dy\"); origins = (\"australia\", \"china\");\n"
      "materials = ( { of = (\"Nd\"); name = \"Nd oxide\"; }, { name = \"ore\"; } );\n"
      "seed = \"20251001\"; end = \"2026-10-01\"; start = \"2025-10-01\"; title = \"Base\"; sample = \"1 "
      "d\";\n"
      "links = ( { dispatch = { capacity = \"2500 t\"; every = \"7 d\"; }; to = \"Kalgoorlie\"; from = \"Mt "
      "Weld\";\n"
      "            lead_time = \"triangular(12 d, 15 d, 33 d)\"; } );\n";
  load("base.cfg", NULL);
  char *first = explain(false);
  write_text("permuted.cfg", permuted);
  load("permuted.cfg", NULL);
  char *second = explain(false);
  cr_assert_str_eq(second, first);
  free(first);
  free(second);
}

/* ---- tables ---- */

/* The four readers of tables: a time, a share, a date (in order of the file, not of size), a recovery. */
static const char tables[] =
    "extends = \"base.cfg\";\n"
    "nodes = ( { name = \"Mt Weld\"; ore = { grade = \"empirical('t.csv', column 'grade', unit '%')\"; }; "
    "},\n"
    "  { name = \"Kalgoorlie\"; makes = ( { material = \"Nd oxide\";\n"
    "      recovery = \"empirical('t.csv', column 'recovery')\"; } ); } );\n"
    "disruptions = ( { name = \"Grid\"; hits = (\"Kalgoorlie\"); ttf = \"exponential(7.6 d)\";\n"
    "  ttr = \"empirical('t.csv', column 'hours', unit 'h')\"; } );\n";
static const char table[] = "hours,grade,recovery\n"
                            "4.1,6.4,90 %\n"
                            "0.12345678901234567890123,7.123456789012345678,0.9123456789012345\n"
                            "1e-7,5,91.1 %\n"
                            "72,6.4,\n";

static void load_tables(const char *text, const char *csv) {
  write_text("t.csv", csv);
  write_text("tables.cfg", text);
  load("tables.cfg", NULL);
}

/* Of one replication; the caller frees. */
static mnz_result *run(uint32_t index) {
  mnz_replication *r;
  mnz_result *result;
  bool done;
  cr_assert_eq(mnz_replication_create(&r, scenario, NULL, index, &error), MNZ_OK, "%s", error.message);
  cr_assert_eq(mnz_replication_run(r, MNZ_TO_THE_END, UINT64_MAX, &done, &error), MNZ_OK);
  cr_assert_eq(mnz_replication_finish(r, &result, &error), MNZ_OK, "%s", error.message);
  mnz_replication_free(r);
  return result;
}

static const char *only_problem(const char *override) {
  cr_assert_eq(load_with("tables.cfg", override), MNZ_SCENARIO);
  cr_assert_eq(problems->count, 1);
  return problems->at[0].message;
}

SCENARIO_TEST(table, is_in_the_text_value_by_value) {
  load_tables(tables, table);
  char *text = explain(false);
  expect_in(text, "ttr = \"empirical(1e-07 h, 0.12345678901234568 h, 4.1 h, 72 h)\";");
  expect_in(text, "grade = \"empirical(5 %, 6.4 %, 6.4 %, 7.123456789012346 %)\";");
  expect_in(text, "recovery = \"empirical(0.9, 0.911, 0.9123456789012345)\";");
  cr_assert_null(strstr(text, "csv"));
  free(text);
}

SCENARIO_TEST(table, draws_the_same_from_the_text_alone) {
  load_tables(tables, table);
  mnz_result *first[] = {run(0), run(1)};
  for (int origins = 0; origins < 2; origins++) {
    load_tables(tables, table);
    char *plain = explain(false);
    char *text = explain(origins == 1);
    cr_assert_eq(remove("t.csv"), 0);
    mnz_scenario_free(scenario);
    mnz_problems_free(problems);
    cr_assert_eq(mnz_scenario_load_text(&scenario, "elsewhere", text, &problems, &error), MNZ_OK);
    char *again = explain(false);
    cr_assert_str_eq(again, plain);
    for (uint32_t i = 0; i < 2; i++) {
      mnz_result *second = run(i);
      world_compare(first[i], second);
      mnz_result_free(second);
    }
    free(plain);
    free(text);
    free(again);
  }
  for (int i = 0; i < 2; i++) mnz_result_free(first[i]);
}

SCENARIO_TEST(table, is_another_text_when_it_changes_but_not_when_it_is_written_otherwise) {
  size_t count;
  char *difference;
  load_tables(tables, table);
  char *first = explain(false);
  load_tables(tables, "n,recovery,grade,hours\n1,0.911,5.0,\"72\"\n2,90 %,6.4,4.10\n\n3,91.23456789012345 "
                      "%,7.1234567890123457,1e-07\n4,,6.4,0.12345678901234568\n");
  char *same = explain(false);
  cr_assert_str_eq(same, first);
  load_tables(tables, "hours,grade,recovery\n4,5,0.9\n");
  char *other = explain(false);
  cr_assert_eq(mnz_scenario_difference(first, other, 9, &difference, &count, NULL), MNZ_OK);
  cr_assert_eq(count, 3);
  expect_in(difference, "disruptions[\"Grid\"].ttr: was \"empirical(1e-07 h, ");
  free(first);
  free(same);
  free(other);
  free(difference);
}

SCENARIO_TEST(table, is_named_by_the_origins) {
  load_tables(tables, table);
  char *text = explain(true);
  expect_in(text, "72 h)\";  # tables.cfg:6, empirical('t.csv', column 'hours', unit 'h')\n");
  free(text);
}

SCENARIO_TEST(table, of_dates_comes_back_to_the_second) {
  write_text("t.csv", "day\n2400-02-29T06:30:01\n2026-04-01\n1969-12-31T23:59:59\n2900-12-31T00:00:07\n");
  load(MNZ_SOURCE_DIR "/tests/scenarios/separation.cfg",
       "nodes[\"Separation\"].circuits[1].start=empirical('t.csv', column 'day')");
  char *text = explain(true);
  expect_in(
      text,
      "start = \"empirical(1969-12-31T23:59:59, 2026-04-01, 2400-02-29T06:30:01, 2900-12-31T00:00:07)\";"
      "  # --set, empirical('t.csv', column 'day')\n");
  free(text);
}

/* Most of them with as many digits as a double has. */
static char *long_table(size_t count) {
  mnz_buffer text = {0};
  mnz_buffer_add(&text, "hours,grade,recovery\n1,6,0.9\n");
  for (size_t i = 1; i < count; i++)
    mnz_buffer_print(&text, "%.17g,,\n", 1 + (double)(i * 7919 % count) / 3.0);
  return text.at;
}

SCENARIO_TEST(table, may_be_long) {
  char *csv = long_table(100000);
  load_tables(tables, csv);
  mnz_result *before = run(3);
  char *first = explain(false);
  for (const char *line = first; *line != '\0'; line += strcspn(line, "\n") + 1)
    EXPECT(strcspn(line, "\n") <= 100);
  write_text("again.cfg", first);
  load("again.cfg", NULL);
  mnz_result *after = run(3);
  world_compare(before, after);
  char *second = explain(false);
  cr_assert(strcmp(first, second) == 0, "the long table did not come back as it was");
  mnz_result_free(before);
  mnz_result_free(after);
  free(first);
  free(second);
  free(csv);
}

SCENARIO_TEST(table, may_not_be_longer_than_its_text) {
  char *csv = long_table(200001);
  write_text("t.csv", csv);
  write_text("tables.cfg", tables);
  expect_in(only_problem(NULL), "found a table of 200001 values");
  cr_assert_eq(problems->at[0].line, 6);
  free(csv);
}

SCENARIO_TEST(table, may_be_written_in_pieces) {
  load_tables("extends = \"base.cfg\";\nlinks = ( { from = \"Mt Weld\"; to = \"Kalgoorlie\";\n"
              "  lead_time = (\"empirical(12 d, 15 d,\",\n    \"33 d)\"); } );\n",
              table);
  char *text = explain(true);
  expect_in(text,
            "    lead_time = (\n      \"empirical(12 d, 15 d,\",\n      \"33 d)\"\n    );  # tables.cfg:3\n");
  free(text);
}

SCENARIO_TEST(table, has_mistakes_that_are_told) {
  static const char ttr[] = "disruptions[\"Grid\"].ttr=";
  static const struct {
    const char *value;
    const char *message;
  } wrong[] = {
      {"empirical()", "found \"empirical()\"; expected values such as empirical(3, 5, 9), or "
                      "empirical('file.csv', column 'name', unit 'd')"},
      {"empirical(3 d, 5)", "value: found \"5\"; expected a time such as \"45 d\""},
      {"empirical(3 d, t 5 d)",
       "found \"empirical(3 d, t 5 d)\"; values have no names; expected some such as "
       "empirical(3, 5, 9)"},
      {"empirical(3 d, )", "found \"empirical(3 d, )\"; an argument is empty"},
      {"empirical(3 d, -1 d)", "found \"empirical(3 d, -1 d)\"; expected at least 0 d in every draw"},
      {"(\"empirical(3 d,\", \"-1 d)\")",
       "found \"empirical(3 d, -1 d)\"; expected at least 0 d in every draw"},
      {"(\"empirical(3 d,\", 5)", "found the number 5; expected a piece of a distribution's text, in quotes"},
      {"()",
       "found an empty list; expected a time such as \"45 d\" or a distribution such as \"triangular(12 "
       "d, 15 d, 33 d)\""},
  };
  load_tables(tables, table);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    char set[128];
    (void)snprintf(set, sizeof set, "%s%s", ttr, wrong[i].value);
    cr_expect_str_eq(only_problem(set), wrong[i].message);
  }
}
