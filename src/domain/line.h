/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A processing line: one lot at a time is worked off at the capacity of the day, then stays inside for
 * the residence time (the hold-up, an inventory), and leaves first in first out.
 *
 * The line has a clock of its own that runs while it is up, at the share of capacity that disruptions
 * leave: a stop pauses both work and residence, which go on with what was left (preempt and resume).
 * With a hold-up the clock runs only while a lot is worked off, so that a starved or blocked circuit keeps
 * what it holds. A hold-up is a mass: what the circuit works off in that time at the highest rate that it has
 * had so far. So the clock runs slower when the rate is below that one, and what leaves follows what is fed
 * at once; where the rate rises above it, what is new in the circuit fills first.
 *
 * Of the hold-up a share can be drawn: while a stop takes pace away, what is inside goes on leaving as if
 * nothing had stopped, until that share is lent or nobody takes it. When full pace is back, nothing leaves
 * until as much time has passed on the clock as was lent: it is paid back, and all is as it would have been.
 * A circuit that has not delivered yet lends nothing. Ramps of the capacity are followed exactly, as if
 * nothing stopped the line while a lot is in work. */
#ifndef MNZ_DOMAIN_LINE_H
#define MNZ_DOMAIN_LINE_H

#include "domain/site.h"

typedef struct mnz_line {
  mnz_site *site;
  const mnz_schedule *capacity;
  const mnz_distribution *residence; /* microseconds; NULL: none */
  mnz_time hold_up;                  /* added to the residence */
  mnz_time drawable;                 /* the most of it that may be lent */
  int32_t first_tag;                 /* its alarms use first_tag .. first_tag + 2 */
  double pace;                       /* of its clock: 0 .. 1 */
  double tempo;                      /* of its clock at full pace: 0 .. 1 */
  double peak;                       /* the highest rate so far, milligrams of the basis a microsecond */
  mnz_time clock;                    /* at clock_at */
  mnz_time clock_at;
  mnz_lot *work;     /* being worked off */
  mnz_time work_due; /* on the line's clock */
  mnz_time lent;     /* what leaves is so much ahead of the clock, at clock_at */
  bool delivers;     /* something has left */
  bool ran;          /* had work when it was stopped */
  mnz_alarm work_alarm;
  mnz_lot_queue inside;
  mnz_time last_due;
  mnz_alarm exit_alarm;
  mnz_mass inside_mass; /* work and inside */
  uint32_t started;     /* the occurrence of the next lot's draw of a residence ... */
  uint32_t stride;      /* ... and what comes to it: several lines share one sequence */
} mnz_line;

#define MNZ_LINE_TAGS 3

void mnz_line_open(mnz_line *line, mnz_site *site, const mnz_schedule *capacity,
                   const mnz_distribution *residence, mnz_time hold_up, int32_t first_tag);
/* The capacity of the day, milligrams of its basis a microsecond; 0 before the first step. */
double mnz_schedule_rate(const mnz_schedule *schedule, mnz_time at);
/* The next date after `at` on which the rate or its slope changes; INT64_MAX / 4 if none. */
mnz_time mnz_schedule_bend(const mnz_schedule *schedule, mnz_time at);
/* How long a mass of the basis takes from `at` on; at most INT64_MAX / 4 (never). */
mnz_time mnz_schedule_time(const mnz_schedule *schedule, mnz_time at, mnz_mass mass);
/* The mass of the basis that it works off from `at` to `until`; not without a schedule. */
double mnz_schedule_mass(const mnz_schedule *schedule, mnz_time at, mnz_time until);
/* The highest rate of all steps; INFINITY when there is no schedule (no limit). */
double mnz_schedule_greatest(const mnz_schedule *schedule);
/* Mass of the basis elements in a lot (its own mass when there is no basis). */
mnz_mass mnz_basis_mass(const mnz_catalog *catalog, uint32_t basis, const mnz_lot *lot);

/* Sets an alarm for the day on which a line that has no capacity yet gets it. */
mnz_status mnz_line_start(mnz_line *line, mnz_error *err);
/* Fills the line as if it had run at capacity for the hold-up: lots of `lot` mass of the material's nominal
 * content, evenly spaced. */
mnz_status mnz_line_fill(mnz_line *line, int32_t material, mnz_mass lot, mnz_error *err);
/* Can begin another lot now. */
bool mnz_line_is_free(const mnz_line *line);
/* Begins work on a lot in hand; takes *lot. */
mnz_status mnz_line_load(mnz_line *line, mnz_lot **lot, mnz_error *err);
/* The same, but it takes `time` on the line's clock, whatever the capacity. */
mnz_status mnz_line_work(mnz_line *line, mnz_lot **lot, mnz_time time, mnz_error *err);
/* Takes the lot in work into hand again; *left is the time that it still needs. NULL when out of memory. */
mnz_lot *mnz_line_interrupt(mnz_line *line, mnz_time *left, mnz_error *err);
/* The lot that may leave now, still inside; NULL if none. */
mnz_lot *mnz_line_due(mnz_line *line);
/* Takes that lot into hand. */
mnz_lot *mnz_line_pop(mnz_line *line, mnz_error *err);
/* One of its alarms rang: true if the tag was its own. */
bool mnz_line_wake(mnz_line *line, int32_t tag, mnz_status *status, mnz_error *err);
/* Work that is done in this very instant is done, also if the line stops. */
mnz_status mnz_line_set_pace(mnz_line *line, double pace, mnz_error *err);

#endif
