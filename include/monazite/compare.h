/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios side by side: what is different, by how much, and whether that can be chance.
 *
 * Replications are paired by their number: with one seed, a pair met the same random numbers wherever both
 * scenarios have the same objects. Measures are matched by the labels of their cells, never by place, so that
 * what only one scenario has disturbs nothing. A replication counts when all scenarios have it and it failed
 * in none.
 *
 * The two values of a pair count as equal, and their difference as 0, when they differ by no more than 1e-7
 * of the larger or 1e-7 in the unit. Masses are rounded to the milligram wherever they are divided, so that
 * the same 10,000 t, sent in other lots, come as 1e-9 t more or less: nothing to a mean, but as good as any
 * difference to signed ranks and to a share of pairs that are better. */
#ifndef MONAZITE_COMPARE_H
#define MONAZITE_COMPARE_H

#include "monazite/rows.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One list of what is said of a measure in a scenario: id, name, text. NaN where nothing can be said; so is
 * all from `pairs` on in the baseline. */
#define MNZ_COMPARED_LIST(X)                                                                                 \
  X(COUNT, "count", "replications in which it is defined; NaN: the scenario has no such thing")              \
  X(MEAN, "mean", "mean over them")                                                                          \
  X(HALF_WIDTH, "half_width", "half-width of its interval, by Student's t")                                  \
  X(LOW, "low", "of that interval; of a share of replications by Wilson")                                    \
  X(HIGH, "high", "of that interval")                                                                        \
  X(PAIRS, "pairs", "replications in which it is defined in the baseline, too")                              \
  X(DIFFERENCE, "difference", "mean over the pairs of this less the baseline")                               \
  X(DIFFERENCE_HALF_WIDTH, "difference_half_width", "half-width of its interval, by the paired t")           \
  X(DIFFERENCE_LOW, "difference_low", "of that interval")                                                    \
  X(DIFFERENCE_HIGH, "difference_high", "of that interval")                                                  \
  X(P, "p", "of the paired t, two-sided; of a share of replications exact, by McNemar")                      \
  X(P_HOLM, "p_holm", "the same, for all measures and scenarios at once, by Holm")                           \
  X(P_WILCOXON, "p_wilcoxon", "of the signed ranks, two-sided")                                              \
  X(CORRELATION, "correlation", "of the pairs")                                                              \
  X(GAIN, "variance_reduction", "how many times the replications that unpaired ones would take")             \
  X(WIN, "win", "share of the pairs in which this is better than the baseline; ties count half")             \
  X(WIN_LOW, "win_low", "of that share, by Wilson")                                                          \
  X(WIN_HIGH, "win_high", "of that share")

typedef enum mnz_compared {
#define MNZ_COMPARED_ID(id, name, text) MNZ_COMPARED_##id,
  MNZ_COMPARED_LIST(MNZ_COMPARED_ID)
#undef MNZ_COMPARED_ID
      MNZ_COMPAREDS
} mnz_compared;
extern const char *const mnz_compared_names[MNZ_COMPAREDS];

/* One scenario, as it comes in. */
typedef struct mnz_compare_input {
  const char *name;
  const mnz_rows *rows;
} mnz_compare_input;

typedef struct mnz_compare_options {
  double confidence;
  const char *const *measures; /* names of variables; of a first time also that of whether at all */
  size_t n_measures;           /* 0: all */
  /* [scenario]: whether it begins, counts from or ends on other days than the baseline, so that its totals
   * are of another length of time: they are described, but not compared. NULL: none does. */
  const bool *other_span;
} mnz_compare_options;
mnz_compare_options mnz_compare_options_default(void); /* 95 %, all measures */

/* ... and as it goes out. */
typedef struct mnz_compared_scenario {
  const char *name;
  size_t replications; /* that it came with */
  size_t failed;       /* of them */
  size_t left_out;     /* of those that did not fail: not in all others, or failed there */
  bool other_span;     /* as the options say: its totals are not compared */
  const char *failure; /* "replication 17: " and the message of the first that failed; "" */
} mnz_compared_scenario;

/* One value a replication: a measure at one label of each of its axes. A first time has two: when it comes to
 * it ("first_shortage"), over the replications in which it does, compared over the pairs in which it does in
 * both; and whether at all ("any_shortage": 0 or 1). */
typedef struct mnz_compared_cell {
  const char *measure;
  const char *long_name;
  const char *unit;
  mnz_worse worse;
  bool share;      /* 0 or 1 in each replication: its mean is a share of replications */
  bool first_time; /* when it comes to it */
  bool total;      /* a mass that adds up over the span, unlike a stock at its end */
  int32_t n_axes;
  mnz_axis_id axes[3];
  const char *labels[3];
} mnz_compared_cell;

typedef struct mnz_comparison {
  double confidence;
  size_t replications; /* that counted */
  size_t n_scenarios;
  mnz_compared_scenario *scenarios; /* the baseline first */
  size_t n_cells;
  mnz_compared_cell *cells; /* measure by measure; labels in the order of the baseline, then those it lacks */
  double *columns[MNZ_COMPAREDS]; /* [cell][scenario] */
} mnz_comparison;

/* Compares the second and later scenarios with the first; n >= 2. "Better" is what the variable says; where
 * neither end is worse, larger. p_holm is over all that is compared here. What the inputs point to must
 * outlive the comparison, which is the caller's: mnz_comparison_free. Takes the values of one measure at a
 * time.
 *
 * Fails with MNZ_USAGE (no such measure, with what is meant or what there is; no replication that all have),
 * MNZ_MODEL (all replications of a scenario failed), MNZ_NO_MEMORY, or as reading the rows does. */
mnz_status mnz_compare(const mnz_compare_input *inputs, size_t n, const mnz_compare_options *options,
                       mnz_comparison **out, mnz_error *err);
/* What mnz_compare would say of the options before there is any row: MNZ_USAGE. */
mnz_status mnz_compare_check(const mnz_compare_input *inputs, size_t n, const mnz_compare_options *options,
                             mnz_error *err);
void mnz_comparison_free(mnz_comparison *comparison); /* NULL allowed */

/* One value out of the columns. */
double mnz_comparison_at(const mnz_comparison *comparison, mnz_compared what, size_t cell, size_t scenario);

#ifdef __cplusplus
}
#endif
#endif
