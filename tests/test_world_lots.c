/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of lots: every one comes from somewhere and goes somewhere, and the masses agree. */
#include "base/memory.h"
#include "monazite/event_log.h"
#include "world_bench.h"

static const mnz_watch watch = {.what = MNZ_WATCH_NOTHING, .events = true, .lots = true};

static mnz_result *run(world *w) {
  mnz_replication *r;
  mnz_result *result;
  bool done;
  EXPECT_OK(mnz_replication_create(&r, w->scenario, &watch, 0, &w->err), w->err);
  EXPECT_OK(mnz_replication_run(r, MNZ_TO_THE_END, UINT64_MAX, &done, &w->err), w->err);
  EXPECT_OK(mnz_replication_finish(r, &result, &w->err), w->err);
  mnz_replication_free(r);
  return result;
}

static int64_t most_lots(const mnz_result *result) {
  int64_t most = 0;
  for (size_t i = 0; i < result->n_log; i++)
    if (result->log[i].lot > most) most = result->log[i].lot;
  return most;
}

/* What is known of a lot: its mass, or that it is new and the next place tells. */
typedef struct life {
  int64_t mass;
  bool made;
  bool alive;
} life;

static void step(life *lots, const mnz_model_event *e) {
  life *lot = &lots[e->lot];
  life *parent = &lots[e->parent];
  switch (e->what) {
  case MNZ_EVENT_BORN:
    cr_assert(!lot->alive);
    *lot = (life){e->mass_mg, false, true};
    break;
  case MNZ_EVENT_MADE:
    cr_assert(parent->alive, "of something");
    *lot = (life){0, true, true};
    break;
  case MNZ_EVENT_SPLIT:
    cr_assert(parent->alive && (parent->made || parent->mass > e->mass_mg) && !lot->alive);
    parent->mass -= e->mass_mg;
    *lot = (life){e->mass_mg, false, true};
    break;
  case MNZ_EVENT_MERGED:
    cr_assert(lot->alive && parent->alive && (parent->made || parent->mass == e->mass_mg));
    lot->mass += e->mass_mg;
    parent->alive = false;
    break;
  case MNZ_EVENT_STORED:
  case MNZ_EVENT_IN_PROCESS:
  case MNZ_EVENT_IN_USE:
    cr_assert(lot->alive);
    if (lot->made) *lot = (life){e->mass_mg, false, true};
    cr_assert_eq(lot->mass, e->mass_mg, "lot %ld", (long)e->lot);
    break;
  case MNZ_EVENT_BECAME:
    cr_assert(lot->alive);
    lot->made = true; /* it may weigh something else now */
    break;
  case MNZ_EVENT_ENDED:
    cr_assert(lot->alive);
    lot->alive = false;
    break;
  default:
    break;
  }
}

static void every_lot_adds_up(const char *name) {
  world w;
  world_of(&w, name);
  mnz_result *result = run(&w);
  life *lots;
  EXPECT_OK(mnz_new_array(&lots, (size_t)most_lots(result) + 1, &w.err), w.err);
  for (size_t i = 0; i < result->n_log; i++) step(lots, &result->log[i]);
  cr_assert_gt(most_lots(result), 100);
  free(lots);
  mnz_result_free(result);
  world_close(&w);
}

Test(lots, come_from_somewhere_and_go_somewhere_with_all_their_mass) {
  every_lot_adds_up("chain.cfg");
  every_lot_adds_up("everything.cfg");
  every_lot_adds_up("magnets.cfg");
}

Test(lots, are_told_of_only_if_asked_for_and_change_nothing) {
  world w;
  world_of(&w, "chain.cfg");
  mnz_result *result = run(&w);
  size_t told = 0;
  for (size_t i = 0; i < result->n_log; i++)
    told += result->log[i].what < MNZ_EVENT_BORN || result->log[i].what > MNZ_EVENT_ENDED;
  mnz_replication *r;
  bool done;
  const mnz_watch events = {.what = MNZ_WATCH_NOTHING, .events = true};
  EXPECT_OK(mnz_replication_create(&r, w.scenario, &events, 0, &w.err), w.err);
  EXPECT_OK(mnz_replication_run(r, MNZ_TO_THE_END, UINT64_MAX, &done, &w.err), w.err);
  size_t count;
  (void)mnz_replication_log(r, &count);
  cr_assert_eq(count, told);
  mnz_replication_free(r);
  mnz_result_free(result);
  world_close(&w);
}
