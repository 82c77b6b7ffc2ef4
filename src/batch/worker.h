/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads that run replications, each with one world that it resets and uses again. */
#ifndef MNZ_BATCH_WORKER_H
#define MNZ_BATCH_WORKER_H

#include "batch/dispatch.h"
#include "monazite/batch.h"

typedef struct mnz_crew mnz_crew;

/* Starts the threads; they work until the dispatch has no more for them. If not all can be started, those
 * that can do the work; none: MNZ_LIMIT. */
mnz_status mnz_crew_start(mnz_crew **out, const mnz_scenario *scenario, const mnz_result *shape,
                          const mnz_batch_options *options, mnz_dispatch *dispatch, mnz_error *err);
/* Waits for all of them to go home. NULL allowed. */
void mnz_crew_end(mnz_crew *crew);

#endif
