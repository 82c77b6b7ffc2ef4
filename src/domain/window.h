/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Specification windows: what must be in a lot, as a feed or as a product, for it to be taken for what it is
 * called. A lot out of its window becomes another material, or tails, and is counted. */
#ifndef MNZ_DOMAIN_WINDOW_H
#define MNZ_DOMAIN_WINDOW_H

#include "domain/site.h"

typedef enum mnz_window_of { MNZ_WINDOW_OXIDES, MNZ_WINDOW_MASS } mnz_window_of;

typedef struct mnz_window {
  int32_t material;
  uint32_t elements; /* whose share is looked at */
  double min, max;   /* NaN: none */
  int32_t of;        /* mnz_window_of */
  int32_t off_spec;  /* material; -1: tails */
} mnz_window;
extern const mnz_param mnz_window_params[];

/* A lot in hand is held against the windows of its material. *lot is NULL afterwards if it became tails; true
 * if it was out of one of them. */
bool mnz_window_miss(mnz_site *site, const mnz_list *windows, mnz_lot **lot);

/* Windows can be of what the node takes or makes; off-spec feed must not come back as feed. `feeds`
 * are those of the node, as a mask. */
void mnz_window_check(const mnz_list *windows, uint64_t feeds, const mnz_flows *flows,
                      const mnz_catalog *catalog, const mnz_report *report);
/* Adds what lots become to a kind's flows. */
void mnz_window_flows(const mnz_list *windows, mnz_flows *out);

#endif
