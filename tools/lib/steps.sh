# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Steps with a name and a time: sourced by quickstart and check.

# seconds_since START: "12.3", where START is an earlier value of $EPOCHREALTIME.
seconds_since() {
  local us=$((${EPOCHREALTIME/[.,]/} - ${1/[.,]/}))
  printf '%d.%d' $((us / 1000000)) $((us / 100000 % 10))
}

# step NAME COMMAND...: runs COMMAND with its output in a log; says how long it took, and shows the end of
# the log if it failed. The status is COMMAND's.
step() {
  local name=$1 log status=0 start=$EPOCHREALTIME
  shift
  log=$(mktemp)
  printf '%-34s' "$name"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" -eq 0 ]; then
    printf '%8s s\n' "$(seconds_since "$start")"
  else
    printf '%8s s  FAILED (%d)\n' "$(seconds_since "$start")" "$status"
    tail -n 80 "$log" | sed 's/^/    /'
  fi
  rm -f "$log"
  return "$status"
}

# configure_in FOLDER OPTION...
configure_in() {
  local folder=$1 home
  shift
  home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$folder/CMakeCache.txt" 2>/dev/null || true)
  if [ "$home" != "$PWD" ]; then # new, or the whole tree was moved since, which CMake does not survive
    rm -rf "$folder/CMakeCache.txt" "$folder/CMakeFiles"
    if command -v ninja >/dev/null; then set -- -G Ninja "$@"; fi
  fi
  cmake -B "$folder" "$@"
}

build_in() {
  cmake --build "$1" --parallel "$(nproc)"
}
