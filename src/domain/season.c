/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/season.h"

#include <string.h>

#include "base/error.h"
#include "monazite/calendar.h"

static const mnz_season *at(const mnz_list *seasons, int32_t i) {
  return (const mnz_season *)seasons->at + i;
}

bool mnz_season_day(const char *text, int32_t *month, int32_t *day) {
  static const int32_t lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (strlen(text) != 5 || text[2] != '-') return false;
  for (size_t i = 0; i < 5; i++)
    if (i != 2 && (text[i] < '0' || text[i] > '9')) return false;
  *month = (text[0] - '0') * 10 + text[1] - '0';
  *day = (text[3] - '0') * 10 + text[4] - '0';
  return *month >= 1 && *month <= 12 && *day >= 1 && *day <= lengths[*month - 1];
}

/* Month and day as one number, in order of the year. */
static int32_t order_of(const char *text) {
  int32_t month = 0;
  int32_t day = 0;
  MNZ_REQUIRE(mnz_season_day(text, &month, &day));
  return month * 100 + day;
}

static bool holds(const mnz_season *s, int32_t day) {
  const int32_t from = order_of(s->from);
  const int32_t until = order_of(s->until);
  return from <= until ? from <= day && day <= until : from <= day || day <= until;
}

double mnz_season_factor(const mnz_list *seasons, int64_t moment) {
  if (seasons->count == 0) return 1;
  const mnz_date date = mnz_moment_date(moment);
  for (int32_t i = 0; i < seasons->count; i++)
    if (holds(at(seasons, i), date.month * 100 + date.day)) return at(seasons, i)->factor;
  return 0;
}

/* The first midnight after the moment that begins this day of a year, or the one after it. A day that the
 * year lacks (02-29) is the first of March. */
static int64_t next(const char *text, bool after, int64_t moment) {
  int32_t month = 0;
  int32_t day = 0;
  MNZ_REQUIRE(mnz_season_day(text, &month, &day));
  const int32_t year = mnz_moment_date(moment).year;
  for (int32_t k = 0;; k++) {
    mnz_date date = {year + k, month, day};
    const bool lacks = !mnz_date_is_valid(date);
    if (lacks) date = (mnz_date){year + k, 3, 1};
    const int64_t us = (mnz_date_days(date) + (after && !lacks)) * MNZ_US_PER_DAY;
    if (us > moment) return us;
  }
}

int64_t mnz_season_change(const mnz_list *seasons, int64_t moment) {
  int64_t change = INT64_MAX;
  for (int32_t i = 0; i < seasons->count; i++) {
    const int64_t begins = next(at(seasons, i)->from, false, moment);
    const int64_t ends = next(at(seasons, i)->until, true, moment);
    if (begins < change) change = begins;
    if (ends < change) change = ends;
  }
  return change;
}
