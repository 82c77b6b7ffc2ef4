/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/error.h"

enum { MOST_THREADS = 256 };

typedef struct job {
  size_t count;
  mnz_parallel_fn *fn;
  void *self;
  atomic_size_t next;
} job;

typedef struct hand {
  job *job;
  uint32_t thread;
  pthread_t id;
  bool started;
  mnz_status status; /* of the first that failed */
  mnz_error err;
} hand;

static void *work(void *self) {
  hand *h = self;
  job *j = h->job;
  size_t i;
  while ((i = atomic_fetch_add(&j->next, 1)) < j->count) {
    h->status = j->fn(j->self, h->thread, i, &h->err);
    if (h->status == MNZ_OK) continue;
    atomic_store(&j->next, j->count); /* nobody needs the rest */
    break;
  }
  return NULL;
}

mnz_status mnz_parallel(uint32_t threads, size_t count, mnz_parallel_fn *fn, void *self, mnz_error *err) {
  job j = {.count = count, .fn = fn, .self = self};
  hand hands[MOST_THREADS];
  atomic_init(&j.next, 0);
  if (threads > MOST_THREADS) threads = MOST_THREADS;
  if (threads > count) threads = (uint32_t)count;
  if (threads == 0) threads = 1;
  for (uint32_t t = 0; t < threads; t++) {
    hands[t] = (hand){.job = &j, .thread = t};
    if (t > 0) hands[t].started = pthread_create(&hands[t].id, NULL, work, &hands[t]) == 0;
  }
  (void)work(&hands[0]);
  mnz_status status = MNZ_OK;
  for (uint32_t t = 0; t < threads; t++) {
    if (hands[t].started) (void)pthread_join(hands[t].id, NULL);
    const hand *h = &hands[t];
    if (status != MNZ_OK || h->status == MNZ_OK) continue;
    status = mnz_fail(err, h->status, h->err.where, "%s", h->err.message);
  }
  return status;
}
