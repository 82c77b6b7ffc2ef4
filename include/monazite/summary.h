/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistics over the replications of a batch: of each measure a row of numbers, of each headline series
 * bands, of each first time a survival curve.
 *
 * A value that is not a number is not defined in its replication; every statistic is over the replications
 * where it is, and `count` says how many. Failed replications count nowhere. */
#ifndef MONAZITE_SUMMARY_H
#define MONAZITE_SUMMARY_H

#include "monazite/rows.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The probabilities of the quantiles that are kept. */
#define MNZ_QUANTILES 5
extern const double mnz_quantile_levels[MNZ_QUANTILES]; /* 0.05 0.25 0.5 0.75 0.95 */
/* CVaR: the mean over the worst twentieth. */
#define MNZ_CVAR_LEVEL 0.95

/* One list of the statistics of a measure: id, name, text. low and high bound a confidence interval. */
#define MNZ_STATISTIC_LIST(X)                                                                                \
  X(COUNT, "count", "replications in which it is defined")                                                   \
  X(SHARE, "share", "their share of all that did not fail")                                                  \
  X(SHARE_LOW, "share_low", "of that share, by Wilson")                                                      \
  X(SHARE_HIGH, "share_high", "of that share, by Wilson")                                                    \
  X(MEAN, "mean", "mean")                                                                                    \
  X(SD, "sd", "standard deviation")                                                                          \
  X(HALF_WIDTH, "half_width", "half-width of the interval of the mean, by Student")                          \
  X(MEAN_LOW, "mean_low", "of the mean, by Student or, on request, bootstrap-t")                             \
  X(MEAN_HIGH, "mean_high", "of the mean, by Student or, on request, bootstrap-t")                           \
  X(MINIMUM, "minimum", "least value")                                                                       \
  X(MAXIMUM, "maximum", "largest value")                                                                     \
  X(Q05, "q05", "quantile, type 7 of Hyndman and Fan")                                                       \
  X(Q25, "q25", "quantile")                                                                                  \
  X(Q50, "q50", "median")                                                                                    \
  X(Q75, "q75", "quantile")                                                                                  \
  X(Q95, "q95", "quantile")                                                                                  \
  X(Q05_LOW, "q05_low", "of the quantile, by order statistics")                                              \
  X(Q25_LOW, "q25_low", "of the quantile")                                                                   \
  X(Q50_LOW, "q50_low", "of the median")                                                                     \
  X(Q75_LOW, "q75_low", "of the quantile")                                                                   \
  X(Q95_LOW, "q95_low", "of the quantile")                                                                   \
  X(Q05_HIGH, "q05_high", "of the quantile")                                                                 \
  X(Q25_HIGH, "q25_high", "of the quantile")                                                                 \
  X(Q50_HIGH, "q50_high", "of the median")                                                                   \
  X(Q75_HIGH, "q75_high", "of the quantile")                                                                 \
  X(Q95_HIGH, "q95_high", "of the quantile")                                                                 \
  X(CVAR, "cvar", "mean over the worst twentieth; NaN where neither end is worse")                           \
  X(CVAR_HALF_WIDTH, "cvar_half_width", "half-width of its interval")

typedef enum mnz_statistic {
#define MNZ_STATISTIC_ID(id, name, text) MNZ_STATISTIC_##id,
  MNZ_STATISTIC_LIST(MNZ_STATISTIC_ID)
#undef MNZ_STATISTIC_ID
      MNZ_STATISTICS
} mnz_statistic;
extern const char *const mnz_statistic_names[MNZ_STATISTICS];

/* Of one variable of the shape; what does not apply to it is NULL. */
typedef struct mnz_summary_variable {
  double *statistics; /* a measure: [MNZ_STATISTICS][cell] */
  /* a headline series */
  double *mean;      /* [cell] */
  float *half_width; /* [cell] */
  float *quantiles;  /* [MNZ_QUANTILES][cell] */
  /* a first time: the share of replications in which it is later than the time, and a band around it, by
   * Kaplan and Meier; [cell][time] */
  double *survival;
  double *survival_low;
  double *survival_high;
} mnz_summary_variable;

typedef enum mnz_interval_kind { MNZ_INTERVAL_STUDENT, MNZ_INTERVAL_BOOTSTRAP } mnz_interval_kind;
/* "Student t", "bootstrap-t", and back; what is neither is Student's. */
const char *mnz_interval_kind_name(mnz_interval_kind kind);
mnz_interval_kind mnz_interval_kind_of(const char *name);

typedef struct mnz_summary {
  const mnz_result *shape; /* of the rows: it must outlive the summary */
  size_t replications;
  size_t failed;
  double confidence;
  mnz_interval_kind interval;
  mnz_summary_variable *variables; /* [shape->n_variables] */
} mnz_summary;

void mnz_summary_free(mnz_summary *summary); /* NULL allowed */

#ifdef __cplusplus
}
#endif
#endif
