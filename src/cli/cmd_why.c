/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monazite why: where the days of a delivery went, and what a node lacked on a day. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "cli/kept.h"
#include "monazite/calendar.h"
#include "monazite/report_log.h"

typedef struct why_options {
  mnz_cli_common common;
  int64_t delivery;
  const char *node;
  const char *element;
  const char *date;
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
    {.name = "node",
     .type = MNZ_CLI_TEXT,
     .offset = offsetof(why_options, node),
     .argument = "NODE",
     .help = "what this node lacked or owed on a date, and up the chain what kept it; with --date"},
    {.name = "date",
     .type = MNZ_CLI_TEXT,
     .offset = offsetof(why_options, date),
     .argument = "DATE",
     .help = "at the end of this day, such as 2026-05-06, or at this moment: 2026-05-06T12:00"},
    {.name = "element",
     .type = MNZ_CLI_TEXT,
     .offset = offsetof(why_options, element),
     .argument = "SYMBOL",
     .help = "only materials that may hold this element, such as Dy"},
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

/* A bare date is the end of that day. */
static mnz_status read_date(const mnz_cli_kept *kept, const char *text, int64_t *time_us, mnz_error *err) {
  const int64_t start = mnz_scenario_start(kept->scenario);
  const int64_t end = mnz_scenario_end(kept->scenario);
  char first[32];
  char last[32];
  int64_t moment;
  if (!mnz_moment_parse(text, &moment))
    return mnz_fail(err, MNZ_USAGE, "--date", "found \"%s\"; expected a date such as 2026-05-06", text);
  if (moment < start || moment > end)
    return mnz_fail(err, MNZ_USAGE, "--date", "found %s; the run is from %s to %s", text,
                    mnz_moment_format(start, first), mnz_moment_format(end, last));
  if (strchr(text, 'T') == NULL) moment += MNZ_US_PER_DAY - 1;
  *time_us = (moment < end ? moment : end) - start;
  return MNZ_OK;
}

static mnz_status explain_node(const mnz_cli *cli, const why_options *o, const mnz_cli_kept *kept,
                               char **text, mnz_error *err) {
  mnz_lack *tree = NULL;
  size_t n = 0;
  int64_t time_us = 0;
  int32_t node;
  int32_t element = -1;
  mnz_status status = mnz_cli_kept_find(kept, MNZ_AXIS_NODE, o->node, &node, err);
  if (status == MNZ_OK && o->element != NULL)
    status = mnz_cli_kept_find(kept, MNZ_AXIS_ELEMENT, o->element, &element, err);
  if (status == MNZ_OK) status = read_date(kept, o->date, &time_us, err);
  if (status == MNZ_OK)
    status = mnz_why_lack(kept->scenario, kept->log, kept->n_log, node, element, time_us, &tree, &n, err);
  const mnz_log_form form = cli->common.json ? MNZ_LOG_JSON : MNZ_LOG_TEXT;
  if (status == MNZ_OK) status = mnz_report_lack(kept->scenario, node, tree, n, time_us, form, text, err);
  free(tree);
  return status;
}

static mnz_status run(const mnz_cli *cli, const void *options, mnz_error *err) {
  const why_options *o = options;
  mnz_cli_kept kept = {0};
  char *text = NULL;
  const bool of_node = o->node != NULL && o->date != NULL;
  if ((o->delivery > 0) == of_node ||
      ((o->node != NULL || o->date != NULL || o->element != NULL) && !of_node))
    return mnz_fail(err, MNZ_USAGE, "why", "say --delivery=ID, or --node=NODE with --date=DATE");
  mnz_status status = mnz_cli_kept_open(cli, cli->operands[0], o->replication, true, &kept, err);
  if (status == MNZ_OK)
    status = of_node ? explain_node(cli, o, &kept, &text, err) : explain_delivery(cli, o, &kept, &text, err);
  if (status == MNZ_OK && !cli->common.quiet) fputs(text, stdout);
  free(text);
  mnz_cli_kept_close(&kept);
  return status;
}

const mnz_cli_command mnz_cli_why = {
    .name = "why",
    .summary = "say where the days of a delivery went, or what a node lacked",
    .description =
        "Follows a delivery from its arrival back to its order, along the last part to arrive, and says "
        "where the days went: at sea, in process, for want of a licence, because something was down. The "
        "legs add up. Of a node it says what it lacked or owed on a date, since when, and up the chain who "
        "could not deliver, and for what disruption, rule, closed link or want of capacity. The file must "
        "have been written with --save=events,lots.",
    .example = "monazite why results/base.h5 --node=\"Japan magnets\" --date=2026-07-01",
    .operand = "RESULTS.h5",
    .min_operands = 1,
    .max_operands = 1,
    .completes = MNZ_CLI_RESULTS,
    .options = options_table,
    .options_size = sizeof(why_options),
    .takes_json = true,
    .run = run,
};
