"""A person opens a table, is warned of what makes figures pretend, trains several classifiers and looks into one."""
import os
import random
import re
import sys

from demo import make_workspace
from journey import scratch, take
from window import wait_for

WORKSPACE = make_workspace()
TABLE = os.path.join(scratch(), "features.csv")


def make_table():
    """Three classes that overlap, a column that counts the rows, and a pair of rows that are the same."""
    chance = random.Random(7)
    lines = ["filename,counter,tempo,centroid,rms,label"]
    for row in range(90):
        middle = row // 30
        values = [middle + chance.gauss(0, 0.8) for _ in range(3)]
        lines.append(f"{row}.wav,{row},{','.join(f'{value:.5f}' for value in values)},{'abc'[middle]}")
    lines.append(lines[5].replace("5.wav,5,", "90.wav,5,"))
    with open(TABLE, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


make_table()


def view(window):
    return window.find("filler", "MgClassifiersView")


def button(window, name):
    return view(window).find("push button", lambda text: text.startswith(name))


def the_table_opens(window):
    """A table of features, and what is wrong with it"""
    window.find("page tab", "Train").press()
    window.find("filler", "MgTrainPage").find("page tab", "Classifiers").press()
    button(window, "Choose a table").press()
    window.focus(window.dialog_xid())
    window.type(TABLE)
    window.key("Return")
    view(window).find("label", "91 rows · 4 columns · 3 classes")
    window.focus()
    view(window).find("label", lambda text: text.startswith("May give the class away: counter"))
    button(window, "Leave them out").press()
    view(window).find("label", "91 rows · 3 columns · 3 classes")
    view(window).find("label", lambda text: text.startswith("1 pair of rows is the same music"))
    button(window, "Keep together").press()
    view(window).find("label", lambda text: text.endswith("it stays in one fold."))


def figures(window):
    """The macro F1 of the rows that are done, in their order."""
    table = window.find("filler", "MgStudyTable")
    found = [re.match(r"(\d\.\d{3}) ± ", label.name) for label in table.all("label")]
    return [float(match.group(1)) for match in found if match]


def several_are_trained(window):
    """Four classifiers, one after another"""
    button(window, "Train").press()
    wait_for("the figures of four", lambda: len(figures(window)) == 4)
    assert all(0.4 < f1 <= 1 for f1 in figures(window)), figures(window)


def the_table_is_sorted(window):
    """A click on a title sorts by it"""
    table = window.find("filler", "MgStudyTable")
    table.find("label", "Macro F1").click()
    wait_for("rows from the worst", lambda: figures(window) == sorted(figures(window)))
    table.find("label", "Macro F1").click()
    wait_for("rows from the best", lambda: figures(window) == sorted(figures(window), reverse=True))


def importances_are_drawn(window):
    """What the forest's answers owe to each feature"""
    window.find("filler", "MgStudyTable").find("label", "random-forest").click()
    view(window).find("page tab", "Importances").press()
    view(window).find("image", lambda text: re.match(r"Importances: \w+ 0\.\d+ first of 3 features", text))
    view(window).find("page tab", "What came out").press()


def importances_are_measured(window):
    """One that weighs no features is asked by shuffling them"""
    window.find("filler", "MgStudyTable").find("label", "knn").click()
    view(window).find("page tab", "Importances").press()
    view(window).find("label", "knn weighs no features by itself; shuffling them measures it")
    button(window, "Measure by shuffling").press()
    view(window).find("image", lambda text: re.match(r"Importances: \w+ 0\.\d+ first of 3 features", text))
    assert not [one for one in view(window).all("push button") if one.name == "Measure by shuffling"]
    view(window).find("page tab", "What came out").press()


def two_features_make_a_picture(window):
    """The regions of a classifier in the plane of two columns change with a parameter"""
    view(window).find("page tab", "Two features").press()
    picture = view(window).find("image", "Regions of svc by tempo and centroid")
    before = wait_for("figures", lambda: picture.description)
    next(window.find("filler", "MgClassifierParams").all("text")).write("10000")  # the first is C
    wait_for("other figures", lambda: picture.description and picture.description != before)
    view(window).find("page tab", "What came out").press()


def one_is_looked_into(window):
    """The rows that a classifier got wrong"""
    table = window.find("filler", "MgStudyTable")
    table.find("label", "knn").click()
    button(window, "Open results").press()
    page = window.find("filler", "MgResultsPage")
    page.find("label", lambda text: text.startswith("accuracy"))
    segments = window.find("filler", "MgSegmentTable")
    wait_for("rows", lambda: any(".wav" in row.name for row in segments.all("list item")))


sys.exit(take("classifiers", [the_table_opens, several_are_trained, the_table_is_sorted, importances_are_drawn,
                              importances_are_measured, two_features_make_a_picture, one_is_looked_into], WORKSPACE))
