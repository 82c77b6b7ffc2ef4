/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/batch_summary.h"

#include <math.h>

#include "monazite/calendar.h"
#include "report/json.h"

/* A NULL value makes the whole NULL, as json_pack does. */
static json_t *set(json_t *object, const char *key, json_t *value) {
  if (object != NULL && json_object_set_new(object, key, value) == 0) return object;
  json_decref(object);
  return NULL;
}

static json_t *interval(double low, double high) {
  return json_pack("[o, o]", mnz_report_json_number(low), mnz_report_json_number(high));
}

static json_t *figure(const mnz_report_figure *f) {
  const double *at = f->at;
  return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "count",
                   (json_int_t)(isnan(at[MNZ_STATISTIC_COUNT]) ? 0 : at[MNZ_STATISTIC_COUNT]), "mean",
                   mnz_report_json_number(at[MNZ_STATISTIC_MEAN]), "half_width",
                   mnz_report_json_number(at[MNZ_STATISTIC_HALF_WIDTH]), "mean_interval",
                   interval(at[MNZ_STATISTIC_MEAN_LOW], at[MNZ_STATISTIC_MEAN_HIGH]), "q05",
                   mnz_report_json_number(at[MNZ_STATISTIC_Q05]), "q05_interval",
                   interval(at[MNZ_STATISTIC_Q05_LOW], at[MNZ_STATISTIC_Q05_HIGH]), "q50",
                   mnz_report_json_number(at[MNZ_STATISTIC_Q50]), "q50_interval",
                   interval(at[MNZ_STATISTIC_Q50_LOW], at[MNZ_STATISTIC_Q50_HIGH]), "q95",
                   mnz_report_json_number(at[MNZ_STATISTIC_Q95]), "q95_interval",
                   interval(at[MNZ_STATISTIC_Q95_LOW], at[MNZ_STATISTIC_Q95_HIGH]), "cvar",
                   mnz_report_json_number(at[MNZ_STATISTIC_CVAR]), "cvar_half_width",
                   mnz_report_json_number(at[MNZ_STATISTIC_CVAR_HALF_WIDTH]));
}

static json_t *first_shortage(const mnz_report_batch_data *data, const mnz_report_figure *f) {
  const double *at = f->at;
  return json_pack("{s:I, s:o, s:[o, o]}", "count",
                   (json_int_t)(isnan(at[MNZ_STATISTIC_COUNT]) ? 0 : at[MNZ_STATISTIC_COUNT]), "median",
                   mnz_report_json_date(data->scenario, at[MNZ_STATISTIC_Q50]), "median_interval",
                   mnz_report_json_date(data->scenario, at[MNZ_STATISTIC_Q50_LOW]),
                   mnz_report_json_date(data->scenario, at[MNZ_STATISTIC_Q50_HIGH]));
}

static json_t *demand(const mnz_report_batch_data *data, size_t i) {
  const mnz_report_batch_row *row = &data->demands[i];
  return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "node", row->name, "any_shortage",
                   mnz_report_json_number(row->any_shortage.share), "any_shortage_interval",
                   interval(row->any_shortage.low, row->any_shortage.high), "first_shortage",
                   first_shortage(data, &row->first_shortage), "asked_t", figure(&row->asked), "late_t",
                   figure(&row->late), "short_t", figure(&row->shortfall), "fill_rate",
                   figure(&row->fill_rate));
}

static json_t *shortage_by(const mnz_report_batch_data *data, const mnz_report_batch_row *row) {
  json_t *all = json_array();
  for (size_t d = 0; d < data->n_dates; d++) {
    const mnz_report_chance *c = &row->shortage_by[d];
    all = mnz_report_json_append(all, json_pack("{s:o, s:o, s:o}", "date",
                                                mnz_report_json_date(data->scenario, data->dates[d]),
                                                "any_shortage", mnz_report_json_number(c->share),
                                                "any_shortage_interval", interval(c->low, c->high)));
  }
  return all;
}

static json_t *element(const mnz_report_batch_data *data, size_t i) {
  const mnz_report_batch_row *row = &data->elements[i];
  json_t *origins = json_object();
  for (size_t o = 0; o < data->n_origins; o++)
    origins = set(origins, data->origins[o], figure(&row->origin_share[o]));
  return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "element", row->name,
                   "any_shortage", mnz_report_json_number(row->any_shortage.share), "any_shortage_interval",
                   interval(row->any_shortage.low, row->any_shortage.high), "first_shortage",
                   first_shortage(data, &row->first_shortage), "asked_t", figure(&row->asked), "late_t",
                   figure(&row->late), "short_t", figure(&row->shortfall), "fill_rate",
                   figure(&row->fill_rate), "cover_d", figure(&row->cover), "origin_share", origins,
                   "any_shortage_by", shortage_by(data, row));
}

static json_t *facility(const mnz_report_batch_data *data, size_t i) {
  json_t *shares = json_object();
  for (size_t s = 0; s < data->n_states; s++)
    shares = set(shares, data->states[s], mnz_report_json_number(data->facilities[i].share[s]));
  return json_pack("{s:s, s:o}", "node", data->facilities[i].name, "state_share", shares);
}

static json_t *sum(const mnz_report_batch_sum *s) {
  return json_pack("{s:s, s:s, s:s, s:o}", "measure", s->measure, "of", s->label, "shown_as", s->words,
                   "figure", figure(&s->figure));
}

/* Under `key`, if there are any. */
static json_t *set_sums(json_t *root, const char *key, const mnz_report_batch_sums *sums) {
  if (sums->count == 0) return root;
  json_t *all = json_array();
  for (size_t i = 0; i < sums->count; i++) all = mnz_report_json_append(all, sum(&sums->at[i]));
  return set(root, key, all);
}

static json_t *aim(const mnz_report_batch_data *data, size_t i) {
  const mnz_aim *a = &data->facts->aims[i];
  const mnz_aim_state *state = &data->facts->states[i];
  return json_pack("{s:s, s:s, s:o, s:b, s:I, s:o, s:o, s:b, s:b}", "measure", a->name, "unit",
                   mnz_report_aim_unit(data->summary, a), "aimed_half_width",
                   mnz_report_json_number(a->width), "relative", a->relative, "count",
                   (json_int_t)state->count, "mean", mnz_report_json_number(state->mean), "half_width",
                   mnz_report_json_number(state->half_width), "reached", state->reached, "deciding",
                   data->facts->deciding == i);
}

static json_t *list(const mnz_report_batch_data *data, size_t count,
                    json_t *(*one)(const mnz_report_batch_data *, size_t)) {
  json_t *all = json_array();
  for (size_t i = 0; i < count; i++) all = mnz_report_json_append(all, one(data, i));
  return all;
}

static json_t *first_failure(const mnz_report_batch_data *data) {
  if (data->facts->failure == NULL) return json_null();
  return json_pack("{s:I, s:s}", "replication", (json_int_t)data->facts->first_failed, "message",
                   data->facts->failure);
}

static json_t *everything(const mnz_report_batch_data *data, const char *headline) {
  const mnz_scenario *s = data->scenario;
  const mnz_summary *sum = data->summary;
  char start[32];
  char end[32];
  char from[32];
  return json_pack(
      "{s:s, s:s, s:s, s:s, s:s, s:s, s:s?, s:I, s:I, s:o, s:f, s:s, s:o, s:o, s:o, s:s, s:o, s:s?}", "title",
      mnz_scenario_title(s), "question", mnz_scenario_question(s), "start",
      mnz_moment_format(mnz_scenario_start(s), start), "end", mnz_moment_format(mnz_scenario_end(s), end),
      "measured_from", mnz_moment_format(mnz_scenario_measured_from(s), from), "seed", mnz_scenario_seed(s),
      "focus", mnz_scenario_focus(s), "replications", (json_int_t)sum->replications, "failed",
      (json_int_t)sum->failed, "first_failure", first_failure(data), "confidence", sum->confidence,
      "interval", sum->interval == MNZ_INTERVAL_STUDENT ? "student" : "bootstrap", "elements",
      list(data, data->n_elements, element), "demand", list(data, data->n_demands, demand), "facilities",
      list(data, data->n_facilities, facility), "headline", headline, "aims",
      list(data, data->facts->n_aims, aim), "ended", data->facts->ended);
}

mnz_status mnz_report_batch_write_json(char **text, const mnz_report_batch_data *data, mnz_error *err) {
  mnz_buffer headline = {0};
  mnz_report_batch_headline(&headline, data);
  json_t *root = headline.failed ? NULL : everything(data, headline.at);
  root = set_sums(root, "money", &data->money);
  root = set_sums(root, "regimes", &data->regimes);
  mnz_buffer_free(&headline);
  return mnz_report_json_write(text, root, err);
}
