/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The summary of results that are made by hand. */
#include "report/summary.h"

#include "world/scenario.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LA, ND, DY, PR, ELEMENTS, AU = 0, CN, ORIGINS = 20, CARS = 0, MINE, MILLS, NODES };
static const char *const elements[] = {"La", "Nd", "Dy", "Pr"};
static const char *const origins[ORIGINS] = {"australia", "china",     "origin 03", "origin 04", "origin 05",
                                             "origin 06", "origin 07", "origin 08", "origin 09", "origin 10",
                                             "origin 11", "origin 12", "origin 13", "origin 14", "origin 15",
                                             "origin 16", "origin 17", "origin 18", "origin 19", "origin 20"};
static const char *const nodes[] = {"\u00c9lectronique", "Mt Weld", "Wind"};

typedef struct fixture {
  double mined[ELEMENTS], separated[ELEMENTS], demanded[ELEMENTS], delivered[ELEMENTS], late[ELEMENTS],
      shortfall[ELEMENTS], stock_end[ELEMENTS], usage_end[ELEMENTS], first_shortage[ELEMENTS];
  double from[ELEMENTS * ORIGINS];
  double node_demanded[NODES], node_delivered[NODES], node_late[NODES], node_short[NODES],
      node_first_shortage[NODES];
  mnz_variable variables[15];
  mnz_result result;
  mnz_scenario scenario;
} fixture;

static mnz_variable measure(const char *name, mnz_axis_id axis, double *data) {
  return (mnz_variable){
      .name = name, .unit = "t", .cell = MNZ_CELL_F8, .n_axes = 1, .axes = {axis}, .data = data};
}

/* A world in which all goes well: Nd, Pr and Dy are asked for and come, lanthanum is only mined. */
static void set_up(fixture *f, size_t n_origins) {
  *f = (fixture){
      .mined = {100, 60, 4, 20},
      .separated = {90, 50, 3, 18},
      .demanded = {0, 40, 2, 10},
      .delivered = {0, 40, 2, 10},
      .stock_end = {50, 6, 0.5, 2},
      .usage_end = {0, 0.25, 0.01, 0.05},
      .first_shortage = {NAN, NAN, NAN, NAN},
      .node_demanded = {50, NAN, 2},
      .node_delivered = {50, NAN, 2},
      .node_late = {0, NAN, 0},
      .node_short = {0, NAN, 0},
      .node_first_shortage = {NAN, NAN, NAN},
      .scenario = {.title = "A title",
                   .question = "",
                   .seed_text = "18446744073709551615",
                   .start_us = INT64_C(1759276800000000), /* 2025-10-01 */
                   .end_us = INT64_C(1759276800000000) + INT64_C(31536000000000)},
  };
  f->from[ND * n_origins + AU] = 10;
  f->from[PR * n_origins + AU] = 10;
  f->from[DY * n_origins + AU] = 1;
  if (n_origins > 1) {
    f->from[ND * n_origins + CN] = 30;
    f->from[DY * n_origins + CN] = 1;
  }
  const mnz_variable variables[] = {
      measure("mined", MNZ_AXIS_ELEMENT, f->mined),
      measure("separated", MNZ_AXIS_ELEMENT, f->separated),
      measure("demanded", MNZ_AXIS_ELEMENT, f->demanded),
      measure("delivered", MNZ_AXIS_ELEMENT, f->delivered),
      measure("delivered_late", MNZ_AXIS_ELEMENT, f->late),
      measure("short", MNZ_AXIS_ELEMENT, f->shortfall),
      measure("stock_end", MNZ_AXIS_ELEMENT, f->stock_end),
      measure("usage_end", MNZ_AXIS_ELEMENT, f->usage_end),
      measure("first_shortage", MNZ_AXIS_ELEMENT, f->first_shortage),
      measure("node_demanded", MNZ_AXIS_NODE, f->node_demanded),
      measure("node_delivered", MNZ_AXIS_NODE, f->node_delivered),
      measure("node_delivered_late", MNZ_AXIS_NODE, f->node_late),
      measure("node_short", MNZ_AXIS_NODE, f->node_short),
      measure("node_first_shortage", MNZ_AXIS_NODE, f->node_first_shortage),
      {.name = "delivered_from",
       .unit = "t",
       .cell = MNZ_CELL_F8,
       .n_axes = 2,
       .axes = {MNZ_AXIS_ELEMENT, MNZ_AXIS_ORIGIN},
       .data = f->from},
  };
  memcpy(f->variables, variables, sizeof variables);
  f->result = (mnz_result){
      .replication = 3,
      .events = 12345,
      .variables = f->variables,
      .n_variables = sizeof variables / sizeof *variables,
  };
  f->result.length[MNZ_AXIS_ELEMENT] = ELEMENTS;
  f->result.length[MNZ_AXIS_ORIGIN] = n_origins;
  f->result.length[MNZ_AXIS_NODE] = NODES;
  f->result.labels[MNZ_AXIS_ELEMENT] = elements;
  f->result.labels[MNZ_AXIS_ORIGIN] = origins;
  f->result.labels[MNZ_AXIS_NODE] = nodes;
}

/* Dysprosium runs short, part of it comes late and part never. */
static void run_short(fixture *f, int element, double day, double late, double shortfall) {
  f->first_shortage[element] = day;
  f->late[element] = late;
  f->shortfall[element] = shortfall;
  f->delivered[element] = f->demanded[element] - shortfall;
}

static char *text_of(fixture *f) {
  char *text = NULL;
  mnz_error err = {0};
  cr_assert_eq(mnz_report_summary(&f->scenario, &f->result, NULL, 0, MNZ_REPORT_TEXT, &text, &err), MNZ_OK,
               "%s", err.message);
  return text;
}

static void expect_line(fixture *f, const char *line) {
  char *text = text_of(f);
  cr_expect_not_null(strstr(text, line), "\"%s\" is not in:\n%s", line, text);
  free(text);
}

Test(report, puts_neodymium_and_praseodymium_in_one_row_first) {
  fixture f;
  set_up(&f, 2);
  run_short(&f, ND, 100, 1, 2);
  run_short(&f, PR, 90, 0.5, 1.5);
  /* 80 mined, 68 separated, 50 asked: 3.5 never, 1.5 late, 90 % in time; 8 t last 8 / 0.3 days */
  expect_line(&f,
              "in time %  cover d  first short\n"
              "  Nd+Pr   80.0       68.0   50.0       46.5  1.50   3.50       90.0     26.7   2025-12-30\n"
              "  Dy      4.00       3.00   2.00       2.00     0      0      100.0     50.0            -\n");
}

Test(report, weighs_origins_by_what_was_delivered) {
  fixture f;
  set_up(&f, 2);
  expect_line(&f, "         australia  china\n"
                  "  Nd+Pr       40.0   60.0\n"
                  "  Dy          50.0   50.0\n");
}

Test(report, says_nothing_of_origins_when_there_is_one) {
  fixture f;
  set_up(&f, 1);
  char *text = text_of(&f);
  cr_expect_null(strstr(text, "Origin"), "%s", text);
  free(text);
}

Test(report, breaks_a_table_that_is_too_wide) {
  fixture f;
  set_up(&f, ORIGINS);
  char *text = text_of(&f);
  size_t tables = 0;
  for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
    char copy[256] = "";
    strncat(copy, line, strcspn(line, "\n") < 255 ? strcspn(line, "\n") : 255);
    cr_expect_leq(mnz_report_letters(copy), 110, "%s", copy);
    tables += strncmp(line, "  Dy ", 5) == 0;
  }
  cr_expect_eq(tables, 4, "elements once, 20 origins in three parts, not %zu", tables);
  free(text);
}

Test(report, lists_demands_and_no_other_node) {
  fixture f;
  set_up(&f, 2);
  f.node_late[CARS] = 5;
  f.node_short[CARS] = 10;
  f.node_delivered[CARS] = 40;
  f.node_first_shortage[CARS] = 0.75;
  expect_line(&f, "                asked  delivered  late  short  in time %  first short\n"
                  "  \u00c9lectronique   50.0       40.0  5.00   10.0       70.0   2025-10-01\n"
                  "  Wind           2.00       2.00     0      0      100.0            -\n\n");
}

Test(report, names_what_is_mined_for_nobody) {
  fixture f;
  set_up(&f, 2);
  expect_line(&f, "\nMined, but not asked for: La 100 t\n");
  f.mined[LA] = 0;
  char *text = text_of(&f);
  cr_expect_null(strstr(text, "not asked for"), "%s", text);
  free(text);
}

Test(report, tells_from_when_on_it_counts) {
  fixture f;
  set_up(&f, 2);
  expect_line(&f, "\n2025-10-01 to 2026-10-01, seed 18446744073709551615, replication ");
  f.scenario.counts_from = INT64_C(31) * 86400 * 1000000;
  expect_line(
      &f, "\n2025-10-01 to 2026-10-01, measured from 2025-11-01, seed 18446744073709551615, replication ");
}

Test(report, tells_good_news) {
  fixture f;
  set_up(&f, 2);
  expect_line(&f, "\nUsers never run short: all that they asked for came in time.\n"
                  "Of what they got china gave 60.0 % of the Nd+Pr, 50.0 % of the Dy.\n");
  expect_line(&f, "\nledger: residual 0 mg over 8 components; 12345 events\n");
}

Test(report, tells_who_first_runs_short_of_what) {
  fixture f;
  set_up(&f, 2);
  f.scenario.focus = "japan";
  run_short(&f, DY, 154.5, 0, 1.25);
  expect_line(&f, "\nElements, for users in japan (t REO)\n");
  expect_line(&f, "\nUsers in japan first run short of Dy on 2026-03-04; 1.25 t were never delivered.\n");
}

Test(report, tells_when_all_came_but_late) {
  fixture f;
  set_up(&f, 2);
  run_short(&f, DY, 0, 0.5, 0);
  expect_line(&f, "\nUsers first run short of Dy on 2025-10-01; 0.500 t came late.\n");
}

Test(report, adds_up_what_runs_short_on_the_same_day) {
  fixture f;
  set_up(&f, 2);
  run_short(&f, DY, 31.25, 0.5, 0.25);
  run_short(&f, PR, 31.5, 2, 1);
  expect_line(
      &f,
      "\nUsers first run short of Nd+Pr and Dy on 2025-11-01; 1.25 t were never delivered and 2.50 t came "
      "late.\n");
}

Test(report, mentions_what_runs_short_later) {
  fixture f;
  set_up(&f, 2);
  run_short(&f, DY, 31, 0, 0.25);
  run_short(&f, PR, 32, 0, 1);
  expect_line(
      &f, "\nUsers first run short of Dy on 2025-11-01; 0.250 t were never delivered. Later also of Nd+Pr "
          "(2025-11-02).\n");
}

Test(report, does_not_say_never_when_something_came_late) {
  fixture f;
  set_up(&f, 2);
  f.late[DY] = 0.5;
  expect_line(&f, "\nUsers do not run short of anything, but 0.500 t came late.\n");
}

Test(report, copes_with_a_scenario_without_demand) {
  fixture f;
  set_up(&f, 2);
  for (int e = 0; e < ELEMENTS; e++) f.demanded[e] = f.delivered[e] = 0;
  for (int n = 0; n < NODES; n++) f.node_demanded[n] = NAN;
  expect_line(&f, "replication 3\n\nNobody asked for anything, so nobody ran short.\n\n"
                  "Mined, but not asked for: Nd+Pr 80.0 t, Dy 4.00 t, La 100 t\n");
}

Test(report, wraps_between_words_by_letters_not_bytes) {
  mnz_buffer wrapped = {0};
  char text[256] = "";
  for (int i = 0; i < 11; i++) strcat(text, "\u00e9\u00e9\u00e9\u00e9 \u00e9\u00e9\u00e9\u00e9 ");
  mnz_report_write_wrapped(&wrapped, text); /* 22 words of 4 letters: 109 letters with the spaces between */
  cr_expect_eq(strlen(wrapped.at), strlen(text));
  cr_expect_eq(strchr(wrapped.at, '\n'), wrapped.at + wrapped.length - 1);
  mnz_buffer_clear(&wrapped);
  strcat(text, "no");
  mnz_report_write_wrapped(&wrapped, text);
  cr_expect_str_eq(strchr(wrapped.at, '\n'), "\nno\n");
  mnz_buffer_free(&wrapped);
}

Test(report, writes_three_to_four_digits) {
  const struct {
    double value;
    const char *text;
  } cases[] = {{0, "0"},          {1e-12, "0"},       {1e-9, "<0.001"},  {0.0004999, "<0.001"},
               {0.0005, "0.001"}, {0.0421, "0.042"},  {0.9994, "0.999"}, {0.9996, "1.00"},
               {9.994, "9.99"},   {9.996, "10.0"},    {99.94, "99.9"},   {99.96, "100"},
               {412.4, "412"},    {12345.6, "12346"}, {NAN, "-"},        {INFINITY, "-"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char out[32];
    cr_expect_str_eq(mnz_report_number(cases[i].value, out), cases[i].text);
  }
}

Test(report, never_rounds_a_shortage_away) {
  const struct {
    double share;
    const char *text;
  } cases[] = {{1, "100.0"}, {0.99999, "99.9"}, {0.9876, "98.8"}, {1e-6, "0.1"}, {0, "0.0"}, {NAN, "-"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char out[32];
    cr_expect_str_eq(mnz_report_percent(cases[i].share, out), cases[i].text);
  }
}

Test(report, says_the_same_in_json) {
  fixture f;
  set_up(&f, 2);
  run_short(&f, DY, 154.5, 0, 1.25);
  char *text = NULL;
  cr_assert_eq(mnz_report_summary(&f.scenario, &f.result, NULL, 0, MNZ_REPORT_JSON, &text, NULL), MNZ_OK);
  json_t *root = json_loads(text, 0, NULL);
  cr_assert_not_null(root, "%s", text);
  const json_t *both = json_array_get(json_object_get(root, "elements"), 0);
  const json_t *dy = json_array_get(json_object_get(root, "elements"), 1);
  cr_expect_str_eq(json_string_value(json_object_get(both, "element")), "Nd+Pr");
  cr_expect(json_is_null(json_object_get(both, "first_shortage")));
  cr_expect_float_eq(json_real_value(json_object_get(json_object_get(both, "origin_share"), "china")), 0.6,
                     1e-12);
  cr_expect_str_eq(json_string_value(json_object_get(dy, "first_shortage")), "2026-03-04");
  cr_expect_float_eq(json_real_value(json_object_get(dy, "fill_rate")), 0.375, 1e-12);
  cr_expect_eq(json_array_size(json_object_get(root, "demand")), 2);
  cr_expect(json_is_null(json_object_get(root, "focus")));
  cr_expect_str_eq(json_string_value(json_object_get(root, "seed")), "18446744073709551615");
  cr_expect_eq(json_integer_value(json_object_get(root, "events")), 12345);
  json_decref(root);
  free(text);
}

Test(report, refuses_a_result_that_lacks_a_measure) {
  fixture f;
  set_up(&f, 2);
  char *text = NULL;
  mnz_error err = {0};
  f.variables[5].name = "other";
  cr_expect_eq(mnz_report_summary(&f.scenario, &f.result, NULL, 0, MNZ_REPORT_TEXT, &text, &err), MNZ_MODEL);
  cr_expect_str_eq(err.where, "short");
  cr_expect_null(text);
}
