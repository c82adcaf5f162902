#!/usr/bin/env python3
"""Tables that no classifier can learn from, and odd ones that it can: tables-test.py MELOGRAPH_CLI

Each bad one gives one clear line on stderr that names the file, the line and the column (exit 1 or 2), and leaves no run
behind; a large one takes little more memory than its numbers do."""
import os
import random
import resource
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import SANITIZED, report  # noqa: E402

CLI = sys.argv[1]
SECONDS, MIB = 120, 1 << 20
NUMBERS = random.Random(1)


def rows(n, classes="xy", header="filename,a,b,label\n"):
    lines = (f"{i}.wav,{NUMBERS.gauss(3 * (i % 2), 1):.5f},{NUMBERS.gauss(0, 1):.5f},{classes[i % len(classes)]}\n" for i in range(n))
    return header + "".join(lines)


BAD = {
    "nan": (rows(20) + "20.wav,nan,1,x\n", ["line 22", "“a”", "“nan”"]),
    "empty cell": (rows(20) + "20.wav,1,,x\n", ["line 22", "“b”"]),
    "text": (rows(20) + "20.wav,1,loud,x\n", ["line 22", "“b”", "“loud”"]),
    "infinite": (rows(20) + "20.wav,1e39,1,x\n", ["line 22", "“a”"]),
    "one class": (rows(20, "x"), ["1 classes"]),
    "one row": (rows(1), ["1 rows"]),
    "two rows": (rows(2), ["5 folds of 2 rows"]),
    "no rows": (rows(0), ["0 rows"]),
    "nothing": ("", ["empty"]),
    "two headers": (rows(20, header="filename,a,a,label\n"), ["two columns “a”"]),
    "no label": (rows(20, header="filename,a,b,genre\n"), ["no column “label”"]),
    "empty label": (rows(20) + "20.wav,1,1,\n", ["line 22", "no label"]),
    "short line": (rows(20) + "20.wav,1\n", ["line 22", "2 fields"]),
    "open quote": (rows(20) + '20.wav,1,1,"x\n', ["line 22", "never closed"]),
    "no text": (rows(20).encode() + b"20.wav,1,1,caf\xe9\n", ["line 22", "UTF-8"]),
    "zero byte": (rows(20).encode() + b"20.wav,1,1,x\0\n", ["line 22", "0x00"]),
    "no features": ("filename,label\n1.wav,x\n2.wav,y\n", ["no column is left"]),
}
ODD = {
    "a class of one row": (rows(20) + "20.wav,9,9,z\n", ["“z”", "1 row"]),
    "constant columns": (rows(20).replace("label\n", "label,c,d\n").replace("x\n", "x,5,6\n").replace("y\n", "y,5,6\n"),
                         ["2 of 4 columns", "“c”"]),
    "rows that are the same": ("filename,a,b,label\n" + "".join(f"{i}.wav,0,0,{'xy'[i % 2]}\n" for i in range(20)), ["190 pairs"]),
}


def write(path, text):
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())


def train(folder, table, *more):
    """Exit status, stderr, the run's folder and the peak of memory."""
    path = os.path.join(folder, "run")
    with tempfile.TemporaryFile() as err:
        process = subprocess.Popen([CLI, "table-train", "--table", table, "--run", path, "--quiet", *more],
                                   stdout=subprocess.DEVNULL, stderr=err,
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS)))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        err.seek(0)
        return process.returncode, err.read().decode(), path, usage.ru_maxrss * 1024


def check_bad(text, told):
    with tempfile.TemporaryDirectory(prefix="melograph-test-") as folder:
        table = os.path.join(folder, "table.csv")
        write(table, text)
        code, err, run, _ = train(folder, table, "--classifier", "logistic")
        if code not in (1, 2) or err.count("\n") != 1 or table not in err:
            yield f"exit {code}: {err}"
        for part in told:
            if part not in err:
                yield f"{part} is not in: {err}"
        if os.path.exists(run):
            yield "a run was left behind"


def check_odd(text, told):
    """Every classifier has an answer, and says what is odd."""
    with tempfile.TemporaryDirectory(prefix="melograph-test-") as folder:
        table = os.path.join(folder, "table.csv")
        write(table, text)
        names = "logistic,svc,knn,random-forest:n_estimators=9,gradient-boosting:n_estimators=3,xgboost:n_estimators=3," \
                "catboost:iterations=3,fcnn:epochs=2,lstm:epochs=2,cnn:epochs=2"
        code, err, run, _ = train(folder, table, "--classifier", names, "--cv", "3")
        if code != 0 or not os.path.exists(os.path.join(run, "results.csv")):
            yield f"exit {code}: {err}"
        elif sum(1 for _ in open(os.path.join(run, "results.csv"))) != 11:
            yield "not every classifier is in the table of results"
        if not any(all(part in line for part in told) for line in err.splitlines()):
            yield f"{told} are in no line of: {err}"


def check_large():
    """20,000 rows of 100 columns are 8 MB of numbers and 18 MB of text."""
    with tempfile.TemporaryDirectory(prefix="melograph-test-") as folder:
        table = os.path.join(folder, "table.csv")
        some = [",".join(f"{NUMBERS.gauss(0, 1):.5f}" for _ in range(100)) for _ in range(500)]
        with open(table, "w") as file:
            file.write(",".join(f"c{i}" for i in range(100)) + ",label\n")
            for i in range(20000):
                file.write(f"{i % 7}.{i:05}{some[i % 500][7:]},{'xyz'[i % 3]}\n")
        code, err, _, peak = train(folder, table, "--classifier", "logistic:max_iter=5", "--split", "6:2:2")
        if code != 0 or (peak > 250 * MIB and not SANITIZED):
            yield f"exit {code}, {peak / MIB:.0f} MiB: {err}"


def main():
    checks = [(name, check_bad(*case)) for name, case in BAD.items()]
    checks += [(name, check_odd(*case)) for name, case in ODD.items()]
    return report(checks + [("a large table", check_large())])


sys.exit(main())
