/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison as text: a table for each group of measures, a line for each cell and scenario. Two scenarios
 * stand side by side; of more, each has a line of its own, the baseline first. */
#include "report/compare.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

enum { ROOM = MNZ_COMPARE_ROOM, INDENT = 2, GAP = 2 };

/* What is too small to matter though it is no chance: of the larger mean; of shares, in percent. */
static const double SMALL = 0.01;
static const double SMALL_POINTS = 0.5;

/* ---- groups ---- */

enum { ALL = 24 };

static const struct {
  const char *title;
  bool users;               /* it speaks of the users in focus */
  size_t shown;             /* how many of them are without being asked for, where there are users */
  const char *measures[24]; /* NULL-terminated */
} groups[] = {
    {"Service", true, ALL, {"fill_rate", "short", "delivered_late", "any_shortage", "first_shortage"}},
    {"Supply", true, ALL, {"mined", "separated", "demanded", "delivered", "delivered_from", "origin_share"}},
    {"Stocks", true, ALL, {"stock_end", "usage_end", "days_of_cover_end"}},
    {"Demands",
     false,
     7,
     {"node_fill_rate", "node_short", "node_delivered_late", "node_any_shortage", "node_first_shortage",
      "node_demanded", "node_delivered", "node_missed", "node_met_at_once"}},
    {"Facilities", false, ALL, {"utilisation", "state_share"}},
    {"Shortages",
     true,
     2,
     {"longest_shortage", "shortages", "shortage_time", "shortage_depth", "shortage_duration",
      "shortage_area"}},
    {"Orders",
     false,
     3,
     {"node_service_level", "node_backlog_age", "bullwhip", "node_orders", "node_longest_wait",
      "node_shortages", "node_longest_shortage", "node_shortage_time", "node_shortage_depth",
      "node_shortage_duration", "node_shortage_area"}},
    {"Money", true, 3, {"cost_total", "node_cost", "revenue", "cost", "node_cost_rate"}},
    {"Prices", false, ALL, {"price_average", "price_end"}},
    {"Contracts",
     false,
     ALL,
     {"contract_delivered", "contract_due", "contract_owed", "contract_untaken", "contract_paid_untaken",
      "contract_damages", "contract_above_floor", "contract_floor_paid", "contract_returned",
      "contract_suspended"}},
    {"Dependence and concentration of supply",
     true,
     5,
     {"hhi_origin", "hhi_mined", "hhi_separated", "hhi_metal", "hhi_product", "node_origin_share",
      "end_use_origin_share"}},
    {"Lots", false, 0, {"wait_mean",     "wait_sd",        "wait_p50",     "wait_p95",      "wait_p99",
                        "wait_max",      "waited_share",   "loss_share",   "lots_in",       "lots_lost",
                        "throughput",    "lead_time_mean", "lead_time_sd", "lead_time_p50", "lead_time_p95",
                        "lead_time_p99", "lead_time_max",  "stock_mean",   "stock_max",     "in_process_mean",
                        "held_mean"}},
    {"Disruptions",
     false,
     0,
     {"outages", "all_up", "units_down", "capacity_left", "capacity_left_end", "destroyed",
      "crew_utilisation", "crew_waiting"}},
};
enum { GROUPS = sizeof groups / sizeof *groups, SERVICE = 0, OTHERS = GROUPS }; /* OTHERS: in none of them */

/* The group of a measure, and its place there. */
static size_t group_of(const char *measure, size_t *place) {
  for (size_t g = 0; g < GROUPS; g++)
    for (size_t i = 0; groups[g].measures[i] != NULL; i++)
      if (strcmp(groups[g].measures[i], measure) == 0) {
        *place = i;
        return g;
      }
  *place = 0;
  return OTHERS;
}

/* ---- which cells are shown ---- */

typedef enum fate { SHOWN, SAME, CHANCE, TOO_SMALL, APART, REPEATED, DETAIL, FATES } fate;

static bool is_small(const mnz_comparison *c, size_t cell, size_t s) {
  const double difference = fabs(mnz_comparison_at(c, MNZ_COMPARED_DIFFERENCE, cell, s));
  const double mean = fabs(mnz_comparison_at(c, MNZ_COMPARED_MEAN, cell, s));
  const double base = fabs(mnz_comparison_at(c, MNZ_COMPARED_MEAN, cell, 0));
  const double factor = mnz_compare_factor(&c->cells[cell]);
  return factor > 1 ? factor * difference < SMALL_POINTS : difference < SMALL * fmax(mean, base);
}

/* Something that only some of the scenarios have, and that is not idle there. */
static bool is_alone(const mnz_comparison *c, size_t cell, size_t s) {
  const double mean = mnz_comparison_at(c, MNZ_COMPARED_MEAN, cell, s);
  const double base = mnz_comparison_at(c, MNZ_COMPARED_MEAN, cell, 0);
  return isnan(mean) != isnan(base) && (isnan(mean) ? base : mean) > 0;
}

static bool is_defined(const mnz_comparison *c, size_t cell) {
  bool defined = false;
  for (size_t s = 0; s < c->n_scenarios; s++)
    defined = defined || mnz_comparison_at(c, MNZ_COMPARED_COUNT, cell, s) > 0;
  return defined;
}

/* Does it speak of users at all? Else lots and lines are what it is about. */
static bool has_users(const mnz_comparison *c) {
  size_t place;
  for (size_t cell = 0; cell < c->n_cells; cell++)
    if (group_of(c->cells[cell].measure, &place) == SERVICE && is_defined(c, cell)) return true;
  return false;
}

/* A total that some scenario has over another length of time. */
static bool is_apart(const mnz_comparison *c, size_t cell) {
  bool apart = false;
  for (size_t s = 1; s < c->n_scenarios; s++)
    apart =
        apart || (mnz_compare_is_apart(c, cell, s) && mnz_comparison_at(c, MNZ_COMPARED_COUNT, cell, 0) > 0 &&
                  mnz_comparison_at(c, MNZ_COMPARED_COUNT, cell, s) > 0);
  return apart;
}

static fate fate_of(const mnz_comparison *c, size_t cell, bool users, bool all) {
  size_t place;
  fate its = all ? SHOWN : is_apart(c, cell) ? APART : SAME;
  for (size_t s = 1; s < c->n_scenarios && its != SHOWN; s++) {
    const mnz_standing standing = mnz_compare_standing(c, cell, s);
    if (is_alone(c, cell, s) || (mnz_compare_is_clear(standing) && !is_small(c, cell, s))) {
      its = SHOWN;
    } else if (mnz_compare_is_clear(standing)) {
      its = TOO_SMALL;
    } else if (standing != MNZ_STANDING_SAME && its == SAME &&
               mnz_comparison_at(c, MNZ_COMPARED_PAIRS, cell, s) > 0) {
      its = CHANCE;
    }
  }
  /* What is asked first is answered in any case; what comes next, unless it is the same. */
  const size_t group = group_of(c->cells[cell].measure, &place);
  if (its == SHOWN && !all && users && group < GROUPS && place >= groups[group].shown) return DETAIL;
  if (group != SERVICE) return its;
  return (place == 0 && is_defined(c, cell)) || (place == 1 && its != SAME) ? SHOWN : its;
}

static bool is_equal(const mnz_comparison *c, size_t a, size_t b) {
  bool equal = true;
  for (size_t s = 0; s < c->n_scenarios && equal; s++) {
    const double mean = mnz_comparison_at(c, MNZ_COMPARED_MEAN, a, s);
    const double half = mnz_comparison_at(c, MNZ_COMPARED_HALF_WIDTH, a, s);
    equal = !(mean < mnz_comparison_at(c, MNZ_COMPARED_MEAN, b, s)) &&
            !(mean > mnz_comparison_at(c, MNZ_COMPARED_MEAN, b, s)) &&
            !(half < mnz_comparison_at(c, MNZ_COMPARED_HALF_WIDTH, b, s)) &&
            !(half > mnz_comparison_at(c, MNZ_COMPARED_HALF_WIDTH, b, s));
  }
  return equal;
}

/* The share of time "up" is the utilisation; what comes from the one origin there is, is all that comes. */
static bool is_repeated(const mnz_comparison *c, const fate *fates, size_t cell) {
  const mnz_compared_cell *what = &c->cells[cell];
  bool repeated = false;
  for (size_t i = 0; i < cell && what->n_axes == 2 && !repeated; i++)
    repeated = fates[i] == SHOWN && c->cells[i].n_axes == 1 && c->cells[i].axes[0] == what->axes[0] &&
               strcmp(c->cells[i].labels[0], what->labels[0]) == 0 &&
               strcmp(c->cells[i].unit, what->unit) == 0 && is_equal(c, i, cell);
  return repeated;
}

/* ---- a table ---- */

typedef enum column {
  COLUMN_LABEL,
  COLUMN_SCENARIO,
  COLUMN_BASELINE,
  COLUMN_MEAN,
  COLUMN_DIFFERENCE,
  COLUMN_STARS,
  COLUMN_VERDICT,
  COLUMN_WIN,
  COLUMN_GAIN,
  COLUMNS
} column;

typedef struct table_line {
  const char *heading; /* over all columns; NULL: cells */
  const char *cell[COLUMNS];
} table_line;

typedef struct table {
  const mnz_compare_view *view;
  bool wide; /* two scenarios, side by side */
  table_line *lines;
  size_t n_lines;
  size_t width[COLUMNS];
  mnz_error *err;
  bool failed;
} table;

static bool is_used(const table *t, column c) {
  return c == COLUMN_SCENARIO ? !t->wide : c == COLUMN_BASELINE ? t->wide : true;
}

static bool is_left(column c) {
  return c == COLUMN_LABEL || c == COLUMN_SCENARIO || c == COLUMN_STARS || c == COLUMN_VERDICT;
}

static size_t gap_before(column c) {
  return c == COLUMN_STARS || c == COLUMN_VERDICT ? 1 : c == COLUMN_LABEL ? INDENT : GAP;
}

static void set(table *t, table_line *l, column c, const char *text) {
  l->cell[c] = mnz_arena_text(t->view->arena, text, t->err);
  t->failed = t->failed || l->cell[c] == NULL;
  const size_t letters = mnz_report_letters(text);
  if (letters > t->width[c]) t->width[c] = letters;
}

static void add_heads(table *t) {
  const mnz_comparison *c = t->view->c;
  table_line *l = &t->lines[t->n_lines++];
  set(t, l, COLUMN_BASELINE, c->scenarios[0].name);
  set(t, l, COLUMN_MEAN, t->wide ? c->scenarios[1].name : "mean");
  set(t, l, COLUMN_DIFFERENCE, "difference");
  set(t, l, COLUMN_WIN, "better %");
  set(t, l, COLUMN_GAIN, "gain");
}

static void add_measure(table *t, const mnz_compared_cell *cell) {
  static const char *const worse[] = {[MNZ_NEITHER_IS_WORSE] = "",
                                      [MNZ_MORE_IS_WORSE] = "; more is worse",
                                      [MNZ_LESS_IS_WORSE] = "; less is worse"};
  table_line *l = &t->lines[t->n_lines++];
  l->heading = mnz_arena_format(
      t->view->arena, t->err, "%s (%s): %s%s%s", cell->measure, mnz_compare_unit(cell), cell->long_name,
      worse[cell->worse],
      cell->first_time ? "; the difference is over the pairs in which it happens in both" : "");
  t->failed = t->failed || l->heading == NULL;
}

/* " (n 310)": how many replications a figure is over, where it is not all. */
static void add_count(const mnz_comparison *c, double count, char *text) {
  const size_t length = strlen(text);
  if (count < (double)c->replications) (void)snprintf(text + length, ROOM - length, " (n %.0f)", count);
}

static void mean_text(const mnz_comparison *c, size_t cell, size_t s, char *out) {
  const double factor = mnz_compare_factor(&c->cells[cell]);
  const double count = mnz_comparison_at(c, MNZ_COMPARED_COUNT, cell, s);
  const double mean = factor * mnz_comparison_at(c, MNZ_COMPARED_MEAN, cell, s);
  double half = factor * mnz_comparison_at(c, MNZ_COMPARED_HALF_WIDTH, cell, s);
  strcpy(out, "-");
  if (!(count > 0)) return;
  char number[ROOM];
  char width[ROOM];
  if (c->cells[cell].share) {
    char low[ROOM];
    const double from = factor * mnz_comparison_at(c, MNZ_COMPARED_LOW, cell, s);
    const double to = factor * mnz_comparison_at(c, MNZ_COMPARED_HIGH, cell, s);
    half = (to - from) / 2;
    (void)snprintf(out, ROOM, "%s [%s, %s]", mnz_compare_number(mean, half, false, number),
                   mnz_compare_number(from, half, false, low), mnz_compare_number(to, half, false, width));
  } else if (mnz_compare_doubts(mean, half)) {
    (void)snprintf(out, ROOM, "%s ± %s", mnz_compare_number(mean, half, false, number),
                   mnz_compare_number(half, half, false, width));
  } else {
    mnz_compare_number(mean, half, false, out);
  }
  add_count(c, count, out);
}

static void difference_text(const mnz_comparison *c, size_t cell, size_t s, char *out) {
  const double factor = mnz_compare_factor(&c->cells[cell]);
  const double pairs = mnz_comparison_at(c, MNZ_COMPARED_PAIRS, cell, s);
  const double difference = factor * mnz_comparison_at(c, MNZ_COMPARED_DIFFERENCE, cell, s);
  const double half = factor * mnz_comparison_at(c, MNZ_COMPARED_DIFFERENCE_HALF_WIDTH, cell, s);
  char number[ROOM];
  char width[ROOM];
  strcpy(out, "-");
  if (!(pairs > 0)) return;
  if (mnz_compare_standing(c, cell, s) == MNZ_STANDING_SAME) {
    strcpy(out, "same");
  } else if (mnz_compare_doubts(difference, half)) {
    (void)snprintf(out, ROOM, "%s ± %s", mnz_compare_number(difference, half, true, number),
                   mnz_compare_number(half, half, false, width));
  } else {
    mnz_compare_number(difference, half, true, out);
  }
  add_count(c, pairs, out);
}

static const char *verdict_text(mnz_standing standing) {
  return standing == MNZ_STANDING_BETTER ? "better" : standing == MNZ_STANDING_WORSE ? "worse" : "";
}

static void win_text(const mnz_comparison *c, size_t cell, size_t s, char *out) {
  const double win = mnz_comparison_at(c, MNZ_COMPARED_WIN, cell, s);
  const double low = mnz_comparison_at(c, MNZ_COMPARED_WIN_LOW, cell, s);
  const double high = mnz_comparison_at(c, MNZ_COMPARED_WIN_HIGH, cell, s);
  const mnz_standing standing = mnz_compare_standing(c, cell, s);
  strcpy(out, "-");
  if (isnan(win) || standing == MNZ_STANDING_SAME) return;
  const double half = 50 * (high - low);
  char ends[2][ROOM];
  char number[ROOM];
  (void)snprintf(out, ROOM, "%s [%s, %s]", mnz_compare_number(100 * win, half, false, number),
                 mnz_compare_number(100 * low, half, false, ends[0]),
                 mnz_compare_number(100 * high, half, false, ends[1]));
}

static void gain_text(const mnz_comparison *c, size_t cell, size_t s, char *out) {
  const double gain = mnz_comparison_at(c, MNZ_COMPARED_GAIN, cell, s);
  const double difference = mnz_comparison_at(c, MNZ_COMPARED_DIFFERENCE, cell, s);
  const double half = mnz_comparison_at(c, MNZ_COMPARED_DIFFERENCE_HALF_WIDTH, cell, s);
  strcpy(out, "-");
  if (!isfinite(gain) || !mnz_compare_doubts(difference, half)) return;
  (void)snprintf(out, ROOM, gain < 999.5 ? "%.*f" : ">%.*f", gain < 9.95 ? 1 : 0, fmin(gain, 999));
}

static void add_comparison(table *t, table_line *l, size_t cell, size_t s) {
  const mnz_comparison *c = t->view->c;
  char text[ROOM];
  mean_text(c, cell, s, text);
  set(t, l, COLUMN_MEAN, text);
  if (s == 0) return;
  difference_text(c, cell, s, text);
  set(t, l, COLUMN_DIFFERENCE, text);
  set(t, l, COLUMN_STARS, mnz_compare_stars(c, cell, s));
  set(t, l, COLUMN_VERDICT, verdict_text(mnz_compare_standing(c, cell, s)));
  win_text(c, cell, s, text);
  set(t, l, COLUMN_WIN, text);
  gain_text(c, cell, s, text);
  set(t, l, COLUMN_GAIN, text);
}

static void add_cell(table *t, size_t cell) {
  const mnz_comparison *c = t->view->c;
  char text[ROOM];
  for (size_t s = t->wide ? 1 : 0; s < c->n_scenarios; s++) {
    table_line *l = &t->lines[t->n_lines++];
    const bool first = s == (t->wide ? 1 : 0);
    set(t, l, COLUMN_LABEL, first ? mnz_compare_label(&c->cells[cell], text) : "");
    set(t, l, COLUMN_SCENARIO, c->scenarios[s].name);
    mean_text(c, cell, 0, text);
    set(t, l, COLUMN_BASELINE, text);
    add_comparison(t, l, cell, s);
  }
}

static void write_line(mnz_buffer *to, const table *t, const table_line *l) {
  size_t owed = 0; /* blanks, which nobody needs at the end of a line */
  if (l->heading != NULL) {
    mnz_report_write_wrapped(to, l->heading);
    return;
  }
  for (int i = 0; i < COLUMNS; i++) {
    const column c = (column)i;
    if (!is_used(t, c)) continue;
    const char *text = l->cell[c] != NULL ? l->cell[c] : "";
    const size_t letters = mnz_report_letters(text);
    const size_t rest = t->width[c] - letters;
    owed += gap_before(c) + (is_left(c) ? 0 : rest);
    if (letters > 0) {
      mnz_buffer_print(to, "%*s%s", (int)owed, "", text);
      owed = 0;
    }
    owed += is_left(c) ? rest : 0;
  }
  mnz_buffer_add(to, "\n");
}

static void write_title(mnz_buffer *to, const mnz_compare_view *view, size_t group, bool apart) {
  const char *focus = group < GROUPS && groups[group].users ? mnz_scenario_focus(view->scenarios[0]) : NULL;
  mnz_buffer_print(to, "\n%s", group < GROUPS ? groups[group].title : "Other measures");
  if (focus != NULL || apart) mnz_buffer_add(to, " (");
  if (focus != NULL) mnz_buffer_print(to, "users: %s%s", focus, apart ? "; " : "");
  if (apart) mnz_buffer_add(to, "other spans: totals are not compared");
  mnz_buffer_add(to, focus != NULL || apart ? ")\n" : "\n");
}

/* The cells of a group that are shown, measure by measure. */
static mnz_status write_group(mnz_buffer *to, const mnz_compare_view *view, const fate *fates, size_t group,
                              mnz_error *err) {
  const mnz_comparison *c = view->c;
  table t = {.view = view, .wide = c->n_scenarios == 2, .err = err};
  t.lines = mnz_arena_alloc(view->arena, (c->n_scenarios + 1) * c->n_cells + 1, sizeof *t.lines, err);
  if (t.lines == NULL) return MNZ_NO_MEMORY;
  add_heads(&t);
  const size_t n_places = group < GROUPS ? sizeof groups->measures / sizeof *groups->measures : 1;
  bool apart = false;
  for (size_t place = 0; place < n_places; place++) {
    const char *measure = NULL;
    for (size_t i = 0; i < c->n_cells; i++) {
      const size_t cell = view->order[i];
      size_t at;
      if (fates[cell] != SHOWN || group_of(c->cells[cell].measure, &at) != group || at != place) continue;
      if (measure == NULL || strcmp(measure, c->cells[cell].measure) != 0) add_measure(&t, &c->cells[cell]);
      measure = c->cells[cell].measure;
      apart = apart || is_apart(c, cell);
      add_cell(&t, cell);
    }
  }
  if (t.failed) return MNZ_NO_MEMORY;
  if (t.n_lines == 1) return MNZ_OK;
  write_title(to, view, group, apart);
  for (size_t i = 0; i < t.n_lines; i++) write_line(to, &t, &t.lines[i]);
  return MNZ_OK;
}

/* ---- around the tables ---- */

/* Wraps a line that was put together, and lets go of it. */
static void write_wrapped(mnz_buffer *to, mnz_buffer *line) {
  if (!line->failed && line->at != NULL) mnz_report_write_wrapped(to, line->at);
  to->failed = to->failed || line->failed;
  mnz_buffer_free(line);
}

static void describe_scenario(mnz_buffer *to, const mnz_compare_view *view, size_t s) {
  const mnz_compared_scenario *one = &view->c->scenarios[s];
  mnz_buffer_print(to, "%s is \"%s\"", one->name, mnz_scenario_title(view->scenarios[s]));
  if (!mnz_compare_has_one_seed(view))
    mnz_buffer_print(to, ", seed %s", mnz_scenario_seed(view->scenarios[s]));
  if (one->left_out > 0)
    mnz_buffer_print(to, "; %zu of its replications count not, for not all others have them", one->left_out);
  if (one->failed > 0)
    mnz_buffer_print(to, "; %zu of %zu replications failed and count not, the first is %s", one->failed,
                     one->replications, one->failure);
}

static void write_top(mnz_buffer *to, const mnz_compare_view *view) {
  const mnz_comparison *c = view->c;
  mnz_buffer line = {0};
  mnz_buffer_print(&line, "Compared with %s: %zu pair%s of replications, ", c->scenarios[0].name,
                   c->replications, c->replications == 1 ? "" : "s");
  if (mnz_compare_has_one_seed(view)) {
    mnz_buffer_print(&line, "common random numbers (seed %s), ", mnz_scenario_seed(view->scenarios[0]));
  } else {
    mnz_buffer_add(&line, "no common random numbers, ");
  }
  mnz_buffer_print(&line, "%g %% intervals", 100 * c->confidence);
  write_wrapped(to, &line);
  for (size_t s = 0; s < c->n_scenarios; s++) {
    describe_scenario(&line, view, s);
    write_wrapped(to, &line);
  }
  mnz_buffer_add(to, "\n");
  for (size_t s = 1; s < c->n_scenarios; s++) {
    mnz_compare_say(&line, view, s);
    write_wrapped(to, &line);
  }
}

static void write_hidden(mnz_buffer *to, const mnz_comparison *c, const fate *fates) {
  size_t count[FATES] = {0};
  for (size_t cell = 0; cell < c->n_cells; cell++) count[fates[cell]]++;
  if (count[SHOWN] == c->n_cells) return;
  mnz_buffer line = {0};
  mnz_buffer_print(&line, "Of %zu figures %zu are not shown:", c->n_cells, c->n_cells - count[SHOWN]);
  if (count[SAME] > 0) mnz_buffer_print(&line, " %zu the same everywhere or undefined,", count[SAME]);
  if (count[CHANCE] > 0) mnz_buffer_print(&line, " %zu whose difference may be chance,", count[CHANCE]);
  if (count[TOO_SMALL] > 0)
    mnz_buffer_print(&line, " %zu with a difference below %g %% or %g points,", count[TOO_SMALL], 100 * SMALL,
                     SMALL_POINTS);
  if (count[APART] > 0) mnz_buffer_print(&line, " %zu totals over other spans,", count[APART]);
  if (count[REPEATED] > 0) mnz_buffer_print(&line, " %zu repeated elsewhere,", count[REPEATED]);
  if (count[DETAIL] > 0) mnz_buffer_print(&line, " %zu details,", count[DETAIL]);
  if (!line.failed) line.at[line.length - 1] = ';';
  mnz_buffer_add(&line, " --all shows them.");
  write_wrapped(to, &line);
}

static void write_legend(mnz_buffer *to, const mnz_compare_view *view) {
  const mnz_comparison *c = view->c;
  size_t tests = 0;
  for (size_t i = 0; i < c->n_cells * c->n_scenarios; i++)
    tests += isnan(c->columns[MNZ_COMPARED_P][i]) ? 0 : 1;
  mnz_buffer line = {0};
  mnz_buffer_print(
      &line,
      "± and [ ]: %g %% intervals over %zu replication%s, or as many as (n) says; same: in every "
      "replication; -: nothing to say.",
      100 * c->confidence, c->replications, c->replications == 1 ? "" : "s");
  mnz_buffer_add(&line,
                 " Stars: no chance, p below 0.05 (*), 0.01 (**), 0.001 (***), by the paired t (McNemar "
                 "for shares of replications)");
  if (tests > 1) mnz_buffer_print(&line, " and, over all %zu differences, Holm", tests);
  mnz_buffer_add(&line, ".");
  mnz_buffer_add(&line, " better %: of replications in which it is better than the baseline (larger, where "
                        "neither end is worse), ties half; gain: how many times the replications that "
                        "unpaired ones would take.");
  write_wrapped(to, &line);
}

mnz_status mnz_compare_write_text(mnz_buffer *to, const mnz_compare_view *view, bool all, mnz_error *err) {
  const mnz_comparison *c = view->c;
  fate *fates = mnz_arena_alloc(view->arena, c->n_cells, sizeof *fates, err);
  if (fates == NULL) return MNZ_NO_MEMORY;
  const bool users = has_users(c);
  for (size_t cell = 0; cell < c->n_cells; cell++) {
    fates[cell] = fate_of(c, cell, users, all);
    if (fates[cell] == SHOWN && !all && is_repeated(c, fates, cell)) fates[cell] = REPEATED;
  }
  write_top(to, view);
  mnz_status status = MNZ_OK;
  for (size_t group = 0; group <= OTHERS && status == MNZ_OK; group++)
    status = write_group(to, view, fates, group, err);
  mnz_buffer_add(to, "\n");
  write_hidden(to, c, fates);
  write_legend(to, view);
  return status;
}
