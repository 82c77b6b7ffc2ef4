/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Working days and hours. A moment is an integer of microseconds since 1970, a day one of days since then,
 * both UTC (monazite/calendar.h). */
#ifndef MNZ_BASE_WORKING_DAYS_H
#define MNZ_BASE_WORKING_DAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct mnz_work_calendar {
  uint8_t days;            /* bit 0: Monday .. bit 6: Sunday; at least one */
  int64_t from;            /* begin of the hours, microseconds into the day */
  int64_t until;           /* their end; at or before `from`: on the next day */
  const int64_t *holidays; /* days that are not worked, ascending; borrowed */
  size_t n_holidays;
} mnz_work_calendar;

/* Monday to Friday, the whole day, no holidays. */
extern const mnz_work_calendar mnz_work_week;

bool mnz_is_working_day(const mnz_work_calendar *calendar, int64_t day);
/* Are these working hours? They belong to the day on which they begin. */
bool mnz_is_working_time(const mnz_work_calendar *calendar, int64_t moment);
/* The first moment after this one at which work begins or ends; INT64_MAX if it never does. */
int64_t mnz_working_time_change(const mnz_work_calendar *calendar, int64_t moment);
/* When `duration` of working time has passed since the moment; INT64_MAX if that is at `limit` or later. */
int64_t mnz_working_time_end(const mnz_work_calendar *calendar, int64_t moment, int64_t duration,
                             int64_t limit);
/* The same time of day on the n-th working day after this day (n >= 0; n = 0: the moment itself): one working
 * day after a Friday, a Saturday or a Sunday is the Monday. */
int64_t mnz_add_working_days(const mnz_work_calendar *calendar, int64_t moment, int64_t n);

#endif
