#!/usr/bin/env python3
"""info on several files, long ones and things that are no files: info-test.py MELOGRAPH_CLI"""
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import wave

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import SANITIZED, report  # noqa: E402

CLI = sys.argv[1]
HOURS = 5


def run(*arguments):
    result = subprocess.run([CLI, "info", *arguments], capture_output=True, text=True, timeout=60,
                            stdin=subprocess.DEVNULL)
    return result.returncode, result.stdout, result.stderr


def write_sound(path, frames, sr=8000):
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, sr, 0, "NONE", ""))
        file.writeframes(bytes(2 * frames))


def several(folder):
    """Every good file is told, every bad one has its line, and the status says that there was one."""
    good, bad = os.path.join(folder, "good.wav"), os.path.join(folder, "bad.wav")
    write_sound(good, 1000)
    with open(bad, "w", encoding="utf-8") as file:
        file.write("not a sound")
    absent = os.path.join(folder, "absent.wav")
    code, out, err = run("--json", bad, good, absent, good)
    if code != 1:
        yield f"exit status {code}"
    told = [json.loads(line) for line in out.splitlines()]
    if [t["file"] for t in told] != [good, good] or told[0]["frames"] != 1000 or told[0]["duration"] != 0.125:
        yield f"stdout: {out}"
    lines = err.splitlines()
    if len(lines) != 2 or "bad.wav" not in lines[0] or "absent.wav" not in lines[1]:
        yield f"stderr: {err}"


def text(folder):
    path = os.path.join(folder, "good.wav")
    write_sound(path, 1000)
    code, out, err = run(path)
    if code != 0 or err or not re.fullmatch(r".*good\.wav: WAV, PCM 16 bit, 8000 Hz, 1 channel, 1000 frames, 0\.125 s\n",
                                            out):
        yield f"{code}: {out} {err}"


def no_files(folder):
    fifo = os.path.join(folder, "fifo.wav")
    os.mkfifo(fifo)
    for path in (folder, fifo, "/dev/zero"):
        code, out, err = run(path)
        if code != 1 or out or not re.fullmatch(r"melograph-cli: [^\n]+\n", err) or path not in err:
            yield f"{path}: {code}: {out} {err}"


def long_file(folder):
    """Memory does not grow with length: hours of sound (a sparse file) in 256 MiB of addresses and little time."""
    path = os.path.join(folder, "long.wav")
    frames = HOURS * 3600 * 44100
    write_sound(path, 0, 44100)
    with open(path, "r+b") as file:
        file.truncate(44 + 2 * frames)
        for at, size in ((4, 36 + 2 * frames), (40, 2 * frames)):
            file.seek(at)
            file.write(size.to_bytes(4, "little"))
    result = subprocess.run([CLI, "info", "--json", path], capture_output=True, text=True, timeout=60,
                            preexec_fn=None if SANITIZED else
                            lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 28, 1 << 28)))
    if result.returncode != 0 or json.loads(result.stdout)["frames"] != frames:
        yield f"{result.returncode}: {result.stdout} {result.stderr}"


with tempfile.TemporaryDirectory() as parent:
    checks = []
    for test in (several, text, no_files, long_file):
        os.mkdir(os.path.join(parent, test.__name__))
        checks.append((test.__name__, list(test(os.path.join(parent, test.__name__)))))
sys.exit(report(checks))
