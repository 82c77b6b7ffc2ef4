/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The meaning of a scenario as a whole: from the tree into structs, through the tables of the program. */
#include "config/bind.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "bind_bench.h"
#include "monazite/calendar.h"
#include "random/stream.h"

static mnz_scenario scenario;

static void set_up(void) {
  open_bench();
  scenario = (mnz_scenario){.arena = arena};
}

TestSuite(bind, .init = set_up, .fini = close_bench);

static const char *bind_text(const char *text) {
  read_tree(text);
  cr_assert_eq(mnz_bind_scenario(&scenario, root, finder, &error), MNZ_OK, "%s", error.message);
  return findings();
}

/* A small scenario in seven lines; what a test has to say begins in line 8. */
#define BEGIN                                                                                                \
  "title = \"test\";\n"                                                                                      \
  "start = \"2025-10-01\"; end = \"2030-10-01\";\n"                                                          \
  "origins = (\"australia\", \"china\");\n"                                                                  \
  "elements = (\"La\", \"Ce\", \"Pr\", \"Nd\");\n"                                                           \
  "materials = ( { name = \"ore\"; }, { name = \"NdPr oxide\"; of = (\"Pr\", \"Nd\"); },\n"                  \
  "  { name = \"MREC\"; } );\n"                                                                              \
  "\n"
#define MINE(more)                                                                                           \
  "{ name = \"Mt Weld\"; kind = \"mine\"; makes = \"ore\"; rate = \"3 Mt/yr\"; lot = \"2 kt\";\n"            \
  "  ore = { grade = \"6 %\"; split = { La = 1; Nd = 3; }; };" more " }"
#define PLANT(name, more)                                                                                    \
  "{ name = \"" name "\"; kind = \"plant\"; in = \"ore\"; capacity = \"1 kt/d\";\n"                          \
  "  makes = ( { material = \"MREC\"; recovery = \"92 %\"; } );" more " }"

/* ---- the scenario as a whole ---- */

Test(bind, a_sound_scenario_has_no_findings_and_all_its_values) {
  cr_assert_str_eq(bind_text(BEGIN "nodes = ( " PLANT("LAMP", "") ",\n" MINE(
                       "origin = \"china\";") " );\n"
                                              "demand = ( { name = \"Japan\"; from = \"LAMP\"; product = "
                                              "\"MREC\"; rate = \"1 t/d\"; } );\n"
                                              "links = ( { from = \"Mt Weld\"; to = \"LAMP\"; } );\n"
                                              "disruptions = ( { name = \"flood\"; hits = (\"LAMP\", \"Mt "
                                              "Weld -> LAMP\"); } );\n"),
                   "");
  cr_expect_str_eq(scenario.title, "test");
  cr_expect_eq(scenario.end_us - scenario.start_us, (5 * 365 + 1) * MNZ_US_PER_DAY);
  cr_expect_eq(scenario.sample, MNZ_US_PER_DAY, "the default");
  cr_expect_str_eq(scenario.seed_text, "1");
  cr_expect_null(scenario.focus);
  cr_expect_eq(scenario.elements.count, 4);
  cr_expect_str_eq(scenario.origins.at[1], "china");
  cr_expect_eq(scenario.materials.count, 3);
  cr_expect_eq(scenario.nodes.count, 3);
}

Test(bind, things_are_in_order_of_their_names_whatever_the_file_says) {
  (void)bind_text(BEGIN "nodes = ( " PLANT("b", "") ", " PLANT("a", "") ", " PLANT(
      "d", "") " );\n"
               "demand = ( { name = \"c\"; from = \"b\"; product = \"MREC\"; rate = \"1 t/d\"; } );\n"
               "links = ( { from = \"b\"; to = \"d\"; }, { from = \"b\"; to = \"c\"; }, { name = \"A\"; from "
               "= \"a\"; to = \"b\"; } );");
  const mnz_node_spec *nodes = scenario.nodes.at;
  const mnz_link_spec *links = scenario.links.at;
  const mnz_material *materials = scenario.materials.at;
  for (int i = 0; i < 4; i++) cr_expect_str_eq(nodes[i].name, ((const char *[]){"a", "b", "c", "d"})[i]);
  cr_expect_str_eq(nodes[2].kind->name, "demand");
  cr_expect_str_eq(mnz_kinds[nodes[2].kind_index]->name, "demand");
  cr_expect_str_eq(links[0].name, "A");
  cr_expect_str_eq(links[1].name, "b -> c");
  cr_expect_str_eq(links[2].name, "b -> d");
  cr_expect(links[1].from == 1 && links[1].to == 2, "ids are places in that order");
  cr_expect_str_eq(materials[0].name, "MREC");
  cr_expect_str_eq(materials[2].name, "ore");
}

Test(bind, names_have_the_hashes_of_their_streams) {
  (void)bind_text(BEGIN "nodes = ( " PLANT("a", "") ", " PLANT(
      "b", "") " ); links = ( { from = \"a\"; to = \"b\"; } );\n"
               "disruptions = ( { name = \"x\"; hits = (\"a\"); } );");
  cr_expect_eq(mnz_scenario_node(&scenario, 1)->hash, mnz_stream_hash("b"));
  cr_expect_eq(mnz_scenario_link(&scenario, 0)->hash, mnz_stream_hash("a -> b"));
  cr_expect_eq(mnz_scenario_disruption(&scenario, 0)->hash, mnz_stream_hash("x"));
}

Test(bind, all_mistakes_are_found_at_once) {
  cr_expect_str_eq(
      bind_text(BEGIN "nodes = (\n" PLANT("LAMP", "lot = \"20\";") ",\n" PLANT(
          "K", "hold_upp = \"3 d\";") " );\n"
                                      "links = ( { from = \"LAMP\";\n to = \"Kalgoorlie\"; loss = 2; } );\n"
                                      "seeed = 3;\n"),
      "10: nodes[\"LAMP\"].lot: found \"20\"; expected a mass such as \"20 t\"\n"
      "12: nodes[\"K\"].hold_upp: unknown key; did you mean \"hold_up\"?\n"
      "14: links[\"LAMP -> Kalgoorlie\"].to: there is no node \"Kalgoorlie\"\n"
      "14: links[\"LAMP -> Kalgoorlie\"].loss: found the number 2; expected at most 100 %\n"
      "15: seeed: unknown key; did you mean \"seed\"?\n");
}

Test(bind, an_empty_file_misses_what_is_required) {
  cr_expect_str_eq(bind_text("sample = \"1 d\";\n"),
                   "0: start: missing; expected a date such as \"2025-10-01\"\n"
                   "0: elements: missing; expected a list of names such as (\"this\", \"that\")\n"
                   "0: title: missing; expected a text\n"
                   "0: end: missing; expected a date such as \"2025-10-01\"\n"
                   "0: materials: missing; expected a list of groups ( { ... }, ... )\n"
                   "0: nodes: missing; expected a list of groups ( { ... }, ... )\n");
}

Test(bind, a_table_of_the_wrong_shape_is_told) {
  cr_expect_str_eq(
      bind_text(BEGIN "nodes = \"all\";\n demand = ( 3 );\n links = { a = 1; };\n disruptions = ();\n"),
      "8: nodes: found the text \"all\"; expected a list of groups ( { ... }, ... )\n"
      "9: demand[0]: found the number 3; expected a group { ... }\n"
      "10: links: found a group; expected a list of groups ( { ... }, ... )\n");
}

/* ---- keys ---- */

static void add_keys(mnz_buffer *to, const char *before, const mnz_param *table) {
  for (size_t i = 0; table[i].name != NULL; i++)
    mnz_buffer_print(to, "%s%s", i == 0 ? before : ", ", table[i].name);
}

Test(bind, a_key_unlike_any_other_is_answered_with_all_that_there_are) {
  const char *found = bind_text(BEGIN "nodes = ( " PLANT(
      "LAMP", "flavour = 1;") " );\n"
                              "links = ( { from = \"LAMP\"; to = \"LAMP\"; dispatch = { every = \"7 d\"; "
                              "ship = 1; }; flavour = 2; } );\n");
  mnz_buffer expected = {0};
  const mnz_param *dispatch = mnz_link_params;
  while (strcmp(dispatch->name, "dispatch") != 0) dispatch++;
  mnz_buffer_add(&expected, "9: nodes[\"LAMP\"].flavour: unknown key; a plant knows: ");
  add_keys(&expected, "", mnz_node_params);
  add_keys(&expected, ", ", mnz_kind_find("plant")->params);
  mnz_buffer_add(&expected, "\n10: links[\"LAMP -> LAMP\"].dispatch.ship: unknown key; \"dispatch\" knows: ");
  add_keys(&expected, "", dispatch->fields);
  mnz_buffer_add(&expected, "\n10: links[\"LAMP -> LAMP\"].flavour: unknown key; a link knows: ");
  add_keys(&expected, "", mnz_link_params);
  mnz_buffer_add(&expected, "\n");
  cr_expect_str_eq(found, expected.at);
  mnz_buffer_free(&expected);
}

Test(bind, every_key_that_is_known_is_marked_as_used) {
  cr_assert_str_eq(bind_text(BEGIN "nodes = ( " MINE("") " ); demand = ();"), "");
  for (const mnz_tree *key = root->first; key != NULL; key = key->next) cr_expect(key->used, "%s", key->name);
  const mnz_tree *ore = mnz_tree_child(mnz_tree_child(root, "nodes")->first, "ore");
  cr_expect(mnz_tree_child(mnz_tree_child(ore, "split"), "Nd")->used);
}

/* ---- kinds ---- */

Test(bind, a_node_needs_a_kind_that_there_is) {
  cr_expect_str_eq(
      bind_text(BEGIN "nodes = ( { name = \"a\"; speed = 1; },\n { name = \"b\"; kind = \"plnt\"; },\n"
                      " { name = \"c\"; kind = \"casino\"; } );"),
      "8: nodes[\"a\"].kind: missing; expected \"demand\", \"maker\", \"market\", \"mine\", "
      "\"plant\", \"port\", "
      "\"separation\", \"sink\", \"source\", \"stockpile\" or \"trader\"\n"
      "9: nodes[\"b\"].kind: found \"plnt\"; did you mean \"plant\"?\n"
      "10: nodes[\"c\"].kind: found the text \"casino\"; expected \"demand\", \"maker\", "
      "\"market\", \"mine\", "
      "\"plant\", \"port\", \"separation\", \"sink\", \"source\", \"stockpile\" or \"trader\"\n");
}

Test(bind, in_the_list_of_demands_the_kind_is_implied) {
  cr_expect_str_eq(
      bind_text(BEGIN "nodes = ( " PLANT(
          "p",
          "") " ); demand = ( \n"
              "{ name = \"a\"; kind = \"demand\"; from = \"p\"; product = \"MREC\"; rate = \"1 t/d\"; },\n"
              "{ name = \"b\"; kind = \"plant\"; from = \"p\"; product = \"MREC\"; rate = \"1 t/d\"; } );"),
      "11: demand[\"b\"].kind: found \"plant\"; expected \"demand\" in this list, others are nodes\n");
}

Test(bind, every_kind_has_a_table_and_every_default_reads) {
  for (size_t i = 0; mnz_kinds[i] != NULL; i++) {
    mnz_buffer text = {0};
    mnz_buffer_print(&text, BEGIN "nodes = ( { name = \"x\"; kind = \"%s\"; } );", mnz_kinds[i]->name);
    scenario = (mnz_scenario){.arena = arena};
    (void)bind_text(text.at); /* a default that does not read would abort */
    cr_expect_not_null(mnz_scenario_node(&scenario, 0)->params);
    cr_expect_eq(mnz_scenario_node(&scenario, 0)->kind, mnz_kinds[i]);
    mnz_buffer_free(&text);
  }
}

/* ---- names ---- */

Test(bind, a_name_used_twice_tells_where_it_was_first) {
  cr_expect_str_eq(
      bind_text(BEGIN "nodes = (\n" PLANT("x", "") ",\n" PLANT(
          "y", "") " );\n"
                   "demand = ( { name = \"x\"; from = \"y\"; product = \"MREC\"; rate = \"1 t/d\"; } );\n"
                   "links = ( { name = \"y\"; from = \"x\"; to = \"y\"; },\n"
                   "  { from = \"x\"; to = \"y\"; },\n"
                   "  { from = \"x\"; to = \"y\"; } );\n"),
      "13: demand[\"x\"].name: the name \"x\" is used twice; first in line 9\n"
      "14: links[\"y\"].name: the name \"y\" is used twice; first in line 11\n"
      "16: links[\"x -> y\"]: the name \"x -> y\" is used twice; first in line 15\n");
}

Test(bind, a_material_may_be_called_like_a_node) {
  cr_expect_str_eq(bind_text(BEGIN "nodes = ( " PLANT("ore", "") " );"), "");
}

Test(bind, a_name_is_short_and_printable) {
  cr_expect_str_eq(
      bind_text(BEGIN "nodes = ( " PLANT("", "") ",\n" PLANT("tab\\there", "") ",\n" PLANT(
          "sixty-five bytes are one more than the sixty-four that a name has", "") " );"),
      "8: nodes[\"\"].name: found an empty text; expected a name\n"
      "10: nodes[\"tab here\"].name: found \"tab?here\"; expected a name without control characters\n"
      "12: nodes[\"sixty-five bytes are one more than the sixty-four that a name has\"].name: found "
      "\"sixty-five bytes "
      "are one more than the sixty-four that a name has\" of 65 bytes; expected a name of at most 64\n");
}

/* Two names of one hash, found by trying: among 2^17 names two will have the same 32 bits. */
typedef struct hashed {
  uint32_t hash;
  int number;
} hashed;

static int by_hash(const void *left, const void *right) {
  const hashed *a = left;
  const hashed *b = right;
  return a->hash < b->hash ? -1 : a->hash > b->hash;
}

Test(bind, names_whose_streams_would_be_the_same_are_refused) {
  enum { TRIES = 1 << 18 };
  hashed *all = malloc(TRIES * sizeof *all);
  cr_assert_not_null(all);
  char name[32];
  for (int i = 0; i < TRIES; i++) {
    (void)snprintf(name, sizeof name, "kiln %d", i);
    all[i] = (hashed){mnz_stream_hash(name), i};
  }
  qsort(all, TRIES, sizeof *all, by_hash);
  int found = 1;
  while (found < TRIES && all[found].hash != all[found - 1].hash) found++;
  cr_assert_lt(found, TRIES, "no two names have the same hash");

  char first[32];
  char second[32];
  (void)snprintf(first, sizeof first, "kiln %d", all[found].number);
  (void)snprintf(second, sizeof second, "kiln %d", all[found - 1].number);
  free(all);
  mnz_buffer text = {0};
  mnz_buffer_add(&text, BEGIN "nodes = ( " PLANT("x", "") ");\n");
  mnz_buffer_print(
      &text, "disruptions = ( { name = \"%s\"; hits = (\"x\"); },\n{ name = \"%s\"; hits = (\"x\"); } );",
      first, second);
  const bool in_order = strcmp(first, second) < 0; /* of the two, the later name is told */
  char expected[256];
  (void)snprintf(
      expected, sizeof expected,
      "%d: disruptions[\"%s\"].name: the name \"%s\" has the same hash as \"%s\"; change one of them\n",
      in_order ? 11 : 10, in_order ? second : first, in_order ? second : first, in_order ? first : second);
  cr_expect_str_eq(bind_text(text.at), expected);
  mnz_buffer_free(&text);
}

/* ---- references ---- */

Test(bind, a_reference_to_nothing_suggests_what_was_meant) {
  cr_expect_str_eq(
      bind_text(BEGIN "nodes = (\n{ name = \"LAMP\"; kind = \"plant\"; in = (\"oer\", \"ore\", \"ore\"); "
                      "capacity = \"1 kt/d\";\n"
                      " makes = ( { material = \"NdPr oxid\"; recovery = { Nb = \"92 %\"; }; } ); },\n" MINE(
                          "origin = \"chine\";") " );\n"
                                                 "disruptions = ( { name = \"flood\"; hits = (\"LAMB\", "
                                                 "\"the whole coast\"); } );"),
      "9: nodes[\"LAMP\"].in[2]: \"ore\" is said twice\n"
      "9: nodes[\"LAMP\"].in[0]: there is no material \"oer\"; did you mean \"ore\"?\n"
      "10: nodes[\"LAMP\"].makes[0].material: there is no material \"NdPr oxid\"; did you mean \"NdPr "
      "oxide\"?\n"
      "10: nodes[\"LAMP\"].makes[0].recovery.Nb: there is no element \"Nb\"; did you mean \"Nd\"?\n"
      "12: nodes[\"Mt Weld\"].origin: there is no origin \"chine\"; did you mean \"china\"?\n"
      "13: disruptions[\"flood\"].hits[0]: there is no node or link \"LAMB\"; did you mean \"LAMP\"?\n"
      "13: disruptions[\"flood\"].hits[1]: there is no node or link \"the whole coast\"\n");
}

Test(bind, elements_are_rare_earths) {
  cr_expect_str_eq(bind_text("title = \"t\"; start = \"2025-10-01\"; end = \"2026-10-01\"; nodes = ( " PLANT(
                       "p", "") " );\n"
                                "materials = ( { name = \"ore\"; }, { name = \"MREC\"; } );\n"
                                "elements = (\"Nd\",\n \"Unobtainium\",\n \"ND\",\n \"Nd\");"),
                   "5: elements[1]: there is no rare earth \"Unobtainium\"\n"
                   "6: elements[2]: there is no rare earth \"ND\"; did you mean \"Nd\"?\n"
                   "7: elements[3]: \"Nd\" is said twice\n");
}

/* ---- limits of the program ---- */

/* before0after, before1after, ... */
static void add_names(mnz_buffer *out, const char *before, const char *after, int count) {
  for (int i = 0; i < count; i++) mnz_buffer_print(out, "%s%s%d%s", i > 0 ? ", " : "", before, i, after);
}

Test(bind, more_than_the_program_can_hold_is_refused) {
  mnz_buffer text = {0};
  mnz_buffer_add(&text, "title = \"t\"; start = \"2025-10-01\"; end = \"2026-10-01\"; nodes = ( " PLANT(
                            "p", "") " );\n"
                                     "elements = (\"Nd\"); origins = (");
  add_names(&text, "\"origin ", "\"", MNZ_MAX_ORIGINS + 1);
  mnz_buffer_add(&text, ");\n materials = ( { name = \"ore\"; }, { name = \"MREC\"; }, ");
  add_names(&text, "{ name = \"material ", "\"; }", MNZ_MAX_MATERIALS - 1);
  mnz_buffer_add(&text, ");");
  cr_expect_str_eq(bind_text(text.at), "3: origins: found 17 origins; expected at most 16\n"
                                       "4: materials: found 65 materials; expected at most 64\n");
  mnz_buffer_free(&text);
}

Test(bind, masks_survive_too_many_elements) {
  mnz_buffer text = {0};
  mnz_buffer_add(&text,
                 "title = \"t\"; start = \"2025-10-01\"; end = \"2026-10-01\"; nodes = ();\nelements = (");
  add_names(&text, "\"E", "\"", MNZ_MAX_ELEMENTS + 1);
  mnz_buffer_add(&text, ");\nmaterials = ( { name = \"m\"; content = { E31 = 1; E32 = 1; }; } );");
  const char *found = bind_text(text.at);
  cr_expect_not_null(strstr(found, "elements: found 33 elements; expected at most 32\n"));
  cr_expect_not_null(strstr(found, "materials[\"m\"].content.E32: there is no element \"E32\""));
  cr_expect_eq(scenario.elements.count, MNZ_MAX_ELEMENTS);
  mnz_buffer_free(&text);
}

/* Quadratic in the names or in the mistakes this takes half a minute. */
Test(bind, a_hundred_thousand_names_take_no_time, .timeout = 10) {
  mnz_buffer text = {0};
  mnz_buffer_add(&text, "title = \"t\"; start = \"2025-10-01\"; end = \"2026-10-01\"; elements = (\"Nd\");\n"
                        "materials = ( { name = \"ore\"; }, { name = \"MREC\"; } ); nodes = ();\n"
                        "origins = (");
  add_names(&text, "\"origin ", "\"", 100000);
  add_names(&text, ",\"origin ", "\"", 1);
  mnz_buffer_add(&text, ");");
  const char *found = bind_text(text.at);
  cr_expect_not_null(strstr(found, "3: origins[100000]: \"origin 0\" is said twice\n"), "%s", found);
  mnz_buffer_free(&text);
}
