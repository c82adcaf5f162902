"""A person lets a model listen: it answers while it sounds, moments are marked and get a class, the last minutes are kept."""
import csv
import os
import sqlite3
import subprocess
import sys

from demo import make_workspace
from journey import make_tone, scratch, take
from window import wait_for

WORKSPACE = make_workspace()
RECORDINGS = os.path.join(WORKSPACE, "recordings")
TONE = make_tone("tone.wav", seconds=90, sr=48000)
CLASSES = ("baby_cry", "chainsaw", "clock_tick", "dog_bark", "fire_crackling", "helicopter", "person_sneeze", "rain",
           "rooster", "sea_waves")


def files(folder, ending):
    return [name for name in os.listdir(folder) if name.endswith(ending)] if os.path.isdir(folder) else []


def button(window, text):
    return window.find("push button", lambda name: name.startswith(text))


def it_begins_empty(window):
    """The page says what to do"""
    next(tab for tab in window.all("page tab") if tab.name == "Live").press()
    window.find("label", "Nothing heard yet")


def it_answers(window):
    """The model that comes with the program answers while the microphone hears a tone, and the log is asked for"""
    window.microphone = subprocess.Popen(["paplay", "--device=into-microphone", TONE])
    window.find("check box", "Log decisions").click()
    button(window, "Listen").press()
    window.find("label", lambda text: text.endswith("heard"))
    for label in CLASSES:
        window.find("label", label)
    window.find("label", lambda text: text == "Not sure" or text.startswith("0.") or text.startswith("1.0"))
    window.find("image", "Mel spectrogram of what is heard")


def it_shows_the_maps(window):
    """What the first layer makes of the sound is there as soon as it is unfolded"""
    unfold = window.find("push button", "Maps of the first layer")
    unfold.press()
    window.find("image", lambda name: name.startswith("Output of "))
    unfold.press()


def it_marks_moments(window):
    """Two moments are marked, with a file each"""
    moments = os.path.join(RECORDINGS, "moments")
    for n in (1, 2):
        wait_for("the button", lambda: button(window, "Mark").has("sensitive"))
        button(window, "Mark").press()
        wait_for("its file", lambda: len(files(moments, ".wav")) == n)
    window.find("label", "Marked moments")
    wait_for("two rows", lambda: len([thing for thing in window.all("push button") if thing.name.startswith("Keep")]) == 2)


def one_is_thrown_away_and_comes_back(window):
    """Undo brings a moment back"""
    button(window, "Throw the moment away").press()
    wait_for("one row", lambda: len([b for b in window.all("push button") if b.name.startswith("Keep")]) == 1)
    window.focus()
    window.key("ctrl+z")
    wait_for("two rows", lambda: len([b for b in window.all("push button") if b.name.startswith("Keep")]) == 2)


def it_gets_a_class_of_its_own(window):
    """Where the model was wrong and has no such class, a moment gets one that nobody has heard of"""
    next(window.all("combo box", "What it was")).click()
    window.find("label", "Another class…")
    window.key("End", "Return")
    dialog = window.dialog_xid()
    window.focus(dialog)
    entry = window.find("text", "Name of the class")
    wait_for("the focus in it", lambda: entry.has("focused") or any(child.has("focused") for child in entry.all()))
    window.type("clap")
    window.key("Return")
    wait_for("the dialog to go", lambda: dialog not in window.xids())
    window.focus()
    window.find("label", "clap")


def one_becomes_a_track(window):
    """A moment that got its class is a track of the library, in that class"""
    name = sorted(files(os.path.join(RECORDINGS, "moments"), ".wav"))[-1]
    button(window, "Keep").press()
    window.find("label", lambda text: text == name)
    with sqlite3.connect(os.path.join(WORKSPACE, "workspace.db")) as database:
        rows = database.execute("SELECT path, label FROM tracks").fetchall()
    assert [(os.path.basename(path), label) for path, label in rows] == [(name, "clap")], rows


def the_last_minutes_are_kept(window):
    """What was heard so far becomes a recording"""
    button(window, "Save sound").press()
    wait_for("the recording", lambda: files(RECORDINGS, ".wav"))


def it_stops(window):
    """Stop ends it, and every decision is in the log"""
    button(window, "Stop").press()
    button(window, "Listen")
    window.microphone.kill()
    window.microphone.wait()
    with open(os.path.join(RECORDINGS, files(RECORDINGS, ".csv")[0]), newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows and all(row["model"] == "esc10" for row in rows), rows[:3]
    times = [float(row["end"]) for row in rows]
    assert times == sorted(times) and times[0] >= 5, times[:3]


def pieces(window, name):
    return list(window.all("list item", lambda text: text.startswith(name + ",")))


def a_folder_is_classified(window):
    """A folder goes to the model as a whole: each track's commonest class and its share, and what could not be read"""
    folder = os.path.join(scratch(), "sounds")
    os.makedirs(os.path.join(folder, "deeper"))
    make_tone(os.path.join("sounds", "long.wav"), seconds=12)
    make_tone(os.path.join("sounds", "deeper", "short.wav"), seconds=5)
    for name in ("broken.wav", "empty.wav"):
        with open(os.path.join(folder, name), "w") as file:
            file.write("no sound")
    subprocess.run(["gdbus", "call", "--session", "--dest", "org.melograph.Melograph", "--object-path",
                    "/org/melograph/Melograph/window/1", "--method", "org.gtk.Actions.Activate", "classify-file",
                    f"[<'{folder}'>]", "{}"], check=True, stdout=subprocess.DEVNULL, timeout=60)
    window.find("label", lambda text: text.startswith("short.wav: 1 of 1 segments say ") and text.endswith("(100 %)"))
    window.find("label", lambda text: text.startswith("2 files could not be classified; the last: "))
    wait_for("a piece of the first track", lambda: pieces(window, "short.wav_1"))
    window.find("image", "What was said of short.wav along time")
    window.find("label", "long.wav").click()
    window.find("label", lambda text: text.startswith("long.wav: ") and " of 2 segments say " in text)
    for piece in ("long.wav_1", "long.wav_2"):
        wait_for(piece, lambda name=piece: pieces(window, name))
    assert not pieces(window, "short.wav_1"), "pieces of another track"


sys.exit(take("live", [it_begins_empty, it_answers, it_shows_the_maps, it_marks_moments, one_is_thrown_away_and_comes_back,
                       it_gets_a_class_of_its_own, one_becomes_a_track, the_last_minutes_are_kept, it_stops,
                       a_folder_is_classified], WORKSPACE))
