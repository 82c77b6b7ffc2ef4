/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was done to the model in a replication, in order: outages, closed links, the steps of regimes. */
#ifndef MONAZITE_CHRONICLE_H
#define MONAZITE_CHRONICLE_H

#include "monazite/event_log.h"

#ifdef __cplusplus
extern "C" {
#endif

/* word, meaning */
#define MNZ_EPISODE_LIST(X)                                                                                  \
  X(MNZ_EPISODE_OUTAGE, "outage", "a disruption of a node or link; detail: capacity that it left")           \
  X(MNZ_EPISODE_CLOSED, "closed", "a link was closed")                                                       \
  X(MNZ_EPISODE_WARNED, "warned", "from when on a disruption was known to be coming")                        \
  X(MNZ_EPISODE_ANNOUNCED, "announced", "a step of a regime, from its announcement until it takes effect")   \
  X(MNZ_EPISODE_RULED, "ruled",                                                                              \
    "a state of a regime; detail: 0 open, 1 licence, 2 quota, 3 tariff, 4 embargo")                          \
  X(MNZ_EPISODE_REVISED, "revised", "a step of a regime did not come as announced; detail: its state")       \
  X(MNZ_EPISODE_EXHAUSTED, "exhausted", "a quota was used up")

typedef enum mnz_episode_kind {
#define MNZ_EPISODE_NAME(id, word, text) id,
  MNZ_EPISODE_LIST(MNZ_EPISODE_NAME)
#undef MNZ_EPISODE_NAME
      MNZ_EPISODES
} mnz_episode_kind;
extern const char *const mnz_episode_words[MNZ_EPISODES]; /* "outage", ... */

#define MNZ_STILL INT64_MAX /* not over at the end of the log */

typedef struct mnz_episode {
  mnz_episode_kind kind;
  int64_t from_us;
  int64_t until_us;   /* MNZ_STILL; from_us of what is but a moment */
  int32_t disruption; /* or, behind the disruptions, a regime; -1: none */
  int32_t node;       /* -1: none */
  int32_t link;       /* -1: none */
  double detail;      /* NaN: nothing to say */
} mnz_episode;

/* How a regime's licences went. */
typedef struct mnz_licences {
  uint64_t applied, approved, refused, expired;
} mnz_licences;

typedef struct mnz_chronicle {
  mnz_episode *at; /* by beginning; equal ones by disruption, end, node, link */
  size_t count;
  mnz_licences *licences; /* [regime] */
  size_t n_regimes;
} mnz_chronicle;

/* Of a log of the scenario. On failure (MNZ_NO_MEMORY) it is good for mnz_chronicle_free. */
mnz_status mnz_chronicle_of(mnz_chronicle *out, const mnz_scenario *scenario, const mnz_model_event *log,
                            size_t count, mnz_error *err);
void mnz_chronicle_free(mnz_chronicle *chronicle); /* back to {0} */

#ifdef __cplusplus
}
#endif
#endif
