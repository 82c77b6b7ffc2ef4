/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/spec_money.h"

const char *const mnz_cost_names[] = {
#define COST_NAME(id, name, text) name,
    MNZ_COST_LIST(COST_NAME)
#undef COST_NAME
        NULL};

/* The most that anything may cost: sums stay finite. */
#define MOST 1e18

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
