/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Descriptors: what can be said in a scenario, as data.
 *
 * A table of mnz_param describes a C struct field by field: name, type, unit, range, default, help. The
 * loader fills structs from it, `monazite describe` and the reference are printed from it, `monazite
 * explain` shows the defaults of it. Adding a parameter is one line in one table.
 *
 * Base units: mass in milligrams, time in microseconds, rate in milligrams a microsecond, share as a
 * fraction of 1, dates in microseconds since the scenario's start, money in US dollars, and prices and costs
 * of those. */
#ifndef MNZ_DOMAIN_PARAM_H
#define MNZ_DOMAIN_PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "random/distribution.h"

/* Limits of the program, in one place. */
#define MNZ_MAX_ELEMENTS  32
#define MNZ_MAX_MATERIALS 64
#define MNZ_MAX_ORIGINS   16

typedef int64_t mnz_time; /* microseconds */
typedef int64_t mnz_mass; /* milligrams */

#define MNZ_NEVER   INT64_MAX
#define MNZ_NO_DATE INT64_MIN

/* type: the C type at `offset`, how it is written, its value when neither given nor defaulted */
typedef enum mnz_param_type {
  MNZ_PARAM_TEXT,         /* const char *; a string; NULL */
  MNZ_PARAM_CHOICE,       /* int32_t, index into choices; a string; must have a default or be required */
  MNZ_PARAM_FLAG,         /* bool; true or false; false */
  MNZ_PARAM_COUNT,        /* int32_t; an integer; -1 */
  MNZ_PARAM_NUMBER,       /* double; a number; NaN */
  MNZ_PARAM_SHARE,        /* double; "38 %" (or a bare fraction 0.38); NaN */
  MNZ_PARAM_MASS,         /* mnz_mass; "20 t"; -1 */
  MNZ_PARAM_TIME,         /* mnz_time; "45 d"; -1 */
  MNZ_PARAM_DATE,         /* mnz_time since the scenario's start; "2025-10-01"; MNZ_NO_DATE */
  MNZ_PARAM_MOMENT,       /* int64_t microseconds since 1970; "2025-10-01"; MNZ_NO_DATE */
  MNZ_PARAM_GROWTH,       /* double, share a microsecond; "12 %/yr"; NaN */
  MNZ_PARAM_MONEY,        /* double of dimension `dim`: MONEY, PRICE, HOLDING, SPENDING; "110 USD/kg"; NaN */
  MNZ_PARAM_PRICE,        /* mnz_price; "110 USD/kg", or the name of a price; index -1, constant NaN */
  MNZ_PARAM_PRICE_STEPS,  /* mnz_list of mnz_price_step; ( { from; price; }, ... ), or from_csv(...); count 0
                           */
  MNZ_PARAM_PROCESS,      /* mnz_process; "gbm(drift 3 %/yr, volatility 40 %/yr)"; kind CONSTANT */
  MNZ_PARAM_RATE,         /* mnz_rate; "10.5 kt/yr REO"; per_us -1 */
  MNZ_PARAM_SCHEDULE,     /* mnz_schedule; a rate, or ( { from; rate; ramp; }, ... ); count 0 */
  MNZ_PARAM_DISTRIBUTION, /* mnz_distribution of dimension `dim`; "triangular(12 d, 15 d, 33 d)"; constant NaN
                           */
  MNZ_PARAM_POLICY,       /* mnz_policy; "days_of_cover(45 d)"; kind MNZ_POLICY_NONE */
  MNZ_PARAM_REVIEW,       /* mnz_review; "7 d", "continuous" or a group that `fields` describe; every -1 */
  MNZ_PARAM_RECOVERY,     /* mnz_recovery; "92 %", a distribution, or { Nd = "92 %"; ... } */
  MNZ_PARAM_SPLIT,        /* mnz_split; { Nd = 18.13; Pr = 5.16; ... } or with "%"; given 0 */
  MNZ_PARAM_ELEMENTS,     /* uint32_t mask; ("Nd", "Pr"); 0 */
  MNZ_PARAM_NAMES,        /* mnz_names; ("australia", "china"); count 0 */
  MNZ_PARAM_MATERIAL,     /* int32_t, index into the materials; a name; -1 */
  MNZ_PARAM_MATERIALS,    /* mnz_ids; a name or ("SEGH", "SEG"), order kept; count 0 */
  MNZ_PARAM_NODE,         /* int32_t, index into the nodes; a name; -1 */
  MNZ_PARAM_TARGETS,      /* mnz_targets: names of nodes or links; ("Kalgoorlie"); count 0 */
  MNZ_PARAM_ORIGIN,       /* int32_t, index into the origins; a name; -1 */
  MNZ_PARAM_NAMED,        /* int32_t, index into the top-level list `refers`; a name; -1 */
  MNZ_PARAM_DELAY,        /* mnz_delay; "45 d", "45 working days", or a distribution of either; NaN */
  MNZ_PARAM_AMOUNT,       /* mnz_amount; "1 kt", "1 kt Nd+Pr"; mass -1 */
  MNZ_PARAM_MONTHS,       /* mnz_months; [1.2, 1, ...], twelve numbers; all 1, given false */
  MNZ_PARAM_PLACE,        /* double[2]; [latitude, longitude]; NaN, NaN */
  MNZ_PARAM_GROUP,        /* const T *, allocated; { ... } described by `fields`; NULL */
  MNZ_PARAM_LIST          /* mnz_list of T; ( { ... }, ... ) described by `fields`; count 0 */
} mnz_param_type;

typedef enum mnz_dim {
  MNZ_DIM_NUMBER,
  MNZ_DIM_SHARE,
  MNZ_DIM_MASS,
  MNZ_DIM_TIME,
  MNZ_DIM_RATE,
  MNZ_DIM_DATE,
  MNZ_DIM_MONEY,   /* "32 USD" */
  MNZ_DIM_PRICE,   /* money for a mass: "110 USD/kg" */
  MNZ_DIM_HOLDING, /* money for a mass over a time: "1 USD/t/month" */
  MNZ_DIM_SPENDING /* money over a time: "1 MUSD/yr" */
} mnz_dim;

typedef struct mnz_param {
  const char *name; /* NULL ends a table */
  mnz_param_type type;
  mnz_dim dim; /* of a DISTRIBUTION, of MONEY */
  size_t offset;
  bool required;
  double min, max;                /* numeric types, in base units; min == max == 0: no limit */
  const char *fallback;           /* the default as it would be written in a file; NULL: none */
  const char *const *choices;     /* CHOICE: NULL-terminated */
  const struct mnz_param *fields; /* GROUP, LIST */
  size_t item_size;               /* GROUP, LIST: sizeof(T) */
  const char *refers;             /* NAMED: "crews" */
  const char *help;               /* one line: meaning, how it acts */
} mnz_param;

typedef struct mnz_names {
  const char *const *at;
  int32_t count;
} mnz_names;

typedef struct mnz_ids {
  const int32_t *at;
  int32_t count;
} mnz_ids;

/* Things that a disruption may hit: a node if >= 0, else the link with index -1 - id. */
typedef struct mnz_targets {
  const int32_t *at;
  int32_t count;
} mnz_targets;

typedef struct mnz_list {
  const void *at;
  int32_t count;
} mnz_list;

/* The rate of a flow, counted on the mass of the elements in `basis` only ("REO": all of the scenario's
 * elements; "Nd+Pr": those two), or on the whole mass when basis is 0. */
typedef struct mnz_rate {
  double per_us; /* milligrams a microsecond */
  uint32_t basis;
} mnz_rate;

/* A mass, counted on the elements in `basis` only, as a rate is. */
typedef struct mnz_amount {
  mnz_mass mass;
  uint32_t basis;
} mnz_amount;

/* A time by the clock, or in working days (of 24 h each, as far as numbers go). */
typedef struct mnz_delay {
  mnz_distribution time; /* microseconds */
  bool working;
} mnz_delay;

/* From each date on the rate of that step, reached from the one before by a straight ramp. Before the
 * first date: nothing. Sorted by date; one basis for all. */
typedef struct mnz_rate_step {
  mnz_time from;
  mnz_time ramp;
  double per_us;
} mnz_rate_step;

typedef struct mnz_schedule {
  const mnz_rate_step *at;
  int32_t count;
  uint32_t basis;
} mnz_schedule;

typedef struct mnz_split {
  double at[MNZ_MAX_ELEMENTS]; /* by element index, as written ("%" divided by 100) */
  uint32_t given;              /* which elements were written */
} mnz_split;

typedef struct mnz_recovery {
  mnz_distribution all;            /* drawn once a lot, when by_element.given is 0 */
  mnz_split by_element;            /* their means */
  const mnz_distribution *element; /* by element, each drawn once a lot; NULL: constants, as in by_element */
} mnz_recovery;

/* A factor for each calendar month, January first. */
typedef struct mnz_months {
  bool given;
  double factor[12];
} mnz_months;

/* When a decision is looked at again: at first + k * every, counted from the start. */
typedef struct mnz_review {
  mnz_time every; /* 0: continuously, at every change */
  mnz_time first;
  bool before_demand; /* of the same instant; else after it */
} mnz_review;

/* A price that is a number, or one of the scenario's prices. */
typedef struct mnz_price {
  int32_t index;   /* into the prices; -1: the constant */
  double constant; /* US dollars a milligram; NaN: neither */
} mnz_price;

/* How a price moves at random: a process of its logarithm. */
typedef enum mnz_process_kind {
  MNZ_PROCESS_CONSTANT,
  MNZ_PROCESS_GBM,
  MNZ_PROCESS_MEAN_REVERTING,
  MNZ_PROCESS_JUMPS
} mnz_process_kind;

typedef struct mnz_process {
  mnz_process_kind kind;
  double drift;      /* growth of the expected price, a microsecond, compounding continuously */
  double volatility; /* standard deviation of the logarithm after a microsecond */
  double level;      /* what it reverts to, US dollars a milligram */
  double half_life;  /* microseconds in which half of the distance (of logarithms) is gone */
  double jump_every; /* mean microseconds between two jumps */
  double jump_mean;  /* of the logarithm */
  double jump_sd;
} mnz_process;

typedef struct mnz_process_param {
  const char *name;
  size_t offset; /* of a double in mnz_process */
  enum {
    MNZ_PROCESS_GROWTH,
    MNZ_PROCESS_VOLATILITY,
    MNZ_PROCESS_PRICE,
    MNZ_PROCESS_TIME,
    MNZ_PROCESS_SHARE
  } how;
  bool optional; /* 0 when not said */
} mnz_process_param;

/* The ways to write a process; ends with name NULL. */
typedef struct mnz_process_form {
  const char *name;
  mnz_process_kind kind;
  mnz_process_param params[6]; /* ends with name NULL */
  const char *help;
} mnz_process_form;
extern const mnz_process_form mnz_process_forms[];

/* When to order and how much; domain/buying.h says by what position. */
typedef enum mnz_policy_kind {
  MNZ_POLICY_NONE,
  MNZ_POLICY_BASE_STOCK,
  MNZ_POLICY_ECHELON_BASE_STOCK,
  MNZ_POLICY_DAYS_OF_COVER,
  MNZ_POLICY_S_S,
  MNZ_POLICY_R_Q,
  MNZ_POLICY_FORECAST,
  MNZ_POLICY_FIXED
} mnz_policy_kind;

typedef enum mnz_policy_when { MNZ_BELOW_OR_EQUAL, MNZ_BELOW } mnz_policy_when;

typedef struct mnz_policy {
  mnz_policy_kind kind;
  int32_t when;      /* sS: an mnz_policy_when: how the position must stand to s */
  mnz_mass level;    /* base stocks, sS's S: order up to it */
  mnz_mass point;    /* sS's s, RQ's r: order from here; may be negative */
  mnz_mass quantity; /* RQ's Q, fixed's q */
  mnz_time cover;    /* days_of_cover: order up to usage * cover; forecast: to forecast * cover + safety */
  mnz_mass safety;   /* forecast */
  double smoothing;  /* forecast: weight of the newest review in an exponential smoothing; or 0 and ... */
  mnz_time window;   /* ... a moving average over this time */
} mnz_policy;

enum { MNZ_POLICY_PARAMS = 4 };
typedef enum mnz_policy_sign { MNZ_POLICY_FROM_ZERO, MNZ_POLICY_ABOVE_ZERO, MNZ_POLICY_ANY } mnz_policy_sign;

typedef struct mnz_policy_param {
  const char *name; /* "S" */
  size_t offset;    /* in mnz_policy */
  mnz_dim dim;      /* MASS or TIME: an int64_t; SHARE: a double */
  mnz_policy_sign sign;
  const char *const *choices; /* or: an int32_t, index into these; NULL-terminated */
} mnz_policy_param;

/* The ways to write a policy; ends with name NULL. */
typedef struct mnz_policy_form {
  const char *name; /* "sS" */
  mnz_policy_kind kind;
  mnz_policy_param params[MNZ_POLICY_PARAMS]; /* unused ones have name NULL */
  int32_t required;                           /* the first `required` must be given */
  const char *example;
  const char *help;
} mnz_policy_form;
extern const mnz_policy_form mnz_policy_forms[];

#endif
