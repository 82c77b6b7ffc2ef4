/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures and findings in a planner's words. */
#include "report/queues.h"
#include "report/summary.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "monazite/calendar.h"

enum { ROOM = 32 };
static const double NOTHING = 5e-10; /* t: less than a milligram is the rounding of a sum */

const char *mnz_report_date(const mnz_scenario *scenario, double days, char *out) {
  out[0] = '\0';
  if (isnan(days)) return out;
  const int64_t moment = mnz_scenario_start(scenario) + (int64_t)llround(days * (double)MNZ_US_PER_DAY);
  const mnz_date date = mnz_moment_date(moment);
  return mnz_moment_format(mnz_date_days(date) * MNZ_US_PER_DAY, out);
}

const char *mnz_report_number(double value, char *out) {
  const double size = fabs(value);
  if (!isfinite(value)) {
    strcpy(out, "-");
  } else if (size < NOTHING) {
    strcpy(out, "0");
  } else if (size < 0.0005) {
    strcpy(out, "<0.001");
  } else {
    /* Where rounding gives one more digit in front, one less is shown behind. */
    const int decimals = size < 0.9995 ? 3 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
    (void)snprintf(out, ROOM, "%.*f", decimals, value);
  }
  return out;
}

const char *mnz_report_percent(double share, char *out) {
  if (isnan(share)) return strcpy(out, "-");
  double percent = 100 * share;
  if (share < 1 && percent > 99.9) percent = 99.9;
  if (share > 0 && percent < 0.1) percent = 0.1;
  if (percent > -0.05 && percent < 0) percent = 0; /* the rounding of a sum */
  (void)snprintf(out, ROOM, "%.1f", percent);
  return out;
}

/* ---- the headline ---- */

static double first_shortage(const mnz_report_data *data) {
  double first = NAN;
  for (size_t i = 0; i < data->n_elements; i++) first = fmin(first, data->elements[i].first_shortage);
  return first;
}

void mnz_report_say_users(mnz_buffer *to, const char *users, const mnz_scenario *scenario) {
  const char *focus = mnz_scenario_focus(scenario);
  mnz_buffer_add(to, users);
  if (focus != NULL) mnz_buffer_print(to, " in %s", focus);
}

/* "12.3 t were never delivered and 4.10 t came late" */
static void say_damage(mnz_buffer *to, double shortfall, double late) {
  char amount[ROOM];
  if (shortfall > NOTHING)
    mnz_buffer_print(to, "%s t were never delivered", mnz_report_number(shortfall, amount));
  if (shortfall > NOTHING && late > NOTHING) mnz_buffer_add(to, " and ");
  if (late > NOTHING) mnz_buffer_print(to, "%s t came late", mnz_report_number(late, amount));
}

/* Of the elements that run short: those of the first day, or the later ones. */
static bool is_meant(const mnz_report_data *data, const mnz_report_row *row, const char *first, bool later) {
  char date[ROOM];
  mnz_report_date(data->scenario, row->first_shortage, date);
  return date[0] != '\0' && (strcmp(date, first) != 0) == later;
}

/* The one that runs short next after `last` (NULL: the first of them), by day, then by place in the table. */
static const mnz_report_row *next_short(const mnz_report_data *data, const char *first, bool later,
                                        const mnz_report_row *last) {
  const mnz_report_row *next = NULL;
  for (const mnz_report_row *row = data->elements; row < data->elements + data->n_elements; row++) {
    if (!is_meant(data, row, first, later)) continue;
    const double day = floor(row->first_shortage);
    const double done = last == NULL ? -INFINITY : floor(last->first_shortage);
    const bool after = day > done || (day == done && row > last);
    if (after && (next == NULL || day < floor(next->first_shortage))) next = row;
  }
  return next;
}

/* "Nd+Pr, Dy and Tb", the later ones with their dates: "Sm (2026-05-01)". Nothing if there are none. */
static void list_short(mnz_buffer *to, const mnz_report_data *data, const char *first, bool later) {
  const mnz_report_row *row = next_short(data, first, later, NULL);
  for (bool begun = false; row != NULL; begun = true) {
    const mnz_report_row *next = next_short(data, first, later, row);
    char date[ROOM];
    if (begun) mnz_buffer_add(to, next != NULL ? ", " : " and ");
    mnz_buffer_add(to, row->name);
    if (later) mnz_buffer_print(to, " (%s)", mnz_report_date(data->scenario, row->first_shortage, date));
    row = next;
  }
}

static void say_shortage(mnz_buffer *to, const mnz_report_data *data, const char *first) {
  double shortfall = 0;
  double late = 0;
  for (size_t i = 0; i < data->n_elements; i++) {
    if (!is_meant(data, &data->elements[i], first, false)) continue;
    shortfall += data->elements[i].shortfall;
    late += data->elements[i].late;
  }
  mnz_report_say_users(to, "Users", data->scenario);
  mnz_buffer_add(to, " first run short of ");
  list_short(to, data, first, false);
  mnz_buffer_print(to, " on %s", first);
  if (shortfall > NOTHING || late > NOTHING) mnz_buffer_add(to, "; ");
  say_damage(to, shortfall, late);
  mnz_buffer_add(to, ".");

  mnz_buffer others = {0};
  list_short(&others, data, first, true);
  if (others.length > 0) mnz_buffer_print(to, " Later also of %s.", others.at);
  to->failed = to->failed || others.failed;
  mnz_buffer_free(&others);
}

static void say_no_shortage(mnz_buffer *to, const mnz_report_data *data) {
  double shortfall = 0;
  double late = 0;
  for (size_t i = 0; i < data->n_elements; i++) {
    shortfall += data->elements[i].shortfall;
    late += data->elements[i].late;
  }
  mnz_report_say_users(to, "Users", data->scenario);
  if (shortfall > NOTHING || late > NOTHING) {
    mnz_buffer_add(to, " do not run short of anything, but ");
    say_damage(to, shortfall, late);
    mnz_buffer_add(to, ".");
  } else {
    mnz_buffer_add(to, " never run short: all that they asked for came in time.");
  }
}

void mnz_report_headline(mnz_buffer *to, const mnz_report_data *data) {
  char first[ROOM];
  if (data->n_elements == 0 && mnz_result_find(data->result, "flow_rate") != NULL) {
    mnz_buffer_add(to, "Nobody ordered anything; what flowed is above.");
  } else if (data->n_elements == 0) {
    mnz_report_say_queues(to, data);
  } else if (mnz_report_date(data->scenario, first_shortage(data), first)[0] != '\0') {
    say_shortage(to, data, first);
  } else {
    say_no_shortage(to, data);
  }
}
