/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One mistake in a sound scenario gives one message: exact words, exact line. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "monazite/scenario.h"

#define RIGHT MNZ_SOURCE_DIR "/tests/scenarios/right.cfg"

typedef struct mistake {
  const char *was; /* its first occurrence in the sound scenario ... */
  const char *is;  /* ... becomes this */
  int line;
  const char *path;
  const char *message;
  bool warning;
} mistake;

static const mistake mistakes[] = {
    {"seed = \"7\"", "seed = \"7\"; prices = ( { name = \"p\"; start = \"3 USD\"; } )", 5,
     "prices[\"p\"].start", "found \"3 USD\"; expected a price such as \"110 USD/kg\"", false},
    {"seed = \"7\"", "seed = \"7\"; prices = ( { name = \"p\"; } )", 5, "prices[\"p\"].start",
     "the key is missing: what the price is at the start", false},
    {"seed = \"7\"",
     "seed = \"7\"; prices = ( { name = \"p\"; start = \"3 USD/kg\"; process = \"gbm(volatility 3)\"; } )", 5,
     "prices[\"p\"].process", "volatility: found \"3\"; expected a volatility such as \"40 %/yr\"", false},
    {"seed = \"7\"",
     "seed = \"7\"; prices = ( { name = \"p\"; start = \"3 USD/kg\"; floor = \"2 USD/kg\"; ceiling = \"1 "
     "USD/kg\"; } )",
     5, "prices[\"p\"].floor", "found more than the ceiling; expected at most that", false},
    {"kind = \"trader\"", "kind = \"trader\"; costs = { holding = \"1 USD/t\"; }", 24,
     "nodes[\"Trader\"].costs.holding",
     "found \"1 USD/t\"; expected a cost of a mass over a time such as \"1 USD/t/month\"", false},
    {"kind = \"trader\"", "kind = \"trader\"; charges = ( { material = \"ore\"; price = \"1 USD/t\"; } )", 24,
     "nodes[\"Trader\"].charges[0].material",
     "\"Trader\" does not sell ore; expected a material that it makes or sells", false},
    {"seed = \"7\"",
     "seed = \"7\"; contracts = ( { name = \"c\"; seller = \"Separation\"; buyer = \"Trader\"; materials = "
     "\"NdPr oxide\"; "
     "take_or_pay = \"80 %\"; price = \"60 USD/kg\"; } )",
     5, "contracts[\"c\"].take_or_pay",
     "there is nothing that must be taken; expected a `minimum` or `commits`", false},
    {"seed = \"7\"",
     "seed = \"7\"; contracts = ( { name = \"c\"; seller = \"Separation\"; buyer = \"Trader\"; materials = "
     "\"NdPr oxide\"; "
     "minimum = \"3 t\"; maximum = \"2 t\"; } )",
     5, "contracts[\"c\"].minimum", "found more than the maximum; expected at most that", false},
    {"lead_time = \"10 d\"", "lead_tiem = \"10 d\"", 32, "links[\"Separation -> Trader\"].lead_tiem",
     "unknown key; did you mean \"lead_time\"?", false},
    {"capacity = \"50 kt/yr\"", "capacity = \"50 kt\"", 19, "nodes[\"Plant\"].capacity",
     "found \"50 kt\"; expected a rate such as \"10.5 kt/yr\"", false},
    {"hold_up = \"30 d\"", "hold_up = \"30 dd\"", 23, "nodes[\"Separation\"].hold_up",
     "found \"30 dd\"; there is no unit \"dd\"; did you mean \"d\"?", false},
    {"recovery = \"80 %\"", "recovery = \"120 %\"", 18, "nodes[\"Plant\"].makes[0].recovery",
     "found \"120 %\"; expected at most 100 %", false},
    {"recovery = \"97 %\"", "recovery = 97", 21, "nodes[\"Separation\"].circuits[0].recovery",
     "found the number 97; expected at most 100 %", false},
    {"start = \"2026-01-01\"", "start = \"2026-02-30\"", 3, "start",
     "found \"2026-02-30\"; expected a date such as \"2025-10-01\"", false},
    {"end = \"2027-01-01\"", "end = \"2025-01-01\"", 4, "end",
     "found a date that is not after `start`; expected a later one", false},
    {"seed = \"7\"", "seed = \"7\"; warm_up = \"2026-01-01\"", 5, "warm_up",
     "found a date that is not after `start`; expected a later one", false},
    {"seed = \"7\"", "seed = \"7\"; warm_up = \"2027-01-01\"", 5, "warm_up",
     "found a date that is not before `end`; expected an earlier one", false},
    {"seed = \"7\"", "seed = \"7\"; warm_up = \"90 d\"", 5, "warm_up",
     "found \"90 d\"; expected a date such as \"2025-10-01\"", false},
    {"seed = \"7\"", "seed = \"seven\"", 5, "seed",
     "found \"seven\"; expected a whole number below 2^64 such as \"20251001\"", false},
    {"from = \"Mine\"; to = \"Plant\"", "from = \"Mine\"; to = \"Plnt\"", 30, "links[\"Mine -> Plnt\"].to",
     "there is no node \"Plnt\"; did you mean \"Plant\"?", false},
    {"product = \"NdPr oxide\"", "product = \"NdPr oxid\"", 38, "demand[\"Magnets\"].product",
     "there is no material \"NdPr oxid\"; did you mean \"NdPr oxide\"?", false},
    {"\"triangular(12 d, 15 d, 33 d)\"", "\"triangular(12 d, 35 d, 33 d)\"", 31,
     "links[\"Plant -> Separation\"].lead_time",
     "found \"triangular(12 d, 35 d, 33 d)\"; triangular needs min <= mode <= max", false},
    {"\"exponential(7.6 d)\"", "\"exponental(7.6 d)\"", 35, "disruptions[\"Grid\"].ttf",
     "found \"exponental(7.6 d)\"; there is no distribution \"exponental\"; did you mean \"exponential\"?",
     false},
    {"\"days_of_cover(45 d)\"", "\"days_of_cover(45 t)\"", 25, "nodes[\"Trader\"].buys[0].policy",
     "cover: found \"45 t\"; expected a time such as \"45 d\"", false},
    {"makes = \"ore\"; ", "", 15, "nodes[\"Mine\"].makes", "missing; expected the name of a material", false},
    {"kind = \"trader\"", "kind = \"tradr\"", 24, "nodes[\"Trader\"].kind",
     "found \"tradr\"; did you mean \"trader\"?", false},
    {"makes = ( { material = \"carbonate\"; recovery = \"80 %\"; grade = \"50 %\"; } )",
     "makes = ( { material = \"carbonate\"; recovery = \"80 %\"; grade = \"50 %\"; }, { material = "
     "\"raffinate\"; recovery = \"30 %\"; } )",
     18, "nodes[\"Plant\"].makes",
     "found recoveries of Nd that add up to 110 %, which creates mass; expected at most 100 %", false},
    {"  { name = \"raffinate\"; }\n", "  { name = \"raffinate\"; }, { name = \"slag\"; }\n", 12,
     "materials[\"slag\"]", "nobody makes or takes it; expected a node that does", false},
    {"  { from = \"Mine\"; to = \"Plant\"; },\n", "", 17, "nodes[\"Plant\"]",
     "no link brings ore to \"Plant\"; expected one from a node that makes it", false},
    {"hits = (\"Plant\")", "hits = (\"Trader\")", 35, "disruptions[\"Grid\"].hits",
     "\"Trader\" is a trader, which has no capacity to lose; expected another node or a link", false},
    {"name = \"Lamps\"", "name = \"Magnets\"", 39, "demand[\"Magnets\"].name",
     "the name \"Magnets\" is used twice; first in line 38", false},
    {"from = \"Separation\"; product", "from = \"Plant\"; product", 39, "demand[\"Lamps\"].from",
     "\"Plant\" does not have Dy oxide; expected a node that makes or sells it", false},
    {"rate = \"1500 t/yr\"; }", "rate = \"1500 t/yr\"; priority = 5000000000; }", 38, "",
     "found 5000000000, an integer of more than 32 bits; expected 5000000000L", false},
    {"ttr = \"4 h\"", "ttr = \"-4 h\"", 35, "disruptions[\"Grid\"].ttr",
     "found \"-4 h\"; expected at least 0 d", false},
    {"rate = \"1500 t/yr\"", "rate = \"5 kt/yr\"", 38, "demand[\"Magnets\"].rate",
     "5000 t/yr of NdPr oxide are asked of \"Trader\" in all, but about 2304 t/yr can be supplied", true},
    {"buys = ( { material = \"NdPr oxide\"", "buys = ( { material = \"Dy oxide\"", 38,
     "demand[\"Magnets\"].from",
     "\"Trader\" does not have NdPr oxide; expected a node that makes or sells it", false},
    {"takes = \"raffinate\"; }", "takes = \"raffinate\"; where = [1.0, 2.0, 3.0]; }", 27,
     "nodes[\"Trader\"].where",
     "found a list; expected latitude and longitude in degrees such as [-28.86, 122.55]", false},
    {"start = \"2026-01-01\"", "start = 20260101", 3, "start",
     "found the number 20260101; expected a date such as \"2025-10-01\"", false},
    {"{ name = \"Dy oxide\"; of = (\"Dy\"); }", "{ name = \"Dy oxide\"; of = (\"Dy\"); form = \"liquid\"; }",
     11, "materials[\"Dy oxide\"].form", "found the text \"liquid\"; expected \"oxide\" or \"metal\"", false},
    {"elements = (\"Nd\", \"Pr\", \"Dy\")", "elements = (\"Nd\", \"Pr\" \"Dy\")", 6, "",
     "found a text right after a text: \"Dy\"; expected \",\" or \";\" between them", false},
    {"# A sound", "/* A sound", 1, "", "found a comment that is not closed; expected */ before the end",
     false},
    {"rest = \"raffinate\"; capacity = \"5 kt/yr\"", "rest = \"raffinate\"; capacity = \"5 kt/yr Ndd\"", 23,
     "nodes[\"Separation\"].capacity",
     "found \"5 kt/yr Ndd\"; there is no element \"Ndd\" here; did you mean \"Nd\"?", false},
    {"takes = \"raffinate\"; }\n);\nlinks = (\n",
     "takes = \"raffinate\"; },\n  { name = \"Loop\"; kind = \"trader\"; takes = \"raffinate\"; }\n);\nlinks "
     "= (\n  { from = \"Trader\"; to = \"Loop\"; carries = \"raffinate\"; },\n  { from = \"Loop\"; to = "
     "\"Trader\"; carries = \"raffinate\"; },\n",
     31, "links[\"Trader -> Loop\"].lead_time",
     "raffinate goes round without lead time: Loop -> Trader -> Loop; expected a lead time above 0 on the "
     "way",
     false},
    {"grade = \"6 %\"; split", "grade = \"6 %\"; reserve = \"0 t\"; split", 16, "nodes[\"Mine\"].ore.reserve",
     "found \"0 t\"; expected at least 1 mg", false},
    {"from = \"Mine\"; to = \"Plant\"; }",
     "from = \"Mine\"; to = \"Plant\"; dispatch = { every = \"7 d\"; capacity = \"1 kt\"; minimum = \"2 "
     "kt\"; }; }",
     30, "links[\"Mine -> Plant\"].dispatch.minimum",
     "found more than the capacity, so that it never sails; expected at most that", false},
    {"  { name = \"Dy oxide\"; of = (\"Dy\"); },",
     "  { name = \"Dy oxide\"; of = (\"Dy\"); like = \"Plant\"; },", 11, "materials[\"Dy oxide\"].like",
     "\"Plant\" is a plant; expected a mine", false},
};
#define N_MISTAKES (sizeof mistakes / sizeof *mistakes)

static char *read_right(void) {
  FILE *f = fopen(RIGHT, "r");
  cr_assert_not_null(f);
  char *text = calloc(1, 65536);
  const size_t length = fread(text, 1, 65535, f);
  fclose(f);
  cr_assert(0 < length && length < 65535);
  return text;
}

/* Loads the sound scenario with one replacement; the findings are the caller's. */
static mnz_status load_with(const char *was, const char *is, mnz_problems **problems) {
  char path[] = "/tmp/monazite-errors-XXXXXX";
  const int fd = mkstemp(path);
  cr_assert(fd >= 0);
  FILE *f = fdopen(fd, "w");
  char *text = read_right();
  char *at = strstr(text, was);
  cr_assert_not_null(at, "the sound scenario does not say: %s", was);
  fprintf(f, "%.*s%s%s", (int)(at - text), text, is, at + strlen(was));
  fclose(f);
  free(text);
  mnz_scenario *scenario = NULL;
  mnz_error err = {0};
  const mnz_status status = mnz_scenario_load(&scenario, path, NULL, 0, problems, &err);
  mnz_scenario_free(scenario);
  unlink(path);
  return status;
}

Test(errors, the_sound_scenario_has_no_finding) {
  mnz_scenario *scenario = NULL;
  mnz_problems *problems = NULL;
  mnz_error err = {0};
  cr_assert_eq(mnz_scenario_load(&scenario, RIGHT, NULL, 0, &problems, &err), MNZ_OK);
  cr_assert_eq(problems->count, 0);
  mnz_problems_free(problems);
  mnz_scenario_free(scenario);
}

Test(errors, there_are_more_than_twenty) {
  cr_assert_geq(N_MISTAKES, 20);
}

Test(errors, one_mistake_gives_one_exact_message_with_its_line) {
  for (size_t i = 0; i < N_MISTAKES; i++) {
    const mistake *m = &mistakes[i];
    mnz_problems *problems = NULL;
    const mnz_status status = load_with(m->was, m->is, &problems);
    cr_expect_eq(status, m->warning ? MNZ_OK : MNZ_SCENARIO, "%s: status %d", m->is, status);
    cr_expect_eq(problems->count, 1, "%s: %zu findings", m->is, problems->count);
    for (size_t k = 0; k < problems->count; k++) {
      const mnz_problem *p = &problems->at[k];
      cr_expect_eq(p->line, m->line, "%s: line %d, expected %d", m->is, p->line, m->line);
      cr_expect_str_eq(p->path, m->path, "%s: path %s", m->is, p->path);
      cr_expect_str_eq(p->message, m->message, "%s: %s", m->is, p->message);
      cr_expect_eq(p->warning, m->warning);
    }
    mnz_problems_free(problems);
  }
}

Test(errors, all_mistakes_of_a_file_are_said_at_once) {
  mnz_problems *problems = NULL;
  const mnz_status status = load_with(
      "capacity = \"50 kt/yr\"; },",
      "capacity = \"50 kt\"; residense = \"2 d\"; lot = \"x t\"; stores = ( { material = \"or\"; } ); },",
      &problems);
  cr_assert_eq(status, MNZ_SCENARIO);
  cr_assert_eq(problems->count, 4);
  cr_assert_eq(problems->errors, 4);
  mnz_problems_free(problems);
}
