/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/processor.h"

#include <math.h>
#include <stdio.h>

mnz_status mnz_processor_start(mnz_processor *p, mnz_site *site, const mnz_processor_params *params,
                               int32_t (*fractions)(void *self, const mnz_lot *feed, const gsl_rng *rng,
                                                    mnz_fraction *fraction),
                               mnz_error *err) {
  *p = (mnz_processor){.site = site, .params = params, .fractions = fractions};
  mnz_line_open(&p->line, site, &params->capacity, &params->residence, params->hold_up, 0);
  for (int32_t i = 0; i < params->in.count; i++) {
    mnz_store *store = &mnz_site_shelf(site, params->in.at[i])->store;
    if (params->lot > store->at_least) store->at_least = params->lot;
  }
  mnz_status status = MNZ_OK;
  if (params->filled) status = mnz_line_fill(&p->line, params->in.at[0], params->lot, err);
  if (status == MNZ_OK) status = mnz_line_start(&p->line, err);
  return status != MNZ_OK ? status : mnz_site_stir(site, err);
}

/* Lots that are through the line become products. */
static mnz_status finish(mnz_processor *p, mnz_error *err) {
  mnz_fraction fraction[MNZ_MAX_MATERIALS];
  mnz_lot *out[MNZ_MAX_MATERIALS];
  while (mnz_outbox_is_empty(&p->outbox) && mnz_line_due(&p->line) != NULL) {
    mnz_lot *feed = mnz_line_pop(&p->line, err);
    if (feed == NULL) return MNZ_NO_MEMORY;
    mnz_stream stream;
    p->site->services->stream(p->site->services->host, p->site->spec->hash, MNZ_PURPOSE_RECOVERY, p->split++,
                              &stream);
    const int32_t n = p->fractions(p, feed, &stream.rng, fraction);
    mnz_status status = mnz_transform(p->site, &feed, fraction, n, out, err);
    if (status != MNZ_OK) return status;
    for (int32_t i = 0; i < n; i++) mnz_outbox_add(&p->outbox, p->site, &out[i]);
    if ((status = mnz_outbox_settle(&p->outbox, p->site, err)) != MNZ_OK) return status;
  }
  return MNZ_OK;
}

static mnz_status feed(mnz_processor *p, bool *starved, mnz_error *err) {
  *starved = false;
  while (mnz_outbox_is_empty(&p->outbox) && mnz_line_is_free(&p->line)) {
    mnz_lot *lot = NULL;
    for (int32_t i = 0; i < p->params->in.count && lot == NULL; i++) {
      mnz_status status = p->params->lot > 0
                              ? mnz_site_take(p->site, p->params->in.at[i], p->params->lot, &lot, err)
                              : mnz_site_pop(p->site, p->params->in.at[i], &lot, err);
      if (status != MNZ_OK) return status;
    }
    *starved = lot == NULL;
    if (lot == NULL) return MNZ_OK;
    mnz_status status = mnz_line_load(&p->line, &lot, err);
    if (status != MNZ_OK) return status;
  }
  return MNZ_OK;
}

mnz_status mnz_processor_decide(void *self, mnz_error *err) {
  mnz_processor *p = self;
  mnz_status status;
  bool starved;
  if ((status = mnz_outbox_settle(&p->outbox, p->site, err)) != MNZ_OK) return status;
  if ((status = finish(p, err)) != MNZ_OK) return status;
  if ((status = feed(p, &starved, err)) != MNZ_OK) return status;
  mnz_site_set_state(p->site, p->line.pace <= 0                  ? MNZ_STATE_DOWN
                              : !mnz_outbox_is_empty(&p->outbox) ? MNZ_STATE_BLOCKED
                              : p->line.work != NULL             ? MNZ_STATE_UP
                              : starved                          ? MNZ_STATE_STARVED
                                                                 : MNZ_STATE_IDLE);
  return MNZ_OK;
}

mnz_status mnz_processor_wake(void *self, int32_t tag, mnz_error *err) {
  mnz_processor *p = self;
  mnz_status status = MNZ_OK;
  mnz_line_wake(&p->line, tag, &status, err);
  return status != MNZ_OK ? status : mnz_site_stir(p->site, err);
}

mnz_status mnz_processor_availability(void *self, double share, mnz_error *err) {
  mnz_processor *p = self;
  mnz_status status = mnz_line_set_pace(&p->line, share, err);
  return status != MNZ_OK ? status : mnz_site_stir(p->site, err);
}

/* --- before a run --- */

double mnz_feed_content(const mnz_catalog *catalog, const mnz_ids *in, int32_t element) {
  double sum = 0;
  int32_t known = 0;
  for (int32_t i = 0; i < in->count; i++) {
    if (in->at[i] < 0 || !catalog->materials[in->at[i]].known) continue;
    sum += catalog->materials[in->at[i]].nominal[element];
    known++;
  }
  return known == 0 ? 0 : sum / known;
}

double mnz_feed_rate(const mnz_catalog *catalog, const mnz_ids *in, const mnz_schedule *capacity) {
  const double rate = mnz_schedule_greatest(capacity);
  if (capacity->basis == 0 || isinf(rate)) return rate;
  double content = 0;
  for (int32_t e = 0; e < catalog->elements.count; e++) {
    if (capacity->basis >> e & 1) content += mnz_feed_content(catalog, in, e);
  }
  return content > 0 ? rate / content : INFINITY;
}

void mnz_feed_conversion(const mnz_catalog *catalog, const mnz_ids *in, double capacity, int32_t product,
                         const double *share, double grade, mnz_flows *out) {
  mnz_conversion *c = product < 0 ? NULL : mnz_flows_convert(out);
  if (c == NULL) return;
  double yield = 0;
  for (int32_t e = 0; e < catalog->elements.count; e++) {
    yield += share[e] * mnz_feed_content(catalog, in, e) / grade;
  }
  *c = (mnz_conversion){.product = product, .any = true};
  out->makes |= UINT64_C(1) << product;
  /* Without a known content nothing can be said of rates. */
  c->capacity = yield > 0 ? capacity * yield : INFINITY;
  for (int32_t i = 0; i < in->count && c->n_inputs < 8; i++) {
    if (in->at[i] < 0) continue;
    c->input[c->n_inputs].material = in->at[i];
    c->input[c->n_inputs++].per_product = yield > 0 ? 1 / yield : 0;
  }
}

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
  if (!params->filled) return;
  if (params->lot <= 0)
    report->error(report->context, "filled", "found no lot size; expected `lot` to fill the line with");
  const mnz_ids *in = &params->in;
  if (in->count > 0 && in->at[0] >= 0 && !catalog->materials[in->at[0]].known) {
    report->error(report->context, "filled",
                  "the content of the feed is not known; expected `content` or `like` in its material");
  }
}

const mnz_output mnz_processor_outputs[] = {
    {"in_process", "t", "what is in the line, of feed and of products that wait for room"},
    {"state_share", "1", "share of time idle, up, starved, blocked and down"},
    {NULL, NULL, NULL}};
