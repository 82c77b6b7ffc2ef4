#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts of tools/slurm under a Slurm of one node: slurm_test.py MONAZITE MONAZITE_MPI SCENARIO [CLASS[.TEST]]...

MONAZITE_MPI is "-" where it was not built."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import one_node
import skips

MONAZITE, MPI, SCENARIO = (os.path.abspath(p) if p != "-" else None for p in sys.argv[1:4])
SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "tools/slurm"
N = 400


def pmi():
    """How srun must start monazite-mpi."""
    libraries = subprocess.run(["ldd", MPI], text=True, capture_output=True, check=True).stdout
    return "pmi2" if "libmpich" in libraries else "pmix"


class Slurm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        missing = one_node.missing_packages()
        if missing:
            raise unittest.SkipTest(f"no Slurm: missing {', '.join(missing)} (tools/install-packages cluster)")
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.slurm = one_node.OneNode(folder.name)
        cls.addClassCleanup(cls.slurm.stop)
        cls.slurm.start()

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)

    def slurm_run(self, *command, **env):
        return self.slurm.run(*map(str, command), cwd=self.root, MONAZITE=MONAZITE, MONAZITE_MPI=MPI or "",
                              OMPI_MCA_btl="self,vader", UCX_TLS="self,sm", **env).stdout

    def monazite(self, *args):
        return subprocess.run([MONAZITE, *args], cwd=self.root, check=True, text=True, capture_output=True).stdout

    def digest(self, name):
        return self.monazite("info", name, "--digest")

    def plain(self, n=N):
        self.monazite("batch", SCENARIO, "-n", str(n), "-j1", "-q", "-o", "plain.h5")
        return self.digest("plain.h5")

    def ends(self, *jobs):
        """Waits for them; gives (state, exit code) of each task."""
        def states():
            said = self.slurm_run("scontrol", "--oneliner", "show", "job").splitlines()
            tasks = [dict(word.partition("=")[::2] for word in line.split()) for line in said]
            return [(t["JobState"], t["ExitCode"]) for t in tasks if t.get("ArrayJobId", t.get("JobId")) in jobs]
        busy = ("PENDING", "RUNNING", "COMPLETING", "CONFIGURING")
        self.slurm.wait_for(f"jobs {jobs}", lambda: not any(state in busy for state, _ in states()), patience=60)
        return states()

    def outputs(self):
        return "".join(f"--- {path.name}\n{path.read_text()}" for path in sorted(self.root.glob("slurm-*.out")))

    def submit(self, n=N, *args):
        said = self.slurm_run(SCRIPTS / "submit.sh", SCENARIO, n, "x.h5", 4, *args)
        (_, array), (_, merge) = (line.split() for line in said.splitlines())
        return array, merge

    def test_an_array_and_its_merge(self):
        for n in (N, N + 50):  # the second time only what is missing is run
            states = self.ends(*self.submit(n))
            self.assertEqual(states, 5 * [("COMPLETED", "0:0")], self.outputs())
            self.assertEqual(self.digest("x.h5"), self.plain(n))

    def test_a_task_that_fails_keeps_the_merge_from_running(self):
        array, merge = self.submit(N, "--set", "seed=x")
        states = sorted(self.ends(array, merge))
        self.assertEqual(states, [("CANCELLED", "0:0")] + 4 * [("FAILED", "65:0")], self.outputs())
        self.assertFalse((self.root / "x.h5").exists())

    @unittest.skipUnless(MPI, "monazite-mpi was not built (package libopenmpi-dev)")
    def test_ranks(self):
        job = self.slurm_run("sbatch", "--parsable", "--ntasks=2", SCRIPTS / "srun.sh", SCENARIO, N, "x.h5", "--quiet",
                             SLURM_MPI_TYPE=pmi()).strip()
        self.assertEqual(self.ends(job), [("COMPLETED", "0:0")], self.outputs())
        self.assertEqual(self.digest("x.h5"), self.plain())
        self.assertIn("ranks=2", self.monazite("info", "x.h5").splitlines())

    @unittest.skipUnless(MPI, "monazite-mpi was not built (package libopenmpi-dev)")
    def test_a_signal_keeps_what_is_whole(self):
        submit = ("sbatch", "--parsable", "--ntasks=2", SCRIPTS / "srun.sh", SCENARIO)
        job = self.slurm_run(*submit, 20000, "x.h5", SLURM_MPI_TYPE=pmi()).strip()
        journal = self.root / "x.h5.journal"
        self.slurm.wait_for("some replications", lambda: journal.exists() and journal.stat().st_size > 200_000)
        self.slurm_run("scancel", "--signal=TERM", job)
        self.assertEqual(self.ends(job), [("FAILED", "75:0")], self.outputs())
        n = journal.stat().st_size // 1000 + N
        self.assertEqual(self.ends(self.slurm_run(*submit, n, "x.h5", SLURM_MPI_TYPE=pmi()).strip()), [("COMPLETED", "0:0")],
                         self.outputs())
        self.assertEqual(self.digest("x.h5"), self.plain(n))


if __name__ == "__main__":
    skips.main(sys.argv[4:])
