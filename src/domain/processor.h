/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What plants and separations have in common: feed from their stores, one line, a split when a lot leaves
 * the line, an outbox. The kind says only how a lot is split. */
#ifndef MNZ_DOMAIN_PROCESSOR_H
#define MNZ_DOMAIN_PROCESSOR_H

#include "domain/line.h"
#include "domain/outbox.h"
#include "domain/transform.h"

/* The parameters of it; the first member of the kind's own struct, and its lines of the kind's table. */
typedef struct mnz_processor_params {
  mnz_ids in;   /* feeds, in order of preference */
  mnz_mass lot; /* taken at once; -1: the lots as they come */
  int32_t rest;
  mnz_schedule capacity;
  mnz_distribution residence;
  mnz_time hold_up;
  bool filled;
} mnz_processor_params;

#define MNZ_PROCESSOR_FEED_PARAMS                                                                            \
  {.name = "in",                                                                                             \
   .type = MNZ_PARAM_MATERIALS,                                                                              \
   .offset = offsetof(mnz_processor_params, in),                                                             \
   .required = true,                                                                                         \
   .help = "the feed; of several the first that is there"},                                                  \
  {                                                                                                          \
    .name = "lot", .type = MNZ_PARAM_MASS, .offset = offsetof(mnz_processor_params, lot), .min = 1,          \
    .max = 1e300, .help = "feed taken at once; the lots as they come when not said"                          \
  }

#define MNZ_PROCESSOR_LINE_PARAMS                                                                            \
  {.name = "capacity",                                                                                       \
   .type = MNZ_PARAM_SCHEDULE,                                                                               \
   .offset = offsetof(mnz_processor_params, capacity),                                                       \
   .required = true,                                                                                         \
   .help = "feed worked off, on its mass or on the mass of some elements in it"},                            \
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
       .help = "what a continuous circuit keeps inside, as time at its rate: it fills before the first "     \
               "product leaves"                                                                              \
               " and is kept in a stop"},                                                                    \
  {                                                                                                          \
    .name = "filled", .type = MNZ_PARAM_FLAG, .offset = offsetof(mnz_processor_params, filled),              \
    .fallback = "false", .help = "the hold-up is there at the start, of the feed's nominal content"          \
  }

/* The state; the first member of the kind's own, so that its callbacks serve as the kind's. */
typedef struct mnz_processor {
  mnz_site *site;
  const mnz_processor_params *params;
  mnz_line line;
  mnz_outbox outbox;
  uint32_t split; /* lots so far: the occurrence of the recovery's draws */
  /* How a lot is to be divided: fills at most MNZ_MAX_MATERIALS fractions, returns their count. */
  int32_t (*fractions)(void *self, const mnz_lot *feed, const gsl_rng *rng, mnz_fraction *fraction);
} mnz_processor;

/* Sets all of it and begins. */
mnz_status mnz_processor_start(mnz_processor *p, mnz_site *site, const mnz_processor_params *params,
                               int32_t (*fractions)(void *self, const mnz_lot *feed, const gsl_rng *rng,
                                                    mnz_fraction *fraction),
                               mnz_error *err);
mnz_status mnz_processor_decide(void *self, mnz_error *err);
mnz_status mnz_processor_wake(void *self, int32_t tag, mnz_error *err);
mnz_status mnz_processor_availability(void *self, double share, mnz_error *err);

/* The feed's nominal mass of an element in one mass of it, averaged over the feeds that have a known
 * content: for the checks before a run. */
double mnz_feed_content(const mnz_catalog *catalog, const mnz_ids *in, int32_t element);
/* The schedule's greatest rate, on whole mass of such a feed. */
double mnz_feed_rate(const mnz_catalog *catalog, const mnz_ids *in, const mnz_schedule *capacity);
/* Adds the conversion of the feeds into `product`: REO recovered by `share` at `grade`. */
void mnz_feed_conversion(const mnz_catalog *catalog, const mnz_ids *in, double capacity, int32_t product,
                         const double *share, double grade, mnz_flows *out);

/* Checks that the kinds share: no element may come out more than once (`sum` of the greatest shares above
 * 1), and a line that is filled at the start needs a lot size and a feed of known content. */
void mnz_check_recoveries(const mnz_catalog *catalog, const double *sum, const char *path,
                          const mnz_report *report);
void mnz_check_fill(const mnz_processor_params *params, const mnz_catalog *catalog, const mnz_report *report);

extern const mnz_output mnz_processor_outputs[];

#endif
