/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario loaded, run and read, for the tests of the world. Everything that goes wrong on the way fails
 * the test with the scenario's own message. */
#ifndef MNZ_TESTS_WORLD_BENCH_H
#define MNZ_TESTS_WORLD_BENCH_H

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "monazite/calendar.h"
#include "monazite/replication.h"
#include "world/replication_internal.h"

#define DAY  MNZ_US_PER_DAY
#define T_MG INT64_C(1000000000) /* milligrams of a tonne */

/* In loops: only a failure is told to Criterion. */
#define EXPECT(fact)                                                                                         \
  do {                                                                                                       \
    if (!(fact)) cr_assert_fail("line %d: %s", __LINE__, #fact);                                             \
  } while (0)
#define EXPECT_OK(call, err)                                                                                 \
  do {                                                                                                       \
    if ((call) != MNZ_OK)                                                                                    \
      cr_assert_fail("line %d: %s: %s: %s", __LINE__, #call, (err).where, (err).message);                    \
  } while (0)

typedef struct world {
  mnz_scenario *scenario;
  mnz_replication *r;
  mnz_result *result;
  mnz_error err;
} world;

/* Loads tests/scenarios/<file>, with overrides as --set takes them, in which ' stands for ". It is ready to
 * run as replication 0. */
#define world_of(w, ...) world_load((w), (const char *const[]){__VA_ARGS__, NULL})
void world_load(world *w, const char *const *file_and_overrides);
/* Loads a text. */
void world_of_text(world *w, const char *text);
void world_close(world *w);

/* Runs until everything before `us` has happened; to the end, verified, into w->result. */
void world_run(world *w, mnz_time us);
void world_finish(world *w);

int32_t world_node(const world *w, const char *name);
int32_t world_link(const world *w, const char *name);
int32_t world_material(const world *w, const char *name);
mnz_shelf *world_shelf(const world *w, const char *node, const char *material);
mnz_mass world_stock(const world *w, const char *node, const char *material);
/* Of mine-heaps.cfg at 4 t a day: 56 t come to the heap every second week, from day 14 on. */
void world_expect_fortnights(world *w);
/* Milligrams of all elements and other matter: cumulative into the stock; ended; born at a node. */
mnz_mass world_in(const world *w, const char *node, const char *material);
mnz_mass world_transit(const world *w, const char *node, const char *material);
mnz_mass world_ended(const world *w, mnz_end how);
mnz_mass world_born(const world *w, const char *node);

/* From the result: a measure by node or element, a series by account at a sample. */
double world_by_node(const world *w, const char *measure, const char *node);
double world_by_element(const world *w, const char *measure, const char *element);
double world_state(const world *w, const char *node, mnz_state state);
/* The whole series of an account; element NULL: all together (or the only one). */
const double *world_series(const world *w, const char *series, const char *node, const char *material,
                           const char *element);

/* Fails unless both results are the same, byte by byte. */
void world_compare(const mnz_result *a, const mnz_result *b);

/* The text of a file in tests/scenarios, with the items of each of its lists of things in another order. */
char *world_permuted(const char *name, uint64_t seed);

#endif
