/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One side of a comparison: a scenario file, whose replications are run, or a results file, which has them.
 */
#ifndef MNZ_CLI_SIDE_H
#define MNZ_CLI_SIDE_H

#include "cli/cli.h"
#include "monazite/batch.h"

typedef struct mnz_cli_side {
  const char *path;
  const char *name; /* for tables: the file's, without folder and ending */
  bool is_results;
  mnz_scenario *scenario;
  mnz_result *shape;    /* measures only */
  mnz_parcels *parcels; /* of a results file its replications, else none yet */
} mnz_cli_side;

/* Loads what `path` names; what kind of file it is, its first bytes say. Findings in a scenario go to
 * standard error; `set` and `seed` (NULL: as they are) change scenario files only. Followed by
 * mnz_cli_side_close in any case. */
mnz_status mnz_cli_side_open(const mnz_cli *cli, const char *path, const mnz_cli_texts *set, const char *seed,
                             mnz_cli_side *out, mnz_error *err);
void mnz_cli_side_close(mnz_cli_side *side);
/* Gives each a name of its own: the path where other files are called so, too; a number behind it where a
 * file comes again. */
mnz_status mnz_cli_side_names(const mnz_cli *cli, mnz_cli_side *sides, size_t n, mnz_error *err);

/* Says on standard error what makes a comparison less than it seems: other seeds, days, countries in focus.
 */
void mnz_cli_side_warn(const mnz_cli *cli, const mnz_cli_side *sides, size_t n);

/* How many replications a results file has, counted to its largest number. */
mnz_status mnz_cli_side_extent(const mnz_cli_side *side, uint32_t *extent, mnz_error *err);
/* Runs a scenario file's replications into its parcels. */
mnz_status mnz_cli_side_run(mnz_cli_side *side, const mnz_batch_options *options, mnz_batch_tick *tick,
                            void *tick_self, mnz_batch_outcome *outcome, mnz_error *err);

#endif
