#!/usr/bin/env python3
"""Checks summary.py, which decides whether a run of the tests was good."""
import contextlib
import io
import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
import summary  # noqa: E402
from tap import report  # noqa: E402

CASES = [
    # name, tests as (result, stdout), meson's status, expected last line, expected exit status
    ("subtests count", [("OK", "TAP version 13\nok 1 /a\nok 2 /b\n1..2\n")], 0, "2 passed, 0 failed, 0 skipped", 0),
    ("skips count", [("OK", "ok 1 /a # SKIP no data\nok 2 /b # a # b\n1..2\n")], 0, "1 passed, 0 failed, 1 skipped", 0),
    ("a whole program skipped", [("SKIP", "1..0 # SKIP no data\n")], 0, "0 passed, 0 failed, 1 skipped", 0),
    ("failures count", [("FAIL", "ok 1 /a\nnot ok 2 /b - boom\n1..2\n")], 1, "1 passed, 1 failed, 0 skipped", 1),
    ("a crash counts once", [("ERROR", "ok 1 /a\nok 2 /b\n")], 1, "2 passed, 1 failed, 0 skipped", 1),
    ("a crash before any line", [("ERROR", "")], 1, "0 passed, 1 failed, 0 skipped", 1),
    ("a timeout counts", [("TIMEOUT", "ok 1 /a\n")], 1, "1 passed, 1 failed, 0 skipped", 1),
    ("no TAP, good", [("OK", "all is well\n")], 0, "1 passed, 0 failed, 0 skipped", 0),
    ("several programs add up", [("OK", "ok 1 /a\n"), ("OK", "ok 1 /b\nok 2 /c\n")], 0,
     "3 passed, 0 failed, 0 skipped", 0),
    ("an expected failure passes", [("OK", "not ok 1 /a # TODO later\n1..1\n")], 0, "1 passed, 0 failed, 0 skipped", 0),
    ("meson's own failure is one", [("OK", "ok 1 /a\n")], 2, "1 passed, 0 failed, 0 skipped", 1),
    ("no test at all is a failure", [], 0, "0 passed, 0 failed, 0 skipped", 1),
]


def run(tests, status, reports=None):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as log:
        for result, stdout in tests:
            log.write(json.dumps({"name": "x", "result": result, "stdout": stdout}) + "\n")
        log.flush()
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            code = summary.main(log.name, status, reports)
    return output.getvalue().splitlines()[-1], code


def checks():
    for name, tests, status, line, code in CASES:
        got = run(tests, status)
        yield name, [] if got == (line, code) else [f"got {got}, expected {(line, code)}"]
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "memory.0"), "w"):
            pass  # of a process that was killed
        got = run([("OK", "ok 1 /a\n")], 0, folder)
        yield "no report is good", [] if got == ("1 passed, 0 failed, 0 skipped", 0) else [f"got {got}"]
        for number in (1, 2):
            with open(os.path.join(folder, f"memory.{number}"), "w") as file:
                file.write("ERROR: AddressSanitizer\n")
        got = run([("OK", "ok 1 /a\n")], 0, folder)
        yield "a sanitizer's report is a failure", [] if got == ("1 passed, 2 failed, 0 skipped", 1) else [f"got {got}"]


sys.exit(report(checks()))
