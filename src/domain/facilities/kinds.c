/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/facilities/kinds.h"

#include <stdio.h>
#include <string.h>

const mnz_kind *const mnz_kinds[] = {&mnz_demand_kind,     &mnz_maker_kind,  &mnz_market_kind,
                                     &mnz_mine_kind,       &mnz_plant_kind,  &mnz_port_kind,
                                     &mnz_separation_kind, &mnz_sink_kind,   &mnz_source_kind,
                                     &mnz_stockpile_kind,  &mnz_trader_kind, NULL};
const char *const mnz_kind_names[] = {"demand",     "maker", "market", "mine",      "plant",  "port",
                                      "separation", "sink",  "source", "stockpile", "trader", NULL};

const mnz_kind *mnz_kind_find(const char *name) {
  for (size_t i = 0; mnz_kinds[i] != NULL; i++) {
    if (strcmp(mnz_kinds[i]->name, name) == 0) return mnz_kinds[i];
  }
  return NULL;
}

void mnz_check_once(uint64_t *seen, int32_t material, const char *path, const mnz_catalog *catalog,
                    const mnz_report *report) {
  if (material < 0) return;
  char message[160];
  snprintf(message, sizeof message, "found %s a second time; expected each material once",
           catalog->materials[material].name);
  if (*seen >> material & 1) report->error(report->context, path, message);
  *seen |= UINT64_C(1) << material;
}
