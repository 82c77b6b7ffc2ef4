/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buying: looks at one material's stock every so often and orders by a policy from the sources.
 *
 * Inventory position = stock + on order - owed to others. With sourcing "priority" each source in turn is
 * asked for what it has free and can send; the last one takes the rest on its book. What it has not shipped
 * by the next look is taken back and ordered anew, in turn. */
#ifndef MNZ_DOMAIN_BUYING_H
#define MNZ_DOMAIN_BUYING_H

#include "domain/site.h"

/* What a policy sees. Policies are pure. */
typedef struct mnz_observation {
  mnz_mass position;
  double usage; /* milligrams a microsecond */
} mnz_observation;

/* How much to order now; 0: nothing. */
mnz_mass mnz_policy_order(const mnz_policy *policy, const mnz_observation *seen);
/* The level that the policy aims at. */
mnz_mass mnz_policy_target(const mnz_policy *policy, double usage);

mnz_mass mnz_site_position(const mnz_site *site, int32_t material);

/* One look: orders what the policy says. */
mnz_status mnz_buying_review(mnz_site *site, const mnz_buy *buy, mnz_error *err);
/* Orders `need` from the sources; `again` of it had been ordered before and was taken back. */
mnz_status mnz_buying_order(mnz_site *site, const mnz_buy *buy, mnz_mass need, mnz_mass again,
                            mnz_error *err);

/* The tag of the alarm for the i-th purchase of a node; the kinds' own tags stay below it. */
#define MNZ_TAG_REVIEW 1000
/* Sets the first alarms of all purchases: now. */
mnz_status mnz_buying_start(mnz_site *site, const mnz_list *buys, mnz_error *err);
/* Reviews the purchase that the tag names and sets its next alarm. */
mnz_status mnz_buying_wake(mnz_site *site, const mnz_list *buys, int32_t tag, mnz_error *err);

/* Checks sources and shares. */
void mnz_buying_check(const mnz_list *buys, const mnz_catalog *catalog, const mnz_report *report);
/* Adds the purchases to a kind's flows. */
void mnz_buying_flows(const mnz_list *buys, mnz_flows *out);

#endif
