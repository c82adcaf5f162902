"""A person labels a stretch, moves its edge, takes that back, and finds the label after the program was killed."""
import os
import sys

from journey import PROGRAM, make_tone, scratch, take
from window import Window, wait_for

SECONDS = 8
SOUND = make_tone("tone.wav", SECONDS)
FOLDER = os.path.join(scratch(), "workspace")
os.makedirs(os.path.join(FOLDER, "runs"))
with open(os.path.join(FOLDER, "workspace.db"), "wb"):
    pass


def image(window, name):
    return window.find("image", lambda text: text.startswith(name))


def told(window, text):
    wait_for(f"“{text}” of the labels", lambda: text in image(window, "Labels").name)


def a_stretch_is_labelled(window):
    """Ctrl+B makes the selection a label and asks for its text"""
    image(window, "STFT").drag((0.3, 0.5), (0.6, 0.5))
    window.key("ctrl+b")
    told(window, "1 label")
    entry = window.find("text", "Text of the label")
    wait_for("the focus", lambda: entry.has("focused"))
    window.type("a tone")
    window.key("Return")
    told(window, "a tone")


def times(window):
    """The selection, as the readout tells it."""
    return window.find("label", lambda text: "Δt" in text).name


def an_edge_is_moved(window):
    """An edge goes with the hand; Ctrl+Z takes it back"""
    labels = image(window, "Labels")
    image(window, "Time axis").hover()
    labels.click(across=0.5, down=0.25)
    image(window, "Overview").hover(0.01, 0.5)
    before = times(window)
    labels.drag((0.6, 0.25), (0.8, 0.25))
    image(window, "Overview").hover(0.01, 0.5)
    wait_for("a longer label", lambda: times(window) != before)
    window.key("ctrl+z")
    labels.click(across=0.5, down=0.25)
    image(window, "Overview").hover(0.01, 0.5)
    wait_for("the label as it was", lambda: times(window) == before)


def it_survives_a_kill(window):
    """A killed program has kept the label"""
    window.process.kill()
    window.process.wait()
    again = Window(PROGRAM, FOLDER)
    told(again, "1 label")
    image(again, "Labels").click(across=0.5, down=0.25)
    told(again, "a tone")
    again.key("Delete")
    told(again, "0 labels")
    again.close()
    window.process = Window(PROGRAM, FOLDER).process


sys.exit(take("labels", [a_stretch_is_labelled, an_edge_is_moved, it_survives_a_kill], FOLDER, SOUND))
