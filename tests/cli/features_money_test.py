#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scenarios of costs, prices and contracts in scenarios/features show, by hand.

    features_money_test.py MONAZITE SCENARIOS"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

MONAZITE = pathlib.Path(sys.argv[1])
FEATURES = pathlib.Path(sys.argv[2])


def run(name, *more):
    done = subprocess.run([MONAZITE, "run", FEATURES / (name + ".cfg"), "--json", *more],
                          capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


def node(result, name):
    return next(row for row in result["money"]["nodes"] if row["node"] == name)


def contract(result, name):
    return next(row for row in result["contracts"] if row["contract"] == name)


class Costs(unittest.TestCase):
    def test_every_cost_is_a_number_times_what_it_is_of(self):
        house = node(run("costs"), "House")
        orders = house["costs_usd"]["order"] / 2000
        self.assertGreater(orders, 0)
        self.assertEqual(orders, round(orders))
        self.assertAlmostEqual(house["costs_usd"]["purchase"], orders * 30 * 50e3, delta=1)
        self.assertAlmostEqual(house["costs_usd"]["transport"], orders * (30 * 200 + 1000), delta=1)
        self.assertAlmostEqual(house["cost_usd"], sum(house["costs_usd"].values()), delta=0.01)

    def test_payments_add_up_to_nothing(self):
        for name in ("costs", "price-gbm", "two-markets", "take-or-pay", "jare-2026"):
            nodes = run(name)["money"]["nodes"]
            paid = sum(row["costs_usd"]["purchase"] + row["costs_usd"]["contract"] for row in nodes)
            self.assertGreater(paid, 0, name)
            self.assertAlmostEqual(paid, sum(row["revenue_usd"] for row in nodes), delta=1e-9 * paid, msg=name)

    def test_the_summary_has_them_in_thousands(self):
        text = subprocess.run([MONAZITE, "run", FEATURES / "costs.cfg"], capture_output=True, text=True, timeout=60).stdout
        self.assertIn("Money (kUSD)", text)
        self.assertRegex(text, r"House .* 38400\n")


class Prices(unittest.TestCase):
    def series(self, name, *more):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "x.h5"
            run(name, "-o", out, *more)
            with h5py.File(out) as f:
                labels = [label.decode() for label in f["price_name"][()]]
                return dict(zip(labels, f["price"][0, 0]))

    def test_a_floor_holds(self):
        low = ["--set", "prices[\"Dy outside\"].process=\"mean_reverting(level 200 USD/kg, half_life 2 month, volatility 25 %/yr)\""]
        self.assertEqual(self.series("two-markets", *low)["Dy outside"].min(), 250)
        without = self.series("two-markets", *low, "--set", "prices[\"Dy outside\"].floor=\"0 USD/kg\"")
        self.assertLess(without["Dy outside"].min(), 250)

    def test_a_price_rises_in_an_embargo_and_falls_after_it(self):
        price = self.series("price-responds")["Dy"]
        self.assertLess(price[:60].max(), 400)
        self.assertGreater(price[120:190].min(), 900)
        self.assertLess(price[-60:].max(), 400)

    def test_the_cheaper_market_is_bought_from(self):
        without = run("two-markets", "--set", "regimes=()")
        shut = run("two-markets", "--set", "prices[0].start=\"900 USD/kg\"")
        self.assertEqual(node(without, "China")["revenue_usd"] > 0, True)
        self.assertGreater(node(shut, "Outside")["revenue_usd"], 5 * sum(
            row["revenue_usd"] for row in shut["money"]["nodes"] if row["node"] == "China"))


class Contracts(unittest.TestCase):
    def test_take_or_pay_is_paid_for_what_was_due_and_not_taken(self):
        terms = contract(run("take-or-pay"), "Dy 2026")
        self.assertAlmostEqual(terms["due_t"], 800, delta=1e-6)
        self.assertGreater(terms["untaken_t"], 0)
        self.assertAlmostEqual(terms["paid_untaken_usd"], 0.8 * 60e3 * terms["untaken_t"], delta=1)

    def test_force_majeure_suspends_a_fire_and_not_a_strike(self):
        terms = contract(run("force-majeure"), "Dy 2026")
        self.assertAlmostEqual(terms["suspended_d"], 123, delta=1e-9)
        due = 8 * 90 - 90 * (61 / 91 + 62 / 92)  # days of May and June, of July and August
        self.assertAlmostEqual(terms["due_t"], due, delta=1e-6)
        self.assertGreater(terms["owed_t"], 0)

    def test_a_share_is_kept(self):
        with_it = run("contract-share")
        without = run("contract-share", "--set", "contracts=()", "--set", "nodes[\"House\"].buys[0].sources=({from=\"Separator\";})")
        late = [next(row["late_t"] for row in r["demand"] if row["node"] == "Elsewhere") for r in (with_it, without)]
        self.assertGreater(late[0], late[1])

    def test_the_upside_of_2026_has_a_most_of_ten_million_a_year(self):
        dear = ["--set", "prices[\"NdPr outside\"].start=\"300 USD/kg\"", "--set", "prices[\"NdPr outside\"].process=\"gbm(volatility 0 %/yr)\""]
        returned = contract(run("jare-2026", *dear), "JARE 2026 NdPr")["returned_usd"]
        self.assertAlmostEqual(returned, 5 * 10e6, delta=1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
