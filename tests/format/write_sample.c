/* SPDX-License-Identifier: GPL-3.0-or-later */
/* write_sample FILE [REPLICATIONS FIRST NODES DAYS SERIES TITLE EVENTS [no-series]]: a file of made-up
 * results. */
#include "sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static size_t number(int argc, char **argv, int i, size_t otherwise) {
  return argc > i ? (size_t)strtoul(argv[i], NULL, 10) : otherwise;
}

int main(int argc, char **argv) {
  if (argc < 2) return 64;
  sample s;
  const sample_size size = {number(argc, argv, 2, 3),  number(argc, argv, 3, 0), number(argc, argv, 4, 4),
                            number(argc, argv, 5, 90), number(argc, argv, 6, 1), number(argc, argv, 8, 0)};
  sample_create(&s, &size);
  if (argc > 7) s.scenario.title = argv[7];
  char digest[65];
  mnz_error err;
  struct timespec begun;
  struct timespec ended;
  (void)clock_gettime(CLOCK_MONOTONIC, &begun);
  const mnz_status status = sample_write(&s, argv[1], argc <= 9, digest, &err);
  (void)clock_gettime(CLOCK_MONOTONIC, &ended);
  const double seconds =
      difftime(ended.tv_sec, begun.tv_sec) + (double)(ended.tv_nsec - begun.tv_nsec) * 1e-9;
  if (status == MNZ_OK)
    printf("%s  %s  %.2f s\n", digest, argv[1], seconds);
  else
    fprintf(stderr, "%s: %s\n", err.where, err.message);
  sample_free(&s);
  return status == MNZ_OK ? 0 : 1;
}
