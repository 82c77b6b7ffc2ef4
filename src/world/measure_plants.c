/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures of what mines, plants and makers count themselves (domain/counts.h): since the start, or since the
 * warm-up. */
#include <math.h>

#include "monazite/calendar.h"
#include "world/replication_internal.h"

static double *add(mnz_result *result, const char *name, const char *text, const char *unit, mnz_worse worse,
                   int32_t n_axes, const mnz_axis_id *axes, mnz_error *err) {
  double *cells = mnz_result_add(result, name, text, unit, MNZ_CELL_F8, n_axes, axes, err);
  if (cells != NULL) result->variables[result->n_variables - 1].worse = worse;
  return cells;
}

/* --- by element, over all nodes --- */

static mnz_status add_elements(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  static const struct {
    mnz_element_count count;
    mnz_worse worse;
    const char *name, *text;
  } measures[] = {
      {MNZ_COUNT_ASSAYED, MNZ_NEITHER_IS_WORSE, "assayed",
       "in what was dug, as the mines' assays had it; compare with what was mined"},
      {MNZ_COUNT_REJECTED, MNZ_NEITHER_IS_WORSE, "rejected",
       "thrown away by a rule of a separation rather than lost by a circuit"},
      {MNZ_COUNT_RETURNED, MNZ_LESS_IS_WORSE, "returned", "collected at the end of its service life"},
  };
  static const mnz_axis_id axis[] = {MNZ_AXIS_ELEMENT};
  for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
    double *cells = add(result, measures[i].name, measures[i].text, "t", measures[i].worse, 1, axis, err);
    if (cells == NULL) return MNZ_NO_MEMORY;
    for (int32_t node = 0; node < r->n_nodes; node++) {
      const mnz_mass *of = r->sites[node].counts.by_element[measures[i].count];
      for (int32_t e = 0; e < r->scenario->catalog.elements.count; e++) cells[e] += TONNE * (double)of[e];
    }
  }
  return MNZ_OK;
}

/* At the end, whatever the warm-up. */
static mnz_status add_in_use(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  static const mnz_axis_id axis[] = {MNZ_AXIS_ELEMENT};
  const mnz_catalog *c = &r->scenario->catalog;
  double *cells = add(result, "in_use_end", "delivered and in service at the end, of what comes back one day",
                      "t", MNZ_NEITHER_IS_WORSE, 1, axis, err);
  if (cells == NULL) return MNZ_NO_MEMORY;
  for (int32_t node = 0; node < r->n_nodes; node++) {
    const mnz_flows *f = &r->scenario->flows[node];
    if (f->asks_of < 0) continue;
    const mnz_mass *use =
        mnz_ledger_held(&r->ledger, mnz_ledger_slot(&r->ledger, node, f->asks_for), MNZ_PLACE_USE);
    for (int32_t k = 0; k < c->n_components; k++)
      cells[mnz_component_element(c, k)] += TONNE * (double)use[k];
  }
  return MNZ_OK;
}

/* --- by node --- */

static double days_capped(const mnz_counts *counts, mnz_time end) {
  const mnz_time open = counts->capped_since == MNZ_NEVER ? 0 : end - counts->capped_since;
  return (double)(counts->of[MNZ_COUNT_CAPPED] + open) / (double)MNZ_US_PER_DAY;
}

static mnz_status add_nodes(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  static const mnz_axis_id axis[] = {MNZ_AXIS_NODE};
  double *off =
      add(result, "off_spec", "out of its specification's window", "t", MNZ_MORE_IS_WORSE, 1, axis, err);
  double *changes = add(result, "campaign_changes", "campaigns that followed another one", "count",
                        MNZ_NEITHER_IS_WORSE, 1, axis, err);
  double *capped = add(result, "days_capped", "time for which its licence held the plant up", "d",
                       MNZ_MORE_IS_WORSE, 1, axis, err);
  double *saved = add(result, "thrift_saved", "mass of inputs that thrift saved", "t", MNZ_NEITHER_IS_WORSE,
                      1, axis, err);
  if (off == NULL || changes == NULL || capped == NULL || saved == NULL) return MNZ_NO_MEMORY;
  for (int32_t node = 0; node < r->n_nodes; node++) {
    const mnz_counts *counts = &r->sites[node].counts;
    off[node] = TONNE * (double)counts->of[MNZ_COUNT_OFF_SPEC];
    changes[node] = (double)counts->of[MNZ_COUNT_CHANGES];
    capped[node] = days_capped(counts, r->scenario->horizon);
    saved[node] = TONNE * (double)counts->of[MNZ_COUNT_SAVED];
  }
  return MNZ_OK;
}

static mnz_status add_recovery(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  static const mnz_axis_id axes[] = {MNZ_AXIS_NODE, MNZ_AXIS_ELEMENT};
  double *cells = add(result, "recovery", "share of each element worked off that came out in good products",
                      "1", MNZ_LESS_IS_WORSE, 2, axes, err);
  if (cells == NULL) return MNZ_NO_MEMORY;
  const int32_t n = r->scenario->catalog.elements.count;
  for (int32_t node = 0; node < r->n_nodes; node++) {
    const mnz_counts *counts = &r->sites[node].counts;
    for (int32_t e = 0; e < n; e++) {
      const double fed = (double)counts->by_element[MNZ_COUNT_FED][e];
      cells[node * n + e] = fed > 0 ? (double)counts->by_element[MNZ_COUNT_MADE][e] / fed : NAN;
    }
  }
  return MNZ_OK;
}

mnz_status mnz_measure_plants(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  mnz_status status = add_elements(r, result, err);
  if (status == MNZ_OK) status = add_in_use(r, result, err);
  if (status == MNZ_OK) status = add_nodes(r, result, err);
  return status != MNZ_OK ? status : add_recovery(r, result, err);
}
