/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures of a batch, looked up once in its statistics, shown as text or as JSON. */
#ifndef MNZ_REPORT_BATCH_SUMMARY_H
#define MNZ_REPORT_BATCH_SUMMARY_H

#include "report/summary.h"

/* One cell of a measure, by mnz_statistic; NaN where nothing can be said. */
typedef struct mnz_report_figure {
  double at[MNZ_STATISTICS];
} mnz_report_figure;

/* A probability and its interval. */
typedef struct mnz_report_chance {
  double share;
  double low;
  double high;
} mnz_report_chance;

/* An element or a demand. Masses in tonnes. */
typedef struct mnz_report_batch_row {
  const char *name;
  mnz_report_chance any_shortage;
  mnz_report_figure first_shortage; /* days since the start, where there is any */
  mnz_report_figure asked;
  mnz_report_figure late;      /* delivered, but shipped later than asked for */
  mnz_report_figure shortfall; /* never delivered */
  mnz_report_figure fill_rate; /* share that was shipped at once */
  /* of an element only */
  mnz_report_figure cover;
  mnz_report_figure *origin_share; /* [n_origins] */
  mnz_report_chance *shortage_by;  /* whether there is any by then; [n_dates] */
} mnz_report_batch_row;

typedef struct mnz_report_facility {
  const char *name;
  double *share;  /* of time, mean over replications; [n_states] */
  double trouble; /* the share of states other than up and idle */
} mnz_report_facility;

/* A sum, a price, a mass under a contract. */
typedef struct mnz_report_batch_sum {
  const char *measure;
  const char *words; /* with the unit */
  const char *label; /* of the node, the price, the contract; "" for all together */
  mnz_report_figure figure;
} mnz_report_batch_sum;

/* Those that are not 0 in all replications. */
typedef struct mnz_report_batch_sums {
  mnz_report_batch_sum *at;
  size_t count;
} mnz_report_batch_sums;

typedef struct mnz_report_batch_data {
  mnz_arena *arena; /* owns all below but the first three */
  const mnz_scenario *scenario;
  const mnz_summary *summary;
  const mnz_batch_facts *facts;
  size_t sound; /* replications that did not fail */
  size_t n_origins;
  const char *const *origins;
  size_t n_states;
  const char *const *states;
  double *dates; /* the end of each calendar year, days since the start; as near as the time axis comes */
  size_t n_dates;
  mnz_report_batch_row *elements; /* those asked for, in the order that planners use */
  size_t n_elements;
  mnz_report_batch_row *demands; /* in the order of the nodes */
  size_t n_demands;
  mnz_report_facility *facilities; /* in trouble for more than one percent of the time, worst first */
  size_t n_facilities;
  mnz_report_batch_sums money;
  mnz_report_batch_sums regimes;
} mnz_report_batch_data;

/* *out is set wholly, also on failure; release it in any case. */
mnz_status mnz_report_batch_gather(mnz_report_batch_data *out, const mnz_scenario *scenario,
                                   const mnz_summary *summary, const mnz_batch_facts *facts, mnz_error *err);
void mnz_report_batch_release(mnz_report_batch_data *data);

enum { MNZ_REPORT_CELL = 128 }; /* bytes that these write into, and return */
/* The mean of what is never negative, to the first digit that its interval leaves in doubt, "528.3 ± 1.2" (to
 * the second where the half-width begins with 1 or 2); "0.06 [0, 0.18]" where ± would go beyond what is
 * possible, "528.3 [527.4, 529.9]" where the interval is not Student's. The mean alone where it has no
 * interval or all replications agree but for the rounding of sums. */
const char *mnz_report_mean(const mnz_summary *summary, const mnz_report_figure *figure, char *out);
/* The same of a share, in percent: 100 only if nothing is missing, 0 only if nothing is there. */
const char *mnz_report_mean_percent(const mnz_summary *summary, const mnz_report_figure *figure, char *out);
/* The mean of the worst twentieth, "1010 ± 60"; alone where that are less than five replications, which say
 * little of how much it varies. */
const char *mnz_report_worst(const mnz_report_figure *figure, char *out);
/* "43.0 [27.0, 61.0]", or "43.0" alone, in percent. */
const char *mnz_report_chance_percent(const mnz_report_chance *chance, bool interval, char *out);

/* The unit of an aim's mean: of a probability 1, whatever that of the variable. */
const char *mnz_report_aim_unit(const mnz_summary *summary, const mnz_aim *aim);

/* One or two sentences, of three lines at most: who has any shortage of what, how probably, when, how badly;
 * or that nobody has, and what that is worth. */
void mnz_report_batch_headline(mnz_buffer *to, const mnz_report_batch_data *data);

/* batch_sums.c: money and regimes. */
mnz_status mnz_report_batch_gather_sums(mnz_report_batch_data *data, mnz_error *err);
mnz_status mnz_report_batch_write_sums(mnz_buffer *to, const mnz_report_batch_data *data, mnz_error *err);

/* batch_queues.c: by place, where there is no demand. */
mnz_status mnz_report_batch_write_queues(mnz_buffer *to, const mnz_report_batch_data *data, mnz_error *err);

mnz_status mnz_report_batch_write_text(mnz_buffer *to, const mnz_report_batch_data *data, mnz_error *err);
mnz_status mnz_report_batch_write_json(char **text, const mnz_report_batch_data *data, mnz_error *err);

#endif
