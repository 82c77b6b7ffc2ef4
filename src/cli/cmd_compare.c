/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monazite compare: scenarios side by side, replication by replication. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "cli/batch_progress.h"
#include "cli/batch_setup.h"
#include "cli/load.h"
#include "cli/side.h"
#include "cli/signals.h"
#include "cli/threads.h"
#include "monazite/report.h"

enum { MOST_SIDES = 16 };

typedef struct compare_options {
  mnz_cli_common common;
  int64_t replications; /* 0: not said */
  const char *threads;
  const char *confidence;
  const char *measures;
  bool all;
  bool csv;
  mnz_cli_texts set;
  const char *seed;
} compare_options;

static const mnz_cli_option options_table[] = {
    {.name = "replications",
     .letter = 'n',
     .type = MNZ_CLI_COUNT,
     .offset = offsetof(compare_options, replications),
     .argument = "N",
     .min = 1,
     .max = INT32_MAX,
     .help =
         "run replications 0 to N - 1 of scenario files (when not said, as many as results files beside them "
         "have, else 1000; never more than they have)"},
    {.name = "threads",
     .letter = 'j',
     .type = MNZ_CLI_TEXT,
     .offset = offsetof(compare_options, threads),
     .argument = "N|auto",
     .help =
         "threads; auto (when not said): as many as this process may run on. Results do not depend on it"},
    {.name = "confidence",
     .type = MNZ_CLI_TEXT,
     .offset = offsetof(compare_options, confidence),
     .argument = "PERCENT",
     .help = "of all intervals (95 when not said)"},
    {.name = "measures",
     .type = MNZ_CLI_TEXT,
     .offset = offsetof(compare_options, measures),
     .argument = "NAME,...",
     .help = "compare these alone, such as \"fill_rate,short\"; the stars allow for fewer then"},
    {.name = "all",
     .offset = offsetof(compare_options, all),
     .help = "show every figure, also what is the same, small or may be chance"},
    {.name = "csv",
     .offset = offsetof(compare_options, csv),
     .help = "print CSV instead of text: a line for each figure and scenario"},
    MNZ_CLI_SEED_OPTION(compare_options),
    MNZ_CLI_SET_OPTION(compare_options),
    {0},
};

/* One comparison at work. */
typedef struct work {
  const mnz_cli *cli;
  const compare_options *options;
  mnz_cli_side sides[MOST_SIDES];
  size_t n;
  mnz_rows rows[MOST_SIDES];
  mnz_compare_input inputs[MOST_SIDES];
  bool other_span[MOST_SIDES];
  mnz_compare_options how;
  mnz_batch_options batch;
  mnz_cli_batch_progress progress;
  mnz_batch_progress total; /* over all batches */
  uint32_t before;          /* replications of the batches that are over */
  uint32_t failed_before;
} work;

/* ---- what was asked for ---- */

/* "fill_rate, short" */
static mnz_status read_measures(work *w, mnz_error *err) {
  const char *text = w->options->measures;
  if (text == NULL) return MNZ_OK;
  const char **names = mnz_arena_alloc(w->cli->arena, strlen(text) / 2 + 1, sizeof *names, err);
  char *rest = mnz_arena_text(w->cli->arena, text, err);
  if (names == NULL || rest == NULL) return MNZ_NO_MEMORY;
  char *end = rest + strlen(rest);
  while (rest < end) {
    rest += strspn(rest, ", ");
    const size_t length = strcspn(rest, ", ");
    if (length > 0) names[w->how.n_measures++] = rest;
    rest[length] = '\0';
    rest += length + 1;
  }
  w->how.measures = names;
  if (w->how.n_measures > 0) return MNZ_OK;
  return mnz_fail(err, MNZ_USAGE, "--measures", "found \"%s\"; expected names such as \"fill_rate,short\"",
                  text);
}

static mnz_status read_options(work *w, mnz_error *err) {
  const compare_options *o = w->options;
  w->how = mnz_compare_options_default();
  w->batch = mnz_batch_options_default();
  w->batch.watch = (mnz_watch){.what = MNZ_WATCH_NOTHING};
  if (o->csv && w->cli->common.json)
    return mnz_fail(err, MNZ_USAGE, "compare", "--csv and --json exclude each other");
  mnz_status status = mnz_cli_threads(o->threads, &w->batch.threads, err);
  if (status == MNZ_OK) status = mnz_cli_confidence(o->confidence, &w->how.confidence, err);
  return status == MNZ_OK ? read_measures(w, err) : status;
}

/* ---- the sides ---- */

/* What each file is; then whether the options can have a meaning. */
static mnz_status look_at_files(work *w, mnz_error *err) {
  const compare_options *o = w->options;
  bool scenario = false;
  for (size_t i = 0; i < (size_t)w->cli->n_operands; i++) {
    const mnz_status status = mnz_cli_side_look(w->cli, w->cli->operands[i], &w->sides[w->n++], err);
    if (status != MNZ_OK) return status;
    scenario = scenario || !w->sides[i].is_results;
  }
  const char *vain = o->set.count > 0      ? "--set"
                     : o->seed != NULL     ? "--seed"
                     : o->replications > 0 ? "--replications"
                                           : NULL;
  if (scenario || vain == NULL) return mnz_cli_side_names(w->cli, w->sides, w->n, err);
  return mnz_fail(err, MNZ_USAGE, "compare", "%s is for scenario files, but there are only results files",
                  vain);
}

/* The rows as they are now. */
static void line_up(work *w) {
  for (size_t i = 0; i < w->n; i++) {
    w->rows[i] = mnz_parcels_rows(w->sides[i].parcels);
    w->inputs[i] = (mnz_compare_input){.name = w->sides[i].name, .rows = &w->rows[i]};
    w->other_span[i] = mnz_cli_side_has_other_span(&w->sides[i], &w->sides[0]);
  }
  w->how.other_span = w->other_span;
}

/* ---- running ---- */

static bool tick(void *self, const mnz_batch_progress *p) {
  work *w = self;
  mnz_batch_progress all = *p;
  all.done += w->before;
  all.failed += w->failed_before;
  all.planned = w->total.planned;
  w->total = all;
  mnz_cli_batch_progress_show(&w->progress, &all);
  return !mnz_cli_interrupted();
}

static mnz_status run_sides(work *w, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (size_t i = 0; i < w->n; i++)
    if (!w->sides[i].is_results) w->total.planned += w->batch.replications;
  w->progress = mnz_cli_batch_progress_begin(MNZ_CLI_PROGRESS_AUTO, w->cli->common.quiet, 0);
  if (!w->progress.line) w->progress.form = MNZ_CLI_PROGRESS_NONE;
  for (size_t i = 0; i < w->n && status == MNZ_OK; i++) {
    mnz_batch_outcome outcome;
    if (w->sides[i].is_results || w->batch.replications == 0) continue;
    status = mnz_cli_side_run(&w->sides[i], &w->batch, tick, w, &outcome, err);
    if (status == MNZ_OK && outcome.end == MNZ_BATCH_STOPPED)
      status = mnz_fail(err, MNZ_INTERRUPTED, NULL,
                        "interrupted after %u of %u replications; nothing was compared",
                        w->before + outcome.done, w->total.planned);
    w->before += outcome.done;
    w->failed_before += outcome.failed;
  }
  mnz_cli_batch_progress_end(&w->progress, &w->total);
  return status;
}

static mnz_status print(const work *w, const mnz_comparison *comparison, mnz_error *err) {
  const mnz_scenario *scenarios[MOST_SIDES];
  const compare_options *o = w->options;
  char *text = NULL;
  for (size_t i = 0; i < w->n; i++) scenarios[i] = w->sides[i].scenario;
  const mnz_comparison_form form = w->cli->common.json ? MNZ_COMPARISON_JSON
                                   : o->csv            ? MNZ_COMPARISON_CSV
                                   : o->all            ? MNZ_COMPARISON_TEXT_ALL
                                                       : MNZ_COMPARISON_TEXT;
  if (w->cli->common.quiet) return MNZ_OK;
  const mnz_status status = mnz_report_comparison(comparison, scenarios, form, &text, err);
  if (status == MNZ_OK) fputs(text, stdout);
  if (status == MNZ_OK && form == MNZ_COMPARISON_JSON) putchar('\n');
  free(text);
  return status;
}

static mnz_status run(const mnz_cli *cli, const void *options, mnz_error *err) {
  work w = {.cli = cli, .options = options};
  mnz_comparison *comparison = NULL;
  mnz_cli_catch_signals();
  mnz_status status = read_options(&w, err);
  if (status == MNZ_OK) status = look_at_files(&w, err);
  if (status == MNZ_OK)
    status = mnz_cli_side_open_all(cli, &w.options->set, w.options->seed, w.sides, w.n, err);
  if (status != MNZ_OK) goto out;
  line_up(&w);
  if ((status = mnz_compare_check(w.inputs, w.n, &w.how, err)) != MNZ_OK) goto out;
  status = mnz_cli_side_choose(cli, w.sides, w.n, (uint32_t)w.options->replications, &w.batch, err);
  if (status != MNZ_OK) goto out;
  mnz_cli_side_warn(cli, w.sides, w.n);
  if ((status = run_sides(&w, err)) != MNZ_OK) goto out;
  line_up(&w);
  if ((status = mnz_compare(w.inputs, w.n, &w.how, &comparison, err)) != MNZ_OK) goto out;
  status = print(&w, comparison, err);

out:
  mnz_comparison_free(comparison);
  for (size_t i = 0; i < w.n; i++) mnz_cli_side_close(&w.sides[i]);
  return status;
}

const mnz_cli_command mnz_cli_compare = {
    .name = "compare",
    .summary = "say what differs between scenarios, and whether it is chance",
    .description =
        "Compares each FILE with the first, the baseline: scenario files, whose replications are run with "
        "common random numbers, and results files, which have them. Replications are paired by number, "
        "measures by the names of what they speak of. Says what is clearly better or worse for the users in "
        "focus, then, measure by measure, the means, the differences, and how sure they are.",
    .example = "monazite compare base.cfg embargo.cfg -n 1000",
    .operand = "BASELINE FILE...",
    .min_operands = 2,
    .max_operands = MOST_SIDES,
    .completes = MNZ_CLI_EITHER,
    .options = options_table,
    .options_size = sizeof(compare_options),
    .takes_json = true,
    .run = run,
};
