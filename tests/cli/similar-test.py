#!/usr/bin/env python3
"""similar as a user runs it: similar-test.py MELOGRAPH_CLI

Its distances are checked against those of the vectors that `features` and `embed` give for the same sounds."""
import csv
import json
import math
import os
import random
import struct
import subprocess
import sys
import tempfile
import wave

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import report  # noqa: E402

CLI = sys.argv[1]
SR = 8000


def run(*arguments):
    result = subprocess.run([CLI, *map(str, arguments)], capture_output=True, text=True, timeout=60,
                            env={**os.environ, "LC_ALL": "C.UTF-8"})
    return result.returncode, result.stdout, result.stderr


def expect(condition, text):
    if not condition:
        yield text


def write_sound(path, seconds, hz, seed):
    """A tone with its octave and some noise; noise alone where hz is 0."""
    numbers = random.Random(seed)
    samples = [(0.3 * math.sin(2 * math.pi * hz * i / SR) + 0.1 * math.sin(4 * math.pi * hz * i / SR)
                + numbers.gauss(0, 0.01)) if hz else numbers.gauss(0, 0.2) for i in range(int(seconds * SR))]
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, SR, 0, "NONE", None))
        file.writeframes(b"".join(struct.pack("<h", round(32767 * max(-1, min(1, s)))) for s in samples))


def make_data(folder):
    """Eight sounds of a second: four tones, four noises. Returns the first."""
    for i in range(4):
        write_sound(os.path.join(folder, "tone", f"t{i}.wav"), 1, 300 + 5 * i, i)
        write_sound(os.path.join(folder, "noise", f"n{i}.wav"), 1, 0, 10 + i)
    return os.path.join(folder, "tone", "t0.wav")


def rows_of(path):
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def distances_of(vectors, wanted):
    """Euclidean, columns by their deviation, by the root of their number. What is looked for is among the sounds too."""
    names, columns = list(vectors), list(zip(*vectors.values(), vectors[wanted]))
    total = dict.fromkeys(names, 0.0)
    for column in columns:
        mean = sum(column) / len(column)
        variance = sum((value - mean) ** 2 for value in column) / len(column)
        for name, value in zip(names, column):
            if variance > 1e-12:
                total[name] += (value - column[names.index(wanted)]) ** 2 / variance / len(columns)
    return {name: math.sqrt(value) for name, value in total.items() if name != wanted}


def compare(found, vectors, wanted):
    truth = distances_of(vectors, wanted)
    told = {os.path.basename(row["path"]): row["distance"] for row in found}
    yield from expect(sorted(told) == sorted(truth), f"{sorted(told)}, not {sorted(truth)}")
    for name, distance in told.items():
        yield from expect(abs(distance - truth[name]) < 1e-4 * (1 + truth[name]), f"{name}: {distance}, not {truth[name]}")
    yield from expect([row["distance"] for row in found] == sorted(row["distance"] for row in found), "not sorted")
    nearest = [os.path.basename(row["path"])[0] for row in found[:3]]
    yield from expect(nearest == ["t"] * 3, f"the other tones are not the nearest: {nearest}")


def check_features(folder):
    """By features: distances of the vectors in the table of features"""
    first, table = make_data(folder), os.path.join(folder, "table.csv")
    code, stdout, stderr = run("similar", first, "--end", 1, "--dataset", folder, "--json", "--quiet")
    yield from expect(code == 0 and not stderr, f"exit {code}: {stderr}")
    run("features", "--dataset", folder, "--table", "summary", "--set", "features=mfcc", "--set", "statistics=mean,std",
        "--out", table, "--quiet")
    vectors = {row["filename"].split("/")[-1]: [float(v) for k, v in row.items() if k.startswith("mfcc")]
               for row in rows_of(table)}
    yield from compare([json.loads(line) for line in stdout.splitlines()], vectors, "t0.wav")


def check_embedding(folder):
    """By a network: distances of its vectors"""
    first, table = make_data(folder), os.path.join(folder, "vectors.csv")
    code, stdout, stderr = run("similar", first, "--end", 1, "--dataset", folder, "--embedding", "digits", "--json",
                               "--quiet")
    yield from expect(code == 0 and not stderr, f"exit {code}: {stderr}")
    run("embed", "--model", "digits", "--dataset", folder, "--method", "none", "--out", table, "--quiet")
    vectors = {os.path.basename(row["track"]): [float(v) for k, v in row.items() if k[0] == "e" and k[1:].isdigit()]
               for row in rows_of(table)}
    yield from compare([json.loads(line) for line in stdout.splitlines()], vectors, "t0.wav")


def check_place(folder):
    """The same sound in a longer file is found where it is; a short stretch is widened to the network's piece"""
    query, other, out = (os.path.join(folder, name) for name in ("q.wav", "o.wav", "found.csv"))
    write_sound(query, 1, 300, 1)
    for name, hz in (("a", 0), ("b", 300)):
        write_sound(os.path.join(folder, name + ".wav"), 3, hz, 2)
    with wave.open(other, "wb") as file:
        file.setparams((1, 2, SR, 0, "NONE", None))
        for name in "ab":
            with wave.open(os.path.join(folder, name + ".wav")) as part:
                file.writeframes(part.readframes(part.getnframes()))
    for more in ([], ["--embedding", "digits"]):
        code, _, stderr = run("similar", query, other, "--start", 0.4, "--end", 0.6, "--top", 1, "--out", out, "--quiet",
                              *more)
        yield from expect(code == 0, f"exit {code}: {stderr}")
        row = rows_of(out)[0]
        yield from expect(float(row["start"]) >= 2.9, f"{more}: found at {row['start']} s")
        length = float(row["end"]) - float(row["start"])
        yield from expect(abs(length - (1 if more else 0.2)) < 1e-6, f"{more}: {length} s long")


def check_list(folder):
    """A list of paths in place of a data set, which needs no classes"""
    first, paths = make_data(folder), os.path.join(folder, "paths.txt")
    with open(paths, "w", encoding="utf-8") as file:
        file.write("".join(os.path.join(folder, "tone", f"t{i}.wav\n") for i in range(3)) + "\n")
    code, stdout, stderr = run("similar", first, "--end", 1, "--list", paths, "--json", "--quiet")
    found = [os.path.basename(json.loads(line)["path"]) for line in stdout.splitlines()]
    yield from expect(code == 0 and sorted(found) == ["t1.wav", "t2.wav"], f"exit {code}: {found} {stderr}")
    code, stdout, stderr = run("similar", first, "--end", 1, "--list", paths + ".absent", "--quiet")
    yield from expect(code == 1 and stderr.count("\n") == 1 and "paths.txt.absent" in stderr, f"exit {code}: {stderr}")


def check_refusals(folder):
    """What cannot be compared is told in one line"""
    sound = os.path.join(folder, "s.wav")
    write_sound(sound, 1, 300, 1)
    for status, arguments, word in ((2, ["--end", 1], "--dataset"), (2, ["--end", 0.01, sound], "0.05"),
                                    (2, ["--end", 1, sound, "--top", 0], "--top 0"),
                                    (2, ["--end", 1, sound, "--layer", "fc"], "--embedding"),
                                    (2, ["--end", 1, sound, "--embedding", "digits", "--set", "n_mfcc=3"], "n_mfcc=3"),
                                    (2, ["--end", 1, sound, "--embedding", "digits", "--layer", "none"], "none"),
                                    (1, ["--end", 1, sound, "--embedding", "absent"], "absent"),
                                    (2, ["--end", 1, sound, "--set", "features=onset_detect"], "onset_detect"),
                                    (1, ["--end", 1, sound], "no other sound")):
        code, stdout, stderr = run("similar", sound, *arguments, "--quiet")
        good = code == status and not stdout and stderr.count("\n") == 1 and word in stderr
        yield from expect(good, f"{arguments}: exit {code}: {stderr}")


def checks():
    for check in (check_features, check_embedding, check_place, check_list, check_refusals):
        with tempfile.TemporaryDirectory() as folder:
            yield check.__doc__, list(check(folder))


sys.exit(report(checks()))
