/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/terms.h"

#include "monazite/version.h"

mnz_status mnz_cli_terms(const mnz_cli *cli, const mnz_cli_batch_setup *s, mnz_terms *out, mnz_error *err) {
  char watch[MNZ_WATCH_TEXT];
  mnz_watch_format(&s->batch.watch, watch);
  const char *manner = mnz_arena_format(cli->arena, err, "%s, digits %d, shard %u of %u", watch,
                                        (int)s->identity.digits, s->batch.shard, s->batch.shards);
  if (manner == NULL) return MNZ_NO_MEMORY;
  *out = (mnz_terms){
      .program = MNZ_VERSION " (commit " MNZ_COMMIT ")", .manner = manner, .scenario_text = s->scenario_text};
  return MNZ_OK;
}

mnz_status mnz_cli_agree(const mnz_cli *cli, const mnz_cli_batch_setup *setup, mnz_error *err) {
  if (cli->team == NULL) return MNZ_OK;
  mnz_terms terms;
  const mnz_status status = mnz_cli_terms(cli, setup, &terms, err);
  return status == MNZ_OK ? cli->team->agree(cli->team->self, &terms, setup->shape, err) : status;
}
