/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/log.h"
#include "report/reasons.h"

#include <math.h>

#include "report/json.h"
#include "world/scenario.h"

enum { ROOM = 32, MOST_CAUSES = 3 };

static bool is_same_cause(const mnz_lack *a, const mnz_lack *b) {
  if (a->cause != b->cause || a->disruption != b->disruption) return false;
  return a->disruption >= 0 || a->node == b->node;
}

static bool is_first_of_cause(const mnz_report_reasons *r, size_t i) {
  for (size_t k = 0; k < i; k++)
    if (is_same_cause(&r->at[k].entry, &r->at[i].entry)) return false;
  return true;
}

static bool is_first_of_node(const mnz_report_reasons *r, size_t i) {
  for (size_t k = 0; k < i; k++)
    if (is_same_cause(&r->at[k].entry, &r->at[i].entry) && r->at[k].entry.node == r->at[i].entry.node)
      return false;
  return true;
}

/* "Nd+Pr at China magnets; Tb, Gd at China oxides": all of the cause of reason `i`. */
static void say_where(mnz_buffer *to, const mnz_report_data *data, const mnz_report_reasons *r, size_t i) {
  const char *between = "";
  for (size_t k = i; k < r->n; k++) {
    if (!is_same_cause(&r->at[k].entry, &r->at[i].entry) || !is_first_of_node(r, k)) continue;
    mnz_buffer_add(to, between);
    for (size_t j = k; j < r->n; j++) {
      if (!is_same_cause(&r->at[j].entry, &r->at[i].entry) || r->at[j].entry.node != r->at[k].entry.node)
        continue;
      mnz_buffer_print(to, "%s%s", j > k ? ", " : "", r->at[j].row->name);
    }
    mnz_buffer_print(to, " at %s", mnz_scenario_node_name(data->scenario, r->at[k].entry.node));
    between = "; ";
  }
}

static void say_causes(mnz_buffer *to, const mnz_report_data *data, const mnz_report_reasons *r) {
  size_t said = 0;
  for (size_t i = 0; i < r->n; i++) {
    if (!is_first_of_cause(r, i) || said == MOST_CAUSES) continue;
    const bool named = r->at[i].entry.disruption >= 0;
    if (said++ > 0)
      mnz_buffer_add(to, " Also: ");
    else
      mnz_buffer_add(to, named ? "What kept it from them: " : "No disruption or rule explains it: ");
    if (named) {
      mnz_log_say_cause(to, data->scenario, &r->at[i].entry);
      mnz_buffer_add(to, " (");
      say_where(to, data, r, i);
      mnz_buffer_add(to, ").");
    } else {
      say_where(to, data, r, i);
      mnz_buffer_add(to, ", which ");
      mnz_log_say_cause(to, data->scenario, &r->at[i].entry);
      mnz_buffer_add(to, ".");
    }
  }
}

static void say_carrier(mnz_buffer *to, const mnz_report_data *data, const mnz_report_carrier *c) {
  char number[ROOM];
  char date[ROOM];
  if (c->node < 0) return;
  mnz_buffer_print(to, "Until then a stock carried them, %s at %s: ",
                   mnz_scenario_material_name(data->scenario, c->material),
                   mnz_scenario_node_name(data->scenario, c->node));
  mnz_buffer_print(to, "%s t of %s on %s, ", mnz_report_number(c->from_t, number), c->row,
                   mnz_report_date(data->scenario, c->from_day, date));
  mnz_buffer_print(to, "%s t %.0f days later.", mnz_report_number(c->until_t, number),
                   c->until_day - c->from_day);
}

static void say_withstood(mnz_buffer *to, const mnz_report_data *data, const mnz_report_reasons *r) {
  const mnz_scenario *s = data->scenario;
  for (size_t i = 0; i < r->n_withstood; i++) {
    const mnz_episode *e = &r->withstood[i];
    char date[ROOM];
    mnz_buffer_print(to, "%s%s", i == 0 ? "What they got over: " : "; ",
                     mnz_scenario_disruption_name(s, e->disruption));
    const char *where = mnz_log_place(s, e);
    const char *rule = mnz_log_rule(e);
    if (where != NULL) mnz_buffer_print(to, " at %s", where);
    if (rule != NULL) mnz_buffer_print(to, " (%s)", rule);
    mnz_buffer_print(to, " from %s", mnz_log_day(s, e->from_us, date));
    if (e->until_us == MNZ_STILL)
      mnz_buffer_add(to, " to the end");
    else
      mnz_buffer_print(to, ", %.0f days", mnz_log_days(e->until_us - e->from_us));
  }
  if (r->n_withstood > 0) mnz_buffer_add(to, ".");
}

/* The origin that they depend on most. */
static void say_origin(mnz_buffer *to, const mnz_report_data *data) {
  size_t most = 0;
  double share = 0;
  for (size_t i = 0; i < data->n_elements; i++) {
    for (size_t o = 0; o < data->n_origins; o++) {
      if (!(data->elements[i].origin_share[o] > share)) continue;
      share = data->elements[i].origin_share[o];
      most = o;
    }
  }
  if (data->n_origins < 2 || !(share > 0)) return;
  mnz_buffer_print(to, "Of what they got %s gave ", data->origins[most]);
  size_t said = 0;
  for (size_t i = 0; i < data->n_elements; i++) {
    char percent[ROOM];
    const double part = data->elements[i].origin_share[most];
    if (isnan(part)) continue;
    mnz_buffer_print(to, "%s%s %% of the %s", said++ > 0 ? ", " : "", mnz_report_percent(part, percent),
                     data->elements[i].name);
  }
  mnz_buffer_add(to, ".");
}

typedef void sayer(mnz_buffer *to, const mnz_report_data *data, const mnz_report_reasons *r);
static void headline(mnz_buffer *to, const mnz_report_data *data, const mnz_report_reasons *r) {
  (void)r;
  mnz_report_headline(to, data);
}
static void carrier(mnz_buffer *to, const mnz_report_data *data, const mnz_report_reasons *r) {
  say_carrier(to, data, &r->carrier);
}
static void origin(mnz_buffer *to, const mnz_report_data *data, const mnz_report_reasons *r) {
  (void)r;
  say_origin(to, data);
}
static sayer *const sayers[] = {headline, say_causes, carrier, say_withstood, origin};
enum { SAYERS = sizeof sayers / sizeof *sayers };

void mnz_report_say_first(mnz_buffer *to, const mnz_report_data *data, const mnz_report_reasons *r) {
  for (size_t i = 0; i < SAYERS; i++) {
    mnz_buffer line = {0};
    sayers[i](&line, data, r);
    if (line.length > 0 && !line.failed) mnz_report_write_wrapped(to, line.at);
    to->failed = to->failed || line.failed;
    mnz_buffer_free(&line);
  }
}

/* --- JSON --- */

static json_t *cause_json(const mnz_report_data *data, const mnz_report_reason *r) {
  const mnz_scenario *s = data->scenario;
  char from[ROOM];
  char until[ROOM];
  mnz_buffer words = {0};
  mnz_log_say_cause(&words, s, &r->entry);
  json_t *one = json_pack(
      "{s:s, s:o, s:s, s:s, s:s, s:s?, s:s, s:s?, s:s?}", "element", r->row->name, "date",
      mnz_report_json_date(s, r->row->first_shortage), "demand", mnz_scenario_node_name(s, r->demand), "node",
      mnz_scenario_node_name(s, r->entry.node), "cause", mnz_lack_words[r->entry.cause], "disruption",
      mnz_scenario_disruption_name(s, r->entry.disruption), "from",
      mnz_log_moment(s, r->entry.cause_from_us, from), "until",
      r->entry.cause_until_us == MNZ_STILL ? NULL : mnz_log_moment(s, r->entry.cause_until_us, until),
      "words", words.at);
  mnz_buffer_free(&words);
  return one;
}

static json_t *withstood_json(const mnz_report_data *data, const mnz_episode *e) {
  const mnz_scenario *s = data->scenario;
  char from[ROOM];
  char until[ROOM];
  return json_pack("{s:s, s:s, s:s?, s:s?, s:s, s:s?}", "disruption",
                   mnz_scenario_disruption_name(s, e->disruption), "what", mnz_episode_words[e->kind], "node",
                   mnz_scenario_node_name(s, e->node), "link", mnz_scenario_link_name(s, e->link), "from",
                   mnz_log_moment(s, e->from_us, from), "until",
                   e->until_us == MNZ_STILL ? NULL : mnz_log_moment(s, e->until_us, until));
}

static json_t *carrier_json(const mnz_report_data *data, const mnz_report_carrier *c) {
  if (c->node < 0) return json_null();
  return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "element", c->row, "node",
                   mnz_scenario_node_name(data->scenario, c->node), "material",
                   mnz_scenario_material_name(data->scenario, c->material), "from",
                   mnz_report_json_date(data->scenario, c->from_day), "until",
                   mnz_report_json_date(data->scenario, c->until_day), "from_t",
                   mnz_report_json_number(c->from_t), "until_t", mnz_report_json_number(c->until_t));
}

bool mnz_report_json_reasons(json_t *root, const mnz_report_data *data, const mnz_report_reasons *r) {
  json_t *lines = json_array();
  json_t *causes = json_array();
  for (size_t i = 0; i < SAYERS; i++) {
    mnz_buffer line = {0};
    sayers[i](&line, data, r);
    if (line.length > 0) lines = mnz_report_json_append(lines, line.failed ? NULL : json_string(line.at));
    mnz_buffer_free(&line);
  }
  for (size_t i = 0; i < r->n; i++) causes = mnz_report_json_append(causes, cause_json(data, &r->at[i]));
  json_t *withstood = json_array();
  for (size_t i = 0; i < r->n_withstood; i++)
    withstood = mnz_report_json_append(withstood, withstood_json(data, &r->withstood[i]));
  int failed = json_object_set_new(root, "headlines", lines);
  failed |= json_object_set_new(root, "withstood", withstood);
  failed |= json_object_set_new(root, "causes", causes);
  failed |= json_object_set_new(root, "carried_by", carrier_json(data, &r->carrier));
  return failed == 0;
}
