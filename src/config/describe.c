/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reference of the language, out of the tables that the loader reads by. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "config/bind_internal.h"
#include "config/describe_internal.h"
#include "config/param_text.h"
#include "domain/kind.h"
#include "world/scenario.h"

/* A test holds this list against the tables. */
/* clang-format off */
static const char *const topics[] = {
    "calendars",
    "contracts",
    "prices",
    "crews",
    "materials",
    "nodes",
    "links",
    "demand",
    "disruptions",
    "regimes",
    "maker",
    "market",
    "mine",
    "plant",
    "port",
    "separation",
    "sink",
    "source",
    "stockpile",
    "trader",
    "quantities",
    "distributions",
    "measures",
    NULL};
/* clang-format on */

const char *const *mnz_describe_topics(void) {
  return topics;
}

/* What is being written, and where its texts live. */
typedef struct writer {
  mnz_doc doc;
  mnz_arena *arena;
  mnz_status status; /* MNZ_NO_MEMORY sticks */
  mnz_error *err;
} writer;

/* ---- tables ---- */

static mnz_doc_table *add_table(writer *w, const char *heading, const char *const *columns) {
  mnz_doc_table *table = &w->doc.tables[w->doc.count++];
  table->heading = heading;
  for (size_t i = 0; columns[i] != NULL; i++) table->columns[i] = columns[i];
  return table;
}

/* A row of empty cells, or NULL (remembered). */
static mnz_doc_row *add_row(writer *w, mnz_doc_table *table, int32_t depth) {
  const mnz_status status = mnz_reserve_array(&table->rows, &table->capacity, table->count + 1, w->err);
  if (status != MNZ_OK) {
    w->status = status;
    return NULL;
  }
  mnz_doc_row *row = &table->rows[table->count++];
  *row = (mnz_doc_row){.depth = depth};
  for (size_t i = 0; i < MNZ_DOC_COLUMNS; i++) row->cell[i] = "";
  return row;
}

static void add_cells(writer *w, mnz_doc_table *table, const char *a, const char *b, const char *c) {
  mnz_doc_row *row = add_row(w, table, 0);
  if (row == NULL) return;
  row->cell[0] = a;
  row->cell[1] = b;
  row->cell[2] = c;
}

/* Moves the buffer's text into the arena. */
static const char *keep(writer *w, mnz_buffer *from) {
  const char *kept = from->failed ? NULL : mnz_arena_text(w->arena, from->at != NULL ? from->at : "", w->err);
  if (kept == NULL) w->status = MNZ_NO_MEMORY;
  mnz_buffer_free(from);
  return kept != NULL ? kept : "";
}

/* ---- parameters ---- */

static const char *range(writer *w, const mnz_param *param) {
  const double least = mnz_param_least(param);
  const double greatest = mnz_param_greatest(param);
  mnz_buffer out = {0};
  if (isfinite(least)) mnz_buffer_add(&out, isfinite(greatest) ? "" : "at least ");
  if (isfinite(least)) mnz_param_write(&out, param, least);
  if (isfinite(greatest)) mnz_buffer_add(&out, isfinite(least) ? " to " : "at most ");
  if (isfinite(greatest)) mnz_param_write(&out, param, greatest);
  return keep(w, &out);
}

static const char *written(writer *w, const mnz_param *param) {
  mnz_buffer out = {0};
  mnz_param_phrase(&out, param);
  return keep(w, &out);
}

static const char *fallback(writer *w, const mnz_param *param) {
  mnz_buffer out = {0};
  mnz_param_default(&out, param);
  return param->required ? "required" : keep(w, &out);
}

static void add_param(writer *w, mnz_doc_table *table, const mnz_param *param, const char *name,
                      int32_t depth) {
  mnz_doc_row *row = add_row(w, table, depth);
  if (row == NULL) return;
  row->cell[0] = name;
  row->cell[1] = written(w, param);
  row->cell[2] = fallback(w, param);
  row->cell[3] = range(w, param);
  row->cell[4] = param->help;
}

static const char *join(writer *w, const char *a, const char *b, const char *c) {
  mnz_buffer out = {0};
  mnz_buffer_print(&out, "%s%s%s", a, b, c);
  return keep(w, &out);
}

/* Rows for the keys and, behind each group and list, for what that consists of: "makes[].recovery". */
static void add_params(writer *w, mnz_doc_table *table, const mnz_param *params, const char *prefix,
                       int32_t depth) {
  for (const mnz_param *param = params; param->name != NULL; param++) {
    const char *name = join(w, prefix, param->name, "");
    add_param(w, table, param, name, depth);
    if (param->fields != NULL && param->fields != mnz_node_params)
      add_params(w, table, param->fields,
                 join(w, name,
                      param->type == MNZ_PARAM_LIST || param->type == MNZ_PARAM_PRICE_STEPS ? "[]" : "", "."),
                 depth + 1);
  }
}

static const char *const param_columns[] = {"key", "written", "default", "range", "meaning", NULL};

static void add_param_table(writer *w, const char *heading, const mnz_param *params) {
  add_params(w, add_table(w, heading, param_columns), params, "", 0);
}

/* ---- topics ---- */

static void add_kinds(writer *w, mnz_doc_table *table) {
  for (size_t i = 0; mnz_kinds[i] != NULL; i++)
    add_cells(w, table, mnz_kinds[i]->name, mnz_kinds[i]->help, "");
}

static void write_kind(writer *w, const mnz_kind *kind) {
  static const char *const columns[] = {"series", "unit", "meaning", NULL};
  w->doc.help = join(w, kind->help, "", ". It has the keys of every node (topic nodes) and:");
  add_param_table(w, "Keys", kind->params);
  if (kind->outputs == NULL || kind->outputs->name == NULL) return;
  mnz_doc_table *table = add_table(w, "Output", columns);
  for (const mnz_output *output = kind->outputs; output->name != NULL; output++)
    add_cells(w, table, output->name, output->unit, output->meaning);
}

static void write_list(writer *w, const mnz_param *list) {
  static const char *const columns[] = {"kind", "meaning", NULL};
  w->doc.help = list->help;
  add_param_table(w, "Keys", list->fields);
  if (list->fields == mnz_node_params)
    add_kinds(w, add_table(w, "Kinds, each with keys of its own", columns));
}

static void write_overview(writer *w) {
  static const mnz_param extends = {
      .name = "extends",
      .type = MNZ_PARAM_TEXT,
      .help = "file that this one builds on, or a list of them: groups merge key by "
              "key, lists by the names in them (remove = true takes one out)"};
  static const char *const columns[] = {"topic", "meaning", NULL};
  w->doc.topic = "scenario";
  w->doc.help =
      "A scenario is a libconfig file: key = value; with groups in { }, lists in ( ), texts in \" \".";
  mnz_doc_table *keys = add_table(w, "Keys", param_columns);
  add_param(w, keys, &extends, extends.name, 0);
  for (const mnz_param *param = mnz_scenario_params; param->name != NULL; param++)
    add_param(w, keys, param, param->name, 0);

  mnz_doc_table *table = add_table(w, "Topics", columns);
  for (const mnz_param *param = mnz_scenario_params; param->name != NULL; param++)
    if (param->type == MNZ_PARAM_LIST && mnz_kind_find(param->name) == NULL)
      add_cells(w, table, param->name, param->help, "");
  add_kinds(w, table);
  add_cells(w, table, "quantities", "numbers with units, dates, rates, policies", "");
  add_cells(w, table, "distributions", "quantities that are drawn at random", "");
  add_cells(w, table, "measures", "what results hold: one value a replication, and series over time", "");
}

static void add_units(writer *w) {
  static const char *const columns[] = {"unit", "for", "meaning", NULL};
  static const char *const nouns[] = {
      [MNZ_DIM_NUMBER] = "numbers", [MNZ_DIM_SHARE] = "shares", [MNZ_DIM_MASS] = "masses",
      [MNZ_DIM_TIME] = "times",     [MNZ_DIM_RATE] = "rates",   [MNZ_DIM_DATE] = "dates",
      [MNZ_DIM_MONEY] = "money"};
  mnz_doc_table *table = add_table(w, "Units", columns);
  for (const mnz_unit *unit = mnz_units; unit->name != NULL; unit++)
    add_cells(w, table, unit->name, nouns[unit->dim], unit->help);
}

static void add_processes(writer *w) {
  static const char *const columns[] = {"process", "meaning", NULL};
  mnz_doc_table *table = add_table(w, "Processes of prices", columns);
  for (const mnz_process_form *form = mnz_process_forms; form->name != NULL; form++) {
    mnz_buffer signature = {0};
    mnz_process_signature(&signature, form);
    add_cells(w, table, keep(w, &signature), form->help, "");
  }
}

static void write_quantities(writer *w) {
  static const char *const columns[] = {"quantity", "example", "rule", NULL};
  static const char *const policy_columns[] = {"policy", "example", "meaning", NULL};
  static const char *const rules[][3] = {
      {"mass", "\"20 t\"", "a decimal number and a unit; exact to the milligram"},
      {"time", "\"45 d\"", "the same; exact to the microsecond; a length, so a month is a twelfth of a year"},
      {"share", "\"38 %\"", "or a bare fraction: 0.38"},
      {"rate", "\"10.5 kt/yr\"", "a mass over a time, of everything that flows"},
      {"", "\"10.5 kt/yr REO\"", "counts the rare-earth oxides in it only"},
      {"", "\"1.2 t/d Nd+Pr\"", "counts these elements only"},
      {"", "\"from_csv('plan.csv', date 'month', rate 't', unit 't/month')\"",
       "where a rate may change: steps by dates, from two columns of a CSV file beside the file that says "
       "it"},
      {"growth", "\"12 %/yr\"", "a share over a time"},
      {"money", "\"32 USD\"", "US dollars"},
      {"price", "\"110 USD/kg\"", "money for a mass"},
      {"holding cost", "\"1 USD/t/month\"", "money for a mass over a time, in either order"},
      {"spending", "\"1 MUSD/yr\"", "money over a time"},
      {"date", "\"2025-10-01\"", "UTC; with a time of day: \"2025-10-01T06:30\""},
  };
  w->doc.help = "Numbers have '.' before decimals and nothing between thousands; an exponent (1e-3) is fine.";
  mnz_doc_table *table = add_table(w, "Quantities", columns);
  for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
    add_cells(w, table, rules[i][0], rules[i][1], rules[i][2]);
  add_units(w);
  add_param_table(w, "Steps of a rate that changes", mnz_schedule_params);
  table = add_table(w, "Policies", policy_columns);
  for (const mnz_policy_form *form = mnz_policy_forms; form->name != NULL; form++) {
    mnz_buffer signature = {0};
    mnz_policy_signature(&signature, form);
    add_cells(w, table, keep(w, &signature), join(w, "\"", form->example, "\""), form->help);
  }
  add_processes(w);
}

/* The parameters that have no unit, whatever is drawn. */
static const char *plain_numbers(writer *w, const mnz_dist_form *form) {
  mnz_buffer out = {0};
  for (size_t i = 0; i < sizeof form->params / sizeof form->params[0] && form->params[i].name != NULL; i++)
    if (form->params[i].unit == MNZ_DIST_NUMBER)
      mnz_buffer_print(&out, "%s%s", out.length > 0 ? ", " : "", form->params[i].name);
  return keep(w, &out);
}

static void write_distributions(writer *w) {
  static const char *const columns[] = {"form", "without unit", "meaning", NULL};
  w->doc.help =
      "Arguments are quantities, as values in order or each behind its name: uniform(5 d, 9 d), "
      "lognormal(median 4 h, sigma 1.2). Those in [ ] may be left out. A plain quantity is a constant. "
      "A long text may be cut into a list of texts, which are read as one: (\"empirical(3 d, 5 d,\", \"9 "
      "d)\").";
  mnz_doc_table *table = add_table(w, "Forms", columns);
  size_t n;
  const mnz_dist_form *forms = mnz_distribution_forms(&n);
  for (size_t i = 0; i < n; i++) {
    mnz_buffer signature = {0};
    mnz_distribution_signature(&signature, &forms[i]);
    const char *form = keep(w, &signature);
    add_cells(w, table, form, plain_numbers(w, &forms[i]), forms[i].help);
  }
  add_cells(w, table, "discrete(5 d: 0.3, 10 d: 70 %)", "weights", "One of these values, by weight");
  add_cells(w, table, "empirical(3 d, 5 d, 9 d)", "",
            "One of these values, each equally likely; at most 200000 in all tables of a scenario");
  add_cells(
      w, table, "empirical('delays.csv', column 'days', unit 'd')", "",
      "The same with the numbers in a column of a CSV file beside the file that says it; empty cells are "
      "passed over. What explain prints and results files keep has the values themselves");
  add_cells(
      w, table, "trace('delays.csv', column 'days', unit 'd')", "",
      "Not drawn but played: the k-th value where the k-th would be drawn; the run fails when there are no "
      "more. Also trace(3 d, 5 d)");
  add_cells(w, table, "cycle(3 d, 5 d, 9 d)", "",
            "The same, beginning again after the last. Also with a file");
}

/* "node, element" of a variable over both. */
static const char *axes_of(writer *w, const mnz_variable *v) {
  static const char *const names[] = {
#define AXIS_NAME(id, name, text) name,
      MNZ_AXIS_LIST(AXIS_NAME)
#undef AXIS_NAME
  };
  mnz_buffer out = {0};
  for (int32_t i = 0; i < v->n_axes; i++)
    if (v->axes[i] != MNZ_AXIS_TIME) mnz_buffer_print(&out, "%s%s", i > 0 ? ", " : "", names[v->axes[i]]);
  return keep(w, &out);
}

static void write_measures(writer *w) {
  static const char *const columns[] = {"name", "by", "unit", "meaning", NULL};
  w->doc.help = "A results file has every measure once a replication, for each of what stands under \"by\"; "
                "in --until and "
                "--measures it is called fill_rate.Dy. Measures count from warm_up on. What a scenario has "
                "no use for (money, "
                "prices, flows) is not there.";
  mnz_result *shape = NULL;
  if ((w->status = mnz_describe_results(&shape, w->err)) != MNZ_OK) return;
  for (int series = 0; series < 2; series++) {
    mnz_doc_table *table = add_table(w, series ? "Series" : "Measures", columns);
    for (size_t k = 0; k < shape->n_variables; k++) {
      const mnz_variable *v = &shape->variables[k];
      mnz_doc_row *row = v->series == (series == 1) ? add_row(w, table, 0) : NULL;
      if (row == NULL) continue;
      row->cell[0] = v->name;
      row->cell[1] = axes_of(w, v);
      row->cell[2] = v->unit;
      row->cell[3] = v->long_name;
    }
  }
  mnz_result_free(shape);
}

/* ---- the public side ---- */

static const mnz_param *find_list(const char *topic) {
  for (const mnz_param *param = mnz_scenario_params; param->name != NULL; param++)
    if (param->type == MNZ_PARAM_LIST && strcmp(param->name, topic) == 0) return param;
  return NULL;
}

static mnz_status unknown_topic(const char *topic, mnz_error *err) {
  char quoted[MNZ_QUOTE_ROOM];
  const char *meant = mnz_quantity_meant(topic, topics, sizeof topics / sizeof topics[0] - 1);
  mnz_quantity_quote(topic, quoted);
  if (meant != NULL)
    return mnz_fail(err, MNZ_USAGE, NULL, "there is no topic %s; did you mean \"%s\"?", quoted, meant);
  return mnz_fail(err, MNZ_USAGE, NULL, "there is no topic %s; without one, describe lists them", quoted);
}

/* Fills the document; false if there is no such topic. `demand` is a list and a kind: the kind says more. */
static bool write_topic(writer *w, const char *topic) {
  const mnz_kind *kind = topic != NULL ? mnz_kind_find(topic) : NULL;
  const mnz_param *list = topic != NULL ? find_list(topic) : NULL;
  w->doc.topic = topic;
  if (topic == NULL)
    write_overview(w);
  else if (kind != NULL)
    write_kind(w, kind);
  else if (list != NULL)
    write_list(w, list);
  else if (strcmp(topic, "quantities") == 0)
    write_quantities(w);
  else if (strcmp(topic, "distributions") == 0)
    write_distributions(w);
  else if (strcmp(topic, "measures") == 0)
    write_measures(w);
  else
    return false;
  return true;
}

mnz_status mnz_describe(const char *topic, mnz_describe_format format, char **text, mnz_error *err) {
  writer w = {.err = err};
  *text = NULL;
  mnz_status status = mnz_arena_create(&w.arena, err);
  if (status != MNZ_OK) return status;
  status = write_topic(&w, topic) ? w.status : unknown_topic(topic, err);
  if (status == MNZ_OK) status = mnz_doc_print(&w.doc, format, text, err);
  for (size_t i = 0; i < w.doc.count; i++) free(w.doc.tables[i].rows);
  mnz_arena_free(w.arena);
  return status;
}
