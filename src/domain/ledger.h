/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger: where every milligram of every component is.
 *
 *   born = in stock + in process + in transit + in use + delivered + tails + lost
 *
 * Two books are kept apart. Postings say what should be where: births, ends, arrivals and departures per
 * node. Holdings say what the stores and lines were given. The check walks every lot alive, adds up what
 * there really is, and compares it with both: a residual other than 0 is a bug and names the component
 * and the facility. */
#ifndef MNZ_DOMAIN_LEDGER_H
#define MNZ_DOMAIN_LEDGER_H

#include "domain/level.h"
#include "domain/lot.h"

typedef enum mnz_end { MNZ_END_DELIVERED, MNZ_END_TAILS, MNZ_END_LOST, MNZ_ENDS } mnz_end;

/* What was posted to a slot since its observer last looked: bits by place, and two for the flows. */
enum { MNZ_TOUCHED_IN = MNZ_PLACES, MNZ_TOUCHED_OUT };

/* A slot is a pair (node, material) that exists. */
typedef struct mnz_ledger {
  const mnz_catalog *catalog;
  const mnz_lot_watch *watch; /* NULL: nobody looks; stays over resets */
  int32_t n_nodes;
  int32_t n_slots;
  int32_t *slot_of;  /* [node * n_materials + material]; -1: no such slot */
  mnz_mass *held;    /* [slot][place][part] */
  mnz_mass *in;      /* [slot][part]: into the stock here, cumulative */
  mnz_mass *out;     /* [slot][part]: out of the stock here, cumulative */
  mnz_mass *should;  /* [node][part]: what the postings say is at the node */
  mnz_mass *transit; /* [part]: what they say is on the way */
  mnz_mass *born;    /* [part] */
  mnz_mass *born_at; /* [node][part] */
  mnz_mass *ended;   /* [how][part] */
  mnz_mass *walked;  /* scratch of the check: [node + 1][part] */
  mnz_mass *rest;    /* scratch of the check: [slot][place][part] */
  uint8_t *touched;  /* [slot]: in which places something was posted, as a mask; the observer clears it */
  mnz_level *level;  /* [slot][place]: the lots' own mass there, over time */
  mnz_mass *made;    /* [slot]: mass that came into a stock or left without having been in one before */
  mnz_time (*now)(const void *host); /* the clock; NULL: it stands still */
  const void *host;
} mnz_ledger;

/* `has[node * n_materials + material]` says which pairs exist. */
mnz_status mnz_ledger_open(mnz_ledger *ledger, const mnz_catalog *catalog, int32_t n_nodes, const bool *has,
                           mnz_error *err);
void mnz_ledger_close(mnz_ledger *ledger);
void mnz_ledger_reset(mnz_ledger *ledger);
/* Before anything is posted. */
void mnz_ledger_set_clock(mnz_ledger *ledger, mnz_time (*now)(const void *host), const void *host);

/* Sets the cumulative flows (in, out, born_at, made) to 0; what is where stays. */
void mnz_ledger_forget_flows(mnz_ledger *ledger);
/* The integrals of all levels count from now on. */
void mnz_ledger_restart_levels(mnz_ledger *ledger);
static inline mnz_level *mnz_ledger_level(mnz_ledger *ledger, int32_t slot, mnz_place place) {
  return &ledger->level[slot * MNZ_PLACES + (int32_t)place];
}
/* The lots' own mass in a place, integrated over time until now: milligram microseconds. */
double mnz_ledger_mass_time(const mnz_ledger *ledger, int32_t slot, mnz_place place);

/* Postings. All cannot fail. */
void mnz_ledger_born(mnz_ledger *ledger, const mnz_lot *lot); /* a new lot with content, in hand */
void mnz_ledger_add_other(mnz_ledger *ledger, int32_t node,
                          mnz_mass other); /* reagents, iron: from outside */
void mnz_ledger_end(mnz_ledger *ledger, int32_t node, const mnz_mass *part, mnz_end how);
void mnz_ledger_put(mnz_ledger *ledger, mnz_lot *lot, mnz_place place); /* hand -> stock or process */
void mnz_ledger_take(mnz_ledger *ledger, mnz_lot *lot);                 /* stock or process -> hand */
void mnz_ledger_depart(mnz_ledger *ledger, mnz_lot *lot, int32_t to);   /* hand -> transit */
void mnz_ledger_arrive(mnz_ledger *ledger, mnz_lot *lot);               /* transit -> hand at `to` */

/* Recomputes everything from the lots alive: MNZ_LEDGER names component, milligrams, facility.
 * `node_name` gives a node's name. *residual (may be NULL) gets the largest absolute residual. */
mnz_status mnz_ledger_check(const mnz_ledger *ledger, const mnz_lots *lots,
                            const char *(*node_name)(const void *context, int32_t node), const void *context,
                            mnz_mass *residual, mnz_error *err);

static inline int32_t mnz_ledger_slot(const mnz_ledger *l, int32_t node, int32_t material) {
  return l->slot_of[node * l->catalog->n_materials + material];
}
static inline const mnz_mass *mnz_ledger_held(const mnz_ledger *l, int32_t slot, mnz_place place) {
  return l->held + (size_t)(slot * MNZ_PLACES + (int32_t)place) * (size_t)l->catalog->n_parts;
}

#endif
