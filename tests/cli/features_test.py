#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every scenario of scenarios/features: it validates without a mistake or a warning, says what one sees, runs,
closes its ledger, its results open in h5py, and `describe measures` knows all that is in them.

    features_test.py MONAZITE SCENARIOS [NAME]"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

MONAZITE = pathlib.Path(sys.argv[1])
FEATURES = sorted(pathlib.Path(sys.argv[2]).glob("*.cfg"))
if len(sys.argv) > 3:
    FEATURES = [path for path in FEATURES if path.stem == sys.argv[3]]


def monazite(*arguments):
    return subprocess.run([MONAZITE, *map(str, arguments)], capture_output=True, text=True, timeout=120)


if not FEATURES:
    sys.exit("features_test.py: there is no such scenario")

OF_A_RUN = {"status", "events", "residual_mg"}  # what a results file says of a replication beside its measures


class Features(unittest.TestCase):
    def test_they_validate_without_a_word_against_them(self):
        for path in FEATURES:
            with self.subTest(path.stem):
                done = monazite("validate", path)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                against = [line for line in done.stderr.splitlines() if "warning" in line]
                # What ends in a heap there is beside the question of a small scenario.
                self.assertEqual([line for line in against if "it will pile up" not in line], [])

    def test_they_begin_with_a_comment(self):
        for path in FEATURES:
            with self.subTest(path.stem):
                self.assertRegex(path.read_text(), r"\A# ", "the first lines tell the question and what one sees")

    def test_they_run_and_the_results_can_be_read_and_are_in_the_reference(self):
        tables = json.loads(monazite("describe", "measures", "--json").stdout)["tables"]
        known = OF_A_RUN.union(row["name"] for table in tables for row in table["rows"])
        with tempfile.TemporaryDirectory() as folder:
            for path in FEATURES:
                with self.subTest(path.stem):
                    out = pathlib.Path(folder) / (path.stem + ".h5")
                    done = monazite("run", path, "-o", out, "--json")
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertEqual(json.loads(done.stdout)["residual_mg"], 0)
                    self.read(out, known)

    def test_batches_of_them_can_be_written(self):
        with tempfile.TemporaryDirectory() as folder:
            for path in FEATURES:
                with self.subTest(path.stem):
                    out = pathlib.Path(folder) / (path.stem + ".h5")
                    done = monazite("batch", path, "-n", 2, "-q", "-o", out)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    with h5py.File(out) as results:
                        self.assertEqual(results["status"].shape[0], 2)

    def read(self, out, known):
        with h5py.File(out) as results:
            variables = {name: item for name, item in results.items() if getattr(item, "ndim", 0) > 1}
            self.assertGreater(sum(np.asarray(item[()]).size for item in variables.values()), 0)
            self.assertEqual({name for name, item in variables.items() if "long_name" in item.attrs} - known, set())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
