/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A site is what every facility has whatever its kind: stores, order books, ways out, a state, a memory
 * of how fast each material is used. The kinds act on their own site and ask the services for the rest. */
#ifndef MNZ_DOMAIN_SITE_H
#define MNZ_DOMAIN_SITE_H

#include "domain/counts.h"
#include "domain/kind.h"
#include "domain/orders.h"
#include "domain/services.h"
#include "domain/spec.h"
#include "domain/store.h"
#include "domain/times.h"

typedef enum mnz_state {
  MNZ_STATE_IDLE,
  MNZ_STATE_UP,
  MNZ_STATE_STARVED,
  MNZ_STATE_BLOCKED,
  MNZ_STATE_DOWN,
  MNZ_STATES
} mnz_state;
extern const char *const mnz_state_names[]; /* "idle", "up", ... */

/* How long the average usage remembers (time constant of its exponential forgetting). */
#define MNZ_USAGE_MEMORY (INT64_C(90) * 86400 * 1000000)

struct mnz_link;
struct mnz_forecast;
struct mnz_fluid_node;

/* What has passed through a place since the start, or since the warm-up. */
typedef struct mnz_traffic {
  uint64_t arrived; /* lots that came, whether there was room or not */
  uint64_t lost;    /* of them and of those that were here: lost wholly or in part */
  mnz_mass mass;    /* of what arrived and was not lost at once */
  mnz_times wait;   /* of lots that left the store, if it keeps lots; at a port: for a berth */
  mnz_times lead;   /* of lots that end here: since they, or what they were made of, began */
} mnz_traffic;

/* Counts from here on; keeps its memory. */
static inline void mnz_traffic_restart(mnz_traffic *t) {
  t->arrived = t->lost = 0;
  t->mass = 0;
  mnz_times_reset(&t->wait);
  mnz_times_reset(&t->lead);
}
static inline void mnz_traffic_free(mnz_traffic *t) {
  mnz_times_free(&t->wait);
  mnz_times_free(&t->lead);
}

/* One material at a site. */
typedef struct mnz_shelf {
  mnz_store store;
  mnz_book book;     /* what is owed of it */
  mnz_mass on_order; /* what is to come of it */
  mnz_mass least;    /* one lot's need: no policy aims at less */
  mnz_mass asked;    /* of it in all; of a maker's input: for what was asked of its products */
  double usage;      /* milligrams a microsecond, at usage_time */
  mnz_time usage_time;
  mnz_traffic traffic;
  int32_t drawn; /* the way that the next lot has drawn; -1: it has drawn none */
  uint32_t draws;
  bool waits_elsewhere; /* the wait that is counted is not the one in the store */
  bool feeds_tank;      /* of a node that flows, by lots */
  int32_t n_ways;       /* links on which it is pushed on, in order of preference and name */
  struct mnz_link **ways;
  int32_t n_out; /* all links out that carry it, likewise */
  struct mnz_link **out;
} mnz_shelf;

typedef struct mnz_site {
  int32_t node;
  const mnz_node_spec *spec;
  const mnz_catalog *catalog;
  const mnz_services *services;
  mnz_ledger *ledger;
  mnz_lots *lots;
  mnz_pool *asks;
  int32_t n_shelves;
  mnz_shelf *shelves;
  int8_t shelf_of[MNZ_MAX_MATERIALS]; /* index into shelves; -1: does not deal in it */
  mnz_mass lost;                      /* here and on the way to it, so far */
  double availability;                /* share of capacity that disruptions leave */
  unsigned stopped;                   /* by disruptions: a bit 1 << mnz_stops each */
  bool has_kits;                      /* some order of a kit has been placed with it */
  mnz_lot_queue door;                 /* what has come while nothing is received; still on its way */
  mnz_state state;
  mnz_time state_since;
  mnz_time state_time[MNZ_STATES];
  mnz_counts counts;
  const mnz_list *buys; /* the purchases, if it has any */
  int32_t looks;        /* of purchases reviewed continuously, in the instant looked_at */
  mnz_time looked_at;
  struct mnz_forecast *forecasts; /* [purchase]; NULL: none of them forecasts */
  struct mnz_fluid_node *fluid;   /* NULL: it works lot by lot */
  void *self;                     /* the kind's state */
} mnz_site;

static inline bool mnz_site_is_stopped(const mnz_site *site, mnz_stops what) {
  return site->stopped >> what & 1;
}
static inline mnz_time mnz_site_now(const mnz_site *site) {
  return site->services->now(site->services->host);
}
/* NULL when the site does not deal in it. */
static inline mnz_shelf *mnz_site_shelf(const mnz_site *site, int32_t material) {
  return site->shelf_of[material] < 0 ? NULL : &site->shelves[site->shelf_of[material]];
}
mnz_status mnz_site_stir(mnz_site *site, mnz_error *err);
mnz_status mnz_site_wake(mnz_site *site, mnz_time at, mnz_phase phase, int32_t tag, mnz_alarm *alarm,
                         mnz_error *err);
/* Notes the state from now on. */
void mnz_site_set_state(mnz_site *site, mnz_state state);

/* A new lot of a material's nominal content, born here (in the ledger) and in hand; origin -1: the
 * material's own. NULL when memory is out. */
mnz_lot *mnz_site_make(mnz_site *site, int32_t material, int32_t origin, mnz_mass mass, mnz_error *err);
/* Puts a lot in hand into its store, whatever the room; a store that loses what does not fit loses it.
 * Takes *lot. After `put` the site will decide; `shelve` is for those that are deciding already. */
mnz_status mnz_site_shelve(mnz_site *site, mnz_lot **lot, mnz_error *err);
mnz_status mnz_site_put(mnz_site *site, mnz_lot **lot, mnz_error *err);
/* Can a lot of `mass` go into its store from within the site? A store without any room (capacity 0) lets pass
 * what can leave at once, if there is a way on which that is possible. */
bool mnz_site_has_room(const mnz_site *site, int32_t material, mnz_mass mass);
/* Takes the oldest lot, or exactly `mass`; *lot is NULL if there is none (not so much). Whoever feeds the
 * store learns of the room. */
mnz_status mnz_site_pop(mnz_site *site, int32_t material, mnz_lot **lot, mnz_error *err);
mnz_status mnz_site_take(mnz_site *site, int32_t material, mnz_mass mass, mnz_lot **lot, mnz_error *err);
/* Adds what a lot holds to one of the site's counts by element. */
void mnz_site_count_elements(mnz_site *site, mnz_element_count count, const mnz_lot *lot);
/* Ends a lot in hand. Takes *lot. */
void mnz_site_end(mnz_site *site, mnz_lot **lot, mnz_end how);
/* A lot in hand has come to where it is used: it is counted; ... */
mnz_status mnz_site_count_use(mnz_site *site, const mnz_lot *lot, mnz_error *err);
/* ... and ends as delivered. Takes *lot. */
mnz_status mnz_site_use_up(mnz_site *site, mnz_lot **lot, mnz_error *err);
/* Counts a lot in hand that arrives and does not go into its store at once. */
void mnz_site_count_arrival(mnz_site *site, const mnz_lot *lot);
/* Counts how long a lot in hand has waited. */
mnz_status mnz_site_count_wait(mnz_site *site, const mnz_lot *lot, mnz_error *err);
/* Ends a lot in hand as lost, counts it and says so. Takes *lot. */
void mnz_site_lose(mnz_site *site, mnz_lot **lot);

/* Pushes on, ships what is owed: what every site does when it decides. */
mnz_status mnz_site_forward(mnz_site *site, mnz_error *err);
/* Fills orders from stock, by class and the site's rule for shortage. */
mnz_status mnz_site_allocate(mnz_site *site, mnz_error *err);
/* Loads what is pushed on by this link, up to `mass`; a lot larger than that only if it is the first and
 * `empty` says that nothing else is aboard. *loaded is what went. */
mnz_status mnz_site_load(mnz_site *site, struct mnz_link *link, mnz_mass mass, bool empty, mnz_mass *loaded,
                         mnz_error *err);

/* Can a lot leave for this buyer now? Not while all ways to it are closed; a buyer without any way takes
 * from hand to hand. */
bool mnz_site_reaches(const mnz_site *site, int32_t material, int32_t buyer);
/* Of `mass` of what is in stock, how much may leave for a buyer under the regimes. */
mnz_mass mnz_site_permits(const mnz_site *site, int32_t material, int32_t buyer, mnz_mass mass);
/* Lots that may leave for a buyer come before those that must stay; among each other they keep their order.
 */
void mnz_site_bring_forward(mnz_site *site, int32_t material, int32_t buyer);
/* What is owed of a material and may leave. */
mnz_mass mnz_site_owed(const mnz_site *site, int32_t material);
/* Sends a lot in hand to a buyer whom it reaches, by the best way that is open. Takes *lot. */
mnz_status mnz_site_ship(mnz_site *site, int32_t buyer, mnz_lot **lot, mnz_error *err);

/* Usage: an exponentially forgetting average of what is asked for. */
void mnz_site_use(mnz_site *site, int32_t material, mnz_mass mass);
double mnz_site_usage(const mnz_site *site, int32_t material);

#endif
