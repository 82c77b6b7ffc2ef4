/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The services that facilities ask of their world, as the files that provide them share it: links
 * (departures, arrivals), orders (books, free stock), disruptions. Each adds its own to the table. */
#ifndef MNZ_WORLD_HOST_H
#define MNZ_WORLD_HOST_H

#include "monazite/calendar.h"
#include "world/replication_internal.h"

/* A failure inside a facility learns where and when it happened. */
mnz_status mnz_host_locate(mnz_replication *r, int32_t node, mnz_status status, mnz_error *err);
mnz_status mnz_host_post(mnz_replication *r, mnz_time at, mnz_phase phase, mnz_event_fn *fn, int64_t arg,
                         mnz_event_id *id, mnz_error *err);
/* The same with a name for services->cancel. */
mnz_status mnz_host_alarm(mnz_replication *r, mnz_time at, mnz_phase phase, mnz_event_fn *fn, int64_t arg,
                          mnz_alarm *alarm, mnz_error *err);
/* Two numbers in an event's argument. */
static inline int64_t mnz_host_pack(int32_t index, int32_t tag) {
  return (int64_t)index << 32 | (int64_t)(uint32_t)tag;
}
static inline double mnz_host_days(mnz_time time) {
  return (double)time / (double)MNZ_US_PER_DAY;
}

/* echelon.c: who is fed from whom, found once; the positions of all that is fed from a node; a user asked
 * something of a seller, and those who look at their echelons continuously learn of it. */
mnz_status mnz_echelon_open(mnz_replication *r, mnz_error *err);
mnz_mass mnz_echelon_fed(const void *host, int32_t node, int32_t material);
mnz_status mnz_echelon_asked(mnz_replication *r, int32_t seller, int32_t material, mnz_error *err);

mnz_time mnz_host_now(const void *host);

void mnz_host_add_links(mnz_services *services);
void mnz_host_add_money(mnz_replication *r);
void mnz_host_add_orders(mnz_services *services);

/* host_disruptions.c: once, when the nodes are known but not yet built; at each start; at the warm-up. */
mnz_status mnz_host_open_disruptions(mnz_replication *r, mnz_error *err);
mnz_status mnz_host_start_disruptions(mnz_replication *r, mnz_error *err);
void mnz_host_count_disruptions_from_now(mnz_replication *r);
/* Lets buyers hear of what is announced, by regimes or of disruptions. */
void mnz_host_hear_warnings(mnz_replication *r);
mnz_time mnz_host_regimes_warned(const mnz_replication *r, int32_t buyer, int32_t source, int32_t material);
/* A node is up from now on, or is not. */
void mnz_host_turned(mnz_replication *r, int32_t node, bool up);
/* host_links.c: what waits at the door of a node that receives again comes in; a link was closed or opened,
 * and what is under way on it learns of it. */
mnz_status mnz_host_open_door(mnz_replication *r, int32_t node, mnz_error *err);
mnz_status mnz_host_turn_link(mnz_replication *r, mnz_link *link, mnz_error *err);

/* host_regimes.c. Finds out which flows are ruled; nothing is added to the services when none is. */
mnz_status mnz_host_open_regimes(mnz_replication *r, mnz_error *err);
mnz_status mnz_host_start_regimes(mnz_replication *r, mnz_error *err);
void mnz_host_free_regimes(mnz_replication *r);
/* A buyer asked a seller for `mass`, `accepted` of which is in the book: licences are applied for. */
mnz_status mnz_host_regimes_want(mnz_replication *r, int32_t buyer, int32_t seller, int32_t material,
                                 mnz_mass mass, mnz_mass accepted, mnz_error *err);
/* What is ordered or ready to be sent under a regime and may not leave now. */
mnz_mass mnz_host_regime_holds(const mnz_replication *r, int32_t regime);
/* A lot in hand at its seller leaves for a node. */
void mnz_host_regimes_sent(mnz_replication *r, const mnz_lot *lot, int32_t to);

/* Sum of the tariffs on what would be shipped next, as shares of its price; there are regimes. */
double mnz_host_regimes_duty(const mnz_replication *r, int32_t seller, int32_t buyer, int32_t material);

#endif
