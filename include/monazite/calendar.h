/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates: proleptic Gregorian calendar, UTC, no leap seconds. A moment is an integer of microseconds since
 * 1970-01-01T00:00:00; inside a run, time is counted from the scenario's start instead. */
#ifndef MONAZITE_CALENDAR_H
#define MONAZITE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MNZ_US_PER_SECOND INT64_C(1000000)
#define MNZ_US_PER_DAY    (INT64_C(86400) * MNZ_US_PER_SECOND)

typedef struct mnz_date {
  int32_t year;  /* 1 .. 9999 */
  int32_t month; /* 1 .. 12 */
  int32_t day;   /* 1 .. 31 */
} mnz_date;

/* Days since 1970-01-01, and back. Cannot fail for dates in range. */
int64_t mnz_date_days(mnz_date date);
mnz_date mnz_date_from_days(int64_t days);
bool mnz_date_is_valid(mnz_date date);

/* Reads "2025-10-01", "2025-10-01T06:30" or "2025-10-01T06:30:00", strictly: two-digit fields, a day
 * that exists, nothing before or after. Returns false and leaves *us alone otherwise. */
bool mnz_moment_parse(const char *text, int64_t *us);
/* Writes "2025-10-01", or "2025-10-01T06:30:00" when not midnight (fractions of a second are dropped).
 * `out` holds at least 32 bytes; returns out. */
const char *mnz_moment_format(int64_t us, char *out);
mnz_date mnz_moment_date(int64_t us); /* the day that holds the moment */

/* The same clock time `months` later (or earlier); a day that the month lacks becomes its last. */
int64_t mnz_moment_add_months(int64_t us, int32_t months);
/* The first instant of the calendar month, quarter (Jan, Apr, Jul, Oct) or year that holds the moment. */
int64_t mnz_moment_month_start(int64_t us);
int64_t mnz_moment_quarter_start(int64_t us);
int64_t mnz_moment_year_start(int64_t us);

#ifdef __cplusplus
}
#endif
#endif
