/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading: text -> tree -> structs -> checked scenario. Every step reports all it finds; a step begins only
 * where the one before left no errors, because what it would find then is the same mistake once more. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "config/bind.h"
#include "config/tree_parts.h"
#include "world/scenario.h"

/* ---- what the checks find, at its file and line ---- */

typedef struct placer {
  mnz_finder *finder;
  mnz_tree *root;
} placer;

static void report_error(void *context, const char *path, const char *message) {
  const placer *const p = context;
  bool exact;
  const mnz_tree *const at = mnz_tree_at(p->root, path, &exact);
  mnz_finder_error(p->finder, at->file, at->line, path, "%s", message);
}

static void report_warning(void *context, const char *path, const char *message) {
  const placer *const p = context;
  bool exact;
  const mnz_tree *const at = mnz_tree_at(p->root, path, &exact);
  mnz_finder_warning(p->finder, at->file, at->line, path, "%s", message);
}

/* ---- what is read ---- */

typedef struct source {
  const char *name; /* the file's path, or what stands for it */
  const char *text; /* NULL: what the file and its overrides say */
  const char *const *overrides;
  size_t n_overrides;
} source;

/* A text is taken as it is: the files that it came from may be gone, or say something else by now. */
static mnz_status read_text(mnz_tree **out, mnz_arena *arena, const source *from, mnz_finder *finder,
                            mnz_error *err) {
  const char *const whole = mnz_arena_format(arena, err, "%s\n", from->text);
  if (whole == NULL) return MNZ_NO_MEMORY;
  mnz_finder_tell(finder, from->name, from->text);
  const mnz_tree_text text = {from->name, "", whole, strlen(whole), finder};
  const mnz_status status = mnz_tree_read(out, arena, &text, err);
  if (status != MNZ_OK || *out == NULL) return status;
  const mnz_tree *const extends = mnz_tree_child(*out, "extends");
  if (extends == NULL) return MNZ_OK;
  mnz_finder_error(finder, extends->file, extends->line, "extends",
                   "found a text that extends a file; expected one that says everything itself");
  *out = NULL;
  return MNZ_OK;
}

/* *out is NULL, with errors in the finder, when it cannot be understood at all. */
static mnz_status read_source(mnz_tree **out, mnz_arena *arena, const source *from, mnz_finder *finder,
                              mnz_error *err) {
  if (from->text != NULL) return read_text(out, arena, from, finder, err);
  return mnz_tree_load(out, arena, from->name, from->overrides, from->n_overrides, finder, err);
}

/* ---- loading ---- */

static mnz_status create(mnz_scenario **out, mnz_error *err) {
  mnz_status status = mnz_new_array(out, 1, err);
  if (status == MNZ_OK) status = mnz_arena_create(&(*out)->arena, err);
  return status;
}

/* Returns MNZ_OK with errors in the finder when the scenario is not valid. */
static mnz_status fill(mnz_scenario *scenario, const source *from, mnz_finder *finder, mnz_error *err) {
  mnz_tree *root;
  mnz_status status = read_source(&root, scenario->arena, from, finder, err);
  if (status != MNZ_OK || root == NULL) return status;
  scenario->source = root;
  status = mnz_bind_scenario(scenario, root, finder, err);
  if (status != MNZ_OK || mnz_finder_errors(finder) > 0) return status;
  placer p = {finder, root};
  const mnz_findings findings = {&p, report_error, report_warning};
  status = mnz_scenario_finish(scenario, &findings, err);
  return status == MNZ_SCENARIO && mnz_finder_errors(finder) > 0 ? MNZ_OK : status;
}

static mnz_status load(mnz_scenario **out, const source *from, mnz_problems **problems, mnz_error *err) {
  mnz_finder *finder = NULL;
  mnz_scenario *scenario = NULL;
  *out = NULL;
  *problems = NULL;
  mnz_status status = mnz_finder_create(&finder, err);
  if (status != MNZ_OK) goto out;
  if ((status = create(&scenario, err)) != MNZ_OK) goto out;
  if ((status = fill(scenario, from, finder, err)) == MNZ_NO_MEMORY) goto out;

  const size_t errors = mnz_finder_errors(finder);
  const mnz_status taken = mnz_finder_take(finder, problems, err);
  if (taken != MNZ_OK)
    status = taken;
  else if (status == MNZ_OK && errors > 0)
    status = mnz_fail(err, MNZ_SCENARIO, from->name, "found %zu mistake%s; expected none", errors,
                      errors > 1 ? "s" : "");
  if (status == MNZ_OK) {
    *out = scenario;
    scenario = NULL;
  }

out:
  mnz_scenario_free(scenario);
  mnz_finder_free(finder);
  return status;
}

mnz_status mnz_scenario_load(mnz_scenario **out, const char *path, const char *const *overrides,
                             size_t n_overrides, mnz_problems **problems, mnz_error *err) {
  const source from = {.name = path, .overrides = overrides, .n_overrides = n_overrides};
  return load(out, &from, problems, err);
}

mnz_status mnz_scenario_load_text(mnz_scenario **out, const char *name, const char *text,
                                  mnz_problems **problems, mnz_error *err) {
  const source from = {.name = name, .text = text};
  return load(out, &from, problems, err);
}

void mnz_scenario_free(mnz_scenario *scenario) {
  if (scenario == NULL) return;
  mnz_arena_free(scenario->arena);
  free(scenario);
}

/* ---- what it says ---- */

const char *mnz_scenario_title(const mnz_scenario *scenario) {
  return scenario->title;
}

const char *mnz_scenario_question(const mnz_scenario *scenario) {
  return scenario->question != NULL ? scenario->question : "";
}

const char *mnz_scenario_seed(const mnz_scenario *scenario) {
  return scenario->seed_text;
}

int64_t mnz_scenario_start(const mnz_scenario *scenario) {
  return scenario->start_us;
}

int64_t mnz_scenario_end(const mnz_scenario *scenario) {
  return scenario->end_us;
}

const char *mnz_scenario_focus(const mnz_scenario *scenario) {
  return scenario->focus;
}
