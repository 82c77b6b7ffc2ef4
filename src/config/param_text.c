/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/param_text.h"

#include <math.h>
#include <string.h>

#include "config/quantity_internal.h"

#define UNLIMITED 1e300 /* what tables write for "no upper limit" */

static const double us_per_year = 365 * 86400e6;

/* `"lots", "blend" or "none"` */
static void add_choices(mnz_buffer *out, const char *const *choices) {
  for (size_t i = 0; choices[i] != NULL; i++) {
    const char *before = i == 0 ? "" : choices[i + 1] != NULL ? ", " : " or ";
    mnz_buffer_print(out, "%s\"%s\"", before, choices[i]);
  }
}

static void add_distribution(mnz_buffer *out, mnz_dim dim) {
  static const char *const examples[] = {
      [MNZ_DIM_NUMBER] = "triangular(1, 2, 5)",
      [MNZ_DIM_SHARE] = "triangular(5 %, 6 %, 8 %)",
      [MNZ_DIM_MASS] = "uniform(10 t, 20 t)",
      [MNZ_DIM_TIME] = "triangular(12 d, 15 d, 33 d)",
      [MNZ_DIM_RATE] = "uniform(1 t/d, 2 t/d)",
      [MNZ_DIM_DATE] = "uniform(2026-04-01, 2026-09-30)",
      [MNZ_DIM_MONEY] = "uniform(20 USD, 40 USD)",
      [MNZ_DIM_PRICE] = "triangular(60 USD/kg, 110 USD/kg, 150 USD/kg)",
      [MNZ_DIM_HOLDING] = "uniform(1 USD/t/month, 2 USD/t/month)",
      [MNZ_DIM_SPENDING] = "uniform(1 MUSD/yr, 2 MUSD/yr)",
  };
  mnz_buffer_print(out, "%s or a distribution such as \"%s\"", mnz_quantity_phrase(dim), examples[dim]);
}

/* NULL: not always the same words. */
static const char *const phrases[] = {
    [MNZ_PARAM_TEXT] = "a text",
    [MNZ_PARAM_CHOICE] = NULL,
    [MNZ_PARAM_FLAG] = "true or false",
    [MNZ_PARAM_COUNT] = "a whole number",
    [MNZ_PARAM_NUMBER] = "a number such as 12",
    [MNZ_PARAM_SHARE] = "a share such as \"38 %\"",
    [MNZ_PARAM_MASS] = "a mass such as \"20 t\"",
    [MNZ_PARAM_TIME] = "a time such as \"45 d\"",
    [MNZ_PARAM_DATE] = "a date such as \"2025-10-01\"",
    [MNZ_PARAM_MOMENT] = "a date such as \"2025-10-01\"",
    [MNZ_PARAM_GROWTH] = "a growth such as \"12 %/yr\"",
    [MNZ_PARAM_MONEY] = NULL,
    [MNZ_PARAM_PRICE] = "a price such as \"110 USD/kg\" or a name in `prices`",
    [MNZ_PARAM_PRICE_STEPS] =
        "a list of steps such as ( { from = \"2026-07-01\"; price = \"350 USD/kg\"; } ), or "
        "from_csv(...)",
    [MNZ_PARAM_PROCESS] = "a process such as \"gbm(drift 3 %/yr, volatility 40 %/yr)\"",
    [MNZ_PARAM_RATE] = "a rate such as \"10.5 kt/yr\" or \"1.2 t/d Nd+Pr\"",
    [MNZ_PARAM_SCHEDULE] =
        "a rate such as \"10.5 kt/yr\" or \"1.2 t/d Nd+Pr\", or a list of steps such as "
        "( { from = \"2026-07-01\"; rate = \"12 kt/yr\"; ramp = \"180 d\"; } ), or from_csv(...)",
    [MNZ_PARAM_DISTRIBUTION] = NULL,
    [MNZ_PARAM_POLICY] = "a policy such as \"days_of_cover(45 d)\"",
    [MNZ_PARAM_REVIEW] = "a time such as \"45 d\", \"continuous\" or a group { ... }",
    [MNZ_PARAM_RECOVERY] = NULL,
    [MNZ_PARAM_SPLIT] = "a group of elements such as { Nd = \"78 %\"; Pr = \"22 %\"; }",
    [MNZ_PARAM_ELEMENTS] = "a list of elements such as (\"Nd\", \"Pr\")",
    [MNZ_PARAM_NAMES] = "a list of names such as (\"this\", \"that\")",
    [MNZ_PARAM_MATERIAL] = "the name of a material",
    [MNZ_PARAM_MATERIALS] = "the name of a material or a list of them",
    [MNZ_PARAM_NODE] = "the name of a node",
    [MNZ_PARAM_TARGETS] = "a list of names of nodes and links",
    [MNZ_PARAM_ORIGIN] = "the name of an origin",
    [MNZ_PARAM_NAMED] = NULL,
    [MNZ_PARAM_DELAY] = "a time such as \"45 d\" or \"45 working days\", or a distribution of such times",
    [MNZ_PARAM_AMOUNT] = "a mass such as \"1 kt\" or \"1 kt Nd+Pr\"",
    [MNZ_PARAM_MONTHS] =
        "twelve numbers, January first, such as [1.2, 1.1, 1.0, 1.0, 1.0, 1.0, 0.8, 0.8, 1.0, 1.0, 1.0, 1.1]",
    [MNZ_PARAM_PLACE] = "latitude and longitude in degrees such as [-28.86, 122.55]",
    [MNZ_PARAM_GROUP] = "a group { ... }",
    [MNZ_PARAM_LIST] = "a list of groups ( { ... }, ... )",
};

void mnz_param_phrase(mnz_buffer *out, const mnz_param *param) {
  if (param->type == MNZ_PARAM_CHOICE)
    add_choices(out, param->choices);
  else if (param->type == MNZ_PARAM_DISTRIBUTION)
    add_distribution(out, param->dim);
  else if (param->type == MNZ_PARAM_NAMED)
    mnz_buffer_print(out, "a name in `%s`", param->refers);
  else if (param->type == MNZ_PARAM_RECOVERY)
    add_distribution(out, MNZ_DIM_SHARE);
  else if (param->type == MNZ_PARAM_MONEY)
    mnz_buffer_add(out, mnz_quantity_phrase(param->dim));
  else
    mnz_buffer_add(out, phrases[param->type]);
  if (param->type == MNZ_PARAM_RECOVERY)
    mnz_buffer_add(out, ", or a group of elements such as { Nd = \"92 %\"; Pr = \"91 %\"; }");
}

/* ---- limits ---- */

static bool is_limited(const mnz_param *param) {
  return param->min < 0 || param->min > 0 || param->max < 0 || param->max > 0;
}

/* A flow or a share of a mass below nothing has no meaning, whatever the table says of it. */
static bool is_never_negative(mnz_param_type type) {
  return type == MNZ_PARAM_RATE || type == MNZ_PARAM_SCHEDULE || type == MNZ_PARAM_SPLIT ||
         type == MNZ_PARAM_RECOVERY;
}

double mnz_param_least(const mnz_param *param) {
  if (!is_limited(param)) return is_never_negative(param->type) ? 0 : -INFINITY;
  return param->min > -UNLIMITED ? param->min : -INFINITY;
}

double mnz_param_greatest(const mnz_param *param) {
  return is_limited(param) && param->max < UNLIMITED ? param->max : INFINITY;
}

/* The types that are not here are bare numbers, or have no limits. */
static const mnz_dim limit_dims[MNZ_PARAM_LIST + 1] = {
    [MNZ_PARAM_SHARE] = MNZ_DIM_SHARE,   [MNZ_PARAM_RECOVERY] = MNZ_DIM_SHARE,
    [MNZ_PARAM_MASS] = MNZ_DIM_MASS,     [MNZ_PARAM_TIME] = MNZ_DIM_TIME,
    [MNZ_PARAM_REVIEW] = MNZ_DIM_TIME,   [MNZ_PARAM_RATE] = MNZ_DIM_RATE,
    [MNZ_PARAM_SCHEDULE] = MNZ_DIM_RATE, [MNZ_PARAM_DELAY] = MNZ_DIM_TIME,
    [MNZ_PARAM_AMOUNT] = MNZ_DIM_MASS,   [MNZ_PARAM_PRICE] = MNZ_DIM_PRICE,
};

void mnz_param_write(mnz_buffer *out, const mnz_param *param, double value) {
  const bool own = param->type == MNZ_PARAM_DISTRIBUTION || param->type == MNZ_PARAM_MONEY;
  const mnz_dim dim = own ? param->dim : limit_dims[param->type];
  char text[MNZ_QUANTITY_ROOM];
  if (param->type == MNZ_PARAM_GROWTH)
    mnz_buffer_print(out, "%.6g %%/yr", value * us_per_year * 100);
  else
    mnz_buffer_add(out, mnz_quantity_format(value, dim, text));
}

/* ---- defaults ---- */

void mnz_param_default(mnz_buffer *out, const mnz_param *param) {
  if (param->fallback == NULL) return;
  const bool bare =
      param->type == MNZ_PARAM_FLAG || param->type == MNZ_PARAM_COUNT || param->type == MNZ_PARAM_NUMBER;
  mnz_buffer_print(out, bare ? "%s" : "\"%s\"", param->fallback);
}
