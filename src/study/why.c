/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A walk back through a log, from event to event of one lot, to the parent that came last where it has
 * several. */
#include "monazite/why.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "monazite/calendar.h"
#include "world/scenario.h"

const char *const mnz_leg_words[MNZ_LEGS] = {
#define LEG_WORD(id, word, text) word,
    MNZ_LEG_LIST(LEG_WORD)
#undef LEG_WORD
};
const char *const mnz_leg_meanings[MNZ_LEGS] = {
#define LEG_TEXT(id, word, text) text,
    MNZ_LEG_LIST(LEG_TEXT)
#undef LEG_TEXT
};

/* --- deliveries --- */

static int64_t microseconds(double days) {
  return llround(days * (double)MNZ_US_PER_DAY);
}

static bool is_demand(const mnz_scenario *s, int32_t node) {
  return s->flows[node].asks_of >= 0;
}

mnz_status mnz_why_deliveries(const mnz_scenario *s, const mnz_model_event *log, size_t count, int32_t node,
                              mnz_delivery **out, size_t *n, mnz_error *err) {
  size_t room = 0;
  int64_t most = 0;
  const mnz_model_event **shipped = NULL; /* [lot] */
  *out = NULL;
  *n = 0;
  for (size_t i = 0; i < count; i++)
    if (log[i].lot > most) most = log[i].lot;
  mnz_status status = mnz_new_array(&shipped, (size_t)most + 1, err);
  for (size_t i = 0; i < count && status == MNZ_OK; i++) {
    const mnz_model_event *e = &log[i];
    if (e->what == MNZ_EVENT_SHIPPED) shipped[e->lot] = e;
    if (e->what != MNZ_EVENT_ARRIVED || shipped[e->lot] == NULL) continue;
    const mnz_model_event *sent = shipped[e->lot];
    shipped[e->lot] = NULL;
    if (node >= 0 ? e->node != node : !is_demand(s, e->node)) continue;
    if ((status = mnz_reserve_array(out, &room, *n + 1, err)) != MNZ_OK) break;
    (*out)[(*n)++] = (mnz_delivery){.lot = e->lot,
                                    .node = e->node,
                                    .seller = e->other,
                                    .material = e->material,
                                    .mass_mg = e->mass_mg,
                                    .ordered_us = sent->time_us - microseconds(sent->detail),
                                    .shipped_us = sent->time_us,
                                    .arrived_us = e->time_us};
  }
  free(shipped);
  if (status != MNZ_OK) {
    free(*out);
    *out = NULL;
    *n = 0;
  }
  return status;
}

/* --- the walk --- */

typedef struct walk {
  const mnz_scenario *scenario;
  const mnz_model_event *log;
  size_t *before; /* [event]: the event of the same lot before it, plus 1; 0: none */
  size_t *last;   /* [lot]: its last event up to the delivery, plus 1 */
  int64_t ordered;
  mnz_leg *legs; /* the last first */
  size_t n;
  size_t room;
  mnz_status status;
  mnz_error *err;
} walk;

static bool is_of_lot(const mnz_model_event *e) {
  return e->lot > 0 && e->what != MNZ_EVENT_LOST;
}

static void add_leg(walk *w, mnz_leg leg) {
  if (leg.from_us < w->ordered) leg.from_us = w->ordered;
  if (w->status != MNZ_OK || leg.until_us <= leg.from_us) return;
  mnz_leg *same = w->n > 0 ? &w->legs[w->n - 1] : NULL;
  if (same != NULL && same->kind == leg.kind && same->node == leg.node && same->other == leg.other &&
      same->material == leg.material && same->cause == leg.cause) {
    same->from_us = leg.from_us; /* one wait, told in pieces */
    return;
  }
  w->status = mnz_reserve_array(&w->legs, &w->room, w->n + 1, w->err);
  if (w->status == MNZ_OK) w->legs[w->n++] = leg;
}

/* The last time up to `i` at which a lot came to where it is: arrived, was made or was born; as an event. */
static size_t came(const walk *w, size_t i) {
  while (w->before[i] != 0 && w->log[i].what != MNZ_EVENT_ARRIVED && w->log[i].what != MNZ_EVENT_MADE &&
         w->log[i].what != MNZ_EVENT_BORN)
    i = w->before[i] - 1;
  return i;
}

/* The last event of a lot before event `i`, plus 1; 0: none. */
static size_t event_before(const walk *w, int64_t lot, size_t i) {
  size_t at = w->last[lot];
  while (at != 0 && at - 1 >= i) at = w->before[at - 1];
  return at;
}

/* Of a merger or of what was made of several, the part that came last: its last event, plus 1. */
static size_t last_part(const walk *w, size_t i) {
  const mnz_model_event *e = &w->log[i];
  size_t best = 0;
  if (e->what == MNZ_EVENT_MERGED) best = w->before[i];
  for (size_t k = i;; k--) {
    const mnz_model_event *part = &w->log[k];
    if (part->what != e->what || part->lot != e->lot || part->time_us != e->time_us) break;
    const size_t at = event_before(w, part->parent, k);
    if (at != 0 && (best == 0 || came(w, at - 1) > came(w, best - 1))) best = at;
    if (e->what == MNZ_EVENT_MERGED || k == 0) break;
  }
  return best;
}

/* --- why it stood --- */

static bool concerns(const mnz_model_event *e, int32_t buyer, int32_t material) {
  return e->node == buyer && (e->material < 0 || e->material == material);
}

/* The last stretch of [from, until) that a licence, an embargo, a closed way or an outage explains. */
static bool explain(const walk *w, const mnz_leg *stand, mnz_leg *out) {
  int64_t closed = -1, applied = -1, down = -1, banned = -1;
  int32_t closer = -1, office = -1, outage = -1, ban = -1;
  *out = (mnz_leg){.until_us = -1};
  for (size_t i = 0; w->log[i].time_us < stand->until_us; i++) {
    const mnz_model_event *e = &w->log[i];
    mnz_leg_kind kind = MNZ_LEGS;
    int64_t since = -1;
    int32_t cause = -1;
    if (e->what == MNZ_EVENT_CLOSED && e->node == stand->node && e->other == stand->other) {
      closed = e->time_us, closer = e->disruption;
    } else if (e->what == MNZ_EVENT_OPENED && e->node == stand->node && e->other == stand->other) {
      kind = MNZ_LEG_CLOSED, since = closed, cause = closer, closed = -1;
    } else if (e->what == MNZ_EVENT_APPLIED && concerns(e, stand->other, stand->material)) {
      if (applied < 0) applied = e->time_us, office = e->disruption;
    } else if (e->what == MNZ_EVENT_APPROVED && concerns(e, stand->other, stand->material)) {
      kind = MNZ_LEG_LICENCE, since = applied, cause = office, applied = -1;
    } else if (e->what == MNZ_EVENT_RULED && e->disruption >= w->scenario->disruptions.count) {
      if (e->detail == 4) {
        banned = e->time_us, ban = e->disruption;
      } else if (e->disruption == ban) {
        kind = MNZ_LEG_EMBARGO, since = banned, cause = ban, banned = -1, ban = -1;
      }
    } else if (e->what == MNZ_EVENT_DISRUPTED && e->node == stand->node && e->link < 0) {
      outage = e->disruption;
    } else if (e->what == MNZ_EVENT_DOWN && e->node == stand->node) {
      down = e->time_us;
    } else if (down >= 0 && e->node == stand->node && e->what >= MNZ_EVENT_IDLE) {
      kind = MNZ_LEG_DOWN, since = down, cause = outage, down = -1;
    }
    if (kind == MNZ_LEGS || since < 0 || e->time_us <= stand->from_us) continue;
    *out = *stand;
    out->kind = kind;
    out->from_us = since > stand->from_us ? since : stand->from_us;
    out->until_us = e->time_us;
    out->cause = cause;
  }
  return out->until_us > out->from_us;
}

/* A stand of a part at a node, in pieces: what is explained, and the rest as it is. */
static void add_stand(walk *w, mnz_leg stand) {
  mnz_leg piece;
  if (stand.from_us < w->ordered) stand.from_us = w->ordered;
  while (stand.until_us > stand.from_us && explain(w, &stand, &piece)) {
    mnz_leg rest = stand;
    rest.from_us = piece.until_us;
    add_leg(w, rest);
    add_leg(w, piece);
    stand.until_us = piece.from_us;
  }
  add_leg(w, stand);
}

/* From event `i` back to the order. */
static void go_back(walk *w, size_t i) {
  int32_t to = -1; /* where the part goes next */
  while (w->status == MNZ_OK && w->log[i].time_us > w->ordered) {
    const mnz_model_event *e = &w->log[i];
    const bool mixes = e->what == MNZ_EVENT_MERGED || e->what == MNZ_EVENT_MADE;
    const size_t next = mixes                        ? last_part(w, i)
                        : e->what == MNZ_EVENT_SPLIT ? event_before(w, e->parent, i)
                                                     : w->before[i];
    if (next == 0 || e->what == MNZ_EVENT_BORN) {
      add_stand(w, (mnz_leg){.kind = MNZ_LEG_BEFORE,
                             .from_us = w->ordered,
                             .until_us = e->time_us,
                             .node = e->node,
                             .other = to,
                             .material = e->material,
                             .cause = -1,
                             .lot = e->lot});
      return;
    }
    const mnz_model_event *was = &w->log[next - 1];
    const mnz_leg leg = {.from_us = was->time_us,
                         .until_us = e->time_us,
                         .node = was->node,
                         .other = to,
                         .material = was->material,
                         .cause = -1,
                         .lot = was->lot};
    mnz_leg stand = leg;
    if (e->what == MNZ_EVENT_ARRIVED) {
      stand.kind = MNZ_LEG_TRAVEL;
      stand.node = e->other;
      stand.other = to = e->node;
      add_leg(w, stand);
    } else if (e->what == MNZ_EVENT_DEPARTED) {
      stand.kind = was->what == MNZ_EVENT_SHIPPED ? MNZ_LEG_DOCK : MNZ_LEG_STOCK;
      stand.node = e->node;
      stand.other = to = e->other;
      add_stand(w, stand);
    } else if (e->what == MNZ_EVENT_SHIPPED) {
      stand.kind = MNZ_LEG_STOCK;
      stand.node = e->node;
      stand.other = to = e->other;
      add_stand(w, stand);
    } else {
      stand.kind = was->what == MNZ_EVENT_IN_PROCESS ? MNZ_LEG_PROCESS : MNZ_LEG_STOCK;
      stand.node = e->node;
      stand.other = -1;
      add_stand(w, stand);
      to = -1;
    }
    i = next - 1;
  }
}

/* --- the whole --- */

/* Chains the events of each lot, up to the delivery's arrival, which is event `end`. */
static mnz_status chain(walk *w, size_t end, mnz_error *err) {
  int64_t most = 0;
  for (size_t i = 0; i <= end; i++) {
    if (w->log[i].lot > most) most = w->log[i].lot;
    if (w->log[i].parent > most) most = w->log[i].parent;
  }
  mnz_status status = mnz_new_array(&w->before, end + 1, err);
  if (status == MNZ_OK) status = mnz_new_array(&w->last, (size_t)most + 1, err);
  for (size_t i = 0; i <= end && status == MNZ_OK; i++) {
    if (!is_of_lot(&w->log[i])) continue;
    w->before[i] = w->last[w->log[i].lot];
    w->last[w->log[i].lot] = i + 1;
  }
  return status;
}

static bool tells_of_lots(const mnz_model_event *log, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (log[i].what == MNZ_EVENT_BORN) return true;
  return false;
}

static void reverse(mnz_leg *legs, size_t n) {
  for (size_t i = 0; i < n / 2; i++) {
    const mnz_leg leg = legs[i];
    legs[i] = legs[n - 1 - i];
    legs[n - 1 - i] = leg;
  }
}

mnz_status mnz_why_delivery(const mnz_scenario *s, const mnz_model_event *log, size_t count, int64_t lot,
                            mnz_delivery *delivery, mnz_leg **legs, size_t *n, mnz_error *err) {
  size_t shipped = count;
  size_t end = count;
  *legs = NULL;
  *n = 0;
  if (!tells_of_lots(log, count))
    return mnz_fail(err, MNZ_USAGE, NULL, "the results do not say what became of lots");
  for (size_t i = 0; i < count; i++) {
    if (log[i].lot != lot) continue;
    if (log[i].what == MNZ_EVENT_SHIPPED) shipped = i;
    if (log[i].what == MNZ_EVENT_ARRIVED && shipped < i) end = i;
  }
  if (end == count)
    return mnz_fail(err, MNZ_USAGE, NULL, "lot %" PRId64 " was not ordered and delivered", lot);
  *delivery = (mnz_delivery){.lot = lot,
                             .node = log[end].node,
                             .seller = log[end].other,
                             .material = log[end].material,
                             .mass_mg = log[end].mass_mg,
                             .ordered_us = log[shipped].time_us - microseconds(log[shipped].detail),
                             .shipped_us = log[shipped].time_us,
                             .arrived_us = log[end].time_us};
  walk w = {.scenario = s, .log = log, .ordered = delivery->ordered_us, .err = err};
  w.status = chain(&w, end, err);
  if (w.status == MNZ_OK) go_back(&w, end);
  free(w.before);
  free(w.last);
  if (w.status != MNZ_OK) {
    free(w.legs);
    return w.status;
  }
  reverse(w.legs, w.n);
  *legs = w.legs;
  *n = w.n;
  return MNZ_OK;
}
