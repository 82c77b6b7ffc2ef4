/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monazite version */
#include "cli/cli.h"

#include "cli/json.h"
#include "monazite/version.h"

static mnz_status print_as_json(mnz_error *err) {
  json_t *libraries = json_object();
#define ADD(name, version) json_object_set_new(libraries, name, json_string(version));
  MNZ_LIBRARY_LIST(ADD)
#undef ADD
  return mnz_cli_print_json(
      json_pack("{s:s, s:s, s:o}", "version", MNZ_VERSION, "commit", MNZ_COMMIT, "libraries", libraries),
      err);
}

static mnz_status run(const mnz_cli *cli, const void *options, mnz_error *err) {
  (void)options;
  if (cli->common.quiet) return MNZ_OK;
  if (cli->common.json) return print_as_json(err);
  printf("monazite %s (commit %s)\nbuilt with", MNZ_VERSION, MNZ_COMMIT);
  const char *comma = "";
#define PRINT(name, version)                                                                                 \
  printf("%s %s %s", comma, name, version);                                                                  \
  comma = ",";
  MNZ_LIBRARY_LIST(PRINT)
#undef PRINT
  putchar('\n');
  return MNZ_OK;
}

const mnz_cli_command mnz_cli_version = {
    .name = "version",
    .summary = "print the version, the commit and the libraries",
    .description = "The same as \"monazite --version\".",
    .example = "monazite version",
    .options_size = sizeof(mnz_cli_common),
    .takes_json = true,
    .run = run,
};
