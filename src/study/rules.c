/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/rules.h"

mnz_rule mnz_rule_at_start(const mnz_regime_spec *spec) {
  const char *state = spec->initial;
  mnz_time latest = INT64_MIN;
  for (int32_t i = 0; i < spec->steps.count; i++) {
    const mnz_regime_step *step = mnz_regime_step_at(spec, i);
    if (step->effective > 0 || step->effective < latest) continue;
    latest = step->effective;
    state = step->state;
  }
  const int32_t found = mnz_regime_find(spec, state);
  return found == MNZ_NO_RULE ? MNZ_RULE_OPEN : mnz_regime_rule(spec, found);
}
