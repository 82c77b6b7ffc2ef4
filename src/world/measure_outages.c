/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures of what goes wrong, by disruption and by crew, exact over [warm_up, end). */
#include "monazite/calendar.h"
#include "world/host.h"

static double *add(mnz_result *result, const char *name, const char *text, const char *unit, mnz_worse worse,
                   mnz_axis_id axis, mnz_error *err) {
  double *cells = mnz_result_add(result, name, text, unit, MNZ_CELL_F8, 1, &axis, err);
  if (cells != NULL) result->variables[result->n_variables - 1].worse = worse;
  return cells;
}

static mnz_status add_disruptions(const mnz_replication *r, double time, mnz_result *result, mnz_error *err) {
  const mnz_axis_id axis = MNZ_AXIS_DISRUPTION;
  double *began = add(result, "outages", "outages that began", "count", MNZ_MORE_IS_WORSE, axis, err);
  double *down = add(result, "units_down", "units that were down, mean over time", "count", MNZ_MORE_IS_WORSE,
                     axis, err);
  double *up = add(result, "all_up", "share of time in which all its units were up", "1", MNZ_LESS_IS_WORSE,
                   axis, err);
  double *left = add(result, "capacity_left", "share of capacity that it left, mean over time", "1",
                     MNZ_LESS_IS_WORSE, axis, err);
  double *end = add(result, "capacity_left_end", "share of capacity that it left at the end", "1",
                    MNZ_LESS_IS_WORSE, axis, err);
  if (began == NULL || down == NULL || up == NULL || left == NULL || end == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < r->n_disruptions; i++) {
    mnz_disruption d = r->disruptions[i]; /* measuring changes nothing */
    mnz_disruption_settle(&d);
    began[i] = d.began;
    down[i] = d.down_units / time;
    up[i] = d.all_up / time;
    left[i] = 1 - d.lost / time;
    end[i] = 1 - mnz_disruption_loss(&d);
  }
  return MNZ_OK;
}

static mnz_status add_crews(const mnz_replication *r, double time, mnz_result *result, mnz_error *err) {
  const mnz_axis_id axis = MNZ_AXIS_CREW;
  double *busy = add(result, "crew_utilisation", "share of time that a member repaired", "1",
                     MNZ_NEITHER_IS_WORSE, axis, err);
  double *waiting = add(result, "crew_waiting", "repairs that waited for a member, mean over time", "count",
                        MNZ_MORE_IS_WORSE, axis, err);
  if (busy == NULL || waiting == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < r->n_crews; i++) {
    mnz_crew crew = r->crews[i];
    mnz_crew_settle(&crew, mnz_engine_now(r->engine));
    busy[i] = crew.busy_time / time / crew.spec->members;
    waiting[i] = crew.waiting_time / time;
  }
  return MNZ_OK;
}

static mnz_status add_destroyed(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  double *destroyed = add(result, "destroyed", "stock that outages destroyed at the facility", "t",
                          MNZ_MORE_IS_WORSE, MNZ_AXIS_NODE, err);
  if (destroyed == NULL) return MNZ_NO_MEMORY;
  for (int32_t node = 0; node < r->n_nodes; node++) destroyed[node] = TONNE * (double)r->destroyed[node];
  return MNZ_OK;
}

mnz_status mnz_measure_outages(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  const double time = (double)(r->scenario->horizon - r->scenario->counts_from);
  mnz_status status = MNZ_OK;
  if (r->n_disruptions > 0) status = add_disruptions(r, time, result, err);
  if (status == MNZ_OK && r->n_disruptions > 0) status = add_destroyed(r, result, err);
  if (status == MNZ_OK && r->n_crews > 0) status = add_crews(r, time, result, err);
  return status;
}
