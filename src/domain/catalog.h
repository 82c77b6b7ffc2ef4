/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What there is in a scenario's world: elements, origins, materials; and how a component is numbered.
 *
 * A component is a pair (origin, element): index origin * n_elements + element. A parts vector holds all
 * components and, last, `other` (gangue, water, iron, boron). Rare earths are counted on oxide basis
 * (REO); a material whose form is metal weighs less than its parts by the exact stoichiometric factor. */
#ifndef MNZ_DOMAIN_CATALOG_H
#define MNZ_DOMAIN_CATALOG_H

#include "domain/param.h"

typedef enum mnz_form { MNZ_FORM_OXIDE, MNZ_FORM_METAL } mnz_form;

/* One material as a scenario declares it. */
typedef struct mnz_material {
  const char *name;
  uint32_t of;       /* elements that it may hold; all when not said */
  int32_t form;      /* mnz_form */
  mnz_split content; /* nominal composition: share of the material's own mass (metal mass for metals) */
  int32_t like;      /* or: the split of this mine's ore, restricted to `of` ... */
  double grade;      /* ... at this share of REO in the mass */
  /* Worked out by mnz_catalog_finish: REO of each element in one unit of the material's mass. */
  double nominal[MNZ_MAX_ELEMENTS];
  bool known;     /* nominal is set */
  int32_t origin; /* of the mine that it is like; else the first */
} mnz_material;

typedef struct mnz_catalog {
  int64_t start_us; /* of the scenario, since 1970 */
  mnz_names elements;
  mnz_names origins;
  const mnz_material *materials; /* sorted by name */
  int32_t n_materials;
  int32_t n_components;                  /* n_origins * n_elements */
  int32_t n_parts;                       /* n_components + 1 */
  double metal_factor[MNZ_MAX_ELEMENTS]; /* mass of metal in one mass of oxide */
} mnz_catalog;

extern const mnz_param mnz_material_params[];

static inline int32_t mnz_component(const mnz_catalog *c, int32_t origin, int32_t element) {
  return origin * c->elements.count + element;
}
static inline int32_t mnz_component_element(const mnz_catalog *c, int32_t component) {
  return component % c->elements.count;
}
static inline int32_t mnz_component_origin(const mnz_catalog *c, int32_t component) {
  return component / c->elements.count;
}

/* Mass of metal in one mass of the oxide (Nd: 0.8574), from the standard atomic weights; NaN for a symbol
 * that is no rare earth. */
double mnz_oxide_to_metal(const char *symbol);
/* The symbols that are known, NULL-terminated. */
extern const char *const mnz_rare_earths[];

/* Sets counts, metal factors and every material's nominal content. `ore` gives, for a node's
 * index, its ore's split normalised to 1 and its origin, or false if it is no mine. */
void mnz_catalog_finish(mnz_catalog *catalog, mnz_material *materials,
                        bool (*ore)(const void *context, int32_t node, double *split, int32_t *origin),
                        const void *context);

#endif
