#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the scenarios of scenarios/history as batches and holds them against what was reported.

Output is counted from the event log: what arrives at "Ready for sale" in a quarter, or at the buyers in a month, to the
microsecond. The criteria are in CRITERIA; the exit code is 0 if all of them hold."""
import argparse
import csv
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile

import h5py
import numpy as np

HISTORY = pathlib.Path(__file__).resolve().parents[2] / "scenarios" / "history"
SCORED = "FY2016Q3", "FY2022Q4"  # the quarters that the scores are about: those reported between them
CRITERIA = {"mape": 9.0, "bias": 3.0, "points": 15.0}  # percent, percent, points of the flow before the licences
BEFORE = {"world": 15266 / 3, "japan": 213.0}  # t a month: first quarter of 2025; Japan's December 2024
LICENCED = "2025-04", "2025-07"
# What marks a quarter, for the table and the picture: the events of lynas-events.csv that fall into it
SHORT = {"flood": "flood", "licence_cap": "licence limit", "pandemic": "pandemic order", "shipping": "containers", "water": "water",
         "reagent": "acid (La, Ce only)", "upgrade": "upgrade", "power_storm": "storm", "power_grid": "power, kilns"}


def rows(name):
    with open(HISTORY / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


class Arrivals:
    """What came to one node in a batch, as (replication, date, mass) with the failed replications left out."""

    def __init__(self, path):
        with h5py.File(path) as file:
            log = file["event_log"]
            meanings = dict(zip(log["what"].attrs["flag_meanings"].decode().split(), log["what"].attrs["flag_values"]))
            self.nodes = log["node"].attrs["labels"].decode().split("|")
            units = log["time"].attrs["units"].decode()
            self.start = datetime.datetime.fromisoformat(units.removeprefix("days since "))
            there = log["what"][:] == meanings["arrived"]
            self.node, self.time, self.mass, self.replication = (log[name][:][there] for name in ("node", "time", "mass", "replication"))
            self.replications = np.flatnonzero(file["status"][:, 0] == 0)

    def by_period(self, node, dates):
        """Mass in t by replication and period, where dates[i] to dates[i + 1] is a period."""
        edges = [(date - self.start) / datetime.timedelta(days=1) for date in dates]
        mine = self.node == self.nodes.index(node)
        period = np.searchsorted(edges, self.time[mine], side="right") - 1
        inside = (period >= 0) & (period < len(dates) - 1)
        sums = np.zeros((self.replications.max() + 1, len(dates) - 1))
        np.add.at(sums, (self.replication[mine][inside], period[inside]), self.mass[mine][inside])
        return sums[self.replications]


def batch(monazite, scenario, replications, settings):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "batch.h5"
        command = [monazite, "batch", HISTORY / scenario, "-n", str(replications), "-o", out, "--save=events", "--progress=none"]
        for setting in settings:
            command += ["--set", setting]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"validate-history: {scenario}:\n{done.stdout}{done.stderr}")
        return Arrivals(out)


def months(first, count):
    """The first days of so many months from `first` on."""
    return [datetime.datetime(first.year + (first.month - 1 + i) // 12, (first.month - 1 + i) % 12 + 1, 1) for i in range(count)]


def summed_up(values):
    return {"mean": float(values.mean()), "low": float(np.quantile(values, 0.05)), "high": float(np.quantile(values, 0.95))}


def fiscal(date):
    """The name of the quarter that begins then: FY2026Q1 is July to September 2025."""
    return f"FY{date.year + (date.month >= 7)}Q{(date.month - 7) // 3 % 4 + 1}"


def events_of(first, last):
    """What happened from a day on and before another one."""
    found = []
    for event in rows("lynas-events.csv"):
        if datetime.datetime.fromisoformat(event["start"]) < last and datetime.datetime.fromisoformat(event["end"]) >= first:
            found.append(f"{event['id']} {SHORT[event['cause_class']]}")
    return found


def lynas(monazite, replications, settings):
    """The quarters FY2014Q1 to FY2026Q2, each with what the model says and what was reported (None: not known)."""
    starts = months(datetime.datetime(2013, 7, 1), 51 * 3)[::3]
    made = batch(monazite, "lynas-2013-2026.cfg", replications, settings).by_period("Ready for sale", starts)
    reported = {row["quarter"]: float(row["ndpr_t"]) for row in rows("lynas-quarterly.csv") if row["ndpr_t"]}
    quarters = []
    for i, (first, last) in enumerate(zip(starts, starts[1:])):
        name = fiscal(first)
        quarters.append({"quarter": name, "from": first.date().isoformat(), **summed_up(made[:, i]),
                         "reported": reported.get(name), "events": events_of(first, last)})
    return quarters


def scores(quarters):
    """Of the quarters between SCORED that were reported: errors of the model in percent of what was reported."""
    scored = [q for q in quarters if q["reported"] and SCORED[0] <= q["quarter"] <= SCORED[1]]
    errors = np.array([100 * (q["mean"] / q["reported"] - 1) for q in scored])
    worst = int(np.argmax(np.abs(errors)))
    return {"quarters": len(scored), "mape": float(np.abs(errors).mean()), "bias": float(errors.mean()),
            "total_bias": float(100 * (sum(q["mean"] for q in scored) / sum(q["reported"] for q in scored) - 1)),
            "inside": sum(q["low"] <= q["reported"] <= q["high"] for q in scored),
            "largest_miss": {"quarter": scored[worst]["quarter"], "percent": float(errors[worst])}}


def china(monazite, replications, settings):
    """The months of 2025, exports in percent of the flow before the licences."""
    starts = months(datetime.datetime(2025, 1, 1), 13)
    arrivals = batch(monazite, "china-licences-2025.cfg", replications, settings)
    japan = arrivals.by_period("Buyers in Japan", starts)
    sent = {"world": arrivals.by_period("Buyers in the world", starts) + japan, "japan": japan}
    reported = {row["month"]: row for row in rows("china-magnet-exports-2025.csv")}
    table = []
    for i, first in enumerate(starts[:-1]):
        month = f"{first:%Y-%m}"
        line = {"month": month}
        for whom, before in BEFORE.items():
            said = reported.get(month, {}).get(f"{whom}_t")
            line[whom] = {**summed_up(100 * sent[whom][:, i] / before), "reported": 100 * float(said) / before if said else None}
        table.append(line)
    return table


def china_scores(table):
    world = {line["month"]: line["world"] for line in table}
    scored = [m for m in world if LICENCED[0] <= m <= LICENCED[1]]
    misses = {m: world[m]["mean"] - world[m]["reported"] for m in scored}
    after = [m for m in world if m >= LICENCED[0]]
    trough = min(after, key=lambda m: world[m]["mean"])
    recovered = next((m for m in after if m > trough and world[m]["mean"] >= 90), None)  # 90 %: judgement
    return {"largest_miss": max(misses.values(), key=abs), "misses": misses, "trough": trough, "recovered": recovered}


# ---------------------------------------------------------------- words

# Why the model misses a quarter, where something is known about it; for the line on the largest miss
REASONS = {
    "FY2016Q3": "the company put ramping up from two to four trains over two years; which train began when is judgement here, "
                "and the first ones did not reach their nameplate at once",
    "FY2018Q2": "no source names a cause for the dip; nothing that is dated falls into the quarter",
    "FY2020Q1": "the rate that the limit left is reckoned from a limit that no source states",
    "FY2020Q2": "the rate that the limit left is reckoned from a limit that no source states",
    "FY2019Q4": "nothing dated falls into it; the plant was short of its new nameplate",
    "FY2020Q3": "nothing dated falls into it before 23 March; the plant was short of its nameplate",
}


def say_lynas(quarters, score):
    print("NdPr oxide of Lynas, t a quarter (fiscal years end on 30 June): modelled mean, nine tenths of the replications, reported")
    for q in quarters:
        said = f"{q['reported']:8.0f} {100 * (q['mean'] / q['reported'] - 1):+7.1f} %" if q["reported"] else f"{'-':>8} {'':9}"
        print(f"  {q['quarter']}  {q['mean']:6.0f}  [{q['low']:5.0f}, {q['high']:5.0f}] {said}  {', '.join(q['events'])}".rstrip())
    miss = score["largest_miss"]
    print(f"\n{SCORED[0]} to {SCORED[1]}, {score['quarters']} reported quarters: mean absolute error {score['mape']:.1f} %"
          f" (at most {CRITERIA['mape']:.0f} %), bias {score['bias']:+.1f} % (within {CRITERIA['bias']:.0f} %),"
          f" of the sum {score['total_bias']:+.1f} %; {score['inside']} of them inside the interval")
    print(f"largest miss: {miss['quarter']} {miss['percent']:+.1f} %: {REASONS.get(miss['quarter'], 'no cause is known')}")


def say_china(table, score):
    print(f"\nMagnets out of China, % of the flow before the licences (world {BEFORE['world']:.0f} t a month,"
          f" Japan {BEFORE['japan']:.0f} t)")
    print("  month    world  nine tenths    reported  points     Japan  reported")
    for line in table:
        world, japan = line["world"], line["japan"]
        said = f"{world['reported']:8.1f} {world['mean'] - world['reported']:+7.1f}" if world["reported"] else f"{'-':>8} {'':7}"
        also = f"{japan['reported']:8.1f}" if japan["reported"] else f"{'-':>8}"
        print(f"  {line['month']} {world['mean']:6.1f}  [{world['low']:5.1f}, {world['high']:5.1f}] {said}    {japan['mean']:6.1f}  {also}")
    print(f"\ntrough {score['trough']} (asked: 2025-05), 90 % again in {score['recovered']} (asked: by 2025-07), April to July within"
          f" {abs(score['largest_miss']):.1f} points (at most {CRITERIA['points']:.0f})")


def holds(score, licences):
    return {"mape": score["mape"] <= CRITERIA["mape"], "bias": abs(score["bias"]) < CRITERIA["bias"],
            "trough": licences["trough"] == "2025-05",
            "recovery": licences["recovered"] is not None and licences["recovered"] <= "2025-07",
            "points": abs(licences["largest_miss"]) <= CRITERIA["points"]}


def main():
    parser = argparse.ArgumentParser(prog="tools/validate-history", description=__doc__)
    parser.add_argument("monazite", help="the program")
    parser.add_argument("-n", "--replications", type=int, default=200)
    parser.add_argument("-o", "--picture", help="draw it: .png, .svg or .pdf")
    parser.add_argument("--seed", help="another seed than the scenarios'")
    parser.add_argument("--json", action="store_true", help="as JSON")
    args = parser.parse_args()
    settings = [f'seed="{args.seed}"'] if args.seed else []
    quarters, table = lynas(args.monazite, args.replications, settings), china(args.monazite, args.replications, settings)
    score, licences = scores(quarters), china_scores(table)
    verdict = holds(score, licences)
    if args.json:
        print(json.dumps({"quarters": quarters, "scores": score, "months": table, "licences": licences, "holds": verdict}, indent=1))
    else:
        say_lynas(quarters, score)
        say_china(table, licences)
        failed = [name for name, good in verdict.items() if not good]
        print("\nall criteria hold" if not failed else f"\nNOT MET: {', '.join(failed)}")
    if args.picture:
        import history_picture  # only whoever draws needs matplotlib
        history_picture.draw(quarters, table, rows("lynas-events.csv"), args.replications, args.picture)
    sys.exit(0 if all(verdict.values()) else 1)


if __name__ == "__main__":
    main()
