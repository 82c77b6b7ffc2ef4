/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison in a planner's words. */
#include "report/compare.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- numbers ---- */

/* How many decimals show the doubtful digit of a half-width; below 0: whole tens, hundreds ... */
static int decimals_of(double half_width) {
  const int magnitude = (int)floor(log10(half_width));
  const double lead = half_width / pow(10, magnitude);
  return (lead < 2.95 ? 1 : 0) - magnitude; /* 2.95 in two digits is 3.0 */
}

static void print_rounded(double value, int decimals, bool sign, char *out) {
  const double unit = pow(10, -decimals);
  double rounded = round(value / unit) * unit;
  const char *plus = "";
  if (fabs(rounded) < unit / 2) {
    rounded = 0; /* no "-0.0" */
  } else if (sign && rounded > 0) {
    plus = "+";
  }
  (void)snprintf(out, MNZ_COMPARE_ROOM, "%s%.*f", plus, decimals > 0 ? decimals : 0, rounded);
}

bool mnz_compare_doubts(double value, double half_width) {
  static const double EQUAL = 1e-7;
  return isfinite(value) && half_width > EQUAL * fmax(1, fabs(value));
}

const char *mnz_compare_number(double value, double half_width, bool sign, char *out) {
  if (mnz_compare_doubts(value, half_width)) {
    print_rounded(value, decimals_of(half_width), sign, out);
  } else {
    char number[MNZ_COMPARE_ROOM];
    const char *mark = value < 0 ? "-" : sign && value > 0 ? "+" : "";
    (void)snprintf(out, MNZ_COMPARE_ROOM, "%s%s", mark, mnz_report_number(fabs(value), number));
  }
  return out;
}

double mnz_compare_factor(const mnz_compared_cell *cell) {
  return strcmp(cell->unit, "1") == 0 ? 100 : 1;
}

const char *mnz_compare_unit(const mnz_compared_cell *cell) {
  if (strcmp(cell->unit, "1") == 0) return "%";
  return strcmp(cell->unit, "t d-1") == 0 ? "t/d" : cell->unit;
}

const char *mnz_compare_label(const mnz_compared_cell *cell, char *out) {
  out[0] = '\0';
  size_t length = 0;
  for (int32_t i = 0; i < cell->n_axes && length < MNZ_COMPARE_ROOM; i++)
    length +=
        (size_t)snprintf(out + length, MNZ_COMPARE_ROOM - length, "%s%s", i > 0 ? ", " : "", cell->labels[i]);
  return out;
}

/* ---- sentences ---- */

/* What users in focus feel, in the order in which it is said; the last only where there is nothing before it.
 */
static const struct {
  const char *measure;
  const char *words;
} felt[] = {{"short", "short"}, {"fill_rate", "in time"}, {"any_shortage", "runs short"}};
enum { FELT = sizeof felt / sizeof *felt };

/* The place among them; FELT: none. */
static size_t felt_of(const mnz_compared_cell *cell) {
  size_t i = 0;
  if (cell->n_axes != 1 || cell->axes[0] != MNZ_AXIS_ELEMENT) return FELT;
  while (i < FELT && strcmp(cell->measure, felt[i].measure) != 0) i++;
  return i;
}

/* " short +123 t (95 %: +110 to +136)" */
static void say_difference(mnz_buffer *to, const mnz_comparison *c, size_t cell, size_t scenario,
                           bool first) {
  const mnz_compared_cell *what = &c->cells[cell];
  const double factor = mnz_compare_factor(what);
  const double half = factor * mnz_comparison_at(c, MNZ_COMPARED_DIFFERENCE_HALF_WIDTH, cell, scenario);
  const double difference = factor * mnz_comparison_at(c, MNZ_COMPARED_DIFFERENCE, cell, scenario);
  char number[MNZ_COMPARE_ROOM];
  mnz_buffer_print(to, " %s %s %s", felt[felt_of(what)].words,
                   mnz_compare_number(difference, half, true, number),
                   factor > 1 ? "points" : mnz_compare_unit(what));
  if (!mnz_compare_doubts(difference, half)) return;
  mnz_buffer_add(to, " (");
  if (first) mnz_buffer_print(to, "%g %%: ", 100 * c->confidence);
  mnz_buffer_print(to, "%s", mnz_compare_number(difference - half, half, true, number));
  mnz_buffer_print(to, " to %s)", mnz_compare_number(difference + half, half, true, number));
}

/* Of one element, all that stands so; false: nothing. */
static bool say_element(mnz_buffer *to, const mnz_comparison *c, size_t scenario, const char *element,
                        mnz_standing standing, bool first) {
  bool begun = false;
  for (size_t i = 0; i < FELT; i++) {
    if (begun && i == FELT - 1) break;
    for (size_t cell = 0; cell < c->n_cells; cell++) {
      if (felt_of(&c->cells[cell]) != i || strcmp(c->cells[cell].labels[0], element) != 0 ||
          mnz_compare_standing(c, cell, scenario) != standing)
        continue;
      if (begun) mnz_buffer_add(to, ",");
      if (!begun) mnz_buffer_print(to, "%s %s", first ? ":" : ";", element);
      say_difference(to, c, cell, scenario, first && !begun);
      begun = true;
    }
  }
  return begun;
}

/* "; Dy short ..., in time ...; Tb ..." over all elements, each at its first cell; false: nothing. */
static bool say_elements(mnz_buffer *to, const mnz_compare_view *view, size_t scenario,
                         mnz_standing standing) {
  const mnz_comparison *c = view->c;
  const char *measure = NULL;
  bool said = false;
  for (size_t i = 0; i < c->n_cells; i++) {
    const size_t cell = view->order[i];
    if (felt_of(&c->cells[cell]) == FELT) continue;
    if (measure == NULL) measure = c->cells[cell].measure; /* the first one names all elements */
    if (strcmp(c->cells[cell].measure, measure) != 0) continue;
    said = say_element(to, c, scenario, c->cells[cell].labels[0], standing, !said) || said;
  }
  return said;
}

static bool is_same_cell(const mnz_comparison *c, size_t cell, size_t scenario) {
  const bool here = mnz_comparison_at(c, MNZ_COMPARED_COUNT, cell, scenario) > 0;
  const bool there = mnz_comparison_at(c, MNZ_COMPARED_COUNT, cell, 0) > 0;
  return here == there && (!here || mnz_compare_standing(c, cell, scenario) == MNZ_STANDING_SAME ||
                           mnz_compare_is_apart(c, cell, scenario));
}

static size_t count_felt(const mnz_comparison *c) {
  size_t count = 0;
  for (size_t cell = 0; cell < c->n_cells; cell++) count += felt_of(&c->cells[cell]) < FELT;
  return count;
}

/* Nothing that users in focus feel differs in any replication, or is there in one scenario only. */
static bool feels_same(const mnz_comparison *c, size_t scenario) {
  bool same = true;
  for (size_t cell = 0; cell < c->n_cells && same; cell++)
    same = felt_of(&c->cells[cell]) == FELT || is_same_cell(c, cell, scenario);
  return same;
}

/* How users in focus fare. */
static void say_felt(mnz_buffer *to, const mnz_compare_view *view, size_t scenario) {
  mnz_buffer worse = {0};
  mnz_buffer better = {0};
  const bool is_worse = say_elements(&worse, view, scenario, MNZ_STANDING_WORSE);
  const bool is_better = say_elements(&better, view, scenario, MNZ_STANDING_BETTER);
  if (is_worse || is_better) {
    mnz_buffer_print(to, " %s for ", is_worse ? "worse" : "better");
    mnz_report_say_users(to, "users", view->scenarios[scenario]);
    mnz_buffer_add(to, is_worse ? worse.at : better.at);
  }
  if (is_worse && is_better) mnz_buffer_print(to, ". Better%s", better.at);
  if (!is_worse && !is_better) {
    mnz_buffer_add(to, " no difference for ");
    mnz_report_say_users(to, "users", view->scenarios[scenario]);
    mnz_buffer_add(to, feels_same(view->c, scenario) ? " in any replication" : " that could not be chance");
  }
  mnz_buffer_add(to, ".");
  to->failed = to->failed || worse.failed || better.failed;
  mnz_buffer_free(&worse);
  mnz_buffer_free(&better);
}

enum { MOST_NAMED = 12 };

/* What else is clearly different: how many figures, of which measures. */
static void say_others(mnz_buffer *to, const mnz_comparison *c, size_t scenario, bool beside) {
  const char *last = NULL;
  size_t clear = 0;
  size_t named = 0;
  mnz_buffer names = {0};
  for (size_t cell = 0; cell < c->n_cells; cell++) {
    if (felt_of(&c->cells[cell]) < FELT || !mnz_compare_is_clear(mnz_compare_standing(c, cell, scenario)))
      continue;
    clear++;
    if (last != NULL && strcmp(last, c->cells[cell].measure) == 0) continue;
    last = c->cells[cell].measure;
    if (named++ < MOST_NAMED) mnz_buffer_print(&names, "%s%s", named > 1 ? ", " : "", last);
  }
  if (clear > 0) {
    mnz_buffer_print(to, "%s clearly different: %zu figure%s of %s", beside ? " Also" : "", clear,
                     clear == 1 ? "" : "s", names.at);
    if (named > MOST_NAMED) mnz_buffer_print(to, " and %zu other measures", named - MOST_NAMED);
    mnz_buffer_add(to, ".");
  } else if (!beside) {
    mnz_buffer_add(to, " no difference that could not be chance.");
  }
  to->failed = to->failed || names.failed;
  mnz_buffer_free(&names);
}

static bool is_same(const mnz_comparison *c, size_t scenario) {
  bool same = true;
  for (size_t cell = 0; cell < c->n_cells && same; cell++) same = is_same_cell(c, cell, scenario);
  return same;
}

void mnz_compare_say(mnz_buffer *to, const mnz_compare_view *view, size_t scenario) {
  const mnz_comparison *c = view->c;
  const bool felt_at_all = count_felt(c) > 0;
  mnz_buffer_print(to, "%s:", c->scenarios[scenario].name);
  if (is_same(c, scenario)) {
    mnz_buffer_print(to, " the same as %s in %s.", c->scenarios[0].name,
                     c->replications == 1 ? "the one replication" : "every replication");
  } else if (c->replications == 1) {
    mnz_buffer_add(to, " different, but one pair of replications does not show whether by chance.");
  } else {
    if (felt_at_all) say_felt(to, view, scenario);
    say_others(to, c, scenario, felt_at_all);
  }
  if (c->scenarios[scenario].other_span)
    mnz_buffer_add(to, " Totals are of another length of time and not compared.");
}
