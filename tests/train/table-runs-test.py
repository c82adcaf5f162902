#!/usr/bin/env python3
"""Classifiers on a table: a training that is killed goes on where it was, and its rows are vectors to look at:
table-runs-test.py MELOGRAPH_CLI"""
import csv
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import report  # noqa: E402

CLI = sys.argv[1]
CLASSIFIERS = "logistic,gradient-boosting:n_estimators=150,fcnn:epochs=20,random-forest:n_estimators=30"
FOLDERS = [text.replace(":", "-") for text in CLASSIFIERS.split(",")]
FILES = ["predictions.csv", "metrics.csv"]


def write_table(path):
    numbers = random.Random(3)
    with open(path, "w") as file:
        file.write("filename,a,b,c,d,label\n")
        for row in range(400):
            values = ",".join(f"{numbers.gauss(row % 4 if i < 2 else 0, 1.3):.4f}" for i in range(4))
            file.write(f"{row}.wav,{values},{'wxyz'[row % 4]}\n")


def command(folder, run, *more):
    return [CLI, "table-train", "--table", os.path.join(folder, "table.csv"), "--classifier", CLASSIFIERS, "--cv", "3",
            "--set", "threads=1", "--run", os.path.join(folder, run), *more]


def kill_when_learned(arguments, path):
    """SIGKILL once that file is there."""
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and not os.path.exists(path):
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    return process.wait()


def results(folder, run):
    with open(os.path.join(folder, run, "results.csv"), newline="") as file:
        return [{k: v for k, v in row.items() if k not in ("seconds", "run")} for row in csv.DictReader(file)]


def modified(path):
    return os.stat(path).st_mtime_ns


def check_killed(folder):
    straight = subprocess.run(command(folder, "straight"), capture_output=True, text=True)
    if straight.returncode:
        yield straight.stderr
    second = os.path.join(folder, "killed", FOLDERS[1], "learned", "fold-2.safetensors")
    status = kill_when_learned(command(folder, "killed"), second)
    if status != -signal.SIGKILL:
        yield f"it ended by itself: {status}"
    done = os.path.join(folder, "killed", FOLDERS[0], "learned", "all.safetensors")
    before = modified(done), modified(second)
    other = subprocess.run(command(folder, "killed", "--resume", "--set", "seed=3"), capture_output=True,
                           text=True)
    if other.returncode != 2 or "begun with" not in other.stderr:
        yield f"other parameters: exit {other.returncode}: {other.stderr}"
    kill_when_learned(command(folder, "killed", "--resume"),
                      os.path.join(folder, "killed", FOLDERS[2], "learned", "fold-1.safetensors"))
    if (modified(done), modified(second)) != before:
        yield "what had been learned was learned again"
    resumed = subprocess.run(command(folder, "killed", "--resume"), capture_output=True, text=True)
    if resumed.returncode:
        yield resumed.stderr
    for run in FOLDERS:
        for name in FILES:
            one, two = (open(os.path.join(folder, side, run, name)).read() for side in ("straight", "killed"))
            if one != two:
                yield f"{run}/{name} differs"
        if os.path.exists(os.path.join(folder, "killed", run, "learned")):
            yield f"{run}/learned is still there"
    if results(folder, "killed") != results(folder, "straight"):
        yield f"{results(folder, 'killed')} is not {results(folder, 'straight')}"


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def check_vectors(folder):
    """embed: the scaled rows, and the answers of those that had not seen them."""
    run, vectors, answers = (os.path.join(folder, *names) for names in (("straight", "logistic"), ("e.csv",), ("p.csv",)))
    done = subprocess.run([CLI, "embed", "--run", run, "--out", vectors, "--predictions", answers, "--quiet"],
                          capture_output=True, text=True)
    if done.returncode:
        yield done.stderr
        return
    rows = rows_of(vectors)
    if len(rows) != 400 or any(abs(sum(float(row[f"e{i}"]) for row in rows)) > 1e-2 for i in range(4)):
        yield f"{len(rows)} rows, or they are not scaled"
    theirs = rows_of(os.path.join(run, "predictions.csv"))
    if [row["y_pred"] for row in rows_of(answers)] != [row["y_pred"] for row in theirs]:
        yield "other answers than those of cross-validation"
    if [row["songname"] for row in rows] != [row["songname"] for row in theirs]:
        yield "other rows than those that were answered"
    layer = subprocess.run([CLI, "embed", "--run", run, "--layer", "conv1", "--out", vectors], capture_output=True,
                           text=True)
    if layer.returncode != 2 or "has no layer “conv1”" not in layer.stderr:
        yield f"a layer: exit {layer.returncode}: {layer.stderr}"


def main():
    with tempfile.TemporaryDirectory() as folder:
        write_table(os.path.join(folder, "table.csv"))
        return report([("killed twice and resumed", check_killed(folder)), ("vectors", check_vectors(folder))])


sys.exit(main())
