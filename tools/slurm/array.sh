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
"${MONAZITE:-monazite}" batch "$scenario" --replications="$replications" --output="$results" \
  --threads="${SLURM_CPUS_PER_TASK:-1}" --shard=auto --resume "$@" &
program=$!
# The signal that announces the time limit comes to this shell, and is for monazite.
trap 'kill -TERM "$program" 2>/dev/null || true' TERM
status=0
while kill -0 "$program" 2>/dev/null; do
  status=0
  wait "$program" || status=$?
done
# Replications that failed are rows of the file like others: the merge, which waits for success, tells of them.
[ "$status" -ne 70 ] || { echo "some replications failed; the shard is whole" >&2; exit 0; }
exit "$status"
