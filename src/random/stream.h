/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams of random numbers: one per source of randomness, keyed by what it is for.
 *
 * The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2,
 * 3", SC11) behind a gsl_rng_type, so that every GSL distribution works on it. It is a function of key
 * and counter: the key is the seed; the four counter words are draw, replication, a hash of the object's
 * name, and purpose + 256 * occurrence. Two streams with different keys share no numbers; adding an
 * object to a scenario moves nobody else's draws. */
#ifndef MNZ_RANDOM_STREAM_H
#define MNZ_RANDOM_STREAM_H

#include <gsl/gsl_rng.h>
#include <stdint.h>

#include "monazite/status.h"

typedef struct mnz_stream_key {
  uint64_t seed;
  uint32_t replication;
  uint32_t object;     /* mnz_stream_hash of the object's name */
  uint32_t purpose;    /* < 256 */
  uint32_t occurrence; /* < 2^24 */
} mnz_stream_key;

#define MNZ_STREAM_MAX_OCCURRENCE ((UINT32_C(1) << 24) - 1)

/* The generator's state, as GSL sees it. */
typedef struct mnz_philox {
  uint32_t key[2];
  uint32_t counter[4];
  uint32_t block[4];
  uint32_t used; /* words of the block already given out */
} mnz_philox;

/* A stream lives where its owner puts it and must not be copied or moved while open (rng.state points
 * into it). Opening allocates nothing and needs no closing. 2^32 blocks of four words per stream. */
typedef struct mnz_stream {
  gsl_rng rng;
  mnz_philox philox;
} mnz_stream;

/* Cannot fail; a key out of range is a programming mistake (MNZ_REQUIRE). */
void mnz_stream_open(mnz_stream *stream, mnz_stream_key key);

/* One block: ten rounds on the counter under the key. For tests and for the generator itself. */
void mnz_philox_block(const uint32_t key[2], const uint32_t counter[4], uint32_t block[4]);

/* The type, for gsl_rng_alloc: gsl_rng_set then gives seed, all other words 0. get: 32 bits; get_double:
 * 53 bits of two words, in [0, 1). */
extern const gsl_rng_type *const mnz_philox_type;

/* A stable 32-bit hash of a name (FNV-1a folded through a finaliser); the loader refuses collisions. */
uint32_t mnz_stream_hash(const char *name);

#endif
