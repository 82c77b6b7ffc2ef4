/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buying: looks at one material's stock every so often, or at every change, and orders by a policy from the
 * sources.
 *
 * Inventory position = stock + on order - owed to others; the echelon position adds those of all that is fed
 * from here (Clark and Scarf 1960). With sourcing "priority" each source in turn is asked for what it has
 * free and can send; the last one takes the rest on its book. What it has not shipped by the next look is
 * taken back and ordered anew, in turn. */
#ifndef MNZ_DOMAIN_BUYING_H
#define MNZ_DOMAIN_BUYING_H

#include "domain/site.h"

/* What a policy sees. Policies are pure. */
typedef struct mnz_observation {
  mnz_mass position;
  double usage; /* milligrams a microsecond; of a forecast: as forecast */
} mnz_observation;

/* How much to order now; 0: nothing. */
mnz_mass mnz_policy_order(const mnz_policy *policy, const mnz_observation *seen);
/* The level that the policy aims at; 0 for those that aim at none. */
mnz_mass mnz_policy_target(const mnz_policy *policy, double usage);

/* Aims `factor` times as high. */
void mnz_policy_stretch(mnz_policy *policy, double factor);

/* What a forecast remembers: what was asked for in the last reviews. In a site, one a purchase. */
enum { MNZ_FORECAST_REVIEWS = 64 };
typedef struct mnz_forecast {
  mnz_mass asked_before; /* in all, at the last review */
  double usage;          /* milligrams a microsecond */
  double sum;            /* over the reviews that are remembered */
  double asked[MNZ_FORECAST_REVIEWS];
  int32_t reviews; /* so far */
} mnz_forecast;

mnz_mass mnz_site_position(const mnz_site *site, int32_t material);

/* One look: orders what the policy says. */
mnz_status mnz_buying_review(mnz_site *site, const mnz_buy *buy, mnz_error *err);
/* Orders `need` from the sources; `again` of it had been ordered before and was taken back. */
mnz_status mnz_buying_order(mnz_site *site, const mnz_buy *buy, mnz_mass need, mnz_mass again,
                            mnz_error *err);

/* The tags of the alarms for the i-th purchase of a node: a review, and the end of an order's patience; the
 * kinds' own tags stay below them. */
#define MNZ_TAG_REVIEW   1000
#define MNZ_TAG_PATIENCE 2000
/* Sets the first alarms of all purchases. */
mnz_status mnz_buying_start(mnz_site *site, const mnz_list *buys, mnz_error *err);
/* Does what the tag says: reviews a purchase and sets its next alarm; takes orders back. */
mnz_status mnz_buying_wake(mnz_site *site, const mnz_list *buys, int32_t tag, mnz_error *err);
/* Whenever the site decides: the purchases that are reviewed continuously look. */
bool mnz_buying_is_continuous(const mnz_list *buys); /* any of them */
mnz_status mnz_buying_react(mnz_site *site, const mnz_list *buys, mnz_error *err);

/* Checks whom is bought from: their number, dates, and that only what is split has shares. `path` is that of
 * the list. */
void mnz_sources_check(const mnz_list *sources, bool split, const char *path, const mnz_report *report);
/* Checks sources and shares. */
void mnz_buying_check(const mnz_list *buys, const mnz_catalog *catalog, const mnz_report *report);
/* Adds the purchases to a kind's flows. */
void mnz_buying_flows(const mnz_list *buys, mnz_flows *out);

#endif
