/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures of regimes, of what happened in [warm_up, end). There are none of a scenario without any. */
#include <math.h>

#include "world/host.h"

static double *add(mnz_result *result, const char *name, const char *text, const char *unit, mnz_worse worse,
                   int32_t n_axes, mnz_error *err) {
  static const mnz_axis_id axes[] = {MNZ_AXIS_REGIME, MNZ_AXIS_RULE};
  double *cells = mnz_result_add(result, name, text, unit, MNZ_CELL_F8, n_axes, axes, err);
  if (cells != NULL) result->variables[result->n_variables - 1].worse = worse;
  return cells;
}

static mnz_status add_states(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  const mnz_time end = r->scenario->horizon;
  const double whole = (double)(end - r->scenario->counts_from);
  double *share = add(result, "regime_share", "share of time that the regime was in each state", "1",
                      MNZ_NEITHER_IS_WORSE, 2, err);
  double *changes =
      add(result, "regime_changes", "changes of its state", "count", MNZ_NEITHER_IS_WORSE, 1, err);
  if (share == NULL || changes == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < r->n_regimes; i++) {
    const mnz_regime *g = &r->regimes[i];
    for (int32_t k = 0; k < MNZ_RULES; k++) {
      const mnz_time now = k == (int32_t)g->rule ? end - g->since : 0;
      share[i * MNZ_RULES + k] = (double)(g->tally.time_in[k] + now) / whole;
    }
    changes[i] = (double)g->tally.changes;
  }
  return MNZ_OK;
}

static mnz_status add_licences(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  const mnz_time end = r->scenario->horizon;
  const double whole = (double)(end - r->scenario->counts_from);
  double *applied =
      add(result, "licence_applications", "applications for licences", "count", MNZ_NEITHER_IS_WORSE, 1, err);
  double *approved = add(result, "licence_approvals", "licences granted", "count", MNZ_LESS_IS_WORSE, 1, err);
  double *refused = add(result, "licence_refusals", "licences refused", "count", MNZ_MORE_IS_WORSE, 1, err);
  double *wait = add(result, "licence_wait", "mean time from an application to its answer", "d",
                     MNZ_MORE_IS_WORSE, 1, err);
  double *queue = add(result, "licence_queue", "applications without an answer, on average over time",
                      "count", MNZ_MORE_IS_WORSE, 1, err);
  double *left = add(result, "licence_queue_end", "applications without an answer at the end", "count",
                     MNZ_MORE_IS_WORSE, 1, err);
  if (applied == NULL || approved == NULL || refused == NULL || wait == NULL || queue == NULL || left == NULL)
    return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < r->n_regimes; i++) {
    const mnz_regime *g = &r->regimes[i];
    const mnz_regime_tally *t = &g->tally;
    const double answers = (double)(t->approvals + t->refusals);
    applied[i] = (double)t->applications;
    approved[i] = (double)t->approvals;
    refused[i] = (double)t->refusals;
    wait[i] = answers > 0 ? t->waited / answers / (double)MNZ_US_PER_DAY : NAN;
    queue[i] = (t->queue_area + (double)g->waiting * (double)(end - g->queue_since)) / whole;
    left[i] = (double)g->waiting;
  }
  return MNZ_OK;
}

static mnz_status add_masses(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  double *quota =
      add(result, "quota_used", "sent under quotas, in what they count", "t", MNZ_NEITHER_IS_WORSE, 1, err);
  double *duty =
      add(result, "sent_under_tariff", "sent while a tariff was paid", "t", MNZ_NEITHER_IS_WORSE, 1, err);
  double *held = add(result, "held_back_end", "ordered or ready to be sent and not permitted, at the end",
                     "t", MNZ_MORE_IS_WORSE, 1, err);
  if (quota == NULL || duty == NULL || held == NULL) return MNZ_NO_MEMORY;
  for (int32_t i = 0; i < r->n_regimes; i++) {
    quota[i] = TONNE * r->regimes[i].tally.quota_used;
    duty[i] = TONNE * r->regimes[i].tally.duty_mass;
    held[i] = TONNE * (double)mnz_host_regime_holds(r, i);
  }
  return MNZ_OK;
}

mnz_status mnz_measure_regimes(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  if (r->n_regimes == 0) return MNZ_OK;
  mnz_status status = add_states(r, result, err);
  if (status == MNZ_OK) status = add_licences(r, result, err);
  return status != MNZ_OK ? status : add_masses(r, result, err);
}
