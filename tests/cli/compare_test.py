#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""monazite compare as a user runs it: compare_test.py MONAZITE SCENARIO [CLASS[.TEST]]..."""
import csv
import io
import json
import os
import subprocess
import sys
import unittest

from cli_test import SCENARIO, Case

QUAKE = f"""extends = "{SCENARIO}";
title = "A first mine, with a quake";
disruptions = ( {{ name = "Quake"; hits = ( "Plant" );
                  periods = ( {{ from = "2026-06-01"; until = "2026-07-15"; }} ); }} );
"""


class Compare(Case):
    def setUp(self):
        super().setUp()
        self.quake = self.path("quake.cfg", QUAKE)

    def results(self, name, *args):
        self.monazite("batch", *args, "-o", name, "-q", "--bands=none")
        return name

    # ---- what it says ----

    def test_text(self):
        out, err = self.monazite("compare", SCENARIO, self.quake, "-n", "20")
        self.assertEqual(err, "")
        self.assertIn("Compared with first-mine: 20 pairs of replications, common random numbers (seed 1), "
                      "95 % intervals\n", out)
        self.assertIn('quake is "A first mine, with a quake"\n', out)
        self.assertRegex(out, r"quake: worse for users: Nd short \+\d+ t \(95 %: \+\d+ to \+\d+\), in time -\d")
        self.assertRegex(out, r"(?m)^  Dy +[\d.]+ ± [\d.]+ +[\d.]+ ± [\d.]+ +-[\d.]+ ± [\d.]+ \*\*\* worse ")
        self.assertIn("--all shows them.", " ".join(out.split()))
        for line in out.splitlines():
            self.assertLessEqual(len(line), 110, line)

    def test_three_scenarios_and_their_order(self):
        big = self.path("big.cfg", f'extends = "{SCENARIO}";\nnodes = ( {{ name = "Plant"; capacity = "12 kt/month"; }} );\n')
        out, _ = self.monazite("compare", SCENARIO, self.quake, big, "-n", "10")
        self.assertLess(out.index("\nquake: "), out.index("\nbig: "))
        self.assertRegex(out, r"(?m)^  Nd +first-mine +.+\n +quake +.+\n +big +")

    def test_all_shows_everything(self):
        some, _ = self.monazite("compare", SCENARIO, self.quake, "-n", "5")
        everything, _ = self.monazite("compare", SCENARIO, self.quake, "-n", "5", "--all")
        self.assertGreater(len(everything), len(some))
        self.assertNotIn("not shown", everything)
        self.assertIn("utilisation", everything)

    def test_equal_scenarios(self):
        out, _ = self.monazite("compare", SCENARIO, SCENARIO, "-n", "5")
        self.assertIn("first-mine (2): the same as first-mine in every replication.", out)
        self.assertNotIn("worse ", out.split("Service")[1].replace("is worse", ""))

    def test_threads_do_not_matter(self):
        one = self.monazite("compare", SCENARIO, self.quake, "-n", "24", "-j", "1", "--json")
        self.assertEqual(self.monazite("compare", SCENARIO, self.quake, "-n", "24", "-j", "3", "--json"), one)

    # ---- for programs ----

    def test_json(self):
        out, _ = self.monazite("compare", SCENARIO, self.quake, "-n", "20", "--json", "--confidence", "90")
        said = json.loads(out)
        self.assertEqual((said["confidence"], said["replications"], said["baseline"]), (0.9, 20, "first-mine"))
        self.assertIs(said["common_random_numbers"], True)
        self.assertEqual([(s["name"], s["failed"], s["left_out"]) for s in said["scenarios"]],
                         [("first-mine", 0, 0), ("quake", 0, 0)])
        self.assertIsNone(said["scenarios"][0]["words"])
        dy, = (m for m in said["measures"] if m["measure"] == "short" and m["labels"] == {"element": "Dy"})
        base, quake = dy["scenarios"]
        self.assertIsNone(base["difference"])
        self.assertAlmostEqual(quake["difference"], quake["mean"] - base["mean"])
        self.assertLess(quake["p_holm"], 0.001)
        self.assertGreaterEqual(quake["p_holm"], quake["p"])
        self.assertEqual((quake["pairs"], quake["win"]), (20, 0))

    def test_csv(self):
        out, _ = self.monazite("compare", SCENARIO, self.quake, "-n", "5", "--csv")
        rows = list(csv.DictReader(io.StringIO(out, newline="")))
        said = json.loads(self.monazite("compare", SCENARIO, self.quake, "-n", "5", "--json")[0])
        self.assertEqual(len(rows), 2 * len(said["measures"]))
        row, = (r for r in rows if (r["measure"], r["element"], r["scenario"]) == ("fill_rate", "Nd", "quake"))
        self.assertLess(float(row["difference_high"]), 0)
        self.assertEqual(row["node"], "")

    def test_measures(self):
        out, _ = self.monazite("compare", SCENARIO, self.quake, "-n", "5", "--csv", "--measures", "short, fill_rate")
        measures = {r["measure"] for r in csv.DictReader(io.StringIO(out, newline=""))}
        self.assertEqual(measures, {"short", "fill_rate"})
        out, _ = self.monazite("compare", SCENARIO, self.quake, "-n", "5", "--csv", "--measures=first_shortage")
        measures = {r["measure"] for r in csv.DictReader(io.StringIO(out, newline=""))}
        self.assertEqual(measures, {"first_shortage", "any_shortage"})
        out, _ = self.monazite("compare", SCENARIO, self.quake, "-n", "5", "--csv",
                               "--measures=any_shortage,node_any_shortage")
        measures = {r["measure"] for r in csv.DictReader(io.StringIO(out, newline=""))}
        self.assertEqual(measures, {"any_shortage", "node_any_shortage"})

    def test_one_pair(self):
        self.monazite("run", SCENARIO, "-q", "-o", "a.h5")
        self.monazite("run", self.quake, "-q", "-o", "b.h5")
        out, err = self.monazite("compare", "a.h5", "b.h5")
        self.assertEqual(err, "")
        self.assertIn("b: different, but one pair of replications does not show whether by chance.\n", out)
        self.assertIn("b: different, but", self.monazite("compare", SCENARIO, "b.h5", "-n", "1")[0])
        out, _ = self.monazite("compare", "a.h5", "a.h5", "--all")
        self.assertIn("a (2): the same as a in the one replication.\n", out)
        self.assertNotRegex(out, r"\b1 (replications|differences)")

    # ---- results files ----

    def test_results_files_say_the_same(self):
        self.results("first-mine.h5", SCENARIO, "-n", "12")
        self.results("quake", self.quake, "-n", "12")  # what a file is, its name does not say
        run = self.monazite("compare", SCENARIO, self.quake, "-n", "12", "--json")
        self.assertEqual(self.monazite("compare", "first-mine.h5", "quake", "--json"), run)
        self.assertEqual(self.monazite("compare", SCENARIO, "quake", "--json"), run)  # as many as the file has
        self.assertEqual(self.monazite("compare", "first-mine.h5", self.quake, "--json"), run)

    def test_replications_that_only_one_has(self):
        self.results("a.h5", SCENARIO, "-n", "9")
        self.results("b.h5", self.quake, "-n", "12", "--shard", "1/2")
        out, _ = self.monazite("compare", "a.h5", "b.shard-1-of-2.h5")
        self.assertIn("5 pairs of replications", out)
        self.assertIn("; 4 of its replications count not", out)
        self.assertIn("; 1 of its replications count not", out)

    def test_no_more_are_run_than_results_files_have(self):
        self.results("a.h5", SCENARIO, "-n", "9")
        self.results("b.h5", SCENARIO, "-n", "6")
        five = self.monazite("compare", "a.h5", "b.h5", self.quake, "-v")
        self.assertIn("Compared with a: 6 pairs", five[0])
        self.assertIn('quake is "A first mine, with a quake"\n', five[0])
        self.assertEqual(five[1], "")
        out, err = self.monazite("compare", "a.h5", "b.h5", self.quake, "-n", "100000000", "-v")
        self.assertEqual(out, five[0])
        self.assertEqual(err, "monazite: compare: warning: of 100000000 replications, the results files have no more "
                              "than the first 6: only these are run\n")
        out, err = self.monazite("compare", "a.h5", self.quake, "-n", "4")
        self.assertIn("Compared with a: 4 pairs", out)
        self.assertEqual(err, "")

    def test_results_files_stay_as_they_are(self):
        self.results("a.h5", SCENARIO, "-n", "2")
        for option, name in (["--set", "seed=\"7\""], "--set"), (["-s", "99"], "--seed"), (["-n", "2"], "--replications"):
            self.refused(64, f"compare: {name} is for scenario files, but there are only results files",
                         "a.h5", "a.h5", *option)
            self.monazite("compare", "a.h5", SCENARIO, *option)

    def test_nothing_in_common(self):
        self.results("a.h5", SCENARIO, "-n", "4", "--shard", "1/2")
        self.results("a.h5", SCENARIO, "-n", "4", "--shard", "2/2")
        out, err = self.monazite("compare", "a.shard-1-of-2.h5", "a.shard-2-of-2.h5", code=64)
        self.assertEqual((out, err), ("", "monazite: no replication is in all of the 2 scenarios: nothing to compare\n"))

    def edit(self, name, code):
        """Changes a results file, `f`, by h5py: what no scenario brings about in a short time."""
        done = subprocess.run(["/usr/bin/python3", "-c", f"import h5py\nwith h5py.File('{name}', 'r+') as f:\n  {code}"],
                              cwd=self.folder.name, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_failed_replications(self):
        self.results("a.h5", SCENARIO, "-n", "6")
        self.results("b.h5", SCENARIO, "-n", "6")
        self.edit("b.h5", "f['status'][3] = 1")
        out, err = self.monazite("compare", "a.h5", "b.h5")
        self.assertEqual(err, "")
        self.assertIn("Compared with a: 5 pairs", out)
        self.assertIn("; 1 of 6 replications failed and count not, the first is replication 3", out)
        self.edit("b.h5", "f['status'][:] = 1")
        out, err = self.monazite("compare", "a.h5", "b.h5", code=70)
        self.assertEqual(out, "")
        self.assertIn("monazite: b: all 6 replications failed; replication 0", err)

    def test_results_of_another_version(self):
        self.results("a.h5", SCENARIO, "-n", "3")
        self.results("b.h5", SCENARIO, "-n", "3")
        self.edit("b.h5", "del f['mined']")
        out, err = self.monazite("compare", "a.h5", "b.h5", code=65)
        self.assertEqual(out, "")
        self.assertIn("monazite: b.h5: mined is not in the file: it was written by another version", err)
        self.edit("a.h5", "f['provenance/scenario_text'][()] = 'nosuch = 1;'")
        _, err = self.monazite("compare", "a.h5", SCENARIO, code=65)
        self.assertIn("nosuch", err)
        self.assertIn("monazite: a.h5: its scenario is not valid for this version of monazite\n", err)
        self.edit("a.h5", "f.attrs['format_version'] = '2'")
        _, err = self.monazite("compare", "a.h5", SCENARIO, code=65)
        self.assertRegex(err, r"\Amonazite: a.h5: .*version.*\n\Z")

    # ---- warnings ----

    def test_other_seeds(self):
        other = self.path("other.cfg", f'extends = "{SCENARIO}";\nseed = "2";\n')
        out, err = self.monazite("compare", SCENARIO, other, "-n", "4")
        self.assertEqual(err, "monazite: compare: warning: the seeds differ, so that pairs do not share their random "
                              "numbers; --seed gives all the same\n")
        self.assertIn("no common random numbers", out)
        out, err = self.monazite("compare", SCENARIO, other, "-n", "4", "--seed", "7")
        self.assertEqual(err, "")
        self.assertIn("common random numbers (seed 7)", out)
        self.assertIn("other: the same as first-mine in every replication.", out)

    def test_other_seeds_of_results_files(self):
        self.results("a.h5", SCENARIO, "-n", "2")
        self.results("b.h5", SCENARIO, "-n", "2", "-s", "2")
        warning = "monazite: compare: warning: the seeds differ, so that pairs do not share their random numbers"
        self.assertEqual(self.monazite("compare", "a.h5", "b.h5")[1], warning + "\n")
        self.assertEqual(self.monazite("compare", "a.h5", SCENARIO, "b.h5")[1], warning + "\n")
        self.assertEqual(self.monazite("compare", "b.h5", SCENARIO)[1], warning + "; --seed 2 gives all the same\n")
        self.assertEqual(self.monazite("compare", "b.h5", SCENARIO, "--seed", "2")[1], "")

    def test_other_spans_and_countries(self):
        other = self.path("other.cfg", f'extends = "{SCENARIO}";\nend = "2027-02-01";\n')
        out, err = self.monazite("compare", SCENARIO, other, "-n", "5", "--all")
        self.assertIn("warning: the scenarios begin or end on other days", err)
        self.assertIn("Supply (other spans: totals are not compared)\n", out)
        rows = out.split("mined (t)")[1].split("origin_share (%)")[0].splitlines()
        self.assertRegex("\n".join(r for r in rows if r[:2] == "  "), r"\A(  \w.* +-    ? +-     ? +-\n?)+\Z")
        out, _ = self.monazite("compare", SCENARIO, other, "-n", "5", "--csv")
        for row in csv.DictReader(io.StringIO(out, newline="")):
            if row["scenario"] == "other" and row["count"] != "0":
                level = row["measure"].endswith(("_end", "_mean", "_max", "_depth", "_down", "_waiting", "_queue"))
                total = row["unit"] in ("t", "USD", "count") and not level
                self.assertEqual(row["difference"] == "", total, row)
        out, _ = self.monazite("compare", SCENARIO, SCENARIO, "-n", "5", "--set", 'end="2027-02-01"', "--all")
        self.assertNotIn("other spans", out)
        warm = self.path("warm.cfg", f'extends = "{SCENARIO}";\nwarm_up = "2026-03-01";\n')
        self.assertIn("other spans", self.monazite("compare", SCENARIO, warm, "-n", "2")[0])
        self.assertEqual(self.monazite("compare", SCENARIO, other, "-n", "2", "-q"), ("", ""))

    # ---- mistakes ----

    def refused(self, code, message, *args):
        out, err = self.monazite("compare", *args, code=code)
        self.assertEqual((out, err), ("", "monazite: " + message + "\n"))

    def test_usage(self):
        self.refused(64, "compare: BASELINE FILE... is missing; usage: monazite compare [OPTION]... BASELINE FILE...",
                     SCENARIO)
        self.refused(64, "compare: too many arguments; usage: monazite compare [OPTION]... BASELINE FILE...",
                     *[SCENARIO] * 17)
        self.refused(64, "compare: --csv and --json exclude each other", SCENARIO, SCENARIO, "--csv", "--json")
        self.refused(64, 'there is no measure "fil_rate"; did you mean "fill_rate"?', SCENARIO, SCENARIO,
                     "--measures", "fil_rate")
        self.refused(64, 'there is no measure "price"; monazite describe measures tells which there are', SCENARIO, SCENARIO,
                     "--measures=price")
        self.refused(64, '--measures: found ","; expected names such as "fill_rate,short"', SCENARIO, SCENARIO,
                     "--measures", ",")

    def test_files(self):
        _, err = self.monazite("compare", SCENARIO, "none.cfg", code=66)
        self.assertRegex(err, r"\Amonazite: none.cfg: .+\n\Z")
        with open(self.path("broken.h5"), "wb") as file:
            file.write(b"\x89HDF\r\n\x1a\nand nothing else")
        _, err = self.monazite("compare", SCENARIO, "broken.h5", code=65)
        self.assertRegex(err, r"\Amonazite: broken.h5: .+\n\Z")

    def test_what_is_no_ordinary_file_is_refused_at_once(self):
        os.mkfifo(self.path("ff.h5"))
        broken = self.path("broken.cfg", "nosuch = 1;\n")
        self.refused(66, "ff.h5: is no ordinary file", broken, "ff.h5")
        self.refused(66, "/dev/null: is no ordinary file", "/dev/null", SCENARIO)

    def test_what_is_neither_a_scenario_nor_results(self):
        self.path("empty.h5", "")
        self.path("readme.md", "# A title\n\nSome words: no setting.\n")
        self.path("figures.csv", "measure,unit\nshort,t\n")
        with open(self.path("cut.h5"), "wb") as file:
            file.write(b"\x89HDF")
        for name in "empty.h5", "readme.md", "figures.csv", "cut.h5":
            self.refused(65, f"{name}: is neither a scenario nor a results file", SCENARIO, name)

    def test_a_scenario_may_have_any_name_and_a_long_comment(self):
        self.path("scenario", "# line\n" * 2000 + f'extends = "{SCENARIO}";')
        self.path("other", f'/* title */ // of it\ntitle # here\n: "x"; extends = "{SCENARIO}";')
        out, _ = self.monazite("compare", "scenario", "other", "-n", "2")
        self.assertIn("other: the same as scenario in every replication.", out)

    def test_findings_of_all_files_are_printed(self):
        one = self.path("one.cfg", 'title = "ONE";\nnosuch = 1;\n')
        two = self.path("two.cfg", f'extends = "{SCENARIO}";\nnosuch = 1;\n')
        out, err = self.monazite("compare", one, SCENARIO, two, code=65)
        self.assertEqual(out, "")
        self.assertIn("one.cfg:2: nosuch: ", err)
        self.assertIn("two.cfg:2: nosuch: ", err)
        self.assertRegex(err.splitlines()[-1], r"^monazite: .*one.cfg: the scenario is not valid: \d+ mistakes?$")

    def test_interrupt(self):
        code, seen = self.on_terminal("compare", SCENARIO, self.quake, "-n", "100000000", "-j", "1",
                                      until=b" left")
        self.assertEqual(code, 75)
        self.assertRegex(seen, r"monazite: interrupted after \d+ of 200000000 replications; nothing was compared"
                               r"\r\n\Z")
        self.assertNotIn("Compared with", seen)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
