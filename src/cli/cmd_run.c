/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monazite run: load, run one replication, sum it up, write it. */
#include "cli/load.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/event_log.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/save.h"
#include "cli/signals.h"
#include "monazite/calendar.h"
#include "monazite/replication.h"
#include "monazite/report.h"

typedef struct run_options {
  mnz_cli_common common;
  const char *output;
  const char *events;
  const char *save;
  const char *seed;
  mnz_cli_texts set;
  int64_t replication;
  bool no_series;
  int64_t digits;
} run_options;

static const mnz_cli_option options_table[] = {
    {.name = "output",
     .letter = 'o',
     .type = MNZ_CLI_TEXT,
     .offset = offsetof(run_options, output),
     .argument = "RESULTS.h5",
     .completes = MNZ_CLI_RESULTS,
     .help = "write the results to this file; its folder must exist"},
    {.name = "events",
     .type = MNZ_CLI_TEXT,
     .offset = offsetof(run_options, events),
     .argument = "EVENTS.csv",
     .help = "write what happens to this file, a line an event, while the run goes on, also of a run that "
             "fails; - is standard output, then without a summary"},
    MNZ_CLI_SAVE_OPTION(run_options),
    MNZ_CLI_SEED_OPTION(run_options),
    MNZ_CLI_SET_OPTION(run_options),
    {.name = "replication",
     .type = MNZ_CLI_COUNT,
     .offset = offsetof(run_options, replication),
     .argument = "K",
     .max = INT32_MAX,
     .help = "run the K-th replication of the seed, counted from 0 (which is run when not said)"},
    {.name = "no-series",
     .offset = offsetof(run_options, no_series),
     .help = "write the measures, but no values over time"},
    {.name = "digits",
     .type = MNZ_CLI_COUNT,
     .offset = offsetof(run_options, digits),
     .argument = "N",
     .min = 1,
     .max = 15,
     .help = "round the series to N significant digits: a much smaller file"},
    {0},
};

/* Seconds of wall time, for --verbose and JSON. */
typedef struct timings {
  double started_unix;
  double load;
  double run; /* from the building of the world to its closing */
  double write;
  uint64_t events;
} timings;

/* In slices, so that a signal is noticed and the progress seen. Slices do not change what is computed. */
static mnz_status run_slices(const mnz_cli *cli, const mnz_scenario *scenario, mnz_replication *replication,
                             const mnz_cli_event_log *log, mnz_error *err) {
  enum { SLICE = 16384 }; /* events; a few milliseconds */
  mnz_cli_progress progress =
      mnz_cli_progress_begin(cli->common.quiet, mnz_scenario_start(scenario), mnz_scenario_end(scenario));
  mnz_status status = MNZ_OK;
  for (bool done = false; status == MNZ_OK && !done && !mnz_cli_interrupted();) {
    status = mnz_replication_run(replication, MNZ_TO_THE_END, SLICE, &done, err);
    if (status == MNZ_OK && log->file != NULL) status = mnz_cli_event_log_check(log, err);
    mnz_cli_progress_show(&progress, mnz_replication_now(replication));
  }
  mnz_cli_progress_end(&progress);
  if (status != MNZ_OK || !mnz_cli_interrupted()) return status;
  char date[32];
  const int64_t now = mnz_scenario_start(scenario) + mnz_replication_now(replication);
  return mnz_fail(err, MNZ_INTERRUPTED, NULL, "interrupted at %s; %s", mnz_moment_format(now, date),
                  log->file != NULL ? "the event log ends there" : "nothing was written");
}

/* The results file keeps the events too, if anybody wants them. The list has been checked. */
static mnz_watch watch_of(const run_options *o) {
  mnz_watch watch = {.what = MNZ_WATCH_ALL, .events = o->events != NULL};
  (void)mnz_cli_read_save(o->save, &watch, NULL);
  if (o->output == NULL) watch.events = false;
  return watch;
}

static mnz_status simulate(const mnz_cli *cli, const run_options *o, const mnz_scenario *scenario,
                           mnz_cli_event_log *log, mnz_result **result, mnz_error *err) {
  mnz_replication *replication = NULL;
  const mnz_watch watch = watch_of(o);
  mnz_status status = mnz_replication_create(&replication, scenario, &watch, (uint32_t)o->replication, err);
  if (status == MNZ_OK) mnz_cli_event_log_watch(log, replication);
  if (status == MNZ_OK) status = run_slices(cli, scenario, replication, log, err);
  if (status == MNZ_OK) status = mnz_replication_finish(replication, result, err);
  mnz_replication_free(replication);
  return status;
}

static mnz_status write_results(const mnz_cli *cli, const run_options *o, const mnz_scenario *scenario,
                                const mnz_result *result, const timings *t, char digest[65], mnz_error *err) {
  const double wall = t->load + t->run;
  const mnz_run_facts facts = {
      .command_line = cli->command_line,
      .started_unix = t->started_unix,
      .finished_unix = t->started_unix + wall,
      .wall_seconds = wall,
      .threads = 1,
  };
  mnz_archive_options options = mnz_archive_options_default();
  options.series = !o->no_series;
  options.watch = watch_of(o);
  options.digits = (int32_t)o->digits;
  const mnz_rows rows = mnz_rows_of_results(&result, 1);
  const mnz_summary_options how = mnz_summary_options_default();
  return mnz_cli_save(o->output, scenario, &rows, &how, &facts, options, NULL, digest, err);
}

static double events_per_second(const timings *t) {
  return t->run > 0 ? (double)t->events / t->run : 0;
}

static mnz_status print_json(const char *summary, const run_options *o, const char *digest, const timings *t,
                             mnz_error *err) {
  json_t *root = json_loads(summary, 0, NULL);
  json_t *times = json_pack("{s:f, s:f, s:f, s:f}", "load_s", t->load, "run_s", t->run, "events_per_s",
                            events_per_second(t), "write_s", t->write);
  json_t *run = o->output != NULL
                    ? json_pack("{s:s, s:s, s:o}", "results", o->output, "digest", digest, "timings", times)
                    : json_pack("{s:o}", "timings", times);
  if (root == NULL || json_object_update(root, run) != 0) {
    json_decref(root);
    root = NULL;
  }
  json_decref(run);
  return mnz_cli_print_json(root, err);
}

static mnz_status print(const mnz_cli *cli, const run_options *o, const char *summary, const char *digest,
                        const timings *t, mnz_error *err) {
  if (cli->common.quiet) return MNZ_OK;
  if (cli->common.verbose) {
    fprintf(stderr, "load %.3f s, run %.3f s: %llu events, %.3g events/s", t->load, t->run,
            (unsigned long long)t->events, events_per_second(t));
    if (o->output != NULL) fprintf(stderr, ", write %.3f s", t->write);
    fputc('\n', stderr);
  }
  if (o->events != NULL && strcmp(o->events, "-") == 0) return MNZ_OK; /* taken */
  if (cli->common.json) return print_json(summary, o, digest, t, err);
  fputs(summary, stdout);
  if (o->output != NULL) printf("results: %s, digest %s\n", o->output, digest);
  return MNZ_OK;
}

static mnz_status check_outputs(const mnz_cli *cli, const run_options *o, mnz_error *err) {
  const char *input = cli->operands[0];
  mnz_watch watch = {0};
  if (mnz_cli_read_save(o->save, &watch, err) != MNZ_OK) return MNZ_USAGE;
  if (o->save != NULL && o->output == NULL && o->events == NULL)
    return mnz_fail(err, MNZ_USAGE, "run", "--save needs --output: where would it be kept?");
  const bool to_standard = o->events != NULL && strcmp(o->events, "-") == 0;
  if (to_standard && cli->common.json)
    return mnz_fail(err, MNZ_USAGE, "run", "--events=- and --json exclude each other");
  if (o->events != NULL && o->output != NULL && mnz_cli_same_file(o->events, o->output))
    return mnz_fail(err, MNZ_USAGE, "run", "--events and --output name the same file");
  mnz_status status = o->output == NULL ? MNZ_OK : mnz_cli_check_output(o->output, input, err);
  if (status == MNZ_OK && o->output != NULL) status = mnz_cli_check_loss(o->output, NULL, 1, err);
  if (status != MNZ_OK || o->events == NULL || to_standard) return status;
  return mnz_cli_check_event_log(o->events, input, err);
}

static mnz_status run(const mnz_cli *cli, const void *options, mnz_error *err) {
  const run_options *o = options;
  mnz_scenario *scenario = NULL;
  mnz_result *result = NULL;
  char *summary = NULL;
  char digest[65] = "";
  timings t = {.started_unix = (double)time(NULL)};
  mnz_cli_event_log log = {0};
  mnz_status status;
  mnz_cli_catch_signals();
  if ((status = check_outputs(cli, o, err)) != MNZ_OK) goto out;

  double clock = mnz_cli_seconds();
  if ((status = mnz_cli_load(cli, cli->operands[0], &o->set, o->seed, &scenario, err)) != MNZ_OK) goto out;
  t.load = mnz_cli_seconds() - clock;

  if ((status = mnz_cli_event_log_open(&log, o->events, scenario, err)) != MNZ_OK) goto out;
  clock = mnz_cli_seconds();
  if ((status = simulate(cli, o, scenario, &log, &result, err)) != MNZ_OK) goto out;
  t.run = mnz_cli_seconds() - clock;
  t.events = result->events;

  const mnz_report_format format = cli->common.json ? MNZ_REPORT_JSON : MNZ_REPORT_TEXT;
  if ((status = mnz_report_summary(scenario, result, log.kept, log.n_kept, format, &summary, err)) != MNZ_OK)
    goto out;

  clock = mnz_cli_seconds();
  if (o->output != NULL && (status = write_results(cli, o, scenario, result, &t, digest, err)) != MNZ_OK)
    goto out;
  t.write = mnz_cli_seconds() - clock;
  status = print(cli, o, summary, digest, &t, err);

out:
  if (status == MNZ_OK)
    status = mnz_cli_event_log_close(&log, err);
  else
    (void)mnz_cli_event_log_close(&log, NULL);
  free(summary);
  mnz_result_free(result);
  mnz_scenario_free(scenario);
  return status;
}

const mnz_cli_command mnz_cli_run = {
    .name = "run",
    .summary = "simulate a scenario and sum it up",
    .description = "Checks FILE, runs one replication of it and prints what a planner asks first: what was "
                   "mined, separated, asked for and delivered, what came late or never, where it came from, "
                   "and when it first ran short. Interrupted before it writes the file, it writes nothing.",
    .example = "monazite run scenarios/tutorial/first-mine.cfg -o results/first-mine.h5",
    .operand = "FILE",
    .min_operands = 1,
    .max_operands = 1,
    .completes = MNZ_CLI_SCENARIO,
    .options = options_table,
    .options_size = sizeof(run_options),
    .takes_json = true,
    .run = run,
};
