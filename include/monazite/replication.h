/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One replication: a world built from a scenario, run, verified.
 *
 *   mnz_replication_create(&r, scenario, NULL, 0, &err);
 *   mnz_replication_run(r, MNZ_TO_THE_END, UINT64_MAX, &done, &err);
 *   mnz_replication_finish(r, &result, &err);
 *
 * A replication object may be reset and used again for another index: reset then run equals create then
 * run, and two halves equal one whole, bit for bit. Not shared between threads. */
#ifndef MONAZITE_REPLICATION_H
#define MONAZITE_REPLICATION_H

#include "monazite/result.h"
#include "monazite/scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mnz_replication mnz_replication;

#define MNZ_TO_THE_END INT64_MAX

/* What is observed over time, and how often. Measures are the same whatever is observed. What flows is moved
 * up to the present every `sample` of the scenario: between two of these, series show it as it was last. */
typedef enum mnz_watched {
  MNZ_WATCH_ALL,       /* every series of every account, and the headlines */
  MNZ_WATCH_HEADLINES, /* the series that a summary shows */
  MNZ_WATCH_NOTHING    /* no series, no time axis */
} mnz_watched;
typedef struct mnz_watch {
  mnz_watched what;
  int32_t months;    /* > 0: at the first of every so manieth calendar month; else */
  int64_t period_us; /* > 0: every so many microseconds; else as the scenario says (`sample`) */
  bool events;       /* what happens is kept (monazite/event_log.h) */
  bool lots;         /* ... and is told or kept with what becomes of lots */
} mnz_watch;
/* "headlines, months 1, period 0 us", with ", events" and ", lots" if they are kept: for provenance. `out`
 * holds MNZ_WATCH_TEXT bytes; false if it is no such text. */
#define MNZ_WATCH_TEXT 80
void mnz_watch_format(const mnz_watch *watch, char *out);
bool mnz_watch_parse(const char *text, mnz_watch *out);
/* How a batch is said to be kept so: "without --save", "with --save=events", "with --save=events,lots". */
const char *mnz_watch_saved(const mnz_watch *watch);

/* The scenario must outlive the replication. Without a watch (NULL) all is observed as the scenario says. */
mnz_status mnz_replication_create(mnz_replication **out, const mnz_scenario *scenario, const mnz_watch *watch,
                                  uint32_t index, mnz_error *err);
void mnz_replication_free(mnz_replication *replication); /* NULL allowed */
mnz_status mnz_replication_reset(mnz_replication *replication, uint32_t index, mnz_error *err);

/* Runs until `until` (microseconds since the start; cut at the end of the horizon), at most max_events.
 * *done says whether the end was reached. A broken ledger ends it with MNZ_LEDGER: component, time and
 * facility named. After a failure the replication is only good for reset or free. */
mnz_status mnz_replication_run(mnz_replication *replication, int64_t until, uint64_t max_events, bool *done,
                               mnz_error *err);
int64_t mnz_replication_now(const mnz_replication *replication); /* microseconds since the start */
/* So far, without observations and the bringing up to date of flows. */
uint64_t mnz_replication_events(const mnz_replication *replication);

/* Recomputes the ledger by walking every lot's owner, and every running total the slow way. */
mnz_status mnz_replication_verify(const mnz_replication *replication, mnz_error *err);

/* After the end: verified measures and series. *result is the caller's. */
mnz_status mnz_replication_finish(mnz_replication *replication, mnz_result **result, mnz_error *err);

#ifdef __cplusplus
}
#endif
#endif
