/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/shortfall.h"

void mnz_shortfall_start(mnz_shortfall *s, double owed, mnz_time now) {
  *s = (mnz_shortfall){.owed = owed, .since = now, .from = MNZ_NEVER};
}

static void close_shortage(mnz_shortfall *s, mnz_time at) {
  const mnz_time length = at - s->from;
  s->from = MNZ_NEVER;
  s->total += length;
  if (length > s->longest) s->longest = length;
  if (s->deepest <= s->depth) return;
  s->depth = s->deepest;
  s->depth_length = length;
}

/* Takes the time since the last change into account. Several changes within one instant are one. */
static void pass(mnz_shortfall *s, mnz_time now) {
  if (now == s->since) return;
  if (s->owed > 0) {
    if (s->from == MNZ_NEVER) {
      s->from = s->since;
      s->deepest = 0;
      s->count++;
    }
    s->area += s->owed * (double)(now - s->since);
    if (s->owed > s->deepest) s->deepest = s->owed;
  } else if (s->from != MNZ_NEVER) {
    close_shortage(s, s->since);
  }
  s->since = now;
}

void mnz_shortfall_set(mnz_shortfall *s, double owed, mnz_time now) {
  pass(s, now);
  s->owed = owed;
}

void mnz_shortfall_end(mnz_shortfall *s, mnz_time now) {
  pass(s, now);
  if (s->from != MNZ_NEVER) close_shortage(s, s->owed > 0 ? now : s->since);
}
