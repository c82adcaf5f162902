"""What all journeys share: steps told as TAP, a picture and the tree of the window where one fails."""
import array
import math
import os
import sys
import traceback
import wave

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import report  # noqa: E402
from window import Lost, Window, save_screen  # noqa: E402

PROGRAM = os.environ["MELOGRAPH_PROGRAM"]
CLI = os.environ["MELOGRAPH_CLI"]
# GTK 4 says so where a pressed widget goes away, as the row of a list does; nothing that a program does can settle it.
TOOLKIT_FAULT = "Broken accounting of active state"
BAD_WORDS = ("CRITICAL", "WARNING **", "runtime error:", "Sanitizer:")
PICTURES = os.environ.get("JOURNEY_PICTURES", "")  # where screenshots of failures are kept


def scratch():
    """A folder that goes with the test."""
    return os.environ["HERMETIC_DIR"]


def make_tone(name, seconds=3.0, sr=22050, hz=1000.0):
    """A WAV file with a tone that gets louder; returns its path."""
    path = os.path.join(scratch(), name)
    n = int(seconds * sr)
    samples = array.array("h", (int(28000 * i / n * math.sin(2 * math.pi * hz * i / sr)) for i in range(n)))
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sr)
        file.writeframes(samples.tobytes())
    return path


def picture_of(name):
    if not PICTURES:
        return ""
    os.makedirs(PICTURES, exist_ok=True)
    path = os.path.join(PICTURES, name + ".png")
    save_screen(path)
    return path


def take(name, steps, *arguments, **environment):
    """Opens the program and takes the steps, functions of the window, in order; after one that fails the rest cannot be
    taken and fail with it. Returns the exit status."""
    window = None
    lost = False

    def results():
        nonlocal window, lost
        for number, step in enumerate(steps, 1):
            label = step.__doc__ or step.__name__.replace("_", " ")
            if lost:
                yield label, ["not reached"]
                continue
            try:
                window = window or Window(PROGRAM, *arguments, **environment)
                step(window)
                yield label, [] if window.alive() else ["the program has ended"]
            except Exception as error:  # whatever went wrong is told with what the screen showed
                lost = True
                detail = str(error) if isinstance(error, Lost) else traceback.format_exc()
                picture = picture_of(f"{name}-{number}-failed")
                yield label, [detail, picture, window.dump() if window else "", window.output()[-3000:] if window else ""]
        if window:
            bad = [line for line in window.output().splitlines()
                   if any(word in line for word in BAD_WORDS) and TOOLKIT_FAULT not in line]
            yield "no warnings", bad
            status = window.close()
            yield "it ends well when it is asked to", [] if status == 0 else [f"exit status {status}"]

    return report(results())
