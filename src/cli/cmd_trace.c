/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monazite trace: a lot back to the ore and forward to the magnets. */
#include <stdlib.h>

#include "base/error.h"
#include "cli/kept.h"
#include "monazite/report_log.h"

typedef struct trace_options {
  mnz_cli_common common;
  int64_t lot;
  const char *to;
  bool longest;
  bool all;
  int64_t replication;
} trace_options;

static const mnz_cli_option options_table[] = {
    {.name = "lot",
     .type = MNZ_CLI_COUNT,
     .offset = offsetof(trace_options, lot),
     .argument = "ID",
     .min = 1,
     .max = INT64_MAX,
     .help = "the lot; without it deliveries are listed, the latest first, to choose one from"},
    {.name = "to",
     .type = MNZ_CLI_TEXT,
     .offset = offsetof(trace_options, to),
     .argument = "NODE",
     .help = "list the deliveries to this node; to all demands when not said"},
    {.name = "longest",
     .offset = offsetof(trace_options, longest),
     .help = "list those first that took longest from the order to the arrival"},
    {.name = "all", .offset = offsetof(trace_options, all), .help = "print everything"},
    MNZ_CLI_REPLICATION_OPTION(trace_options),
    {0},
};

static mnz_log_form form_of(const mnz_cli *cli, const trace_options *o) {
  if (cli->common.json) return MNZ_LOG_JSON;
  return o->all ? MNZ_LOG_TEXT_ALL : MNZ_LOG_TEXT;
}

/* ---- deliveries ---- */

static int latest_first(const void *a, const void *b) {
  const mnz_delivery *x = a;
  const mnz_delivery *y = b;
  if (x->arrived_us != y->arrived_us) return x->arrived_us > y->arrived_us ? -1 : 1;
  return x->lot > y->lot ? -1 : x->lot < y->lot;
}

static int longest_first(const void *a, const void *b) {
  const mnz_delivery *x = a;
  const mnz_delivery *y = b;
  const int64_t long_x = x->arrived_us - x->ordered_us;
  const int64_t long_y = y->arrived_us - y->ordered_us;
  return long_x != long_y ? (long_x > long_y ? -1 : 1) : latest_first(a, b);
}

static mnz_status list(const mnz_cli *cli, const trace_options *o, const mnz_cli_kept *kept, char **text,
                       mnz_error *err) {
  mnz_delivery *deliveries = NULL;
  size_t n = 0;
  int32_t node = -1;
  mnz_status status = MNZ_OK;
  if (o->to != NULL) status = mnz_cli_kept_find(kept, MNZ_AXIS_NODE, o->to, &node, err);
  if (status == MNZ_OK)
    status = mnz_why_deliveries(kept->scenario, kept->log, kept->n_log, node, &deliveries, &n, err);
  if (n > 1) qsort(deliveries, n, sizeof *deliveries, o->longest ? longest_first : latest_first);
  if (status == MNZ_OK)
    status = mnz_report_deliveries(kept->scenario, deliveries, n, form_of(cli, o), text, err);
  free(deliveries);
  return status;
}

/* ---- a lot ---- */

static mnz_status follow(const mnz_cli *cli, const trace_options *o, const mnz_cli_kept *kept, char **text,
                         mnz_error *err) {
  mnz_genealogy *genealogy = NULL;
  mnz_kinship back = {0};
  mnz_kinship forward = {0};
  mnz_status status = mnz_genealogy_create(&genealogy, kept->log, kept->n_log, err);
  if (status == MNZ_OK) status = mnz_genealogy_back(genealogy, o->lot, &back, err);
  if (status == MNZ_OK) status = mnz_genealogy_forward(genealogy, o->lot, &forward, err);
  if (status == MNZ_OK)
    status = mnz_report_kinship(kept->scenario, o->lot, &back, &forward, form_of(cli, o), text, err);
  free(back.at);
  free(forward.at);
  mnz_genealogy_free(genealogy);
  return status;
}

static mnz_status run(const mnz_cli *cli, const void *options, mnz_error *err) {
  const trace_options *o = options;
  mnz_cli_kept kept = {0};
  char *text = NULL;
  if (o->lot > 0 && (o->to != NULL || o->longest))
    return mnz_fail(err, MNZ_USAGE, "trace", "--lot is one lot; --to and --longest list deliveries");
  mnz_status status = mnz_cli_kept_open(cli, cli->operands[0], o->replication, o->lot > 0, &kept, err);
  if (status == MNZ_OK)
    status = o->lot > 0 ? follow(cli, o, &kept, &text, err) : list(cli, o, &kept, &text, err);
  if (status == MNZ_OK && !cli->common.quiet) fputs(text, stdout);
  free(text);
  mnz_cli_kept_close(&kept);
  return status;
}

const mnz_cli_command mnz_cli_trace = {
    .name = "trace",
    .summary = "follow a lot back to the ore and forward to the magnets",
    .description =
        "Prints where a lot came from (which ore, born where and when, what share of it) and what became of "
        "it (delivered to whom, tails, lost, in service, still there). Without --lot it lists deliveries. "
        "The file must have been written with --save=events,lots.",
    .example = "monazite trace results/base.h5 --longest",
    .operand = "RESULTS.h5",
    .min_operands = 1,
    .max_operands = 1,
    .completes = MNZ_CLI_RESULTS,
    .options = options_table,
    .options_size = sizeof(trace_options),
    .takes_json = true,
    .run = run,
};
