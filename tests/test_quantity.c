/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/quantity.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/quantity_internal.h"

static const char *const elements[] = {"La", "Ce", "Pr", "Nd", "Dy"};
static const int64_t start_us = INT64_C(1759276800000000); /* 2025-10-01 */
static const double day = 86400e6;

static mnz_arena *arena;
static mnz_quantity_context context;

static void set_up(void) {
  cr_assert_eq(mnz_arena_create(&arena, NULL), MNZ_OK);
  context = (mnz_quantity_context){.elements = {elements, 5}, .start_us = start_us, .arena = arena};
}

static void tear_down(void) {
  mnz_arena_free(arena);
}

TestSuite(quantity, .init = set_up, .fini = tear_down);

#define ASSERT_REFUSED(call, text)                                                                           \
  do {                                                                                                       \
    mnz_error err = {.message = "no error"};                                                                 \
    cr_expect_eq((call), MNZ_SCENARIO);                                                                      \
    cr_expect_str_eq(err.message, (text));                                                                   \
  } while (0)

static mnz_mass mass(const char *text) {
  mnz_error err;
  mnz_mass value = -1;
  cr_expect_eq(mnz_quantity_mass(text, &value, &err), MNZ_OK, "%s: %s", text, err.message);
  return value;
}

static mnz_time length(const char *text) {
  mnz_error err;
  mnz_time value = -1;
  cr_expect_eq(mnz_quantity_time(text, &value, &err), MNZ_OK, "%s: %s", text, err.message);
  return value;
}

static double number(const char *text, mnz_dim dim) {
  mnz_error err;
  double value = NAN;
  cr_expect_eq(mnz_quantity_number(text, dim, &context, &value, &err), MNZ_OK, "%s: %s", text, err.message);
  return value;
}

static mnz_distribution draw(const char *text, mnz_dim dim) {
  mnz_error err;
  mnz_distribution value = {0};
  cr_expect_eq(mnz_quantity_distribution(text, dim, &context, &value, &err), MNZ_OK, "%s: %s", text,
               err.message);
  return value;
}

/* ---- masses and times ---- */

Test(quantity, a_decimal_mass_is_exact_to_the_milligram) {
  cr_expect_eq(mass("20 t"), INT64_C(20000000000));
  cr_expect_eq(mass("0.1 t"), INT64_C(100000000));
  cr_expect_eq(mass("0.3kg"), INT64_C(300000));
  cr_expect_eq(mass(" 8.07 kt "), INT64_C(8070000000000));
  cr_expect_eq(mass("1e3 kg"), INT64_C(1000000000));
  cr_expect_eq(mass("2.5E-3 t"), INT64_C(2500000));
  cr_expect_eq(mass("9007199254740993 mg"), INT64_C(9007199254740993), "one more than a double can hold");
  cr_expect_eq(mass("9223372036854775807 mg"), INT64_MAX);
  cr_expect_eq(mass("-2 g"), INT64_C(-2000));
  cr_expect_eq(mass("0 Mt"), 0);
}

Test(quantity, what_is_smaller_than_a_milligram_is_rounded) {
  cr_expect_eq(mass("0.4 mg"), 0);
  cr_expect_eq(mass("0.5 mg"), 1);
  cr_expect_eq(mass("-0.5 mg"), -1);
  cr_expect_eq(mass("1.23456789049 t"), INT64_C(1234567890));
  cr_expect_eq(mass("1e-300 Mt"), 0);
  cr_expect_eq(mass("0.00000000000000000000000000000000000000000000000000012 t"), 0);
}

Test(quantity, every_unit_of_time_has_its_length) {
  cr_expect_eq(length("1 us"), 1);
  cr_expect_eq(length("1 ms"), 1000);
  cr_expect_eq(length("1 s"), 1000000);
  cr_expect_eq(length("1 min"), 60 * length("1 s"));
  cr_expect_eq(length("1 h"), 60 * length("1 min"));
  cr_expect_eq(length("1 d"), 24 * length("1 h"));
  cr_expect_eq(length("1 wk"), 7 * length("1 d"));
  cr_expect_eq(length("1 yr"), 365 * length("1 d"));
  cr_expect_eq(length("1 a"), length("1 yr"));
  cr_expect_eq(12 * length("1 month"), length("1 yr"));
}

Test(quantity, every_unit_of_mass_has_its_size) {
  const char *const units[] = {"g", "kg", "t", "kt", "Mt"};
  mnz_mass size = 1;
  for (size_t i = 0; i < 5; i++) {
    char text[16];
    (void)snprintf(text, sizeof text, "1 %s", units[i]);
    size *= 1000;
    cr_expect_eq(mass(text), size, "%s", text);
  }
}

Test(quantity, a_unit_of_the_wrong_dimension_names_what_was_expected) {
  mnz_mass m;
  mnz_time t;
  ASSERT_REFUSED(mnz_quantity_time("38 kt", &t, &err), "found \"38 kt\"; expected a time such as \"45 d\"");
  ASSERT_REFUSED(mnz_quantity_mass("38 %", &m, &err), "found \"38 %\"; expected a mass such as \"20 t\"");
  ASSERT_REFUSED(mnz_quantity_mass("20 t/d", &m, &err), "found \"20 t/d\"; expected a mass such as \"20 t\"");
  ASSERT_REFUSED(mnz_quantity_mass("20", &m, &err), "found \"20\"; expected a mass such as \"20 t\"");
}

Test(quantity, an_unknown_unit_is_told_what_it_may_mean) {
  mnz_mass m;
  mnz_time t;
  ASSERT_REFUSED(mnz_quantity_mass("20 T", &m, &err),
                 "found \"20 T\"; there is no unit \"T\"; did you mean \"t\"?");
  ASSERT_REFUSED(mnz_quantity_mass("20 KT", &m, &err),
                 "found \"20 KT\"; there is no unit \"KT\"; did you mean \"kt\"?");
  ASSERT_REFUSED(mnz_quantity_mass("20 tonnes", &m, &err),
                 "found \"20 tonnes\"; there is no unit \"tonnes\"; did you mean \"t\"?");
  ASSERT_REFUSED(mnz_quantity_time("8 months", &t, &err),
                 "found \"8 months\"; there is no unit \"months\"; did you mean \"month\"?");
  ASSERT_REFUSED(mnz_quantity_time("8 days", &t, &err),
                 "found \"8 days\"; there is no unit \"days\"; did you mean \"d\"?");
  ASSERT_REFUSED(mnz_quantity_time("8 x", &t, &err),
                 "found \"8 x\"; there is no unit \"x\"; expected a time such as \"45 d\"");
  ASSERT_REFUSED(mnz_quantity_time("45 working days", &t, &err),
                 "found \"45 working days\"; expected calendar days such as \"45 d\"");
}

Test(quantity, working_days_are_a_kind_of_delay) {
  const mnz_quantity_context context = {0};
  mnz_delay d;
  mnz_error err;
  cr_assert_eq(mnz_quantity_delay("45 working days", &context, &d, &err), MNZ_OK, "%s", err.message);
  cr_expect(d.working && d.time.kind == MNZ_DIST_CONSTANT && d.time.p[0] == 45 * 86400e6);
  cr_assert_eq(mnz_quantity_delay("uniform(1 working day, 9 working days)", &context, &d, &err), MNZ_OK);
  cr_expect(d.working && d.time.kind == MNZ_DIST_UNIFORM && d.time.p[1] == 9 * 86400e6);
  cr_assert_eq(mnz_quantity_delay("45 d", &context, &d, &err), MNZ_OK);
  cr_expect(!d.working && d.time.p[0] == 45 * 86400e6);
}

Test(quantity, a_mass_may_count_some_elements_only) {
  static const char *const names[] = {"Nd", "Pr", "Dy"};
  const mnz_quantity_context context = {.elements = {names, 3}};
  mnz_amount a;
  mnz_error err;
  cr_assert_eq(mnz_quantity_amount("0.1 t", &context, &a, &err), MNZ_OK);
  cr_expect(a.mass == 100000000 && a.basis == 0);
  cr_assert_eq(mnz_quantity_amount("1 kt Nd+Dy", &context, &a, &err), MNZ_OK);
  cr_expect(a.mass == 1000000000000 && a.basis == 5);
  cr_assert_eq(mnz_quantity_amount("1 kt REO", &context, &a, &err), MNZ_OK);
  cr_expect(a.basis == 7);
}

Test(quantity, a_number_is_read_strictly) {
  mnz_mass m;
  const char *const wrong[] = {"",      " ",      "t",    "abc",   "+5 t",  ".5 t",
                               "5. t",  "0x10 t", "1e t", "nan t", "inf t", "5 t t",
                               "5 t 6", "--5 t",  "5 t)", "5-t",   "5 t/",  "5 \"t\""};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    cr_expect_eq(mnz_quantity_mass(wrong[i], &m, NULL), MNZ_SCENARIO, "%s", wrong[i]);
}

Test(quantity, separators_between_thousands_are_refused_with_a_hint) {
  mnz_mass m;
  ASSERT_REFUSED(mnz_quantity_mass("1,000 t", &m, &err),
                 "found \"1,000 t\"; expected a number such as 1234.5, with nothing between thousands");
  ASSERT_REFUSED(mnz_quantity_mass("1 000 t", &m, &err),
                 "found \"1 000 t\"; expected a number such as 1234.5, with nothing between thousands");
  ASSERT_REFUSED(mnz_quantity_mass("1.000.5 t", &m, &err),
                 "found \"1.000.5 t\"; expected a number such as 1234.5, with nothing between thousands");
}

Test(quantity, what_64_bits_do_not_hold_is_refused) {
  mnz_mass m;
  mnz_time t;
  double v;
  ASSERT_REFUSED(mnz_quantity_mass("9223372036854775808 mg", &m, &err),
                 "found \"9223372036854775808 mg\"; expected at most 9223 Mt");
  ASSERT_REFUSED(mnz_quantity_mass("1e30 t", &m, &err), "found \"1e30 t\"; expected at most 9223 Mt");
  ASSERT_REFUSED(mnz_quantity_mass("-1e99999999999 t", &m, &err),
                 "found \"-1e99999999999 t\"; expected at most 9223 Mt");
  ASSERT_REFUSED(mnz_quantity_time("300000 yr", &t, &err), "found \"300000 yr\"; expected at most 292471 yr");
  ASSERT_REFUSED(mnz_quantity_number("300000 yr", MNZ_DIM_TIME, &context, &v, &err),
                 "found \"300000 yr\"; expected at most 292471 yr");
  ASSERT_REFUSED(mnz_quantity_number("1e999", MNZ_DIM_NUMBER, &context, &v, &err),
                 "found \"1e999\"; expected at most 1e308");
}

Test(quantity, a_failure_leaves_the_value_alone) {
  mnz_mass m = 7;
  mnz_rate r = {.per_us = 7, .basis = 7};
  mnz_distribution d = mnz_distribution_constant(7);
  cr_expect_neq(mnz_quantity_mass("5 d", &m, NULL), MNZ_OK);
  cr_expect_neq(mnz_quantity_rate("5 t/d Xx", &context, &r, NULL), MNZ_OK);
  cr_expect_neq(mnz_quantity_distribution("uniform(9 d, 5 d)", MNZ_DIM_TIME, &context, &d, NULL), MNZ_OK);
  cr_expect(m == 7 && r.per_us == 7 && r.basis == 7 && d.p[0] == 7);
}

Test(quantity, a_message_stays_on_one_line_and_in_utf8) {
  mnz_mass m;
  ASSERT_REFUSED(mnz_quantity_mass("a\nb\xFF\x7F", &m, &err),
                 "found \"a?b??\"; expected a mass such as \"20 t\"");
  ASSERT_REFUSED(mnz_quantity_mass("5 µg", &m, &err),
                 "found \"5 µg\"; there is no unit \"µg\"; expected a mass such as "
                 "\"20 t\"");
  char long_text[400];
  memset(long_text, 'x', sizeof long_text - 1);
  long_text[sizeof long_text - 1] = '\0';
  mnz_error err;
  cr_expect_eq(mnz_quantity_mass(long_text, &m, &err), MNZ_SCENARIO);
  cr_expect_lt(strlen(err.message), 200);
  cr_expect_not_null(strstr(err.message, "xxx...\"; expected a mass"));
}

/* ---- other plain quantities ---- */

Test(quantity, a_share_is_the_decimal_fraction_itself) {
  cr_expect(number("38 %", MNZ_DIM_SHARE) == 0.38);
  cr_expect(number("57%", MNZ_DIM_SHARE) == 0.57, "57 * 0.01 is not 0.57");
  cr_expect(number("0.38", MNZ_DIM_SHARE) == 0.38);
  double v;
  ASSERT_REFUSED(mnz_quantity_number("38 t", MNZ_DIM_SHARE, &context, &v, &err),
                 "found \"38 t\"; expected a share such as \"38 %\"");
  ASSERT_REFUSED(mnz_quantity_number("38 percent", MNZ_DIM_SHARE, &context, &v, &err),
                 "found \"38 percent\"; there is no unit \"percent\"; did you mean \"%\"?");
}

Test(quantity, a_number_has_no_unit) {
  cr_expect(number("-1.5e-3", MNZ_DIM_NUMBER) == -1.5e-3);
  cr_expect(number("0.1", MNZ_DIM_NUMBER) == 0.1);
  double v;
  ASSERT_REFUSED(mnz_quantity_number("12 t", MNZ_DIM_NUMBER, &context, &v, &err),
                 "found \"12 t\"; expected a number such as 12");
}

Test(quantity, a_date_exists_and_counts_from_the_start) {
  int64_t us;
  cr_expect_eq(mnz_quantity_date("2025-10-01", &us, NULL), MNZ_OK);
  cr_expect_eq(us, start_us);
  cr_expect(number("2025-10-03", MNZ_DIM_DATE) == 2 * day);
  cr_expect(number("2025-09-30", MNZ_DIM_DATE) == -day);
  ASSERT_REFUSED(mnz_quantity_date("2025-02-30", &us, &err),
                 "found \"2025-02-30\"; expected a date such as \"2025-10-01\"");
}

Test(quantity, growth_is_a_share_over_a_time) {
  double v;
  cr_expect_eq(mnz_quantity_growth("12 %/yr", &v, NULL), MNZ_OK);
  cr_expect_float_eq(v, 0.12 / (365 * day), 1e-30);
  ASSERT_REFUSED(mnz_quantity_growth("12 %", &v, &err),
                 "found \"12 %\"; expected a growth such as \"12 %/yr\"");
  ASSERT_REFUSED(mnz_quantity_growth("12 t/yr", &v, &err),
                 "found \"12 t/yr\"; expected a growth such as \"12 %/yr\"");
  ASSERT_REFUSED(mnz_quantity_growth("12 %/year", &v, &err),
                 "found \"12 %/year\"; there is no unit \"year\"; did you mean \"yr\"?");
}

/* ---- rates ---- */

Test(quantity, a_rate_is_a_mass_over_a_time_with_a_basis) {
  mnz_rate r;
  cr_expect_eq(mnz_quantity_rate("10.5 kt/yr", &context, &r, NULL), MNZ_OK);
  cr_expect(r.per_us == 10.5e12 / (365 * day) && r.basis == 0);
  cr_expect_eq(mnz_quantity_rate("10.5 kt / yr REO", &context, &r, NULL), MNZ_OK);
  cr_expect(r.per_us == 10.5e12 / (365 * day) && r.basis == 0x1F);
  cr_expect_eq(mnz_quantity_rate("1.2t/d Nd + Pr", &context, &r, NULL), MNZ_OK);
  cr_expect(r.per_us == 1.2e9 / day && r.basis == 0x0C);
}

Test(quantity, reo_stands_for_32_elements_too) {
  const char *many[32];
  for (size_t i = 0; i < 32; i++) many[i] = "La";
  const mnz_quantity_context full = {.elements = {many, 32}};
  mnz_rate r;
  cr_expect_eq(mnz_quantity_rate("1 t/d REO", &full, &r, NULL), MNZ_OK);
  cr_expect_eq(r.basis, UINT32_MAX);
}

Test(quantity, a_wrong_rate_says_what_is_wrong_with_it) {
  mnz_rate r;
  double v;
  ASSERT_REFUSED(mnz_quantity_rate("10 kt", &context, &r, &err),
                 "found \"10 kt\"; expected a rate such as \"10.5 kt/yr\"");
  ASSERT_REFUSED(mnz_quantity_rate("10 d/kt", &context, &r, &err),
                 "found \"10 d/kt\"; expected a rate such as \"10.5 kt/yr\"");
  ASSERT_REFUSED(mnz_quantity_rate("10 kt/day", &context, &r, &err),
                 "found \"10 kt/day\"; there is no unit \"day\"; did you mean \"d\"?");
  ASSERT_REFUSED(mnz_quantity_rate("1 t/d Nb", &context, &r, &err),
                 "found \"1 t/d Nb\"; there is no element \"Nb\" here; did you mean \"Nd\"?");
  ASSERT_REFUSED(
      mnz_quantity_rate("1 t/d Nd+", &context, &r, &err),
      "found \"1 t/d Nd+\"; there is no element \"\" here; expected \"REO\" or elements such as \"Nd+Pr\"");
  ASSERT_REFUSED(mnz_quantity_rate("1 t/d Nd+Nd", &context, &r, &err),
                 "found \"1 t/d Nd+Nd\"; the element \"Nd\" is said twice");
  ASSERT_REFUSED(mnz_quantity_rate("1 t/d Nd Pr", &context, &r, &err),
                 "found \"1 t/d Nd Pr\"; expected a rate such as \"10.5 kt/yr\"");
  ASSERT_REFUSED(mnz_quantity_number("1 t/d Nd", MNZ_DIM_RATE, &context, &v, &err),
                 "found \"1 t/d Nd\"; expected a rate of the whole mass such as \"10.5 kt/yr\"");
}

/* ---- distributions ---- */

Test(quantity, a_plain_quantity_is_a_constant) {
  const mnz_distribution d = draw("4 h", MNZ_DIM_TIME);
  cr_expect(d.kind == MNZ_DIST_CONSTANT && d.p[0] == 4 * 3600e6);
  cr_expect(draw("2025-10-02", MNZ_DIM_DATE).p[0] == day);
}

Test(quantity, arguments_stand_in_order_or_behind_their_names) {
  const mnz_distribution in_order = draw("triangular(12 d, 15 d, 33 d)", MNZ_DIM_TIME);
  const mnz_distribution named = draw(" triangular ( max 33 d,min 12 d , mode 15 d ) ", MNZ_DIM_TIME);
  cr_expect_eq(in_order.kind, MNZ_DIST_TRIANGULAR);
  cr_expect(in_order.p[0] == 12 * day && in_order.p[1] == 15 * day && in_order.p[2] == 33 * day);
  cr_expect_arr_eq(in_order.p, named.p, sizeof named.p);
  const mnz_distribution cut = draw("normal(5 d, 2 d, low 0 d)", MNZ_DIM_TIME);
  cr_expect(cut.kind == MNZ_DIST_NORMAL && cut.p[2] == 0 && cut.p[3] == INFINITY);
}

Test(quantity, the_names_of_the_arguments_choose_the_form) {
  const mnz_distribution by_median = draw("lognormal(median 4 h, sigma 1.2)", MNZ_DIM_TIME);
  cr_expect(by_median.kind == MNZ_DIST_LOGNORMAL && by_median.p[0] == 4 * 3600e6 && by_median.p[1] == 1.2);
  const mnz_distribution by_mean = draw("lognormal(mean 4 h, cv 50 %)", MNZ_DIM_TIME);
  cr_expect_float_eq(mnz_distribution_mean(&by_mean), 4 * 3600e6, 1);
  cr_expect_float_eq(mnz_distribution_sd(&by_mean), 2 * 3600e6, 1);
}

Test(quantity, every_form_can_be_written_in_its_own_words) {
  size_t n;
  const mnz_dist_form *forms = mnz_distribution_forms(&n);
  cr_assert_gt(n, 10);
  for (size_t i = 0; i < n; i++) {
    /* Ascending values suit them all, as long as probabilities stay below 1 and sizes above 0. */
    static const char *const values[] = {"0.3", "0.5", "0.7", "0.9"};
    mnz_buffer text = {0};
    mnz_buffer_print(&text, "%s(", forms[i].name);
    for (size_t p = 0; p < 4 && forms[i].params[p].name != NULL; p++)
      mnz_buffer_print(&text, "%s%s %s", p > 0 ? ", " : "", forms[i].params[p].name, values[p]);
    mnz_buffer_add(&text, ")");
    (void)draw(text.at, MNZ_DIM_NUMBER);
    mnz_buffer_free(&text);
  }
}

Test(quantity, a_discrete_table_has_values_and_weights) {
  const mnz_distribution d = draw("discrete(10 d: 70 %, 5 d: 0.3)", MNZ_DIM_TIME);
  cr_assert(d.kind == MNZ_DIST_DISCRETE && d.count == 2);
  cr_expect(d.values[0] == 5 * day && d.values[1] == 10 * day);
  cr_expect_float_eq(d.weights[0], 0.3, 1e-15);
  const mnz_distribution moments = draw("discrete(2025-10-02T06:30: 1)", MNZ_DIM_DATE);
  cr_expect(moments.values[0] == day + 6.5 * 3600e6);
}

Test(quantity, dates_spread_by_times) {
  const mnz_distribution d = draw("triangular(2025-10-02, 2025-10-03, 2025-10-11)", MNZ_DIM_DATE);
  cr_expect(d.p[0] == day && d.p[1] == 2 * day && d.p[2] == 10 * day);
  const mnz_distribution n = draw("normal(2025-10-02, 3 d)", MNZ_DIM_DATE);
  cr_expect(n.p[0] == day && n.p[1] == 3 * day);
}

static const struct {
  const char *text;
  const char *message;
} wrong_distributions[] = {
    {"trianglar(1 d, 2 d, 3 d)", "found \"trianglar(1 d, 2 d, 3 d)\"; there is no distribution "
                                 "\"trianglar\"; did you mean \"triangular\"?"},
    {"zipf(2)", "found \"zipf(2)\"; there is no distribution \"zipf\"; see: monazite describe distributions"},
    {"soon", "found \"soon\"; expected a time such as \"45 d\", or a distribution of it"},
    {"triangular(1 d, 2 d)",
     "found \"triangular(1 d, 2 d)\"; the argument \"max\" is missing; expected triangular(min, "
     "mode, max)"},
    {"triangular(1 d, 2 d, 3 d, 4 d)",
     "found \"triangular(1 d, 2 d, 3 d, 4 d)\"; expected triangular(min, mode, max)"},
    {"lognormal(4 h, 1.2)", "found \"lognormal(4 h, 1.2)\"; expected lognormal(median ..., sigma ...) or "
                            "lognormal(mean ..., cv ...) or lognormal(mean ..., sd ...)"},
    {"lognormal(medain 4 h, sigma 1)", "found \"lognormal(medain 4 h, sigma 1)\"; lognormal has no argument "
                                       "\"medain\"; did you mean \"median\"?"},
    {"exponential(rate 4)", "found \"exponential(rate 4)\"; exponential has no argument \"rate\"; expected "
                            "exponential(mean)"},
    {"uniform(low 1 d, low 2 d)",
     "found \"uniform(low 1 d, low 2 d)\"; expected uniform(low, high) or uniform(mean ..., half_width ...)"},
    {"uniform(1 t, 2 d)", "low: found \"1 t\"; expected a time such as \"45 d\""},
    {"lognormal(median 4 h, sigma 2 d)", "sigma: found \"2 d\"; expected a number such as 12"},
    {"uniform(9 d, 5 d)", "found \"uniform(9 d, 5 d)\"; uniform needs low <= high"},
    {"uniform(1 d, 2 d", "found \"uniform(1 d, 2 d\"; the closing parenthesis is missing"},
    {"uniform(1 d, 2 d) d", "found \"uniform(1 d, 2 d) d\"; nothing may follow the closing parenthesis"},
    {"uniform(1 d,, 2 d)", "found \"uniform(1 d,, 2 d)\"; an argument is empty"},
    {"exponential()",
     "found \"exponential()\"; the argument \"mean\" is missing; expected exponential(mean)"},
    {"uniform(uniform(1 d, 2 d), 3 d)", "found \"uniform(uniform(1 d, 2 d), 3 d)\"; expected uniform(low, "
                                        "high) or uniform(mean ..., half_width ...)"},
    {"discrete(5 d, 6 d)",
     "found \"discrete(5 d, 6 d)\"; expected values and weights such as discrete(5 d: 0.3, 10 d: 0.7)"},
    {"discrete(5 d: 0.3, 6 t: 1)", "value: found \"6 t\"; expected a time such as \"45 d\""},
    {"discrete(5 d: 0)", "found \"discrete(5 d: 0)\"; discrete needs weights with a finite sum > 0, got 0"},
    {"poisson(3 d)", "mean: found \"3 d\"; expected a number such as 12"},
    {"poisson(3)", "found \"poisson(3)\"; the argument \"each\" is missing: what one of them is"},
    {"bernoulli(probability 10 %)",
     "found \"bernoulli(probability 10 %)\"; the argument \"value\" is missing"},
    {"empirical('x.csv')",
     "found \"empirical('x.csv')\"; expected empirical('file.csv', column 'name', unit 'd')"},
    {"empirical('x.csv', column 't')",
     "found \"empirical('x.csv', column 't')\"; the argument \"unit\" is missing: what "
     "the numbers of the table are measured in"},
};

Test(quantity, a_wrong_distribution_says_what_is_wrong_with_it) {
  for (size_t i = 0; i < sizeof wrong_distributions / sizeof *wrong_distributions; i++) {
    mnz_distribution d;
    ASSERT_REFUSED(mnz_quantity_distribution(wrong_distributions[i].text, MNZ_DIM_TIME, &context, &d, &err),
                   wrong_distributions[i].message);
  }
}

Test(quantity, dates_are_not_drawn_from_what_begins_at_zero) {
  mnz_distribution d;
  ASSERT_REFUSED(
      mnz_quantity_distribution("exponential(2026-01-01)", MNZ_DIM_DATE, &context, &d, &err),
      "found \"exponential(2026-01-01)\"; expected a date, or one of constant, uniform, triangular, pert, "
      "normal, beta and discrete of dates");
}

/* ---- empirical tables ---- */

/* Writes a table beside a scenario that only has a name, and reads a column of it. */
static mnz_status read_table(const char *table, const char *text, mnz_dim dim, mnz_distribution *d,
                             mnz_error *err) {
  char folder[] = "/tmp/mnz_quantity_XXXXXX";
  char path[64];
  char scenario[64];
  cr_assert_not_null(mkdtemp(folder));
  (void)snprintf(path, sizeof path, "%s/delays.csv", folder);
  (void)snprintf(scenario, sizeof scenario, "%s/a.cfg", folder);
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  (void)fputs(table, file);
  (void)fclose(file);
  context.file = scenario;
  const mnz_status status = mnz_quantity_distribution(text, dim, &context, d, err);
  (void)remove(path);
  (void)remove(folder);
  /* The folder has another name each time. */
  const char *cut = strstr(err->message, folder);
  if (cut != NULL)
    memmove(err->message + (cut - err->message), cut + strlen(folder), strlen(cut + strlen(folder)) + 1);
  return status;
}

Test(quantity, a_table_gives_its_column) {
  mnz_error err = {.message = ""};
  mnz_distribution d = {0};
  const char *table =
      "\xEF\xBB\xBFmonth,\"note, long\",t\r\n1,\"a \"\"b\"\", c\",30.5\r\n2,\"x\ny\",\n\n3, z , 4 \n";
  cr_assert_eq(read_table(table, "empirical('delays.csv', column 't', unit 'd')", MNZ_DIM_TIME, &d, &err),
               MNZ_OK, "%s", err.message);
  cr_assert(d.kind == MNZ_DIST_EMPIRICAL && d.count == 2);
  cr_expect(d.values[0] == 4 * day && d.values[1] == 30.5 * day);
  cr_assert_eq(
      read_table("t\n0.1\n20 %\n", "empirical(\"delays.csv\", column \"t\")", MNZ_DIM_SHARE, &d, &err),
      MNZ_OK, "%s", err.message);
  cr_expect(d.values[0] == 0.1 && d.values[1] == 0.2);
}

Test(quantity, a_wrong_table_names_its_line) {
  static const char *const ask = "empirical('delays.csv', column 't', unit 'd')";
  static const struct {
    const char *table;
    const char *end;
  } wrong[] = {
      {"a,t\n\"1\n1\",2\n5,x6\n", "/delays.csv:4: found \"x6\"; expected a number"},
      {"a,t\n1,2 d\n", "/delays.csv:2: found \"2 d\"; expected a number"},
      {"a,T\n1,2\n", "/delays.csv has no column \"t\"; did you mean \"T\"?"},
      {"month,note\n1,2\n", "/delays.csv has no column \"t\"; its first is \"month\""},
      {"", "/delays.csv has no column \"t\"; its first is \"\""},
      {"a,t\n1\n", "/delays.csv:2: the line ends before the column \"t\""},
      {"a,t\n", "empirical needs at least one value, got none"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    mnz_error err = {.message = ""};
    mnz_distribution d;
    char expected[256];
    (void)snprintf(expected, sizeof expected, "found \"%s\"; %s", ask, wrong[i].end);
    cr_expect_eq(read_table(wrong[i].table, ask, MNZ_DIM_TIME, &d, &err), MNZ_SCENARIO);
    cr_expect_str_eq(err.message, expected);
  }
}

Test(quantity, a_table_that_is_not_there_is_told) {
  mnz_error err = {.message = ""};
  mnz_distribution d;
  cr_expect_eq(read_table("t\n1\n", "empirical('delay.csv', column 't', unit 'd')", MNZ_DIM_TIME, &d, &err),
               MNZ_SCENARIO);
  cr_expect_str_eq(err.message,
                   "found \"empirical('delay.csv', column 't', unit 'd')\"; /delay.csv: found no file that "
                   "can be read (No such file or directory); expected one");
  cr_expect_eq(read_table("t\n1\n", "empirical('delays.csv', column 't', unit 'D')", MNZ_DIM_TIME, &d, &err),
               MNZ_SCENARIO);
  cr_expect_str_eq(err.message,
                   "found \"empirical('delays.csv', column 't', unit 'D')\"; found \"1 D\"; there is no unit "
                   "\"D\"; did you mean \"d\"?");
}

/* ---- policies ---- */

#define T_MG INT64_C(1000000000)

Test(quantity, a_policy_may_have_several_arguments) {
  mnz_policy p;
  cr_expect_eq(mnz_quantity_policy("sS(20 t, 60 t)", &p, NULL), MNZ_OK);
  cr_expect(p.kind == MNZ_POLICY_S_S && p.point == 20 * T_MG && p.level == 60 * T_MG);
  cr_expect_eq(p.when, MNZ_BELOW_OR_EQUAL);
  cr_expect_eq(mnz_quantity_policy("sS(S 60 t, s -2 t, when below)", &p, NULL), MNZ_OK);
  cr_expect(p.point == -2 * T_MG && p.level == 60 * T_MG && p.when == MNZ_BELOW);
  cr_expect_eq(mnz_quantity_policy("sS(20 t, 60 t, below)", &p, NULL), MNZ_OK);
  cr_expect_eq(p.when, MNZ_BELOW);
  cr_expect_eq(mnz_quantity_policy("RQ(5 t, 10 t)", &p, NULL), MNZ_OK);
  cr_expect(p.kind == MNZ_POLICY_R_Q && p.point == 5 * T_MG && p.quantity == 10 * T_MG);
  cr_expect_eq(mnz_quantity_policy("forecast(45 d, smoothing 20 %, safety 5 t)", &p, NULL), MNZ_OK);
  cr_expect(p.smoothing == 0.2 && p.window == 0 && p.safety == 5 * T_MG);
  ASSERT_REFUSED(mnz_quantity_policy("sS(60 t, 20 t)", &p, &err),
                 "found \"sS(60 t, 20 t)\"; expected S above s");
  ASSERT_REFUSED(mnz_quantity_policy("sS(2 t, 20 t, above)", &p, &err),
                 "found \"sS(2 t, 20 t, above)\"; expected when to be \"below_or_equal\" or \"below\"");
  ASSERT_REFUSED(mnz_quantity_policy("RQ(5 t, 0 t)", &p, &err),
                 "found \"RQ(5 t, 0 t)\"; expected more than 0");
  ASSERT_REFUSED(mnz_quantity_policy("forecast(45 d)", &p, &err),
                 "found \"forecast(45 d)\"; expected either a smoothing or a window");
}

Test(quantity, a_policy_has_one_argument) {
  mnz_policy p;
  cr_expect_eq(mnz_quantity_policy("base_stock(600 t)", &p, NULL), MNZ_OK);
  cr_expect(p.kind == MNZ_POLICY_BASE_STOCK && p.level == INT64_C(600000000000));
  cr_expect_eq(mnz_quantity_policy("days_of_cover(cover 45 d)", &p, NULL), MNZ_OK);
  cr_expect(p.kind == MNZ_POLICY_DAYS_OF_COVER && p.cover == (mnz_time)(45 * day));
  ASSERT_REFUSED(mnz_quantity_policy("base_stock", &p, &err),
                 "found \"base_stock\"; expected base_stock(level), echelon_base_stock(level), "
                 "days_of_cover(cover), sS(s, S, [when]), RQ(r, Q), forecast(cover, [smoothing], [window], "
                 "[safety]) or fixed(quantity)");
  ASSERT_REFUSED(mnz_quantity_policy("days_of_cover()", &p, &err),
                 "found \"days_of_cover()\"; expected days_of_cover(cover), such as \"days_of_cover(45 d)\"");
  ASSERT_REFUSED(
      mnz_quantity_policy("days_of_cover(days 45 d)", &p, &err),
      "found \"days_of_cover(days 45 d)\"; expected days_of_cover(cover), such as \"days_of_cover(45 d)\"");
  ASSERT_REFUSED(mnz_quantity_policy("base_stock(45 d)", &p, &err),
                 "level: found \"45 d\"; expected a mass such as \"20 t\"");
  ASSERT_REFUSED(mnz_quantity_policy("base_stock(-1 t)", &p, &err),
                 "found \"base_stock(-1 t)\"; expected at least 0");
}

/* ---- writing ---- */

static const char *wrote(double value, mnz_dim dim) {
  return mnz_quantity_write(value, dim, arena, NULL);
}

Test(quantity, a_quantity_is_written_as_a_user_would) {
  cr_expect_str_eq(wrote(20e9, MNZ_DIM_MASS), "20 t");
  cr_expect_str_eq(wrote(45 * day, MNZ_DIM_TIME), "45 d");
  cr_expect_str_eq(wrote(365 * day, MNZ_DIM_TIME), "1 yr");
  cr_expect_str_eq(wrote(0, MNZ_DIM_TIME), "0 d");
  cr_expect_str_eq(wrote(0, MNZ_DIM_MASS), "0 t");
  cr_expect_str_eq(wrote(0, MNZ_DIM_RATE), "0 t/d");
  cr_expect_str_eq(wrote(0.38, MNZ_DIM_SHARE), "38 %");
  cr_expect_str_eq(wrote(0.57, MNZ_DIM_SHARE), "57 %");
  cr_expect_str_eq(wrote(1, MNZ_DIM_SHARE), "100 %");
  cr_expect_str_eq(wrote(12, MNZ_DIM_NUMBER), "12");
  cr_expect_str_eq(wrote(10.5e12 / (365 * day), MNZ_DIM_RATE), "10.5 kt/yr");
  cr_expect_str_eq(wrote((double)start_us, MNZ_DIM_DATE), "2025-10-01");
  cr_expect_str_eq(wrote(32, MNZ_DIM_MONEY), "32 USD");
  cr_expect_str_eq(wrote(3e6, MNZ_DIM_MONEY), "3 MUSD");
  cr_expect_str_eq(wrote(110e-6, MNZ_DIM_PRICE), "110 USD/kg");
  cr_expect_str_eq(wrote(1e-9 / (365 * day / 12), MNZ_DIM_HOLDING), "12 USD/t/yr");
  cr_expect_str_eq(wrote(0, MNZ_DIM_MONEY), "0 USD");
  cr_expect_str_eq(wrote(0, MNZ_DIM_PRICE), "0 USD/kg");
  cr_expect_str_eq(wrote(0, MNZ_DIM_HOLDING), "0 USD/t/yr");
  cr_expect_str_eq(wrote(1e6 / (365 * day), MNZ_DIM_SPENDING), "1 MUSD/yr");
  cr_expect_str_eq(wrote(0, MNZ_DIM_SPENDING), "0 USD/yr");
}

/* ---- money ---- */

Test(quantity, money_is_read_for_a_mass_and_over_a_time_in_either_order) {
  cr_expect_float_eq(number("32 USD", MNZ_DIM_MONEY), 32, 1e-12);
  cr_expect_float_eq(number("0.5 kUSD", MNZ_DIM_MONEY), 500, 1e-12);
  cr_expect_float_eq(number("110 USD/kg", MNZ_DIM_PRICE) * 1e6, 110, 1e-9);
  cr_expect_float_eq(number("110 USD / kg", MNZ_DIM_PRICE) * 1e6, 110, 1e-9);
  cr_expect_float_eq(number("-2 kUSD/t", MNZ_DIM_PRICE) * 1e9, -2000, 1e-6);
  cr_expect_float_eq(number("365 USD/t/yr", MNZ_DIM_HOLDING) * 1e9 * day, 1, 1e-9);
  cr_expect_float_eq(number("365 kUSD/yr", MNZ_DIM_SPENDING) * day, 1000, 1e-9);
  cr_expect_float_eq(number("365 USD/yr/t", MNZ_DIM_HOLDING) * 1e9 * day, 1, 1e-9);
}

Test(quantity, money_of_another_kind_is_refused) {
  double v;
  ASSERT_REFUSED(mnz_quantity_number("32 USD/kg", MNZ_DIM_MONEY, &context, &v, &err),
                 "found \"32 USD/kg\"; expected a sum of money such as \"32 USD\"");
  ASSERT_REFUSED(mnz_quantity_number("32 USD", MNZ_DIM_PRICE, &context, &v, &err),
                 "found \"32 USD\"; expected a price such as \"110 USD/kg\"");
  ASSERT_REFUSED(mnz_quantity_number("32 USD/kg/d", MNZ_DIM_PRICE, &context, &v, &err),
                 "found \"32 USD/kg/d\"; expected a price such as \"110 USD/kg\"");
  ASSERT_REFUSED(mnz_quantity_number("32 dollars/kg", MNZ_DIM_PRICE, &context, &v, &err),
                 "found \"32 dollars/kg\"; there is no unit \"dollars\"; did you mean \"USD\"?");
  ASSERT_REFUSED(mnz_quantity_number("1 USD/t/kg", MNZ_DIM_HOLDING, &context, &v, &err),
                 "found \"1 USD/t/kg\"; expected a cost of a mass over a time such as \"1 USD/t/month\"");
  ASSERT_REFUSED(mnz_quantity_number("1 USD/t", MNZ_DIM_HOLDING, &context, &v, &err),
                 "found \"1 USD/t\"; expected a cost of a mass over a time such as \"1 USD/t/month\"");
  ASSERT_REFUSED(mnz_quantity_number("1 t/d/d", MNZ_DIM_RATE, &context, &v, &err),
                 "found \"1 t/d/d\"; expected a rate such as \"10.5 kt/yr\"");
}

/* splitmix64 with a seed of the test's own */
static uint64_t next_random(uint64_t *state) {
  uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

Test(quantity, what_was_written_reads_back_as_the_same_value) {
  static const mnz_dim dims[] = {MNZ_DIM_NUMBER, MNZ_DIM_SHARE,   MNZ_DIM_MASS,
                                 MNZ_DIM_TIME,   MNZ_DIM_RATE,    MNZ_DIM_MONEY,
                                 MNZ_DIM_PRICE,  MNZ_DIM_HOLDING, MNZ_DIM_SPENDING};
  uint64_t seed = 1;
  for (int i = 0; i < 5000; i++) {
    const mnz_dim dim = dims[i % 9];
    const double mantissa = (double)(next_random(&seed) >> 11) / 9007199254740992.0;
    const double size = pow(10, (double)(next_random(&seed) % 19));
    const double value = i % 3 == 0 ? floor(mantissa * size) : mantissa * size - size / 4;
    cr_expect(number(wrote(value, dim), dim) == value, "%.17g as %s", value, wrote(value, dim));
  }
}

/* ---- robustness ---- */

Test(quantity, random_texts_are_refused_or_read_but_never_crash) {
  static const char *const words[] = {"triangular",
                                      "lognormal",
                                      "discrete",
                                      "empirical",
                                      "base_stock",
                                      "(",
                                      ")",
                                      ",",
                                      ":",
                                      " ",
                                      "5",
                                      "1e9",
                                      "-",
                                      ".",
                                      "%",
                                      "t",
                                      "/",
                                      "d",
                                      "'",
                                      "\"",
                                      "min",
                                      "+",
                                      "USD",
                                      "Nd",
                                      "REO",
                                      "\xC3",
                                      "\n",
                                      "2025-10-01",
                                      "99999999999999999999",
                                      "e"};
  uint64_t seed = 2;
  size_t read = 0;
  for (int i = 0; i < 40000; i++) {
    char text[256] = "";
    for (size_t n = next_random(&seed) % 14; n > 0; n--)
      strcat(text, words[next_random(&seed) % (sizeof words / sizeof *words)]);
    if (i % 4 == 0)
      for (char *c = text; *c != '\0'; c++) *c = (char)(1 + next_random(&seed) % 255);
    const mnz_dim dim = (mnz_dim)(i % 10);
    mnz_distribution d;
    mnz_rate r;
    mnz_policy p;
    double v;
    int64_t n;
    read += mnz_quantity_distribution(text, dim, &context, &d, NULL) == MNZ_OK;
    read += mnz_quantity_number(text, dim, &context, &v, NULL) == MNZ_OK;
    read += mnz_quantity_rate(text, &context, &r, NULL) == MNZ_OK;
    read += mnz_quantity_growth(text, &v, NULL) == MNZ_OK;
    read += mnz_quantity_policy(text, &p, NULL) == MNZ_OK;
    read += mnz_quantity_mass(text, &n, NULL) == MNZ_OK;
    read += mnz_quantity_time(text, &n, NULL) == MNZ_OK;
  }
  cr_expect_gt(read, 100, "only %zu texts made sense: the test does not reach far", read);
}

Test(quantity, a_trace_keeps_the_order_of_its_values) {
  mnz_distribution d;
  mnz_error err = {0};
  cr_assert_eq(mnz_quantity_distribution("trace(5 d, 3 d)", MNZ_DIM_TIME, &context, &d, &err), MNZ_OK);
  cr_assert_eq(d.kind, MNZ_DIST_TRACE);
  cr_assert_float_eq(d.values[0], 5 * 86400e6, 0);
  cr_assert_float_eq(d.values[1], 3 * 86400e6, 0);
}
