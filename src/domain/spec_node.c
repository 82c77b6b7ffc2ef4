/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/spec.h"

static const char *const short_names[] = {"priority", "proportional", NULL};

const mnz_param mnz_node_params[] = {
    {.name = "name",
     .type = MNZ_PARAM_TEXT,
     .offset = offsetof(mnz_node_spec, name),
     .required = true,
     .help = "unique among nodes and demands; links and orders use it"},
    {.name = "kind",
     .type = MNZ_PARAM_CHOICE,
     .offset = offsetof(mnz_node_spec, kind_index),
     .choices = mnz_kind_names,
     .required = true,
     .help = "what the node does; adds the kind's own keys"},
    {.name = "country",
     .type = MNZ_PARAM_TEXT,
     .offset = offsetof(mnz_node_spec, country),
     .help = "where it stands, in words; the summary speaks of the users in the scenario's `focus`"},
    {.name = "where",
     .type = MNZ_PARAM_PLACE,
     .offset = offsetof(mnz_node_spec, where),
     .help = "latitude and longitude, for maps"},
    {.name = "stores",
     .type = MNZ_PARAM_LIST,
     .offset = offsetof(mnz_node_spec, stores),
     .fields = mnz_store_params,
     .item_size = sizeof(mnz_store_spec),
     .help = "limits and initial stock of what the node holds; a material not listed has an unlimited store"},
    {.name = "short",
     .type = MNZ_PARAM_CHOICE,
     .offset = offsetof(mnz_node_spec, short_rule),
     .choices = short_names,
     .fallback = "priority",
     .help = "who gets a stock that is short: priority: by class, then first come; proportional: by class, "
             "then in proportion to what is owed"},
    {.name = NULL}};
