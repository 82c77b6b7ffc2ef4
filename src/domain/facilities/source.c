/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source makes lots of one material out of nothing, one after the other, and pushes them on: what arrives
 * from outside of the scenario.
 *
 * Assumptions: a lot has the material's nominal content. The intervals run on whatever becomes of the lots;
 * with when_blocked = "stop" the next one begins when the lot before has left. A disruption stretches the
 * interval that is running: at no capacity it stands still and goes on with what was left.
 *
 * With a rate instead of intervals it flows (domain/fluid.h). */
#include <math.h>

#include "domain/facilities/kinds.h"
#include "domain/fluid.h"
#include "domain/line.h"
#include "domain/said.h"

typedef enum when_blocked { BLOCKED_WAIT, BLOCKED_STOP, BLOCKED_LOSE } when_blocked;
static const char *const when_blocked_names[] = {"wait", "stop", "lose", NULL};

typedef struct source_params {
  int32_t material;
  int32_t origin;
  mnz_distribution lot;
  mnz_distribution every;
  mnz_schedule rate;
  mnz_time first;
  int32_t count;
  int32_t when_blocked;
} source_params;

static const mnz_param source_table[] = {
    {.name = "material",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(source_params, material),
     .required = true,
     .help = "what it makes, of the material's nominal content"},
    {.name = "lot",
     .type = MNZ_PARAM_DISTRIBUTION,
     .dim = MNZ_DIM_MASS,
     .offset = offsetof(source_params, lot),
     .min = 0,
     .max = 1e300,
     .help = "mass of a lot, drawn once a lot"},
    {.name = "every",
     .type = MNZ_PARAM_DISTRIBUTION,
     .dim = MNZ_DIM_TIME,
     .offset = offsetof(source_params, every),
     .min = 0,
     .max = 1e300,
     .help = "time from one lot to the next, drawn once a lot"},
    {.name = "rate",
     .type = MNZ_PARAM_SCHEDULE,
     .offset = offsetof(source_params, rate),
     .help =
         "or: it flows at this rate; `lot` is then the size in which it leaves for nodes that do not flow"},
    {.name = "first",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(source_params, first),
     .min = 0,
     .max = 1e300,
     .help = "time from the start to the first lot; one interval when not said"},
    {.name = "count",
     .type = MNZ_PARAM_COUNT,
     .offset = offsetof(source_params, count),
     .min = 1,
     .max = 1e9,
     .help = "how many lots it makes in all; no end when not said"},
    {.name = "origin",
     .type = MNZ_PARAM_ORIGIN,
     .offset = offsetof(source_params, origin),
     .help = "of all that comes from it; the material's own when not said"},
    {.name = "when_blocked",
     .type = MNZ_PARAM_CHOICE,
     .offset = offsetof(source_params, when_blocked),
     .choices = when_blocked_names,
     .fallback = "wait",
     .help =
         "a lot that cannot leave: wait: it waits here, others may follow; stop: no other is made until it "
         "has left; lose: it is lost, and counted"},
    {.name = NULL}};

typedef struct source {
  mnz_site *site;
  const source_params *params;
  uint32_t made;
  uint32_t intervals; /* drawn so far */
  double pace;        /* of the interval: 0 .. 1 */
  mnz_time left;      /* of the interval, at pace 1, at `since`; -1: none is running */
  mnz_time since;
  mnz_alarm alarm;
} source;

static mnz_mass lot_of(const source_params *p) {
  return p->lot.kind == MNZ_DIST_CONSTANT && p->lot.p[0] >= 1 ? llround(fmin(p->lot.p[0], 1e18)) : -1;
}

static void flow_out(const source_params *p, mnz_flows *out) {
  const double rate = mnz_schedule_greatest(&p->rate);
  const mnz_mass lot = lot_of(p);
  if (lot < 0)
    out->no_lots = out->makes;
  else
    out->lots = rate / (double)lot;
  *mnz_flows_convert(out) = (mnz_conversion){.product = p->material, .capacity = rate};
}

static void source_flows(const void *params, const mnz_catalog *catalog, mnz_flows *out) {
  const source_params *p = params;
  (void)catalog;
  if (p->material < 0) return;
  out->makes |= UINT64_C(1) << p->material;
  if (p->rate.count > 0) {
    flow_out(p, out);
    return;
  }
  const double interval = mnz_mean_if_any(&p->every);
  const double rate = interval > 0 ? mnz_mean_if_any(&p->lot) / interval : INFINITY;
  if (interval > 0 && p->count < 0) out->lots = 1 / interval;
  *mnz_flows_convert(out) = (mnz_conversion){.product = p->material, .capacity = rate};
}

static void check_flow(const source_params *p, const mnz_report *report) {
  if (mnz_is_said(&p->every) || p->count >= 0 || p->first >= 0) {
    report->error(report->context, "rate",
                  "found `every`, `first` or `count` beside it; expected a flow or lots, not both");
  }
  if (p->rate.basis != 0) {
    report->error(report->context, "rate",
                  "found a rate on some elements only; expected a rate on the whole mass");
  }
  if (mnz_is_said(&p->lot) && lot_of(p) < 0)
    report->error(report->context, "lot", "found a lot that is drawn; expected one size with a `rate`");
}

static void source_check(const void *params, const mnz_catalog *catalog, const mnz_report *report) {
  const source_params *p = params;
  if (p->rate.count > 0) check_flow(p, report);
  if (p->rate.count == 0 && !(mnz_mean_if_any(&p->lot) >= 1))
    report->error(report->context, "lot", "found lots of no mass; expected a mass such as \"20 t\"");
  if (p->rate.count == 0 && !(mnz_mean_if_any(&p->every) >= 1e6)) {
    report->error(report->context, "every",
                  "found lots less than a second apart; expected a time such as \"exponential(1 d)\"");
  }
  if (p->material >= 0 && !catalog->materials[p->material].known) {
    report->error(report->context, "material",
                  "the content of this material is not known; expected `content` or `like` in the material");
  }
}

/* --- the interval --- */

static mnz_status run_interval(source *s, mnz_error *err) {
  const mnz_time now = mnz_site_now(s->site);
  s->since = now;
  if (s->pace <= 0) return MNZ_OK;
  const double time = fmin(ceil((double)s->left / s->pace), (double)(INT64_MAX / 4));
  return mnz_site_wake(s->site, now + (s->pace == 1.0 ? s->left : (mnz_time)time), MNZ_PHASE_ARRIVAL, 0,
                       &s->alarm, err);
}

static bool is_at_its_end(const source *s) {
  return s->params->count >= 0 && s->made >= (uint32_t)s->params->count;
}

static mnz_status begin_interval(source *s, mnz_error *err) {
  const mnz_site *site = s->site;
  if (is_at_its_end(s)) return MNZ_OK;
  const mnz_time interval = mnz_services_draw_whole(site->services, site->spec->hash, MNZ_PURPOSE_INTERVAL,
                                                    s->intervals++, &s->params->every);
  s->left = interval > 0 ? interval : 0;
  return run_interval(s, err);
}

static mnz_status source_availability(void *self, double share, mnz_error *err) {
  source *s = self;
  if (s->left >= 0) {
    s->site->services->cancel(s->site->services->host, &s->alarm);
    const double passed = (double)(mnz_site_now(s->site) - s->since) * s->pace;
    s->left -= passed < (double)s->left ? llround(passed) : s->left;
  }
  s->pace = share;
  mnz_status status = s->left >= 0 ? run_interval(s, err) : MNZ_OK;
  return status != MNZ_OK ? status : mnz_site_stir(s->site, err);
}

/* --- lots --- */

#define MOST_MASS INT64_C(1000000000000000)

static mnz_status make(source *s, mnz_error *err) {
  const source_params *p = s->params;
  mnz_site *site = s->site;
  const mnz_mass mass =
      mnz_services_draw_whole(site->services, site->spec->hash, MNZ_PURPOSE_LOT_MASS, s->made++, &p->lot);
  /* At most a million tonnes at once, so that sums stay within their integers. */
  const mnz_mass whole = mass < 1 ? 1 : mass > MOST_MASS ? MOST_MASS : mass;
  mnz_lot *lot = mnz_site_make(site, p->material, p->origin, whole, err);
  return lot == NULL ? MNZ_NO_MEMORY : mnz_site_put(site, &lot, err);
}

static mnz_status source_wake(void *self, int32_t tag, mnz_error *err) {
  source *s = self;
  (void)tag; /* there is only one */
  s->alarm = 0;
  s->left = -1;
  mnz_status status = make(s, err);
  if (status != MNZ_OK || s->params->when_blocked == BLOCKED_STOP) return status;
  return begin_interval(s, err);
}

/* Turned away, not served: that counts as no wait. */
static void lose_all(source *s) {
  mnz_store *store = &mnz_site_shelf(s->site, s->params->material)->store;
  mnz_lot *lot;
  while ((lot = mnz_store_pop(store, s->site->ledger)) != NULL) mnz_site_lose(s->site, &lot);
}

static mnz_status source_decide(void *self, mnz_error *err) {
  source *s = self;
  mnz_status status;
  if ((status = mnz_site_forward(s->site, err)) != MNZ_OK) return status;
  if ((status = mnz_site_allocate(s->site, err)) != MNZ_OK) return status;
  if (s->params->when_blocked == BLOCKED_LOSE) lose_all(s);
  const bool waits = mnz_site_shelf(s->site, s->params->material)->store.queue.first != NULL;
  if (s->left < 0 && !waits && (status = begin_interval(s, err)) != MNZ_OK) return status;
  mnz_site_set_state(s->site, s->pace <= 0   ? MNZ_STATE_DOWN
                              : s->left >= 0 ? MNZ_STATE_UP
                              : waits        ? MNZ_STATE_BLOCKED
                                             : MNZ_STATE_IDLE);
  return MNZ_OK;
}

static mnz_status source_start(void *self, mnz_site *site, const void *params, mnz_error *err) {
  source *s = self;
  *s = (source){.site = site, .params = params, .pace = 1, .left = -1};
  mnz_status status = MNZ_OK;
  if (s->params->first >= 0) {
    s->left = s->params->first;
    status = run_interval(s, err);
  }
  return status != MNZ_OK ? status : mnz_site_stir(site, err);
}

/* --- as a flow --- */

static mnz_status spring(mnz_site *site, mnz_mass mass, mnz_lot **feed, mnz_lot **out, mnz_error *err) {
  const source_params *p = site->spec->params;
  (void)feed; /* there is none */
  out[0] = mnz_site_make(site, p->material, p->origin, mass, err);
  return out[0] == NULL ? MNZ_NO_MEMORY : MNZ_OK;
}

static bool source_flow(const void *params, const mnz_catalog *catalog, mnz_fluid_part *out) {
  const source_params *p = params;
  (void)catalog;
  if (p->rate.count == 0 || p->material < 0) return false;
  *out = (mnz_fluid_part){.feed = -1, .capacity = &p->rate, .per_basis = 1, .n_products = 1, .turn = spring};
  out->product[0] = (mnz_fluid_product){.material = p->material, .yield = 1, .lot = lot_of(p)};
  return true;
}

static const mnz_output source_outputs[] = {{"stock", "t", "lots that could not leave yet"},
                                            {"outflow", "t", "what left in the sample period"},
                                            {NULL, NULL, NULL}};

const mnz_kind mnz_source_kind = {
    .name = "source",
    .help = "makes lots one after the other and pushes them on: what arrives from outside",
    .params = source_table,
    .params_size = sizeof(source_params),
    .outputs = source_outputs,
    .flows = source_flows,
    .check = source_check,
    .flow = source_flow,
    .state_size = sizeof(source),
    .start = source_start,
    .decide = source_decide,
    .wake = source_wake,
    .availability = source_availability,
};
