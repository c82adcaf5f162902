"""A person asks why a segment was taken for a class: what decided, how it sounds, what is near, what would be."""
import re
import sys

from demo import make_run, make_tracks, make_workspace
from ear import sound_follows
from journey import take
from window import Lost, wait_for, xdotool

WORKSPACE = make_workspace()
make_run(WORKSPACE, make_tracks(WORKSPACE), epochs="2")


def why(window):
    return window.find("filler", "MgWhyPane")


def summary(window):
    return why(window).find("label", lambda text: text.startswith("Taken for")).name


def show(window, role, name):
    """Scrolls the pane until a thing in it can be clicked, and returns it."""
    pane = why(window)

    def place():
        return next(pane.all(role, name)).extents

    def seen():
        x, y, width, height = before = place()
        left, top, _, room = pane.extents
        if top <= y and y + height <= top + room:
            return next(pane.all(role, name))
        xdotool("mousemove", *pane.point(0.02, 0.5), "click", 5 if y + height > top + room else 4)
        wait_for("the pane to scroll", lambda: place() != before)
        return None

    return wait_for(f"a {role} in sight", seen)


def called(word):
    return lambda text: text.startswith(word)


def heard(window, name):
    with sound_follows():
        show(window, "push button", name).press()


def the_evidence_shows(window):
    """A segment is chosen: a sentence with figures, and the picture"""
    window.find("page tab", "Results").press()
    table = window.find("filler", "MgSegmentTable")
    table.find("list item", lambda text: re.search(r"\.wav_\d+,", text)).click()
    assert re.match(r"Taken for (rap|classique) \(\d\.\d\d\)\. .* Without it, ", summary(window)), summary(window)
    why(window).find("image", "Input: mel spectrogram")


def choose_method(window, keys, name):
    show(window, "combo box", "Method").click()
    window.key(*keys, "Return")
    wait_for(name, lambda: any(why(window).all("label", name)))


def another_method(window):
    """Occlusion, with a sentence of its own"""
    choose_method(window, ["Down", "Down"], "Occlusion")
    wait_for("another sentence", lambda: not any(why(window).all("push button", "Cancel")) and summary(window))


def evidence_is_heard(window):
    """Another method, another sentence; the evidence sounds"""
    choose_method(window, ["Down"], "Gradient")
    summary(window)
    heard(window, called("Evidence"))


def changed(window):
    return any(why(window).all("panel", "Probabilities of the changed segment"))


def what_if(window):
    """Another pitch, a place muted by the brush: other probabilities at once; Reset takes it back"""
    show(window, "spin button", "Pitch and tempo").write("7")
    window.key("Return")
    wait_for("other probabilities", lambda: changed(window))
    show(window, "push button", called("Reset")).press()
    wait_for("no others", lambda: not changed(window))
    show(window, "image", "Input: mel spectrogram").drag((0.3, 0.3), (0.9, 0.5))
    wait_for("other probabilities", lambda: changed(window))


def the_nearest(window):
    """The nearest training segments are found and heard"""
    def heads():
        return any(why(window).all("label", called("Of ")))

    def opened():  # what stands above may still be moving when it is clicked
        show(window, "push button", "Nearest training segments").click(across=0.03)
        wait_for("work, or an answer", lambda: heads() or any(why(window).all("push button", "Cancel")), 5)
        return True

    try:
        opened()
    except Lost:
        opened()
    wait_for("the nearest of a class", heads)
    heard(window, re.compile(r"Hear .*\.wav_\d+").match)


def layers(window):
    """The first layer's filters"""
    show(window, "combo box", "Layer").click()
    window.key("Home", "Return")
    why(window).find("label", "32 filters of conv1")
    why(window).find("image", "32 filters of conv1")


sys.exit(take("why", [the_evidence_shows, another_method, evidence_is_heard, what_if, layers, the_nearest], WORKSPACE))
