/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios that are run: common random numbers make what they share the same in every replication. */
#include <criterion/criterion.h>
#include <gsl/gsl_errno.h>

#include <math.h>
#include <string.h>

#include "monazite/batch.h"
#include "monazite/compare.h"

enum { REPLICATIONS = 12 };

static void no_handler(void) {
  (void)gsl_set_error_handler_off();
}

TestSuite(study_pairs, .init = no_handler);

typedef struct ran {
  mnz_scenario *scenario;
  mnz_result *shape;
  mnz_parcels *parcels;
  mnz_rows rows;
} ran;

static void run(const char *file, const char *override, uint32_t threads, ran *out) {
  const mnz_watch nothing = {.what = MNZ_WATCH_NOTHING};
  mnz_batch_options options = mnz_batch_options_default();
  options.replications = REPLICATIONS;
  options.threads = threads;
  options.watch = nothing;
  mnz_problems *problems = NULL;
  mnz_batch_outcome outcome;
  mnz_error err = {0};
  cr_assert_eq(mnz_scenario_load(&out->scenario, file, &override, override != NULL, &problems, &err), MNZ_OK,
               "%s", err.message);
  mnz_problems_free(problems);
  cr_assert_eq(mnz_shape_create(out->scenario, &nothing, &out->shape, &err), MNZ_OK);
  cr_assert_eq(mnz_parcels_create(&out->parcels, out->shape, &err), MNZ_OK);
  const mnz_sink sink = mnz_parcels_sink(out->parcels);
  cr_assert_eq(
      mnz_batch_run(out->scenario, out->shape, &options, NULL, &sink, NULL, NULL, NULL, &outcome, &err),
      MNZ_OK, "%s", err.message);
  out->rows = mnz_parcels_rows(out->parcels);
}

static void release(ran *r) {
  mnz_parcels_free(r->parcels);
  mnz_result_free(r->shape);
  mnz_scenario_free(r->scenario);
}

static mnz_comparison *compare(const ran *a, const ran *b) {
  const mnz_compare_input inputs[] = {{"a", &a->rows}, {"b", &b->rows}};
  const mnz_compare_options options = mnz_compare_options_default();
  mnz_comparison *c = NULL;
  mnz_error err = {0};
  cr_assert_eq(mnz_compare(inputs, 2, &options, &c, &err), MNZ_OK, "%s", err.message);
  cr_assert_eq(c->replications, REPLICATIONS);
  return c;
}

Test(study_pairs, an_unconnected_world_beside_it_changes_nothing) {
  ran a;
  ran b;
  run("tests/scenarios/everything.cfg", NULL, 2, &a);
  run("tests/scenarios/everything-and-a-zoo.cfg", NULL, 2, &b);
  mnz_comparison *c = compare(&a, &b);
  size_t shared = 0;
  size_t alone = 0;
  for (size_t i = 0; i < c->n_cells; i++) {
    const bool in_a = !isnan(mnz_comparison_at(c, MNZ_COMPARED_COUNT, i, 0));
    const double difference = mnz_comparison_at(c, MNZ_COMPARED_DIFFERENCE, i, 1);
    alone += !in_a;
    if (!(mnz_comparison_at(c, MNZ_COMPARED_PAIRS, i, 1) > 0)) continue;
    cr_assert(in_a);
    cr_assert_eq(difference, 0, "%s of %s: %g", c->cells[i].measure, c->cells[i].labels[0], difference);
    cr_assert_eq(mnz_comparison_at(c, MNZ_COMPARED_DIFFERENCE_HALF_WIDTH, i, 1), 0);
    shared++;
  }
  cr_assert_gt(shared, 100);
  cr_assert_gt(alone, 10);
  mnz_comparison_free(c);
  release(&a);
  release(&b);
}

Test(study_pairs, equal_draws_make_the_difference_surer) {
  static const char file[] = "scenarios/tutorial/first-mine.cfg";
  ran base;
  ran smaller;
  ran elsewhere;
  run(file, NULL, 1, &base);
  run(file, "nodes[\"Plant\"].capacity=\"9 kt/month\"", 1, &smaller);
  run(file, "seed=\"2\"", 1, &elsewhere);
  mnz_comparison *c = compare(&base, &smaller);
  mnz_comparison *d = compare(&base, &elsewhere);
  size_t cell = 0;
  while (strcmp(c->cells[cell].measure, "mined") != 0) cell++;
  cr_assert_gt(mnz_comparison_at(c, MNZ_COMPARED_CORRELATION, cell, 1), 0.9);
  cr_assert_gt(mnz_comparison_at(c, MNZ_COMPARED_GAIN, cell, 1), 5);
  cr_assert_lt(mnz_comparison_at(d, MNZ_COMPARED_GAIN, cell, 1), 4, "other seeds have nothing in common");
  mnz_comparison_free(c);
  mnz_comparison_free(d);
  release(&base);
  release(&smaller);
  release(&elsewhere);
}

Test(study_pairs, threads_change_no_figure) {
  ran one;
  ran four;
  ran other;
  run("tests/scenarios/everything.cfg", NULL, 1, &one);
  run("tests/scenarios/everything.cfg", NULL, 4, &four);
  run("tests/scenarios/everything-and-a-zoo.cfg", "seed=\"7\"", 4, &other);
  mnz_comparison *c = compare(&one, &other);
  mnz_comparison *d = compare(&four, &other);
  for (int what = 0; what < MNZ_COMPAREDS; what++)
    cr_assert_eq(memcmp(c->columns[what], d->columns[what], 2 * c->n_cells * sizeof(double)), 0, "%s",
                 mnz_compared_names[what]);
  mnz_comparison_free(c);
  mnz_comparison_free(d);
  release(&one);
  release(&four);
  release(&other);
}
