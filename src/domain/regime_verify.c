/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a regime keeps of its papers as running totals, added up the slow way. */
#include <inttypes.h>

#include "base/error.h"
#include "domain/regime.h"

/* By the state of the papers; those that rest or are void belong to no queue. */
static mnz_mass sum_of(const mnz_regime *r, int32_t account, mnz_paper_state state) {
  mnz_mass sum = 0;
  for (size_t i = 0; i < r->n_papers; i++)
    if (r->papers[i].account == account && r->papers[i].state == state) sum += r->papers[i].mass;
  return sum;
}

static int32_t count_of(const mnz_regime *r, mnz_paper_state state) {
  int32_t n = 0;
  for (size_t i = 0; i < r->n_papers; i++) n += r->papers[i].state == state;
  return n;
}

static mnz_status expect(const mnz_regime *r, const char *what, int64_t found, int64_t expected,
                         mnz_error *err) {
  if (found == expected) return MNZ_OK;
  return mnz_fail(err, MNZ_MODEL, r->spec->name, "%s is %" PRId64 ", but should be %" PRId64, what, found,
                  expected);
}

static mnz_status verify_account(const mnz_regime *r, int32_t account, mnz_error *err) {
  const mnz_account *a = &r->accounts[account];
  mnz_mass listed = 0;
  for (int32_t i = a->first; i >= 0; i = r->papers[i].next) listed += r->papers[i].mass;
  const mnz_mass pending = sum_of(r, account, MNZ_PAPER_QUEUED) + sum_of(r, account, MNZ_PAPER_OPEN);
  mnz_status status = expect(r, "the mass licensed", a->granted, sum_of(r, account, MNZ_PAPER_GOOD), err);
  if (status == MNZ_OK) status = expect(r, "the mass on its list", listed, a->granted, err);
  if (status == MNZ_OK) status = expect(r, "the mass applied for", a->pending, pending, err);
  if (status == MNZ_OK)
    status = expect(r, "the mass refused", a->resting, sum_of(r, account, MNZ_PAPER_RESTING), err);
  return status != MNZ_OK ? status : expect(r, "the mass barred", a->barred < 0, 0, err);
}

mnz_status mnz_regime_verify(const mnz_regime *r, mnz_error *err) {
  int32_t queued = 0;
  int32_t unused = 0;
  for (int32_t i = r->queue_first; i >= 0; i = r->papers[i].next) queued++;
  for (int32_t i = r->free_paper; i >= 0; i = r->papers[i].next) unused++;
  mnz_status status = expect(r, "the queue", queued, count_of(r, MNZ_PAPER_QUEUED), err);
  if (status == MNZ_OK) status = expect(r, "busy desks", r->busy, count_of(r, MNZ_PAPER_OPEN), err);
  if (status == MNZ_OK) status = expect(r, "what waits", r->waiting, queued + r->busy, err);
  if (status == MNZ_OK) status = expect(r, "free papers", unused, count_of(r, MNZ_PAPER_FREE), err);
  for (int32_t i = 0; i < r->n_accounts && status == MNZ_OK; i++) status = verify_account(r, i, err);
  return status;
}
