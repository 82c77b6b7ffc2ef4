/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calendars of a scenario in numbers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "monazite/calendar.h"
#include "world/check.h"

static const char *const day_names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
enum { DAYS = sizeof day_names / sizeof day_names[0], ALL_WEEK_DAYS = 0x1f };

typedef struct place {
  mnz_tally *tally;
  const char *calendar;
} place;

static void mistake(const place *p, const char *key, const char *found, const char *expected) {
  char path[MNZ_PATH];
  snprintf(path, sizeof path, "calendars[\"%s\"].%s", p->calendar, key);
  mnz_tally_error(p->tally, path, "found \"%.40s\"; expected %s", found, expected);
}

static uint8_t read_days(const place *p, mnz_names days) {
  if (days.count == 0) return ALL_WEEK_DAYS;
  uint8_t mask = 0;
  for (int32_t i = 0; i < days.count; i++) {
    int day = 0;
    while (day < DAYS && strcmp(day_names[day], days.at[i]) != 0) day++;
    if (day == DAYS) mistake(p, "days", days.at[i], "Mon, Tue, Wed, Thu, Fri, Sat or Sun");
    mask |= (uint8_t)(1U << day);
  }
  return mask;
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static int64_t read_clock(const place *p, const char *key, const char *text) {
  bool good = strlen(text) == 5 && text[2] == ':';
  for (size_t i = 0; i < 5 && good; i++) good = i == 2 || is_digit(text[i]);
  const int32_t hour = good ? (text[0] - '0') * 10 + text[1] - '0' : 0;
  const int32_t minute = good ? (text[3] - '0') * 10 + text[4] - '0' : 0;
  good = good && minute < 60 && hour * 60 + minute <= 24 * 60;
  if (!good) mistake(p, key, text, "a time of day such as \"06:00\"");
  return (int64_t)(hour * 60 + minute) * 60 * MNZ_US_PER_SECOND;
}

static int by_day(const void *left, const void *right) {
  const int64_t *a = left;
  const int64_t *b = right;
  return *a < *b ? -1 : *a > *b;
}

static mnz_status read_holidays(const place *p, mnz_scenario *s, mnz_names dates, mnz_work_calendar *out,
                                mnz_error *err) {
  int64_t *days = mnz_arena_alloc(s->arena, (size_t)dates.count + 1, sizeof *days, err);
  if (days == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < dates.count; i++) {
    int64_t us = 0;
    if (!mnz_moment_parse(dates.at[i], &us) || us % MNZ_US_PER_DAY != 0)
      mistake(p, "holidays", dates.at[i], "a date such as \"2026-01-01\"");
    days[i] = us / MNZ_US_PER_DAY;
  }
  qsort(days, (size_t)dates.count, sizeof *days, by_day);
  out->holidays = days;
  out->n_holidays = (size_t)dates.count;
  return MNZ_OK;
}

mnz_status mnz_scenario_calendars(mnz_scenario *s, mnz_tally *tally, mnz_error *err) {
  mnz_work_calendar *work = mnz_arena_alloc(s->arena, (size_t)s->calendars.count + 1, sizeof *work, err);
  if (work == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < s->calendars.count; i++) {
    const mnz_calendar_spec *spec = (const mnz_calendar_spec *)s->calendars.at + i;
    const place p = {tally, spec->name};
    work[i].days = read_days(&p, spec->days);
    work[i].from = read_clock(&p, "from", spec->from);
    work[i].until = read_clock(&p, "until", spec->until);
    if (work[i].from == MNZ_US_PER_DAY) mistake(&p, "from", spec->from, "a time of day before \"24:00\"");
    const mnz_status status = read_holidays(&p, s, spec->holidays, &work[i], err);
    if (status != MNZ_OK) return status;
  }
  s->work = work;
  return MNZ_OK;
}
