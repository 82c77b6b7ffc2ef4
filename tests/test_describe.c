/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reference of the language: it says what the tables say, and fits where it is shown. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "domain/kind.h"
#include "random/distribution.h"
#include "world/scenario.h"

static char *describe(const char *topic, mnz_describe_format format) {
  mnz_error err;
  char *text = NULL;
  cr_assert_eq(mnz_describe(topic, format, &text, &err), MNZ_OK, "%s", err.message);
  cr_assert_not_null(text);
  return text;
}

/* The overview first, then every topic. */
static size_t all_topics(const char *all[64]) {
  size_t n = 0;
  all[n++] = NULL;
  for (const char *const *topic = mnz_describe_topics(); *topic != NULL && n < 64; topic++) all[n++] = *topic;
  return n;
}

static bool is_topic(const char *name) {
  for (const char *const *topic = mnz_describe_topics(); *topic != NULL; topic++)
    if (strcmp(*topic, name) == 0) return true;
  return false;
}

static json_t *describe_json(const char *topic) {
  char *text = describe(topic, MNZ_DESCRIBE_JSON);
  json_error_t err;
  json_t *root = json_loads(text, 0, &err);
  cr_assert_not_null(root, "%s:%d: %s", topic, err.line, err.text);
  free(text);
  return root;
}

/* The row of a table whose first cell is `name`, or NULL. */
static json_t *find_row(json_t *root, size_t table, const char *column, const char *name) {
  json_t *rows = json_object_get(json_array_get(json_object_get(root, "tables"), table), "rows");
  for (size_t i = 0; i < json_array_size(rows); i++)
    if (strcmp(json_string_value(json_object_get(json_array_get(rows, i), column)), name) == 0)
      return json_array_get(rows, i);
  return NULL;
}

static const char *cell(json_t *row, const char *column) {
  cr_assert_not_null(row);
  return json_string_value(json_object_get(row, column));
}

Test(describe, the_topics_are_the_kinds_the_lists_quantities_distributions_and_measures) {
  size_t expected = 3;
  cr_expect(is_topic("quantities") && is_topic("distributions") && is_topic("measures"));
  for (size_t i = 0; mnz_kinds[i] != NULL; i++, expected++) cr_expect(is_topic(mnz_kinds[i]->name));
  for (const mnz_param *p = mnz_scenario_params; p->name != NULL; p++) {
    if (p->type != MNZ_PARAM_LIST) continue;
    cr_expect(is_topic(p->name), "%s", p->name);
    if (mnz_kind_find(p->name) == NULL) expected++;
  }
  const char *all[64];
  cr_expect_eq(all_topics(all), expected + 1);
}

Test(describe, every_text_fits_a_hundred_columns) {
  const char *all[64];
  for (size_t n = all_topics(all); n-- > 0;) {
    char *text = describe(all[n], MNZ_DESCRIBE_TEXT);
    for (const char *line = text; *line != '\0';) {
      const size_t length = strcspn(line, "\n");
      cr_expect_leq(length, 100, "%.*s", (int)length, line);
      cr_expect(length == 0 || line[length - 1] != ' ', "a space at the end of: %.*s", (int)length, line);
      line += length + 1;
    }
    free(text);
  }
}

Test(describe, every_markdown_table_is_rectangular) {
  const char *all[64];
  for (size_t n = all_topics(all); n-- > 0;) {
    char *text = describe(all[n], MNZ_DESCRIBE_MARKDOWN);
    size_t columns = 0;
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
      size_t bars = 0;
      for (const char *c = line; *c != '\n'; c++) bars += *c == '|' && (c == line || c[-1] != '\\');
      if (bars > 0 && columns > 0) cr_expect_eq(bars, columns, "%.*s", (int)strcspn(line, "\n"), line);
      columns = bars;
    }
    free(text);
  }
}

Test(describe, a_parameter_says_how_it_is_written_its_default_and_its_range) {
  json_t *plant = describe_json("plant");
  json_t *hold_up = find_row(plant, 0, "key", "hold_up");
  cr_expect_str_eq(cell(hold_up, "written"), "a time such as \"45 d\"");
  cr_expect_str_eq(cell(hold_up, "default"), "\"0 d\"");
  cr_expect_str_eq(cell(hold_up, "range"), "at least 0 d");
  json_t *recovery = find_row(plant, 0, "key", "makes[].recovery");
  cr_expect_str_eq(cell(recovery, "default"), "required");
  cr_expect_str_eq(cell(recovery, "range"), "0 % to 100 %");
  cr_expect_not_null(find_row(plant, 1, "series", "state_share"));
  json_decref(plant);
  json_t *links = describe_json("links");
  cr_expect_str_eq(cell(find_row(links, 0, "key", "dispatch.every"), "range"), "at least 1 s");
  cr_expect_str_eq(cell(find_row(links, 0, "key", "prefer"), "default"), "1");
  json_decref(links);
}

Test(describe, every_distribution_is_shown_with_its_arguments) {
  json_t *root = describe_json("distributions");
  size_t n;
  (void)mnz_distribution_forms(&n);
  json_t *rows = json_object_get(json_array_get(json_object_get(root, "tables"), 0), "rows");
  cr_expect_eq(json_array_size(rows), n + 5, "and the five that take tables");
  cr_expect_not_null(find_row(root, 0, "form", "triangular(min, mode, max)"));
  cr_expect_str_eq(cell(find_row(root, 0, "form", "lognormal(median ..., sigma ...)"), "without unit"),
                   "sigma");
  cr_expect_not_null(find_row(root, 0, "form", "normal(mean, sd, [low], [high])"));
  json_decref(root);
}

Test(describe, the_units_and_policies_are_among_the_quantities) {
  json_t *root = describe_json("quantities");
  cr_expect_str_eq(cell(find_row(root, 1, "unit", "yr"), "meaning"), "year of 365 d");
  cr_expect_not_null(find_row(root, 2, "key", "ramp"));
  cr_expect_str_eq(cell(find_row(root, 3, "policy", "days_of_cover(cover)"), "example"),
                   "\"days_of_cover(45 d)\"");
  json_decref(root);
}

Test(describe, the_overview_leads_to_every_topic) {
  json_t *root = describe_json(NULL);
  for (const char *const *topic = mnz_describe_topics(); *topic != NULL; topic++)
    cr_expect_not_null(find_row(root, 1, "topic", *topic), "%s", *topic);
  cr_expect_not_null(find_row(root, 0, "key", "extends"));
  cr_expect_str_eq(cell(find_row(root, 0, "key", "sample"), "default"), "\"1 d\"");
  json_decref(root);
}

Test(describe, a_topic_that_there_is_not_is_answered_with_the_nearest) {
  mnz_error err;
  char *text;
  cr_expect_eq(mnz_describe("plnt", MNZ_DESCRIBE_TEXT, &text, &err), MNZ_USAGE);
  cr_expect_str_eq(err.message, "there is no topic \"plnt\"; did you mean \"plant\"?");
  cr_expect_null(text);
  cr_expect_eq(mnz_describe("weather", MNZ_DESCRIBE_TEXT, &text, &err), MNZ_USAGE);
  cr_expect_str_eq(err.message, "there is no topic \"weather\"; without one, describe lists them");
}
