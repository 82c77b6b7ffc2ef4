#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""monazite trace, why and calendar as a user runs them: why_test.py MONAZITE SCENARIO [CLASS[.TEST]]...
SCENARIO is the one with China closed for 2026."""
import csv
import io
import json
import os
import sys
import unittest

import h5py

from cli_test import SCENARIO, Case


class Kept(Case):
    kept = None

    def results(self):
        """The scenario's results, made once."""
        if Kept.kept is None:
            self.monazite("run", SCENARIO, "--save=events,lots", "-o", "kept.h5", "-q")
            with open(self.path("kept.h5"), "rb") as file:
                Kept.kept = file.read()
        with open(self.path("x.h5"), "wb") as file:
            file.write(Kept.kept)
        return "x.h5"

    def said(self, *args):
        out, err = self.monazite(*args, "--json")
        self.assertEqual(err, "")
        return json.loads(out)

    def fails(self, code, *args):
        out, err = self.monazite(*args, code=code)
        self.assertEqual(out, "")
        self.assertEqual(len(err.splitlines()), 1, err)
        return err


class Trace(Kept):
    def test_lists_deliveries(self):
        x = self.results()
        every = self.said("trace", x)["deliveries"]
        self.assertGreater(len(every), 1000)
        self.assertEqual(every, sorted(every, key=lambda d: d["arrived"], reverse=True), "the latest first")
        longest = self.said("trace", x, "--longest")["deliveries"]
        days = [d["days"] for d in longest]
        self.assertEqual(days, sorted(days, reverse=True))
        self.assertGreater(days[0], 60, "China is closed for a year")
        to = self.said("trace", x, "--to=appliances")["deliveries"]
        self.assertEqual({d["node"] for d in to}, {"appliances"})
        text, _ = self.monazite("trace", x, "--longest")
        self.assertIn("\nDeliveries (days: from the order to the arrival)\n  lot ", text)
        self.assertIn(f"and {len(every) - 25} more (--all)\n", text)
        self.assertEqual(len(self.monazite("trace", x, "--all")[0].splitlines()), len(every) + 3)

    def test_shares_add_up(self):
        x = self.results()
        for d in self.said("trace", x)["deliveries"][::100]:
            lot = self.said("trace", x, f"--lot={d['lot']}")
            self.assertEqual(lot["lot"], d["lot"])
            for side in ("came_from", "became"):
                self.assertAlmostEqual(sum(g["share"] for g in lot[side]), 1, places=9)
            self.assertAlmostEqual(sum(a["share"] for a in lot["ancestors"]), 1, places=9)
            self.assertTrue({g["end"] for g in lot["became"]} & {"in_service", "delivered"}, lot["became"])
            self.assertGreater(min(g["mass_t"] for g in lot["became"]), 0)

    def test_an_ore_ends_somewhere(self):
        x = self.results()
        lot = self.said("trace", x, "--lot=1")
        self.assertAlmostEqual(sum(g["share"] for g in lot["became"]), 1, places=9)
        text, _ = self.monazite("trace", x, "--lot=1")
        self.assertIn("\nWhat became of it, as it was at first\n", text)
        for line in text.splitlines():
            self.assertLessEqual(len(line), 110, line)


class Why(Kept):
    def test_legs_add_up(self):
        x = self.results()
        for d in self.said("trace", x, "--longest")["deliveries"][:200:20]:
            if d["days"] == 0:
                continue
            why = self.said("why", x, f"--delivery={d['lot']}")
            self.assertEqual(why["delivery"], d)
            self.assertEqual(sum(leg["us"] for leg in why["legs"]), why["us"])
            self.assertAlmostEqual(why["us"] / 86400e6, d["days"], places=9)
            text, _ = self.monazite("why", x, f"--delivery={d['lot']}")
            table = text.split("Along the last part to arrive\n")[1].splitlines()[1:]
            days = [float(line.split()[1]) for line in table]
            self.assertAlmostEqual(sum(days[:-1]), days[-1], places=6, msg=text)

    def test_names_what_was_closed(self):
        x = self.results()
        longest = self.said("trace", x, "--longest")["deliveries"][0]
        why = self.said("why", x, f"--delivery={longest['lot']}")
        self.assertIn("China closed", {leg["cause"] for leg in why["legs"]})
        self.assertIn("(China closed)", why["words"])

    def test_a_node_on_a_date(self):
        x = self.results()
        lack = self.said("why", x, "--node=appliances", "--date=2026-06-15")
        tree = lack["tree"]
        self.assertEqual((tree[0]["node"], tree[0]["parent"], tree[0]["lacks"]), ("appliances", -1, True))
        for i, entry in enumerate(tree):
            self.assertLess(entry["parent"], i)
            if entry["parent"] >= 0:
                self.assertEqual(entry["level"], tree[entry["parent"]]["level"] + 1)
                self.assertEqual(entry["to"], tree[entry["parent"]]["node"])
        closed = [e for e in tree if e["disruption"] == "China closed"]
        self.assertEqual((closed[0]["cause"], closed[0]["cause_from"], closed[0]["cause_until"]),
                         ("outage", "2026-01-01", None))
        text, _ = self.monazite("why", x, "--node=appliances", "--date=2026-06-15")
        self.assertIn("China closed, from 2026-01-01.", " ".join(text.split()))
        self.assertIn("\n  Japan magnet trade owes ", text)
        nothing, _ = self.monazite("why", x, "--node=LAMP heavy 1", "--date=2026-06-15", "--element=Dy")
        self.assertEqual(nothing, "On 2026-06-15 LAMP heavy 1 waited for nothing and owed nothing.\n")

    def test_the_summary_says_it_first(self):
        run = self.said("run", SCENARIO)
        self.assertEqual(run["headlines"][0], run["headline"])
        self.assertEqual({c["disruption"] for c in run["causes"]}, {"China closed"})
        self.assertEqual({c["element"] for c in run["causes"]},
                         {e["element"] for e in run["elements"] if e["first_shortage"] is not None})
        self.assertGreater(run["carried_by"]["from_t"], run["carried_by"]["until_t"])
        out, _ = self.monazite("run", SCENARIO)
        self.assertLess(out.index("What kept it from them: China closed, from 2026-01-01"), out.index("\nElements"))
        logged, _ = self.monazite("run", SCENARIO, "--save=lots", "-o", "y.h5", "--events=y.csv")
        self.assertEqual(logged[:len(out)], out, "whatever is kept")


    def test_a_stock_that_lasts_as_long_as_arithmetic_says(self):
        """50 t in stock and under way at 1 t a day: the embargo is felt after 50 days."""
        dated = os.path.join(os.path.dirname(SCENARIO), "features", "embargo-dated.cfg")
        run = self.said("run", dated)
        self.assertEqual([(c["element"], c["date"], c["node"], c["cause"], c["from"]) for c in run["causes"]],
                         [("Dy", "2026-02-25", "China", "embargo", "2026-01-06")])
        carried = run["carried_by"]
        self.assertEqual((carried["node"], carried["from"], carried["until"], carried["until_t"]),
                         ("Trader", "2026-01-06", "2026-02-25", 0))
        self.assertIn("0 t 50 days later.", run["headlines"][2])

    def test_what_users_got_over(self):
        base = os.path.join(os.path.dirname(SCENARIO), "sojitz-lynas.cfg")
        run = self.said("run", base)
        self.assertEqual((run["causes"], run["carried_by"]), ([], None))
        self.assertIn("LAMP long stop", {e["disruption"] for e in run["withstood"]})
        self.assertIn("What they got over: ", run["headlines"][1])


class Calendar(Kept):
    def test_has_the_closing(self):
        x = self.results()
        said = self.said("calendar", x)["calendar"]
        closed = [e for e in said if e["disruption"] == "China closed"]
        self.assertEqual({e["node"] for e in closed}, {"China oxides", "China metals", "China magnets"})
        self.assertEqual({(e["from"], e["until"], e["days"]) for e in closed}, {("2026-01-01", "2027-01-01", 365)})
        self.assertEqual([e["from"] for e in said], sorted(e["from"] for e in said))
        out, _ = self.monazite("calendar", x, "--csv")
        rows = list(csv.DictReader(io.StringIO(out)))
        self.assertEqual(len(rows), len(said))
        self.assertEqual([r["what"] for r in rows], [e["what"] for e in said])
        text, _ = self.monazite("calendar", x)
        self.assertRegex(text, r"2026-01-01 +2027-01-01 +365 +China closed +out: China ")
        everything, _ = self.monazite("calendar", x, "--all")
        self.assertGreater(len(everything), len(text))
        self.assertNotIn("(--all)", everything)


class Wrong(Kept):
    def test_a_file_without_what_is_needed_says_how_to_get_it(self):
        self.monazite("run", SCENARIO, "-o", "plain.h5", "-q")
        self.monazite("run", SCENARIO, "-o", "events.h5", "-q", "--save=events")
        self.assertIn('"monazite run FILE -o plain.h5 --save=events"', self.fails(64, "calendar", "plain.h5"))
        self.assertIn('"monazite run FILE -o plain.h5 --save=events"', self.fails(64, "trace", "plain.h5"))
        for args in (["trace", "events.h5", "--lot=1"], ["why", "events.h5", "--delivery=1"]):
            self.assertIn('"monazite run FILE -o events.h5 --save=events,lots"', self.fails(64, *args))
        self.monazite("calendar", "events.h5", "-q")
        self.monazite("trace", "events.h5", "-q")

    def test_what_there_is_not(self):
        x = self.results()
        self.assertIn("there is no lot 999999", self.fails(64, "trace", x, "--lot=999999"))
        self.assertIn("lot 1 was not ordered and delivered", self.fails(64, "why", x, "--delivery=1"))
        self.assertIn('no node "aplliances"; did you mean "appliances"?',
                      self.fails(64, "why", x, "--node=aplliances", "--date=2026-06-15"))
        self.assertIn('no element "Xx"', self.fails(64, "why", x, "--node=appliances", "--date=2026-06-15", "--element=Xx"))
        self.assertIn("expected a date", self.fails(64, "why", x, "--node=appliances", "--date=soon"))
        self.assertIn("the run is from 2025-10-01 to 2030-10-01", self.fails(64, "why", x, "--node=appliances", "--date=1999-01-01"))
        self.assertIn("no replication 7", self.fails(64, "trace", x, "--replication=7"))

    def test_what_contradicts_itself(self):
        x = self.results()
        for args in ([], ["--node=appliances"], ["--date=2026-06-15"], ["--delivery=1", "--node=appliances", "--date=2026-06-15"],
                     ["--delivery=1", "--element=Dy"]):
            self.assertIn("say --delivery=ID, or --node=NODE with --date=DATE", self.fails(64, "why", x, *args))
        self.fails(64, "trace", x, "--lot=1", "--longest")
        self.fails(64, "calendar", x, "--csv", "--json")

    def test_damaged_and_foreign_files(self):
        x = self.results()
        self.path("text.h5", "this is no results file\n")
        with h5py.File(self.path("foreign.h5"), "w") as file:
            file["data"] = [1, 2, 3]
        with open(self.path("cut.h5"), "wb") as file:
            file.write(Kept.kept[:len(Kept.kept) // 2])
        for command in (["trace"], ["calendar"], ["why", "--delivery=1"]):
            for name in ("text.h5", "foreign.h5", "cut.h5"):
                self.assertIn(name, self.fails(65, command[0], name, *command[1:]))
            self.fails(66, command[0], "none.h5", *command[1:])
        for column, value in (("node", 9999), ("what", 200), ("lot", 2 ** 62), ("disruption", 500), ("material", -7)):
            os.replace(self.path(self.results()), self.path("bad.h5"))
            with h5py.File(self.path("bad.h5"), "r+") as file:
                file["event_log"][column][100] = value
            for command in (["trace"], ["calendar"], ["why", "--delivery=1"]):
                self.assertIn("damaged", self.fails(65, command[0], "bad.h5", *command[1:]), column)


class Batches(Kept):
    def test_a_replication_of_a_batch(self):
        self.monazite("batch", SCENARIO, "-n", "3", "--save=lots", "-o", "b.h5", "-q")
        self.monazite("run", SCENARIO, "--replication=2", "--save=lots", "-o", "r.h5", "-q")
        one = self.monazite("trace", "r.h5", "--longest")
        self.assertEqual(self.monazite("trace", "b.h5", "--longest", "--replication=2"), one)
        self.assertNotEqual(self.monazite("trace", "b.h5", "--longest"), one)
        self.assertEqual(self.monazite("calendar", "b.h5", "--replication=2"), self.monazite("calendar", "r.h5"))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
