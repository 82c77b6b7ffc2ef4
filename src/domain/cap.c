/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/cap.h"

#include <math.h>

#include "domain/line.h"
#include "monazite/calendar.h"

static const char *const counts_names[] = {"feed", "products", NULL};
static const char *const per_names[] = {"year", "quarter", "month", NULL};

const mnz_param mnz_cap_params[] = {
    {.name = "at_most",
     .type = MNZ_PARAM_SCHEDULE,
     .offset = offsetof(mnz_cap, at_most),
     .required = true,
     .help =
         "the most that may be worked off, as a rate: \"22 kt/yr\" or \"10.5 kt/yr Nd+Pr\"; steps with dates "
         "where the licence changes"},
    {.name = "counts",
     .type = MNZ_PARAM_CHOICE,
     .offset = offsetof(mnz_cap, counts),
     .fallback = "feed",
     .choices = counts_names,
     .help = "feed: what is begun, to the last gram; products: what is made, but for the rest: what is "
             "inside when it "
             "is used up still leaves"},
    {.name = "per",
     .type = MNZ_PARAM_CHOICE,
     .offset = offsetof(mnz_cap, per),
     .fallback = "year",
     .choices = per_names,
     .help = "the calendar period that it counts in: one that is used up early stands until its end"},
    {.name = "used",
     .type = MNZ_PARAM_MASS,
     .offset = offsetof(mnz_cap, used),
     .min = 0,
     .max = 1e300,
     .fallback = "0 t",
     .help = "used up of the first period before the start"},
    {.name = NULL}};

static int32_t months_of(const mnz_cap *cap) {
  switch ((mnz_cap_per)cap->per) {
  case MNZ_CAP_YEAR:
    return 12;
  case MNZ_CAP_QUARTER:
    return 3;
  case MNZ_CAP_MONTH:
    return 1;
  }
  return 12;
}

static int64_t period_start(const mnz_cap *cap, int64_t moment) {
  switch ((mnz_cap_per)cap->per) {
  case MNZ_CAP_YEAR:
    return mnz_moment_year_start(moment);
  case MNZ_CAP_QUARTER:
    return mnz_moment_quarter_start(moment);
  case MNZ_CAP_MONTH:
    return mnz_moment_month_start(moment);
  }
  return moment;
}

static void enter_period(mnz_allowance *a) {
  const int64_t epoch = a->site->services->start_us;
  const int64_t begin = period_start(a->cap, epoch + mnz_site_now(a->site));
  a->ends = mnz_moment_add_months(begin, months_of(a->cap)) - epoch;
}

mnz_status mnz_allowance_start(mnz_allowance *a, mnz_site *site, const mnz_cap *cap, int32_t tag,
                               mnz_error *err) {
  *a = (mnz_allowance){.site = site, .cap = cap, .tag = tag};
  if (cap == NULL) return MNZ_OK;
  enter_period(a);
  a->used = (double)cap->used;
  mnz_status status = MNZ_OK;
  for (int32_t i = 0; i < cap->at_most.count && status == MNZ_OK; i++) {
    const mnz_time from = cap->at_most.at[i].from;
    if (from != MNZ_NO_DATE && from > mnz_site_now(site))
      status = mnz_site_wake(site, from, MNZ_PHASE_COMPLETION, tag, NULL, err);
  }
  return status;
}

double mnz_allowance_left(mnz_allowance *a) {
  if (a->cap == NULL) return INFINITY;
  if (mnz_site_now(a->site) >= a->ends) {
    enter_period(a);
    a->used = 0;
  }
  const double period = 365 * 86400e6 / 12 * months_of(a->cap);
  return fmax(0, mnz_schedule_rate(&a->cap->at_most, mnz_site_now(a->site)) * period - a->used);
}

mnz_mass mnz_allowance_fits(mnz_allowance *a, const mnz_shelf *shelf) {
  const mnz_lot *next = shelf->store.queue.first;
  if (a->cap == NULL || next == NULL) return INT64_MAX;
  if (a->cap->counts == MNZ_CAP_PRODUCTS) return mnz_allowance_left(a) < 1000 ? 0 : INT64_MAX;
  const double counts = (double)mnz_basis_mass(a->site->catalog, a->cap->at_most.basis, next);
  if (!(counts > 0)) return INT64_MAX;
  const double fits = mnz_allowance_left(a) * (double)next->mass / counts;
  if (fits > (double)(INT64_MAX / 4)) return INT64_MAX;
  return fits < 1000 ? 0 : (mnz_mass)fits;
}

void mnz_allowance_use(mnz_allowance *a, mnz_cap_counts what, const mnz_lot *lot) {
  if (a->cap == NULL || a->cap->counts != (int32_t)what) return;
  mnz_allowance_left(a); /* of the period that has begun meanwhile */
  a->used += (double)mnz_basis_mass(a->site->catalog, a->cap->at_most.basis, lot);
}

mnz_status mnz_allowance_stand(mnz_allowance *a, bool stands, mnz_error *err) {
  mnz_counts *counts = &a->site->counts;
  const bool stood = counts->capped_since != MNZ_NEVER;
  const mnz_time now = mnz_site_now(a->site);
  if (stood && !stands) {
    counts->of[MNZ_COUNT_CAPPED] += now - counts->capped_since;
    counts->capped_since = MNZ_NEVER;
  }
  if (!stood && stands) counts->capped_since = now;
  if (!stands || a->alarm == a->ends) return MNZ_OK;
  a->alarm = a->ends;
  return mnz_site_wake(a->site, a->ends, MNZ_PHASE_COMPLETION, a->tag, NULL, err);
}

void mnz_cap_check(const mnz_cap *cap, const mnz_report *report) {
  if (cap != NULL && !(mnz_schedule_greatest(&cap->at_most) > 0))
    report->error(report->context, "cap.at_most",
                  "found 0 throughout, so that it never works; expected more");
}
