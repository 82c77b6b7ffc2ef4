/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One regime in the hands of a test that is its world: it keeps the alarms, says what is drawn, and sees what
 * is told. 2026-01-01 is a Thursday. */
#include "domain/regime.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "monazite/calendar.h"

#define DAY  MNZ_US_PER_DAY
#define T_MG INT64_C(1000000000)

enum { MOST = 64 };

typedef struct alarm {
  mnz_time at;
  int32_t tag;
  mnz_alarm id;
} alarm;

typedef struct bench {
  mnz_time now;
  alarm alarms[MOST];
  int32_t n_alarms;
  mnz_alarm ids;
  double share; /* drawn for shares: approvals, revisions, the next state */
  mnz_mass wanted;
  int32_t told[8];
  double detail[8]; /* the last one told */
  mnz_time told_at[8];
  int32_t changes;
  mnz_regime_host host;
  mnz_regime regime;
  mnz_account accounts[2];
  mnz_error err;
} bench;

static mnz_time now_of(const void *host) {
  return ((const bench *)host)->now;
}

static mnz_status wake(void *host, int32_t regime, mnz_time at, int32_t tag, mnz_alarm *id, mnz_error *err) {
  bench *b = host;
  (void)err;
  cr_assert_eq(regime, 0);
  cr_assert_geq(at, b->now);
  cr_assert_lt(b->n_alarms, MOST);
  b->alarms[b->n_alarms++] = (alarm){at, tag, ++b->ids};
  if (id != NULL) *id = b->ids;
  return MNZ_OK;
}

static void cancel(void *host, mnz_alarm *id) {
  bench *b = host;
  for (int32_t i = 0; i < b->n_alarms; i++)
    if (*id != 0 && b->alarms[i].id == *id) b->alarms[i].at = INT64_MAX;
  *id = 0;
}

static double draw(void *host, uint32_t hash, mnz_purpose purpose, uint32_t occurrence,
                   const mnz_distribution *from) {
  (void)hash;
  (void)purpose;
  (void)occurrence;
  return from->kind == MNZ_DIST_CONSTANT ? from->p[0] : ((const bench *)host)->share;
}

static mnz_mass wanted(void *host, int32_t regime, int32_t account) {
  (void)regime;
  return account == 0 ? ((const bench *)host)->wanted : 0;
}

static mnz_status changed(void *host, int32_t regime, mnz_error *err) {
  (void)regime;
  (void)err;
  ((bench *)host)->changes++;
  return MNZ_OK;
}

static void tell(void *host, int32_t regime, int32_t what, int32_t account, mnz_mass mass, double detail) {
  bench *b = host;
  (void)regime;
  (void)account;
  (void)mass;
  b->told[what]++;
  b->detail[what] = detail;
  b->told_at[what] = b->now;
}

static mnz_time date(const char *text) {
  int64_t us;
  int64_t start;
  cr_assert(mnz_moment_parse(text, &us) && mnz_moment_parse("2026-01-01", &start));
  return us - start;
}

static void start(bench *b, const mnz_regime_spec *spec) {
  cr_assert(mnz_moment_parse("2026-01-01", &b->host.start_us));
  b->host = (mnz_regime_host){b, now_of, b->host.start_us, NULL, wake, cancel, draw, wanted, changed, tell};
  b->accounts[0] = (mnz_account){.buyer = 1, .material = 0, .purse = 0};
  b->accounts[1] = (mnz_account){.buyer = 2, .material = 0, .purse = 1};
  b->regime.accounts = b->accounts;
  b->regime.n_accounts = 2;
  cr_assert_eq(mnz_regime_start(&b->regime, spec, &b->host, 0, &b->err), MNZ_OK);
}

/* Rings all alarms before `until`, the earliest first. */
static void pass(bench *b, mnz_time until) {
  for (;;) {
    int32_t next = -1;
    for (int32_t i = 0; i < b->n_alarms; i++)
      if (b->alarms[i].at < until && (next < 0 || b->alarms[i].at < b->alarms[next].at)) next = i;
    if (next < 0) break;
    const alarm a = b->alarms[next];
    memmove(b->alarms + next, b->alarms + next + 1, (size_t)(b->n_alarms - next - 1) * sizeof *b->alarms);
    b->n_alarms--;
    b->now = a.at;
    cr_assert_eq(mnz_regime_wake(&b->regime, a.tag, &b->err), MNZ_OK);
  }
  b->now = until;
}

static void want(bench *b, mnz_mass before, mnz_mass wanted_now) {
  b->wanted = wanted_now;
  cr_assert_eq(mnz_regime_want(&b->regime, 0, before, wanted_now, &b->err), MNZ_OK);
}

static mnz_regime_terms terms_of(int64_t answer_days, bool working, double approve) {
  return (mnz_regime_terms){.answer = {mnz_distribution_constant((double)(answer_days * DAY)), working},
                            .calendar = -1,
                            .approve = approve,
                            .validity = -1,
                            .renew = -1,
                            .reapply = -1,
                            .volume = -1,
                            .desks = -1,
                            .shared = true};
}

static mnz_regime_step step_of(const char *effective, const char *state, mnz_regime_terms terms) {
  return (mnz_regime_step){
      .terms = terms, .announced = MNZ_NO_DATE, .effective = date(effective), .state = state};
}

static mnz_regime_spec spec_of(const mnz_regime_step *steps, int32_t n) {
  static const mnz_regime_on everything = {.origin = -1};
  return (mnz_regime_spec){
      .name = "rule", .on = &everything, .initial = "open", .steps = {steps, n}, .every = -1};
}

static const char *day_of(mnz_time time, char *out) {
  return mnz_moment_format(date("2026-01-01") + time + INT64_C(1767225600) * 1000000, out);
}

static void expect_day(mnz_time time, const char *expected) {
  char out[32];
  cr_expect_str_eq(day_of(time, out), expected, "%s", out);
}

/* --- licences --- */

static void expect_answer(const char *applied, int64_t working_days, const char *answered) {
  bench b = {0};
  const mnz_regime_step steps[] = {step_of("2026-01-01", "licence", terms_of(working_days, true, 1))};
  const mnz_regime_spec spec = spec_of(steps, 1);
  start(&b, &spec);
  pass(&b, date(applied));
  want(&b, 0, T_MG);
  pass(&b, 400 * DAY);
  cr_assert_eq(b.told[MNZ_NEWS_APPROVED], 1);
  expect_day(b.told_at[MNZ_NEWS_APPROVED], answered);
  mnz_regime_free(&b.regime);
}

Test(licences, are_answered_on_working_days) {
  expect_answer("2026-01-01", 1, "2026-01-02");
  expect_answer("2026-01-02", 1, "2026-01-05");  /* from a Friday to the Monday */
  expect_answer("2026-01-03", 1, "2026-01-05");  /* from a Saturday */
  expect_answer("2026-01-04", 5, "2026-01-09");  /* from a Sunday to the Friday */
  expect_answer("2026-01-05", 45, "2026-03-09"); /* nine weeks */
}

Test(licences, cover_the_orders_that_were_applied_for_and_no_more) {
  bench b = {0};
  const mnz_regime_step steps[] = {step_of("2026-01-01", "licence", terms_of(10, false, 1))};
  const mnz_regime_spec spec = spec_of(steps, 1);
  start(&b, &spec);
  cr_expect_eq(mnz_regime_licensed(&b.regime, 0), 0);
  want(&b, 0, 3 * T_MG);
  want(&b, 3 * T_MG, 5 * T_MG);
  cr_expect_eq(b.told[MNZ_NEWS_APPLIED], 2);
  pass(&b, 11 * DAY);
  cr_expect_eq(mnz_regime_licensed(&b.regime, 0), 5 * T_MG);
  cr_expect_eq(mnz_regime_licensed(&b.regime, 1), 0);
  mnz_regime_sent(&b.regime, 0, 4 * T_MG, 0);
  cr_expect_eq(mnz_regime_licensed(&b.regime, 0), T_MG);
  want(&b, T_MG, T_MG);
  cr_expect_eq(b.told[MNZ_NEWS_APPLIED], 2, "what is covered is not applied for");
  mnz_regime_free(&b.regime);
}

Test(licences, expire_and_are_applied_for_again_while_something_is_wanted) {
  bench b = {0};
  mnz_regime_terms terms = terms_of(10, false, 1);
  terms.validity = 20 * DAY;
  const mnz_regime_step steps[] = {step_of("2026-01-01", "licence", terms)};
  const mnz_regime_spec spec = spec_of(steps, 1);
  start(&b, &spec);
  want(&b, 0, 2 * T_MG);
  pass(&b, 30 * DAY);
  cr_expect_eq(mnz_regime_licensed(&b.regime, 0), 2 * T_MG);
  pass(&b, 30 * DAY + 1);
  cr_expect_eq(b.told[MNZ_NEWS_EXPIRED], 1);
  cr_expect_eq(mnz_regime_licensed(&b.regime, 0), 0);
  cr_expect_eq(b.told[MNZ_NEWS_APPLIED], 2);
  pass(&b, 40 * DAY + 1);
  cr_expect_eq(mnz_regime_licensed(&b.regime, 0), 2 * T_MG);
  b.wanted = 0;
  pass(&b, 100 * DAY);
  cr_expect_eq(b.told[MNZ_NEWS_APPLIED], 2, "nothing is wanted any more");
  mnz_regime_free(&b.regime);
}

Test(licences, that_are_refused_are_applied_for_again_or_never) {
  for (int32_t again = 0; again < 2; again++) {
    bench b = {.share = 0.5};
    mnz_regime_terms terms = terms_of(10, false, 0.4);
    if (again) terms.reapply = 30 * DAY;
    const mnz_regime_step steps[] = {step_of("2026-01-01", "licence", terms)};
    const mnz_regime_spec spec = spec_of(steps, 1);
    start(&b, &spec);
    want(&b, 0, T_MG);
    pass(&b, 95 * DAY); /* answers on days 10, 50 and 90 */
    cr_expect_eq(b.told[MNZ_NEWS_REFUSED], again ? 3 : 1);
    b.share = 0.3;
    pass(&b, 200 * DAY); /* the next on day 130 */
    cr_expect_eq(b.told[MNZ_NEWS_APPROVED], again ? 1 : 0);
    want(&b, T_MG, 2 * T_MG); /* another order */
    cr_expect_eq(b.told[MNZ_NEWS_APPLIED], again ? 5 : 2);
    mnz_regime_free(&b.regime);
  }
}

/* The probability is that of the day of the answer. */
Test(licences, are_approved_as_the_state_of_the_day_has_it) {
  bench b = {.share = 0.5};
  const mnz_regime_step steps[] = {step_of("2026-01-01", "licence", terms_of(60, false, 0.25)),
                                   step_of("2026-02-01", "licence", terms_of(60, false, 0.60))};
  const mnz_regime_spec spec = spec_of(steps, 2);
  start(&b, &spec);
  want(&b, 0, T_MG);
  pass(&b, 61 * DAY);
  cr_expect_eq(b.told[MNZ_NEWS_APPROVED], 1);
  cr_expect_eq(b.told[MNZ_NEWS_APPLIED], 1, "it goes on over the step");
  mnz_regime_free(&b.regime);
}

Test(licences, lapse_when_the_regime_no_longer_asks_for_them) {
  bench b = {0};
  const mnz_regime_step steps[] = {step_of("2026-01-01", "licence", terms_of(10, false, 1)),
                                   step_of("2026-01-20", "embargo", terms_of(10, false, 1)),
                                   step_of("2026-02-20", "licence", terms_of(10, false, 1))};
  const mnz_regime_spec spec = spec_of(steps, 3);
  start(&b, &spec);
  want(&b, 0, T_MG);
  pass(&b, 15 * DAY);
  want(&b, T_MG, 3 * T_MG);
  cr_expect_eq(mnz_regime_licensed(&b.regime, 0), T_MG);
  pass(&b, 40 * DAY);
  cr_expect_eq(b.regime.rule, MNZ_RULE_EMBARGO);
  cr_expect_eq(b.regime.waiting, 0);
  cr_expect_eq(b.told[MNZ_NEWS_APPROVED], 1);
  pass(&b, date("2026-02-20") + 1);
  cr_expect_eq(mnz_regime_licensed(&b.regime, 0), 0);
  cr_expect_eq(b.told[MNZ_NEWS_APPLIED], 3, "all that is wanted is applied for");
  pass(&b, date("2026-03-02") + 1);
  cr_expect_eq(mnz_regime_licensed(&b.regime, 0), 3 * T_MG);
  mnz_regime_free(&b.regime);
}

Test(licences, of_a_buyer_cover_everything_or_whole_volumes) {
  for (int32_t volumes = 0; volumes < 2; volumes++) {
    bench b = {0};
    mnz_regime_terms terms = terms_of(10, false, 1);
    terms.per = MNZ_LICENCE_PER_BUYER;
    if (volumes) terms.volume = 10 * T_MG;
    const mnz_regime_step steps[] = {step_of("2026-01-01", "licence", terms)};
    const mnz_regime_spec spec = spec_of(steps, 1);
    start(&b, &spec);
    want(&b, 0, 12 * T_MG);
    want(&b, 12 * T_MG, 25 * T_MG);
    cr_expect_eq(b.told[MNZ_NEWS_APPLIED], 1, "one at a time");
    pass(&b, 11 * DAY);
    if (volumes) {
      cr_expect_eq(mnz_regime_licensed(&b.regime, 0), 20 * T_MG);
      cr_expect_eq(b.told[MNZ_NEWS_APPLIED], 2, "it was not enough");
    } else {
      cr_expect_geq(mnz_regime_licensed(&b.regime, 0), MNZ_ALL);
      mnz_regime_sent(&b.regime, 0, 25 * T_MG, 0);
      cr_expect_geq(mnz_regime_licensed(&b.regime, 0), MNZ_ALL);
    }
    mnz_regime_free(&b.regime);
  }
}

Test(licences, wait_for_a_desk_in_their_order) {
  bench b = {0};
  mnz_regime_terms terms = terms_of(10, false, 1);
  terms.desks = 1;
  const mnz_regime_step steps[] = {step_of("2026-01-01", "licence", terms)};
  const mnz_regime_spec spec = spec_of(steps, 1);
  start(&b, &spec);
  for (int32_t k = 0; k < 4; k++) want(&b, k * T_MG, (k + 1) * T_MG);
  cr_expect_eq(b.regime.waiting, 4);
  pass(&b, 25 * DAY);
  cr_expect_eq(mnz_regime_licensed(&b.regime, 0), 2 * T_MG);
  cr_expect_eq(b.regime.waiting, 2);
  pass(&b, 41 * DAY);
  cr_expect_eq(b.regime.tally.waited, (double)((10 + 20 + 30 + 40) * DAY));
  mnz_regime_free(&b.regime);
}

Test(licences, of_a_buyer_are_renewed_before_they_end_if_they_were_used) {
  for (int32_t used = 0; used < 2; used++) {
    bench b = {0};
    mnz_regime_terms terms = terms_of(10, false, 1);
    terms.per = MNZ_LICENCE_PER_BUYER;
    terms.validity = 100 * DAY;
    terms.renew = 15 * DAY;
    const mnz_regime_step steps[] = {step_of("2026-01-01", "licence", terms)};
    const mnz_regime_spec spec = spec_of(steps, 1);
    start(&b, &spec);
    want(&b, 0, T_MG);
    pass(&b, 20 * DAY);
    if (used) mnz_regime_sent(&b.regime, 0, T_MG, 0);
    b.wanted = 0;
    pass(&b, 110 * DAY + 1); /* the first ends on day 110, was to be renewed on day 95 */
    cr_expect_eq(b.told[MNZ_NEWS_APPLIED], used ? 2 : 1);
    cr_expect_eq(b.told[MNZ_NEWS_EXPIRED], 1);
    cr_expect_eq(mnz_regime_licensed(&b.regime, 0) > 0, used);
    mnz_regime_free(&b.regime);
  }
}

/* --- quotas --- */

static mnz_regime_terms quota_of(mnz_mass mass, mnz_quota_period period, double carry_over) {
  mnz_regime_terms terms = terms_of(0, false, 1);
  terms.quota.mass = mass;
  terms.period = (int32_t)period;
  terms.carry_over = carry_over;
  return terms;
}

Test(quotas, begin_anew_at_the_borders_of_calendar_periods) {
  static const char *const borders[] = {"2026-02-01", "2026-04-01", "2027-01-01"};
  for (int32_t period = MNZ_QUOTA_MONTH; period <= MNZ_QUOTA_YEAR; period++) {
    bench b = {0};
    const mnz_regime_step steps[] = {
        step_of("2025-12-01", "quota", quota_of(10 * T_MG, (mnz_quota_period)period, 0.5))};
    const mnz_regime_spec spec = spec_of(steps, 1);
    start(&b, &spec);
    mnz_regime_sent(&b.regime, 0, 6 * T_MG, 6e9);
    cr_expect_eq(mnz_regime_quota_left(&b.regime, 1), 4e9, "one for all");
    pass(&b, date(borders[period]));
    cr_expect_eq(mnz_regime_quota_left(&b.regime, 0), 4e9);
    pass(&b, date(borders[period]) + 1);
    cr_expect_eq(mnz_regime_quota_left(&b.regime, 0), 12e9, "half of what was left is on top");
    mnz_regime_free(&b.regime);
  }
}

Test(quotas, of_each_buyer_are_apart) {
  bench b = {0};
  mnz_regime_terms terms = quota_of(10 * T_MG, MNZ_QUOTA_YEAR, 0);
  terms.shared = false;
  const mnz_regime_step steps[] = {step_of("2026-01-01", "quota", terms)};
  const mnz_regime_spec spec = spec_of(steps, 1);
  start(&b, &spec);
  mnz_regime_sent(&b.regime, 0, 10 * T_MG, 10e9);
  cr_expect_eq(mnz_regime_quota_left(&b.regime, 0), 0);
  cr_expect_eq(mnz_regime_quota_left(&b.regime, 1), 10e9);
  cr_expect_eq(b.told[MNZ_NEWS_EXHAUSTED], 1);
  mnz_regime_free(&b.regime);
}

/* Within a period a new quota counts what is used already; at the border of two it begins anew. */
Test(quotas, are_followed_by_others) {
  bench b = {0};
  const mnz_regime_step steps[] = {step_of("2026-01-01", "quota", quota_of(10 * T_MG, MNZ_QUOTA_YEAR, 0)),
                                   step_of("2026-07-08", "quota", quota_of(8 * T_MG, MNZ_QUOTA_YEAR, 0)),
                                   step_of("2027-01-01", "quota", quota_of(5 * T_MG, MNZ_QUOTA_YEAR, 0))};
  const mnz_regime_spec spec = spec_of(steps, 3);
  start(&b, &spec);
  mnz_regime_sent(&b.regime, 0, 6 * T_MG, 6e9);
  pass(&b, date("2026-07-08") + 1);
  cr_expect_eq(mnz_regime_quota_left(&b.regime, 0), 2e9);
  pass(&b, date("2027-01-01") + 1);
  cr_expect_eq(mnz_regime_quota_left(&b.regime, 0), 5e9);
  mnz_regime_sent(&b.regime, 0, T_MG, 1e9);
  pass(&b, date("2028-01-01") + 1);
  cr_expect_eq(mnz_regime_quota_left(&b.regime, 0), 5e9);
  mnz_regime_free(&b.regime);
}

/* --- steps --- */

static void expect_revision(double share, const char *to, mnz_rule expected) {
  bench b = {.share = share};
  mnz_regime_step steps[] = {step_of("2026-06-01", "embargo", terms_of(10, false, 1))};
  steps[0].announced = date("2026-03-01");
  steps[0].revised = 0.25;
  steps[0].revised_to = to;
  const mnz_regime_spec spec = spec_of(steps, 1);
  mnz_time since;
  start(&b, &spec);
  pass(&b, date("2026-03-01"));
  cr_expect_eq(b.told[MNZ_NEWS_ANNOUNCED], 0);
  pass(&b, date("2026-03-01") + 1);
  cr_expect_eq(b.told[MNZ_NEWS_ANNOUNCED], 1);
  cr_expect_eq(b.detail[MNZ_NEWS_ANNOUNCED], 92);
  cr_expect(mnz_regime_warns(&b.regime, &since) && since == date("2026-03-01"));
  pass(&b, date("2026-06-01") + 1);
  cr_expect(!mnz_regime_warns(&b.regime, &since));
  cr_expect_eq(b.regime.rule, expected);
  cr_expect_eq(b.told[MNZ_NEWS_REVISED], share < 0.25);
  mnz_regime_free(&b.regime);
}

Test(steps, are_announced_and_may_be_revised) {
  expect_revision(0.25, "licence", MNZ_RULE_EMBARGO);
  expect_revision(0.2499, "licence", MNZ_RULE_LICENCE);
  expect_revision(0.2499, NULL, MNZ_RULE_OPEN);
}

Test(steps, from_before_the_start_hold_at_the_start) {
  bench b = {0};
  const mnz_regime_step steps[] = {step_of("2025-06-01", "embargo", terms_of(10, false, 1)),
                                   step_of("2025-03-01", "licence", terms_of(10, false, 1))};
  const mnz_regime_spec spec = spec_of(steps, 2);
  start(&b, &spec);
  cr_expect_eq(b.regime.rule, MNZ_RULE_EMBARGO, "the later one, whatever their order");
  cr_expect_eq(b.told[MNZ_NEWS_CHANGED], 0);
  mnz_regime_free(&b.regime);
}

/* --- chains --- */

Test(chains, move_by_stays_until_a_step_takes_them_off) {
  static const mnz_regime_to to_shut[] = {{"shut", NAN}};
  static const mnz_regime_to to_quiet[] = {{"quiet", NAN}};
  const mnz_regime_state states[] = {{.terms = terms_of(0, false, 1),
                                      .name = "quiet",
                                      .state = "open",
                                      .stay = mnz_distribution_constant(30.0 * (double)DAY),
                                      .to = {to_shut, 1}},
                                     {.terms = terms_of(0, false, 1),
                                      .name = "shut",
                                      .state = "embargo",
                                      .stay = mnz_distribution_constant(10.0 * (double)DAY),
                                      .to = {to_quiet, 1}}};
  const mnz_regime_step steps[] = {step_of("2026-03-17", "shut", terms_of(0, false, 1)), /* day 75 */
                                   step_of("2026-06-01", "open", terms_of(0, false, 1))};
  bench b = {0};
  mnz_regime_spec spec = spec_of(steps, 2);
  spec.states = (mnz_list){states, 2};
  spec.initial = "quiet";
  start(&b, &spec);
  pass(&b, 75 * DAY); /* shut on days 30 to 40 and 70 to 80 */
  cr_expect_eq(b.regime.rule, MNZ_RULE_EMBARGO);
  pass(&b, 84 * DAY);
  cr_expect_eq(b.regime.rule, MNZ_RULE_EMBARGO, "the step set it there once more");
  pass(&b, 86 * DAY);
  cr_expect_eq(b.regime.rule, MNZ_RULE_OPEN);
  pass(&b, 400 * DAY);
  cr_expect_eq(b.regime.chain, -1);
  expect_day(b.regime.since, "2026-06-01");
  mnz_regime_free(&b.regime);
}

Test(chains, move_once_a_period_with_the_probabilities_of_one) {
  static const mnz_regime_to to_off[] = {{"off", 0.04}};
  static const mnz_regime_to to_on[] = {{"on", 0.25}};
  const mnz_regime_state states[] = {{.terms = terms_of(0, false, 1),
                                      .name = "off",
                                      .state = "embargo",
                                      .stay = mnz_distribution_constant(NAN),
                                      .to = {to_on, 1}},
                                     {.terms = terms_of(0, false, 1),
                                      .name = "on",
                                      .state = "open",
                                      .stay = mnz_distribution_constant(NAN),
                                      .to = {to_off, 1}}};
  bench b = {.share = 0.04};
  mnz_regime_spec spec = spec_of(NULL, 0);
  spec.states = (mnz_list){states, 2};
  spec.initial = "on";
  spec.every = 7 * DAY;
  start(&b, &spec);
  pass(&b, 50 * DAY);
  cr_expect_eq(b.regime.rule, MNZ_RULE_OPEN);
  b.share = 0.0399;
  pass(&b, 56 * DAY);
  cr_expect_eq(b.regime.rule, MNZ_RULE_OPEN);
  pass(&b, 56 * DAY + 1);
  cr_expect_eq(b.regime.rule, MNZ_RULE_EMBARGO);
  mnz_regime_free(&b.regime);
}
