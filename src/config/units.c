/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The units, and words about quantities for messages. 1 yr is 365 d and 1 month a twelfth of that: lengths
 * of time, not pages of a calendar. All sizes but that of % are whole numbers of the base unit, which makes
 * decimal input exact. */
#include "config/quantity_internal.h"

#include <string.h>

#include "base/error.h"

/* In order of size; yr before a, because of two names for one size the first is written. */
const mnz_unit mnz_units[] = {
    {"mg", MNZ_DIM_MASS, 1, "milligram, the unit that masses are counted in"},
    {"g", MNZ_DIM_MASS, 1e3, "gram"},
    {"kg", MNZ_DIM_MASS, 1e6, "kilogram"},
    {"t", MNZ_DIM_MASS, 1e9, "tonne, 1000 kg"},
    {"kt", MNZ_DIM_MASS, 1e12, "thousand tonnes"},
    {"Mt", MNZ_DIM_MASS, 1e15, "million tonnes"},
    {"us", MNZ_DIM_TIME, 1, "microsecond, the unit that time is counted in"},
    {"ms", MNZ_DIM_TIME, 1e3, "millisecond"},
    {"s", MNZ_DIM_TIME, 1e6, "second"},
    {"min", MNZ_DIM_TIME, 60e6, "minute"},
    {"h", MNZ_DIM_TIME, 3600e6, "hour"},
    {"d", MNZ_DIM_TIME, 86400e6, "day of 24 h"},
    {"wk", MNZ_DIM_TIME, 7 * 86400e6, "week, 7 d"},
    {"month", MNZ_DIM_TIME, 365 * 7200e6, "yr/12, 30.4 d"},
    {"yr", MNZ_DIM_TIME, 365 * 86400e6, "year of 365 d"},
    {"a", MNZ_DIM_TIME, 365 * 86400e6, "the same as yr"},
    {"USD", MNZ_DIM_MONEY, 1, "US dollar; a scenario has no other currency"},
    {"kUSD", MNZ_DIM_MONEY, 1e3, "thousand US dollars"},
    {"MUSD", MNZ_DIM_MONEY, 1e6, "million US dollars"},
    {"%", MNZ_DIM_SHARE, 0.01, "hundredth"},
    {NULL, MNZ_DIM_NUMBER, 0, NULL},
};

/* What people write instead. */
static const struct {
  const char *word;
  const char *unit;
} slips[] = {
    {"tonne", "t"},  {"tonnes", "t"},     {"ton", "t"},    {"tons", "t"},     {"gram", "g"},
    {"kilo", "kg"},  {"sec", "s"},        {"second", "s"}, {"minute", "min"}, {"hr", "h"},
    {"hour", "h"},   {"hours", "h"},      {"day", "d"},    {"days", "d"},     {"week", "wk"},
    {"weeks", "wk"}, {"months", "month"}, {"mo", "month"}, {"year", "yr"},    {"years", "yr"},
    {"y", "yr"},     {"percent", "%"},    {"usd", "USD"},  {"dollar", "USD"}, {"dollars", "USD"},
};

enum { N_SLIPS = sizeof slips / sizeof slips[0], N_UNITS = sizeof mnz_units / sizeof mnz_units[0] - 1 };

const mnz_unit *mnz_unit_find(const char *name) {
  for (const mnz_unit *unit = mnz_units; unit->name != NULL; unit++)
    if (strcmp(unit->name, name) == 0) return unit;
  return NULL;
}

const char *mnz_quantity_meant(const char *word, const char *const *words, size_t count) {
  const char *nearest = mnz_text_nearest(word, words, count);
  return nearest != NULL && mnz_text_distance(word, nearest) < strlen(word) ? nearest : NULL;
}

const char *mnz_unit_meant(const char *word, mnz_dim dim) {
  const char *words[N_UNITS + N_SLIPS]; /* NULL for units of another dimension */
  for (size_t i = 0; i < N_UNITS; i++) words[i] = mnz_units[i].dim == dim ? mnz_units[i].name : NULL;
  for (size_t i = 0; i < N_SLIPS; i++)
    words[N_UNITS + i] = mnz_unit_find(slips[i].unit)->dim == dim ? slips[i].word : NULL;

  const char *nearest = mnz_quantity_meant(word, words, N_UNITS + N_SLIPS);
  if (nearest == NULL) return NULL;
  for (size_t i = 0; i < N_SLIPS; i++)
    if (strcmp(slips[i].word, nearest) == 0) return slips[i].unit;
  return nearest;
}

const char *mnz_quantity_example(mnz_dim dim) {
  switch (dim) {
  case MNZ_DIM_NUMBER:
    return "12";
  case MNZ_DIM_SHARE:
    return "\"38 %\"";
  case MNZ_DIM_MASS:
    return "\"20 t\"";
  case MNZ_DIM_TIME:
    return "\"45 d\"";
  case MNZ_DIM_RATE:
    return "\"10.5 kt/yr\"";
  case MNZ_DIM_DATE:
    return "\"2025-10-01\"";
  case MNZ_DIM_MONEY:
    return "\"32 USD\"";
  case MNZ_DIM_PRICE:
    return "\"110 USD/kg\"";
  case MNZ_DIM_HOLDING:
    return "\"1 USD/t/month\"";
  case MNZ_DIM_SPENDING:
    return "\"1 MUSD/yr\"";
  }
  return "";
}

const char *mnz_quantity_phrase(mnz_dim dim) {
  switch (dim) {
  case MNZ_DIM_NUMBER:
    return "a number such as 12";
  case MNZ_DIM_SHARE:
    return "a share such as \"38 %\"";
  case MNZ_DIM_MASS:
    return "a mass such as \"20 t\"";
  case MNZ_DIM_TIME:
    return "a time such as \"45 d\"";
  case MNZ_DIM_RATE:
    return "a rate such as \"10.5 kt/yr\"";
  case MNZ_DIM_DATE:
    return "a date such as \"2025-10-01\"";
  case MNZ_DIM_MONEY:
    return "a sum of money such as \"32 USD\"";
  case MNZ_DIM_PRICE:
    return "a price such as \"110 USD/kg\"";
  case MNZ_DIM_HOLDING:
    return "a cost of a mass over a time such as \"1 USD/t/month\"";
  case MNZ_DIM_SPENDING:
    return "a cost over a time such as \"1 MUSD/yr\"";
  }
  return "";
}
