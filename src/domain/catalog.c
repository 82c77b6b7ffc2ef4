/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sources: standard atomic weights (IUPAC 2021, abridged), oxide formulas as traded: CeO2, Pr6O11, Tb4O7,
 * all others M2O3. The mass of metal in one mass of oxide is plain stoichiometry. */
#include "domain/catalog.h"

#include <math.h>
#include <string.h>

const char *const mnz_rare_earths[] = {"La", "Ce", "Pr", "Nd", "Sm", "Eu", "Gd", "Tb", "Dy",
                                       "Ho", "Er", "Tm", "Yb", "Lu", "Y",  "Sc", NULL};

static const struct {
  double weight; /* of the metal, in the order of mnz_rare_earths */
  double oxygen; /* atoms of oxygen for one of metal */
} rare_earth_oxides[] = {{138.905, 1.5}, {140.116, 2.0}, {140.908, 11.0 / 6.0}, {144.242, 1.5},
                         {150.36, 1.5},  {151.964, 1.5}, {157.25, 1.5},         {158.925, 1.75},
                         {162.500, 1.5}, {164.930, 1.5}, {167.259, 1.5},        {168.934, 1.5},
                         {173.045, 1.5}, {174.967, 1.5}, {88.9058, 1.5},        {44.9559, 1.5}};
#define OXYGEN_WEIGHT 15.999

double mnz_oxide_to_metal(const char *symbol) {
  for (size_t i = 0; mnz_rare_earths[i] != NULL; i++) {
    if (strcmp(symbol, mnz_rare_earths[i]) == 0) {
      const double metal = rare_earth_oxides[i].weight;
      return metal / (metal + rare_earth_oxides[i].oxygen * OXYGEN_WEIGHT);
    }
  }
  return NAN;
}

static const char *const form_names[] = {"oxide", "metal", NULL};

const mnz_param mnz_material_params[] = {
    {.name = "name",
     .type = MNZ_PARAM_TEXT,
     .offset = offsetof(mnz_material, name),
     .required = true,
     .help = "what nodes and links call it"},
    {.name = "of",
     .type = MNZ_PARAM_ELEMENTS,
     .offset = offsetof(mnz_material, of),
     .help = "the elements that it may hold; all when not said"},
    {.name = "form",
     .type = MNZ_PARAM_CHOICE,
     .offset = offsetof(mnz_material, form),
     .choices = form_names,
     .fallback = "oxide",
     .help = "oxide: its mass counts rare earths as oxides (REO); metal: metals, alloys and magnets, whose "
             "mass counts them as metals"},
    {.name = "content",
     .type = MNZ_PARAM_SPLIT,
     .offset = offsetof(mnz_material, content),
     .help = "nominal composition: share of each element in its mass, the rest being other matter"},
    {.name = "like",
     .type = MNZ_PARAM_NODE,
     .offset = offsetof(mnz_material, like),
     .help = "or: nominal composition as the ore of this mine, restricted to `of`"},
    {.name = "grade",
     .type = MNZ_PARAM_SHARE,
     .offset = offsetof(mnz_material, grade),
     .min = 0,
     .max = 1,
     .fallback = "100 %",
     .help = "with `like`: share of rare-earth oxides in its mass"},
    {.name = NULL}};

static uint32_t all_elements(const mnz_catalog *c) {
  return c->elements.count >= 32 ? UINT32_MAX : (UINT32_C(1) << c->elements.count) - 1;
}

/* Turns a share of the material's own mass into REO for one unit of that mass. */
static void finish_content(const mnz_catalog *c, mnz_material *m) {
  for (int32_t e = 0; e < c->elements.count; e++) {
    if (!(m->content.given >> e & 1)) continue;
    m->nominal[e] = m->content.at[e] / (m->form == MNZ_FORM_METAL ? c->metal_factor[e] : 1.0);
  }
  m->known = true;
}

static void finish_like(const mnz_catalog *c, mnz_material *m, const double *split) {
  double sum = 0;
  for (int32_t e = 0; e < c->elements.count; e++) {
    if (m->of >> e & 1) sum += split[e] * (m->form == MNZ_FORM_METAL ? c->metal_factor[e] : 1.0);
  }
  if (!(sum > 0)) return;
  for (int32_t e = 0; e < c->elements.count; e++) {
    if (m->of >> e & 1) m->nominal[e] = m->grade * split[e] / sum;
  }
  m->known = true;
}

void mnz_catalog_finish(mnz_catalog *catalog, mnz_material *materials,
                        bool (*ore)(const void *context, int32_t node, double *split, int32_t *origin),
                        const void *context) {
  catalog->n_components = catalog->origins.count * catalog->elements.count;
  catalog->n_parts = catalog->n_components + 1;
  for (int32_t e = 0; e < catalog->elements.count; e++) {
    catalog->metal_factor[e] = mnz_oxide_to_metal(catalog->elements.at[e]);
  }
  for (int32_t i = 0; i < catalog->n_materials; i++) {
    mnz_material *m = &materials[i];
    if (m->of == 0) m->of = m->content.given != 0 ? m->content.given : all_elements(catalog);
    double split[MNZ_MAX_ELEMENTS];
    const bool found = m->like >= 0 && ore(context, m->like, split, &m->origin);
    if (m->content.given != 0)
      finish_content(catalog, m);
    else if (found)
      finish_like(catalog, m, split);
    else if ((m->of & (m->of - 1)) == 0) { /* a single element: nothing to say */
      m->content = (mnz_split){.given = m->of};
      for (int32_t e = 0; e < catalog->elements.count; e++) m->content.at[e] = m->of >> e & 1 ? m->grade : 0;
      finish_content(catalog, m);
    }
  }
  catalog->materials = materials;
}
