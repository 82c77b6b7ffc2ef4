/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures of a summary, worked out once, shown as text or as JSON. */
#ifndef MNZ_REPORT_SUMMARY_H
#define MNZ_REPORT_SUMMARY_H

#include "base/memory.h"
#include "base/text.h"
#include "monazite/report.h"

enum {
  MNZ_REPORT_WIDTH = 110,
  MNZ_REPORT_DIGITS = 12 /* for programs: a milligram in a thousand tonnes, and no 0.10000000000000001 */
};

/* What a planner counts as one: usually an element, and neodymium and praseodymium together. Masses in
 * tonnes; NaN where nothing can be said. */
typedef struct mnz_report_row {
  const char *name; /* "Nd+Pr"; or a demand */
  double mined;
  double separated;
  double asked;
  double delivered; /* of it, `late` after its day */
  double late;
  double shortfall;      /* never delivered */
  double fill_rate;      /* share of what was asked for that came in time */
  double cover;          /* days that the stocks at the end last at the use at the end */
  double first_shortage; /* days since the start */
  double *origin_share;  /* of what was delivered; [n_origins]; NULL for a demand */
} mnz_report_row;

typedef struct mnz_report_data {
  mnz_arena *arena; /* owns all below but the scenario and the result */
  const mnz_scenario *scenario;
  const mnz_result *result;
  const mnz_model_event *log; /* what happened; NULL: not known */
  size_t n_log;
  size_t n_origins;
  const char *const *origins;
  mnz_report_row *elements; /* those with a demand, in the order that planners use */
  size_t n_elements;
  mnz_report_row *unasked; /* mined, but nobody asks for them: name, mined, separated */
  size_t n_unasked;
  mnz_report_row *demands; /* in the order of the nodes */
  size_t n_demands;
} mnz_report_data;

/* The places of so many elements in the order that planners use: Nd, Pr, Dy, Tb, Sm, Gd, Y, then the others;
 * equal ones, and the others, stay in the order in which they come. order[n] is the caller's. */
void mnz_report_order_elements(const char *const *elements, size_t n, size_t *order);

/* *out is set wholly, also on failure; free it in any case. */
mnz_status mnz_report_gather(mnz_report_data *out, const mnz_scenario *scenario, const mnz_result *result,
                             mnz_error *err);
void mnz_report_release(mnz_report_data *data);

/* A moment of the run as a date, "2026-03-04", or "" for NaN. `out` holds 32 bytes; returns it. */
const char *mnz_report_date(const mnz_scenario *scenario, double days, char *out);
/* A number as a planner reads it: three to four digits ("0", "<0.001", "0.042", "4.21", "41.3", "412",
 * "12345"), "-" for NaN. `out` holds 32 bytes; returns it. */
const char *mnz_report_number(double value, char *out);
/* A share in percent, one decimal; 100.0 only if nothing is missing, 0.0 only if nothing is there. */
const char *mnz_report_percent(double share, char *out);

/* "Users in japan", or "Users" where the scenario has no focus; `users`: that word as it is to stand. */
void mnz_report_say_users(mnz_buffer *to, const char *users, const mnz_scenario *scenario);
/* One or two sentences: who first runs short of what, when, how badly; or that nobody does. */
void mnz_report_headline(mnz_buffer *to, const mnz_report_data *data);

mnz_status mnz_report_write_text(mnz_buffer *to, const mnz_report_data *data, mnz_error *err);
mnz_status mnz_report_write_json(char **text, const mnz_report_data *data, mnz_error *err);

/* A table of texts: cell[row * columns + column], row 0 is the head. */
typedef struct mnz_report_table {
  const char **cell;
  size_t rows;
  size_t columns;
  uint32_t left; /* columns, as a mask, of texts: they stand to the left, as the first does */
} mnz_report_table;
/* Letters, not bytes: names may have accents. */
size_t mnz_report_letters(const char *text);
/* The text in lines of at most MNZ_REPORT_WIDTH letters, broken between words, and a final newline. */
void mnz_report_write_wrapped(mnz_buffer *to, const char *text);
/* The first column to the left, the others to the right but those of texts, two spaces between. Columns that
 * do not fit the width go on below, behind the first one again. */
void mnz_report_write_table(mnz_buffer *to, const mnz_report_table *table);

#endif
