/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/batch_setup.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/error.h"
#include "batch/team.h"
#include "cli/duration.h"
#include "cli/json.h"
#include "cli/save.h"
#include "cli/threads.h"

enum { USUAL_REPLICATIONS = 1000, MOST_BOOTSTRAP = 4000000 };

mnz_status mnz_cli_confidence(const char *text, double *confidence, mnz_error *err) {
  *confidence = 0.95;
  if (text == NULL) return MNZ_OK;
  char *end = NULL;
  const bool begins = isdigit((unsigned char)text[0]) || text[0] == '.';
  const double percent = begins ? strtod(text, &end) : 0;
  while (begins && *end == ' ') end++;
  if (begins && *end == '%') end++;
  *confidence = percent / 100;
  if (begins && *end == '\0' && percent >= 50 && percent <= 99.999) return MNZ_OK;
  return mnz_fail(err, MNZ_USAGE, "--confidence", "found \"%s\"; expected a percentage from 50 to 99.999",
                  text);
}

static mnz_status read_bands(const char *text, mnz_watch *watch, mnz_error *err) {
  static const struct {
    const char *word;
    int32_t months;
    int64_t days;
  } words[] = {{"month", 1, 0}, {"quarter", 3, 0}, {"year", 12, 0}, {"week", 0, 7}, {"day", 0, 1}};
  if (text == NULL) return MNZ_OK;
  if (strcmp(text, "none") == 0) {
    watch->what = MNZ_WATCH_NOTHING;
    return MNZ_OK;
  }
  watch->months = 0;
  watch->period_us = 0;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (strcmp(text, words[i].word) != 0) continue;
    watch->months = words[i].months;
    watch->period_us = words[i].days * INT64_C(86400000000);
    return MNZ_OK;
  }
  long long us = 0;
  if (mnz_cli_duration("--bands", text, &us, NULL) != MNZ_OK || us < 60000000)
    return mnz_fail(err, MNZ_USAGE, "--bands",
                    "found \"%s\"; expected month, quarter, year, week, day, none or a span such as \"14 d\"",
                    text);
  watch->period_us = us;
  return MNZ_OK;
}

static mnz_status read_watch(const mnz_cli_batch_options *o, mnz_watch *watch, mnz_error *err) {
  *watch = (mnz_watch){.what = MNZ_WATCH_HEADLINES, .months = 1};
  if (o->series == MNZ_CLI_SERIES_ALL) *watch = (mnz_watch){.what = MNZ_WATCH_ALL};
  mnz_status status = mnz_cli_read_save(o->save, watch, err);
  if (status == MNZ_OK) status = read_bands(o->bands, watch, err);
  if (status == MNZ_OK && o->series == MNZ_CLI_SERIES_ALL && watch->what == MNZ_WATCH_NOTHING)
    return mnz_fail(err, MNZ_USAGE, "batch", "--series=all and --bands=none contradict each other");
  return status;
}

/* "results/base.h5" of shard 3 of 8: "results/base.shard-3-of-8.h5". */
static const char *shard_output(const mnz_cli *cli, const char *output, const mnz_batch_options *b,
                                mnz_error *err) {
  const size_t length = strlen(output);
  const bool h5 = length > 3 && strcmp(output + length - 3, ".h5") == 0;
  return mnz_arena_format(cli->arena, err, "%.*s.shard-%u-of-%u%s", (int)(h5 ? length - 3 : length), output,
                          b->shard, b->shards, h5 ? ".h5" : "");
}

/* Ranks on one node share its cores. */
static mnz_status read_threads(const mnz_cli *cli, const char *text, uint32_t *threads, mnz_error *err) {
  const bool automatic = text == NULL || strcmp(text, "auto") == 0;
  if (!automatic || cli->team == NULL) return mnz_cli_threads(text, threads, err);
  *threads = cli->team->cores;
  return MNZ_OK;
}

mnz_status mnz_cli_batch_read(const mnz_cli *cli, const mnz_cli_batch_options *o, mnz_cli_batch_setup *out,
                              mnz_error *err) {
  *out = (mnz_cli_batch_setup){.output = o->output, .seconds = INFINITY};
  mnz_batch_options *b = &out->batch;
  *b = mnz_batch_options_default();
  out->summary = mnz_summary_options_default();
  mnz_status status = read_threads(cli, o->threads, &b->threads, err);
  if (status == MNZ_OK) status = mnz_cli_shard(o->shard, &b->shard, &b->shards, err);
  if (status == MNZ_OK) status = mnz_cli_confidence(o->confidence, &b->confidence, err);
  if (status == MNZ_OK) status = read_watch(o, &b->watch, err);
  long long us = 0;
  if (status == MNZ_OK && o->time_limit != NULL &&
      (status = mnz_cli_duration("--time-limit", o->time_limit, &us, err)) == MNZ_OK)
    out->seconds = (double)us * 1e-6;
  if (status != MNZ_OK) return status;
  b->replications = o->replications > 0 ? (uint32_t)o->replications : USUAL_REPLICATIONS;
  if (o->minimum > 0) b->minimum = (uint32_t)o->minimum;
  if (o->block > 0) b->block = (uint32_t)o->block;
  if (o->shard != NULL && o->until.count > 0)
    return mnz_fail(err, MNZ_USAGE, "batch", "--until needs all replications in one batch, not in shards");
  if (o->minimum > 0 && o->until.count == 0)
    return mnz_fail(err, MNZ_USAGE, "batch", "--minimum is about --until, which was not said");
  if (o->minimum > (int64_t)b->replications)
    return mnz_fail(err, MNZ_USAGE, "batch", "--minimum is more than the %u replications at most",
                    b->replications);
  if (o->digits > 0 && (o->series == MNZ_CLI_SERIES_NONE || b->watch.what == MNZ_WATCH_NOTHING))
    return mnz_fail(err, MNZ_USAGE, "batch", "--digits is about series, which are not kept");
  if (o->resume && o->overwrite)
    return mnz_fail(err, MNZ_USAGE, "batch", "--resume and --overwrite contradict each other");
  if (o->intervals == MNZ_INTERVAL_BOOTSTRAP && b->replications > MOST_BOOTSTRAP)
    return mnz_fail(err, MNZ_USAGE, "batch", "--intervals=bootstrap is for at most %d replications",
                    MOST_BOOTSTRAP);
  if (o->shard != NULL && o->series == MNZ_CLI_SERIES_NONE)
    return mnz_fail(err, MNZ_USAGE, "batch",
                    "--shard with --series=none cannot be merged; leave the series out "
                    "when merging (--no-series)");
  if (o->shard != NULL && o->output == NULL)
    return mnz_fail(err, MNZ_USAGE, "batch", "--shard needs --output: what would be merged?");
  if (o->resume && o->output == NULL)
    return mnz_fail(err, MNZ_USAGE, "batch", "--resume needs --output: the file to go on with");
  if (o->save != NULL && o->output == NULL)
    return mnz_fail(err, MNZ_USAGE, "batch", "--save needs --output: where would it be kept?");
  if (o->save != NULL && cli->team != NULL)
    return mnz_fail(err, MNZ_USAGE, "batch",
                    "--save is not for monazite-mpi: run shards with monazite, and merge them");
  if (o->shard != NULL && (out->output = shard_output(cli, o->output, b, err)) == NULL) return MNZ_NO_MEMORY;
  if (mnz_batch_planned(b) == 0)
    return mnz_fail(err, MNZ_USAGE, "batch", "shard %u of %u has none of the %u replications", b->shard,
                    b->shards, b->replications);
  b->team = cli->team;
  out->summary.confidence = b->confidence;
  out->summary.threads = b->threads;
  out->summary.interval = (mnz_interval_kind)o->intervals;
  return MNZ_OK;
}

mnz_status mnz_cli_batch_prepare(const mnz_cli *cli, const mnz_cli_batch_options *o,
                                 const mnz_scenario *scenario, mnz_cli_batch_setup *out, mnz_error *err) {
  mnz_batch_options *b = &out->batch;
  out->scenario = scenario;
  out->summary.seed = strtoull(mnz_scenario_seed(scenario), NULL, 10);
  mnz_status status = mnz_shape_create(scenario, &b->watch, &out->shape, err);
  if (status == MNZ_OK) status = mnz_scenario_explain(scenario, false, &out->scenario_text, err);
  if (status != MNZ_OK) return status;
  out->shape->digits = (int32_t)o->digits;
  out->aims = mnz_arena_alloc(cli->arena, o->until.count, sizeof *out->aims, err);
  out->states = mnz_arena_alloc(cli->arena, o->until.count, sizeof *out->states, err);
  if (o->until.count > 0 && (out->aims == NULL || out->states == NULL)) return MNZ_NO_MEMORY;
  for (size_t i = 0; i < o->until.count && status == MNZ_OK; i++)
    status = mnz_aim_parse(out->shape, o->until.at[i], &out->aims[i], err);
  b->aims = out->aims;
  b->n_aims = o->until.count;
  out->identity = (mnz_journal_identity){.scenario_text = out->scenario_text,
                                         .watch = b->watch,
                                         .digits = (int32_t)o->digits,
                                         .shard = b->shard,
                                         .shards = b->shards,
                                         .plan = o->replications > 0 || !o->resume ? b->replications : 0};
  return status;
}

void mnz_cli_batch_release(mnz_cli_batch_setup *setup) {
  mnz_result_free(setup->shape);
  free(setup->scenario_text);
  setup->shape = NULL;
  setup->scenario_text = NULL;
}

/* ---- what it will take ---- */

/* Packed, a number keeps about so much of its bytes, measured on the base scenario and the tutorials: little
 * where replications are alike, and less of all accounts, many of which stand still. */
static const double PACKED_MEASURES = 0.25;
static const double PACKED_HEADLINES = 0.25;
static const double PACKED_ACCOUNTS = 0.12;
static const double SUMMARY_BYTES = 6e5;
static const double WORLD_BYTES = 12e6; /* one replication at work, and its thread */

typedef struct prediction {
  double measures; /* bytes a replication */
  double series;
  double journal;
  double file;
  double memory;
} prediction;

static prediction predict(const mnz_cli_batch_options *o, const mnz_cli_batch_setup *s) {
  const mnz_batch_options *b = &s->batch;
  const double n = mnz_batch_planned(b);
  prediction p = {.journal = n * (double)(mnz_parcel_bytes(s->shape) + 8)};
  for (size_t k = 0; k < s->shape->n_variables; k++) {
    const mnz_variable *v = &s->shape->variables[k];
    const double bytes = (double)(mnz_result_cells(s->shape, v) * mnz_cell_size(v->cell));
    *(v->series ? &p.series : &p.measures) += bytes;
  }
  const double packed = b->watch.what == MNZ_WATCH_ALL ? PACKED_ACCOUNTS : PACKED_HEADLINES;
  const double written = o->series == MNZ_CLI_SERIES_NONE ? 0 : p.series;
  p.file = n * (PACKED_MEASURES * p.measures + packed * written) + SUMMARY_BYTES;
  const double waiting = b->watch.events ? INFINITY : 16.0 * b->threads * (double)mnz_parcel_bytes(s->shape);
  p.memory = b->threads * (WORLD_BYTES + 2 * p.series) + fmin(waiting, 128e6 + 2 * b->threads * p.series) +
             (double)s->summary.memory + 2e7 + (s->output == NULL ? p.journal : 0);
  return p;
}

static void warn_of_shortage(const mnz_cli_batch_setup *s, const prediction *p) {
  char folder[4096] = ".";
  struct statvfs fs;
  const char *slash = s->output != NULL ? strrchr(s->output, '/') : NULL;
  if (slash != NULL)
    snprintf(folder, sizeof folder, "%.*s", slash == s->output ? 1 : (int)(slash - s->output), s->output);
  if (s->output != NULL && statvfs(folder, &fs) == 0) {
    const double free_bytes = (double)fs.f_bavail * (double)fs.f_frsize;
    if (p->file + p->journal > free_bytes)
      printf("warning       only %.1f MB of disk are free\n", free_bytes / 1e6);
  }
  const double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
  if (memory > 0 && p->memory > memory)
    printf("warning       the machine has only %.0f MB of memory\n", memory / 1e6);
}

mnz_status mnz_cli_batch_predict(const mnz_cli *cli, const mnz_cli_batch_options *o,
                                 const mnz_cli_batch_setup *s, size_t there, mnz_error *err) {
  const mnz_batch_options *b = &s->batch;
  const prediction p = predict(o, s);
  if (cli->common.json)
    return mnz_cli_print_json(json_pack("{s:s, s:I, s:I, s:I, s:I, s:s?, s:f, s:f, s:f, s:f, s:f, s:b}",
                                        "scenario", mnz_scenario_title(s->scenario), "replications",
                                        (json_int_t)mnz_batch_planned(b), "threads", (json_int_t)b->threads,
                                        "shard", (json_int_t)b->shard, "shards", (json_int_t)b->shards,
                                        "output", s->output, "measures_bytes", p.measures, "series_bytes",
                                        p.series, "journal_bytes", p.journal, "file_bytes", p.file,
                                        "memory_bytes", p.memory, "events", (int)b->watch.events),
                              err);
  printf("%s\n", mnz_scenario_title(s->scenario));
  printf("replications  %u", mnz_batch_planned(b));
  if (b->shards > 1) printf(" of %u: shard %u of %u", b->replications, b->shard, b->shards);
  printf(", on %u thread%s\n", b->threads, b->threads == 1 ? "" : "s");
  if (there > 0) printf("there         %zu of them already\n", there);
  printf("each          %.1f kB of measures, %.1f kB of series\n", p.measures / 1e3, p.series / 1e3);
  const char *more = b->watch.events ? ", plus the event logs" : "";
  if (s->output != NULL) {
    printf("file          about %.1f MB%s: %s\n", p.file / 1e6, more, s->output);
    printf("journal       %.1f MB%s, beside it while the batch runs\n", p.journal / 1e6, more);
  }
  printf("memory        about %.0f MB%s\n", p.memory / 1e6,
         b->watch.events ? ", plus a few event logs a thread" : "");
  for (size_t i = 0; i < b->n_aims; i++)
    printf("until         %s is known to %g%s, at %g %% confidence\n", b->aims[i].name,
           b->aims[i].relative ? 100 * b->aims[i].width : b->aims[i].width,
           b->aims[i].relative ? " % of its mean" : "", 100 * b->confidence);
  warn_of_shortage(s, &p);
  puts(o->warm_up != NULL && strcmp(o->warm_up, "mser5") == 0 ? "nothing but the pilot was run"
                                                              : "nothing was run");
  return MNZ_OK;
}
