/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/services.h"

#include <math.h>

double mnz_services_draw(const mnz_services *s, uint32_t hash, mnz_purpose purpose, uint32_t occurrence,
                         const mnz_distribution *d) {
  if (d->kind == MNZ_DIST_CONSTANT) return d->p[0];
  if (d->kind == MNZ_DIST_TRACE) {
    if (mnz_distribution_is_over(d, occurrence)) s->trace_over(s->host, d->count);
    return d->values[occurrence % d->count];
  }
  mnz_stream stream;
  s->stream(s->host, hash, purpose, occurrence, &stream);
  return mnz_distribution_draw(d, &stream.rng);
}

int64_t mnz_services_draw_whole(const mnz_services *s, uint32_t hash, mnz_purpose purpose,
                                uint32_t occurrence, const mnz_distribution *d) {
  const double value = mnz_services_draw(s, hash, purpose, occurrence, d);
  return llround(fmin(value, (double)(INT64_MAX / 4)));
}
