/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/side.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "cli/load.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "monazite/archive.h"

/* ---- what a file is ---- */

enum { BEGINNING = 8192 };

/* Past blanks and comments. */
static const char *skip_blanks(const char *at) {
  for (;;) {
    at += strspn(at, " \t\r\f\n");
    if (at[0] == '#' || strncmp(at, "//", 2) == 0) {
      at += strcspn(at, "\n");
    } else if (strncmp(at, "/*", 2) == 0) {
      const char *close = strstr(at + 2, "*/");
      at = close != NULL ? close + 2 : at + strlen(at);
    } else {
      return at;
    }
  }
}

/* The first that a scenario says is a setting, `title = ...`. Where it comes after more than we see, we
 * believe that it comes. */
static bool begins_as_scenario(const char *begin) {
  const char *key = skip_blanks(begin);
  const char *sign = skip_blanks(key + strcspn(key, " \t\r\f\n=:#/,;\"()[]{}"));
  if (sign == begin + BEGINNING) return true;
  return isalpha((unsigned char)*key) && (*sign == '=' || *sign == ':');
}

static bool ends_with(const char *text, const char *ending) {
  const size_t length = strlen(text);
  return length > strlen(ending) && strcmp(text + length - strlen(ending), ending) == 0;
}

static mnz_status find_kind(const char *path, bool *is_results, mnz_error *err) {
  static const char signature[] = MNZ_CLI_RESULTS_HEAD;
  char begin[BEGINNING + 1];
  struct stat about;
  *is_results = false;
  if (stat(path, &about) != 0) return MNZ_OK; /* the loader says why */
  if (!S_ISREG(about.st_mode)) return mnz_fail(err, MNZ_NO_INPUT, path, "is no ordinary file");
  FILE *file = fopen(path, "rb");
  if (file == NULL) return MNZ_OK;
  const size_t length = fread(begin, 1, BEGINNING, file);
  (void)fclose(file);
  begin[length] = '\0';
  *is_results = length >= strlen(signature) && memcmp(begin, signature, strlen(signature)) == 0;
  if (*is_results || ends_with(path, ".cfg") || begins_as_scenario(begin)) return MNZ_OK;
  return mnz_fail(err, MNZ_FORMAT, path, "is neither a scenario nor a results file");
}

/* ---- a results file ---- */

static mnz_status take(void *self, mnz_parcel **parcel, mnz_error *err) {
  mnz_cli_side *side = self;
  const mnz_status status = mnz_parcels_add(side->parcels, parcel, err);
  if (status != MNZ_OK || !mnz_cli_interrupted()) return status;
  return mnz_fail(err, MNZ_INTERRUPTED, NULL, "interrupted while reading %s", side->path);
}

static mnz_status open_results(const mnz_cli *cli, mnz_cli_side *side, mnz_error *err) {
  mnz_archive_info *info = NULL;
  mnz_status status = mnz_archive_read_info(side->path, false, &info, err);
  if (status == MNZ_OK)
    status = mnz_cli_load_kept(cli, side->path, info->scenario_text, &side->scenario, err);
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
    if (!ends_with(base, endings[i])) continue;
    length -= strlen(endings[i]);
    break;
  }
  return mnz_arena_format(cli->arena, err, "%.*s", (int)length, base);
}

mnz_status mnz_cli_side_look(const mnz_cli *cli, const char *path, mnz_cli_side *out, mnz_error *err) {
  *out = (mnz_cli_side){.path = path};
  if ((out->name = short_name(cli, path, err)) == NULL) return MNZ_NO_MEMORY;
  return find_kind(path, &out->is_results, err);
}

static mnz_status open_side(const mnz_cli *cli, const mnz_cli_texts *set, const char *seed,
                            mnz_cli_side *side, mnz_error *err) {
  const mnz_watch nothing = {.what = MNZ_WATCH_NOTHING};
  const bool kept = side->is_results;
  mnz_status status =
      kept ? open_results(cli, side, err) : mnz_cli_load(cli, side->path, set, seed, &side->scenario, err);
  if (status == MNZ_OK) status = mnz_shape_create(side->scenario, &nothing, &side->shape, err);
  if (status == MNZ_OK) status = mnz_parcels_create(&side->parcels, side->shape, err);
  if (status == MNZ_OK && kept) status = mnz_archive_read_rows(side->path, side->shape, take, side, err);
  return status;
}

mnz_status mnz_cli_side_open_all(const mnz_cli *cli, const mnz_cli_texts *set, const char *seed,
                                 mnz_cli_side *sides, size_t n, mnz_error *err) {
  mnz_status status = MNZ_OK;
  size_t wrong = 0;
  for (size_t i = 0; i < n; i++) {
    mnz_error trouble = {0};
    const mnz_status opened = open_side(cli, set, seed, &sides[i], &trouble);
    if (opened != MNZ_OK && wrong++ == 0) {
      status = opened;
      *err = trouble;
    }
    if (opened == MNZ_NO_MEMORY || opened == MNZ_INTERRUPTED) break;
  }
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

/* ---- warnings ---- */

__attribute__((format(printf, 2, 3))) static void warn(const mnz_cli *cli, const char *format, ...) {
  if (cli->common.quiet) return;
  va_list arguments;
  va_start(arguments, format);
  fputs("monazite: compare: warning: ", stderr);
  (void)vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
}

static bool differs(const char *a, const char *b) {
  return (a == NULL) != (b == NULL) || (a != NULL && strcmp(a, b) != 0);
}

bool mnz_cli_side_has_other_span(const mnz_cli_side *side, const mnz_cli_side *baseline) {
  const mnz_scenario *a = side->scenario;
  const mnz_scenario *b = baseline->scenario;
  return mnz_scenario_start(a) != mnz_scenario_start(b) || mnz_scenario_end(a) != mnz_scenario_end(b) ||
         mnz_scenario_measured_from(a) != mnz_scenario_measured_from(b);
}

/* With what would give all the same: nothing where results files differ, for they keep theirs. */
static void warn_of_seeds(const mnz_cli *cli, const mnz_cli_side *sides, size_t n) {
  static const char text[] = "the seeds differ, so that pairs do not share their random numbers";
  const char *kept = NULL; /* by the results files */
  bool contradict = false;
  for (size_t i = 0; i < n; i++) {
    if (!sides[i].is_results) continue;
    const char *seed = mnz_scenario_seed(sides[i].scenario);
    contradict = contradict || (kept != NULL && differs(kept, seed));
    kept = seed;
  }
  if (contradict) {
    warn(cli, "%s", text);
  } else if (kept != NULL) {
    warn(cli, "%s; --seed %s gives all the same", text, kept);
  } else {
    warn(cli, "%s; --seed gives all the same", text);
  }
}

void mnz_cli_side_warn(const mnz_cli *cli, const mnz_cli_side *sides, size_t n) {
  bool seed = false;
  bool span = false;
  bool focus = false;
  for (size_t i = 1; i < n; i++) {
    const mnz_scenario *base = sides[0].scenario;
    const mnz_scenario *s = sides[i].scenario;
    seed = seed || differs(mnz_scenario_seed(base), mnz_scenario_seed(s));
    span = span || mnz_cli_side_has_other_span(&sides[i], &sides[0]);
    focus = focus || differs(mnz_scenario_focus(base), mnz_scenario_focus(s));
  }
  if (seed) warn_of_seeds(cli, sides, n);
  if (span)
    warn(cli, "the scenarios begin or end on other days (or their warm-ups do), so that their totals are of "
              "other lengths of time and not compared");
  if (focus) warn(cli, "the scenarios have other countries in focus, so that their users are not the same");
}

/* ---- running ---- */

/* Counted to its largest number. */
static mnz_status find_extent(const mnz_cli_side *side, uint32_t *extent, mnz_error *err) {
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

mnz_status mnz_cli_side_choose(const mnz_cli *cli, const mnz_cli_side *sides, size_t n, uint32_t asked,
                               mnz_batch_options *options, mnz_error *err) {
  uint32_t most = UINT32_MAX; /* that can have a partner in every results file */
  for (size_t i = 0; i < n; i++) {
    uint32_t extent;
    if (!sides[i].is_results) continue;
    const mnz_status status = find_extent(&sides[i], &extent, err);
    if (status != MNZ_OK) return status;
    if (extent < most) most = extent;
  }
  if (asked > most)
    warn(cli, "of %u replications, the results files have no more than the first %u: only these are run",
         asked, most);
  if (asked > 0 || most < UINT32_MAX) options->replications = asked > 0 && asked < most ? asked : most;
  return MNZ_OK;
}

mnz_status mnz_cli_side_run(mnz_cli_side *side, const mnz_batch_options *options, mnz_batch_tick *tick,
                            void *tick_self, mnz_batch_outcome *outcome, mnz_error *err) {
  const mnz_sink sink = mnz_parcels_sink(side->parcels);
  return mnz_batch_run(side->scenario, side->shape, options, NULL, &sink, tick, tick_self, NULL, outcome,
                       err);
}
