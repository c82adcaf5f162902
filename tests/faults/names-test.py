#!/usr/bin/env python3
"""Files with names that nobody would give them: names-test.py MELOGRAPH_CLI

Newlines, quotes, commas, letters that are no UTF-8, marks that turn the direction of writing, 255 bytes, a formula: they
are read, learned from, told of in tables that can be read back, and in one line on stderr where they are damaged."""
import csv
import json
import os
import shutil
import sys
import tempfile
import urllib.parse

from room import Room, report, write_track

CLI = sys.argv[1]
NAMES = {
    "newline": b"two\nlines.wav", "quote": b'he said "hi", twice.wav', "apostrophe": b"it's.wav",
    "no UTF-8": b"caf\xe9 \xff.wav", "right to left": "\u202eevil\u202c \u05d0\u05d1.wav".encode(),
    "combining": "e\u0301\u200b.wav".encode(), "long": b"x" * 251 + b".wav", "formula": b"=1+2.wav", "dash": b"-rf.wav",
    "blank": b" .wav", "percent": b"%s%n%d.wav", "backslash": b"a\\nb.wav", "tab": b"a\tb.wav", "bell": b"a\x07b\x1b[31m.wav",
}


def place(room, name):
    folder = os.fsencode(room.path("odd"))
    os.makedirs(folder, exist_ok=True)
    return os.path.join(folder, name)


def info_and_feature(room):
    for what, name in NAMES.items():
        path = place(room, name)
        write_track(path, 1)
        result = room.run("info", "--json", path)
        yield from (f"info, {what}: {problem}" for problem in result.good())
        if result.code == 0 and (result.out.count("\n") != 1 or json.loads(result.out)["frames"] != 8000):
            yield f"info, {what}: {result.out!r}"
        for ending in (b".npy", b".csv", b".png"):
            out = path[:-4][:200] + ending  # a temporary name needs some bytes more
            result = room.run("feature", path, "--type", "rms", "--out", out)
            yield from (f"feature, {what}: {problem}" for problem in result.good())
            if result.code == 0 and not os.path.exists(out):
                yield f"feature, {what}: {ending} was not written"
        result = room.run("info", path)
        if result.out.count("\n") != 1 or any(ord(c) < 32 for c in result.out.strip("\n")):
            yield f"info, {what}: more than a line, or marks that change a terminal: {result.out!r}"


def damaged(room):
    for what, name in NAMES.items():
        path = place(room, name)
        with open(path, "wb") as file:
            file.write(b"not a sound")
        result = room.run("info", path)
        yield from (f"{what}: {problem}" for problem in result.one_line())
        if any(ord(c) < 32 for c in result.err.strip("\n")):
            yield f"{what}: marks that change a terminal: {result.err!r}"


def learning(room):
    """A data set of such files, also with such classes, trains, and its tables hold them so that they are found again."""
    data = room.path("data")
    for number, name in enumerate(NAMES.values()):
        write_track(os.path.join(os.fsencode(data), b"sine" if number % 2 else b"noise", name), number)
    for old, new in (("noise", 'no"ise,\nand'), ("sine", "=sine\u202e")):
        os.rename(os.path.join(data, old), os.path.join(data, new))
    run = room.path("run")
    yield from room.run(*room.train(run, epochs=2)).good()
    result = room.run("evaluate", "--run", run, "--quiet")
    yield from result.good()
    if result.code != 0:
        return
    with open(os.path.join(run, "split.csv"), newline="", encoding="utf-8", errors="surrogateescape") as file:
        rows = list(csv.DictReader(file))
    if len(rows) != 12 + len(NAMES):
        yield f"split.csv: {len(rows)} rows"
    for row in rows:
        path = row["path"]
        path = urllib.parse.unquote_to_bytes(path[7:]) if path.startswith("file:///") else os.fsencode(path)
        if not os.path.exists(path):
            yield f"split.csv: {row['path']!r} is not found again"
    yield from room.run("train", "--run", run, "--resume").good()
    for name in ("split.csv", "metrics.csv", "predictions.csv"):
        with open(os.path.join(run, name), newline="", encoding="utf-8") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        formulas = [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not is_number(cell)]
        if formulas:
            yield f"{name}: a spreadsheet would compute {formulas[:3]}"


def is_number(text):
    try:
        return float(text) == float(text) or True
    except ValueError:
        return False


def folders(room):
    """Run folders and data sets with such names."""
    for what, name in NAMES.items():
        data = os.path.join(os.fsencode(room.folder), b"d-" + name[:200])
        shutil.copytree(os.fsencode(room.path("data")), data)
        result = room.run("dataset", data, "--json")
        yield from (f"dataset, {what}: {problem}" for problem in result.good())
        words = room.train("RUN", epochs=1)
        words[words.index("--dataset") + 1], words[words.index("--run") + 1] = data, b"r-" + name[:200]
        words[words.index("--run") + 1] = os.path.join(os.fsencode(room.folder), b"r-" + name[:200])
        yield from (f"train, {what}: {problem}" for problem in room.run(*words).good())
        yield from (f"resume, {what}: {problem}" for problem in
                    room.run("train", "--run", words[words.index("--run") + 1], "--resume").good())


def too_long(room):
    """A name of 255 bytes is read and written; one of 256 is refused in a line."""
    long, longer = room.path("y" * 251 + ".npy"), room.path("y" * 252 + ".npy")
    track = room.path("data", "sine", "1.wav")
    yield from room.run("feature", track, "--type", "rms", "--out", long).good()
    if not os.path.exists(long):
        yield "a name of 255 bytes was not written"
    yield from room.run("feature", track, "--type", "rms", "--out", longer).one_line("too long")


def main():
    checks = []
    for test in (info_and_feature, damaged, learning, folders, too_long):
        with tempfile.TemporaryDirectory(prefix="melograph-faults-") as folder:
            checks.append((test.__name__.replace("_", " "), list(test(Room(folder, CLI)))))
    return report(checks)


sys.exit(main())
