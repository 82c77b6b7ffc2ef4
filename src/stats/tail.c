/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/tail.h"

#include "stats/moments.h"
#include "base/error.h"

#include <math.h>

/* The least rank of 1 .. n with rank / n >= level; a product that should be whole may have been rounded. */
static size_t rank_of(double level, size_t n) {
  size_t rank = (size_t)(level * (double)n);
  while (rank < 1 || (double)rank / (double)n < level) rank++;
  return rank;
}

mnz_tail mnz_cvar(const double *sorted, size_t n, double level, bool upper) {
  MNZ_REQUIRE(level >= 0 && level < 1);
  if (n == 0) return (mnz_tail){NAN, NAN, NAN};
  const size_t rank = rank_of(level, n);
  const double var = sorted[upper ? rank - 1 : n - rank];
  mnz_moments excess = {0};
  for (size_t i = 0; i < n; i++) mnz_moments_add(&excess, fmax(0, upper ? sorted[i] - var : var - sorted[i]));
  const double mean = excess.mean / (1 - level);
  return (mnz_tail){.var = var,
                    .cvar = upper ? var + mean : var - mean,
                    .se = rank < n ? mnz_moments_sd(&excess) / (1 - level) / sqrt((double)n) : NAN};
}
