/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monazite batch: many replications of a scenario, summed up and written. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/batch_progress.h"
#include "cli/batch_setup.h"
#include "cli/json.h"
#include "cli/load.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/save.h"
#include "cli/signals.h"
#include "cli/store.h"
#include "monazite/report.h"

static const char *const series_choices[] = {"headlines", "none", "all", NULL};
static const char *const interval_choices[] = {"student", "bootstrap", NULL};

static const mnz_cli_option options_table[] = {
    {.name = "replications",
     .letter = 'n',
     .type = MNZ_CLI_COUNT,
     .offset = offsetof(mnz_cli_batch_options, replications),
     .argument = "N",
     .min = 1,
     .max = INT32_MAX,
     .help = "replications 0 to N - 1 (1000 when not said); with --until: at most"},
    {.name = "threads",
     .letter = 'j',
     .type = MNZ_CLI_TEXT,
     .offset = offsetof(mnz_cli_batch_options, threads),
     .argument = "N|auto",
     .help =
         "threads; auto (when not said): as many as this process may run on. Results do not depend on it"},
    {.name = "output",
     .letter = 'o',
     .type = MNZ_CLI_TEXT,
     .offset = offsetof(mnz_cli_batch_options, output),
     .argument = "RESULTS.h5",
     .completes = MNZ_CLI_RESULTS,
     .help = "write the results to this file; until it is whole, what is done is kept in RESULTS.h5.journal"},
    {.name = "until",
     .type = MNZ_CLI_TEXTS,
     .offset = offsetof(mnz_cli_batch_options, until),
     .argument = "MEASURE:WIDTH",
     .help = "stop when the half-width of the mean's interval is at most WIDTH, such as "
             "\"fill_rate.Dy:0.5%\" (of "
             "the mean) or \"short.Dy:2\" (in its unit); may be repeated: all must be reached"},
    {.name = "confidence",
     .type = MNZ_CLI_TEXT,
     .offset = offsetof(mnz_cli_batch_options, confidence),
     .argument = "PERCENT",
     .help = "of all intervals (95 when not said)"},
    {.name = "minimum",
     .type = MNZ_CLI_COUNT,
     .offset = offsetof(mnz_cli_batch_options, minimum),
     .argument = "N",
     .min = 2,
     .max = INT32_MAX,
     .help = "--until does not stop before so many replications (100 when not said)"},
    {.name = "block",
     .type = MNZ_CLI_COUNT,
     .offset = offsetof(mnz_cli_batch_options, block),
     .argument = "N",
     .min = 1,
     .max = 1000000,
     .help = "look at --until, and bring the journal to disk, every N replications (50 when not said)"},
    {.name = "time-limit",
     .type = MNZ_CLI_TEXT,
     .offset = offsetof(mnz_cli_batch_options, time_limit),
     .argument = "SPAN",
     .help = "stop after so long, such as \"2 h\", and write what is done: a smaller batch that --resume can "
             "go on with"},
    {.name = "resume",
     .offset = offsetof(mnz_cli_batch_options, resume),
     .help = "go on with an interrupted batch, or make a whole one larger: only what is missing is run"},
    {.name = "shard",
     .type = MNZ_CLI_TEXT,
     .offset = offsetof(mnz_cli_batch_options, shard),
     .argument = "I/N|auto",
     .help = "run the I-th of N parts, into RESULTS.shard-I-of-N.h5, for monazite merge; auto: as Slurm, "
             "Open MPI or "
             "MPICH say in the environment"},
    {.name = "series",
     .type = MNZ_CLI_CHOICE,
     .offset = offsetof(mnz_cli_batch_options, series),
     .argument = "WHICH",
     .choices = series_choices,
     .help = "of every replication: headlines (what bands are made of; a file without cannot be resumed or "
             "merged), "
             "none, or all (every account, as often as the scenario says: large)"},
    {.name = "bands",
     .type = MNZ_CLI_TEXT,
     .offset = offsetof(mnz_cli_batch_options, bands),
     .argument = "PERIOD",
     .help =
         "how often series are looked at: month (when not said), quarter, year, week, day, a span such as "
         "\"14 d\", or none"},
    {.name = "digits",
     .type = MNZ_CLI_COUNT,
     .offset = offsetof(mnz_cli_batch_options, digits),
     .argument = "N",
     .min = 1,
     .max = 15,
     .help = "round the series to N significant digits: a smaller file"},
    {.name = "intervals",
     .type = MNZ_CLI_CHOICE,
     .offset = offsetof(mnz_cli_batch_options, intervals),
     .argument = "KIND",
     .choices = interval_choices,
     .help = "of means: student, or bootstrap (bootstrap-t, for skewed measures and few replications; slow)"},
    {.name = "dry-run",
     .offset = offsetof(mnz_cli_batch_options, dry_run),
     .help = "check everything, say what disk and memory it will take, run nothing"},
    {.name = "progress",
     .type = MNZ_CLI_CHOICE,
     .offset = offsetof(mnz_cli_batch_options, progress),
     .argument = "FORM",
     .choices = mnz_cli_progress_forms,
     .help = "on standard error: auto (a line on a terminal, else one every ten seconds), plain, json (one a "
             "second) "
             "or none"},
    MNZ_CLI_SEED_OPTION(mnz_cli_batch_options),
    MNZ_CLI_SET_OPTION(mnz_cli_batch_options),
    {0},
};

/* ---- running ---- */

/* One batch at work. */
typedef struct work {
  const mnz_cli *cli;
  const mnz_cli_batch_options *options;
  mnz_cli_batch_setup *setup;
  mnz_cli_store *store;
  mnz_cli_batch_progress progress;
  mnz_batch_progress last;
  mnz_batch_outcome outcome;
  double began;
  double started_unix;
  bool out_of_time;
} work;

static bool tick(void *self, const mnz_batch_progress *p) {
  work *w = self;
  w->last = *p;
  mnz_cli_batch_progress_show(&w->progress, p);
  w->out_of_time = mnz_cli_seconds() - w->began > w->setup->seconds;
  return !mnz_cli_interrupted() && !w->out_of_time;
}

/* Without a number said, resuming does not ask for less than is there. */
static void respect_what_is_there(const work *w, size_t before) {
  mnz_batch_options *b = &w->setup->batch;
  if (w->options->replications == 0 && before > mnz_batch_planned(b))
    b->replications = (uint32_t)before * b->shards;
}

static mnz_status interrupted(const work *w, mnz_error *err) {
  const bool said = w->options->resume;
  if (w->setup->output == NULL)
    return mnz_fail(err, MNZ_INTERRUPTED, NULL, "interrupted after %u replications; nothing was written",
                    w->outcome.done);
  return mnz_fail(err, MNZ_INTERRUPTED, NULL, "interrupted; %u replications are kept, go on with: %s%s",
                  w->outcome.done, w->cli->command_line, said ? "" : " --resume");
}

static mnz_status run_batch(work *w, mnz_error *err) {
  mnz_cli_batch_setup *s = w->setup;
  const mnz_rows before = mnz_cli_store_rows(w->store);
  const mnz_sink sink = mnz_cli_store_sink(w->store);
  respect_what_is_there(w, before.count);
  w->progress = mnz_cli_batch_progress_begin((mnz_cli_progress_form)w->options->progress,
                                             w->cli->common.quiet, (uint32_t)before.count);
  const mnz_status status =
      mnz_batch_run(s->scenario, s->shape, &s->batch, &before, &sink, tick, w, s->states, &w->outcome, err);
  mnz_cli_batch_progress_end(&w->progress, &w->last);
  if (status != MNZ_OK) return status;
  if (w->outcome.end == MNZ_BATCH_STOPPED && !w->out_of_time) return interrupted(w, err);
  if (w->outcome.done > 0) return MNZ_OK;
  return mnz_fail(err, MNZ_INTERRUPTED, NULL, "no replication was finished within %s",
                  w->options->time_limit);
}

/* ---- what came of it ---- */

static const char *why_it_ended(const work *w, mnz_error *err) {
  const mnz_batch_options *b = &w->setup->batch;
  const mnz_batch_outcome *o = &w->outcome;
  const char *aim = b->n_aims > 0 ? b->aims[o->deciding].name : NULL;
  switch (o->end) {
  case MNZ_BATCH_PRECISE:
    return mnz_arena_format(w->cli->arena, err, "Precise enough after %u replications; %s decided.", o->done,
                            aim);
  case MNZ_BATCH_STOPPED:
    return mnz_arena_format(w->cli->arena, err, "The time limit of %s was reached after %u replications.",
                            w->options->time_limit, o->done);
  case MNZ_BATCH_PLAN:
    if (aim == NULL)
      return mnz_arena_format(w->cli->arena, err, "All %u replications of the plan were run.", o->done);
    return mnz_arena_format(w->cli->arena, err,
                            "All %u replications were run without reaching every aim; %s is farthest.",
                            o->done, aim);
  }
  return "";
}

static mnz_status save(const work *w, const char *ended, mnz_summary **summary, char digest[65],
                       mnz_error *err) {
  const mnz_cli_batch_setup *s = w->setup;
  const double wall = mnz_cli_seconds() - w->began;
  const mnz_run_facts facts = {.command_line = w->cli->command_line,
                               .started_unix = w->started_unix,
                               .finished_unix = w->started_unix + wall,
                               .wall_seconds = wall,
                               .threads = (int32_t)s->batch.threads,
                               .stopped = ended};
  mnz_archive_options options = mnz_archive_options_default();
  options.series = w->options->series != MNZ_CLI_SERIES_NONE;
  options.watch = s->batch.watch;
  options.digits = (int32_t)w->options->digits;
  options.shard = s->batch.shard;
  options.shards = s->batch.shards;
  const mnz_rows rows = mnz_cli_store_rows(w->store);
  const mnz_status status =
      mnz_cli_save(s->output, s->scenario, &rows, &s->summary, &facts, options, summary, digest, err);
  if (status == MNZ_OK) mnz_cli_store_discard(w->store);
  return status;
}

static mnz_status print(const work *w, const mnz_summary *summary, const char *ended, const char *digest,
                        mnz_error *err) {
  (void)summary;
  if (w->cli->common.quiet) return MNZ_OK;
  puts(ended);
  if (w->setup->output != NULL) printf("results: %s, digest %s\n", w->setup->output, digest);
  (void)err;
  return MNZ_OK;
}

/* The batch went on without them, but whoever reads only the exit code must know. */
static mnz_status tell_failures(const work *w, mnz_error *err) {
  if (w->outcome.failed == 0) return MNZ_OK;
  const mnz_rows rows = mnz_cli_store_rows(w->store);
  mnz_row row = {.status = MNZ_OK};
  for (size_t i = 0; i < rows.count && row.status == MNZ_OK; i++) {
    const mnz_status status = rows.head(rows.self, i, &row, err);
    if (status != MNZ_OK) return status;
  }
  return mnz_fail(
      err, MNZ_MODEL, NULL,
      "%u of %u replications failed, the first is %u (%s); replay it with: monazite run %s --replication %u",
      w->outcome.failed, w->outcome.done, row.replication, row.message, w->cli->operands[0], row.replication);
}

static mnz_status finish(work *w, mnz_error *err) {
  mnz_summary *summary = NULL;
  char digest[65] = "";
  const char *ended = why_it_ended(w, err);
  if (ended == NULL) return MNZ_NO_MEMORY;
  mnz_status status = save(w, ended, &summary, digest, err);
  if (status == MNZ_OK) status = print(w, summary, ended, digest, err);
  if (status == MNZ_OK) status = tell_failures(w, err);
  mnz_summary_free(summary);
  return status;
}

static mnz_status run(const mnz_cli *cli, const void *options, mnz_error *err) {
  const mnz_cli_batch_options *o = options;
  mnz_scenario *scenario = NULL;
  mnz_cli_batch_setup setup = {0};
  mnz_cli_store store = {0};
  work w = {.cli = cli,
            .options = o,
            .setup = &setup,
            .store = &store,
            .began = mnz_cli_seconds(),
            .started_unix = (double)time(NULL)};
  mnz_cli_catch_signals();
  mnz_status status = mnz_cli_batch_read(cli, o, &setup, err);
  if (status != MNZ_OK) return status;
  if (setup.output != NULL && (status = mnz_cli_check_output(setup.output, cli->operands[0], err)) != MNZ_OK)
    return status;
  if ((status = mnz_cli_load(cli, cli->operands[0], &o->set, o->seed, &scenario, err)) != MNZ_OK)
    return status;
  if ((status = mnz_cli_batch_prepare(cli, o, scenario, &setup, err)) != MNZ_OK) goto out;
  if (o->dry_run) {
    status = mnz_cli_batch_predict(cli, o, &setup, err);
    goto out;
  }
  if ((status = mnz_cli_store_open(&store, setup.output, o->resume, &setup.identity, setup.shape, err)) !=
      MNZ_OK)
    goto out;
  if ((status = run_batch(&w, err)) == MNZ_OK) status = finish(&w, err);

out:
  mnz_cli_store_close(&store);
  mnz_cli_batch_release(&setup);
  mnz_scenario_free(scenario);
  return status;
}

const mnz_cli_command mnz_cli_batch = {
    .name = "batch",
    .summary = "run many replications and sum them up",
    .description =
        "Runs replications 0 to N - 1 of FILE on all cores: the same numbers whatever the threads, shards "
        "and "
        "interruptions. Stops earlier when every --until is reached. Interrupted or killed, it has lost "
        "nothing that was whole: --resume runs the rest.",
    .example = "monazite batch scenarios/sojitz-lynas.cfg -n 10000 -o results/base.h5",
    .operand = "FILE",
    .min_operands = 1,
    .max_operands = 1,
    .completes = MNZ_CLI_SCENARIO,
    .options = options_table,
    .options_size = sizeof(mnz_cli_batch_options),
    .takes_json = true,
    .run = run,
};
