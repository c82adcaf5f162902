"""A person selects a band and hears it alone, measures, brushes a region and saves its sound, and reads the spectrum."""
import array
import os
import re
import sys

from ear import sound_follows
from journey import make_tone, scratch, take
from window import wait_for, xdotool

SECONDS = 8
SOUND = make_tone("tone.wav", SECONDS)
SAVED = os.path.join(scratch(), "brushed.wav")


def stft(window):
    return window.find("image", lambda text: text.startswith("STFT"))


def band(window):
    """The frequencies that the STFT shows, Hz."""
    return [int(number) for number in re.search(r"(\d+)–(\d+) Hz", stft(window).name).groups()]


def reads(window, pattern):
    return wait_for(f"{pattern} in the readout", lambda: next(window.all("label", lambda t: re.search(pattern, t)), None))


def a_band_is_selected(window):
    """Shift and a drag select time and frequency; the readout tells both"""
    wait_for("the picture", lambda: band(window) == [0, 11025])
    xdotool("keydown", "shift")
    stft(window).drag((0.4, 0.95), (0.6, 0.8))
    xdotool("keyup", "shift")
    xdotool("mousemove", 10, 10)
    text = reads(window, r"Δt .* · .*–.* · Δf").name
    low, high = re.search("(\\d[\\d\u202f]*)–(\\d[\\d\u202f]*)\u202fHz", text).groups()
    assert int(low.replace("\u202f", "")) < 1000 < int(high.replace("\u202f", "")), text


def it_is_heard_alone(window):
    """Space plays the band; the tone of 1000 Hz is in it"""
    with sound_follows():
        window.key("space")
    window.find("push button", "Play")


def frequencies_are_zoomed(window):
    """Ctrl+E shows the band; Ctrl+F everything; the wheel over the axis zooms at the pointer"""
    window.key("ctrl+e")
    wait_for("the band", lambda: band(window)[1] < 4000)
    window.key("ctrl+f")
    wait_for("everything", lambda: band(window) == [0, 11025])
    stft(window).scroll(3, across=0.03, down=0.9)
    wait_for("a smaller band", lambda: band(window)[1] < 8000)
    stft(window).drag((0.03, 0.5), (0.03, 0.9))
    wait_for("higher frequencies", lambda: band(window)[0] > 500)
    window.key("ctrl+f")


def distances_are_measured(window):
    """The measuring tool tells dt, df and dB"""
    window.key("4")
    stft(window).drag((0.3, 0.8), (0.5, 0.3))
    reads(window, r"Δt .*Δf .*semitones.*Δ .*dB")
    window.key("Escape", "1")


def a_region_is_brushed(window):
    """The brush paints, undo takes it back, redo paints again"""
    window.key("5")
    window.see("Paint over a spectrogram")
    stft(window).drag((0.45, 0.905), (0.55, 0.905))
    buttons = lambda: [b for b in window.all("push button") if b.name == "Clear"]  # noqa: E731
    wait_for("a brushed region", lambda: buttons() and buttons()[0].has("sensitive"))
    window.key("ctrl+z")
    wait_for("no region", lambda: buttons() and not buttons()[0].has("sensitive"))
    window.key("ctrl+shift+z")
    wait_for("the region again", lambda: buttons() and buttons()[0].has("sensitive"))


def its_sound_is_saved(window):
    """What was brushed is saved as a WAV file: the tone, where it was painted"""
    window.find("push button", "Save…").press()
    window.focus(window.dialog_xid())
    window.key("ctrl+a")
    window.type(SAVED)
    window.key("Return")
    wait_for("the file", lambda: os.path.exists(SAVED))
    with open(SAVED, "rb") as file:
        samples = array.array("f", file.read()[-4 * 8000:])
    assert max(map(abs, samples)) > 0.2, "the tone is not in it"


def the_spectrum_opens(window):
    """S shows the spectrum at the cursor: its peak is the tone"""
    stft(window).click(across=0.5)
    window.key("1", "s")
    wait_for("the peak", lambda: next(window.all("label", lambda text: re.match(r"(999\.|1000)", text)), None))


sys.exit(take("tools", [a_band_is_selected, it_is_heard_alone, frequencies_are_zoomed, distances_are_measured,
                        a_region_is_brushed, its_sound_is_saved, the_spectrum_opens], SOUND))
