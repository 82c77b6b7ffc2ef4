/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/log.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/error.h"
#include "world/scenario.h"

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

void mnz_log_count(mnz_report_grid *g, int64_t number) {
  char text[ROOM];
  (void)snprintf(text, sizeof text, "%" PRId64, number);
  mnz_report_grid_copy(g, text);
}

void mnz_log_date(mnz_report_grid *g, int64_t us, bool exactly) {
  char text[ROOM];
  mnz_report_grid_copy(g, exactly ? mnz_log_moment(g->data->scenario, us, text)
                                  : mnz_log_day(g->data->scenario, us, text));
}

void mnz_log_table(mnz_log_report *r, mnz_report_grid *g, const char *title) {
  const mnz_status status = mnz_report_grid_close(g, &r->text, title);
  if (r->status == MNZ_OK) r->status = status;
}

const char *mnz_log_place(const mnz_scenario *s, const mnz_episode *e) {
  return e->link >= 0 ? mnz_scenario_link_name(s, e->link) : mnz_scenario_node_name(s, e->node);
}

const char *mnz_log_rule(const mnz_episode *e) {
  const bool has = e->kind == MNZ_EPISODE_RULED || e->kind == MNZ_EPISODE_REVISED;
  return has && e->detail >= 0 && e->detail < MNZ_RULES ? mnz_rule_names[(int)e->detail] : NULL;
}
