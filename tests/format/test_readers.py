#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Do the programs that people use open a results file, with no option and no helper?

    test_readers.py FILE [SECOND_SHARD [OTHER_SCENARIO]]

Works on any results file; with further files (other replications of the same scenario, another scenario)
it merges them too. A reader that is not installed is named and passed over. Exits 1 if one fails.
"""
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import warnings

warnings.simplefilter("ignore")
import h5py
import netCDF4
import numpy as np
import xarray as xr

FILE, SHARD, OTHER = (sys.argv[1:4] + [None, None, None])[:3]
ENGINES = ("netcdf4", "h5netcdf")
with h5py.File(FILE) if FILE else contextlib.nullcontext(()) as f:
    LOG = "event_log" in f
GROUPS = (None, "summary", "event_log") if LOG else (None, "summary")
LABELS = ("scenario", "node", "material", "element", "account", "account_node", "account_material",
          "account_element")


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def text(attribute):
    """h5py gives text of fixed length as bytes."""
    return attribute.decode()


def needs(program):
    return unittest.skipUnless(shutil.which(program), f"{program} is not installed")


class Xarray(unittest.TestCase):
    def test_opens_root_and_groups_whole(self):
        for engine in ENGINES:
            for group in GROUPS:
                with self.subTest(engine=engine, group=group):
                    with xr.open_dataset(FILE, engine=engine, group=group) as ds:
                        ds.load()
                        self.assertTrue(ds.data_vars)

    def test_dates_are_dates(self):
        for group in GROUPS:
            with xr.open_dataset(FILE, group=group) as ds:
                self.assertEqual(ds.time.dtype.kind, "M")
                with h5py.File(FILE) as f:
                    time = f[(group or "") + "/time"]
                    start = np.datetime64(text(time.attrs["units"]).removeprefix("days since "))
                    days = (ds.time.values - start) / np.timedelta64(1, "D")
                    np.testing.assert_allclose(days, time[:], rtol=0, atol=1e-9)

    def test_labels_are_text_and_coordinates(self):
        for engine in ENGINES:
            with xr.open_dataset(FILE, engine=engine) as ds:
                for name in LABELS:
                    self.assertIn(name, ds.coords)
                    self.assertTrue(all(isinstance(x, str) for x in ds[name].values), name)
                    self.assertEqual("|".join(ds[name].values), ds[name].attrs["labels"])

    def test_finds_accounts_by_their_parts(self):
        for group in GROUPS:
            with xr.open_dataset(FILE, group=group) as ds:
                name = next((v for v in ds.data_vars if "account" in ds[v].dims), None)
                if name is None:
                    continue
                parts = ["account_node", "account_material", "account_element"]
                node = ds.account_node.values[-1]
                chosen = ds[name].set_index(account=parts).sel(account_node=node)
                self.assertEqual(chosen.sizes["account"], int((ds.account_node == node).sum()))
                same = ds[name].sel(account=ds.account.values[-1])
                np.testing.assert_array_equal(chosen.isel(account=-1).values, same.values)

    def test_finds_places_by_their_parts(self):
        with xr.open_dataset(FILE) as ds:
            if "wait_mean" not in ds:
                self.skipTest("no places")
            node = ds.place_node.values[-1]
            chosen = ds.wait_mean.set_index(place=["place_node", "place_material"]).sel(place_node=node)
            self.assertEqual(chosen.size, int((ds.place_node == node).sum()) * ds.sizes["replication"])
            both = f"{node} / {ds.place_material.values[-1]}"
            self.assertEqual(ds.place.values[-1], both)

    @unittest.skipUnless(LOG, "no event log")
    def test_finds_events_by_words_and_names(self):
        for engine in ENGINES:
            with xr.open_dataset(FILE, engine=engine) as ds, \
                    xr.open_dataset(FILE, engine=engine, group="event_log") as log:
                self.assertLessEqual({"time", "replication"}, set(log.coords))
                self.assertTrue((np.diff(log.replication.values) >= 0).all())
                self.assertTrue(np.isin(log.replication.values, ds.replication.values).all())
                one = log.where(log.replication == log.replication[-1], drop=True)
                self.assertEqual(one.sizes["event"], (log.replication == log.replication[-1]).sum())
                self.assertTrue((np.diff(one.time.values) >= np.timedelta64(0)).all())
                for name in ("node", "material"):
                    self.assertEqual(log[name].labels.split("|"), list(ds[name].values))
                for name in ("node", "other", "material", "link", "disruption"):
                    labels = log[name].labels.split("|") if "labels" in log[name].attrs else []
                    self.assertTrue(((log[name] >= -1) & (log[name] < len(labels))).all(), name)
                np.testing.assert_array_equal(np.isnan(log.mass), log.material == -1)
                words = log.what.flag_meanings.split()
                self.assertEqual(words, [line.split(":")[0] for line in log.what.comment.splitlines()])
                some = log.isel(event=log.what.values == words.index("arrived"))
                self.assertGreater(some.sizes["event"], 0)

    def test_everything_says_what_it_is(self):
        for group in GROUPS:
            with xr.open_dataset(FILE, group=group, decode_cf=False) as ds:
                for name, v in ds.variables.items():
                    self.assertIn("long_name", v.attrs, name)
                    self.assertTrue(v.dtype.kind == "O" or "units" in v.attrs, name)
                    if v.dtype.kind == "f" and name not in ds.dims:
                        self.assertEqual(v.attrs["_FillValue"].dtype, v.dtype, name)
                        self.assertTrue(np.isnan(v.attrs["_FillValue"]), name)

    def test_summary_follows_from_series(self):
        with xr.open_dataset(FILE) as ds, xr.open_dataset(FILE, group="summary") as summary:
            for name in [n.removesuffix("_mean") for n in summary.data_vars if n.endswith("_mean")]:
                if name not in ds:
                    continue
                mean = ds[name].mean("replication")
                np.testing.assert_allclose(summary[name + "_mean"].values, mean.values, rtol=1e-9, atol=1e-12)
                found = summary[name + "_quantiles"].transpose("quantile", "scenario", ...).values
                expected = ds[name].quantile(summary["quantile"].values, "replication").values
                np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)

    @unittest.skipUnless(SHARD, "one file only")
    def test_merges_shards_by_one_call(self):
        with xr.open_mfdataset([FILE, SHARD]) as ds, xr.open_dataset(FILE) as a, xr.open_dataset(SHARD) as b:
            self.assertEqual(ds.sizes["replication"], a.sizes["replication"] + b.sizes["replication"])
            for name in a.data_vars:
                merged = np.concatenate([a[name].values, b[name].values])
                np.testing.assert_array_equal(ds[name].values, merged, name)
            for name in LABELS:
                self.assertEqual(ds[name].dims, a[name].dims, name)

    @unittest.skipUnless(OTHER, "no file of another scenario")
    def test_merges_scenarios_by_one_call(self):
        for group in GROUPS:
            with xr.open_mfdataset([FILE, OTHER], group=group) as ds:
                self.assertEqual(ds.sizes["scenario"], 2)
                ds.load()


class OtherLibraries(unittest.TestCase):
    def test_h5py_opens_everything(self):
        read = []
        with h5py.File(FILE) as f:
            f.visititems(lambda name, o: read.append((name, o[()])) if isinstance(o, h5py.Dataset) else None)
            self.assertEqual(text(f.attrs["status"]), "complete")
            self.assertEqual(text(f.attrs["default"]), "summary")
            self.assertEqual(text(f["summary"].attrs["NX_class"]), "NXdata")
            signal = f["summary"][text(f["summary"].attrs["signal"])]
            axes = f["summary"].attrs["axes"]
            self.assertEqual(len(axes), signal.ndim)
            for i, axis in enumerate(axes):
                if axis != ".":
                    self.assertEqual(f["summary"][axis].shape, (signal.shape[i],))
        self.assertTrue(read)

    def test_every_axis_has_a_scale_and_every_chunk_a_checksum(self):
        def look(name, o):
            if not isinstance(o, h5py.Dataset) or o.shape == ():
                return
            if not h5py.h5ds.is_scale(o.id):
                for dim in o.dims:
                    self.assertEqual(len(dim), 1, name)
            if o.dtype.kind != "O":
                self.assertTrue(o.fletcher32 and o.shuffle and o.compression == "gzip", name)
                self.assertIn(o.dtype.str, ("<f8", "<f4", "<i4", "<i8", "|u1"), name)

        with h5py.File(FILE) as f:
            f.visititems(look)

    def test_netcdf_can_add_to_the_file(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = shutil.copy(FILE, folder)
            with netCDF4.Dataset(copy, "a") as ds:
                ds.note = "added"
                added = ds.createVariable("added", "f8", ("replication", "scenario"))
                added[:] = 1
                last = ds.variables["replication"].size
                ds.variables["replication"][last] = 1000000
            with netCDF4.Dataset(copy) as ds:
                self.assertEqual(ds.variables["added"].shape, (last + 1, 1))

    def test_flags_have_as_many_meanings_as_values(self):
        with netCDF4.Dataset(FILE) as ds:
            flags = [v for v in ds.variables.values() if v.dtype == np.uint8]
            self.assertTrue(flags)
            for v in flags:
                self.assertEqual(len(np.atleast_1d(v.flag_values)), len(v.flag_meanings.split()), v.name)
                self.assertLess(v[:].max(), len(v.flag_meanings.split()))


class Programs(unittest.TestCase):
    @needs("ncdump")
    def test_ncdump_shows_labels_units_and_dates(self):
        header = run("ncdump", "-h", FILE)
        self.assertIn("string node(node)", header)
        self.assertIn("node:labels = ", header)
        self.assertIn('time:units = "days since ', header)
        self.assertIn("replication = UNLIMITED", header)
        data = run("ncdump", "-t", "-v", "time,account_node", FILE)
        with xr.open_dataset(FILE) as ds:
            self.assertIn(str(ds.time.values[-1])[:10], data)
            self.assertIn(f'"{ds.account_node.values[-1]}"', data)

    @needs("h5dump")
    def test_h5dump_reads_every_byte(self):
        self.assertIn("DATASET", run("h5dump", FILE))

    @needs("udunits2")
    def test_udunits_knows_every_unit(self):
        units = set()
        for group in GROUPS:
            with xr.open_dataset(FILE, group=group, decode_cf=False) as ds:
                units |= {v.attrs["units"] for v in ds.variables.values() if "units" in v.attrs}
        self.assertTrue(units)
        for unit in units:
            self.assertNotIn(unit, ("kt", "a"), "reads as a knot, an are")
            with self.subTest(unit=unit):
                answer = subprocess.run(["udunits2", "-H", unit, "-W", unit], capture_output=True, text=True)
                self.assertEqual(answer.returncode, 0, answer.stderr)
                self.assertNotIn("Don't recognize", answer.stdout + answer.stderr)

    @needs("ncrcat")
    @unittest.skipUnless(SHARD, "one file only")
    def test_ncrcat_joins_shards(self):
        with tempfile.TemporaryDirectory() as folder:
            joined = os.path.join(folder, "joined.nc")
            run("ncrcat", FILE, SHARD, joined)
            with xr.open_dataset(joined) as ds, xr.open_mfdataset([FILE, SHARD]) as expected:
                np.testing.assert_array_equal(ds.replication.values, expected.replication.values)
                np.testing.assert_array_equal(ds.events.values, expected.events.values)

    @needs("Rscript")
    def test_r_reads_numbers_labels_and_dates(self):
        for package in ("ncdf4", "rhdf5"):
            if subprocess.run(["Rscript", "-e", f"library({package})"], capture_output=True).returncode != 0:
                print(f"R has no {package}", file=sys.stderr)
                continue
            with self.subTest(package=package):
                read = {"ncdf4": f'f <- nc_open("{FILE}"); n <- ncvar_get(f, "node"); e <- ncvar_get(f, "events"); '
                                 'u <- ncatt_get(f, "time", "units")$value',
                        "rhdf5": f'n <- h5read("{FILE}", "node"); e <- h5read("{FILE}", "events"); '
                                 f'u <- h5readAttributes("{FILE}", "time")$units'}[package]
                said = run("Rscript", "-e", f"library({package}); {read}; cat(n[1], length(e), u)")
                with xr.open_dataset(FILE) as ds:
                    self.assertIn(f"{ds.node.values[0]} {ds.events.size} days since", said)


if __name__ == "__main__":
    if FILE is None:
        sys.exit(__doc__)
    unittest.main(argv=sys.argv[:1], verbosity=2, warnings="ignore")
