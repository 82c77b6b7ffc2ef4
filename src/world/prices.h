/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices that move: at start + k * every, each with streams of its own, first of all in their instant.
 *
 * Processes are of the logarithm and exact at the moves, whatever their step: geometric Brownian motion
 * (Black and Scholes 1973), the same with jumps (Merton 1976), Ornstein-Uhlenbeck (Uhlenbeck and Ornstein
 * 1930; Schwartz 1997, model 1). Between two moves a price stands still. */
#ifndef MNZ_WORLD_PRICES_H
#define MNZ_WORLD_PRICES_H

#include "world/replication_internal.h"

/* Of results: planners think of kilograms. */
#define MNZ_PER_KG 1e6

struct mnz_price_state {
  uint32_t hash;
  uint32_t moves;  /* so far */
  double base;     /* what the process, the values or the steps say, US dollars a milligram */
  double now;      /* what it is: with the response, floor and ceiling */
  mnz_time since;  /* it has been that */
  double integral; /* over time until then, of what is counted */
};

mnz_status mnz_prices_open(mnz_replication *r, mnz_error *err);
/* Sets all of them and asks for their moves. Once all sites have their stocks. */
mnz_status mnz_prices_start(mnz_replication *r, mnz_error *err);
/* Their means count from now on. */
void mnz_prices_restart(mnz_replication *r);
/* Over what is counted, until now. */
double mnz_price_average(const mnz_replication *r, int32_t price);
/* NaN where neither a number nor a price is said. */
double mnz_price_of(const mnz_replication *r, const mnz_price *price);
/* The next move of a process after a time (microseconds), from two or three of its draws: standard normals, a
 * number of jumps. Pure. */
double mnz_process_step(const mnz_process *process, double price, double time, double normal, double jumps,
                        double jump_normal);

#endif
