/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A crew repairs: each member one thing at a time. What fails while all are busy waits, by priority, then
 * first come, first served. A repair that was begun is finished. */
#ifndef MNZ_DOMAIN_CREW_H
#define MNZ_DOMAIN_CREW_H

#include "base/working_days.h"
#include "domain/spec.h"

/* A repair that is to be done; part of what is to be repaired. */
typedef struct mnz_crew_job {
  struct mnz_crew_job *next; /* in the queue */
  int32_t priority;
  void *self; /* the owner's */
} mnz_crew_job;

typedef struct mnz_crew {
  const mnz_crew_spec *spec;
  const mnz_work_calendar *work; /* NULL: always */
  int32_t busy;
  int32_t waiting;
  mnz_crew_job *first;
  mnz_time since; /* the sums are complete until then */
  double busy_time;
  double waiting_time;
} mnz_crew;

/* `work` are the hours in which repairs go on (NULL: always); borrowed. */
void mnz_crew_open(mnz_crew *crew, const mnz_crew_spec *spec, const mnz_work_calendar *work);
/* True: a member is on it. False: it waits until mnz_crew_release returns it. */
bool mnz_crew_call(mnz_crew *crew, mnz_time now, mnz_crew_job *job);
/* A member is done and goes on to the job that is returned; NULL: none waits, the member is free. */
mnz_crew_job *mnz_crew_release(mnz_crew *crew, mnz_time now);
/* Brings the sums of member time (microseconds) up to date. */
void mnz_crew_settle(mnz_crew *crew, mnz_time now);
/* Forgets the sums so far. */
void mnz_crew_count_from(mnz_crew *crew, mnz_time now);

#endif
