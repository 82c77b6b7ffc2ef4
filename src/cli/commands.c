/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables: the program, its commands, the common options, the exit codes. */
#include "cli/cli.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"

const mnz_cli_command *const mnz_cli_commands[] = {
    &mnz_cli_run,      &mnz_cli_batch,
    &mnz_cli_merge,    &mnz_cli_compare,
    &mnz_cli_trace,    &mnz_cli_why,
    &mnz_cli_calendar, &mnz_cli_validate,
    &mnz_cli_explain,  &mnz_cli_describe,
    &mnz_cli_info,     &mnz_cli_help,
    &mnz_cli_version,  NULL,
};

static const mnz_cli_option program_options[] = {
    {.name = "version",
     .letter = 'V',
     .offset = offsetof(mnz_cli_program_options, version),
     .help = "print the version and stop"},
    {.name = "man",
     .offset = offsetof(mnz_cli_program_options, man),
     .hidden = true,
     .help = "print the manual page as troff source"},
    {.name = "completion",
     .offset = offsetof(mnz_cli_program_options, completion),
     .hidden = true,
     .help = "print the completion for bash"},
    {0},
};

const mnz_cli_command mnz_cli_program = {
    .name = NULL,
    .summary = "simulate the rare-earth supply chain, from the mine to the magnet",
    .description =
        "A scenario is a text file that describes mines, plants, ships, traders, stockpiles, makers "
        "and demand. monazite checks it, runs it as discrete events, sums it up in a "
        "table, and stores the course of things in an HDF5 file that xarray, netCDF and R open.",
    .example = "monazite run scenarios/tutorial/first-mine.cfg",
    .operand = "COMMAND ...",
    .max_operands = INT32_MAX,
    .completes = MNZ_CLI_COMMAND,
    .options = program_options,
    .options_size = sizeof(mnz_cli_program_options),
};

static const char *const color_choices[] = {"auto", "always", "never", NULL};
static const mnz_cli_option json_option = {
    .name = "json", .offset = offsetof(mnz_cli_common, json), .help = "print JSON instead of text"};
static const mnz_cli_option common_options[] = {
    {.name = "quiet",
     .letter = 'q',
     .offset = offsetof(mnz_cli_common, quiet),
     .help = "print nothing but errors"},
    {.name = "verbose",
     .letter = 'v',
     .offset = offsetof(mnz_cli_common, verbose),
     .help = "say more, on standard error"},
    {.name = "color",
     .type = MNZ_CLI_CHOICE,
     .offset = offsetof(mnz_cli_common, color),
     .argument = "WHEN",
     .choices = color_choices,
     .help = "colour the findings: auto (on a terminal, unless NO_COLOR is set), always or never"},
    {.name = "help",
     .letter = 'h',
     .offset = offsetof(mnz_cli_common, help),
     .help = "print this help and stop"},
};
enum { COMMON_OPTIONS = sizeof common_options / sizeof *common_options };

const mnz_cli_option *mnz_cli_option_at(const mnz_cli_command *command, size_t k) {
  for (const mnz_cli_option *own = command->options; own != NULL && own->name != NULL; own++) {
    if (k-- == 0) return own;
  }
  if (command->takes_json && k-- == 0) return &json_option;
  return k < COMMON_OPTIONS ? &common_options[k] : NULL;
}

bool mnz_cli_option_is_common(const mnz_cli_option *option) {
  bool common = false;
  for (size_t k = 0; k < COMMON_OPTIONS; k++) common = common || option == &common_options[k];
  return common;
}

const mnz_cli_command *mnz_cli_find(const char *name, mnz_error *err) {
  const char *names[sizeof mnz_cli_commands / sizeof *mnz_cli_commands];
  size_t count = 0;
  for (; mnz_cli_commands[count] != NULL; count++) {
    names[count] = mnz_cli_commands[count]->name;
    if (strcmp(name, names[count]) == 0) return mnz_cli_commands[count];
  }
  const char *near = mnz_text_nearest(name, names, count);
  if (near != NULL) {
    mnz_fail(err, MNZ_USAGE, NULL, "unknown command \"%s\"; did you mean \"%s\"?", name, near);
  } else {
    mnz_fail(err, MNZ_USAGE, NULL, "unknown command \"%s\"; \"monazite help\" lists them", name);
  }
  return NULL;
}

/* sysexits(3) */
const mnz_cli_exit mnz_cli_exits[] = {
    {0, "success"},
    {64, "the command line is wrong"},
    {65, "the scenario is not valid, or a file is not a sound results file"},
    {66, "an input cannot be read"},
    {70, "the run failed: the ledger does not close, the model is stuck, or a limit was reached"},
    {71, "out of memory"},
    {73, "the output cannot be created"},
    {74, "reading or writing failed, also of standard output"},
    {75, "interrupted: a batch keeps what is whole and can be resumed, a run writes nothing"},
    {0, NULL},
};

int mnz_cli_exit_code(mnz_status status) {
  switch (status) {
  case MNZ_OK:
    return 0;
  case MNZ_USAGE:
    return 64;
  case MNZ_SCENARIO:
  case MNZ_FORMAT:
    return 65;
  case MNZ_NO_INPUT:
    return 66;
  case MNZ_LEDGER:
  case MNZ_MODEL:
  case MNZ_LIMIT:
    return 70;
  case MNZ_NO_MEMORY:
    return 71;
  case MNZ_CANNOT_CREATE:
    return 73;
  case MNZ_IO:
    return 74;
  case MNZ_INTERRUPTED:
    return 75;
  }
  return 70;
}
