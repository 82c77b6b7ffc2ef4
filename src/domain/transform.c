/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/transform.h"

#include <inttypes.h>
#include <math.h>

#include "base/error.h"

/* By element as said; else `all` for each. */
static void spread_recovery(const mnz_recovery *recovery, int32_t n_elements, double all, double *share) {
  const mnz_split *by = &recovery->by_element;
  for (int32_t e = 0; e < n_elements; e++) {
    if (by->given == 0)
      share[e] = all;
    else
      share[e] = by->given >> e & 1 ? by->at[e] : 0;
  }
}

/* Odd constants spread what belongs to one site over the keys of streams; the first product's draw for all
 * elements has the key of the site itself. */
static double draw_share(const mnz_site *site, int32_t product, int32_t element, uint32_t occurrence,
                         const mnz_distribution *d) {
  const uint32_t key =
      site->spec->hash + (uint32_t)product * 0x9e3779b1U + (uint32_t)(element + 1) * 0x85ebca6bU;
  return mnz_services_draw(site->services, key, MNZ_PURPOSE_RECOVERY, occurrence, d);
}

void mnz_recovery_draw(const mnz_recovery *recovery, const mnz_site *site, int32_t product,
                       uint32_t occurrence, double share[MNZ_MAX_ELEMENTS]) {
  const int32_t n = site->catalog->elements.count;
  const bool by_element = recovery->by_element.given != 0;
  spread_recovery(recovery, n, by_element ? 0 : draw_share(site, product, -1, occurrence, &recovery->all),
                  share);
  for (int32_t e = 0; e < n && recovery->element != NULL; e++) {
    if (recovery->by_element.given >> e & 1)
      share[e] = draw_share(site, product, e, occurrence, &recovery->element[e]);
  }
}

void mnz_recovery_mean(const mnz_recovery *recovery, int32_t n_elements, double share[MNZ_MAX_ELEMENTS]) {
  spread_recovery(recovery, n_elements, mnz_distribution_mean(&recovery->all), share);
}

void mnz_recovery_greatest(const mnz_recovery *recovery, int32_t n_elements, double share[MNZ_MAX_ELEMENTS]) {
  spread_recovery(recovery, n_elements, mnz_distribution_greatest(&recovery->all), share);
  for (int32_t e = 0; e < n_elements && recovery->element != NULL; e++) {
    if (recovery->by_element.given >> e & 1) share[e] = mnz_distribution_greatest(&recovery->element[e]);
  }
}

static mnz_status out_of_nothing(const mnz_site *site, const mnz_lot *feed, int32_t component, mnz_mass left,
                                 mnz_error *err) {
  const mnz_catalog *c = site->catalog;
  return mnz_fail(err, MNZ_LEDGER, site->spec->name,
                  "mass out of nothing: %" PRId64 " mg of %s made from %" PRId64 " mg of it in %s",
                  feed->part[component] - left, c->elements.at[mnz_component_element(c, component)],
                  feed->part[component], c->materials[feed->material].name);
}

/* The other matter of a product that is to have a grade. */
static mnz_mass other_for(mnz_mass reo, double grade) {
  return grade >= 1.0 ? 0 : llround((double)reo / grade) - reo;
}

/* Other matter goes to the products as far as it lasts, the rest to the tails; what their grades ask for
 * beyond it comes from outside. */
static void share_other(mnz_site *site, mnz_lot *feed, const mnz_fraction *fraction, int32_t n,
                        mnz_lot **out) {
  const int32_t other = site->catalog->n_components;
  for (int32_t i = 0; i < n; i++) {
    mnz_mass reo = 0;
    for (int32_t k = 0; k < other; k++) reo += out[i]->part[k];
    mnz_mass want = other_for(reo, fraction[i].grade);
    out[i]->part[other] = want;
    if (want > feed->part[other]) {
      mnz_ledger_add_other(site->ledger, site->node, want - feed->part[other]);
      want = feed->part[other];
    }
    feed->part[other] -= want;
    mnz_lot_weigh(site->lots, out[i]);
  }
}

mnz_status mnz_transform(mnz_site *site, mnz_lot **feed, const mnz_fraction *fraction, int32_t n,
                         mnz_lot **out, mnz_error *err) {
  const mnz_catalog *c = site->catalog;
  mnz_lot *lot = *feed;
  for (int32_t i = 0; i < n; i++) {
    out[i] = mnz_lot_new(site->lots, fraction[i].material, site->node, lot->born, err);
    if (out[i] == NULL) return MNZ_NO_MEMORY;
  }
  for (int32_t k = 0; k < c->n_components; k++) {
    const mnz_mass whole = lot->part[k];
    if (whole == 0) continue;
    const int32_t e = mnz_component_element(c, k);
    mnz_mass left = whole;
    for (int32_t i = 0; i < n; i++) {
      const double share = fraction[i].share[e];
      const mnz_mass all_left = left > 0 ? left : 0;
      const mnz_mass taken = share == 1.0 ? all_left : llround((double)whole * share);
      out[i]->part[k] = taken;
      left -= taken;
    }
    /* Rounding each product up may take a milligram more than there is, never more than one a product. */
    for (int32_t i = 0; i < n && left < 0 && left >= -n; i++) {
      if (out[i]->part[k] > 0) {
        out[i]->part[k]--;
        left++;
      }
    }
    if (left < 0) return out_of_nothing(site, lot, k, left, err);
    lot->part[k] = left;
  }
  share_other(site, lot, fraction, n, out);
  for (int32_t i = 0; i < n; i++) {
    if (out[i]->mass > 0) {
      mnz_lot_tell(site->lots->watch, MNZ_LOT_MADE, out[i], lot, out[i]->mass, 0);
      continue;
    }
    mnz_lot_drop(site->lots, out[i]);
    out[i] = NULL;
  }
  mnz_site_end(site, feed, MNZ_END_TAILS);
  return MNZ_OK;
}
