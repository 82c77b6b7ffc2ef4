/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/serve.h"

#include <gsl/gsl_errno.h>
#include <string.h>

#include "base/error.h"
#include "cli/batch_setup.h"
#include "cli/signals.h"
#include "cli/store.h"
#include "cli/terms.h"
#include "cli/warm_up.h"

typedef struct help {
  mnz_cli cli;
  mnz_cli_batch_options options;
  mnz_scenario *scenario;
  mnz_cli_batch_setup setup;
} help;

/* The options of "batch"; MNZ_USAGE if the command line asks for anything else. */
static mnz_status read_command(help *h, int argc, char **argv, mnz_error *err) {
  mnz_cli_program_options program = {0};
  int first;
  mnz_status status = mnz_cli_parse(&mnz_cli_program, argc, argv, true, h->cli.arena, &program, &first, err);
  if (status != MNZ_OK) return status;
  if (first == argc || strcmp(argv[first], mnz_cli_batch.name) != 0)
    return mnz_fail(err, MNZ_USAGE, NULL, "was not told to run a batch");
  int operand;
  status = mnz_cli_parse(&mnz_cli_batch, argc - first, argv + first, false, h->cli.arena, &h->options,
                         &operand, err);
  h->cli.operands = argv + first + operand;
  h->cli.n_operands = argc - first - operand;
  if (status == MNZ_OK && h->options.common.help)
    return mnz_fail(err, MNZ_USAGE, NULL, "was told to print help");
  return status;
}

static mnz_status prepare(help *h, int argc, char **argv, mnz_error *err) {
  mnz_status status = read_command(h, argc, argv, err);
  if (status == MNZ_OK) status = mnz_cli_batch_read(&h->cli, &h->options, &h->setup, err);
  h->setup.batch.team = NULL; /* it is rank 0 that has one */
  if (status == MNZ_OK) status = mnz_cli_load_warm(&h->cli, &h->options, &h->setup.batch, &h->scenario, err);
  if (status == MNZ_OK) status = mnz_cli_batch_prepare(&h->cli, &h->options, h->scenario, &h->setup, err);
  return status;
}

/* Is what we have what rank 0 has? */
static mnz_status compare(const help *h, const mnz_terms *theirs, mnz_error *err) {
  mnz_terms ours;
  const mnz_status status = mnz_cli_terms(&h->cli, &h->setup, &ours, err);
  if (status != MNZ_OK) return status;
  if (strcmp(ours.program, theirs->program) != 0)
    return mnz_fail(err, MNZ_SCENARIO, NULL, "is monazite %s, and rank 0 is %s", ours.program,
                    theirs->program);
  if (strcmp(ours.manner, theirs->manner) != 0)
    return mnz_fail(err, MNZ_SCENARIO, NULL, "was told to run \"%s\", and rank 0 \"%s\"", ours.manner,
                    theirs->manner);
  if (strcmp(ours.scenario_text, theirs->scenario_text) == 0) return MNZ_OK;
  mnz_error difference;
  (void)mnz_cli_refuse_scenario(h->cli.operands[0], theirs->scenario_text, ours.scenario_text, &difference);
  return mnz_fail(err, MNZ_SCENARIO, difference.where, "%s (was: on rank 0)", difference.message);
}

static mnz_status serve(help *h, mnz_status prepared, mnz_error *trouble, mnz_ranks *ranks, mnz_error *err) {
  const mnz_terms *terms;
  mnz_status status = mnz_ranks_learn(ranks, &terms, err);
  if (status != MNZ_OK || terms == NULL) return status;
  if (prepared == MNZ_OK) prepared = compare(h, terms, trouble);
  const uint32_t threads = h->setup.batch.threads;
  status = mnz_ranks_answer(ranks, threads, prepared != MNZ_OK ? trouble : NULL, err);
  if (status != MNZ_OK || prepared != MNZ_OK) return status;
  return mnz_ranks_serve(ranks, h->scenario, h->setup.shape, &h->setup.batch, err);
}

mnz_status mnz_cli_serve(int argc, char **argv, mnz_ranks *ranks, mnz_error *err) {
  help h = {.cli = {.common.quiet = true, .silent = true, .team = mnz_ranks_team(ranks)}};
  mnz_error trouble = {.status = MNZ_OK};
  (void)gsl_set_error_handler_off();
  mnz_cli_catch_signals(); /* the first one is for rank 0, which tells us when to stop */
  mnz_status status = mnz_arena_create(&h.cli.arena, err);
  if (status == MNZ_OK) status = serve(&h, prepare(&h, argc, argv, &trouble), &trouble, ranks, err);
  mnz_cli_batch_release(&h.setup);
  mnz_scenario_free(h.scenario);
  mnz_arena_free(h.cli.arena);
  return status;
}
