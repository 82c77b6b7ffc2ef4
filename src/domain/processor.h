/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What plants and separations have in common: feed from their stores, lines that share it, a split when a lot
 * leaves its line, an outbox. The kind says only how a lot is split.
 *
 * A line whose lot waits in the outbox for room is blocked (blocking after service); what is in work in the
 * others goes on. With `needs_room` a lot is begun only if what it makes will have room (blocking before
 * service). A feed's store of no capacity takes a lot only if it can be begun at once.
 *
 * Dust, less than a millionth of the heaviest lot so far, stays in process until more of it has come; so does
 * less than a tenth of what is a feed here itself, and less than a hundredth of what becomes one by missing
 * its window. What goes round in a recycle would else get ever smaller, and ever more often round. */
#ifndef MNZ_DOMAIN_PROCESSOR_H
#define MNZ_DOMAIN_PROCESSOR_H

#include "domain/campaign.h"
#include "domain/cap.h"
#include "domain/line.h"
#include "domain/outbox.h"
#include "domain/transform.h"
#include "domain/window.h"

#define MNZ_MAX_LINES 64

/* One of several feeds that wait for the same lines. */
typedef struct mnz_feed {
  int32_t material;
  mnz_distribution service; /* microseconds; constant NaN: as the node has it */
  int32_t priority;
  mnz_mass lot; /* -1: as the node has it */
} mnz_feed;
extern const mnz_param mnz_feed_params[];

/* The parameters of it; the first member of the kind's own struct, and its lines of the kind's table. */
typedef struct mnz_processor_params {
  mnz_ids in;     /* feeds, in order of preference ... */
  mnz_list feeds; /* ... or of mnz_feed, by class and then first come, first served */
  mnz_mass lot;   /* taken at once; -1: the lots as they come */
  bool preempt;
  mnz_mass waiting_room; /* of all feeds together; -1: each store for itself */
  int32_t rest;
  mnz_schedule capacity;    /* of one line; or ... */
  mnz_distribution service; /* ... the time of one lot, microseconds; constant NaN: by the capacity */
  int32_t lines;
  bool needs_room;
  mnz_distribution residence;
  mnz_time hold_up;
  double drawable; /* share of the hold-up */
  bool filled;
  mnz_list spec;      /* of mnz_window */
  mnz_list campaigns; /* of mnz_campaign */
  mnz_time changeover;
  const mnz_cap *cap;
} mnz_processor_params;

#define MNZ_PROCESSOR_FEED_PARAMS                                                                            \
  {.name = "in",                                                                                             \
   .type = MNZ_PARAM_MATERIALS,                                                                              \
   .offset = offsetof(mnz_processor_params, in),                                                             \
   .help = "the feed; of several the first that is there"},                                                  \
      {.name = "feeds",                                                                                      \
       .type = MNZ_PARAM_LIST,                                                                               \
       .offset = offsetof(mnz_processor_params, feeds),                                                      \
       .fields = mnz_feed_params,                                                                            \
       .item_size = sizeof(mnz_feed),                                                                        \
       .help = "instead of `in`: feeds with a class and a service of their own; within a class the one "     \
               "that has waited longest"},                                                                   \
      {.name = "preempt",                                                                                    \
       .type = MNZ_PARAM_FLAG,                                                                               \
       .offset = offsetof(mnz_processor_params, preempt),                                                    \
       .fallback = "false",                                                                                  \
       .help = "a lot of a better class interrupts work on one of a worse class, which goes on later with "  \
               "what was left"},                                                                             \
      {.name = "waiting_room",                                                                               \
       .type = MNZ_PARAM_MASS,                                                                               \
       .offset = offsetof(mnz_processor_params, waiting_room),                                               \
       .min = 0,                                                                                             \
       .max = 1e300,                                                                                         \
       .help = "the most that waits here of all feeds together; unlimited when not said"},                   \
                                                                                                             \
  {                                                                                                          \
    .name = "lot", .type = MNZ_PARAM_MASS, .offset = offsetof(mnz_processor_params, lot), .min = 1,          \
    .max = 1e300, .help = "feed taken at once; the lots as they come when not said"                          \
  }

#define MNZ_PROCESSOR_LINE_PARAMS                                                                            \
  {.name = "capacity",                                                                                       \
   .type = MNZ_PARAM_SCHEDULE,                                                                               \
   .offset = offsetof(mnz_processor_params, capacity),                                                       \
   .help = "feed that a line works off, on its mass or on the mass of some elements in it"},                 \
      {.name = "service",                                                                                    \
       .type = MNZ_PARAM_DISTRIBUTION,                                                                       \
       .dim = MNZ_DIM_TIME,                                                                                  \
       .offset = offsetof(mnz_processor_params, service),                                                    \
       .min = 0,                                                                                             \
       .max = 1e300,                                                                                         \
       .help = "instead of `capacity`: time of work on one lot, whatever its mass, drawn once a lot"},       \
      {.name = "lines",                                                                                      \
       .type = MNZ_PARAM_COUNT,                                                                              \
       .offset = offsetof(mnz_processor_params, lines),                                                      \
       .min = 1,                                                                                             \
       .max = MNZ_MAX_LINES,                                                                                 \
       .fallback = "1",                                                                                      \
       .help = "parallel lines, each of this capacity or service, that share the feed"},                     \
      {.name = "needs_room",                                                                                 \
       .type = MNZ_PARAM_FLAG,                                                                               \
       .offset = offsetof(mnz_processor_params, needs_room),                                                 \
       .fallback = "false",                                                                                  \
       .help = "begins a lot only if there is room for what it makes; else it works and waits with what it " \
               "has made"},                                                                                  \
                                                                                                             \
      {.name = "residence",                                                                                  \
       .type = MNZ_PARAM_DISTRIBUTION,                                                                       \
       .dim = MNZ_DIM_TIME,                                                                                  \
       .offset = offsetof(mnz_processor_params, residence),                                                  \
       .min = 0,                                                                                             \
       .max = 1e300,                                                                                         \
       .fallback = "0 d",                                                                                    \
       .help = "time inside after the work, drawn once a lot; stands still in a stop"},                      \
      {.name = "hold_up",                                                                                    \
       .type = MNZ_PARAM_TIME,                                                                               \
       .offset = offsetof(mnz_processor_params, hold_up),                                                    \
       .min = 0,                                                                                             \
       .max = 1e300,                                                                                         \
       .fallback = "0 d",                                                                                    \
       .help = "what a continuous circuit keeps inside, as time at its highest rate so far: it fills "       \
               "before the first product leaves and is kept in a stop"},                                     \
      {.name = "drawable",                                                                                   \
       .type = MNZ_PARAM_SHARE,                                                                              \
       .offset = offsetof(mnz_processor_params, drawable),                                                   \
       .min = 0,                                                                                             \
       .max = 1,                                                                                             \
       .fallback = "0 %",                                                                                    \
       .help = "share of the hold-up that goes on leaving in a stop, and is refilled after it before "       \
               "anything leaves again"},                                                                     \
  {                                                                                                          \
    .name = "filled", .type = MNZ_PARAM_FLAG, .offset = offsetof(mnz_processor_params, filled),              \
    .fallback = "false", .help = "the hold-up is there at the start, of the feed's nominal content"          \
  }

#define MNZ_PROCESSOR_RULE_PARAMS                                                                            \
  {.name = "spec",                                                                                           \
   .type = MNZ_PARAM_LIST,                                                                                   \
   .offset = offsetof(mnz_processor_params, spec),                                                           \
   .fields = mnz_window_params,                                                                              \
   .item_size = sizeof(mnz_window),                                                                          \
   .help = "windows that lots of a product or a feed must be within"},                                       \
      {.name = "campaigns",                                                                                  \
       .type = MNZ_PARAM_LIST,                                                                               \
       .offset = offsetof(mnz_processor_params, campaigns),                                                  \
       .fields = mnz_campaign_params,                                                                        \
       .item_size = sizeof(mnz_campaign),                                                                    \
       .help = "families of feeds or products, one at a time, in turn; all at once when not said"},          \
      {.name = "changeover",                                                                                 \
       .type = MNZ_PARAM_TIME,                                                                               \
       .offset = offsetof(mnz_processor_params, changeover),                                                 \
       .min = 0,                                                                                             \
       .max = 1e300,                                                                                         \
       .fallback = "0 d",                                                                                    \
       .help = "time between two campaigns in which nothing is begun"},                                      \
  {                                                                                                          \
    .name = "cap", .type = MNZ_PARAM_GROUP, .offset = offsetof(mnz_processor_params, cap),                   \
    .fields = mnz_cap_params, .item_size = sizeof(mnz_cap),                                                  \
    .help = "what its licence allows in a calendar year; no limit when not said"                             \
  }

/* The state; the first member of the kind's own, so that its callbacks serve as the kind's. */
typedef struct mnz_processor {
  mnz_site *site;
  const mnz_processor_params *params;
  mnz_line line[MNZ_MAX_LINES];
  uint32_t begun[MNZ_MAX_LINES];              /* the number of the last lot that each has begun */
  mnz_lot_queue set_aside[MNZ_MAX_MATERIALS]; /* [feed]: interrupted, the last one first; in process */
  mnz_outbox outbox;
  mnz_lot *dust[MNZ_MAX_MATERIALS]; /* in process */
  mnz_mass heaviest;                /* lot that was worked off */
  mnz_campaigns campaigns;
  mnz_allowance allowance;
  int32_t blocked;  /* the line whose lot waits in the outbox, if one does */
  uint32_t started; /* lots so far */
  uint32_t served;  /* draws of a service so far */
  uint32_t split;   /* lots so far: the occurrence of the recovery's draws */
  double
      makes[MNZ_MAX_MATERIALS]; /* [material]: of one mass of feed at its nominal content; with needs_room */
  bool tells;                   /* somebody may wait for more than room in a store */
  bool could_begin;             /* when it last decided */
  /* How a lot is to be divided: fills at most MNZ_MAX_MATERIALS fractions, returns their count. */
  int32_t (*fractions)(void *self, const mnz_lot *feed, uint32_t occurrence, mnz_fraction *fraction);
} mnz_processor;

/* The tags of its alarms that are not the line's. */
#define MNZ_TAG_CAMPAIGN 900
#define MNZ_TAG_CAP      901

/* Sets all of it and begins. */
mnz_status mnz_processor_start(mnz_processor *p, mnz_site *site, const mnz_processor_params *params,
                               int32_t (*fractions)(void *self, const mnz_lot *feed, uint32_t occurrence,
                                                    mnz_fraction *fraction),
                               mnz_error *err);
mnz_status mnz_processor_decide(void *self, mnz_error *err);
mnz_status mnz_processor_wake(void *self, int32_t tag, mnz_error *err);
/* A loss takes lines, the last ones first, and of one more a part of its pace; what was in work there goes on
 * at the next line that is free. */
mnz_status mnz_processor_availability(void *self, double share, mnz_error *err);
mnz_status mnz_processor_arrive(void *self, mnz_lot **lot, mnz_error *err);
mnz_mass mnz_processor_room(void *self, int32_t material);

/* The materials that it is fed with, as a mask. */
uint64_t mnz_feed_takes(const mnz_processor_params *params);
/* The feed's nominal mass of an element in one mass of it, averaged over the feeds that have a known
 * content: for the checks before a run. */
double mnz_feed_content(const mnz_catalog *catalog, const mnz_processor_params *params, int32_t element);
/* The greatest rate of all lines together, on whole mass of such a feed; INFINITY when it cannot be told. */
double mnz_feed_rate(const mnz_catalog *catalog, const mnz_processor_params *params);
/* The most lots that are begun in a microsecond, as far as it can be told; else 0. */
double mnz_feed_lots(const mnz_catalog *catalog, const mnz_processor_params *params);
/* Adds the conversion of the feeds into `product`: REO recovered by `share` at `grade`. */
void mnz_feed_conversion(const mnz_catalog *catalog, const mnz_processor_params *params, double capacity,
                         int32_t product, const double *share, double grade, mnz_flows *out);

/* Checks that the kinds share: no element may come out more than once (`sum` of the greatest shares above
 * 1), and a line that is filled at the start needs a lot size and a feed of known content. */
void mnz_check_recoveries(const mnz_catalog *catalog, const double *sum, const char *path,
                          const mnz_report *report);
void mnz_check_fill(const mnz_processor_params *params, const mnz_catalog *catalog, const mnz_report *report);
/* One of `in` and `feeds`, one of `capacity` and `service`. */
void mnz_check_feeds(const mnz_processor_params *params, const mnz_catalog *catalog,
                     const mnz_report *report);

/* Checks the rules: windows, campaigns, cap. */
void mnz_processor_check_rules(const mnz_processor_params *params, const mnz_flows *flows,
                               const mnz_catalog *catalog, const mnz_report *report);

extern const mnz_output mnz_processor_outputs[];

#endif
