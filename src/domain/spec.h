/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scenario says of the things that all kinds share: nodes, stores, purchases, links, disruptions.
 * Plain data, filled by the loader from the tables declared here, constant in a run. */
#ifndef MNZ_DOMAIN_SPEC_H
#define MNZ_DOMAIN_SPEC_H

#include "domain/catalog.h"
#include "domain/kind.h"
#include "domain/param.h"
#include "domain/spec_money.h"
#include "domain/spec_regime.h"

/* --- stores: where lots of one material wait at a node --- */
typedef enum mnz_keep { MNZ_KEEP_LOTS, MNZ_KEEP_BLEND } mnz_keep;
typedef enum mnz_when_full { MNZ_FULL_BLOCK, MNZ_FULL_LOSE } mnz_when_full;

typedef struct mnz_store_spec {
  int32_t material;
  int32_t keep;      /* mnz_keep */
  int32_t when_full; /* mnz_when_full */
  mnz_mass capacity; /* -1: unlimited */
  mnz_mass initial;  /* stock at the start, of the material's nominal content */
  mnz_mass lot;      /* in lots of this size; -1: one lot */
  int32_t origin;    /* of the initial stock; -1: the material's own */
  double holding;    /* US dollars a milligram microsecond; NaN: what the node says */
} mnz_store_spec;
extern const mnz_param mnz_store_params[];

/* --- purchases: what a node orders from others --- */
typedef struct mnz_source {
  int32_t from;
  double share;     /* with sourcing "split"; NaN when not said */
  mnz_time since;   /* nothing is ordered from it before; MNZ_NO_DATE: at any time */
  mnz_time until;   /* nor from then on */
  int32_t contract; /* no more than it still allows; -1 */
} mnz_source;
typedef enum mnz_sourcing {
  MNZ_SOURCE_PRIORITY,
  MNZ_SOURCE_SPLIT,
  MNZ_SOURCE_FASTEST,
  MNZ_SOURCE_FIRST_AVAILABLE,
  MNZ_SOURCE_CHEAPEST
} mnz_sourcing;
#define MNZ_MAX_SOURCES 32

/* What becomes of an order that cannot be filled at once. */
typedef enum mnz_unmet_rule { MNZ_UNMET_BACKORDER, MNZ_UNMET_LOST } mnz_unmet_rule;
extern const char *const mnz_unmet_names[];

typedef struct mnz_buy {
  int32_t material;
  mnz_policy policy;
  mnz_review review;
  int32_t sourcing;   /* mnz_sourcing */
  mnz_list sources;   /* of mnz_source, in order of preference */
  mnz_mass minimum;   /* least order */
  mnz_mass multiple;  /* orders are multiples of it; -1: of any size */
  mnz_mass at_most;   /* -1: no limit */
  int32_t priority;   /* class with the sellers; 1 is served first */
  int32_t unmet;      /* mnz_unmet_rule */
  mnz_time patience;  /* an order is taken back after it; -1: never */
  double hoard;       /* factor on the level aimed at while a source is about to be hit */
  mnz_time hoard_for; /* since the announcement; -1: until it comes */
} mnz_buy;
extern const mnz_param mnz_source_params[];
extern const mnz_param mnz_buy_params[];
extern const mnz_param mnz_review_params[];

/* Outages at first + k * every. */
typedef struct mnz_repeats {
  mnz_time every;
  mnz_time lasts;
  mnz_time first; /* MNZ_NO_DATE: one period after the start */
} mnz_repeats;
extern const mnz_param mnz_repeats_params[];

/* --- nodes --- */
typedef enum mnz_short_rule {
  MNZ_SHORT_PRIORITY,
  MNZ_SHORT_PROPORTIONAL,
  MNZ_SHORT_FAIR_SHARE
} mnz_short_rule;
typedef enum mnz_divides { MNZ_DIVIDES_IN_TURN, MNZ_DIVIDES_BY_CHANCE } mnz_divides;

typedef struct mnz_node_spec {
  const char *name;
  int32_t kind_index; /* into mnz_kinds */
  const char *country;
  double where[2];
  mnz_list stores;        /* of mnz_store_spec */
  int32_t short_rule;     /* mnz_short_rule: how orders share a stock that is short */
  int32_t divides;        /* mnz_divides: how ways with shares are chosen */
  const mnz_costs *costs; /* NULL: none */
  mnz_list charges;       /* of mnz_charge: what it asks for what it sells */
  const mnz_kind *kind;
  const void *params;             /* the kind's own struct */
  int32_t calendar;               /* it works only then; -1: always */
  const mnz_repeats *maintenance; /* NULL: none */
  uint32_t hash;                  /* mnz_stream_hash(name) */
} mnz_node_spec;
extern const mnz_param mnz_node_params[]; /* the common part; the kind's table adds the rest */

/* --- links --- */
typedef struct mnz_dispatch {
  mnz_time every;
  mnz_time first;         /* date of the first departure; MNZ_NO_DATE: the start */
  mnz_mass capacity;      /* of one departure; -1: unlimited */
  mnz_mass minimum;       /* a departure with less waits for the next */
  mnz_time waits_at_most; /* but for what has waited so long; -1: for ever */
  double skips;           /* probability that a departure does not take place */
  int32_t vessels; /* that sail it, each back after twice its time on the way; -1: one is always there */
} mnz_dispatch;

typedef enum mnz_when_closed {
  MNZ_CLOSED_CONTINUE,
  MNZ_CLOSED_WAIT,
  MNZ_CLOSED_RETURN,
  MNZ_CLOSED_LOST,
  MNZ_CLOSED_QUEUE /* waits, and what is sent meanwhile stands at its beginning */
} mnz_when_closed;

typedef struct mnz_link_spec {
  const char *name; /* "A -> B" when not said */
  int32_t from;
  int32_t to;
  mnz_ids carries;              /* count 0: whatever `to` takes of what `from` has */
  mnz_distribution lead_time;   /* microseconds */
  const mnz_dispatch *dispatch; /* NULL: at once */
  int32_t when_closed;          /* mnz_when_closed: what becomes of what is under way */
  double loss;                  /* share lost on the way */
  int32_t prefer;               /* of several ways for a material pushed on: the lowest number first */
  double share;                 /* or: shares among the ways; NaN when not said */
  const mnz_freight *costs;     /* NULL: none */
  uint32_t hash;
} mnz_link_spec;
extern const mnz_param mnz_link_params[];

/* --- calendars: when people work --- */
typedef struct mnz_calendar_spec {
  const char *name;
  mnz_names days;     /* "Mon" .. "Sun"; count 0: Monday to Friday */
  const char *from;   /* "06:00" */
  const char *until;  /* "22:00"; "24:00" */
  mnz_names holidays; /* dates */
} mnz_calendar_spec;
extern const mnz_param mnz_calendar_params[];

/* --- crews: who repairs --- */
typedef struct mnz_crew_spec {
  const char *name;
  int32_t members;
  int32_t calendar; /* when they work; -1: always */
} mnz_crew_spec;
extern const mnz_param mnz_crew_params[];

/* --- disruptions --- */
typedef struct mnz_period {
  mnz_time from;
  mnz_time until; /* MNZ_NO_DATE: for good */
} mnz_period;

typedef enum mnz_standby { MNZ_STANDBY_HOT, MNZ_STANDBY_COLD } mnz_standby;
typedef enum mnz_clock { MNZ_CLOCK_CALENDAR, MNZ_CLOCK_OPERATING } mnz_clock;

/* A part of the year: "12-01" to "03-31", both included (domain/season.h). */
typedef struct mnz_season {
  const char *from;
  const char *until;
  double factor; /* of the rate at which time to failure passes */
} mnz_season;

/* Another disruption that an outage sets off. */
typedef struct mnz_cause {
  int32_t disruption;
  double probability;
  mnz_distribution delay;
} mnz_cause;

/* What of a node an outage stops. */
typedef enum mnz_stops {
  MNZ_STOPS_WORK,
  MNZ_STOPS_ORDERS,
  MNZ_STOPS_SHIPMENTS,
  MNZ_STOPS_RECEIPTS
} mnz_stops;

typedef struct mnz_disruption_spec {
  const char *name;
  mnz_targets hits;
  int32_t stops;             /* mnz_stops */
  int32_t clock;             /* mnz_clock: what time to failure is counted in */
  int32_t units;             /* that fail independently, each with its share of the capacity */
  int32_t needs;             /* or: all capacity as long as so many are up, else none; -1 */
  int32_t standby;           /* mnz_standby: do units that are not needed age? */
  int32_t crew;              /* whose members repair; -1: at once */
  int32_t priority;          /* with the crew: 1 is repaired first */
  mnz_distribution destroys; /* share of the stock at the nodes that an outage destroys; constant NaN: none */
  mnz_distribution stretches; /* lead times of the links, instead of closing them; constant NaN: closes */
  mnz_time ramp;              /* in which capacity comes back */
  mnz_time warning;           /* announced so long ahead */
  mnz_list season;            /* of mnz_season; count 0: always */
  mnz_list causes;            /* of mnz_cause */
  double starts_down;         /* probability of being down at the start */
  const mnz_repeats *repeats; /* NULL: none */
  mnz_time every;             /* of the states; -1 */
  mnz_distribution states;    /* one a period: not 0 is an outage; constant NaN: none */
  mnz_distribution loss;      /* share of capacity lost, drawn once an outage; a link is closed by any loss */
  mnz_distribution
      ttf; /* time to failure from the end of the last outage, on the clock; constant NaN: none */
  mnz_distribution ttr; /* time to repair */
  mnz_time from;        /* random outages begin to be counted here */
  mnz_time until;       /* and none begins after this; MNZ_NO_DATE: the end */
  mnz_list periods;     /* of mnz_period: dated outages */
  uint32_t hash;
} mnz_disruption_spec;
extern const mnz_param mnz_disruption_params[];

#endif
