/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One world in a run, as the rooms of this floor share it. */
#ifndef MNZ_WORLD_REPLICATION_INTERNAL_H
#define MNZ_WORLD_REPLICATION_INTERNAL_H

#include "domain/disruption.h"
#include "domain/facilities/demand.h"
#include "domain/fluid.h"
#include "domain/link.h"
#include "domain/regime.h"
#include "domain/site.h"
#include "engine/engine.h"
#include "monazite/event_log.h"
#include "world/record.h"
#include "world/scenario.h"

/* The time between two checks of the ledger in a run. */
#define MNZ_LEDGER_EVERY (INT64_C(90) * 86400 * 1000000)

/* A milligram in tonnes. */
#define TONNE 1e-9

typedef struct mnz_observer mnz_observer;
typedef struct mnz_money mnz_money;
typedef struct mnz_price_state mnz_price_state;
typedef struct mnz_contract_state mnz_contract_state;

/* What a demand had counted at the warm-up; of what was under way then, also what came late or was lost. */
typedef struct mnz_counted {
  mnz_mass asked;
  mnz_mass delivered;
  mnz_mass late;
  mnz_mass given_up;
  mnz_mass lost; /* on the way */
} mnz_counted;

/* What the measures leave out, because it belongs to the warm-up. */
typedef struct mnz_baseline {
  bool taken;
  mnz_mass *in;           /* [slot][part], as the ledger's */
  mnz_mass *born_at;      /* [node][part], as the ledger's */
  mnz_mass *delivered;    /* [node][part] */
  mnz_counted *demand;    /* [node] */
  mnz_fluid_tally *fluid; /* [node] */
  mnz_time *state_time;   /* [node][state] */
} mnz_baseline;

/* A purchase by echelon position, and who is fed from its buyer (echelon.c). */
typedef struct mnz_echelon {
  int32_t node;
  int32_t material;
  bool continuous;
  int32_t n_fed;
  int32_t *fed;
} mnz_echelon;

struct mnz_replication {
  const mnz_scenario *scenario;
  uint32_t index;
  bool failed;
  bool stream_exhausted;
  size_t trace_count; /* of a trace that has come to its end; 0: none has */
  mnz_arena *arena;   /* what lives as long as the object */
  mnz_engine *engine;
  mnz_ledger ledger;
  mnz_lots lots;
  mnz_lot_watch lot_watch;
  mnz_pool *asks;
  mnz_services services;
  mnz_disruption_host disruption_host;
  int32_t n_nodes;
  mnz_site *sites;
  bool *stirred;   /* [node]: a decision is pending in this instant */
  mnz_time *unmet; /* [node]: when an order of it was first left open; MNZ_NEVER */
  int32_t n_links;
  mnz_link *links;
  mnz_fluid fluid; /* the nodes that flow */
  int32_t n_disruptions;
  mnz_disruption *disruptions;
  int32_t n_crews;
  mnz_crew *crews;
  mnz_warning *warned; /* [node] */
  bool *ages;          /* [node]: a disruption's clock runs only while it is up */
  bool states_matter;  /* one of them does */
  bool *off_shift;     /* [node]: outside its working hours */
  mnz_mass *destroyed; /* [node]: by outages, since measures count */
  bool memory_out;     /* for an event that could not be refused where it was asked for */
  int32_t n_echelons;
  mnz_echelon *echelons;
  int32_t n_regimes;
  mnz_regime *regimes;
  mnz_regime_host regime_host;
  int32_t n_ruled;
  struct mnz_ruled *ruled; /* flows and the regimes that rule them, by seller, material and buyer */
  int32_t *ruled_first;    /* [node * n_materials + material]: the first of that seller; -1 */
  bool ended;
  bool given; /* its result was handed over */
  mnz_watch watch;
  size_t samples;   /* observations so far */
  size_t settlings; /* of flows, at every `sample` of the scenario */
  mnz_time next_check;
  mnz_baseline baseline;
  int32_t n_contracts;
  mnz_contract_state *contracts;
  /* What regimes permit, behind what contracts keep for others; NULL: all. */
  mnz_mass (*permits)(void *host, int32_t seller, int32_t buyer, int32_t material, mnz_mass mass,
                      const mnz_lot *stock);
  int32_t n_prices;
  mnz_price_state *prices;
  mnz_money *money; /* NULL: the scenario has none */
  mnz_record record;
  mnz_mass *walked_orders;   /* [slot]: scratch of mnz_verify_totals */
  mnz_mass *walked_promises; /* [slot] */
  mnz_mass *walked_open;     /* [slot]: of it, on the books of sellers */
  mnz_observer *observer;
  mnz_model_event_fn *onlooker; /* NULL: nobody */
  void *onlooker_self;
  mnz_model_event *log; /* since the start, if watched so; its room stays over resets */
  size_t n_log;
  size_t log_capacity;
  bool log_is_cut; /* there was no memory for more */
};

/* host.c: the services that facilities ask of this world, and the events behind them. */
void mnz_host_open(mnz_replication *r);
mnz_status mnz_host_start_links(mnz_replication *r, mnz_error *err);
/* Where and when, for messages: "Kalgoorlie, 2026-03-01". `out` holds 160 bytes. */
const char *mnz_host_where(const mnz_replication *r, int32_t node, char *out);

/* event_log.c: what the onlooker is told and the log keeps; nothing if there is neither. An order; a lot on
 * its way, of which `mass` is what it is about; an outage of a target of disruptions. */
void mnz_event_log_order(mnz_replication *r, mnz_model_event_kind what, int32_t buyer, int32_t seller,
                         int32_t material, mnz_mass mass, double detail);
void mnz_event_log_lot(mnz_replication *r, mnz_model_event_kind what, const mnz_lot *lot, mnz_mass mass,
                       double detail);
void mnz_event_log_outage(mnz_replication *r, mnz_model_event_kind what, int32_t disruption, int32_t target,
                          double left);
void mnz_event_log_regime(mnz_replication *r, mnz_model_event_kind what, int32_t regime, int32_t buyer,
                          int32_t material, mnz_mass mass, double detail);
/* Has the log kept all? MNZ_NO_MEMORY. */
mnz_status mnz_event_log_check(const mnz_replication *r, mnz_error *err);
/* A copy of it for a result. */
mnz_status mnz_event_log_give(const mnz_replication *r, mnz_result *result, mnz_error *err);

/* baseline.c: what the measures leave out. Opened once, when the ledger is open; started before anything else
 * is posted, so that it is the first thing of its instant. */
mnz_status mnz_baseline_open(mnz_replication *r, mnz_error *err);
mnz_status mnz_baseline_start(mnz_replication *r, mnz_error *err);
/* A lot has arrived, `mass` of which is lost; what is left of it is received. */
void mnz_baseline_lose(mnz_replication *r, const mnz_lot *lot, mnz_mass mass);
void mnz_baseline_receive(mnz_replication *r, const mnz_lot *lot);

/* verify.c: stores, order books, what is on order and promised, waits, states and the order of events. */
mnz_status mnz_verify_open(mnz_replication *r, mnz_error *err);
mnz_status mnz_verify_totals(const mnz_replication *r, mnz_error *err);

/* observe.c: series and measures. */
mnz_status mnz_observer_create(mnz_observer **out, const mnz_replication *r, mnz_error *err);
void mnz_observer_free(mnz_observer *observer); /* NULL allowed */
mnz_status mnz_observer_reset(mnz_observer *observer, mnz_error *err);
/* When the k-th observation (from 0) is due; MNZ_NEVER: it is the last one, at the end. */
mnz_time mnz_observer_due(const mnz_observer *observer, size_t k);
/* One value of every series. */
void mnz_observer_sample(mnz_observer *observer, const mnz_replication *r);
/* After the last sample: everything into a result, which takes the series over. */
mnz_status mnz_observer_finish(mnz_observer *observer, const mnz_replication *r, mnz_result **out,
                               mnz_error *err);

/* measures.c: one value a replication. */
mnz_status mnz_measure_all(const mnz_replication *r, mnz_result *result, mnz_error *err);
/* measure_outages.c: what went wrong, by disruption and crew. */
mnz_status mnz_measure_outages(const mnz_replication *r, mnz_result *result, mnz_error *err);
/* measure_queues.c: what waits, and for how long. */
mnz_status mnz_measure_queues(const mnz_replication *r, mnz_result *result, mnz_error *err);
/* measure_plants.c: what mines, plants and makers count themselves. */
mnz_status mnz_measure_plants(const mnz_replication *r, mnz_result *result, mnz_error *err);
/* measure_contracts.c: what came of contracts. */
mnz_status mnz_measure_contracts(const mnz_replication *r, mnz_result *result, mnz_error *err);
/* measure_money.c: what things cost. */
mnz_status mnz_measure_money(const mnz_replication *r, mnz_result *result, mnz_error *err);
/* measure_fluid.c: of the nodes that flow. */
mnz_status mnz_measure_fluid(const mnz_replication *r, mnz_result *result, mnz_error *err);
/* measure_regimes.c: states, licences, quotas. */
mnz_status mnz_measure_regimes(const mnz_replication *r, mnz_result *result, mnz_error *err);
/* What has been shipped to a demand so far and was lost on the way. */
mnz_mass mnz_measure_lost(const mnz_replication *r, int32_t node, const mnz_demand_tally *tally);
/* How long the site has been in a state until now. */
mnz_time mnz_measure_state_time(const mnz_site *site, mnz_state state, mnz_time now);
/* result.c: adds a variable whose data are zeroed; NULL when memory is out. */
void *mnz_result_add(mnz_result *result, const char *name, const char *long_name, const char *unit,
                     mnz_cell cell, int32_t n_axes, const mnz_axis_id *axes, mnz_error *err);
bool mnz_in_focus(const mnz_scenario *scenario, const mnz_node_spec *node);
/* Is this what users' orders reach, at a node in focus: products, inputs, traded stocks, reserves? */
bool mnz_is_users_stock(const mnz_scenario *scenario, int32_t node, int32_t material);

#endif
