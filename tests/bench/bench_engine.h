/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An engine as a table of its functions, so that the benchmark drives both in the same way. */
#ifndef MNZ_BENCH_ENGINE_H
#define MNZ_BENCH_ENGINE_H

#include "engine/engine.h"

typedef struct bench_engine {
  mnz_status (*create)(mnz_engine **out, mnz_error *err);
  void (*free)(mnz_engine *engine);
  mnz_status (*post)(mnz_engine *engine, const mnz_event *event, mnz_event_id *id, mnz_error *err);
  bool (*cancel)(mnz_engine *engine, mnz_event_id id);
  mnz_status (*move)(mnz_engine *engine, mnz_event_id id, int64_t time, mnz_error *err);
  mnz_status (*run)(mnz_engine *engine, int64_t until, uint64_t max_events, mnz_run_reason *reason,
                    mnz_error *err);
  int64_t (*now)(const mnz_engine *engine);
  bool (*next_time)(mnz_engine *engine, int64_t *time);
  mnz_status (*verify)(const mnz_engine *engine, mnz_error *err);
} bench_engine;

#define BENCH_ENGINE                                                                                         \
  {                                                                                                          \
    .create = mnz_engine_create, .free = mnz_engine_free, .post = mnz_engine_post,                           \
    .cancel = mnz_engine_cancel, .move = mnz_engine_move, .run = mnz_engine_run, .now = mnz_engine_now,      \
    .next_time = mnz_engine_next_time, .verify = mnz_engine_verify,                                          \
  }

extern const bench_engine bench_heap_engine;

#endif
