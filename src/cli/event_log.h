/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens in a run, as lines of CSV while it goes on. */
#ifndef MNZ_CLI_EVENT_LOG_H
#define MNZ_CLI_EVENT_LOG_H

#include <stdio.h>

#include "monazite/event_log.h"

/* The first line of the file: whatever begins with it may be replaced by another log. */
#define MNZ_CLI_EVENT_LOG_HEAD                                                                               \
  "time,microseconds,event,node,other,material,mass_t,link,disruption,detail,lot,parent\n"

typedef struct mnz_cli_event_log {
  const mnz_scenario *scenario;
  const char *path; /* as given; "-": standard output */
  FILE *file;
  int failure; /* errno of the first line that could not be written */
  /* What happened but what became of lots, for the summary; none if it was more than memory should hold. */
  mnz_model_event *kept;
  size_t n_kept;
  size_t room;
  bool is_cut;
} mnz_cli_event_log;

/* Creates the file, if there is a path, and looks on. The replication must not outlive the log. Fails with
 * MNZ_CANNOT_CREATE. */
mnz_status mnz_cli_event_log_open(mnz_cli_event_log *log, const char *path, const mnz_scenario *scenario,
                                  mnz_error *err);
void mnz_cli_event_log_watch(mnz_cli_event_log *log, mnz_replication *replication);
/* Has all gone well so far? MNZ_IO. */
mnz_status mnz_cli_event_log_check(const mnz_cli_event_log *log, mnz_error *err);
/* Also after a failure; {0} allowed. What was written stays. */
mnz_status mnz_cli_event_log_close(mnz_cli_event_log *log, mnz_error *err);

#endif
