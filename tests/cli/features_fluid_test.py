#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scenarios of flows and hold-ups show, as their first lines say it.

    features_fluid_test.py MONAZITE SCENARIOS"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import h5py

MONAZITE = pathlib.Path(sys.argv[1])
SCENARIOS = pathlib.Path(sys.argv[2])


def run(name, *settings):
    """The summary as JSON, and the oxide that left a separation, by day, if there is one."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "run.h5"
        command = [MONAZITE, "run", SCENARIOS / f"{name}.cfg", "-o", out, "--json"]
        for setting in settings:
            command += ["--set", setting]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
        with h5py.File(out) as file:
            accounts = list(zip(file["account_node"].asstr()[:], file["account_material"].asstr()[:]))
            place = ("Separation", "oxide")
            left = file["outflow"][()].squeeze()[accounts.index(place)] if place in accounts else None
        return json.loads(done.stdout), left


class Flows(unittest.TestCase):
    def test_a_tank_lasts_as_long_as_its_stock_and_what_is_under_way(self):
        summary, _ = run("fluid-embargo")
        lacks = {flow["node"]: flow["first_lack"] for flow in summary["flow"]}
        self.assertEqual(lacks["Users by pipe"], "2026-05-31")  # day 150
        self.assertEqual(lacks["Users by ship"], "2026-06-30")  # day 180
        unmet = {flow["node"]: flow["unmet"] for flow in summary["flow"]}
        self.assertAlmostEqual(unmet["Users by pipe"], (365 - 150) / 365, 9)

    def test_a_line_passes_less_than_its_machines_could(self):
        summary, _ = run("fluid-line")
        rates = {flow["node"]: flow["rate_t_per_d"] for flow in summary["flow"]}
        self.assertLess(rates["Concentrator"], 900 * 20 / 23)
        self.assertLess(rates["Cracking"], 130 * 30 / 34)
        # 8 % in the ore, of which 70 % come into a concentrate of 40 %; the heap holds the difference
        self.assertAlmostEqual(rates["Cracking"], rates["Concentrator"] * 0.08 * 0.7 / 0.4, delta=400 / 730)

    def test_a_hold_up_is_lent_and_paid_back(self):
        begin, stop, lent = 59, 15, 10  # days; a sample has what left until its instant, and at it
        _, left = run("hold-up-stop")
        _, kept = run("hold-up-stop", 'nodes["Separation"].drawable="0 %"')
        days = [day - begin for day in range(len(left) - 1)]  # at the end nothing happens
        for day, lends, keeps in zip(days, left, kept):
            self.assertAlmostEqual(lends, 1 if day < lent or day >= stop + lent else 0, 9, f"day {day}")
            self.assertAlmostEqual(keeps, 1 if day < 0 or day >= stop else 0, 9, f"day {day}")
        self.assertAlmostEqual(left.sum(), kept.sum(), 9)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
