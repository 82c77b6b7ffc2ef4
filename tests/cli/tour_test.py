#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the tour of the README, command by command, in a folder that looks like a clone after tools/quickstart.

usage: tour_test.py SOURCE_DIR BUILD_DIR
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile


def commands(readme):
    text = readme.read_text(encoding="utf-8")
    tour = text.split("<!-- tour: begin -->")[1].split("<!-- tour: end -->")[0]
    for language, block in re.findall(r"^```(sh|python)\n(.*?)^```", tour, re.M | re.S):
        if language == "python":
            yield f"/usr/bin/python3 - <<'END'\n{block}END"
        else:
            yield from filter(None, block.splitlines())


def main(source, build):
    found = list(commands(source / "README.md"))
    if len(found) < 8:
        sys.exit(f"only {len(found)} commands found in the tour")
    outputs = {}
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        (place / "results").mkdir()
        (place / "scenarios").symlink_to(source / "scenarios")
        (place / "build").symlink_to(build)
        for command in found:
            done = subprocess.run(["sh", "-c", command], cwd=place, capture_output=True, text=True,
                                  env={**os.environ, "LC_ALL": "C"}, check=False)
            print(f"$ {command}\n{done.stdout}{done.stderr}")
            if done.returncode != 0:
                sys.exit(f"exit code {done.returncode}: {command}")
            outputs[command] = done.stdout
    digests = [text for command, text in outputs.items() if command.endswith("--digest")]
    if len(digests) != 2 or digests[0] != digests[1] or len(digests[0].split()[0]) != 64:
        sys.exit(f"the two digests differ: {digests}")
    mistake = outputs[next(command for command in found if "capasity" in command)]
    if 'did you mean "capacity"?' not in mistake or "exit code 65" not in mistake:
        sys.exit("the mistake was not explained")


main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve())
