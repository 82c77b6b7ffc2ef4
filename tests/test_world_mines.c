/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mines: phases of a deposit, the scatter of its lots, what assays say. */
#include "world_bench.h"

#define FEATURE(name) "../../scenarios/features/" name ".cfg"

Test(phases, follow_each_other_when_their_reserve_is_used_up) {
  world w;
  world_of(&w, FEATURE("mine-phases"), "nodes['Mine'].phases[1].split_noise=0.0", "nodes['Mine'].assay={}");
  for (mnz_time day = 10; day < 360; day += 10) {
    world_run(&w, day * DAY + 1);
    const mnz_mass dug = day <= 100 ? 10 * day : 1000 + 20 * (day - 100);
    EXPECT(world_in(&w, "Mine", "ore") == dug * T_MG);
  }
  world_finish(&w);
  /* The lot that is begun last is in work at the end: it counts as mined. */
  cr_assert_float_eq(world_by_element(&w, "mined", "Nd"), 1000 * 0.09 + 5200 * 0.04, 0.041);
  cr_assert_float_eq(world_by_element(&w, "mined", "Dy"), 1000 * 0.01 + 5200 * 0.01, 0.011);
  cr_assert_float_eq(world_by_element(&w, "assayed", "Dy"), world_by_element(&w, "mined", "Dy"), 1e-9);
  world_close(&w);
}

Test(phases, begin_on_their_dates_and_leave_the_rest_in_the_ground) {
  world w;
  world_of(&w, FEATURE("mine-phases"), "nodes['Mine'].phases[1].split_noise=0.0",
           "nodes['Mine'].phases[1].from='2026-02-20'"); /* day 50 */
  world_run(&w, 100 * DAY + 1);
  EXPECT(world_in(&w, "Mine", "ore") == (50 * 10 + 50 * 20) * T_MG);
  world_close(&w);
}

Test(phases, wait_for_a_date_that_comes_later_than_the_end_of_the_one_before) {
  world w;
  world_of(&w, FEATURE("mine-phases"), "nodes['Mine'].phases[1].from='2026-05-31'"); /* day 150 */
  world_run(&w, 149 * DAY);
  EXPECT(world_in(&w, "Mine", "ore") == 1000 * T_MG);
  world_run(&w, 160 * DAY + 1);
  EXPECT(world_in(&w, "Mine", "ore") == 1200 * T_MG);
  world_close(&w);
}

/* The logarithm of the ratio of two shares is normal about that of the phase, with the variance of two of the
 * factors: 2 ln(1 + cv^2). */
Test(splits, scatter_about_that_of_the_phase) {
  world w;
  world_of(&w, FEATURE("mine-phases"));
  world_finish(&w);
  double sum = 0;
  double squares = 0;
  double n = 0;
  const mnz_shelf *heap = world_shelf(&w, "Heap", "ore");
  for (const mnz_lot *lot = heap->store.queue.first; lot != NULL; lot = lot->next) {
    if (lot->part[0] + lot->part[1] > 60 * T_MG / 1000) continue; /* the first phase */
    EXPECT(llabs(lot->part[0] + lot->part[1] - T_MG / 20) <= 2);
    const double ratio = log((double)lot->part[1] / (double)lot->part[0]);
    sum += ratio;
    squares += ratio * ratio;
    n++;
  }
  EXPECT(n > 5000);
  const double sd = sqrt(2 * log1p(0.01));
  const double mean = sum / n;
  cr_assert_lt(fabs(mean - log(0.25)) / sd * sqrt(n), 3.5, "%g", mean);
  cr_assert_float_eq(sqrt(squares / n - mean * mean), sd, 3.5 * sd / sqrt(2 * n));
  world_close(&w);
}

/* A factor of mean 1 and coefficient of variation 10 % on 6200 lots, of which the first 1000 weigh double:
 * the relative standard error of Nd, with 90 and 40 kg a lot, is 0.1 sqrt(1000 90^2 + 5200 40^2) / 298000. */
Test(assays, err_as_they_are_said_to) {
  world w;
  world_of(&w, FEATURE("mine-phases"));
  world_finish(&w);
  const double ratio = world_by_element(&w, "assayed", "Nd") / world_by_element(&w, "mined", "Nd");
  const double error = 1.03 * 0.1 * sqrt(1000 * 8100.0 + 5200 * 1600.0) / 298000;
  cr_assert_lt(fabs(ratio - 1.03) / error, 3.5, "%g +- %g", ratio, error);
  EXPECT(fabs(ratio - 1.03) > 1e-6);
  world_close(&w);
}

/* 1095 lots: the relative standard error of the sum of assays is 5 % sqrt(1 + 0.17^2) / sqrt(1095) at most.
 */
Test(assays, average_out_but_for_their_bias) {
  world w;
  world_of(&w, FEATURE("assay-noise"));
  world_finish(&w);
  const double error = 1.02 * 0.05 * 1.02 / sqrt(1095);
  const char *const elements[] = {"Nd", "Dy"};
  for (size_t i = 0; i < 2; i++) {
    const double ratio =
        world_by_element(&w, "assayed", elements[i]) / world_by_element(&w, "mined", elements[i]);
    cr_assert_lt(fabs(ratio - 1.02) / error, 3.5, "%s: %g", elements[i], ratio);
  }
  world_close(&w);
}
