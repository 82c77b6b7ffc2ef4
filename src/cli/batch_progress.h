/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a batch is, on standard error: a line that rewrites itself on a terminal, else a plain line now and
 * then, or JSON for programs. */
#ifndef MNZ_CLI_BATCH_PROGRESS_H
#define MNZ_CLI_BATCH_PROGRESS_H

#include <stdbool.h>

#include "monazite/batch.h"

typedef enum mnz_cli_progress_form {
  MNZ_CLI_PROGRESS_AUTO, /* a terminal's line on a terminal, else plain lines */
  MNZ_CLI_PROGRESS_PLAIN,
  MNZ_CLI_PROGRESS_JSON,
  MNZ_CLI_PROGRESS_NONE
} mnz_cli_progress_form;
extern const char *const mnz_cli_progress_forms[]; /* for an option table */

typedef struct mnz_cli_batch_progress {
  bool line; /* a terminal's */
  mnz_cli_progress_form form;
  bool shown;
  double began; /* mnz_cli_seconds() */
  double next;
  uint32_t before; /* replications that were there at the beginning */
} mnz_cli_batch_progress;

mnz_cli_batch_progress mnz_cli_batch_progress_begin(mnz_cli_progress_form form, bool quiet, uint32_t before);
void mnz_cli_batch_progress_show(mnz_cli_batch_progress *progress, const mnz_batch_progress *p);
/* Wipes the line of a terminal; JSON gets its last line. */
void mnz_cli_batch_progress_end(mnz_cli_batch_progress *progress, const mnz_batch_progress *last);

#endif
