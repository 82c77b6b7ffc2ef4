/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scenario says of regimes: rules on flows between countries, and how they move.
 *
 * A regime is always in one state: open, licence, quota, tariff or embargo. It moves by dated steps, as a
 * Markov chain, or both: a step that names a state of the chain lets the chain go on from there, any other
 * ends it. Plain data, filled by the loader from the tables declared here, constant in a run. */
#ifndef MNZ_DOMAIN_SPEC_REGIME_H
#define MNZ_DOMAIN_SPEC_REGIME_H

#include "domain/param.h"

/* The state of a regime. */
typedef enum mnz_rule {
  MNZ_RULE_OPEN,
  MNZ_RULE_LICENCE,
  MNZ_RULE_QUOTA,
  MNZ_RULE_TARIFF,
  MNZ_RULE_EMBARGO
} mnz_rule;
enum { MNZ_RULES = MNZ_RULE_EMBARGO + 1 };
extern const char *const mnz_rule_names[]; /* "open", "licence", ...; NULL-terminated */

typedef enum mnz_licence_per { MNZ_LICENCE_PER_ORDER, MNZ_LICENCE_PER_BUYER } mnz_licence_per;
typedef enum mnz_quota_period { MNZ_QUOTA_MONTH, MNZ_QUOTA_QUARTER, MNZ_QUOTA_YEAR } mnz_quota_period;
typedef enum mnz_share_of { MNZ_SHARE_OF_MASS, MNZ_SHARE_OF_ELEMENTS } mnz_share_of;

/* Which flows. What is not said is no condition. */
typedef struct mnz_regime_on {
  int32_t origin;
  const char *from;    /* country of the seller */
  const char *country; /* of the buyer */
  mnz_ids materials;
  uint32_t elements;
  mnz_names end_uses; /* of the demand that buys */
  double above;       /* least share of the origin, and of the elements, in a lot for the rule to hold */
  int32_t share_of;   /* mnz_share_of: what it is a share of */
} mnz_regime_on;

/* What a state means; each state reads its own. */
typedef struct mnz_regime_terms {
  mnz_delay answer;
  int32_t calendar; /* of working days; -1: Monday to Friday */
  double approve;
  mnz_time validity; /* -1: as long as the state lasts */
  mnz_time renew;    /* so long before its end; -1: only then */
  mnz_time reapply;  /* -1: never */
  int32_t per;       /* mnz_licence_per */
  mnz_mass volume;   /* of a licence per buyer; -1: everything */
  int32_t desks;     /* -1: no queue */
  mnz_amount quota;  /* mass -1: not said */
  int32_t period;    /* mnz_quota_period */
  double carry_over; /* share of what is left */
  bool shared;       /* one quota for all buyers */
  double tariff;     /* NaN: not said */
} mnz_regime_terms;

typedef struct mnz_regime_step {
  mnz_regime_terms terms;
  mnz_time announced; /* MNZ_NO_DATE: when it takes effect */
  mnz_time effective;
  const char *state;      /* a rule, or the name of a state of the chain */
  double revised;         /* probability that it comes otherwise */
  const char *revised_to; /* NULL: it is dropped */
} mnz_regime_step;

typedef struct mnz_regime_to {
  const char *state;
  double probability; /* NaN: the rest */
} mnz_regime_to;

typedef struct mnz_regime_state {
  mnz_regime_terms terms;
  const char *name;
  const char *state;     /* a rule; NULL: the name is one */
  mnz_distribution stay; /* constant NaN: not said */
  mnz_list to;           /* of mnz_regime_to */
} mnz_regime_state;

typedef struct mnz_regime_spec {
  const char *name;
  const mnz_regime_on *on;
  const char *initial; /* a rule or a state of the chain */
  mnz_list steps;      /* of mnz_regime_step */
  mnz_list states;     /* of mnz_regime_state, sorted by name */
  mnz_time every;      /* the chain moves in periods of this length; -1: when a stay ends */
  uint32_t hash;
} mnz_regime_spec;
extern const mnz_param mnz_regime_params[];

static inline const mnz_regime_step *mnz_regime_step_at(const mnz_regime_spec *spec, int32_t i) {
  return (const mnz_regime_step *)spec->steps.at + i;
}
static inline const mnz_regime_state *mnz_regime_state_at(const mnz_regime_spec *spec, int32_t i) {
  return (const mnz_regime_state *)spec->states.at + i;
}

/* What a text means as a state: the index of a state of the chain if there is one of that name, else
 * -1 - rule; MNZ_NO_RULE if it is neither. */
#define MNZ_NO_RULE INT32_MIN
int32_t mnz_regime_find(const mnz_regime_spec *spec, const char *text);
/* The rule behind that. */
mnz_rule mnz_regime_rule(const mnz_regime_spec *spec, int32_t found);
/* The rule of that name, or -1. */
int32_t mnz_rule_find(const char *text);

#endif
