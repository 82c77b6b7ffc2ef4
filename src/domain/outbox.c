/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/outbox.h"

void mnz_outbox_add(mnz_outbox *outbox, mnz_site *site, mnz_lot **lot) {
  if (*lot == NULL) return;
  mnz_ledger_put(site->ledger, *lot, MNZ_PLACE_PROCESS);
  mnz_lot_queue_push(&outbox->waiting, *lot);
  *lot = NULL;
}

static mnz_status flush(mnz_outbox *outbox, mnz_site *site, mnz_error *err) {
  uint64_t full = 0; /* materials that must keep waiting, so that no lot overtakes its like */
  const int32_t count = outbox->waiting.count;
  for (int32_t i = 0; i < count; i++) {
    mnz_lot *lot = mnz_lot_queue_pop(&outbox->waiting);
    const uint64_t bit = UINT64_C(1) << lot->material;
    if ((full & bit) != 0 || !mnz_site_has_room(site, lot->material, lot->mass)) {
      full |= bit;
      mnz_lot_queue_push(&outbox->waiting, lot);
      continue;
    }
    mnz_ledger_take(site->ledger, lot);
    mnz_status status = mnz_site_shelve(site, &lot, err);
    if (status != MNZ_OK) return status;
  }
  return MNZ_OK;
}

mnz_status mnz_outbox_settle(mnz_outbox *outbox, mnz_site *site, mnz_error *err) {
  int32_t before;
  do {
    before = outbox->waiting.count;
    mnz_status status = mnz_site_forward(site, err);
    if (status == MNZ_OK) status = mnz_site_allocate(site, err);
    if (status == MNZ_OK && before > 0) status = flush(outbox, site, err);
    if (status != MNZ_OK) return status;
  } while (outbox->waiting.count < before);
  return MNZ_OK;
}
