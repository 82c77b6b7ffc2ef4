/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/warm_up.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "cli/load.h"
#include "cli/signals.h"
#include "monazite/calendar.h"

enum { PILOT = 100 };

static mnz_status load_with(const mnz_cli *cli, const mnz_cli_batch_options *o, const char *date,
                            mnz_scenario **out, mnz_error *err) {
  mnz_cli_texts set = {NULL, o->set.count + 1};
  set.at = mnz_arena_alloc(cli->arena, set.count, sizeof *set.at, err);
  if (set.at == NULL) return MNZ_NO_MEMORY;
  for (size_t i = 0; i < o->set.count; i++) set.at[i] = o->set.at[i];
  set.at[o->set.count] = mnz_arena_format(cli->arena, err, "warm_up=\"%s\"", date);
  if (set.at[o->set.count] == NULL) return MNZ_NO_MEMORY;
  return mnz_cli_load(cli, cli->operands[0], &set, o->seed, out, err);
}

static void tell(const mnz_cli *cli, const mnz_warm_up *found, const char *date) {
  if (cli->common.quiet) return;
  if (found->days <= 0) {
    fputs("monazite: warm-up: MSER-5 finds nothing to forget\n", stderr);
    return;
  }
  fprintf(stderr, "monazite: warm-up: MSER-5 cuts at %s; %s settles last\n", date, found->series);
  if (found->too_short)
    fputs("monazite: warm-up: warning: that is in the last half: the run is too short to settle, or "
          "something dated happens in it; what comes before is not measured\n",
          stderr);
}

static bool tick(void *self, const mnz_batch_progress *progress) {
  (void)self;
  (void)progress;
  return !mnz_cli_interrupted();
}

mnz_status mnz_cli_load_warm(const mnz_cli *cli, const mnz_cli_batch_options *o,
                             const mnz_batch_options *batch, mnz_scenario **out, mnz_error *err) {
  if (o->warm_up != NULL && strcmp(o->warm_up, "mser5") != 0) return load_with(cli, o, o->warm_up, out, err);
  mnz_status status = mnz_cli_load(cli, cli->operands[0], &o->set, o->seed, out, err);
  if (status != MNZ_OK || o->warm_up == NULL) return status;

  mnz_batch_options pilot = *batch;
  mnz_warm_up found;
  char date[32];
  pilot.replications = PILOT; /* whatever the size of the batch: a larger one must have the same date */
  if ((status = mnz_warm_up_find(*out, &pilot, tick, NULL, &found, err)) != MNZ_OK) return status;
  const int64_t cut = mnz_scenario_start(*out) + (int64_t)llround(found.days * (double)MNZ_US_PER_DAY);
  mnz_moment_format(cut, date);
  tell(cli, &found, date);
  if (found.days <= 0) return MNZ_OK;
  mnz_scenario_free(*out);
  *out = NULL;
  return load_with(cli, o, date, out, err);
}
