/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flow instead of lots: sources, plants and sinks that are joined by rates and tanks.
 *
 * Between two events every rate is constant and every level a straight line, so that nothing happens in
 * between: an event is a change of capacity, a tank that runs empty or full, a lot that arrives or is
 * complete. Then what has flowed is moved as whole milligrams, upstream first, and the rates are reckoned
 * anew.
 *
 *   A node's greatest rate is its capacity of the day times what disruptions leave.
 *   From an empty tank no more is taken than flows in; into a full one no more is sent than is taken out:
 *   several that feed a full tank are slowed in proportion; one whose product has another way uses that.
 *
 * A tank is the feed store of a fluid node, and always one blend. A level within a few milligrams of a border
 * counts as at it, so that rounding makes no events. Rates follow the ramps of a capacity in steps,
 * each at its mean. What leaves for others than fluid nodes is collected into lots. The content
 * of what is in a tank is mixed at events. Tank to tank it goes at once: there is no residence. */
#ifndef MNZ_DOMAIN_FLUID_H
#define MNZ_DOMAIN_FLUID_H

#include "domain/link.h"
#include "domain/outbox.h"

/* What a kind says of a node that flows. */
typedef struct mnz_fluid_product {
  int32_t material;
  double yield; /* its mass for one mass of feed, at nominal content */
  mnz_mass lot; /* in lots of this size to those who do not flow; -1: not said */
} mnz_fluid_product;

typedef struct mnz_fluid_part {
  int32_t feed;                 /* -1: comes out of nothing */
  const mnz_schedule *capacity; /* of feed, or of what comes out of nothing */
  double per_basis;             /* whole mass for one mass of the capacity's basis */
  int32_t n_products;
  mnz_fluid_product product[MNZ_MAX_MATERIALS];
  /* Turns `mass` of *feed (in hand; taken; NULL when it comes out of nothing) into a lot in hand for each
   * product, NULL where nothing came. */
  mnz_status (*turn)(mnz_site *site, mnz_mass mass, mnz_lot **feed, mnz_lot **out, mnz_error *err);
} mnz_fluid_part;

struct mnz_fluid_node;

/* From a product into the tank of a node. */
typedef struct mnz_fluid_way {
  mnz_link *link;
  struct mnz_fluid_node *to;
  double share; /* of the open ways, when they have shares */
  double cap;   /* the most that the tank takes from here, milligrams a microsecond */
  double part;  /* of the product that goes this way now */
} mnz_fluid_way;

typedef struct mnz_fluid_out {
  int32_t material;
  double yield; /* as it was last */
  mnz_mass lot;
  mnz_lot *filling; /* the lot that is not complete yet, in process; NULL */
  int32_t n_ways;   /* 0: into the store of its own */
  mnz_fluid_way *ways;
} mnz_fluid_out;

/* What a node has counted. */
typedef struct mnz_fluid_tally {
  double wanted;  /* milligrams at its greatest rate: of a sink what it asked for */
  mnz_mass moved; /* milligrams that went through */
} mnz_fluid_tally;

typedef struct mnz_fluid_node {
  mnz_site *site;
  struct mnz_fluid *fluid;
  mnz_fluid_part part;
  mnz_fluid_out *outs;
  mnz_outbox outbox;
  bool stuck; /* what is in it had no room when the site last decided */
  double availability;
  int32_t n_before;  /* how many ways lead into its tank */
  int32_t n_lotwise; /* and links that bring lots */
  /* milligrams a microsecond, until the next event */
  double greatest;
  double limit; /* ... or 0, when what it makes cannot leave */
  double can;   /* with the feed that there is */
  double room;  /* with the room that there is for what it makes */
  double rate;
  double inflow;
  double near;           /* so near to a border is at it, milligrams */
  bool holds;            /* the level stays where it is: at a border */
  double carry;          /* of a milligram that has flowed and was not moved yet */
  mnz_mass level0;       /* before the last settling */
  mnz_mass most0;        /* the most that had been in the tank until then */
  mnz_fluid_tally tally; /* since the start */
  mnz_time first_lack;   /* when it was first slowed for want of feed; MNZ_NEVER */
} mnz_fluid_node;

/* All that flows in one world. */
typedef struct mnz_fluid {
  const mnz_services *services;
  int32_t n_sites;
  mnz_site *sites; /* [node] */
  int32_t n_links;
  mnz_link *links;
  int32_t n; /* fluid nodes, those that are upstream first */
  mnz_fluid_node **order;
  mnz_time settled;
  double span; /* microseconds that are being settled */
  mnz_alarm alarm;
} mnz_fluid;

/* Does a link lead on at once? */
bool mnz_link_flows(const mnz_link_spec *link);

/* Opens the nodes whose kinds say that they flow: sets their sites' `fluid`. Once, before any reset. */
mnz_status mnz_fluid_open(mnz_fluid *fluid, const mnz_services *services, mnz_arena *arena, mnz_site *sites,
                          int32_t n_sites, mnz_link *links, int32_t n_links, mnz_error *err);
/* As at the start; the stores have their initial stock. */
mnz_status mnz_fluid_start(mnz_fluid *fluid, mnz_error *err);
/* Moves what has flowed until now. */
mnz_status mnz_fluid_settle(mnz_fluid *fluid, mnz_error *err);

/* What a facility does, done by a node that flows. */
mnz_status mnz_fluid_decide(mnz_fluid_node *node, mnz_error *err);
mnz_status mnz_fluid_wake(mnz_fluid_node *node, mnz_error *err);
mnz_status mnz_fluid_availability(mnz_fluid_node *node, double share, mnz_error *err);
mnz_status mnz_fluid_arrive(mnz_fluid_node *node, mnz_lot **lot, mnz_error *err);

/* By how much the level of its tank has changed since the last settling. */
mnz_mass mnz_fluid_drift(const mnz_fluid_node *node);

/* fluid_rates.c: all rates from now on, and the next time at which one changes; MNZ_NEVER if none does. */
mnz_time mnz_fluid_rates(mnz_fluid *fluid);
/* Is it slowed for want of feed now? */
static inline bool mnz_fluid_lacks(const mnz_fluid_node *node) {
  return node->part.feed >= 0 && node->rate < node->room * (1 - 1e-9);
}
/* Do the rates agree with each other? MNZ_MODEL names the node where they do not. */
mnz_status mnz_fluid_verify(const mnz_fluid *fluid, mnz_error *err);
/* NULL when it has no tank. */
static inline mnz_shelf *mnz_fluid_tank(const mnz_fluid_node *node) {
  return node->part.feed < 0 ? NULL : mnz_site_shelf(node->site, node->part.feed);
}

#endif
