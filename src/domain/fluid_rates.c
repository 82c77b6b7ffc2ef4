/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rates between two events: the greatest that agree with empty and full tanks.
 *
 * Downstream, each node is slowed to what flows into its empty tank; upstream, those that feed a full tank
 * are slowed to what is taken out of it, or use another way. Limits only fall, so that going down and up
 * again comes to an end; a line needs a round for each node at most. */
#include <math.h>

#include "domain/fluid.h"
#include "domain/line.h"

#define ROUNDS 100
#define SAME   1e-12

static bool is_empty(const mnz_fluid_node *node) {
  return (double)mnz_fluid_tank(node)->store.mass <= node->near;
}

static bool is_full(const mnz_fluid_node *node) {
  const mnz_store *tank = &mnz_fluid_tank(node)->store;
  return tank->capacity != INT64_MAX && (double)(tank->capacity - tank->mass) <= node->near;
}

/* --- what each could do --- */

/* The capacity from now on, constant until *until: of a ramp a day at most, at its mean. */
static double capacity_of(const mnz_schedule *schedule, mnz_time now, mnz_time *until) {
  *until = mnz_schedule_bend(schedule, now);
  const double rate = mnz_schedule_rate(schedule, now);
  if (*until - now < 2 || mnz_schedule_rate(schedule, *until - 1) == rate) return rate;
  const mnz_time day = INT64_C(86400) * 1000000;
  if (*until - now > day) *until = now + day;
  return mnz_schedule_mass(schedule, now, *until) / (double)(*until - now);
}

static bool has_shares(const mnz_fluid_out *out) {
  return out->n_ways > 0 && !isnan(out->ways[0].link->spec->share);
}

/* All of it by the first way that is open, or by shares among those that are. False if all are closed. */
static bool set_parts(mnz_fluid_out *out) {
  double open = 0;
  for (int32_t w = 0; w < out->n_ways; w++) {
    mnz_fluid_way *way = &out->ways[w];
    const double share = has_shares(out) ? fmax(0, way->link->spec->share) : open > 0 ? 0 : 1;
    way->part = way->link->closed > 0 || isnan(share) ? 0 : share;
    open += way->part;
  }
  for (int32_t w = 0; w < out->n_ways && open > 0; w++) out->ways[w].part /= open;
  return out->n_ways == 0 || open > 0;
}

static mnz_time set_greatest(mnz_fluid_node *node, mnz_time now) {
  mnz_time until;
  node->greatest = capacity_of(node->part.capacity, now, &until) * node->part.per_basis * node->availability;
  node->limit = node->stuck ? 0 : node->greatest;
  for (int32_t k = 0; k < node->part.n_products; k++) {
    if (!set_parts(&node->outs[k])) node->limit = 0;
  }
  return until;
}

/* A level nearer to a border than rounding and the resolution of time can tell is at it. */
static void set_near(mnz_fluid *f) {
  for (int32_t i = 0; i < f->n; i++)
    f->order[i]->near = 2 + f->order[i]->n_before + 2 * fmin(f->order[i]->greatest, 1e9);
  for (int32_t i = 0; i < f->n; i++) {
    const mnz_fluid_node *node = f->order[i];
    for (int32_t k = 0; k < node->part.n_products; k++) {
      for (int32_t w = 0; w < node->outs[k].n_ways; w++)
        node->outs[k].ways[w].to->near += 2 * fmin(node->greatest * node->outs[k].yield, 1e9);
    }
  }
}

/* --- what they can do together --- */

static void flow_down(mnz_fluid *f) {
  for (int32_t i = 0; i < f->n; i++) f->order[i]->inflow = 0;
  for (int32_t i = 0; i < f->n; i++) {
    mnz_fluid_node *node = f->order[i];
    node->rate = node->limit;
    if (node->part.feed >= 0 && is_empty(node)) node->rate = fmin(node->limit, node->inflow);
    for (int32_t k = 0; k < node->part.n_products; k++) {
      const mnz_fluid_out *out = &node->outs[k];
      for (int32_t w = 0; w < out->n_ways; w++) {
        if (out->ways[w].part > 0) out->ways[w].to->inflow += node->rate * out->yield * out->ways[w].part;
      }
    }
  }
}

/* What goes this way is to be `times` (below 1) of what it is: the rest goes by the next open one, or the
 * node is slowed so that the other ways keep what they have. */
static void slow_way(mnz_fluid_node *node, mnz_fluid_out *out, int32_t w, double times) {
  const double less = out->ways[w].part * (1 - times);
  if (has_shares(out)) {
    node->limit = fmin(node->limit, node->rate * times);
    return;
  }
  for (int32_t other = w + 1; other < out->n_ways; other++) {
    if (out->ways[other].link->closed > 0) continue;
    out->ways[w].part -= less;
    out->ways[other].part += less;
    return;
  }
  const double whole = 1 - less > SAME ? 1 - less : 0;
  node->limit = fmin(node->limit, node->rate * whole);
  out->ways[w].part -= less;
  for (int32_t i = 0; i < out->n_ways && whole > 0; i++) out->ways[i].part /= whole;
}

static void slow_feeders(mnz_fluid *f, const mnz_fluid_node *to, double times) {
  for (int32_t i = 0; i < f->n; i++) {
    mnz_fluid_node *node = f->order[i];
    for (int32_t k = 0; k < node->part.n_products; k++) {
      mnz_fluid_out *out = &node->outs[k];
      for (int32_t w = 0; w < out->n_ways; w++) {
        if (out->ways[w].to == to && out->ways[w].part > 0) slow_way(node, out, w, times);
      }
    }
  }
}

/* True if something was slowed. */
static bool push_back(mnz_fluid *f) {
  bool slowed = false;
  for (int32_t i = f->n - 1; i >= 0; i--) {
    const mnz_fluid_node *node = f->order[i];
    if (node->part.feed < 0 || node->inflow <= 0 || !is_full(node)) continue;
    const double takes = fmin(node->rate, node->limit);
    if (takes >= node->inflow * (1 - SAME)) continue;
    slow_feeders(f, node, takes / node->inflow);
    slowed = true;
  }
  return slowed;
}

/* --- what comes of it --- */

static mnz_state state_of(const mnz_fluid_node *node) {
  if (node->availability <= 0) return MNZ_STATE_DOWN;
  if (node->greatest <= 0) return MNZ_STATE_IDLE;
  if (node->rate > node->greatest * SAME) return MNZ_STATE_UP;
  return node->limit <= node->greatest * SAME ? MNZ_STATE_BLOCKED : MNZ_STATE_STARVED;
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
    if (target >= 0 && target < tank->mass) sooner(next, now, ceil((double)(tank->mass - target) / fall));
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
  /* A milligram of each feeder's rounding below the border is near enough. */
  if (rise > 0 && tank->capacity != INT64_MAX && !is_full(node))
    sooner(next, now, floor((double)(tank->capacity - tank->mass - 1 - node->n_before) / rise));
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
    sooner(next, now, ceil((double)(out->lot - has) / rate));
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
  for (int32_t round = 0; round < ROUNDS; round++) {
    flow_down(f);
    if (!push_back(f)) break;
  }
  for (int32_t i = 0; i < f->n; i++) {
    look_ahead(f->order[i], now, &next);
    mnz_site_set_state(f->order[i]->site, state_of(f->order[i]));
  }
  return next;
}
