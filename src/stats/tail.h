/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mean of the worst share of the values: conditional value at risk (Rockafellar and Uryasev,
 * "Optimization of conditional value-at-risk", 2000). */
#ifndef MNZ_STATS_TAIL_H
#define MNZ_STATS_TAIL_H

#include <stdbool.h>
#include <stddef.h>

typedef struct mnz_tail {
  double var;  /* where the worst begin: the least value that a share of `level` does not exceed */
  double cvar; /* mean of the worst 1 - level; a value on the border counts for its share */
  double se;   /* standard error of cvar */
} mnz_tail;

/* cvar = var + sum (x - var)+ / (n (1 - level)) over values whose worst are large (`upper`), the mirror image
 * otherwise; se is the standard deviation of the influence, var + (x - var)+ / (1 - level), over sqrt(n)
 * (Trindade, Uryasev, Shapiro and Zrazhevsky, "Financial prediction with constrained tail risk", 2007).
 *
 * `sorted` is ascending, finite and without NaN; 0 <= level < 1. All NaN when n is 0. se is NaN below 2
 * values, and where the worst 1 - level are less than one value: then cvar is the most extreme value, and
 * nothing is known of what lies beyond. */
mnz_tail mnz_cvar(const double *sorted, size_t n, double level, bool upper);

#endif
