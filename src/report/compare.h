/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison of scenarios, shown as text, JSON or CSV. */
#ifndef MNZ_REPORT_COMPARE_H
#define MNZ_REPORT_COMPARE_H

#include "monazite/compare.h"
#include "report/summary.h"

typedef struct mnz_compare_view {
  const mnz_comparison *c;
  const mnz_scenario *const *scenarios; /* [c->n_scenarios] */
  size_t *order;                        /* the cells, those of a measure by element as planners do */
  mnz_arena *arena;
} mnz_compare_view;

/* ---- judging ---- */

/* How a scenario stands against the baseline in one cell. */
typedef enum mnz_standing {
  MNZ_STANDING_UNKNOWN,   /* one of the two has nothing to say, they differ in the only pair, or are apart */
  MNZ_STANDING_SAME,      /* equal in every pair */
  MNZ_STANDING_CHANCE,    /* different, but that may be chance */
  MNZ_STANDING_BETTER,    /* clearly */
  MNZ_STANDING_WORSE,     /* clearly */
  MNZ_STANDING_DIFFERENT, /* clearly, where neither end is worse */
} mnz_standing;
mnz_standing mnz_compare_standing(const mnz_comparison *c, size_t cell, size_t scenario);
/* Clearly different, whichever way. */
bool mnz_compare_is_clear(mnz_standing standing);
/* "***", "**", "*" or "": p_holm below 0.001, 0.01, 0.05. */
const char *mnz_compare_stars(const mnz_comparison *c, size_t cell, size_t scenario);
/* Not compared, because it is a total and the scenario's span is not the baseline's. */
bool mnz_compare_is_apart(const mnz_comparison *c, size_t cell, size_t scenario);
/* The cell's label on this axis; "" if it has not this axis. */
const char *mnz_compare_label_on(const mnz_compared_cell *cell, mnz_axis_id axis);
/* Do the scenarios share their random numbers? */
bool mnz_compare_has_one_seed(const mnz_compare_view *view);

/* ---- words ---- */

enum { MNZ_COMPARE_ROOM = 96 }; /* bytes that these write into, and return */
/* Whether the half-width is one, or none: unknown, 0, or within what counts as equal. */
bool mnz_compare_doubts(double value, double half_width);
/* To the first digit that the half-width leaves in doubt (two digits of it where it begins with 1 or 2); as
 * mnz_report_number does where there is none. With a sign also the plus. */
const char *mnz_compare_number(double value, double half_width, bool sign, char *out);
/* What is shown of a measure, shares in percent: factor and unit. */
double mnz_compare_factor(const mnz_compared_cell *cell);
const char *mnz_compare_unit(const mnz_compared_cell *cell);
/* "Dy", "Dy, china". `out` holds MNZ_COMPARE_ROOM bytes; longer ones are cut. */
const char *mnz_compare_label(const mnz_compared_cell *cell, char *out);

/* What is clearly better or worse in the scenario than in the baseline: one or two sentences, for users in
 * focus first. Without a final newline. */
void mnz_compare_say(mnz_buffer *to, const mnz_compare_view *view, size_t scenario);

/* ---- forms ---- */

mnz_status mnz_compare_write_text(mnz_buffer *to, const mnz_compare_view *view, bool all, mnz_error *err);
void mnz_compare_write_csv(mnz_buffer *to, const mnz_comparison *c);
mnz_status mnz_compare_write_json(char **text, const mnz_compare_view *view, mnz_error *err);

#endif
