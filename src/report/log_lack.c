/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a node lacked, and why, as a tree. */
#include "report/log.h"

#include "report/json.h"

enum { ROOM = 32, INDENT = 2 };

static const char *name_of(const mnz_scenario *s, int32_t node) {
  const char *name = mnz_scenario_node_name(s, node);
  return name != NULL ? name : "?";
}

static const char *material_of(const mnz_scenario *s, int32_t material) {
  const char *name = mnz_scenario_material_name(s, material);
  return name != NULL ? name : "?";
}

void mnz_log_say_cause(mnz_buffer *to, const mnz_scenario *s, const mnz_lack *e) {
  const char *name = mnz_scenario_disruption_name(s, e->disruption);
  char from[ROOM];
  char until[ROOM];
  switch (e->cause) {
  case MNZ_LACK_OUTAGE:
    mnz_buffer_print(to, "%s", name);
    break;
  case MNZ_LACK_CLOSED:
    mnz_buffer_print(to, "the way was closed by \"%s\"", name);
    break;
  case MNZ_LACK_EMBARGO:
    mnz_buffer_print(to, "an embargo, \"%s\"", name);
    break;
  case MNZ_LACK_LICENCE:
    mnz_buffer_print(to, "no licence, \"%s\"", name);
    break;
  case MNZ_LACK_QUOTA:
    mnz_buffer_print(to, "a quota, used up, \"%s\"", name);
    break;
  case MNZ_LACK_DOWN:
    mnz_buffer_add(to, "stands by plan");
    break;
  case MNZ_LACK_STARVED:
    mnz_buffer_add(to, "lacks its inputs");
    break;
  case MNZ_LACK_WAITS:
    mnz_buffer_add(to, "waits for what it has ordered");
    break;
  case MNZ_LACK_TRAVEL:
    mnz_buffer_add(to, "waits for what is under way");
    break;
  case MNZ_LACK_STOCK:
    mnz_buffer_add(to, "has it, about to be sent or meant for others");
    break;
  case MNZ_LACK_CAPACITY:
    mnz_buffer_add(to, "works and can do no more");
    break;
  case MNZ_LACK_IDLE:
    mnz_buffer_add(to, "is idle, for no known reason");
    break;
  case MNZ_LACKS:
    break;
  }
  if (name == NULL) return;
  mnz_buffer_print(to, ", from %s", mnz_log_day(s, e->cause_from_us, from));
  if (e->cause_until_us != MNZ_STILL)
    mnz_buffer_print(to, " to %s", mnz_log_day(s, e->cause_until_us, until));
}

static void say_entry(mnz_buffer *to, const mnz_scenario *s, const mnz_lack *e) {
  char mass[ROOM];
  char since[ROOM];
  mnz_report_number(mnz_log_tonnes(e->owed_mg), mass);
  mnz_log_day(s, e->since_us, since);
  mnz_buffer_print(to, "%*s%s ", INDENT * e->level, "", name_of(s, e->node));
  if (e->owed_mg == 0)
    mnz_buffer_print(to, "sends %s on as it comes", material_of(s, e->material));
  else
    mnz_buffer_print(to, "%s %s t of %s, since %s", e->lacks ? "waits for" : "owes", mass,
                     material_of(s, e->material), since);
  if (e->binding) mnz_buffer_add(to, ", the scarcest input");
  if (!e->lacks && e->stock_mg >= 0)
    mnz_buffer_print(to, "; in stock %s t", mnz_report_number(mnz_log_tonnes(e->stock_mg), mass));
  if (e->coming_mg > 0)
    mnz_buffer_print(to, "; under way to it %s t", mnz_report_number(mnz_log_tonnes(e->coming_mg), mass));
  if (!e->lacks) {
    mnz_buffer_add(to, ": ");
    mnz_log_say_cause(to, s, e);
  }
  mnz_buffer_add(to, "\n");
}

/* What of it the node asked about is short of, and the main cause. */
static void say_all(mnz_buffer *to, const mnz_scenario *s, int32_t node, const mnz_lack *tree, size_t n,
                    int64_t time_us) {
  char text[ROOM];
  size_t said = 0;
  mnz_buffer_print(to, "On %s %s ", mnz_log_day(s, time_us, text), name_of(s, node));
  if (n == 0) {
    mnz_buffer_add(to, "waited for nothing and owed nothing.");
    return;
  }
  mnz_buffer_add(to, tree[0].lacks ? "waited for " : "owed ");
  for (const mnz_lack *e = tree; e < tree + n; e++) {
    if (e->level > 0) continue;
    mnz_buffer_print(to, "%s%s t of %s", said++ > 0 ? ", " : "",
                     mnz_report_number(mnz_log_tonnes(e->owed_mg), text), material_of(s, e->material));
  }
  const mnz_lack *main_one = mnz_lack_main(tree, n, time_us);
  if (main_one != NULL) {
    mnz_buffer_print(to, ". What kept it longest, at %s: ", name_of(s, main_one->node));
    mnz_log_say_cause(to, s, main_one);
  } else {
    mnz_buffer_add(to, ". No disruption or rule explains it");
  }
  mnz_buffer_add(to, ".");
}

static json_t *entry_json(const mnz_scenario *s, const mnz_lack *e) {
  char since[ROOM];
  char from[ROOM];
  char until[ROOM];
  mnz_buffer words = {0};
  mnz_log_say_cause(&words, s, e);
  json_t *one = json_pack(
      "{s:i, s:i, s:s?, s:s?, s:s?, s:f, s:s, s:o, s:f, s:b, s:b, s:s, s:s?, s:s, s:s?, s:s?}", "parent",
      (int)e->parent, "level", (int)e->level, "node", mnz_scenario_node_name(s, e->node), "to",
      mnz_scenario_node_name(s, e->to), "material", mnz_scenario_material_name(s, e->material), "owed_t",
      mnz_log_tonnes(e->owed_mg), "since", mnz_log_moment(s, e->since_us, since), "stock_t",
      e->stock_mg < 0 ? json_null() : mnz_report_json_number(mnz_log_tonnes(e->stock_mg)), "under_way_t",
      mnz_log_tonnes(e->coming_mg), "lacks", (int)e->lacks, "binding", (int)e->binding, "cause",
      mnz_lack_words[e->cause], "disruption", mnz_scenario_disruption_name(s, e->disruption), "cause_from",
      mnz_log_moment(s, e->cause_from_us, from), "cause_until",
      e->cause_until_us == MNZ_STILL ? NULL : mnz_log_moment(s, e->cause_until_us, until), "words", words.at);
  mnz_buffer_free(&words);
  return one;
}

static mnz_status write_json(const mnz_scenario *s, int32_t node, const mnz_lack *tree, size_t n,
                             int64_t time_us, char **text, mnz_error *err) {
  char when[ROOM];
  mnz_buffer words = {0};
  json_t *all = json_array();
  for (size_t i = 0; i < n; i++) all = mnz_report_json_append(all, entry_json(s, &tree[i]));
  say_all(&words, s, node, tree, n, time_us);
  const mnz_status status =
      mnz_report_json_write(text,
                            json_pack("{s:s, s:s, s:s?, s:o}", "node", name_of(s, node), "time",
                                      mnz_log_moment(s, time_us, when), "words", words.at, "tree", all),
                            err);
  mnz_buffer_free(&words);
  return status;
}

mnz_status mnz_report_lack(const mnz_scenario *scenario, int32_t node, const mnz_lack *tree, size_t n,
                           int64_t time_us, mnz_log_form form, char **text, mnz_error *err) {
  mnz_log_report r;
  mnz_buffer words = {0};
  *text = NULL;
  if (form == MNZ_LOG_JSON) return write_json(scenario, node, tree, n, time_us, text, err);
  if (mnz_log_report_open(&r, scenario, err) != MNZ_OK) return MNZ_NO_MEMORY;
  say_all(&words, scenario, node, tree, n, time_us);
  if (!words.failed) mnz_report_write_wrapped(&r.text, words.at);
  r.text.failed = r.text.failed || words.failed;
  mnz_buffer_free(&words);
  if (n > 0) mnz_buffer_add(&r.text, "\n");
  for (size_t i = 0; i < n; i++) say_entry(&r.text, scenario, &tree[i]);
  return mnz_log_report_close(&r, text);
}
