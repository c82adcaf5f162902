"""Counts the results of a run of `meson test`, subtests included: summary.py TESTLOG.JSON MESON_STATUS [REPORTS]

A TAP program counts by its lines; a program that crashed, hung or broke its plan counts as a failure beyond the lines
that failed. REPORTS is a folder where sanitizers have written, a file for each process that has something wrong: each is
shown, and counts as a failure. Empty ones do not: a process that a test kills while its leaks are looked for leaves one. The last line printed is "N passed, N failed, N skipped"; the exit status is 0 where nothing failed."""
import json
import os
import re
import sys

BAD_RESULTS = ("FAIL", "ERROR", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS")
MOST_OF_A_REPORT = 6000  # characters
TAP_LINE = re.compile(r"^(not )?ok\b(?:[^#]|(?<=\\)#)*(?:#\s*(skip|todo)?)?", re.IGNORECASE)


def count_tap(text):
    """(passed, failed, skipped) of the lines of one TAP program."""
    passed = failed = skipped = 0
    for line in text.splitlines():
        match = TAP_LINE.match(line)
        if not match:
            continue
        directive = (match.group(2) or "").lower()
        if directive == "skip":
            skipped += 1
        elif match.group(1) and directive != "todo":
            failed += 1
        else:
            passed += 1
    return passed, failed, skipped


def count_test(test):
    passed, failed, skipped = count_tap(test.get("stdout") or "")
    if test["result"] in BAD_RESULTS:
        return passed, max(failed, 1), skipped
    if passed + failed + skipped > 0:
        return passed, failed, skipped
    return (0, 0, 1) if test["result"] == "SKIP" else (1, 0, 0)


def show_reports(folder):
    """Prints every report, and returns how many there are."""
    names = sorted(entry.name for entry in os.scandir(folder) if entry.stat().st_size > 0) if folder else []
    for name in names:
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
            text = file.read()
        print(f"--- {name}\n{text[:MOST_OF_A_REPORT]}")
    return len(names)


def main(log, status, reports=None):
    tests = []
    if os.path.exists(log):
        with open(log, encoding="utf-8", errors="replace") as file:
            tests = [json.loads(line) for line in file if line.strip()]
    passed, failed, skipped = (sum(column) for column in zip((0, 0, 0), *map(count_test, tests)))
    failed += show_reports(reports)
    if not tests:
        print("no test ran")
    elif status != 0 and failed == 0:
        print(f"meson test ended with status {status} though no test failed")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or status != 0 or not tests else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:]))
