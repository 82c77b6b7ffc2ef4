/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "monazite/chronicle.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "monazite/calendar.h"
#include "world/scenario.h"

const char *const mnz_episode_words[MNZ_EPISODES] = {
#define EPISODE_WORD(id, word, text) word,
    MNZ_EPISODE_LIST(EPISODE_WORD)
#undef EPISODE_WORD
};

typedef struct writer {
  mnz_chronicle *book;
  size_t room;
  int32_t n_disruptions;
  mnz_error *err;
} writer;

static mnz_status begin(writer *w, mnz_episode_kind kind, const mnz_model_event *e) {
  const mnz_status status = mnz_reserve_array(&w->book->at, &w->room, w->book->count + 1, w->err);
  if (status != MNZ_OK) return status;
  w->book->at[w->book->count++] = (mnz_episode){.kind = kind,
                                                .from_us = e->time_us,
                                                .until_us = MNZ_STILL,
                                                .disruption = e->disruption,
                                                .node = e->link >= 0 ? -1 : e->node,
                                                .link = e->link,
                                                .detail = e->detail};
  return MNZ_OK;
}

/* The last that is open of its kind: of this disruption where `same` says so, of this node and link. */
static void end(writer *w, mnz_episode_kind kind, const mnz_model_event *e, bool same) {
  const int32_t node = e->link >= 0 ? -1 : e->node;
  for (size_t i = w->book->count; i-- > 0;) {
    mnz_episode *p = &w->book->at[i];
    if (p->kind != kind || p->until_us != MNZ_STILL || p->link != e->link || p->node != node) continue;
    if (same && p->disruption != e->disruption) continue;
    p->until_us = e->time_us;
    return;
  }
}

/* Of outages that begin in the instant in which another one ends, what is left counts without that one. */
static void settle(writer *w, const mnz_model_event *e) {
  for (size_t i = w->book->count; i-- > 0 && w->book->at[i].from_us == e->time_us;) {
    mnz_episode *p = &w->book->at[i];
    if (p->kind == MNZ_EPISODE_OUTAGE && p->node == e->node && p->until_us == MNZ_STILL)
      p->detail = e->detail;
  }
}

/* Begins what lasts for `days`, not known to be over by any event. */
static mnz_status begin_for(writer *w, mnz_episode_kind kind, const mnz_model_event *e, double days) {
  const mnz_status status = begin(w, kind, e);
  const double us = days * (double)MNZ_US_PER_DAY;
  if (status == MNZ_OK && us >= 0 && us < 0x1p62)
    w->book->at[w->book->count - 1].until_us = e->time_us + llround(us);
  return status;
}

static mnz_licences *licences_of(writer *w, const mnz_model_event *e) {
  const int32_t regime = e->disruption - w->n_disruptions;
  return regime >= 0 && (size_t)regime < w->book->n_regimes ? &w->book->licences[regime] : NULL;
}

static void count_licence(writer *w, const mnz_model_event *e) {
  mnz_licences *l = licences_of(w, e);
  if (l == NULL) return;
  l->applied += e->what == MNZ_EVENT_APPLIED;
  l->approved += e->what == MNZ_EVENT_APPROVED;
  l->refused += e->what == MNZ_EVENT_REFUSED;
  l->expired += e->what == MNZ_EVENT_EXPIRED;
}

static mnz_status take(writer *w, const mnz_model_event *e) {
  if (e->what == MNZ_EVENT_DISRUPTED) {
    end(w, MNZ_EPISODE_WARNED, e, true);
    return begin(w, MNZ_EPISODE_OUTAGE, e);
  }
  if (e->what == MNZ_EVENT_RULED) {
    end(w, MNZ_EPISODE_RULED, e, true);
    return begin(w, MNZ_EPISODE_RULED, e);
  }
  if (e->what == MNZ_EVENT_RELIEVED) {
    end(w, MNZ_EPISODE_OUTAGE, e, true);
    settle(w, e);
  }
  if (e->what == MNZ_EVENT_OPENED) end(w, MNZ_EPISODE_CLOSED, e, false);
  if (e->what == MNZ_EVENT_CLOSED) return begin(w, MNZ_EPISODE_CLOSED, e);
  if (e->what == MNZ_EVENT_WARNED) return begin(w, MNZ_EPISODE_WARNED, e);
  if (e->what == MNZ_EVENT_ANNOUNCED) return begin_for(w, MNZ_EPISODE_ANNOUNCED, e, e->detail);
  if (e->what == MNZ_EVENT_REVISED) return begin_for(w, MNZ_EPISODE_REVISED, e, 0);
  if (e->what == MNZ_EVENT_EXHAUSTED) return begin_for(w, MNZ_EPISODE_EXHAUSTED, e, 0);
  if (e->what >= MNZ_EVENT_APPLIED && e->what <= MNZ_EVENT_EXPIRED) count_licence(w, e);
  return MNZ_OK;
}

#define BY(member)                                                                                           \
  if (x->member != y->member) return x->member < y->member ? -1 : 1
static int by_beginning(const void *a, const void *b) {
  const mnz_episode *x = a;
  const mnz_episode *y = b;
  BY(from_us);
  BY(disruption);
  BY(kind);
  BY(until_us);
  BY(node);
  BY(link);
  return 0;
}

mnz_status mnz_chronicle_of(mnz_chronicle *out, const mnz_scenario *s, const mnz_model_event *log,
                            size_t count, mnz_error *err) {
  *out = (mnz_chronicle){.n_regimes = (size_t)s->regimes.count};
  writer w = {.book = out, .n_disruptions = s->disruptions.count, .err = err};
  mnz_status status = mnz_new_array(&out->licences, out->n_regimes, err);
  for (size_t i = 0; i < count && status == MNZ_OK; i++) status = take(&w, &log[i]);
  if (status == MNZ_OK && out->count > 1) qsort(out->at, out->count, sizeof *out->at, by_beginning);
  return status;
}

void mnz_chronicle_free(mnz_chronicle *c) {
  free(c->at);
  free(c->licences);
  *c = (mnz_chronicle){0};
}
