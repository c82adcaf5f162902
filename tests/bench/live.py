"""How long an answer takes: live.py [SECONDS]. A private microphone hears noise, the window's Live page classifies it
with the ESC-10 model, and the time from the last sample of a segment to its answer on the screen is told. To be run by
tests/journeys/hermetic.sh --sound, with MELOGRAPH_PROGRAM, MELOGRAPH_CLI and MELOGRAPH_DATA_DIR; `taskset 1` keeps all of
it on one processor."""
import json
import os
import random
import struct
import subprocess
import sys
import time
import wave

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "journeys"))
from demo import make_workspace  # noqa: E402
from journey import PROGRAM, scratch  # noqa: E402
from window import Window  # noqa: E402

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 60


def make_noise():
    path, numbers = os.path.join(scratch(), "noise.wav"), random.Random(1)
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, 48000, 0, "NONE", None))
        file.writeframes(b"".join(struct.pack("<h", int(numbers.gauss(0, 2000))) for _ in range(48000 * 20)))
    return path


def at(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main():
    noise = make_noise()
    window = Window(PROGRAM, make_workspace(), MELOGRAPH_TRACE="1")
    next(tab for tab in window.all("page tab") if tab.name == "Live").press()
    window.find("push button", lambda name: name.startswith("Listen")).press()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        subprocess.run(["paplay", "--device=into-microphone", noise], timeout=100)
    window.find("push button", lambda name: name.startswith("Stop")).press()
    lines = [json.loads(line) for line in window.output().splitlines() if line.startswith("{")]
    window.close()
    times = [line["ms"] for line in lines if line["event"] == "decision"]
    work = [line["ms"] for line in lines if line["event"] == "frame-work"]
    print(json.dumps({"answers": len(times), "median_ms": at(times, 0.5), "p99_ms": at(times, 0.99), "max_ms": max(times),
                      "frame_work_p99_ms": at(work, 0.99)}))


main()
