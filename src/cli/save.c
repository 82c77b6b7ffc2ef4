/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/save.h"

#include <stdlib.h>

mnz_status mnz_cli_save(const char *path, const mnz_scenario *scenario, const mnz_rows *rows,
                        const mnz_summary_options *how, const mnz_run_facts *facts,
                        mnz_archive_options options, mnz_summary **summary, char digest[65], mnz_error *err) {
  mnz_summary *made = NULL;
  char *text = NULL;
  mnz_status status = mnz_summarise(rows, how, &made, err);
  if (status == MNZ_OK && path != NULL) {
    status = mnz_scenario_explain(scenario, false, &text, err);
    options.scenario_text = text;
    if (status == MNZ_OK)
      status = mnz_archive_write(path, scenario, rows, made, facts, &options, digest, err);
  }
  free(text);
  if (status != MNZ_OK || summary == NULL) {
    mnz_summary_free(made);
    made = NULL;
  }
  if (summary != NULL) *summary = made;
  return status;
}
