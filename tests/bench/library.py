"""Figures of a workspace of very many tracks on a private screen: library.py [--tracks N].

N tracks (100 000) in 20 classes, links to 20 sounds, are put into the database of a new workspace; then the window opens it,
the Dataset page's table and wall are scrolled, and a text is searched for. One JSON object a figure. To be run by
tests/journeys/hermetic.sh, with MELOGRAPH_PROGRAM, MELOGRAPH_CLI and MELOGRAPH_DATA_DIR, as ./dev bench library does."""
import argparse
import contextlib
import os
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "journeys"))
from figures import Watch, at, tell, tell_frames  # noqa: E402
from journey import CLI, PROGRAM, make_tone, scratch  # noqa: E402
from window import Window, wait_for, xdotool  # noqa: E402

CLASSES = 20


def make_workspace(tracks):
    home, sounds = os.path.join(scratch(), "many"), os.path.join(scratch(), "sounds")
    folders = [os.path.join(sounds, f"class {label:02d}") for label in range(CLASSES)]
    tones = [make_tone(f"tone-{label}.wav", 2.0, 8000, 200 + 100 * label) for label in range(CLASSES)]
    for folder, tone in zip(folders, tones):
        os.makedirs(folder)
        os.link(tone, os.path.join(folder, "0.wav"))
    subprocess.run([CLI, "dataset", home, "--import", sounds], check=True, stdout=subprocess.DEVNULL)
    rows = []
    for i in range(CLASSES, tracks):
        label = i % CLASSES
        path = os.path.join(folders[label], f"recording {i}.wav")
        os.link(tones[label], path)
        rows.append((path, f"class {label:02d}", 2.0, 8000, 1, 0, f"group {i // 40}"))
    with contextlib.closing(sqlite3.connect(os.path.join(home, "workspace.db"))) as base, base:
        base.executemany("INSERT INTO tracks (path, label, duration, sr, channels, added, track_group) VALUES (?,?,?,?,?,?,?)",
                         rows)
    return home


def start(home):
    """From the start of the process to the end of the first frame of the window with its library, ms."""
    times = []
    for _ in range(4):  # the first warms up
        began = time.monotonic()
        process = subprocess.Popen([PROGRAM, home], stderr=subprocess.PIPE, text=True,
                                   env={**os.environ, "MELOGRAPH_TRACE": "1"})
        mapped = False
        for line in process.stderr:
            mapped = mapped or '"window"' in line
            if mapped and '"frame"' in line:
                break
        times.append((time.monotonic() - began) * 1000)
        process.terminate()
        process.stderr.read()
        process.wait(60)
    tell("open the workspace", ms=round(at(times[1:], 0.5)), all_ms=[round(ms) for ms in times], limit_ms=1500)


def scroll(window, figure, notches, button):
    """Notches come twice as often as frames, so that every frame has something new to show."""
    left, top = window.origin
    xdotool("mousemove", left + 620, top + 500)
    time.sleep(0.5)
    watch, began = Watch(window), time.monotonic()
    xdotool("click", "--repeat", notches, "--delay", 8, button)
    tell_frames(figure, watch.all(), time.monotonic() - began)


def search(window, text):
    entry = window.find("entry", lambda name: name.startswith("Search for tracks"))
    entry.click()
    window.key("ctrl+a")
    watch = Watch(window)
    window.type(text)
    found = watch.wait("tracks-found")
    time.sleep(1)
    found = watch.events("tracks-found")
    tell(f"search for “{text}”", ms=round(max(event["ms"] for event in found), 1), answers=len(found),
         work_p99_ms=at([event["ms"] for event in watch.events("frame-work")], 0.99), limit_ms=200)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tracks", type=int, default=100000)
    options = parser.parse_args()
    home = make_workspace(options.tracks)
    start(home)
    window = Window(PROGRAM, home, MELOGRAPH_TRACE="1")
    watch, began = Watch(window), time.monotonic()
    window.find("page tab", "Dataset").press()
    every = window.find("label", lambda name: name.endswith(" tracks") and len(name) > 9).name
    tell("turn to the Dataset page", ms=round((time.monotonic() - began) * 1000))
    wait_for("the split", lambda: watch.events("dataset-ready"), 120)
    tell("split worked out", ms=round((time.monotonic() - began) * 1000))
    time.sleep(2)
    scroll(window, "scroll the table", 600, 5)
    scroll(window, "scroll back", 600, 4)
    for text in ("recording 77", "class 03", "group 12"):
        search(window, text)
    window.key("ctrl+a", "BackSpace")
    window.find("label", every)  # a shorter list would come to its end
    time.sleep(1)
    def wall():
        named = window.all(None, lambda name: name.startswith("Show as pictures"))
        return next((thing for thing in named if "button" in thing.role), None)

    wait_for("the wall's button", wall).click()
    time.sleep(3)
    scroll(window, "scroll the wall", 600, 5)
    with open(f"/proc/{window.process.pid}/status", encoding="ascii") as file:
        rss = next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS"))
    tell("memory", rss_mb=round(rss))
    window.close()


main()
