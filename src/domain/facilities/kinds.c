/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/facilities/kinds.h"

#include <string.h>

const mnz_kind *const mnz_kinds[] = {
    &mnz_demand_kind, &mnz_maker_kind,      &mnz_market_kind,    &mnz_mine_kind,   &mnz_plant_kind,
    &mnz_port_kind,   &mnz_separation_kind, &mnz_stockpile_kind, &mnz_trader_kind, NULL};
const char *const mnz_kind_names[] = {"demand", "maker",      "market",    "mine",   "plant",
                                      "port",   "separation", "stockpile", "trader", NULL};

const mnz_kind *mnz_kind_find(const char *name) {
  for (size_t i = 0; mnz_kinds[i] != NULL; i++) {
    if (strcmp(mnz_kinds[i]->name, name) == 0) return mnz_kinds[i];
  }
  return NULL;
}
