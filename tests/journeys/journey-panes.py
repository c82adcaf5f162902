"""A person adds panes, lays a curve over a picture, removes a pane and takes that back, and compares values of n_mels."""
import re
import sys
import time

from journey import make_tone, take
from window import Lost, wait_for, xdotool

SECONDS = 8
SOUND = make_tone("tone.wav", SECONDS)


def image(window, name):
    return next(window.all("image", lambda text: text.startswith(name)), None)


def plain(name):
    """A menu item's name, whether or not its key is marked in it."""
    return lambda text: text.replace("_", "") == name


def open_menu(window, button, item):
    """The pointer comes from elsewhere, as a hand's does: where it has not moved since the last menu closed, or that is
    still closing, a click goes astray, and a person clicks again."""
    for _ in range(5):
        image(window, "Time axis").hover()
        button.click()
        try:
            return window.find(name=plain(item), seconds=10)
        except Lost:
            window.key("Escape")
    raise Lost(f"five clicks opened no menu with {item}")


def choose(window, button, *path):
    """Opens a menu and goes along the path."""
    open_menu(window, button, path[0]).press()
    for name in path[1:]:
        window.find(name=plain(name)).press()


def add_pane(window, *path):
    choose(window, window.find("push button", "Add a pane"), *path)


def frame_of(window, view):
    """The pane around a view, by the place of its head's buttons."""
    return next(frame for frame in window.all("filler", "MgPaneFrame") if any(frame.all("image", lambda t: t.startswith(view))))


def panes_are_added(window):
    """MFCC and chroma join the panes, and show themselves"""
    window.find("image", lambda text: text.startswith("STFT"))
    add_pane(window, "Coefficients", "MFCC")
    wait_for("the MFCC", lambda: image(window, "MFCC"))
    add_pane(window, "Notes and harmony", "Chroma (STFT)")
    wait_for("the chroma", lambda: image(window, "Chroma (STFT)"))


def reads(window, view, down, pattern):
    """Waits until the readout is right while the pointer is over a view, which may still be on its way."""
    def told():
        image(window, view).hover(0.6, down)
        return next(window.all("label", lambda text: re.search(pattern, text)), None)

    wait_for(f"{pattern} in the readout over {view}", told)


def the_pointer_reads_a_pitch_class(window):
    """A chroma pane reads pitch classes"""
    reads(window, "Chroma (STFT)", 0.4, r" · [A-G]♯? · \d")


def a_curve_lies_over_the_picture(window):
    """The spectral centroid of a tone of 1000 Hz is read there"""
    choose(window, frame_of(window, "STFT").find("push button", "Lay over the picture"), "Spectral centroid")
    window.key("Escape")
    window.find("label", lambda text: "Spectral centroid" in text)
    reads(window, "STFT", 0.5, "Spectral centroid (99\\d|1\u202f0[0-5]\\d)\u202fHz")


def a_pane_goes_and_comes_back(window):
    """Remove takes a pane away, Ctrl+Z brings it back"""
    choose(window, frame_of(window, "MFCC").find("push button", "Pane"), "Remove")
    wait_for("the MFCC to go", lambda: image(window, "MFCC") is None)
    window.key("ctrl+z")
    wait_for("the MFCC to come back", lambda: image(window, "MFCC"))


def order(window, *names):
    """Whether the views stand in this order."""
    views = [image(window, name) for name in names]
    if not all(views):
        return False
    tops = [view.extents[1] for view in views]
    return tops == sorted(tops)


def a_pane_moves_and_comes_back(window):
    """A pane that is moved by keys or by its handle goes back by Ctrl+Z, a drag in one step"""
    wait_for("the panes", lambda: order(window, "Waveform", "STFT", "Mel"))
    image(window, "STFT").click()
    window.key("alt+Up")
    wait_for("the STFT above", lambda: order(window, "STFT", "Waveform"))
    window.key("ctrl+z")
    wait_for("the STFT below", lambda: order(window, "Waveform", "STFT"))
    frame, last = frame_of(window, "STFT").extents, image(window, "Mel")
    left, top = window.origin[0] + frame[0] + 14, window.origin[1] + frame[1] + 16
    bottom = window.origin[1] + last.extents[1] + last.extents[3] - 4
    xdotool("mousemove", left, top, "mousedown", 1)
    for i in range(1, 31):
        xdotool("mousemove", left, top + (bottom - top) * i // 30)
        time.sleep(0.02)
    wait_for("the STFT at the end", lambda: order(window, "MFCC", "Mel", "STFT"))
    xdotool("mouseup", 1)
    window.key("ctrl+z")
    wait_for("the STFT in its place", lambda: order(window, "Waveform", "STFT", "Mel"))


def a_value_is_taken_back(window):
    """A parameter that was typed is one step"""
    image(window, "STFT").click()
    window.set_parameter("n_fft", "4096")
    wait_for("the longer window", lambda: "n_fft 4096" in image(window, "STFT").name)
    image(window, "STFT").click()
    window.key("ctrl+z")
    wait_for("the usual window", lambda: "n_fft 2048" in image(window, "STFT").name)


def a_layout_comes_and_goes(window):
    """A layout replaces the panes; Ctrl+Z takes it back, Ctrl+Shift+Z does it again"""
    add_pane(window, "Layouts", "Notes")
    wait_for("the notes", lambda: image(window, "Chroma (CQT)") and image(window, "Mel") is None)
    image(window, "Waveform").click()
    window.key("ctrl+z")
    wait_for("the panes of before", lambda: image(window, "MFCC") and image(window, "Chroma (CQT)") is None)
    window.key("ctrl+shift+z")
    wait_for("the notes again", lambda: image(window, "Chroma (CQT)"))
    window.key("ctrl+z")
    wait_for("the panes of before", lambda: image(window, "MFCC"))


def the_gallery_opens(window):
    """Six n_mels of what is seen, side by side"""
    add_pane(window, "Several nmels side by side…")
    wait_for("the gallery", lambda: image(window, "tone.wav"))


sys.exit(take("panes", [panes_are_added, the_pointer_reads_a_pitch_class, a_curve_lies_over_the_picture,
                        a_pane_goes_and_comes_back, a_pane_moves_and_comes_back, a_value_is_taken_back, a_layout_comes_and_goes, the_gallery_opens], SOUND))
