/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monazite info: what a results file says of itself. */
#include "cli/cli.h"

#include "base/error.h"
#include "cli/json.h"
#include "monazite/archive.h"

typedef struct info_options {
  mnz_cli_common common;
  bool check;
  bool digest;
  bool scenario;
} info_options;

static const mnz_cli_option options_table[] = {
    {.name = "check",
     .offset = offsetof(info_options, check),
     .help = "read everything, recompute the data digest and compare it"},
    {.name = "digest", .offset = offsetof(info_options, digest), .help = "print the data digest alone"},
    {.name = "scenario",
     .offset = offsetof(info_options, scenario),
     .help = "print the scenario that gave the results, as text that can be run again"},
    {0},
};

static mnz_status print_as_json(const mnz_archive_info *info, bool checked, mnz_error *err) {
  json_t *variables = json_array();
  for (size_t i = 0; i < info->n_variables; i++)
    json_array_append_new(variables, json_string(info->variables[i]));
  return mnz_cli_print_json(
      json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:I, s:s, s:s, s:b, s:s, s:s, s:o}", "title",
                info->title, "status", info->status, "format_version", info->format_version, "version",
                info->version, "seed", info->seed, "replications", (json_int_t)info->replications,
                "time_units", info->time_units, "bytes", (json_int_t)info->bytes, "scenario_sha256",
                info->scenario_sha256, "digest", info->digest, "checked", (int)checked, "run", info->run,
                "scenario_text", info->scenario_text, "variables", variables),
      err);
}

static void print_as_text(const mnz_archive_info *info, bool checked) {
  printf("title         %s\n", info->title);
  printf("status        %s\n", info->status);
  printf("format        %s, written by monazite %s\n", info->format_version, info->version);
  printf("seed          %s\n", info->seed);
  printf("replications  %zu\n", info->replications);
  printf("time          %s\n", info->time_units);
  printf("size          %zu bytes\n", info->bytes);
  printf("scenario      sha256 %s\n", info->scenario_sha256);
  printf("digest        %s%s\n", info->digest, checked ? " (recomputed: the same)" : "");
  printf("run           %s\n", info->run);
  printf("variables     %zu\n", info->n_variables);
  for (size_t i = 0; i < info->n_variables; i++) printf("  %s\n", info->variables[i]);
}

static mnz_status run(const mnz_cli *cli, const void *options, mnz_error *err) {
  const info_options *o = options;
  if (o->digest + o->scenario + cli->common.json > 1)
    return mnz_fail(err, MNZ_USAGE, "info", "only one of --digest, --scenario and --json can be printed");
  mnz_archive_info *info = NULL;
  mnz_status status = mnz_archive_read_info(cli->operands[0], o->check, &info, err);
  if (status != MNZ_OK || cli->common.quiet) goto out;
  if (cli->common.json) {
    status = print_as_json(info, o->check, err);
  } else if (o->digest) {
    puts(info->digest);
  } else if (o->scenario) {
    fputs(info->scenario_text, stdout);
  } else {
    print_as_text(info, o->check);
  }

out:
  mnz_archive_info_free(info);
  return status;
}

const mnz_cli_command mnz_cli_info = {
    .name = "info",
    .summary = "say what is in a results file, and whether it is sound",
    .description =
        "Prints where the results come from and which variables they hold. The digest is equal for "
        "equal results, whenever and wherever they were computed.",
    .example = "monazite info results/first-mine.h5 --check",
    .operand = "RESULTS.h5",
    .min_operands = 1,
    .max_operands = 1,
    .completes = MNZ_CLI_RESULTS,
    .options = options_table,
    .options_size = sizeof(info_options),
    .takes_json = true,
    .run = run,
};
