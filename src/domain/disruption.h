/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A disruption takes capacity away: on dates, at regular times, by states that are played, at random with
 * time to failure and time to repair, or when another one sets it off. It knows when and how much; the world
 * applies it to what it hits.
 *
 * It has units, at least one, that fail independently; an outage with dates, a repeated one and that of the
 * states hit all of them. What is drawn for the k-th outage of a unit depends on its name and k alone. */
#ifndef MNZ_DOMAIN_DISRUPTION_H
#define MNZ_DOMAIN_DISRUPTION_H

#include "base/memory.h"
#include "domain/crew.h"
#include "domain/services.h"
#include "domain/spec.h"

struct mnz_disruption;

typedef enum mnz_outage_change {
  MNZ_OUTAGE_BEGINS,
  MNZ_OUTAGE_ENDS,
  MNZ_OUTAGE_EASES /* a step of the ramp: some capacity is back */
} mnz_outage_change;

/* What a disruption asks of its world. */
typedef struct mnz_disruption_host {
  void *host;
  const mnz_services *services; /* for time, draws, cancelling */
  mnz_status (*wake)(void *host, int32_t disruption, mnz_time at, mnz_phase phase, int32_t tag,
                     mnz_alarm *alarm, mnz_error *err);
  /* Its loss is another one now. */
  mnz_status (*changed)(void *host, int32_t disruption, mnz_outage_change what, mnz_error *err);
  /* A share of the stock of the nodes that it hits is destroyed. */
  mnz_status (*destroy)(void *host, int32_t disruption, double share, mnz_error *err);
  /* An outage of it is, or is no longer, known to be coming. */
  void (*warned)(void *host, int32_t disruption, bool is);
  struct mnz_disruption *(*other)(void *host, int32_t disruption);
} mnz_disruption_host;

/* What can be down: a unit; or all of them by a period with dates, a repeated one, the states. */
typedef struct mnz_outage {
  struct mnz_disruption *of;
  bool active;
  double full;    /* share of capacity lost, as drawn */
  double loss;    /* the same while it lasts, less on the ramp after it */
  double stretch; /* of lead times, as drawn; 1 when there is none */
  mnz_time ramp_from;
  int32_t step; /* of the ramp; 0: none */
  mnz_alarm ramp_alarm;
  /* of a unit */
  uint32_t count; /* outages so far: the occurrence of their draws */
  mnz_time left;  /* of the time to failure, at aged_at */
  double pace;    /* at which it passes since aged_at; 0: it does not */
  mnz_time aged_at;
  mnz_alarm alarm; /* the failure, or the end of the repair */
  mnz_alarm warning_alarm;
  bool warned;
  mnz_crew_job job;
} mnz_outage;

typedef struct mnz_disruption {
  const mnz_disruption_spec *spec;
  const mnz_disruption_host *host;
  int32_t index;
  mnz_crew *crew;      /* NULL: repairs begin at once */
  mnz_outage *outages; /* first the units, then the periods, the repeated ones, the states */
  int32_t n_outages;
  double season;    /* factor of the season */
  bool target_up;   /* with the operating clock: what it hits works */
  uint32_t played;  /* repeated outages and states so far */
  uint32_t set_off; /* draws for the others that it set off, so far */
  int32_t pending;  /* times that others have set it off and it has not begun */
  /* What is counted, complete until `since`; times in microseconds. */
  mnz_time since;
  uint32_t began;    /* outages */
  double down_units; /* unit time */
  double all_up;
  double lost; /* capacity time */
} mnz_disruption;

/* Once: room for its outages from the arena. */
mnz_status mnz_disruption_open(mnz_disruption *d, const mnz_disruption_spec *spec,
                               const mnz_disruption_host *host, int32_t index, mnz_crew *crew,
                               mnz_arena *arena, mnz_error *err);
/* Sets everything and asks for its first alarms. */
mnz_status mnz_disruption_start(mnz_disruption *d, mnz_error *err);
mnz_status mnz_disruption_wake(mnz_disruption *d, int32_t tag, mnz_error *err);
/* With the operating clock: what it hits is up from now on, or is not. */
mnz_status mnz_disruption_turned(mnz_disruption *d, bool up, mnz_error *err);

/* Share of capacity that it takes away now: 0 .. 1. Several outages at once multiply what is left. */
double mnz_disruption_loss(const mnz_disruption *d);
/* Does it close the links that it hits? Not on the ramp, and not if it stretches them. */
bool mnz_disruption_closes(const mnz_disruption *d);
/* The factor of the lead times of the links that it hits. */
double mnz_disruption_stretch(const mnz_disruption *d);
int32_t mnz_disruption_units_down(const mnz_disruption *d);

/* Brings the sums up to date; forgets them. */
void mnz_disruption_settle(mnz_disruption *d);
void mnz_disruption_count_from_now(mnz_disruption *d);

#endif
