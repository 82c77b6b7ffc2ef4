/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the result's named measures to the rows of the summary. */
#include "report/summary.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

/* Elements that planners look at first. */
static const char *const leading[] = {"Nd", "Pr", "Dy", "Tb", "Sm", "Gd", "Y"};
enum { LEADING = sizeof leading / sizeof *leading };

static size_t rank_of(const char *element) {
  size_t rank = 0;
  while (rank < LEADING && strcmp(element, leading[rank]) != 0) rank++;
  return rank;
}

void mnz_report_order_elements(const char *const *elements, size_t n, size_t *order) {
  size_t count = 0;
  for (size_t rank = 0; rank <= LEADING; rank++)
    for (size_t i = 0; i < n; i++)
      if (rank_of(elements[i]) == rank) order[count++] = i;
}

/* The measures that the summary is made of. */
typedef struct measures {
  const double *mined, *separated, *demanded, *delivered, *late, *shortfall; /* element; t */
  const double *stock_end, *usage_end;                                       /* element; t, t d-1 */
  const double *first_shortage;                                              /* element; d */
  const double *delivered_from;                                              /* element, origin; t */
  const double *node_demanded, *node_delivered, *node_late, *node_short;     /* node; t */
  const double *node_first_shortage;                                         /* node; d */
} measures;

/* second: MNZ_AXES when the measure has one axis only */
static mnz_status find(const mnz_result *result, const char *name, mnz_axis_id first, mnz_axis_id second,
                       const double **out, mnz_error *err) {
  const mnz_variable *v = mnz_result_find(result, name);
  const int32_t n_axes = second == MNZ_AXES ? 1 : 2;
  if (v == NULL || v->cell != MNZ_CELL_F8 || v->n_axes != n_axes || v->axes[0] != first ||
      (n_axes == 2 && v->axes[1] != second))
    return mnz_fail(err, MNZ_MODEL, name, "the result lacks this measure");
  *out = v->data;
  return MNZ_OK;
}

static mnz_status find_all(const mnz_result *result, measures *m, mnz_error *err) {
  const struct {
    const char *name;
    mnz_axis_id first, second;
    const double **out;
  } wanted[] = {
      {"mined", MNZ_AXIS_ELEMENT, MNZ_AXES, &m->mined},
      {"separated", MNZ_AXIS_ELEMENT, MNZ_AXES, &m->separated},
      {"demanded", MNZ_AXIS_ELEMENT, MNZ_AXES, &m->demanded},
      {"delivered", MNZ_AXIS_ELEMENT, MNZ_AXES, &m->delivered},
      {"delivered_late", MNZ_AXIS_ELEMENT, MNZ_AXES, &m->late},
      {"short", MNZ_AXIS_ELEMENT, MNZ_AXES, &m->shortfall},
      {"stock_end", MNZ_AXIS_ELEMENT, MNZ_AXES, &m->stock_end},
      {"usage_end", MNZ_AXIS_ELEMENT, MNZ_AXES, &m->usage_end},
      {"first_shortage", MNZ_AXIS_ELEMENT, MNZ_AXES, &m->first_shortage},
      {"delivered_from", MNZ_AXIS_ELEMENT, MNZ_AXIS_ORIGIN, &m->delivered_from},
      {"node_demanded", MNZ_AXIS_NODE, MNZ_AXES, &m->node_demanded},
      {"node_delivered", MNZ_AXIS_NODE, MNZ_AXES, &m->node_delivered},
      {"node_delivered_late", MNZ_AXIS_NODE, MNZ_AXES, &m->node_late},
      {"node_short", MNZ_AXIS_NODE, MNZ_AXES, &m->node_short},
      {"node_first_shortage", MNZ_AXIS_NODE, MNZ_AXES, &m->node_first_shortage},
  };
  mnz_status status = MNZ_OK;
  for (size_t i = 0; status == MNZ_OK && i < sizeof wanted / sizeof *wanted; i++)
    status = find(result, wanted[i].name, wanted[i].first, wanted[i].second, wanted[i].out, err);
  return status;
}

static double ratio(double part, double whole) {
  return whole > 0 ? part / whole : NAN;
}

static double fill_rate(const mnz_report_row *row) {
  return ratio(row->asked - row->late - row->shortfall, row->asked);
}

/* The sum of some elements as one row. */
static mnz_status sum_row(const mnz_report_data *data, const measures *m, const char *name,
                          const size_t *members, size_t count, mnz_report_row *row, mnz_error *err) {
  double *from = mnz_arena_alloc(data->arena, data->n_origins, sizeof *from, err);
  if (from == NULL) return MNZ_NO_MEMORY;
  *row = (mnz_report_row){.name = name, .first_shortage = NAN, .origin_share = from};
  double stock = 0;
  double usage = 0;
  for (size_t i = 0; i < count; i++) {
    const size_t e = members[i];
    row->mined += m->mined[e];
    row->separated += m->separated[e];
    row->asked += m->demanded[e];
    row->delivered += m->delivered[e];
    row->late += m->late[e];
    row->shortfall += m->shortfall[e];
    row->first_shortage = fmin(row->first_shortage, m->first_shortage[e]); /* passes over NaN */
    stock += m->stock_end[e];
    usage += m->usage_end[e];
    for (size_t o = 0; o < data->n_origins; o++) from[o] += m->delivered_from[e * data->n_origins + o];
  }
  row->fill_rate = fill_rate(row);
  row->cover = ratio(stock, usage);
  for (size_t o = 0; o < data->n_origins; o++) from[o] = ratio(from[o], row->delivered);
  return MNZ_OK;
}

/* Files a row where it belongs: asked for, or at least mined. */
static mnz_status add_group(mnz_report_data *data, const measures *m, const size_t *members, size_t count,
                            mnz_error *err) {
  const char *const *labels = data->result->labels[MNZ_AXIS_ELEMENT];
  const char *name =
      count == 1 ? labels[members[0]]
                 : mnz_arena_format(data->arena, err, "%s+%s", labels[members[0]], labels[members[1]]);
  if (name == NULL) return MNZ_NO_MEMORY;
  mnz_report_row row;
  const mnz_status status = sum_row(data, m, name, members, count, &row, err);
  if (status != MNZ_OK) return status;
  if (row.asked > 0) {
    data->elements[data->n_elements++] = row;
  } else if (row.mined > 0) {
    data->unasked[data->n_unasked++] = row;
  }
  return MNZ_OK;
}

/* How many of the next elements are one market: neodymium and praseodymium are, else each by itself. */
static size_t one_market(const char *const *labels, const size_t *next, size_t left) {
  return left > 1 && strcmp(labels[next[0]], "Nd") == 0 && strcmp(labels[next[1]], "Pr") == 0 ? 2 : 1;
}

static mnz_status gather_elements(mnz_report_data *data, const measures *m, mnz_error *err) {
  const size_t n = data->result->length[MNZ_AXIS_ELEMENT];
  const char *const *labels = data->result->labels[MNZ_AXIS_ELEMENT];
  size_t *order = mnz_arena_alloc(data->arena, n, sizeof *order, err);
  data->elements = mnz_arena_alloc(data->arena, n, sizeof *data->elements, err);
  data->unasked = mnz_arena_alloc(data->arena, n, sizeof *data->unasked, err);
  if (order == NULL || data->elements == NULL || data->unasked == NULL) return MNZ_NO_MEMORY;

  mnz_report_order_elements(labels, n, order);
  mnz_status status = MNZ_OK;
  size_t count;
  for (size_t i = 0; status == MNZ_OK && i < n; i += count) {
    count = one_market(labels, order + i, n - i);
    status = add_group(data, m, order + i, count, err);
  }
  return status;
}

static mnz_status gather_demands(mnz_report_data *data, const measures *m, mnz_error *err) {
  const size_t n = data->result->length[MNZ_AXIS_NODE];
  data->demands = mnz_arena_alloc(data->arena, n, sizeof *data->demands, err);
  if (data->demands == NULL) return MNZ_NO_MEMORY;
  for (size_t i = 0; i < n; i++) {
    if (isnan(m->node_demanded[i])) continue; /* not a demand */
    mnz_report_row row = {
        .name = data->result->labels[MNZ_AXIS_NODE][i],
        .asked = m->node_demanded[i],
        .delivered = m->node_delivered[i],
        .late = m->node_late[i],
        .shortfall = m->node_short[i],
        .first_shortage = m->node_first_shortage[i],
    };
    row.fill_rate = fill_rate(&row);
    data->demands[data->n_demands++] = row;
  }
  return MNZ_OK;
}

mnz_status mnz_report_gather(mnz_report_data *out, const mnz_scenario *scenario, const mnz_result *result,
                             mnz_error *err) {
  *out = (mnz_report_data){
      .scenario = scenario,
      .result = result,
      .n_origins = result->length[MNZ_AXIS_ORIGIN],
      .origins = result->labels[MNZ_AXIS_ORIGIN],
  };
  measures m;
  mnz_status status;
  if ((status = mnz_arena_create(&out->arena, err)) != MNZ_OK) return status;
  if ((status = find_all(result, &m, err)) != MNZ_OK) return status;
  if ((status = gather_elements(out, &m, err)) != MNZ_OK) return status;
  return gather_demands(out, &m, err);
}

void mnz_report_release(mnz_report_data *data) {
  mnz_arena_free(data->arena);
  data->arena = NULL;
}
