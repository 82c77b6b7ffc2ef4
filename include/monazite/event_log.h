/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens in a replication, one event of the model after the other, for whoever looks on. */
#ifndef MONAZITE_EVENT_LOG_H
#define MONAZITE_EVENT_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "monazite/replication.h"

#ifdef __cplusplus
extern "C" {
#endif

/* word, meaning. The last five are the states of a facility: all begin idle, at the start nothing is told.
 * Those from "born" to "ended" are told only if what becomes of lots is watched; where they have a parent,
 * the mass is what came from it. */
#define MNZ_MODEL_EVENT_LIST(X)                                                                              \
  X(MNZ_EVENT_ORDERED, "ordered", "the node ordered from the other; detail: its class")                      \
  X(MNZ_EVENT_SHIPPED, "shipped", "the node sent what the other had ordered; detail: days since then")       \
  X(MNZ_EVENT_GIVEN_UP, "given_up", "the node's patience with an order from the other was at an end")        \
  X(MNZ_EVENT_TAKEN_BACK, "taken_back", "the node took back an order from the other, to place it anew")      \
  X(MNZ_EVENT_DEPARTED, "departed", "a lot left the node for the other; detail: days that it will travel")   \
  X(MNZ_EVENT_ARRIVED, "arrived", "a lot came to the node from the other; detail: days since it was sent")   \
  X(MNZ_EVENT_LOST, "lost",                                                                                  \
    "mass was lost at the node or, if there is another, on the way to it from there")                        \
  X(MNZ_EVENT_DISRUPTED, "disrupted", "a disruption of the node or link began; detail: capacity left")       \
  X(MNZ_EVENT_RELIEVED, "relieved", "a disruption of the node or link ended; detail: capacity left")         \
  X(MNZ_EVENT_WARNED, "warned", "a disruption of the node or link was known to be coming")                   \
  X(MNZ_EVENT_CLOSED, "closed", "the link from the node to the other was closed")                            \
  X(MNZ_EVENT_OPENED, "opened", "the link from the node to the other was opened again")                      \
  X(MNZ_EVENT_ANNOUNCED, "announced",                                                                        \
    "a step of a regime was announced; detail: days until it takes effect")                                  \
  X(MNZ_EVENT_RULED, "ruled", "a regime changed; detail: 0 open, 1 licence, 2 quota, 3 tariff, 4 embargo")   \
  X(MNZ_EVENT_REVISED, "revised", "a step of a regime did not come as announced; detail: the state of it")   \
  X(MNZ_EVENT_APPLIED, "applied", "a licence was applied for, for the node; no mass: for all")               \
  X(MNZ_EVENT_APPROVED, "approved", "a licence was granted; detail: days since the application")             \
  X(MNZ_EVENT_REFUSED, "refused", "a licence was refused; detail: days since the application")               \
  X(MNZ_EVENT_EXPIRED, "expired", "a licence ended that was not used up; no mass: it was for all")           \
  X(MNZ_EVENT_EXHAUSTED, "exhausted", "a quota was used up")                                                 \
  X(MNZ_EVENT_BORN, "born", "a lot came into the world here: dug, bought from outside, there at the start")  \
  X(MNZ_EVENT_MADE, "made", "the lot was made of the parent, or of it and others")                           \
  X(MNZ_EVENT_SPLIT, "split", "the lot was split off the parent")                                            \
  X(MNZ_EVENT_MERGED, "merged", "the parent went into the lot and is no more")                               \
  X(MNZ_EVENT_BECAME, "became", "the lot is of this material from now on")                                   \
  X(MNZ_EVENT_STORED, "stored", "the lot was put into a store")                                              \
  X(MNZ_EVENT_IN_PROCESS, "in_process", "the lot was taken to work, or was made and found no room")          \
  X(MNZ_EVENT_IN_USE, "in_use", "the lot is in service with its user")                                       \
  X(MNZ_EVENT_ENDED, "ended", "the lot is no more; detail: 0 delivered, 1 tails, 2 lost")                    \
  X(MNZ_EVENT_IDLE, "idle", "the node had nothing to do from now on")                                        \
  X(MNZ_EVENT_UP, "up", "the node worked from now on")                                                       \
  X(MNZ_EVENT_STARVED, "starved", "the node lacked its inputs from now on")                                  \
  X(MNZ_EVENT_BLOCKED, "blocked", "the node had no room for its products from now on")                       \
  X(MNZ_EVENT_DOWN, "down", "the node had no capacity from now on")

typedef enum mnz_model_event_kind {
#define MNZ_MODEL_EVENT_NAME(id, word, text) id,
  MNZ_MODEL_EVENT_LIST(MNZ_MODEL_EVENT_NAME)
#undef MNZ_MODEL_EVENT_NAME
      MNZ_MODEL_EVENTS
} mnz_model_event_kind;
extern const char *const mnz_model_event_words[MNZ_MODEL_EVENTS]; /* "ordered", "shipped", ... */

/* Things by their place in the scenario, which sorts them by name; -1: none. */
typedef struct mnz_model_event {
  int64_t time_us; /* since the start */
  mnz_model_event_kind what;
  int32_t node;
  int32_t other;
  int32_t material;
  int32_t link;       /* -1 also from hand to hand */
  int32_t disruption; /* or, behind the disruptions, a regime */
  int64_t mass_mg;    /* 0 where there is no material */
  int64_t lot;        /* its number, from 1; 0: none */
  int64_t parent;     /* the lot that it came from, or that went into it; 0: none */
  double detail;      /* as the list says; NaN: nothing to say */
} mnz_model_event;

/* Calls `fn` with every event from now on, in their order; NULL: nobody looks on any more. The event is
 * there for the call only. Stays over resets. What is computed does not depend on it. */
typedef void mnz_model_event_fn(void *self, const mnz_model_event *event);
void mnz_replication_watch_events(mnz_replication *replication, mnz_model_event_fn *fn, void *self);

/* All of them since the start, if the replication is watched so (mnz_watch.events); of one that failed, up to
 * the failure. Good until it goes on or is reset. */
const mnz_model_event *mnz_replication_log(const mnz_replication *replication, size_t *count);

/* Can it be a log of the scenario: times in order, things that there are? Of a file that may be damaged;
 * `where` names it. MNZ_FORMAT. */
mnz_status mnz_model_events_check(const mnz_scenario *scenario, const char *where,
                                  const mnz_model_event *events, size_t count, mnz_error *err);

/* The names behind the numbers; NULL for -1. */
const char *mnz_scenario_node_name(const mnz_scenario *scenario, int32_t node);
const char *mnz_scenario_material_name(const mnz_scenario *scenario, int32_t material);
const char *mnz_scenario_link_name(const mnz_scenario *scenario, int32_t link);
/* Of a disruption or a regime. */
const char *mnz_scenario_disruption_name(const mnz_scenario *scenario, int32_t disruption);

#ifdef __cplusplus
}
#endif
#endif
