/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Those who order: a trading house with its users, a maker of magnets, a reserve; and who rules their flows.
 */
#include <stdio.h>
#include <string.h>

#include "network_text.h"

/* What the users want of each, tonnes a day. */
#define NDPR 2.0
#define DY   0.4

/* --- purchases --- */

/* The forms from AT_REVIEWS on act at reviews only. */
enum { FORMS = 8, AT_REVIEWS = 6, CALM_FORMS = 3 };

static const char *policy(network *n, double usage, int form) {
  static char out[4][160];
  static int at;
  char *text = out[at = (at + 1) % 4];
  const double level = usage * between(n, 10, 50);
  const double gap = usage * between(n, 5, 20);
  const char *const m = mass(n, level);
  const char *const g = mass(n, gap);
  /* The quotes of the quantities go: they stand in a call. */
#define BARE(q) (int)(strlen(q) - 2), (q) + 1
  switch (form) {
  case 1:
    snprintf(text, 160, "\"sS(%.*s, %.*s)\"", BARE(g), BARE(mass(n, gap + level)));
    break;
  case 2:
    snprintf(text, 160, "\"RQ(%.*s, %.*s)\"", BARE(m), BARE(g));
    break;
  case 7:
    snprintf(text, 160, "\"fixed(%.*s)\"", BARE(mass(n, usage * 7)));
    break;
  case 4:
    snprintf(text, 160, "\"days_of_cover(%.3g d)\"", between(n, 10, 50));
    break;
  case 6:
    snprintf(text, 160, "\"forecast(%.3g d, smoothing 20 %%, safety %.*s)\"", between(n, 10, 50), BARE(g));
    break;
  case 5:
    snprintf(text, 160, "\"echelon_base_stock(%.*s)\"", BARE(mass(n, gap + level)));
    break;
  case 3:
    snprintf(text, 160, "\"sS(%.*s, %.*s, below)\"", BARE(g), BARE(mass(n, gap + level)));
    break;
  default:
    snprintf(text, 160, "\"base_stock(%.*s)\"", BARE(m));
    break;
  }
#undef BARE
  return text;
}

static void write_review(network *n, mnz_buffer *b, int form) {
  const int review = has(n, F_REVIEWS) ? pick(n, 4) : 0;
  switch (review == 2 && form >= AT_REVIEWS ? 0 : review) {
  case 1:
    mnz_buffer_print(b, " review = { every = %s; first = %s; before_demand = %s; };",
                     days(n, between(n, 1, 9)), days(n, between(n, 1, 4)), chance(n, 0.5) ? "true" : "false");
    break;
  case 2:
    mnz_buffer_add(b, " review = \"continuous\";");
    break;
  default:
    mnz_buffer_print(b, " review = %s;", days(n, between(n, 1, 9)));
    break;
  }
}

static void write_sourcing(network *n, mnz_buffer *b, const char *first, const char *second) {
  static const char *const rules[] = {"priority", "fastest", "first_available", "cheapest"};
  const bool recycled = first[0] == 'M'; /* what comes back is never enough alone */
  if (second == NULL || (!has(n, F_SOURCING) && !recycled)) {
    mnz_buffer_print(b, " sources = ( { from = \"%s\"; } );",
                     second != NULL && chance(n, 0.5) ? second : first);
  } else if (chance(n, 0.3)) {
    mnz_buffer_print(b,
                     " sourcing = \"split\"; sources = ( { from = \"%s\"; share = \"65 %%\"; }, { from = "
                     "\"%s\"; share = \"35 %%\"; } );",
                     first, second);
  } else {
    mnz_buffer_print(b, " sourcing = \"%s\"; sources = ( { from = \"%s\"; }, { from = \"%s\"; } );",
                     rules[pick(n, 4)], first, second);
  }
}

void write_buy(network *n, mnz_buffer *b, const char *material, double usage, const char *first,
               const char *second) {
  const int form = has(n, F_POLICIES) ? pick(n, n->plan->calm ? CALM_FORMS : FORMS) : 0;
  const char *const p = policy(n, usage, form);
  mnz_buffer_print(b, "{ material = \"%s\"; policy = %s;", material, p);
  write_review(n, b, form);
  write_sourcing(n, b, first, second);
  if (has(n, F_ORDER_SIZES)) {
    if (chance(n, 0.4)) mnz_buffer_print(b, " minimum = %s;", mass(n, usage));
    if (chance(n, 0.4)) mnz_buffer_print(b, " multiple = %s;", mass(n, usage / 3));
    if (chance(n, 0.3)) mnz_buffer_print(b, " at_most = %s;", mass(n, usage * 20));
    if (chance(n, 0.2))
      mnz_buffer_add(b, " unmet = \"lost\";");
    else if (chance(n, 0.3))
      mnz_buffer_print(b, " patience = %s;", days(n, between(n, 2, 20)));
    mnz_buffer_print(b, " priority = %d;", 1 + pick(n, 3));
  }
  if (has(n, F_HOARD) && has(n, F_REGIME))
    mnz_buffer_print(b, " hoard = 3; hoard_for = %s;", days(n, between(n, 2, 20)));
  mnz_buffer_add(b, " }");
}

/* --- users --- */

void write_user(network *n, const char *name, const char *from, const char *product, double usage) {
  mnz_buffer *b = open_item(n, S_DEMAND);
  mnz_buffer_print(b, "name = \"%s\"; country = \"Japan\"; from = \"%s\"; product = \"%s\";", name, from,
                   product);
  if (has(n, F_COMPOUND) && !n->plan->calm && chance(n, 0.7)) {
    const double every = between(n, 0.5, 4);
    mnz_buffer_print(b, " every = %s; size = \"exponential(%.4g t)\";", drawn_days(n, every), usage * every);
  } else {
    mnz_buffer_print(b, " every = %s; rate = %s;", days(n, between(n, 0.5, 9)), rate(n, usage));
  }
  if (has(n, F_SEASON))
    mnz_buffer_add(
        b, " season = [ 1.2, 0.5, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0 ]; growth = \"60 %/yr\";");
  if (has(n, F_END_OF_LIFE) && strcmp(product, "magnet") == 0)
    mnz_buffer_print(b,
                     " end_of_life = { life = %s; collected = \"60 %%\"; returns = \"old magnets\"; past = ( "
                     "{ on = \"2025-12-01\"; mass = %s; lots = 4; } ); };",
                     drawn_days(n, 40), mass(n, 5));
  if (has(n, F_PATIENCE) && chance(n, 0.7)) {
    if (chance(n, 0.3))
      mnz_buffer_add(b, " unmet = \"lost\";");
    else
      mnz_buffer_print(b, " patience = %s;", days(n, between(n, 1, 20)));
  }
  if (has(n, F_CLASSES)) mnz_buffer_print(b, " priority = %d;", 1 + pick(n, 2));
  if (has(n, F_KITS) && chance(n, 0.5) && strcmp(from, "House") == 0 && strcmp(product, "Dy oxide") == 0)
    mnz_buffer_print(b, " kit = ( { material = \"NdPr oxide\"; share = \"%d %%\"; } ); whole_kits = %s;",
                     10 + pick(n, 300), chance(n, 0.5) ? "true" : "false");
  if (has(n, F_REGIME)) mnz_buffer_print(b, " end_use = \"%s\";", chance(n, 0.5) ? "cars" : "magnets");
  add_costs(n, b);
  close_item(b);
}

/* --- the core --- */

static void add_oxides(network *n) {
  mnz_buffer *b = open_item(n, S_MATERIALS);
  mnz_buffer_add(
      b, "name = \"NdPr oxide\"; of = ( \"Nd\", \"Pr\" ); content = { Nd = \"75 %\"; Pr = \"25 %\"; };");
  close_item(b);
  b = open_item(n, S_MATERIALS);
  mnz_buffer_add(b, "name = \"Dy oxide\"; of = ( \"Dy\" ); content = { Dy = \"100 %\"; };");
  close_item(b);
}

static void write_sale(network *n, mnz_buffer *b, const char *material, double usage) {
  if (has(n, F_UNLIMITED)) {
    mnz_buffer_print(b, "{ material = \"%s\"; }", material);
    return;
  }
  mnz_buffer_print(b, "{ material = \"%s\"; capacity = ", material);
  if (has(n, F_RAMPS) && !n->plan->calm)
    mnz_buffer_print(b, "( { from = \"2026-01-01\"; rate = %s; }, { from = %s; rate = %s; ramp = %s; } );",
                     rate(n, usage * 2), date(n, 30), rate(n, usage / 2), days(n, 20));
  else
    mnz_buffer_print(b, "%s;", rate(n, usage * between(n, 0.7, 3)));
  if (has(n, F_DELIVERS) && !n->plan->calm && chance(n, 0.7)) {
    if (chance(n, 0.5))
      mnz_buffer_add(b, " delivers = \"uniform(70 %, 110 %)\";");
    else
      mnz_buffer_add(b, " deviation = \"uniform(-100 kg, 100 kg)\";");
  }
  mnz_buffer_add(b, " }");
}

static void add_market(network *n) {
  begin(n, 2);
  mnz_buffer *b = open_item(n, S_NODES);
  mnz_buffer_print(b,
                   "name = \"China\"; kind = \"market\"; country = \"China\"; origin = \"abroad\"; buffer = "
                   "%s;\n    sells = ( ",
                   days(n, between(n, 5, 30)));
  write_sale(n, b, "NdPr oxide", NDPR);
  mnz_buffer_add(b, ", ");
  write_sale(n, b, "Dy oxide", DY);
  mnz_buffer_add(b, " );");
  if (has(n, F_PRICES))
    mnz_buffer_add(b,
                   " charges = ( { material = \"Dy oxide\"; price = \"Dy price\"; premium = \"5 %\"; } );");
  add_costs(n, b);
  close_item(b);
  n->hit_node[n->n_hit_nodes++] = "China";
}

static void add_house(network *n) {
  const char *second = has(n, F_CHAIN) ? "Sales" : NULL;
  begin(n, 3);
  mnz_buffer *b = open_item(n, S_NODES);
  mnz_buffer_add(b, "name = \"House\"; kind = \"trader\"; country = \"Japan\";\n    buys = ( ");
  write_buy(n, b, "NdPr oxide", NDPR, "China", second);
  mnz_buffer_add(b, ",\n             ");
  write_buy(n, b, "Dy oxide", DY, "China", second);
  mnz_buffer_print(b,
                   " );\n    stores = ( { material = \"NdPr oxide\"; initial = %s; lot = %s; }, { material = "
                   "\"Dy oxide\"; initial = %s; origin = \"home\";%s } );",
                   mass(n, NDPR * between(n, 0, 40)), mass(n, 5), mass(n, DY * between(n, 0, 40)),
                   has(n, F_BLEND) ? " keep = \"blend\";" : "");
  if (has(n, F_FAIR))
    mnz_buffer_add(b, " short = \"fair_share\";");
  else if (has(n, F_CLASSES) && chance(n, 0.6))
    mnz_buffer_add(b, " short = \"proportional\";");
  if (has(n, F_COSTS))
    mnz_buffer_add(b, " charges = ( { material = \"NdPr oxide\"; price = \"90 USD/kg\"; } );");
  add_costs(n, b);
  close_item(b);
}

void add_trade(network *n) {
  add_oxides(n);
  add_market(n);
  add_house(n);
  begin(n, 4);
  add_link(n, "China", "House", NULL, between(n, 1, 20));
  n->hit_link[n->n_hit_links++] = "China -> House";
  begin(n, 5);
  write_user(n, "motors", "House", "NdPr oxide", NDPR * 0.6);
  write_user(n, "glass", "House", "NdPr oxide", NDPR * 0.4);
  write_user(n, "lamps", "House", "Dy oxide", DY);
}

/* --- rules, prices, calendars --- */

static void write_step(network *n, mnz_buffer *b, double day) {
  static const char *const terms[] = {
      "state = \"embargo\";",
      "state = \"quota\"; quota = \"30 t\"; period = \"month\"; carry_over = \"50 %\";",
      "state = \"licence\"; answer = \"uniform(3 d, 15 d)\"; approve = \"70 %\"; reapply = \"4 d\"; validity "
      "= \"20 d\";",
      "state = \"licence\"; per = \"buyer\"; answer = \"5 working days\"; volume = \"12 t\"; desks = 1;",
      "state = \"licence\"; per = \"buyer\"; answer = \"exponential(4 d)\"; validity = \"12 d\"; renew = \"5 "
      "d\"; "
      "approve = \"60 %\"; reapply = \"2 d\";",
      "state = \"licence\"; answer = \"exponential(6 d)\"; approve = \"50 %\"; desks = 2; validity = \"3 "
      "d\";",
      "state = \"quota\"; quota = \"6 t Dy\"; period = \"quarter\"; shared = false;",
      "state = \"tariff\"; tariff = \"25 %\";"};
  enum { TERMS = sizeof terms / sizeof terms[0] };
  mnz_buffer_print(b, "{ effective = %s; announced = %s; %s }, ", date(n, day), date(n, day * 0.6),
                   n->plan->calm ? terms[0] : terms[pick(n, TERMS)]);
}

static void add_regime(network *n) {
  begin(n, 8);
  mnz_buffer *b = open_item(n, S_REGIMES);
  mnz_buffer_add(b, "name = \"control\"; on = { from = \"China\";");
  if (chance(n, 0.4)) mnz_buffer_add(b, " materials = ( \"Dy oxide\" );");
  if (chance(n, 0.3))
    mnz_buffer_add(b,
                   " elements = ( \"Dy\" ); origin = \"abroad\"; above = \"10 %\"; share_of = \"elements\";");
  mnz_buffer_add(b, " };\n    steps = ( ");
  write_step(n, b, between(n, 0, 30));
  write_step(n, b, between(n, 31, 60));
  mnz_buffer_print(b, "{ effective = %s; announced = %s; state = \"open\"; revised = \"%s\"; } );",
                   date(n, 70), date(n, 65), n->plan->calm ? "0 %" : "30 %");
  close_item(b);
}

static void add_markov(network *n) {
  begin(n, 9);
  mnz_buffer *b = open_item(n, S_REGIMES);
  mnz_buffer_print(b,
                   "name = \"weather of politics\"; on = { from = \"China\"; }; initial = \"calm\";\n"
                   "    states = ( { name = \"calm\"; state = \"open\"; stay = %s; }, { name = \"cold\"; "
                   "state = \"embargo\"; stay = %s; } );",
                   drawn_days(n, between(n, 5, 30)), drawn_days(n, between(n, 1, 10)));
  close_item(b);
}

static void add_prices(network *n) {
  static const char *const moves[] = {
      "process = \"gbm(drift 3 %/yr, volatility 60 %/yr)\"",
      "process = \"mean_reverting(level 200 USD/kg, half_life 30 d, volatility 60 %/yr)\"",
      "value = \"triangular(90 USD/kg, 110 USD/kg, 300 USD/kg)\""};
  begin(n, 10);
  mnz_buffer *b = open_item(n, S_PRICES);
  const int move = pick(n, 3);
  mnz_buffer_print(b, "name = \"Dy price\"; material = \"Dy oxide\"; every = %s; %s%s;",
                   days(n, between(n, 0.5, 5)), move < 2 ? "start = \"200 USD/kg\"; " : "", moves[move]);
  if (chance(n, 0.5)) mnz_buffer_add(b, " responds = { target = \"30 d\"; cover = ( \"House\" ); };");
  close_item(b);
}

void add_rules(network *n) {
  if (has(n, F_REGIME)) add_regime(n);
  if (has(n, F_MARKOV)) add_markov(n);
  if (has(n, F_PRICES)) add_prices(n);
}

/* --- beside it --- */

void add_stranger(network *n) {
  begin(n, 11);
  mnz_buffer *b = open_item(n, S_NODES);
  mnz_buffer_print(b,
                   "name = \"Another world\"; kind = \"market\"; country = \"Mars\"; origin = \"home\"; "
                   "buffer = %s; sells = ( { material = \"Dy oxide\"; capacity = %s; } );",
                   days(n, 9), rate(n, 2));
  close_item(b);
  b = open_item(n, S_NODES);
  mnz_buffer_print(
      b,
      "name = \"Bazaar\"; kind = \"trader\"; country = \"Mars\"; buys = ( { material = \"Dy oxide\"; policy "
      "= \"base_stock(%d t)\"; review = %s; sources = ( { from = \"Another world\"; } ); } );",
      9 << n->plan->mass_power, days(n, 2));
  close_item(b);
  b = open_item(n, S_LINKS);
  mnz_buffer_print(b, "from = \"Another world\"; to = \"Bazaar\"; lead_time = %s;", drawn_days(n, 5));
  close_item(b);
  b = open_item(n, S_DEMAND);
  mnz_buffer_print(b,
                   "name = \"Martians\"; country = \"Mars\"; from = \"Bazaar\"; product = \"Dy oxide\"; "
                   "every = %s; rate = %s;",
                   days(n, 3), rate(n, 1));
  close_item(b);
}

/* --- contracts --- */

/* They follow the calendar. */
void add_contracts(network *n) {
  begin(n, 40);
  mnz_buffer *b = open_item(n, S_CONTRACTS);
  mnz_buffer_print(
      b,
      "name = \"offtake\"; seller = \"China\"; buyer = \"House\"; materials = ( \"NdPr oxide\", \"Dy "
      "oxide\" ); period = \"month\";\n    minimum = %s; maximum = %s; take_or_pay = \"80 %%\"; penalty = "
      "\"10 %%\"; price = "
      "\"60 USD/kg\"; floor = \"50 USD/kg\"; upside = { share = \"30 %%\"; above = \"55 USD/kg\"; most = "
      "\"20 kUSD\"; };",
      mass(n, between(n, 10, 60)), mass(n, between(n, 60, 120)));
  if (has(n, F_MARKOV)) mnz_buffer_add(b, " force_majeure = ( \"weather of politics\" );");
  if (chance(n, 0.5))
    mnz_buffer_print(b, " from = %s; until = %s;", date(n, pick(n, 40)), date(n, 41 + pick(n, 60)));
  close_item(b);
  b = open_item(n, S_CONTRACTS);
  mnz_buffer_print(
      b,
      "name = \"first\"; seller = \"House\"; buyer = \"motors\"; materials = \"NdPr oxide\"; period = "
      "\"quarter\"; share = \"%d %%\"; commits = \"10 %%\"; priority = %d;",
      20 + pick(n, 80), pick(n, 3));
  if (chance(n, 0.3)) mnz_buffer_add(b, " until_output = \"1 t/d\";");
  close_item(b);
}
