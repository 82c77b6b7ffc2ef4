/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked first of a run: who runs short when, what started it, what carried them until then, where
 * what they got came from. */
#ifndef MNZ_REPORT_REASONS_H
#define MNZ_REPORT_REASONS_H

#include <jansson.h>

#include "monazite/lack.h"
#include "report/summary.h"

/* Why users run short of an element at first. */
typedef struct mnz_report_reason {
  const mnz_report_row *row;
  int32_t demand; /* whose shortage it is */
  mnz_lack entry; /* the disruption or rule that lasted longest; without one, what is farthest up the chain */
} mnz_report_reason;

/* The stock that fell most from the beginning of the first cause until the first shortage. */
typedef struct mnz_report_carrier {
  int32_t node; /* -1: none is known */
  int32_t material;
  double from_day;
  double until_day;
  double from_t; /* of the element */
  double until_t;
  const char *row;
} mnz_report_carrier;

enum { MNZ_REPORT_MOST_WITHSTOOD = 3 };

typedef struct mnz_report_reasons {
  mnz_report_reason *at; /* in the arena, by the first shortage; none without a log */
  size_t n;
  mnz_report_carrier carrier;
  /* If nobody runs short: the outages of a week or more and the rules that lasted longest, by beginning. */
  mnz_episode withstood[MNZ_REPORT_MOST_WITHSTOOD];
  size_t n_withstood;
} mnz_report_reasons;

mnz_status mnz_report_find_reasons(const mnz_report_data *data, mnz_report_reasons *out, mnz_error *err);
/* All lines, each with its end. */
void mnz_report_say_first(mnz_buffer *to, const mnz_report_data *data, const mnz_report_reasons *reasons);
/* Adds `headlines`, `causes` and `carried_by` to the summary; false if memory is out. */
bool mnz_report_json_reasons(json_t *root, const mnz_report_data *data, const mnz_report_reasons *reasons);

#endif
