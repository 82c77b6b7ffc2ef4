/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monazite batch: many replications of a scenario, summed up and written. */
#include <time.h>

#include "cli/batch_work.h"
#include "cli/warm_up.h"
#include "cli/load.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/save.h"
#include "cli/signals.h"
#include "cli/terms.h"

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
     .help = "stop when the half-width of the mean's interval is at most WIDTH: \"fill_rate.Dy:0.5%\" (of "
             "the mean), "
             "\"short.Dy:2\" (in its unit), \"any_shortage.Dy:0.01\" (a probability); may be repeated: all "
             "must be "
             "reached"},
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
    {.name = "overwrite",
     .offset = offsetof(mnz_cli_batch_options, overwrite),
     .help = "replace RESULTS.h5 also if it holds another batch, or more of this one"},
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
    MNZ_CLI_SAVE_OPTION(mnz_cli_batch_options),
    {.name = "intervals",
     .type = MNZ_CLI_CHOICE,
     .offset = offsetof(mnz_cli_batch_options, intervals),
     .argument = "KIND",
     .choices = interval_choices,
     .help = "of means: student, or bootstrap (bootstrap-t, for skewed measures and few replications; slow)"},
    {.name = "warm-up",
     .type = MNZ_CLI_TEXT,
     .offset = offsetof(mnz_cli_batch_options, warm_up),
     .argument = "DATE|mser5",
     .help =
         "measures count from this date on: the same as --set 'warm_up=\"DATE\"'; mser5: from the date that "
         "MSER-5 finds in a pilot of 100 replications"},
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

static mnz_status run(const mnz_cli *cli, const void *options, mnz_error *err) {
  const mnz_cli_batch_options *o = options;
  mnz_scenario *scenario = NULL;
  mnz_cli_batch_setup setup = {0};
  mnz_cli_store store = {0};
  mnz_cli_batch_work w = {.cli = cli,
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
  if ((status = mnz_cli_load_warm(cli, o, &setup.batch, &scenario, err)) != MNZ_OK) return status;
  if ((status = mnz_cli_batch_prepare(cli, o, scenario, &setup, err)) != MNZ_OK) goto out;
  if ((status = mnz_cli_agree(cli, &setup, err)) != MNZ_OK) goto out;
  const mnz_cli_store_wish wish = {setup.output, mnz_batch_planned(&setup.batch), o->resume, o->overwrite};
  if (o->dry_run) {
    size_t there;
    status = mnz_cli_store_look(&wish, &setup.identity, setup.shape, &there, err);
    if (status == MNZ_OK) status = mnz_cli_batch_predict(cli, o, &setup, there, err);
    goto out;
  }
  if ((status = mnz_cli_store_open(&store, &wish, &setup.identity, setup.shape, err)) != MNZ_OK) goto out;
  if ((status = mnz_cli_batch_run(&w, err)) == MNZ_OK) status = mnz_cli_batch_finish(&w, err);

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
