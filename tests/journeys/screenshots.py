"""Every page as a picture: screenshots.py WORKSPACE FOLDER SUFFIX WIDTHxHEIGHT. The workspace has its tracks in tracks/.
Started by ./dev screenshots, once a style, language and size.

The pages are told by their number and what shows on them, because names are translated. Fails where a label cannot be
read in full and no tooltip tells it, where a page is wider than its place, or where Explore's pictures cover less than 60 % of its page."""
import json
import os
import sys

from journey import PROGRAM
from window import Window, resize, save_screen, still, wait_for, xdotool

WORKSPACE, FOLDER, SUFFIX, SIZE = sys.argv[1:]
PAGES = ("explore", "dataset", "train", "results", "live", "learn")
LEAST_SHARE = 0.6
PROBLEMS = []


def events(window, name):
    with open(window.log.name, encoding="utf-8", errors="replace") as log:
        return [json.loads(line) for line in log if line.startswith('{"event": "%s"' % name)]


def check_labels(window, page):
    """The program itself tells which texts are cut."""
    before = len(events(window, "labels"))
    window.focus()
    window.key("ctrl+shift+F12")
    told = wait_for("the labels", lambda: events(window, "labels")[before:])[-1]
    assert told["labels"] > 5, told
    PROBLEMS.extend(f"{page}: clipped: {text}" for text in told["clipped"])
    PROBLEMS.extend(f"{page}: too wide: {text}" for text in told["wide"])


def check_pictures(window):
    """Explore is for looking: wave and spectrograms have most of it."""
    page = window.find("filler", "Page")
    _, _, width, height = page.extents
    pictures = sum(e[2] * e[3] for e in (thing.extents for thing in page.all("image")) if e[2] > 100 and e[3] > 40)
    share = pictures / (width * height)
    print(f"explore: pictures on {share:.0%} of {width} x {height}")
    if share < LEAST_SHARE:
        PROBLEMS.append(f"explore: pictures on {share:.0%} of the page, {LEAST_SHARE:.0%} at least were expected")


def open_first_track(window):
    library = window.find("filler", "MgLibraryPane")
    library.find("label", lambda text: text.endswith(".wav")).click()
    window.find("image", lambda text: "n_fft" in text)


def choose_first_row(window):
    table = window.find("filler", "MgSegmentTable")
    table.find("list item", lambda text: ".wav_" in text).click()


def main():
    full = os.path.getsize(os.path.join(WORKSPACE, "workspace.db")) > 0
    window = Window(PROGRAM, WORKSPACE, *([] if full else [os.path.join(WORKSPACE, "tracks")]), MELOGRAPH_TRACE="1")
    tabs = list(window.all("page tab"))[:len(PAGES)]
    tabs[0].press()  # the window remembers its last page
    tabs[0].press()  # the window shows the page that was left last
    open_first_track(window)
    if not full:
        still(7)  # what says that tracks were added goes away by itself
    resize(window, SIZE)
    for page, tab in zip(PAGES, tabs):
        tab.press()
        if page == "results":
            choose_first_row(window)
        xdotool("mousemove", "--sync", 1918, 1078)  # no tooltip in the picture
        still(1.5)
        save_screen(os.path.join(FOLDER, f"{page}{SUFFIX}.png"), window)
        check_labels(window, page)
        if page == "explore":
            check_pictures(window)
    window.close()
    for problem in PROBLEMS:
        print(f"{SUFFIX.lstrip('-')}: {problem}")
    sys.exit(1 if PROBLEMS else 0)


main()
