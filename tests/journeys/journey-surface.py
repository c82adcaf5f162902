"""A person looks at a sound as a surface: turns it, reads it, sets a second sound beside it."""
import re
import sys

from journey import make_tone, take
from window import wait_for

SECONDS = 8
SOUND, OTHER = make_tone("tone.wav", SECONDS), make_tone("other.wav", SECONDS)


def surface(window):
    return window.find("image", lambda text: text.startswith("3D spectrogram"))


def angles(window):
    """Turned by, seen from: as the surface says."""
    found = re.search(r"turned by (-?\d+)°, seen from (-?\d+)°", surface(window).name)
    return found and tuple(map(int, found.groups()))


def turned(window, what, condition):
    wait_for(what, lambda: angles(window) and condition(*angles(window)))


def row_says(window, text):
    return any(entry.text == text for entry in window.all("text"))


def a_surface_is_added(window):
    """The 3D spectrogram joins the panes"""
    window.find("image", lambda text: text.startswith("STFT"))
    window.find("push button", "Add a pane").click()
    window.find(name=lambda text: text.replace("_", "") == "3D spectrogram").press()
    turned(window, "the surface", lambda azimuth, elevation: (azimuth, elevation) == (-32, 38))
    wait_for("its stretch", lambda: f"0:00.000–0:0{SECONDS}.000" in surface(window).name)


def the_pointer_reads_it(window):
    """Time, frequency, note, mel and decibels are read off the surface"""
    def told():
        surface(window).hover(0.5, 0.6)
        return next(window.all("label", lambda text: re.search(r"\d\u202fs · .*\u202fHz · .* · −?\d+\u202fdB", text)), None)

    wait_for("the readout", told)


def a_drag_turns_it(window):
    """To the right and down: it turns, and is seen from higher"""
    surface(window).drag((0.4, 0.4), (0.5, 0.6))
    turned(window, "another side", lambda azimuth, elevation: azimuth > -32 and elevation > 38)


def keys_turn_it(window):
    """Arrows turn, Home brings back; the parameters follow"""
    before = angles(window)
    window.key("Left", "Left")
    turned(window, "the turn", lambda azimuth, elevation: azimuth <= before[0] - 9)
    wait_for("the parameter to follow", lambda: not row_says(window, "-32"))
    window.key("Home")
    turned(window, "the first side", lambda azimuth, elevation: (azimuth, elevation) == (-32, 38))
    wait_for("the parameter to follow", lambda: row_says(window, "-32"))


def a_second_sound_stands_beside(window):
    """Chosen from the library"""
    window.find("combo box", "Second sound").click()
    window.type("other")
    window.key("Down", "Return")
    wait_for("the second sound", lambda: ", beside other.wav" in surface(window).name)


sys.exit(take("surface", [a_surface_is_added, the_pointer_reads_it, a_drag_turns_it, keys_turn_it,
                          a_second_sound_stands_beside], SOUND, OTHER))
