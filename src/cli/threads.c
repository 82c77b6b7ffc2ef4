/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifdef __linux__
#define _GNU_SOURCE /* sched_getaffinity */
#endif
#include "cli/threads.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

enum { MOST_THREADS = 256, MOST_SHARDS = 1000000 };

/* ---- threads ---- */

/* A scheduler that gave us two cores of a hundred says so in the affinity. */
static uint32_t usable_cores(void) {
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) cores = CPU_COUNT(&set);
#endif
  return cores < 1 ? 1 : cores > MOST_THREADS ? MOST_THREADS : (uint32_t)cores;
}

/* Digits alone, from `least` to `most`. */
static bool take_number(const char *text, long least, long most, uint32_t *out) {
  if (text == NULL || text[0] == '\0' || text[strspn(text, "0123456789")] != '\0' || strlen(text) > 9)
    return false;
  const long number = strtol(text, NULL, 10);
  *out = (uint32_t)number;
  return number >= least && number <= most;
}

mnz_status mnz_cli_threads(const char *text, uint32_t *threads, mnz_error *err) {
  if (text == NULL || strcmp(text, "auto") == 0) {
    *threads = usable_cores();
    return MNZ_OK;
  }
  if (take_number(text, 1, MOST_THREADS, threads)) return MNZ_OK;
  return mnz_fail(err, MNZ_USAGE, "--threads", "found \"%s\"; expected \"auto\" or a number from 1 to %d",
                  text, MOST_THREADS);
}

/* ---- shards ---- */

/* Who says which part we are: the number's variable, where its count begins, how many there are. An array of
 * Slurm comes before a step of it: each task of an array has a step of its own with one task. */
static const struct {
  const char *number;
  const char *first; /* the variable with the least number; NULL: 0 */
  const char *count;
} clusters[] = {
    {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT"},
    {"OMPI_COMM_WORLD_RANK", NULL, "OMPI_COMM_WORLD_SIZE"},
    {"PMI_RANK", NULL, "PMI_SIZE"},
    {"SLURM_PROCID", NULL, "SLURM_NTASKS"},
};

static mnz_status shard_from_environment(uint32_t *shard, uint32_t *shards, mnz_error *err) {
  for (size_t i = 0; i < sizeof clusters / sizeof *clusters; i++) {
    const char *number = getenv(clusters[i].number);
    const char *count = getenv(clusters[i].count);
    if (number == NULL || count == NULL) continue;
    const char *first = clusters[i].first != NULL ? getenv(clusters[i].first) : "0";
    uint32_t at;
    uint32_t from;
    if (take_number(number, 0, MOST_SHARDS, &at) && take_number(count, 1, MOST_SHARDS, shards) &&
        take_number(first != NULL ? first : "0", 0, MOST_SHARDS, &from) && at >= from &&
        at - from < *shards) {
      *shard = at - from + 1;
      return MNZ_OK;
    }
    return mnz_fail(err, MNZ_USAGE, "--shard=auto",
                    "found %s=%s and %s=%s; expected a number within a count (an array without gaps)",
                    clusters[i].number, number, clusters[i].count, count);
  }
  return mnz_fail(err, MNZ_USAGE, "--shard=auto",
                  "found none of SLURM_ARRAY_TASK_ID, OMPI_COMM_WORLD_RANK, PMI_RANK, SLURM_PROCID in the "
                  "environment; expected to run under Slurm or MPI; else say --shard=I/N");
}

mnz_status mnz_cli_shard(const char *text, uint32_t *shard, uint32_t *shards, mnz_error *err) {
  *shard = 1;
  *shards = 1;
  if (text == NULL) return MNZ_OK;
  if (strcmp(text, "auto") == 0) return shard_from_environment(shard, shards, err);
  char number[16] = "";
  const size_t length = strcspn(text, "/");
  if (text[length] == '/' && length < sizeof number) memcpy(number, text, length);
  if (take_number(number, 1, MOST_SHARDS, shard) && take_number(text + length + 1, 1, MOST_SHARDS, shards) &&
      *shard <= *shards)
    return MNZ_OK;
  return mnz_fail(err, MNZ_USAGE, "--shard", "found \"%s\"; expected \"auto\" or I/N, such as 3/8", text);
}
