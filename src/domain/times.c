/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/times.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

void mnz_times_reset(mnz_times *t) {
  *t = (mnz_times){.kept = t->kept, .capacity = t->capacity, .stride = 1};
}

void mnz_times_free(mnz_times *t) {
  free(t->kept);
  *t = (mnz_times){0};
}

static void thin_out(mnz_times *t) {
  for (size_t i = 0; 2 * i < t->n_kept; i++) t->kept[i] = t->kept[2 * i];
  t->n_kept = (t->n_kept + 1) / 2;
  t->stride *= 2;
}

static mnz_status keep(mnz_times *t, mnz_time time, mnz_error *err) {
  if (t->n_kept == MNZ_TIMES_KEPT) thin_out(t);
  if (t->above % t->stride != 0) return MNZ_OK;
  mnz_status status = mnz_reserve_array(&t->kept, &t->capacity, t->n_kept + 1, err);
  if (status == MNZ_OK) t->kept[t->n_kept++] = time;
  return status;
}

mnz_status mnz_times_add(mnz_times *t, mnz_time time, mnz_error *err) {
  t->count++;
  const double change = (double)time - t->mean;
  t->mean += change / (double)t->count;
  t->squares += change * ((double)time - t->mean);
  if (time <= 0) return MNZ_OK;
  if (time > t->longest) t->longest = time;
  mnz_status status = keep(t, time, err);
  t->above++;
  return status;
}

double mnz_times_mean(const mnz_times *t) {
  return t->count > 0 ? t->mean : NAN;
}

double mnz_times_sd(const mnz_times *t) {
  return t->count > 1 ? sqrt(t->squares / (double)(t->count - 1)) : NAN;
}

static void swap(mnz_time *a, mnz_time *b) {
  const mnz_time c = *a;
  *a = *b;
  *b = c;
}

/* The value in the middle of three. */
static mnz_time middle(mnz_time a, mnz_time b, mnz_time c) {
  const mnz_time low = a < b ? a : b;
  const mnz_time high = a < b ? b : a;
  return c < low ? low : c > high ? high : c;
}

/* Moves the k-th smallest to x[k], smaller ones before it, larger ones behind it: Hoare's selection with
 * three parts, so that many equal times do no harm. */
static void select_kth(mnz_time *x, size_t n, size_t k) {
  size_t from = 0;
  size_t to = n; /* x[from, to) is still in disorder */
  while (to - from > 1) {
    const mnz_time pivot = middle(x[from], x[from + (to - from) / 2], x[to - 1]);
    size_t less = from; /* x[from, less) is smaller, x[less, at) equal, x[more, to) larger */
    size_t more = to;
    for (size_t at = from; at < more;) {
      if (x[at] < pivot)
        swap(&x[at++], &x[less++]);
      else if (x[at] > pivot)
        swap(&x[at], &x[--more]);
      else
        at++;
    }
    if (k >= less && k < more) return;
    if (k < less)
      to = less;
    else
      from = more;
  }
}

/* The quantile of those above 0 at `rank` among them (above -1). Everything before x[*from] is known to be
 * smaller, and what is found moves *from. */
static double at_rank(mnz_time *x, size_t n, double rank, size_t *from) {
  const size_t i = rank < 0 ? 0 : (size_t)rank < n ? (size_t)rank : n - 1;
  select_kth(x + *from, n - *from, i - *from);
  *from = i;
  if (rank < 0) return (1 + rank) * (double)x[i];
  if (i + 1 >= n) return (double)x[i];
  mnz_time next = x[i + 1];
  for (size_t k = i + 2; k < n; k++) next = x[k] < next ? x[k] : next;
  return (double)x[i] + (rank - (double)i) * (double)(next - x[i]);
}

void mnz_times_quantiles(mnz_times *t, const double *p, size_t n, double *out) {
  const double zeros = (double)(t->count - t->above);
  const double scale = t->above > 1 ? (double)(t->n_kept - 1) / (double)(t->above - 1) : 1;
  size_t from = 0;
  for (size_t i = 0; i < n; i++) {
    const double rank = p[i] * (double)(t->count - 1) - zeros;
    if (t->count == 0)
      out[i] = NAN;
    else if (rank <= -1 || t->n_kept == 0)
      out[i] = 0;
    else
      out[i] = at_rank(t->kept, t->n_kept, rank > 0 ? rank * scale : rank, &from);
  }
}
