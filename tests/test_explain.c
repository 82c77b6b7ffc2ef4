/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario from its files to what it says of itself, and back. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "monazite/calendar.h"
#include "monazite/scenario.h"

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
  expect_in(text, "      split = { La = 23.88; Nd = 18.13; Dy = 0.25; };\n    };\n");
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
