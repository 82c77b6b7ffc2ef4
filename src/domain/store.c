/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/store.h"

#include "base/error.h"

void mnz_store_open(mnz_store *store, int32_t material, const mnz_store_spec *spec) {
  *store = (mnz_store){.material = material, .capacity = INT64_MAX, .at_least = 1};
  if (spec == NULL) return;
  store->keep = spec->keep;
  store->when_full = spec->when_full;
  if (spec->capacity >= 0) store->capacity = spec->capacity;
}

mnz_mass mnz_store_room(const mnz_store *store) {
  if (store->capacity == INT64_MAX || store->mass + store->reserved < store->at_least) return INT64_MAX;
  const mnz_mass room = store->capacity - store->mass - store->reserved;
  return room > 0 ? room : 0;
}

void mnz_store_put(mnz_store *store, mnz_ledger *ledger, mnz_lots *lots, mnz_lot *lot) {
  mnz_ledger_put(ledger, lot, MNZ_PLACE_STOCK);
  lot->ordered = 0; /* it has arrived: no order waits for it any more */
  lot->late = false;
  store->mass += lot->mass;
  if (store->keep == MNZ_KEEP_BLEND && store->queue.first != NULL) {
    mnz_lot_merge(lots, store->queue.first, lot);
  } else {
    mnz_lot_queue_push(&store->queue, lot);
  }
}

mnz_lot *mnz_store_pop(mnz_store *store, mnz_ledger *ledger) {
  mnz_lot *lot = mnz_lot_queue_pop(&store->queue);
  if (lot == NULL) return NULL;
  store->mass -= lot->mass;
  mnz_ledger_take(ledger, lot);
  return lot;
}

mnz_lot *mnz_store_take(mnz_store *store, mnz_ledger *ledger, mnz_lots *lots, mnz_mass mass, mnz_error *err) {
  MNZ_REQUIRE(0 < mass && mass <= store->mass);
  mnz_lot *taken = NULL;
  while (taken == NULL || taken->mass < mass) {
    const mnz_mass need = mass - (taken == NULL ? 0 : taken->mass);
    mnz_lot *lot = store->queue.first;
    if (lot->mass <= need) {
      lot = mnz_store_pop(store, ledger);
    } else {
      if ((lot = mnz_lot_split(lots, lot, need, err)) == NULL) return NULL;
      store->mass -= lot->mass;
      mnz_ledger_take(ledger, lot);
    }
    if (taken == NULL)
      taken = lot;
    else
      mnz_lot_merge(lots, taken, lot);
  }
  return taken;
}
