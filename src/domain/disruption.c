/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/disruption.h"

#include <math.h>

enum { TAG_FAILURE, TAG_REPAIR, TAG_PERIODS };

/* Dated outages draw from occurrences that random ones never reach. */
#define FIRST_PERIOD (UINT32_C(1) << 23)

static double draw(const mnz_disruption *d, const mnz_distribution *from, mnz_purpose purpose,
                   uint32_t occurrence) {
  return mnz_services_draw(d->host->services, d->spec->hash, purpose, occurrence, from);
}

static mnz_status wake_in(mnz_disruption *d, double delay, int32_t tag, mnz_error *err) {
  const mnz_time now = d->host->now(d->host->host);
  if (!(delay < (double)(INT64_MAX / 4))) return MNZ_OK; /* beyond any horizon */
  return d->host->wake(d->host->host, d->index, now + llround(fmax(0, delay)), tag, err);
}

static bool is_random(const mnz_disruption_spec *spec) {
  return !(spec->ttf.kind == MNZ_DIST_CONSTANT && isnan(spec->ttf.p[0]));
}

mnz_status mnz_disruption_start(mnz_disruption *d, const mnz_disruption_spec *spec,
                                const mnz_disruption_host *host, int32_t index, double *period_loss,
                                mnz_error *err) {
  *d = (mnz_disruption){.spec = spec, .host = host, .index = index, .period_loss = period_loss};
  const mnz_time now = host->now(host->host);
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < spec->periods.count && status == MNZ_OK; i++) {
    const mnz_period *p = (const mnz_period *)spec->periods.at + i;
    period_loss[i] = 0;
    if (p->until != MNZ_NO_DATE && p->until <= now) continue;
    status = host->wake(host->host, index, p->from > now ? p->from : now, TAG_PERIODS + 2 * i, err);
    if (status != MNZ_OK || p->until == MNZ_NO_DATE) continue;
    status = host->wake(host->host, index, p->until, TAG_PERIODS + 2 * i + 1, err);
  }
  if (status != MNZ_OK || !is_random(spec)) return status;
  const double wait = spec->from != MNZ_NO_DATE && spec->from > now ? (double)(spec->from - now) : 0;
  return wake_in(d, wait + draw(d, &spec->ttf, MNZ_PURPOSE_TTF, 0), TAG_FAILURE, err);
}

static mnz_status fail(mnz_disruption *d, mnz_error *err) {
  const mnz_time now = d->host->now(d->host->host);
  if (d->spec->until != MNZ_NO_DATE && now >= d->spec->until) return MNZ_OK;
  d->random_loss = draw(d, &d->spec->loss, MNZ_PURPOSE_LOSS, d->outages);
  mnz_status status = d->host->changed(d->host->host, d->index, true, err);
  if (status != MNZ_OK) return status;
  return wake_in(d, draw(d, &d->spec->ttr, MNZ_PURPOSE_TTR, d->outages), TAG_REPAIR, err);
}

static mnz_status repair(mnz_disruption *d, mnz_error *err) {
  d->random_loss = 0;
  d->outages++;
  mnz_status status = d->host->changed(d->host->host, d->index, false, err);
  if (status != MNZ_OK) return status;
  return wake_in(d, draw(d, &d->spec->ttf, MNZ_PURPOSE_TTF, d->outages), TAG_FAILURE, err);
}

mnz_status mnz_disruption_wake(mnz_disruption *d, int32_t tag, mnz_error *err) {
  if (tag == TAG_FAILURE) return fail(d, err);
  if (tag == TAG_REPAIR) return repair(d, err);
  const int32_t i = (tag - TAG_PERIODS) / 2;
  const bool begins = (tag - TAG_PERIODS) % 2 == 0;
  const uint32_t occurrence = FIRST_PERIOD + (uint32_t)i;
  d->period_loss[i] = begins ? draw(d, &d->spec->loss, MNZ_PURPOSE_LOSS, occurrence) : 0;
  return d->host->changed(d->host->host, d->index, begins, err);
}

double mnz_disruption_loss(const mnz_disruption *d) {
  double left = 1.0 - d->random_loss;
  for (int32_t i = 0; i < d->spec->periods.count; i++) left *= 1.0 - d->period_loss[i];
  return 1.0 - left;
}
