/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "monazite/calendar.h"

enum { ROOM = 32 };

mnz_status mnz_log_report_open(mnz_log_report *r, const mnz_scenario *scenario, mnz_error *err) {
  *r = (mnz_log_report){.data = {.scenario = scenario}, .err = err};
  r->status = mnz_arena_create(&r->data.arena, err);
  return r->status;
}

mnz_status mnz_log_report_close(mnz_log_report *r, char **text) {
  *text = NULL;
  if (r->status == MNZ_OK && r->text.failed)
    r->status = mnz_fail(r->err, MNZ_NO_MEMORY, NULL, "out of memory");
  if (r->status == MNZ_OK) {
    *text = r->text.at;
  } else {
    mnz_buffer_free(&r->text);
  }
  mnz_arena_free(r->data.arena);
  return r->status;
}

const char *mnz_log_moment(const mnz_scenario *scenario, int64_t us, char *out) {
  return mnz_moment_format(mnz_scenario_start(scenario) + us, out);
}

const char *mnz_log_day(const mnz_scenario *scenario, int64_t us, char *out) {
  return mnz_report_date(scenario, mnz_log_days(us), out);
}

void mnz_log_copy(mnz_report_grid *g, const char *text) {
  const char *kept = text == NULL ? "" : mnz_arena_text(g->data->arena, text, g->err);
  g->failed = g->failed || kept == NULL;
  mnz_report_grid_text(g, kept);
}

void mnz_log_count(mnz_report_grid *g, int64_t number) {
  char text[ROOM];
  (void)snprintf(text, sizeof text, "%" PRId64, number);
  mnz_log_copy(g, text);
}

void mnz_log_date(mnz_report_grid *g, int64_t us, bool exactly) {
  char text[ROOM];
  mnz_log_copy(g, exactly ? mnz_log_moment(g->data->scenario, us, text)
                          : mnz_log_day(g->data->scenario, us, text));
}

void mnz_log_percent(mnz_report_grid *g, double share) {
  char text[ROOM];
  mnz_log_copy(g, mnz_report_percent(share, text));
}

json_t *mnz_log_json_name(const char *name) {
  return name == NULL ? json_null() : json_string(name);
}
