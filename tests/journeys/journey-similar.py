"""A person selects a stretch, has the library's sounds ranked by likeness, hears a place and goes there."""
import array
import math
import os
import random
import re
import sys
import wave

from ear import sound_follows
from journey import scratch, take
from window import wait_for, xdotool

SR = 8000
FOLDER = os.path.join(scratch(), "sounds")


def write(name, parts):
    """A WAV file of (seconds, Hz) parts; 0 Hz is noise."""
    numbers, samples = random.Random(name), array.array("h")
    for seconds, hz in parts:
        for i in range(int(seconds * SR)):
            value = 0.3 * math.sin(2 * math.pi * hz * i / SR) if hz else numbers.gauss(0, 0.1)
            samples.append(int(32767 * max(-1, min(1, value + numbers.gauss(0, 0.003)))))
    os.makedirs(FOLDER, exist_ok=True)
    path = os.path.join(FOLDER, name)
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, SR, 0, "NONE", None))
        file.writeframes(samples.tobytes())
    return path


TONE = write("tone.wav", [(2, 440), (2, 0)])
OTHER = write("other.wav", [(3, 0), (2, 440)])
THIRD = write("noise.wav", [(4, 0)])


def rows(window):
    return list(window.all("list item", lambda name: "distance" in name))


def similar_window(window):
    return wait_for("the window", lambda: next((child for child in window.children() if child.name == "Similar places"), None))


def a_stretch_is_selected(window):
    """A drag selects a stretch; Shift+S looks for it in all sounds of the library"""
    for name in ("other.wav", "noise.wav", "tone.wav"):
        window.see(name)
    stft = window.find("image", lambda name: name.startswith("STFT"))
    wait_for("the picture", lambda: "0:04" in next(window.all("image", lambda name: name.startswith("STFT"))).name)
    stft.drag((0.15, 0.5), (0.3, 0.5))
    window.key("shift+s")
    window.focus(window.dialog_xid())
    window.see("Like tone.wav")


def the_nearest_come_first(window):
    """The same tone elsewhere comes first, with places and distances"""
    found = wait_for("results", lambda: (lambda all_rows: all_rows if len(all_rows) > 3 else None)(rows(window)))
    names = [row.name for row in found]
    match = re.match(r"other\.wav, 0:0([34])\.\d\d–0:0[345]\.\d\d, distance 0\.", next(n for n in names if "other" in n))
    assert match, names
    distances = [float(name.split("distance ")[1]) for name in names]
    assert distances == sorted(distances), distances
    assert "noise.wav" not in names[0], names


def another_measure(window):
    """Another measure ranks anew: a network that comes with the program"""
    before = [row.name for row in rows(window)]
    combo = window.find("combo box", lambda name: name.startswith("Compare by"))
    combo.click()
    window.key("End", "Return")
    wait_for("other results", lambda: (lambda now: now and now != before)([row.name for row in rows(window)]))


def a_place_is_heard_and_opened(window):
    """A row's button plays it, the row itself opens the sound there"""
    row = next(row for row in rows(window) if row.name.startswith("other"))
    with sound_follows():
        next(row.all("push button")).press()
    row = next(row for row in rows(window) if row.name.startswith("other"))
    row.click(across=0.6)
    wait_for("the other sound", lambda: next(window.all("image", lambda name: name.startswith("STFT") and "0:05" in name), None))
    wait_for("its place", lambda: next(window.all("label", lambda name: re.match(r"0:0[34]\.\d\d\d / 0:05", name)), None))
    window.focus(window.dialog_xid())


def escape_closes(window):
    """Escape closes the window"""
    window.focus(window.dialog_xid())
    window.key("Escape")
    wait_for("one window", lambda: len(xdotool("search", "--onlyvisible", "--pid", window.process.pid).split()) == 1)


sys.exit(take("similar", [a_stretch_is_selected, the_nearest_come_first, a_place_is_heard_and_opened, another_measure,
                          escape_closes], TONE, OTHER, THIRD))
