/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/batch_progress.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/json.h"
#include "cli/progress.h"

#define WIPE "\r\033[K"

const char *const mnz_cli_progress_forms[] = {"auto", "plain", "json", "none", NULL};

/* Seconds between two lines, by form: a terminal's, plain, JSON. A batch that is over sooner shows none. */
static double pause_of(const mnz_cli_batch_progress *p) {
  if (p->line) return 0.2;
  return p->form == MNZ_CLI_PROGRESS_JSON ? 1 : 10;
}

mnz_cli_batch_progress mnz_cli_batch_progress_begin(mnz_cli_progress_form form, bool quiet, uint32_t before) {
  const char *term = getenv("TERM");
  const bool terminal = isatty(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
  mnz_cli_batch_progress p = {.form = form, .before = before, .began = mnz_cli_seconds()};
  if (quiet && form == MNZ_CLI_PROGRESS_AUTO) p.form = MNZ_CLI_PROGRESS_NONE;
  p.line = p.form == MNZ_CLI_PROGRESS_AUTO && terminal;
  p.next = p.began + (p.line ? 0.5 : pause_of(&p));
  return p;
}

/* Replications a second since the beginning; NaN before the first. */
static double rate_of(const mnz_cli_batch_progress *p, const mnz_batch_progress *now, double clock) {
  const double rate = (now->done - p->before) / (clock - p->began);
  return rate > 0 ? rate : NAN;
}

static void print_span(double seconds) {
  if (isnan(seconds)) {
    fputs("?", stderr);
  } else if (seconds < 100) {
    fprintf(stderr, "%.0f s", ceil(seconds));
  } else if (seconds < 6000) {
    fprintf(stderr, "%.0f min", ceil(seconds / 60));
  } else {
    fprintf(stderr, "%.1f h", seconds / 3600);
  }
}

static void print_text(const mnz_batch_progress *now, double rate) {
  fprintf(stderr, "%u of %u replications", now->done, now->planned);
  if (now->failed > 0) fprintf(stderr, ", %u failed", now->failed);
  if (!isnan(rate)) fprintf(stderr, ", %.3g/s", rate);
  fputs(", ", stderr);
  print_span((now->planned - now->done) / rate);
  fputs(" left", stderr);
  if (isnan(now->widest_half)) return;
  fprintf(stderr, ", widest %s ±%.2g%s", now->widest,
          now->widest_relative ? 100 * now->widest_half : now->widest_half, now->widest_relative ? " %" : "");
}

static json_t *number(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static void print_json(const mnz_batch_progress *now, double rate) {
  json_t *line = json_pack("{s:i, s:i, s:i, s:o, s:o, s:s, s:o, s:b}", "done", (int)now->done, "planned",
                           (int)now->planned, "failed", (int)now->failed, "per_second", number(rate),
                           "left_s", number((now->planned - now->done) / rate), "widest", now->widest,
                           "half_width", number(now->widest_half), "relative", (int)now->widest_relative);
  char *text = line != NULL ? json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;
  if (text != NULL) fprintf(stderr, "%s\n", text);
  free(text);
  json_decref(line);
}

static void print(mnz_cli_batch_progress *p, const mnz_batch_progress *now, double clock) {
  const double rate = rate_of(p, now, clock);
  if (p->form == MNZ_CLI_PROGRESS_JSON) {
    print_json(now, rate);
    return;
  }
  fputs(p->line ? WIPE : "monazite: ", stderr);
  print_text(now, rate);
  if (!p->line) fputc('\n', stderr);
  fflush(stderr);
}

void mnz_cli_batch_progress_show(mnz_cli_batch_progress *p, const mnz_batch_progress *now) {
  if (p->form == MNZ_CLI_PROGRESS_NONE) return;
  const double clock = mnz_cli_seconds();
  if (clock < p->next) return;
  p->next = clock + pause_of(p);
  p->shown = true;
  print(p, now, clock);
}

void mnz_cli_batch_progress_end(mnz_cli_batch_progress *p, const mnz_batch_progress *last) {
  if (p->form == MNZ_CLI_PROGRESS_JSON) print(p, last, mnz_cli_seconds());
  if (p->line && p->shown) fputs(WIPE, stderr);
  p->shown = false;
}
