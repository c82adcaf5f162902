"""The same hour opened by other programs, beside this one: others.py [--pictures FOLDER] [NAME…].

Audacity and Sonic Visualiser are measured where they are installed (Debian: audacity, sonic-visualiser); nothing depends on
them. Each opens the file from its command line on a private screen, as it comes (a waveform), Audacity by a setting of its
own also as a spectrogram of the whole hour; Sonic Visualiser has none before it is asked for one. What is told is seen from
outside: the screen's pixels, and the memory of the process and its children. "half" and "most" are when 50 and 95 % of the places that have texture at the end have it, "rest"
is the last change of the screen, all in s from the start of the process. One JSON object a program. --pictures keeps the
screen at rest, to see what was measured. To be run by tests/journeys/hermetic.sh, as ./dev bench others does."""
import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import time

import numpy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "journeys"))
from figures import make_sound, tell  # noqa: E402
from journey import PROGRAM, scratch  # noqa: E402
from window import save_screen  # noqa: E402

CALM, PATIENCE = 12, 150  # s without a change that mean rest; s after which it is given up
CELL, STEP, CONTRAST = 32, 4, 24  # px of a place, px between two that are looked at, of 255


class Screen:
    """The frame buffer of the private screen."""

    def __init__(self):
        path = os.path.join(os.environ["HERMETIC_DIR"], "screen", "Xvfb_screen0")
        header = numpy.fromfile(path, ">u4", 25)
        self.pixels = numpy.memmap(path, numpy.uint8, "r", int(header[0] + 12 * header[19]), (int(header[5]), int(header[12])))

    def look(self):
        """Which places have texture, and a number that changes with the picture."""
        green = numpy.array(self.pixels[::STEP, 1::4 * STEP])
        n = CELL // STEP
        rows, columns = green.shape[0] // n, green.shape[1] // n
        cells = green[:rows * n, :columns * n].reshape(rows, n, columns, n)
        return int(numpy.count_nonzero(numpy.ptp(cells, axis=(1, 3)) > CONTRAST)), hash(green.tobytes())


def family(pid):
    """The process and its children."""
    found = [pid]
    for one in found:
        with contextlib.suppress(OSError), open(f"/proc/{one}/task/{one}/children", encoding="ascii") as file:
            found += [int(child) for child in file.read().split()]
    return found


def memory(pid):
    total = 0
    for one in family(pid):
        with contextlib.suppress(OSError), open(f"/proc/{one}/status", encoding="ascii") as file:
            total += sum(int(line.split()[1]) for line in file if line.startswith("VmRSS"))
    return total / 1024


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def audacity(view):
    """No greeting, no question about updates, nothing to recover."""
    settings = ("NewPrefsInitialized=1\n[Version]\nMajor=3\nMinor=2\nMicro=4\n[Directories]\nTempDir=%s\n"
                "[GUI]\nShowSplashScreen=0\nDefaultViewModeChoiceNew=%s\n"
                "[Update]\nUpdateNoticeShown=1\nDefaultUpdatesChecking=0\n")

    def prepare(path):
        folder = os.path.join(scratch(), "audacity " + view)
        os.makedirs(folder)
        write(os.path.join(os.environ["HOME"], ".audacity-data", "audacity.cfg"), settings % (folder, view))
        return ["audacity", path]

    return prepare


def sonic_visualiser(path):
    """No question about the network."""
    write(os.path.join(os.environ["XDG_CONFIG_HOME"], "sonic-visualiser", "Sonic Visualiser.conf"),
          "[Preferences]\nnetwork-permission-4.5.1=false\n")
    return ["sonic-visualiser", path]


PROGRAMS = {
    "Melograph, STFT and mel": lambda path: [PROGRAM, path],
    "Audacity, waveform": audacity("Waveform"),
    "Audacity, spectrogram": audacity("Spectrogram"),
    "Sonic Visualiser, waveform of the first seconds": sonic_visualiser,
}


def follow(process, screen, began):
    """[(s, places with texture)] until the screen is at rest, the time of its last change, and the most memory, MB."""
    seen, last, changed, most, looked = [], None, time.monotonic(), 0, 0
    while time.monotonic() - began < PATIENCE and process.poll() is None:
        now = time.monotonic()
        count, picture = screen.look()
        seen.append((now - began, count))
        if picture != last:
            last, changed = picture, now
        if now - looked > 0.5:
            most, looked = max(most, memory(process.pid)), now
        if now - changed > CALM and max(n for _, n in seen) > 200:
            break
        time.sleep(0.02)
    return seen, changed - began, most


def measure(name, prepare, path, pictures):
    command = prepare(path)
    if not shutil.which(command[0]):
        tell(name, skipped=f"{command[0]} is not installed")
        return
    time.sleep(1)
    screen, began = Screen(), time.monotonic()
    empty = screen.look()[0]
    with open(os.path.join(scratch(), "other.log"), "w", encoding="utf-8") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    seen, rest, most = follow(process, screen, began)
    end = seen[-1][1] - empty
    when = lambda share: next(round(s, 2) for s, n in seen if n - empty >= share * end)  # noqa: E731
    tell(name, half_s=when(0.5), most_s=when(0.95), rest_s=round(rest, 2), places=end, rss_mb=round(memory(process.pid)),
         peak_mb=round(most))
    if pictures:
        os.makedirs(pictures, exist_ok=True)
        save_screen(os.path.join(pictures, name.replace(" ", "-").replace(",", "") + ".png"))
    for one in reversed(family(process.pid)):
        with contextlib.suppress(OSError):
            os.kill(one, 9)
    process.wait(20)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    path = make_sound(1)
    for name, prepare in PROGRAMS.items():
        if not options.names or any(name.startswith(wanted) for wanted in options.names):
            measure(name, prepare, path, options.pictures)


main()
