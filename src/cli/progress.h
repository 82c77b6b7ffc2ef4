/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time as the user feels it, and the line that says how far a run is. */
#ifndef MNZ_CLI_PROGRESS_H
#define MNZ_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Seconds of a clock that only goes forward. */
double mnz_cli_seconds(void);

typedef struct mnz_cli_progress {
  bool on; /* standard error is a terminal that understands, and nobody asked for quiet */
  bool shown;
  int64_t start;   /* of the simulated span, microseconds since 1970 */
  int64_t horizon; /* its length */
  double began;    /* mnz_cli_seconds() */
  double next;     /* no line before */
} mnz_cli_progress;

mnz_cli_progress mnz_cli_progress_begin(bool quiet, int64_t start, int64_t end);
/* `now`: simulated microseconds since the start. Rewrites the line at most ten times a second, and not in
 * the first half second. */
void mnz_cli_progress_show(mnz_cli_progress *progress, int64_t now);
void mnz_cli_progress_end(mnz_cli_progress *progress); /* wipes the line */

#endif
