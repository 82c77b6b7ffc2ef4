/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an onlooker is told: all that happens, as arithmetic says it, in order; and looking changes nothing.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/text.h"
#include "domain/facilities/demand.h"
#include "monazite/event_log.h"
#include "world_bench.h"

#define EVERYTHING "everything.cfg"

typedef struct event_log {
  mnz_model_event *at;
  size_t count;
  size_t capacity;
} event_log;

static void take(void *self, const mnz_model_event *event) {
  event_log *log = self;
  EXPECT(mnz_reserve_array(&log->at, &log->capacity, log->count + 1, NULL) == MNZ_OK);
  log->at[log->count++] = *event;
}

/* Loads, and looks on. */
#define watched_of(w, log, ...)                                                                              \
  do {                                                                                                       \
    *(log) = (event_log){0};                                                                                 \
    world_of(w, __VA_ARGS__);                                                                                \
    mnz_replication_watch_events((w)->r, take, log);                                                         \
  } while (0)

static void close(world *w, event_log *log) {
  world_close(w);
  free(log->at);
}

static void add_name(mnz_buffer *line, const char *name) {
  if (name != NULL) mnz_buffer_print(line, " %s", name);
}

/* "2 arrived users Shop oxide way 0.9 t [2]": day, word, names, tonnes, detail. */
static void add_line(mnz_buffer *out, const world *w, const mnz_model_event *e) {
  mnz_buffer_print(out, "%g %s", (double)e->time_us / DAY, mnz_model_event_words[e->what]);
  add_name(out, mnz_scenario_node_name(w->scenario, e->node));
  add_name(out, mnz_scenario_node_name(w->scenario, e->other));
  add_name(out, mnz_scenario_material_name(w->scenario, e->material));
  add_name(out, mnz_scenario_link_name(w->scenario, e->link));
  add_name(out, mnz_scenario_disruption_name(w->scenario, e->disruption));
  if (e->material >= 0) mnz_buffer_print(out, " %g t", (double)e->mass_mg * TONNE);
  if (!isnan(e->detail)) mnz_buffer_print(out, " [%g]", e->detail);
  mnz_buffer_add(out, "\n");
}

/* The events among `what` (a mask), a line each. */
static void expect_lines(const world *w, const event_log *log, uint64_t what, const char *expected) {
  mnz_buffer lines = {0};
  mnz_buffer_add(&lines, "");
  for (size_t i = 0; i < log->count; i++)
    if (what >> log->at[i].what & 1) add_line(&lines, w, &log->at[i]);
  cr_assert_str_eq(lines.at, expected);
  mnz_buffer_free(&lines);
}

#define ALL    UINT64_MAX
#define OF(id) (UINT64_C(1) << (id))

/* A shop of 75 t, and an order of 1 t a day. */
#define SHOP "shop.cfg", "demand['small'].rate='0 t/d'", "demand['big'].rate='1 t/d'"

/* --- by hand --- */

Test(events, follow_an_order_from_the_asking_to_the_arrival) {
  world w;
  event_log log;
  watched_of(&w, &log, SHOP, "end='2026-01-04'",
             "links=( { name = 'way'; from = 'Shop'; to = 'big'; lead_time = '2 d'; loss = '10 %'; } )");
  world_finish(&w);
  expect_lines(&w, &log, ALL,
               "0 ordered big Shop oxide 1 t [1]\n"
               "0 shipped Shop big oxide way 1 t [0]\n"
               "0 departed Shop big oxide way 1 t [2]\n"
               "0 up Shop\n"
               "1 ordered big Shop oxide 1 t [1]\n"
               "1 shipped Shop big oxide way 1 t [0]\n"
               "1 departed Shop big oxide way 1 t [2]\n"
               "2 lost big Shop oxide way 0.1 t\n"
               "2 arrived big Shop oxide way 0.9 t [2]\n"
               "2 up big\n"
               "2 ordered big Shop oxide 1 t [1]\n"
               "2 shipped Shop big oxide way 1 t [0]\n"
               "2 departed Shop big oxide way 1 t [2]\n");
  close(&w, &log);
}

Test(events, tell_of_a_closed_way_and_of_what_waited_for_it) {
  world w;
  event_log log;
  watched_of(&w, &log, SHOP, "end='2026-01-04'", "links=( { name = 'way'; from = 'Shop'; to = 'big'; } )",
             "disruptions=( { name = 'strike'; hits = ( 'way' ); periods = ( { from = '2026-01-02'; until = "
             "'2026-01-04'; }, { from = '2026-01-03'; until = '2026-01-03T12:00'; } ); } )");
  world_finish(&w);
  expect_lines(&w, &log, ALL & ~OF(MNZ_EVENT_UP),
               "0 ordered big Shop oxide 1 t [1]\n"
               "0 shipped Shop big oxide way 1 t [0]\n"
               "0 departed Shop big oxide way 1 t [0]\n"
               "0 arrived big Shop oxide way 1 t [0]\n"
               "1 disrupted Shop big way strike [0]\n"
               "1 closed Shop big way strike\n"
               "1 ordered big Shop oxide 1 t [1]\n"
               "2 disrupted Shop big way strike [0]\n"
               "2 ordered big Shop oxide 1 t [1]\n"
               "2.5 relieved Shop big way strike [0]\n");
  close(&w, &log);
  watched_of(&w, &log, SHOP, "end='2026-01-04'", "links=( { name = 'way'; from = 'Shop'; to = 'big'; } )",
             "disruptions=( { name = 'strike'; hits = ( 'way' ); periods = ( { from = '2026-01-01'; until = "
             "'2026-01-03'; } ); } )");
  world_finish(&w);
  expect_lines(&w, &log, ALL & ~OF(MNZ_EVENT_UP),
               "0 disrupted Shop big way strike [0]\n"
               "0 closed Shop big way strike\n"
               "0 ordered big Shop oxide 1 t [1]\n"
               "1 ordered big Shop oxide 1 t [1]\n"
               "2 relieved Shop big way strike [1]\n"
               "2 opened Shop big way strike\n"
               "2 ordered big Shop oxide 1 t [1]\n"
               "2 shipped Shop big oxide way 2 t [2]\n"
               "2 departed Shop big oxide way 2 t [0]\n"
               "2 shipped Shop big oxide way 1 t [0]\n"
               "2 departed Shop big oxide way 1 t [0]\n"
               "2 arrived big Shop oxide way 2 t [0]\n"
               "2 arrived big Shop oxide way 1 t [0]\n");
  close(&w, &log);
}

Test(events, tell_what_is_shipped_from_what_departs_by_a_timetable) {
  world w;
  event_log log;
  watched_of(&w, &log, SHOP, "end='2026-01-05'",
             "links=( { name = 'boat'; from = 'Shop'; to = 'big'; lead_time = '12 h'; dispatch = { every = "
             "'3 d'; first = '2026-01-02T12:00'; }; } )");
  world_finish(&w);
  expect_lines(&w, &log, ALL & ~OF(MNZ_EVENT_UP) & ~OF(MNZ_EVENT_ORDERED),
               "0 shipped Shop big oxide boat 1 t [0]\n"
               "1 shipped Shop big oxide boat 1 t [0]\n"
               "1.5 departed Shop big oxide boat 1 t [0.5]\n"
               "1.5 departed Shop big oxide boat 1 t [0.5]\n"
               "2 arrived big Shop oxide boat 1 t [2]\n"
               "2 arrived big Shop oxide boat 1 t [1]\n"
               "2 shipped Shop big oxide boat 1 t [0]\n"
               "3 shipped Shop big oxide boat 1 t [0]\n");
  close(&w, &log);
}

/* Half of the second order is there, and nobody waits longer than a day. */
Test(events, tell_what_is_given_up) {
  world w;
  event_log log;
  watched_of(&w, &log, SHOP, "end='2026-01-03T12:00'", "nodes['Shop'].stores[0].initial='1500 kg'",
             "demand['big'].patience='1 d'");
  world_finish(&w);
  expect_lines(&w, &log, ALL & ~OF(MNZ_EVENT_UP),
               "0 ordered big Shop oxide 1 t [1]\n"
               "0 shipped Shop big oxide 1 t [0]\n"
               "0 departed Shop big oxide 1 t [0]\n"
               "0 arrived big Shop oxide 1 t [0]\n"
               "1 ordered big Shop oxide 1 t [1]\n"
               "1 shipped Shop big oxide 0.5 t [0]\n"
               "1 departed Shop big oxide 0.5 t [0]\n"
               "1 arrived big Shop oxide 0.5 t [0]\n"
               "2 ordered big Shop oxide 1 t [1]\n"
               "2 given_up big Shop oxide 0.5 t\n");
  close(&w, &log);
}

Test(events, tell_of_outages_by_name_and_of_the_states_that_follow) {
  world w;
  event_log log;
  watched_of(&w, &log, "mine-plant.cfg", "end='2026-01-20'",
             "disruptions=( { name = 'half'; hits = ( 'Plant' ); loss = '50 %'; periods = ( { from = "
             "'2026-01-03'; until = '2026-01-11'; } ); }, { name = 'whole'; hits = ( 'Plant', 'belt' ); "
             "periods = ( { from = '2026-01-05'; until = '2026-01-07'; } ); } )");
  world_finish(&w);
  expect_lines(&w, &log,
               OF(MNZ_EVENT_DISRUPTED) | OF(MNZ_EVENT_RELIEVED) | OF(MNZ_EVENT_CLOSED) |
                   OF(MNZ_EVENT_OPENED) | OF(MNZ_EVENT_DOWN),
               "2 disrupted Plant half [0.5]\n"
               "4 disrupted Plant whole [0]\n"
               "4 disrupted Mine Plant belt whole [0]\n"
               "4 closed Mine Plant belt whole\n"
               "4 down Plant\n"
               "6 relieved Plant whole [0.5]\n"
               "6 relieved Mine Plant belt whole [1]\n"
               "6 opened Mine Plant belt whole\n"
               "10 relieved Plant half [1]\n");
  close(&w, &log);
}

/* 10 t a day for a store of 60 t that has 50 t and is left to lose what does not fit. */
Test(events, tell_what_a_full_store_loses) {
  world w;
  event_log log;
  watched_of(&w, &log, "mine-plant.cfg", "end='2026-01-11'", "nodes['Plant'].capacity='1 kg/yr'",
             "nodes['Plant'].stores[0].when_full='lose'");
  world_finish(&w);
  mnz_mass lost = 0;
  for (size_t i = 0; i < log.count; i++) {
    if (log.at[i].what != MNZ_EVENT_LOST) continue;
    EXPECT(log.at[i].node == world_node(&w, "Plant") && log.at[i].other == -1 && log.at[i].link == -1);
    lost += log.at[i].mass_mg;
  }
  cr_assert_gt(lost, 0);
  cr_assert_eq(lost, world_ended(&w, MNZ_END_LOST));
  close(&w, &log);
}

/* --- the same world --- */

static void expect_same_log(const event_log *a, const event_log *b, size_t count) {
  EXPECT(a->count >= count && b->count >= count);
  for (size_t i = 0; i < count; i++) {
    const mnz_model_event *x = &a->at[i];
    const mnz_model_event *y = &b->at[i];
    EXPECT(x->time_us == y->time_us && x->what == y->what && x->node == y->node && x->other == y->other);
    EXPECT(x->material == y->material && x->link == y->link && x->disruption == y->disruption);
    EXPECT(x->mass_mg == y->mass_mg && memcmp(&x->detail, &y->detail, sizeof x->detail) == 0);
  }
}

Test(events, are_watched_without_any_influence) {
  world seen, unseen;
  event_log log;
  world_of(&unseen, EVERYTHING);
  watched_of(&seen, &log, EVERYTHING);
  world_finish(&unseen);
  world_finish(&seen);
  world_compare(unseen.result, seen.result);
  for (size_t i = 1; i < log.count; i++) EXPECT(log.at[i - 1].time_us <= log.at[i].time_us);
  for (uint32_t what = 0; what < MNZ_MODEL_EVENTS; what++) {
    size_t i = 0;
    if (what >= MNZ_EVENT_BORN && what <= MNZ_EVENT_ENDED) continue; /* nobody asked about lots */
    while (i < log.count && log.at[i].what != what) i++;
    cr_expect(i < log.count, "nothing %s", mnz_model_event_words[what]);
  }
  world_close(&unseen);
  close(&seen, &log);
}

Test(events, are_the_same_after_a_reset_and_in_two_halves) {
  world w;
  event_log log, again = {0};
  watched_of(&w, &log, EVERYTHING);
  world_finish(&w);
  EXPECT_OK(mnz_replication_reset(w.r, 0, &w.err), w.err);
  mnz_replication_watch_events(w.r, take, &again);
  world_run(&w, 200 * DAY);
  const size_t half = again.count;
  EXPECT_OK(mnz_replication_reset(w.r, 0, &w.err), w.err);
  world_run(&w, 200 * DAY);
  world_finish(&w);
  cr_assert_eq(again.count, half + log.count, "the onlooker stays over a reset");
  memmove(again.at, again.at + half, log.count * sizeof *again.at);
  expect_same_log(&log, &again, log.count);
  EXPECT_OK(mnz_replication_reset(w.r, 0, &w.err), w.err);
  mnz_replication_watch_events(w.r, NULL, NULL);
  world_finish(&w);
  cr_assert_eq(again.count, half + log.count, "nobody looks on");
  free(again.at);
  close(&w, &log);
}

/* Never more than has been ordered there, and at once ordered anew. */
Test(events, tell_of_orders_that_are_taken_back_to_be_placed_anew) {
  world w;
  event_log log;
  watched_of(&w, &log, EVERYTHING);
  world_finish(&w);
  size_t found = 0;
  for (size_t i = 0; i < log.count; i++) {
    const mnz_model_event *back = &log.at[i];
    if (back->what != MNZ_EVENT_TAKEN_BACK) continue;
    int64_t open_mg = 0;
    for (size_t k = 0; k < i; k++) {
      const mnz_model_event *e = &log.at[k];
      if (e->node != back->node || e->other != back->other || e->material != back->material) continue;
      if (e->what == MNZ_EVENT_ORDERED) open_mg += e->mass_mg;
      if (e->what == MNZ_EVENT_TAKEN_BACK) open_mg -= e->mass_mg;
    }
    EXPECT(back->mass_mg > 0 && back->mass_mg <= open_mg);
    int64_t anew_mg = 0;
    for (size_t k = i; k < log.count && log.at[k].time_us == back->time_us; k++) {
      const mnz_model_event *e = &log.at[k];
      const bool same = e->node == back->node && e->material == back->material;
      if (same && e->what == MNZ_EVENT_ORDERED) anew_mg += e->mass_mg;
    }
    EXPECT(anew_mg >= back->mass_mg);
    found++;
  }
  cr_assert_gt(found, 0);
  close(&w, &log);
}

/* --- the log --- */

/* As those of `log`. */
static void expect_kept(const mnz_replication *r, const event_log *log) {
  event_log kept = {0};
  const mnz_model_event *at = mnz_replication_log(r, &kept.count);
  cr_assert_eq(kept.count, log->count);
  kept.at = (mnz_model_event *)(uintptr_t)at;
  expect_same_log(log, &kept, log->count);
}

Test(events, are_kept_as_they_are_told_with_and_without_an_onlooker) {
  world w;
  event_log log;
  mnz_result *result = NULL;
  bool done = false;
  const mnz_watch watch = {.what = MNZ_WATCH_NOTHING, .events = true};
  mnz_replication *r = NULL;
  watched_of(&w, &log, EVERYTHING);
  world_finish(&w);
  size_t count;
  cr_assert_null(mnz_replication_log(w.r, &count));
  cr_assert(count == 0 && w.result->n_log == 0, "nobody asked for it");
  EXPECT_OK(mnz_replication_create(&r, w.scenario, &watch, 0, &w.err), w.err);
  for (int times = 0; times < 3; times++) {
    event_log told = {0};
    mnz_replication_watch_events(r, times == 1 ? take : NULL, &told);
    EXPECT_OK(mnz_replication_reset(r, 0, &w.err), w.err);
    EXPECT_OK(mnz_replication_run(r, MNZ_TO_THE_END, UINT64_MAX, &done, &w.err), w.err);
    EXPECT_OK(mnz_replication_finish(r, &result, &w.err), w.err);
    expect_kept(r, &log);
    cr_assert_eq(told.count, times == 1 ? log.count : 0);
    cr_assert_eq(result->n_log, log.count);
    cr_assert_eq(memcmp(result->log, mnz_replication_log(r, &count), log.count * sizeof *log.at), 0);
    mnz_result_free(result);
    free(told.at);
  }
  EXPECT_OK(mnz_replication_reset(r, 1, &w.err), w.err);
  cr_assert(mnz_replication_log(r, &count) != NULL && count == 0, "its room stays");
  mnz_replication_free(r);
  close(&w, &log);
}

Test(watch, is_read_as_it_is_written) {
  mnz_watch watch = {.what = MNZ_WATCH_HEADLINES, .months = 1};
  mnz_watch read;
  char text[MNZ_WATCH_TEXT];
  mnz_watch_format(&watch, text);
  cr_assert_str_eq(text, "headlines, months 1, period 0 us", "as before there was an event log");
  cr_assert(mnz_watch_parse(text, &read));
  cr_assert(read.what == MNZ_WATCH_HEADLINES && read.months == 1 && read.period_us == 0 && !read.events);
  watch =
      (mnz_watch){.what = MNZ_WATCH_HEADLINES, .months = INT32_MIN, .period_us = INT64_MIN, .events = true};
  mnz_watch_format(&watch, text);
  cr_assert_str_eq(text, "headlines, months -2147483648, period -9223372036854775808 us, events");
  cr_assert(mnz_watch_parse(text, &read));
  cr_assert(read.months == INT32_MIN && read.period_us == INT64_MIN && read.events);
  cr_assert_not(mnz_watch_parse("all, months 0, period 0 us, event", &read));
  cr_assert_not(mnz_watch_parse("all, months 0, period 0 us, events ", &read));
  cr_assert_not(mnz_watch_parse("all, events, months 0, period 0 us", &read));
}

/* --- books that must agree --- */

typedef struct sums {
  mnz_mass ordered, given_up, arrived;
} sums;

Test(events, add_up_to_what_demands_count) {
  world w;
  event_log log;
  watched_of(&w, &log, EVERYTHING);
  world_finish(&w);
  sums *node = calloc((size_t)w.r->n_nodes, sizeof *node);
  for (size_t i = 0; i < log.count; i++) {
    const mnz_model_event *e = &log.at[i];
    if (e->what == MNZ_EVENT_ORDERED) node[e->node].ordered += e->mass_mg;
    if (e->what == MNZ_EVENT_GIVEN_UP) node[e->node].given_up += e->mass_mg;
    if (e->what == MNZ_EVENT_ARRIVED) node[e->node].arrived += e->mass_mg;
  }
  for (int32_t i = 0; i < w.r->n_nodes; i++) {
    const mnz_demand_tally *tally = mnz_demand_of(&w.r->sites[i]);
    if (tally == NULL) continue;
    cr_expect_eq(node[i].ordered, tally->asked);
    cr_expect_eq(node[i].given_up, tally->given_up);
    cr_expect_eq(node[i].arrived, tally->delivered_mass);
  }
  free(node);
  close(&w, &log);
}

Test(events, add_up_to_what_is_on_its_way) {
  world w;
  event_log log;
  watched_of(&w, &log, EVERYTHING);
  world_finish(&w);
  mnz_mass under_way = 0;
  for (size_t i = 0; i < log.count; i++) {
    const mnz_model_event *e = &log.at[i];
    const bool on_the_way = e->what == MNZ_EVENT_LOST && e->other >= 0;
    if (e->what == MNZ_EVENT_DEPARTED) under_way += e->mass_mg;
    if (e->what == MNZ_EVENT_ARRIVED || on_the_way) under_way -= e->mass_mg;
  }
  mnz_mass really = 0;
  for (const mnz_lot *lot = w.r->lots.first; lot != NULL; lot = lot->after)
    if (lot->place == MNZ_PLACE_TRANSIT) really += lot->mass;
  for (int32_t i = 0; i < w.r->n_links; i++)
    for (const mnz_lot *lot = w.r->links[i].dock.first; lot != NULL; lot = lot->next) really -= lot->mass;
  cr_assert_gt(really, 0);
  cr_assert_eq(under_way, really);
  close(&w, &log);
}

/* --- a run that fails --- */

static const mnz_param *find(const mnz_param *table, const char *name) {
  while (strcmp(table->name, name) != 0) table++;
  return table;
}

Test(events, are_told_up_to_the_failure) {
  world sound, broken;
  event_log all, some;
  watched_of(&sound, &all, "chain.cfg");
  watched_of(&broken, &some, "chain.cfg");
  const mnz_node_spec *plant = mnz_scenario_node(broken.scenario, world_node(&broken, "Plant"));
  const mnz_param *makes = find(plant->kind->params, "makes");
  const mnz_list *list = (const mnz_list *)(const void *)((const char *)plant->params + makes->offset);
  const size_t at = find(makes->fields, "recovery")->offset;
  ((mnz_recovery *)(void *)((char *)(uintptr_t)list->at + at))->all = mnz_distribution_constant(1.05);
  bool done;
  cr_assert_eq(mnz_replication_run(broken.r, MNZ_TO_THE_END, UINT64_MAX, &done, &broken.err), MNZ_LEDGER);
  world_finish(&sound);
  cr_assert_gt(some.count, 5);
  cr_assert_eq(some.at[some.count - 1].time_us, 5 * DAY / 2, "the first lot leaves the plant then");
  expect_same_log(&all, &some, some.count);
  close(&sound, &all);
  close(&broken, &some);
}

Test(events, have_a_word_for_each_state) {
  for (size_t s = 0; s < MNZ_STATES; s++)
    cr_expect_str_eq(mnz_model_event_words[MNZ_EVENT_IDLE + s], mnz_state_names[s]);
}
