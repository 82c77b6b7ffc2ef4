/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every type of value in a scenario, through a table of the test's own. */
#include "config/bind_internal.h"

#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "bind_bench.h"
#include "monazite/calendar.h"

TestSuite(bind_value, .init = open_bench, .fini = close_bench);

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

Test(bind_value, what_is_not_said_has_the_none_value_or_the_default) {
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

Test(bind_value, plain_values_arrive) {
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

Test(bind_value, a_share_may_be_a_bare_fraction_but_a_mass_may_not_be_bare) {
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

Test(bind_value, a_value_of_the_wrong_shape_says_what_it_is) {
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

Test(bind_value, a_value_out_of_range_names_the_limit) {
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

Test(bind_value, a_number_that_is_too_large_for_its_type_is_refused) {
  values v;
  cr_expect_str_eq(bind_values("count = 5000000000L;", &v),
                   "1: count: found the number 5000000000; expected a whole number\n");
}

Test(bind_value, a_distribution_without_an_upper_limit_may_be_unbounded) {
  values v;
  cr_assert_str_eq(bind_values("delay = \"exponential(5 d)\";", &v), "");
  cr_expect(v.delay.kind == MNZ_DIST_EXPONENTIAL && v.delay.p[0] == 5 * day);
}

Test(bind_value, a_recovery_is_one_for_all_or_one_for_each) {
  values v;
  cr_assert_str_eq(bind_values("recovery = \"92 %\";", &v), "");
  cr_expect(v.recovery.all.p[0] == 0.92 && v.recovery.by_element.given == 0);
  cr_assert_str_eq(bind_values("recovery = 0.9;", &v), "");
  cr_expect(v.recovery.all.p[0] == 0.9);
  cr_assert_str_eq(bind_values("recovery = { Nd = \"92 %\"; La = 0.5; };", &v), "");
  cr_expect(isnan(v.recovery.all.p[0]) && v.recovery.by_element.given == 3);
  cr_expect(v.recovery.by_element.at[0] == 0.5 && v.recovery.by_element.at[1] == 0.92);
}

Test(bind_value, a_split_is_of_numbers_or_of_percentages) {
  values v;
  cr_assert_str_eq(bind_values("split = { Pr = 5.16; Nd = 18; };", &v), "");
  cr_expect(v.split.given == 6 && v.split.at[1] == 18 && v.split.at[2] == 5.16);
  cr_assert_str_eq(bind_values("split = { Pr = \"5.16 %\"; };", &v), "");
  cr_expect(v.split.at[2] == 0.0516);
  cr_expect_str_eq(bind_values("split = { Pr = \"5.16 %\"; Nd = 18; };", &v),
                   "1: split: found numbers with and without %; expected all of one sort\n");
  cr_expect_str_eq(bind_values("split = {};", &v), "1: split: found an empty group; expected a group of "
                                                   "elements such as { Nd = \"78 %\"; Pr = \"22 %\"; }\n");
}

Test(bind_value, lists_of_names_become_ids_in_the_order_of_the_file) {
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

Test(bind_value, a_plain_rate_is_a_schedule_from_ever_on) {
  values v;
  cr_assert_str_eq(bind_values("schedule = \"2 t/d REO\";", &v), "");
  cr_assert_eq(v.schedule.count, 1);
  cr_expect(v.schedule.at[0].from == MNZ_NO_DATE && v.schedule.at[0].ramp == 0 &&
            v.schedule.at[0].per_us == 2e9 / day);
  cr_expect_eq(v.schedule.basis, 7);
}

Test(bind_value, the_steps_of_a_schedule_are_sorted_by_date) {
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

Test(bind_value, steps_that_do_not_go_together_are_refused) {
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
      "list of steps such as ( { from = \"2026-07-01\"; rate = \"12 kt/yr\"; ramp = \"180 d\"; } ), or "
      "from_csv(...)\n"
      "5: schedule[5].rate: found \"-3 t/d\"; expected at least 0 t/d\n");
}

Test(bind_value, groups_and_lists_are_bound_all_the_way_down) {
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
