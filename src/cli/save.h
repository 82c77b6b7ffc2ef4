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

/* Row of the option table of those that write a results file: struct type with a text `save`. */
#define MNZ_CLI_SAVE_OPTION(options_type)                                                                    \
  {                                                                                                          \
    .name = "save", .type = MNZ_CLI_TEXT, .offset = offsetof(options_type, save), .argument = "LIST",        \
    .help = "keep in the file also, separated by commas: events (what happens, event by event, also of "     \
            "what fails: a much larger file), lots (and what becomes of every lot: for trace and why)"       \
  }
/* Sets what the list says, NULL: nothing. MNZ_USAGE. */
mnz_status mnz_cli_read_save(const char *list, mnz_watch *watch, mnz_error *err);

#endif
