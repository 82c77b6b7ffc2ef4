/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The threads of a rank that helps: replications in, parcels out, in no order but that of finishing. What a
 * dispatch is to the process that writes, without a plan and without waiting: its one master looks in now
 * and then. */
#ifndef MNZ_BATCH_HANDS_H
#define MNZ_BATCH_HANDS_H

#include "monazite/batch.h"

typedef struct mnz_hands mnz_hands;

/* Starts options->threads threads, or as many as can be started; none: MNZ_LIMIT. At most `room` replications
 * are with them at a time. */
mnz_status mnz_hands_start(mnz_hands **out, const mnz_scenario *scenario, const mnz_result *shape,
                           const mnz_batch_options *options, uint32_t room, mnz_error *err);
/* Drops what is under way. NULL allowed. */
void mnz_hands_end(mnz_hands *hands);

/* One more to run. There must be room: each added and not yet collected takes a place. */
void mnz_hands_add(mnz_hands *hands, uint32_t replication);
/* One that is done, the caller's; NULL: none. */
mnz_parcel *mnz_hands_collect(mnz_hands *hands);
/* MNZ_OK, or what a thread failed with: it has gone home and its replication will not be done. */
mnz_status mnz_hands_failure(mnz_hands *hands, mnz_error *err);

#endif
