#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scenarios of orders, demand and allocation show, as their first lines say it.

    features_inventory_test.py MONAZITE SCENARIOS"""
import sys
import unittest

import one_run


class Results(one_run.Results):
    """With orders and what follows them."""

    def orders(self, node, other):
        """(date, tonnes) of what the node ordered from the other."""
        return [(e["time"][:10], float(e["mass_t"])) for e in self.events
                if e["event"] == "ordered" and e["node"] == node and e["other"] == other]


class Inventory(unittest.TestCase):
    def test_min_max_fills_up_every_twenty_days(self):
        r = Results("min-max")
        orders = r.orders("Dealer", "Supplier")
        self.assertEqual([mass for _, mass in orders], [40.0] * 18)
        self.assertEqual(r.node("node_short", "Users") + r.node("node_delivered_late", "Users"), 0)

    def test_a_container_is_never_broken(self):
        masses = {mass for _, mass in Results("reorder-point").orders("Dealer", "Supplier")}
        self.assertEqual(masses, {18.0})

    def test_a_depot_orders_what_users_took(self):
        r = Results("echelon")
        taken = r.orders("Users", "Shop")
        self.assertEqual(r.orders("Depot", "Supplier"), taken)
        self.assertGreater(len({mass for _, mass in taken}), 300)

    def test_a_seventh_is_lost(self):
        r = Results("lost-sales")
        lost = r.node("node_short", "Users")
        self.assertAlmostEqual(lost / r.node("node_demanded", "Users"), 1 / 7, delta=0.02)
        self.assertEqual(r.node("node_delivered_late", "Users"), 0)
        self.assertAlmostEqual(r.node("node_cost", "Dealer"), 500 * lost, places=6)

    def test_orders_come_as_the_tables_say(self):
        r = Results("trace-demand")
        magnets = r.orders("Magnets", "Dealer")[:6]
        self.assertEqual([mass for _, mass in magnets], [12, 5, 20, 1, 14, 12])
        self.assertEqual(magnets[0][0], "2026-01-04")
        self.assertEqual(magnets[5][0], "2026-02-01")
        glass = r.orders("Glass", "Dealer")
        self.assertEqual(len(glass), 31 + 28 + 31)
        self.assertEqual(glass[-1][0], "2026-03-31")

    def test_everybody_gets_the_same_as_long_as_he_wants_so_much(self):
        def at_once(rule):
            r = Results("fair-share", f'nodes["Dealer"].short="{rule}"')
            return [r.node("node_demanded", n) - r.node("node_delivered_late", n) for n in ("small", "middle", "large")]

        for rule, shares in {"fair_share": (10, 40, 40), "proportional": (6, 24, 60)}.items():
            for got, share in zip(at_once(rule), shares):
                self.assertAlmostEqual(got, share, places=6)

    def test_the_fastest_open_source_is_asked(self):
        r = Results("sourcing")
        self.assertTrue(all("2026-05-31" < day < "2026-09-01" for day, _ in r.orders("Dealer", "Overseas")))
        for source in ("Overseas", "Next door", "Overland"):
            self.assertTrue(r.orders("Dealer", source), source)
        self.assertTrue(all(day >= "2026-10-01" for day, _ in r.orders("Dealer", "Next door")))
        self.assertTrue(all(day < "2026-10-01" for day, _ in r.orders("Dealer", "Overland")))

    def test_no_part_of_a_kit_ships_alone(self):
        r = Results("kits")
        shipped = {m: [e["time"] for e in r.events if e["event"] == "shipped" and e["node"] == "Dealer" and e["material"] == m]
                   for m in ("magnets", "coating")}
        self.assertTrue(shipped["magnets"])
        self.assertEqual(shipped["magnets"], shipped["coating"])
        self.assertEqual(r.node("node_delivered_late", "Motors"), 20)

    def test_a_forecast_follows(self):
        r = Results("forecast")
        september = [mass for day, mass in r.orders("Dealer", "Supplier") if day.startswith("2026-09")]
        june = [mass for day, mass in r.orders("Dealer", "Supplier") if day.startswith("2026-06")]
        self.assertTrue(june and september)
        self.assertTrue(all(mass == 14 for mass in june), june)
        self.assertTrue(all(28 <= mass <= 33 for mass in september), september)

    def test_what_comes_to_a_closed_port_comes_in_when_it_opens(self):
        r = Results("disruption-modes")
        march = [e for e in r.events if e["event"] == "arrived" and e["node"] == "Dealer" and "2026-03-02" < e["time"] < "2026-03-31"]
        april = [e for e in r.events if e["event"] == "arrived" and e["node"] == "Dealer" and e["time"] == "2026-04-01T00:00:00"]
        self.assertEqual(march, [])
        self.assertEqual(len(april), 32)
        self.assertFalse([day for day, _ in r.orders("Dealer", "Supplier") if day.startswith("2026-09")])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
