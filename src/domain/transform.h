/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What plants and separations do to a lot: each product takes a share of every element, the rest
 * material keeps what is to be kept, what is left over is tails. */
#ifndef MNZ_DOMAIN_TRANSFORM_H
#define MNZ_DOMAIN_TRANSFORM_H

#include "domain/site.h"

/* One stream out of a transform. */
typedef struct mnz_fraction {
  int32_t material;
  double share[MNZ_MAX_ELEMENTS]; /* of each element in the feed; 1: all that is left of it */
  double grade;                   /* REO in the mass of the product; 1: no other matter */
} mnz_fraction;

/* Splits *feed (in hand; taken) into n lots in hand, as old as it is, out[i] NULL where nothing came. Fails
 * with MNZ_LEDGER when the fractions want more of an element than there is: mass out of nothing. Other matter
 * that a grade asks for comes from the feed, and beyond it from outside (reagents). */
mnz_status mnz_transform(mnz_site *site, mnz_lot **feed, const mnz_fraction *fraction, int32_t n,
                         mnz_lot **out, mnz_error *err);

/* Recoveries by element of a site's occurrence-th lot: drawn where they are random, one draw for all elements
 * or one for each that has a distribution of its own. `product` tells the draws of several products apart. */
void mnz_recovery_draw(const mnz_recovery *recovery, const mnz_site *site, int32_t product,
                       uint32_t occurrence, double share[MNZ_MAX_ELEMENTS]);
/* Their means, and the greatest that can be drawn, for the checks before a run. */
void mnz_recovery_mean(const mnz_recovery *recovery, int32_t n_elements, double share[MNZ_MAX_ELEMENTS]);
void mnz_recovery_greatest(const mnz_recovery *recovery, int32_t n_elements, double share[MNZ_MAX_ELEMENTS]);

#endif
