/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data digest: SHA-256 over everything that an HDF5 file says, however it lies in the file. */
#ifndef MNZ_ARCHIVE_DIGEST_H
#define MNZ_ARCHIVE_DIGEST_H

#include "archive/h5.h"

#define MNZ_DIGEST_TEXT 65 /* 64 hex digits and the NUL */

/* Reads the whole file h->file. Left out are the attributes status (of the root), run and digest (of
 * /provenance), and what HDF5 keeps for itself (REFERENCE_LIST). Fails on anything that monazite does not
 * write. */
void mnz_digest_file(mnz_h5 *h, char out[MNZ_DIGEST_TEXT]);

#endif
