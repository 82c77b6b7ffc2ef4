/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A facility kind is one const descriptor: what it is called, what can be said of it, what it does.
 * Adding a kind touches its own file and the list in facilities/kinds.c. */
#ifndef MNZ_DOMAIN_KIND_H
#define MNZ_DOMAIN_KIND_H

#include "domain/catalog.h"
#include "domain/param.h"

struct mnz_site;
struct mnz_lot;
struct mnz_ask;
struct mnz_fluid_part;

/* What a kind can turn into what, for the checks before a run and for the wiring. Rates on whole mass. */
typedef struct mnz_conversion {
  int32_t product;
  double capacity; /* of the product, milligrams a microsecond; INFINITY: not limited here */
  int32_t n_inputs;
  bool any; /* one of the inputs is enough (alternatives); else all are needed */
  struct {
    int32_t material;
    double per_product; /* mass of input for one mass of product */
  } input[8];
} mnz_conversion;

typedef struct mnz_purchase {
  int32_t material;
  mnz_list sources;          /* of mnz_source */
  const struct mnz_buy *buy; /* NULL: by rules of its own */
} mnz_purchase;

#define MNZ_MAX_PARTS_OF_KIT 8

typedef struct mnz_flows {
  uint64_t takes;     /* materials that arrive here, as a mask */
  uint64_t makes;     /* materials that leave from here */
  uint64_t at_once;   /* of them, what can pass through in no time */
  uint64_t separates; /* of them, pure oxides */
  double lots;        /* the most lots that it makes, a microsecond */
  int32_t origin;     /* of all that it sells without having it in stock; -1: it sells from stock only */
  bool fluid;         /* it flows (domain/fluid.h) */
  uint64_t no_lots;   /* of what a fluid node makes: has no size of lots, can only flow on */
  int32_t serves;     /* node that it supplies when it decides to; -1 */
  int32_t n_conversions;
  mnz_conversion conversion[MNZ_MAX_MATERIALS];
  int32_t n_purchases;
  mnz_purchase purchase[MNZ_MAX_MATERIALS];
  /* Final demand: what is asked for, of whom, how fast; asks_of is -1 for all other kinds. */
  int32_t asks_of;
  int32_t asks_for;
  double asks_rate;
  const char *end_use; /* NULL: not said */
  int32_t n_parts;     /* what is asked for with it, of the same seller */
  struct {
    int32_t material;
    double share; /* mass for one mass of what it asks for */
  } part[MNZ_MAX_PARTS_OF_KIT];
} mnz_flows;

/* Where a kind's own checks report: `path` is relative to the node ("makes[1].recovery"). */
typedef struct mnz_report {
  void *context;
  void (*error)(void *context, const char *path, const char *message);
  void (*warning)(void *context, const char *path, const char *message);
} mnz_report;

/* Room for another conversion or purchase; NULL when there are as many as there are materials (then one is
 * named twice, which the kinds' checks refuse). */
static inline mnz_conversion *mnz_flows_convert(mnz_flows *flows) {
  return flows->n_conversions < MNZ_MAX_MATERIALS ? &flows->conversion[flows->n_conversions++] : NULL;
}
static inline mnz_purchase *mnz_flows_purchase(mnz_flows *flows) {
  return flows->n_purchases < MNZ_MAX_MATERIALS ? &flows->purchase[flows->n_purchases++] : NULL;
}

/* A list may name a material once: reports a second time. *seen starts at 0. */
void mnz_check_once(uint64_t *seen, int32_t material, const char *path, const mnz_catalog *catalog,
                    const mnz_report *report);

typedef struct mnz_output {
  const char *name;
  const char *unit;
  const char *meaning;
} mnz_output;

typedef struct mnz_kind {
  const char *name; /* as written in a scenario */
  const char *help; /* one line */
  const mnz_param *params;
  size_t params_size;
  bool gives_on_its_own;     /* decides itself when to send on, and neither pushes nor waits for orders */
  const mnz_output *outputs; /* ends with name NULL; the series that speak of this kind in particular */

  /* Before a run: pure functions of the parameters. */
  void (*flows)(const void *params, const mnz_catalog *catalog, mnz_flows *out);
  void (*check)(const void *params, const mnz_catalog *catalog, const mnz_report *report); /* may be NULL */

  /* The ore's split, normalised to 1, and its origin; false if it has none. NULL for all but mines. */
  bool (*ore)(const void *params, int32_t n_elements, double *split, int32_t *origin);

  /* The node as one that flows, see domain/fluid.h; false if it works lot by lot. Then none of what follows
   * is called. NULL: never flows. */
  bool (*flow)(const void *params, const mnz_catalog *catalog, struct mnz_fluid_part *out);

  /* In a run. The state begins with nothing known; `start` sets all of it (create and reset are the
   * same thing) and schedules the first events. Every callback's self is the state. */
  size_t state_size;
  mnz_status (*start)(void *self, struct mnz_site *site, const void *params, mnz_error *err);
  mnz_status (*decide)(void *self, mnz_error *err);                       /* something changed: act */
  mnz_status (*wake)(void *self, int32_t tag, mnz_error *err);            /* an alarm rang; may be NULL */
  mnz_status (*arrive)(void *self, struct mnz_lot **lot, mnz_error *err); /* NULL: into the store */
  /* Capacity that is left from now on, 0 .. 1; the site still has the old value. NULL: cannot be hit. */
  mnz_status (*availability)(void *self, double share, mnz_error *err);
  /* What could be ordered now without waiting; NULL: the stock less what is owed of it. */
  int64_t (*free_stock)(void *self, int32_t material);
  /* What may still be sent here of a material, what is on its way counted as arrived; NULL: what its store
   * has room for. Not asked for a store that loses what does not fit. */
  int64_t (*room)(void *self, int32_t material);
} mnz_kind;

/* All kinds, sorted by name, NULL-terminated. */
extern const mnz_kind *const mnz_kinds[];
/* Their names, in the same order, NULL-terminated. */
extern const char *const mnz_kind_names[];
/* NULL if there is none of that name. */
const mnz_kind *mnz_kind_find(const char *name);

#endif
