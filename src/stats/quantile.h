/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantiles, and what the order statistics say of them whatever the distribution. `sorted` is ascending,
 * finite and without NaN; 0 <= p <= 1. */
#ifndef MNZ_STATS_QUANTILE_H
#define MNZ_STATS_QUANTILE_H

#include <stddef.h>

#include "stats/interval.h"

/* By linear interpolation between the values at (n - 1) p: type 7 of Hyndman and Fan, "Sample quantiles in
 * statistical packages", 1996. Never beside the two. NaN when n is 0. */
double mnz_quantile(const double *sorted, size_t n, double p);

/* Between the order statistics of these ranks, counted from 1, the quantile lies with the stated
 * probability, which is the confidence or more (Conover, "Practical nonparametric statistics", 3.2: the
 * number of values below it is binomial). low is 0 or high is n + 1 where no order statistic bounds it. */
typedef struct mnz_ranks {
  size_t low;
  size_t high;
  double coverage;
} mnz_ranks;

mnz_ranks mnz_quantile_ranks(size_t n, double p, double confidence);
/* The values of these ranks; -INFINITY or INFINITY at an end without bound, so at both when n is 0. */
mnz_interval mnz_quantile_interval(const double *sorted, size_t n, double p, double confidence);

#endif
