#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/plot.py and tools/plot.R on batches that the program that $MONAZITE names has run: plot_test.py [Plot|PlotR].

What is drawn must be what is in the file, worked out anew from the replications. Exits with 77 where a package is
missing."""
import contextlib
import csv
import importlib.util
import io
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

try:
    import matplotlib.colors
    import matplotlib.image
    import netCDF4  # noqa: F401: the engine of xarray
    import numpy as np
    import xarray as xr
except ImportError as reason:
    print(f"plot_test: skipped, {reason} (tools/install-packages picture)")
    sys.exit(77)

TOP = pathlib.Path(__file__).resolve().parents[2]
ORDER = ["Nd", "Pr", "Dy", "Tb", "Sm", "Gd", "Y"]
SERIES = ("users_stock", "users_backlog")
FILES = {
    "closed": ("batch", "scenarios/china-closed.cfg", "-n", "20"),
    "base": ("batch", "scenarios/sojitz-lynas.cfg", "-n", "12"),
    "more": ("batch", "scenarios/sojitz-lynas.cfg", "-n", "8", "--set", 'demand["ceramics"].rate="900 t/yr"'),
    "run": ("run", "scenarios/tutorial/stockpile-and-outage.cfg"),
    "no-bands": ("batch", "scenarios/tutorial/first-mine.cfg", "-n", "2", "--bands=none"),
}


def setUpModule():
    global folder
    kept = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(kept.cleanup)
    folder = pathlib.Path(kept.name)
    for name, command in FILES.items():
        subprocess.run([os.environ["MONAZITE"], *command, "-q", "-o", folder / f"{name}.h5"], check=True, cwd=TOP)


def path(name):
    return str(folder / f"{name}.h5")


def size(png):
    """Of a PNG, from its own head."""
    head = png.read_bytes()[:24]
    return head[:8] == b"\x89PNG\r\n\x1a\n" and tuple(int.from_bytes(head[i:i + 4], "big") for i in (16, 20))


class Case(unittest.TestCase):
    def expect_quantiles(self, name, rows, levels):
        """rows as (series, element, statistic): values, against the replications themselves."""
        with xr.open_dataset(path(name)) as data:
            for series in SERIES:
                for element in ORDER:
                    values = data[series].sel(element=element).isel(scenario=0).transpose("replication", "time").values
                    for level in levels:
                        np.testing.assert_allclose(rows[series, element, f"q{100 * level:02.0f}"],
                                                   np.quantile(values, level, axis=0), rtol=1e-5, atol=1e-6)

    def expect_picture(self, file, printed):
        """It is as large as it said, and something is drawn on it; gives its pixels as r, g, b."""
        width, height = size(file)
        self.assertIn(f"{width} x {height}", printed)
        pixels = (255 * matplotlib.image.imread(file)[..., :3]).round().astype(np.uint8)
        self.assertEqual(pixels.shape, (height, width, 3))
        self.assertGreater(len(np.unique(pixels.reshape(-1, 3), axis=0)), 20)
        return pixels


class Plot(Case):
    @classmethod
    def setUpClass(cls):
        spec = importlib.util.spec_from_file_location("plot", TOP / "tools/plot.py")
        cls.module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(cls.module)

    def setUp(self):
        self.addCleanup(self.module.plt.close, "all")

    def plot(self, *arguments, code=0):
        """Gives (standard output, standard error)."""
        out, err, found = io.StringIO(), io.StringIO(), 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                self.module.main([str(a) for a in arguments])
            except SystemExit as stop:
                found = stop.code
        self.assertEqual(found, code, err.getvalue())
        return out.getvalue(), err.getvalue()

    def data(self, *arguments):
        """{(series, element, statistic): values} of each scenario, and the dates of each."""
        found, dates = {}, {}
        for row in csv.DictReader(io.StringIO(self.plot(*arguments, "--data")[0])):
            key = row["series"], row["element"], row["statistic"]
            found.setdefault(row["scenario"], {}).setdefault(key, []).append(float(row["value"]))
            dates.setdefault(row["scenario"], {}).setdefault(key, []).append(row["date"])
        return found, dates

    def results(self, *names):
        results = [self.module.Result(path(name)) for name in names]
        self.module.name_and_colour(results)
        return results, self.module.choose_elements(results, None)

    def test_the_fan_says_what_the_replications_say(self):
        found, dates = self.data(path("closed"), "--what", "fan")
        rows = found["China closed for all of 2026"]
        self.expect_quantiles("closed", rows, (0.05, 0.25, 0.5, 0.75, 0.95))
        self.assertEqual(list(dict.fromkeys(element for _, element, _ in rows)), ORDER)
        with xr.open_dataset(path("closed")) as data:
            days = dates["China closed for all of 2026"]["users_stock", "Nd", "q50"]
            np.testing.assert_array_equal(np.array(days, "datetime64[ns]"), data.time.values)

    def test_the_curves_on_the_paper_are_those_numbers(self):
        results, elements = self.results("base", "closed")
        figure = self.module.draw_fan(results, elements)
        self.assertEqual(len(figure.axes), 2 * len(ORDER))
        for result in results:
            rows = {}
            for i, axes in enumerate(figure.axes):
                lines = [line for line in axes.lines if line.get_color() == result.colour]
                self.assertEqual(len(lines), 1)
                rows[SERIES[i % 2], ORDER[i // 2], "q50"] = lines[0].get_ydata()
            self.expect_quantiles(pathlib.Path(result.path).stem, rows, (0.5,))

    def test_survival_is_the_share_that_is_not_yet_short(self):
        rows, dates = (part["China closed for all of 2026"] for part in self.data(path("closed"), "--what", "survival"))
        with xr.open_dataset(path("closed"), decode_timedelta=False) as data:
            start = np.datetime64(data.attrs["time_coverage_start"])
            for element in ORDER:
                share, low, high = (np.array(rows["first_shortage", element, kind])
                                    for kind in ("share", "low", "high"))
                when = np.array(dates["first_shortage", element, "share"], "datetime64[s]")
                days = (when - start) / np.timedelta64(1, "D")
                first = data.first_shortage.sel(element=element).values.ravel()
                later = ~(first[:, None] <= days)  # never is later
                np.testing.assert_allclose(share, later.mean(axis=0), atol=1e-9)
                self.assertTrue((low <= share).all() and (share <= high).all())
        self.assertEqual(share[0], 1)
        self.assertEqual(share[-1], 0, "yttrium, of which all run short")

    def test_what_never_runs_short_is_named_and_not_drawn(self):
        results, elements = self.results("base")
        figure = self.module.draw_survival(results, elements)
        self.assertEqual(figure.axes, [])
        said = " ".join(text.get_text() for text in figure.texts)
        self.assertIn("Never short in 12 replications: Nd, Pr, Dy, Tb, Sm, Gd, Y.", said)
        # With nobody waiting there is no panel for it either.
        self.assertEqual(len(self.module.draw_fan(results, elements).axes), len(ORDER))

    def test_origins_are_shares(self):
        rows = self.data(path("closed"), "--what", "origin")[0]["China closed for all of 2026"]
        with xr.open_dataset(path("closed")) as data:
            for element in ORDER:
                shares = data.origin_share.isel(scenario=0).sel(element=element)
                for name in ("australia", "china"):
                    np.testing.assert_allclose(rows[name, element, "mean"], shares.sel(origin=name).values.mean())
                for end, level in (("low", 0.05), ("high", 0.95)):
                    np.testing.assert_allclose(rows["australia", element, end],
                                               np.quantile(shares.sel(origin="australia").values, level))
                    np.testing.assert_allclose(rows["china", element, end], 1)

    def test_a_scenario_has_one_colour_in_all_pictures(self):
        printed, _ = self.plot(path("closed"), path("base"), "-o", folder / "pictures")
        self.assertEqual(len(printed.splitlines()), 3)
        for name, line in zip(("fan", "survival", "origin"), printed.splitlines()):
            pixels = self.expect_picture(folder / "pictures" / f"{name}.png", line)
            for colour in ("#0072B2", "#D55E00"):
                wanted = (255 * np.array(matplotlib.colors.to_rgb(colour))).round().astype(np.uint8)
                self.assertGreater((pixels == wanted).all(axis=2).sum(), 50, f"{colour} in {name}")

    def test_equal_titles_give_way_to_file_names(self):
        self.assertEqual([r.label for r in self.results("base", "more")[0]], ["base", "more"])
        first, second = (r.label for r in self.results("base", "closed")[0])
        self.assertEqual(first, "Sojitz and Lynas: rare earths from Mt Weld to Japanese magnets")
        self.assertEqual(second, "China closed for all of 2026")

    def test_a_single_run_has_a_line_alone(self):
        (rows,), _ = (list(part.values()) for part in self.data(path("run"), "--what", "fan", "--elements", "Dy"))
        self.assertEqual({kind for _, _, kind in rows}, {"q50"})
        with xr.open_dataset(path("run")) as data:
            stock = data.users_stock.sel(element="Dy").values.ravel()
            np.testing.assert_allclose(rows["users_stock", "Dy", "q50"], stock, rtol=1e-5, atol=1e-6)
        printed, said = self.plot(path("run"), "-o", folder / "single.pdf")
        self.assertEqual(printed, f"{folder}/single.pdf: fan origin\n")
        self.assertIn("survival left out: ", said)
        self.assertEqual((folder / "single.pdf").read_bytes().count(b"/Type /Page "), 2)

    def test_elements_are_those_asked_for_in_that_order(self):
        self.plot(path("closed"), "--elements", "Y, Tb", "-o", folder / "some.svg")
        rows = self.data(path("closed"), "--elements", "Y,Tb", "--what", "fan")[0]["China closed for all of 2026"]
        self.assertEqual(list(dict.fromkeys(element for _, element, _ in rows)), ["Y", "Tb"])

    def test_trouble_is_one_line(self):
        (folder / "text.h5").write_text("not HDF5")
        with netCDF4.Dataset(folder / "other.h5", "w") as other:
            other.title = "something else"
        for arguments, words in (
                (("nowhere.h5",), "nowhere.h5: no such file"),
                ((path("text"),), "not a results file of monazite"),
                ((path("other"),), "not a results file of monazite"),
                ((folder,), "not a results file of monazite"),
                ((path("no-bands"), "--what", "fan"), "no users_stock_quantiles in /summary: written with --bands="),
                ((path("run"), "--what", "survival"), "a single run has none"),
                ((path("base"), "--what", "fan,pie"), 'there is no picture "pie"; there are fan, survival, origin'),
                ((path("base"), "--elements", "Dy,La"), 'nobody asks for "La"; the users ask for Nd, Pr, Dy, '),
                ((path("base"), "-o", "x.jpg"), "x.jpg: pictures are .png, .pdf, .svg"),
                ((path("base"), "-o", "x.png", "--what", "fan,origin"), "x.png: holds one picture"),
                ((path("base"), "-o", folder / "text.h5" / "x.png"), "Not a directory"),
                ((path("base"),) * 8, "8 files")):
            with self.subTest(words):
                out, err = self.plot(*arguments, code=2)
                self.assertIn(words, err)
                self.assertTrue(err.startswith("plot.py: ") and err.count("\n") == 1 and out == "", err + out)


def has_r():
    return shutil.which("Rscript") and subprocess.run(
        ["Rscript", "-e", "library(ncdf4)"], capture_output=True).returncode == 0


@unittest.skipUnless(has_r(), "no R with ncdf4")
class PlotR(Case):
    def plot(self, *arguments, code=0):
        done = subprocess.run([TOP / "tools/plot.R", *arguments], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def test_says_what_the_replications_say(self):
        rows = {}
        for row in csv.DictReader(io.StringIO(self.plot(path("closed"), "--data").stdout)):
            rows.setdefault((row["series"], row["element"], row["statistic"]), []).append(float(row["value"]))
        self.expect_quantiles("closed", rows, (0.05, 0.25, 0.5, 0.75, 0.95))
        self.assertEqual(list(dict.fromkeys(element for _, element, _ in rows)), ORDER)

    def test_draws(self):
        for name, elements in (("closed", []), ("base", ["Dy", "Y"]), ("run", [])):
            file = folder / f"r-{name}.png"
            self.expect_picture(file, self.plot(path(name), file, *elements).stdout)
        self.plot(path("closed"), folder / "r.pdf")
        self.assertEqual((folder / "r.pdf").read_bytes()[:5], b"%PDF-")

    def test_trouble_is_one_line(self):
        (folder / "text.h5").write_text("not HDF5")
        for arguments, words in (
                (("nowhere.h5", "x.png"), "nowhere.h5: no such file"),
                ((path("text"), "x.png"), "not a results file of monazite"),
                ((path("no-bands"), "x.png"), "no summary/users_stock_quantiles"),
                ((path("base"), "x.jpg"), "x.jpg: pictures are .png or .pdf"),
                ((path("base"), "x.png", "La"), 'nobody asks for "La"; the users ask for Nd, '),
                ((path("base"),), "usage: ")):
            done = self.plot(*arguments, code=2)
            self.assertIn(words, done.stderr)
            self.assertTrue(done.stderr.startswith("plot.R: ") and done.stderr.count("\n") == 1, done.stderr)


if __name__ == "__main__":
    if sys.argv[1:2] == ["PlotR"] and not has_r():
        print("plot_test: skipped, no R with ncdf4 (tools/install-packages full)")
        sys.exit(77)
    unittest.main()
