/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lots: what moves through the chain. A lot carries a parts vector (domain/catalog.h) and its mass, has
 * exactly one owner at any instant, and is split and merged only by the functions here, each of which
 * conserves every part to the milligram. */
#ifndef MNZ_DOMAIN_LOT_H
#define MNZ_DOMAIN_LOT_H

#include "base/memory.h"
#include "domain/catalog.h"

typedef enum mnz_place {
  MNZ_PLACE_STOCK,   /* in a store */
  MNZ_PLACE_PROCESS, /* in a line, at a berth */
  MNZ_PLACE_TRANSIT, /* on a link, or waiting at its dock */
  MNZ_PLACE_USE,     /* delivered, and in service until it comes back */
  MNZ_PLACES,
  MNZ_PLACE_HAND = MNZ_PLACES /* inside a handler: never between events */
} mnz_place;

typedef struct mnz_lot {
  struct mnz_lot *next;   /* in the queue that holds it */
  struct mnz_lot *before; /* in the register of all lots */
  struct mnz_lot *after;
  int64_t id;
  int32_t material;
  int32_t node; /* where it is; in transit: where it goes */
  int32_t link; /* in transit: by which; -1: from hand to hand */
  int32_t from; /* in transit: where it comes from */
  mnz_place place;
  bool late;        /* fills an order later than it was asked for */
  bool counted;     /* as made here, or it comes from elsewhere */
  mnz_mass under;   /* in transit: of it, under a contract */
  double paid;      /* in transit: for it, by the node where it goes, US dollars */
  double duty;      /* in transit: on it */
  mnz_mass ordered; /* the part of an order that it fills; 0 when nobody ordered it */
  mnz_mass mass;    /* its own mass: for metals less than the sum of the parts */
  mnz_mass book;    /* sum of the parts */
  mnz_time born;    /* what it was made of, if that was a lot too */
  mnz_time stored;  /* since when it waits in its store */
  mnz_time sent;    /* in transit: since when */
  mnz_time due;     /* in a line: when it may leave, on the line's own clock; set aside: what work is left */
  mnz_time left_at; /* on a link: when it left the dock */
  uint64_t arrival; /* on a link: the mnz_alarm of it */
  int32_t priority; /* of the order that it fills */
  mnz_time placed;  /* when that was placed, the first one if there are several */
  mnz_mass part[];  /* catalog->n_parts of them */
} mnz_lot;

/* What becomes of a lot, for whoever keeps its genealogy. */
typedef enum mnz_lot_turn {
  MNZ_LOT_BORN,    /* out of nothing that is followed: dug, bought from outside, there at the start */
  MNZ_LOT_MADE,    /* of the parent, or of several, each told */
  MNZ_LOT_SPLIT,   /* off the parent */
  MNZ_LOT_MERGED,  /* the parent went into it and is no more */
  MNZ_LOT_BECAME,  /* it is of another material from now on */
  MNZ_LOT_STORED,  /* put into a store */
  MNZ_LOT_STARTED, /* in process: in a line, at a berth, or made and without room */
  MNZ_LOT_IN_USE,  /* in service with its user */
  MNZ_LOT_ENDED    /* delivered, tails or lost */
} mnz_lot_turn;

/* `mass` is what it is about: of the lot or, where there is a parent, that came from it. */
typedef struct mnz_lot_watch {
  void *self;
  void (*tell)(void *self, mnz_lot_turn turn, const mnz_lot *lot, const mnz_lot *parent, mnz_mass mass,
               int how);
} mnz_lot_watch;

/* `watch` NULL: nobody looks. `how` is an mnz_end, where it ended. */
static inline void mnz_lot_tell(const mnz_lot_watch *watch, mnz_lot_turn turn, const mnz_lot *lot,
                                const mnz_lot *parent, mnz_mass mass, int how) {
  if (watch != NULL) watch->tell(watch->self, turn, lot, parent, mass, how);
}

/* All lots of one world. */
typedef struct mnz_lots {
  const mnz_catalog *catalog;
  const mnz_lot_watch *watch; /* NULL: nobody looks; stays over resets */
  mnz_pool *pool;
  mnz_lot *first; /* register: every lot alive, for the ledger's walk */
  int64_t next_id;
} mnz_lots;

mnz_status mnz_lots_open(mnz_lots *lots, const mnz_catalog *catalog, mnz_error *err);
void mnz_lots_close(mnz_lots *lots);
void mnz_lots_reset(mnz_lots *lots);

/* A new empty lot in hand at a node; NULL when memory is out. */
mnz_lot *mnz_lot_new(mnz_lots *lots, int32_t material, int32_t node, mnz_time now, mnz_error *err);
/* Back to the pool. Its content must have been accounted for: ended in the ledger, or merged away. */
void mnz_lot_drop(mnz_lots *lots, mnz_lot *lot);
/* Sets book, and mass as the material's form weighs the parts. */
void mnz_lot_weigh(const mnz_lots *lots, mnz_lot *lot);
/* Takes `mass` (0 < mass < lot->mass) out of lot into a new lot of the same material and place; parts are
 * apportioned by largest remainder, so that they add up. NULL when memory is out; lot is then unchanged. */
mnz_lot *mnz_lot_split(mnz_lots *lots, mnz_lot *lot, mnz_mass mass, mnz_error *err);
/* Adds `from` to `into` (same material) and drops it. */
void mnz_lot_merge(mnz_lots *lots, mnz_lot *into, mnz_lot *from);

/* out[i] = in[i] * share / whole, rounded by largest remainder so that the sum is exactly `share`, where
 * `whole` is the sum of in[]. Ties go to the lower index. 0 <= share <= whole, in[i] >= 0, n no more than the
 * parts of a lot. */
void mnz_apportion(const mnz_mass *in, int32_t n, mnz_mass whole, mnz_mass share, mnz_mass *out);

/* A queue of lots, first in, first out. Start with {0}. */
typedef struct mnz_lot_queue {
  mnz_lot *first;
  mnz_lot *last;
  int32_t count;
} mnz_lot_queue;
/* Takes a lot out of the middle. */
void mnz_lot_queue_remove(mnz_lot_queue *queue, mnz_lot *lot);
void mnz_lot_queue_push(mnz_lot_queue *queue, mnz_lot *lot);
void mnz_lot_queue_push_first(mnz_lot_queue *queue, mnz_lot *lot);
mnz_lot *mnz_lot_queue_pop(mnz_lot_queue *queue); /* NULL when empty */

#endif
