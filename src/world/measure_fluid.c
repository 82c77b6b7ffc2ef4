/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures of the nodes that flow, from the warm-up on; undefined for all others, and not there when nothing
 * flows. What a node wanted is its capacity of the day times what disruptions left of it. */
#include <math.h>

#include "monazite/calendar.h"
#include "world/replication_internal.h"

static const struct {
  const char *name, *unit;
  mnz_worse worse;
  bool first_time;
  const char *text;
} table[] = {
    {"flow_rate", "t d-1", MNZ_LESS_IS_WORSE, false, "mean rate at which mass flowed through this node"},
    {"flow_unmet", "1", MNZ_MORE_IS_WORSE, false,
     "share of what its capacity could have taken that did not flow, for want of feed or of room"},
    {"flow_first_lack", "d", MNZ_LESS_IS_WORSE, true,
     "days from the start to when it was first slowed for want of feed"},
};
enum { RATE, UNMET, FIRST_LACK, N };

mnz_status mnz_measure_fluid(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  static const mnz_axis_id axis[] = {MNZ_AXIS_NODE};
  double *to[N];
  if (r->fluid.n == 0) return MNZ_OK;
  for (size_t i = 0; i < N; i++) {
    to[i] = mnz_result_add(result, table[i].name, table[i].text, table[i].unit, MNZ_CELL_F8, 1, axis, err);
    if (to[i] == NULL) return MNZ_NO_MEMORY;
    mnz_variable *added = &result->variables[result->n_variables - 1];
    added->worse = table[i].worse;
    added->first_time = table[i].first_time;
    if (added->first_time) added->given = "flow_rate";
  }
  const double time = (double)(r->scenario->horizon - r->scenario->counts_from);
  for (int32_t node = 0; node < r->n_nodes; node++) {
    for (size_t i = 0; i < N; i++) to[i][node] = NAN;
    const mnz_fluid_node *f = r->sites[node].fluid;
    if (f == NULL) continue;
    const mnz_fluid_tally *before = &r->baseline.fluid[node];
    const double moved = (double)(f->tally.moved - before->moved);
    const double wanted = f->tally.wanted - before->wanted;
    to[RATE][node] = TONNE * moved / time * (double)MNZ_US_PER_DAY;
    if (wanted > 0) to[UNMET][node] = fmax(0, 1 - moved / wanted);
    if (f->first_lack != MNZ_NEVER) to[FIRST_LACK][node] = (double)f->first_lack / (double)MNZ_US_PER_DAY;
  }
  return MNZ_OK;
}
