/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One long run: where its start is forgotten, and how well it knows its mean. */
#ifndef MNZ_STATS_WARMUP_H
#define MNZ_STATS_WARMUP_H

#include <stdbool.h>
#include <stddef.h>

typedef struct mnz_mser {
  size_t cut;       /* values to leave out, whole batches */
  double statistic; /* at the cut */
  double mean;      /* of all values from the cut on */
  bool too_short;   /* the best cut is the last one allowed: the run is still settling, make it longer */
} mnz_mser;

/* The marginal standard error rule (White, "An effective truncation heuristic for bias reduction in
 * simulation output", 1997): over the means of batches of `batch` values (5 for MSER-5), the cut d, at most
 * half of the k batches, that makes sum (y - mean)^2 / (k - d)^2 over those left least; of equals the first.
 * Fewer than 2 batches or a NaN among the values: cut 0, statistic and mean NaN, too_short. */
mnz_mser mnz_mser_cut(const double *x, size_t n, size_t batch);

typedef struct mnz_batches {
  size_t size; /* values in a batch */
  double mean;
  double half_width; /* Student's t over the batch means */
  double lag1;       /* correlation of a batch mean with the next; NaN when all are equal */
  double p_value;    /* of no such correlation against a positive one; NaN below 8 batches */
} mnz_batches;

/* Non-overlapping batch means (Law, "Simulation modeling and analysis", 9.5.3): `batches` of n / batches
 * values each, 20 to 30 as a rule; what does not fill them is left out at the start. The test is von
 * Neumann's ratio with its normal approximation (Fishman, "Grouping observations in digital simulation",
 * 1978): where p_value is small the batches are too short and so is the half-width. All NaN and size 0 when
 * there are fewer values than batches; half-width, lag1 and p_value NaN below 2 batches; NaN in, NaN out. */
mnz_batches mnz_batch_means(const double *x, size_t n, size_t batches, double confidence);

#endif
