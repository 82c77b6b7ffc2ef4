/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much of the machine, and of a cluster, a command may take. */
#ifndef MNZ_CLI_THREADS_H
#define MNZ_CLI_THREADS_H

#include <stdint.h>

#include "monazite/status.h"

/* "auto" (NULL is that too): as many as this process may run on; else a number from 1 to 256. */
mnz_status mnz_cli_threads(const char *text, uint32_t *threads, mnz_error *err);

/* "3/8"; "auto": from what Slurm (array or step), Open MPI or MPICH say in the environment; NULL: 1/1. */
mnz_status mnz_cli_shard(const char *text, uint32_t *shard, uint32_t *shards, mnz_error *err);

#endif
