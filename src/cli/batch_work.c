/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/batch_work.h"

#include "base/error.h"
#include "cli/progress.h"
#include "cli/signals.h"

static bool tick(void *self, const mnz_batch_progress *p) {
  mnz_cli_batch_work *w = self;
  w->last = *p;
  mnz_cli_batch_progress_show(&w->progress, p);
  w->out_of_time = mnz_cli_seconds() - w->began > w->setup->seconds;
  return !mnz_cli_interrupted() && !w->out_of_time;
}

/* Resuming without a number goes on to the plan as it was said, and does not ask for less than is there. */
static void respect_what_is_there(const mnz_cli_batch_work *w, size_t before) {
  mnz_batch_options *b = &w->setup->batch;
  if (w->options->replications > 0 || !w->options->resume) return;
  const uint64_t there = (uint64_t)before * b->shards;
  uint64_t wanted = mnz_journal_plan(w->store->journal);
  if (wanted == 0) wanted = b->replications;
  if (there > wanted) wanted = there;
  b->replications = wanted < INT32_MAX ? (uint32_t)wanted : INT32_MAX;
}

/* What went wrong is said; what is there all the same, and how to go on, belongs to it. */
mnz_status mnz_cli_batch_say_kept(const mnz_cli_batch_work *w, mnz_status status, mnz_error *err) {
  const size_t kept = mnz_cli_store_rows(w->store).count;
  if (kept == 0 || (w->store->fresh && w->store->added == 0) || err == NULL) return status;
  const mnz_error cause = *err;
  return mnz_fail(err, cause.status, cause.where, "%s; %zu replications are kept: go on with --resume",
                  cause.message, kept);
}

static mnz_status interrupted(const mnz_cli_batch_work *w, mnz_error *err) {
  const bool said = w->options->resume;
  if (w->setup->output == NULL)
    return mnz_fail(err, MNZ_INTERRUPTED, NULL, "interrupted after %u replications; nothing was written",
                    w->outcome.done);
  return mnz_fail(err, MNZ_INTERRUPTED, NULL, "interrupted; %u replications are kept, go on with: %s%s",
                  w->outcome.done, w->cli->command_line, said ? "" : " --resume");
}

mnz_status mnz_cli_batch_run(mnz_cli_batch_work *w, mnz_error *err) {
  mnz_cli_batch_setup *s = w->setup;
  const mnz_rows before = mnz_cli_store_rows(w->store);
  const mnz_sink sink = mnz_cli_store_sink(w->store);
  respect_what_is_there(w, before.count);
  w->progress = mnz_cli_batch_progress_begin((mnz_cli_progress_form)w->options->progress,
                                             w->cli->common.quiet, (uint32_t)before.count);
  const mnz_status status =
      mnz_batch_run(s->scenario, s->shape, &s->batch, &before, &sink, tick, w, s->states, &w->outcome, err);
  mnz_cli_batch_progress_end(&w->progress, &w->last);
  if (status != MNZ_OK) return w->store->journal != NULL ? mnz_cli_batch_say_kept(w, status, err) : status;
  if (w->outcome.end == MNZ_BATCH_STOPPED && !w->out_of_time) return interrupted(w, err);
  if (w->outcome.done > 0) return MNZ_OK;
  return mnz_fail(err, MNZ_INTERRUPTED, NULL, "no replication was finished within %s",
                  w->options->time_limit);
}
