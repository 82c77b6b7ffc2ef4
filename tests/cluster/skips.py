# SPDX-License-Identifier: GPL-3.0-or-later
"""What a test says to ctest: 77 when all of it was skipped, and in any case why something was."""
import sys
import unittest


def main(arguments):
    result = unittest.main(module="__main__", argv=[sys.argv[0], *arguments], exit=False).result
    for reason in sorted({reason for _, reason in result.skipped}):
        print(f"skipped: {reason}")
    # A class that is skipped counts as skipped once, and its tests are not run.
    if result.wasSuccessful() and result.skipped and result.testsRun <= len(result.skipped):
        sys.exit(77)
    sys.exit(not result.wasSuccessful())
