"""A person opens Results, keeps the wrong segments, chooses one, hears it and sees what the network saw."""
import os
import re
import shutil
import sys

from demo import make_run, make_tracks, make_workspace
from ear import sound_follows
from journey import take
from window import wait_for

WORKSPACE = make_workspace()
TRACKS = make_tracks(WORKSPACE)
# A network that hardly learns gets about half of the segments wrong.
RUN = make_run(WORKSPACE, TRACKS, epochs="1", learning_rate="1e-7")
# A newer one was given up before it had learned anything.
os.mkdir(os.path.join(WORKSPACE, "runs", "given-up"))
shutil.copy(os.path.join(RUN, "config.ini"), os.path.join(WORKSPACE, "runs", "given-up"))


def page(window):
    return window.find("filler", "MgResultsPage")


def count(window, name):
    """The number on a filter button."""
    label = page(window).find("push button", name).find("label", lambda text: re.search(r"\d+$", text))
    return int(label.name.split()[-1])


def table(window):
    return window.find("filler", "MgSegmentTable")


def rows(window):
    """The names of the segments; a row is called by all of its cells."""
    return [row.name.split(", ")[0] for row in table(window).all("list item", lambda text: re.search(r"\.wav_\d+,", text))]


def wrong_marks(window):
    return len(list(table(window).all("list item", lambda text: " wrong" in text)))


def the_table_opens(window):
    """The table of test segments of the newest run that has learned, the run's figures"""
    window.find("page tab", "Results").press()
    page(window).find("label", lambda text: text.startswith("accuracy"))
    wait_for("rows", lambda: rows(window))
    assert count(window, "All") == 8, f"{count(window, 'All')} test segments"
    assert 0 < count(window, "Wrong") < 8, f"{count(window, 'Wrong')} wrong ones"


def the_wrong_ones_stay(window):
    """Wrong keeps the misclassified segments"""
    page(window).find("push button", "Wrong").press()
    wait_for("only wrong rows", lambda: rows(window) and wrong_marks(window) == len(rows(window)) == count(window, "Wrong"))


def a_segment_is_chosen(window):
    """A click on a row shows the network's view of it"""
    name = rows(window)[0]
    table(window).find("list item", lambda text: text.startswith(name + ",")).click()
    why = window.find("filler", "MgWhyPane")
    track, part = re.match(r"(.*)_(\d+)$", name).groups()
    why.find(name=lambda text: track in text or name in text)
    why.find("image", lambda text: "conv1" in text or "maps" in text.lower())


def it_is_heard(window):
    """The segment sounds"""
    why = window.find("filler", "MgWhyPane")
    with sound_follows():
        why.find("push button", lambda text: text.startswith("Play")).press()


def the_search_finds(window):
    """Words in the search keep the rows that hold them"""
    page(window).find("push button", "All").press()
    wait_for("all rows", lambda: len(rows(window)) > count(window, "Wrong") or len(rows(window)) == 8)
    name = rows(window)[-1].rsplit("_", 1)[0]
    page(window).find("entry", lambda text: text.startswith("Search")).write(name)
    wait_for(f"rows of {name} alone", lambda: rows(window) and all(name in row for row in rows(window)))


def the_embedding_shows(window):
    """Every segment of the run as a point; an arrow key chooses one, and table and Why? follow"""
    page(window).find("page tab", "Embedding").press()
    picture = page(window).find("image", lambda text: text.startswith("Embedding: 40 segments"))
    page(window).find("entry", lambda text: text.startswith("Search")).write(" ")
    window.key("BackSpace")
    picture.click(0.01, 0.99)  # no point is there, but it has the focus now
    window.key("Right")
    text = wait_for("the chosen point", lambda: picture.description)
    name = text.split(" · ")[0]
    window.find("filler", "MgWhyPane").find("label", lambda label: label == name.rsplit("_", 1)[0])
    nearest = page(window).find("list", "Nearest")
    wait_for("twelve neighbours", lambda: len(list(nearest.all("list item"))) == 12)
    nearest.find("label", lambda label: ".wav_" in label).click()
    wait_for("another point", lambda: picture.description and not picture.description.startswith(name + " "))


def a_lasso_keeps_rows(window):
    """What a lasso catches is what the table shows; Esc shows all"""
    picture = page(window).find("image", lambda text: text.startswith("Embedding: "))
    picture.drag_along([(0.03, 0.05), (0.97, 0.05), (0.97, 0.97), (0.01, 0.97)])
    chip = page(window).find("label", lambda text: text.endswith("selected"))
    assert chip.name == "8 of 40 selected", chip.name
    picture.drag_along([(0.03, 0.05), (0.35, 0.05), (0.35, 0.97), (0.01, 0.97)])
    chip = page(window).find("label", lambda text: text.endswith("selected") and text != "8 of 40 selected")
    caught = int(chip.name.split()[0])
    wait_for("the rows that were caught", lambda: len(rows(window)) == caught)
    window.key("Escape")
    wait_for("all rows", lambda: len(rows(window)) == 8)


sys.exit(take("results", [the_table_opens, the_wrong_ones_stay, a_segment_is_chosen, it_is_heard, the_search_finds,
                          the_embedding_shows, a_lasso_keeps_rows], WORKSPACE))
