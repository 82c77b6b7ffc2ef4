/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mines, plants, ports and the links between them: rates, limits and dates that can be had by hand. */
#include "world_bench.h"

#define KG_MG INT64_C(1000000)

/* --- what holds what up --- */

Test(plants, that_are_full_throttle_the_mine_exactly) {
  world w;
  world_of(&w, "mine-plant.cfg", "nodes['Mine'].stores=( { material = 'ore'; capacity = '5 t'; } )",
           "nodes['Plant'].capacity='4 t/d'",
           "nodes['Plant'].stores=( { material = 'ore'; capacity = '3 t'; } )",
           "links['belt'].lead_time='1 h'");
  world_run(&w, 50 * DAY);
  const mnz_mass early = world_born(&w, "Mine");
  for (mnz_time day = 60; day < 360; day += 10) {
    world_run(&w, day * DAY);
    EXPECT(world_born(&w, "Mine") - early == (day - 50) * 4 * T_MG);
    EXPECT(world_stock(&w, "Mine", "ore") == 5 * T_MG);
  }
  world_finish(&w);
  cr_assert_gt(world_state(&w, "Mine", MNZ_STATE_BLOCKED), 0.55);
  cr_assert_gt(world_by_node(&w, "utilisation", "Plant"), 0.99);
  world_close(&w);
}

Test(plants, with_a_full_product_store_stand_still) {
  world w;
  world_of(
      &w, "mine-plant.cfg", "nodes['Plant'].stores=( { material = 'oxide'; capacity = '450 kg'; } )",
      "demand=( { name = 'users'; from = 'Plant'; product = 'oxide'; rate = '50 kg/d'; every = '1 d'; } )");
  world_run(&w, 100 * DAY);
  cr_assert_eq(world_stock(&w, "Plant", "oxide"), 400 * KG_MG, "four lots; a fifth waits for 50 kg of room");
  const mnz_mass early = world_in(&w, "Plant", "oxide");
  world_run(&w, 300 * DAY);
  cr_assert_eq(world_in(&w, "Plant", "oxide") - early, 200 * 50 * KG_MG, "made as it is used");
  world_close(&w);
}

Test(plants, lose_to_a_store_that_loses_and_go_on) {
  world w;
  world_of(&w, "mine-heaps.cfg",
           "nodes['Heap'].stores=( { material = 'ore'; capacity = '30500 kg'; when_full = 'lose'; } )");
  world_run(&w, 100 * DAY + 1);
  cr_assert_eq(world_stock(&w, "Heap", "ore"), 30500 * KG_MG);
  cr_assert_eq(world_ended(&w, MNZ_END_LOST), 1000 * T_MG - 30500 * KG_MG);
  world_close(&w);
}

/* Half of each lot is lost on its way to a store of two: only who hears of the room sends a third, and only
 * three fill the plant's lot. */
Test(plants, whose_feed_is_lost_on_the_way_get_more) {
  world w;
  world_of(&w, "mine-plant.cfg", "nodes['Mine'].stores=( { material = 'ore'; capacity = '5 t'; } )",
           "nodes['Plant'].lot='1400 kg'",
           "nodes['Plant'].stores=( { material = 'ore'; capacity = '2 t'; } )",
           "links['belt'].lead_time='1 d'", "links['belt'].loss='50 %'");
  world_run(&w, 90 * DAY);
  cr_assert_gt(world_in(&w, "Plant", "oxide"), 0);
  world_close(&w);
}

/* --- links --- */

Test(links, sail_on_their_days_with_what_fits) {
  world w;
  world_of(&w, "yard.cfg");
  for (mnz_time day = 0; day < 60; day++) {
    world_run(&w, day * DAY + 1);
    const mnz_mass sailed = (1 + day / 7) * 20 * T_MG;
    const mnz_mass landed = day < 3 ? 0 : (1 + (day - 3) / 7) * 20 * T_MG;
    EXPECT(world_stock(&w, "Yard", "oxide") == (sailed < 100 * T_MG ? 100 * T_MG - sailed : 0));
    EXPECT(world_stock(&w, "Heap", "oxide") == (landed < 100 * T_MG ? landed : 100 * T_MG));
  }
  world_close(&w);
}

Test(links, take_a_lot_larger_than_the_vessel_alone) {
  world w;
  world_of(&w, "yard.cfg",
           "links['ship'].dispatch={ every = '7 d'; capacity = '4 t'; first = '2026-01-03'; }");
  world_run(&w, 2 * DAY);
  cr_assert_eq(world_stock(&w, "Yard", "oxide"), 100 * T_MG);
  world_run(&w, 2 * DAY + 1);
  cr_assert_eq(world_stock(&w, "Yard", "oxide"), 90 * T_MG);
  world_run(&w, 9 * DAY + 1);
  cr_assert_eq(world_stock(&w, "Yard", "oxide"), 80 * T_MG);
  world_close(&w);
}

Test(links, keep_their_days_from_a_first_departure_before_the_start) {
  world w;
  world_of(&w, "yard.cfg",
           "links['ship'].dispatch={ every = '7 d'; capacity = '10 t'; first = '2025-12-30'; }");
  for (mnz_time day = 0; day < 60; day++) {
    world_run(&w, day * DAY + 1); /* sails on days 5, 12, 19, ... */
    EXPECT(world_stock(&w, "Yard", "oxide") == (100 - 10 * ((day + 2) / 7)) * T_MG);
  }
  world_close(&w);
}

/* A lot a day, which is ready at midnight just before the vessel sails: a week's 7 are 28 t, too few, so that
 * it sails once a fortnight. */
Test(links, wait_for_the_least_load) {
  world w;
  world_of(&w, "mine-heaps.cfg", "nodes['Mine'].rate='4 t/d'", "nodes['Mine'].lot='4 t'",
           "links=( { from = 'Mine'; to = 'Heap'; dispatch = { every = '7 d'; minimum = '30 t'; }; } )",
           "nodes['Other'].stores=( { material = 'ore'; initial = '1 t'; } )");
  world_expect_fortnights(&w);
  world_close(&w);
}

Test(links, that_are_closed_do_not_sail_and_what_is_under_way_arrives) {
  world w;
  world_of(&w, "yard.cfg",
           "disruptions=( { name = 'strike'; hits = ( 'ship' ); loss = '10 %';"
           "                periods = ( { from = '2026-01-09'; until = '2026-01-20'; } ); } )");
  world_run(&w, 18 * DAY); /* sailed on days 0 and 7; the strike is from day 8 to 19 */
  cr_assert_eq(world_stock(&w, "Heap", "oxide"), 40 * T_MG);
  cr_assert_eq(world_stock(&w, "Yard", "oxide"), 60 * T_MG);
  world_run(&w, 24 * DAY + 1); /* and on day 21 */
  cr_assert_eq(world_stock(&w, "Heap", "oxide"), 60 * T_MG);
  world_close(&w);
}

Test(links, count_what_is_lost_on_the_way) {
  world w;
  world_of(&w, "yard.cfg", "nodes['Yard'].stores[0].lot='3 t'",
           "links=( { from = 'Yard'; to = 'Heap'; lead_time = '3 d'; loss = '12.5 %'; } )");
  world_run(&w, 3 * DAY);
  cr_assert_eq(world_ended(&w, MNZ_END_LOST), 0);
  cr_assert_eq(world_transit(&w, "Heap", "oxide"), 100 * T_MG);
  world_finish(&w);
  cr_assert_eq(world_stock(&w, "Heap", "oxide"), 87500 * KG_MG);
  cr_assert_eq(world_ended(&w, MNZ_END_LOST), 12500 * KG_MG);
  world_close(&w);
}

Test(links, share_what_is_pushed) {
  world w;
  world_of(&w, "mine-heaps.cfg", "links['belt'].share='75 %'", "links['other belt'].share='25 %'",
           "links['other belt'].prefer=1");
  for (mnz_time day = 2; day < 90; day += 2) {
    world_run(&w, day * DAY + 1);
    EXPECT(llabs(world_stock(&w, "Heap", "ore") - day * 7500 * KG_MG) <= T_MG);
    EXPECT(world_stock(&w, "Heap", "ore") + world_stock(&w, "Other", "ore") == day * 10 * T_MG);
  }
  world_close(&w);
}

Test(links, fill_the_preferred_one_first) {
  world w;
  world_of(&w, "mine-heaps.cfg", "nodes['Heap'].stores=( { material = 'ore'; capacity = '42500 kg'; } )");
  world_run(&w, 4 * DAY + 1);
  cr_assert_eq(world_stock(&w, "Other", "ore"), 0);
  world_run(&w, 50 * DAY + 1);
  cr_assert_eq(world_stock(&w, "Heap", "ore"), 42 * T_MG);
  cr_assert_eq(world_stock(&w, "Other", "ore"), 458 * T_MG);
  world_close(&w);
}

/* --- mines --- */

Test(mines, follow_a_ramp_by_date) {
  world w;
  world_of(&w, "mine-heaps.cfg", "nodes['Mine'].lot='100 kg'",
           "nodes['Mine'].rate=( { from = '2026-01-11'; rate = '10 t/d'; },"
           "                     { from = '2026-04-11'; rate = '30 t/d'; ramp = '100 d'; } )");
  for (mnz_time day = 5; day < 360; day += 5) {
    world_run(&w, day * DAY + 1);
    const double t = (double)day - 100;
    const double ramped = t <= 0 ? 0 : t <= 100 ? 0.1 * t * t : 1000 + 20 * (t - 100);
    const double dug = (day < 10 ? 0 : 10 * (double)(day - 10)) + ramped;
    const double off = dug - (double)world_in(&w, "Mine", "ore") / T_MG; /* less than a lot */
    if (off < -0.001 || off > 0.101) cr_assert_fail("on day %lld: off by %g t", (long long)day, off);
  }
  world_close(&w);
}

Test(mines, dig_in_campaigns_only) {
  world w;
  world_of(&w, "mine-heaps.cfg",
           "nodes['Mine'].campaign={ every = '100 d'; lasts = '30 d'; first = '2025-12-17'; }");
  /* first on day -15: digs on days 0 .. 15, 85 .. 115, 185 .. 215, ... */
  static const struct {
    mnz_time day;
    mnz_mass dug;
  } said[] = {{15, 150}, {84, 150}, {100, 300}, {115, 450}, {184, 450}, {215, 750}, {300, 900}};
  for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
    world_run(&w, said[i].day * DAY + 1);
    cr_expect_eq(world_in(&w, "Mine", "ore"), said[i].dug * T_MG, "on day %lld", (long long)said[i].day);
  }
  world_close(&w);
}

Test(mines, end_with_their_reserve) {
  world w;
  world_of(&w, "mine-heaps.cfg", "nodes['Mine'].lot='10 t'", "nodes['Mine'].ore.reserve='1234567 kg'");
  world_finish(&w);
  cr_assert_eq(world_stock(&w, "Heap", "ore"), 1234567 * KG_MG);
  cr_assert_float_eq(world_by_element(&w, "mined", "Nd"), 1234.567 * 0.08, 1e-9);
  cr_assert_float_eq(world_by_element(&w, "mined", "Dy"), 1234.567 * 0.02, 1e-9);
  world_close(&w);
}

/* --- plants --- */

#define LOTS_OF_OXIDE(n) ((n)*100 * KG_MG)

Test(plants, keep_their_hold_up_in_a_stop) {
  world w;
  world_of(&w, "mine-plant.cfg", "nodes['Plant'].hold_up='20 d'",
           "disruptions=( { name = 'fire'; hits = ( 'Plant' ); periods = ( { from = '2026-04-11'; until = "
           "'2026-04-21'; } ); },"
           "              { name = 'cold'; hits = ( 'Plant' ); loss = '50 %'; periods = ( { from = "
           "'2026-07-20'; until = '2026-08-09'; } ); } )");
  world_run(&w, 20 * DAY + 1);
  cr_assert_eq(world_in(&w, "Plant", "oxide"), 0, "it fills before the first product leaves");
  world_run(&w, 100 * DAY + 1);
  cr_assert_eq(world_in(&w, "Plant", "oxide"), LOTS_OF_OXIDE(80 * 5));
  world_run(&w, 110 * DAY);
  cr_assert_eq(world_in(&w, "Plant", "oxide"), LOTS_OF_OXIDE(80 * 5), "nothing in the stop of ten days");
  world_run(&w, 200 * DAY + 1);
  cr_assert_eq(world_in(&w, "Plant", "oxide"), LOTS_OF_OXIDE(170 * 5), "and the full rate at once after it");
  world_run(&w, 220 * DAY + 1);
  cr_assert_eq(world_in(&w, "Plant", "oxide"), LOTS_OF_OXIDE(180 * 5),
               "half of it in twenty days at half pace");
  world_close(&w);
}

Test(plants, that_are_filled_deliver_from_the_first_day) {
  world w;
  world_of(&w, "mine-plant.cfg", "nodes['Plant'].hold_up='20 d'", "nodes['Plant'].filled=true",
           "nodes['Plant'].lot='1 t'");
  for (mnz_time day = 1; day < 99; day++) {
    world_run(&w, day * DAY + 1);
    EXPECT(world_in(&w, "Plant", "oxide") == LOTS_OF_OXIDE(day * 5));
  }
  world_close(&w);
}

Test(plants, count_a_capacity_on_some_elements_by_what_is_in_the_feed) {
  world w;
  /* 80 kg of Nd in a tonne of ore: 320 kg of Nd a day are 4 t of ore */
  world_of(&w, "mine-plant.cfg", "nodes['Plant'].capacity='320 kg/d Nd'");
  world_run(&w, 60 * DAY + 1);
  cr_assert_eq(world_in(&w, "Plant", "oxide"), LOTS_OF_OXIDE(60 * 4));
  world_close(&w);
}

Test(plants, with_full_recovery_leave_nothing_for_the_rest) {
  world w;
  world_of(&w, "mine-plant.cfg", "nodes['Plant'].rest='rest'",
           "materials=( { name = 'ore'; like = 'Mine'; grade = '10 %'; }, { name = 'oxide'; of = ( 'Nd' ); },"
           "            { name = 'rest'; like = 'Mine'; } )");
  world_finish(&w);
  const size_t last = w.result->length[MNZ_AXIS_TIME] - 1;
  const double nd = world_series(&w, "stock", "Plant", "oxide", NULL)[last];
  cr_assert_gt(nd, 100);
  cr_assert_eq(world_series(&w, "stock", "Plant", "rest", "Nd")[last], 0);
  cr_assert_float_eq(world_series(&w, "stock", "Plant", "rest", "Dy")[last], nd / 4, 1e-9);
  world_close(&w);
}

Test(plants, with_exponential_outages_are_up_nine_tenths_of_the_time) {
  world w;
  world_of(
      &w, "mine-plant.cfg", "seed='907'", "end='2046-01-01'", "nodes['Mine'].lot='100 t'",
      "nodes['Mine'].stores=( { material = 'ore'; capacity = '300 t'; } )",
      "nodes['Plant'].stores=( { material = 'ore'; initial = '300 t'; lot = '100 t'; capacity = '400 t'; } )",
      "disruptions=( { name = 'wear'; hits = ( 'Plant' ); ttf = 'exponential(90 d)'; ttr = 'exponential(10 "
      "d)'; } )");
  enum { N = 24 };
  double sum = 0;
  double squares = 0;
  for (uint32_t k = 0; k < N; k++) {
    EXPECT_OK(mnz_replication_reset(w.r, k, &w.err), w.err);
    world_finish(&w);
    const double up = world_by_node(&w, "utilisation", "Plant");
    EXPECT(fabs(up + world_state(&w, "Plant", MNZ_STATE_DOWN) - 1) < 1e-6);
    sum += up;
    squares += up * up;
  }
  /* Theory: the sd of one replication is sqrt((10^2 90^2 + 90^2 10^2) / 100^3 / 7305 d) = 0.0149. */
  const double mean = sum / N;
  const double error = sqrt((squares / N - mean * mean) / (N - 1));
  cr_assert_float_eq(error, 0.0149 / sqrt(N), 0.0015);
  cr_assert_lt(fabs(mean - 0.9) / error, 3.5, "%g +- %g", mean, error);
  world_close(&w);
}

/* --- separations --- */

Test(separations, start_a_circuit_on_its_date) {
  world w;
  world_of(&w, "separation.cfg");
  world_finish(&w);
  const double *nd = world_series(&w, "stock", "Separation", "Nd oxide", NULL);
  const double *dy = world_series(&w, "stock", "Separation", "Dy oxide", NULL);
  const double *rest = world_series(&w, "stock", "Separation", "rest", "Dy");
  for (int32_t day = 1; day < 200; day++) {
    const int32_t lots = day * 5; /* the last lot of day 100 leaves on the date itself */
    EXPECT(fabs(nd[day - 1] - lots * 0.072) < 1e-9);
    EXPECT(fabs(dy[day - 1] - (lots < 500 ? 0 : (lots - 499) * 0.016)) < 1e-9);
    EXPECT(fabs(rest[day - 1] - (lots < 500 ? lots : 499) * 0.020) < 1e-9);
  }
  cr_assert_eq(world_series(&w, "stock", "Separation", "rest", "Nd")[199], 0, "what Nd loses is tails");
  cr_assert_float_eq(world_by_element(&w, "separated", "Dy"), (999 - 499) * 0.016, 1e-9);
  world_close(&w);
}

Test(separations, draw_a_start_between_its_dates) {
  world w;
  world_of(&w, "separation.cfg",
           "nodes['Separation'].circuits[1].start='uniform(2026-02-20, 2026-04-11)'"); /* days 50 .. 100 */
  double least = INFINITY;
  double most = 0;
  for (uint32_t k = 0; k < 40; k++) {
    EXPECT_OK(mnz_replication_reset(w.r, k, &w.err), w.err);
    world_finish(&w);
    const double *dy = world_series(&w, "stock", "Separation", "Dy oxide", NULL);
    int32_t day = 0;
    while (dy[day] == 0) day++;
    least = fmin(least, w.result->time[day]);
    most = fmax(most, w.result->time[day]);
  }
  cr_assert(50 <= least && least < 60 && 90 < most && most <= 101, "%g .. %g", least, most);
  world_close(&w);
}

Test(separations, reject_what_no_circuit_takes) {
  world w;
  world_of(&w, "separation.cfg", "nodes['Separation'].rejects=('Dy')");
  world_run(&w, 99 * DAY + 1);
  cr_assert_eq(world_in(&w, "Separation", "rest"), 0);
  cr_assert_eq(world_ended(&w, MNZ_END_TAILS), 99 * 5 * (1000 - 72) * KG_MG);
  world_close(&w);
}

Test(separations, send_on_what_a_circuit_cannot_take) {
  world w;
  world_of(&w, "separation.cfg", "nodes['Separation'].circuits[1].start='2026-01-01'",
           "nodes['Separation'].circuits[1].capacity='40 kg/d'");
  world_finish(&w);
  const double *dy = world_series(&w, "stock", "Separation", "Dy oxide", NULL);
  const double *rest = world_series(&w, "stock", "Separation", "rest", "Dy");
  for (int32_t day = 10; day < 200; day += 10) {
    EXPECT(fabs(dy[day - 1] - day * 0.032) < 1e-6); /* 40 kg of the 100, at 80 % */
    EXPECT(fabs(rest[day - 1] - day * 0.060) < 1e-6);
  }
  world_close(&w);
}

/* From two hours into day 100 on, and not one lot's time before. */
Test(separations, let_a_circuit_grow_by_the_capacity_of_the_day) {
  world w;
  world_of(&w, "separation.cfg", "nodes['Separation'].circuits[1].start='2026-01-01'",
           "nodes['Separation'].circuits[1].capacity=( { from = '2026-01-01'; rate = '0 kg/d'; },"
           "                                           { from = '2026-04-11T02:00'; rate = '20 kg/d'; } )");
  world_finish(&w);
  const double *dy = world_series(&w, "stock", "Separation", "Dy oxide", NULL);
  cr_assert_eq(dy[99], 0);
  for (int32_t day = 110; day < 200; day += 10) {
    EXPECT(fabs(dy[day - 1] - (day - 100 - 2.0 / 24) * 0.016) < 1e-6);
  }
  world_close(&w);
}

/* --- ports --- */

Test(ports, handle_as_many_lots_at_once_as_they_have_berths) {
  world w;
  world_of(&w, "port.cfg");
  /* three on day 2; three that have had a day when the strike begins, and another after its ten; the last */
  static const mnz_mass landed[] = {0, 0, 0, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 60, 60, 70};
  for (size_t day = 0; day < sizeof landed / sizeof *landed; day++) {
    world_run(&w, (mnz_time)day * DAY);
    EXPECT(world_stock(&w, "Heap", "oxide") == landed[day] * T_MG);
  }
  world_close(&w);
}

Test(ports, with_a_full_yard_begin_no_other_lot) {
  world w;
  world_of(&w, "full-port.cfg");
  world_run(&w, 9 * DAY);
  cr_assert_eq(world_stock(&w, "Port", "ore"), 7 * T_MG);
  for (mnz_time k = 1; k < 9; k++) {
    world_run(&w, 10 * k * DAY + DAY);
    EXPECT(world_stock(&w, "Port", "ore") == 7 * T_MG);
    EXPECT(world_stock(&w, "Heap", "ore") == 5 * k * T_MG);
  }
  world_close(&w);
}

/* --- makers --- */

Test(makers, turn_metal_into_magnets_by_their_recipe) {
  world w;
  world_of(&w, "magnets.cfg");
  world_finish(&w);
  cr_assert_eq(world_by_node(&w, "node_fill_rate", "users"), 1);
  cr_assert_float_eq(world_by_node(&w, "node_delivered", "users"), 800, 1e-6);
  const mnz_shelf *swarf = world_shelf(&w, "Maker", "swarf");
  cr_assert_geq(swarf->store.queue.count, 97);
  for (const mnz_lot *lot = swarf->store.queue.first; lot != NULL; lot = lot->next) {
    EXPECT(llabs(lot->mass - 2 * T_MG) <=
           1); /* a fifth of the gross lot, but for the rounding of its weight */
  }
  const double nd = 800 * 0.3 / mnz_oxide_to_metal("Nd");
  cr_assert_float_eq(world_by_element(&w, "delivered", "Nd"), nd, 1e-3);
  cr_assert_float_eq(world_by_element(&w, "demanded", "Nd"), nd, 1e-6);
  world_close(&w);
}

/* 30 t of oxide and 5 t of metal at the ban of day 100: the oxide makes 25 lots, with the 5 in stock 30 days.
 */
Test(makers, starve_when_their_input_is_used_up) {
  world w;
  world_of(&w, "metal.cfg");
  world_finish(&w);
  const double first = world_by_node(&w, "node_first_shortage", "users");
  cr_assert(129 <= first && first <= 131, "%g", first);
  cr_assert_float_eq(world_state(&w, "Maker", MNZ_STATE_STARVED), (200 - 125.0) / 200, 0.02);
  world_close(&w);
}
