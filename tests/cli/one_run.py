# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of a scenario as the tests of features look at it. The test's first two arguments are the program and the folder
of the scenarios."""
import csv
import pathlib
import subprocess
import sys
import tempfile

import h5py

MONAZITE = pathlib.Path(sys.argv[1])
SCENARIOS = pathlib.Path(sys.argv[2])


class Results:
    """Measures by name and label; the events as dictionaries."""

    def __init__(self, name, *settings):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "run.h5"
            log = pathlib.Path(folder) / "events.csv"
            command = [MONAZITE, "run", SCENARIOS / f"{name}.cfg", "-o", out, "--events", log]
            for setting in settings:
                command += ["--set", setting]
            subprocess.run(command, check=True, capture_output=True, timeout=120)
            with open(log, newline="") as lines:
                self.events = list(csv.DictReader(lines))
            with h5py.File(out) as file:
                self.data = {key: file[key][()] for key in file if hasattr(file[key], "shape")}

    def of(self, measure, axis, label):
        labels = [text.decode() for text in self.data[axis]]
        return self.data[measure].squeeze(axis=(0, 1))[labels.index(label)]

    def node(self, measure, name):
        return float(self.of(measure, "node", name))
