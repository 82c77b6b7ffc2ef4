/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/spec_regime.h"

#include <string.h>

const char *const mnz_rule_names[] = {"open", "licence", "quota", "tariff", "embargo", NULL};
static const char *const per_names[] = {"order", "buyer", NULL};
static const char *const period_names[] = {"month", "quarter", "year", NULL};
static const char *const share_of_names[] = {"mass", "elements", NULL};

int32_t mnz_rule_find(const char *text) {
  for (int32_t i = 0; i < MNZ_RULES; i++) {
    if (strcmp(mnz_rule_names[i], text) == 0) return i;
  }
  return -1;
}

int32_t mnz_regime_find(const mnz_regime_spec *spec, const char *text) {
  for (int32_t i = 0; i < spec->states.count; i++) {
    if (strcmp(mnz_regime_state_at(spec, i)->name, text) == 0) return i;
  }
  const int32_t rule = mnz_rule_find(text);
  return rule < 0 ? MNZ_NO_RULE : -1 - rule;
}

mnz_rule mnz_regime_rule(const mnz_regime_spec *spec, int32_t found) {
  if (found < 0) return (mnz_rule)(-1 - found);
  const mnz_regime_state *state = mnz_regime_state_at(spec, found);
  return (mnz_rule)mnz_rule_find(state->state != NULL ? state->state : state->name);
}

static const mnz_param on_params[] = {
    {.name = "origin",
     .type = MNZ_PARAM_ORIGIN,
     .offset = offsetof(mnz_regime_on, origin),
     .help = "lots that hold something of this origin, wherever they were made; any when not said"},
    {.name = "from",
     .type = MNZ_PARAM_TEXT,
     .offset = offsetof(mnz_regime_on, from),
     .help = "country of the seller; any when not said"},
    {.name = "country",
     .type = MNZ_PARAM_TEXT,
     .offset = offsetof(mnz_regime_on, country),
     .help = "country of the buyer; any but the seller's own when not said"},
    {.name = "materials",
     .type = MNZ_PARAM_MATERIALS,
     .offset = offsetof(mnz_regime_on, materials),
     .help = "these materials only; all when not said"},
    {.name = "elements",
     .type = MNZ_PARAM_ELEMENTS,
     .offset = offsetof(mnz_regime_on, elements),
     .help = "lots that hold one of these elements only"},
    {.name = "end_uses",
     .type = MNZ_PARAM_NAMES,
     .offset = offsetof(mnz_regime_on, end_uses),
     .help = "demands of these end uses only; all buyers when not said"},
    {.name = "above",
     .type = MNZ_PARAM_SHARE,
     .offset = offsetof(mnz_regime_on, above),
     .min = 0,
     .max = 1,
     .fallback = "0 %",
     .help = "de-minimis: the share of the origin (of its elements, when said) in a lot from which the rule "
             "holds; any trace with 0 %"},
    {.name = "share_of",
     .type = MNZ_PARAM_CHOICE,
     .offset = offsetof(mnz_regime_on, share_of),
     .choices = share_of_names,
     .fallback = "mass",
     .help =
         "what `above` is a share of: the lot's whole mass, or its rare earths (the elements, when said)"},
    {.name = NULL}};

/* Each table that has terms repeats these lines with its own struct, whose first field they are. */
#define TERMS                                                                                                \
  {.name = "answer",                                                                                         \
   .type = MNZ_PARAM_DELAY,                                                                                  \
   .offset = offsetof(mnz_regime_terms, answer),                                                             \
   .min = 0,                                                                                                 \
   .max = 1e300,                                                                                             \
   .fallback = "45 working days",                                                                            \
   .help = "licence: time from the application (with desks: from its turn) to the answer, drawn for each"},  \
      {.name = "calendar",                                                                                   \
       .type = MNZ_PARAM_NAMED,                                                                              \
       .offset = offsetof(mnz_regime_terms, calendar),                                                       \
       .refers = "calendars",                                                                                \
       .help = "licence: the calendar of the working days; Monday to Friday when not said"},                 \
      {.name = "approve",                                                                                    \
       .type = MNZ_PARAM_SHARE,                                                                              \
       .offset = offsetof(mnz_regime_terms, approve),                                                        \
       .min = 0,                                                                                             \
       .max = 1,                                                                                             \
       .fallback = "100 %",                                                                                  \
       .help = "licence: probability that an application is approved, as it is on the day of the answer"},   \
      {.name = "validity",                                                                                   \
       .type = MNZ_PARAM_TIME,                                                                               \
       .offset = offsetof(mnz_regime_terms, validity),                                                       \
       .min = 3.6e9,                                                                                         \
       .max = 1e300,                                                                                         \
       .help = "licence: how long one is good; as long as the regime asks for licences when not said"},      \
      {.name = "renew",                                                                                      \
       .type = MNZ_PARAM_TIME,                                                                               \
       .offset = offsetof(mnz_regime_terms, renew),                                                          \
       .min = 0,                                                                                             \
       .max = 1e300,                                                                                         \
       .help = "licence per buyer: one that was used is applied for anew so long before it ends; when it "   \
               "has ended "                                                                                  \
               "and something is wanted when not said"},                                                     \
      {.name = "reapply",                                                                                    \
       .type = MNZ_PARAM_TIME,                                                                               \
       .offset = offsetof(mnz_regime_terms, reapply),                                                        \
       .min = 3.6e9,                                                                                         \
       .max = 1e300,                                                                                         \
       .help = "licence: time from a refusal to the next application for the same; never when not said"},    \
      {.name = "per",                                                                                        \
       .type = MNZ_PARAM_CHOICE,                                                                             \
       .offset = offsetof(mnz_regime_terms, per),                                                            \
       .choices = per_names,                                                                                 \
       .fallback = "order",                                                                                  \
       .help = "licence: order: each order needs one for its mass; buyer: one for a buyer and a material"},  \
      {.name = "volume",                                                                                     \
       .type = MNZ_PARAM_MASS,                                                                               \
       .offset = offsetof(mnz_regime_terms, volume),                                                         \
       .min = 1,                                                                                             \
       .max = 1e300,                                                                                         \
       .help = "licence per buyer: mass that one covers; everything when not said"},                         \
      {.name = "desks",                                                                                      \
       .type = MNZ_PARAM_COUNT,                                                                              \
       .offset = offsetof(mnz_regime_terms, desks),                                                          \
       .min = 1,                                                                                             \
       .max = 1000000,                                                                                       \
       .help = "licence: applications that are worked on at once, the others queue; all when not said"},     \
      {.name = "quota",                                                                                      \
       .type = MNZ_PARAM_AMOUNT,                                                                             \
       .offset = offsetof(mnz_regime_terms, quota),                                                          \
       .min = 0,                                                                                             \
       .max = 1e300,                                                                                         \
       .help = "quota: what may leave in one period, by mass or by elements (\"1 kt Nd+Pr\")"},              \
      {.name = "period",                                                                                     \
       .type = MNZ_PARAM_CHOICE,                                                                             \
       .offset = offsetof(mnz_regime_terms, period),                                                         \
       .choices = period_names,                                                                              \
       .fallback = "year",                                                                                   \
       .help = "quota: the calendar period; the first one is whole whenever it begins"},                     \
      {.name = "carry_over",                                                                                 \
       .type = MNZ_PARAM_SHARE,                                                                              \
       .offset = offsetof(mnz_regime_terms, carry_over),                                                     \
       .min = 0,                                                                                             \
       .max = 1,                                                                                             \
       .fallback = "0 %",                                                                                    \
       .help = "quota: share of what is left at the end of a period that is added to the next"},             \
      {.name = "shared",                                                                                     \
       .type = MNZ_PARAM_FLAG,                                                                               \
       .offset = offsetof(mnz_regime_terms, shared),                                                         \
       .fallback = "true",                                                                                   \
       .help = "quota: true: one for all whom the regime matches; false: each buyer has one"},               \
  {                                                                                                          \
    .name = "tariff", .type = MNZ_PARAM_SHARE, .offset = offsetof(mnz_regime_terms, tariff), .min = 0,       \
    .max = 100, .help = "tariff: share of the price that is paid on top"                                     \
  }

static const mnz_param step_params[] = {
    {.name = "effective",
     .type = MNZ_PARAM_DATE,
     .offset = offsetof(mnz_regime_step, effective),
     .required = true,
     .help = "date from which it holds; with one before the start, it holds at the start"},
    {.name = "announced",
     .type = MNZ_PARAM_DATE,
     .offset = offsetof(mnz_regime_step, announced),
     .help = "date from which buyers know of it (`hoard` of a purchase); when it takes effect when not said"},
    {.name = "state",
     .type = MNZ_PARAM_TEXT,
     .offset = offsetof(mnz_regime_step, state),
     .required = true,
     .help = "open, licence, quota, tariff, embargo, or the name of one of `states`, which go on from there"},
    {.name = "revised",
     .type = MNZ_PARAM_SHARE,
     .offset = offsetof(mnz_regime_step, revised),
     .min = 0,
     .max = 1,
     .fallback = "0 %",
     .help = "probability that it does not take effect as announced; drawn once"},
    {.name = "revised_to",
     .type = MNZ_PARAM_TEXT,
     .offset = offsetof(mnz_regime_step, revised_to),
     .help = "the state that then comes instead, with the same terms; nothing changes when not said"},
    TERMS,
    {.name = NULL}};

static const mnz_param to_params[] = {{.name = "state",
                                       .type = MNZ_PARAM_TEXT,
                                       .offset = offsetof(mnz_regime_to, state),
                                       .required = true,
                                       .help = "the name of the next state"},
                                      {.name = "probability",
                                       .type = MNZ_PARAM_SHARE,
                                       .offset = offsetof(mnz_regime_to, probability),
                                       .min = 0,
                                       .max = 1,
                                       .help = "of it; the only one may leave it out"},
                                      {.name = NULL}};

static const mnz_param state_params[] = {
    {.name = "name",
     .type = MNZ_PARAM_TEXT,
     .offset = offsetof(mnz_regime_state, name),
     .required = true,
     .help = "unique in the regime"},
    {.name = "state",
     .type = MNZ_PARAM_TEXT,
     .offset = offsetof(mnz_regime_state, state),
     .help = "open, licence, quota, tariff or embargo; the name says it when not said"},
    {.name = "stay",
     .type = MNZ_PARAM_DISTRIBUTION,
     .dim = MNZ_DIM_TIME,
     .offset = offsetof(mnz_regime_state, stay),
     .min = 0,
     .max = 1e300,
     .help = "how long it lasts, drawn at its beginning; for ever when not said"},
    {.name = "to",
     .type = MNZ_PARAM_LIST,
     .offset = offsetof(mnz_regime_state, to),
     .fields = to_params,
     .item_size = sizeof(mnz_regime_to),
     .help = "what comes then; of two states the other one when not said"},
    TERMS,
    {.name = NULL}};

const mnz_param mnz_regime_params[] = {
    {.name = "name",
     .type = MNZ_PARAM_TEXT,
     .offset = offsetof(mnz_regime_spec, name),
     .required = true,
     .help = "unique among regimes"},
    {.name = "on",
     .type = MNZ_PARAM_GROUP,
     .offset = offsetof(mnz_regime_spec, on),
     .required = true,
     .fields = on_params,
     .item_size = sizeof(mnz_regime_on),
     .help = "the flows that it rules: all conditions together, never within one country"},
    {.name = "initial",
     .type = MNZ_PARAM_TEXT,
     .offset = offsetof(mnz_regime_spec, initial),
     .fallback = "open",
     .help = "state at the start: open, or the name of one of `states`"},
    {.name = "steps",
     .type = MNZ_PARAM_LIST,
     .offset = offsetof(mnz_regime_spec, steps),
     .fields = step_params,
     .item_size = sizeof(mnz_regime_step),
     .help = "changes with dates"},
    {.name = "states",
     .type = MNZ_PARAM_LIST,
     .offset = offsetof(mnz_regime_spec, states),
     .fields = state_params,
     .item_size = sizeof(mnz_regime_state),
     .help = "a Markov chain (any distribution of the stays) that moves by itself"},
    {.name = "every",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(mnz_regime_spec, every),
     .min = 3.6e9,
     .max = 1e300,
     .help = "the chain moves once in so long instead of after stays: probabilities are those of one period, "
             "the rest stays"},
    {.name = NULL}};
