/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/regime.h"

#include <math.h>
#include <stdlib.h>

#include "domain/said.h"
#include "monazite/calendar.h"

/* Steps: TAG_STEPS + 2 * i is the announcement, + 1 the effect. */
enum { TAG_CHAIN, TAG_PERIOD, TAG_STEPS };

static mnz_time now_of(const mnz_regime *r) {
  return r->host->now(r->host->host);
}

static double draw(const mnz_regime *r, mnz_purpose purpose, uint32_t occurrence,
                   const mnz_distribution *from) {
  return r->host->draw(r->host->host, r->spec->hash, purpose, occurrence, from);
}

static double draw_share(const mnz_regime *r, mnz_purpose purpose, uint32_t occurrence) {
  return draw(r, purpose, occurrence, &mnz_uniform_share);
}

/* --- quotas --- */

static int64_t period_start(int32_t period, int64_t us) {
  switch ((mnz_quota_period)period) {
  case MNZ_QUOTA_MONTH:
    return mnz_moment_month_start(us);
  case MNZ_QUOTA_QUARTER:
    return mnz_moment_quarter_start(us);
  case MNZ_QUOTA_YEAR:
    return mnz_moment_year_start(us);
  }
  return us;
}

static mnz_status wait_for_period(mnz_regime *r, mnz_error *err) {
  static const int32_t months[] = {[MNZ_QUOTA_MONTH] = 1, [MNZ_QUOTA_QUARTER] = 3, [MNZ_QUOTA_YEAR] = 12};
  const int64_t start = r->host->start_us;
  const int32_t period = r->terms->period;
  const int64_t border = period_start(period, start + now_of(r));
  r->period_ends = mnz_moment_add_months(border, months[period]) - start;
  return r->host->wake(r->host->host, r->index, r->period_ends, TAG_PERIOD, &r->period_alarm, err);
}

static void open_quota(mnz_regime *r) {
  r->common.used = r->common.carried = 0;
  for (int32_t i = 0; i < r->n_accounts; i++) r->accounts[i].used = r->accounts[i].carried = 0;
  r->exhausted = false;
}

static void turn_purse(const mnz_regime_terms *terms, mnz_account *purse) {
  const double left = (double)terms->quota.mass + purse->carried - purse->used;
  purse->carried = fmax(0, left) * terms->carry_over;
  purse->used = 0;
}

static void turn_purses(mnz_regime *r) {
  r->exhausted = false;
  turn_purse(r->terms, &r->common);
  for (int32_t i = 0; i < r->n_accounts; i++) turn_purse(r->terms, &r->accounts[i]);
}

static mnz_status end_period(mnz_regime *r, mnz_error *err) {
  r->period_alarm = 0;
  turn_purses(r);
  mnz_status status = wait_for_period(r, err);
  return status != MNZ_OK ? status : r->host->changed(r->host->host, r->index, err);
}

static mnz_account *purse_of(mnz_regime *r, int32_t account) {
  return r->terms->shared ? &r->common : &r->accounts[r->accounts[account].purse];
}

double mnz_regime_quota_left(const mnz_regime *r, int32_t account) {
  if (r->rule != MNZ_RULE_QUOTA) return INFINITY;
  const mnz_account *purse = r->terms->shared ? &r->common : &r->accounts[r->accounts[account].purse];
  return fmax(0, (double)r->terms->quota.mass + purse->carried - purse->used);
}

static void use_quota(mnz_regime *r, int32_t account, double counted) {
  purse_of(r, account)->used += counted;
  r->tally.quota_used += counted;
  /* Less than a gram is the rounding of what was shared out. */
  if (r->exhausted || mnz_regime_quota_left(r, account) > 1e3) return;
  r->exhausted = true;
  mnz_regime_tell(r, MNZ_NEWS_EXHAUSTED, r->terms->shared ? -1 : account, 0, NAN);
}

/* --- states --- */

/* Into the state that was found for a text; its terms are those of the chain's state, or else given. */
static mnz_status enter(mnz_regime *r, int32_t found, const mnz_regime_terms *terms, bool is_change,
                        mnz_error *err) {
  const mnz_rule before = r->rule;
  const mnz_time now = now_of(r);
  r->tally.time_in[before] += now - r->since;
  r->since = now;
  /* A step at the border of two periods comes before the border's own event. */
  if (before == MNZ_RULE_QUOTA && now >= r->period_ends) turn_purses(r);
  r->chain = found >= 0 ? found : -1;
  r->rule = mnz_regime_rule(r->spec, found);
  r->terms = found >= 0 ? &mnz_regime_state_at(r->spec, found)->terms : terms;
  r->host->cancel(r->host->host, &r->period_alarm);
  if (is_change) mnz_regime_tell(r, MNZ_NEWS_CHANGED, -1, 0, (double)r->rule);
  mnz_status status = MNZ_OK;
  if (before == MNZ_RULE_LICENCE && r->rule != MNZ_RULE_LICENCE) mnz_licences_lapse(r);
  if (r->rule == MNZ_RULE_QUOTA) {
    /* A quota that is followed by another goes on with what was used in the period. */
    if (before != MNZ_RULE_QUOTA) open_quota(r);
    r->exhausted = false;
    status = wait_for_period(r, err);
  }
  if (r->rule == MNZ_RULE_LICENCE) status = mnz_licences_renew(r, err);
  return status != MNZ_OK ? status : r->host->changed(r->host->host, r->index, err);
}

static mnz_status change(mnz_regime *r, int32_t found, const mnz_regime_terms *terms, mnz_error *err) {
  r->tally.changes++;
  return enter(r, found, terms, true, err);
}

/* --- the chain --- */

static mnz_status wait_for_move(mnz_regime *r, mnz_error *err) {
  r->host->cancel(r->host->host, &r->alarm);
  if (r->chain < 0) return MNZ_OK;
  const mnz_regime_state *state = mnz_regime_state_at(r->spec, r->chain);
  const mnz_time now = now_of(r);
  mnz_time at;
  if (r->spec->every > 0) {
    if (r->spec->every > INT64_MAX / 4) return MNZ_OK;
    at = (now / r->spec->every + 1) * r->spec->every; /* start + k * period */
  } else {
    if (!mnz_is_said(&state->stay)) return MNZ_OK;
    const double stay = draw(r, MNZ_PURPOSE_REGIME_STAY, r->moves, &state->stay);
    if (!(stay < (double)(INT64_MAX / 4))) return MNZ_OK; /* beyond any horizon */
    at = now + llround(fmax(0, stay));
  }
  return r->host->wake(r->host->host, r->index, at, TAG_CHAIN, &r->alarm, err);
}

/* The state that follows, or this one again (in periods). */
static int32_t choose_next(const mnz_regime *r) {
  const mnz_regime_state *state = mnz_regime_state_at(r->spec, r->chain);
  const int32_t other = r->spec->states.count == 2 ? 1 - r->chain : r->chain;
  if (state->to.count == 0) return r->spec->every > 0 ? r->chain : other;
  const mnz_regime_to *to = state->to.at;
  if (state->to.count == 1 && isnan(to->probability)) return mnz_regime_find(r->spec, to->state);
  double u = draw_share(r, MNZ_PURPOSE_REGIME_NEXT, r->moves);
  for (int32_t i = 0; i < state->to.count; i++) {
    if (u < to[i].probability) return mnz_regime_find(r->spec, to[i].state);
    u -= to[i].probability;
  }
  /* The rest stays where it is; of probabilities that add up to 1 it is a rounding. */
  return r->spec->every > 0 ? r->chain : mnz_regime_find(r->spec, to[state->to.count - 1].state);
}

static mnz_status move(mnz_regime *r, mnz_error *err) {
  r->alarm = 0;
  const int32_t next = choose_next(r);
  r->moves++;
  mnz_status status = next == r->chain ? MNZ_OK : change(r, next, NULL, err);
  return status != MNZ_OK ? status : wait_for_move(r, err);
}

/* --- steps --- */

static bool is_revised(const mnz_regime *r, int32_t i) {
  const double p = mnz_regime_step_at(r->spec, i)->revised;
  return p > 0 && draw_share(r, MNZ_PURPOSE_REGIME_REVISED, (uint32_t)i) < p;
}

/* What a step brings in the end; MNZ_NO_RULE: nothing. */
static int32_t outcome(const mnz_regime *r, int32_t i, bool revised) {
  const mnz_regime_step *step = mnz_regime_step_at(r->spec, i);
  if (!revised) return mnz_regime_find(r->spec, step->state);
  return step->revised_to == NULL ? MNZ_NO_RULE : mnz_regime_find(r->spec, step->revised_to);
}

static mnz_status take_effect(mnz_regime *r, int32_t i, mnz_error *err) {
  const mnz_regime_step *step = mnz_regime_step_at(r->spec, i);
  const bool revised = is_revised(r, i);
  if (revised) {
    const mnz_rule would = mnz_regime_rule(r->spec, mnz_regime_find(r->spec, step->state));
    mnz_regime_tell(r, MNZ_NEWS_REVISED, -1, 0, (double)would);
  }
  const int32_t found = outcome(r, i, revised);
  if (found == MNZ_NO_RULE) return MNZ_OK;
  mnz_status status = change(r, found, &step->terms, err);
  if (status != MNZ_OK) return status;
  return wait_for_move(r, err); /* on the chain from there, or off it */
}

static mnz_time announced(const mnz_regime_step *step) {
  return step->announced == MNZ_NO_DATE ? step->effective : step->announced;
}

static mnz_status announce(mnz_regime *r, int32_t i, mnz_error *err) {
  const mnz_regime_step *step = mnz_regime_step_at(r->spec, i);
  mnz_regime_tell(r, MNZ_NEWS_ANNOUNCED, -1, 0,
                  (double)(step->effective - now_of(r)) / (double)MNZ_US_PER_DAY);
  return r->host->changed(r->host->host, r->index, err); /* buyers that look all the time look now */
}

bool mnz_regime_warns(const mnz_regime *r, mnz_time *since) {
  const mnz_time now = now_of(r);
  for (int32_t i = 0; i < r->spec->steps.count; i++) {
    const mnz_regime_step *step = mnz_regime_step_at(r->spec, i);
    if (announced(step) > now || step->effective <= now) continue;
    if (mnz_regime_rule(r->spec, mnz_regime_find(r->spec, step->state)) == MNZ_RULE_OPEN) continue;
    *since = announced(step);
    return true;
  }
  return false;
}

/* The last step that had taken effect before the start; -1: none. */
static int32_t step_before(const mnz_regime *r, mnz_time now) {
  int32_t best = -1;
  for (int32_t i = 0; i < r->spec->steps.count; i++) {
    const mnz_regime_step *step = mnz_regime_step_at(r->spec, i);
    if (step->effective > now || outcome(r, i, is_revised(r, i)) == MNZ_NO_RULE) continue;
    if (best < 0 || step->effective >= mnz_regime_step_at(r->spec, best)->effective) best = i;
  }
  return best;
}

/* --- life --- */

mnz_status mnz_regime_start(mnz_regime *r, const mnz_regime_spec *spec, const mnz_regime_host *host,
                            int32_t index, mnz_error *err) {
  *r = (mnz_regime){.spec = spec,
                    .host = host,
                    .index = index,
                    .chain = -1,
                    .n_accounts = r->n_accounts,
                    .accounts = r->accounts,
                    .papers = r->papers,
                    .papers_capacity = r->papers_capacity};
  mnz_licences_open(r);
  const mnz_time now = host->now(host->host);
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < spec->steps.count && status == MNZ_OK; i++) {
    const mnz_regime_step *step = mnz_regime_step_at(spec, i);
    if (step->effective <= now) continue;
    const int32_t tag = TAG_STEPS + 2 * i;
    if (announced(step) > now) status = host->wake(host->host, index, announced(step), tag, NULL, err);
    if (status == MNZ_OK) status = host->wake(host->host, index, step->effective, tag + 1, NULL, err);
  }
  if (status != MNZ_OK) return status;
  r->since = now;
  const int32_t first = step_before(r, now);
  if (first < 0)
    status = enter(r, mnz_regime_find(spec, spec->initial), NULL, false, err);
  else
    status = enter(r, outcome(r, first, is_revised(r, first)), &mnz_regime_step_at(spec, first)->terms, false,
                   err);
  return status != MNZ_OK ? status : wait_for_move(r, err);
}

mnz_status mnz_regime_wake(mnz_regime *r, int32_t tag, mnz_error *err) {
  if (tag >= MNZ_TAG_LICENCE) return mnz_licence_wake(r, tag - MNZ_TAG_LICENCE, err);
  if (tag == TAG_CHAIN) return move(r, err);
  if (tag == TAG_PERIOD) return end_period(r, err);
  const int32_t i = (tag - TAG_STEPS) / 2;
  return (tag - TAG_STEPS) % 2 == 0 ? announce(r, i, err) : take_effect(r, i, err);
}

void mnz_regime_restart(mnz_regime *r) {
  r->tally = (mnz_regime_tally){0};
  r->since = r->queue_since = now_of(r);
}

void mnz_regime_free(mnz_regime *r) {
  free(r->papers);
  r->papers = NULL;
}

void mnz_regime_sent(mnz_regime *r, int32_t account, mnz_mass mass, double counted) {
  if (r->rule == MNZ_RULE_QUOTA) use_quota(r, account, counted);
  if (r->rule == MNZ_RULE_TARIFF) r->tally.duty_mass += (double)mass;
  if (r->rule == MNZ_RULE_LICENCE) mnz_licence_use(r, account, mass);
}
