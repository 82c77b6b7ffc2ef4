/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other processes that help with a batch, as the process that writes sees them. */
#ifndef MNZ_BATCH_TEAM_H
#define MNZ_BATCH_TEAM_H

#include "batch/dispatch.h"
#include "batch/terms.h"
#include "monazite/batch.h"

typedef struct mnz_team {
  void *self;
  int32_t ranks;    /* this one included */
  uint32_t cores;   /* that this process may use: its part of those it has together with other ranks */
  uint32_t threads; /* of the others; 0 until they agreed */
  int milliseconds; /* between two looks at the team */
  /* Before a batch: waits until each of the others has loaded the same. Those of the team who were not asked
   * have no part in the batch. Fails as the first that could not says, with its rank and host as the place.
   * `shape` must last until they are dismissed. */
  mnz_status (*agree)(void *self, const mnz_terms *terms, const mnz_result *shape, mnz_error *err);
  /* Called again and again by the thread of mnz_batch_run: hands work out, takes results in. Never waits. */
  mnz_status (*exchange)(void *self, const mnz_batch_options *options, mnz_dispatch *dispatch,
                         mnz_error *err);
  /* The batch is over: what is still under way out there is not wanted. Does not wait for it. */
  void (*dismiss)(void *self);
} mnz_team;

#endif
