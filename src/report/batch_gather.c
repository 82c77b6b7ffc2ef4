/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the statistics of the named measures to the rows of the summary of a batch. */
#include "report/batch_summary.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "monazite/calendar.h"

static const double TROUBLE = 0.01; /* the share of time from which on it is worth a line */

typedef struct measure {
  const mnz_summary_variable *of;
  size_t cells;
} measure;

/* The measures that the summary is made of. */
typedef struct measures {
  measure demanded, late, shortfall, fill_rate, cover, first_shortage; /* element */
  measure origin_share;                                                /* element, origin */
  measure node_demanded, node_late, node_short, node_fill_rate, node_first_shortage;
  measure state_share; /* node, state */
} measures;

/* second: MNZ_AXES when the measure has one axis only */
static mnz_status find(const mnz_summary *summary, const char *name, mnz_axis_id first, mnz_axis_id second,
                       measure *out, mnz_error *err) {
  const mnz_variable *v = mnz_result_find(summary->shape, name);
  const int32_t n_axes = second == MNZ_AXES ? 1 : 2;
  if (v == NULL || v->n_axes != n_axes || v->axes[0] != first || (n_axes == 2 && v->axes[1] != second))
    return mnz_fail(err, MNZ_MODEL, name, "the result lacks this measure");
  out->of = &summary->variables[v - summary->shape->variables];
  out->cells = mnz_result_cells(summary->shape, v);
  return MNZ_OK;
}

static mnz_status find_all(const mnz_summary *summary, measures *m, mnz_error *err) {
  const struct {
    const char *name;
    mnz_axis_id first, second;
    measure *out;
  } wanted[] = {
      {"demanded", MNZ_AXIS_ELEMENT, MNZ_AXES, &m->demanded},
      {"delivered_late", MNZ_AXIS_ELEMENT, MNZ_AXES, &m->late},
      {"short", MNZ_AXIS_ELEMENT, MNZ_AXES, &m->shortfall},
      {"fill_rate", MNZ_AXIS_ELEMENT, MNZ_AXES, &m->fill_rate},
      {"days_of_cover_end", MNZ_AXIS_ELEMENT, MNZ_AXES, &m->cover},
      {"first_shortage", MNZ_AXIS_ELEMENT, MNZ_AXES, &m->first_shortage},
      {"origin_share", MNZ_AXIS_ELEMENT, MNZ_AXIS_ORIGIN, &m->origin_share},
      {"node_demanded", MNZ_AXIS_NODE, MNZ_AXES, &m->node_demanded},
      {"node_delivered_late", MNZ_AXIS_NODE, MNZ_AXES, &m->node_late},
      {"node_short", MNZ_AXIS_NODE, MNZ_AXES, &m->node_short},
      {"node_fill_rate", MNZ_AXIS_NODE, MNZ_AXES, &m->node_fill_rate},
      {"node_first_shortage", MNZ_AXIS_NODE, MNZ_AXES, &m->node_first_shortage},
      {"state_share", MNZ_AXIS_NODE, MNZ_AXIS_STATE, &m->state_share},
  };
  mnz_status status = MNZ_OK;
  for (size_t i = 0; status == MNZ_OK && i < sizeof wanted / sizeof *wanted; i++)
    status = find(summary, wanted[i].name, wanted[i].first, wanted[i].second, wanted[i].out, err);
  return status;
}

static double statistic(const measure *m, mnz_statistic which, size_t cell) {
  return m->of->statistics != NULL ? m->of->statistics[(size_t)which * m->cells + cell] : NAN;
}

static mnz_report_figure figure(const measure *m, size_t cell) {
  mnz_report_figure f;
  for (int s = 0; s < MNZ_STATISTICS; s++) f.at[s] = statistic(m, (mnz_statistic)s, cell);
  return f;
}

/* A first time is defined where it happens. */
static mnz_report_chance chance(const measure *m, size_t cell) {
  return (mnz_report_chance){.share = statistic(m, MNZ_STATISTIC_SHARE, cell),
                             .low = statistic(m, MNZ_STATISTIC_SHARE_LOW, cell),
                             .high = statistic(m, MNZ_STATISTIC_SHARE_HIGH, cell)};
}

/* --- the ends of years --- */

/* As on the time axis. */
static double days_until(const mnz_report_batch_data *data, int64_t moment) {
  return (double)(moment - mnz_scenario_start(data->scenario)) / (double)MNZ_US_PER_DAY;
}

/* The last time that is observed up to the moment; the length of the axis if there is none. */
static size_t time_before(const mnz_report_batch_data *data, int64_t moment) {
  const mnz_result *shape = data->summary->shape;
  size_t after = 0;
  while (after < shape->length[MNZ_AXIS_TIME] && shape->time[after] <= days_until(data, moment)) after++;
  return after > 0 ? after - 1 : shape->length[MNZ_AXIS_TIME];
}

/* The first of January after the moment, or the end of the run. */
static int64_t end_of_year(const mnz_report_batch_data *data, int64_t moment) {
  const int64_t january = mnz_moment_add_months(mnz_moment_year_start(moment), 12);
  const int64_t end = mnz_scenario_end(data->scenario);
  return january < end ? january : end;
}

/* Their places on the time axis into `places`, the dates into the data. A year that the axis passes over, or
 * that ends before measures count, has none. */
static mnz_status gather_dates(mnz_report_batch_data *data, size_t **places, mnz_error *err) {
  const mnz_result *shape = data->summary->shape;
  const size_t n = shape->length[MNZ_AXIS_TIME];
  const int64_t start = mnz_scenario_start(data->scenario);
  const int64_t end = mnz_scenario_end(data->scenario);
  const double counts_from = days_until(data, mnz_scenario_measured_from(data->scenario));
  *places = mnz_arena_alloc(data->arena, n, sizeof **places, err);
  data->dates = mnz_arena_alloc(data->arena, n, sizeof *data->dates, err);
  if (*places == NULL || data->dates == NULL) return MNZ_NO_MEMORY;
  for (int64_t begin = start; begin < end; begin = end_of_year(data, begin)) {
    const size_t place = time_before(data, end_of_year(data, begin));
    if (place == n || shape->time[place] <= days_until(data, begin) || shape->time[place] < counts_from)
      continue;
    (*places)[data->n_dates] = place;
    data->dates[data->n_dates++] = shape->time[place];
  }
  return MNZ_OK;
}

static mnz_status gather_shortage_by(const mnz_report_batch_data *data, const measures *m,
                                     const size_t *places, size_t element, mnz_report_batch_row *row,
                                     mnz_error *err) {
  const mnz_summary_variable *first = m->first_shortage.of;
  const size_t n = data->summary->shape->length[MNZ_AXIS_TIME];
  row->shortage_by = mnz_arena_alloc(data->arena, data->n_dates, sizeof *row->shortage_by, err);
  if (row->shortage_by == NULL) return MNZ_NO_MEMORY;
  for (size_t d = 0; d < data->n_dates; d++) {
    const size_t at = element * n + places[d];
    row->shortage_by[d] = first->survival == NULL ? (mnz_report_chance){NAN, NAN, NAN}
                                                  : (mnz_report_chance){.share = 1 - first->survival[at],
                                                                        .low = 1 - first->survival_high[at],
                                                                        .high = 1 - first->survival_low[at]};
  }
  return MNZ_OK;
}

/* --- rows --- */

static mnz_status add_element(mnz_report_batch_data *data, const measures *m, const size_t *places,
                              size_t element, mnz_error *err) {
  if (!(statistic(&m->demanded, MNZ_STATISTIC_MEAN, element) > 0)) return MNZ_OK; /* not asked for */
  mnz_report_batch_row *row = &data->elements[data->n_elements++];
  *row = (mnz_report_batch_row){
      .name = data->summary->shape->labels[MNZ_AXIS_ELEMENT][element],
      .any_shortage = chance(&m->first_shortage, element),
      .first_shortage = figure(&m->first_shortage, element),
      .asked = figure(&m->demanded, element),
      .late = figure(&m->late, element),
      .shortfall = figure(&m->shortfall, element),
      .fill_rate = figure(&m->fill_rate, element),
      .cover = figure(&m->cover, element),
      .origin_share = mnz_arena_alloc(data->arena, data->n_origins, sizeof *row->origin_share, err),
  };
  if (row->origin_share == NULL) return MNZ_NO_MEMORY;
  for (size_t o = 0; o < data->n_origins; o++)
    row->origin_share[o] = figure(&m->origin_share, element * data->n_origins + o);
  return gather_shortage_by(data, m, places, element, row, err);
}

static mnz_status gather_elements(mnz_report_batch_data *data, const measures *m, const size_t *places,
                                  mnz_error *err) {
  const size_t n = data->summary->shape->length[MNZ_AXIS_ELEMENT];
  const char *const *labels = data->summary->shape->labels[MNZ_AXIS_ELEMENT];
  size_t *order = mnz_arena_alloc(data->arena, n, sizeof *order, err);
  data->elements = mnz_arena_alloc(data->arena, n, sizeof *data->elements, err);
  if (order == NULL || data->elements == NULL) return MNZ_NO_MEMORY;
  mnz_report_order_elements(labels, n, order);
  mnz_status status = MNZ_OK;
  for (size_t i = 0; status == MNZ_OK && i < n; i++) status = add_element(data, m, places, order[i], err);
  return status;
}

static mnz_status gather_demands(mnz_report_batch_data *data, const measures *m, mnz_error *err) {
  const size_t n = data->summary->shape->length[MNZ_AXIS_NODE];
  data->demands = mnz_arena_alloc(data->arena, n, sizeof *data->demands, err);
  if (data->demands == NULL) return MNZ_NO_MEMORY;
  for (size_t i = 0; i < n; i++) {
    if (isnan(statistic(&m->node_demanded, MNZ_STATISTIC_MEAN, i))) continue; /* not a demand */
    data->demands[data->n_demands++] = (mnz_report_batch_row){
        .name = data->summary->shape->labels[MNZ_AXIS_NODE][i],
        .any_shortage = chance(&m->node_first_shortage, i),
        .first_shortage = figure(&m->node_first_shortage, i),
        .asked = figure(&m->node_demanded, i),
        .late = figure(&m->node_late, i),
        .shortfall = figure(&m->node_short, i),
        .fill_rate = figure(&m->node_fill_rate, i),
    };
  }
  return MNZ_OK;
}

static bool is_trouble(const char *state) {
  return strcmp(state, "up") != 0 && strcmp(state, "idle") != 0;
}

/* Worst first; equal ones in the order of the nodes. */
static void insert(mnz_report_batch_data *data, const mnz_report_facility *facility) {
  size_t at = data->n_facilities++;
  for (; at > 0 && data->facilities[at - 1].trouble < facility->trouble; at--)
    data->facilities[at] = data->facilities[at - 1];
  data->facilities[at] = *facility;
}

static mnz_status gather_facilities(mnz_report_batch_data *data, const measures *m, mnz_error *err) {
  const size_t n = data->summary->shape->length[MNZ_AXIS_NODE];
  data->facilities = mnz_arena_alloc(data->arena, n, sizeof *data->facilities, err);
  if (data->facilities == NULL) return MNZ_NO_MEMORY;
  for (size_t i = 0; i < n; i++) {
    mnz_report_facility f = {.name = data->summary->shape->labels[MNZ_AXIS_NODE][i]};
    f.share = mnz_arena_alloc(data->arena, data->n_states, sizeof *f.share, err);
    if (f.share == NULL) return MNZ_NO_MEMORY;
    for (size_t s = 0; s < data->n_states; s++) {
      f.share[s] = statistic(&m->state_share, MNZ_STATISTIC_MEAN, i * data->n_states + s);
      if (is_trouble(data->states[s])) f.trouble += f.share[s];
    }
    if (f.trouble > TROUBLE) insert(data, &f);
  }
  return MNZ_OK;
}

mnz_status mnz_report_batch_gather(mnz_report_batch_data *out, const mnz_scenario *scenario,
                                   const mnz_summary *summary, const mnz_batch_facts *facts, mnz_error *err) {
  const mnz_result *shape = summary->shape;
  *out = (mnz_report_batch_data){
      .scenario = scenario,
      .summary = summary,
      .facts = facts,
      .sound = summary->replications - summary->failed,
      .n_origins = shape->length[MNZ_AXIS_ORIGIN],
      .origins = shape->labels[MNZ_AXIS_ORIGIN],
      .n_states = shape->length[MNZ_AXIS_STATE],
      .states = shape->labels[MNZ_AXIS_STATE],
  };
  measures m;
  size_t *places;
  mnz_status status;
  if ((status = mnz_arena_create(&out->arena, err)) != MNZ_OK) return status;
  if ((status = find_all(summary, &m, err)) != MNZ_OK) return status;
  if ((status = gather_dates(out, &places, err)) != MNZ_OK) return status;
  if ((status = gather_elements(out, &m, places, err)) != MNZ_OK) return status;
  if ((status = gather_demands(out, &m, err)) != MNZ_OK) return status;
  if ((status = gather_facilities(out, &m, err)) != MNZ_OK) return status;
  return mnz_report_batch_gather_sums(out, err);
}

void mnz_report_batch_release(mnz_report_batch_data *data) {
  mnz_arena_free(data->arena);
  data->arena = NULL;
}
