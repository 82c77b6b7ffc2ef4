/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times that are tallied: against what can be counted on fingers. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "domain/times.h"

static void add(mnz_times *t, mnz_time time) {
  mnz_error err;
  if (mnz_times_add(t, time, &err) != MNZ_OK) cr_assert_fail("%s", err.message);
}

static double quantile(mnz_times *t, double p) {
  double out;
  mnz_times_quantiles(t, &p, 1, &out);
  return out;
}

Test(times, of_nothing_are_not_defined) {
  mnz_times t = {0};
  mnz_times_reset(&t);
  cr_expect(isnan(mnz_times_mean(&t)) && isnan(mnz_times_sd(&t)) && isnan(quantile(&t, 0.5)));
  add(&t, 7);
  cr_expect_eq(mnz_times_mean(&t), 7);
  cr_expect(isnan(mnz_times_sd(&t)));
  cr_expect_eq(quantile(&t, 0.95), 7);
  mnz_times_free(&t);
}

Test(times, have_mean_spread_and_quantiles_with_many_at_zero) {
  mnz_times t = {0};
  mnz_times_reset(&t);
  const mnz_time of[] = {0, 40, 0, 10, 0, 20, 0, 30, 0, 0};
  for (size_t i = 0; i < 10; i++) add(&t, of[i]);
  cr_expect_float_eq(mnz_times_mean(&t), 10, 1e-12);
  cr_expect_float_eq(mnz_times_sd(&t), sqrt(2000.0 / 9), 1e-12); /* 3000 - 10 * 100 */
  cr_expect_eq(t.longest, 40);
  cr_expect_eq(t.above, 4);
  const double p[] = {0.1, 0.6, 7.0 / 9, 0.95, 1};
  double out[5];
  mnz_times_quantiles(&t, p, 5, out); /* sorted: six zeros, 10, 20, 30, 40 */
  cr_expect_float_eq(out[0], 0, 1e-9);
  cr_expect_float_eq(out[1], 4, 1e-9, "0.4 of the way from 0 to 10");
  cr_expect_float_eq(out[2], 20, 1e-9);
  cr_expect_float_eq(out[3], 35.5, 1e-9);
  cr_expect_float_eq(out[4], 40, 1e-9);
  mnz_times_reset(&t);
  cr_expect_eq(t.count, 0);
  add(&t, 3);
  cr_expect_eq(quantile(&t, 0.5), 3, "nothing of before is left");
  mnz_times_free(&t);
}

static int in_order(const void *a, const void *b) {
  const mnz_time x = *(const mnz_time *)a;
  const mnz_time y = *(const mnz_time *)b;
  return (x > y) - (x < y);
}

Test(times, have_the_quantiles_of_a_sorted_list) {
  enum { N = 5000 };
  static mnz_time of[N];
  uint64_t state = 20260101;
  for (int round = 0; round < 20; round++) {
    mnz_times t = {0};
    mnz_times_reset(&t);
    const uint64_t range = round % 2 == 0 ? 7 : 1000000; /* many equal ones, or hardly any */
    for (size_t i = 0; i < N; i++) {
      state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
      of[i] = (mnz_time)((state >> 33) % range);
      add(&t, of[i]);
    }
    qsort(of, N, sizeof *of, in_order);
    const double p[] = {0.25, 0.5, 0.95, 0.99};
    double out[4];
    mnz_times_quantiles(&t, p, 4, out);
    for (size_t i = 0; i < 4; i++) {
      const double rank = p[i] * (N - 1);
      const size_t k = (size_t)rank;
      const double expected = (double)of[k] + (rank - (double)k) * (double)(of[k + 1] - of[k]);
      if (!(fabs(out[i] - expected) < 1e-6)) cr_assert_fail("round %d, p %g: %g", round, p[i], out[i]);
    }
    mnz_times_free(&t);
  }
}

Test(times, are_thinned_evenly_when_there_are_very_many) {
  mnz_times t = {0};
  mnz_times_reset(&t);
  const mnz_time n = 5 * MNZ_TIMES_KEPT;
  for (mnz_time i = 1; i <= n; i++) add(&t, i);
  cr_expect_leq(t.n_kept, (size_t)MNZ_TIMES_KEPT);
  cr_expect_eq(t.stride, 8);
  cr_expect_eq(t.kept[1] - t.kept[0], 8);
  cr_expect_eq(t.longest, n, "which is not of the kept ones");
  cr_expect_float_eq(mnz_times_mean(&t), (double)(n + 1) / 2, 1e-3);
  cr_expect_float_eq(quantile(&t, 0.5), (double)(n + 1) / 2, 16);
  mnz_times_free(&t);
}
