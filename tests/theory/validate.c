/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs tables of cases and says where the simulation and theory part: README.md beside this.
 *
 * A statistical case passes if its mean is within three standard errors of what is expected, and the
 * standard error is at most half a per cent of that and at most the case's precision. All z are held together
 * against chi-square: of all cases, and of the first case of every run, which alone are independent. */
#include <getopt.h>
#include <gsl/gsl_cdf.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cases.h"
#include "stats/moments.h"

#define MOST_SE      0.005 /* of the expected value */
#define MOST_Z       3
#define POINT        0.999 /* of chi-square */
#define NO_TEST_HERE 77    /* ctest's "skipped" */

typedef struct finding {
  double mean;
  double se;
  double z; /* NaN: has none */
  double seconds;
  bool first; /* of its run */
  bool passed;
  char verdict[800];
} finding;

typedef struct options {
  const char *only; /* the id of a case; NULL: all */
  const char *seed;
  bool list;
  bool json;
  long threads;
} options;

/* One run that some cases share. */
typedef struct batch {
  mnz_scenario *scenario;
  mnz_problems *problems;
  mnz_result *shape;
  mnz_parcels *parcels;
  mnz_rows rows;
  double seconds;
} batch;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* --- running --- */

static mnz_status load(batch *b, const theory_case *c, const char *seed, mnz_error *err) {
  char path[1024];
  char set_seed[128];
  const char *overrides[CASE_OVERRIDES + 1];
  size_t n = c->n_overrides;
  const char *slash = strrchr(c->table, '/');
  const int folder = slash != NULL ? (int)(slash - c->table) : 1;
  snprintf(path, sizeof path, "%.*s/scenarios/%s", folder, slash != NULL ? c->table : ".", c->scenario);
  memcpy(overrides, c->overrides, n * sizeof *overrides);
  snprintf(set_seed, sizeof set_seed, "seed=\"%s\"", seed != NULL ? seed : "");
  if (seed != NULL) overrides[n++] = set_seed;
  const mnz_status status = mnz_scenario_load(&b->scenario, path, overrides, n, &b->problems, err);
  for (size_t i = 0; status == MNZ_SCENARIO && b->problems != NULL && i < b->problems->count; i++) {
    const mnz_problem *p = &b->problems->at[i];
    if (!p->warning) fprintf(stderr, "%s:%d: %s: %s\n", p->file, (int)p->line, p->path, p->message);
  }
  return status;
}

static mnz_status open_batch(batch *b, const theory_case *c, const options *o, mnz_error *err) {
  mnz_batch_outcome outcome;
  mnz_batch_options how = mnz_batch_options_default();
  const double begin = now();
  how.replications = c->replications;
  how.threads = (uint32_t)o->threads;
  how.watch.what = MNZ_WATCH_NOTHING;
  mnz_status status = load(b, c, o->seed, err);
  if (status == MNZ_OK) status = mnz_shape_create(b->scenario, &how.watch, &b->shape, err);
  if (status == MNZ_OK) status = mnz_parcels_create(&b->parcels, b->shape, err);
  if (status != MNZ_OK) return status;
  const mnz_sink sink = mnz_parcels_sink(b->parcels);
  status = mnz_batch_run(b->scenario, b->shape, &how, NULL, &sink, NULL, NULL, NULL, &outcome, err);
  b->rows = mnz_parcels_rows(b->parcels);
  b->seconds = now() - begin;
  return status;
}

static void close_batch(batch *b) {
  mnz_parcels_free(b->parcels);
  mnz_result_free(b->shape);
  mnz_problems_free(b->problems);
  mnz_scenario_free(b->scenario);
}

/* --- judging --- */

static double allowed(const theory_case *c) {
  return c->tolerance == TOLERANCE_RELATIVE ? c->precision * fabs(c->expected) : c->precision;
}

/* The mean of the root, or the ratio of two means with the standard error of the delta method:
 * var(a / b) = (s_aa - 2 q s_ab + q^2 s_bb) / (n b^2), q = a / b (Law 9.5.1's regenerative ratio is the
 * same). *off is the largest deviation of a single replication from what is expected. */
static void estimate(const theory_case *c, const mnz_rows *rows, finding *out, double *off,
                     size_t *undefined) {
  int32_t a;
  int32_t b;
  mnz_moments top = {0};
  mnz_moments bottom = {0};
  double together = 0; /* sum of products of deviations */
  expression_roots(&c->expression, &a, &b);
  *off = 0;
  *undefined = 0;
  for (size_t row = 0; row < rows->count; row++) {
    const double x = expression_value(&c->expression, a, rows, row);
    const double y = b >= 0 ? expression_value(&c->expression, b, rows, row) : 1;
    if (!isfinite(x) || !isfinite(y)) ++*undefined;
    const double before = x - top.mean;
    mnz_moments_add(&top, x);
    mnz_moments_add(&bottom, y);
    together += before * (y - bottom.mean);
    const double distance = fabs(x / y - c->expected);
    *off = isnan(distance) ? INFINITY : fmax(*off, distance);
  }
  const double n = (double)rows->count;
  const double q = top.mean / bottom.mean;
  out->mean = q;
  out->se =
      n > 1 ? sqrt(fmax(0, top.m2 - 2 * q * together + q * q * bottom.m2) / (n - 1) / n) / fabs(bottom.mean)
            : 0;
}

static void judge_exact(const theory_case *c, double off, finding *out) {
  out->passed = off <= allowed(c);
  snprintf(out->verdict, sizeof out->verdict, out->passed ? "ok" : "FAILED: off by %.3g, more than %.3g", off,
           allowed(c));
}

static void judge_statistical(const theory_case *c, finding *out) {
  const double most = fmin(c->expected != 0 ? MOST_SE * fabs(c->expected) : INFINITY, c->precision);
  const double se = hypot(out->se, c->expected_se);
  const bool equal = fabs(out->mean - c->expected) <= 1e-12 * fabs(c->expected);
  out->z = equal && se == 0 ? 0 : (out->mean - c->expected) / se;
  if (!(fabs(out->z) <= MOST_Z))
    snprintf(out->verdict, sizeof out->verdict, "FAILED: |z| is above %d", MOST_Z);
  else if (!(out->se <= most))
    snprintf(out->verdict, sizeof out->verdict, "FAILED: the standard error is above %.3g", most);
  else
    snprintf(out->verdict, sizeof out->verdict, "ok");
  out->passed = strcmp(out->verdict, "ok") == 0;
}

/* A replication that failed speaks for its case. */
static bool has_failed(const mnz_rows *rows, finding *out) {
  for (size_t i = 0; i < rows->count; i++) {
    mnz_row row;
    mnz_error err;
    if (rows->head(rows->self, i, &row, &err) == MNZ_OK && row.status == MNZ_OK) continue;
    snprintf(out->verdict, sizeof out->verdict, "FAILED: replication %u: %.600s", (unsigned)row.replication,
             row.message);
    return true;
  }
  return false;
}

static void judge(theory_case *c, const batch *b, finding *out) {
  mnz_error err = {.status = MNZ_OK};
  double off;
  size_t undefined;
  if (has_failed(&b->rows, out)) return;
  if (b->rows.count != c->replications) {
    snprintf(out->verdict, sizeof out->verdict, "FAILED: %zu replications of %zu", b->rows.count,
             (size_t)c->replications);
    return;
  }
  if (expression_bind(&c->expression, b->shape, &err) != MNZ_OK) {
    snprintf(out->verdict, sizeof out->verdict, "FAILED: %s: %s", err.where, err.message);
    return;
  }
  estimate(c, &b->rows, out, &off, &undefined);
  if (undefined > 0)
    snprintf(out->verdict, sizeof out->verdict, "FAILED: not defined in %zu of %zu replications", undefined,
             b->rows.count);
  else if (c->tolerance == TOLERANCE_STATISTICAL)
    judge_statistical(c, out);
  else
    judge_exact(c, off, out);
}

/* --- telling --- */

static void print_head(void) {
  printf("%-14s %-44s %13s %13s %10s %6s %7s %6s  %s\n", "case", "what", "expected", "mean", "s.e.", "z", "n",
         "s", "verdict");
}

static void print_case(const theory_case *c, const finding *o) {
  char z[16] = "";
  if (!isnan(o->z)) snprintf(z, sizeof z, "%.2f", o->z);
  printf("%-14s %-44.44s %13.8g %13.8g %10.3g %6s %7u %6.1f  %s\n", c->id, c->what, c->expected, o->mean,
         o->se, z, (unsigned)c->replications, o->seconds, o->verdict);
  fflush(stdout);
}

static json_t *number(double x) {
  return isfinite(x) ? json_real(x) : json_null();
}

static json_t *case_json(const theory_case *c, const finding *o) {
  return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:o, s:b, s:s}", "id", c->id, "what",
                   c->what, "scenario", c->scenario, "measure", c->measure, "expected", number(c->expected),
                   "mean", number(o->mean), "standard_error", number(o->se), "z", number(o->z),
                   "replications", (json_int_t)c->replications, "seconds", number(o->seconds), "passed",
                   o->passed, "verdict", o->verdict);
}

typedef struct sum_of_squares {
  double sum;
  size_t n;
} sum_of_squares;

static void add_z(sum_of_squares *s, double z) {
  if (isnan(z)) return;
  s->sum += z * z;
  s->n++;
}

static double point(const sum_of_squares *s) {
  return s->n > 0 ? gsl_cdf_chisq_Pinv(POINT, (double)s->n) : INFINITY;
}

static bool is_below(const sum_of_squares *s) {
  return s->n == 0 || s->sum < point(s);
}

static void print_sum(const char *what, const sum_of_squares *s) {
  if (s->n == 0) return;
  printf("%s: sum of z^2 %.1f of %zu; the %.1f %% point of chi-square is %.1f: %s\n", what, s->sum, s->n,
         POINT * 100, point(s), is_below(s) ? "ok" : "FAILED");
}

static json_t *sum_json(const sum_of_squares *s) {
  return json_pack("{s:o, s:I, s:o, s:b}", "sum", number(s->sum), "n", (json_int_t)s->n, "point",
                   number(point(s)), "passed", is_below(s));
}

/* True if all passed. */
static bool conclude(theory_case **cases, const finding *findings, size_t count, bool as_json) {
  sum_of_squares all = {0};
  sum_of_squares independent = {0};
  size_t passed = 0;
  json_t *list = json_array();
  for (size_t i = 0; i < count; i++) {
    add_z(&all, findings[i].z);
    if (findings[i].first) add_z(&independent, findings[i].z);
    passed += findings[i].passed;
    json_array_append_new(list, case_json(cases[i], &findings[i]));
  }
  if (as_json) {
    json_t *whole = json_pack("{s:O, s:o, s:o}", "cases", list, "all", sum_json(&all), "independent",
                              sum_json(&independent));
    json_dumpf(whole, stdout, JSON_INDENT(1));
    puts("");
    json_decref(whole);
  } else {
    print_sum("all cases", &all);
    print_sum("the first case of every run", &independent);
    printf("%zu of %zu cases pass\n", passed, count);
  }
  json_decref(list);
  return passed == count && is_below(&all) && is_below(&independent);
}

/* --- the program --- */

/* Runs the batch of cases[from] and judges all cases that share it and are not judged yet. */
static void run_cases(theory_case **cases, finding *findings, size_t count, size_t from, const options *o) {
  batch b = {0};
  mnz_error err = {.status = MNZ_OK};
  const mnz_status status = open_batch(&b, cases[from], o, &err);
  findings[from].first = true;
  findings[from].seconds = b.seconds;
  for (size_t i = from; i < count; i++) {
    if (strcmp(cases[i]->run, cases[from]->run) != 0 || cases[i]->table != cases[from]->table) continue;
    findings[i].mean = findings[i].se = findings[i].z = NAN;
    if (status == MNZ_OK)
      judge(cases[i], &b, &findings[i]);
    else
      snprintf(findings[i].verdict, sizeof findings[i].verdict, "FAILED: %s: %s", err.where, err.message);
    if (!o->json) print_case(cases[i], &findings[i]);
  }
  close_batch(&b);
}

static int validate(theory_case **cases, size_t count, const options *o) {
  finding *findings = calloc(count + 1, sizeof *findings);
  if (findings == NULL) return EXIT_FAILURE;
  if (!o->json) print_head();
  for (size_t i = 0; i < count; i++)
    if (findings[i].verdict[0] == '\0') run_cases(cases, findings, count, i, o);
  const bool good = conclude(cases, findings, count, o->json);
  free(findings);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void list_cases(theory_case **cases, size_t count) {
  for (size_t i = 0; i < count; i++)
    printf("%-14s %-44s %-24s %s\n", cases[i]->id, cases[i]->what, cases[i]->scenario, cases[i]->measure);
}

/* Keeps the case of this id, or those whose id begins with it and a dot. */
static size_t keep_only(theory_case **cases, size_t count, const char *id) {
  const size_t n = strlen(id);
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    const bool wanted =
        strncmp(cases[i]->id, id, n) == 0 && (cases[i]->id[n] == '\0' || cases[i]->id[n] == '.');
    if (wanted)
      cases[kept++] = cases[i];
    else
      free(cases[i]);
  }
  return kept;
}

static bool read_options(int argc, char **argv, options *o) {
  static const struct option known[] = {
      {"case", required_argument, NULL, 'c'},    {"seed", required_argument, NULL, 's'},
      {"threads", required_argument, NULL, 't'}, {"list", no_argument, NULL, 'l'},
      {"json", no_argument, NULL, 'j'},          {0}};
  int found;
  *o = (options){.threads = sysconf(_SC_NPROCESSORS_ONLN)};
  while ((found = getopt_long(argc, argv, "", known, NULL)) != -1) {
    switch (found) {
    case 'c':
      o->only = optarg;
      break;
    case 's':
      o->seed = optarg;
      break;
    case 't':
      o->threads = strtol(optarg, NULL, 10);
      break;
    case 'l':
      o->list = true;
      break;
    case 'j':
      o->json = true;
      break;
    default:
      return false;
    }
  }
  return optind < argc && o->threads >= 1 && o->threads <= 256;
}

int main(int argc, char **argv) {
  theory_case **cases = NULL;
  size_t count = 0;
  options o;
  int status = EXIT_FAILURE;
  if (!read_options(argc, argv, &o)) {
    fputs("usage: validate [--case ID] [--list] [--json] [--seed TEXT] [--threads N] TABLE.cases...\n",
          stderr);
    return 64;
  }
  bool good = true;
  for (int i = optind; i < argc && good; i++) good = cases_read(argv[i], &cases, &count);
  if (good && o.only != NULL) {
    count = keep_only(cases, count, o.only);
    if (count == 0) fprintf(stderr, "validate: there is no case \"%s\"\n", o.only);
    good = count > 0;
  }
  if (good && count == 0)
    status = NO_TEST_HERE;
  else if (good && o.list)
    list_cases(cases, count);
  else if (good)
    status = validate(cases, count, &o);
  if (good && o.list) status = EXIT_SUCCESS;
  cases_free(cases, count);
  return status;
}
