"""What the benchmarks of the real window share: reading its trace, and telling figures as one JSON object a line."""
import json

from window import wait_for


def at(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else None


def tell(figure, **values):
    print(json.dumps({"figure": figure, **values}), flush=True)


class Watch:
    """What the program tells from here on."""

    def __init__(self, window):
        self.window, self.skip = window, len(window.output())

    def events(self, name):
        lines = self.window.output()[self.skip:].splitlines()
        found = []
        for line in lines:
            if f'"event": "{name}"' in line and line.endswith("}"):
                found.append(json.loads(line))
        return found

    def wait(self, name, count=1, seconds=600):
        return wait_for(name, lambda: (lambda found: found if len(found) >= count else None)(self.events(name)), seconds)


def tell_frames(figure, watch, seconds):
    frames = [event["ms"] for event in watch.events("frame")]
    work = [event["ms"] for event in watch.events("frame-work")]
    tell(figure, frames=len(frames), frames_per_s=round(len(frames) / seconds, 1),
         under_16_ms=round(sum(ms < 16 for ms in frames) / max(1, len(frames)), 4), p50_ms=at(frames, 0.5),
         p99_ms=at(frames, 0.99), work_p99_ms=at(work, 0.99), limit="99 % under 16 ms")
