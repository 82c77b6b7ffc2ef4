/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order book of one material at one node: what is owed to whom. */
#ifndef MNZ_DOMAIN_ORDERS_H
#define MNZ_DOMAIN_ORDERS_H

#include "domain/param.h"
#include "base/memory.h"

typedef struct mnz_ask {
  struct mnz_ask *next; /* by class, then order of arrival */
  int32_t buyer;
  int32_t priority;
  mnz_time placed;
  mnz_mass open; /* not yet shipped */
  uint32_t kit;  /* ships with the asks of its buyer that have the same number; 0: for itself */
  bool part;     /* of a kit: not its product but what comes with it */
  bool whole;    /* of a kit: only when all of it is there */
  bool passing;  /* what of it cannot be filled in the instant in which it was placed is lost */
} mnz_ask;

typedef struct mnz_book {
  mnz_ask *first;
  mnz_ask *last;
  mnz_mass open;    /* sum over the asks */
  mnz_mass passing; /* of it, over those that are lost with this instant: nobody need order for them */
} mnz_book;

/* Adds an order behind those of its class; NULL when memory is out. Asks come from `pool`. */
mnz_ask *mnz_book_add(mnz_book *book, mnz_pool *pool, int32_t buyer, int32_t priority, mnz_time placed,
                      mnz_mass mass, mnz_error *err);
/* Takes `mass` (<= ask->open) off an ask; it stays in the book until mnz_book_sweep. */
void mnz_book_fill(mnz_book *book, mnz_ask *ask, mnz_mass mass);
/* Drops the asks with nothing open. */
void mnz_book_sweep(mnz_book *book, mnz_pool *pool);
/* What is open of a buyer's asks placed before `before`, and when the first of them was placed (MNZ_NEVER
 * when there is none). */
mnz_mass mnz_book_open(const mnz_book *book, int32_t buyer, mnz_time before, mnz_time *first);
/* Takes back at most `most` of that, the newest first; returns the mass. */
mnz_mass mnz_book_withdraw(mnz_book *book, mnz_pool *pool, int32_t buyer, mnz_time before, mnz_mass most);

/* A pure policy: shares `stock` among the asks of one class, the `n` open masses in order of arrival, by
 * rule (mnz_short_rule); give[i] <= open[i], the sum is min(stock, sum of open). */
void mnz_share_out(int32_t rule, const mnz_mass *open, int32_t n, mnz_mass stock, mnz_mass *give);

#endif
