/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must be the same for all processes of a batch, lest their replications be of different things. */
#ifndef MNZ_BATCH_TERMS_H
#define MNZ_BATCH_TERMS_H

#include <stddef.h>

#include "monazite/status.h"

typedef struct mnz_terms {
  const char *program;       /* its version */
  const char *manner;        /* what the options make of a replication, in words */
  const char *scenario_text; /* resolved, without origins */
} mnz_terms;

/* As they travel; *out is the caller's: free(). */
mnz_status mnz_terms_pack(const mnz_terms *terms, char **out, size_t *bytes, mnz_error *err);
/* Points into `packed`, whose last byte, the one at `bytes`, must be 0. Of a shorter text the rest is "". */
mnz_terms mnz_terms_unpack(const char *packed, size_t bytes);

#endif
