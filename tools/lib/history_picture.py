# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of tools/validate-history: modelled against reported, quarters of Lynas and months of China."""
import datetime

import matplotlib

matplotlib.use("Agg")
import matplotlib.dates as mdates  # noqa: E402: after the choice of the back end
import matplotlib.pyplot as plt  # noqa: E402

MODEL, REPORTED, EVENT, QUIET = "#0072B2", "#D55E00", "#E69F00", "#666666"  # Okabe and Ito
LABELS = {"E1": "flood", "E2": "licence limit\nreached", "E3": "held under\nthe limit", "E4": "pandemic\norder", "E5": "longer at sea", "E6": "water\nshort",
          "E7": "no\nwater", "E8": "acid\n(La, Ce)", "E9": "upgrade", "E10": "storm", "E11": "power,\nkilns"}


def day(text):
    return datetime.datetime.fromisoformat(text)


def plain(axes):
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_ylim(bottom=0)
    axes.tick_params(labelsize=9)


def draw_lynas(axes, quarters, events):
    starts = [day(q["from"]) for q in quarters]
    ends = starts[1:] + [starts[-1] + datetime.timedelta(days=92)]
    edges = starts + [ends[-1]]
    axes.stairs([q["high"] for q in quarters], edges, baseline=[q["low"] for q in quarters], fill=True, color=MODEL, alpha=0.25)
    axes.stairs([q["mean"] for q in quarters], edges, baseline=None, color=MODEL, linewidth=1.6)
    there = [(s + (e - s) / 2, q["reported"]) for s, e, q in zip(starts, ends, quarters) if q["reported"]]
    axes.plot(*zip(*there), "o", color=REPORTED, markersize=5, zorder=3)
    plain(axes)
    axes.set_xlim(edges[0], edges[-1])
    axes.set_ylim(0, 2950)
    axes.set_ylabel("t of NdPr oxide a quarter", fontsize=9.5)
    axes.set_title("What Lynas made at Kuantan", loc="left", fontsize=12, fontweight="bold")
    axes.xaxis.set_major_locator(mdates.YearLocator())
    axes.xaxis.set_major_formatter(mdates.DateFormatter("%Y"))
    last = max(e for e, q in zip(ends, quarters) if q["reported"])
    axes.axvline(last, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.text(last, 2900, " no reports used from here on", fontsize=8.5, color=QUIET, va="top")
    heights = {"E1": 700, "E2": 2300, "E3": 1960, "E4": 2300, "E5": 2080, "E6": 2080, "E7": 300, "E8": 2080, "E9": 300, "E10": 2560, "E11": 2230}
    for event in events:
        first, until = day(event["start"]), day(event["end"]) + datetime.timedelta(days=1)
        axes.axvspan(first, until, color=EVENT, alpha=0.3, linewidth=0)
        axes.text(first + (until - first) / 2, heights[event["id"]], LABELS[event["id"]], fontsize=7.5, ha="center", va="bottom",
                  linespacing=0.95, color="#333333")


def draw_china(axes, months, whom, title):
    starts = [day(m["month"] + "-01") for m in months]
    edges = starts + [day(f"{starts[-1].year + 1}-01-01")]
    axes.stairs([m[whom]["high"] for m in months], edges, baseline=[m[whom]["low"] for m in months], fill=True, color=MODEL, alpha=0.25)
    axes.stairs([m[whom]["mean"] for m in months], edges, baseline=None, color=MODEL, linewidth=1.6)
    there = [(s + datetime.timedelta(days=15), m[whom]["reported"]) for s, m in zip(starts, months) if m[whom]["reported"]]
    axes.plot(*zip(*there), "o", color=REPORTED, markersize=5, zorder=3)
    plain(axes)
    axes.set_xlim(edges[0], edges[-1])
    axes.set_ylim(0, 160)
    axes.axvline(day("2025-04-04"), color=EVENT, linewidth=1.5)
    axes.text(day("2025-04-06"), 157, "licences from 4 April", fontsize=8.5, va="top", color="#333333")
    axes.set_title(title, loc="left", fontsize=12, fontweight="bold")
    axes.xaxis.set_major_locator(mdates.MonthLocator(bymonthday=16))
    axes.xaxis.set_major_formatter(mdates.DateFormatter("%b"))
    axes.tick_params(axis="x", length=0)


def draw(quarters, months, events, replications, path):
    figure = plt.figure(figsize=(11.5, 8.2), layout="constrained")
    above, below = figure.subfigures(2, 1, height_ratios=[1.35, 1])
    axes = above.subplots()
    draw_lynas(axes, quarters, events)
    axes.legend([plt.Line2D([], [], color=MODEL, lw=1.6), plt.Rectangle((0, 0), 1, 1, color=MODEL, alpha=0.25),
                 plt.Line2D([], [], marker="o", ls="", color=REPORTED), plt.Rectangle((0, 0), 1, 1, color=EVENT, alpha=0.3)],
                ["modelled, mean", f"nine tenths of {replications} replications", "reported", "dated events"],
                loc="upper left", frameon=False, fontsize=9, ncol=2)
    left, right = below.subplots(1, 2, sharey=True)
    draw_china(left, months, "world", "Magnets out of China, 2025")
    draw_china(right, months, "japan", "Of them to Japan")
    left.set_ylabel("% of the flow before the licences", fontsize=9.5)
    figure.savefig(path, dpi=120)
