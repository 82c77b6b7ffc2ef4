/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monazite validate: the findings are the answer, so they go to standard output. */
#include "cli/load.h"

#include <jansson.h>

#include "base/error.h"
#include "cli/json.h"
#include "monazite/calendar.h"

typedef struct validate_options {
  mnz_cli_common common;
  mnz_cli_texts set;
} validate_options;

static const mnz_cli_option options_table[] = {
    MNZ_CLI_SET_OPTION(validate_options),
    {0},
};

static json_t *problem_json(const mnz_problem *p) {
  return json_pack("{s:b, s:s, s:i, s:s, s:s, s:s}", "warning", (int)p->warning, "file", p->file, "line",
                   (int)p->line, "path", p->path, "message", p->message, "text", p->text);
}

/* scenario: NULL when it is not valid */
static mnz_status print_json(const char *file, const mnz_scenario *scenario, const mnz_problems *problems,
                             mnz_error *err) {
  json_t *list = json_array();
  for (size_t i = 0; i < problems->count; i++) json_array_append_new(list, problem_json(&problems->at[i]));
  json_t *root = json_pack("{s:s, s:b, s:I, s:I, s:o}", "file", file, "valid", (int)(scenario != NULL),
                           "errors", (json_int_t)problems->errors, "warnings",
                           (json_int_t)(problems->count - problems->errors), "problems", list);
  if (root != NULL && scenario != NULL) {
    char start[32];
    char end[32];
    json_t *said = json_pack(
        "{s:s, s:s, s:s, s:s, s:s}", "title", mnz_scenario_title(scenario), "question",
        mnz_scenario_question(scenario), "start", mnz_moment_format(mnz_scenario_start(scenario), start),
        "end", mnz_moment_format(mnz_scenario_end(scenario), end), "seed", mnz_scenario_seed(scenario));
    if (said == NULL || json_object_update_missing(root, said) != 0) {
      json_decref(root);
      root = NULL;
    }
    json_decref(said);
  }
  return mnz_cli_print_json(root, err);
}

static void print_count(size_t count, const char *thing) {
  printf("%zu %s%s", count, thing, count == 1 ? "" : "s");
}

static void print_verdict(const mnz_scenario *scenario, const mnz_problems *problems) {
  const size_t warnings = problems->count - problems->errors;
  if (scenario == NULL) {
    fputs("not valid: ", stdout);
    print_count(problems->errors, "mistake");
  } else {
    char start[32];
    char end[32];
    printf("valid: %s, %s to %s, seed %s", mnz_scenario_title(scenario),
           mnz_moment_format(mnz_scenario_start(scenario), start),
           mnz_moment_format(mnz_scenario_end(scenario), end), mnz_scenario_seed(scenario));
  }
  if (warnings > 0) fputs(", ", stdout);
  if (warnings > 0) print_count(warnings, "warning");
  putchar('\n');
}

static mnz_status run(const mnz_cli *cli, const void *options, mnz_error *err) {
  const validate_options *o = options;
  mnz_scenario *scenario = NULL;
  mnz_problems *problems = NULL;
  mnz_status status = mnz_scenario_load(&scenario, cli->operands[0], o->set.at, o->set.count, &problems, err);
  if (status != MNZ_OK && status != MNZ_SCENARIO) goto out;

  if (cli->common.json && !cli->common.quiet) {
    const mnz_status printed = print_json(cli->operands[0], scenario, problems, err);
    if (printed != MNZ_OK) {
      status = printed;
      goto out;
    }
  } else {
    mnz_cli_print_problems(cli, stdout, cli->color_out, problems);
    if (!cli->common.quiet) print_verdict(scenario, problems);
  }
  if (status != MNZ_OK) mnz_fail(err, status, NULL, "%s", ""); /* all has been said */

out:
  mnz_problems_free(problems);
  mnz_scenario_free(scenario);
  return status;
}

const mnz_cli_command mnz_cli_validate = {
    .name = "validate",
    .summary = "check a scenario without running it",
    .description =
        "Prints every mistake and warning at once, each as \"file:line: path: what was found; what "
        "was expected\". Warnings alone are no failure.",
    .example = "monazite validate scenarios/tutorial/first-mine.cfg",
    .operand = "FILE",
    .min_operands = 1,
    .max_operands = 1,
    .completes = MNZ_CLI_SCENARIO,
    .options = options_table,
    .options_size = sizeof(validate_options),
    .takes_json = true,
    .run = run,
};
