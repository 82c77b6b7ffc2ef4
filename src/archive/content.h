/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a file's content. Failures are in layout->h. */
#ifndef MNZ_ARCHIVE_CONTENT_H
#define MNZ_ARCHIVE_CONTENT_H

#include "archive/layout.h"

/* Measures and, if asked for, series, at the root. */
void mnz_variables_write(mnz_layout *layout, const mnz_archive_input *input);

/* /failures: number, seed and message of each replication that failed; nothing if none did. */
void mnz_failures_write(mnz_h5 *h, const mnz_archive_input *input);

/* /event_log: what happened in each replication; nothing if that was not kept. */
void mnz_events_write(mnz_layout *layout, const mnz_archive_input *input);

/* /summary: of every headline series mean, half-width and quantiles over replications; with more than one
 * replication, of every measure its statistics, and of every first time its survival curve. */
void mnz_summary_write(mnz_layout *layout, const mnz_archive_input *input);

/* /provenance: where it all comes from. Its attribute `digest` is put there when all else is written. */
void mnz_provenance_write(mnz_h5 *h, const mnz_archive_input *input);

#endif
