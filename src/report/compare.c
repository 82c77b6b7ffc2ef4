/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/compare.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

static const double CLEAR = 0.05;

mnz_standing mnz_compare_standing(const mnz_comparison *c, size_t cell, size_t scenario) {
  const double difference = mnz_comparison_at(c, MNZ_COMPARED_DIFFERENCE, cell, scenario);
  const double half = mnz_comparison_at(c, MNZ_COMPARED_DIFFERENCE_HALF_WIDTH, cell, scenario);
  if (isnan(difference)) return MNZ_STANDING_UNKNOWN;
  if (fabs(difference) <= 0 && !(half > 0)) return MNZ_STANDING_SAME; /* NaN: of one pair */
  if (isnan(half)) return MNZ_STANDING_UNKNOWN;
  if (!(mnz_comparison_at(c, MNZ_COMPARED_P_HOLM, cell, scenario) < CLEAR)) return MNZ_STANDING_CHANCE;
  switch (c->cells[cell].worse) {
  case MNZ_NEITHER_IS_WORSE:
    return MNZ_STANDING_DIFFERENT;
  case MNZ_MORE_IS_WORSE:
    return difference > 0 ? MNZ_STANDING_WORSE : MNZ_STANDING_BETTER;
  case MNZ_LESS_IS_WORSE:
    return difference < 0 ? MNZ_STANDING_WORSE : MNZ_STANDING_BETTER;
  }
  return MNZ_STANDING_UNKNOWN;
}

bool mnz_compare_is_clear(mnz_standing standing) {
  return standing == MNZ_STANDING_BETTER || standing == MNZ_STANDING_WORSE ||
         standing == MNZ_STANDING_DIFFERENT;
}

const char *mnz_compare_stars(const mnz_comparison *c, size_t cell, size_t scenario) {
  if (!mnz_compare_is_clear(mnz_compare_standing(c, cell, scenario))) return "";
  const double p = mnz_comparison_at(c, MNZ_COMPARED_P_HOLM, cell, scenario);
  return p < 0.001 ? "***" : p < 0.01 ? "**" : "*";
}

bool mnz_compare_is_apart(const mnz_comparison *c, size_t cell, size_t scenario) {
  return c->cells[cell].total && c->scenarios[scenario].other_span;
}

const char *mnz_compare_label_on(const mnz_compared_cell *cell, mnz_axis_id axis) {
  const char *label = "";
  for (int32_t i = 0; i < cell->n_axes; i++)
    if (cell->axes[i] == axis) label = cell->labels[i];
  return label;
}

bool mnz_compare_has_one_seed(const mnz_compare_view *view) {
  const char *first = mnz_scenario_seed(view->scenarios[0]);
  bool one = true;
  for (size_t s = 1; s < view->c->n_scenarios; s++)
    one = one && strcmp(first, mnz_scenario_seed(view->scenarios[s])) == 0;
  return one;
}

/* Measure by measure, as the cells come. */
static mnz_status order_cells(mnz_compare_view *view, mnz_error *err) {
  const mnz_comparison *c = view->c;
  const char **elements = mnz_arena_alloc(view->arena, c->n_cells, sizeof *elements, err);
  view->order = mnz_arena_alloc(view->arena, c->n_cells, sizeof *view->order, err);
  if (elements == NULL || view->order == NULL) return MNZ_NO_MEMORY;
  size_t end;
  for (size_t first = 0; first < c->n_cells; first = end) {
    for (end = first; end < c->n_cells && strcmp(c->cells[end].measure, c->cells[first].measure) == 0; end++)
      elements[end] = mnz_compare_label_on(&c->cells[end], MNZ_AXIS_ELEMENT);
    mnz_report_order_elements(elements + first, end - first, view->order + first);
    for (size_t i = first; i < end; i++) view->order[i] += first;
  }
  return MNZ_OK;
}

mnz_status mnz_report_comparison(const mnz_comparison *comparison, const mnz_scenario *const *scenarios,
                                 mnz_comparison_form form, char **text, mnz_error *err) {
  *text = NULL;
  mnz_compare_view view = {.c = comparison, .scenarios = scenarios};
  mnz_buffer buffer = {0};
  mnz_status status = mnz_arena_create(&view.arena, err);
  if (status == MNZ_OK) status = order_cells(&view, err);
  if (status != MNZ_OK) goto out;
  switch (form) {
  case MNZ_COMPARISON_TEXT:
  case MNZ_COMPARISON_TEXT_ALL:
    status = mnz_compare_write_text(&buffer, &view, form == MNZ_COMPARISON_TEXT_ALL, err);
    break;
  case MNZ_COMPARISON_CSV:
    mnz_compare_write_csv(&buffer, comparison);
    break;
  case MNZ_COMPARISON_JSON:
    status = mnz_compare_write_json(text, &view, err);
    break;
  }
  if (status == MNZ_OK && buffer.failed) status = mnz_fail(err, MNZ_NO_MEMORY, NULL, "out of memory");
  if (status != MNZ_OK) {
    mnz_buffer_free(&buffer);
  } else if (form != MNZ_COMPARISON_JSON) {
    *text = buffer.at; /* the caller's now */
  }

out:
  mnz_arena_free(view.arena);
  return status;
}
