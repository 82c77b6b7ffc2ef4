/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/crew.h"

void mnz_crew_open(mnz_crew *crew, const mnz_crew_spec *spec, const mnz_work_calendar *work) {
  *crew = (mnz_crew){.spec = spec, .work = work};
}

void mnz_crew_settle(mnz_crew *crew, mnz_time now) {
  const double passed = (double)(now - crew->since);
  crew->busy_time += passed * crew->busy;
  crew->waiting_time += passed * crew->waiting;
  crew->since = now;
}

void mnz_crew_count_from(mnz_crew *crew, mnz_time now) {
  crew->since = now;
  crew->busy_time = 0;
  crew->waiting_time = 0;
}

bool mnz_crew_call(mnz_crew *crew, mnz_time now, mnz_crew_job *job) {
  mnz_crew_settle(crew, now);
  if (crew->busy < crew->spec->members) {
    crew->busy++;
    return true;
  }
  mnz_crew_job **at = &crew->first;
  while (*at != NULL && (*at)->priority <= job->priority) at = &(*at)->next;
  job->next = *at;
  *at = job;
  crew->waiting++;
  return false;
}

mnz_crew_job *mnz_crew_release(mnz_crew *crew, mnz_time now) {
  mnz_crew_settle(crew, now);
  mnz_crew_job *job = crew->first;
  if (job == NULL) {
    crew->busy--;
    return NULL;
  }
  crew->first = job->next;
  crew->waiting--;
  return job;
}
