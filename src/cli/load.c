/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/load.h"

#include <string.h>

#include "base/error.h"

#define BOLD  "\033[1m"
#define RED   "\033[31m"
#define AMBER "\033[33m"
#define DIM   "\033[2m"
#define PLAIN "\033[0m"

static void print_problem(FILE *to, bool color, bool with_line, const mnz_problem *p) {
  fputs(color ? BOLD : "", to);
  fputs(p->file[0] != '\0' ? p->file : "--set", to);
  if (p->line > 0) fprintf(to, ":%d", (int)p->line);
  fprintf(to, ": %s", color ? PLAIN : "");
  if (p->path[0] != '\0') fprintf(to, "%s: ", p->path);
  const char *paint = p->warning ? AMBER : RED;
  fprintf(to, "%s%s%s%s\n", color ? paint : "", p->warning ? "warning: " : "", p->message,
          color ? PLAIN : "");
  const char *line = p->text + strspn(p->text, " \t");
  if (with_line && line[0] != '\0') fprintf(to, "    %s%s%s\n", color ? DIM : "", line, color ? PLAIN : "");
}

void mnz_cli_print_problems(const mnz_cli *cli, FILE *to, bool color, const mnz_problems *problems) {
  for (size_t i = 0; i < problems->count; i++) {
    const mnz_problem *p = &problems->at[i];
    if (p->warning && cli->common.quiet) continue;
    print_problem(to, color, color || cli->common.verbose, p);
  }
}

/* The overrides with the seed behind them. */
static mnz_status add_seed(const mnz_cli *cli, const char *seed, mnz_cli_texts *set, mnz_error *err) {
  if (seed == NULL) return MNZ_OK;
  if (seed[0] == '\0' || seed[strspn(seed, "0123456789")] != '\0')
    return mnz_fail(err, MNZ_USAGE, cli->name, "--seed: found \"%s\"; expected a whole number", seed);
  const char **all = mnz_arena_alloc(cli->arena, set->count + 1, sizeof *all, err);
  if (all == NULL) return MNZ_NO_MEMORY;
  for (size_t i = 0; i < set->count; i++) all[i] = set->at[i];
  all[set->count] = mnz_arena_format(cli->arena, err, "seed=\"%s\"", seed);
  *set = (mnz_cli_texts){all, set->count + 1};
  return all[set->count - 1] != NULL ? MNZ_OK : MNZ_NO_MEMORY;
}

mnz_status mnz_cli_load(const mnz_cli *cli, const char *file, const mnz_cli_texts *set, const char *seed,
                        mnz_scenario **out, mnz_error *err) {
  mnz_problems *problems = NULL;
  mnz_cli_texts all = *set;
  mnz_status status = add_seed(cli, seed, &all, err);
  if (status != MNZ_OK) return status;
  status = mnz_scenario_load(out, file, all.at, all.count, &problems, err);
  if (problems != NULL) {
    if (!cli->silent) mnz_cli_print_problems(cli, stderr, cli->color_err, problems);
    if (status == MNZ_SCENARIO)
      mnz_fail(err, MNZ_SCENARIO, file, "the scenario is not valid: %zu mistake%s", problems->errors,
               problems->errors == 1 ? "" : "s");
  }
  mnz_problems_free(problems);
  return status;
}

mnz_status mnz_cli_load_kept(const mnz_cli *cli, const char *path, const char *text, mnz_scenario **out,
                             mnz_error *err) {
  mnz_problems *problems = NULL;
  const char *name = mnz_arena_format(cli->arena, err, "%s (its scenario)", path);
  if (name == NULL) return MNZ_NO_MEMORY;
  mnz_status status = mnz_scenario_load_text(out, name, text, &problems, err);
  if (status == MNZ_SCENARIO) {
    mnz_cli_print_problems(cli, stderr, cli->color_err, problems);
    status = mnz_fail(err, MNZ_FORMAT, path, "its scenario is not valid for this version of monazite");
  }
  mnz_problems_free(problems);
  return status;
}
