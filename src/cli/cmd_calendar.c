/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monazite calendar: what was done to the model in a replication, in order. */
#include <stdlib.h>

#include "base/error.h"
#include "cli/kept.h"
#include "monazite/report_log.h"

typedef struct calendar_options {
  mnz_cli_common common;
  bool all;
  bool csv;
  int64_t replication;
} calendar_options;

static const mnz_cli_option options_table[] = {
    {.name = "all",
     .offset = offsetof(calendar_options, all),
     .help = "outages of less than a day too, and the time of the day"},
    {.name = "csv", .offset = offsetof(calendar_options, csv), .help = "print CSV, with everything"},
    MNZ_CLI_REPLICATION_OPTION(calendar_options),
    {0},
};

static mnz_status run(const mnz_cli *cli, const void *options, mnz_error *err) {
  const calendar_options *o = options;
  mnz_cli_kept kept = {0};
  mnz_chronicle chronicle = {0};
  char *text = NULL;
  if (o->csv && cli->common.json)
    return mnz_fail(err, MNZ_USAGE, "calendar", "only one of --csv and --json can be printed");
  mnz_status status = mnz_cli_kept_open(cli, cli->operands[0], o->replication, false, &kept, err);
  if (status == MNZ_OK) status = mnz_chronicle_of(&chronicle, kept.scenario, kept.log, kept.n_log, err);
  const mnz_log_form form = cli->common.json ? MNZ_LOG_JSON
                            : o->csv         ? MNZ_LOG_CSV
                            : o->all         ? MNZ_LOG_TEXT_ALL
                                             : MNZ_LOG_TEXT;
  if (status == MNZ_OK) status = mnz_report_chronicle(kept.scenario, &chronicle, form, &text, err);
  if (status == MNZ_OK && !cli->common.quiet) fputs(text, stdout);
  free(text);
  mnz_chronicle_free(&chronicle);
  mnz_cli_kept_close(&kept);
  return status;
}

const mnz_cli_command mnz_cli_calendar = {
    .name = "calendar",
    .summary = "list the outages, closed links and rules of a replication",
    .description = "Prints what was done to the chain in one replication, by date: disruptions of a day or "
                   "more, closed links, steps of export-control regimes, how licences went. The file must "
                   "have been written with --save=events.",
    .example = "monazite calendar results/closed.h5",
    .operand = "RESULTS.h5",
    .min_operands = 1,
    .max_operands = 1,
    .completes = MNZ_CLI_RESULTS,
    .options = options_table,
    .options_size = sizeof(calendar_options),
    .takes_json = true,
    .run = run,
};
