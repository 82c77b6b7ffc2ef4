#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# sbatch merge.sh RESULTS.h5 SHARDS
# Puts the files of a job array (array.sh) together as RESULTS.h5. They stay: a larger array can go on with them.
#SBATCH --job-name=monazite-merge
set -euo pipefail
[ $# -eq 2 ] || { sed -n '3,4s/^# //p' "${BASH_SOURCE[0]}" >&2; exit 64; }
results=$1 shards=$2
parts=()
for ((i = 1; i <= shards; i++)); do
  parts+=("${results%.h5}.shard-$i-of-$shards.h5")
done
exec "${MONAZITE:-monazite}" merge --output="$results" --threads="${SLURM_CPUS_PER_TASK:-1}" "${parts[@]}"
