/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures of contracts, of what happened in [warm_up, end); the period under way at the end counts as far as
 * it has come. */
#include "monazite/calendar.h"
#include "world/contracts.h"
#include "world/measure.h"

static const mnz_measure measures[] = {
    {"contract_delivered", "t", LESS, false, "shipped under the contract"},
    {"contract_due", "t", NEITHER, false, "what the buyer had to take"},
    {"contract_owed", "t", MORE, false, "of it, ordered and not shipped when its period ended"},
    {"contract_untaken", "t", MORE, false, "of it, not ordered when its period ended"},
    {"contract_paid_untaken", "USD", MORE, false, "paid for what was not taken"},
    {"contract_damages", "USD", MORE, false, "paid by the seller for what was owed"},
    {"contract_above_floor", "USD", NEITHER, false, "revenue above the floor of the price"},
    {"contract_floor_paid", "USD", NEITHER, false, "what the floor added to the price, in all"},
    {"contract_returned", "USD", NEITHER, false, "returned to the buyer of a high price"},
    {"contract_suspended", "d", MORE, false, "time of force majeure"},
};
enum { N_MEASURES = sizeof measures / sizeof measures[0] };

mnz_status mnz_measure_contracts(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  double *cells[N_MEASURES];
  if (r->n_contracts == 0) return MNZ_OK;
  result->length[MNZ_AXIS_CONTRACT] = (size_t)r->n_contracts;
  result->labels[MNZ_AXIS_CONTRACT] = r->scenario->contract_names;
  const mnz_status status = mnz_measure_add_all(result, measures, N_MEASURES, MNZ_AXIS_CONTRACT, cells, err);
  for (int32_t i = 0; i < r->n_contracts && status == MNZ_OK; i++) {
    const mnz_contract_sums s = mnz_contract_sums_now(r, i);
    const double sums[N_MEASURES] = {TONNE * s.delivered,
                                     TONNE * s.due,
                                     TONNE * s.owed,
                                     TONNE * s.untaken,
                                     s.paid,
                                     s.damages,
                                     s.above,
                                     s.below,
                                     s.returned,
                                     s.suspended / (double)MNZ_US_PER_DAY};
    for (size_t k = 0; k < N_MEASURES; k++) cells[k][i] = sums[k];
  }
  return status;
}
