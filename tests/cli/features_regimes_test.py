#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scenarios of regimes and stockpiles show, as their first lines say it.

    features_regimes_test.py MONAZITE SCENARIOS"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import one_run
from one_run import MONAZITE, SCENARIOS


class Results(one_run.Results):
    """With regimes by name, and days of events."""

    def regime(self, measure, name):
        return float(self.of(measure, "regime", name))

    def days(self, event):
        """Days of the events of a kind."""
        return [int(e["microseconds"]) / 86400e6 for e in self.events if e["event"] == event]


class Regimes(unittest.TestCase):
    def test_an_embargo_leaves_stock_and_pipeline(self):
        r = Results("embargo-dated")
        self.assertEqual(r.node("node_first_shortage", "users"), 55)
        self.assertEqual(r.days("ruled"), [5])

    def test_an_office_answers_in_turn(self):
        r = Results("licence-queue")
        self.assertEqual(r.regime("licence_applications", "licences"), 52)
        self.assertEqual(r.regime("licence_approvals", "licences"), 16)
        self.assertEqual(r.regime("licence_wait", "licences"), 140)
        self.assertEqual(r.regime("licence_queue_end", "licences"), 36)
        self.assertEqual(r.days("approved")[:4], [42, 49, 84, 91])

    def test_a_quota_carries_over(self):
        r = Results("quota-carry-over")
        self.assertAlmostEqual(r.regime("quota_used", "export quota"), 45 + 91 + 83.25 + 80, places=9)
        self.assertEqual(r.node("node_first_shortage", "users"), 219)
        self.assertEqual(r.days("exhausted")[0], 219)

    def test_a_tariff_counts_what_comes_in(self):
        r = Results("tariff")
        self.assertEqual(r.regime("sent_under_tariff", "duty"), 275)
        self.assertEqual(r.node("node_short", "users"), 0)
        self.assertEqual(r.days("announced"), [59])

    def test_de_minimis_looks_into_the_lots(self):
        r = Results("de-minimis")
        self.assertEqual(r.node("node_short", "lean"), 0)
        self.assertEqual(r.node("node_short", "rich, from Australia"), 0)
        self.assertEqual(r.node("node_delivered", "rich, from China"), 0)
        self.assertEqual(r.regime("held_back_end", "heavies, wherever made"), 181)

    def test_a_share_of_the_elements_is_another_one(self):
        """Of the lean magnets' heavies, all is from China."""
        r = Results("de-minimis", 'regimes["heavies, wherever made"].on.share_of="elements"')
        self.assertEqual(r.node("node_delivered", "lean"), 0)

    def test_a_chain_ends_with_a_step_out_of_it(self):
        r = Results("markov-regime")
        self.assertGreater(r.regime("regime_changes", "moods"), 10)
        self.assertEqual(max(r.days("ruled")), 5113)  # 2040-01-01

    def test_hoarding_doubles_the_cover(self):
        self.assertEqual(Results("hoarding").node("node_first_shortage", "users"), 180)
        plain = Results("hoarding", 'nodes["Trader"].buys[0].hoard=1.0')
        self.assertEqual(plain.node("node_first_shortage", "users"), 150)

    def test_hoarding_may_end_before_the_step(self):
        """Ten days after the announcement it no longer aims higher; what it has then it keeps until May by needing less."""
        r = Results("hoarding", 'nodes["Trader"].buys[0].hoard_for="10 d"')
        self.assertEqual(r.node("node_first_shortage", "users"), 150)

    def test_a_step_is_revised_with_its_probability(self):
        always = Results("revised-step", 'regimes["July"].steps[0].revised="100 %"')
        self.assertEqual([line["detail"] for line in always.events if line["event"] == "ruled"], ["1"])

    def test_the_summary_tells_of_them(self):
        command = [MONAZITE, "run", SCENARIOS / "licence-queue.cfg"]
        done = subprocess.run([*command, "--json"], check=True, capture_output=True, text=True, timeout=120)
        (office,) = json.loads(done.stdout)["regimes"]
        self.assertEqual((office["regime"], office["share"]["licence"]), ("licences", 1))
        self.assertEqual((office["applications"], office["approvals"], office["wait_d"]), (52, 16, 140))
        text = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
        self.assertRegex(text, r"Regimes .*\n +licence % +applied +approved +wait d +held back t\n +licences +100.0 +52.0 +16.0 +140 +360\n")

    def test_the_summary_of_a_batch_tells_of_them(self):
        with tempfile.TemporaryDirectory() as folder:
            command = [MONAZITE, "batch", SCENARIOS / "licence-queue.cfg", "-n", "2", "-o", pathlib.Path(folder) / "batch.h5", "--json"]
            done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
        means = {sum["measure"]: sum["figure"]["mean"] for sum in json.loads(done.stdout)["regimes"]}
        self.assertEqual((means["regime_share"], means["licence_applications"], means["licence_wait"]), (100, 52, 140))

    def test_hostile_values_neither_hang_nor_break(self):
        office = 'regimes["licences"].steps[0].'
        for settings in (
            ['answer="292471 yr"'],
            ['validity="292471 yr"'],
            ['approve="0 %"', 'reapply="1 h"', 'answer="0 d"'],
            ['approve="0 %"', 'reapply="292471 yr"', 'answer="0 working days"'],
            ['per="buyer"', 'volume="1 mg"', 'answer="0 d"'],
            ['per="buyer"', 'volume="9223 Mt"', 'answer="0 d"', 'validity="1 h"', 'renew="59 min"'],
        ):
            with self.subTest(settings):
                r = Results("licence-queue", *[office + setting for setting in settings])
                self.assertGreaterEqual(r.regime("licence_applications", "licences"), 1)


class Stockpiles(unittest.TestCase):
    def test_a_regime_opens_a_reserve(self):
        r = Results("stockpile-by-regime")
        self.assertEqual(r.node("node_first_shortage", "users"), 75)
        closed = Results("stockpile-by-regime", 'nodes["Reserve"].release.states=("quota")')
        self.assertEqual(closed.node("node_first_shortage", "users"), 15)

    def test_dates_open_a_reserve(self):
        """From day 40 on: the users have gone without for 25 days, who wait; 60 t then serve them at once and 35 days more."""
        r = Results("stockpile-by-regime", 'nodes["Reserve"].release={ rate="60 t/d"; from="2026-02-10"; until="2026-02-11"; }')
        self.assertEqual(r.node("node_first_shortage", "users"), 15)
        self.assertEqual(r.node("node_delivered", "users"), 75)
        self.assertEqual({line["microseconds"] for line in r.events if line["event"] == "departed" and line["node"] == "Reserve"}, {str(40 * 86400000000)})

    def test_a_target_of_cover_follows_the_use(self):
        """Ten days more of 1 t a day, as the trader remembers its use."""
        r = Results("stockpile-rotation", 'nodes["Reserve"].holds=( { material="Dy metal"; cover="130 d"; fill="1 t/d"; sources=( { from="China"; } ); } )')
        self.assertAlmostEqual(sum(float(line["mass_t"]) for line in r.events if line["event"] == "ordered" and line["node"] == "Reserve"), 10, delta=2)

    def test_rotation_buys_first_and_sells_the_oldest(self):
        r = Results("stockpile-rotation")
        bought = [float(line["mass_t"]) for line in r.events if line["event"] == "arrived" and line["node"] == "Reserve"]
        sold = [float(line["mass_t"]) for line in r.events if line["event"] == "departed" and line["node"] == "Reserve"]
        self.assertAlmostEqual(sum(bought), sum(sold), delta=3)
        self.assertAlmostEqual(sum(sold), 120, delta=3)
        stock = 120.0
        for line in r.events:
            if line["event"] == "arrived" and line["node"] == "Reserve":
                stock += float(line["mass_t"])
            if line["event"] == "departed" and line["node"] == "Reserve":
                stock -= float(line["mass_t"])
            self.assertGreaterEqual(stock, 120 - 1e-6)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
