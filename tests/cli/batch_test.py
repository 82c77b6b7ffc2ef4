#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Batches as a user runs them: batch_test.py MONAZITE SCENARIO [CLASS[.TEST]]...

MNZ_KILLS: how many batches are killed at a random moment and resumed (100 when not said)."""
import json
import os
import pty
import random
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

MONAZITE, SCENARIO = (os.path.abspath(p) for p in sys.argv[1:3])
KILLS = int(os.environ.get("MNZ_KILLS", "100"))


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        outside = ("SLURM_", "OMPI_", "PMI_")
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(outside)}
        self.env["TERM"] = "xterm"

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def files(self):
        return sorted(os.listdir(self.folder.name))

    def start(self, *args, **kind):
        return subprocess.Popen([MONAZITE, *args], env=self.env, cwd=self.folder.name, text=True,
                                stdin=subprocess.DEVNULL, **kind)

    def monazite(self, *args, code=0, env=None, **kind):
        done = subprocess.run([MONAZITE, *args], env={**self.env, **(env or {})}, cwd=self.folder.name, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=100, **kind)
        self.assertEqual(done.returncode, code, (args, done.stdout[-800:], done.stderr[-800:]))
        return done.stdout, done.stderr

    def batch(self, *args, code=0, **kind):
        return self.monazite("batch", SCENARIO, *args, code=code, **kind)

    def digest(self, name):
        return self.monazite("info", name, "--digest")[0].strip()

    def plain(self, n, *args):
        """The digest of n replications in one piece."""
        self.batch("-n", str(n), "-j1", "-o", "plain.h5", "-q", *args)
        found = self.digest("plain.h5")
        os.remove(self.path("plain.h5"))
        return found


class Same(Case):
    """The same bytes whatever the threads, shards, pieces."""

    def test_at_any_number_of_threads(self):
        for args in ([], ["--save=events"]):
            for threads in (1, 2, 8):
                self.batch("-n", "120", f"-j{threads}", "-o", f"{threads}.h5", "-q", *args)
            self.assertEqual(len({self.digest(f"{threads}.h5") for threads in (1, 2, 8)}), 1, args)
            self.monazite("info", "8.h5", "--check")
            self.assertEqual(self.files(), ["1.h5", "2.h5", "8.h5"])

    def test_of_shards_merged_in_any_order(self):
        for args in ([], ["--save=events"], ["--save=lots"]):
            for shard in range(1, 5):
                self.batch("-n", "50", "-j2", "-o", "x.h5", f"--shard={shard}/4", "-q", *args)
            shards = [f"x.shard-{i}-of-4.h5" for i in (3, 1, 4, 2)]
            out, _ = self.monazite("merge", *shards, "-o", "x.h5")
            self.assertIn("50 replications from 4 shards", out)
            self.assertEqual(self.digest("x.h5"), self.plain(50, *args), args)

    def test_of_a_batch_that_was_made_larger(self):
        self.batch("-n", "30", "-o", "x.h5", "-q")
        self.batch("-n", "75", "--resume", "-o", "x.h5", "-q")
        self.assertEqual(self.digest("x.h5"), self.plain(75))
        self.batch("--resume", "-o", "x.h5", "-n", "75", "-q")
        self.assertEqual(self.digest("x.h5"), self.plain(75))

    def test_of_a_shard_that_was_made_larger(self):
        for n in ("20", "41"):
            for shard in ("1/2", "2/2"):
                self.batch("-n", n, "-o", "x.h5", f"--shard={shard}", "-q", "--resume")
        self.monazite("merge", "x.shard-1-of-2.h5", "x.shard-2-of-2.h5", "-o", "x.h5")
        self.assertEqual(self.digest("x.h5"), self.plain(41))

    def test_with_digits_bands_and_series(self):
        for args in (["--digits=3"], ["--bands=quarter"], ["--bands=14 d"], ["--bands=none"], ["--series=all"],
                     ["--series=none"], ["--save=events"], ["--save=events", "--bands=none"],
                     ["--save=events,lots"],
                     ["--intervals=bootstrap", "--confidence=90"]):
            self.batch("-n", "12", "-j2", "-o", "x.h5", "-q", "--overwrite", *args)
            self.assertEqual(self.digest("x.h5"), self.plain(12, *args), args)
            if args != ["--series=none"]:
                self.batch("-n", "20", "-j2", "-o", "x.h5", "-q", "--resume", *args)
                self.assertEqual(self.digest("x.h5"), self.plain(20, *args), args)

    def test_replication_by_replication(self):
        """Replication K of a batch measures what it measures alone."""
        self.batch("-n", "6", "-o", "b.h5", "-q")
        self.monazite("run", SCENARIO, "--replication", "5", "-o", "r.h5", "-q")
        code = ("import h5py, numpy, sys; b = h5py.File('b.h5'); r = h5py.File('r.h5'); n = 0\n"
                "for k in ('events', 'short', 'fill_rate', 'node_delivered', 'state_share', 'first_shortage'):\n"
                "    numpy.testing.assert_array_equal(b[k][5], r[k][0]); n += b[k][5].size\n"
                "print(n)")
        done = subprocess.run(["/usr/bin/python3", "-c", code], cwd=self.folder.name, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(int(done.stdout), 10)


    def test_event_logs_are_those_of_the_replications(self):
        self.batch("-n", "5", "-o", "b.h5", "-q", "--save=events")
        self.monazite("run", SCENARIO, "--replication=3", "-o", "r.h5", "--events=r.csv", "-q")
        code = ("import numpy, xarray\n"
                "for engine in ('netcdf4', 'h5netcdf'):\n"
                "    ds, r = (xarray.open_dataset(f, group='event_log', engine=engine) for f in ('b.h5', 'r.h5'))\n"
                "    one = ds.where(ds.replication == 3, drop=True)\n"
                "    assert (numpy.diff(ds.replication) >= 0).all() and set(ds.replication.values) == set(range(5))\n"
                "    for k in [*r.data_vars, 'replication', 'time']: numpy.testing.assert_array_equal(one[k], r[k])\n"
                "    assert ds.what.attrs.keys() == r.what.attrs.keys() and ds.node.labels == r.node.labels\n"
                "print(one.sizes['event'])")
        done = subprocess.run(["/usr/bin/python3", "-c", code], cwd=self.folder.name, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.path("r.csv"), encoding="utf-8") as file:
            self.assertEqual(int(done.stdout), len(file.readlines()) - 1)


class Until(Case):
    def stopped_at(self, name):
        return int(re.search(r"replications +(\d+)\n", self.monazite("info", name)[0])[1])

    def test_stops_at_the_same_border_at_any_number_of_threads(self):
        for threads in (1, 2, 8):
            out, _ = self.batch("-n", "5000", f"-j{threads}", "-o", f"{threads}.h5", "--until",
                                "node_short.users:5%", "--minimum=60", "--block=20")
            self.assertRegex(out, r"Precise enough after \d+ replications; node_short.users decided")
        n = self.stopped_at("1.h5")
        self.assertEqual(n % 20, 0)
        self.assertTrue(60 <= n < 5000, n)
        self.assertEqual({self.stopped_at(f"{t}.h5") for t in (2, 8)}, {n})
        self.assertEqual(len({self.digest(f"{t}.h5") for t in (1, 2, 8)}), 1)
        self.assertEqual(self.digest("1.h5"), self.plain(n))

    def test_says_that_an_aim_was_not_reached(self):
        out, _ = self.batch("-n", "60", "--until", "node_short.users:0.001%", "--until", "node_demanded.users:5%")
        self.assertIn("without reaching every aim; node_short.users is farthest", out)

    def test_aims_at_a_probability(self):
        out, _ = self.batch("-n", "3000", "--until", "any_shortage.Dy:0.02", "--until", "node_any_shortage.users:3%",
                            "--set", 'disruptions["Kiln"].ttf="exponential(400 d)"')
        self.assertRegex(out, r"Precise enough after \d+ replications; (node_)?any_shortage\.\w+ decided")

    def test_a_share_of_nothing_is_never_reached(self):
        out, _ = self.batch("-n", "120", "--until", "short.Dy:1%", "--set", "disruptions=()")
        self.assertIn("without reaching every aim", out)

    def test_refuses_what_is_no_measure(self):
        for text, words in (("fil_rate.Dy:1%", 'did you mean "fill_rate"?'), ("fill_rate:1%", "lacks its element"),
                            ("fill_rate.Dq:1%", 'did you mean "Dy"?'), ("fill_rate.Dy", "expected a half-width"),
                            ("fill_rate.Dy:0", "expected a half-width"), ("fill_rate.Dy:x%", "expected a half-width"),
                            ("fill_rate.Dy.Nd:1%", "no further parts")):
            _, err = self.batch("-n", "5", "--until", text, code=64)
            self.assertIn(words, err)
            self.assertEqual(err.count("\n"), 1)

    def test_a_time_limit_writes_what_is_done_and_can_be_gone_on_with(self):
        out, _ = self.batch("-n", "200000", "-j1", "-o", "x.h5", "--time-limit=0.7 s")
        n = self.stopped_at("x.h5")
        self.assertIn(f"The time limit of 0.7 s was reached after {n} replications", out)
        self.assertEqual(self.digest("x.h5"), self.plain(n))
        self.batch("-n", str(n + 11), "-o", "x.h5", "--resume", "-q")
        self.assertEqual(self.digest("x.h5"), self.plain(n + 11))


class Durable(Case):
    def run_killed(self, dice, longest, *args):
        """Runs a batch to x.h5, killing it at random moments up to six times; gives how often."""
        resumed = []
        for kills in range(7):
            process = self.start("batch", SCENARIO, "-o", "x.h5", "-q", *args, *resumed, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE)
            try:
                _, err = process.communicate(timeout=dice.uniform(0, longest) if kills < 6 else 60)
                self.assertEqual(process.returncode, 0, err)
                return kills
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                resumed = ["--resume"] if "--resume" not in args else []
        self.fail("it does not come to its end")

    def kill_and_resume(self, kills, *args):
        n = "150"
        expected = self.plain(n, *args)
        before = time.monotonic()
        self.plain(n, "-j2", *args)
        whole = time.monotonic() - before
        dice = random.Random(20251001)
        killed = 0
        while killed < kills:
            killed += self.run_killed(dice, whole, "-n", n, "-j2", "--block=7", *args)
            self.assertEqual(self.digest("x.h5"), expected, f"after {killed} kills")
            self.assertEqual([f for f in self.files() if not f.endswith((".part", ".begin"))], ["x.h5"])
            os.remove(self.path("x.h5"))

    def test_killed_at_any_moment_it_resumes_to_the_same_bytes(self):
        self.kill_and_resume(KILLS)

    def test_killed_at_any_moment_it_keeps_its_event_logs(self):
        self.kill_and_resume(max(4, KILLS // 10), "--save=events")

    def test_killed_while_it_is_made_larger(self):
        expected = self.plain(90)
        dice = random.Random(7)
        killed = 0
        while killed < max(4, KILLS // 10):
            self.batch("-n", "60", "-o", "x.h5", "-q", "--overwrite")
            killed += self.run_killed(dice, 0.2, "-n", "90", "--resume")
            self.assertEqual(self.digest("x.h5"), expected, f"after {killed} kills")

    def test_a_journal_cut_anywhere_loses_only_what_is_not_whole(self):
        expected = self.plain(40)
        self.interrupt("-n", "100000")
        journal = self.path("x.h5.journal")
        ends = [self.first(n) for n in range(41)]
        os.truncate(journal, ends[40])
        shutil.copy(journal, self.path("kept"))
        dice = random.Random(3)
        for cut in [ends[40], ends[40] - 1, ends[39] + 1] + [dice.randrange(ends[1], ends[40]) for _ in range(9)]:
            shutil.copy(self.path("kept"), journal)
            os.truncate(journal, cut)
            self.assertEqual(self.there("-n", "40"), sum(end <= cut for end in ends[1:]), cut)
            self.batch("-n", "40", "-o", "x.h5", "--resume", "-q")
            self.assertEqual(self.digest("x.h5"), expected, cut)
            os.remove(self.path("x.h5"))

    def test_a_journal_with_a_wrong_bit_loses_what_comes_behind_it(self):
        expected = self.plain(40)
        self.interrupt("-n", "100000")
        journal = self.path("x.h5.journal")
        os.truncate(journal, self.first(40))
        with open(journal, "r+b") as file:
            file.seek(self.first(20) + 100)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 4]))
        self.assertEqual(self.there("-n", "40"), 20)
        self.batch("-n", "40", "-o", "x.h5", "--resume", "-q")
        self.assertEqual(self.digest("x.h5"), expected)

    def test_a_journal_damaged_at_its_head_is_refused(self):
        self.interrupt("-n", "100000")
        journal = self.path("x.h5.journal")
        with open(journal, "r+b") as file:
            file.seek(200)
            file.write(b"rubbish")
        _, err = self.batch("-n", "40", "-o", "x.h5", "--resume", code=65)
        self.assertIn("damaged at its beginning", err)
        with open(journal, "wb") as file:
            file.write(b"not a journal at all")
        _, err = self.batch("-n", "40", "-o", "x.h5", "--resume", code=65)
        self.assertIn("is no journal", err)
        self.assertEqual(self.files(), ["x.h5.journal"])

    def wait_for(self, name, process):
        """Until the file is there; a process that has ended will not make it."""
        while not os.path.exists(self.path(name)):
            self.assertIsNone(process.poll(), f"it ended before {name} was there")
            time.sleep(0.005)

    def there(self, *args):
        """How many replications --resume would begin with."""
        out, _ = self.batch("-o", "x.h5", "--resume", "--dry-run", *args)
        return int(re.search(r"^there +(\d+) ", out, re.M)[1])

    def first(self, n):
        """Where the n-th record of the journal ends: all have the same length."""
        plan = json.loads(self.batch("-n", "1", "--dry-run", "--json", "-o", "y.h5")[0])
        with open(self.path("x.h5.journal"), "rb") as file:
            head = struct.unpack("<8xI", file.read(12))[0]
        return head + n * int(plan["journal_bytes"])

    def interrupt(self, *args, number=signal.SIGINT):
        """Starts a batch, interrupts it once some 200 replications are there; gives its error output."""
        process = self.start("batch", SCENARIO, "-o", "x.h5", "-j2", "--block=1", *args, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        journal = self.path("x.h5.journal")
        end = time.monotonic() + 20
        while not (os.path.exists(journal) and os.path.getsize(journal) > 400_000) and time.monotonic() < end:
            time.sleep(0.005)
        self.assertLess(time.monotonic(), end)
        process.send_signal(number)
        _, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 75, err)
        return err

    def test_interrupted_it_keeps_what_is_whole_and_says_how_to_go_on(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            err = self.interrupt("-n", "100000", number=number)
            found = re.search(r"monazite: interrupted; (\d+) replications are kept, go on with: (.*)\n\Z", err)
            self.assertTrue(found, err)
            self.assertEqual(self.files(), ["x.h5.journal"])
            n = int(found[1]) + 5
            command = found[2].replace("100000", str(n))
            done = subprocess.run(command, shell=True, cwd=self.folder.name, env=self.env, capture_output=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.digest("x.h5"), self.plain(n))
            os.remove(self.path("x.h5"))

    def test_without_a_file_nothing_is_left(self):
        process = self.start("batch", SCENARIO, "-n", "1000000", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 75)
        self.assertRegex(err, r"interrupted after \d+ replications; nothing was written")
        self.assertEqual(self.files(), [])

    def test_an_interrupted_batch_is_not_overwritten(self):
        self.interrupt("-n", "100000")
        _, err = self.batch("-n", "10", "-o", "x.h5", code=73)
        self.assertIn("x.h5.journal: is an interrupted batch: go on with --resume, or remove it", err)

    def test_two_batches_to_one_file(self):
        process = self.start("batch", SCENARIO, "-n", "1000000", "-o", "x.h5", stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        self.wait_for("x.h5.journal", process)
        _, err = self.batch("-n", "10", "-o", "x.h5", "--resume", code=73)
        self.assertIn("is being written by another batch", err)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)

    def test_resume_refuses_another_scenario_and_says_what_changed(self):
        self.interrupt("-n", "100000")
        _, err = self.batch("-n", "10", "-o", "x.h5", "--resume", "--seed=7", code=65)
        self.assertIn('is of another scenario: seed: was "1", is "7"', err)
        _, err = self.batch("-n", "10", "-o", "x.h5", "--resume", "--set", 'nodes["Plant"].makes[0].recovery="61 %"',
                            code=65)
        self.assertRegex(err, r'nodes\["Plant"\]\.makes\[0\]\.recovery: was "\d+ %", is "61 %"')
        os.remove(self.path("x.h5.journal"))
        self.batch("-n", "10", "-o", "x.h5", "-q")
        before = self.digest("x.h5")
        _, err = self.batch("-n", "20", "-o", "x.h5", "--resume", "--seed=7", code=65)
        self.assertIn('x.h5: is of another scenario: seed: was "1", is "7"', err)
        _, err = self.batch("-n", "20", "-o", "x.h5", "--resume", "--bands=quarter", code=65)
        self.assertIn("other --series, --bands or --digits", err)
        _, err = self.batch("-n", "20", "-o", "x.h5", "--resume", "--save=events", code=65)
        self.assertIn("x.h5: was written without --save", err)
        _, err = self.batch("-n", "5", "-o", "x.h5", "--resume", code=64)
        self.assertIn("10 replications are there already, more than the 5 asked for", err)
        self.assertEqual((self.files(), self.digest("x.h5")), (["x.h5"], before))

    def test_resume_refuses_to_forget_event_logs(self):
        self.interrupt("-n", "100000", "--save=events")
        _, err = self.batch("-n", "100000", "-o", "x.h5", "--resume", code=65)
        self.assertIn("x.h5.journal: was begun with --save=events", err)
        os.remove(self.path("x.h5.journal"))
        self.batch("-n", "5", "-o", "x.h5", "--save=events", "-q")
        _, err = self.batch("-n", "10", "-o", "x.h5", "--resume", code=65)
        self.assertIn("x.h5: was written with --save=events", err)

    def test_results_that_would_be_lost_are_not_replaced(self):
        self.batch("-n", "20", "-o", "x.h5", "-q")
        self.batch("-n", "20", "-o", "x.h5", "-q")  # the same again
        before = self.digest("x.h5")
        for args, words in ((["-n", "10"], "holds 20 replications: --resume goes on with them, --overwrite replaces"),
                            (["-n", "30", "--seed=7"], "holds 20 replications of another scenario")):
            self.assertIn(words, self.batch("-o", "x.h5", *args, code=73)[1])
        _, err = self.monazite("run", SCENARIO, "-o", "x.h5", code=73)
        self.assertIn("holds a batch of 20 replications", err)
        self.assertEqual((self.files(), self.digest("x.h5")), (["x.h5"], before))
        self.batch("-n", "10", "-o", "x.h5", "-q", "--overwrite")
        self.assertEqual(self.digest("x.h5"), self.plain(10))
        subprocess.run(["/usr/bin/python3", "-c", "import h5py; h5py.File('foreign.h5', 'w')['x'] = 1"],
                       cwd=self.folder.name, check=True)
        for command in (["batch", SCENARIO], ["run", SCENARIO]):
            _, err = self.monazite(*command, "-o", "foreign.h5", code=73)
            self.assertIn("is no sound results file of monazite", err)

    def test_a_link_is_followed(self):
        os.mkdir(self.path("scratch"))
        self.batch("-n", "5", "-o", "scratch/x.h5", "-q")
        os.symlink("scratch/x.h5", self.path("x.h5"))
        self.batch("-n", "9", "-o", "x.h5", "-q", "--resume")
        self.assertTrue(os.path.islink(self.path("x.h5")))
        self.assertEqual(self.digest("scratch/x.h5"), self.plain(9))

    def test_resume_goes_on_to_the_plan_that_was_said(self):
        self.interrupt("-n", "700")
        self.batch("-o", "x.h5", "--resume", "-q")
        self.assertEqual(self.digest("x.h5"), self.plain(700))

    def test_a_results_file_of_another_batch_does_not_block_a_journal(self):
        self.batch("-n", "5", "-o", "x.h5", "-q", "--seed=9")
        self.interrupt("-n", "700", "--overwrite")
        self.batch("-o", "x.h5", "--resume", "-q", "-n", "700")
        self.assertEqual(self.digest("x.h5"), self.plain(700))

    def test_interrupted_with_its_children(self):
        """Ctrl-C on a terminal reaches the process that reads for us, too."""
        self.batch("-n", "3000", "-o", "x.h5", "-q")
        process = self.start("batch", SCENARIO, "-n", "60000", "-o", "x.h5", "--resume", stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, start_new_session=True)
        self.wait_for("x.h5.journal", process)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 75, err)

    def test_resume_of_nothing_begins(self):
        self.batch("-n", "10", "-o", "x.h5", "--resume", "-q")
        self.assertEqual(self.digest("x.h5"), self.plain(10))

    def test_a_full_disk_loses_nothing_whole(self):
        """The journal, then the results file, meet a limit on the size of files."""
        for limit, least, most in ((100_000, 1, 99), (700_000, 100, 100), (1_000_000, 100, 100)):
            def small(limit=limit):
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            _, err = self.batch("-n", "100", "-o", "x.h5", code=74, preexec_fn=small)
            self.assertIn("File too large", err)
            self.assertEqual(err.count("\n"), 1)
            self.assertEqual(self.files(), ["x.h5.journal"])
            self.assertIn(self.there("-n", "100"), range(least, most + 1))
            self.batch("-n", "100", "-o", "x.h5", "--resume", "-q")
            self.assertEqual(self.digest("x.h5"), self.plain(100))
            os.remove(self.path("x.h5"))

    def test_a_folder_that_goes_away(self):
        os.mkdir(self.path("scratch"))
        process = self.start("batch", SCENARIO, "-n", "1000000", "-o", "scratch/x.h5", stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        self.wait_for("scratch/x.h5.journal", process)
        shutil.rmtree(self.path("scratch"))
        _, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 74)
        self.assertIn("was removed by somebody while the batch was running", err)

    def test_a_folder_that_cannot_be_written(self):
        _, err = self.batch("-n", "10", "-o", "/proc/x.h5", code=73)
        self.assertEqual(err.count("\n"), 1)


class Words(Case):
    def test_dry_run_tells_size_and_memory_and_runs_nothing(self):
        out, _ = self.batch("-n", "300", "-o", "x.h5", "--dry-run", "--until", "fill_rate.Dy:1%")
        for words in ("replications  300", "file          about", "memory        about", "nothing was run"):
            self.assertIn(words, out)
        self.assertEqual(self.files(), [])
        plan = json.loads(self.batch("-n", "300", "-o", "x.h5", "--dry-run", "--json")[0])
        self.batch("-n", "300", "-o", "x.h5", "-q")
        self.assertTrue(0.3 < os.path.getsize(self.path("x.h5")) / plan["file_bytes"] < 2, plan)
        self.assertIs(plan["events"], False)
        out, _ = self.batch("-n", "300", "-o", "x.h5", "--dry-run", "--save=events")
        self.assertRegex(out, r"file +about [\d.]+ MB, plus the event logs: x.h5\n")

    def test_progress_of_programs(self):
        _, err = self.batch("-n", "40", "--progress=json")
        last = json.loads(err.splitlines()[-1])
        self.assertEqual((last["done"], last["planned"], last["failed"]), (40, 40, 0))
        self.assertGreater(last["per_second"], 0)

    def test_progress_on_a_terminal(self):
        master, slave = pty.openpty()
        process = self.start("batch", SCENARIO, "-n", "100000", stdout=slave, stderr=slave)
        os.close(slave)
        seen = b""
        while b" left" not in seen:
            seen += os.read(master, 4096)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        self.assertRegex(seen.decode(), r"\r\033\[K\d+ of 100000 replications, [\d.e+]+/s, \S+ \w+ left")

    def test_quiet_is_quiet(self):
        self.assertEqual(self.batch("-n", "5", "-q"), ("", ""))

    def test_bad_options(self):
        for args, words in ((["-n", "0"], "--replications"), (["-j", "0"], "--threads"), (["-j", "x"], "--threads"),
                            (["--shard=0/4", "-o", "x.h5"], "--shard"), (["--shard=5/4", "-o", "x.h5"], "--shard"),
                            (["--shard=1/4"], "needs --output"), (["--resume"], "needs --output"),
                            (["--save=events"], "needs --output"),
                            (["--save=series"], "expected events or lots"),
                            (["--bands=fortnight"], "--bands"), (["--time-limit=soon"], "--time-limit"),
                            (["--confidence=101"], "--confidence"), (["--series=all", "--bands=none"], "contradict"),
                            (["--shard=auto", "-o", "x.h5"], "found none of SLURM_ARRAY_TASK_ID"),
                            (["--shard=1/2", "-o", "x.h5", "--until", "fill_rate.Dy:1%"], "not in shards"),
                            (["-n", "2", "--shard=3/3", "-o", "x.h5"], "has none of the 2"),
                            (["--minimum=50"], "--minimum is about --until"),
                            (["--until", "fill_rate.Dy:1%", "-n", "60", "--minimum=90"], "--minimum is more than"),
                            (["--digits=3", "--series=none"], "--digits is about series"),
                            (["--resume", "--overwrite", "-o", "x.h5"], "contradict"),
                            (["--shard=1/2", "--series=none", "-o", "x.h5"], "cannot be merged")):
            _, err = self.batch(*args, code=64)
            self.assertIn(words, err)
            self.assertEqual(err.count("\n"), 1, err)
        self.assertEqual(self.files(), [])

    def test_shards_by_environment(self):
        for env, name in (({"SLURM_ARRAY_TASK_ID": "5", "SLURM_ARRAY_TASK_MIN": "4", "SLURM_ARRAY_TASK_COUNT": "3"}, "2-of-3"),
                          ({"SLURM_PROCID": "0", "SLURM_NTASKS": "2"}, "1-of-2"),
                          ({"OMPI_COMM_WORLD_RANK": "3", "OMPI_COMM_WORLD_SIZE": "4"}, "4-of-4"),
                          ({"PMI_RANK": "1", "PMI_SIZE": "2"}, "2-of-2")):
            self.batch("-n", "8", "--shard=auto", "-o", "x.h5", "-q", env=env)
            self.assertEqual(self.files(), [f"x.shard-{name}.h5"])
            os.remove(self.path(f"x.shard-{name}.h5"))
        _, err = self.batch("--shard=auto", "-o", "x.h5", code=64, env={"PMI_RANK": "9", "PMI_SIZE": "2"})
        self.assertIn("expected a number within a count", err)

    def test_merge_refuses_what_does_not_belong_together(self):
        for shard in (1, 2, 3):
            self.batch("-n", "9", "-o", "x.h5", f"--shard={shard}/3", "-q")
        one, two, three = (f"x.shard-{i}-of-3.h5" for i in (1, 2, 3))
        for shards, words in (([one, two], "shard 3 of 3 is missing"), ([one, two, two], "and so is"),):
            self.assertIn(words, self.monazite("merge", *shards, "-o", "m.h5", code=65)[1])
        self.batch("-n", "9", "-o", "y.h5", "--shard=3/3", "-q", "--seed=9")
        _, err = self.monazite("merge", one, two, "y.shard-3-of-3.h5", "-o", "m.h5", code=65)
        self.assertIn('seed: was "1", is "9"', err)
        self.batch("-n", "9", "-o", "y.h5", "--shard=3/3", "-q", "--save=events", "--overwrite")
        _, err = self.monazite("merge", one, two, "y.shard-3-of-3.h5", "-o", "m.h5", code=65)
        self.assertIn("was written with other --series, --bands, --save or --digits than x.shard-1-of-3.h5", err)
        self.batch("-n", "15", "-o", "x.h5", "--shard=3/3", "-q", "--resume")
        _, err = self.monazite("merge", one, two, three, "-o", "m.h5", code=65)
        self.assertIn("is one of 3 shards of 15 replications", err)
        self.assertIn("--output is needed", self.monazite("merge", one, code=64)[1])
        self.monazite("merge", one, "no.h5", "-o", "m.h5", code=66)
        self.assertNotIn("m.h5", self.files())


class Failures(Case):
    """A replication that fails is a row, and the batch goes on. Half a minute: a scenario has few ways to fail."""

    def test_become_rows_and_an_exit_code(self):
        here = os.path.dirname(os.path.abspath(__file__))
        scenario = os.path.join(here, "..", "scenarios", "breaks-now-and-then.cfg")
        _, err = self.monazite("batch", scenario, "-n", "5", "-o", "x.h5", "--bands=year", "--seed=1", code=70)
        found = re.search(r"(\d) of 5 replications failed, the first is (\d) \((.*)\); replay it with: monazite (.*)\n", err)
        self.assertTrue(found, err)
        code = ("import h5py; f = h5py.File('x.h5'); s = f['status'][:, 0]; g = f['failures']\n"
                "print(s.sum(), [i for i in range(5) if s[i]] == list(g['failure'][:]), f['summary'].attrs['failed'])\n"
                "print(g['seed'][0].decode(), g['message'][0].decode())")
        done = subprocess.run(["/usr/bin/python3", "-c", code], cwd=self.folder.name, capture_output=True, text=True)
        self.assertEqual(done.stdout, f"{found[1]} True [{found[1]}]\n1 {found[3]}\n", done.stderr)
        _, again = self.monazite(*found[4].split(), code=70)
        self.assertIn(found[3], again)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
