/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reference of results: the variables of a small scenario that has something of all that brings measures
 * of its own. A test holds it against the scenarios of scenarios/features. */
#include <stdlib.h>

#include "base/error.h"
#include "config/describe_internal.h"
#include "monazite/rows.h"

static const char sample[] =
    "title = \"All measures\"; start = \"2026-01-01\"; end = \"2026-02-01\"; elements = (\"Nd\"); origins = "
    "(\"all\");\n"
    "materials = ( { name = \"ore\"; content = { Nd = 0.1; }; }, { name = \"concentrate\"; content = { Nd = "
    "0.5; }; }, { name = \"oxide\"; content = { Nd = 1.0; "
    "}; } );\n"
    "regimes = ( { name = \"rule\"; on = {}; steps = ( { effective = \"2026-01-10\"; state = \"embargo\"; } "
    "); } "
    ");\n"
    "prices = ( { name = \"oxide\"; start = \"100 USD/kg\"; } );\n"
    "contracts = ( { name = \"offtake\"; seller = \"Market\"; buyer = \"users\"; materials = \"oxide\"; } "
    ");\n"
    "nodes = (\n"
    "  { name = \"Mine\"; kind = \"source\"; material = \"ore\"; lot = \"1 t\"; every = \"1 d\"; },\n"
    "  { name = \"Plant\"; kind = \"plant\"; flow = \"fluid\"; in = \"ore\"; capacity = \"2 t/d\";\n"
    "    makes = ( { material = \"concentrate\"; recovery = \"90 %\"; grade = \"50 %\"; lot = \"1 t\"; } ); "
    "},\n"
    "  { name = \"Users\"; kind = \"sink\"; takes = \"concentrate\"; },\n"
    "  { name = \"Market\"; kind = \"market\"; origin = \"all\"; sells = ( { material = \"oxide\"; capacity "
    "= \"1 t/d\"; } );\n"
    "    costs = { order = \"1 USD\"; }; }\n"
    ");\n"
    "crews = ( { name = \"fitters\"; } );\n"
    "disruptions = ( { name = \"wear\"; hits = (\"Plant\"); ttf = \"9 d\"; ttr = \"1 d\"; crew = "
    "\"fitters\"; } "
    ");\n"
    "links = ( { from = \"Mine\"; to = \"Plant\"; }, { from = \"Plant\"; to = \"Users\"; } );\n"
    "demand = ( { name = \"users\"; from = \"Market\"; product = \"oxide\"; end_use = \"cars\"; rate = \"1 "
    "t/d\"; } );\n";

mnz_status mnz_describe_results(mnz_result **out, mnz_error *err) {
  mnz_scenario *scenario = NULL;
  mnz_problems *problems = NULL;
  *out = NULL;
  mnz_status status = mnz_scenario_load_text(&scenario, "measures", sample, &problems, err);
  if (status == MNZ_SCENARIO && problems != NULL && problems->count > 0)
    status = mnz_fail(err, MNZ_SCENARIO, problems->at[0].path, "%s", problems->at[0].message);
  if (status == MNZ_OK) status = mnz_shape_create(scenario, NULL, out, err);
  mnz_problems_free(problems);
  mnz_scenario_free(scenario); /* names and words of variables are the program's */
  return status;
}
