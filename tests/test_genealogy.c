/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where lots come from and go to, by hand and in whole chains. */
#include <math.h>
#include <stdlib.h>

#include "monazite/genealogy.h"
#include "world_bench.h"

/* ---- by hand: ore 1 and 2 are mixed three to one; half of the blend becomes oxide, which goes with metal of
 * ore 3 into a magnet ---- */

static mnz_model_event told(mnz_model_event_kind what, int64_t lot, int64_t parent, int64_t mass,
                            double detail) {
  return (mnz_model_event){.what = what, .lot = lot, .parent = parent, .mass_mg = mass, .detail = detail};
}

#define N_TOLD 14
static void tell(mnz_model_event log[N_TOLD]) {
  size_t n = 0;
  log[n++] = told(MNZ_EVENT_BORN, 1, 0, 300, NAN);
  log[n++] = told(MNZ_EVENT_STORED, 1, 0, 300, NAN);
  log[n++] = told(MNZ_EVENT_BORN, 2, 0, 100, NAN);
  log[n++] = told(MNZ_EVENT_MERGED, 1, 2, 100, NAN);
  log[n++] = told(MNZ_EVENT_SPLIT, 4, 1, 200, NAN);
  log[n++] = told(MNZ_EVENT_MADE, 5, 4, 20, NAN);
  log[n++] = told(MNZ_EVENT_ENDED, 4, 0, 180, 1);
  log[n++] = told(MNZ_EVENT_STORED, 5, 0, 20, NAN);
  log[n++] = told(MNZ_EVENT_BORN, 3, 0, 60, NAN);
  log[n++] = told(MNZ_EVENT_MADE, 6, 5, 20, NAN);
  log[n++] = told(MNZ_EVENT_MADE, 6, 3, 60, NAN);
  log[n++] = told(MNZ_EVENT_IN_PROCESS, 6, 0, 300, NAN); /* with filler */
  log[n++] = told(MNZ_EVENT_SPLIT, 7, 6, 100, NAN);
  log[n++] = told(MNZ_EVENT_ENDED, 7, 0, 100, 0);
}

static double share_of(const mnz_kinship *kin, int64_t lot) {
  for (size_t i = 0; i < kin->count; i++)
    if (kin->at[i].lot == lot) return kin->at[i].share;
  return 0;
}

Test(genealogy, follows_a_magnet_back_to_three_ores) {
  mnz_model_event log[N_TOLD];
  mnz_genealogy *g;
  mnz_kinship kin;
  tell(log);
  cr_assert_eq(mnz_genealogy_create(&g, log, N_TOLD, NULL), MNZ_OK);
  cr_assert_eq(mnz_genealogy_back(g, 7, &kin, NULL), MNZ_OK);
  cr_assert_eq(kin.count, 3);
  cr_assert_eq(kin.at[0].lot, 3, "the largest share first");
  cr_assert_float_eq(share_of(&kin, 3), 0.75, 1e-12);
  cr_assert_float_eq(share_of(&kin, 1), 0.25 * 0.75, 1e-12);
  cr_assert_float_eq(share_of(&kin, 2), 0.25 * 0.25, 1e-12);
  free(kin.at);
  mnz_genealogy_free(g);
}

Test(genealogy, follows_an_ore_to_all_that_holds_it) {
  mnz_model_event log[N_TOLD];
  mnz_genealogy *g;
  mnz_kinship kin;
  tell(log);
  cr_assert_eq(mnz_genealogy_create(&g, log, N_TOLD, NULL), MNZ_OK);
  cr_assert_eq(mnz_genealogy_forward(g, 2, &kin, NULL), MNZ_OK);
  cr_assert_eq(kin.count, 4);
  cr_assert_float_eq(share_of(&kin, 1), 0.25, 1e-12, "the rest of the blend is still there");
  cr_assert_float_eq(share_of(&kin, 4), 0.25, 1e-12, "tails");
  cr_assert_float_eq(share_of(&kin, 7), 0.0625, 1e-12, "the magnet that was delivered");
  cr_assert_float_eq(share_of(&kin, 6), 0.0625, 1e-12);
  free(kin.at);
  mnz_genealogy_free(g);
}

Test(genealogy, wants_a_log_with_lots_and_a_lot_that_there_is) {
  mnz_model_event log[N_TOLD];
  mnz_genealogy *g;
  mnz_kinship kin;
  mnz_error err;
  cr_assert_eq(mnz_genealogy_create(&g, NULL, 0, &err), MNZ_USAGE);
  tell(log);
  cr_assert_eq(mnz_genealogy_create(&g, log, N_TOLD, NULL), MNZ_OK);
  cr_assert_eq(mnz_genealogy_back(g, 99, &kin, &err), MNZ_USAGE);
  cr_assert_str_eq(err.message, "there is no lot 99; they are numbered 1 to 7");
  cr_assert_eq(mnz_genealogy_forward(g, 0, &kin, &err), MNZ_USAGE);
  mnz_genealogy_free(g);
}

/* ---- in whole chains ---- */

Test(genealogy, of_all_that_is_delivered_adds_up_to_one) {
  static const mnz_watch watch = {.what = MNZ_WATCH_NOTHING, .events = true, .lots = true};
  static const char *const names[] = {"chain.cfg", "everything.cfg", "magnets.cfg"};
  size_t asked = 0;
  for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
    world w;
    mnz_replication *r;
    bool done;
    size_t count;
    mnz_genealogy *g;
    world_of(&w, names[k]);
    EXPECT_OK(mnz_replication_create(&r, w.scenario, &watch, 0, &w.err), w.err);
    EXPECT_OK(mnz_replication_run(r, MNZ_TO_THE_END, UINT64_MAX, &done, &w.err), w.err);
    const mnz_model_event *log = mnz_replication_log(r, &count);
    EXPECT_OK(mnz_genealogy_create(&g, log, count, &w.err), w.err);
    for (size_t i = 0; i < count && asked < 50 * (k + 1); i++) {
      if (log[i].what != MNZ_EVENT_ENDED || log[i].detail > 0) continue;
      mnz_kinship kin;
      double sum = 0;
      asked++;
      EXPECT_OK(mnz_genealogy_back(g, log[i].lot, &kin, &w.err), w.err);
      for (size_t n = 0; n < kin.count; n++) sum += kin.at[n].share;
      cr_assert_float_eq(sum, 1, 1e-9);
      free(kin.at);
    }
    mnz_genealogy_free(g);
    mnz_replication_free(r);
    world_close(&w);
  }
  cr_assert_gt(asked, 50);
}
