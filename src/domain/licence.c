/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The licence office of a regime. A paper is filed, waits for a desk and then for its answer; if it is good
 * it is a licence until it is used up or expires; if not it may be filed again. Each paper has at most one
 * alarm at a time, and its place is not used again before that has rung. */
#include <math.h>

#include "domain/regime.h"
#include "monazite/calendar.h"

static mnz_time now_of(const mnz_regime *r) {
  return r->host->now(r->host->host);
}

/* What is beyond any horizon stays within its integers. */
static mnz_time later(const mnz_regime *r, mnz_time delay) {
  return now_of(r) + (delay < INT64_MAX / 4 ? delay : INT64_MAX / 4);
}

static double days_since(const mnz_regime *r, mnz_time then) {
  return (double)(now_of(r) - then) / (double)MNZ_US_PER_DAY;
}

static mnz_time answer_at(mnz_regime *r, uint32_t number) {
  const int64_t longest = INT64_C(100000) * MNZ_US_PER_DAY; /* beyond any horizon */
  const mnz_delay *answer = &r->terms->answer;
  const double drawn =
      r->host->draw(r->host->host, r->spec->hash, MNZ_PURPOSE_LICENCE_ANSWER, number, &answer->time);
  const int64_t delay = drawn < (double)longest ? llround(fmax(0, drawn)) : longest;
  const mnz_time now = now_of(r);
  if (!answer->working || delay == longest) return now + delay;
  const mnz_work_calendar *work =
      r->terms->calendar < 0 ? &mnz_work_week : &r->host->work[r->terms->calendar];
  const int64_t days = (delay + MNZ_US_PER_DAY / 2) / MNZ_US_PER_DAY;
  return mnz_add_working_days(work, r->host->start_us + now, days) - r->host->start_us;
}

/* --- papers --- */

void mnz_licences_open(mnz_regime *r) {
  r->free_paper = r->queue_first = r->queue_last = -1;
  for (int32_t i = 0; i < r->n_accounts; i++) {
    const mnz_account *a = &r->accounts[i];
    r->accounts[i] = (mnz_account){.buyer = a->buyer,
                                   .material = a->material,
                                   .flow = a->flow,
                                   .purse = a->purse,
                                   .first = -1,
                                   .last = -1};
  }
}

static int32_t take_paper(mnz_regime *r, mnz_error *err) {
  const int32_t free_one = r->free_paper;
  if (free_one >= 0) {
    r->free_paper = r->papers[free_one].next;
    return free_one;
  }
  if (mnz_reserve_array(&r->papers, &r->papers_capacity, r->n_papers + 1, err) != MNZ_OK) return -1;
  return (int32_t)r->n_papers++;
}

/* Its place is free at once, or when its alarm has rung. */
static void give_paper(mnz_regime *r, int32_t i) {
  mnz_paper *paper = &r->papers[i];
  paper->state = paper->alarmed ? MNZ_PAPER_VOID : MNZ_PAPER_FREE;
  if (paper->alarmed) return;
  paper->next = r->free_paper;
  r->free_paper = i;
}

static mnz_status wake_paper(mnz_regime *r, int32_t i, mnz_time at, mnz_error *err) {
  r->papers[i].alarmed = true;
  return r->host->wake(r->host->host, r->index, at, MNZ_TAG_LICENCE + i, NULL, err);
}

/* The number of applications without an answer has been the same until now. */
static void count_waiting(mnz_regime *r, int32_t more) {
  const mnz_time now = now_of(r);
  r->tally.queue_area += (double)r->waiting * (double)(now - r->queue_since);
  r->queue_since = now;
  r->waiting += more;
}

/* Free desks take up the applications that have waited longest. */
static mnz_status work(mnz_regime *r, mnz_error *err) {
  mnz_status status = MNZ_OK;
  while (status == MNZ_OK && r->queue_first >= 0 && (r->terms->desks < 0 || r->busy < r->terms->desks)) {
    const int32_t i = r->queue_first;
    r->queue_first = r->papers[i].next;
    if (r->queue_first < 0) r->queue_last = -1;
    r->papers[i].state = MNZ_PAPER_OPEN;
    r->busy++;
    status = wake_paper(r, i, answer_at(r, r->papers[i].number), err);
  }
  return status;
}

static mnz_status file(mnz_regime *r, int32_t account, mnz_mass mass, mnz_error *err) {
  const int32_t i = take_paper(r, err);
  if (i < 0) return MNZ_NO_MEMORY;
  r->papers[i] = (mnz_paper){.account = account,
                             .state = MNZ_PAPER_QUEUED,
                             .mass = mass,
                             .filed = now_of(r),
                             .number = r->filed++,
                             .next = -1};
  if (r->queue_last >= 0)
    r->papers[r->queue_last].next = i;
  else
    r->queue_first = i;
  r->queue_last = i;
  r->tally.applications++;
  r->accounts[account].pending += mass;
  count_waiting(r, 1);
  mnz_regime_tell(r, MNZ_NEWS_APPLIED, account, mass < MNZ_ALL ? mass : 0, NAN);
  return work(r, err);
}

/* As many licences at once as are needed. */
static mnz_mass in_volumes(mnz_mass mass, mnz_mass volume) {
  const mnz_mass n = mass / volume + (mass % volume > 0);
  return n < MNZ_ALL / volume ? n * volume : mass;
}

mnz_status mnz_regime_want(mnz_regime *r, int32_t account, mnz_mass before, mnz_mass wanted, mnz_error *err) {
  if (r->rule != MNZ_RULE_LICENCE || wanted <= 0) return MNZ_OK;
  mnz_account *a = &r->accounts[account];
  if (a->barred < MNZ_ALL && a->barred > before) a->barred = before; /* what was refused is wanted no more */
  mnz_mass missing = wanted - a->granted - a->pending - a->resting - a->barred;
  if (missing <= 0) return MNZ_OK;
  if (r->terms->per == MNZ_LICENCE_PER_BUYER) {
    if (a->pending > 0 || a->resting > 0) return MNZ_OK; /* one at a time */
    missing = r->terms->volume > 0 ? in_volumes(missing, r->terms->volume) : MNZ_ALL;
  }
  return file(r, account, missing, err);
}

static mnz_status want_again(mnz_regime *r, int32_t account, mnz_error *err) {
  const mnz_mass wanted = r->host->wanted(r->host->host, r->index, account);
  return mnz_regime_want(r, account, MNZ_ALL, wanted, err);
}

mnz_status mnz_licences_renew(mnz_regime *r, mnz_error *err) {
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < r->n_accounts && status == MNZ_OK; i++) {
    r->accounts[i].barred = 0;
    status = want_again(r, i, err);
  }
  return status != MNZ_OK ? status : work(r, err); /* there may be more desks */
}

void mnz_licences_lapse(mnz_regime *r) {
  count_waiting(r, -r->waiting);
  r->queue_first = r->queue_last = -1;
  r->busy = 0;
  for (size_t i = 0; i < r->n_papers; i++) {
    const mnz_paper_state state = r->papers[i].state;
    if (state != MNZ_PAPER_FREE && state != MNZ_PAPER_VOID) give_paper(r, (int32_t)i);
  }
  for (int32_t i = 0; i < r->n_accounts; i++) {
    mnz_account *a = &r->accounts[i];
    a->granted = a->pending = a->resting = a->barred = 0;
    a->first = a->last = -1;
  }
}

mnz_mass mnz_regime_licensed(const mnz_regime *r, int32_t account) {
  return r->rule == MNZ_RULE_LICENCE ? r->accounts[account].granted : INT64_MAX;
}

/* --- what becomes of a paper --- */

static void keep_licence(mnz_regime *r, int32_t i) {
  mnz_account *a = &r->accounts[r->papers[i].account];
  r->papers[i].state = MNZ_PAPER_GOOD;
  r->papers[i].next = -1;
  if (a->last >= 0)
    r->papers[a->last].next = i;
  else
    a->first = i;
  a->last = i;
  a->granted += r->papers[i].mass;
}

static void drop_licence(mnz_regime *r, int32_t i) {
  mnz_account *a = &r->accounts[r->papers[i].account];
  int32_t before = -1;
  for (int32_t at = a->first; at != i; at = r->papers[at].next) before = at;
  if (before < 0)
    a->first = r->papers[i].next;
  else
    r->papers[before].next = r->papers[i].next;
  if (a->last == i) a->last = before;
  a->granted -= r->papers[i].mass;
}

static mnz_status set_end(mnz_regime *r, int32_t i, mnz_error *err) {
  mnz_paper *paper = &r->papers[i];
  const mnz_regime_terms *terms = r->terms;
  paper->ends = MNZ_NEVER;
  if (terms->validity < 0) return MNZ_OK;
  paper->ends = later(r, terms->validity);
  paper->asked = terms->per != MNZ_LICENCE_PER_BUYER || terms->renew <= 0 || terms->renew >= terms->validity;
  return wake_paper(r, i, paper->asked ? paper->ends : later(r, terms->validity - terms->renew), err);
}

static mnz_status renew(mnz_regime *r, int32_t i, mnz_error *err) {
  r->papers[i].asked = true;
  mnz_status status = wake_paper(r, i, r->papers[i].ends, err);
  const int32_t account = r->papers[i].account;
  const mnz_account *a = &r->accounts[account];
  const bool again = r->papers[i].used && a->pending == 0 && a->resting == 0;
  const mnz_mass mass = r->terms->volume > 0 ? r->terms->volume : MNZ_ALL;
  return again && status == MNZ_OK ? file(r, account, mass, err) : status;
}

static mnz_status answer(mnz_regime *r, int32_t i, mnz_error *err) {
  mnz_paper *paper = &r->papers[i];
  mnz_account *a = &r->accounts[paper->account];
  const mnz_mass told = paper->mass < MNZ_ALL ? paper->mass : 0;
  r->busy--;
  count_waiting(r, -1);
  r->tally.waited += (double)(now_of(r) - paper->filed);
  a->pending -= paper->mass;
  const double u = r->host->draw(r->host->host, r->spec->hash, MNZ_PURPOSE_LICENCE_APPROVE, paper->number,
                                 &mnz_uniform_share);
  mnz_status status;
  if (u < r->terms->approve) {
    r->tally.approvals++;
    mnz_regime_tell(r, MNZ_NEWS_APPROVED, paper->account, told, days_since(r, paper->filed));
    keep_licence(r, i);
    const int32_t account = paper->account;
    status = set_end(r, i, err);
    if (status == MNZ_OK) status = r->host->changed(r->host->host, r->index, err);
    if (status == MNZ_OK) status = want_again(r, account, err); /* it may not have been enough */
  } else {
    r->tally.refusals++;
    mnz_regime_tell(r, MNZ_NEWS_REFUSED, paper->account, told, days_since(r, paper->filed));
    if (r->terms->reapply < 0) {
      a->barred += paper->mass;
      give_paper(r, i);
      status = MNZ_OK;
    } else {
      a->resting += paper->mass;
      paper->state = MNZ_PAPER_RESTING;
      status = wake_paper(r, i, later(r, r->terms->reapply), err);
    }
  }
  return status != MNZ_OK ? status : work(r, err);
}

static mnz_status expire(mnz_regime *r, int32_t i, mnz_error *err) {
  const int32_t account = r->papers[i].account;
  const mnz_mass left = r->papers[i].mass;
  drop_licence(r, i);
  give_paper(r, i);
  mnz_regime_tell(r, MNZ_NEWS_EXPIRED, account, left < MNZ_ALL ? left : 0, NAN);
  return want_again(r, account, err);
}

static mnz_status rested(mnz_regime *r, int32_t i, mnz_error *err) {
  const int32_t account = r->papers[i].account;
  r->accounts[account].resting -= r->papers[i].mass;
  give_paper(r, i);
  return want_again(r, account, err);
}

void mnz_licence_use(mnz_regime *r, int32_t account, mnz_mass mass) {
  mnz_account *a = &r->accounts[account];
  while (a->first >= 0 && mass > 0) {
    const int32_t i = a->first;
    mnz_paper *licence = &r->papers[i];
    licence->used = true;
    if (licence->mass >= MNZ_ALL) return;
    const mnz_mass part = licence->mass < mass ? licence->mass : mass;
    licence->mass -= part;
    a->granted -= part;
    mass -= part;
    if (licence->mass > 0) return;
    drop_licence(r, i);
    give_paper(r, i);
  }
}

mnz_status mnz_licence_wake(mnz_regime *r, int32_t i, mnz_error *err) {
  r->papers[i].alarmed = false;
  switch (r->papers[i].state) {
  case MNZ_PAPER_OPEN:
    return answer(r, i, err);
  case MNZ_PAPER_GOOD:
    return r->papers[i].asked ? expire(r, i, err) : renew(r, i, err);
  case MNZ_PAPER_RESTING:
    return rested(r, i, err);
  case MNZ_PAPER_VOID:
    give_paper(r, i);
    return MNZ_OK;
  case MNZ_PAPER_QUEUED:
  case MNZ_PAPER_FREE:
    break; /* they have no alarm */
  }
  return MNZ_OK;
}
