/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/window.h"

#include <math.h>
#include <stdio.h>

static const char *const of_names[] = {"oxides", "mass", NULL};

const mnz_param mnz_window_params[] = {
    {.name = "material",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(mnz_window, material),
     .required = true,
     .help = "a product or a feed of the node, whose lots are held against it"},
    {.name = "elements",
     .type = MNZ_PARAM_ELEMENTS,
     .offset = offsetof(mnz_window, elements),
     .required = true,
     .help = "whose share together must be within"},
    {.name = "min",
     .type = MNZ_PARAM_SHARE,
     .offset = offsetof(mnz_window, min),
     .min = 0,
     .max = 1,
     .help = "the least share; no limit when not said"},
    {.name = "max",
     .type = MNZ_PARAM_SHARE,
     .offset = offsetof(mnz_window, max),
     .min = 0,
     .max = 1,
     .help = "the greatest share; no limit when not said"},
    {.name = "of",
     .type = MNZ_PARAM_CHOICE,
     .offset = offsetof(mnz_window, of),
     .fallback = "oxides",
     .choices = of_names,
     .help = "share in what: oxides: the rare-earth oxides of the lot (its purity); mass: all of it, other "
             "matter "
             "too"},
    {.name = "off_spec",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(mnz_window, off_spec),
     .help = "material that a lot out of the window becomes; tails when not said"},
    {.name = NULL}};

/* NaN, which is within every window, for a lot that holds nothing to have a share of. */
static double share_in(const mnz_catalog *c, const mnz_window *w, const mnz_lot *lot) {
  mnz_mass some = 0;
  mnz_mass all = w->of == MNZ_WINDOW_MASS ? lot->part[c->n_components] : 0;
  for (int32_t k = 0; k < c->n_components; k++) {
    all += lot->part[k];
    if (w->elements >> mnz_component_element(c, k) & 1) some += lot->part[k];
  }
  return all > 0 ? (double)some / (double)all : NAN;
}

bool mnz_window_miss(mnz_site *site, const mnz_list *windows, mnz_lot **lot) {
  for (int32_t i = 0; i < windows->count; i++) {
    const mnz_window *w = (const mnz_window *)windows->at + i;
    if (w->material != (*lot)->material) continue;
    const double share = share_in(site->catalog, w, *lot);
    if (!(share < w->min || share > w->max)) continue;
    site->counts.of[MNZ_COUNT_OFF_SPEC] += (*lot)->mass;
    if (w->off_spec < 0) {
      mnz_site_end(site, lot, MNZ_END_TAILS);
    } else {
      (*lot)->material = w->off_spec;
      mnz_lot_weigh(site->lots, *lot);
      mnz_lot_tell(site->lots->watch, MNZ_LOT_BECAME, *lot, NULL, (*lot)->mass, 0);
    }
    return true;
  }
  return false;
}

void mnz_window_check(const mnz_list *windows, uint64_t feeds, const mnz_flows *flows,
                      const mnz_catalog *catalog, const mnz_report *report) {
  char path[48];
  char message[200];
  for (int32_t i = 0; i < windows->count; i++) {
    const mnz_window *w = (const mnz_window *)windows->at + i;
    if (w->material < 0) continue;
    const char *name = catalog->materials[w->material].name;
    snprintf(path, sizeof path, "spec[%d].material", i);
    if (!((flows->takes | flows->makes) >> w->material & 1)) {
      snprintf(message, sizeof message,
               "found %s, which it neither takes nor makes; expected one of its materials", name);
      report->error(report->context, path, message);
    }
    snprintf(path, sizeof path, "spec[%d]", i);
    if (isnan(w->min) && isnan(w->max))
      report->error(report->context, path, "found neither `min` nor `max`; expected at least one");
    if (w->min > w->max)
      report->error(report->context, path,
                    "found a `min` above `max`, which no lot can meet; expected min <= max");
    snprintf(path, sizeof path, "spec[%d].off_spec", i);
    if (w->off_spec == w->material) {
      report->error(report->context, path, "found the material itself; expected another one");
    } else if (w->off_spec >= 0 && (feeds >> w->material & 1) != 0 && (feeds >> w->off_spec & 1) != 0) {
      report->error(
          report->context, path,
          "found a feed of this node, so that lots could go round at once; expected another material");
    }
  }
}

void mnz_window_flows(const mnz_list *windows, mnz_flows *out) {
  for (int32_t i = 0; i < windows->count; i++) {
    const int32_t off = ((const mnz_window *)windows->at)[i].off_spec;
    if (off < 0 || (out->makes >> off & 1)) continue;
    out->makes |= UINT64_C(1) << off;
    /* How much of it comes is not known before. */
    mnz_conversion *c = mnz_flows_convert(out);
    if (c != NULL) *c = (mnz_conversion){.product = off, .capacity = INFINITY};
  }
}
