/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "monazite/calendar.h"

#include <criterion/criterion.h>

#include <signal.h>
#include <stdint.h>

static int64_t moment(const char *text) {
  int64_t us;
  cr_assert(mnz_moment_parse(text, &us), "%s", text);
  return us;
}

static const char *text_of(int64_t us) {
  static char out[32];
  return mnz_moment_format(us, out);
}

Test(calendar, known_days_are_where_they_should_be) {
  cr_assert_eq(mnz_date_days((mnz_date){1970, 1, 1}), 0);
  cr_assert_eq(mnz_date_days((mnz_date){1969, 12, 31}), -1);
  cr_assert_eq(mnz_date_days((mnz_date){2000, 3, 1}), 11017);
  cr_assert_eq(mnz_date_days((mnz_date){2026, 1, 1}), 20454);
  cr_assert_eq(mnz_date_days((mnz_date){1, 1, 1}), -719162);
  cr_assert_eq(mnz_date_days((mnz_date){9999, 12, 31}), 2932896);
}

Test(calendar, every_day_of_the_calendar_comes_once_and_in_order) {
  static const int32_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int64_t days = -719162;
  for (int32_t year = 1; year <= 9999; year++) {
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    for (int32_t month = 1; month <= 12; month++) {
      const int32_t last = lengths[month - 1] + (month == 2 && leap);
      for (int32_t day = 1; day <= last; day++, days++) {
        const mnz_date date = mnz_date_from_days(days);
        const bool right = date.year == year && date.month == month && date.day == day &&
                           mnz_date_days(date) == days && mnz_date_is_valid(date);
        if (!right) cr_assert_fail("day %lld", (long long)days);
      }
      cr_assert_not(mnz_date_is_valid((mnz_date){year, month, last + 1}));
    }
  }
  cr_assert_eq(days, 2932897);
}

Test(calendar, leap_years_follow_gregory) {
  cr_assert(mnz_date_is_valid((mnz_date){2024, 2, 29}));
  cr_assert(mnz_date_is_valid((mnz_date){2000, 2, 29}));
  cr_assert_not(mnz_date_is_valid((mnz_date){1900, 2, 29}));
  cr_assert_not(mnz_date_is_valid((mnz_date){2025, 2, 29}));
}

Test(calendar, dates_out_of_range_are_not_valid) {
  static const mnz_date bad[] = {{0, 1, 1},     {10000, 1, 1}, {-1, 1, 1},    {2025, 0, 1},
                                 {2025, 13, 1}, {2025, 1, 0},  {2025, -1, 1}, {2025, 1, 32}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) cr_assert_not(mnz_date_is_valid(bad[i]));
}

Test(calendar, a_thirteenth_month_is_a_broken_promise, .signal = SIGABRT) {
  (void)mnz_date_days((mnz_date){2025, 13, 1});
}

Test(calendar, moments_are_read_in_three_lengths) {
  cr_assert_eq(moment("1970-01-01"), 0);
  cr_assert_eq(moment("1970-01-02T00:00"), MNZ_US_PER_DAY);
  cr_assert_eq(moment("2025-10-01T06:30"), 20362 * MNZ_US_PER_DAY + (6 * 60 + 30) * 60 * MNZ_US_PER_SECOND);
  cr_assert_eq(moment("2025-10-01T06:30:07"), moment("2025-10-01T06:30") + 7 * MNZ_US_PER_SECOND);
  cr_assert_eq(moment("1969-12-31T23:59:59"), -MNZ_US_PER_SECOND);
}

Test(calendar, anything_else_is_not_a_moment) {
  static const char *const bad[] = {"",
                                    "2025",
                                    "2025-10",
                                    "2025-1-01",
                                    "2025-10-1",
                                    "25-10-01",
                                    "02025-10-01",
                                    "0000-01-01",
                                    "2025-00-01",
                                    "2025-13-01",
                                    "2025-02-30",
                                    "2025-02-29",
                                    "2025-04-31",
                                    "2025-10-00",
                                    "2025-10-32",
                                    " 2025-10-01",
                                    "2025-10-01 ",
                                    "2025/10/01",
                                    "+025-10-01",
                                    "-025-10-01",
                                    "2025-+1-01",
                                    "2025-10-01T",
                                    "2025-10-01T06",
                                    "2025-10-01T6:30",
                                    "2025-10-01 06:30",
                                    "2025-10-01t06:30",
                                    "2025-10-01T24:00",
                                    "2025-10-01T06:60",
                                    "2025-10-01T06:30:60",
                                    "2025-10-01T06:30:",
                                    "2025-10-01T06:30:0",
                                    "2025-10-01T06:30:00.5",
                                    "2025-10-01T06:30:00Z",
                                    "2025-10-01T06:30Z",
                                    "2025-10-01T06:30+01:00",
                                    "today"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    int64_t us = 42;
    cr_assert_not(mnz_moment_parse(bad[i], &us), "\"%s\"", bad[i]);
    cr_assert_eq(us, 42);
  }
}

Test(calendar, moments_are_written_as_they_are_read) {
  static const char *const texts[] = {"0001-01-01",          "1969-12-31T23:59:59", "1970-01-01",
                                      "2025-10-01T06:30:00", "2024-02-29T00:00:01", "9999-12-31T23:59:59"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    cr_assert_str_eq(text_of(moment(texts[i])), texts[i]);
  cr_assert_str_eq(text_of(moment("2025-10-01T00:00:00")), "2025-10-01");
}

Test(calendar, fractions_of_a_second_are_dropped_towards_the_past) {
  cr_assert_str_eq(text_of(moment("2025-10-01T06:30") + 999999), "2025-10-01T06:30:00");
  cr_assert_str_eq(text_of(moment("2025-10-01") + 999999), "2025-10-01");
  cr_assert_str_eq(text_of(-1), "1969-12-31T23:59:59");
}

Test(calendar, the_ends_of_time_can_be_written) {
  cr_assert_str_eq(text_of(INT64_MAX), "294247-01-10T04:00:54");
  cr_assert_str_eq(text_of(INT64_MIN), "-290308-12-21T19:59:05");
}

Test(calendar, the_day_of_a_moment_holds_it) {
  const mnz_date before = mnz_moment_date(moment("2024-03-01") - 1);
  cr_assert(before.year == 2024 && before.month == 2 && before.day == 29);
  const mnz_date at = mnz_moment_date(moment("2024-03-01"));
  cr_assert(at.year == 2024 && at.month == 3 && at.day == 1);
}

Test(calendar, months_are_added_to_the_same_day_or_the_last) {
  static const struct {
    const char *from;
    int32_t months;
    const char *to;
  } cases[] = {{"2025-01-15", 1, "2025-02-15"},
               {"2025-01-31", 1, "2025-02-28"},
               {"2024-01-31", 1, "2024-02-29"},
               {"2025-01-31", 2, "2025-03-31"},
               {"2025-03-31T06:30:00", -1, "2025-02-28T06:30:00"},
               {"2024-02-29", 12, "2025-02-28"},
               {"2024-02-29", 48, "2028-02-29"},
               {"2024-02-29", -12, "2023-02-28"},
               {"2025-12-31", 2, "2026-02-28"},
               {"2025-11-30", 3, "2026-02-28"},
               {"2025-01-01", -1, "2024-12-01"},
               {"2025-01-01", -13, "2023-12-01"},
               {"2025-12-01", 1, "2026-01-01"},
               {"1970-01-31", -11, "1969-02-28"},
               {"2025-05-31", 0, "2025-05-31"},
               {"2025-06-15", 1200, "2125-06-15"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    cr_assert_str_eq(text_of(mnz_moment_add_months(moment(cases[i].from), cases[i].months)), cases[i].to);
}

Test(calendar, months_beyond_the_end_of_time_are_a_broken_promise, .signal = SIGABRT) {
  (void)mnz_moment_add_months(0, INT32_MAX);
}

Test(calendar, periods_start_where_the_calendar_says) {
  static const struct {
    const char *moment;
    const char *month;
    const char *quarter;
    const char *year;
  } cases[] = {{"2025-01-01", "2025-01-01", "2025-01-01", "2025-01-01"},
               {"2025-03-31T23:59:59", "2025-03-01", "2025-01-01", "2025-01-01"},
               {"2025-04-01", "2025-04-01", "2025-04-01", "2025-01-01"},
               {"2024-02-29T12:00:00", "2024-02-01", "2024-01-01", "2024-01-01"},
               {"2025-09-30", "2025-09-01", "2025-07-01", "2025-01-01"},
               {"2025-12-31T23:59:59", "2025-12-01", "2025-10-01", "2025-01-01"},
               {"1969-12-31T23:59:59", "1969-12-01", "1969-10-01", "1969-01-01"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const int64_t us = moment(cases[i].moment);
    cr_assert_str_eq(text_of(mnz_moment_month_start(us)), cases[i].month);
    cr_assert_str_eq(text_of(mnz_moment_quarter_start(us)), cases[i].quarter);
    cr_assert_str_eq(text_of(mnz_moment_year_start(us)), cases[i].year);
  }
}
