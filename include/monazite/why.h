/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the days of a delivery went, from a log that was kept with lots (monazite/event_log.h).
 *
 * From the arrival back to the order, along the last part to arrive: of several inputs, and of what was
 * blended or loaded together, the one that came last, for nothing else would have brought the delivery
 * forward. The legs join without gap or overlap, so that they add up to the delivery's lead time to the
 * microsecond. */
#ifndef MONAZITE_WHY_H
#define MONAZITE_WHY_H

#include "monazite/event_log.h"

#ifdef __cplusplus
extern "C" {
#endif

/* word, meaning: of each, "at the node" is where the part was, "the other" where it was to go next */
#define MNZ_LEG_LIST(X)                                                                                      \
  X(MNZ_LEG_TRAVEL, "travel", "under way from the node to the other")                                        \
  X(MNZ_LEG_DOCK, "dock", "loaded at the node for the other, but not yet gone")                              \
  X(MNZ_LEG_CLOSED, "closed", "kept at the node, because the way to the other was closed")                   \
  X(MNZ_LEG_EMBARGO, "embargo", "kept at the node by an embargo against the other")                          \
  X(MNZ_LEG_LICENCE, "licence", "kept at the node until a licence for the other was granted or refused")     \
  X(MNZ_LEG_REFUSED, "refused", "kept at the node, a licence refused, until it was applied for again")       \
  X(MNZ_LEG_QUOTA, "quota", "kept at the node, the quota used up, until the next period")                    \
  X(MNZ_LEG_DOWN, "down", "at the node while it was out of work")                                            \
  X(MNZ_LEG_PROCESS, "process", "being worked at the node")                                                  \
  X(MNZ_LEG_ORDER, "order", "at the node, but not yet ordered by the other")                                 \
  X(MNZ_LEG_BUSY, "busy", "in stock at the node, which was busy with other things")                          \
  X(MNZ_LEG_STOCK, "stock", "in stock at the node, for want of its turn or of a need")                       \
  X(MNZ_LEG_BEFORE, "before", "not there yet: the node had not dug or sold it")

typedef enum mnz_leg_kind {
#define MNZ_LEG_NAME(id, word, text) id,
  MNZ_LEG_LIST(MNZ_LEG_NAME)
#undef MNZ_LEG_NAME
      MNZ_LEGS
} mnz_leg_kind;
extern const char *const mnz_leg_words[MNZ_LEGS];    /* "travel", ... */
extern const char *const mnz_leg_meanings[MNZ_LEGS]; /* "under way from the node to the other", ... */

typedef struct mnz_leg {
  mnz_leg_kind kind;
  int64_t from_us; /* since the start */
  int64_t until_us;
  int32_t node;
  int32_t other;    /* -1: none */
  int32_t material; /* of the part that was followed */
  int32_t cause;    /* a disruption or, behind the disruptions, a regime; -1: none known */
  int64_t lot;      /* the part */
} mnz_leg;

typedef struct mnz_delivery {
  int64_t lot;
  int32_t node; /* to whom */
  int32_t seller;
  int32_t material;
  int64_t mass_mg;
  int64_t ordered_us;
  int64_t shipped_us;
  int64_t arrived_us;
} mnz_delivery;

/* All deliveries of orders to a node (-1: to all demands), in the order of their arrival. *out is the
 * caller's: free(). */
mnz_status mnz_why_deliveries(const mnz_scenario *scenario, const mnz_model_event *log, size_t count,
                              int32_t node, mnz_delivery **out, size_t *n, mnz_error *err);
/* The legs of one of them, the first first; *legs is the caller's: free(). MNZ_USAGE if there is no such
 * delivery, or the log says nothing of lots. */
mnz_status mnz_why_delivery(const mnz_scenario *scenario, const mnz_model_event *log, size_t count,
                            int64_t lot, mnz_delivery *delivery, mnz_leg **legs, size_t *n, mnz_error *err);

#ifdef __cplusplus
}
#endif
#endif
