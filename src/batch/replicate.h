/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One replication of a batch, from its number to its parcel. */
#ifndef MNZ_BATCH_REPLICATE_H
#define MNZ_BATCH_REPLICATE_H

#include "monazite/batch.h"
#include "monazite/replication.h"

/* The number of the replication that stands at a position of the plan. */
static inline uint32_t mnz_batch_replication(const mnz_batch_options *options, uint32_t position) {
  return options->shard - 1 + position * options->shards;
}

/* *world is NULL the first time, then kept for the next one; the caller's to free. `is_wanted` is asked every
 * some milliseconds; once it says no, *parcel stays NULL. What is the replication's own fault (its ledger, a
 * model that is stuck, a limit) becomes a parcel that says so, with the log up to there; anything else is
 * returned. */
mnz_status mnz_replicate(const mnz_scenario *scenario, const mnz_result *shape, const mnz_watch *watch,
                         uint32_t index, bool (*is_wanted)(void *self), void *self, mnz_replication **world,
                         mnz_parcel **parcel, mnz_error *err);

#endif
