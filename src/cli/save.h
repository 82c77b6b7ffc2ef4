/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a run or a batch into a results file. */
#ifndef MNZ_CLI_SAVE_H
#define MNZ_CLI_SAVE_H

#include "monazite/archive.h"
#include "monazite/batch.h"

/* Sums the rows up and, with a path, writes them. *summary is the caller's: mnz_summary_free; NULL: not
 * wanted. The text of the scenario is filled into the options here. */
mnz_status mnz_cli_save(const char *path, const mnz_scenario *scenario, const mnz_rows *rows,
                        const mnz_summary_options *how, const mnz_run_facts *facts,
                        mnz_archive_options options, mnz_summary **summary, char digest[65], mnz_error *err);

#endif
