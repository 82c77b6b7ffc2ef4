/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monazite-mpi: the same on the ranks of MPI. Rank 0 is the program; the others help it with a batch, leave
 * all other commands to it, and print nothing. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "batch/ranks.h"
#include "cli/cli.h"
#include "cli/serve.h"

/* A launcher of another MPI starts so many programs that each believe to be alone, and would all do the same.
 * The first variable that is set counts: inside of a job Slurm's is there also for what it did not start. */
static mnz_status refuse_strangers(const mnz_ranks *ranks, int32_t size, mnz_error *err) {
  static const char *const counts[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_NTASKS"};
  for (size_t i = 0; i < sizeof counts / sizeof *counts && size == 1; i++) {
    const char *count = getenv(counts[i]);
    if (count == NULL) continue;
    if (strtol(count, NULL, 10) <= 1) return MNZ_OK;
    const char *library = mnz_ranks_library(ranks);
    return mnz_fail(
        err, MNZ_USAGE, NULL,
        "found %s=%s, yet this rank is alone; expected a launcher that knows %s, which monazite-mpi was "
        "built with: its own mpirun, or srun --mpi=%s",
        counts[i], count, library, strstr(library, "Open MPI") != NULL ? "pmix" : "pmi2");
  }
  return MNZ_OK;
}

int main(int argc, char **argv) {
  mnz_ranks *ranks = NULL;
  mnz_error err = {.status = MNZ_OK};
  mnz_status status = mnz_ranks_begin(&ranks, &argc, &argv, &err);
  int code = 0;
  if (status == MNZ_OK) {
    mnz_team *team = mnz_ranks_team(ranks);
    status = refuse_strangers(ranks, team->ranks, &err);
    if (status == MNZ_OK && mnz_ranks_rank(ranks) != 0)
      status = mnz_cli_serve(argc, argv, ranks, &err);
    else if (status == MNZ_OK)
      code = mnz_cli_main(argc, argv, team->ranks > 1 ? team : NULL);
  }
  if (status != MNZ_OK) {
    mnz_cli_print_error(&err);
    code = mnz_cli_exit_code(status);
  }
  if (ranks != NULL && mnz_ranks_lost(ranks) != NULL)
    fprintf(stderr, "monazite: %s is lost; what it had was left to the others\n", mnz_ranks_lost(ranks));
  mnz_ranks_end(ranks, code);
  return code;
}
