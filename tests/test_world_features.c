/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every scenario of scenarios/features: runs alike after a reset and in two halves, and its ledger and stores
 * are right after every one of its first events. */
#include <dirent.h>

#include "world_bench.h"

typedef void each_fn(const char *file);

static void for_each_feature(each_fn *fn) {
  DIR *folder = opendir(MNZ_SOURCE_DIR "/scenarios/features");
  size_t found = 0;
  EXPECT(folder != NULL);
  for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    const size_t length = strlen(entry->d_name);
    if (length < 4 || strcmp(entry->d_name + length - 4, ".cfg") != 0) continue;
    char file[320];
    snprintf(file, sizeof file, "../../scenarios/features/%s", entry->d_name);
    fn(file);
    found++;
  }
  closedir(folder);
  cr_assert_gt(found, 0);
}

static mnz_result *result_of(world *w) {
  world_finish(w);
  mnz_result *result = w->result;
  w->result = NULL;
  return result;
}

static void run_after_reset(const char *file) {
  world w;
  world_of(&w, file);
  mnz_result *created = result_of(&w);
  EXPECT_OK(mnz_replication_reset(w.r, 1, &w.err), w.err);
  world_run(&w, w.scenario->horizon / 2);
  EXPECT_OK(mnz_replication_reset(w.r, 0, &w.err), w.err);
  world_run(&w, w.scenario->horizon / 3);
  mnz_result *again = result_of(&w);
  world_compare(created, again);
  mnz_result_free(created);
  mnz_result_free(again);
  world_close(&w);
}

Test(features, run_alike_after_a_reset_and_in_two_halves) {
  for_each_feature(run_after_reset);
}

static void verify_events(const char *file) {
  world w;
  bool done = false;
  world_of(&w, file);
  for (int32_t i = 0; i < 300 && !done; i++) {
    EXPECT_OK(mnz_replication_run(w.r, MNZ_TO_THE_END, 1, &done, &w.err), w.err);
    EXPECT_OK(mnz_replication_verify(w.r, &w.err), w.err);
  }
  world_close(&w);
}

Test(features, keep_their_ledger_after_every_event) {
  for_each_feature(verify_events);
}
