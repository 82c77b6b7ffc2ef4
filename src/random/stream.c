/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Philox4x32-10: two of the four words are multiplied into 64 bits each; the halves, mixed with the other
 * two words and the key, become the next four; the key walks by two odd constants (golden ratio,
 * sqrt(3) - 1). Ten such rounds pass every known test of randomness (Salmon et al. 2011, section 4.3). */
#include "random/stream.h"

#include "base/error.h"

#include <string.h>

enum { WORDS = 4 };

typedef struct rounds {
  uint32_t word[WORDS];
  uint32_t key[2];
} rounds;

static inline rounds one(rounds in) {
  const uint64_t left = UINT64_C(0xD2511F53) * in.word[0];
  const uint64_t right = UINT64_C(0xCD9E8D57) * in.word[2];
  return (rounds){.word = {(uint32_t)(right >> 32) ^ in.word[1] ^ in.key[0], (uint32_t)right,
                           (uint32_t)(left >> 32) ^ in.word[3] ^ in.key[1], (uint32_t)left},
                  .key = {in.key[0] + UINT32_C(0x9E3779B9), in.key[1] + UINT32_C(0xBB67AE85)}};
}

/* Written out rather than looped: gcc -O2 does not unroll, and a third of the time goes. */
static inline rounds five(rounds in) {
  return one(one(one(one(one(in)))));
}

void mnz_philox_block(const uint32_t key[2], const uint32_t counter[4], uint32_t block[4]) {
  const rounds start = {.word = {counter[0], counter[1], counter[2], counter[3]}, .key = {key[0], key[1]}};
  const rounds end = five(five(start));
  memcpy(block, end.word, sizeof end.word);
}

/* After 2^32 blocks word 0 of the counter is back at 0 and the stream repeats itself: at one draw a
 * nanosecond that is eight seconds, at one draw an event more than any run has. */
static inline uint32_t next_word(mnz_philox *philox) {
  if (philox->used == WORDS) {
    mnz_philox_block(philox->key, philox->counter, philox->block);
    philox->counter[0]++;
    philox->used = 0;
  }
  return philox->block[philox->used++];
}

/* The state in front of the first draw. */
static void rewind_to(mnz_philox *philox, uint64_t seed, uint32_t replication, uint32_t object,
                      uint32_t purpose) {
  *philox = (mnz_philox){.key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
                         .counter = {0, replication, object, purpose},
                         .used = WORDS};
}

static void philox_set(void *state, unsigned long seed) {
  rewind_to(state, seed, 0, 0, 0);
}

static unsigned long philox_get(void *state) {
  return next_word(state);
}

static double philox_get_double(void *state) {
  const uint64_t high = next_word(state);
  const uint64_t low = next_word(state);
  return (double)((high << 32 | low) >> 11) * 0x1p-53;
}

static const gsl_rng_type philox_type = {.name = "philox4x32-10",
                                         .max = UINT32_MAX,
                                         .min = 0,
                                         .size = sizeof(mnz_philox),
                                         .set = philox_set,
                                         .get = philox_get,
                                         .get_double = philox_get_double};

const gsl_rng_type *const mnz_philox_type = &philox_type;

void mnz_stream_open(mnz_stream *stream, mnz_stream_key key) {
  MNZ_REQUIRE(key.purpose < 256 && key.occurrence <= MNZ_STREAM_MAX_OCCURRENCE);
  rewind_to(&stream->philox, key.seed, key.replication, key.object, key.purpose + 256 * key.occurrence);
  stream->rng = (gsl_rng){.type = mnz_philox_type, .state = &stream->philox};
}

uint32_t mnz_stream_hash(const char *name) {
  uint64_t hash = UINT64_C(0xCBF29CE484222325);
  for (const unsigned char *byte = (const unsigned char *)name; *byte != '\0'; byte++)
    hash = (hash ^ *byte) * UINT64_C(0x100000001B3);
  /* The last letters of a name reach only the low bits of FNV-1a: spread them (the finaliser of
   * MurmurHash3) before half of the word is dropped. */
  hash = (hash ^ hash >> 33) * UINT64_C(0xFF51AFD7ED558CCD);
  hash = (hash ^ hash >> 33) * UINT64_C(0xC4CEB9FE1A85EC53);
  return (uint32_t)((hash ^ hash >> 33) >> 32);
}
