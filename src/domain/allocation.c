/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who gets a stock that is owed to several: by class, then by the site's rule; kits only with all that
 * belongs to them. */
#include <math.h>

#include "domain/site.h"

#define MAX_SHARED 256  /* orders that are looked at together */
#define MAX_BUYERS 1024 /* that share in a class of more orders; those after them get what these leave */

mnz_mass mnz_site_owed(const mnz_site *site, int32_t material) {
  const mnz_book *book = &mnz_site_shelf(site, material)->book;
  if (site->services->permits == NULL) return book->open;
  mnz_mass sum = 0;
  for (const mnz_ask *ask = book->first; ask != NULL; ask = ask->next)
    sum += mnz_site_permits(site, material, ask->buyer, ask->open);
  return sum;
}

void mnz_site_bring_forward(mnz_site *site, int32_t material, int32_t buyer) {
  const mnz_services *s = site->services;
  mnz_lot_queue *queue = &mnz_site_shelf(site, material)->store.queue;
  if (s->permits == NULL || queue->count < 2) return;
  if (s->permits(s->host, site->node, buyer, material, 1, queue->first) > 0) return;
  mnz_lot_queue go = {0};
  mnz_lot_queue stay = {0};
  for (mnz_lot *lot = mnz_lot_queue_pop(queue); lot != NULL; lot = mnz_lot_queue_pop(queue)) {
    const bool may = s->permits(s->host, site->node, buyer, material, 1, lot) > 0;
    mnz_lot_queue_push(may ? &go : &stay, lot);
  }
  *queue = go;
  for (mnz_lot *lot = mnz_lot_queue_pop(&stay); lot != NULL; lot = mnz_lot_queue_pop(&stay))
    mnz_lot_queue_push(queue, lot);
}

/* One lot for a buyer, of what its asks get: those that are in time and those that are late apart. *cut says
 * that together they may not have as much. */
static mnz_status fill(mnz_site *site, mnz_shelf *shelf, mnz_ask **asks, mnz_mass *give, int32_t n, bool late,
                       bool *cut, mnz_error *err) {
  const mnz_time now = mnz_site_now(site);
  const int32_t buyer = asks[0]->buyer;
  mnz_mass wanted = 0;
  for (int32_t i = 0; i < n; i++) {
    if (asks[i]->buyer == buyer && (asks[i]->placed < now) == late) wanted += give[i];
  }
  mnz_site_bring_forward(site, shelf->store.material, buyer);
  const mnz_mass mass = mnz_site_permits(site, shelf->store.material, buyer, wanted);
  mnz_mass left = mass;
  *cut |= mass < wanted;
  for (int32_t i = 0; i < n; i++) {
    if (asks[i]->buyer != buyer || (asks[i]->placed < now) != late) continue;
    const mnz_mass part = give[i] < left ? give[i] : left;
    left -= part;
    if (part > 0) site->services->filled(site->services->host, asks[i], part);
    mnz_book_fill(&shelf->book, asks[i], part);
    give[i] = 0;
  }
  if (mass == 0) return MNZ_OK;
  mnz_lot *lot;
  mnz_status status = mnz_site_take(site, shelf->store.material, mass, &lot, err);
  if (status != MNZ_OK) return status;
  lot->ordered = mass;
  lot->late = late;
  lot->priority = asks[0]->priority;
  lot->placed = asks[0]->placed;
  return mnz_site_ship(site, buyer, &lot, err);
}

/* What is open of the asks of one buyer, from the i-th on; 0 if an earlier ask is of the same buyer. */
static mnz_mass open_of_buyer(mnz_ask *const *asks, const mnz_mass *open, int32_t n, int32_t i) {
  mnz_mass sum = 0;
  for (int32_t k = 0; k < i; k++)
    if (asks[k]->buyer == asks[i]->buyer) return 0;
  for (int32_t k = i; k < n; k++) sum += asks[k]->buyer == asks[i]->buyer ? open[k] : 0;
  return sum;
}

/* The same to every buyer, but no more than it is owed; within a buyer to the oldest first. */
static void share_fairly(mnz_ask *const *asks, const mnz_mass *open, int32_t n, mnz_mass stock,
                         mnz_mass *give) {
  mnz_mass owed[MAX_SHARED];
  mnz_mass gets[MAX_SHARED];
  for (int32_t i = 0; i < n; i++) owed[i] = open_of_buyer(asks, open, n, i);
  mnz_share_out(MNZ_SHORT_FAIR_SHARE, owed, n, stock, gets);
  for (int32_t i = 0; i < n; i++) {
    if (owed[i] == 0) continue;
    mnz_mass left = gets[i];
    for (int32_t k = i; k < n; k++) {
      if (asks[k]->buyer != asks[i]->buyer) continue;
      give[k] = open[k] < left ? open[k] : left;
      left -= give[k];
    }
  }
  for (int32_t i = 0; i < n; i++)
    if (open[i] == 0) give[i] = 0;
}

/* Ships what the asks are given; *cut as of `fill`. */
static mnz_status fill_all(mnz_site *site, mnz_shelf *shelf, mnz_ask **asks, mnz_mass *give, int32_t n,
                           bool *cut, mnz_error *err) {
  for (int32_t i = 0; i < n; i++) {
    if (give[i] == 0) continue;
    const bool late = asks[i]->placed < mnz_site_now(site);
    mnz_status status = fill(site, shelf, asks + i, give + i, n - i, late, cut, err);
    if (status != MNZ_OK) return status;
  }
  return MNZ_OK;
}

/* Shares the stock out once; *cut as of `fill`. */
static mnz_status share_stock(mnz_site *site, mnz_shelf *shelf, mnz_ask **asks, int32_t n, bool *cut,
                              mnz_error *err) {
  const int32_t material = shelf->store.material;
  mnz_mass open[MAX_SHARED];
  mnz_mass give[MAX_SHARED];
  for (int32_t i = 0; i < n; i++) {
    const bool reached = asks[i]->kit == 0 && mnz_site_reaches(site, material, asks[i]->buyer);
    if (i == 0 || asks[i]->buyer != asks[i - 1]->buyer)
      mnz_site_bring_forward(site, material, asks[i]->buyer);
    open[i] = reached ? mnz_site_permits(site, material, asks[i]->buyer, asks[i]->open) : 0;
  }
  if (site->spec->short_rule == MNZ_SHORT_FAIR_SHARE)
    share_fairly(asks, open, n, shelf->store.mass, give);
  else
    mnz_share_out(site->spec->short_rule, open, n, shelf->store.mass, give);
  return fill_all(site, shelf, asks, give, n, cut, err);
}

static bool is_of_class(const mnz_ask *ask, int32_t class) {
  return ask != NULL && ask->priority == class;
}

/* The next asks of a class, up to MAX_SHARED of them. */
static int32_t take_asks(mnz_ask **from, mnz_ask **asks) {
  const int32_t class = (*from)->priority;
  int32_t n = 0;
  for (; is_of_class(*from, class) && n < MAX_SHARED; *from = (*from)->next) asks[n++] = *from;
  return n;
}

/* One class of asks, up to MAX_SHARED of them at a time. What some may not have is there for the others. */
static mnz_status allocate_some(mnz_site *site, mnz_shelf *shelf, mnz_ask **from, mnz_error *err) {
  mnz_ask *asks[MAX_SHARED];
  const int32_t n = take_asks(from, asks);
  bool cut = true;
  mnz_status status = MNZ_OK;
  for (int32_t k = 0; k <= n && cut && shelf->store.mass > 0 && status == MNZ_OK; k++) {
    cut = false;
    status = share_stock(site, shelf, asks, n, &cut, err);
  }
  return status;
}

/* --- classes of more orders than are looked at together --- */

enum { N_PLACES = 2 * MAX_BUYERS };

/* What each buyer gets for all of its orders of a class. */
typedef struct plan {
  int32_t n;
  bool others;             /* there are buyers that it has no place for */
  int16_t place[N_PLACES]; /* 1 + the place of a buyer, from its number on where there was room; 0: none */
  int32_t buyer[MAX_BUYERS];
  mnz_mass open[MAX_BUYERS]; /* of the orders that have not had their part yet */
  mnz_mass gets[MAX_BUYERS]; /* for them */
} plan;

static bool is_large(const mnz_ask *first) {
  int32_t n = 0;
  for (const mnz_ask *ask = first; is_of_class(ask, first->priority) && n <= MAX_SHARED; ask = ask->next) n++;
  return n > MAX_SHARED;
}

/* Where the buyer's place is told in the plan, or would be. */
static int16_t *place_of(plan *p, int32_t buyer) {
  uint32_t at = (uint32_t)buyer % N_PLACES;
  while (p->place[at] != 0 && p->buyer[p->place[at] - 1] != buyer) at = (at + 1) % N_PLACES;
  return &p->place[at];
}

static void add_to_plan(plan *p, const mnz_ask *ask) {
  int16_t *place = place_of(p, ask->buyer);
  if (*place == 0 && p->n == MAX_BUYERS) {
    p->others = true;
    return;
  }
  if (*place == 0) {
    p->buyer[p->n] = ask->buyer;
    p->open[p->n] = 0;
    *place = (int16_t)++p->n;
  }
  p->open[*place - 1] += ask->open;
}

/* Of `stock` for what is open of all, the part of one. */
static mnz_mass in_proportion(mnz_mass open, mnz_mass all, mnz_mass stock) {
  mnz_mass part[2] = {open};
  if (stock < all) mnz_apportion((const mnz_mass[]){open, all - open}, 2, all, stock, part);
  return part[0];
}

static void make_plan(mnz_site *site, const mnz_shelf *shelf, const mnz_ask *first, plan *p) {
  const int32_t material = shelf->store.material;
  mnz_mass owed[MAX_BUYERS];
  mnz_mass all = 0;
  mnz_mass stock = shelf->store.mass;
  *p = (plan){.n = 0};
  for (const mnz_ask *ask = first; is_of_class(ask, first->priority); ask = ask->next)
    if (ask->kit == 0 && ask->open > 0) add_to_plan(p, ask);
  for (int32_t i = 0; i < p->n; i++) {
    mnz_site_bring_forward(site, material, p->buyer[i]);
    const bool reached = mnz_site_reaches(site, material, p->buyer[i]);
    owed[i] = reached ? mnz_site_permits(site, material, p->buyer[i], p->open[i]) : 0;
    all += owed[i];
  }
  if (site->spec->short_rule == MNZ_SHORT_FAIR_SHARE) {
    mnz_share_out(MNZ_SHORT_FAIR_SHARE, owed, p->n, stock, p->gets);
    return;
  }
  for (int32_t i = 0; i < p->n; i++) {
    p->gets[i] = in_proportion(owed[i], all, stock);
    all -= owed[i];
    stock -= p->gets[i];
  }
}

/* An order's part of what its buyer gets: all to the oldest, or to each in proportion. */
static mnz_mass part_of_plan(plan *p, int32_t rule, const mnz_ask *ask) {
  const int32_t i = ask->kit == 0 && ask->open > 0 ? *place_of(p, ask->buyer) - 1 : -1;
  if (i < 0) return 0;
  const mnz_mass open = ask->open < p->open[i] ? ask->open : p->open[i];
  const mnz_mass oldest = open < p->gets[i] ? open : p->gets[i];
  const mnz_mass part = rule == MNZ_SHORT_FAIR_SHARE ? oldest : in_proportion(open, p->open[i], p->gets[i]);
  p->open[i] -= open;
  p->gets[i] -= part;
  return part;
}

static mnz_status ship_plan(mnz_site *site, mnz_shelf *shelf, mnz_ask *first, plan *p, bool *cut,
                            mnz_error *err) {
  mnz_ask *asks[MAX_SHARED];
  mnz_mass give[MAX_SHARED];
  mnz_status status = MNZ_OK;
  mnz_ask *at = first;
  while (is_of_class(at, first->priority) && shelf->store.mass > 0 && status == MNZ_OK) {
    const int32_t n = take_asks(&at, asks);
    for (int32_t i = 0; i < n; i++) give[i] = part_of_plan(p, site->spec->short_rule, asks[i]);
    status = fill_all(site, shelf, asks, give, n, cut, err);
  }
  return status;
}

/* A class that is large: shared over all of its orders, not over those first in line. */
static mnz_status allocate_large(mnz_site *site, mnz_shelf *shelf, mnz_ask **from, mnz_error *err) {
  mnz_ask *first = *from;
  plan p = {.n = 0};
  bool cut = true;
  mnz_status status = MNZ_OK;
  for (int32_t k = 0; k <= p.n && cut && shelf->store.mass > 0 && status == MNZ_OK; k++) {
    cut = false;
    make_plan(site, shelf, first, &p);
    status = ship_plan(site, shelf, first, &p, &cut, err);
  }
  while (is_of_class(*from, first->priority) && status == MNZ_OK) {
    if (p.others && shelf->store.mass > 0)
      status = allocate_some(site, shelf, from, err);
    else
      *from = (*from)->next;
  }
  return status;
}

static mnz_status allocate_class(mnz_site *site, mnz_shelf *shelf, mnz_ask **from, mnz_error *err) {
  const bool whole = site->spec->short_rule != MNZ_SHORT_PRIORITY && is_large(*from);
  return whole ? allocate_large(site, shelf, from, err) : allocate_some(site, shelf, from, err);
}

/* --- kits --- */

typedef struct kit {
  int32_t n;
  mnz_shelf *shelf[1 + MNZ_MAX_PARTS_OF_KIT]; /* the product's first */
  mnz_ask *ask[1 + MNZ_MAX_PARTS_OF_KIT];
} kit;

/* The asks that make a kit with this one; they are placed together, and end together. */
static kit kit_of(mnz_site *site, mnz_shelf *shelf, mnz_ask *head) {
  kit k = {.n = 1, .shelf = {shelf}, .ask = {head}};
  for (int32_t i = 0; i < site->n_shelves && k.n <= MNZ_MAX_PARTS_OF_KIT; i++) {
    mnz_ask *ask = &site->shelves[i] == shelf ? NULL : site->shelves[i].book.first;
    while (ask != NULL && (ask->kit != head->kit || ask->buyer != head->buyer)) ask = ask->next;
    if (ask == NULL) continue;
    k.shelf[k.n] = &site->shelves[i];
    k.ask[k.n++] = ask;
  }
  return k;
}

/* What kits of this class may have of a stock: what better classes do not take. */
static mnz_mass free_for_kits(const mnz_site *site, const mnz_shelf *shelf, int32_t class) {
  mnz_mass free = shelf->store.mass;
  for (const mnz_ask *ask = shelf->book.first; ask != NULL && ask->priority < class; ask = ask->next)
    if (ask->kit == 0 && mnz_site_reaches(site, shelf->store.material, ask->buyer)) free -= ask->open;
  return free > 0 ? free : 0;
}

/* How much of its product can leave with all that belongs to it. */
static mnz_mass matched(const mnz_site *site, const kit *k) {
  const mnz_mass open = k->ask[0]->open;
  mnz_mass most = open;
  for (int32_t i = 0; i < k->n; i++) {
    const int32_t material = k->shelf[i]->store.material;
    const mnz_mass owed = k->ask[i]->open;
    if (!mnz_site_reaches(site, material, k->ask[i]->buyer)) return 0;
    mnz_mass free = free_for_kits(site, k->shelf[i], k->ask[i]->priority);
    const mnz_mass may = mnz_site_permits(site, material, k->ask[i]->buyer, owed);
    if (may < free) free = may;
    if (free >= owed) continue;
    const mnz_mass part = (mnz_mass)floor((double)open * ((double)free / (double)owed));
    if (part < most) most = part;
  }
  return most < open && k->ask[0]->whole ? 0 : most;
}

static mnz_status ship_kit(mnz_site *site, const kit *k, mnz_error *err) {
  const mnz_mass open = k->ask[0]->open;
  const mnz_mass mass = matched(site, k);
  const double share = (double)mass / (double)open;
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < k->n && mass > 0 && status == MNZ_OK; i++) {
    mnz_ask *ask = k->ask[i];
    mnz_mass give = mass == open ? ask->open : i == 0 ? mass : (mnz_mass)floor((double)ask->open * share);
    bool cut = false;
    if (give > 0)
      status = fill(site, k->shelf[i], &ask, &give, 1, ask->placed < mnz_site_now(site), &cut, err);
  }
  return status;
}

/* Kits by class and order of arrival, before the single orders of their class. */
static mnz_status allocate_kits(mnz_site *site, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < site->n_shelves && status == MNZ_OK; i++) {
    mnz_ask *ask = site->shelves[i].book.first;
    for (; ask != NULL && status == MNZ_OK; ask = ask->next) {
      if (ask->kit == 0 || ask->part || ask->open == 0) continue;
      const kit k = kit_of(site, &site->shelves[i], ask);
      status = ship_kit(site, &k, err);
    }
  }
  return status;
}

/* --- all of it --- */

mnz_status mnz_site_allocate(mnz_site *site, mnz_error *err) {
  if (site->has_kits) {
    const mnz_status status = allocate_kits(site, err);
    if (status != MNZ_OK) return status;
  }
  for (int32_t i = 0; i < site->n_shelves; i++) {
    mnz_shelf *shelf = &site->shelves[i];
    mnz_ask *at = shelf->book.first;
    while (at != NULL && shelf->store.mass > 0) {
      mnz_status status = allocate_class(site, shelf, &at, err);
      if (status != MNZ_OK) return status;
    }
    mnz_book_sweep(&shelf->book, site->asks);
  }
  return MNZ_OK;
}
