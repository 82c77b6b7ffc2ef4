/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a planner reads after a run. */
#ifndef MONAZITE_REPORT_H
#define MONAZITE_REPORT_H

#include "monazite/result.h"
#include "monazite/scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum mnz_report_format { MNZ_REPORT_TEXT, MNZ_REPORT_JSON } mnz_report_format;

/* The summary of one replication: per element what was mined, separated, asked for and delivered, late or
 * short, where it came from, how long the stocks last, when it first ran short; the demands; one sentence
 * that says it; the ledger. Elements are those of the focus country's users if the scenario has a focus.
 * Text fits 110 columns unless names are long; the JSON is described in src/report/README.md. *text is the
 * caller's: free(). Fails with MNZ_MODEL if the result lacks a measure, MNZ_NO_MEMORY. */
mnz_status mnz_report_summary(const mnz_scenario *scenario, const mnz_result *result,
                              mnz_report_format format, char **text, mnz_error *err);

#ifdef __cplusplus
}
#endif
#endif
