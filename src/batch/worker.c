/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch/worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "batch/replicate.h"

struct mnz_crew {
  const mnz_scenario *scenario;
  const mnz_result *shape;
  const mnz_batch_options *options;
  mnz_dispatch *dispatch;
  pthread_t *threads;
  uint32_t n_threads;
};

static bool is_wanted(void *self) {
  return !mnz_dispatch_is_stopped(self);
}

static void *work(void *self) {
  const mnz_crew *crew = self;
  const mnz_batch_options *o = crew->options;
  mnz_replication *world = NULL;
  uint32_t position;
  while (mnz_dispatch_take(crew->dispatch, &position)) {
    mnz_error err = {.status = MNZ_OK};
    mnz_parcel *parcel = NULL;
    const uint32_t index = mnz_batch_replication(o, position);
    if (mnz_replicate(crew->scenario, crew->shape, &o->watch, index, is_wanted, crew->dispatch, &world,
                      &parcel, &err) != MNZ_OK) {
      mnz_dispatch_fail(crew->dispatch, &err);
      break;
    }
    if (parcel != NULL) mnz_dispatch_give(crew->dispatch, position, &parcel);
  }
  mnz_replication_free(world);
  return NULL;
}

mnz_status mnz_crew_start(mnz_crew **out, const mnz_scenario *scenario, const mnz_result *shape,
                          const mnz_batch_options *options, mnz_dispatch *dispatch, mnz_error *err) {
  mnz_status status = mnz_new_array(out, 1, err);
  if (status != MNZ_OK) return status;
  mnz_crew *crew = *out;
  *crew = (mnz_crew){.scenario = scenario, .shape = shape, .options = options, .dispatch = dispatch};
  if ((status = mnz_new_array(&crew->threads, options->threads, err)) == MNZ_OK) {
    /* Signals are for the thread that called us. */
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    while (crew->n_threads < options->threads &&
           pthread_create(&crew->threads[crew->n_threads], NULL, work, crew) == 0)
      crew->n_threads++;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (crew->n_threads == 0) status = mnz_fail(err, MNZ_LIMIT, NULL, "cannot start a thread");
  }
  if (status == MNZ_OK) return MNZ_OK;
  mnz_crew_end(crew);
  *out = NULL;
  return status;
}

void mnz_crew_end(mnz_crew *crew) {
  if (crew == NULL) return;
  for (uint32_t i = 0; i < crew->n_threads; i++) (void)pthread_join(crew->threads[i], NULL);
  free(crew->threads);
  free(crew);
}
