/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Orders between facilities, and what they can see of each other. */
#include <math.h>

#include "world/contracts.h"
#include "world/host.h"
#include "world/money.h"
#include "world/prices.h"

static mnz_mass unruled_free_stock(void *host, int32_t buyer, int32_t node, int32_t material) {
  const mnz_site *seller = &((mnz_replication *)host)->sites[node];
  if (!mnz_site_reaches(seller, material, buyer)) return 0;
  const mnz_kind *kind = seller->spec->kind;
  if (kind->free_stock != NULL) return kind->free_stock(seller->self, material);
  const mnz_shelf *shelf = mnz_site_shelf(seller, material);
  const mnz_mass free = shelf->store.mass - mnz_site_owed(seller, material);
  return free > 0 ? free : 0;
}

/* What may leave is for the buyer's older orders first. */
static mnz_mass host_free_stock(void *host, int32_t buyer, int32_t node, int32_t material) {
  mnz_replication *r = host;
  const mnz_mass free = unruled_free_stock(host, buyer, node, material);
  if (r->services.permits == NULL || free == 0) return free;
  mnz_time first;
  mnz_site *seller = &r->sites[node];
  mnz_site_bring_forward(seller, material, buyer);
  const mnz_mass before = mnz_book_open(&mnz_site_shelf(seller, material)->book, buyer, MNZ_NEVER, &first);
  const mnz_mass may = mnz_site_permits(seller, material, buyer, free + before) - before;
  return may > free ? free : may > 0 ? may : 0;
}

/* What comes with a product in a kit is not counted as an order for itself. */
static bool is_counted(const mnz_replication *r, int32_t buyer, int32_t material) {
  const mnz_flows *f = &r->scenario->flows[buyer];
  return f->asks_of < 0 || f->asks_for == material;
}

static void host_bind_kit(void *host, int32_t buyer, int32_t seller, const int32_t *materials, int32_t n,
                          uint32_t kit, bool whole) {
  mnz_replication *r = host;
  mnz_site *site = &r->sites[seller];
  const mnz_time now = mnz_engine_now(r->engine);
  site->has_kits = true;
  for (int32_t i = 0; i < n; i++) {
    mnz_ask *ask = mnz_site_shelf(site, materials[i])->book.first;
    for (; ask != NULL; ask = ask->next) {
      if (ask->buyer != buyer || ask->placed != now || ask->kit != 0) continue;
      ask->kit = kit;
      ask->part = i > 0;
      ask->whole = whole;
    }
  }
}

static mnz_status host_ask(void *host, int32_t buyer, int32_t seller, int32_t material, mnz_mass mass,
                           mnz_mass fresh, int32_t priority, bool only_free, mnz_mass *accepted,
                           mnz_error *err) {
  mnz_replication *r = host;
  mnz_site *site = &r->sites[seller];
  mnz_shelf *shelf = mnz_site_shelf(site, material);
  /* The seller remembers what was wanted, not what it could give: else a shortage would look like less
   * demand, and its own orders would dwindle. */
  mnz_site_use(site, material, fresh);
  *accepted = mass;
  if (only_free) {
    const mnz_mass free = host_free_stock(r, buyer, seller, material);
    if (free < mass) *accepted = free;
  }
  const mnz_time now = mnz_engine_now(r->engine);
  int32_t class = priority;
  const mnz_mass under = mnz_contracts_claim(r, buyer, seller, material, *accepted, &class);
  const mnz_mass other = *accepted - under;
  if (under > 0 && mnz_book_add(&shelf->book, r->asks, buyer, class, now, under, err) == NULL)
    return MNZ_NO_MEMORY;
  if (other > 0 && mnz_book_add(&shelf->book, r->asks, buyer, priority, now, other, err) == NULL)
    return MNZ_NO_MEMORY;
  if (r->n_ruled > 0) {
    const mnz_status status = mnz_host_regimes_want(r, buyer, seller, material, mass, *accepted, err);
    if (status != MNZ_OK) return status;
  }
  if (*accepted == 0) return MNZ_OK;
  if (is_counted(r, buyer, material)) mnz_record_order(r, buyer, seller, *accepted);
  mnz_event_log_order(r, MNZ_EVENT_ORDERED, buyer, seller, material, *accepted, priority);
  mnz_money_order(r, buyer, seller, material, *accepted, fresh);
  mnz_status status = MNZ_OK;
  if (r->n_echelons > 0 && r->scenario->flows[buyer].asks_of >= 0)
    status = mnz_echelon_asked(r, seller, material, err);
  return status != MNZ_OK ? status : mnz_site_stir(site, err);
}

static mnz_mass host_withdraw(void *host, int32_t buyer, int32_t seller, int32_t material, mnz_time before,
                              mnz_mass most) {
  mnz_replication *r = host;
  mnz_book *book = &mnz_site_shelf(&r->sites[seller], material)->book;
  mnz_time first;
  (void)mnz_book_open(book, buyer, before, &first);
  const mnz_mass back = mnz_book_withdraw(book, r->asks, buyer, before, most);
  const bool for_good = r->scenario->flows[buyer].asks_of >= 0; /* only a demand does not order anew */
  mnz_money_withdraw(r, buyer, seller, material, back, for_good);
  if (back > 0) {
    if (is_counted(r, buyer, material)) mnz_record_withdraw(r, buyer, seller, back, first, for_good);
    mnz_event_log_order(r, for_good ? MNZ_EVENT_GIVEN_UP : MNZ_EVENT_TAKEN_BACK, buyer, seller, material,
                        back, NAN);
  }
  return back;
}

static void host_let_pass(void *host, int32_t buyer, int32_t seller, int32_t material) {
  mnz_replication *r = host;
  mnz_book *book = &mnz_site_shelf(&r->sites[seller], material)->book;
  const mnz_time now = mnz_engine_now(r->engine);
  for (mnz_ask *ask = book->first; ask != NULL; ask = ask->next) {
    if (ask->buyer != buyer || ask->placed != now || ask->passing) continue;
    ask->passing = true;
    book->passing += ask->open;
  }
}

/* Only those that have something waiting for the room need to know: in a store, or behind one of no capacity.
 */
static mnz_status host_freed(void *host, int32_t node, int32_t material, mnz_error *err) {
  mnz_replication *r = host;
  for (int32_t i = 0; i < r->n_links; i++) {
    const mnz_link_spec *spec = r->links[i].spec;
    if (spec->to != node || !(r->scenario->link_pushes[i] >> material & 1)) continue;
    mnz_site *from = &r->sites[spec->from];
    const mnz_store *store = &mnz_site_shelf(from, material)->store;
    if (store->queue.first == NULL && store->capacity != 0) continue;
    mnz_status status = mnz_site_stir(from, err);
    if (status != MNZ_OK) return status;
  }
  return MNZ_OK;
}

static void host_unmet(void *host, int32_t buyer, mnz_time since) {
  mnz_replication *r = host;
  if (since < r->unmet[buyer]) r->unmet[buyer] = since;
}

static void host_filled(void *host, const mnz_ask *ask, mnz_mass mass) {
  mnz_replication *r = host;
  if (ask->part) return;
  mnz_record_fill(r, ask, mass);
  if (ask->placed < mnz_engine_now(r->engine)) host_unmet(r, ask->buyer, ask->placed);
}

static mnz_mass host_room(const void *host, int32_t node, int32_t material) {
  const mnz_replication *r = host;
  const mnz_site *site = &r->sites[node];
  const mnz_store *store = &mnz_site_shelf(site, material)->store;
  if (store->when_full == MNZ_FULL_LOSE) return INT64_MAX;
  const mnz_kind *kind = site->spec->kind;
  if (site->fluid == NULL && kind->room != NULL) return kind->room(site->self, material);
  const mnz_mass room = mnz_store_room(store);
  /* Of a tank the level has moved since it was last written down. */
  return site->fluid == NULL || room == INT64_MAX || site->fluid->part.feed != material
             ? room
             : room - mnz_fluid_drift(site->fluid);
}

static mnz_mass host_stock(const void *host, int32_t node, int32_t material) {
  const mnz_shelf *shelf = mnz_site_shelf(&((const mnz_replication *)host)->sites[node], material);
  return shelf == NULL ? 0 : shelf->store.mass;
}

static mnz_mass host_coming(const void *host, int32_t node, int32_t material) {
  const mnz_shelf *shelf = mnz_site_shelf(&((const mnz_replication *)host)->sites[node], material);
  return shelf == NULL ? 0 : shelf->store.reserved;
}

static double host_usage(const void *host, int32_t node, int32_t material) {
  return mnz_site_usage(&((const mnz_replication *)host)->sites[node], material);
}

static double host_lead_time(const void *host, int32_t buyer, int32_t seller, int32_t material) {
  const mnz_shelf *shelf = mnz_site_shelf(&((const mnz_replication *)host)->sites[seller], material);
  for (int32_t i = 0; i < shelf->n_out; i++) {
    const mnz_link *link = shelf->out[i];
    if (link->spec->to == buyer && link->closed == 0)
      return mnz_distribution_mean(&link->spec->lead_time) * link->stretch;
  }
  return INFINITY;
}

static double host_price(const void *host, const mnz_price *price) {
  return mnz_price_of(host, price);
}

void mnz_host_add_orders(mnz_services *services) {
  services->ask = host_ask;
  services->bind_kit = host_bind_kit;
  services->let_pass = host_let_pass;
  services->withdraw = host_withdraw;
  services->free_stock = host_free_stock;
  services->freed = host_freed;
  services->unmet = host_unmet;
  services->filled = host_filled;
  services->room = host_room;
  services->stock = host_stock;
  services->coming = host_coming;
  services->usage = host_usage;
  services->echelon = mnz_echelon_fed;
  services->lead_time = host_lead_time;
  services->price = host_price;
}
