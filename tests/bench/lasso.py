"""Figures of the embedding of very many segments beside their table on a private screen: lasso.py [--rows N].

A network learns for an epoch from some N segments (10 000) that overlap; the window shows them as a table and as points, and
a lasso catches about half of them, then few, then half again. One JSON object a figure. To be run by
tests/journeys/hermetic.sh, with MELOGRAPH_PROGRAM, MELOGRAPH_CLI and MELOGRAPH_DATA_DIR, as ./dev bench lasso does."""
import argparse
import os
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "journeys"))
from demo import make_run, make_tracks, make_workspace  # noqa: E402
from figures import Watch, finish, tell, tell_frames  # noqa: E402
from journey import PROGRAM  # noqa: E402
from window import Window, wait_for, xdotool  # noqa: E402

TRACKS, SECONDS, SEGMENT = 10, 20, 1  # tracks of each of two genres
LEARNED_FROM = 0.6  # of the tracks
FRAME_MS = 1000 / 60
LASSOS = (("half of them", 0.5), ("few", 0.12), ("half of them again", 0.5))


def make(rows):
    home = make_workspace()
    tracks = make_tracks(home, TRACKS, SECONDS)
    hop = 2 * TRACKS * LEARNED_FROM * (SECONDS - SEGMENT) / rows
    make_run(home, tracks, epochs="1", segment_seconds=str(SEGMENT), segment_hop=f"{hop:.5f}", batch_size="256")
    return home


def show_training_side(window):
    page = window.find("filler", "MgResultsPage")
    page.find("label", lambda text: text.startswith("accuracy"), 300)
    before = page.find("push button", lambda text: text == "All").name
    page.find("combo box", "Split").click()
    window.key("Down", "Down", "Return")

    def rows():
        label = next(page.find("push button", "All").all("label", lambda text: re.search(r"\d$", text)), None)
        n = int(re.sub(r"\D", "", label.name)) if label else 0
        return n if n > 4000 else None

    return wait_for(f"the other side's rows instead of {before}", rows, 300)


def corners(picture, share):
    """The left part of the points, so wide."""
    return [picture.point(*place) for place in ((0.02, 0.03), (share, 0.03), (share, 0.97), (0.01, 0.97))]


def draw(window, picture, what, share, rows):
    """A move every 8 ms along the edges; told apart are the frames while it is drawn and those after it has ended."""
    points, way = corners(picture, share), []
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        for i in range(1, 41):
            way += ["mousemove", x0 + (x1 - x0) * i // 40, y0 + (y1 - y0) * i // 40, "sleep", 0.008]
    watch, began = Watch(window), time.monotonic()
    xdotool("mousemove", *points[0], "mousedown", 1, *way)
    tell_frames(f"a lasso drawn around {what} of {rows}", watch.all(), time.monotonic() - began)
    watch = Watch(window)
    xdotool("mouseup", 1)
    time.sleep(2)
    tell_filling(f"the table filled with {what} of {rows}", watch)


def tell_filling(figure, watch):
    """What is done between two frames counts too: from the end of one to the end of the next."""
    frames, work = watch.events("frame"), watch.events("frame-work")
    ends = [event["at_ms"] for event in frames]
    longest = max(after - before for before, after in zip(ends, ends[1:]))
    tell(figure, ms=round(longest, 1), limit_ms=2 * FRAME_MS, frames=len(frames),
         longest_frame_ms=max(event["ms"] for event in frames), longest_work_ms=max(event["ms"] for event in work))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10000)
    options = parser.parse_args()
    window = Window(PROGRAM, make(options.rows), MELOGRAPH_TRACE="1")
    window.find("page tab", "Results").press()
    rows = show_training_side(window)
    window.find("page tab", "Embedding").press()
    picture = window.find("image", lambda text: text.startswith("Embedding: "), 300)
    time.sleep(3)
    for what, share in LASSOS:
        draw(window, picture, what, share, rows)
    window.close()
    finish()


main()
