/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The meaning of a scenario: from the tree into structs. Whole scenarios go through the tables of the
 * program; the types of values through a table of the test's own. */
#include "config/bind.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "config/bind_internal.h"
#include "monazite/calendar.h"
#include "random/stream.h"

static mnz_arena *arena;
static mnz_finder *finder;
static mnz_problems *problems;
static mnz_tree *root;
static mnz_scenario scenario;
static mnz_error error;

static void set_up(void) {
  cr_assert_eq(mnz_arena_create(&arena, NULL), MNZ_OK);
  cr_assert_eq(mnz_finder_create(&finder, NULL), MNZ_OK);
  scenario = (mnz_scenario){.arena = arena};
}

static void tear_down(void) {
  mnz_problems_free(problems);
  mnz_finder_free(finder);
  mnz_arena_free(arena);
}

TestSuite(bind, .init = set_up, .fini = tear_down);

/* ---- from text to structs and findings ---- */

static void read_tree(const char *text) {
  char path[] = "/tmp/mnz_bind_XXXXXX";
  const int file = mkstemp(path);
  cr_assert_geq(file, 0);
  cr_assert_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
  cr_assert_eq(close(file), 0);
  cr_assert_eq(mnz_tree_load(&root, arena, path, NULL, 0, finder, &error), MNZ_OK, "%s", error.message);
  cr_assert_eq(mnz_finder_errors(finder), 0, "the test's own text has mistakes in its syntax");
  (void)remove(path);
}

/* All findings, one a line: "line: path: message". */
static const char *findings(void) {
  mnz_buffer all = {0};
  mnz_problems_free(problems);
  cr_assert_eq(mnz_finder_take(finder, &problems, NULL), MNZ_OK);
  for (size_t i = 0; i < problems->count; i++)
    mnz_buffer_print(&all, "%d: %s: %s\n", (int)problems->at[i].line, problems->at[i].path,
                     problems->at[i].message);
  const char *text = mnz_arena_text(arena, all.at != NULL ? all.at : "", NULL);
  mnz_buffer_free(&all);
  return text;
}

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

Test(bind, a_key_unlike_any_other_is_answered_with_all_that_there_are) {
  cr_expect_str_eq(
      bind_text(BEGIN "nodes = ( " PLANT(
          "LAMP", "flavour = 1;") " );\n"
                                  "links = ( { from = \"LAMP\"; to = \"LAMP\"; dispatch = { every = \"7 d\"; "
                                  "ship = 1; }; flavour = 2; } );\n"),
      "9: nodes[\"LAMP\"].flavour: unknown key; a plant knows: name, kind, country, where, stores, short, "
      "in, "
      "lot, makes, rest, capacity, residence, hold_up, filled\n"
      "10: links[\"LAMP -> LAMP\"].dispatch.ship: unknown key; \"dispatch\" knows: every, first, capacity, "
      "minimum\n"
      "10: links[\"LAMP -> LAMP\"].flavour: unknown key; a link knows: name, from, to, carries, lead_time, "
      "dispatch, loss, prefer, share\n");
}

Test(bind, every_key_that_is_known_is_marked_as_used) {
  cr_assert_str_eq(bind_text(BEGIN "nodes = ( " MINE("") " ); demand = ();"), "");
  for (const mnz_tree *key = root->first; key != NULL; key = key->next) cr_expect(key->used, "%s", key->name);
  const mnz_tree *ore = mnz_tree_child(mnz_tree_child(root, "nodes")->first, "ore");
  cr_expect(mnz_tree_child(mnz_tree_child(ore, "split"), "Nd")->used);
}

/* ---- kinds ---- */

Test(bind, a_node_needs_a_kind_that_there_is) {
  cr_expect_str_eq(bind_text(BEGIN
                             "nodes = ( { name = \"a\"; speed = 1; },\n { name = \"b\"; kind = \"plnt\"; },\n"
                             " { name = \"c\"; kind = \"casino\"; } );"),
                   "8: nodes[\"a\"].kind: missing; expected \"demand\", \"maker\", \"market\", \"mine\", "
                   "\"plant\", \"port\", "
                   "\"separation\", \"stockpile\" or \"trader\"\n"
                   "9: nodes[\"b\"].kind: found \"plnt\"; did you mean \"plant\"?\n"
                   "10: nodes[\"c\"].kind: found the text \"casino\"; expected \"demand\", \"maker\", "
                   "\"market\", \"mine\", "
                   "\"plant\", \"port\", \"separation\", \"stockpile\" or \"trader\"\n");
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

static void add_names(mnz_buffer *out, const char *format, int count) {
  char item[64];
  for (int i = 0; i < count; i++) {
    (void)snprintf(item, sizeof item, format, i);
    mnz_buffer_print(out, "%s%s", i > 0 ? ", " : "", item);
  }
}

Test(bind, more_than_the_program_can_hold_is_refused) {
  mnz_buffer text = {0};
  mnz_buffer_add(&text, "title = \"t\"; start = \"2025-10-01\"; end = \"2026-10-01\"; nodes = ( " PLANT(
                            "p", "") " );\n"
                                     "elements = (\"Nd\"); origins = (");
  add_names(&text, "\"origin %d\"", MNZ_MAX_ORIGINS + 1);
  mnz_buffer_add(&text, ");\n materials = ( { name = \"ore\"; }, { name = \"MREC\"; }, ");
  add_names(&text, "{ name = \"material %d\"; }", MNZ_MAX_MATERIALS - 1);
  mnz_buffer_add(&text, ");");
  cr_expect_str_eq(bind_text(text.at), "3: origins: found 17 origins; expected at most 16\n"
                                       "4: materials: found 65 materials; expected at most 64\n");
  mnz_buffer_free(&text);
}

Test(bind, masks_survive_too_many_elements) {
  mnz_buffer text = {0};
  mnz_buffer_add(&text,
                 "title = \"t\"; start = \"2025-10-01\"; end = \"2026-10-01\"; nodes = ();\nelements = (");
  add_names(&text, "\"E%d\"", MNZ_MAX_ELEMENTS + 1);
  mnz_buffer_add(&text, ");\nmaterials = ( { name = \"m\"; content = { E31 = 1; E32 = 1; }; } );");
  const char *found = bind_text(text.at);
  cr_expect_not_null(strstr(found, "elements: found 33 elements; expected at most 32\n"));
  cr_expect_not_null(strstr(found, "materials[\"m\"].content.E32: there is no element \"E32\""));
  cr_expect_eq(scenario.elements.count, MNZ_MAX_ELEMENTS);
  mnz_buffer_free(&text);
}

/* ---- values: a table of the test's own ---- */

typedef struct inner {
  double number;
  int32_t count;
} inner;

typedef struct values {
  const char *text;
  int32_t choice;
  bool flag;
  int32_t count;
  double number;
  double share;
  mnz_mass mass;
  mnz_time time;
  mnz_time date;
  int64_t moment;
  double growth;
  mnz_rate rate;
  mnz_schedule schedule;
  mnz_distribution delay;
  mnz_distribution loss;
  mnz_policy policy;
  mnz_recovery recovery;
  mnz_split split;
  uint32_t elements;
  mnz_names names;
  int32_t material;
  mnz_ids materials;
  int32_t node;
  mnz_targets targets;
  int32_t origin;
  double place[2];
  const inner *group;
  mnz_list list;
  double with_default;
} values;

static const char *const choices[] = {"lots", "blend", NULL};
static const mnz_param inner_params[] = {
    {.name = "number", .type = MNZ_PARAM_NUMBER, .offset = offsetof(inner, number), .required = true},
    {.name = "count", .type = MNZ_PARAM_COUNT, .offset = offsetof(inner, count), .fallback = "3"},
    {.name = NULL}};

#define FIELD(field, t) .name = #field, .type = MNZ_PARAM_##t, .offset = offsetof(values, field)
static const mnz_param value_params[] = {
    {FIELD(text, TEXT)},
    {FIELD(choice, CHOICE), .choices = choices},
    {FIELD(flag, FLAG)},
    {FIELD(count, COUNT), .min = 1, .max = 9},
    {FIELD(number, NUMBER), .min = -1, .max = 1},
    {FIELD(share, SHARE), .min = 0, .max = 1},
    {FIELD(mass, MASS), .min = 1, .max = 1e300},
    {FIELD(time, TIME), .min = 0, .max = 86400e6 * 10},
    {FIELD(date, DATE)},
    {FIELD(moment, MOMENT)},
    {FIELD(growth, GROWTH), .min = -1.0 / (365 * 86400e6), .max = 1},
    {FIELD(rate, RATE)},
    {FIELD(schedule, SCHEDULE)},
    {FIELD(delay, DISTRIBUTION), .dim = MNZ_DIM_TIME, .min = 0, .max = 1e300},
    {FIELD(loss, DISTRIBUTION), .dim = MNZ_DIM_SHARE, .min = 0, .max = 1},
    {FIELD(policy, POLICY)},
    {FIELD(recovery, RECOVERY), .min = 0, .max = 1},
    {FIELD(split, SPLIT)},
    {FIELD(elements, ELEMENTS)},
    {FIELD(names, NAMES)},
    {FIELD(material, MATERIAL)},
    {FIELD(materials, MATERIALS)},
    {FIELD(node, NODE)},
    {FIELD(targets, TARGETS)},
    {FIELD(origin, ORIGIN)},
    {FIELD(place, PLACE)},
    {FIELD(group, GROUP), .fields = inner_params, .item_size = sizeof(inner)},
    {FIELD(list, LIST), .fields = inner_params, .item_size = sizeof(inner)},
    {FIELD(with_default, SHARE), .fallback = "38 %"},
    {.name = NULL}};

static const char *const element_names[] = {"La", "Nd", "Pr"};
static const char *const origin_names[] = {"australia", "china"};
static const double day = 86400e6;

/* Binds a text by that table; materials ore, MREC; nodes LAMP, Mt Weld; link "Mt Weld -> LAMP". */
static const char *bind_values(const char *text, values *out) {
  mnz_buffer whole = {0};
  mnz_buffer_print(
      &whole,
      "%s\nworld = { m = ( { name = \"ore\"; }, { name = \"MREC\"; } ); n = ( { name = \"Mt Weld\"; }, "
      "{ name = \"LAMP\"; } ); l = ( { from = \"Mt Weld\"; to = \"LAMP\"; } ); };\n",
      text);
  read_tree(whole.at);
  mnz_buffer_free(&whole);
  mnz_binder b = {.findings = finder, .arena = arena, .err = &error};
  b.quantities = (mnz_quantity_context){.elements = {element_names, 3}, .arena = arena};
  cr_assert_eq(mnz_quantity_date("2025-10-01", &b.quantities.start_us, NULL), MNZ_OK);
  b.origins = (mnz_names){origin_names, 2};
  mnz_tree *world = mnz_tree_child(root, "world");
  mnz_symbols_collect(&b, mnz_tree_child(world, "m"), NULL, true, &b.materials);
  mnz_symbols_collect(&b, mnz_tree_child(world, "n"), NULL, true, &b.nodes);
  mnz_symbols_collect(&b, mnz_tree_child(world, "l"), NULL, true, &b.links);
  *out = (values){.text = NULL};
  mnz_bind_fields(&b, root, value_params, out);
  cr_assert_eq(b.status, MNZ_OK);
  return findings();
}

Test(bind, what_is_not_said_has_the_none_value_or_the_default) {
  values v;
  cr_assert_str_eq(bind_values("", &v), "");
  cr_expect(v.text == NULL && v.choice == -1 && !v.flag && v.count == -1);
  cr_expect(isnan(v.number) && isnan(v.share) && isnan(v.growth));
  cr_expect(v.mass == -1 && v.time == -1 && v.date == MNZ_NO_DATE && v.moment == MNZ_NO_DATE);
  cr_expect(v.rate.per_us == -1 && v.rate.basis == 0 && v.schedule.count == 0);
  cr_expect(v.delay.kind == MNZ_DIST_CONSTANT && isnan(v.delay.p[0]));
  cr_expect(v.policy.kind == MNZ_POLICY_NONE);
  cr_expect(isnan(v.recovery.all.p[0]) && v.recovery.by_element.given == 0);
  cr_expect(v.split.given == 0 && v.elements == 0 && v.names.count == 0);
  cr_expect(v.material == -1 && v.materials.count == 0 && v.node == -1 && v.targets.count == 0 &&
            v.origin == -1);
  cr_expect(isnan(v.place[0]) && isnan(v.place[1]) && v.group == NULL && v.list.count == 0);
  cr_expect(v.with_default == 0.38);
}

Test(bind, plain_values_arrive) {
  values v;
  cr_assert_str_eq(
      bind_values("text = \"a\"; choice = \"blend\"; flag = true; count = 9; number = 1; share = 0.5;\n"
                  "mass = \"20 t\"; time = \"10 d\"; date = \"2025-10-03\"; moment = \"1970-01-02\";\n"
                  "growth = \"12 %/yr\"; rate = \"1 t/d Nd+La\"; policy = \"base_stock(1 t)\";\n"
                  "material = \"ore\"; node = \"Mt Weld\"; origin = \"china\"; place = (-28.86, 122);",
                  &v),
      "");
  cr_expect_str_eq(v.text, "a");
  cr_expect(v.choice == 1 && v.flag && v.count == 9 && v.number == 1 && v.share == 0.5);
  cr_expect(v.mass == INT64_C(20000000000) && v.time == 10 * MNZ_US_PER_DAY);
  cr_expect(v.date == 2 * MNZ_US_PER_DAY && v.moment == MNZ_US_PER_DAY);
  cr_expect_float_eq(v.growth, 0.12 / (365 * day), 1e-28);
  cr_expect(v.rate.per_us == 1e9 / day && v.rate.basis == 3);
  cr_expect(v.policy.level == INT64_C(1000000000));
  cr_expect(v.material == 1 && v.node == 1 && v.origin == 1, "MREC and LAMP come before them");
  cr_expect(v.place[0] == -28.86 && v.place[1] == 122);
}

Test(bind, a_share_may_be_a_bare_fraction_but_a_mass_may_not_be_bare) {
  values v;
  cr_expect_str_eq(
      bind_values("share = 1; loss = 0.25;\nmass = 12; time = 45; delay = 12.5; rate = 3;", &v),
      "2: mass: found the number 12; expected a mass such as \"20 t\"\n"
      "2: time: found the number 45; expected a time such as \"45 d\"\n"
      "2: rate: found the number 3; expected a rate such as \"10.5 kt/yr\" or \"1.2 t/d Nd+Pr\"\n"
      "2: delay: found the number 12.5; expected a time such as \"45 d\" or a distribution such as "
      "\"triangular(12 d, 15 d, 33 d)\"\n");
  cr_expect(v.share == 1 && v.loss.p[0] == 0.25);
  cr_expect(v.mass == -1 && isnan(v.delay.p[0]), "what is wrong stays at the none value");
}

Test(bind, a_value_of_the_wrong_shape_says_what_it_is) {
  values v;
  cr_expect_str_eq(
      bind_values("text = 3; flag = \"true\"; count = 2.5; number = \"1\";\n"
                  "share = (1, 2); mass = {}; names = \"a\"; group = (); list = {}; place = [1];",
                  &v),
      "1: text: found the number 3; expected a text\n"
      "1: flag: found the text \"true\"; expected true or false\n"
      "1: count: found the number 2.5; expected a whole number\n"
      "1: number: found the text \"1\"; expected a number such as 12\n"
      "2: share: found a list; expected a share such as \"38 %\"\n"
      "2: mass: found an empty group; expected a mass such as \"20 t\"\n"
      "2: names: found the text \"a\"; expected a list of names such as (\"this\", \"that\")\n"
      "2: place: found a list; expected latitude and longitude in degrees such as [-28.86, 122.55]\n"
      "2: group: found an empty list; expected a group { ... }\n"
      "2: list: found an empty group; expected a list of groups ( { ... }, ... )\n");
}

Test(bind, a_value_out_of_range_names_the_limit) {
  values v;
  cr_expect_str_eq(
      bind_values(
          "count = 10; number = -1.5; share = \"120 %\"; mass = \"0 t\"; time = \"-5 d\";\n"
          "growth = \"-101 %/yr\"; rate = \"-1 t/d\"; place = [91, -181]; delay = \"normal(5 d, 1 d)\";\n"
          "loss = \"uniform(0.5, 110 %)\"; recovery = \"101 %\"; split = { La = -1; }; count2 = 0;\n"
          "schedule = \"-3 t/d\"; time2 = 1;",
          &v),
      "1: count: found the number 10; expected at most 9\n"
      "1: number: found the number -1.5; expected at least -1\n"
      "1: share: found \"120 %\"; expected at most 100 %\n"
      "1: mass: found \"0 t\"; expected at least 1 mg\n"
      "1: time: found \"-5 d\"; expected at least 0 d\n"
      "2: growth: found \"-101 %/yr\"; expected at least -100 %/yr\n"
      "2: rate: found \"-1 t/d\"; expected at least 0 t/d\n"
      "2: delay: found \"normal(5 d, 1 d)\"; expected at least 0 d in every draw\n"
      "2: place[0]: found the number 91; expected at most 90\n"
      "2: place[1]: found the number -181; expected at least -180\n"
      "3: loss: found \"uniform(0.5, 110 %)\"; expected at most 100 % in every draw\n"
      "3: recovery: found \"101 %\"; expected at most 100 %\n"
      "3: split.La: found the number -1; expected at least 0\n"
      "4: schedule: found \"-3 t/d\"; expected at least 0 t/d\n");
  cr_expect(v.count == -1 && isnan(v.share) && v.time == -1 && v.rate.per_us == -1 && v.schedule.count == 0);
}

Test(bind, a_number_that_is_too_large_for_its_type_is_refused) {
  values v;
  cr_expect_str_eq(bind_values("count = 5000000000L;", &v),
                   "1: count: found the number 5000000000; expected a whole number\n");
}

Test(bind, a_distribution_without_an_upper_limit_may_be_unbounded) {
  values v;
  cr_assert_str_eq(bind_values("delay = \"exponential(5 d)\";", &v), "");
  cr_expect(v.delay.kind == MNZ_DIST_EXPONENTIAL && v.delay.p[0] == 5 * day);
}

Test(bind, a_recovery_is_one_for_all_or_one_for_each) {
  values v;
  cr_assert_str_eq(bind_values("recovery = \"92 %\";", &v), "");
  cr_expect(v.recovery.all.p[0] == 0.92 && v.recovery.by_element.given == 0);
  cr_assert_str_eq(bind_values("recovery = 0.9;", &v), "");
  cr_expect(v.recovery.all.p[0] == 0.9);
  cr_assert_str_eq(bind_values("recovery = { Nd = \"92 %\"; La = 0.5; };", &v), "");
  cr_expect(isnan(v.recovery.all.p[0]) && v.recovery.by_element.given == 3);
  cr_expect(v.recovery.by_element.at[0] == 0.5 && v.recovery.by_element.at[1] == 0.92);
}

Test(bind, a_split_is_of_numbers_or_of_percentages) {
  values v;
  cr_assert_str_eq(bind_values("split = { Pr = 5.16; Nd = 18; };", &v), "");
  cr_expect(v.split.given == 6 && v.split.at[1] == 18 && v.split.at[2] == 5.16);
  cr_assert_str_eq(bind_values("split = { Pr = \"5.16 %\"; };", &v), "");
  cr_expect(v.split.at[2] == 0.0516);
  cr_expect_str_eq(bind_values("split = { Pr = \"5.16 %\"; Nd = 18; };", &v),
                   "1: split: found numbers with and without %; expected all of one sort\n");
  cr_expect_str_eq(
      bind_values("split = {};", &v),
      "1: split: found an empty group; expected a group of elements such as { Nd = 18.13; Pr = 5.16; }\n");
}

Test(bind, lists_of_names_become_ids_in_the_order_of_the_file) {
  values v;
  cr_assert_str_eq(
      bind_values("elements = (\"Pr\", \"La\"); names = (\"b\", \"a\"); materials = (\"ore\", \"MREC\");\n"
                  "targets = (\"Mt Weld -> LAMP\", \"Mt Weld\");",
                  &v),
      "");
  cr_expect_eq(v.elements, 5);
  cr_expect(v.names.count == 2 && strcmp(v.names.at[0], "b") == 0);
  cr_expect(v.materials.count == 2 && v.materials.at[0] == 1 && v.materials.at[1] == 0);
  cr_expect(v.targets.count == 2 && v.targets.at[0] == -1 && v.targets.at[1] == 1);
  cr_assert_str_eq(bind_values("materials = \"ore\";", &v), "");
  cr_expect(v.materials.count == 1 && v.materials.at[0] == 1);
}

Test(bind, a_plain_rate_is_a_schedule_from_ever_on) {
  values v;
  cr_assert_str_eq(bind_values("schedule = \"2 t/d REO\";", &v), "");
  cr_assert_eq(v.schedule.count, 1);
  cr_expect(v.schedule.at[0].from == MNZ_NO_DATE && v.schedule.at[0].ramp == 0 &&
            v.schedule.at[0].per_us == 2e9 / day);
  cr_expect_eq(v.schedule.basis, 7);
}

Test(bind, the_steps_of_a_schedule_are_sorted_by_date) {
  values v;
  cr_assert_str_eq(
      bind_values("schedule = ( { from = \"2025-10-11\"; rate = \"3 t/d Nd\"; ramp = \"5 d\"; },\n"
                  "  { from = \"2025-10-02\"; rate = \"1 t/d Nd\"; } );",
                  &v),
      "");
  cr_assert_eq(v.schedule.count, 2);
  cr_expect_eq(v.schedule.basis, 2);
  cr_expect(v.schedule.at[0].from == MNZ_US_PER_DAY && v.schedule.at[0].ramp == 0);
  cr_expect(v.schedule.at[1].from == 10 * MNZ_US_PER_DAY && v.schedule.at[1].ramp == 5 * MNZ_US_PER_DAY);
}

Test(bind, steps_that_do_not_go_together_are_refused) {
  values v;
  cr_expect_str_eq(
      bind_values("schedule = ( { from = \"2026-01-01\"; rate = \"3 t/d\"; },\n"
                  "{ from = \"2026-02-01\"; rate = \"3 t/d Nd\"; },\n"
                  "{ from = \"2026-01-01\"; rate = \"3 t/d\"; },\n"
                  "{ rate = \"3 t/d\"; speed = 1; },\n"
                  "\"3 t/d\", { from = \"2027-01-01\"; rate = \"-3 t/d\"; } );",
                  &v),
      "2: schedule[1].rate: found \"3 t/d Nd\"; expected the same elements in every step\n"
      "3: schedule[2].from: this date is said twice\n"
      "4: schedule[3].from: missing; expected a date such as \"2025-10-01\"\n"
      "4: schedule[3].speed: unknown key; \"schedule\" knows: from, rate, ramp\n"
      "5: schedule[4]: found the text \"3 t/d\"; expected a rate such as \"10.5 kt/yr\" or \"1.2 t/d "
      "Nd+Pr\", or a "
      "list of steps such as ( { from = \"2026-07-01\"; rate = \"12 kt/yr\"; ramp = \"180 d\"; } )\n"
      "5: schedule[5].rate: found \"-3 t/d\"; expected at least 0 t/d\n");
}

Test(bind, groups_and_lists_are_bound_all_the_way_down) {
  values v;
  cr_assert_str_eq(
      bind_values("group = { number = 0.5; }; list = ( { number = 2; count = 7; }, { number = 1; } );", &v),
      "");
  cr_assert_not_null(v.group);
  cr_expect(v.group->number == 0.5 && v.group->count == 3);
  const inner *list = v.list.at;
  cr_assert_eq(v.list.count, 2);
  cr_expect(list[0].number == 2 && list[0].count == 7 && list[1].number == 1, "in the order of the file");
  cr_expect_str_eq(bind_values("list = ( { count = 7; },\n { number = 1; cuont = 2; } );", &v),
                   "1: list[0].number: missing; expected a number such as 12\n"
                   "2: list[1].cuont: unknown key; did you mean \"count\"?\n");
}
