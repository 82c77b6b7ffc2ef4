/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/service_life.h"

#include <math.h>
#include <stdio.h>

#define COHORT (INT64_C(365) * 86400 * 1000000 / 12)
#define NEVER  (INT64_MAX / 4)

static const mnz_param past_table[] = {{.name = "on",
                                        .type = MNZ_PARAM_DATE,
                                        .offset = offsetof(mnz_past_delivery, on),
                                        .required = true,
                                        .help = "when it was delivered, before the start"},
                                       {.name = "mass",
                                        .type = MNZ_PARAM_MASS,
                                        .offset = offsetof(mnz_past_delivery, mass),
                                        .required = true,
                                        .min = 1,
                                        .max = 1e300,
                                        .help = "of the product, of its nominal content"},
                                       {.name = "lots",
                                        .type = MNZ_PARAM_COUNT,
                                        .offset = offsetof(mnz_past_delivery, lots),
                                        .min = 1,
                                        .max = 1000,
                                        .fallback = "10",
                                        .help = "in how many lots, each with a lifetime of its own; what had "
                                                "ended by the start is left out"},
                                       {.name = NULL}};

static const mnz_param step_table[] = {{.name = "from",
                                        .type = MNZ_PARAM_DATE,
                                        .offset = offsetof(mnz_collection_step, from),
                                        .required = true,
                                        .help = "date from which it is that share"},
                                       {.name = "collected",
                                        .type = MNZ_PARAM_SHARE,
                                        .offset = offsetof(mnz_collection_step, collected),
                                        .required = true,
                                        .min = 0,
                                        .max = 1,
                                        .help = "share that is collected from then on"},
                                       {.name = NULL}};

const mnz_param mnz_end_of_life_params[] = {
    {.name = "life",
     .type = MNZ_PARAM_DISTRIBUTION,
     .dim = MNZ_DIM_TIME,
     .offset = offsetof(mnz_end_of_life, life),
     .required = true,
     .min = 0,
     .max = 1e300,
     .help = "how long the product serves, drawn once a delivered lot, to the nearest month"},
    {.name = "collected",
     .type = MNZ_PARAM_SHARE,
     .offset = offsetof(mnz_end_of_life, collected),
     .required = true,
     .min = 0,
     .max = 1,
     .help = "share that is collected then; the rest is lost"},
    {.name = "steps",
     .type = MNZ_PARAM_LIST,
     .offset = offsetof(mnz_end_of_life, steps),
     .fields = step_table,
     .item_size = sizeof(mnz_collection_step),
     .help = "other shares from dates on, in order; always `collected` when not said"},
    {.name = "returns",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(mnz_end_of_life, returns),
     .required = true,
     .help = "material that it comes back as, in the store of the demand, for links to carry on"},
    {.name = "past",
     .type = MNZ_PARAM_LIST,
     .offset = offsetof(mnz_end_of_life, past),
     .fields = past_table,
     .item_size = sizeof(mnz_past_delivery),
     .help = "what was delivered before the start and may still be in use"},
    {.name = NULL}};

/* --- cohorts --- */

static mnz_status set_alarm(mnz_service_life *s, mnz_error *err) {
  const mnz_services *services = s->site->services;
  const mnz_lot *first = s->in_use.first;
  if (s->alarm != 0 && (first == NULL || first->due != s->alarm_at))
    services->cancel(services->host, &s->alarm);
  if (first == NULL || s->alarm != 0) return MNZ_OK;
  s->alarm_at = first->due;
  return mnz_site_wake(s->site, first->due, MNZ_PHASE_COMPLETION, s->tag, &s->alarm, err);
}

/* In order of the end of service; one lot a cohort. */
static void add_cohort(mnz_service_life *s, mnz_lot *lot) {
  mnz_lot *before = NULL;
  mnz_lot *at = s->in_use.first;
  mnz_ledger_put(s->site->ledger, lot, MNZ_PLACE_USE);
  while (at != NULL && at->due < lot->due) {
    before = at;
    at = at->next;
  }
  if (at != NULL && at->due == lot->due) {
    mnz_lot_merge(s->site->lots, at, lot);
    return;
  }
  lot->next = at;
  if (before == NULL)
    s->in_use.first = lot;
  else
    before->next = lot;
  if (at == NULL) s->in_use.last = lot;
  s->in_use.count++;
}

/* The end of a service that begins at a time, which may be before the start. */
static mnz_time draw_end(mnz_service_life *s, mnz_time begin) {
  const mnz_time life = mnz_services_draw_whole(s->site->services, s->site->spec->hash, MNZ_PURPOSE_LIFE,
                                                s->lots++, &s->params->life);
  if (life >= NEVER) return NEVER;
  return llround((double)(begin + life) / (double)COHORT) * COHORT;
}

mnz_status mnz_service_life_begin(mnz_service_life *s, mnz_lot **lot, mnz_error *err) {
  const mnz_time now = mnz_site_now(s->site);
  const mnz_time end = draw_end(s, now);
  mnz_lot *in = *lot;
  *lot = NULL;
  in->due = end > now ? end : now;
  in->ordered = 0;
  in->late = false;
  add_cohort(s, in);
  return set_alarm(s, err);
}

static mnz_status begin_past(mnz_service_life *s, const mnz_past_delivery *past, mnz_error *err) {
  for (int32_t i = 0; i < past->lots; i++) {
    const mnz_mass mass = past->mass / past->lots + (i < past->mass % past->lots);
    const mnz_time end = draw_end(s, past->on);
    if (end <= 0 || mass == 0) continue;
    mnz_lot *lot = mnz_site_make(s->site, s->material, -1, mass, err);
    if (lot == NULL) return MNZ_NO_MEMORY;
    lot->due = end;
    add_cohort(s, lot);
  }
  return MNZ_OK;
}

mnz_status mnz_service_life_start(mnz_service_life *s, mnz_site *site, const mnz_end_of_life *params,
                                  int32_t material, int32_t tag, mnz_error *err) {
  *s = (mnz_service_life){.site = site, .params = params, .material = material, .tag = tag};
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; params != NULL && i < params->past.count && status == MNZ_OK; i++)
    status = begin_past(s, (const mnz_past_delivery *)params->past.at + i, err);
  return status != MNZ_OK ? status : set_alarm(s, err);
}

/* --- collection --- */

static double collected_now(const mnz_service_life *s) {
  const mnz_collection_step *steps = s->params->steps.at;
  double share = s->params->collected;
  for (int32_t i = 0; i < s->params->steps.count; i++) {
    if (steps[i].from <= mnz_site_now(s->site)) share = steps[i].collected;
  }
  return share;
}

static mnz_status collect(mnz_service_life *s, mnz_lot *lot, mnz_error *err) {
  const mnz_mass collected = llround((double)lot->mass * collected_now(s));
  if (collected < lot->mass) {
    mnz_lot *rest = lot;
    if (collected > 0 && (rest = mnz_lot_split(s->site->lots, lot, lot->mass - collected, err)) == NULL)
      return MNZ_NO_MEMORY;
    if (rest == lot) lot = NULL;
    mnz_site_end(s->site, &rest, MNZ_END_LOST);
  }
  if (lot == NULL) return MNZ_OK;
  lot->material = s->params->returns;
  lot->born = mnz_site_now(s->site);
  lot->counted = false;
  mnz_lot_weigh(s->site->lots, lot);
  mnz_lot_tell(s->site->lots->watch, MNZ_LOT_BECAME, lot, NULL, lot->mass, 0);
  mnz_site_count_elements(s->site, MNZ_COUNT_RETURNED, lot);
  return mnz_site_put(s->site, &lot, err);
}

mnz_status mnz_service_life_wake(mnz_service_life *s, mnz_error *err) {
  s->alarm = 0;
  while (s->in_use.first != NULL && s->in_use.first->due <= mnz_site_now(s->site)) {
    mnz_lot *lot = mnz_lot_queue_pop(&s->in_use);
    mnz_ledger_take(s->site->ledger, lot);
    mnz_status status = collect(s, lot, err);
    if (status != MNZ_OK) return status;
  }
  return set_alarm(s, err);
}

/* --- before a run --- */

void mnz_end_of_life_check(const mnz_end_of_life *params, const mnz_catalog *catalog, int32_t product,
                           const mnz_report *report) {
  char path[64];
  if (params == NULL) return;
  if (params->returns >= 0 && params->returns == product)
    report->error(report->context, "end_of_life.returns",
                  "found the product itself; expected a material of its own, such as scrap");
  if (params->returns >= 0 && product >= 0 &&
      catalog->materials[params->returns].form != catalog->materials[product].form) {
    report->error(report->context, "end_of_life.returns",
                  "found a material of another form; expected `form` to be that of the product");
  }
  const mnz_collection_step *steps = params->steps.at;
  for (int32_t i = 1; i < params->steps.count; i++) {
    snprintf(path, sizeof path, "end_of_life.steps[%d].from", i);
    if (steps[i].from <= steps[i - 1].from)
      report->error(report->context, path,
                    "found a date that is not after the one before; expected a later one");
  }
  for (int32_t i = 0; i < params->past.count; i++) {
    snprintf(path, sizeof path, "end_of_life.past[%d].on", i);
    if (((const mnz_past_delivery *)params->past.at)[i].on >= 0)
      report->error(report->context, path,
                    "found a date that is not before `start`; expected an earlier one");
  }
}

static double most_collected(const mnz_end_of_life *params) {
  double most = params->collected;
  for (int32_t i = 0; i < params->steps.count; i++)
    most = fmax(most, ((const mnz_collection_step *)params->steps.at)[i].collected);
  return most;
}

void mnz_end_of_life_flows(const mnz_end_of_life *params, double rate, mnz_flows *out) {
  if (params == NULL || params->returns < 0) return;
  out->makes |= UINT64_C(1) << params->returns;
  mnz_conversion *c = mnz_flows_convert(out);
  if (c == NULL) return;
  *c = (mnz_conversion){.product = params->returns,
                        .capacity = rate > 0 ? rate * most_collected(params) : INFINITY};
}
