/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pass over the log, backwards for what a lot came from, forwards for what became of it. Each keeps a
 * number for every lot: backwards, how much of the lot asked about is now inside it; forwards, how much of it
 * is the lot asked about. */
#include "monazite/genealogy.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

struct mnz_genealogy {
  const mnz_model_event *log;
  size_t count;
  int64_t lots;
  double *before; /* [event]: of a merger, the mass that was there already */
  double *inputs; /* [lot]: the mass of all that it was made of */
};

enum { IN_SERVICE = 3, STILL_THERE = 4 };

static const double NOTHING = 1e-12; /* less is the rounding of a sum of shares */

/* What the masses of lots are as the log goes on. */
static void weigh(mnz_genealogy *g, double *mass) {
  for (size_t i = 0; i < g->count; i++) {
    const mnz_model_event *e = &g->log[i];
    const double m = (double)e->mass_mg;
    switch (e->what) {
    case MNZ_EVENT_SPLIT:
      mass[e->parent] -= m;
      mass[e->lot] = m;
      break;
    case MNZ_EVENT_MERGED:
      g->before[i] = mass[e->lot];
      mass[e->lot] += m;
      break;
    case MNZ_EVENT_MADE:
      g->inputs[e->lot] += m;
      mass[e->lot] = g->inputs[e->lot]; /* until a place tells what it weighs now */
      break;
    case MNZ_EVENT_BORN:
    case MNZ_EVENT_BECAME:
    case MNZ_EVENT_STORED:
    case MNZ_EVENT_IN_PROCESS:
    case MNZ_EVENT_IN_USE:
      mass[e->lot] = m;
      break;
    default:
      break;
    }
  }
}

mnz_status mnz_genealogy_create(mnz_genealogy **out, const mnz_model_event *log, size_t count,
                                mnz_error *err) {
  *out = NULL;
  bool told = false;
  double *mass = NULL;
  mnz_genealogy *g = NULL;
  mnz_status status = mnz_new_array(&g, 1, err);
  if (status != MNZ_OK) return status;
  *g = (mnz_genealogy){.log = log, .count = count};
  for (size_t i = 0; i < count; i++) {
    told |= log[i].what == MNZ_EVENT_BORN;
    if (log[i].lot > g->lots) g->lots = log[i].lot;
    if (log[i].parent > g->lots) g->lots = log[i].parent;
  }
  const size_t lots = (size_t)g->lots + 1;
  if (!told) status = mnz_fail(err, MNZ_USAGE, NULL, "the results do not say what became of lots");
  if (status == MNZ_OK) status = mnz_new_array(&g->before, count, err);
  if (status == MNZ_OK) status = mnz_new_array(&g->inputs, lots, err);
  if (status == MNZ_OK) status = mnz_new_array(&mass, lots, err);
  if (status == MNZ_OK) weigh(g, mass);
  free(mass);
  if (status != MNZ_OK) {
    mnz_genealogy_free(g);
    return status;
  }
  *out = g;
  return MNZ_OK;
}

void mnz_genealogy_free(mnz_genealogy *g) {
  if (g == NULL) return;
  free(g->before);
  free(g->inputs);
  free(g);
}

int64_t mnz_genealogy_lots(const mnz_genealogy *g) {
  return g->lots;
}

static mnz_status check_lot(const mnz_genealogy *g, int64_t lot, mnz_error *err) {
  for (size_t i = 0; i < g->count && lot > 0; i++)
    if (g->log[i].lot == lot) return MNZ_OK;
  return mnz_fail(err, MNZ_USAGE, NULL, "there is no lot %" PRId64 "; they are numbered 1 to %" PRId64, lot,
                  g->lots);
}

static mnz_status add(mnz_kinship *kin, size_t *room, const mnz_model_event *e, double share, int32_t end,
                      mnz_error *err) {
  mnz_status status = mnz_reserve_array(&kin->at, room, kin->count + 1, err);
  if (status == MNZ_OK) {
    kin->at[kin->count++] = (mnz_kin){.lot = e->lot,
                                      .time_us = e->time_us,
                                      .node = e->node,
                                      .material = e->material,
                                      .mass_mg = e->mass_mg,
                                      .share = share,
                                      .end = end};
  }
  return status;
}

static int by_share(const void *a, const void *b) {
  const mnz_kin *x = a;
  const mnz_kin *y = b;
  if (x->share != y->share) return x->share > y->share ? -1 : 1;
  return (x->lot > y->lot) - (x->lot < y->lot);
}

static mnz_status finish(mnz_kinship *kin, double *of, mnz_status status) {
  free(of);
  if (status != MNZ_OK) {
    free(kin->at);
    *kin = (mnz_kinship){0};
  } else if (kin->count > 1) {
    qsort(kin->at, kin->count, sizeof *kin->at, by_share);
  }
  return status;
}

mnz_status mnz_genealogy_back(const mnz_genealogy *g, int64_t lot, mnz_kinship *out, mnz_error *err) {
  *out = (mnz_kinship){0};
  size_t room = 0;
  double *inside = NULL; /* how much of the lot asked about is inside which lot, at the event at hand */
  mnz_status status = check_lot(g, lot, err);
  if (status == MNZ_OK) status = mnz_new_array(&inside, (size_t)g->lots + 1, err);
  if (status != MNZ_OK) return status;
  inside[lot] = 1;
  for (size_t i = g->count; i-- > 0 && status == MNZ_OK;) {
    const mnz_model_event *e = &g->log[i];
    const double share = inside[e->lot];
    if (!(share > NOTHING)) continue;
    if (e->what == MNZ_EVENT_SPLIT) {
      inside[e->parent] += share;
      inside[e->lot] = 0;
    } else if (e->what == MNZ_EVENT_MERGED) {
      const double whole = g->before[i] + (double)e->mass_mg;
      inside[e->parent] += share * ((double)e->mass_mg / whole);
      inside[e->lot] = share * (g->before[i] / whole);
    } else if (e->what == MNZ_EVENT_MADE) {
      inside[e->parent] += share * ((double)e->mass_mg / g->inputs[e->lot]);
    } else if (e->what == MNZ_EVENT_BORN) {
      status = add(out, &room, e, share, -1, err);
    }
  }
  return finish(out, inside, status);
}

/* The share of the lot asked about in a lot that was made, mixed from its inputs as they come. */
static double mix(double had, double mass, double more, double came) {
  return mass + came > 0 ? (had * mass + more * came) / (mass + came) : more;
}

mnz_status mnz_genealogy_forward(const mnz_genealogy *g, int64_t lot, mnz_kinship *out, mnz_error *err) {
  *out = (mnz_kinship){0};
  size_t room = 0;
  double *part = NULL;        /* how much of a lot is the lot asked about */
  double *came = NULL;        /* what of a lot's inputs has been told */
  const mnz_model_event **at; /* the last place of each lot alive */
  mnz_status status = check_lot(g, lot, err);
  if (status == MNZ_OK) status = mnz_new_array(&part, (size_t)g->lots + 1, err);
  if (status == MNZ_OK) status = mnz_new_array(&came, (size_t)g->lots + 1, err);
  if (status != MNZ_OK) return finish(out, part, status);
  if ((status = mnz_new_array(&at, (size_t)g->lots + 1, err)) != MNZ_OK) {
    free(came);
    return finish(out, part, status);
  }
  bool begun = false;
  for (size_t i = 0; i < g->count && status == MNZ_OK; i++) {
    const mnz_model_event *e = &g->log[i];
    if (e->lot == 0) continue;
    if (e->what == MNZ_EVENT_SPLIT) {
      part[e->lot] = part[e->parent];
    } else if (e->what == MNZ_EVENT_MERGED) {
      part[e->lot] = mix(part[e->lot], g->before[i], part[e->parent], (double)e->mass_mg);
      at[e->parent] = NULL;
    } else if (e->what == MNZ_EVENT_MADE) {
      part[e->lot] = mix(part[e->lot], came[e->lot], part[e->parent], (double)e->mass_mg);
      came[e->lot] += (double)e->mass_mg;
      at[e->parent] = NULL;
    }
    /* It is itself from its first event on, whatever it came from. */
    if (e->lot == lot && !begun && e->what != MNZ_EVENT_MADE) {
      part[lot] = 1;
      begun = true;
    }
    if (e->what == MNZ_EVENT_ENDED) {
      if (part[e->lot] > NOTHING) status = add(out, &room, e, part[e->lot], (int32_t)e->detail, err);
      at[e->lot] = NULL;
    } else if (e->what >= MNZ_EVENT_BORN && e->what <= MNZ_EVENT_IN_USE) {
      at[e->lot] = e;
    }
  }
  for (int64_t k = 1; k <= g->lots && status == MNZ_OK; k++) {
    if (at[k] == NULL || !(part[k] > NOTHING)) continue;
    status = add(out, &room, at[k], part[k], at[k]->what == MNZ_EVENT_IN_USE ? IN_SERVICE : STILL_THERE, err);
  }
  free(at);
  free(came);
  return finish(out, part, status);
}
