/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "monazite/calendar.h"

#define WIPE "\r\033[K"

static const double PATIENCE = 0.5; /* seconds without a line */
static const double EVERY = 0.1;

double mnz_cli_seconds(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail with this clock */
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

mnz_cli_progress mnz_cli_progress_begin(bool quiet, int64_t start, int64_t end) {
  const char *term = getenv("TERM");
  const double began = mnz_cli_seconds();
  return (mnz_cli_progress){
      .on = !quiet && isatty(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0,
      .start = start,
      .horizon = end - start,
      .began = began,
      .next = began + PATIENCE,
  };
}

void mnz_cli_progress_show(mnz_cli_progress *p, int64_t now) {
  const double clock = p->on ? mnz_cli_seconds() : 0;
  if (!p->on || clock < p->next || now <= 0) return;
  p->next = clock + EVERY;
  p->shown = true;

  const double done = (double)now / (double)p->horizon;
  const double left = (clock - p->began) * (1 - done) / done;
  char date[32];
  const int64_t midnight = p->start + now - now % MNZ_US_PER_DAY;
  fprintf(stderr, WIPE "%3.0f %%  %s  %.0f s left", 100 * done, mnz_moment_format(midnight, date), left);
  fflush(stderr);
}

void mnz_cli_progress_end(mnz_cli_progress *p) {
  if (p->shown) fputs(WIPE, stderr);
  p->shown = false;
}
