/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small world for the tests of the domain: three nodes, four materials, and services made by hand, whose
 * alarms stand in a sorted list that a test takes one by one. */
#ifndef MNZ_TESTS_DOMAIN_BENCH_H
#define MNZ_TESTS_DOMAIN_BENCH_H

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "domain/link.h"
#include "domain/site.h"

/* Criterion reports every assertion to its parent process; in loops of thousands only a failure is told. */
#define EXPECT(fact)                                                                                         \
  do {                                                                                                       \
    if (!(fact)) cr_assert_fail("line %d: %s", __LINE__, #fact);                                             \
  } while (0)
#define EXPECT_OK(call, err)                                                                                 \
  do {                                                                                                       \
    if ((call) != MNZ_OK)                                                                                    \
      cr_assert_fail("line %d: %s: %s: %s", __LINE__, #call, (err).where, (err).message);                    \
  } while (0)

enum { ND, PR, DY, TB, N_ELEMENTS };
enum { AU, CN, N_ORIGINS };
enum { MIX, METAL, OXIDE, REST, N_MATERIALS }; /* all elements; their metal; Nd and Pr as oxide; the rest */
enum { HERE, THERE, YONDER, N_NODES };
enum { N_PARTS = N_ELEMENTS * N_ORIGINS + 1, OTHER = N_PARTS - 1 };

typedef struct fake_alarm {
  mnz_time at;
  mnz_phase phase;
  mnz_alarm name;
  int32_t node;
  int32_t tag;
} fake_alarm;

/* What was asked of the services. */
typedef struct fake_ask {
  int32_t seller;
  mnz_mass mass;
  mnz_mass fresh;
  int32_t priority;
  bool only_free;
} fake_ask;

typedef struct bench {
  mnz_catalog catalog;
  mnz_material materials[N_MATERIALS];
  mnz_services services;
  mnz_ledger ledger;
  mnz_lots lots;
  mnz_pool *asks;
  mnz_node_spec spec[N_NODES];
  mnz_shelf shelf[N_NODES][N_MATERIALS];
  mnz_site site[N_NODES];
  mnz_time now;
  fake_alarm alarm[256];
  int32_t n_alarms;
  mnz_alarm last_alarm;
  int32_t stirred[N_NODES];
  int32_t freed[N_MATERIALS];
  fake_ask asked[16];
  int32_t n_asked;
  mnz_mass free[N_NODES]; /* what a seller has free */
  mnz_mass open[N_NODES]; /* what a seller has not shipped of what was ordered */
  mnz_mass handed[N_NODES];
  int32_t n_handed;
  int32_t unmet[N_NODES]; /* how often a buyer was told of a late order, and since when the first of them */
  mnz_time unmet_since[N_NODES];
  mnz_error err;
} bench;

/* Everything empty, all stores unlimited. Ends with bench_close, which checks the ledger a last time. */
void bench_open(bench *b);
void bench_close(bench *b);
void bench_free(bench *b); /* without the check */
mnz_status bench_check(bench *b, mnz_mass *residual);

/* The earliest alarm: sets the clock and takes it off the list. False if there is none until then. */
bool bench_next(bench *b, mnz_time until, fake_alarm *alarm);
/* A lot in hand at HERE, born there, with these parts (N_PARTS of them). */
mnz_lot *bench_lot(bench *b, int32_t material, const mnz_mass *part);
/* The same with `nd` milligrams of Australian Nd and nothing else. */
mnz_lot *bench_nd(bench *b, int32_t material, mnz_mass nd);
void bench_drop(bench *b, mnz_lot *lot); /* ends a lot in hand as delivered */

/* A small generator of its own (splitmix64). */
uint64_t bench_draw(uint64_t *state);
mnz_mass bench_below(uint64_t *state, mnz_mass bound);

#endif
