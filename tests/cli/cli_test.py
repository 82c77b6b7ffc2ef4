#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program as a user runs it: cli_test.py MONAZITE SCENARIO [CLASS[.TEST]]...

Exit codes, where things are printed, what the tables must not forget. The numbers are others' business."""
import csv
import io
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

MONAZITE, SCENARIO = (os.path.abspath(p) for p in sys.argv[1:3])

# Written by hand: what help, manual and completion must offer.
COMMON = ["quiet", "verbose", "color", "help"]
COMMANDS = {
    "run": ["output", "events", "save", "seed", "set", "replication", "no-series", "digits", "json"],
    "batch": ["replications", "threads", "output", "overwrite", "until", "confidence", "minimum", "block",
              "time-limit", "resume", "shard", "series", "bands", "digits", "save", "intervals", "warm-up",
              "dry-run", "progress", "seed", "set", "json"],
    "merge": ["output", "threads", "overwrite", "no-series"],
    "compare": ["replications", "threads", "confidence", "measures", "all", "csv", "seed", "set", "json"],
    "trace": ["lot", "to", "longest", "all", "replication", "json"],
    "why": ["delivery", "node", "element", "date", "replication", "json"],
    "calendar": ["all", "csv", "replication", "json"],
    "validate": ["set", "json"],
    "explain": ["set", "no-origins"],
    "describe": ["markdown", "json"],
    "info": ["check", "digest", "scenario", "json"],
    "help": [],
    "version": ["json"],
}


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "POSIXLY_CORRECT")}
        self.env["TERM"] = "xterm"

    def path(self, name, text=None):
        """A path in the test's own folder; with text, a file."""
        path = os.path.join(self.folder.name, name)
        if text is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return path

    def monazite(self, *args, code=0, **env):
        """Runs it, holds it to its exit code, gives (stdout, stderr)."""
        done = subprocess.run([MONAZITE, *args], env={**self.env, **env}, cwd=self.folder.name, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=50)
        self.assertEqual(done.returncode, code, (args, done.stdout[-500:], done.stderr))
        return done.stdout, done.stderr

    def shell(self, script, *args):
        """`script` with "$0" = monazite and "$1" ... = args; gives (code, stdout, stderr)."""
        done = subprocess.run(["bash", "-c", script, MONAZITE, *args], env=self.env, cwd=self.folder.name,
                              text=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=50)
        return done.returncode, done.stdout, done.stderr

    def on_terminal(self, *args, until=None, **env):
        """Runs it with standard output and error on a terminal; interrupts it once it has printed `until`.
        Gives (exit code, what the terminal got)."""
        master, slave = pty.openpty()
        process = subprocess.Popen([MONAZITE, *args], env={**self.env, **env}, cwd=self.folder.name,
                                   stdin=subprocess.DEVNULL, stdout=slave, stderr=slave)
        os.close(slave)
        seen = b""
        while True:
            try:
                piece = os.read(master, 4096)
            except OSError:  # how a terminal says that nobody is at the other end
                break
            seen += piece
            if until and until in seen:
                process.send_signal(signal.SIGINT)
                until = None
        os.close(master)
        return process.wait(timeout=50), seen.decode()


class Help(Case):
    def test_every_command_names_its_options(self):
        for command, options in COMMANDS.items():
            out, err = self.monazite(command, "--help")
            for option in options + COMMON:
                self.assertIn("--" + option, out, command)
            self.assertEqual(err, "")
            self.assertEqual(self.monazite("help", command), (out, ""))

    def test_help_lists_every_command_and_hides_the_hidden(self):
        out, _ = self.monazite("help")
        for command in COMMANDS:
            self.assertRegex(out, rf"(?m)^  {command} ")
        self.assertNotIn("--man", out)
        self.assertEqual(self.monazite("--help")[0], out)
        self.assertEqual(self.monazite("-h")[0], out)

    def test_help_fits_a_terminal(self):
        for command in COMMANDS:
            for line in self.monazite("help", command)[0].splitlines():
                self.assertLess(len(line), 80, line)

    def test_no_command_is_a_mistake_that_shows_help(self):
        out, err = self.monazite(code=64)
        self.assertEqual(out, "")
        self.assertIn("usage: monazite", err)

    def test_version(self):
        out, _ = self.monazite("--version")
        self.assertRegex(out, r"^monazite \d+\.\d+\.\d+ \(commit \S+\)\nbuilt with GSL ")
        self.assertEqual(self.monazite("version")[0], out)
        said = json.loads(self.monazite("version", "--json")[0])
        self.assertIn(said["version"], out)
        self.assertIn("HDF5", said["libraries"])


class Usage(Case):
    def refused(self, message, *args):
        out, err = self.monazite(*args, code=64)
        self.assertEqual((out, err), ("", "monazite: " + message + "\n"))

    def test_unknown_command(self):
        self.refused('unknown command "vlidate"; did you mean "validate"?', "vlidate")
        self.refused('unknown command "frobnicate"; "monazite help" lists them', "frobnicate")
        self.refused('unknown command "runn"; did you mean "run"?', "help", "runn")

    def test_unknown_option(self):
        self.refused("run: unknown option --sede; did you mean --seed?", "run", SCENARIO, "--sede", "3")
        self.refused("run: unknown option --sede; did you mean --seed?", "run", SCENARIO, "--sede=3")
        self.refused("run: unknown option --frobnicate; --help lists them", "run", "--frobnicate", SCENARIO)
        self.refused("run: unknown option -x; --help lists them", "run", SCENARIO, "-qx")
        self.refused("unknown option --versoin; did you mean --version?", "--versoin")
        self.refused("explain: unknown option --json; --help lists them", "explain", SCENARIO, "--json")

    def test_ambiguous_option(self):
        self.refused("run: --se may be --seed or --set; write it out", "run", SCENARIO, "--se=3")

    def test_arguments_of_options(self):
        self.refused("run: --output lacks its argument RESULTS.h5", "run", SCENARIO, "-o")
        self.refused("run: --seed lacks its argument SEED", "run", SCENARIO, "--seed")
        self.refused("run: --quiet takes no argument", "run", SCENARIO, "--quiet=yes")
        self.refused('run: --color: found "pink"; expected one of auto, always, never', "run", SCENARIO,
                     "--color=pink")
        for digits in ("0", "16", "x", "3x", "", "99999999999999999999"):
            self.refused(f'run: --digits: found "{digits}"; expected a whole number from 1 to 15', "run", SCENARIO,
                         "--digits", digits)
        self.refused('run: --seed: found "1\\""; expected a whole number', "run", SCENARIO, '--seed=1\\"')

    def test_operands(self):
        self.refused("run: FILE is missing; usage: monazite run [OPTION]... FILE", "run", "-q")
        self.refused("run: too many arguments; usage: monazite run [OPTION]... FILE", "run", SCENARIO, "b")
        self.refused("info: RESULTS.h5 is missing; usage: monazite info [OPTION]... RESULTS.h5", "info")

    def test_operand_that_looks_like_an_option(self):
        out, err = self.monazite("validate", "--", "--nothing.cfg", code=66)
        self.assertIn("--nothing.cfg", err)

    def test_options_that_exclude_each_other(self):
        self.refused("describe: --markdown and --json exclude each other", "describe", "--markdown", "--json")
        self.refused("info: only one of --digest, --scenario and --json can be printed", "info", "--digest",
                     "--scenario", "x.h5")


class Files(Case):
    def test_missing_input(self):
        for command in ("run", "validate", "explain", "info"):
            out, err = self.monazite(command, "none", code=66)
            self.assertEqual(out, "")
            self.assertRegex(err, r"\Amonazite: none: .+\n\Z")

    def test_a_scenario_is_no_results_file(self):
        _, err = self.monazite("info", SCENARIO, code=65)
        self.assertRegex(err, r"\Amonazite: .+\n\Z")

    def test_outputs_that_cannot_be_are_refused_before_the_run(self):
        self.path("file", "")
        for output, word in (("none/x.h5", "none: No such"), ("file/x.h5", "file is not a folder"),
                             (self.folder.name, "not a plain file"), ("/dev/null", "not a plain file"),
                             ("", "not the name"), ("none/", "none: No such")):
            out, err = self.monazite("run", SCENARIO, "-o", output, code=73)
            self.assertEqual(out, "")
            self.assertIn(word, err)
        copy = self.path("copy.cfg", "anything")
        _, err = self.monazite("run", copy, "-o", "./copy.cfg", code=73)
        self.assertIn("is an input of this very command", err)

    def test_wrong_scenario(self):
        wrong = self.path("wrong.cfg", 'title = "BAD";\nnosuch = 1;\n')
        before = self.path("before.h5", "\x7f keep me")
        _, err = self.monazite("run", SCENARIO, "-o", before, code=73)
        self.assertIn("exists and is not a results file", err)
        with open(before, "wb") as file:
            file.write(b"\x89HDF\r\n\x1a\nkeep me")
        _, err = self.monazite("run", SCENARIO, "-o", before, code=73)
        self.assertIn("is no sound results file of monazite", err)
        os.remove(before)
        self.monazite("run", SCENARIO, "-o", before, "-q")
        with open(before, "rb") as file:
            kept = file.read()
        out, err = self.monazite("run", wrong, "-o", before, code=65)
        self.assertEqual(out, "")
        self.assertRegex(err.splitlines()[-1], r"^monazite: .*wrong.cfg: the scenario is not valid: \d+ mistake")
        with open(before, "rb") as file:
            self.assertEqual(file.read(), kept)
        out, err = self.monazite("validate", wrong, code=65)
        self.assertEqual(err, "")
        self.assertRegex(out.splitlines()[-1], r"^not valid: \d+ mistake")
        said = json.loads(self.monazite("validate", wrong, "--json", code=65)[0])
        self.assertFalse(said["valid"])
        self.assertEqual(said["errors"], sum(not p["warning"] for p in said["problems"]))
        lines = out.splitlines()
        for p in said["problems"]:
            where = (p["file"] or "--set") + (f":{p['line']}" if p["line"] else "")
            path = p["path"] + ": " if p["path"] else ""
            self.assertIn(f"{where}: {path}{'warning: ' if p['warning'] else ''}{p['message']}", lines)


class Output(Case):
    def test_full_disk(self):
        for args in ("version", "help", "describe", "explain \"$1\"", "run \"$1\"", "--man"):
            code, _, err = self.shell(f'"$0" {args} > /dev/full', SCENARIO)
            self.assertEqual(code, 74, args)
            self.assertEqual(err, "monazite: standard output: No space left on device\n")

    def test_closed_output(self):
        self.assertEqual(self.shell('"$0" version >&-')[0], 74)
        self.assertEqual(self.shell('"$0" version -q >&-')[0], 0)

    def test_closed_output_does_not_end_up_in_the_results(self):
        code, _, _ = self.shell('"$0" run "$1" -o x.h5 <&- >&-', SCENARIO)
        self.assertEqual(code, 74)
        self.monazite("info", "x.h5", "--check")

    def test_quiet_prints_nothing(self):
        self.monazite("run", SCENARIO, "-o", "x.h5", "-q")
        for args in (["run", SCENARIO], ["run", SCENARIO, "--json", "-v"], ["validate", SCENARIO],
                     ["explain", SCENARIO], ["describe"], ["info", "x.h5", "--check"], ["help"], ["version"]):
            self.assertEqual(self.monazite(*args, "-q"), ("", ""), args)
            self.assertEqual(self.monazite("--quiet", *args), ("", ""), args)

    def test_colour(self):
        wrong = self.path("wrong.cfg", 'title = "BAD";\nnosuch = 1;\n')
        plain = self.monazite("validate", wrong, code=65)[0]
        red = "\033[31m"
        self.assertNotIn(red, plain)
        self.assertIn(red, self.monazite("validate", wrong, "--color=always", code=65, NO_COLOR="1")[0])
        self.assertIn(red, self.on_terminal("validate", wrong)[1])
        self.assertIn(red, self.on_terminal("validate", wrong, NO_COLOR="")[1])
        for args, env in (([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"}), (["--color=never"], {})):
            code, seen = self.on_terminal("validate", wrong, *args, **env)
            self.assertEqual((code, seen.replace("\r\n", "\n")), (65, plain))


class Run(Case):
    def test_summary(self):
        out, err = self.monazite("run", SCENARIO)
        self.assertEqual(err, "")
        self.assertRegex(out, r"(?m)^ledger: residual 0 mg over \d+ components; \d+ events$")
        self.assertIn("Users", out)
        for line in out.splitlines():
            self.assertLessEqual(len(line), 110, line)

    def test_json_says_the_same(self):
        out, _ = self.monazite("run", SCENARIO)
        said = json.loads(self.monazite("run", SCENARIO, "--json")[0])
        self.assertEqual(said["residual_mg"], 0)
        self.assertIn(said["headline"], " ".join(out.split()))
        for row in said["elements"]:
            self.assertRegex(out, rf"(?m)^  {re.escape(row['element'])} .*")
            self.assertLess(abs(row["fill_rate"] * row["asked_t"] - (row["asked_t"] - row["late_t"] - row["short_t"])),
                            1e-6)
        for row in said["demand"]:
            self.assertIn("  " + row["node"] + " ", out)
        self.assertGreater(said["timings"]["run_s"], 0)
        self.assertNotIn("results", said)

    def test_verbose_says_the_timings(self):
        _, err = self.monazite("run", SCENARIO, "-v", "-o", "x.h5")
        self.assertRegex(err, r"load [\d.]+ s, run [\d.]+ s: \d+ events, \S+ events/s, write [\d.]+ s\n\Z")

    def test_results_file(self):
        out, _ = self.monazite("run", SCENARIO, "-o", "one.h5", "--replication", "3")
        digest, _ = self.monazite("info", "one.h5", "--digest")
        self.assertIn(f"results: one.h5, digest {digest}", out)
        said = json.loads(self.monazite("run", SCENARIO, "-o", "two.h5", "--replication=3", "--json")[0])
        self.assertEqual((said["results"], said["digest"] + "\n"), ("two.h5", digest))
        self.assertEqual(said["replication"], 3)
        info = json.loads(self.monazite("info", "two.h5", "--check", "--json")[0])
        self.assertEqual((info["status"], info["replications"], info["checked"]), ("complete", 1, True))
        self.assertEqual(sorted(os.listdir(self.folder.name)), ["one.h5", "two.h5"])

    def test_scenario_of_the_results_runs_again(self):
        self.monazite("run", SCENARIO, "-o", "one.h5", "--seed=77")
        self.path("again.cfg", self.monazite("info", "one.h5", "--scenario")[0])
        self.assertIn("seed 77", self.monazite("validate", "again.cfg")[0])
        self.monazite("run", "again.cfg", "-o", "two.h5")
        self.assertEqual(self.monazite("info", "one.h5", "--digest"), self.monazite("info", "two.h5", "--digest"))

    def test_seed_is_an_override(self):
        by_seed = self.monazite("run", SCENARIO, "--seed", "77")[0]
        self.assertIn("seed 77,", by_seed)
        self.assertEqual(by_seed, self.monazite("run", SCENARIO, "--set", 'seed="77"')[0])

    def test_explained_scenario_is_a_scenario(self):
        self.path("said.cfg", self.monazite("explain", SCENARIO, "--set", 'seed="77"')[0])
        self.assertIn("seed 77", self.monazite("validate", "said.cfg")[0])
        plain = self.monazite("explain", "said.cfg", "--no-origins")[0]
        self.assertEqual(plain, self.monazite("explain", SCENARIO, "--set", 'seed="77"', "--no-origins")[0])

    def test_forty_thousand_users(self):
        """What takes the square of their number takes minutes."""
        users = ",".join(f'{{ name = "D{i}"; from = "M"; product = "a"; every = "7 d"; size = "1 t"; }}'
                         for i in range(40000))
        self.path("many.cfg", f'''title = "Many"; start = "2026-01-01"; end = "2026-02-01"; elements = ("Nd");
            origins = ("o"); materials = ( {{ name = "a"; of = ("Nd"); }} ); demand = ({users});
            nodes = ( {{ name = "M"; kind = "market"; origin = "o"; sells = ( {{ material = "a"; }} ); }} );''')
        self.assertIn("D39999", self.monazite("run", "many.cfg")[0])

    def test_describe(self):
        self.assertIn("plant", self.monazite("describe")[0])
        self.assertIn("|", self.monazite("describe", "plant", "--markdown")[0])
        json.loads(self.monazite("describe", "plant", "--json")[0])
        _, err = self.monazite("describe", "plnat", code=64)
        self.assertIn('"plant"', err)


class Events(Case):
    HEAD = ["time", "microseconds", "event", "node", "other", "material", "mass_t", "link", "disruption", "detail",
            "lot", "parent"]

    # A heap of lots that nobody takes grows until memory is out; beside it a shop sells a tonne a day.
    HEAP = '''title = "A heap"; start = "2026-01-01"; end = "2026-12-01"; elements = ("Nd");
materials = ({ name = "ore"; like = "Mine"; grade = "10 %"; }, { name = "oxide"; of = ("Nd"); });
nodes = ({ name = "Mine"; kind = "mine"; makes = "ore"; rate = "25 kt/d"; lot = "1 t"; ore = { grade = "10 %"; split = { Nd = 1; }; }; },
  { name = "Shop, \\"old\\""; kind = "trader"; takes = "oxide"; stores = ({ material = "oxide"; initial = "500 t"; }); });
demand = ({ name = "users"; from = "Shop, \\"old\\""; product = "oxide"; rate = "1 t/d"; every = "1 d"; });
'''

    def rows(self, text):
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        self.assertEqual(list(rows[0]), self.HEAD)
        for row in rows:
            self.assertRegex(row["time"], r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\Z")
        for before, after in zip(rows, rows[1:]):
            self.assertLessEqual(int(before["microseconds"]), int(after["microseconds"]))
        return rows

    def test_say_what_the_summary_says(self):
        summary, _ = self.monazite("run", SCENARIO, "--events=log.csv")
        self.assertEqual(summary, self.monazite("run", SCENARIO)[0])
        with open(self.path("log.csv"), encoding="utf-8", newline="") as file:
            rows = self.rows(file.read())
        said = json.loads(self.monazite("run", SCENARIO, "--json")[0])
        for demand in said["demand"]:
            asked = sum(float(r["mass_t"]) for r in rows if (r["event"], r["node"]) == ("ordered", demand["node"]))
            came = sum(float(r["mass_t"]) for r in rows if (r["event"], r["node"]) == ("arrived", demand["node"]))
            self.assertAlmostEqual(asked, demand["asked_t"], 6)
            self.assertAlmostEqual(came, demand["delivered_t"], 6)

    def test_on_standard_output_are_all_there_is(self):
        self.monazite("run", SCENARIO, "--events=log.csv", "-q")
        with open(self.path("log.csv"), encoding="utf-8", newline="") as file:
            log = file.read()
        self.assertEqual(self.monazite("run", SCENARIO, "--events=-"), (log, ""))
        _, err = self.monazite("run", SCENARIO, "--events=-", "--json", code=64)
        self.assertEqual(err, "monazite: run: --events=- and --json exclude each other\n")

    def test_tell_of_lots_if_they_are_kept(self):
        plain, _ = self.monazite("run", SCENARIO, "--events=-")
        lots, _ = self.monazite("run", SCENARIO, "--events=-", "--save=lots")
        told = {"born", "made", "split", "merged", "became", "stored", "in_process", "in_use", "ended"}
        self.assertTrue({"born", "made", "stored", "ended"} <= {r["event"] for r in self.rows(lots)})
        self.assertEqual([line for line in lots.splitlines() if line.split(",")[2] not in told], plain.splitlines())
        _, err = self.monazite("run", SCENARIO, "--save=lots", code=64)
        self.assertEqual(err, "monazite: run: --save needs --output: where would it be kept?\n")
        _, err = self.monazite("run", SCENARIO, "--save=lots,everything", "-o", "x.h5", code=64)
        self.assertEqual(err, 'monazite: --save: found "everything"; expected events or lots, or events,lots\n')

    def test_are_those_of_the_replication(self):
        wanted = ["--set", 'nodes["Plant"].makes[0].recovery="uniform(60 %, 80 %)"']
        logs = [self.monazite("run", SCENARIO, *wanted, "--events=-", f"--replication={k}")[0] for k in (0, 1, 1)]
        self.assertNotEqual(logs[0], logs[1])
        self.assertEqual(logs[1], logs[2])

    def test_end_up_in_the_results_and_change_nothing_else(self):
        self.monazite("run", SCENARIO, "-o", "with.h5", "--events=log.csv")
        self.monazite("run", SCENARIO, "-o", "without.h5")
        variables = [json.loads(self.monazite("info", "--check", "--json", name)[0])["variables"]
                     for name in ("with.h5", "without.h5")]
        self.assertEqual([v for v in variables[0] if not v.startswith("event_log/")], variables[1])
        self.assertIn("event_log/mass(event) t", variables[0])

    def test_replace_a_log_and_nothing_else(self):
        self.monazite("run", SCENARIO, "--events=log.csv", "-q")
        self.monazite("run", SCENARIO, "--events=log.csv", "-q")
        notes = self.path("notes.csv", "time,event\nmine\n")
        _, err = self.monazite("run", SCENARIO, "--events=notes.csv", code=73)
        self.assertEqual(err, "monazite: notes.csv: exists and is not an event log\n")
        with open(notes, encoding="utf-8") as file:
            self.assertEqual(file.read(), "time,event\nmine\n")
        self.monazite("run", SCENARIO, "--events=none/log.csv", code=73)
        _, err = self.monazite("run", SCENARIO, "--events=x.h5", "-o", "x.h5", code=64)
        self.assertEqual(err, "monazite: run: --events and --output name the same file\n")

    def test_of_a_scenario_that_is_wrong_keep_the_old_log(self):
        self.monazite("run", SCENARIO, "--events=log.csv", "-q")
        before = os.path.getsize(self.path("log.csv"))
        self.monazite("run", SCENARIO, "--events=log.csv", "--set", "nosuch=1", code=65)
        self.assertEqual(os.path.getsize(self.path("log.csv")), before)

    def test_stay_when_the_run_fails(self):
        self.path("heap.cfg", self.HEAP)
        limit = "ulimit -v 120000; "
        if self.shell(limit + 'ASAN_OPTIONS= "$0" version')[0] != 0:  # and no report of it
            self.skipTest("a sanitizer wants more memory than that to begin with")
        code, out, err = self.shell(limit + '"$0" run heap.cfg --events=log.csv -o x.h5')
        self.assertEqual((code, out), (71, ""))
        failed = re.search(r"monazite: Mine, (\d{4}-\d\d-\d\d)T[\d:]+: no memory", err)[1]
        with open(self.path("log.csv"), encoding="utf-8", newline="") as file:
            rows = self.rows(file.read())
        self.assertEqual(rows[-1]["time"][:10], failed)
        self.assertEqual([rows[-1][k] for k in ("event", "node", "other")], ["arrived", "users", 'Shop, "old"'])
        self.assertFalse(os.path.exists(self.path("x.h5")))

    def test_stay_when_the_run_is_interrupted(self):
        code, seen = self.on_terminal("run", SCENARIO, *Interrupt.LONG, "--events=log.csv", until=b" s left")
        self.assertEqual(code, 75)
        self.assertRegex(seen, r"monazite: interrupted at \d{4}-\d{2}-\d{2}\S*; the event log ends there\r\n\Z")
        with open(self.path("log.csv"), encoding="utf-8", newline="") as file:
            self.rows(file.read())

    def test_that_cannot_be_written_end_the_run(self):
        code, out, err = self.shell('trap "" XFSZ; ulimit -f 8; "$0" run "$1" --events=log.csv', SCENARIO)
        self.assertEqual((code, out, err), (74, "", "monazite: log.csv: File too large\n"))
        code, _, err = self.shell('"$0" run "$1" --events=- > /dev/full', SCENARIO)
        self.assertEqual((code, err), (74, "monazite: standard output: No space left on device\n"))


class Interrupt(Case):
    # Thousands of years, few samples: minutes of work.
    LONG = ["--set", 'end="9999-12-31"', "--set", 'sample="36500 d"']

    def test_progress_and_interrupt(self):
        code, seen = self.on_terminal("run", SCENARIO, *self.LONG, "-o", "x.h5", until=b" s left")
        self.assertEqual(code, 75)
        self.assertRegex(seen, r"\r\033\[K *\d+ %  \d{4}-\d{2}-\d{2}  \d+ s left")
        self.assertRegex(seen, r"monazite: interrupted at \d{4}-\d{2}-\d{2}\S*; nothing was written\r\n\Z")
        self.assertEqual(os.listdir(self.folder.name), [])

    def test_a_short_run_shows_no_progress(self):
        code, seen = self.on_terminal("run", SCENARIO)
        self.assertEqual(code, 0)
        self.assertNotIn("s left", seen)


class Manual(Case):
    def test_names_everything(self):
        page, _ = self.monazite("--man")
        plain = page.replace("\\-", "-")
        for command, options in COMMANDS.items():
            self.assertIn(f'.SS "monazite {command}"', plain)
            for option in options + COMMON:
                self.assertIn("--" + option, plain)
        for section in ("NAME", "SYNOPSIS", "COMMANDS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES"):
            self.assertIn(f".SH {section}\n", page)
        for code in (0, 64, 65, 66, 70, 71, 73, 74, 75):
            self.assertIn(f"\n\\fB{code}\\fR\n", page)

    @unittest.skipUnless(shutil.which("man") and shutil.which("groff"), "no man")
    def test_formats_without_a_warning(self):
        page = self.path("monazite.1", self.monazite("--man")[0])
        done = subprocess.run(["man", "--warnings=w", "-E", "UTF-8", "-l", page], text=True, capture_output=True,
                              env={**self.env, "MANWIDTH": "80", "LC_ALL": "C.UTF-8", "MANPAGER": "cat"})
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("--output=RESULTS.h5", re.sub(".\b", "", done.stdout))


class Completion(Case):
    def complete(self, *words):
        """What bash offers for the last of `words`."""
        script = 'source <("$0" --completion); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _monazite; ' \
                 'printf "%s\\n" "${COMPREPLY[@]}"'
        code, out, err = self.shell(script, *words)
        self.assertEqual((code, err), (0, ""))
        return sorted(out.split())

    def test_is_a_script(self):
        self.path("completion", self.monazite("--completion")[0])
        self.assertEqual(self.shell("bash -n completion"), (0, "", ""))

    def test_commands_and_options(self):
        self.assertEqual(self.complete("monazite", "v"), ["validate", "version"])
        self.assertEqual(self.complete("monazite", "help", "r"), ["run"])
        for command, options in COMMANDS.items():
            self.assertEqual(self.complete("monazite", command, "--"), sorted("--" + o for o in options + COMMON))

    def test_arguments(self):
        self.assertEqual(self.complete("monazite", "run", "--color", "=", "a"), ["always", "auto"])
        self.assertEqual(self.complete("monazite", "run", "--color", "="), ["always", "auto", "never"])
        self.assertEqual(self.complete("monazite", "run", "--seed", ""), [])
        self.assertEqual(self.complete("monazite", "describe", "pla"), ["plant"])

    def test_files(self):
        for name in ("a.cfg", "b.cfg", "c.h5", "d.txt"):
            self.path(name, "")
        os.mkdir(self.path("e"))
        self.assertEqual(self.complete("monazite", "run", ""), ["a.cfg", "b.cfg", "e"])
        self.assertEqual(self.complete("monazite", "run", "-q", "a"), ["a.cfg"])
        self.assertEqual(self.complete("monazite", "run", "a.cfg", "-o", ""), ["c.h5", "e"])
        self.assertEqual(self.complete("monazite", "info", "c"), ["c.h5"])
        self.assertEqual(self.complete("monazite", "compare", "a.cfg", ""), ["a.cfg", "b.cfg", "c.h5", "e"])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
