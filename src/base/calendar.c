/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Days and dates without tables: a year that begins in March has its leap day last, so the months before
 * any date have the lengths 31 30 31 30 31, 31 30 31 30 31, 31 ..., which is the whole part of
 * (153 m + 2) / 5; and 400 years always have 146097 days. */
#include "monazite/calendar.h"

#include "base/error.h"

#include <stddef.h>
#include <stdio.h>

enum {
  DAYS_PER_ERA = 146097, /* 400 years */
  YEARS_PER_ERA = 400,
  EPOCH = 719468, /* days from 0000-03-01 to 1970-01-01 */
  MONTHS = 12,
  FORMAT_ROOM = 32
};

/* Division that rounds down, also below zero. */
static int64_t floor_div(int64_t a, int64_t b) {
  const int64_t quotient = a / b;
  return quotient - (a % b < 0 ? 1 : 0);
}

static int64_t floor_mod(int64_t a, int64_t b) {
  const int64_t rest = a % b;
  return rest < 0 ? rest + b : rest;
}

static int32_t days_in_month(int64_t year, int32_t month) {
  static const int32_t days[MONTHS] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % YEARS_PER_ERA == 0);
  return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static int64_t days_of(int64_t year, int32_t month, int32_t day) {
  const int64_t march_year = month > 2 ? year : year - 1;
  const int64_t march_month = month > 2 ? month - 3 : month + 9;
  const int64_t era = floor_div(march_year, YEARS_PER_ERA);
  const int64_t year_of_era = floor_mod(march_year, YEARS_PER_ERA);
  const int64_t day_of_year = (153 * march_month + 2) / 5 + day - 1;
  const int64_t day_of_era = 365 * year_of_era + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * DAYS_PER_ERA + day_of_era - EPOCH;
}

int64_t mnz_date_days(mnz_date date) {
  MNZ_REQUIRE(date.month >= 1 && date.month <= MONTHS && date.day >= 1 && date.day <= 31);
  return days_of(date.year, date.month, date.day);
}

mnz_date mnz_date_from_days(int64_t days) {
  const int64_t since = days + EPOCH;
  const int64_t era = floor_div(since, DAYS_PER_ERA);
  const int64_t day = floor_mod(since, DAYS_PER_ERA);
  /* Take out the leap days up to this one: one each 4 years (the first is day 1460), none each 100 (36524
   * days), and the one that ends the era. What is left has years of 365 days. */
  const int64_t year = (day - day / 1460 + day / 36524 - day / (DAYS_PER_ERA - 1)) / 365;
  const int64_t day_of_year = day - (365 * year + year / 4 - year / 100);
  const int64_t march_month = (5 * day_of_year + 2) / 153;
  const int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;
  return (mnz_date){.year = (int32_t)(era * YEARS_PER_ERA + year + (month <= 2 ? 1 : 0)),
                    .month = (int32_t)month,
                    .day = (int32_t)(day_of_year - (153 * march_month + 2) / 5 + 1)};
}

bool mnz_date_is_valid(mnz_date date) {
  return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= MONTHS && date.day >= 1 &&
         date.day <= days_in_month(date.year, date.month);
}

/* Reads `digits` digits at *text and steps over them. */
static bool read_digits(const char **text, int digits, int32_t *value) {
  int32_t sum = 0;
  for (int i = 0; i < digits; i++, (*text)++) {
    if (**text < '0' || **text > '9') return false;
    sum = sum * 10 + (**text - '0');
  }
  *value = sum;
  return true;
}

/* The same after the sign that must come first. */
static bool read_field(const char **text, char sign, int32_t *value) {
  if (**text != sign) return false;
  (*text)++;
  return read_digits(text, 2, value);
}

bool mnz_moment_parse(const char *text, int64_t *us) {
  mnz_date date;
  int32_t hour = 0;
  int32_t minute = 0;
  int32_t second = 0;
  if (!read_digits(&text, 4, &date.year) || !read_field(&text, '-', &date.month) ||
      !read_field(&text, '-', &date.day) || !mnz_date_is_valid(date))
    return false;
  if (*text != '\0' && (!read_field(&text, 'T', &hour) || !read_field(&text, ':', &minute))) return false;
  if (*text != '\0' && !read_field(&text, ':', &second)) return false;
  if (*text != '\0' || hour > 23 || minute > 59 || second > 59) return false;
  *us = mnz_date_days(date) * MNZ_US_PER_DAY + ((hour * 60 + minute) * 60 + second) * MNZ_US_PER_SECOND;
  return true;
}

const char *mnz_moment_format(int64_t us, char *out) {
  const mnz_date date = mnz_moment_date(us);
  const int second = (int)(floor_mod(us, MNZ_US_PER_DAY) / MNZ_US_PER_SECOND);
  const int length =
      snprintf(out, FORMAT_ROOM, "%04d-%02d-%02d", (int)date.year, (int)date.month, (int)date.day);
  if (second != 0)
    (void)snprintf(out + length, FORMAT_ROOM - (size_t)length, "T%02d:%02d:%02d", second / 3600,
                   second / 60 % 60, second % 60);
  return out;
}

mnz_date mnz_moment_date(int64_t us) {
  return mnz_date_from_days(floor_div(us, MNZ_US_PER_DAY));
}

int64_t mnz_moment_add_months(int64_t us, int32_t months) {
  const mnz_date date = mnz_moment_date(us);
  const int64_t count = (int64_t)date.year * MONTHS + date.month - 1 + months;
  const int64_t year = floor_div(count, MONTHS);
  const int32_t month = (int32_t)floor_mod(count, MONTHS) + 1;
  const int32_t last = days_in_month(year, month);
  const int64_t days = days_of(year, month, date.day < last ? date.day : last);
  MNZ_REQUIRE(days > INT64_MIN / MNZ_US_PER_DAY && days < INT64_MAX / MNZ_US_PER_DAY);
  return days * MNZ_US_PER_DAY + floor_mod(us, MNZ_US_PER_DAY);
}

/* The first instant of the run of `span` months, counted from January, that holds the moment. */
static int64_t span_start(int64_t us, int32_t span) {
  const mnz_date date = mnz_moment_date(us);
  return days_of(date.year, (date.month - 1) / span * span + 1, 1) * MNZ_US_PER_DAY;
}

int64_t mnz_moment_month_start(int64_t us) {
  return span_start(us, 1);
}

int64_t mnz_moment_quarter_start(int64_t us) {
  return span_start(us, 3);
}

int64_t mnz_moment_year_start(int64_t us) {
  return span_start(us, MONTHS);
}
