/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/spec_money.h"

const char *const mnz_cost_names[] = {
#define COST_NAME(id, name, text) name,
    MNZ_COST_LIST(COST_NAME)
#undef COST_NAME
        NULL};

/* Without an upper limit but that of the quantity. */
#define MOST 1e300

#define COST(field, dimension, words)                                                                        \
  {                                                                                                          \
    .name = #field, .type = MNZ_PARAM_MONEY, .dim = MNZ_DIM_##dimension,                                     \
    .offset = offsetof(mnz_costs, field), .min = 0, .max = MOST, .help = (words)                             \
  }

const mnz_param mnz_costs_params[] = {
    COST(order, MONEY, "of every order that it places with a seller"),
    COST(unit, PRICE, "of what it buys, paid to the seller; what the seller charges when not said"),
    COST(production, PRICE, "of what it makes, when that is finished"),
    COST(holding, HOLDING, "of what is in its stores"),
    COST(process, HOLDING, "of what is in process in it"),
    COST(pipeline, HOLDING, "of what is on its way to it"),
    COST(shortage, HOLDING,
         "of orders that it has not shipped yet; of a demand: that have not been shipped to it"),
    COST(lost, PRICE,
         "of what is lost at it or on the way to it, and of orders on it that are given up; of a "
         "demand: that it gives up"),
    COST(late, PRICE,
         "of what it ships later than it was ordered, whatever the delay; of a demand: that is shipped to it "
         "so"),
    COST(fixed, SPENDING, "of being there, whatever it does"),
    {.name = NULL}};

const mnz_param mnz_freight_params[] = {{.name = "unit",
                                         .type = MNZ_PARAM_MONEY,
                                         .dim = MNZ_DIM_PRICE,
                                         .offset = offsetof(mnz_freight, unit),
                                         .min = 0,
                                         .max = MOST,
                                         .help = "of the mass that is carried"},
                                        {.name = "departure",
                                         .type = MNZ_PARAM_MONEY,
                                         .dim = MNZ_DIM_MONEY,
                                         .offset = offsetof(mnz_freight, departure),
                                         .min = 0,
                                         .max = MOST,
                                         .help = "of every departure; without `dispatch` every lot is one"},
                                        {.name = NULL}};

const mnz_param mnz_charge_params[] = {{.name = "material",
                                        .type = MNZ_PARAM_MATERIAL,
                                        .offset = offsetof(mnz_charge, material),
                                        .required = true,
                                        .help = "what it sells"},
                                       {.name = "price",
                                        .type = MNZ_PARAM_PRICE,
                                        .offset = offsetof(mnz_charge, price),
                                        .required = true,
                                        .min = 0,
                                        .max = MOST,
                                        .help = "what it asks for it"},
                                       {.name = "premium",
                                        .type = MNZ_PARAM_SHARE,
                                        .offset = offsetof(mnz_charge, premium),
                                        .min = -1,
                                        .max = 1e6,
                                        .fallback = "0 %",
                                        .help = "on top of the price; below 0 a discount"},
                                       {.name = NULL}};

const mnz_param mnz_price_step_params[] = {{.name = "from",
                                            .type = MNZ_PARAM_DATE,
                                            .offset = offsetof(mnz_price_step, from),
                                            .required = true,
                                            .help = "from then on"},
                                           {.name = "price",
                                            .type = MNZ_PARAM_MONEY,
                                            .dim = MNZ_DIM_PRICE,
                                            .offset = offsetof(mnz_price_step, price),
                                            .required = true,
                                            .min = 0,
                                            .max = MOST,
                                            .help = "what it is then"},
                                           {.name = NULL}};

static const mnz_param response_params[] = {
    {.name = "material",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(mnz_price_response, material),
     .help = "whose stocks count; the material of the price when not said"},
    {.name = "cover",
     .type = MNZ_PARAM_TARGETS,
     .offset = offsetof(mnz_price_response, cover),
     .help = "nodes whose stocks count, at their recent usage; the users in focus when not said"},
    {.name = "target",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(mnz_price_response, target),
     .required = true,
     .min = 1e6,
     .max = 1e300,
     .help = "days of cover at which the price is what it would be without"},
    {.name = "elasticity",
     .type = MNZ_PARAM_NUMBER,
     .offset = offsetof(mnz_price_response, elasticity),
     .min = 0,
     .max = 10,
     .fallback = "1",
     .help = "the price is multiplied by (target / cover) to this power"},
    {.name = "least",
     .type = MNZ_PARAM_SHARE,
     .offset = offsetof(mnz_price_response, least),
     .min = 0,
     .max = 1,
     .fallback = "50 %",
     .help = "the least that it is multiplied by"},
    {.name = "most",
     .type = MNZ_PARAM_SHARE,
     .offset = offsetof(mnz_price_response, most),
     .min = 1,
     .max = 1e3,
     .fallback = "300 %",
     .help = "the most, which it is when the stocks are empty"},
    {.name = NULL}};

const mnz_param mnz_price_params[] = {
    {.name = "name",
     .type = MNZ_PARAM_TEXT,
     .offset = offsetof(mnz_price_spec, name),
     .required = true,
     .help = "unique among prices; nodes and contracts refer to it"},
    {.name = "material",
     .type = MNZ_PARAM_MATERIAL,
     .offset = offsetof(mnz_price_spec, material),
     .help = "what it is the price of; may be left out where it does not respond to stocks"},
    {.name = "market",
     .type = MNZ_PARAM_TEXT,
     .offset = offsetof(mnz_price_spec, market),
     .help = "where it is the price, in words: china, outside"},
    {.name = "start",
     .type = MNZ_PARAM_MONEY,
     .dim = MNZ_DIM_PRICE,
     .offset = offsetof(mnz_price_spec, start),
     .min = 0,
     .max = MOST,
     .help = "what it is at the start; goes without saying with `value`"},
    {.name = "every",
     .type = MNZ_PARAM_TIME,
     .offset = offsetof(mnz_price_spec, every),
     .min = 6e7,
     .max = 1e300,
     .fallback = "1 d",
     .help = "time between two moves of a process, two values, two looks at the stocks"},
    {.name = "process",
     .type = MNZ_PARAM_PROCESS,
     .offset = offsetof(mnz_price_spec, process),
     .help = "how it moves at random from `start` on; constant when not said"},
    {.name = "value",
     .type = MNZ_PARAM_DISTRIBUTION,
     .dim = MNZ_DIM_PRICE,
     .offset = offsetof(mnz_price_spec, value),
     .min = 0,
     .max = MOST,
     .help = "or: drawn anew at every move; a trace(...) plays a series from a file"},
    {.name = "steps",
     .type = MNZ_PARAM_PRICE_STEPS,
     .offset = offsetof(mnz_price_spec, steps),
     .fields = mnz_price_step_params,
     .help = "or: what it is from each date on, in order"},
    {.name = "responds",
     .type = MNZ_PARAM_GROUP,
     .offset = offsetof(mnz_price_spec, responds),
     .fields = response_params,
     .item_size = sizeof(mnz_price_response),
     .help = "to how long stocks last: scarce is dear"},
    {.name = "floor",
     .type = MNZ_PARAM_MONEY,
     .dim = MNZ_DIM_PRICE,
     .offset = offsetof(mnz_price_spec, floor),
     .min = 0,
     .max = MOST,
     .help = "it is never below"},
    {.name = "ceiling",
     .type = MNZ_PARAM_MONEY,
     .dim = MNZ_DIM_PRICE,
     .offset = offsetof(mnz_price_spec, ceiling),
     .min = 0,
     .max = MOST,
     .help = "it is never above"},
    {.name = NULL}};

#define PARAM(field, kind, may_lack)                                                                         \
  {                                                                                                          \
    .name = #field, .offset = offsetof(mnz_process, field), .how = MNZ_PROCESS_##kind,                       \
    .optional = (may_lack)                                                                                   \
  }
#define JUMP(word, field, kind, may_lack)                                                                    \
  { .name = word, .offset = offsetof(mnz_process, field), .how = MNZ_PROCESS_##kind, .optional = (may_lack) }

const mnz_process_form mnz_process_forms[] = {
    {.name = "gbm",
     .kind = MNZ_PROCESS_GBM,
     .params = {PARAM(drift, GROWTH, true), PARAM(volatility, VOLATILITY, false)},
     .help =
         "geometric Brownian motion: the expected price grows by the drift, compounding continuously; the "
         "standard deviation of its logarithm is the volatility after a year, and grows with the square "
         "root"},
    {.name = "jumps",
     .kind = MNZ_PROCESS_JUMPS,
     .params = {PARAM(drift, GROWTH, true), PARAM(volatility, VOLATILITY, false),
                JUMP("every", jump_every, TIME, false), JUMP("mean", jump_mean, SHARE, true),
                JUMP("sd", jump_sd, SHARE, true)},
     .help = "the same with jumps (Merton), a Poisson process with this mean time between them; mean and sd "
             "are of "
             "a jump's logarithm; the expected price still grows by the drift"},
    {.name = "mean_reverting",
     .kind = MNZ_PROCESS_MEAN_REVERTING,
     .params = {PARAM(level, PRICE, false), PARAM(half_life, TIME, false),
                PARAM(volatility, VOLATILITY, false)},
     .help = "Ornstein-Uhlenbeck of the logarithm: half of the distance to the level's logarithm is gone "
             "after the "
             "half-life; in the long run the level is the median"},
    {.name = NULL}};
