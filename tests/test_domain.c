/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lots, the ledger, the catalog. The rest of the domain is in test_domain_*.c. */
#include "domain_bench.h"

/* --- apportioning --- */

/* Largest remainder the slow way, in 128 bits. */
static void apportion_slowly(const mnz_mass *in, int32_t n, mnz_mass whole, mnz_mass share, mnz_mass *out) {
  __int128 rest[64];
  mnz_mass left = share;
  for (int32_t i = 0; i < n; i++) {
    out[i] = whole == 0 ? 0 : (mnz_mass)((__int128)in[i] * share / whole);
    rest[i] = whole == 0 ? 0 : (__int128)in[i] * share % whole;
    left -= out[i];
  }
  while (left-- > 0) {
    int32_t best = 0;
    for (int32_t i = 1; i < n; i++) {
      if (rest[i] > rest[best]) best = i;
    }
    out[best]++;
    rest[best] = -1;
  }
}

/* Cases with parts up to `most`, a third of them 0, compared with the slow way. */
static void compare_apportioning(uint64_t seed, mnz_mass most) {
  mnz_mass in[64], out[64], slow[64];
  for (int32_t k = 0; k < 2000; k++) {
    const int32_t n = 1 + (int32_t)bench_below(&seed, 64);
    mnz_mass whole = 0;
    for (int32_t i = 0; i < n; i++) {
      in[i] = bench_below(&seed, 3) == 0 ? 0 : bench_below(&seed, most);
      whole += in[i];
    }
    const mnz_mass share = whole == 0 ? 0 : bench_below(&seed, whole + 1);
    mnz_apportion(in, n, whole, share, out);
    apportion_slowly(in, n, whole, share, slow);
    mnz_mass sum = 0;
    for (int32_t i = 0; i < n; i++) {
      EXPECT(out[i] == slow[i]);
      EXPECT(0 <= out[i] && out[i] <= in[i]);
      sum += out[i];
    }
    EXPECT(sum == share);
  }
}

Test(apportion, adds_up_for_parts_of_a_few_milligrams) {
  compare_apportioning(1, 5);
}

Test(apportion, adds_up_for_parts_of_tonnes) {
  compare_apportioning(2, 100000000000);
}

Test(apportion, adds_up_for_wholes_of_a_hundred_million_tonnes) {
  compare_apportioning(3, 100000000000000000 / 64);
}

Test(apportion, adds_up_for_the_largest_masses_there_can_be) {
  compare_apportioning(4, (INT64_C(1) << 62) / 64);
}

Test(apportion, gives_what_is_left_to_the_largest_remainders) {
  const mnz_mass in[] = {30, 34, 36};
  mnz_mass out[3];
  mnz_apportion(in, 3, 100, 10, out); /* 3.0, 3.4, 3.6 */
  cr_assert_eq(out[0], 3);
  cr_assert_eq(out[1], 3);
  cr_assert_eq(out[2], 4);
}

Test(apportion, gives_ties_to_the_lower_index) {
  const mnz_mass in[] = {1, 1, 1, 1};
  mnz_mass out[4];
  mnz_apportion(in, 4, 4, 2, out);
  cr_assert_eq(out[0], 1);
  cr_assert_eq(out[1], 1);
  cr_assert_eq(out[2], 0);
  cr_assert_eq(out[3], 0);
}

Test(apportion, gives_nothing_to_parts_that_are_zero) {
  const mnz_mass in[] = {0, 7, 0, 0};
  mnz_mass out[4];
  mnz_apportion(in, 4, 7, 5, out);
  cr_assert(out[0] == 0 && out[2] == 0 && out[3] == 0);
  cr_assert_eq(out[1], 5);
}

Test(apportion, of_nothing_gives_nothing) {
  const mnz_mass in[] = {0, 0};
  mnz_mass out[2] = {9, 9};
  mnz_apportion(in, 2, 0, 0, out);
  cr_assert(out[0] == 0 && out[1] == 0);
}

Test(apportion, of_the_whole_gives_the_whole) {
  const mnz_mass in[] = {99999999999999997, 1, 2};
  mnz_mass out[3];
  mnz_apportion(in, 3, 100000000000000000, 100000000000000000, out);
  cr_assert(memcmp(in, out, sizeof in) == 0);
}

/* --- lots --- */

static mnz_lot *random_lot(bench *b, int32_t material, uint64_t *seed) {
  mnz_mass part[N_PARTS];
  const mnz_mass most = bench_below(seed, 2) == 0 ? 20 : 1000000000000;
  for (int32_t i = 0; i < N_PARTS; i++) part[i] = bench_below(seed, 4) == 0 ? 0 : bench_below(seed, most);
  part[bench_below(seed, N_PARTS)] += 2 + bench_below(seed, most);
  return bench_lot(b, material, part);
}

static mnz_mass sum_of(const mnz_lot *lot) {
  mnz_mass sum = 0;
  for (int32_t i = 0; i < N_PARTS; i++) sum += lot->part[i];
  return sum;
}

/* Splits a lot at random and joins it again: nothing may be gained or lost on the way. */
static void split_and_merge(bench *b, int32_t material, uint64_t *seed) {
  mnz_mass before[N_PARTS];
  mnz_lot *lot = random_lot(b, material, seed);
  const mnz_mass mass = lot->mass;
  const mnz_mass book = lot->book;
  memcpy(before, lot->part, sizeof before);
  if (mass > 1) {
    const mnz_mass take = 1 + bench_below(seed, mass - 1);
    mnz_lot *taken = mnz_lot_split(&b->lots, lot, take, &b->err);
    EXPECT(taken != NULL && taken->mass == take && lot->mass == mass - take);
    EXPECT(taken->book == sum_of(taken) && lot->book == sum_of(lot) && taken->book + lot->book == book);
    EXPECT(taken->material == material && taken->place == lot->place && taken->node == lot->node);
    for (int32_t i = 0; i < N_PARTS; i++) {
      EXPECT(taken->part[i] >= 0 && lot->part[i] >= 0 && taken->part[i] + lot->part[i] == before[i]);
      /* every part in proportion, but for its rounding and that of the whole (a floor, for metals) */
      const long double exact = (long double)before[i] * take / mass;
      EXPECT(fabsl((long double)taken->part[i] - exact) < 2);
    }
    mnz_lot_merge(&b->lots, lot, taken);
  }
  EXPECT(lot->mass == mass && lot->book == book && memcmp(before, lot->part, sizeof before) == 0);
  bench_drop(b, lot);
}

Test(lot, of_oxide_loses_nothing_by_splitting_and_merging) {
  bench b;
  bench_open(&b);
  uint64_t seed = 11;
  for (int32_t k = 0; k < 10000; k++) split_and_merge(&b, MIX, &seed);
  bench_close(&b);
}

Test(lot, of_metal_loses_nothing_by_splitting_and_merging) {
  bench b;
  bench_open(&b);
  uint64_t seed = 12;
  for (int32_t k = 0; k < 10000; k++) split_and_merge(&b, METAL, &seed);
  bench_close(&b);
}

Test(lot, of_metal_weighs_less_than_its_oxides) {
  bench b;
  bench_open(&b);
  const mnz_mass part[N_PARTS] = {[ND] = 1000000, [N_ELEMENTS + DY] = 1000000, [OTHER] = 500};
  mnz_lot *lot = bench_lot(&b, METAL, part);
  cr_assert_eq(lot->book, 2000500);
  cr_assert_eq(lot->mass, llround(1e6 * mnz_oxide_to_metal("Nd") + 1e6 * mnz_oxide_to_metal("Dy")) + 500);
  bench_drop(&b, lot);
  bench_close(&b);
}

Test(lot, made_of_a_material_has_exactly_the_mass_that_was_asked_for) {
  bench b;
  bench_open(&b);
  for (int32_t material = MIX; material <= OXIDE; material++) {
    for (mnz_mass mass = 1; mass < 5000; mass = mass * 3 / 2 + 1) {
      mnz_lot *lot = mnz_site_make(&b.site[HERE], material, CN, mass, &b.err);
      EXPECT(lot != NULL && lot->mass == mass);
      EXPECT(lot->book == sum_of(lot) && lot->book >= mass);
      for (int32_t i = 0; i < N_PARTS; i++) EXPECT(lot->part[i] >= 0);
      for (int32_t e = 0; e < N_ELEMENTS; e++) EXPECT(lot->part[mnz_component(&b.catalog, AU, e)] == 0);
      bench_drop(&b, lot);
    }
  }
  bench_close(&b);
}

Test(lot, of_a_few_milligrams_and_many_elements_has_no_part_below_zero) {
  bench b;
  bench_open(&b);
  for (int32_t e = 0; e < N_ELEMENTS; e++)
    b.materials[MIX].nominal[e] = 0.25; /* of 2 mg: each rounded to 1 */
  mnz_lot *lot = mnz_site_make(&b.site[HERE], MIX, AU, 2, &b.err);
  for (int32_t i = 0; i < N_PARTS; i++) EXPECT(lot->part[i] >= 0);
  cr_assert_eq(sum_of(lot), 2);
  bench_drop(&b, lot);
  bench_close(&b);
}

Test(lot, keeps_the_earlier_birth_when_two_become_one) {
  bench b;
  bench_open(&b);
  b.now = 70;
  mnz_lot *young = bench_nd(&b, MIX, 10);
  b.now = 90;
  mnz_lot *youngest = bench_nd(&b, MIX, 10);
  mnz_lot_merge(&b.lots, youngest, young);
  cr_assert_eq(youngest->born, 70);
  bench_drop(&b, youngest);
  bench_close(&b);
}

/* --- ledger --- */

static mnz_mass at(const mnz_mass *table, int32_t row, int32_t part) {
  return table[row * N_PARTS + part];
}

static mnz_mass held(const bench *b, int32_t node, int32_t material, mnz_place place, int32_t part) {
  return mnz_ledger_held(&b->ledger, mnz_ledger_slot(&b->ledger, node, material), place)[part];
}

Test(ledger, notes_what_is_born) {
  bench b;
  bench_open(&b);
  const mnz_mass part[N_PARTS] = {[ND] = 5, [N_ELEMENTS + DY] = 7, [OTHER] = 11};
  mnz_lot *lot = bench_lot(&b, MIX, part);
  cr_assert(memcmp(b.ledger.born, part, sizeof part) == 0);
  cr_assert_eq(at(b.ledger.born_at, HERE, OTHER), 11);
  cr_assert_eq(at(b.ledger.born_at, THERE, OTHER), 0);
  cr_assert_eq(at(b.ledger.should, HERE, N_ELEMENTS + DY), 7);
  bench_drop(&b, lot);
  bench_close(&b);
}

Test(ledger, follows_a_lot_from_hand_to_stock_and_back) {
  bench b;
  bench_open(&b);
  mnz_lot *lot = bench_nd(&b, MIX, 5);
  const int32_t slot = mnz_ledger_slot(&b.ledger, HERE, MIX);
  mnz_ledger_put(&b.ledger, lot, MNZ_PLACE_STOCK);
  cr_assert_eq(held(&b, HERE, MIX, MNZ_PLACE_STOCK, ND), 5);
  cr_assert_eq(at(b.ledger.in, slot, ND), 5);
  cr_assert_eq(at(b.ledger.out, slot, ND), 0);
  mnz_ledger_take(&b.ledger, lot);
  cr_assert_eq(held(&b, HERE, MIX, MNZ_PLACE_STOCK, ND), 0);
  cr_assert_eq(at(b.ledger.out, slot, ND), 5);
  cr_assert_eq(lot->place, MNZ_PLACE_HAND);
  bench_drop(&b, lot);
  bench_close(&b);
}

Test(ledger, counts_no_flow_of_the_store_for_what_is_in_process) {
  bench b;
  bench_open(&b);
  mnz_lot *lot = bench_nd(&b, MIX, 5);
  const int32_t slot = mnz_ledger_slot(&b.ledger, HERE, MIX);
  mnz_ledger_put(&b.ledger, lot, MNZ_PLACE_PROCESS);
  cr_assert_eq(held(&b, HERE, MIX, MNZ_PLACE_PROCESS, ND), 5);
  cr_assert_eq(at(b.ledger.in, slot, ND), 0);
  mnz_ledger_take(&b.ledger, lot);
  cr_assert_eq(at(b.ledger.out, slot, ND), 0);
  bench_drop(&b, lot);
  bench_close(&b);
}

Test(ledger, follows_a_lot_from_node_to_node) {
  bench b;
  bench_open(&b);
  mnz_lot *lot = bench_nd(&b, MIX, 5);
  mnz_ledger_depart(&b.ledger, lot, THERE);
  cr_assert_eq(at(b.ledger.should, HERE, ND), 0);
  cr_assert_eq(b.ledger.transit[ND], 5);
  cr_assert_eq(held(&b, THERE, MIX, MNZ_PLACE_TRANSIT, ND), 5);
  cr_assert_eq(bench_check(&b, NULL), MNZ_OK);
  mnz_ledger_arrive(&b.ledger, lot);
  cr_assert_eq(at(b.ledger.should, THERE, ND), 5);
  cr_assert_eq(b.ledger.transit[ND], 0);
  cr_assert_eq(held(&b, THERE, MIX, MNZ_PLACE_TRANSIT, ND), 0);
  bench_drop(&b, lot);
  bench_close(&b);
}

Test(ledger, keeps_the_three_ends_apart) {
  bench b;
  bench_open(&b);
  for (int32_t how = 0; how < MNZ_ENDS; how++) {
    mnz_lot *lot = bench_nd(&b, MIX, 10 + how);
    mnz_site_end(&b.site[HERE], &lot, (mnz_end)how);
    cr_assert(lot == NULL);
  }
  cr_assert_eq(at(b.ledger.ended, MNZ_END_DELIVERED, ND), 10);
  cr_assert_eq(at(b.ledger.ended, MNZ_END_TAILS, ND), 11);
  cr_assert_eq(at(b.ledger.ended, MNZ_END_LOST, ND), 12);
  cr_assert_eq(at(b.ledger.should, HERE, ND), 0);
  bench_close(&b);
}

Test(ledger, takes_other_matter_from_outside) {
  bench b;
  bench_open(&b);
  mnz_lot *lot = bench_nd(&b, MIX, 5);
  mnz_ledger_add_other(&b.ledger, HERE, 3);
  lot->part[OTHER] += 3;
  mnz_lot_weigh(&b.lots, lot);
  cr_assert_eq(b.ledger.born[OTHER], 3);
  bench_drop(&b, lot);
  bench_close(&b); /* and it closes */
}

/* Three lots: in stock here, in process there, on the way to yonder; the one that stands here is the last of
 * the register, so that a walk that gives up early has not seen it. */
static void three_lots(bench *b, mnz_lot *lot[3]) {
  bench_open(b);
  for (int32_t i = 0; i < 3; i++) lot[i] = bench_nd(b, MIX, 100 + i);
  mnz_ledger_put(&b->ledger, lot[0], MNZ_PLACE_STOCK);
  mnz_ledger_depart(&b->ledger, lot[1], THERE);
  mnz_ledger_arrive(&b->ledger, lot[1]);
  mnz_ledger_put(&b->ledger, lot[1], MNZ_PLACE_PROCESS);
  mnz_ledger_depart(&b->ledger, lot[2], YONDER);
  EXPECT_OK(bench_check(b, NULL), b->err);
}

static void expect_broken(bench *b, const char *where, const char *message, mnz_mass residual) {
  mnz_mass found = 0;
  cr_assert_eq(bench_check(b, &found), MNZ_LEDGER);
  cr_assert_str_eq(b->err.where, where);
  cr_assert(strstr(b->err.message, message) != NULL, "found: %s", b->err.message);
  cr_assert_eq(found, residual);
  bench_free(b);
}

Test(ledger, finds_a_milligram_too_much_and_names_element_origin_and_facility) {
  bench b;
  mnz_lot *lot[3];
  three_lots(&b, lot);
  lot[1]->part[N_ELEMENTS + PR]++;
  mnz_lot_weigh(&b.lots, lot[1]);
  expect_broken(&b, "there", "off by +1 mg of Pr of origin china: 1 mg are here, 0 mg should be", 1);
}

Test(ledger, finds_a_milligram_that_the_sum_of_the_lot_does_not_know) {
  bench b;
  mnz_lot *lot[3];
  three_lots(&b, lot);
  lot[1]->part[ND]--;
  expect_broken(&b, "there", "off by -1 mg of Nd of origin australia", 1);
}

Test(ledger, finds_a_milligram_that_was_swapped_between_two_elements) {
  bench b;
  mnz_lot *lot[3];
  three_lots(&b, lot);
  lot[0]->part[ND]--;
  lot[0]->part[DY]++;
  expect_broken(&b, "here", "off by -1 mg of Nd of origin australia", 1);
}

Test(ledger, finds_too_much_other_matter) {
  bench b;
  mnz_lot *lot[3];
  three_lots(&b, lot);
  lot[0]->part[OTHER] += 4;
  mnz_lot_weigh(&b.lots, lot[0]);
  expect_broken(&b, "here", "off by +4 mg of other matter", 4);
}

Test(ledger, finds_a_milligram_too_much_on_the_way) {
  bench b;
  mnz_lot *lot[3];
  three_lots(&b, lot);
  lot[2]->part[ND]++;
  mnz_lot_weigh(&b.lots, lot[2]);
  expect_broken(&b, "links", "off by +1 mg of Nd of origin australia", 1);
}

Test(ledger, finds_a_lot_that_was_dropped_without_an_end) {
  bench b;
  mnz_lot *lot[3];
  three_lots(&b, lot);
  mnz_lot_drop(&b.lots, lot[1]);
  expect_broken(&b, "there", "off by -101 mg of Nd of origin australia", 101);
}

Test(ledger, finds_a_lot_in_hand_and_names_the_facility) {
  bench b;
  mnz_lot *lot[3];
  three_lots(&b, lot);
  mnz_ledger_take(&b.ledger, lot[1]);
  expect_broken(&b, "there", "a lot has no owner between two events", 0);
}

Test(ledger, finds_a_part_below_zero_even_where_the_sums_close) {
  bench b;
  mnz_lot *lot[3];
  three_lots(&b, lot);
  mnz_lot *twin = bench_nd(&b, MIX, 0);
  mnz_ledger_put(&b.ledger, twin, MNZ_PLACE_STOCK);
  twin->part[ND] = -3;
  lot[0]->part[ND] += 3;
  mnz_lot_weigh(&b.lots, twin);
  mnz_lot_weigh(&b.lots, lot[0]);
  expect_broken(&b, "here", "a lot has a part below zero", 0);
}

Test(ledger, finds_a_lot_that_stands_in_another_place_than_it_was_put) {
  bench b;
  mnz_lot *lot[3];
  three_lots(&b, lot);
  lot[1]->place = MNZ_PLACE_STOCK;
  expect_broken(&b, "there", "the holdings differ from the lots that are there", 0);
}

/* --- catalog --- */

Test(catalog, turns_oxide_into_metal_as_published) {
  static const struct {
    const char *symbol;
    double factor;
  } published[] = {{"La", .8527}, {"Ce", .8141}, {"Pr", .8277}, {"Nd", .8574}, {"Sm", .8624},
                   {"Eu", .8636}, {"Gd", .8676}, {"Tb", .8502}, {"Dy", .8713}, {"Ho", .8730},
                   {"Er", .8745}, {"Tm", .8756}, {"Yb", .8782}, {"Lu", .8794}, {"Y", .7874}};
  for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
    cr_expect_float_eq(mnz_oxide_to_metal(published[i].symbol), published[i].factor, 0.5e-4, "%s: %.6f",
                       published[i].symbol, mnz_oxide_to_metal(published[i].symbol));
  }
}

Test(catalog, knows_no_factor_for_what_is_no_rare_earth) {
  cr_assert(isnan(mnz_oxide_to_metal("Fe")));
  cr_assert(isnan(mnz_oxide_to_metal("nd")));
  cr_assert(isnan(mnz_oxide_to_metal("")));
}

static const char *const symbols[] = {"Nd", "Pr", "Dy"};

static bool ore(const void *context, int32_t node, double *split, int32_t *origin) {
  (void)context;
  split[ND] = 0.6, split[PR] = 0.3, split[DY] = 0.1;
  *origin = CN;
  return node == 1;
}

/* One material as a scenario would say it, worked out. */
static mnz_material finished(mnz_material said) {
  static mnz_material material;
  mnz_catalog catalog = {.elements = {symbols, 3}, .origins = {symbols, 2}, .n_materials = 1};
  material = said;
  mnz_catalog_finish(&catalog, &material, ore, NULL);
  cr_assert_eq(catalog.n_components, 6);
  cr_assert_eq(catalog.n_parts, 7);
  return material;
}

Test(catalog, takes_content_of_an_oxide_as_it_is_said) {
  const mnz_material m = finished((mnz_material){.like = -1, .content = {.at = {0.2, 0, 0.1}, .given = 5}});
  cr_assert(m.known);
  cr_assert_eq(m.of, 5);
  cr_assert_float_eq(m.nominal[ND], 0.2, 1e-15);
  cr_assert_float_eq(m.nominal[DY], 0.1, 1e-15);
}

Test(catalog, turns_content_of_a_metal_into_oxide) {
  const mnz_material m =
      finished((mnz_material){.like = -1, .form = MNZ_FORM_METAL, .content = {.at = {0.3}, .given = 1}});
  cr_assert_float_eq(m.nominal[ND] * mnz_oxide_to_metal("Nd"), 0.3, 1e-15);
}

Test(catalog, makes_a_material_like_an_ore_of_its_own_elements_only) {
  const mnz_material m = finished((mnz_material){.like = 1, .of = 3, .grade = 0.5});
  cr_assert(m.known);
  cr_assert_eq(m.origin, CN);
  cr_assert_float_eq(m.nominal[ND], 0.5 * 0.6 / 0.9, 1e-15);
  cr_assert_float_eq(m.nominal[PR], 0.5 * 0.3 / 0.9, 1e-15);
  cr_assert_eq(m.nominal[DY], 0);
}

Test(catalog, weighs_a_metal_like_an_ore_as_metal) {
  const mnz_material m = finished((mnz_material){.like = 1, .form = MNZ_FORM_METAL, .grade = 1});
  double weight = 0;
  for (int32_t e = 0; e < 3; e++) weight += m.nominal[e] * mnz_oxide_to_metal(symbols[e]);
  cr_assert_float_eq(weight, 1, 1e-15);
  cr_assert_float_eq(m.nominal[ND] / m.nominal[DY], 6, 1e-12);
}

Test(catalog, needs_no_word_on_a_material_of_one_element) {
  const mnz_material m = finished((mnz_material){.like = -1, .of = 4, .grade = 1, .form = MNZ_FORM_METAL});
  cr_assert(m.known);
  cr_assert_float_eq(m.nominal[DY] * mnz_oxide_to_metal("Dy"), 1, 1e-15);
}

Test(catalog, does_not_guess_the_content_of_a_mixture) {
  const mnz_material m = finished((mnz_material){.like = -1, .grade = 1});
  cr_assert_not(m.known);
  cr_assert_eq(m.of, 7);
}
