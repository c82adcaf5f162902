#!/usr/bin/env python3
"""live and watch as a user runs them, with the digits' model that ships: live-commands-test.py MELOGRAPH_CLI"""
import csv
import json
import math
import os
import random
import shutil
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
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8"}


def write_sound(path, seconds, seed=1):
    """Tones that change every half second, with some noise."""
    numbers = random.Random(seed)
    samples = [0.4 * math.sin(2 * math.pi * (150 + 170 * (i // 4000 % 5)) * i / 8000) + numbers.gauss(0, 0.01)
               for i in range(int(8000 * seconds))]
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", None))
        file.writeframes(b"".join(struct.pack("<h", round(32767 * s)) for s in samples))


def command(*arguments):
    result = subprocess.run([CLI, *arguments], capture_output=True, text=True, timeout=60, env=ENVIRONMENT)
    return result.returncode, result.stdout, result.stderr


def expect(condition, text):
    if not condition:
        yield text


def check_file(folder):
    """A file in segments of the model's length gives predict's probabilities."""
    sound = os.path.join(folder, "sound.wav")
    write_sound(sound, 6)
    code, stdout, stderr = command("live", "--model", "digits", "--file", sound, "--set", "live_hop=1", "--set",
                                   "smoothing=0", "--json")
    yield from expect(code == 0 and not stderr, f"exit {code}: {stderr}")
    live = [json.loads(line) for line in stdout.splitlines()]
    segments = json.loads(command("predict", "--model", "digits", "--json", sound)[1])["segments"]
    yield from expect(len(live) == len(segments) == 6, f"{len(live)} decisions, {len(segments)} segments")
    for decision, segment in zip(live, segments):
        yield from expect([decision["start"], decision["end"]] == [segment["start"], segment["end"]], f"{decision}")
        distance = max(abs(a - b) for a, b in zip(decision["probabilities"].values(), probabilities_of([segment])[0]))
        yield from expect(distance < 1e-5, f"probabilities {distance} apart")


def probabilities_of(segments):
    return [list(p.values()) if isinstance(p, dict) else p for p in (segment["probabilities"] for segment in segments)]


def check_tables(folder):
    """Classifiers on features and on vectors of a network hear what they say of the file."""
    for kind in range(2):
        os.makedirs(os.path.join(folder, "data", "ab"[kind]))
        for number in range(4):
            write_sound(os.path.join(folder, "data", "ab"[kind], f"{number}.wav"), 3, 10 * kind + number)
    sound = os.path.join(folder, "sound.wav")
    for name, source in (("features", ["--features", "mfcc,rms"]), ("vectors", ["--embedding", "digits"])):
        run = os.path.join(folder, name)
        code, _, stderr = command("table-train", "--dataset", os.path.join(folder, "data"), *source, "--classifier",
                                  "logistic", "--set", "segment_seconds=1", "--cv", "2", "--run", run, "--quiet")
        yield from expect(code == 0, f"{name}: exit {code}: {stderr}")
        model = os.path.join(run, "checkpoints", "best.safetensors")
        code, stdout, stderr = command("live", "--model", model, "--file", sound, "--set", "live_hop=1", "--set",
                                       "smoothing=0", "--json")
        yield from expect(code == 0 and not stderr, f"{name}: exit {code}: {stderr}")
        live = [list(json.loads(line)["probabilities"].values()) for line in stdout.splitlines()]
        code, stdout, stderr = command("predict", "--model", model, "--json", sound)
        expected = probabilities_of(json.loads(stdout)["segments"]) if code == 0 else []
        yield from expect(len(live) == len(expected) == 6, f"{name}: {len(live)} decisions, {len(expected)} segments: {stderr}")
        apart = max((abs(a - b) for x, y in zip(live, expected) for a, b in zip(x, y)), default=1)
        yield from expect(apart < 1e-5, f"{name}: probabilities {apart} apart")


def check_log(folder):
    """Two models, a line each a decision, on stdout and in the log; what is not sure has no class."""
    sound, log = os.path.join(folder, "sound.wav"), os.path.join(folder, "log.csv")
    code, stdout, stderr = command("live", "--model", "digits", "--model", "esc10", "--file", sound, "--seconds", "5.5",
                                   "--set", "threshold=0.9", "--set", "live_hop=0.5", "--log", log)
    yield from expect(code == 0 and not stderr, f"exit {code}: {stderr}")
    with open(log, newline="") as file:
        rows = list(csv.DictReader(file))
    models = [row["model"] for row in rows]
    yield from expect(models.count("digits") == 10 and models.count("esc10") == 2, f"{models}")
    yield from expect(len(stdout.splitlines()) == len(rows), f"{stdout}")
    yield from expect(all((row["y_pred"] == "") == (row["sure"] == "0") for row in rows), f"{rows}")
    yield from expect(any(row["sure"] == "0" for row in rows) and "not sure (" in stdout, "all of them are sure")
    yield from expect(all(row["rain_prob"] == "" for row in rows if row["model"].startswith("digits")), "digits know rain")


def check_speed(folder):
    """At its own speed a second takes a second."""
    start = time.monotonic()
    code, _, stderr = command("live", "--model", "digits", "--file", os.path.join(folder, "sound.wav"), "--speed", "4",
                              "--seconds", "6")
    yield from expect(code == 0 and time.monotonic() - start > 1.4, f"exit {code}: {stderr}")


def check_usage(folder):
    sound = os.path.join(folder, "sound.wav")
    wrong = [(["live"], "--model"), (["live", "--model", "digits", "--file", sound, "--device", "x"], "--device"),
             (["live", "--model", "digits", "--file", sound, "--set", "threshold=2"], "threshold"),
             (["live", "--model", "digits", "--file", sound, "--speed", "-1"], "--speed"),
             (["watch", "--model", "digits"], "argument"), (["watch", folder], "--model"),
             (["watch", "--model", "digits", "--out", "x.txt", folder], "--out")]
    for arguments, word in wrong:
        code, stdout, stderr = command(*arguments)
        yield from expect(code == 2 and word in stderr and stderr.count("\n") == 1 and not stdout,
                          f"{arguments}: exit {code}: {stderr}")
    broken = [["live", "--model", "digits", "--file", folder + "/absent.wav"], ["live", "--model", sound, "--file", sound],
              ["live", "--model", "digits", "--file", sound, "--log", folder + "/no/folder.csv"],
              ["watch", "--model", "digits", folder + "/absent"], ["watch", "--model", sound, folder]]
    for arguments in broken:
        code, stdout, stderr = command(*arguments)
        yield from expect(code == 1 and stderr.count("\n") == 1, f"{arguments}: exit {code}: {stderr}")


def read_line(process):
    return json.loads(process.stdout.readline())


def check_watch(folder):
    """What was there, what is written, what is moved in; a damaged file has its line and the watch goes on."""
    inbox, table = os.path.join(folder, "inbox"), os.path.join(folder, "table.csv")
    os.makedirs(inbox)
    shutil.copy(os.path.join(folder, "sound.wav"), os.path.join(inbox, "first.wav"))
    watch = subprocess.Popen([CLI, "watch", "--model", "digits", "--existing", "--json", "--out", table, inbox],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    try:
        first = read_line(watch)
        yield from expect(first["file"] == "first.wav" and first["segments"] == 6, f"{first}")
        with open(os.path.join(inbox, "notes.txt"), "w") as file:
            file.write("no sound")
        with open(os.path.join(inbox, "bad.wav"), "w") as file:
            file.write("RIFF and nothing else")
        write_sound(os.path.join(folder, "later.wav"), 3, 2)
        os.rename(os.path.join(folder, "later.wav"), os.path.join(inbox, "Моя, игра.wav"))
        second = read_line(watch)
        yield from expect(second["file"] == "Моя, игра.wav" and second["segments"] == 3, f"{second}")
        watch.send_signal(signal.SIGTERM)
        _, stderr = watch.communicate(timeout=10)
        yield from expect(watch.returncode == 0, f"exit {watch.returncode}: {stderr}")
        yield from expect(stderr.count("\n") == 1 and "bad.wav" in stderr, f"the damaged file: {stderr}")
    finally:
        watch.kill()
        watch.wait()
    with open(table, newline="") as file:
        rows = list(csv.DictReader(file))
    yield from expect([os.path.basename(row["file"]) for row in rows] == ["first.wav", "Моя, игра.wav"], f"{rows}")
    yield from expect(rows[1]["y_pred"] == second["y_pred"] and rows[1]["segments"] == "3", f"{rows}")


def check_watch_ends(folder):
    """A folder that goes away ends the watch with a line."""
    inbox = os.path.join(folder, "going")
    os.makedirs(inbox)
    watch = subprocess.Popen([CLI, "watch", "--model", "digits", "--existing", "--json", inbox], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    try:
        write_sound(os.path.join(inbox, "one.wav"), 1)
        read_line(watch)
        shutil.rmtree(inbox)
        _, stderr = watch.communicate(timeout=10)
        yield from expect(watch.returncode == 1 and "gone" in stderr, f"exit {watch.returncode}: {stderr}")
    finally:
        watch.kill()
        watch.wait()


def main():
    with tempfile.TemporaryDirectory(prefix="melograph-test-") as folder:
        checks = [check_file, check_tables, check_log, check_speed, check_usage, check_watch, check_watch_ends]
        return report((check.__name__.replace("check_", "").replace("_", " "), check(folder)) for check in checks)


sys.exit(main())
