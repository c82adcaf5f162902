#!/usr/bin/env python3
"""Pictures by the command line: pictures-test.py MELOGRAPH_CLI. Every kind of file, and what is refused."""
import math
import os
import struct
import subprocess
import sys
import tempfile
import wave

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import report  # noqa: E402

CLI = sys.argv[1]
MAGIC = {"png": b"\x89PNG\r\n\x1a\n", "svg": b"<?xml", "pdf": b"%PDF-"}


def run(*arguments):
    return subprocess.run([CLI, *arguments], capture_output=True, text=True, timeout=60)


def picture_problems(folder, *arguments):
    for kind, magic in MAGIC.items():
        out = os.path.join(folder, f"x.{kind}")
        result = run(*arguments, "--out", out)
        if result.returncode != 0 or result.stdout or result.stderr:
            yield f"{kind}: {result}"
            continue
        with open(out, "rb") as file:
            content = file.read()
        os.remove(out)
        if not content.startswith(magic) or len(content) < 1000:
            yield f"{kind}: {len(content)} bytes that begin with {content[:10]!r}"


def refusal_problems(status, *arguments):
    result = run(*arguments)
    if result.returncode != status or result.stderr.count("\n") != 1:
        yield f"expected status {status} and one line: {result}"


def feature_names():
    """What the message of a wrong name lists."""
    message = run("feature", "x.wav", "--type", "?", "--out", "x.png").stderr
    return message.split("expected one of ", 1)[1].strip().split(", ")


def feature_problems(folder, sound, name):
    """A picture, or for a single number one line; for sounds also the sound."""
    settings = ["--set", "sr=22050"]
    if name == "tempo":
        yield from refusal_problems(2, "feature", sound, "--type", name, "--out", os.path.join(folder, "x.png"))
        return
    yield from picture_problems(folder, "feature", sound, "--type", name, *settings)
    wav = os.path.join(folder, "x.wav")
    result = run("feature", sound, "--type", name, *settings, "--out", wav)
    if name in ("harmonic", "percussive"):
        with open(wav, "rb") as file:
            if file.read(4) != b"RIFF":
                yield f"{wav}: no sound"
    elif result.returncode != 2 or result.stderr.count("\n") != 1:
        yield f"sound of {name}: {result}"


def hear_problems(folder, sound):
    """Magnitudes written by feature, then heard: the sound has their magnitudes again, nearly."""
    array, wav, again = (os.path.join(folder, name) for name in ("s.npy", "s.wav", "again.csv"))
    settings = ["--set", "sr=8000", "--set", "hop_length=256", "--set", "n_fft=1024"]
    csv = os.path.join(folder, "s.csv")
    for out in (array, csv):
        run("feature", sound, "--type", "stft", *settings, "--out", out)
    result = run("hear", array, "--set", "sr=8000", "--set", "hop_length=256", "--out", wav)
    if result.returncode != 0 or result.stderr:
        yield str(result)
        return
    run("feature", wav, "--type", "stft", *settings, "--out", again)
    with open(csv) as one, open(again) as other:
        before, after = ([[float(field) for field in line.split(",")] for line in file] for file in (one, other))
    size = sum(value * value for row in before for value in row)
    off = sum((a - b) ** 2 for x, y in zip(before, after) for a, b in zip(x, y))
    if not 0 < size or off > 0.02 * size:
        yield f"{off} of {size}"
    yield from refusal_problems(2, "hear", array, "--out", folder + "/x.ogg")
    yield from refusal_problems(1, "hear", sound, "--out", wav)
    yield from refusal_problems(2, "hear", array, "--set", "sr=native", "--out", wav)


def make_sound(path):
    """A second of a tone of 500 Hz that falls silent, and its half on the other channel."""
    samples = [round(16000 * (1 - i / 8000) * math.sin(2 * math.pi * 500 * i / 8000)) for i in range(8000)]
    with wave.open(path, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"".join(struct.pack("<hh", sample, sample // 2) for sample in samples))


def make_run(folder, values):
    os.makedirs(folder)
    with open(os.path.join(folder, "metrics.csv"), "w", encoding="utf-8") as file:
        file.write("epoch,step,split,name,value\n")
        for step, value in enumerate(values, 1):
            for split in ("train", "val"):
                file.write(f"{1 + step // 10},{step},{split},loss,{value}\n")


def checks(folder):
    sound, good, single, empty = (os.path.join(folder, name) for name in ("sound.wav", "good", "single", "empty"))
    make_sound(sound)
    make_run(good, [1 / step for step in range(1, 100)] + ["nan"])
    make_run(single, [0.5])
    os.makedirs(empty)
    yield "hear", hear_problems(folder, sound)
    for name in feature_names():
        yield f"feature {name}", feature_problems(folder, sound, name)
    yield "waveform", picture_problems(folder, "waveform", sound)
    yield "a part of a waveform", picture_problems(folder, "waveform", sound, "--start", "0.25", "--end", "0.5")
    yield "waveform: an end before its start", refusal_problems(2, "waveform", sound, "--start", "1", "--end", "0.5",
                                                                "--out", folder + "/x.png")
    yield "waveform: a start behind the file", refusal_problems(1, "waveform", sound, "--start", "9", "--out",
                                                                folder + "/x.png")
    yield "waveform: an unknown kind of picture", refusal_problems(2, "waveform", sound, "--out", folder + "/x.gif")
    yield "waveform: no picture named", refusal_problems(2, "waveform", sound)
    yield "spectrogram-3d", picture_problems(folder, "spectrogram-3d", sound)
    yield "spectrogram-3d from above", picture_problems(folder, "spectrogram-3d", sound, "--dark", "--set", "elevation=90",
                                                        "--set", "sr=native", "--set", "htk=true")
    yield "spectrogram-3d: an angle beyond a turn", refusal_problems(2, "spectrogram-3d", sound, "--set", "azimuth=999",
                                                                     "--out", folder + "/x.png")
    yield "spectrogram-3d: no such file", refusal_problems(1, "spectrogram-3d", folder + "/none.wav", "--out",
                                                           folder + "/x.png")
    yield "spectrogram-3d: no picture named", refusal_problems(2, "spectrogram-3d", sound)
    yield "model", picture_problems(folder, "model", "resnet18", "--input", "1x64x96", "--classes", "3")
    yield "model: an unknown kind of picture", refusal_problems(2, "model", "fcnn", "--out", folder + "/x.gif")
    yield "curves", picture_problems(folder, "curves", "--run", good)
    yield "curves of two runs", picture_problems(folder, "curves", "--run", good, "--run", single)
    yield "curves of an empty folder", refusal_problems(1, "curves", "--run", empty, "--out", folder + "/x.png")
    yield "curves without a run", refusal_problems(2, "curves", "--out", folder + "/x.png")


with tempfile.TemporaryDirectory() as scratch:
    sys.exit(report(checks(scratch)))
