#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each scenario differs from the base in the direction that its opening comment says, on the same luck; its ledger closes.

    scenarios_test.py MONAZITE SCENARIOS"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

MONAZITE = pathlib.Path(sys.argv[1])
SCENARIOS = pathlib.Path(sys.argv[2])
BASE = "sojitz-lynas"
PAIRS = 8
MORE, LESS, SAME = "more", "less", "the same"


def monazite(*arguments):
    return subprocess.run([MONAZITE, *arguments], capture_output=True, text=True, timeout=120, check=False)


def path(name):
    return SCENARIOS / f"{name}.cfg"


class Pairs:
    """Means and differences of one scenario against another, by measure and label."""

    def __init__(self, name, settings=(), against=BASE):
        sets = [word for setting in settings for word in ("--set", setting)]
        done = monazite("compare", path(against), path(name), "-n", str(PAIRS), "--json", *sets)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        said = json.loads(done.stdout)
        assert said["common_random_numbers"] and all(s["failed"] == 0 for s in said["scenarios"])
        self.of = {(m["measure"], *m["labels"].values()): m["scenarios"] for m in said["measures"]}

    def mean(self, *key, scenario=1):
        return self.of[key][scenario]["mean"]

    def difference(self, *key):
        return self.of[key][1]["difference"]

    def direction(self, *key):
        """More or less in every replication together: the interval of the difference does not hold 0."""
        it = self.of[key][1]
        if it["difference"] == 0:
            return SAME
        if it["difference_low"] > 0:
            return MORE
        return LESS if it["difference_high"] < 0 else "unsure"


class Scenarios(unittest.TestCase):
    def directions(self, pairs, *expected):
        for direction, *key in expected:
            with self.subTest(key=key):
                self.assertEqual(pairs.direction(*key), direction, pairs.of[tuple(key)])

    def nobody_waits(self, pairs):
        for element in ("Nd", "Dy", "Tb", "Sm", "Gd", "Y"):
            self.assertEqual((pairs.mean("fill_rate", element), pairs.mean("short", element)), (1, 0), element)

    def test_all_are_valid_close_and_say_what_they_ask(self):
        names = sorted(SCENARIOS.glob("*.cfg"))
        self.assertEqual(len(names), 16)
        pages = (SCENARIOS / "README.md").read_text(encoding="utf-8")
        for name in names:
            with self.subTest(name=name.name):
                done = monazite("validate", name)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertTrue(name.read_text(encoding="utf-8").startswith("# "))
                self.assertRegex(pages, rf"(?m)^## (.*, )?{re.escape(name.name)}(,|$)")
                done = monazite("run", name)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("ledger: residual 0 mg", done.stdout)
                if name.stem != BASE:
                    self.assertIn("Expected: ", name.read_text(encoding="utf-8"))

    # ---- the base ----

    def test_the_first_heavy_circuit_gives_what_the_ore_holds(self):
        """1,500 t/y of SEGH, 5.29 % of the rare earths, hold 0.25 of them as Dy and 0.09 as Tb; at 97 % recovery, at 90 %: 64 t and 23 t."""
        p = Pairs("china-closed", ["disruptions=()", 'warm_up="2026-10-01"', 'end="2028-10-01"'])
        for metal, share in (("Dy", 0.25), ("Tb", 0.09)):
            made = 365 * p.mean("throughput", f"LAMP heavy 1 / {metal} oxide", scenario=0)
            self.assertAlmostEqual(made / (1500 * share / 5.29 * 0.97), 1, delta=0.01)
            self.assertAlmostEqual(made * 0.90 / 0.97, {"Dy": 63.8, "Tb": 23.0}[metal], delta=0.7)

    # ---- China ----

    def test_china_closed(self):
        p = Pairs("china-closed")
        self.directions(p, *((LESS, "fill_rate", e) for e in ("Nd", "Dy", "Tb", "Gd", "Y")), (MORE, "node_short", "appliances"))
        self.assertLess(p.mean("node_first_shortage", "appliances"), p.mean("first_shortage", "Dy"))

    def test_2010_embargo(self):
        p = Pairs("2010-embargo")
        self.directions(p, (LESS, "fill_rate", "Y"), (MORE, "short", "Y"), (LESS, "delivered_from", "Y", "china"),
                        (MORE, "origin_share", "Y", "australia"))
        self.assertGreater(p.mean("fill_rate", "Nd"), 0.98)
        self.assertGreater(p.mean("first_shortage", "Y"), 414)  # after 19 November 2026: the two months pass

    def test_2025_april_licences(self):
        p = Pairs("2025-april-licences", ['start="2025-04-01"', 'end="2026-04-01"'])
        self.directions(p, (MORE, "licence_refusals", "heavies to Japan"), (LESS, "stock_mean", "Japan magnet trade / NdFeB SH"),
                        (LESS, "stock_mean", "Japan oxides / Y oxide"), (LESS, "stock_mean", "Japan oxides / Gd oxide"),
                        (SAME, "short", "Nd"))

    def test_2026_dual_use_ban(self):
        p = Pairs("2026-dual-use-ban")
        self.directions(p, *((LESS, "fill_rate", e) for e in ("Dy", "Tb", "Gd", "Y")), (LESS, "node_fill_rate", "EV motors"),
                        (SAME, "node_fill_rate", "electronics"), (SAME, "node_fill_rate", "appliances"))
        self.assertLess(p.mean("node_first_shortage", "phosphors"), p.mean("node_first_shortage", "EV motors"))

    def test_reserves(self):
        sixty, more = Pairs("stockpile-60"), Pairs("stockpile-180", against="stockpile-60")
        self.directions(sixty, *((LESS, "fill_rate", e) for e in ("Dy", "Tb", "Gd", "Y")))
        self.directions(more, *((MORE, "fill_rate", e) for e in ("Dy", "Tb", "Gd", "Y")), *((LESS, "short", e) for e in ("Gd", "Y")),
                        (MORE, "node_first_shortage", "ceramics"), (MORE, "node_first_shortage", "MRI contrast agents"))
        self.assertLessEqual(more.difference("node_first_shortage", "ceramics"), 134)  # 120 d, and the fortnight of an order
        self.directions(Pairs("stockpile-60", against="2026-dual-use-ban"), (MORE, "node_first_shortage", "phosphors"))

    # ---- the second chain ----

    def test_six_elements(self):
        on_time, late = Pairs("six-elements-on-time"), Pairs("six-elements-a-year-late")
        self.directions(on_time, (MORE, "separated", "Sm"), (MORE, "origin_share", "Sm", "australia"), (SAME, "separated", "Nd"))
        self.directions(late, *((LESS, "separated", e) for e in ("Sm", "Gd")), *((MORE, "origin_share", e, "china") for e in ("Sm", "Gd")))
        self.assertLess(late.mean("separated", "Gd"), on_time.mean("separated", "Gd"))
        self.assertAlmostEqual(late.mean("separated", "Dy") / on_time.mean("separated", "Dy"), 1, delta=0.05)
        self.nobody_waits(late)

    def test_kuantan_outage(self):
        p = Pairs("kuantan-outage")
        self.directions(p, (LESS, "separated", "Nd"), (MORE, "node_short", "NdPr abroad"), (MORE, "origin_share", "Dy", "china"),
                        (LESS, "separated", "Dy"))
        lost = p.difference("separated", "Nd") + p.difference("separated", "Pr")
        self.assertAlmostEqual(-lost, (42 + 365 / 4) / 365 * 9400, delta=600)
        self.nobody_waits(p)

    def test_kuantan_is_slow_in_the_calendar_from_the_day_it_runs_again(self):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "run.h5"
            monazite("run", path("kuantan-outage"), "--save=events", "-o", out)
            said = monazite("calendar", out).stdout
        self.assertRegex(said, r"2027-01-01 +2027-02-12 +42\.0 +Kuantan stands +out: ")
        self.assertRegex(said, r"2027-02-12 +2028-02-12 +365 +Kuantan slow +runs at 75\.0 %: ")

    def test_kalgoorlie_grid(self):
        p = Pairs("kalgoorlie-grid")
        self.directions(p, (MORE, "state_share", "Kalgoorlie", "down"), (MORE, "utilisation", "LAMP cracking"))
        self.assertGreater(p.mean("separated", "Nd") / p.mean("separated", "Nd", scenario=0), 0.97)
        self.assertAlmostEqual(p.mean("state_share", "Kalgoorlie", "down"), 0.256, delta=0.02)
        self.nobody_waits(p)

    def test_sea_lane_crisis(self):
        p = Pairs("sea-lane-crisis")
        self.directions(p, (LESS, "stock_mean", "LAMP cracking / concentrate"))
        self.assertGreater(p.mean("separated", "Nd") / p.mean("separated", "Nd", scenario=0), 0.99)
        self.nobody_waits(p)

    def test_no_second_chain(self):
        p = Pairs("no-second-chain")
        self.directions(p, *((MORE, "origin_share", e, "china") for e in ("Nd", "Dy", "Tb", "Sm", "Gd", "Y")), (SAME, "separated", "Nd"))
        self.assertEqual(p.mean("node_short", "NdPr abroad"), 0)
        self.nobody_waits(p)

    def test_licence_2031(self):
        p = Pairs("licence-2031", ['end="2034-10-01"', 'warm_up="2031-03-03"'])
        self.directions(p, (LESS, "separated", "Nd"), (LESS, "separated", "Dy"), (MORE, "node_short", "NdPr abroad"),
                        (LESS, "node_delivered", "NdPr abroad"))
        self.nobody_waits(p)

    def test_heavy_5000(self):
        p = Pairs("heavy-5000", ['warm_up="2029-10-01"'])
        self.directions(p, *((LESS, "origin_share", e, "china") for e in ("Dy", "Tb", "Y")), (MORE, "separated", "Dy"), (MORE, "separated", "Y"),
                        (SAME, "separated", "Nd"))
        self.assertGreater(p.mean("separated", "Dy"), 2 * p.mean("separated", "Dy", scenario=0))

    def test_demand_ev_boom(self):
        p = Pairs("demand-ev-boom")
        self.directions(p, *((MORE, "origin_share", e, "china") for e in ("Nd", "Dy", "Tb")), (MORE, "demanded", "Dy"), (SAME, "separated", "Nd"),
                        (SAME, "demanded", "Y"))
        self.assertGreater(p.mean("fill_rate", "Dy"), 0.98)


unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
