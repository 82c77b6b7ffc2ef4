/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a log does not tell of a regime. */
#ifndef MNZ_STUDY_RULES_H
#define MNZ_STUDY_RULES_H

#include "world/scenario.h"

/* The rule at the start. Steps of the past are taken to have come as announced. */
mnz_rule mnz_rule_at_start(const mnz_regime_spec *spec);

#endif
