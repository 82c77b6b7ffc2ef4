/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The feeds of a processor, whether they are said by `in` or by `feeds`. */
#ifndef MNZ_DOMAIN_FEEDS_H
#define MNZ_DOMAIN_FEEDS_H

#include "domain/processor.h"
#include "domain/said.h"

/* One of them, with what the node says where it says nothing itself. */
typedef struct mnz_feeding {
  int32_t material;
  int32_t priority;
  mnz_mass lot;                    /* taken at once; -1: the lots as they come */
  const mnz_distribution *service; /* NULL: by the capacity */
} mnz_feeding;

static inline int32_t mnz_feeds_count(const mnz_processor_params *p) {
  return p->feeds.count > 0 ? p->feeds.count : p->in.count;
}

static inline mnz_feeding mnz_feeds_at(const mnz_processor_params *p, int32_t i) {
  const mnz_distribution *service = mnz_is_said(&p->service) ? &p->service : NULL;
  if (p->feeds.count == 0) return (mnz_feeding){p->in.at[i], 1, p->lot, service};
  const mnz_feed *f = (const mnz_feed *)p->feeds.at + i;
  return (mnz_feeding){f->material, f->priority, f->lot > 0 ? f->lot : p->lot,
                       mnz_is_said(&f->service) ? &f->service : service};
}

#endif
