/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a node lacked at a moment, and what kept those who owe it from delivering: a tree from the node up the
 * chain, from a log (monazite/event_log.h). Stocks are known from a log that was kept with lots.
 *
 * At each node: is it out of work, or the way from it closed, or has a rule kept what it owes, at any time
 * since that was asked for? If it is starved or has not what it owes, then because of what it is waiting for
 * itself: of that, first what covers the shortest time. What nothing explains is capacity. */
#ifndef MONAZITE_LACK_H
#define MONAZITE_LACK_H

#include "monazite/chronicle.h"

#ifdef __cplusplus
extern "C" {
#endif

/* word, meaning */
#define MNZ_LACK_LIST(X)                                                                                     \
  X(MNZ_LACK_OUTAGE, "outage", "the node was hit by a disruption")                                           \
  X(MNZ_LACK_CLOSED, "closed", "the way from the node was closed")                                           \
  X(MNZ_LACK_EMBARGO, "embargo", "an embargo kept what it owes")                                             \
  X(MNZ_LACK_LICENCE, "licence", "a licence was not there yet")                                              \
  X(MNZ_LACK_QUOTA, "quota", "a quota was used up")                                                          \
  X(MNZ_LACK_DOWN, "down", "the node had no capacity, by its calendar or plan")                              \
  X(MNZ_LACK_STARVED, "starved", "the node lacked its inputs")                                               \
  X(MNZ_LACK_WAITS, "waits", "the node had not enough and waited for what it had ordered itself")            \
  X(MNZ_LACK_TRAVEL, "travel", "what it had ordered was under way")                                          \
  X(MNZ_LACK_STOCK, "stock", "it was there, and about to be sent or meant for others")                       \
  X(MNZ_LACK_CAPACITY, "capacity", "the node worked and could do no more")                                   \
  X(MNZ_LACK_IDLE, "idle", "the node did nothing, and nothing is known that kept it")

typedef enum mnz_lack_cause {
#define MNZ_LACK_NAME(id, word, text) id,
  MNZ_LACK_LIST(MNZ_LACK_NAME)
#undef MNZ_LACK_NAME
      MNZ_LACKS
} mnz_lack_cause;
extern const char *const mnz_lack_words[MNZ_LACKS];    /* "outage", ... */
extern const char *const mnz_lack_meanings[MNZ_LACKS]; /* "the node was hit ...", ... */

#define MNZ_LACK_LEVELS 6

/* A node that owes a material to the one that waits for it: the entry at `parent`. */
typedef struct mnz_lack {
  int32_t parent; /* -1: the node asked about */
  int32_t level;  /* 0 .. MNZ_LACK_LEVELS - 1 */
  int32_t node;
  int32_t to; /* -1: all that wait, or the node asked about is itself what waits */
  int32_t material;
  int64_t owed_mg; /* of open orders; 0: it comes without orders */
  int64_t since_us;
  int64_t stock_mg;  /* -1: not known */
  int64_t coming_mg; /* under way to the node */
  bool lacks;        /* of the node asked about: it waits for the material, rather than owing it */
  bool binding;      /* of the inputs of the entry above, what covers the shortest time */
  mnz_lack_cause cause;
  int32_t disruption;     /* or regime, behind the disruptions; -1: none */
  int64_t cause_from_us;  /* of the cause; since_us where it has no time of its own */
  int64_t cause_until_us; /* MNZ_STILL: not over at that moment */
} mnz_lack;

/* The tree, each entry behind the one above it; element -1: of all. Nothing: it lacked and owed nothing then.
 * *out is the caller's: free(). MNZ_NO_MEMORY. */
mnz_status mnz_why_lack(const mnz_scenario *scenario, const mnz_model_event *log, size_t count, int32_t node,
                        int32_t element, int64_t time_us, mnz_lack **out, size_t *n, mnz_error *err);

/* Of a tree the entry with the disruption or rule that had lasted longest by then, those that were not over
 * first; NULL: none is known. */
const mnz_lack *mnz_lack_main(const mnz_lack *entries, size_t n, int64_t time_us);

#ifdef __cplusplus
}
#endif
#endif
