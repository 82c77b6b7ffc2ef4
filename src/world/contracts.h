/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contracts between a seller and a buyer, period by period of the calendar.
 *
 * What the seller ships to the buyer of the contract's materials is delivered under it, up to the maximum.
 * What is due at the end of a period is the minimum, or the committed share of what the seller made, if that
 * is more; of a period that is only partly covered (the contract begins or ends, the run, the measures, force
 * majeure) a part of the minimum is due. Of what is missing then, the seller owes what is on its book and not
 * shipped; the rest was not taken, and is paid for as far as the contract says. */
#ifndef MNZ_WORLD_CONTRACTS_H
#define MNZ_WORLD_CONTRACTS_H

#include "world/replication_internal.h"

/* What has come of it; masses in milligrams, sums in US dollars. */
typedef struct mnz_contract_sums {
  double delivered;
  double due;
  double owed;      /* missing at the end of a period: ordered and not shipped */
  double untaken;   /* the rest of what was missing */
  double damages;   /* paid by the seller for what was owed */
  double paid;      /* for it */
  double above;     /* revenue above the floor */
  double below;     /* what the floor brought in above the price */
  double returned;  /* to the buyer, of a high price */
  double suspended; /* microseconds of force majeure */
} mnz_contract_sums;

struct mnz_contract_state {
  bool running;    /* it has begun and is not over */
  bool lapsed;     /* the seller makes too much: class and share rest in this period */
  bool suspended;  /* force majeure */
  mnz_time since;  /* it has been covered in this period */
  mnz_time looked; /* `suspended` has been what it is */
  mnz_time rested; /* force majeure in this period until then */
  mnz_time begin;  /* of the period, in the calendar */
  mnz_time end;
  mnz_mass *delivered; /* [material of it] in this period */
  mnz_mass *made;      /* [material of it] by the seller before this period */
  double returned;     /* in the calendar year `year` */
  int64_t year;
  int32_t *causes; /* of force majeure: a disruption if >= 0, else the regime -1 - it */
  mnz_contract_sums sums;
};

#define MNZ_NO_CAUSE INT32_MIN
/* The disruption of that name, or -1 - the regime; MNZ_NO_CAUSE, which the checks refuse. */
int32_t mnz_contract_cause(const mnz_scenario *scenario, const char *name);
mnz_status mnz_contracts_open(mnz_replication *r, mnz_error *err);
mnz_status mnz_contracts_start(mnz_replication *r, mnz_error *err);
/* Their sums count from now on; so do their periods. */
void mnz_contracts_restart(mnz_replication *r);
/* A disruption or a regime has changed. */
mnz_status mnz_contracts_look(mnz_replication *r, mnz_error *err);

/* The one that is running between them for a material; -1. */
int32_t mnz_contract_between(const mnz_replication *r, int32_t buyer, int32_t seller, int32_t material);
/* Of an order of `mass`, how much is under a contract, and of which class. */
mnz_mass mnz_contracts_claim(const mnz_replication *r, int32_t buyer, int32_t seller, int32_t material,
                             mnz_mass mass, int32_t *priority);
/* What it still allows in this period, orders that wait counted as delivered. */
mnz_mass mnz_contract_left(const void *host, int32_t contract);
/* A lot has set off. Returns how much of it is under a contract, *sum what the buyer pays for that, `spot`
 * being what the seller would charge for a milligram. */
mnz_mass mnz_contracts_ship(mnz_replication *r, const mnz_lot *lot, double spot, double *sum);
/* A lot turns back: as if it had not been shipped. */
void mnz_contracts_return(mnz_replication *r, const mnz_lot *lot);
/* What a milligram costs under it. */
double mnz_contract_price(const mnz_replication *r, int32_t contract, double spot);
/* Until now, with the period under way. */
mnz_contract_sums mnz_contract_sums_now(const mnz_replication *r, int32_t contract);

#endif
