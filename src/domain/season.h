/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seasons: parts of the year, each with a factor. Days are "MM-DD" (UTC), both included; a season may go over
 * the turn of the year. */
#ifndef MNZ_DOMAIN_SEASON_H
#define MNZ_DOMAIN_SEASON_H

#include "domain/spec.h"

/* Reads "12-01"; false if it is no day of the year. */
bool mnz_season_day(const char *text, int32_t *month, int32_t *day);
/* The factor of the first season that holds the moment (microseconds since 1970); 0: none does. Without any
 * season: 1. */
double mnz_season_factor(const mnz_list *seasons, int64_t moment);
/* The first moment after this one at which a season begins or ends. */
int64_t mnz_season_change(const mnz_list *seasons, int64_t moment);

#endif
