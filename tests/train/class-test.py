#!/usr/bin/env python3
"""A class presses "train" at once: ten trainings at a time on one machine, on the same tracks, with one cache of pictures
and one folder of runs. class-test.py MELOGRAPH_CLI

None fails, none spoils what another reads or writes: with the same seed all of them give the same numbers, byte for byte,
and the models answer alike. Two that want the same run folder: one of them gets it."""
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import report  # noqa: E402

CLI = sys.argv[1]
AT_ONCE = 10
SETTINGS = ["segment_seconds=2", "n_mels=24", "hop_length=1024", "epochs=2", "threads=1", "seed=3", "batch_size=8"]


def begin(folder, *arguments):
    return subprocess.Popen([CLI, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                            env={**os.environ, "XDG_CACHE_HOME": os.path.join(folder, "cache"), "LC_ALL": "C.UTF-8"})


def train(folder, run):
    settings = [word for setting in SETTINGS for word in ("--set", setting)]
    return begin(folder, "train", "--dataset", os.path.join(folder, "tracks"), "--model", "fcnn-2", "--run", run, "--quiet",
                 *settings)


def end(process):
    _, stderr = process.communicate(timeout=200)
    return process.returncode, stderr.strip()


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def run_of(folder, number):
    return os.path.join(folder, "runs", f"pupil-{number:02}")


def check_all_finish(folder):
    """All at once, the pictures not made yet: each makes or finds them"""
    processes = [train(folder, run_of(folder, i)) for i in range(AT_ONCE)]
    for i, process in enumerate(processes):
        status, stderr = end(process)
        if status != 0:
            yield f"pupil {i}: exit status {status}: {stderr}"
    for i in range(AT_ONCE):
        if b"state=finished" not in read(run_of(folder, i), "status"):
            yield f"pupil {i}: not finished"


def check_same_numbers(folder):
    """What one of them read while another was writing would show here"""
    first = read(run_of(folder, 0), "metrics.csv")
    if first.count(b"\n") < 6:
        yield f"few metrics: {first!r}"
    for i in range(1, AT_ONCE):
        for name in ("metrics.csv", "split.csv", "confusion.csv"):
            if read(run_of(folder, i), name) != read(run_of(folder, 0), name):
                yield f"pupil {i}: another {name}"


def check_models(folder):
    """Evaluated at once too, each answers as the first"""
    for i, process in enumerate([begin(folder, "evaluate", "--run", run_of(folder, i), "--quiet") for i in range(AT_ONCE)]):
        status, stderr = end(process)
        if status != 0:
            yield f"pupil {i}: evaluate: exit status {status}: {stderr}"
        elif read(run_of(folder, i), "predictions.csv") != read(run_of(folder, 0), "predictions.csv"):
            yield f"pupil {i}: other predictions"


def check_one_folder(folder):
    """Two want the same run folder: one trains, the other says so in one line, and the run is whole"""
    run = os.path.join(folder, "runs", "shared")
    ends = [end(process) for process in [train(folder, run), train(folder, run)]]
    if sorted(status for status, _ in ends)[0] != 0 or all(status == 0 for status, _ in ends):
        yield f"exit statuses {ends}"
    loser = next((stderr for status, stderr in ends if status != 0), "")
    if "\n" in loser or "shared" not in loser:
        yield f"the other one says: {loser!r}"
    if read(run, "metrics.csv") != read(run_of(folder, 0), "metrics.csv"):
        yield "the run that was fought over has other numbers"


with tempfile.TemporaryDirectory() as folder:
    end(begin(folder, "synth", "--out", os.path.join(folder, "tracks"), "--tracks", "4", "--seconds", "8"))
    checks = [("ten trainings at once all finish", check_all_finish), ("they give the same numbers", check_same_numbers),
              ("their models answer alike", check_models), ("a folder is one training's", check_one_folder)]
    sys.exit(report((name, check(folder)) for name, check in checks))
