/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The share that an event has not yet met, when some were watched only for a while. */
#ifndef MNZ_STATS_SURVIVAL_H
#define MNZ_STATS_SURVIVAL_H

#include <stdbool.h>
#include <stddef.h>

#include "monazite/status.h"

/* Kaplan and Meier, "Nonparametric estimation from incomplete observations", 1958. time[i] is when the
 * event came, or (not seen[i]) until when it had not; a watch that ends at the time of an event was still on.
 * A NaN time is left out. survival[j] is the estimated probability of an event after at[j]; at[] is
 * ascending. All three outputs have n_at entries.
 *
 * low and high are the pointwise band of each at[j]: Greenwood's variance on the scale of log(-log S)
 * (Kalbfleisch and Prentice, "The statistical analysis of failure time data", 1.4), which stays within 0 .. 1
 * and covers better near them than the plain band, S +- z sd. It ends where S is 1 or 0; there
 *   S = 1: low is Wilson's bound for as many survivors as were watched up to at[j], high is 1;
 *   S = 0: low is 0, high is the bound before the last event times Wilson's for no survivor of those then
 *          watched.
 * NaN, all three, after the last time if that is the end of a watch, and everywhere without a time. Costs a
 * sort of the times. Fails with MNZ_NO_MEMORY; the outputs are then unchanged. */
mnz_status mnz_kaplan_meier(const double *time, const bool *seen, size_t n, const double *at, size_t n_at,
                            double confidence, double *survival, double *low, double *high, mnz_error *err);

#endif
