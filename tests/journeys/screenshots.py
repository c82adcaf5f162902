"""Every page with its views, and the windows beside them, as pictures: screenshots.py WORKSPACE FOLDER SUFFIX WIDTHxHEIGHT
[TIMES]. The workspace has its tracks in tracks/; text is TIMES as large. Started by ./dev screenshots, once a style, language
and size.

The pages are told by their number and what shows on them, because names are translated. Fails where a label cannot be
read in full and no tooltip tells it, where a page is wider than its place, or where Explore's pictures cover less than 60 %
of its page (of large text, which needs more room beside them, that is not asked)."""
import glob
import os
import sys

from journey import PROGRAM
from shots import Shots, activate, enlarge_text, translated
from window import Window, resize, still, wait_for

WORKSPACE, FOLDER, SUFFIX, SIZE = sys.argv[1:5]
TIMES = float(sys.argv[5]) if len(sys.argv) > 5 else 1
PAGES = ("explore", "dataset", "train", "results", "live", "learn")
WIDGETS = {"dataset": "MgDatasetPage", "train": "MgTrainPage", "results": "MgResultsPage"}  # of pages with several views
LEAST_SHARE = 0.6


def common_area(one, other):
    """Of two places (left, top, width, height)."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(width, 0) * max(height, 0)


def check_pictures(shots):
    """Explore is for looking: wave and spectrograms have most of it. What is scrolled out of sight does not count."""
    page = shots.window.find("filler", "Page")
    place = _, _, width, height = page.extents
    pictures = sum(common_area(e, place) for e in (thing.extents for thing in page.all("image")) if e[2] > 100 and e[3] > 40)
    share = pictures / (width * height)
    print(f"explore: pictures on {share:.0%} of {width} x {height}")
    if share < LEAST_SHARE and TIMES == 1:
        shots.problems.append(f"explore: pictures on {share:.0%} of the page, {LEAST_SHARE:.0%} at least were expected")


def first_track():
    return sorted(glob.glob(os.path.join(WORKSPACE, "tracks", "*", "*.wav")))[0]


def choose_first_row(window):
    table = window.find("filler", "MgSegmentTable")
    table.find("list item", lambda text: ".wav_" in text).click()


def groups_of(page):
    """Its tabs, a list for each row of them."""
    groups = {}
    for tab in page.all("page tab"):
        groups.setdefault(tab.parent, []).append(tab)
    return list(groups.values())


def views(shots, name):
    """The views of a page: the tabs at its top, and those below each of them, of which one is chosen when it shows."""
    top, *below = groups_of(shots.window.find("filler", WIDGETS[name]))
    for i, tab in enumerate(top):
        if i > 0:
            tab.press()
            shots.take(f"{name}-{i + 1}")
        for j, inner in enumerate(below[i][1:] if i < len(below) else [], 2):
            inner.press()
            shots.take(f"{name}-{i + 1}-{j}")
    top[0].press()


def pages(shots, tabs):
    for name, tab in zip(PAGES, tabs):
        tab.press()
        if name == "results":
            choose_first_row(shots.window)
        looked_at = shots.take(name)
        assert looked_at > 5, f"{name}: {looked_at} labels"
        if name == "explore":
            check_pictures(shots)
        if name in WIDGETS:
            views(shots, name)


def beside(shots, name, show):
    """A window beside the main one, which Escape closes."""
    window = shots.window
    window.focus()
    show()
    xid = window.dialog_xid()
    shots.take(name, xid, whole=True)
    window.focus(xid)
    window.key("Escape")
    wait_for(f"{name} to close", lambda: xid not in window.xids())


def press(shots, *names):
    """Buttons with these labels, one after the other. They are called so without the mark of their key."""
    for name in names:
        called = translated(name).replace("_", "")
        shots.window.find("push button", lambda text: text.startswith(called)).press()


def choose(shots, path):
    """In the dialog that asks for a file."""
    xid = shots.window.dialog_xid()
    shots.window.focus(xid)
    shots.window.type(path)
    shots.window.key("Return")
    wait_for("the file to be taken", lambda: xid not in shots.window.xids())


def windows(shots, tabs):
    window = shots.window
    beside(shots, "window-palette", lambda: window.key("ctrl+k"))
    beside(shots, "window-keys", lambda: window.key("F2"))
    beside(shots, "window-help", lambda: window.key("F1"))
    beside(shots, "window-preferences", lambda: window.key("ctrl+comma"))
    beside(shots, "window-about", lambda: activate(window, "app.about"))
    beside(shots, "window-classify", lambda: activate(window, "win.classify"))
    tabs[0].press()
    stft = window.find("image", lambda text: text.startswith("STFT"))
    stft.drag((0.2, 0.5), (0.3, 0.5))
    beside(shots, "window-spectrum", lambda: window.key("s"))
    beside(shots, "window-similar", lambda: window.key("shift+s"))
    tabs[1].press()

    def ask_for_import():
        press(shots, "Choose another folder")
        choose(shots, os.path.join(WORKSPACE, "tracks"))

    beside(shots, "window-import", ask_for_import)
    tabs[2].press()
    beside(shots, "window-search", lambda: press(shots, "S_earch…"))


def main():
    enlarge_text(TIMES)
    full = os.path.getsize(os.path.join(WORKSPACE, "workspace.db")) > 0
    window = Window(PROGRAM, WORKSPACE, first_track(), *([] if full else [os.path.join(WORKSPACE, "tracks")]),
                    MELOGRAPH_TRACE="1")
    shots = Shots(window, FOLDER, SUFFIX)
    tabs = list(window.all("page tab"))[:len(PAGES)]
    tabs[0].press()  # the window remembers its last page
    tabs[0].press()  # the window shows the page that was left last
    resize(window, SIZE)
    window.find("image", lambda text: "n_fft" in text)
    if not full:
        still(7)  # what says that tracks were added goes away by itself
    pages(shots, tabs)
    windows(shots, tabs)
    window.close()
    for problem in shots.problems:
        print(f"{SUFFIX.lstrip('-')}: {problem}")
    sys.exit(1 if shots.problems else 0)


main()
