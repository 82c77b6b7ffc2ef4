#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scenarios of disruptions, calendars, links and ports show, as their first lines say it.

    features_breakdowns_test.py MONAZITE SCENARIOS"""
import sys
import unittest

import one_run


class Results(one_run.Results):
    """With outages by name, and days of events."""

    def outage(self, measure, name):
        return float(self.of(measure, "disruption", name))

    def days(self, event, **where):
        """Days of the events of a kind, and how many tonnes."""
        return [
            (int(e["microseconds"]) / 86400e6, float(e["mass_t"] or 0))
            for e in self.events
            if e["event"] == event and all(e[key] == value for key, value in where.items())
        ]


class Disruptions(unittest.TestCase):
    def test_one_storm_hits_both(self):
        r = Results("common-cause")
        port = [day for day, _ in r.days("disrupted", node="Port", link="")]
        lane = [day for day, _ in r.days("disrupted", link="lane")]
        self.assertEqual(port, lane)
        self.assertEqual(len(port), r.outage("outages", "storm"))
        self.assertGreater(len(port), 0)

    def test_the_grid_stops_the_plant(self):
        r = Results("cascade")
        self.assertLessEqual(r.outage("outages", "restart"), r.outage("outages", "grid"))
        self.assertGreater(r.outage("outages", "restart"), 0)

    def test_ice_comes_in_winter(self):
        r = Results("season", "end=2046-01-01")
        months = {e["time"][5:7] for e in r.events if e["event"] == "disrupted"}
        self.assertEqual(months, {"12", "01", "02", "03"})

    def test_capacity_comes_back_in_steps(self):
        r = Results("ramp")
        self.assertAlmostEqual(r.outage("capacity_left", "fire"), 1 - 20 / 365, 12)

    def test_a_fire_takes_its_share(self):
        r = Results("destroyed-stock")
        self.assertAlmostEqual(r.node("destroyed", "House"), 40, 9)
        self.assertEqual(r.node("node_fill_rate", "users"), 1)

    def test_a_detour_takes_longer(self):
        r = Results("stretched-lead-time")
        lengths = {round(float(e["detail"]), 6) for e in r.events if e["event"] == "arrived" and e["node"] == "House"}
        self.assertEqual(lengths, {10, 25})

    def test_played_states_are_those_of_the_table(self):
        r = Results("played-states")
        weeks = [day / 7 for day, _ in r.days("disrupted")]
        self.assertEqual(weeks[:4], [3, 10, 16, 23])

    def test_a_chain_moves_at_midnight(self):
        r = Results("on-off-chain")
        for event in ("disrupted", "relieved"):
            days = [day for day, _ in r.days(event)]
            self.assertTrue(days, event)
            self.assertEqual(days, [int(day) for day in days])

    def test_an_announced_strike_is_survived(self):
        r = Results("warned")
        self.assertEqual(r.days("warned"), [(80, 0)])
        self.assertEqual(r.node("node_fill_rate", "users"), 1)
        buys = '( { material = "oxide"; policy = "base_stock(60 t)"; review = "1 d"; sources = ( { from = "Market"; } ); } )'
        r = Results("warned", f'nodes["House"].buys={buys}')
        self.assertEqual(r.node("node_first_shortage", "users"), 160)

    def test_trains_and_crews(self):
        r = Results("needed-trains")
        self.assertAlmostEqual(r.outage("capacity_left", "trains"), 1 - r.of("state_share", "node", "Plant")[4], 9)
        r = Results("crew", "end=2066-01-01")
        self.assertAlmostEqual(r.outage("units_down", "trucks"), 1.13, 1)


class Links(unittest.TestCase):
    def test_ships_wait(self):
        r = Results("link-closed-wait")
        self.assertEqual([d for d, _ in r.days("arrived", node="House") if 99 < d < 131][:1], [120])
        self.assertEqual(r.days("lost"), [])

    def test_ships_return(self):
        r = Results("link-closed-return")
        self.assertEqual([d for d, _ in r.days("arrived", node="Market")], list(range(101, 111)))

    def test_cargo_is_lost(self):
        r = Results("link-closed-lost")
        self.assertEqual(sum(mass for _, mass in r.days("lost")), 10)
        self.assertEqual({day for day, _ in r.days("lost")}, {100})

    def test_a_vessel_waits_no_longer_than_it_may(self):
        r = Results("minimum-load")
        self.assertEqual([d for d, _ in r.days("departed")][:28], [28] * 28)
        self.assertEqual(r.days("departed")[28][0], 56)


class Calendars(unittest.TestCase):
    def test_maintenance(self):
        r = Results("maintenance")
        self.assertEqual(r.outage("outages", "Plant: maintenance"), 2)
        self.assertAlmostEqual(r.outage("capacity_left", "Plant: maintenance"), 1 - 28 / 365, 12)

    def test_shifts(self):
        r = Results("shifts", "end=2026-01-29")
        down = r.of("state_share", "node", "Plant")[4]
        # Four weeks from a Thursday: 19 working days of 16 hours, without the first of January.
        self.assertAlmostEqual(down, 1 - 19 * 16 / (28 * 24), 2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
