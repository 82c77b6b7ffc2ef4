/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A batch from its first replication to its last word. */
#ifndef MNZ_CLI_BATCH_WORK_H
#define MNZ_CLI_BATCH_WORK_H

#include "cli/batch_progress.h"
#include "cli/batch_setup.h"
#include "cli/store.h"

/* One batch at work. */
typedef struct mnz_cli_batch_work {
  const mnz_cli *cli;
  const mnz_cli_batch_options *options;
  mnz_cli_batch_setup *setup;
  mnz_cli_store *store;
  mnz_cli_batch_progress progress;
  mnz_batch_progress last;
  mnz_batch_outcome outcome;
  double began;
  double started_unix;
  bool out_of_time;
} mnz_cli_batch_work;

/* batch_work.c: runs what is missing in the store. MNZ_INTERRUPTED with the command that goes on. */
mnz_status mnz_cli_batch_run(mnz_cli_batch_work *work, mnz_error *err);
/* Adds to a failure what is kept in the journal. Returns the status. */
mnz_status mnz_cli_batch_say_kept(const mnz_cli_batch_work *work, mnz_status status, mnz_error *err);
/* batch_finish.c: sums up, writes, prints; MNZ_MODEL at the end if replications have failed. */
mnz_status mnz_cli_batch_finish(mnz_cli_batch_work *work, mnz_error *err);

#endif
