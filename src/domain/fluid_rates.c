/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rates between two events: the greatest that agree with empty and full tanks.
 *
 * Downstream, a node gets no more than flows into its empty tank. Upstream, each way into a full tank gets a
 * cap: together they are what is taken out of it, each in proportion to what its node makes at its greatest
 * rate, and what one cannot use is for the others. Both are reckoned in turn until nothing changes; if that
 * does not come to an end, caps may only fall from then on. */
#include <math.h>

#include "base/error.h"
#include "domain/fluid.h"
#include "domain/line.h"

#define ROUNDS 50
#define SAME   1e-12

static bool is_empty(const mnz_fluid_node *node) {
  return (double)mnz_fluid_tank(node)->store.mass <= node->near;
}

static bool is_full(const mnz_fluid_node *node) {
  const mnz_store *tank = &mnz_fluid_tank(node)->store;
  return tank->capacity != INT64_MAX && (double)(tank->capacity - tank->mass) <= node->near;
}

/* --- what each could do --- */

/* Ramps are followed in so many steps. */
#define PIECES 64

/* The capacity from now on, constant until *until: of a ramp one piece at most, at its mean. */
static double capacity_of(const mnz_schedule *schedule, mnz_time now, mnz_time *until) {
  *until = mnz_schedule_bend(schedule, now);
  const double rate = mnz_schedule_rate(schedule, now);
  if (*until - now < 2 || mnz_schedule_rate(schedule, *until - 1) == rate) return rate;
  mnz_time ramp = 0;
  for (int32_t i = 0; i < schedule->count; i++) {
    if (schedule->at[i].ramp > ramp) ramp = schedule->at[i].ramp;
  }
  const mnz_time piece = ramp / PIECES + 1;
  if (*until - now > piece) *until = now + piece;
  return mnz_schedule_mass(schedule, now, *until) / (double)(*until - now);
}

static bool has_shares(const mnz_fluid_out *out) {
  return out->n_ways > 0 && !isnan(out->ways[0].link->spec->share);
}

/* An embargo is a closed valve. What flows is not counted, so that only all or nothing can be permitted. */
static bool is_permitted(const mnz_fluid_out *out, const mnz_fluid_way *way) {
  const mnz_services *s = way->to->site->services;
  const mnz_link_spec *link = way->link->spec;
  return s->permits == NULL || s->permits(s->host, link->from, link->to, out->material, 1, NULL) > 0;
}

static bool is_open(const mnz_fluid_out *out, int32_t w) {
  const mnz_link *link = out->ways[w].link;
  return link->closed == 0 && is_permitted(out, &out->ways[w]) &&
         !(has_shares(out) && !(link->spec->share > 0));
}

/* False if there are ways, but all are closed. */
static bool open_ways(mnz_fluid_out *out) {
  double shares = 0;
  int32_t open = 0;
  for (int32_t w = 0; w < out->n_ways; w++) {
    mnz_fluid_way *way = &out->ways[w];
    way->cap = is_open(out, w) ? INFINITY : 0;
    way->share = is_open(out, w) && has_shares(out) ? way->link->spec->share : 0;
    shares += way->share;
    open += is_open(out, w);
  }
  for (int32_t w = 0; w < out->n_ways && shares > 0; w++) out->ways[w].share /= shares;
  return out->n_ways == 0 || open > 0;
}

static mnz_time set_greatest(mnz_fluid_node *node, mnz_time now) {
  mnz_time until;
  node->greatest = capacity_of(node->part.capacity, now, &until) * node->part.per_basis * node->availability;
  node->limit = node->stuck ? 0 : node->greatest;
  for (int32_t k = 0; k < node->part.n_products; k++) {
    if (!open_ways(&node->outs[k])) node->limit = 0;
  }
  return until;
}

/* What rounding may make of a mass that is moved, milligrams: every part by one. A shorter way than this is
 * not worth an event, for rounding could undo it, again and again. */
static double grain(const mnz_fluid_node *node) {
  return 2 + node->site->catalog->n_parts;
}

/* A level nearer to a border than rounding and the resolution of time can tell is at it. */
static void set_near(mnz_fluid *f) {
  for (int32_t i = 0; i < f->n; i++) {
    mnz_fluid_node *node = f->order[i];
    node->near = grain(node) * (1 + node->n_before) + 2 * fmin(node->greatest, 1e9);
  }
  for (int32_t i = 0; i < f->n; i++) {
    const mnz_fluid_node *node = f->order[i];
    for (int32_t k = 0; k < node->part.n_products; k++) {
      for (int32_t w = 0; w < node->outs[k].n_ways; w++)
        node->outs[k].ways[w].to->near += 2 * fmin(node->greatest * node->outs[k].yield, 1e9);
    }
  }
}

/* --- what they can do together --- */

/* The greatest rate of a node at which a product's ways can take what they get; one of them may be reckoned
 * without its cap. */
static double room_of(const mnz_fluid_out *out, const mnz_fluid_way *free) {
  double room = has_shares(out) ? INFINITY : 0;
  if (out->n_ways == 0 || out->yield <= 0) return INFINITY;
  for (int32_t w = 0; w < out->n_ways; w++) {
    const mnz_fluid_way *way = &out->ways[w];
    const double cap = way == free ? INFINITY : way->cap;
    if (!has_shares(out))
      room += cap;
    else if (way->share > 0)
      room = fmin(room, cap / way->share);
  }
  return room / out->yield;
}

static double room_for(const mnz_fluid_node *node, const mnz_fluid_way *free) {
  double room = node->limit;
  for (int32_t k = 0; k < node->part.n_products; k++) room = fmin(room, room_of(&node->outs[k], free));
  return room;
}

/* What goes by each way at this rate: by shares, or as much as the first can take, then the next. */
static void divide(const mnz_fluid_out *out, double rate) {
  double left = rate * out->yield;
  const double whole = left;
  for (int32_t w = 0; w < out->n_ways; w++) {
    mnz_fluid_way *way = &out->ways[w];
    const double flow = has_shares(out) ? whole * way->share : fmin(left, way->cap);
    left -= flow;
    way->part = whole > 0 ? flow / whole : 0;
    way->to->inflow += flow;
  }
}

static void flow_down(mnz_fluid *f) {
  for (int32_t i = 0; i < f->n; i++) f->order[i]->inflow = 0;
  for (int32_t i = 0; i < f->n; i++) {
    mnz_fluid_node *node = f->order[i];
    node->can = node->part.feed >= 0 && is_empty(node) ? fmin(node->limit, node->inflow) : node->limit;
    node->room = room_for(node, NULL);
    node->rate = fmin(node->can, node->room);
    for (int32_t k = 0; k < node->part.n_products; k++) divide(&node->outs[k], node->rate);
  }
}

/* A way into a full tank. */
typedef struct feeder {
  mnz_fluid_way *way;
  double base; /* at the greatest rate of its node */
  double want; /* what it would carry if this tank had room */
} feeder;

#define MAX_FEEDERS 256

static feeder feeder_of(const mnz_fluid_node *node, const mnz_fluid_out *out, mnz_fluid_way *way) {
  double want = fmin(node->can, room_for(node, way)) * out->yield;
  if (has_shares(out)) return (feeder){way, node->greatest * out->yield * way->share, want * way->share};
  for (const mnz_fluid_way *before = out->ways; before < way; before++) want -= before->cap;
  return (feeder){way, node->greatest * out->yield, fmax(0, want)};
}

static int32_t find_feeders(const mnz_fluid *f, const mnz_fluid_node *to, feeder *feeders) {
  int32_t n = 0;
  for (int32_t i = 0; i < f->n; i++) {
    const mnz_fluid_node *node = f->order[i];
    for (int32_t k = 0; k < node->part.n_products; k++) {
      for (int32_t w = 0; w < node->outs[k].n_ways && n < MAX_FEEDERS; w++) {
        if (node->outs[k].ways[w].to != to || !is_open(&node->outs[k], w)) continue;
        feeders[n++] = feeder_of(node, &node->outs[k], &node->outs[k].ways[w]);
      }
    }
  }
  return n;
}

/* The cap for one of base 1, so that all together carry `takes`; INFINITY if they would not carry more. */
static double cap_of_base(const feeder *feeders, int32_t n, double takes) {
  double cap = INFINITY;
  for (int32_t round = 0; round <= n; round++) {
    double left = takes; /* by those who want more than their cap */
    double base = 0;
    for (int32_t i = 0; i < n; i++) {
      if (feeders[i].want <= feeders[i].base * cap && round > 0)
        left -= feeders[i].want;
      else
        base += feeders[i].base;
    }
    if (base <= 0) return round == 0 || left >= -SAME * takes ? INFINITY : cap;
    const double next = fmax(0, left) / base;
    if (round > 0 && next <= cap * (1 + SAME)) return cap;
    cap = next;
  }
  return cap;
}

static bool differs(double a, double b) {
  if (isinf(a) || isinf(b)) return isinf(a) != isinf(b);
  return fabs(a - b) > 1e-11 * fmax(a, b);
}

/* Caps for the ways into full tanks, from the end of the chain up. True if one has changed. */
static bool push_back(mnz_fluid *f, bool only_down) {
  feeder feeders[MAX_FEEDERS];
  bool changed = false;
  for (int32_t i = f->n - 1; i >= 0; i--) {
    const mnz_fluid_node *node = f->order[i];
    if (node->part.feed < 0 || node->n_before == 0 || !is_full(node)) continue;
    const int32_t n = find_feeders(f, node, feeders);
    const double cap = cap_of_base(feeders, n, room_for(node, NULL));
    for (int32_t k = 0; k < n; k++) {
      const double old = feeders[k].way->cap;
      const double own = isinf(cap) ? INFINITY : feeders[k].base * cap;
      if (!differs(own, old) || (only_down && own > old)) continue;
      feeders[k].way->cap = own;
      changed = true;
    }
  }
  return changed;
}

/* --- what comes of it --- */

static mnz_state state_of(const mnz_fluid_node *node) {
  if (node->availability <= 0) return MNZ_STATE_DOWN;
  if (node->greatest <= 0) return MNZ_STATE_IDLE;
  if (node->rate > node->greatest * SAME) return MNZ_STATE_UP;
  return node->room <= node->greatest * SAME ? MNZ_STATE_BLOCKED : MNZ_STATE_STARVED;
}

static void sooner(mnz_time *next, mnz_time now, double time) {
  if (!(time < (double)(INT64_MAX / 4))) return;
  const mnz_time at = now + (time < 1 ? 1 : (mnz_time)time);
  if (at < *next) *next = at;
}

/* When there is room for the lots that wait to be let in. */
static void meet_lots(const mnz_fluid_node *node, double fall, mnz_time now, mnz_time *next) {
  const mnz_fluid *f = node->fluid;
  const mnz_store *tank = &mnz_fluid_tank(node)->store;
  for (int32_t i = 0; i < f->n_links; i++) {
    const mnz_link_spec *link = f->links[i].spec;
    if (link->to != node->site->node) continue;
    const mnz_shelf *from = mnz_site_shelf(&f->sites[link->from], node->part.feed);
    if (from == NULL || from->store.queue.first == NULL) continue;
    const mnz_mass target = tank->capacity - tank->reserved - from->store.queue.first->mass;
    if (target >= 0 && target < tank->mass)
      sooner(next, now, ceil(((double)(tank->mass - target) + node->near) / fall));
  }
}

/* When the level comes to a border. */
static void meet_borders(mnz_fluid_node *node, mnz_time now, mnz_time *next) {
  const mnz_store *tank = &mnz_fluid_tank(node)->store;
  const double rise = node->inflow - node->rate;
  const bool at_border = is_empty(node) || is_full(node);
  node->holds = at_border && fabs(rise) <= 1e-9 * fmax(node->inflow, node->rate);
  if (node->holds) return;
  if (rise < 0 && !is_empty(node)) sooner(next, now, ceil((double)tank->mass / -rise));
  if (rise < 0 && node->n_lotwise > 0 && tank->capacity != INT64_MAX) meet_lots(node, -rise, now, next);
  if (rise > 0 && tank->capacity != INT64_MAX && !is_full(node))
    sooner(next, now, floor(((double)(tank->capacity - tank->mass) - node->near / 2) / rise));
}

static void look_ahead(mnz_fluid_node *node, mnz_time now, mnz_time *next) {
  if (node->part.feed >= 0) {
    meet_borders(node, now, next);
    if (node->first_lack == MNZ_NEVER && mnz_fluid_lacks(node)) node->first_lack = now;
  }
  for (int32_t k = 0; k < node->part.n_products; k++) {
    const mnz_fluid_out *out = &node->outs[k];
    const double rate = node->rate * out->yield;
    if (out->n_ways > 0 || rate <= 0) continue;
    const mnz_mass has = out->filling == NULL ? 0 : out->filling->mass;
    sooner(next, now, ceil(((double)(out->lot - has) + grain(node)) / rate));
  }
}

mnz_time mnz_fluid_rates(mnz_fluid *f) {
  const mnz_time now = f->services->now(f->services->host);
  mnz_time next = MNZ_NEVER;
  for (int32_t i = 0; i < f->n; i++) {
    const mnz_time until = set_greatest(f->order[i], now);
    if (until < INT64_MAX / 4) sooner(&next, now, (double)(until - now));
  }
  set_near(f);
  for (int32_t round = 0; round < 2 * ROUNDS; round++) {
    flow_down(f);
    if (!push_back(f, round >= ROUNDS)) break;
  }
  for (int32_t i = 0; i < f->n; i++) {
    look_ahead(f->order[i], now, &next);
    mnz_site_set_state(f->order[i]->site, state_of(f->order[i]));
  }
  return next;
}

/* --- verifying --- */

static bool is_sound(const mnz_fluid_node *node) {
  const double some = 1e-9 * (node->greatest + node->inflow) + 1e-15;
  if (!(node->rate >= 0) || node->rate > node->greatest + some || node->rate > node->can + some) return false;
  if (node->holds && fabs(node->inflow - node->rate) > some) return false;
  for (int32_t k = 0; k < node->part.n_products; k++) {
    double sum = 0;
    for (int32_t w = 0; w < node->outs[k].n_ways; w++) sum += node->outs[k].ways[w].part;
    if (node->outs[k].n_ways > 0 && node->rate > 0 && fabs(sum - 1) > 1e-9) return false;
  }
  return true;
}

mnz_status mnz_fluid_verify(const mnz_fluid *f, mnz_error *err) {
  for (int32_t i = 0; i < f->n; i++) {
    const mnz_fluid_node *node = f->order[i];
    if (!is_sound(node)) {
      return mnz_fail(err, MNZ_MODEL, node->site->spec->name,
                      "the rates of what flows do not agree: %g of %g", node->rate, node->greatest);
    }
    for (int32_t k = 0; k < node->part.n_products; k++) {
      const mnz_lot *filling = node->outs[k].filling;
      if (filling != NULL && filling->mass >= node->outs[k].lot)
        return mnz_fail(err, MNZ_MODEL, node->site->spec->name, "a lot that is complete has not left");
    }
  }
  return MNZ_OK;
}
