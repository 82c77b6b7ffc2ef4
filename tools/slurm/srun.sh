#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# sbatch --ntasks=TASKS [--cpus-per-task=CORES] srun.sh SCENARIO N RESULTS.h5 [OPTION]...
# One batch of N replications on all ranks of the job. The program is $MONAZITE_MPI, else monazite-mpi on the
# PATH; options go to monazite-mpi batch. SLURM_MPI_TYPE says how ranks find each other: pmix (Open MPI, when
# not said) or pmi2 (MPICH).
#
# Submitted again, after a time limit or a lost node, it goes on where it was.
#SBATCH --job-name=monazite-mpi
#SBATCH --signal=TERM@60
set -euo pipefail
[ $# -ge 3 ] || { sed -n '3,6s/^# //p' "${BASH_SOURCE[0]}" >&2; exit 64; }
scenario=$1 replications=$2 results=$3
shift 3
cores=${SLURM_CPUS_PER_TASK:-1} # srun does not take it from the job by itself
# Some MPIs do not tell when a rank is gone, and the others would wait for it.
exec srun --mpi="${SLURM_MPI_TYPE:-pmix}" --cpus-per-task="$cores" --kill-on-bad-exit=1 \
  "${MONAZITE_MPI:-monazite-mpi}" batch "$scenario" --replications="$replications" --output="$results" \
  --threads="$cores" --resume "$@"
