/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is open, under way and in stock at a moment, worked out from a log. */
#ifndef MNZ_STUDY_BOOKS_H
#define MNZ_STUDY_BOOKS_H

#include "monazite/event_log.h"

typedef struct mnz_open_order {
  int64_t placed_us;
  int64_t mass_mg; /* still open */
} mnz_open_order;

/* What a buyer has from a seller. */
typedef struct mnz_flow_book {
  int32_t buyer;
  int32_t seller;
  int32_t material;
  int64_t coming_mg; /* under way from there, ordered or not */
  mnz_open_order *orders;
  size_t n;
  size_t room;
} mnz_flow_book;

typedef struct mnz_books {
  mnz_flow_book *flows; /* in the order in which they were first heard of */
  size_t n_flows;
  size_t flows_room;
  size_t n_materials;
  int64_t *stock;    /* [node * n_materials + material]; NULL: not known */
  int32_t *state;    /* [node]: the event that told its state last; -1: none */
  int64_t *state_us; /* [node]: since when */
} mnz_books;

/* Everything up to `time_us`, that instant included. On failure good for mnz_books_free only. */
mnz_status mnz_books_at(mnz_books *out, const mnz_scenario *scenario, const mnz_model_event *log,
                        size_t count, int64_t time_us, mnz_error *err);
void mnz_books_free(mnz_books *books); /* back to {0} */
/* What is open in all, and *since when. */
int64_t mnz_book_owed(const mnz_flow_book *flow, int64_t *since_us);

#endif
