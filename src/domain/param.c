/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/param.h"

const mnz_policy_form mnz_policy_forms[] = {
    {"base_stock", MNZ_POLICY_BASE_STOCK, "level", MNZ_DIM_MASS,
     "order up to this level: stock and what is on order, less what is owed"},
    {"days_of_cover", MNZ_POLICY_DAYS_OF_COVER, "cover", MNZ_DIM_TIME,
     "order up to this many days of the recent usage (an average that forgets over 90 days)"},
    {NULL, MNZ_POLICY_NONE, NULL, MNZ_DIM_NUMBER, NULL}};
