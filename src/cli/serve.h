/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a rank other than 0 does with the command line: it helps with a batch, and leaves all else to rank 0.
 */
#ifndef MNZ_CLI_SERVE_H
#define MNZ_CLI_SERVE_H

#include "batch/ranks.h"
#include "cli/cli.h"

/* Prints nothing: what is wrong with the command line or the scenario rank 0 finds too, and what is wrong
 * here alone it is told. Fails only if rank 0 is out of reach, or memory is. */
mnz_status mnz_cli_serve(int argc, char **argv, mnz_ranks *ranks, mnz_error *err);

#endif
