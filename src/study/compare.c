/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measure by measure: the values of all inputs are read, then told about cell by cell. */
#include "monazite/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "stats/compare.h"
#include "stats/interval.h"
#include "stats/moments.h"
#include "study/match.h"

enum { MOST_AXES = 3 };

const char *const mnz_compared_names[MNZ_COMPAREDS] = {
#define COMPARED_NAME(id, name, text) name,
    MNZ_COMPARED_LIST(COMPARED_NAME)
#undef COMPARED_NAME
};

mnz_compare_options mnz_compare_options_default(void) {
  return (mnz_compare_options){.confidence = 0.95};
}

double mnz_comparison_at(const mnz_comparison *c, mnz_compared what, size_t cell, size_t scenario) {
  return c->columns[what][cell * c->n_scenarios + scenario];
}

/* What the caller gets is the first member. */
typedef struct holder {
  mnz_comparison comparison;
  mnz_arena *arena;
} holder;

void mnz_comparison_free(mnz_comparison *comparison) {
  if (comparison == NULL) return;
  holder *h = (holder *)(void *)comparison;
  mnz_arena_free(h->arena);
  free(h);
}

/* A variable of one of the inputs, and where each has it. */
typedef struct measure {
  const mnz_variable *v;
  size_t *k;           /* [input]; SIZE_MAX: has it not */
  const char *whether; /* of a first time: what its other half is called; else NULL */
  bool only_whether;   /* that half alone is wanted */
} measure;

typedef struct work {
  const mnz_compare_input *inputs;
  size_t n;
  const mnz_compare_options *options;
  mnz_arena *arena;
  mnz_comparison *c;
  size_t **rows; /* [input][replication] */
  mnz_match_axis axes[MNZ_AXES];
  measure *measures;
  size_t n_measures;
  /* of the measure at hand */
  double **values;     /* [input]: [cell of the input][replication]; NULL: has it not */
  double **indicators; /* [input]: [replication]: whether a first time came */
  const double **x;    /* [input]: the cell at hand; NULL: has it not */
  double *levelled;    /* [replication]: of one input, the baseline's value where the two count as equal */
} work;

/* ---- which measures ---- */

static bool is_measure(const mnz_result *shape, const mnz_variable *v) {
  bool labelled = true;
  for (int32_t i = 0; i < v->n_axes; i++) labelled = labelled && shape->labels[v->axes[i]] != NULL;
  return !v->series && v->cell == MNZ_CELL_F8 && labelled;
}

static bool is_same(const mnz_variable *a, const mnz_variable *b) {
  return strcmp(a->name, b->name) == 0 && a->n_axes == b->n_axes &&
         memcmp(a->axes, b->axes, (size_t)a->n_axes * sizeof *a->axes) == 0;
}

static size_t find_variable(const mnz_result *shape, const mnz_variable *wanted) {
  for (size_t k = 0; k < shape->n_variables; k++)
    if (is_measure(shape, &shape->variables[k]) && is_same(&shape->variables[k], wanted)) return k;
  return SIZE_MAX;
}

/* "first_shortage" becomes "any_shortage". */
static const char *whether_name(const char *first, mnz_arena *arena, mnz_error *err) {
  static const char word[] = "first_";
  const char *at = strstr(first, word);
  const size_t before = at != NULL ? (size_t)(at - first) : 0;
  const char *rest = at != NULL ? at + strlen(word) : first;
  return mnz_arena_format(arena, err, "%.*sany_%s", (int)before, first, rest);
}

static mnz_status add_measure(work *w, const mnz_variable *v, mnz_error *err) {
  for (size_t i = 0; i < w->n_measures; i++)
    if (is_same(w->measures[i].v, v)) return MNZ_OK;
  measure *m = &w->measures[w->n_measures++];
  *m = (measure){.v = v, .k = mnz_arena_alloc(w->arena, w->n, sizeof *m->k, err)};
  if (v->first_time) m->whether = whether_name(v->name, w->arena, err);
  if (m->k == NULL || (v->first_time && m->whether == NULL)) return MNZ_NO_MEMORY;
  for (size_t s = 0; s < w->n; s++) m->k[s] = find_variable(w->inputs[s].rows->shape, v);
  return MNZ_OK;
}

static mnz_status list_measures(work *w, mnz_error *err) {
  size_t most = 0;
  for (size_t s = 0; s < w->n; s++) most += w->inputs[s].rows->shape->n_variables;
  w->measures = mnz_arena_alloc(w->arena, most, sizeof *w->measures, err);
  mnz_status status = w->measures != NULL ? MNZ_OK : MNZ_NO_MEMORY;
  for (size_t s = 0; s < w->n; s++) {
    const mnz_result *shape = w->inputs[s].rows->shape;
    for (size_t k = 0; k < shape->n_variables && status == MNZ_OK; k++)
      if (is_measure(shape, &shape->variables[k])) status = add_measure(w, &shape->variables[k], err);
  }
  return status;
}

static mnz_status unknown_measure(const work *w, const char *name, mnz_error *err) {
  const char **names = mnz_arena_alloc(w->arena, 2 * w->n_measures, sizeof *names, err);
  if (names == NULL) return MNZ_NO_MEMORY;
  size_t count = 0;
  for (size_t m = 0; m < w->n_measures; m++) {
    names[count++] = w->measures[m].v->name;
    if (w->measures[m].whether != NULL) names[count++] = w->measures[m].whether;
  }
  const char *near = mnz_text_nearest(name, names, count);
  if (near != NULL)
    return mnz_fail(err, MNZ_USAGE, NULL, "there is no measure \"%s\"; did you mean \"%s\"?", name, near);
  return mnz_fail(err, MNZ_USAGE, NULL,
                  "there is no measure \"%.40s\"; monazite describe measures tells which there are", name);
}

/* How much of a measure a name asks for. */
typedef enum part { NONE, WHETHER, WHOLE } part;

static part part_of(const measure *m, const char *name) {
  if (strcmp(m->v->name, name) == 0) return WHOLE;
  return m->whether != NULL && strcmp(m->whether, name) == 0 ? WHETHER : NONE;
}

/* Keeps the measures that were asked for. */
static mnz_status keep_wanted(work *w, mnz_error *err) {
  const mnz_compare_options *o = w->options;
  if (o->n_measures == 0) return MNZ_OK;
  part *most = mnz_arena_alloc(w->arena, w->n_measures, sizeof *most, err); /* by any of the names */
  if (most == NULL) return MNZ_NO_MEMORY;
  for (size_t i = 0; i < o->n_measures; i++) {
    bool found = false;
    for (size_t m = 0; m < w->n_measures; m++) {
      const part its = part_of(&w->measures[m], o->measures[i]);
      if (its > most[m]) most[m] = its;
      found = found || its != NONE;
    }
    if (!found) return unknown_measure(w, o->measures[i], err);
  }
  size_t count = 0;
  for (size_t m = 0; m < w->n_measures; m++) {
    w->measures[m].only_whether = most[m] == WHETHER;
    if (most[m] != NONE) w->measures[count++] = w->measures[m];
  }
  w->n_measures = count;
  return MNZ_OK;
}

/* ---- values ---- */

static mnz_status read_values(const work *w, const measure *m, size_t s, mnz_error *err) {
  const mnz_rows *rows = w->inputs[s].rows;
  const mnz_variable *v = &rows->shape->variables[m->k[s]];
  const size_t cells = mnz_result_cells(rows->shape, v);
  const size_t n = w->c->replications;
  double *room = NULL;
  mnz_status status = mnz_new_array(&w->values[s], cells * n, err);
  if (status == MNZ_OK) status = mnz_new_array(&room, cells, err);
  for (size_t i = 0; i < n && cells > 0 && status == MNZ_OK; i++) {
    status = rows->read(rows->self, w->rows[s][i], m->k[s], 0, cells, room, err);
    for (size_t c = 0; c < cells && status == MNZ_OK; c++) w->values[s][c * n + i] = room[c];
  }
  free(room);
  return status;
}

static void drop_values(const work *w) {
  for (size_t s = 0; s < w->n; s++) {
    free(w->values[s]);
    w->values[s] = NULL;
  }
}

/* Points x at the cell with the `at`-th label of each axis; false if no input has it. */
static bool look_at(work *w, const measure *m, const size_t *at) {
  bool any = false;
  for (size_t s = 0; s < w->n; s++) {
    const mnz_result *shape = w->inputs[s].rows->shape;
    bool there = m->k[s] != SIZE_MAX;
    size_t cell = 0;
    for (int32_t i = 0; i < m->v->n_axes && there; i++) {
      const int32_t place = w->axes[m->v->axes[i]].at[s][at[i]];
      there = place >= 0;
      cell = cell * shape->length[m->v->axes[i]] + (there ? (size_t)place : 0);
    }
    w->x[s] = there ? w->values[s] + cell * w->c->replications : NULL;
    any = any || there;
  }
  return any;
}

/* ---- what is said of a cell ---- */

static void put(const work *w, mnz_compared what, size_t s, double value) {
  w->c->columns[what][w->c->n_cells * w->n + s] = value;
}

static void describe(const work *w, const mnz_compared_cell *cell, size_t s) {
  const mnz_moments m = mnz_moments_of(w->x[s], w->c->replications);
  const double confidence = w->options->confidence;
  const double mean = m.n > 0 ? m.mean : NAN;
  const double half = mnz_student_half_width(m.n, mnz_moments_sd(&m), confidence);
  const mnz_interval i = cell->share ? mnz_wilson_share(mean, m.n, confidence)
                                     : (mnz_interval){.low = mean - half, .high = mean + half};
  put(w, MNZ_COMPARED_COUNT, s, (double)m.n);
  put(w, MNZ_COMPARED_MEAN, s, mean);
  put(w, MNZ_COMPARED_HALF_WIDTH, s, half);
  put(w, MNZ_COMPARED_LOW, s, i.low);
  put(w, MNZ_COMPARED_HIGH, s, i.high);
}

/* Of the pairs that are not equal, each way is as likely as the other if there is no difference (McNemar
 * 1947; exact, two-sided). A paired t would be sure of five pairs that all changed. NaN if all are equal. */
static double mcnemar(const double *a, const double *b, size_t n) {
  double up = 0;
  double down = 0;
  for (size_t i = 0; i < n; i++) {
    up += b[i] > a[i];
    down += b[i] < a[i];
  }
  const double all = up + down;
  double at_most = 0; /* the probability of so few of the rarer way */
  for (double k = 0; k <= fmin(up, down); k++)
    at_most += exp(lgamma(all + 1) - lgamma(k + 1) - lgamma(all - k + 1) - all * log(2));
  return all > 0 ? fmin(1, 2 * at_most) : NAN;
}

/* But for noise: the header says why. */
static bool counts_as_equal(double a, double b) {
  static const double NOISE = 1e-7;
  return fabs(a - b) <= NOISE * fmax(1, fmax(fabs(a), fabs(b)));
}

/* Tests by sign and rank take a difference as it is, however small: what is noise must be 0. */
static const double *level(const work *w, size_t s) {
  for (size_t i = 0; i < w->c->replications; i++)
    w->levelled[i] = counts_as_equal(w->x[0][i], w->x[s][i]) ? w->x[0][i] : w->x[s][i];
  return w->levelled;
}

static mnz_status compare_with_baseline(const work *w, const mnz_compared_cell *cell, size_t s,
                                        mnz_error *err) {
  mnz_paired p;
  const size_t n = w->c->replications;
  const double *a = w->x[0];
  const double *b = level(w, s);
  const mnz_status status = mnz_paired_compare(a, b, n, w->options->confidence, &p, err);
  if (status != MNZ_OK) return status;
  const bool less = cell->worse == MNZ_MORE_IS_WORSE; /* is better */
  put(w, MNZ_COMPARED_PAIRS, s, (double)p.n);
  put(w, MNZ_COMPARED_DIFFERENCE, s, p.difference);
  put(w, MNZ_COMPARED_DIFFERENCE_HALF_WIDTH, s, p.half_width);
  put(w, MNZ_COMPARED_DIFFERENCE_LOW, s, p.difference - p.half_width);
  put(w, MNZ_COMPARED_DIFFERENCE_HIGH, s, p.difference + p.half_width);
  put(w, MNZ_COMPARED_P, s, cell->share ? mcnemar(a, b, n) : p.p_student);
  put(w, MNZ_COMPARED_P_WILCOXON, s, p.p_wilcoxon);
  put(w, MNZ_COMPARED_CORRELATION, s, p.correlation);
  put(w, MNZ_COMPARED_GAIN, s, p.variance_reduction);
  put(w, MNZ_COMPARED_WIN, s, less ? 1 - p.win : p.win);
  put(w, MNZ_COMPARED_WIN_LOW, s, less ? 1 - p.win_interval.high : p.win_interval.low);
  put(w, MNZ_COMPARED_WIN_HIGH, s, less ? 1 - p.win_interval.low : p.win_interval.high);
  return MNZ_OK;
}

static mnz_status add_cell(work *w, const mnz_compared_cell *cell, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (size_t s = 0; s < w->n && status == MNZ_OK; s++) {
    for (int what = 0; what < MNZ_COMPAREDS; what++) put(w, (mnz_compared)what, s, NAN);
    if (w->x[s] == NULL) continue;
    describe(w, cell, s);
    const bool apart = cell->total && w->c->scenarios[s].other_span;
    if (s > 0 && w->x[0] != NULL && !apart) status = compare_with_baseline(w, cell, s, err);
  }
  if (status == MNZ_OK) w->c->cells[w->c->n_cells++] = *cell;
  return status;
}

/* Whether it came to a first time. Sooner was worse, so more often is. */
static mnz_status add_whether(work *w, const measure *m, const mnz_compared_cell *first, mnz_error *err) {
  mnz_compared_cell cell = *first;
  cell.measure = m->whether;
  cell.long_name = mnz_arena_format(w->arena, err, "share of replications with a %s at all", first->measure);
  if (cell.long_name == NULL) return MNZ_NO_MEMORY;
  cell.unit = "1";
  cell.share = true;
  cell.first_time = false;
  if (first->worse != MNZ_NEITHER_IS_WORSE)
    cell.worse = first->worse == MNZ_LESS_IS_WORSE ? MNZ_MORE_IS_WORSE : MNZ_LESS_IS_WORSE;
  for (size_t s = 0; s < w->n; s++) {
    if (w->x[s] == NULL) continue;
    for (size_t i = 0; i < w->c->replications; i++) w->indicators[s][i] = isnan(w->x[s][i]) ? 0 : 1;
    w->x[s] = w->indicators[s];
  }
  return add_cell(w, &cell, err);
}

/* ---- one measure after the other ---- */

static size_t cells_of(const work *w, const measure *m) {
  size_t cells = 1;
  for (int32_t i = 0; i < m->v->n_axes; i++) cells *= w->axes[m->v->axes[i]].count;
  return cells;
}

static bool ends_with(const char *name, const char *end) {
  const size_t length = strlen(name);
  return length >= strlen(end) && strcmp(name + length - strlen(end), end) == 0;
}

/* What adds up over the span; levels are those of the end, of the mean of time or the greatest, and called
 * so. */
static bool is_total(const mnz_variable *v) {
  static const char *const levels[] = {"_end", "_mean", "_max", "_depth", "_down", "_waiting", "_queue"};
  bool is_level = false;
  for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) is_level |= ends_with(v->name, levels[i]);
  return !is_level &&
         (strcmp(v->unit, "t") == 0 || strcmp(v->unit, "USD") == 0 || strcmp(v->unit, "count") == 0);
}

/* Of a first time, first the days, then whether at all. */
static mnz_status add_cells(work *w, const measure *m, bool whether, mnz_error *err) {
  const mnz_variable *v = m->v;
  const size_t cells = cells_of(w, m);
  mnz_status status = MNZ_OK;
  for (size_t i = 0; i < cells && status == MNZ_OK; i++) {
    mnz_compared_cell cell = {.measure = v->name,
                              .long_name = v->long_name,
                              .unit = v->unit,
                              .worse = v->worse,
                              .first_time = v->first_time,
                              .total = is_total(v),
                              .n_axes = v->n_axes};
    size_t at[MOST_AXES];
    size_t left = i;
    for (int32_t a = v->n_axes - 1; a >= 0; a--) {
      const mnz_match_axis *axis = &w->axes[v->axes[a]];
      at[a] = left % axis->count;
      left /= axis->count;
      cell.axes[a] = v->axes[a];
      cell.labels[a] = axis->labels[at[a]];
    }
    if (!look_at(w, m, at)) continue;
    status = whether ? add_whether(w, m, &cell, err) : add_cell(w, &cell, err);
  }
  return status;
}

static mnz_status compare_measure(work *w, const measure *m, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (size_t s = 0; s < w->n && status == MNZ_OK; s++)
    if (m->k[s] != SIZE_MAX) status = read_values(w, m, s, err);
  if (status == MNZ_OK && !m->only_whether) status = add_cells(w, m, false, err);
  if (status == MNZ_OK && m->whether != NULL) status = add_cells(w, m, true, err);
  drop_values(w);
  return status;
}

static mnz_status make_room(work *w, mnz_error *err) {
  size_t cells = 0;
  for (size_t i = 0; i < w->n_measures; i++)
    cells += cells_of(w, &w->measures[i]) * (w->measures[i].whether != NULL ? 2 : 1);
  w->c->cells = mnz_arena_alloc(w->arena, cells, sizeof *w->c->cells, err);
  if (w->c->cells == NULL) return MNZ_NO_MEMORY;
  for (int what = 0; what < MNZ_COMPAREDS; what++) {
    w->c->columns[what] = mnz_arena_alloc(w->arena, cells * w->n, sizeof **w->c->columns, err);
    if (w->c->columns[what] == NULL) return MNZ_NO_MEMORY;
  }
  w->values = mnz_arena_alloc(w->arena, w->n, sizeof *w->values, err);
  w->indicators = mnz_arena_alloc(w->arena, w->n, sizeof *w->indicators, err);
  w->x = mnz_arena_alloc(w->arena, w->n, sizeof *w->x, err);
  w->levelled = mnz_arena_alloc(w->arena, w->c->replications, sizeof *w->levelled, err);
  if (w->values == NULL || w->indicators == NULL || w->x == NULL || w->levelled == NULL) return MNZ_NO_MEMORY;
  for (size_t s = 0; s < w->n; s++) {
    w->indicators[s] = mnz_arena_alloc(w->arena, w->c->replications, sizeof **w->indicators, err);
    if (w->indicators[s] == NULL) return MNZ_NO_MEMORY;
  }
  return MNZ_OK;
}

static mnz_status match(work *w, mnz_error *err) {
  mnz_comparison *c = w->c;
  c->scenarios = mnz_arena_alloc(w->arena, w->n, sizeof *c->scenarios, err);
  if (c->scenarios == NULL) return MNZ_NO_MEMORY;
  mnz_status status =
      mnz_match_rows(w->inputs, w->n, w->arena, c->scenarios, &w->rows, &c->replications, err);
  for (size_t s = 1; s < w->n; s++)
    c->scenarios[s].other_span = w->options->other_span != NULL && w->options->other_span[s];
  for (int axis = 0; axis < MNZ_AXES && status == MNZ_OK; axis++)
    status = mnz_match_labels(w->inputs, w->n, (mnz_axis_id)axis, w->arena, &w->axes[axis], err);
  if (status == MNZ_OK) status = list_measures(w, err);
  return status == MNZ_OK ? keep_wanted(w, err) : status;
}

mnz_status mnz_compare_check(const mnz_compare_input *inputs, size_t n, const mnz_compare_options *options,
                             mnz_error *err) {
  work w = {.inputs = inputs, .n = n, .options = options};
  mnz_status status = mnz_arena_create(&w.arena, err);
  if (status == MNZ_OK) status = list_measures(&w, err);
  if (status == MNZ_OK) status = keep_wanted(&w, err);
  mnz_arena_free(w.arena);
  return status;
}

mnz_status mnz_compare(const mnz_compare_input *inputs, size_t n, const mnz_compare_options *options,
                       mnz_comparison **out, mnz_error *err) {
  MNZ_REQUIRE(n >= 2);
  *out = NULL;
  holder *h = NULL;
  mnz_status status = mnz_new_array(&h, 1, err);
  if (status != MNZ_OK) return status;
  h->comparison = (mnz_comparison){.confidence = options->confidence, .n_scenarios = n};
  work w = {.inputs = inputs, .n = n, .options = options, .c = &h->comparison};
  status = mnz_arena_create(&h->arena, err);
  w.arena = h->arena;
  if (status == MNZ_OK) status = match(&w, err);
  if (status == MNZ_OK) status = make_room(&w, err);
  for (size_t i = 0; i < w.n_measures && status == MNZ_OK; i++)
    status = compare_measure(&w, &w.measures[i], err);
  if (status == MNZ_OK) {
    mnz_holm(w.c->columns[MNZ_COMPARED_P], w.c->n_cells * n, w.c->columns[MNZ_COMPARED_P_HOLM]);
    *out = &h->comparison;
  } else {
    mnz_comparison_free(&h->comparison);
  }
  return status;
}
