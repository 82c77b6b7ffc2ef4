/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/disruption.h"

#include <inttypes.h>
#include <math.h>

#include "base/error.h"
#include "domain/said.h"
#include "domain/season.h"
#include "monazite/calendar.h"

/* An alarm's tag is the index of the outage times KINDS plus what is to happen to it. */
enum { FAILURE, REPAIR, BEGIN, END, STEP, WARNING, SET_OFF, SEASON, FROM, PLAY, KINDS };

enum { MOST_PENDING = 10000, FEWEST_STEPS = 10, MOST_STEPS = 1000 };

/* Outages that are no unit's draw from occurrences that those never reach. */
#define FIRST_PERIOD (UINT32_C(1) << 23)
#define FOR_EVER     (INT64_MAX / 4)

/* A repair that takes longer by its crew's calendar is never done. */
#define MOST_AHEAD (INT64_C(1000) * 365 * MNZ_US_PER_DAY)

static mnz_time now_of(const mnz_disruption *d) {
  return d->host->services->now(d->host->services->host);
}

static int32_t index_of(const mnz_outage *o) {
  return (int32_t)(o - o->of->outages);
}

static bool is_unit(const mnz_outage *o) {
  return index_of(o) < o->of->spec->units;
}

/* Each unit has streams of its own; those of the first are the disruption's. */
static double draw(const mnz_outage *o, const mnz_distribution *from, mnz_purpose purpose,
                   uint32_t occurrence) {
  const uint32_t unit = is_unit(o) ? (uint32_t)index_of(o) : 0;
  const uint32_t hash = o->of->spec->hash + unit * UINT32_C(0x9E3779B9);
  return mnz_services_draw(o->of->host->services, hash, purpose, occurrence, from);
}

static mnz_time in_time(double value) {
  return value < (double)FOR_EVER ? llround(fmax(0, value)) : FOR_EVER;
}

static mnz_status wake_at(mnz_outage *o, mnz_time at, int32_t what, mnz_alarm *alarm, mnz_error *err) {
  const mnz_disruption_host *h = o->of->host;
  if (at >= FOR_EVER) return MNZ_OK; /* beyond any horizon */
  /* By operating time it fails when it goes on to work, not when it has just ended: who is starved or blocked
   * from this instant on does not fail in it. So its decision comes first. */
  const bool last = what == FAILURE && o->of->spec->clock == MNZ_CLOCK_OPERATING;
  const mnz_phase phase = last ? MNZ_PHASE_DEPARTURE : MNZ_PHASE_DISRUPTION;
  return h->wake(h->host, o->of->index, at, phase, index_of(o) * KINDS + what, alarm, err);
}

static void cancel(const mnz_outage *o, mnz_alarm *alarm) {
  const mnz_services *s = o->of->host->services;
  s->cancel(s->host, alarm);
}

/* --- what is lost --- */

int32_t mnz_disruption_units_down(const mnz_disruption *d) {
  int32_t down = 0;
  for (int32_t i = 0; i < d->n_outages; i++) {
    if (!d->outages[i].active) continue;
    if (i >= d->spec->units) return d->spec->units;
    down++;
  }
  return down;
}

/* Of the units; `ramps` counts what is not back yet after a repair. */
static double loss_of_units(const mnz_disruption *d, bool ramps) {
  double sum = 0;
  double greatest = 0;
  int32_t up = 0;
  for (int32_t i = 0; i < d->spec->units; i++) {
    const mnz_outage *o = &d->outages[i];
    const double loss = o->active || ramps ? o->loss : 0;
    sum += loss;
    greatest = fmax(greatest, loss);
    up += !o->active;
  }
  if (d->spec->needs < 0) return sum / d->spec->units;
  return up < d->spec->needs ? greatest : 0;
}

double mnz_disruption_loss(const mnz_disruption *d) {
  double left = 1.0 - loss_of_units(d, true);
  for (int32_t i = d->spec->units; i < d->n_outages; i++) left *= 1.0 - d->outages[i].loss;
  return 1.0 - left;
}

bool mnz_disruption_closes(const mnz_disruption *d) {
  if (mnz_is_said(&d->spec->stretches)) return false;
  bool closes = loss_of_units(d, false) > 0;
  for (int32_t i = d->spec->units; i < d->n_outages; i++)
    closes |= d->outages[i].active && d->outages[i].loss > 0;
  return closes;
}

double mnz_disruption_stretch(const mnz_disruption *d) {
  double stretch = 1;
  for (int32_t i = 0; i < d->n_outages; i++)
    if (d->outages[i].active) stretch *= d->outages[i].stretch;
  return stretch;
}

void mnz_disruption_settle(mnz_disruption *d) {
  const mnz_time now = now_of(d);
  const double passed = (double)(now - d->since);
  d->since = now;
  if (passed <= 0) return;
  const int32_t down = mnz_disruption_units_down(d);
  d->down_units += passed * down;
  d->all_up += down == 0 ? passed : 0;
  d->lost += passed * mnz_disruption_loss(d);
}

void mnz_disruption_count_from_now(mnz_disruption *d) {
  d->since = now_of(d);
  d->began = 0;
  d->down_units = d->all_up = d->lost = 0;
}

/* --- an outage, whatever its reason --- */

static mnz_status changed(mnz_outage *o, mnz_outage_change what, mnz_error *err) {
  const mnz_disruption_host *h = o->of->host;
  return h->changed(h->host, o->of->index, what, err);
}

static mnz_status set_off_others(mnz_outage *o, mnz_error *err) {
  mnz_disruption *d = o->of;
  const mnz_services *s = d->host->services;
  for (int32_t i = 0; i < d->spec->causes.count; i++) {
    const mnz_cause *cause = (const mnz_cause *)d->spec->causes.at + i;
    const uint32_t k = d->set_off++;
    if (cause->probability < 1 &&
        mnz_services_draw(s, d->spec->hash, MNZ_PURPOSE_CAUSE, k, &mnz_uniform_share) >= cause->probability)
      continue;
    const mnz_time delay =
        in_time(mnz_services_draw(s, d->spec->hash, MNZ_PURPOSE_CAUSE_DELAY, k, &cause->delay));
    mnz_disruption *other = d->host->other(d->host->host, cause->disruption);
    if (delay >= FOR_EVER) continue;
    if (other->pending >= MOST_PENDING) {
      return mnz_fail(err, MNZ_LIMIT, other->spec->name,
                      "set off %d times that are still to come; expected causes that die out", MOST_PENDING);
    }
    other->pending++;
    mnz_status status = wake_at(&other->outages[0], now_of(d) + delay, SET_OFF, NULL, err);
    if (status != MNZ_OK) return status;
  }
  return MNZ_OK;
}

static mnz_status begin(mnz_outage *o, uint32_t occurrence, mnz_error *err) {
  mnz_disruption *d = o->of;
  mnz_disruption_settle(d);
  cancel(o, &o->ramp_alarm);
  o->step = 0;
  o->active = true;
  o->full = o->loss = draw(o, &d->spec->loss, MNZ_PURPOSE_LOSS, occurrence);
  o->stretch =
      mnz_is_said(&d->spec->stretches) ? draw(o, &d->spec->stretches, MNZ_PURPOSE_STRETCH, occurrence) : 1;
  d->began++;
  mnz_status status = changed(o, MNZ_OUTAGE_BEGINS, err);
  if (status == MNZ_OK && mnz_is_said(&d->spec->destroys)) {
    const double share = draw(o, &d->spec->destroys, MNZ_PURPOSE_DESTROYED, occurrence);
    status = d->host->destroy(d->host->host, d->index, share, err);
  }
  return status != MNZ_OK ? status : set_off_others(o, err);
}

/* --- the ramp: n equal steps, each at the mean of the straight line during it --- */

static int64_t steps_of(const mnz_disruption *d) {
  const int64_t days = (d->spec->ramp - 1) / MNZ_US_PER_DAY + 1;
  return days < FEWEST_STEPS ? FEWEST_STEPS : days > MOST_STEPS ? MOST_STEPS : days;
}

static mnz_status take_step(mnz_outage *o, mnz_error *err) {
  const int64_t n = steps_of(o->of);
  o->step++;
  if (o->step > n) {
    o->step = 0;
    o->loss = 0;
    return MNZ_OK;
  }
  o->loss = o->full * (1 - (o->step - 0.5) / (double)n);
  const double end = (double)o->of->spec->ramp * o->step / (double)n;
  return wake_at(o, o->ramp_from + llround(end), STEP, &o->ramp_alarm, err);
}

static mnz_status end(mnz_outage *o, mnz_error *err) {
  mnz_disruption_settle(o->of);
  o->active = false;
  o->loss = 0;
  if (o->of->spec->ramp > 0 && o->full > 0) {
    o->ramp_from = now_of(o->of);
    mnz_status status = take_step(o, err);
    if (status != MNZ_OK) return status;
  }
  return changed(o, MNZ_OUTAGE_ENDS, err);
}

static mnz_status ease(mnz_outage *o, mnz_error *err) {
  mnz_disruption_settle(o->of);
  o->ramp_alarm = 0;
  mnz_status status = take_step(o, err);
  return status != MNZ_OK ? status : changed(o, MNZ_OUTAGE_EASES, err);
}

/* --- the clock of the time to failure --- */

static void set_warned(mnz_outage *o, bool is) {
  if (o->warned == is) return;
  o->warned = is;
  o->of->host->warned(o->of->host->host, o->of->index, is);
}

/* It begins at `at` for all that is known now. */
static mnz_status expect(mnz_outage *o, mnz_time at, mnz_error *err) {
  const mnz_time warning = o->of->spec->warning;
  cancel(o, &o->warning_alarm);
  if (warning <= 0) return MNZ_OK;
  set_warned(o, at - warning <= now_of(o->of));
  return o->warned ? MNZ_OK : wake_at(o, at - warning, WARNING, &o->warning_alarm, err);
}

/* Of the units that are up, the first ones work, as many as are needed. */
static bool is_in_reserve(const mnz_outage *o) {
  const mnz_disruption *d = o->of;
  if (d->spec->standby != MNZ_STANDBY_COLD || d->spec->needs < 0) return false;
  int32_t before = 0;
  for (const mnz_outage *other = d->outages; other < o; other++) before += !other->active;
  return before >= d->spec->needs;
}

static double pace_of(const mnz_outage *o) {
  const mnz_disruption *d = o->of;
  if (is_in_reserve(o)) return 0;
  if (d->spec->from != MNZ_NO_DATE && now_of(d) < d->spec->from) return 0;
  return d->spec->clock == MNZ_CLOCK_OPERATING && !d->target_up ? 0 : d->season;
}

/* Brings the clock of a unit that is up to the present, and lets it run at the pace that holds now. */
static mnz_status run_clock(mnz_outage *o, mnz_error *err) {
  const mnz_time now = now_of(o->of);
  const mnz_time passed = now - o->aged_at;
  if (o->pace > 0 && passed > 0) {
    o->left -= o->pace == 1.0 ? passed : llround((double)passed * o->pace);
    if (o->left < 0) o->left = 0;
  }
  o->aged_at = now;
  o->pace = pace_of(o);
  cancel(o, &o->alarm);
  if (o->left >= FOR_EVER) return MNZ_OK;
  if (o->pace <= 0) {
    cancel(o, &o->warning_alarm);
    set_warned(o, false);
    return MNZ_OK;
  }
  const mnz_time at = now + (o->pace == 1.0 ? o->left : in_time(ceil((double)o->left / o->pace)));
  mnz_status status = wake_at(o, at, FAILURE, &o->alarm, err);
  return status != MNZ_OK ? status : expect(o, at, err);
}

/* As good as new. */
static mnz_status renew(mnz_outage *o, mnz_error *err) {
  if (!mnz_is_said(&o->of->spec->ttf)) return MNZ_OK;
  o->left = in_time(draw(o, &o->of->spec->ttf, MNZ_PURPOSE_TTF, o->count));
  o->aged_at = now_of(o->of);
  o->pace = 0;
  return run_clock(o, err);
}

static mnz_status run_clocks(mnz_disruption *d, mnz_error *err) {
  mnz_status status = MNZ_OK;
  if (!mnz_is_said(&d->spec->ttf)) return MNZ_OK;
  for (int32_t i = 0; i < d->spec->units && status == MNZ_OK; i++)
    if (!d->outages[i].active) status = run_clock(&d->outages[i], err);
  return status;
}

mnz_status mnz_disruption_turned(mnz_disruption *d, bool up, mnz_error *err) {
  if (d->target_up == up) return MNZ_OK;
  d->target_up = up;
  return run_clocks(d, err);
}

/* --- units --- */

static mnz_status start_repair(mnz_outage *o, mnz_error *err) {
  const mnz_disruption *d = o->of;
  const mnz_time now = now_of(d);
  const mnz_time time = in_time(draw(o, &d->spec->ttr, MNZ_PURPOSE_TTR, o->count));
  mnz_time at = now + time;
  if (d->crew != NULL && d->crew->work != NULL) {
    const int64_t start = d->host->services->start_us;
    at = mnz_working_time_end(d->crew->work, start + now, time, start + now + MOST_AHEAD);
    at = at == INT64_MAX ? FOR_EVER : at - start;
  }
  return wake_at(o, at, REPAIR, &o->alarm, err);
}

static mnz_status fail(mnz_outage *o, mnz_error *err) {
  mnz_disruption *d = o->of;
  o->alarm = 0;
  o->left = FOR_EVER;
  cancel(o, &o->warning_alarm);
  set_warned(o, false);
  if (d->spec->until != MNZ_NO_DATE && now_of(d) >= d->spec->until) return MNZ_OK;
  mnz_status status = begin(o, o->count, err);
  if (status == MNZ_OK && d->spec->standby == MNZ_STANDBY_COLD) status = run_clocks(d, err);
  if (status != MNZ_OK) return status;
  o->job = (mnz_crew_job){.priority = d->spec->priority, .self = o};
  if (d->crew != NULL && !mnz_crew_call(d->crew, now_of(d), &o->job)) return MNZ_OK;
  return start_repair(o, err);
}

static mnz_status repaired(mnz_outage *o, mnz_error *err) {
  mnz_disruption *d = o->of;
  o->alarm = 0;
  o->count++;
  mnz_status status = end(o, err);
  if (status == MNZ_OK && d->crew != NULL) {
    const mnz_crew_job *job = mnz_crew_release(d->crew, now_of(d));
    if (job != NULL) status = start_repair(job->self, err);
  }
  if (status == MNZ_OK) status = renew(o, err);
  return status == MNZ_OK && d->spec->standby == MNZ_STANDBY_COLD ? run_clocks(d, err) : status;
}

/* Another one has set it off: the first unit that is up fails. */
static mnz_status be_set_off(mnz_disruption *d, mnz_error *err) {
  d->pending--;
  for (int32_t i = 0; i < d->spec->units; i++) {
    mnz_outage *o = &d->outages[i];
    if (o->active) continue;
    cancel(o, &o->alarm);
    return fail(o, err);
  }
  return MNZ_OK;
}

/* --- what comes at times of its own --- */

static mnz_time repeats_first(const mnz_repeats *r) {
  return r->first == MNZ_NO_DATE ? r->every : r->first;
}

static mnz_outage *repeated(const mnz_disruption *d) {
  return &d->outages[d->spec->units + d->spec->periods.count];
}

static mnz_outage *stated(const mnz_disruption *d) {
  return repeated(d) + (d->spec->repeats != NULL);
}

/* The next one that is not over; one that is under way begins now. */
static mnz_status plan_repeated(mnz_disruption *d, mnz_error *err) {
  const mnz_repeats *r = d->spec->repeats;
  const mnz_time now = now_of(d);
  mnz_time begins = repeats_first(r);
  if (begins + r->lasts <= now) begins += ((now - begins - r->lasts) / r->every + 1) * r->every;
  mnz_status status = wake_at(repeated(d), begins > now ? begins : now, BEGIN, NULL, err);
  if (status == MNZ_OK && begins > now) status = expect(repeated(d), begins, err);
  return status != MNZ_OK ? status : wake_at(repeated(d), begins + r->lasts, END, NULL, err);
}

static mnz_status plan_periods(mnz_disruption *d, mnz_error *err) {
  const mnz_time now = now_of(d);
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < d->spec->periods.count && status == MNZ_OK; i++) {
    const mnz_period *p = (const mnz_period *)d->spec->periods.at + i;
    mnz_outage *o = &d->outages[d->spec->units + i];
    if (p->until != MNZ_NO_DATE && p->until <= now) continue;
    status = wake_at(o, p->from > now ? p->from : now, BEGIN, NULL, err);
    if (status == MNZ_OK && p->from > now) status = expect(o, p->from, err);
    if (status != MNZ_OK || p->until == MNZ_NO_DATE) continue;
    status = wake_at(o, p->until, END, NULL, err);
  }
  return status;
}

static uint32_t occurrence_of(mnz_outage *o) {
  const int32_t period = index_of(o) - o->of->spec->units;
  const int32_t periods = o->of->spec->periods.count;
  if (period < periods) return FIRST_PERIOD + (uint32_t)period;
  return FIRST_PERIOD + (uint32_t)periods + o->of->played++;
}

static mnz_status play(mnz_disruption *d, mnz_error *err) {
  mnz_outage *o = stated(d);
  const mnz_time now = now_of(d);
  const uint32_t k = (uint32_t)(now / d->spec->every);
  const bool down = draw(o, &d->spec->states, MNZ_PURPOSE_STATE, k) != 0;
  mnz_status status = wake_at(o, now + d->spec->every, PLAY, NULL, err);
  if (status != MNZ_OK || down == o->active) return status;
  return down ? begin(o, occurrence_of(o), err) : end(o, err);
}

static mnz_status end_of_period(mnz_outage *o, mnz_error *err) {
  mnz_status status = end(o, err);
  const mnz_disruption *d = o->of;
  if (status != MNZ_OK || d->spec->repeats == NULL || o != repeated(d)) return status;
  return plan_repeated(o->of, err);
}

/* --- together --- */

mnz_status mnz_disruption_open(mnz_disruption *d, const mnz_disruption_spec *spec,
                               const mnz_disruption_host *host, int32_t index, mnz_crew *crew,
                               mnz_arena *arena, mnz_error *err) {
  *d = (mnz_disruption){.spec = spec, .host = host, .index = index, .crew = crew};
  d->n_outages = spec->units + spec->periods.count + (spec->repeats != NULL) + mnz_is_said(&spec->states);
  d->outages = mnz_arena_alloc(arena, (size_t)d->n_outages, sizeof *d->outages, err);
  return d->outages == NULL ? MNZ_NO_MEMORY : MNZ_OK;
}

static mnz_status follow_season(mnz_disruption *d, mnz_error *err) {
  if (d->spec->season.count == 0) return MNZ_OK;
  const int64_t moment = d->host->services->start_us + now_of(d);
  d->season = mnz_season_factor(&d->spec->season, moment);
  const int64_t change = mnz_season_change(&d->spec->season, moment);
  return wake_at(&d->outages[0], change - d->host->services->start_us, SEASON, NULL, err);
}

static mnz_status start_units(mnz_disruption *d, mnz_error *err) {
  const double down = d->spec->starts_down;
  mnz_status status = follow_season(d, err);
  if (status == MNZ_OK && d->spec->from != MNZ_NO_DATE && d->spec->from > now_of(d))
    status = wake_at(&d->outages[0], d->spec->from, FROM, NULL, err);
  for (int32_t i = 0; i < d->spec->units && status == MNZ_OK; i++) {
    mnz_outage *o = &d->outages[i];
    const bool is_down =
        down >= 1 || (down > 0 && draw(o, &mnz_uniform_share, MNZ_PURPOSE_INITIAL, 0) < down);
    status = is_down ? wake_at(o, now_of(d), FAILURE, &o->alarm, err) : renew(o, err);
  }
  return status;
}

mnz_status mnz_disruption_start(mnz_disruption *d, mnz_error *err) {
  const mnz_disruption_spec *spec = d->spec;
  for (int32_t i = 0; i < d->n_outages; i++)
    d->outages[i] = (mnz_outage){.of = d, .left = FOR_EVER, .stretch = 1};
  d->season = 1;
  d->target_up = false;
  d->played = 0;
  d->set_off = 0;
  d->pending = 0;
  mnz_disruption_count_from_now(d);
  mnz_status status = plan_periods(d, err);
  if (status == MNZ_OK && spec->repeats != NULL) status = plan_repeated(d, err);
  if (status == MNZ_OK && mnz_is_said(&spec->states)) status = wake_at(stated(d), now_of(d), PLAY, NULL, err);
  return status != MNZ_OK ? status : start_units(d, err);
}

static mnz_status change_season(mnz_disruption *d, mnz_error *err) {
  mnz_status status = follow_season(d, err);
  return status != MNZ_OK ? status : run_clocks(d, err);
}

mnz_status mnz_disruption_wake(mnz_disruption *d, int32_t tag, mnz_error *err) {
  mnz_outage *o = &d->outages[tag / KINDS];
  switch (tag % KINDS) {
  case FAILURE:
    return fail(o, err);
  case REPAIR:
    return repaired(o, err);
  case BEGIN:
    set_warned(o, false);
    return begin(o, occurrence_of(o), err);
  case END:
    return end_of_period(o, err);
  case STEP:
    return ease(o, err);
  case WARNING:
    o->warning_alarm = 0;
    set_warned(o, true);
    return MNZ_OK;
  case SET_OFF:
    return be_set_off(d, err);
  case SEASON:
    return change_season(d, err);
  case FROM:
    return run_clocks(d, err);
  default:
    return play(d, err);
  }
}
