/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/compare.h"

#include "stats/moments.h"
#include "base/error.h"
#include "base/memory.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* An entry of `adjusted` is NaN until its turn comes. */
void mnz_holm(const double *p, size_t n, double *adjusted) {
  size_t left = 0;
  for (size_t i = 0; i < n; i++) {
    adjusted[i] = NAN;
    left += isnan(p[i]) ? 0 : 1;
  }
  for (double reached = 0; left > 0; left--) {
    size_t least = n;
    for (size_t i = 0; i < n; i++)
      if (isnan(adjusted[i]) && !isnan(p[i]) && (least == n || p[i] < p[least])) least = i;
    reached = fmin(1, fmax(reached, (double)left * p[least]));
    adjusted[least] = reached;
  }
}

/* ---- Wilcoxon's signed ranks ---- */

enum { EXACT = 25, EXACT_SUMS = EXACT * (EXACT + 1) / 2 + 1 };

static int by_size(const void *a, const void *b) {
  const double x = fabs(*(const double *)a);
  const double y = fabs(*(const double *)b);
  return (x > y) - (x < y);
}

typedef struct signed_ranks {
  double positive; /* sum of the ranks of the positive differences */
  double ties;     /* sum of t^3 - t over groups of t equal sizes */
} signed_ranks;

/* Of n differences in order of size. */
static signed_ranks rank(const double *difference, size_t n) {
  signed_ranks ranks = {0};
  size_t end;
  for (size_t first = 0; first < n; first = end) {
    size_t positive = 0;
    for (end = first; end < n && fabs(difference[end]) <= fabs(difference[first]); end++)
      positive += difference[end] > 0;
    const double t = (double)(end - first);
    ranks.positive += (double)positive * ((double)(first + end) + 1) / 2;
    ranks.ties += t * t * t - t;
  }
  return ranks;
}

/* The probability of a sum of `sum` or less when each rank of 1 .. n is in it or not like a coin: ways[s] of
 * the 2^n subsets have the sum s. */
static double exactly_at_most(size_t sum, size_t n) {
  double ways[EXACT_SUMS] = {1};
  for (size_t r = 1; r <= n; r++)
    for (size_t s = r * (r + 1) / 2; s >= r; s--) ways[s] += ways[s - r];
  double below = 0;
  for (size_t s = 0; s <= sum; s++) below += ways[s];
  return ldexp(below, -(int)n);
}

/* Drops zeros and sorts by size, in place. */
static double wilcoxon(double *difference, size_t n_given) {
  size_t n = 0;
  for (size_t i = 0; i < n_given; i++)
    if (difference[i] < 0 || difference[i] > 0) difference[n++] = difference[i];
  if (n == 0) return NAN;
  qsort(difference, n, sizeof *difference, by_size);

  const signed_ranks ranks = rank(difference, n);
  const double count = (double)n;
  const double all = count * (count + 1) / 2;
  if (n <= EXACT && ranks.ties <= 0)
    return fmin(1, 2 * exactly_at_most((size_t)fmin(ranks.positive, all - ranks.positive), n));
  const double variance = all * (2 * count + 1) / 12 - ranks.ties / 48;
  const double off = fmax(0, fabs(ranks.positive - all / 2) - 0.5);
  return 2 * gsl_cdf_ugaussian_Q(off / sqrt(variance));
}

/* ---- pairs ---- */

typedef struct pairs {
  double *a;
  double *b;
  double *difference;
  size_t n;
} pairs;

static mnz_status pairs_create(pairs *out, const double *a, const double *b, size_t n, mnz_error *err) {
  mnz_status status;
  if ((status = mnz_new_array(&out->a, n, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&out->b, n, err)) != MNZ_OK) return status;
  if ((status = mnz_new_array(&out->difference, n, err)) != MNZ_OK) return status;
  for (size_t i = 0; i < n; i++) {
    if (isnan(b[i] - a[i])) continue;
    out->a[out->n] = a[i];
    out->b[out->n] = b[i];
    out->difference[out->n++] = b[i] - a[i];
  }
  return MNZ_OK;
}

/* Equal differences have no spread to hold them against; that all of them go one way says as much as the sign
 * test says, and a few pairs say little. */
static double paired_t(const mnz_moments *difference) {
  if (difference->n >= 2 && difference->m2 == 0 && difference->mean != 0)
    return exp2(1 - (double)difference->n);
  const double error = mnz_moments_sd(difference) / sqrt((double)difference->n);
  const double t = fabs(difference->mean) / error; /* NaN below 2 pairs; 0 / 0 when all are 0 */
  return isnan(t) ? NAN : 2 * gsl_cdf_tdist_Q(t, (double)(difference->n - 1));
}

static double share_won(const pairs *p) {
  double won = 0;
  for (size_t i = 0; i < p->n; i++) won += p->b[i] > p->a[i] ? 1 : p->b[i] < p->a[i] ? 0 : 0.5;
  return won / (double)p->n;
}

static mnz_paired compare(pairs *p, double confidence) {
  const mnz_moments a = mnz_moments_of(p->a, p->n);
  const mnz_moments b = mnz_moments_of(p->b, p->n);
  const mnz_moments difference = mnz_moments_of(p->difference, p->n);
  const bool spread = p->n >= 2;
  const double won = share_won(p);
  return (mnz_paired){
      .n = p->n,
      .mean_a = p->n > 0 ? a.mean : NAN,
      .mean_b = p->n > 0 ? b.mean : NAN,
      .difference = p->n > 0 ? difference.mean : NAN,
      .half_width = mnz_student_half_width(p->n, mnz_moments_sd(&difference), confidence),
      .p_student = paired_t(&difference),
      .p_wilcoxon = wilcoxon(p->difference, p->n), /* moves the differences about */
      .correlation = spread ? gsl_stats_correlation(p->a, 1, p->b, 1, p->n) : NAN,
      .variance_reduction = spread ? (a.m2 + b.m2) / difference.m2 : NAN,
      .win = won,
      .win_interval = mnz_wilson_share(won, p->n, confidence),
  };
}

mnz_status mnz_paired_compare(const double *a, const double *b, size_t n, double confidence, mnz_paired *out,
                              mnz_error *err) {
  pairs p = {0};
  const mnz_status status = pairs_create(&p, a, b, n, err);
  if (status == MNZ_OK) *out = compare(&p, confidence);
  free(p.difference);
  free(p.b);
  free(p.a);
  return status;
}
