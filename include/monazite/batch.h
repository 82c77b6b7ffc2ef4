/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A batch: many replications of one scenario, on threads, each the same whatever ran beside it.
 *
 * The plan numbers replications 0, 1, 2, ...; a shard I of N has those with number % N = I - 1. Workers take
 * the next number; results go to the sink in the order of the plan, never of finishing, so what the sink gets
 * does not depend on threads. A batch that is cut short has given a sound beginning of the plan, and can be
 * gone on with. */
#ifndef MONAZITE_BATCH_H
#define MONAZITE_BATCH_H

#include "monazite/rows.h"
#include "monazite/scenario.h"
#include "monazite/summary.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- precision --- */

/* A measure that is to be known well enough: one cell of a variable. */
typedef struct mnz_aim {
  char name[128]; /* "fill_rate.Dy" */
  size_t variable;
  size_t cell;
  bool occurs;   /* not its value, but whether it is defined at all: 0 or 1, a probability */
  bool relative; /* to the mean; else in the measure's unit */
  double width;  /* of the half-width aimed at */
} mnz_aim;

/* Reads "fill_rate.Dy:0.5%" (relative), "short.Dy:2" (absolute, in the measure's unit): a measure's name, a
 * label for each of its axes, the half-width. Of a first time such as first_shortage, "any_shortage.Dy:0.01"
 * is the probability that it comes to it at all. MNZ_USAGE, with a suggestion, if there is none such. */
mnz_status mnz_aim_parse(const mnz_result *shape, const char *text, mnz_aim *out, mnz_error *err);
/* The same without ":...": which cell is meant. The width is left alone. */
mnz_status mnz_aim_find(const mnz_result *shape, const char *text, mnz_aim *out, mnz_error *err);
/* "fill_rate.Dy" of a cell. `out` holds `room` bytes. */
void mnz_aim_name(const mnz_result *shape, size_t variable, size_t cell, char *out, size_t room);

/* How well it is known by now. */
typedef struct mnz_aim_state {
  uint64_t count; /* of values that are defined */
  double mean;
  double half_width; /* NaN below 2 values */
  bool reached;
} mnz_aim_state;

/* --- running --- */

typedef struct mnz_batch_options {
  uint32_t replications; /* of the whole plan, all shards together */
  uint32_t shard;        /* 1 .. shards */
  uint32_t shards;
  uint32_t threads; /* >= 1 */
  mnz_watch watch;
  uint32_t block; /* the sink hears of every so manieth; precision is looked at there only */
  /* The batch stops at the first border where all aims are reached and `minimum` replications are there. */
  const mnz_aim *aims;
  size_t n_aims;
  uint32_t minimum;
  double confidence;
  struct mnz_team *team; /* other ranks that help (batch/team.h); NULL: this process alone */
} mnz_batch_options;
mnz_batch_options mnz_batch_options_default(void); /* 1000 replications, 1 thread, monthly headlines, 95 % */

/* How many replications this shard has. */
uint32_t mnz_batch_planned(const mnz_batch_options *options);

/* Where results go, in the order of the plan, always from the thread that called mnz_batch_run. */
typedef struct mnz_sink {
  void *self;
  /* Takes *parcel and sets it to NULL, also on failure. A failure ends the batch. */
  mnz_status (*put)(void *self, mnz_parcel **parcel, mnz_error *err);
  /* A border of blocks, or the end: what was put should last from now on. */
  mnz_status (*border)(void *self, mnz_error *err);
} mnz_sink;
/* Into memory; the parcels must outlive it. */
mnz_sink mnz_parcels_sink(mnz_parcels *parcels);

typedef struct mnz_batch_progress {
  uint32_t done; /* in the sink */
  uint32_t planned;
  uint32_t failed;      /* of those done */
  char widest[128];     /* the aim farthest from its width; of a batch without aims: the fill rate */
  double widest_half;   /* its half-width; NaN while it is not known */
  bool widest_relative; /* it is a share of the mean */
} mnz_batch_progress;

/* Called by the thread of mnz_batch_run, some ten times a second at least, and once at the end. False: stop,
 * drop what is in flight. */
typedef bool mnz_batch_tick(void *self, const mnz_batch_progress *progress);

typedef enum mnz_batch_end {
  MNZ_BATCH_PLAN,    /* all of the plan */
  MNZ_BATCH_PRECISE, /* all aims reached */
  MNZ_BATCH_STOPPED  /* the tick said so */
} mnz_batch_end;

typedef struct mnz_batch_outcome {
  mnz_batch_end end;
  uint32_t done; /* in the sink, those from before included */
  uint32_t failed;
  size_t deciding; /* PRECISE: the aim that was reached last; STOPPED or PLAN: the one farthest away */
} mnz_batch_outcome;

/* Runs what the plan has beyond the rows in `before` (NULL: none), which must be its beginning. `states` has
 * n_aims entries or is NULL. A replication that fails (its ledger, a limit, a model that is stuck) is a row
 * with its message, and the batch goes on. Fails with MNZ_NO_MEMORY, MNZ_FORMAT (the rows before are not the
 * plan's), or as the sink does; what the sink has got by then is whole. */
mnz_status mnz_batch_run(const mnz_scenario *scenario, const mnz_result *shape,
                         const mnz_batch_options *options, const mnz_rows *before, const mnz_sink *sink,
                         mnz_batch_tick *tick, void *tick_self, mnz_aim_state *states,
                         mnz_batch_outcome *outcome, mnz_error *err);

/* --- warm-up --- */

typedef struct mnz_warm_up {
  double days;     /* from the start, until the start is forgotten; 0: there is nothing to forget */
  bool too_short;  /* the cut falls into the last half: the run is too short to settle */
  char series[80]; /* that settles last: "users_stock.Dy" */
} mnz_warm_up;

/* Runs a pilot of options->replications with the scenario's own `sample` and cuts the mean of each headline
 * series by MSER-5 (White 1997); the latest cut counts. Equal options give the same cut. Fails as
 * mnz_batch_run does. */
mnz_status mnz_warm_up_find(const mnz_scenario *scenario, const mnz_batch_options *options,
                            mnz_batch_tick *tick, void *tick_self, mnz_warm_up *out, mnz_error *err);

/* --- statistics over the rows of a batch --- */

typedef struct mnz_summary_options {
  double confidence;
  mnz_interval_kind interval; /* of means of measures */
  uint64_t seed;              /* of the bootstrap */
  uint32_t threads;
  size_t memory; /* bytes for values at a time; more values are taken in turns: exact all the same */
} mnz_summary_options;
mnz_summary_options mnz_summary_options_default(void); /* 95 %, Student, 1 thread, 64 MB */

/* Equal rows give equal bits at any number of threads and with any memory. MNZ_NO_MEMORY, or what reading the
 * rows fails with. */
mnz_status mnz_summarise(const mnz_rows *rows, const mnz_summary_options *options, mnz_summary **out,
                         mnz_error *err);

#ifdef __cplusplus
}
#endif
#endif
