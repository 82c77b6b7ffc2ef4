/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/moments.h"

#include <math.h>

void mnz_moments_add(mnz_moments *m, double x) {
  if (isnan(x)) return;
  m->min = m->n == 0 || x < m->min ? x : m->min;
  m->max = m->n == 0 || x > m->max ? x : m->max;
  m->n++;
  const double ahead = x - m->mean;
  m->mean += ahead / (double)m->n;
  m->m2 += ahead * (x - m->mean);
}

mnz_moments mnz_moments_of(const double *x, size_t n) {
  mnz_moments m = {0};
  for (size_t i = 0; i < n; i++) mnz_moments_add(&m, x[i]);
  return m;
}

void mnz_moments_merge(mnz_moments *into, const mnz_moments *from) {
  if (from->n == 0) return;
  if (into->n == 0) {
    *into = *from;
    return;
  }
  const double n = (double)(into->n + from->n);
  const double share = (double)from->n / n;
  const double ahead = from->mean - into->mean;
  into->m2 += from->m2 + ahead * ahead * share * (double)into->n;
  into->mean += ahead * share;
  into->min = fmin(into->min, from->min);
  into->max = fmax(into->max, from->max);
  into->n += from->n;
}

double mnz_moments_sd(const mnz_moments *m) {
  return m->n < 2 ? NAN : sqrt(m->m2 / (double)(m->n - 1));
}
