/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scenario says of money: what things cost a node and a link, what a node charges, how prices move.
 * Plain data, filled by the loader from the tables declared here, constant in a run. */
#ifndef MNZ_DOMAIN_SPEC_MONEY_H
#define MNZ_DOMAIN_SPEC_MONEY_H

#include "domain/param.h"

/* What money is spent on. One list of the kinds: name, meaning. */
#define MNZ_COST_LIST(X)                                                                                     \
  X(ORDER, "order", "placing orders")                                                                        \
  X(PURCHASE, "purchase", "what was bought, paid when it is shipped")                                        \
  X(TARIFF, "tariff", "duties on it")                                                                        \
  X(TRANSPORT, "transport", "bringing it here")                                                              \
  X(PRODUCTION, "production", "making things")                                                               \
  X(HOLDING, "holding", "keeping stocks")                                                                    \
  X(PROCESS, "process", "what is in process")                                                                \
  X(PIPELINE, "pipeline", "what is on its way here")                                                         \
  X(SHORTAGE, "shortage", "orders that wait")                                                                \
  X(LOST, "lost", "what is lost or given up")                                                                \
  X(CONTRACT, "contract", "paid under contracts for what was not taken, or not shipped")                     \
  X(FIXED, "fixed", "being there")                                                                           \
  X(LATE, "late", "what is shipped later than it was ordered")

typedef enum mnz_cost {
#define MNZ_COST_ID(id, name, text) MNZ_COST_##id,
  MNZ_COST_LIST(MNZ_COST_ID)
#undef MNZ_COST_ID
      MNZ_COSTS
} mnz_cost;
extern const char *const mnz_cost_names[]; /* "order", "purchase", ... */

/* Of a node; NaN where nothing is said. US dollars, milligrams, microseconds. */
typedef struct mnz_costs {
  double order;
  double unit;
  double production;
  double holding;
  double process;
  double pipeline;
  double shortage;
  double lost;
  double fixed;
  double late;
} mnz_costs;
extern const mnz_param mnz_costs_params[];

/* Of a link: the node where it ends pays. */
typedef struct mnz_freight {
  double unit;
  double departure;
} mnz_freight;
extern const mnz_param mnz_freight_params[];

/* What a node asks for a material that it sells. */
typedef struct mnz_charge {
  int32_t material;
  mnz_price price;
  double premium; /* share on top */
} mnz_charge;
extern const mnz_param mnz_charge_params[];

/* --- prices --- */

/* From each date on that price. */
typedef struct mnz_price_step {
  mnz_time from;
  double price;
} mnz_price_step;

extern const mnz_param mnz_price_step_params[];

/* A price that follows how long the stocks of a material last: times (target / cover) ^ elasticity. */
typedef struct mnz_price_response {
  int32_t material;  /* -1: the price's own */
  mnz_targets cover; /* whose stocks; count 0: of the users in focus */
  mnz_time target;
  double elasticity;
  double least; /* bounds of the factor */
  double most;
} mnz_price_response;

typedef struct mnz_price_spec {
  const char *name;
  int32_t material;   /* -1: of none in particular */
  const char *market; /* for the reader */
  double start;       /* US dollars a milligram */
  mnz_time every;     /* it moves at start + k * every */
  mnz_process process;
  mnz_distribution value; /* drawn at every move; constant NaN: not said */
  mnz_list steps;         /* of mnz_price_step, by date */
  const mnz_price_response *responds;
  double floor;   /* NaN: none */
  double ceiling; /* NaN: none */
} mnz_price_spec;
extern const mnz_param mnz_price_params[];

/* --- contracts --- */

typedef enum mnz_contract_period {
  MNZ_CONTRACT_MONTH,
  MNZ_CONTRACT_QUARTER,
  MNZ_CONTRACT_YEAR
} mnz_contract_period;

/* Of what the price is above a threshold the buyer gets a share back. */
typedef struct mnz_upside {
  double share;
  double above; /* US dollars a milligram */
  double most;  /* US dollars a calendar year; NaN: without limit */
} mnz_upside;

typedef struct mnz_contract_spec {
  const char *name;
  int32_t seller;
  int32_t buyer;
  mnz_ids materials;
  mnz_time from;         /* MNZ_NO_DATE: from the start */
  mnz_time until;        /* MNZ_NO_DATE: to the end */
  int32_t period;        /* mnz_contract_period: of the calendar */
  mnz_mass minimum;      /* of all materials together, a period; -1: none */
  mnz_mass maximum;      /* -1: none */
  double share;          /* of what the seller makes of them, kept for the buyer; NaN: none */
  double commits;        /* of it, what the buyer must take; NaN: none */
  int32_t priority;      /* class of its orders with the seller */
  mnz_rate until_output; /* the class and the share hold while the seller makes less; per_us -1: always */
  double take_or_pay;    /* share of the price for what should have been taken and was not; NaN: none */
  double penalty;        /* share of the price for what the seller owes when a period ends; NaN: none */
  mnz_price price;       /* what the seller charges when not said */
  double floor;          /* NaN: none */
  const mnz_upside *upside;
  mnz_names force_majeure; /* disruptions and regimes */
} mnz_contract_spec;
extern const mnz_param mnz_contract_params[];

#endif
