"""A person imports clips in ESC-50's layout, has a planted copy found and excludes it, hears a clip that is in the wrong class
and gives it the right one by a key, splits, takes things back, and trains on what is left by the command line."""
import json
import os
import shutil
import subprocess
import sys

from journey import CLI, PROGRAM, make_tone, scratch, take
from window import Window, wait_for, xdotool

SHARED = os.path.join(os.environ["MELOGRAPH_DATA_DIR"], "..", "shared", "data", "esc10")
CLASSES = ("dog_bark", "rain", "rooster")
LAYOUT, HOME = os.path.join(scratch(), "esc"), os.path.join(scratch(), "workspace")


def clips(name):
    """Four of a class; where the recordings are absent, tones of its own height stand for them."""
    if os.path.isdir(SHARED):
        folder = os.path.join(SHARED, name)
        return [os.path.join(folder, file) for file in sorted(os.listdir(folder))[:40:10]]
    return [make_tone(f"{name}-{i}.wav", 1.5, 8000, 200 + 500 * CLASSES.index(name) + 37 * i) for i in range(4)]


def make_layout():
    """ESC-50's folders, with one clip twice and one rooster among the dogs."""
    os.makedirs(os.path.join(LAYOUT, "audio"))
    os.makedirs(os.path.join(LAYOUT, "meta"))
    lines = ["filename,fold,target,category,src_file"]

    def add(file, name, label, fold):
        shutil.copy(file, os.path.join(LAYOUT, "audio", name))
        lines.append(f"{name},{fold},0,{label},{name}")

    for label in CLASSES:
        for i, file in enumerate(clips(label)):
            wrong = label == "rooster" and i == 0
            name = f"{'planted' if wrong else label}-{i}{os.path.splitext(file)[1]}"
            add(file, name, "dog_bark" if wrong else label, i + 1)
    file = clips("rain")[1]
    add(file, "copy" + os.path.splitext(file)[1], "rain", 4)
    with open(os.path.join(LAYOUT, "meta", "esc50.csv"), "w", encoding="ascii") as table:
        table.write("\n".join(lines) + "\n")


def told():
    """What the workspace holds, as the command line sees it: {file name: class}; nothing while it is no data set."""
    answer = subprocess.run([CLI, "dataset", HOME, "--json"], capture_output=True, text=True, timeout=60)
    tracks = json.loads(answer.stdout)["tracks"] if answer.returncode == 0 else []
    return {os.path.basename(track["path"]): track["label"] for track in tracks}


def planted():
    return next((label for name, label in told().items() if name.startswith("planted")), None)


def button(window, text):
    return window.find("push button", lambda name: name.startswith(text))


def tab(window, name):
    """One of the page's views; what GTK calls its button differs."""
    roles = ("radio button", "toggle button", "page tab")
    return wait_for(f"the tab {name}", lambda: next((thing for thing in window.all(None, lambda text: text.startswith(name))
                                                     if thing.role in roles), None))


def an_import_is_shown_first(window):
    """An import tells what it would find, and then does it"""
    button(window, "Import…").click()
    window.see("Layout: ESC-50")
    window.see("13 tracks")
    window.see("planted-0")
    xdotool("windowfocus", "--sync", window.dialog_xid())
    window.find("push button", lambda name: name in ("Import", "Import Import")).press()
    wait_for("the tracks in the workspace", lambda: len(told()) == 13)
    window.see("All tracks")


def a_copy_is_found(window):
    """The planted copy is found by its sound, and excluded"""
    tab(window, "Problems").click()
    button(window, "Listen to the tracks").click()
    window.see("Duplicates · 1")
    window.see("copy.")
    button(window, "Exclude copies").click()
    wait_for("one rain less", lambda: sum(label == "rain" for label in told().values()) == 4)
    window.see("No problem in 12 tracks")


def a_label_is_mended(window):
    """The wrong label is found by search, and mended by a key"""
    tab(window, "Tracks").click()
    search = window.find("entry", lambda name: name.startswith("Search for tracks"))
    search.write("planted")
    window.see("1 track")
    row = window.find("list item", lambda name: name.startswith("planted-0") and ", dog_bark," in name)
    row.click()
    window.key("3")
    wait_for("the right class", lambda: planted() == "rooster")


def it_can_be_taken_back(window):
    """Ctrl+Z takes it back, Ctrl+Shift+Z does it again"""
    window.key("ctrl+z")
    wait_for("the wrong class again", lambda: planted() == "dog_bark")
    window.key("ctrl+shift+z")
    wait_for("the right class again", lambda: planted() == "rooster")


def it_is_split(window):
    """The split is proved to leak nothing, is dealt by folds, and survives a restart"""
    tab(window, "Split").click()
    window.see("No leakage: of 12 files and 12 groups")
    window.find("combo box", lambda name: name.startswith("How tracks are dealt out")).click()
    window.key("Down", "Return")
    window.find("combo box", lambda name: name.startswith("Fold to test on"))
    wait_for("a fold's split", lambda: any("All tracks were listened to" in thing.name for thing in window.all()))
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
sys.exit(take("dataset", [an_import_is_shown_first, a_copy_is_found, a_label_is_mended, it_can_be_taken_back, it_is_split],
              HOME, LAYOUT))
