/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch/hands.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "batch/replicate.h"

struct mnz_hands {
  const mnz_scenario *scenario;
  const mnz_result *shape;
  mnz_watch watch;
  pthread_mutex_t lock; /* of all from here to the failure */
  pthread_cond_t more;
  uint32_t room;
  uint32_t *waiting; /* a ring: `n_waiting` from `first` on */
  uint32_t first;
  uint32_t n_waiting;
  mnz_parcel **done;
  uint32_t n_done;
  mnz_error failure;
  atomic_bool stopped;
  pthread_t *threads;
  uint32_t n_threads;
};

/* --- on the threads --- */

static bool is_wanted(void *self) {
  const mnz_hands *h = self;
  return !atomic_load_explicit(&h->stopped, memory_order_relaxed);
}

static bool take(mnz_hands *h, uint32_t *replication) {
  (void)pthread_mutex_lock(&h->lock);
  while (!atomic_load(&h->stopped) && h->n_waiting == 0) (void)pthread_cond_wait(&h->more, &h->lock);
  const bool taken = !atomic_load(&h->stopped);
  if (taken) {
    *replication = h->waiting[h->first];
    h->first = (h->first + 1) % h->room;
    h->n_waiting--;
  }
  (void)pthread_mutex_unlock(&h->lock);
  return taken;
}

static void give(mnz_hands *h, mnz_parcel *parcel) {
  (void)pthread_mutex_lock(&h->lock);
  h->done[h->n_done++] = parcel;
  (void)pthread_mutex_unlock(&h->lock);
}

static void fail(mnz_hands *h, const mnz_error *failure) {
  (void)pthread_mutex_lock(&h->lock);
  if (h->failure.status == MNZ_OK) h->failure = *failure;
  (void)pthread_mutex_unlock(&h->lock);
}

static void *work(void *self) {
  mnz_hands *h = self;
  mnz_replication *world = NULL;
  uint32_t replication;
  while (take(h, &replication)) {
    mnz_error err = {.status = MNZ_OK};
    mnz_parcel *parcel = NULL;
    if (mnz_replicate(h->scenario, h->shape, &h->watch, replication, is_wanted, h, &world, &parcel, &err) !=
        MNZ_OK) {
      fail(h, &err);
      break;
    }
    if (parcel != NULL) give(h, parcel);
  }
  mnz_replication_free(world);
  return NULL;
}

/* --- their master --- */

/* Signals are for the thread that called us. */
static mnz_status start_threads(mnz_hands *h, uint32_t threads, mnz_error *err) {
  sigset_t all;
  sigset_t before;
  (void)sigfillset(&all);
  (void)pthread_sigmask(SIG_SETMASK, &all, &before);
  while (h->n_threads < threads && pthread_create(&h->threads[h->n_threads], NULL, work, h) == 0)
    h->n_threads++;
  (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
  return h->n_threads > 0 ? MNZ_OK : mnz_fail(err, MNZ_LIMIT, NULL, "cannot start a thread");
}

mnz_status mnz_hands_start(mnz_hands **out, const mnz_scenario *scenario, const mnz_result *shape,
                           const mnz_batch_options *options, uint32_t room, mnz_error *err) {
  mnz_hands *h;
  mnz_status status = mnz_new_array(&h, 1, err);
  *out = h;
  if (status != MNZ_OK) return status;
  *h = (mnz_hands){.scenario = scenario, .shape = shape, .watch = options->watch, .room = room};
  (void)pthread_mutex_init(&h->lock, NULL); /* cannot fail with default attributes on Linux */
  (void)pthread_cond_init(&h->more, NULL);
  atomic_init(&h->stopped, false);
  status = mnz_new_array(&h->waiting, room, err);
  if (status == MNZ_OK) status = mnz_new_array(&h->done, room, err);
  if (status == MNZ_OK) status = mnz_new_array(&h->threads, options->threads, err);
  if (status == MNZ_OK) status = start_threads(h, options->threads, err);
  if (status == MNZ_OK) return MNZ_OK;
  mnz_hands_end(h);
  *out = NULL;
  return status;
}

void mnz_hands_end(mnz_hands *h) {
  if (h == NULL) return;
  (void)pthread_mutex_lock(&h->lock);
  atomic_store(&h->stopped, true);
  (void)pthread_cond_broadcast(&h->more);
  (void)pthread_mutex_unlock(&h->lock);
  for (uint32_t i = 0; i < h->n_threads; i++) (void)pthread_join(h->threads[i], NULL);
  for (uint32_t i = 0; i < h->n_done; i++) free(h->done[i]);
  (void)pthread_cond_destroy(&h->more);
  (void)pthread_mutex_destroy(&h->lock);
  free(h->threads);
  free(h->done);
  free(h->waiting);
  free(h);
}

void mnz_hands_add(mnz_hands *h, uint32_t replication) {
  (void)pthread_mutex_lock(&h->lock);
  MNZ_REQUIRE(h->n_waiting + h->n_done < h->room);
  h->waiting[(h->first + h->n_waiting++) % h->room] = replication;
  (void)pthread_cond_signal(&h->more);
  (void)pthread_mutex_unlock(&h->lock);
}

mnz_parcel *mnz_hands_collect(mnz_hands *h) {
  (void)pthread_mutex_lock(&h->lock);
  mnz_parcel *parcel = h->n_done > 0 ? h->done[--h->n_done] : NULL;
  (void)pthread_mutex_unlock(&h->lock);
  return parcel;
}

mnz_status mnz_hands_failure(mnz_hands *h, mnz_error *err) {
  (void)pthread_mutex_lock(&h->lock);
  const mnz_error failure = h->failure;
  (void)pthread_mutex_unlock(&h->lock);
  return failure.status == MNZ_OK ? MNZ_OK
                                  : mnz_fail(err, failure.status, failure.where, "%s", failure.message);
}
