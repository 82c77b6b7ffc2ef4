/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/feeds.h"

#include <stdio.h>

const mnz_param mnz_feed_params[] = {
    {.name = "material",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(mnz_feed, material),
     .required = true,
     .help = "what is fed"},
    {.name = "service",
     .type = MNZ_PARAM_DISTRIBUTION,
     .dim = MNZ_DIM_TIME,
     .offset = offsetof(mnz_feed, service),
     .min = 0,
     .max = 1e300,
     .help = "time of work on one lot of it, drawn once a lot; as the node has it when not said"},
    {.name = "priority",
     .type = MNZ_PARAM_COUNT,
     .offset = offsetof(mnz_feed, priority),
     .min = 1,
     .max = 99,
     .fallback = "1",
     .help = "class: 1 is served first"},
    {.name = "lot",
     .type = MNZ_PARAM_MASS,
     .offset = offsetof(mnz_feed, lot),
     .min = 1,
     .max = 1e300,
     .help = "taken at once; as the node has it when not said"},
    {.name = NULL}};

uint64_t mnz_feed_takes(const mnz_processor_params *params) {
  uint64_t takes = 0;
  for (int32_t i = 0; i < mnz_feeds_count(params); i++) {
    const int32_t material = mnz_feeds_at(params, i).material;
    if (material >= 0) takes |= UINT64_C(1) << material;
  }
  return takes;
}

double mnz_feed_content(const mnz_catalog *catalog, const mnz_processor_params *params, int32_t element) {
  double sum = 0;
  int32_t known = 0;
  for (int32_t i = 0; i < mnz_feeds_count(params); i++) {
    const int32_t material = mnz_feeds_at(params, i).material;
    if (material < 0 || !catalog->materials[material].known) continue;
    sum += catalog->materials[material].nominal[element];
    known++;
  }
  return known == 0 ? 0 : sum / known;
}

/* Of one line, by its service where it has one. */
static double rate_of_line(const mnz_catalog *catalog, const mnz_processor_params *params) {
  const mnz_schedule *capacity = &params->capacity;
  if (mnz_is_said(&params->service))
    return params->lot > 0 ? (double)params->lot / mnz_distribution_mean(&params->service) : INFINITY;
  const double rate = mnz_schedule_greatest(capacity);
  if (capacity->basis == 0 || isinf(rate)) return rate;
  double content = 0;
  for (int32_t e = 0; e < catalog->elements.count; e++) {
    if (capacity->basis >> e & 1) content += mnz_feed_content(catalog, params, e);
  }
  return content > 0 ? rate / content : INFINITY;
}

double mnz_feed_rate(const mnz_catalog *catalog, const mnz_processor_params *params) {
  return rate_of_line(catalog, params) * params->lines;
}

double mnz_feed_lots(const mnz_catalog *catalog, const mnz_processor_params *params) {
  /* With a service there are as many lots as come. */
  if (params->lot <= 0 || params->capacity.count == 0) return 0;
  return mnz_feed_rate(catalog, params) / (double)params->lot;
}

void mnz_feed_conversion(const mnz_catalog *catalog, const mnz_processor_params *params, double capacity,
                         int32_t product, const double *share, double grade, mnz_flows *out) {
  mnz_conversion *c = product < 0 ? NULL : mnz_flows_convert(out);
  if (c == NULL) return;
  double yield = 0;
  for (int32_t e = 0; e < catalog->elements.count; e++) {
    yield += share[e] * mnz_feed_content(catalog, params, e) / grade;
  }
  *c = (mnz_conversion){.product = product, .any = true};
  out->makes |= UINT64_C(1) << product;
  /* Without a known content nothing can be said of rates. */
  c->capacity = yield > 0 ? capacity * yield : INFINITY;
  for (int32_t i = 0; i < mnz_feeds_count(params) && c->n_inputs < 8; i++) {
    const int32_t material = mnz_feeds_at(params, i).material;
    if (material < 0) continue;
    c->input[c->n_inputs].material = material;
    c->input[c->n_inputs++].per_product = yield > 0 ? 1 / yield : 0;
  }
}

/* --- checks --- */

void mnz_check_recoveries(const mnz_catalog *catalog, const double *sum, const char *path,
                          const mnz_report *report) {
  char message[160];
  for (int32_t e = 0; e < catalog->elements.count; e++) {
    if (sum[e] <= 1 + 1e-9) continue;
    snprintf(message, sizeof message,
             "found recoveries of %s that add up to %.4g %%, which creates mass; expected at most 100 %%",
             catalog->elements.at[e], sum[e] * 100);
    report->error(report->context, path, message);
    return;
  }
}

void mnz_check_fill(const mnz_processor_params *params, const mnz_catalog *catalog,
                    const mnz_report *report) {
  if (params->drawable > 0 && params->hold_up <= 0)
    report->error(report->context, "drawable", "found no hold-up to draw from; expected `hold_up`");
  if (!params->filled) return;
  if (params->lot <= 0)
    report->error(report->context, "filled", "found no lot size; expected `lot` to fill the line with");
  if (mnz_feeds_count(params) == 0) return;
  const int32_t material = mnz_feeds_at(params, 0).material;
  if (material >= 0 && !catalog->materials[material].known) {
    report->error(report->context, "filled",
                  "the content of the feed is not known; expected `content` or `like` in its material");
  }
}

static void check_service(const mnz_distribution *service, const char *path, const mnz_report *report) {
  if (!mnz_is_said(service) || mnz_distribution_mean(service) >= 1e6) return;
  report->error(report->context, path, "found less than a second a lot; expected a longer time");
}

static void check_each(const mnz_processor_params *params, const mnz_catalog *catalog,
                       const mnz_report *report) {
  char path[64];
  uint64_t seen = 0;
  for (int32_t i = 0; i < params->feeds.count; i++) {
    const mnz_feed *f = (const mnz_feed *)params->feeds.at + i;
    snprintf(path, sizeof path, "feeds[%d].material", i);
    mnz_check_once(&seen, f->material, path, catalog, report);
    snprintf(path, sizeof path, "feeds[%d].service", i);
    check_service(&f->service, path, report);
  }
}

static bool all_have_service(const mnz_processor_params *params) {
  if (params->feeds.count == 0) return mnz_is_said(&params->service);
  for (int32_t i = 0; i < params->feeds.count; i++) {
    if (mnz_feeds_at(params, i).service == NULL) return false;
  }
  return true;
}

void mnz_check_feeds(const mnz_processor_params *params, const mnz_catalog *catalog,
                     const mnz_report *report) {
  void *const to = report->context;
  if (params->in.count > 0 && params->feeds.count > 0)
    report->error(to, "feeds", "found `in` too; expected only one of them");
  if (params->in.count == 0 && params->feeds.count == 0)
    report->error(to, "in", "missing; expected a material, or `feeds`");
  if (params->capacity.count > 0 && mnz_is_said(&params->service))
    report->error(to, "service", "found `capacity` too; expected only one of them");
  if (params->capacity.count == 0 && params->feeds.count + params->in.count > 0 && !all_have_service(params))
    report->error(to, "capacity", "missing; expected a rate, or `service`");
  if (params->preempt && params->feeds.count == 0)
    report->error(to, "preempt", "found no classes; expected `feeds` with a `priority` each");
  check_service(&params->service, "service", report);
  check_each(params, catalog, report);
}

void mnz_processor_check_rules(const mnz_processor_params *params, const mnz_flows *flows,
                               const mnz_catalog *catalog, const mnz_report *report) {
  mnz_window_check(&params->spec, mnz_feed_takes(params), flows, catalog, report);
  mnz_campaigns_check(&params->campaigns, flows, catalog, report);
  mnz_cap_check(params->cap, report);
}
