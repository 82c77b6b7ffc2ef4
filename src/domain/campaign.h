/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Campaigns of a plant: one family of feeds or products at a time, in turn, with a changeover between two.
 *
 * A campaign ends when its time is over or its mass is fed, whichever comes first. The changeover begins when
 * the lot in work is done; what is still inside the circuits leaves meanwhile. */
#ifndef MNZ_DOMAIN_CAMPAIGN_H
#define MNZ_DOMAIN_CAMPAIGN_H

#include "domain/site.h"

typedef struct mnz_campaign {
  mnz_ids feeds;  /* count 0: all */
  mnz_ids makes;  /* count 0: all */
  mnz_time lasts; /* -1: no limit */
  mnz_mass mass;  /* fed; -1: no limit */
} mnz_campaign;
extern const mnz_param mnz_campaign_params[];

typedef struct mnz_campaigns {
  mnz_site *site;
  const mnz_list *list; /* of mnz_campaign; empty: none */
  mnz_time changeover;
  int32_t tag; /* of its alarms, which only stir the site */
  int32_t now; /* the one under way */
  mnz_time begun;
  mnz_mass fed;
  bool changing;  /* to the next one ... */
  mnz_time until; /* ... which begins then */
} mnz_campaigns;

/* Begins with the first of the list. */
mnz_status mnz_campaigns_start(mnz_campaigns *c, mnz_site *site, const mnz_list *list, mnz_time changeover,
                               int32_t tag, mnz_error *err);
/* May a lot be begun now? Ends what is over; `working`: a lot is in work still. */
mnz_status mnz_campaigns_ready(mnz_campaigns *c, bool working, bool *ready, mnz_error *err);
bool mnz_campaigns_feed(const mnz_campaigns *c, int32_t material);
bool mnz_campaigns_make(const mnz_campaigns *c, int32_t material);
/* The most that the campaign still takes; INT64_MAX: no limit. */
mnz_mass mnz_campaigns_left(const mnz_campaigns *c);
static inline void mnz_campaigns_fed(mnz_campaigns *c, mnz_mass mass) {
  c->fed += mass;
}

void mnz_campaigns_check(const mnz_list *list, const mnz_flows *flows, const mnz_catalog *catalog,
                         const mnz_report *report);

#endif
