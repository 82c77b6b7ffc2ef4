/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a planner reads after a run, and after a batch of them. */
#ifndef MONAZITE_REPORT_H
#define MONAZITE_REPORT_H

#include "monazite/batch.h"
#include "monazite/compare.h"
#include "monazite/event_log.h"
#include "monazite/result.h"
#include "monazite/scenario.h"
#include "monazite/summary.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum mnz_report_format { MNZ_REPORT_TEXT, MNZ_REPORT_JSON } mnz_report_format;

/* The summary of one replication: first, in a few lines, who runs short of what and when, what started it (if
 * there is a log of what happened, lots not needed; NULL: not known), which stock carried them until then,
 * and where what they got came from; then per element what was mined, separated, asked for and delivered,
 * late or short, where it came from, how long the stocks last, when it first ran short; the demands; one
 * sentence that says it; the ledger. Elements are those of the focus country's users if the scenario has a
 * focus. Text fits 110 columns unless names are long; the JSON is described in src/report/README.md. *text is
 * the caller's: free(). Fails with MNZ_MODEL if the result lacks a measure, MNZ_NO_MEMORY. */
mnz_status mnz_report_summary(const mnz_scenario *scenario, const mnz_result *result,
                              const mnz_model_event *log, size_t n_log, mnz_report_format format, char **text,
                              mnz_error *err);

/* What the statistics of a batch do not tell. */
typedef struct mnz_batch_facts {
  const mnz_aim *aims;
  const mnz_aim_state *states; /* [n_aims] */
  size_t n_aims;
  size_t deciding;       /* of the aims, as mnz_batch_outcome has it */
  const char *ended;     /* a sentence: why it stopped; NULL: nothing to say */
  const char *failure;   /* what the first replication that failed says of it; NULL */
  uint32_t first_failed; /* its number */
} mnz_batch_facts;

/* The summary of a batch: per element how probable any shortage is and when, what comes in time, what is
 * missing, on the whole and in the worst twentieth, where it came from; the demands; the facilities that
 * stand still; the probability year by year; two sentences that say it; the aims. Elements, width, format and
 * failures as above, but Nd and Pr are rows of their own: the statistics of a sum are not in the summary. */
mnz_status mnz_report_batch(const mnz_scenario *scenario, const mnz_summary *summary,
                            const mnz_batch_facts *facts, mnz_report_format format, char **text,
                            mnz_error *err);

typedef enum mnz_comparison_form {
  MNZ_COMPARISON_TEXT,     /* what differs, and what is asked first */
  MNZ_COMPARISON_TEXT_ALL, /* every figure */
  MNZ_COMPARISON_CSV,      /* every figure: a line for each measure, its labels and a scenario */
  MNZ_COMPARISON_JSON
} mnz_comparison_form;

/* A comparison, `scenarios` being its scenarios in order: what is clearly better or worse for the users in
 * focus, in words; tables of service, supply, stocks, demands and facilities with differences to the
 * baseline, their intervals, and whether they may be chance. Width and *text as above. Fails with
 * MNZ_NO_MEMORY. */
mnz_status mnz_report_comparison(const mnz_comparison *comparison, const mnz_scenario *const *scenarios,
                                 mnz_comparison_form form, char **text, mnz_error *err);

#ifdef __cplusplus
}
#endif
#endif
