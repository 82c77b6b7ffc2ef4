/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/survival.h"

#include "stats/interval.h"
#include "base/error.h"
#include "base/memory.h"

#include <gsl/gsl_cdf.h>

#include <math.h>
#include <stdlib.h>

typedef struct watch {
  double time;
  bool seen;
} watch;

typedef struct curve {
  const watch *watches; /* by time */
  size_t n;
  size_t passed; /* watches that ended so far */
  size_t last;   /* how many of them at the last of their times */
  double survival;
  double greenwood; /* sum of d / (r (r - d)): the variance of log survival */
  double ceiling;   /* upper bound once survival is 0 */
  double confidence;
} curve;

static int by_time(const void *a, const void *b) {
  const double x = ((const watch *)a)->time;
  const double y = ((const watch *)b)->time;
  return (x > y) - (x < y);
}

/* The curve raised to the power that the variance gives, downwards and upwards. */
static mnz_interval band_inside(const curve *c) {
  const double z = gsl_cdf_ugaussian_Qinv((1 - c->confidence) / 2);
  const double power = exp(z * sqrt(c->greenwood) / -log(c->survival));
  return (mnz_interval){.low = pow(c->survival, power), .high = pow(c->survival, 1 / power)};
}

/* Passes all watches that end at the next time. */
static void step(curve *c) {
  const double time = c->watches[c->passed].time;
  const size_t at_risk = c->n - c->passed;
  size_t events = 0;
  for (c->last = 0; c->passed < c->n && c->watches[c->passed].time <= time; c->last++)
    events += c->watches[c->passed++].seen;
  if (events == 0) return;
  if (events == at_risk) {
    const double before = c->survival < 1 ? band_inside(c).high : 1;
    c->ceiling = before * mnz_wilson(0, at_risk, c->confidence).high;
    c->survival = 0;
    return;
  }
  const double left = (double)(at_risk - events);
  c->survival *= left / (double)at_risk;
  c->greenwood += (double)events / ((double)at_risk * left);
}

/* The band at a time up to which the curve has been stepped. */
static mnz_interval band(const curve *c, double at) {
  if (c->survival <= 0) return (mnz_interval){0, c->ceiling};
  if (c->survival < 1) return band_inside(c);
  const bool ending = c->passed > 0 && c->watches[c->passed - 1].time >= at;
  const size_t watched = c->n - c->passed + (ending ? c->last : 0);
  return mnz_wilson(watched, watched, c->confidence);
}

static bool is_over(const curve *c, double at) {
  return c->n == 0 || (c->passed == c->n && c->survival > 0 && c->watches[c->n - 1].time < at);
}

mnz_status mnz_kaplan_meier(const double *time, const bool *seen, size_t n, const double *at, size_t n_at,
                            double confidence, double *survival, double *low, double *high, mnz_error *err) {
  MNZ_REQUIRE(confidence > 0 && confidence < 1);
  watch *watches = NULL;
  const mnz_status status = mnz_new_array(&watches, n, err);
  if (status != MNZ_OK) return status;

  curve c = {.watches = watches, .survival = 1, .confidence = confidence};
  for (size_t i = 0; i < n; i++)
    if (!isnan(time[i])) watches[c.n++] = (watch){.time = time[i], .seen = seen[i]};
  if (c.n > 0) qsort(watches, c.n, sizeof *watches, by_time);
  for (size_t j = 0; j < n_at; j++) {
    MNZ_REQUIRE(j == 0 || at[j - 1] <= at[j]);
    while (c.passed < c.n && watches[c.passed].time <= at[j]) step(&c);
    const bool over = is_over(&c, at[j]);
    const mnz_interval around = over ? (mnz_interval){NAN, NAN} : band(&c, at[j]);
    survival[j] = over ? NAN : c.survival;
    low[j] = around.low;
    high[j] = around.high;
  }
  free(watches);
  return MNZ_OK;
}
