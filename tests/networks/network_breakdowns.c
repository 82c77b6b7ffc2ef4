/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes wrong in the finer ways: units and crews, clocks, causes, damage, warnings, working hours. */
#include "network_text.h"

static const char *some_node(network *n) {
  return n->hit_node[pick(n, n->n_hit_nodes)];
}

static const char *some_link(network *n) {
  return n->hit_link[pick(n, n->n_hit_links)];
}

static void write_times(network *n, mnz_buffer *b) {
  mnz_buffer_print(b, " ttf = %s; ttr = %s;", drawn_days(n, between(n, 3, 30)),
                   drawn_days(n, between(n, 0.5, 6)));
}

/* Two kinds of machines that one crew mends, in its hours. */
static void add_units(network *n) {
  begin(n, 50);
  mnz_buffer *b = open_item(n, S_CREWS);
  mnz_buffer_print(b, "name = \"fitters\"; members = %d;", 1 + pick(n, 2));
  if (has(n, F_SHIFTS)) mnz_buffer_add(b, " calendar = \"shift\";");
  close_item(b);
  for (int i = 0; i < 2; i++) {
    b = open_item(n, S_DISRUPTIONS);
    const int units = 2 + pick(n, 4);
    mnz_buffer_print(
        b, "name = \"machines %d\"; hits = ( \"%s\" ); units = %d; crew = \"fitters\"; priority = %d;", i,
        some_node(n), units, 1 + pick(n, 2));
    write_times(n, b);
    if (chance(n, 0.5)) mnz_buffer_print(b, " needs = %d;", 1 + pick(n, units));
    if (chance(n, 0.3)) mnz_buffer_add(b, " starts_down = \"40 %\";");
    close_item(b);
  }
}

static void add_wear(network *n) {
  begin(n, 51);
  mnz_buffer *b = open_item(n, S_DISRUPTIONS);
  mnz_buffer_print(b, "name = \"wear\"; hits = ( \"%s\" ); clock = \"operating\";", some_node(n));
  write_times(n, b);
  if (chance(n, 0.4)) mnz_buffer_add(b, " loss = \"50 %\";");
  if (chance(n, 0.3))
    mnz_buffer_add(b,
                   " season = ( { from = \"12-01\"; until = \"02-20\"; factor = 2.0; }, { from = \"03-01\"; "
                   "until = \"03-31\"; } );");
  close_item(b);
}

static void add_causes(network *n) {
  begin(n, 52);
  mnz_buffer *b = open_item(n, S_DISRUPTIONS);
  mnz_buffer_add(b, "name = \"quake\";");
  write_times(n, b);
  mnz_buffer_print(
      b,
      " causes = ( { name = \"grid\"; probability = \"70 %%\"; delay = %s; }, { name = \"slide\"; "
      "} );",
      drawn_days(n, between(n, 0.1, 2)));
  close_item(b);
  b = open_item(n, S_DISRUPTIONS);
  mnz_buffer_print(
      b, "name = \"grid\"; hits = ( \"%s\" ); ttr = %s; causes = ( { name = \"grid\"; delay = %s; } );",
      some_node(n), drawn_days(n, between(n, 0.2, 3)), drawn_days(n, between(n, 4, 9)));
  close_item(b);
  b = open_item(n, S_DISRUPTIONS);
  mnz_buffer_print(b, "name = \"slide\"; hits = ( \"%s\" ); ttr = %s;", some_link(n),
                   drawn_days(n, between(n, 0.2, 3)));
  close_item(b);
}

static void add_damage(network *n) {
  begin(n, 53);
  mnz_buffer *b = open_item(n, S_DISRUPTIONS);
  mnz_buffer_print(
      b,
      "name = \"flood\"; hits = ( \"%s\" ); destroys = \"uniform(5 %%, 90 %%)\"; loss = \"60 %%\"; ramp = "
      "%s; warning = %s; repeats = { every = %s; lasts = %s; };",
      some_node(n), days(n, between(n, 1, 20)), days(n, between(n, 1, 9)), days(n, between(n, 15, 30)),
      days(n, between(n, 1, 9)));
  close_item(b);
  b = open_item(n, S_DISRUPTIONS);
  mnz_buffer_print(
      b, "name = \"detour\"; hits = ( \"%s\" ); stretches = \"uniform(1.5, 3)\"; warning = \"3 d\";",
      some_link(n));
  write_times(n, b);
  close_item(b);
}

static void add_closings(network *n) {
  begin(n, 54);
  mnz_buffer *b = open_item(n, S_DISRUPTIONS);
  mnz_buffer_print(
      b, "name = \"weather\"; hits = ( \"%s\" ); every = %s; states = \"bernoulli(probability 30 %%)\";",
      some_link(n), days(n, between(n, 0.5, 4)));
  close_item(b);
}

/* One thing at the house at a time, or two together. */
static void add_stops(network *n) {
  static const char *const what[] = {"orders", "shipments", "receipts"};
  begin(n, 55);
  for (int i = 0; i < 2; i++) {
    mnz_buffer *b = open_item(n, S_DISRUPTIONS);
    mnz_buffer_print(b, "name = \"ban %d\"; hits = ( \"House\" ); stops = \"%s\";", i, what[pick(n, 3)]);
    write_times(n, b);
    close_item(b);
  }
}

void add_breakdowns(network *n) {
  if (n->plan->calm) return; /* all of them are drawn, or follow the calendar, or step by days */
  if (has(n, F_SHIFTS)) {
    mnz_buffer *b = open_item(n, S_CALENDARS);
    mnz_buffer_add(b,
                   "name = \"shift\"; from = \"06:00\"; until = \"22:00\"; holidays = ( \"2026-01-06\" );");
    close_item(b);
  }
  if (has(n, F_UNITS)) add_units(n);
  if (has(n, F_WEAR)) add_wear(n);
  if (has(n, F_CAUSES)) add_causes(n);
  if (has(n, F_DAMAGE)) add_damage(n);
  if (has(n, F_RETURNS)) add_closings(n);
  if (has(n, F_STOPS)) add_stops(n);
}
