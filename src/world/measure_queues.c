/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures of queues: by place, how long lots wait and how many are lost, what lies there on average, and
 * where they end how long it took from the begin of the chain. All since the start, or since the warm-up: of
 * waits and lead times those that end after it count. */
#include <math.h>

#include "monazite/calendar.h"
#include "world/measure.h"

static const mnz_measure by_place[] = {
    {"lots_in", "count", NEITHER, false, "lots that arrived, whether there was room or not"},
    {"lots_lost", "count", MORE, false, "lots that were turned away or lost here, wholly or in part"},
    {"loss_share", "1", MORE, false, "of the lots that arrived the share that was lost"},
    {"throughput", "t d-1", LESS, false, "mass that arrived and was not turned away, in the mean of time"},
    {"wait_mean", "d", MORE, false, "time that a lot waited until it was worked on or sent on"},
    {"wait_sd", "d", MORE, false, "standard deviation of that wait over the lots"},
    {"wait_p50", "d", MORE, false, "half of the lots waited no longer"},
    {"wait_p95", "d", MORE, false, "95 % of the lots waited no longer"},
    {"wait_p99", "d", MORE, false, "99 % of the lots waited no longer"},
    {"wait_max", "d", MORE, false, "the longest wait"},
    {"waited_share", "1", MORE, false, "share of the lots that had to wait at all"},
    {"lead_time_mean", "d", MORE, false, "where lots end: time since they began, in the mean of lots"},
    {"lead_time_sd", "d", MORE, false, "standard deviation of the lead time over the lots"},
    {"lead_time_p50", "d", MORE, false, "half of the lots took no longer"},
    {"lead_time_p95", "d", MORE, false, "95 % of the lots took no longer"},
    {"lead_time_p99", "d", MORE, false, "99 % of the lots took no longer"},
    {"lead_time_max", "d", MORE, false, "the longest lead time"},
    {"stock_mean", "t", NEITHER, false, "in the store, in the mean of time"},
    {"stock_max", "t", NEITHER, false, "the most that was in the store"},
    {"in_process_mean", "t", NEITHER, false, "in lines, at berths, waiting for room, in the mean of time"},
    {"held_mean", "t", NEITHER, false, "both together: what is in the system"},
};
enum {
  LOTS_IN,
  LOTS_LOST,
  LOSS_SHARE,
  THROUGHPUT,
  WAIT_MEAN,
  WAIT_SD,
  WAIT_P50,
  WAIT_P95,
  WAIT_P99,
  WAIT_MAX,
  WAITED_SHARE,
  LEAD_MEAN,
  LEAD_SD,
  LEAD_P50,
  LEAD_P95,
  LEAD_P99,
  LEAD_MAX,
  STOCK_MEAN,
  STOCK_MAX,
  PROCESS_MEAN,
  HELD_MEAN,
  N_BY_PLACE
};

static double days(double time) {
  return time / (double)MNZ_US_PER_DAY;
}

/* Mean, standard deviation, three quantiles and the longest, in the order of the table. */
static void put_times(mnz_times *t, size_t place, double *const *to) {
  static const double levels[] = {0.5, 0.95, 0.99};
  double quantile[3];
  mnz_times_quantiles(t, levels, 3, quantile);
  to[0][place] = days(mnz_times_mean(t));
  to[1][place] = days(mnz_times_sd(t));
  for (size_t i = 0; i < 3; i++) to[2 + i][place] = days(quantile[i]);
  to[5][place] = t->count > 0 ? days((double)t->longest) : NAN;
}

static void put_traffic(mnz_traffic *t, size_t place, double whole, double *const *to) {
  const double arrived = (double)t->arrived;
  to[LOTS_IN][place] = arrived;
  to[LOTS_LOST][place] = (double)t->lost;
  to[LOSS_SHARE][place] = arrived > 0 ? (double)t->lost / arrived : NAN;
  to[THROUGHPUT][place] = TONNE * (double)t->mass / days(whole);
  put_times(&t->wait, place, to + WAIT_MEAN);
  to[WAITED_SHARE][place] = t->wait.count > 0 ? (double)t->wait.above / (double)t->wait.count : NAN;
  put_times(&t->lead, place, to + LEAD_MEAN);
}

static void put_levels(const mnz_ledger *l, size_t place, double whole, double *const *to) {
  const int32_t slot = (int32_t)place;
  const double stock = TONNE * mnz_ledger_mass_time(l, slot, MNZ_PLACE_STOCK) / whole;
  const double process = TONNE * mnz_ledger_mass_time(l, slot, MNZ_PLACE_PROCESS) / whole;
  to[STOCK_MEAN][place] = stock;
  to[STOCK_MAX][place] = TONNE * (double)l->level[slot * MNZ_PLACES + MNZ_PLACE_STOCK].most;
  to[PROCESS_MEAN][place] = process;
  to[HELD_MEAN][place] = stock + process;
}

mnz_status mnz_measure_queues(const mnz_replication *r, mnz_result *result, mnz_error *err) {
  const mnz_scenario *s = r->scenario;
  const double whole = (double)(s->horizon - s->counts_from);
  double *to[N_BY_PLACE];
  const mnz_status status = mnz_measure_add_all(result, by_place, N_BY_PLACE, MNZ_AXIS_PLACE, to, err);
  if (status != MNZ_OK) return status;
  for (int32_t i = 0; i < s->n_places; i++) {
    mnz_shelf *shelf = mnz_site_shelf(&r->sites[s->place_node[i]], s->place_material[i]);
    put_traffic(&shelf->traffic, (size_t)i, whole, to);
    put_levels(&r->ledger, (size_t)i, whole, to);
  }
  return MNZ_OK;
}
