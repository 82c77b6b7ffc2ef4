/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one replication gives: named columns over named axes, plain data.
 *
 * A variable's data are row-major over its axes; the archive adds (replication, scenario) in front.
 * Everything belongs to the result, but for the labels, which are the scenario's: it must outlive it. */
#ifndef MONAZITE_RESULT_H
#define MONAZITE_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "monazite/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* time: days since the start, f8, half-open horizon: one value a period of observation, at its end. place:
 * the (node, material) pairs that exist, account: the (node, material, element) triples. */
#define MNZ_AXIS_LIST(X)                                                                                     \
  X(MNZ_AXIS_NODE, "node", "facility")                                                                       \
  X(MNZ_AXIS_MATERIAL, "material", "material")                                                               \
  X(MNZ_AXIS_ELEMENT, "element", "element")                                                                  \
  X(MNZ_AXIS_ORIGIN, "origin", "origin of the ore")                                                          \
  X(MNZ_AXIS_STATE, "state", "state of a facility")                                                          \
  X(MNZ_AXIS_DISRUPTION, "disruption", "disruption")                                                         \
  X(MNZ_AXIS_CREW, "crew", "repair crew")                                                                    \
  X(MNZ_AXIS_PLACE, "place", "node and material")                                                            \
  X(MNZ_AXIS_ACCOUNT, "account", "node, material and element")                                               \
  X(MNZ_AXIS_TIME, "time", "time")                                                                           \
  X(MNZ_AXIS_COST, "cost_kind", "what money is spent on")                                                    \
  X(MNZ_AXIS_CONTRACT, "contract", "contract")                                                               \
  X(MNZ_AXIS_PRICE, "price_name", "price that moves")                                                        \
  X(MNZ_AXIS_REGIME, "regime", "rule on flows between countries")                                            \
  X(MNZ_AXIS_RULE, "regime_state", "state of such a rule")                                                   \
  X(MNZ_AXIS_END_USE, "end_use", "what products are used for")

typedef enum mnz_axis_id {
#define MNZ_AXIS_NAME(id, name, text) id,
  MNZ_AXIS_LIST(MNZ_AXIS_NAME)
#undef MNZ_AXIS_NAME
      MNZ_AXES
} mnz_axis_id;

typedef enum mnz_cell { MNZ_CELL_F8, MNZ_CELL_F4, MNZ_CELL_I4, MNZ_CELL_I8, MNZ_CELL_U1 } mnz_cell;

/* Which end of a measure's distribution is the bad one. */
typedef enum mnz_worse { MNZ_NEITHER_IS_WORSE, MNZ_MORE_IS_WORSE, MNZ_LESS_IS_WORSE } mnz_worse;

typedef struct mnz_variable {
  const char *name;      /* "stock", "fill_rate" */
  const char *long_name; /* a planner's words */
  const char *unit;      /* udunits2: "t", "t d-1", "d", "1" */
  mnz_cell cell;
  int32_t n_axes;
  mnz_axis_id axes[3];
  void *data;                /* product of the axes' lengths; f8: NaN = not defined */
  bool series;               /* has the time axis: written on request; else a measure, always written */
  bool headline;             /* a series that the summary shows */
  const char *flag_meanings; /* U1: "idle up starved blocked down" for values 0, 1, 2, ...; else NULL */
  mnz_worse worse;
  bool first_time; /* days to the first of something; NaN: not until the end, ... */
  const char
      *given; /* ... or, where this variable is never defined, not applicable at all; NULL: always is */
} mnz_variable;

typedef struct mnz_result {
  uint64_t replication;
  uint64_t events;     /* that were run, observations apart: they change nothing */
  int64_t residual_mg; /* of the ledger, the largest over components; 0 or the run has failed */
  size_t length[MNZ_AXES];
  const char *const *labels[MNZ_AXES]; /* NULL for account and time */
  const int32_t *place_node;           /* indices into the labels, the scenario's; [length[PLACE]] */
  const int32_t *place_material;
  int32_t *account_node; /* indices into the labels; [length[ACCOUNT]] */
  int32_t *account_material;
  int32_t *account_element; /* length[ELEMENT] means all elements together: label "all" */
  double *time;             /* days since the start; [length[TIME]] */
  mnz_variable *variables;
  size_t n_variables;
  struct mnz_model_event *log; /* what happened, in its order, if it was kept (monazite/event_log.h) */
  size_t n_log;
  int32_t digits; /* significant digits that series are packed with (monazite/rows.h); 0: all */
  bool keeps_log; /* of a shape: the log is packed too */
} mnz_result;

void mnz_result_free(mnz_result *result); /* NULL allowed */
/* NULL if there is none of that name. */
const mnz_variable *mnz_result_find(const mnz_result *result, const char *name);
/* Number of cells of a variable. */
size_t mnz_result_cells(const mnz_result *result, const mnz_variable *variable);
/* Bytes of one cell. */
size_t mnz_cell_size(mnz_cell cell);
/* The i-th of an array of cells as a number. */
double mnz_cell_value(mnz_cell cell, const void *cells, size_t i);
/* Rounds to so many significant decimal digits, half to even; whole numbers stay. Rounding again changes
 * nothing. */
void mnz_cells_round(mnz_cell cell, void *cells, size_t count, int32_t digits);

#ifdef __cplusplus
}
#endif
#endif
