/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Those who push: a chain from the mine to the oxides, a server with its queue, a line that flows; and what
 * goes wrong with them. */
#include "network_text.h"

/* What the mine digs, tonnes of ore a day; a twelfth of it are rare earths. */
#define ORE 40.0

/* --- the mine --- */

static const char *const splits[] = {"{ La = 50; Nd = 32; Pr = 10; Dy = 8; }",
                                     "{ La = 30; Nd = 45; Pr = 14; Dy = 11; }"};

static void write_ore(network *n, mnz_buffer *b, int which) {
  const bool noise = has(n, F_NOISE) && !n->plan->calm;
  mnz_buffer_print(b, " grade = \"%s\"; split = %s;", noise ? "triangular(6 %, 8 %, 11 %)" : "8 %",
                   splits[which]);
  if (noise) mnz_buffer_add(b, " split_noise = \"10 %\";");
}

static void add_mine(network *n) {
  begin(n, 20);
  mnz_buffer *b = open_item(n, S_NODES);
  mnz_buffer_print(b,
                   "name = \"Mine\"; kind = \"mine\"; country = \"Australia\"; origin = \"home\"; makes = "
                   "\"ore\"; rate = %s; lot = %s;\n   ",
                   rate(n, ORE), mass(n, between(n, 10, 60)));
  if (has(n, F_PHASES)) {
    mnz_buffer_add(b, " phases = ( {");
    write_ore(n, b, 0);
    mnz_buffer_print(b, " reserve = %s; }, {", mass(n, between(n, 200, 2500)));
    write_ore(n, b, 1);
    mnz_buffer_print(b, " rate = %s; } );", rate(n, ORE * between(n, 0.5, 1.5)));
  } else {
    mnz_buffer_add(b, " ore = {");
    write_ore(n, b, 0);
    if (chance(n, 0.3)) mnz_buffer_print(b, " reserve = %s;", mass(n, between(n, 500, 3000)));
    mnz_buffer_add(b, " };");
  }
  if (has(n, F_MINE_CAMPAIGN))
    mnz_buffer_print(b, " campaign = { every = %s; lasts = %s; };", days(n, 30), days(n, between(n, 5, 25)));
  if (has(n, F_NOISE) && !n->plan->calm) mnz_buffer_add(b, " assay = { noise = \"8 %\"; bias = \"1 %\"; };");
  if (has(n, F_STORES))
    mnz_buffer_print(b, " stores = ( { material = \"ore\"; capacity = %s; initial = %s; lot = %s; } );",
                     mass(n, between(n, 100, 900)), mass(n, 90), mass(n, 30));
  add_costs(n, b);
  close_item(b);
  n->hit_node[n->n_hit_nodes++] = "Mine";
}

/* --- plants --- */

/* How fast, on how many lines, with what inside. */
static void write_work(network *n, mnz_buffer *b, double capacity, double lot) {
  const int lines = has(n, F_LINES) ? 1 + pick(n, 3) : 1;
  if (has(n, F_SERVICE) && chance(n, 0.6))
    mnz_buffer_print(b, " service = %s;", drawn_days(n, lot / capacity * lines));
  else if (has(n, F_RAMPS) && !n->plan->calm && chance(n, 0.6))
    mnz_buffer_print(
        b, " capacity = ( { from = \"2026-01-01\"; rate = %s; }, { from = %s; rate = %s; ramp = %s; } );",
        rate(n, capacity / 2), date(n, 20), rate(n, capacity), days(n, 30));
  else
    mnz_buffer_print(b, " capacity = %s;", rate(n, capacity / lines));
  if (lines > 1) mnz_buffer_print(b, " lines = %d;", lines);
  if (has(n, F_RESIDENCE)) mnz_buffer_print(b, " residence = %s;", drawn_days(n, between(n, 0.1, 5)));
  if (has(n, F_CAP) && !n->plan->calm && chance(n, 0.5))
    mnz_buffer_print(b, " cap = { at_most = %s; per = \"month\"; };", rate(n, capacity / 2));
  if (chance(n, 0.3)) mnz_buffer_add(b, " needs_room = true;");
}

static void write_stores(network *n, mnz_buffer *b, const char *feed, double feed_capacity,
                         const char *product, double product_capacity) {
  if (!has(n, F_STORES)) return;
  mnz_buffer_print(
      b,
      "\n    stores = ( { material = \"%s\"; capacity = %s;%s }, { material = \"%s\"; capacity = %s;%s } );",
      feed, mass(n, feed_capacity), has(n, F_LOSING) && chance(n, 0.5) ? " when_full = \"lose\";" : "",
      product, mass(n, product_capacity), has(n, F_BLEND) && chance(n, 0.5) ? " keep = \"blend\";" : "");
}

static void add_mill(network *n, const char *name, double capacity) {
  mnz_buffer *b = open_item(n, S_NODES);
  mnz_buffer_print(b,
                   "name = \"%s\"; kind = \"plant\"; country = \"Australia\"; in = \"ore\"; lot = %s;\n"
                   "    makes = ( { material = \"concentrate\"; recovery = \"%s\"; grade = \"40 %%\"; } );",
                   name, mass(n, between(n, 5, 30)),
                   has(n, F_NOISE) && !n->plan->calm ? "triangular(60 %, 70 %, 80 %)" : "70 %");
  write_work(n, b, capacity, 15);
  if (has(n, F_SPEC) && chance(n, 0.6))
    mnz_buffer_add(b, " spec = ( { material = \"concentrate\"; elements = ( \"La\" ); max = \"49 %\"; } );");
  write_stores(n, b, "ore", between(n, 60, 300), "concentrate", between(n, 20, 90));
  if (has(n, F_SHIFTS) && !n->plan->calm)
    mnz_buffer_add(b, " calendar = \"shift\"; maintenance = { every = \"30 d\"; lasts = \"3 d\"; };");
  add_costs(n, b);
  close_item(b);
  n->hit_node[n->n_hit_nodes++] = name;
}

static void add_separation(network *n) {
  begin(n, 22);
  mnz_buffer *b = open_item(n, S_NODES);
  mnz_buffer_print(b,
                   "name = \"Separation\"; kind = \"separation\"; country = \"Malaysia\"; in = "
                   "\"concentrate\"; lot = %s; rest = \"rest\";\n    circuits = ( { material = \"NdPr "
                   "oxide\"; recovery = \"95 %%\"; }, { material = \"Dy oxide\"; recovery = \"90 %%\";",
                   mass(n, between(n, 1, 6)));
  if (has(n, F_CIRCUIT_DATES))
    mnz_buffer_print(b, " start = %s; capacity = %s;", date(n, between(n, 5, 60)), rate(n, 0.3));
  mnz_buffer_print(b, " }%s );",
                   has(n, F_REJECT) ? ", { material = \"La oxide\"; recovery = \"80 %\"; }" : "");
  write_work(n, b, 6, 3);
  if (has(n, F_HOLD_UP)) {
    mnz_buffer_print(b, " hold_up = %s; filled = %s;", days(n, between(n, 2, 15)),
                     chance(n, 0.5) ? "true" : "false");
    if (chance(n, 0.5)) mnz_buffer_print(b, " drawable = \"%d %%\";", 10 + pick(n, 80));
  }
  if (has(n, F_SEPARATION_CAMPAIGNS))
    mnz_buffer_print(b,
                     " campaigns = ( { makes = \"NdPr oxide\"; lasts = %s; }, { makes = \"Dy oxide\"; mass = "
                     "%s; } ); changeover = %s;",
                     days(n, between(n, 4, 20)), mass(n, between(n, 5, 40)), days(n, between(n, 0.5, 3)));
  if (has(n, F_REJECT))
    mnz_buffer_print(b, " rejects = ( \"La\" ); reject = { when = \"%s\"; };",
                     chance(n, 0.5) ? "full" : "always");
  write_stores(n, b, "concentrate", between(n, 20, 90), "NdPr oxide", between(n, 5, 60));
  add_costs(n, b);
  close_item(b);
  n->hit_node[n->n_hit_nodes++] = "Separation";
}

static void add_port(network *n) {
  begin(n, 23);
  mnz_buffer *b = open_item(n, S_NODES);
  mnz_buffer_print(b,
                   "name = \"Port\"; kind = \"port\"; country = \"Australia\"; handles = ( \"concentrate\" "
                   "); berths = %d; handling = %s;",
                   1 + pick(n, 3), drawn_days(n, between(n, 0.1, 2)));
  if (has(n, F_STORES))
    mnz_buffer_print(b, " stores = ( { material = \"concentrate\"; capacity = %s; } );",
                     mass(n, between(n, 20, 200)));
  close_item(b);
  n->hit_node[n->n_hit_nodes++] = "Port";
  begin(n, 24);
  add_link(n, "Port", "Separation", NULL, between(n, 3, 12));
  n->hit_link[n->n_hit_links++] = "Port -> Separation";
}

static void add_material(network *n, const char *text) {
  mnz_buffer *b = open_item(n, S_MATERIALS);
  mnz_buffer_add(b, text);
  close_item(b);
}

void add_chain(network *n) {
  const char *const on = has(n, F_PORT) ? "Port" : "Separation";
  add_material(n, "name = \"ore\"; like = \"Mine\"; grade = \"8 %\";");
  add_material(n, "name = \"concentrate\"; like = \"Mine\"; grade = \"40 %\";");
  add_material(n, "name = \"rest\"; like = \"Mine\"; of = ( \"La\", \"Nd\", \"Pr\", \"Dy\" );");
  if (has(n, F_REJECT)) add_material(n, "name = \"La oxide\"; of = ( \"La\" );");
  add_mine(n);
  begin(n, 21);
  add_mill(n, "Mill", ORE * between(n, 0.4, 1.5));
  add_link(n, "Mine", "Mill", NULL, between(n, 0, 1));
  add_link(n, "Mill", on, NULL, between(n, 0.2, 3));
  if (has(n, F_TWO_MILLS)) {
    begin(n, 25);
    add_mill(n, "Second mill", ORE * between(n, 0.2, 0.8));
    mnz_buffer *b = open_item(n, S_LINKS);
    mnz_buffer_print(b, "from = \"Mine\"; to = \"Second mill\"; prefer = %d; lead_time = %s;", 1 + pick(n, 2),
                     days(n, 0.2));
    close_item(b);
    add_link(n, "Second mill", on, NULL, between(n, 0.2, 3));
  }
  if (has(n, F_PORT)) add_port(n);
  add_separation(n);
  begin(n, 26);
  mnz_buffer *b = open_item(n, S_NODES);
  mnz_buffer_print(b,
                   "name = \"Sales\"; kind = \"trader\"; country = \"Malaysia\"; takes = ( \"NdPr oxide\", "
                   "\"Dy oxide\" );%s",
                   has(n, F_CLASSES) ? " short = \"proportional\";" : "");
  add_costs(n, b);
  close_item(b);
  b = open_item(n, S_NODES);
  mnz_buffer_add(b, "name = \"Heap\"; kind = \"trader\"; country = \"Malaysia\"; takes = ( \"rest\" ");
  mnz_buffer_print(b, "%s );", has(n, F_REJECT) ? ", \"La oxide\"" : "");
  if (has(n, F_REJECT) && has(n, F_STORES))
    mnz_buffer_print(b, " stores = ( { material = \"La oxide\"; capacity = %s; } );", mass(n, 20));
  close_item(b);
  add_link(n, "Separation", "Sales", "( \"NdPr oxide\", \"Dy oxide\" )", between(n, 0, 3));
  add_link(n, "Separation", "Heap", has(n, F_REJECT) ? "( \"rest\", \"La oxide\" )" : "\"rest\"", 0);
  add_link(n, "Sales", "House", NULL, between(n, 2, 20));
  n->hit_link[n->n_hit_links++] = "Sales -> House";
}

/* --- beside the chain --- */

/* No room before the line or behind it, or a lot that goes on by chance: what a queue may have besides. */
static void add_rooms(network *n, mnz_buffer *b) {
  if (chance(n, 0.5)) mnz_buffer_add(b, " divides = \"by_chance\";");
  if (chance(n, 0.5)) mnz_buffer_add(b, " needs_room = true;");
  mnz_buffer_print(b, " stores = ( { material = \"lot\"; capacity = \"0 t\"; when_full = \"%s\"; }",
                   chance(n, 0.5) ? "lose" : "block");
  if (chance(n, 0.5)) mnz_buffer_add(b, ", { material = \"served\"; capacity = \"0 t\"; }");
  mnz_buffer_add(b, " );");
}

static void add_branches(network *n) {
  static const char *const names[] = {"Branch A", "Branch B"};
  add_material(n, "name = \"finished\"; content = { Nd = \"10 %\"; La = \"20 %\"; };");
  for (int i = 0; i < 2; i++) {
    mnz_buffer *b = open_item(n, S_NODES);
    mnz_buffer_print(b,
                     "name = \"%s\"; kind = \"plant\"; in = \"served\"; service = %s; makes = ( { material = "
                     "\"finished\"; recovery = \"100 %%\"; grade = \"30 %%\"; } ); stores = ( { material = "
                     "\"served\"; capacity = %s; } );",
                     names[i], drawn_days(n, between(n, 0.3, 2)),
                     chance(n, 0.4) ? mass(n, 0) : mass(n, between(n, 0.3, 9)));
    close_item(b);
    b = open_item(n, S_LINKS);
    mnz_buffer_print(b, "from = \"Server\"; to = \"%s\"; share = \"%d %%\";", names[i], i == 0 ? 30 : 70);
    close_item(b);
    add_link(n, names[i], "Out", NULL, 0);
  }
}

void add_queue(network *n) {
  begin(n, 30);
  const bool two = has(n, F_PREEMPT);
  add_material(n, "name = \"lot\"; content = { Nd = \"10 %\"; La = \"20 %\"; };");
  add_material(n, "name = \"served\"; content = { Nd = \"10 %\"; La = \"20 %\"; };");
  if (two) add_material(n, "name = \"urgent lot\"; content = { Dy = \"10 %\"; Nd = \"10 %\"; };");
  for (int i = 0; i < (two ? 2 : 1); i++) {
    mnz_buffer *b = open_item(n, S_NODES);
    mnz_buffer_print(b,
                     "name = \"%s\"; kind = \"source\"; material = \"%s\"; lot = %s; every = %s; "
                     "when_blocked = \"%s\"; origin = \"home\";",
                     i == 0 ? "Arrivals" : "Urgent arrivals", i == 0 ? "lot" : "urgent lot", mass(n, 1),
                     drawn_days(n, between(n, 0.5, 2)),
                     (const char *const[]){"wait", "stop", "lose"}[pick(n, 3)]);
    if (chance(n, 0.3)) mnz_buffer_print(b, " count = %d;", 5 + pick(n, 60));
    close_item(b);
    add_link(n, i == 0 ? "Arrivals" : "Urgent arrivals", "Server", NULL, 0);
  }
  mnz_buffer *b = open_item(n, S_NODES);
  mnz_buffer_print(b,
                   "name = \"Server\"; kind = \"plant\"; lines = %d; makes = ( { material = \"served\"; "
                   "recovery = \"100 %%\"; grade = \"30 %%\"; } );",
                   1 + pick(n, 3));
  if (two)
    mnz_buffer_print(b,
                     " feeds = ( { material = \"lot\"; service = %s; priority = 2; }, { material = \"urgent "
                     "lot\"; service = %s; priority = 1; } ); preempt = %s;",
                     drawn_days(n, between(n, 0.3, 2)), drawn_days(n, between(n, 0.3, 2)),
                     chance(n, 0.5) ? "true" : "false");
  else
    mnz_buffer_print(b, " in = \"lot\"; service = %s;", drawn_days(n, between(n, 0.3, 2)));
  if (has(n, F_STORES)) mnz_buffer_print(b, " waiting_room = %s;", mass(n, pick(n, 6)));
  const bool parts = chance(n, 0.5);
  if (parts) add_rooms(n, b);
  close_item(b);
  if (parts) add_branches(n);
  b = open_item(n, S_NODES);
  mnz_buffer_print(b, "name = \"Out\"; kind = \"sink\"; takes = \"%s\";", parts ? "finished" : "served");
  close_item(b);
  if (!parts) add_link(n, "Server", "Out", NULL, 0);
  n->hit_node[n->n_hit_nodes++] = "Server";
}

void add_fluid(network *n) {
  begin(n, 31);
  add_material(n, "name = \"slurry\"; content = { Nd = \"10 %\"; La = \"20 %\"; };");
  add_material(n, "name = \"liquor\"; content = { Nd = \"20 %\"; La = \"40 %\"; };");
  mnz_buffer *b = open_item(n, S_NODES);
  mnz_buffer_print(b,
                   "name = \"Pit\"; kind = \"source\"; material = \"slurry\"; rate = %s; origin = \"home\";",
                   rate(n, 10));
  close_item(b);
  b = open_item(n, S_NODES);
  mnz_buffer_print(b,
                   "name = \"Leach\"; kind = \"plant\"; flow = \"fluid\"; in = \"slurry\"; capacity = %s; "
                   "makes = ( { material = \"liquor\"; recovery = \"90 %%\"; grade = \"60 %%\"; } ); stores "
                   "= ( { material = \"slurry\"; capacity = %s; initial = %s; } );",
                   rate(n, between(n, 6, 14)), mass(n, between(n, 10, 60)), mass(n, between(n, 1, 9)));
  if (has(n, F_SHIFTS) && !n->plan->calm) mnz_buffer_add(b, " calendar = \"shift\";");
  close_item(b);
  b = open_item(n, S_NODES);
  mnz_buffer_print(b,
                   "name = \"Tank farm\"; kind = \"sink\"; takes = \"liquor\"; rate = %s; stores = ( { "
                   "material = \"liquor\"; capacity = %s; } );",
                   rate(n, between(n, 2, 6)), mass(n, between(n, 5, 40)));
  close_item(b);
  /* Lots are complete at whole microseconds, whatever times are scaled by. */
  if (chance(n, 0.5) && !n->plan->calm) { /* lots into a tank */
    b = open_item(n, S_NODES);
    mnz_buffer_print(b,
                     "name = \"Tankers\"; kind = \"source\"; material = \"slurry\"; lot = %s; every = %s; "
                     "when_blocked = \"stop\"; origin = \"home\";",
                     mass(n, between(n, 1, 8)), drawn_days(n, between(n, 0.5, 3)));
    close_item(b);
    add_link(n, "Tankers", "Leach", NULL, between(n, 0, 2));
  }
  if (chance(n, 0.5) &&
      !n->plan->calm) { /* lots out of a flow, which lie in a store until a ship takes them */
    b = open_item(n, S_NODES);
    mnz_buffer_print(
        b,
        "name = \"Cell\"; kind = \"plant\"; flow = \"fluid\"; in = \"slurry\"; capacity = ( { from = "
        "\"2026-01-01\"; rate = %s; }, { from = %s; rate = %s; ramp = %s; } ); makes = ( { material = "
        "\"liquor\"; recovery = \"70 %%\"; grade = \"60 %%\"; lot = %s; } ); stores = ( { material = "
        "\"slurry\"; capacity = %s; }, { material = \"liquor\"; capacity = %s; } );",
        rate(n, 2), date(n, 20), rate(n, between(n, 1, 8)), days(n, 15), mass(n, between(n, 0.2, 3)),
        mass(n, pick(n, 9)), mass(n, between(n, 4, 30)));
    close_item(b);
    b = open_item(n, S_LINKS);
    mnz_buffer_print(b, "from = \"Pit\"; to = \"Cell\"; prefer = %d;", 1 + pick(n, 2));
    close_item(b);
    add_link(n, "Cell", "Tank farm", NULL, between(n, 0.1, 9));
    n->hit_node[n->n_hit_nodes++] = "Cell";
  }
  b = open_item(n, S_LINKS);
  mnz_buffer_add(b, "from = \"Pit\"; to = \"Leach\";");
  close_item(b);
  b = open_item(n, S_LINKS);
  mnz_buffer_add(b, "from = \"Leach\"; to = \"Tank farm\";");
  close_item(b);
  n->hit_node[n->n_hit_nodes++] = "Leach";
}

/* --- what goes wrong --- */

static void add_random_outages(network *n) {
  begin(n, 40);
  for (int i = 0; i < 2; i++) {
    mnz_buffer *b = open_item(n, S_DISRUPTIONS);
    mnz_buffer_print(b, "name = \"trouble %d\"; hits = ( \"%s\"", i, n->hit_node[pick(n, n->n_hit_nodes)]);
    mnz_buffer_print(b, " ); ttf = %s; ttr = %s;", drawn_days(n, between(n, 4, 40)),
                     drawn_days(n, between(n, 0.5, 8)));
    if (chance(n, 0.4)) mnz_buffer_add(b, " loss = \"uniform(20 %, 80 %)\";");
    if (chance(n, 0.3)) mnz_buffer_print(b, " from = %s; until = %s;", date(n, 10), date(n, 70));
    close_item(b);
  }
}

void add_outages(network *n) {
  if (has(n, F_OUTAGES) && !n->plan->calm) add_random_outages(n);
  if (has(n, F_DATED_OUTAGES)) {
    begin(n, 41);
    mnz_buffer *b = open_item(n, S_DISRUPTIONS);
    const int first = pick(n, n->n_hit_nodes);
    mnz_buffer_print(b, "name = \"overhaul\"; hits = ( \"%s\"", n->hit_node[first]);
    if (n->n_hit_nodes > 1) mnz_buffer_print(b, ", \"%s\"", n->hit_node[(first + 1) % n->n_hit_nodes]);
    const double from = between(n, 5, 40);
    mnz_buffer_print(
        b, " ); loss = \"%d %%\"; periods = ( { from = %s; until = %s; }, { from = %s; until = %s; } );",
        30 + 10 * pick(n, 8), date(n, from), date(n, from + between(n, 1, 15)), date(n, 60), date(n, 62));
    close_item(b);
  }
  if (has(n, F_CLOSED_LINKS)) {
    begin(n, 42);
    mnz_buffer *b = open_item(n, S_DISRUPTIONS);
    mnz_buffer_print(b, "name = \"strait\"; hits = ( \"%s\" ); periods = ( { from = %s; until = %s; } );",
                     n->hit_link[pick(n, n->n_hit_links)], date(n, between(n, 1, 30)),
                     date(n, between(n, 31, 60)));
    close_item(b);
  }
}
