/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A maker of magnets with what comes back to it, and a reserve. */
#include "network_text.h"

static void add_material(network *n, const char *name) {
  mnz_buffer *b = open_item(n, S_MATERIALS);
  mnz_buffer_print(
      b, "name = \"%s\"; form = \"metal\"; content = { Nd = \"22 %%\"; Pr = \"6 %%\"; Dy = \"2 %%\"; };",
      name);
  close_item(b);
}

/* Where swarf and old magnets go: to a sink, or through a recycler back to the maker. */
static void add_returns(network *n, const char *takes) {
  mnz_buffer *b = open_item(n, S_NODES);
  if (has(n, F_RECYCLING)) {
    mnz_buffer_print(
        b,
        "name = \"Magnet recycler\"; kind = \"plant\"; country = \"Japan\"; in = ( %s ); capacity = "
        "%s; residence = %s;\n"
        "    makes = ( { material = \"NdPr oxide\"; recovery = \"90 %%\"; }, { material = \"Dy "
        "oxide\"; recovery = \"80 %%\"; } );",
        takes, rate(n, between(n, 0.5, 3)), drawn_days(n, between(n, 0.5, 8)));
    add_costs(n, b);
    n->hit_node[n->n_hit_nodes++] = "Magnet recycler";
  } else {
    mnz_buffer_print(b, "name = \"Magnet recycler\"; kind = \"sink\"; country = \"Japan\"; takes = ( %s );",
                     takes);
  }
  close_item(b);
  if (has(n, F_SCRAP)) add_link(n, "Magnets", "Magnet recycler", "\"swarf\"", 0);
  if (has(n, F_END_OF_LIFE)) add_link(n, "cars", "Magnet recycler", "\"old magnets\"", between(n, 1, 10));
  if (has(n, F_RECYCLING)) add_link(n, "Magnet recycler", "Magnets", NULL, between(n, 0.5, 4));
}

static void write_product(network *n, mnz_buffer *b) {
  mnz_buffer_print(b,
                   "{ material = \"magnet\"; lot = %s; capacity = %s; residence = %s; policy = "
                   "\"base_stock(%d t)\";\n               ",
                   mass(n, between(n, 0.5, 5)), rate(n, between(n, 1, 4)), drawn_days(n, between(n, 0.2, 4)),
                   (5 + pick(n, 30)) << n->plan->mass_power);
  mnz_buffer_add(b, " recipe = ( { material = \"NdPr oxide\"; amount = 0.3293; }, { material = \"Dy oxide\"; "
                    "amount = 0.02296; } ); filler = \"70 %\";");
  if (has(n, F_SCRAP)) {
    const bool drawn = has(n, F_NOISE) && !n->plan->calm;
    mnz_buffer_print(b, " yield = \"%s\"; scrap = \"swarf\";", drawn ? "uniform(70 %, 90 %)" : "80 %");
  }
  mnz_buffer_add(b, " }");
}

void add_maker(network *n) {
  const bool back = has(n, F_SCRAP) || has(n, F_END_OF_LIFE);
  const char *const first = back && has(n, F_RECYCLING) ? "Magnet recycler" : "House";
  const char *const second = first[0] == 'M' ? "House" : NULL;
  begin(n, 6);
  add_material(n, "magnet");
  if (has(n, F_SCRAP)) add_material(n, "swarf");
  if (has(n, F_END_OF_LIFE)) add_material(n, "old magnets");
  if (back)
    add_returns(n, !has(n, F_SCRAP)        ? "\"old magnets\""
                   : has(n, F_END_OF_LIFE) ? "\"swarf\", \"old magnets\""
                                           : "\"swarf\"");
  mnz_buffer *b = open_item(n, S_NODES);
  mnz_buffer_add(b, "name = \"Magnets\"; kind = \"maker\"; country = \"Japan\";\n    buys = ( ");
  write_buy(n, b, "NdPr oxide", 0.5, first, second);
  mnz_buffer_add(b, ",\n             ");
  write_buy(n, b, "Dy oxide", 0.05, first, second);
  mnz_buffer_add(b, " );\n    makes = ( ");
  write_product(n, b);
  mnz_buffer_add(b, " );");
  if (has(n, F_STORES))
    mnz_buffer_print(b, " stores = ( { material = \"NdPr oxide\"; capacity = %s; } );",
                     mass(n, between(n, 15, 60)));
  add_costs(n, b);
  close_item(b);
  add_link(n, "House", "Magnets", NULL, between(n, 0.5, 4));
  write_user(n, "cars", "Magnets", "magnet", 1.2);
  n->hit_node[n->n_hit_nodes++] = "Magnets";
}

/* --- the reserve --- */

static void write_release(network *n, mnz_buffer *b) {
  mnz_buffer_print(b, " release = { below = %s; rate = %s;", days(n, between(n, 5, 40)),
                   rate(n, between(n, 0.5, 5)));
  if (has(n, F_REGIME) && chance(n, 0.5))
    mnz_buffer_add(b, " when_regime = \"control\"; states = ( \"open\", \"quota\" );");
  if (chance(n, 0.3))
    mnz_buffer_print(b, " from = %s; until = %s;", date(n, between(n, 1, 30)), date(n, between(n, 31, 80)));
  mnz_buffer_add(b, " };");
}

void add_stockpile(network *n) {
  begin(n, 7);
  mnz_buffer *b = open_item(n, S_NODES);
  mnz_buffer_print(
      b,
      "name = \"Reserve\"; kind = \"stockpile\"; country = \"Japan\"; serves = \"House\"; review = %s;\n   ",
      days(n, between(n, 1, 9)));
  write_release(n, b);
  mnz_buffer_add(b, "\n    holds = ( { material = \"NdPr oxide\";");
  if (chance(n, 0.3) && !n->plan->calm)
    mnz_buffer_print(b, " cover = %s;", days(n, between(n, 10, 50)));
  else
    mnz_buffer_print(b, " target = %s;", mass(n, between(n, 20, 90)));
  if (chance(n, 0.3)) mnz_buffer_print(b, " rotation = %s;", days(n, between(n, 10, 50)));
  mnz_buffer_print(
      b, " fill = %s; sources = ( { from = \"China\"; } ); }, { material = \"Dy oxide\"; target = %s; } );",
      rate(n, between(n, 0.3, 2)), mass(n, 10));
  mnz_buffer_print(b,
                   "\n    stores = ( { material = \"NdPr oxide\"; initial = %s; lot = %s; }, { material = "
                   "\"Dy oxide\"; initial = %s; } );",
                   mass(n, between(n, 0, 60)), mass(n, 7), mass(n, between(n, 0, 10)));
  add_costs(n, b);
  close_item(b);
  add_link(n, "Reserve", "House", NULL, between(n, 0, 3));
  add_link(n, "China", "Reserve", NULL, between(n, 1, 20));
}
