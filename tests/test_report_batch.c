/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The summary of batches that are made by hand, and of a real one. */
#include "report/batch_summary.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "monazite/calendar.h"
#include "world/scenario.h"

enum { LA, DY, PR, ND, ELEMENTS, AU = 0, CN, ORIGINS = 20, CARS = 0, MILL, WIND, FIRST_PLANT, NODES = 15 };
enum { IDLE, UP, STARVED, BLOCKED, DOWN, STATES, TIMES = 4, MOST = 100, MEASURES = 13 };
static const char *const elements[] = {"La", "Dy", "Pr", "Nd"};
static const char *const origins[ORIGINS] = {"australia", "china",     "origin 03", "origin 04", "origin 05",
                                             "origin 06", "origin 07", "origin 08", "origin 09", "origin 10",
                                             "origin 11", "origin 12", "origin 13", "origin 14", "origin 15",
                                             "origin 16", "origin 17", "origin 18", "origin 19", "origin 20"};
static const char *const nodes[NODES] = {"\u00c9lectronique",
                                         "Mill",
                                         "Wind",
                                         "P03",
                                         "P04",
                                         "P05",
                                         "P06",
                                         "P07",
                                         "P08",
                                         "P09",
                                         "P10",
                                         "P11",
                                         "P12",
                                         "P13",
                                         "P14"};
static const char *const states[] = {"idle", "up", "starved", "blocked", "down"};
static double times[TIMES] = {92, 365, 457, 730}; /* days; two firsts of January, and the end */

/* One replication. */
typedef struct one {
  double demanded[ELEMENTS], late[ELEMENTS], shortfall[ELEMENTS], fill_rate[ELEMENTS], cover[ELEMENTS],
      first_shortage[ELEMENTS];
  double origin_share[ELEMENTS * ORIGINS];
  double node_demanded[NODES], node_late[NODES], node_short[NODES], node_fill_rate[NODES],
      node_first_shortage[NODES];
  double state_share[NODES * STATES];
  mnz_variable variables[MEASURES];
  mnz_result result;
} one;

typedef struct fixture {
  mnz_scenario scenario;
  size_t count;
  size_t failed; /* the first so many */
  one of[MOST];
  const mnz_result *results[MOST];
  mnz_rows inner;
  mnz_summary_options how;
  mnz_batch_facts facts;
} fixture;

static mnz_variable measure(const char *name, mnz_axis_id axis, double *data, mnz_worse worse) {
  return (mnz_variable){.name = name,
                        .unit = strstr(name, "fill_rate") != NULL ? "1" : "t",
                        .cell = MNZ_CELL_F8,
                        .n_axes = 1,
                        .axes = {axis},
                        .data = data,
                        .worse = worse,
                        .first_time = strstr(name, "first") != NULL};
}

static mnz_variable table(const char *name, mnz_axis_id row, mnz_axis_id column, double *data) {
  return (mnz_variable){
      .name = name, .unit = "1", .cell = MNZ_CELL_F8, .n_axes = 2, .axes = {row, column}, .data = data};
}

static void wire(one *r, size_t n_origins) {
  const mnz_variable variables[MEASURES] = {
      measure("demanded", MNZ_AXIS_ELEMENT, r->demanded, MNZ_NEITHER_IS_WORSE),
      measure("delivered_late", MNZ_AXIS_ELEMENT, r->late, MNZ_MORE_IS_WORSE),
      measure("short", MNZ_AXIS_ELEMENT, r->shortfall, MNZ_MORE_IS_WORSE),
      measure("fill_rate", MNZ_AXIS_ELEMENT, r->fill_rate, MNZ_LESS_IS_WORSE),
      measure("days_of_cover_end", MNZ_AXIS_ELEMENT, r->cover, MNZ_LESS_IS_WORSE),
      measure("first_shortage", MNZ_AXIS_ELEMENT, r->first_shortage, MNZ_LESS_IS_WORSE),
      table("origin_share", MNZ_AXIS_ELEMENT, MNZ_AXIS_ORIGIN, r->origin_share),
      measure("node_demanded", MNZ_AXIS_NODE, r->node_demanded, MNZ_NEITHER_IS_WORSE),
      measure("node_delivered_late", MNZ_AXIS_NODE, r->node_late, MNZ_MORE_IS_WORSE),
      measure("node_short", MNZ_AXIS_NODE, r->node_short, MNZ_MORE_IS_WORSE),
      measure("node_fill_rate", MNZ_AXIS_NODE, r->node_fill_rate, MNZ_LESS_IS_WORSE),
      measure("node_first_shortage", MNZ_AXIS_NODE, r->node_first_shortage, MNZ_LESS_IS_WORSE),
      table("state_share", MNZ_AXIS_NODE, MNZ_AXIS_STATE, r->state_share),
  };
  memcpy(r->variables, variables, sizeof variables);
  r->result = (mnz_result){.time = times, .variables = r->variables, .n_variables = MEASURES};
  const size_t length[MNZ_AXES] = {[MNZ_AXIS_NODE] = NODES,
                                   [MNZ_AXIS_ELEMENT] = ELEMENTS,
                                   [MNZ_AXIS_ORIGIN] = n_origins,
                                   [MNZ_AXIS_STATE] = STATES,
                                   [MNZ_AXIS_TIME] = TIMES};
  memcpy(r->result.length, length, sizeof length);
  r->result.labels[MNZ_AXIS_NODE] = nodes;
  r->result.labels[MNZ_AXIS_ELEMENT] = elements;
  r->result.labels[MNZ_AXIS_ORIGIN] = origins;
  r->result.labels[MNZ_AXIS_STATE] = states;
}

/* A batch in which all goes well: Nd, Pr and Dy are asked for and come, lanthanum is for nobody. */
static fixture *set_up(size_t count, size_t n_origins) {
  fixture *f = calloc(1, sizeof *f);
  f->scenario = (mnz_scenario){.title = "A title",
                               .question = "",
                               .start_us = INT64_C(1759276800000000), /* 2025-10-01 */
                               .end_us = INT64_C(1822348800000000),   /* 730 days later */
                               .seed_text = "18446744073709551615"};
  f->count = count;
  f->how = mnz_summary_options_default();
  for (size_t i = 0; i < count; i++) {
    one *r = &f->of[i];
    for (int e = 0; e < ELEMENTS; e++) {
      r->demanded[e] = e == LA ? 0 : 10 * e;
      r->fill_rate[e] = e == LA ? NAN : 1;
      r->cover[e] = 60;
      r->first_shortage[e] = NAN;
      for (size_t o = 0; o < n_origins; o++)
        r->origin_share[(size_t)e * n_origins + o] = n_origins == 1 ? 1 : o == AU ? 0.25 : o == CN ? 0.75 : 0;
    }
    for (int n = 0; n < NODES; n++) {
      const bool demand = n == CARS || n == WIND;
      r->node_demanded[n] = demand ? 40 : NAN;
      r->node_late[n] = r->node_short[n] = demand ? 0 : NAN;
      r->node_fill_rate[n] = demand ? 1 : NAN;
      r->node_first_shortage[n] = NAN;
      r->state_share[n * STATES + IDLE] = 1;
    }
    wire(r, n_origins);
    f->results[i] = &r->result;
  }
  return f;
}

/* On that day, and half of what was asked for never comes. */
static void run_short(fixture *f, size_t replication, int element, double day) {
  one *r = &f->of[replication];
  r->first_shortage[element] = day;
  r->shortfall[element] = r->demanded[element] / 2;
  r->fill_rate[element] = 0.5;
}

static mnz_status head(void *self, size_t row, mnz_row *out, mnz_error *err) {
  const fixture *f = self;
  const mnz_status status = f->inner.head(f->inner.self, row, out, err);
  if (row < f->failed) out->status = MNZ_LEDGER;
  return status;
}

static mnz_status read_cells(void *self, size_t row, size_t k, size_t from, size_t count, void *out,
                             mnz_error *err) {
  const fixture *f = self;
  return f->inner.read(f->inner.self, row, k, from, count, out, err);
}

static mnz_summary *summary_of(fixture *f) {
  f->inner = mnz_rows_of_results(f->results, f->count);
  const mnz_rows rows = {f->inner.shape, f->count, f, head, read_cells, NULL};
  mnz_summary *summary = NULL;
  cr_assert_eq(mnz_summarise(&rows, &f->how, &summary, NULL), MNZ_OK);
  return summary;
}

static char *report_of(fixture *f, mnz_report_format format) {
  mnz_summary *summary = summary_of(f);
  char *text = NULL;
  mnz_error err = {0};
  cr_assert_eq(mnz_report_batch(&f->scenario, summary, &f->facts, format, &text, &err), MNZ_OK, "%s",
               err.message);
  mnz_summary_free(summary);
  return text;
}

static void expect_line(fixture *f, const char *line) {
  char *text = report_of(f, MNZ_REPORT_TEXT);
  cr_expect_not_null(strstr(text, line), "\"%s\" is not in:\n%s", line, text);
  free(text);
}

static void expect_none(fixture *f, const char *words) {
  char *text = report_of(f, MNZ_REPORT_TEXT);
  cr_expect_null(strstr(text, words), "\"%s\" is in:\n%s", words, text);
  free(text);
}

static void expect_width(const char *text) {
  for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
    char copy[512] = "";
    strncat(copy, line, strcspn(line, "\n") < 511 ? strcspn(line, "\n") : 511);
    cr_expect_leq(mnz_report_letters(copy), 110, "%s", copy);
  }
}

/* --- tables --- */

Test(report_batch, gives_neodymium_and_praseodymium_rows_of_their_own) {
  fixture *f = set_up(10, 2);
  for (size_t i = 0; i < 4; i++) run_short(f, i, DY, 100 + (double)i);
  f->of[9].cover[ND] = 70;
  /* Wilson for 4 of 10; days 100 to 103: 101.5; fill rate 0.8, sd 0.258, 2.262 * sd / sqrt(10) = 0.185 */
  expect_line(
      f, "\nElements (t REO)\n"
         "      asked     any shortage %  first shortage  in time %  in time, q05     cover d  cover, "
         "q05\n"
         "  Nd   30.0    0.0 [0.0, 27.8]               -      100.0         100.0  61.0 \u00b1 2.3        "
         "60.0\n"
         "  Pr   20.0    0.0 [0.0, 27.8]               -      100.0         100.0        60.0        "
         "60.0\n"
         "  Dy   10.0  40.0 [16.8, 68.7]      2026-01-10    80 \u00b1 18          50.0        60.0        "
         "60.0\n"
         "\n"
         "      late  never delivered  never delivered, q95  never delivered, worst 5 %\n"
         "  Nd     0                0                     0                           0\n");
  free(f);
}

Test(report_batch, leaves_out_a_table_of_zeros) {
  fixture *f = set_up(10, 2);
  expect_none(f, "worst 5 %\n");
  expect_none(f, "Any shortage by");
  expect_none(f, "Facilities");
  free(f);
}

Test(report_batch, shows_how_origins_vary) {
  fixture *f = set_up(10, 2);
  for (size_t i = 0; i < 5; i++) {
    f->of[i].origin_share[DY * 2 + AU] = 0.35;
    f->of[i].origin_share[DY * 2 + CN] = 0.65;
  }
  expect_line(f, "\nOrigin of what was delivered (%)\n"
                 "      australia   china\n"
                 "  Nd       25.0    75.0\n"
                 "  Pr       25.0    75.0\n"
                 "  Dy     30 \u00b1 4  70 \u00b1 4\n");
  free(f);
}

Test(report_batch, says_nothing_of_origins_when_there_is_one_or_none) {
  for (size_t n = 0; n < 2; n++) {
    fixture *f = set_up(10, n);
    expect_none(f, "Origin");
    free(f);
  }
}

Test(report_batch, stays_within_its_width) {
  fixture *f = set_up(10, ORIGINS);
  f->scenario.question = "Which of all these elements, from all these origins, do the users in all of these "
                         "countries run short of, and when, and how badly?";
  for (size_t i = 0; i < 9; i++) {
    for (int e = DY; e < ELEMENTS; e++) run_short(f, i, e, 50 * (double)e + (double)i);
    f->of[i].cover[DY] = 1e5 * (double)i;
    f->of[i].node_short[CARS] = f->of[i].node_late[CARS] = 1e5 * (double)i;
  }
  for (int interval = MNZ_INTERVAL_STUDENT; interval <= MNZ_INTERVAL_BOOTSTRAP; interval++) {
    f->how.interval = (mnz_interval_kind)interval;
    char *text = report_of(f, MNZ_REPORT_TEXT);
    expect_width(text);
    free(text);
  }
  free(f);
}

Test(report_batch, lists_demands_and_no_other_node) {
  fixture *f = set_up(10, 2);
  for (size_t i = 0; i < 10; i++) {
    f->of[i].node_short[CARS] = 10 + (double)(i % 2);
    f->of[i].node_fill_rate[CARS] = 0.7;
    f->of[i].node_first_shortage[CARS] = 0.75;
  }
  expect_line(f,
              "\nDemand (t of the product)\n"
              "                asked       any shortage %  first shortage  in time %  never delivered\n"
              "  \u00c9lectronique   40.0  100.0 [72.2, 100.0]      2025-10-01       70.0       10.5 \u00b1 "
              "0.4\n"
              "  Wind           40.0      0.0 [0.0, 27.8]               -      100.0                0\n\n");
  free(f);
}

Test(report_batch, shows_the_ten_facilities_that_are_worst_off) {
  fixture *f = set_up(10, 2);
  for (size_t i = 0; i < 10; i++) {
    for (int n = FIRST_PLANT; n < NODES; n++) {
      double *share = &f->of[i].state_share[n * STATES];
      share[IDLE] = 0.2;
      share[DOWN] = 0.05 * (n - FIRST_PLANT);
      share[UP] = 0.8 - share[DOWN];
    }
  }
  f->of[0].state_share[MILL * STATES + STARVED] = 0.09; /* one percent on the average would be too little */
  expect_line(
      f,
      "\nFacilities down, starved or blocked more than 1 % of the time (%; the rest is idle), the worst 10 "
      "of 11\n"
      "       down  starved  blocked    up\n"
      "  P14  55.0      0.0      0.0  25.0\n"
      "  P13  50.0      0.0      0.0  30.0\n");
  expect_line(f, "\n  P05  10.0      0.0      0.0  70.0\n\n");
  expect_none(f, "Mill");
  free(f);
}

Test(report_batch, tells_how_probable_a_shortage_is_year_by_year) {
  fixture *f = set_up(10, 2);
  run_short(f, 0, DY, 80);
  run_short(f, 1, DY, 457); /* up to that day, and with it */
  run_short(f, 2, DY, 500);
  run_short(f, 3, ND, 730);
  expect_line(f, "\nAny shortage by (%)\n"
                 "      2026-01-01  2027-01-01  2027-10-01\n"
                 "  Nd         0.0         0.0        10.0\n"
                 "  Dy        10.0        20.0        30.0\n\n");
  free(f);
}

Test(report_batch, takes_the_last_time_of_a_year_or_none) {
  fixture *f = set_up(10, 2);
  times[0] = 60;
  times[1] = 70;
  times[2] = 458; /* nothing in all of 2026 */
  run_short(f, 0, DY, 65);
  expect_line(f, "\nAny shortage by (%)\n"
                 "      2025-12-10  2027-10-01\n"
                 "  Dy        10.0        10.0\n\n");
  free(f);
}

Test(report_batch, says_nothing_of_years_before_the_measures_count) {
  fixture *f = set_up(10, 2);
  run_short(f, 2, DY, 400);
  f->scenario.counts_from = 366 * MNZ_US_PER_DAY;
  times[2] = 365.5; /* the last of 2026, but before */
  expect_line(f, "to 2027-10-01, measured from 2026-10-02, seed 18446744073709551615, 10 replications\n");
  expect_line(f, "\nAny shortage by (%)\n"
                 "      2027-10-01\n");
  free(f);
}

/* --- before measures count --- */

static const char unmeasured[] = "\nWhat happens before ";

Test(report_batch, says_that_most_of_the_run_is_not_in_the_figures) {
  fixture *f = set_up(10, 2);
  f->scenario.counts_from = 366 * MNZ_US_PER_DAY; /* of 730 */
  expect_line(f, "10 replications\nWhat happens before 2026-10-02 is not in the figures\n95 % intervals");
  f->scenario.counts_from = 365 * MNZ_US_PER_DAY;
  expect_none(f, unmeasured);
  f->scenario.counts_from = 0;
  expect_none(f, unmeasured);
  free(f);
}

Test(report_batch, says_that_a_dated_outage_is_not_in_the_figures) {
  fixture *f = set_up(10, 2);
  mnz_period periods[] = {{-20 * MNZ_US_PER_DAY, 0}, {31 * MNZ_US_PER_DAY, MNZ_NO_DATE}};
  const mnz_disruption_spec bad_luck[] = {{.name = "at random only"}, {.periods = {periods, 2}}};
  f->scenario.disruptions = (mnz_list){bad_luck, 2};
  f->scenario.counts_from = 31 * MNZ_US_PER_DAY; /* the first is over, the second comes */
  expect_none(f, unmeasured);
  f->scenario.counts_from = 32 * MNZ_US_PER_DAY;
  expect_line(f, "\nWhat happens before 2025-11-02 is not in the figures\n");
  periods[1].until = 31 * MNZ_US_PER_DAY + 1;
  expect_line(f, unmeasured);
  f->scenario.counts_from = 0;
  expect_none(f, unmeasured);
  free(f);
}

/* --- what is not defined --- */

Test(report_batch, names_what_is_not_defined_in_all_replications) {
  fixture *f = set_up(10, 2);
  f->of[0].cover[DY] = NAN;
  f->of[4].node_fill_rate[WIND] = f->of[5].node_fill_rate[WIND] = NAN;
  expect_line(f, "\nNot defined in all replications: cover of Dy in 9, share in time of Wind in 8\n");
  free(f);
}

/* --- words --- */

Test(report_batch, says_what_it_is_worth_that_nobody_ran_short) {
  fixture *f = set_up(40, 2);
  f->scenario.focus = "japan";
  /* Wilson: z^2 / (n + z^2) = 3.8415 / 43.8415 */
  expect_line(
      f,
      "\nUsers in japan have no shortage in any of 40 replications: with 95 % confidence the probability of "
      "any is\nbelow 8.8 %.\n");
  free(f);
}

Test(report_batch, tells_the_most_probable_shortages_first) {
  fixture *f = set_up(40, 2);
  for (size_t i = 0; i < 40; i++) run_short(f, i, DY, 154.5);
  for (size_t i = 0; i < 10; i++) run_short(f, i, ND, 200);
  for (size_t i = 20; i < 30; i++) run_short(f, i, PR, 200);
  expect_line(f, "\nUsers have any shortage of Dy (2026-03-04) with a probability of 100.0 [91.2, 100.0] %, "
                 "of Nd and Pr\n"
                 "(2026-04-19) of 25.0 [14.2, 40.2] %; date: the median first day in those that do. In the "
                 "worst 5 %, 15.0 t "
                 "of\nNd, 10.0 t of Pr and 5.00 t of Dy are never delivered.\n");
  free(f);
}

Test(report_batch, tells_days_apart_within_a_probability) {
  fixture *f = set_up(10, 2);
  run_short(f, 0, ND, 31);
  run_short(f, 1, PR, 32);
  run_short(f, 2, DY, 32);
  expect_line(f, " of Nd (2025-11-01) and Pr, Dy (2025-11-02) with a probability of 10.0 [");
  free(f);
}

Test(report_batch, tells_when_all_came_in_the_end) {
  fixture *f = set_up(10, 2);
  run_short(f, 0, DY, 31);
  f->of[0].shortfall[DY] = 0;
  f->of[0].late[DY] = 5;
  expect_line(f,
              "; date: the median first\nday in those that do. All that they asked for came in the end.\n");
  free(f);
}

Test(report_batch, copes_with_a_scenario_without_demand) {
  fixture *f = set_up(10, 2);
  for (size_t i = 0; i < 10; i++) {
    for (int e = 0; e < ELEMENTS; e++) f->of[i].demanded[e] = 0;
    for (int n = 0; n < NODES; n++) f->of[i].node_demanded[n] = NAN;
  }
  expect_line(f, "\n\nNobody asked for anything, so nobody ran short.\n");
  expect_none(f, "cover");
  free(f);
}

Test(report_batch, leaves_failed_replications_out_and_says_so) {
  fixture *f = set_up(40, 2);
  f->failed = 10;
  f->facts.failure = "Mill: the ledger is broken";
  f->facts.first_failed = 0;
  for (size_t i = 0; i < 10; i++) run_short(f, i, DY, 10);
  expect_line(
      f,
      "40 replications\n10 of them failed and are left out, first replication 0: Mill: the ledger is broken\n"
      "95 % intervals over 30 replications: ");
  expect_line(f, "have no shortage in any of 30 replications");
  free(f);
}

Test(report_batch, has_little_to_say_when_all_failed) {
  fixture *f = set_up(3, 2);
  f->failed = 3;
  f->facts.ended = "Each failed.";
  expect_line(f, "3 replications\n3 of them failed and are left out\n\n"
                 "No replication came to its end, so there is nothing to sum up.\nEach failed.\n");
  char *text = report_of(f, MNZ_REPORT_JSON);
  json_t *root = json_loads(text, 0, NULL);
  cr_expect_eq(json_array_size(json_object_get(root, "elements")), 0);
  cr_expect_eq(json_integer_value(json_object_get(root, "failed")), 3);
  json_decref(root);
  free(text);
  free(f);
}

Test(report_batch, gives_one_replication_no_half_widths_and_no_quantiles) {
  fixture *f = set_up(1, 2);
  run_short(f, 0, DY, 31);
  expect_line(
      f,
      "1 replication\n95 % intervals over 1 replication: [,] of probabilities (Wilson); means have none\n");
  expect_line(
      f, "\n  Dy   10.0  100.0 [20.7, 100.0]      2025-11-01       50.0             -     60.0           "
         "-\n");
  expect_line(f, "; date: the first day.\nIn the worst replication, 5.00 t of Dy are never delivered.");
  expect_none(f, "\u00b1");
  free(f);
}

Test(report_batch, speaks_of_one_replication_in_the_singular) {
  fixture *f = set_up(1, 2);
  expect_line(f, "\nUsers have no shortage in the one replication: with 95 % confidence the");
  f->failed = 1;
  expect_line(f, "1 replication\nIt failed and is left out\n");
  free(f);
}

Test(report_batch, copes_without_a_time_axis_and_without_states) {
  fixture *f = set_up(10, 2);
  for (size_t i = 0; i < 10; i++)
    f->of[i].result.length[MNZ_AXIS_TIME] = f->of[i].result.length[MNZ_AXIS_STATE] = 0;
  run_short(f, 0, DY, 31);
  expect_none(f, "Any shortage by");
  expect_none(f, "Facilities");
  char *text = report_of(f, MNZ_REPORT_JSON);
  cr_expect_not_null(strstr(text, "\"any_shortage_by\": []"), "%s", text);
  free(text);
  free(f);
}

Test(report_batch, names_the_measures_behind_its_words) {
  fixture *f = set_up(10, 2);
  char *text = report_of(f, MNZ_REPORT_TEXT);
  char *legend = strstr(text, "\nany shortage (any_shortage; ");
  cr_assert_not_null(legend, "%s", text);
  for (char *c = legend; *c != '\0'; c++)
    if (*c == '\n') *c = ' '; /* wherever it breaks its lines */
  cr_expect_not_null(strstr(legend, "the share of first_shortage)"), "%s", legend);
  cr_expect_not_null(strstr(legend, "first shortage (first_shortage): its day, the median in those "), "%s",
                     legend);
  cr_expect_not_null(strstr(legend, "in time (fill_rate), late (delivered_late)"), "%s", legend);
  cr_expect_not_null(strstr(legend, "never delivered (short)"), "%s", legend);
  cr_expect_not_null(strstr(legend, "cover (days_of_cover_end)"), "%s", legend);
  free(text);
  free(f);
}

/* --- aims --- */

Test(report_batch, shows_how_near_the_aims_are_and_which_decides) {
  fixture *f = set_up(40, 2);
  const mnz_aim aims[] = {
      {.name = "fill_rate.Dy", .variable = 3, .cell = DY, .relative = true, .width = 0.005},
      {.name = "short.Dy", .variable = 2, .cell = DY, .width = 2},
      {.name = "short.Nd", .variable = 2, .cell = ND, .width = 2},
      {.name = "fill_rate.La", .variable = 3, .cell = LA, .width = 0.01}};
  const mnz_aim_state states_of[] = {
      {40, 0.8, 0.0036, true}, {40, 20, 5.1, false}, {40, 0, 0, false}, {0, NAN, NAN, false}};
  f->facts =
      (mnz_batch_facts){.aims = aims, .states = states_of, .n_aims = 4, .deciding = 1, .ended = "Enough."};
  expect_line(f, "\nPrecision aimed at\n"
                 "                aimed at  half-width  count        reached\n"
                 "  fill_rate.Dy     0.5 %     0.450 %     40            yes\n"
                 "  short.Dy           2 t      5.10 t     40   no, farthest\n"
                 "  short.Nd           2 t         0 t     40  no, all equal\n"
                 "  fill_rate.La      0.01           -      0             no\n"
                 "Enough.\n");
  f->facts.deciding = 0;
  expect_line(f, "     40  yes, the last\n");
  f->facts.n_aims = 1;
  expect_line(f, "     40      yes\n");
  free(f);
}

Test(report_batch, aims_at_a_probability_in_its_own_unit) {
  fixture *f = set_up(40, 2);
  const mnz_aim aim = {.name = "any_shortage.Dy", .variable = 5, .cell = DY, .occurs = true, .width = 0.01};
  const mnz_aim_state state = {40, 0.25, 0.14, false};
  f->facts = (mnz_batch_facts){.aims = &aim, .states = &state, .n_aims = 1};
  expect_line(f, "\n  any_shortage.Dy      0.01       0.140     40       no\n");
  char *text = report_of(f, MNZ_REPORT_JSON);
  cr_expect_not_null(strstr(text, "\"unit\": \"1\""), "%s", text);
  free(text);
  free(f);
}

/* --- JSON --- */

static double at(const json_t *object, const char *key, const char *inner) {
  return json_number_value(json_object_get(json_object_get(object, key), inner));
}

Test(report_batch, says_the_same_in_json) {
  fixture *f = set_up(10, 2);
  for (size_t i = 0; i < 4; i++) run_short(f, i, DY, 100 + (double)i);
  const mnz_aim aim = {.name = "short.Dy", .variable = 2, .cell = DY, .width = 2};
  const mnz_aim_state state = {10, 2, 1.85, true};
  f->facts = (mnz_batch_facts){.aims = &aim, .states = &state, .n_aims = 1, .ended = "Enough."};
  char *text = report_of(f, MNZ_REPORT_JSON);
  json_t *root = json_loads(text, 0, NULL);
  cr_assert_not_null(root, "%s", text);
  const json_t *dy = json_array_get(json_object_get(root, "elements"), 2);
  cr_expect_str_eq(json_string_value(json_object_get(dy, "element")), "Dy");
  cr_expect_float_eq(json_real_value(json_object_get(dy, "any_shortage")), 0.4, 1e-12);
  const json_t *wilson = json_object_get(dy, "any_shortage_interval");
  cr_expect_float_eq(json_real_value(json_array_get(wilson, 0)), 0.1682, 1e-4);
  cr_expect_float_eq(json_real_value(json_array_get(wilson, 1)), 0.6873, 1e-4);
  cr_expect_str_eq(json_string_value(json_object_get(json_object_get(dy, "first_shortage"), "median")),
                   "2026-01-10");
  cr_expect_float_eq(at(dy, "short_t", "mean"), 2, 1e-12);
  cr_expect_float_eq(at(dy, "short_t", "q95"), 5, 1e-12);
  cr_expect_float_eq(at(dy, "fill_rate", "half_width"), 0.1847, 1e-4);
  cr_expect(json_is_null(json_object_get(json_object_get(dy, "asked_t"), "cvar")));
  cr_expect_float_eq(at(json_object_get(dy, "origin_share"), "china", "mean"), 0.75, 1e-12);
  const json_t *year = json_array_get(json_object_get(dy, "any_shortage_by"), 1);
  cr_expect_str_eq(json_string_value(json_object_get(year, "date")), "2027-01-01");
  cr_expect_float_eq(json_real_value(json_object_get(year, "any_shortage")), 0.4, 1e-12);
  cr_expect_eq(json_array_size(json_object_get(year, "any_shortage_interval")), 2);
  cr_expect_eq(json_array_size(json_object_get(root, "demand")), 2);
  cr_expect(json_is_null(json_object_get(root, "focus")));
  cr_expect_eq(json_integer_value(json_object_get(root, "replications")), 10);
  cr_expect_float_eq(json_real_value(json_object_get(root, "confidence")), 0.95, 1e-12);
  cr_expect_str_eq(json_string_value(json_object_get(root, "interval")), "student");
  cr_expect_str_eq(json_string_value(json_object_get(root, "ended")), "Enough.");
  const json_t *first = json_array_get(json_object_get(root, "aims"), 0);
  cr_expect_str_eq(json_string_value(json_object_get(first, "measure")), "short.Dy");
  cr_expect(json_is_true(json_object_get(first, "reached")));
  json_decref(root);
  free(text);
  free(f);
}

Test(report_batch, refuses_a_summary_that_lacks_a_measure) {
  fixture *f = set_up(10, 2);
  for (size_t i = 0; i < 10; i++) f->of[i].variables[2].name = "other";
  mnz_summary *summary = summary_of(f);
  char *text = NULL;
  mnz_error err = {0};
  cr_expect_eq(mnz_report_batch(&f->scenario, summary, &f->facts, MNZ_REPORT_TEXT, &text, &err), MNZ_MODEL);
  cr_expect_str_eq(err.where, "short");
  cr_expect_null(text);
  mnz_summary_free(summary);
  free(f);
}

/* --- a real batch --- */

Test(report_batch, sums_up_a_batch_of_the_tutorial) {
  mnz_scenario *scenario = NULL;
  mnz_problems *problems = NULL;
  cr_assert_eq(mnz_scenario_load(&scenario, MNZ_SOURCE_DIR "/scenarios/tutorial/stockpile-and-outage.cfg",
                                 NULL, 0, &problems, NULL),
               MNZ_OK);
  mnz_problems_free(problems);
  mnz_batch_options options = mnz_batch_options_default();
  options.replications = 40;
  mnz_result *shape = NULL;
  cr_assert_eq(mnz_shape_create(scenario, &options.watch, &shape, NULL), MNZ_OK);
  mnz_parcels *parcels = NULL;
  cr_assert_eq(mnz_parcels_create(&parcels, shape, NULL), MNZ_OK);
  const mnz_sink sink = mnz_parcels_sink(parcels);
  mnz_batch_outcome outcome;
  cr_assert_eq(mnz_batch_run(scenario, shape, &options, NULL, &sink, NULL, NULL, NULL, &outcome, NULL),
               MNZ_OK);
  const mnz_rows rows = mnz_parcels_rows(parcels);
  const mnz_summary_options how = mnz_summary_options_default();
  mnz_summary *summary = NULL;
  cr_assert_eq(mnz_summarise(&rows, &how, &summary, NULL), MNZ_OK);
  const mnz_batch_facts facts = {.ended = "All 40 were run."};
  char *text = NULL;
  cr_assert_eq(mnz_report_batch(scenario, summary, &facts, MNZ_REPORT_TEXT, &text, NULL), MNZ_OK);
  expect_width(text);
  cr_expect_not_null(strstr(text, "\n2026-01-01 to 2028-01-01, seed 1, 40 replications\n"), "%s", text);
  /* The plant stands still for five months: whatever happens, the users run short. */
  cr_expect_not_null(
      strstr(text, "\nUsers have any shortage of Nd, Pr and Dy (2026-10-08) with a probability of 100.0 [91"),
      "%s", text);
  cr_expect_not_null(strstr(text, "\n      2027-01-01  2028-01-01\n"), "%s", text);
  cr_expect_not_null(strstr(text, "\n  Dy       100.0       100.0\n"), "%s", text);
  cr_expect_not_null(strstr(text, "\nAll 40 were run.\n"), "%s", text);
  free(text);
  mnz_summary_free(summary);
  mnz_parcels_free(parcels);
  mnz_result_free(shape);
  mnz_scenario_free(scenario);
}
