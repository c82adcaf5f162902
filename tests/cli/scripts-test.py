#!/usr/bin/env python3
"""Names in any script: scripts-test.py MELOGRAPH_CLI. Classes and tracks are called in Cyrillic, Japanese, Arabic and by
pictures; tables, pictures as PNG, SVG and PDF, CSV and JSON hold the names as they are."""
import csv
import json
import os
import re
import sys
import tempfile
import unicodedata
import zlib

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "faults"))
from room import Room, report, write_track  # noqa: E402

CLI = sys.argv[1]
CLASSES = ["Тишина", "猫の声", "موسيقى", "🎵 Ёлка ♪"]
TRACKS = ["Моя игра", "夜の海", "صوت", "🎧"]
MP3 = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "fuzz", "seeds", "sound", "layer3.mp3")
PICTURES = (("confusion", ["curves", "--type", "confusion"]), ("roc", ["curves", "--type", "roc"]),
            ("learning", ["curves"]), ("plane", ["embed", "--method", "pca", "--checkpoint", "last"]))


def build(room):
    """Four classes of three tracks each, learned and evaluated; the run's name is in Russian, too."""
    number = 0
    for name in CLASSES:
        os.makedirs(room.path("data", name))
        for track in TRACKS:
            write_track(room.path("data", name, f"{track} {number}.wav"), number)
            number += 1
    run = room.path("Запуск")
    words = room.train(run, epochs=2, split="6:2:2")
    yield from room.run(*words).good()
    yield from room.run("evaluate", "--run", run, "--quiet").good()


def in_tables(room):
    run = room.path("Запуск")
    with open(os.path.join(run, "predictions.csv"), newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for name in CLASSES:
        if f"{name}_prob" not in rows[0]:
            yield f"predictions.csv has no column {name}_prob: {list(rows[0])}"
    if not {row["genre"] for row in rows} <= set(CLASSES):
        yield f"classes in predictions.csv: { {row['genre'] for row in rows} }"
    if not all(any(row["songname"].startswith(track) for track in TRACKS) for row in rows):
        yield f"tracks in predictions.csv: {[row['songname'] for row in rows]}"
    told = json.loads(room.run("evaluate", "--run", run, "--json").out)
    if not all(name in json.dumps(told, ensure_ascii=False) for name in CLASSES):
        yield "a class is not in the JSON"
    table = room.run("evaluate", "--run", run, "--table").out.splitlines()
    yield from (f"“{name}” is not in the table" for name in CLASSES if name not in "\n".join(table))
    if not any(track in "\n".join(table) for track in TRACKS):
        yield f"no track is in the table: {table}"
    yield from crooked(table)


def width(text):
    """Columns in a terminal."""
    return sum(0 if unicodedata.category(c) in ("Mn", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def crooked(table):
    """Columns stand below their heads: part and y_pred of every segment end where theirs do."""
    head = next(line for line in table if "y_test" in line)
    end = width(head[:head.index("y_pred") + len("y_pred")])
    for line in table[table.index(head) + 1:]:
        if not line.strip() or "_prob" in line or not re.search(r"\d\.\d\d$", line):
            break
        cut = next((i for i in range(len(line) + 1) if width(line[:i]) == end), None)
        if cut is None or not line[cut - 1:cut].isdigit() or line[cut:cut + 1] != " ":
            yield f"crooked: {line!r} below {head!r}"


def texts_of_pdf(content):
    """What the fonts of a PDF say their glyphs are."""
    found = ""
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", content, re.S):
        try:
            stream = zlib.decompress(match[1])
        except zlib.error:
            continue
        for codes in re.findall(rb"beginbf(?:char|range)(.*?)endbf", stream, re.S):
            for code in re.findall(rb"<([0-9A-Fa-f]+)>\s*$", codes, re.M):
                found += bytes.fromhex(code.decode().zfill(-(-len(code) // 4) * 4)).decode("utf-16-be", "replace")
    return found


def drawn(room, words, out):
    result = room.run(*words, "--run", room.path("Запуск"), "--out", out)
    if result.code != 0 or not os.path.exists(out):
        return None, f"{os.path.basename(out)}: {result.err}"
    with open(out, "rb") as file:
        return file.read(), None


def in_pictures(room):
    """The letters that the usual font has are text in the PDF; the others are drawn somehow, without a complaint."""
    for name, words in PICTURES:
        for kind, magic in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")):
            content, problem = drawn(room, words, room.path(f"{name}.{kind}"))
            if problem or not content.startswith(magic) or len(content) < 2000:
                yield problem or f"{name}.{kind}: {len(content)} bytes"
                continue
            wanted = "ТишнаوسيقЁл" if name in ("confusion", "plane") else "Запуск" if name == "learning" else ""
            missing = set(wanted) - set(texts_of_pdf(content)) if kind == "pdf" else None
            if missing:
                yield f"{name}.pdf: no glyph of {missing} in {texts_of_pdf(content)!r}"
            if kind == "svg" and content.count(b"<use ") + content.count(b"<text") < 20:
                yield f"{name}.svg: hardly a letter"


def told_apart(room):
    """Another name is another picture, in scripts that no font here may have, too."""
    pictures = []
    for name in CLASSES[1:2] + ["犬の声"]:
        data = room.path("two " + name)
        for number, label in enumerate((name, "b")):
            os.makedirs(os.path.join(data, label))
            for track in range(3):
                write_track(os.path.join(data, label, f"{track}.wav"), number + 2 * track)
        run = room.path("run " + name)
        words = room.train(run, epochs=1)
        words[words.index("--dataset") + 1] = data
        yield from room.run(*words).good()
        yield from room.run("evaluate", "--run", run, "--quiet").good()
        out = room.path(name + ".png")
        yield from room.run("curves", "--run", run, "--type", "confusion", "--out", out).good()
        with open(out, "rb") as file:
            pictures.append(file.read())
    if pictures[0] == pictures[1]:
        yield "the pictures are equal"


def an_mp3(room):
    """«Моя игра.mp3» is told of, drawn, and its array written beside it under its name."""
    sound = room.path("Моя игра.mp3")
    with open(MP3, "rb") as seed, open(sound, "wb") as file:
        file.write(seed.read())
    told = room.run("info", "--json", sound)
    if told.code != 0 or json.loads(told.out)["codec"] != "MPEG layer III" or "Моя игра.mp3" not in told.out.encode().decode("unicode_escape") + told.out:
        yield f"info: {told.out} {told.err}"
    for ending in ("png", "svg", "pdf", "csv", "npy"):
        out = room.path(f"Моя игра.{ending}")
        yield from room.run("feature", sound, "--type", "rms", "--out", out).good()
        if not os.path.exists(out):
            yield f"{out} is not there"


def main():
    with tempfile.TemporaryDirectory(prefix="melograph-scripts-") as folder:
        room = Room(folder, CLI, tracks=0)
        os.makedirs(room.path("data"))
        return report([(test.__name__.replace("_", " "), list(test(room)))
                       for test in (build, in_tables, in_pictures, told_apart, an_mp3)])


sys.exit(main())
