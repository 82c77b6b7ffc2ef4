/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A link moves lots between two nodes: at once, or by a timetable. What cannot leave yet (closed way, no
 * departure, full vessel) waits at the dock, which belongs to the link. A closed link holds what has not
 * left; what is under way goes on, waits, returns or is lost, as the link says. */
#ifndef MNZ_DOMAIN_LINK_H
#define MNZ_DOMAIN_LINK_H

#include "domain/services.h"
#include "domain/spec.h"
#include "domain/site.h"

/* What is known to be coming. */
typedef struct mnz_warning {
  int32_t count;  /* outages */
  mnz_time since; /* when the first of them became known */
} mnz_warning;

typedef struct mnz_link {
  const mnz_link_spec *spec;
  int32_t index;
  int32_t closed; /* how many disruptions close it now */
  double stretch; /* of lead times, by disruptions */
  mnz_warning warning;
  int32_t away; /* vessels that are not back */
  mnz_lot_queue dock;
  mnz_lot_queue under_way; /* unless that goes on whatever happens */
  uint32_t sailings;       /* of the timetable, so far: the occurrence of the draw whether it takes place */
  uint32_t departures;     /* so far: the occurrence of the lead time's draw */
  mnz_mass sent[MNZ_MAX_MATERIALS]; /* pushed on this way so far, for shares */
} mnz_link;

void mnz_link_open(mnz_link *link, const mnz_link_spec *spec, int32_t index);
static inline bool mnz_link_is_free(const mnz_link *link) {
  return link->closed == 0 && link->spec->dispatch == NULL;
}
/* Can something be sent on it now, if only to wait at its dock? */
static inline bool mnz_link_takes(const mnz_link *link) {
  return link->closed == 0 || link->spec->when_closed == MNZ_CLOSED_QUEUE;
}
/* Draws the lead time of one departure. */
mnz_time mnz_link_draw(mnz_link *link, const mnz_services *services);
/* The next departure at or after `now`; MNZ_NEVER when there is no timetable. */
mnz_time mnz_link_next_departure(const mnz_link *link, mnz_time now);

#endif
