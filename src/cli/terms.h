/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the ranks of a batch must have in common. */
#ifndef MNZ_CLI_TERMS_H
#define MNZ_CLI_TERMS_H

#include "batch/team.h"
#include "cli/batch_setup.h"

/* Of a batch that is prepared; lasts as long as the setup and the program. */
mnz_status mnz_cli_terms(const mnz_cli *cli, const mnz_cli_batch_setup *setup, mnz_terms *out,
                         mnz_error *err);
/* Rank 0: waits until the other ranks have come to the same. Alone it has nothing to wait for. */
mnz_status mnz_cli_agree(const mnz_cli *cli, const mnz_cli_batch_setup *setup, mnz_error *err);

#endif
