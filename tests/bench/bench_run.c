/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long one replication of a scenario takes on one core: run and finish (measures and series in memory),
 * without start-up and without writing the file; and, apart, how long the writing takes.
 *
 *   bench_run [SCENARIO [REPETITIONS]]      default: scenarios/sojitz-lynas.cfg, 15
 *
 * Prints the median and the best of the repetitions, which reset and reuse one replication object, in
 * processor time. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "monazite/archive.h"
#include "monazite/batch.h"
#include "monazite/replication.h"

/* Processor time of this process: what else the machine does does not count. */
static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static int by_value(const void *a, const void *b) {
  const double x = *(const double *)a;
  const double y = *(const double *)b;
  return (x > y) - (x < y);
}

static int fail(const mnz_error *err) {
  fprintf(stderr, "bench_run: %s: %s\n", err->where, err->message);
  return EXIT_FAILURE;
}

static mnz_status write_once(const mnz_scenario *scenario, const mnz_result *result, double *ms,
                             mnz_error *err) {
  char path[] = "/tmp/monazite-bench-XXXXXX";
  const int fd = mkstemp(path);
  if (fd >= 0) close(fd);
  char *text = NULL;
  mnz_status status = mnz_scenario_explain(scenario, false, &text, err);
  const mnz_run_facts facts = {.threads = 1};
  mnz_archive_options options = mnz_archive_options_default();
  options.scenario_text = text;
  const double begin = now_ms();
  const mnz_rows rows = mnz_rows_of_results(&result, 1);
  const mnz_summary_options how = mnz_summary_options_default();
  mnz_summary *summary = NULL;
  if (status == MNZ_OK) status = mnz_summarise(&rows, &how, &summary, err);
  if (status == MNZ_OK)
    status = mnz_archive_write(path, scenario, &rows, summary, &facts, &options, NULL, err);
  *ms = now_ms() - begin;
  mnz_summary_free(summary);
  free(text);
  unlink(path);
  return status;
}

#define MAX_TIMES 1000

int main(int argc, char **argv) {
  const char *path = argc > 1 ? argv[1] : "scenarios/sojitz-lynas.cfg";
  int repetitions = argc > 2 ? atoi(argv[2]) : 15;
  if (repetitions < 1 || repetitions > MAX_TIMES) repetitions = 15;
  mnz_error err = {0};
  mnz_scenario *scenario;
  mnz_problems *problems;
  if (mnz_scenario_load(&scenario, path, NULL, 0, &problems, &err) != MNZ_OK) return fail(&err);
  mnz_problems_free(problems);
  mnz_replication *r;
  if (mnz_replication_create(&r, scenario, NULL, 0, &err) != MNZ_OK) return fail(&err);
  double times[MAX_TIMES];
  mnz_result *result = NULL;
  for (int i = 0; i < repetitions; i++) {
    mnz_result_free(result);
    result = NULL;
    if (mnz_replication_reset(r, 0, &err) != MNZ_OK) return fail(&err);
    bool done;
    const double begin = now_ms();
    if (mnz_replication_run(r, MNZ_TO_THE_END, UINT64_MAX, &done, &err) != MNZ_OK) return fail(&err);
    if (mnz_replication_finish(r, &result, &err) != MNZ_OK) return fail(&err);
    times[i] = now_ms() - begin;
  }
  qsort(times, (size_t)repetitions, sizeof *times, by_value);
  const double median = times[repetitions / 2];
  double write_ms;
  if (write_once(scenario, result, &write_ms, &err) != MNZ_OK) return fail(&err);
  printf("%llu events, %zu accounts x %zu samples\n", (unsigned long long)result->events,
         result->length[MNZ_AXIS_ACCOUNT], result->length[MNZ_AXIS_TIME]);
  printf("run: median %.2f ms, best %.2f ms of %d; %.3g events/s\n", median, times[0], repetitions,
         (double)result->events / median * 1e3);
  printf("write: %.0f ms\n", write_ms);
  mnz_result_free(result);
  mnz_replication_free(r);
  mnz_scenario_free(scenario);
  return EXIT_SUCCESS;
}
