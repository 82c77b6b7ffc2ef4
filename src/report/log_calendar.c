/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calendar of a replication. */
#include "report/log.h"

#include <inttypes.h>
#include <math.h>

#include "monazite/calendar.h"
#include "report/json.h"
#include "world/scenario.h"

enum { ROOM = 32 };

static bool is_over(const mnz_episode *e) {
  return e->until_us != MNZ_STILL;
}

static bool is_moment(const mnz_episode *e) {
  return e->until_us == e->from_us;
}

/* --- text --- */

static bool is_shown(const mnz_episode *e, bool all) {
  if (e->kind == MNZ_EPISODE_ANNOUNCED && is_moment(e) && !all) return false; /* with what it announces */
  const bool lasts = !is_over(e) || e->until_us - e->from_us >= MNZ_US_PER_DAY;
  return all || lasts || (e->kind != MNZ_EPISODE_OUTAGE && e->kind != MNZ_EPISODE_CLOSED);
}

/* The same outage in another place. */
static bool is_same(const mnz_episode *a, const mnz_episode *b) {
  return a->kind == b->kind && a->disruption == b->disruption && a->from_us == b->from_us &&
         a->until_us == b->until_us && a->kind <= MNZ_EPISODE_WARNED;
}

static void say_what(mnz_buffer *to, const mnz_scenario *s, const mnz_episode *e, size_t count) {
  const char *rule = mnz_log_rule(e);
  char text[ROOM];
  switch (e->kind) {
  case MNZ_EPISODE_OUTAGE:
    if (e->detail > 0 && e->detail < 1)
      mnz_buffer_print(to, "runs at %s %%: ", mnz_report_percent(e->detail, text));
    else
      mnz_buffer_add(to, e->detail > 0 ? "hit: " : "out: ");
    break;
  case MNZ_EPISODE_CLOSED:
    mnz_buffer_add(to, "closed: ");
    break;
  case MNZ_EPISODE_WARNED:
    mnz_buffer_add(to, "known to be coming: ");
    break;
  case MNZ_EPISODE_ANNOUNCED:
    mnz_buffer_print(to, "a step announced for %s", mnz_log_day(s, e->until_us, text));
    return;
  case MNZ_EPISODE_RULED:
    mnz_buffer_print(to, "now %s", rule != NULL ? rule : "another state");
    return;
  case MNZ_EPISODE_REVISED:
    mnz_buffer_print(to, "did not come as announced (%s)", rule != NULL ? rule : "another state");
    return;
  case MNZ_EPISODE_EXHAUSTED:
    mnz_buffer_add(to, "quota used up");
    return;
  case MNZ_EPISODES:
    return;
  }
  enum { MOST = 2 };
  for (size_t i = 0; i < count && i < MOST; i++)
    mnz_buffer_print(to, "%s%s", i > 0 ? ", " : "", mnz_log_place(s, e + i));
  if (count > MOST) mnz_buffer_print(to, " and %zu more", count - MOST);
}

static void put_days(mnz_report_grid *g, const mnz_episode *e) {
  if (is_moment(e) || !is_over(e))
    mnz_report_grid_text(g, "");
  else
    mnz_report_grid_number(g, mnz_log_days(e->until_us - e->from_us));
}

static size_t same_as(const mnz_chronicle *c, size_t i) {
  size_t n = 1;
  while (i + n < c->count && is_same(&c->at[i], &c->at[i + n])) n++;
  return n;
}

static void write_table(mnz_log_report *r, const mnz_chronicle *c, bool all, size_t shown) {
  mnz_report_grid g;
  mnz_report_grid_open(&g, &r->data, shown + 1, 5, r->err);
  g.table.left = 1U << 3 | 1U << 4;
  static const char *const heads[] = {"from", "until", "days", "disruption or regime", "what"};
  for (size_t i = 0; i < 5; i++) mnz_report_grid_text(&g, heads[i]);
  for (size_t i = 0, n; i < c->count; i += n) {
    const mnz_episode *e = &c->at[i];
    mnz_buffer what = {0};
    n = same_as(c, i);
    if (!is_shown(e, all)) continue;
    say_what(&what, r->data.scenario, e, n);
    mnz_log_date(&g, e->from_us, all);
    if (is_over(e) && !is_moment(e))
      mnz_log_date(&g, e->until_us, all);
    else
      mnz_report_grid_text(&g, is_over(e) ? "" : "the end");
    put_days(&g, e);
    mnz_report_grid_copy(&g, mnz_scenario_disruption_name(r->data.scenario, e->disruption));
    mnz_report_grid_copy(&g, what.at);
    g.failed = g.failed || what.failed;
    mnz_buffer_free(&what);
  }
  mnz_log_table(r, &g, "Calendar");
}

static void write_licences(mnz_log_report *r, const mnz_chronicle *c) {
  const mnz_scenario *s = r->data.scenario;
  for (size_t i = 0; i < c->n_regimes; i++) {
    const mnz_licences *l = &c->licences[i];
    if (l->applied == 0) continue;
    mnz_buffer_print(&r->text,
                     "%s: %" PRIu64 " licences applied for, %" PRIu64 " granted, %" PRIu64
                     " refused, %" PRIu64 " not used up\n",
                     mnz_scenario_regime(s, (int32_t)i)->name, l->applied, l->approved, l->refused,
                     l->expired);
  }
}

static void write_text(mnz_log_report *r, const mnz_chronicle *c, bool all) {
  size_t shown = 0;
  size_t stops = 0;
  for (size_t i = 0, n; i < c->count; i += n) {
    n = same_as(c, i);
    shown += is_shown(&c->at[i], all);
    stops += c->at[i].kind == MNZ_EPISODE_OUTAGE && !is_shown(&c->at[i], all);
  }
  mnz_buffer_print(&r->text, "%s\n", mnz_scenario_title(r->data.scenario));
  if (shown > 0)
    write_table(r, c, all, shown);
  else
    mnz_buffer_add(&r->text, stops == 0 ? "Nothing was disrupted or ruled.\n" : "");
  if (stops > 0) mnz_buffer_print(&r->text, "and %zu outages of less than a day (--all)\n", stops);
  write_licences(r, c);
}

/* --- CSV and JSON --- */

static void write_name(mnz_buffer *to, const char *name) {
  mnz_buffer_add(to, ",\"");
  for (const char *at = name; at != NULL && *at != '\0'; at++) {
    if (*at == '"') mnz_buffer_add(to, "\"");
    mnz_buffer_add_bytes(to, at, 1);
  }
  mnz_buffer_add(to, "\"");
}

static void write_csv(mnz_log_report *r, const mnz_chronicle *c) {
  const mnz_scenario *s = r->data.scenario;
  mnz_buffer *to = &r->text;
  mnz_buffer_add(to, "from,until,days,what,disruption,node,link,state,left\n");
  for (size_t i = 0; i < c->count; i++) {
    const mnz_episode *e = &c->at[i];
    const char *rule = mnz_log_rule(e);
    char text[ROOM];
    mnz_buffer_print(to, "%s,", mnz_log_moment(s, e->from_us, text));
    mnz_buffer_print(to, "%s,", is_over(e) ? mnz_log_moment(s, e->until_us, text) : "");
    if (is_over(e)) mnz_buffer_print(to, "%.12g", mnz_log_days(e->until_us - e->from_us));
    mnz_buffer_print(to, ",%s", mnz_episode_words[e->kind]);
    write_name(to, mnz_scenario_disruption_name(s, e->disruption));
    write_name(to, mnz_scenario_node_name(s, e->node));
    write_name(to, mnz_scenario_link_name(s, e->link));
    mnz_buffer_print(to, ",%s,", rule != NULL ? rule : "");
    if (e->kind == MNZ_EPISODE_OUTAGE && isfinite(e->detail)) mnz_buffer_print(to, "%.12g", e->detail);
    mnz_buffer_add(to, "\n");
  }
}

static json_t *episode(const mnz_scenario *s, const mnz_episode *e) {
  char from[ROOM];
  char until[ROOM];
  const bool over = is_over(e);
  return json_pack("{s:s, s:s, s:s?, s:o, s:s?, s:s?, s:s?, s:s?, s:o}", "what", mnz_episode_words[e->kind],
                   "from", mnz_log_moment(s, e->from_us, from), "until",
                   over ? mnz_log_moment(s, e->until_us, until) : NULL, "days",
                   over ? mnz_report_json_number(mnz_log_days(e->until_us - e->from_us)) : json_null(),
                   "disruption", mnz_scenario_disruption_name(s, e->disruption), "node",
                   mnz_scenario_node_name(s, e->node), "link", mnz_scenario_link_name(s, e->link), "state",
                   mnz_log_rule(e), "left",
                   e->kind == MNZ_EPISODE_OUTAGE ? mnz_report_json_number(e->detail) : json_null());
}

static mnz_status write_json(const mnz_scenario *s, const mnz_chronicle *c, char **text, mnz_error *err) {
  json_t *all = json_array();
  json_t *licences = json_array();
  for (size_t i = 0; i < c->count; i++) all = mnz_report_json_append(all, episode(s, &c->at[i]));
  for (size_t i = 0; i < c->n_regimes; i++) {
    const mnz_licences *l = &c->licences[i];
    licences = mnz_report_json_append(
        licences, json_pack("{s:s, s:I, s:I, s:I, s:I}", "regime", mnz_scenario_regime(s, (int32_t)i)->name,
                            "applied", (json_int_t)l->applied, "approved", (json_int_t)l->approved, "refused",
                            (json_int_t)l->refused, "expired", (json_int_t)l->expired));
  }
  return mnz_report_json_write(
      text,
      json_pack("{s:s, s:o, s:o}", "title", mnz_scenario_title(s), "calendar", all, "licences", licences),
      err);
}

mnz_status mnz_report_chronicle(const mnz_scenario *scenario, const mnz_chronicle *c, mnz_log_form form,
                                char **text, mnz_error *err) {
  mnz_log_report r;
  *text = NULL;
  if (form == MNZ_LOG_JSON) return write_json(scenario, c, text, err);
  if (mnz_log_report_open(&r, scenario, err) != MNZ_OK) return MNZ_NO_MEMORY;
  if (form == MNZ_LOG_CSV)
    write_csv(&r, c);
  else
    write_text(&r, c, form == MNZ_LOG_TEXT_ALL);
  return mnz_log_report_close(&r, text);
}
