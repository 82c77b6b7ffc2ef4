/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/engine.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "engine/queue.h"

struct mnz_engine {
  mnz_queue *queue;
  int64_t now;
  uint64_t executed;
  bool running;
  bool stopped;
};

mnz_status mnz_engine_create(mnz_engine **out, mnz_error *err) {
  *out = NULL;
  mnz_engine *engine = NULL;
  mnz_status status = mnz_new_array(&engine, 1, err);
  if (status != MNZ_OK) goto out;
  if ((status = mnz_queue_create(&engine->queue, err)) != MNZ_OK) goto out;
  *out = engine;
  engine = NULL;
out:
  mnz_engine_free(engine);
  return status;
}

void mnz_engine_free(mnz_engine *engine) {
  if (engine == NULL) return;
  MNZ_REQUIRE(!engine->running);
  mnz_queue_free(engine->queue);
  free(engine);
}

void mnz_engine_reset(mnz_engine *engine) {
  MNZ_REQUIRE(!engine->running);
  mnz_queue_reset(engine->queue);
  *engine = (mnz_engine){.queue = engine->queue};
}

static mnz_status refuse_past(const mnz_engine *engine, const char *verb, int64_t time, mnz_error *err) {
  return mnz_fail(err, MNZ_MODEL, NULL,
                  "an event cannot be %s %" PRId64 " us, the clock is already at %" PRId64 " us", verb, time,
                  engine->now);
}

mnz_status mnz_engine_post(mnz_engine *engine, const mnz_event *event, mnz_event_id *id, mnz_error *err) {
  MNZ_REQUIRE(event->fn != NULL);
  if (event->time < engine->now) return refuse_past(engine, "posted for", event->time, err);
  return mnz_queue_post(engine->queue, event, id, err);
}

bool mnz_engine_cancel(mnz_engine *engine, mnz_event_id id) {
  return mnz_queue_cancel(engine->queue, id);
}

mnz_status mnz_engine_move(mnz_engine *engine, mnz_event_id id, int64_t time, mnz_error *err) {
  if (time < engine->now) return refuse_past(engine, "moved to", time, err);
  return mnz_queue_move(engine->queue, id, time, err);
}

bool mnz_engine_is_pending(const mnz_engine *engine, mnz_event_id id) {
  return mnz_queue_is_pending(engine->queue, id);
}

/* There is nothing to run before `until`. The clock never goes back, whatever `until` is. */
static mnz_run_reason end_of_run(mnz_engine *engine, int64_t until) {
  if (mnz_queue_count(engine->queue) == 0) return MNZ_RUN_EMPTY;
  if (engine->now < until) engine->now = until;
  return MNZ_RUN_UNTIL;
}

mnz_status mnz_engine_run(mnz_engine *engine, int64_t until, uint64_t max_events, mnz_run_reason *reason,
                          mnz_error *err) {
  MNZ_REQUIRE(!engine->running);
  engine->running = true;
  engine->stopped = false;
  mnz_status status = MNZ_OK;
  *reason = MNZ_RUN_EVENTS;
  for (uint64_t i = 0; i < max_events; i++) {
    mnz_event event;
    if (!mnz_queue_pop(engine->queue, until, &event)) {
      *reason = end_of_run(engine, until);
      break;
    }
    engine->now = event.time;
    engine->executed++;
    if ((status = event.fn(event.self, event.arg, err)) != MNZ_OK) {
      *reason = MNZ_RUN_FAILED;
      break;
    }
    if (engine->stopped) {
      *reason = MNZ_RUN_STOPPED;
      break;
    }
  }
  engine->running = false;
  return status;
}

void mnz_engine_stop(mnz_engine *engine) {
  engine->stopped = true;
}

int64_t mnz_engine_now(const mnz_engine *engine) {
  return engine->now;
}

uint64_t mnz_engine_pending(const mnz_engine *engine) {
  return mnz_queue_count(engine->queue);
}

uint64_t mnz_engine_executed(const mnz_engine *engine) {
  return engine->executed;
}

bool mnz_engine_next_time(mnz_engine *engine, int64_t *time) {
  return mnz_queue_peek(engine->queue, time);
}

mnz_status mnz_engine_verify(const mnz_engine *engine, mnz_error *err) {
  if (engine->now < 0)
    return mnz_fail(err, MNZ_MODEL, "engine", "the clock is at %" PRId64 " us", engine->now);
  return mnz_queue_verify(engine->queue, engine->now, err);
}
