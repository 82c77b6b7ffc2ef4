/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a planner reads of the log of one replication. Texts fit 110 columns unless names are long; they are
 * the caller's: free(). All fail with MNZ_NO_MEMORY only. The JSON is described in src/report/README.md. */
#ifndef MONAZITE_REPORT_LOG_H
#define MONAZITE_REPORT_LOG_H

#include "monazite/chronicle.h"
#include "monazite/genealogy.h"
#include "monazite/lack.h"
#include "monazite/scenario.h"
#include "monazite/why.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum mnz_log_form {
  MNZ_LOG_TEXT,     /* what is asked first */
  MNZ_LOG_TEXT_ALL, /* everything */
  MNZ_LOG_CSV,      /* everything; of a chronicle only */
  MNZ_LOG_JSON      /* everything */
} mnz_log_form;

/* Outages, closed links and steps of regimes with their dates; in the text without --all those of a day or
 * more. The same outage of several nodes is one line. */
mnz_status mnz_report_chronicle(const mnz_scenario *scenario, const mnz_chronicle *chronicle,
                                mnz_log_form form, char **text, mnz_error *err);

/* Deliveries, as they come; in the text not all of them. */
mnz_status mnz_report_deliveries(const mnz_scenario *scenario, const mnz_delivery *deliveries, size_t n,
                                 mnz_log_form form, char **text, mnz_error *err);

/* Where a lot came from and what became of it: by node and material, then lot by lot, the largest first. */
mnz_status mnz_report_kinship(const mnz_scenario *scenario, int64_t lot, const mnz_kinship *back,
                              const mnz_kinship *forward, mnz_log_form form, char **text, mnz_error *err);

/* Where the days of a delivery went: a sentence, then its legs. The days shown add up. */
mnz_status mnz_report_delivery(const mnz_scenario *scenario, const mnz_delivery *delivery,
                               const mnz_leg *legs, size_t n, mnz_log_form form, char **text, mnz_error *err);

/* What a node lacked or owed at a moment, and up the chain what kept it: a sentence, then the tree. */
mnz_status mnz_report_lack(const mnz_scenario *scenario, int32_t node, const mnz_lack *tree, size_t n,
                           int64_t time_us, mnz_log_form form, char **text, mnz_error *err);

#ifdef __cplusplus
}
#endif
#endif
