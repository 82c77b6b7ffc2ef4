/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The three parts of a file's content. Failures are in layout->h. */
#ifndef MNZ_ARCHIVE_CONTENT_H
#define MNZ_ARCHIVE_CONTENT_H

#include "archive/layout.h"

/* Measures and, if asked for, series, at the root. */
void mnz_variables_write(mnz_layout *layout, const mnz_archive_input *input);

/* /summary: mean, quantiles and half-width over replications of every headline series. */
void mnz_summary_write(mnz_layout *layout, const mnz_archive_input *input);

/* /provenance: where it all comes from. Its attribute `digest` is put there when all else is written. */
void mnz_provenance_write(mnz_h5 *h, const mnz_archive_input *input);

#endif
