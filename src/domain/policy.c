/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Policies as functions of what they see. Sources of the names: Snyder and Shen, "Fundamentals of Supply
 * Chain Theory", chapters 4 to 6. */
#include <math.h>

#include "domain/buying.h"

/* Of what is reckoned in floating point: far above all that is on earth, far below what a mass can hold. */
#define MOST 1e18

mnz_mass mnz_policy_target(const mnz_policy *policy, double usage) {
  switch (policy->kind) {
  case MNZ_POLICY_NONE:
  case MNZ_POLICY_FIXED:
  case MNZ_POLICY_R_Q:
    return 0;
  case MNZ_POLICY_BASE_STOCK:
  case MNZ_POLICY_ECHELON_BASE_STOCK:
  case MNZ_POLICY_S_S:
    return policy->level;
  case MNZ_POLICY_DAYS_OF_COVER:
    return llround(fmin(MOST, usage * (double)policy->cover));
  case MNZ_POLICY_FORECAST:
    return llround(fmin(MOST, usage * (double)policy->cover + (double)policy->safety));
  }
  return 0;
}

static mnz_mass order_of_RQ(const mnz_policy *policy, mnz_mass position) {
  if (position > policy->point) return 0;
  const mnz_mass lots = (policy->point - position) / policy->quantity + 1;
  return lots * policy->quantity;
}

static int64_t stretched(int64_t value, double factor) {
  return value > 0 ? llround(fmin(MOST, (double)value * factor)) : value;
}

void mnz_policy_stretch(mnz_policy *policy, double factor) {
  policy->level = stretched(policy->level, factor);
  policy->point = stretched(policy->point, factor);
  policy->cover = stretched(policy->cover, factor);
  policy->safety = stretched(policy->safety, factor);
}

mnz_mass mnz_policy_order(const mnz_policy *policy, const mnz_observation *seen) {
  const mnz_mass position = seen->position;
  if (policy->kind == MNZ_POLICY_FIXED) return policy->quantity;
  if (policy->kind == MNZ_POLICY_R_Q) return order_of_RQ(policy, position);
  if (policy->kind == MNZ_POLICY_S_S) {
    const mnz_mass from = policy->when == MNZ_BELOW ? policy->point - 1 : policy->point;
    if (position > from) return 0;
  }
  const mnz_mass target = mnz_policy_target(policy, seen->usage);
  return target > position ? target - position : 0;
}
