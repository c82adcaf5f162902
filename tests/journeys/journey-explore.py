"""A person looks at a sound: opens it, zooms, reads under the pointer, changes n_fft, plays and exports what is seen."""
import os
import re
import sys

from ear import sound_follows
from journey import make_tone, scratch, take
from window import wait_for

SECONDS = 12
SOUND = make_tone("tone.wav", SECONDS)
PICTURE = os.path.join(scratch(), "picture.png")
VIEWS = ("Overview", "Time axis", "Waveform", "STFT", "Mel")


def view(window, name):
    return window.find("image", lambda text: text.startswith(name))


def span(window, name):
    """The stretch of time that a view shows, in seconds."""
    times = re.findall(r"(\d+):(\d+\.\d+)", view(window, name).name)
    return [60 * int(minutes) + float(seconds) for minutes, seconds in times[:2]]


def length(window, name):
    start, end = span(window, name)
    return end - start


def the_file_is_shown(window):
    for name in VIEWS:
        view(window, name)
    wait_for("the whole track", lambda: abs(length(window, "Waveform") - SECONDS) < 0.01)


def the_wheel_zooms_at_the_pointer(window):
    """Ctrl and the wheel zoom in at the pointer, and all views follow"""
    view(window, "STFT").scroll(4, "ctrl", across=0.5)
    wait_for("a shorter stretch", lambda: length(window, "STFT") < 0.8 * SECONDS)
    start, end = span(window, "STFT")
    assert 0 < start < SECONDS / 2 < end < SECONDS, f"{start} to {end} s does not hold what was under the pointer"
    for name in ("Waveform", "Mel", "Time axis"):
        wait_for(f"the same stretch in {name}", lambda name=name: span(window, name) == span(window, "STFT"))


def the_wheel_scrolls(window):
    """Shift and the wheel scroll time"""
    start, end = span(window, "Waveform")
    view(window, "Waveform").scroll(-3, "shift")
    wait_for("a later stretch", lambda: span(window, "Waveform")[0] > start)
    assert abs(length(window, "Waveform") - (end - start)) < 0.01, "scrolling changed the zoom"


def a_selection_fills_the_view(window):
    """Ctrl+F shows all, a drag selects, Ctrl+E zooms to it"""
    view(window, "Waveform").click()
    window.key("ctrl+f")
    wait_for("the whole track", lambda: abs(length(window, "Waveform") - SECONDS) < 0.01)
    view(window, "Waveform").drag((0.4, 0.5), (0.6, 0.5))
    window.key("ctrl+e")
    wait_for("the selection", lambda: length(window, "Waveform") < 0.4 * SECONDS)
    window.key("ctrl+f")
    wait_for("the whole track again", lambda: abs(length(window, "Waveform") - SECONDS) < 0.01)
    window.key("Escape")


def the_pointer_reads(window):
    """Time, frequency, note and level under the pointer are told"""
    view(window, "STFT").hover(0.6, 0.5)
    window.find("label", lambda text: "Hz" in text and "dB" in text)


def n_fft_changes_the_picture(window):
    """A new n_fft is taken at once"""
    entry = window.find("text", lambda text: text.startswith("n_fft"))
    entry.write("512\n")
    wait_for("n_fft 512 in the picture", lambda: "n_fft 512" in view(window, "STFT").name)


def a_wrong_n_fft_is_refused(window):
    """A value that is not allowed is refused in place"""
    entry = window.find("text", lambda text: text.startswith("n_fft"))
    entry.write("-3\n")
    window.see("expected a whole number from")
    assert "n_fft 512" in view(window, "STFT").name, "the picture changed all the same"
    entry.write("2048\n")
    wait_for("n_fft 2048 in the picture", lambda: "n_fft 2048" in view(window, "STFT").name)


def position(window):
    label = window.find("label", lambda text: re.match(r"\d+:\d+\.\d+ /", text)).name
    minutes, seconds = re.match(r"(\d+):(\d+\.\d+)", label).groups()
    return 60 * int(minutes) + float(seconds)


def it_plays(window):
    """Space plays: the loudspeaker sounds and the cursor moves; Space stops"""
    view(window, "Waveform").click(across=0.1)
    before = position(window)
    with sound_follows():
        window.key("space")
    wait_for("the cursor to move", lambda: position(window) > before + 0.3)
    window.find("push button", "Stop")
    window.key("space")
    window.find("push button", "Play")


def the_picture_is_exported(window):
    """What is seen is saved as a picture"""
    view(window, "STFT").click(button=3)
    window.find(name=lambda text: text.startswith(("Export the picture", "_Export the picture"))).press()
    dialog = window.dialog_xid()
    window.focus(dialog)
    window.key("ctrl+a")
    window.type(PICTURE)
    window.find("push button", lambda text: text.startswith(("Export", "_Export"))).press()
    wait_for("the file", lambda: os.path.exists(PICTURE) and os.path.getsize(PICTURE) > 5000)
    window.see("Saved picture.png")


sys.exit(take("explore", [the_file_is_shown, the_wheel_zooms_at_the_pointer, the_wheel_scrolls, a_selection_fills_the_view,
                          the_pointer_reads, n_fft_changes_the_picture, a_wrong_n_fft_is_refused, it_plays,
                          the_picture_is_exported], SOUND))
