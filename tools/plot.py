#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws what came of batches, one results file or several side by side; a colour is one scenario in all pictures.

  fan       what the users hold and wait for: median, and the bands in which half and nine tenths of the
            replications lie; of a single run (monazite run) a line
  survival  the share of replications in which they have not yet run short, with its confidence band
  origin    where what was delivered comes from

Elements that nobody asks for are left out."""
import argparse
import csv
import pathlib
import signal
import sys
import textwrap

import matplotlib

matplotlib.use("Agg")
import matplotlib.dates as mdates  # noqa: E402: after the choice of the back end
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
import xarray as xr  # noqa: E402
from matplotlib.backends.backend_pdf import PdfPages  # noqa: E402
from matplotlib.ticker import MaxNLocator, PercentFormatter  # noqa: E402

FIRST = ("Nd", "Pr", "Dy", "Tb", "Sm", "Gd", "Y")
# Okabe and Ito's colours, told apart by every kind of colour vision, and dashes for whoever prints in grey
LOOKS = [("#0072B2", "-"), ("#D55E00", (0, (5, 1.5))), ("#009E73", (0, (3, 1, 1, 1))), ("#CC79A7", (0, (1.5, 1))),
         ("#E69F00", (0, (8, 2))), ("#56B4E9", (0, (6, 1, 1, 1, 1, 1))), ("#222222", "-")]
QUIET = "#666666"
HATCHES = ("", "", "///", "...", "xxx")  # of origins: told apart by more than their shade
SERIES = {"users_stock": "held by the users", "users_backlog": "not yet shipped"}
LOW, QUARTER, MEDIAN, THREE, HIGH = 0.05, 0.25, 0.5, 0.75, 0.95
SUFFIXES = (".png", ".pdf", ".svg")

# All in inches but LETTERS, the length of a line.
WIDTH, LINE, MARGIN, LETTERS, DPI = 10.4, 0.2, 0.16, 135, 120
GAPS = 0.55, 0.6  # between panels, across and down


class Trouble(Exception):
    """What is told in one line."""


class Result:
    """A results file: what the pictures need of it, in memory. Failed replications count nowhere."""
    NEEDED = ("demanded", "status", "origin_share", "first_shortage", "first_shortage_survival",
              "first_shortage_survival_low", "first_shortage_survival_high", *(f"{s}_quantiles" for s in SERIES))

    def __init__(self, path):
        self.path = path
        root = self.read(None, "not a results file of monazite")
        if "format_version" not in root.attrs or "demanded" not in root:
            raise Trouble(f"{path}: not a results file of monazite")
        self.summary = self.read("summary", "no /summary in it")
        self.root = root.isel(replication=root.status.values == 0)
        self.title = self.label = root.attrs.get("title") or str(root.scenario.values)
        self.colour = self.dashes = None
        self.start, self.end = (np.datetime64(root.attrs[f"time_coverage_{end}"], "ns") for end in ("start", "end"))
        self.replications = self.root.sizes["replication"]
        if self.replications == 0:
            raise Trouble(f"{path}: every replication failed")
        self.confidence = 100 * float(self.summary.attrs["confidence"])
        self.elements = [str(e) for e in root.element.values[self.root.demanded.mean("replication").values > 0]]

    def read(self, group, otherwise):
        try:
            with xr.open_dataset(self.path, group=group, engine="netcdf4", decode_timedelta=False) as data:
                there = data[[name for name in self.NEEDED if name in data]]
                return there.isel(scenario=0, missing_dims="ignore").load()
        except FileNotFoundError:
            raise Trouble(f"{self.path}: no such file") from None
        except (OSError, ValueError):
            raise Trouble(f"{self.path}: {otherwise}") from None

    def bands(self, name, element):
        if name not in self.summary:
            alone = self.replications == 1 and "survival" in name
            raise Trouble(f"{self.path}: no {name} in /summary: "
                          f"{'a single run has none' if alone else 'written with --bands=none?'}")
        return self.summary[name].sel(element=element)

    def times(self):
        return "a single run" if self.replications == 1 else f"{self.replications:,} replications"


# What is drawn, as numbers: the pictures and --data know nothing else.

def fan(result, element):
    """{series: (dates, {probability: values})}"""
    levels = (MEDIAN,) if result.replications == 1 else (LOW, QUARTER, MEDIAN, THREE, HIGH)
    curves = {}
    for name in SERIES:
        bands = result.bands(name + "_quantiles", element)
        curves[name] = (bands.time.values,
                        {p: bands.sel(quantile=p, method="nearest").values.astype(float) for p in levels})
    return curves


def survival(result, element):
    """(dates, {"share", "low", "high": values}), from the start on, when nobody has run short yet."""
    columns = {"share": "", "low": "_low", "high": "_high"}
    bands = {name: result.bands("first_shortage_survival" + end, element) for name, end in columns.items()}
    return (np.concatenate([[result.start], bands["share"].time.values]),
            {name: np.concatenate([[1.0], band.values]) for name, band in bands.items()})


def origin(result, element):
    """{origin: (mean share, 5 and 95 % quantile of the sum of the shares up to this one)}"""
    if "origin_share" not in result.root:
        raise Trouble(f"{result.path}: no origin_share in it")
    shares = result.root.origin_share.sel(element=element).transpose("replication", "origin")
    known = shares.values[np.isfinite(shares.values).all(axis=1)]
    if len(known) == 0:
        return {}
    ends = np.quantile(np.cumsum(known, axis=1), (LOW, HIGH), axis=0)
    return {str(name): (mean, *end) for name, mean, end in zip(shares.origin.values, known.mean(axis=0), ends.T)}


def rows(picture, result, element):
    """The numbers of a picture as (series, statistic, date or None, value)."""
    if picture == "fan":
        for name, (dates, levels) in fan(result, element).items():
            for p, values in levels.items():
                yield from ((name, f"q{100 * p:02.0f}", date, value) for date, value in zip(dates, values))
    if picture == "survival":
        dates, curves = survival(result, element)
        for name, values in curves.items():
            yield from (("first_shortage", name, date, value) for date, value in zip(dates, values))
    if picture == "origin":
        for name, numbers in origin(result, element).items():
            yield from ((name, kind, None, value) for kind, value in zip(("mean", "low", "high"), numbers))


def print_data(picture, results, elements):
    out = csv.writer(sys.stdout, lineterminator="\n")
    for result in results:
        for element in (e for e in elements if e in result.elements):
            for series, statistic, date, value in rows(picture, result, element):
                day = "" if date is None else np.datetime_as_string(date, "s")
                out.writerow((picture, result.label, element, series, statistic, day, f"{value:.9g}"))


# How it is drawn.

def page(heading, results, signs, notes, panels):
    """A figure with room for (lines, columns, height) of panels between its head, which says what is seen, and its
    notes. `signs` are the lines of the legend, each a list of (sign, words). Gives (figure, grid)."""
    lines, columns, height = panels
    scenario = textwrap.wrap(f"{results[0].title} · {results[0].times()}", LETTERS) if len(results) == 1 else []
    notes = [line for note in notes for line in textwrap.wrap(note, LETTERS)]
    head = 0.48 + LINE * (len(scenario) + len(signs)) + (0.4 if lines else 0)
    foot = 0.12 + LINE * len(notes) + (0.3 if lines else 0)
    whole = head + height * lines + GAPS[1] * max(lines - 1, 0) + foot
    figure = plt.figure(figsize=(WIDTH, whole))

    def write(y, text, **how):
        figure.text(MARGIN / WIDTH, 1 - y / whole, text, va="top", **how)

    write(0.12, heading, fontsize=13, fontweight="bold")
    for i, line in enumerate(scenario):
        write(0.44 + LINE * i, line, fontsize=9, color=QUIET)
    for i, entries in enumerate(signs, len(scenario)):
        figure.legend(*zip(*entries), loc="upper left", bbox_to_anchor=(MARGIN / WIDTH, 1 - (0.47 + LINE * i) / whole),
                      ncol=len(entries), frameon=False, fontsize=9, borderpad=0, borderaxespad=0, handlelength=2.6,
                      columnspacing=2)
    for i, note in enumerate(notes):
        write(whole - 0.1 - LINE * (len(notes) - i), note, fontsize=9, color=QUIET)
    if lines == 0:
        return figure, None
    left, right = 0.75, 0.2
    width = (WIDTH - left - right - (columns - 1) * GAPS[0]) / columns
    return figure, figure.add_gridspec(
        lines, columns, left=left / WIDTH, right=1 - right / WIDTH, top=1 - head / whole, bottom=foot / whole,
        wspace=GAPS[0] / width, hspace=GAPS[1] / height)


def scenarios(results, sign):
    """A line of the legend for each, if there are several; sign(result) is what stands for one."""
    if len(results) == 1:
        return []
    return [[(sign(r), f"{textwrap.shorten(r.label, 110, placeholder=' ...')} · {r.times()}")] for r in results]


def line_of(result):
    return plt.Line2D([], [], color=result.colour, linestyle=result.dashes, linewidth=2)


def patch(colour, alpha=1.0, **how):
    return plt.Rectangle((0, 0), 1, 1, facecolor=colour, alpha=alpha, **{"linewidth": 0, **how})


def layout(count):
    """Lines and columns of panels."""
    columns = count if count <= 4 else 3 if count in (5, 6, 9) else 4
    return -(-count // columns), columns


def dress(axes, results):
    """What every panel over time has."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8)
    axes.set_xlim(min(r.start for r in results), max(r.end for r in results))
    axes.xaxis.set_major_locator(mdates.AutoDateLocator(minticks=3, maxticks=6))
    axes.xaxis.set_major_formatter(mdates.ConciseDateFormatter(axes.xaxis.get_major_locator()))


def title(axes, text):
    axes.set_title(text, loc="left", fontsize=11, fontweight="bold", pad=4)


def draw_band(axes, result, dates, levels, alone):
    if LOW in levels:
        axes.fill_between(dates, levels[LOW], levels[HIGH], color=result.colour, alpha=0.22, linewidth=0)
    if QUARTER in levels and alone:
        axes.fill_between(dates, levels[QUARTER], levels[THREE], color=result.colour, alpha=0.35, linewidth=0)
    axes.plot(dates, levels[MEDIAN], color=result.colour, linestyle=result.dashes,
              linewidth=1.4 if len(dates) < 500 else 0.7)


def greatest(curves, name, element=None):
    """The largest number that is drawn of a series."""
    return max(np.nanmax(values, initial=0) for (e, _), found in curves.items() if element in (None, e)
               for values in found[name][1].values())


def from_zero(axes, top, results, element):
    """Where there is nothing but zero to draw, words say so."""
    if top > 0:
        axes.yaxis.set_major_locator(MaxNLocator(4, min_n_ticks=3))
        axes.ticklabel_format(axis="y", style="plain", useOffset=False)
        axes.set_ylim(0, 1.06 * top)
        return
    axes.set_ylim(0, 1)
    axes.set_yticks([0])
    words = "none" if calm(results, [element]) else "at each date none in 95 %\nof the replications"
    axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center", fontsize=8, color=QUIET)


def calm(results, elements):
    """Whether nobody ever runs short of them, in no replication."""
    return not any(np.isfinite(r.root.first_shortage.sel(element=[e for e in elements if e in r.elements])).any()
                   for r in results)


def fan_signs(results):
    alone = len(results) == 1
    if all(r.replications == 1 for r in results):
        return scenarios(results, line_of)
    colour = results[0].colour if alone else QUIET
    median, wide = (plt.Line2D([], [], color=colour, linewidth=1.4), "median"), patch(colour, 0.22)
    if not alone:
        return [*scenarios(results, line_of), [median, (wide, "nine tenths of the replications (5 to 95 %)")]]
    return [[median, (patch(colour, 0.5), "half of the replications (25 to 75 %)"),
             (wide, "nine tenths of them (5 to 95 %)")]]


def draw_fan(results, elements):
    curves = {(e, r): fan(r, e) for e in elements for r in results if e in r.elements}
    series, heading, notes = list(SERIES.items()), "What the users hold, and what they wait for", []
    if greatest(curves, "users_backlog") == 0 and calm(results, elements):
        del series[1]
        notes.append("They wait for nothing: no order is ever short, of any element, in any replication."
                     if any(r.replications > 1 for r in results) else "They wait for nothing: no order is ever short.")
    lines, columns = layout(len(elements))
    figure, grid = page(heading, results, fan_signs(results), notes, (lines, columns, 2.45 if len(series) > 1 else 1.6))
    for i, element in enumerate(elements):
        cell = grid[i // columns, i % columns]
        panels = cell.subgridspec(len(series), 1, height_ratios=(1.6, 1)[:len(series)], hspace=0.14).subplots(
            sharex=True, squeeze=False)[:, 0]
        title(panels[0], element)
        for axes, (name, words) in zip(panels, series):
            for result in (r for r in results if (element, r) in curves):
                draw_band(axes, result, *curves[element, result][name], len(results) == 1)
            dress(axes, results)
            from_zero(axes, greatest(curves, name, element), results, element)
            if i % columns == 0:
                axes.set_ylabel(f"{words}\n(t of oxide)", fontsize=8)
        for axes in panels[:-1]:
            axes.tick_params(labelbottom=False)
    figure.align_ylabels()
    return figure


def never(results, elements, curves):
    """Of what nobody runs short, in words."""
    for result in results:
        safe = [e for e in elements if (e, result) in curves and curves[e, result][1]["share"].min() == 1]
        if safe:
            where = f"{result.label}: n" if len(results) > 1 else "N"
            chance = float(result.summary.first_shortage.sel(statistic="share_high", element=safe).max())
            yield (f"{where}ever short in {result.times()}: {', '.join(safe)}. For each of them the chance to run "
                   f"short is below {100 * chance:.2g} % ({result.confidence:g} % confidence).")


def draw_survival(results, elements):
    curves = {(e, r): survival(r, e) for e in elements for r in results if e in r.elements}
    short = [e for e in elements if any(curves[e, r][1]["share"].min() < 1 for r in results if (e, r) in curves)]
    lines, columns = layout(len(short)) if short else (0, 0)
    colour = results[0].colour if len(results) == 1 else QUIET
    confidence = " and ".join(sorted({f"{r.confidence:g} %" for r in results}))
    signs = scenarios(results, line_of)
    if short:
        line = plt.Line2D([], [], color=colour, linewidth=1.4)
        signs.append([(line, "share of the replications that are not yet short"),
                      (patch(colour, 0.22), f"its {confidence} confidence band")])
    figure, grid = page("When do the users first run short?", results, signs, list(never(results, elements, curves)),
                        (lines, columns, 1.7))
    for i, element in enumerate(short):
        axes = figure.add_subplot(grid[i // columns, i % columns])
        title(axes, element)
        dress(axes, results)
        for result in (r for r in results if (element, r) in curves):
            dates, band = curves[element, result]
            axes.fill_between(dates, band["low"], band["high"], step="post", color=result.colour, alpha=0.22,
                              linewidth=0)
            axes.step(dates, band["share"], where="post", color=result.colour, linestyle=result.dashes, linewidth=1.4)
        axes.set_ylim(0, 1.03)
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
        axes.yaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
        if i % columns == 0:
            axes.set_ylabel("not yet short", fontsize=8)
        else:
            axes.tick_params(labelleft=False)
    return figure


def shades(colour, count):
    """From the colour itself to a light one, as many as there are origins."""
    base = np.array(matplotlib.colors.to_rgb(colour))
    return [tuple(base + (1 - base) * 0.8 * i / max(count - 1, 1)) for i in range(count)]


def draw_bar(axes, x, width, result, shares, names):
    """One bar of shares, a whisker where two of them meet, and their numbers in per cent where there is room."""
    low = reach = 0.0  # where the share begins, and how far the whisker there reaches
    room = width * WIDTH / np.ptp(axes.get_xlim()) > 0.3
    for name, shade, hatch in zip(names, shades(result.colour, len(names)), HATCHES * len(names)):
        mean, least, most = shares.get(name, (0.0, low, low))
        axes.bar(x, mean, width, bottom=low, color=shade, hatch=hatch, edgecolor="white", linewidth=0.6)
        middle, low = low + mean / 2, low + mean
        if room and middle - 0.04 > reach and middle + 0.04 < least:
            dark = np.dot(shade, (0.299, 0.587, 0.114)) < 0.55
            axes.text(x, middle, f"{100 * mean:.0f}", ha="center", va="center", fontsize=8,
                      color="white" if dark else "black")
        if most > least and low < 0.9999:
            axes.errorbar(x, low, [[max(low - least, 0)], [max(most - low, 0)]], color="black", linewidth=1, capsize=3)
        reach = most


def draw_origin(results, elements):
    shares = {(e, r): origin(r, e) for e in elements for r in results if e in r.elements}
    names = list(dict.fromkeys(name for found in shares.values() for name in found))
    heading = "Where does what was delivered come from?"
    if len(names) < 2:
        note = f"All of it is of one origin, {names[0].title()}." if names else "Nothing was delivered."
        return page(heading, results, scenarios(results, line_of), [note], (0, 0, 0))[0]
    base = results[0].colour if len(results) == 1 else "#444444"
    signs = [(patch(shade, hatch=hatch, edgecolor="white"), f"from {name.title()}")
             for name, shade, hatch in zip(names, shades(base, len(names)), HATCHES * len(names))]
    if any(r.replications > 1 for r in results):
        whisker = plt.Line2D([], [], color="black", linestyle="none", marker="|", markersize=9)
        signs.append((whisker, "nine tenths of the replications (5 to 95 %)"))
    signs = [*scenarios(results, lambda r: patch(r.colour)), signs]
    figure, grid = page(heading, results, signs, (), (1, 1, 3.2))
    axes = figure.add_subplot(grid[0])
    axes.set_xlim(-0.6, len(elements) - 0.4)
    step = min(0.8 / len(results), 0.5)
    for (element, result), found in shares.items():
        if found:
            x = elements.index(element) + (results.index(result) - (len(results) - 1) / 2) * step
            draw_bar(axes, x, 0.94 * step, result, found, names)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xticks(range(len(elements)), elements, fontsize=11, fontweight="bold")
    axes.tick_params(axis="x", length=0)
    axes.tick_params(axis="y", labelsize=8)
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
    axes.set_ylabel("share of what was delivered, mean", fontsize=8)
    return figure


PICTURES = {"fan": draw_fan, "survival": draw_survival, "origin": draw_origin}


# The command.

def name_and_colour(results):
    """By title where titles differ, else by file name, else by path."""
    stems = [pathlib.Path(r.path).stem for r in results]
    if len({r.title for r in results}) < len(results):
        names = stems if len(set(stems)) == len(stems) else [r.path for r in results]
        for result, name in zip(results, names):
            result.label = name
    for result, (colour, dashes) in zip(results, LOOKS):
        result.colour, result.dashes = colour, dashes


def choose_elements(results, asked_for):
    there = list(dict.fromkeys(e for r in results for e in r.elements))
    there.sort(key=lambda e: FIRST.index(e) if e in FIRST else len(FIRST))
    if not there:
        raise Trouble(f"{results[0].path}: nobody asks for any element in it")
    for element in asked_for or ():
        if element not in there:
            raise Trouble(f"nobody asks for \"{element}\"; the users ask for {', '.join(there)}")
    return asked_for or there


def choose_pictures(what, out):
    """Those that were named; else all, or into a file that holds but one the fan."""
    if out.suffix.lower() in (".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".webp", ".eps", ".ps", ".pgf"):
        raise Trouble(f"{out}: pictures are {', '.join(SUFFIXES)}")
    single = out.suffix in (".png", ".svg")
    names = what or (["fan"] if single else list(PICTURES))
    for name in names:
        if name not in PICTURES:
            raise Trouble(f"there is no picture \"{name}\"; there are {', '.join(PICTURES)}")
    if single and len(names) > 1:
        raise Trouble(f"{out}: holds one picture; for {' and '.join(names)} name a folder or a .pdf")
    return names


def save(figures, out):
    """Into one file, or a folder with a PNG of each; says what it wrote."""
    try:
        if out.suffix == ".pdf":
            with PdfPages(out) as pages:
                for figure in figures.values():
                    pages.savefig(figure)
            print(f"{out}: {' '.join(figures)}")
            return
        if out.suffix not in SUFFIXES:
            out.mkdir(parents=True, exist_ok=True)
        for name, figure in figures.items():
            file = out if out.suffix in SUFFIXES else out / f"{name}.png"
            figure.savefig(file, dpi=DPI)
            width, height = (int(inches * DPI) for inches in figure.get_size_inches())
            print(f"{file}: {name}, {width} x {height}")
    except OSError as reason:
        raise Trouble(f"{out}: {reason.strerror}") from None


def run(args):
    if len(args.results) > len(LOOKS):
        raise Trouble(f"{len(args.results)} files; more than {len(LOOKS)} cannot be told apart in one picture")
    names = choose_pictures(args.what, args.out)
    results = [Result(path) for path in args.results]
    name_and_colour(results)
    elements = choose_elements(results, args.elements)
    figures = {}
    if args.data:
        print("picture,scenario,element,series,statistic,date,value")
    for name in names:
        try:
            if args.data:
                print_data(name, results, elements)
            else:
                figures[name] = PICTURES[name](results, elements)
        except Trouble as reason:
            if args.what or len(names) == 1:
                raise
            print(f"plot.py: {name} left out: {reason}", file=sys.stderr)
    if figures:
        save(figures, args.out)


def words(text):
    return list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="tools/plot.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", nargs="+", metavar="RESULTS.h5", help="what monazite batch -o, or run -o, wrote")
    parser.add_argument("-o", dest="out", metavar="WHERE", type=pathlib.Path, default=pathlib.Path("."),
                        help="a folder, for fan.png, survival.png and origin.png; a .pdf with a page of each; or a "
                             ".png or .svg of one of them, the fan when not said; here when not said")
    parser.add_argument("--what", type=words, metavar="PICTURE,...", help="of fan, survival, origin; all when not said")
    parser.add_argument("--elements", type=words, metavar="Dy,Tb,...", help="these only, in this order")
    parser.add_argument("--data", action="store_true", help="print the numbers as CSV instead of drawing them")
    try:
        run(parser.parse_args(arguments))
    except Trouble as reason:
        print(f"plot.py: {reason}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # --data | head is no error
    main()
