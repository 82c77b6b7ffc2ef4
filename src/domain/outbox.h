/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finished lots on their way into the stores of their own site: they stay in process while their store has
 * no room, and what made them is blocked. */
#ifndef MNZ_DOMAIN_OUTBOX_H
#define MNZ_DOMAIN_OUTBOX_H

#include "domain/site.h"

typedef struct mnz_outbox {
  mnz_lot_queue waiting;
} mnz_outbox;

/* Takes *lot (in hand; NULL allowed). */
void mnz_outbox_add(mnz_outbox *outbox, mnz_site *site, mnz_lot **lot);
/* Pushes on, ships what is owed, puts away what has room (in order within each material), until nothing
 * moves any more. */
mnz_status mnz_outbox_settle(mnz_outbox *outbox, mnz_site *site, mnz_error *err);
static inline bool mnz_outbox_is_empty(const mnz_outbox *outbox) {
  return outbox->waiting.first == NULL;
}

#endif
