/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monazite help */
#include "cli/cli.h"

static mnz_status run(const mnz_cli *cli, const void *options, mnz_error *err) {
  (void)options;
  const mnz_cli_command *command =
      cli->n_operands > 0 ? mnz_cli_find(cli->operands[0], err) : &mnz_cli_program;
  if (command == NULL) return MNZ_USAGE;
  if (!cli->common.quiet) mnz_cli_print_help(stdout, command);
  return MNZ_OK;
}

const mnz_cli_command mnz_cli_help = {
    .name = "help",
    .summary = "say what a command does and which options it has",
    .description = "Without a COMMAND it lists all of them.",
    .example = "monazite help run",
    .operand = "[COMMAND]",
    .max_operands = 1,
    .completes = MNZ_CLI_COMMAND,
    .options_size = sizeof(mnz_cli_common),
    .run = run,
};
