/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/line.h"

#include <math.h>

#include "base/error.h"

enum { TAG_WORK, TAG_EXIT, TAG_OPEN };

void mnz_line_open(mnz_line *line, mnz_site *site, const mnz_schedule *capacity,
                   const mnz_distribution *residence, mnz_time hold_up, int32_t first_tag) {
  *line = (mnz_line){.site = site,
                     .capacity = capacity,
                     .residence = residence,
                     .hold_up = hold_up > 0 ? hold_up : 0,
                     .first_tag = first_tag,
                     .pace = 1.0,
                     .tempo = 1.0,
                     .stride = 1,
                     .clock_at = mnz_site_now(site)};
}

/* --- capacity --- */

double mnz_schedule_rate(const mnz_schedule *schedule, mnz_time at) {
  double rate = schedule->count == 0 ? INFINITY : 0;
  for (int32_t i = 0; i < schedule->count; i++) {
    const mnz_rate_step *step = &schedule->at[i];
    if (step->from != MNZ_NO_DATE && at < step->from) break;
    /* A step ends where the next one begins, which starts from what its ramp has come to by then. */
    const mnz_time end = i + 1 < schedule->count && step[1].from < at ? step[1].from : at;
    const mnz_time since = step->from == MNZ_NO_DATE ? MNZ_NEVER : end - step->from;
    if (since >= step->ramp)
      rate = step->per_us;
    else
      rate += (step->per_us - rate) * ((double)since / (double)step->ramp);
  }
  return rate;
}

#define FOR_EVER (INT64_MAX / 4)

mnz_time mnz_schedule_bend(const mnz_schedule *schedule, mnz_time at) {
  mnz_time bend = FOR_EVER;
  for (int32_t i = 0; i < schedule->count; i++) {
    const mnz_rate_step *step = &schedule->at[i];
    if (step->from == MNZ_NO_DATE) continue;
    if (step->from > at && step->from < bend) bend = step->from;
    if (step->from + step->ramp > at && step->from + step->ramp < bend) bend = step->from + step->ramp;
  }
  return bend;
}

/* Between two bends the rate is a straight line. */
typedef struct piece {
  double rate; /* at its begin */
  double slope;
  mnz_time end;
} piece;

static piece piece_at(const mnz_schedule *schedule, mnz_time at) {
  const mnz_time bend = mnz_schedule_bend(schedule, at);
  const double rate = mnz_schedule_rate(schedule, at);
  const double last = mnz_schedule_rate(schedule, bend - 1); /* at the bend itself it may jump */
  const double slope = bend == FOR_EVER ? 0 : (last - rate) / fmax(1, (double)(bend - 1 - at));
  return (piece){rate, slope, bend};
}

static double mass_in(const piece *p, double time) {
  return time * (p->rate + p->slope * time / 2);
}

double mnz_schedule_mass(const mnz_schedule *schedule, mnz_time at, mnz_time until) {
  double mass = 0;
  while (at < until) {
    const piece p = piece_at(schedule, at);
    mass += mass_in(&p, (double)((p.end < until ? p.end : until) - at));
    at = p.end;
  }
  return mass;
}

/* The root of rate * t + slope * t * t / 2 = mass is in the form that stays exact for small slopes. */
mnz_time mnz_schedule_time(const mnz_schedule *schedule, mnz_time at, mnz_mass mass) {
  if (schedule->count == 0) return 0;
  double left = (double)mass;
  const mnz_time begin = at;
  while (at < FOR_EVER) {
    const piece p = piece_at(schedule, at);
    const double length = (double)(p.end - at);
    const double whole = mass_in(&p, length);
    if (whole >= left && whole > 0) {
      const double t = 2 * left / (p.rate + sqrt(fmax(0, p.rate * p.rate + 2 * p.slope * left)));
      return at - begin + llround(fmin(t, length));
    }
    left -= whole;
    at = p.end;
  }
  return FOR_EVER;
}

double mnz_schedule_greatest(const mnz_schedule *schedule) {
  double greatest = schedule->count == 0 ? INFINITY : 0;
  for (int32_t i = 0; i < schedule->count; i++) greatest = fmax(greatest, schedule->at[i].per_us);
  return greatest;
}

mnz_mass mnz_basis_mass(const mnz_catalog *catalog, uint32_t basis, const mnz_lot *lot) {
  if (basis == 0) return lot->mass;
  mnz_mass mass = 0;
  for (int32_t i = 0; i < catalog->n_components; i++) {
    if (basis >> mnz_component_element(catalog, i) & 1) mass += lot->part[i];
  }
  return mass;
}

/* --- the line's own clock --- */

/* With a hold-up the clock runs only while a lot is worked off: what is inside moves on because something
 * follows it, and stays when nothing does. */
static double pace_now(const mnz_line *line) {
  return line->hold_up > 0 && line->work == NULL ? 0 : line->pace * line->tempo;
}

static mnz_time line_clock(const mnz_line *line) {
  const double passed = (double)(mnz_site_now(line->site) - line->clock_at);
  return line->clock + (pace_now(line) == 1.0 ? mnz_site_now(line->site) - line->clock_at
                                              : llround(passed * pace_now(line)));
}

/* How fast the hold-up is lent: at what a stop takes of full pace. */
static double lending(const mnz_line *line) {
  const mnz_lot *head = line->inside.first;
  const bool ran = line->pace > 0 ? line->work != NULL : line->ran;
  if (line->lent >= line->drawable || !line->delivers || !ran || head == NULL) return 0;
  return line->pace < 1 && head->due > line->clock + line->lent ? (1 - line->pace) * line->tempo : 0;
}

static bool is_repaying(const mnz_line *line) {
  return line->lent > 0 && line->pace >= 1 && line->work != NULL;
}

static mnz_time lent_now(const mnz_line *line) {
  const mnz_time passed = mnz_site_now(line->site) - line->clock_at;
  const double lends = lending(line);
  if (lends > 0) {
    const mnz_time more = lends == 1.0 ? passed : llround((double)passed * lends);
    return more < line->drawable - line->lent ? line->lent + more : line->drawable;
  }
  if (!is_repaying(line)) return line->lent;
  const mnz_time paid = line->tempo == 1.0 ? passed : llround((double)passed * line->tempo);
  return paid < line->lent ? line->lent - paid : 0;
}

/* What shows how far the lots inside have come: the clock and what was lent. */
static mnz_time exit_clock(const mnz_line *line) {
  return line_clock(line) + lent_now(line);
}

/* When a clock of this pace will have gone on by `left`; MNZ_NEVER if it stands. */
static mnz_time after(mnz_time now, mnz_time left, double pace) {
  if (left <= 0) return now;
  if (pace <= 0) return MNZ_NEVER;
  return now + (pace == 1.0 ? left : (mnz_time)fmin((double)FOR_EVER, ceil((double)left / pace)));
}

/* When a lot may leave, as things are now. */
static mnz_time when_out(const mnz_line *line, mnz_time due) {
  const mnz_time now = mnz_site_now(line->site);
  const mnz_time left = due - exit_clock(line);
  const double lends = lending(line);
  if (left <= 0) return now;
  if (lends > 0) { /* at full pace, until all that may be drawn is lent */
    const mnz_time last = after(now, line->drawable - lent_now(line), lends);
    const mnz_time out = after(now, left, line->tempo);
    if (out <= last) return out;
    const mnz_time moved = line->tempo == 1.0 ? last - now : llround((double)(last - now) * line->tempo);
    return after(last, left - moved, pace_now(line));
  }
  return after(now, is_repaying(line) ? lent_now(line) + left : left, pace_now(line));
}

static mnz_status set_alarm(mnz_line *line, mnz_alarm *alarm, mnz_time at, int32_t tag, mnz_error *err) {
  const mnz_services *s = line->site->services;
  s->cancel(s->host, alarm);
  if (at == MNZ_NEVER) return MNZ_OK;
  return mnz_site_wake(line->site, at, MNZ_PHASE_COMPLETION, line->first_tag + tag, alarm, err);
}

/* For the first of what is inside, unless it could leave now. */
static mnz_status set_exit_alarm(mnz_line *line, mnz_error *err) {
  const mnz_lot *head = line->inside.first;
  const bool later = head != NULL && head->due > exit_clock(line);
  return set_alarm(line, &line->exit_alarm, later ? when_out(line, head->due) : MNZ_NEVER, TAG_EXIT, err);
}

static mnz_status set_alarms(mnz_line *line, mnz_error *err) {
  const mnz_time now = mnz_site_now(line->site);
  const bool runs = line->work != NULL && pace_now(line) > 0;
  const mnz_time done = runs ? after(now, line->work_due - line_clock(line), pace_now(line)) : MNZ_NEVER;
  mnz_status status = set_alarm(line, &line->work_alarm, done, TAG_WORK, err);
  if (status != MNZ_OK) return status;
  const mnz_lot *head = line->inside.first;
  const bool moves = head != NULL && (pace_now(line) > 0 || lending(line) > 0);
  return set_alarm(line, &line->exit_alarm, moves ? when_out(line, head->due) : MNZ_NEVER, TAG_EXIT, err);
}

/* Brings the clock up to date, before anything that changes its pace. */
static void tick(mnz_line *line) {
  const mnz_time lent = lent_now(line);
  line->clock = line_clock(line);
  line->lent = lent;
  line->clock_at = mnz_site_now(line->site);
}

/* --- lots --- */

mnz_status mnz_line_start(mnz_line *line, mnz_error *err) {
  const mnz_time now = mnz_site_now(line->site);
  for (int32_t i = 0; i < line->capacity->count; i++) {
    const mnz_rate_step *step = &line->capacity->at[i];
    if (step->from == MNZ_NO_DATE || step->from < now) continue;
    mnz_status status =
        mnz_site_wake(line->site, step->from, MNZ_PHASE_COMPLETION, line->first_tag + TAG_OPEN, NULL, err);
    if (status != MNZ_OK) return status;
  }
  return MNZ_OK;
}

static mnz_time draw_residence(mnz_line *line) {
  mnz_time time = line->hold_up;
  if (line->residence == NULL) return time;
  return time + mnz_services_draw_whole(line->site->services, line->site->spec->hash, MNZ_PURPOSE_RESIDENCE,
                                        line->started, line->residence);
}

/* On the first day of a ramp the rate is still 0, but rising. */
static bool is_open(const mnz_line *line) {
  const mnz_time now = mnz_site_now(line->site);
  return mnz_schedule_rate(line->capacity, now) > 0 || mnz_schedule_rate(line->capacity, now + 1000000) > 0;
}

bool mnz_line_is_free(const mnz_line *line) {
  return line->work == NULL && line->pace > 0 && is_open(line);
}

mnz_status mnz_line_work(mnz_line *line, mnz_lot **lot, mnz_time time, mnz_error *err) {
  MNZ_REQUIRE(mnz_line_is_free(line));
  mnz_lot *work = *lot;
  *lot = NULL;
  mnz_ledger_put(line->site->ledger, work, MNZ_PLACE_PROCESS);
  tick(line);
  line->work = work;
  line->inside_mass += work->mass;
  line->work_due = line->clock + time;
  return set_alarms(line, err);
}

/* How fast the clock of a hold-up goes while a lot is worked off from now on, in `time`. */
static double tempo_of(mnz_line *line, mnz_mass mass, mnz_time time) {
  const mnz_time now = mnz_site_now(line->site);
  if (line->hold_up == 0 || time <= 0 || time >= FOR_EVER) return 1;
  const bool rises = mnz_schedule_rate(line->capacity, now) >= line->peak;
  const double last = mnz_schedule_rate(line->capacity, now + time - 1);
  if (last > line->peak) line->peak = last;
  return rises ? 1 : fmin(1, (double)mass / (double)time / line->peak);
}

mnz_status mnz_line_load(mnz_line *line, mnz_lot **lot, mnz_error *err) {
  const mnz_mass mass = mnz_basis_mass(line->site->catalog, line->capacity->basis, *lot);
  const mnz_time time = mnz_schedule_time(line->capacity, mnz_site_now(line->site), mass);
  tick(line);
  line->tempo = tempo_of(line, mass, time);
  return mnz_line_work(line, lot, line->tempo == 1.0 ? time : llround((double)time * line->tempo), err);
}

mnz_lot *mnz_line_interrupt(mnz_line *line, mnz_time *left, mnz_error *err) {
  tick(line);
  mnz_lot *lot = line->work;
  *left = line->work_due > line->clock ? line->work_due - line->clock : 0;
  line->work = NULL;
  line->inside_mass -= lot->mass;
  mnz_ledger_take(line->site->ledger, lot);
  return set_alarms(line, err) == MNZ_OK ? lot : NULL;
}

/* First in, first out: nothing leaves before what went in before it. */
static void enter(mnz_line *line, mnz_lot *lot, mnz_time due) {
  lot->due = due > line->last_due ? due : line->last_due;
  line->last_due = lot->due;
  line->started += line->stride;
  mnz_lot_queue_push(&line->inside, lot);
}

mnz_status mnz_line_fill(mnz_line *line, int32_t material, mnz_mass lot, mnz_error *err) {
  const double rate = mnz_schedule_rate(line->capacity, mnz_site_now(line->site));
  if (!(rate > 0) || isinf(rate) || line->hold_up == 0) return MNZ_OK;
  mnz_lot *next = mnz_site_make(line->site, material, -1, lot, err);
  if (next == NULL) return MNZ_NO_MEMORY;
  const double each = (double)mnz_basis_mass(line->site->catalog, line->capacity->basis, next) / rate;
  const int64_t count = each > 0 ? (int64_t)floor((double)line->hold_up / each) : 0;
  for (int64_t k = 1; k <= count; k++) {
    if (k > 1 && (next = mnz_site_make(line->site, material, -1, lot, err)) == NULL) return MNZ_NO_MEMORY;
    mnz_ledger_put(line->site->ledger, next, MNZ_PLACE_PROCESS);
    line->inside_mass += next->mass;
    enter(line, next, llround(each * (double)k));
    next = NULL;
  }
  line->delivers = count > 0;
  line->peak = rate;
  if (next != NULL) mnz_site_end(line->site, &next, MNZ_END_TAILS); /* less than one lot of hold-up */
  return set_alarms(line, err);
}

mnz_lot *mnz_line_due(mnz_line *line) {
  mnz_lot *head = line->inside.first;
  return head != NULL && head->due <= exit_clock(line) ? head : NULL;
}

mnz_lot *mnz_line_pop(mnz_line *line, mnz_error *err) {
  if (line->drawable > 0) tick(line); /* the next one may be lent where this one could not */
  mnz_lot *lot = mnz_lot_queue_pop(&line->inside);
  line->delivers = true;
  line->inside_mass -= lot->mass;
  mnz_ledger_take(line->site->ledger, lot);
  return set_exit_alarm(line, err) == MNZ_OK ? lot : NULL;
}

static void finish_work(mnz_line *line) {
  mnz_lot *lot = line->work;
  line->work = NULL;
  enter(line, lot, line->work_due + draw_residence(line));
}

mnz_status mnz_line_set_pace(mnz_line *line, double pace, mnz_error *err) {
  tick(line);
  if (line->pace > 0) line->ran = line->work != NULL;
  if (line->work != NULL && line->clock >= line->work_due) finish_work(line);
  line->pace = pace;
  return set_alarms(line, err);
}

bool mnz_line_wake(mnz_line *line, int32_t tag, mnz_status *status, mnz_error *err) {
  const int32_t which = tag - line->first_tag;
  if (which < 0 || which >= MNZ_LINE_TAGS) return false;
  tick(line);
  if (which == TAG_WORK) {
    line->work_alarm = 0;
    if (line->clock < line->work_due) line->clock = line->work_due; /* rounding of a pace below 1 */
    finish_work(line);
  } else if (which == TAG_EXIT) {
    line->exit_alarm = 0;
  }
  /* Also for an exit that rounding made ring too early; what is due now leaves when the site decides. */
  *status = which == TAG_OPEN ? MNZ_OK : set_exit_alarm(line, err);
  return true;
}
