#!/usr/bin/env python3
"""Damaged, empty, hostile and mislabelled files: odd-files-test.py MELOGRAPH_CLI FOLDER

Each gives sound (exit 0, nothing on stderr) or one clear line on stderr that names the file (exit 1): never a signal, a
hang, or more than 1 GiB of memory. What sounds has the length that `info` tells."""
import json
import os
import re
import resource
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import SANITIZED, report  # noqa: E402

CLI, FOLDER = sys.argv[1:3]
SECONDS, BYTES = 60, 1 << 30


def run(*arguments):
    """Exit status (negative: a signal), stdout, stderr and the peak of resident memory in bytes."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen([CLI, *arguments], stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS)))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return process.returncode, out.read().decode(), err.read().decode("utf-8", "replace"), usage.ru_maxrss * 1024


def problems(path, *arguments):
    code, out, err, peak = run(*arguments)
    shown = arguments[0]
    if code not in (0, 1):
        yield f"{shown}: exit status {code}: {err.strip()[:200]}"
    if peak > BYTES and not SANITIZED:
        yield f"{shown}: {peak >> 20} MiB of memory"
    if code == 0 and err:
        yield f"{shown}: sound, yet on stderr: {err.strip()[:200]}"
    if code == 1 and (not re.fullmatch(r"melograph-cli: [^\n]+\n", err) or os.path.basename(path) not in err):
        yield f"{shown}: not one line that names the file: {err.strip()[:300]}"
    if code == 1 and out:
        yield f"{shown}: failed, yet on stdout: {out.strip()[:200]}"


def length_problems(path, npy):
    """The array's width tells how many samples were read."""
    code, out, _, _ = run("info", "--json", path)
    if code != 0:
        return
    info = json.loads(out)
    code, _, err, _ = run("feature", path, "--type", "melspectrogram", "--set", "sr=native", "--out", npy)
    with open(npy, "rb") as file:
        shape = re.search(rb"'shape': \((\d+), (\d+)\)", file.read(256))
    frames = 1 + info["frames"] // 512
    if int(shape[2]) != frames:
        yield f"info tells {info['frames']} samples, so {frames} frames; there are {int(shape[2])}"


def main():
    files = sorted(os.path.join(folder, name) for folder, _, names in os.walk(FOLDER) for name in names)
    cases = []
    with tempfile.TemporaryDirectory() as folder:
        npy = os.path.join(folder, "x.npy")
        for path in files:
            found = list(problems(path, "info", path))
            found += problems(path, "info", "--json", path)
            for feature in ("stft", "melspectrogram"):
                found += problems(path, "feature", path, "--type", feature, "--out", npy)
            cases.append((os.path.relpath(path, FOLDER), found or list(length_problems(path, npy))))
    return cases


if not os.path.isdir(FOLDER):
    if os.environ.get("MELOGRAPH_SHARED") == "required":
        sys.exit(report([("odd files", [f"{FOLDER} is required"])]))
    print(f"1..0 # SKIP {FOLDER} is absent")
    sys.exit(0)
sys.exit(report(main()))
