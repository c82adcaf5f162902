"""Every page as a picture: screenshots.py WORKSPACE FOLDER SUFFIX. The workspace has its tracks in tracks/. Started by ./dev screenshots, once a style and language.

The pages are told by their number and what shows on them, because names are translated."""
import os
import sys
import time

from journey import PROGRAM
from window import Window, save_screen, wait_for, xdotool

WORKSPACE, FOLDER, SUFFIX = sys.argv[1:]
PAGES = ("explore", "dataset", "train", "results", "live", "learn")


def still(seconds):
    """Waits until the screen has not changed for so long."""
    def screen():
        with open(os.path.join(os.environ["HERMETIC_DIR"], "screen", "Xvfb_screen0"), "rb") as file:
            return hash(file.read())

    last = screen(), time.monotonic()

    def unchanged():
        nonlocal last
        now = screen()
        if now != last[0]:
            last = now, time.monotonic()
        return time.monotonic() - last[1] > seconds

    wait_for("the window to come to rest", unchanged)


def open_first_track(window):
    library = window.find("filler", "MgLibraryPane")
    library.find("label", lambda text: text.endswith(".wav")).click()
    window.find("image", lambda text: "n_fft" in text)


def choose_first_row(window):
    table = window.find("filler", "MgSegmentTable")
    table.find("label", lambda text: ".wav_" in text).click()


def main():
    full = os.path.getsize(os.path.join(WORKSPACE, "workspace.db")) > 0
    window = Window(PROGRAM, WORKSPACE, *([] if full else [os.path.join(WORKSPACE, "tracks")]))
    tabs = list(window.all("page tab"))
    open_first_track(window)
    if not full:
        still(7)  # what says that tracks were added goes away by itself
    for page, tab in zip(PAGES, tabs):
        tab.press()
        if page == "results":
            choose_first_row(window)
        xdotool("mousemove", "--sync", 1590, 990)  # no tooltip in the picture
        still(1.5)
        save_screen(os.path.join(FOLDER, f"{page}{SUFFIX}.png"), window)
    window.close()


main()
