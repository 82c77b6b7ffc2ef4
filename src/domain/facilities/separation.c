/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A separation divides one feed into many products by circuits that start on dates.
 *
 * Assumptions: a circuit takes its elements from every lot that leaves the line on or after its start; an
 * element without a running circuit, or beyond what its circuit can take, leaves as the `rest` material
 * (stock, not tails); rejected elements and what circuits lose are tails. A rule may stop the circuits of the
 * elements that can be rejected while their store is full, or their price is low. The capacity of a circuit
 * is an allowance that grows with time, up to thirty days of it. Left out: campaigns with changeover. */
#include <math.h>

#include "domain/said.h"
#include "domain/facilities/kinds.h"
#include "domain/processor.h"

typedef struct circuit_params {
  int32_t material;
  mnz_recovery recovery;
  mnz_distribution start;
  mnz_schedule capacity;
} circuit_params;

typedef enum reject_when { REJECT_ALWAYS, REJECT_FULL, REJECT_PRICE_BELOW } reject_when;
static const char *const reject_names[] = {"always", "full", "price_below", NULL};

typedef struct reject_params {
  int32_t when; /* reject_when */
  mnz_price price;
  mnz_price below;
} reject_params;

typedef struct separation_params {
  mnz_processor_params line; /* first */
  mnz_list circuits;         /* of circuit_params */
  uint32_t rejects;
  const reject_params *reject; /* NULL: always */
} separation_params;

static const mnz_param circuit_table[] = {
    {.name = "material",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(circuit_params, material),
     .required = true,
     .help = "the oxide that it makes, of all elements that the material is `of`"},
    {.name = "recovery",
     .type = MNZ_PARAM_RECOVERY,
     .offset = offsetof(circuit_params, recovery),
     .required = true,
     .min = 0,
     .max = 1,
     .help = "share of its elements that comes out; the rest is tails"},
    {.name = "start",
     .type = MNZ_PARAM_DISTRIBUTION,
     .dim = MNZ_DIM_DATE,
     .offset = offsetof(circuit_params, start),
     .help = "date from which it delivers, fixed or drawn; running from the start when not said"},
    {.name = "capacity",
     .type = MNZ_PARAM_SCHEDULE,
     .offset = offsetof(circuit_params, capacity),
     .help = "of its elements in the feed; unlimited when not said"},
    {.name = NULL}};

static const mnz_param reject_table[] = {
    {.name = "when",
     .type = MNZ_PARAM_CHOICE,
     .offset = offsetof(reject_params, when),
     .required = true,
     .choices = reject_names,
     .help =
         "always: what no circuit takes; full: also what a circuit would make while its store has no room, "
         "so "
         "that it does not throttle the plant; price_below: also what it would make while `price` is below "
         "`below`"},
    {.name = "price",
     .type = MNZ_PARAM_PRICE,
     .offset = offsetof(reject_params, price),
     .help = "the price that is looked at"},
    {.name = "below",
     .type = MNZ_PARAM_PRICE,
     .offset = offsetof(reject_params, below),
     .help = "what it must be at least for the circuit to work"},
    {.name = NULL}};

static const mnz_param separation_table[] = {
    MNZ_PROCESSOR_FEED_PARAMS,
    {.name = "circuits",
     .type = MNZ_PARAM_LIST,
     .offset = offsetof(separation_params, circuits),
     .required = true,
     .fields = circuit_table,
     .item_size = sizeof(circuit_params),
     .help = "the products"},
    {.name = "rest",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(mnz_processor_params, rest),
     .required = true,
     .help = "material that keeps the elements without a running circuit"},
    {.name = "rejects",
     .type = MNZ_PARAM_ELEMENTS,
     .offset = offsetof(separation_params, rejects),
     .help = "elements that go to the tails when no circuit takes them"},
    {.name = "reject",
     .type = MNZ_PARAM_GROUP,
     .offset = offsetof(separation_params, reject),
     .fields = reject_table,
     .item_size = sizeof(reject_params),
     .help = "when their circuits stop, so that they go to the tails; never when not said"},
    MNZ_PROCESSOR_LINE_PARAMS,
    MNZ_PROCESSOR_RULE_PARAMS,
    {.name = NULL}};

#define MAX_CIRCUITS 32

typedef struct separation {
  mnz_processor processor; /* first */
  const separation_params *params;
  int32_t order[MAX_CIRCUITS]; /* by material: draws do not depend on the order of the list */
  mnz_time start[MAX_CIRCUITS];
  double allowance[MAX_CIRCUITS]; /* milligrams that a circuit may still take */
  mnz_time allowed_at;
} separation;

static const circuit_params *circuit(const separation_params *p, int32_t i) {
  return (const circuit_params *)p->circuits.at + i;
}

static uint32_t elements_of(const mnz_catalog *catalog, const circuit_params *c) {
  return catalog->materials[c->material].of;
}

static void separation_flows(const void *params, const mnz_catalog *catalog, mnz_flows *out) {
  const separation_params *p = params;
  const double capacity = mnz_feed_rate(catalog, &p->line);
  out->lots = mnz_feed_lots(catalog, &p->line);
  double rest[MNZ_MAX_ELEMENTS];
  for (int32_t e = 0; e < MNZ_MAX_ELEMENTS; e++) rest[e] = p->rejects >> e & 1 ? 0 : 1;
  out->takes |= mnz_feed_takes(&p->line);
  for (int32_t i = 0; i < p->circuits.count; i++) {
    const circuit_params *c = circuit(p, i);
    if (c->material < 0) continue;
    double share[MNZ_MAX_ELEMENTS];
    mnz_recovery_mean(&c->recovery, catalog->elements.count, share);
    for (int32_t e = 0; e < catalog->elements.count; e++) {
      if (!(elements_of(catalog, c) >> e & 1))
        share[e] = 0;
      else if (c->capacity.count == 0)
        rest[e] = 0;
    }
    mnz_feed_conversion(catalog, &p->line, capacity, c->material, share, 1, out);
    out->separates |= UINT64_C(1) << c->material;
  }
  if (p->line.rest >= 0) mnz_feed_conversion(catalog, &p->line, capacity, p->line.rest, rest, 1, out);
  mnz_window_flows(&p->line.spec, out);
}

static void check_reject(const separation_params *p, const mnz_catalog *catalog, const mnz_report *report) {
  const reject_params *reject = p->reject;
  bool any = false;
  for (int32_t i = 0; i < p->circuits.count && reject != NULL; i++)
    any |= (elements_of(catalog, circuit(p, i)) & ~p->rejects) == 0;
  if (reject == NULL) return;
  if (!any && reject->when != REJECT_ALWAYS) {
    report->error(report->context, "reject",
                  "no circuit makes only elements of `rejects`; expected one that the rule can stop");
  }
  const bool prices = (reject->price.index >= 0 || !isnan(reject->price.constant)) &&
                      (reject->below.index >= 0 || !isnan(reject->below.constant));
  if (reject->when == REJECT_PRICE_BELOW && !prices)
    report->error(report->context, "reject",
                  "found no `price` or no `below`; expected both with price_below");
}

static void separation_check(const void *params, const mnz_catalog *catalog, const mnz_report *report) {
  const separation_params *p = params;
  uint32_t taken = 0;
  char path[64];
  char message[160];
  if (p->circuits.count > MAX_CIRCUITS) {
    snprintf(message, sizeof message, "found %d circuits; expected at most %d", p->circuits.count,
             MAX_CIRCUITS);
    report->error(report->context, "circuits", message);
  }
  for (int32_t i = 0; i < p->circuits.count; i++) {
    const uint32_t of = elements_of(catalog, circuit(p, i));
    for (int32_t e = 0; e < catalog->elements.count; e++) {
      if (!(of & taken & UINT32_C(1) << e)) continue;
      snprintf(path, sizeof path, "circuits[%d].material", i);
      snprintf(message, sizeof message,
               "found a second circuit for %s, which would create mass; expected each element in one circuit",
               catalog->elements.at[e]);
      report->error(report->context, path, message);
    }
    taken |= of;
  }
  check_reject(p, catalog, report);
  mnz_check_feeds(&p->line, catalog, report);
  mnz_check_fill(&p->line, catalog, report);
  mnz_flows flows = {0};
  separation_flows(p, catalog, &flows);
  mnz_processor_check_rules(&p->line, &flows, catalog, report);
}

/* Allowances grow with time; one of thirty days is kept at most. */
static void grow_allowances(separation *s) {
  const mnz_time now = mnz_site_now(s->processor.site);
  for (int32_t i = 0; i < s->params->circuits.count; i++) {
    const mnz_schedule *capacity = &circuit(s->params, i)->capacity;
    if (capacity->count == 0) continue;
    /* A circuit earns nothing before its start. */
    const mnz_time since = s->allowed_at > s->start[i] ? s->allowed_at : s->start[i];
    s->allowance[i] += mnz_schedule_mass(capacity, since, now);
    s->allowance[i] = fmin(s->allowance[i], mnz_schedule_rate(capacity, now) * 30 * 86400e6);
  }
  s->allowed_at = now;
}

/* Does the rule of rejection stop a circuit, for this lot? */
static bool is_rejected(const separation *s, int32_t i, const mnz_lot *feed) {
  const mnz_site *site = s->processor.site;
  const reject_params *reject = s->params->reject;
  const circuit_params *c = circuit(s->params, i);
  const uint32_t of = elements_of(site->catalog, c);
  if (reject == NULL || (of & ~s->params->rejects) != 0) return false;
  switch ((reject_when)reject->when) {
  case REJECT_ALWAYS:
    return false;
  case REJECT_FULL:
    return !mnz_site_has_room(site, c->material, mnz_basis_mass(site->catalog, of, feed));
  case REJECT_PRICE_BELOW:
    return site->services->price(site->services->host, &reject->price) <
           site->services->price(site->services->host, &reject->below);
  }
  return false;
}

/* The share of its elements that a circuit can take from this lot. */
static double circuit_share(separation *s, int32_t i, const mnz_lot *feed) {
  const mnz_catalog *catalog = s->processor.site->catalog;
  const circuit_params *c = circuit(s->params, i);
  if (mnz_site_now(s->processor.site) < s->start[i]) return 0;
  if (!mnz_campaigns_make(&s->processor.campaigns, c->material)) return 0;
  if (is_rejected(s, i, feed)) return 0;
  if (c->capacity.count == 0) return 1;
  const double mass = (double)mnz_basis_mass(catalog, elements_of(catalog, c), feed);
  if (mass <= 0) return 0;
  const double share = fmin(1, s->allowance[i] / mass);
  s->allowance[i] -= share * mass;
  return share;
}

static void count_rejected(separation *s, const mnz_lot *feed, const double *untaken) {
  const mnz_catalog *c = s->processor.site->catalog;
  mnz_mass *to = s->processor.site->counts.by_element[MNZ_COUNT_REJECTED];
  for (int32_t k = 0; k < c->n_components && s->params->rejects != 0; k++) {
    const int32_t e = mnz_component_element(c, k);
    if (s->params->rejects >> e & 1) to[e] += llround(untaken[e] * (double)feed->part[k]);
  }
}

static int32_t separation_fractions(void *self, const mnz_lot *feed, uint32_t occurrence,
                                    mnz_fraction *fraction) {
  separation *s = self;
  const separation_params *p = s->params;
  const mnz_site *site = s->processor.site;
  const int32_t n = p->circuits.count;
  mnz_fraction *rest = &fraction[n];
  *rest = (mnz_fraction){.material = p->line.rest, .grade = 1};
  double untaken[MNZ_MAX_ELEMENTS];
  for (int32_t e = 0; e < site->catalog->elements.count; e++) untaken[e] = 1;
  grow_allowances(s);
  for (int32_t k = 0; k < n; k++) {
    const int32_t i = s->order[k];
    const circuit_params *c = circuit(p, i);
    const uint32_t of = elements_of(site->catalog, c);
    const double taken = circuit_share(s, i, feed);
    fraction[i] = (mnz_fraction){.material = c->material, .grade = 1};
    mnz_recovery_draw(&c->recovery, site, k, occurrence, fraction[i].share);
    for (int32_t e = 0; e < site->catalog->elements.count; e++) {
      if (of >> e & 1) {
        fraction[i].share[e] *= taken;
        untaken[e] = 1 - taken;
      } else {
        fraction[i].share[e] = 0;
      }
    }
  }
  for (int32_t e = 0; e < site->catalog->elements.count; e++)
    rest->share[e] = p->rejects >> e & 1 ? 0 : untaken[e];
  count_rejected(s, feed, untaken);
  return n + 1;
}

static mnz_time draw_start(const mnz_site *site, const circuit_params *c) {
  if (!mnz_is_said(&c->start)) return 0;
  const uint32_t which = mnz_stream_hash(site->catalog->materials[c->material].name);
  return mnz_services_draw_whole(site->services, site->spec->hash, MNZ_PURPOSE_START,
                                 which & MNZ_STREAM_MAX_OCCURRENCE, &c->start);
}

static mnz_status separation_start(void *self, mnz_site *site, const void *params, mnz_error *err) {
  separation *s = self;
  const separation_params *p = params;
  *s = (separation){.params = p, .allowed_at = mnz_site_now(site)};
  for (int32_t i = 0; i < p->circuits.count; i++) {
    s->start[i] = draw_start(site, circuit(p, i));
    int32_t k = i;
    for (; k > 0 && circuit(p, s->order[k - 1])->material > circuit(p, i)->material; k--)
      s->order[k] = s->order[k - 1];
    s->order[k] = i;
  }
  return mnz_processor_start(&s->processor, site, &p->line, separation_fractions, err);
}

const mnz_kind mnz_separation_kind = {
    .name = "separation",
    .help = "divides one feed into many products by circuits that start on dates",
    .params = separation_table,
    .params_size = sizeof(separation_params),
    .outputs = mnz_processor_outputs,
    .flows = separation_flows,
    .check = separation_check,
    .state_size = sizeof(separation),
    .start = separation_start,
    .decide = mnz_processor_decide,
    .wake = mnz_processor_wake,
    .arrive = mnz_processor_arrive,
    .availability = mnz_processor_availability,
    .room = mnz_processor_room,
};
