/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/working_days.h"

#include "base/error.h"
#include "monazite/calendar.h"

const mnz_work_calendar mnz_work_week = {.days = 0x1f, .until = MNZ_US_PER_DAY};

static int64_t floor_div(int64_t a, int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

/* Monday is 0; 1970-01-01 was a Thursday. */
static int weekday(int64_t day) {
  return (int)(((day + 3) % 7 + 7) % 7);
}

/* How many holidays there are before a day. */
static size_t holidays_before(const mnz_work_calendar *c, int64_t day) {
  size_t low = 0;
  size_t high = c->n_holidays;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (c->holidays[middle] < day)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

bool mnz_is_working_day(const mnz_work_calendar *c, int64_t day) {
  if (!(c->days >> weekday(day) & 1)) return false;
  const size_t at = holidays_before(c, day);
  return at == c->n_holidays || c->holidays[at] != day;
}

/* The hours that belong to a day. */
static int64_t begin_of(const mnz_work_calendar *c, int64_t day) {
  return day * MNZ_US_PER_DAY + c->from;
}

static int64_t end_of(const mnz_work_calendar *c, int64_t day) {
  return (c->until > c->from ? day : day + 1) * MNZ_US_PER_DAY + c->until;
}

static bool is_within(const mnz_work_calendar *c, int64_t day, int64_t moment) {
  return mnz_is_working_day(c, day) && moment >= begin_of(c, day) && moment < end_of(c, day);
}

bool mnz_is_working_time(const mnz_work_calendar *c, int64_t moment) {
  const int64_t day = floor_div(moment, MNZ_US_PER_DAY);
  return is_within(c, day, moment) || is_within(c, day - 1, moment);
}

int64_t mnz_working_time_change(const mnz_work_calendar *c, int64_t moment) {
  const bool open = mnz_is_working_time(c, moment);
  const int64_t today = floor_div(moment, MNZ_US_PER_DAY);
  /* Without a holiday in between it changes within a week or never; each holiday is one day more. */
  const int64_t last =
      c->n_holidays == 0 || c->holidays[c->n_holidays - 1] < today ? today : c->holidays[c->n_holidays - 1];
  for (int64_t day = today - 1; day <= last + 9; day++) {
    if (!mnz_is_working_day(c, day)) continue;
    const int64_t at = open ? end_of(c, day) : begin_of(c, day);
    if (at > moment && mnz_is_working_time(c, at) != open) return at;
  }
  return INT64_MAX;
}

int64_t mnz_working_time_end(const mnz_work_calendar *c, int64_t moment, int64_t duration, int64_t limit) {
  bool open = mnz_is_working_time(c, moment);
  while (moment < limit) {
    const int64_t next = mnz_working_time_change(c, moment);
    const int64_t change = next < limit ? next : limit;
    if (open && duration <= change - moment) return moment + duration < limit ? moment + duration : INT64_MAX;
    if (open) duration -= change - moment;
    moment = change;
    open = !open;
  }
  return INT64_MAX;
}

int64_t mnz_add_working_days(const mnz_work_calendar *c, int64_t moment, int64_t n) {
  MNZ_REQUIRE((c->days & 0x7f) != 0 && n >= 0);
  const int64_t day = floor_div(moment, MNZ_US_PER_DAY);
  int64_t to = day;
  while (n > 0) n -= mnz_is_working_day(c, ++to);
  return moment + (to - day) * MNZ_US_PER_DAY;
}
