/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other processes that help with a batch, as the process that writes sees them. */
#ifndef MNZ_BATCH_TEAM_H
#define MNZ_BATCH_TEAM_H

#include "batch/dispatch.h"
#include "monazite/batch.h"

typedef struct mnz_team {
  void *self;
  int32_t ranks;    /* this one included */
  int milliseconds; /* between two looks at the team */
  /* Called again and again by the thread of mnz_batch_run: hands work out, takes results in. Never waits. */
  mnz_status (*exchange)(void *self, const mnz_batch_options *options, mnz_dispatch *dispatch,
                         mnz_error *err);
  /* The batch is over: what is still under way out there is not wanted, and may be waited for. */
  void (*dismiss)(void *self);
} mnz_team;

#endif
