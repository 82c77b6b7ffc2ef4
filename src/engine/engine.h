/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clock and the event queue.
 *
 * Events pending together run by (time, phase, sequence): earlier time first, then lower phase, then the
 * order of posting: a total order, whatever the queue inside. The past is refused. An event posted now
 * into an earlier phase runs next. Moving an event gives it a new place in the order. */
#ifndef MNZ_ENGINE_ENGINE_H
#define MNZ_ENGINE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "monazite/status.h"

typedef struct mnz_engine mnz_engine;

/* Runs to completion; a status other than MNZ_OK ends the run. */
typedef mnz_status mnz_event_fn(void *self, int64_t arg, mnz_error *err);

typedef struct mnz_event {
  int64_t time; /* microseconds; >= now */
  uint8_t phase;
  mnz_event_fn *fn;
  void *self;
  int64_t arg;
} mnz_event;

/* Names one posted event until it runs or is cancelled; afterwards the id is dead and stays dead (for
 * 2^32 reuses of its slot). {0} names no event. */
typedef struct mnz_event_id {
  uint32_t slot;
  uint32_t generation;
} mnz_event_id;

typedef enum mnz_run_reason {
  MNZ_RUN_EMPTY,   /* nothing is pending */
  MNZ_RUN_UNTIL,   /* the next event is at or after `until`; the clock stands at `until` */
  MNZ_RUN_EVENTS,  /* max_events were run */
  MNZ_RUN_STOPPED, /* mnz_engine_stop was called */
  MNZ_RUN_FAILED   /* a handler failed; its status was returned */
} mnz_run_reason;

mnz_status mnz_engine_create(mnz_engine **out, mnz_error *err);
void mnz_engine_free(mnz_engine *engine); /* NULL allowed */
/* As newly created, at time 0, memory kept warm. Ids from before are dead. */
void mnz_engine_reset(mnz_engine *engine);

/* On failure (the past: MNZ_MODEL; memory) nothing is posted. `id` may be NULL. */
mnz_status mnz_engine_post(mnz_engine *engine, const mnz_event *event, mnz_event_id *id, mnz_error *err);
/* True if it was pending and is gone now; false if the id was dead already. */
bool mnz_engine_cancel(mnz_engine *engine, mnz_event_id id);
/* To a new time, same phase; *id stays valid. Fails with MNZ_MODEL for a dead id or for the past, and
 * then changes nothing. */
mnz_status mnz_engine_move(mnz_engine *engine, mnz_event_id id, int64_t time, mnz_error *err);
bool mnz_engine_is_pending(const mnz_engine *engine, mnz_event_id id);

/* Runs events with time < until, at most max_events of them. *reason is always set. In a run of one event
 * (max_events 1) a test can walk a model step by step. */
mnz_status mnz_engine_run(mnz_engine *engine, int64_t until, uint64_t max_events, mnz_run_reason *reason,
                          mnz_error *err);
void mnz_engine_stop(mnz_engine *engine); /* from inside a handler: the run ends after it */

int64_t mnz_engine_now(const mnz_engine *engine);
uint64_t mnz_engine_pending(const mnz_engine *engine);
uint64_t mnz_engine_executed(const mnz_engine *engine); /* since create or reset */
/* The time of the next event, without advancing; false if none is pending. */
bool mnz_engine_next_time(mnz_engine *engine, int64_t *time);

/* Recomputes every invariant the slow way; MNZ_MODEL names the one that is broken. */
mnz_status mnz_engine_verify(const mnz_engine *engine, mnz_error *err);

#endif
