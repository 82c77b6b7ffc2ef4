/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a lot came from and where it went, from a log that was kept with lots (monazite/event_log.h,
 * mnz_watch.lots).
 *
 * Shares are by mass: what flows into a lot mixes with what is in it; whatever is split off is as mixed as
 * the rest. A product has the shares of its feed, a thing that is assembled those of its inputs by their
 * masses, filler left out. So the shares of all that a lot came from add up to 1. */
#ifndef MONAZITE_GENEALOGY_H
#define MONAZITE_GENEALOGY_H

#include "monazite/event_log.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mnz_genealogy mnz_genealogy;

/* A lot at one moment of its life: where it was born, or where and how it ended. */
typedef struct mnz_kin {
  int64_t lot;
  int64_t time_us; /* since the start */
  int32_t node;
  int32_t material;
  int64_t mass_mg; /* of that lot then */
  double share;    /* an ancestor: of the lot asked about; a descendant: of the lot asked about in it */
  int32_t end; /* a descendant: 0 delivered, 1 tails, 2 lost, 3 in service, 4 still there; -1: an ancestor */
} mnz_kin;

typedef struct mnz_kinship {
  mnz_kin *at; /* the largest shares first, equal ones by number */
  size_t count;
} mnz_kinship;

/* Indexes a log, which must outlive it. MNZ_USAGE if the log says nothing of lots, MNZ_NO_MEMORY. */
mnz_status mnz_genealogy_create(mnz_genealogy **out, const mnz_model_event *log, size_t count,
                                mnz_error *err);
void mnz_genealogy_free(mnz_genealogy *genealogy); /* NULL allowed */
/* The highest number of a lot. */
int64_t mnz_genealogy_lots(const mnz_genealogy *genealogy);
/* What the lot came from, as it was at its end. MNZ_USAGE if there is no such lot. The caller frees out->at.
 */
mnz_status mnz_genealogy_back(const mnz_genealogy *genealogy, int64_t lot, mnz_kinship *out, mnz_error *err);
/* What became of it: every lot that ended, or is there at the end, with something of it inside. */
mnz_status mnz_genealogy_forward(const mnz_genealogy *genealogy, int64_t lot, mnz_kinship *out,
                                 mnz_error *err);

#ifdef __cplusplus
}
#endif
#endif
