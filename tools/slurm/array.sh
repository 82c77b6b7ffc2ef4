#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# sbatch --array=1-SHARDS array.sh SCENARIO N RESULTS.h5 [OPTION]...
# One task of a job array: its part of N replications, in a file of its own beside RESULTS.h5; merge.sh puts
# them together. The program is $MONAZITE, else monazite on the PATH; options go to monazite batch.
#
# Submitted again, after a time limit or a lost node, it goes on where it was.
#SBATCH --job-name=monazite
#SBATCH --signal=B:TERM@60
set -euo pipefail
[ $# -ge 3 ] || { sed -n '3,5s/^# //p' "${BASH_SOURCE[0]}" >&2; exit 64; }
scenario=$1 replications=$2 results=$3
shift 3
# exec: the signal that announces the time limit goes to this process, and is for monazite.
exec "${MONAZITE:-monazite}" batch "$scenario" --replications="$replications" --output="$results" \
  --threads="${SLURM_CPUS_PER_TASK:-1}" --shard=auto --resume "$@"
