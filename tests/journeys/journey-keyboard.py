"""A person who sees nothing and has no mouse: every control has a name, every pane tells what it shows, and all is done
by keys."""
import re
import sys

from journey import make_tone, take
from window import wait_for, xdotool

SOUND = make_tone("tone.wav", 8)
CONTROLS = {"push button", "toggle button", "combo box", "text", "check box", "slider", "spin button", "entry", "table"}
PAGES = ["Dataset", "Train", "Results", "Live", "Explore"]  # the one that is gone on with comes last


def image(window, name):
    return next(window.part("Page").all("image", lambda text: text.startswith(name)), None)


def reads(window, pattern):
    return wait_for(pattern, lambda: next(window.part("MgTransport").all("label", lambda text: re.search(pattern, text)), None))


def band(window):
    return [int(number) for number in re.search(r"(\d+)–(\d+) Hz", image(window, "STFT").name).groups()]


def stretch(window):
    return re.search(r"(\d+:[\d.]+)–(\d+:[\d.]+)", image(window, "STFT").name).groups()


def everything_has_a_name(window):
    """On every page every control has a name"""
    wait_for("the picture", lambda: image(window, "STFT") and stretch(window)[1] == "0:08.000")
    nameless = []
    for page in PAGES:
        window.find("page tab", page).press()
        for thing in window.look("name", "role").below():
            if thing.role in CONTROLS and not thing.name and not any(child.name for child in thing.children):
                nameless.append(f"{page}: {thing.role} at {thing.extents}")
    assert not nameless, "\n".join(nameless)


def panes_tell_what_they_show(window):
    """The panes tell time, frequencies and parameters, and follow the keys"""
    image(window, "STFT").click(across=0.5)
    window.key("plus", "plus")
    wait_for("a shorter stretch", lambda: stretch(window)[1] != "0:08.000" or stretch(window)[0] != "0:00.000")
    window.key("ctrl+plus", "ctrl+plus")
    wait_for("fewer frequencies", lambda: band(window)[1] - band(window)[0] < 8000)
    window.key("ctrl+f")
    wait_for("everything", lambda: band(window) == [0, 11025] and stretch(window) == ("0:00.000", "0:08.000"))


def select_a_box(window):
    xdotool("mousemove", 5, 5)  # the line below tells of the selection where no pointer is over a picture
    window.key("Home", *["Right"] * 3, *["shift+Right"] * 5, *["shift+Down"] * 4)


def a_box_is_measured(window):
    """Selecting, and measuring, by keys"""
    select_a_box(window)
    reads(window, r"Δt .* · .*–.* · Δf")
    window.key("4", "Return")
    reads(window, r"Δt .*Δf .*Δ .*dB")
    window.key("Escape")


def a_region_is_brushed(window):
    """Brushing by keys, and taking it back"""
    select_a_box(window)
    window.key("5", "Return")
    clear = wait_for("the button", lambda: next(window.part("Page").all("push button", "Clear"), None))
    wait_for("a brushed region", lambda: clear.has("sensitive"))
    window.key("ctrl+z")
    wait_for("no region", lambda: not clear.has("sensitive"))
    window.key("1", "Escape")


def turned(window):
    """The angles of the 3D pane, as it tells them; None while it has no picture."""
    surface = image(window, "3D spectrogram")
    return surface and re.findall(r"-?\d+°", surface.name)


def a_surface_is_turned(window):
    """The 3D pane is added from the menu and turned by keys; it tells how it is turned"""
    image(window, "STFT").click()
    window.key("a")
    window.part("Page").find(name=lambda name: name.replace("_", "") == "3D spectrogram").press()
    before = wait_for("the surface", lambda: turned(window))
    wait_for("the focus", lambda: image(window, "3D spectrogram").has("focused"))
    window.key("Left", "Left", "Up")
    wait_for("another angle", lambda: turned(window) != before)
    window.key("Home")
    wait_for("the angle of before", lambda: turned(window) == before)


def a_pane_goes(window):
    """Delete removes the pane with the focus, Ctrl+Z brings it back"""
    window.key("Delete")
    wait_for("no surface", lambda: image(window, "3D spectrogram") is None)
    window.key("ctrl+z")
    wait_for("the surface", lambda: image(window, "3D spectrogram"))


sys.exit(take("keyboard", [everything_has_a_name, panes_tell_what_they_show, a_box_is_measured, a_region_is_brushed,
                           a_surface_is_turned, a_pane_goes], SOUND))
