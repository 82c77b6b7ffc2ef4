/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What things cost and who pays whom. A world without any money in it has no book and none of this costs it
 * anything; all of these then do nothing.
 *
 * Sums are in US dollars, of what happened since the warm-up. What is bought is paid when it is shipped, by
 * the one to whom it goes; the same sum is the seller's revenue, so that payments add up to nothing. All
 * other costs go to nobody in the world. Costs of a mass over a time are exact integrals (domain/level.h). */
#ifndef MNZ_WORLD_MONEY_H
#define MNZ_WORLD_MONEY_H

#include "world/replication_internal.h"

struct mnz_money {
  double *cost;       /* [node][mnz_cost]: what is paid at an instant */
  double *revenue;    /* [node] */
  mnz_level *owed_by; /* [slot]: orders on this node that it has not shipped */
  mnz_level *owed_to; /* [slot]: orders of this node that have not been shipped */
  mnz_mass *made;     /* [slot]: the ledger's, at the warm-up */
  mnz_mass *lost;     /* [node]: the sites', at the warm-up */
};

mnz_status mnz_money_open(mnz_replication *r, mnz_error *err);
/* Sets all of it. */
void mnz_money_start(mnz_replication *r);
/* Counts from now on. */
void mnz_money_restart(mnz_replication *r);

/* An order was placed; `fresh` of it is new. */
void mnz_money_order(mnz_replication *r, int32_t buyer, int32_t seller, int32_t material, mnz_mass mass,
                     mnz_mass fresh);
/* An order was taken back, or given up for good. */
void mnz_money_withdraw(mnz_replication *r, int32_t buyer, int32_t seller, int32_t material, mnz_mass mass,
                        bool for_good);
/* A lot in transit has just set off from lot->from to lot->node. */
void mnz_money_ship(mnz_replication *r, mnz_lot *lot);
/* It turns back, and its order is open again: what was paid is paid back. */
void mnz_money_return(mnz_replication *r, const mnz_lot *lot);
/* A departure by a link. */
void mnz_money_depart(mnz_replication *r, int32_t link);

/* Paid under a contract for what was not taken, or not shipped. */
void mnz_money_pay_contract(mnz_replication *r, int32_t payer, int32_t to, double sum);
/* What a milligram costs a buyer, brought to it; NaN where no price is said. */
double mnz_money_landed(const void *host, int32_t buyer, int32_t seller, int32_t material);
/* All that was paid to a node until now; all its costs of a kind. */
double mnz_money_revenue(const mnz_replication *r, int32_t node);
double mnz_money_cost(const mnz_replication *r, int32_t node, mnz_cost kind);

#endif
