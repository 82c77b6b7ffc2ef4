/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What belongs together in several tables of rows: replications by their number, labels by their text. */
#ifndef MNZ_STUDY_MATCH_H
#define MNZ_STUDY_MATCH_H

#include "base/memory.h"
#include "monazite/compare.h"

/* Fills the inputs' names and counts into scenarios[n]. Then *rows[input][i] is the row of the i-th
 * replication that counts, in order of number, and *count how many there are. Of a number that an input has
 * twice, the first row is taken. Fails with MNZ_USAGE or MNZ_MODEL when nothing is left, as mnz_compare says.
 */
mnz_status mnz_match_rows(const mnz_compare_input *inputs, size_t n, mnz_arena *arena,
                          mnz_compared_scenario *scenarios, size_t ***rows, size_t *count, mnz_error *err);

/* The labels of one axis: those of the first input, then those that the others add. */
typedef struct mnz_match_axis {
  size_t count;
  const char **labels;
  int32_t **at; /* [input][label]: its place there; -1: the input has it not */
} mnz_match_axis;

/* An axis without labels (time, account) has none of them here. */
mnz_status mnz_match_labels(const mnz_compare_input *inputs, size_t n, mnz_axis_id axis, mnz_arena *arena,
                            mnz_match_axis *out, mnz_error *err);

#endif
