/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who does what, and in which order it comes back: the one place where threads meet.
 *
 * Workers take positions of the plan and give parcels; the writer gets the parcels in order. At most a
 * window of positions is out or waiting for an earlier one, and of large parcels fewer, so memory is bounded
 * however long one replication takes. */
#ifndef MNZ_BATCH_DISPATCH_H
#define MNZ_BATCH_DISPATCH_H

#include "monazite/rows.h"

typedef struct mnz_dispatch mnz_dispatch;

/* Positions first .. end - 1. */
mnz_status mnz_dispatch_create(mnz_dispatch **out, uint32_t first, uint32_t end, uint32_t window,
                               mnz_error *err);
void mnz_dispatch_free(mnz_dispatch *dispatch); /* NULL allowed; parcels not collected die with it */

/* --- by workers, on any thread --- */

/* The next position; waits while the window is full, in number or bytes. False: there is no more, go home. */
bool mnz_dispatch_take(mnz_dispatch *dispatch, uint32_t *position);
/* The same without waiting: false also when the window is full. */
bool mnz_dispatch_try_take(mnz_dispatch *dispatch, uint32_t *position);
/* The result. Takes *parcel and sets it to NULL. */
void mnz_dispatch_give(mnz_dispatch *dispatch, uint32_t position, mnz_parcel **parcel);
/* It was taken and will not be done: somebody else gets it. */
void mnz_dispatch_give_back(mnz_dispatch *dispatch, uint32_t position);
/* A failure that ends the batch; the first one counts. */
void mnz_dispatch_fail(mnz_dispatch *dispatch, const mnz_error *failure);
/* Should work in hand be dropped? */
bool mnz_dispatch_is_stopped(const mnz_dispatch *dispatch);

/* --- by the one writer --- */

/* Waits at most so many milliseconds (a signal ends the wait), then says whether the next parcel is there. */
bool mnz_dispatch_wait(mnz_dispatch *dispatch, int milliseconds);
/* The next parcel in order, the caller's; NULL: not there yet. */
mnz_parcel *mnz_dispatch_collect(mnz_dispatch *dispatch);
/* No more positions are handed out, and work in hand is dropped. */
void mnz_dispatch_stop(mnz_dispatch *dispatch);
/* MNZ_OK, or what a worker failed with. */
mnz_status mnz_dispatch_failure(const mnz_dispatch *dispatch, mnz_error *err);

#endif
