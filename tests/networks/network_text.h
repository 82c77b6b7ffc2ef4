/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random networks as scenario texts: a market, a trading house and users, and whatever features are asked for
 * beside them. Equal plans give equal texts. Every part draws from a stream of its own, so that a network
 * without one of its features is the same in the rest. */
#ifndef MNZ_TESTS_NETWORKS_NETWORK_TEXT_H
#define MNZ_TESTS_NETWORKS_NETWORK_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* What a network may have. */
#define FEATURE_LIST(X)                                                                                      \
  X(CHAIN, "mine, mill and separation")                                                                      \
  X(PHASES, "a deposit in phases")                                                                           \
  X(MINE_CAMPAIGN, "digging in campaigns")                                                                   \
  X(NOISE, "noise of grade, split and assay")                                                                \
  X(PORT, "a port")                                                                                          \
  X(SHIP, "ships by a timetable")                                                                            \
  X(LOSS, "losses on the way")                                                                               \
  X(TWO_MILLS, "a second mill")                                                                              \
  X(LINES, "parallel lines")                                                                                 \
  X(SERVICE, "service a lot")                                                                                \
  X(HOLD_UP, "a hold-up")                                                                                    \
  X(RESIDENCE, "residence")                                                                                  \
  X(STORES, "limited stores")                                                                                \
  X(LOSING, "stores that lose what does not fit")                                                            \
  X(BLEND, "blends")                                                                                         \
  X(SPEC, "windows of specification")                                                                        \
  X(CAP, "a licence's cap")                                                                                  \
  X(CIRCUIT_DATES, "circuits that start on dates")                                                           \
  X(SEPARATION_CAMPAIGNS, "separation in campaigns")                                                         \
  X(REJECT, "elements that are rejected")                                                                    \
  X(RAMPS, "rates that ramp")                                                                                \
  X(MAKER, "a maker of magnets")                                                                             \
  X(SCRAP, "yield and swarf")                                                                                \
  X(STOCKPILE, "a reserve")                                                                                  \
  X(QUEUE, "a source, a server and a sink")                                                                  \
  X(PREEMPT, "classes that interrupt")                                                                       \
  X(FLUID, "a line that flows")                                                                              \
  X(POLICIES, "all policies")                                                                                \
  X(REVIEWS, "reviews of all sorts")                                                                         \
  X(SOURCING, "several sources")                                                                             \
  X(ORDER_SIZES, "minimum, multiple, patience of purchases")                                                 \
  X(DELIVERS, "markets that deliver amiss")                                                                  \
  X(COMPOUND, "orders of random size and time")                                                              \
  X(SEASON, "season and growth")                                                                             \
  X(PATIENCE, "users who give up")                                                                           \
  X(CLASSES, "classes of users and fair shares")                                                             \
  X(REGIME, "export control by dates")                                                                       \
  X(MARKOV, "export control as a chain")                                                                     \
  X(OUTAGES, "random outages")                                                                               \
  X(DATED_OUTAGES, "outages with dates")                                                                     \
  X(CLOSED_LINKS, "links that close")                                                                        \
  X(COSTS, "costs")                                                                                          \
  X(PRICES, "prices that move")                                                                              \
  X(CALENDARS, "calendars")                                                                                  \
  X(CYCLES, "traces that are played")                                                                        \
  X(WARM_UP, "a warm-up")                                                                                    \
  X(FOCUS, "a focus")                                                                                        \
  X(UNITS, "units and a crew")                                                                               \
  X(WEAR, "failures in operating time, seasons")                                                             \
  X(CAUSES, "outages that set others off")                                                                   \
  X(DAMAGE, "stock destroyed, detours, ramps, warnings")                                                     \
  X(RETURNS, "what is under way waits, returns, is lost")                                                    \
  X(SHIFTS, "working hours and maintenance")                                                                 \
  X(SKIPS, "departures that are skipped, loads that wait")                                                   \
  X(CONTRACTS, "contracts")                                                                                  \
  X(KITS, "kits")                                                                                            \
  X(FAIR, "fair shares")                                                                                     \
  X(UNLIMITED, "a market without a limit")                                                                   \
  X(STOPS, "orders, shipments, receipts that are stopped")                                                   \
  X(RECYCLING, "a works and a recycler")                                                                     \
  X(RECIPES, "several recipes")                                                                              \
  X(THRIFT, "thrift")                                                                                        \
  X(END_OF_LIFE, "products that come back")                                                                  \
  X(HOARD, "buyers who hoard")

typedef enum network_feature {
#define FEATURE_ID(id, text) F_##id,
  FEATURE_LIST(FEATURE_ID)
#undef FEATURE_ID
      FEATURES
} network_feature;
extern const char *const network_feature_names[FEATURES];

typedef struct network_plan {
  uint64_t seed;
  uint64_t features; /* as a mask */
  uint64_t order;    /* the items of every list in another order for every value; 0: as they are made */
  bool stranger;     /* beside it a chain that has nothing to do with it */
  bool calm;         /* nothing is drawn at random in a run, or remembers 90 days, or follows the calendar */
  int mass_power;    /* all masses times 2 to this power */
  int time_power;    /* all times, too */
} network_plan;

/* The features of a seed: each with a chance that differs from seed to seed. */
uint64_t network_features(uint64_t seed);
/* The caller's: free(). NULL when memory is out. */
char *network_text(const network_plan *plan);

/* --- for the parts --- */

typedef enum network_section {
  S_MATERIALS,
  S_CALENDARS,
  S_CREWS,
  S_PRICES,
  S_NODES,
  S_LINKS,
  S_DISRUPTIONS,
  S_REGIMES,
  S_CONTRACTS,
  S_DEMAND,
  SECTIONS
} network_section;

enum { ITEMS = 32, HITS = 24 };

typedef struct network {
  const network_plan *plan;
  uint64_t state; /* of the stream that is drawn from */
  mnz_buffer top;
  mnz_buffer item[SECTIONS][ITEMS];
  int count[SECTIONS];
  const char *hit_node[HITS]; /* what can be hit */
  int n_hit_nodes;
  const char *hit_link[HITS];
  int n_hit_links;
} network;

bool has(const network *n, network_feature feature);
void begin(network *n, uint64_t part); /* of the stream */
double between(network *n, double low, double high);
int pick(network *n, int count);
bool chance(network *n, double p);
/* A new item "{ name = ...", to be ended by close_item. */
mnz_buffer *open_item(network *n, network_section section);
void close_item(mnz_buffer *item);
/* Quantities in quotes; good for the next dozen calls. */
const char *mass(const network *n, double tonnes);
const char *rate(const network *n, double tonnes_a_day);
const char *days(const network *n, double count);
const char *date(const network *n, double day); /* so many days after the start */
/* A time that is drawn, with this mean; constant where all is calm. */
const char *drawn_days(network *n, double mean);
void add_link(network *n, const char *from, const char *to, const char *carries, double lead_time);

/* The parts: in network_parts.c and network_trade.c. */
void add_trade(network *n);
void add_chain(network *n);
void add_maker(network *n);
void add_stockpile(network *n);
void add_queue(network *n);
void add_fluid(network *n);
void add_rules(network *n);
void add_contracts(network *n);
void add_recycling(network *n);
void add_outages(network *n);
void add_breakdowns(network *n);
void add_stranger(network *n);
/* A purchase in a list of them; `second`, a further source, may be NULL. A demand of its own. */
void write_buy(network *n, mnz_buffer *b, const char *material, double usage, const char *first,
               const char *second);
void write_user(network *n, const char *name, const char *from, const char *product, double usage);
/* Into a node: costs, if the network has any. */
void add_costs(network *n, mnz_buffer *node);

enum { HORIZON = 90 }; /* days */

#endif
