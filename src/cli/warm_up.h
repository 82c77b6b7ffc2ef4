/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scenario of a batch, with its warm-up. */
#ifndef MNZ_CLI_WARM_UP_H
#define MNZ_CLI_WARM_UP_H

#include "cli/batch_setup.h"

/* Loads the first operand. --warm-up=DATE is one more override; for mser5 the scenario is loaded, a pilot
 * run, and the scenario loaded again with the date that was found, which is said on standard error. */
mnz_status mnz_cli_load_warm(const mnz_cli *cli, const mnz_cli_batch_options *o,
                             const mnz_batch_options *batch, mnz_scenario **out, mnz_error *err);

#endif
