/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch/dispatch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"

/* No more positions are handed out while so many bytes wait: of all series or events a window may be more
 * than memory holds. */
#define MOST_BYTES ((size_t)128 << 20)

struct mnz_dispatch {
  pthread_mutex_t lock; /* of all below, but for the pipe and `stopped` */
  pthread_cond_t room;  /* the window has moved, or there is no more */
  uint32_t next;        /* the next to be handed out for the first time */
  uint32_t collected;   /* all before it have been collected */
  uint32_t end;
  uint32_t window;
  mnz_parcel **waiting; /* [position % window]: there, not yet collected */
  size_t bytes;         /* of all that are waiting */
  uint32_t *returned;   /* given back, to be handed out again; at most `window` of them */
  uint32_t n_returned;
  mnz_error failure;
  atomic_bool stopped;
  /* The writer sleeps on a pipe rather than on a condition: so a signal wakes it, and it needs no clock. */
  int bell[2];
};

static bool open_bell(mnz_dispatch *d) {
  if (pipe(d->bell) != 0) return false;
  for (int i = 0; i < 2; i++) {
    (void)fcntl(d->bell[i], F_SETFL, O_NONBLOCK);
    (void)fcntl(d->bell[i], F_SETFD, FD_CLOEXEC);
  }
  return true;
}

mnz_status mnz_dispatch_create(mnz_dispatch **out, uint32_t first, uint32_t end, uint32_t window,
                               mnz_error *err) {
  mnz_dispatch *d;
  mnz_status status = mnz_new_array(&d, 1, err);
  *out = d;
  if (status != MNZ_OK) return status;
  *d = (mnz_dispatch){.next = first, .collected = first, .end = end, .window = window, .bell = {-1, -1}};
  (void)pthread_mutex_init(&d->lock, NULL); /* cannot fail with default attributes on Linux */
  (void)pthread_cond_init(&d->room, NULL);
  atomic_init(&d->stopped, false);
  if ((status = mnz_new_array(&d->waiting, window, err)) == MNZ_OK)
    status = mnz_new_array(&d->returned, window, err);
  if (status == MNZ_OK && !open_bell(d))
    status = mnz_fail(err, MNZ_LIMIT, NULL, "cannot open a pipe: %s", strerror(errno));
  if (status == MNZ_OK) return MNZ_OK;
  mnz_dispatch_free(d);
  *out = NULL;
  return status;
}

void mnz_dispatch_free(mnz_dispatch *d) {
  if (d == NULL) return;
  for (uint32_t i = 0; i < d->window && d->waiting != NULL; i++) free(d->waiting[i]);
  free(d->waiting);
  free(d->returned);
  for (int i = 0; i < 2; i++)
    if (d->bell[i] >= 0) (void)close(d->bell[i]);
  (void)pthread_cond_destroy(&d->room);
  (void)pthread_mutex_destroy(&d->lock);
  free(d);
}

/* A full pipe is as good a bell as any. */
static void ring(mnz_dispatch *d) {
  const ssize_t rung = write(d->bell[1], "", 1);
  (void)rung;
}

/* --- workers; with the lock --- */

static bool there_is_more(const mnz_dispatch *d) {
  return !atomic_load(&d->stopped) && (d->n_returned > 0 || d->next < d->end);
}

static bool take_now(mnz_dispatch *d, uint32_t *position) {
  if (d->n_returned > 0) {
    *position = d->returned[--d->n_returned];
    return true;
  }
  if (d->next >= d->end || d->next - d->collected >= d->window || d->bytes > MOST_BYTES) return false;
  *position = d->next++;
  return true;
}

/* --- workers --- */

bool mnz_dispatch_take(mnz_dispatch *d, uint32_t *position) {
  bool taken = false;
  (void)pthread_mutex_lock(&d->lock);
  /* Also when all are handed out: one of them may be given back. */
  while (!atomic_load(&d->stopped) && d->collected < d->end && !(taken = take_now(d, position)))
    (void)pthread_cond_wait(&d->room, &d->lock);
  (void)pthread_mutex_unlock(&d->lock);
  return taken;
}

bool mnz_dispatch_try_take(mnz_dispatch *d, uint32_t *position) {
  (void)pthread_mutex_lock(&d->lock);
  const bool taken = there_is_more(d) && take_now(d, position);
  (void)pthread_mutex_unlock(&d->lock);
  return taken;
}

void mnz_dispatch_give(mnz_dispatch *d, uint32_t position, mnz_parcel **parcel) {
  (void)pthread_mutex_lock(&d->lock);
  mnz_parcel **slot = &d->waiting[position % d->window];
  MNZ_REQUIRE(position - d->collected < d->window && *slot == NULL);
  *slot = *parcel;
  d->bytes += (*parcel)->bytes;
  const bool first = position == d->collected;
  (void)pthread_mutex_unlock(&d->lock);
  *parcel = NULL;
  if (first) ring(d);
}

void mnz_dispatch_give_back(mnz_dispatch *d, uint32_t position) {
  (void)pthread_mutex_lock(&d->lock);
  MNZ_REQUIRE(d->n_returned < d->window);
  d->returned[d->n_returned++] = position;
  (void)pthread_cond_signal(&d->room);
  (void)pthread_mutex_unlock(&d->lock);
}

void mnz_dispatch_fail(mnz_dispatch *d, const mnz_error *failure) {
  (void)pthread_mutex_lock(&d->lock);
  if (d->failure.status == MNZ_OK) d->failure = *failure;
  (void)pthread_mutex_unlock(&d->lock);
  mnz_dispatch_stop(d);
}

bool mnz_dispatch_is_stopped(const mnz_dispatch *d) {
  return atomic_load_explicit(&d->stopped, memory_order_relaxed);
}

/* --- the writer --- */

bool mnz_dispatch_wait(mnz_dispatch *d, int milliseconds) {
  struct pollfd bell = {.fd = d->bell[0], .events = POLLIN};
  char rung[64];
  (void)pthread_mutex_lock(&d->lock);
  const bool there = d->waiting[d->collected % d->window] != NULL;
  (void)pthread_mutex_unlock(&d->lock);
  if (there) return true;
  if (poll(&bell, 1, milliseconds) <= 0) return false;
  const ssize_t emptied = read(d->bell[0], rung, sizeof rung);
  (void)emptied;
  return true;
}

mnz_parcel *mnz_dispatch_collect(mnz_dispatch *d) {
  (void)pthread_mutex_lock(&d->lock);
  mnz_parcel **slot = &d->waiting[d->collected % d->window];
  mnz_parcel *parcel = d->collected < d->end ? *slot : NULL;
  if (parcel != NULL) {
    const bool was_full = d->bytes > MOST_BYTES;
    *slot = NULL;
    d->collected++;
    d->bytes -= parcel->bytes;
    /* All of them when there is room for many, and when the last is in: those who wait for nothing go home.
     */
    if (d->collected < d->end && !was_full)
      (void)pthread_cond_signal(&d->room);
    else
      (void)pthread_cond_broadcast(&d->room);
  }
  (void)pthread_mutex_unlock(&d->lock);
  return parcel;
}

void mnz_dispatch_stop(mnz_dispatch *d) {
  (void)pthread_mutex_lock(&d->lock);
  atomic_store(&d->stopped, true);
  (void)pthread_cond_broadcast(&d->room);
  (void)pthread_mutex_unlock(&d->lock);
  ring(d);
}

mnz_status mnz_dispatch_failure(const mnz_dispatch *d, mnz_error *err) {
  mnz_dispatch *locked = (mnz_dispatch *)(uintptr_t)d;
  (void)pthread_mutex_lock(&locked->lock);
  const mnz_error failure = d->failure;
  (void)pthread_mutex_unlock(&locked->lock);
  return failure.status == MNZ_OK ? MNZ_OK
                                  : mnz_fail(err, failure.status, failure.where, "%s", failure.message);
}
