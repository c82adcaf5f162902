"""Every page by AT-SPI: no control that takes the focus is without a name, every picture says what it shows with its
figures, and the windows that tell of the program open by their keys."""
import os
import sys

from demo import make_run, make_tracks, make_workspace
from journey import take
from window import Lost, wait_for

WORKSPACE = make_workspace()
TRACKS = make_tracks(WORKSPACE, tracks=4, seconds=8)
make_run(WORKSPACE, TRACKS, epochs="1")
# What GTK makes of parts of its own: their owners have the names.
PARTS = {"viewport", "scroll pane", "filler", "panel", "list item", "table cell", "tree item", "unknown", "redundant object"}

PAGES = {"Explore": "Page", "Dataset": "MgDatasetPage", "Train": "MgTrainPage", "Results": "MgResultsPage"}


def faults(window):
    """Controls that take the focus without a name, with where they are; buttons that would be read out twice; and
    pictures that are large enough to show something, and in whose words there is no number."""
    found, looked_at = [], 0

    def walk(thing, path):
        nonlocal looked_at
        for child in thing.children:
            focusable = "focusable" in child.states
            here = path + [child.name or child.role]
            looked_at += focusable
            if focusable and child.role not in PARTS and not child.name and not named_by_child(child):
                found.append(f"{child.role} without a name in {' / '.join(here[-6:])}")
            if child.role == "push button" and is_doubled(child.name):
                found.append(f"a button called {child.name}")
            if child.role == "image" and child.extents and child.extents[2] > 120 and child.extents[3] > 40:
                words = child.name + child.description
                if not any(c.isdigit() for c in words):
                    found.append(f"picture without figures: {words}")
            walk(child, here)

    walk(window.look("name", "role", "description", "states"), [])
    return found if looked_at > 20 else [f"only {looked_at} things that take the focus"]


def is_doubled(name):
    """As GTK makes it of a label and of its text with the key's underline: “S_earch Search”."""
    words = name.replace("_", "").split()
    half = len(words) // 2
    return half > 0 and len(words) % 2 == 0 and words[:half] == words[half:]


def named_by_child(thing):
    """A label inside names a button, as it does for those who see."""
    return any(child.name for child in thing.below())


def pages_behind_are_not_told(window):
    """Of the pages, which stay as they were left, the one that shows alone"""
    def told():
        return [seen.name for seen in window.look("name").below() if seen.name in PAGES.values()]

    for page in (*PAGES, *PAGES):
        window.find("page tab", page).press()
        wait_for(f"{page} alone", lambda widget=PAGES[page]: told() == [widget])


def library_is_passed(window):
    """Tab goes past the library's tracks, among which arrows go, and Shift+Tab back and out before them"""
    window.find("page tab", "Explore").press()
    library = window.part("MgLibraryPane")
    library.find("label", lambda text: text.endswith(".wav")).click()
    wait_for("the focus in the list", lambda: any(row.has("focused") for row in library.find("list").all()))
    window.key("Tab")
    wait_for("the focus below it", lambda: any(button.has("focused") for button in library.all("push button")))
    window.key("shift+Tab")
    wait_for("the focus back in the list", lambda: any(row.has("focused") for row in library.find("list").all()))
    window.key("shift+Tab")
    wait_for("the focus before it", lambda: not any(thing.has("focused") for thing in library.all()))


def all_is_named(window, page):
    found = []

    def good():
        found[:] = faults(window)
        return not found

    window.find("page tab", page).press()
    try:
        wait_for(f"{page} to be named", good, 30)
    except Lost:
        raise Lost("; ".join(found[:8])) from None


def explore_is_named(window):
    """Explore: all that takes the focus has a name, all pictures say what they show"""
    library = window.find("filler", "MgLibraryPane")
    library.find("label", lambda text: text.endswith(".wav")).click()
    picture = window.find("image", lambda text: "n_fft" in text)
    wave = window.find("image", lambda text: text.startswith("Waveform"))
    wait_for("the loudest places", lambda: "Hz" in picture.description and "amplitude" in wave.description)
    all_is_named(window, "Explore")
    before = picture.description, wave.description
    rows = library.all("label", lambda text: text.endswith(".wav"))
    list(rows)[-1].click()  # another sound, other figures
    wait_for("other words", lambda: picture.description != before[0] and wave.description != before[1])


def dataset_is_named(window):
    """Dataset likewise"""
    all_is_named(window, "Dataset")


def train_is_named(window):
    """Train likewise"""
    all_is_named(window, "Train")


def results_are_named(window):
    """Results likewise, with a segment chosen"""
    window.find("page tab", "Results").press()
    table = window.find("filler", "MgSegmentTable")
    table.find("list item", lambda text: ".wav_" in text).click()
    all_is_named(window, "Results")


def live_is_named(window):
    """Live likewise"""
    all_is_named(window, "Live")


def learn_is_named(window):
    """Learn likewise, in the list and in a lesson"""
    all_is_named(window, "Learn")
    page = window.find("filler", "MgLearnPage")
    page.find("list item", "Adding sines").click()
    wait_for("the lesson's picture in words",
             lambda: "Difference" in page.find("image", "The sum and the target").description)
    all_is_named(window, "Learn")


def the_palette_runs_a_command(window):
    """Ctrl+K finds a command by a few letters, and Enter does it"""
    window.focus()
    window.key("ctrl+k")
    window.focus(window.dialog_xid())
    window.find(name="Find a command")
    window.type("gtod")
    wait_for("the best one first", lambda: best(window) == "Go to Dataset")
    window.key("Return")
    wait_for("the page", lambda: window.find("page tab", "Dataset").has("selected"))


def best(window):
    commands = window.find("list", "Commands")
    rows = [thing for thing in commands.all("list item") if thing.has("selected")]
    return rows[0].name if rows else None


def help_opens(window):
    """F1 shows the guide in a window beside"""
    window.focus()
    window.key("F1")
    window.find("list", "Pages of the guide")
    window.find("label", lambda text: "misclassified" in text)
    window.focus(window.dialog_xid())
    window.key("Escape")
    wait_for("the guide to close", lambda: not any(window.all("list", "Pages of the guide")))


def preferences_open(window):
    """Ctrl+comma shows the preferences"""
    window.focus()
    window.key("ctrl+comma")
    window.find(name="Mouse wheel over a picture")


sys.exit(take("accessible", [library_is_passed, explore_is_named, dataset_is_named, train_is_named, results_are_named,
                             live_is_named, learn_is_named, the_palette_runs_a_command, help_opens, preferences_open,
                             pages_behind_are_not_told], WORKSPACE, TRACKS))
