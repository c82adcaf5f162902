"""On ESC-10: a person imports clips in ESC-50's layout, mends a planted copy and a planted wrong label, splits by folds,
trains two networks in the queue, compares them, opens the wrong segments of the worse one, asks why, hears it and exports the
table; after a restart the split is as it was."""
import os
import shutil
import sys

from curating import Curating, tab
from journey import PROGRAM, make_tone, scratch, take
from training import Training
from window import Window, wait_for

SHARED = os.path.join(os.environ["MELOGRAPH_DATA_DIR"], "..", "shared", "data", "esc10")
CLASSES = ("helicopter", "rain", "sea_waves")  # which sound all the time, so that every segment is heard
LAYOUT, HOME = os.path.join(scratch(), "esc"), os.path.join(scratch(), "workspace")


def clips(name):
    """Four of a class; where the recordings are absent, tones of its own height stand for them."""
    if os.path.isdir(SHARED):
        folder = os.path.join(SHARED, name)
        return [os.path.join(folder, file) for file in sorted(os.listdir(folder))[:40:10]]
    return [make_tone(f"{name}-{i}.wav", 1.5, 8000, 200 + 500 * CLASSES.index(name) + 37 * i) for i in range(4)]


def make_layout():
    """ESC-50's folders, with one clip twice, one of the sea among the helicopters, and one that is no sound."""
    os.makedirs(os.path.join(LAYOUT, "audio"))
    os.makedirs(os.path.join(LAYOUT, "meta"))
    lines = ["filename,fold,target,category,src_file"]

    def add(file, name, label, fold):
        shutil.copy(file, os.path.join(LAYOUT, "audio", name))
        lines.append(f"{name},{fold},0,{label},{name}")

    for label in CLASSES:
        for i, file in enumerate(clips(label)):
            wrong = label == "sea_waves" and i == 0
            name = f"{'planted' if wrong else label}-{i}{os.path.splitext(file)[1]}"
            add(file, name, "helicopter" if wrong else label, i + 1)
    file = clips("rain")[1]
    add(file, "copy" + os.path.splitext(file)[1], "rain", 4)
    add(__file__, "broken.wav", "rain", 4)
    with open(os.path.join(LAYOUT, "meta", "esc50.csv"), "w", encoding="ascii") as table:
        table.write("\n".join(lines) + "\n")


def it_is_dealt_by_folds(window):
    """It is dealt by folds"""
    window.see("No leakage: of 12 files and 12 groups")
    window.find("combo box", lambda name: name.startswith("How tracks are dealt out")).click()
    window.key("Down", "Return")
    window.find("combo box", lambda name: name.startswith("Fold to test on"))
    wait_for("a fold's split", lambda: any("All tracks were listened to" in thing.name for thing in window.all()))


def it_survives_a_restart(window):
    """A new window shows the same split"""
    window.process.terminate()
    window.process.wait()
    again = Window(PROGRAM, HOME)
    window.process = again.process
    again.find("page tab", "Dataset").press()
    tab(again, "Split").click()
    again.find("combo box", lambda name: name.startswith("Fold to test on"))


make_layout()
os.makedirs(os.path.join(HOME, "runs"))
with open(os.path.join(HOME, "workspace.db"), "wb"):
    pass
curating = Curating(HOME, "ESC-50", 13, copied="rain", wrong="helicopter", right="sea_waves", key="3")
training = Training(HOME, segment_seconds="1", n_mels="32")
sys.exit(take("dataset", [*curating.steps(), it_is_dealt_by_folds, *training.steps(), it_survives_a_restart], HOME, LAYOUT))
