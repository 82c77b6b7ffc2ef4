/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds for plants and separations beside their rate: recycles, windows, campaigns, caps, rejects. */
#include "world_bench.h"

#define FEATURE(name) "../../scenarios/features/" name ".cfg"
#define KG_MG         INT64_C(1000000)

/* --- recycle streams --- */

/* 1 + r + r^2 + ... = 1 / (1 - r): what is fed, of which p becomes product. */
Test(recycles, settle_at_the_sum_of_the_geometric_series) {
  world w;
  world_of(&w, FEATURE("recycle-loop"));
  world_run(&w, 100 * DAY);
  const mnz_mass made = world_in(&w, "Mill", "concentrate");
  const mnz_mass back = world_in(&w, "Mill", "reground");
  world_run(&w, 360 * DAY);
  const double days = 260;
  cr_assert_float_eq((double)(world_in(&w, "Mill", "concentrate") - made) / T_MG, days * 10 * 0.8 / 0.84, 2);
  cr_assert_float_eq((double)(world_in(&w, "Mill", "reground") - back) / T_MG, days * 10 * 0.16 / 0.84, 2);
  world_finish(&w);
  world_close(&w);
}

Test(recycles, may_go_straight_back_into_the_feed_of_the_same_plant) {
  world w;
  world_of(&w, FEATURE("recycle-loop"),
           "materials=( { name = 'ore'; like = 'Mine'; }, { name = 'concentrate'; like = 'Mine'; },"
           "            { name = 'middlings'; like = 'Mine'; } )",
           "nodes=( { name = 'Mine'; kind = 'mine'; makes = 'ore'; rate = '10 t/d'; lot = '1 t';"
           "          ore = { grade = '100 %'; split = { Nd = 1; }; }; },"
           "        { name = 'Mill'; kind = 'plant'; in = ( 'middlings', 'ore' ); capacity = '40 t/d';"
           "          makes = ( { material = 'concentrate'; recovery = '80 %'; } ); rest = 'middlings'; },"
           "        { name = 'Heap'; kind = 'trader'; takes = 'concentrate'; } )",
           "links=( { from = 'Mine'; to = 'Mill'; },"
           "        { from = 'Mill'; to = 'Heap'; carries = 'concentrate'; } )");
  world_run(&w, 300 * DAY);
  /* Nothing is lost: all that came in goes out but for what is in the mill. */
  cr_assert_float_eq((double)world_in(&w, "Heap", "concentrate") / T_MG, 3000, 3);
  world_finish(&w);
  cr_assert_eq(world_ended(&w, MNZ_END_TAILS), 0);
  world_close(&w);
}

/* --- specification windows --- */

/* A lot of ore has 25 kg La and 75 kg Nd: 67.625 kg of oxide at 99.8 %, or 68.25 kg at 98.9 %, which gives
 * another 60.75 kg Nd when it is worked off again. */
Test(windows, turn_away_what_is_out_of_them_and_it_is_worked_off_again) {
  world w;
  world_of(&w, FEATURE("off-spec"));
  world_finish(&w);
  EXPECT(world_stock(&w, "Plant", "set aside") == 1000 * T_MG);
  const mnz_shelf *store = world_shelf(&w, "Store", "oxide");
  int64_t good = 0;
  int64_t again = 0;
  for (const mnz_lot *lot = store->store.queue.first; lot != NULL; lot = lot->next) {
    EXPECT((double)lot->part[1] >= 0.99 * (double)lot->mass);
    if (llabs(lot->part[1] - 67500000) <= 1)
      good++;
    else if (llabs(lot->part[1] - 60750000) <= 1)
      again++;
    else
      cr_assert_fail("%lld mg", (long long)lot->part[1]);
  }
  /* One that is fed or finished in the last instants is not yet there. */
  EXPECT(6295 <= good + again && good + again <= 6300);
  const double off = world_by_node(&w, "off_spec", "Plant") - 1000;
  cr_assert_float_eq(off, 0.06825 * (double)again, 0.14);
  const double share = (double)again / (double)(good + again);
  cr_assert_lt(fabs(share - 0.2), 3.5 * sqrt(0.16 / 6300));
  world_close(&w);
}

Test(windows, without_another_material_make_tails) {
  world w;
  world_of(
      &w, FEATURE("off-spec"), "end='2026-02-01'",
      "nodes['Plant'].spec=( { material = 'oxide'; elements = ( 'La' ); max = '0.1 %'; } )",
      "nodes['Plant'].in='ore'", "nodes['Plant'].makes[0].recovery='90 %'",
      "materials=( { name = 'ore'; like = 'Mine'; grade = '10 %'; }, { name = 'oxide'; like = 'Mine'; } )");
  world_finish(&w);
  EXPECT(world_stock(&w, "Store", "oxide") == 0);
  EXPECT(world_by_node(&w, "off_spec", "Plant") > 0);
  world_close(&w);
}

/* --- campaigns --- */

/* 30 d, 3 d, 20 d, 3 d: a cycle of 56 days, six of them and 29 days in the year. */
Test(campaigns, take_turns_with_a_changeover) {
  world w;
  world_of(&w, FEATURE("toll-campaigns"));
  static const struct {
    mnz_time day;
    mnz_mass seg, gdtb; /* tonnes worked off */
  } said[] = {{30, 30, 0},  {33, 30, 0},  {43, 30, 10}, {53, 30, 20},
              {56, 30, 20}, {57, 31, 20}, {112, 60, 40}};
  for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
    world_run(&w, said[i].day * DAY + 1);
    EXPECT(world_in(&w, "Toll", "Sm oxide") == said[i].seg * 600 * KG_MG);
    EXPECT(world_in(&w, "Toll", "Tb oxide") == said[i].gdtb * 300 * KG_MG);
  }
  world_finish(&w);
  cr_assert_eq(world_by_node(&w, "campaign_changes", "Toll"), 12);
  cr_assert_float_eq(world_state(&w, "Toll", MNZ_STATE_DOWN), 36.0 / 365, 1e-9);
  cr_assert_float_eq(world_state(&w, "Toll", MNZ_STATE_UP), 329.0 / 365, 1e-9);
  world_close(&w);
}

Test(campaigns, of_products_leave_the_others_in_the_rest) {
  world w;
  world_of(&w, FEATURE("toll-campaigns"), "nodes['Toll'].changeover='0 d'",
           "nodes['Toll'].campaigns=( { makes = ( 'Sm oxide', 'Tb oxide' ); lasts = '10 d'; },"
           "                          { makes = 'Gd oxide'; lasts = '10 d'; } )",
           "end='2026-01-31'");
  world_finish(&w);
  /* Twenty of thirty days of SEG with samarium on: its 600 kg a tonne; ten with gadolinium, 400. */
  cr_assert_float_eq((double)world_in(&w, "Toll", "Sm oxide"), 20.0 * 600 * KG_MG, 300.0 * KG_MG);
  cr_assert_float_eq((double)world_in(&w, "Toll", "Gd oxide"), 10.0 * 400 * KG_MG, 200.0 * KG_MG);
  cr_assert_float_eq((double)world_in(&w, "Toll", "rest"), (20.0 * 400 + 10 * 600) * KG_MG, 300.0 * KG_MG);
  world_close(&w);
}

/* --- licence caps --- */

Test(caps, hold_the_plant_up_until_the_year_is_over) {
  world w;
  world_of(&w, FEATURE("licence-cap"));
  const mnz_mass oxide = 90 * KG_MG; /* of a tonne of concentrate */
  world_run(&w, 92 * DAY);           /* 1 January 2027 */
  EXPECT(world_in(&w, "Plant", "oxide") == 5500 * oxide);
  world_run(&w, (92 + 365) * DAY);
  EXPECT(world_in(&w, "Plant", "oxide") == 27500 * oxide);
  world_finish(&w);
  EXPECT(world_in(&w, "Plant", "oxide") == 57500 * oxide); /* 366 days at 82.2 t, less what is in work */
  cr_assert_float_eq(world_by_node(&w, "days_capped", "Plant"), 457 - 27500.0 / 30000 * 365, 1e-6);
  cr_assert_float_eq(world_state(&w, "Plant", MNZ_STATE_DOWN) * 823, 457 - 27500.0 / 30000 * 365, 1e-6);
  world_close(&w);
}

/* 100 t lots do not fit into 1030 t: the last one is cut to what is left. */
Test(caps, are_used_up_to_the_last_gram) {
  world w;
  world_of(&w, FEATURE("licence-cap"), "nodes['Plant'].cap={ at_most = '1236 t/yr Nd'; per = 'month'; }",
           "end='2026-12-01'");
  world_finish(&w);
  EXPECT(world_in(&w, "Plant", "oxide") == 2 * 1030 * 90 * KG_MG);
  world_close(&w);
}

/* --- co-products and rejects --- */

/* 7 t of La/Ce a day, of which 2 t are taken: a store of 500 t is full after 100 days. */
Test(co_products, throttle_the_whole_plant_when_their_store_is_full) {
  world w;
  world_of(&w, FEATURE("co-product-throttle"));
  world_run(&w, 99 * DAY);
  cr_assert_float_eq((double)world_in(&w, "Separation", "NdPr") / T_MG, 99 * 3, 1);
  world_finish(&w);
  const double after = 265 * 2.0 / 7; /* days of work in 265 */
  cr_assert_float_eq((double)world_in(&w, "Separation", "NdPr") / T_MG, 3 * (100 + after), 3);
  cr_assert_float_eq(world_state(&w, "Separation", MNZ_STATE_BLOCKED), (265 - after) / 365, 0.005);
  cr_assert_float_eq(world_state(&w, "Separation", MNZ_STATE_UP), (100 + after) / 365, 0.005);
  world_close(&w);
}

Test(rejects, keep_a_full_store_from_throttling_the_plant) {
  world w;
  world_of(&w, FEATURE("reject-la-ce"));
  world_finish(&w);
  cr_assert_float_eq((double)world_in(&w, "Separation", "NdPr") / T_MG, 365 * 3, 0.31);
  const double rejected = world_by_element(&w, "rejected", "La") + world_by_element(&w, "rejected", "Ce");
  cr_assert_float_eq(rejected, 265 * 5, 8);
  cr_assert_float_eq(rejected, (double)world_ended(&w, MNZ_END_TAILS) / T_MG, 1e-6);
  cr_assert_lt(world_state(&w, "Separation", MNZ_STATE_BLOCKED), 1e-6);
  world_close(&w);
}

/* 3 USD/kg until 1 July, then 1: thrown away below 2. */
Test(rejects, follow_a_price) {
  world w;
  world_of(&w, FEATURE("reject-la-ce"), "demand=()", "nodes['Separation'].stores[1].capacity='9 kt'",
           "prices=( { name = 'LaCe'; start = '3 USD/kg'; steps = ( { from = '2026-07-01'; price = '1 "
           "USD/kg'; } ); } )",
           "nodes['Separation'].reject={ when = 'price_below'; price = 'LaCe'; below = '2 USD/kg'; }");
  world_finish(&w);
  cr_assert_float_eq((double)world_stock(&w, "Separation", "LaCe") / T_MG, 181 * 7, 1.5);
  cr_assert_float_eq((double)world_ended(&w, MNZ_END_TAILS) / T_MG, 184 * 7, 1.5);
  world_close(&w);
}

Test(recoveries, are_measured_of_flows_as_of_lots) {
  world w;
  world_of(&w, FEATURE("recycle-loop"));
  world_finish(&w);
  const mnz_variable *recovery = mnz_result_find(w.result, "recovery");
  cr_assert_float_eq(((const double *)recovery->data)[world_node(&w, "Mill")], 0.96, 1e-6);
  EXPECT(isnan(((const double *)recovery->data)[world_node(&w, "Mine")]));
  world_close(&w);
  world_of(&w, FEATURE("fluid-line"), "end='2026-03-01'");
  world_finish(&w);
  recovery = mnz_result_find(w.result, "recovery");
  const double *cracking = (const double *)recovery->data + world_node(&w, "Cracking") * 2;
  cr_assert_float_eq(cracking[0] + cracking[1], 0.95 + 0.85, 1e-6);
  world_close(&w);
}

/* 60 % go back each time: a lot has gone round 28 times when it is dust, less than a millionth of what it
 * was. It then waits for more, instead of going round for ever. */
Test(recycles, do_not_carry_dust_round_for_ever) {
  world w;
  world_of(&w, FEATURE("recycle-loop"),
           "nodes['Mill'].makes=( { material = 'concentrate'; recovery = '40 %'; } )",
           "nodes['Mill'].rest='middlings'",
           "nodes['Regrinding']={ name = 'Regrinding'; kind = 'plant'; in = 'middlings'; capacity = '20 t/d';"
           "                     makes = ( { material = 'reground'; recovery = '100 %'; } ); }");
  world_finish(&w);
  const mnz_mass lost = world_ended(&w, MNZ_END_TAILS);
  EXPECT(lost == 0);
  cr_assert_float_eq((double)world_in(&w, "Heap", "concentrate") / T_MG, 3650, 25);
  cr_assert_lt(w.result->events, 3650 * 28 * 20, "%llu", (unsigned long long)w.result->events);
  world_close(&w);
}

/* A year allows 1980 t of oxide, what 22 kt of concentrate give; of the first 1485 t are used up: 495 t are
 * left, which are 55 lots of 9 t. */
Test(caps, may_count_what_is_made) {
  world w;
  world_of(&w, FEATURE("licence-cap"), "nodes['Plant'].residence='3 d'",
           "nodes['Plant'].cap={ at_most = '1980 t/yr Nd'; counts = 'products'; used = '1485 t'; }");
  world_run(&w, 92 * DAY);
  /* Three days inside are two or three lots of a hundred tonnes that still leave. */
  const double over = (double)world_in(&w, "Plant", "oxide") / T_MG - 495;
  EXPECT(0 <= over && over <= 4 * 9);
  world_run(&w, 457 * DAY);
  const double both = (double)world_in(&w, "Plant", "oxide") / T_MG;
  EXPECT(495 + 1980 <= both && both <= 495 + 1980 + 8 * 9);
  world_finish(&w);
  world_close(&w);
}

/* What stands at the warm-up counts from then on: of 2027 all of its 97 days, of a warm-up in the middle of
 * them the rest. */
Test(caps, are_counted_from_the_warm_up_on) {
  world w;
  const double in_2027 = 365 - 22000.0 / 30000 * 365;
  world_of(&w, FEATURE("licence-cap"), "warm_up='2027-06-01'");
  world_finish(&w);
  cr_assert_float_eq(world_by_node(&w, "days_capped", "Plant"), in_2027, 1e-6);
  world_close(&w);
  world_of(&w, FEATURE("licence-cap"), "warm_up='2027-12-01'");
  world_finish(&w);
  cr_assert_float_eq(world_by_node(&w, "days_capped", "Plant"), 31, 1e-6);
  world_close(&w);
}

/* Nothing is ever pure enough, and all goes round: not ever faster. */
Test(windows, that_nothing_passes_do_not_grind_lots_to_dust) {
  world w;
  world_of_text(
      &w,
      "title = \"all impure\"; start = \"2026-01-01\"; end = \"2026-07-01\"; elements = (\"Nd\", \"Dy\");\n"
      "materials = ( { name = \"scrap\"; content = { Nd = 0.9; Dy = 0.1; }; }, { name = \"won\"; content = { "
      "Nd = "
      "0.9; Dy = 0.1; }; },\n"
      "  { name = \"impure\"; content = { Nd = 0.9; Dy = 0.1; }; }, { name = \"sludge\"; content = { Nd = "
      "0.9; Dy "
      "= 0.1; }; } );\n"
      "nodes = ( { name = \"Yard\"; kind = \"source\"; material = \"scrap\"; lot = \"1 t\"; every = \"1 d\"; "
      "},\n"
      "  { name = \"Recycler\"; kind = \"plant\"; in = ( \"sludge\", \"impure\", \"scrap\" ); rest = "
      "\"sludge\"; "
      "capacity = \"4 t/d\";\n"
      "    makes = ( { material = \"won\"; recovery = \"70 %\"; } );\n"
      "    spec = ( { material = \"won\"; elements = ( \"Dy\" ); max = \"5 %\"; off_spec = \"impure\"; } ); "
      "},\n"
      "  { name = \"Buyer\"; kind = \"sink\"; takes = \"won\"; } );\n"
      "links = ( { from = \"Yard\"; to = \"Recycler\"; }, { from = \"Recycler\"; to = \"Buyer\"; carries = "
      "\"won\"; "
      "} );\n");
  world_finish(&w);
  cr_assert_lt(w.result->events, 100000, "%llu events", (unsigned long long)w.result->events);
  world_close(&w);
}
