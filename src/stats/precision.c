/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/precision.h"

#include "stats/interval.h"
#include "base/error.h"

#include <math.h>

#define SHARE_OF_EQUALS 0.95

bool mnz_precise_enough(const mnz_moments *m, double confidence, mnz_target target) {
  MNZ_REQUIRE(target.width >= 0);
  const double half_width = mnz_student_half_width(m->n, mnz_moments_sd(m), confidence);
  if (!isfinite(half_width) || !isfinite(m->mean)) return false;
  if (target.relative && m->mean == 0) return false;
  if (m->m2 <= 0) return pow(SHARE_OF_EQUALS, (double)m->n) <= 1 - confidence;
  const double allowed = target.relative ? target.width / (1 + target.width) * fabs(m->mean) : target.width;
  return half_width <= allowed;
}
