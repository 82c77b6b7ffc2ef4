/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One world, run in many ways: the numbers must be the same. And a broken one must be refused. */
#include "domain/facilities/demand.h"
#include "world_bench.h"

#define EVERYTHING "everything.cfg"

static mnz_result *result_of(world *w) {
  world_finish(w);
  mnz_result *result = w->result;
  w->result = NULL;
  return result;
}

/* --- the same world in many ways --- */

Test(world, with_everything_in_it_does_everything) {
  world w;
  world_of(&w, EVERYTHING);
  world_finish(&w);
  /* Else the tests below would compare worlds in which nothing happens. */
  cr_assert_gt(w.result->events, 10000);
  static const char *const pairs[][2] = {
      {"Mill", "concentrate"},       {"Slimes pond", "slimes"},     {"Port", "carbonate"},
      {"Port", "concentrate"},       {"Separation", "carbonate"},   {"Bin", "Dy oxide"},
      {"Trading house", "Dy oxide"}, {"Metal works", "NdPr oxide"}, {"Magnets", "Dy metal"},
      {"Reserve", "NdPr metal"},     {"Scrap yard", "swarf"},       {"Overseas cracking", "carbonate"}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    cr_expect_gt(world_in(&w, pairs[i][0], pairs[i][1]), 0, "nothing came of %s to %s", pairs[i][1],
                 pairs[i][0]);
  }
  for (int32_t how = 0; how < MNZ_ENDS; how++) cr_expect_gt(world_ended(&w, (mnz_end)how), 0);
  cr_expect_gt(world_by_node(&w, "node_delivered_late", "cars"), 0);
  cr_expect_gt(world_by_node(&w, "node_short", "cars"), 0);
  cr_expect_gt(world_state(&w, "Cracking", MNZ_STATE_DOWN), 0);
  cr_expect_gt(world_state(&w, "Mine", MNZ_STATE_BLOCKED), 0);
  cr_expect_gt(world_state(&w, "Metal works", MNZ_STATE_STARVED), 0);
  world_close(&w);
}

Test(world, reset_and_run_equals_created_and_run) {
  world w;
  world_of(&w, EVERYTHING);
  mnz_result *created = result_of(&w);
  EXPECT_OK(mnz_replication_reset(w.r, 7, &w.err), w.err);
  mnz_result *other = result_of(&w);
  EXPECT_OK(mnz_replication_reset(w.r, 0, &w.err), w.err);
  mnz_result *reset = result_of(&w);
  world_compare(created, reset);
  cr_assert_neq(created->events, other->events, "another replication has other luck");
  mnz_result_free(created);
  mnz_result_free(other);
  mnz_result_free(reset);
  world_close(&w);
}

Test(world, reset_in_the_middle_of_a_run_begins_anew) {
  world w;
  world_of(&w, EVERYTHING);
  mnz_result *whole = result_of(&w);
  EXPECT_OK(mnz_replication_reset(w.r, 3, &w.err), w.err);
  world_run(&w, 200 * DAY + 12345);
  EXPECT_OK(mnz_replication_reset(w.r, 0, &w.err), w.err);
  mnz_result *again = result_of(&w);
  world_compare(whole, again);
  mnz_result_free(whole);
  mnz_result_free(again);
  world_close(&w);
}

Test(world, two_halves_equal_one_whole) {
  world whole, halves;
  world_of(&whole, EVERYTHING);
  world_finish(&whole);
  const mnz_time cuts[] = {0, 1, 30 * DAY, 200 * DAY, 200 * DAY + 1, 529 * DAY};
  for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
    world_of(&halves, EVERYTHING);
    world_run(&halves, cuts[i]);
    EXPECT(mnz_replication_now(halves.r) == cuts[i]);
    world_finish(&halves);
    world_compare(whole.result, halves.result);
    world_close(&halves);
  }
  world_close(&whole);
}

Test(world, verified_after_every_event_equals_one_whole) {
  world whole, steps;
  world_of(&whole, EVERYTHING, "end='2026-05-15'");
  world_finish(&whole);
  world_of(&steps, EVERYTHING, "end='2026-05-15'");
  bool done = false;
  while (!done) {
    EXPECT_OK(mnz_replication_run(steps.r, MNZ_TO_THE_END, 1, &done, &steps.err), steps.err);
    EXPECT_OK(mnz_replication_verify(steps.r, &steps.err), steps.err);
  }
  world_finish(&steps);
  world_compare(whole.result, steps.result);
  world_close(&whole);
  world_close(&steps);
}

Test(world, does_not_depend_on_the_order_in_the_file) {
  world sorted;
  world_of(&sorted, EVERYTHING);
  world_finish(&sorted);
  char *text = world_permuted(EVERYTHING, 0);
  for (uint64_t seed = 1; seed <= 5; seed++) {
    char *permuted = world_permuted(EVERYTHING, seed);
    cr_assert_eq(strlen(text), strlen(permuted));
    cr_assert_str_neq(text, permuted);
    world w;
    world_of_text(&w, permuted);
    world_finish(&w);
    world_compare(sorted.result, w.result);
    world_close(&w);
    free(permuted);
  }
  free(text);
  world_close(&sorted);
}

/* The index in `more` of what has this label in `few`. */
static size_t renumbered(const mnz_result *few, const mnz_result *more, mnz_axis_id axis, size_t i) {
  if (axis == MNZ_AXIS_TIME) return i;
  if (axis == MNZ_AXIS_ACCOUNT) {
    for (size_t k = 0; k < more->length[axis]; k++) {
      const size_t node = renumbered(few, more, MNZ_AXIS_NODE, (size_t)few->account_node[i]);
      const size_t material = renumbered(few, more, MNZ_AXIS_MATERIAL, (size_t)few->account_material[i]);
      if ((size_t)more->account_node[k] == node && (size_t)more->account_material[k] == material &&
          more->account_element[k] == few->account_element[i]) {
        return k;
      }
    }
  } else {
    for (size_t k = 0; k < more->length[axis]; k++) {
      if (strcmp(few->labels[axis][i], more->labels[axis][k]) == 0) return k;
    }
  }
  cr_assert_fail("a label is missing");
  return 0;
}

/* Every number of `few` stands in `more`, too. */
static void expect_within(const mnz_result *few, const mnz_result *more) {
  for (size_t i = 0; i < few->n_variables; i++) {
    const mnz_variable *v = &few->variables[i];
    const mnz_variable *u = mnz_result_find(more, v->name);
    const size_t inner = v->n_axes < 2 ? 1 : few->length[v->axes[1]];
    for (size_t k = 0; k < few->length[v->axes[0]]; k++) {
      const size_t size = inner * mnz_cell_size(v->cell);
      const char *a = (const char *)v->data + k * size;
      const char *b = (const char *)u->data + renumbered(few, more, v->axes[0], k) * size;
      if (memcmp(a, b, size) != 0) cr_assert_fail("%s differs", v->name);
    }
  }
}

Test(world, is_left_alone_by_what_is_not_connected_with_it) {
  world few, more;
  world_of(&few, EVERYTHING);
  world_of(&more, "everything-and-a-zoo.cfg");
  world_finish(&few);
  world_finish(&more);
  cr_assert_gt(world_by_node(&more, "node_delivered", "animals"), 10);
  expect_within(few.result, more.result);
  world_close(&few);
  world_close(&more);
}

Test(world, of_equal_seeds_is_equal_and_of_different_seeds_is_not) {
  world a, b, c;
  world_of(&a, EVERYTHING);
  world_of(&b, EVERYTHING, "seed='20251001'");
  world_of(&c, EVERYTHING, "seed='20251002'");
  world_finish(&a);
  world_finish(&b);
  world_finish(&c);
  world_compare(a.result, b.result);
  cr_assert_neq(a.result->events, c.result->events);
  cr_assert_neq(world_by_element(&a, "mined", "Nd"), world_by_element(&c, "mined", "Nd"));
  world_close(&a);
  world_close(&b);
  world_close(&c);
}

/* --- books that must agree --- */

/* What a node has ordered and not yet got: on the books of the sellers, and in lots under way. */
static mnz_mass really_on_order(const world *w, int32_t node, int32_t material) {
  mnz_mass sum = 0;
  for (int32_t i = 0; i < w->r->n_nodes; i++) {
    const mnz_shelf *shelf = mnz_site_shelf(&w->r->sites[i], material);
    for (const mnz_ask *ask = shelf == NULL ? NULL : shelf->book.first; ask != NULL; ask = ask->next) {
      if (ask->buyer == node) sum += ask->open;
    }
  }
  for (const mnz_lot *lot = w->r->lots.first; lot != NULL; lot = lot->after) {
    if (lot->place == MNZ_PLACE_TRANSIT && lot->node == node && lot->material == material)
      sum += lot->ordered;
  }
  return sum;
}

static mnz_mass really_reserved(const world *w, int32_t node, int32_t material) {
  mnz_mass sum = 0;
  const bool port = strcmp(w->r->sites[node].spec->kind->name, "port") == 0;
  for (const mnz_lot *lot = w->r->lots.first; lot != NULL; lot = lot->after) {
    const bool comes = lot->place == MNZ_PLACE_TRANSIT || (port && lot->place == MNZ_PLACE_PROCESS);
    if (comes && lot->node == node && lot->material == material) sum += lot->mass;
  }
  return sum;
}

Test(world, agrees_at_any_time_on_what_is_ordered_and_what_is_promised) {
  world w;
  world_of(&w, EVERYTHING);
  for (mnz_time at = 0; at < 530 * DAY; at += 5 * DAY + 12345678) {
    world_run(&w, at);
    for (int32_t node = 0; node < w.r->n_nodes; node++) {
      for (int32_t i = 0; i < w.r->sites[node].n_shelves; i++) {
        const mnz_shelf *shelf = &w.r->sites[node].shelves[i];
        EXPECT(shelf->on_order == really_on_order(&w, node, shelf->store.material));
        /* a port's yard may hold a lot back that has left its berth, and its place with it */
        const mnz_mass reserved = really_reserved(&w, node, shelf->store.material);
        EXPECT(node == world_node(&w, "Port") ? shelf->store.reserved <= reserved
                                              : shelf->store.reserved == reserved);
      }
    }
  }
  world_close(&w);
}

Test(world, gives_series_that_add_up) {
  world w;
  world_of(&w, EVERYTHING);
  world_finish(&w);
  const size_t times = w.result->length[MNZ_AXIS_TIME];
  const double *stock = mnz_result_find(w.result, "stock")->data;
  const double *in = mnz_result_find(w.result, "inflow")->data;
  const double *out = mnz_result_find(w.result, "outflow")->data;
  for (size_t a = 0; a < w.result->length[MNZ_AXIS_ACCOUNT]; a++) {
    const size_t first = a * times; /* what is there at the start did not come in */
    if (mnz_demand_of(&w.r->sites[w.result->account_node[a]]) != NULL) continue; /* uses what comes in */
    double is = stock[first] - in[first] + out[first];
    for (size_t t = 0; t < times; t++) {
      is += in[a * times + t] - out[a * times + t];
      EXPECT(fabs(is - stock[a * times + t]) < 1e-6);
    }
  }
  const double *share = mnz_result_find(w.result, "state_share")->data;
  for (int32_t node = 0; node < w.r->n_nodes; node++) {
    double sum = 0;
    for (int32_t state = 0; state < MNZ_STATES; state++) sum += share[node * MNZ_STATES + state];
    EXPECT(fabs(sum - 1) < 1e-12);
  }
  const double *from = mnz_result_find(w.result, "delivered_from")->data;
  for (int32_t e = 0; e < 4; e++) {
    const double delivered = ((const double *)mnz_result_find(w.result, "delivered")->data)[e];
    EXPECT(fabs(from[2 * e] + from[2 * e + 1] - delivered) < 1e-9);
  }
  world_close(&w);
}

/* --- paired randomness --- */

enum { CHANGES = 64 };

/* The times at which the share of capacity of a node changes. */
static int32_t changes_of(world *w, const char *node, mnz_time at[CHANGES]) {
  const mnz_site *site = &w->r->sites[world_node(w, node)];
  double before = site->availability;
  int32_t n = 0;
  bool done = false;
  while (!done && n < CHANGES) {
    EXPECT_OK(mnz_replication_run(w->r, MNZ_TO_THE_END, 1, &done, &w->err), w->err);
    if (site->availability != before) at[n++] = mnz_replication_now(w->r);
    before = site->availability;
  }
  return n;
}

Test(world, draws_the_same_outages_whatever_else_there_is) {
  world alone, among;
  world_of(&alone, "outages.cfg");
  world_of(&among, "outages-and-more.cfg");
  mnz_time a[CHANGES], b[CHANGES];
  const int32_t n = changes_of(&alone, "Kiln", a);
  cr_assert_gt(n, 40);
  cr_assert_eq(changes_of(&among, "Kiln", b), n);
  cr_assert(memcmp(a, b, (size_t)n * sizeof *a) == 0);
  world_close(&alone);
  world_close(&among);
}

/* --- the horizon --- */

/* A shop of 500 t and an order of 1 t a day, that of `users`. */
#define SHOP                                                                                                 \
  "shop.cfg", "nodes['Shop'].stores[0].initial='500 t'", "demand['big'].rate='1 t/d'",                       \
      "demand['small'].rate='0 t/d'"

Test(horizon, is_half_open) {
  world w;
  world_of(&w, SHOP, "end='2026-04-11'"); /* 100 days: orders on days 0 .. 99 */
  world_finish(&w);
  cr_assert_float_eq(world_by_node(&w, "node_demanded", "big"), 100, 1e-9);
  cr_assert_float_eq(world_by_node(&w, "node_delivered", "big"), 100, 1e-9);
  cr_assert_eq(world_stock(&w, "Shop", "oxide"), 400 * T_MG);
  world_close(&w);
  world_of(&w, SHOP, "end='2026-04-11T00:00:01'");
  world_finish(&w);
  cr_assert_float_eq(world_by_node(&w, "node_demanded", "big"), 101, 1e-9);
  world_close(&w);
}

Test(horizon, is_sampled_at_the_end_of_every_period) {
  world w;
  world_of(&w, SHOP);
  world_finish(&w);
  cr_assert_eq(w.result->length[MNZ_AXIS_TIME], 10);
  const double *stock = world_series(&w, "stock", "Shop", "oxide", NULL);
  const double *outflow = world_series(&w, "outflow", "Shop", "oxide", NULL);
  for (int32_t k = 0; k < 10; k++) {
    cr_expect_eq(w.result->time[k], k + 1);
    /* the sample at k + 1 days comes after the order of that instant, but at the end there is none */
    cr_expect_float_eq(stock[k], 500 - (k < 9 ? k + 2 : 10), 1e-9);
    cr_expect_float_eq(outflow[k], k == 0 ? 2 : k < 9 ? 1 : 0, 1e-9);
  }
  world_close(&w);
}

Test(horizon, that_ends_within_a_period_is_sampled_at_its_end) {
  world w;
  world_of(&w, SHOP, "sample='3 d'", "end='2026-01-11T12:00'");
  world_finish(&w);
  cr_assert_eq(w.result->length[MNZ_AXIS_TIME], 4);
  const double times[] = {3, 6, 9, 10.5};
  for (int32_t k = 0; k < 4; k++) cr_expect_eq(w.result->time[k], times[k]);
  const double *stock = world_series(&w, "stock", "Shop", "oxide", NULL);
  cr_expect_float_eq(stock[3], 500 - 11, 1e-9);
  world_close(&w);
}

Test(horizon, of_a_run_that_is_over_moves_no_more) {
  world w;
  world_of(&w, SHOP);
  world_finish(&w);
  const uint64_t events = mnz_replication_events(w.r);
  world_run(&w, MNZ_TO_THE_END);
  cr_assert_eq(mnz_replication_events(w.r), events);
  cr_assert_eq(mnz_replication_now(w.r), 10 * DAY);
  world_close(&w);
}

Test(horizon, must_be_reached_before_there_is_a_result) {
  world w;
  world_of(&w, SHOP);
  world_run(&w, 9 * DAY);
  cr_assert_eq(mnz_replication_finish(w.r, &w.result, &w.err), MNZ_MODEL);
  cr_assert(w.result == NULL);
  world_close(&w);
}

Test(horizon, gives_its_result_once) {
  world w;
  world_of(&w, SHOP);
  world_finish(&w);
  mnz_result *again;
  cr_assert_eq(mnz_replication_finish(w.r, &again, &w.err), MNZ_MODEL);
  cr_assert(again == NULL);
  EXPECT_OK(mnz_replication_reset(w.r, 0, &w.err), w.err);
  world_finish(&w);
  world_close(&w);
}

/* --- a broken world is refused --- */

/* The field of a struct that a descriptor table names. */
static void *field(const void *of, const mnz_param *table, const char *name) {
  while (strcmp(table->name, name) != 0) table++;
  return (char *)(uintptr_t)of + table->offset;
}

static const mnz_param *fields_of(const mnz_param *table, const char *name) {
  while (strcmp(table->name, name) != 0) table++;
  return table->fields;
}

Test(broken, recovery_makes_the_run_refuse_and_names_facility_and_date) {
  world w;
  world_of(&w, "chain.cfg");
  const mnz_node_spec *plant = mnz_scenario_node(w.scenario, world_node(&w, "Plant"));
  const mnz_list *makes = field(plant->params, plant->kind->params, "makes");
  mnz_recovery *recovery = field(makes->at, fields_of(plant->kind->params, "makes"), "recovery");
  cr_assert_float_eq(mnz_distribution_mean(&recovery->all), 0.95, 1e-12);
  recovery->all = mnz_distribution_constant(1.05);
  bool done;
  cr_assert_eq(mnz_replication_run(w.r, MNZ_TO_THE_END, UINT64_MAX, &done, &w.err), MNZ_LEDGER);
  cr_assert_not(done);
  /* the first lot is dug in half a day, a day on its way and a day in the plant */
  cr_assert_str_eq(w.err.where, "Plant, 2026-01-03T12:00:00");
  cr_assert_str_eq(w.err.message,
                   "mass out of nothing: 840000000 mg of Nd made from 800000000 mg of it in ore");
  cr_assert_eq(mnz_replication_run(w.r, MNZ_TO_THE_END, UINT64_MAX, &done, &w.err), MNZ_MODEL,
               "after a failure it runs no more");
  cr_assert_eq(mnz_replication_finish(w.r, &w.result, &w.err), MNZ_MODEL);
  world_close(&w);
}

/* A trader that, whenever it decides, slips something into the first lot that it has. */
static mnz_status (*honest_decide)(void *self, mnz_error *err);
static mnz_mass slipped;
static int32_t slipped_part;

static mnz_status crooked_decide(void *self, mnz_error *err) {
  mnz_site *site = *(mnz_site **)self; /* the first member of the state of every kind */
  mnz_lot *lot = site->shelves[0].store.queue.first;
  if (lot != NULL && slipped != 0) {
    lot->part[slipped_part] += slipped;
    lot->book += slipped;
    slipped = 0;
  }
  return honest_decide(self, err);
}

/* The chain with a crooked shop, in which `mass` more of one part is slipped in once. */
static void open_crooked(world *w, mnz_kind *kind, const char *end, int32_t part, mnz_mass mass) {
  world_of(w, "chain.cfg", end);
  mnz_node_spec *shop = (mnz_node_spec *)(uintptr_t)mnz_scenario_node(w->scenario, world_node(w, "Shop"));
  *kind = *shop->kind;
  honest_decide = kind->decide;
  kind->decide = crooked_decide;
  shop->kind = kind;
  slipped = mass;
  slipped_part = part;
}

Test(broken, milligram_is_found_in_the_run_with_component_facility_and_date) {
  world w;
  mnz_kind kind;
  open_crooked(&w, &kind, "end='2027-01-01'", 1, 1);
  bool done;
  cr_assert_eq(mnz_replication_run(w.r, MNZ_TO_THE_END, UINT64_MAX, &done, &w.err), MNZ_LEDGER);
  cr_assert(strncmp(w.err.where, "Shop, 2026-0", 12) == 0, "%s", w.err.where);
  cr_assert(strstr(w.err.message, "off by +1 mg of Dy of origin ore") != NULL, "%s", w.err.message);
  cr_assert_leq(mnz_replication_now(w.r), 33 * DAY + MNZ_LEDGER_EVERY, "not only at the end");
  world_close(&w);
}

Test(broken, milligram_is_found_at_the_end_of_a_short_run) {
  world w;
  mnz_kind kind;
  open_crooked(&w, &kind, "end='2026-02-20'", 2, -1);
  bool done;
  mnz_status status = mnz_replication_run(w.r, MNZ_TO_THE_END, UINT64_MAX, &done, &w.err);
  if (status == MNZ_OK) status = mnz_replication_finish(w.r, &w.result, &w.err);
  cr_assert_eq(status, MNZ_LEDGER);
  cr_assert(w.result == NULL);
  cr_assert_str_eq(w.err.where, "Shop, 2026-02-20");
  cr_assert(strstr(w.err.message, "off by -1 mg of other matter") != NULL, "%s", w.err.message);
  world_close(&w);
}

Test(broken, order_book_is_found_by_verifying) {
  world w;
  world_of(&w, SHOP, "end='2026-04-11'");
  world_run(&w, 50 * DAY);
  EXPECT_OK(mnz_replication_verify(w.r, &w.err), w.err);
  world_shelf(&w, "Shop", "oxide")->book.open++;
  cr_assert_eq(mnz_replication_verify(w.r, &w.err), MNZ_MODEL);
  cr_assert_str_eq(w.err.where, "Shop");
  world_shelf(&w, "Shop", "oxide")->book.open--;
  world_shelf(&w, "Shop", "oxide")->store.mass--;
  cr_assert_eq(mnz_replication_verify(w.r, &w.err), MNZ_MODEL);
  world_close(&w);
}
