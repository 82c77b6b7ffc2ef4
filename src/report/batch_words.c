/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Estimates and findings in a planner's words. */
#include "report/batch_summary.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROOM = 32, MOST_PLACES = 3, FEW_IN_TAIL = 5 };
static const double NOTHING = 5e-10; /* less is the rounding of a sum */

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

/* There is no interval, or the figure is so small that it does not show. */
static bool stands_alone(const estimate *e) {
  return !(e->half > NOTHING) || (isinf(e->whole) && e->value < pow(10, -MOST_PLACES));
}

/* In the manner of the summary of one run. */
static const char *alone(const estimate *e, char *out) {
  return isfinite(e->whole) ? mnz_report_percent(e->value / e->whole, out) : mnz_report_number(e->value, out);
}

static const char *with_half_width(const estimate *e, char *out) {
  char value[ROOM];
  char half[ROOM];
  if (stands_alone(e)) return alone(e, out);
  const int places = places_of_mean(e);
  (void)snprintf(out, MNZ_REPORT_CELL, "%s \u00b1 %s", rounded_value(e, places, value),
                 rounded(fmax(e->half, pow(10, -places)), places, half));
  return out;
}

static const char *with_ends(const estimate *e, double low, double high, int places, char *out) {
  char value[ROOM];
  char ends[2][ROOM] = {"-", "-"}; /* open */
  if (!isnan(low)) (void)rounded(isfinite(e->whole) ? fmax(low, 0) : low, places, ends[0]);
  if (!isnan(high)) (void)rounded(fmin(high, e->whole), places, ends[1]);
  (void)snprintf(out, MNZ_REPORT_CELL, "%s [%s, %s]", rounded_value(e, places, value), ends[0], ends[1]);
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
  const estimate e = {100 * c->share, 50 * (c->high - c->low), 100};
  if (stands_alone(&e)) return alone(&e, out);
  const int first = first_place(e.half);
  const int places = enough_places(&e, first > 0 ? first : 0);
  return interval ? with_ends(&e, 100 * c->low, 100 * c->high, places, out) : rounded_value(&e, places, out);
}

/* --- the headline --- */

static void say_users(mnz_buffer *to, const mnz_report_batch_data *data) {
  const char *focus = mnz_scenario_focus(data->scenario);
  mnz_buffer_add(to, "Users");
  if (focus != NULL) mnz_buffer_print(to, " in %s", focus);
}

/* What stands before the i-th of n in a list. */
static const char *joint(size_t i, size_t n) {
  return i == 0 ? "" : i + 1 == n ? " and " : ", ";
}

/* The next smaller probability with which something runs short; 0 if there is none. */
static double next_share(const mnz_report_batch_data *data, double last) {
  double next = 0;
  for (size_t i = 0; i < data->n_elements; i++) {
    const double share = data->elements[i].runs_short.share;
    if (share < last && share > next) next = share;
  }
  return next;
}

/* The median of the first day. `out` holds MNZ_REPORT_CELL bytes. */
static const char *first_day(const mnz_report_batch_data *data, const mnz_report_batch_row *row, char *out) {
  return mnz_report_date(data->scenario, row->first_shortage.at[MNZ_STATISTIC_Q50], out);
}

/* "43 [27, 61] % of Dy (2027-02-01), Nd and Pr (2027-03-01)": what is equally probable; a day that several
 * share is said behind the last of them. */
static void say_equals(mnz_buffer *to, const mnz_report_batch_data *data, double share) {
  char text[MNZ_REPORT_CELL];
  char day[MNZ_REPORT_CELL];
  char before[MNZ_REPORT_CELL] = "";
  size_t count = 0;
  size_t said = 0;
  for (size_t i = 0; i < data->n_elements; i++) count += data->elements[i].runs_short.share == share;
  for (size_t i = 0; i < data->n_elements; i++) {
    const mnz_report_batch_row *row = &data->elements[i];
    if (row->runs_short.share != share) continue;
    (void)first_day(data, row, day);
    if (said == 0) mnz_buffer_print(to, "%s %% of ", mnz_report_chance_percent(&row->runs_short, true, text));
    if (said > 0 && strcmp(day, before) != 0) mnz_buffer_print(to, " (%s)", before);
    mnz_buffer_print(to, "%s%s", joint(said++, count), row->name);
    strcpy(before, day);
  }
  mnz_buffer_print(to, " (%s)", before);
}

static void say_worst(mnz_buffer *to, const mnz_report_batch_data *data) {
  char text[MNZ_REPORT_CELL];
  size_t count = 0;
  size_t said = 0;
  for (size_t i = 0; i < data->n_elements; i++)
    count += data->elements[i].shortfall.at[MNZ_STATISTIC_CVAR] > NOTHING;
  if (count == 0) {
    mnz_buffer_add(to, " All that they asked for came in the end.");
    return;
  }
  const bool one = (double)data->sound * (1 - MNZ_CVAR_LEVEL) < 1; /* they are less than one replication */
  mnz_buffer_add(to, one ? " In the worst replication " : " In the worst twentieth ");
  for (size_t i = 0; i < data->n_elements; i++) {
    const mnz_report_batch_row *row = &data->elements[i];
    if (!(row->shortfall.at[MNZ_STATISTIC_CVAR] > NOTHING)) continue;
    mnz_buffer_print(to, "%s%s t of %s", joint(said++, count), mnz_report_worst(&row->shortfall, text),
                     row->name);
  }
  mnz_buffer_add(to, " are never delivered.");
}

static void say_shortage(mnz_buffer *to, const mnz_report_batch_data *data, double most) {
  say_users(to, data);
  mnz_buffer_add(to, " run short with a probability of ");
  for (double share = most; share > 0; share = next_share(data, share)) {
    if (share < most) mnz_buffer_add(to, ", ");
    say_equals(to, data, share);
  }
  mnz_buffer_add(to, "; the dates are medians of the first day.");
  say_worst(to, data);
}

static void say_no_shortage(mnz_buffer *to, const mnz_report_batch_data *data) {
  const double high = data->elements[0].runs_short.high; /* the same for all: none of so many */
  say_users(to, data);
  mnz_buffer_print(
      to, " run short in none of %zu replications: with %g %% confidence the probability is below %.1f %%.",
      data->sound, 100 * data->summary->confidence, ceil(1000 * high) / 10);
}

void mnz_report_batch_headline(mnz_buffer *to, const mnz_report_batch_data *data) {
  const double most = next_share(data, INFINITY);
  if (data->sound == 0) {
    mnz_buffer_add(to, "No replication came to its end, so there is nothing to sum up.");
  } else if (data->n_elements == 0) {
    mnz_buffer_add(to, "Nobody asked for anything, so nobody ran short.");
  } else if (most > 0) {
    say_shortage(to, data, most);
  } else {
    say_no_shortage(to, data);
  }
}
