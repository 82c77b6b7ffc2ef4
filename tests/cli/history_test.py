#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenarios of scenarios/history: what they were asked to reproduce, and the marks of dated events against arithmetic.

    history_test.py MONAZITE [CLASS]"""
import datetime
import pathlib
import re
import sys
import unittest

MONAZITE = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "lib"))
import history  # noqa: E402: after the place where it is

# One lot of NdPr oxide: 200 t of liquor, half of it oxides. A period may begin and end in the midst of one.
LOT = 200 * 0.5 * 0.2329 * 0.97
BEFORE_NEXT, NEXT, UPGRADED = (0.97 * rate for rate in (6190, 7420, 10820))  # t of product a year, as in the scenario
CALM = 'disruptions["Availability"].from="2030-01-01"'
REPLICATIONS = 40


def made(dates, *settings):
    """NdPr oxide made from each date to the next, t, without the random stops."""
    arrivals = history.batch(MONAZITE, "lynas-2013-2026.cfg", 1, [CALM, *settings])
    return arrivals.by_period("Ready for sale", [datetime.datetime.fromisoformat(date) for date in dates])[0]


def lost(event, dates):
    """What an event took away from each period."""
    return made(dates, f'disruptions["{event}"].loss="0 %"') - made(dates)


class Criteria(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.quarters = history.lynas(MONAZITE, REPLICATIONS, [])
        cls.months = history.china(MONAZITE, REPLICATIONS, [])

    def test_what_was_reported_is_reproduced(self):
        score, licences = history.scores(self.quarters), history.china_scores(self.months)
        verdict = history.holds(score, licences)
        self.assertTrue(all(verdict.values()), (verdict, score, licences))
        self.assertEqual(score["quarters"], 21)

    def test_quiet_quarters_have_the_one_constant(self):
        of_year = [q["mean"] for q in self.quarters if q["quarter"].startswith("FY2017")]
        self.assertAlmostEqual(sum(of_year) / (40 / 43 * BEFORE_NEXT), 1, delta=0.02)

    def test_the_other_seed_tells_the_same(self):
        score = history.scores(history.lynas(MONAZITE, REPLICATIONS, ['seed="2"']))
        self.assertLess(score["mape"], history.CRITERIA["mape"])
        self.assertLess(abs(score["bias"]), history.CRITERIA["bias"])


class Marks(unittest.TestCase):
    """All of them: a stop of d days takes d days of the rate, at once; the hold-up stays inside, so nothing is paid back
    and the first product leaves as soon as the plant runs."""

    def test_the_pandemic_order(self):
        # 9 d before April, 33 d after; then 58 d at 75 %, from the first day on: the 40 d of hold-up have not to be filled again
        before, stop, after = lost("E4 pandemic", ["2020-01-01", "2020-04-01", "2020-07-01", "2021-07-01"])
        self.assertAlmostEqual(before, 9 / 365 * NEXT, delta=LOT)
        self.assertAlmostEqual(stop, 33 / 365 * NEXT, delta=LOT)
        self.assertAlmostEqual(after, 0, delta=LOT)
        shut, first = made(["2020-03-23", "2020-05-04", "2020-05-24"])
        self.assertEqual(shut, 0)
        self.assertAlmostEqual(first, 20 / 365 * 0.75 * NEXT, delta=LOT)
        self.assertAlmostEqual(made(["2020-04-01", "2020-07-01"])[0], 58 / 365 * 0.75 * NEXT, delta=LOT)

    def test_the_licence_limit_reached(self):
        # 21 d; the rate is on its way from 6,190 to 7,420 kt in 180 d, and until it is there the hold-up takes 40 d of what is new
        rate = BEFORE_NEXT + (NEXT - BEFORE_NEXT) * (163 + 180) / 2 / 180
        filling = 40 * (NEXT - BEFORE_NEXT) / 180
        quarter, rest = lost("E2 licence limit", ["2018-10-01", "2019-01-01", "2019-07-01"])
        self.assertAlmostEqual(quarter, 21 / 365 * (rate - filling), delta=LOT)
        self.assertAlmostEqual(quarter + rest, 21 / 365 * rate, delta=2 * LOT)  # the filling comes later

    def test_the_licence_limit_managed(self):
        # what 2018 had used on 11 December, less the first half of 2019, over the second half
        limit = 0.93 * (6000 * 181 + 6550 * 163) / 365
        left = limit - 0.93 * 7200 * 181 / 365
        half = made(["2019-07-01", "2020-01-01"])[0]
        self.assertAlmostEqual(0.93 * half, left, delta=2 * LOT)
        self.assertAlmostEqual(half / (184 / 365 * NEXT), 4.77 / 7.42, delta=2 * LOT / half)

    def test_the_water_outage(self):
        self.assertAlmostEqual(lost("E7 water", ["2022-07-01", "2022-10-01"])[0], 16 / 365 * NEXT, delta=LOT)

    def test_the_upgrade(self):
        self.assertAlmostEqual(lost("E9 upgrade", ["2023-10-01", "2024-01-01"])[0], 47 / 365 * NEXT, delta=LOT)
        # from 2024 on the rate grows over 180 d, and the larger hold-up fills: 40 d of the growth do not leave in these 182 d
        half = made(["2024-01-01", "2024-07-01"])[0]
        self.assertAlmostEqual(half, (180 * (NEXT + UPGRADED) / 2 + 2 * UPGRADED - 40 * (UPGRADED - NEXT)) / 365, delta=2 * LOT)

    def test_what_hit_no_ndpr_leaves_no_mark(self):
        self.assertEqual(abs(lost("E10 storm", ["2024-01-01", "2024-07-01"])[0]), 0)

    def test_every_dated_event_is_in_the_scenario(self):
        text = (history.HISTORY / "lynas-2013-2026.cfg").read_text()
        steps = {"E3": "2019-07-01", "E8": None}  # a step of the capacity; La and Ce only
        for event in history.rows("lynas-events.csv"):
            with self.subTest(event["id"]):
                first = steps.get(event["id"], event["start"])
                last = datetime.date.fromisoformat(event["end"]) + datetime.timedelta(days=1)
                if first is None:
                    wanted = rf"# {event['id']} \("
                elif event["id"] in steps:
                    wanted = rf'from = "{first}"[^(]*\n[^(]*from = "{last}"'
                else:  # within the item of that name
                    wanted = rf'name = "{event["id"]} (?:(?!name = ).)*from = "{first}"; until = "{last}"'
                self.assertTrue(re.search(wanted, text, re.DOTALL), wanted)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
