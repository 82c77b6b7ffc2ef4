/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain_bench.h"

#include "domain/facilities/kinds.h"

static const char *const elements[] = {"Nd", "Pr", "Dy", "Tb"};
static const char *const origins[] = {"australia", "china"};
static const char *const nodes[] = {"here", "there", "yonder"};

/* --- services --- */

static mnz_time now(const void *host) {
  return ((const bench *)host)->now;
}

static bool comes_before(const fake_alarm *a, const fake_alarm *b) {
  if (a->at != b->at) return a->at < b->at;
  if (a->phase != b->phase) return a->phase < b->phase;
  return a->name < b->name;
}

static mnz_status wake(void *host, int32_t node, mnz_time at, mnz_phase phase, int32_t tag, mnz_alarm *alarm,
                       mnz_error *err) {
  bench *b = host;
  if (at < b->now) return mnz_fail(err, MNZ_MODEL, NULL, "an alarm in the past");
  EXPECT(b->n_alarms < (int32_t)(sizeof b->alarm / sizeof *b->alarm));
  const fake_alarm set = {at, phase, ++b->last_alarm, node, tag};
  int32_t i = b->n_alarms++;
  for (; i > 0 && comes_before(&set, &b->alarm[i - 1]); i--) b->alarm[i] = b->alarm[i - 1];
  b->alarm[i] = set;
  if (alarm != NULL) *alarm = set.name;
  return MNZ_OK;
}

static void take_alarm(bench *b, int32_t i) {
  memmove(&b->alarm[i], &b->alarm[i + 1], (size_t)(--b->n_alarms - i) * sizeof *b->alarm);
}

static void cancel(void *host, mnz_alarm *alarm) {
  bench *b = host;
  for (int32_t i = 0; *alarm != 0 && i < b->n_alarms; i++) {
    if (b->alarm[i].name == *alarm) take_alarm(b, i--);
  }
  *alarm = 0;
}

static mnz_status stir(void *host, int32_t node, mnz_error *err) {
  (void)err;
  ((bench *)host)->stirred[node]++;
  return MNZ_OK;
}

static void stream(void *host, uint32_t hash, mnz_purpose purpose, uint32_t occurrence, mnz_stream *out) {
  (void)host;
  mnz_stream_open(out,
                  (mnz_stream_key){.seed = 1, .object = hash, .purpose = purpose, .occurrence = occurrence});
}

/* Every way leads to the hand of the buyer, which uses the lot up. */
static mnz_status hand_over(void *host, int32_t to, mnz_lot **lot, mnz_error *err) {
  bench *b = host;
  (void)err;
  b->handed[to] += (*lot)->mass;
  b->n_handed++;
  mnz_ledger_depart(&b->ledger, *lot, to);
  mnz_ledger_arrive(&b->ledger, *lot);
  mnz_site_end(&b->site[to], lot, MNZ_END_DELIVERED);
  return MNZ_OK;
}

static mnz_status ask(void *host, int32_t buyer, int32_t seller, int32_t material, mnz_mass mass,
                      mnz_mass fresh, int32_t priority, bool only_free, mnz_mass *accepted, mnz_error *err) {
  bench *b = host;
  (void)buyer, (void)material, (void)err;
  *accepted = only_free && b->free[seller] < mass ? b->free[seller] : mass;
  b->asked[b->n_asked++] = (fake_ask){seller, mass, fresh, priority, only_free};
  return MNZ_OK;
}

static mnz_mass withdraw(void *host, int32_t buyer, int32_t seller, int32_t material, mnz_time before,
                         mnz_mass most) {
  bench *b = host;
  (void)buyer, (void)material, (void)before;
  const mnz_mass open = b->open[seller] < most ? b->open[seller] : most;
  b->open[seller] -= open;
  return open;
}

static mnz_mass free_stock(void *host, int32_t buyer, int32_t seller, int32_t material) {
  (void)buyer, (void)material;
  return ((bench *)host)->free[seller];
}

static mnz_status freed(void *host, int32_t node, int32_t material, mnz_error *err) {
  (void)node, (void)err;
  ((bench *)host)->freed[material]++;
  return MNZ_OK;
}

static void unmet(void *host, int32_t buyer, mnz_time since) {
  bench *b = host;
  if (b->unmet[buyer]++ == 0) b->unmet_since[buyer] = since;
}

static void filled(void *host, const mnz_ask *ask, mnz_mass mass) {
  (void)mass;
  if (ask->placed < ((bench *)host)->now) unmet(host, ask->buyer, ask->placed);
}

/* --- the world --- */

static void name_materials(bench *b) {
  b->materials[MIX] = (mnz_material){.name = "mix", .of = 15, .known = true, .nominal = {0.5, 0.15, 0.1}};
  b->materials[METAL] = (mnz_material){.name = "metal", .of = 15, .form = MNZ_FORM_METAL, .known = true};
  b->materials[OXIDE] = (mnz_material){.name = "oxide", .of = 3, .known = true, .nominal = {0.75, 0.25}};
  b->materials[REST] = (mnz_material){.name = "rest", .of = 15};
  for (int32_t e = 0; e < N_ELEMENTS; e++) b->catalog.metal_factor[e] = mnz_oxide_to_metal(elements[e]);
  b->materials[METAL].nominal[ND] = 0.7 / b->catalog.metal_factor[ND];
  b->materials[METAL].nominal[DY] = 0.3 / b->catalog.metal_factor[DY];
}

void bench_open(bench *b) {
  *b = (bench){.catalog = {.elements = {elements, N_ELEMENTS},
                           .origins = {origins, N_ORIGINS},
                           .n_materials = N_MATERIALS,
                           .n_components = N_ELEMENTS * N_ORIGINS,
                           .n_parts = N_PARTS}};
  name_materials(b);
  b->catalog.materials = b->materials;
  b->services = (mnz_services){.host = b,
                               .now = now,
                               .wake = wake,
                               .cancel = cancel,
                               .stir = stir,
                               .stream = stream,
                               .hand_over = hand_over,
                               .ask = ask,
                               .withdraw = withdraw,
                               .free_stock = free_stock,
                               .freed = freed,
                               .unmet = unmet,
                               .filled = filled};
  bool has[N_NODES * N_MATERIALS];
  for (size_t i = 0; i < sizeof has; i++) has[i] = true;
  EXPECT_OK(mnz_lots_open(&b->lots, &b->catalog, &b->err), b->err);
  EXPECT_OK(mnz_ledger_open(&b->ledger, &b->catalog, N_NODES, has, &b->err), b->err);
  EXPECT_OK(mnz_pool_create(&b->asks, sizeof(mnz_ask), &b->err), b->err);
  for (int32_t node = 0; node < N_NODES; node++) {
    b->spec[node] = (mnz_node_spec){.name = nodes[node], .hash = mnz_stream_hash(nodes[node])};
    b->site[node] = (mnz_site){.node = node,
                               .spec = &b->spec[node],
                               .catalog = &b->catalog,
                               .services = &b->services,
                               .ledger = &b->ledger,
                               .lots = &b->lots,
                               .asks = b->asks,
                               .n_shelves = N_MATERIALS,
                               .shelves = b->shelf[node],
                               .availability = 1};
    for (int8_t m = 0; m < N_MATERIALS; m++) {
      b->site[node].shelf_of[m] = m;
      mnz_store_open(&b->shelf[node][m].store, m, NULL);
    }
  }
}

static const char *node_name(const void *context, int32_t node) {
  (void)context;
  return nodes[node];
}

mnz_status bench_check(bench *b, mnz_mass *residual) {
  b->err = (mnz_error){0};
  return mnz_ledger_check(&b->ledger, &b->lots, node_name, NULL, residual, &b->err);
}

void bench_close(bench *b) {
  mnz_mass residual = -1;
  EXPECT_OK(bench_check(b, &residual), b->err);
  EXPECT(residual == 0);
  bench_free(b);
}

void bench_free(bench *b) {
  mnz_pool_free(b->asks);
  mnz_ledger_close(&b->ledger);
  mnz_lots_close(&b->lots);
}

bool bench_next(bench *b, mnz_time until, fake_alarm *alarm) {
  if (b->n_alarms == 0 || b->alarm[0].at > until) return false;
  *alarm = b->alarm[0];
  take_alarm(b, 0);
  b->now = alarm->at;
  return true;
}

mnz_lot *bench_lot(bench *b, int32_t material, const mnz_mass *part) {
  mnz_lot *lot = mnz_lot_new(&b->lots, material, HERE, b->now, &b->err);
  EXPECT(lot != NULL);
  memcpy(lot->part, part, N_PARTS * sizeof *part);
  mnz_lot_weigh(&b->lots, lot);
  mnz_ledger_born(&b->ledger, lot);
  return lot;
}

mnz_lot *bench_nd(bench *b, int32_t material, mnz_mass nd) {
  const mnz_mass part[N_PARTS] = {[ND] = nd};
  return bench_lot(b, material, part);
}

void bench_drop(bench *b, mnz_lot *lot) {
  mnz_site_end(&b->site[lot->node], &lot, MNZ_END_DELIVERED);
}

uint64_t bench_draw(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

mnz_mass bench_below(uint64_t *state, mnz_mass bound) {
  return (mnz_mass)(bench_draw(state) % (uint64_t)bound);
}
