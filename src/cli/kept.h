/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a results file keeps of one replication: its scenario and what happened in it. */
#ifndef MNZ_CLI_KEPT_H
#define MNZ_CLI_KEPT_H

#include "cli/cli.h"
#include "monazite/event_log.h"
#include "monazite/rows.h"

/* Row of the option table: struct type with an int64_t `replication`. */
#define MNZ_CLI_REPLICATION_OPTION(options_type)                                                             \
  {                                                                                                          \
    .name = "replication", .type = MNZ_CLI_COUNT, .offset = offsetof(options_type, replication),             \
    .argument = "K", .max = INT32_MAX, .help = "of a batch: the replication; 0 when not said"                \
  }

typedef struct mnz_cli_kept {
  const char *path;
  mnz_scenario *scenario;
  const mnz_model_event *log;
  size_t n_log;
  /* its own */
  mnz_result *shape;
  mnz_parcel *parcel;
  uint32_t replication;
  bool any; /* whichever it has */
} mnz_cli_kept;

/* Of a file with one replication 0 means that one, whatever its number. Fails with MNZ_USAGE if the
 * file has not such a replication, or does not keep what is needed (`lots`: what becomes of them), with a
 * line that tells how to get it; MNZ_FORMAT if it is damaged or foreign. Followed by close in any case. */
mnz_status mnz_cli_kept_open(const mnz_cli *cli, const char *path, int64_t replication, bool lots,
                             mnz_cli_kept *out, mnz_error *err);
void mnz_cli_kept_close(mnz_cli_kept *kept);
/* The number of a node or an element (`axis`) by its name. MNZ_USAGE, with a suggestion. */
mnz_status mnz_cli_kept_find(const mnz_cli_kept *kept, mnz_axis_id axis, const char *name, int32_t *out,
                             mnz_error *err);

#endif
