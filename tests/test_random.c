/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random/distribution.h"
#include "random/stream.h"

#include <criterion/criterion.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_math.h>

#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void no_handler(void) {
  gsl_set_error_handler_off();
}
TestSuite(random, .init = no_handler);

/* ---- streams ---- */

static const mnz_stream_key some_key = {
    .seed = 20260101, .replication = 7, .object = 3, .purpose = 2, .occurrence = 0};

static mnz_stream *open_stream(mnz_stream *stream, uint64_t seed) {
  mnz_stream_open(stream, (mnz_stream_key){.seed = seed});
  return stream;
}

static uint64_t words_taken(const mnz_stream *stream) {
  return UINT64_C(4) * stream->philox.counter[0] - (4 - stream->philox.used);
}

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

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a;
  const double y = *(const double *)b;
  return (x > y) - (x < y);
}

static const double ks_bound = 2.2253; /* of D * sqrt(n), at a level of 1e-4 */

static double ks_uniform(double *sample, size_t n) {
  qsort(sample, n, sizeof *sample, ascending);
  double worst = 0;
  for (size_t i = 0; i < n; i++) {
    worst = fmax(worst, (double)(i + 1) / (double)n - sample[i]);
    worst = fmax(worst, sample[i] - (double)i / (double)n);
  }
  return worst * sqrt((double)n);
}

enum { DRAWS = 200000 };

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

/* ---- a generator that plays a script ---- */

typedef struct script {
  const double *next;
} script;

static void script_set(void *state, unsigned long seed) {
  (void)state, (void)seed;
}

static double script_get_double(void *state) {
  return *((script *)state)->next++;
}

static unsigned long script_get(void *state) {
  return (unsigned long)(script_get_double(state) * 0x1p32);
}

static const gsl_rng_type script_type = {"script",   UINT32_MAX,       0, sizeof(script), script_set,
                                         script_get, script_get_double};

static double draw_at(const mnz_distribution *d, double u) {
  script state = {&u};
  const gsl_rng rng = {&script_type, &state};
  return mnz_distribution_draw(d, &rng);
}

/* ---- making distributions ---- */

static const mnz_dist_form *find_form(const char *name, const char *const names[4]) {
  size_t count;
  const mnz_dist_form *forms = mnz_distribution_forms(&count);
  for (size_t f = 0; f < count; f++) {
    if (strcmp(forms[f].name, name) != 0) continue;
    size_t known = 0;
    size_t wanted = 0;
    while (wanted < 4 && names[wanted] != NULL) wanted++;
    for (size_t w = 0; w < wanted; w++)
      for (int i = 0; i < 4 && forms[f].params[i].name != NULL; i++)
        known += strcmp(names[w], forms[f].params[i].name) == 0;
    if (known == wanted) return &forms[f];
  }
  return NULL;
}

static mnz_status attempt(mnz_distribution *out, mnz_error *err, const char *name, const char *const names[4],
                          const double values[4]) {
  const mnz_dist_form *form = find_form(name, names);
  cr_assert_not_null(form, "no form of %s has these parameters", name);
  double v[4] = {0};
  bool given[4] = {false};
  for (int w = 0; w < 4 && names[w] != NULL; w++)
    for (int i = 0; i < 4 && form->params[i].name != NULL; i++)
      if (strcmp(names[w], form->params[i].name) == 0) {
        v[i] = values[w];
        given[i] = true;
      }
  return mnz_distribution_make(out, form, v, given, err);
}

/* make("gamma", "mean", 5.0, "cv", 0.4, NULL) */
static mnz_distribution make(const char *name, ...) {
  const char *names[4] = {NULL};
  double values[4] = {0};
  va_list args;
  va_start(args, name);
  for (int i = 0; i < 4 && (names[i] = va_arg(args, const char *)) != NULL; i++)
    values[i] = va_arg(args, double);
  va_end(args);
  mnz_distribution made;
  mnz_error err;
  cr_assert_eq(attempt(&made, &err, name, names, values), MNZ_OK, "%s", err.message);
  return made;
}

typedef struct example {
  const char *name;
  mnz_distribution d;
  bool inverse; /* one uniform a draw, and the draw is the quantile at it */
  bool smooth;  /* no value has a probability of its own */
} example;

enum { EXAMPLES = 24 };

static void make_examples(example examples[EXAMPLES]) {
  static double values[] = {7, -1, 3, 100};
  static double weights[] = {2, 1, 5, 0};
  static double history[] = {5, 1, 4, 1, 9};
  mnz_distribution discrete;
  mnz_distribution empirical;
  cr_assert_eq(mnz_distribution_discrete(&discrete, values, weights, 4, NULL), MNZ_OK);
  cr_assert_eq(mnz_distribution_empirical(&empirical, history, 5, NULL), MNZ_OK);
  const example list[EXAMPLES] = {
      {"uniform", make("uniform", "low", -2.0, "high", 5.0, NULL), true, true},
      {"triangular", make("triangular", "min", 12.0, "mode", 15.0, "max", 33.0, NULL), true, true},
      {"triangular, mode at the end", make("triangular", "min", 0.0, "mode", 2.0, "max", 2.0, NULL), true,
       true},
      {"exponential", make("exponential", "mean", 30.0, NULL), true, true},
      {"weibull, early failures", make("weibull", "shape", 0.8, "scale", 10.0, NULL), true, true},
      {"weibull, wear", make("weibull", "shape", 3.0, "scale", 10.0, NULL), true, true},
      {"lognormal", make("lognormal", "median", 4.0, "sigma", 0.5, NULL), true, true},
      {"normal", make("normal", "mean", 10.0, "sd", 3.0, NULL), true, true},
      {"normal, cut below", make("normal", "mean", 1.0, "sd", 1.0, "low", 0.0, NULL), true, true},
      {"normal, cut above", make("normal", "mean", 1.0, "sd", 1.0, "high", 0.5, NULL), true, true},
      {"normal, cut twice", make("normal", "mean", 0.0, "sd", 1.0, "low", -0.5, "high", 2.0, NULL), true,
       true},
      {"normal, upper tail", make("normal", "mean", 0.0, "sd", 1.0, "low", 12.0, NULL), true, true},
      {"normal, lower tail", make("normal", "mean", 0.0, "sd", 1.0, "high", -30.0, NULL), true, true},
      {"gamma, shape below 1", make("gamma", "shape", 0.5, "scale", 2.0, NULL), false, true},
      {"gamma", make("gamma", "mean", 12.0, "cv", 0.3, NULL), false, true},
      {"beta", make("beta", "alpha", 2.0, "beta", 5.0, "low", -1.0, "high", 3.0, NULL), false, true},
      {"beta, bath tub", make("beta", "alpha", 0.5, "beta", 0.5, "low", 0.0, "high", 1.0, NULL), false, true},
      {"pert", make("pert", "min", 1.0, "mode", 2.0, "max", 6.0, NULL), false, true},
      {"bernoulli", make("bernoulli", "probability", 0.3, "value", 4.0, NULL), false, false},
      {"bernoulli of a loss", make("bernoulli", "probability", 0.3, "value", -4.0, NULL), false, false},
      {"poisson", make("poisson", "mean", 3.5, NULL), false, false},
      {"poisson, many", make("poisson", "mean", 250.0, NULL), false, false},
      {"discrete", discrete, false, false},
      {"empirical", empirical, false, false},
  };
  memcpy(examples, list, sizeof list);
}

/* ---- draws ---- */

static void take_sample(const mnz_distribution *d, uint64_t seed, double sample[DRAWS]) {
  mnz_stream stream;
  open_stream(&stream, seed);
  for (size_t i = 0; i < DRAWS; i++) sample[i] = mnz_distribution_draw(d, &stream.rng);
}

/* Seeds 100 + the example's number; 4 standard errors, that of the deviation from the sample's own fourth
 * moment. */
Test(random, samples_have_the_stated_mean_and_deviation) {
  static double sample[DRAWS];
  example examples[EXAMPLES];
  make_examples(examples);
  for (size_t e = 0; e < EXAMPLES; e++) {
    const mnz_distribution *d = &examples[e].d;
    take_sample(d, 100 + e, sample);
    double mean = 0;
    double second = 0;
    double fourth = 0;
    for (size_t i = 0; i < DRAWS; i++) mean += sample[i] / DRAWS;
    for (size_t i = 0; i < DRAWS; i++) {
      const double square = (sample[i] - mean) * (sample[i] - mean);
      second += square / DRAWS;
      fourth += square * square / DRAWS;
    }
    const double sd = mnz_distribution_sd(d);
    const double mean_error = (mean - mnz_distribution_mean(d)) / (sd / sqrt(DRAWS));
    const double sd_error = (sqrt(second) - sd) / sqrt((fourth - second * second) / (4 * second * DRAWS));
    cr_assert(fabs(mean_error) < 4, "%s: mean is off by %g standard errors", examples[e].name, mean_error);
    cr_assert(fabs(sd_error) < 4, "%s: sd is off by %g standard errors", examples[e].name, sd_error);
  }
}

/* Seeds 200 + the example's number; the share of draws below and up to each quantile encloses its
 * probability, but for the Kolmogorov-Smirnov bound at 1e-4. */
Test(random, samples_follow_the_stated_quantiles) {
  static double sample[DRAWS];
  example examples[EXAMPLES];
  make_examples(examples);
  const double bound = ks_bound / sqrt(DRAWS);
  for (size_t e = 0; e < EXAMPLES; e++) {
    take_sample(&examples[e].d, 200 + e, sample);
    qsort(sample, DRAWS, sizeof *sample, ascending);
    size_t below = 0;
    size_t up_to = 0;
    for (int k = 1; k < 1000; k++) {
      const double p = k / 1000.0;
      const double x = mnz_distribution_quantile(&examples[e].d, p);
      while (below < DRAWS && sample[below] < x) below++;
      while (up_to < DRAWS && sample[up_to] <= x) up_to++;
      cr_assert((double)below / DRAWS <= p + bound && (double)up_to / DRAWS >= p - bound,
                "%s: quantile %g is %g, but %zu draws are below and %zu up to it", examples[e].name, p, x,
                below, up_to);
      if (examples[e].smooth) cr_assert_leq(up_to - below, 2, "%s: %g comes too often", examples[e].name, x);
    }
  }
}

Test(random, a_draw_by_inverse_transform_is_the_quantile_at_its_uniform) {
  static const double uniforms[] = {0x1p-53, 1e-6, 0.001, 0.1, 0.5, 0.7, 0.999, 1 - 0x1p-53};
  example examples[EXAMPLES];
  make_examples(examples);
  for (size_t e = 0; e < EXAMPLES; e++)
    for (size_t i = 0; examples[e].inverse && i < 8; i++)
      cr_assert_eq(draw_at(&examples[e].d, uniforms[i]),
                   mnz_distribution_quantile(&examples[e].d, uniforms[i]), "%s at %g", examples[e].name,
                   uniforms[i]);
}

Test(random, the_rarest_draws_stay_in_range) {
  static const double uniforms[] = {0x1p-53, 1 - 0x1p-53};
  example examples[EXAMPLES];
  make_examples(examples);
  for (size_t e = 0; e < EXAMPLES; e++)
    for (size_t i = 0; examples[e].inverse && i < 2; i++) {
      const double x = draw_at(&examples[e].d, uniforms[i]);
      cr_assert(isfinite(x) && x >= mnz_distribution_least(&examples[e].d) &&
                    x <= mnz_distribution_greatest(&examples[e].d),
                "%s gave %g", examples[e].name, x);
    }
}

/* Unguarded, this one comes out as -30.000000000000004. */
Test(random, rounding_does_not_leave_the_range) {
  const mnz_distribution d = make("triangular", "min", -30.0, "mode", -30.0, "max", 2.7, NULL);
  cr_assert_geq(draw_at(&d, 0x1p-53), -30.0);
}

/* Two words a uniform; bernoulli and the tables need one uniform too. */
Test(random, a_draw_takes_as_many_uniforms_as_it_promises) {
  example examples[EXAMPLES];
  make_examples(examples);
  for (size_t e = 0; e < EXAMPLES; e++) {
    const mnz_distribution_kind kind = examples[e].d.kind;
    if (kind == MNZ_DIST_GAMMA || kind == MNZ_DIST_BETA || kind == MNZ_DIST_POISSON) continue;
    mnz_stream stream;
    open_stream(&stream, 3);
    for (uint64_t i = 1; i <= 100; i++) {
      (void)mnz_distribution_draw(&examples[e].d, &stream.rng);
      cr_assert_eq(words_taken(&stream), 2 * i, "%s", examples[e].name);
    }
  }
}

Test(random, a_constant_takes_no_random_number) {
  mnz_stream stream;
  open_stream(&stream, 4);
  const mnz_distribution d = mnz_distribution_constant(-7.5);
  cr_assert_eq(mnz_distribution_draw(&d, &stream.rng), -7.5);
  cr_assert_eq(words_taken(&stream), 0);
  cr_assert_eq(mnz_distribution_mean(&d), -7.5);
  cr_assert_eq(mnz_distribution_sd(&d), 0);
  cr_assert_eq(mnz_distribution_quantile(&d, 0.3), -7.5);
  cr_assert_eq(mnz_distribution_least(&d), -7.5);
  cr_assert_eq(mnz_distribution_greatest(&d), -7.5);
}

Test(random, a_constant_may_be_no_number) {
  const mnz_distribution d = mnz_distribution_constant((double)NAN);
  cr_assert(isnan(draw_at(&d, 0.5)));
}

/* ---- quantiles, moments, range ---- */

Test(random, quantiles_ascend_from_the_least_to_the_greatest) {
  example examples[EXAMPLES];
  make_examples(examples);
  for (size_t e = 0; e < EXAMPLES; e++) {
    const mnz_distribution *d = &examples[e].d;
    cr_assert_eq(mnz_distribution_quantile(d, 0), mnz_distribution_least(d), "%s", examples[e].name);
    cr_assert_eq(mnz_distribution_quantile(d, 1), mnz_distribution_greatest(d), "%s", examples[e].name);
    double last = mnz_distribution_least(d);
    for (int k = 1; k < 500; k++) {
      const double x = mnz_distribution_quantile(d, k / 500.0);
      cr_assert(examples[e].smooth ? x > last : x >= last, "%s at %d", examples[e].name, k);
      last = x;
    }
    cr_assert_geq(mnz_distribution_greatest(d), last, "%s", examples[e].name);
  }
}

Test(random, a_probability_above_one_is_a_broken_promise, .signal = SIGABRT) {
  const mnz_distribution d = mnz_distribution_constant(1);
  (void)mnz_distribution_quantile(&d, 1.5);
}

static void assert_near(double found, double expected, const char *what) {
  cr_assert(fabs(found - expected) <= 1e-9 * fabs(expected), "%s: found %.17g, expected %.17g", what, found,
            expected);
}

Test(random, quantiles_known_by_heart_come_out) {
  mnz_distribution d = make("exponential", "mean", 10.0, NULL);
  assert_near(mnz_distribution_quantile(&d, 0.5), 10 * log(2), "exponential, median");
  assert_near(mnz_distribution_quantile(&d, 1e-20), 1e-19, "exponential, next to 0");
  d = make("weibull", "shape", 2.0, "scale", 3.0, NULL);
  assert_near(mnz_distribution_quantile(&d, 1 - exp(-4)), 6, "weibull");
  d = make("triangular", "min", 0.0, "mode", 1.0, "max", 4.0, NULL);
  assert_near(mnz_distribution_quantile(&d, 0.25), 1, "triangular, mode");
  d = make("normal", "mean", 100.0, "sd", 10.0, NULL);
  assert_near(mnz_distribution_quantile(&d, 0.975), 119.59963984540054, "normal");
  d = make("lognormal", "median", 5.0, "sigma", 2.0, NULL);
  assert_near(mnz_distribution_quantile(&d, 0.5), 5, "lognormal, median");
  d = make("gamma", "shape", 1.0, "scale", 10.0, NULL);
  assert_near(mnz_distribution_quantile(&d, 0.9), 10 * log(10), "gamma that is exponential");
  assert_near(mnz_distribution_quantile(&d, 1 - 0x1p-50), 500 * log(2), "gamma, next to 1");
  d = make("beta", "alpha", 1.0, "beta", 1.0, "low", 2.0, "high", 4.0, NULL);
  assert_near(mnz_distribution_quantile(&d, 0.25), 2.5, "beta that is uniform");
  d = make("pert", "min", 0.0, "mode", 3.0, "max", 6.0, NULL);
  assert_near(mnz_distribution_quantile(&d, 0.5), 3, "pert, symmetric");
}

/* Where GSL's own inverse gives NaN or does not come back. */
Test(random, quantiles_of_extreme_shapes_are_found) {
  mnz_distribution d = make("beta", "alpha", 1779.18, "beta", 35.1248, "low", 0.0, "high", 1.0, NULL);
  const double x = mnz_distribution_quantile(&d, 2.4e-5);
  cr_assert(x > 0.95 && x < 0.97, "%g", x);
  d = make("beta", "alpha", 1e5, "beta", 1e5, "low", 0.0, "high", 1.0, NULL);
  const double z = (mnz_distribution_quantile(&d, 0.014) - 0.5) / mnz_distribution_sd(&d);
  cr_assert_float_eq(z, -2.1973, 1e-3);
  d = make("gamma", "shape", 0.001, "scale", 1.0, NULL);
  cr_assert_lt(mnz_distribution_quantile(&d, 0.5), 1e-300);
}

/* P(0) = exp(-1) = 0.36788, P(1) = 0.73576, P(2) = 0.91970 */
Test(random, a_poisson_quantile_is_the_least_count_that_reaches_the_probability) {
  static const struct {
    double p;
    double count;
  } cases[] = {{1e-9, 0}, {0.3678, 0}, {0.3679, 1}, {0.7357, 1}, {0.7358, 2}, {0.9196, 2}, {0.9198, 3}};
  const mnz_distribution d = make("poisson", "mean", 1.0, NULL);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    cr_assert_eq(mnz_distribution_quantile(&d, cases[i].p), cases[i].count, "at %g", cases[i].p);
}

Test(random, a_poisson_of_nothing_is_nothing) {
  const mnz_distribution d = make("poisson", "mean", 0.0, NULL);
  cr_assert_eq(draw_at(&d, 0.999), 0);
  cr_assert_eq(mnz_distribution_quantile(&d, 0.999), 0);
  cr_assert_eq(mnz_distribution_greatest(&d), 0);
}

Test(random, a_sure_bernoulli_is_sure) {
  const mnz_distribution never = make("bernoulli", "probability", 0.0, NULL);
  const mnz_distribution always = make("bernoulli", "probability", 1.0, NULL);
  static const double uniforms[] = {0, 0.5, 1 - 0x1p-53};
  for (int i = 0; i < 3; i++) {
    cr_assert_eq(draw_at(&never, uniforms[i]), 0);
    cr_assert_eq(draw_at(&always, uniforms[i]), 1);
  }
  cr_assert_eq(mnz_distribution_greatest(&never), 0);
  cr_assert_eq(mnz_distribution_least(&always), 1);
}

Test(random, an_uncut_tail_has_the_hazard_as_its_mean) {
  mnz_distribution d = make("normal", "mean", 0.0, "sd", 1.0, "low", 10.0, NULL);
  assert_near(mnz_distribution_mean(&d), 10.098093233962511, "normal above 10");
  d = make("normal", "mean", 0.0, "sd", 2.0, "low", 0.0, NULL);
  assert_near(mnz_distribution_mean(&d), 2 * sqrt(2 / M_PI), "half normal, mean");
  assert_near(mnz_distribution_sd(&d), 2 * sqrt(1 - 2 / M_PI), "half normal, sd");
}

Test(random, a_normal_without_spread_is_its_mean) {
  const mnz_distribution d = make("normal", "mean", 3.0, "sd", 0.0, "low", 0.0, NULL);
  cr_assert_eq(draw_at(&d, 0.9), 3);
  cr_assert_eq(mnz_distribution_least(&d), 3);
  cr_assert_eq(mnz_distribution_greatest(&d), 3);
  cr_assert_eq(mnz_distribution_sd(&d), 0);
}

/* ---- tables ---- */

Test(random, a_discrete_table_is_sorted_and_shared_out) {
  double values[] = {30, 10, 20, 40, 5};
  double weights[] = {3, 1, 4, 0, 0};
  mnz_distribution d;
  cr_assert_eq(mnz_distribution_discrete(&d, values, weights, 5, NULL), MNZ_OK);
  static const double expected[] = {5, 10, 20, 30, 40};
  static const double shares[] = {0, 0.125, 0.625, 1, 1};
  for (size_t i = 0; i < 5; i++) {
    cr_assert_eq(d.values[i], expected[i]);
    cr_assert_eq(d.weights[i], shares[i]);
  }
  cr_assert_eq(mnz_distribution_least(&d), 10);
  cr_assert_eq(mnz_distribution_greatest(&d), 30);
  cr_assert_eq(mnz_distribution_mean(&d), 22.5);
}

Test(random, a_discrete_draw_is_the_value_whose_share_holds_the_uniform) {
  double values[] = {5, 10, 20, 30, 40};
  double weights[] = {0, 1, 4, 3, 0};
  mnz_distribution d;
  cr_assert_eq(mnz_distribution_discrete(&d, values, weights, 5, NULL), MNZ_OK);
  static const struct {
    double u;
    double drawn;
    double quantile;
  } cases[] = {{0, 10, 10},     {0.1, 10, 10}, {0.125, 20, 10},      {0.5, 20, 20},
               {0.625, 30, 20}, {0.7, 30, 30}, {1 - 0x1p-53, 30, 30}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    cr_assert_eq(draw_at(&d, cases[i].u), cases[i].drawn, "at %g", cases[i].u);
    cr_assert_eq(mnz_distribution_quantile(&d, cases[i].u), cases[i].quantile, "at %g", cases[i].u);
  }
}

Test(random, a_table_of_one_always_gives_it) {
  double value = 8;
  double weight = 0.25;
  mnz_distribution d;
  cr_assert_eq(mnz_distribution_discrete(&d, &value, &weight, 1, NULL), MNZ_OK);
  cr_assert(draw_at(&d, 0) == 8 && draw_at(&d, 1 - 0x1p-53) == 8 && mnz_distribution_sd(&d) == 0);
  cr_assert_eq(mnz_distribution_empirical(&d, &value, 1, NULL), MNZ_OK);
  cr_assert(draw_at(&d, 0) == 8 && draw_at(&d, 1 - 0x1p-53) == 8 && mnz_distribution_sd(&d) == 0);
}

/* The uniform that is nearest to 1 times any count, also those where the product rounds up to it. */
Test(random, an_empirical_draw_never_passes_the_end) {
  static double values[1000];
  for (size_t count = 1; count <= 1000; count++) {
    for (size_t i = 0; i < count; i++) values[i] = (double)i;
    mnz_distribution d;
    cr_assert_eq(mnz_distribution_empirical(&d, values, count, NULL), MNZ_OK);
    cr_assert_eq(draw_at(&d, 1 - 0x1p-53), (double)count - 1);
    cr_assert_eq(draw_at(&d, 0), 0);
    for (size_t i = 1; i < count; i++)
      cr_assert_eq(mnz_distribution_quantile(&d, (double)i / (double)count), (double)i - 1);
  }
}

Test(random, a_table_that_makes_no_sense_is_refused_and_left_alone) {
  static const struct {
    double values[2];
    double weights[2];
    size_t count;
    const char *message;
  } cases[] = {{{1, 2}, {1, 1}, 0, "discrete needs at least one value, got none"},
               {{2, NAN}, {1, 1}, 2, "discrete needs finite values, got nan"},
               {{2, 1}, {1, -1}, 2, "discrete needs finite weights >= 0, got -1"},
               {{2, 1}, {1, INFINITY}, 2, "discrete needs finite weights >= 0, got inf"},
               {{2, 1}, {0, 0}, 2, "discrete needs weights with a finite sum > 0, got 0"},
               {{2, 1}, {1e308, 1e308}, 2, "discrete needs weights with a finite sum > 0, got inf"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    double values[2];
    double weights[2];
    memcpy(values, cases[i].values, sizeof values);
    memcpy(weights, cases[i].weights, sizeof weights);
    mnz_distribution d = mnz_distribution_constant(42);
    mnz_error err;
    cr_assert_eq(mnz_distribution_discrete(&d, values, weights, cases[i].count, &err), MNZ_SCENARIO);
    cr_assert_str_eq(err.message, cases[i].message);
    cr_assert(d.kind == MNZ_DIST_CONSTANT && values[0] == cases[i].values[0] &&
              weights[0] == cases[i].weights[0]);
  }
  mnz_distribution d;
  mnz_error err;
  double value = INFINITY;
  cr_assert_eq(mnz_distribution_empirical(&d, &value, 1, &err), MNZ_SCENARIO);
  cr_assert_str_eq(err.message, "empirical needs finite values, got inf");
}

/* ---- forms ---- */

static size_t param_count(const mnz_dist_form *form) {
  size_t count = 0;
  while (count < 4 && form->params[count].name != NULL) count++;
  return count;
}

Test(random, every_form_is_fit_for_the_reference) {
  size_t count;
  const mnz_dist_form *forms = mnz_distribution_forms(&count);
  cr_assert_gt(count, 12);
  for (size_t f = 0; f < count; f++) {
    const size_t params = param_count(&forms[f]);
    cr_assert(forms[f].required >= 1 && (size_t)forms[f].required <= params, "%s", forms[f].name);
    cr_assert_gt(strlen(forms[f].help), 10);
    cr_assert_neq(forms[f].help[strlen(forms[f].help) - 1], '.');
    for (size_t i = params; i < 4; i++) cr_assert_null(forms[f].params[i].name);
    for (size_t i = 0; i < params; i++)
      for (size_t j = 0; j < i; j++) cr_assert_str_neq(forms[f].params[i].name, forms[f].params[j].name);
  }
}

/* Whoever writes the required parameters of one form by name does not write those of another; and only
 * one form of a name can be written without names. */
Test(random, forms_of_one_name_can_be_told_apart) {
  size_t count;
  const mnz_dist_form *forms = mnz_distribution_forms(&count);
  for (size_t f = 0; f < count; f++)
    for (size_t g = 0; g < count; g++) {
      if (f == g || strcmp(forms[f].name, forms[g].name) != 0) continue;
      cr_assert_not(forms[f].positional && forms[g].positional, "%s", forms[f].name);
      bool all_in_g = true;
      for (int i = 0; i < forms[f].required; i++) {
        bool in_g = false;
        for (size_t j = 0; j < param_count(&forms[g]); j++)
          in_g = in_g || strcmp(forms[f].params[i].name, forms[g].params[j].name) == 0;
        all_in_g = all_in_g && in_g;
      }
      cr_assert_not(all_in_g, "%s", forms[f].name);
    }
}

Test(random, forms_have_the_mean_and_deviation_they_are_named_by) {
  static const char *const names[] = {"gamma", "lognormal", "normal"};
  for (int i = 0; i < 3; i++) {
    mnz_distribution d = make(names[i], "mean", 5.0, "cv", 0.4, NULL);
    assert_near(mnz_distribution_mean(&d), 5, names[i]);
    assert_near(mnz_distribution_sd(&d), 2, names[i]);
    d = make(names[i], "mean", 5.0, "sd", 2.0, NULL);
    assert_near(mnz_distribution_mean(&d), 5, names[i]);
    assert_near(mnz_distribution_sd(&d), 2, names[i]);
  }
  mnz_distribution d = make("weibull", "mean", 5.0, "shape", 1.7, NULL);
  assert_near(mnz_distribution_mean(&d), 5, "weibull");
  cr_assert_eq(d.p[0], 1.7);
  d = make("uniform", "mean", 5.0, "half_width", 2.0, NULL);
  cr_assert(d.p[0] == 3 && d.p[1] == 7);
}

Test(random, pert_weighs_its_mode) {
  mnz_distribution d = make("pert", "min", 1.0, "mode", 2.0, "max", 6.0, NULL);
  assert_near(mnz_distribution_mean(&d), (1 + 4 * 2 + 6) / 6.0, "weight 4");
  d = make("pert", "min", 1.0, "mode", 2.0, "max", 6.0, "weight", 10.0, NULL);
  assert_near(mnz_distribution_mean(&d), (1 + 10 * 2 + 6) / 12.0, "weight 10");
  d = make("pert", "min", 3.0, "mode", 3.0, "max", 3.0, NULL);
  cr_assert_eq(mnz_distribution_mean(&d), 3);
  cr_assert_eq(mnz_distribution_sd(&d), 0);
}

Test(random, what_is_not_given_has_its_default) {
  const mnz_distribution bell = make("normal", "mean", 1.0, "sd", 2.0, NULL);
  cr_assert(isinf(bell.p[2]) && bell.p[2] < 0 && isinf(bell.p[3]) && bell.p[3] > 0);
  const mnz_distribution event = make("bernoulli", "probability", 0.5, NULL);
  cr_assert_eq(event.p[1], 1);
}

Test(random, parameters_without_sense_are_refused) {
  static const struct {
    const char *name;
    const char *names[4];
    double values[4];
    const char *message;
  } cases[] = {
      {"constant", {"value"}, {NAN}, "constant needs a finite value, got nan"},
      {"uniform", {"low", "high"}, {2, 1}, "uniform needs low <= high, got 2, 1"},
      {"uniform", {"mean", "half_width"}, {2, -1}, "uniform needs half_width >= 0, got -1"},
      {"uniform",
       {"low", "high"},
       {-1e308, 1e308},
       "the distribution needs a finite mean and standard deviation, got -1e+308, 1e+308"},
      {"triangular", {"min", "mode", "max"}, {5, 3, 8}, "triangular needs min <= mode <= max, got 5, 3, 8"},
      {"triangular", {"min", "mode", "max"}, {5, 9, 8}, "triangular needs min <= mode <= max, got 5, 9, 8"},
      {"pert", {"min", "mode", "max"}, {5, 3, 8}, "pert needs min <= mode <= max, got 5, 3, 8"},
      {"pert", {"min", "mode", "max", "weight"}, {1, 2, 3, -4}, "pert needs 0 <= weight <= 1e5, got -4"},
      {"exponential", {"mean"}, {0}, "exponential needs mean > 0, got 0"},
      {"exponential", {"mean"}, {INFINITY}, "exponential needs a finite mean, got inf"},
      {"exponential", {NULL}, {0}, "exponential needs mean"},
      {"weibull", {"shape", "scale"}, {0, 1}, "weibull needs shape > 0 and scale > 0, got 0, 1"},
      {"weibull", {"mean", "shape"}, {1, -1}, "weibull needs mean > 0 and shape > 0, got 1, -1"},
      {"weibull",
       {"shape", "scale"},
       {0.001, 1},
       "the distribution needs a finite mean and standard deviation, got 0.001, 1"},
      {"gamma", {"shape", "scale"}, {1, 0}, "gamma needs shape > 0 and scale > 0, got 1, 0"},
      {"gamma", {"shape"}, {1}, "gamma needs scale"},
      {"gamma", {"mean", "cv"}, {1, 0}, "gamma needs mean > 0 and cv > 0, got 1, 0"},
      {"gamma", {"mean", "sd"}, {-1, 1}, "gamma needs mean > 0 and sd > 0, got -1, 1"},
      {"lognormal", {"median", "sigma"}, {0, 1}, "lognormal needs median > 0 and sigma >= 0, got 0, 1"},
      {"lognormal", {"mean", "cv"}, {1, -0.5}, "lognormal needs mean > 0 and cv >= 0, got 1, -0.5"},
      {"lognormal", {"mean", "sd"}, {-1, 1}, "lognormal needs mean > 0 and sd >= 0, got -1, 1"},
      {"lognormal",
       {"median", "sigma"},
       {1, 100},
       "the distribution needs a finite mean and standard deviation, got 1, 100"},
      {"normal", {"mean", "sd"}, {1, -1}, "normal needs sd >= 0, got -1"},
      {"normal", {"mean", "cv"}, {0, 1}, "normal needs mean > 0 and cv >= 0, got 0, 1"},
      {"normal", {"mean", "sd", "low", "high"}, {0, 1, 2, 2}, "normal needs low < high, got 2, 2"},
      {"normal", {"mean", "sd", "low"}, {0, 1, -INFINITY}, "normal needs a finite low, got -inf"},
      {"normal",
       {"mean", "sd", "low", "high"},
       {5, 0, 0, 1},
       "normal without spread needs low <= mean <= high, got 0, 5, 1"},
      {"normal",
       {"mean", "sd", "low", "high"},
       {0, 1e5, 0, 1},
       "normal needs high - low >= sd / 1000 (or write uniform), got 1, 100000"},
      {"normal",
       {"mean", "sd", "low"},
       {0, 1, 40},
       "normal needs low .. high within 36 sd of the mean, got 40, inf, 0, 1"},
      {"beta",
       {"alpha", "beta", "low", "high"},
       {0, 1, 0, 1},
       "beta needs 0 < alpha <= 1e5 and 0 < beta <= 1e5, got 0, 1"},
      {"beta",
       {"alpha", "beta", "low", "high"},
       {1, 1e6, 0, 1},
       "beta needs 0 < alpha <= 1e5 and 0 < beta <= 1e5, got 1, 1000000"},
      {"beta", {"alpha", "beta", "low", "high"}, {1, 1, 2, 1}, "beta needs low <= high, got 2, 1"},
      {"bernoulli", {"probability"}, {1.25}, "bernoulli needs 0 <= probability <= 1, got 1.25"},
      {"poisson", {"mean"}, {-1}, "poisson needs 0 <= mean <= 1e9, got -1"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    mnz_distribution d = mnz_distribution_constant(42);
    mnz_error err;
    cr_assert_eq(attempt(&d, &err, cases[i].name, cases[i].names, cases[i].values), MNZ_SCENARIO, "%s",
                 cases[i].message);
    cr_assert_str_eq(err.message, cases[i].message);
    cr_assert(d.kind == MNZ_DIST_CONSTANT && d.p[0] == 42);
  }
}
