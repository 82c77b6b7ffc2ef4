/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison for programs: JSON and CSV (RFC 4180). Nothing is left out; what is not a number is null, or
 * empty. */
#include "report/compare.h"

#include <math.h>
#include <string.h>

#include "monazite/calendar.h"
#include "report/json.h"

static const char *const axis_names[MNZ_AXES] = {
#define AXIS_NAME(id, name, text) [id] = name,
    MNZ_AXIS_LIST(AXIS_NAME)
#undef AXIS_NAME
};

static const char *const worse_names[] = {
    [MNZ_NEITHER_IS_WORSE] = "neither", [MNZ_MORE_IS_WORSE] = "more", [MNZ_LESS_IS_WORSE] = "less"};

/* ---- CSV ---- */

static bool is_label_axis(mnz_axis_id axis) {
  return axis != MNZ_AXIS_ACCOUNT && axis != MNZ_AXIS_TIME;
}

static void add_field(mnz_buffer *to, const char *text) {
  if (text[strcspn(text, ",\"\r\n")] == '\0') {
    mnz_buffer_add(to, text);
    return;
  }
  mnz_buffer_add(to, "\"");
  for (const char *at = text; *at != '\0'; at++) {
    if (*at == '"') mnz_buffer_add(to, "\"");
    mnz_buffer_add_bytes(to, at, 1);
  }
  mnz_buffer_add(to, "\"");
}

static void add_head(mnz_buffer *to) {
  mnz_buffer_add(to, "measure,unit,worse");
  for (int axis = 0; axis < MNZ_AXES; axis++)
    if (is_label_axis((mnz_axis_id)axis)) mnz_buffer_print(to, ",%s", axis_names[axis]);
  mnz_buffer_add(to, ",scenario");
  for (int what = 0; what < MNZ_COMPAREDS; what++) mnz_buffer_print(to, ",%s", mnz_compared_names[what]);
  mnz_buffer_add(to, "\r\n");
}

static void add_row(mnz_buffer *to, const mnz_comparison *c, size_t cell, size_t s) {
  const mnz_compared_cell *what = &c->cells[cell];
  add_field(to, what->measure);
  mnz_buffer_add(to, ",");
  add_field(to, what->unit);
  mnz_buffer_print(to, ",%s", worse_names[what->worse]);
  for (int axis = 0; axis < MNZ_AXES; axis++) {
    if (!is_label_axis((mnz_axis_id)axis)) continue;
    mnz_buffer_add(to, ",");
    add_field(to, mnz_compare_label_on(what, (mnz_axis_id)axis));
  }
  mnz_buffer_add(to, ",");
  add_field(to, c->scenarios[s].name);
  for (int i = 0; i < MNZ_COMPAREDS; i++) {
    const double value = mnz_comparison_at(c, (mnz_compared)i, cell, s);
    mnz_buffer_add(to, ",");
    if (isfinite(value)) mnz_buffer_print(to, "%.*g", MNZ_REPORT_DIGITS, value);
  }
  mnz_buffer_add(to, "\r\n");
}

void mnz_compare_write_csv(mnz_buffer *to, const mnz_comparison *c) {
  add_head(to);
  for (size_t cell = 0; cell < c->n_cells; cell++)
    for (size_t s = 0; s < c->n_scenarios; s++) add_row(to, c, cell, s);
}

/* ---- JSON ---- */

/* Anything that cannot be built is NULL; what it is packed into is then NULL, too. */
static json_t *figures(const mnz_comparison *c, size_t cell, size_t s) {
  json_t *object = json_pack("{s:s}", "scenario", c->scenarios[s].name);
  for (int i = 0; i < MNZ_COMPAREDS && object != NULL; i++) {
    const double value = mnz_comparison_at(c, (mnz_compared)i, cell, s);
    json_object_set_new(object, mnz_compared_names[i], mnz_report_json_number(value));
  }
  return object;
}

static json_t *measure(const mnz_comparison *c, size_t cell) {
  const mnz_compared_cell *what = &c->cells[cell];
  json_t *labels = json_object();
  for (int32_t i = 0; i < what->n_axes; i++)
    json_object_set_new(labels, axis_names[what->axes[i]], json_string(what->labels[i]));
  json_t *all = json_array();
  for (size_t s = 0; s < c->n_scenarios; s++) all = mnz_report_json_append(all, figures(c, cell, s));
  return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "measure", what->measure, "long_name", what->long_name,
                   "unit", what->unit, "worse", worse_names[what->worse], "labels", labels, "scenarios", all);
}

static json_t *scenario(const mnz_compare_view *view, size_t s) {
  const mnz_compared_scenario *one = &view->c->scenarios[s];
  const mnz_scenario *of = view->scenarios[s];
  char start[32];
  char end[32];
  mnz_buffer words = {0};
  if (s > 0) mnz_compare_say(&words, view, s);
  json_t *object = words.failed
                       ? NULL
                       : json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:I, s:I, s:I, s:b, s:s?, s:s?}", "name",
                                   one->name, "title", mnz_scenario_title(of), "start",
                                   mnz_moment_format(mnz_scenario_start(of), start), "end",
                                   mnz_moment_format(mnz_scenario_end(of), end), "seed",
                                   mnz_scenario_seed(of), "focus", mnz_scenario_focus(of), "replications",
                                   (json_int_t)one->replications, "failed", (json_int_t)one->failed,
                                   "left_out", (json_int_t)one->left_out, "other_span", (int)one->other_span,
                                   "failure", one->failed > 0 ? one->failure : NULL, "words", words.at);
  mnz_buffer_free(&words);
  return object;
}

mnz_status mnz_compare_write_json(char **text, const mnz_compare_view *view, mnz_error *err) {
  const mnz_comparison *c = view->c;
  json_t *scenarios = json_array();
  json_t *measures = json_array();
  for (size_t s = 0; s < c->n_scenarios; s++)
    scenarios = mnz_report_json_append(scenarios, scenario(view, s));
  for (size_t cell = 0; cell < c->n_cells; cell++)
    measures = mnz_report_json_append(measures, measure(c, cell));
  json_t *root =
      json_pack("{s:f, s:I, s:b, s:s, s:o, s:o}", "confidence", c->confidence, "replications",
                (json_int_t)c->replications, "common_random_numbers", (int)mnz_compare_has_one_seed(view),
                "baseline", c->scenarios[0].name, "scenarios", scenarios, "measures", measures);
  return mnz_report_json_write(text, root, err);
}
