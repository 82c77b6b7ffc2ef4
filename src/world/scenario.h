/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scenario as plain validated data; immutable once mnz_scenario_finish has succeeded. */
#ifndef MNZ_WORLD_SCENARIO_H
#define MNZ_WORLD_SCENARIO_H

#include "base/memory.h"
#include "base/working_days.h"
#include "domain/spec.h"
#include "monazite/scenario.h"

struct mnz_scenario {
  mnz_arena *arena; /* owns everything below */

  /* as said, by mnz_scenario_params */
  const char *title;
  const char *question;
  int64_t start_us; /* since 1970 */
  int64_t end_us;
  int64_t warm_up_us; /* since 1970; MNZ_NO_DATE: none */
  mnz_time sample;    /* between two observations */
  const char *seed_text;
  const char *focus; /* the country whose users the summary speaks of; NULL: all users */
  mnz_names elements;
  mnz_names origins;
  mnz_list materials;   /* of mnz_material, sorted by name */
  mnz_list nodes;       /* of mnz_node_spec, sorted by name; the demands are among them */
  mnz_list links;       /* of mnz_link_spec, sorted by name */
  mnz_list contracts;   /* of mnz_contract_spec, sorted by name */
  mnz_list prices;      /* of mnz_price_spec, sorted by name */
  mnz_list calendars;   /* of mnz_calendar_spec, sorted by name */
  mnz_list crews;       /* of mnz_crew_spec, sorted by name */
  mnz_list disruptions; /* of mnz_disruption_spec, sorted by name */
  mnz_list regimes;     /* of mnz_regime_spec, sorted by name */

  /* worked out by mnz_scenario_finish */
  uint64_t seed;
  mnz_time horizon;     /* end - start */
  mnz_time counts_from; /* warm_up - start: measures count from then on; 0 without a warm-up */
  mnz_catalog catalog;
  const char *const *node_names; /* labels, in the order of the lists */
  const char *const *material_names;
  const char *const *price_names;
  const char *const *contract_names;
  const char *const *regime_names;
  const char *const *disruption_names;
  const char *const *crew_names;
  int32_t n_end_uses; /* that demands name, each once, sorted */
  const char *const *end_use_names;
  const mnz_work_calendar *work;  /* [calendar] */
  const mnz_flows *flows;         /* [node] */
  const uint64_t *link_materials; /* [link]: what it carries */
  const uint64_t *link_pushes;    /* [link]: of it, what is pushed on without an order */
  int32_t n_places; /* (node, material) pairs that exist, in that order: the slots of the ledger */
  const int32_t *place_node;
  const int32_t *place_material;
  const char *const *place_names; /* "node / material" */
  double *usage; /* [node * n_materials + material]: nominal need, milligrams a microsecond */

  void *source; /* the loader's own: the tree that it was read from, in the arena */
};

/* The top level of a scenario file. `nodes` and `demand` are LISTs whose fields are mnz_node_params: the
 * loader adds the kind's own table (for `demand` the kind "demand") and puts both into `nodes`. */
extern const mnz_param mnz_scenario_params[];

/* Where checks report: path as in a scenario file. */
typedef struct mnz_findings {
  void *context;
  void (*error)(void *context, const char *path, const char *message);
  void (*warning)(void *context, const char *path, const char *message);
} mnz_findings;

/* Works out what is derived and checks the whole: references between things, recipes that create mass,
 * materials that nobody makes or takes, demand that cannot be reached or met, loops without lead time.
 * All findings are reported; fails (MNZ_SCENARIO) if one of them is an error, MNZ_NO_MEMORY. The
 * structs must have been filled; links without a name have got theirs ("A -> B"). */
mnz_status mnz_scenario_finish(mnz_scenario *scenario, const mnz_findings *findings, mnz_error *err);

static inline const mnz_node_spec *mnz_scenario_node(const mnz_scenario *s, int32_t i) {
  return (const mnz_node_spec *)s->nodes.at + i;
}
static inline const mnz_link_spec *mnz_scenario_link(const mnz_scenario *s, int32_t i) {
  return (const mnz_link_spec *)s->links.at + i;
}
static inline const mnz_contract_spec *mnz_scenario_contract(const mnz_scenario *s, int32_t i) {
  return (const mnz_contract_spec *)s->contracts.at + i;
}
static inline const mnz_price_spec *mnz_scenario_price(const mnz_scenario *s, int32_t i) {
  return (const mnz_price_spec *)s->prices.at + i;
}
static inline const mnz_disruption_spec *mnz_scenario_disruption(const mnz_scenario *s, int32_t i) {
  return (const mnz_disruption_spec *)s->disruptions.at + i;
}
/* Could a regime rule what a seller sends to a buyer, going by what is known before a run? */
bool mnz_regime_matches(const mnz_scenario *s, const mnz_regime_spec *regime, int32_t seller, int32_t buyer,
                        int32_t material);
static inline const mnz_regime_spec *mnz_scenario_regime(const mnz_scenario *s, int32_t i) {
  return (const mnz_regime_spec *)s->regimes.at + i;
}

#endif
