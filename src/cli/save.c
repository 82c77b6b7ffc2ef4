/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/save.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

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

mnz_status mnz_cli_read_save(const char *list, mnz_watch *watch, mnz_error *err) {
  for (const char *word = list; word != NULL; word = word[0] == ',' ? word + 1 : NULL) {
    const size_t length = strcspn(word, ",");
    const bool lots = length == strlen("lots") && strncmp(word, "lots", length) == 0;
    if (!lots && (length != strlen("events") || strncmp(word, "events", length) != 0))
      return mnz_fail(err, MNZ_USAGE, "--save", "found \"%.*s\"; expected events or lots, or events,lots",
                      (int)length, word);
    watch->events = true; /* lots are told of by events */
    watch->lots |= lots;
    word += length;
  }
  return MNZ_OK;
}
