/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record: what is counted of orders while a world runs, because the end no longer shows it. How long
 * users waited, how much they were owed over time, and how orders swing on their way up the chain. It changes
 * nothing in the world. */
#ifndef MNZ_WORLD_RECORD_H
#define MNZ_WORLD_RECORD_H

#include "domain/lot.h"
#include "domain/orders.h"
#include "domain/spec.h"
#include "world/shortfall.h"

/* The periods in which orders are added up to see how they swing: four weeks hold whole numbers of daily,
 * weekly and fortnightly orders, so that a steady rhythm does not swing. */
#define MNZ_SWING_PERIOD (INT64_C(28) * 86400 * 1000000)

/* Sums per period, and their variance: whole periods only. */
typedef struct mnz_swing {
  int64_t period; /* that is being added up, from the date from which measures count */
  double sum;
  double n;
  double mean;
  double m2;
} mnz_swing;

/* Of a demand: its orders. */
typedef struct mnz_order_count {
  mnz_mass open;         /* ordered, and neither shipped nor given up */
  int64_t orders;        /* that were placed */
  mnz_mass asked;        /* the mass of these */
  mnz_mass at_once;      /* of it, shipped in the instant in which it was asked for */
  int64_t whole;         /* of them, shipped whole in the instant in which they were placed */
  double late;           /* mass that was shipped later than that, or given up */
  double late_time;      /* of it, mass times waiting time: milligram microseconds */
  mnz_time longest_wait; /* of such mass */
} mnz_order_count;

typedef struct mnz_record {
  mnz_time from;          /* counts from then on */
  bool *in_focus;         /* [node]: a demand that the summary speaks of */
  bool *upstream;         /* [node]: something can reach a user in focus from it */
  mnz_order_count *count; /* [node] */
  mnz_shortfall *node;    /* [node] */
  mnz_shortfall *element; /* [element]: owed to the users in focus */
  int32_t *waiting;       /* [element]: how many of them are owed some */
  mnz_swing *placed;      /* [node]: what it orders */
  mnz_swing *received;    /* [node]: what is ordered from it */
  double *sold;           /* [slot][element]: sent out by markets, which keep no store; milligrams */
} mnz_record;

struct mnz_replication;

mnz_status mnz_record_open(struct mnz_replication *r, mnz_error *err);
/* Forgets what was counted; what is owed is owed from now on. At the start of a run nothing is owed. */
void mnz_record_start(struct mnz_replication *r, mnz_time now);

/* A seller takes an order on; it is taken back, to be placed anew or, `for_good`, because the user gave it
 * up; a part of it is shipped, of what the ask had open until now. What leaves a node: counted of markets. */
void mnz_record_order(struct mnz_replication *r, int32_t buyer, int32_t seller, mnz_mass mass);
void mnz_record_withdraw(struct mnz_replication *r, int32_t buyer, int32_t seller, mnz_mass mass,
                         mnz_time placed, bool for_good);
void mnz_record_sell(struct mnz_replication *r, const mnz_lot *lot); /* before it leaves */
/* What was to fill an order turned back. */
void mnz_record_reopen(struct mnz_replication *r, int32_t buyer, mnz_mass mass);
void mnz_record_fill(struct mnz_replication *r, const mnz_ask *ask, mnz_mass mass);

/* The variance of what was added up per whole period until `end`; NaN below 2 periods. */
double mnz_swing_variance(const mnz_swing *swing, mnz_time from, mnz_time end);

#endif
