/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The threads of a rank that helps, without MPI and under ThreadSanitizer, which cannot run under Criterion:
 * hands_test SCENARIO.
 *
 * What they give is held against the same replications on one thread; then they are sent home with work in
 * hand. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch/hands.h"
#include "batch/replicate.h"

enum { THREADS = 3, ROOM = 8, REPLICATIONS = 30 };

static void expect(bool fact, const char *what) {
  if (fact) return;
  fprintf(stderr, "hands_test: not so: %s\n", what);
  exit(EXIT_FAILURE);
}

static bool always(void *self) {
  (void)self;
  return true;
}

static mnz_parcel *alone(const mnz_scenario *scenario, const mnz_result *shape, const mnz_watch *watch,
                         uint32_t replication) {
  mnz_replication *world = NULL;
  mnz_parcel *parcel = NULL;
  expect(mnz_replicate(scenario, shape, watch, replication, always, NULL, &world, &parcel, NULL) == MNZ_OK,
         "a replication runs");
  mnz_replication_free(world);
  return parcel;
}

/* As many as there is room for, and always as many again as have come back. */
static void run_all(mnz_hands *hands, mnz_parcel **came) {
  uint32_t sent = 0;
  uint32_t back = 0;
  while (back < REPLICATIONS) {
    for (; sent < REPLICATIONS && sent - back < ROOM; sent++) mnz_hands_add(hands, sent);
    mnz_parcel *parcel = mnz_hands_collect(hands);
    if (parcel == NULL) {
      (void)poll(NULL, 0, 1);
      continue;
    }
    expect(parcel->replication < sent && came[parcel->replication] == NULL, "each comes once");
    came[parcel->replication] = parcel;
    back++;
  }
}

int main(int argc, char **argv) {
  mnz_scenario *scenario = NULL;
  mnz_problems *problems = NULL;
  mnz_result *shape = NULL;
  mnz_hands *hands = NULL;
  mnz_parcel *came[REPLICATIONS] = {NULL};
  mnz_batch_options options = mnz_batch_options_default();
  options.threads = THREADS;
  expect(argc == 2, "one argument");
  expect(mnz_scenario_load(&scenario, argv[1], NULL, 0, &problems, NULL) == MNZ_OK, "the scenario loads");
  expect(mnz_shape_create(scenario, &options.watch, &shape, NULL) == MNZ_OK, "it has a shape");
  expect(mnz_hands_start(&hands, scenario, shape, &options, ROOM, NULL) == MNZ_OK, "threads start");

  run_all(hands, came);
  for (uint32_t i = 0; i < REPLICATIONS; i++) {
    mnz_parcel *same = alone(scenario, shape, &options.watch, i);
    expect(same->bytes == came[i]->bytes && memcmp(same, came[i], same->bytes) == 0,
           "the same bytes on one thread");
    free(same);
    free(came[i]);
  }
  expect(mnz_hands_collect(hands) == NULL, "no more than was asked for");
  expect(mnz_hands_failure(hands, NULL) == MNZ_OK, "nothing failed");

  for (uint32_t i = 0; i < ROOM; i++) mnz_hands_add(hands, i);
  mnz_hands_end(hands);
  mnz_result_free(shape);
  mnz_problems_free(problems);
  mnz_scenario_free(scenario);
  return EXIT_SUCCESS;
}
