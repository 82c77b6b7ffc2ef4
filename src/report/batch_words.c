/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Estimates and findings in a planner's words. */
#include "report/batch_summary.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROOM = 32, MOST_PLACES = 3, FEW_IN_TAIL = 5, MOST_NAMED = 8, MOST_WORST = 3, MOST_LINES = 3 };
static const double NOTHING = 5e-10; /* less is the rounding of a sum */
static const double AGREED = 1e-7;   /* of a figure, or of its unit: replications that differ by less agree */

/* --- estimates --- */

/* An estimate as it is printed; `whole` is what a share is a share of, else infinite. */
typedef struct estimate {
  double value;
  double half; /* of its interval; NaN: none */
  double whole;
} estimate;

/* How far behind the point the first digit stands; negative before it. */
static int first_place(double size) {
  return (int)-floor(log10(size));
}

/* At least these, and enough to tell the value from nothing and from all. */
static int enough_places(const estimate *e, int places) {
  const double missing = e->whole - e->value;
  if (e->value > NOTHING && first_place(e->value) > places) places = first_place(e->value);
  if (isfinite(missing) && missing > NOTHING && first_place(missing) > places) places = first_place(missing);
  return places < MOST_PLACES ? places : MOST_PLACES;
}

static int places_of_mean(const estimate *e) {
  const int first = first_place(e->half);
  return enough_places(e, e->half * pow(10, first) < 3 ? first + 1 : first);
}

static const char *rounded(double value, int places, char *out) {
  const double scale = pow(10, places);
  const double near = round(value * scale) / scale + 0.0; /* no "-0" */
  (void)snprintf(out, ROOM, "%.*f", places > 0 ? places : 0, near);
  return out;
}

/* Never rounds to nothing or to all what is not. */
static const char *rounded_value(const estimate *e, int places, char *out) {
  const double step = pow(10, -places);
  double value = e->value;
  if (value > NOTHING && value < step) value = step;
  if (value < e->whole && value > e->whole - step) value = e->whole - step;
  return rounded(value, places, out);
}

/* There is no interval, or nothing differs, or the figure is so small that it does not show. */
static bool stands_alone(const estimate *e) {
  const double unit = isfinite(e->whole) ? e->whole : 1;
  return !(e->half > AGREED * fmax(e->value, unit)) || (isinf(e->whole) && e->value < pow(10, -MOST_PLACES));
}

/* In the manner of the summary of one run. */
static const char *alone(const estimate *e, char *out) {
  return isfinite(e->whole) ? mnz_report_percent(e->value / e->whole, out) : mnz_report_number(e->value, out);
}

/* "-" if it is open. No estimate goes below nothing or beyond all, and neither has a doubtful digit. */
static const char *end_of(const estimate *e, double end, int places, char *out) {
  if (isnan(end)) return strcpy(out, "-");
  if (end > 0 && end < e->whole) return rounded(end, places, out);
  (void)snprintf(out, ROOM, "%.0f", end > 0 ? e->whole : 0);
  return out;
}

static const char *with_ends(const estimate *e, double low, double high, int places, char *out) {
  char value[ROOM];
  char ends[2][ROOM];
  (void)snprintf(out, MNZ_REPORT_CELL, "%s [%s, %s]", rounded_value(e, places, value),
                 end_of(e, low, places, ends[0]), end_of(e, high, places, ends[1]));
  return out;
}

static const char *with_half_width(const estimate *e, char *out) {
  char value[ROOM];
  char half[ROOM];
  if (stands_alone(e)) return alone(e, out);
  const int places = places_of_mean(e);
  const double low = e->value - e->half;
  const double high = e->value + e->half;
  if (low < 0 || high > e->whole) return with_ends(e, low, high, places, out);
  (void)snprintf(out, MNZ_REPORT_CELL, "%s \u00b1 %s", rounded_value(e, places, value),
                 rounded(fmax(e->half, pow(10, -places)), places, half));
  return out;
}

static const char *mean(const mnz_summary *summary, const mnz_report_figure *f, double factor, double whole,
                        char *out) {
  estimate e = {factor * f->at[MNZ_STATISTIC_MEAN], factor * f->at[MNZ_STATISTIC_HALF_WIDTH], whole};
  if (summary->interval == MNZ_INTERVAL_STUDENT || stands_alone(&e)) return with_half_width(&e, out);
  const double low = factor * f->at[MNZ_STATISTIC_MEAN_LOW];
  const double high = factor * f->at[MNZ_STATISTIC_MEAN_HIGH];
  if (high - low > NOTHING) e.half = (high - low) / 2; /* else an end is open: as Student says */
  return with_ends(&e, low, high, places_of_mean(&e), out);
}

const char *mnz_report_mean(const mnz_summary *summary, const mnz_report_figure *figure, char *out) {
  return mean(summary, figure, 1, INFINITY, out);
}

const char *mnz_report_mean_percent(const mnz_summary *summary, const mnz_report_figure *figure, char *out) {
  return mean(summary, figure, 100, 100, out);
}

const char *mnz_report_worst(const mnz_report_figure *f, char *out) {
  estimate e = {f->at[MNZ_STATISTIC_CVAR], f->at[MNZ_STATISTIC_CVAR_HALF_WIDTH], INFINITY};
  if (f->at[MNZ_STATISTIC_COUNT] * (1 - MNZ_CVAR_LEVEL) < FEW_IN_TAIL) e.half = NAN;
  return with_half_width(&e, out);
}

const char *mnz_report_chance_percent(const mnz_report_chance *c, bool interval, char *out) {
  char low[ROOM];
  char high[ROOM];
  char value[ROOM];
  if (!interval || isnan(c->share)) return mnz_report_percent(c->share, out);
  /* However many replications there are: what never happened in them may, and what always did may not. */
  (void)rounded(fmin(100 * c->low, 99.9), 1, low);
  (void)rounded(fmax(100 * c->high, 0.1), 1, high);
  (void)snprintf(out, MNZ_REPORT_CELL, "%s [%s, %s]", mnz_report_percent(c->share, value), low, high);
  return out;
}

const char *mnz_report_aim_unit(const mnz_summary *summary, const mnz_aim *aim) {
  return aim->occurs ? "1" : summary->shape->variables[aim->variable].unit;
}

/* --- the headline --- */

/* What stands before the i-th of n in a list. */
static const char *joint(size_t i, size_t n) {
  return i == 0 ? "" : i + 1 == n ? " and " : ", ";
}

/* What elements are ranked by. */
typedef double ranked(const mnz_report_batch_row *row);

static double chance_of(const mnz_report_batch_row *row) {
  return row->any_shortage.share;
}

static double worst_of(const mnz_report_batch_row *row) {
  return row->shortfall.at[MNZ_STATISTIC_CVAR];
}

/* The share that never comes: a tonne of terbium is missed more than one of neodymium. */
static double missing_of(const mnz_report_batch_row *row) {
  const double asked = row->asked.at[MNZ_STATISTIC_MEAN];
  return asked > 0 ? row->shortfall.at[MNZ_STATISTIC_MEAN] / asked : 0;
}

/* Equal ones by the share that is missing, then by place in the table. */
static bool is_worse(const mnz_report_batch_row *a, const mnz_report_batch_row *b, ranked *rank) {
  const double missing_a = missing_of(a);
  const double missing_b = missing_of(b);
  if (rank(a) != rank(b)) return rank(a) > rank(b);
  return missing_a != missing_b ? missing_a > missing_b : a < b;
}

/* The elements that a sentence names: the worst of those that have anything to rank. */
typedef struct choice {
  const mnz_report_batch_row *row[MOST_NAMED]; /* worst first, of equal ones the earliest */
  size_t count;
  size_t others; /* that are not named */
} choice;

/* Equal ones by their first day, else in the order of the table. */
static bool comes_later(const mnz_report_batch_row *a, const mnz_report_batch_row *b, ranked *rank) {
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  return a->first_shortage.at[MNZ_STATISTIC_Q50] > b->first_shortage.at[MNZ_STATISTIC_Q50];
}

static void choose(const mnz_report_batch_data *data, ranked *rank, size_t most, choice *out) {
  *out = (choice){.count = 0};
  for (size_t i = 0; i < data->n_elements; i++) {
    const mnz_report_batch_row *row = &data->elements[i];
    size_t worse = 0;
    if (!(rank(row) > NOTHING)) continue;
    for (size_t k = 0; k < data->n_elements; k++) worse += is_worse(&data->elements[k], row, rank);
    if (worse >= most) {
      out->others++;
      continue;
    }
    size_t at = out->count++;
    for (; at > 0 && comes_later(out->row[at - 1], row, rank); at--) out->row[at] = out->row[at - 1];
    out->row[at] = row;
  }
}

static const char *plural(size_t count) {
  return count == 1 ? "" : "s";
}

/* "Dy (2027-02-01) and Nd, Pr, Sm (2027-03-01)": each with the median of its first day; a day that several
 * share is said behind the last of them. */
static void say_days(mnz_buffer *to, const mnz_report_batch_data *data,
                     const mnz_report_batch_row *const *rows, size_t count) {
  char day[MNZ_REPORT_CELL];
  char next[MNZ_REPORT_CELL];
  size_t end = 0;
  for (size_t i = 0; i < count; i = end) {
    (void)mnz_report_date(data->scenario, rows[i]->first_shortage.at[MNZ_STATISTIC_Q50], day);
    for (end = i + 1; end < count; end++) {
      (void)mnz_report_date(data->scenario, rows[end]->first_shortage.at[MNZ_STATISTIC_Q50], next);
      if (strcmp(day, next) != 0) break;
    }
    if (i > 0) mnz_buffer_add(to, end == count ? " and " : ", ");
    for (size_t k = i; k < end; k++)
      mnz_buffer_print(to, "%s%s", i == 0 && end == count ? joint(k, end) : k > i ? ", " : "", rows[k]->name);
    mnz_buffer_print(to, " (%s)", day);
  }
}

/* "of Dy (2027-02-01) with a probability of 43.0 [27.0, 61.0] %, of Nd and Pr (2027-03-01) of 20.0
 * [9.5, 37.3] %" */
static void say_chances(mnz_buffer *to, const mnz_report_batch_data *data, const choice *c) {
  char chance[MNZ_REPORT_CELL];
  size_t end = 0;
  for (size_t i = 0; i < c->count; i = end) {
    while (end < c->count && chance_of(c->row[end]) == chance_of(c->row[i])) end++;
    mnz_buffer_add(to, i > 0 ? ", of " : "of ");
    say_days(to, data, &c->row[i], end - i);
    mnz_buffer_print(to, "%s of %s %%", i > 0 ? "" : " with a probability",
                     mnz_report_chance_percent(&c->row[i]->any_shortage, true, chance));
  }
}

static void say_any(mnz_buffer *to, const mnz_report_batch_data *data, size_t most) {
  choice c;
  choose(data, chance_of, most, &c);
  mnz_report_say_users(to, "Users", data->scenario);
  mnz_buffer_add(to, " have any shortage ");
  say_chances(to, data, &c);
  if (c.others > 0) mnz_buffer_print(to, " and of %zu other%s", c.others, plural(c.others));
  mnz_buffer_add(to, data->sound == 1 ? "; date: the first day."
                                      : "; date: the median first day in those that do.");
}

static void say_worst(mnz_buffer *to, const mnz_report_batch_data *data, size_t most) {
  char text[MNZ_REPORT_CELL];
  choice c;
  choose(data, worst_of, most, &c);
  const size_t count = c.count + (c.others > 0);
  if (count == 0) {
    mnz_buffer_add(to, " All that they asked for came in the end.");
    return;
  }
  const bool one = (double)data->sound * (1 - MNZ_CVAR_LEVEL) < 1; /* they are less than one replication */
  mnz_buffer_add(to, one ? " In the worst replication, " : " In the worst 5 %, ");
  for (size_t i = 0; i < c.count; i++)
    mnz_buffer_print(to, "%s%s t of %s", joint(i, count), mnz_report_worst(&c.row[i]->shortfall, text),
                     c.row[i]->name);
  if (c.others > 0) mnz_buffer_print(to, " and less of %zu other%s", c.others, plural(c.others));
  mnz_buffer_add(to, " are never delivered.");
}

static size_t lines_of(const mnz_buffer *text) {
  mnz_buffer wrapped = {0};
  size_t count = 0;
  if (!text->failed) mnz_report_write_wrapped(&wrapped, text->at);
  for (size_t i = 0; i < wrapped.length; i++) count += wrapped.at[i] == '\n';
  mnz_buffer_free(&wrapped);
  return count;
}

/* The first sentence names as many as there is room for. */
static void say_shortage(mnz_buffer *to, const mnz_report_batch_data *data) {
  mnz_buffer text = {0};
  size_t names = MOST_NAMED;
  do {
    mnz_buffer_clear(&text);
    say_any(&text, data, names);
    say_worst(&text, data, names < MOST_WORST ? names : MOST_WORST);
  } while (lines_of(&text) > MOST_LINES && --names > 0);
  if (!text.failed) mnz_buffer_add(to, text.at);
  to->failed = to->failed || text.failed;
  mnz_buffer_free(&text);
}

static void say_no_shortage(mnz_buffer *to, const mnz_report_batch_data *data) {
  const double high = data->elements[0].any_shortage.high; /* the same for all: none of so many */
  mnz_report_say_users(to, "Users", data->scenario);
  mnz_buffer_add(to, " have no shortage in ");
  if (data->sound == 1) {
    mnz_buffer_add(to, "the one replication");
  } else {
    mnz_buffer_print(to, "any of %zu replications", data->sound);
  }
  mnz_buffer_print(to, ": with %g %% confidence the probability of any is below %.1f %%.",
                   100 * data->summary->confidence, ceil(1000 * high) / 10);
}

void mnz_report_batch_headline(mnz_buffer *to, const mnz_report_batch_data *data) {
  choice first;
  choose(data, chance_of, 1, &first);
  if (data->sound == 0) {
    mnz_buffer_add(to, "No replication came to its end, so there is nothing to sum up.");
  } else if (data->n_elements == 0 && mnz_result_find(data->summary->shape, "flow_rate") != NULL) {
    mnz_buffer_add(to,
                   "Nobody ordered anything; flow_rate, flow_unmet and flow_first_lack tell what flowed.");
  } else if (data->n_elements == 0) {
    mnz_buffer_add(to, "Nobody asked for anything, so nobody ran short.");
  } else if (first.count > 0) {
    say_shortage(to, data);
  } else {
    say_no_shortage(to, data);
  }
}
