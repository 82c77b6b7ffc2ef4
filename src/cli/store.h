/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a batch keeps what it has finished: in memory when there is no file to write, else in a journal
 * beside the results file, RESULTS.h5.journal, which goes when the results file is there. */
#ifndef MNZ_CLI_STORE_H
#define MNZ_CLI_STORE_H

#include "monazite/batch.h"
#include "monazite/journal.h"

typedef struct mnz_cli_store {
  mnz_parcels *memory; /* one of the two */
  mnz_journal *journal;
  char *journal_path;
  bool fresh;   /* the journal is of this process */
  size_t added; /* replications that are nowhere else */
} mnz_cli_store;

typedef struct mnz_cli_store_wish {
  const char *output;  /* the results file; NULL: in memory */
  size_t replications; /* that it will hold */
  bool resume;
  bool overwrite;
} mnz_cli_store_wish;

/* With `resume` it begins with what an interrupted batch left in its journal, or what a whole results file
 * holds; nothing there is a beginning too. Without, a journal that is there is refused (MNZ_CANNOT_CREATE):
 * it is somebody's work; and, unless told to overwrite, results whose loss would be one (cli/output.h). A
 * batch of another scenario is refused with the values that differ. Followed by mnz_cli_store_close in any
 * case. */
mnz_status mnz_cli_store_open(mnz_cli_store *store, const mnz_cli_store_wish *wish,
                              const mnz_journal_identity *identity, const mnz_result *shape, mnz_error *err);
/* What opening it would come to, without beginning anything: the same failures, and how many replications are
 * there already. */
mnz_status mnz_cli_store_look(const mnz_cli_store_wish *wish, const mnz_journal_identity *identity,
                              const mnz_result *shape, size_t *there, mnz_error *err);
/* MNZ_SCENARIO: `path: is of another scenario: nodes["Plant"].rate: was "9 kt/yr", is "8 kt/yr"`. */
mnz_status mnz_cli_refuse_scenario(const char *path, const char *was, const char *is, mnz_error *err);
/* What is in it; good until the next is put. */
mnz_rows mnz_cli_store_rows(const mnz_cli_store *store);
mnz_sink mnz_cli_store_sink(mnz_cli_store *store);
/* The results file is there. */
void mnz_cli_store_discard(mnz_cli_store *store);
/* Keeps the journal if there is something in it that is nowhere else. */
void mnz_cli_store_close(mnz_cli_store *store);

#endif
