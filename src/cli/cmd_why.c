/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monazite why: where the days of a delivery went. */
#include <stdlib.h>

#include "base/error.h"
#include "cli/kept.h"
#include "monazite/report_log.h"

typedef struct why_options {
  mnz_cli_common common;
  int64_t delivery;
  int64_t replication;
} why_options;

static const mnz_cli_option options_table[] = {
    {.name = "delivery",
     .type = MNZ_CLI_COUNT,
     .offset = offsetof(why_options, delivery),
     .argument = "ID",
     .min = 1,
     .max = INT64_MAX,
     .help = "where the days of this delivery went; monazite trace lists deliveries and their numbers"},
    MNZ_CLI_REPLICATION_OPTION(why_options),
    {0},
};

static mnz_status explain_delivery(const mnz_cli *cli, const why_options *o, const mnz_cli_kept *kept,
                                   char **text, mnz_error *err) {
  mnz_delivery delivery;
  mnz_leg *legs = NULL;
  size_t n = 0;
  mnz_status status =
      mnz_why_delivery(kept->scenario, kept->log, kept->n_log, o->delivery, &delivery, &legs, &n, err);
  const mnz_log_form form = cli->common.json ? MNZ_LOG_JSON : MNZ_LOG_TEXT;
  if (status == MNZ_OK) status = mnz_report_delivery(kept->scenario, &delivery, legs, n, form, text, err);
  free(legs);
  return status;
}

static mnz_status run(const mnz_cli *cli, const void *options, mnz_error *err) {
  const why_options *o = options;
  mnz_cli_kept kept = {0};
  char *text = NULL;
  if (o->delivery == 0) return mnz_fail(err, MNZ_USAGE, "why", "say --delivery=ID");
  mnz_status status = mnz_cli_kept_open(cli, cli->operands[0], o->replication, true, &kept, err);
  if (status == MNZ_OK) status = explain_delivery(cli, o, &kept, &text, err);
  if (status == MNZ_OK && !cli->common.quiet) fputs(text, stdout);
  free(text);
  mnz_cli_kept_close(&kept);
  return status;
}

const mnz_cli_command mnz_cli_why = {
    .name = "why",
    .summary = "say where the days of a delivery went",
    .description =
        "Follows a delivery from its arrival back to its order, along the last part to arrive, and says "
        "where the days went: at sea, in process, for want of a licence, because something was down. The "
        "legs add up. The file must have been written with --save=events,lots.",
    .example = "monazite why results/base.h5 --delivery=4711",
    .operand = "RESULTS.h5",
    .min_operands = 1,
    .max_operands = 1,
    .completes = MNZ_CLI_RESULTS,
    .options = options_table,
    .options_size = sizeof(why_options),
    .takes_json = true,
    .run = run,
};
