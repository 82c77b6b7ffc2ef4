/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "monazite/replication.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const words[] = {
    [MNZ_WATCH_ALL] = "all", [MNZ_WATCH_HEADLINES] = "headlines", [MNZ_WATCH_NOTHING] = "nothing"};

void mnz_watch_format(const mnz_watch *watch, char *out) {
  snprintf(out, MNZ_WATCH_TEXT, "%s, months %" PRId32 ", period %" PRId64 " us%s%s", words[watch->what],
           watch->months, watch->period_us, watch->events ? ", events" : "", watch->lots ? ", lots" : "");
}

const char *mnz_watch_saved(const mnz_watch *watch) {
  if (!watch->events) return "without --save";
  return watch->lots ? "with --save=events,lots" : "with --save=events";
}

bool mnz_watch_parse(const char *text, mnz_watch *out) {
  char word[16];
  char again[MNZ_WATCH_TEXT];
  mnz_watch w = {.what = MNZ_WATCH_ALL,
                 .events = strstr(text, ", events") != NULL,
                 .lots = strstr(text, ", lots") != NULL};
  if (sscanf(text, "%15[a-z], months %" SCNd32 ", period %" SCNd64 " us", word, &w.months, &w.period_us) != 3)
    return false;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strcmp(word, words[i]) == 0) w.what = (mnz_watched)i;
  mnz_watch_format(&w, again);
  if (strcmp(text, again) != 0) return false;
  *out = w;
  return true;
}
