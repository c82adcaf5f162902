#!/usr/bin/env python3
"""labels as a user runs it: labels-test.py MELOGRAPH_CLI"""
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import report  # noqa: E402

CLI = sys.argv[1]
# A moment, a stretch, a stretch with a band: as Audacity writes them.
AUDACITY = "0.500000\t0.500000\tclick\n1.250000\t2.750000\tпение\n3.000000\t4.000000\tbird, \"high\"\n\\\t2000.000000\t5000.000000\n"
TOLD = [{"start": 0.5, "end": 0.5, "label": "click"}, {"start": 1.25, "end": 2.75, "label": "пение"},
        {"start": 3.0, "end": 4.0, "label": "bird, \"high\"", "low": 2000.0, "high": 5000.0}]


def run(*arguments):
    result = subprocess.run([CLI, "labels", *arguments], capture_output=True, text=True, timeout=60,
                            env={**os.environ, "LC_ALL": "C.UTF-8"})
    return result.returncode, result.stdout, result.stderr


def expect(condition, text):
    if not condition:
        yield text


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def told(path, *more):
    code, stdout, stderr = run(path, "--json", *more)
    assert code == 0 and not stderr, f"exit {code}: {stderr}"
    return [json.loads(line) for line in stdout.splitlines()]


def check_printing(folder):
    """Audacity's labels as lines and as JSON"""
    path = write(folder, "a.txt", AUDACITY)
    yield from expect(told(path) == TOLD, f"{told(path)}")
    lines = run(path)[1].splitlines()
    yield from expect(len(lines) == 3 and lines[1].split() == ["1.250", "2.750", "пение"], f"{lines}")
    yield from expect("2000" in lines[2] and "5000" in lines[2] and "Hz" in lines[2], lines[2])


def check_formats(folder):
    """Through every format, chosen by the name or by --format, nothing is lost"""
    path = write(folder, "a.txt", AUDACITY)
    for number, (name, more, sign) in enumerate((("b.csv", [], "start,end"), ("c.selections.txt", [], "Begin Time (s)"),
                                                 ("d.txt", [], "0.5"), ("e.dat", ["--format", "raven"], "Selection"))):
        out = os.path.join(folder, name)
        code, stdout, stderr = run(path, "--out", out, *more)
        yield from expect(code == 0 and not stdout and not stderr, f"{name}: exit {code}: {stderr}")
        with open(out, encoding="utf-8") as file:
            text = file.read()
        yield from expect(sign in text, f"{name}: {text}")
        yield from expect(told(out) == TOLD, f"{name}: {told(out)}")


def check_refusals(folder):
    """What cannot be read or is no format is told in one line"""
    path = write(folder, "a.txt", AUDACITY)
    bad = write(folder, "bad.txt", "0.5\tnever\tclick\n")
    for status, arguments, words in ((1, ["absent.txt"], ["absent.txt"]), (1, [bad], ["bad.txt", "never"]),
                                     (2, [path, "--format", "mp3"], ["mp3", "audacity"]), (2, [], ["FILE"]),
                                     (1, [path, "--out", os.path.join(folder, "no", "x.csv")], ["x.csv"])):
        code, stdout, stderr = run(*arguments)
        good = code == status and not stdout and stderr.count("\n") == 1 and all(word in stderr for word in words)
        yield from expect(good, f"{arguments}: exit {code}: {stderr}")


def checks():
    for check in (check_printing, check_formats, check_refusals):
        with tempfile.TemporaryDirectory() as folder:
            yield check.__doc__, list(check(folder))


sys.exit(report(checks()))
