/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/side.h"

#include <string.h>

#include "base/error.h"
#include "cli/load.h"
#include "cli/signals.h"
#include "monazite/archive.h"

static bool begins_as_results(const char *path) {
  static const char signature[] = "\211HDF\r\n\032\n";
  char begin[sizeof signature - 1];
  FILE *file = fopen(path, "rb");
  if (file == NULL) return false; /* the loader says why */
  const bool same =
      fread(begin, 1, sizeof begin, file) == sizeof begin && memcmp(begin, signature, sizeof begin) == 0;
  (void)fclose(file);
  return same;
}

/* ---- a results file ---- */

static mnz_status take(void *self, mnz_parcel **parcel, mnz_error *err) {
  mnz_cli_side *side = self;
  const mnz_status status = mnz_parcels_add(side->parcels, parcel, err);
  if (status != MNZ_OK || !mnz_cli_interrupted()) return status;
  return mnz_fail(err, MNZ_INTERRUPTED, NULL, "interrupted while reading %s", side->path);
}

/* The scenario as the file keeps it: what it says was found when it was run, so warnings are not repeated. */
static mnz_status load_kept(const mnz_cli *cli, const char *text, mnz_cli_side *side, mnz_error *err) {
  mnz_problems *problems = NULL;
  const char *name = mnz_arena_format(cli->arena, err, "%s (its scenario)", side->path);
  if (name == NULL) return MNZ_NO_MEMORY;
  mnz_status status = mnz_scenario_load_text(&side->scenario, name, text, &problems, err);
  if (status == MNZ_SCENARIO) {
    mnz_cli_print_problems(cli, stderr, cli->color_err, problems);
    status = mnz_fail(err, MNZ_FORMAT, side->path, "its scenario is not valid for this version of monazite");
  }
  mnz_problems_free(problems);
  return status;
}

static mnz_status open_results(const mnz_cli *cli, mnz_cli_side *side, mnz_error *err) {
  mnz_archive_info *info = NULL;
  mnz_status status = mnz_archive_read_info(side->path, false, &info, err);
  if (status == MNZ_OK) status = load_kept(cli, info->scenario_text, side, err);
  mnz_archive_info_free(info);
  return status;
}

/* ---- both ---- */

/* "runs/embargo.h5": "embargo". */
static const char *short_name(const mnz_cli *cli, const char *path, mnz_error *err) {
  static const char *const endings[] = {".cfg", ".h5"};
  const char *slash = strrchr(path, '/');
  const char *base = slash != NULL && slash[1] != '\0' ? slash + 1 : path;
  size_t length = strlen(base);
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
    const size_t ending = strlen(endings[i]);
    if (length > ending && strcmp(base + length - ending, endings[i]) == 0) {
      length -= ending;
      break;
    }
  }
  return mnz_arena_format(cli->arena, err, "%.*s", (int)length, base);
}

mnz_status mnz_cli_side_open(const mnz_cli *cli, const char *path, const mnz_cli_texts *set, const char *seed,
                             mnz_cli_side *out, mnz_error *err) {
  const mnz_watch nothing = {.what = MNZ_WATCH_NOTHING};
  *out = (mnz_cli_side){.path = path, .is_results = begins_as_results(path)};
  if ((out->name = short_name(cli, path, err)) == NULL) return MNZ_NO_MEMORY;
  mnz_status status =
      out->is_results ? open_results(cli, out, err) : mnz_cli_load(cli, path, set, seed, &out->scenario, err);
  if (status == MNZ_OK) status = mnz_shape_create(out->scenario, &nothing, &out->shape, err);
  if (status == MNZ_OK) status = mnz_parcels_create(&out->parcels, out->shape, err);
  if (status == MNZ_OK && out->is_results) status = mnz_archive_read_rows(path, out->shape, take, out, err);
  return status;
}

void mnz_cli_side_close(mnz_cli_side *side) {
  mnz_parcels_free(side->parcels);
  mnz_result_free(side->shape);
  mnz_scenario_free(side->scenario);
  *side = (mnz_cli_side){0};
}

static bool is_taken(const mnz_cli_side *sides, size_t n, const char *name) {
  bool taken = false;
  for (size_t i = 0; i < n; i++) taken = taken || strcmp(sides[i].name, name) == 0;
  return taken;
}

/* Is there another file of that name? */
static bool is_ambiguous(const mnz_cli_side *sides, size_t n, const mnz_cli_side *one) {
  bool ambiguous = false;
  for (size_t i = 0; i < n; i++)
    ambiguous = ambiguous || (strcmp(sides[i].name, one->name) == 0 && strcmp(sides[i].path, one->path) != 0);
  return ambiguous;
}

mnz_status mnz_cli_side_names(const mnz_cli *cli, mnz_cli_side *sides, size_t n, mnz_error *err) {
  bool *ambiguous = mnz_arena_alloc(cli->arena, n, sizeof *ambiguous, err);
  if (ambiguous == NULL) return MNZ_NO_MEMORY;
  for (size_t i = 0; i < n; i++) ambiguous[i] = is_ambiguous(sides, n, &sides[i]);
  for (size_t i = 0; i < n; i++)
    if (ambiguous[i]) sides[i].name = sides[i].path;
  for (size_t i = 1; i < n; i++) {
    const char *name = sides[i].name;
    for (size_t number = 2; is_taken(sides, i, sides[i].name); number++) {
      sides[i].name = mnz_arena_format(cli->arena, err, "%s (%zu)", name, number);
      if (sides[i].name == NULL) return MNZ_NO_MEMORY;
    }
  }
  return MNZ_OK;
}

mnz_status mnz_cli_side_extent(const mnz_cli_side *side, uint32_t *extent, mnz_error *err) {
  const mnz_rows rows = mnz_parcels_rows(side->parcels);
  *extent = 0;
  for (size_t i = 0; i < rows.count; i++) {
    mnz_row row;
    const mnz_status status = rows.head(rows.self, i, &row, err);
    if (status != MNZ_OK) return status;
    if (row.replication >= *extent) *extent = row.replication + 1;
  }
  return MNZ_OK;
}

static void warn(const mnz_cli *cli, const char *text) {
  if (!cli->common.quiet) fprintf(stderr, "monazite: compare: warning: %s\n", text);
}

static bool differs(const char *a, const char *b) {
  return (a == NULL) != (b == NULL) || (a != NULL && strcmp(a, b) != 0);
}

void mnz_cli_side_warn(const mnz_cli *cli, const mnz_cli_side *sides, size_t n) {
  bool seed = false;
  bool span = false;
  bool focus = false;
  const mnz_scenario *base = sides[0].scenario;
  for (size_t i = 1; i < n; i++) {
    const mnz_scenario *s = sides[i].scenario;
    seed = seed || differs(mnz_scenario_seed(base), mnz_scenario_seed(s));
    span = span || mnz_scenario_start(base) != mnz_scenario_start(s) ||
           mnz_scenario_end(base) != mnz_scenario_end(s);
    focus = focus || differs(mnz_scenario_focus(base), mnz_scenario_focus(s));
  }
  if (seed)
    warn(cli, "the seeds differ, so that pairs do not share their random numbers; --seed gives all the same");
  if (span)
    warn(cli, "the scenarios begin or end on other days, so that their totals are of other lengths of time");
  if (focus) warn(cli, "the scenarios have other countries in focus, so that their users are not the same");
}

/* ---- running ---- */

mnz_status mnz_cli_side_run(mnz_cli_side *side, const mnz_batch_options *options, mnz_batch_tick *tick,
                            void *tick_self, mnz_batch_outcome *outcome, mnz_error *err) {
  const mnz_sink sink = mnz_parcels_sink(side->parcels);
  return mnz_batch_run(side->scenario, side->shape, options, NULL, &sink, tick, tick_self, NULL, outcome,
                       err);
}
