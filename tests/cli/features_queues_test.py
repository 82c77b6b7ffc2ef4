#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scenarios of queues and lots show, as their first lines say it.

    features_queues_test.py MONAZITE SCENARIOS"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import h5py

MONAZITE = pathlib.Path(sys.argv[1])
SCENARIOS = pathlib.Path(sys.argv[2])


def run(name, *settings):
    """Measures by place of one run: {measure: {"node / material": value}}."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "run.h5"
        command = [MONAZITE, "run", SCENARIOS / f"{name}.cfg", "-o", out]
        for setting in settings:
            command += ["--set", setting]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        with h5py.File(out) as file:
            places = [text.decode() for text in file["place"][()]]
            return {
                key: dict(zip(places, file[key][0, 0]))
                for key in file
                if getattr(file[key], "shape", None) == (1, 1, len(places))
            }


class Queues(unittest.TestCase):
    def test_three_kilns_keep_up_and_two_do_not(self):
        three = run("parallel-lines")
        self.assertEqual(three["wait_max"]["Kilns / concentrate"], 0)
        # 299 lots in a hundred days, of which the last three or so are not done.
        self.assertAlmostEqual(three["in_process_mean"]["Kilns / concentrate"], 55, delta=0.5)
        self.assertAlmostEqual(three["lead_time_max"]["Users / oxide"], 22 / 24, places=9)
        two = run("parallel-lines", 'nodes["Kilns"].lines=2')
        self.assertGreater(two["stock_max"]["Kilns / concentrate"], 20 * 70)
        self.assertEqual(two["lots_in"]["Users / oxide"], 2 * ((100 * 24 - 8 - 8) // 22))

    def test_defence_waits_only_for_defence(self):
        first = run("priority-lots")["wait_mean"]
        self.assertLess(first["Line / SmCo feed"], 0.2)
        self.assertGreater(first["Line / NdFeB feed"], 1)
        polite = run("priority-lots", 'nodes["Line"].preempt=false')["wait_mean"]
        self.assertGreater(polite["Line / SmCo feed"], first["Line / SmCo feed"] + 0.3)

    def test_a_full_yard_turns_away_what_a_longer_one_keeps(self):
        small = run("full-yard")
        self.assertGreater(small["loss_share"]["Mill / ore"], 0.05)
        self.assertAlmostEqual(small["stock_max"]["Mill / ore"], 60)
        large = run("full-yard", 'nodes["Mill"].stores[0].capacity="200 t"')
        self.assertLess(large["lots_lost"]["Mill / ore"], small["lots_lost"]["Mill / ore"] / 2)
        gate = run("full-yard", 'nodes["Mill"].stores[0].when_full="block"')
        self.assertEqual(gate["lots_lost"]["Mill / ore"], 0)
        self.assertGreater(gate["stock_mean"]["Trucks / ore"], 0)
        away = run("full-yard", 'nodes["Mill"].stores[0].when_full="block"', 'nodes["Trucks"].when_blocked="lose"')
        self.assertGreater(away["lots_lost"]["Trucks / ore"], 0)
        self.assertEqual(away["stock_mean"]["Trucks / ore"], 0)

    def test_a_waiting_room_holds_three_lots_of_whatever_kind(self):
        shared = run("waiting-room")
        self.assertGreater(shared["lots_lost"]["Smelter / oxide"], 0)
        self.assertGreater(shared["lots_lost"]["Smelter / swarf"], 0)
        most = shared["stock_max"]
        self.assertLessEqual(most["Smelter / oxide"], 6 + 2)  # one that goes straight to work passes through
        kept = run("waiting-room", 'nodes["Smelter"].waiting_room="1 kt"')
        self.assertEqual(kept["lots_lost"]["Smelter / oxide"] + kept["lots_lost"]["Smelter / swarf"], 0)

    def test_lots_by_chance_wait_longer_than_lots_in_turn(self):
        chance = run("branches")
        fast = chance["lots_in"]["Fast kiln / concentrate"]
        slow = chance["lots_in"]["Slow kiln / concentrate"]
        self.assertAlmostEqual(fast / (fast + slow), 0.6, delta=3 * (0.24 / (fast + slow)) ** 0.5)
        turn = run("branches", 'nodes["Mill"].divides="in_turn"')
        self.assertAlmostEqual(turn["lots_in"]["Fast kiln / concentrate"] / turn["lots_in"]["Mill / concentrate"], 0.6, places=2)
        self.assertLess(turn["wait_mean"]["Slow kiln / concentrate"], chance["wait_mean"]["Slow kiln / concentrate"])

    def test_a_buffer_is_worth_what_the_markov_chain_says(self):
        buffered = run("two-machines")
        self.assertAlmostEqual(buffered["throughput"]["Out / done"] / 1440, 0.84405753, delta=0.005)
        none = run("two-machines", 'nodes["Furnace"].stores[0].capacity="0 t"')
        self.assertAlmostEqual(none["throughput"]["Out / done"] / 1440, 5 / 11, delta=0.004)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
