/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the reports of a log have in common: their text, its tables, moments and names. */
#ifndef MNZ_REPORT_LOG_H
#define MNZ_REPORT_LOG_H

#include <jansson.h>

#include "monazite/calendar.h"
#include "monazite/report_log.h"
#include "report/grid.h"

typedef struct mnz_log_report {
  mnz_report_data data; /* its arena and scenario only */
  mnz_buffer text;
  mnz_status status; /* of the tables so far */
  mnz_error *err;
} mnz_log_report;

mnz_status mnz_log_report_open(mnz_log_report *report, const mnz_scenario *scenario, mnz_error *err);
/* Gives the text away, or says why there is none; frees the rest. */
mnz_status mnz_log_report_close(mnz_log_report *report, char **text);

/* Writes a table below its title. */
void mnz_log_table(mnz_log_report *report, mnz_report_grid *grid, const char *title);
/* Cells of a table: a moment of the run as a date, with the time of the day where `exactly`. */
void mnz_log_date(mnz_report_grid *grid, int64_t us, bool exactly);
void mnz_log_count(mnz_report_grid *grid, int64_t number);
/* The same as a text of its own; `out` holds 32 bytes; returns it. */
const char *mnz_log_moment(const mnz_scenario *scenario, int64_t us, char *out);
const char *mnz_log_day(const mnz_scenario *scenario, int64_t us, char *out);

static inline double mnz_log_days(int64_t us) {
  return (double)us / (double)MNZ_US_PER_DAY;
}
static inline double mnz_log_tonnes(int64_t mg) {
  return (double)mg * 1e-9;
}
/* "China closed, from 2026-01-01": why the node of the entry does not deliver. */
void mnz_log_say_cause(mnz_buffer *to, const mnz_scenario *scenario, const mnz_lack *entry);
/* The link or the node of an episode; NULL: neither. */
const char *mnz_log_place(const mnz_scenario *scenario, const mnz_episode *episode);
/* "open" ... "embargo"; NULL where the detail is none of a regime. */
const char *mnz_log_rule(const mnz_episode *episode);
json_t *mnz_log_json_delivery(const mnz_scenario *scenario, const mnz_delivery *delivery);

#endif
