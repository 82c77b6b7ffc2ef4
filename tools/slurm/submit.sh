#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail

usage() {
  cat <<'END_OF_USAGE'
usage: tools/slurm/submit.sh [SBATCH OPTION]... SCENARIO N RESULTS.h5 SHARDS [MONAZITE OPTION]...

Submits N replications of SCENARIO as a job array of SHARDS tasks, and a job that merges what they write into
RESULTS.h5 when all of them have succeeded. Prints the two job numbers. Options of sbatch, as --name=value, hold
for both jobs; the program is $MONAZITE, else monazite on the PATH. Example:

  tools/slurm/submit.sh --time=2:00:00 --cpus-per-task=8 scenarios/sojitz-lynas.cfg 100000 base.h5 20
END_OF_USAGE
}

options=()
while [ $# -gt 0 ]; do
  case $1 in
  --help | -h) usage; exit 0 ;;
  -*) options+=("$1"); shift ;;
  *) break ;;
  esac
done
[ $# -ge 4 ] || { usage >&2; exit 64; }
scenario=$1 replications=$2 results=$3 shards=$4
shift 4
if [[ ! $shards =~ ^[1-9][0-9]*$ ]]; then
  printf 'submit: SHARDS: found "%s"; expected a whole number\n' "$shards" >&2
  exit 64
fi

# Slurm runs a copy of a script, so that the script itself cannot know where the others are: all is said here.
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
array=$(sbatch --parsable "${options[@]}" --array="1-$shards" "$here/array.sh" "$scenario" "$replications" "$results" "$@")
array=${array%%;*} # "number;cluster" where there are several clusters
merge=$(sbatch --parsable "${options[@]}" --dependency="afterok:$array" --kill-on-invalid-dep=yes "$here/merge.sh" \
  "$results" "$shards")
printf 'array %s\nmerge %s\n' "$array" "${merge%%;*}"
