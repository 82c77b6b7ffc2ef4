/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monazite explain: the scenario as it will be run, and where each value comes from. */
#include "cli/load.h"

#include <stdlib.h>

typedef struct explain_options {
  mnz_cli_common common;
  mnz_cli_texts set;
  bool no_origins;
} explain_options;

static const mnz_cli_option options_table[] = {
    MNZ_CLI_SET_OPTION(explain_options),
    {.name = "no-origins",
     .offset = offsetof(explain_options, no_origins),
     .help = "leave out where the values come from: the text then depends on the values alone"},
    {0},
};

static mnz_status run(const mnz_cli *cli, const void *options, mnz_error *err) {
  const explain_options *o = options;
  mnz_scenario *scenario = NULL;
  char *text = NULL;
  mnz_status status;
  if ((status = mnz_cli_load(cli, cli->operands[0], &o->set, NULL, &scenario, err)) != MNZ_OK) goto out;
  if ((status = mnz_scenario_explain(scenario, !o->no_origins, &text, err)) != MNZ_OK) goto out;
  if (!cli->common.quiet) fputs(text, stdout);

out:
  free(text);
  mnz_scenario_free(scenario);
  return status;
}

const mnz_cli_command mnz_cli_explain = {
    .name = "explain",
    .summary = "print the resolved scenario and the origin of every value",
    .description =
        "Prints one scenario text in which everything that FILE extends is merged, every default is "
        "filled in, and each value is followed by the file and line it comes from. The text is itself a "
        "scenario.",
    .example = "monazite explain scenarios/tutorial/first-mine.cfg --set 'seed=\"7\"'",
    .operand = "FILE",
    .min_operands = 1,
    .max_operands = 1,
    .completes = MNZ_CLI_SCENARIO,
    .options = options_table,
    .options_size = sizeof(explain_options),
    .run = run,
};
