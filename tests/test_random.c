/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams: their words, their keys, their uniforms. */
#include "random_bench.h"

#include <signal.h>
#include <stdlib.h>

TestSuite(random, .init = no_handler);

static const mnz_stream_key some_key = {
    .seed = 20260101, .replication = 7, .object = 3, .purpose = 2, .occurrence = 0};

static void assert_block(const uint32_t key[2], const uint32_t counter[4], const uint32_t expected[4]) {
  uint32_t block[4];
  mnz_philox_block(key, counter, block);
  for (int i = 0; i < 4; i++) cr_assert_eq(block[i], expected[i], "word %d is %08x", i, block[i]);
}

/* Random123 1.14, tests/kat_vectors, philox4x32 10. */
Test(random, philox_gives_the_published_blocks) {
  assert_block((uint32_t[]){0, 0}, (uint32_t[]){0, 0, 0, 0},
               (uint32_t[]){0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  assert_block((uint32_t[]){0xffffffff, 0xffffffff},
               (uint32_t[]){0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
               (uint32_t[]){0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  assert_block((uint32_t[]){0xa4093822, 0x299f31d0},
               (uint32_t[]){0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
               (uint32_t[]){0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

Test(random, a_keyed_stream_gives_the_same_words_for_ever) {
  static const uint32_t expected[] = {0x585d6f9b, 0x1d75f8d3, 0x1a1e3355, 0xf164e3cf,
                                      0xa002ccf4, 0xaaf8f5a4, 0x8a2b045a, 0xd74d7a44};
  mnz_stream stream;
  mnz_stream_open(&stream, some_key);
  for (size_t i = 0; i < 8; i++) {
    cr_assert_eq(words_taken(&stream), i);
    cr_assert_eq(gsl_rng_get(&stream.rng), expected[i]);
  }
}

Test(random, each_part_of_the_key_goes_to_its_word) {
  mnz_stream stream;
  mnz_stream_open(&stream, (mnz_stream_key){.seed = UINT64_C(0x1122334455667788),
                                            .replication = 5,
                                            .object = 6,
                                            .purpose = 255,
                                            .occurrence = MNZ_STREAM_MAX_OCCURRENCE});
  cr_assert_eq(stream.philox.key[0], 0x55667788);
  cr_assert_eq(stream.philox.key[1], 0x11223344);
  cr_assert_eq(stream.philox.counter[0], 0);
  cr_assert_eq(stream.philox.counter[1], 5);
  cr_assert_eq(stream.philox.counter[2], 6);
  cr_assert_eq(stream.philox.counter[3], UINT32_MAX);
}

Test(random, a_change_anywhere_in_the_key_gives_another_stream) {
  mnz_stream_key keys[8];
  for (size_t i = 0; i < 8; i++) keys[i] = some_key;
  keys[1].seed++;
  keys[2].seed += UINT64_C(1) << 32;
  keys[3].replication++;
  keys[4].object++;
  keys[5].purpose++;
  keys[6].occurrence++;
  keys[7] = (mnz_stream_key){0};
  double first[8];
  for (size_t i = 0; i < 8; i++) {
    mnz_stream stream;
    mnz_stream_open(&stream, keys[i]);
    first[i] = gsl_rng_uniform(&stream.rng);
    for (size_t j = 0; j < i; j++) cr_assert_neq(first[i], first[j], "%zu and %zu", i, j);
  }
}

Test(random, a_purpose_of_256_is_a_broken_promise, .signal = SIGABRT) {
  mnz_stream stream;
  mnz_stream_open(&stream, (mnz_stream_key){.purpose = 256});
}

Test(random, an_occurrence_of_2_to_the_24_is_a_broken_promise, .signal = SIGABRT) {
  mnz_stream stream;
  mnz_stream_open(&stream, (mnz_stream_key){.occurrence = MNZ_STREAM_MAX_OCCURRENCE + 1});
}

Test(random, a_uniform_is_the_upper_53_bits_of_two_words) {
  mnz_stream stream;
  mnz_stream_open(&stream, some_key);
  cr_assert_eq(gsl_rng_uniform(&stream.rng), (double)(UINT64_C(0x585d6f9b1d75f8d3) >> 11) * 0x1p-53);
  cr_assert_eq(gsl_rng_uniform(&stream.rng), (double)(UINT64_C(0x1a1e3355f164e3cf) >> 11) * 0x1p-53);
  cr_assert_eq(words_taken(&stream), 4);
}

Test(random, a_uniform_after_a_single_word_takes_the_next_two) {
  mnz_stream stream;
  mnz_stream_open(&stream, some_key);
  for (int i = 0; i < 3; i++) gsl_rng_get(&stream.rng);
  cr_assert_eq(gsl_rng_uniform(&stream.rng), (double)(UINT64_C(0xf164e3cfa002ccf4) >> 11) * 0x1p-53);
}

Test(random, gsl_can_own_a_generator_and_seed_it) {
  gsl_rng *rng = gsl_rng_alloc(mnz_philox_type);
  cr_assert_str_eq(gsl_rng_name(rng), "philox4x32-10");
  cr_assert_eq(gsl_rng_min(rng), 0);
  cr_assert_eq(gsl_rng_max(rng), UINT32_MAX);
  gsl_rng_set(rng, 0x9876543210);
  mnz_stream stream;
  open_stream(&stream, UINT64_C(0x9876543210));
  for (int i = 0; i < 10; i++) cr_assert_eq(gsl_rng_get(rng), gsl_rng_get(&stream.rng));
  gsl_rng_free(rng);
}

static double ks_uniform(double *sample, size_t n) {
  qsort(sample, n, sizeof *sample, ascending);
  double worst = 0;
  for (size_t i = 0; i < n; i++) {
    worst = fmax(worst, (double)(i + 1) / (double)n - sample[i]);
    worst = fmax(worst, sample[i] - (double)i / (double)n);
  }
  return worst * sqrt((double)n);
}

/* Seed 1. */
Test(random, uniforms_of_one_stream_fill_zero_to_one) {
  static double sample[DRAWS];
  mnz_stream stream;
  open_stream(&stream, 1);
  for (size_t i = 0; i < DRAWS; i++) {
    sample[i] = gsl_rng_uniform(&stream.rng);
    cr_assert(sample[i] >= 0 && sample[i] < 1);
  }
  cr_assert_lt(ks_uniform(sample, DRAWS), ks_bound);
}

/* Seed 2. */
Test(random, first_draws_of_successive_occurrences_fill_zero_to_one) {
  static double sample[DRAWS];
  for (uint32_t i = 0; i < DRAWS; i++) {
    mnz_stream stream;
    mnz_stream_open(&stream, (mnz_stream_key){.seed = 2, .object = 9, .purpose = 1, .occurrence = i});
    sample[i] = gsl_rng_uniform(&stream.rng);
  }
  cr_assert_lt(ks_uniform(sample, DRAWS), ks_bound);
}

/* Values fixed once, from a second implementation: they decide which numbers every scenario draws. */
Test(random, names_have_the_same_hash_for_ever) {
  cr_assert_eq(mnz_stream_hash(""), 0xefd01f60);
  cr_assert_eq(mnz_stream_hash("a"), 0x82a2a958);
  cr_assert_eq(mnz_stream_hash("b"), 0x6e673288);
  cr_assert_eq(mnz_stream_hash("kiln"), 0x89525c89);
  cr_assert_eq(mnz_stream_hash("Kiln"), 0xcbde96b0);
  cr_assert_eq(mnz_stream_hash("mountain_pass"), 0x1eeeb5ac);
  cr_assert_eq(mnz_stream_hash("separation \xC3\xA9tage 1"), 0x0ecc287c);
}
