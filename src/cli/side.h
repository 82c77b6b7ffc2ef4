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

/* What `path` is, by its first bytes. Fails with MNZ_NO_INPUT for what is no ordinary file, and with
 * MNZ_FORMAT for what is neither a scenario nor a results file; why a file cannot be read, opening it says.
 */
mnz_status mnz_cli_side_look(const mnz_cli *cli, const char *path, mnz_cli_side *out, mnz_error *err);
/* Loads all that were looked at, so that the findings of all are seen at once: those in scenarios go to
 * standard error, and the first failure counts. `set` and `seed` (NULL: as they are) change scenario files
 * only. Followed by mnz_cli_side_close of each in any case. */
mnz_status mnz_cli_side_open_all(const mnz_cli *cli, const mnz_cli_texts *set, const char *seed,
                                 mnz_cli_side *sides, size_t n, mnz_error *err);
void mnz_cli_side_close(mnz_cli_side *side);
/* Gives each a name of its own: the path where other files are called so, too; a number behind it where a
 * file comes again. */
mnz_status mnz_cli_side_names(const mnz_cli *cli, mnz_cli_side *sides, size_t n, mnz_error *err);

/* Begins, counts from or ends on other days, so that its totals are of another length of time. */
bool mnz_cli_side_has_other_span(const mnz_cli_side *side, const mnz_cli_side *baseline);
/* Says on standard error what makes a comparison less than it seems: other seeds, days, countries in focus.
 */
void mnz_cli_side_warn(const mnz_cli *cli, const mnz_cli_side *sides, size_t n);

/* Sets options->replications of scenario files to as many as are asked for (0: not said, so left as it is),
 * but not beyond the largest number in the results file where that is least: they would have no partner
 * there. 0 where a results file has none at all. Says on standard error when it is less than asked for. */
mnz_status mnz_cli_side_choose(const mnz_cli *cli, const mnz_cli_side *sides, size_t n, uint32_t asked,
                               mnz_batch_options *options, mnz_error *err);
/* Runs a scenario file's replications into its parcels. */
mnz_status mnz_cli_side_run(mnz_cli_side *side, const mnz_batch_options *options, mnz_batch_tick *tick,
                            void *tick_self, mnz_batch_outcome *outcome, mnz_error *err);

#endif
