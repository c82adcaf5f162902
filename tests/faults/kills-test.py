#!/usr/bin/env python3
"""Killed at some moment (SIGKILL), the program has lost nothing but its last step: kills-test.py MELOGRAPH_CLI VICTIM
[KILLS (5)] [SEED (1)]

What is killed KILLS times each: a training, the making of a feature table, recordings, writing into a workspace, exports.
Every file that is left can be read, a training goes on to the very numbers of one that was never killed."""
import os
import random
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time

from room import Room, content, kill, report

CLI, VICTIM = sys.argv[1:3]
KILLS = int(sys.argv[3]) if len(sys.argv) > 3 else 5
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else 1
SR = 48000


def timed(room, *words):
    start = time.monotonic()
    result = room.run(*words)
    return time.monotonic() - start, result


def safetensors_problem(path):
    """Header and length agree; an absent file is fine."""
    data = content(path)
    if data is None:
        return None
    length = struct.unpack("<Q", data[:8])[0] if len(data) >= 8 else None
    if length is None or 8 + length > len(data):
        return f"{path} is cut off"
    return None


def readable(room, run):
    """Every file of a killed run: config, status, complete lines, checkpoints."""
    for name in ("last", "best"):
        problem = safetensors_problem(os.path.join(run, "checkpoints", f"{name}.safetensors"))
        if problem:
            yield problem
    metrics = content(os.path.join(run, "metrics.csv")) or b""
    for line in metrics.split(b"\n")[:-1]:
        if line.count(b",") != 4:
            yield f"metrics.csv: {line}"
    if content(os.path.join(run, "config.ini")) is not None and metrics.count(b"\n") > 1:
        yield from room.run("curves", "--run", run, "--out", os.path.join(run, "..", "curves.png")).good()
    if content(os.path.join(run, "checkpoints", "last.safetensors")) is not None:
        yield from room.run("model", os.path.join(run, "checkpoints", "last.safetensors")).good()


def same_training(run, reference):
    for name in ("metrics.csv", "split.csv", "checkpoints/best.safetensors", "checkpoints/last.safetensors"):
        a, b = content(os.path.join(run, name)), content(os.path.join(reference, name))
        if name.endswith(".safetensors"):  # the header holds paths and seconds; the weights are behind it
            a, b = (data and data[8 + struct.unpack("<Q", data[:8])[0]:] for data in (a, b))
        if a != b:
            yield f"{name} is not what a training gives that was never killed"


def start_or_resume(room, run):
    if os.path.exists(os.path.join(run, "config.ini")) and os.path.exists(os.path.join(run, "checkpoints", "last.safetensors")):
        return room.start("train", "--run", run, "--resume")
    subprocess.run(["rm", "-rf", run], check=True)
    return room.start(*room.train(run))


def finish(room, run, reference):
    """Goes on to the end, to the numbers of a training that was never killed."""
    process = start_or_resume(room, run)
    _, err = process.communicate()
    if process.returncode != 0:
        yield f"exit status {process.returncode}: {err.decode()[-500:]}"
    yield from same_training(run, reference)
    subprocess.run(["rm", "-rf", run], check=True)


def training(room, numbers):
    """A run is killed and resumed again and again until it has come to its end, then the next one is."""
    reference, run = room.path("reference"), room.path("run")
    limit, result = timed(room, *room.train(reference))
    yield from result.good()
    met = tries = 0
    while met < KILLS and tries < 6 * KILLS:
        tries += 1
        process = start_or_resume(room, run)
        time.sleep(numbers.uniform(0, limit))
        if kill(process):
            met += 1
            yield from readable(room, run)
        else:
            yield from finish(room, run, reference)
    yield from finish(room, run, reference)
    if met < KILLS:
        yield f"only {met} of {tries} kills met a training at work"


def extraction(room, numbers):
    """The table is there whole or not at all, and comes out the same whatever the cache was left with."""
    table, cache = room.path("table.csv"), room.environment["XDG_CACHE_HOME"]
    words = ["features", "--dataset", room.path("data"), "--table", "summary", "--set", "sr=8000", "--out", table, "--quiet"]
    limit, result = timed(room, *words)
    yield from result.good()
    whole = content(table)
    for _ in range(KILLS):
        os.unlink(table)
        if numbers.random() < 0.5:
            subprocess.run(["rm", "-rf", cache], check=True)
        process = room.start(*words)
        time.sleep(numbers.uniform(0, limit))
        kill(process)
        if content(table) not in (None, whole):
            yield "half a table was left"
        yield from room.run(*words).good()
        if content(table) != whole:
            yield "the table comes out otherwise after a kill"


def sample(k):
    """As in fake-input.h."""
    return k * 331 % 60000 - 30000


def check_recording(path, taken):
    data = content(path)
    told = struct.unpack("<I", data[88:92])[0] // 2
    lost = (taken - told) / SR
    if lost > 1:
        yield f"{lost:.2f} s of {taken / SR:.2f} s are not in the file"
    samples = struct.unpack(f"<{told}h", data[92:92 + 2 * told])
    if any(value != sample(k) for k, value in enumerate(samples)):
        yield "other samples than were recorded"
    result = subprocess.run([VICTIM, "repair", path], capture_output=True, text=True)
    found = int(result.stdout) if result.returncode == 0 else -1
    if taken - found > 4096:
        yield f"after repair {taken - found} frames are missing: {result.stderr}"
    result = subprocess.run([CLI, "info", "--json", path], capture_output=True, text=True)
    if result.returncode != 0 or f'"frames": {found},' not in result.stdout:
        yield f"info: {result.stdout} {result.stderr}"


def recording(room, numbers):
    """Many at a time; each loses at most a second, and repairing its header finds all but the last step."""
    left = KILLS
    while left > 0:
        n = min(left, 20)
        left -= n
        victims = []
        for i in range(n):
            path, shared = room.path(f"{i}.wav"), room.path(f"{i}.taken")
            process = subprocess.Popen([VICTIM, "record", path, shared], stdout=subprocess.PIPE)
            victims.append((numbers.uniform(0.05, 3), process, path, shared))
        for _, process, _, _ in victims:
            process.stdout.readline()
        start = time.monotonic()
        for moment, process, _, _ in sorted(victims, key=lambda victim: victim[0]):
            time.sleep(max(0, start + moment - time.monotonic()))
            kill(process)
        for moment, _, path, shared in victims:
            yield from check_recording(path, struct.unpack("<q", content(shared))[0])


def check_store(folder, names, kept):
    """What was told to be kept is there, and the data base is sound."""
    listed = subprocess.run([VICTIM, "list", folder], capture_output=True, text=True)
    if listed.returncode != 0:
        yield f"the workspace cannot be opened: {listed.stderr}"
        return
    database = sqlite3.connect(os.path.join(folder, "workspace.db"))
    if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
        yield "the data base is damaged"
    for name in names:
        for table, pattern in (("tracks", "/%s/%d.wav"), ("runs", "runs/%s-%d")):
            there = {path for (path,) in database.execute(f"SELECT path FROM {table}")}
            missing = [i for i in range(kept[name] + 1) if pattern % (name, i) not in there]
            if missing:
                yield f"{name}: {len(missing)} {table} of {kept[name] + 1} are gone"
    database.close()


def store(room, numbers):
    """Two programs write into one workspace; both are killed."""
    folder = room.path("workspace")
    for kill_number in range(KILLS):
        names = [f"{kill_number}a", f"{kill_number}b"]
        processes = {name: subprocess.Popen([VICTIM, "store", folder, name], stdout=subprocess.PIPE) for name in names}
        time.sleep(numbers.uniform(0.02, 0.3))
        kept = {}
        for name, process in processes.items():
            process.kill()
            lines = process.communicate()[0].split(b"\n")
            kept[name] = int(lines[-2]) if len(lines) > 1 else -1
        yield from check_store(folder, names, kept)


def exports(room, numbers):
    """What was there before stays, or the new file is whole: a model, a picture, a table, an array."""
    run = room.path("run")
    yield from room.run(*room.train(run)).good()
    best, track = os.path.join(run, "checkpoints", "best.safetensors"), room.path("data", "sine", "1.wav")
    commands = [["export", "--model", best, "--out", room.path("m.onnx")],
                ["predict", "--model", best, track, "--out", room.path("p.csv")],
                ["feature", track, "--type", "melspectrogram", "--out", room.path("f.npy")],
                ["feature", track, "--type", "stft", "--out", room.path("f.png")]]
    whole = {}
    for words in commands:
        limit, result = timed(room, *words)
        yield from result.good()
        whole[words[-1]] = limit, content(words[-1])
    for _ in range(KILLS):
        words = numbers.choice(commands)
        limit, expected = whole[words[-1]]
        with open(words[-1], "wb") as file:
            file.write(b"old")
        process = room.start(*words)
        time.sleep(numbers.uniform(0, 1.2 * limit))
        kill(process)
        if content(words[-1]) not in (b"old", expected):
            yield f"{words[0]}: half of {words[-1]} was left"


def main():
    checks = []
    for number, test in enumerate((training, extraction, recording, store, exports)):
        with tempfile.TemporaryDirectory(prefix="melograph-faults-") as folder:
            start = time.monotonic()
            problems = list(test(Room(folder, CLI), random.Random(f"{SEED}-{number}")))
            checks.append((f"{test.__name__}, {KILLS} kills", problems))
            print(f"# {test.__name__}: {time.monotonic() - start:.0f} s", flush=True)
    return report(checks)


sys.exit(main())
