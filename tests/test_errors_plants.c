/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What mines, plants, makers and users' products can be said wrongly: one line for each mistake. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "monazite/scenario.h"

typedef struct mistake {
  const char *feature;  /* scenarios/features/<feature>.cfg ... */
  const char *override; /* ... with this, in which ' stands for " */
  const char *path;
  const char *message;
} mistake;

static const mistake mistakes[] = {
    /* mines */
    {"mine-phases", "nodes['Mine'].ore={ grade = '5 %'; split = { Nd = 1; }; }", "nodes[\"Mine\"].ore",
     "found both `ore` and `phases`; expected one of them"},
    {"mine-phases", "nodes['Mine'].phases=()", "nodes[\"Mine\"].ore",
     "found neither `ore` nor `phases`; expected one of them"},
    {"mine-phases", "nodes['Mine'].phases[0]={ grade = '10 %'; split = { Nd = 1; }; }",
     "nodes[\"Mine\"].phases[1].from",
     "found no date after a phase without `reserve`, which never ends; expected one of both"},
    {"mine-phases", "nodes['Mine'].phases[1].split={ Nd = 0; }", "nodes[\"Mine\"].phases[1].split",
     "found no share above 0; expected at least one"},
    {"mine-phases", "nodes['Mine'].phases[1]={ grade = '0 %'; split = { Nd = 1; }; rate = '1 t/d Nd'; }",
     "nodes[\"Mine\"].phases[1].rate",
     "found a rate on elements in ore of grade 0; expected a grade above 0"},
    {"mine-phases", "nodes['Mine'].phases[1].split_noise='300 %'", "nodes[\"Mine\"].phases[1].split_noise",
     "found \"300 %\"; expected at most 200 %"},
    {"mine-phases", "nodes['Mine'].assay.noise='-1 %'", "nodes[\"Mine\"].assay.noise",
     "found \"-1 %\"; expected at least 0 %"},
    /* plants */
    {"off-spec", "nodes['Plant'].makes[0].recovery={ Nd = 'normal(90 %, 50 %)'; }",
     "nodes[\"Plant\"].makes[0].recovery.Nd",
     "found \"normal(90 %, 50 %)\"; expected at least 0 % in every draw"},
    {"off-spec", "nodes['Plant'].makes[0].recovery={ Nd = 'uniform(90 %, 120 %)'; }",
     "nodes[\"Plant\"].makes[0].recovery.Nd",
     "found \"uniform(90 %, 120 %)\"; expected at most 100 % in every draw"},
    {"off-spec", "nodes['Plant'].spec[0]={ material = 'oxide'; elements = ( 'Nd' ); }",
     "nodes[\"Plant\"].spec[0]", "found neither `min` nor `max`; expected at least one"},
    {"off-spec", "nodes['Plant'].spec[0].max='50 %'", "nodes[\"Plant\"].spec[0]",
     "found a `min` above `max`, which no lot can meet; expected min <= max"},
    {"off-spec", "nodes['Plant'].spec[0].off_spec='oxide'", "nodes[\"Plant\"].spec[0].off_spec",
     "found the material itself; expected another one"},
    {"off-spec", "nodes['Plant'].spec[1].off_spec='off-spec oxide'", "nodes[\"Plant\"].spec[1].off_spec",
     "found a feed of this node, so that lots could go round at once; expected another material"},
    {"toll-campaigns", "nodes['Toll'].campaigns[0].feeds='Gd oxide'", "nodes[\"Toll\"].campaigns[0].feeds",
     "found Gd oxide, which it does not take; expected a material that it does"},
    {"toll-campaigns", "nodes['Toll'].campaigns[1]={ feeds = 'GdTb'; }", "nodes[\"Toll\"].campaigns[1]",
     "found neither `lasts` nor `mass`, so that it never ends; expected at least one"},
    {"toll-campaigns", "nodes['Toll'].campaigns[0].lasts='1 s'", "nodes[\"Toll\"].campaigns[0].lasts",
     "found \"1 s\"; expected at least 60 s"},
    {"licence-cap", "nodes['Plant'].cap={ at_most = '0 t/yr'; }", "nodes[\"Plant\"].cap.at_most",
     "found 0 throughout, so that it never works; expected more"},
    {"licence-cap", "nodes['Plant'].cap.per='week'", "nodes[\"Plant\"].cap.per",
     "found the text \"week\"; expected \"year\", \"quarter\" or \"month\""},
    {"reject-la-ce", "nodes['Separation'].rejects=( 'Nd' )", "nodes[\"Separation\"].reject",
     "no circuit makes only elements of `rejects`; expected one that the rule can stop"},
    {"reject-la-ce", "nodes['Separation'].reject={ when = 'price_below'; below = '2 USD/kg'; }",
     "nodes[\"Separation\"].reject", "found no `price` or no `below`; expected both with price_below"},
    /* makers */
    {"dy-thrift", "nodes['Maker'].makes[0].thrift[0].share='120 %'",
     "nodes[\"Maker\"].makes[0].thrift[0].share", "found \"120 %\"; expected at most 100 %"},
    {"dy-thrift", "nodes['Maker'].makes[0].thrift[0].by='magnet'", "nodes[\"Maker\"].makes[0].thrift[0].by",
     "found magnet, which it does not buy; expected one of the materials in `buys`"},
    {"dy-thrift", "nodes['Maker'].makes[0].thrift[0].by='Dy metal'", "nodes[\"Maker\"].makes[0].thrift[0].by",
     "found the input itself; expected another one"},
    {"dy-thrift", "nodes['Maker'].makes[0].thrift[0].above='10 d'",
     "nodes[\"Maker\"].makes[0].thrift[0].above", "found a cover lower than `below`; expected at least that"},
    {"dy-thrift", "nodes['Maker'].makes[0].thrift[0].input='magnet'",
     "nodes[\"Maker\"].makes[0].thrift[0].input", "found a material that no recipe uses; expected an input"},
    {"alternative-recipes", "nodes['Maker'].makes[0].recipe=( { material = 'Nd metal'; amount = '100 %'; } )",
     "nodes[\"Maker\"].makes[0].recipe", "found both `recipe` and `recipes`; expected one of them"},
    {"alternative-recipes", "nodes['Maker'].makes[0].recipes=()", "nodes[\"Maker\"].makes[0].recipe",
     "found neither `recipe` nor `recipes`; expected one of them"},
    {"alternative-recipes", "nodes['Maker'].makes[0].recipes[1].filler='50 %'",
     "nodes[\"Maker\"].makes[0].recipes[1].inputs",
     "found inputs and filler that add up to 79.5 % of the product, which creates mass; expected 100 %"},
    {"swarf", "nodes['Magnet maker'].makes[0].yield='uniform(50 %, 150 %)'",
     "nodes[\"Magnet maker\"].makes[0].yield",
     "found \"uniform(50 %, 150 %)\"; expected at most 100 % in every draw"},
    /* the end of life */
    {"end-of-life", "demand['motors'].end_of_life.returns='magnet'", "demand[\"motors\"].end_of_life.returns",
     "found the product itself; expected a material of its own, such as scrap"},
    {"end-of-life", "demand['motors'].end_of_life.returns='Nd oxide'",
     "demand[\"motors\"].end_of_life.returns",
     "found a material of another form; expected `form` to be that of the product"},
    {"end-of-life", "demand['motors'].end_of_life.collected='140 %'",
     "demand[\"motors\"].end_of_life.collected", "found \"140 %\"; expected at most 100 %"},
    {"end-of-life", "demand['motors'].end_of_life.past[0].on='2027-01-01'",
     "demand[\"motors\"].end_of_life.past[0].on",
     "found a date that is not before `start`; expected an earlier one"},
};

static void expect(const mistake *m) {
  char path[512];
  char *override = strdup(m->override);
  mnz_scenario *scenario = NULL;
  mnz_problems *problems;
  mnz_error err;
  snprintf(path, sizeof path, "%s/scenarios/features/%s.cfg", MNZ_SOURCE_DIR, m->feature);
  for (char *c = override; *c != '\0'; c++) *c = *c == '\'' ? '"' : *c;
  const char *const overrides[] = {override};
  const mnz_status status = mnz_scenario_load(&scenario, path, overrides, 1, &problems, &err);
  bool found = false;
  for (size_t i = 0; i < problems->count; i++) {
    const mnz_problem *p = &problems->at[i];
    found |= !p->warning && strcmp(p->path, m->path) == 0 && strcmp(p->message, m->message) == 0;
  }
  if (!found) {
    for (size_t i = 0; i < problems->count; i++)
      printf("  %s: %s: %s\n", m->feature, problems->at[i].path, problems->at[i].message);
  }
  cr_expect(status != MNZ_OK && found, "%s with %s: expected %s: %s", m->feature, m->override, m->path,
            m->message);
  mnz_problems_free(problems);
  mnz_scenario_free(scenario);
  free(override);
}

Test(mistakes, are_told_in_one_line_each) {
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) expect(&mistakes[i]);
}
