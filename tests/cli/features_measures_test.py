#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What scenarios/features/shortage-triangle.cfg says of itself is so.

    features_measures_test.py MONAZITE SCENARIOS"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import h5py

MONAZITE = pathlib.Path(sys.argv[1])
SCENARIOS = pathlib.Path(sys.argv[2])


class Measures(unittest.TestCase):
    def test_the_triangle_of_a_shortage(self):
        expected = {"node_shortages": 1, "node_longest_shortage": 11, "node_shortage_time": 11, "node_shortage_depth": 11,
                    "node_shortage_duration": 11, "node_shortage_area": 66, "node_backlog_age": 6, "node_longest_wait": 11,
                    "node_orders": 31, "node_service_level": 20 / 31}
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "out.h5"
            subprocess.run([MONAZITE, "run", SCENARIOS / "shortage-triangle.cfg", "-q", "-o", out], check=True, timeout=60)
            with h5py.File(out) as results:
                users = [name.decode() for name in results["node"][()]].index("Users")
                for name, value in expected.items():
                    self.assertAlmostEqual(results[name][0, 0, users], value, places=9, msg=name)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
