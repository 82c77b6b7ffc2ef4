/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue inside the engine: pending events in the order (time, phase, sequence), with ids. It knows no
 * clock: any time from 0 may be posted at any moment. Everything else is as engine.h says. */
#ifndef MNZ_ENGINE_QUEUE_H
#define MNZ_ENGINE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/engine.h"

typedef struct mnz_queue mnz_queue;

mnz_status mnz_queue_create(mnz_queue **out, mnz_error *err);
void mnz_queue_free(mnz_queue *queue); /* NULL allowed */
void mnz_queue_reset(mnz_queue *queue);

/* On failure nothing changed. `id` may be NULL. */
mnz_status mnz_queue_post(mnz_queue *queue, const mnz_event *event, mnz_event_id *id, mnz_error *err);
bool mnz_queue_cancel(mnz_queue *queue, mnz_event_id id);
/* MNZ_MODEL for a dead id. On failure nothing changed. */
mnz_status mnz_queue_move(mnz_queue *queue, mnz_event_id id, int64_t time, mnz_error *err);
bool mnz_queue_is_pending(const mnz_queue *queue, mnz_event_id id);
uint64_t mnz_queue_count(const mnz_queue *queue);

/* The first event's time; false if there is none. */
bool mnz_queue_peek(mnz_queue *queue, int64_t *time);
/* Takes the first event out if its time is < until; else false. Cannot fail for want of memory. */
bool mnz_queue_pop(mnz_queue *queue, int64_t until, mnz_event *event);

/* MNZ_MODEL names the broken invariant; no pending event may be before `now`. */
mnz_status mnz_queue_verify(const mnz_queue *queue, int64_t now, mnz_error *err);

#endif
