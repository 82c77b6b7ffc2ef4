/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monazite describe: the reference of the scenario language. */
#include "cli/cli.h"

#include <stdlib.h>

#include "base/error.h"
#include "monazite/scenario.h"

typedef struct describe_options {
  mnz_cli_common common;
  bool markdown;
} describe_options;

static const mnz_cli_option options_table[] = {
    {.name = "markdown", .offset = offsetof(describe_options, markdown), .help = "print Markdown tables"},
    {0},
};

static mnz_status run(const mnz_cli *cli, const void *options, mnz_error *err) {
  const describe_options *o = options;
  if (o->markdown && cli->common.json)
    return mnz_fail(err, MNZ_USAGE, "describe", "--markdown and --json exclude each other");
  const mnz_describe_format format = cli->common.json ? MNZ_DESCRIBE_JSON
                                     : o->markdown    ? MNZ_DESCRIBE_MARKDOWN
                                                      : MNZ_DESCRIBE_TEXT;
  const char *topic = cli->n_operands > 0 ? cli->operands[0] : NULL;
  char *text = NULL;
  const mnz_status status = mnz_describe(topic, format, &text, err);
  if (status == MNZ_OK && !cli->common.quiet) fputs(text, stdout);
  free(text);
  return status;
}

const mnz_cli_command mnz_cli_describe = {
    .name = "describe",
    .summary = "print the reference of the scenario language",
    .description =
        "Prints what can be said in a scenario: without a TOPIC an overview, else a kind of node (plant, "
        "trader, ...), a list (links, ...), quantities or distributions, with units, ranges and defaults. It "
        "is printed from the tables that the loader reads by.",
    .example = "monazite describe plant",
    .operand = "[TOPIC]",
    .max_operands = 1,
    .completes = MNZ_CLI_TOPIC,
    .options = options_table,
    .options_size = sizeof(describe_options),
    .takes_json = true,
    .run = run,
};
