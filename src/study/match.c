/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/match.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* ---- replications ---- */

typedef struct numbered {
  uint32_t replication;
  size_t row;
} numbered;

/* Those of an input that did not fail, in order of number. */
typedef struct roster {
  numbered *at;
  size_t count;
} roster;

static int by_number(const void *a, const void *b) {
  const numbered *x = a;
  const numbered *y = b;
  if (x->replication != y->replication) return x->replication < y->replication ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

/* As bsearch wants it: a number's first row or any other. */
static int by_number_alone(const void *a, const void *b) {
  const numbered *x = a;
  const numbered *y = b;
  return (x->replication > y->replication) - (x->replication < y->replication);
}

static mnz_status call_roll(const mnz_compare_input *input, mnz_arena *arena, mnz_compared_scenario *scenario,
                            roster *out, mnz_error *err) {
  const mnz_rows *rows = input->rows;
  *scenario = (mnz_compared_scenario){.name = input->name, .replications = rows->count, .failure = ""};
  out->at = mnz_arena_alloc(arena, rows->count, sizeof *out->at, err);
  if (out->at == NULL) return MNZ_NO_MEMORY;
  for (size_t i = 0; i < rows->count; i++) {
    mnz_row head;
    const mnz_status status = rows->head(rows->self, i, &head, err);
    if (status != MNZ_OK) return status;
    if (head.status == MNZ_OK) {
      out->at[out->count++] = (numbered){head.replication, i};
    } else if (scenario->failed++ == 0) {
      scenario->failure =
          mnz_arena_format(arena, err, "replication %" PRIu32 ": %s", head.replication, head.message);
      if (scenario->failure == NULL) return MNZ_NO_MEMORY;
    }
  }
  qsort(out->at, out->count, sizeof *out->at, by_number);
  if (out->count == 0 && scenario->failed > 0)
    return mnz_fail(err, MNZ_MODEL, input->name, "all %zu replications failed; %s", scenario->failed,
                    scenario->failure);
  return MNZ_OK;
}

/* The row of a replication; SIZE_MAX if there is none. */
static size_t row_of(const roster *r, uint32_t replication) {
  const numbered key = {.replication = replication};
  const numbered *found = r->count > 0 ? bsearch(&key, r->at, r->count, sizeof key, by_number_alone) : NULL;
  if (found == NULL) return SIZE_MAX;
  while (found > r->at && found[-1].replication == replication) found--;
  return found->row;
}

/* Takes the replications of the first roster that all others have, too. */
static size_t pick_common(const roster *rosters, size_t n, size_t **rows) {
  size_t count = 0;
  for (size_t i = 0; i < rosters[0].count; i++) {
    const uint32_t replication = rosters[0].at[i].replication;
    if (i > 0 && rosters[0].at[i - 1].replication == replication) continue;
    bool common = true;
    for (size_t s = 0; s < n && common; s++) {
      rows[s][count] = row_of(&rosters[s], replication);
      common = rows[s][count] != SIZE_MAX;
    }
    count += common;
  }
  return count;
}

mnz_status mnz_match_rows(const mnz_compare_input *inputs, size_t n, mnz_arena *arena,
                          mnz_compared_scenario *scenarios, size_t ***rows, size_t *count, mnz_error *err) {
  roster *rosters = mnz_arena_alloc(arena, n, sizeof *rosters, err);
  *rows = mnz_arena_alloc(arena, n, sizeof **rows, err);
  if (rosters == NULL || *rows == NULL) return MNZ_NO_MEMORY;
  for (size_t s = 0; s < n; s++) {
    const mnz_status status = call_roll(&inputs[s], arena, &scenarios[s], &rosters[s], err);
    if (status != MNZ_OK) return status;
    (*rows)[s] = mnz_arena_alloc(arena, rosters[0].count, sizeof ***rows, err);
    if ((*rows)[s] == NULL) return MNZ_NO_MEMORY;
  }
  *count = pick_common(rosters, n, *rows);
  for (size_t s = 0; s < n; s++) scenarios[s].left_out = rosters[s].count - *count;
  if (*count > 0) return MNZ_OK;
  return mnz_fail(err, MNZ_USAGE, NULL, "no replication is in all of the %zu scenarios: nothing to compare",
                  n);
}

/* ---- labels ---- */

static int32_t place_of(const char *label, const char *const *labels, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(label, labels[i]) == 0) return (int32_t)i;
  return -1;
}

mnz_status mnz_match_labels(const mnz_compare_input *inputs, size_t n, mnz_axis_id axis, mnz_arena *arena,
                            mnz_match_axis *out, mnz_error *err) {
  size_t most = 0;
  for (size_t s = 0; s < n; s++) most += inputs[s].rows->shape->length[axis];
  *out = (mnz_match_axis){.labels = mnz_arena_alloc(arena, most, sizeof *out->labels, err),
                          .at = mnz_arena_alloc(arena, n, sizeof *out->at, err)};
  if (out->labels == NULL || out->at == NULL) return MNZ_NO_MEMORY;
  for (size_t s = 0; s < n; s++) {
    const mnz_result *shape = inputs[s].rows->shape;
    for (size_t i = 0; shape->labels[axis] != NULL && i < shape->length[axis]; i++)
      if (s == 0 || place_of(shape->labels[axis][i], out->labels, out->count) < 0)
        out->labels[out->count++] = shape->labels[axis][i];
  }
  for (size_t s = 0; s < n; s++) {
    const mnz_result *shape = inputs[s].rows->shape;
    out->at[s] = mnz_arena_alloc(arena, out->count, sizeof **out->at, err);
    if (out->at[s] == NULL) return MNZ_NO_MEMORY;
    const size_t there = shape->labels[axis] != NULL ? shape->length[axis] : 0;
    for (size_t i = 0; i < out->count; i++)
      out->at[s][i] = place_of(out->labels[i], shape->labels[axis], there);
  }
  return MNZ_OK;
}
