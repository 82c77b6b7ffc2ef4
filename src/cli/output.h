/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files that a run writes, before there is anything to write to them. */
#ifndef MNZ_CLI_OUTPUT_H
#define MNZ_CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "monazite/status.h"

/* How a file of HDF5 begins. */
#define MNZ_CLI_RESULTS_HEAD "\211HDF\r\n\032\n"

/* Whether two names are of one file. */
bool mnz_cli_same_file(const char *a, const char *b);

/* Whether `path` can be created, or replaced, without losing something else: its folder exists and can be
 * written, it is not a folder or a device, and it is not `input`. Nobody should wait for a run and then
 * hear this. Fails with MNZ_CANNOT_CREATE. */
mnz_status mnz_cli_check_output(const char *path, const char *input, mnz_error *err);
/* The same for an event log. */
mnz_status mnz_cli_check_event_log(const char *path, const char *input, mnz_error *err);

/* Whether replacing the results at `path` by `replications` of this scenario (NULL: of any) would lose work:
 * a batch that is on its way there, one of another scenario or a larger one, a file that is none of ours.
 * What can be had again by the same command may be replaced. Fails with MNZ_CANNOT_CREATE. */
mnz_status mnz_cli_check_loss(const char *path, const char *scenario_text, size_t replications,
                              mnz_error *err);

#endif
