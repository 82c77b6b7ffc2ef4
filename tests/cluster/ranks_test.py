#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Batches on ranks of MPI, and in shards as schedulers number them: ranks_test.py MONAZITE MONAZITE_MPI SCENARIO
[CLASS[.TEST]]...

MONAZITE_MPI is "-" where it was not built. It is started by the mpirun that belongs to its MPI, on this machine
alone. MNZ_LOSE names a library to be loaded before MPI (lose.c)."""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import skips

MONAZITE, MPI, SCENARIO = (os.path.abspath(p) if p != "-" else None for p in sys.argv[1:4])
N = 400

# How ranks are started on one machine with no network but loopback, also by root and on fewer cores than ranks.
OPEN_MPI = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
            "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_hwloc_base_binding_policy": "none",
            "OMPI_MCA_btl": "self,vader", "OMPI_MCA_oob_tcp_if_include": "lo",
            "OMPI_MCA_odls_base_sigkill_timeout": "0"}  # after one rank has failed: else a second or two
MPICH = {"UCX_TLS": "self,sm", "HYDRA_IFACE": "lo", "HYDRA_LAUNCHER": "fork"}


def find_launcher():
    """(command, environment, name of the MPI, package that has its mpirun); command None if it is not there."""
    libraries = subprocess.run(["ldd", MPI], text=True, capture_output=True, check=True).stdout
    mpich = "libmpich" in libraries
    word, names = ("HYDRA", ("mpirun.mpich", "mpiexec.hydra")) if mpich else ("Open", ("mpirun.openmpi",))
    for name in (*names, "mpirun", "mpiexec"):
        if shutil.which(name):
            said = subprocess.run([name, "--version"], text=True, capture_output=True).stdout
            if word in said:
                return name, MPICH if mpich else OPEN_MPI, "MPICH" if mpich else "Open MPI", None
    return None, {}, "", "mpich" if mpich else "openmpi-bin"


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        outside = ("SLURM_", "OMPI_", "PMI_")
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(outside)}

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def files(self):
        return sorted(os.listdir(self.folder.name))

    def call(self, command, code=0, **env):
        """Runs it, holds it to its exit code (None: to none), gives (stdout, stderr)."""
        done = subprocess.run(command, env={**self.env, **env}, cwd=self.folder.name, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        if code is not None:
            self.assertEqual(done.returncode, code, (command, done.stdout[-800:], done.stderr[-2000:]))
        return done.stdout, done.stderr

    def monazite(self, *args, **how):
        return self.call([MONAZITE, *args], **how)

    def digest(self, name):
        return self.monazite("info", name, "--digest")[0].strip()

    def plain(self, n=N):
        """The digest of n replications on one thread of one process."""
        self.monazite("batch", SCENARIO, "-n", str(n), "-j1", "-q", "-o", "plain.h5")
        return self.digest("plain.h5")


class Shards(Case):
    def merged(self, count):
        shards = [f"x.shard-{i}-of-{count}.h5" for i in range(1, count + 1)]
        self.monazite("merge", *shards, "-q", "-o", "merged.h5")
        for shard in shards:
            os.remove(self.path(shard))
        return self.digest("merged.h5")

    def test_said_by_hand(self):
        for i in range(1, 5):
            self.monazite("batch", SCENARIO, "-n", str(N), "-q", "-o", "x.h5", f"--shard={i}/4")
        self.assertEqual(self.merged(4), self.plain())

    def test_as_each_scheduler_numbers_them(self):
        plain = self.plain()
        schedulers = {
            "an array of Slurm": lambda i: {"SLURM_ARRAY_TASK_ID": str(10 + i), "SLURM_ARRAY_TASK_MIN": "10",
                                            "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_PROCID": "0", "SLURM_NTASKS": "1"},
            "a step of Slurm": lambda i: {"SLURM_PROCID": str(i), "SLURM_NTASKS": "4"},
            "Open MPI": lambda i: {"OMPI_COMM_WORLD_RANK": str(i), "OMPI_COMM_WORLD_SIZE": "4"},
            "MPICH": lambda i: {"PMI_RANK": str(i), "PMI_SIZE": "4"},
        }
        for name, variables in schedulers.items():
            with self.subTest(name):
                for i in range(4):
                    self.monazite("batch", SCENARIO, "-n", str(N), "-q", "-o", "x.h5", "--shard=auto", **variables(i))
                self.assertEqual(self.merged(4), plain)


class Ranks(Case):
    @classmethod
    def setUpClass(cls):
        if not MPI:
            raise unittest.SkipTest("monazite-mpi was not built: there was no MPI (package libopenmpi-dev)")
        cls.launcher, cls.launch_env, cls.library, package = find_launcher()
        if not cls.launcher:
            raise unittest.SkipTest(f"no mpirun of the MPI that monazite-mpi was built with (package {package})")

    def setUp(self):
        super().setUp()
        self.env.update(self.launch_env)

    def command(self, *programs):
        """What starts them side by side: (ranks, arguments of monazite-mpi)..."""
        parts = [["-n", str(ranks), MPI, *map(str, args)] for ranks, args in programs]
        return [self.launcher, *(word for i, part in enumerate(parts) for word in ([":"] if i else []) + part)]

    def ranks(self, count, *args, **how):
        return self.call(self.command((count, args)), **how)

    def batch(self, count, *args, **how):
        return self.ranks(count, "batch", SCENARIO, *args, **how)

    def running(self, args):
        """Starts a long batch on three ranks, waits until it is well under way; gives (mpirun, {rank: pid})."""
        process = subprocess.Popen(self.command((3, args)), env={**self.env, "MNZ_TEST": self.folder.name}, cwd=self.folder.name, text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   start_new_session=True)
        self.addCleanup(self.end, process)
        journal = self.path("x.h5.journal")
        until = time.monotonic() + 30
        while not (os.path.exists(journal) and os.path.getsize(journal) > 200_000):
            self.assertLess(time.monotonic(), until, "nothing was computed")
            self.assertIsNone(process.poll(), "it has ended already")
            time.sleep(0.01)
        return process, self.pids()

    @staticmethod
    def end(process):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.communicate()

    def pids(self):
        """Of the ranks that this test has started, by rank."""
        found = {}
        for entry in os.listdir("/proc"):
            try:
                with open(f"/proc/{entry}/comm", encoding="utf-8") as comm, open(f"/proc/{entry}/environ", "rb") as environ:
                    said = environ.read().decode(errors="replace")
                    if comm.read() != "monazite-mpi\n" or f"MNZ_TEST={self.folder.name}\0" not in said:
                        continue
            except OSError:
                continue
            found[int(re.search(r"\b(?:OMPI_COMM_WORLD_RANK|PMI_RANK)=(\d+)", said)[1])] = int(entry)
        return found

    def test_the_same_bytes_on_any_number_of_ranks_and_threads(self):
        plain = self.plain()
        for ranks, threads in ((1, 1), (2, 1), (3, 1), (2, 2)):
            with self.subTest(ranks=ranks, threads=threads):
                out, err = self.batch(ranks, "-n", N, f"-j{threads}", "-q", "-o", "x.h5")
                self.assertEqual((self.digest("x.h5"), out, err), (plain, "", ""))
                facts = self.monazite("info", "x.h5")[0].splitlines()
                self.assertTrue(ranks == 1 or f"ranks={ranks}" in facts)
                os.remove(self.path("x.h5"))
        self.assertEqual(self.files(), ["plain.h5"])

    def test_fewer_replications_than_ranks(self):
        self.batch(3, "-n", 2, "-j1", "-q", "-o", "x.h5")
        self.assertEqual(self.digest("x.h5"), self.plain(2))

    def test_stops_at_the_same_border(self):
        until = ("-n", str(N), "--until=fill_rate.Dy:0.01%", "--minimum=50", "--block=25", "-q")
        self.batch(2, *until, "-j1", "-o", "x.h5")
        self.monazite("batch", SCENARIO, *until, "-j1", "-o", "y.h5")
        self.assertEqual(self.digest("x.h5"), self.digest("y.h5"))

    def test_a_rank_that_is_killed_loses_nothing_whole(self):
        args = ("batch", SCENARIO, "-n", "20000", "-j1", "-q", "-o", "x.h5")
        process, pids = self.running(args)
        self.assertEqual(len(pids), 3)
        os.kill(pids[1], signal.SIGKILL)
        process.communicate(timeout=30)
        self.assertNotEqual(process.returncode, 0)
        self.assertIn("x.h5.journal", self.files())
        # Fewer than there may be already is an error: as many as there are by now, and some more.
        n = os.path.getsize(self.path("x.h5.journal")) // 1000 + N
        self.monazite("batch", SCENARIO, "-n", str(n), "-q", "-o", "x.h5", "--resume")
        self.assertEqual(self.digest("x.h5"), self.plain(n))
        self.assertEqual(self.files(), ["plain.h5", "x.h5"])

    def test_a_signal_at_rank_0_is_orderly_and_ranks_go_on_with_it(self):
        args = ("batch", SCENARIO, "-n", "20000", "-j1", "-q", "-o", "x.h5")
        process, pids = self.running(args)
        os.kill(pids[0], signal.SIGTERM)
        _, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 75, err)
        kept = int(re.search(r"interrupted; (\d+) replications are kept, go on with: .* --resume\n", err)[1])
        n = kept + N
        self.batch(2, "-n", n, "-j1", "-q", "-o", "x.h5", "--resume")
        self.assertEqual(self.digest("x.h5"), self.plain(n))

    @unittest.skipUnless("MNZ_LOSE" in os.environ, "needs MNZ_LOSE, a library")
    def test_a_rank_out_of_reach_is_done_without(self):
        preload = (["-x", "LD_PRELOAD=" + os.environ["MNZ_LOSE"]] if self.library == "Open MPI" else
                   ["-genv", "LD_PRELOAD", os.environ["MNZ_LOSE"]])
        command = self.command((3, ("batch", SCENARIO, "-n", N, "-j1", "-q", "-o", "x.h5")))
        _, err = self.call([command[0], *preload, *command[1:]], code=None)
        self.assertRegex(err, r"monazite: rank 1 on \S+ is lost")
        self.assertEqual(self.digest("x.h5"), self.plain())

    def test_a_rank_with_another_scenario_is_refused_by_name(self):
        batch = ("batch", SCENARIO, "-n", N, "-q", "-o", "x.h5")
        host = re.escape(socket.gethostname().split(".")[0])
        _, err = self.call(self.command((1, batch), (1, (*batch, "--seed=9"))), code=65)
        self.assertRegex(err, rf'monazite: rank 1 on {host}\S*: .*another scenario: seed: was "1", is "9"')
        _, err = self.call(self.command((2, batch), (1, (*batch, "--bands=year"))), code=65)
        self.assertRegex(err, rf"monazite: rank 2 on {host}\S*: was told to run")
        _, err = self.call(self.command((1, batch), (1, ("info", "x.h5"))), code=64)
        self.assertRegex(err, rf"monazite: rank 1 on {host}\S*: was not told to run a batch")
        self.assertEqual(self.files(), [])

    def test_what_is_wrong_is_said_once(self):
        for args, code in ((("batch", "none.cfg"), 66), (("batch", SCENARIO, "--bogus"), 64), (("batch", SCENARIO, "--set", "seed=x"), 65),
                           (("info", "none.h5"), 66), (("batch", SCENARIO, "-o", "no/x.h5"), 73)):
            with self.subTest(args):
                out, err = self.ranks(3, *args, code=code)
                lines = [line for line in err.splitlines() if line.startswith("monazite: ")]
                self.assertEqual((out, len(lines)), ("", 1), err)
                self.assertLessEqual(err.count("--set: "), 1)

    def test_other_commands_are_for_rank_0(self):
        self.plain(3)
        self.assertEqual(self.ranks(3, "info", "plain.h5", "--digest"), (self.digest("plain.h5") + "\n", ""))
        self.assertEqual(self.ranks(2, "--version"), (self.monazite("--version")[0], ""))
        self.assertEqual(self.ranks(2, "batch", "--help"), (self.monazite("batch", "--help")[0], ""))

    def test_ranks_on_one_node_share_its_cores(self):
        out, _ = self.ranks(2, "batch", SCENARIO, "--dry-run")
        threads = max(1, len(os.sched_getaffinity(0)) // 2)
        self.assertIn(f"on {threads} thread", out)

    def test_a_stranger_to_the_launcher_is_told(self):
        out, err = self.call([MPI, "info", "x.h5"], code=64, SLURM_NTASKS="4")
        self.assertEqual(out, "")
        self.assertRegex(err, r"^monazite: found SLURM_NTASKS=4, yet this rank is alone; .*srun --mpi=pmi")


if __name__ == "__main__":
    skips.main(sys.argv[4:])
