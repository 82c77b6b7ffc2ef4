/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading a scenario for a command, and saying what was found in it. */
#ifndef MNZ_CLI_LOAD_H
#define MNZ_CLI_LOAD_H

#include "cli/cli.h"
#include "monazite/scenario.h"

/* Row of the option table that every command that loads has: struct type with a field `set`. */
#define MNZ_CLI_SET_OPTION(options_type)                                                                     \
  {                                                                                                          \
    .name = "set", .type = MNZ_CLI_TEXTS, .offset = offsetof(options_type, set), .argument = "PATH=VALUE",   \
    .help = "change one value of the scenario; may be repeated"                                              \
  }

/* "file:line: path: message", then, with color or --verbose, the offending line. */
void mnz_cli_print_problems(const mnz_cli *cli, FILE *to, bool color, const mnz_problems *problems);

/* And of those that run it: a field `seed`. */
#define MNZ_CLI_SEED_OPTION(options_type)                                                                    \
  {                                                                                                          \
    .name = "seed", .letter = 's', .type = MNZ_CLI_TEXT, .offset = offsetof(options_type, seed),             \
    .argument = "SEED", .help = "use this seed: the same as --set 'seed=\"SEED\"'"                           \
  }

/* Loads `file` and prints what was found on standard error (warnings unless quiet). If the scenario is not
 * valid, fails with MNZ_SCENARIO and the count of mistakes as message. `seed` is NULL or one more override.
 */
mnz_status mnz_cli_load(const mnz_cli *cli, const char *file, const mnz_cli_texts *set, const char *seed,
                        mnz_scenario **out, mnz_error *err);

/* A scenario as a results file keeps it: what was found when it was run is not repeated. MNZ_FORMAT if it is
 * not valid any more. */
mnz_status mnz_cli_load_kept(const mnz_cli *cli, const char *path, const char *text, mnz_scenario **out,
                             mnz_error *err);

#endif
