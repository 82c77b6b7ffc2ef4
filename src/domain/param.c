/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/param.h"

static const char *const when_names[] = {"below_or_equal", "below", NULL};

#define AT(field) offsetof(mnz_policy, field)

const mnz_policy_form mnz_policy_forms[] = {
    {"base_stock",
     MNZ_POLICY_BASE_STOCK,
     {{"level", AT(level), MNZ_DIM_MASS, MNZ_POLICY_FROM_ZERO, NULL}},
     1,
     "base_stock(20 t)",
     "order up to this level: stock and what is on order, less what is owed"},
    {"echelon_base_stock",
     MNZ_POLICY_ECHELON_BASE_STOCK,
     {{"level", AT(level), MNZ_DIM_MASS, MNZ_POLICY_FROM_ZERO, NULL}},
     1,
     "echelon_base_stock(60 t)",
     "the same, counting also what those hold and have on their way who are fed from here, and those fed "
     "from them"},
    {"days_of_cover",
     MNZ_POLICY_DAYS_OF_COVER,
     {{"cover", AT(cover), MNZ_DIM_TIME, MNZ_POLICY_FROM_ZERO, NULL}},
     1,
     "days_of_cover(45 d)",
     "order up to this many days of the recent usage (an average that forgets over 90 days)"},
    {"sS",
     MNZ_POLICY_S_S,
     {{"s", AT(point), MNZ_DIM_MASS, MNZ_POLICY_ANY, NULL},
      {"S", AT(level), MNZ_DIM_MASS, MNZ_POLICY_ANY, NULL},
      {"when", AT(when), MNZ_DIM_NUMBER, MNZ_POLICY_ANY, when_names}},
     2,
     "sS(20 t, 60 t, below)",
     "when the position is at s or below (with \"below\": only below s), order up to S"},
    {"RQ",
     MNZ_POLICY_R_Q,
     {{"r", AT(point), MNZ_DIM_MASS, MNZ_POLICY_ANY, NULL},
      {"Q", AT(quantity), MNZ_DIM_MASS, MNZ_POLICY_ABOVE_ZERO, NULL}},
     2,
     "RQ(5 t, 10 t)",
     "when the position is at r or below, order as many times Q as bring it above r"},
    {"forecast",
     MNZ_POLICY_FORECAST,
     {{"cover", AT(cover), MNZ_DIM_TIME, MNZ_POLICY_FROM_ZERO, NULL},
      {"smoothing", AT(smoothing), MNZ_DIM_SHARE, MNZ_POLICY_FROM_ZERO, NULL},
      {"window", AT(window), MNZ_DIM_TIME, MNZ_POLICY_FROM_ZERO, NULL},
      {"safety", AT(safety), MNZ_DIM_MASS, MNZ_POLICY_FROM_ZERO, NULL}},
     1,
     "forecast(45 d, smoothing 20 %, safety 5 t)",
     "order up to this time of the forecast usage and a safety stock; the forecast is what was asked for "
     "since the last review, smoothed with this weight or averaged over this window"},
    {"fixed",
     MNZ_POLICY_FIXED,
     {{"quantity", AT(quantity), MNZ_DIM_MASS, MNZ_POLICY_ABOVE_ZERO, NULL}},
     1,
     "fixed(10 t)",
     "order this much at every review, whatever the position"},
    {NULL, MNZ_POLICY_NONE, {{NULL, 0, MNZ_DIM_NUMBER, MNZ_POLICY_ANY, NULL}}, 0, NULL, NULL}};
