/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of random numbers share: streams and samples, scripted uniforms, distributions by name. */
#ifndef MNZ_TESTS_RANDOM_BENCH_H
#define MNZ_TESTS_RANDOM_BENCH_H

#include <criterion/criterion.h>
#include <gsl/gsl_errno.h>

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "random/distribution.h"
#include "random/stream.h"

static inline void no_handler(void) {
  gsl_set_error_handler_off();
}

/* ---- streams and samples ---- */

static inline mnz_stream *open_stream(mnz_stream *stream, uint64_t seed) {
  mnz_stream_open(stream, (mnz_stream_key){.seed = seed});
  return stream;
}

static inline uint64_t words_taken(const mnz_stream *stream) {
  return UINT64_C(4) * stream->philox.counter[0] - (4 - stream->philox.used);
}

enum { DRAWS = 200000 };

static inline int ascending(const void *a, const void *b) {
  const double x = *(const double *)a;
  const double y = *(const double *)b;
  return (x > y) - (x < y);
}

static const double ks_bound = 2.2253; /* of D * sqrt(n), at a level of 1e-4 */

/* ---- a generator that plays a script ---- */

typedef struct script {
  const double *next;
} script;

static inline void script_set(void *state, unsigned long seed) {
  (void)state, (void)seed;
}

static inline double script_get_double(void *state) {
  return *((script *)state)->next++;
}

static inline unsigned long script_get(void *state) {
  return (unsigned long)(script_get_double(state) * 0x1p32);
}

static const gsl_rng_type script_type = {"script",   UINT32_MAX,       0, sizeof(script), script_set,
                                         script_get, script_get_double};

static inline double draw_at(const mnz_distribution *d, double u) {
  script state = {&u};
  const gsl_rng rng = {&script_type, &state};
  return mnz_distribution_draw(d, &rng);
}

/* ---- making distributions ---- */

static inline const mnz_dist_form *find_form(const char *name, const char *const names[4]) {
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

static inline mnz_status attempt(mnz_distribution *out, mnz_error *err, const char *name,
                                 const char *const names[4], const double values[4]) {
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
static inline mnz_distribution make(const char *name, ...) {
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

static inline void assert_near(double found, double expected, const char *what) {
  cr_assert(fabs(found - expected) <= 1e-9 * fabs(expected), "%s: found %.17g, expected %.17g", what, found,
            expected);
}

#endif
