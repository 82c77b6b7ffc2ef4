/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What facilities count of what they do, for the measures of a run: since its start, or since its warm-up. */
#ifndef MNZ_DOMAIN_COUNTS_H
#define MNZ_DOMAIN_COUNTS_H

#include "domain/param.h"

typedef enum mnz_count {
  MNZ_COUNT_OFF_SPEC, /* mass out of a specification's window, milligrams */
  MNZ_COUNT_CHANGES,  /* campaigns that followed another one */
  MNZ_COUNT_CAPPED,   /* time for which a licence held the plant up, microseconds; see capped_since */
  MNZ_COUNT_SAVED,    /* mass of inputs that thrift saved, milligrams */
  MNZ_COUNTS
} mnz_count;

/* The same by element, milligrams of oxide. */
typedef enum mnz_element_count {
  MNZ_COUNT_ASSAYED,  /* in what was dug, as assays had it */
  MNZ_COUNT_FED,      /* in what was worked off */
  MNZ_COUNT_MADE,     /* of it, in products that meet their specification */
  MNZ_COUNT_REJECTED, /* of it, thrown away by a rule rather than lost by a circuit */
  MNZ_COUNT_RETURNED, /* collected at the end of its service life */
  MNZ_ELEMENT_COUNTS
} mnz_element_count;

typedef struct mnz_counts {
  int64_t of[MNZ_COUNTS];
  mnz_mass by_element[MNZ_ELEMENT_COUNTS][MNZ_MAX_ELEMENTS];
  mnz_time capped_since; /* MNZ_NEVER: not held up now */
} mnz_counts;

/* Everything to zero; a stand that lasts counts from `now` on. */
static inline void mnz_counts_restart(mnz_counts *counts, mnz_time now) {
  const bool capped = counts->capped_since != MNZ_NEVER;
  *counts = (mnz_counts){.capped_since = capped ? now : MNZ_NEVER};
}

#endif
