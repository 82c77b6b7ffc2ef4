/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/link.h"

#include <math.h>

void mnz_link_open(mnz_link *link, const mnz_link_spec *spec, int32_t index) {
  *link = (mnz_link){.spec = spec, .index = index, .stretch = 1};
}

mnz_time mnz_link_draw(mnz_link *link, const mnz_services *services) {
  const mnz_time time = mnz_services_draw_whole(services, link->spec->hash, MNZ_PURPOSE_LEAD_TIME,
                                                link->departures++, &link->spec->lead_time);
  if (link->stretch == 1) return time;
  return llround(fmin((double)time * link->stretch, (double)(INT64_MAX / 4)));
}

mnz_time mnz_link_next_departure(const mnz_link *link, mnz_time now) {
  const mnz_dispatch *d = link->spec->dispatch;
  if (d == NULL) return MNZ_NEVER;
  const mnz_time first = d->first == MNZ_NO_DATE ? 0 : d->first;
  if (now <= first) return first;
  /* start + k * period, never an accumulated sum */
  return first + (now - first + d->every - 1) / d->every * d->every;
}
