/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/batch_work.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/text.h"
#include "batch/team.h"
#include "cli/json.h"
#include "cli/progress.h"
#include "cli/save.h"
#include "monazite/calendar.h"
#include "monazite/report.h"

static const char *replications(uint32_t count) {
  return count == 1 ? "replication" : "replications";
}

/* At the end of the plan aims are looked at once more, off any border. */
static bool all_reached(const mnz_cli_batch_work *w) {
  for (size_t i = 0; i < w->setup->batch.n_aims; i++)
    if (!w->setup->states[i].reached) return false;
  return true;
}

static const char *why_it_ended(const mnz_cli_batch_work *w, mnz_error *err) {
  const mnz_batch_options *b = &w->setup->batch;
  const mnz_batch_outcome *o = &w->outcome;
  const char *aim = b->n_aims > 0 ? b->aims[o->deciding].name : NULL;
  const char *noun = replications(o->done);
  switch (o->end) {
  case MNZ_BATCH_PRECISE:
    return mnz_arena_format(w->cli->arena, err, "Precise enough after %u %s; %s decided.", o->done, noun,
                            aim);
  case MNZ_BATCH_STOPPED:
    return mnz_arena_format(w->cli->arena, err, "The time limit of %s was reached after %u %s.",
                            w->options->time_limit, o->done, noun);
  case MNZ_BATCH_PLAN:
    if (aim == NULL)
      return mnz_arena_format(w->cli->arena, err, "All of the plan was run: %u %s.", o->done, noun);
    if (all_reached(w))
      return mnz_arena_format(w->cli->arena, err, "All of the plan was run: %u %s; every aim is reached.",
                              o->done, noun);
    return mnz_arena_format(w->cli->arena, err,
                            "All of the plan was run, %u %s, without reaching every aim; %s is farthest.",
                            o->done, noun, aim);
  }
  return "";
}

static mnz_status save(const mnz_cli_batch_work *w, const char *ended, mnz_summary **summary, char digest[65],
                       mnz_error *err) {
  const mnz_cli_batch_setup *s = w->setup;
  const double wall = mnz_cli_seconds() - w->began;
  const mnz_run_facts facts = {.command_line = w->cli->command_line,
                               .started_unix = w->started_unix,
                               .finished_unix = w->started_unix + wall,
                               .wall_seconds = wall,
                               .threads = (int32_t)s->batch.threads,
                               .ranks = w->cli->team != NULL ? w->cli->team->ranks : 1,
                               .stopped = ended};
  mnz_archive_options options = mnz_archive_options_default();
  options.series = w->options->series != MNZ_CLI_SERIES_NONE;
  options.watch = s->batch.watch;
  options.digits = (int32_t)w->options->digits;
  options.shard = s->batch.shard;
  options.shards = s->batch.shards;
  options.plan = s->batch.replications;
  const mnz_rows rows = mnz_cli_store_rows(w->store);
  const mnz_status status =
      mnz_cli_save(s->output, s->scenario, &rows, &s->summary, &facts, options, summary, digest, err);
  if (status == MNZ_OK) mnz_cli_store_discard(w->store);
  return status;
}

/* The first that failed; row.status stays MNZ_OK if none did. */
static mnz_status find_failure(const mnz_cli_batch_work *w, mnz_row *row, mnz_error *err) {
  const mnz_rows rows = mnz_cli_store_rows(w->store);
  mnz_status status = MNZ_OK;
  *row = (mnz_row){.status = MNZ_OK};
  for (size_t i = 0; i < rows.count && row->status == MNZ_OK && status == MNZ_OK && w->outcome.failed > 0;
       i++)
    status = rows.head(rows.self, i, row, err);
  return status;
}

static mnz_status print_json(const mnz_cli_batch_work *w, const char *text, const char *digest,
                             mnz_error *err) {
  json_t *root = json_loads(text, 0, NULL);
  json_t *more = json_pack("{s:f}", "seconds", mnz_cli_seconds() - w->began);
  if (w->setup->output != NULL) {
    json_object_set_new(more, "results", json_string(w->setup->output));
    json_object_set_new(more, "digest", json_string(digest));
  }
  if (root == NULL || json_object_update(root, more) != 0) {
    json_decref(root);
    root = NULL;
  }
  json_decref(more);
  return mnz_cli_print_json(root, err);
}

static mnz_status print(const mnz_cli_batch_work *w, const mnz_summary *summary, const char *ended,
                        const mnz_row *failure, const char *digest, mnz_error *err) {
  if (w->cli->common.quiet) return MNZ_OK;
  const mnz_batch_options *b = &w->setup->batch;
  const mnz_batch_facts facts = {.aims = b->aims,
                                 .states = w->setup->states,
                                 .n_aims = b->n_aims,
                                 .deciding = w->outcome.deciding,
                                 .ended = ended,
                                 .failure = failure->status != MNZ_OK ? failure->message : NULL,
                                 .first_failed = failure->replication};
  const bool json = w->cli->common.json;
  char *text = NULL;
  mnz_status status = mnz_report_batch(w->setup->scenario, summary, &facts,
                                       json ? MNZ_REPORT_JSON : MNZ_REPORT_TEXT, &text, err);
  if (status == MNZ_OK && json) {
    status = print_json(w, text, digest, err);
  } else if (status == MNZ_OK) {
    fputs(text, stdout);
    if (w->setup->output != NULL) printf("results: %s, digest %s\n", w->setup->output, digest);
  }
  free(text);
  return status;
}

/* With all that the batch's scenario was changed by; a warm-up that was found is the scenario's by now. */
static void add_command(const mnz_cli_batch_work *w, const mnz_row *failure, mnz_buffer *to) {
  char date[32];
  const int64_t from = mnz_scenario_measured_from(w->setup->scenario);
  mnz_buffer_print(to, "monazite run %s --replication %u", w->cli->operands[0], failure->replication);
  for (size_t i = 0; i < w->options->set.count; i++)
    mnz_buffer_print(to, " --set '%s'", w->options->set.at[i]);
  if (w->options->seed != NULL) mnz_buffer_print(to, " --seed %s", w->options->seed);
  if (w->options->warm_up != NULL && from > mnz_scenario_start(w->setup->scenario))
    mnz_buffer_print(to, " --set 'warm_up=\"%s\"'", mnz_moment_format(from, date));
}

/* The batch went on without them, but whoever reads only the exit code must know. */
static mnz_status tell_failures(const mnz_cli_batch_work *w, const mnz_row *failure, mnz_error *err) {
  if (w->outcome.failed == 0) return MNZ_OK;
  mnz_buffer command = {0};
  add_command(w, failure, &command);
  mnz_fail(err, MNZ_MODEL, NULL, "%u of %u replications failed, the first is %u (%s); replay it with: %s",
           w->outcome.failed, w->outcome.done, failure->replication, failure->message,
           command.failed ? "monazite run" : command.at);
  mnz_buffer_free(&command);
  return MNZ_MODEL;
}

mnz_status mnz_cli_batch_finish(mnz_cli_batch_work *w, mnz_error *err) {
  mnz_summary *summary = NULL;
  mnz_row failure;
  char digest[65] = "";
  const char *ended = why_it_ended(w, err);
  if (ended == NULL) return MNZ_NO_MEMORY;
  mnz_status status = save(w, ended, &summary, digest, err);
  if (status != MNZ_OK) status = mnz_cli_batch_say_kept(w, status, err);
  if (status == MNZ_OK) status = find_failure(w, &failure, err);
  if (status == MNZ_OK) status = print(w, summary, ended, &failure, digest, err);
  if (status == MNZ_OK) status = tell_failures(w, &failure, err);
  mnz_summary_free(summary);
  return status;
}
