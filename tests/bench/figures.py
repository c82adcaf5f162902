"""What the benchmarks of the real window share: a long sound, reading the window's trace, and telling figures as one JSON
object a line."""
import array
import json
import math
import os
import random
import sys
import wave

from journey import scratch
from window import wait_for

SR, BLOCK = 44100, 20  # s of sound that is repeated
MISSED = []  # figures that are not as asked


def make_sound(hours):
    """A WAV file of so many hours: 44.1 kHz, 16 bit, stereo up to two hours, beyond mono."""
    path, numbers, channels = os.path.join(scratch(), f"{hours:g}-hours.wav"), random.Random(1), 2 if hours <= 2 else 1
    block = array.array("h")
    for i in range(BLOCK * SR):
        t = i / SR
        note = 220 * 2 ** (int(t * 4) % 12 / 12)
        value = sum(math.sin(2 * math.pi * note * k * t) / k for k in (1, 2, 3, 5, 8)) * math.exp(-(t * 4 % 1) * 3)
        block.extend([int(7000 * value + numbers.uniform(-200, 200))] * channels)
    with wave.open(path, "wb") as file:
        file.setparams((channels, 2, SR, 0, "NONE", None))
        for _ in range(int(hours * 3600 / BLOCK)):
            file.writeframesraw(block.tobytes())
    return path


def drop_from_memory(path):
    """The next reader has to fetch the file from the disk."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def at(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else None


def tell(figure, met=None, **values):
    """`met`: it is as asked; where it is left out, "ms" and "limit_ms" tell."""
    if met is None and "ms" in values and "limit_ms" in values:
        met = values["ms"] < values["limit_ms"]
    if met is not None:
        values["met"] = met
    if met is False:
        MISSED.append(figure)
    print(json.dumps({"figure": figure, **values}), flush=True)


def finish():
    """Tells what is not as asked, and ends with status 1 where anything is not."""
    tell("not as asked", figures=MISSED)
    sys.exit(1 if MISSED else 0)


class Watch:
    """What the program tells from here on."""

    def __init__(self, window):
        self.window, self.skip = window, os.path.getsize(window.log.name)

    def all(self):
        """Reads no more than what is new: what had been told before would take the processor from what is measured."""
        with open(self.window.log.name, "rb") as file:
            file.seek(self.skip)
            lines = file.read().decode(errors="replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith('{"event"') and line.endswith("}")]

    def events(self, name):
        return [event for event in self.all() if event["event"] == name]

    def wait(self, name, count=1, seconds=600):
        return wait_for(name, lambda: (lambda found: found if len(found) >= count else None)(self.events(name)), seconds)


def tell_frames(figure, events, seconds):
    """Of what a Watch has told in so many seconds."""
    frames = [event["ms"] for event in events if event["event"] == "frame"]
    work = [event["ms"] for event in events if event["event"] == "frame-work"]
    under = sum(ms < 16 for ms in frames) / max(1, len(frames))
    tell(figure, met=under >= 0.99, frames=len(frames), frames_per_s=round(len(frames) / seconds, 1),
         under_16_ms=round(under, 4), p50_ms=at(frames, 0.5), p99_ms=at(frames, 0.99), longest_ms=max(frames, default=None),
         work_p99_ms=at(work, 0.99), asked="99 % under 16 ms")
