/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of what is said of money. */
#include <math.h>
#include <stdio.h>

#include "domain/said.h"
#include "world/check.h"

static void check_charges(const mnz_scenario *s, int32_t node, mnz_tally *tally) {
  const mnz_list *charges = &mnz_scenario_node(s, node)->charges;
  uint64_t seen = 0;
  for (int32_t i = 0; i < charges->count; i++) {
    const int32_t material = ((const mnz_charge *)charges->at)[i].material;
    const uint64_t bit = UINT64_C(1) << material;
    char rest[64];
    char path[MNZ_PATH];
    snprintf(rest, sizeof rest, "charges[%d].material", i);
    mnz_node_path(s, node, rest, path);
    if (seen & bit)
      mnz_tally_error(tally, path, "found %s a second time; expected each material once",
                      s->material_names[material]);
    else if (!(s->flows[node].makes & bit))
      mnz_tally_error(tally, path, "\"%s\" does not sell %s; expected a material that it makes or sells",
                      s->node_names[node], s->material_names[material]);
    seen |= bit;
  }
}

static const char *at(const mnz_price_spec *price, const char *key, char path[MNZ_PATH]) {
  snprintf(path, MNZ_PATH, "prices[\"%s\"]%s%s", price->name, key[0] == '\0' ? "" : ".", key);
  return path;
}

static void check_steps(const mnz_price_spec *price, mnz_tally *tally) {
  char path[MNZ_PATH];
  char key[48];
  const mnz_price_step *steps = price->steps.at;
  for (int32_t i = 1; i < price->steps.count; i++) {
    if (steps[i].from > steps[i - 1].from) continue;
    snprintf(key, sizeof key, "steps[%d].from", i);
    mnz_tally_error(tally, at(price, key, path),
                    "found a date that is not after that of the step before; expected them in order");
  }
}

static void check_response(const mnz_price_spec *price, mnz_tally *tally) {
  char path[MNZ_PATH];
  const mnz_price_response *response = price->responds;
  if (response->material < 0 && price->material < 0)
    mnz_tally_error(tally, at(price, "responds", path),
                    "it is not said to the stocks of what; expected `material` here or in the price");
  for (int32_t i = 0; i < response->cover.count; i++)
    if (response->cover.at[i] < 0)
      mnz_tally_error(tally, at(price, "responds.cover", path),
                      "found a link; expected nodes, which have stocks");
}

static void check_price(const mnz_scenario *s, const mnz_price_spec *price, mnz_tally *tally) {
  char path[MNZ_PATH];
  const bool values = mnz_is_said(&price->value);
  const bool process = price->process.kind != MNZ_PROCESS_CONSTANT;
  if (process + values + (price->steps.count > 0) > 1)
    mnz_tally_error(tally, at(price, "", path),
                    "found more than one of `process`, `value`, `steps`; expected one");
  if (isnan(price->start) && !values &&
      !(price->steps.count > 0 && ((const mnz_price_step *)price->steps.at)[0].from <= 0))
    mnz_tally_error(tally, at(price, "start", path), "the key is missing: what the price is at the start");
  if (process && price->start <= 0)
    mnz_tally_error(tally, at(price, "start", path),
                    "found 0; expected more, of which a process can make something");
  if (price->floor > price->ceiling)
    mnz_tally_error(tally, at(price, "floor", path), "found more than the ceiling; expected at most that");
  if (s->horizon > 0 && s->horizon / price->every > 1000000)
    mnz_tally_error(tally, at(price, "every", path), "found %lld moves; expected at most 1000000",
                    (long long)(s->horizon / price->every));
  check_steps(price, tally);
  if (price->responds != NULL) check_response(price, tally);
}

void mnz_check_money(const mnz_scenario *s, mnz_tally *tally) {
  for (int32_t i = 0; i < s->nodes.count; i++) check_charges(s, i, tally);
  for (int32_t i = 0; i < s->prices.count; i++) check_price(s, mnz_scenario_price(s, i), tally);
}
