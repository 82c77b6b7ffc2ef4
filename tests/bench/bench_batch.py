#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a batch costs: bench_batch.py MONAZITE [SCENARIO] [--quick]

Wall time and memory of 10,000 replications; the efficiency of two threads, and of two MPI ranks (where MONAZITE-mpi
and mpirun are) against two threads; what keeping the monthly series of every replication costs. Ratios are of
runs that take turns, by their medians. Wants a quiet machine with two cores: says the load before it begins."""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ARGS = [a for a in sys.argv[1:] if a != "--quick"]
QUICK = "--quick" in sys.argv
MONAZITE = os.path.abspath(ARGS[0])
SCENARIO = os.path.abspath(ARGS[1] if len(ARGS) > 1 else "scenarios/sojitz-lynas.cfg")
MPI = MONAZITE + "-mpi"
MPIRUN = ["mpirun", "--allow-run-as-root", "--oversubscribe"]
TURNS = 1 if QUICK else 5
MANY = 300 if QUICK else 10000
SOME = 60 if QUICK else 1500


def run(command, folder):
    """Wall seconds and megabytes of memory at most."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    if status != 0:
        sys.exit(f"{command}: {process.stderr.read().decode()}")
    return seconds, usage.ru_maxrss / 1024


def batch(n, *args, launcher=(), program=MONAZITE):
    return [*launcher, program, "batch", SCENARIO, "-n", str(n), "-o", "x.h5", "-q", "--overwrite", *args]


def turns(folder, **commands):
    """The median of each, run in turn."""
    times = {name: [] for name in commands}
    for _ in range(TURNS):
        for name, command in commands.items():
            times[name].append(run(command, folder)[0])
    return {name: statistics.median(values) for name, values in times.items()}


def main():
    print(f"load before: {os.getloadavg()[0]:.2f}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        seconds, megabytes = run(batch(MANY, "-j2"), folder)
        print(f"{MANY} replications on two threads: {seconds:.1f} s, {megabytes:.0f} MB of memory, "
              f"{os.path.getsize(os.path.join(folder, 'x.h5')) / 1e6:.1f} MB of file")
        t = turns(folder, one=batch(SOME, "-j1"), two=batch(SOME, "-j2"))
        print(f"{SOME} on one thread {t['one']:.2f} s, on two {t['two']:.2f} s: efficiency {t['one'] / t['two'] / 2:.3f}")
        t = turns(folder, none=batch(SOME, "-j2", "--series=none"), kept=batch(SOME, "-j2"))
        print(f"monthly series of every replication: {t['kept']:.2f} s, without {t['none']:.2f} s: "
              f"{100 * (t['kept'] / t['none'] - 1):+.1f} %")
        t = turns(folder, none=batch(SOME, "-j2", "--bands=none"), kept=batch(SOME, "-j2"))
        print(f"series and their bands: {t['kept']:.2f} s, neither {t['none']:.2f} s: "
              f"{100 * (t['kept'] / t['none'] - 1):+.1f} %")
        if not (os.path.exists(MPI) and shutil.which("mpirun")):
            print("MPI: skipped, there is no monazite-mpi or no mpirun")
            return
        version = subprocess.run(["mpirun", "--version"], capture_output=True, text=True, check=False).stdout
        launcher = MPIRUN if "Open MPI" in version else ["mpirun"]
        ranks = batch(SOME, "-j1", launcher=[*launcher, "-n", "2"], program=MPI)
        t = turns(folder, threads=batch(SOME, "-j2"), ranks=ranks)
        print(f"two ranks {t['ranks']:.2f} s, two threads {t['threads']:.2f} s: {t['threads'] / t['ranks']:.3f} of threads")


main()
