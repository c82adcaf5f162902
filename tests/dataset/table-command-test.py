#!/usr/bin/env python3
"""features as a user runs it: table-command-test.py MELOGRAPH_CLI"""
import csv
import json
import os
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time
import wave

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import report  # noqa: E402

CLI = sys.argv[1]
SUMMARY = ["--table", "summary", "--set", "features=melspectrogram", "--set", "statistics=mean,max,var", "--set",
           "n_mels=4"]
SLOW = ["--table", "summary", "--set", "features=melspectrogram", "--set", "n_mels=32", "--set", "hop_length=16",
        "--jobs", "1"]


class Room:
    def __init__(self, folder):
        self.folder = folder

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def command(self, *arguments, cache="cache"):
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "XDG_CACHE_HOME": self.path(cache)}
        return {"args": [CLI, *arguments], "env": environment, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
                "text": True}

    def run(self, *arguments, **more):
        return subprocess.run(**self.command(*arguments, **more), timeout=120)

    def table(self, *arguments, out="table.csv", **more):
        done = self.run("features", "--dataset", self.path("data"), "--out", self.path(out), "--json", *arguments,
                        **more)
        with open(self.path(out)) as file:
            rows = list(csv.reader(file))
        return json.loads(done.stdout), rows, done


def write_track(path, seconds, seed):
    numbers = random.Random(seed)
    period = [numbers.randint(-9000, 9000) for _ in range(997)]
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, 22050, 0, "NONE", None))
        file.writeframes(struct.pack("<997h", *period) * (int(seconds * 22050) // 997))


def make_data(room, seconds):
    for number in range(6):
        folder = room.path("data", "even" if number % 2 == 0 else "odd")
        os.makedirs(folder, exist_ok=True)
        write_track(os.path.join(folder, f"{number}.wav"), seconds, number)


def check_values(room):
    """A row's statistics are those of the feature's own array."""
    _, rows, _ = room.table(*SUMMARY)
    header = ["filename", "length"] + [f"melspectrogram{band}_{name}" for band in (1, 2, 3, 4)
                                       for name in ("mean", "max", "var")] + ["label"]
    if rows[0] != header:
        yield f"header {rows[0]}"
    if [row[0] for row in rows[1:]] != ["0.wav", "2.wav", "4.wav", "1.wav", "3.wav", "5.wav"]:
        yield f"order {[row[0] for row in rows[1:]]}"
    room.run("feature", room.path("data", "odd", "1.wav"), "--type", "melspectrogram", "--set", "n_mels=4", "--out",
             room.path("mel.csv"))
    with open(room.path("mel.csv")) as file:
        bands = [[float(field) for field in row] for row in csv.reader(file)]
    row = next(row for row in rows if row[0] == "1.wav")
    if row[-1] != "odd" or int(row[1]) != 66 * 997:
        yield f"label and length {row[-1]} {row[1]}"
    for band, values in enumerate(bands):
        mean = sum(values) / len(values)
        expected = [mean, max(values), sum((value - mean) ** 2 for value in values) / len(values)]
        found = [float(field) for field in row[2 + 3 * band:5 + 3 * band]]
        for one, other in zip(found, expected):
            if abs(one - other) > 1e-5 * abs(other):
                yield f"band {band}: {found}, expected {expected}"


def check_cache(room):
    told, rows, _ = room.table(*SUMMARY)
    again, same, _ = room.table(*SUMMARY)
    other, _, _ = room.table(*SUMMARY[:-1], "n_mels=5")
    if told["rows"] != 6 or again["cached"] != 6 or rows != same:
        yield f"{told} {again}"
    if other["cached"] != 0:
        yield f"other parameters found rows of these: {other}"


def check_parts(room):
    told, rows, _ = room.table(*SUMMARY, "--set", "segment_seconds=1")
    if told["rows"] != 18 or rows[2][0] != "0.wav_2" or rows[2][1] != "22050":
        yield f"{told} {rows[2][:2]}"


def check_damaged(room):
    with open(room.path("data", "odd", "broken.wav"), "wb") as file:
        file.write(b"RIFF but no sound")
    told, _, done = room.table(*SUMMARY)
    os.remove(room.path("data", "odd", "broken.wav"))
    if done.returncode != 0 or told["rows"] != 6 or told["problems"] != 1:
        yield f"{done.returncode} {told}"
    if done.stderr.count("\n") != 1 or "broken.wav" not in done.stderr:
        yield f"stderr: {done.stderr}"


def check_killed(room):
    """What was done before a SIGKILL is not done again, and the table is that of a run that nobody killed."""
    _, expected, _ = room.table(*SLOW, cache="other")
    worker = subprocess.Popen(**room.command("features", "--dataset", room.path("data"), "--out", room.path("k.csv"),
                                             *SLOW, cache="killed"))
    folder = room.path("killed", "melograph", "tables")
    while worker.poll() is None and not (os.path.isdir(folder) and
                                         len([name for name in os.listdir(folder) if name.endswith(".row")]) >= 2):
        time.sleep(0.005)
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    if os.path.exists(room.path("k.csv")):
        yield "it was done before it could be killed"
    told, rows, _ = room.table(*SLOW, cache="killed")
    if told["cached"] < 2 or told["cached"] > 5:
        yield f"{told}"
    if rows != expected:
        yield "another table"


def check_cancelled(room):
    worker = subprocess.Popen(**room.command("features", "--dataset", room.path("data"), "--out", room.path("c.csv"),
                                             *SLOW, cache="cancelled"))
    folder = room.path("cancelled", "melograph", "tables")
    while worker.poll() is None and not os.path.isdir(folder):
        time.sleep(0.005)
    worker.send_signal(signal.SIGTERM)
    _, err = worker.communicate()
    if worker.returncode != 1 or err.count("\n") != 1 or os.path.exists(room.path("c.csv")):
        yield f"{worker.returncode} {err}"


def check_wrong(room):
    wrong = [(["--table", "gzan"], "gzan"), (["--table", "summary", "--set", "features=mel"], "mel"),
             (["--table", "summary", "--set", "statistics=mode"], "mode"), (SUMMARY + ["--jobs", "-1"], "-1")]
    for arguments, named in wrong:
        done = room.run("features", "--dataset", room.path("data"), "--out", room.path("w.csv"), *arguments)
        if done.returncode != 2 or done.stderr.count("\n") != 1 or named not in done.stderr:
            yield f"{arguments}: {done.returncode} {done.stderr}"


def main():
    with tempfile.TemporaryDirectory() as folder:
        room = Room(folder)
        make_data(room, 3)
        checks = [(check.__doc__ or check.__name__, list(check(room)))
                  for check in (check_values, check_cache, check_parts, check_damaged, check_wrong)]
        make_data(room, 20)
        checks += [(check.__doc__ or check.__name__, list(check(room))) for check in (check_killed, check_cancelled)]
        return report(checks)


if __name__ == "__main__":
    sys.exit(main())
