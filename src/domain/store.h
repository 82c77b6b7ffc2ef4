/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A store: where lots of one material wait at one node, first in first out or as one blend. */
#ifndef MNZ_DOMAIN_STORE_H
#define MNZ_DOMAIN_STORE_H

#include "domain/ledger.h"
#include "domain/spec.h"

typedef struct mnz_store {
  int32_t material;
  int32_t keep;      /* mnz_keep */
  int32_t when_full; /* mnz_when_full */
  mnz_mass capacity; /* INT64_MAX: unlimited */
  mnz_mass mass;     /* in it now */
  mnz_mass reserved; /* on its way here, with a place promised */
  mnz_mass at_least; /* its owner takes so much at once: below it any lot is let in */
  mnz_lot_queue queue;
} mnz_store;

/* As `spec` says, or unlimited FIFO when spec is NULL; empty. */
void mnz_store_open(mnz_store *store, int32_t material, const mnz_store_spec *spec);
/* What may still come; not negative. Below `at_least` (an empty store, or less than its owner can use) any
 * one lot is let in, so that nothing waits for ever. */
mnz_mass mnz_store_room(const mnz_store *store);
/* From hand into the store, which then owns it. */
void mnz_store_put(mnz_store *store, mnz_ledger *ledger, mnz_lots *lots, mnz_lot *lot);
/* The oldest lot as it is, into hand; NULL when empty. */
mnz_lot *mnz_store_pop(mnz_store *store, mnz_ledger *ledger);
/* Exactly `mass` (0 < mass <= store->mass) as one lot, oldest first, into hand; NULL when memory is out. */
mnz_lot *mnz_store_take(mnz_store *store, mnz_ledger *ledger, mnz_lots *lots, mnz_mass mass, mnz_error *err);

#endif
