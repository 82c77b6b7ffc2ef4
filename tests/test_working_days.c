/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/working_days.h"

#include <criterion/criterion.h>

#include <signal.h>
#include <string.h>

#include "monazite/calendar.h"

#define HOUR (INT64_C(3600) * MNZ_US_PER_SECOND)

static int64_t moment(const char *text) {
  int64_t us;
  cr_assert(mnz_moment_parse(text, &us), "%s", text);
  return us;
}

static void expect_later(const mnz_work_calendar *calendar, const char *from, int64_t n, const char *to) {
  char out[32];
  mnz_moment_format(mnz_add_working_days(calendar, moment(from), n), out);
  cr_expect_str_eq(out, to, "%s + %d: %s", from, (int)n, out);
}

/* 2026-01-01 is a Thursday. */
Test(working_days, are_counted_over_weekends) {
  expect_later(&mnz_work_week, "2026-01-01", 0, "2026-01-01");
  expect_later(&mnz_work_week, "2026-01-01", 1, "2026-01-02");
  expect_later(&mnz_work_week, "2026-01-01", 2, "2026-01-05");
  expect_later(&mnz_work_week, "2026-01-02", 1, "2026-01-05");
  expect_later(&mnz_work_week, "2026-01-03", 1, "2026-01-05");
  expect_later(&mnz_work_week, "2026-01-04", 1, "2026-01-05");
  expect_later(&mnz_work_week, "2026-01-01", 45, "2026-03-05");
  expect_later(&mnz_work_week, "2026-01-02T16:30", 5, "2026-01-09T16:30:00");
  expect_later(&mnz_work_week, "1969-12-26", 3, "1969-12-31");
}

Test(working_days, leave_holidays_out) {
  const int64_t holidays[] = {moment("2026-01-01") / MNZ_US_PER_DAY, moment("2026-01-05") / MNZ_US_PER_DAY,
                              moment("2026-01-10") / MNZ_US_PER_DAY};
  const mnz_work_calendar c = {.days = 0x1f, .until = MNZ_US_PER_DAY, .holidays = holidays, .n_holidays = 3};
  expect_later(&c, "2025-12-31", 1, "2026-01-02");
  expect_later(&c, "2025-12-31", 2, "2026-01-06");
  expect_later(&c, "2026-01-05", 1, "2026-01-06"); /* from a holiday */
  expect_later(&c, "2026-01-09", 1, "2026-01-12"); /* a holiday on a Saturday changes nothing */
  cr_expect(!mnz_is_working_day(&c, holidays[0]));
  cr_expect(mnz_is_working_day(&c, holidays[0] + 1));
}

static void expect_changes(const mnz_work_calendar *c, const char *from, const char *const *at) {
  int64_t now = moment(from);
  for (; *at != NULL; at++) {
    const bool open = mnz_is_working_time(c, now);
    now = mnz_working_time_change(c, now);
    cr_assert_eq(now, moment(*at), "%s", *at);
    cr_expect(mnz_is_working_time(c, now) != open);
    cr_expect(mnz_is_working_time(c, now - 1) == open);
  }
}

Test(working_days, have_hours) {
  const int64_t holiday = moment("2026-01-05") / MNZ_US_PER_DAY;
  const mnz_work_calendar day = {
      .days = 0x1f, .from = 6 * HOUR, .until = 22 * HOUR, .holidays = &holiday, .n_holidays = 1};
  expect_changes(&day, "2026-01-02",
                 (const char *const[]){"2026-01-02T06:00", "2026-01-02T22:00", "2026-01-06T06:00", NULL});
  const mnz_work_calendar night = {.days = 0x1f, .from = 22 * HOUR, .until = 6 * HOUR};
  expect_changes(&night, "2026-01-02T12:00",
                 (const char *const[]){"2026-01-02T22:00", "2026-01-03T06:00", "2026-01-05T22:00", NULL});
}

Test(working_days, that_follow_each_other_are_one) {
  expect_changes(&mnz_work_week, "2026-01-01",
                 (const char *const[]){"2026-01-03", "2026-01-05", "2026-01-10", NULL});
  const mnz_work_calendar always = {.days = 0x7f, .until = MNZ_US_PER_DAY};
  cr_expect_eq(mnz_working_time_change(&always, moment("2026-01-01")), INT64_MAX);
  const mnz_work_calendar round = {.days = 0x7f, .from = 8 * HOUR, .until = 8 * HOUR};
  cr_expect_eq(mnz_working_time_change(&round, moment("2026-01-01")), INT64_MAX);
}

Test(working_days, add_up_working_time) {
  const mnz_work_calendar day = {.days = 0x1f, .from = 6 * HOUR, .until = 18 * HOUR};
  const int64_t friday = moment("2026-01-02T15:00");
  cr_expect_eq(mnz_working_time_end(&day, friday, 2 * HOUR, INT64_MAX), moment("2026-01-02T17:00"));
  cr_expect_eq(mnz_working_time_end(&day, friday, 3 * HOUR, INT64_MAX), moment("2026-01-02T18:00"));
  cr_expect_eq(mnz_working_time_end(&day, friday, 16 * HOUR, INT64_MAX), moment("2026-01-06T07:00"));
  cr_expect_eq(mnz_working_time_end(&day, moment("2026-01-03"), HOUR, INT64_MAX), moment("2026-01-05T07:00"));
  cr_expect_eq(mnz_working_time_end(&day, friday, 16 * HOUR, moment("2026-01-06T06:30")), INT64_MAX);
}
