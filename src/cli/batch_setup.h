/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A batch as said on the command line, and as it is run. */
#ifndef MNZ_CLI_BATCH_SETUP_H
#define MNZ_CLI_BATCH_SETUP_H

#include "cli/cli.h"
#include "monazite/batch.h"
#include "monazite/journal.h"

typedef enum mnz_cli_series {
  MNZ_CLI_SERIES_HEADLINES,
  MNZ_CLI_SERIES_NONE,
  MNZ_CLI_SERIES_ALL
} mnz_cli_series;

typedef struct mnz_cli_batch_options {
  mnz_cli_common common;
  int64_t replications; /* 0: not said */
  const char *threads;
  const char *output;
  mnz_cli_texts until;
  const char *confidence;
  int64_t minimum;
  int64_t block;
  const char *time_limit;
  bool resume;
  bool overwrite;
  const char *shard;
  int32_t series; /* mnz_cli_series */
  const char *bands;
  int64_t digits;
  const char *save;
  int32_t intervals; /* mnz_interval_kind */
  bool dry_run;
  const char *warm_up;
  int32_t progress; /* mnz_cli_progress_form */
  mnz_cli_texts set;
  const char *seed;
} mnz_cli_batch_options;

/* What it comes to, once the scenario is known. */
typedef struct mnz_cli_batch_setup {
  const mnz_scenario *scenario;
  mnz_result *shape;
  char *scenario_text;
  const char *output; /* of this shard; NULL */
  mnz_batch_options batch;
  mnz_aim *aims; /* of the batch */
  mnz_aim_state *states;
  mnz_journal_identity identity;
  mnz_summary_options summary;
  double seconds; /* that it may take; INFINITY */
} mnz_cli_batch_setup;

/* All that can be wrong with the options, before anything of the scenario is known: MNZ_USAGE. */
mnz_status mnz_cli_batch_read(const mnz_cli *cli, const mnz_cli_batch_options *o, mnz_cli_batch_setup *out,
                              mnz_error *err);
/* The rest. Followed by mnz_cli_batch_release in any case. */
mnz_status mnz_cli_batch_prepare(const mnz_cli *cli, const mnz_cli_batch_options *o,
                                 const mnz_scenario *scenario, mnz_cli_batch_setup *out, mnz_error *err);
void mnz_cli_batch_release(mnz_cli_batch_setup *setup);

/* "95" or "95 %" as 0.95. */
mnz_status mnz_cli_confidence(const char *text, double *confidence, mnz_error *err);
/* What the batch will take of disk and memory, and how its work is divided, on standard output; `there`
 * replications need not be run. */
mnz_status mnz_cli_batch_predict(const mnz_cli *cli, const mnz_cli_batch_options *o,
                                 const mnz_cli_batch_setup *setup, size_t there, mnz_error *err);

#endif
