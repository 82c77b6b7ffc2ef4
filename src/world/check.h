/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checks before a run. */
#ifndef MNZ_WORLD_CHECK_H
#define MNZ_WORLD_CHECK_H

#include "world/scenario.h"

/* Counts what goes to the findings. */
typedef struct mnz_tally {
  const mnz_findings *findings;
  int32_t errors;
} mnz_tally;

void mnz_tally_error(mnz_tally *tally, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void mnz_tally_warning(mnz_tally *tally, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* nodes["Sojitz"].buys[0], or demand["EV motors"].rate: a path as the scenario file has it. `out` holds
 * MNZ_PATH bytes; `rest` may be empty, begins with no dot. */
#define MNZ_PATH 320
const char *mnz_node_path(const mnz_scenario *scenario, int32_t node, const char *rest, char *out);

/* The same of the k-th source of the i-th purchase: nodes["Shop"].buys[0].sources[1].from; `holds` of a
 * stockpile. */
const char *mnz_source_path(const mnz_scenario *scenario, int32_t node, int32_t i, int32_t k, const char *key,
                            char *out);
/* Does `buyer` order this material from `seller`? */
bool mnz_orders_from(const mnz_flows *buyer, int32_t seller, int32_t material);

/* Contracts: terms, causes, shares, and the sources that name them. */
void mnz_check_contracts(const mnz_scenario *scenario, mnz_tally *tally);
/* Charges and prices. */
void mnz_check_money(const mnz_scenario *scenario, mnz_tally *tally);
/* What the calendars say in numbers; reports days, hours and dates that are none. */
mnz_status mnz_scenario_calendars(mnz_scenario *scenario, mnz_tally *tally, mnz_error *err);
/* Adds the nodes' maintenance to the disruptions. */
mnz_status mnz_scenario_maintenance(mnz_scenario *scenario, mnz_tally *tally, mnz_error *err);
mnz_status mnz_check_disruptions(const mnz_scenario *scenario, mnz_tally *tally, mnz_error *err);
/* Which places there are. */
mnz_status mnz_scenario_places(mnz_scenario *scenario, mnz_error *err);
/* Each thing for itself and its references: dates, kinds' own checks, purchases, links, disruptions,
 * materials that nobody makes or takes. */
mnz_status mnz_check_things(mnz_scenario *scenario, mnz_tally *tally, mnz_error *err);
/* Regimes: states that there are, dates in order, chains that move on, flows to rule. */
void mnz_check_regimes(const mnz_scenario *scenario, mnz_tally *tally);
/* Nodes that flow and their neighbours; only when all references are right. */
mnz_status mnz_check_fluid(const mnz_scenario *scenario, mnz_tally *tally, mnz_error *err);
/* The network as a whole: orders that go round in a circle, loops without lead time, demand that nothing
 * reaches or that capacity cannot meet. Sets usage. */
mnz_status mnz_check_network(mnz_scenario *scenario, mnz_tally *tally, mnz_error *err);

#endif
