/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A works that buys of the trading house, its users, and a recycler who takes its swarf and what users give
 * back: recipes, thrift, yields, lifetimes, streams that go round, lots that miss their window. */
#include "network_text.h"

static void add_material(network *n, const char *name, const char *rest) {
  mnz_buffer *b = open_item(n, S_MATERIALS);
  mnz_buffer_print(b, "name = \"%s\"; %s", name, rest);
  close_item(b);
}

static void write_recipes(network *n, mnz_buffer *b) {
  const char *const full = "( { material = \"NdPr oxide\"; amount = 0.3293; }, { material = \"Dy oxide\"; "
                           "amount = 0.02296; } )";
  if (!has(n, F_RECIPES)) {
    mnz_buffer_print(b, " recipe = %s; filler = \"70 %%\";", full);
    return;
  }
  mnz_buffer_print(b, " recipes = ( { inputs = %s; filler = \"70 %%\";", full);
  if (chance(n, 0.3)) mnz_buffer_print(b, " from = %s;", date(n, pick(n, 40)));
  mnz_buffer_add(
      b, " }, { inputs = ( { material = \"NdPr oxide\"; amount = 0.3523; } ); filler = \"70 %\"; } );");
}

static void write_thrift(network *n, mnz_buffer *b) {
  if (!has(n, F_THRIFT)) return;
  mnz_buffer_print(b,
                   " thrift = ( { input = \"Dy oxide\"; below = %s; share = \"%d %%\"; qualification = %s;",
                   days(n, between(n, 2, 60)), 1 + pick(n, 100), days(n, pick(n, 30)));
  if (chance(n, 0.3)) mnz_buffer_add(b, " by = \"NdPr oxide\";");
  if (chance(n, 0.3)) mnz_buffer_add(b, " reversible = false;");
  mnz_buffer_add(b, " } );");
}

static void add_works(network *n) {
  begin(n, 70);
  mnz_buffer *b = open_item(n, S_NODES);
  mnz_buffer_print(b,
                   "name = \"Works\"; kind = \"maker\"; country = \"Japan\";\n"
                   "    buys = ( { material = \"NdPr oxide\"; policy = \"base_stock(%d t)\"; review = %s; "
                   "sources = ( { from = \"House\"; } ); }, { material = \"Dy oxide\"; policy = "
                   "\"days_of_cover(20 d)\"; review = %s; sources = ( { from = \"House\"; } ); } );\n"
                   "    makes = ( { material = \"alloy\"; lot = %s; capacity = %s; policy = "
                   "\"days_of_cover(15 d)\"; yield = \"%s\"; scrap = \"turnings\";",
                   (2 + pick(n, 20)) << n->plan->mass_power, days(n, between(n, 1, 6)),
                   days(n, between(n, 1, 6)), mass(n, between(n, 0.2, 3)), rate(n, between(n, 1, 4)),
                   (const char *const[]){"75 %", "uniform(50 %, 95 %)",
                                         "bernoulli(probability 80 %, value 1)"}[pick(n, 2)]);
  write_recipes(n, b);
  write_thrift(n, b);
  mnz_buffer_add(b, " } );");
  add_costs(n, b);
  close_item(b);
  add_link(n, "House", "Works", NULL, between(n, 0.5, 4));
  n->hit_node[n->n_hit_nodes++] = "Works";
}

static void add_users(network *n) {
  begin(n, 71);
  mnz_buffer *b = open_item(n, S_DEMAND);
  mnz_buffer_print(
      b,
      "name = \"pumps\"; country = \"Japan\"; from = \"Works\"; product = \"alloy\"; every = %s; rate = %s;",
      days(n, between(n, 0.5, 6)), rate(n, between(n, 0.5, 2)));
  if (has(n, F_END_OF_LIFE)) {
    mnz_buffer_print(b, "\n    end_of_life = { life = %s; collected = \"%d %%\"; returns = \"old alloy\";",
                     drawn_days(n, between(n, 1, 90)), pick(n, 101));
    if (chance(n, 0.4))
      mnz_buffer_print(b, " past = ( { on = \"2025-11-11\"; mass = %s; lots = %d; } );",
                       mass(n, between(n, 1, 50)), 1 + pick(n, 9));
    mnz_buffer_add(b, " };");
  }
  close_item(b);
  if (has(n, F_END_OF_LIFE)) add_link(n, "pumps", "Recycler", NULL, between(n, 0, 9));
}

/* What it does not win goes round, dust and all; what is impure is worked off again. */
static void add_recycler(network *n) {
  begin(n, 72);
  static const char *const recoveries[] = {
      "\"70 %\"", "\"uniform(50 %, 90 %)\"", "\"bernoulli(probability 60 %)\"",
      "{ Nd = \"uniform(70 %, 90 %)\"; Pr = \"80 %\"; Dy = \"discrete(10 %: 1, 90 %: 2)\"; }"};
  mnz_buffer *b = open_item(n, S_NODES);
  mnz_buffer_print(
      b,
      "name = \"Recycler\"; kind = \"plant\"; country = \"Japan\"; in = ( \"sludge\", \"impure\", "
      "\"turnings\"%s ); rest = \"sludge\"; lines = %d; capacity = %s;\n"
      "    makes = ( { material = \"won\"; recovery = %s; } ); spec = ( { material = \"won\"; "
      "elements = ( \"Dy\" ); max = \"%d %%\"; off_spec = \"impure\"; } );",
      has(n, F_END_OF_LIFE) ? ", \"old alloy\"" : "", 1 + pick(n, 3), rate(n, between(n, 0.3, 5)),
      recoveries[pick(n, 4)], 6 + pick(n, 9));
  if (chance(n, 0.4)) mnz_buffer_print(b, " lot = %s;", mass(n, between(n, 0.1, 1)));
  if (chance(n, 0.3)) mnz_buffer_print(b, " residence = %s;", drawn_days(n, 1));
  if (chance(n, 0.3))
    mnz_buffer_print(b,
                     " campaigns = ( { feeds = ( \"turnings\", \"sludge\" ); lasts = %s; }, { mass = %s; } "
                     "); changeover = %s;",
                     days(n, between(n, 1, 20)), mass(n, between(n, 1, 20)), days(n, pick(n, 3)));
  if (has(n, F_CAP))
    mnz_buffer_print(b, " cap = { at_most = %s; per = \"month\"; counts = \"%s\"; };",
                     rate(n, between(n, 0.1, 1)), chance(n, 0.5) ? "feed" : "products");
  if (has(n, F_STORES))
    mnz_buffer_print(
        b,
        " stores = ( { material = \"turnings\"; capacity = %s; }, { material = \"won\"; capacity = %s; } );",
        mass(n, between(n, 2, 20)), mass(n, between(n, 1, 20)));
  close_item(b);
  add_link(n, "Works", "Recycler", "\"turnings\"", between(n, 0, 3));
  b = open_item(n, S_NODES);
  mnz_buffer_add(b, "name = \"Buyer\"; kind = \"sink\"; country = \"Japan\"; takes = \"won\";");
  close_item(b);
  add_link(n, "Recycler", "Buyer", "\"won\"", between(n, 0, 3));
  n->hit_node[n->n_hit_nodes++] = "Recycler";
}

void add_recycling(network *n) {
  static const char alloy[] = "form = \"metal\"; content = { Nd = \"22 %\"; Pr = \"6 %\"; Dy = \"2 %\"; };";
  static const char won[] = "content = { Nd = \"72 %\"; Pr = \"20 %\"; Dy = \"8 %\"; };";
  add_material(n, "alloy", alloy);
  add_material(n, "turnings", alloy);
  if (has(n, F_END_OF_LIFE)) add_material(n, "old alloy", alloy);
  add_material(n, "won", won);
  add_material(n, "impure", won);
  add_material(n, "sludge", won);
  add_works(n);
  add_users(n);
  add_recycler(n);
}
