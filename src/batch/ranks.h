/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranks of MPI that run one batch together: rank 0 plans, commits and computes; the others compute.
 *
 * All of MPI is behind this header. Its functions are called by the main thread of each rank and by no other
 * (MPI_THREAD_FUNNELED). A rank that waits sleeps and looks, for MPI's own waiting would burn the core that
 * some thread computes on. Every rank calls mnz_ranks_begin and mnz_ranks_end; in between rank 0 uses the
 * team, the others wait for the terms, answer, serve. */
#ifndef MNZ_BATCH_RANKS_H
#define MNZ_BATCH_RANKS_H

#include "batch/team.h"

typedef struct mnz_ranks mnz_ranks;

/* Starts MPI. MNZ_LIMIT if it does not allow threads, MNZ_IO if it fails, MNZ_NO_MEMORY: *out, unless NULL,
 * is then only good for mnz_ranks_end, which takes the job down. */
mnz_status mnz_ranks_begin(mnz_ranks **out, int *argc, char ***argv, mnz_error *err);
int32_t mnz_ranks_rank(const mnz_ranks *ranks);
/* What a batch needs of them, as long as the ranks. With one rank alone there is nobody to ask, and it works
 * all the same. */
mnz_team *mnz_ranks_team(mnz_ranks *ranks);
/* "Open MPI v4.1.4": which MPI this is. */
const char *mnz_ranks_library(const mnz_ranks *ranks);
/* Of rank 0: "rank 3 on node7", which could not be reached any more and whose replications went to others;
 * NULL: all are there. */
const char *mnz_ranks_lost(const mnz_ranks *ranks);
/* Frees the ranks and ends MPI. Rank 0 sends the others home; they wait for that. If a rank was lost MPI is
 * not ended but aborted, with `code`, and this does not return. NULL allowed. */
void mnz_ranks_end(mnz_ranks *ranks, int code);

/* --- by the other ranks --- */

/* Waits for the terms of a batch. *terms stays NULL if rank 0 sends us home without one; else it lasts as
 * long as the ranks. MNZ_IO, MNZ_NO_MEMORY. */
mnz_status mnz_ranks_learn(mnz_ranks *ranks, const mnz_terms **terms, mnz_error *err);
/* Tells rank 0 that we shall serve, on so many threads, or (failure not NULL) why not. */
mnz_status mnz_ranks_answer(mnz_ranks *ranks, uint32_t threads, const mnz_error *failure, mnz_error *err);
/* Runs what rank 0 asks for until it wants no more; what is under way then is dropped. A failure of ours that
 * rank 0 can be told of is its business, and MNZ_OK here. */
mnz_status mnz_ranks_serve(mnz_ranks *ranks, const mnz_scenario *scenario, const mnz_result *shape,
                           const mnz_batch_options *options, mnz_error *err);

#endif
