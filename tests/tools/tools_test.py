#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tools: tools_test.py [CLASS[.TEST]]...; Picture runs the program that $MONAZITE names.

The lints must find what they are for; installing must ask for no more than it needs."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)

    def write(self, path, text, mode=0o644):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)
        return file

    def tool(self, tool, *args, code=0, **env):
        """Runs tools/TOOL, holds it to its exit code, gives all that it printed."""
        done = subprocess.run([TOP / "tools" / tool, *args], cwd=self.root, env={**os.environ, **env}, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=100)
        self.assertEqual(done.returncode, code, done.stdout)
        return done.stdout


class Help(Case):
    def test_tells_what_it_does_without_doing_it(self):
        for tool in ("quickstart", "check", "reference"):
            self.assertTrue(self.tool(tool, "--help").startswith(f"usage: tools/{tool} ["))

    def test_an_unknown_argument_is_named(self):
        for tool in ("quickstart", "check"):
            self.assertIn('unknown argument "--ful"', self.tool(tool, "--ful", code=64))


class Install(Case):
    """install-packages against stand-ins for apt and its company."""
    BUILD = ("gcc libc6-dev cmake ninja-build pkgconf libgsl-dev libconfig-dev libhdf5-dev libmd-dev "
             "libjansson-dev zlib1g-dev").split()

    def setUp(self):
        super().setUp()
        for name in ("bash", "sed", "grep", "mktemp", "rm", "tail", "env", "cat"):
            (self.root / name).symlink_to(shutil.which(name))
        self.stand_in("apt-get", 'echo "apt-get $*" >>calls; [ "$UPDATE" != broken ] || { echo "no network"; exit 100; }')
        self.user(0)
        self.installed(self.BUILD)

    def stand_in(self, name, body):
        self.write(name, f"#!{self.root}/bash\n{body}\n", 0o755)

    def user(self, uid):
        self.stand_in("id", f"echo {uid}")

    def installed(self, names):
        lines = "".join(f"{name} installed\n" for name in names)
        self.stand_in("dpkg-query", f"printf '%s' '{lines}'; exit 1")

    def install(self, *groups, code=0, update=""):
        """Gives (what was printed, how apt-get was called)."""
        out = self.tool("install-packages", *groups, code=code, PATH=str(self.root), UPDATE=update)
        calls = self.root / "calls"
        return out, calls.read_text().splitlines() if calls.exists() else []

    def test_asks_for_nothing_when_all_is_there(self):
        self.assertEqual(self.install("build"), ("all 11 packages are there\n", []))

    def test_asks_for_what_is_missing_and_no_more(self):
        self.installed([n for n in self.BUILD if n not in ("cmake", "libmd-dev")])
        out, calls = self.install("build")
        self.assertEqual(out, "installing cmake libmd-dev\n")
        self.assertEqual(len(calls), 2)
        self.assertTrue(calls[0].endswith(" update"))
        self.assertTrue(calls[1].endswith(" install --no-install-recommends cmake libmd-dev"))

    def test_a_removed_package_is_missing(self):
        self.stand_in("dpkg-query", "\n".join(f"echo {n} " + ("config-files" if n == "gcc" else "installed") for n in self.BUILD))
        self.assertEqual(self.install("build")[0], "installing gcc\n")

    def test_goes_through_sudo_when_not_root(self):
        self.installed([])
        self.user(1000)
        self.stand_in("sudo", 'echo sudo >>calls; exec "$@"')
        self.assertEqual(self.install("build")[1][0::2], ["sudo", "sudo"])

    def test_says_what_to_do_without_root_and_sudo(self):
        self.installed([n for n in self.BUILD if n != "cmake"])
        self.user(1000)
        out, calls = self.install("build", code=77)
        self.assertIn("neither root nor sudo; ask somebody to run: apt-get install cmake\n", out)
        self.assertEqual(calls, [])

    def test_shows_why_apt_failed(self):
        self.installed([])
        out, calls = self.install("build", code=69, update="broken")
        self.assertIn("no network", out)
        self.assertEqual(len(calls), 1)

    def test_elsewhere_than_on_debian_names_the_packages(self):
        (self.root / "dpkg-query").unlink()
        self.assertIn("not Debian", self.install("build", code=69)[0])


class Lint(Case):
    def layers(self, path, *includes, code=1):
        self.write(path, "".join(f"#include {name}\n" for name in includes))
        return self.tool("lint/layers", self.root, code=code)

    def test_layers_lets_pass_what_is_below(self):
        self.layers("src/domain/facilities/mine.c", '"domain/facilities/kinds.h"', '"random/stream.h"',
                    '"base/error.h"', '"monazite/calendar.h"', "<math.h>", code=0)

    def test_layers_finds_an_arrow_that_points_up(self):
        self.assertEqual(self.layers("src/domain/lot.c", "<math.h>", '"engine/engine.h"'),
                         "src/domain/lot.c:2: engine/engine.h: domain may not know engine\n")

    def test_layers_finds_a_library_outside_its_floor(self):
        self.assertIn("hdf5.h: only for archive", self.layers("src/report/table.c", "<hdf5.h>"))
        self.assertIn("libconfig.h: only for config", self.layers("src/world/check.c", "<libconfig.h>"))
        self.assertIn("does not know", self.layers("src/world/check.c", "<curl/curl.h>"))
        self.assertIn("mpi.h: only for batch/ranks.c", self.layers("src/batch/run.c", "<mpi.h>"))

    def test_layers_finds_a_public_header_that_tells_too_much(self):
        self.assertIn("only public headers", self.layers("include/monazite/result.h", '"world/scenario.h"'))
        self.assertIn("includes no library", self.layers("include/monazite/result.h", "<gsl/gsl_rng.h>"))
        self.assertIn("may not know", self.layers("src/base/text.c", '"monazite/result.h"'))

    def test_layers_finds_a_facility_that_knows_another(self):
        self.assertIn("one facility knows nothing of another",
                      self.layers("src/domain/facilities/mine.c", '"domain/facilities/demand.h"'))

    def test_layers_does_not_pass_an_empty_tree(self):
        self.assertIn("no sources", self.tool("lint/layers", self.root, code=1))

    def test_sizes_refuses_a_long_file_and_tells_of_a_long_function(self):
        body = "static int f(int x) {\n" + "  x++;\n" * 60 + "  return x;\n}\n"
        self.write("src/base/a.c", body)
        self.assertEqual(self.tool("lint/sizes", self.root), "src/base/a.c:1: note: a function of 63 lines\n")
        self.write("src/base/a.c", "\n" * 601)
        self.assertEqual(self.tool("lint/sizes", self.root, code=1), "src/base/a.c: 601 lines; 600 are enough\n")

    def test_links_finds_what_leads_nowhere(self):
        self.write("a.md", "# One Thing\n[b](b/b.md) [here](#one-thing)\n```\n[code](no)\n```\n[x](http://x.org)\n")
        self.write("b/b.md", "[back](../a.md#one-thing)\n")
        self.tool("lint/links", self.root)
        self.write("b/b.md", "[a](a.md)\n[b](../a.md#two)\n[c](../../c.md)\n")
        self.assertEqual(self.tool("lint/links", self.root, code=1),
                         "b/b.md:1: a.md: leads nowhere\nb/b.md:2: ../a.md#two: no such heading\n"
                         "b/b.md:3: ../../c.md: leads out of the tree\n")


class Libraries(Case):
    def setUp(self):
        super().setUp()
        if not shutil.which("gcc"):
            self.skipTest("no gcc")

    def library(self, text):
        source = self.write("a.c", text)
        subprocess.run(["gcc", "-O2", "-fPIC", "-c", source, "-o", self.root / "a.o"], check=True)
        for name in ("libmnz_a.a", "libmnz_b.a"):
            subprocess.run(["ar", "rcs", self.root / name, self.root / "a.o"], check=True)

    def test_prefixes(self):
        self.library("static int one;\nstatic const char *const t[] = {\"a\"};\n"
                     "const char *mnz_f(int i) { return t[i + (one - one)]; }\n")
        self.tool("lint/prefixes", self.root)
        self.library("int f(void) { return 1; }\n")
        self.assertIn("exported without mnz_:", self.tool("lint/prefixes", self.root, code=1))
        self.library("int mnz_f(void) { static int calls; return ++calls; }\n")
        self.assertIn("data that change:", self.tool("lint/prefixes", self.root, code=1))

    def test_manners(self):
        self.library("#include <stdio.h>\nint mnz_f(char *s, int x) { return snprintf(s, 9, \"%d\", x); }\n")
        self.tool("lint/manners", self.root)
        self.library("#include <stdio.h>\nvoid mnz_f(int x) { printf(\"%d\", x); }\n")
        self.assertIn(" U printf", self.tool("lint/manners", self.root, code=1))


class Reference(Case):
    def setUp(self):
        super().setUp()
        self.program = self.write("monazite", '#!/bin/sh\ncase "$*" in\n'
                                  '"describe --json") echo \'{"tables": [{"heading": "Topics", "rows": [{"topic": "mine"}]}]}\' ;;\n'
                                  'describe*) echo "## $*" ;;\nesac\n', 0o755)

    def test_writes_between_its_marks_and_is_then_content(self):
        page = self.write("page.md", "before\n<!-- describe: begin -->\nold\n<!-- describe: end -->\nafter\n")
        self.assertIn("-old", self.tool("reference", "--check", "--file", page, self.program, code=1))
        self.tool("reference", "--file", page, self.program)
        self.assertEqual(page.read_text(),
                         "before\n<!-- describe: begin -->\n\n## describe --markdown\n\n## describe --markdown mine\n\n"
                         "<!-- describe: end -->\nafter\n")
        self.tool("reference", "--check", "--file", page, self.program)

    def test_a_page_without_marks_is_refused(self):
        page = self.write("page.md", "before\n")
        self.assertIn("expected one", self.tool("reference", "--file", page, self.program, code=1))


@unittest.skipUnless("MONAZITE" in os.environ, "needs MONAZITE, the program")
class Picture(Case):
    def test_draws_a_run(self):
        scenario = TOP / "scenarios/tutorial/first-mine.cfg"
        subprocess.run([os.environ["MONAZITE"], "run", scenario, "-q", "-o", self.root / "run.h5"], check=True)
        self.tool("picture", "run.h5", "run.png")
        self.assertEqual((self.root / "run.png").read_bytes()[:8], b"\x89PNG\r\n\x1a\n")

    def test_refuses_a_run_without_series(self):
        scenario = TOP / "scenarios/tutorial/first-mine.cfg"
        subprocess.run([os.environ["MONAZITE"], "run", scenario, "-q", "--no-series", "-o", self.root / "run.h5"], check=True)
        self.assertIn("no users_stock", self.tool("picture", "run.h5", "run.png", code=1))


if __name__ == "__main__":
    unittest.main()
