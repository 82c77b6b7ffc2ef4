/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monazite merge: the shards of a batch as one file, the same as if the batch had run in one piece. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/batch_setup.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/save.h"
#include "cli/signals.h"
#include "cli/store.h"
#include "cli/threads.h"

typedef struct merge_options {
  mnz_cli_common common;
  const char *output;
  const char *threads;
  bool no_series;
  bool overwrite;
} merge_options;

static const mnz_cli_option options_table[] = {
    {.name = "output",
     .letter = 'o',
     .type = MNZ_CLI_TEXT,
     .offset = offsetof(merge_options, output),
     .argument = "RESULTS.h5",
     .completes = MNZ_CLI_RESULTS,
     .help = "write the whole batch to this file; needed"},
    {.name = "threads",
     .letter = 'j',
     .type = MNZ_CLI_TEXT,
     .offset = offsetof(merge_options, threads),
     .argument = "N|auto",
     .help = "threads for the statistics"},
    {.name = "overwrite",
     .offset = offsetof(merge_options, overwrite),
     .help = "replace RESULTS.h5 also if it holds another batch, or more of this one"},
    {.name = "no-series",
     .offset = offsetof(merge_options, no_series),
     .help = "leave the series of single replications out, as batch --series=none does"},
    {0},
};

typedef struct shard {
  const char *path;
  mnz_archive_info *info;
  uint32_t number; /* 1 .. of */
  uint32_t of;
  uint32_t plan; /* replications of all together */
} shard;

typedef struct merge {
  const mnz_cli *cli;
  const merge_options *options;
  size_t n;
  shard *shards;
  mnz_scenario *scenario;
  mnz_result *shape;
  mnz_watch watch;
  mnz_journal *journal; /* all rows, in the order of the files */
  size_t *order;        /* [replication]: its row */
  mnz_rows rows;        /* of the journal */
  size_t failed;
} merge;

/* ---- what belongs together ---- */

static mnz_status look_at(merge *m, shard *s, const char *path, mnz_error *err) {
  s->path = path;
  mnz_status status = mnz_archive_read_info(path, false, &s->info, err);
  if (status != MNZ_OK) return status;
  if (!mnz_shard_parse(s->info->shard, &s->number, &s->of, &s->plan) ||
      !mnz_watch_parse(s->info->watch, &m->watch))
    return mnz_fail(err, MNZ_FORMAT, path, "does not say which shard it is");
  if (s->of == 1)
    return mnz_fail(err, MNZ_SCENARIO, path, "is no shard: it holds %zu replication%s, whole",
                    s->info->replications, s->info->replications == 1 ? "" : "s");
  if (!s->info->has_series && m->watch.what != MNZ_WATCH_NOTHING)
    return mnz_fail(err, MNZ_SCENARIO, path,
                    "was written with --series=none: the bands cannot be made from it");
  const mnz_batch_options part = {.replications = s->plan, .shard = s->number, .shards = s->of};
  if (s->info->replications != mnz_batch_planned(&part))
    return mnz_fail(err, MNZ_SCENARIO, path,
                    "has %zu of its %u replications: go on with it by batch --resume", s->info->replications,
                    mnz_batch_planned(&part));
  return MNZ_OK;
}

/* What must be equal, and what it is called. */
static mnz_status compare_texts(const shard *first, const shard *s, mnz_error *err) {
  const mnz_archive_info *a = first->info;
  const mnz_archive_info *b = s->info;
  if (strcmp(a->scenario_text, b->scenario_text) != 0)
    return mnz_cli_refuse_scenario(s->path, a->scenario_text, b->scenario_text, err);
  if (strcmp(a->watch, b->watch) != 0 || a->digits != b->digits)
    return mnz_fail(err, MNZ_SCENARIO, s->path,
                    "was written with other --series, --bands, --save or --digits than %s", first->path);
  if (strcmp(a->interval, b->interval) != 0 || a->confidence != b->confidence)
    return mnz_fail(err, MNZ_SCENARIO, s->path, "was written with other --confidence or --intervals than %s",
                    first->path);
  if (strcmp(a->version, b->version) != 0 || strcmp(a->commit, b->commit) != 0)
    return mnz_fail(err, MNZ_SCENARIO, s->path, "was written by monazite %s %s, %s by %s %s", b->version,
                    b->commit, first->path, a->version, a->commit);
  return MNZ_OK;
}

static mnz_status compare_to_first(const merge *m, const shard *s, mnz_error *err) {
  const shard *first = &m->shards[0];
  const mnz_status status = compare_texts(first, s, err);
  if (status != MNZ_OK) return status;
  if (s->of != first->of || s->plan != first->plan)
    return mnz_fail(err, MNZ_SCENARIO, s->path, "is one of %u shards of %u replications, %s one of %u of %u",
                    s->of, s->plan, first->path, first->of, first->plan);
  for (const shard *other = first; other < s; other++)
    if (other->number == s->number)
      return mnz_fail(err, MNZ_SCENARIO, s->path, "is shard %u of %u, and so is %s", s->number, s->of,
                      other->path);
  return MNZ_OK;
}

static mnz_status check_all_there(const merge *m, mnz_error *err) {
  for (uint32_t number = 1; number <= m->shards[0].of; number++) {
    size_t i = 0;
    while (i < m->n && m->shards[i].number != number) i++;
    if (i == m->n)
      return mnz_fail(err, MNZ_SCENARIO, "merge", "shard %u of %u is missing", number, m->shards[0].of);
  }
  return MNZ_OK;
}

/* ---- reading and ordering ---- */

static mnz_status take(void *self, mnz_parcel **parcel, mnz_error *err) {
  if (!mnz_cli_interrupted()) return mnz_journal_add(self, parcel, err);
  free(*parcel);
  *parcel = NULL;
  return mnz_fail(err, MNZ_INTERRUPTED, NULL, "interrupted; nothing was written");
}

/* The rows lie in a file without a name: nothing is left of it, however this ends. */
static mnz_status read_all(merge *m, mnz_error *err) {
  const char *path = mnz_arena_format(m->cli->arena, err, "%s.merging", m->options->output);
  if (path == NULL) return MNZ_NO_MEMORY;
  const mnz_journal_identity identity = {
      .scenario_text = m->shards[0].info->scenario_text, .watch = m->watch, .shard = 1, .shards = 1};
  mnz_status status = mnz_journal_create(&m->journal, path, &identity, m->shape, err);
  if (status != MNZ_OK) return status;
  mnz_journal_remove(m->journal);
  for (size_t i = 0; i < m->n && status == MNZ_OK; i++)
    status = mnz_archive_read_rows(m->shards[i].path, m->shape, take, m->journal, err);
  m->rows = mnz_journal_rows(m->journal);
  return status;
}

static mnz_status put_in_order(merge *m, mnz_error *err) {
  const size_t count = m->rows.count;
  m->order = mnz_arena_alloc(m->cli->arena, count, sizeof *m->order, err);
  if (m->order == NULL) return MNZ_NO_MEMORY;
  for (size_t i = 0; i < count; i++) m->order[i] = SIZE_MAX;
  for (size_t row = 0; row < count; row++) {
    mnz_row head;
    const mnz_status status = m->rows.head(m->rows.self, row, &head, err);
    if (status != MNZ_OK) return status;
    m->failed += head.status != MNZ_OK;
    if (head.replication >= count) continue; /* then an earlier one is missing */
    if (m->order[head.replication] != SIZE_MAX)
      return mnz_fail(err, MNZ_SCENARIO, m->options->output, "replication %u is there twice",
                      head.replication);
    m->order[head.replication] = row;
  }
  for (size_t i = 0; i < count; i++)
    if (m->order[i] == SIZE_MAX)
      return mnz_fail(
          err, MNZ_SCENARIO, m->options->output,
          "replication %zu is missing: a shard was stopped early; go on with it by batch --resume", i);
  return MNZ_OK;
}

static mnz_status ordered_head(void *self, size_t row, mnz_row *out, mnz_error *err) {
  const merge *m = self;
  return m->rows.head(m->rows.self, m->order[row], out, err);
}

static mnz_status ordered_read(void *self, size_t row, size_t k, size_t from, size_t count, void *out,
                               mnz_error *err) {
  const merge *m = self;
  return m->rows.read(m->rows.self, m->order[row], k, from, count, out, err);
}

static mnz_status ordered_log(void *self, size_t row, size_t from, size_t count, mnz_model_event *out,
                              mnz_error *err) {
  const merge *m = self;
  return m->rows.log(m->rows.self, m->order[row], from, count, out, err);
}

/* ---- the whole ---- */

static mnz_status write_whole(merge *m, const mnz_summary_options *how, char digest[65], mnz_error *err) {
  const mnz_rows ordered = {m->shape, m->rows.count, m, ordered_head, ordered_read, ordered_log};
  const mnz_run_facts facts = {.command_line = m->cli->command_line,
                               .started_unix = (double)time(NULL),
                               .finished_unix = (double)time(NULL),
                               .threads = (int32_t)how->threads};
  mnz_archive_options options = mnz_archive_options_default();
  options.watch = m->watch;
  options.digits = m->shards[0].info->digits;
  options.series = !m->options->no_series;
  return mnz_cli_save(m->options->output, m->scenario, &ordered, how, &facts, options, NULL, digest, err);
}

static mnz_status load_scenario(merge *m, mnz_error *err) {
  mnz_problems *problems = NULL;
  const mnz_archive_info *info = m->shards[0].info;
  mnz_status status =
      mnz_scenario_load_text(&m->scenario, m->shards[0].path, info->scenario_text, &problems, err);
  mnz_problems_free(problems);
  if (status == MNZ_OK) status = mnz_shape_create(m->scenario, &m->watch, &m->shape, err);
  if (status == MNZ_OK) m->shape->digits = info->digits;
  return status;
}

static mnz_status look_at_all(merge *m, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (size_t i = 0; i < m->n && status == MNZ_OK; i++) {
    status = mnz_cli_check_output(m->options->output, m->cli->operands[i], err);
    if (status == MNZ_OK) status = look_at(m, &m->shards[i], m->cli->operands[i], err);
    if (status == MNZ_OK && i > 0) status = compare_to_first(m, &m->shards[i], err);
  }
  if (status == MNZ_OK) status = check_all_there(m, err);
  if (status == MNZ_OK && !m->options->overwrite)
    status = mnz_cli_check_loss(m->options->output, m->shards[0].info->scenario_text, m->shards[0].plan, err);
  return status;
}

static mnz_status print(const merge *m, const char *digest, mnz_error *err) {
  if (!m->cli->common.quiet)
    printf("%zu replications from %zu shards\nresults: %s, digest %s\n", m->rows.count, m->n,
           m->options->output, digest);
  if (m->failed == 0) return MNZ_OK;
  return mnz_fail(err, MNZ_MODEL, NULL, "%zu of %zu replications failed: see /failures in %s", m->failed,
                  m->rows.count, m->options->output);
}

static mnz_status run(const mnz_cli *cli, const void *options, mnz_error *err) {
  const merge_options *o = options;
  merge m = {.cli = cli, .options = o, .n = (size_t)cli->n_operands};
  mnz_summary_options how = mnz_summary_options_default();
  char digest[65] = "";
  mnz_status status;
  if (o->output == NULL) return mnz_fail(err, MNZ_USAGE, "merge", "--output is needed: where the whole goes");
  if ((status = mnz_cli_threads(o->threads, &how.threads, err)) != MNZ_OK) return status;
  if ((m.shards = mnz_arena_alloc(cli->arena, m.n, sizeof *m.shards, err)) == NULL) return MNZ_NO_MEMORY;
  mnz_cli_catch_signals();
  status = look_at_all(&m, err);
  if (status == MNZ_OK) status = load_scenario(&m, err);
  if (status == MNZ_OK) status = read_all(&m, err);
  if (status == MNZ_OK) status = put_in_order(&m, err);
  if (status == MNZ_OK) {
    how.confidence = m.shards[0].info->confidence;
    how.interval = mnz_interval_kind_of(m.shards[0].info->interval);
    how.seed = strtoull(mnz_scenario_seed(m.scenario), NULL, 10);
    status = write_whole(&m, &how, digest, err);
  }
  if (status == MNZ_OK) status = print(&m, digest, err);
  mnz_journal_close(m.journal);
  mnz_result_free(m.shape);
  mnz_scenario_free(m.scenario);
  for (size_t i = 0; i < m.n; i++) mnz_archive_info_free(m.shards[i].info);
  return status;
}

const mnz_cli_command mnz_cli_merge = {
    .name = "merge",
    .summary = "put the shards of a batch together",
    .description = "Writes one file that holds the replications of all shards, the same as if the batch had "
                   "run in one piece. "
                   "Refuses shards of different scenarios, a shard that is missing or there twice, and gaps.",
    .example = "monazite merge results/base.shard-*.h5 -o results/base.h5",
    .operand = "SHARD.h5...",
    .min_operands = 1,
    .max_operands = INT32_MAX,
    .completes = MNZ_CLI_RESULTS,
    .options = options_table,
    .options_size = sizeof(merge_options),
    .run = run,
};
