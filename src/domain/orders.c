/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/orders.h"

#include "domain/lot.h"
#include "domain/spec.h"

mnz_ask *mnz_book_add(mnz_book *book, mnz_pool *pool, int32_t buyer, int32_t priority, mnz_time placed,
                      mnz_mass mass, mnz_error *err) {
  mnz_ask *ask = mnz_pool_take(pool, err);
  if (ask == NULL) return NULL;
  *ask = (mnz_ask){.buyer = buyer, .priority = priority, .placed = placed, .open = mass};
  mnz_ask **at = &book->first;
  if (book->last != NULL && book->last->priority <= priority) at = &book->last->next; /* as a rule */
  while (*at != NULL && (*at)->priority <= priority) at = &(*at)->next;
  ask->next = *at;
  *at = ask;
  if (ask->next == NULL) book->last = ask;
  book->open += mass;
  return ask;
}

void mnz_book_fill(mnz_book *book, mnz_ask *ask, mnz_mass mass) {
  ask->open -= mass;
  book->open -= mass;
  if (ask->passing) book->passing -= mass;
}

void mnz_book_sweep(mnz_book *book, mnz_pool *pool) {
  mnz_ask **at = &book->first;
  book->last = NULL;
  while (*at != NULL) {
    mnz_ask *ask = *at;
    if (ask->open > 0) {
      book->last = ask;
      at = &ask->next;
    } else {
      *at = ask->next;
      mnz_pool_give(pool, ask);
    }
  }
}

static mnz_mass least(mnz_mass a, mnz_mass b) {
  return a < b ? a : b;
}

mnz_mass mnz_book_open(const mnz_book *book, int32_t buyer, mnz_time before, mnz_time *first) {
  mnz_mass open = 0;
  *first = MNZ_NEVER;
  for (const mnz_ask *ask = book->first; ask != NULL; ask = ask->next) {
    if (ask->buyer != buyer || ask->placed >= before || ask->open == 0) continue;
    open += ask->open;
    if (ask->placed < *first) *first = ask->placed;
  }
  return open;
}

mnz_mass mnz_book_withdraw(mnz_book *book, mnz_pool *pool, int32_t buyer, mnz_time before, mnz_mass most) {
  mnz_time first;
  const mnz_mass open = mnz_book_open(book, buyer, before, &first);
  const mnz_mass take = least(open, most);
  mnz_mass keep = open - take; /* of the oldest */
  for (mnz_ask *ask = book->first; ask != NULL && take > 0; ask = ask->next) {
    if (ask->buyer != buyer || ask->placed >= before) continue;
    const mnz_mass kept = least(ask->open, keep);
    keep -= kept;
    mnz_book_fill(book, ask, ask->open - kept);
  }
  mnz_book_sweep(book, pool);
  return take;
}

/* The same to all, but to none more than it lacks; what does not divide goes to the first. */
static void fill_up(const mnz_mass *open, int32_t n, mnz_mass stock, mnz_mass *give) {
  for (int32_t i = 0; i < n; i++) give[i] = 0;
  for (bool more = true; more;) {
    int32_t lacking = 0;
    for (int32_t i = 0; i < n; i++) lacking += give[i] < open[i];
    if (lacking == 0 || stock == 0) return;
    const mnz_mass each = stock / lacking > 0 ? stock / lacking : 1;
    for (int32_t i = 0; i < n && stock > 0; i++) {
      const mnz_mass part = least(least(each, open[i] - give[i]), stock);
      give[i] += part;
      stock -= part;
    }
    more = stock > 0;
  }
}

void mnz_share_out(int32_t rule, const mnz_mass *open, int32_t n, mnz_mass stock, mnz_mass *give) {
  mnz_mass sum = 0;
  for (int32_t i = 0; i < n; i++) sum += open[i];
  if (stock >= sum || rule == MNZ_SHORT_PRIORITY) {
    for (int32_t i = 0; i < n; i++) {
      give[i] = least(open[i], stock);
      stock -= give[i];
    }
    return;
  }
  if (rule == MNZ_SHORT_FAIR_SHARE)
    fill_up(open, n, stock, give);
  else
    mnz_apportion(open, n, sum, stock, give);
}
